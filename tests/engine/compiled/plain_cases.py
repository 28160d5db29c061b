"""Random plain legs for the tests of the compiled engine, and what the NumPy engine says about them."""

import numpy as np

from ioffe.engine import segment
from tests.engine.tables import NAMES, table

INTERPOLATIONS = ("pchip", "cubic", "linear")


def tables(interpolation, *, resistivity=True):
    return [table(name, interpolation, resistivity=resistivity) for name in NAMES]


def generators(rng, materials, count, most=0.7):
    """Number of the table, T0, T1 (5 to 500 K lower), and j up to `most` of the short-circuit current."""
    which = rng.integers(0, len(materials), count)
    T0, T1, j = np.empty((3, count))
    for k, t in enumerate(materials):
        mine = which == k
        low, high = t.limits
        T0[mine] = rng.uniform(low + 5, high, mine.sum())
        T1[mine] = T0[mine] - np.minimum(rng.uniform(5, 500, mine.sum()), T0[mine] - low)
        middle = 0.5 * (T0[mine] + T1[mine])
        short = t.evaluate(t.seebeck, middle) * (T0[mine] - T1[mine]) / t.resistivity(middle)
        j[mine] = rng.uniform(0, most, mine.sum()) * short
    return which, T0, T1, j


def coolers(rng, materials, count):
    """As above: 0 to 70 K, and j up to the current of the largest cooling."""
    which = rng.integers(0, len(materials), count)
    T0, T1, j = np.empty((3, count))
    for k, t in enumerate(materials):
        mine = which == k
        low, high = t.limits
        T0[mine] = rng.uniform(low + 70, min(high, low + 250), mine.sum())
        T1[mine] = T0[mine] - rng.uniform(0, 70, mine.sum())
        peltier = t.evaluate(t.seebeck, T1[mine]) * T1[mine] / t.resistivity(T1[mine])
        j[mine] = -rng.uniform(0, 1, mine.sum()) * peltier
    return which, T0, T1, j


def by_numpy(materials, which, T0, T1, j, tolerance=1e-11):
    """SegmentState fields of every device, from the engine that the compiled one is tested against."""
    fields = ("c", "r", "code", "c_T0", "c_T1", "c_j", "r_T0", "r_T1", "r_j")
    out = {name: np.full(len(which), np.nan) for name in fields}
    for k, t in enumerate(materials):
        mine = which == k
        if mine.any():
            state = segment.solve(t, T0[mine], T1[mine], j[mine], tolerance=tolerance)
            for name in fields:
                out[name][mine] = getattr(state, name)
    return out


def integral(materials, which, T):
    """int S dT at T of every device."""
    out = np.empty(len(which))
    for k, t in enumerate(materials):
        mine = which == k
        out[mine] = t.evaluate(t.seebeck_integral, T[mine])
    return out


def flux(materials, which, T0, c, j):
    """|j A(T0) - c|, against which the error of c is relative."""
    out = np.empty(len(which))
    for k, t in enumerate(materials):
        mine = which == k
        out[mine] = np.abs(j[mine] * t.evaluate(t.peltier, T0[mine]) - c[mine])
    return out


def efficiency(materials, which, T0, T1, j, c, r):
    s0, s1 = integral(materials, which, T0), integral(materials, which, T1)
    return j * (s0 - s1 - j * r) / (c + j * s0)
