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
    tolerance_source="",
    std=0.0,
    evidence="prediction",
    inputs="published input",
)


@pytest.mark.parametrize("computed", [50.0, 50.05, 49.95])
def test_within_the_printed_digits_is_reproduced(computed):
    assert judge(VALUE, Computed(computed)) is Verdict.REPRODUCED


@pytest.mark.parametrize("computed", [50.0501, 49.9499, math.nan, math.inf])
def test_outside_without_any_uncertainty_is_not_reproduced(computed):
    assert judge(VALUE, Computed(computed)) is Verdict.NOT_REPRODUCED


def test_two_combined_standard_deviations_are_the_limit():
    stated = replace(VALUE, std=1.5)  # combined with 2: 2.5, twice 5; the digits allow 0.05
    assert judge(stated, Computed(55.049, std=2.0)) is Verdict.WITHIN
    assert judge(stated, Computed(55.051, std=2.0)) is Verdict.NOT_REPRODUCED
    assert judge(stated, Computed(55.049, std=1.9)) is Verdict.NOT_REPRODUCED


def test_errors_and_ranges_combine_as_independent():
    assert judge(VALUE, Computed(55.0, std=1.5, below=4.0)) is Verdict.WITHIN  # 3 and 4 give 5
    assert judge(VALUE, Computed(55.1, std=1.5, below=4.0)) is Verdict.NOT_REPRODUCED


def test_agreement_by_a_coarse_print_or_a_wide_band_decides_nothing():
    coarse = replace(VALUE, text="0.3", value=0.3, tolerance=0.05)
    assert judge(coarse, Computed(0.3)) is Verdict.UNDECIDABLE
    assert judge(coarse, Computed(0.4)) is Verdict.NOT_REPRODUCED
    at_the_limit = replace(VALUE, text="1.0", value=1.0, tolerance=0.05)
    assert judge(at_the_limit, Computed(1.0)) is Verdict.REPRODUCED
    assert judge(VALUE, Computed(50.0, std=3.74)) is Verdict.REPRODUCED
    assert judge(VALUE, Computed(50.0, std=3.76)) is Verdict.UNDECIDABLE
    assert judge(VALUE, Computed(56.0, below=8.0)) is Verdict.UNDECIDABLE


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
def test_more_uncertainty_makes_agreement_undecidable_at_most(computed, std, more):
    before = judge(VALUE, Computed(computed, std))
    after = judge(VALUE, Computed(computed, std + more, more, more))
    if before is not Verdict.NOT_REPRODUCED:
        assert after in (before, Verdict.UNDECIDABLE)
