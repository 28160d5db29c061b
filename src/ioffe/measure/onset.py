"""Where a curve begins to fall: critical current density and voltage of a mixed conductor.

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

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Faults
from ioffe.measure._broken_line import BrokenLine

__all__ = ["Onset", "critical_voltage_of_onset", "onset"]

Array = NDArray[np.float64]
Before = Literal["flat", "line"]
BEFORE = ("flat", "line")
FEWEST = 6
SIGNIFICANCE = 0.01
"""Probability below which two lines count as better than one."""


@dataclass(frozen=True, eq=False)
class Onset:
    """Break of a curve, or the statement that there is none.

    Parameters
    ----------
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
    """

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
        """The fitted lines at x."""
        x = np.asarray(x, float)
        at = self.position if self.exists else 0.0
        return (
            self.level
            + self.slope_before * np.minimum(x - at, 0.0)
            + self.slope_after * np.maximum(x - at, 0.0)
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON; None for what is not there."""
        found = {k: list(v) if isinstance(v, tuple) else v for k, v in vars(self).items()}
        found["interval"] = [v if np.isfinite(v) else None for v in self.interval]
        return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in found.items()}

    def __str__(self) -> str:
        if not self.exists:
            return f"no onset: {self.reason}"
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

    Raises
    ------
    InputError
        For too few points, lengths that differ, numbers that are not finite, an unknown word: all at once.

    Notes
    -----
    The way Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8, reads J_c from its curves, by eye.
    Broken-stick regression: D. V. Hinkley, Biometrika 56 (1969) 495 (remembered).
    """
    x, y, sigma = _checked(x, ratio, std, before, confidence)
    weight = np.ones_like(y) if sigma is None else 1.0 / sigma
    fit = BrokenLine(x, y, weight, flat=before == "flat")
    position, least = fit.minimum()
    free = len(x) - (3 if before == "flat" else 4)
    plain, plain_count = fit.without_break()
    scale = 1.0 if sigma is not None else least / free
    p_value = _p_value(plain, least, plain_count, free, before, sigma is not None)
    level, first, second = fit.lines(position)
    scatter = float(np.sqrt(np.sum((fit.residuals(position) / weight) ** 2) / free))
    reason = ""
    if p_value > SIGNIFICANCE:
        one = "one level" if before == "flat" else "one straight line"
        reason = f"{one} describes the points as well (p = {p_value:.2g})"
    elif second >= min(first, 0.0):
        reason = "the curve does not fall beyond its break"
    if reason:
        level, slope = fit.single()
        return Onset(
            False, np.nan, (np.nan, np.nan), confidence, level, slope, slope, scatter, p_value, reason
        )
    allowed = least + scale * _threshold(confidence, free, sigma is not None)
    interval = fit.interval(position, allowed)
    return Onset(True, position, interval, confidence, level, first, second, scatter, p_value)


def critical_voltage_of_onset(found: Onset, sigma: float, length: float) -> tuple[float, tuple[float, float]]:
    """Critical voltage V_c = J_c L/sigma in V and its interval, of an onset over the current density.

    Parameters
    ----------
    found : Onset
        Over the current density in A/m2.
    sigma : float
        Conductivity in S/m.
    length : float
        Of the superionic part in m.

    Examples
    --------
    >>> J = np.linspace(1e4, 20e4, 39)
    >>> found = onset(J, 1.0 - 1e-6 * np.maximum(J - 11e4, 0.0), std=1e-3)
    >>> round(critical_voltage_of_onset(found, 122e2, 10e-3)[0], 4)
    0.0902
    """
    faults = Faults()
    for name, value in (("sigma", sigma), ("length", length)):
        if not (np.isfinite(value) and value > 0):
            faults.add(name, value, "a finite number above 0 is expected")
    faults.raise_if_any()
    factor = length / sigma
    return factor * found.position, (factor * found.interval[0], factor * found.interval[1])


def _checked(
    x: ArrayLike, ratio: ArrayLike, std: ArrayLike | None, before: str, confidence: float
) -> tuple[Array, Array, Array | None]:
    faults = Faults()
    values, curve = np.asarray(x, float), np.asarray(ratio, float)
    sigma = None if std is None else np.asarray(std, float)
    if values.ndim != 1 or values.shape != curve.shape:
        faults.add("ratio", curve.shape, f"one number for each of the {values.size} abscissae is expected")
    for name, array in (("x", values), ("ratio", curve)):
        if not np.all(np.isfinite(array)):
            faults.add(name, int(np.sum(~np.isfinite(array))), "finite numbers alone are expected")
    if np.unique(values).size < FEWEST:
        faults.add("x", int(np.unique(values).size), f"at least {FEWEST} different abscissae are expected")
    if sigma is not None:
        if not np.all(np.isfinite(sigma) & (sigma > 0)):
            faults.add("std", std, "finite numbers above 0 are expected")
        elif sigma.ndim and sigma.shape != curve.shape:
            faults.add("std", sigma.shape, "one number or one for each point is expected")
    if before not in BEFORE:
        faults.add("before", before, '"flat" or "line" is expected')
    if not 0.0 < confidence < 1.0:
        faults.add("confidence", confidence, "a number between 0 and 1 is expected")
    faults.raise_if_any()
    order = np.argsort(values, kind="stable")
    spread = None if sigma is None else np.broadcast_to(sigma, curve.shape)[order]
    return values[order], curve[order], spread


def _threshold(confidence: float, free: int, known: bool) -> float:
    from scipy.stats import chi2, f

    return float(chi2.ppf(confidence, 1) if known else f.ppf(confidence, 1, free))


def _p_value(plain: float, broken: float, plain_count: int, free: int, before: str, known: bool) -> float:
    """Probability of as large a gain without a break; the break and its slope count as two parameters."""
    from scipy.stats import chi2, f

    more = (3 if before == "flat" else 4) - plain_count
    if known:
        return float(chi2.sf(plain - broken, more))
    return float(f.sf((plain - broken) / more / (broken / free), more, free))
