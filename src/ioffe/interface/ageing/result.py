"""Measured ageing, the outcome of a fit of its law with confidence bands, and a picture of several junctions.

A series holds the values of one junction or sample over time, with the temperatures it was kept at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError, check_one_of
from ioffe.base.least_squares import STEP
from ioffe.base.least_squares_fit import LeastSquaresFit
from ioffe.base.plotting import COLOURS, MARKERS, drawing, plain_words
from ioffe.base.units import convert
from ioffe.interface._checks import POSITIVE, Checks, QuantityLike, numbers
from ioffe.interface.ageing.acceleration import TEMPERATURE
from ioffe.interface.ageing.law import Law
from ioffe.material.fit.intervals import propagated
from ioffe.material.fit.model import Fitted, Vector

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class AgeingSeries:
    """Values of a junction after times of ageing.

    Parameters
    ----------
    name : str
        Of the junction, such as ``Sb/MgAgSb``.
    times : array_like, shape (n,)
        In s since the fresh state, not running backwards.
    values : array_like, shape (n,)
        In SI, above 0.
    temperatures : array_like
        In K: one, n (straight between the times) or n - 1 (constant in each interval). May be left away if
        the temperature does not matter. With more than one the first time must be 0.
    std : array_like, optional
        Standard deviations of the values in SI, one or n.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> AgeingSeries("Sb/MgAgSb", [0.0, 30 * 86400.0], [20.8e-10, 7.9e-10], 573.0).relative
    array([1.        , 0.379...])
    >>> AgeingSeries("Ag/MgAgSb", [0.0, 43200.0, 3600.0], [6.1e-10, 1006e-10, 50e-10])
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: times[2] = 3600.0: a time not before 43200 s is expected; time runs forwards
    """

    name: str
    times: Array
    values: Array
    temperatures: Array | None = None
    std: Array | None = None

    def __init__(
        self,
        name: str,
        times: QuantityLike,
        values: ArrayLike,
        temperatures: QuantityLike | None = None,
        std: ArrayLike | None = None,
    ) -> None:
        T = None
        with Checks() as checks:
            t = checks.times("times", times)
            v = checks.series("values", values, POSITIVE)
            checks.same_length("values", v, "times", len(t))
            if temperatures is not None:
                T = checks.series("temperatures", temperatures, TEMPERATURE)
                if len(T) not in (1, len(t) - 1, len(t)):
                    expected = f"one temperature, {len(t)} or {len(t) - 1} are expected"
                    checks.add("temperatures", len(T), expected)
                elif len(T) > 1 and t[0] > 0.0:
                    expected = "the time 0 is expected first where temperatures change"
                    checks.add("times[0]", float(t[0]), expected)
            error = checks.std(std, v)
        for key, found in (("times", t), ("values", v), ("temperatures", T), ("std", error)):
            object.__setattr__(self, key, found)
        object.__setattr__(self, "name", name)

    @property
    def relative(self) -> Array:
        """Values over the first one, shape (n,)."""
        return self.values / self.values[0]

    def history(self) -> tuple[Array, Array]:
        """Times from 0 on and temperatures.

        Returns
        -------
        times : ndarray, shape (n,) or (n + 1,)
            In s, with the fresh state before the first time where that is not 0.
        temperatures : ndarray
            In K; empty where none are stated.
        """
        T = np.empty(0) if self.temperatures is None else self.temperatures
        return (self.times, T) if self.times[0] == 0.0 else (np.concatenate([[0.0], self.times]), T)


POINTS: Final = 201
"""Of a fitted law in a picture."""
DECADES: Final = 1.5
"""Span of the values in decades above which the axis is logarithmic."""


@dataclass(frozen=True, eq=False)
class ConfidenceBand:
    """Values along a history with the ends of their confidence band, from :meth:`AgeingFit.band`.

    Attributes
    ----------
    times : ndarray, shape (n,)
        In s.
    value, std : ndarray, shape (n,)
        Fitted value and its standard deviation in SI.
    low, high : ndarray, shape (n,)
        Ends of the band in SI.
    confidence : float
        Probability that the band holds the true curve at one time.

    Examples
    --------
    >>> from ioffe.interface.ageing import LinearGrowth, fit_ageing
    >>> series = AgeingSeries("a", [0.0, 1e6, 2e6, 3e6], [1.0, 1.1, 1.2, 1.3], std=0.01)
    >>> band = fit_ageing(series, LinearGrowth).band([0.0, 4e6])
    >>> print(f"{band.low[1]:.3f} < {band.value[1]:.3f} < {band.high[1]:.3f}")
    1.376 < 1.400 < 1.424
    """

    times: Array
    value: Array
    std: Array
    low: Array
    high: Array
    confidence: float


@dataclass(frozen=True, eq=False)
class AgeingFit:
    """An ageing law fitted to measured series by :func:`~ioffe.interface.ageing.fit.fit_ageing`.

    Attributes
    ----------
    series : tuple of AgeingSeries
    parameters : tuple of Fitted
        In SI with standard errors, or the statement that the data do not determine them.
    findings : tuple of str
        What a reader of the numbers must know.

    Examples
    --------
    >>> from ioffe.interface.ageing import LinearGrowth, fit_ageing
    >>> series = AgeingSeries("a", [0.0, 1e6, 2e6, 3e6], [1.0, 1.1, 1.2, 1.3], std=0.01)
    >>> fit_ageing(series, LinearGrowth).degrees_of_freedom
    2
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

        Parameters
        ----------
        name : str
            Of the parameter.
        series : str
            Its name; may be left away for a common parameter.

        Returns
        -------
        Fitted
            Value and standard error in SI.

        Raises
        ------
        InputError
            If there is none, or several.
        """
        found = [p for p in self.parameters if p.name == name and (not series or p.sample in ("", series))]
        if len(found) == 1:
            return found[0]
        with Checks() as checks:
            if checks.one_of("name", name, dict.fromkeys(p.name for p in self.parameters)):
                checks.one_of("series", series, [p.sample for p in self.parameters if p.name == name])
        return found[0]

    def law(self, series: str | None = None) -> Law:
        """The fitted law of a series.

        Parameters
        ----------
        series : str, optional
            Its name; may be left away if there is one.

        Returns
        -------
        Law
            With parameters in SI.

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
            expected = f"data that determine {', '.join(lost)} are expected"
            raise InputError(Fault("fit", expected=expected, advice="fix one"))
        return self._law(self.found.parameters, name)

    def covariance(self, series: str | None = None) -> Array:
        """Covariance of the parameters of the fitted law.

        Parameters
        ----------
        series : str, optional
            As for `law`.

        Returns
        -------
        ndarray, shape (p, p)
            In SI, in the order of `law(series).parameters`; 0 for fixed ones.

        Raises
        ------
        InputError
            As `law`.
        """
        law, name = self.law(series), self._series(series).name
        rows = np.zeros((len(law.parameters), len(self.found.parameters)))
        for row, parameter in enumerate(law.parameters):
            index = self.vector.index(parameter, name)
            if index is not None:
                rows[row, index] = self.vector.specs[index].slope(law.parameters[parameter])
        return rows @ self.found.covariance @ rows.T

    def band(
        self,
        times: QuantityLike,
        temperatures: QuantityLike | None = None,
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

        Raises
        ------
        InputError
            With everything that is wrong, such as a missing history.
        """
        its = self._series(series)
        T = self._history(its, temperatures)
        with Checks() as checks:
            at = checks.times("times", times)
            if not 0.0 < confidence < 1.0:
                checks.add("confidence", confidence, "a number above 0 and below 1 is expected")
            if at[0] > 0.0 and T.size > 1:
                expected = "the time 0 of the fresh state is expected first where temperatures change"
                checks.add("times[0]", float(at[0]), expected)
        whole = at if at[0] == 0.0 else np.concatenate([[0.0], at])

        def curve(u: Array) -> Array:
            law = self._law(u, its.name)
            return law.formula(law.reduced_time(whole, T))[len(whole) - len(at) :]

        u = self.found.parameters
        up = np.minimum(STEP, self.vector.high - u)
        down = np.minimum(STEP, u - self.vector.low)
        pairs = zip(np.diag(up), np.diag(down), strict=True)
        change = np.array([curve(u + rise) - curve(u - fall) for rise, fall in pairs])
        slope = change.reshape(len(u), len(at)) / (up + down)[:, None]
        value, std = propagated(self.found, curve(u), slope)
        width = self.found.student_factor(confidence)
        return ConfidenceBand(at, value, std, value - width * std, value + width * std, confidence)

    def _law(self, u: Array, series: str) -> Law:
        values = self.vector.values(u[None], series)
        return self.build({name: float(value[0, 0]) for name, value in values.items()})

    def _series(self, name: str | None) -> AgeingSeries:
        known = {s.name: s for s in self.series}
        if name is None and len(known) == 1:
            return self.series[0]
        check_one_of("series", name, known)
        return known[str(name)]

    def _history(self, series: AgeingSeries, temperatures: QuantityLike | None) -> Array:
        if temperatures is not None:
            return numbers(temperatures=(temperatures, TEMPERATURE))[0]
        if series.temperatures is None:
            return np.empty(0)
        if np.ptp(series.temperatures) > 0.0:
            raise InputError(Fault("temperatures", expected="the history is expected, as it changed"))
        return series.temperatures[:1]


def compare_ageing(
    junctions: Sequence[AgeingSeries | AgeingFit],
    path: str | Path | None = None,
    *,
    time_unit: str = "day",
    confidence: float = 0.95,
    words: str = "Contact resistivity",
    symbol: str = r"$\rho_\mathrm{c}/\rho_\mathrm{c,0}$",
) -> Figure:
    """Picture of rho_c/rho_c0 over time, measured points and fitted laws with their confidence bands.

    Points without a fit are divided by the first of them; a fitted junction, its points and its band are
    divided by the fitted fresh value.

    Parameters
    ----------
    junctions : sequence of AgeingSeries or AgeingFit
        Up to seven series in all; a fit draws every series it holds.
    path : path, optional
        PNG, SVG or PDF file to write.
    time_unit : str
        Such as ``day`` or ``h``.
    confidence : float
        Of the bands.
    words, symbol : str
        What is drawn.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        Without a series, or for more than seven.

    Examples
    --------
    >>> day = 86400.0
    >>> sb = AgeingSeries("Sb/MgAgSb", [0.0, 30 * day], [20.8e-10, 7.9e-10], 573.0)
    >>> ag = AgeingSeries("Ag/MgAgSb", [0.0, 0.5 * day], [6.1e-10, 1006e-10])
    >>> figure = compare_ageing([sb, ag])
    >>> figure.axes[0].get_yscale()
    'log'
    """
    count = sum(1 if isinstance(one, AgeingSeries) else len(one.series) for one in junctions)
    if not 0 < count <= len(COLOURS):
        raise InputError(Fault("junctions", count, f"one to {len(COLOURS)} series are expected"))
    options = {"time_unit": time_unit, "confidence": confidence, "words": words, "symbol": symbol}
    with drawing(path, width=95.0, height=70.0) as (figure, (panel,)):
        draw_ageing(panel, junctions, **options)
    return figure


def draw_ageing(
    ax: Axes,
    junctions: Sequence[AgeingSeries | AgeingFit],
    time_unit: str = "day",
    confidence: float = 0.95,
    words: str = "Contact resistivity",
    symbol: str = r"$\rho_\mathrm{c}/\rho_\mathrm{c,0}$",
) -> None:
    """Draw the picture of `compare_ageing` on given axes, of more than seven series the first ones.

    `junctions`, `time_unit`, `confidence`, `words`, `symbol`: as for `compare_ageing`.
    """
    fits = [(None, (one,)) if isinstance(one, AgeingSeries) else (one, one.series) for one in junctions]
    drawn = [(series, fitted) for fitted, its in fits for series in its][: len(COLOURS)]
    for index, (series, fitted) in enumerate(drawn):
        _draw(ax, series, fitted, index, time_unit, confidence)
    ratios = np.concatenate([s.relative for s, _ in drawn])
    if np.log10(np.max(ratios) / np.min(ratios)) > DECADES:
        ax.set_yscale("log")
    ax.axhline(1.0, color="0.6", linewidth=0.6, zorder=0)
    ax.set(xlabel=f"Time $t$ ({time_unit})", ylabel=f"{words} {symbol}")
    ax.legend()


def _draw(
    panel: Axes, series: AgeingSeries, fitted: AgeingFit | None, index: int, unit: str, confidence: float
) -> None:
    colour = COLOURS[index]
    band = None if fitted is None else fitted.band(*_along(series), series.name, confidence)
    fresh = series.values[0] if band is None or not np.isfinite(band.value[0]) else band.value[0]
    at = np.asarray(convert(series.times, "s", unit))
    T = series.temperatures
    kept = f", {T[0]:g} K" if T is not None and np.ptp(T) == 0.0 else ""
    error = None if series.std is None else series.std / fresh
    style: dict[str, Any] = {"fmt": MARKERS[index], "color": colour, "elinewidth": 0.8, "capsize": 1.5}
    panel.errorbar(at, series.values / fresh, error, **style, label=plain_words(f"{series.name}{kept}"))
    if band is None:
        panel.plot(at, series.values / fresh, ":", color=colour, linewidth=0.8)
        return
    along = np.asarray(convert(band.times, "s", unit))
    panel.plot(along, band.value / fresh, color=colour)
    if np.all(np.isfinite(band.std)):
        low = np.maximum(band.low, 0.0)
        panel.fill_between(along, low / fresh, band.high / fresh, color=colour, alpha=0.18, linewidth=0.0)


def _along(series: AgeingSeries) -> tuple[Array, Array | None]:
    """Times on which a fitted law is drawn, with the temperatures there."""
    T = series.temperatures
    if T is None or len(T) == 1 or np.ptp(T) == 0.0:
        times = np.linspace(0.0, float(series.times[-1]), POINTS)
        return times, None if T is None else T[:1]
    return series.times, T
