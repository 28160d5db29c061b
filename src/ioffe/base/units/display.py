"""Numbers for people: display unit, prefix and a sensible number of digits."""

from __future__ import annotations

from functools import cache
from math import isfinite
from typing import Final

from ioffe.base.quantities import QUANTITIES
from ioffe.base.quantities import quantity as lookup
from ioffe.base.units.parser import parse_unit

__all__ = ["field_unit", "format_si", "usual_units"]

# Families of units, smallest first. A display unit that makes the number very small or large gives way to the
# largest of its family in which the number is at least 1.
_LADDERS: Final[tuple[tuple[str, ...], ...]] = (
    ("nm", "um", "mm", "m"),
    ("um2", "mm2", "cm2", "m2"),
    ("mm3", "cm3", "m3"),
    ("nW", "uW", "mW", "W", "kW"),
    ("nV", "uV", "mV", "V"),
    ("nA", "uA", "mA", "A"),
    ("nohm", "uohm", "mohm", "ohm", "kohm"),
    ("nohm cm2", "uohm cm2", "mohm cm2", "ohm cm2"),
    ("uohm cm", "mohm cm", "ohm cm"),
    ("uA/cm2", "mA/cm2", "A/cm2"),
    ("uW/cm2", "mW/cm2", "W/cm2"),
    ("Pa", "kPa", "MPa", "GPa"),
    ("ug", "mg", "g", "kg"),
    ("meV", "eV"),
    ("s", "min", "h", "day", "year"),
)
_LADDER_OF: Final = {unit: ladder for ladder in _LADDERS for unit in ladder}


def format_si(value: float, quantity: str, digits: int = 4) -> str:
    """A value in SI as people read it.

    `value`: in SI.
    `quantity`: name in :data:`ioffe.base.quantities.QUANTITIES`.
    `digits`: significant digits; zeros at the end are not written.
    Raises `InputError` if there is no such quantity.

    >>> format_si(0.0016, "length"), format_si(0.0123, "power"), format_si(300.0, "temperature")
    ('1.6 mm', '12.3 mW', '300 K')
    >>> format_si(7.9e-10, "electrical_contact_resistivity"), format_si(2.1e25, "carrier_density")
    ('7.9 uohm cm2', '2.1e19 cm^-3')
    >>> format_si(0.95, "zT")
    '0.95'
    """
    unit = lookup(quantity).display_unit
    if value and isfinite(value):
        unit = _readable_unit(float(f"{value:.{digits}g}"), unit)
    number = _number(value * parse_unit(unit).inverse, digits)
    return number if unit == "1" else f"{number} {unit}"


def usual_units(quantity: str) -> tuple[str, ...]:
    """Units in which people write a quantity: the display unit, then from the largest to the smallest.

    `quantity`: name in :data:`ioffe.base.quantities.QUANTITIES`.

    >>> usual_units("area")
    ('mm2', 'm2', 'cm2', 'um2')
    """
    unit = lookup(quantity).display_unit
    return tuple(dict.fromkeys((unit, *reversed(_LADDER_OF.get(unit, ())))))


def field_unit(largest: float, unit: str, quantity: str = "") -> str:
    """Unit in which people read a column of numbers.

    `largest`: largest absolute value in SI.
    `unit`: SI unit.
    `quantity`: name in :data:`ioffe.base.quantities.QUANTITIES`, if it is one of them.
    Returns: the display unit, or that of its family in which the largest value is readable.

    >>> field_unit(2.4e-4, "V/K", "seebeck"), field_unit(0.0123, "W", "power")
    ('uV/K', 'mW')
    >>> field_unit(1e-9, "ohm m2"), field_unit(0.004, "ohm"), field_unit(2.0, "kg m")
    ('uohm cm2', 'mohm', 'kg m')
    """
    display = lookup(quantity).display_unit if quantity else _display_units().get(unit, unit)
    return _readable_unit(largest, display) if largest and isfinite(largest) else display


@cache
def _display_units() -> dict[str, str]:
    """Display units by SI units, of those that all quantities of an SI unit show alike."""
    shown: dict[str, set[str]] = {}
    for entry in QUANTITIES.values():
        shown.setdefault(entry.unit, set()).add(entry.display_unit)
    return {unit: next(iter(display)) for unit, display in shown.items() if len(display) == 1}


def _readable_unit(value: float, unit: str) -> str:
    if 0.1 <= abs(value) * parse_unit(unit).inverse < 1000:
        return unit
    ladder = _LADDER_OF.get(unit, (unit,))
    for candidate in reversed(ladder):
        if abs(value) * parse_unit(candidate).inverse >= 1 - 1e-12:
            return candidate
    return ladder[0]


def _number(value: float, digits: int) -> str:
    """Significant digits, without an exponent between 1e-4 and 1e6."""
    if not isfinite(value):
        return str(value)
    value = float(f"{value:.{digits}g}")
    size = abs(value)
    if size and not 1e-4 <= size < 1e6:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        return f"{_trimmed(mantissa)}e{int(exponent)}"
    whole = len(str(int(size))) if size >= 1 else -_zeros(size)
    return _trimmed(f"{value:.{max(digits - whole, 0)}f}")


def _zeros(size: float) -> int:
    """Zeros between the point and the first digit."""
    return -int(f"{size:e}".partition("e")[2]) - 1 if size else 0


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
