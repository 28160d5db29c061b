r"""Laws of ageing fitted to a device that was measured over time, through its solved life.

The measured resistance, power or efficiency of the device is compared with that of the device solved at the
same times, so that the temperatures of its interfaces, its electrical and its thermal losses act as they do
there:

.. math:: \min_{p, s} \sum_i \left[ \frac{s_q\, y_q(t_i; p) - y_i}{\sigma_i} \right]^2

with the parameters *p* of the laws, which keep their sign, and a level :math:`s_q` of each quantity, since
the materials of a computed device are seldom those of the measured one: what is fitted is the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError, Faults, did_you_mean
from ioffe.base.least_squares import LeastSquares
from ioffe.base.least_squares_fit import LeastSquaresFit, far_off
from ioffe.base.result import BaseResult
from ioffe.base.table import ResultTable, table
from ioffe.life.degradation import AnyDegradation
from ioffe.life.file import LEVEL, Aged, LifeTask
from ioffe.life.performance import time_words

WIDEST: Final = np.log(1e4)
"""How far a parameter may go from its start, as a logarithm."""
CONFIDENCE: Final = 0.95
IMPROBABLE: Final = 0.01
"""Probability of a larger chi-squared below which the laws do not explain the values."""
ROUNDING: Final = 1e-6
"""Share of a value up to which it does not count as wrong where no errors are stated."""
FEWEST: Final = 2
"""Times at which a quantity must have been measured for its level and a change."""
FARTHEST: Final = 2.0
"""Measured over computed level, or its inverse, beyond which it is doubted."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LifeFit(BaseResult):
    """Parameters of ageing laws that explain a measured device, and what is left.

    Attributes
    ----------
    names : tuple of str
        Path and parameter, such as ``legs.contact.electrical.final``.
    values, low, high : ndarray of shape (parameters,)
        In SI, and their 95 % interval by the profile of the sum of squares; infinite ends where the data set
        none.
    levels : mapping of str to float
        Measured over computed, by quantity; 1 where the level was not fitted.
    measured : tuple of Aged
    fitted : ndarray of shape (measured,)
        Computed values times the levels.
    reduced_chi_squared : float
        Of the residuals in standard deviations; NaN where none are stated.
    scatter : float
        Standard deviation of the values about the laws, as a share of them, where no errors are stated.
    degrees_of_freedom : int
        Values less parameters and levels; both numbers are NaN without any.
    task : LifeTask
        The life with the fitted laws, whose bands follow from the errors.
    """

    kind: ClassVar[str] = "life_fit"

    names: tuple[str, ...]
    values: Array
    low: Array
    high: Array
    levels: Mapping[str, float]
    measured: tuple[Aged, ...]
    fitted: Array
    reduced_chi_squared: float
    scatter: float
    degrees_of_freedom: int
    task: LifeTask

    @property
    def undetermined(self) -> tuple[str, ...]:
        """Parameters with an open interval: a life with them is not known."""
        closed = (self.low > 0.0) & np.isfinite(self.high) | (self.high < 0.0) & np.isfinite(self.low)
        return tuple(name for name, one in zip(self.names, closed, strict=True) if not one)

    @property
    def agreement(self) -> str:
        """How well the laws explain the values, in words."""
        if self.degrees_of_freedom < 1:
            return "no degrees of freedom: nothing is left to test the laws"
        if np.isfinite(self.scatter):
            return f"scatter about the laws {100.0 * self.scatter:.2g} %"
        return f"reduced chi-squared {self.reduced_chi_squared:.3g}"

    def tables(self) -> dict[str, ResultTable]:
        """Parameters with their intervals, and the measured beside the fitted values."""
        columns = {"value": self.values, "low": self.low, "high": self.high}
        points = {
            "quantity": np.array([one.quantity for one in self.measured]),
            "time": np.array([one.time for one in self.measured]),
            "value": np.array([one.value for one in self.measured]),
            "std": np.array([one.std for one in self.measured]),
            "fitted": self.fitted,
        }
        return {
            "parameters": table({"parameter": np.array(self.names)}, columns),
            "points": table({"point": np.arange(len(self.measured))}, points, {"time": "s"}),
        }

    def at_level(self) -> tuple[Aged, ...]:
        """The measured values over their levels, to be drawn with the computed curves.

        Returns
        -------
        tuple of Aged
        """
        return tuple(
            replace(one, value=one.value / level, std=one.std / level, condition=f"{LEVEL} {level:.4g}")
            for one, level in ((one, self.levels[one.quantity]) for one in self.measured)
        )

    def _header(self) -> dict[str, Any]:
        numbers = {"reduced_chi_squared": self.reduced_chi_squared, "scatter": self.scatter}
        left = {"degrees_of_freedom": self.degrees_of_freedom, "undetermined": list(self.undetermined)}
        return {"levels": dict(self.levels), **numbers, **left}

    def _title(self) -> str:
        return f"{len(self.measured)} measured values explained by {', '.join(self.names)}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for k, name in enumerate(self.names):
            ends = f"({self.low[k]:.3g} to {self.high[k]:.3g}, SI)"
            yield name, f"{self.values[k]:.4g} {ends}" if name not in self.undetermined else "not determined"
        for quantity, level in self.levels.items():
            yield f"level of {quantity}", f"{level:.4g} (measured over computed)"
        yield "agreement", self.agreement
        yield from self._quality()


