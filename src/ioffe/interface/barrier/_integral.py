r"""The integral of emission over and through a parabolic barrier, to rounding, for arrays.

Energies over k_B T: b the band bending, a = E00/k_B T, z the Fermi level. With
:math:`E = b\,\mathrm{sech}^2u` the part below the top is

.. math:: \int_0^b \tau f\,\mathrm{d}E = \int_0^\infty 2b\tanh u\,\mathrm{sech}^2u\;
          \frac{\exp[-\frac ba(\tanh u - u\,\mathrm{sech}^2u)]}
          {1 + \exp(b\,\mathrm{sech}^2u - z)}\,\mathrm{d}u,

and tau f has one maximum, where u/a = 1 - f. The integral is taken on both sides of it, in the cube root of
the distance from it, which resolves a Fermi function that is sharp there; by Gauss and Legendre on panels
whose number is doubled until two answers agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError
from ioffe.base.roots import halve
from ioffe.interface.barrier.transmission import parabola

Indices = NDArray[np.intp]
_ORDER: Final = 16
"""Gauss points by panel."""
_MOST_PANELS: Final = 2048
_CLOSE: Final = 1e-10
"""Agreement of two answers: that of the one with more panels is far smaller."""
_DROP: Final = 45.0
"""Nepers below the maximum at which the integral is cut: 3e-20 of it."""
_BLOCK: Final = 256
"""Junctions that are integrated at once, so that the arrays fit the cache."""
_SMALL_BLOCK: Final = 64
"""The same for barriers of any shape, whose transmission costs more memory."""
_GRID: Final = 128
"""Intervals of the coarse grid on which the window of a barrier of any shape is found."""
_HALVINGS: Final = {"peak": 40, "low": 20, "high": 25}
"""Of the ranges in which the largest tau f and the ends of its window lie."""
_NEGLIGIBLE: Final = -40.0
"""Below this x, ln(1 + exp(x)) is x in double precision of its logarithm."""
_FAR: Final = 40.0
"""At this u an energy is 1e-34 of the band bending."""


def log_emission(b: Array, a: Array, z: Array) -> Array:
    """Logarithm of int tau f dE over k_B T, below and above the top.

    `b`, `a`, `z`: band bending, E00 and Fermi level over k_B T, of one shape; without a barrier where b <= 0.
    """
    over = log_over_the_top(b, z)
    through = np.full(b.shape, -np.inf)
    cases = np.flatnonzero(b > 0.0)
    for start in range(0, cases.size, _BLOCK):
        block = cases[start : start + _BLOCK]
        through.flat[block] = _log_tunnelling(b.flat[block], a.flat[block], z.flat[block])
    return np.logaddexp(over, through)


def log_over_the_top(b: Array, z: Array) -> Array:
    """Logarithm of ln(1 + exp(z - b)), the part above the barrier or, without one, above the band edge."""
    above = z - np.maximum(b, 0.0)
    return np.where(above < _NEGLIGIBLE, above, np.log(softplus(np.maximum(above, _NEGLIGIBLE))))


def softplus(x: Array) -> Array:
    """ln(1 + exp(x)) without overflow."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def peak(b: Array, a: Array, z: Array) -> Array:
    """Position u of the largest tau f: there d ln(tau)/dE = -d ln(f)/dE."""

    def is_below(u: Array) -> NDArray[np.bool_]:
        # 1 - f at the energy of u
        return u / a <= 0.5 * (1.0 + np.tanh(0.5 * (b * _sech_squared(u) - z)))

    return halve(is_below, np.zeros_like(a), np.minimum(a, _FAR), _HALVINGS["peak"])[1]


def integrate(
    function: Callable[[Array, Indices], Array],
    edges: tuple[Array, ...],
    close: float = _CLOSE,
    most: int = _MOST_PANELS,
) -> Array:
    """Integrals over many ranges at once, by Gauss and Legendre on 4, 8, 16, ... panels of every piece.

    `function`: positions (cases, nodes) and the indices of the cases to values in the same shape, none
        negative.
    `edges` (cases,): ends of the pieces, rising.
    `close`: relative agreement of two answers asked for.
    `most`: largest number of panels.
    Raises `ConvergenceError` if so many panels were not enough.
    """
    x, w = np.polynomial.legendre.leggauss(_ORDER)
    ends = np.stack(edges, axis=-1)
    found, before = np.zeros(ends.shape[0]), np.full(ends.shape[0], np.nan)
    open_, panels = np.arange(ends.shape[0]), 4
    while open_.size and panels <= most:
        nodes = ((np.arange(panels)[:, None] + 0.5 * (x + 1.0)) / panels).ravel()
        low, width = ends[open_, :-1, None], np.diff(ends[open_])[..., None]
        positions = (low + width * nodes).reshape(open_.size, -1)
        weights = (width * np.tile(0.5 * w / panels, panels)).reshape(open_.size, -1)
        found[open_] = np.sum(weights * function(positions, open_), axis=-1)
        settled = np.abs(found[open_] - before[open_]) <= close * found[open_]
        before[open_] = found[open_]
        open_, panels = open_[~settled], 2 * panels
    if open_.size:
        raise ConvergenceError(f"the integral over the barrier did not settle on {most} panels")
    return found


