"""`ioffe measure line-scan` and `transfer-length`: contact resistivities."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from ioffe import measure
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import format_si
from ioffe.cli.measuring.common import Evaluation, collected, measure_command, option
from ioffe.material.uncertainty import with_error
from ioffe.measure.estimates import in_words

_CONTACT: Final = "electrical_contact_resistivity"
_FAULTLESS: Final = measure.Scan(np.arange(12.0), np.clip(np.arange(12.0) - 3.0, 0.0, 5.0))
"""A scan with which options are checked when the files cannot be read."""


@measure_command("line-scan", "By default FILE-line-scan.", arguments=(), always_writes=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--area", metavar="AREA", text='Cross-section, such as "3 mm x 3 mm".', required=True)
@option("--area-error", "area_uncertainty", metavar="PERCENT", text='Its error, such as "2 %".', default="0")
@option("--current", metavar="I", text='For voltages without a current beside them: "100 mA".')
@click.option("--interfaces", type=click.IntRange(1, 2), help="Their number; by default looked for.")
@option("--at", metavar="X", text='Position of an interface, "1.5 mm"; may be repeated.', multiple=True)
@option("--at-error", "interface_uncertainty", metavar="X", text='Error of these, such as "5 um".')
@option("--probe", "probe_width", metavar="WIDTH", text='Of the voltage probe; "0 mm" for a sharp jump.')
@click.option("--metal-slopes", type=click.Choice(["own", "same", "zero"]), default="own", show_default=True)
@option("--metal", "metal_resistivity", metavar="RHO", text='"40 uohm cm", to take out a tilt.')
@option("--contact", "contact_width", metavar="WIDTH", text="Of the current contact, for a finding.")
def line_scan(
    files: tuple[str, ...], current: str | None, interfaces: int | None, at: tuple[str, ...], **options: Any
) -> Evaluation:
    """Contact resistivity of each interface and conductivity of the leg, with errors.

    FILE is a table with the headers x and R, or x, V and I, with their units, such as "x (mm),R (mohm)"; a
    column "scan" separates several scans. Writes result.json, contacts.csv, points.csv, a picture (SVG, PNG)
    and report.html. With --json files are written only into --out.
    """
    faults = Faults()
    scans = collected(faults, measure.read_scans, files, current)
    evaluate = partial(measure.line_scan, interfaces=list(at) or interfaces, **options)
    if faults:
        collected(faults, evaluate, _FAULTLESS)
    faults.raise_if_any()
    found = evaluate(scans)

    def draw(made: Path) -> None:
        from ioffe.report.measure import write_line_scan

        write_line_scan(found, made, files=[Path(name).name for name in files])

    rows = []
    for one in found.interfaces:
        jump = in_words(one.resistance, "contact_resistance"), in_words(one.resistivity, _CONTACT)
        rows.append((one.name, with_error(one.position, one.position_std, "position"), *jump))
    if len(rows) > 1:
        rows.append(("mean", "", "", in_words(found.mean, _CONTACT)))
    counted = "1 scan" if len(found.scans) == 1 else f"{len(found.scans)} scans"
    title = f"{counted}, cross-section {format_si(found.area, 'area')}"
    heads = ("interface", "position", "jump", "rho_c")
    lines = [f"leg: sigma = {in_words(found.conductivity, 'electrical_conductivity')}"]
    tables = {"points.csv": found.rows(), "contacts.csv": _contacts(found)}
    return Evaluation(found.to_dict(), title, rows, heads, lines, found.findings, tables, draw)


def _contacts(found: measure.LineScan) -> tuple[list[str], list[list[Any]]]:
    """Heads and one row for each interface and scan, and for the means."""
    heads = ["interface", "scan", "position (m)", "rho_c (ohm m2)", "rho_c_std (ohm m2)"]
    rows: list[list[Any]] = []
    for one in found.interfaces:
        each = zip(found.scans, one.of_scans, strict=True)
        rows += [[one.name, scan.scan.name, one.position, *of_scan] for scan, of_scan in each]
        mean = (float(one.resistivity.value), float(one.resistivity.std))
        rows.append([one.name, "mean", one.position, *mean])
    if len(found.interfaces) > 1:
        rows.append(["both", "mean", "", float(found.mean.value), float(found.mean.std)])
    return heads, rows


@measure_command("transfer-length", "Folder for numbers and picture.")
@option("--width", metavar="W", text="Width of the film and its contacts; not for rings.")
@option("--contact-length", metavar="L", text="Of a contact along the current; by default long.")
@option("--width-error", metavar="PERCENT", text="Standard deviation of the width.", default="0")
@option("--gap-error", metavar="X", text="Standard deviation common to all gaps.", default="0 um")
def transfer_length(
    file: str, width: str | None, contact_length: str | None, width_error: str, gap_error: str
) -> Evaluation:
    """Contact resistivity, transfer length and sheet resistance, with errors.

    FILE is a table with the headers "d (um)" and "R (ohm)"; for rings "r_i (um)", "r_o (um)" and "R (ohm)".
    """
    columns = measure.read_transfer_length(file)
    R, errors = columns["resistance"], {"gap_uncertainty": gap_error}
    if "gap" not in columns:
        found = measure.circular_transfer_length(columns["inner"], columns["outer"], R, **errors)
    elif width is None:
        raise InputError(Fault("--width", expected="the width of the film is needed for straight contacts"))
    else:
        errors["width_uncertainty"] = width_error
        found = measure.transfer_length(columns["gap"], R, width, contact_length=contact_length, **errors)

    def draw(made: Path) -> None:
        for ending in ("svg", "png"):
            found.plot(made / f"transfer-length.{ending}")

    points = zip(found.gap.tolist(), found.resistance.tolist(), found.fitted.tolist(), strict=True)
    tables = {"points.csv": (["gap (m)", "resistance (ohm)", "fitted (ohm)"], points)}
    title = f"transfer length, {found.gap.size} resistances"
    rows = [(symbol, in_words(value, quantity)) for symbol, value, quantity in found.named()]
    return Evaluation(found.to_dict(), title, rows, findings=found.findings, tables=tables, draw=draw)
