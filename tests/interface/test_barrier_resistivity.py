"""Contact resistivity against mpmath, its check value, its limits, and the laws it obeys."""

import copy
import pickle
from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe.base.constants import e, k_B
from ioffe.base.errors import InputError
from ioffe.interface.barrier import (
    Junction,
    ballistic_resistivity,
    contact_resistivity,
    emission_energy,
    fermi_level,
    field_resistivity,
    log_contact_resistivity,
    regime,
    thermionic_field_resistivity,
    thermionic_resistivity,
    top_tunnelling_share,
)
from tests.interface import make_barrier_reference as maker
from tests.interface.barrier_reference import rows

REFERENCE = list(rows())
HEIGHTS = st.floats(0.0, 1.5)
LOG_DOPING = st.floats(22.0, 28.0)
TEMPERATURES = st.floats(30.0, 1000.0)
PERMITTIVITIES = st.floats(4.0, 60.0)
LOG_MASS = st.floats(-2.0, 0.7)


def E00(doping, permittivity, mass=1.0):
    return Junction(0.0, doping, 300.0, permittivity, mass).characteristic_energy


def doping_of(ratio, temperature=300.0, permittivity=20.0, mass=1.0):
    """N at which E00 is a multiple of k_B T."""
    return 1e24 * (ratio * k_B * temperature / E00(1e24, permittivity, mass)) ** 2


def test_check_value():
    args = (0.16 * e, 2e25, 300.0, 20.0)
    assert E00(2e25, 20.0) / e * 1e3 == pytest.approx(18.566, abs=5e-4)
    assert contact_resistivity(Junction(*args, fermi_level=0.0)) * 1e4 == pytest.approx(1.16771e-7, rel=1e-5)


@pytest.mark.parametrize(("args", "level", "rho"), REFERENCE)
def test_against_mpmath(args, level, rho):
    assert contact_resistivity(Junction(*args, fermi_level=level)) == pytest.approx(rho, rel=1e-10)


def test_there_are_twenty_sets_and_their_generator_makes_them():
    assert len(REFERENCE) == 20
    with mp.workdps(60):
        again = float(maker.resistivity(*maker.SETS[18]))
    assert again == pytest.approx(REFERENCE[18][2], rel=1e-15)


def test_arrays_are_the_numbers_one_by_one():
    heights, dopings = np.array([[-0.05], [0.1], [0.6]]) * e, np.logspace(23, 27, 5)
    whole = contact_resistivity(Junction(heights, dopings, 300.0, 20.0, 0.3))
    assert whole.shape == (3, 5)
    singly = [[contact_resistivity(Junction(h, N, 300.0, 20.0, 0.3)) for N in dopings] for h in heights[:, 0]]
    np.testing.assert_allclose(whole, singly, rtol=1e-13)


def test_units_in_texts():
    assert contact_resistivity(Junction("0.16 eV", "2e19 cm^-3", "300 K", 20.0)) == pytest.approx(
        contact_resistivity(Junction(0.16 * e, 2e25, 300.0, 20.0)), rel=1e-14
    )


def test_masses_play_their_parts():
    args = (0.3 * e, 1e25, 300.0, 20.0, 0.3)
    plain = contact_resistivity(Junction(*args))
    assert contact_resistivity(Junction(*args, richardson_mass=0.6)) == pytest.approx(plain / 2, rel=1e-12)
    heavy = contact_resistivity(Junction(*args, density_of_states_mass=2.0))
    assert (
        heavy > plain
    )  # the Fermi level lies deeper, the barrier seen from the band edge is thinner but higher


@settings(max_examples=60)
@given(HEIGHTS, st.floats(1e-3, 0.5), LOG_DOPING, TEMPERATURES, PERMITTIVITIES, LOG_MASS)
def test_rises_with_the_barrier(height, more, log_doping, T, eps, log_mass):
    rest = (10.0**log_doping, T, eps, 10.0**log_mass)
    low, high = log_contact_resistivity(Junction(np.array([height, height + more]) * e, *rest))
    assert high > low - 1e-9


@settings(max_examples=60)
@given(HEIGHTS, LOG_DOPING, st.floats(1e-3, 3.0), TEMPERATURES, PERMITTIVITIES, LOG_MASS)
def test_falls_with_the_doping(height, log_doping, more, T, eps, log_mass):
    dopings = 10.0 ** np.array([log_doping, log_doping + more])
    low, high = log_contact_resistivity(Junction(height * e, dopings, T, eps, 10.0**log_mass))
    assert high < low + 1e-9


