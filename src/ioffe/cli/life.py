"""`ioffe life`: solve a device along its service life; write results, pictures and a report."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import click
import numpy as np

from ioffe.base.errors import ConvergenceError
from ioffe.base.quantities import quantity
from ioffe.base.units import convert, format_si
from ioffe.cli import terminal
from ioffe.cli.output import CURVES, RESULT, Output, judging_options, output_options
from ioffe.cli.run import NONE, read_file
from ioffe.device.parameters import quantity_of
from ioffe.device_file.read import DeviceFile
from ioffe.life.file import life_of
from ioffe.life.performance import time_words
from ioffe.life.result import LifeResult

SMALL = 1e-6
"""Standard deviations below this share of the value are not printed."""
BANDS, DRAWS = ("linear", "monte carlo", "none"), click.IntRange(10, 100_000)
"""Kinds of bands, and how many random draws they may take."""
LISTED = 6
"""Times that are listed."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--bands", type=click.Choice(BANDS), help="By default what the file says.")
@click.option("--draws", type=DRAWS, metavar="N", help="Random draws of Monte Carlo bands.")
@judging_options
@output_options("life")
def life(
    device: Path, bands: str | None, draws: int | None, strict: bool, force: bool, output: Output
) -> None:
    """Solve a device along its service life; write results, pictures and a report.

    The device file has a table [life] with the service and the laws by which contacts and materials age.
    Prints the performance over time and when shares of it are lost. Writes result.json, curves.csv, pictures
    (SVG) and report.html. With --json the result alone is printed, and files are written only into
    --out.
    """
    with terminal.collected_warnings():
        file = read_file(device)
        task = life_of(file)
    stated = terminal.stated(bands=bands, draws=draws, strict=strict or None, force=force)
    with terminal.working("solving"), file.naming_faults():
        result = task.solve(**stated)
    output.show(result.to_dict(), lambda: print_life(result, file), result.warnings)
    if not any(np.isfinite(values).any() for values in result.values.values()):
        raise ConvergenceError(f"no time has a solution: {result.status.advice}")

    def report(folder: Path) -> None:
        from ioffe.report import write_life

        write_life(result, folder, task.measured, file.notes, file.name)

    output.write({RESULT: result.to_dict(), CURVES: result.table()}, report, book=result)


def print_life(life: LifeResult, file: DeviceFile) -> None:
    """Print the performance at some times, the numbers that age, the losses, and how good the numbers are."""
    terminal.print_text((file.name, "bold"), f"\nservice life over {time_words(life.service.duration)}")
    shares = np.linspace(0.0, 1.0, LISTED) * life.time[-1]
    rows = [
        (time_words(float(life.time[k])), *(_with_band(life, name, k) for name in life.keys))
        for k in np.unique([int(np.argmin(np.abs(life.time - t))) for t in shares]).tolist()
    ]
    heads = ("time", *life.keys)
    terminal.print_table("performance at the reference conditions", heads, rows, range(len(heads)))
    if life.numbers.nominal:
        heads = ("number", "fresh", "at the end", "temperature")
        terminal.print_table("what ages", heads, [_ageing(life, path) for path in life.numbers.nominal])
    losses = [(f"-{100.0 * loss.share:.3g} % of {loss.quantity}", str(loss)) for loss in life.losses]
    terminal.print_table("losses", ("loss", "reached"), losses)
    terminal.print_status(life, f"of the reduced time {life.ageing_error:.1e}")
    terminal.print_warnings(life.warnings)


def _ageing(life: LifeResult, path: str) -> tuple[str, ...]:
    """A number that ages: fresh, at the end, and the temperature that counts."""
    kind, values = quantity_of(path), life.numbers.nominal[path]
    ends = [format_si(float(v), kind) if kind else f"{float(v):.4g}" for v in (values[0], values[-1])]
    T = life.temperatures.get(path)
    return path, *ends, NONE if T is None else f"{float(np.nanmean(T)):.1f} K"


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
