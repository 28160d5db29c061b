"""Whether a published value is reproduced: computed from deviation and uncertainty, never claimed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import hypot, isfinite

from ioffe.published.value import PublishedValue

__all__ = ["Computed", "Verdict", "deviation", "judge"]

COVERAGE = 2.0
"""Combined standard deviations within which a computed value agrees."""
_ROUNDING = 1e-9
"""Share of the tolerance that decimal fractions may miss it by."""


class Verdict(Enum):
    """What is said of a value."""

    REPRODUCED = "reproduced"
    WITHIN = "within input uncertainty"
    NOT_REPRODUCED = "not reproduced"
    NOT_YET = "not yet"


@dataclass(frozen=True)
class Computed:
    """A computed value with what the errors and ranges of its inputs make of it.

    Parameters
    ----------
    value : float
        In SI.
    std : float
        Standard deviation from those of the inputs.
    below, above : float
        How far it moves down and up over the stated ranges of the assumptions, 0 or more.
    """

    value: float
    std: float = 0.0
    below: float = 0.0
    above: float = 0.0


def deviation(published: PublishedValue, computed: float) -> float:
    """Computed less published in SI; for a bound, by how much it is missed (0 if it is kept)."""
    difference = computed - published.value
    if published.bound == "at least":
        return min(difference, 0.0)
    if published.bound == "at most":
        return max(difference, 0.0)
    return difference


def judge(published: PublishedValue, computed: Computed | None) -> Verdict:
    """The verdict on one value.

    Parameters
    ----------
    published : PublishedValue
    computed : Computed or None
        None if it cannot be computed yet.

    Returns
    -------
    Verdict
        `reproduced` within the tolerance; `within input uncertainty` within two combined standard deviations
        (the stated error of the measurement, and the errors of the inputs propagated), or if the published
        value lies in the range over which the stated ranges of the assumptions move the computed one;
        `not reproduced` otherwise, and for a value that is not finite.
    """
    if published.not_yet or computed is None:
        return Verdict.NOT_YET
    if not isfinite(computed.value):
        return Verdict.NOT_REPRODUCED
    off = deviation(published, computed.value)
    allowed = published.tolerance * (1.0 + _ROUNDING)
    if abs(off) <= allowed:
        return Verdict.REPRODUCED
    if abs(off) <= COVERAGE * hypot(published.std, computed.std):
        return Verdict.WITHIN
    reach = computed.below if off > 0 else computed.above
    if reach > 0 and abs(off) <= reach + allowed:
        return Verdict.WITHIN
    return Verdict.NOT_REPRODUCED
