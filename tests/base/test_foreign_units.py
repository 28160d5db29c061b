"""Quantities of pint, astropy, xarray and pandas at the border: converted or refused, never stripped."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

from ioffe.base.curve import Curve
from ioffe.base.errors import InputError, UnitError
from ioffe.base.units import floats, measured, parse_area, si_array, to_si, to_si_array

pint = pytest.importorskip("pint", reason="pint is an optional extra")
REGISTRY = pint.UnitRegistry()
Q = REGISTRY.Quantity


@pytest.fixture(autouse=True)
def _no_unit_is_stripped():
    with warnings.catch_warnings():
        warnings.simplefilter("error", pint.UnitStrippedWarning)
        yield


@pytest.mark.parametrize(
    ("number", "unit", "quantity", "expected"),
    [
        (500, "degC", "temperature", 773.15),
        (500.0, "K", "T_hot", 500.0),
        (212, "degF", "temperature", 373.15),
        (20, "delta_degC", "delta_T", 20.0),
        (20, "K", "delta_T", 20.0),
        (1.6, "mm", "length", 1.6e-3),
        (1, "inch", "length", 0.0254),
        (900, "S/cm", "electrical_conductivity", 9e4),
        (200, "uV/K", "seebeck", 2e-4),
        (1.5, "W/m/K", "thermal_conductivity", 1.5),
        (7.9, "uohm*cm**2", "electrical_contact_resistivity", 7.9e-10),
        (2e19, "1/cm**3", "carrier_density", 2e25),
        (0.1, "eV", "band_gap", 1.602176634e-20),
        (7, "percent", "efficiency", 0.07),
        (0.28, "", "fill_factor", 0.28),
        (30, "degree", "angle", np.pi / 6),
        (2, "mm**2", "area", 2e-6),
        (3, "g/mol", "molar_mass", 3e-3),
    ],
)
def test_pint_is_converted(number, unit, quantity, expected):
    value = Q(number, unit)
    assert to_si(value, quantity) == pytest.approx(expected, rel=1e-14)
    assert isinstance(to_si(value, quantity), float)
    assert measured(value, quantity) == (pytest.approx(expected, rel=1e-14), 0.0)
    assert to_si({"value": value}, quantity) == pytest.approx(expected, rel=1e-14)
    many = to_si_array(Q([number, number], unit), quantity)
    np.testing.assert_allclose(many, [expected] * 2, rtol=1e-14)
    np.testing.assert_allclose(to_si_array([value, value], quantity), many, rtol=0)
    assert to_si_array(value, quantity) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("number", "unit", "quantity", "words"),
    [
        (5, "mm", "temperature", "a temperature is expected"),
        (20, "degC", "delta_T", "counts from another zero"),
        (20, "delta_degC", "temperature", "is a difference of temperatures"),
        (5, "", "length", "a length is expected"),
        (5, "m", "price", "a price is expected"),
        (-1, "mm", "length", "must be above 0 m"),
        (np.nan, "mm", "length", "not finite"),
    ],
)
def test_pint_is_refused_in_words(number, unit, quantity, words):
    with pytest.raises(InputError, match=words):
        to_si(Q(number, unit), quantity, "here")
    with pytest.raises(InputError, match="here"):
        to_si_array(Q([number], unit), quantity, "here")


def test_a_unit_beside_a_unit_is_refused():
    with pytest.raises(InputError, match="without a unit"):
        to_si({"value": Q(5, "mm"), "unit": "m"}, "length")


def test_area_as_a_quantity():
    assert parse_area(Q(1.96, "mm^2")) == (pytest.approx(1.96e-6), None)


def test_mixed_lists_and_shapes():
    np.testing.assert_allclose(si_array([Q(1, "mm"), "2 mm", 3e-3], "length"), [1e-3, 2e-3, 3e-3])
    np.testing.assert_allclose(si_array(Q(np.ones((2, 3)), "cm"), "length"), np.full((2, 3), 0.01))
    objects = np.array([Q(1, "mm"), Q(1, "inch")], dtype=object)
    np.testing.assert_allclose(si_array(objects, "length"), [1e-3, 0.0254])
    with pytest.raises(InputError, match=r"here\[1\]"):
        si_array([Q(1, "mm"), Q(1, "K")], "length", "here")
    with pytest.raises(InputError, match=r"here\[0, 1\]"):
        si_array(Q([[1, -1]], "mm"), "length", "here")
    with pytest.raises(InputError, match="not one of 2 dimensions"):
        to_si_array(Q([[1, 1]], "mm"), "length")


@pytest.mark.parametrize(
    "value",
    [Q(1.0, "mm"), Q([1.0], "mm"), [Q(1.0, "mm")], (2.0, Q(1.0, "mm")), np.array([Q(1, "mm"), 1], object)],
)
def test_plain_numbers_refuse_units(value):
    with pytest.raises(UnitError, match="x = .*plain numbers in SI units"):
        floats(value, location="x")
    assert floats(value, "length", "x").ravel()[-1] in (1e-3, 1.0)


def test_astropy():
    units = pytest.importorskip("astropy.units", reason="astropy is an optional extra")
    assert to_si(500 * units.deg_C, "temperature") == 773.15
    assert to_si(1.6 * units.mm, "length") == pytest.approx(1.6e-3)
    assert to_si(200 * units.uV / units.K, "seebeck") == pytest.approx(2e-4)
    assert to_si(30 * units.deg, "angle") == pytest.approx(np.pi / 6)
    assert to_si(7 * units.percent, "efficiency") == pytest.approx(0.07)
    assert to_si(0.5 * units.dimensionless_unscaled, "fill_factor") == 0.5
    np.testing.assert_allclose(to_si_array([1, 2] * units.cm, "length"), [0.01, 0.02])
    np.testing.assert_allclose(to_si_array([1 * units.cm, 2 * units.m], "length"), [0.01, 2.0])
    with pytest.raises(UnitError, match="a length is expected"):
        to_si(3 * units.K, "length")
    with pytest.raises(UnitError, match="another zero"):
        to_si(3 * units.deg_C, "delta_T")
    with pytest.raises(UnitError, match="plain numbers"):
        floats([1, 2] * units.cm)


def test_xarray():
    xr = pytest.importorskip("xarray", reason="xarray is an optional extra")
    data = xr.DataArray([1.0, 2.0], dims="x", attrs={"units": "mm"})
    np.testing.assert_allclose(to_si_array(data, "length"), [1e-3, 2e-3])
    assert to_si(xr.DataArray(250.0, attrs={"units": "degC"}), "temperature") == 523.15
    np.testing.assert_allclose(to_si_array(xr.DataArray([1.0, 2.0]), "length"), [1.0, 2.0])
    assert to_si(xr.DataArray(2.0), "length") == 2.0
    inside = xr.DataArray(Q([1.0, 2.0], "cm"), dims="x")
    np.testing.assert_allclose(to_si_array(inside, "length"), [0.01, 0.02])
    with pytest.raises(UnitError, match="is a length"):
        to_si_array(data, "temperature")
    with pytest.raises(UnitError, match="no unit"):
        to_si_array(xr.DataArray([1.0], attrs={"units": "furlong"}), "length")
    with pytest.raises(UnitError, match="plain numbers"):
        floats(data)
    np.testing.assert_allclose(
        to_si_array(xr.DataArray([0.5], attrs={"units": "dimensionless"}), "fill_factor"), [0.5]
    )


def test_pandas():
    pd = pytest.importorskip("pandas", reason="pandas is an optional extra")
    np.testing.assert_allclose(to_si_array(pd.Series([1.0, 2.0]), "length"), [1.0, 2.0])
    np.testing.assert_allclose(to_si_array(pd.Series(["1 mm", "2 cm"]), "length"), [1e-3, 0.02])
    np.testing.assert_allclose(to_si_array(pd.Series([Q(1, "mm"), Q(2, "cm")]), "length"), [1e-3, 0.02])
    with pytest.raises(InputError, match="one of its columns"):
        to_si_array(pd.DataFrame({"a": [1.0]}), "length")


def test_pandas_with_pint():
    pd = pytest.importorskip("pandas", reason="pandas is an optional extra")
    pytest.importorskip("pint_pandas", reason="pint_pandas is an optional extra")
    series = pd.Series([1.0, 2.0], dtype="pint[mm]")
    np.testing.assert_allclose(to_si_array(series, "length"), [1e-3, 2e-3])
    np.testing.assert_allclose(
        to_si_array(pd.Series([20.0, 30.0], dtype="pint[degC]"), "temperature"), [293.15, 303.15]
    )
    with pytest.raises(UnitError, match="a temperature is expected"):
        to_si_array(series, "temperature")
    with pytest.raises(UnitError, match="plain numbers"):
        floats(series)
    frame = pd.DataFrame({"S": series})
    np.testing.assert_allclose(to_si_array(frame["S"], "length"), [1e-3, 2e-3])


def test_curves():
    curve = Curve(Q([20.0, 120.0], "degC"), Q([100.0, 200.0], "uV/K"), "seebeck", std=Q(5, "uV/K"))
    assert curve.T.tolist() == [293.15, 393.15]
    assert curve.values == pytest.approx([1e-4, 2e-4])
    assert curve.std == pytest.approx([5e-6, 5e-6])
    assert curve(Q(70, "degC")) == curve(343.15)
    assert curve(Q([20.0, 70.0], "degC")) == pytest.approx(curve([293.15, 343.15]))
    assert curve.mean(Q(20, "degC"), 393.15) == curve.mean(293.15, 393.15)
    assert curve.maximum(Q(20, "degC"), Q(70, "degC")) == curve.maximum(293.15, 343.15)
    assert Curve.constant(Q(1.5, "W/m/K"), "thermal_conductivity")(300.0) == pytest.approx(1.5)
    with pytest.raises(InputError, match=r"seebeck\.values"):
        Curve([300.0, 400.0], Q([1.0, 2.0], "mm"), "seebeck")
    with pytest.raises(InputError, match="plain numbers"):
        Curve([300.0, 400.0], Q([1.0, 2.0], "mm"))
    with pytest.raises(InputError, match=r"seebeck\.T"):
        Curve(Q([1.0, 2.0], "mm"), [1.0, 2.0], "seebeck")


def test_nothing_is_imported_for_it():
    code = (
        "import sys; from ioffe.base.units import to_si, to_si_array; to_si('1 mm', 'length');"
        "to_si_array([1.0, 2.0], 'length');"
        "print([m for m in ('pint', 'astropy', 'xarray', 'pandas') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_functions_of_si_numbers_refuse_units():
    from ioffe import migration
    from ioffe.transport import merit

    with pytest.raises(UnitError, match="200.0 .*plain numbers in SI units"):
        merit.power_factor(Q(200.0, "uV/K"), 1e5)
    with pytest.raises(UnitError, match="plain numbers"):
        merit.zT([Q(200.0, "uV/K")], 1e5, 1.5, 300.0)
    with pytest.raises(UnitError, match="plain numbers"):
        migration.leg_limits(Q([0.0, 10.0], "mm"), 750.0, 122e2, migration.MixedConductor(voltage=0.09))


def test_devices_conditions_and_batches():
    import ioffe as te

    made = te.Generator(T_hot=Q(500, "degC"), T_cold=Q([20.0, 30.0], "degC"))
    assert made.T_hot == 773.15
    assert made.T_cold.tolist() == [293.15, 303.15]
    leg = te.Leg("Bi2Te3", length=Q(1.6, "mm"), area=Q(2, "mm**2"), contact=te.Contact(Q(5, "uohm*cm**2")))
    assert leg.length == pytest.approx(1.6e-3)
    assert leg.contact_hot.electrical == pytest.approx(5e-10)
    conditions = te.Generator(T_hot=350, T_cold=300, current=0.1)
    vary = {"length": Q([[1.0], [2.0]], "mm"), "T_hot": Q([40.0, 60.0], "degC")}
    found = te.solve_batch(leg, conditions, vary, engine="numpy")
    plain = {"length": [[1e-3], [2e-3]], "T_hot": [313.15, 333.15]}
    np.testing.assert_allclose(found.power, te.solve_batch(leg, conditions, plain, engine="numpy").power)
    with pytest.raises(InputError, match="length"):
        te.solve_batch(leg, conditions, {"length": Q([1.0, 2.0], "K")}, engine="numpy")
    with pytest.raises(InputError, match="T_hot"):
        te.Generator(T_hot=Q(5, "mm"), T_cold=300)


def test_materials_from_arrays():
    import ioffe as te

    T, S = Q([20.0, 120.0], "degC"), Q([100.0, 200.0], "uV/K")
    sigma, kappa = Q([900.0, 800.0], "S/cm"), Q([1.5, 1.4], "W/m/K")
    made = te.Material.from_arrays("x", "p", T, S, sigma, kappa, std={"seebeck": "5 %"})
    assert made.seebeck.T.tolist() == [293.15, 393.15]
    assert made.electrical.values == pytest.approx([9e4, 8e4])
    assert made.seebeck.std == pytest.approx([5e-6, 1e-5])
    assert made.zT(Q(70.0, "degC")) == pytest.approx(made.zT(343.15))
