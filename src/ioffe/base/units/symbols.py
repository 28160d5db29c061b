"""The closed list of unit symbols, their prefixes, and the names of dimensions.

A symbol not listed here does not exist: there is no rule by which an unforeseen text could become a unit.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias

__all__ = [
    "CONFUSED",
    "DIMENSIONLESS",
    "NAMED",
    "OTHER_SYSTEMS",
    "SYMBOLS",
    "Dimension",
    "Symbol",
    "base_unit_text",
]

Dimension: TypeAlias = tuple[int, int, int, int, int, int, int]
"""Powers of metre, kilogram, second, ampere, kelvin, mole and dollar."""

BASE_UNITS: Final = ("m", "kg", "s", "A", "K", "mol", "USD")
DIMENSIONLESS: Final[Dimension] = (0, 0, 0, 0, 0, 0, 0)

PREFIXES: Final = {
    "f": Fraction(1, 10**15),
    "p": Fraction(1, 10**12),
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 10**3),
    "c": Fraction(1, 100),
    "": Fraction(1),
    "k": Fraction(10**3),
    "M": Fraction(10**6),
    "G": Fraction(10**9),
    "T": Fraction(10**12),
}


class Symbol(NamedTuple):
    """Factor to SI and dimension of a symbol."""

    ratio: Fraction
    dimension: Dimension


_E: Final = Fraction("1.602176634e-19")
_PI: Final = Fraction("3.14159265358979323846264338327950288")

# symbol, factor to SI, dimension, prefixes in use beside none
_STEMS: Final[tuple[tuple[str, Fraction | int, Dimension, str], ...]] = (
    ("m", 1, (1, 0, 0, 0, 0, 0, 0), "pnumck"),
    ("g", Fraction(1, 1000), (0, 1, 0, 0, 0, 0, 0), "umk"),
    ("s", 1, (0, 0, 1, 0, 0, 0, 0), "fpnum"),
    ("A", 1, (0, 0, 0, 1, 0, 0, 0), "numk"),
    ("K", 1, (0, 0, 0, 0, 1, 0, 0), ""),
    ("mol", 1, (0, 0, 0, 0, 0, 1, 0), "umk"),
    ("USD", 1, (0, 0, 0, 0, 0, 0, 1), ""),
    ("V", 1, (2, 1, -3, -1, 0, 0, 0), "numk"),
    ("W", 1, (2, 1, -3, 0, 0, 0, 0), "numkM"),
    ("J", 1, (2, 1, -2, 0, 0, 0, 0), "umkM"),
    ("ohm", 1, (2, 1, -3, -2, 0, 0, 0), "numkM"),
    ("S", 1, (-2, -1, 3, 2, 0, 0, 0), "numkM"),
    ("C", 1, (0, 0, 1, 1, 0, 0, 0), "num"),
    ("F", 1, (-2, -1, 4, 2, 0, 0, 0), "pnum"),
    ("T", 1, (0, 1, -2, -1, 0, 0, 0), "m"),
    ("G", Fraction(1, 10**4), (0, 1, -2, -1, 0, 0, 0), "k"),  # gauss
    ("Oe", Fraction(1, 10**4), (0, 1, -2, -1, 0, 0, 0), "k"),  # oersted, as the flux density it makes in air
    ("N", 1, (1, 1, -2, 0, 0, 0, 0), "mk"),
    ("Pa", 1, (-1, 1, -2, 0, 0, 0, 0), "kMG"),
    ("bar", 10**5, (-1, 1, -2, 0, 0, 0, 0), "m"),
    ("Hz", 1, (0, 0, -1, 0, 0, 0, 0), "kMGT"),
    ("eV", _E, (2, 1, -2, 0, 0, 0, 0), "mk"),
    ("angstrom", Fraction(1, 10**10), (1, 0, 0, 0, 0, 0, 0), ""),
    ("min", 60, (0, 0, 1, 0, 0, 0, 0), ""),
    ("h", 3600, (0, 0, 1, 0, 0, 0, 0), ""),
    ("day", 86400, (0, 0, 1, 0, 0, 0, 0), ""),
    ("year", Fraction("31557600"), (0, 0, 1, 0, 0, 0, 0), ""),
    ("deg", _PI / 180, DIMENSIONLESS, ""),
    ("rad", 1, DIMENSIONLESS, "m"),
    ("%", Fraction(1, 100), DIMENSIONLESS, ""),
    ("ppm", Fraction(1, 10**6), DIMENSIONLESS, ""),
)

_ALIASES: Final = {
    "Ohm": "ohm",
    "days": "day",
    "years": "year",
    "hours": "h",
    "hour": "h",
    "micron": "um",
    "gauss": "G",
    "Gauss": "G",
    "Gs": "G",
    "kGs": "kG",
    "oersted": "Oe",
    "Oersted": "Oe",
    "kGauss": "kG",
}


def _symbols() -> dict[str, Symbol]:
    table = {
        prefix + stem: Symbol(PREFIXES[prefix] * factor, dimension)
        for stem, factor, dimension, prefixes in _STEMS
        for prefix in ("", *prefixes)
    }
    table |= {f"{prefix}Ohm": table[f"{prefix}ohm"] for prefix in "numkM"}
    return table | {alias: table[symbol] for alias, symbol in _ALIASES.items()}


SYMBOLS: Final[dict[str, Symbol]] = _symbols()
"""Every symbol with every prefix it may carry; micro is u, into which the parser turns both mu signs."""

CONFUSED: Final = {
    "degf": "degC or K",
    "mins": "min",
    "hrs": "h",
    "kelvin": "K",
    "celsius": "degC",
    "degk": "K",
    "ohms": "ohm",
    "seconds": "s",
    "minutes": "min",
    "sec": "s",
    "hr": "h",
    "yr": "year",
    "watt": "W",
    "volt": "V",
    "amp": "A",
    "siemens": "S",
    **dict.fromkeys(("metre", "metres", "meter", "meters"), "m"),
    **dict.fromkeys(("centimetre", "centimetres", "centimeter", "centimeters"), "cm"),
    **dict.fromkeys(("millimetre", "millimetres", "millimeter", "millimeters"), "mm"),
    **dict.fromkeys(("micrometre", "micrometres", "micrometer", "micrometers"), "um"),
    "microohm": "uohm",
    "milliohm": "mohm",
    "microv": "uV",
    "microvolt": "uV",
    "millivolt": "mV",
    "milliamp": "mA",
    "milliwatt": "mW",
    "usd": "USD",
    "$": "USD",
    "eur": "USD",
}
"""What is offered for words that are near to a symbol in meaning and not in spelling (in lower case)."""

OTHER_SYSTEMS: Final = {
    **dict.fromkeys(("in", "inch", "inches"), "25.4 mm"),
    **dict.fromkeys(("ft", "foot", "feet"), "304.8 mm"),
    **dict.fromkeys(("mil", "mils", "thou"), "25.4 um"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "0.45359237 kg"),
    "psi": "6894.757 Pa",
    "atm": "101325 Pa",
    **dict.fromkeys(("torr", "mmhg"), "133.3224 Pa"),
    "cal": "4.184 J",
    "btu": "1055.056 J",
}
"""What units that are not read are worth (in lower case): a symbol in their place would be another value."""


def base_unit_text(dimension: Dimension) -> str:
    """A dimension written in SI base units.

    >>> base_unit_text((1, 1, -3, 0, -1, 0, 0))
    'm kg/(s3 K)'
    """
    above = [_power(unit, n) for unit, n in zip(BASE_UNITS, dimension, strict=True) if n > 0]
    below = [_power(unit, -n) for unit, n in zip(BASE_UNITS, dimension, strict=True) if n < 0]
    text = " ".join(above) or "1"
    if not below:
        return text
    return f"{text}/{below[0]}" if len(below) == 1 else f"{text}/({' '.join(below)})"


def _power(unit: str, exponent: int) -> str:
    return unit if exponent == 1 else f"{unit}{exponent}"


NAMED: Final[tuple[tuple[str, str], ...]] = (
    ("m", "a length"),
    ("m2", "an area"),
    ("m3", "a volume"),
    ("kg", "a mass"),
    ("s", "a time"),
    ("Hz", "a frequency"),
    ("A", "an electric current"),
    ("K", "a temperature"),
    ("mol", "an amount of substance"),
    ("USD", "a sum of money"),
    ("V", "a voltage"),
    ("W", "a power"),
    ("J", "an energy"),
    ("ohm", "an electrical resistance"),
    ("S", "an electrical conductance"),
    ("C", "an electric charge"),
    ("F", "a capacitance"),
    ("T", "a magnetic field"),
    ("N", "a force"),
    ("Pa", "a pressure"),
    ("1", "a plain number"),
    ("1/m", "a number by length"),
    ("1/m2", "a number by area"),
    ("1/m3", "a density of particles"),
    ("1/K", "a thermal expansion"),
    ("m/s", "a velocity"),
    ("m2/s", "a diffusivity"),
    ("V/K", "a Seebeck coefficient"),
    ("V/m", "an electric field"),
    ("K/m", "a temperature gradient"),
    ("S/m", "an electrical conductivity"),
    ("ohm m", "an electrical resistivity"),
    ("ohm m2", "an electrical contact resistivity"),
    ("W/(m K)", "a thermal conductivity"),
    ("W/(m2 K)", "a heat transfer coefficient"),
    ("W/(m K2)", "a power factor"),
    ("W/K", "a thermal conductance"),
    ("K/W", "a thermal resistance"),
    ("m K/W", "a thermal resistivity"),
    ("m2 K/W", "a thermal contact resistance"),
    ("W/m2", "a power by area"),
    ("A/m2", "a current density"),
    ("kg/m3", "a mass density"),
    ("kg/s", "a mass flow"),
    ("kg/mol", "a molar mass"),
    ("J/(kg K)", "a specific heat capacity"),
    ("J/(mol K)", "a molar heat capacity"),
    ("J/mol", "a molar energy"),
    ("m2/(V s)", "a mobility"),
    ("m3/C", "a Hall coefficient"),
    ("V2/K2", "a Lorenz number"),
    ("USD/kg", "a price by mass"),
    ("USD/m2", "a price by area"),
    ("USD/W", "a price by power"),
)
"""Units and what a quantity measured in them is, for messages."""
