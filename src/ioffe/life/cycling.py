"""Thermal cycling: drift and scatter of measured cycles, and the Coffin-Manson law.

>>> import numpy as np
>>> power = 0.278 * (1 + np.array([0.0, 0.01, -0.008, 0.012, -0.01, 0.004, 0.006, -0.012, 0.009, -0.002]))
>>> report = cycling_statistics(power)
>>> report.within(0.05), report.drift_is_significant()
(True, False)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.confidence import student_factor
from ioffe.base.errors import Faults
from ioffe.base.units import floats


def check_positive(**values: float) -> None:
    """Refuse what is not a finite number above 0, by the names of the arguments."""
    faults = Faults()
    for name, value in values.items():
        if not 0.0 < value < inf:
            faults.add(name, value, "a number above 0 is expected")
    faults.raise_if_any()


@dataclass(frozen=True)
class CoffinManson:
    r"""Cycles of a temperature swing that a joint survives, or that change it as much as a reference cycle.

    .. math:: N(\Delta T) = N_\mathrm{ref} \left(\frac{\Delta T}{\Delta T_\mathrm{ref}}\right)^{-m}

    For the exponent: about 2 for solder, 2 to 3 for ductile metals, larger for brittle layers (remembered
    ranges; measure your own). Valid while one mechanism decides and every cycle strains plastically.

    Parameters
    ----------
    delta_T : float
        Reference swing in K.
    exponent : float
        m.
    cycles : float
        N_ref, cycles to failure at the reference swing; 1 where only the factor between swings matters.

    Examples
    --------
    >>> joint = CoffinManson(100.0, 2.0, cycles=10_000.0)
    >>> joint.cycles_to_failure(200.0), joint.factor(200.0)
    (2500.0, 4.0)
    """

    delta_T: float
    exponent: float
    cycles: float = 1.0

    def __post_init__(self) -> None:
        check_positive(delta_T=self.delta_T, exponent=self.exponent, cycles=self.cycles)

    def factor(self, delta_T: ArrayLike) -> Array | float:
        """Reference cycles that one cycle of a swing in K counts for.

        Parameters
        ----------
        delta_T : array_like
            Swing of the temperature in K; its sign does not count.

        Returns
        -------
        float or ndarray
            Dimensionless, (delta_T over the reference swing)^exponent.
        """
        found = (np.abs(floats(delta_T)) / self.delta_T) ** self.exponent
        return float(found) if found.ndim == 0 else found

    def cycles_to_failure(self, delta_T: float) -> float:
        """Cycles of a swing in K until failure; infinite without a swing.

        Parameters
        ----------
        delta_T : float
            Swing of the temperature in K; its sign does not count.

        Returns
        -------
        float
            Number of cycles.
        """
        factor = float(self.factor(delta_T))
        return self.cycles / factor if factor > 0.0 else inf

    def damage(self, delta_T: ArrayLike, count: ArrayLike) -> float:
        """Share of the life that cycles of several swings use up, added as Miner does; failure at 1.

        Parameters
        ----------
        delta_T : array_like
            Swings in K.
        count : array_like
            How many cycles of each.

        Returns
        -------
        float
            Sum of n_i/N_i, dimensionless.
        """
        return float(np.sum(floats(count) * self.factor(delta_T)) / self.cycles)


@dataclass(frozen=True)
class CyclingStatistics:
    """A straight line through a quantity over the cycles, and what scatters about it.

    Attributes
    ----------
    count : int
        Cycles with a value.
    first, mean : float
        In the unit of the quantity; `first` is that of the line at the first cycle.
    drift, drift_std : float
        Slope by cycle over the mean, and its standard error.
    scatter : float
        Standard deviation of a single cycle about the line, over the mean.
    largest : float
        Largest deviation of a cycle from the mean, over the mean.

    Examples
    --------
    >>> falls = cycling_statistics([1.00, 0.99, 0.98, 0.97, 0.96])
    >>> falls.count, round(falls.mean, 6), round(falls.largest, 6)  # 0.02 of 0.98
    (5, 0.98, 0.020408)
    """

    count: int
    first: float
    mean: float
    drift: float
    drift_std: float
    scatter: float
    largest: float

    def within(self, share: float) -> bool:
        """Whether every cycle lies within a share of the mean, such as 0.05.

        Parameters
        ----------
        share : float
            Largest deviation, relative to the mean.

        Returns
        -------
        bool
        """
        return self.largest <= share

    def drift_interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Confidence interval of the relative drift by cycle, by Student's t.

        Parameters
        ----------
        confidence : float
            Probability that the interval holds the true value, such as 0.95.

        Returns
        -------
        low, high : float
            Relative change by cycle.
        """
        half = student_factor(self.count - 2, confidence) * self.drift_std
        return self.drift - half, self.drift + half

    def drift_is_significant(self, confidence: float = 0.95) -> bool:
        """Whether the confidence interval of the drift leaves out zero.

        Parameters
        ----------
        confidence : float
            Probability that the interval holds the true value, such as 0.95.

        Returns
        -------
        bool
            Whether it does at that probability.
        """
        low, high = self.drift_interval(confidence)
        return low > 0.0 or high < 0.0

    def cycles_to(self, loss: float, confidence: float = 0.95) -> tuple[float, float, float]:
        """Cycles after which a share is lost if the drift stays: of the drift, of its interval's two ends.

        Infinite where the quantity does not fall.

        Parameters
        ----------
        loss : float
            Share of the mean that is lost.
        confidence : float
            Probability that the interval holds the true value, such as 0.95.

        Returns
        -------
        by_drift, by_low, by_high : float
            Numbers of cycles.
        """
        low, high = self.drift_interval(confidence)
        found = [loss / -slope if slope < 0.0 else inf for slope in (self.drift, low, high)]
        return found[0], found[1], found[2]


