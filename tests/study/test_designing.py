"""A designer's questions: known optima, brute force, exact slopes, and what is refused."""

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import ConvergenceError, InputError
from ioffe.study.designing import legs, space
from ioffe.study.designing.questions import QUESTIONS, design
from tests.study.studies import LEG

P, N = (2e-4, 1e5, 1.5), (-1.8e-4, 0.6e5, 2.2)
AT = te.Generator(T_hot=500, T_cold=300)
FILMS = te.Generator(
    T_hot=480, T_cold=330, hot_heat_transfer_coefficient=3000, cold_heat_transfer_coefficient=4000
)
COOL = te.Cooler(T_hot=300, T_cold=270, current="max_heat")


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Few points of pictures, which most of the work would be for."""
    monkeypatch.setattr(space, "COURSE", 9)
    monkeypatch.setattr(space, "SIDE", 5)


def flat(kind, S, sigma, kappa):
    values = {"seebeck": S, "electrical_conductivity": sigma, "thermal_conductivity": kappa}
    return te.Material.from_arrays(kind, kind, [200.0, 600.0], **{k: [v, v] for k, v in values.items()})


def couple(**more):
    one, other = (te.Leg(flat(k, *v), "2 mm", "2 mm2", **more) for k, v in (("p", P), ("n", N)))
    return te.Module(one, other, fill_factor=0.5)


def module(**more):
    contact = te.Contact("5 uohm cm2", "1 mm2 K/W")
    one, other = (te.Leg(k, "1.5 mm", "2 mm2", contact=contact) for k in ("Bi0.42Sb1.58Te3", "Bi2Te2.7Se0.3"))
    return te.Module(one, other, 7, **({"fill_factor": 0.3} | more))


def slopes_of(question, device, conditions, **options):
    """The slopes of a space in the middle of its range, and what two solves say of each."""
    asked = QUESTIONS[question].asked(device, conditions, None, options, {"tolerance": 1e-9})
    found = QUESTIONS[question].answer.space(asked)
    middle, step = np.full((1, len(found.variables)), 0.45), 1e-4
    _, slopes = found.slopes(found.variables, middle)
    for k in range(len(found.variables)):
        ends = middle + step * np.eye(len(found.variables))[k] * np.array([[-1.0], [1.0]])
        values, _ = found.slopes(found.variables, ends)
        yield slopes[0, k], (values[1] - values[0]) / (2.0 * step)


def test_couple_of_constant_properties():
    """A_p/A_n = sqrt(sigma_n kappa_n/(sigma_p kappa_p)), R_L/R = sqrt(1 + ZT) (A. F. Ioffe)."""
    found = design("area-ratio", couple(), AT, aim="efficiency", engine="numpy")
    ratio = np.sqrt(N[1] * N[2] / (P[1] * P[2]))
    assert found.leg_area_ratio[1] == pytest.approx(ratio, rel=1e-6)
    Z = ((P[0] - N[0]) / (np.sqrt(P[2] / P[1]) + np.sqrt(N[2] / N[1]))) ** 2
    M = np.sqrt(1.0 + 400.0 * Z)
    assert found.efficiency[1] == pytest.approx(0.4 * (M - 1.0) / (M + 300.0 / 500.0), rel=1e-8)
    areas = [found.columns[f"{kind}.area"][1] for kind in "pn"]
    assert sum(areas) == pytest.approx(4e-6, rel=1e-12)
    resistance = 2e-3 * sum(1.0 / (s * A) for s, A in zip((P[1], N[1]), areas, strict=True))
    assert found.load_resistance[1] == pytest.approx(M * resistance, rel=1e-6)


def test_cooler_of_constant_properties():
    """The largest COP has the same ratio, and Ioffe's value."""
    found = design("area-ratio", couple(), COOL, aim="COP", engine="numpy")
    assert found.leg_area_ratio[1] == pytest.approx(np.sqrt(N[1] * N[2] / (P[1] * P[2])), rel=1e-6)
    Z = ((P[0] - N[0]) / (np.sqrt(P[2] / P[1]) + np.sqrt(N[2] / N[1]))) ** 2
    M = np.sqrt(1.0 + 285.0 * Z)
    assert found.COP[1] == pytest.approx(270.0 / 30.0 * (M - 300.0 / 270.0) / (M + 1.0), rel=1e-8)


def test_best_segment_is_that_of_brute_force():
    leg = te.Leg(
        segments=[te.Segment("Pb0.99Na0.01Te", "5 mm"), te.Segment("(Bi0.23Sb0.77)2Te3", "4 mm")],
        area="9 mm2",
        contact="5 uohm cm2",
    )
    at = te.Generator(T_hot=750, T_cold=303)
    found = design("segments", leg, at, engine="numpy")
    first = np.linspace(0.02, 0.98, 193) * 9e-3
    vary = {"segments[0].length": first, "segments[1].length": 9e-3 - first}
    brute = te.solve_batch(leg, at.replace(current="max_efficiency"), vary, engine="numpy")
    best = int(np.argmax(brute.efficiency))
    assert found.efficiency[1] >= brute.efficiency[best] * (1.0 - 1e-9)
    assert found.columns["segments[0].length"][1] == pytest.approx(first[best], abs=first[1] - first[0])
    assert found.columns["segments[1].length"][1] == pytest.approx(
        9e-3 - found.columns["segments[0].length"][1], rel=1e-12
    )


