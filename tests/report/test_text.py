"""Numbers, formulas and symbols in print."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.quantities import QUANTITIES
from ioffe.report.markup import name_html
from ioffe.report.text import (
    formula,
    name_mathtext,
    number,
    readable_unit,
    signed_percent,
    spoken,
    symbol_html,
)


@given(st.text(max_size=40))
def test_a_name_keeps_every_character(name):
    assert "".join(piece for piece, _ in formula(name)) == name


@pytest.mark.parametrize(
    ("name", "low"),
    [
        ("Mg3(Sb,Bi)2", ["3", "2"]),
        ("(PbTe)0.9(SnS)0.1", ["0.9", "0.1"]),
        ("Sn63Pb37 solder", []),
        ("304 stainless steel", []),
        ("CuNi 70/30", []),
        ("Al2O3 96%", ["2", "3"]),
        ("of MgAg0.97Sb0.99, and Bi2Te3.", ["0.97", "0.99", "2", "3"]),
        ("S3", []),
        ("Xx2Te3", []),
    ],
)
def test_only_numbers_of_formulas_are_lowered(name, low):
    assert [piece for piece, is_low in formula(name) if is_low] == low


@given(st.text(max_size=40))
def test_markup_of_any_text_is_well_formed(text):
    allowed = "".join(c for c in text if c.isprintable())
    root = ET.fromstring(f"<p>{name_html(allowed)}</p>")
    assert "".join(root.itertext()) == allowed


@pytest.mark.parametrize("name", sorted(QUANTITIES))
def test_symbols_of_all_quantities_become_html(name):
    root = ET.fromstring(f"<p>{symbol_html(name)}</p>")
    text = "".join(root.itertext())
    assert text
    assert not set(text) & set("${}\\_^"), text


@given(st.text(alphabet="Bi2Te3.$\\_^{} ", max_size=20))
def test_mathtext_of_any_name_can_be_drawn(name):
    from matplotlib.mathtext import MathTextParser

    made = name_mathtext(name)
    if made.replace("\\$", "").count("$"):
        MathTextParser("path").parse(made)


@given(st.floats(1e-9, 1e6), st.sampled_from(["power", "voltage", "current", "electrical_resistance"]))
def test_spoken_numbers_are_at_least_one_or_in_the_smallest_unit(value, name):
    unit = readable_unit(value, name)
    shown = float(spoken(value, name).split("\u00a0")[0].replace("×", "e").split("e")[0])
    assert shown >= 0.995 or unit.startswith("n")


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_numbers_can_be_read_back(value):
    if abs(value) > 1e-4:
        assert float(number(value, 6).replace("−", "-")) == pytest.approx(value, rel=1e-5)


def test_signs_are_always_shown():
    assert signed_percent(0.05).startswith("+5.0")
    assert signed_percent(-0.05).startswith("−5.0")
