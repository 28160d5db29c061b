import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from ioffe.base.constants import F, R
from ioffe.base.errors import InputError
from ioffe.migration.defect import CU2S, DefectModel
from ioffe.migration.specimen import HoleConductivity, MigratingLeg
from ioffe.migration.steady import steady_profile
from ioffe.migration.transient import CurrentStep, MigrationStatus, simulate
from tests.migration.samples import DELTA, SIGMA, SIGMA_ION, VOLUME, T, cu2s_leg, slowest_time

EXACT = 0.078323128918
"""Critical voltage of delta = 0.03 at 750 K in a uniform field."""


def test_step_of_current_against_the_series_of_linear_diffusion():
    """K_e large against delta: D is constant, and the solution a cosine series.

    delta - mean = g L [1/2 - x/L - sum over odd n of 4/(n pi)^2 cos(n pi x/L) exp(-n^2 t/tau)]
    """
    K_e, length, J = 100.0, 10e-3, 1e3
    model = DefectModel.of_constant(K_e, T, -1.0)
    leg = cu2s_leg(length, model=model, delta=0.0)
    D = float(model.chemical_diffusion(0.0, T, SIGMA_ION, VOLUME))
    tau = length**2 / (np.pi**2 * D)
    result = simulate(leg, [(0.3 * tau, J)], cells=400, tolerance=1e-9, estimate_error=False)
    slope = 2.0 * np.sqrt(K_e) * F * J / (SIGMA * R * T)
    n = np.arange(1, 400, 2)[:, None]
    modes = 4.0 / (n * np.pi) ** 2 * np.cos(n * np.pi * result.x / length) * np.exp(-(n**2) * 0.3)
    expected = slope * length * (0.5 - result.x / length - np.sum(modes, axis=0))
    np.testing.assert_allclose(result.delta[-1], expected, atol=2e-6 * slope * length)


def test_nonlinear_step_against_another_discretisation():
    """Composition at the nodes of a grid that ends at the electrodes, by scipy's BDF, extrapolated."""
    leg = cu2s_leg(temperature=[700.0, 750.0], S_star=0.2e-3, sigma=HoleConductivity(CU2S, SIGMA, DELTA, 0.5))
    J, time = 6e4, 100.0

    def ends(intervals):
        x = np.linspace(0.0, 10e-3, intervals + 1)
        step, temperature = x[1], 700.0 + 50.0 * x / 10e-3
        between = 0.5 * (temperature[1:] + temperature[:-1])
        volume = np.full(x.size, step)
        volume[[0, -1]] *= 0.5

        def rate(_, delta):
            potential = -R * temperature / F * np.arcsinh(delta / (2.0 * np.sqrt(CU2S.K_e(temperature))))
            sigma = leg.sigma(0.5 * (delta[1:] + delta[:-1]), between)
            flux = -SIGMA_ION / F * (np.diff(potential) / step - J / sigma + 0.2e-3 * 50.0 / 10e-3)
            return VOLUME * np.diff(flux, prepend=0.0, append=0.0) / volume

        near = {"lband": 1, "uband": 1}
        found = solve_ivp(rate, (0.0, time), np.full(x.size, DELTA), "LSODA", rtol=1e-10, atol=1e-12, **near)
        return found.y[[0, -1], -1]

    coarse, fine = ends(100), ends(200)
    result = simulate(leg, [(time, J)], cells=400, tolerance=1e-7, estimate_error=False)
    np.testing.assert_allclose(result.end_delta[-1], fine + (fine - coarse) / 3.0, atol=2e-6)


CASES = {
    "uniform": {},
    "Soret": {"temperature": [700.0, 750.0], "S_star": 0.1e-3},
    "holes": {"sigma": HoleConductivity(CU2S, SIGMA, DELTA)},
    "barriers": {"barriers": [3e-3]},
}


@pytest.mark.parametrize("case", CASES)
def test_tends_to_the_steady_profile(case):
    leg = cu2s_leg(**CASES[case])
    J = 6e4
    result = simulate(
        leg, [(20 * slowest_time(), J)], cells=800 if case == "holes" else 400, estimate_error=False
    )
    expected = steady_profile(leg, J, points=801)
    ends = np.array([expected.delta[expected.part == p][[0, -1]] for p in np.unique(result.part)]).ravel()
    assert result.status is MigrationStatus.OK
    np.testing.assert_allclose(result.end_delta[-1], ends, atol=1e-6)
    for part in np.unique(result.part):
        rows, cells = expected.part == part, result.part == part
        inside = np.interp(result.x[cells], expected.x[rows], expected.delta[rows])
        np.testing.assert_allclose(result.delta[-1, cells], inside, atol=1e-6)


