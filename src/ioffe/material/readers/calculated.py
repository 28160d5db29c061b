"""Transport tensors that first-principles codes calculate, and the material they make with a lattice part."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, InputError, check_one_of
from ioffe.base.units import format_si, to_si
from ioffe.material.fields import Provenance
from ioffe.material.material import Material
from ioffe.material.readers.phono3py import LatticeCalculation, load

Carrier = Literal["p", "n"]
Direction = Literal["mean", "xx", "yy", "zz"]
Lattice = float | str | Path | Curve | LatticeCalculation
"""Lattice part: a number or text in W/(m K), a Curve, a calculation, or the path of a phono3py file."""

_AXES = {"xx": 0, "yy": 1, "zz": 2}
HDF5 = (".hdf5", ".h5")


@dataclass(frozen=True)
class CalculatedDoping:
    """One doping of a calculation, in words.

    `file`: where it was read.
    `source`: code that made the file.
    `carrier` {"p", "n"}
    `density`: in 1/m3.
    `assumed`: what the conductivities rest on, if it has to be said.
    """

    file: str
    source: str
    carrier: Carrier
    density: float
    assumed: str = ""

    @property
    def words(self) -> str:
        """Carriers and density."""
        return f"{self.carrier} {self.density * 1e-6:.3g} cm^-3"

    def provenance(self, direction: Direction, lattice: str) -> Provenance:
        """Where the numbers of a material of this doping come from."""
        parts = ("Calculated from first principles", self.assumed, f"lattice part of kappa added: {lattice}.")
        sample = f"{self.file}, {self.words}, {direction}"
        return Provenance(source=self.source, sample=sample, method="; ".join(filter(None, parts)))


@dataclass(frozen=True)
class Coefficients:
    """Electronic transport of one doping at several temperatures.

    `T` (t,): in K, rising.
    `conductivity`, `seebeck`, `electronic_thermal_conductivity` (t, 3, 3): in S/m, V/K and W/(m K).
    """

    T: Array
    conductivity: Array
    seebeck: Array
    electronic_thermal_conductivity: Array

    def along(self, direction: Direction) -> tuple[Array, Array, Array]:
        """Conductivity, Seebeck coefficient and electronic part of kappa in one direction, each (t,).

        `mean` is for random grains that feel the same field: tr(sigma)/3, tr(sigma S)/tr(sigma), tr(kappa)/3.

        `direction`: `mean`, `xx`, `yy` or `zz`.
        Returns: in S/m, V/K and W/(m K).
        """
        direction = single_direction(direction)
        sigma, S, kappa = self.conductivity, self.seebeck, self.electronic_thermal_conductivity
        if direction != "mean":
            i = _AXES[direction]
            return sigma[:, i, i], S[:, i, i], kappa[:, i, i]
        trace = np.trace(sigma, axis1=1, axis2=2)
        drift = np.trace(sigma @ S, axis1=1, axis2=2)
        return trace / 3.0, drift / trace, np.trace(kappa, axis1=1, axis2=2) / 3.0

    def material(
        self, doped: CalculatedDoping, lattice: Lattice, direction: Direction, name: str, hall: Curve | None
    ) -> Material:
        """Material with kappa = electronic + lattice part.

        `doped`: which doping of which calculation this is.
        `lattice`: lattice thermal conductivity; of a calculation the same direction is taken.
        `direction` {"mean", "xx", "yy", "zz"}
        `name`: empty for that of the file and the doping.
        `hall`: hall coefficient, if it was calculated.
        Raises `InputError` for a lattice part that is wrong or does not reach over the temperatures, a wrong
            direction, or calculated values that no material has.
        """
        sigma, S, electronic = self.along(direction)
        part = lattice_curve(lattice, direction)
        low, high = part.range
        if self.T[0] < low - 1e-6 or self.T[-1] > high + 1e-6:
            span = f"{low:g} K to {high:g} K"
            expected = f"it must reach from {self.T[0]:g} K to {self.T[-1]:g} K"
            raise InputError(Fault("lattice", span, expected))
        return Material(
            name=name or f"{Path(doped.file).stem} {doped.words}",
            carrier=doped.carrier,
            seebeck=Curve(self.T, S, "seebeck"),
            electrical=Curve(self.T, sigma, "electrical_conductivity"),
            thermal_conductivity=Curve(self.T, electronic + np.asarray(part(self.T)), "thermal_conductivity"),
            provenance=doped.provenance(direction, _lattice_words(part)),
            quality="synthetic",
            hall=hall,
        )


def _lattice_words(part: Curve) -> str:
    """A lattice part in words: where it is from, and its value or its ends."""
    low, high = part.range if part.coefficients is not None else (part.T[0], part.T[-1])
    ends = dict.fromkeys(format_si(float(part(T)), "thermal_conductivity") for T in (low, high))
    span = f" from {low:g} K to {high:g} K" if len(ends) > 1 else ""
    return ", ".join(filter(None, [part.name, f"{' to '.join(ends)}{span}"]))


def single_direction(direction: str) -> Direction:
    """The direction, if it is one.

    `direction`: `mean`, `xx`, `yy` or `zz`.
    Raises `InputError` for another word.
    """
    check_one_of("direction", direction, get_args(Direction))
    return cast(Direction, direction)


def lattice_curve(lattice: Lattice, direction: Direction = "mean") -> Curve:
    """Lattice thermal conductivity as a curve, from everything that may be given for it.

    `lattice`: number, text, file, curve or calculation.
    `direction`: `mean`, `xx`, `yy` or `zz`.
    Returns: in W/(m K).
    Raises `InputError` for a value or a file that is wrong.

    >>> lattice_curve("0.8 W/(m K)")(500.0)
    0.8
    """
    if isinstance(lattice, Curve):
        return lattice
    if isinstance(lattice, str | Path) and (
        Path(lattice).suffix.casefold() in HDF5 or os.path.isfile(lattice)  # noqa: PTH113 (takes any text)
    ):
        lattice = load(lattice)
    if isinstance(lattice, LatticeCalculation):
        return lattice.curve(direction)
    value = to_si(lattice, "thermal_conductivity", "lattice")
    return Curve([300.0], [value], "thermal_conductivity")
