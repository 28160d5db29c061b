"""Poisson's equation below a contact: closed forms, another solver, layers, accuracy."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_bvp

from ioffe.base.constants import EPSILON_0, e, k_B
from ioffe.base.errors import InputError
from ioffe.interface.barrier import (
    DopingProfile,
    Junction,
    box_layer,
    contact_resistivity,
    error_function_layer,
    exponential_layer,
    fermi_level,
    image_force_resistivity,
    solve_barrier,
    uniform_doping,
)
from ioffe.transport.fermi import fermi_integral
from ioffe.transport.single_band import thermal_density

T, EPS, MASS = 300.0, 20.0, 0.3


def solve(height, doping, **more):
    return solve_barrier(Junction(height * e, doping.bulk, T, EPS, MASS), doping, **more)


@pytest.mark.parametrize("N", [1e24, 2e25])
def test_depletion_is_the_parabola(N):
    found = solve(0.3, uniform_doping(N), carriers="depletion")
    bending = 0.3 * e + fermi_level(N, T, MASS)
    W = found.junction.depletion_width
    exact = np.where(found.position < W, bending * (1 - found.position / W) ** 2, 0.0)
    np.testing.assert_allclose(found.band_edge, exact, atol=1e-12 * e)
    rho = contact_resistivity(Junction(0.3 * e, N, T, EPS, MASS))
    assert found.contact_resistivity() == pytest.approx(rho, rel=1e-5)


def test_resistivity_settles_with_the_square_of_the_steps():
    exact = contact_resistivity(Junction(0.3 * e, 1e25, T, EPS, MASS))
    off = [
        solve(0.3, uniform_doping(1e25), carriers="depletion", resolution=step).contact_resistivity() / exact
        - 1
        for step in (0.02, 0.01)
    ]
    assert off[1] / off[0] == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize(("height", "N"), [(0.3, 1e24), (0.3, 2e25), (0.1, 1e26), (0.01, 1e23)])
def test_field_of_carriers_has_its_first_integral(height, N):
    """U'^2/2 = (q^2/eps) int (N - n) dU, whose carriers are a Fermi-Dirac integral of order 3/2."""
    found = solve(height, uniform_doping(N))
    level = found.fermi_level / (k_B * T)
    U = found.band_edge[0]
    density = thermal_density(T, MASS)
    pressure = density * k_B * T * 2 / 3  # dF_3/2 = (3/2) F_1/2
    area = N * U + pressure * (fermi_integral(1.5, level - U / (k_B * T)) - fermi_integral(1.5, level))
    exact = np.sqrt(2 * e**2 / (EPS * EPSILON_0) * area) / e
    # field at the metal, from those in the first two steps
    steps = np.diff(found.position)
    field = found.field[0] + (found.field[0] - found.field[1]) * steps[0] / (steps[0] + steps[1])
    assert field == pytest.approx(np.sign(U) * exact, rel=2e-4)


def test_against_solve_bvp():
    layer = exponential_layer(5e25, 1e25, 3e-9)
    found = solve(0.2, layer)
    level, density = found.fermi_level, thermal_density(T, MASS)

    def slopes(x, y):
        carriers = density * fermi_integral(0.5, (level - y[0] * k_B * T) / (k_B * T))
        force = e**2 / (EPS * EPSILON_0) * (layer.at(x * 1e-9) - carriers) * 1e-18 / (k_B * T)
        return np.array([y[1], force])

    bending = (0.2 * e + level) / (k_B * T)
    x = np.linspace(0, 40.0, 2001)
    start = np.array([bending * np.exp(-x / 3), -bending / 3 * np.exp(-x / 3)])
    witness = solve_bvp(
        slopes, lambda a, b: np.array([a[0] - bending, b[0]]), x, start, tol=1e-9, max_nodes=100000
    )
    assert witness.success
    depth = found.position < 35e-9
    exact = witness.sol(found.position[depth] * 1e9)[0] * k_B * T
    np.testing.assert_allclose(found.band_edge[depth], exact, atol=2e-5 * e)


def test_far_below_the_bulk_is_neutral():
    found = solve(0.25, box_layer(5e25, 1e25, 5e-9))
    np.testing.assert_allclose(found.carriers[-5:], 1e25, rtol=1e-4)
    assert found.band_edge[0] == pytest.approx(0.25 * e + found.fermi_level)
    assert np.all(np.diff(found.position) > 0)


@settings(max_examples=15)
@given(st.floats(0.05, 0.6), st.floats(23.5, 26.0), st.floats(1.1, 20.0), st.floats(0.5, 20.0))
def test_a_doped_layer_lowers_the_resistivity(height, log_bulk, rise, thickness):
    bulk = 10.0**log_bulk
    layer = box_layer(rise * bulk, bulk, thickness * 1e-9)
    plain, layered = (
        solve(height, doping, resolution=0.01).contact_resistivity()
        for doping in (uniform_doping(bulk), layer)
    )
    assert layered < plain * (1 + 1e-5)


