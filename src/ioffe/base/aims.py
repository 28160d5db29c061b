"""The one table of aims: what the current of a device may be chosen for.

An aim makes a quantity of the result as large as possible, makes it vanish, or makes it reach a given value:
the largest power and efficiency of a generator, the largest heat, coefficient of performance and temperature
difference of a cooler, the short circuit, and a given heat load. Conditions, solvers, engines, derivatives,
results and reports take names and order from here.

>>> aim = AIMS["max_power"]
>>> aim.quantity, aim.maxima, aim.current
('power', ('max_power', 'max_power_current'), 'max_power_current')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["AIMS", "LARGEST", "MAXIMA", "Aim", "aims_of"]

Mode = Literal["generate", "cool"]


@dataclass(frozen=True)
class Aim:
    """One aim, and what a result says of it.

    `name`: as users write it in place of a current, such as ``"max_power"``.
    `quantity`: quantity of the operating point, by its name in the quantity table, that the aim is about.
    `mode` {"generate", "cool"}: mode of operation.
    `maxima`: quantities of a result that hold its value, its current and what else belongs to it.
    `is_word`: whether the name may be given in place of a current; the others follow from other conditions.
    `free`: what the aim decides: the current, and the cold-side temperature where none is imposed.
    """

    name: str
    quantity: str
    mode: Mode
    maxima: tuple[str, ...]
    is_word: bool = True
    free: tuple[str, ...] = ("current",)

    @property
    def current(self) -> str:
        """Quantity of a result that holds its current."""
        return f"{self.name}_current"

    @property
    def is_largest(self) -> bool:
        """Whether the quantity becomes as large as possible, and not zero or a given value."""
        return self.name in self.maxima


def _largest(name: str, quantity: str, mode: Mode) -> Aim:
    return Aim(name, quantity, mode, (name, f"{name}_current"))


_DELTA_T = ("delta_T_max", "delta_T_max_current", "delta_T_max_voltage")
_TABLE = (
    Aim("short_circuit", "voltage", "generate", ("short_circuit_current",), is_word=False),
    _largest("max_power", "power", "generate"),
    _largest("max_efficiency", "efficiency", "generate"),
    _largest("max_heat", "heat_cold", "cool"),
    _largest("max_COP", "COP", "cool"),
    Aim("delta_T_max", "delta_T", "cool", _DELTA_T, is_word=False, free=("current", "T_cold")),
    Aim("heat", "heat_cold", "cool", (), is_word=False),
)
AIMS = {aim.name: aim for aim in _TABLE}
"""Every aim by its name; ``"heat"`` is the smaller current that carries a heat load."""
LARGEST = {aim.name: aim for aim in _TABLE if aim.is_largest}
"""The aims that make a quantity as large as possible."""
MAXIMA = (
    *("open_circuit_voltage", "internal_resistance"),
    *(name for aim in _TABLE for name in aim.maxima),
)
"""Quantities of a result that belong to a pair of temperatures and not to an operating point, in order."""


def aims_of(mode: Mode) -> tuple[str, ...]:
    """Names of the aims of a mode that may be given in place of a current.

    `mode` {"generate", "cool"}: mode of operation.

    >>> aims_of("generate"), aims_of("cool")
    (('max_power', 'max_efficiency'), ('max_heat', 'max_COP'))
    """
    return tuple(aim.name for aim in _TABLE if aim.mode == mode and aim.is_word)
