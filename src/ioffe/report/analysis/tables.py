"""Words and tables of the report of an analysis: verdict, key figures, values, meanings of the quantities."""

from __future__ import annotations

from math import floor, isfinite, log10

import numpy as np
from markupsafe import Markup

from ioffe.base.arrays import Array
from ioffe.base.quantities import QUANTITIES
from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.material.analysis.quantities import HALL, POINTWISE
from ioffe.material.analysis.result import SUMMARY
from ioffe.material.uncertainty import Estimate, with_error
from ioffe.report.inputs import material_cell, range_words, source_cell
from ioffe.report.markup import NONE, data_cell, head, symbol
from ioffe.report.page import KeyFigure, PageTable, numbers_from
from ioffe.report.text import in_unit, list_of
from ioffe.report.words import QUALITY

ERROR_SOURCES = {"seebeck": "S", "electrical_conductivity": "σ", "thermal_conductivity": "κ"}
ERROR_SOURCES |= {"hall": "the Hall measurement", "correlation": "correlated errors"}
ALT = "Measured properties and what follows from them"
SUMMARY_NOTE = (
    "The largest efficiency is that of a leg without contacts and losses, integrated with the measured "
    "curves; its ZT is that of constant properties with the same efficiency. Kim's number is an estimate "
    "from averages."
)
METHOD = {
    "power_factor": "S²σ.",
    "zT": "S²σT/κ.",
    "reduced_fermi_level": (
        "Fermi level from the band edge over k_B T, at which one parabolic band has the measured S. "
        "V. I. Fistul', Heavily Doped Semiconductors, doi 10.1007/978-1-4684-8821-0."
    ),
    "lorenz_number": "κₑ/(σT) of one parabolic band at that Fermi level.",
    "electronic_thermal_conductivity": "LσT.",
    "lattice_thermal_conductivity": (
        "κ − LσT less the fitted bipolar part up to the onset of bipolar conduction, a/T + b above it (a not "
        "below 0, fitted together with the bipolar part, or to the points below a given onset)."
    ),
    "bipolar_thermal_conductivity": (
        "κ − LσT − (a/T + b) above the onset; below it what the fit says, at most 2 % of κ − LσT."
    ),
    "bipolar_onset": (
        "Where κ − LσT leaves a/T + b and rises sharply or, of two bands, by 2 %: least squares, F-test."
    ),
    "weighted_mobility": (
        "μ₀(m_d/mₑ)^(3/2) of one parabolic band with the measured S and σ. G. J. Snyder et al., "
        "Adv. Mater. 32 (2020) 2001537, doi 10.1002/adma.202001537."
    ),
    "quality_factor": (
        "(k_B/e)² σ_E0 T/κ_lat with σ_E0 of the weighted mobility. S. D. Kang, G. J. Snyder, "
        "Nat. Mater. 16 (2017) 252, doi 10.1038/nmat4784."
    ),
    "compatibility_factor": (
        "(√(1 + zT) − 1)/(ST). G. J. Snyder, T. S. Ursell, Phys. Rev. Lett. 91 (2003) 148301, "
        "doi 10.1103/PhysRevLett.91.148301."
    ),
    "hall_carrier_density": "1/(e|R_H|).",
    "hall_mobility": "σ|R_H|.",
    "effective_mass": "Density-of-states mass of one parabolic band with the measured S and Hall density.",
    "carrier_density": "Hall density times the Hall factor of that band.",
    "average_zT": "∫ zT dT/(T_h − T_c).",
    "engineering_ZT": (
        "(∫S dT)²(T_h − T_c)/(∫ρ dT ∫κ dT). H. S. Kim et al., Proc. Natl. Acad. Sci. 112 (2015) 8205, "
        "doi 10.1073/pnas.1510231112."
    ),
    "engineering_power_factor": "(∫S dT)²/∫ρ dT, of the same source.",
    "efficiency_kim": "Estimate of the largest efficiency from the engineering ZT, of the same source.",
    "max_efficiency": "Largest efficiency of a leg without contacts, integrated with the measured curves.",
    "ZT": (
        "Figure of merit of constant properties with that efficiency. G. J. Snyder, A. H. Snyder, "
        "Energy Environ. Sci. 10 (2017) 2280, doi 10.1039/C7EE02007D."
    ),
    "band_gap": (
        "2e|S|_max T_max, a rule of thumb. H. J. Goldsmid, J. W. Sharp, J. Electron. Mater. 28 (1999) 869, "
        "doi 10.1007/s11664-999-0211-y."
    ),
}
"""Meaning and source of every quantity, by its key."""


