"""Heat carried by electron-hole pairs: where it begins, and how large it is.

Below the onset kappa - kappa_e is the heat of the lattice, a/T + b (phonons scattered by phonons, and a part
that does not depend on the temperature). Extrapolated and subtracted above the onset it leaves the bipolar
part.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError

Kind = Literal["detected", "given", "none", "too few points"]
SIGNIFICANCE = 0.99
"""Probability with which chance alone must be excluded as the reason for the bend."""
INTERVAL = 0.6827
"""Probability of the interval stated for the onset."""
SCATTER, READINGS = 0.015, 10
"""Scatter of thermal conductivities from point to point over their value, and the number of readings that
this knowledge is worth: among few points the scatter cannot be told from the points alone."""
SMALLEST_RISE = 0.02
"""Rise of kappa - kappa_e above its minimum, over its last value, below which nothing is called bipolar: a
lattice part that merely levels off departs from a/T + b too."""
FEWEST_BELOW, FEWEST_ABOVE = 3, 2
"""Points below and above the onset that the detection needs."""
CANDIDATES = 200
"""Temperatures that are tried as the onset."""


@dataclass(frozen=True)
class BipolarSplit:
    """a/T + b below the onset of bipolar conduction.

    Parameters
    ----------
    a, b : float
        In W/m and W/(m K).
    a_std, b_std : float
        Standard errors from the scatter of the points below the onset; NaN for two points.
    correlation : float
        Between a and b.
    onset : float
        Temperature in K above which kappa - kappa_e leaves a/T + b; infinite if it does not.
    onset_range : tuple of float
        Its 68 % interval; the onset itself if it was given.
    kind : {"detected", "given", "none", "too few points"}
        How the onset is known.
    points : int
        Points that a and b are fitted to.
    """

    a: float
    b: float
    a_std: float
    b_std: float
    correlation: float
    onset: float
    onset_range: tuple[float, float]
    kind: Kind
    points: int

    def lattice(self, T: ArrayLike) -> Array:
        """a/T + b in W/(m K), in the shape of T.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In the shape of T.
        """
        return self.a / np.asarray(T, float) + self.b

    def lattice_std(self, T: ArrayLike) -> Array:
        """Standard error of a/T + b from the scatter of the points, in the shape of T.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In W/(m K), in the shape of T.
        """
        x = 1.0 / np.asarray(T, float)
        both = self.correlation * self.a_std * self.b_std
        return np.sqrt(np.maximum((self.a_std * x) ** 2 + self.b_std**2 + 2.0 * x * both, 0.0))

    def weights(self, T: Array) -> Array:
        """Weights of the fitted points in a/T + b at T: a/T + b = weights @ y, shape (T, points).

        Parameters
        ----------
        T : ndarray
            In K.

        Returns
        -------
        ndarray
            Shape (T, points).
        """
        free = [0, 1] if self.a > 0.0 else [1]
        return _design(T)[:, free] @ np.linalg.pinv(_design(T[: self.points])[:, free])

    def words(self) -> str:
        """The onset in one sentence.

        Returns
        -------
        str
            One sentence.
        """
        if self.kind == "too few points":
            return "Too few points to look for the onset of bipolar conduction; all count as below it."
        if self.kind == "none":
            return "No onset of bipolar conduction is seen: kappa - kappa_e follows a/T + b throughout."
        if self.kind == "given":
            return f"Bipolar conduction counts from {self.onset:.4g} K on, as given."
        low, high = self.onset_range
        rises = "; kappa - kappa_e rises from the lowest temperature on, so that a is 0"
        flat = "" if self.a > 0.0 else rises
        where = f"{self.onset:.4g} K (68 % interval {low:.4g} K to {high:.4g} K)"
        return f"Bipolar conduction sets in at {where}{flat}."


def split_bipolar(
    T: ArrayLike, rest: ArrayLike, onset: float | None = None, scatter: float | None = None
) -> BipolarSplit:
    """Fit of kappa - kappa_e = a/T + b, a not below 0, below the onset of bipolar conduction.

    The onset is looked for with c (T - T_on)^2, c above 0, added above T_on: the T_on of the least squares,
    if an F-test excludes chance and kappa - kappa_e rises again by 2 %. Its interval holds
    every T_on whose sum of squares the F-distribution does not exclude. a and b are then fitted to the points
    below.

    Parameters
    ----------
    T : array_like, shape (n,)
        Temperatures in K, rising.
    rest : array_like, shape (n,)
        kappa - kappa_e in W/(m K).
    onset : float, optional
        Known onset in K; infinite for none.
    scatter : float, optional
        What is known of the scatter of single points, in W/(m K); by default 1.5 % of their mean.

    Returns
    -------
    BipolarSplit

    Raises
    ------
    InputError
        If fewer than two points lie below a given onset.

    Examples
    --------
    >>> T = np.arange(300.0, 551.0, 25.0)
    >>> rest = 150.0 / T + 0.4 + 6e-6 * np.maximum(T - 400.0, 0.0) ** 2
    >>> found = split_bipolar(T, rest)
    >>> round(found.onset), round(found.a), round(found.b, 2), found.points
    (400, 150, 0.4, 5)
    """
    T, y = np.asarray(T, float), np.asarray(rest, float)
    nowhere = (np.inf, np.inf)
    if onset is not None:
        count = int(np.sum(T <= onset))
        if count < 2:
            expected = "an onset with at least two points below it is expected"
            first = T[0] if len(T) else np.nan
            raise InputError(Fault("onset", onset, expected, f"the points begin at {first:g} K"))
        kind = "given" if np.isfinite(onset) else "none"
        return _below(T, y, count, float(onset), (float(onset), float(onset)), kind)
    if len(T) < FEWEST_BELOW + FEWEST_ABOVE + 1:
        return _below(T, y, len(T), np.inf, nowhere, "too few points")
    found = _detect(T, y, SCATTER * float(np.mean(np.abs(y))) if scatter is None else scatter)
    if found is None:
        return _below(T, y, len(T), np.inf, nowhere, "none")
    best, interval = found
    return _below(T, y, int(np.sum(T <= best)), best, interval, "detected")


def _detect(T: Array, y: Array, scatter: float) -> tuple[float, tuple[float, float]] | None:
    """Onset and its interval, or None where a/T + b does as well."""
    from scipy.stats import f

    tried = np.linspace(T[FEWEST_BELOW - 1], T[-FEWEST_ABOVE], CANDIDATES)
    tried = np.unique(np.concatenate([tried, T[FEWEST_BELOW - 1 : len(T) - FEWEST_ABOVE + 1]]))
    designs = [np.column_stack([_design(T), np.maximum(T - at, 0.0) ** 2]) for at in tried]
    found = [_constrained(design, y) for design in designs]
    squares = np.array([one[1] for one in found])
    best = int(np.argmin(squares))
    fitted = designs[best] @ found[best][0]
    free = len(T) - 4 + READINGS
    noise = (squares[best] + READINGS * scatter**2) / free
    gain = (_constrained(_design(T), y)[1] - squares[best]) / 2.0
    if gain <= noise * f.ppf(SIGNIFICANCE, 2, free) or fitted[-1] - fitted.min() < SMALLEST_RISE * abs(y[-1]):
        return None
    inside = tried[squares <= squares[best] + noise * f.ppf(INTERVAL, 1, free)]
    low = T[0] if inside[0] == tried[0] else inside[0]
    return float(tried[best]), (float(low), float(inside[-1]))


def _constrained(design: Array, y: Array) -> tuple[Array, float]:
    """Least squares in which every number but the second is not below 0, and the sum of squares."""
    others = [k for k in range(design.shape[1]) if k != 1]
    best, least = np.zeros(design.shape[1]), np.inf
    for count in range(len(others), -1, -1):
        for kept in combinations(others, count):
            columns = sorted((1, *kept))
            part = np.linalg.lstsq(design[:, columns], y, rcond=None)[0]
            if any(value < 0.0 for k, value in zip(columns, part, strict=True) if k != 1):
                continue
            total = float(np.sum((y - design[:, columns] @ part) ** 2))
            if total < least:
                best, least = np.zeros(design.shape[1]), total
                best[columns] = part
        if np.isfinite(least):
            break
    return best, least


def _below(
    T: Array, y: Array, count: int, onset: float, interval: tuple[float, float], kind: Kind
) -> BipolarSplit:
    """Least squares of a/T + b over the first points."""
    design = _design(T[:count])
    found, squares = _constrained(design, y[:count])
    free = [0, 1] if found[0] > 0.0 else [1]
    covariance = np.full((2, 2), np.nan)
    if count > len(free):
        covariance = np.zeros((2, 2))
        inverse = np.linalg.inv(design[:, free].T @ design[:, free])
        covariance[np.ix_(free, free)] = squares / (count - len(free)) * inverse
    a, b = (float(v) for v in found)
    std = np.sqrt(np.diag(covariance))
    correlation = covariance[0, 1] / (std[0] * std[1]) if std[0] * std[1] > 0.0 else 0.0
    return BipolarSplit(a, b, float(std[0]), float(std[1]), float(correlation), onset, interval, kind, count)


def _design(T: Array) -> Array:
    return np.column_stack([1.0 / T, np.ones_like(T)])
