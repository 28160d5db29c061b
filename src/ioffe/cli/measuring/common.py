"""What the commands of `ioffe measure` share: values with errors, tables on the terminal, files."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ioffe.cli.output import folder_in_place
from ioffe.cli.terminal import check_folder, working
from ioffe.material.checks import Finding

__all__ = ["default_folder", "finish", "print_findings", "print_table", "with_error_in", "write_csv"]

RESULT = "result.json"
WIDTH = 120
"""Columns of a table that is written to a file or a pipe."""
COLOUR = {"error": "red", "warning": "yellow", "note": "cyan"}
_ERROR = re.compile(r"\s*(?:\+/-|\+-|±)\s*")


def with_error_in(text: str | None) -> Any:
    """A value as typed, with what stands behind ± as its uncertainty.

    Examples
    --------
    >>> with_error_in("3 mm +- 1 %"), with_error_in("3 mm")
    ({'value': '3 mm', 'uncertainty': '1 %'}, '3 mm')
    """
    if text is None:
        return None
    value, *error = _ERROR.split(text, maxsplit=1)
    return {"value": value, "uncertainty": error[0]} if error else text


def default_folder(files: Sequence[str], what: str) -> Path:
    """Folder beside the caller, named after the first file."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(files[0]).stem).strip("-.")
    return Path(f"{stem}-{what}" if stem and stem != what else f"{what}-result")


def print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table whose cells may hold anything."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    table = Table(title=title, title_justify="left", title_style="bold")
    for head in heads:
        table.add_column(head, no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def print_findings(findings: Iterable[Finding | str]) -> None:
    """Print doubts, one on a line."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    for finding in findings:
        severity, text = (
            ("note", finding) if isinstance(finding, str) else (finding.severity, finding.message)
        )
        line = Text(severity, style=COLOUR[severity]).append(f" {text}", style="default")
        console.print(line, soft_wrap=True)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def finish(
    found: dict[str, Any],
    *,
    as_json: bool,
    show: Callable[[], None],
    folder: Path | None,
    write: Callable[[Path], None] | None = None,
) -> None:
    """Print a result, or it alone as JSON; write it and what belongs to it into a folder.

    Parameters
    ----------
    found : dict
        Numbers in SI.
    as_json : bool
        Whether JSON is printed in place of the tables.
    show : callable
        Prints the tables.
    folder : Path or None
        Nothing is written without one.
    write : callable
        Writes pictures and tables into a folder.
    """
    text = json.dumps(found, indent=1, allow_nan=False)
    check_folder(folder)
    names: list[str] = []
    if folder is not None:
        with working("writing"), folder_in_place(folder) as made:
            (made / RESULT).write_text(text + "\n", encoding="utf-8")
            if write is not None:
                write(made)
            names = sorted(path.name for path in made.iterdir())
    if as_json:
        click.echo(text)
    else:
        show()
    if folder is not None and not as_json:
        click.echo(f"\nwrote {', '.join(names)} into {folder}")
