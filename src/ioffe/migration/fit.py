"""Defect model from critical voltages of samples of different composition, with what the data determine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.constants import e, k_B
from ioffe.base.errors import ConvergenceError, Faults
from ioffe.migration._check import check_positive
from ioffe.migration._root import root_between
from ioffe.migration.defect import FORMS, Array, DefectModel, Form

__all__ = ["DefectFit", "FittedNumber", "fit_defect_model"]

_BOUNDS: Final = ((-1.0, 0.0), (-30.0, 2.0))
"""Of delta_c less the smallest delta, and of ln K_e."""
_NAMES: Final = ("delta_c", "ln K_e")
_STEPS: Final = (0.003, 0.1)
"""First steps away from the best values on the way to the ends of their intervals."""
_EXACT: Final = 1e-20
"""Sum of squares, in units of 1 mV without given errors, of data that a model meets exactly."""


@dataclass(frozen=True)
class FittedNumber:
    """A fitted parameter.

    Parameters
    ----------
    name : str
    value : float
        Best value.
    std : float
        Standard error from the curvature at the best value; NaN where it is not determined.
    low, high : float
        Ends of the interval of 95 % from the profile of the fit; that of the range where the data do not end
        it.
    determined : bool
        Whether the data bound the parameter on both sides.
    """

    name: str
    value: float
    std: float
    low: float
    high: float
    determined: bool

    def __str__(self) -> str:
        if self.determined:
            return f"{self.name} = {self.value:.4g} ({self.low:.4g} to {self.high:.4g} with 95 %)"
        return f"{self.name} is not determined by these data ({self.low:.4g} to {self.high:.4g} with 95 %)"


@dataclass(frozen=True)
class DefectFit:
    """A fitted defect model.

    Parameters
    ----------
    model : DefectModel
    delta_c, K_e, gibbs_energy : FittedNumber
        K_e at `T`, the Gibbs energy in J.
    T : float
        In K.
    correlation : float
        Of the errors of delta_c and ln K_e.
    delta, voltage, fitted, residual : ndarray
        The data, the fitted voltages and data less fit in V.
    reduced_chi_squared : float
        Sum of squared residuals over their errors and degrees of freedom; 1 where errors were not given, NaN
        without a degree of freedom.
    scatter : float
        Root mean square of the residuals by degree of freedom, in V.
    form : str
    """

    model: DefectModel
    delta_c: FittedNumber
    K_e: FittedNumber
    gibbs_energy: FittedNumber
    T: float
    correlation: float
    delta: Array
    voltage: Array
    fitted: Array
    residual: Array
    reduced_chi_squared: float
    scatter: float
    form: str

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers in SI units for JSON."""
        numbers = {
            n: {"value": p.value, "std": p.std, "low": p.low, "high": p.high, "determined": p.determined}
            for n, p in (("delta_c", self.delta_c), ("K_e", self.K_e), ("gibbs_energy", self.gibbs_energy))
        }
        arrays = {n: getattr(self, n).tolist() for n in ("delta", "voltage", "fitted", "residual")}
        more = ("T", "correlation", "reduced_chi_squared", "scatter", "form")
        return numbers | arrays | {n: getattr(self, n) for n in more}

    def __str__(self) -> str:
        energy = self.gibbs_energy
        volts = (value / e for value in (energy.value, energy.std, energy.low, energy.high))
        shown = FittedNumber("Delta G_e", *volts, determined=energy.determined)
        lines = [str(self.delta_c), str(self.K_e), f"{shown} (eV)"]
        lines.append(
            f"{self.form} at {self.T:g} K, scatter {1e3 * self.scatter:.2f} mV, {self.delta.size} samples"
        )
        return "\n".join(lines)


