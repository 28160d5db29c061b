"""Options with which every command reads tables, and the command `ioffe read`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.cli.terminal import SEVERITY_COLOURS, collected_warnings, print_table, print_text
from ioffe.material import library, readers
from ioffe.material.readers.rows import KEEP

KEEP_HELP = "Which part of a cycle of temperature is used; by default the mean of heating and cooling."
COLUMNS_HELP = 'Headers of a file without any, such as "T (K), S (uV/K), sigma (S/cm), kappa (W/(m K))".'
RENAME_HELP = 'What a column is in words that are known, such as "Probe=sample"; may be repeated.'
DENSITY_HELP = 'For kappa from a diffusivity, such as "6.6 g/cm3"; by default that of the file.'
CAPACITY_HELP = 'For kappa from a diffusivity, such as "0.25 J/(g K)"; by default that of the file.'
KINDS = "|".join(readers.FORMATS)
format_option = click.option("--format", "layout", default="auto", metavar=KINDS, help="Kind of the file.")
PACKED = (".gz", ".zip")


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options with which tables are read.

    `command`: takes `keep`, `columns`, `renamed`, `density` and `heat_capacity`, see `options_of`.
    """
    for option in (
        click.option("--heat-capacity", metavar="CP", help=CAPACITY_HELP),
        click.option("--density", metavar="DENSITY", help=DENSITY_HELP),
        click.option("--map", "renamed", multiple=True, metavar="COLUMN=WORD", help=RENAME_HELP),
        click.option("--columns", default="", metavar="HEADERS", help=COLUMNS_HELP),
        click.option("--keep", type=click.Choice(KEEP), default="mean", help=KEEP_HELP),
    ):
        command = option(command)
    return command


def options_of(typed: Mapping[str, Any], faults: Faults) -> readers.ReadOptions:
    """What was typed for `reading_options`.

    `typed`: options of the command.
    `faults`: takes what is wrong.
    """
    rename = {}
    for text in typed["renamed"]:
        old, mark, new = text.partition("=")
        if not mark or not old.strip() or not new.strip():
            faults.add("--map", text, 'a column and its meaning are expected, such as "Probe=sample"')
        rename[old.strip()] = new.strip()
    with faults.collect():
        return readers.ReadOptions(
            typed["keep"], typed["columns"], rename, typed["density"], typed["heat_capacity"]
        )
    return readers.ReadOptions()


def is_table(name: str) -> bool:
    """Whether a name is that of a table file and not of a card or a material of the library.

    `name`: as typed.
    """
    path = Path(name)
    ending = path.suffix.casefold()
    return (
        ending in library.TABLE_ENDINGS
        or ending in PACKED
        or path.is_dir()
        or (path.is_file() and ending != ".toml")
    )


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@format_option
@reading_options
def read(files: tuple[Path, ...], layout: str, **typed: Any) -> None:
    """Show what files hold: their kind, their samples, what was read as what, what is not used and doubtful.

    Nothing is written. The exit code is 2 if a file cannot be used, or holds numbers that other commands
    refuse.
    """
    faults = Faults()
    options = options_of(typed, faults)
    faults.raise_if_any()
    if len(files) > 1:
        _print_together(files, layout, options)
    for path in files:
        with faults.collect(), collected_warnings():
            seen = readers.look(path, layout, options)
            print_text((str(path), "bold"), f": {seen.kind}")
            if seen.rows:
                print_table("", ("sample", "property", "column", "unit", "points", "T (K)"), seen.rows)
            for line in seen.notes:
                print_text(f"  {line}")
            if seen.not_used:
                print_text(f"  not used: {', '.join(seen.not_used)}")
            if seen.use:
                print_text(f"  {seen.use}")
            for one in seen.findings:
                print_text(
                    "  ", (one.severity, SEVERITY_COLOURS[one.severity]), f" [{one.code}] {one.message}"
                )
            wrong = (one for one in seen.findings if one.severity == "error")
            refused = [Fault("", expected=f"{one.message} [{one.code}]", file=str(path)) for one in wrong]
            if seen.faults or refused:
                raise InputError(*seen.faults, *refused)
    faults.raise_if_any()


def _print_together(files: Sequence[Path], layout: str, options: readers.ReadOptions) -> None:
    """Say which samples are complete by several files, or what these lack together."""
    try:
        with collected_warnings():
            made = readers.read_together(files, layout, options=options, needed=readers.WITHOUT_KAPPA)
    except InputError as error:
        for fault in error.faults:
            print_text(("together: ", "bold"), str(fault))
        return
    for one in made:
        if not one.provenance.reading.startswith("joined"):
            continue
        low, high = one.T_range
        lacks = "" if one.thermal_conductivity is not None else ", without the thermal conductivity"
        told = f"{one.name}, {', '.join(one.transport)} from {low:.4g} K to {high:.4g} K{lacks}"
        print_text(("together: ", "bold"), f"{one.provenance.source} hold {told}")