def test_metal_is_conserved_below_the_threshold():
    leg = cu2s_leg(temperature=[700.0, 750.0], S_star=0.1e-3, barriers=[3e-3])
    result = simulate(leg, [(2000.0, 6e4), (1000.0, -4e4), (3000.0, 0.0)], estimate_error=False)
    assert result.metal_balance < 1e-12
    assert not result.deposits
    assert np.ptp(result.mean_delta(), axis=0) == pytest.approx(0.0, abs=1e-14)


def test_metal_above_the_threshold_is_the_flux_that_arrived():
    leg = cu2s_leg()
    result = simulate(leg, [(3 * 3600.0, 12e4)], cells=200, estimate_error=False)
    assert result.metal_balance < 1e-12
    assert [deposit.side for deposit in result.deposits] == ["end"]
    gained = (result.delta - result.delta[0]).mean(axis=1) * 10e-3 / VOLUME
    np.testing.assert_allclose(result.metal[:, 1], gained, atol=1e-12 * gained[-1])
    pinned = result.metal[:, 1] > 0
    np.testing.assert_allclose(result.end_delta[pinned, 1], -0.03, atol=1e-12)
    half = 0.5 * 10e-3 / 200
    below, above = (leg.potential(d, T) for d in (result.delta[:, -1], np.array(-0.03)))
    flux = SIGMA_ION / F * (12e4 / SIGMA - (above - below) / half)
    rows = np.flatnonzero(pinned)
    arrived = np.trapezoid(flux[rows], result.time[rows])
    assert arrived == pytest.approx(result.metal[-1, 1] - result.metal[rows[0], 1], rel=2e-3)


def test_above_the_threshold_it_tends_to_the_pinned_profile():
    result = simulate(cu2s_leg(), [(30 * slowest_time(), 12e4)], cells=400, estimate_error=False)
    expected = steady_profile(cu2s_leg(), 12e4, points=801)
    assert result.metal[-1, 1] == pytest.approx(expected.deposited[0], rel=1e-5)
    np.testing.assert_allclose(result.end_delta[-1], expected.delta[[0, -1]], atol=1e-6)


@pytest.mark.parametrize("length", [2e-3, 5e-3, 10e-3])
def test_threshold_voltage_does_not_depend_on_length(length):
    """So the current at which metal appears goes with 1/L."""
    time = 15 * slowest_time(length)
    for factor, appears in ((0.996, False), (1.004, True)):
        J = factor * EXACT * SIGMA / length
        result = simulate(cu2s_leg(length), [(time, J)], estimate_error=False)
        assert bool(result.deposits) is appears


def test_relaxation_scales_with_the_square_of_the_length_and_one_over_the_ionic_conductivity():
    results = [
        simulate(cu2s_leg(length, sigma_ion=ion), [(time, 400.0 / length)], estimate_error=False)
        for length, ion, time in ((4e-3, 100.0, 60.0), (8e-3, 100.0, 240.0), (4e-3, 25.0, 240.0))
    ]
    for other in results[1:]:
        np.testing.assert_allclose(other.delta[-1], results[0].delta[-1], atol=1e-12)
    assert np.ptp(results[0].delta[-1]) > 0.01


def test_barriers_make_a_saw_tooth_and_raise_the_limit():
    J, time = 15e4, 20 * slowest_time(10e-3 / 3)
    open_leg = simulate(cu2s_leg(), [(time, J)], estimate_error=False)
    leg = cu2s_leg(barriers=[10e-3 / 3, 20e-3 / 3])
    blocked = simulate(leg, [(time, J)], cells=99, estimate_error=False)
    assert open_leg.deposits
    assert not blocked.deposits
    first, second, third = (blocked.delta[-1, blocked.part == part] for part in range(3))
    np.testing.assert_allclose(first, second, atol=1e-12)
    np.testing.assert_allclose(first, third, atol=1e-12)
    assert np.all(np.diff(first) < 0)
    assert second[0] - first[-1] > 0.05


def test_metal_returns_after_switching_off():
    schedule = [CurrentStep(3 * 3600.0, 12e4), CurrentStep(40 * 3600.0, 0.0)]
    full = simulate(cu2s_leg(), schedule, cells=50, tolerance=1e-4, estimate_error=False)
    largest = full.deposits[0].largest
    assert full.deposits[0].amount == pytest.approx(0.0, abs=1e-9 * largest)
    np.testing.assert_allclose(full.delta[-1], DELTA, atol=1e-7)
    assert full.resistance_ratio[-1] == pytest.approx(1.0, abs=1e-6)
    part = simulate(cu2s_leg(), schedule, return_fraction=0.3, cells=50, tolerance=1e-4, estimate_error=False)
    assert part.deposits[0].amount == pytest.approx(0.7 * largest, rel=1e-3)
    assert part.metal_balance < 1e-12
    none = simulate(cu2s_leg(), schedule, return_fraction=0.0, cells=50, tolerance=1e-4, estimate_error=False)
    assert none.deposits[0].amount == pytest.approx(largest, rel=1e-6)


