r"""Conductivities and Seebeck coefficients of uniaxial crystals, turned, and averaged over grains.

A uniaxial crystal (Bi2Te3, Mg3Sb2, SnSe nearly) has one value along its axis c and another across it. Texture
enters by one number, the mean of cos^2 of the angle between the axes of the grains and the axis of the
sample: 1/3 for random grains, 1 for a single crystal with c along the axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.units import floats


@dataclass(frozen=True)
class Uniaxial:
    """Values of a sample with an axis.

    Parameters
    ----------
    along, across : ndarray
        Along the axis (out of plane for a pressed disc) and across it (in plane).
    """

    along: Array
    across: Array


def uniaxial_tensor(along: ArrayLike, across: ArrayLike) -> Array:
    """Tensor of a uniaxial property with its axis along z, shape (..., 3, 3).

    Parameters
    ----------
    along : array_like
        Value along the axis.
    across : array_like
        Value across the axis.

    Returns
    -------
    ndarray
        Shape (..., 3, 3).

    Examples
    --------
    >>> uniaxial_tensor(1.0, 2.0).diagonal()
    array([2., 2., 1.])
    """
    c, a = np.broadcast_arrays(floats(along), floats(across))
    return np.stack([a, a, c], axis=-1)[..., None] * np.eye(3)


def rotated(tensor: ArrayLike, rotation: ArrayLike) -> Array:
    """Tensor of a turned crystal, R t R^T.

    Parameters
    ----------
    tensor : array_like of shape (..., 3, 3)
    rotation : array_like of shape (..., 3, 3)
        Orthogonal matrix, which takes vectors of the crystal to the sample.

    Returns
    -------
    ndarray
        Shape (..., 3, 3).

    Raises
    ------
    InputError
        For a matrix that is not orthogonal.

    Examples
    --------
    >>> quarter = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]  # z to -y
    >>> rotated(uniaxial_tensor(1.0, 2.0), quarter).diagonal()
    array([2., 1., 2.])
    """
    t, r = floats(tensor), floats(rotation)
    if not np.allclose(r @ np.swapaxes(r, -1, -2), np.eye(3), atol=1e-9):
        raise InputError(Fault("rotation", rotation, "an orthogonal matrix is expected"))
    return r @ t @ np.swapaxes(r, -1, -2)


def alignment_of_lotgering(factor: ArrayLike) -> Array:
    """Mean cos^2 for a Lotgering factor F: a share F of perfectly aligned grains among random ones.

    .. math:: <cos^2> = F + (1 - F)/3

    A model of two kinds of grains, not a measured distribution. Source of F: F. K. Lotgering, J. Inorg. Nucl.
    Chem. 9 (1959) 113, doi 10.1016/0022-1902(59)80070-1.

    Parameters
    ----------
    factor : array_like
        F, 0 for random grains, 1 for aligned ones.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> alignment_of_lotgering([0.0, 0.06967, 1.0]).round(5)
    array([0.33333, 0.37978, 1.     ])
    """
    F = floats(factor)
    return F + (1.0 - F) / 3.0


def alignment_of_march_dollase(parameter: ArrayLike) -> Array:
    r"""Mean cos^2 of the distribution of March and Dollase.

    .. math:: P(\alpha) = (r^2 \cos^2\alpha + \sin^2\alpha/r)^{-3/2}, \qquad \langle \cos^2 \rangle
              = \frac{1}{d} \left( \frac{r^{3/2} \mathrm{arsinh} \sqrt{d}}{\sqrt{d}} - 1 \right), \;
              d = r^3 - 1

    For r below 1 the arsinh becomes an arcsin.

    Parameters
    ----------
    parameter : array_like
        r, the compression: 1 for random grains, towards 0 for plates lying flat, above 1 for needles.

    Returns
    -------
    ndarray

    Notes
    -----
    W. A. Dollase, J. Appl. Crystallogr. 19 (1986) 267, doi 10.1107/S0021889886089458.

    Examples
    --------
    >>> alignment_of_march_dollase([0.01, 1.0, 100.0]).round(4)
    array([0.9984, 0.3333, 0.    ])
    """
    r = floats(parameter)
    cubed = r**3
    near = np.abs(cubed - 1.0) < 1e-3
    d = np.where(near, 1.0, cubed - 1.0)
    root = np.sqrt(np.abs(d))
    with np.errstate(invalid="ignore"):
        angle = np.where(d > 0, np.arcsinh(root), np.arcsin(np.minimum(root, 1.0)))
    closed = np.where(d > 0, 1.0, -1.0) * (r**1.5 * angle / root - 1.0) / np.abs(d)
    e = cubed - 1.0
    series = 1.0 / 3.0 - e * (2.0 / 15.0 - e * (8.0 / 105.0 - e * 16.0 / 315.0))
    return np.where(near, series, closed)


def parallel_mean(along: ArrayLike, across: ArrayLike, alignment: ArrayLike = 1 / 3) -> Uniaxial:
    r"""Upper bound of a conductivity of grains: every grain feels the same field (Voigt).

    .. math:: \sigma_\parallel = \sigma_a + (\sigma_c - \sigma_a) \langle \cos^2 \rangle, \qquad
              \sigma_\perp = \sigma_a + \tfrac{1}{2} (\sigma_c - \sigma_a) (1 - \langle \cos^2 \rangle)

    Parameters
    ----------
    along, across : array_like
        Conductivity (electrical or thermal) of the crystal along c and across it.
    alignment : array_like
        Mean cos^2.

    Returns
    -------
    Uniaxial
        In the unit of the conductivities.

    Examples
    --------
    >>> float(parallel_mean(1.0, 2.5).along), float(parallel_mean(1.0, 2.5, alignment=1.0).across)
    (2.0, 2.5)
    """
    c, a, m = floats(along), floats(across), floats(alignment)
    return Uniaxial(a + (c - a) * m, a + 0.5 * (c - a) * (1.0 - m))


def series_mean(along: ArrayLike, across: ArrayLike, alignment: ArrayLike = 1 / 3) -> Uniaxial:
    """Lower bound of a conductivity of grains: the same flux passes every grain (Reuss).

    Parameters
    ----------
    along, across, alignment
        As for `parallel_mean`.

    Returns
    -------
    Uniaxial
        In the unit of the conductivities.

    Examples
    --------
    >>> float(series_mean(1.0, 2.5).along)
    1.6667
    """
    mean = parallel_mean(1.0 / floats(along), 1.0 / floats(across), alignment)
    return Uniaxial(1.0 / mean.along, 1.0 / mean.across)


def self_consistent_mean(along: ArrayLike, across: ArrayLike) -> Array:
    r"""Conductivity of round grains of random direction in the effective medium (Bruggeman).

    .. math:: \frac{\sigma_c - \sigma}{\sigma_c + 2\sigma}
              + 2 \frac{\sigma_a - \sigma}{\sigma_a + 2\sigma} = 0, \qquad
              \sigma = \frac{\sigma_a + \sqrt{\sigma_a^2 + 8 \sigma_a \sigma_c}}{4}

    Parameters
    ----------
    along : array_like
        Value along the axis.
    across : array_like
        Value across the axis.

    Returns
    -------
    ndarray
        In the unit of the conductivities.

    Notes
    -----
    D. Stroud, Phys. Rev. B 12 (1975) 3368, doi 10.1103/PhysRevB.12.3368. It lies between `series_mean` and
    `parallel_mean`.

    Examples
    --------
    >>> float(self_consistent_mean(1.0, 2.5))
    1.9059
    """
    c, a = floats(along), floats(across)
    return 0.25 * (a + np.sqrt(a * a + 8.0 * a * c))


def textured_seebeck(
    seebeck_along: ArrayLike,
    seebeck_across: ArrayLike,
    conductivity_along: ArrayLike,
    conductivity_across: ArrayLike,
    alignment: ArrayLike = 1 / 3,
) -> Uniaxial:
    r"""Seebeck coefficient of grains that feel the same fields: S is weighted with the conductivity.

    .. math:: S = \langle \sigma S \rangle/\langle \sigma \rangle

    Parameters
    ----------
    seebeck_along, seebeck_across : array_like
        S of the crystal along c and across it, in V/K.
    conductivity_along, conductivity_across : array_like
        sigma of the crystal, in S/m.
    alignment : array_like
        Mean cos^2.

    Returns
    -------
    Uniaxial
        In the unit of S.

    Examples
    --------
    >>> float(textured_seebeck(180e-6, 220e-6, 4e4, 1e5).along * 1e6)
    213.33
    """
    c, a = floats(conductivity_along), floats(conductivity_across)
    sigma = parallel_mean(c, a, alignment)
    flux = parallel_mean(c * floats(seebeck_along), a * floats(seebeck_across), alignment)
    return Uniaxial(flux.along / sigma.along, flux.across / sigma.across)
