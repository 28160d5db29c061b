"""Critical current density and voltage of a mixed conductor: where a curve begins to fall.

A leg of a mixed conductor is held at each current density until it has settled; R/R0 or S/S0 stays until J_c
and falls beyond it. The break is found by regression with two straight lines that meet, and its confidence
interval from the profile of the sum of squares.

>>> J = np.linspace(0.5, 20.0, 40)
>>> curve = 1.0 - 0.01 * np.maximum(J - 11.0, 0.0)
>>> found = onset(J * 1e4, curve + 0.002 * np.sin(7.0 * J))
>>> found.exists, round(found.position / 1e4, 1)  # A/cm2
(True, 11.0)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.confidence import student_factor
from ioffe.base.errors import Faults
from ioffe.base.result import EvidenceResult
from ioffe.base.roots import halve
from ioffe.base.table import ResultTable, table
from ioffe.base.units import floats
from ioffe.measure._table import TableLayout, read_table
from ioffe.measure.estimates import check_positive, read_arrays

Before = Literal["flat", "line"]
_PARAMETERS: Final = {"flat": 3, "line": 4}
"""Parameters of the two lines, the position of the break among them, by the shape before it."""
_FEWEST_POINTS: Final = 6
BEYOND: Final = 2
"""Points beyond a break that show it."""
_LEVEL: Final = "one level"
_SIGNIFICANCE: Final = 0.01
"""Probability below which two lines count as better than one."""
_GRID: Final = 400
"""Positions of the break that are tried first, beside the abscissae themselves."""
_REFINEMENTS: Final = 60
"""Quarterings of the step about the best position, and halvings of the ends of its interval."""
_SMALLEST_SUM: Final = 1e-300
"""In place of a sum of squares of 0, so that it can be divided by."""
_NUMBERS: Final = (
    *("exists", "position", "interval", "confidence", "level", "slope_before", "slope_after"),
    *("residual_std", "p_value", "reason"),
)
"""What files hold of an onset beside its points."""
LAYOUT: Final = TableLayout(
    names={
        "current_density": ("j", "current density"),
        "ratio": ("r/r0", "s/s0", "ratio"),
    },
    units={"current_density": "A/m2", "ratio": "1"},
    needed=({"current_density", "ratio"},),
    errors=("ratio",),
    expected='no line with the headers "J (A/cm2)" and "R/R0" or "S/S0" was found',
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Onset(EvidenceResult):
    """Break of a curve, or the statement that there is none.

    Parameters
    ----------
    x, ratio : ndarray of shape (n,)
        The points: current densities in A/m2, or voltages, and R/R0 or S/S0.
    std : ndarray of shape (n,) or None
        Stated standard deviations of the ratios.
    exists : bool
        Whether two lines with a break describe the points better than one line, and the second falls.
    position : float
        Of the break, in the unit of the abscissa; NaN without one.
    interval : tuple of float
        Confidence interval of the position; an end is NaN where the points do not bound it.
    confidence : float
        Its probability.
    level, slope_before, slope_after : float
        Value at the break, slopes before and after it.
    residual_std : float
        Scatter of the points about the lines.
    p_value : float
        Probability that points without a break would look as broken as these.
    reason : str
        Why there is none; empty if there is.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.

    Examples
    --------
    >>> J = np.linspace(1e4, 20e4, 39)
    >>> found = onset(J, 1.0 - 1e-6 * np.maximum(J - 11e4, 0.0), std=1e-3)
    >>> round(found.position), round(found.slope_after * 1e6, 3)
    (110000, -1.0)
    """

    kind: ClassVar[str] = "onset"

    x: Array
    ratio: Array
    std: Array | None
    exists: bool
    position: float
    interval: tuple[float, float]
    confidence: float
    level: float
    slope_before: float
    slope_after: float
    residual_std: float
    p_value: float
    reason: str = ""

    def value_at(self, x: ArrayLike) -> Array:
        """Ratios of the fitted lines.

        Parameters
        ----------
        x : array_like
            In the unit of the abscissa.

        Returns
        -------
        ndarray
            In the shape of x.
        """
        away = floats(x) - (self.position if self.exists else 0.0)
        return (
            self.level + self.slope_before * np.minimum(away, 0.0) + self.slope_after * np.maximum(away, 0.0)
        )

    def tables(self) -> dict[str, ResultTable]:
        """The points with the fitted lines.

        Returns
        -------
        dict of str to ResultTable
            ``points``, the ratios over the unit of the abscissa.
        """
        columns = {"ratio": self.ratio, "fitted": self.value_at(self.x)}
        if self.std is not None:
            columns["ratio_std"] = self.std
        return {"points": table({"x": (("point",), self.x)}, columns)}

    @property
    def no_onset_up_to(self) -> float:
        """Largest abscissa up to which a level curve has no break; NaN where it has one, or is not level.

        A break nearer to the end than `BEYOND` points would not be seen: the onset lies at this or above it.
        """
        return float(np.sort(self.x)[-1 - BEYOND]) if self.reason.startswith(_LEVEL) else float("nan")

    def _header(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _NUMBERS}

    def _doubts(self) -> Iterator[str]:
        if self.exists and not np.all(np.isfinite(self.interval)):
            yield "the points do not bound the onset on both sides"

    def _title(self) -> str:
        if not self.exists:
            above = f"; no onset up to {self.no_onset_up_to:.6g}" if np.isfinite(self.no_onset_up_to) else ""
            return f"no onset: {self.reason}{above}"
        low, high = (f"{v:.6g}" if np.isfinite(v) else "open" for v in self.interval)
        return f"onset at {self.position:.6g} ({self.confidence:.0%} interval {low} to {high})"


def onset(
    x: ArrayLike,
    ratio: ArrayLike,
    std: ArrayLike | None = None,
    *,
    before: Before = "flat",
    confidence: float = 0.683,
) -> Onset:
    r"""Where a curve begins to fall, with a confidence interval.

    .. math:: y = y_0 + b_1 \min(x - x_c, 0) + b_2 \max(x - x_c, 0)

    fitted by least squares, with b_1 = 0 for ``before="flat"``. For given x_c the model is linear, so that
    the sum of squares SS(x_c) is exact; its smallest value gives the break, and the interval holds every x_c
    with

    .. math:: SS(x_c) - SS_{min} \le F_{1, \nu}\,SS_{min}/\nu,

    the profile likelihood of normal errors whose size is not known; with `std` it is
    :math:`\chi^2(x_c) - \chi^2_{min} \le \chi^2_1`. Whether there is a break at all is decided by an F-test
    (with `std` by chi squared) of two lines against one straight line, or one level for ``"flat"``, at 1 %.

    Parameters
    ----------
    x : array_like, shape (n,)
        Current densities in A/m2, or voltages; at least six different ones.
    ratio : array_like, shape (n,)
        R/R0 or S/S0 after it has settled at each.
    std : float or array_like, optional
        Standard deviation of the ratios; by default their scatter about the lines.
    before : {"flat", "line"}
        Whether the curve is level before the break or may have a slope (heating by the current).
    confidence : float
        Probability of the interval, 0.683 for one standard deviation.

    Returns
    -------
    Onset
        The break with its interval in the unit of `x`, or the reason why there is none.

    Raises
    ------
    InputError
        For too few points, lengths that differ, numbers that are not finite, an unknown word: all at once.

    Notes
    -----
    The way Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8, reads J_c from its curves, by eye.
    Broken-stick regression: D. V. Hinkley, Biometrika 56 (1969) 495 (remembered).

    Examples
    --------
    >>> J = np.linspace(1e4, 20e4, 39)
    >>> print(onset(J, 1.0 - 1e-6 * np.maximum(J - 11e4, 0.0), std=1e-3))
    onset at 110000 (68% interval 109...)
    >>> print(onset(J, np.ones(39), std=1e-3))
    no onset: one level describes the points as well (p = 1); no onset up to 190000
    """
    x, y, sigma = _checked(x, ratio, std, before, confidence)
    is_known, flat = sigma is not None, before == "flat"
    weight = np.ones_like(y) if sigma is None else 1.0 / sigma
    fit = _BrokenLine(x, y, weight, flat=flat)
    position, least = fit.minimum()
    free = len(x) - _PARAMETERS[before]
    without, count = fit.without_break()
    p_value = _p_value(without, least, _PARAMETERS[before] - count, free, is_known)
    level, first, second = fit.lines(position)
    scatter = float(np.sqrt(np.sum((fit.residuals(position) / weight) ** 2) / free))
    reason = ""
    if p_value > _SIGNIFICANCE:
        one = _LEVEL if flat else "one straight line"
        reason = f"{one} describes the points as well (p = {p_value:.2g})"
    elif second >= min(first, 0.0):
        reason = "the curve does not fall beyond its break"
    interval = (np.nan, np.nan)
    if reason:
        position = np.nan
        level, first = fit.single()
        second = first
    else:
        rise = student_factor(inf if is_known else free, confidence) ** 2
        rise *= 1.0 if is_known else least / free
        interval = fit.interval(position, least + rise)
    return Onset(
        x=x,
        ratio=y,
        std=None if sigma is None else np.broadcast_to(sigma, y.shape),
        exists=not reason,
        position=position,
        interval=interval,
        confidence=confidence,
        level=level,
        slope_before=first,
        slope_after=second,
        residual_std=scatter,
        p_value=p_value,
        reason=reason,
    )


def read_onset_curve(path: str | Path) -> tuple[Array, Array, Array | None]:
    r"""Read current densities and ratios from a table.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with headers such as ``J (A/cm2), R/R0`` or ``J (A/cm2), S/S0, std``, in
        any order.

    Returns
    -------
    density, ratio : ndarray of shape (n,)
        Current density in A/m2, R/R0 or S/S0.
    std : ndarray of shape (n,) or None
        Standard deviation of the ratio, if there is such a column.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty).

    Examples
    --------
    >>> _ = Path("onset.csv").write_text("J (A/cm2),S/S0\n1,1.00\n2,0.99\n")
    >>> read_onset_curve("onset.csv")
    (array([10000., 20000.]), array([1.  , 0.99]), None)
    """
    found = read_table(path, LAYOUT)
    return found.numbers["current_density"], found.numbers["ratio"], found.stds.get("ratio")


def critical_voltage_of_onset(found: Onset, sigma: float, length: float) -> tuple[float, tuple[float, float]]:
    r"""Critical voltage of an onset over the current density.

    .. math:: V_c = \frac{J_c L}{\sigma}

    Parameters
    ----------
    found : Onset
        Over the current density in A/m2.
    sigma : float
        Conductivity in S/m.
    length : float
        L of the superionic part in m.

    Returns
    -------
    voltage : float
        V_c in V; NaN without an onset.
    interval : tuple of float
        Its confidence interval in V, from that of J_c alone.

    Raises
    ------
    InputError
        For a conductivity or a length that is not above 0.

    Notes
    -----
    Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8: the voltage over the superionic part decides,
    so that V_c, and not J_c, is a property of the material.

    Examples
    --------
    >>> J = np.linspace(1e4, 20e4, 39)
    >>> found = onset(J, 1.0 - 1e-6 * np.maximum(J - 11e4, 0.0), std=1e-3)
    >>> round(critical_voltage_of_onset(found, 122e2, 10e-3)[0], 4)
    0.0902
    """
    with Faults() as faults:
        check_positive(faults, sigma=sigma, length=length)
    factor = length / sigma
    return factor * found.position, (factor * found.interval[0], factor * found.interval[1])


def _checked(
    x: ArrayLike, ratio: ArrayLike, std: ArrayLike | None, before: str, confidence: float
) -> tuple[Array, Array, Array | None]:
    with Faults() as faults:
        values, curve = read_arrays({"x": x, "ratio": ratio}, faults)
        sigma = None if std is None else floats(std)
        if (count := np.unique(values).size) < _FEWEST_POINTS:
            faults.add("x", int(count), f"at least {_FEWEST_POINTS} different abscissae are expected")
        if sigma is not None:
            if not np.all(np.isfinite(sigma) & (sigma > 0)):
                faults.add("std", std, "finite numbers above 0 are expected")
            elif sigma.ndim and sigma.shape != curve.shape:
                faults.add("std", sigma.shape, "one number or one for each point is expected")
        if before not in _PARAMETERS:
            faults.add("before", before, '"flat" or "line" is expected')
        if not 0.0 < confidence < 1.0:
            faults.add("confidence", confidence, "a number between 0 and 1 is expected")
    order = np.argsort(values, kind="stable")
    spread = None if sigma is None else np.broadcast_to(sigma, curve.shape)[order]
    return values[order], curve[order], spread


def _p_value(without: float, least: float, more: int, free: int, is_known: bool) -> float:
    """Probability of as large a gain without a break; the break and its slope count as two parameters."""
    from scipy.special import chdtrc, fdtrc

    if is_known:
        return float(chdtrc(more, without - least))
    return float(fdtrc(more, free, (without - least) / more / (least / free)))


class _BrokenLine:
    """Weighted least squares of a level or a line, then another line, over the position of the break.

    Both lines together are a level or line plus c max(x - x_c, 0). For given x_c that is linear: the level or
    line is projected out of the points and of max(x - x_c, 0), and c follows from what remains of both.

    `x`, `y` (n,): points by rising x.
    `weight` (n,): 1 over their standard deviations.
    `flat`: whether the curve is level before the break.
    """

    def __init__(self, x: Array, y: Array, weight: Array, *, flat: bool) -> None:
        self.start, self.width = float(x[0]), float(x[-1] - x[0])
        self.x, self.y, self.weight, self.flat = (x - self.start) / self.width, y, weight, flat
        base = np.ones((len(x), 1)) if flat else np.column_stack([np.ones_like(x), self.x])
        self._base = base
        self._basis = np.linalg.qr(base * weight[:, None])[0]
        self._rest = self._project(y * weight)
        inner = np.unique(self.x)
        # two different abscissae beyond the break, and before it too if there is a slope
        low, high = inner[0 if flat else 1], inner[-2]
        grid = np.concatenate([np.linspace(low, high, _GRID), inner])
        self.grid = np.unique(grid[(grid >= low) & (grid <= high)])

    def sums(self, at: ArrayLike) -> Array:
        """Smallest sum of squares for breaks at scaled positions, shape (m,)."""
        beyond = self._project(np.maximum(self.x - np.atleast_1d(at)[:, None], 0.0) * self.weight)
        share = (beyond @ self._rest) / np.sum(beyond**2, axis=1)
        return np.sum((self._rest - share[:, None] * beyond) ** 2, axis=1)

    def minimum(self) -> tuple[float, float]:
        """Break with the smallest sum of squares, and that sum, never 0."""
        sums = self.sums(self.grid)
        at = int(np.argmin(sums))
        low, high = self.grid[max(at - 1, 0)], self.grid[min(at + 1, len(self.grid) - 1)]
        for _ in range(_REFINEMENTS):
            fine = np.linspace(low, high, 5)
            near = int(np.argmin(self.sums(fine)))
            low, high = fine[max(near - 1, 0)], fine[min(near + 1, 4)]
        best = 0.5 * (low + high)
        least = min(float(self.sums(best)[0]), float(sums[at]))
        return self.start + self.width * float(best), max(least, _SMALLEST_SUM)

    def without_break(self) -> tuple[float, int]:
        """Sum of squares of one level or one line, and its number of parameters."""
        return float(self._rest @ self._rest), self._base.shape[1]

    def lines(self, position: float) -> tuple[float, float, float]:
        """Level at the break and the slopes before and after it."""
        at = (position - self.start) / self.width
        found = self._solved(np.column_stack([self._base, np.maximum(self.x - at, 0.0)]))
        before = 0.0 if self.flat else float(found[1])
        level = float(found[0]) + before * at
        return level, before / self.width, (before + float(found[-1])) / self.width

    def single(self) -> tuple[float, float]:
        """Value at zero and slope of one level or line."""
        found = self._solved(self._base)
        slope = 0.0 if self.flat else float(found[1]) / self.width
        return float(found[0]) - slope * self.start, slope

    def residuals(self, position: float) -> Array:
        """Weighted distances of the points from the lines."""
        level, before, after = self.lines(position)
        x = self.start + self.width * self.x - position
        return (self.y - level - before * np.minimum(x, 0.0) - after * np.maximum(x, 0.0)) * self.weight

    def interval(self, position: float, allowed: float) -> tuple[float, float]:
        """Outermost breaks whose sum of squares is allowed; NaN where the points do not bound them."""
        at = (position - self.start) / self.width
        inside = np.append(self.grid[self.sums(self.grid) <= allowed], at)
        ends = np.array([inside.min(), inside.max()])
        below, above = self.grid[self.grid < ends[0]], self.grid[self.grid > ends[1]]
        beyond = np.array([below[-1] if below.size else np.nan, above[0] if above.size else np.nan])
        edges, _ = halve(lambda middle: self.sums(middle) <= allowed, ends, beyond, _REFINEMENTS)
        low, high = self.start + self.width * np.where(np.isnan(beyond), np.nan, edges)
        return float(low), float(high)

    def _project(self, values: Array) -> Array:
        """What the level or line cannot describe."""
        return values - (values @ self._basis) @ self._basis.T

    def _solved(self, design: Array) -> Array:
        found = np.linalg.lstsq(design * self.weight[:, None], self.y * self.weight, rcond=None)[0]
        return floats(found)
