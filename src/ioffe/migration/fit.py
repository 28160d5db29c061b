"""Defect model from critical voltages of samples of different composition, with what the data determine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.constants import e, k_B
from ioffe.base.errors import ConvergenceError
from ioffe.base.least_squares import LeastSquares, LeastSquaresFit
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import floats
from ioffe.migration._check import check_positive, checked
from ioffe.migration.defect import FORMS, Array, DefectModel, Form

_BOUNDS: Final = ((-1.0, 0.0), (-30.0, 2.0))
"""Of delta_c less the smallest delta, and of ln K_e."""
_NAMES: Final = ("delta_c", "ln K_e")
_SIZES: Final = (0.02, 1.0)
"""Size of a parameter for the steps of the search."""
_STARTS: Final = 3
"""Best points of the grid from which the search begins."""
_TOLERANCE: Final = 1e-14
_PRECISION: Final = 1e-7
"""Accuracy of the ends of the intervals."""
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


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class DefectFit(EvidenceResult):
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
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.
    """

    kind: ClassVar[str] = "defect_fit"

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

    @property
    def parameters(self) -> tuple[FittedNumber, ...]:
        """The fitted parameters."""
        return self.delta_c, self.K_e, self.gibbs_energy

    def tables(self) -> dict[str, ResultTable]:
        """``samples`` with the fitted voltages, and ``parameters``."""
        columns = {name: getattr(self, name) for name in ("voltage", "fitted", "residual")}
        samples = table({"delta": (("sample",), self.delta)}, columns, dict.fromkeys(columns, "V"))
        names = ("value", "std", "low", "high", "determined")
        numbers = {name: [getattr(one, name) for one in self.parameters] for name in names}
        parameters = table({"parameter": [one.name for one in self.parameters]}, numbers)
        return {"samples": samples, "parameters": parameters}

    def _header(self) -> dict[str, Any]:
        names = ("T", "correlation", "reduced_chi_squared", "scatter", "form")
        return {name: getattr(self, name) for name in names}

    def _doubts(self) -> Iterator[str]:
        return (str(one) for one in (self.delta_c, self.K_e) if not one.determined)

    def _title(self) -> str:
        scatter = f"scatter {1e3 * self.scatter:.2f} mV, {self.delta.size} samples"
        return f"defect model, {self.form} at {self.T:g} K, {scatter}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        energy = self.gibbs_energy
        volts = (value / e for value in (energy.value, energy.std, energy.low, energy.high))
        shown = FittedNumber("Delta G_e", *volts, determined=energy.determined)
        yield from (("", text) for text in (str(self.delta_c), str(self.K_e), f"{shown} (eV)"))


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
    problem = _problem(d, V, s, float(T), charge, form, error is not None)
    best = _best(problem)
    free = best.degrees_of_freedom
    delta_c, log_K = (_number(problem, best, i) for i in (0, 1))
    K_e, energy = _constant(log_K), _energy(log_K, float(T))
    model = DefectModel.of_constant(K_e.value, float(T), delta_c.value, delta_max, charge=charge)
    residual = -best.residuals * s
    quality = best.reduced_chi_squared if error is not None or not free else 1.0
    scatter = float(np.sqrt(np.sum(residual**2) / free)) if free else np.nan
    return DefectFit(
        model=model,
        delta_c=delta_c,
        K_e=K_e,
        gibbs_energy=energy,
        T=float(T),
        correlation=float(best.correlation[0, 1]),
        delta=d,
        voltage=V,
        fitted=V - residual,
        residual=residual,
        reduced_chi_squared=quality,
        scatter=scatter,
        form=form,
    )


def _problem(
    delta: Array, voltage: Array, error: Array, T: float, charge: int, form: Form, stated: bool
) -> LeastSquares:
    """Residuals, fit less data over the error, as a function of delta_c and ln K_e."""

    def residuals(parameters: Array) -> Array:
        delta_c, log_K = parameters
        model = DefectModel(-k_B * T * log_K, delta_c, charge=charge)
        return (model.critical_voltage(delta, T, form=form) - voltage) / error

    low, high = np.array(_BOUNDS, float).T + np.array([float(np.min(delta)), 0.0])
    return LeastSquares(residuals, low, high, stated=stated, size=_SIZES, tolerance=_TOLERANCE)


def _best(problem: LeastSquares) -> LeastSquaresFit:
    """Least squares from the best points of a grid."""
    top = float(np.asarray(problem.high)[0])
    gaps = -np.geomspace(1e-4, 0.9, 13)
    grid = [np.array([top + gap, log_K]) for gap in gaps for log_K in np.linspace(-25.0, 0.0, 14)]
    grid.sort(key=lambda point: float(np.sum(problem.residual(point) ** 2)))
    best = problem.solve(*grid[:_STARTS])
    if not np.all(np.isfinite(best.parameters)):
        raise ConvergenceError("no defect model was found for these critical voltages")
    return best


def _number(problem: LeastSquares, best: LeastSquaresFit, index: int) -> FittedNumber:
    """A parameter with its interval of 95 %: chi squared where the errors are known, otherwise F."""
    name, value, free = _NAMES[index], float(best.parameters[index]), best.degrees_of_freedom
    bounds = float(best.low[index]), float(best.high[index])
    if free == 0 and not best.stated:
        return FittedNumber(name, value, np.nan, *bounds, False)
    rise = best.rise(0.95)
    if best.chi_squared + rise <= _EXACT:
        return FittedNumber(name, value, 0.0, value, value, True)
    found = problem.interval(best, index, _STEPS[index], rise, _PRECISION)
    determined = not (found.open_low or found.open_high)
    std = float(np.sqrt(best.covariance[index, index])) if determined else np.nan
    return FittedNumber(name, value, std, found.low, found.high, determined)


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
    with checked() as faults:
        d, V = floats(delta), floats(voltage)
        s = np.asarray(1e-3 if error is None else error, float)
        if d.ndim != 1 or np.unique(d).size < 3 or not np.all(np.isfinite(d)):
            faults.add("delta", delta, "three different deficiencies or more are expected")
        check_positive(faults, T=T, voltage=V, error=s)
        if V.shape != d.shape:
            faults.add("voltage", voltage, f"{d.size} voltages are expected, one a sample")
        if s.ndim and s.shape != d.shape:
            faults.add("error", error, f"one error or {d.size} errors are expected")
        faults.one_of("form", form, FORMS)
    return d, V, np.broadcast_to(s, d.shape)