@dataclass(frozen=True, eq=False)
class _LifeFitTask:
    """Life, measured values, what is free: (number of the degradation, parameter)."""

    task: LifeTask
    free: tuple[tuple[int, str], ...]
    is_level_free: bool
    tolerance: float

    @cached_property
    def times(self) -> Array:
        return np.unique([0.0, self.task.service.duration, *(one.time for one in self.task.measured)])

    @cached_property
    def scale(self) -> Array:
        """Standard deviation of every value; the value itself where none is stated."""
        return np.array([one.std or abs(one.value) for one in self.task.measured])

    @property
    def start(self) -> Array:
        return np.array([self.task.degradations[k].parameters[name] for k, name in self.free])

    def laws(self, u: Array) -> tuple[AnyDegradation, ...]:
        """The degradations at logarithms of the free parameters over their start."""
        changes: dict[int, dict[str, float]] = {}
        for (k, name), value in zip(self.free, (self.start * np.exp(u)).tolist(), strict=True):
            changes.setdefault(k, {})[name] = value
        own = enumerate(self.task.degradations)
        return tuple(one.changed(changes[k]) if k in changes else one for k, one in own)

    def computed(self, u: Array) -> Array:
        """The measured quantities at their times, without a level."""
        life = replace(self.task, degradations=self.laws(u)).solve(
            times=self.times, bands="none", losses=(), tolerance=self.tolerance
        )
        at = np.searchsorted(self.times, [one.time for one in self.task.measured])
        return np.array([life.values[m.quantity][k] for m, k in zip(self.task.measured, at, strict=True)])

    def levels(self, computed: Array) -> dict[str, float]:
        """Measured over computed by quantity, of least squares."""
        found = {}
        for quantity in dict.fromkeys(one.quantity for one in self.task.measured):
            rows = [k for k, one in enumerate(self.task.measured) if one.quantity == quantity]
            y = np.array([self.task.measured[k].value for k in rows]) / self.scale[rows]
            x = computed[rows] / self.scale[rows]
            found[quantity] = float(x @ y / (x @ x)) if self.is_level_free else 1.0
        return found

    def residuals(self, u: Array) -> Array:
        computed = self.computed(u)
        levels = self.levels(computed)
        level = np.array([levels[one.quantity] for one in self.task.measured])
        return (level * computed - np.array([one.value for one in self.task.measured])) / self.scale


