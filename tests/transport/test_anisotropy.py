"""Tensors and averages over grains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.spatial.transform import Rotation

from ioffe.base.errors import InputError
from ioffe.transport import anisotropy


def test_rotation_keeps_what_does_not_turn():
    tensor = anisotropy.uniaxial_tensor([1.0, 3.0], 2.0)
    turned = anisotropy.rotated(tensor, Rotation.from_euler("zyx", [0.3, 1.1, -0.7]).as_matrix())
    assert np.sort(np.linalg.eigvalsh(turned[0])) == pytest.approx([1.0, 2.0, 2.0])
    assert np.trace(turned, axis1=1, axis2=2) == pytest.approx([5.0, 7.0])
    with pytest.raises(InputError, match="orthogonal"):
        anisotropy.rotated(tensor, 2 * np.eye(3))


def test_random_grains_by_turning_them():
    """The mean over many random directions, and the closed forms."""
    turns = Rotation.random(40_000, random_state=7).as_matrix()
    field = anisotropy.rotated(anisotropy.uniaxial_tensor(0.8, 2.0), turns).mean(axis=0)
    mean = anisotropy.parallel_mean(0.8, 2.0)
    assert np.diag(field) == pytest.approx([mean.across, mean.across, mean.along], rel=5e-3)
    assert mean.along == pytest.approx((0.8 + 2 * 2.0) / 3)
    assert mean.along == pytest.approx(mean.across)


def test_textured_grains_by_turning_them():
    """Axes within a cone of 40 degrees."""
    rng = np.random.default_rng(3)
    cosine = rng.uniform(np.cos(np.radians(40)), 1, 40_000)
    tilt = Rotation.from_euler("ZX", np.stack([rng.uniform(0, 2 * np.pi, 40_000), np.arccos(cosine)], axis=1))
    field = anisotropy.rotated(anisotropy.uniaxial_tensor(0.8, 2.0), tilt.as_matrix()).mean(axis=0)
    mean = anisotropy.parallel_mean(0.8, 2.0, np.mean(cosine**2))
    assert np.diag(field) == pytest.approx([mean.across, mean.across, mean.along], rel=5e-3)
    assert mean.along < mean.across


def test_single_crystal_and_trace():
    single = anisotropy.parallel_mean(0.8, 2.0, 1.0)
    assert (single.along, single.across) == (0.8, 2.0)
    for alignment in (0.0, 0.4, 1.0):
        mean = anisotropy.parallel_mean(0.8, 2.0, alignment)
        assert mean.along + 2 * mean.across == pytest.approx(4.8)


@given(st.floats(0.05, 20.0))
def test_bounds_in_order(ratio):
    low = anisotropy.series_mean(ratio, 1.0).along
    middle = anisotropy.self_consistent_mean(ratio, 1.0)
    high = anisotropy.parallel_mean(ratio, 1.0).along
    assert low <= middle * (1 + 1e-12)
    assert middle <= high * (1 + 1e-12)
    assert (ratio - middle) / (ratio + 2 * middle) + 2 * (1 - middle) / (1 + 2 * middle) == pytest.approx(
        0.0, abs=1e-12
    )


def test_alignment_of_lotgering():
    assert anisotropy.alignment_of_lotgering([0.0, 1.0]) == pytest.approx([1 / 3, 1.0])


@pytest.mark.parametrize("r", [0.05, 0.5, 0.99, 0.9999, 1.0, 1.0001, 1.3, 5.0])
def test_march_and_dollase(r):
    def share(y):
        return (r**2 * y**2 + (1 - y**2) / r) ** -1.5

    norm = quad(share, 0, 1, epsrel=1e-12, points=[0.1])[0]
    mean = quad(lambda y: y * y * share(y), 0, 1, epsrel=1e-12, points=[0.1])[0]
    assert norm == pytest.approx(1.0, rel=1e-9)
    assert anisotropy.alignment_of_march_dollase(r) == pytest.approx(mean, rel=1e-9)


def test_seebeck_of_textured_grains():
    """An isotropic S stays; else it is weighted with the conductivity."""
    same = anisotropy.textured_seebeck(2e-4, 2e-4, 4e4, 1e5, 0.6)
    assert (same.along, same.across) == (pytest.approx(2e-4), pytest.approx(2e-4))
    random = anisotropy.textured_seebeck(180e-6, 220e-6, 4e4, 1e5)
    assert random.along == pytest.approx((4e4 * 180e-6 + 2 * 1e5 * 220e-6) / 2.4e5)


def test_series_mean_is_that_of_the_resistivities():
    """The same flux in every grain: 1/kappa is averaged as kappa is in parallel, in both directions."""
    mean = anisotropy.series_mean(1.0, 2.5, 0.6)
    rho = anisotropy.parallel_mean(1.0, 0.4, 0.6)
    assert float(mean.along) == pytest.approx(1.0 / (0.4 + 0.6 * 0.6))
    assert float(mean.across) == pytest.approx(1.0 / (0.4 + 0.3 * 0.4))
    assert (float(mean.along), float(mean.across)) == (1.0 / float(rho.along), 1.0 / float(rho.across))
