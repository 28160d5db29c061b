"""What `ioffe run` prints: maxima, status, energy balance, and published values beside the computed ones."""

from __future__ import annotations

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ioffe.base.quantities import quantity
from ioffe.base.units import convert, format_si
from ioffe.device.conditions import Generator
from ioffe.device.status import Status
from ioffe.device_file.measured import Comparison
from ioffe.device_file.read import DeviceFile
from ioffe.result.components import Components
from ioffe.result.steady import POINT_KEYS, STAGE_KEYS, Result

WIDTH = 140
"""Columns of a table that is written to a file or a pipe."""
NONE = "-"
GENERATOR_MAXIMA = (
    ("V_oc", "open_circuit_voltage"),
    ("R_in", "internal_resistance"),
    ("P_max", "max_power"),
    ("at I", "max_power_current"),
    ("eta_max", "max_efficiency"),
    ("at I", "max_efficiency_current"),
)
COOLER_MAXIMA = (
    ("Q_c max", "max_heat"),
    ("at I", "max_heat_current"),
    ("COP_max", "max_COP"),
    ("at I", "max_COP_current"),
    ("delta_T max", "delta_T_max"),
    ("at I", "delta_T_max_current"),
    ("at V", "delta_T_max_voltage"),
)
COLOUR = {Status.OK: "green", Status.OUTSIDE_TABLE: "yellow"}


def print_summary(result: Result, file: DeviceFile) -> None:
    """Print what was solved, its maxima, how good the numbers are, and the warnings."""
    console = _console()
    console.print(_head(result, file))
    if len(result.points) == 1:
        console.print(_point(result))
        if result.stages is not None:
            console.print(_stages(result.stages))
    console.print(_maxima(result))
    for line in [] if result.migration is None else result.migration.lines():
        console.print(Text("ion migration: ", style="bold").append(line, style="default"), soft_wrap=True)
    if file.measured and np.any(result.point_status < Status.RUNAWAY):
        console.print(_comparison(file.comparisons))
    console.print(_quality(result))
    for text in result.warnings:
        console.print(Text("warning: ", style="yellow").append(text, style="default"), soft_wrap=True)


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    return console


def _head(result: Result, file: DeviceFile) -> Text:
    mode = "generator" if isinstance(result.conditions, Generator) else "cooler"
    count = len(result.points)
    points = "1 operating point" if count == 1 else f"{count} operating points"
    return Text.assemble((file.name, "bold"), f"\n{mode}, fidelity {result.fidelity}, {points}")


def _point(result: Result) -> Table:
    table = Table("operating point", "", box=None, pad_edge=False)
    for key in POINT_KEYS:
        if key in result.values:
            table.add_row(key, _shown(float(result.values[key].ravel()[0]), key))
    return table


def _stages(stages: Components) -> Table:
    """One row for each stage of a cascade, from the hot side."""
    table = Table(title="stages from the hot side", title_justify="left", title_style="bold")
    columns = []
    for key in STAGE_KEYS:
        unit, texts = _column(stages.values[key].ravel(), key)
        table.add_column(f"{key} ({unit})" if unit else key, justify="right", no_wrap=True)
        columns.append(texts)
    for row in zip(*columns, strict=True):
        table.add_row(*row)
    return table


def _maxima(result: Result) -> Table:
    """One row for each family of temperatures, one unit for each column."""
    columns = GENERATOR_MAXIMA if isinstance(result.conditions, Generator) else COOLER_MAXIMA
    grid = np.meshgrid(*result.maxima_axes.values(), indexing="ij")
    found = [(name, name, values) for name, values in zip(result.maxima_axes, grid, strict=True)]
    found += [(head, key, result.values[key]) for head, key in columns if key in result.values]
    table = Table(title="maxima", title_justify="left", title_style="bold")
    cells = []
    for head, key, values in found:
        unit, texts = _column(values.ravel(), key)
        table.add_column(f"{head} ({unit})" if unit else head, justify="right", no_wrap=True)
        cells.append(texts)
    for row in zip(*cells, strict=True):
        table.add_row(*row)
    return table


def _column(values: np.ndarray, key: str) -> tuple[str, list[str]]:
    """Unit of the largest value, and every value in it."""
    sizes = np.abs(values[np.isfinite(values)])
    unit = format_si(float(sizes.max()), key).partition(" ")[2] if sizes.size else ""
    shown = convert(values, quantity(key).unit, unit or "1") if sizes.size else values
    return unit, [NONE if np.isnan(value) else f"{value:.4g}" for value in shown]


def _comparison(rows: tuple[Comparison, ...]) -> Table:
    table = Table(title="published values", title_justify="left", title_style="bold")
    for head in ("quantity", "at"):
        table.add_column(head)
    for head in ("published", "computed", "difference"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("condition")
    for row in rows:
        at = ", ".join(f"{name} {_shown(value, _AT[name])}" for name, value in row.at.items())
        published = _shown(row.value, row.quantity) + (
            f" ± {_shown(row.std, row.quantity)}" if row.std else ""
        )
        difference = NONE if np.isnan(row.difference) else f"{row.difference:+.1%}"
        condition = row.condition + (" (simulated)" if row.kind == "simulated" else "")
        table.add_row(
            row.quantity, at, published, _shown(row.computed, row.quantity), difference, Text(condition)
        )
    return table


_AT = {
    "T_hot": "T_hot",
    "T_cold": "T_cold",
    "current": "current",
    "voltage": "voltage",
    "load": "load_resistance",
    "heat": "heat",
}


def _quality(result: Result) -> Text:
    status = result.status
    text = Text("status ").append(status.name.lower(), style=COLOUR.get(status, "red"))
    text.append(f": {status.advice}\n")
    text.append(
        f"energy balance {result.balance:.1e}, estimated error {result.error_estimate:.1e} (relative)\n"
    )
    kinds = "; ".join(f"{name}: {kind}" for name, kind in result.interpolation.items())
    return text.append(f"interpolation {kinds}")


def _shown(value: float, key: str) -> str:
    return NONE if np.isnan(value) else format_si(value, key)
