"""Units: what must be read, what must be refused, and that nothing is lost on the way there and back."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ioffe.base.errors import InputError, UnitError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import (
    convert,
    format_si,
    from_si,
    measured,
    parse_area,
    parse_unit,
    to_si,
    to_si_array,
)
from ioffe.base.units.symbols import SYMBOLS

# text, factor to SI, a plain spelling of the same dimension
READ = [
    ("W/mK", 1.0, "W m^-1 K^-1"),
    ("W/mK^2", 1.0, "W m^-1 K^-2"),
    ("W/m/K", 1.0, "W m^-1 K^-1"),
    ("W m-1 K-1", 1.0, "W m^-1 K^-1"),
    ("W·m⁻¹·K⁻¹", 1.0, "W m^-1 K^-1"),
    ("W⋅m⁻¹ K⁻¹", 1.0, "W m^-1 K^-1"),
    ("W/(m K)", 1.0, "W m^-1 K^-1"),
    ("W/(m·K)", 1.0, "W m^-1 K^-1"),
    ("W/m·K", 1.0, "W m^-1 K^-1"),
    ("W / m / K", 1.0, "W m^-1 K^-1"),
    ("W/(m*K)", 1.0, "W m^-1 K^-1"),
    ("Wm-1K-1", 1.0, "W m^-1 K^-1"),
    ("mW/cmK", 0.1, "W m^-1 K^-1"),
    ("uW/cmK2", 1e-4, "W m^-1 K^-2"),
    ("uW cm^-1 K^-2", 1e-4, "W m^-1 K^-2"),
    ("(V/K)² S/m", 1.0, "W m^-1 K^-2"),
    ("uV/K", 1e-6, "V K^-1"),
    ("μV/K", 1e-6, "V K^-1"),
    ("µV K⁻¹", 1e-6, "V K^-1"),
    ("10^-6 V/K", 1e-6, "V K^-1"),
    ("10⁻⁶ V/K", 1e-6, "V K^-1"),
    ("S cm^-1", 100.0, "ohm^-1 m^-1"),
    ("S/cm", 100.0, "ohm^-1 m^-1"),
    ("10^5 S/m", 1e5, "ohm^-1 m^-1"),
    ("ohm.cm", 0.01, "ohm m"),
    ("ohm-cm", 0.01, "ohm m"),
    ("Ohm m", 1.0, "ohm m"),
    ("mohm cm", 1e-5, "ohm m"),
    ("mΩ·cm", 1e-5, "ohm m"),
    ("µΩ m", 1e-6, "ohm m"),
    ("uohm cm2", 1e-10, "ohm m^2"),
    ("μΩ·cm²", 1e-10, "ohm m^2"),
    ("Ω", 1.0, "ohm"),
    ("\u2126", 1.0, "ohm"),
    ("1/cm3", 1e6, "m^-3"),
    ("/cm3", 1e6, "m^-3"),
    ("cm^-3", 1e6, "m^-3"),
    ("cm**-3", 1e6, "m^-3"),
    ("cm^{-3}", 1e6, "m^-3"),
    ("10^19 cm^-3", 1e25, "m^-3"),
    ("1e19 cm-3", 1e25, "m^-3"),
    ("cm2/Vs", 1e-4, "m^2 V^-1 s^-1"),
    ("cm^2 V^-1 s^-1", 1e-4, "m^2 V^-1 s^-1"),
    ("cm3/C", 1e-6, "m^3 C^-1"),
    ("%", 0.01, "1"),
    ("-", 1.0, "1"),
    ("–", 1.0, "1"),
    ("1", 1.0, "1"),
    ("eV", 1.602176634e-19, "J"),
    ("meV", 1.602176634e-22, "J"),
    ("bar", 1e5, "Pa"),
    ("mbar", 100.0, "Pa"),
    ("kPa", 1e3, "Pa"),
    ("MPa", 1e6, "Pa"),
    ("GPa", 1e9, "Pa"),
    ("min", 60.0, "s"),
    ("h", 3600.0, "s"),
    ("day", 86400.0, "s"),
    ("days", 86400.0, "s"),
    ("year", 31557600.0, "s"),
    ("A/cm2", 1e4, "A m^-2"),
    ("A cm⁻²", 1e4, "A m^-2"),
    ("mW/cm2", 10.0, "W m^-2"),
    ("USD/kg", 1.0, "USD kg^-1"),
    ("USD/kWh", 1 / 3.6e6, "USD J^-1"),
    ("J/(g K)", 1e3, "m^2 s^-2 K^-1"),
    ("J/gK", 1e3, "m^2 s^-2 K^-1"),
    ("J/kg*K", 1.0, "m^2 s^-2 K^-1"),
    ("g/cm3", 1e3, "kg m^-3"),
    ("g/mol", 1e-3, "kg mol^-1"),
    ("angstrom", 1e-10, "m"),
    ("Å", 1e-10, "m"),
    ("nm", 1e-9, "m"),
    ("m2 K/W", 1.0, "m^2 K W^-1"),
    ("m2K/W", 1.0, "m^2 K W^-1"),
    ("K/mW", 1e3, "K W^-1"),
    ("mK/W", 1.0, "m K W^-1"),
    ("mK", 1e-3, "K"),
    ("ppm/K", 1e-6, "K^-1"),
    ("1e-6/K", 1e-6, "K^-1"),
    ("THz", 1e12, "s^-1"),
    ("S\u00a0cm^-1", 100.0, "ohm^-1 m^-1"),
]


@pytest.mark.parametrize(("text", "factor", "same"), READ, ids=[row[0] for row in READ])
def test_units_are_read_as_the_field_writes_them(text, factor, same):
    unit = parse_unit(text)
    assert unit.factor == pytest.approx(factor, rel=1e-15)
    assert unit.offset == 0.0
    assert unit.dimension == parse_unit(same).dimension
    assert unit.text == text


@pytest.mark.parametrize("text", ["degC", "°C", "deg C", "℃", " °C "])
def test_celsius_has_an_offset(text):
    unit = parse_unit(text)
    assert (unit.factor, unit.offset) == (1.0, 273.15)
    assert unit.dimension == parse_unit("K").dimension


# text, what the message says
REFUSED = [
    ("", "empty"),
    ("   ", "empty"),
    ("mn", 'did you mean "mN"'),
    ("Kk", 'did you mean "K"'),
    ("ohmm2x", "no unit symbol"),
    ("w/mk", '"w" is no unit symbol, did you mean "W"'),
    ("SIEMENS", 'did you mean "S"'),
    ("degF", "degC or K"),
    ("°F", "degC or K"),
    ("Kelvin", 'did you mean "K"'),
    ("sec", 'did you mean "s"'),
    ("ohms", 'did you mean "ohm"'),
    ("psi", "no unit symbol, 1 psi is 6894.757 Pa$"),
    ("inch", "no unit symbol, 1 inch is 25.4 mm$"),
    ("in", "1 in is 25.4 mm$"),
    ("W/(m degC)", "degC occurs only alone"),
    ("uV/degC", "in products write K"),
    ("uV/°C", "in products write K"),
    ("degC2", "degC occurs only alone"),
    ("W/m K", "two ways"),
    ("W/m * K", "two ways"),
    ("J/kg K", "two ways"),
    ("mms", 'write "m ms" or "mm s"'),
    ("W//m", "out of place"),
    ("W/", "missing"),
    ("W/m·", "out of place"),
    ("·m", "out of place"),
    ("(W", r'"\)" is missing'),
    ("W)", r'"\)" is out of place'),
    ("()", "out of place"),
    ("W/(/m)", "out of place|nothing precedes"),
    ("m^", "cannot occur"),
    ("^2", "out of place"),
    ("m^1.5", "out of place"),
    ("m^99", "too high"),
    ("m 2", "out of place"),
    ("5 mm", "only a power of ten"),
    ("100 cm", "only a power of ten"),
    ("10", "only a power of ten"),
    ("-m", "out of place"),
    ("m - s", "out of place"),
    ("é", "cannot occur"),
    ("m;s", "cannot occur"),
    ("__import__('os')", "cannot occur"),
    ("(((((((((((m)))))))))))", "too many parentheses"),
    ("nm-12 " * 16, "too large or too small"),
    ("1/m" + "m" * 100, "no unit symbol"),
    ("m\x00", "cannot occur"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED, ids=[row[0][:20] for row in REFUSED])
def test_what_is_no_unit_is_refused_with_a_reason(text, reason):
    with pytest.raises(UnitError, match=reason):
        parse_unit(text)


@pytest.mark.parametrize(
    "text",
    ["m" * 10**6, "(" * 10**6, "m/" * 10**6, " " * 10**6, "1" * 10**6, "²" * 10**6, "e-1" * 10**6],
    ids=["letters", "parentheses", "slashes", "spaces", "digits", "superscripts", "powers"],
)
def test_a_very_long_text_is_refused_in_a_short_message(text):
    for read in (parse_unit, lambda t: to_si(f"1 {t}", "length"), lambda t: to_si(t, "length"), parse_area):
        with pytest.raises(InputError) as caught:
            read(text)
        assert "at most 200 characters" in str(caught.value)
        assert len(str(caught.value)) < 300


@settings(max_examples=500)
@given(st.text(alphabet="mKWVAsgkuohμΩ°C²⁻¹/·.*()^-+ 0123456789e%x×{}[]_\n", max_size=40))
@example("m" * 40)
@example("(m)^-12(m)^-12(m)^-12")
def test_any_text_is_a_unit_or_a_unit_error(text):
    try:
        unit = parse_unit(text)
    except UnitError:
        return
    assert 0 < unit.factor < inf


@settings(max_examples=300)
@given(st.text(max_size=30) | st.text(alphabet="0123456789eE+-.,x×^ mkgKCdeg%°", max_size=30))
def test_any_text_is_a_length_or_an_input_error(text):
    for read in (to_si, measured, to_si_array):
        try:
            found = read(text, "length")
        except InputError:
            continue
        assert np.all(np.asarray(found) >= 0)


UNITS = sorted(
    {text for text, *_ in READ} | {"degC"} | set(SYMBOLS) | {q.display_unit for q in QUANTITIES.values()}
)
PAIRS = [
    (name, unit)
    for name, entry in QUANTITIES.items()
    for unit in UNITS
    if parse_unit(unit).dimension == parse_unit(entry.unit).dimension
    and not (entry.is_difference and parse_unit(unit).offset)
]
DRAWS = st.randoms(use_true_random=True)
"""Twenty seeds with fifty cases each: hypothesis takes longer to draw a case than the case takes."""
CASES = 50


def number_of(random, signs=(1, -1)):
    """Of any size from 1e-12 to 1e12."""
    return random.choice(signs) * 10.0 ** random.uniform(-12.0, 12.0)


def test_every_dimension_of_the_table_has_several_units():
    assert len(PAIRS) > 400
    assert {name for name, _ in PAIRS} == set(QUANTITIES)


@settings(max_examples=20)
@given(DRAWS)
def test_there_and_back_through_text(random):
    for name, unit in random.sample(PAIRS, CASES):
        number, entry = number_of(random), QUANTITIES[name]
        if not entry.admits(convert(number, unit, entry.unit)):
            number = -number
        if entry.admits(convert(number, unit, entry.unit)):
            back = from_si(to_si(f"{number!r} {unit}", name), unit)
            assert back == pytest.approx(number, rel=4e-16, abs=1e-13 if parse_unit(unit).offset else 0)


@pytest.mark.parametrize("unit", UNITS)
@settings(max_examples=1)
@given(DRAWS)
def test_there_and_back_through_arrays(unit, random):
    dimension = parse_unit(unit).dimension
    values = np.array([*(number_of(random) for _ in range(5)), nan])
    for other in UNITS:
        if parse_unit(other).dimension == dimension:
            back = convert(convert(values, unit, other), other, unit)
            offset = parse_unit(unit).offset or parse_unit(other).offset
            scale = 273.15 * max(parse_unit(other).factor, 1 / parse_unit(unit).factor, 1) if offset else 0
            assert back == pytest.approx(values, rel=1e-15, abs=1e-15 * scale, nan_ok=True)


PLAIN = sorted(SYMBOLS)
POWERS = (-3, -2, -1, 1, 2, 3)


@settings(max_examples=20)
@given(DRAWS)
def test_products_of_units(random):
    for _ in range(CASES):
        (a, b), (n, m) = random.choices(PLAIN, k=2), random.choices(POWERS, k=2)
        text = f"{a}^{n}{random.choice([' ', '·', '.', '*', ' · '])}{b}^{m}"
        one, two, both = parse_unit(a), parse_unit(b), parse_unit(text)
        assert both.ratio == one.ratio**n * two.ratio**m, text
        dimension = tuple(n * p + m * q for p, q in zip(one.dimension, two.dimension, strict=True))
        assert both.dimension == dimension, text


@settings(max_examples=20)
@given(DRAWS)
def test_quotients_of_units(random):
    for _ in range(CASES):
        (a, b, c), n = random.choices(PLAIN, k=3), random.choice(POWERS)
        one, two, three = parse_unit(a), parse_unit(b), parse_unit(c)
        expected = one.ratio * two.ratio**-n / three.ratio
        dimension = tuple(
            p - n * q - r for p, q, r in zip(one.dimension, two.dimension, three.dimension, strict=True)
        )
        for text in (f"{a}/{b}^{n}/{c}", f"{a} / ({b}^{n} {c})", f"{a}/{b}^{n}·{c}", f"{a}/({b}^{n}/{c}^-1)"):
            assert parse_unit(text).ratio == expected, text
            assert parse_unit(text).dimension == dimension, text


@given(st.sampled_from(PLAIN), st.sampled_from(POWERS))
def test_all_spellings_of_a_power_agree(symbol, n):
    superscript = str(n).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    spellings = [
        f"{symbol}^{n}",
        f"{symbol}**{n}",
        f"{symbol}{superscript}",
        f"({symbol})^{n}",
        f"{symbol}{n}",
    ]
    units = [parse_unit(text) for text in spellings]
    assert len({(unit.ratio, unit.dimension) for unit in units}) == 1


@settings(max_examples=20)
@given(DRAWS)
def test_what_is_shown_can_be_read_again(random):
    for name in random.sample(sorted(QUANTITIES), CASES):
        value = number_of(random, signs=(1,))
        if QUANTITIES[name].admits(value) and QUANTITIES[name].admits(value * 1.001):
            assert to_si(format_si(value, name, digits=15), name) == pytest.approx(value, rel=1e-14)
            assert to_si(format_si(value, name), name) == pytest.approx(value, rel=5.1e-4)