def test_metal_layers_stay():
    path = "examples/segmented-leg.toml"
    asked = QUESTIONS["segments"].asked(*te.read_device(path))
    found = legs.segment_lengths(asked)
    assert list(found.paths(found.now)) == ["segments[0].length", "segments[2].length"]
    assert sum(found.paths(found.now).values()) == pytest.approx(9.5e-3, rel=1e-12)


@pytest.mark.parametrize(
    ("question", "device", "at", "options"),
    [
        ("area-ratio", module(), FILMS, {}),
        ("leg-length", module(), FILMS, {"pump_power": "0.2 W"}),
        (
            "leg-length",
            module(),
            FILMS.replace(cold_heat_transfer_coefficient=None, cold_resistance=0.3),
            {"pump_power": 0.1},
        ),
        ("leg-length", LEG, FILMS, {}),
        ("sizes", module(), FILMS, {}),
    ],
)
def test_slopes_are_those_of_differences(question, device, at, options):
    found = list(slopes_of(question, device, at, **options))
    scale = max(abs(slope) for slope, _ in found)
    for slope, difference in found:
        assert slope == pytest.approx(difference, rel=1e-4, abs=1e-4 * scale)


def test_footprint_and_exchangers_stay_between_lengths_and_fill_factors():
    device = module()
    found = design("leg-length", device, FILMS, most_fill=0.6, engine="numpy")
    assert found.devices == ("as it is", "best length", "best length and fill factor")
    footprint = 7 * (found.columns["p.area"] + found.columns["n.area"]) / found.fill_factor
    np.testing.assert_allclose(footprint, device.footprint, rtol=1e-12)
    np.testing.assert_allclose(found.power, found.power_density * device.footprint, rtol=1e-9)
    assert np.all(np.diff(found.power) > 0)
    lengths = found.length[1] * np.array([0.97, 1.0, 1.03])
    around = te.solve_batch(device, FILMS, {"legs.length": lengths}, engine="numpy").power
    assert around.argmax() == 1
    assert around[1] == pytest.approx(found.power[1], rel=1e-9)


def test_a_pump_leaves_less_and_slows_down():
    """Without it the flow has no price; with it what is left is largest at another flow."""
    found = design("leg-length", module(), FILMS, pump_power="1 W", most_fill=0.6, engine="numpy")
    assert found.aim == "net_power"
    np.testing.assert_allclose(found.net_power[:3], found.power[:3] - 1.0, rtol=1e-12)
    flow = found.relative_flow[3]
    assert found.net_power[3] == pytest.approx(found.power[3] - flow**legs.PUMP, rel=1e-12)
    assert found.columns["cold_heat_transfer_coefficient"][3] == pytest.approx(4000.0 * flow**legs.FILM)
    assert flow < 1.0
    assert found.net_power[3] > found.net_power[2]


def test_map_holds_its_best():
    found = design("sizes", module(), FILMS, aim="efficiency", engine="numpy")
    (picture, *_) = found.drawn.values()
    assert list(picture.axes) == ["leg_area_ratio", "height_over_area"]
    assert np.nanmax(picture.values["efficiency"]) <= found.efficiency[1]
    assert "at the end of its range" in found.warnings[0]


def test_listed_values_are_taken_first_and_said():
    found = design("area-ratio", couple(), te.Generator(T_hot=[480, 500], T_cold=300), engine="numpy")
    assert found.assumed[0] == "T_hot is the first of the 2 of the device file, 480 (SI)"
    assert found.conditions.T_hot == 480.0


def test_every_fault_is_told_at_once():
    with pytest.raises(InputError) as error:
        design("leg-length", module(), AT, aim="COP", pump_power="3 K", shortest="2 mm", longest="1 mm")
    told = str(error.value)
    assert "pump_power" in told
    assert "aim" in told
    with pytest.raises(InputError) as error:
        design("leg-length", module(), AT, pump_power="3 W", shortest="2 mm", longest="1 mm")
    told = str(error.value)
    assert "operate.cold_heat_transfer_coefficient: the coefficient of the exchanger is expected" in told
    assert "longest = 0.001: a larger value than shortest is expected" in told


@pytest.mark.parametrize(
    ("question", "device", "at", "options", "words"),
    [
        ("area-rato", couple(), AT, {}, 'did you mean "area-ratio"'),
        ("area-ratio", LEG, AT, {}, r"a device of \[module\] is expected"),
        ("area-ratio", couple(), AT, {"width": 1}, "one of  is expected"),
        ("segments", LEG, AT, {}, "two or more thermoelectric segments"),
        ("leg-length", module(), FILMS, {"pump_side": "left"}, "one of hot, cold is expected"),
        ("leg-length", module(), FILMS, {"pump_side": "hot"}, "pump_power: a power is expected"),
        ("area-ratio", couple(), None, {}, "a Generator or a Cooler is expected"),
    ],
)
def test_what_cannot_be_asked(question, device, at, options, words):
    with pytest.raises(InputError, match=words):
        design(question, device, at, **options)


def test_a_range_without_a_solution():
    """No current reaches that temperature at any ratio."""
    at = te.Cooler(T_hot=300, T_cold=210, current="max_COP")
    with pytest.raises(ConvergenceError, match="no device of the range has a solution"):
        design("area-ratio", couple(), at, engine="numpy")


def test_every_question_says_what_it_is():
    for name, question in QUESTIONS.items():
        assert name == question.name
        assert question.asks.endswith("?")
        assert question.about.endswith(".")
        assert all(one.help.endswith(".") for one in question.options)
