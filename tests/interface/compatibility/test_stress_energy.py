"""Stresses against the minimum of the elastic energy: no closed form of the package is used."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.polynomial import Polynomial
from numpy.polynomial.legendre import Legendre, leggauss

from ioffe.interface.compatibility import (
    LaminateLayer,
    bilayer_curvature,
    edge_shear,
    laminate,
    thin_layer_stress,
)

STACK = (
    LaminateLayer(1.7e-3, 43e9, 0.23, 21e-6),
    LaminateLayer(0.09e-3, 14e9, 0.36, 24e-6),
    LaminateLayer(0.55e-3, 210e9, 0.31, 12.7e-6),
)
NODES, WEIGHTS = leggauss(40)


def modulus(layer, plate=True):
    return layer.youngs_modulus / (1.0 - layer.poisson_ratio if plate else 1.0)


def relaxed(stack, change, flat=False, plate=True):
    """Strain at the bottom, curvature and layer stresses of least energy, by Newton on differences."""
    borders = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in stack])])
    size = np.array([1e-3, 1.0])

    def energy(u):
        strain, curvature = u * size * (1.0, 0.0 if flat else 1.0)
        total = 0.0
        for layer, low, high in zip(stack, borders[:-1], borders[1:], strict=True):
            z = 0.5 * (low + high) + 0.5 * (high - low) * NODES
            off = strain + curvature * z - layer.thermal_expansion * change
            total += 0.5 * (high - low) * WEIGHTS @ (0.5 * modulus(layer, plate) * off**2)
        return total

    # the energy is quadratic, so that second differences of any step are exact
    unit = np.eye(2)[: 1 if flat else 2]
    hessian = np.array(
        [[energy(a + b) - energy(a - b) - energy(b - a) + energy(-a - b) for b in unit] for a in unit]
    )
    gradient = np.array([energy(a) - energy(-a) for a in unit])
    found = np.zeros(2)
    found[: len(unit)] = -2.0 * np.linalg.solve(hessian, gradient)
    strain, curvature = found * size
    stress = [
        [modulus(layer, plate) * (strain + curvature * z - layer.thermal_expansion * change) for z in ends]
        for layer, ends in zip(stack, pairwise(borders), strict=True)
    ]
    return strain, curvature, np.array(stress)


@pytest.mark.parametrize("flat", [False, True])
def test_a_stack_has_the_least_energy(flat):
    found = laminate(STACK, -173.0, flat=flat)
    strain, curvature, stress = relaxed(STACK, -173.0, flat)
    assert found.strain == pytest.approx(strain, rel=1e-9)
    assert found.curvature == pytest.approx(curvature, rel=1e-9, abs=1e-12)
    assert found.stress == pytest.approx(stress, rel=1e-9)
    assert found.largest == pytest.approx(np.max(stress), rel=1e-9)


@pytest.mark.parametrize("plate", [True, False])
def test_timoshenkos_curvature_has_the_least_energy(plate):
    curvature = relaxed(STACK[::2], 61.0, plate=plate)[1]
    assert bilayer_curvature(STACK[0], STACK[2], 61.0, plate=plate) == pytest.approx(curvature, rel=1e-9)


def test_a_thin_layer_has_the_stress_of_the_limit():
    film = LaminateLayer(1e-9, 200e9, 0.31, 13e-6)
    stress = relaxed((STACK[0], film), -88.0)[2][1, 0]
    assert thin_layer_stress(film, STACK[0].thermal_expansion, -88.0) == pytest.approx(stress, rel=1e-4)


@pytest.mark.parametrize("bond", [None, STACK[1]], ids=["direct", "with a bond"])
def test_shear_at_an_edge_has_the_least_complementary_energy(bond):
    """Shear by parts: constant in the bond, falling evenly to the free face of either layer.

    N(x) is expanded in (l^2 - x^2) P_2k(x/l). Both layers bend alike under the moment N h/2. The energy of
    the shear over the thickness gives d/(3 G) of a layer and d/G of the bond.
    """
    half, change = 1.3e-3, -190.0
    pair = (STACK[0], STACK[2])
    shape = Polynomial([1.0, 0.0, -1.0])
    basis = [shape * Legendre.basis(2 * k).convert(kind=Polynomial) for k in range(14)]
    x, w = leggauss(80)
    N = np.array([p(x) for p in basis])
    slope = np.array([p.deriv()(x) for p in basis]) / half
    y = 0.5 * (1.0 + NODES)
    shear = 0.0
    for layer in (*pair, *([bond] if bond else [])):
        G = layer.youngs_modulus / 2.0 / (1.0 + layer.poisson_ratio)
        profile = np.ones_like(y) if layer is bond else y
        shear += layer.thickness * 0.5 * WEIGHTS @ profile**2 / G
    plane = sum(1.0 / (modulus(layer) * layer.thickness) for layer in pair)
    bending = sum(modulus(layer) * layer.thickness**3 / 12.0 for layer in pair)
    arm = 0.5 * sum(layer.thickness for layer in pair)
    matrix = (N * w) @ N.T * (plane + arm**2 / bending) + (slope * w) @ slope.T * shear
    load = (pair[0].thermal_expansion - pair[1].thermal_expansion) * change * (N @ w)
    factors = np.linalg.solve(matrix, load)
    found = edge_shear(*pair, half, change, bond)
    assert found.force == pytest.approx(
        sum(c * p(0.0) for c, p in zip(factors, basis, strict=True)), rel=1e-8
    )
    at = np.array([0.2, 0.7, 1.0])
    # the force falls where shear hands it over
    tau = -sum(c * p.deriv()(at) for c, p in zip(factors, basis, strict=True)) / half
    assert found.at(at * half) == pytest.approx(tau, rel=1e-6)
    assert found.largest == pytest.approx(tau[-1], rel=1e-6)
    assert found.decay_length == pytest.approx(np.sqrt(shear / (plane + arm**2 / bending)), rel=1e-12)