def estimate_text(found: Estimate, name: str, index: int | tuple[()] = ()) -> str:
    """A number of an estimate with its standard deviation."""
    return with_error(float(found.value[index]), float(found.std[index]), name)


def _largest_zT(sample: SampleAnalysis) -> float:
    """Largest zT of a sample; -1 where kappa was not measured."""
    return sample.largest if sample.has_zT else -1.0


def _largest(sample: SampleAnalysis) -> tuple[str, str]:
    """The largest zT in words, or the largest power factor where kappa was not measured."""
    name, words = ("zT", "zT") if sample.has_zT else ("power_factor", "power factor")
    return words, estimate_text(sample.points[name], name, sample.best)


def verdict(analysis: Analysis) -> list[str]:
    """The paragraph in front of the report, in sentences."""
    best = max(analysis, key=_largest_zT)
    of = f", of {best.name}," if len(analysis) > 1 else ""
    words, top = _largest(best)
    out = [f"The largest {words} is {top}{of} at {best.T[best.best]:.4g} K."]
    out += _efficiency(analysis)
    out += _sources_of_error(best)
    severities = [f.severity for s in analysis for f in s.findings]
    counts = {word: severities.count(word) for word in ("error", "warning")}
    doubts = [f"{n} {word}{'s' if n > 1 else ''}" for word, n in counts.items() if n]
    out.append(f"The checks of the data found {list_of(doubts)}." if doubts else "The checks found no error.")
    return out


def _efficiency(analysis: Analysis) -> list[str]:
    known = [s for s in analysis if "max_efficiency" in s.span and isfinite(s.span["max_efficiency"].value)]
    if not known:
        return []
    best = max(known, key=lambda s: float(s.span["max_efficiency"].value))
    share = estimate_text(best.span["max_efficiency"], "max_efficiency")
    spans = {(s.T_cold, s.T_hot) for s in known}
    whose = f"one of {best.name}" if len(known) > 1 else "it"
    lead = "Of legs without contacts" if len(known) > 1 else "As a leg without contacts"
    where = f"between {best.T_cold:.4g} K and {best.T_hot:.4g} K"
    text = f"{lead} {whose} turns at most {share} of the heat into electricity {where}."
    return [text] if len(spans) == 1 else [f"{text} The spans of the samples differ."]


def _sources_of_error(sample: SampleAnalysis) -> list[str]:
    shares = sorted(sample.dominant.items(), key=lambda item: -item[1])
    if not shares:
        return ["No errors of the measured curves are stated, so that the numbers have none."]
    name, share = shares[0]
    name_of = "zT" if sample.has_zT else "power_factor"
    error = float(np.nanmean(sample.points[name_of].relative))
    most = f"{share:.0%} of its variance comes from {ERROR_SOURCES[name]}"
    return [f"The standard deviation of {name_of.replace('_', ' ')} is {error:.1%}; {most}."]


def key_figures(analysis: Analysis) -> list[KeyFigure]:
    """Largest number of each kind among the samples, with the sample that has it where there are several."""
    best = max(analysis, key=_largest_zT)
    what, top = _largest(best)
    out = [KeyFigure(f"largest {what}{_whose(best, analysis)}", top)]
    words = {"average_zT": "average zT", "engineering_ZT": "engineering ZT"}
    words |= {"max_efficiency": "largest efficiency of a leg"}
    for name, text in words.items():
        known = [s for s in analysis if s.has_zT and name in s.span and isfinite(s.span[name].value)]
        if known:
            best = max(known, key=lambda s: float(s.span[name].value))
            out.append(KeyFigure(text + _whose(best, analysis), estimate_text(best.span[name], name)))
    if best.gap is not None and best.gap.kind == "maximum":
        value = with_error(best.gap.value, best.gap.std, "band_gap")
        out.append(KeyFigure("Goldsmid-Sharp gap" + _whose(best, analysis), value))
    return out


