"""`ioffe optimise`: the best device of a study within its limits, or the front of several objectives."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ioffe.base.errors import Fault, InputError
from ioffe.cli import terminal
from ioffe.cli.measuring import page_writer
from ioffe.cli.output import RESULT, Output, judging_options, output_options

if TYPE_CHECKING:
    from ioffe.study.front import ParetoFront
    from ioffe.study.optimising import Optimum, SearchEstimate
    from ioffe.study.study import Study

TOP = 20
"""Combinations that are printed."""


EVERY_HELP = "Search materials too that by their zT cannot reach the efficiency or COP of others."
DRY_HELP = "Print what is searched, from how many starts and how long at most, and search nothing."
POINTS_HELP = "Even steps along the front of two objectives, its ends among them; by default 11."


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY.toml")
@click.option("--points", type=click.IntRange(2), metavar="N", help=POINTS_HELP)
@click.option("--every", is_flag=True, help=EVERY_HELP)
@click.option("--dry-run", is_flag=True, help=DRY_HELP)
@judging_options
@output_options("optimum", of="study")
def optimise(
    study: Path, points: int | None, every: bool, dry_run: bool, strict: bool, force: bool, output: Output
) -> None:
    """Find the best device of a study within its limits, or the front of two objectives.

    The ranges of the study file are searched by exact gradients, from the samples of its plan as starts; each
    combination of its lists, grids and materials has an optimum of its own. Prints the best devices, how many
    starts ended there, and what keeps the best one from being better, with its price. Two objectives, such as
    largest = ["power_density", "efficiency"] or one of largest and one of smallest, have a front: the devices
    of which no other is better in both. More objectives, and two of a study without ranges, are searched by
    an evolution of devices. Writes result.json, optima.csv or front.csv with its picture (SVG),
    and report.html.
    """
    from ioffe.study.evolution import estimate_evolution, evolved_front
    from ioffe.study.front import POINTS, pareto_front
    from ioffe.study.optimising import estimate_search
    from ioffe.study.optimising import optimise as search
    from ioffe.study.study_file import read_study

    with terminal.collected_warnings():
        asked = read_study(study, strict=strict, force=force)
    several = len(asked.objectives) > 1
    if points is not None and not (len(asked.objectives) == 2 and asked.sampled):
        expected = 'ranges and two objectives are expected with it, such as largest = ["power", "efficiency"]'
        raise InputError(Fault("--points", points, expected))
    by_steps = len(asked.objectives) == 2 and asked.sampled
    if dry_run:
        with terminal.working("estimating"):
            steps = points or POINTS if several else 1
            evolved = several and not by_steps
            needed = estimate_evolution(asked) if evolved else estimate_search(asked, steps)
        told = {**asdict(needed), "time": needed.time, "variables": asked.quantities()}
        shown = Output(None, output.as_json)
        shown.show(told, lambda: _print_estimate(asked, needed, steps, evolved), asked.remarks.warnings)
        return
    with terminal.working("searching"):
        if several:
            front = pareto_front(asked, points=points or POINTS) if by_steps else evolved_front(asked)
            table, show, result = {"front.csv": front.table()}, lambda: _print_front(front), front
        else:
            best = search(asked, every=every)
            table, show, result = {"optima.csv": best.table()}, lambda: _print(best), best
    output.show(result.to_dict(), show, result.warnings)
    output.write({RESULT: result.to_dict(), **table}, page_writer(result), book=result)


def _print_estimate(study: Study, needed: SearchEstimate, steps: int, evolved: bool) -> None:
    terminal.print_text((study.name or "study", "bold"))
    terminal.print_remarks(study.remarks.warnings)
    rows = list(study._facts())
    aims = ", ".join(f"{'largest' if sign > 0 else 'smallest'} {name}" for name, sign in study.objectives)
    limits = ", ".join(study.limits)
    rows += [("searched for", aims), *([("limits", limits)] if limits else [])]
    if evolved:
        rows.append(("solved as one batch", f"{needed.at_once} devices of a generation"))
    else:
        starts = study.sample.points if study.sample is not None else 1
        each = f", for each of {steps} values of the second objective" if steps > 1 else ""
        found = f"{starts} starts of each of {study.count // starts} combinations{each}"
        rows.append(("solved as one batch", f"up to {needed.at_once} devices with derivatives: {found}"))
    batch = needed.at_once * needed.time_per_device
    most = f"{batch:.2g} s a batch on one thread, at most {needed.rounds}: {terminal.duration(needed.time)}"
    rows.append(("time", most))
    terminal.print_table("", ("", ""), rows, lines=False)
    terminal.print_remarks((), study.remarks.notes)


def _print_front(result: ParetoFront) -> None:
    terminal.print_text((result._title(), "bold"))
    terminal.print_remarks(result.warnings)
    names = list(result.columns)
    rows = [[result.shown(name, result.columns[name][k]) for name in names] for k in range(len(result))]
    terminal.print_table("front", names, rows, range(len(names)))
    words = dict.fromkeys(one.words for held in result.prices for one in held)
    if words:
        terminal.print_text(f"held by {', '.join(words)}")
    terminal.print_text(f"{result.evaluations:,} devices solved")
    terminal.print_status(result)
    terminal.print_remarks((), result.notes)


def _print(result: Optimum) -> None:
    terminal.print_text((result._title(), "bold"))
    terminal.print_remarks(result.warnings)
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
    rows = [(one.words, one.shown) for one in result.prices]
    if rows:
        name = result.study.objective[0]
        terminal.print_table(f"what limits {name}", ("limit", "gain when relaxed"), rows)
    terminal.print_text(f"{result.evaluations:,} devices solved with derivatives")
    terminal.print_status(result)
    terminal.print_remarks((), result.notes)
