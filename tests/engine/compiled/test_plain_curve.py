"""Compiled current-voltage curves against points that are solved one by one."""

import numpy as np
import pytest

from ioffe.engine import state
from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.compiled.plain import entry as plain
from ioffe.engine.table import pack
from tests.engine.compiled.plain_cases import INTERPOLATIONS, generators, integral, tables
from tests.engine.tables import table


def one_by_one(packed, materials, which, T0, T1, j):
    """Voltage, heat and code of every point."""
    points = j.shape[1]
    spread = [np.repeat(v, points) for v in (which, T0, T1)]
    found = plain.solve(packed, *spread, j.ravel(), tolerance=1e-11)
    s0, s1 = (integral(materials, spread[0], T) for T in spread[1:])
    voltage = s0 - s1 - j.ravel() * found.r
    return (v.reshape(j.shape) for v in (voltage, found.c + j.ravel() * s0, found.code))


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("tolerance", [1e-6, 1e-9])
def test_from_open_to_short_circuit(interpolation, tolerance):
    materials = tables(interpolation)
    packed = pack_tables(materials)
    which, T0, T1, _ = generators(np.random.default_rng(1), materials, 100)
    found = plain.curve(packed, which, T0, T1, points=21, tolerance=tolerance)
    assert found.j.shape == found.voltage.shape == found.heat.shape == found.code.shape == (100, 21)
    assert (found.code == state.OK).all()
    assert (found.error <= tolerance).all()
    voltage, heat, _ = one_by_one(packed, materials, which, T0, T1, found.j)
    size = np.abs(voltage[:, :1])
    assert (np.abs(found.voltage - voltage) / size < tolerance).all()
    assert (np.abs(found.heat / heat - 1) < tolerance).all()
    assert (found.j[:, 0] == 0.0).all()
    assert (np.abs(found.voltage[:, -1:]) < 2 * tolerance * size).all()
    assert (np.diff(found.voltage, axis=1) * np.sign(found.voltage[:, :1]) < 0).all()


@pytest.mark.parametrize("part", [-0.5, 1.0])
def test_given_currents(part):
    materials = tables("pchip")
    packed = pack_tables(materials)
    which, T0, T1, short = generators(np.random.default_rng(2), materials, 80)
    end = part * short * np.random.default_rng(3).uniform(0.1, 1.0, 80)
    shares = np.random.default_rng(4).uniform(0.0, 1.0, 30)
    found = plain.curves(packed, which, T0, T1, end, shares=shares, tolerance=1e-8)
    assert found.batch.solved.all()
    found = found.points(slice(10, 80))
    j = (end[:, None] * shares)[10:]
    voltage, heat, code = one_by_one(packed, materials, which[10:], T0[10:], T1[10:], j)
    assert np.array_equal(found.j, j)
    assert (found.code == code).all()
    assert (found.code == state.OK).all()
    assert found.voltage == pytest.approx(voltage, abs=1e-9)
    assert found.heat == pytest.approx(heat, rel=1e-8)


def test_refused_points_leave_the_others():
    """A cooler that is hottest inside only at its larger currents."""
    t = table("bismuth telluride", "pchip")
    packed = pack_tables([t])
    shares = np.linspace(0.0, 1.0, 25)
    found = plain.curves(packed, 0, 310.0, [250.0, 280.0], -6e3, shares=shares).points()
    voltage, heat, code = one_by_one(
        packed, [t], np.zeros(2, int), np.full(2, 310.0), np.array([250.0, 280.0]), found.j
    )
    refused = found.code == plain.REFUSED
    assert refused.any(axis=1).all()
    assert not refused[:, :5].any()
    assert np.isnan(found.voltage[refused]).all()
    both = ~refused & (code == state.OK)
    # nearest to the limit a point may be solved to 1e-6 but not to 1e-11
    assert both.sum() >= (~refused).sum() - 4
    assert found.voltage[both] == pytest.approx(voltage[both], abs=1e-7)
    assert found.heat[both] == pytest.approx(heat[both], rel=2e-6)
    assert (found.error <= 1e-6).all()


def test_refused_short_circuit():
    """Large zT over a large difference: at short circuit the hot end is not the hottest place for certain."""
    knots = np.array([250.0, 900.0])
    t = pack(*((knots, np.array([[v, 0, 0, 0]])) for v in (300e-6, 1e-5, 1.0)), resistivity=True)
    found = plain.curve(pack_tables([t]), 0, [800.0, np.nan, 500.0], [400.0, 400.0, 500.0], points=5)
    assert (found.code == np.array([[plain.REFUSED], [state.FAILED], [plain.REFUSED]])).all()
    assert np.isnan(found.voltage).all()
    assert np.isnan(found.heat).all()
    assert np.isnan(found.error).all()


def test_ends_alone():
    materials = tables("linear")
    packed = pack_tables(materials)
    which, T0, T1, j = generators(np.random.default_rng(4), materials, 20)
    found = plain.curves(packed, which, T0, T1, j, shares=[0.0, 1.0]).points()
    voltage, heat, _ = one_by_one(packed, materials, which, T0, T1, j[:, None] * [0.0, 1.0])
    assert (found.code == state.OK).all()
    assert found.voltage == pytest.approx(voltage, abs=1e-6)
    assert found.heat == pytest.approx(heat, rel=1e-6)


def test_threads_make_no_difference():
    materials = tables("pchip")
    packed = pack_tables(materials)
    which, T0, T1, _ = generators(np.random.default_rng(5), materials, 3000)
    one, two = (plain.curve(packed, which, T0, T1, points=11, threads=n) for n in (1, 2))
    assert np.array_equal(one.voltage, two.voltage, equal_nan=True)
    assert np.array_equal(one.heat, two.heat, equal_nan=True)