@settings(max_examples=60)
@given(HEIGHTS, LOG_DOPING, TEMPERATURES, PERMITTIVITIES, LOG_MASS)
def test_lies_between_the_ballistic_and_the_thermionic_limit(height, log_doping, T, eps, log_mass):
    one = Junction(height * e, 10.0**log_doping, T, eps, 10.0**log_mass)
    rho = contact_resistivity(one)
    assert ballistic_resistivity(one) * (1 - 1e-9) <= rho <= thermionic_resistivity(one) * (1 + 1e-9)


@settings(max_examples=40)
@given(HEIGHTS, LOG_DOPING, TEMPERATURES, st.floats(-0.1, 0.3))
def test_depends_on_reduced_energies_alone(height, log_doping, T, zeta):
    """Twice the temperature, barrier, Fermi level and E00 halve the resistivity."""
    one = log_contact_resistivity(Junction(height * e, 10.0**log_doping, T, 20.0, fermi_level=zeta * e))
    two = log_contact_resistivity(
        Junction(2 * height * e, 4 * 10.0**log_doping, 2 * T, 20.0, fermi_level=2 * zeta * e)
    )
    assert two == pytest.approx(one - np.log(2.0), abs=1e-9)


# --- limits


def test_thermionic_limit_is_closed_form():
    T, phi = 300.0, 0.5 * e
    richardson = 1.20173e6  # A/(m2 K2), of the free electron
    expected = k_B / (e * richardson * T) * np.exp(phi / (k_B * T))
    assert thermionic_resistivity(Junction(phi, 1e24, T, 20.0)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("ratio", "excess"), [(0.1, 0.6705), (0.03, 0.2441), (0.01, 0.1082), (1e-3, 0.02203), (1e-5, 0.001008)]
)
def test_how_far_the_thermionic_limit_is_off(ratio, excess):
    """Tunnelling just below the top dies out slowly, as (E00/kT)^(2/3): 1e-3 comes at 1e-5."""
    one = Junction(0.16 * e, doping_of(ratio), 300.0, 20.0, fermi_level=0.0)
    found = thermionic_resistivity(one) / contact_resistivity(one) - 1
    assert found == pytest.approx(excess, rel=1e-3)


@pytest.mark.parametrize("height", [0.16, 0.5])
def test_the_approach_to_the_thermionic_limit(height):
    one = Junction(height * e, doping_of(1e-5), 300.0, 20.0, fermi_level=0.0)
    found = thermionic_resistivity(one) / contact_resistivity(one) - 1
    assert top_tunnelling_share(one) == pytest.approx(found, rel=2e-3)
    two = replace(one, doping=doping_of(1e-6))
    exact, limit = contact_resistivity(two), thermionic_resistivity(two)
    assert limit == pytest.approx(exact, rel=1e-3)


def test_thermionic_field_limit():
    """Laplace's method becomes exact as the barrier grows."""
    many = Junction(np.array([1.0, 4.0, 16.0]) * e, doping_of(1.0), 300.0, 20.0, fermi_level=0.0)
    off = np.exp(np.log(thermionic_field_resistivity(many)) - log_contact_resistivity(many))
    assert np.all(np.diff(np.abs(off - 1)) < 0)
    np.testing.assert_allclose(off[-1], 1.0, atol=2e-3)


def test_field_limit():
    """Cold, and with a Fermi level far above the band edge over E00: the closed form holds."""
    many = Junction(np.array([0.5, 2.0, 8.0]) * e, 3e26, 4.0, 20.0, 1.0)
    off = np.exp(np.log(field_resistivity(many)) - log_contact_resistivity(many))
    assert np.all(np.diff(np.abs(off - 1)) < 0)
    np.testing.assert_allclose(off[-1], 1.0, atol=0.05)


@pytest.mark.parametrize("height", [0.5, 1.0])
def test_slope_in_the_field_limit(height):
    """ln(rho_c) over 1/sqrt(N) tends to phi_B sqrt(N)/E00: within 1 % where k_B T is small beside phi_B."""
    N = np.array([0.99e26, 1.01e26])
    logarithm = log_contact_resistivity(Junction(height * e, N, 4.0, 20.0, 0.3, fermi_level=0.0))
    slope = np.diff(logarithm) / np.diff(N**-0.5)
    assert slope[0] == pytest.approx(height * e * np.sqrt(1e26) / E00(1e26, 20.0, 0.3), rel=0.01)


def test_slope_at_room_temperature_is_lower():
    """What S ~ 1/sqrt(N) plots read off as phi_B: at 300 K and 1 eV it is 18 % too small."""
    N = np.array([0.99e26, 1.01e26])
    logarithm = log_contact_resistivity(Junction(1.0 * e, N, 300.0, 20.0, 0.3, fermi_level=0.0))
    slope = np.diff(logarithm)[0] / np.diff(N**-0.5)[0]
    share = slope * E00(1e26, 20.0, 0.3) / np.sqrt(1e26) / e
    assert share == pytest.approx(0.82, abs=0.005)


