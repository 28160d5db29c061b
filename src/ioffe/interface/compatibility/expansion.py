"""Thermal expansion of materials side by side, and the table of their mismatch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Annotated

from ioffe.base.schema import Model, Quantified, Several, read_toml, validate
from ioffe.interface._checks import Checks


@dataclass(frozen=True)
class Expansion:
    """Linear thermal expansion of a material.

    Parameters
    ----------
    name : str
    value, std : float
        In 1/K; the standard deviation is 0 where none is known.
    source : str

    Examples
    --------
    >>> Expansion("Ni", 13e-6).std
    0.0
    """

    name: str
    value: float
    std: float = 0.0
    source: str = ""


@dataclass(frozen=True)
class Mismatch:
    """Two materials and the strain between them.

    Attributes
    ----------
    first, second : str
    difference : float
        Expansion of the first less that of the second in 1/K.
    strain, strain_std : float
        Difference times the change of temperature.

    Examples
    --------
    >>> print(Mismatch("Ni", "Fe", 1e-6, -4e-4, 0.0))
    Ni | Fe: +1.0 ppm/K, -0.040 %
    """

    first: str
    second: str
    difference: float
    strain: float
    strain_std: float

    def __str__(self) -> str:
        error = f" ± {self.strain_std * 100:.3f}" if self.strain_std > 0.0 else ""
        pair, ppm = f"{self.first} | {self.second}", self.difference * 1e6
        return f"{pair}: {ppm:+.1f} ppm/K, {self.strain * 100:+.3f}{error} %"


class ExpansionRow(Model):
    """Row of a table of thermal expansions: a material, its expansion in 1/K and the source."""

    name: str
    thermal_expansion: Annotated[tuple[float, float], Quantified("thermal_expansion", uncertain=True)]
    source: str = ""


class ExpansionTable(Model):
    """File of thermal expansions: one row a material."""

    material: Several[ExpansionRow]


def expansion_table(path: str | Path | None = None) -> dict[str, Expansion]:
    """Thermal expansions by name, of a file or of the table that comes with the package.

    Parameters
    ----------
    path : path, optional
        TOML with tables ``[[material]]`` of ``name``, ``thermal_expansion`` and ``source``.

    Returns
    -------
    dict of str to Expansion

    Raises
    ------
    InputError
        With everything that is wrong with the file.

    Examples
    --------
    >>> print(expansion_table()["CuNi"].value)
    1.62e-05
    """
    its = Path(__file__).parent / "data" / "expansion.toml" if path is None else path
    rows = validate(ExpansionTable, read_toml(its), its).material
    with Checks(str(its)) as checks:
        checks.names("material[{}].name", [row.name for row in rows])
    return {row.name: Expansion(row.name, *row.thermal_expansion, row.source) for row in rows}


def mismatch(
    names: Sequence[str], temperature_change: float, table: dict[str, Expansion] | None = None
) -> tuple[Mismatch, ...]:
    """Mismatch of the neighbours in a stack.

    Parameters
    ----------
    names : sequence of str
        Materials in the order of the stack.
    temperature_change : float
        In K, from the temperature at which the joint is free of stress.
    table : dict, optional
        Expansions by name; by default `expansion_table()`.

    Returns
    -------
    tuple of Mismatch
        Of each material with the next.

    Raises
    ------
    InputError
        For a material that is not in the table.

    Examples
    --------
    What Raut et al. weigh against each other, cooled by 475 K from the bonding temperature of 773 K:

    >>> for pair in mismatch(["CuNi", "p-Mg3Sb2", "Fe"], -475.0):
    ...     print(pair)
    CuNi | p-Mg3Sb2: -2.5 ppm/K, +0.121 ± 0.034 %
    p-Mg3Sb2 | Fe: +6.7 ppm/K, -0.321 ± 0.034 %
    """
    known = expansion_table() if table is None else table
    with Checks() as checks:
        change = checks.number("temperature_change", temperature_change)
        for index, name in enumerate(names):
            checks.one_of(f"names[{index}]", name, known)
        if len(names) < 2:
            checks.add("names", list(names), "at least two materials are expected")
    found = []
    for first, second in pairwise(names):
        a, b = known[first], known[second]
        difference, std = a.value - b.value, hypot(a.std, b.std) * abs(change)
        found.append(Mismatch(first, second, difference, difference * change, std))
    return tuple(found)
