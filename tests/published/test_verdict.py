"""The rules by which a published value is judged."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.published.comparison import Computed, Verdict, deviation, judge
from ioffe.published.values import PublishedValue

VALUE = PublishedValue(
    key="x",
    quantity="x",
    place="text",
    text="50.0",
    unit="1",
    value=50.0,
    tolerance=0.05,
    tolerance_text="",
    std=0.0,
    inputs="published input",
)


@pytest.mark.parametrize("computed", [50.0, 50.05, 49.95])
def test_within_the_printed_digits_is_reproduced(computed):
    assert judge(VALUE, Computed(computed)) is Verdict.REPRODUCED


@pytest.mark.parametrize("computed", [50.0501, 49.9499, math.nan, math.inf])
def test_outside_without_any_uncertainty_is_not_reproduced(computed):
    assert judge(VALUE, Computed(computed)) is Verdict.NOT_REPRODUCED


def test_two_combined_standard_deviations_are_the_limit():
    stated = replace(VALUE, std=3.0)  # combined with 4: 5, twice 10
    assert judge(stated, Computed(59.999, std=4.0)) is Verdict.WITHIN
    assert judge(stated, Computed(60.001, std=4.0)) is Verdict.NOT_REPRODUCED
    assert judge(stated, Computed(59.999, std=3.9)) is Verdict.NOT_REPRODUCED


def test_the_range_of_an_assumption_counts_on_its_side_alone():
    assert judge(VALUE, Computed(55.0, below=5.0)) is Verdict.WITHIN
    assert judge(VALUE, Computed(55.0, above=5.0)) is Verdict.NOT_REPRODUCED
    assert judge(VALUE, Computed(45.0, above=5.0)) is Verdict.WITHIN
    assert judge(VALUE, Computed(45.0, below=5.0)) is Verdict.NOT_REPRODUCED
    assert judge(VALUE, Computed(55.2, below=5.0)) is Verdict.NOT_REPRODUCED


def test_what_cannot_be_computed_is_not_yet():
    assert judge(VALUE, None) is Verdict.NOT_YET
    assert judge(replace(VALUE, not_yet="needs 3D"), Computed(50.0)) is Verdict.NOT_YET


@pytest.mark.parametrize(
    ("bound", "computed", "off"),
    [
        ("at least", 60.0, 0.0),
        ("at least", 40.0, -10.0),
        ("at most", 40.0, 0.0),
        ("at most", 60.0, 10.0),
        ("equal", 40.0, -10.0),
    ],
)
def test_a_bound_is_missed_on_one_side_alone(bound, computed, off):
    value = replace(VALUE, bound=bound)
    assert deviation(value, computed) == off
    assert (judge(value, Computed(computed)) is Verdict.REPRODUCED) == (off == 0.0)


@given(
    computed=st.floats(0.0, 100.0),
    std=st.floats(0.0, 20.0),
    more=st.floats(0.0, 20.0),
)
def test_more_uncertainty_never_makes_a_verdict_worse(computed, std, more):
    rank = {Verdict.REPRODUCED: 0, Verdict.WITHIN: 1, Verdict.NOT_REPRODUCED: 2}
    before = judge(VALUE, Computed(computed, std))
    after = judge(VALUE, Computed(computed, std + more, more, more))
    assert rank[after] <= rank[before]
