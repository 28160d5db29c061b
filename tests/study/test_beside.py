"""What studies know beside results: exact derivatives, every device as it is alone, limits that hold."""

from typing import Any

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.base.units import to_si
from ioffe.interface.compatibility import LaminateLayer, laminate, thermal_strain
from ioffe.material.uncertainty import Uncertainty
from ioffe.study import SamplePlan, Span, Study, design, optimise, propagate_study
from ioffe.study.solving import solve_devices

AT = te.Generator(T_hot=480, T_cold=330, hot_heat_transfer_coefficient=3000, load="max_power")
STEP = 1e-3


def kind(name, carrier, S, sigma, kappa):
    """A material of a few knots, which is solved quickly to a small tolerance."""
    T = np.array([280.0, 400.0, 520.0])
    curves = {
        "seebeck": S * T**0.5,
        "electrical_conductivity": sigma / T,
        "thermal_conductivity": kappa + T / 999,
    }
    return te.Material.from_arrays(name, carrier, T, **curves)


KINDS = [kind("first", "p", 9e-6, 4e7, 1.0), kind("second", "p", 10e-6, 3e7, 0.8)]
LEG = te.Leg(KINDS[0], "2 mm", "2 mm2", contact=te.Contact("5 uohm cm2", "1 mm2 K/W"))
N = te.Leg(kind("third", "n", -9e-6, 4e7, 1.2), "2 mm", "2 mm2", contact="5 uohm cm2")
COUPLE = te.Module(LEG, N, couples=4, fill_factor=0.3)


def rows(vary):
    """The same variables as arrays of a batch, materials as objects."""
    found = {}
    for path, values in vary.items():
        found[path] = np.empty(len(values), object if path.endswith("material") else float)
        found[path][:] = values
    return found


def found_at(name, at, vary, paths=(), device: Any = COUPLE, devices=None, **more):
    study = Study(device, at, vary, [name], **more)
    found = solve_devices(
        study, rows(devices or vary), keep=[name], gradient=paths, engine="numpy", tolerance=1e-8
    )
    return found.values[name], found.slopes.get(name, {})


