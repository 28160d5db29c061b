"""The heat between two points against the engine's exact segment, and all derivatives by differences."""

import numpy as np
import pytest

from ioffe.device.cascade import materials_of
from ioffe.device.transient import Transient
from ioffe.engine import segment
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.thermoelement import Thermoelement
from ioffe.solve.assemble import assemble, table_of
from ioffe.solve.transient import build, mesh
from ioffe.solve.transient.flux import flux, stack
from ioffe.solve.transient.mesh import Chain
from ioffe.solve.transient.newton import Matrix, Miss
from ioffe.solve.transient.system import Change, Imposed, MeshState, flows
from tests.device.cases import hot_material
from tests.solve.transient.materials import generator, generic, rough_leg


def element(material, T0, T1, j, linear=0.0, radiative=0.0):
    """One element of a mesh between two temperatures, as the flux formula sees it."""
    table = table_of(material)
    d = mesh.positions(4)[1]
    whole = Chain(Thermoelement(table, 0, 1, 1.0, 1.0, 1.0, linear / d**2, radiative / d**2), table, 4)
    m = mesh.make((whole,))
    p = stack([(table, table)], [6])
    T = np.array([T0, T1, T1, T1, T1, T1])
    e = flux(m, p, T, np.zeros(6), p.at(T), j / d, 300.0, tangents=False)
    return e.first[0], e.last[0], e.resistance[0]


def exact(material, T0, T1, j, loss=None):
    """The engine's w at both ends, and int rho dxi."""
    one = (np.array([x]) for x in (T0, T1, j))
    x = segment.solve(table_of(material), *one, loss, 1e-12)
    return x.c[0], (x.c + j * j * x.r - x.loss)[0], x.r[0]


@pytest.mark.parametrize("material", [generic("p"), hot_material("cubic")], ids=["generic", "spline"])
@pytest.mark.parametrize("lossy", [False, True])
def test_fourth_order_of_one_element(material, lossy):
    """On one third, a ninth ... of the temperature difference, current and length at once."""
    errors = []
    for n in (1, 3, 9):
        high, low, j = 370.0, 370.0 - 45.0 / n, 1500.0 / n
        linear, radiative = (0.3 / n**2, 2e-9 / n**2) if lossy else (0.0, 0.0)
        loss = ScaledLoss(*(np.array([x]) for x in (linear, radiative, 300.0))) if lossy else None
        first, last, r = element(material, high, low, j, linear, radiative)
        found = exact(material, high, low, j, loss)
        errors.append(max(abs(first - found[0]), abs(last - found[1])) / abs(found[0]))
        assert r == pytest.approx(found[2], rel=5e-3 / n**3)
    assert errors[0] < 2e-3
    # the flux w scales with 1/n and errs with 1/n^5
    assert errors[1] < errors[0] / 3**3.3
    assert errors[2] < max(errors[1] / 3**3.3, 1e-12)


def everything():
    """Cut devices with all kinds of elements, and a state far from balance."""
    module = generator()
    common = {"duration": 1.0, "T_ambient": 310.0, "cells": 24, "initial": 300.0}
    loaded = Transient(
        mode="generate", heat=40.0, T_cold=300.0, load=0.1, cold_resistance=0.5, hot_mass=3.0, **common
    )
    cooled = Transient(
        mode="cool", T_hot=400.0, heat=1.0, voltage=1.0, hot_heat_transfer_coefficient=900.0, **common
    )
    light = loaded.replace(massless=("upper", "AlN"))
    for device, conditions in ((module, loaded), (module, light), (rough_leg(), cooled)):
        couples = getattr(device, "couples", 1)
        assembly = assemble(device, conditions)
        found = build.capacities(materials_of(device), conditions.massless)
        yield build.cut(assembly, conditions, found), conditions, couples


@pytest.mark.parametrize("case", range(3))
def test_jacobian(case):
    system, conditions, couples = list(everything())[case]
    rng = np.random.default_rng(case)
    size = system.mesh.points + system.nodes
    generates = conditions.mode == "generate"
    imposed = Imposed(
        ambient=310.0,
        T_hot=None if generates else 400.0,
        T_cold=300.0 if generates else None,
        heat_hot=40.0 / couples if generates else None,
        heat_cold=None if generates else -1.0,
        current=None,
        voltage=None if generates else 1.0,
        load=0.1 / couples if generates else None,
    )
    state = MeshState.of(rng.uniform(320.0, 480.0, size), 1.7).imposed(system, imposed)
    rows = np.concatenate([system.mesh.is_cell, ~system.fixed])
    step = MeshState.of(np.where(rows, rng.uniform(-1, 1, size), 0.0), 0.3)
    step.spread(system)
    step = Change(step.T, step.current)
    storage, time = 1.0, 2e-3

    def missing(share):
        at = flows(system, state.moved(step, share), imposed)
        stored = np.where(system.stores, storage * at.energy - time * at.heat, -at.heat)
        return np.where(rows, stored, 0.0), at.gap

    h = 1e-4
    change = [(up - down) / (2 * h) for up, down in zip(missing(h), missing(-h), strict=True)]
    matrix = Matrix(system, flows(system, state, imposed, tangents=True), imposed, storage, time)
    found = matrix.solve(Miss(*change))
    assert found.T == pytest.approx(step.T, abs=3e-6)
    assert found.current == pytest.approx(step.current, abs=1e-6)


def test_heat_is_conserved_between_points():
    """What leaves one point reaches another: cells, nodes and borders sum up to the electrical power."""
    none = dict.fromkeys(("T_hot", "T_cold", "heat_hot", "heat_cold", "current", "voltage", "load"))
    for system, _, _ in everything():
        T = np.random.default_rng(7).uniform(300, 500, system.mesh.points + system.nodes)
        state = MeshState.of(T, 2.1)
        state.spread(system)
        at = flows(system, state, Imposed(ambient=310.0, **none))
        power, lost = at.borders[2:]
        assert lost > 0.01
        assert abs(at.heat.sum() + power + lost) < 1e-12 * np.abs(at.heat).sum()


def test_storage_of_a_parabola_is_exact():
    """The hats of all cells and the half hats of the ends hold int h dx, and each cell its own."""
    x = mesh.positions(30)
    w = mesh.weights(x)
    for power in (0, 1, 2):
        h = x**power
        stored = w[1] * h
        stored[1:] += w[0][1:] * h[:-1]
        stored[:-1] += w[2][:-1] * h[1:]
        hats = []
        for i in range(3, 28):
            for a, b in ((x[i - 1], x[i]), (x[i], x[i + 1])):
                t, weight = np.polynomial.legendre.leggauss(4)
                y = 0.5 * (a + b) + 0.5 * (b - a) * t
                hat = 1.0 - np.abs(y - x[i]) / (b - a)
                hats.append(0.5 * (b - a) * weight @ (hat * y**power))
        own = np.add.reduceat(hats, np.arange(0, len(hats), 2))
        assert stored[3:28] == pytest.approx(own, rel=1e-12)
        assert stored.sum() == pytest.approx(1.0 / (power + 1), rel=0 if power == 0 else 2e-3, abs=1e-13)
