"""Solid solutions: maps of zT over doping, composition and temperature."""

import numpy as np
import pytest

from ioffe.base.constants import e
from ioffe.transport import merit, pisarenko
from ioffe.transport.composition import SolidSolution, power_law, solution_transport, zT_map

ONE_BAND = SolidSolution(
    carrier="n",
    effective_mass=power_law(lambda x: 1.2 - 0.1 * x, 0.0),
    weighted_mobility=power_law(lambda x: (150 + 40 * x) * 1e-4, -1.5),
    lattice_thermal_conductivity=power_law(lambda x: 1.7 - 0.5 * x * (2 - x), -0.8),
)
GAPPED = SolidSolution(
    **{name: getattr(ONE_BAND, name) for name in ONE_BAND.__dataclass_fields__}
    | {
        "band_gap": power_law(lambda x: (0.6 - 0.28 * x) * e, 0.0),
        "minority_mass": 0.8,
        "minority_mobility": 0.5,
    }
)
DOPING, X, T = 2e25, np.linspace(0.0, 2.0, 21), np.array([[300.0], [600.0]])


def test_without_a_gap_it_is_the_single_band():
    mass = 1.2 - 0.1 * X
    weighted = (150 + 40 * X) * 1e-4 * (T / 300) ** -1.5
    lattice = (1.7 - 0.5 * X * (2 - X)) * (T / 300) ** -0.8
    expected = pisarenko.DopedBand(T, mass, weighted, lattice, hall=False).zT(DOPING)
    np.testing.assert_allclose(zT_map(ONE_BAND, DOPING, X, T), expected, rtol=1e-11)


def test_electrons_and_holes_are_mirror_images():
    other = SolidSolution(
        **{name: getattr(GAPPED, name) for name in GAPPED.__dataclass_fields__} | {"carrier": "p"}
    )
    one, two = (solution_transport(solution, DOPING, X, T) for solution in (GAPPED, other))
    np.testing.assert_allclose(one.seebeck, -two.seebeck, rtol=1e-10)
    np.testing.assert_allclose(one.net_doping, -DOPING, rtol=1e-11)
    np.testing.assert_allclose(two.net_doping, DOPING, rtol=1e-11)
    np.testing.assert_allclose(zT_map(GAPPED, DOPING, X, T), zT_map(other, DOPING, X, T), rtol=1e-10)


def test_a_narrow_gap_moves_the_best_composition_and_costs_zT():
    wide, narrow = zT_map(ONE_BAND, DOPING, X, T), zT_map(GAPPED, DOPING, X, T)
    assert (narrow <= wide * (1 + 1e-9)).all()
    loss = 1 - narrow / wide
    assert (loss[1] >= loss[0]).all()  # more at 600 K
    assert narrow[1].argmax() < wide[1].argmax()
    assert 0 < narrow[1].argmax() < len(X) - 1


def test_the_map_is_made_of_its_parts():
    found = solution_transport(GAPPED, np.array([[[1e25]], [[3e25]]]), X, T)
    assert found.seebeck.shape == (2, 2, 21)
    lattice = GAPPED.lattice_thermal_conductivity(X, T)
    kappa = lattice + found.electronic_thermal_conductivity + found.bipolar_thermal_conductivity
    expected = merit.zT(found.seebeck, found.electrical_conductivity, kappa, T)
    np.testing.assert_allclose(found.zT(lattice), expected, rtol=1e-13)
    np.testing.assert_allclose(zT_map(GAPPED, np.array([[[1e25]], [[3e25]]]), X, T), expected, rtol=1e-13)


def test_law():
    assert power_law(np.sqrt, -1.0, 400.0)(np.array(4.0), np.array(800.0)) == pytest.approx(1.0)
