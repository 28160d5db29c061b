"""The families of a result: one for each pair of temperatures, with its curves over the current."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.result.steady import MAXIMA_KEYS, Result

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

__all__ = ["FEW", "Family", "families", "smooth"]

Array = NDArray[np.float64]
FEW = 12
"""Points from which on a curve is drawn through them."""
DENSE = 401
"""Points of a drawn line."""


@dataclass(frozen=True)
class Family:
    """One pair of temperatures: its curves by quantity, and its maxima."""

    at: dict[str, float]
    curves: dict[str, Array]
    maxima: dict[str, float]


def families(result: Result) -> Iterator[Family]:
    """Every pair of temperatures of a result, with its curves along the current."""
    names = list(result.maxima_axes)
    for index in product(*(range(len(v)) for v in result.maxima_axes.values())):
        at = {n: float(result.maxima_axes[n][i]) for n, i in zip(names, index, strict=True)}
        along = {k: np.atleast_1d(v[index]) for k, v in result.values.items() if k not in MAXIMA_KEYS}
        if "sweep" not in result.axes:
            order = np.argsort(result.axes.get("current", along["current"]))
            along = {k: v[order] for k, v in along.items()}
        maxima = {k: float(v[index]) for k, v in result.values.items() if k in MAXIMA_KEYS}
        yield Family(at, along, maxima)


def smooth(curves: dict[str, Array], names: tuple[str, ...], positive: str = "") -> list[dict[str, Array]]:
    """Cubic splines through the solved points over the current, in pieces between points without a solution.

    Heat and power are smooth in the current, so that splines through 61 points stay on the curve within the
    width of a line; ratios of them are made from the splines.

    Parameters
    ----------
    curves : dict of ndarray, shape (n,)
        With `current`; the quantities are NaN where there is no solution.
    names : tuple of str
        Quantities to evaluate.
    positive : str, optional
        Only where this quantity is above zero.

    Returns
    -------
    list of dict of ndarray
        `current` and the quantities of every piece; pieces of fewer than twelve points as they are.
    """
    from scipy.interpolate import CubicSpline

    pieces = []
    solved = np.asarray(np.isfinite([curves[n] for n in ("current", *names)]).all(axis=0))
    for piece in np.split(np.arange(len(solved)), np.flatnonzero(~solved)):
        x = curves["current"][piece]
        keep = piece[solved[piece] & np.append(True, np.diff(x) > 0.0)]
        x = curves["current"][keep]
        if len(x) < FEW:
            good = slice(None) if not positive else curves[positive][keep] > 0.0
            pieces.append({n: curves[n][keep][good] for n in ("current", *names)})
            continue
        splines = {n: CubicSpline(x, curves[n][keep]) for n in (*names, *filter(None, [positive]))}
        for start, end in _positive(splines[positive], x[0], x[-1]) if positive else [(x[0], x[-1])]:
            fine = np.linspace(start, end, DENSE)
            pieces.append({"current": fine, **{n: splines[n](fine) for n in names}})
    return [piece for piece in pieces if len(piece["current"])]


def _positive(spline: CubicSpline, low: float, high: float) -> list[tuple[float, float]]:
    """Intervals in which a spline is above zero."""
    roots = spline.roots(extrapolate=False)
    edges = np.unique(np.concatenate([[low], roots[np.isfinite(roots)], [high]]))
    middles = spline(0.5 * (edges[:-1] + edges[1:]))
    return [(float(a), float(b)) for a, b, m in zip(edges[:-1], edges[1:], middles, strict=True) if m > 0.0]