def fit_defect_model(
    delta: ArrayLike,
    voltage: ArrayLike,
    T: float,
    error: ArrayLike | None = None,
    *,
    delta_max: float = np.inf,
    charge: int = 1,
    form: Form = "linear profile",
) -> DefectFit:
    r"""Fit delta_c and K_e to isothermal critical voltages of samples of different deficiency.

    Parameters
    ----------
    delta : array_like
        Deficiencies of the samples, three different ones or more.
    voltage : array_like
        Their critical voltages in V.
    T : float
        In K.
    error : array_like, optional
        Standard errors in V, one or one a sample. Without, all samples count alike and the errors follow
        from the scatter.
    delta_max : float
        Metal-poor boundary of the fitted model; not fitted.
    charge : int
        z of the mobile ion.
    form : {"linear profile", "uniform field"}
        As of `DefectModel.critical_voltage`.

    Returns
    -------
    DefectFit

    Notes
    -----
    Least squares; intervals are where the profile of the sum of squares, minimised over the other parameter,
    rises by the 95 % point of F (chi-squared where errors are given). Qiu, Shi, Chen, Snyder et al., Nat.
    Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8, fit delta_c and K_e at 750 K in this way.

    Examples
    --------
    >>> from ioffe.migration.defect import CU2S
    >>> delta = np.array([0.0, 0.01, 0.03, 0.04, 0.06])
    >>> noise = 1e-3 * np.array([0.6, -1.1, 0.4, 0.9, -0.7])
    >>> found = fit_defect_model(delta, CU2S.critical_voltage(delta, 750.0) + noise, 750.0, 1e-3)
    >>> found.delta_c.low < -0.03 < found.delta_c.high, found.K_e.low < 2.24e-3 < found.K_e.high
    (True, True)
    """
    d, V, s = _checked(delta, voltage, T, error, form)
    problem = _Problem(d, V, s, float(T), charge, form)
    best, least = problem.best()
    freedom = d.size - 2
    unit = 1.0 if error is not None else least / freedom if freedom else np.nan
    covariance = problem.covariance(best)
    correlation = float(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]))
    known = None if error is not None else freedom
    delta_c, log_K = (_number(problem, i, best, least, unit, known, covariance * unit) for i in (0, 1))
    model = DefectModel.of_constant(
        float(np.exp(best[1])), float(T), float(best[0]), delta_max, charge=charge
    )
    residual = -problem.residuals(best) * s
    return DefectFit(
        model=model,
        delta_c=delta_c,
        K_e=_constant(log_K),
        gibbs_energy=_energy(log_K, float(T)),
        T=float(T),
        correlation=correlation,
        delta=d,
        voltage=V,
        fitted=V - residual,
        residual=residual,
        reduced_chi_squared=(least / freedom if error is not None else 1.0) if freedom else np.nan,
        scatter=float(np.sqrt(np.sum(residual**2) / freedom)) if freedom else np.nan,
        form=form,
    )


