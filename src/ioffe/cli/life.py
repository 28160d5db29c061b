"""`ioffe life`: solve a device along its service life; write results, pictures and a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

import click
import numpy as np

from ioffe.base.errors import ConvergenceError, Fault, InputError
from ioffe.base.units import format_si, to_si
from ioffe.cli import terminal
from ioffe.cli.output import CURVES, RESULT, Output, judging_options, output_options, slug
from ioffe.cli.run import NONE, read_file
from ioffe.device.leg import Leg
from ioffe.device.parameters import quantity_of
from ioffe.device_file.read import DeviceFile
from ioffe.interface.ageing import AgedJunctions, age_junctions, read_ageing
from ioffe.life.file import Aged, LifeTask, life_of, with_ageing
from ioffe.life.fitting import fit_life
from ioffe.life.performance import time_words
from ioffe.life.process import full_paths
from ioffe.life.result import LifeResult
from ioffe.material.uncertainty import with_error

SMALL = 1e-6
"""Standard deviations below this share of the value are not printed."""
BANDS, DRAWS = ("linear", "monte carlo", "none"), click.IntRange(10, 100_000)
"""Kinds of bands, and how many random draws they may take."""
NO_LIFE = "no life is solved from parameters that are not determined: fit fewer of them, or to more values"
LISTED = 6
OF_DEVICES = {"internal_resistance": "internal_resistance", "power": "max_power"}
"""Quantities of a result by what a table of a device over time holds."""
"""Times that are listed."""
AGED_HELP = "Table of aged contacts, to whose fitted laws the device ages."
MEASURED_HELP = (
    "Table of the internal resistance or the largest power over time, in the place of [[life.measured]]; the "
    "laws are fitted to it."
)
FIT_HELP = (
    "Parameter of a law that is fitted to what was measured, such as p.contact.electrical.time; may be "
    "repeated. By default all with a stated uncertainty."
)
PATH_HELP = 'What ages as they did; by default the hot contact, "p.contact_hot.electrical". May be repeated.'


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--ageing", "aged", type=click.Path(path_type=Path), metavar="FILE", help=AGED_HELP)
@click.option("--junction", metavar="NAME", help="Junction of that table; by default each of them in turn.")
@click.option("--at", "paths", multiple=True, metavar="PATH", help=PATH_HELP)
@click.option("--duration", metavar="TIME", help='Of the service, such as "10 year"; by default of the file.')
@click.option("--measured", type=click.Path(path_type=Path), metavar="FILE", help=MEASURED_HELP)
@click.option("--fit", "fitted", multiple=True, metavar="PATH.PARAMETER", help=FIT_HELP)
@click.option("--bands", type=click.Choice(BANDS), help="By default what the file says.")
@click.option("--draws", type=DRAWS, metavar="N", help="Random draws of Monte Carlo bands.")
@judging_options
@output_options("life")
def life(
    device: Path,
    aged: Path | None,
    junction: str | None,
    paths: tuple[str, ...],
    duration: str | None,
    measured: Path | None,
    fitted: tuple[str, ...],
    output: Output,
    **given: Any,
) -> None:
    """Solve a device along its service life; write results, pictures and a report.

    The device file has a table [life] with the service and the laws by which contacts and materials age, or
    --ageing fits them to a table of aged contacts (see ioffe measure ageing) and solves the device with each.
    --measured and --fit fit parameters of the laws to the resistance or power of the whole device over time.
    Prints the performance over time and when shares of it are lost. Writes result.json, curves.csv, pictures
    (SVG) and report.html, with --ageing into a folder of each junction beside the fits. With --json the
    result alone is printed, and files are written only into --out.
    """
    years = None if duration is None else to_si(duration, "lifetime", "--duration")
    given["strict"] = given["strict"] or None
    options = terminal.stated(**given)
    with terminal.collected_warnings():
        file = read_file(device)
    if aged is None:
        for name, value in {"--junction": junction, "--at": paths}.items():
            if value:
                raise InputError(Fault(name, expected="a table of aged contacts, --ageing FILE, is expected"))
        if years is not None and file.life is not None:
            file = replace(file, life=file.life.model_copy(update={"duration": years}))
        if measured is not None or fitted:
            _fit(file, measured, fitted, options, output)
            return
        result = _solved(file, options)
        output.show(result.to_dict(), lambda: print_life(result, file), result.warnings)
        _write(result, file, output)
        return
    for name, value in {"--measured": measured, "--fit": fitted}.items():
        if value:
            expected = "either a table of aged contacts (--ageing) or a measured device is expected"
            raise InputError(Fault(name, str(value), expected))
    with terminal.working("fitting"):
        found = age_junctions(*read_ageing(aged))
    names = list(found.junctions) if junction is None else [junction]
    paths = paths or (_hot_contact(file),)
    files = {name: with_ageing(file, found.life_table(paths, name), years) for name in names}
    lives = {name: _solved(files[name], options) for name in names}
    every = {"ageing": found.to_dict(), "junctions": {name: lives[name].to_dict() for name in names}}
    warnings = [f"{name}: {text}" for name, life in lives.items() for text in life.warnings]
    output.show(every, lambda: _print_all(found, lives, files), [*found.warnings, *warnings])
    tables = {RESULT: found.to_dict(), "points.csv": found.table()}

    def report(folder: Path) -> None:
        from ioffe.report.life_figure import side_by_side
        from ioffe.report.of_result import page_of
        from ioffe.report.page import write_page

        write_page(side_by_side(page_of(found), lives), folder)

    output.write(tables, report, book=found)
    for name, result in lives.items():
        folder = None if output.folder is None else output.folder / slug(name)
        _write(result, files[name], replace(output, folder=folder), whose=name)


def _solved(file: DeviceFile, options: Mapping[str, Any]) -> LifeResult:
    with terminal.collected_warnings():
        task = life_of(file)
    with terminal.working("solving"), file.naming_faults():
        return task.solve(**options)
    raise AssertionError("a fault was raised at the end of the block")


def _fit(
    file: DeviceFile, table: Path | None, names: Sequence[str], options: Mapping[str, Any], output: Output
) -> None:
    """Fit laws to the device measured over time, and show the life with them."""
    with terminal.collected_warnings(), file.naming_faults():
        task = life_of(file)
        if table is not None:
            task = replace(task, measured=_measured(table))
    with terminal.working("fitting"), file.naming_faults():
        found = fit_life(task, names)
    result = None
    if not found.undetermined:
        with terminal.working("solving"), file.naming_faults():
            result = found.task.solve(**options)
            result = replace(result, warnings=(*found.warnings, *result.warnings))
    every = {"fit": found.to_dict(), "life": None if result is None else result.to_dict()}
    warnings = (*found.warnings, NO_LIFE) if result is None else result.warnings

    def shown() -> None:
        rows = [
            (name, *("not determined", NONE, NONE))
            if name in found.undetermined
            else (name, *(_in_units(task, name, float(x)) for x in (value, low, high)))
            for name, value, low, high in zip(found.names, found.values, found.low, found.high, strict=True)
        ]
        terminal.print_table("fitted to the device", ("parameter", "value", "95 % from", "to"), rows)
        levels = "; ".join(f"{name} {level:.4g}" for name, level in found.levels.items())
        terminal.print_text(f"measured over computed level: {levels}; {found.agreement}\n")
        if result is None:
            terminal.print_remarks(warnings)
        else:
            print_life(result, file)

    output.show(every, shown, warnings)
    extra = {"fit.json": found.to_dict(), "points.csv": found.tables()["points"]}
    if result is None:
        output.write(extra)
    else:
        _write(result, file, output, found.at_level(), extra)


def _measured(path: Path) -> tuple[Aged, ...]:
    """Values of a table over time, as a device has them."""
    series, quantity_name, _ = read_ageing(path)
    if quantity_name not in OF_DEVICES:
        expected = "the internal resistance or the largest power of the device is expected"
        raise InputError(Fault("--measured", quantity_name, expected, file=str(path)))
    name = OF_DEVICES[quantity_name]
    return tuple(
        Aged(name, float(t), float(value), 0.0 if one.std is None else float(one.std[k]), source=path.name)
        for one in series
        for k, (t, value) in enumerate(zip(one.times, one.values, strict=True))
    )


def _in_units(task: LifeTask, name: str, value: float) -> str:
    """A parameter of a law in units of its quantity; times as times."""
    path, _, parameter = name.rpartition(".")
    if parameter in ("initial", "final", "change", "growth"):
        at = full_paths(task.device, task.conditions, path)[0]
        kind = quantity_of(at, task.conditions)
        return format_si(value, kind) if kind and np.isfinite(value) else f"{value:.4g}"
    return time_words(value) if parameter == "time" and np.isfinite(value) else f"{value:.4g}"


def _write(
    result: LifeResult,
    file: DeviceFile,
    output: Output,
    measured: Sequence[Aged] | None = None,
    extra: Mapping[str, Any] | None = None,
    whose: str = "",
) -> None:
    """Write the files of a life, perhaps `whose` of several junctions."""
    if not any(np.isfinite(values).any() for values in result.values.values()):
        raise ConvergenceError(f"no time has a solution: {result.status.advice}")

    def report(folder: Path) -> None:
        from ioffe.report import write_life

        points = life_of(file).measured if measured is None else measured
        title = f"{file.name}, {whose}" if whose else file.name
        write_life(result, folder, points, file.notes, title)

    output.write({RESULT: result.to_dict(), CURVES: result.table(), **(extra or {})}, report, book=result)


def _hot_contact(file: DeviceFile) -> str:
    """The number that ages unless another one is named."""
    return "contact_hot.electrical" if isinstance(file.device, Leg) else "p.contact_hot.electrical"


def _print_all(
    found: AgedJunctions, lives: Mapping[str, LifeResult], files: Mapping[str, DeviceFile]
) -> None:
    """Print the laws of all junctions, the life of the device with each, and both side by side."""
    terminal.print_table("ageing", ("junction", "law", "parameters"), found.parameter_lines())
    terminal.print_text(*terminal.finding_pieces(found.findings)[1:])
    for name, result in lives.items():
        terminal.print_text((f"\n{name}", "bold"))
        print_life(result, files[name])
    if len(lives) > 1:
        keys = next(iter(lives.values())).keys
        rows = []
        for name, result in lives.items():
            ends = [(_with_band(result, key, 0), _with_band(result, key, -1)) for key in keys]
            rows.append((name, *(" to ".join(dict.fromkeys(both)) for both in ends)))
        terminal.print_text("")
        terminal.print_table("fresh to the end, by junction", ("junction", *keys), rows)


def print_life(life: LifeResult, file: DeviceFile) -> None:
    """Print the performance at some times, the numbers that age, the losses, and how good the numbers are."""
    terminal.print_text((file.name, "bold"), f"\nservice life over {time_words(life.service.duration)}")
    terminal.print_remarks(life.warnings)
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
    terminal.print_remarks((), life.notes)


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
    std = float(life.std[name][k]) if name in life.std else 0.0
    return with_error(value, std if std > SMALL * abs(value) else 0.0, name)
