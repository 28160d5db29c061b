r"""Thermal expansion of materials, as numbers and as curves, and the strain between those that are joined.

Joined without stress at :math:`T_0`, two materials differ at *T* by

.. math:: \varepsilon(T) = \int_{T_0}^{T} (\alpha_1 - \alpha_2) \, \mathrm{d}T'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, DASHES, drawing
from ioffe.base.schema import Model, Quantified, Several, read_toml, validate
from ioffe.interface._checks import Checks
from ioffe.material.library import load_material
from ioffe.material.material import Material

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS: Final = 161


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


def thermal_strain(material: Material | str, free: float, T: ArrayLike) -> Array:
    """Elongation of a material from one temperature to others.

    Parameters
    ----------
    material : Material or str
        With a thermal expansion on its card, one number or a curve.
    free : float
        Temperature in K at which it is 0.
    T : array_like
        In K.

    Returns
    -------
    ndarray
        Dimensionless: the integral of the expansion.

    Raises
    ------
    InputError
        For a material without a thermal expansion.

    Examples
    --------
    >>> print(f"{1e3 * float(thermal_strain('Ni', 300.0, 700.0)):.2f} mm in a metre")
    5.36 mm in a metre
    """
    made = load_material(material) if isinstance(material, str) else material
    alpha, at = made.thermal_expansion, np.asarray(T, float)
    if alpha is None:
        expected = "a thermal expansion on the card is expected, one number or a column of a table"
        raise InputError(Fault("thermal_expansion", made.name, expected))
    if isinstance(alpha, Curve):
        return np.asarray(alpha.integral(np.full_like(at, free), at))
    return alpha * (at - free)


def plot_expansion(
    materials: Sequence[Material | str],
    free: float,
    span: tuple[float, float],
    path: str | Path | None = None,
) -> Figure:
    """Expansions over the temperature, and the strain between neighbours of a stack.

    Parameters
    ----------
    materials : sequence of Material or str
        In the order of the stack, two or more.
    free : float
        Temperature in K at which the joints are free of stress.
    span : (float, float)
        Temperatures in K that are drawn.
    path : path, optional
        PNG, SVG or PDF file to write.

    Returns
    -------
    matplotlib.figure.Figure
        Left the curves, right the difference of the elongations of each material and the next.

    Raises
    ------
    InputError
        For fewer than two materials or more than seven, and for one without a thermal expansion.

    Examples
    --------
    >>> figure = plot_expansion(["Cu", "Ni", "Al2O3"], 500.0, (300.0, 700.0))
    >>> [text.get_text() for text in figure.axes[1].get_legend().get_texts()]
    ['Cu less Ni', 'Ni less Al2O3']
    """
    made = [load_material(one) if isinstance(one, str) else one for one in materials]
    with Checks() as checks:
        if not 2 <= len(made) <= len(COLOURS):
            checks.add("materials", len(made), f"two to {len(COLOURS)} materials are expected")
        checks.number("free", free, "temperature")
        if not 0.0 < span[0] < span[1]:
            checks.add("span", list(span), "two rising temperatures above 0 K are expected")
    T = np.linspace(*span, POINTS)
    strains = [thermal_strain(one, free, T) for one in made]
    with drawing(path, 1, 2, width=160.0, height=70.0) as (figure, (left, right)):
        for k, one in enumerate(made):
            alpha = one.thermal_expansion
            values = alpha(T) if isinstance(alpha, Curve) else np.full_like(T, alpha or 0.0)
            left.plot(T, 1e6 * values, color=COLOURS[k], linestyle=DASHES[k % len(DASHES)], label=one.name)
        for k, ((a, one), (b, other)) in enumerate(pairwise(zip(strains, made, strict=True))):
            right.plot(T, 100.0 * (a - b), color=COLOURS[k], label=f"{one.name} less {other.name}")
        right.axhline(0.0, color="0.6", linewidth=0.6, zorder=0)
        right.axvline(free, color="0.6", linewidth=0.6, linestyle=":", zorder=0)
        left.set(
            xlabel="Temperature (K)", ylabel=r"thermal expansion $\alpha$ (10$^{-6}$/K)", ylim=(0.0, None)
        )
        right.set(xlabel="Temperature (K)", ylabel=r"difference of the elongations (%)")
        for panel in (left, right):
            panel.legend(fontsize=6.5)
    return figure
