r"""Where the heat of electron-hole pairs begins to show in kappa - kappa_e, and how well that is known.

To the heat of the lattice, a/T + b, comes the bipolar part in one of two forms: that of two bands, which has
no sharp beginning and counts from where it reaches 2 % of the whole, or a power of T - T_on above T_on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.confidence import ONE_SIGMA
from ioffe.base.least_squares import LeastSquares

SIGNIFICANCE: Final = 0.99
"""Probability with which chance alone must be excluded as the reason for the bend."""
READINGS: Final = 10
"""Number of readings that the known scatter is worth: among few points it cannot be told from them alone."""
SMALLEST_SHARE: Final = 0.02
"""Share of kappa - kappa_e from which a part counts as bipolar, and by which kappa - kappa_e must rise above
its minimum: a lattice part that merely levels off departs from a/T + b too."""
FEWEST_BELOW, FEWEST_ABOVE = 3, 2
"""Points below and above the onset that the detection needs."""
POWERS: Final = (1.0, 1.5, 2.0, 3.0)
"""Of the rise above a sharp onset: any that a curve may look like."""
ONSETS: Final = 50
"""Temperatures that are tried as a sharp onset."""
GAPS: Final = np.geomspace(1.0, 40.0, 60)
"""Gaps that are tried, over k_B T at the highest temperature: lost in b, up to visible at one point alone."""
INTRINSIC: Final = np.array([0.01, 0.1, 0.3, 1.0, 3.0, 10.0])
"""Intrinsic densities at the highest temperature that are tried, over the doping."""
TOLERANCE: Final = 1e-5
"""Relative accuracy of gap and density, far below what points determine."""
ROUNDING: Final = 1e-20
"""Square of what a/T + b leaves of a form, over the square of the form, below which it is rounding."""
FINE: Final = 200
"""Temperatures among which the onset of the two-band form is looked for."""


def two_band_shape(T: Array, gap: ArrayLike, intrinsic: ArrayLike) -> Array:
    r"""Temperature dependence of the bipolar thermal conductivity of two bands; 1 at the last temperature.

    .. math::

        \kappa_\mathrm{bip} = T \frac{\sigma_e \sigma_h}{\sigma_e + \sigma_h} (S_h - S_e)^2 \propto
        T^{-1/2} \left( \frac{\theta}{T} + 4 \right)^2 \frac{n_i^2}{\sqrt{N^2 + 4 n_i^2}}, \qquad
        n_i^2 \propto T^3 \mathrm{e}^{-\theta/T}

    for parabolic bands, acoustic phonons (mobility as T^-3/2), Boltzmann statistics, equal mobilities and
    charge neutrality n_h - n_e = N.

    `T` (n,): in K, rising.
    `gap` (m,): theta = E_g/k_B in K.
    `intrinsic` (m,): n_i/N at the last temperature.
    Returns (m, n)

    H. J. Goldsmid, Introduction to Thermoelectricity, Springer (2016), doi 10.1007/978-3-662-49256-7
    (remembered).

    >>> two_band_shape(np.array([300.0, 600.0]), [3000.0], [0.1]).round(4)
    array([[0.0029, 1.    ]])
    """
    theta, r = np.asarray(gap, float)[:, None], np.asarray(intrinsic, float)[:, None]
    last = T[-1]
    square = (T / last) ** 3 * np.exp(theta / last - theta / T)
    thermopower = (theta / T + 4.0) / (theta / last + 4.0)
    neutral = np.sqrt((1.0 + 4.0 * r**2) / (1.0 + 4.0 * r**2 * square))
    return (T / last) ** -0.5 * thermopower**2 * square * neutral


@dataclass(frozen=True, eq=False)
class Bend:
    """A bipolar part that chance does not explain.

    `onset`: in K.
    `interval`: 68 % interval of the onset; infinite at an end that the data leave open.
    `shape` (n,): the bipolar part at the points over that at the last.
    `variance`: of a single point, in W2/(m K)2.
    `of_form` (2, 2): covariance of a and b from what the form of the bipolar part leaves open.
    `part_of_form` (n,): variance of the bipolar part at the points, from the same.
    """

    onset: float
    interval: tuple[float, float]
    shape: Array
    variance: float
    of_form: Array
    part_of_form: Array


def find_bend(T: Array, y: Array, scatter: float) -> Bend | None:
    """The bipolar part of kappa - kappa_e, or None where a/T + b does as well.

    The form with the smallest sum of squares counts. The interval holds the onsets of all forms in the joint
    68 % region of onset and form, so that it does not rest on one of them.

    `T`, `y` (n,): temperatures in K, rising, and kappa - kappa_e in W/(m K).
    `scatter`: what is known of the standard deviation of a single point, in W/(m K).
    """
    from scipy.special import fdtri

    theta, intrinsic = _gaps(T, y)
    places, powers = _sharp_onsets(T)
    shapes = np.concatenate([two_band_shape(T, theta, intrinsic), _sharp(T, places, powers)])
    found, squares = fit_shapes(T, y, shapes)
    free = len(T) - 4 + READINGS
    variance = (np.min(squares) + READINGS * scatter**2) / free
    above = (squares - np.min(squares)) / variance
    admitted = above <= 2.0 * fdtri(2, free, ONE_SIGMA)
    best = int(np.argmin(squares))
    level = fit_shapes(T, y, np.zeros((1, len(T))))[1][0]
    fitted = found[best, 0] / T + found[best, 1] + found[best, 2] * shapes[best]
    is_chance = level - squares[best] <= 2.0 * variance * fdtri(2, free, SIGNIFICANCE)
    if is_chance or fitted[-1] - np.min(fitted) < SMALLEST_SHARE * abs(y[-1]):
        return None
    onsets = np.append(_visible_from(T, found[: len(theta)], theta, intrinsic), places)
    low, high = float(np.min(onsets[admitted])), float(np.max(onsets[admitted]))
    weight = np.exp(-0.5 * above)
    off = found[:, :2] - found[best, :2]
    return Bend(
        float(onsets[best]),
        (low if low > T[0] else -np.inf, high if high < T[-1] else np.inf),
        shapes[best],
        float(variance),
        (off.T * weight) @ off / np.sum(weight),
        weight @ (found[:, 2:] * shapes - found[best, 2] * shapes[best]) ** 2 / np.sum(weight),
    )


def fit_shapes(T: Array, y: Array, shapes: Array) -> tuple[Array, Array]:
    """Least squares of a/T + b + c g(T) with a and c not below 0, for many g.

    A part a/T that leaves nothing for the lattice at the last temperature is none: then a is 0.

    `T`, `y` (n,): in K and W/(m K).
    `shapes` (m, n): g at the temperatures.
    Returns `found` (m, 3): a, b and c.
    Returns `squares` (m,): sums of squares.

    >>> T = np.array([300.0, 400.0, 500.0, 600.0])
    >>> found, squares = fit_shapes(T, 60.0 / T + 0.4, np.zeros((1, 4)))
    >>> found.round(6), squares.round(12)
    (array([[60. ,  0.4,  0. ]]), array([0.]))
    """
    found, least = np.zeros((len(shapes), 3)), np.full(len(shapes), np.inf)
    lattice = np.column_stack([1.0 / T, np.ones_like(T)])
    # a/T + b is projected out of the points and of every g; then c is the slope of what remains of both
    for free in ([0, 1], [1]):
        basis, upper = np.linalg.qr(lattice[:, free])
        left = shapes - shapes @ basis @ basis.T
        of_y = y - basis @ (basis.T @ y)
        length = np.sum(left**2, axis=1)
        is_more = length > ROUNDING * np.sum(shapes**2, axis=1)
        c = np.where(is_more, np.maximum(left @ of_y, 0.0) / np.where(is_more, length, 1.0), 0.0)
        part = np.zeros_like(found)
        part[:, free] = np.linalg.solve(upper, basis.T @ (y - c[:, None] * shapes).T).T
        part[:, 2] = c
        squares = np.sum((of_y - c[:, None] * left) ** 2, axis=1)
        falls, is_heat = part[:, 0] > 0.0, part[:, 0] / T[-1] + part[:, 1] > 0.0
        better = (squares < least) & ((falls & is_heat) | (len(free) == 1))
        found[better], least[better] = part[better], squares[better]
    return found, least


def _gaps(T: Array, y: Array) -> tuple[Array, Array]:
    """Gaps in K and intrinsic densities that are tried, and the best ones between them as the last."""
    theta, intrinsic = (grid.ravel() for grid in np.meshgrid(GAPS * T[-1], INTRINSIC))
    squares = fit_shapes(T, y, two_band_shape(T, theta, intrinsic))[1]

    def residual(u: Array) -> Array:
        shapes = two_band_shape(T, *np.exp(u.T))
        a, b, c = fit_shapes(T, y, shapes)[0].T[:, :, None]
        return a / T + b + c * shapes - y

    tried = np.log(np.stack([theta, intrinsic], axis=1))
    ends = tried.min(axis=0), tried.max(axis=0)
    problem = LeastSquares(residual, *ends, vectorised=True, tolerance=TOLERANCE)
    best = np.exp(problem.solve(tried[np.argmin(squares)]).parameters)
    return np.append(theta, best[0]), np.append(intrinsic, best[1])


def _sharp_onsets(T: Array) -> tuple[Array, Array]:
    """Onsets in K and powers that are tried."""
    low, high = FEWEST_BELOW - 1, len(T) - FEWEST_ABOVE
    at = np.unique(np.concatenate([np.linspace(T[low], T[high], ONSETS), T[low : high + 1]]))
    places, powers = np.meshgrid(at, POWERS)
    return places.ravel(), powers.ravel()


def _sharp(T: Array, onsets: Array, powers: Array) -> Array:
    """Powers of T - T_on above T_on; 1 at the last temperature, shape (m, n)."""
    over = np.maximum(T - onsets[:, None], 0.0) / (T[-1] - onsets[:, None])
    return over ** powers[:, None]


def _visible_from(T: Array, found: Array, theta: Array, intrinsic: Array) -> Array:
    """Temperatures from which two bands make up the smallest share of the whole; the last if never."""
    fine = np.linspace(T[0], T[-1], FINE)
    part = found[:, 2:] * two_band_shape(fine, theta, intrinsic)
    visible = part >= SMALLEST_SHARE * (found[:, :1] / fine + found[:, 1:2] + part)
    return np.where(np.any(visible, axis=1), fine[np.argmax(visible, axis=1)], T[-1])
