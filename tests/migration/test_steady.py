import numpy as np
import pytest
from scipy.integrate import solve_bvp
from scipy.optimize import brentq

from ioffe.base.constants import F, R
from ioffe.base.errors import InputError
from ioffe.migration.defect import CU2S, DefectModel
from ioffe.migration.specimen import HoleConductivity, MigratingLeg
from ioffe.migration.steady import exact_critical_current, steady_profile
from tests.migration.samples import DELTA, SIGMA, VOLUME, T, cu2s_leg


def test_uniform_field_in_closed_form():
    """mu linear in x: delta = 2 sqrt(K_e) sinh(u_0 - F J x/(sigma R T)), u_0 from the mean of delta."""
    J, length = 7e4, 10e-3
    found = steady_profile(cu2s_leg(length), J)
    drop, root = F * J * length / (SIGMA * R * T), 2.0 * np.sqrt(CU2S.K_e(T))

    def excess(u):
        return root * (np.cosh(u) - np.cosh(u - drop)) / drop - DELTA

    u = brentq(excess, -5.0, 5.0, xtol=1e-15)
    np.testing.assert_allclose(found.delta, root * np.sinh(u - drop * found.x / length), atol=1e-12)


def varied_leg(J):
    hole = HoleConductivity(CU2S, lambda T: 122e2 * T / 750.0, DELTA)
    return cu2s_leg(temperature=[600.0, 750.0], sigma=hole, S_star=lambda T: 1e-7 * T) if J else None


@pytest.mark.parametrize("J", [4e4, -3e4])
def test_any_conductivity_against_a_collocation_solver(J):
    leg = varied_leg(J)
    found = steady_profile(leg, J, points=41)
    length = leg.length
    slope_T = 150.0 / length

    def equations(x, y):
        temperature = 600.0 + slope_T * x
        delta = 2.0 * np.sqrt(CU2S.K_e(temperature)) * np.sinh(-F * y[0] / (R * temperature))
        field = J / leg.sigma(delta, temperature) - 1e-7 * temperature * slope_T
        return np.array([field, delta])

    def ends(left, right):
        return np.array([left[1], right[1] - DELTA * length])

    x = np.linspace(0.0, length, 41)
    guess = np.array([found.chemical_potential[20] / F + 0.0 * x, DELTA * x])
    solution = solve_bvp(equations, ends, x, guess, tol=1e-10, max_nodes=20000)
    assert solution.success
    np.testing.assert_allclose(found.chemical_potential / F, solution.sol(found.x)[0], atol=3e-9)


def test_current_raises_the_potential_towards_the_cathode():
    for J in (5e4, -5e4):
        profile = steady_profile(cu2s_leg(), J)
        assert np.all(np.sign(J) * np.diff(profile.chemical_potential) > 0)


def test_positive_S_star_gathers_metal_at_the_cold_end():
    """The Soret profile without a current: mu rises by z F S* for each kelvin towards the cold."""
    leg = cu2s_leg(temperature=[600.0, 750.0], S_star=0.1e-3)
    profile = steady_profile(leg, 0.0)
    np.testing.assert_allclose(
        profile.chemical_potential[0] - profile.chemical_potential[-1], F * 0.1e-3 * 150.0, rtol=1e-10
    )
    turned = steady_profile(cu2s_leg(temperature=[600.0, 750.0], S_star=-0.1e-3), 0.0)
    assert turned.chemical_potential[-1] > turned.chemical_potential[0]


def test_metal_of_each_part_is_conserved_below_the_limit():
    leg = cu2s_leg(temperature=[600.0, 750.0], S_star=0.05e-3, barriers=[3e-3, 6e-3])
    profile = steady_profile(leg, 4e4, points=4001)
    assert profile.safe
    for part in range(3):
        rows = profile.part == part
        mean = np.trapezoid(profile.delta[rows], profile.x[rows]) / np.ptp(profile.x[rows])
        assert mean == pytest.approx(DELTA, rel=1e-7)


def test_saw_tooth_repeats_the_short_leg():
    whole = steady_profile(cu2s_leg(9e-3, barriers=[3e-3, 6e-3]), 20e4, points=51)
    single = steady_profile(cu2s_leg(3e-3), 20e4, points=51)
    for part in range(3):
        np.testing.assert_allclose(whole.delta[whole.part == part], single.delta, atol=1e-11)


def test_beyond_the_limit_the_cathode_is_pinned():
    profile = steady_profile(cu2s_leg(), 12e4, points=4001)
    assert profile.delta[-1] == pytest.approx(-0.03, abs=1e-12)
    gained = np.trapezoid(profile.delta - DELTA, profile.x) / 28.4e-6
    assert profile.deposited[0] == pytest.approx(gained, rel=1e-6)
    assert not profile.safe
    assert "mol/m2 of metal" in str(profile)