def test_resistance_falls_when_metal_leaves_a_hole_conductor():
    conductivity = HoleConductivity(CU2S, SIGMA, DELTA)
    leg = cu2s_leg(sigma=conductivity, seebeck=lambda delta, _: 2e-4 - 1e-3 * delta)
    result = simulate(
        leg,
        [(3600.0, 12e4), (20 * 3600.0, 0.0)],
        return_fraction=0.0,
        cells=50,
        tolerance=1e-4,
        estimate_error=False,
    )
    assert result.resistance_ratio[-1] < 0.95
    assert result.seebeck_ratio[-1] < 1.0
    delta = result.mean_delta()[-1, 0]
    assert result.resistance_ratio[-1] == pytest.approx(SIGMA / conductivity(delta, T), rel=1e-6)
    assert result.seebeck[-1] == pytest.approx(2e-4 - 1e-3 * delta, rel=1e-9)


def test_signs():
    forward = simulate(cu2s_leg(), [(500.0, 5e4)], cells=50, tolerance=1e-4, estimate_error=False)
    assert forward.end_delta[-1, 1] < DELTA < forward.end_delta[-1, 0]
    cold = simulate(
        cu2s_leg(temperature=[700.0, 750.0], S_star=0.2e-3),
        [(500.0, 0.0)],
        cells=50,
        tolerance=1e-4,
        estimate_error=False,
    )
    assert cold.end_delta[-1, 0] < DELTA < cold.end_delta[-1, 1]


def test_metal_at_the_cold_end_without_current():
    leg = cu2s_leg(temperature=[700.0, 750.0], S_star=4e-3)
    assert not leg.limits().safe
    result = simulate(leg, [(20 * slowest_time(), 0.0)], cells=50, tolerance=1e-4, estimate_error=False)
    assert [deposit.position for deposit in result.deposits] == [0.0]


def test_space_is_of_second_order():
    leg = cu2s_leg(sigma=HoleConductivity(CU2S, SIGMA, DELTA), temperature=[700.0, 750.0], S_star=0.1e-3)

    def end(cells):
        result = simulate(leg, [(100.0, 7e4)], cells=cells, tolerance=1e-7, estimate_error=False)
        return np.append(result.end_delta[-1], 0.1 * result.resistance_ratio[-1])

    values = [end(cells) for cells in (16, 32, 64)]
    steps = np.abs(np.diff(values, axis=0))
    assert np.all(np.log2(steps[:-1] / steps[1:]) > 1.8)


def test_error_estimate_covers_the_error():
    leg = cu2s_leg(sigma=HoleConductivity(CU2S, SIGMA, DELTA))
    coarse = simulate(leg, [(1000.0, 7e4)], cells=40)
    fine = simulate(leg, [(1000.0, 7e4)], cells=320, tolerance=1e-7, estimate_error=False)
    error = np.max(np.abs(coarse.end_delta[-1] - fine.end_delta[-1])) / 0.06
    assert 0.5 * error < coarse.error_estimate < 5 * error


def test_overpotential_delays_the_metal_and_then_lets_it_grow_at_the_boundary():
    late = DefectModel.of_constant(2.24e-3, T, -0.03, 0.27, overpotential=0.01)
    J = 9.8e4
    assert simulate(
        cu2s_leg(), [(20 * slowest_time(), J)], cells=50, tolerance=1e-4, estimate_error=False
    ).deposits
    assert not simulate(
        cu2s_leg(model=late), [(20 * slowest_time(), J)], cells=50, tolerance=1e-4, estimate_error=False
    ).deposits
    grown = simulate(
        cu2s_leg(model=late), [(20 * slowest_time(), 13e4)], cells=50, tolerance=1e-4, estimate_error=False
    )
    assert grown.end_delta[-1, 1] == pytest.approx(-0.03, abs=1e-12)


def test_the_simulation_ends_where_anions_leave():
    model = DefectModel.of_constant(2.24e-3, T, -0.03, 0.06)
    result = simulate(cu2s_leg(model=model), [(1e5, 9e4)], estimate_error=True)
    assert result.status is MigrationStatus.ANION_LIMIT
    assert result.time[-1] < 1e5
    assert result.end_delta[-1, 0] == pytest.approx(0.06, abs=1e-9)
    assert np.isnan(result.error_estimate)
    assert "homogeneity range" in str(result)


