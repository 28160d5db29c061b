"""Fits of ageing laws to measured junctions, one or several temperatures together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Fault, InputError
from ioffe.base.least_squares_fit import LeastSquaresFit
from ioffe.base.quantities import quantity as lookup
from ioffe.interface._checks import FROM_ZERO, NUMBER, POSITIVE, Checks, Kind, QuantityLike
from ioffe.interface.ageing.acceleration import TEMPERATURE, Arrhenius, reduced_time
from ioffe.interface.ageing.law import ENERGY, Law
from ioffe.interface.ageing.laws import LinearGrowth, ParabolicGrowth, PowerLaw, Relaxation
from ioffe.interface.ageing.result import AgeingFit, AgeingSeries
from ioffe.material.fit.intervals import intervals
from ioffe.material.fit.model import Parameter, Vector

KINDS: Final = (Relaxation, ParabolicGrowth, LinearGrowth, PowerLaw)
SIGNS: Final[dict[str, Kind]] = {"change": NUMBER, "growth": NUMBER, "time": POSITIVE, "exponent": POSITIVE}
"""What the parameters are that are not just from 0 on."""
ENERGIES: Final = (1.0 * e, 0.3 * e, 2.0 * e)
"""Activation energies in J at which searches begin."""
HIGHEST_ENERGY: Final = 6.0 * e
FAR: Final = 1e6
"""Bounds of positive parameters over and under what the data suggest."""
EXPONENTS: Final = (0.05, 20.0)
IMPROBABLE: Final = 0.01
"""Probability of so large a chi squared below which the law is said not to describe the data."""


def fit_ageing(
    series: AgeingSeries | Sequence[AgeingSeries],
    kind: type[Law] = Relaxation,
    *,
    quantity: str = "electrical_contact_resistivity",
    own: Collection[str] = ("initial",),
    fixed: Mapping[str, float] | None = None,
    free: Collection[str] = (),
    reference_temperature: QuantityLike | None = None,
    relative: bool = True,
    profiles: bool = True,
) -> AgeingFit:
    """Fit an ageing law to one junction, or to several that differ in temperature.

    Weighted least squares. The activation energy is fitted where the series differ in temperature.

    Parameters
    ----------
    series : AgeingSeries or sequence of AgeingSeries
        Measured values; names must differ.
    kind : type
        `Relaxation`, `ParabolicGrowth`, `LinearGrowth` or `PowerLaw`.
    quantity : str
        What the values are in the quantity table, for the units that are printed; may be empty.
    own : collection of str
        Parameters with a value for each series; the others are common to all.
    fixed : mapping of str to float
        Parameters that are not fitted, in SI.
    free : collection of str
        ``("exponent",)`` fits the exponent of a `Relaxation`, which is 1 otherwise; that of a `PowerLaw` is
        fitted unless it is fixed.
    reference_temperature : float, optional
        In K; by default that of the series whose temperature is the highest.
    relative : bool
        For series without standard deviations: the scatter is the same part of every value, or else the same
        in SI. Either way the errors follow from the scatter.
    profiles : bool
        Whether intervals follow from profiles of the likelihood; without them from the curvature alone.

    Returns
    -------
    AgeingFit

    Raises
    ------
    InputError
        With everything that is wrong with the data and the names.

    Examples
    --------
    The two known ends of a relaxation do not fix its final value and its time.

    >>> day = 86400.0
    >>> ends = AgeingSeries("Sb/MgAgSb", [0.0, 30 * day], [20.8e-10, 7.9e-10], 573.0)
    >>> print(fit_ageing(ends).parameter("time"))
    time: not determined by the data
    >>> print(f"{fit_ageing(ends, fixed={'final': 7e-10}).law().time / day:.2f} days")
    10.99 days
    """
    several = [series] if isinstance(series, AgeingSeries) else list(series)
    held = _checked(several, kind, own, fixed or {}, free)
    accelerated, reference = _temperatures(several, reference_temperature)
    activated = (accelerated or ENERGY in held) and reference is not None
    if not activated:
        held[ENERGY] = 0.0
    span = [float(s.times[-1]) or 1.0 for s in several]
    specs = [_parameters_of(kind, s, span, quantity, frozenset(own)) for s in several]
    vector = Vector([s.name for s in several], specs, held)
    common = {"time": max(span)} if kind is PowerLaw else {}
    build = LawBuilder(kind, common, reference if activated else None)
    stated = all(s.std is not None for s in several)
    problem = vector.problem(_residual(several, vector, build, relative), stated)
    found = problem.solve(*_starts(vector))
    shown = intervals(vector, problem, found, profiles=profiles and bool(np.isfinite(found.variance_factor)))
    shown = tuple(p for p in shown if p.name != ENERGY or activated)
    words = _findings(several, shown, found, activated)
    return AgeingFit(tuple(several), shown, words, vector, found, build)


@dataclass(frozen=True)
class LawBuilder:
    """Makes a law from the parameters of the fit."""

    kind: type[Law]
    common: Mapping[str, float]
    reference: float | None

    def __call__(self, values: Mapping[str, float]) -> Law:
        """Law of one series from its parameters by name, in SI."""
        own = {name: value for name, value in values.items() if name != ENERGY}
        faster = None if self.reference is None else Arrhenius(values[ENERGY], self.reference)
        return self.kind(**own, **self.common, acceleration=faster)


def _checked(
    series: Sequence[AgeingSeries],
    kind: type[Law],
    own: Collection[str],
    fixed: Mapping[str, float],
    free: Collection[str],
) -> dict[str, float]:
    """Parameters that are held; raises for unknown names and wrong data."""
    with Checks() as checks:
        if kind not in KINDS:
            names = ", ".join(k.__name__ for k in KINDS)
            checks.add("kind", getattr(kind, "__name__", kind), f"one of {names} is expected")
        if not series:
            checks.add("series", expected="at least one series is expected")
        checks.names("series[{}].name", [s.name for s in series])
        for index, s in enumerate(series):
            if (s.std is None) != (series[0].std is None):
                expected = "standard deviations of all series or of none are expected"
                checks.add(f"series[{index}].std", expected=expected)
        if sum(len(np.unique(s.times)) for s in series) < 2:
            expected = "at least two different times are expected"
            checks.add("times", expected=expected, advice="one point is no law")
    known = tuple(p.name for p in _parameters_of(kind, series[0], [1.0], "", frozenset()))
    held = {"exponent": 1.0} if kind is Relaxation and "exponent" not in free else {}
    with Checks() as checks:
        for word, given in (("own", own), ("fixed", fixed), ("free", free)):
            for name in given:
                checks.one_of(word, name, known)
        for name, value in fixed.items():
            held[name] = checks.number(f"fixed.{name}", value, SIGNS.get(name, FROM_ZERO))
    return held


def _temperatures(series: Sequence[AgeingSeries], wanted: QuantityLike | None) -> tuple[bool, float | None]:
    """Whether the temperatures differ, and the reference temperature; None where none are known."""
    missing = [s.name for s in series if s.temperatures is None]
    if missing and len(missing) < len(series):
        expected = "temperatures are expected, as the other series have"
        raise InputError(Fault(f"temperatures of {name}", expected=expected) for name in missing)
    with Checks() as checks:
        stated = None if wanted is None else checks.number("reference_temperature", wanted, TEMPERATURE)
    if missing:
        return False, stated
    T = np.concatenate([np.atleast_1d(s.temperatures) for s in series if s.temperatures is not None])
    return bool(np.ptp(T) > 0.0), float(np.max(T)) if stated is None else stated


def _residual(
    series: Sequence[AgeingSeries], vector: Vector, build: LawBuilder, relative: bool
) -> Callable[[Array], Array]:
    """Residuals of all series as a function of the free parameters."""

    def one(values: Mapping[str, Array], k: int, s: AgeingSeries) -> Array:
        law = build({name: float(value[k, 0]) for name, value in values.items()})
        times, T = s.history()
        theta = reduced_time(law.acceleration, times, T)[len(times) - len(s.times) :]
        weight = s.std if s.std is not None else s.values if relative else np.max(s.values)
        return (law.formula(theta) - s.values) / weight

    def residual(u: Array) -> Array:
        parts = []
        for s in series:
            values = vector.values(u, s.name)
            parts.append(np.array([one(values, k, s) for k in range(len(u))]))
        return np.concatenate(parts, axis=1)

    return residual


def _starts(vector: Vector) -> list[Array]:
    """Where searches begin: at several activation energies, if there is one."""
    index = vector.index(ENERGY, vector.samples[0])
    if index is None:
        return [vector.start]
    starts = np.tile(vector.start, (len(ENERGIES), 1))
    starts[:, index] = [vector.specs[index].inward(energy) for energy in ENERGIES]
    return list(starts)


def _findings(
    series: Sequence[AgeingSeries], parameters: Sequence, found: LeastSquaresFit, activated: bool
) -> tuple[str, ...]:
    from scipy.special import chdtrc

    words, degrees, stated = [], found.degrees_of_freedom, found.stated
    if not found.converged:
        words.append("the search did not converge: no value is given")
    words += [str(p) for p in parameters if p.status not in ("determined", "fixed")]
    if not stated and degrees <= 0:
        words.append("as many parameters as points and no stated errors: the parameters have no errors")
    if not activated and series[0].temperatures is not None:
        words.append("one temperature: the activation energy is not determined and the law holds there alone")
    if stated and degrees > 0 and chdtrc(degrees, found.chi_squared) < IMPROBABLE:
        ratio = f"chi squared by degree {found.reduced_chi_squared:.3g}"
        words.append(f"the law does not describe the data within their errors: {ratio}")
    return tuple(words)


def _parameters_of(
    kind: type[Law], series: AgeingSeries, spans: Sequence[float], quantity: str, own: frozenset[str]
) -> list[Parameter]:
    """Parameters of a law for one series.

    `kind`: of the law.
    `series`: whose values give the start.
    `spans`: longest times in s of all series.
    `quantity`: what the values are, for the units; may be empty.
    `own`: parameters with a value for each series.
    """
    first, last = float(series.values[0]), float(series.values[-1])
    top, span = float(np.max(series.values)), max(spans)

    def positive(name: str, start: float, of: str = "", unit: str = "") -> Parameter:
        low, high = start / FAR, start * FAR
        return Parameter(name, of, start, low, high, shared=name not in own, unit=unit)

    def signed(name: str, start: float, size: float, of: str = "", unit: str = "") -> Parameter:
        bound = FAR * size
        return Parameter(name, of, start, -bound, bound, False, name not in own, unit, size)

    found = [positive("initial", first, quantity)]
    if kind is Relaxation:
        found += [positive("final", last, quantity), positive("time", span / 3.0, "time")]
        found.append(Parameter("exponent", "", 1.0, *EXPONENTS, shared="exponent" not in own))
    elif kind is PowerLaw:
        found.append(signed("change", last - first, top))
        found.append(Parameter("exponent", "", 0.5, *EXPONENTS, shared="exponent" not in own))
    elif kind in (LinearGrowth, ParabolicGrowth):
        root, by = (span, "s") if kind is LinearGrowth else (span**0.5, "s^(1/2)")
        unit = f"{lookup(quantity).unit if quantity else '1'}/{by}"
        found.append(signed("growth", (last - first) / root, top / root, unit=unit))
    found.append(Parameter(ENERGY, "activation_energy", ENERGIES[0], 0.0, HIGHEST_ENERGY, False, size=e))
    return found
