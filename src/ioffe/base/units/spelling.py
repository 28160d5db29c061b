"""One spelling for the many ways in which numbers, units and headers are typed, and the words of a unit."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from ioffe.base.errors import nearest
from ioffe.base.units.symbols import CONFUSED, OTHER_SYSTEMS, SYMBOLS, Symbol

__all__ = [
    "CELSIUS",
    "LONGEST",
    "UnitProblem",
    "plain",
    "split_header",
    "split_number",
    "symbols_in",
    "unit_in_name",
]

LONGEST: Final = 200
"""Characters a value with its unit may have; anything longer is refused before it is read."""

_SUPERSCRIPTS: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))

_SPELLINGS: Final = str.maketrans(
    {
        "µ": "u",
        "μ": "u",
        "Ω": "ohm",
        "\u2126": "ohm",
        "Å": "angstrom",
        "\u212b": "angstrom",
        "°": "deg",
        "℃": "degC",
        "\u212a": "K",
        "−": "-",
        "–": "-",
        "—": "-",
        "⋅": "·",
        "∙": "·",
        "•": "·",
        "×": "x",
        "∕": "/",
        "⁄": "/",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\t": " ",
    }
)

_SUPERSCRIPT_RUN: Final = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_BRACED_POWER: Final = re.compile(r"\^ ?[{(] ?([+-]?[0-9]{1,3}) ?[)}]")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TIMES_TEN: Final = re.compile(r" ?[x*·] ?10\^([+-]?[0-9]{1,3})(?![0-9])")


def plain(text: str) -> str:
    """The text with one spelling for micro, ohm, degrees, minus signs, product dots, powers and spaces.

    >>> plain("W·m⁻¹ K⁻¹"), plain("µΩ cm²"), plain("10^{19} cm^(-3)"), plain("°C")
    ('W·m^-1 K^-1', 'uohm cm^2', '10^19 cm^-3', 'degC')
    """
    text = _SUPERSCRIPT_RUN.sub(lambda run: "^" + "".join(_SUPERSCRIPTS[c] for c in run.group()), text)
    text = " ".join(text.translate(_SPELLINGS).replace("**", "^").split())
    return _BRACED_POWER.sub(r"^\1", text)


def split_number(text: str) -> tuple[Fraction, str] | None:
    """The number at the start of a text in plain spelling, exactly, and the rest; None if there is no number.

    >>> split_number("1.6 mm"), split_number("2.1 x 10^19 cm^-3") == (Fraction(21 * 10**18), "cm^-3")
    ((Fraction(8, 5), 'mm'), True)
    """
    match = _NUMBER.match(text)
    if match is None:
        return None
    number, end = Fraction(match.group()), match.end()
    power = _TIMES_TEN.match(text, end)
    if power is not None:
        number, end = number * Fraction(10) ** int(power.group(1)), power.end()
    return number, text[end:].strip()


def split_header(text: str) -> tuple[str, str]:
    """A bracketed unit at the end of a header and the name before it; ("", "") if there is none."""
    pairs = {")": "(", "]": "["}
    opening = pairs.get(text[-1:])
    if opening is None:
        return "", ""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += (text[index] == text[-1]) - (text[index] == opening)
        if depth == 0:
            return text[:index].strip(), text[index + 1 : -1].strip()
    return "", ""


CELSIUS: Final = frozenset({"degC", "deg C"})

_MOST_SYMBOLS: Final = 3
_LONGEST_SYMBOL: Final = max(map(len, SYMBOLS))
_ONLY_ALONE: Final = frozenset(
    {"deg", "rad", "mrad", "%", "ppm", "day", "days", "year", "years", "hour", "hours"}
)
"""Symbols that are never part of a run of symbols: days is no day second, degF no degree farad."""


class UnitProblem(Exception):
    """What is wrong with a unit text, and what would help."""

    def __init__(self, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.advice = advice

    def __str__(self) -> str:
        return "; ".join(clause for clause in (self.expected, self.advice) if clause)


def symbols_in(word: str) -> list[Symbol]:
    """The symbols of a word: itself if it is one, else the shortest product of symbols that spells it."""
    if word in SYMBOLS:
        return [SYMBOLS[word]]
    if word in CELSIUS:
        raise UnitProblem("degC occurs only alone, as the unit of a temperature", "in products write K")
    if word.lower() in CONFUSED or word.lower() in OTHER_SYSTEMS:
        raise UnitProblem(f'"{word}" is no unit symbol' + _offer(word))
    spellings: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(word) + 1):
        ways = [
            (*way, word[begin:end])
            for begin in range(max(0, end - _LONGEST_SYMBOL), end)
            if word[begin:end] in SYMBOLS and word[begin:end] not in _ONLY_ALONE
            for way in spellings[begin]
            if len(way) < _MOST_SYMBOLS
        ]
        spellings.append(ways)
    shortest = min((len(way) for way in spellings[-1]), default=0)
    ways = [way for way in spellings[-1] if len(way) == shortest]
    if len(ways) > 1:
        readings = " or ".join(f'"{" ".join(way)}"' for way in ways)
        raise UnitProblem(f'"{word}" can be read in two ways', f"write {readings}")
    if not ways:
        raise UnitProblem(f'"{_shortened(word)}" is no unit symbol' + _offer(word))
    return [SYMBOLS[symbol] for symbol in ways[0]]


def _shortened(word: str) -> str:
    return word if len(word) <= 20 else word[:17] + "..."


def _offer(word: str) -> str:
    if word.lower() in OTHER_SYSTEMS:
        return f", 1 {word} is {OTHER_SYSTEMS[word.lower()]}"
    found = CONFUSED.get(word.lower())
    if not found:
        found = next((name for name in SYMBOLS if name.lower() == word.lower()), "")
    found = found or nearest(word, (*SYMBOLS, "degC"))
    return f', did you mean "{found}"?' if found else ""


def unit_in_name(words: str) -> str:
    """The unit that the end of a name such as S_V_per_K spells, or an empty text.

    Every word must be a symbol by itself. A single letter is mostly an index (T_h) and counts as a unit for
    K, V, A and W alone; so is min (the smallest).

    >>> unit_in_name("V_per_K"), unit_in_name("W_per_mK"), unit_in_name("hot"), unit_in_name("min")
    ('V/K', 'W/mK', '', '')
    """
    above, *below = (part.replace("_", " ") for part in words.split("_per_"))
    stems = [word.rstrip("0123456789") for word in " ".join((above, *below)).split()]
    if not all(stem in SYMBOLS or stem == "mK" for stem in stems):
        return ""
    if len(stems) == 1 and (words == "min" or (len(words) == 1 and words not in "KVAW")):
        return ""
    return "/".join((above, *(f"({part})" if " " in part else part for part in below)))
