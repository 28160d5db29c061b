"""Compact models against the solver, their text in Modelica read back, and what they refuse."""

import re

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.export import compact_model
from ioffe.export.functions import fit
from tests.export.devices import COOLING, DEVICES, cooler, points


@pytest.mark.parametrize("name", DEVICES)
def test_stated_error_is_that_of_other_points_too(name):
    found, solved, _, _ = points(name)
    assert max(found.errors.values()) < 0.005
    assert not [text for text in found.warnings if "stores no heat" in text]
    for key in ("voltage", "heat_hot", "heat_cold"):
        grid = np.abs(found.values[key]).max()
        assert np.abs(solved.values[key]).max() <= 1.001 * grid


def test_more_cells_are_nearer_by_the_square():
    """Halving the cells divides the error by four, where it is not that of the polynomials."""
    errors = [compact_model(cooler(), COOLING, cells=n).errors["voltage"] for n in (4, 8)]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.3)


def test_heat_capacities_are_those_of_the_parts():
    """Legs, electrodes and plates: density, heat capacity and volume."""
    found = compact_model(cooler(), COOLING)
    module = found.device
    legs = 31 * 2 * 1.96e-6 * 1.6e-3 * 7740 * 154
    side, pitch = np.sqrt(1.96e-6), np.sqrt(0.5 * module.footprint / 31)
    areas = {"Cu": 31 * (2 * 1.96e-6 + (pitch - side) * side), "AlN": module.footprint}
    thickness = {"Cu": 0.3e-3, "AlN": 0.6e-3}
    layers = 0.0
    for name, area in areas.items():
        one = te.load_material(name)
        layers += 2 * area * thickness[name] * one.density * one.heat_capacity
    assert sum(found.equations.capacities) == pytest.approx(legs + layers, rel=1e-9)


def test_first_law_holds_in_the_equations():
    found, _, _, _ = points("generator")
    heat = found.values["heat_hot_model"] - found.values["heat_cold_model"]
    power = found.values["voltage_model"] * found.points["current"]
    np.testing.assert_allclose(heat, power, atol=1e-9 * np.abs(heat).max())


def test_polynomials_hold_their_ends():
    one = fit("s1", lambda T: 1e-4 + 1e-7 * T, (300.0, 400.0))
    T = np.array([250.0, 300.0, 350.0, 400.0, 480.0])
    x = one.scaled(T)
    np.testing.assert_allclose(one.of(x), 1e-4 + 1e-7 * np.clip(T, 300.0, 400.0), rtol=1e-12)
    integral = one.integrated(T, x)
    assert integral[4] - integral[3] == pytest.approx(80.0 * 1.4e-4, rel=1e-9)
    assert integral[3] - integral[1] == pytest.approx(100.0 * 1.35e-4, rel=1e-9)


def modelica_values(text, given):
    """Values of all variables and residuals of all balances of a model, by Python's arithmetic."""
    known = {"min": min, "max": max}
    for name, body in re.findall(r"function (\w+)\n(.*?)end \1;", text, re.DOTALL):
        inputs = ", ".join(re.findall(r"input Real (\w+);", body))
        result = " ".join(re.search(r"y := (.*?);", body, re.DOTALL)[1].split())
        known[name] = eval(f"lambda {inputs}: {result}", known)
    body = text[text.index("\nequation") + len("\nequation") : text.index("  annotation(")]
    values, residuals, equations = dict(given), [], [" ".join(one.split()) for one in body.split(";")]
    for equation in filter(None, equations):
        left, right = (re.sub(r"\b(plus|minus|hot|cold)\.", r"\1_", one) for one in equation.split(" = "))
        left, right = (re.sub(r"der\(\w+\)", "0.0", one) for one in (left, right))
        if re.fullmatch(r"\w+", left) and left != "0" and left not in values:
            values[left] = eval(right, known, values)
        else:
            residuals.append(eval(f"({left}) - ({right})", known, values))
    return values, residuals, len([one for one in equations if one])


