"""What a curve demands of its input; everything that is wrong is reported together."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ioffe.base.curve.interpolation import Array
from ioffe.base.errors import Faults, InputError, did_you_mean, join_location
from ioffe.base.quantities import QUANTITIES
from ioffe.base.quantities import quantity as lookup
from ioffe.base.units.border import floats
from ioffe.base.units.foreign import has_unit

__all__ = [
    "EXTRAPOLATIONS",
    "INTERPOLATIONS",
    "checked_formula",
    "checked_options",
    "checked_table",
    "frozen",
]

INTERPOLATIONS: Final = ("linear", "pchip", "cubic")
EXTRAPOLATIONS: Final = ("warn", "hold", "strict")


def frozen(array: npt.ArrayLike) -> Array:
    """A read-only copy in which -0.0 has become 0.0, so that equal curves have equal bytes."""
    copy = np.array(array, dtype=np.float64, order="C") + 0.0
    copy.setflags(write=False)
    return copy


def checked_table(
    T: npt.ArrayLike, values: npt.ArrayLike, std: npt.ArrayLike | None, faults: Faults, at: str
) -> tuple[Array, Array, Array | None]:
    """The three columns of a table as arrays; what is wrong with them goes to `faults`.

    `at` is the name of the quantity, or empty.
    """
    temperatures = _column(T, join_location(at, "T"), faults, "temperature")
    if temperatures is not None:
        _check_temperatures(temperatures, join_location(at, "T"), faults)
    column = _beside(values, temperatures, join_location(at, "values"), faults, at)
    deviations = None
    if std is not None:
        count = 1 if temperatures is None else len(temperatures)
        given: Any = std
        with faults.collect():
            given = _without_unit(std, at, join_location(at, "std"))
        given = [given] * count if isinstance(given, int | float) else given
        deviations = _beside(given, temperatures, join_location(at, "std"), faults)
    if deviations is not None:
        for index in np.flatnonzero(deviations < 0):
            faults.add(
                join_location(at, f"std[{index}]"), deviations[index], "a standard deviation is 0 or more"
            )
    if temperatures is None or column is None:
        return np.empty(0), np.empty(0), None
    return temperatures, column, deviations


def _beside(
    given: npt.ArrayLike, T: Array | None, location: str, faults: Faults, quantity: str = ""
) -> Array | None:
    """A column of finite numbers, one a temperature."""
    column = _column(given, location, faults, quantity)
    if column is None:
        return None
    _check_finite(column, location, faults)
    if T is not None and len(column) != len(T):
        faults.add(
            location, expected=f"as many numbers as temperatures are expected, {len(T)} and not {len(column)}"
        )
    return column


def checked_options(
    interpolation: str | None, extrapolation: str, quantity: str, faults: Faults, at: str
) -> None:
    """Names of interpolation (None for a formula), extrapolation and quantity."""
    options: list[tuple[str, str, tuple[str, ...]]] = [("extrapolation", extrapolation, EXTRAPOLATIONS)]
    if interpolation is not None:
        options.insert(0, ("interpolation", interpolation, INTERPOLATIONS))
    for option, given, known in options:
        if given not in known:
            names = ", ".join(f'"{name}"' for name in known[:-1]) + f' or "{known[-1]}"'
            faults.add(join_location(at, option), given, f"{names} is expected", did_you_mean(given, known))
    if quantity:
        try:
            lookup(quantity)
        except InputError as error:
            fault = error.faults[0]
            faults.add("quantity", quantity, fault.expected, fault.advice)


def checked_formula(
    coefficients: npt.ArrayLike, T_range: npt.ArrayLike, faults: Faults, at: str
) -> tuple[tuple[float, ...], tuple[float, float]]:
    """Ascending coefficients of a polynomial up to the third degree, and its range."""
    only = at if isinstance(coefficients, tuple) and len(coefficients) == 1 else ""
    found = _column(coefficients, join_location(at, "coefficients"), faults, only)
    limits = _column(T_range, join_location(at, "T_range"), faults, "temperature")
    if found is not None:
        _check_finite(found, join_location(at, "coefficients"), faults)
        if not 1 <= len(found) <= 4:
            expected = "one to four coefficients are expected (degree 3 at most)"
            faults.add(join_location(at, "coefficients"), found.tolist(), expected)
    if limits is not None:
        _check_temperatures(limits, join_location(at, "T_range"), faults)
        if len(limits) != 2:
            faults.add(join_location(at, "T_range"), limits.tolist(), "two temperatures are expected")
    if found is None or limits is None or len(limits) != 2:
        return (), (0.0, 0.0)
    return tuple(found.tolist()), (float(limits[0]), float(limits[1]))


def _without_unit(given: Any, quantity: str, location: str) -> Any:
    """Numbers with a unit of another package in SI, others as they are."""
    if not has_unit(given):
        return given
    found = floats(given, quantity if quantity in QUANTITIES else "", location)
    return found if found.ndim else float(found)


def _column(given: npt.ArrayLike, location: str, faults: Faults, quantity: str = "") -> Array | None:
    """The numbers as a 1-d array, or None and a fault; `quantity` is what numbers with a unit must be."""
    before = len(faults)
    with faults.collect():
        given = _without_unit(given, quantity, location)
    if len(faults) > before:
        return None
    if isinstance(given, np.ma.MaskedArray):
        given = np.ma.filled(given.astype(np.float64), np.nan)
    try:
        array = np.atleast_1d(np.asarray(given))
    except ValueError:
        array = np.empty(0, dtype=object)
    if array.ndim != 1 or not array.size:
        faults.add(location, given, "a list of numbers is expected")
        return None
    items = given if isinstance(given, list | tuple) else [] if array.dtype.kind in "iuf" else array.tolist()
    wrong = [index for index, item in enumerate(items) if not _is_number(item)]
    for index in wrong:
        faults.add(f"{location}[{index}]", items[index], "a number is expected")
    return None if wrong else array.astype(np.float64)


def _is_number(item: object) -> bool:
    return isinstance(item, int | float | np.integer | np.floating) and not isinstance(item, bool)


def _check_temperatures(T: Array, location: str, faults: Faults) -> None:
    if np.isfinite(T).all() and T[0] >= 0 and (T[1:] > T[:-1]).all():
        return
    _check_finite(T, location, faults)
    for index in np.flatnonzero(T < 0):
        expected = "a temperature in K is expected, 0 or more"
        faults.add(f"{location}[{index}]", T[index], expected, "is the table in degC?")
    if len(T) > 2 and np.all(np.diff(T) < 0):
        faults.add(
            location, T.tolist(), "T must increase strictly", "it decreases throughout: reverse the rows"
        )
        return
    for index in np.flatnonzero(np.diff(T) <= 0) + 1:
        relation = "repeats" if T[index] == T[index - 1] else "is below"
        advice = f"it {relation} T[{index - 1}] = {T[index - 1]:g}"
        faults.add(f"{location}[{index}]", T[index], "T must increase strictly", advice)


def _check_finite(column: Array, location: str, faults: Faults) -> None:
    for index in np.flatnonzero(~np.isfinite(column)):
        faults.add(f"{location}[{index}]", column[index], "a finite number is expected")
