"""`ioffe materials`: list, show and plot materials."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any, Literal

import click
import numpy as np
from rich.text import Text

from ioffe.base.collector import collector_paused
from ioffe.base.curve import ALL_TEMPERATURES
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.plotting import unit_label
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert, format_si
from ioffe.cli.materials.cards import SAMPLE_HELP, check, import_files, load_all
from ioffe.cli.materials.collecting import collect, rank
from ioffe.cli.materials.selecting import (
    HEADS,
    WIDTHS,
    as_cells,
    carrier_option,
    listed,
    print_lines,
    selection_of,
    selection_options,
)
from ioffe.cli.materials.selecting import (
    as_row as sample_row,
)
from ioffe.cli.output import slug
from ioffe.cli.terminal import print_table
from ioffe.material import Material, library, readers
from ioffe.material.fields import KINDS, STRENGTH
from ioffe.material.figure import plot as plot_materials

SCALARS = ("density", "melting_temperature", "youngs_modulus", "poisson_ratio", *STRENGTH)
SCALARS += ("heat_capacity", "thermal_expansion")
NAMED = 12
"""Samples that a message lists."""
LONGEST_SOURCE = 40
"""Characters of a source that are listed."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def materials() -> None:
    """List, show, plot, check, import, collect and rank materials."""


materials.add_command(check)
materials.add_command(import_files)
materials.add_command(collect)
materials.add_command(rank)


@materials.command("list")
@click.argument("files", nargs=-1, metavar="[FILE...]", type=click.Path(path_type=Path))
@click.option("--family", help="Part of the family's name, such as Bi2Te3 or skutterudite (library).")
@click.option("--kind", type=click.Choice(KINDS), help="What the material is used as (library).")
@carrier_option
@selection_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON with SI units.")
def list_materials(
    files: tuple[Path, ...],
    family: str | None,
    kind: str | None,
    carrier: Literal["p", "n"] | None,
    as_json: bool,
    **typed: Any,
) -> None:
    """List the materials of the library, or the samples of files, one on a line.

    FILE is a table or a data base: Starrydata, teMatDb, sysTEm, ESTM, or a store made by
    `ioffe materials collect`.
    """
    faults = Faults()
    wanted = selection_of(typed, faults, carrier)
    for option, value in (("--family", family), ("--kind", kind)):
        if files and value is not None:
            faults.add(option, value, "this chooses among the materials of the library, not of a file")
    faults.raise_if_any()
    if files:
        _list_files(files, wanted, as_json)
        return
    T = wanted.temperature
    found = library.find(family, wanted.carrier, kind, T, wanted.min_zT)
    known = [library.load_material(name) for name in found]
    rows = [as_row(m, T) for m in known if wanted.names(m.name, m.provenance.doi)]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    zT = "largest zT" if T is None else f"zT at {T:g} K"
    heads = ("name", "type", "family", "kind", "T (K)", zT, "quality", "DOI or source")
    cells = [_cells(row, T) for row in rows]
    if sys.stdout.isatty():
        print_table("", heads, cells, wrapped={7: None})
    else:
        widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
        print_lines(heads, widths, cells)
    click.echo(f"{len(rows)} materials" if rows else "No material fits.")


def _list_files(files: Sequence[Path], wanted: readers.Selection, as_json: bool) -> None:
    found = (one for file in files for one in listed(readers.sources(file, where=wanted), wanted.temperature))
    rows = (sample_row(*one) for one in found)
    with collector_paused():
        if as_json:
            click.echo(json.dumps(list(rows), indent=2, ensure_ascii=False))
            return
        count = print_lines(HEADS, WIDTHS, map(as_cells, rows))
    click.echo(f"{count} samples" if count else "No sample fits.", err=True)


@materials.command()
@click.argument("name")
@click.option("--sample", help=SAMPLE_HELP)
@click.option("--card", is_flag=True, help="Print the card (TOML) instead.")
def show(name: str, sample: str | None, card: bool) -> None:
    """Show a material: its origin, its curves and what follows from them.

    NAME is a material of the library, a card, a table file or a store.
    """
    found = load_all(name, sample)
    if len(found) > 1:
        names = ", ".join([*(one.name for one in found[:NAMED]), *["..."][: len(found) - NAMED]])
        advice = f"choose one of: {names}"
        raise InputError(Fault("--sample", expected=f"{name} holds {len(found)} samples", advice=advice))
    material = found[0]
    if card:
        click.echo(material.to_card(), nl=False)
        return
    print_table("", ("", ""), _head(material), lines=False, wrapped={1: None})
    print_table("", *_curves(material))


