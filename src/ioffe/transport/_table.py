"""Smooth functions of the Fermi level as piecewise polynomials, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.transport._window import DEEP

__all__ = ["FermiTable"]

_LOWEST: Final = -40.0
"""Below this Fermi level a band is non-degenerate to the last digit (exp(-40) = 4e-18)."""

_WIDTH: Final = 0.5
"""Width of a cell: singular at +- i pi only, a function has coefficients there that fall at least as
(4 pi/_WIDTH)^-k = 25^-k."""

_DEGREE: Final = 12

_BLOCKS: Final = 16
"""Cells are made in blocks, which fit the cache and look no farther above the Fermi level than they must."""

Function = Callable[[Array], Array]


class FermiTable:
    """A function of the Fermi level to a few 1e-16, from one that is slow.

    Parameters
    ----------
    function : callable
        Array of Fermi levels from -40 to 64 to the values; analytic within pi of the real axis.
    below, above : callable
        The function below -40 and above 64.
    """

    def __init__(self, function: Function, below: Function, above: Function) -> None:
        self._below, self._above = below, above
        self._cells = round((DEEP - _LOWEST) / _WIDTH)
        nodes = chebyshev.chebpts1(_DEGREE + 1)
        middles = _LOWEST + _WIDTH * (np.arange(self._cells) + 0.5)
        blocks = np.array_split(middles + 0.5 * _WIDTH * nodes[:, None], _BLOCKS, axis=1)
        values = np.hstack([function(block) for block in blocks])
        amplitudes = np.linalg.solve(chebyshev.chebvander(nodes, _DEGREE), values)
        self._powers = np.ascontiguousarray(_POWERS_OF_CHEBYSHEV.T @ amplitudes)
        self._slopes = np.ascontiguousarray(
            self._powers[1:] * np.arange(1, _DEGREE + 1)[:, None] * (2.0 / _WIDTH)
        )

    def __call__(self, reduced_fermi_level: ArrayLike) -> Array:
        """Value at every Fermi level; NaN at NaN."""
        eta = np.asarray(reduced_fermi_level, float)
        found = self._inside(self._powers, eta)
        for outside, function in ((eta < _LOWEST, self._below), (eta > DEEP, self._above)):
            if np.any(outside):
                found = np.array(found)
                found[outside] = function(eta[outside])
        return found

    def slope(self, reduced_fermi_level: ArrayLike) -> Array:
        """Derivative from -40 to 64 (held outside), to about 1e-13."""
        return self._inside(self._slopes, np.asarray(reduced_fermi_level, float))

    def _inside(self, coefficients: Array, eta: Array) -> Array:
        """Horner's rule in the cell of every Fermi level."""
        place = np.clip((eta - _LOWEST) / _WIDTH, 0.0, self._cells)
        cell = np.fmin(np.fmax(place, 0.0), self._cells - 1).astype(np.intp)
        t = 2.0 * (place - cell) - 1.0
        rows = coefficients.take(cell, axis=1)
        found = rows[-1]
        for row in rows[-2::-1]:
            found = found * t + row
        return found


def _powers_of_chebyshev() -> Array:
    """Row k: ascending coefficients of the Chebyshev polynomial T_k."""
    table = np.zeros((_DEGREE + 1, _DEGREE + 1))
    for k, unit in enumerate(np.eye(_DEGREE + 1)):
        found = chebyshev.cheb2poly(unit)
        table[k, : len(found)] = found
    return table


_POWERS_OF_CHEBYSHEV: Final = _powers_of_chebyshev()
