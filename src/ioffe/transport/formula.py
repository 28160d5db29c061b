"""Atomic weights, chemical formulas with fractional amounts, and unit cells.

>>> formula = parse_formula("(Sb0.75Bi0.25)2(Te0.97Se0.03)3")
>>> dict(formula.amounts)
{'Sb': 1.5, 'Bi': 0.5, 'Te': 2.91, 'Se': 0.09}
>>> round(formula.molar_mass * 1e3, 2)  # g/mol
665.55

Source of the weights: T. Prohaska et al., Standard atomic weights of the elements 2021 (IUPAC Technical
Report), Pure Appl. Chem. 94 (2022) 573, doi 10.1515/pac-2019-0603; of elements for which it gives an interval
(H, Li, B, C, N, O, Mg, Si, S, Cl, Ar, Br, Tl, Pb) the conventional or abridged value. Elements without a
standard atomic weight (Tc, Pm and those beyond Bi but Th and U) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import ATOMIC_MASS, N_A
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import floats

ATOMIC_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType({
    "H": 1.008, "He": 4.002602, "Li": 6.94, "Be": 9.0121831, "B": 10.81, "C": 12.011, "N": 14.007,
    "O": 15.999, "F": 18.998403162, "Ne": 20.1797, "Na": 22.98976928, "Mg": 24.305, "Al": 26.9815384,
    "Si": 28.085, "P": 30.973761998, "S": 32.06, "Cl": 35.45, "Ar": 39.95, "K": 39.0983, "Ca": 40.078,
    "Sc": 44.955907, "Ti": 47.867, "V": 50.9415, "Cr": 51.9961, "Mn": 54.938043, "Fe": 55.845,
    "Co": 58.933194, "Ni": 58.6934, "Cu": 63.546, "Zn": 65.38, "Ga": 69.723, "Ge": 72.63, "As": 74.921595,
    "Se": 78.971, "Br": 79.904, "Kr": 83.798, "Rb": 85.4678, "Sr": 87.62, "Y": 88.905838, "Zr": 91.224,
    "Nb": 92.90637, "Mo": 95.95, "Ru": 101.07, "Rh": 102.90549, "Pd": 106.42, "Ag": 107.8682,
    "Cd": 112.414, "In": 114.818, "Sn": 118.71, "Sb": 121.76, "Te": 127.6, "I": 126.90447, "Xe": 131.293,
    "Cs": 132.90545196, "Ba": 137.327, "La": 138.90547, "Ce": 140.116, "Pr": 140.90766, "Nd": 144.242,
    "Sm": 150.36, "Eu": 151.964, "Gd": 157.25, "Tb": 158.925354, "Dy": 162.5, "Ho": 164.930329,
    "Er": 167.259, "Tm": 168.934219, "Yb": 173.045, "Lu": 174.9668, "Hf": 178.486, "Ta": 180.94788,
    "W": 183.84, "Re": 186.207, "Os": 190.23, "Ir": 192.217, "Pt": 195.084, "Au": 196.96657, "Hg": 200.592,
    "Tl": 204.38, "Pb": 207.2, "Bi": 208.9804, "Th": 232.0377, "U": 238.02891,
})  # fmt: skip
"""Standard atomic weight by symbol (relative to 1/12 of the mass of carbon 12)."""


def atomic_mass(element: str) -> float:
    """Mean mass of an atom of an element in kg.

    Parameters
    ----------
    element : str
        Symbol.

    Returns
    -------
    float
        In kg.

    Raises
    ------
    InputError
        For a symbol that is not in the table.

    Examples
    --------
    >>> print(f"{atomic_mass('Yb'):.4e}")
    2.8735e-25
    """
    return _weight(element) * ATOMIC_MASS


def molar_mass(element: str) -> float:
    """Molar mass of an element in kg/mol.

    Parameters
    ----------
    element : str
        Symbol.

    Returns
    -------
    float
        In kg/mol.

    Raises
    ------
    InputError
        For a symbol that is not in the table.

    Examples
    --------
    >>> round(molar_mass("Mg"), 6)
    0.024305
    """
    return _weight(element) * ATOMIC_MASS * N_A


def _weight(element: str) -> float:
    try:
        return ATOMIC_WEIGHTS[element]
    except (KeyError, TypeError):
        advice = did_you_mean(element, ATOMIC_WEIGHTS)
        raise InputError(Fault("element", element, "the symbol of an element is expected", advice)) from None


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
    cosines = [np.cos(floats(angle)) for angle in (alpha, beta, gamma)]
    squared = 1.0 - sum(x * x for x in cosines) + 2.0 * cosines[0] * cosines[1] * cosines[2]
    shape = np.sqrt(np.where(squared > 0.0, squared, np.nan))
    return edges[0] * edges[1] * edges[2] * shape


def hexagonal_cell_volume(a: ArrayLike, c: ArrayLike) -> Array:
    r"""Volume of a hexagonal cell, (sqrt 3/2) a^2 c, in m3.

    The hexagonal cell of a rhombohedral crystal, such as Bi2Te3, holds three formula units.

    Parameters
    ----------
    a : array_like
        Edge in m.
    c : array_like
        Edge along the axis in m.

    Returns
    -------
    ndarray
        In m3.

    Examples
    --------
    >>> volume = hexagonal_cell_volume(4.2967e-10, 30.4862e-10)
    >>> round(float(volume) / 15 * 1e30, 2)  # by atom, in angstrom3
    32.49
    """
    return np.sqrt(3.0) / 2.0 * np.square(floats(a)) * floats(c)


def atomic_volume(volume: ArrayLike, atoms: ArrayLike) -> Array:
    """Volume by atom in m3, of a cell of that volume and number of atoms.

    Parameters
    ----------
    volume : array_like
        Of the cell in m3.
    atoms : array_like
        Atoms in the cell.

    Returns
    -------
    ndarray
        In m3.

    Examples
    --------
    >>> float(atomic_volume(487.4e-30, 15)) * 1e30
    32.49
    """
    return floats(volume) / floats(atoms)


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

    Returns
    -------
    ndarray
        In kg/m3.

    Examples
    --------
    >>> from ioffe.transport.formula import parse_formula
    >>> volume = hexagonal_cell_volume(4.2967e-10, 30.4862e-10)
    >>> float(xray_density(volume, parse_formula("Bi0.5Sb1.5Te3").molar_mass, 3))
    6847.
    """
    mass = floats(formula_units) * floats(molar_mass) / N_A
    return mass / floats(volume)


