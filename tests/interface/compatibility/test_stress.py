"""Thermal expansion side by side and closed forms of stress."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.errors import InputError
from ioffe.interface.compatibility import (
    LaminateLayer,
    bilayer_curvature,
    edge_shear,
    expansion_table,
    laminate,
    mismatch,
    thin_layer_stress,
)

LEG = LaminateLayer(2e-3, 40e9, 0.25, 20e-6, "leg")
NICKEL = LaminateLayer(5e-6, 200e9, 0.31, 13e-6, "Ni")
layers = st.builds(
    LaminateLayer, st.floats(1e-6, 5e-3), st.floats(1e9, 4e11), st.floats(0.0, 0.45), st.floats(0, 3e-5)
)


@given(layers, layers, st.floats(-400.0, -1.0))
def test_two_layers_are_timoshenkos(first, second, change):
    found = laminate([first, second], change).curvature
    expected = bilayer_curvature(first, second, change)
    scale = abs(3e-5 * change) / (first.thickness + second.thickness)
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-9 * scale)


@given(st.lists(layers, min_size=1, max_size=5), st.floats(-400.0, 400.0), st.booleans())
def test_forces_and_moments_balance(stack, change, flat):
    found = laminate(stack, change, flat=flat)
    z = np.concatenate([[0.0], np.cumsum([x.thickness for x in stack])])
    d = np.diff(z)
    mean, slope = found.stress.mean(axis=1), np.diff(found.stress, axis=1)[:, 0]
    size = max(x.biaxial_modulus for x in stack) * 3e-5 * 400.0 * z[-1]
    assert abs(mean @ d) < 1e-9 * size
    moment = mean @ (d * 0.5 * (z[1:] + z[:-1])) + slope @ (d**2) / 12.0
    assert flat or abs(moment) < 1e-9 * size * z[-1]


def test_a_thin_layer_is_stoneys():
    """Curvature 6 sigma_f d_f/(E_s' d_s^2) and the biaxial stress in the layer, to first order in d_f/d_s."""
    for thickness in (1e-7, 1e-8):
        film = LaminateLayer(thickness, 200e9, 0.31, 13e-6)
        found = laminate([LEG, film], -200.0)
        sigma = thin_layer_stress(film, LEG.thermal_expansion, -200.0)
        stoney = -6.0 * sigma * thickness / (LEG.biaxial_modulus * LEG.thickness**2)
        part = 8.0 * thickness / LEG.thickness * film.biaxial_modulus / LEG.biaxial_modulus
        assert found.curvature == pytest.approx(stoney, rel=part)
        assert found.stress[1, 0] == pytest.approx(sigma, rel=part)


def test_equal_layers_of_one_modulus():
    """m = n = 1: K = 3/2 dalpha dT/h."""
    first, second = LaminateLayer(1e-3, 1e11, 0.3, 1e-6), LaminateLayer(1e-3, 1e11, 0.3, 19e-6)
    assert bilayer_curvature(first, second, 100.0) == pytest.approx(1.5 * 18e-6 * 100.0 / 2e-3, rel=1e-12)


def test_one_material_has_no_stress():
    found = laminate([LEG, LEG, LEG], -300.0)
    np.testing.assert_allclose(found.stress, 0.0, atol=1e-3)
    assert found.strain == pytest.approx(-300.0 * 20e-6, rel=1e-12)
    assert found.largest < 1e-3


def test_a_symmetric_stack_stays_flat():
    plate = LaminateLayer(0.5e-3, 300e9, 0.22, 6.5e-6)
    assert laminate([plate, LEG, plate], -200.0).curvature == pytest.approx(0.0, abs=1e-12)


@given(layers, layers, st.floats(1.0, 400.0))
def test_the_force_of_a_wide_joint_is_that_of_the_laminate(first, second, change):
    found = edge_shear(first, second, 1e3, change).force
    expected = laminate([first, second], change).stress[1].mean() * second.thickness
    scale = first.biaxial_modulus * first.thickness * 3e-5 * abs(change)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9 * scale)


def test_shear_carries_the_force_and_decays_from_the_edge():
    found = edge_shear(LEG, LaminateLayer(0.3e-3, 200e9, 0.3, 12e-6), 1.5e-3, -200.0)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    x = 0.75e-3 * (1.0 + nodes)
    # N in the middle is the integral of tau from the middle to the edge
    assert 0.75e-3 * weights @ found.at(x) == pytest.approx(found.force, rel=1e-9)
    assert found.at(1.5e-3) == pytest.approx(found.largest, rel=1e-12)
    assert found.at(0.0) == 0.0
    assert found.at(-1e-3) == pytest.approx(-found.at(1e-3), rel=1e-12)
    wide = edge_shear(LEG, NICKEL, 0.5, -200.0)
    assert wide.at(0.5 - wide.decay_length) == pytest.approx(wide.largest / np.e, rel=1e-9)


def test_a_compliant_bond_lowers_the_shear():
    steel, solder = LaminateLayer(0.3e-3, 200e9, 0.3, 12e-6), LaminateLayer(0.1e-3, 15e9, 0.35, 22e-6)
    hard, soft = (edge_shear(LEG, steel, 1.5e-3, -200.0, bond).largest for bond in (None, solder))
    assert abs(soft) < abs(hard)


def test_the_expansions_of_the_sources():
    table = expansion_table()
    assert [table[name].value for name in ("CuNi", "Fe", "Ni")] == [16.2e-6, 12e-6, 13e-6]
    low, high = 17.5e-6, 20e-6
    leg = table["p-Mg3Sb2"]
    assert leg.value == pytest.approx(0.5 * (low + high))
    assert leg.std == pytest.approx((high - low) / np.sqrt(12.0), rel=0.01)
    pairs = {name: mismatch([name, "p-Mg3Sb2"], -475.0)[0] for name in ("CuNi", "Ni", "Fe")}
    assert pairs["CuNi"].strain < pairs["Ni"].strain < pairs["Fe"].strain


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: LaminateLayer(0.0, -1.0, 0.7, float("nan")),
            "thickness.*\n.*youngs.*\n.*poisson.*\n.*thermal",
        ),
        (lambda: laminate([], 1.0), "at least one"),
        (lambda: laminate([LEG], float("inf")), "temperature_change"),
        (lambda: edge_shear(LEG, NICKEL, 0.0, 1.0), "half_length"),
        (lambda: mismatch(["CuNi", "p-Mg3Sb"], 1.0), 'did you mean "p-Mg3Sb2"'),
        (lambda: mismatch(["CuNi"], 1.0), "at least two"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(InputError, match=words):
        make()
