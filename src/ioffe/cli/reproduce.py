"""`ioffe reproduce`: published values beside the computed ones, with figures and a page for each source."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ioffe.base.errors import Faults
from ioffe.cli.output import folder_in_place
from ioffe.cli.terminal import check_folder, working
from ioffe.published.run import Reproduction, Row, reproduce
from ioffe.published.text import computed_text, deviation_text, published_text, spread_text
from ioffe.published.verdict import Verdict
from ioffe.report.published import write_gallery

WIDTH = 160
"""Columns of a table that is written to a file or a pipe."""
FOLDER = Path("reproduced")
COLOUR = {
    Verdict.REPRODUCED: "green",
    Verdict.WITHIN: "cyan",
    Verdict.NOT_REPRODUCED: "yellow",
    Verdict.NOT_YET: "bright_black",
}


@click.command(name="reproduce", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@click.option(
    "--assume",
    "assumed",
    multiple=True,
    metavar="NAME=VALUE",
    help='Change a stated assumption, such as "G=2.5" or "grain_size=500 nm"; may be repeated.',
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=f"Folder for the pages and pictures; by default ./{FOLDER}.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON; pages only into --out.")
@click.option("--no-report", is_flag=True, help="Print the table only, no pictures and no pages.")
@click.option(
    "--processes", type=click.IntRange(1), help="Sources at the same time; by default 2 on two cores or more."
)
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    assumed: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    no_report: bool,
    processes: int | None,
) -> None:
    """Compute what papers published, and say number by number how close it comes.

    SOURCE is a tag (S1 to S5) or a name such as "shi2018"; without any all are run. Prints quantity, place,
    published and computed value, deviation, quality of the inputs and verdict, and why a value is not
    reproduced. Writes one page for each source, an index, the pictures and reproduction.json.

    The exit code is 1 if a value marked reproducible deviates.
    """
    folder = None if no_report or (as_json and out is None) else out or FOLDER
    check_folder(folder)
    changes = _changes(assumed)
    at_once = processes or min(2, os.cpu_count() or 1)
    with working("computing"):
        found = reproduce(sources, changes, at_once)
    if as_json:
        click.echo(dumped(found))
    else:
        print_tables(found)
    if folder is not None:
        with working("drawing"), folder_in_place(folder) as made:
            (made / "reproduction.json").write_text(dumped(found) + "\n", encoding="utf-8")
            write_gallery(found, made, processes=at_once)
        if not as_json:
            click.echo(f"\nwritten: {folder / 'index.html'}")
    context.exit(1 if any(one.failed for one in found) else 0)


def dumped(found: Sequence[Reproduction]) -> str:
    """All sources as JSON text."""
    return json.dumps({"sources": [one.to_dict() for one in found]}, indent=1, allow_nan=False)


def print_tables(found: Sequence[Reproduction]) -> None:
    """Print one table a source, the reasons below it, and the counts."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    for one in found:
        console.print(Text(f"\n{one.source.tag}  {one.source.name}", style="bold"))
        console.print(Text(one.source.citation, style="default"))
        console.print(_table(one.rows))
        for row in one.rows:
            if row.verdict in (Verdict.NOT_REPRODUCED, Verdict.NOT_YET):
                reason = row.published.not_yet or row.published.why
                console.print(
                    Text(f"{row.published.key}: ", style=COLOUR[row.verdict]).append(reason, "default")
                )
    console.print()
    for one in found:
        counts = ", ".join(f"{one.count(verdict)} {verdict.value}" for verdict in Verdict)
        fitted = f"; {one.fitted} fitted" if one.fitted else ""
        console.print(f"{one.source.tag}  {len(one.rows)} values: {counts}{fitted}")
    for one in found:
        for row in one.failed:
            console.print(Text(f"deviates: {one.source.tag} {row.published.key}", style="red"))


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("quantity", max_width=58)
    table.add_column("place", max_width=22)
    table.add_column("published", justify="right", no_wrap=True)
    table.add_column("computed", justify="right", no_wrap=True)
    table.add_column("deviation", justify="right", no_wrap=True)
    table.add_column("inputs", max_width=15)
    table.add_column("verdict", max_width=24)
    for row in rows:
        table.add_row(
            Text(row.published.quantity),
            Text(row.published.place),
            published_text(row.published),
            "\n".join(filter(None, (computed_text(row), spread_text(row)))),
            deviation_text(row),
            row.published.inputs,
            Text(row.verdict.value + (" (fitted)" if row.published.fitted else ""), COLOUR[row.verdict]),
        )
    return table


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
