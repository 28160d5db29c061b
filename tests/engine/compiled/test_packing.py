"""Packed tables give the values of the tables they are made of."""

import numpy as np
import pytest

from ioffe.engine.compiled.packing import PELTIER, SEEBECK_INTEGRAL, pack_tables
from ioffe.engine.table import horner, pack
from tests.engine.tables import NAMES, table


def test_rows_of_every_table():
    tables = [table(name, "pchip", resistivity=k % 2 == 0) for k, name in enumerate(NAMES)]
    packed = pack_tables(tables)
    assert len(packed) == len(tables)
    assert len(packed.knots) == len(packed.cells) == packed.first[-1]
    assert packed.resistivity.tolist() == [True, False] * 3
    for k, t in enumerate(tables):
        start, stop = packed.first[k : k + 2]
        assert np.array_equal(packed.knots[start:stop], t.knots)
        assert tuple(packed.limits[k]) == t.limits
        T = np.linspace(*t.limits, 50)
        row = start + t.cell(T)
        away = T - packed.knots[row]
        for columns, exact in (
            (slice(0, 4), t.conductivity),
            (slice(4, 8), t.electrical),
            (slice(PELTIER, SEEBECK_INTEGRAL), t.peltier),
            (slice(SEEBECK_INTEGRAL, None), t.seebeck_integral),
        ):
            assert horner(packed.cells[row, columns], away) == pytest.approx(t.evaluate(exact, T), rel=1e-14)


def test_no_table():
    packed = pack_tables([])
    assert len(packed) == 0
    assert packed.first.tolist() == [0]
    assert packed.limits.shape == (0, 2)


def test_defect_is_the_distance_from_a_cubic():
    knots = np.array([300.0, 400.0])
    electrical, kappa = np.array([[2e-6, 1e-8, 3e-11, 0]]), np.array([[2.0, 0.01, 0, 0]])
    t = pack((knots, np.array([[1e-4, 0, 0, 0]])), (knots, electrical), (knots, kappa), resistivity=True)
    packed = pack_tables([t])
    # a quadratic times a line is a cubic; the continued end cells hold constants
    assert packed.defect == pytest.approx(np.zeros(4), abs=1e-12)
    kappa = np.array([[2.0, 0.01, 1e-4, 1e-6]])
    t = pack((knots, np.array([[1e-4, 0, 0, 0]])), (knots, electrical), (knots, kappa), resistivity=True)
    nodes = 50 * (np.polynomial.legendre.leggauss(4)[0] + 1)

    def product(x):
        return horner(electrical[0], x) * horner(kappa[0], x)

    cubic = np.polyfit(nodes / 100, product(nodes), 3)
    ends = np.array([0.0, 100.0])
    exact = np.max(np.abs(np.polyval(cubic, ends / 100) / product(ends) - 1))
    assert pack_tables([t]).defect[1] == pytest.approx(exact, rel=1e-6)
