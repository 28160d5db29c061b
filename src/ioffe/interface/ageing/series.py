"""Measured ageing of one junction or sample: values over time, with the temperatures it was kept at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.interface._checks import POSITIVE, Checks, QuantityLike
from ioffe.interface.ageing.acceleration import TEMPERATURE


@dataclass(frozen=True, eq=False)
class AgeingSeries:
    """Values of a junction after times of ageing.

    Parameters
    ----------
    name : str
        Of the junction, such as ``Sb/MgAgSb``.
    times : array_like, shape (n,)
        In s since the fresh state, not running backwards.
    values : array_like, shape (n,)
        In SI, above 0.
    temperatures : array_like
        In K: one, n (straight between the times) or n - 1 (constant in each interval). May be left away if
        the temperature does not matter. With more than one the first time must be 0.
    std : array_like, optional
        Standard deviations of the values in SI, one or n.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> AgeingSeries("Sb/MgAgSb", [0.0, 30 * 86400.0], [20.8e-10, 7.9e-10], 573.0).relative
    array([1.        , 0.379...])
    >>> AgeingSeries("Ag/MgAgSb", [0.0, 43200.0, 3600.0], [6.1e-10, 1006e-10, 50e-10])
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: times[2] = 3600.0: a time not before 43200 s is expected; time runs forwards
    """

    name: str
    times: Array
    values: Array
    temperatures: Array | None = None
    std: Array | None = None

    def __init__(
        self,
        name: str,
        times: QuantityLike,
        values: ArrayLike,
        temperatures: QuantityLike | None = None,
        std: ArrayLike | None = None,
    ) -> None:
        T = None
        with Checks() as checks:
            t = checks.times("times", times)
            v = checks.series("values", values, POSITIVE)
            checks.same_length("values", v, "times", len(t))
            if temperatures is not None:
                T = checks.series("temperatures", temperatures, TEMPERATURE)
                if len(T) not in (1, len(t) - 1, len(t)):
                    expected = f"one temperature, {len(t)} or {len(t) - 1} are expected"
                    checks.add("temperatures", len(T), expected)
                elif len(T) > 1 and t[0] > 0.0:
                    expected = "the time 0 is expected first where temperatures change"
                    checks.add("times[0]", float(t[0]), expected)
            error = checks.std(std, v)
        for key, found in (("times", t), ("values", v), ("temperatures", T), ("std", error)):
            object.__setattr__(self, key, found)
        object.__setattr__(self, "name", name)

    @property
    def relative(self) -> Array:
        """Values over the first one, shape (n,)."""
        return self.values / self.values[0]

    def history(self) -> tuple[Array, Array]:
        """Times from 0 on and temperatures.

        Returns
        -------
        times : ndarray, shape (n,) or (n + 1,)
            In s, with the fresh state before the first time where that is not 0.
        temperatures : ndarray
            In K; empty where none are stated.
        """
        T = np.empty(0) if self.temperatures is None else self.temperatures
        return (self.times, T) if self.times[0] == 0.0 else (np.concatenate([[0.0], self.times]), T)
