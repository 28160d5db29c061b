"""Published and computed values side by side: the verdict, and both as text in the unit of the paper.

A verdict is computed from deviation and uncertainty, never claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import floor, hypot, inf, isfinite, log10, nan
from typing import Any

from ioffe.base.plotting import unit_label
from ioffe.base.units import from_si, parse_unit
from ioffe.published.values import PublishedValue, half_digit

COVERAGE = 2.0
"""Combined standard deviations within which a computed value agrees."""
COARSEST, WIDEST = 0.05, 0.15
"""Shares of the published value: a coarser print or a wider band of uncertainty decides nothing."""
ROUNDING = 1e-9
"""Share of the tolerance that decimal fractions may miss it by."""
NONE = "–"
LEAST_SHARE, MOST_SHARE = 0.05, 999.5
"""Per cent below which a deviation is none, and from which it is printed as a factor."""
LARGE, SMALL, SMALL_SPREAD = 1e6, 1e-5, 1e-4
"""From and below which a number is printed as a power of ten, and below which a spread is."""
_BOUNDS = {"equal": "", "at least": "≥ ", "at most": "≤ "}
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Verdict(Enum):
    """What is said of a value."""

    REPRODUCED = "reproduced"
    WITHIN = "within input uncertainty"
    UNDECIDABLE = "not decidable"
    NOT_REPRODUCED = "not reproduced"
    NOT_YET = "not yet"


@dataclass(frozen=True)
class Computed:
    """A computed value with what the errors and ranges of its inputs make of it.

    `value`: in SI.
    `std`: standard deviation from those of the inputs.
    `below`, `above`: how far it moves down and up over the stated ranges of the assumptions, 0 or more.
    """

    value: float
    std: float = 0.0
    below: float = 0.0
    above: float = 0.0


@dataclass(frozen=True)
class ComparedValue:
    """One published value, the computed one, and the verdict.

    `published`: as the paper states it.
    `computed`: None where it cannot be computed yet.
    `verdict`: as `judge` says.
    `asked`: names of the assumptions that move the computed value.
    """

    published: PublishedValue
    computed: Computed | None
    verdict: Verdict
    asked: tuple[str, ...] = ()

    @property
    def deviation(self) -> float:
        """Computed less published over published; NaN where nothing was computed or zero was published."""
        if self.computed is None or self.published.value == 0:
            return nan
        return deviation(self.published, self.computed.value) / abs(self.published.value)

    def cells(self) -> dict[str, Any]:
        """The comparison as cells of a table; values in the unit that is printed, NaN where there is none."""
        p, c = self.published, self.computed or Computed(nan, nan, nan, nan)
        scale = parse_unit(p.unit).factor
        names = ("key", "quantity", "place", "unit", "bound", "inputs", "evidence", "same_as")
        return {
            **{name: getattr(p, name) for name in names},
            "published": from_si(p.value, p.unit),
            "printed": p.text,
            "published_std": p.std / scale,
            "tolerance": p.tolerance / scale,
            "computed": from_si(c.value, p.unit),
            "computed_std": c.std / scale,
            "range_low": -c.below / scale,
            "range_high": c.above / scale,
            "deviation": self.deviation,
            "assumed": ", ".join(self.asked),
            "verdict": self.verdict.value,
            "why": p.not_yet or p.why,
        }


def deviation(published: PublishedValue, computed: float) -> float:
    """Computed less published in SI; for a bound, by how much it is missed (0 if it is kept)."""
    difference = computed - published.value
    beyond = {"at least": min(difference, 0.0), "at most": max(difference, 0.0)}
    return beyond.get(published.bound, difference)


def band(published: PublishedValue, computed: Computed, side: float) -> float:
    """How far a computed value may be off by its uncertainty, in SI.

    Two combined standard deviations (of the measurement, and of the inputs propagated) and the change over
    the stated ranges of the assumptions, as independent; `side` is the sign of the deviation.
    """
    spread = COVERAGE * hypot(published.std, computed.std)
    return hypot(spread, computed.below if side > 0 else computed.above)


def judge(published: PublishedValue, computed: Computed | None) -> Verdict:
    """The verdict on one value.

    `computed`: None if it cannot be computed yet.
    Returns: `not reproduced` beyond the tolerance and the band of uncertainty together (see :func:`band`),
        and for a value that is not finite. What agrees is `not decidable` where the print is coarser than 5 %
        of the value or the band is 15 % of it or more on either side; else `reproduced` within the tolerance,
        and `within input uncertainty` beyond it.
    """
    if published.not_yet or computed is None:
        return Verdict.NOT_YET
    if not isfinite(computed.value):
        return Verdict.NOT_REPRODUCED
    off, size = deviation(published, computed.value), abs(published.value)
    allowed, width = published.tolerance * (1.0 + ROUNDING), band(published, computed, off)
    if abs(off) > allowed + width:
        return Verdict.NOT_REPRODUCED
    widest = max(band(published, computed, side) for side in (-1.0, 1.0))
    if allowed > COARSEST * size * (1.0 + 2.0 * ROUNDING) or widest >= WIDEST * size:
        return Verdict.UNDECIDABLE
    return Verdict.REPRODUCED if abs(off) <= allowed else Verdict.WITHIN


def unit_words(unit: str) -> str:
    """Unit as it is printed, that of the cubic angstrom too.

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