def test_without_a_barrier_it_is_ballistic():
    none = Junction(-1.0 * e, 1e26, 300.0, 20.0, 0.3)
    assert contact_resistivity(none) == pytest.approx(float(ballistic_resistivity(none)), rel=1e-13)
    assert regime(none) == "ohmic"


def test_emission_energy_follows_the_cosh():
    E = emission_energy(Junction(1.0 * e, doping_of(0.7), 300.0, 20.0, fermi_level=-0.1 * e))
    assert E == pytest.approx(0.9 * e / np.cosh(0.7) ** 2, rel=1e-6)


def test_overflow_is_infinite_and_its_logarithm_is_not():
    one = Junction(10.0 * e, 1e20, 30.0, 20.0)
    assert contact_resistivity(one) == np.inf
    assert log_contact_resistivity(one) > 3000.0


def test_all_faults_at_once():
    with pytest.raises(InputError) as caught:
        Junction(np.nan, -1e25, 0.0, [20.0, -3.0], 0.0)
    assert [fault.location for fault in caught.value.faults][:4] == [
        "barrier_height",
        "doping",
        "temperature",
        "permittivity[1]",
    ]


# --- the junction itself


def test_a_changed_copy_follows_its_doping():
    one = Junction(0.3 * e, 1e24, 300.0, 20.0, 0.5)
    other = replace(one, doping=1e25)
    assert other.bulk_fermi_level == pytest.approx(float(fermi_level(1e25, 300.0, 0.5)), rel=1e-14)
    assert replace(one, fermi_level=0.0, doping=1e25).bulk_fermi_level == 0.0
    assert other.band_bending == pytest.approx(0.3 * e + other.bulk_fermi_level, rel=1e-14)


def test_a_band_bending_gives_the_barrier_height():
    bent = Junction.from_band_bending(0.16 * e, [1e24, 1e26], 300.0, 20.0, density_of_states_mass=0.5)
    np.testing.assert_allclose(bent.band_bending, 0.16 * e, rtol=1e-12)
    np.testing.assert_allclose(bent.barrier_height, 0.16 * e - fermi_level([1e24, 1e26], 300.0, 0.5))


def test_shapes_broadcast_or_are_refused():
    assert Junction(np.array([[0.1], [0.2]]) * e, [1e24, 1e25, 1e26], 300.0, 20.0).shape == (2, 3)
    with pytest.raises(InputError, match="broadcast"):
        Junction([0.1 * e, 0.2 * e], [1e24, 1e25, 1e26], 300.0, 20.0)
    with pytest.raises(InputError, match="a single junction"):
        regime(Junction(0.3 * e, [1e24, 1e25], 300.0, 20.0))


def test_a_junction_survives_pickle_and_copy():
    one = Junction(0.3 * e, [1e24, 1e25], 300.0, 20.0, richardson_mass=2.0)
    rho = contact_resistivity(one)
    for again in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
        np.testing.assert_array_equal(contact_resistivity(again), rho)


def test_what_carries_the_current_is_where_transmission_times_occupation_is_largest():
    """Regimes and their energy against a grid: ln tau f of the parabola's WKB exponent and Fermi-Dirac f.

    ln tau = -(W/E00) [sqrt(1 - u) - u arcosh(1/sqrt(u))] with u = E/W; near a border of two regimes, where
    the grid decides nothing, no name is asked for.
    """
    rng, names = np.random.default_rng(5), []
    u = np.linspace(1e-6, 1.0, 4001)
    for _ in range(900):
        made = Junction(
            rng.uniform(0.05, 0.6) * e, 10 ** rng.uniform(22.5, 27.5), rng.uniform(150, 700), 20.0, 0.5
        )
        W, E00, level = (float(x) for x in made.reduced[:3])
        if W <= 0.0:
            continue
        weight = -(W / E00) * (np.sqrt(1 - u) - u * np.arccosh(1 / np.sqrt(u))) - np.logaddexp(
            0.0, u * W - level
        )
        at = W * u[np.argmax(weight)]
        names.append(regime(made))
        borders = np.array([0.9 * W, max(level, 0.0) + 1.0])
        if np.min(np.abs(at / borders - 1.0)) > 0.02:
            near_top, near_band = at > borders[0], at < borders[1]
            assert names[-1] == ("thermionic" if near_top else "field" if near_band else "thermionic-field")
    assert min(names.count(name) for name in ("thermionic", "field", "thermionic-field")) > 15
