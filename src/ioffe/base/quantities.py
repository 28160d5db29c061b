"""The quantity table: every physical quantity by its name, symbol, units and bounds.

One table drives CSV headers, JSON keys, plot labels, schemas and the glossary, so that a quantity has one
name everywhere.

>>> quantity("thermal_conductivity").unit
'W/(m K)'
>>> quantity("thermal_conductivty")
Traceback (most recent call last):
    ...
ioffe.base.errors.InputError: "thermal_conductivty": the name of a quantity is expected;
did you mean "thermal_conductivity"?
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ioffe.base._quantity_table import ROWS, Row
from ioffe.base.errors import Fault, InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["QUANTITIES", "Quantity", "glossary", "quantity", "short_words"]

_SPOKEN: Final = {
    "kappa": "thermal_conductivity",
    "k": "thermal_conductivity",
    "sigma": "electrical_conductivity",
    "conductivity": "electrical_conductivity",
    "rho": "electrical_resistivity",
    "resistivity": "electrical_resistivity",
    "s": "seebeck",
    "alpha": "seebeck",
    "seebeck_coefficient": "seebeck",
    "t": "temperature",
    "pf": "power_factor",
    "contact_resistivity": "electrical_contact_resistivity",
    "rho_c": "electrical_contact_resistivity",
    "dt": "delta_T",
    "p_max": "max_power",
    "eta_max": "max_efficiency",
    "zt_avg": "average_zT",
    "kappa_lat": "lattice_thermal_conductivity",
    "r_in": "internal_resistance",
    "cte": "thermal_expansion",
    "eta": "efficiency",
}


@dataclass(frozen=True)
class Quantity:
    r"""A physical quantity.

    `name`: the word used in code, files and keys, such as ``electrical_conductivity``.
    `symbol`: as in plots; Matplotlib mathtext, such as ``$\sigma$``.
    `unit`, `display_unit`: SI unit, in which every number inside `ioffe` is held, and the unit in which
        people read it.
    `lower`, `upper`: smallest and largest value an input may have, in SI; infinite where there is no bound.
    `description`: one line for the glossary.
    `exclusive`: whether the lower bound itself is excluded (a length must be above 0).
    `noun`, `example`: how messages speak of it (``a thermal conductivity``) and a value as one would write it
        (``1.6 W/(m K)``).

    >>> quantity("length").range_text, quantity("emissivity").range_text, quantity("seebeck").range_text
    ('above 0 m', 'from 0 to 1', '')
    """

    name: str
    symbol: str
    unit: str
    display_unit: str
    lower: float
    upper: float
    description: str
    exclusive: bool = False
    noun: str = ""
    example: str = ""

    @property
    def is_difference(self) -> bool:
        """Whether it is a difference of temperatures, for which degC is refused."""
        return self.name.startswith("delta_T") and self.unit == "K"

    @property
    def expectation(self) -> str:
        """What is expected, as a clause of an error message.

        >>> quantity("length").expectation
        'a length is expected, in m, such as "1.6 mm"'
        """
        in_unit = "" if self.unit == "1" else f", in {self.unit}"
        return f'{self.noun} is expected{in_unit}, such as "{self.example}"'

    @property
    def range_text(self) -> str:
        """The bounds in words, empty if there are none."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        if isfinite(self.lower) and isfinite(self.upper):
            start = f"above {self.lower:g} and up to" if self.exclusive else f"from {self.lower:g} to"
            return f"{start} {self.upper:g}{unit}"
        if isfinite(self.lower):
            return f"above {self.lower:g}{unit}" if self.exclusive else f"{self.lower:g}{unit} or more"
        return f"{self.upper:g}{unit} or less" if isfinite(self.upper) else ""

    @property
    def label(self) -> str:
        r"""Symbol and display unit for the axis of a plot.

        >>> quantity("thermal_conductivity").label, quantity("zT").label
        ('$\\kappa$ (W/(m K))', '$zT$')
        """
        return self.symbol if self.display_unit == "1" else f"{self.symbol} ({self.display_unit})"

    def admits(self, value: float) -> bool:
        """Whether a value in SI lies within the bounds.

        >>> quantity("length").admits(0.0), quantity("emissivity").admits(1.0)
        (False, True)
        """
        return (value > self.lower if self.exclusive else value >= self.lower) and value <= self.upper


def _quantity(row: Row) -> Quantity:
    bounds = row.bounds
    return Quantity(
        row.name,
        row.symbol,
        row.unit,
        row.display_unit,
        bounds.lower,
        bounds.upper,
        row.description,
        bounds.exclusive,
        row.noun,
        row.example,
    )


QUANTITIES: Final[Mapping[str, Quantity]] = MappingProxyType({row.name: _quantity(row) for row in ROWS})
"""Every quantity by its name; read-only."""


def quantity(name: str) -> Quantity:
    """The quantity of that name.

    Raises `InputError` if there is none; the message offers the nearest name.

    >>> quantity("seebeck").display_unit
    'uV/K'
    """
    try:
        return QUANTITIES[name]
    except (KeyError, TypeError):
        spoken = _SPOKEN.get(name.lower()) if isinstance(name, str) else None
        advice = f'did you mean "{spoken}"?' if spoken else did_you_mean(name, QUANTITIES)
        raise InputError(Fault("", name, "the name of a quantity is expected", advice)) from None


def short_words(name: str) -> tuple[str, ...]:
    """What headers call a quantity in short.

    `name`: name in the quantity table.

    >>> short_words("electrical_contact_resistivity")
    ('contact resistivity', 'rho c')
    """
    return tuple(short.replace("_", " ") for short, long in _SPOKEN.items() if long == name)


def glossary() -> list[dict[str, str]]:
    """The table as rows of texts, for documents and tables on a terminal.

    Returns: keys ``name``, ``symbol``, ``unit``, ``display_unit``, ``bounds`` and ``description``.

    >>> row = glossary()[0]
    >>> row["name"], row["unit"], row["description"]
    ('temperature', 'K', 'absolute temperature')
    """
    return [
        {
            "name": entry.name,
            "symbol": entry.symbol,
            "unit": entry.unit,
            "display_unit": entry.display_unit,
            "bounds": entry.range_text,
            "description": entry.description,
        }
        for entry in QUANTITIES.values()
    ]