_LONGEST: Final = 200
_TOKEN: Final = re.compile(
    r"(?P<open>[(\[])|(?:(?P<symbol>[A-Z][a-z]?)|(?P<close>[)\]])|(?P<stray>.))(?P<amount>\d+(?:\.\d*)?|\.\d+)?",
    re.DOTALL,
)
_SUBSCRIPTS: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_PAIR: Final = {"(": ")", "[": "]"}
_EXPECTED: Final = 'a formula such as "Mg1.18Cu0.02Yb0.6Zn1.2Sb2" or "(Sb0.75Bi0.25)2Te3" is expected'


@dataclass(frozen=True)
class Formula:
    """Elements of a formula and their amounts.

    Parameters
    ----------
    text : str
        As written.
    amounts : mapping of str to float
        Atoms by formula unit, in the order of the text.

    Examples
    --------
    >>> mg3sb2 = parse_formula("Mg3Sb2")
    >>> mg3sb2.atoms, round(mg3sb2.atomic_molar_mass, 6)
    (5.0, 0.063287)
    """

    text: str
    amounts: Mapping[str, float]

    @property
    def atoms(self) -> float:
        """Number of atoms of a formula unit."""
        return sum(self.amounts.values())

    @property
    def molar_mass(self) -> float:
        """Mass of a mole of formula units in kg/mol."""
        return sum(amount * molar_mass(element) for element, amount in self.amounts.items())

    @property
    def mass_fractions(self) -> dict[str, float]:
        """Share of each element of the mass."""
        whole = self.molar_mass
        return {element: amount * molar_mass(element) / whole for element, amount in self.amounts.items()}

    @property
    def atomic_molar_mass(self) -> float:
        """Mean molar mass of an atom in kg/mol."""
        return self.molar_mass / self.atoms

    @property
    def atomic_mass(self) -> float:
        """Mean mass of an atom in kg."""
        return self.atomic_molar_mass / N_A


