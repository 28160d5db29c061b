"""The border: values as users write them in SI, and numbers of one unit in another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from ioffe.base.errors import Fault, Faults, InputError, UnitError
from ioffe.base.units.foreign import has_unit, in_si
from ioffe.base.units.parser import Unit, describe, parse_unit, read_unit
from ioffe.base.units.spelling import LONGEST, UnitProblem, plain, split_header, split_number, unit_in_name
from ioffe.base.units.values import check_bounds, from_mapping, lookup, numbers_in, scalar

__all__ = [
    "QuantityLike",
    "convert",
    "floats",
    "from_si",
    "measured",
    "parse_area",
    "si_array",
    "to_si",
    "to_si_array",
    "unit_of_header",
]


class _WithUnits(Protocol):
    """A quantity of pint or unyt."""

    @property
    def units(self) -> Any: ...


class _WithUnit(Protocol):
    """A quantity of astropy."""

    @property
    def unit(self) -> Any: ...


class _WithAttributes(Protocol):
    """An xarray DataArray or a pandas Series."""

    @property
    def attrs(self) -> Any: ...


QuantityLike: TypeAlias = (
    npt.ArrayLike | Mapping[str, object] | Sequence[Any] | _WithUnits | _WithUnit | _WithAttributes
)
"""A value as users write it, or many: numbers in SI, texts with units, mappings with ``value``, ``unit`` and
``uncertainty``, quantities of pint, astropy, xarray and pandas."""

_SIDES: Final = re.compile(r" ?[x*X] ?(?=[0-9.+-])")


def to_si(value: object, quantity: str, location: str = "") -> float:
    """A value as users write it, in SI.

    `value`: a number (in SI already), a text with a unit, a mapping with ``value`` and perhaps ``unit`` and
        ``uncertainty``, or a quantity of pint, astropy, xarray or pandas. A text without a unit is accepted
        for dimensionless quantities alone.
    `quantity`: name in :data:`ioffe.base.quantities.QUANTITIES`.
    `location`: where the value is given, for the error message.
    Returns: in SI, correctly rounded from the decimal text.
    Raises `UnitError` if the unit is missing, unknown or of the wrong dimension.
    Raises `InputError` if the value is no finite number or lies outside the bounds of the quantity.

    >>> to_si("900 S/cm", "electrical_conductivity"), to_si(300, "temperature"), to_si("7 %", "efficiency")
    (90000.0, 300.0, 0.07)
    >>> to_si({"value": 2e19, "unit": "cm^-3", "uncertainty": "8 %"}, "carrier_density")
    2e+25
    """
    return measured(value, quantity, location)[0]


def measured(value: object, quantity: str, location: str = "") -> tuple[float, float]:
    """A value and its standard deviation, in SI.

    Only a mapping can state an ``uncertainty``: a text in ``%`` is relative to the value, a text with a unit
    is absolute, and a plain number has the unit of the value.

    `value`, `quantity`, `location`: as for :func:`to_si`.
    Returns: value and standard deviation (0 if none is stated).
    Raises `InputError` as for :func:`to_si`; also for an unknown key or a negative uncertainty.

    >>> measured({"value": 2.0, "unit": "W/(m K)", "uncertainty": "11 %"}, "thermal_conductivity")
    (2.0, 0.22)
    >>> measured({"value": "1.6 mm", "uncertainty": "50 um"}, "length")
    (0.0016, 5e-05)
    >>> measured("1.6 mm", "length")
    (0.0016, 0.0)
    """
    kind = lookup(quantity, location)
    if isinstance(value, Mapping):
        return from_mapping(value, kind, location)
    if kind.name == "area" and isinstance(value, str):
        return parse_area(value, location)[0], 0.0
    return scalar(value, kind, location), 0.0


def to_si_array(values: Any, quantity: str, location: str = "") -> float | npt.NDArray[np.float64]:
    """One value or many, in SI.

    `values`: one value as for :func:`to_si`, or a sequence or 1-d array of such values; a mapping may hold a
        list under ``value``.
    `quantity`, `location`: as for :func:`to_si`.
    Returns (n,)
    Raises `InputError` with a fault for every wrong element, its index in the location.

    >>> to_si_array(["373 K", "200 degC", 593], "T_hot")
    array([373.  , 473.15, 593.  ])
    >>> to_si_array({"value": [1, 2], "unit": "A"}, "current"), to_si_array("2 A", "current")
    (array([1., 2.]), 2.0)
    """
    found = si_array(values, quantity, location)
    if found.ndim > 1:
        expected = f"a list or a 1-d array is expected, not one of {found.ndim} dimensions"
        raise InputError(Fault(location, values, expected))
    return found if found.ndim else float(found)


def si_array(values: Any, quantity: str, location: str = "") -> npt.NDArray[np.float64]:
    """One value or many, in SI, as an array of the same shape.

    `values`: one value as for :func:`to_si`, or nested sequences or an array of such values; a mapping may
        hold many under ``value``.
    `quantity`, `location`: as for :func:`to_si`.
    Returns: of any shape; of no dimension for one value.
    Raises `InputError` with a fault for every wrong element, its index in the location.

    >>> si_array([["1 mm", "2 mm"], [3e-3, "4 mm"]], "length")
    array([[0.001, 0.002],
           [0.003, 0.004]])
    """
    kind = lookup(quantity, location)
    if not has_unit(values) and isinstance(values, Mapping):
        inner = values.get("value")
        if isinstance(inner, Sequence | np.ndarray) and not isinstance(inner, str):
            shared = {key: item for key, item in values.items() if key != "value"}
            values = [{"value": item, **shared} for item in inner]
    values = in_si(values, kind, location, numbers_in)
    if hasattr(values, "__array__"):
        array = np.asarray(values)
        if array.dtype.kind in "iuf":
            return check_bounds(array, kind, location)
        values = array.tolist()
    if isinstance(values, str | Mapping) or not isinstance(values, Sequence):
        return np.asarray(to_si(values, quantity, location))
    if all(type(item) is float for item in values):
        return check_bounds(np.array(values, float), kind, location)
    faults, found = Faults(), []
    for index, item in enumerate(values):
        with faults.collect(f"{location}[{index}]"):
            found.append(si_array(item, quantity))
    faults.raise_if_any()
    try:
        return np.array(found, float)
    except ValueError:
        raise InputError(Fault(location, values, "lists of equal length are expected")) from None


def floats(values: object, quantity: str = "", location: str = "") -> npt.NDArray[np.float64]:
    """Numbers as an array, not checked: those of other packages are converted, or refused in words.

    For functions of SI numbers, where :func:`si_array` would ask too much: NaN stays, and there are no
    bounds.

    `values`: of any shape, without texts.
    `quantity`: name in :data:`ioffe.base.quantities.QUANTITIES` of what they are. Without it a unit that
        another package has given them is refused, as it would be lost.
    `location`: what the argument is called, for the error message.
    Raises `UnitError` if they have a unit of another dimension, or one although no quantity is named.
    Raises `InputError` if they are no numbers.

    >>> floats([1, 2])
    array([1., 2.])
    """
    if has_unit(values):
        if not quantity:
            expected = "plain numbers in SI units are expected"
            raise UnitError(Fault(location, str(values), expected, "convert it, such as with to_si_array"))
        values = in_si(values, lookup(quantity, location), location, numbers_in)
        if isinstance(values, list | tuple | np.ndarray) and has_unit(values):
            values = [floats(item, quantity, location) for item in values]
    try:
        return np.asarray(values, float)
    except (TypeError, ValueError):
        raise InputError(Fault(location, values, "numbers are expected")) from None


def parse_area(value: object, location: str = "") -> tuple[float, tuple[float, float] | None]:
    """An area in m2, and the two sides in m if it was written as their product.

    `value`: ``"3.8 mm x 3.8 mm"``, ``"3.8 x 3.8 mm"`` (also with ``×`` or ``*``), ``"1.96 mm2"`` or a number
        in m2.
    `location`: where the value is given, for the error message.
    Raises `InputError` as for :func:`to_si`.

    >>> parse_area("3 mm x 4 mm")
    (1.2e-05, (0.003, 0.004))
    >>> parse_area("1.96 mm2")
    (1.96e-06, None)
    """
    kind = lookup("area", location)
    if isinstance(value, Mapping):
        return from_mapping(value, kind, location)[0], None
    sides = _SIDES.split(plain(value)) if isinstance(value, str) and len(value) <= LONGEST else []
    if not isinstance(value, str) or len(sides) < 2 or _is_power_of_ten(value):
        return scalar(value, kind, location), None
    expected = f'{kind.expectation} or "1.4 mm x 1.4 mm"'
    if len(sides) != 2:
        raise InputError(Fault(location, value, expected, "an area has two sides"))
    last = split_number(sides[1])
    if last is not None and _is_number(sides[0]):
        sides[0] = f"{sides[0]} {last[1]}"
    try:
        a, b = (to_si(side, "length") for side in sides)
    except InputError as error:
        raise type(error)(Fault(location, value, expected, error.faults[0].advice)) from None
    return a * b, (a, b)


def from_si(value: float, unit_text: str) -> float:
    """A value in SI, in the unit given.

    Raises `UnitError` if the text is no unit.

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

    `values`: NaN stays NaN.
    `from_unit`, `to_unit`: units of the same dimension. degC is a temperature and not a difference.
    Raises `UnitError` if a text is no unit, or the dimensions differ.

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
    made by programs, ``T_K`` and ``S_V_per_K``. What is in brackets is returned as it is, even if it is
    no unit.

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
    return (values * unit.factor if unit.factor >= 1.0 else values / unit.inverse) + unit.offset


def _scaled_from_si(values: Any, unit: Unit) -> Any:
    values = values - unit.offset
    return values / unit.factor if unit.factor >= 1.0 else values * unit.inverse


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
