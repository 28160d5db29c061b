"""`ioffe measure line-scan`: contact resistivities from resistances along a junction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Faults
from ioffe.base.units import format_si
from ioffe.cli.measuring.common import default_folder, finish, print_findings, print_table, write_csv
from ioffe.cli.terminal import check_folder, working
from ioffe.material.uncertainty import with_error
from ioffe.measure.line_scan import LineScan, Scan, line_scan, read_scans

CONTACT = "electrical_contact_resistivity"
POINTS, CONTACTS = "points.csv", "contacts.csv"


@click.command(name="line-scan", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--area", required=True, metavar="AREA", help='Cross-section, such as "3 mm x 3 mm".')
@click.option("--area-error", default="0", metavar="PERCENT", help='Its standard deviation, such as "2 %".')
@click.option("--current", metavar="I", help='For voltages without a current beside them: "100 mA".')
@click.option("--interfaces", type=click.IntRange(1, 2), help="Their number; by default looked for.")
@click.option(
    "--at", "places", multiple=True, metavar="X", help='Position of an interface, "1.5 mm"; may be repeated.'
)
@click.option("--at-error", metavar="X", help='Standard deviation of these positions, such as "5 um".')
@click.option("--probe", metavar="WIDTH", help='Width of the voltage probe; "0 mm" for a sharp jump.')
@click.option("--metal-slopes", type=click.Choice(["own", "same", "zero"]), default="own", show_default=True)
@click.option("--metal", metavar="RHO", help='Resistivity of the metal, "40 uohm cm", to take out a tilt.')
@click.option("--contact", metavar="WIDTH", help="Of the current contact, for the finding on spreading.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="By default FILE-line-scan.")
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
def command(
    files: tuple[str, ...],
    area: str,
    area_error: str,
    current: str | None,
    interfaces: int | None,
    places: tuple[str, ...],
    at_error: str | None,
    probe: str | None,
    metal_slopes: Any,
    metal: str | None,
    contact: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Contact resistivity of each interface and conductivity of the leg, with errors.

    FILE is a table with the headers x and R, or x, V and I, with their units, such as "x (mm),R (mohm)"; a
    column "scan" parts several scans. Writes result.json, contacts.csv, points.csv, a picture (SVG, PNG) and
    report.html. With --json files are written only into --out.
    """
    folder = None if as_json and out is None else out or default_folder(files, "line-scan")
    check_folder(folder)
    scans: list[Scan] = []
    faults = Faults()
    with faults.collect():
        scans = read_scans(list(files), current)
    options: dict[str, Any] = {
        "interfaces": list(places) or interfaces,
        "interface_uncertainty": at_error,
        "probe_width": probe,
        "metal_slopes": metal_slopes,
        "metal_resistivity": metal,
        "area_uncertainty": area_error,
        "contact_width": contact,
    }
    if faults:
        # the options are looked at all the same, with a scan that is right
        with faults.collect():
            line_scan(_FAULTLESS, area, **options)
        faults.raise_if_any()
    with working("fitting"):
        found = line_scan(scans, area, **options)

    def write(made: Path) -> None:
        from ioffe.report.measure import write_line_scan

        write_csv(made / POINTS, *found.rows())
        write_csv(made / CONTACTS, *_contacts(found))
        write_line_scan(found, made, files=[Path(name).name for name in files])

    finish(found.to_dict(), as_json=as_json, show=lambda: _show(found), folder=folder, write=write)


_FAULTLESS = Scan(
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0],
    [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0],
)


def _show(found: LineScan) -> None:
    rows = [
        (
            one.name,
            with_error(one.position, one.position_std, "position"),
            with_error(float(one.resistance.value), float(one.resistance.std), "contact_resistance"),
            with_error(float(one.resistivity.value), float(one.resistivity.std), CONTACT),
        )
        for one in found.interfaces
    ]
    if len(rows) > 1:
        rows.append(("mean", "", "", with_error(float(found.mean.value), float(found.mean.std), CONTACT)))
    area = format_si(found.area, "area")
    scans = "1 scan" if len(found.scans) == 1 else f"{len(found.scans)} scans"
    print_table(f"{scans}, cross-section {area}", ("interface", "position", "jump", "rho_c"), rows)
    sigma = found.conductivity
    click.echo(f"leg: sigma = {with_error(float(sigma.value), float(sigma.std), 'electrical_conductivity')}")
    print_findings(found.findings)


def _contacts(found: LineScan) -> tuple[list[str], list[list[Any]]]:
    """Heads and one row for each interface and scan, and for the means."""
    heads = ["interface", "scan", "position (m)", "rho_c (ohm m2)", "rho_c_std (ohm m2)"]
    rows: list[list[Any]] = []
    for one in found.interfaces:
        for scan, (value, std) in zip(found.scans, one.of_scans, strict=True):
            rows.append([one.name, scan.scan.name, one.position, value, std])
        rows.append(
            [one.name, "mean", one.position, float(one.resistivity.value), float(one.resistivity.std)]
        )
    if len(found.interfaces) > 1:
        rows.append(["both", "mean", "", float(found.mean.value), float(found.mean.std)])
    return heads, rows