def fit_life(
    task: LifeTask,
    parameters: Sequence[str] = (),
    *,
    level: str = "fitted",
    tolerance: float = 1e-7,
) -> LifeFit:
    """Fit parameters of the ageing laws of a device to what was measured of it over time.

    Parameters
    ----------
    task : LifeTask
        Device, conditions, laws and service, with the measured values, as `life_of` gives it.
    parameters : sequence of str
        Path and parameter, ``"p.contact.electrical.time"``; by default all whose uncertainty is stated.
    level : {"fitted", "computed"}
        Whether a factor of each quantity is fitted along, so that changes alone count, or the computed level
        is taken for that of the device.
    tolerance : float
        Of the solves.

    Returns
    -------
    LifeFit
        With intervals from profiles; parameters that the values do not determine have an open interval.

    Raises
    ------
    InputError
        For names that mean nothing, quantities that the life does not have, and fewer values than parameters.
    ConvergenceError
        If no parameters are found.

    Examples
    --------
    >>> import ioffe as te
    >>> from ioffe.interface.ageing import Relaxation
    >>> from ioffe.life import Aged, Degradation, LifeTask, Service
    >>> day, at = 86400.0, te.Generator(T_hot=540, T_cold=303)
    >>> leg = te.Leg("MgAgSb0.99In0.01", "6 mm", "9 mm2", contact=te.Contact("20 uohm cm2"))
    >>> law = Relaxation(20e-10, 60e-10, 5 * day)
    >>> made = LifeTask(leg, at, (Degradation("contact.electrical", law),), Service.constant("30 day"))
    >>> life = made.solve(times=[0, 3 * day, 10 * day, 30 * day])
    >>> pairs = zip(life.time.tolist(), life.internal_resistance.tolist())
    >>> points = [Aged("internal_resistance", t, 1.1 * R, 0.0) for t, R in pairs]
    >>> begun = Degradation("contact.electrical", law.changed(final=30e-10, time=2 * day))
    >>> found = fit_life(
    ...     LifeTask(leg, at, (begun,), made.service, measured=tuple(points)),
    ...     ["contact.electrical.final", "contact.electrical.time"],
    ... )
    >>> (found.values / [1e-10, day]).round(2), round(found.levels["internal_resistance"], 3)
    (array([60.,  5.]), 1.1)
    """
    free = _checked(task, parameters, level)
    made = _LifeFitTask(task, free, level == "fitted", tolerance)
    stated = all(one.std > 0.0 for one in task.measured)
    count = len(free)
    bounds = np.full(count, WIDEST)
    problem = LeastSquares(made.residuals, -bounds, bounds, stated=stated, size=np.ones(count))
    fit = problem.solve(np.zeros(count))
    if not fit.converged:
        raise ConvergenceError(
            "no parameters of the ageing laws were found: other starting values are needed"
        )
    computed = made.computed(fit.parameters)
    levels = made.levels(computed)
    shares = levels.values() if made.is_level_free else ()
    degrees = len(task.measured) - count - len(shares)
    low, high = _intervals(problem, fit, degrees, stated)
    values = made.start * np.exp(fit.parameters)
    ends = np.sort([made.start * np.exp(low), made.start * np.exp(high)], axis=0)
    spread = fit.chi_squared / degrees if degrees > 0 else float("nan")
    wrong = _far_off(made, fit, computed, stated)
    return LifeFit(
        names=tuple(f"{task.degradations[k].path}.{name}" for k, name in free),
        values=values,
        low=ends[0],
        high=ends[1],
        levels=levels,
        measured=task.measured,
        fitted=np.array([levels[one.quantity] for one in task.measured]) * computed,
        reduced_chi_squared=spread if stated else float("nan"),
        scatter=float("nan") if stated else float(np.sqrt(spread)),
        degrees_of_freedom=degrees,
        task=replace(task, degradations=_with_errors(made, fit.parameters, (high - low) / (2.0 * 1.96))),
        conditions=task.conditions,
        warnings=(
            *_doubts(task, free, (low, high), (fit.chi_squared, degrees) if stated else None),
            *_far_levels(levels),
            *wrong,
        ),
    )


def _checked(task: LifeTask, parameters: Sequence[str], level: str) -> tuple[tuple[int, str], ...]:
    """Number and parameter of what is free; all faults at once."""
    every = {
        f"{one.path}.{name}": (k, name)
        for k, one in enumerate(task.degradations)
        for name, value in one.parameters.items()
        if value != 0.0
    }
    stated = [f"{one.path}.{name}" for one in task.degradations for name, std in one.std.items() if std > 0.0]
    wanted = list(dict.fromkeys(parameters)) or stated
    at = [0.0, task.service.duration]
    known = task.solve(times=at, bands="none", losses=()).values if task.measured else {}
    with Faults() as faults:
        faults.one_of("level", level, ("fitted", "computed"))
        if not wanted:
            faults.add("parameters", expected="a parameter to be fitted is expected", advice=", ".join(every))
        for name in wanted:
            if name not in every:
                expected = f"one of {', '.join(every)} is expected"
                faults.add("parameters", name, expected, did_you_mean(name, every))
        if not task.measured:
            faults.add("measured", expected="measured values over time are expected, [[life.measured]]")
        counts: dict[str, int] = {}
        for k, one in enumerate(task.measured):
            counts[one.quantity] = counts.get(one.quantity, 0) + 1
            if one.quantity not in known:
                expected = f"one of {', '.join(known)} is expected"
                faults.add(
                    f"measured[{k}].quantity", one.quantity, expected, did_you_mean(one.quantity, known)
                )
            if one.time > task.service.duration * (1.0 + 1e-9):
                expected = f"a time within the service, {task.service.duration:g} s, is expected"
                faults.add(f"measured[{k}].time", one.time, expected)
        levels = len(counts) if level == "fitted" else 0
        if task.measured and len(task.measured) < len(wanted) + levels:
            expected = f"at least {len(wanted) + levels} values are expected for as many unknowns"
            faults.add("measured", len(task.measured), expected)
        for quantity, count in counts.items():
            if levels and count < FEWEST:
                faults.add("measured", quantity, "two times or more are expected, one holds the level alone")
    return tuple(every[name] for name in wanted)


