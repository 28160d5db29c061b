"""Flat arrays of groups of networks: what is shared, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from ioffe.engine.compiled.flatten import BY_LOAD, flatten
from ioffe.engine.elements import Joule, Link
from ioffe.engine.network import Drive, Network
from ioffe.engine.thermoelement import Thermoelement
from tests.engine.compiled.networks import couple, drive, segmented
from tests.engine.tables import table

T = table("skutterudite", "pchip")


def leg(**more):
    return Thermoelement(T, 0, 1, **{"length": 1e-3, "area": 1e-6, "sign": 1.0, **more})


def plain(n, **more):
    d = Drive(np.full(n, 300.0), T_hot=np.full(n, 500.0), T_cold=np.full(n, 300.0), current=np.zeros(n))
    return Network(2, 0, 1, (leg(**more),)), d


def test_shared_numbers_and_tables_stand_once():
    area = np.linspace(1e-6, 2e-6, 1000)
    net, d = plain(1000, area=area)
    net = replace(net, legs=(*net.legs, leg(area=area, sign=-1.0)))
    p = flatten([(net, d)])
    # one array for both legs, and what all cases share
    assert len(p.values) == 1000 + 2 * 5
    assert p.limits.shape == (1, 2)
    assert p.tables.tolist() == [[0, 0]]
    case = 700
    first, step = p.slots[0, 1]
    assert p.values[first + step * case] == area[case]


def test_places_of_all_elements():
    rng = np.random.default_rng(1)
    net, d = couple(rng, 3, "skutterudite", "bipolar"), drive(rng, 3, "heat_hot", circuit="load")
    p = flatten([(net, d), (couple(rng, 2, "bipolar", "bipolar"), drive(rng, 2, "heat_hot", circuit="load"))])
    assert (p.legs, p.plates, p.links, p.exchanges) == (2, 2, 3, 1)
    assert p.pairs.tolist() == [[3, 4], [3, 4], [2, 3], [4, 5], [0, 2], [5, 1], [3, 4], [3, 4]]
    assert p.sources.tolist() == [[3, 0], [4, 0], [3, 2], [4, 1]]
    assert p.slots.shape == (2, 2 * 6 + 2 * 2 + 3 * 2 + 1 + 2 + 3 + 2, 2)
    assert p.tables.shape == (2, 2 + 2 + 3)
    assert p.starts.tolist() == [0, 3, 5]
    assert p.hot_free
    assert not p.cold_free
    assert p.circuit == BY_LOAD
    assert p.imposed.shape == (4, 5)
    assert np.array_equal(p.imposed[1, :3], d.heat_hot)


def test_what_does_not_fit_is_refused():
    rng = np.random.default_rng(1)
    one = plain(2)
    with pytest.raises(ValueError, match="no group"):
        flatten([])
    with pytest.raises(ValueError, match="same elements"):
        flatten([one, (segmented(rng, 2), one[1])])
    with pytest.raises(ValueError, match="same imposed"):
        flatten([one, (one[0], replace(one[1], current=None, load=np.ones(2)))])
    with pytest.raises(ValueError, match="exactly one"):
        flatten([(one[0], replace(one[1], current=None))])
    with pytest.raises(ValueError, match="2 cases"):
        flatten([(plain(3, area=np.ones(3))[0], one[1])])
    with pytest.raises(TypeError, match="knows no"):
        flatten([(replace(one[0], joule=(Link(0, 1, 1.0),)), one[1])])
    assert flatten([(replace(one[0], joule=(Joule(0, 1.0),)), one[1])]).sources.tolist() == [[0, 0]]
