"""The quantity table is complete, consistent and readable."""

import re
from math import inf

import pytest
from matplotlib.mathtext import MathTextParser

from ioffe.base.errors import InputError
from ioffe.base.quantities import QUANTITIES, glossary, quantity
from ioffe.base.units import format_si, parse_unit, to_si

RESULT = """
    current current_density voltage power power_density heat_hot heat_cold efficiency COP
    open_circuit_voltage internal_resistance short_circuit_current max_power max_efficiency T_hot T_cold
    delta_T energy_balance error_estimate status max_power_current max_efficiency_current max_heat
    max_heat_current max_COP max_COP_current delta_T_max delta_T_max_current delta_T_max_voltage
    heat_flux position electric_potential temperature
"""
INPUT = """
    length area thickness perimeter time mass density heat_capacity thermal_expansion youngs_modulus
    poisson_ratio seebeck electrical_conductivity electrical_resistivity thermal_conductivity
    power_factor zT ZT carrier_density hall_coefficient hall_mobility electrical_contact_resistivity
    thermal_contact_resistance heat_transfer_coefficient thermal_resistance electrical_resistance
    emissivity fill_factor couples load_resistance price melting_temperature
"""


@pytest.mark.parametrize("name", (RESULT + INPUT).split())
def test_the_words_of_results_and_inputs_are_in_the_table(name):
    assert quantity(name).name == name


@pytest.mark.parametrize("entry", QUANTITIES.values(), ids=QUANTITIES.keys())
class TestEveryQuantity:
    def test_is_held_in_si(self, entry):
        unit = parse_unit(entry.unit)
        assert unit.factor == 1.0
        assert unit.offset == 0.0

    def test_is_shown_in_a_unit_of_the_same_dimension(self, entry):
        assert parse_unit(entry.display_unit).dimension == parse_unit(entry.unit).dimension

    def test_has_an_example_that_is_valid_and_reads_like_it_is_shown(self, entry):
        value = to_si(entry.example, entry.name)
        assert entry.admits(value)
        assert to_si(format_si(value, entry.name, digits=15), entry.name) == pytest.approx(value, rel=1e-12)

    def test_has_a_symbol_that_can_be_drawn(self, entry):
        MathTextParser("path").parse(entry.symbol)

    def test_has_ordered_bounds_and_is_described(self, entry):
        assert entry.lower < entry.upper
        assert re.match("an? ", entry.noun)
        assert entry.description
        assert not entry.description.endswith(".")
        assert "\n" not in entry.description


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError):
        QUANTITIES["length"] = QUANTITIES["area"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("thermal_conductivty", "thermal_conductivity"),
        ("Seebeck", "seebeck"),
        ("kappa", "thermal_conductivity"),
        ("resistivity", "electrical_resistivity"),
        ("fill factor", "fill_factor"),
    ],
)
def test_an_unknown_name_offers_the_nearest(wrong, right):
    with pytest.raises(InputError, match=f'did you mean "{right}"'):
        quantity(wrong)


@pytest.mark.parametrize("wrong", [None, 5, [], "qqqqqqqqq"])
def test_what_is_no_name_at_all_is_refused(wrong):
    with pytest.raises(InputError, match=r"the name of a quantity is expected$"):
        quantity(wrong)


@pytest.mark.parametrize(
    ("name", "value", "admitted"),
    [
        ("length", 0.0, False),
        ("length", 1e-9, True),
        ("electrical_contact_resistivity", 0.0, True),
        ("electrical_contact_resistivity", -1e-12, False),
        ("emissivity", 1.0, True),
        ("emissivity", 1.01, False),
        ("fill_factor", 0.0, False),
        ("fill_factor", 1.0, True),
        ("couples", 0.0, False),
        ("poisson_ratio", -1.0, True),
        ("poisson_ratio", 0.6, False),
        ("seebeck", -inf, True),
        ("T_hot", 0.0, False),
    ],
)
def test_bounds(name, value, admitted):
    assert quantity(name).admits(value) is admitted


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("length", "above 0 m"),
        ("electrical_contact_resistivity", "0 ohm m2 or more"),
        ("poisson_ratio", "from -1 to 0.5"),
        ("fill_factor", "above 0 and up to 1"),
        ("seebeck", ""),
    ],
)
def test_bounds_in_words(name, text):
    assert quantity(name).range_text == text


def test_differences_of_temperature_are_known_as_such():
    differences = {entry.name for entry in QUANTITIES.values() if entry.is_difference}
    assert differences == {"delta_T", "delta_T_max"}


def test_the_glossary_has_a_row_of_texts_for_every_quantity():
    rows = glossary()
    assert [row["name"] for row in rows] == list(QUANTITIES)
    assert all(isinstance(text, str) for row in rows for text in row.values())
    assert rows[list(QUANTITIES).index("length")] == {
        "name": "length",
        "symbol": "$L$",
        "unit": "m",
        "display_unit": "mm",
        "bounds": "above 0 m",
        "description": "length, of a leg along the current",
    }
