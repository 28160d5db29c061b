"""Values with units: numbers, texts and tables, areas, headers, and how numbers are shown."""

from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest

from ioffe.base.errors import InputError, UnitError
from ioffe.base.units import (
    convert,
    format_si,
    from_si,
    measured,
    parse_area,
    to_si,
    to_si_array,
    unit_of_header,
)


@pytest.mark.parametrize(
    ("value", "quantity", "si"),
    [
        ("1.6 mm", "length", 0.0016),
        ("1.6mm", "length", 0.0016),
        ("+1.6 mm", "length", 0.0016),
        ("3.8 mm", "length", 0.0038),
        (".5 mm", "length", 0.0005),
        ("5. mm", "length", 0.005),
        ("250 degC", "temperature", 523.15),
        ("-10 °C", "temperature", 263.15),
        ("−10 °C", "temperature", 263.15),
        ("300 K", "temperature", 300.0),
        ("5e-10 ohm m2", "electrical_contact_resistivity", 5e-10),
        ("7.9 uohm cm2", "electrical_contact_resistivity", 7.9e-10),
        ("2e-5 m2 K/W", "thermal_contact_resistance", 2e-5),
        ("2.1 x 10^19 cm^-3", "carrier_density", 2.1e25),
        ("2.1×10¹⁹ cm⁻³", "carrier_density", 2.1e25),
        ("2.1e19 /cm3", "carrier_density", 2.1e25),
        ("1 eV", "energy", 1.602176634e-19),
        ("1eV", "energy", 1.602176634e-19),
        ("-160 uV/K", "seebeck", -1.6e-4),
        ("7 %", "efficiency", 0.07),
        ("0.28", "fill_factor", 0.28),
        ("127", "couples", 127.0),
        ("20 K", "delta_T", 20.0),
        ("3.8 mm x 3.8 mm", "area", 1.444e-5),
        (300, "temperature", 300.0),
        (np.float32(0.5), "length", 0.5),
        (np.int64(3), "couples", 3.0),
        (np.array(2.0), "current", 2.0),
        (Fraction(1, 4), "length", 0.25),
        ({"value": 1.6, "unit": "mm"}, "length", 0.0016),
        ({"value": "1.6 mm"}, "length", 0.0016),
        ({"value": 1.6e-3}, "length", 0.0016),
        ({"value": 25, "unit": "degC"}, "temperature", 298.15),
    ],
)
def test_a_value_becomes_the_float_one_would_write(value, quantity, si):
    found = to_si(value, quantity)
    assert type(found) is float
    assert found == si if quantity != "area" else found == pytest.approx(si, rel=1e-15)


WRONG = [
    ("2 mm", "thermal_conductivity", UnitError, '"mm" is a length'),
    ("6 m2", "length", UnitError, '"m2" is an area'),
    ("6 kg m", "length", UnitError, '"kg m" is in m kg'),
    ("300", "temperature", UnitError, "the unit is missing"),
    ("300 C", "temperature", UnitError, "electric charge, write degC"),
    ("20 degC", "delta_T", UnitError, "write K"),
    ("1 mn", "length", UnitError, '"mn" is no unit symbol'),
    ("1.6 millimetre", "length", UnitError, '"millimetre" is no unit symbol, did you mean "mm"?'),
    ("5 microohm cm2", "electrical_contact_resistivity", UnitError, 'did you mean "uohm"?'),
    ("5 %", "length", UnitError, '"%" is a plain number'),
    ({"value": 1, "unit": 5}, "length", UnitError, "length.unit = 5: a unit is expected"),
    ({"value": 1, "unit": ""}, "length", UnitError, "the unit is empty"),
    ("", "length", InputError, "begins with no number"),
    ("mm", "length", InputError, "begins with no number"),
    ("nan K", "temperature", InputError, "begins with no number"),
    ("inf m", "length", InputError, "begins with no number"),
    ("1,6 mm", "length", InputError, "decimal point"),
    ("1e999 m", "length", InputError, "not finite"),
    ("1e400 m", "length", InputError, "not finite"),
    (10**400, "length", InputError, "not finite"),
    (nan, "length", InputError, "not finite"),
    (inf, "length", InputError, "not finite"),
    (True, "length", InputError, "length = True: a length is expected"),
    (np.bool_(True), "length", InputError, "a length is expected"),
    (None, "length", InputError, "length = None: a length is expected"),
    ([1.0], "length", InputError, "a length is expected"),
    (1 + 2j, "length", InputError, "a length is expected"),
    ("-5 mm", "length", InputError, "above 0 m"),
    (0.0, "length", InputError, "above 0 m"),
    ("-300 degC", "temperature", InputError, "0 K or more"),
    ("110 %", "emissivity", InputError, "from 0 to 1"),
    ({}, "length", InputError, "length.value: this key is missing"),
    ({"value": 1, "unti": "mm"}, "length", InputError, 'did you mean "unit"'),
    ({"value": "1.6", "unit": "mm"}, "length", InputError, "a number is expected beside a unit"),
    ({"value": {"value": 1}}, "length", InputError, "a length is expected"),
    ({"value": True, "unit": "mm"}, "length", InputError, "a length is expected"),
    ("1 mm x 2 mm x 3 mm", "area", InputError, "two sides"),
    ("1 m", "lenght", InputError, 'did you mean "length"'),
]


