"""Numbers as a paper prints them, in SI and back, and the uncertainty of their last digit."""

from __future__ import annotations

import re

from ioffe.base.errors import Fault, InputError
from ioffe.base.units import parse_unit

__all__ = ["half_digit", "in_si", "number_in"]

_DECIMAL = re.compile(r"[+-]?(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?", re.IGNORECASE)


def in_si(value: float, unit: str) -> float:
    """A number of a unit in SI.

    Examples
    --------
    >>> in_si(2.76, "uohm cm2")
    2.76e-10
    """
    found = parse_unit(unit)
    return (value * found.factor if found.ratio >= 1 else value / found.inverse) + found.offset


def number_in(text: str, place: str = "value") -> float:
    """The number of a text; raises `InputError` if there is none.

    Examples
    --------
    >>> number_in("2.10e19")
    2.1e+19
    """
    if not _DECIMAL.fullmatch(text.strip()):
        raise InputError(Fault(place, text, 'a number as it is printed is expected, such as "0.90"'))
    return float(text)


def half_digit(text: str) -> float:
    """Half a unit of the last printed digit.

    Examples
    --------
    >>> half_digit("0.90"), half_digit("2.10e19"), half_digit("52")
    (0.005, 5e+16, 0.5)
    """
    match = _DECIMAL.fullmatch(text.strip())
    if match is None:
        raise InputError(Fault("value", text, 'a number as it is printed is expected, such as "0.90"'))
    places = len(match[2] or "")
    return 0.5 * 10.0 ** (int(match[3] or 0) - places)