@dataclass(frozen=True)
class _Problem:
    """Residuals over delta_c and ln K_e."""

    delta: Array
    voltage: Array
    error: Array
    T: float
    charge: int
    form: Form

    @property
    def bounds(self) -> tuple[Array, Array]:
        start = float(np.min(self.delta))
        low, high = np.array(_BOUNDS, float).T + np.array([start, 0.0])
        return low, high

    def residuals(self, parameters: Array) -> Array:
        """Fit less data over the error."""
        delta_c, log_K = parameters
        model = DefectModel(-k_B * self.T * log_K, delta_c, charge=self.charge)
        return (model.critical_voltage(self.delta, self.T, form=self.form) - self.voltage) / self.error

    def squares(self, parameters: Array) -> float:
        return float(np.sum(self.residuals(parameters) ** 2))

    def best(self) -> tuple[Array, float]:
        """Least sum of squares from the best points of a grid."""
        from scipy.optimize import least_squares

        low, high = self.bounds
        gaps = -np.geomspace(1e-4, 0.9, 13)
        grid = [np.array([high[0] + gap, log_K]) for gap in gaps for log_K in np.linspace(-25.0, 0.0, 14)]
        grid.sort(key=self.squares)
        options = {"x_scale": [0.02, 1.0], "xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}
        found = [least_squares(self.residuals, p, bounds=(low, high), **options) for p in grid[:3]]
        best = min(found, key=lambda item: item.cost)
        if not np.all(np.isfinite(best.x)):
            raise ConvergenceError("no defect model was found for these critical voltages")
        return best.x, 2.0 * float(best.cost)

    def covariance(self, best: Array) -> Array:
        steps = np.array([1e-6, 1e-5])
        low, high = self.bounds
        columns = []
        for i in (0, 1):
            up, down = best.copy(), best.copy()
            up[i] = min(best[i] + steps[i], high[i])
            down[i] = max(best[i] - steps[i], low[i])
            columns.append((self.residuals(up) - self.residuals(down)) / (up[i] - down[i]))
        jacobian = np.array(columns).T
        return np.linalg.pinv(jacobian.T @ jacobian)

    def profile(self, index: int, value: float, start: float) -> tuple[float, float]:
        """Least sum of squares with one parameter held, and the other parameter there."""
        from scipy.optimize import least_squares

        low, high = (float(bound[1 - index]) for bound in self.bounds)

        def free(other: Array) -> Array:
            return self.residuals(np.array([value, other[0]] if index == 0 else [other[0], value]))

        inside = float(np.clip(start, low + 1e-9, high - 1e-9))
        found = least_squares(free, [inside], bounds=(low, high))
        return 2.0 * float(found.cost), float(found.x[0])

    def end(self, index: int, best: Array, level: float, bound: float) -> float | None:
        """Where the profile passes `level` between the best value and a bound; None if nowhere."""
        direction = np.sign(bound - best[index])
        last = bound - 1e-9 * direction
        near, other, step = float(best[index]), float(best[1 - index]), _STEPS[index]
        while direction * (last - near) > 0:
            far = near + direction * min(step, direction * (last - near))
            start = other
            squares, other = self.profile(index, far, start)
            if squares > level:
                return root_between(lambda v, s=start: self.profile(index, v, s)[0] - level, near, far, 1e-7)
            near, step = far, 1.6 * step
        return None


def _number(
    problem: _Problem,
    index: int,
    best: Array,
    least: float,
    unit: float,
    freedom: int | None,
    covariance: Array,
) -> FittedNumber:
    """A parameter with its interval; `freedom` is None where the errors are known."""
    from scipy.stats import chi2, f

    name, value = _NAMES[index], float(best[index])
    bounds = [float(bound[index]) for bound in problem.bounds]
    if freedom == 0:
        return FittedNumber(name, value, np.nan, bounds[0], bounds[1], False)
    rise = float(chi2.ppf(0.95, 1)) if freedom is None else float(f.ppf(0.95, 1, freedom)) * unit
    if least + rise <= _EXACT:
        return FittedNumber(name, value, 0.0, value, value, True)
    ends = [problem.end(index, best, least + rise, bound) for bound in bounds]
    determined = all(end is not None for end in ends)
    std = float(np.sqrt(covariance[index, index])) if determined else np.nan
    low, high = (bound if end is None else end for end, bound in zip(ends, bounds, strict=True))
    return FittedNumber(name, value, std, low, high, determined)


def _constant(log_K: FittedNumber) -> FittedNumber:
    """K_e from its logarithm."""
    value, low, high = (float(np.exp(u)) for u in (log_K.value, log_K.low, log_K.high))
    return FittedNumber("K_e", value, value * log_K.std, low, high, log_K.determined)


def _energy(log_K: FittedNumber, T: float) -> FittedNumber:
    """Gibbs energy in J from ln K_e."""
    value, high, low = (-k_B * T * u for u in (log_K.value, log_K.low, log_K.high))
    return FittedNumber("gibbs_energy", value, k_B * T * log_K.std, low, high, log_K.determined)


def _checked(
    delta: ArrayLike, voltage: ArrayLike, T: float, error: ArrayLike | None, form: Form
) -> tuple[Array, Array, Array]:
    faults = Faults()
    d, V = np.asarray(delta, float), np.asarray(voltage, float)
    s = np.asarray(1e-3 if error is None else error, float)
    if d.ndim != 1 or np.unique(d).size < 3 or not np.all(np.isfinite(d)):
        faults.add("delta", delta, "three different deficiencies or more are expected")
    check_positive(faults, T=T, voltage=V, error=s)
    if V.shape != d.shape:
        faults.add("voltage", voltage, f"{d.size} voltages are expected, one a sample")
    if s.ndim and s.shape != d.shape:
        faults.add("error", error, f"one error or {d.size} errors are expected")
    if form not in FORMS:
        faults.add("form", form, 'one of "linear profile" and "uniform field" is expected')
    faults.raise_if_any()
    return d, V, np.broadcast_to(s, d.shape)
