r"""What a steady state does along a current, from few solved currents: Hermite interpolation.

Under fixed conditions, node temperatures, voltage and heats are smooth functions f of the current I, analytic
where no end of a leg passes a knot of its table. At K Chebyshev points, ends included, a solution gives f and
df/dI, and so 2K coefficients of Chebyshev polynomials in t = 2 I/I_end - 1,

.. math:: f(I) \approx \sum_{k < 2K} a_k T_k(t),

of which the last ones tell the error.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.table import Array

LEVELS = 5, 9, 17
"""Solved currents of a curve; those of one level are among those of the next."""
LAST = 2
"""Coefficients that tell the error; as many before them tell how fast they fall. A single one may vanish."""
JUMP = 1.5
"""What a jump in the second derivative leaves, over the last coefficients and K (K - 1).

At most 1.42 for jumps at 20 000 random places, with each of the levels.
"""
FAST = 0.03
"""Ratio of the two below which coefficients fall geometrically, as those of an analytic function."""


class HermiteWeights(NamedTuple):
    """Linear maps from values and from slopes times I_end at the solved currents, (K, wanted)."""

    values: Array
    slopes: Array


def solved_at(count: int) -> Array:
    """Currents to solve over that of the end, from 1 to 0."""
    return 0.5 + 0.5 * np.cos(np.pi * np.arange(count) / (count - 1))


@cache
def weights(count: int, shares: tuple[float, ...]) -> tuple[HermiteWeights, HermiteWeights]:
    """Maps to the values at currents that are `shares` of the end, and to the last coefficients."""
    t, degree = 2.0 * solved_at(count) - 1.0, 2 * count - 1
    unit = np.eye(degree + 1)
    slopes = np.stack([2.0 * chebyshev.chebval(t, chebyshev.chebder(one)) for one in unit], axis=1)
    found = np.linalg.inv(np.vstack([chebyshev.chebvander(t, degree), slopes]))
    to_points = chebyshev.chebvander(2.0 * np.asarray(shares) - 1.0, degree) @ found
    maps = (np.ascontiguousarray(m.T) for m in (to_points, found[-2 * LAST :]))
    points, last = (HermiteWeights(*np.asarray(m, np.float64).reshape(2, count, -1)) for m in maps)
    return points, last


def missed(last: HermiteWeights, values: Array, slopes: Array, seen: Array | float) -> Array:
    """What the interpolation may be off, shape (cases,).

    Coefficients that fall geometrically leave less than the last ones. Those of a function with a jump in a
    derivative fall as a power of their number, and leave many times the last ones; `seen` is by how much an
    interpolation from fewer points missed the others, or infinite.
    """
    found = np.abs(along(last, values, slopes))
    before, behind = found[:, :LAST].sum(axis=1), found[:, LAST:].sum(axis=1)
    count = len(last.values)
    slow = np.minimum(JUMP * count * (count - 1) * behind, seen)
    return np.asarray(np.where(behind <= FAST * before, behind, slow))


def along(weight: HermiteWeights, values: Array, slopes: Array) -> Array:
    """Values and slopes (cases, K) by one of the maps: (cases, wanted)."""
    out = np.empty((len(values), weight.values.shape[1]))
    _product(*weight, np.ascontiguousarray(values), np.ascontiguousarray(slopes), out)
    return out


@kernel(fast=True)
def _product(by_value: Any, by_slope: Any, values: Any, slopes: Any, out: Any) -> None:
    """Case by case, so that what is found of one does not depend on the others."""
    for case in range(len(out)):
        out[case, :] = 0.0
        for k in range(len(by_value)):
            v, s = values[case, k], slopes[case, k]
            for p in range(out.shape[1]):
                out[case, p] += v * by_value[k, p] + s * by_slope[k, p]
