"""`ioffe materials collect` and `rank`: thousands of materials in a store, and the best of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import click

from ioffe.base.errors import Fault, Faults, InputError, join_location
from ioffe.base.units import format_si, to_si
from ioffe.cli.materials.selecting import carrier_option, print_lines, selection_of, selection_options
from ioffe.cli.reading import options_of, reading_options
from ioffe.cli.terminal import collected_warnings, print_remarks, print_text, warn, with_kelvin, working

NOT_READY = "compiled code is not made yet (`ioffe warm-up`, about a minute): NumPy solves the pairs"
TOP = 20
"""Rows that are printed of a ranking."""
PAGE = (".html", ".htm")
TEMPERATURE_HELP = 'Temperature of the {} side, such as "600 K" or "300 degC".'
CONTACT_HELP = 'Contact resistivity at both ends of the legs, such as "5 uohm cm2".'
THERMAL_HELP = 'Thermal resistivity of these contacts, such as "2e-6 m2 K/W".'
LENGTH_HELP = "Length of the legs; by default 1 mm. Without contacts it does not matter."
DEVICE_HELP = "Device file whose leg or module, conditions, contacts and plates are used."
MOST_HELP = "How many p and n materials, the best as legs, are paired."
FORCE_HELP = "Rank materials too whose data cannot be right (ioffe materials check)."
OUT_HELP = "Write everything into a .json, .xlsx, .nc or .html file, or the main table into a .csv file."


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--into", required=True, metavar="STORE", type=click.Path(path_type=Path), help="A .duckdb file."
)
@reading_options
@carrier_option
@selection_options
def collect(files: tuple[Path, ...], into: Path, carrier: Literal["p", "n"] | None, **typed: Any) -> None:
    """Collect the samples of files in one local store.

    FILE is what `ioffe materials import` reads, a card, or another store. The store is a source of materials
    wherever a file is: `ioffe materials list STORE`, `ioffe analyse STORE#SAMPLE`, and in device files
    `material = "STORE#SAMPLE"`. Every sample keeps its publication, reading notes and what was not used. A
    sample that is in the store already is replaced; an interrupted command leaves the store as it was.
    """
    from ioffe.material.store import collect_materials

    faults = Faults()
    options = options_of(typed, faults)
    for name in ("keep", "columns", "renamed", "density", "heat_capacity"):
        typed.pop(name)
    where = selection_of(typed, faults, carrier)
    faults.raise_if_any()
    with collected_warnings(), working("collecting"):
        found = collect_materials(files, into, where=where, options=options)
    click.echo(str(found))


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@click.option("--t-hot", metavar="T", help=TEMPERATURE_HELP.format("hot"))
@click.option("--t-cold", metavar="T", help=TEMPERATURE_HELP.format("cold"))
@click.option("--pairs", is_flag=True, help="Rank all pairs of p and n materials in a module.")
@click.option("--contact", metavar="RHO_C", help=CONTACT_HELP)
@click.option("--thermal-contact", metavar="R", help=THERMAL_HELP)
@click.option("--length", metavar="L", help=LENGTH_HELP)
@click.option("--device", "device_file", type=click.Path(path_type=Path), metavar="FILE", help=DEVICE_HELP)
@click.option(
    "--equal-areas", is_flag=True, help="Keep the areas of the legs; by default every pair has its own."
)
@click.option("--most", type=click.IntRange(1), help=MOST_HELP)
@carrier_option
@selection_options
@click.option("--force", is_flag=True, help=FORCE_HELP)
@click.option("--top", type=click.IntRange(1), default=TOP, help=f"Rows that are printed; by default {TOP}.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON in SI units.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=OUT_HELP)
def rank(
    sources: tuple[str, ...],
    device_file: Path | None,
    carrier: Literal["p", "n"] | None,
    top: int,
    as_json: bool,
    out: Path | None,
    **typed: Any,
) -> None:
    """Rank materials by the efficiency of a leg, or pairs by that of a module.

    SOURCE is a store, a database, a table, a card or a material of the library; by default all thermoelectric
    materials of the library. Materials used beyond their measured range are ranked apart.
    """
    from ioffe.device.parts import Contact
    from ioffe.engine import compiled
    from ioffe.material import library
    from ioffe.study.rank import MOST, rank_materials

    faults = Faults()
    given: dict[str, Any] = {"where": selection_of(typed, faults, carrier)}
    for name in ("t_hot", "t_cold"):
        text = typed.pop(name)
        with faults.collect():
            option = f"--{name.replace('_', '-')}"
            given[f"T{name[1:]}"] = None if text is None else to_si(with_kelvin(text), "temperature", option)
            if text is None and device_file is None:
                faults.add(option, expected='a temperature is expected, such as "500 K"')
    electrical, thermal = typed.pop("contact"), typed.pop("thermal_contact")
    if electrical is not None or thermal is not None:
        with faults.collect("--contact"):
            given["contact"] = Contact(electrical or 0.0, thermal or 0.0)
    if device_file is not None:
        with faults.collect():
            given |= _of_file(device_file)
    if out is not None and out.suffix.casefold() not in (".csv", ".json", ".xlsx", ".nc", *PAGE):
        faults.add("--out", str(out), "a file ending in .csv, .json, .xlsx, .nc or .html is expected")
    faults.raise_if_any()
    words: Iterable[str] = sources or library.find(kind="thermoelectric")
    if typed["pairs"] and compiled.available() and not compiled.is_ready():
        words = _warned_behind(words, f"{NOT_READY}, which takes it minutes for hundreds of materials")
    with collected_warnings(), working("ranking"):
        found = rank_materials(words, most=typed.pop("most") or MOST, **typed, **given)
    if as_json:
        click.echo(json.dumps(found.to_dict(), indent=1, allow_nan=False))
    else:
        _print(found, top)
        print_remarks((), found.notes)
    for text in found.warnings:
        warn(text)
    if out is not None:
        (found.report if out.suffix.casefold() in PAGE else found.save)(out)
        click.echo(f"wrote {out}", err=as_json)


def _warned_behind(words: Iterable[str], text: str) -> Iterator[str]:
    """Sources, and a warning as soon as all of them were opened: one that is missing is told alone."""
    yield from words
    warn(text)


def _of_file(path: Path) -> dict[str, Any]:
    """Device and conditions of a device file."""
    from ioffe.device.conditions import Generator
    from ioffe.device_file.read import read_device

    content = read_device(path)
    if not isinstance(content.conditions, Generator):
        expected = "a device that generates power is expected"
        raise InputError(Fault(join_location("operate", "mode"), expected=expected, file=str(path)))
    return {"device": content.device, "conditions": content.conditions}


def _print(found: Any, top: int) -> None:
    print_text((found._title(), "bold"))
    for beyond in (False, True):
        rows = found.rows_of(beyond)
        count = len(rows["efficiency"])
        if beyond and count:
            print_text(("\nused beyond their measured range, with held end values", "bold"))
        if count:
            heads, cells = _cells(found, rows, min(count, top))
            widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
            print_lines(heads, widths, cells)
        if count > top:
            click.echo(f"... {count - top} more (--top, --out)")
    for one in found.left_out[:top]:
        print_text(("left out: ", "yellow"), str(one))
    if len(found.left_out) > top:
        click.echo(f"... {len(found.left_out) - top} more left out (--top, --out)")


def _cells(found: Any, rows: dict[str, Any], count: int) -> tuple[list[str], list[list[str]]]:
    shown = [k for k in rows if k not in ("T_min", "T_max")]
    heads = ["rank", *(k.replace("_", " ") for k in shown), *(["T (K)"] if "T_min" in rows else [])]
    cells = []
    for k in range(count):
        line = [str(k + 1)]
        for name in shown:
            value = rows[name][k]
            text = f"{value:.3g}" if name == "area_ratio" else ""
            line.append(str(value) if name in found.names else text or format_si(float(value), name))
        if "T_min" in rows:
            line.append(f"{rows['T_min'][k]:.0f}-{rows['T_max'][k]:.0f}")
        cells.append(line)
    return heads, cells
