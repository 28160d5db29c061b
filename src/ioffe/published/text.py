"""Published and computed values as text, in the unit of the paper."""

from __future__ import annotations

from math import floor, isfinite, log10

from ioffe.base.plotting import unit_label
from ioffe.base.units import from_si, parse_unit
from ioffe.published.run import Row
from ioffe.published.unit_value import half_digit
from ioffe.published.value import PublishedValue
from ioffe.published.verdict import deviation

__all__ = ["computed_text", "deviation_text", "number_text", "published_text", "spread_text", "unit_words"]

NONE = "–"
_BOUNDS = {"equal": "", "at least": "≥ ", "at most": "≤ "}


def unit_words(unit: str) -> str:
    """Unit as it is printed, that of the cubic angstrom too.

    Examples
    --------
    >>> unit_words("uohm cm2"), unit_words("Å3")
    ('µΩ cm²', 'Å³')
    """
    return unit_label(unit).replace("Å3", "Å³")


def published_text(value: PublishedValue) -> str:
    """As the paper prints it, with the sign of a bound and the stated error."""
    spread = ""
    if value.std:
        spread = f" ± {_rounded(value.std / parse_unit(value.unit).factor)}"
    return _with_unit(f"{_BOUNDS[value.bound]}{_powers(value.text)}{spread}", value.unit)


def computed_text(row: Row) -> str:
    """Computed value with one digit more than is printed."""
    if row.computed is None:
        return NONE
    unit = row.published.unit
    return _with_unit(number_text(from_si(row.computed.value, unit), row.published.text), unit)


def spread_text(row: Row) -> str:
    """What the errors of the inputs make of a computed value, and the ranges of the assumptions; or empty."""
    if row.computed is None:
        return ""
    scale = parse_unit(row.published.unit).factor
    std, below, above = (x / scale for x in (row.computed.std, row.computed.below, row.computed.above))
    parts = [f"± {_rounded(std)}"] if std else []
    if below or above:
        parts.append(f"(−{_rounded(below)} +{_rounded(above)})")
    return " ".join(parts)


def deviation_text(row: Row) -> str:
    """Deviation in per cent of the published value; in its unit where that is zero."""
    if row.computed is None or not isfinite(row.computed.value):
        return NONE
    if row.published.value == 0:
        off = deviation(row.published, row.computed.value) / parse_unit(row.published.unit).factor
        return f"{off:+.3g}".replace("-", "−")
    share = 100.0 * row.deviation
    if abs(share) >= 999.5:
        return f"× {row.computed.value / row.published.value:.3g}"
    return f"{share:+.1f} %".replace("-", "−") if abs(share) >= 0.05 else "0.0 %"


def number_text(value: float, like: str) -> str:
    """A number with one digit more than another one is printed with.

    Examples
    --------
    >>> number_text(1.02364, "0.90"), number_text(2.659e-25, "2.79e-25"), number_text(0.2456, "0.0008")
    ('1.024', '2.659×10⁻²⁵', '0.24560')
    """
    if not isfinite(value):
        return "none"
    last = half_digit(like) / 5.0
    places = max(0, -floor(log10(last) + 0.5))
    if "e" in like.lower() or abs(value) >= 1e6 or 0 < abs(value) < 1e-5:
        exponent = floor(log10(abs(value))) if value else 0
        digits = max(0, exponent - floor(log10(last) + 0.5))
        return _powers(f"{value / 10.0**exponent:.{min(digits, 6)}f}e{exponent}")
    return f"{value:.{places}f}".replace("-", "−")


def _rounded(value: float) -> str:
    """Two significant digits."""
    if value == 0 or not isfinite(value):
        return "0"
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return _powers(f"{value:.1e}")
    places = max(0, 1 - floor(log10(abs(value))))
    return f"{value:.{places}f}"


def _powers(text: str) -> str:
    mantissa, e, exponent = text.lower().partition("e")
    mantissa = mantissa.replace("-", "−")
    if not e:
        return mantissa
    return mantissa + "×10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _with_unit(number: str, unit: str) -> str:
    return number if unit == "1" else f"{number} {unit_words(unit)}"
