"""Legs with layers of interface metals: against closed forms and single solves."""

import runpy
from pathlib import Path

import pytest

import ioffe as te
from ioffe.material.library import prices
from ioffe.solve.interface_layers import InterfaceMetal, compare_interface_metals, with_layers

HOT = te.Generator(T_hot=573.0, T_cold=293.0)


def leg():
    material = te.Material.from_arrays(
        "flat", "p", [250.0, 700.0], [2e-4, 2e-4], [1e5, 1e5], [1.5, 1.5], interpolation="linear"
    )
    return te.Leg(material, "6 mm", "14.44 mm2")


def test_layers_of_constant_properties_cost_what_their_resistances_say():
    """V_oc falls by the temperature over the layers, R rises by theirs and that of the contacts."""
    silver = te.load_material("Ag")
    metal = InterfaceMetal(silver, te.Contact("6.1 uohm cm2"), "Ag")
    study = compare_interface_metals(leg(), [metal], HOT, thickness="0.5 mm")
    bare, row = study
    kappa = silver.thermal_conductivity(300.0)
    share = (6e-3 / 1.5) / (6e-3 / 1.5 + 1e-3 / kappa)
    voltage = row.result.open_circuit_voltage / bare.result.open_circuit_voltage
    assert voltage == pytest.approx(share, rel=1e-3)
    added = (2 * 6.1e-10 + 1e-3 * silver.electrical_resistivity(300.0)) / 14.44e-6
    assert row.result.internal_resistance - bare.result.internal_resistance == pytest.approx(added, rel=0.05)
    assert row.mass == pytest.approx(2 * 0.5e-3 * 14.44e-6 * silver.density)
    assert row.cost == pytest.approx(row.mass * prices("Ag")[-1].value)
    assert row.relative_power == pytest.approx(row.max_power / bare.max_power - 1.0)


def test_row_is_the_leg_with_segments():
    metal = InterfaceMetal("Sb", te.Contact("7.9 uohm cm2"))
    study = compare_interface_metals(leg(), [metal], HOT)
    single = with_layers(leg(), metal, 0.5e-3).solve(HOT)
    assert study["Sb"].max_efficiency == single.max_efficiency


def test_price_of_a_compound_is_that_of_its_elements():
    metal = InterfaceMetal("Sb", composition="MgCuSb")
    masses = {"Mg": 24.305, "Cu": 63.546, "Sb": 121.76}
    expected = sum(m * prices(x)[-1].value for x, m in masses.items()) / sum(masses.values())
    assert metal.price == pytest.approx(expected, rel=1e-6)
    assert "mendeleev" in metal.price_source


def test_layers_alone_hardly_change_power_and_efficiency():
    """0.5 mm of a metal without contact resistance at both ends of 6 mm of the stand-in leg."""
    stand_in = te.Leg("MgAgSb0.99In0.01", "6 mm", "3.8 mm x 3.8 mm")
    metals = [InterfaceMetal(name) for name in ("Ag", "Sb")]
    for row in compare_interface_metals(stand_in, metals, HOT):
        assert abs(row.relative_power) < 0.03
        assert abs(row.relative_efficiency) < 0.015


def test_example():
    script = Path(__file__).parents[2] / "examples" / "interface-metals.py"
    study = runpy.run_path(str(script))["study"]()
    assert study.names == ("without layers", "Sb, fresh", "Sb, aged", "Ag", "MgCuSb")
    assert "assumed" in study["MgCuSb"].note
    assert study["Sb, aged"].max_power > study["Sb, fresh"].max_power
    assert study["Ag"].cost > 50 * study["Sb, aged"].cost
    assert all(row.result.energy_balance < 1e-9 for row in study)
    assert "USD" in repr(study)
    assert study.to_dict()["axes"]["metal"][1] == "Sb, fresh"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: InterfaceMetal("Sbb"), "material"),
        (lambda: InterfaceMetal("Sb", composition="MgXq"), "composition"),
        (lambda: InterfaceMetal("Sb", composition="Sb", price="5 USD/kg"), "either a price"),
        (lambda: compare_interface_metals(leg(), [InterfaceMetal("Sb")] * 2, HOT), "no other row"),
        (lambda: compare_interface_metals(leg(), [], HOT, thickness="-1 mm"), "thickness"),
        (lambda: compare_interface_metals(leg(), [], te.Generator(T_hot=[400, 500], T_cold=300)), "T_hot"),
        (lambda: compare_interface_metals(leg(), [InterfaceMetal("Sb")], HOT)["Sp"], 'did you mean "Sb"'),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(te.InputError, match=words):
        make()
