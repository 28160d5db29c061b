r"""Symbols for fluxes that are constant in each cell and temperatures that are means over cells.

A cell cannot tell a cosine of mode m from those of modes :math:`|m + 2 N a|`, its aliases; flux and mean each
bring a factor :math:`\sin y/y`, :math:`y = k\,\Delta x/2`. What acts between cells is therefore

.. math:: \hat f_{mn} = \sum_{a,b} f(k_{ab})\,
          \left(\frac{\sin y_a}{y_a}\right)^2 \left(\frac{\sin y_b}{y_b}\right)^2,

which is Galerkin's method with constant elements: energies of given cell fluxes are exact.

Symbols of conduction tend to 1/(K k), with K of the layer at the face, as exp(-2 k t). The sum over 1/k is
done in closed form (`inverse_wave`), what is left of the symbol needs the few aliases at which it is not yet
zero.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import ceil, exp, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]
Shape = tuple[int, int]
Sides = tuple[float, float]
Ends = tuple[Array, Array]
Halved = tuple[bool, bool]
WHOLE = False, False
NEGLECTED = 1e-9
"""What a symbol may differ from its limit, relative to it, at aliases that are left out."""
MOST_ALIASES = 24.0
"""Wave numbers in units of the cell's own limit, beyond which aliases are left out in any case: a layer far
thinner than a cell would need millions. Their weights fall with the fourth power, their symbols with the
first, so that at most 1e-4 of the finest modes is lost."""
STEP = 0.2
"""Of the trapezoidal rule in ln s; it is exact to exp(-pi^2/(2 STEP)) = 2e-11, since exp(-k^2 s^2) has no
pole and decays for |Im ln s| < pi/4."""
SMALLEST = 1e-6
"""s in units of the cell width, below which cells do not feel the Gaussian any more."""


def wave_numbers(count: int, side: float, alias: int = 0, *, halved: bool = False) -> Array:
    """Wave numbers in 1/m of the cosines of a side of so many cells, or of one of their aliases.

    With half cells at both ends there is one more cell, and one more cosine, than widths of a cell.
    """
    return pi * np.abs(np.arange(count) + 2 * (count - halved) * alias) / side


def weight(count: int, alias: int = 0, *, halved: bool = False) -> Array:
    """(sin y/y)^2 of each cosine of a side, or of one of its aliases."""
    span = count - halved
    return np.sinc(np.abs(np.arange(count) + 2 * span * alias) / (2 * span)) ** 2


@lru_cache(maxsize=64)
def inverse_wave(shape: Shape, sides: Sides, halved: Halved = WHOLE) -> Array:
    r"""The folded symbol of 1/k in m, all aliases included; the mean mode is left out (zero).

    With :math:`1/k = (2/\sqrt\pi)\int_0^\infty e^{-k^2 s^2}\,ds` the double sum is an integral over products
    of single sums, which the trapezoidal rule in :math:`\ln s` takes to 1e-10 with a hundred products.
    """
    narrow = min(side / (n - half) for n, side, half in zip(shape, sides, halved, strict=True))
    low, high = log(SMALLEST * narrow), log(6.0 * max(sides) / pi)
    s = np.exp(low + STEP * np.arange(ceil((high - low) / STEP) + 1))
    along, across = (_gaussian(n, side, s, half) for n, side, half in zip(shape, sides, halved, strict=True))
    # below the smallest s both factors are one, and the rest of the rule is a geometric series
    rest = s[0] / (exp(STEP) - 1.0)
    out = 2.0 / sqrt(pi) * STEP * ((along * s) @ across.T + rest)
    out[0, 0] = 0.0
    out.setflags(write=False)
    return out


def cosine_means(low: Array, high: Array, side: float, count: int, *, offset: float = 0.0) -> Array:
    """Means over intervals, from the rim, of the orthonormal cosines of a side, (intervals, cosines).

    With an offset of one half they are those that vanish at the other end.
    """
    k = pi * (np.arange(count) + offset) / side
    low, high = np.atleast_1d(low)[:, None], np.atleast_1d(high)[:, None]
    norm = np.sqrt(np.where(k > 0.0, 2.0, 1.0) / side)
    return norm * np.cos(0.5 * k * (low + high)) * np.sinc(0.5 * k * (high - low) / pi)


def inverse_wave_energy(x: Ends, y: Ends, amounts: Array, sides: Sides) -> float:
    r"""Sum of :math:`|F|^2/k` over all cosines but the mean, in 1/m, F being those of amounts in rectangles.

    As for `inverse_wave` an integral over products of single sums, here of the means over two intervals of
    the kernel :math:`\sum_m \varphi_m \varphi_m e^{-k_m^2 s^2}`.

    `x`, `y`: lower and upper ends of intervals along both sides, from the rims, in m.
    `amounts`: what each crossing of the intervals holds, (x, y).
    `sides`: in m.
    """
    narrow = min(float(np.min(high - low)) for low, high in (x, y))
    low, high = log(SMALLEST * narrow), log(6.0 * max(sides) / pi)
    s = np.exp(low + STEP * np.arange(ceil((high - low) / STEP) + 1))
    along, across = (_heat_kernel(*ends, side, s) for ends, side in zip((x, y), sides, strict=True))
    found = np.einsum("ij,sik,kl,sjl->s", amounts, along, amounts, across, optimize=True)
    found -= amounts.sum() ** 2 / (sides[0] * sides[1])
    return float(2.0 / sqrt(pi) * STEP * (s @ found + s[0] * found[0] / (exp(STEP) - 1.0)))


def _heat_kernel(low: Array, high: Array, side: float, s: Array) -> Array:
    r"""Means over two intervals each of :math:`\sum_m \varphi_m \varphi_m e^{-k_m^2 s^2}`, (s, n, n).

    For wide Gaussians a few cosines, for narrow ones a few images of the intervals at the rims.
    """
    out = np.empty((len(s), len(low), len(low)))
    wide = s > side / 6.0
    means, k = cosine_means(low, high, side, 17), wave_numbers(17, side)
    out[wide] = np.einsum("im,jm,sm->sij", means, means, np.exp(-((k * s[wide, None]) ** 2)))
    sigma = sqrt(2.0) * s[~wide, None, None]
    found = np.zeros((len(sigma), len(low), len(low)))
    shifts = 2.0 * side * np.arange(-1, 2)
    for a, b in [(low + c, high + c) for c in shifts] + [(-high + c, -low + c) for c in shifts]:
        for sign, first, second in ((1, high, a), (-1, high, b), (-1, low, a), (1, low, b)):
            x = (first[:, None] - second) / sigma
            found += sign * sigma * (x * ndtr(x) + np.exp(-0.5 * x * x) / sqrt(2.0 * pi))
    out[~wide] = found / np.multiply.outer(high - low, high - low)
    return out


def _gaussian(count: int, side: float, s: Array, halved: bool) -> Array:
    r"""Folded :math:`\exp(-k^2 s^2)` of one side, shape (cells, s).

    Wide Gaussians have few aliases. Narrow ones reach few neighbours: in space the same sum is the cosine
    series of their convolution with two cells, second differences of
    :math:`g(x) = x\,\Phi(x/\sigma) + \sigma\,\varphi(x/\sigma)` with :math:`\sigma = \sqrt2\,s`.
    """
    width = side / (count - halved)
    wide = s > 0.5 * width
    out = np.zeros((count, len(s)))
    for alias in range(-4, 5):
        k = wave_numbers(count, side, alias, halved=halved)
        out[:, wide] += weight(count, alias, halved=halved)[:, None] * np.exp(-((k[:, None] * s[wide]) ** 2))
    sigma = sqrt(2.0) * s[~wide] / width
    x = np.arange(-7, 8)[:, None] / sigma
    g = sigma * (x * ndtr(x) + np.exp(-0.5 * x * x) / sqrt(2.0 * pi))
    neighbours = g[2:] - 2.0 * g[1:-1] + g[:-2]
    distance = np.arange(-6, 7)
    out[:, ~wide] = np.cos(pi * np.outer(np.arange(count), distance) / (count - halved)) @ neighbours
    return out


def folded(
    symbol: Callable[[Array], Array],
    shape: Shape,
    sides: Sides,
    *,
    conductivity: float,
    thickness: float,
    leads: bool = True,
    halved: Halved = WHOLE,
) -> Array:
    """A symbol folded over its aliases.

    `symbol`: of wave numbers in 1/m, in m2 K/W.
    `shape`, `sides`: cells and lengths in m along both sides.
    `conductivity`, `thickness`: K in W/(m K) and t in m of the layer at the face, by which the symbol tends
        to its limit; the thinnest one where a symbol passes through the stack.
    `leads`: whether the limit is 1/(K k); otherwise it is zero.
    `halved`: whether the first and the last cell along a side are half as wide as the others.
    Returns: in m2 K/W; the first one is that of the mean.
    """
    out = inverse_wave(shape, sides, halved) / conductivity if leads else np.zeros(shape)
    # aliases begin at the cell's own limit, k = pi/width
    spans = [n - half for n, half in zip(shape, halved, strict=True)]
    own = pi * max(n / side for n, side in zip(spans, sides, strict=True))
    end = min(-log(NEGLECTED) / (2.0 * thickness), MOST_ALIASES * own)
    along, across = (
        _aliases(n, side, ceil(0.5 * (end * side / (pi * (n - half)) + 1.0)), half)
        for n, side, half in zip(shape, sides, halved, strict=True)
    )
    for kx, wx in zip(*along, strict=True):
        near = np.hypot(kx.min(), across[0].min(axis=1)) <= end
        k = np.hypot(kx[:, None, None], across[0][near])
        found = symbol(k)
        if leads:
            at_zero = k == 0.0
            found = found - np.where(at_zero, 0.0, 1.0 / (conductivity * np.where(at_zero, 1.0, k)))
        out = out + wx[:, None] * (across[1][near] * found).sum(axis=1)
    return out


@lru_cache(maxsize=256)
def _aliases(count: int, side: float, reach: int, halved: bool) -> tuple[Array, Array]:
    """Wave numbers and weights of so many aliases of a side to both ends, (aliases, cells)."""
    each = range(-reach, reach + 1)
    numbers = (wave_numbers(count, side, a, halved=halved) for a in each)
    return np.array(list(numbers)), np.array([weight(count, a, halved=halved) for a in each])
