"""Pulsed supercooling with temperature-dependent properties, against the independent solution."""

from functools import cache

import numpy as np
import pytest

import ioffe as te
from tests.solve.transient.materials import CAPACITY, generic, plain
from tests.solve.transient.witness import Leg as Witness

LENGTH, AREA, T_HOT = 1.6e-3, 1.96e-6, 300.0
TIMES = np.geomspace(2e-4, 0.2, 25)
"""After the start of the pulse, s; until then the leg stays inside the range of its curves."""


@cache
def leg(kind="p"):
    return te.Leg(generic(kind), LENGTH, AREA)


@cache
def best():
    """The steady state of the largest temperature difference."""
    return leg().delta_T_max(T_HOT)


@cache
def witness(factor):
    """Temperature of the cold end during a pulse that begins at the steady optimum."""
    m = generic("p")
    w = Witness(
        m.seebeck.coefficients,
        m.electrical.coefficients,
        m.thermal_conductivity.coefficients,
        (CAPACITY,),
        LENGTH,
        n=32,
    )
    J = -best().delta_T_max_current / AREA
    start = w.steady(T_HOT, J, 0.0)
    y = w.follow(start, T_HOT, factor * J, 0.0, np.concatenate([[0.0], TIMES]))
    before = w.cold(start, T_HOT, J, 0.0)
    return before, np.array([w.cold(column, T_HOT, factor * J, 0.0) for column in y.T[1:]])


def pulsed(factor, **options):
    current = best().delta_T_max_current
    given = {"duration": TIMES[-1], "times": TIMES, **options}
    return te.Transient(
        mode="cool", T_hot=T_HOT, heat=0, current=te.pulse(current, factor * current, 0, 1), **given
    )


@pytest.mark.parametrize("factor", [2.0, 3.0])
def test_cold_end_follows_the_independent_solution(factor):
    before, exact = witness(factor)
    times = np.concatenate([[0.0], TIMES])
    r = leg().solve(pulsed(factor, tolerance=2e-7, cells=150, times=times, mesh_check=False))
    assert r.T_cold[0] == pytest.approx(before, abs=1e-6)
    found = r.T_cold[1:]
    assert found == pytest.approx(exact, abs=6e-3)
    assert found[:15] == pytest.approx(exact[:15], abs=1e-3)
    lowest = exact.argmin()
    assert found.argmin() == lowest
    assert 3 < lowest < 20


def test_defaults_are_as_good_as_they_claim():
    _, exact = witness(2.5)
    r = leg().solve(pulsed(2.5))
    error = np.abs(r.T_cold - exact)
    assert np.all(error <= r.time_error + r.space_error)
    assert error.max() < 1e-4 * T_HOT
    assert 0.1 * error.max() < r.error_estimate * T_HOT < 20.0 * error.max()


def test_below_the_steady_optimum_and_then_too_hot():
    """What is known of it: a deeper minimum the higher the pulse, sooner, and overheating behind it."""
    current, coldest = best().delta_T_max_current, T_HOT - best().delta_T_max
    depth, when = [], []
    for factor in (1.5, 2.0, 3.0):
        r = leg().solve(
            te.Transient(
                mode="cool",
                T_hot=T_HOT,
                heat=0,
                duration=8,
                tolerance=1e-4,
                mesh_check=False,
                current=te.pulse(current, factor * current, 1.0, 0.3 / factor),
            )
        )
        k = r.T_cold.argmin()
        depth.append(coldest - r.T_cold[k])
        when.append(r.time[k] - 1.0)
        assert r.T_cold.max() > coldest + 3.0
        assert r.T_cold[-1] == pytest.approx(coldest, abs=0.5)
        assert r.energy_balance < 1e-11
    assert np.all(np.diff(depth) > 0)
    assert np.all(np.diff(when) < 0)
    assert depth[0] > 3.0
    assert depth[2] < 20.0


@pytest.mark.parametrize("factor", [2.0, 3.0])
def test_time_of_the_minimum(factor):
    """L^2/(4 D (P + 1)^2); Snyder et al., J. Appl. Phys. 92 (2002) 1564, doi 10.1063/1.1489713."""
    bare = te.Leg(plain(kappa=1.5), 2e-3, 1e-6)
    current = bare.delta_T_max(300).delta_T_max_current
    when = (2e-3) ** 2 * CAPACITY / (4.0 * 1.5 * (factor + 1.0) ** 2)
    r = bare.solve(
        te.Transient(
            mode="cool",
            T_hot=300,
            heat=0,
            current=te.pulse(current, factor * current, 0, 1),
            duration=2.0 * when,
            times=when * np.linspace(0.8, 1.2, 41),
            mesh_check=False,
        )
    )
    assert r.time[r.T_cold.argmin()] == pytest.approx(when, rel=0.06)


def test_symmetry_of_p_and_n():
    """The n leg with its mirrored curves gives the same temperatures at the same current."""
    results = [leg(kind).solve(pulsed(2.5, tolerance=1e-5, mesh_check=False)) for kind in "pn"]
    assert results[0].T_cold == pytest.approx(results[1].T_cold, abs=1e-9)
    assert results[0].voltage == pytest.approx(results[1].voltage, rel=1e-9)
