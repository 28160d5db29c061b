"""`ioffe migrate`: safe currents of a device with a mixed conductor, and barriers that widen them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from ioffe.base.errors import InputError
from ioffe.base.units import to_si
from ioffe.cli.output import RESULT, Output, judging_options, output_options
from ioffe.cli.run import read_file
from ioffe.cli.terminal import print_table, print_text, print_warnings, working
from ioffe.device.conditions import Generator
from ioffe.device.parts import Contact
from ioffe.device_file.read import DeviceFile
from ioffe.solve.ions.barriers import BarrierDesign, design_barriers
from ioffe.solve.ions.region import SafeRegion, check_generator, safe_region

TEMPERATURES = 8
"""Hot-side temperatures of the map where the file states one alone."""
MOST = click.IntRange(0, 50)
"""How many barriers may be asked for."""
CONTACT_HELP = "Contact resistivity of a barrier."
COMPARED = (0.0, 1e-8, 1e-7)
"""Contact resistivities in ohm m2 that the picture of the barriers compares: none, 100 and 1000 uohm cm2."""


@dataclass(frozen=True)
class _Found:
    file: DeviceFile
    conditions: Generator
    region: SafeRegion
    families: dict[float, list[BarrierDesign]]
    contact: float
    notes: tuple[str, ...]

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
            "notes": list(self.notes),
        }


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("device", type=click.Path(path_type=Path), metavar="DEVICE.toml")
@click.option("--barriers", type=MOST, default=6, show_default=True, help="Most barriers to propose.")
@click.option("--contact", default="10 uohm cm2", show_default=True, metavar="R", help=CONTACT_HELP)
@judging_options
@output_options("migration")
def migrate(device: Path, barriers: int, contact: str, strict: bool, force: bool, output: Output) -> None:
    """Safe currents of a generator with a mixed conductor, and barriers against migration.

    Prints the largest current that sets no metal free at each hot-side temperature, what barriers at their
    best positions allow, and how many the largest efficiency needs. Writes result.json, pictures (SVG)
    and report.html. With --json the result alone is printed, and files are written only into --out.
    """
    resistivity = to_si(contact, "electrical_contact_resistivity", "--contact")
    file = read_file(device)
    file = replace(file, strict=strict or file.strict, force=force)
    with working("solving"), file.naming_faults():
        found = _find(file, barriers, resistivity, compare=output.folder is not None)
    warnings = (*found.region.warnings, *found.notes)
    output.show(found.to_dict(), lambda: _print(found, warnings), warnings)

    def report(folder: Path) -> None:
        from ioffe.report import write_migration_report

        words: dict[str, Any] = {"name": file.name, "notes": file.notes, "warnings": found.notes}
        write_migration_report(found.region, found.conditions, found.families, resistivity, folder, **words)

    output.write({RESULT: found.to_dict(), "region.csv": found.region.table()}, report, book=found.region)


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
    notes: tuple[str, ...] = ()
    try:
        for value in dict.fromkeys([*(COMPARED if compare else ()), resistivity]):
            families[value] = design_barriers(device, hottest, most, Contact(value), beyond=1, **options)
    except InputError as error:
        notes = tuple(f"no barriers were placed: {fault}" for fault in error.faults)
    return _Found(file, hottest, region, dict(sorted(families.items())), resistivity, notes)


def _print(found: _Found, warnings: Iterable[str]) -> None:
    from ioffe.report.migration import barrier_table, region_table, verdict

    print_text((found.file.name, "bold"))
    print_text("\n".join(verdict(found.region, found.designs)))
    shown = {"safe operation": region_table(found.region)}
    if found.designs:
        words = f"barriers of {found.contact * 1e10:g} uohm cm2 at {found.region.T_hot[-1]:g} K"
        shown[words] = barrier_table(found.designs)
    for title, table in shown.items():
        print_table(title, table.heads, table.rows, table.numeric)
    print_warnings(warnings)