@pytest.mark.parametrize(("value", "quantity", "error", "reason"), WRONG)
def test_a_wrong_value_is_refused_with_place_and_reason(value, quantity, error, reason):
    with pytest.raises(error, match=reason) as caught:
        to_si(value, quantity, location="length")
    assert type(caught.value) is error
    assert caught.value.faults[0].location.startswith("length")


def test_a_wrong_dimension_names_the_quantity_its_unit_and_an_example():
    with pytest.raises(UnitError) as caught:
        to_si("2 mm", "thermal_conductivity", "layer.thermal_conductivity")
    assert str(caught.value) == (
        'layer.thermal_conductivity = "2 mm": a thermal conductivity is expected, in W/(m K), '
        'such as "1.6 W/(m K)"; "mm" is a length'
    )


@pytest.mark.parametrize(
    ("value", "quantity", "deviation"),
    [
        ("1.6 mm", "length", 0.0),
        ({"value": 2.0, "unit": "W/(m K)", "uncertainty": "11 %"}, "thermal_conductivity", 0.22),
        ({"value": "-200 uV/K", "uncertainty": "6 %"}, "seebeck", 1.2e-5),
        ({"value": 1.6, "unit": "mm", "uncertainty": 0.1}, "length", 1e-4),
        ({"value": 1.6e-3, "uncertainty": 1e-4}, "length", 1e-4),
        ({"value": "1.6 mm", "uncertainty": "50 um"}, "length", 5e-5),
        ({"value": "250 degC", "uncertainty": "2 degC"}, "temperature", 2.0),
        ({"value": "250 degC", "uncertainty": "2 K"}, "temperature", 2.0),
        ({"value": "8 %", "uncertainty": "5 %"}, "efficiency", 0.004),
        ({"value": "8 %", "uncertainty": "0.005"}, "efficiency", 0.005),
        ({"value": 8, "unit": "%", "uncertainty": 0.5}, "efficiency", 0.005),
        ({"value": 1.0, "uncertainty": None}, "length", 0.0),
    ],
)
def test_uncertainties(value, quantity, deviation):
    found, std = measured(value, quantity)
    assert found == to_si(value, quantity)
    assert std == pytest.approx(deviation, rel=1e-14)


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ("-3 %", "not negative"),
        (-1, "not negative"),
        (nan, "finite"),
        ("5 kg", '"kg" is a mass'),
        ("5", "the unit is missing"),
        ("five", "a standard deviation is expected"),
        (True, "a standard deviation is expected"),
        ([1], "a standard deviation is expected"),
        ("1e999 mm", "finite"),
    ],
)
def test_wrong_uncertainties(given_, reason):
    with pytest.raises(InputError, match=reason) as caught:
        measured({"value": 1.6, "unit": "mm", "uncertainty": given_}, "length", "leg.length")
    assert caught.value.faults[0].location == "leg.length.uncertainty"


def test_a_plain_uncertainty_beside_a_value_in_text_is_ambiguous():
    with pytest.raises(UnitError, match="the unit is missing"):
        measured({"value": "1.6 mm", "uncertainty": 0.1}, "length")


