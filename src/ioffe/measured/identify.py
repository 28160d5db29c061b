"""Which parameters the data can tell apart.

The derivatives of all points to one parameter, over the noise, are a vector: its length says how well the
data determine that parameter alone, its direction what the parameter does. Parameters whose vectors lie
nearly in a space of fewer dimensions can be exchanged for one another without a trace.

>>> line = np.linspace(1.0, 2.0, 20)
>>> J = np.stack([line, 2.0 * line, line**4], axis=1)
>>> combinations_left_open(J)[0].members
(0, 1)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ioffe.base.arrays import Array

WEIGHT: Final = 0.2
"""Part of a combination from which on a parameter is named as one of it."""
CONDITION: Final = 30.0
"""Largest singular value over the one of a combination from which on it counts as left open, for vectors of
length 1; from there on small errors of the model decide (D. A. Belsley, E. Kuh, R. E. Welsch, Regression
Diagnostics, Wiley 1980, chapter 3, doi 10.1002/0471725153)."""


@dataclass(frozen=True)
class OpenCombination:
    """Parameters of which the data determine something else than each.

    `members`: which ones, the strongest first; one alone if the data do not depend on it.
    `singular_value`: length of the combined vector, of vectors of length 1: 0 for an exact exchange.
    `correlation`: largest one between two of them.
    """

    members: tuple[int, ...]
    singular_value: float
    correlation: float


def combinations_left_open(jacobian: Array) -> list[OpenCombination]:
    """Combinations of parameters that the data leave open.

    `jacobian` (n, p): derivatives of all points over their noise.
    Returns: the weakest first.
    """
    length = np.linalg.norm(jacobian, axis=0)
    found = [OpenCombination((int(k),), 0.0, 1.0) for k in np.flatnonzero(length == 0.0)]
    kept = np.flatnonzero(length > 0.0)
    if not kept.size:
        return found
    unit = jacobian[:, kept] / length[kept]
    _, singular, rows = np.linalg.svd(unit, full_matrices=True)
    singular = np.concatenate([singular, np.zeros(len(kept) - len(singular))])
    alike = unit.T @ unit
    for value, row in sorted(zip(singular, rows, strict=True), key=lambda pair: pair[0]):
        if value * CONDITION >= singular[0]:
            continue
        members = [int(k) for k in np.argsort(-np.abs(row)) if abs(row[k]) >= WEIGHT]
        pairs = np.abs(alike[np.ix_(members, members)] - np.eye(len(members)))
        found.append(OpenCombination(tuple(int(kept[k]) for k in members), float(value), float(pairs.max())))
    return found
