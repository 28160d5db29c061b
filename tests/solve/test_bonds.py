"""Interfaces between the layers of a module: closed form, batches, derivatives, plates in 3D."""

import numpy as np
import pytest

import ioffe as te
from ioffe.base.curve import Curve
from tests.device.cases import constant

BOND = 2e-5
INSULATOR = te.Material(
    name="insulator",
    kind="ceramic",
    carrier=None,
    seebeck=None,
    electrical=None,
    thermal_conductivity=Curve.constant(25.0, "thermal_conductivity", (50.0, 1500.0)),
)
CONDITIONS = te.Generator(T_hot=390.0, T_cold=300.0, current=0.0)


def module(hot=BOND, cold=0.0, **more):
    p, n = (te.Leg(constant(S, 1e5, 1.5), 1.6e-3, "1.4 mm x 1.4 mm") for S in (2e-4, -2e-4))
    copper, alumina = constant(0.0, 5e7, 400.0), INSULATOR
    return te.Module(
        *(p, n),
        couples=4,
        hot=[te.Layer(copper, 0.3e-3, "electrodes"), te.Layer(alumina, 0.6e-3, interface=hot)],
        cold=[te.Layer(alumina, 0.6e-3, interface=cold)],
        **(more or {"fill_factor": 0.4}),
    )


def test_resistances_in_series():
    """Open circuit: every part a resistance, each interface as wide as the narrower of its neighbours."""
    m = module(cold=3e-5)
    legs, footprint = 2 * 1.96e-6, m.footprint / 4
    gap = np.sqrt(footprint / 2) - 1.4e-3
    electrode = legs + gap * 1.4e-3
    parts = [
        (0.3e-3 / 400.0 + BOND) / electrode,
        0.6e-3 / 25.0 * 2 / footprint,
        (1.6e-3 / 1.5 + 3e-5) / legs,
    ]
    r = m.solve(CONDITIONS, maxima=False)
    assert r.heat_hot == pytest.approx(4 * 90.0 / sum(parts), rel=1e-9)
    assert r.energy_balance < 1e-12


def test_batch_and_derivatives_are_those_of_single_solves():
    m, conditions = module(cold=1e-5), CONDITIONS.replace(current=1.0)
    values = np.array([0.0, 1e-5, 5e-5])
    path = "hot[1].interface"

    def alone(value):
        hot = [m.hot[0], m.hot[1].replace(interface=value)]
        return m.replace(hot=hot).solve(conditions, maxima=False).power

    batch = te.solve_batch(m, conditions, {path: values}, gradient=[path])
    assert batch.power == pytest.approx([alone(v) for v in values], rel=1e-9)
    step = 1e-8
    slopes = [(alone(v + step) - alone(max(v - step, 0.0))) / (v + step - max(v - step, 0.0)) for v in values]
    assert batch.gradient["power"][path] == pytest.approx(slopes, rel=1e-4)


def test_three_dimensions_are_one_under_plates_of_the_cross_section():
    """Two layers with two interfaces, no room to spread: to 1e-9."""
    plates = [te.Layer(INSULATOR, 0.6e-3, interface=BOND), te.Layer(INSULATOR, 0.1e-3, interface=3 * BOND)]
    p, n = (te.Leg(constant(S, 1e5, 1.5), 2e-3, "1 mm x 1 mm") for S in (2e-4, -2e-4))
    m = te.Module(p, n, 1, fill_factor=1.0, hot=plates, cold=plates)
    conditions = CONDITIONS.replace(current=[0.0, 2.0], hot_heat_transfer_coefficient=5e3)
    one, three = (m.solve(conditions, f, maxima=False, tolerance=1e-12) for f in ("1d", "3d"))
    for key in ("voltage", "heat_hot", "heat_cold", "T_hot_junction", "T_cold_junction"):
        assert getattr(three, key) == pytest.approx(getattr(one, key), rel=1e-9), key


def test_an_interface_is_a_thin_layer_of_its_resistance_in_three_dimensions():
    """With electrodes, and room to spread."""

    def heat(hot):
        m = module(0.0, layout=te.Layout(gap="0.8 mm", overhang="0.1 mm"))
        return m.replace(hot=hot(m)).solve(CONDITIONS.replace(current=1.0), "3d", maxima=False).heat_hot

    grease = INSULATOR.replace(
        thermal_conductivity=Curve.constant(0.05, "thermal_conductivity", (50.0, 1500.0))
    )
    as_layer = heat(lambda m: [m.hot[0], te.Layer(grease, 1e-6), m.hot[1]])
    as_bond = heat(lambda m: [m.hot[0], m.hot[1].replace(interface=BOND)])
    assert as_bond == pytest.approx(as_layer, rel=2e-4)


def test_finite_elements_know_interfaces():
    """Plates, electrode and legs: beside the cosines as without interfaces."""
    layout = te.Layout(gap="0.8 mm", overhang="0.1 mm")
    m = module(cold=3e-5, layout=layout).replace(couples=1)
    three, full = (m.solve(CONDITIONS, f, maxima=False) for f in ("3d", "full"))
    assert full.heat_hot == pytest.approx(three.heat_hot, rel=5e-4)
    bare = module(0.0, layout=layout).replace(couples=1).solve(CONDITIONS, "3d", maxima=False)
    assert bare.heat_hot > 1.03 * full.heat_hot


def test_between_stages_a_contact_is_expected():
    one = te.Layer(INSULATOR, 0.6e-3, interface=BOND)
    with pytest.raises(te.InputError, match=r"between\[0\].*Contact with a thermal resistance"):
        te.Cascade([module(), module()], between=[one])
