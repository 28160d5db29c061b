"""Commands of `ioffe measure` for one sample at several ages: line scans and Seebeck profiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from ioffe import measure
from ioffe.base.errors import Faults
from ioffe.base.plotting import unit_label
from ioffe.base.saved import plain
from ioffe.base.table import table
from ioffe.base.units import format_si, to_si
from ioffe.cli.measuring import Evaluation, collected, measure_command, option
from ioffe.material.uncertainty import with_error
from ioffe.measure import seebeck_lines
from ioffe.measure._table import not_used
from ioffe.measure.estimates import Estimate, in_words
from ioffe.measure.line_scans import scan
from ioffe.report.text import list_of

COMMON: Final = 0.5
"""Share of the variance from the place of the interface from which on it is named as common to all ages."""
_CONTACT: Final = "electrical_contact_resistivity"


@measure_command("aged-scans", "By default FILE-aged-scans.", arguments=(), always_writes=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--area", metavar="AREA", text='Cross-section, such as "3 mm x 3 mm".', required=True)
@option("--age", "ages", metavar="T", text='Of each file in turn, such as "7 day".', multiple=True)
@option("--temperature", metavar="T", text='At which it aged, such as "573 K".')
@click.option("--interface", type=click.IntRange(1, 2), default=1, show_default=True, help="Which junction.")
def aged_scans(
    files: tuple[str, ...], area: str, ages: tuple[str, ...], temperature: str | None, interface: int
) -> Evaluation:
    """Line scans of one junction at several ages, in one picture.

    Each FILE is evaluated alone, as by `ioffe measure line-scan`. Writes result.json, ageing.csv for `ioffe
    measure ageing` where the ages are given, and the picture (SVG).
    """
    faults, found = Faults(), {}
    if ages and len(ages) != len(files):
        faults.add("--age", len(ages), f"one age for each of the {len(files)} files is expected")
    names = [Path(name).stem for name in files]
    labels = list(ages) if len(ages) == len(files) else names
    for label in {label for label in labels if labels.count(label) > 1}:
        faults.add("--age" if ages else "FILE", label, "ages or names that differ are expected")
    times = [collected(faults, to_si, typed, "time", "--age") for typed in ages]
    T = collected(faults, to_si, temperature, "temperature", "--temperature") if temperature else np.nan
    for label, file in zip(labels, files, strict=True):
        scans = collected(faults, measure.read_scans, file)
        if scans:
            found[label] = collected(faults, measure.line_scan, scans, area)
    for label, one in found.items():
        if one is not None and interface > len(one.interfaces):
            faults.add("--interface", interface, f"{label} has {len(one.interfaces)}")
    faults.raise_if_any()
    its = {label: one.interfaces[interface - 1] for label, one in found.items()}
    rows = [(label, one.name, in_words(one.resistivity, _CONTACT)) for label, one in its.items()]
    numbers = {label: {"interface": one.name, _CONTACT: one.resistivity} for label, one in its.items()}
    tables, notes = {}, []
    if times:
        rho = np.array([float(one.resistivity.value) for one in its.values()])
        std = np.array([float(one.resistivity.std) for one in its.values()])
        above = rho > 0.0
        values = {"time": np.array(times), "temperature": np.full(len(times), T), _CONTACT: rho, "std": std}
        values = {name: column[above] for name, column in values.items()}
        units = {"time": "s", "temperature": "K", _CONTACT: "ohm m2", "std": "ohm m2"}
        if left_out := [label for label, good in zip(labels, above, strict=True) if not good]:
            text = "no contact resistivity above 0, which laws of ageing describe: not in ageing.csv"
            notes.append(f"{', '.join(left_out)}: {text}")
        if np.any(above):
            rows_of = {"metal": (("row",), [names[0]] * int(above.sum()))}
            tables["ageing.csv"] = table(rows_of, values, units)

    notes += [f"{label}: {finding.message}" for label, one in found.items() for finding in one.findings]
    notes += _common_error(list(found.values()), [one.resistivity for one in its.values()])
    notes += not_used(files, scan.LAYOUT)
    shown = {"format": "ioffe-aged-scans/1", "ages": plain(numbers)}
    heads = ("age", "interface", "rho_c")
    each = [f"{unit_label(in_words(one.resistivity, _CONTACT))} ({label})" for label, one in its.items()]
    more: dict[str, Any] = {
        "sentence": f"The contact resistivity is {list_of(each)}.",
        "pictures": {"aged-scans": lambda: measure.plot_aged_scans(found, interface=interface - 1)},
    }
    return Evaluation(shown, "aged junction", rows, heads, findings=notes, tables=tables, **more)


def _common_error(found: list[measure.LineScan], rho: list[Estimate]) -> list[str]:
    """What the ages share: at the same positions the unknown place of the interface moves all jumps alike."""
    places = [one.scans[0].scan.position for one in found]
    share = min(float(one.shares.get("position", 0.0)) for one in rho)
    if len(found) < 2 or share < COMMON or not all(np.array_equal(places[0], x) for x in places[1:]):
        return []
    parts = [float(one.std) * np.sqrt(1.0 - float(one.shares["position"])) for one in rho]
    own = format_si(max(parts), _CONTACT, 2)
    text = (
        f"{share:.0%} of the variance is the place of the interface, common to all ages, whose positions are"
    )
    return [f"{text} the same: differences between ages have an error of {own} each from the rest"]


@measure_command("seebeck-line", "By default FILE-seebeck-line.", always_writes=True)
def seebeck_line(file: str) -> Evaluation:
    """Seebeck coefficient along a leg, at one age or several, and a picture.

    FILE is a table with the headers "x (mm)", "S (uV/K)", and perhaps "t (day)" or "scan". Writes
    result.json, lines.csv and the picture (SVG). With --json files are written only into --out.
    """
    lines = measure.read_seebeck_lines(file)
    rows: list[tuple[str, ...]] = []
    numbers: list[dict[str, Any]] = []
    signs: list[str] = []
    for line in lines:
        stats, (slope, error), mean_error = line.statistics, line.gradient, line.mean_error
        gradient = with_error(slope * 1e3, error * 1e3, unit="uV/K/mm")
        mean = with_error(stats.mean, mean_error, "seebeck")
        turns = stats.lowest < 0.0 < stats.highest
        uniform = "-" if turns else f"{100 * stats.uniformity:.1f} %"
        rows.append((line.label, str(stats.points), mean, gradient, uniform))
        of_line = {"gradient": slope, "gradient_std": error, "standard_error": mean_error}
        if turns:
            ends = " to ".join(format_si(x, "seebeck", 3) for x in (stats.lowest, stats.highest))
            signs.append(f"{line.label or 'line'}: S changes its sign ({ends}); a mean does not describe it")
        numbers.append({"label": line.label, **vars(stats), **of_line})

    shown = {"format": "ioffe-seebeck-line/1", "lines": plain(numbers)}
    heads = ("age", "points", "mean", "gradient", "uniformity")
    notes = [*signs, *not_used([file], seebeck_lines.LAYOUT)]
    tables = {"lines.csv": seebeck_lines.table_of(lines)}
    title = "Seebeck coefficient along the leg"
    ages = [f" ({age})" if age else "" for age, *_ in rows]
    told = [f"{row[2]} with a gradient of {row[3]}{age}" for row, age in zip(rows, ages, strict=True)]
    more: dict[str, Any] = {
        "sentence": unit_label(f"The mean of S is {'; '.join(told)}."),
        "pictures": {"seebeck-line": lambda: measure.plot_seebeck_lines(lines)},
    }
    return Evaluation(shown, title, rows, heads, findings=notes, tables=tables, **more)
