"""Optima: exact where they are known, at their limits with the price of these, the same from every start."""

from typing import Any

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import ConvergenceError, InputError
from ioffe.study import SamplePlan, Span, Study, optimise
from ioffe.study.bounds import largest_values
from ioffe.study.lockstep import together
from tests.study.studies import ENGINE, LEG

FILM = te.Generator(T_hot=480, T_cold=330, hot_heat_transfer_coefficient=3000, load=0.01)


def flat(kind, S, sigma, kappa):
    properties: dict[str, Any] = {
        "seebeck": [S, S],
        "electrical_conductivity": [sigma, sigma],
        "thermal_conductivity": [kappa, kappa],
    }
    return te.Material.from_arrays(kind, kind, [200.0, 600.0], **properties)


def legs(variables, at=FILM, points=4, **more):
    leg = LEG.replace(contact=te.Contact("5 uohm cm2", "1 mm2 K/W"))
    return Study(leg, at, variables, ["power_density"], sample=SamplePlan(points), **more)


def test_couple_of_constant_properties():
    """A_n/A_p = sqrt(rho_n kappa_p/(rho_p kappa_n)), and the efficiency of the couple's ZT (A. F. Ioffe)."""
    p, n = (2e-4, 1e5, 1.5), (-1.8e-4, 0.6e5, 2.2)
    module = te.Module(
        te.Leg(flat("p", *p), "2 mm", "2 mm2"), te.Leg(flat("n", *n), "2 mm", "2 mm2"), fill_factor=1.0
    )
    at = te.Generator(T_hot=500, T_cold=300, load="max_efficiency")
    ranges = {"n.area": Span("0.5 mm2", "9 mm2", spacing="log")}
    found = optimise(Study(module, at, ranges, ["efficiency"], sample=SamplePlan(4)), engine=ENGINE)
    ratio = np.sqrt(p[1] * p[2] / (n[1] * n[2]))
    assert found.columns["n.area"][0] / 2e-6 == pytest.approx(ratio, rel=1e-6)
    Z = ((p[0] - n[0]) / (np.sqrt(p[2] / p[1]) + np.sqrt(n[2] / n[1]))) ** 2
    M = np.sqrt(1.0 + 400.0 * Z)
    assert found.efficiency[0] == pytest.approx(0.4 * (M - 1.0) / (M + 300.0 / 500.0), rel=1e-8)
    assert found.reached.tolist() == [4]
    assert found.active == {}


def test_a_limit_holds_and_has_its_price():
    ranges = {"length": Span("0.2 mm", "5 mm", spacing="log")}
    best = {
        T: optimise(legs(ranges, constraints={"T_hot_junction": {"least": T}}), engine=ENGINE)
        for T in (439.95, 440.0, 440.05)
    }
    middle = best[440.0]
    assert middle.T_hot_junction[0] == pytest.approx(440.0, abs=1e-4)
    assert list(middle.active) == ["T_hot_junction at least 440 K"]
    slope = (best[439.95].power_density[0] - best[440.05].power_density[0]) / 0.1
    assert middle.active["T_hot_junction at least 440 K"] == pytest.approx(slope, rel=1e-3)
    held = middle.tables()["active"]
    assert (held.derivative[0], held.unit[0]) == (middle.prices[0].price, "(W/m2)/(K)")
    assert not held.units  # each row is in units of its own: the price of one kilogram is none of them
    free = optimise(legs(ranges), engine=ENGINE)
    assert free.power_density[0] > middle.power_density[0]
    assert free.active == {}


@pytest.mark.parametrize("spacing", ["linear", "log"])
def test_an_end_of_a_range_has_its_price(spacing):
    ends = [1e-10 * x for x in (1.0, 1.01)]
    found = [
        optimise(legs({"contact.electrical": Span(low, 20e-10, spacing=spacing)}, points=2), engine=ENGINE)
        for low in ends
    ]
    ((words, price),) = found[0].active.items()
    assert words == "contact.electrical from 1 uohm cm2"
    slope = (found[0].power_density[0] - found[1].power_density[0]) / (ends[1] - ends[0])
    assert price == pytest.approx(slope, rel=0.01)


def test_every_combination_has_its_optimum():
    variables = {
        "length": Span("0.2 mm", "5 mm", spacing="log"),
        "material": ["Bi0.48Sb1.52Te3", "Bi0.42Sb1.58Te3"],
        "T_hot": [440.0, 480.0],
    }
    found = optimise(legs(variables, points=2), engine=ENGINE)
    assert len(found.reached) == 4
    assert np.all(np.diff(found.power_density) < 0)
    lengths = np.linspace(0.9, 1.1, 5)[:, None] * found.length
    kinds = np.array(found.material, object)[None]
    leg = LEG.replace(contact=te.Contact("5 uohm cm2", "1 mm2 K/W"))
    batch = te.solve_batch(
        leg, FILM, {"length": lengths, "material": kinds, "T_hot": found.T_hot[None]}, engine=ENGINE
    )
    assert np.all(batch.power_density.argmax(axis=0) == 2)
    np.testing.assert_allclose(batch.power_density[2], found.power_density, rtol=1e-6)


