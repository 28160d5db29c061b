"""`ioffe run`: solve a device file, print a summary, write results, pictures and a report."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from ioffe.cli.main import COMPUTATION_FAILED, DONE, complain
from ioffe.cli.output import CURVES, REPORT, RESULT, folder_in_place, write_numbers
from ioffe.cli.summary import print_summary
from ioffe.cli.terminal import check_folder, warn, working
from ioffe.device.status import Status
from ioffe.device_file.read import DeviceFile, read_device
from ioffe.result.steady import Result
from ioffe.solve.steady import FIDELITIES


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--fidelity", type=click.Choice(FIDELITIES), help="By default what the file says, else 1d.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the results; by default DEVICE-result.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
@click.option("--strict", is_flag=True, help="Refuse to use a material beyond its measured range.")
@click.option("--tolerance", type=float, metavar="X", help="Relative error of one integration step.")
@click.option("--no-report", is_flag=True, help="Write the numbers only, no pictures and no report.")
@click.pass_context
def run(
    context: click.Context,
    device: Path,
    fidelity: str | None,
    out: Path | None,
    as_json: bool,
    strict: bool,
    tolerance: float | None,
    no_report: bool,
) -> None:
    """Solve a device file; write results, pictures and a report.

    Prints the maxima with their units, the status and the energy balance. Writes result.json, curves.csv,
    the pictures (SVG, PNG) and report.html. With --json the result alone is printed, and files are written
    only into --out.
    """
    file = read_file(device)
    folder = None if as_json and out is None else out or Path(f"{device.stem}-result")
    check_folder(folder)
    file = _changed(file, fidelity=fidelity, tolerance=tolerance, strict=strict or None)
    with working("solving"):
        result = file.solve()
    solved = bool(np.any(result.point_status < Status.RUNAWAY))
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=1, allow_nan=False))
        for text in result.warnings:
            warn(text)
    else:
        print_summary(result, file)
    if not solved:
        complain(f"no operating point has a solution: {result.status.advice}")
        context.exit(COMPUTATION_FAILED)
    if folder is not None:
        with working("writing"):
            names = _write(result, file, folder, report=not no_report)
        if not as_json:
            click.echo(f"\n{_written(folder, names)}")
    context.exit(DONE)


def read_file(path: Path) -> DeviceFile:
    """The device file; what its reader warns of becomes one line each."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        file = read_device(path)
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        warn(text)
    return file


def _changed(file: DeviceFile, **options: Any) -> DeviceFile:
    """The file with the options that were typed in place of its own."""
    return replace(file, **{name: value for name, value in options.items() if value is not None})


def _written(folder: Path, names: list[str]) -> str:
    """One sentence that says where everything is."""
    pictures = sum(name.endswith((".svg", ".png")) for name in names)
    if REPORT not in names:
        return f"wrote {folder / RESULT} and {folder / CURVES}"
    return f"wrote {folder / REPORT}, and beside it {RESULT}, {CURVES} and {pictures} pictures"


def _write(result: Result, file: DeviceFile, folder: Path, report: bool) -> list[str]:
    with folder_in_place(folder) as made:
        write_numbers(result, made)
        if report:
            from ioffe.report import write_report

            write_report(result, made, device_file=file)
        return sorted(path.name for path in made.rglob("*") if path.is_file())
