"""Fronts of two objectives against brute force, and what has none."""

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import ConvergenceError, InputError
from ioffe.study import SamplePlan, Span, Study, pareto_front
from ioffe.study.front_search import unbeaten
from tests.study.studies import ENGINE, LEG

LEG_WITH_CONTACTS = LEG.replace(contact=te.Contact("5 uohm cm2", "1 mm2 K/W"))
FILM = te.Generator(T_hot=480, T_cold=330, hot_heat_transfer_coefficient=3000, load="max_power")
AIMS = ["power_density", "efficiency"]


def study(**more):
    given = {"variables": {"length": Span("0.2 mm", "8 mm", spacing="log")}, "sample": SamplePlan(2)} | more
    return Study(LEG_WITH_CONTACTS, FILM, outputs=AIMS, largest=AIMS, **given)


@pytest.fixture(scope="module")
def lengths():
    """Brute force."""
    return te.solve_batch(
        LEG_WITH_CONTACTS, FILM, {"length": np.geomspace(0.2e-3, 8e-3, 400)}, engine=ENGINE, keep=AIMS
    )


def test_every_point_is_the_best_that_brute_force_finds(lengths):
    found = pareto_front(study(), points=6, engine=ENGINE)
    assert len(found) == 6
    assert np.all(np.diff(found.power_density) < 0)
    # the changes of both, as shares of their ranges, sum to one step; the longest leg is the last
    steps = [np.abs(np.diff(one)) / np.ptp(one) for one in (found.power_density, found.efficiency)]
    np.testing.assert_allclose(np.sum(steps, axis=0), 0.4, rtol=1e-5)
    assert found.joined.all()
    assert not found.notes
    assert found.length[-1] == pytest.approx(8e-3)
    for power, efficiency in zip(found.power_density, found.efficiency, strict=True):
        best = lengths.power_density[lengths.efficiency >= efficiency * (1 - 1e-9)].max(initial=0.0)
        assert best <= power * (1 + 1e-6)
        assert best == pytest.approx(power, rel=2e-2)  # as dense as the lengths are


def test_the_trade_is_the_slope_of_the_front(lengths):
    found = pareto_front(study(), points=6, engine=ENGINE)
    order = np.argsort(lengths.efficiency)
    slope = np.gradient(lengths.power_density[order], lengths.efficiency[order])
    expected = np.interp(found.efficiency[1:-1], lengths.efficiency[order], slope)
    np.testing.assert_allclose(found.trade[1:-1], expected, rtol=1e-3)
    assert np.isnan(found.trade[[0, -1]]).all()
    assert [one.words for one in found.prices[-1]] == ["length up to 8 mm"]


def test_materials_share_one_front():
    kinds = {
        "length": Span("0.2 mm", "8 mm", spacing="log"),
        "material": ["Bi0.48Sb1.52Te3", "Bi0.42Sb1.58Te3"],
    }
    both = pareto_front(study(variables=kinds), points=4, engine=ENGINE)
    alone = pareto_front(study(), points=4, engine=ENGINE)
    # every leg of the second material beats those of the first
    assert set(both.material) == {"Bi0.42Sb1.58Te3"}
    np.testing.assert_allclose(both.power_density, alone.power_density, rtol=1e-6)


