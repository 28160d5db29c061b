"""Standard deviations of results from those of independent inputs, to first order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ioffe.base.errors import Faults
from ioffe.base.units import measured

__all__ = ["propagate", "read_inputs"]

_STEP = 1e-5


def read_inputs(given: Mapping[str, tuple[object, str]]) -> dict[str, tuple[float, float]]:
    """Values and standard deviations in SI of arguments as users write them.

    Parameters
    ----------
    given : mapping
        By the name of the argument: what was given, and the quantity it is.

    Raises
    ------
    InputError
        With the faults of all arguments.

    Examples
    --------
    >>> read_inputs({"density": ({"value": "6.65 g/cm3", "uncertainty": "1 %"}, "density")})
    {'density': (6650.0, 66.5)}
    """
    faults = Faults()
    found: dict[str, tuple[float, float]] = {}
    for name, (value, quantity) in given.items():
        with faults.collect():
            found[name] = measured(value, quantity, name)
    faults.raise_if_any()
    return found


def propagate(
    function: Callable[..., Any], values: Sequence[float], deviations: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Value of a function and its standard deviation, by central differences.

    Parameters
    ----------
    function : callable
        Of as many numbers as there are values; gives a number or a sequence.
    values, deviations : sequence of float
        Inputs and their standard deviations.

    Returns
    -------
    value, deviation : ndarray

    Examples
    --------
    >>> value, deviation = propagate(lambda a, b: a * b, [2.0, 3.0], [0.02, 0.03])
    >>> float(value), round(float(deviation / value), 6)  # 1 % and 1 %
    (6.0, 0.014142)
    """
    centre = np.asarray(function(*values), float)
    total = np.zeros_like(centre)
    for index, (value, deviation) in enumerate(zip(values, deviations, strict=True)):
        if deviation == 0.0:
            continue
        step = _STEP * (abs(value) or 1.0)
        sides = [list(values), list(values)]
        sides[0][index], sides[1][index] = value + step, value - step
        slope = np.subtract(*(np.asarray(function(*side), float) for side in sides)) / (2 * step)
        total = total + (slope * deviation) ** 2
    return centre, np.sqrt(total)