@pytest.mark.parametrize(
    ("values", "quantity", "si"),
    [
        (["373 K", "200 degC", 593], "T_hot", [373.0, 473.15, 593.0]),
        ((1, 2), "current", [1.0, 2.0]),
        (np.array([1, 2]), "current", [1.0, 2.0]),
        (np.array(["1 mA", "2 A"]), "current", [1e-3, 2.0]),
        ({"value": [1, 2], "unit": "mA"}, "current", [1e-3, 2e-3]),
        ([], "current", []),
    ],
)
def test_many_values(values, quantity, si):
    found = to_si_array(values, quantity)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float64
    assert found.tolist() == si


@pytest.mark.parametrize("values", ["2 A", 2, 2.0, np.float64(2), np.array(2.0), {"value": 2, "unit": "A"}])
def test_one_value_stays_one(values):
    found = to_si_array(values, "current")
    assert type(found) is float
    assert found == 2.0


def test_pandas_columns_are_many_values():
    pandas = pytest.importorskip("pandas", reason="pandas is an optional extra")
    assert to_si_array(pandas.Series([1.0, 2.0]), "current").tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "values",
    [["1 mm", "2 kg", -3.0, True, "4 mm", nan], np.array([1.0, -2.0, -3.0, nan, 4.0, inf])],
    ids=["list", "array"],
)
def test_every_wrong_element_is_reported_with_its_index(values):
    with pytest.raises(InputError) as caught:
        to_si_array(values, "length", "lengths")
    places = [fault.location for fault in caught.value.faults]
    wrong = [1, 2, 3, 5]
    assert places == [f"lengths[{i}]" for i in wrong]


def test_a_matrix_is_no_list():
    with pytest.raises(InputError, match="1-d array"):
        to_si_array(np.ones((2, 2)), "current", "I")


@pytest.mark.parametrize(
    ("value", "area", "sides"),
    [
        ("3.8 mm x 3.8 mm", 1.444e-5, (0.0038, 0.0038)),
        ("3.8 x 3.8 mm", 1.444e-5, (0.0038, 0.0038)),
        ("3.8mm×2mm", 7.6e-6, (0.0038, 0.002)),
        ("3 mm * 4 mm", 1.2e-5, (0.003, 0.004)),
        ("3 X 4 mm", 1.2e-5, (0.003, 0.004)),
        ("0.3 cm x 4 mm", 1.2e-5, (0.003, 0.004)),
        ("1.96 mm2", 1.96e-6, None),
        ("1.96 mm*mm", 1.96e-6, None),
        ("2 x 10^-6 m2", 2e-6, None),
        (1.96e-6, 1.96e-6, None),
        ({"value": 1.96, "unit": "mm2"}, 1.96e-6, None),
    ],
)
def test_areas(value, area, sides):
    found, found_sides = parse_area(value)
    assert found == pytest.approx(area, rel=1e-15)
    assert found_sides == sides


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("3 mm x 4 kg", '"kg" is a mass'),
        ("3 mm x", "no unit symbol"),
        ("3 mm x 4", "the unit is missing"),
        ("3 x 4", "the unit is missing"),
        ("0 mm x 4 mm", "above 0 m"),
        ("1 x 2 x 3 mm", "two sides"),
        ("3 mm", '"mm" is a length'),
        (True, "an area is expected"),
        (-1.0, "above 0 m2"),
    ],
)
def test_wrong_areas(value, reason):
    with pytest.raises(InputError, match=reason) as caught:
        parse_area(value, "leg.area")
    assert caught.value.faults[0].location == "leg.area"
    assert caught.value.faults[0].value == value


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(0.0016, "mm", 1.6), (523.15, "degC", 250.0), (2e25, "cm^-3", 2e19), (7.9e-10, "uohm cm2", 7.9)],
)
def test_from_si(value, unit, shown):
    assert from_si(value, unit) == pytest.approx(shown, rel=1e-15)


