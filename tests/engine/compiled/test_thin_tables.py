"""Devices of dense tables, which kernels read thinned, against the whole tables."""

from dataclasses import replace

import numpy as np
import pytest

from ioffe.engine import state
from ioffe.engine.compiled import flatten as flat
from ioffe.engine.compiled import network as one_by_one
from ioffe.engine.compiled.flatten import flatten
from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.compiled.plain import entry as plain
from ioffe.engine.compiled.vector import entry as vector
from ioffe.engine.elements import Joule, Link, Sheet
from ioffe.engine.network import Drive, Network
from ioffe.engine.thermoelement import Thermoelement
from ioffe.engine.thinning import thinned
from tests.engine.tables import dense

pytestmark = pytest.mark.compiled
CASES = 300
TABLES = [("pchip", 0.0), ("cubic", 0.0), ("linear", 0.0), ("pchip", 2e-6)]


def device(rng, table, loss=0.0):
    area, length = rng.uniform(2e-6, 6e-6, CASES), rng.uniform(1e-3, 3e-3, CASES)
    leg = Thermoelement(table, 2, 3, length, area, 1.0, loss)
    passive = Link(0, 2, 1 / rng.uniform(2, 20, CASES)), Link(3, 1, area / 1e-5, joule=1e-10 / area)
    ends = {"T_hot": rng.uniform(350, 790, CASES), "T_cold": rng.uniform(305, 345, CASES)}
    return Network(4, 0, 1, (leg,), passive), Drive(
        np.full(CASES, 300.0), **ends, current=rng.uniform(-2, 2, CASES)
    )


@pytest.mark.parametrize(("rule", "noise"), TABLES)
@pytest.mark.parametrize("tolerance", [1e-3, 1e-4, 1e-6])
def test_plain_legs(rule, noise, tolerance):
    table = dense(2001, rule, noise=noise)
    rng = np.random.default_rng(2)
    T_hot, T_cold = rng.uniform(340, 790, CASES), rng.uniform(305, 335, CASES)
    j = rng.uniform(-3e3, 3e3, CASES)
    thin = pack_tables([thinned(table, tolerance)])
    assert (len(thin.knots) < 300) == (noise < tolerance and not (rule == "linear" and tolerance == 1e-6))
    found = plain.solve(thin, 0, T_hot, T_cold, j, tolerance=tolerance)
    exact = plain.solve(pack_tables([table]), 0, T_hot, T_cold, j, tolerance=1e-10)
    good = (found.code == state.OK) & (exact.code == state.OK)
    assert good.sum() > 0.8 * CASES
    assert (found.code[exact.code == state.OK] == state.OK).all()
    A = table.evaluate(table.peltier, T_hot)
    size = np.abs(j * A - exact.c) + j * j * exact.r
    assert (np.abs(found.c - exact.c) <= found.error * size)[good].all()
    assert (np.abs(found.r / exact.r - 1.0) <= found.error)[good].all()
    # the largest deviations count, though what they do to c and r is smaller
    assert (found.error >= thin.deviation[0, 0])[good].all()
    assert np.median(found.error[good]) <= tolerance


@pytest.mark.parametrize(("rule", "noise"), TABLES)
@pytest.mark.parametrize("way", ["vector", "one by one", "side losses"])
def test_networks(rule, noise, way, monkeypatch):
    tolerance = 1e-4
    net, given = device(
        np.random.default_rng(3), dense(2001, rule, noise=noise), 2e4 * (way == "side losses")
    )
    if way == "vector":
        found, refused = vector.solve([(net, given)], tolerance=tolerance)
    else:
        found, refused = one_by_one.solve([(net, given)], tolerance=tolerance), np.zeros(CASES, bool)
    assert len(flatten([(net, given)], tolerance=tolerance).knots) < 400
    monkeypatch.setattr(flat, "thinned", lambda table, _: table)
    exact = one_by_one.solve([(net, given)], tolerance=1e-9)
    good = ~refused & (exact.code == state.OK)
    assert good.sum() > 0.6 * CASES
    assert (found.code[good] == state.OK).all()
    for name in ("heat_hot", "heat_cold"):
        miss = np.abs(getattr(found, name) - getattr(exact, name))
        assert (miss <= found.error)[good].all()
    bare = one_by_one.solve([(net, given)], tolerance=tolerance)
    if way != "vector":
        assert (found.error > bare.error)[good].all()


def test_current_that_a_voltage_drives():
    """The error of a resistance is one of the current, too."""
    net, given = device(np.random.default_rng(4), dense(2001, "linear"))
    volts = np.random.default_rng(5).uniform(-0.02, 0.02, CASES)
    given = replace(given, current=None, voltage=volts)
    found, refused = vector.solve([(net, given)], tolerance=1e-3)
    exact = one_by_one.solve([(net.take(np.arange(50)), given.take(np.arange(50)))], tolerance=1e-9)
    good = ~refused[:50] & (exact.code == state.OK)
    assert good.sum() > 30
    miss = np.abs(found.heat_hot[:50] - exact.heat_hot)
    assert (miss <= found.error[:50])[good].all()


def test_what_is_not_thinned():
    """Where no error is asked for, and tables of which no error is estimated: layers that conduct."""
    net, given = device(np.random.default_rng(3), dense(2001, "cubic"))
    assert len(flatten([(net, given)]).knots) == 2003
    sheet = Sheet(2, 1.0, ((net.legs[0].table, 1e-4),))
    both = flatten([(replace(net, joule=(sheet, Joule(3, 1e-3))), given)], tolerance=1e-3)
    leg, layer = both.tables[0]
    assert both.spans[leg, 1] - both.spans[leg, 0] < 200
    assert both.spans[layer, 1] - both.spans[layer, 0] == 2001
    assert both.deviation[leg].all()
    assert not both.deviation[layer].any()
