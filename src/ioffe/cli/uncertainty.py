"""`ioffe uncertainty`: how sure the results of a device are, and what causes their errors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.base.units import format_si
from ioffe.cli import terminal
from ioffe.cli.measuring import page_writer
from ioffe.cli.output import RESULT, Output, judging_options, output_options
from ioffe.material.uncertainty import with_error

if TYPE_CHECKING:
    from ioffe.study.uncertainty_result import UncertaintyResult

METHODS = ("linear", "monte carlo", "sobol")
TOP = 12
"""Inputs, and devices, that are printed."""
METHOD_HELP = "One gradient (linear, the default), random draws, or Sobol' indices."
SAMPLES_HELP = "Random draws, by default 1000; of Sobol' indices a power of two, by default 256."
ERROR_HELP = "In place of --samples: the relative error wanted of the standard deviations, such as 0.02."


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY.toml")
@click.option("--method", type=click.Choice(METHODS), default="linear", help=METHOD_HELP)
@click.option("--samples", type=click.IntRange(2), metavar="N", help=SAMPLES_HELP)
@click.option("--error", type=float, metavar="SHARE", help=ERROR_HELP)
@click.option("--seed", type=click.IntRange(0), default=0, help="The same one gives the same draws.")
@judging_options
@output_options("uncertainty", of="study")
def uncertainty(
    study: Path,
    method: str,
    samples: int | None,
    error: float | None,
    seed: int,
    strict: bool,
    force: bool,
    output: Output,
) -> None:
    """Say how sure the results of a device are, and what causes their errors.

    The study file names a device file and under [uncertain] the standard deviations of its numbers and of the
    curves of its materials; what varies gives bands along it. Writes result.json, outputs.csv, shares.csv,
    tornados and bands (SVG) and report.html.
    """
    from ioffe.study.study_file import read_study
    from ioffe.study.uncertainty import propagate_study

    with terminal.collected_warnings():
        asked = read_study(study, strict=strict, force=force)
    if not asked.uncertain:
        expected = 'a table [uncertain] is expected, such as T_hot = "2 K"'
        raise InputError(Fault("uncertain", expected=expected, file=str(study)))
    options: dict[str, Any] = {"method": method, "samples": samples, "error": error, "seed": seed}
    with terminal.working("propagating"):
        result = propagate_study(asked, **options)
    output.show(result.to_dict(), lambda: _print(result), result.warnings)
    tables = {f"{name}.csv": found for name, found in result.tables().items()}
    output.write({RESULT: result.to_dict(), **tables}, page_writer(result), book=result)


def _print(result: UncertaintyResult) -> None:
    terminal.print_text((result._title(), "bold"))
    terminal.print_remarks(result.warnings)
    names, count = result.study.outputs, result.study.count
    axes = [along.ravel() for along in np.meshgrid(*result.axes.values(), indexing="ij")]
    flat = {key: np.ravel(values) for key, values in result.values.items()}
    centres = {name: np.ravel(values) for name, values in result.centres.items()}
    own = [f"{name} as it is" for name in names if result.samples]
    rows = []
    for k in range(min(count, TOP)):
        place = [str(along[k]) if along.dtype.kind in "US" else f"{along[k]:.4g}" for along in axes]
        known = [with_error(float(centres[n][k]), float(flat[f"{n}_std"][k]), n) for n in names]
        rows.append((*place, *known, *(format_si(float(flat[n][k]), n) for n in names if own)))
    title = "means of the draws" if result.samples else "values"
    terminal.print_table(f"{title} with standard deviations", (*result.axes, *names, *own), rows)
    if count > TOP:
        click.echo(f"... {count - TOP} more in outputs.csv")
    shares = {name: result.shares[name].reshape(len(result.inputs), -1) for name in names}
    middle = count // 2
    order = np.argsort(-np.nan_to_num([shares[name][:, middle] for name in names]).max(axis=0))[:TOP]
    of = [(n, kind) for n in names for kind in (("share", "total") if result.totals else ("share",))]
    rows = [(result.inputs[k], *(result.share_shown(*one, int(k), middle) for one in of)) for k in order]
    title = result.shares_words + ("" if count == 1 else f", device {middle + 1} of {count}")
    heads = [f"{n}, with others" if kind == "total" else n for n, kind in of]
    terminal.print_table(title, ("input", *heads), rows, range(1, len(heads) + 1))
    terminal.print_status(result)
    terminal.print_remarks((), result.notes)