def _whose(sample: SampleAnalysis, analysis: Analysis) -> str:
    return f", {sample.name}" if len(analysis) > 1 else ""


def error_facts(analysis: Analysis) -> list[tuple[str, str]]:
    """Errors that were assumed, sample by sample, and how they were propagated."""
    method = {"linear": "linear propagation", "monte_carlo": "random draws"}[analysis.method]
    facts = [("Propagation", f"{method} of the systematic and independent errors")]
    words = {s.name: s.uncertainty.words(s.material) for s in analysis}
    alike = len(set(words.values())) == 1
    return [*facts, *([("Standard deviations", words.popitem()[1])] if alike else words.items())]


DIGITS = 4
MEASURED = ("seebeck", "electrical_conductivity", "thermal_conductivity", "power_factor", "zT")
"""Quantities of the table of measured ones, with the compatibility factor."""
LEAST_SHARE = 0.005
"""Share of a variance below which a property gets no column."""
UNITS = {"power_factor": "uW/(cm K2)", "lorenz_number": "V2/K2"}
"""Units of columns where the display unit of the quantity is not the usual one."""
SHARED = ("zT", "power_factor", "lattice_thermal_conductivity", "weighted_mobility", "quality_factor")
"""Quantities whose variance is split in the report."""


def values_tables(sample: SampleAnalysis) -> tuple[PageTable, PageTable]:
    """Quantities of a sample over the temperature: measured ones with zT, and what one band makes of them."""
    measured = (*MEASURED, "compatibility_factor")
    first = [n for n in POINTWISE if n in measured]
    derived = [n for n in POINTWISE if n in sample.points and n not in measured]
    # a bipolar part that is zero everywhere gets no column
    second = [n for n in derived if n != "bipolar_thermal_conductivity" or np.any(sample.points[n].value)]
    return _over_temperature(sample, first), _over_temperature(sample, second)


def _over_temperature(sample: SampleAnalysis, names: list[str]) -> PageTable:
    every, points = sample.all_points()
    columns = [_column(n, points[n]) for n in names]
    rows = zip([_temperature(T) for T in every], *columns, strict=True)
    return PageTable([_head(n) for n in ("temperature", *names)], list(rows), numbers_from(0), "values")


def hall_table(analysis: Analysis) -> PageTable | None:
    """What the Hall measurements give; None without any."""
    rows = []
    for sample in analysis:
        if len(sample.T_hall):
            columns = (_column(n, sample.hall[n]) for n in HALL)
            cells = zip(map(_temperature, sample.T_hall), *columns, strict=True)
            rows += [(sample.name, *row) for row in cells]
    heads = ("Sample", *(_head(n) for n in ("temperature", *HALL)))
    return PageTable(heads, rows, numbers_from(1), "values") if rows else None


def summary_table(analysis: Analysis) -> PageTable:
    """Numbers of the span, one row for each sample."""
    names = [n for n in SUMMARY if any(n in s.span for s in analysis)]
    rows = []
    for sample in analysis:
        zT, best = sample.points["zT"], sample.best
        top = _cell("zT", float(zT.value[best]), float(zT.std[best]))
        top = Markup("{} at {:.4g} K").format(top, float(sample.T[best]))
        span = f"{sample.T_cold:.4g} – {sample.T_hot:.4g} K" if isfinite(sample.T_cold) else "none"
        found = [_column(n, sample.span[n])[0] if n in sample.span else NONE for n in names]
        rows.append((sample.name, top, span, *found))
    heads = ("Sample", Markup("largest {}").format(symbol("zT")), "span", *(_head(n) for n in names))
    return PageTable(heads, rows, (1, *numbers_from(3)), "values")


def gap_table(analysis: Analysis) -> PageTable | None:
    """Gap by Goldsmid and Sharp and the onset of bipolar conduction, in words."""
    rows = []
    for sample in analysis:
        split, line = sample.split, ""
        if split is not None and split.kind != "too few points":
            a, b = (f"{value:.4g}".replace("-", "−") for value in (split.a, split.b))
            line = f"a = {a} W/m, b = {b} W/(m K) from {split.points} points"
        onset = "" if split is None else split.words().replace("kappa - kappa_e", "κ − κₑ")
        if sample.gap is not None or split is not None:
            rows.append((sample.name, str(sample.gap or ""), onset, line))
    heads = ("Sample", "Goldsmid-Sharp gap", "Bipolar conduction", "Lattice part a/T + b")
    return PageTable(heads, rows) if rows else None


