"""`ioffe calibrate`: fit losses and factors of a device to its measured sweeps; write a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Fault, InputError
from ioffe.cli import terminal
from ioffe.cli.output import RESULT, Output, judging_options, output_options
from ioffe.cli.run import read_file
from ioffe.device_file.read import DeviceFile
from ioffe.measured.calibration import Calibration
from ioffe.measured.file import calibrate_file
from ioffe.report.measured.pages import parameter_rows

PARAMETER_HELP = 'What is fitted, such as "legs.contact.electrical"; in place of what the file says.'
LOSS_HELP = "Whether outliers weigh less; by default what the file says, else robust."
KNOWN_HELP = 'What is known of a parameter besides: "heat_factor=3 %". May be given several times.'


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--parameter", "-p", "parameters", multiple=True, metavar="PARAMETER", help=PARAMETER_HELP)
@click.option("--known", multiple=True, metavar="PARAMETER=STD", help=KNOWN_HELP)
@click.option("--loss", type=click.Choice(("robust", "squares")), help=LOSS_HELP)
@judging_options
@output_options("calibration")
def calibrate(
    device: Path,
    parameters: tuple[str, ...],
    known: tuple[str, ...],
    loss: str | None,
    strict: bool,
    force: bool,
    output: Output,
) -> None:
    """Fit contacts, heat paths, leads and factors of a device to its measured sweeps.

    The device file has [[measured]] tables with file = "sweeps.csv" and a table [calibrate]. Refuses by name
    what the data cannot tell apart; prints the parameters with intervals and what is left. Writes
    result.json, points.csv, pictures (SVG) and report.html. With --json the result alone is printed, and
    files are written only into --out.
    """
    file = read_file(device)
    stated: dict[str, Any] = terminal.stated(loss=loss, strict=strict, force=force)
    with terminal.working("fitting"):
        found = calibrate_file(file, parameters, dict(map(_pair, known)), **stated)
    output.show(found.to_dict(), lambda: print_calibration(found, file), found.warnings)

    def report(folder: Path) -> None:
        from ioffe.report.measured.pages import write_calibration

        write_calibration(found, folder, file.name, file.notes)

    output.write({RESULT: found.to_dict(), "points.csv": found.table("points")}, report, book=found)


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        expected = 'a name and a standard deviation are expected, such as "heat_factor=3 %"'
        raise InputError(Fault("--known", text, expected))
    return name.strip(), value.strip()


def print_calibration(found: Calibration, file: DeviceFile) -> None:
    """Print the parameters with their intervals, and what is left."""
    terminal.print_text((file.name, "bold"), f"\ncalibration with {len(found.measured)} measured points")
    terminal.print_remarks(found.warnings)
    heads = ("parameter", "before", "fitted", f"{100 * found.confidence:g} % interval", "known besides")
    terminal.print_table("what explains the measurement", heads, parameter_rows(found))
    rows = [("residuals over the noise", f"{found.residual_size:.3g}", found.probability_words)]
    rows += [(f"runs, {n.replace('_', ' ')}", str(runs), f"{p:.2g}") for n, (runs, p) in found.runs.items()]
    terminal.print_table("what is left", ("", "value", "probability"), rows, (1, 2))
    terminal.print_remarks((), found.notes)
