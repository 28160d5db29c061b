"""`ioffe sweep`: solve every device of a study; store the numbers, write tables, maps and a report."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ioffe.base.errors import Fault, InputError
from ioffe.cli import terminal
from ioffe.cli.output import RESULT, Output, judging_options, output_options, safe_name
from ioffe.solve.loading import ENGINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ioffe.study.study import Study
    from ioffe.study.sweep_result import SweepResult
    from ioffe.study.sweeping import SweepEstimate

SUFFIX = "sweep"
BEST = "best.csv"
TOP = 10
"""Devices that are printed."""
WORKERS_HELP = "Processes, each with one thread; by default one for each processor."
SCHEDULER_HELP = "Solve on the workers of this dask scheduler, such as tcp://10.0.0.1:8786; store here."
RESUME_HELP = "Go on with the run that the folder holds; begin one where it holds none."
DRY_HELP = "Print the number of devices, the time and the disk that they need, and solve nothing."
ENGINE_HELP = "Which engine solves the devices; by default by the work."


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY.toml")
@click.option("--workers", type=click.IntRange(1), metavar="N", help=WORKERS_HELP)
@click.option("--scheduler", metavar="ADDRESS", help=SCHEDULER_HELP)
@click.option("--resume", is_flag=True, help=RESUME_HELP)
@click.option("--dry-run", is_flag=True, help=DRY_HELP)
@click.option("--engine", type=click.Choice(ENGINES), default="auto", help=ENGINE_HELP)
@judging_options
@output_options(SUFFIX, of="study")
def sweep(
    study: Path,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
    dry_run: bool,
    engine: Any,
    strict: bool,
    force: bool,
    output: Output,
) -> None:
    """Solve every device of a study; store the numbers, write tables, maps and a report.

    The study file names a device file, what varies, which quantities are wanted, and their limits. The folder
    holds the numbers of all devices, a Parquet file for each chunk of them (CSV without the package duckdb),
    result.json, best.csv, maps (SVG) and report.html. A sweep that was ended, however that came, goes on with
    --resume. With --json the result alone is printed; the numbers are stored all the same.
    """
    from ioffe.study.study_file import read_study
    from ioffe.study.sweeping import estimate_sweep, too_large
    from ioffe.study.sweeping import sweep as run

    if scheduler is not None and (workers is not None or dry_run):
        given = "--dry-run" if dry_run else "--workers"
        raise InputError(Fault("--scheduler", scheduler, f"either this or {given} is expected"))
    workers = workers or _processors()
    with terminal.collected_warnings():
        asked = read_study(study, strict=strict, force=force)
    folder = output.folder or Path(f"{safe_name(study)}-{SUFFIX}")
    if dry_run:
        with terminal.working("estimating"):
            found = estimate_sweep(asked, engine, workers)
        refused = too_large(found, workers, folder)
        warnings = [*asked.remarks.warnings, *([f"would be refused: {refused}"] if refused else [])]
        shown = Output(None, output.as_json)
        shown.show(asdict(found), lambda: _print_estimate(asked, found, workers, warnings), warnings)
        return
    with terminal.counting("solving", "devices") as progress:
        how: dict[str, Any] = {"resume": resume, "engine": engine, "scheduler": scheduler}
        try:
            result = run(asked, folder, workers=workers, progress=progress, **how)
        except InputError as error:  # what is wrong with the study stands in its file
            own = [replace(f, file=str(study)) if f.location == "variables" else f for f in error.faults]
            raise InputError(own) from None
    output.show(result.to_dict(), lambda: _print(result), result.warnings)

    def report(made: Path) -> None:
        from ioffe.report import write_sweep

        write_sweep(result, made)

    files = {RESULT: result.to_dict(), BEST: result.table()}
    replace(output, folder=folder).write(files, report, book=result)


def _processors() -> int:
    """Processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _print_estimate(study: Study, found: SweepEstimate, workers: int, warnings: Sequence[str]) -> None:
    from ioffe.study.sweeping import compared_by

    terminal.print_text((study.name or "study", "bold"))
    terminal.print_remarks(warnings)
    each = f"{1e6 * found.time_per_device:.3g} us each on one {found.engine} thread"
    size = f"{found.bytes / 1e6:.3g} MB" if found.bytes < 1e9 else f"{found.bytes / 1e9:.3g} GB"
    rows = [
        ("devices", f"{found.devices:,} in {found.chunks:,} chunks"),
        ("time", f"{terminal.duration(found.time)} on {workers} processes, {each}"),
        ("", "beside it start, summary, maps and report, and what else runs here"),
        ("disk", f"at most {size}"),
    ]
    terminal.print_table("", ("", ""), rows, lines=False)
    terminal.print_remarks((), (*study.remarks.notes, *compared_by(study)))


def _print(result: SweepResult) -> None:
    terminal.print_text((result.header["name"] or "sweep", "bold"))
    terminal.print_remarks(result.warnings)
    compared = f"{result.compared:,} of {len(result):,} devices have a solution and keep all constraints"
    terminal.print_text(f"{compared}; the {result.objective} is best")
    count = min(TOP, len(result.point_status))
    if count:
        rows = [[result.shown(name, result.best[name][k]) for name in result.best] for k in range(count)]
        terminal.print_table("best devices", list(result.best), rows, range(len(result.best)))
    rows = [(status, f"{n:,}") for status, n in result.counts.items()]
    terminal.print_table("devices by status", ("status", "devices"), rows, (1,))
    terminal.print_status(result)
    terminal.print_remarks((), result.notes)
