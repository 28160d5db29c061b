"""`ioffe migrate`: safe currents of a device with a mixed conductor, and barriers that widen them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from ioffe.base.errors import Faults, InputError
from ioffe.base.units import to_si
from ioffe.cli.output import RESULT, Output, judging_options, output_options, slug
from ioffe.cli.run import read_file
from ioffe.cli.terminal import print_remarks, print_table, print_text, working
from ioffe.device.conditions import Generator
from ioffe.device.parameters import materials, rebuilt
from ioffe.device.parts import Contact
from ioffe.device_file.read import DeviceFile
from ioffe.material.card_writing import card_of, card_text
from ioffe.material.material import Material
from ioffe.measure.critical_current import onset, read_onset_curve
from ioffe.solve.doubts import judge
from ioffe.solve.ions.barriers import BarrierDesign, design_families, known_designs
from ioffe.solve.ions.measured import MeasuredLimit, with_measured_limits
from ioffe.solve.ions.region import SafeRegion, check_generator, safe_region

TEMPERATURES = 8
"""Hot-side temperatures of the map where the file states one alone."""
MOST = click.IntRange(0, 50)
"""How many barriers may be asked for."""
ONSET_HELP = (
    "Measured R/R0 or S/S0 over J, as for `ioffe measure onset`: takes the place of the card's limits."
)
AT_HELP = 'Temperature of that sample, "750 K", or of its anode and its cathode, "673 K, 300 K".'
LENGTH_HELP = "Length of that sample; one for all, or one for each --onset."
CONTACT_HELP = "Contact resistivity of a barrier."
NO_BARRIERS = "no barriers were placed: by bounds and estimates no number of them is known to be enough"
NO_MORE = "no more than {} barriers were placed: with more of them the limits are bounds and estimates"
COMPARED = (0.0, 1e-8, 1e-7)
"""Contact resistivities in ohm m2 that the picture of the barriers compares: none, 100 and 1000 uohm cm2."""


@dataclass(frozen=True)
class _Found:
    file: DeviceFile
    conditions: Generator
    region: SafeRegion
    families: dict[float, list[BarrierDesign]]
    contact: float
    warnings: tuple[str, ...]
    measured: Material | None = None

    @property
    def designs(self) -> list[BarrierDesign]:
        return self.families.get(self.contact, [])

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": 1,
            "name": self.file.name,
            "region": self.region.to_dict(),
            "barrier_contact_resistivity": self.contact,
            "barriers": [design.to_dict() for design in self.designs],
            "warnings": list(self.warnings),
            **({} if self.measured is None else {"measured": card_of(self.measured)}),
        }


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--barriers", type=MOST, default=6, show_default=True, help="Most barriers to propose.")
@click.option("--contact", default="10 uohm cm2", show_default=True, metavar="R", help=CONTACT_HELP)
@click.option("--onset", "onsets", multiple=True, metavar="FILE", help=ONSET_HELP)
@click.option("--at", "ends", multiple=True, metavar="T", help=AT_HELP)
@click.option("--sample-length", "lengths", multiple=True, metavar="L", help=LENGTH_HELP)
@judging_options
@output_options("migration")
def migrate(
    device: Path,
    barriers: int,
    contact: str,
    onsets: tuple[str, ...],
    ends: tuple[str, ...],
    lengths: tuple[str, ...],
    strict: bool,
    force: bool,
    output: Output,
) -> None:
    """Safe currents of a generator with a mixed conductor, and barriers against migration.

    Prints the largest current that sets no metal free at each hot-side temperature, what barriers at their
    best positions allow, and how many the largest efficiency needs. Writes result.json, pictures (SVG)
    and report.html. With --json the result alone is printed, and files are written only into --out.

    A limit that is a bound, or rests on stand-ins or extrapolation, decides nothing. With --onset your own
    measurements of the critical current density take its place; the card with them is written too.
    """
    resistivity = to_si(contact, "electrical_contact_resistivity", "--contact")
    file = read_file(device)
    file = replace(file, strict=strict or file.strict, force=force)
    faults, given = Faults(str(device)), (file.device, file.conditions)
    with faults.collect():
        judge(*given, strict=file.strict, force=force)
    with faults.collect():
        check_generator(*given)
    faults.raise_if_any()
    file, material = _with_measured(file, onsets, ends, lengths)
    with working("solving"), file.naming_faults():
        found = _find(file, barriers, resistivity, compare=output.folder is not None)
        found = replace(found, measured=material)
    output.show(found.to_dict(), lambda: _print(found), (*found.region.warnings, *found.warnings))

    def report(folder: Path) -> None:
        from ioffe.report import write_migration_report

        words: dict[str, Any] = {"name": file.name, "notes": file.notes, "warnings": found.warnings}
        write_migration_report(found.region, found.conditions, found.families, resistivity, folder, **words)

    cards = {} if material is None else {f"{slug(material.name)}.toml": card_text(material)}
    files = {RESULT: found.to_dict(), "region.csv": found.region.table(), **cards}
    output.write(files, report, book=found.region)


def _with_measured(
    file: DeviceFile, onsets: Sequence[str], ends: Sequence[str], lengths: Sequence[str]
) -> tuple[DeviceFile, Material | None]:
    """The device with the limits of measured onsets in its mixed conductor, and that material."""
    if not (onsets or ends or lengths):
        return file, None
    faults = Faults()
    if not onsets or len(ends) != len(onsets) or len(lengths) not in (1, len(onsets)):
        faults.add("--onset", "; ".join(onsets), "--at and --sample-length are expected for every --onset")
        faults.raise_if_any()
    measured: list[MeasuredLimit] = []
    for k, (path, text) in enumerate(zip(onsets, ends, strict=True)):
        with faults.collect():
            T = [to_si(part.strip(), "temperature", "--at") for part in text.split(",")]
            length = to_si(lengths[k if len(lengths) > 1 else 0], "length", "--sample-length")
            with Faults(path) as own, own.collect():
                found = onset(*read_onset_curve(path))
            least = found.no_onset_up_to
            if np.isfinite(least):
                place = T[0], T[-1], length, Path(path).name
                measured.append(MeasuredLimit(least, 0.0, *place, bound="at least"))
                continue
            if not found.exists:
                faults.add("--onset", path, f"a curve with a break is expected: {found.reason}")
                continue
            half = 0.5 * (found.interval[1] - found.interval[0])
            if not np.isfinite(half):
                expected = "points that bound the break on both sides are expected: its interval is open"
                faults.add("--onset", path, expected)
                continue
            measured.append(MeasuredLimit(found.position, half, T[0], T[-1], length, Path(path).name))
    device: Any = file.device
    mixed = {p: m for p, m in materials(device).items() if m.migration is not None}
    if len({m.name for m in mixed.values()}) != 1:
        names = ", ".join(m.name for m in mixed.values()) or "none"
        faults.add(
            "material", names, "one mixed conductor in the device is expected, for --onset to be of it"
        )
    faults.raise_if_any()
    new = with_measured_limits(next(iter(mixed.values())), measured)
    return replace(file, device=rebuilt(device, file.conditions, dict.fromkeys(mixed, new))[0]), new


def _find(file: DeviceFile, most: int, resistivity: float, compare: bool) -> _Found:
    device: Any = file.device
    check_generator(device, file.conditions)
    assert isinstance(file.conditions, Generator)
    conditions = file.conditions.replace(current=None, voltage=None, load=None)
    hot = np.sort(np.atleast_1d(np.asarray(conditions.T_hot, float)))
    if hot.size == 1:
        cold = float(np.asarray(conditions.T_cold).ravel()[0])
        hot = cold + (hot[0] - cold) * np.linspace(0.3, 1.0, TEMPERATURES)
    names = ("fidelity", "tolerance", "strict", "force")
    options = {name: getattr(file, name) for name in names}
    region = safe_region(device, conditions.replace(T_hot=hot), **options)
    hottest = conditions.replace(T_hot=float(hot[-1]), T_cold=region.T_cold)
    families: dict[float, list[BarrierDesign]] = {}
    warnings: tuple[str, ...] = ()
    if not region.allowed[-1].known:
        return _Found(file, hottest, region, families, resistivity, (NO_BARRIERS,))
    try:
        values = tuple(dict.fromkeys([*(COMPARED if compare else ()), resistivity]))
        contacts = [Contact(value) for value in values]
        found = design_families(device, hottest, most, contacts, beyond=1, **options)
        families = {
            value: known for value, one in zip(values, found, strict=True) if (known := known_designs(one))
        }
        if any(len(families.get(value, ())) < len(one) for value, one in zip(values, found, strict=True)):
            placed = len(families.get(resistivity, ())) - 1
            warnings = (NO_BARRIERS if placed < 1 else NO_MORE.format(placed),)
    except InputError as error:
        warnings = tuple(f"no barriers were placed: {fault}" for fault in error.faults)
    return _Found(file, hottest, region, dict(sorted(families.items())), resistivity, warnings)


def _print(found: _Found) -> None:
    from ioffe.report.migration import barrier_table, data_rows, region_table, verdict

    print_text((found.file.name, "bold"))
    print_remarks((*found.region.warnings, *found.warnings))
    if found.measured is not None and found.measured.migration is not None:
        for name, value, at, quality, source in data_rows(found.measured.migration):
            if quality in ("measured", "derived"):
                print_text(f"{name} {value}{' at ' * bool(at)}{at}, {quality}: {source}")
    print_text("\n".join(verdict(found.region, found.designs)))
    shown = {"safe operation": region_table(found.region)}
    if found.designs:
        words = f"barriers of {found.contact * 1e10:g} uohm cm2 at {found.region.T_hot[-1]:g} K"
        shown[words] = barrier_table(found.designs)
    for title, table in shown.items():
        print_table(title, table.heads, table.rows, table.numeric)
    print_remarks((), found.region.notes)
