"""`ioffe reproduce`: published values beside the computed ones, with figures and a page for each source."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click
from rich.text import Text

from ioffe.base.errors import Faults
from ioffe.cli.output import Output, output_options
from ioffe.cli.terminal import print_table, print_text, stacked, working
from ioffe.published import comparison
from ioffe.published.comparison import ComparedValue, Verdict
from ioffe.published.run import Reproduction
from ioffe.published.run import reproduce as compute
from ioffe.report.published import write_gallery

HEADS = ("quantity", "place", "published", "computed", "deviation", "inputs", "class", "verdict")
WRAPPED = {0: 52, 1: 20, 5: 13, 7: 18}
"""Columns whose cells are broken into lines, with their widths."""
COLOUR = dict(zip(Verdict, ("green", "cyan", "blue", "yellow", "bright_black"), strict=True))
COUNTED = "predictions by verdict; then computed rows of the other classes, each fact once"
CHANGE = 'Change a stated assumption, such as "G=2.5" or "grain_size=500 nm"; may be repeated.'
AT_ONCE = "Sources at the same time; by default 2 on two cores or more."


@click.command(name="reproduce", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@click.option("--assume", "assumed", multiple=True, metavar="NAME=VALUE", help=CHANGE)
@click.option("--processes", type=click.IntRange(1), help=AT_ONCE)
@output_options("reproduced", of="", report="pictures and no pages", tables=False)
def reproduce(
    sources: tuple[str, ...], assumed: tuple[str, ...], processes: int | None, output: Output
) -> None:
    """Compute what papers published, and say number by number how close it comes.

    SOURCE is a tag (S1 to S5) or a name such as "qiu2018"; without any all are run. Prints quantity, place,
    published and computed value, deviation, quality of the inputs, class and verdict, and why a value is not
    reproduced. Writes one page for each source, an index, the pictures and reproduction.json.

    The class says what a row proves. Only predictions are counted in the headline: model results from inputs
    that do not contain the value.
    """
    changes = _changes(assumed)
    at_once = processes or min(2, os.cpu_count() or 1)
    with working("computing"):
        found = compute(sources, changes, at_once)
    files = {"reproduction.json": {"sources": [one.to_dict() for one in found]}}
    output.show(files["reproduction.json"], lambda: print_tables(found))
    if output.report:
        output.write(files, lambda made: write_gallery(found, made, "", at_once), page="index.html")


def print_tables(found: Sequence[Reproduction]) -> None:
    """Print one table a source, the reasons below it, and the counts."""
    for one in found:
        print_text((f"\n{one.source.tag}  {one.source.name}\n", "bold"), one.source.citation)
        print_table("", HEADS, [_cells(row) for row in one.compared], (2, 3, 4), lines=False, wrapped=WRAPPED)
        reasons: dict[tuple[Verdict, str], list[str]] = {}
        for row in one.compared:
            reason = row.published.not_yet or row.published.why
            if reason and row.verdict is not Verdict.REPRODUCED:
                reasons.setdefault((row.verdict, reason), []).append(row.published.key)
        for (verdict, reason), keys in reasons.items():
            print_text((f"{', '.join(keys)} ({verdict.value}): ", COLOUR[verdict]), reason)
    print_text()
    rows = [[f"{one.source.tag} {one.source.name}", *map(str, one.counts.values())] for one in found]
    total = [str(sum(one.counts[name] for one in found)) for name in found[0].counts]
    rows += [["all", *total]] if len(found) > 1 else []
    heads = ("source", *found[0].counts)
    print_table(COUNTED, heads, rows, tuple(range(1, len(heads))), lines=False)


def _cells(row: ComparedValue) -> list[str | Text]:
    published = row.published
    computed = stacked(comparison.computed_text(row), comparison.spread_text(row))
    numbers = comparison.published_text(published), computed, comparison.deviation_text(row)
    mark = Text(row.verdict.value, COLOUR[row.verdict])
    kind = stacked(published.evidence, "(again)" if published.same_as else "")
    return [published.quantity, published.place, *numbers, published.inputs, kind, mark]


def _changes(assumed: Sequence[str]) -> dict[str, str | float]:
    faults = Faults()
    found: dict[str, str | float] = {}
    for text in assumed:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            faults.add("--assume", text, 'NAME=VALUE is expected, such as "G=2.5"')
        else:
            found[name.strip()] = value.strip()
    faults.raise_if_any()
    return found