def _intervals(
    problem: LeastSquares, fit: LeastSquaresFit, degrees: int, stated: bool
) -> tuple[Array, Array]:
    """Ends of the 95 % intervals of the logarithms by the profile; infinite where the data set none."""
    from scipy.stats import f, norm

    count = len(fit.parameters)
    low, high = np.full(count, -np.inf), np.full(count, np.inf)
    if not stated and degrees < 1:
        return low, high
    quantile = norm.ppf(0.5 + 0.5 * CONFIDENCE) ** 2
    rise = quantile if stated else f.ppf(CONFIDENCE, 1, degrees) * fit.chi_squared / degrees
    errors = np.sqrt(
        np.maximum(np.diag(fit.unit_covariance) * (1.0 if stated else fit.chi_squared / degrees), 0.0)
    )
    for k in range(count):
        if fit.undetermined[k]:
            continue
        step = float(np.clip(2.0 * errors[k], 1e-9, WIDEST))
        found = problem.interval(fit, k, step, float(rise), 0.02 * step)
        low[k] = -np.inf if found.open_low else found.low
        high[k] = np.inf if found.open_high else found.high
    return low, high


def _with_errors(made: _LifeFitTask, u: Array, std: Array) -> tuple[AnyDegradation, ...]:
    """The fitted laws, with the errors of what was fitted as their uncertainty, where it is known."""
    laws = list(made.laws(u))
    values = made.start * np.exp(u)
    for (k, name), value, share in zip(made.free, values.tolist(), std.tolist(), strict=True):
        kept = {key: one for key, one in laws[k].std.items() if key != name}
        own = {name: abs(value) * share} if np.isfinite(share) else {}
        laws[k] = replace(laws[k], std=kept | own, covariance=None)
    return tuple(laws)


def _far_levels(levels: Mapping[str, float]) -> list[str]:
    """Quantities whose measured level is not that of the device at all."""
    return [
        f"{quantity.replace('_', ' ')}: measured are {level:.4g} times the computed values: unit or device?"
        for quantity, level in levels.items()
        if not 1.0 / FARTHEST <= level <= FARTHEST
    ]


def _far_off(made: _LifeFitTask, fit: LeastSquaresFit, computed: Array, stated: bool) -> Iterator[str]:
    """Single values that all others contradict."""
    measured = made.task.measured
    names = list(dict.fromkeys(one.quantity for one in measured)) if made.is_level_free else []
    levels = [computed / made.scale * [one.quantity == name for one in measured] for name in names]
    jacobian = np.column_stack([fit.jacobian, *levels])
    for k in far_off(fit.residuals, jacobian, stated=stated, least=0.0 if stated else ROUNDING)[:1]:
        one, share = measured[k], -fit.residuals[k] * made.scale[k] / measured[k].value
        name = f"{one.source}: " if one.source else ""
        yield (
            f"{name}{one.quantity} at {time_words(one.time)} lies {100.0 * share:+.3g} % off the laws, which "
            "explain the others without it: a mistake?"
        )


def _doubts(
    task: LifeTask,
    free: tuple[tuple[int, str], ...],
    ends: tuple[Array, Array],
    squares: tuple[float, int] | None,
) -> tuple[str, ...]:
    """What the values do not determine, and whether the laws explain them within their errors."""
    from scipy.special import chdtrc

    named = [f"{task.degradations[k].path}.{name}" for k, name in free]
    loose = [
        name for name, one in zip(named, np.stack(ends, axis=1), strict=True) if not np.all(np.isfinite(one))
    ]
    found = [f"not determined by the measured values: {', '.join(loose)}"] if loose else []
    if squares is not None and squares[1] > 0 and chdtrc(squares[1], squares[0]) < IMPROBABLE:
        found.append(
            "the laws do not explain the measured values within their errors: chi-squared "
            f"{squares[0]:.3g} at {squares[1]} degrees of freedom"
        )
    return tuple(found)
