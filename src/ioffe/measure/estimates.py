"""Arguments with standard deviations, and the standard deviations of what follows from them.

Points of an instrument at nearly the same temperatures are averaged to a curve.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError, check_one_of
from ioffe.base.units import floats, measured
from ioffe.material.uncertainty import Estimate, with_error

SIGMA_OVER_MEDIAN: Final = 1.4826
"""Standard deviation of normal errors over the median of their absolute values."""
ROUNDING: Final = 1e-12
"""Scatter over the mean that is rounding."""
_RELATIVE_STEP: Final = 1e-5
"""Step of the central differences over the input."""


def read_inputs(
    given: Mapping[str, tuple[object, ...]], faults: Faults | None = None
) -> dict[str, tuple[float, float]]:
    """Values and standard deviations in SI of arguments as users write them.

    `given`: by the name of the argument: what was given, the quantity it is, and the message for a number
        below 0 where that is wrong but possible for the quantity. None is left out.
    `faults`: takes what is wrong, in place of an error; the argument is NaN then.
    Returns: value and standard deviation (0 if none is stated).
    Raises `InputError` with the faults of all arguments, unless `faults` takes them.

    >>> read_inputs({"density": ({"value": "6.65 g/cm3", "uncertainty": "1 %"}, "density")})
    {'density': (6650.0, 66.5)}
    """
    noted = Faults() if faults is None else faults
    found: dict[str, tuple[float, float]] = {}
    for name, (value, quantity, *if_negative) in given.items():
        if value is not None:
            found[name] = (np.nan, 0.0)
            with noted.collect():
                found[name] = measured(value, str(quantity), name)
            if quantity == "relative_uncertainty" and found[name][0] >= 1.0:
                number = found[name][0]
                noted.add(name, value, f"an error of {100 * number:.4g} % is none; {number:.4g} %?")
            if if_negative and found[name][0] < 0.0:
                noted.add(name, value, str(if_negative[0]))
    if faults is None:
        noted.raise_if_any()
    return found


def read_arrays(
    given: Mapping[str, ArrayLike], faults: Faults, fewest: int = 1, *, positive: bool = False
) -> list[Array]:
    """Lists of numbers that belong together.

    `given`: by the name of the argument.
    `faults`: takes what is wrong: too few numbers, a length that differs from that of the first list, numbers
        that are not finite.
    `fewest`: how many numbers are needed.
    `positive`: whether all of them must be above 0.
    Returns: copies, in the order given.

    >>> faults = Faults()
    >>> _ = read_arrays({"x": [0.0, 1.0], "y": [1.0]}, faults)
    >>> print(faults.found[0])
    y = "1 values": as many numbers as for x are expected, 2
    """
    arrays = {name: np.array(values, float) for name, values in given.items()}
    name_of_first, first = next(iter(arrays.items()))
    before = len(faults)
    for name, values in arrays.items():
        size = f"{values.size} values"
        if values.ndim != 1 or values.size < fewest:
            faults.add(name, size, f"a list of at least {fewest} numbers is expected")
        elif values.shape != first.shape and len(faults) == before:
            faults.add(name, size, f"as many numbers as for {name_of_first} are expected, {first.size}")
        elif not np.all(np.isfinite(values)):
            faults.add(name, int(np.sum(~np.isfinite(values))), "finite numbers alone are expected")
        elif positive and not np.all(values > 0.0):
            faults.add(name, expected="numbers above 0 are expected")
    return list(arrays.values())


def check_positive(faults: Faults, unit: str = "", *, or_zero: bool = False, **values: float) -> None:
    """Note numbers that are not above 0, or not finite.

    `faults`: takes what is wrong.
    `unit`: of the numbers, for the message.
    `or_zero`: whether 0 is right, too.
    `**values`: by the names of the arguments.
    """
    expected = (
        "a number from 0 on is expected" if or_zero else f"a number above 0 {unit}".rstrip() + " is expected"
    )
    for name, value in values.items():
        if not (0.0 < value < np.inf or (or_zero and value == 0.0)):
            faults.add(name, value, expected)


def slopes(function: Callable[..., Any], values: Sequence[float], deviations: Sequence[float]) -> Array:
    """Derivatives of a function by central differences; 0 for inputs without a deviation.

    `function`: of as many numbers as there are values; gives a number or a sequence of m numbers.
    `values`, `deviations`: inputs and their standard deviations; that of an input of 0 sets its step.
    Returns (n,)
    """
    centre = np.asarray(function(*values), float)
    found = np.zeros((len(values), *centre.shape))
    for k, (value, deviation) in enumerate(zip(values, deviations, strict=True)):
        if deviation > 0.0:
            step = _RELATIVE_STEP * (abs(value) or deviation)
            high, low = value + step, value - step
            ends = [np.asarray(function(*values[:k], x, *values[k + 1 :]), float) for x in (high, low)]
            found[k] = (ends[0] - ends[1]) / (high - low)
    return found


def propagate(
    function: Callable[..., Any], values: Sequence[float], deviations: Sequence[float]
) -> tuple[Array, Array]:
    r"""Value of a function and its standard deviation, to first order in independent errors.

    .. math:: \sigma_f^2 = \sum_k \left( \frac{\partial f}{\partial x_k} \sigma_k \right)^2

    `function`: of as many numbers as there are values; gives a number or a sequence.
    `values`, `deviations`: inputs and their standard deviations.
    Returns `value, deviation`: in the shape of what the function gives.

    >>> value, deviation = propagate(lambda a, b: a * b, [2.0, 3.0], [0.02, 0.03])
    >>> float(value), round(float(deviation / value), 6)  # 1 % and 1 %
    (6.0, 0.014142)
    """
    parts = (slopes(function, values, deviations).T * floats(deviations)).T
    return np.asarray(function(*values), float), np.sqrt(np.sum(parts**2, axis=0))


def estimate(
    value: ArrayLike, std: ArrayLike, low: ArrayLike, high: ArrayLike, shares: Mapping[str, float]
) -> Estimate:
    """`Estimate` of plain numbers; arguments as its fields."""
    of_causes = {name: floats(share) for name, share in shares.items()}
    return Estimate(floats(value), floats(std), floats(low), floats(high), of_causes)


def in_words(found: Estimate, quantity: str) -> str:
    """An estimate with its standard deviation, in the unit of a quantity, as it is printed."""
    return with_error(float(found.value), float(found.std), quantity)


Part = Literal["all", "heating", "cooling"]
_PARTS = ("all", "heating", "cooling")


def with_stated(curve: Curve, T: Array, std: Array, window: object) -> Curve:
    """A curve of `averaged` points with the standard deviations that are stated for the single ones.

    `curve`: as `averaged` makes it of points at `T`.
    `T`, `std` (n,): temperatures in K and standard deviations in SI, 0 where none is stated.
    `window`: as for `averaged`.
    Returns: its standard deviations and the means of the stated ones, added in squares.

    >>> T = np.array([300.0, 400.0])
    >>> with_stated(averaged(T, T, ""), T, np.array([3.0, 4.0]), "5 K").std
    array([3., 4.])
    """
    stated = averaged(T, std, "", window=window).values
    own = np.zeros_like(stated) if curve.std is None else curve.std
    return curve.replace(std=np.hypot(own, stated))


def select(T: Array, part: Part) -> NDArray[np.bool_]:
    """Points of a run, in the order in which they were measured, that are on its way up or down.

    The hottest point belongs to both.

    `T` (n,): temperatures in K, in the order of the measurement.
    `part` {"all", "heating", "cooling"}: which points.
    Returns (n,)
    Raises `InputError` for another word, and for a part of which nothing but the hottest point was measured.

    >>> select(np.array([300.0, 400.0, 500.0, 400.0, 300.0]), "cooling")
    array([False, False,  True,  True,  True])
    """
    check_one_of("part", part, _PARTS)
    order, top = np.arange(T.size), int(np.argmax(T))
    chosen = {"heating": order <= top, "cooling": order >= top, "all": order >= 0}[part]
    if T.size > 1 and np.sum(chosen) < 2:
        end = "ends" if part == "cooling" else "begins"
        expected = f"there is no {part} in this run: it {end} with its hottest point, {T[top]:.4g} K"
        raise InputError(Fault("part", part, expected, 'take "all"'))
    return chosen


def groups(T: Array, window: float) -> tuple[NDArray[np.intp], Array]:
    """Groups of points between which the temperature jumps by more than the window.

    `T` (n,): temperatures in K, in any order.
    `window`: in K.
    Returns `index` (n,): group of every point.
    Returns `T` (groups,): mean temperature of every group in K, rising.

    >>> groups(np.array([301.0, 302.0, 401.0, 300.5]), 10.0)
    (array([0, 0, 1, 0]), array([301.16666667, 401.        ]))
    """
    order = np.argsort(T, kind="stable")
    index = np.empty(T.size, np.intp)
    index[order] = np.concatenate([[0], np.cumsum(np.diff(T[order]) > window)])
    return index, np.bincount(index, T) / np.bincount(index)


def averaged(
    T: Array,
    values: Array,
    quantity: str,
    *,
    window: object = "5 K",
    uncertainty: object = 0.0,
    name: str = "",
) -> Curve:
    """Curve through the means of groups of points.

    `T`, `values` (n,): in SI, in any order.
    `quantity`: name in the quantity table.
    `window`: points follow one another to a group while the temperature rises by at most this, in K.
    `uncertainty`: relative standard deviation of the instrument, which repeating does not reduce.
    `name`: for messages.
    Returns: with standard deviations: the scatter within a group over the root of its points, and the
        uncertainty; none if both are zero.
    Raises `InputError` for a window or an uncertainty that is wrong.

    >>> curve = averaged(np.array([300.0, 302.0, 400.0]), np.array([1.0, 1.2, 2.0]), "", uncertainty="5 %")
    >>> curve.T, curve.values, curve.std.round(4)
    (array([301., 400.]), array([1.1, 2. ]), array([0.1141, 0.1   ]))
    """
    given = {
        "window": (window, "delta_T", "a temperature difference from 0 K on is expected"),
        "uncertainty": (uncertainty, "relative_uncertainty"),
    }
    (width, _), (share, _) = read_inputs(given).values()
    index, temperatures = groups(T, width)
    count = np.bincount(index)
    mean = np.bincount(index, values) / count
    squares = np.bincount(index, (values - mean[index]) ** 2)
    scatter = np.sqrt(squares / np.maximum(count - 1, 1) / count)
    scatter[scatter <= ROUNDING * np.abs(mean)] = 0.0  # of equal readings
    std = np.hypot(scatter, share * mean)
    return Curve(temperatures, mean, quantity, std=std if np.any(std > 0) else None, name=name)
