"""Transport tensors that first-principles codes calculate, and the material they make with a lattice part."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, InputError, check_one_of
from ioffe.base.units import to_si
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
class Coefficients:
    """Electronic transport of one doping at several temperatures.

    Parameters
    ----------
    T : ndarray of shape (t,)
        In K, rising.
    conductivity, seebeck, electronic_thermal_conductivity : ndarray of shape (t, 3, 3)
        In S/m, V/K and W/(m K).
    """

    T: Array
    conductivity: Array
    seebeck: Array
    electronic_thermal_conductivity: Array

    def along(self, direction: Direction) -> tuple[Array, Array, Array]:
        """Conductivity, Seebeck coefficient and electronic part of kappa in one direction, each (t,).

        `mean` is for random grains that feel the same field: tr(sigma)/3, tr(sigma S)/tr(sigma), tr(kappa)/3.

        Parameters
        ----------
        direction : Direction
            `mean`, `xx`, `yy` or `zz`.

        Returns
        -------
        tuple of ndarray
            In S/m, V/K and W/(m K).
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
        self,
        name: str,
        lattice: Lattice,
        *,
        direction: Direction = "mean",
        carrier: Carrier | None = None,
        provenance: Provenance | None = None,
        hall: Curve | None = None,
    ) -> Material:
        """Material with kappa = electronic + lattice part.

        Parameters
        ----------
        name : str
        lattice : float, str, path, Curve or LatticeCalculation
            Lattice thermal conductivity; of a calculation the same direction is taken.
        direction : {"mean", "xx", "yy", "zz"}
        carrier : {"p", "n"}, optional
        provenance : Provenance, optional
        hall : Curve, optional

        Returns
        -------
        Material

        Raises
        ------
        InputError
            For a lattice part that is wrong or does not reach over the temperatures, a wrong direction, or
            calculated values that no material has.
        """
        sigma, S, electronic = self.along(direction)
        part = lattice_curve(lattice, direction)
        low, high = part.range
        if self.T[0] < low - 1e-6 or self.T[-1] > high + 1e-6:
            span = f"{low:g} K to {high:g} K"
            expected = f"it must reach from {self.T[0]:g} K to {self.T[-1]:g} K"
            raise InputError(Fault("lattice", span, expected))
        return Material(
            name=name,
            carrier=carrier,
            seebeck=Curve(self.T, S, "seebeck"),
            electrical=Curve(self.T, sigma, "electrical_conductivity"),
            thermal_conductivity=Curve(self.T, electronic + np.asarray(part(self.T)), "thermal_conductivity"),
            provenance=provenance or Provenance(),
            quality="synthetic",
            hall=hall,
        )


def single_direction(direction: str) -> Direction:
    """The direction, if it is one.

    Parameters
    ----------
    direction : str
        `mean`, `xx`, `yy` or `zz`.

    Returns
    -------
    Direction

    Raises
    ------
    InputError
        For another word.
    """
    check_one_of("direction", direction, get_args(Direction))
    return cast(Direction, direction)


def lattice_curve(lattice: Lattice, direction: Direction = "mean") -> Curve:
    """Lattice thermal conductivity as a curve, from everything that may be given for it.

    Parameters
    ----------
    lattice : Lattice
        Number, text, file, curve or calculation.
    direction : Direction, optional
        `mean`, `xx`, `yy` or `zz`.

    Returns
    -------
    Curve
        In W/(m K).

    Raises
    ------
    InputError
        For a value or a file that is wrong.

    Examples
    --------
    >>> lattice_curve("0.8 W/(m K)")(500.0)
    0.8
    """
    if isinstance(lattice, Curve):
        return lattice
    if isinstance(lattice, str | Path) and Path(lattice).suffix.casefold() in HDF5:
        lattice = load(lattice)
    if isinstance(lattice, LatticeCalculation):
        return lattice.curve(direction)
    value = to_si(lattice, "thermal_conductivity", "lattice")
    return Curve([300.0], [value], "thermal_conductivity")
