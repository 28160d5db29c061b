"""Tables of the report of an analysis."""

from __future__ import annotations

from math import floor, isfinite, log10

import numpy as np
from markupsafe import Markup

from ioffe.base.arrays import Array
from ioffe.base.quantities import QUANTITIES
from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.material.analysis.quantities import HALL, POINTWISE
from ioffe.material.analysis.result import SUMMARY
from ioffe.material.uncertainty import Estimate
from ioffe.report.analysis_words import METHOD
from ioffe.report.inputs import material_cell, range_words, source_cell
from ioffe.report.markup import NONE, data_cell, head, symbol
from ioffe.report.page import PageTable, numbers_from
from ioffe.report.text import in_unit
from ioffe.report.words import QUALITY

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
    columns = [_column(n, sample.points[n]) for n in names]
    rows = zip([_temperature(T) for T in sample.T], *columns, strict=True)
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
    heads = ("Sample", "Goldsmid-Sharp gap", "Bipolar conduction", "a/T + b below the onset")
    return PageTable(heads, rows) if rows else None


def shares_table(analysis: Analysis) -> PageTable | None:
    """Shares of the variance by measured property; None where no error is known."""
    rows = []
    split = [(s.name, n, s.points[n]) for s in analysis for n in SHARED]
    large = (k for *_, e in split for k, v in e.shares.items() if np.nanmax(np.abs(v)) > LEAST_SHARE)
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
