"""Words of the report of an analysis: the verdict, key figures, meanings of the quantities."""

from __future__ import annotations

from math import isfinite

import numpy as np

from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.material.uncertainty import Estimate, with_error
from ioffe.report.page import KeyFigure
from ioffe.report.text import list_of

MEASURED = {"seebeck": "S", "electrical_conductivity": "σ", "thermal_conductivity": "κ"}
MEASURED |= {"hall": "the Hall measurement", "correlation": "correlated errors"}
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
        "κ − LσT up to the onset of bipolar conduction, a/T + b (fitted below the onset, a not below 0) "
        "above it."
    ),
    "bipolar_thermal_conductivity": "κ − LσT − (a/T + b) above the onset.",
    "bipolar_onset": "Where κ − LσT leaves a/T + b and rises: least squares with an F-test.",
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
    return float(sample.points["zT"].value[sample.best])


def verdict(analysis: Analysis) -> list[str]:
    """The paragraph in front of the report, in sentences."""
    best = max(analysis, key=_largest_zT)
    of = f", of {best.name}," if len(analysis) > 1 else ""
    top = estimate_text(best.points["zT"], "zT", best.best)
    out = [f"The largest zT is {top}{of} at {best.T[best.best]:.4g} K."]
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
    error = float(np.nanmean(sample.points["zT"].relative))
    most = f"{share:.0%} of its variance comes from {MEASURED[name]}"
    return [f"The standard deviation of zT is {error:.1%}; {most}."]


def key_figures(analysis: Analysis) -> list[KeyFigure]:
    """Key numbers of the sample with the largest average or single zT."""
    with_span = [s for s in analysis if "average_zT" in s.span]
    best = max(with_span, key=lambda s: float(s.span["average_zT"].value), default=None)
    best = best or max(analysis, key=_largest_zT)
    out = [KeyFigure("largest zT", estimate_text(best.points["zT"], "zT", best.best))]
    words = {"average_zT": "average zT", "engineering_ZT": "engineering ZT"}
    words |= {"max_efficiency": "largest efficiency of a leg"}
    out += [KeyFigure(text, estimate_text(best.span[n], n)) for n, text in words.items() if n in best.span]
    if best.gap is not None and best.gap.kind == "maximum":
        out.append(KeyFigure("Goldsmid-Sharp gap", with_error(best.gap.value, best.gap.std, "band_gap")))
    return out


def error_facts(analysis: Analysis) -> list[tuple[str, str]]:
    """Errors that were assumed, sample by sample, and how they were propagated."""
    method = {"linear": "linear propagation", "monte_carlo": "random draws"}[analysis.method]
    facts = [("Propagation", f"{method} of the systematic and independent errors")]
    words = {s.name: s.uncertainty.words(s.material) for s in analysis}
    alike = len(set(words.values())) == 1
    return [*facts, *([("Standard deviations", words.popitem()[1])] if alike else words.items())]
