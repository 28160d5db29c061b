"""`ioffe measure sound`: elastic constants from the velocities of sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Faults
from ioffe.cli.measuring.common import finish, print_table, with_error_in
from ioffe.material.uncertainty import with_error
from ioffe.measure.sound import elastic_set, velocity

UNITS = {"mean_velocity": "m/s", "debye_temperature": "K"}
IN_GPA = ("shear_modulus", "bulk_modulus", "youngs_modulus")


@click.command(name="sound", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--longitudinal", metavar="V", help='Velocity "3913 m/s +- 1 %", or time of an echo "2.56 us".')
@click.option("--transverse", metavar="V", help="Likewise.")
@click.option("--thickness", metavar="D", help="Of the sample, with times of echoes.")
@click.option("--density", required=True, metavar="D", help='Such as "4.8 g/cm3".')
@click.option("--atomic-volume", metavar="V", help="Volume of an atom, for the Debye temperature.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for result.json.")
@click.option("--json", "as_json", is_flag=True, help="Print the result alone as JSON in SI units.")
def command(
    longitudinal: str | None,
    transverse: str | None,
    thickness: str | None,
    density: str,
    atomic_volume: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Shear, bulk and Young's modulus, Poisson ratio, mean velocity, Grueneisen parameter.

    With --thickness the other two are the times between two echoes, there and back.
    """
    faults = Faults()
    speeds: list[Any] = []
    for name, text in (("--longitudinal", longitudinal), ("--transverse", transverse)):
        with faults.collect(name):
            if text is None:
                faults.add(name, expected="a velocity, or a time of an echo with --thickness, is expected")
            elif thickness is not None:
                speeds.append(velocity(with_error_in(thickness), with_error_in(text)))
            else:
                speeds.append(with_error_in(text))
    faults.raise_if_any()
    found = elastic_set(speeds[0], speeds[1], with_error_in(density), with_error_in(atomic_volume))
    numbers = {
        "format": "ioffe-sound/1",
        **{name: {"value": value, "std": std} for name, (value, std) in found.results.items()},
    }

    def show() -> None:
        rows = []
        for name, (value, std) in found.results.items():
            factor, unit = (1e-9, "GPa") if name in IN_GPA else (1.0, UNITS.get(name, ""))
            rows.append((name.replace("_", " "), with_error(value * factor, std * factor, unit=unit)))
        print_table("elastic constants", ("quantity", "value"), rows)

    finish(numbers, as_json=as_json, show=show, folder=out)
