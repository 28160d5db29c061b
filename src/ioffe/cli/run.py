"""`ioffe run`: solve a device file, print a summary, write results, pictures and a report.

`ioffe schema` prints the JSON Schema of device files, material cards and results.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from ioffe.base.errors import ConvergenceError, Fault, InputError
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.base.table import headed
from ioffe.base.units import convert, field_unit, format_si
from ioffe.cli import terminal
from ioffe.cli.output import CURVES, FIELDS, RESULT, VTU_HELP, Output, judging_options, output_options
from ioffe.device.conditions import Generator
from ioffe.device_file.measured import Comparison
from ioffe.device_file.read import DeviceFile, read_device
from ioffe.report.profiles import best_point
from ioffe.report.text import AIMS, symbol_text
from ioffe.report.words import place
from ioffe.result.steady import MAXIMA_KEYS, POINT_KEYS, STAGE_KEYS, Result
from ioffe.solve import loading
from ioffe.solve.solve import STATES
from ioffe.solve.task import FIDELITIES, WHOLE

NONE = "-"
ENGINE_HELP = "What solves it; by default NumPy, or compiled code if that is in memory."
STATES_HELP = "All steady states of a leg at one current, as state-N.json and state-N.csv without a report; "
STATES_HELP += "by default that reached from zero current."
QUANTITIES = {"load": "load_resistance"}
"""Quantities of conditions whose name is another one."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--fidelity", type=click.Choice(FIDELITIES), help="By default what the file says, else 1d.")
@judging_options
@click.option("--tolerance", type=float, metavar="X", help="Relative error of one integration step.")
@click.option("--engine", type=click.Choice(loading.ENGINES), default="auto", help=ENGINE_HELP)
@click.option("--states", type=click.Choice(STATES), default=STATES[0], help=STATES_HELP)
@click.option("--vtu", is_flag=True, help=VTU_HELP.format(" (fidelity 3d or full, best operating point)"))
@output_options("result")
def run(
    device: Path,
    fidelity: str | None,
    strict: bool,
    force: bool,
    tolerance: float | None,
    engine: str,
    states: str,
    vtu: bool,
    output: Output,
) -> None:
    """Solve a device file; write results, pictures and a report.

    Prints the maxima with their units, the status and the energy balance. Writes result.json, curves.csv,
    the pictures (SVG) and report.html. With --json the result alone is printed, and files are written
    only into --out.
    """
    stated = terminal.stated(fidelity=fidelity, tolerance=tolerance, strict=strict or None, force=force)
    file = replace(read_file(device), **stated)
    if vtu and file.fidelity not in WHOLE:
        expected = f"a module at fidelity {' or '.join(WHOLE)} is expected"
        raise InputError(Fault("--vtu", file.fidelity, expected, "add --fidelity 3d"))
    loading.choose(engine)
    before = loading.spent()
    if states == "all":
        _every_state(file, output)
        return
    with terminal.working("solving"):
        result = file.solve(maxima=True)  # they are printed
    output.show(result.to_dict(), lambda: print_result(result, file), result.warnings)
    for text in loading.missed(before):
        terminal.warn(text)
    if not np.any(result.point_status < Status.RUNAWAY):
        raise ConvergenceError(f"no operating point has a solution: {result.status.advice}")

    def report(folder: Path) -> None:
        from ioffe.report import write_report

        write_report(result, folder, device_file=file)

    files: dict[str, Any] = {RESULT: result.to_dict(), CURVES: result.table()}
    if vtu:
        files[FIELDS] = result.bodies(best_point(result) or 0).vtu()
    output.write(files, report, book=result)


def _every_state(file: DeviceFile, output: Output) -> None:
    """Print and write all steady states of one operating point, two files for each."""
    options: Any = {k: getattr(file, k) for k in ("fidelity", "tolerance", "strict", "force")}
    with terminal.working("solving"), file.naming_faults():
        found = file.device.solve(file.conditions, states="all", **options)
    if not found:
        raise ConvergenceError("no steady state stays below 3000 K")
    each = {f"state-{k}.json": one.to_dict() for k, one in enumerate(found, 1)}

    def summary() -> None:
        for one in found:
            print_result(one, file)

    warnings = dict.fromkeys(text for one in found for text in one.warnings)
    output.show({"states": list(each.values())}, summary, warnings)
    tables = {f"state-{k}.csv": one.table() for k, one in enumerate(found, 1)}
    output.write(each | tables)


def read_file(path: Path) -> DeviceFile:
    """The device file; what its reader warns of becomes one line each."""
    with terminal.collected_warnings():
        return read_device(path)


