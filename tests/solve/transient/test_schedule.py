"""Functions of time: values on both sides of jumps, repetition, units, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ioffe as te
from ioffe.device.schedule import Function, Schedule, of_time


def test_constant_table_and_callable():
    assert of_time("20 degC", "T_hot", "T_hot")(77.0) == pytest.approx(293.15)
    table = of_time([(0, "1 A"), ("1 min", 3.0)], "current", "current")
    assert [table(t) for t in (-1.0, 0.0, 15.0, 60.0, 99.0)] == [1.0, 1.0, 1.5, 3.0, 3.0]
    assert of_time(np.array([[0.0, 300.0], [10.0, 310.0]]), "T_hot", "T_hot")(5.0) == 305.0
    assert of_time(lambda t: 2.0 * t, "current", "current")(3.0) == 6.0


def test_both_sides_of_a_jump():
    s = te.steps([(0, 1.0), (10, 2.5), (20, 0.5)])
    assert s(10.0, before=True) == 1.0
    assert s(10.0) == 2.5
    assert s.jumps == (10.0, 20.0)
    assert s.before_start == 1.0
    assert te.pulse(2.0, 5.0, 0, 1).before_start == 2.0
    assert te.pulse(2.0, 5.0, 0, 1)(0.0) == 5.0


def test_callable_just_before_its_jump():
    f = Function(lambda t: 1.0 if t < 2.0 else 3.0, "current", "current")
    assert f(2.0, before=True) == 1.0
    assert f(2.0) == 3.0


@given(
    period=st.floats(0.1, 50.0),
    ramp=st.floats(0.0, 0.45),
    count=st.integers(1, 40),
    share=st.floats(0.0, 1.0),
)
def test_cycles_repeat(period, ramp, count, share):
    s = te.cycle(300.0, 400.0, period, ramp=ramp * period).until(count * period)
    assert np.all(np.diff(s.times) >= 0)
    assert len(s.times) == 5 * count
    t = share * period
    again = (count - 1) * period + t
    slack = 100.0 * 1e-13 * again / max(ramp * period, 1e-9) if ramp else 0.0
    edge = min(abs(share - x) for x in (0.0, ramp, 0.5, 0.5 + ramp, 1.0))
    if edge > 1e-9:
        assert s(again) == pytest.approx(s(t), abs=slack + 1e-9)


def test_trapezoid():
    s = te.cycle(300.0, 400.0, "100 s", ramp="10 s", duty=0.3).until(200.0)
    assert [s(t) for t in (0.0, 5.0, 20.0, 35.0, 60.0, 105.0)] == [300.0, 350.0, 400.0, 350.0, 300.0, 350.0]
    assert s.jumps == ()
    endless = te.cycle(300.0, 400.0, 100.0, ramp=10.0, duty=0.3)
    for t in (5.0, 20.0, 35.0, 60.0, 105.0, 199.0):
        assert endless(t) == pytest.approx(s(t), abs=1e-9)
    square = te.cycle(1.0, 2.0, 4.0, duty=0.25)
    assert [square(t) for t in (0.0, 0.5, 1.0, 3.9, 4.0)] == [2.0, 2.0, 1.0, 1.0, 2.0]
    assert square(4.0, before=True) == 1.0
    assert square.until(8.0).jumps == (0.0, 1.0, 4.0, 5.0)


def test_times_that_differ_by_rounding_are_one_moment():
    s = te.steps([(0, 1.0), (0.1 + 0.2, 2.0)]).snapped(np.array([0.0, 0.3, 1.0]), 1e-12)
    assert s(0.3) == 2.0
    assert s(0.3, before=True) == 1.0


@pytest.mark.parametrize(
    ("make", "places"),
    [
        (lambda: te.steps([(0, 1), (0, 2)]), ["steps[1]"]),
        (lambda: te.steps([]), ["steps"]),
        (lambda: te.steps([(3, 1), (1, 2), 7]), ["steps[2]"]),
        (lambda: te.pulse(1, 2, "3 K", -1), ["start", "duration"]),
        (lambda: te.pulse(1, 2, 0, 0), ["duration"]),
        (lambda: te.cycle(1, 2, "10 s", ramp="6 s"), ["ramp"]),
        (lambda: te.cycle(1, 2, 0, duty=2), ["period", "duty"]),
        (lambda: Schedule((0.0, 2.0, 1.0), (1.0, 2.0)), ["values", "times[2]"]),
        (lambda: Schedule((0.0, 2.0), (1.0, 2.0), 3.0), ["times"]),
        (lambda: of_time([(0, "1 A"), (1, "2 K"), (2, "x")], "current", "I"), ["I[1]", "I[2]"]),
        (lambda: of_time([(0, "1 A"), ("1 K", 2)], "current", "I"), ["I[1]"]),
        (lambda: of_time([(5, 1), (2, 2)], "current", "I"), ["I[1]"]),
        (lambda: of_time(lambda _: "warm", "T_hot", "T_hot"), ["T_hot(0 s)"]),
        (lambda: of_time(lambda _: -4.0, "T_hot", "T_hot"), ["T_hot(0 s)"]),
    ],
)
def test_faults(make, places):
    with pytest.raises(te.InputError) as caught:
        make()
    assert [f.location for f in caught.value.faults] == places
