"""Heat carried by electron-hole pairs: where it begins, and how large it is.

kappa - kappa_e is the heat of the lattice, a/T + b (phonons scattered by phonons, and a part that does not
depend on the temperature), and that of the pairs. Where the onset is looked for, both are fitted together;
where it is given, a/T + b is fitted to the points below it. What lies above a/T + b is the bipolar part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.material.analysis.onset import FEWEST_ABOVE, FEWEST_BELOW, Bend, find_bend, fit_shapes

Kind = Literal["detected", "given", "none", "too few points"]
SCATTER = 0.015
"""Scatter of thermal conductivities from point to point over their value."""


@dataclass(frozen=True)
class BipolarSplit:
    """a/T + b, and the onset of bipolar conduction.

    `a`, `b`: in W/m and W/(m K).
    `a_std`, `b_std`: standard errors from the scatter of the points and, of a detected onset, from what the
        form of the bipolar part leaves open; NaN for two points.
    `correlation`: between a and b.
    `onset`: temperature in K above which kappa - kappa_e leaves a/T + b; infinite if it does not. Of two
        bands, which have no sharp onset: where the bipolar part is 2 % of kappa - kappa_e.
    `onset_range`: its 68 % interval, infinite at an end that the data leave open; the onset itself if it was
        given.
    `kind` {"detected", "given", "none", "too few points"}: how the onset is known.
    `points`: points that a and b are fitted to.
    `shape`: bipolar part at these points, fitted together with a and b, over that at the last; empty without
        one.
    `shape_std`: standard errors of the bipolar part at these points, in W/(m K): from the scatter and from
        its form.
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
    shape: tuple[float, ...] = ()
    shape_std: tuple[float, ...] = ()

    def lattice(self, T: ArrayLike) -> Array:
        """a/T + b in W/(m K), in the shape of T.

        `T`: in K.
        Returns: in the shape of T.
        """
        return self.a / np.asarray(T, float) + self.b

    def lattice_std(self, T: ArrayLike) -> Array:
        """Standard error of a/T + b from the scatter of the points, in the shape of T.

        `T`: in K.
        Returns: in W/(m K), in the shape of T.
        """
        x = 1.0 / np.asarray(T, float)
        both = self.correlation * self.a_std * self.b_std
        return np.sqrt(np.maximum((self.a_std * x) ** 2 + self.b_std**2 + 2.0 * x * both, 0.0))

    def weights(self, T: Array) -> Array:
        """Weights of the fitted points in a/T + b at T: a/T + b = weights @ y, shape (T, points).

        `T`: in K.
        Returns: shape (T, points).
        """
        free, inverse = self._inverse(T)
        return _design(T)[:, free] @ inverse[: len(free)]

    def shape_weights(self, T: Array) -> Array:
        """Weights of the fitted points in the bipolar part of the fit at these points.

        Below the onset, where two bands are not yet visible, it is what the fit says, not 0.

        `T`: in K.
        Returns: shape (points, points); zero without a fitted bipolar part.
        """
        if not self.shape:
            return np.zeros((self.points, self.points))
        return np.outer(self.shape, self._inverse(T)[1][-1])

    def _inverse(self, T: Array) -> tuple[list[int], Array]:
        """Which of a and b are fitted, and the pseudo-inverse of the fit."""
        free = [0, 1] if self.a > 0.0 else [1]
        fitted = _design(T[: self.points])[:, free]
        if self.shape:
            fitted = np.column_stack([fitted, self.shape])
        return free, np.asarray(np.linalg.pinv(fitted), float)

    def words(self) -> str:
        """The onset in one sentence.

        Returns: one sentence.
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
        if np.isfinite(low) and np.isfinite(high):
            where = f"sets in at {self.onset:.4g} K (68 % interval {low:.4g} K to {high:.4g} K)"
        else:
            ends = f"below {high:.4g} K" if np.isfinite(high) else f"above {low:.4g} K"
            ends = f" (68 %: {ends})" if np.isfinite(low) or np.isfinite(high) else ""
            where = f"is seen, where it sets in is not determined by these points{ends}"
        return f"Bipolar conduction {where}{flat}."


def split_bipolar(
    T: ArrayLike, rest: ArrayLike, onset: float | None = None, scatter: float | None = None
) -> BipolarSplit:
    """Fit of kappa - kappa_e = a/T + b, a not below 0, and of the onset of bipolar conduction.

    The onset is looked for by a/T + b and a bipolar part, with the temperature dependence of two bands or
    with a sharp onset, whichever has the smaller sum of squares (`ioffe.material.analysis.onset`): it is
    there if an F-test excludes chance at 1 % and kappa - kappa_e rises again by 2 %. Of a known onset, a and
    b are fitted to the points below it.

    `T` (n,): temperatures in K, rising.
    `rest` (n,): kappa - kappa_e in W/(m K).
    `onset`: known onset in K; infinite for none.
    `scatter`: what is known of the scatter of single points, in W/(m K); by default 1.5 % of their mean.
    Raises `InputError` if fewer than two points lie below a given onset.

    >>> from ioffe.material.analysis.onset import two_band_shape
    >>> T = np.arange(300.0, 601.0, 25.0)
    >>> rest = 150.0 / T + 0.4 + 0.6 * two_band_shape(T, [2900.0], [0.3])[0]
    >>> found = split_bipolar(T, rest)
    >>> found.kind, round(found.a), round(found.b, 2), round(found.onset)
    ('detected', 150, 0.4, 366)
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
        return _fitted(T[:count], y[:count], float(onset), (float(onset), float(onset)), kind)
    if len(T) < FEWEST_BELOW + FEWEST_ABOVE + 1:
        return _fitted(T, y, np.inf, nowhere, "too few points")
    bend = find_bend(T, y, SCATTER * float(np.mean(np.abs(y))) if scatter is None else scatter)
    if bend is None:
        return _fitted(T, y, np.inf, nowhere, "none")
    return _fitted(T, y, bend.onset, bend.interval, "detected", bend)


def _fitted(
    T: Array, y: Array, onset: float, interval: tuple[float, float], kind: Kind, bend: Bend | None = None
) -> BipolarSplit:
    """Least squares of a/T + b, and of the bipolar part if there is one, with standard errors."""
    shape = np.zeros_like(T) if bend is None else bend.shape
    found, squares = fit_shapes(T, y, shape[None])
    a, b, c = found[0].tolist()
    free = [k for k, value in enumerate((a, 1.0, c)) if value > 0.0]
    design = np.column_stack([_design(T), shape])[:, free]
    covariance, shape_std = np.full((2, 2), np.nan), np.zeros_like(T)
    if bend is not None or len(T) > len(free):
        covariance = np.zeros((3, 3))
        variance = bend.variance if bend else squares[0] / (len(T) - len(free))
        covariance[np.ix_(free, free)] = variance * np.linalg.inv(design.T @ design)
        if bend is not None:
            shape_std = np.sqrt(covariance[2, 2] * shape**2 + bend.part_of_form)
        covariance = covariance[:2, :2] + (bend.of_form if bend else 0.0)
    std = np.sqrt(np.diag(covariance))
    correlation = covariance[0, 1] / (std[0] * std[1]) if std[0] * std[1] > 0.0 else 0.0
    parts = float(std[0]), float(std[1]), float(correlation)
    values, errors = ((), ()) if bend is None else (tuple(shape.tolist()), tuple(shape_std.tolist()))
    return BipolarSplit(a, b, *parts, onset, interval, kind, len(T), values, errors)


def _design(T: Array) -> Array:
    return np.column_stack([1.0 / T, np.ones_like(T)])
