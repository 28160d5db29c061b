"""Thinned tables stay as close to the given ones as they say."""

import numpy as np
import pytest

from ioffe.engine.table import pack
from ioffe.engine.thinning import SHARE, thinned
from tests.engine.tables import dense

SMOOTH = [("pchip", 2001, 1e-6), ("pchip", 501, 1e-4), ("cubic", 1201, 1e-7), ("linear", 2001, 1e-4)]


@pytest.mark.parametrize(("rule", "points", "tolerance"), SMOOTH)
@pytest.mark.parametrize("resistivity", [True, False])
def test_deviation_is_a_bound(rule, points, tolerance, resistivity):
    table = dense(points, rule, resistivity=resistivity)
    thin = thinned(table, tolerance)
    assert len(thin.knots) < len(table.knots) / 3
    T = np.linspace(250.0, 850.0, 30_011)
    off = [
        np.max(np.abs(thin.evaluate(getattr(thin, name), T) / table.evaluate(getattr(table, name), T) - 1.0))
        for name in ("conductivity", "electrical")
    ]
    per_seebeck = np.max(np.abs(thin.evaluate(thin.peltier, T) - table.evaluate(table.peltier, T)))
    assert sum(off) <= thin.deviation[0] * (1.0 + 1e-9) + 1e-14
    assert per_seebeck <= thin.deviation[1] * (1.0 + 1e-9) + 1e-13 * np.max(np.abs(table.peltier[:, 0]))
    # a bound that is of use: each property takes its share of the tolerance, T S that of its size
    assert thin.deviation[0] <= 2.0 * SHARE * tolerance
    assert thin.deviation[1] <= SHARE * tolerance * np.max(np.abs(table.seebeck[:, 0])) * 1100.0


@pytest.mark.parametrize("points", [401, 2001])
def test_what_is_kept(points):
    """The range, the continuations beyond it, values and integrals at the knots that are left; continuity."""
    table = dense(points, "pchip")
    thin = thinned(table, 1e-4)
    assert thin.limits == table.limits
    assert set(thin.knots) < set(table.knots)
    assert np.array_equal(thin.knots[[0, 1, -2, -1]], table.knots[[0, 1, -2, -1]])
    inner = thin.knots[1:-1]
    width = np.diff(thin.knots)
    for name in ("conductivity", "electrical", "seebeck"):
        mine, given = getattr(thin, name), getattr(table, name)
        assert thin.evaluate(mine, inner) == pytest.approx(table.evaluate(given, inner), rel=1e-12)
        ends = np.sum(mine * width[:, None] ** np.arange(4), axis=1)
        assert ends[:-1] == pytest.approx(mine[1:, 0], rel=1e-11)
    for name in ("seebeck_integral", "heat_integral"):
        mine, given = (t.evaluate(getattr(t, name), inner) for t in (thin, table))
        assert mine == pytest.approx(given, rel=1e-12, abs=1e-13 * np.abs(given).max())


def test_wiggles_stay():
    """Noise far above the tolerance, and a kink, which keeps its knot."""
    rough = dense(2001, "pchip", noise=1e-3)
    assert thinned(rough, 1e-6) is rough
    assert len(thinned(rough, 0.1).knots) < 300
    T = np.linspace(300.0, 800.0, 1001)
    cells = np.zeros((1000, 4))
    cells[:, 0], cells[:, 1] = np.abs(T[:-1] - 437.0) + 50.0, np.where(T[:-1] < 437.0, -1.0, 1.0)
    flat = T, np.repeat([[1.0, 0.0, 0.0, 0.0]], 1000, axis=0)
    thin = thinned(pack(flat, flat, (T, cells), resistivity=True), 1e-6)
    assert 437.0 in thin.knots
    assert len(thin.knots) < 30
    assert thin.deviation == pytest.approx((0.0, 0.0), abs=1e-12)


def test_few_points_and_no_tolerance():
    few, many = dense(30, "cubic"), dense(2001, "cubic")
    assert thinned(few, 1e-2) is few
    assert thinned(many, 0.0) is thinned(many, 1e-12) is many
    assert thinned(many, 3e-6) is thinned(many, 1e-6) is not thinned(many, 1e-7)
