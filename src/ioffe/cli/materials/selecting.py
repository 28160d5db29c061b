"""Options by which samples of large tables are chosen, and their list: one line a sample, also in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice
from math import isfinite
from typing import Any

import click

from ioffe.base.errors import Faults, printable
from ioffe.base.units import to_si
from ioffe.cli.terminal import with_kelvin
from ioffe.material import readers
from ioffe.material.checks import ABSURD_ZT
from ioffe.material.readers.selection import Selection

FORMULA_HELP = "The same composition in any order of the elements, or a part of the name."
ELEMENT_HELP = "An element that occurs; may be repeated, or several as in Bi,Te."
DOI_HELP = "DOI of the publication, or its beginning."
CARRIER_HELP = "Sign of the carriers."
TEMPERATURE_HELP = 'Measured at this temperature, such as "600 K" or "300 degC"; zT is that there.'
ZT_HELP = "Smallest zT, at the temperature or anywhere."
NAMES = ("formula", "elements", "doi", "temperature", "min_zT")
HEADS = ("sample", "name", "type", "T (K)", "zT", "DOI", "not measured")
FIRST = 50
"""Rows of a list that are known before its first line is printed; columns are as wide as they need."""
WIDTHS = (12, 32, 4, 10, 13, 30, 0)


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which samples are chosen.

    `command`: takes `NAMES`, see `selection_of`.
    """
    for option in (
        click.option("--min-zT", "min_zT", type=float, help=ZT_HELP),
        click.option("--temperature", metavar="T", help=TEMPERATURE_HELP),
        click.option("--doi", default="", metavar="DOI", help=DOI_HELP),
        click.option("--element", "elements", multiple=True, metavar="SYMBOL", help=ELEMENT_HELP),
        click.option("--formula", "--match", "formula", default="", metavar="FORMULA", help=FORMULA_HELP),
    ):
        command = option(command)
    return command


carrier_option = click.option("--carrier", type=click.Choice(["p", "n"]), help=CARRIER_HELP)


def selection_of(typed: dict[str, Any], faults: Faults, carrier: Any = None) -> Selection:
    """What was typed for `selection_options`; it is taken out of `typed`.

    `typed`: options of the command.
    `faults`: takes what is wrong.
    `carrier` {"p", "n"}: what was typed for `carrier_option`.
    """
    given = {name: typed.pop(name) for name in NAMES}
    T = given.pop("temperature")
    symbols = (symbol for text in given.pop("elements") for symbol in text.replace(",", " ").split())
    with faults.collect():
        kelvin = None if T is None else to_si(with_kelvin(T), "temperature", "--temperature")
        return Selection(elements=tuple(symbols), T=kelvin, carrier=carrier, **given)
    return Selection()


def listed(
    sources: Iterable[readers.records.SampleSource], T: float | None
) -> Iterable[tuple[readers.records.Sample, readers.Outline]]:
    """Samples with what their points say, one after the other."""
    return ((source.sample, readers.outline_of(source, T)) for source in sources)


def as_row(sample: readers.records.Sample, seen: readers.Outline) -> dict[str, Any]:
    """A sample for JSON, in SI; None for what is not known."""
    numbers = {k: getattr(seen, k) for k in ("T_min", "T_max", "zT", "zT_temperature")}
    return {
        "sample": sample.key,
        "name": sample.name,
        "carrier": seen.carrier or None,
        **{k: v if isfinite(v) else None for k, v in numbers.items()},
        "doi": sample.doi,
        "properties": list(sample.properties),
        "missing": list(sample.missing),
    }


def as_cells(row: Mapping[str, Any]) -> list[str]:
    """A sample for a line."""
    span = "" if row["T_min"] is None else f"{row['T_min']:.0f}-{row['T_max']:.0f}"
    zT = "" if row["zT"] is None else f"{row['zT']:.2f} at {row['zT_temperature']:.0f} K"
    if row["zT"] is not None and row["zT"] > ABSURD_ZT:
        zT = f"error: {row['zT']:.3g} at {row['zT_temperature']:.0f} K, is a unit wrong?"
    return [
        row["sample"],
        row["name"],
        row["carrier"] or "",
        span,
        zT,
        row["doi"],
        ", ".join(row["missing"]),
    ]


def print_lines(heads: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]) -> int:
    """Print one line for each row as soon as it is known, so that `head` need not wait and `grep` works.

    `heads`: of the columns.
    `widths`: least width of every column; the first rows widen it, what is longer later is not cut.
    `rows`: the cells.
    Returns: number of rows.
    """
    lines = 0
    known = iter(rows)
    first = list(islice(known, FIRST))  # what is wrong with a file is said before any line
    widths = [max(w, *(len(printable(row[k])) for row in [heads, *first])) for k, w in enumerate(widths)]
    rows = chain(first, known)
    for lines, row in enumerate(chain([heads], rows)):  # noqa: B007  (counts the rows, whatever gives them)
        click.echo("  ".join(printable(c).ljust(w) for c, w in zip(row, widths, strict=True)).rstrip())
    return lines
