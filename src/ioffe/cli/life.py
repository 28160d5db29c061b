"""`ioffe life`: solve a device along its service life; write results, pictures and a report."""

from __future__ import annotations

import csv
import json
import warnings
from math import isnan
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ioffe.base.errors import ExtrapolationWarning
from ioffe.base.quantities import quantity
from ioffe.base.units import convert, format_si
from ioffe.cli.main import COMPUTATION_FAILED, DONE, complain
from ioffe.cli.output import CURVES, REPORT, RESULT, folder_in_place
from ioffe.cli.summary import COLOUR, WIDTH
from ioffe.cli.terminal import check_folder, warn, working
from ioffe.device_file.read import DeviceFile, read_device
from ioffe.life.file import LifeTask, life_of
from ioffe.life.loss import time_words
from ioffe.life.result import LifeResult, kind_of

NONE = "-"
SMALL = 1e-6
"""Standard deviations below this share of the value are not printed."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the results; by default DEVICE-life.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
@click.option(
    "--bands", type=click.Choice(("linear", "monte carlo", "none")), help="By default what the file says."
)
@click.option(
    "--draws", type=click.IntRange(10, 100_000), metavar="N", help="Random draws of Monte Carlo bands."
)
@click.option("--no-report", is_flag=True, help="Write the numbers only, no pictures and no report.")
@click.pass_context
def life(
    context: click.Context,
    device: Path,
    out: Path | None,
    as_json: bool,
    bands: str | None,
    draws: int | None,
    no_report: bool,
) -> None:
    """Solve a device along its service life; write results, pictures and a report.

    The device file has a table [life] with the service and the laws by which contacts and materials age.
    Prints the performance over time and when shares of it are lost. Writes result.json, curves.csv, pictures
    (SVG, PNG) and report.html. With --json the result alone is printed, and files are written only into
    --out.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ExtrapolationWarning)
        file = read_device(device)
        task = life_of(file)
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        warn(text)
    folder = None if as_json and out is None else out or Path(f"{device.stem}-life")
    check_folder(folder)
    options: dict[str, Any] = {"bands": bands, "draws": draws}
    with working("solving"):
        result = task.solve(**{name: value for name, value in options.items() if value is not None})
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=1, allow_nan=False))
        for text in result.warnings:
            warn(text)
    else:
        print_life(result, file)
    if not any(np.isfinite(values).any() for values in result.values.values()):
        complain(f"no time has a solution: {result.status.advice}")
        context.exit(COMPUTATION_FAILED)
    if folder is not None:
        with working("writing"):
            names = _write(result, task, file, folder, report=not no_report)
        if not as_json:
            click.echo(f"\n{_written(folder, names)}")
    context.exit(DONE)


def print_life(life: LifeResult, file: DeviceFile) -> None:
    """Print the performance at some times, the numbers that age, the losses, and how good the numbers are."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(Text(file.name, "bold"))
    console.print(f"service life over {time_words(life.service.duration)}")
    console.print(_values(life))
    if life.numbers.nominal:
        console.print(_numbers(life))
    table = Table(title="losses", title_justify="left", title_style="bold")
    for head in ("loss", "reached"):
        table.add_column(head)
    for loss in life.losses:
        table.add_row(f"-{100.0 * loss.share:.3g} % of {loss.quantity}", str(loss))
    console.print(table)
    colour = COLOUR.get(life.status, "red")
    console.print(f"status [{colour}]{life.status.name.lower()}[/{colour}]: {life.status.advice}")
    console.print(
        f"energy balance {life.balance:.1e}, estimated error {life.error_estimate:.1e}, of the reduced time "
        f"{life.ageing_error:.1e} (relative)"
    )
    for text in life.warnings:
        console.print(Text("warning: ", style="yellow").append(text, style="default"), soft_wrap=True)


def _values(life: LifeResult) -> Table:
    table = Table(title="performance at the reference conditions", title_justify="left", title_style="bold")
    table.add_column("time", justify="right", no_wrap=True)
    for name in life.keys:
        table.add_column(name, justify="right", no_wrap=True)
    shares = np.linspace(0.0, 1.0, 6) * life.time[-1]
    for k in np.unique([int(np.argmin(np.abs(life.time - t))) for t in shares]):
        row = [_with_band(life, name, int(k)) for name in life.keys]
        table.add_row(time_words(float(life.time[k])), *row)
    return table


def _with_band(life: LifeResult, name: str, k: int) -> str:
    value = float(life.values[name][k])
    if isnan(value):
        return NONE
    text = format_si(value, name)
    std = float(life.std[name][k]) if name in life.std else 0.0
    if not std > SMALL * abs(value):
        return text
    number, _, unit = text.partition(" ")
    error = float(convert(std, quantity(name).unit, unit or "1"))
    return f"{number} ± {error:.1g} {unit}".rstrip()


def _numbers(life: LifeResult) -> Table:
    table = Table(title="what ages", title_justify="left", title_style="bold")
    for head in ("number", "fresh", "at the end", "temperature"):
        table.add_column(head)
    for path, values in life.numbers.nominal.items():
        kind = kind_of(path)
        ends = [format_si(float(v), kind) if kind else f"{float(v):.4g}" for v in (values[0], values[-1])]
        T = life.temperatures.get(path)
        table.add_row(path, *ends, NONE if T is None else f"{float(np.nanmean(T)):.1f} K")
    return table


def _write(life: LifeResult, task: LifeTask, file: DeviceFile, folder: Path, report: bool) -> list[str]:
    with folder_in_place(folder) as made:
        life.save(made / RESULT)
        header, rows = life.rows()
        with (made / CURVES).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows([["" if isinstance(v, float) and isnan(v) else v for v in row] for row in rows])
        if report:
            from ioffe.report.life import write_life

            write_life(life, made, task.measured, file.notes, file.name)
        return sorted(path.name for path in made.rglob("*") if path.is_file())


def _written(folder: Path, names: list[str]) -> str:
    """One sentence that says where everything is."""
    if REPORT not in names:
        return f"wrote {folder / RESULT} and {folder / CURVES}"
    pictures = sum(name.endswith((".svg", ".png")) for name in names)
    return f"wrote {folder / REPORT}, and beside it {RESULT}, {CURVES} and {pictures} pictures"