def computed_text(row: ComparedValue) -> str:
    """Computed value with one digit more than is printed, as far as its spread has two digits there."""
    if row.computed is None:
        return NONE
    unit, spreads = row.published.unit, (row.computed.std, row.computed.below, row.computed.above)
    finest = min((x / parse_unit(unit).factor for x in spreads if x), default=0.0)
    return _with_unit(number_text(from_si(row.computed.value, unit), row.published.text, finest), unit)


def spread_text(row: ComparedValue) -> str:
    """What the errors of the inputs make of a computed value, and the ranges of the assumptions; or empty."""
    if row.computed is None:
        return ""
    scale = parse_unit(row.published.unit).factor
    std, below, above = (x / scale for x in (row.computed.std, row.computed.below, row.computed.above))
    parts = [f"± {_rounded(std)}"] if std else []
    if below or above:
        parts.append(f"(−{_rounded(below)} +{_rounded(above)})")
    return " ".join(parts)


def deviation_text(row: ComparedValue) -> str:
    """Deviation in per cent of the published value; in its unit where that is zero."""
    if row.computed is None or not isfinite(row.computed.value):
        return NONE
    if row.published.value == 0:
        off = deviation(row.published, row.computed.value) / parse_unit(row.published.unit).factor
        return f"{off:+.3g}".replace("-", "−")
    share = 100.0 * row.deviation
    if abs(share) >= MOST_SHARE:
        return f"× {row.computed.value / row.published.value:.3g}"
    return f"{share:+.1f} %".replace("-", "−") if abs(share) >= LEAST_SHARE else "0.0 %"


def number_text(value: float, like: str, spread: float = 0.0) -> str:
    """A number with one digit more than another one is printed with, and two digits of its spread.

    >>> number_text(120.814981, "120.81498", 3.7)
    '120.8'
    >>> number_text(1.02364, "0.90"), number_text(2.659e-25, "2.79e-25"), number_text(0.2456, "0.0008")
    ('1.024', '2.659×10⁻²⁵', '0.24560')
    """
    if not isfinite(value):
        return "none"
    last = half_digit(like) / 5.0
    places = max(0, -floor(log10(last) + 0.5))
    if 0.0 < spread < inf:
        places = min(places, max(0, 1 - floor(log10(spread))))
    if "e" in like.lower() or abs(value) >= LARGE or 0 < abs(value) < SMALL:
        exponent = floor(log10(abs(value))) if value else 0
        digits = max(0, exponent - floor(log10(last) + 0.5))
        return _powers(f"{value / 10.0**exponent:.{min(digits, 6)}f}e{exponent}")
    return f"{value:.{places}f}".replace("-", "−")


def _rounded(value: float) -> str:
    """Two significant digits."""
    if value == 0 or not isfinite(value):
        return "0"
    if abs(value) >= LARGE or abs(value) < SMALL_SPREAD:
        return _powers(f"{value:.1e}")
    places = max(0, 1 - floor(log10(abs(value))))
    return f"{value:.{places}f}"


def _powers(text: str) -> str:
    mantissa, e, exponent = text.lower().partition("e")
    mantissa = mantissa.replace("-", "−")
    if not e:
        return mantissa
    return mantissa + "×10" + str(int(exponent)).translate(_SUPERSCRIPT)


def _with_unit(number: str, unit: str) -> str:
    return number if unit == "1" else f"{number} {unit_words(unit)}"
