"""Derivatives of a network to every number of its elements, against networks solved again."""

from dataclasses import replace

import numpy as np
import pytest

from ioffe.engine import newton
from ioffe.engine.adjoint import adjoint, solved_transposed
from ioffe.engine.element_adjoint import dependence, number_derivatives, side_derivatives
from ioffe.engine.elements import Exchange, Joule, Jump, Link, Plate, Sheet
from ioffe.engine.network import Drive, Network
from ioffe.engine.thermoelement import Thermoelement
from tests.engine.tables import table

HOT, COLD = table("lead telluride", "pchip"), table("bismuth telluride", "cubic")
OUTPUTS = ("voltage", "current", "heat_hot", "heat_cold", 0, 1, 2, 3)


def network(**more):
    """Two legs side by side, one of two segments, a plate, a contact, radiation, a sheet and a lead."""
    legs = (
        Thermoelement(HOT, 2, 4, 1.1e-3, 2e-6, 1.0),
        Thermoelement(COLD, 5, 3, 0.7e-3, 2e-6, 1.0, 2e4, 3e-5),
        Thermoelement(COLD, 2, 3, 2e-3, 1.5e-6, -0.8, 0.0, 0.0, 2.0),
    )
    passive = (
        Plate(HOT, 0, 2, 2e-4, 3e-5),
        Link(4, 5, 0.2, joule=1e-3),
        Link(3, 1, 1.5),
        Exchange(2, 3, 2e-13),
    )
    joule = (Sheet(2, 3.0, ((HOT, 3e-4), (COLD, 1e-4))), Joule(3, 2e-3))
    return Network(6, 0, 1, legs, passive, joule, **more)


DRIVES = {
    "current": {"T_hot": 520.0, "T_cold": 310.0, "current": 1.2},
    "voltage": {"T_hot": 520.0, "T_cold": 310.0, "voltage": 0.01},
    "load": {"heat_hot": 0.9, "T_cold": 310.0, "load": 0.02},
    "cooling": {"T_hot": 320.0, "heat_cold": -0.05, "current": -1.5},
}


def drive(name):
    given = {k: np.array([v]) for k, v in DRIVES[name].items()}
    return Drive(ambient=np.array([305.0]), **given)


FORWARD = np.array([-25.0, 48.0, -36.0, 16.0, -3.0]) / 12.0
SHIFTS = np.array([-2.0, -1.0, 1.0, 2.0])


def results(net, given):
    """Results of all cases, shape (outputs, cases)."""
    s = newton.solve(net, given, tolerance=1e-12)
    assert (s.code < 2).all()
    return np.array([s.T[o] if isinstance(o, int) else getattr(s, o) for o in OUTPUTS])


def repeated(given, n):
    return given.take(np.zeros(n, int))


def differences(net, given, places, share=2e-4):
    """Fourth-order central differences times the value, for all places in one solve; (outputs, places)."""
    n = 4 * len(places)
    for m, place in enumerate(places):
        values = np.full(n, number(net, *place))
        values[4 * m : 4 * m + 4] *= 1.0 + share * SHIFTS
        net = changed(net, *place, values)
    y = results(net, repeated(given, n)).reshape(len(OUTPUTS), -1, 4)
    return (8 * (y[..., 2] - y[..., 1]) - (y[..., 3] - y[..., 0])) / (12 * share)


def imposed_difference(net, given, what, share=2e-4):
    """The same for something imposed."""
    four = repeated(given, 4)
    y = results(net, replace(four, **{what: getattr(four, what) * (1.0 + share * SHIFTS)}))
    return (8 * (y[:, 2] - y[:, 1]) - (y[:, 3] - y[:, 0])) / (12 * share)


def changed(net, group, k, name, value):
    elements = list(getattr(net, group))
    if name.startswith("sheets"):
        layers = list(elements[k].sheets)
        layers[int(name[7])] = (layers[int(name[7])][0], value)
        elements[k] = replace(elements[k], sheets=tuple(layers))
    else:
        elements[k] = replace(elements[k], **{name: value})
    return replace(net, **{group: tuple(elements)})


def number(net, group, k, name):
    e = getattr(net, group)[k]
    return e.sheets[int(name[7])][1] if name.startswith("sheets") else getattr(e, name)


@pytest.mark.parametrize("name", DRIVES)
def test_every_number(name):
    net, given = network(), drive(name)
    s = newton.solve(net, given, tolerance=1e-12)
    a = adjoint(net, given, s, OUTPUTS)
    found = number_derivatives(a)
    for k in range(3):
        for what, v in side_derivatives(a, k, dependence(a, k, side=True)).items():
            found["legs", k, what] = found.get(("legs", k, what), 0.0) + v
    assert len(found) == 3 * 7 + 2 + 2 * 2 + 1 + 3 + 1
    base = results(net, given)[:, 0]
    scale = np.array([*np.abs(base[:4]), *[np.abs(base[4:] - 305.0).max()] * 4])
    ambient = 305.0 * sum(found.pop(("legs", k, "ambient")) for k in range(3))[:, 0]
    places = [place for place in found if number(net, *place) != 0.0]
    expected = differences(net, given, places)
    for place, change in zip(places, expected.T, strict=True):
        miss = np.abs(found[place][:, 0] * number(net, *place) - change)
        assert (miss <= 1e-8 * (scale + np.abs(change))).all(), (place, miss / scale)
    miss = np.abs(ambient - imposed_difference(net, given, "ambient"))
    assert (miss <= 1e-8 * scale).all(), miss / scale
    assert set(a.imposed) == set(DRIVES[name])
    for what, derivative in a.imposed.items():
        change = imposed_difference(net, given, what)
        miss = np.abs(derivative[:, 0] * getattr(given, what)[0] - change)
        assert (miss <= 1e-8 * (scale + np.abs(change))).all(), (what, miss / scale)


