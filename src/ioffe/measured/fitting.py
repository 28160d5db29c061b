r"""Calibration: which losses of a device explain its measured sweeps, and how sure that is.

Parameters u of the device and of the measurement make the sum

.. math:: \sum_i \rho\!\left(\frac{y_i(u) - y_i}{s_i}\right) + \sum_k \frac{(u_k - u_{k,0})^2}{\sigma_k^2}

smallest, over the points i of voltage, heat and resistance with the noise s, and over the parameters of
which something is known besides. The engine gives the derivatives. First it is decided which parameters the
data can tell apart (`ioffe.measured.identify`); the intervals follow from the profile of the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import (
    ConvergenceError,
    ExtrapolationError,
    Fault,
    Faults,
    InputError,
    check_one_of,
)
from ioffe.base.least_squares import LeastSquares, LeastSquaresFit
from ioffe.base.units import format_si
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import field_of
from ioffe.material.checks import Finding
from ioffe.material.soundness import Remarks
from ioffe.measured import robust
from ioffe.measured.calibration import AT_BOUND, Calibration, size_of
from ioffe.measured.identify import OpenCombination, combinations_left_open
from ioffe.measured.model import TAKES_POWER, DeviceModel
from ioffe.measured.noise import FAR, noise_of
from ioffe.measured.parameters import CalibrationParameter, changed, parameters_of
from ioffe.measured.readings import DeviceMeasurement
from ioffe.solve.doubts import judge

TOLERANCE: Final = 1e-7
"""Of the search, relative: far below the noise of a measurement."""
PROFILE: Final = 1e-4
"""Of a search with one parameter held: far below the rise of the sum at the ends of an interval."""
ENDS: Final = 0.05
"""Accuracy of the ends of an interval, in standard errors."""
ALIKE: Final = 0.95
"""Correlation of two estimates from which on it is named."""
UNLIKELY: Final = 0.01
"""Probability below which scatter or runs are named."""
MOST_FAR: Final = 0.1
"""Share of the points up to which they are outliers; more of them are a misfit."""
COLLAPSED: Final = 0.1
"""Half-width of a profile interval over that of the linear one below which the search has not resolved it."""
Loss = Literal["robust", "squares"]


def calibrate(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    measurement: DeviceMeasurement,
    parameters: Iterable[str] | str,
    *,
    known: Mapping[str, object] | None = None,
    loss: Loss = "robust",
    confidence: float = 0.95,
    intervals: bool = True,
    strict: bool = False,
    force: bool = False,
) -> Calibration:
    """Fit losses and factors of a device to its measured sweeps.

    Parameters
    ----------
    device : Leg or Module
        Whose numbers are where the search begins.
    conditions : Generator or Cooler
        Of which what the points do not impose is kept.
    measurement : DeviceMeasurement
        Its noise is stated or follows from the scatter about smooth curves; uncertainties that all points
        share become factors that are fitted along, known to be 1 within them.
    parameters : iterable of str
        Paths of numbers (``"legs.contact.electrical"``, ``"p.contact.thermal"``, ``"filler.emissivity"``,
        ``"hot_resistance"``), of curves (``"p.material.thermal_conductivity"``: a factor of it), or
        ``"lead_resistance"``, ``"bypass_conductance"``, ``"voltage_factor"``, ``"heat_factor"``,
        ``"T_hot_error"``, ``"T_cold_error"``.
    known : mapping of str to str
        Standard deviations of what is known of some of them besides: ``{"legs.material.seebeck": "5 %"}``.
    loss : {"robust", "squares"}
        Whether outliers weigh less.
    confidence : float
        Of the intervals.
    intervals : bool
        Whether intervals are computed; by far the most of the work.
    strict, force : bool
        Refuse doubtful input too; refuse nothing, as in `Module.solve`.

    Returns
    -------
    Calibration

    Raises
    ------
    InputError
        For names that mean nothing, noise that is neither stated nor seen, parameters that the data cannot
        tell apart (they are named), and materials whose data cannot be right.
    ExtrapolationError
        With `strict`, for temperatures beyond the measured range of a material.
    ConvergenceError
        If the search finds no parameters.

    Examples
    --------
    >>> import ioffe as te
    >>> leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2", contact=te.Contact("8 uohm cm2"))
    >>> at = te.Generator(T_hot=500.0, T_cold=303.0)
    >>> sweep = leg.solve(at.replace(current=[0.0, 0.5, 1.0, 1.5]))
    >>> points = {"current": sweep.current, "voltage": sweep.voltage}
    >>> made = te.measured.measurement_of(points, T_hot=500.0, T_cold=303.0, noise={"voltage": "0.02 mV"})
    >>> found = te.calibrate(leg.replace(contact=te.Contact()), at, made, "contact.electrical")
    >>> print(found.shown("contact.electrical"))
    8 uohm cm2 (6.9 to 9.1 uohm cm2)
    """
    check_one_of("loss", loss, ("robust", "squares"))
    if not 0.0 < confidence < 1.0:
        raise InputError(Fault("confidence", confidence, "a number between 0 and 1 is expected"))
    wanted = [parameters] if isinstance(parameters, str) else list(parameters)
    fitted = parameters_of(device, conditions, measurement, wanted, known or {})
    remarks = judge(device, conditions, strict=strict, force=force)
    model = DeviceModel(device, conditions, measurement)
    if strict and (ranges := model.beyond_ranges()):
        raise ExtrapolationError("strict: refused, because " + "; ".join(ranges))
    task = CalibrationTask(model, fitted, *noise_of(model), loss == "robust")
    task.refuse_open(task.start, "at the numbers of the device")
    fit = task.problem.solve(task.start)
    if not fit.converged:
        raise ConvergenceError(
            "the calibration found no parameters: other ones, or other starting values, are needed"
        )
    task.refuse_open(fit.parameters, "at the best parameters")
    return _result(task, fit, confidence, intervals, remarks)


@dataclass(frozen=True, eq=False)
class CalibrationTask:
    """Residuals of a calibration in units of the noise, and their derivatives.

    `noise`: by channel.
    `freedom`: degrees of freedom of the noise; infinite where it is stated.
    """

    model: DeviceModel
    parameters: tuple[CalibrationParameter, ...]
    noise: Mapping[str, float]
    freedom: float
    is_robust: bool

    def __post_init__(self) -> None:
        n = self.model.measurement.numbers
        keys = [(name, i) for name in self.noise for i in np.flatnonzero(np.isfinite(n[name]))]
        object.__setattr__(self, "points", tuple(keys))
        object.__setattr__(self, "measured", np.array([n[name][i] for name, i in keys]))
        object.__setattr__(self, "std", np.array([self.noise[name] for name, _ in keys]))
        object.__setattr__(self, "_memory", {})
        object.__setattr__(self, "size", self._sizes())

    points: tuple[tuple[str, int], ...] = ()
    measured: Any = None
    std: Any = None
    size: Any = None

    @property
    def start(self) -> Array:
        """Where the search begins, in SI."""
        return np.array([one.start for one in self.parameters])

    @property
    def priors(self) -> list[int]:
        """Which parameters something is known of besides."""
        return [k for k, one in enumerate(self.parameters) if one.known]

    @property
    def problem(self) -> LeastSquares:
        """The least squares, in SI."""
        data = np.arange(len(self.points) + len(self.priors)) < len(self.points)
        return LeastSquares(
            self.residuals,
            low=np.array([one.low for one in self.parameters]),
            high=np.full(len(self.parameters), np.inf),
            size=self.size,
            loss=robust.loss_of(data) if self.is_robust else "linear",
            loss_scale=robust.SCALE if self.is_robust else 1.0,
            tolerance=TOLERANCE,
            derivative=self.jacobian,
        )

    def computed(self, u: Array, *, slopes: bool = False) -> tuple[Array, Array]:
        """Values of all points at given parameters, and their derivatives."""
        memory: dict[Any, tuple[Array, Array]] = self.__dict__["_memory"]
        key = u.tobytes()
        if key not in memory or (slopes and not memory[key][1].size):
            values, found = self.model.values(self.parameters, u.tolist(), slopes=slopes)
            y = np.array([values[name][i] for name, i in self.points])
            J = np.array([found[name][i] for name, i in self.points]) if slopes else np.empty(0)
            memory.clear()
            memory[key] = y, J
        return memory[key]

    def residuals(self, u: Array) -> Array:
        """Computed less measured over the noise; then what is known besides."""
        y, _ = self.computed(u)
        known = [(u[k] - self.parameters[k].start) / self.parameters[k].known for k in self.priors]
        return np.concatenate([(y - self.measured) / self.std, known])

    def jacobian(self, u: Array) -> Array:
        """Derivatives of the residuals, shape (n, p)."""
        _, J = self.computed(u, slopes=True)
        known = np.zeros((len(self.priors), len(u)))
        for row, k in enumerate(self.priors):
            known[row, k] = 1.0 / self.parameters[k].known
        return np.concatenate([J / self.std[:, None], known])

    def _sizes(self) -> Array:
        """Change of each parameter alone that moves all points by their noise."""
        length = np.linalg.norm(self.jacobian(self.start), axis=0)
        with np.errstate(divide="ignore"):
            return np.where(length > 0.0, np.sqrt(len(self.points)) / length, 1.0)

    def refuse_open(self, u: Array, where: str) -> None:
        """Refuse parameters that the data cannot tell apart, by name."""
        faults = Faults(self.model.measurement.name)
        free = [k for k, one in enumerate(self.parameters) if not one.known]
        for one in combinations_left_open(self.jacobian(u)[: len(self.points), free]):
            named = ", ".join(self.parameters[free[k]].name for k in one.members)
            faults.add("parameters", expected=f"{named}: {_reason(one, where)}", advice=_advice(one))
        faults.raise_if_any()


def _reason(one: OpenCombination, where: str) -> str:
    if len(one.members) == 1:
        return f"the data do not depend on it ({where})"
    return (
        f"the data cannot tell them apart ({where}): their effects differ by {one.singular_value:.1%}, "
        f"the largest correlation of two is {one.correlation:.5f}"
    )


def _advice(one: OpenCombination) -> str:
    if len(one.members) == 1:
        return "leave it out, or state what is known of it"
    return "fit one of them, or state what is known of the others (known), or measure something else"


def _result(
    task: CalibrationTask, fit: LeastSquaresFit, confidence: float, intervals: bool, remarks: Remarks
) -> Calibration:
    from scipy.stats import chi2, norm, t

    data = len(task.points)
    r = fit.residuals[:data]
    free = max(data + len(task.priors) - len(task.parameters), 1)
    psi, mean = (robust.pull(r), robust.SQUARE) if task.is_robust else (r, 1.0)
    known_part = float(np.sum(fit.residuals[data:] ** 2))
    are_few = np.mean(np.abs(r) > FAR) <= MOST_FAR  # more of them are a misfit, which all residuals tell
    spread = ((float(np.sum(psi**2)) / mean if are_few else float(np.sum(r**2))) + known_part) / free
    is_tested = data + len(task.priors) > len(task.parameters)
    probability = float(chi2.sf(spread * free, free)) if is_tested else np.nan
    # the mean square and slope of what the residuals pull with: of normal errors, else as it is seen
    expected = robust.SLOPE if task.is_robust else 1.0
    square, slope = mean, expected
    if probability < UNLIKELY:
        slopes = (1.0 + (r / robust.SCALE) ** 2) ** -1.5 if task.is_robust else np.ones(data)
        square, slope = max(float(np.sum(psi**2)) / free, mean), min(float(np.mean(slopes)), expected)
    J = task.jacobian(fit.parameters)
    of_data, known = J[:data].T @ J[:data], J[data:].T @ J[data:]
    bread = np.linalg.inv(slope * of_data + known)
    covariance = bread @ (square * of_data + known) @ bread
    std = np.sqrt(np.diag(covariance))
    factor = np.diag(covariance) / np.diag(np.linalg.inv(fit.jacobian.T @ fit.jacobian))
    middle = 0.5 + 0.5 * confidence
    quantile = float(t.ppf(middle, task.freedom) if np.isfinite(task.freedom) else norm.ppf(middle))
    low, high = np.full((2, len(task.parameters)), np.nan)
    open_low, open_high = np.zeros((2, len(task.parameters)), bool)
    if intervals:
        # near the best parameters the derivatives hardly change
        problem = replace(task.problem, derivative=lambda _: J, tolerance=PROFILE)
        for k in range(len(task.parameters)):
            rise = quantile**2 * float(factor[k])
            found = problem.interval(fit, k, quantile * float(std[k]), rise, ENDS * float(std[k]))
            low[k], high[k] = found.low, found.high
            open_low[k], open_high[k] = found.open_low, found.open_high
            half = quantile * float(std[k])
            if found.high - found.low < 2.0 * COLLAPSED * half:
                low[k], high[k] = fit.parameters[k] - half, fit.parameters[k] + half
                open_low[k] = low[k] <= task.parameters[k].low
                low[k] = max(low[k], task.parameters[k].low)
    correlation = covariance / np.outer(std, std)
    bounds = np.array([one.low for one in task.parameters])
    near = open_low & (fit.parameters - bounds < AT_BOUND * (high - bounds))
    values = np.where(near, bounds, fit.parameters)
    start: Any = task.model.device
    device, conditions = changed(start, task.model.conditions, task.parameters, fit.parameters)
    numbers = task.model.measurement.numbers
    points = {
        k: np.array([numbers[k][i] for _, i in task.points])
        for k in ("current", "T_hot", "T_cold")
        if k in numbers
    }
    channel = np.array([name for name, _ in task.points])
    runs = {name: robust.runs_test(r[channel == name]) for name in task.noise}
    return Calibration(
        parameters=task.parameters,
        values=values,
        std=std,
        low=low,
        high=high,
        open_low=open_low,
        open_high=open_high,
        correlation=correlation,
        confidence=confidence,
        noise=dict(task.noise),
        channel=channel,
        points=points,
        measured=task.measured,
        fitted=task.measured + r * task.std,
        residuals=r,
        spread=spread,
        probability=probability,
        runs=runs,
        device=device,
        start_device=start,
        start_conditions=task.model.conditions,
        conditions=conditions,
        before=task.computed(task.start)[0],
        measurement=task.model.measurement,
        findings=(
            *(Finding("warning", "input", text) for text in remarks.warnings),
            *(Finding("note", "input", text) for text in remarks.notes),
            *_findings(task.parameters, correlation, (r, spread), probability, runs),
            *_outliers(task, r),
            *_of_data(task.model),
            *_implausible(task.parameters, values),
        ),
    )


def _of_data(model: DeviceModel) -> Iterable[Finding]:
    """Doubts about the data that no parameter mends."""
    if model.takes_power():
        yield Finding("warning", "sign", TAKES_POWER)
    for text in model.beyond_ranges():
        yield Finding("warning", "range", text)


def _implausible(parameters: Sequence[CalibrationParameter], values: Array) -> Iterable[Finding]:
    """Fitted numbers that no device has: a wrong unit of a column, most often."""
    for one, value in zip(parameters, values, strict=True):
        field = None if one.is_factor or not one.behind else field_of(next(iter(one.behind)))
        if field is not None and field.plausible is not None and field.implausible(float(value)):
            ends = " to ".join(format_si(end, field.quantity) for end in field.plausible)
            text = f"{one.name} = {one.shown(float(value))} is no number of a device, {ends} is usual: "
            yield Finding("warning", "implausible", text + "units of the measured columns?")


def _outliers(task: CalibrationTask, residuals: Array) -> Iterable[Finding]:
    """The points that lie far off, if they are few."""
    far = np.flatnonzero(np.abs(residuals) > FAR)
    if not 0 < far.size <= MOST_FAR * len(residuals):
        return
    numbers = task.model.measurement.numbers
    named = []
    for k in far[np.argsort(-np.abs(residuals[far]))]:
        name, i = task.points[k]
        at = f" at {numbers['current'][i]:.4g} A" if "current" in numbers else ""
        named.append(f"{name.replace('_', ' ')} of point {i + 1}{at} ({residuals[k]:+.2g})")
    text = f"beyond {FAR:g} times the noise (fitted less measured): {', '.join(named)}"
    yield Finding("warning", "outliers", text)


def _findings(
    parameters: Sequence[CalibrationParameter],
    correlation: Array,
    left: tuple[Array, float],
    probability: float,
    runs: Mapping[str, tuple[int, float]],
) -> Iterable[Finding]:
    residuals, spread = left
    if probability < UNLIKELY:
        size = size_of(residuals, spread)
        text = f"the residuals are {size:.2g} times the noise (probability {probability:.1g}): "
        yield Finding(
            "warning", "misfit", text + "the device lacks something; the intervals are widened by that"
        )
    elif np.isnan(probability):
        text = "as many parameters as points: nothing is left that could test the device"
        yield Finding("warning", "untested", text)
    elif probability > 1.0 - UNLIKELY:
        text = (
            f"the residuals are {size_of(residuals, spread):.2g} times the noise: it is less than was taken"
        )
        yield Finding("note", "noise", text)
    for name, (_, chance) in runs.items():
        if chance < UNLIKELY:
            text = f"the signs of the residuals of the {name.replace('_', ' ')} are not random (runs test, "
            shape = f"{chance:.1g}): the curve has another shape than the computed one"
            yield Finding("warning", "runs", text + shape)
    for i, one in enumerate(parameters):
        for k in range(i):
            if abs(correlation[i, k]) > ALIKE:
                both = f"{parameters[k].name} and {one.name} are known together only: "
                yield Finding("note", "correlated", f"{both}correlation {correlation[i, k]:+.3f}")
