"""Numbers with their standard deviations as they are printed."""

from __future__ import annotations

from math import floor, isfinite, log10

from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert, format_si

__all__ = ["with_error"]

MOST_DECIMALS = 8


def with_error(value: float, std: float, quantity: str = "", unit: str = "") -> str:
    """Value and standard deviation in one unit, the deviation with two digits.

    Parameters
    ----------
    value, std : float
        In SI; without a standard deviation (0 or NaN) the value stands alone.
    quantity : str
        Name in the quantity table, for the unit.
    unit : str
        SI unit of a number that is no quantity of the table.

    Examples
    --------
    >>> with_error(1.199e-2, 2.13e-4, "weighted_mobility"), with_error(0.7214, 0.0131, "zT")
    ('119.9 ± 2.1 cm2/(V s)', '0.721 ± 0.013')
    >>> with_error(2e-4, 0.0, "seebeck"), with_error(2.1e25, 3e23, "carrier_density")
    ('200 uV/K', '(2.100 ± 0.030)e19 cm^-3')
    """
    if not isfinite(value):
        return "none"
    shown = format_si(value, quantity) if quantity else f"{value:.4g} {unit}".removesuffix(" 1").rstrip()
    if not isfinite(std) or std <= 0.0:
        return shown
    # a value below its error is shown in the unit of the error
    its = (format_si(max(abs(value), std), quantity) if quantity else shown).partition(" ")[2]
    if quantity:
        entry = QUANTITIES[quantity]
        value, std = (convert(x, entry.unit, its or "1") for x in (value, std))
    power = floor(log10(max(abs(value), std)))
    raised = power if abs(power) > 4 else 0
    value, std = value / 10.0**raised, std / 10.0**raised
    places = min(max(1 - floor(log10(std)), 0), MOST_DECIMALS)
    text = f"{value:.{places}f} ± {std:.{places}f}"
    text = f"({text})e{raised}" if raised else text
    return f"{text} {its}".rstrip()
