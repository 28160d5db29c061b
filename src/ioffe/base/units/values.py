"""Values as users write them: a number, a text with a unit, or a table with an uncertainty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import inf, isfinite
from numbers import Real
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ioffe.base.errors import ABSENT, Fault, Faults, InputError, UnitError, did_you_mean, join_location
from ioffe.base.quantities import Quantity, quantity
from ioffe.base.units.foreign import has_unit, in_si
from ioffe.base.units.parser import Unit, describe, read_unit
from ioffe.base.units.spelling import LONGEST, UnitProblem, plain, split_number

__all__ = ["check_bounds", "from_mapping", "lookup", "numbers_in", "scalar"]

_KEYS: Final = ("value", "unit", "uncertainty")
_DEGREES: Final = re.compile(r"(?<![A-Za-z])(?:deg ?C|C)(?![A-Za-z])")
"""Degrees Celsius within a unit, as people write them."""


def lookup(name: str, location: str) -> Quantity:
    """The quantity of that name; the error says where it was asked for."""
    try:
        return quantity(name)
    except InputError as error:
        fault = error.faults[0]
        raise InputError(Fault(location, name, fault.expected, fault.advice)) from None


def scalar(value: Any, kind: Quantity, location: str, unit: object = ABSENT) -> float:
    """One number or text in SI; `unit` is that of a plain number."""
    if type(value) is float and unit is ABSENT and isfinite(value) and kind.admits(value):
        return value
    shown = value if unit is ABSENT else f"{value} {unit}"
    if has_unit(value):
        if unit is not ABSENT:
            raise InputError(Fault(location, str(value), "a number without a unit is expected beside a unit"))
        shown = str(value)
    value = in_si(value, kind, location, numbers_in)
    if hasattr(value, "__array__") and np.ndim(value) == 0:
        value = np.asarray(value).item()
    if isinstance(value, str):
        if unit is not ABSENT:
            raise InputError(Fault(location, value, "a number is expected beside a unit"))
        found = _from_text(value, kind.name, location)
    elif isinstance(value, Real) and not isinstance(value, bool | np.bool_):
        found = _float(value)
        if unit is not ABSENT and isfinite(found):
            found = _exact(Fraction(repr(found)), _unit_for(unit, kind, location, shown))
    else:
        raise InputError(Fault(location, value, kind.expectation))
    if not isfinite(found):
        raise InputError(Fault(location, shown, kind.expectation, "the number is not finite"))
    if not kind.admits(found):
        raise InputError(Fault(location, shown, kind.expectation, f"the value must be {kind.range_text}"))
    return found


@lru_cache(maxsize=1024)
def _from_text(text: str, name: str, location: str) -> float:
    """The number of a text with a unit in SI; the same few texts are read again and again."""
    kind = quantity(name)
    if len(text) > LONGEST:
        raise InputError(Fault(location, text, kind.expectation, f"a value has at most {LONGEST} characters"))
    parts = split_number(plain(text))
    if parts is None:
        raise InputError(Fault(location, text, kind.expectation, "it begins with no number"))
    number, unit = parts
    if unit.startswith(",") and unit[1:2].isdigit():
        raise InputError(
            Fault(location, text, kind.expectation, "write a decimal point in the place of the comma")
        )
    if not unit:
        if kind.unit != "1":
            raise UnitError(Fault(location, text, kind.expectation, "the unit is missing"))
        unit = "1"
    return _exact(number, _unit_for(unit, kind, location, text))


def _unit_for(text: object, kind: Quantity, location: str, value: object, *, interval: bool = False) -> Unit:
    """The unit of that text, of the dimension of the quantity."""
    if not isinstance(text, str):
        raise UnitError(
            Fault(join_location(location, "unit"), text, f'a unit is expected, such as "{kind.display_unit}"')
        )
    try:
        unit = _in_kelvin(text, kind) or read_unit(text)
    except UnitProblem as problem:
        raise UnitError(Fault(location, value, kind.expectation, str(problem))) from None
    if unit.dimension != read_unit(kind.unit).dimension:
        advice = f'"{text}" is {describe(unit)}'
        if text.strip() == "C" and kind.unit == "K":
            advice += ", write degC"
        raise UnitError(Fault(location, value, kind.expectation, advice))
    if unit.offset and kind.is_difference and not interval:
        raise UnitError(Fault(location, value, kind.expectation, "degC counts from 273.15 K, write K"))
    return unit


def _in_kelvin(text: str, kind: Quantity) -> Unit | None:
    """The unit of a text whose degrees Celsius are differences, such as degC/W or W/(m C); else None.

    Beside other units degC cannot be a temperature. A lone C is a coulomb, unless kelvin alone make a unit of
    the quantity.
    """
    written = _DEGREES.sub("K", plain(text))
    if written in (plain(text), "K"):
        return None
    try:
        unit = read_unit(written)
    except UnitProblem:
        return None
    return unit if unit.dimension == read_unit(kind.unit).dimension else None


def _exact(number: Fraction, unit: Unit) -> float:
    """The number in SI, rounded once; infinite if it is too large."""
    return _float(number * unit.ratio + Fraction(str(unit.offset)))


def _float(number: Real | Fraction) -> float:
    """The number as a float, infinite if it is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return inf


