"""Numbers of a document as a form shows them: value and unit as written, ranges of sliders.

>>> value_and_unit("6 mm", "length"), value_and_unit(0.006, "length")
((0.006, 'mm'), (0.006, 'm'))
>>> slider("length", 0.006, "mm")
(0.5, 20.0, 'linear')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import ceil, floor, isfinite, log10
from typing import Any, Final

from ioffe.base.errors import InputError
from ioffe.base.quantities import Quantity, quantity
from ioffe.base.units import convert, parse_unit, to_si, usual_units
from ioffe.base.units.spelling import plain, split_number
from ioffe.device.fields import DeviceField

STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
NICE: Final = (1.0, 2.0, 5.0, 10.0)
AROUND: Final = 200.0
"""Kelvin on both sides of a temperature that its slider reaches at least."""
Found = tuple[float, str]


def steps(path: str) -> list[str | int]:
    """The steps of a path.

    >>> steps("module.hot[0].thickness")
    ['module', 'hot', 0, 'thickness']
    """
    return [int(index) if index else key for index, key in STEP.findall(path)]


def value_at(document: Any, path: str) -> Any:
    """What stands at a path, None for nothing."""
    for step in steps(path):
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def value_and_unit(value: Any, name: str) -> Found | None:
    """A number in SI, and the unit in which it is written; None if it is none."""
    if isinstance(value, Mapping):
        unit = value.get("unit", quantity(name).unit)
    elif isinstance(value, str):
        found = split_number(plain(value))
        unit = found[1] if found else ""
    else:
        unit = quantity(name).unit
    try:
        si = to_si(value, name)
        return si, _known(str(unit), name)
    except InputError:
        return None


def _known(unit: str, name: str) -> str:
    """A unit in the spelling of the lists, if it is one of them."""
    for usual in units_of(name):
        if usual == unit or (unit and parse_unit(usual) == parse_unit(unit)):
            return usual
    return unit or "1"


def number_at(document: Any, path: str, name: str) -> Found | None:
    """The number at a path, None if there is no single one."""
    value = value_at(document, path)
    return None if value is None or isinstance(value, list) else value_and_unit(value, name)


def units_of(name: str) -> tuple[str, ...]:
    """Units to choose from, the usual one first."""
    kind = quantity(name)
    more = ("degC",) if kind.unit == "K" and not kind.is_difference else ()
    return (*usual_units(name), *more)


def slider(
    name: str, value: float | None, unit: str, one: DeviceField | None = None
) -> tuple[float, float, str]:
    """Range of a slider in a unit, about a value in SI, and whether it is logarithmic.

    A slider reaches from a tenth of a value to three times it, at round numbers, and stays within the bounds
    of its quantity and what is plausible for the device.
    """
    kind = quantity(name)
    start = value if value is not None and isfinite(value) else _example(kind)
    if kind.unit == "K" and not kind.is_difference:
        low, high = 50.0 * floor(start / 50.0) - AROUND, 50.0 * ceil(start / 50.0) + AROUND
        low = max(low, 50.0)
    else:
        shown = float(convert(start, kind.unit, unit))
        low, high = _span(shown)
        low, high = (float(convert(edge, unit, kind.unit)) for edge in (low, high))
    if kind.lower == 0.0 and not kind.exclusive:
        low = 0.0
    limits = [(kind.lower, kind.upper)]
    if one is not None and one.plausible is not None and value is not None and not one.implausible(value):
        limits.append(one.plausible)
    for least, most in limits:
        low, high = max(low, least), min(high, most)
    low, high = (float(f"{float(convert(edge, kind.unit, unit)):.12g}") for edge in (low, high))
    return low, high, "linear"


def _span(value: float) -> tuple[float, float]:
    if not value:
        return 0.0, 1.0
    size = abs(value)
    low, high = nice(size / 10.0, up=False), nice(3.0 * size, up=True)
    return (low, high) if value > 0.0 else (-high, high)


def nice(value: float, *, up: bool) -> float:
    """The next round number: 1, 2 or 5 times a power of ten.

    >>> nice(18.0, up=True), nice(0.6, up=False)
    (20.0, 0.5)
    """
    power = 10.0 ** floor(log10(value))
    share = value / power
    if up:
        return next(one for one in NICE if one >= share * (1.0 - 1e-12)) * power
    return next(one for one in reversed(NICE) if one <= share * (1.0 + 1e-12)) * power


def _example(kind: Quantity) -> float:
    try:
        return to_si(kind.example, kind.name)
    except InputError:
        return 0.0
