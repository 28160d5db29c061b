"""The point at which a function of several variables is largest, for every case.

Freely, or where a second function is zero. Newton's method with exact slopes; the second derivatives are
differences of the slopes, taken for all cases and directions in one evaluation. Steps stay within a radius of
trust, which shrinks where the value does not grow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ioffe.engine.network import Cases
from ioffe.engine.table import Array, Flags

Values = Callable[[Array, Cases], tuple[Array, Array]]
"""Values (functions, rows) and slopes (functions, rows, variables) at points (rows, variables) of cases.

The first function shall be large, the second one, if there is any, zero; NaN: no value.
"""

MAX_PASSES = 80
DIFFERENCE = 1e-4
"""Step of the differences, in units of the start."""
CLOSE = 1e-6
"""A Newton step of this relative size is the last one: its error is a ten-thousandth of it."""
FLAT = 1e-10
"""Smallest curvature in units of the largest."""
NOTHING = 1e-100
"""Keeps divisions by zero finite."""


@dataclass(eq=False)
class _Shape:
    """Values (functions, cases), slopes and second derivatives in scaled variables."""

    f: Array
    g: Array
    H: Array

    def take(self, cases: Any) -> _Shape:
        return _Shape(self.f[:, cases], self.g[:, cases], self.H[:, cases])

    def put(self, cases: Cases, part: _Shape) -> None:
        self.f[:, cases], self.g[:, cases], self.H[:, cases] = part.f, part.g, part.H


def climb(values: Values, start: Array) -> Array:
    """Largest value near the start for every case; shape (cases, variables), NaN where none was found.

    Parameters
    ----------
    values
        The function, or the function and the one that stays zero.
    start
        Where to begin, none of them zero, shape (cases, variables); NaN: nothing is sought. Their sizes are
        the scales of the variables.
    """
    out = np.full(start.shape, np.nan)
    scale, x = np.abs(start), start.copy()
    cases = np.flatnonzero(np.isfinite(start).all(axis=1))
    if not len(cases):
        return out
    found = _look(values, x[cases], scale[cases], cases)
    known = np.isfinite(found.f).all(axis=0)
    here = _Shape(*(np.full((len(v), len(start), *v.shape[2:]), np.nan) for v in (found.f, found.g, found.H)))
    here.put(cases[known], found.take(known))
    cases, radius = cases[known], np.ones(len(start))
    for _ in range(MAX_PASSES):
        if not len(cases):
            break
        old = here.take(cases)
        step = _step(old)
        length = np.linalg.norm(step, axis=1)
        cut = np.minimum(1.0, radius[cases] / np.maximum(length, NOTHING))
        size = length * cut
        trial = x[cases] + step * cut[:, None] * scale[cases]
        new = _look(values, trial, scale[cases], cases)
        good = _grown(old, new)
        k = cases[good]
        x[k] = trial[good]
        here.put(k, new.take(good))
        radius[cases] = np.where(good, np.maximum(radius[cases], 2.0 * size), 0.25 * size)
        ended = size < CLOSE
        # a short step is the last one, whether rounding lets the value grow or not
        reached = cases[ended & (good | (length < 10.0 * CLOSE))]
        out[reached] = x[reached]
        cases = cases[~ended]
    return out


def _look(values: Values, x: Array, scale: Array, cases: Cases) -> _Shape:
    """Values at x and around it; all NaN unless all are known."""
    m = x.shape[1]
    ends = np.concatenate([np.zeros((1, m)), DIFFERENCE * np.eye(m)])
    points = x[:, None, :] + ends * scale[:, None, :]
    f, g = values(points.reshape(-1, m), np.repeat(cases, m + 1))
    g = g.reshape(len(g), -1, m + 1, m) * scale[:, None, :]
    H = (g[:, :, 1:] - g[:, :, :1]) / DIFFERENCE
    known = np.isfinite(g).all(axis=(0, 2, 3))
    at_x = np.where(known, f.reshape(len(f), -1, m + 1)[:, :, 0], np.nan)
    return _Shape(at_x, g[:, :, 0], 0.5 * (H + H.transpose(0, 1, 3, 2)))


def _step(at: _Shape) -> Array:
    """Newton's step uphill, with curvatures of the wrong sign turned round.

    With a second function q and its slope a the step leads to q + a d = 0, and uphill across it.
    """
    if len(at.f) == 1:
        return _uphill(at.g[0], at.H[0])
    a = at.g[1]
    towards = -at.f[1][:, None] * a / np.sum(a * a, axis=1, keepdims=True)
    H = at.H[0] + _multiplier(at)[:, None, None] * at.H[1]
    across = np.linalg.qr(a[:, :, None], mode="complete")[0][:, :, 1:]
    g = at.g[0] + np.einsum("lij,lj->li", H, towards)
    inner = np.einsum("lia,lij,ljb->lab", across, H, across)
    along = _uphill(np.einsum("lia,li->la", across, g), inner)
    return towards + np.einsum("lia,la->li", across, along)


def _multiplier(at: _Shape) -> Array:
    """Lagrange's multiplier of the second function, by least squares of the slopes."""
    return -np.sum(at.g[0] * at.g[1], axis=1) / np.sum(at.g[1] ** 2, axis=1)


def _uphill(g: Array, H: Array) -> Array:
    bend, axes = np.linalg.eigh(H)
    size = np.abs(bend)
    size = np.maximum(size, np.maximum(FLAT * size.max(axis=1, keepdims=True, initial=0.0), NOTHING))
    along = np.einsum("lij,li->lj", axes, g) / size
    return np.einsum("lij,lj->li", axes, along)


def _grown(old: _Shape, new: _Shape) -> Flags:
    """Whether a step led to a larger value; distance of the second function from zero counts against it."""
    if len(old.f) == 1:
        before, after = old.f[0], new.f[0]
    else:
        weight = 2.0 * np.abs(_multiplier(old))
        before, after = (s.f[0] - weight * np.abs(s.f[1]) for s in (old, new))
    return np.isfinite(after) & (after >= before - 1e-12 * np.abs(before))
