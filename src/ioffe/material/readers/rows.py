"""Points of one run in the order of rising temperature: repeats averaged, heating and cooling told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array

Keep = Literal["mean", "heating", "cooling"]
KEEP: Final[tuple[str, ...]] = get_args(Keep)
REPEAT: Final = 1.0
"""Kelvin within which consecutive points are readings at one temperature, if steps are ten times wider."""
WIDER: Final = 10.0
RESTART: Final = 0.5
"""Share of the range of temperature over which one step back is the start of another run."""
OTHER_SAMPLE: Final = 0.25
"""Relative difference between two runs, or readings at one temperature, of what are taken for two samples."""
OTHER_BRANCH: Final = 0.5
"""Relative difference of heating and cooling above which their mean says nothing."""
NEAR_ZERO: Final = 0.2
"""Share of the largest value below which readings that cross zero are compared with it."""


@dataclass(frozen=True)
class Ordered:
    """Points with rising temperatures.

    `T`, `values`, `std` (n,): in the units they came in; NaN for a standard deviation that is not known.
    `notes`: what was averaged, with the largest difference.
    `restart`: position of the first point of a run that cannot be the same sample; -1 without one.
    """

    T: Array
    values: Array
    std: Array
    notes: tuple[str, ...] = ()
    restart: int = -1


def ordered(
    T: Array, values: Array, std: Array, keep: Keep = "mean", branches: Sequence[str] = ()
) -> Ordered:
    """Points of a run, sorted; repeats at one temperature and the two branches of a cycle become one curve.

    `T`, `values`, `std` (n,): in the order of the file, temperatures in K.
    `keep` {"mean", "heating", "cooling"}: which part of a cycle makes the curve; a mean is made where both
        parts were measured.
    `branches`: whether a point belongs to heating or cooling, where the file says so.

    >>> T = np.array([300.0, 400.0, 500.0, 400.0, 300.0])
    >>> found = ordered(T, np.array([1.0, 1.2, 1.4, 1.3, 1.0]), np.full(5, np.nan))
    >>> found.values, found.notes
    (array([1.  , 1.25, 1.4 ]), ('heating and cooling averaged, they differ by up to 7.7 % at 400 K',))
    """
    stated = np.array([_branch(word) for word in branches]) if len(branches) == len(T) else np.zeros(0, int)
    rises = np.all(np.diff(T) > 0.0) and not _has_repeats(T)
    if rises and not (len(stated) and np.any(stated) and keep != "mean"):
        notes = ("no cooling in it, all points are used",) if keep == "cooling" and len(T) > 1 else ()
        return Ordered(T, values, std, notes)
    group = _consecutive(T, stated)
    count = np.bincount(group)
    T1 = np.bincount(group, T) / count
    v1 = np.bincount(group, values) / count
    s1 = np.bincount(group, std) / count
    notes = []
    if np.any(count > 1):
        spread, where = _spread(values, v1, group, T1)
        notes.append(_words("repeated readings", spread, where))
        apart = np.abs(values - v1[group]) > 0.5 * OTHER_SAMPLE * np.maximum(
            np.abs(v1[group]), NEAR_ZERO * np.max(np.abs(values))
        )
        if spread > 100.0 * OTHER_SAMPLE and np.any(apart):
            return Ordered(T, values, std, restart=int(np.flatnonzero(apart)[-1]))
    branch = (
        _branches(T1) if not np.any(stated) else np.array([stated[group == g][0] for g in range(len(T1))])
    )
    up, down = branch >= 0, branch <= 0
    restart = _restart(T1)
    if restart >= 0 and not np.any(stated):
        return _runs(T1, v1, s1, restart, group, notes)
    if not (np.any(branch > 0) and np.any(branch < 0)) or min(np.sum(up), np.sum(down)) < 2:
        missing = "cooling" if np.sum(down) < np.sum(up) else "heating"
        if keep == missing:
            notes.append(f"no {keep} in it, all points are used")
        clash = _clash(T1, v1)
        if clash >= 0:
            return Ordered(T, values, std, restart=int(np.flatnonzero(group == clash)[0]))
        return _sorted(T1, v1, s1, notes)
    if keep != "mean":
        chosen = up if keep == "heating" else down
        return _sorted(T1[chosen], v1[chosen], s1[chosen], [*notes, f"{keep} alone is used"])
    heating, cooling = (_sorted(T1[m], v1[m], s1[m], []) for m in (up, down))
    if _difference(heating, cooling)[0] > OTHER_BRANCH:
        return Ordered(T, values, std, restart=int(np.flatnonzero(group == np.flatnonzero(branch < 0)[0])[0]))
    return _mean(heating, cooling, notes, "heating and cooling")


def _branch(word: str) -> int:
    text = word.strip().casefold()
    return 1 if text.startswith(("heat", "up", "ramp up")) else -1 if text.startswith(("cool", "down")) else 0


def _has_repeats(T: Array) -> bool:
    """Whether some consecutive temperatures belong to one set point: they are far closer than the others."""
    steps = np.abs(np.diff(T))
    near, far = steps[steps <= REPEAT], steps[steps > REPEAT]
    return bool(len(near) and len(far) and np.median(far) >= WIDER * np.max(near))


def _consecutive(T: Array, stated: NDArray[np.int_]) -> NDArray[np.int_]:
    """Number of the group of readings at one temperature that a point belongs to."""
    limit = REPEAT if _has_repeats(T) else 0.0
    group = np.zeros(len(T), int)
    first = T[0]
    for i in range(1, len(T)):
        same = abs(T[i] - first) <= limit and not (len(stated) and stated[i] != stated[i - 1])
        group[i] = group[i - 1] + (not same)
        first = first if same else T[i]
    return group


def _spread(values: Array, mean: Array, group: NDArray[np.int_], T: Array) -> tuple[float, float]:
    """Largest difference within a group in per cent of its mean, and where it is."""
    high = np.full(len(mean), -np.inf)
    low = np.full(len(mean), np.inf)
    np.maximum.at(high, group, values)
    np.minimum.at(low, group, values)
    share = (high - low) / np.where(mean == 0.0, np.inf, np.abs(mean))
    worst = int(np.argmax(share))
    return 100.0 * float(share[worst]), float(T[worst])


def _branches(T: Array) -> NDArray[np.int_]:
    """1 on the way up, -1 on the way down, 0 at a turning point, which belongs to both."""
    steps = np.sign(np.diff(T)).astype(int)
    before, behind = np.concatenate([steps[:1], steps]), np.concatenate([steps, steps[-1:]])
    return np.where(before == behind, before, 0)


def _restart(T: Array) -> int:
    """First point of a second run in the same direction: one step back over half of the range; -1 without."""
    steps = np.diff(T)
    if len(steps) < 3:
        return -1
    back = steps < -RESTART * np.ptp(T)
    rising = steps > 0.0
    alone = [
        i for i in np.flatnonzero(back) if i + 1 < len(steps) and rising[i + 1] and i > 0 and rising[i - 1]
    ]
    return int(alone[0]) + 1 if alone and np.sum(steps < 0.0) == len(alone) else -1


def _runs(
    T: Array, values: Array, std: Array, restart: int, group: NDArray[np.int_], notes: list[str]
) -> Ordered:
    """Mean of two runs that agree; those that do not are two samples."""
    first = _sorted(T[:restart], values[:restart], std[:restart], [])
    again = ordered(T[restart:], values[restart:], std[restart:])
    if again.restart >= 0 or _difference(first, again)[0] > OTHER_SAMPLE:
        return Ordered(T, values, std, restart=int(np.flatnonzero(group == restart)[0]))
    return _mean(first, again, notes, "two runs")


def _clash(T: Array, values: Array) -> int:
    """Later one of two points at the same temperature that cannot be of one sample; -1 without."""
    size = np.maximum(np.abs(values), NEAR_ZERO * np.max(np.abs(values)))
    order = np.argsort(T, kind="stable")
    first, later = order[:-1], order[1:]
    differ = np.abs(values[later] - values[first]) > OTHER_SAMPLE * np.maximum(size[later], size[first])
    found = later[(np.diff(T[order]) <= 1e-9) & differ]
    return int(found[0]) if len(found) else -1


def _sorted(T: Array, values: Array, std: Array, notes: list[str]) -> Ordered:
    """Points by temperature; those at the same one, whenever they were measured, become their mean."""
    order = np.argsort(T, kind="stable")
    T, values, std = T[order], values[order], std[order]
    same = np.concatenate([[0], np.cumsum(np.diff(T) > 1e-9)])
    if same[-1] + 1 < len(T):
        count = np.bincount(same)
        mean = np.bincount(same, values) / count
        spread, where = _spread(values, mean, same, np.bincount(same, T) / count)
        notes = [
            *notes,
            f"points at the same temperature averaged, they differ by up to {spread:.2g} % at {where:.4g} K",
        ]
        T, values, std = np.bincount(same, T) / count, mean, np.bincount(same, std) / count
    return Ordered(T, values, std, tuple(notes))


def _difference(one: Ordered, other: Ordered) -> tuple[float, float]:
    """Largest relative difference of two runs where both were measured, and where; 0 without such a place."""
    low, high = max(one.T[0], other.T[0]), min(one.T[-1], other.T[-1])
    T = np.union1d(one.T, other.T)
    T = T[(low <= T) & (high >= T)]
    if not len(T):
        return 0.0, float(low)
    a, b = np.interp(T, one.T, one.values), np.interp(T, other.T, other.values)
    largest = max(np.max(np.abs(a)), np.max(np.abs(b)))
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), NEAR_ZERO * largest)
    share = np.abs(a - b) / np.where(scale == 0.0, 1.0, scale)
    worst = int(np.argmax(share))
    return float(share[worst]), float(T[worst])


def _mean(one: Ordered, other: Ordered, notes: list[str], words: str) -> Ordered:
    """Mean of two runs on the temperatures of both, where both were measured; elsewhere the one there is."""
    T = np.union1d(one.T, other.T)
    keep = np.concatenate(
        [[True], np.diff(T) > (REPEAT if len(T) > 1 and np.median(np.diff(one.T)) > WIDER else 0.0)]
    )
    T = T[keep]
    columns = []
    for name in ("values", "std"):
        parts = []
        for run in (one, other):
            inside = (run.T[0] - REPEAT <= T) & (run.T[-1] + REPEAT >= T)
            parts.append(np.where(inside, np.interp(T, run.T, getattr(run, name)), np.nan))
        both = np.isfinite(parts[0]) & np.isfinite(parts[1])
        columns.append(np.where(both, 0.5 * (parts[0] + parts[1]), np.where(np.isfinite(parts[0]), *parts)))
    share, where = _difference(one, other)
    return Ordered(T, columns[0], columns[1], (*notes, _words(words, 100.0 * share, where)))


def _words(what: str, per_cent: float, T: float) -> str:
    difference = f"they differ by up to {per_cent:.2g} % at {T:.4g} K" if per_cent else "they are equal"
    return f"{what} averaged, {difference}"
