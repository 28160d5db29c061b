"""`ioffe measure hall`: carrier density and mobility from Hall voltages over the field."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
import numpy as np

from ioffe.base.errors import Faults
from ioffe.base.units import measured, to_si
from ioffe.cli.measuring.common import finish, print_findings, print_table, with_error_in
from ioffe.material.uncertainty import with_error
from ioffe.measure.hall import hall_coefficient, hall_result
from ioffe.measure.hall_file import read_hall_sweep

CURVED = 0.05
"""Part even in the field from which on a note is printed."""


@click.command(name="hall", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", metavar="FILE")
@click.option("--thickness", required=True, metavar="T", help='Along the field, such as "1.00 mm +- 1 %".')
@click.option("--resistivity", metavar="RHO", help='For the mobility, such as "0.5 mohm cm +- 2 %".')
@click.option("--current", metavar="I", help="If the file has no column of it.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for result.json.")
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
def command(
    file: str, thickness: str, resistivity: str | None, current: str | None, out: Path | None, as_json: bool
) -> None:
    """Hall coefficient, carrier density and, with a resistivity, mobility.

    FILE is a table with the headers "B (T)", "V (uV)" and, if --current is not given, "I (mA)". Measure with
    both signs of the field.
    """
    faults = Faults()
    B = V = amperes = np.empty(0)
    thick, of_thick, rho, of_rho = 1.0, 0.0, 1.0, 0.0
    with faults.collect():
        B, V, amperes = read_hall_sweep(
            file, None if current is None else to_si(current, "current", "--current")
        )
    with faults.collect():
        thick, of_thick = measured(with_error_in(thickness), "thickness", "--thickness")
    if resistivity is not None:
        with faults.collect():
            rho, of_rho = measured(with_error_in(resistivity), "electrical_resistivity", "--resistivity")
    faults.raise_if_any()
    fit = hall_coefficient(B, V, current=amperes, thickness=thick)
    found = hall_result(
        fit.coefficient,
        rho,
        coefficient_std=fit.coefficient_std,
        resistivity_std=of_rho,
        thickness_share=of_thick / thick,
    )
    numbers = {"format": "ioffe-hall/1", **asdict(found), "offset": fit.offset, "curvature": fit.curvature}
    if resistivity is None:
        del numbers["mobility"], numbers["mobility_std"]

    def show() -> None:
        rows = [
            ("R_H", with_error(found.coefficient, found.coefficient_std, "hall_coefficient")),
            ("n_H", with_error(found.carrier_density, found.carrier_density_std, "hall_carrier_density")),
        ]
        if resistivity is not None:
            rows.append(("mobility", with_error(found.mobility, found.mobility_std, "hall_mobility")))
        print_table(f"Hall measurement, {found.carrier}-type", ("quantity", "value"), rows)
        if fit.curvature > CURVED:
            print_findings(
                [f"{fit.curvature:.0%} of the Hall resistance is even in the field (magnetoresistance)"]
            )

    finish(numbers, as_json=as_json, show=show, folder=out)
