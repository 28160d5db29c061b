"""Which limits devices break, how many break each, and how close the closest one comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.units import format_si

KEPT: Final = 1e-6
"""Share of its scale by which a limit may be missed, and objectives of one optimum may differ."""


class MissedLimits:
    """Limits of a study, counted over devices as they pass by.

    `limits`: least and largest allowed value in SI by quantity or combination; None or infinite for none.
    `kinds`: the quantity of each.

    >>> missed = MissedLimits({"T_hot_junction": (None, 500.0)}, {"T_hot_junction": "temperature"})
    >>> missed.add({"T_hot_junction": np.array([510.0, 505.0, np.nan])})
    >>> missed.said("no device keeps the limits")
    'no device keeps the limits: T_hot_junction at most 500 K is broken by all 2, the closest has 505 K'
    """

    def __init__(self, limits: Mapping[str, Sequence[float | None]], kinds: Mapping[str, str]) -> None:
        self.limits = [
            (name, float(end), sign)
            for name, ends in limits.items()
            for end, sign in zip(ends, (-1.0, 1.0), strict=True)
            if end is not None and np.isfinite(end)
        ]
        self.kinds = kinds
        self.solved = 0
        self.broken = [0] * len(self.limits)
        self.closest = [-np.inf] * len(self.limits)

    def add(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Take devices, those without a solution as NaN.

        `values`: at least what is limited, in SI.
        """
        columns = [np.asarray(values[name], float) for name, *_ in self.limits]
        if not columns:
            return
        known = np.all(np.isfinite(columns), axis=0)
        self.solved += int(known.sum())
        for k, ((_, end, sign), column) in enumerate(zip(self.limits, columns, strict=True)):
            room = sign * (end - column[known])
            self.broken[k] += int(np.sum(room < -KEPT * (abs(end) or 1.0)))
            self.closest[k] = max(self.closest[k], float(np.max(room, initial=-np.inf)))

    def said(self, sentence: str) -> str:
        """A sentence with the limits that are broken, the one that is nearest to being kept first.

        `sentence`: that no device keeps them.
        """
        told = list(self._words())
        return f"{sentence}: {'; '.join(told)}" if told else sentence

    def _words(self) -> Iterator[str]:
        away = [
            -room / (abs(end) or 1.0) for room, (_, end, _) in zip(self.closest, self.limits, strict=True)
        ]
        for k in np.argsort(away, kind="stable").tolist():
            name, end, sign = self.limits[k]
            if not self.broken[k]:
                continue
            kind = self.kinds[name]
            words = f"{name} {'at most' if sign > 0 else 'at least'} {format_si(end, kind)} is broken by "
            if self.broken[k] < self.solved:
                yield f"{words}{self.broken[k]:,} of {self.solved:,}"
            else:
                # as many digits as tell both apart
                value, digits = end - sign * self.closest[k], 4
                while digits < 12 and format_si(value, kind, digits) == format_si(end, kind, digits):
                    digits += 1
                yield f"{words}all {self.solved:,}, the closest has {format_si(value, kind, digits)}"
