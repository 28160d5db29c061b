"""Blends of two materials: exact at the points, exact for formulas, only where both were measured."""

import numpy as np
import pytest

import ioffe as te
from ioffe.base.curve import Curve
from ioffe.material.blending import blend

T = np.linspace(300.0, 600.0, 7)


def table(name="a", carrier="p", shift=0.0, interpolation="pchip", T=T, resistivity=False, **more):
    x = (T - 300) / 300
    electrical = 9e4 - 4e4 * x + 2e4 * shift
    words = {"resistivity": 1 / electrical} if resistivity else {"electrical_conductivity": electrical}
    return te.Material.from_arrays(
        name=name,
        carrier=carrier,
        T=T,
        seebeck=1e-4 * (1 + x + shift),
        thermal_conductivity=2.0 - x + 0.3 * shift,
        interpolation=interpolation,
        **words,
        **more,
    )


@pytest.mark.parametrize("resistivity", [False, True])
@pytest.mark.parametrize("rule", ["linear", "log"])
def test_values_at_the_points_of_both_tables(rule, resistivity):
    a = table(resistivity=resistivity, density=7000.0)
    b = table("b", shift=1.0, T=np.linspace(320.0, 590.0, 10), resistivity=resistivity, density=6000.0)
    w = 0.3
    found = blend(a, b, w, rule)
    assert found.T_range == (320.0, 590.0)
    points = np.array([320.0, 350.0, 380.0, 400.0, 500.0, 590.0])
    assert found.seebeck(points) == pytest.approx(
        (1 - w) * a.seebeck(points) + w * b.seebeck(points), rel=1e-13
    )
    for name in ("electrical_conductivity", "thermal_conductivity"):
        one, other = (np.asarray(getattr(m, name)(points)) for m in (a, b))
        expected = (1 - w) * one + w * other if rule == "linear" else one ** (1 - w) * other**w
        assert getattr(found, name)(points) == pytest.approx(expected, rel=1e-12), name
    assert found.electrical.quantity == (
        "electrical_resistivity" if resistivity else "electrical_conductivity"
    )
    assert found.interpolation == "pchip"
    assert found.density == pytest.approx(6700.0)
    assert (found.name, found.carrier) == ("a to b", "p")


def formula(factor, T_range=(200.0, 400.0)):
    return te.Material(
        f"formula {factor}",
        "n",
        Curve.polynomial([-1e-4 * factor, -2e-7], T_range, "seebeck"),
        Curve.polynomial([2e5, -100.0 * factor, 0.05], T_range, "electrical_conductivity"),
        Curve.constant(1.5 * factor, "thermal_conductivity"),
    )


def test_linear_blends_of_formulas_are_exact():
    a, b = formula(1.0), formula(2.0, (250.0, 450.0))
    found = blend(a, b, 0.25)
    assert found.T_range == (250.0, 400.0)
    at = np.linspace(250.0, 400.0, 11)
    for name in ("seebeck", "electrical", "thermal_conductivity"):
        curve = getattr(found, name)
        assert curve.coefficients is not None
        assert curve(at) == pytest.approx(
            0.75 * getattr(a, name)(at) + 0.25 * getattr(b, name)(at), rel=1e-13
        )


def test_formulas_by_logarithm_and_beside_tables():
    at = np.linspace(300.0, 400.0, 57)
    found = blend(formula(1.0), formula(2.0), 0.5, "log")
    expected = np.sqrt(formula(1.0).electrical(at) * formula(2.0).electrical(at))
    assert found.electrical(at) == pytest.approx(expected, rel=1e-7)
    mixed = blend(formula(1.0), table(), 0.5)
    assert mixed.carrier is None
    assert mixed.T_range == (300.0, 400.0)
    middle = 0.5 * (formula(1.0).seebeck(at) + table().seebeck(at))
    assert mixed.seebeck(at) == pytest.approx(middle, abs=1e-8)
    linear = blend(table(interpolation="linear"), table("b", shift=1.0, interpolation="linear"), 0.5)
    assert linear.interpolation == "linear"
    other = blend(table(interpolation="linear"), table("b", interpolation="cubic"), 0.5)
    assert other.interpolation == "pchip"


def test_the_ends_are_the_materials():
    a, b = table(), table("b", shift=1.0)
    at = np.linspace(300.0, 600.0, 31)
    for w, whole in ((0.0, a), (1.0, b)):
        found = blend(a, b, w)
        for name in ("seebeck", "electrical", "thermal_conductivity"):
            assert getattr(found, name)(at) == pytest.approx(getattr(whole, name)(at), rel=1e-12)


def test_what_cannot_be_blended():
    with pytest.raises(te.InputError, match=r"common temperatures .* 300 K to 600 K and 700 K to 800 K"):
        blend(table(), table("b", T=np.linspace(700.0, 800.0, 4)), 0.5)
    with pytest.raises(te.InputError, match="conducts electricity"):
        blend(table(), te.load_material("Al2O3"), 0.5)
