"""Units: what users write becomes a float in SI, and back.

Inside `ioffe` every number is a plain float in SI units. At the border a value may be a number (SI already),
a text with a unit, a table with ``value``, ``unit`` and ``uncertainty``, or a quantity of pint, astropy,
xarray or pandas. The parser knows a closed list of symbols and spells the units of this field as the field
does.

>>> to_si("1.6 mm", "length"), to_si("250 degC", "temperature"), to_si("900 S/cm", "electrical_conductivity")
(0.0016, 523.15, 90000.0)
>>> to_si("2 mm", "thermal_conductivity", location="layer.thermal_conductivity")
Traceback (most recent call last):
    ...
ioffe.base.errors.UnitError: layer.thermal_conductivity = "2 mm": a thermal conductivity is expected,
in W/(m K), such as "1.6 W/(m K)"; "mm" is a length
"""

from ioffe.base.units.border import (
    QuantityLike,
    convert,
    floats,
    from_si,
    measured,
    parse_area,
    si_array,
    to_si,
    to_si_array,
    unit_of_header,
)
from ioffe.base.units.display import field_unit, format_si, usual_units
from ioffe.base.units.parser import Unit, parse_unit

__all__ = [
    "QuantityLike",
    "Unit",
    "convert",
    "field_unit",
    "floats",
    "format_si",
    "from_si",
    "measured",
    "parse_area",
    "parse_unit",
    "si_array",
    "to_si",
    "to_si_array",
    "unit_of_header",
    "usual_units",
]