def shares_table(analysis: Analysis) -> PageTable | None:
    """Shares of the variance by measured property; None where no error is known."""
    rows = []
    split = [(s.name, n, s.points[n]) for s in analysis for n in SHARED]
    large = (k for *_, e in split for k, v in e.shares.items() if np.any(np.abs(v) > LEAST_SHARE))
    properties = list(dict.fromkeys(large))
    for sample, name, found in split:
        if any(np.any(np.isfinite(v)) for v in found.shares.values()):
            row = [_percent(found.shares.get(prop)) for prop in properties]
            rows.append((sample, symbol(name), f"{100 * float(np.nanmean(found.relative)):.1f} %", *row))
    heads = ("Sample", "Quantity", "standard deviation", *(_property(prop) for prop in properties))
    return PageTable(heads, rows, numbers_from(2), "values narrow") if rows else None


def sources_table(analysis: Analysis) -> PageTable:
    """Every sample with where its numbers come from."""
    rows = []
    for m in (sample.material for sample in analysis):
        whose = material_cell(m.name, f"{m.carrier}-type" if m.carrier else "", m.family)
        source = QUALITY.get(m.quality, m.quality), source_cell(m, sample=m.provenance.sample != m.name)
        rows.append((whose, range_words(m), m.interpolation, *source))
    return PageTable(("Sample", "Measured range", "Interpolation", "Quality", "Source"), rows, style="texts")


def method_table(analysis: Analysis) -> PageTable:
    """Meaning and source of every quantity that occurs."""
    used = {name for s in analysis for part in (s.points, s.hall, s.span) for name in part}
    used |= {"band_gap"} if any(s.gap for s in analysis) else set()
    known = {name: text for name, text in METHOD.items() if name in used}
    rows = [(symbol(name), Markup("<code>{}</code>").format(name), text) for name, text in known.items()]
    return PageTable(("Symbol", "Key", "Meaning and source"), rows, style="texts")


def _unit(name: str) -> str:
    return UNITS.get(name, QUANTITIES[name].display_unit)


def _head(name: str) -> Markup:
    return head(name, _unit(name))


def _column(name: str, found: Estimate) -> list[Markup]:
    pairs = zip(np.atleast_1d(found.value).tolist(), np.atleast_1d(found.std).tolist(), strict=True)
    return [_cell(name, value, std) for value, std in pairs]


def _cell(name: str, value: float, std: float) -> Markup:
    """A value with its standard deviation in the unit of its column; it carries the value in SI."""
    if not isfinite(value):
        return NONE
    shown, error = (float(in_unit(v, name, _unit(name))) for v in (value, std))
    return data_cell(value, _shown(shown, error))


def _shown(value: float, error: float) -> str:
    sizes = [abs(v) for v in (value, error) if isfinite(v) and v]
    power = floor(log10(max(sizes))) if sizes else 0
    raised = power if abs(power) > 4 else 0
    value, error = value / 10.0**raised, error / 10.0**raised
    if isfinite(error) and error > 0.0:
        places = max(1 - floor(log10(error)), 0)
        text = f"{value:.{places}f} ± {error:.{places}f}"
    else:
        text = f"{value:.{max(DIGITS - 1 - (power - raised), 0)}f}" if sizes else "0"
    text = text.replace("-", "−")
    if not raised:
        return text
    exponent = str(raised).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"({text}) × 10{exponent}" if "±" in text else f"{text} × 10{exponent}"


def _temperature(T: float) -> Markup:
    return data_cell(float(T), f"{T:.4g}")


def _percent(share: Array | None) -> str:
    if share is None or not np.any(np.isfinite(share)):
        return NONE
    return f"{100.0 * float(np.nanmean(share)):.0f} %".replace("-", "−")


def _property(name: str) -> str:
    quantity = "hall_carrier_density" if name == "hall" else name
    return Markup("from {}").format(symbol(quantity)) if quantity in QUANTITIES else f"from {name}"