def test_frozen_part_keeps_its_composition():
    leg = cu2s_leg(temperature=[700.0, 300.0], transition=350.0, S_star=0.02e-3)
    profile = steady_profile(leg, 1e4)
    frozen = profile.part == -1
    assert np.all(profile.delta[frozen] == DELTA)
    assert profile.x[frozen][0] == pytest.approx(8.75e-3)
    assert np.all(np.diff(profile.x) >= 0)


@pytest.mark.parametrize("direction", [1, -1])
def test_exact_limit_of_a_uniform_leg_is_the_uniform_field_form(direction):
    limit = exact_critical_current(cu2s_leg(7e-3), direction=direction)
    assert limit.voltage == pytest.approx(CU2S.critical_voltage(DELTA, T, form="uniform field"), rel=1e-9)
    assert limit.current_density == pytest.approx(limit.voltage * SIGMA / 7e-3, rel=1e-9)
    assert limit.position == (7e-3 if direction > 0 else 0.0)


def test_exact_limit_by_anions():
    model = DefectModel.of_constant(2.24e-3, T, -0.3, 0.08)
    limit = exact_critical_current(cu2s_leg(model=model))
    assert limit.cause == "anion"
    assert limit.position == 0.0
    assert limit.voltage == pytest.approx(model.anode_voltage(DELTA, T, form="uniform field"), rel=1e-9)


def test_exact_limit_with_any_conductivity_is_where_the_steady_profile_deposits():
    leg = varied_leg(1.0)
    J = exact_critical_current(leg).current_density
    assert steady_profile(leg, 0.9999 * J).safe
    assert not steady_profile(leg, 1.0001 * J).safe


def test_exact_limit_is_zero_beyond_the_open_circuit_difference():
    leg = cu2s_leg(temperature=[750.0, 500.0], S_star=2e-3)
    assert exact_critical_current(leg).current_density == 0.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"delta": 0.5}, "delta = 0.5.*homogeneity range"),
        ({"delta": [0.01, -0.2]}, r"delta\[1\] = -0.2"),
        ({"sigma_ion": 0.0}, "sigma_ion = 0.0.*ionic conductivity above 0"),
        ({"sigma_ion": lambda T: 0.0 * T}, "sigma_ion"),
        ({"sigma": -1.0}, "sigma = -1"),
        ({"barriers": [11e-3]}, "barriers = 0.011"),
        ({"temperature": [700.0, -1.0]}, "T = "),
        ({"delta": [0.01, 0.01, 0.01]}, "2 numbers"),
        ({"S_star": np.nan}, "S_star"),
    ],
)
def test_bad_legs_are_named(change, words):
    with pytest.raises(InputError, match=words):
        cu2s_leg(**change)


def test_all_faults_at_once():
    with pytest.raises(InputError) as error:
        MigratingLeg([0.0, 1e-2], 750.0, CU2S, 0.5, 122e2, 100.0, -1.0, barriers=[1.0])
    assert len(error.value.faults) == 3


def test_bad_currents_are_named():
    with pytest.raises(InputError, match="J = inf"):
        steady_profile(cu2s_leg(), np.inf)
    with pytest.raises(InputError, match="direction = 2"):
        exact_critical_current(cu2s_leg(), direction=2)
    with pytest.raises(InputError, match="transition"):
        exact_critical_current(cu2s_leg(transition=900.0))
    with pytest.raises(InputError, match="one deficiency"):
        cu2s_leg(delta=[0.01, 0.02]).limits()


def test_equal_parts_set_free_equal_amounts_and_more_than_the_mean_in_all():
    """Both halves of an isothermal leg are alike, wherever they lie, and like a leg of half the length."""
    halves, alone = steady_profile(cu2s_leg(barriers=[5e-3]), 30e4), steady_profile(cu2s_leg(5e-3), 30e4)
    assert halves.deposited[0] > 0.0
    assert halves.deposited == pytest.approx([float(np.sum(alone.deposited))] * 2, rel=1e-9)
    # what is free is what the profile holds less than before
    lost = (np.trapezoid(alone.delta, alone.x) - DELTA * 5e-3) / VOLUME
    assert float(np.sum(alone.deposited)) == pytest.approx(lost, rel=1e-3)


@pytest.mark.parametrize("J", [4e4, 12e4])
def test_the_other_direction_of_the_current_mirrors_the_leg(J):
    """Turning current and temperatures round turns the profile round, below the limit and beyond it."""
    made = {"S_star": 0.05e-3}
    one = steady_profile(cu2s_leg(temperature=[740.0, 750.0], **made), J, points=101)
    other = steady_profile(cu2s_leg(temperature=[750.0, 740.0], **made), -J, points=101)
    np.testing.assert_allclose(other.delta[::-1], one.delta, atol=1e-10)
    np.testing.assert_allclose(other.deposited, one.deposited, rtol=1e-7)
    assert (one.deposited[0] > 0) == (J > 10e4)
