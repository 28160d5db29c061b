"""Quantities of other packages (pint, astropy, xarray, pandas, unyt), known by what they offer.

None of these packages is imported here: a quantity of theirs brings its package with it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from ioffe.base.errors import Fault, InputError, UnitError
from ioffe.base.quantities import Quantity
from ioffe.base.units.parser import read_unit
from ioffe.base.units.symbols import Dimension

__all__ = ["has_unit", "in_si"]

_PINT: Final = ("meter", "kilogram", "second", "ampere", "kelvin", "mole", "USD")
_ASTROPY: Final = ("m", "kg", "s", "A", "K", "mol", "USD")
_NATIVE: Final = frozenset({float, int, bool, str, bytes, dict, list, tuple, np.ndarray, type(None)})

InUnit = Callable[[Any, str, Quantity, str], Any]
"""Converts numbers whose unit is a text: the numbers, the text, their quantity, the location."""


def has_unit(value: Any) -> bool:
    """Whether another package has given the value, or one of a list of values, a unit.

    >>> has_unit(2.0), has_unit([1.0, 2.0]), has_unit(np.arange(3.0))
    (False, False, False)
    """
    if type(value) in (list, tuple) or (type(value) is np.ndarray and value.dtype == object):
        return any(has_unit(item) for item in value)
    if type(value) in _NATIVE or isinstance(value, np.generic):
        return False
    value = _content(value)
    return _is_pint(value) or _is_astropy(value) or _unit_text(value) is not None


def in_si(value: Any, kind: Quantity, location: str, in_unit: InUnit) -> Any:
    """The numbers of a quantity of another package in SI; any other value as it is.

    `kind`: what it must be.
    `location`: where it is given, for the error message.
    `in_unit`: converts numbers whose unit is a text.
    Raises `UnitError` if the unit has another dimension, or counts from another zero where a difference is
        expected.
    """
    if type(value) in _NATIVE or isinstance(value, np.generic):
        return value
    content = _content(value)
    if _is_pint(content):
        return _converted(content, kind, location, _from_pint)
    if _is_astropy(content):
        return _converted(content, kind, location, _from_astropy)
    unit = _unit_text(content)
    if unit is not None:
        return in_unit(_bare(content), unit, kind, location)
    if hasattr(content, "columns"):
        raise InputError(Fault(location, type(value).__name__, kind.expectation, "give one of its columns"))
    return content.tolist() if getattr(getattr(content, "dtype", None), "kind", "") == "O" else content


def _content(value: Any) -> Any:
    """A pint quantity inside a pandas Series or an xarray DataArray; other values as they are."""
    inside = getattr(getattr(value, "array", None), "quantity", None)
    if inside is None and hasattr(value, "dims") and hasattr(value, "attrs"):
        inside = value.data
    return inside if inside is not None and (_is_pint(inside) or _is_astropy(inside)) else value


def _is_pint(value: Any) -> bool:
    return hasattr(value, "_REGISTRY") and hasattr(value, "magnitude")


def _is_astropy(value: Any) -> bool:
    return hasattr(value, "to_value") and hasattr(value, "unit")


def _unit_text(value: Any) -> str | None:
    """The unit of an object that tells it as a text, None if it has none."""
    found = getattr(value, "attrs", None)
    found = found.get("units") if isinstance(found, dict) else getattr(value, "units", None)
    if found is None or isinstance(found, dict) or callable(found):
        return None
    return str(found)


def _bare(value: Any) -> Any:
    """The numbers of such an object."""
    for name in ("magnitude", "value"):
        if hasattr(value, name):
            return getattr(value, name)
    return np.asarray(value)


def _converted(
    value: Any, kind: Quantity, location: str, convert: Callable[[Any, Quantity, Dimension], Any]
) -> Any:
    try:
        found = convert(value, kind, read_unit(kind.unit).dimension)
    except (TypeError, ValueError, AttributeError) as error:
        raise UnitError(Fault(location, _shown(value), kind.expectation, _reason(error))) from None
    return found if np.ndim(found) else float(found)


def _from_pint(value: Any, kind: Quantity, dimension: Dimension) -> Any:
    unit = str(value.units)
    if kind.is_difference and not getattr(value, "_is_multiplicative", True):
        raise ValueError(f"{unit} counts from another zero, write K")
    if kind.unit == "K" and not kind.is_difference and unit.startswith("delta_"):
        raise ValueError(f"{unit} is a difference of temperatures")
    return value.to(_product(_PINT, dimension, " * ", "**") or "dimensionless").magnitude


def _from_astropy(value: Any, kind: Quantity, dimension: Dimension) -> Any:
    units = sys.modules["astropy.units"]
    if kind.is_difference and str(value.unit) in ("deg_C", "Celsius", "deg_F"):
        raise ValueError(f"{value.unit} counts from another zero, write K")
    same = [*units.temperature(), *units.dimensionless_angles()]
    return value.to_value(units.Unit(_product(_ASTROPY, dimension, " ", "")), equivalencies=same)


def _product(symbols: tuple[str, ...], dimension: Dimension, times: str, power: str) -> str:
    """The SI unit of a dimension as a text."""
    return times.join(f"{symbol}{power}{n}" for symbol, n in zip(symbols, dimension, strict=True) if n)


def _shown(value: Any) -> str:
    return " ".join(str(value).split())


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
