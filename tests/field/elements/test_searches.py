"""Searches at fidelity full begin at currents of cosines; electrodes on legs of different depth."""

from typing import Any

import pytest

import ioffe as te
from ioffe.field.elements import solids, task

CONTACT = te.Contact("5 uohm cm2", "1e-6 m2 K/W")
GIVEN: dict[str, Any] = {"T_hot": 390.0, "T_cold": 300.0}


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1))


def couple(*sides: str) -> te.Module:
    kinds = "generic p cooler leg", "generic n cooler leg"
    p, n = (te.Leg(k, "5 mm", f"{a} x {a}", contact=CONTACT) for k, a in zip(kinds, sides, strict=True))
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    return te.Module(p, n, 1, hot=stack, cold=stack, layout=te.Layout(gap="1 mm", overhang="0.1 mm"))


def test_a_maximum_takes_three_currents(monkeypatch):
    solve, solved = task.FullTask._case, []
    monkeypatch.setattr(
        task.FullTask, "_case", lambda own, *given: solved.append(given[-1]) or solve(own, *given)
    )
    device = couple("3 mm", "3 mm")
    best = device.solve(te.Generator(**GIVEN, current="max_power"), "full")
    # open circuit, the current of cosines, that of elements
    assert len(solved) == 3
    assert best.max_efficiency_current < best.max_power_current == best.current
    # the rest of the maxima does not solve those again
    assert len(solved) <= 7
    solved.clear()
    device.solve(te.Cooler(T_hot=300, heat=0.0, aim="delta_T"), "full")
    assert len(solved) == 2


def test_electrodes_reach_beyond_the_deeper_leg():
    device = couple("2 mm", "3 mm")
    cosines, full = (
        device.solve(te.Generator(**GIVEN, current=0.0), f, maxima=False) for f in ("3d", "full")
    )
    assert full.heat_hot == pytest.approx(cosines.heat_hot, rel=5e-4)
