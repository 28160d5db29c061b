"""Reading the values and assumptions of a source: units, digits, errors, and every fault at once."""

import pytest

from ioffe.base.errors import InputError
from ioffe.published.values import half_digit, in_si, override, read_assumptions, read_values

ROW = """[[value]]
key = "{key}"
quantity = "q"
place = "text"
value = "{value}"
unit = "{unit}"
inputs = "assumed"
evidence = "prediction"
"""


def values(tmp_path, *rows):
    path = tmp_path / "values.toml"
    path.write_text("\n".join(rows), encoding="utf-8")
    return read_values(path)


def row(key="a", value="2.76", unit="uohm cm2", more=""):
    return ROW.format(key=key, value=value, unit=unit) + more


@pytest.mark.parametrize(
    ("text", "half"), [("0.90", 0.005), ("52", 0.5), ("2.10e19", 0.005e19), ("-3e-4", 0.5e-4), ("1.", 0.5)]
)
def test_the_last_printed_digit_gives_the_tolerance(text, half):
    assert half_digit(text) == pytest.approx(half, rel=1e-12)


def test_values_are_in_si_with_the_tolerance_of_their_digits(tmp_path):
    (found,) = values(tmp_path, row())
    assert found.value == pytest.approx(2.76e-10, rel=1e-12)
    assert found.tolerance == pytest.approx(0.005e-10, rel=1e-9)
    assert found.text == "2.76"


@pytest.mark.parametrize(("text", "share"), [("2 %", 0.02), ("0.0552", 0.02)])
def test_tolerance_and_error_are_shares_or_numbers_of_the_unit(tmp_path, text, share):
    (found,) = values(
        tmp_path, row(more=f'tolerance = "{text}"\ntolerance_source = "s"\nstd = "{text}"\ncoverage = 2\n')
    )
    assert found.tolerance == pytest.approx(share * found.value)
    assert found.std == pytest.approx(share * found.value / 2)


def test_every_fault_of_a_file_comes_out_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        values(
            tmp_path,
            row(key="a", unit="furlong"),
            row(key="b", value="about 3"),
            row(key="b"),
            row(key="c", more='tolerance = "2 %"\n'),
            row(key="d", more='std = "much"\n'),
        )
    text = str(caught.value)
    assert "furlong" in text
    assert "about 3" in text
    assert "each key may occur only once" in text
    assert "a tolerance and its source" in text
    assert "much" in text


def test_an_unknown_key_is_named_with_the_nearest_one(tmp_path):
    with pytest.raises(InputError, match='did you mean "tolerance"'):
        values(tmp_path, row(more='tolerence = "2 %"\n'))


ASSUMED = '[[assumption]]\nname = "size"\nvalue = "2"\nunit = "um"\nreason = "r"\nquality = "assumed"\n'


def assumptions(tmp_path, text=ASSUMED):
    path = tmp_path / "assumptions.toml"
    path.write_text(text, encoding="utf-8")
    return read_assumptions(path)


def test_an_assumption_keeps_its_unit_and_range(tmp_path):
    found = assumptions(tmp_path, ASSUMED + 'range = ["1", "5"]\n')["size"]
    assert (found.value, found.low, found.high) == pytest.approx((2e-6, 1e-6, 5e-6))
    assert not found.changed


@pytest.mark.parametrize(("change", "value"), [("3", 3e-6), (3, 3e-6), ("500 nm", 5e-7)])
def test_a_changed_assumption_is_in_its_unit_or_in_the_one_written(tmp_path, change, value):
    found = override(assumptions(tmp_path), {"size": change, "another": 1})["size"]
    assert found.value == pytest.approx(value)
    assert found.changed


@pytest.mark.parametrize("change", ["3 K", "many", "3 furlong"])
def test_a_change_of_another_dimension_is_refused(tmp_path, change):
    with pytest.raises(InputError, match="size"):
        override(assumptions(tmp_path), {"size": change})


def test_a_range_has_two_ends(tmp_path):
    with pytest.raises(InputError, match="two values"):
        assumptions(tmp_path, ASSUMED + 'range = ["1"]\n')


def test_units_reach_si():
    assert in_si(44.8, "GPa") == 44.8e9
    assert in_si(20.0, "degC") == pytest.approx(293.15)
