"""Survival of devices: Weibull's distribution, its fit to failed and unfailed devices, series of parts.

>>> fit = fit_weibull([900.0, 1500.0, 1300.0, 2100.0, 2500.0], [True, True, True, True, False])
>>> print(f"{fit.shape:.2f} {fit.scale:.0f} h, B10 {fit.B(0.1):.0f} h")
2.59 1970 h, B10 826 h
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, gamma, inf, isfinite, log, sqrt
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.arrays import Array
from ioffe.base.confidence import student_factor
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import floats
from ioffe.life.cycling import check_positive

WIDEST = 60.0
"""Shapes are looked for up to this many times the one that the spread of the logarithms suggests."""


@dataclass(frozen=True)
class Weibull:
    r"""Weibull's distribution of times to failure, :math:`R(t) = \exp[-(t/\lambda)^k]`.

    Parameters
    ----------
    shape : float
        k: below 1 early failures, 1 random failures, above 1 wear.
    scale : float
        lambda in s, the time at which 63 % have failed.

    Examples
    --------
    >>> print(f"{Weibull(2.0, 1000.0).survival(1000.0):.4f}")
    0.3679
    """

    shape: float
    scale: float

    def __post_init__(self) -> None:
        check_positive(shape=self.shape, scale=self.scale)

    def survival(self, t: ArrayLike) -> Array | float:
        """Share of devices that have not failed at times in s.

        Parameters
        ----------
        t : array_like
            In s; before 0 every device works.

        Returns
        -------
        float or ndarray
            exp(-(t/scale)^shape), in the shape of t.
        """
        return SeriesSystem((self,), (1,)).survival(t)

    def B(self, share: float) -> float:
        """Time in s at which a share of the devices has failed: ``B(0.1)`` is B10.

        Parameters
        ----------
        share : float
            Of devices that have failed, between 0 and 1.

        Returns
        -------
        float
            In s, scale [-ln(1 - share)]^(1/shape).

        Raises
        ------
        InputError
            For a share that is not between 0 and 1.
        """
        return self.scale * _exponent_at(share) ** (1.0 / self.shape)

    @property
    def mean(self) -> float:
        """Mean time to failure in s."""
        return self.scale * gamma(1.0 + 1.0 / self.shape)

    def hazard(self, t: ArrayLike) -> Array:
        """Failures by time of the devices that still work, in 1/s.

        Parameters
        ----------
        t : array_like
            In s.

        Returns
        -------
        ndarray
            (shape/scale) (t/scale)^(shape - 1), in 1/s.
        """
        x = floats(t) / self.scale
        return self.shape / self.scale * x ** (self.shape - 1.0)

    def of_series(self, count: int) -> Weibull:
        """Distribution of a chain of equal parts that fails with the first of them: its scale is smaller.

        Parameters
        ----------
        count : int
            Number of parts, from 1 on.

        Returns
        -------
        Weibull
            Of the same shape, the scale divided by count^(1/shape).

        Raises
        ------
        InputError
            For a count below 1.

        Examples
        --------
        >>> round(Weibull(2.0, 1000.0).of_series(4).scale)
        500
        """
        if count < 1:
            raise InputError(Fault("count", count, "a whole number from 1 on is expected"))
        return Weibull(self.shape, self.scale * count ** (-1.0 / self.shape))


@dataclass(frozen=True)
class WeibullFit(Weibull):
    """A fitted distribution.

    Attributes
    ----------
    covariance : ndarray, shape (2, 2)
        Of ln shape and ln scale, from the observed information.
    log_likelihood : float
    failures, count : int
        Devices that failed, and all devices.

    Examples
    --------
    >>> wear = fit_weibull([90.0, 110.0, 100.0, 95.0, 105.0])
    >>> wear.failures, wear.count
    (5, 5)
    >>> low, high = wear.scale_interval()
    >>> round((low * high) ** 0.5 / wear.scale, 9)  # normal in the logarithm: the geometric mean is the scale
    1.0
    """

    covariance: Array
    log_likelihood: float
    failures: int
    count: int

    def shape_interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Confidence interval of the shape, normal in its logarithm.

        Parameters
        ----------
        confidence : float
            Probability that the interval holds the true value, such as 0.95.

        Returns
        -------
        low, high : float
            A dimensionless number each.
        """
        return _interval(log(self.shape), sqrt(self.covariance[0, 0]), confidence)

    def scale_interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Confidence interval of the scale in s, normal in its logarithm.

        Parameters
        ----------
        confidence : float
            Probability that the interval holds the true value, such as 0.95.

        Returns
        -------
        low, high : float
            In s.
        """
        return _interval(log(self.scale), sqrt(self.covariance[1, 1]), confidence)

    def B_interval(self, share: float, confidence: float = 0.95) -> tuple[float, float]:
        """Confidence interval in s of the time at which a share has failed, normal in its logarithm.

        Parameters
        ----------
        share : float
            Of devices that have failed, between 0 and 1.
        confidence : float
            Probability that the interval holds the true value, such as 0.95.

        Returns
        -------
        low, high : float
            In s.
        """
        slope = np.array([-log(_exponent_at(share)) / self.shape, 1.0])
        return _interval(log(self.B(share)), sqrt(float(slope @ self.covariance @ slope)), confidence)


@dataclass(frozen=True)
class SeriesSystem:
    """Parts of which the first failure ends the whole, R(t) = prod R_i(t)^n_i.

    Parameters
    ----------
    parts : tuple of Weibull
    counts : tuple of int
        How many there are of each.

    Examples
    --------
    >>> parts = SeriesSystem((Weibull(1.0, 1000.0), Weibull(1.0, 500.0)), (1, 2))  # rates of exponentials add
    >>> print(f"{parts.survival(200.0):.6f}")  # exp(-200/1000 - 2 x 200/500) = exp(-1)
    0.367879
    """

    parts: tuple[Weibull, ...]
    counts: tuple[int, ...]

    def survival(self, t: ArrayLike) -> Array | float:
        """Share of devices in which every part works at times in s.

        Parameters
        ----------
        t : array_like
            In s; before 0 every part works.

        Returns
        -------
        float or ndarray
            Product of the survivals of all parts, in the shape of t.
        """
        t = np.maximum(floats(t), 0.0)
        found = np.exp(-self._exponent(t))
        return float(found) if found.ndim == 0 else found

    def B(self, share: float) -> float:
        """Time in s at which a share of the devices has failed.

        Parameters
        ----------
        share : float
            Of devices that have failed, between 0 and 1.

        Returns
        -------
        float
            In s.

        Raises
        ------
        InputError
            For a share that is not between 0 and 1.
        """
        from scipy.optimize import brentq

        level = _exponent_at(share)
        rows = tuple(zip(self.parts, self.counts, strict=True))
        high = min(part.of_series(count).B(share) for part, count in rows)
        low = min(part.of_series(count * len(rows)).B(share) for part, count in rows)
        if low == high:
            return high
        found = brentq(lambda t: float(self._exponent(np.asarray(t))) - level, low, high, xtol=1e-12 * high)
        return cast(float, found)

    def _exponent(self, t: Array) -> Array:
        rows = zip(self.parts, self.counts, strict=True)
        return np.sum([count * (t / part.scale) ** part.shape for part, count in rows], axis=0)


def series(parts: Sequence[Weibull], counts: Sequence[int] | None = None) -> SeriesSystem:
    """A chain of different parts, such as all legs and all solder joints of a module.

    Parameters
    ----------
    parts
        Distribution of each kind of part.
    counts
        How many there are of each; by default one.

    Returns
    -------
    SeriesSystem

    Raises
    ------
    InputError
        Without parts, or for counts that do not fit them.

    Examples
    --------
    >>> chain = series([Weibull(1.0, 1000.0), Weibull(3.0, 800.0)], [2, 4])
    >>> print(f"{chain.survival(100.0):.4f} {chain.B(0.1):.1f}")
    0.8124 52.1
    """
    counts = (1,) * len(parts) if counts is None else tuple(counts)
    faults = Faults()
    if not parts or len(parts) != len(counts):
        faults.add("counts", list(counts), f"one number for each of the {len(parts)} parts is expected")
    for k, count in enumerate(counts):
        if not (isinstance(count, int | np.integer) and count >= 1):
            faults.add(f"counts[{k}]", count, "a whole number from 1 on is expected")
    faults.raise_if_any()
    return SeriesSystem(tuple(parts), counts)


def fit_weibull(times: ArrayLike, failed: ArrayLike | None = None) -> WeibullFit:
    """Weibull's distribution by maximum likelihood, with devices that have not failed yet.

    The shape solves sum(t^k ln t)/sum(t^k) - 1/k = mean of ln t of the failed ones (sums over all devices),
    the scale is (sum(t^k)/failures)^(1/k). The estimate of the shape is biased upwards for few failures.

    Parameters
    ----------
    times : array_like, shape (n,)
        In s, above zero: of the failure, or up to which a device has worked.
    failed : array_like of bool, shape (n,), optional
        Whether it failed then; by default all did.

    Returns
    -------
    WeibullFit
        With the scale in s and the covariance of the logarithms of shape and scale.

    Raises
    ------
    InputError
        With fewer than two failures, equal times, or times that are not above zero.

    Examples
    --------
    >>> wear = fit_weibull([90.0, 110.0, 100.0, 95.0, 105.0])
    >>> round(wear.B(0.632120559), 6) == round(wear.scale, 6)  # 1 - 1/e have failed at the scale
    True
    """
    t = np.atleast_1d(floats(times))
    dead = np.ones(t.shape, bool) if failed is None else np.atleast_1d(np.asarray(failed))
    faults = Faults()
    for k in np.flatnonzero(~((t > 0.0) & np.isfinite(t))):
        faults.add(f"times[{k}]", float(t[k]), "a time above zero is expected")
    if dead.shape != t.shape or dead.dtype != bool:
        faults.add("failed", dead.shape, f"true or false for each of the {t.size} times is expected")
        faults.raise_if_any()
    if np.sum(dead) < 2 or np.ptp(t[dead]) == 0.0:
        faults.add("times", int(np.sum(dead)), "at least two failures at different times are expected")
    faults.raise_if_any()
    unit = exp(float(np.mean(np.log(t))))
    x = np.log(t / unit)
    shape = _shape(x, dead)
    weights = np.exp(shape * x)
    count = int(np.sum(dead))
    scale = (float(np.sum(weights)) / count) ** (1.0 / shape)
    # second derivatives of -ln L by ln k and ln lambda
    z = shape * (x - log(scale))
    e = np.exp(z)
    own = float(np.sum(e * z * z) + np.sum(z * (e - dead)))
    mixed = -shape * float(np.sum(e * (1.0 + z)) - count)
    both = shape * shape * float(np.sum(e))
    likelihood = float(np.sum(z[dead]) - np.sum(e) + count * log(shape) - np.sum(np.log(t[dead])))
    found = np.linalg.inv(np.array([[own, mixed], [mixed, both]]))
    return WeibullFit(shape, unit * scale, found, likelihood, count, len(t))


def _shape(x: Array, dead: NDArray[np.bool_]) -> float:
    """Root of the equation of the shape; it rises with k."""
    from scipy.optimize import brentq

    middle = float(np.mean(x[dead]))

    def equation(k: float) -> float:
        w = np.exp(k * (x - np.max(x)))
        return float(np.sum(w * x) / np.sum(w)) - 1.0 / k - middle

    guess = 1.2825 / float(np.std(x[dead]))
    low, high = guess / WIDEST, guess * WIDEST
    while equation(low) > 0.0:
        low /= WIDEST
    while equation(high) < 0.0:
        high *= WIDEST
    return cast(float, brentq(equation, low, high, xtol=1e-14 * guess))


def kaplan_meier(times: ArrayLike, failed: ArrayLike) -> tuple[Array, Array]:
    """Share of devices that work, without any distribution (Kaplan and Meier).

    Parameters
    ----------
    times : array_like, shape (n,)
        In s: of the failure, or up to which a device has worked.
    failed : array_like of bool, shape (n,)
        Whether it failed then.

    Returns
    -------
    times, survival : ndarray
        After every failure; it begins with 1 at time 0.

    Examples
    --------
    >>> kaplan_meier([1.0, 2.0, 3.0, 4.0], [True, False, True, True])[1]
    array([1.   , 0.75 , 0.375, 0.   ])
    """
    t, dead = floats(times), np.asarray(failed, bool)
    moments = np.unique(t[dead])
    left = np.array([np.sum(t >= moment) for moment in moments])
    lost = np.array([np.sum((t == moment) & dead) for moment in moments])
    return np.concatenate([[0.0], moments]), np.concatenate([[1.0], np.cumprod(1.0 - lost / left)])


def _exponent_at(share: float) -> float:
    """-ln R where a share has failed."""
    if not 0.0 < share < 1.0:
        raise InputError(Fault("share", share, "a share above 0 and below 1 is expected"))
    return float(-np.log1p(-share))


def _interval(middle: float, std: float, confidence: float) -> tuple[float, float]:
    half = student_factor(probability=confidence) * std
    return exp(middle - half), exp(middle + half) if isfinite(half) else inf
