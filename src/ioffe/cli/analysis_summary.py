"""What `ioffe analyse` prints: figures of merit with errors, Hall measurement, shares of errors, findings."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from ioffe.cli.terminal import finding_pieces, print_table, print_text
from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.material.analysis.result import SUMMARY
from ioffe.material.fit import Fit, best_dopings
from ioffe.material.uncertainty import with_error
from ioffe.report.analysis_words import estimate_text

ROOM_TEMPERATURE = 300.0
HALL = {"hall_carrier_density": "n_H", "hall_mobility": "mobility", "effective_mass": "m_d/m_e"}
"""Quantities of a Hall measurement that are printed, with their heads."""
HEADS = {
    "average_zT": "average zT",
    "engineering_ZT": "engineering ZT",
    "efficiency_kim": "eta (Kim, estimate)",
    "max_efficiency": "eta of a leg",
    "ZT": "ZT of a leg",
}


def print_analysis(analysis: Analysis, fit: Fit | None = None) -> None:
    """Print the tables of all samples, every finding, and the parameters of a fit.

    Parameters
    ----------
    analysis : Analysis
        What is printed.
    fit : Fit, optional
        Of bands to its samples, with the best doping of every sample.
    """
    names = [name for name in SUMMARY if name in HEADS and any(name in s.span for s in analysis)]
    heads = ("sample", "largest zT", "span", *(HEADS[name] for name in names))
    print_table("figures of merit", heads, [_figures(sample, names) for sample in analysis])
    hall = [_hall(sample) for sample in analysis if len(sample.T_hall)]
    if hall:
        print_table("Hall measurement, one parabolic band", ("sample", "T", *HALL.values()), hall)
    for sample in analysis:
        _print_sample(sample)
    if fit is not None:
        print_text(("\nfit", "bold"))
        print_text(str(fit))
        for name, found in best_dopings(fit):
            print_text(f"  {name}: {found}")


def _figures(sample: SampleAnalysis, names: Sequence[str]) -> list[str]:
    """Figures of merit of a sample."""
    top = estimate_text(sample.points["zT"], "zT", sample.best)
    span = f"{sample.T_cold:.4g}-{sample.T_hot:.4g} K" if isfinite(sample.T_cold) else "-"
    cells = (estimate_text(sample.span[name], name) if name in sample.span else "-" for name in names)
    return [sample.name, f"{top} at {sample.T[sample.best]:.4g} K", span, *cells]


def _hall(sample: SampleAnalysis) -> list[str]:
    """Hall measurement of a sample at the temperature nearest to room temperature."""
    T = float(sample.T_hall[np.argmin(np.abs(sample.T_hall - ROOM_TEMPERATURE))])
    cells = (with_error(*sample.at(name, ROOM_TEMPERATURE), name) for name in HALL)
    return [sample.name, f"{T:.4g} K", *cells]


def _print_sample(sample: SampleAnalysis) -> None:
    """Errors, gap, onset and findings of one sample."""
    lines = [f"errors: {sample.uncertainty.words(sample.material)}"]
    if sample.dominant:
        shares = sorted(sample.dominant.items(), key=lambda item: -item[1])
        lines.append("variance of zT: " + ", ".join(f"{name} {share:.0%}" for name, share in shares))
    if sample.gap is not None:
        lines.append(f"Goldsmid-Sharp gap: {sample.gap}")
    if sample.split is not None:
        lines.append(sample.split.words())
    pieces: list[str | tuple[str, str]] = [(sample.name, "bold"), *(f"\n  {line}" for line in lines)]
    print_text(*pieces, *finding_pieces(sample.findings))