def test_losses_that_are_zero():
    """The derivative to a loss that is not there yet, by one-sided differences."""
    net, given = network(), drive("current")
    a = adjoint(net, given, newton.solve(net, given, tolerance=1e-12), OUTPUTS)
    found = side_derivatives(a, 0, dependence(a, 0, side=True))
    for what, h in (("convection", 100.0), ("radiation", 1e-6)):
        values = h * np.arange(5)
        expected = results(changed(net, "legs", 0, what, values), repeated(given, 5)) @ FORWARD / h
        assert found[what][:, 0] == pytest.approx(expected, rel=1e-6, abs=1e-11 / h)


def test_states_without_derivatives_are_solved_again():
    net, given = network(), drive("load")
    s = newton.solve(net, given, tolerance=1e-12)
    expected = number_derivatives(adjoint(net, given, s, OUTPUTS))
    first = s.states[0]
    bare = replace(first, c_T0=np.full(1, np.nan), r_T0=np.full(1, np.nan))
    again = number_derivatives(adjoint(net, given, replace(s, states=[bare, None, s.states[2]]), OUTPUTS))
    for place, value in expected.items():
        assert again[place] == pytest.approx(value, rel=1e-7, abs=1e-9 * np.abs(value).max())


@pytest.mark.parametrize("resistance", [0.0, 1e-3, 5.0])
def test_jumps_are_links(resistance):
    """A contact as a jump gives what the link of its resistance gives, and the limit where it is zero."""
    given = drive("current")
    linked = network()
    if resistance:
        linked = changed(linked, "passive", 1, "heat_conductance", 1.0 / resistance)
    else:
        # node 5 is node 4
        legs = (linked.legs[0], replace(linked.legs[1], a=4), linked.legs[2])
        passive = (linked.passive[0], *linked.passive[2:])
        joule = (*linked.joule, Joule(4, 1e-3))
        linked = Network(5, 0, 1, legs, passive, joule)
    s = newton.solve(linked, given, tolerance=1e-12)
    jumped = changed(network(jumps=(Jump(4, 5, resistance),)), "passive", 1, "heat_conductance", 0.0)
    T = s.T if resistance else s.T[[0, 1, 2, 3, 4, 4]]
    a = adjoint(jumped, given, replace(s, T=T), OUTPUTS)
    by_link = number_derivatives(adjoint(linked, given, s, OUTPUTS))
    by_jump = number_derivatives(a)
    assert a.through[0] == pytest.approx(s.states[1].c / 0.7e-3 * 2e-6, rel=0.5)
    assert by_jump["legs", 0, "length"] == pytest.approx(by_link["legs", 0, "length"], rel=1e-9)
    ohm = by_link["passive", 1, "joule"] if resistance else by_link["joule", 2, "resistance"]
    assert by_jump["passive", 1, "joule"] == pytest.approx(ohm, rel=1e-8)
    size = np.abs(by_jump["jumps", 0, "resistance"]).max()
    if resistance:
        expected = -by_link["passive", 1, "heat_conductance"] / resistance**2
        assert by_jump["jumps", 0, "resistance"] == pytest.approx(expected, rel=1e-6, abs=1e-6 * size)
    else:
        h = 0.05
        four = changed(network(), "passive", 1, "heat_conductance", 1.0 / (h * np.arange(1, 5)))
        y = np.hstack([results(linked, given), results(four, repeated(given, 4))])
        expected = y @ FORWARD / h
        assert by_jump["jumps", 0, "resistance"][:, 0] == pytest.approx(expected, rel=1e-6, abs=1e-8 * size)


def test_ideal_formulas():
    net, given = network(), drive("load")

    h = 2e-4 * 1.1e-3
    changes = changed(net, "legs", 0, "length", 1.1e-3 + h * SHIFTS)
    four = newton.solve(changes, repeated(given, 4), ideal=True)
    y = np.array([four.T[o] if isinstance(o, int) else getattr(four, o) for o in OUTPUTS])
    expected = (8 * (y[:, 2] - y[:, 1]) - (y[:, 3] - y[:, 0])) / (12 * h)
    s = newton.solve(net, given, ideal=True)
    found = number_derivatives(adjoint(net, given, s, OUTPUTS, ideal=True))["legs", 0, "length"]
    assert found[:, 0] == pytest.approx(expected, rel=1e-7, abs=1e-9 * np.abs(found).max())


def test_elimination():
    """Cases side by side, one of them with a pivot that vanishes, against the solutions of each."""
    rng = np.random.default_rng(3)
    places = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 0), (3, 2), (3, 3)]
    matrix = {place: rng.normal(size=7) + 4.0 * (place[0] == place[1]) for place in places}
    matrix[1, 1][2] = matrix[1, 0][2] * matrix[0, 1][2] / matrix[0, 0][2] * (1.0 + 1e-14)
    right = rng.normal(size=(4, 5, 7))
    found = solved_transposed(matrix, right)
    for case in range(7):
        dense = np.zeros((4, 4))
        for place in places:
            dense[place] = matrix[place][case]
        assert found[..., case] == pytest.approx(np.linalg.solve(dense.T, right[..., case]), rel=1e-11)
