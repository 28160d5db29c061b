"""`ioffe measure flash`: thermal conductivity from a laser-flash export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.saved import plain
from ioffe.base.units import to_si
from ioffe.cli.measuring.common import finish, print_findings, print_table, with_error_in, write_csv
from ioffe.material.uncertainty import with_error
from ioffe.measure.flash_file import read_flash
from ioffe.measure.laser_flash import LaserFlash, conductivity
from ioffe.transport.heat_capacity import dulong_petit


@click.command(name="flash", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", metavar="FILE")
@click.option("--density", metavar="D", help='Such as "6.65 g/cm3 +- 1 %"; by default what the file says.')
@click.option("--heat-capacity", metavar="CP", help='Such as "0.2 J/(g K)".')
@click.option("--molar-mass", metavar="M", help="Mean molar mass of an atom, for Dulong and Petit.")
@click.option("--heat-capacity-error", default="0", metavar="PERCENT", help="Its standard deviation.")
@click.option("--error", "uncertainty", default="0", metavar="PERCENT", help="Of the diffusivity.")
@click.option("--expansion", default="0 1/K", metavar="ALPHA", help="Linear thermal expansion, in 1/K.")
@click.option("--xray-density", metavar="D", help="Of the perfect crystal, for the porosity.")
@click.option(
    "--window", default="5 K", metavar="K", help="Points closer than this are one.", show_default=True
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for result.json and kappa.csv."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
def command(
    file: str,
    density: str | None,
    heat_capacity: str | None,
    molar_mass: str | None,
    heat_capacity_error: str,
    uncertainty: str,
    expansion: str,
    xray_density: str | None,
    window: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Thermal conductivity: diffusivity times density times heat capacity.

    FILE is the text export of a Netzsch LFA. kappa.csv can be read by `ioffe analyse` beside S and sigma.
    """
    faults = Faults()
    run = capacity = None
    with faults.collect():
        run = read_flash(file)
    if (heat_capacity is None) == (molar_mass is None):
        expected = "either a heat capacity or the mean molar mass of an atom is expected"
        faults.add("--heat-capacity", expected=expected)
    elif molar_mass is not None:
        with faults.collect():
            capacity = float(dulong_petit(to_si(molar_mass, "molar_mass", "--molar-mass")))
    else:
        capacity = heat_capacity
    faults.raise_if_any()
    if run is None or capacity is None:
        raise InputError(Fault("", expected="nothing was read", file=file))
    given = with_error_in(density) if density is not None else run.density
    if given is None:
        raise InputError(
            Fault("--density", expected="the file does not state it; give it, such as 6.65 g/cm3")
        )
    diffusivity = run.curve(window=window, uncertainty=uncertainty)
    found = conductivity(
        diffusivity,
        given,
        capacity,
        heat_capacity_uncertainty=heat_capacity_error,
        thermal_expansion=expansion,
        xray_density=with_error_in(xray_density),
    )
    numbers = _numbers(found, diffusivity.values)

    def write(made: Path) -> None:
        header = ["T (K)", "kappa (W/(m K))", "kappa_std (W/(m K))"]
        columns = (numbers["T"], numbers["thermal_conductivity"], numbers["std"])
        write_csv(made / "kappa.csv", header, [[repr(v) for v in row] for row in zip(*columns, strict=True)])

    finish(numbers, as_json=as_json, show=lambda: _show(found, numbers), folder=out, write=write)


def _numbers(found: LaserFlash, diffusivity: np.ndarray) -> dict[str, Any]:
    kappa = found.thermal_conductivity
    std = np.zeros_like(kappa.T) if kappa.std is None else kappa.std
    return {
        "format": "ioffe-laser-flash/1",
        "T": plain(kappa.T),
        "thermal_diffusivity": plain(diffusivity),
        "thermal_conductivity": plain(kappa.values),
        "std": plain(std),
        "relative_density": found.relative_density,
        "notes": list(found.notes),
    }


def _show(found: LaserFlash, numbers: dict[str, Any]) -> None:
    columns = (numbers[key] for key in ("T", "thermal_diffusivity", "thermal_conductivity", "std"))
    rows = [
        (f"{T:.4g} K", with_error(a, 0.0, "thermal_diffusivity"), with_error(k, s, "thermal_conductivity"))
        for T, a, k, s in zip(*columns, strict=True)
    ]
    print_table("laser flash", ("T", "diffusivity", "kappa"), rows)
    if found.relative_density is not None:
        click.echo(f"relative density {found.relative_density:.3f}")
    print_findings(found.notes)
