"""Derivatives of many devices at once, whose numbers are arrays, against each device alone."""

from dataclasses import replace

import numpy as np
import pytest

import ioffe as te
from ioffe.device.parameters import varied
from ioffe.solve.assemble import assemble
from ioffe.solve.batch.cases import asked
from ioffe.solve.gradient.operation import OperatingPoints
from ioffe.solve.gradient.sensitivity import Dual, Sensitivity
from ioffe.solve.task import SteadyTask
from tests.solve.gradient.cases import changed, leg, module

PATHS = (
    "p.contact_hot.thermal",
    "p.contact_cold.electrical",
    "p.area",
    "n.length",
    "fill_factor",
    "hot[1].thickness",
    "hot[1].material.thermal_conductivity",
    "n.material.seebeck",
    "T_hot",
    "cold_resistance",
    "couples",
)
VARIED = {
    "p.contact_hot.thermal": np.array([1e-6, 1e-5, 3e-5]),
    "n.length": np.array([2e-3, 3.5e-3, 4e-3]),
    "p.area": np.array([1e-6, 2e-6, 3e-6]),
    "T_hot": np.array([450.0, 500.0, 560.0]),
    "couples": np.array([4.0, 7.0, 11.0]),
}


def lanes_of(device, conditions, paths):
    """The devices of `VARIED`, and what is asked of them."""
    device, there = varied(device, conditions, VARIED)
    assembly = assemble(device, there)
    question = asked(conditions, there, 3, assembly.couples)

    def solve(drive, lanes):
        part = replace(assembly, network=assembly.network.take(lanes))
        return SteadyTask(part, 300.0, False, 1e-10).solve(drive)

    return OperatingPoints(Sensitivity(device, there, paths), solve, there, assembly.couples), question


def alone(device, conditions, k):
    for path, values in VARIED.items():
        value = int(values[k]) if path == "couples" else float(values[k])
        device, conditions = changed(device, conditions, path, value)
    return device.solve(conditions, tolerance=1e-10, gradient=PATHS)


@pytest.mark.parametrize(
    "conditions",
    [
        te.Generator(T_hot=500.0, T_cold=310.0, current=1.0, cold_resistance=0.2),
        te.Generator(T_hot=500.0, T_cold=310.0, load=0.1),
        te.Generator(T_hot=500.0, T_cold=310.0, load="max_efficiency"),
    ],
    ids=["current", "load", "max_efficiency"],
)
def test_devices_at_once(conditions):
    operation, question = lanes_of(module(), conditions, PATHS)
    lanes = np.arange(3)
    if question.aim is None:
        found = operation.at(question.drive, lanes)
        slopes = {k: v.slope[:-1] for k, v in found.items()}
    else:
        best = [alone(module(), conditions, k).values["current"] for k in range(3)]
        along = operation.along(question.drive, np.array(best), question.aim, lanes)
        found = operation.at(question.drive.at(np.array(best)), lanes)
        slopes = {k: v.moved(along).slope for k, v in found.items()}
    slots = operation.sensitivity.slots
    for k in range(3):
        one = alone(module(), conditions, k)
        for output in slopes:
            assert found[output].value[k] == pytest.approx(one.values[output], rel=1e-8)
            for path in PATHS:
                value = slopes[output][slots[path], k]
                expected = np.atleast_1d(one.gradient[output][path])
                size = np.abs(expected).max() + 1e-9 * abs(one.values[output])
                assert np.abs(value - expected).max() <= 2e-6 * size, (output, path)


def test_repeated_lanes():
    """Lanes of one device follow its place among the arrays."""
    conditions = te.Generator(T_hot=500.0, T_cold=310.0, current=1.0)
    operation, question = lanes_of(module(), conditions, PATHS)
    order = np.array([2, 0, 2, 1])
    many = operation.at(question.drive.take(order), order)
    once = operation.at(question.drive, np.arange(3))
    for output, dual in many.items():
        assert dual.value == pytest.approx(once[output].value[order], rel=1e-12)
        size = np.abs(once[output].slope).max(axis=1, keepdims=True)
        assert (np.abs(dual.slope - once[output].slope[:, order]) <= 1e-9 * size).all()


def test_parts_make_no_difference(monkeypatch):
    from ioffe.solve.gradient import sensitivity as lanes

    device, conditions = leg(), te.Generator(T_hot=[450.0, 500.0, 550.0], T_cold=310.0, current=[0.5, 1.0])
    whole = device.solve(conditions, gradient=True, maxima=False).gradient
    monkeypatch.setattr(lanes, "MEMORY", 1)
    parts = device.solve(conditions, gradient=True, maxima=False).gradient
    for output in whole:
        for path in whole[output]:
            assert parts[output][path] == pytest.approx(whole[output][path], rel=1e-9, abs=1e-12)


def test_dual_numbers():
    x = Dual(np.array([3.0]), np.array([[1.0], [0.0]]))
    y = Dual(np.array([2.0]), np.array([[0.0], [1.0]]))
    z = np.float64(2.0) * (x * y - x) / (x + y)
    value = 2.0 * (3.0 * 2.0 - 3.0) / 5.0
    assert z.value == pytest.approx(value)
    # d/dx 2 x (y - 1)/(x + y) = 2 (y - 1) y/(x + y)^2, d/dy = 2 x (x + 1)/(x + y)^2
    assert z.slope[:, 0] == pytest.approx([2 * 1 * 2 / 25, 2 * 3 * 4 / 25])
    assert x.moved(np.array([[5.0]])).slope[:, 0] == pytest.approx([1.0])
