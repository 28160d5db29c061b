"""Tables of the report of an analysis."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from ioffe.base.plotting import unit_label
from ioffe.base.quantities import QUANTITIES
from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.material.analysis.quantities import HALL, POINTWISE
from ioffe.material.analysis.result import SUMMARY
from ioffe.material.uncertainty import Estimate
from ioffe.report.markup import Table, doi_link, linked, name_html, symbol
from ioffe.report.text import in_unit, printed
from ioffe.report.words import QUALITY

__all__ = ["gap_table", "hall_table", "shares_table", "sources_table", "summary_table", "values_tables"]

Array = NDArray[np.float64]
Cell = Markup | str
NONE = Markup("<span class=none>none</span>")
DIGITS = 4
MEASURED = (
    "seebeck",
    "electrical_conductivity",
    "thermal_conductivity",
    "power_factor",
    "zT",
    "compatibility_factor",
)
LEAST_SHARE = 0.005
"""Share of a variance below which a property gets no column."""
UNITS = {"power_factor": "uW/(cm K2)", "lorenz_number": "V2/K2"}
"""Units of columns where the display unit of the quantity is not the usual one."""
SHARED = ("zT", "power_factor", "lattice_thermal_conductivity", "weighted_mobility", "quality_factor")
"""Quantities whose variance is split in the report."""


def values_tables(sample: SampleAnalysis) -> tuple[Table, Table]:
    """Quantities of a sample over the temperature: measured ones with zT, and what one band makes of them."""
    first = [n for n in POINTWISE if n in MEASURED]
    second = [n for n in POINTWISE if n in sample.points and n not in MEASURED]
    second = [n for n in second if not _is_zero(n, sample.points[n])]
    return _over_temperature(sample, first), _over_temperature(sample, second)


def _over_temperature(sample: SampleAnalysis, names: list[str]) -> Table:
    columns = [_column(n, sample.points[n]) for n in names]
    rows = zip([_temperature(T) for T in sample.T], *columns, strict=True)
    heads = (_head("temperature"), *(_head(n) for n in names))
    return Table(heads, tuple(tuple(row) for row in rows), frozenset(range(len(heads))))


def hall_table(analysis: Analysis) -> Table | None:
    """What the Hall measurements give; None without any."""
    rows = []
    for sample in analysis:
        if len(sample.T_hall):
            columns = [_column(n, sample.hall[n]) for n in HALL]
            for k, T in enumerate(sample.T_hall):
                rows.append((name_html(sample.name), _temperature(T), *(column[k] for column in columns)))
    if not rows:
        return None
    heads = ("Sample", _head("temperature"), *(_head(n) for n in HALL))
    return Table(heads, tuple(rows), frozenset(range(1, len(heads))))


def summary_table(analysis: Analysis) -> Table:
    """Numbers of the span, one row for each sample."""
    names = [n for n in SUMMARY if any(n in s.span for s in analysis)]
    rows = []
    for sample in analysis:
        zT, best = sample.points["zT"], sample.best
        top = _cell("zT", float(zT.value[best]), float(zT.std[best]))
        top = Markup("{} at {:.4g} K").format(top, float(sample.T[best]))
        span = "none"
        if isfinite(sample.T_cold):
            span = f"{sample.T_cold:.4g} – {sample.T_hot:.4g} K"
        found = [_single(n, sample.span[n]) if n in sample.span else NONE for n in names]
        rows.append((name_html(sample.name), top, span, *found))
    heads = (
        "Sample",
        Markup("largest {}").format(symbol("zT")),
        "span",
        *(_head(n) for n in names),
    )
    return Table(heads, tuple(rows), frozenset((1, *range(3, len(heads)))))


def gap_table(analysis: Analysis) -> Table | None:
    """Gap by Goldsmid and Sharp and the onset of bipolar conduction, in words."""
    rows = []
    for sample in analysis:
        if sample.gap is None and sample.split is None:
            continue
        line = ""
        if sample.split is not None and sample.split.kind != "too few points":
            a, b = f"{sample.split.a:.4g}".replace("-", "−"), f"{sample.split.b:.4g}".replace("-", "−")
            line = f"a = {a} W/m, b = {b} W/(m K) from {sample.split.points} points"
        onset = "" if sample.split is None else sample.split.words()
        words = (str(sample.gap or ""), onset.replace("kappa - kappa_e", "κ − κₑ"), line)
        rows.append((name_html(sample.name), *words))
    if not rows:
        return None
    return Table(
        ("Sample", "Goldsmid-Sharp gap", "Bipolar conduction", "a/T + b below the onset"), tuple(rows)
    )


def shares_table(analysis: Analysis) -> Table | None:
    """Shares of the variance by measured property; None where no error is known."""
    rows = []
    every = [s.points[n].shares for s in analysis for n in SHARED]
    properties = list(
        dict.fromkeys(k for shares in every for k, v in shares.items() if np.nanmax(np.abs(v)) > LEAST_SHARE)
    )
    for sample in analysis:
        for name in SHARED:
            shares = sample.points[name].shares
            if not any(np.any(np.isfinite(v)) for v in shares.values()):
                continue
            row = [_percent(shares.get(prop)) for prop in properties]
            error = float(np.nanmean(sample.points[name].relative))
            rows.append((name_html(sample.name), symbol(name), f"{100 * error:.1f} %", *row))
    if not rows:
        return None
    heads = ("Sample", "Quantity", "standard deviation", *(_property(prop) for prop in properties))
    return Table(heads, tuple(rows), frozenset(range(2, len(heads))))


def sources_table(analysis: Analysis) -> Table:
    """Every sample with where its numbers come from."""
    rows = []
    for sample in analysis:
        m = sample.material
        p = m.provenance
        low, high = m.T_range
        parts = [doi_link(p.doi)] if p.doi else []
        parts += [linked(text) for text in (p.source, p.sample if p.sample != m.name else "") if text]
        lines = [Markup("; ").join(parts) if parts else Markup("no source stated")]
        lines += [Markup("<small>{}</small>").format(linked(text)) for text in (p.method, p.note) if text]
        words = ", ".join(filter(None, [f"{m.carrier}-type" if m.carrier else "", m.family]))
        rows.append(
            (
                Markup("<strong>{}</strong><br><small>{}</small>").format(name_html(m.name), words),
                "constant"
                if m.is_unlimited
                else f"{printed(low, 'temperature')} to {printed(high, 'temperature')}",
                m.interpolation,
                QUALITY.get(m.quality, m.quality),
                Markup("<br>").join(lines),
            )
        )
    return Table(("Sample", "Measured range", "Interpolation", "Quality", "Source"), tuple(rows))


def _is_zero(name: str, found: Estimate) -> bool:
    """Whether a bipolar part is nowhere."""
    return name == "bipolar_thermal_conductivity" and not np.any(found.value)


def _unit(name: str) -> str:
    return UNITS.get(name, QUANTITIES[name].display_unit)


def _head(name: str) -> Markup:
    unit = _unit(name)
    return Markup("{} <span class=unit>{}</span>").format(
        symbol(name), "" if unit == "1" else unit_label(unit)
    )


def _column(name: str, found: Estimate) -> list[Markup]:
    return [_cell(name, float(v), float(s)) for v, s in zip(found.value, found.std, strict=True)]


def _single(name: str, found: Estimate) -> Markup:
    return _cell(name, float(found.value), float(found.std))


def _cell(name: str, value: float, std: float) -> Markup:
    """A value with its standard deviation in the unit of its column; it carries the value in SI."""
    if not isfinite(value):
        return NONE
    shown, error = (float(in_unit(v, name, _unit(name))) for v in (value, std))
    return Markup('<data value="{}">{}</data>').format(repr(value), _shown(shown, error))


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
    return Markup('<data value="{}">{}</data>').format(repr(float(T)), f"{T:.4g}")


def _percent(share: Array | None) -> Cell:
    if share is None or not np.any(np.isfinite(share)):
        return NONE
    return f"{100.0 * float(np.nanmean(share)):.0f} %".replace("-", "−")


def _property(name: str) -> Cell:
    if name in QUANTITIES:
        return Markup("from {}").format(symbol(name))
    return {"hall": Markup("from {}").format(symbol("hall_carrier_density"))}.get(name, f"from {name}")


def severity_order(findings: Sequence[tuple[str, Cell, Cell]]) -> list[tuple[str, Cell, Cell]]:
    """Findings of all samples, errors first."""
    order = ("error", "warning", "note")
    return sorted(findings, key=lambda finding: order.index(finding[0]))