def cycling_statistics(values: ArrayLike, cycles: ArrayLike | None = None) -> CyclingStatistics:
    """Drift by cycle and scatter of a measured quantity, by least squares.

    Parameters
    ----------
    values : array_like, shape (n,)
        Such as P_max in every cycle, above zero; NaN where a cycle has none.
    cycles : array_like, shape (n,), optional
        Numbers of the cycles, rising; by default 1, 2, 3 ...

    Returns
    -------
    CyclingStatistics
        Drift and scatter relative to the mean, so that the unit of the values does not matter.

    Raises
    ------
    InputError
        With fewer than three cycles, cycles that do not rise, or values that are not above zero.

    Examples
    --------
    >>> found = cycling_statistics([1.00, 0.99, 0.98, 0.97, 0.96])  # a line that falls by 0.01 of 0.98
    >>> print(f"{found.drift:.6f} by cycle, half is lost after {found.cycles_to(0.5)[0]:.0f} cycles")
    -0.010204 by cycle, half is lost after 49 cycles
    """
    y = np.atleast_1d(floats(values))
    x = np.arange(1.0, len(y) + 1.0) if cycles is None else np.atleast_1d(floats(cycles))
    faults = Faults()
    if y.ndim != 1 or x.shape != y.shape:
        faults.add("cycles", x.shape, f"one number for each of the {y.size} values is expected")
        faults.raise_if_any()
    for k in np.flatnonzero(np.diff(x) <= 0.0):
        faults.add(f"cycles[{k + 1}]", float(x[k + 1]), f"a cycle after {x[k]:g} is expected")
    for k in np.flatnonzero(y <= 0.0):
        faults.add(f"values[{k}]", float(y[k]), "a value above zero is expected")
    good = np.isfinite(y)
    if np.sum(good) < 3:
        faults.add("values", int(np.sum(good)), "at least three cycles with a value are expected")
    faults.raise_if_any()
    x, y = x[good], y[good]
    mean, middle = float(np.mean(y)), float(np.mean(x))
    spread = float(np.sum((x - middle) ** 2))
    slope = float(np.sum((x - middle) * y)) / spread
    rest = y - mean - slope * (x - middle)
    scatter = sqrt(float(np.sum(rest**2)) / (len(y) - 2))
    first, largest = mean + slope * (float(x[0]) - middle), float(np.max(np.abs(y / mean - 1.0)))
    drift_std = scatter / sqrt(spread) / mean
    return CyclingStatistics(len(y), first, mean, slope / mean, drift_std, scatter / mean, largest)
