"""Doubts about the data of a material, in words.

A finding is an `error` when the numbers cannot be right (a unit mixed up, the wrong sign), a `warning` when
they are doubtful and a device made from them would be too, a `note` when one should know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import LORENZ_SOMMERFELD
from ioffe.base.curve import Curve
from ioffe.base.units import format_si
from ioffe.material.material import Material
from ioffe.material.smoothness import departures, jumps, kinks, quantile
from ioffe.transport import merit
from ioffe.transport.quality import best_zT, lorenz_estimate, quality_factor, weighted_mobility_estimate

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
OF_SIZE = ("seebeck-unit", "conductivity-unit", "thermal-unit", "hall-unit", "high-zT", "low-zT", "lorenz")
"""Codes of findings about magnitudes, which stand before the numbers that they put in doubt."""
TOLD = ("reading", "not-used")
"""Codes of notes that stand among the warnings of results although they speak against nothing."""

SEVERAL = 0.40
"""Median departure over the median value from which a curve is taken for several samples in one."""
REPEATS_DIFFER = 15.0
"""Per cent by which repeated readings may differ: makers of instruments state errors of about 7 % for S and
the resistivity, and two readings that are each right within them differ by no more."""
SMALL_ERROR = 1e-3
"""Median share of the value below which its errors are smaller than instruments of this field have them."""
WIDE_GAP = 150.0
"""Kelvin between two points that leave too much to the interpolation."""
UNEVEN_GAP, SMALL_GAP = 2.5, 60.0
"""A gap is also an interval this many times the median one, if wider than the second number in kelvin."""
FEW, SOME = 4, 6
"""Points below which the interpolation is a guess, and below which it is uncertain."""
NARROW = 100.0
"""Kelvin of a range in which a device can hardly be designed."""
ZT_SHARE, ZT_FLOOR, ZT_WRONG = 0.10, 0.02, 0.5
"""zT differs from the reported one: share of it, smallest difference that counts, share that is an error."""
LORENZ_WRONG, METAL_SLACK = 0.5, 0.8
"""kappa below this share of L sigma T is an error; a metal may lie this much below Wiedemann and Franz."""
METALLIC = 0.3
"""Share of the electrons in kappa from which on a material conducts heat like a metal."""
HIGH_ZT, ABSURD_ZT = 2.8, 5.0
POOR, LOW_ZT, WARM = 0.04, 0.1, 250.0
"""Largest quality factor (zT where |S| is too small for it) below which a factor is probably lost, if any
point lies above WARM in K. Of 911 samples of ESTM and the library 10.6 % have less than POOR, and 90.5 % do
after their conductivity lost a factor of ten; with zT below 0.1 it would be 10.7 % and 79 %."""
LOW_CONDUCTIVITY, LARGE_THERMAL = 5e3, 8.0
"""Conductivity in S/m and thermal conductivity in W/(m K) which explain a low zT."""
ROOM_IN_CELSIUS, COARSE_STEP = (15.0, 60.0), 20.0
"""First temperature and step of a measurement above room temperature in degC; one in a cryostat that begins
so low has finer steps."""
USUAL_SEEBECK = (1e-6, 2e-3)
"""Median of |S| in V/K that a thermoelectric material can have."""
VERY_LARGE_SEEBECK = 1e-2
"""|S| in V/K above which a unit was taken for one that is at least a thousand times larger."""
USUAL_CONDUCTIVITY = (3e2, 1e7)
"""Median conductivity in S/m of thermoelectric materials."""
SMALL_SEEBECK, FALLING, SLOWEST = 20e-6, -0.3, 1e-4
SLOW, DULL = 3e-4, 0.01
"""A conductivity that falls at least with this exponent of T is one of bands, and weighted mobilities in
m2/(V s) below SLOWEST, about e a^2/hbar for a of 3 angstrom, are none; those below SLOW are of lattices in
which heat is slow too, so that the quality factor reaches DULL. Of 550 samples of ESTM (G. S. Na, H. Chang,
npj Comput. Mater. 8 (2022) 214, doi 10.1038/s41524-022-00897-2) and the library whose conductivity falls so,
|S| in V/K above the first number, where the estimate of the mobility holds, one has less than SLOW (2.7e-4,
with 0.032), and another one less than DULL (0.007, with 4.4e-4); 541 do after a loss of a factor of 100."""
OF_SOLIDS = {
    "seebeck": (0.0, 1.0),
    "electrical_conductivity": (1e-20, 1e12),
    "thermal_conductivity": (1e-3, 1e6),
}
"""Sizes in SI between which single points of solids lie with decades to spare: insulators conduct 1e-18 S/m,
pure metals at 4 K less than 1e11 S/m; aerogels 0.01 W/(m K), pure diamond 4e4 W/(m K)."""
USUAL_DENSITY = (1e20, 1e29)
"""Median Hall density in 1/m3 that a semiconductor or metal can have."""
USUAL_THERMAL = (0.05, 60.0)
"""Median thermal conductivity in W/(m K) of thermoelectric materials."""


@dataclass(frozen=True)
class Finding:
    """One doubt about a material.

    Parameters
    ----------
    severity : {"error", "warning", "note"}
        How much it matters.
    code : str
        Short name of the check.
    message : str
        What was found and what it may mean.
    T : float or None
        Temperature in K where it was found.
    quantities : tuple of str
        Properties whose values at this temperature are in doubt.

    Examples
    --------
    >>> print(Finding("warning", "gap", "no point between 300 K and 700 K", 500.0))
    warning [gap] no point between 300 K and 700 K
    """

    severity: Severity
    code: str
    message: str
    T: float | None = None
    quantities: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.severity} [{self.code}] {self.message}"


def check(material: Material) -> list[Finding]:
    """Doubts about a material, errors first.

    Parameters
    ----------
    material : Material
        Any material.

    Returns
    -------
    list of Finding
        Empty if nothing is doubtful.

    Examples
    --------
    >>> from ioffe.material import library
    >>> for finding in check(library.load_material("Cu1.98S")):
    ...     print(finding)
    warning [few-points] seebeck, electrical_conductivity, thermal_conductivity: 3 points
    warning [gap] seebeck, electrical_conductivity, thermal_conductivity: no point between 400 K and 700 K
    """
    found = [finding for part in CHECKS for finding in part(material)]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


def _check_values(material: Material) -> Iterator[Finding]:
    """Single points that no solid has: slips of the keyboard, marks of an overflow."""
    curves = (material.seebeck, material.electrical, material.thermal_conductivity)
    for name, curve in zip(OF_SOLIDS, curves, strict=True):
        if curve is None or curve.coefficients is not None:
            continue
        size, (low, high) = np.abs(curve.values), OF_SOLIDS[name]
        if curve.quantity == "electrical_resistivity":
            low, high = 1.0 / high, 1.0 / low
        for k in np.flatnonzero((size < low) | (size > high)):
            shown = format_si(float(curve.values[k]), curve.quantity)
            text = f"{curve.quantity} at {curve.T[k]:g} K is {shown}, which no solid has"
            yield Finding("error", "value", text, float(curve.T[k]), (curve.quantity,))


def _check_units(material: Material) -> Iterator[Finding]:
    """Magnitudes that only a mixed-up unit explains."""
    if material.kind != "thermoelectric" or material.seebeck is None or material.electrical is None:
        return
    measured = material.thermal_conductivity
    if measured is None:
        yield Finding("warning", "no-kappa", "the thermal conductivity was not measured: no zT, no device")
    T = material.temperatures(21)
    S_of_T = np.asarray(material.seebeck(T))
    S = quantile(np.abs(S_of_T))
    if not S:
        return
    sigma_of_T = np.asarray(material.electrical_conductivity(T))
    sigma = quantile(sigma_of_T)
    larger = "V/K or mV/K" if S > VERY_LARGE_SEEBECK else "with a larger unit"
    guesses = (f"values in uV/K labelled {larger}", "values in V/K or mV/K labelled uV/K")
    yield from _unit_finding("seebeck", "|S|", S, USUAL_SEEBECK, guesses)
    kappa_of_T = None if measured is None else np.asarray(measured(T))
    yield from _slow_metal(T, S_of_T, sigma_of_T, kappa_of_T)
    if kappa_of_T is None:
        return
    kappa = quantile(kappa_of_T)
    electronic = quantile(lorenz_estimate(S_of_T) * sigma_of_T * T)
    yield from _conductivity_unit(sigma, kappa, electronic, _is_of_flash(material))
    if kappa < USUAL_THERMAL[0] or electronic < METALLIC * kappa:
        # a factor of 100 or of 1000, whichever leads nearer to the middle of what is usual
        nearer = abs(np.log10(kappa / np.sqrt(np.prod(USUAL_THERMAL)))) < 2.5
        one, other = ("W/(m K)", "W/(cm K)") if nearer else ("mW", "W")
        guesses = (f"values in {one} labelled {other}", f"values in {other} labelled {one}")
        if _is_of_flash(material):
            guesses = ("it is D Cp density: is one of them too large", "it is D Cp density: is one too small")
        yield from _unit_finding("thermal_conductivity", "kappa", kappa, USUAL_THERMAL, guesses)


def _unit_finding(
    quantity: str, symbol: str, value: float, usual: tuple[float, float], guesses: tuple[str, str]
) -> Iterator[Finding]:
    """That a value lies above or below what is usual, with a guess for either."""
    if not usual[0] <= value <= usual[1]:
        guess, code = guesses[value < usual[0]], f"{quantity.partition('_')[0]}-unit"
        yield Finding("error", code, f"{symbol} is {format_si(value, quantity)}: {guess}?")


def _is_of_flash(material: Material) -> bool:
    """Whether kappa was made of a diffusivity when the table was read."""
    return "= D Cp density" in material.provenance.reading


def _conductivity_unit(sigma: float, kappa: float, electronic: float, of_flash: bool) -> Iterator[Finding]:
    shown = format_si(sigma, "electrical_conductivity")
    if electronic > (2.0 if sigma > USUAL_CONDUCTIVITY[1] else 10.0) * kappa:
        other = ", or D, Cp or the density of kappa too small" if of_flash else ""
        guess = (
            f"the electrons alone would conduct far more heat than kappa; values in S/m labelled S/cm{other}?"
        )
        yield Finding("error", "conductivity-unit", f"conductivity is {shown}: {guess}")
    elif sigma < USUAL_CONDUCTIVITY[0]:
        guess = "very low for a thermoelectric material: values in S/cm labelled S/m?"
        yield Finding("warning", "conductivity-unit", f"conductivity is {shown}, {guess}")


def _slow_metal(T: Array, S: Array, sigma: Array, kappa: Array | None) -> Iterator[Finding]:
    """Conductivity that falls as that of a metal, of carriers too slow to be those of a band.

    Carriers whose mean free path is shorter than the distance of atoms (A. F. Ioffe, A. R. Regel, Prog.
    Semicond. 4 (1960) 237) hop, and their conductivity rises with temperature.
    """
    size = np.abs(S)
    if T[-1] < 1.2 * T[0] or quantile(size) < SMALL_SEEBECK or np.max(size) > VERY_LARGE_SEEBECK:
        return
    exponent = np.log(sigma[-1] / sigma[0]) / np.log(T[-1] / T[0])
    each = weighted_mobility_estimate(S, sigma, T)
    mobility = quantile(each)
    dull = mobility < SLOW and kappa is not None and float(np.max(quality_factor(each, kappa, T))) < DULL
    if exponent < FALLING and (mobility < SLOWEST or dull):
        why = "" if mobility < SLOWEST else ", and its thermal conductivity none of so disordered a lattice"
        text = (
            f"the conductivity falls with temperature as T^{exponent:.1f}, as that of a band does, but its "
            f"weighted mobility is {format_si(mobility, 'mobility')}{why}: is it "
            "S/cm labelled S/m, or mohm cm labelled ohm m?"
        )
        yield Finding("error", "conductivity-unit", text)


def _check_lorenz(material: Material) -> Iterator[Finding]:
    """Thermal conductivity below what the electrons alone conduct."""
    if material.electrical is None or material.thermal_conductivity is None:
        return
    T = _points(material)
    S = np.asarray(material.seebeck(T)) if material.seebeck else np.zeros_like(T)
    passive = material.seebeck is None
    L = np.full_like(T, METAL_SLACK * LORENZ_SOMMERFELD) if passive else lorenz_estimate(S)
    share = np.asarray(material.thermal_conductivity(T)) / (L * material.electrical_conductivity(T) * T)
    below = np.flatnonzero(share < 1.0)
    if not len(below):
        return
    worst = int(np.argmin(share))
    what = "the Wiedemann-Franz value by more than a fifth" if passive else "its electronic part L sigma T"
    where = _temperatures(T[below])
    text = f"kappa is below {what} {where}; kappa/(L sigma T) is {share[worst]:.2f} at {T[worst]:g} K"
    severity: Severity = "error" if share[worst] < LORENZ_WRONG else "warning"
    yield Finding(severity, "lorenz", text, float(T[worst]), ("thermal_conductivity",))


def _check_sign(material: Material) -> Iterator[Finding]:
    """Sign of S against the carrier type."""
    if material.seebeck is None:
        return
    S = np.asarray(material.seebeck(material.seebeck.T))
    if np.any(S > 0.0) and np.any(S < 0.0):
        T = float(material.seebeck.T[int(np.argmin(np.abs(S)))])
        text = "S changes its sign; the type of the carriers depends on the temperature"
        yield Finding("warning", "sign-change", text, T, ("seebeck",))
    elif material.carrier is not None and np.any(S != 0.0):
        sign = "p" if np.any(S > 0.0) else "n"
        if sign != material.carrier:
            side = "positive" if sign == "p" else "negative"
            yield Finding("error", "sign", f"the material is {material.carrier}-type but S is {side}")


def _check_hall(material: Material) -> Iterator[Finding]:
    """Absurd Hall densities, and the sign of the Hall coefficient against that of S."""
    if material.hall is not None and material.kind == "thermoelectric":
        n = quantile(np.asarray(material.hall_carrier_density(material.hall.T)))
        if not USUAL_DENSITY[0] <= n <= USUAL_DENSITY[1]:
            guess = "1e19 forgotten, or another unit?"
            yield Finding("warning", "hall-unit", f"n_H is {format_si(n, 'carrier_density')}: {guess}")
    if material.hall is None or material.hall.quantity != "hall_coefficient" or material.seebeck is None:
        return
    T = material.hall.T
    S = np.asarray(material.seebeck(np.clip(T, *material.seebeck.range)))
    opposite = np.flatnonzero(S * material.hall.values < 0.0)
    if len(opposite):
        where = _temperatures(T[opposite])
        text = f"the Hall coefficient and S differ in sign {where}: several bands, or a lead swapped?"
        yield Finding("warning", "hall-sign", text, float(T[opposite[0]]))


def _check_celsius(material: Material) -> Iterator[Finding]:
    """Temperatures that begin at room temperature in degC."""
    for name, curve in material.transport.items():
        if curve.coefficients is not None or len(curve.T) < 3:
            continue
        low, high = ROOM_IN_CELSIUS
        if low <= curve.T[0] <= high and quantile(np.diff(curve.T)) >= COARSE_STEP:
            if _is_cryostat(material.seebeck):
                return
            text = f"{name} goes from {curve.T[0]:g} K to {curve.T[-1]:g} K: temperatures in degC labelled K?"
            yield Finding("error", "celsius", text, float(curve.T[0]), (name,))
            return


def _is_cryostat(seebeck: Curve | None) -> bool:
    """Whether S falls towards 0 K as it does in a cryostat: about in proportion to the temperature."""
    if seebeck is None or seebeck.coefficients is not None:
        return False
    first, largest = abs(float(seebeck.values[0])), int(np.argmax(np.abs(seebeck.values)))
    return first * float(seebeck.T[largest]) < 2.0 * abs(float(seebeck.values[largest])) * float(seebeck.T[0])


def _check_reading(material: Material) -> Iterator[Finding]:
    """What was averaged, converted or left out when the numbers were taken from their file."""
    for what, share, T in material.provenance.averaged:
        if share > REPEATS_DIFFER:
            text = f"{what} although they differ by up to {share:.2g} % at {T:g} K"
            yield Finding("warning", "repeats", f"{text}, more than errors of the instrument explain", T)
    if material.provenance.reading:
        yield Finding("note", "reading", material.provenance.reading)
    if material.provenance.not_used:
        yield Finding("note", "not-used", f"not used: {material.provenance.not_used}")


def _check_zT(material: Material) -> Iterator[Finding]:
    """zT that is absurd, or differs from the reported one."""
    if material.kind != "thermoelectric" or material.thermal_conductivity is None:
        return
    T = _points(material)
    S = 0.0 if material.seebeck is None else material.seebeck(T)
    zT = merit.zT(S, material.electrical_conductivity(T), material.thermal_conductivity(T), T)
    top = int(np.argmax(zT))
    if zT[top] > HIGH_ZT:
        severity: Severity = "error" if zT[top] > ABSURD_ZT else "warning"
        text = f"zT is {zT[top]:.2f} at {T[top]:g} K"
        yield Finding(severity, "high-zT", text, float(T[top]), ("zT",))
    elif T[-1] > WARM and material.seebeck is not None:
        sigma = np.asarray(material.electrical_conductivity(T))
        kappa = np.asarray(material.thermal_conductivity(T))
        holds = np.abs(S) > SMALL_SEEBECK
        B = quality_factor(weighted_mobility_estimate(S, sigma, T), kappa, T)[holds]
        if np.max(B) < POOR if B.size else zT[top] < LOW_ZT:
            best = f" (at the best doping {best_zT(np.max(B)).value:.2g})" if B.size else ""
            guess = _lost_factor(quantile(sigma), quantile(kappa))
            text = f"zT is at most {zT[top]:.2g}, at {T[top]:g} K{best}: {guess}"
            yield Finding("warning", "low-zT", text, float(T[top]), ("zT",))
    if material.reported_zT is None:
        return
    low, high = material.T_range
    reported = material.reported_zT
    T = reported.T[(low <= reported.T) & (high >= reported.T)]
    if not len(T):
        return
    zT, stated = np.asarray(material.zT(T)), np.asarray(reported(T))
    off = np.abs(zT - stated)
    bad = np.flatnonzero((off > ZT_SHARE * np.abs(stated)) & (off > ZT_FLOOR))
    if len(bad):
        worst = int(bad[np.argmax(off[bad] / np.maximum(np.abs(stated[bad]), ZT_FLOOR))])
        severity = "error" if off[worst] > ZT_WRONG * max(abs(float(stated[worst])), ZT_FLOOR) else "warning"
        own, said = zT[worst], stated[worst]
        text = f"zT from the curves is {own:.3f} at {T[worst]:g} K where {said:.3f} is reported"
        yield Finding(severity, "zT", text, float(T[worst]), ("zT",))


def _lost_factor(sigma: float, kappa: float) -> str:
    """What a low zT may come from, by the medians of the conductivities in S/m and W/(m K)."""
    guesses = []
    if sigma < LOW_CONDUCTIVITY:
        guesses.append("conductivity in S/cm labelled S/m")
    if kappa > LARGE_THERMAL:
        guesses.append("thermal conductivity in mW/(cm K) labelled W/(m K)")
    return f"{' or '.join(guesses) or 'a unit mixed up'}?"


def _check_points(material: Material) -> Iterator[Finding]:
    """Few points."""
    tables = {name: curve for name, curve in material.transport.items() if curve.coefficients is None}
    for count, names in _grouped(tables, lambda curve: len(curve.T)).items():
        points = "1 point, the same value at every temperature" if count == 1 else f"{count} points"
        if count < SOME:
            severity: Severity = "warning" if count < FEW else "note"
            yield Finding(severity, "few-points", f"{names}: {points}")


def _check_gaps(material: Material) -> Iterator[Finding]:
    """Intervals without a point."""
    tables = {name: curve for name, curve in material.transport.items() if curve.coefficients is None}
    for T, names in _grouped(tables, lambda curve: tuple(curve.T.tolist())).items():
        steps = np.diff(T)
        if not len(steps):
            continue
        usual = quantile(steps)
        wide = np.flatnonzero((steps > WIDE_GAP) | ((steps > UNEVEN_GAP * usual) & (steps > SMALL_GAP)))
        if len(wide):
            where = ", ".join(f"{T[i]:g} K and {T[i + 1]:g} K" for i in wide)
            middle = 0.5 * (T[wide[0]] + T[wide[0] + 1])
            text = f"{names}: no point between {where}"
            yield Finding("warning", "gap", text, middle, tuple(names.split(", ")))


def _check_range(material: Material) -> Iterator[Finding]:
    """Narrow range, curves of different ranges, constants."""
    low, high = material.T_range
    tables = [curve for curve in material.transport.values() if curve.interpolation != "constant"]
    if not tables:
        text = f"the values are constants, stated for {low:g} K to {high:g} K"
        everywhere = "the values are constants at every temperature"
        yield Finding("note", "constant", everywhere if material.is_unlimited else text)
        return
    if high - low < NARROW:
        text = f"the properties were measured together from {low:g} K to {high:g} K only"
        yield Finding("warning", "narrow", text)
    widest = max(curve.range[1] - curve.range[0] for curve in tables)
    if high - low < 0.8 * widest:
        ranges = [f"{name} {c.range[0]:g}-{c.range[1]:g} K" for name, c in material.transport.items()]
        yield Finding("note", "ranges", f"the curves have different ranges: {', '.join(ranges)}")


def _check_smoothness(material: Material) -> Iterator[Finding]:
    """Kinks: single points off the course of their neighbours; scatter: a curve that jumps throughout."""
    for name, curve in material.transport.items():
        if curve.coefficients is not None or len(curve.T) < 5:
            continue
        off = departures(curve)
        if jumps(curve):
            share = float(np.median(np.abs(off)) / np.median(np.abs(curve.values)))
            text = f"{name} jumps between neighbouring temperatures, by {100 * share:.0f} % in the median"
            if share > SEVERAL:
                text += ": several samples in one table?"
            worst = float(curve.T[1 + int(np.argmax(np.abs(off)))])
            severity: Severity = "error" if share > SEVERAL else "warning"
            yield Finding(severity, "scatter", text, worst, (name,))
            continue
        for i in kinks(curve):
            shown = format_si(abs(float(off[i])), name)
            text = f"{name} at {curve.T[i + 1]:g} K lies {shown} off the line through its neighbours"
            yield Finding("warning", "kink", text, float(curve.T[i + 1]), (name,))


def _check_errors(material: Material) -> Iterator[Finding]:
    """Errors that are smaller than those of any instrument."""
    for name, curve in material.transport.items():
        if curve.std is None or curve.coefficients is not None:
            continue
        share = np.abs(curve.std[curve.values != 0.0] / curve.values[curve.values != 0.0])
        if len(share) and 0.0 < quantile(share) < SMALL_ERROR:
            text = f"the errors of {name} are {100.0 * quantile(share):.2g} % of it in the median"
            yield Finding("note", "errors", f"{text}: shares of the value, or another unit?")


CHECKS: tuple[Callable[[Material], Iterator[Finding]], ...] = (
    _check_values,
    _check_units,
    _check_sign,
    _check_hall,
    _check_celsius,
    _check_lorenz,
    _check_zT,
    _check_points,
    _check_gaps,
    _check_smoothness,
    _check_errors,
    _check_range,
    _check_reading,
)


def _points(material: Material) -> Array:
    """Temperatures in the common range at which anything was measured, and its ends; for constants one."""
    low, high = material.T_range
    if material.is_unlimited:
        return material.temperatures()
    if all(curve.interpolation == "constant" for curve in material.transport.values()):
        return np.array([0.5 * (low + high)])
    T = np.unique(np.concatenate([[low, high], *(curve.T for curve in material.transport.values())]))
    return T[(low <= T) & (high >= T)]


def _grouped(curves: dict[str, Curve], key: Callable) -> dict:
    """Names of the curves with the same key, joined."""
    groups: dict = {}
    for name, curve in curves.items():
        groups.setdefault(key(curve), []).append(name)
    return {value: ", ".join(names) for value, names in groups.items()}


def _temperatures(T: Array) -> str:
    return f"at {T[0]:g} K" if len(T) == 1 else f"from {T[0]:g} K to {T[-1]:g} K"