def from_mapping(value: Mapping[Any, Any], kind: Quantity, location: str) -> tuple[float, float]:
    """Value and standard deviation in SI of a mapping with ``value``, ``unit`` and ``uncertainty``."""
    faults = Faults()
    for key in value:
        if key not in _KEYS:
            expected = 'the keys "value", "unit" and "uncertainty" are expected'
            faults.add(join_location(location, str(key)), value[key], expected, did_you_mean(key, _KEYS))
    if "value" not in value:
        faults.add(join_location(location, "value"), expected=f"this key is missing; {kind.expectation}")
    faults.raise_if_any()
    number, unit = value["value"], value.get("unit", ABSENT)
    if isinstance(number, Mapping):
        raise InputError(Fault(location, number, kind.expectation))
    found = scalar(number, kind, location, unit)
    if value.get("uncertainty") is None:
        return found, 0.0
    where = join_location(location, "uncertainty")
    if isinstance(number, str):
        unit = None
    return found, _uncertainty(value["uncertainty"], found, unit, kind, where)


def _uncertainty(given: object, found: float, unit: object, kind: Quantity, location: str) -> float:
    """A standard deviation in SI; `unit` is that of a plain number, None if it is not known."""
    expected = f'a standard deviation is expected, such as "5 %" or "{kind.example}"'
    number, text = given, unit
    if isinstance(given, str):
        parts = split_number(plain(given)) if len(given) <= LONGEST else None
        if parts is None:
            raise InputError(Fault(location, given, expected))
        number, text = parts[0], parts[1] or ("1" if kind.unit == "1" else None)
    if not isinstance(number, Real) or isinstance(number, bool | np.bool_):
        raise InputError(Fault(location, given, expected))
    if text is None:
        raise UnitError(Fault(location, given, expected, "the unit is missing"))
    if text == "%" and isinstance(given, str):
        scale = abs(found) / 100
    else:
        scale = 1.0 if text is ABSENT else _unit_for(text, kind, location, given, interval=True).factor
    deviation = _float(number) * scale
    if not 0 <= deviation < inf:
        raise InputError(Fault(location, given, expected, "it must be finite and not negative"))
    return deviation


def numbers_in(values: Any, unit: str, kind: Quantity, location: str) -> Any:
    """Numbers of a unit that is a text, in SI."""
    text = "1" if unit in ("", "dimensionless") else unit
    array = np.asarray(values, float)
    found = _unit_for(text, kind, location, f"{array} {unit}" if array.ndim == 0 else unit)
    if array.ndim == 0:
        return _exact(Fraction(repr(float(array))), found) if isfinite(array) else float(array)
    return array * found.factor + found.offset


def check_bounds(values: npt.NDArray[Any], kind: Quantity, location: str) -> npt.NDArray[np.float64]:
    """Numbers of any shape as floats, every one finite and within the bounds.

    Raises `InputError` with a fault for every wrong one, its index in the location.
    """
    found = np.asarray(values, np.float64)
    above = found > kind.lower if kind.exclusive else found >= kind.lower
    good = np.isfinite(found) & above & (found <= kind.upper)
    if good.all():
        return found
    faults = Faults()
    for index in np.argwhere(~good):
        where = f"[{', '.join(map(str, index))}]" if index.size else ""
        with faults.collect(f"{location}{where}"):
            scalar(float(found[tuple(index)]), kind, "")
    faults.raise_if_any()
    return found
