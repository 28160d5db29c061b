"""`ioffe measure onset`: critical current density of a mixed conductor from R/R0 or S/S0."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.cli.measuring.common import default_folder, finish, print_table
from ioffe.cli.terminal import check_folder
from ioffe.measure.onset import Onset, critical_voltage_of_onset, onset
from ioffe.measure.onset_file import read_onset_curve


@click.command(name="onset", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", metavar="FILE")
@click.option(
    "--before",
    type=click.Choice(("flat", "line")),
    default="flat",
    show_default=True,
    help="Shape of the curve below J_c.",
)
@click.option(
    "--confidence", type=float, default=0.683, show_default=True, metavar="P", help="Of the interval."
)
@click.option("--sigma", metavar="X", help='Conductivity, such as "122 S/cm"; with --length gives V_c.')
@click.option("--length", metavar="X", help='Superionic length, such as "10 mm".')
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="By default FILE-onset.")
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
def command(
    file: str,
    before: Any,
    confidence: float,
    sigma: str | None,
    length: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Critical current density of a mixed conductor: where R/R0 or S/S0 begins to fall.

    FILE is a table with the headers "J (A/cm2)" and "R/R0" or "S/S0", and perhaps "std". Prints J_c with its
    confidence interval, or says that the curve has no break. With --sigma and --length also V_c = J_c
    L/sigma. Writes result.json and the picture (SVG, PNG). With --json files are written only into --out.
    """
    folder = None if as_json and out is None else out or default_folder([file], "onset")
    check_folder(folder)
    size = _size(sigma, length)
    J, ratio, std = read_onset_curve(file)
    found = onset(J, ratio, std, before=before, confidence=confidence)
    voltage = critical_voltage_of_onset(found, *size) if size and found.exists else None

    def write(made: Path) -> None:
        from ioffe.report.measure import write_onset

        write_onset(J, ratio, found, std, made)

    def show() -> None:
        print_table("onset", ("quantity", "value", "interval"), _rows(found, voltage))

    numbers: dict[str, Any] = {"format": "ioffe-onset/1", "points": len(J), **found.to_dict()}
    if voltage is not None:
        ends = [v if np.isfinite(v) else None for v in voltage[1]]
        numbers |= {"critical_voltage": voltage[0], "critical_voltage_interval": ends}
    finish(numbers, as_json=as_json, show=show, folder=folder, write=write)


def _size(sigma: str | None, length: str | None) -> tuple[float, float] | None:
    """Conductivity and length in SI; both or none."""
    if sigma is None and length is None:
        return None
    faults, found = Faults(), []
    for name, text, quantity in (
        ("--sigma", sigma, "electrical_conductivity"),
        ("--length", length, "length"),
    ):
        if text is None:
            faults.add(name, expected="both --sigma and --length are expected for V_c")
            continue
        with faults.collect():
            found.append(to_si(text, quantity, name))
    faults.raise_if_any()
    return found[0], found[1]


def _rows(found: Onset, voltage: tuple[float, tuple[float, float]] | None) -> list[tuple[str, str, str]]:
    if not found.exists:
        return [("onset", "none", found.reason)]
    rows = [
        ("J_c (A/cm2)", f"{found.position / 1e4:.4g}", _interval(found.interval, 1e-4)),
        ("scatter of the points", f"{found.residual_std:.2g}", ""),
        ("probability without a break", f"{found.p_value:.2g}", ""),
    ]
    if voltage is not None:
        rows.insert(1, ("V_c (mV)", f"{1e3 * voltage[0]:.4g}", _interval(voltage[1], 1e3)))
    return rows


def _interval(ends: tuple[float, float], factor: float) -> str:
    low, high = (f"{factor * v:.4g}" if np.isfinite(v) else "open" for v in ends)
    return f"{low} to {high}"
