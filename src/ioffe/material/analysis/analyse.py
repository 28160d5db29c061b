"""One call for the analysis of a sample or a series."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import ALL_TEMPERATURES, Curve
from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.material.analysis.bipolar import SCATTER, BipolarSplit, split_bipolar
from ioffe.material.analysis.quantities import (
    FINE,
    Split,
    electronic_part,
    gap_quantities,
    hall_quantities,
    pointwise,
    rule_between,
    span_quantities,
)
from ioffe.material.analysis.result import Analysis, Gap, SampleAnalysis
from ioffe.material.propagation import (
    Method,
    Perturbation,
    by_differences,
    forward_draws,
    propagate_draws,
)
from ioffe.material.uncertainty import Estimate, Uncertainty
from ioffe.transport.carrier_scattering import ACOUSTIC, scattering_exponent

if TYPE_CHECKING:
    from ioffe.material.material import Material


from collections.abc import Iterator

from ioffe.material.checks import SEVERITIES, Finding
from ioffe.material.material import Material
from ioffe.material.soundness import sound

Legs = Callable[[Sequence["Material"], Array, Array], Mapping[str, Array]]
NEAR = 10.0
"""Kelvin by which a Hall measurement may lie outside of the range of the other curves, which are then taken
at their end: most are made at room temperature, where a run of S and conductivity has not begun yet."""
FORMULA_POINTS = 11
"""Temperatures of the tables where S is a formula."""
SPLIT_POINTS = 3
"""Points that a/T + b needs."""


def analyse(
    materials: Material | Sequence[Material],
    *,
    uncertainty: Uncertainty | Mapping[str, Uncertainty] | None = None,
    T_cold: float | str | None = None,
    T_hot: float | str | None = None,
    scattering: str | float = ACOUSTIC,
    onset: float | Mapping[str, float] | None = None,
    method: Method = "linear",
    count: int = 2000,
    seed: int = 0,
    legs: Legs | None = None,
    strict: bool = False,
    force: bool = False,
) -> Analysis:
    """Analysis of one sample or of a series: everything that follows from S, sigma, kappa and Hall data.

    At every temperature of S: zT, power factor, the Fermi level and Lorenz number of one parabolic band,
    kappa_e, the lattice and bipolar parts, weighted mobility, quality factor, compatibility factor; where a
    Hall measurement was made: density, mobility, effective mass. Over the span: average zT, engineering ZT
    and power factor, Kim's estimate of the efficiency. Besides the gap by Goldsmid and Sharp and the onset of
    bipolar conduction. All with standard deviations, and the shares of the variance by measured property.

    Parameters
    ----------
    materials : Material or sequence of Material
        Samples; names must differ.
    uncertainty : Uncertainty or mapping of str to Uncertainty, optional
        Errors of all samples, or by name; by default the standard deviations of the curves, systematic.
    T_cold, T_hot : float or str, optional
        Span of the averages, in K or with a unit; by default the common range of each sample.
    scattering : str or float
        Mechanism of the parabolic band, or the exponent r.
    onset : float or mapping of str to float, optional
        Onset of bipolar conduction in K, for all samples or by name; infinite for none. By default it is
        looked for in the data.
    method : {"linear", "monte_carlo"}
        Propagation of errors.
    count, seed : int
        Draws of the Monte Carlo method, and what makes them the same each time.
    legs : callable, optional
        Materials, T_cold and T_hot of each to further numbers of the span by name, such as the efficiencies
        of legs; called once, with every sample and what each of its errors makes of it.
    strict
        Refuse samples whose data are doubtful.
    force
        Analyse samples whose data cannot be right (`Material.check`) too.

    Returns
    -------
    Analysis

    Raises
    ------
    InputError
        With everything that is wrong: passive materials, names that repeat, a span outside the measured
        range, data that cannot be right.

    Examples
    --------
    >>> from ioffe.material import library
    >>> found = analyse(library.load_material("Bi0.42Sb1.58Te3"),
    ...     uncertainty=Uncertainty(seebeck="5 %", electrical_conductivity="5 %", thermal_conductivity="7 %"))
    >>> round(float(found[0].average_zT.value), 3), round(float(found[0].average_zT.std), 3)
    (0.638, 0.084)
    """
    samples = list(materials) if isinstance(materials, Sequence) else [materials]
    errors = _by_name(uncertainty, samples, Uncertainty())
    onsets = _by_name(onset, samples, None)
    faults = Faults()
    scattering_exponent(scattering)
    spans = {}
    cold = _temperature(T_cold, "T_cold", faults)
    hot = _temperature(T_hot, "T_hot", faults)
    _check(samples, faults)
    for material in samples:
        spans[material.name] = _span(material, cold, hot, faults)
    faults.raise_if_any()
    sound({sample.name: sample for sample in samples}, strict=strict, force=force)
    done = []
    for material in samples:
        with faults.collect(material.name):
            task = _SampleTask(material, errors[material.name], scattering, method, count, seed)
            done.append(task.run(spans[material.name], onsets[material.name]))
    faults.raise_if_any()
    if legs is not None:
        done = _with_legs(done, legs)
    return Analysis(samples=tuple(done), scattering=scattering_exponent(scattering), method=method)


@dataclasses.dataclass(frozen=True)
class _SampleTask:
    """One sample and how its errors are propagated."""

    material: Material
    uncertainty: Uncertainty
    scattering: str | float
    method: Method
    count: int
    seed: int

    def run(self, span: tuple[float, float] | None, onset: float | None) -> SampleAnalysis:
        """Every part of the analysis."""
        material = self.material
        T = _measured(material)
        perturbation = Perturbation(material, self.uncertainty)
        plain = perturbation.properties(T, np.zeros((1, perturbation.size)))
        split = None
        if len(T) >= SPLIT_POINTS and material.thermal_conductivity is not None:
            rest = plain.thermal_conductivity - electronic_part(plain, self.scattering)[2]
            scatter = SCATTER * float(np.mean(plain.thermal_conductivity))
            split = split_bipolar(T, rest[0], onset, scatter)
        linear = None if split is None else Split.at(T, split)
        points = self._propagated(
            perturbation, lambda z: pointwise(perturbation.properties(T, z), linear, self.scattering)
        )
        points = _with_scatter(points, T, split)
        T_hall = hall_temperatures(material)
        hall: dict[str, Estimate] = {}
        if len(T_hall):
            beside = np.clip(T_hall, *material.T_range)
            hall = self._propagated(
                perturbation,
                lambda z: hall_quantities(perturbation.properties(beside, z, T_hall), self.scattering),
            )
        T_beyond = _beyond(material)
        beyond: dict[str, Estimate] = {}
        if len(T_beyond):
            beyond = self._propagated(
                perturbation, lambda z: pointwise(perturbation.properties(T_beyond, z), None, self.scattering)
            )
        numbers = {} if span is None else self._over(perturbation, span)
        gap = self._gap(perturbation)
        cold, hot = span or (nan, nan)
        findings = findings_of(material, self.uncertainty, T, points, T_hall, hall, split, gap)
        return SampleAnalysis(
            material,
            T,
            points,
            T_beyond,
            beyond,
            T_hall,
            hall,
            cold,
            hot,
            numbers,
            split,
            gap,
            findings,
            self.uncertainty,
        )

    def _propagated(
        self, perturbation: Perturbation, evaluate: Callable[[Array], Mapping[str, Array]]
    ) -> dict[str, Estimate]:
        return propagate_draws(perturbation, evaluate, self.method, self.count, self.seed)

    def _over(self, perturbation: Perturbation, span: tuple[float, float]) -> dict[str, Estimate]:
        """Numbers of the span."""
        rule = rule_between(self.material, *span)
        at_hot = np.array([span[1]])
        return self._propagated(
            perturbation,
            lambda z: span_quantities(
                perturbation.properties(rule.T, z), perturbation.properties(at_hot, z), rule
            ),
        )

    def _gap(self, perturbation: Perturbation) -> Gap | None:
        material = self.material
        if material.is_unlimited or material.seebeck is None:
            return None
        T = np.linspace(*material.T_range, FINE)
        found = self._propagated(perturbation, lambda z: gap_quantities(perturbation.properties(T, z)))
        gap, where = found["band_gap"], found["temperature_of_largest_seebeck"]
        position = int(np.argmax(np.abs(np.asarray(material.seebeck(T)))))
        if position == 0:
            return Gap(nan, nan, float(T[0]), nan, "none")
        kind = "at least" if position == len(T) - 1 else "maximum"
        return Gap(float(gap.value), float(gap.std), float(where.value), float(where.std), kind)


def _with_legs(done: list[SampleAnalysis], legs: Legs) -> list[SampleAnalysis]:
    """With the numbers of the legs, whose errors are by differences whatever the method."""
    taken = [s for s in done if isfinite(s.T_cold) and s.material.thermal_conductivity is not None]
    if not taken:
        return done
    errors = [Perturbation(s.material, s.uncertainty) for s in taken]
    materials = [[one.perturbed(z) for z in forward_draws(one)] for one in errors]
    sizes = [len(rows) for rows in materials]
    T_cold, T_hot = (np.repeat([getattr(s, name) for s in taken], sizes) for name in ("T_cold", "T_hot"))
    found = legs([m for rows in materials for m in rows], T_cold, T_hot)
    more: dict[str, dict[str, Estimate]] = {}
    start = 0
    for sample, one, size in zip(taken, errors, sizes, strict=True):
        rows = {name: values[start : start + size] for name, values in found.items()}
        more[sample.name] = by_differences(one, rows)
        start += size
    return [dataclasses.replace(s, span={**s.span, **more.get(s.name, {})}) for s in done]


def _with_scatter(
    points: Mapping[str, Estimate], T: Array, split: BipolarSplit | None
) -> dict[str, Estimate]:
    """Both parts with the standard error of a/T + b above the onset, of the fitted bipolar part below it."""
    out = dict(points)
    if split is None or not np.isfinite(split.onset):
        return out
    below = np.zeros_like(T)
    below[: len(split.shape_std)] = split.shape_std
    more = np.where(split.onset < T, np.nan_to_num(split.lattice_std(T)), below)
    for name in ("lattice_thermal_conductivity", "bipolar_thermal_conductivity"):
        found = out[name]
        low = found.value - np.hypot(found.value - found.low, more)
        high = found.value + np.hypot(found.high - found.value, more)
        out[name] = dataclasses.replace(found, std=np.hypot(found.std, more), low=low, high=high)
    return out


def _measured(material: Material) -> Array:
    """Temperatures of the tables: those of S, else of any other curve, in the common range.

    Where another property was measured at others, that of the largest zT among all of them and the ends of
    the range is one more.
    """
    low, high = material.T_range
    tables = _tables(material)
    for curve in tables:
        T = curve.T[(low <= curve.T) & (high >= curve.T)]
        if len(T):
            break
    else:
        return material.temperatures(FORMULA_POINTS)
    every = np.concatenate([[low, high], *(curve.T for curve in tables)])
    every = np.setdiff1d(every[(low <= every) & (high >= every)], T)
    if material.is_unlimited or material.thermal_conductivity is None or not len(every):
        return T
    zT = np.asarray(material.zT(every))
    best = int(np.argmax(zT))
    return np.sort(np.append(T, every[best])) if zT[best] > np.max(material.zT(T)) else T


def _tables(material: Material) -> list[Curve]:
    """Measured curves, that of S first."""
    curves = [c for c in material.transport.values() if c.coefficients is None]
    return sorted(curves, key=lambda c: c.quantity != "seebeck")


def _beyond(material: Material) -> Array:
    """Measured temperatures outside the common range, at which not every property is known."""
    low, high = material.T_range
    T = np.unique(np.concatenate([np.empty(0), *(curve.T for curve in _tables(material))]))
    return T[(low > T) | (high < T)]


def hall_temperatures(material: Material) -> Array:
    """Temperatures of the Hall measurement in the common range of the other curves, or near to it.

    `material`: with or without such a measurement.
    """
    if material.hall is None:
        return np.empty(0)
    low, high = material.T_range
    T = _measured_hall(material)
    return T[(low - NEAR <= T) & (T <= high + NEAR)]


def _measured_hall(material: Material) -> Array:
    hall = material.hall
    return hall.T if hall is not None and hall.coefficients is None else _measured(material)


def _check(samples: Sequence[Material], faults: Faults) -> None:
    if not samples:
        faults.add("materials", expected="at least one sample is expected")
    names = [m.name for m in samples]
    for name in sorted({n for n in names if names.count(n) > 1}):
        faults.add("name", name, "every sample needs a name of its own")
    for material in samples:
        if material.seebeck is None or material.electrical is None:
            lacking = "Seebeck coefficient" if material.seebeck is None else "conductivity"
            expected = f"a thermoelectric material is expected, this one has no {lacking}"
            faults.add(material.name, expected=expected)


def _temperature(given: float | str | None, name: str, faults: Faults) -> float | None:
    if given is not None:
        with faults.collect():
            return to_si(given, name, name)
    return None


def _span(
    material: Material, cold: float | None, hot: float | None, faults: Faults
) -> tuple[float, float] | None:
    """Span of the averages, or None for a sample measured at one temperature."""
    low, high = material.T_range
    if cold is None and hot is None and (low, high) == ALL_TEMPERATURES:
        return None
    one, two = (low if cold is None else cold), (high if hot is None else hot)
    if not one < two:
        faults.add("T_hot", f"{two:g} K", f"a temperature above T_cold, {one:g} K, is expected")
        return None
    for name, T in (("T_cold", one), ("T_hot", two)):
        if not low - 1e-9 <= T <= high + 1e-9:
            expected = f"a temperature in the measured range of {material.name} is expected"
            faults.add(name, f"{T:g} K", expected, f"that is {low:g} K to {high:g} K")
    return one, two


def _by_name(given: Any, samples: Sequence[Material], default: Any) -> dict[str, Any]:
    """What was given for all samples or by name, for each of them."""
    if not isinstance(given, Mapping):
        return {m.name: default if given is None else given for m in samples}
    faults = Faults()
    names = [m.name for m in samples]
    for name in given:
        faults.one_of("sample", name, names)
    faults.raise_if_any()
    return {name: given.get(name, default) for name in names}


def findings_of(
    material: Material,
    uncertainty: Uncertainty,
    T: Array,
    points: Mapping[str, Estimate],
    T_hall: Array,
    hall: Mapping[str, Estimate],
    split: BipolarSplit | None,
    gap: Gap | None,
) -> tuple[Finding, ...]:
    """Findings of `Material.check`, and those about the parts of the analysis; errors first.

    `uncertainty`: errors of its curves.
    `T`: temperatures of `points` in K.
    `points`: quantities at `T`.
    `T_hall`: temperatures of the Hall measurement in K.
    `hall`: quantities at `T_hall`.
    `split`: lattice and bipolar part, if there is one.
    `gap`: gap by Goldsmid and Sharp, if there is one.
    Returns: errors first.
    """
    found = [
        *material.check(),
        *_errors(material, uncertainty),
        *_lattice(T, points),
        *_one_band(material, split, gap),
        *_hall(material, T_hall, hall),
    ]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def _errors(material: Material, uncertainty: Uncertainty) -> Iterator[Finding]:
    curves = {
        "seebeck": material.seebeck,
        "electrical_conductivity": material.electrical,
        "thermal_conductivity": material.thermal_conductivity,
        "hall": material.hall,
    }
    lacking = [
        name for name, curve in curves.items() if curve is not None and not uncertainty.states(name, curve)
    ]
    if lacking:
        text = f"no error is stated for {', '.join(lacking)}; standard deviations leave it out"
        yield Finding("note", "no-error", text)


def _lattice(T: Array, points: Mapping[str, Estimate]) -> Iterator[Finding]:
    """Lattice part that is not positive, or within its error of zero."""
    lattice = points["lattice_thermal_conductivity"]
    below = np.flatnonzero(lattice.value <= 0.0)
    if len(below):
        where = f"{T[below[0]]:g} K"
        text = f"kappa - L sigma T is not positive from {where} on; there is no quality factor there"
        yield Finding("error", "lattice", text, float(T[below[0]]))
        return
    lost = np.flatnonzero(lattice.std >= lattice.value)
    if len(lost):
        text = f"the lattice part is not larger than its error from {T[lost[0]]:g} K on"
        yield Finding("warning", "lattice", text, float(T[lost[0]]))


def _one_band(material: Material, split: BipolarSplit | None, gap: Gap | None) -> Iterator[Finding]:
    """Where one band does not describe the sample any more."""
    onsets = []
    if split is not None and split.kind in ("detected", "given"):
        onsets.append((split.onset, "kappa"))
    if gap is not None and gap.kind == "maximum":
        onsets.append((gap.T, "|S|"))
    low, high = material.T_range
    inside = [(T, word) for T, word in onsets if low <= T < high]
    if inside:
        T, word = min(inside)
        text = (
            f"from about {T:.4g} K on minority carriers show in {word}: Fermi level, Lorenz number, weighted"
            " mobility and effective mass of one band are no longer right there"
        )
        yield Finding("note", "bipolar", text, T)


def _hall(material: Material, T_hall: Array, hall: Mapping[str, Estimate]) -> Iterator[Finding]:
    """Hall data outside the range of the other curves."""
    if material.hall is not None:
        (low, high), T = material.T_range, _measured_hall(material)
        near = [(t, low if t < low else high) for t in T if 0.0 < max(low - t, t - high) <= NEAR]
        far = [f"{t:.4g} K" for t in T if max(low - t, t - high) > NEAR]
        for t, end in near:
            text = (
                f"the Hall measurement at {t:.4g} K is set beside the other curves at {end:.4g} K, their end"
            )
            yield Finding("note", "hall-range", text, float(t))
        if far:
            where = f"outside {low:g} K to {high:g} K; nothing is made of it"
            text = f"the Hall measurement at {', '.join(far)} lies {where}"
            yield Finding("note" if len(T_hall) else "warning", "hall-range", text)
    masses = hall.get("effective_mass")
    if masses is None:
        return
    odd = np.flatnonzero((masses.value < SMALL_MASS) | (masses.value > LARGE_MASS))
    if len(odd):
        k = int(odd[0])
        found = f"the effective mass is {masses.value[k]:.3g} at {T_hall[k]:g} K"
        text = f"{found}: is the unit of the Hall data right?"
        yield Finding("warning", "mass", text, float(T_hall[k]))


SMALL_MASS, LARGE_MASS = 0.02, 20.0
"""Effective masses over the electron mass outside which a mixed-up unit is likelier than a band."""