def check_slopes(name, at, vary, device: Any = COUPLE, **more):
    """Derivatives beside central differences, and every device beside itself alone."""
    paths = [path for path in vary if not path.endswith("material")]
    values, slopes = found_at(name, at, vary, paths, device, **more)
    assert np.isfinite(values).all()
    moved = [
        vary | {path: np.asarray(vary[path]) * (1.0 + sign * STEP)} for path in paths for sign in (1.0, -1.0)
    ]
    together = {path: [v for one in moved for v in one[path]] for path in vary}
    ends = found_at(name, at, vary, device=device, devices=together, **more)[0].reshape(len(paths), 2, -1)
    for path, (up, down) in zip(paths, ends, strict=True):
        expected = (up - down) / (2.0 * STEP * np.asarray(vary[path]))
        np.testing.assert_allclose(slopes[path], expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
    for k in range(len(values)):
        alone, _ = found_at(name, at, {path: [v[k]] for path, v in vary.items()}, device=device, **more)
        assert alone[0] == pytest.approx(values[k], rel=1e-6)
    return values


@pytest.mark.parametrize("at", [AT.replace(load=0.05), te.Cooler(T_hot=320, T_cold=315, current=2.0)])
def test_allowed_contacts_and_their_derivatives(at):
    vary = {"legs.length": [1e-3, 2e-3], "p.area": [2e-6, 3e-6], "T_hot": [at.T_hot, at.T_hot + 5.0]}
    check_slopes("contact_allowance", at, vary | {"p.material": KINDS})


def test_allowed_contacts_at_the_largest_power():
    check_slopes("contact_allowance", AT, {"length": [1e-3, 2e-3]}, LEG)


def test_allowed_contacts_are_those_of_the_question():
    at = AT.replace(load="max_efficiency")
    (allowed,), slopes = found_at(
        "contact_allowance",
        at,
        {"n.contact.electrical": [5e-10]},
        ["n.contact.electrical"],
        contact_loss="8 %",
    )
    answer = design("contacts", COUPLE, at, loss=0.08, engine="numpy")
    assert answer.electrical_contact_resistivity[-1] == pytest.approx(allowed, rel=1e-4)
    assert slopes["n.contact.electrical"].tolist() == [0.0]  # its own contacts do not count


def test_a_contact_allowance_limits_an_optimum():
    ranges = {"length": Span("0.3 mm", "4 mm", spacing="log")}
    limits = {"contact_allowance": {"least": "9 uohm cm2"}}
    study = Study(LEG, AT.replace(load=0.02), ranges, ["power_density"], limits, SamplePlan(2))
    found = optimise(study, engine="numpy")
    assert found.contact_allowance[0] == pytest.approx(9e-10, rel=1e-5)
    assert list(found.active) == ["contact_allowance at least 9 uohm cm2"]


def test_the_error_of_an_allowance_is_that_of_another_conductivity():
    study = Study(LEG, AT.replace(load=0.02), {}, ["contact_allowance"], tolerance=1e-8)
    errors = {"material": Uncertainty(electrical_conductivity="1 %")}
    linear = propagate_study(study, errors, engine="numpy")
    sides = [kind(f"sigma x {share}", "p", 9e-6, 4e7 * share, 1.0) for share in (1.01, 0.99)]
    (up, down), _ = found_at("contact_allowance", AT.replace(load=0.02), {"material": sides}, device=LEG)
    assert float(linear.contact_allowance_std) == pytest.approx(abs(up - down) / 2.0, rel=1e-3)


ELASTIC = {
    name: {"youngs_modulus": E, "poisson_ratio": 0.28, "thermal_expansion": alpha}
    for name, E, alpha in (("first", 47e9, 17e-6), ("second", 60e9, 14e-6), ("third", 40e9, 18e-6))
}
ENDS = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3 96%", "0.6 mm")]
PLATED = COUPLE.replace(hot=ENDS, cold=ENDS)
SOLDERED = {"elastic": ELASTIC, "stress_free": "183 degC"}


def test_loads_and_their_derivatives():
    at = AT.replace(load="max_efficiency")
    vary = {"legs.length": [1e-3, 2e-3], "T_hot": [470.0, 440.0]}
    values = check_slopes("load_resistance", at, vary)
    loads = [0.05, 0.02]
    assert check_slopes("load_resistance", AT.replace(load=0.05), {"load": loads}) == pytest.approx(loads)
    power, _ = found_at(
        "power", at.replace(load=float(values[0])), {path: [v[0]] for path, v in vary.items()}
    )
    best, _ = found_at("power", at, {path: [v[0]] for path, v in vary.items()})
    assert power[0] == pytest.approx(best[0], rel=1e-6)


def test_tension_in_legs_and_its_derivatives():
    at = AT.replace(load=0.05)
    vary = {"legs.length": [1e-3, 2e-3], "hot[0].thickness": [2e-4, 4e-4], "T_hot": [470.0, 440.0]}
    vary |= {"n.area": [2e-6, 3e-6], "p.material": KINDS}
    tension = check_slopes("laminate_stress", at, vary, PLATED, **SOLDERED)
    assert (tension > 1e7).all()


def test_tension_of_one_temperature_is_that_of_a_laminate():
    at = te.Generator(T_hot=300.001, T_cold=300.0, current=0.0)
    (found,), _ = found_at("laminate_stress", at, {"p.length": [2e-3]}, device=PLATED, **SOLDERED)
    copper, plate = (layer.material for layer in ENDS)
    change = 300.0 - to_si("183 degC", "temperature")

    def layer(thickness, E, nu, strain):
        return LaminateLayer(thickness, E, nu, strain / change)

    ends = [
        layer(
            one.thickness, m.youngs_modulus, m.poisson_ratio, float(thermal_strain(m, 300.0 - change, 300.0))
        )
        for one, m in zip(ENDS, (copper, plate), strict=True)
    ]
    largest = []
    for name in ("first", "third"):
        E, nu, alpha = ELASTIC[name].values()
        stack = [*ends[::-1], layer(2e-3, E, nu, alpha * change), *ends]
        largest.append(laminate(stack, change).stress[2].max())
    assert found == pytest.approx(max(largest), rel=1e-5)


def test_tension_limits_an_optimum():
    ranges = {"legs.length": Span("0.8 mm", "4 mm")}
    limits = {"laminate_stress": {"most": "75 MPa"}}
    study = Study(PLATED, AT.replace(load=0.05), ranges, ["power_density"], limits, SamplePlan(2), **SOLDERED)
    found = optimise(study, engine="numpy")
    assert found.laminate_stress[0] == pytest.approx(75e6, rel=1e-5)
    assert list(found.active) == ["laminate_stress at most 75 MPa"]
    assert any("upper bound" in text and "exceeds 41 MPa" in text for text in found.notes)


def test_what_is_missing_for_a_tension_is_refused():
    with pytest.raises(InputError, match=r'(?s)"first".youngs_modulus.*"third".thermal_expansion'):
        Study(PLATED, AT, {"p.length": [1e-3]}, ["laminate_stress"])
    with pytest.raises(InputError, match="a module with layers at the ends of its legs"):
        Study(LEG, AT, {"length": [1e-3]}, ["laminate_stress"])


IONS = te.load_material("Cu1.97S").migration
MIXED = [one.replace(name=f"mixed {one.name}", migration=IONS) for one in KINDS]
MOVING = te.Leg(MIXED[0], "2 mm", "2 mm2", contact=te.Contact("5 uohm cm2"))


@pytest.mark.parametrize("T_cold", [330.0, 380.0])  # below and above the temperature from which ions move
def test_margins_against_migration_and_their_derivatives(T_cold):
    at = AT.replace(load=0.05, T_cold=T_cold)
    vary = {
        "legs.length": [1e-3, 2e-3],
        "p.area": [2e-6, 3e-6],
        "T_hot": [470.0, 440.0],
        "T_cold": [T_cold, T_cold + 1.0],
    }
    module = COUPLE.replace(p=MOVING)
    check_slopes("migration_margin", at, vary | {"p.material": MIXED}, module)


def test_margins_of_coolers_are_those_of_the_current_against_the_heat():
    at = te.Cooler(T_hot=420, T_cold=415, current=2.0)
    margins = check_slopes("migration_margin", at, {"length": [1e-3, 2e-3], "current": [1.0, 2.0]}, MOVING)
    assert margins[0] > margins[1] > 0.0


@pytest.mark.parametrize(("name", "T_hot"), [("Cu1.97S", 673.0), ("Cu2Se", 800.0), ("Cu2S0.5Se0.5", 673.0)])
def test_margins_beside_those_of_solved_profiles(name, T_hot):
    leg = te.Leg(name, "6 mm", "9 mm2", contact=te.Contact("5 uohm cm2"))
    at = te.Generator(T_hot=T_hot, T_cold=300, load="max_power")
    (found,), _ = found_at("migration_margin", at, {"length": [6e-3]}, device=leg)
    margins: Any = leg.solve(at, maxima=False).migration
    assert found == pytest.approx(float(margins.margin), rel=0.05)


def test_a_margin_limits_an_optimum():
    ranges = {"length": Span("0.5 mm", "6 mm", spacing="log"), "load": Span("5 mohm", "60 mohm")}
    limits = {"migration_margin": {"least": 5.0}}
    study = Study(MOVING, AT.replace(load=0.02), ranges, ["efficiency"], limits, SamplePlan(2))
    found = optimise(study, engine="numpy")
    assert found.migration_margin[0] == pytest.approx(5.0, rel=1e-5)
    assert "migration_margin at least 5" in found.active
    assert any("ion migration" in text for text in found.warnings)


def test_what_has_no_margin_is_refused():
    with pytest.raises(InputError, match="a leg of a mixed conductor is expected"):
        Study(LEG, AT, {"length": [1e-3]}, ["migration_margin"])
    two = te.Leg(segments=[te.Segment(one, "1 mm") for one in MIXED], area="2 mm2")
    with pytest.raises(InputError, match="ioffe run has the margins of every segment"):
        Study(two, AT, {"area": [1e-6]}, ["migration_margin"])
    study = Study(MOVING, AT, {}, ["migration_margin"])
    with pytest.raises(InputError, match='take method = "monte carlo"'):
        propagate_study(study, {"material": Uncertainty(electrical_conductivity="1 %")}, engine="numpy")


def test_a_loss_of_nothing_is_refused():
    with pytest.raises(InputError, match="contact_loss = 0: a share above 0"):
        Study(LEG, AT, {"length": [1e-3]}, contact_loss=0)


def test_independent_circuits_are_refused():
    cascade = te.Cascade([COUPLE, COUPLE.replace(couples=2)], "independent")
    with pytest.raises(InputError, match='device = "independent": connection = "series" is expected'):
        Study(cascade, te.Cooler(T_hot=300, T_cold=280, current="max_COP"), {"T_hot": [300.0]})
