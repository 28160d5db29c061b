"""Fitting a model to measured samples."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.base.least_squares_fit import LeastSquaresFit
from ioffe.base.units import to_si
from ioffe.material.fit.intervals import intervals
from ioffe.material.fit.model import FitModel, Fitted, Parameter, Vector
from ioffe.material.fit.observations import USUAL_ERROR, Observations, ObservedPoints, observe
from ioffe.material.fit.result import Fit
from ioffe.material.uncertainty import Uncertainty

if TYPE_CHECKING:
    from ioffe.material.material import Material

SPREAD_OF_STARTS = 0.5
"""Standard deviation of further starting points, as the solver sees the parameters."""


def fit(
    materials: Material | Sequence[Material],
    model: FitModel,
    *,
    quantities: Sequence[str] | None = None,
    uncertainty: Uncertainty | None = None,
    T_range: tuple[float, float] | None = None,
    fixed: Mapping[str, float | str] | None = None,
    own: Collection[str] = (),
    shared: Collection[str] = (),
    start: Mapping[str, float | str] | None = None,
    bounds: Mapping[str, tuple[float | str, float | str]] | None = None,
    starts: int = 1,
    profiles: bool = True,
) -> Fit:
    """Fit a model to the measured points of one sample, or of a series at once.

    The squares of the deviations over their standard deviations are made smallest, of all properties, samples
    and temperatures together, with the covariance of points whose errors go together. Deviations of positive
    properties are logarithmic, those of S linear.

    Parameters
    ----------
    materials : Material or sequence of Material
        Samples; names must differ.
    model : FitModel
        Such as `SingleParabolicBand`.
    quantities : sequence of str, optional
        What is compared; by default everything the model offers and a sample has, with
        `electrical_conductivity` also meaning the resistivity and `hall_coefficient` the Hall density.
    uncertainty : Uncertainty, optional
        Errors; by default the standard deviations of the curves, independent at every point. Usual errors
        are taken for a property without one; where none is stated at all they only weight the points, and
        the standard errors follow from the scatter.
    T_range : two floats, optional
        Temperatures in K between which points count.
    fixed : mapping of str to float or str
        Parameters that are not fitted, with their values in SI or with a unit.
    own, shared : collection of str
        Parameters with a value of their own for each sample, or one for all, against the habit of the model.
    start : mapping of str to float or str
        Where the search begins, in place of the estimate from the data.
    bounds : mapping of str to pair
        Smallest and largest value, in place of those of the model.
    starts : int
        Number of searches; those after the first begin at random points around it, always the same ones, and
        the best counts.
    profiles : bool
        Whether the intervals of poorly determined parameters are taken from the profile likelihood.

    Returns
    -------
    Fit

    Raises
    ------
    InputError
        With everything that is wrong with the data and the words.

    Examples
    --------
    >>> from ioffe.material.fit import SingleParabolicBand
    >>> from ioffe.material import library
    >>> found = fit(library.load_material("MgAgSb0.99In0.01"), SingleParabolicBand(), T_range=(290.0, 400.0))
    >>> print(found.parameter("effective_mass"))
    effective_mass: not determined by the data
    >>> round(found.curve("seebeck")(300.0) * 1e6)
    155
    """
    samples = [materials] if not isinstance(materials, Sequence) else list(materials)
    faults = Faults()
    if not samples:
        faults.add("materials", expected="at least one sample is expected")
    if not isinstance(model, FitModel):
        faults.add("model", model, "a model is expected, such as SingleParabolicBand()")
    if not isinstance(starts, int) or starts < 1:
        faults.add("starts", starts, "a whole number from 1 on is expected")
    faults.raise_if_any()
    chosen = _quantities(model, quantities)
    errors = uncertainty or Uncertainty(systematic=0.0)
    seen = observe(samples, chosen, errors, T_range or (0.0, inf), model.signed_hall)
    vector = _vector(model, seen, fixed or {}, own, shared, start or {}, bounds or {})
    problem = vector.problem(_Residuals(model, tuple(seen), vector), any(o.known for o in seen))
    steps = SPREAD_OF_STARTS * np.random.default_rng(0).standard_normal((starts - 1, len(vector.start)))
    found = problem.solve(vector.start, *np.clip(vector.start + steps, vector.low, vector.high))
    parameters = intervals(vector, problem, found, profiles)
    findings = _findings(model, parameters, found, seen)
    return Fit(
        model=model,
        materials=tuple(samples),
        parameters=parameters,
        findings=findings,
        observations=tuple(seen),
        vector=vector,
        found=found,
        problem=problem,
    )


def _quantities(model: FitModel, asked: Sequence[str] | None) -> tuple[str, ...]:
    if asked is None:
        return model.fitted
    faults = Faults()
    for name in asked:
        faults.one_of("quantities", name, model.measured)
    if not asked:
        faults.add("quantities", expected=f"some of {', '.join(model.measured)} are expected")
    faults.raise_if_any()
    return tuple(asked)


def _vector(
    model: FitModel,
    seen: Sequence[Observations],
    fixed: Mapping[str, float | str],
    own: Collection[str],
    shared: Collection[str],
    start: Mapping[str, float | str],
    bounds: Mapping[str, tuple[float | str, float | str]],
) -> Vector:
    """Free parameters with the caller's wishes."""
    found = [list(model.parameters(o)) for o in seen]
    specs = {p.name: p for its in found for p in its}
    faults = Faults()
    wishes = {"fixed": fixed, "own": own, "shared": shared, "start": start, "bounds": bounds}
    for word, name in ((word, name) for word, names in wishes.items() for name in names):
        faults.one_of(word, name, specs)
    faults.raise_if_any()

    def si(name: str, value: float | str, location: str) -> float:
        quantity = specs[name].quantity
        with faults.collect():
            return to_si(value, quantity, location) if quantity else float(value)
        return nan

    held = {name: si(name, value, f"fixed.{name}") for name, value in fixed.items()}
    begin = {name: si(name, value, f"start.{name}") for name, value in start.items()}
    limits = {k: tuple(si(k, v, f"bounds.{k}") for v in pair) for k, pair in bounds.items()}
    for name, (low, high) in limits.items():
        if not low < high or (specs[name].logarithmic and low <= 0.0):
            faults.add(f"bounds.{name}", [low, high], "a smaller and a larger value are expected")
    faults.raise_if_any()

    def changed(p: Parameter) -> Parameter:
        low, high = limits.get(p.name, (p.low, p.high))
        common = True if p.name in shared else False if p.name in own else p.shared
        return dataclasses.replace(p, low=low, high=high, start=begin.get(p.name, p.start), shared=common)

    return Vector([o.name for o in seen], [[changed(p) for p in its] for its in found], held)


