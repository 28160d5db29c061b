"""Chemical formulas with fractional amounts, such as Mg1.18Cu0.02Yb0.6Zn1.2Sb2.

>>> formula = parse_formula("(Sb0.75Bi0.25)2(Te0.97Se0.03)3")
>>> dict(formula.amounts)
{'Sb': 1.5, 'Bi': 0.5, 'Te': 2.91, 'Se': 0.09}
>>> round(formula.molar_mass * 1e3, 2)  # g/mol
665.55
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ioffe.base.constants import N_A
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.transport.elements import ATOMIC_WEIGHTS, molar_mass

__all__ = ["Formula", "parse_formula"]

_LONGEST: Final = 200
_TOKEN: Final = re.compile(r"(?P<symbol>[A-Z][a-z]?)|(?P<open>[(\[])|(?P<close>[)\]])")
_AMOUNT: Final = re.compile(r"\d+(?:\.\d*)?|\.\d+")
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
        them. An element that stands several times is added up.

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
    reader = _Reader(text.strip().translate(_SUBSCRIPTS), faults)
    amounts = reader.read()
    faults.raise_if_any()
    return Formula(text.strip(), MappingProxyType(amounts))


class _Reader:
    """One pass over the text; a stack holds the amounts of the brackets that are open."""

    def __init__(self, text: str, faults: Faults) -> None:
        self.text, self.faults, self.position = text, faults, 0
        self.open: list[tuple[str, int]] = []
        self.levels: list[dict[str, float]] = [{}]

    def read(self) -> dict[str, float]:
        while self.position < len(self.text):
            match = _TOKEN.match(self.text, self.position)
            if match is None:
                self._stray()
            elif match["open"]:
                self.open.append((match["open"], self.position))
                self.levels.append({})
                self.position = match.end()
            elif match["close"]:
                self._close(match)
            else:
                self._element(match)
        for bracket, where in self.open:
            self._fault(where, bracket, "this bracket is not closed")
        if not self.levels[0] and not self.faults:
            self._fault(0, self.text, _EXPECTED)
        return self.levels[0]

    def _element(self, match: re.Match[str]) -> None:
        symbol, where = match["symbol"], self.position
        self.position = match.end()
        amount = self._amount()
        if symbol not in ATOMIC_WEIGHTS:
            advice = did_you_mean(symbol, ATOMIC_WEIGHTS)
            self._fault(where, symbol, "the symbol of an element is expected", advice)
        level = self.levels[-1]
        level[symbol] = level.get(symbol, 0.0) + amount

    def _close(self, match: re.Match[str]) -> None:
        where = self.position
        self.position = match.end()
        factor = self._amount()
        if not self.open or _PAIR[self.open[-1][0]] != match["close"]:
            self._fault(where, match["close"], "this bracket was not opened")
            return
        bracket, start = self.open.pop()
        inner = self.levels.pop()
        if not inner:
            self._fault(start, bracket + match["close"], "an element is expected in the bracket")
        for symbol, amount in inner.items():
            self.levels[-1][symbol] = self.levels[-1].get(symbol, 0.0) + factor * amount

    def _amount(self) -> float:
        match = _AMOUNT.match(self.text, self.position)
        if match is None:
            return 1.0
        where, self.position = self.position, match.end()
        amount = float(match[0])
        if amount == 0.0:
            self._fault(where, match[0], "an amount above 0 is expected", "leave the element away")
        return amount

    def _stray(self) -> None:
        found = self.text[self.position]
        advice = "write numbers, such as Mg1.2, in the place of x" if found in "xyz-+" else ""
        self._fault(self.position, found, "an element or a bracket is expected", advice)
        self.position += 1
        self._amount()

    def _fault(self, where: int, value: str, expected: str, advice: str = "") -> None:
        self.faults.add(f"formula, character {where + 1}", value, expected, advice)
