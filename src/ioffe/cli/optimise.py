"""`ioffe optimise`: the best device of a study, within its limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ioffe.cli import terminal
from ioffe.cli.measuring import page_writer
from ioffe.cli.output import RESULT, Output, output_options

if TYPE_CHECKING:
    from ioffe.study.optimising import Optimum

TOP = 20
"""Combinations that are printed."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY.toml")
@output_options("optimum", of="study")
def optimise(study: Path, output: Output) -> None:
    """Find the best device of a study, within its limits.

    The ranges of the study file are searched by exact gradients, from the samples of its plan as starts; each
    combination of its lists, grids and materials has an optimum of its own. Prints the best devices, how many
    starts ended there, and what keeps the best one from being better, with its price. Writes result.json,
    optima.csv and report.html.
    """
    from ioffe.study.optimising import optimise as search
    from ioffe.study.study_file import read_study

    with terminal.collected_warnings():
        asked = read_study(study)
    with terminal.working("searching"):
        result = search(asked)
    output.show(result.to_dict(), lambda: _print(result), result.warnings)
    output.write({RESULT: result.to_dict(), "optima.csv": result.table()}, page_writer(result), book=result)


def _print(result: Optimum) -> None:
    terminal.print_text((result._title(), "bold"))
    count = min(len(result.reached), TOP)
    rows = [
        [
            *(result.shown(name, values[k]) for name, values in result.columns.items()),
            f"{result.reached[k]} of {result.starts}",
        ]
        for k in range(count)
    ]
    terminal.print_table("best devices", [*result.columns, "starts"], rows, range(len(result.columns) + 1))
    if len(result.reached) > count:
        click.echo(f"... {len(result.reached) - count} more in optima.csv")
    rows = [(name, f"{price:.4g}") for name, price in result.active.items()]
    if rows:
        name = result.study.objective[0]
        terminal.print_table(f"what limits {name}", ("limit", "gain for one SI unit, in SI"), rows, (1,))
    terminal.print_text(f"{result.evaluations:,} devices solved with derivatives")
    terminal.print_status(result)
    terminal.print_remarks(result.warnings, result.notes)