def parse_formula(text: str) -> Formula:
    """Read a chemical formula.

    Parameters
    ----------
    text : str
        Symbols with amounts behind them, 1 if there is none; round or square brackets with a factor behind
        them. An element that occurs several times is added up.

    Returns
    -------
    Formula

    Raises
    ------
    InputError
        With every unknown symbol, amount that is zero, bracket without its partner and character that has no
        meaning, each with its position.

    Examples
    --------
    >>> parse_formula("Mg3.2Bi1.4975Sb0.5Te0.0025").amounts["Bi"]
    1.4975
    >>> parse_formula("Mg2Xx(Sn")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: formula, character 4 = "Xx": the symbol of an element is expected; ...
    formula, character 6 = "(": this bracket is not closed
    """
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        raise InputError(Fault("formula", text, _EXPECTED))
    faults = Faults()
    amounts = _FormulaReader(faults).read(text.strip().translate(_SUBSCRIPTS))
    faults.raise_if_any()
    return Formula(text.strip(), MappingProxyType(amounts))


class _FormulaReader:
    """One pass over the text; a stack holds the amounts of the brackets that are open."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.open: list[tuple[str, int]] = []
        self.levels: list[dict[str, float]] = [{}]

    def read(self, text: str) -> dict[str, float]:
        for match in _TOKEN.finditer(text):
            where, amount = match.start(), match["amount"] or "1"
            if match["open"]:
                self.open.append((match["open"], where))
                self.levels.append({})
                continue
            if match["stray"]:
                advice = (
                    "write numbers, such as Mg1.2, in the place of x" if match["stray"] in "xyz-+" else ""
                )
                self._fault(where, match["stray"], "an element or a bracket is expected", advice)
            if float(amount) == 0.0:
                advice = "leave the element away"
                self._fault(match.start("amount"), amount, "an amount above 0 is expected", advice)
            if match["symbol"]:
                if match["symbol"] not in ATOMIC_WEIGHTS:
                    advice = did_you_mean(match["symbol"], ATOMIC_WEIGHTS)
                    self._fault(where, match["symbol"], "the symbol of an element is expected", advice)
                self._add({match["symbol"]: 1.0}, float(amount))
            elif match["close"]:
                self._close(match["close"], where, float(amount))
        for bracket, where in self.open:
            self._fault(where, bracket, "this bracket is not closed")
        if not self.levels[0] and not self.faults:
            self._fault(0, text, _EXPECTED)
        return self.levels[0]

    def _close(self, bracket: str, where: int, factor: float) -> None:
        if not self.open or _PAIR[self.open[-1][0]] != bracket:
            self._fault(where, bracket, "this bracket was not opened")
            return
        opened, start = self.open.pop()
        inner = self.levels.pop()
        if not inner:
            self._fault(start, opened + bracket, "an element is expected in the bracket")
        self._add(inner, factor)

    def _add(self, amounts: Mapping[str, float], factor: float) -> None:
        level = self.levels[-1]
        for symbol, amount in amounts.items():
            level[symbol] = level.get(symbol, 0.0) + factor * amount

    def _fault(self, where: int, value: str, expected: str, advice: str = "") -> None:
        self.faults.add(f"formula, character {where + 1}", value, expected, advice)
