"""One spelling for the many ways in which numbers, units and column headers are typed."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

__all__ = ["LONGEST", "plain", "split_header", "split_number"]

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