@materials.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--sample", help=SAMPLE_HELP)
@click.option("--out", type=click.Path(path_type=Path), help="PNG, SVG or PDF file.")
def plot(names: tuple[str, ...], sample: str | None, out: Path | None) -> None:
    """Plot S, conductivity, kappa and zT of one or several materials.

    NAME is a material of the library, a card, a table file or a store, of which all samples are drawn;
    NAME#SAMPLE is one of them.
    """
    shown = [material for name in names for material in load_all(name, sample)]
    path = out or Path(f"{slug(shown[0].name if len(shown) == 1 else 'materials')}.png")
    plot_materials(shown, path)
    click.echo(f"wrote {path}")


def as_row(material: Material, T: float | None) -> dict[str, Any]:
    """What a list says of a material, as JSON.

    `material`: of the library.
    `T`: temperature of zT in K; by default that of the largest.
    """
    low, high = material.T_range
    zT, where = _best_zT(material) if T is None else (float(material.zT(T)), T)
    found = {name: getattr(material, name) for name in ("name", "carrier", "family", "kind", "quality")}
    found |= {"T_min": low, "T_max": high, "zT": zT, "zT_temperature": where}
    found |= {"zT": None, "zT_temperature": None} if material.seebeck is None else {}
    return found | {name: getattr(material.provenance, name) for name in ("doi", "source", "licence")}


def _best_zT(material: Material) -> tuple[float, float]:
    T = material.temperatures()
    zT = np.asarray(material.zT(T))
    best = int(np.argmax(zT))
    return float(zT[best]), float(T[best])


def _cells(row: dict[str, Any], T: float | None) -> list[str]:
    span = "any" if (row["T_min"], row["T_max"]) == ALL_TEMPERATURES else f"{row['T_min']:g}-{row['T_max']:g}"
    zT = "" if row["zT"] is None else f"{row['zT']:.2f}"
    if zT and T is None:
        zT += f" at {row['zT_temperature']:.0f} K"
    source = row["doi"] or shorten(row["source"], LONGEST_SOURCE, placeholder=" ...")
    return [row["name"], row["carrier"] or "", row["family"], row["kind"], span, zT, row["quality"], source]


def _head(material: Material) -> list[tuple[str | Text, str]]:
    """Name, single numbers and origin of a material."""
    rows: list[tuple[str | Text, str]] = [(Text(material.name, style="bold"), repr(material))]
    for prop in SCALARS:
        value = getattr(material, prop)
        if isinstance(value, float):
            rows.append((QUANTITIES[prop].description.partition(",")[0], format_si(value, prop)))
    rows.append(("interpolation", f"{material.interpolation}, of {', '.join(material.transport)}"))
    return rows + list(material.provenance.to_dict().items())


def _curves(material: Material) -> tuple[list[str], list[tuple[str, ...]]]:
    """Heads and rows of the curves of a material and of what follows from them."""
    low, high = material.T_range
    points = [curve.T for curve in material.transport.values() if curve.coefficients is None]
    T = np.unique(np.concatenate(points)) if points else material.temperatures(6)
    T = T[(low <= T) & (high >= T)]
    names = ["seebeck", "electrical_conductivity", "thermal_conductivity", "power_factor", "zT"]
    known = material.seebeck, material.electrical, material.thermal_conductivity, *(material.seebeck,) * 2
    shown = {n: getattr(material, n) for n, curve in zip(names, known, strict=True) if curve is not None}
    shown |= {} if material.reported_zT is None else {"reported zT": material.reported_zT}
    columns = [_in_display_unit(function, name, T) for name, function in shown.items()]
    heads = ["T (K)", *(_title(name) for name in shown)]
    return heads, list(zip([f"{temperature:g}" for temperature in T], *columns, strict=True))


def _title(name: str) -> str:
    unit = QUANTITIES[name].display_unit if name in QUANTITIES else "1"
    return name if unit == "1" else f"{name} ({unit_label(unit)})"


def _in_display_unit(function: Any, name: str, T: np.ndarray) -> list[str]:
    entry = QUANTITIES[name.removeprefix("reported ")]
    low, high = getattr(function, "range", (-np.inf, np.inf))
    inside = (low <= T) & (high >= T)
    values = np.full(T.shape, np.nan)
    values[inside] = convert(np.asarray(function(T[inside])), entry.unit, entry.display_unit)
    return [f"{value:.4g}" if np.isfinite(value) else "" for value in values]
