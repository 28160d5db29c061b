"""`ioffe materials`: list, show, plot, check and import materials."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any, Literal

import click
import numpy as np
from rich.text import Text

from ioffe.base.collector import collector_paused
from ioffe.base.curve import ALL_TEMPERATURES
from ioffe.base.errors import Fault, Faults, InputError, IoffeError
from ioffe.base.plotting import unit_label
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert, format_si
from ioffe.cli.collecting import collect, rank
from ioffe.cli.output import slug
from ioffe.cli.reading import format_option, is_table, options_of, reading_options
from ioffe.cli.selecting import (
    HEADS,
    WIDTHS,
    as_cells,
    as_row,
    carrier_option,
    listed,
    print_lines,
    selection_of,
    selection_options,
)
from ioffe.cli.terminal import collected_warnings, finding_pieces, print_table, print_text, warn
from ioffe.material import Material, library, readers
from ioffe.material.checks import Finding
from ioffe.material.fields import KINDS, STRENGTH
from ioffe.material.figure import plot as plot_materials
from ioffe.material.readers import boltztrap
from ioffe.material.soundness import sound

CLEAN, DOUBTFUL = 0, 2
"""Exit codes of `check`: no error found, an error found."""
SCALARS = ("density", "melting_temperature", "youngs_modulus", "poisson_ratio", *STRENGTH)
SCALARS += ("heat_capacity", "thermal_expansion")
CARRIER_HELP = "By default what the file says, else the sign of S."
LATTICE_HELP = (
    "Lattice part of kappa for AMSET and BoltzTraP: a value, or a file of phono3py (hdf5 or its table)."
)
DENSITY_HELP = 'Net density of the --carrier for BoltzTraP, such as "1e20 cm^-3".'
VOLUME_HELP = 'Of the cell that BoltzTraP calculated, such as "130 angstrom3".'
TIME_HELP = 'Of the carriers, by which files of BoltzTraP are divided, such as "10 fs".'
LACKED = {
    "carrier": "p or n",
    "carrier_density": '"1e20 cm^-3"',
    "cell_volume": '"130 angstrom3"',
    "lattice": '"1.2 W/(m K)"',
}
"""What files of BoltzTraP lack, with examples."""
DOPED = ("carrier_density", "cell_volume", "relaxation_time", "mean_free_path")
"""Options for files of BoltzTraP alone."""
SAMPLE_HELP = "Which sample of a file."
NAMED = 12
"""Samples that a message lists."""
FOLDER = click.Path(path_type=Path, file_okay=False)
LONGEST_SOURCE = 40
"""Characters of a source that are listed."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def materials() -> None:
    """List, show, plot, check, import, collect and rank materials."""


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
    rows = [_row(m, T) for m in known if wanted.names(m.name, m.provenance.doi)]
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
    rows = (as_row(*one) for one in found)
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
    found = _load_all(name, sample)
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
    shown = [material for name in names for material in _load_all(name, sample)]
    path = out or Path(f"{slug(shown[0].name if len(shown) == 1 else 'materials')}.png")
    plot_materials(shown, path)
    click.echo(f"wrote {path}")


@materials.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME|FILE...")
@click.option("--sample", help=SAMPLE_HELP)
@click.pass_context
def check(context: click.Context, names: tuple[str, ...], sample: str | None) -> None:
    """Look for doubtful numbers; the exit code is 2 if there is an error among them."""
    shown = [material for name in names for material in _load_all(name, sample)]
    severities = {finding.severity for material in shown for finding in _print_findings(material)}
    context.exit(DOUBTFUL if "error" in severities else CLEAN)