def test_a_layer_thicker_than_the_barrier_is_a_bulk():
    thick = solve(0.3, box_layer(2e25, 1e25, 100e-9))
    plain = solve(0.3, uniform_doping(2e25))
    near = plain.position < 6e-9
    # from the Fermi level both are the same barrier
    shifted = np.interp(plain.position[near], thick.position, thick.band_edge - thick.fermi_level)
    np.testing.assert_allclose(shifted, plain.band_edge[near] - plain.fermi_level, atol=2e-5 * e)


def test_depletion_through_a_box():
    """Two parabolas with one field where they meet: E_b = (q^2/2 eps) [N_s d^2 + N_b (W^2 - d^2)]."""
    layer = box_layer(3e25, 5e24, 2e-9)
    found = solve(0.6, layer, carriers="depletion")
    bending = 0.6 * e + found.fermi_level
    area = 2 * EPS * EPSILON_0 / e**2 * bending
    W = np.sqrt((area - 3e25 * 4e-18) / 5e24 + 4e-18)
    x = found.position
    below = e**2 * 5e24 / (2 * EPS * EPSILON_0) * (W - x) ** 2
    inside = e**2 / (2 * EPS * EPSILON_0) * (3e25 * (2e-9 - x) ** 2 + 5e24 * (W - 2e-9) * (W + 2e-9 - 2 * x))
    exact = np.where(x < 2e-9, inside, np.where(x < W, below, 0.0))
    np.testing.assert_allclose(found.band_edge, exact, atol=1e-6 * e)


def test_profiles_of_doping():
    x = np.array([0.0, 4.9e-9, 5.1e-9, 1.0])
    np.testing.assert_allclose(box_layer(3e25, 1e25, 5e-9).at(x), [3e25, 3e25, 1e25, 1e25])
    np.testing.assert_allclose(exponential_layer(3e25, 1e25, 5e-9).at(5e-9), 1e25 + 2e25 / np.e)
    np.testing.assert_allclose(error_function_layer(3e25, 1e25, 5e-9).at(0.0), 3e25)
    own = DopingProfile(lambda x: 1e25 + 1e25 * np.exp(-((np.asarray(x) / 3e-9) ** 2)), 1e25, 15e-9)
    assert solve(0.2, own).contact_resistivity() < solve(0.2, uniform_doping(1e25)).contact_resistivity()


@pytest.mark.parametrize("make", [box_layer, exponential_layer, error_function_layer])
def test_profiles_survive_pickle_and_copy(make):
    layer, x = make(3e25, 1e25, 5e-9), np.linspace(0.0, 2e-8, 9)
    for again in (pickle.loads(pickle.dumps(layer)), copy.deepcopy(layer)):
        np.testing.assert_array_equal(again.at(x), layer.at(x))


def test_matrices_and_wkb_agree_in_order_of_size():
    """The exact wave adds reflection and tunnelling near the top: a factor, not orders of magnitude."""
    found = solve(0.3, uniform_doping(1e25))
    ratio = found.contact_resistivity("matrix") / found.contact_resistivity()
    assert 0.3 < ratio < 3.0
    tall = found.transmission(np.linspace(0.02, 0.2, 5) * e, log=True)
    exact = found.transmission(np.linspace(0.02, 0.2, 5) * e, "matrix", log=True)
    # the prefactor of the exact wave is of the order of 1 beside the exponent
    np.testing.assert_allclose(exact, tall, atol=2.5)
    assert np.all(np.diff(exact) > 0)


def test_heavy_metal_step_reflects():
    found = solve(0.3, uniform_doping(1e25))
    deep = found.contact_resistivity("matrix", metal_fermi_energy="10 eV")
    shallow = found.contact_resistivity("matrix", metal_fermi_energy="1 eV")
    assert deep > shallow


def test_image_force_in_a_profile():
    found = solve(0.3, uniform_doping(1e25), carriers="depletion").with_image_force()
    exact = image_force_resistivity(Junction(0.3 * e, 1e25, T, EPS, MASS))
    assert found.contact_resistivity() == pytest.approx(exact, rel=1e-3)


def test_bad_input():
    with pytest.raises(InputError, match='"fermi_dirac" or "depletion"'):
        solve(0.3, uniform_doping(1e25), carriers="none")
    with pytest.raises(InputError, match="resolution"):
        solve(0.3, uniform_doping(1e25), resolution=0.0)
    with pytest.raises(InputError, match="a carrier density"):
        uniform_doping(-1.0)
    with pytest.raises(InputError, match="jumps above 0"):
        DopingProfile(np.ones_like, 1e25, 1e-9, (2e-9,))
    with pytest.raises(InputError, match='"wkb" or "matrix"'):
        solve(0.3, uniform_doping(1e25)).contact_resistivity("exact")
    with pytest.raises(InputError) as caught:
        Junction("3 mm", 1e25, -1.0, 0.0)
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError) as caught:
        solve_barrier(Junction(0.3 * e, 2e25, T, EPS, fermi_level=0.0), uniform_doping(1e25))
    assert [fault.location for fault in caught.value.faults] == ["fermi_level", "doping.bulk"]
    with pytest.raises(InputError, match="a single junction"):
        solve_barrier(Junction(0.3 * e, [1e24, 1e25], T, EPS))
    with pytest.raises(InputError, match="doping"):
        solve(0.3, DopingProfile(lambda x: 1e25 - 2e25 * (np.asarray(x) < 1e-9), 1e25, 1e-9))
