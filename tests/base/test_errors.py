"""Faults, their collection, and the nearest name."""

import copy
import pickle

import numpy as np
import pytest

from ioffe.base.errors import (
    ABSENT,
    ConvergenceError,
    ExtrapolationError,
    Fault,
    Faults,
    InputError,
    IoffeError,
    UnitError,
    did_you_mean,
    join_location,
    nearest,
)


def test_a_fault_states_file_place_value_expectation_and_advice():
    fault = Fault(
        "module.p.length",
        "6 m2",
        'a length is expected, such as "1.6 mm"',
        "m2 is an area",
        "device.toml",
    )
    assert str(fault) == (
        'device.toml: module.p.length = "6 m2": a length is expected, such as "1.6 mm"; m2 is an area'
    )


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("a.b", expected="this key is missing"), "a.b: this key is missing"),
        (Fault("", 5, "a text is expected"), "5: a text is expected"),
        (Fault("", expected="the file is empty", file="x.toml"), "x.toml: the file is empty"),
        (Fault("a", None, "a number is expected"), "a = None: a number is expected"),
        (Fault("a", np.float64(2.5), "less is expected"), "a = 2.5: less is expected"),
        (Fault("a", np.array(3), "less is expected"), "a = 3: less is expected"),
        (Fault("a", 'say "x"', "", "no"), 'a = "say "x"": no'),
    ],
)
def test_parts_that_are_missing_leave_no_trace(fault, text):
    assert str(fault) == text


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, list(range(10**5)), dict.fromkeys(range(1000), "y" * 200), np.arange(10**5), b"z" * 10**5],
    ids=["text", "list", "dict", "array", "bytes"],
)
def test_a_long_value_is_shortened_to_60_characters(value):
    shown = str(Fault("", value, "short is expected")).removesuffix(": short is expected")
    assert len(shown) <= 60
    assert "..." in shown


def test_a_value_of_60_characters_is_not_shortened():
    assert "x" * 58 in str(Fault("", "x" * 58, "less is expected"))


def test_a_fault_stays_on_one_line_and_sends_no_control_characters_to_the_terminal():
    fault = Fault("a\nb", "c\r\n\x1b[31m\u2028", "d\x9b is expected", "e\n", "f\n.toml")
    assert str(fault).isprintable()
    assert "\\x1b[31m" in str(fault)


def test_an_input_error_is_a_value_error_with_a_line_for_each_fault():
    faults = (Fault("a", 1, "two is expected"), Fault("b", 3, "four is expected"))
    error = InputError(*faults)
    assert isinstance(error, ValueError)
    assert isinstance(error, IoffeError)
    assert error.faults == faults
    assert str(error).splitlines() == [str(fault) for fault in faults]


def test_an_input_error_takes_texts_and_lists_of_faults_and_says_each_once():
    fault, other = Fault("a", 1, "two is expected"), Fault("a", 2, "two is expected")
    assert InputError([fault, other, fault], "the table is empty").faults == (
        fault,
        other,
        Fault("", expected="the table is empty"),
    )


@pytest.mark.parametrize("kind", [InputError, UnitError])
@pytest.mark.parametrize("duplicate", [lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy])
def test_errors_travel_between_processes(kind, duplicate):
    error = duplicate(kind(Fault("a", 1, "two is expected"), Fault("b", expected="this key is missing")))
    assert type(error) is kind
    assert error.faults[0].value == 1
    assert error.faults[1].value is ABSENT
    assert str(error) == "a = 1: two is expected\nb: this key is missing"


def test_the_tree_of_errors():
    assert issubclass(UnitError, InputError)
    assert issubclass(ExtrapolationError, (IoffeError, ValueError))
    assert issubclass(ConvergenceError, (IoffeError, RuntimeError))
    assert not issubclass(ConvergenceError, ValueError)


def test_nothing_is_raised_if_nothing_was_found():
    faults = Faults("device.toml")
    faults.raise_if_any()
    assert not faults
    assert len(faults) == 0


def test_collected_faults_carry_place_and_file_and_keep_their_order():
    faults = Faults("device.toml")
    faults.add("couples", -3, "a whole number from 1 on is expected")
    with faults.collect("module"):
        raise UnitError(
            Fault("p.length", "6 m2", "a length is expected"), Fault("[2]", 0, "more is expected")
        )
    with faults.collect("card"):
        raise InputError(Fault("", 1, "x is expected", file="card.toml"))
    with faults.collect("fine"):
        pass
    assert [(f.location, f.file) for f in faults.found] == [
        ("couples", "device.toml"),
        ("module.p.length", "device.toml"),
        ("module[2]", "device.toml"),
        ("card", "card.toml"),
    ]
    with pytest.raises(InputError) as caught:
        faults.raise_if_any()
    assert caught.value.faults == faults.found


def test_nested_collection_joins_the_places():
    outer = Faults()
    with outer.collect("module"):
        inner = Faults()
        with inner.collect("p"):
            raise InputError(Fault("length", 0, "more is expected"))
        inner.raise_if_any()
    assert outer.found[0].location == "module.p.length"


def test_collection_stops_no_other_error():
    faults = Faults()
    with pytest.raises(ZeroDivisionError), faults.collect("a"):
        1 / 0  # noqa: B018 - the error is what is wanted
    with pytest.raises(ExtrapolationError), faults.collect("a"):
        raise ExtrapolationError("700 K")
    assert not faults


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("termal_conductivity", "thermal_conductivity"),
        ("SEEBECK", "seebeck"),
        ("fill factor", "fill_factor"),
        ("fill-factor", "fill_factor"),
        ("xyz", ""),
        ("", ""),
        (None, ""),
        (7, ""),
        ("a" * 10**6, ""),
    ],
)
def test_nearest_name(name, expected):
    names = ["thermal_conductivity", "seebeck", "fill_factor"]
    assert nearest(name, names) == expected
    assert did_you_mean(name, names) == (f'did you mean "{expected}"?' if expected else "")


@pytest.mark.parametrize(
    ("outer", "inner", "joined"),
    [("a", "b", "a.b"), ("a", "[0].b", "a[0].b"), ("", "b", "b"), ("a", "", "a"), ("", "", "")],
)
def test_join_location(outer, inner, joined):
    assert join_location(outer, inner) == joined


def test_faults_of_any_value_can_be_collected_once():
    first, same, other = (
        Fault("rows", value, "rising T is expected") for value in ([2, 1], [2, 1], {"a": []})
    )
    assert first == same != other
    assert len({first, same, other}) == 2
    assert len({Fault("x", np.arange(3)), Fault("x", np.arange(3))}) == 1
