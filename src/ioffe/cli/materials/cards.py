"""`ioffe materials check` and `import`: what speaks against materials, and cards made of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Fault, Faults, InputError, IoffeError
from ioffe.base.plotting import COLOURS
from ioffe.cli.materials.selecting import print_lines, selection_of, selection_options
from ioffe.cli.output import slug
from ioffe.cli.reading import format_option, is_table, options_of, reading_options
from ioffe.cli.terminal import collected_warnings, finding_pieces, print_text, show_picture, warn
from ioffe.material import Material, library, readers
from ioffe.material.checks import Finding
from ioffe.material.figure import plot
from ioffe.material.readers import boltztrap
from ioffe.material.soundness import sound

HELP = {"help_option_names": ["-h", "--help"]}
CLEAN, DOUBTFUL = 0, 2
"""Exit codes of `check`: no error found, an error found."""
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
FOLDER = click.Path(path_type=Path, file_okay=False)
MOST_DRAWN = 4 * len(COLOURS)
"""Materials whose curves are drawn at once, where there is a place for pictures."""


def load_all(name: str, sample: str | None) -> list[Material]:
    """The material of the library or the card of a name, or the samples of a table.

    `name`: as typed.
    `sample`: the only one that is wanted of a table.
    """
    path = Path(name)
    if is_table(name) and path.exists():
        with collected_warnings():
            return readers.read_together([path], sample=sample, needed=readers.WITHOUT_KAPPA)
    if sample is not None:
        expected, advice = "nothing is expected here", f"{name} is no table of samples"
        raise InputError(Fault("--sample", sample, expected, advice))
    return [library.load_material(name)]


@click.command(context_settings=HELP)
@click.argument("names", nargs=-1, required=True, metavar="NAME|FILE...")
@click.option("--sample", help=SAMPLE_HELP)
@click.pass_context
def check(context: click.Context, names: tuple[str, ...], sample: str | None) -> None:
    """Look for doubtful numbers; the exit code is 2 if there is an error among them."""
    shown = [material for name in names for material in load_all(name, sample)]
    severities = {finding.severity for material in shown for finding in _print_findings(material)}
    _show_curves(shown)
    context.exit(DOUBTFUL if "error" in severities else CLEAN)


@click.command("import", context_settings=HELP)
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
            sound({material.name: material}, force=force)
            kept.append((material, path))
    if not kept:
        faults.raise_if_any()
    for material, path in kept:
        material.save(path)
        _print_findings(material)
        click.echo(f"wrote {path}")
    _show_curves([material for material, _ in kept])
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


def _print_findings(material: Material) -> Sequence[Finding]:
    """Check a material, and print what is doubtful about it."""
    found = material.check()
    print_text(material.name + (":" if found else ": nothing doubtful found"), *finding_pieces(found))
    return found


def _show_curves(materials: Sequence[Material]) -> None:
    """Show S, conductivity, kappa and zT, with what is in doubt, where there is a place for pictures."""
    for first in range(0, min(len(materials), MOST_DRAWN), len(COLOURS)):
        some = materials[first : first + len(COLOURS)]
        show_picture(lambda some=some: plot(some), f"Curves and zT of {', '.join(one.name for one in some)}.")