def test_the_smallest_value():
    cooler = te.Cooler(T_hot=330, T_cold=320, current="max_heat")
    study = Study(
        LEG, cooler, {"length": Span("1 mm", "4 mm")}, ["power"], smallest="power", sample=SamplePlan(2)
    )
    found = optimise(study, engine=ENGINE)
    assert found.length[0] == pytest.approx(4e-3)
    assert list(found.active) == ["length up to 4 mm"]


def test_materials_beyond_their_ranges_are_told():
    study = legs({"length": Span("1 mm", "3 mm")}, points=2)
    found = optimise(study.replace(conditions=study.conditions.replace(T_cold=300)), engine=ENGINE)
    (told,) = found.warnings
    assert "measured from 323 K" in told
    alone = study.device.replace(length=float(found.length[0])).solve(
        study.conditions.replace(T_cold=300), maxima=False
    )
    assert told in alone.warnings


def test_what_cannot_be_searched():
    with pytest.raises(InputError, match="at least one range is expected"):
        optimise(Study(LEG, FILM, {"length": [1e-3]}, ["power"]))
    with pytest.raises(InputError, match="at most 1000 starts"):
        optimise(legs({"length": Span(1e-3, 2e-3)}, points=2048))
    none = legs({"length": Span(1e-3, 2e-3)}, points=2, constraints={"power_density": {"least": 1e9}})
    said = "power_density at least 100000 W/cm2 is broken by all 2, the closest has 0.5"
    with pytest.raises(ConvergenceError, match=said):
        optimise(none, engine=ENGINE)


def test_searches_are_answered_together():
    asked, found = [], {}

    def evaluate(cases, x):
        asked.append(cases.tolist())
        return {"y": (x[:, 0] ** 2, 2.0 * x)}

    def search(k, ask):
        found[k] = [float(ask(np.array([float(k + i)]))["y"][0]) for i in range(k + 1)]

    together(search, [0, 1, 2], evaluate)
    assert asked == [[0, 1, 2], [1, 2], [2]]
    assert found == {0: [0.0], 1: [1.0, 4.0], 2: [4.0, 9.0, 16.0]}


@pytest.mark.parametrize("where", ["search", "batch"])
def test_what_goes_wrong_ends_all_searches(where):
    def evaluate(_cases, x):
        if where == "batch":
            raise ValueError("wrong")
        return {"y": (x[:, 0], x)}

    def search(k, ask):
        ask(np.zeros(1))
        if k == 1:
            raise ValueError("wrong")
        ask(np.ones(1))

    with pytest.raises(ValueError, match="wrong"):
        together(search, [0, 1, 2], evaluate)


def test_materials_that_cannot_win_are_not_searched():
    names = ["Bi0.42Sb1.58Te3", "Bi0.48Sb1.52Te3", "generic p cooler leg", "Cu2Se"]
    variables = {"length": Span("1 mm", "4 mm"), "material": names, "T_hot": [400.0, 430.0]}
    at = te.Generator(T_hot=430, T_cold=320, load="max_efficiency")
    leg = te.Leg(names[0], "2 mm", "2 mm2", contact="1 uohm cm2")
    asked = Study(leg, at, variables, ["efficiency"], sample=SamplePlan(2))
    found, every = (optimise(asked, every=all_, engine=ENGINE) for all_ in (False, True))
    assert len(every.reached) == 8
    left = 8 - len(found.reached)
    assert left >= 2
    assert any(f"{left} of 8 combinations were not searched" in note for note in found.notes)
    assert set(found.T_hot) == {400.0, 430.0}
    for T in (400.0, 430.0):
        best, known = (one.efficiency[one.T_hot == T].max() for one in (found, every))
        assert best == pytest.approx(known, rel=1e-9)
    assert found.evaluations < every.evaluations


@pytest.mark.parametrize("cooling", [False, True])
def test_no_device_exceeds_its_bound(cooling):
    """Plain legs come near to it: 99 % for a flat material, for which only the current is not ideal."""
    at = (
        te.Cooler(T_hot=320, T_cold=310, current="max_COP")
        if cooling
        else te.Generator(T_hot=480, T_cold=320, load="max_efficiency")
    )
    kinds = ["Bi0.42Sb1.58Te3", "generic p cooler leg", "MgAgSb0.99In0.01", flat("p", 2e-4, 1e5, 1.5)]
    names = {str(k): one for k, one in enumerate(kinds)}
    aim = "COP" if cooling else "efficiency"
    asked = Study(te.Leg(kinds[0], "2 mm", "2 mm2"), at, {"material": names}, [aim])
    bounds = largest_values(asked, aim, np.arange(4))
    batch = te.solve_batch(asked.device, at, {"material": asked.axes[0].given()}, engine=ENGINE)
    assert bounds is not None
    reached = batch.values[aim] / bounds
    assert np.all(reached < 1.0)
    assert reached[-1] > 0.98
    lossy = Study(asked.device, at.replace(hot_emissivity=0.5, T_ambient=300), {"material": names}, [aim])
    assert largest_values(lossy, aim, np.arange(4)) is None
    assert largest_values(asked, "power", np.arange(4)) is None
