"""Commands of `ioffe measure` for one sample at several ages: line scans and Seebeck profiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from ioffe import measure
from ioffe.base.errors import Faults
from ioffe.base.saved import plain
from ioffe.base.table import table
from ioffe.base.units import to_si
from ioffe.cli.measuring import Evaluation, collected, measure_command, option
from ioffe.material.uncertainty import with_error
from ioffe.measure import seebeck_lines
from ioffe.measure._table import not_used
from ioffe.measure.estimates import in_words
from ioffe.measure.line_scans import scan

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
    tables = {}
    if times:
        values = {"time": np.array(times), "temperature": np.full(len(times), T)}
        values |= {_CONTACT: np.array([float(one.resistivity.value) for one in its.values()])}
        values["std"] = np.array([float(one.resistivity.std) for one in its.values()])
        units = {"time": "s", "temperature": "K", _CONTACT: "ohm m2", "std": "ohm m2"}
        tables["ageing.csv"] = table({"metal": (("row",), [names[0]] * len(times))}, values, units)

    def draw(made: Path) -> None:
        from ioffe.report.pictures import write_pictures

        write_pictures({"aged-scans": measure.plot_aged_scans(found, interface=interface - 1)}, made)

    notes = [f"{label}: {finding.message}" for label, one in found.items() for finding in one.findings]
    notes += not_used(files, scan.LAYOUT)
    shown = {"format": "ioffe-aged-scans/1", "ages": plain(numbers)}
    heads = ("age", "interface", "rho_c")
    return Evaluation(shown, "aged junction", rows, heads, findings=notes, tables=tables, draw=draw)


@measure_command("seebeck-line", "By default FILE-seebeck-line.", always_writes=True)
def seebeck_line(file: str) -> Evaluation:
    """Seebeck coefficient along a leg, at one age or several, and a picture.

    FILE is a table with the headers "x (mm)", "S (uV/K)", and perhaps "t (day)" or "scan". Writes
    result.json, lines.csv and the picture (SVG). With --json files are written only into --out.
    """
    lines = measure.read_seebeck_lines(file)
    rows: list[tuple[str, ...]] = []
    numbers: list[dict[str, Any]] = []
    for line in lines:
        stats, (slope, error) = line.statistics, line.gradient
        gradient = with_error(slope * 1e3, error * 1e3, unit="uV/K/mm")
        mean = with_error(stats.mean, stats.standard_error, "seebeck")
        rows.append((line.label, str(stats.points), mean, gradient, f"{100 * stats.uniformity:.1f} %"))
        of_line = {"gradient": slope, "gradient_std": error}
        numbers.append({"label": line.label, **vars(stats), **of_line})

    def draw(made: Path) -> None:
        from ioffe.report.pictures import write_pictures

        write_pictures({"seebeck-line": measure.plot_seebeck_lines(lines)}, made)

    shown = {"format": "ioffe-seebeck-line/1", "lines": plain(numbers)}
    heads = ("age", "points", "mean", "gradient", "uniformity")
    notes = not_used([file], seebeck_lines.LAYOUT)
    tables = {"lines.csv": seebeck_lines.table_of(lines)}
    title = "Seebeck coefficient along the leg"
    return Evaluation(shown, title, rows, heads, findings=notes, tables=tables, draw=draw)
