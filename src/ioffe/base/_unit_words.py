"""Words of a unit text: symbols, runs of symbols, and what is offered for words that are neither."""

from __future__ import annotations

from typing import Final

from ioffe.base._unit_table import CONFUSED, SYMBOLS, Symbol
from ioffe.base.errors import nearest

__all__ = ["CELSIUS", "UnitProblem", "symbols_in", "unit_in_name"]

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
        raise UnitProblem("degC stands only alone, as the unit of a temperature", "in products write K")
    if word.lower() in CONFUSED:
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