def test_conversion_keeps_the_shape_and_the_input():
    values = np.array([[0.0, 25.0], [100.0, nan]])
    found = convert(values, "degC", "K")
    assert found.shape == (2, 2)
    assert found[1, 0] == 373.15
    assert values[0, 0] == 0.0
    same = convert(values, "degC", "°C")
    assert same is not values
    assert same[0, 1] == 25.0
    assert type(convert(1.0, "mm", "m")) is float


def test_conversion_between_dimensions_is_refused():
    with pytest.raises(UnitError, match='a unit for a length is expected, as "mm" is; "kg" is a mass'):
        convert(1.0, "mm", "kg")


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("S (uV/K)", "S", "uV/K"),
        ("sigma [S/cm]", "sigma", "S/cm"),
        ("kappa / W m-1 K-1", "kappa", "W m-1 K-1"),
        ("kappa (W/(m K))", "kappa", "W/(m K)"),
        ("kappa(lat) (W/m/K)", "kappa(lat)", "W/m/K"),
        ("T(K)", "T", "K"),
        ("T/K", "T", "K"),
        ("T, K", "T", "K"),
        ("T_K", "T", "K"),
        ("T_hot_K", "T_hot", "K"),
        ("S_V_per_K", "S", "V/K"),
        ("rho_Ohm_m", "rho", "Ohm m"),
        ("sigma_S_per_m", "sigma", "S/m"),
        ("kappa_W_per_mK", "kappa", "W/mK"),
        ("heat_capacity_J_per_kg_K", "heat_capacity", "J/(kg K)"),
        ("L_mm", "L", "mm"),
        ("zT (-)", "zT", "-"),
        ("\ufeffT (K)", "T", "K"),
        ("S (uV/Kk)", "S", "uV/Kk"),
        ("zT", "zT", ""),
        ("zT_calc", "zT_calc", ""),
        ("T_hot", "T_hot", ""),
        ("T_h", "T_h", ""),
        ("T_m", "T_m", ""),
        ("kappa_min", "kappa_min", ""),
        ("x_Ag", "x_Ag", ""),
        ("R/R0", "R/R0", ""),
        ("_K", "_K", ""),
        ("T_", "T_", ""),
        ("(uV/K)", "(uV/K)", ""),
        ("S uV/K)", "S uV/K)", ""),
        ("", "", ""),
    ],
)
def test_headers(header, name, unit):
    assert unit_of_header(header) == (name, unit)


@pytest.mark.parametrize(
    "header", ["a_b,/" * 200000, "(" * 10**6 + ")", "x" * 300 + " (K)"], ids=["marks", "brackets", "name"]
)
def test_a_text_too_long_for_a_header_has_no_unit(header):
    assert unit_of_header(header) == (header, "")


@pytest.mark.parametrize(
    ("value", "quantity", "text"),
    [
        (0.0016, "length", "1.6 mm"),
        (0.0003, "length", "0.3 mm"),
        (0.4e-6, "length", "400 nm"),
        (1.2, "length", "1.2 m"),
        (0.0123, "power", "12.3 mW"),
        (2500.0, "power", "2.5 kW"),
        (7.9e-10, "electrical_contact_resistivity", "7.9 uohm cm2"),
        (300.0, "temperature", "300 K"),
        (523.15, "temperature", "523.1 K"),
        (0.0772, "efficiency", "7.72 %"),
        (2.1e25, "carrier_density", "2.1e19 cm^-3"),
        (-1.6e-4, "seebeck", "-160 uV/K"),
        (0.0, "power", "0 W"),
        (nan, "power", "nan W"),
        (inf, "delta_T", "inf K"),
        (0.95, "zT", "0.95"),
        (127, "couples", "127"),
        (0.9999999, "current", "1 A"),
        (999.99996, "length", "1000 m"),
        (1e-30, "power", "1e-21 nW"),
        (30 * 86400.0, "time", "30 day"),
        (123456.7, "thermal_conductivity", "123500 W/(m K)"),
        (1.5e7, "thermal_conductivity", "1.5e7 W/(m K)"),
    ],
)
def test_numbers_for_people(value, quantity, text):
    assert format_si(value, quantity) == text


def test_digits():
    assert format_si(1 / 3, "current", digits=2) == "0.33 A"
    assert format_si(1 / 3, "current", digits=10) == "0.3333333333 A"
