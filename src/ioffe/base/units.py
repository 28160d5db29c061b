"""Units at the border: what users write becomes a float in SI, and back.

Inside `ioffe` every number is a plain float in SI units. At the border a value may be a number (SI already),
a text with a unit, or a table with ``value``, ``unit`` and ``uncertainty``. The parser knows a closed list of
symbols and spells the units of this field as the field does.

>>> to_si("1.6 mm", "length"), to_si("250 degC", "temperature"), to_si("900 S/cm", "electrical_conductivity")
(0.0016, 523.15, 90000.0)
>>> to_si("2 mm", "thermal_conductivity", place="layer.thermal_conductivity")
Traceback (most recent call last):
    ...
ioffe.base.errors.UnitError: layer.thermal_conductivity = "2 mm": a thermal conductivity is expected,
in W/(m K), such as "1.6 W/(m K)"; "mm" is a length
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from ioffe.base._unit_display import format_si
from ioffe.base._unit_parser import Unit, describe, parse_unit, read_unit
from ioffe.base._unit_text import LONGEST, plain, split_header, split_number
from ioffe.base._unit_words import UnitProblem, unit_in_name
from ioffe.base._values import checked_array, from_mapping, lookup, scalar
from ioffe.base.errors import Fault, Faults, InputError, UnitError

__all__ = [
    "Unit",
    "convert",
    "format_si",
    "from_si",
    "measured",
    "parse_area",
    "parse_unit",
    "to_si",
    "to_si_array",
    "unit_of_header",
]

_SIDES: Final = re.compile(r" ?[x*X] ?(?=[0-9.+-])")


def to_si(value: object, quantity: str, place: str = "") -> float:
    """A value as users write it, in SI.

    Parameters
    ----------
    value : float, str or mapping
        A number (in SI already), a text with a unit, or a mapping with ``value`` and perhaps ``unit`` and
        ``uncertainty``. A text without a unit is accepted for dimensionless quantities alone.
    quantity : str
        Name in :data:`ioffe.base.quantities.QUANTITIES`.
    place : str
        Where the value stands, for the error message.

    Returns
    -------
    float
        In SI, correctly rounded from the decimal text.

    Raises
    ------
    UnitError
        If the unit is missing, unknown or of the wrong dimension.
    InputError
        If the value is no finite number or lies outside the bounds of the quantity.

    Examples
    --------
    >>> to_si("900 S/cm", "electrical_conductivity"), to_si(300, "temperature"), to_si("7 %", "efficiency")
    (90000.0, 300.0, 0.07)
    >>> to_si({"value": 2e19, "unit": "cm^-3", "uncertainty": "8 %"}, "carrier_density")
    2e+25
    """
    return measured(value, quantity, place)[0]


def measured(value: object, quantity: str, place: str = "") -> tuple[float, float]:
    """A value and its standard deviation, in SI.

    Only a mapping can state an ``uncertainty``: a text in ``%`` is relative to the value, a text with a unit
    is absolute, and a plain number has the unit of the value.

    Parameters
    ----------
    value, quantity, place
        As for :func:`to_si`.

    Returns
    -------
    tuple of float
        Value and standard deviation (0 if none is stated).

    Raises
    ------
    InputError
        As for :func:`to_si`; also for an unknown key or a negative uncertainty.

    Examples
    --------
    >>> measured({"value": 2.0, "unit": "W/(m K)", "uncertainty": "11 %"}, "thermal_conductivity")
    (2.0, 0.22)
    >>> measured({"value": "1.6 mm", "uncertainty": "50 um"}, "length")
    (0.0016, 5e-05)
    >>> measured("1.6 mm", "length")
    (0.0016, 0.0)
    """
    kind = lookup(quantity, place)
    if isinstance(value, Mapping):
        return from_mapping(value, kind, place)
    if kind.name == "area":
        return parse_area(value, place)[0], 0.0
    return scalar(value, kind, place), 0.0


def to_si_array(values: object, quantity: str, place: str = "") -> float | npt.NDArray[np.float64]:
    """One value or many, in SI.

    Parameters
    ----------
    values : float, str, mapping, sequence or 1-d array
        One value as for :func:`to_si`, or a sequence of such values; a mapping may hold a list under
        ``value``.
    quantity, place
        As for :func:`to_si`.

    Returns
    -------
    float or ndarray of shape (n,)

    Raises
    ------
    InputError
        With a fault for every wrong element, its index in the place.

    Examples
    --------
    >>> to_si_array(["373 K", "200 degC", 593], "T_hot")
    array([373.  , 473.15, 593.  ])
    >>> to_si_array({"value": [1, 2], "unit": "A"}, "current"), to_si_array("2 A", "current")
    (array([1., 2.]), 2.0)
    """
    kind = lookup(quantity, place)
    if isinstance(values, Mapping) and isinstance(values.get("value"), Sequence | np.ndarray):
        shared = {key: item for key, item in values.items() if key != "value"}
        inner = values["value"]
        if not isinstance(inner, str):
            values = [{"value": item, **shared} for item in inner]
    if hasattr(values, "__array__"):
        values = np.asarray(values)
        values = values if values.ndim else values.item()
    if isinstance(values, str | Mapping) or not isinstance(values, Sequence | np.ndarray):
        return to_si(values, quantity, place)
    faults = Faults()
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        return checked_array(values, kind, place)
    found = np.empty(len(values))
    for index, item in enumerate(values):
        with faults.collect(f"{place}[{index}]"):
            found[index] = to_si(item, quantity)
    faults.raise_if_any()
    return found


def parse_area(value: object, place: str = "") -> tuple[float, tuple[float, float] | None]:
    """An area in m2, and the two sides in m if it was written as their product.

    Parameters
    ----------
    value : float, str or mapping
        ``"3.8 mm x 3.8 mm"``, ``"3.8 x 3.8 mm"`` (also with ``×`` or ``*``), ``"1.96 mm2"`` or a number in
        m2.
    place : str
        Where the value stands, for the error message.

    Raises
    ------
    InputError
        As for :func:`to_si`.

    Examples
    --------
    >>> parse_area("3 mm x 4 mm")
    (1.2e-05, (0.003, 0.004))
    >>> parse_area("1.96 mm2")
    (1.96e-06, None)
    """
    kind = lookup("area", place)
    if isinstance(value, Mapping):
        return from_mapping(value, kind, place)[0], None
    sides = _SIDES.split(plain(value)) if isinstance(value, str) and len(value) <= LONGEST else []
    if not isinstance(value, str) or len(sides) < 2 or _is_power_of_ten(value):
        return scalar(value, kind, place), None
    expected = f'{kind.expectation} or "1.4 mm x 1.4 mm"'
    if len(sides) != 2:
        raise InputError(Fault(place, value, expected, "an area has two sides"))
    last = split_number(sides[1])
    if last is not None and _is_number(sides[0]):
        sides[0] = f"{sides[0]} {last[1]}"
    try:
        a, b = (to_si(side, "length") for side in sides)
    except InputError as error:
        raise type(error)(Fault(place, value, expected, error.faults[0].advice)) from None
    return a * b, (a, b)


def from_si(value: float, unit_text: str) -> float:
    """A value in SI, in the unit given.

    Raises
    ------
    UnitError
        If the text is no unit.

    Examples
    --------
    >>> from_si(0.0016, "mm"), from_si(523.15, "degC"), from_si(2e25, "cm^-3")
    (1.6, 250.0, 2e+19)
    """
    return float(_scaled_from_si(value, parse_unit(unit_text)))


@overload
def convert(values: float, from_unit: str, to_unit: str) -> float: ...
@overload
def convert(
    values: npt.NDArray[Any] | Sequence[float], from_unit: str, to_unit: str
) -> npt.NDArray[np.float64]: ...
def convert(values: npt.ArrayLike, from_unit: str, to_unit: str) -> float | npt.NDArray[np.float64]:
    """Numbers of one unit in another.

    Parameters
    ----------
    values : float or array_like of any shape
        NaN stays NaN.
    from_unit, to_unit : str
        Units of the same dimension. degC is a temperature and not a difference.

    Returns
    -------
    float or ndarray of the same shape

    Raises
    ------
    UnitError
        If a text is no unit, or the dimensions differ.

    Examples
    --------
    >>> convert(900.0, "S/cm", "S/m"), convert([0.0, 25.0], "degC", "K")
    (90000.0, array([273.15, 298.15]))
    """
    source, target = parse_unit(from_unit), parse_unit(to_unit)
    if source.dimension != target.dimension:
        expected = f'a unit for {describe(source)} is expected, as "{from_unit}" is'
        raise UnitError(Fault("", to_unit, expected, f'"{to_unit}" is {describe(target)}'))
    numbers = np.asarray(values, dtype=np.float64)
    if source.ratio == target.ratio:
        found = (
            numbers + (source.offset - target.offset) if source.offset != target.offset else numbers.copy()
        )
    else:
        found = _scaled_from_si(_scaled_to_si(numbers, source), target)
    return float(found) if np.ndim(found) == 0 else np.asarray(found)


def unit_of_header(text: str) -> tuple[str, str]:
    """Name and unit of a column from its header; the unit is empty if the header has none.

    Understood are ``S (uV/K)``, ``sigma [S/cm]``, ``kappa / W m-1 K-1``, ``T/K``, ``T, K`` and, as in files
    made by programs, ``T_K`` and ``S_V_per_K``. What stands in brackets is returned as it is, even if it is
    no unit.

    Examples
    --------
    >>> unit_of_header("S (uV/K)"), unit_of_header("kappa / W m-1 K-1"), unit_of_header("rho_Ohm_m")
    (('S', 'uV/K'), ('kappa', 'W m-1 K-1'), ('rho', 'Ohm m'))
    >>> unit_of_header("zT"), unit_of_header("T_hot")
    (('zT', ''), ('T_hot', ''))
    """
    text = text.strip().lstrip("\ufeff")
    if len(text) > LONGEST:
        return text, ""
    name, unit = split_header(text)
    if name:
        return name, unit
    for mark in (" / ", "/", ","):
        name, _, unit = text.partition(mark)
        if name.strip() and _is_unit(unit):
            return name.strip(), unit.strip()
    for end in (index for index, letter in enumerate(text) if letter == "_" and index):
        unit = unit_in_name(text[end + 1 :])
        if unit:
            return text[:end], unit
    return text, ""


def _scaled_to_si(values: Any, unit: Unit) -> Any:
    return (values * unit.factor if unit.ratio >= 1 else values / unit.inverse) + unit.offset


def _scaled_from_si(values: Any, unit: Unit) -> Any:
    values = values - unit.offset
    return values / unit.factor if unit.ratio >= 1 else values * unit.inverse


def _is_unit(text: str) -> bool:
    try:
        read_unit(text)
    except UnitProblem:
        return False
    return True


def _is_number(text: str) -> bool:
    parts = split_number(text)
    return parts is not None and not parts[1]


def _is_power_of_ten(text: str) -> bool:
    """Whether the x in a text belongs to a number such as 2 x 10^-6."""
    parts = split_number(plain(text))
    return parts is not None and "10^" in plain(text) and _is_unit(parts[1])
