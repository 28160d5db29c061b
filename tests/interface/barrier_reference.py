"""Rows of barrier_reference.csv, which make_barrier_reference.py writes."""

import csv

from ioffe.base.constants import e
from tests.interface.make_barrier_reference import FILE


def rows():
    """Arguments of contact_resistivity in SI units, and rho_c in ohm m2."""
    with FILE.open(newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for *numbers, level, rho in reader:
            barrier, doping, temperature, permittivity, mass = map(float, numbers)
            zeta = float(level) * e if level else None
            yield (barrier * e, doping, temperature, permittivity, mass), zeta, float(rho)
