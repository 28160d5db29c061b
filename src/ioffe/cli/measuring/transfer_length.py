"""`ioffe measure transfer-length`: contact resistivity from contacts at several gaps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Fault, InputError
from ioffe.cli.measuring.common import finish, print_findings, print_table, write_csv
from ioffe.material.uncertainty import with_error
from ioffe.measure.transfer_length import circular_transfer_length, read_transfer_length, transfer_length
from ioffe.measure.transfer_result import TransferLength


@click.command(name="transfer-length", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", metavar="FILE")
@click.option("--width", metavar="W", help="Width of the film and its contacts; not for rings.")
@click.option("--contact-length", metavar="L", help="Of a contact along the current; by default long.")
@click.option("--width-error", default="0", metavar="PERCENT", help="Standard deviation of the width.")
@click.option("--gap-error", default="0 um", metavar="X", help="Standard deviation common to all gaps.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for numbers and picture.")
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
def command(
    file: str,
    width: str | None,
    contact_length: str | None,
    width_error: str,
    gap_error: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Contact resistivity, transfer length and sheet resistance, with errors.

    FILE is a table with the headers "d (um)" and "R (ohm)"; for rings "r_i (um)", "r_o (um)" and "R (ohm)".
    """
    columns = read_transfer_length(file)
    if "gap" in columns:
        if width is None:
            raise InputError(
                Fault("--width", expected="the width of the film is needed for straight contacts")
            )
        found = transfer_length(
            columns["gap"],
            columns["resistance"],
            width,
            contact_length=contact_length,
            width_uncertainty=width_error,
            gap_uncertainty=gap_error,
        )
    else:
        found = circular_transfer_length(
            columns["inner"], columns["outer"], columns["resistance"], gap_uncertainty=gap_error
        )

    def write(made: Path) -> None:
        rows = zip(found.gap, found.resistance, found.fitted, strict=True)
        write_csv(made / "points.csv", ["gap (m)", "resistance (ohm)", "fitted (ohm)"], _plain(rows))
        for ending in ("svg", "png"):
            found.plot(made / f"transfer-length.{ending}")

    finish(found.to_dict(), as_json=as_json, show=lambda: _show(found), folder=out, write=write)


def _plain(rows: Any) -> list[list[float]]:
    return [[float(value) for value in row] for row in rows]


def _show(found: TransferLength) -> None:
    named = (
        ("R_c", found.contact_resistance, "contact_resistance"),
        ("R_sheet", found.sheet_resistance, "sheet_resistance"),
        ("L_T", found.length, "transfer_length"),
        ("rho_c", found.resistivity, "electrical_contact_resistivity"),
    )
    rows = [(name, with_error(float(e.value), float(e.std), q)) for name, e, q in named if e is not None]
    print_table(f"transfer length, {found.gap.size} resistances", ("quantity", "value"), rows)
    print_findings(found.findings)
