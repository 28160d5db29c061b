"""The parser of unit texts: a scanner and a recursive descent over a closed list of symbols.

Grammar, after the text has been brought to one spelling::

    unit     = [power of ten] [product] { "/" divisor }
    product  = term { (" " | "." | "·" | "*" | "-" | nothing) term }
    divisor  = terms with no space between them
    term     = symbols [power] | "(" unit ")" [power] | "1"
    power    = ["^"] integer

Symbols written together (``Vs``, ``mK``) are a product. What could be read in two ways is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Final, cast

from ioffe.base.errors import Fault, UnitError
from ioffe.base.units.spelling import CELSIUS, LONGEST, UnitProblem, plain, symbols_in
from ioffe.base.units.symbols import DIMENSIONLESS, NAMED, Dimension, Symbol, base_unit_text

__all__ = ["Unit", "describe", "parse_unit", "read_unit"]

_TOKEN: Final = re.compile(r"(?P<power>\^[+-]?[0-9]+|-?[0-9]+)|(?P<word>[A-Za-z%$_]+)|(?P<mark>[ /.·*()-])")
_ONE: Final = re.compile(r"1(?:e([+-]?[0-9]{1,2}))?(?![0-9.^+-])")
_TEN: Final = re.compile(r"10\^?([+-][0-9]{1,2}|(?<=\^)[0-9]{1,2})(?![0-9])")
_PRODUCT_MARKS: Final = frozenset({".", "·", "*", "-"})
_NONE: Final = Symbol(Fraction(1), DIMENSIONLESS)
_HIGHEST_POWER: Final = 12
_MOST_PARENTHESES: Final = 10


@dataclass(frozen=True)
class Unit:
    """A unit of measurement: value in SI = value x factor + offset.

    `text`: as it was written.
    `factor`, `offset`: to SI; the offset is 0 but for degC.
    `dimension`: powers of metre, kilogram, second, ampere, kelvin, mole and dollar.
    `ratio`: the factor without rounding.

    >>> unit = parse_unit("uohm cm2")
    >>> unit.factor, unit.dimension
    (1e-10, (4, 1, -3, -2, 0, 0, 0))
    """

    text: str
    factor: float
    offset: float
    dimension: Dimension
    ratio: Fraction = field(repr=False, compare=False)

    @cached_property
    def inverse(self) -> float:
        """1/factor, rounded once."""
        return float(1 / self.ratio)


def parse_unit(text: str) -> Unit:
    """The unit that a text means.

    Powers may be written ``m2``, ``m^2``, ``m**2``, ``m²``, ``m-1`` or ``m⁻¹``; products with a space, ``·``,
    ``.``, ``*`` or nothing; micro as ``u``, ``µ`` or ``μ``; ohm as ``ohm``, ``Ohm`` or ``Ω``. Symbols behind
    a ``/`` with no space between them are one denominator: ``W/mK`` is W/(m K), metre before milli. A space
    behind a denominator (``W/m K``) can be read in two ways and is refused. ``degC`` occurs alone. A year has
    365.25 days.

    `text`: such as ``W/(m K)``, ``uV/K``, ``S cm^-1``, ``10^19 cm^-3``, ``%`` or ``-`` (dimensionless).
    Raises `UnitError` if the text is no unit; an unknown symbol is named with the nearest valid one.

    >>> parse_unit("W/mK").dimension == parse_unit("W·m⁻¹·K⁻¹").dimension
    True
    >>> parse_unit("cm^-3").factor, parse_unit("degC").offset
    (1000000.0, 273.15)
    >>> parse_unit("W/(m Kk)")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.UnitError: "W/(m Kk)": a unit is expected, such as "W/(m K)";
    "Kk" is no unit symbol, did you mean "K"?
    """
    try:
        return read_unit(text)
    except UnitProblem as problem:
        expected = 'a unit is expected, such as "W/(m K)"'
        raise UnitError(Fault("", text, expected, str(problem))) from None


def read_unit(text: str) -> Unit:
    """`parse_unit` without the dress of the error."""
    if not isinstance(text, str):
        raise UnitProblem("a unit is a text")
    if len(text) > LONGEST:
        raise UnitProblem(f"a unit has at most {LONGEST} characters")
    return _read(text.strip())


def describe(unit: Unit) -> str:
    """What a quantity in this unit is.

    >>> describe(parse_unit("S/cm")), describe(parse_unit("m kg"))
    ('an electrical conductivity', 'in m kg')
    """
    return _names().get(unit.dimension) or f"in {base_unit_text(unit.dimension)}"


@lru_cache(maxsize=1)
def _names() -> dict[Dimension, str]:
    return {read_unit(text).dimension: noun for text, noun in NAMED}


@lru_cache(maxsize=1024)
def _read(text: str) -> Unit:
    normal = plain(text)
    if not normal:
        raise UnitProblem("the unit is empty", 'write "1" for a plain number')
    if normal in CELSIUS:
        return Unit(text, 1.0, 273.15, read_unit("K").dimension, Fraction(1))
    if normal == "mK":
        return Unit(text, 1e-3, 0.0, read_unit("K").dimension, Fraction(1, 1000))
    symbol = _NONE if normal == "-" else _Reader(normal).whole()
    try:
        factor, inverse = float(symbol.ratio), float(1 / symbol.ratio)
    except OverflowError:
        factor = inverse = 0.0
    if not factor or not inverse:
        raise UnitProblem("the unit is too large or too small")
    return Unit(text, factor, 0.0, symbol.dimension, symbol.ratio)


class _Reader:
    """Reads one unit text from left to right."""

    def __init__(self, text: str) -> None:
        if text.count("(") > _MOST_PARENTHESES:
            raise UnitProblem("there are too many parentheses")
        start, self.first = _leading_factor(text)
        self.tokens = _scan(text, start)
        self.at = 0

    def whole(self) -> Symbol:
        found = self.quotient(self.first)
        if self.at < len(self.tokens):
            raise UnitProblem(f'"{self.peek()}" is out of place')
        return found

    def peek(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else ""

    def quotient(self, first: Symbol | None = None) -> Symbol:
        """Terms divided by terms, up to the end or a closing parenthesis."""
        self.skip_spaces()
        given = first is not None
        found = first or _NONE
        if self.peek() != "/":
            found = _times(found, self.product(tight=False, may_be_empty=given))
        elif not given and self.at > 0 and self.peek(-1) == "(":
            raise UnitProblem('nothing precedes "/"')
        while self.skip_spaces() and self.peek() == "/":
            self.at += 1
            self.skip_spaces()
            found = _times(found, _raised(self.product(tight=True), -1))
            self.refuse_loose_factor()
        return found

    def product(self, *, tight: bool, may_be_empty: bool = False) -> Symbol:
        """A product; a tight one ends at a space."""
        if may_be_empty and not self.starts_term():
            return _NONE
        found = self.term()
        while self.next_factor(tight=tight):
            found = _times(found, self.term())
        return found

    def next_factor(self, *, tight: bool) -> bool:
        """Step over the mark of a product to the term behind it, if there is one."""
        start = self.at
        spaced = self.peek() == " "
        self.skip_spaces()
        mark = self.peek()
        if mark in _PRODUCT_MARKS:
            self.at += 1
            spaced = spaced or self.peek() == " "
            self.skip_spaces()
            if not self.starts_term() or (mark == "-" and spaced):
                raise UnitProblem(f'"{mark}" is out of place')
        if not self.starts_term() or (tight and spaced):
            self.at = start
            return False
        return True

    def refuse_loose_factor(self) -> None:
        start = self.at
        if self.next_factor(tight=False):
            raise UnitProblem(
                "a factor behind a denominator can be read in two ways",
                "put the denominator in parentheses, as in W/(m K), or write powers, as in W m-1 K-1",
            )
        self.at = start

    def term(self) -> Symbol:
        token = self.peek()
        self.at += 1
        if token == "(":
            found = self.quotient()
            self.skip_spaces()
            if self.peek() != ")":
                raise UnitProblem('a ")" is missing')
            self.at += 1
            return _raised(found, self.power())
        if token == "1" and not self.peek().startswith("^"):
            return _NONE
        if not token or not (token[0].isalpha() or token[0] in "%$_"):
            raise UnitProblem(f'"{token}" is out of place' if token.strip() else "a unit symbol is missing")
        *others, last = symbols_in(token)
        found = _raised(last, self.power())
        for other in others:
            found = _times(other, found)
        return found

    def power(self) -> int:
        """The exponent behind a term, 1 if there is none."""
        token = self.peek()
        if not token or not (token[0] in "^+-" or token[0].isdigit()) or token == "-":
            return 1
        self.at += 1
        exponent = int(token.lstrip("^"))
        if abs(exponent) > _HIGHEST_POWER:
            raise UnitProblem(f"the power {exponent} is too high")
        return exponent

    def starts_term(self) -> bool:
        token = self.peek()
        return token == "(" or token == "1" or (bool(token) and (token[0].isalpha() or token[0] in "%$_"))

    def skip_spaces(self) -> bool:
        while self.peek() == " ":
            self.at += 1
        return True


def _leading_factor(text: str) -> tuple[int, Symbol | None]:
    """A power of ten (or 1, or nothing before "/") in front of the unit, and where the unit begins."""
    if text.startswith("/"):
        return 0, _NONE
    for pattern in (_TEN, _ONE):
        match = pattern.match(text)
        if match is not None:
            return match.end(), Symbol(Fraction(10) ** int(match.group(1) or 0), DIMENSIONLESS)
    if text[0].isdigit():
        raise UnitProblem("there is a number in the unit", 'only a power of ten may, as in "10^19 cm^-3"')
    return 0, None


def _scan(text: str, start: int) -> list[str]:
    tokens = []
    while start < len(text):
        match = _TOKEN.match(text, start)
        if match is None:
            raise UnitProblem(f'"{text[start]}" cannot occur in a unit')
        tokens.append(match.group())
        start = match.end()
    return tokens


def _times(a: Symbol, b: Symbol) -> Symbol:
    powers = tuple(p + q for p, q in zip(a.dimension, b.dimension, strict=True))
    return Symbol(a.ratio * b.ratio, cast("Dimension", powers))


def _raised(a: Symbol, n: int) -> Symbol:
    return Symbol(a.ratio**n, cast("Dimension", tuple(p * n for p in a.dimension)))