@dataclass(frozen=True)
class _Residuals:
    """Residuals of all samples as a function of the free parameters."""

    model: FitModel
    seen: tuple[Observations, ...]
    vector: Vector

    def __call__(self, u: Array) -> Array:
        """Parameters of shape (draws, size) to residuals of shape (draws, points)."""
        parts = []
        for sample in self.seen:
            values = self.vector.values(u, sample.name)
            groups: dict[bytes, list[ObservedPoints]] = {}  # those on one grid are predicted together
            for series in sample.series:
                groups.setdefault(series.T.tobytes(), []).append(series)
            for group in groups.values():
                T, names = group[0].T, [series.quantity for series in group]
                found, shape = self.model.predict(values, T, sample.sign, names), (len(u), len(T))
                parts += [s.residual(np.broadcast_to(found[s.quantity], shape)) for s in group]
        return np.concatenate(parts, axis=1)


def _findings(
    model: FitModel, parameters: Sequence[Fitted], found: LeastSquaresFit, seen: Sequence[Observations]
) -> tuple[str, ...]:
    quantities = list(dict.fromkeys(series.quantity for o in seen for series in o.series))
    out = []
    if not found.converged:
        out.append("The search did not end at a minimum; no parameter is known. Try other starting values.")
    open_ones = [p for p in parameters if p.status == "not determined"]
    if open_ones and found.converged:
        labels = ", ".join(f"{p.name} of {p.sample}" if p.sample else p.name for p in open_ones)
        advice = model.advice([p.name for p in open_ones], quantities)
        out.append(f"The data do not determine {labels}. {advice}".rstrip())
    unknown = list(dict.fromkeys(name for o in seen for name in o.unknown))
    taken = ", ".join(f"{name} {USUAL_ERROR[name]:.0%}" for name in unknown)
    if unknown and found.stated:
        out.append(f"No error is stated for some properties; usual ones are taken: {taken}.")
    elif unknown:
        out.append(
            f"No errors are stated: {taken} weight the points, and the standard errors are those of their"
            " scatter."
        )
    if found.degrees_of_freedom <= 0:
        out.append("There are as many parameters as points: nothing is left to judge the model by.")
    elif found.disagrees:
        out.append(
            "The model does not describe the data within their errors: chi squared is"
            f" {found.reduced_chi_squared:.3g} for each degree of freedom, and the standard errors are too"
            " small."
        )
    return tuple(out)