@materials.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@format_option
@click.option("--sample", help="Identifier or name of one sample.")
@click.option("--carrier", type=click.Choice(["p", "n"]), help=CARRIER_HELP)
@click.option("--lattice", help=LATTICE_HELP)
@click.option("--carrier-density", metavar="DENSITY", help=DENSITY_HELP)
@click.option("--cell-volume", metavar="VOLUME", help=VOLUME_HELP)
@click.option("--relaxation-time", metavar="TIME", help=TIME_HELP)
@click.option("--mean-free-path", metavar="LENGTH", help="In place of the time, where the file is over it.")
@reading_options
@selection_options
@click.option("--separate", is_flag=True, help="Join no files, though they complement each other.")
@click.option("--list-samples", is_flag=True, help="List the samples of the file and write nothing.")
@click.option("--out", type=FOLDER, default=".", help="Folder for the cards.")
@click.option("--force", is_flag=True, help="Replace cards that exist, and write what cannot be right.")
def import_files(
    files: tuple[Path, ...],
    layout: str,
    separate: bool,
    list_samples: bool,
    out: Path,
    force: bool,
    **wanted: Any,
) -> None:
    """Turn the samples of files into cards; tables with parts of one sample are joined.

    FILE is a text or Excel table with units in its headers, a file of an instrument (ZEM-3, CTA, LFA,
    PPMS-TTO), one of Starrydata, teMatDb, sysTEm or ESTM, or a calculation (AMSET, BoltzTraP).
    What was averaged, converted and not used is said beside the doubts about the numbers. Samples whose data
    cannot be right are named and not written, beside others with exit code 1, alone with 2.
    """
    faults = Faults()
    names = ("keep", "columns", "renamed", "density", "heat_capacity")
    options = options_of({name: wanted.pop(name) for name in names}, faults)
    where = selection_of(wanted, faults)
    doping = {name: wanted.pop(name) for name in DOPED}
    traces = [file for file in files if readers.is_of_boltztrap(file)]
    with faults.collect():
        _check_doping(traces, doping | {name: wanted[name] for name in ("carrier", "lattice")})
    faults.raise_if_any()
    if list_samples:
        found = [one for file in files for one in readers.samples(file, layout, options, where)]
        rows = ((s.key, s.name, s.doi, ", ".join(s.properties), ", ".join(s.missing)) for s in found)
        print_lines(("sample", "name", "DOI", "properties", "missing"), (12, 32, 30, 40, 0), rows)
        return
    with collected_warnings():
        lattice = wanted.pop("lattice")
        rest = [file for file in files if file not in traces]
        computed = [file for file in rest if lattice is not None or file.suffix.casefold() == ".json"]
        tables = [file for file in rest if file not in computed]
        each = (readers.read(file, layout, **wanted, lattice=lattice, where=where) for file in computed)
        made = [
            boltztrap.load(file).material(wanted["carrier"], lattice=str(lattice), **doping)
            for file in traces
        ]
        made += [material for found in each for material in found]
        wanted |= {"separate": separate, "needed": readers.WITHOUT_KAPPA, "where": where}
        made += readers.read_together(tables, layout, **wanted, options=options) if tables else []
    if not made:
        print_text("No sample fits.")
    paths = _card_paths(made, out)
    taken = [path for path in paths if path.exists()] if not force else []
    if taken:
        advice = "this card exists", "use --force to replace it"
        raise InputError(*(Fault("--out", str(path), *advice) for path in taken))
    kept = []
    for material, path in zip(made, paths, strict=True):
        with faults.collect():
            sound({str(path): material}, force=force)
            kept.append((material, path))
    if not kept:
        faults.raise_if_any()
    for material, path in kept:
        material.save(path)
        _print_findings(material)
        click.echo(f"wrote {path}")
    if faults:
        for fault in faults.found:
            warn(f"not written: {fault}")
        raise IoffeError(f"{len(made) - len(kept)} of {len(made)} samples cannot be right, and are no cards")


def _check_doping(traces: Sequence[Path], given: Mapping[str, str | None]) -> None:
    """Refuse a doping without a file of BoltzTraP, and such a file without what it lacks."""
    faults = Faults()
    for name, value in given.items():
        option = f"--{name.replace('_', '-')}"
        if traces and value is None and name in LACKED:
            expected = f"{traces[0].name} is a calculation without it; give it, such as {LACKED[name]}"
            faults.add(option, expected=expected)
        if not traces and value is not None and name in DOPED:
            faults.add(option, value, "a file of BoltzTraP is expected beside it")
    faults.raise_if_any()


def _card_paths(made: list[Material], folder: Path) -> list[Path]:
    """A path for each card; samples of the same name are told apart by a number that no other has."""
    stems = [slug(material.name) for material in made]
    own = {stem.casefold() for stem in stems}
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    paths = []
    for stem in stems:
        name = stem
        while name.casefold() in taken or (name != stem and name.casefold() in own):
            numbers[stem.casefold()] = number = numbers.get(stem.casefold(), 1) + 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        paths.append(folder / f"{name}.toml")
    return paths


def _load_all(name: str, sample: str | None) -> list[Material]:
    path = Path(name)
    if is_table(name) and path.exists():
        with collected_warnings():
            return readers.read_together([path], sample=sample, needed=readers.WITHOUT_KAPPA)
    if sample is not None:
        expected, advice = "nothing is expected here", f"{name} is no table of samples"
        raise InputError(Fault("--sample", sample, expected, advice))
    return [library.load_material(name)]


def _row(material: Material, T: float | None) -> dict[str, Any]:
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


def _print_findings(material: Material) -> Sequence[Finding]:
    """Check a material, and print what is doubtful about it."""
    found = material.check()
    print_text(material.name + (":" if found else ": nothing doubtful found"), *finding_pieces(found))
    return found
