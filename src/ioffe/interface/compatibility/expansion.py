"""Thermal expansion of materials side by side, and the table of their mismatch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Annotated

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.schema import Model, Quantified, Several, read_toml, validate
from ioffe.interface._checks import check_number

__all__ = ["Expansion", "Mismatch", "expansion_table", "mismatch"]


@dataclass(frozen=True)
class Expansion:
    """Linear thermal expansion of a material.

    Parameters
    ----------
    name : str
    value, std : float
        In 1/K; the standard deviation is 0 where none is known.
    source : str
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


class _Row(Model):
    name: str
    thermal_expansion: Annotated[tuple[float, float], Quantified("thermal_expansion", uncertain=True)]
    source: str = ""


class _Table(Model):
    material: Several[_Row]


def expansion_table(path: str | Path | None = None) -> dict[str, Expansion]:
    """Thermal expansions by name, of a file or of the table that comes with the package.

    Parameters
    ----------
    path : path, optional
        TOML with tables ``[[material]]`` of ``name``, ``thermal_expansion`` and ``source``.

    Raises
    ------
    InputError
        With everything that is wrong with the file.

    Examples
    --------
    >>> print(expansion_table()["CuNi"].value)
    1.62e-05
    """
    its = str(files("ioffe.interface.compatibility") / "data" / "expansion.toml") if path is None else path
    table, faults = validate(_Table, read_toml(its), its), Faults(str(its))
    found: dict[str, Expansion] = {}
    for index, row in enumerate(table.material):
        if row.name in found:
            faults.add(f"material[{index}].name", row.name, "a name of its own is expected")
        found[row.name] = Expansion(row.name, *row.thermal_expansion, row.source)
    faults.raise_if_any()
    return found


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
    faults = Faults()
    change = check_number(faults, "temperature_change", temperature_change)
    for index, name in enumerate(names):
        if name not in known:
            expected = f"one of {', '.join(known)} is expected"
            faults.add(f"names[{index}]", name, expected, did_you_mean(name, known))
    faults.raise_if_any()
    if len(names) < 2:
        raise InputError(Fault("names", list(names), "at least two materials are expected"))
    found = []
    for one, other in pairwise(names):
        a, b = known[one], known[other]
        difference = a.value - b.value
        std = hypot(a.std, b.std) * abs(change)
        found.append(Mismatch(one, other, difference, difference * change, std))
    return tuple(found)