def _log_tunnelling(b: Array, a: Array, z: Array) -> Array:
    """Logarithm of the part below the top, cases in one dimension."""
    steep = b / a

    def exponent(u: Array) -> Array:
        _, sech_squared, shape = parabola(u)
        return -steep * shape - softplus(b * sech_squared - z)

    middle = peak(b, a, z)
    highest = exponent(middle)
    # towards the top: tau f falls from the middle to u = 0
    low = halve(lambda u: exponent(u) <= highest - _DROP, np.zeros_like(b), middle, _HALVINGS["low"])[0]
    # towards the band edge the width of an energy step falls as well
    edge = highest + np.log(_sech_squared(middle)) - _DROP
    high = halve(
        lambda u: exponent(u) + np.log(_sech_squared(u)) >= edge, middle, middle + _DROP, _HALVINGS["high"]
    )[1]

    def integrand(s: Array, cases: Indices) -> Array:
        bend, fall, level, most = (part[cases, None] for part in (b, steep, z, highest))
        centre = middle[cases, None]
        width = np.where(s < 0.0, centre - low[cases, None], high[cases, None] - centre)
        square = s * s
        tanh, sech_squared, shape = parabola(centre + width * square * s)
        energy = bend * sech_squared
        weight = np.exp(-fall * shape - most - softplus(energy - level))
        return 6.0 * width * square * energy * tanh * weight

    one = np.ones_like(b)
    return highest + np.log(integrate(integrand, (-one, np.zeros_like(b), one)))


def log_emission_of(
    log_transmission: Callable[[Array, Indices], Array], top: Array, z: Array, close: float = _CLOSE
) -> Array:
    """Logarithm of int tau f dE over k_B T for barriers of any shape, with tau = 1 above the top.

    `log_transmission`: energies over k_B T (cases, nodes) below the top and the indices of the cases to
        ln(tau).
    `top`, `z` (cases,): top of the barrier and Fermi level over k_B T.
    `close`: agreement asked for of the integral below the top.
    """
    over = log_over_the_top(top, z)
    found = np.full(top.shape, -np.inf)
    cases = np.flatnonzero(top > 0.0)
    for start in range(0, cases.size, _SMALL_BLOCK):
        block = cases[start : start + _SMALL_BLOCK]
        found[block] = _log_below(log_transmission, block, top[block], z[block], close)
    return np.logaddexp(over, found)


def _log_below(
    log_transmission: Callable[[Array, Indices], Array], chosen: Indices, top: Array, z: Array, close: float
) -> Array:
    """Logarithm of the part below the top; the window is read off a coarse grid."""

    def exponent(E: Array, cases: Indices) -> Array:
        return log_transmission(E, chosen[cases]) - softplus(E - z[cases, None])

    every_case = np.arange(top.size)
    grid = np.linspace(0.0, 1.0, _GRID + 1)
    inner = np.clip(grid, 1e-9, 1.0 - 1e-9)
    coarse = exponent(top[:, None] * inner, every_case)
    highest = coarse.max(axis=1)
    counts = coarse > highest[:, None] - _DROP
    first = np.maximum(np.argmax(counts, axis=1) - 1, 0)
    last = np.minimum(_GRID - np.argmax(counts[:, ::-1], axis=1) + 1, _GRID)

    low, width = top * grid[first], top * (grid[last] - grid[first])

    def integrand(s: Array, cases: Indices) -> Array:
        # closer towards the upper end, where ln(tau) may begin as a root
        E = low[cases, None] + width[cases, None] * (1.0 - s * s)
        return 2.0 * width[cases, None] * s * np.exp(exponent(E, cases) - highest[cases, None])

    return highest + np.log(integrate(integrand, (np.zeros_like(top), np.ones_like(top)), close))


def _sech_squared(u: Array) -> Array:
    decay = np.exp(-2.0 * np.abs(u))
    return 4.0 * decay / (1.0 + decay) ** 2
