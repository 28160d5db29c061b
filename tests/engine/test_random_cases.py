"""Two thousand random legs, a fifth of them at one to five times the short-circuit current."""

import numpy as np

from ioffe.engine import segment, state
from ioffe.engine.position_form import ScaledLoss
from tests.engine.tables import NAMES, table

COUNTS = {False: 88, True: 23}
"""Cases of each table at currents up to the short circuit, and beyond it."""


def draw(rng, t, count, extreme):
    """Generators of 5-500 K, coolers of 0-70 K; j up to the short circuit, or one to five times that."""
    low, high = t.limits
    generator = rng.random(count) < 0.7
    T0 = np.where(
        generator, rng.uniform(low + 5, high, count), rng.uniform(low + 70, min(high, low + 200), count)
    )
    dT = np.where(generator, np.minimum(rng.uniform(5, 500, count), T0 - low), rng.uniform(0, 70, count))
    T1, middle = T0 - dT, T0 - 0.5 * dT
    short = t.evaluate(t.seebeck, middle) * np.maximum(dT, 20.0) / t.resistivity(middle)
    peltier = -t.evaluate(t.seebeck, T1) * T1 / t.resistivity(T1)
    share = rng.uniform(1, 5, count) if extreme else rng.uniform(0, 1, count)
    return T0, T1, share * np.where(generator, short, (0.5 if extreme else 1.0) * peltier)


def test_none_fails_silently():
    rng = np.random.default_rng(11)
    solved = {False: 0, True: 0}
    drawn = {False: 0, True: 0}
    for interpolation in ("pchip", "cubic", "linear"):
        for name in NAMES:
            t = table(name, interpolation)
            groups = [draw(rng, t, count, extreme) for extreme, count in COUNTS.items()]
            T0, T1, j = np.concatenate(groups, axis=1)
            extreme = np.repeat(list(COUNTS), list(COUNTS.values()))
            zero = np.zeros(len(j))
            found = segment.solve(t, T0, T1, j, tolerance=1e-9)
            march = segment.solve(t, T0, T1, j, loss=ScaledLoss(zero, zero, zero + 300.0), tolerance=1e-12)
            good = found.code <= state.OUTSIDE
            # what the march along the leg can solve is solved, and to the same heat
            assert (good | (march.code > state.OUTSIDE)).all()
            size = np.abs(march.c) + j * j * np.abs(march.r)
            error = (np.abs(found.c - march.c) / size)[good]
            assert (error < 1e-9).all()
            assert np.isfinite(found.c[good]).all()
            for kind, count in COUNTS.items():
                drawn[kind] += count
                solved[kind] += int(good[extreme == kind].sum())
    assert solved[False] == drawn[False] == 1584
    assert solved[True] >= 0.98 * drawn[True]
