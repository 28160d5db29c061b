"""The outcome of a fit of an ageing law: parameters with errors, the law, and its confidence bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.least_squares import STEP, LeastSquaresFit
from ioffe.interface.ageing.law import Law
from ioffe.interface.ageing.series import AgeingSeries
from ioffe.material.fit.intervals import propagated
from ioffe.material.fit.model import Fitted, Vector

__all__ = ["AgeingFit", "ConfidenceBand"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ConfidenceBand:
    """Values along a history with the ends of their confidence band, each of shape (n,)."""

    times: Array
    value: Array
    std: Array
    low: Array
    high: Array
    confidence: float


@dataclass(frozen=True, eq=False)
class AgeingFit:
    """An ageing law fitted to measured series.

    Attributes
    ----------
    series : tuple of AgeingSeries
    parameters : tuple of Fitted
        With standard errors, or the word that the data do not determine them.
    findings : tuple of str
        What one must know.
    """

    series: tuple[AgeingSeries, ...]
    parameters: tuple[Fitted, ...]
    findings: tuple[str, ...]
    vector: Vector
    found: LeastSquaresFit
    build: Callable[[Mapping[str, float]], Law]

    @property
    def chi_squared(self) -> float:
        """Sum of the squared residuals."""
        return self.found.chi_squared

    @property
    def degrees_of_freedom(self) -> int:
        """Points less the parameters that the data determine."""
        return self.found.degrees_of_freedom

    @property
    def scale(self) -> float:
        """Factor on the covariance: 1 where the errors are stated, else from the scatter."""
        return self.found.variance_factor

    @property
    def converged(self) -> bool:
        """Whether the search ended at a minimum."""
        return self.found.converged

    def __str__(self) -> str:
        return "\n".join([*(str(p) for p in self.parameters), *(f"({word})" for word in self.findings)])

    def parameter(self, name: str, series: str = "") -> Fitted:
        """One parameter by its name, and the series if it has a value for each.

        Raises
        ------
        InputError
            If there is none, or several.
        """
        found = [p for p in self.parameters if p.name == name and (not series or p.sample in ("", series))]
        if len(found) == 1:
            return found[0]
        names = list(dict.fromkeys(p.name for p in self.parameters))
        if not found:
            expected = f"one of {', '.join(names)} is expected"
            raise InputError(Fault("name", name, expected, did_you_mean(name, names)))
        of = ", ".join(p.sample for p in found)
        raise InputError(Fault("series", series, f"one of {of} is expected"))

    def law(self, series: str | None = None) -> Law:
        """The fitted law of a series.

        Parameters
        ----------
        series : str, optional
            Its name; may be left away if there is one.

        Raises
        ------
        InputError
            If the data do not determine the law, or the search did not converge.
        """
        name = self._series(series).name
        if not self.converged:
            raise InputError(Fault("fit", expected="a search that converged is expected"))
        lost = [p.name for p in self.parameters if p.status == "not determined"]
        if lost:
            raise InputError(
                Fault("fit", expected=f"data that determine {', '.join(lost)} are expected", advice="fix one")
            )
        return self._law(self.found.parameters, name)

    def covariance(self, series: str | None = None) -> Array:
        """Covariance of `law(series).parameters` in SI and in their order, shape (p, p); 0 for fixed ones.

        Raises
        ------
        InputError
            As `law`.
        """
        law, name = self.law(series), self._series(series).name
        rows = np.zeros((len(law.parameters), len(self.found.parameters)))
        for row, parameter in enumerate(law.parameters):
            place = self.vector.index(parameter, name)
            if place is not None:
                rows[row, place] = self.vector.specs[place].slope(law.parameters[parameter])
        return rows @ self.found.covariance @ rows.T

    def band(
        self,
        times: ArrayLike,
        temperatures: ArrayLike | None = None,
        series: str | None = None,
        confidence: float = 0.95,
    ) -> ConfidenceBand:
        """Fitted values along a history with a confidence band, to first order in the parameters.

        Parameters
        ----------
        times : array_like, shape (n,)
            In s, from the fresh state on; the first must be 0 where the temperature changes.
        temperatures : array_like, optional
            As for `reduced_time`; by default the temperature of the series if it stayed the same.
        series : str, optional
            Its name; may be left away if there is one.
        confidence : float
            Probability that the band holds the true curve at one time; Student's t where the errors follow
            from the scatter.

        Returns
        -------
        ConfidenceBand
            NaN where the values depend on what the data do not determine.
        """
        from scipy.stats import norm, t

        its = self._series(series)
        if not 0.0 < confidence < 1.0:
            raise InputError(Fault("confidence", confidence, "a number above 0 and below 1 is expected"))
        at = np.atleast_1d(np.asarray(times, float))
        T = self._history(its, temperatures)
        if at[0] != 0.0 and len(np.atleast_1d(T)) > 1:
            expected = "the time 0 of the fresh state is expected first where temperatures change"
            raise InputError(Fault("times[0]", float(at[0]), expected))
        whole = at if at[0] == 0.0 else np.concatenate([[0.0], at])

        def curve(u: Array) -> Array:
            law = self._law(u, its.name)
            return law.formula(law.reduced_time(whole, T))[len(whole) - len(at) :]

        u, size = self.found.parameters, len(self.found.parameters)
        value = curve(u)
        slope = np.zeros((size, len(at)))
        for k in range(size):
            step = np.zeros(size)
            up = min(STEP, self.vector.high[k] - u[k])
            down = min(STEP, u[k] - self.vector.low[k])
            step[k] = 1.0
            slope[k] = (curve(u + up * step) - curve(u - down * step)) / (up + down)
        value, std = propagated(self.found, value, slope)
        known = all(s.std is not None for s in self.series)
        tail = 0.5 * (1.0 + confidence)
        width = norm.ppf(tail) if known else t.ppf(tail, max(self.degrees_of_freedom, 1))
        return ConfidenceBand(at, value, std, value - width * std, value + width * std, confidence)

    def _law(self, u: Array, series: str) -> Law:
        values = self.vector.values(u[None], series)
        return self.build({name: float(value[0, 0]) for name, value in values.items()})

    def _series(self, name: str | None) -> AgeingSeries:
        names = [s.name for s in self.series]
        if name is None and len(names) == 1:
            return self.series[0]
        if name not in names:
            expected = f"one of {', '.join(names)} is expected"
            raise InputError(Fault("series", name, expected, did_you_mean(name, names)))
        return self.series[names.index(name)]

    def _history(self, series: AgeingSeries, temperatures: ArrayLike | None) -> ArrayLike:
        if temperatures is not None:
            return temperatures
        if series.temperatures is None:
            return ()
        if np.ptp(series.temperatures) > 0.0:
            raise InputError(Fault("temperatures", expected="the history is expected, as it changed"))
        return float(series.temperatures[0])