def test_metal_inside_the_leg_is_noticed():
    """A metal boundary that is higher at temperatures in the middle of the leg than at its ends."""
    model = DefectModel.of_constant(2.24e-3, T, lambda t: np.where(np.abs(t - 740.0) < 5.0, 0.025, -0.03))
    result = simulate(cu2s_leg(model=model, temperature=[700.0, 750.0]), [(500.0, 5e4)], estimate_error=False)
    assert result.status is MigrationStatus.METAL_INSIDE
    assert result.time[-1] == 500.0
    assert "inside the leg" in str(result)
    assert steady_profile(cu2s_leg(model=model, temperature=[700.0, 750.0]), 5e4).metal_inside


def test_parts_below_the_transition_do_not_move():
    leg = cu2s_leg(temperature=[700.0, 300.0], transition=350.0, S_star=0.02e-3)
    result = simulate(leg, [(2000.0, 1e4)], estimate_error=False)
    assert result.end_x[-1] == pytest.approx(8.75e-3)
    assert result.metal_balance < 1e-12
    assert result.resistance[0] == pytest.approx(10e-3 / SIGMA, rel=1e-12)


def test_result_prints_and_goes_to_a_dict():
    result = simulate(cu2s_leg(), [(3600.0, 12e4)], cells=16)
    text = str(result)
    assert "metal at 10 mm (end of part 1)" in text
    assert "metal balance" in text
    plain = result.to_dict()
    assert plain["status"] == "ok"
    assert len(plain["cells"]["delta"]) == len(plain["axes"]["time"])
    assert "seebeck_ratio" not in plain


@settings(max_examples=12, deadline=None)
@given(
    start=st.lists(st.floats(-0.02, 0.2), min_size=6, max_size=6),
    voltages=st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=3),
    S_star=st.floats(-5e-4, 5e-4),
    fraction=st.floats(0.0, 1.0),
    barrier=st.floats(1e-3, 9e-3),
)
def test_metal_is_never_lost_and_never_negative(start, voltages, S_star, fraction, barrier):
    x = np.linspace(0.0, 10e-3, 6)
    model = DefectModel.of_constant(2.24e-3, T, -0.03)
    leg = MigratingLeg(
        x, np.linspace(720, 750, 6), model, start, SIGMA, SIGMA_ION, VOLUME, S_star, barriers=[barrier]
    )
    schedule = [(300.0, V * SIGMA / 10e-3) for V in voltages]
    result = simulate(leg, schedule, cells=20, tolerance=1e-4, return_fraction=fraction, estimate_error=False)
    assert result.status <= MigrationStatus.METAL_INSIDE
    assert result.time[-1] == pytest.approx(300.0 * len(voltages))
    assert result.metal_balance < 1e-12
    assert np.all(result.metal >= -1e-9 * np.max(result.metal, initial=1.0))
    assert np.all(result.end_delta >= -0.03 - 1e-9)


@settings(max_examples=12, deadline=None)
@given(start=st.lists(st.floats(-0.02, 0.2), min_size=8, max_size=8))
def test_without_a_force_no_composition_leaves_the_range_of_the_start(start):
    leg = MigratingLeg(np.linspace(0, 10e-3, 8), T, CU2S, start, SIGMA, SIGMA_ION, VOLUME)
    result = simulate(leg, [(100.0, 0.0)], cells=20, tolerance=1e-5, estimate_error=False)
    slack = 1e-5
    assert np.min(result.delta) >= np.min(result.delta[0]) - slack
    assert np.max(result.delta) <= np.max(result.delta[0]) + slack
    assert np.all(np.diff(np.ptp(result.delta, axis=1)) <= slack)


@pytest.mark.parametrize(
    ("schedule", "change", "words"),
    [
        ([], {}, "schedule"),
        ([(0.0, 1.0)], {}, r"schedule\[0\].duration = 0"),
        ([(1.0, np.inf)], {}, r"schedule\[0\].J = inf"),
        ([(1.0, 1.0)], {"cells": 3}, "cells = 3"),
        (
            [(1.0, 1.0)],
            {"tolerance": 0.0, "return_fraction": 2.0},
            "tolerance = 0.0.*\n.*return_fraction = 2",
        ),
    ],
)
def test_bad_input_is_named(schedule, change, words):
    with pytest.raises(InputError, match=words):
        simulate(cu2s_leg(), schedule, **change)


def test_a_leg_without_mobile_ions_is_named():
    with pytest.raises(InputError, match="transition"):
        simulate(cu2s_leg(transition=900.0), [(1.0, 1.0)])
