"""Volume of the unit cell and the density that X-rays give."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import N_A

__all__ = ["atomic_volume", "cell_volume", "hexagonal_cell_volume", "xray_density"]


def cell_volume(
    a: ArrayLike,
    b: ArrayLike | None = None,
    c: ArrayLike | None = None,
    *,
    alpha: ArrayLike = np.pi / 2,
    beta: ArrayLike = np.pi / 2,
    gamma: ArrayLike = np.pi / 2,
) -> Array:
    r"""Volume of a unit cell of any symmetry in m3.

    .. math:: V = a b c \sqrt{1 - \cos^2\alpha - \cos^2\beta - \cos^2\gamma
              + 2 \cos\alpha \cos\beta \cos\gamma}

    Parameters
    ----------
    a, b, c : array_like
        Edges in m; b and c are a if not given.
    alpha, beta, gamma : array_like
        Angles in rad.

    Returns
    -------
    ndarray
        NaN for angles that close no cell.

    Examples
    --------
    >>> float(cell_volume(5.43e-10)) * 1e30  # silicon, in angstrom3
    160.10
    """
    edges = [np.asarray(a if edge is None else edge, float) for edge in (a, b, c)]
    cosines = [np.cos(np.asarray(angle, float)) for angle in (alpha, beta, gamma)]
    squared = 1.0 - sum(x * x for x in cosines) + 2.0 * cosines[0] * cosines[1] * cosines[2]
    shape = np.sqrt(np.where(squared > 0.0, squared, np.nan))
    return edges[0] * edges[1] * edges[2] * shape


def hexagonal_cell_volume(a: ArrayLike, c: ArrayLike) -> Array:
    r"""Volume of a hexagonal cell, (sqrt 3/2) a^2 c, in m3.

    The hexagonal cell of a rhombohedral crystal, such as Bi2Te3, holds three formula units.

    Examples
    --------
    >>> volume = hexagonal_cell_volume(4.2967e-10, 30.4862e-10)
    >>> round(float(volume) / 15 * 1e30, 2)  # by atom, in angstrom3
    32.49
    """
    return np.sqrt(3.0) / 2.0 * np.square(np.asarray(a, float)) * np.asarray(c, float)


def atomic_volume(volume: ArrayLike, atoms: ArrayLike) -> Array:
    """Volume by atom in m3, of a cell of that volume and number of atoms.

    Examples
    --------
    >>> float(atomic_volume(487.4e-30, 15)) * 1e30
    32.49
    """
    return np.asarray(volume, float) / np.asarray(atoms, float)


def xray_density(volume: ArrayLike, molar_mass: ArrayLike, formula_units: ArrayLike = 1.0) -> Array:
    """Mass density of a perfect crystal in kg/m3.

    Parameters
    ----------
    volume : array_like
        Of the unit cell in m3.
    molar_mass : array_like
        Of a formula unit in kg/mol.
    formula_units : array_like
        Z, formula units in the cell.

    Examples
    --------
    >>> from ioffe.transport.formula import parse_formula
    >>> volume = hexagonal_cell_volume(4.2967e-10, 30.4862e-10)
    >>> float(xray_density(volume, parse_formula("Bi0.5Sb1.5Te3").molar_mass, 3))
    6847.
    """
    mass = np.asarray(formula_units, float) * np.asarray(molar_mass, float) / N_A
    return mass / np.asarray(volume, float)