@pytest.mark.parametrize("name", ["cooler", "generator", "losing leg"])
def test_modelica_text_says_what_the_solver_says(name):
    from ioffe.export.steady import steady

    found, solved, current, sign = points(name)
    text = found.modelica()
    low, high = found.temperatures
    cases = np.ones_like(current)
    states = steady(found.equations, high * cases, low * cases, current)
    for k in range(len(current)):
        given = {f"T{n}": float(T) for n, T in enumerate(states.T[:, k]) if n > 1}
        given |= {"hot_T": high, "cold_T": low, "plus_i": -current[k], "minus_i": current[k], "minus_v": 0.0}
        given |= {"plus_v": float(states.voltage[k])}
        given |= {"hot_Q_flow": float(states.heats[0, k]), "cold_Q_flow": float(states.heats[1, k])}
        values, residuals, count = modelica_values(text, given)
        assert np.abs(residuals).max() < 1e-8 * np.abs(states.heats).max()
        for own, key, factor in (("plus_v", "voltage", 1.0), ("hot_Q_flow", "heat_hot", sign)):
            size = np.abs(solved.values[key]).max()
            assert factor * values[own] == pytest.approx(solved.values[key][k], abs=0.005 * size)
    # as many equations as unknowns and flow variables of the connectors: the model is balanced
    unknowns = len(re.findall(r"^  (?:Real|Modelica\.Units)", text, re.MULTILINE)) + 8
    assert count == unknowns - 4


def test_text_is_complete():
    found, _, _, _ = points("cooler")
    text = found.spice()
    assert text.count(".subckt cooler plus minus hot cold T0=295.0\n") == 1
    assert text.rstrip().endswith(".ends cooler")
    assert "largest deviation over the largest value" in text
    assert max(map(len, text.splitlines())) < 130
    assert found.modelica().startswith("model cooler ")
    assert compact_model(cooler(), COOLING, name="1 a-b").identifier == "device_1_a_b"


def test_pins_at_the_faces_leave_out_films():
    at_faces = compact_model(cooler(), COOLING, faces=True)
    behind = compact_model(cooler(), COOLING)
    assert len(at_faces.equations.capacities) == len(behind.equations.capacities) - 1
    assert at_faces.values["heat_hot"].max() > behind.values["heat_hot"].max()
    assert at_faces.equations.capacities[0] > 0.0
    assert behind.equations.capacities[0] == 0.0


def test_what_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as raised:
        compact_model(
            cooler(),
            COOLING.replace(T_cold=320),
            heat_capacities={"AIN": "2 MJ/(m3 K)", "AlN": "3 K"},
            cells=2,
            current=0,
        )
    text = str(raised.value)
    assert len(raised.value.faults) == 5
    for words in (
        "a current above zero",
        "a lower and a higher temperature",
        'did you mean "AlN"',
        "from 3 to 100",
        "heat capacity by volume",
    ):
        assert words in text
    apart = te.Cascade([cooler(), cooler()], "independent")
    with pytest.raises(InputError, match="in series"):
        compact_model(apart, COOLING)


def test_materials_without_heat_capacity_are_named():
    module = cooler(p=te.Leg("Bi0.42Sb1.58Te3", "1.6 mm", "1.96 mm2"))
    found = compact_model(module, COOLING)
    assert [text for text in found.warnings if "Bi0.42Sb1.58Te3 stores no heat" in text]
    known = compact_model(module, COOLING, heat_capacities={"Bi0.42Sb1.58Te3": "1.2 MJ/(m3 K)"})
    assert not [text for text in known.warnings if "stores no heat" in text]
    added = sum(known.equations.capacities) - sum(found.equations.capacities)
    assert added == pytest.approx(31 * 1.96e-6 * 1.6e-3 * 1.2e6, rel=1e-9)
