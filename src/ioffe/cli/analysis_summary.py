"""What `ioffe analyse` prints: figures of merit with errors, Hall measurement, shares of errors, findings."""

from __future__ import annotations

from math import isfinite

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.material.analysis.result import SUMMARY
from ioffe.material.fit import Fit, best_dopings
from ioffe.material.uncertainty import with_error

__all__ = ["print_analysis", "print_fit"]

WIDTH = 160
"""Columns of a table that is written to a file or a pipe."""
COLOUR = {"error": "red", "warning": "yellow", "note": "cyan"}
ROOM_TEMPERATURE = 300.0
HEADS = {
    "average_zT": "average zT",
    "engineering_ZT": "engineering ZT",
    "efficiency_kim": "eta (Kim, estimate)",
    "max_efficiency": "eta of a leg",
    "ZT": "ZT of a leg",
}


def print_analysis(analysis: Analysis) -> None:
    """Print the tables of all samples and every finding."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(_figures(analysis))
    if any(len(sample.T_hall) for sample in analysis):
        console.print(_hall(analysis))
    for sample in analysis:
        console.print(_sample(sample), soft_wrap=True)


def print_fit(fit: Fit) -> None:
    """Print the parameters of a fit and the best doping of every sample."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(Text("\nfit", style="bold"))
    console.print(Text(str(fit)), soft_wrap=True)
    for name, found in best_dopings(fit):
        console.print(Text(f"  {name}: {found}"), soft_wrap=True)


def _figures(analysis: Analysis) -> Table:
    table = Table(title="figures of merit", title_justify="left", title_style="bold")
    names = [name for name in SUMMARY if name in HEADS and any(name in s.span for s in analysis)]
    for head in ("sample", "largest zT", "span", *(HEADS[name] for name in names)):
        table.add_column(head, no_wrap=True)
    for sample in analysis:
        zT, best = sample.points["zT"], sample.best
        top = with_error(float(zT.value[best]), float(zT.std[best]), "zT")
        span = f"{sample.T_cold:.4g}-{sample.T_hot:.4g} K" if isfinite(sample.T_cold) else "-"
        cells = [_single(sample, name) for name in names]
        table.add_row(Text(sample.name), f"{top} at {sample.T[best]:.4g} K", span, *cells)
    return table


def _single(sample: SampleAnalysis, name: str) -> str:
    if name not in sample.span:
        return "-"
    found = sample.span[name]
    return with_error(float(found.value), float(found.std), name)


def _hall(analysis: Analysis) -> Table:
    """Hall measurement of every sample at the temperature nearest to room temperature."""
    table = Table(title="Hall measurement, one parabolic band", title_justify="left", title_style="bold")
    names = ("hall_carrier_density", "hall_mobility", "effective_mass")
    for head in ("sample", "T", "n_H", "mobility", "m_d/m_e"):
        table.add_column(head, no_wrap=True)
    for sample in analysis:
        if len(sample.T_hall):
            found = [sample.at(name, ROOM_TEMPERATURE) for name in names]
            T = float(sample.T_hall[np.argmin(np.abs(sample.T_hall - ROOM_TEMPERATURE))])
            cells = [with_error(*pair, name) for name, pair in zip(names, found, strict=True)]
            table.add_row(Text(sample.name), f"{T:.4g} K", *cells)
    return table


def _sample(sample: SampleAnalysis) -> Text:
    """Errors, gap, onset and findings of one sample."""
    text = Text(sample.name, style="bold")
    lines = [f"errors: {sample.uncertainty.words(sample.material)}"]
    if sample.dominant:
        shares = sorted(sample.dominant.items(), key=lambda item: -item[1])
        lines.append("variance of zT: " + ", ".join(f"{name} {share:.0%}" for name, share in shares))
    if sample.gap is not None:
        lines.append(f"Goldsmid-Sharp gap: {sample.gap}")
    if sample.split is not None:
        lines.append(sample.split.words())
    for line in lines:
        text.append(f"\n  {line}", style="not bold")
    for finding in sample.findings:
        text.append("\n  ").append(finding.severity, style=f"not bold {COLOUR[finding.severity]}")
        text.append(f" [{finding.code}] {finding.message}", style="not bold")
    return text