def test_both_edges_of_a_gap_are_found_and_not_joined():
    # each of two lengths has a front of its own, far from the other, over the current
    given = {"length": [0.4e-3, 4e-3], "current": Span(0.02, 3.0)}
    at = FILM.replace(load=None, current=0.5)
    asked = Study(LEG_WITH_CONTACTS, at, given, AIMS, largest=AIMS, sample=SamplePlan(1))
    found = pareto_front(asked, points=6, engine=ENGINE)
    assert len(found) >= 6
    (gap,) = np.flatnonzero(~found.joined)
    assert found.length[: gap + 1] == pytest.approx(0.4e-3)
    assert found.length[gap + 1 :] == pytest.approx(4e-3)
    assert found.notes == (f"no device of the front was found between numbers {gap + 1} and {gap + 2}",)
    current = np.linspace(0.02, 3.0, 4000)
    vary = {"length": np.repeat(given["length"], len(current)), "current": np.tile(current, 2)}
    every = te.solve_batch(LEG_WITH_CONTACTS, asked.conditions, vary, engine=ENGINE, keep=AIMS)
    rows = np.stack([every.power_density, every.efficiency], axis=1)
    rows = rows[np.isfinite(rows).all(axis=1)]
    best = rows[unbeaten(rows / rows.max(axis=0))]
    widest = np.argmax(np.abs(np.diff(best / np.ptp(best, axis=0), axis=0)).sum(axis=1))
    edges = np.stack([found.power_density, found.efficiency], axis=1)[gap : gap + 2]
    np.testing.assert_allclose(edges, best[widest : widest + 2], rtol=5e-3)
    lines = [line for line in found.plot().lines if line.get_linestyle() == "-"]
    assert len(lines) == found.joined.sum() == len(found) - 2


def test_the_ends_are_the_best_of_what_is_equal_in_one_objective():
    # without film coefficients no length changes the voltage; the shortest one has the largest power
    given = {"T_hot": Span(400, 480), "length": Span("0.5 mm", "8 mm")}
    at = te.Generator(T_hot=450, T_cold=330, load="max_power")
    names = ["power", "voltage"]
    asked = Study(LEG, at, given, names, largest="power", smallest=names[1], sample=SamplePlan(2))
    found = pareto_front(asked, points=4, engine=ENGINE)
    np.testing.assert_allclose(found.length, 0.5e-3, rtol=1e-5)
    np.testing.assert_allclose(found.T_hot[[0, -1]], [480, 400], rtol=1e-6)


def test_limits_hold_along_the_front():
    limits = {"T_hot_junction": {"most": "450 K"}}
    found = pareto_front(study(constraints=limits), points=4, engine=ENGINE)
    assert found.T_hot_junction.max() == pytest.approx(450.0, abs=1e-3)
    assert [one.words for one in found.prices[-1]] == ["T_hot_junction at most 450 K"]
    with pytest.raises(ConvergenceError, match="no start leads to a device"):
        pareto_front(study(constraints={"power_density": {"least": 1e9}}), engine=ENGINE)


def test_a_front_of_one_device():
    found = pareto_front(
        Study(
            LEG, FILM, {"T_hot": Span(470, 480)}, ["power", "power_density"],
            largest=["power", "power_density"], sample=SamplePlan(2),
        ),
        engine=ENGINE,
    )  # fmt: skip
    assert found.T_hot.tolist() == [480.0]


def test_what_has_no_front():
    with pytest.raises(InputError, match="two objectives are expected for a front, not 1"):
        pareto_front(Study(LEG, FILM, {"length": Span(1e-3, 2e-3)}, ["power"], sample=SamplePlan(2)))
    with pytest.raises(
        InputError, match="at most 90 starts are expected over all combinations, not 128, each searched 11"
    ):
        pareto_front(study(sample=SamplePlan(128)))
    with pytest.raises(InputError, match="points = 1: a whole number from 2 is expected"):
        pareto_front(study(), points=1)
    with pytest.raises(InputError, match='smallest = "power": an output that is not largest already'):
        Study(LEG, FILM, {}, ["power"], largest="power", smallest="power")


def test_rows_that_nothing_beats():
    rng = np.random.default_rng(0)
    rows = rng.random((200, 3))
    best = {k for k in range(200) if not np.any(np.all(rows > rows[k], axis=1))}
    found = unbeaten(rows).tolist()
    assert set(found) == best
    assert np.all(np.diff(rows[found, 0]) < 0)
    half = unbeaten(rows[:100])
    both = np.concatenate([rows[half], rows[100:]])
    np.testing.assert_array_equal(both[unbeaten(both, len(half))], rows[found])