def print_result(result: Result, file: DeviceFile) -> None:
    """Print what was solved, the warnings, the maxima, and how good the numbers are."""
    mode = "generator" if isinstance(result.conditions, Generator) else "cooler"
    count = len(result.points)
    points = "1 operating point" if count == 1 else f"{count} operating points"
    given = {f"T_{side}": place(result.conditions, side, result.device) for side in ("hot", "cold")}
    where = ", ".join(f"{name} of the {where}" for name, where in given.items())
    terminal.print_text((file.name, "bold"), f"\n{mode}, fidelity {result.fidelity}, {points}\n{where}")
    terminal.print_remarks(result.warnings)
    if count == 1:
        point = {k: float(np.ravel(result.values[k])[0]) for k in POINT_KEYS if k in result.values}
        rows = [(name, _shown(value, name)) for name, value in point.items()]
        terminal.print_table("", ("operating point", ""), rows, lines=False)
        if result.stages is not None:
            values = {key: result.stages.values[key] for key in STAGE_KEYS}
            print_quantities("stages from the hot side", {key: key for key in STAGE_KEYS}, values)
    grid = np.meshgrid(*result.maxima_axes.values(), indexing="ij")
    values = dict(zip(result.maxima_axes, grid, strict=True))
    maxima = [k for k in MAXIMA_KEYS if k in result.values and k != "short_circuit_current"]
    values |= {k: result.values[k] for k in maxima}
    print_quantities("maxima", {key: _maximum_head(key, result) for key in values}, values)
    for line in [] if result.migration is None else result.migration.lines():
        terminal.print_text(("ion migration: ", "bold"), line)
    if file.sweeps:
        _print_sweeps(file)
    if file.measured and np.any(result.point_status < Status.RUNAWAY):
        _print_comparison(file.comparisons)
    terminal.print_status(result)
    kinds = "; ".join(f"{name}: {kind}" for name, kind in result.interpolation.items())
    terminal.print_text("interpolation ", kinds)
    terminal.print_remarks((), result.notes)


def _maximum_head(key: str, result: Result) -> str:
    """Symbol of a maximum; of the current and the voltage at which it is, words to follow it."""
    whose, _, what = key.rpartition("_")
    if whose in AIMS.values():
        return {"current": "at I", "voltage": "at V"}[what]
    return key if key in result.maxima_axes else symbol_text(key)


def print_quantities(title: str, heads: dict[str, str], values: dict[str, Any]) -> None:
    """Print a table with a column for each quantity, all of its values in the unit of the largest.

    `title`: of the table.
    `heads`: over the columns, by quantity; the unit is added.
    `values`: in SI; NaN is printed as a hyphen.
    """
    shown, columns = [], []
    for key, head in heads.items():
        array = np.ravel(values[key])
        sizes = np.abs(array[np.isfinite(array)])
        unit = field_unit(float(sizes.max(initial=0.0)), quantity(key).unit, key)
        in_unit = convert(array, quantity(key).unit, unit)
        shown.append(headed(head, unit))
        columns.append([NONE if np.isnan(value) else f"{value:.4g}" for value in in_unit])
    terminal.print_table(title, shown, zip(*columns, strict=True), range(len(shown)))


def _print_comparison(comparisons: tuple[Comparison, ...]) -> None:
    rows = []
    for one in comparisons:
        at = ", ".join(f"{name} {_shown(v, QUANTITIES.get(name, name))}" for name, v in one.at.items())
        spread = f" ± {_shown(one.std, one.quantity)}" if one.std else ""
        difference = NONE if np.isnan(one.difference) else f"{one.difference:+.1%}"
        condition = one.condition + (" (simulated)" if one.kind == "simulated" else "")
        both = _shown(one.value, one.quantity) + spread, _shown(one.computed, one.quantity)
        rows.append((one.quantity, at, *both, difference, condition))
    heads = ("quantity", "at", "published", "computed", "difference", "condition")
    terminal.print_table("published values", heads, rows, (2, 3, 4), wrapped={5: None})


def _print_sweeps(file: DeviceFile) -> None:
    """Print what the measured sweeps give beside what is computed."""
    from ioffe.measured.file import compared
    from ioffe.report.measured.pages import HEADS, comparison_rows

    for one in compared(file):
        name = Path(one.measured.measurement.name).name
        rows = [[cell.replace("\xa0", " ") for cell in row] for row in comparison_rows(one)]
        if rows:
            terminal.print_table(f"measured: {name}", HEADS, rows, range(1, len(HEADS)))
        terminal.print_remarks(one.warnings, one.notes)


def _shown(value: float, key: str) -> str:
    return NONE if np.isnan(value) else format_si(value, key)


FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", type=click.Choice(("device", "study", "card", "result")), default="device")
@click.option("--out", type=FILE, help="File to write, in place of stdout.")
def schema(what: str, out: Path | None) -> None:
    """Print the JSON Schema of the files you write.

    WHAT is `device` (the default), `study` for study files, `card` for material cards, or `result` for what
    `ioffe run --json` prints. Editors use it to complete keys and to mark faults while you type.
    """
    from ioffe.device_file.schema import card_schema, device_schema, result_schema
    from ioffe.study.study_file import study_schema

    makers = {"device": device_schema, "study": study_schema, "card": card_schema, "result": result_schema}
    text = json.dumps(makers[what](), indent=2, ensure_ascii=out is None) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"wrote {out}")


@click.command(name="warm-up", context_settings={"help_option_names": ["-h", "--help"]})
def warm_up() -> None:
    """Compile the fast engine once, ahead of its first use.

    Needs numba (pip install "ioffe[fast]"). It takes about a minute and is kept in a cache folder of the
    user, until ioffe or numba changes. Until then large batches are solved by NumPy.
    """
    from ioffe.solve.batch.solve import warm_up as compile_kernels

    with terminal.working("compiling"):
        made = compile_kernels()
    click.echo("compiled" if made else "nothing to do: everything is compiled")
