"""Fronts by an evolution: as good as those of gradients, over materials and lists too, and true."""

from typing import Any

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import ConvergenceError, InputError
from ioffe.field.progress import listening
from ioffe.report.of_result import pictures_of
from ioffe.study import SamplePlan, Span, Study, evolved_front, pareto_front
from ioffe.study.front_search import unbeaten
from tests.study.studies import ENGINE, LEG

LEG_WITH_CONTACTS = LEG.replace(contact=te.Contact("5 uohm cm2", "1 mm2 K/W"))
FILM = te.Generator(T_hot=480, T_cold=330, hot_heat_transfer_coefficient=3000, load=0.02)
AIMS = ["power_density", "efficiency"]


def study(aims=AIMS, **more):
    ranges = {"length": Span("0.2 mm", "8 mm", spacing="log"), "area": Span("1 mm2", "4 mm2")}
    given: dict[str, Any] = {"variables": ranges}
    given |= {"sample": SamplePlan(2), "largest": aims} | more
    return Study(LEG_WITH_CONTACTS, FILM, outputs=[*aims, "heat_hot"], **given)


def best_power(front, efficiency):
    """Largest power density of a front at or beyond each efficiency."""
    known = np.array(front.efficiency)[None] >= efficiency[:, None] * (1 - 1e-9)
    return np.where(known, np.array(front.power_density)[None], 0.0).max(axis=1)


def test_it_comes_close_to_the_front_of_gradients_and_never_beyond():
    exact = pareto_front(study(), points=9, engine=ENGINE)
    found = evolved_front(study(), generations=12, engine=ENGINE)
    assert found.evaluations > 1000
    inner = exact.efficiency[1:-1]
    reached = best_power(found, inner * 0.99)
    assert np.all(reached >= 0.98 * exact.power_density[1:-1])
    # along straight lines between its points the front, which is concave, lies below itself
    for power, efficiency in zip(found.power_density, found.efficiency, strict=True):
        beyond = exact.efficiency >= efficiency * (1 + 1e-6)
        assert power <= exact.power_density.max() * (1 + 1e-6)
        if beyond.any():
            below = exact.power_density[exact.efficiency <= efficiency].min(initial=np.inf)
            assert power <= below * (1 + 1e-6)


def test_three_objectives_over_materials_and_lists():
    variables = {
        "length": Span("0.2 mm", "8 mm", spacing="log"),
        "contact.electrical": ["2 uohm cm2", "20 uohm cm2"],
        "material": ["Bi0.48Sb1.52Te3", "Bi0.42Sb1.58Te3"],
    }
    asked = study(variables=variables, smallest="heat_hot", constraints={"T_hot_junction": {"most": 460}})
    found = evolved_front(asked, generations=3, engine=ENGINE)
    heard: list[str] = []
    with listening(lambda words, _: heard.append(words)):
        again = evolved_front(asked, generations=3, engine=ENGINE)
    assert len(heard) == 60
    assert heard[-1].startswith("60 of 60 generations, ")
    assert heard[-1].endswith(", 0 s left")
    np.testing.assert_array_equal(found.length, again.length)
    assert found.T_hot_junction.max() <= 460.0
    rows = np.stack([found.power_density, found.efficiency, -found.heat_hot], axis=1)
    assert len(unbeaten(rows / np.abs(rows).max(axis=0))) == len(found)
    # whatever is wanted, the joint that resists less is better
    assert set(found.columns["contact.electrical"]) == {2e-10}
    single = te.solve_batch(
        LEG_WITH_CONTACTS,
        FILM,
        {"length": found.length, "contact.electrical": 2e-10, "material": found.material},
        engine=ENGINE,
    )
    np.testing.assert_allclose(single.power_density, found.power_density, rtol=1e-5)
    names = "front-power_density-efficiency", "front-power_density-heat_hot", "front-efficiency-heat_hot"
    assert tuple(pictures_of(found)) == names


def test_lists_alone_are_as_good_as_brute_force():
    lengths = np.geomspace(0.3e-3, 6e-3, 15)
    asked = study(variables={"length": lengths}, sample=None)
    found = evolved_front(asked, generations=8, engine=ENGINE)
    every = te.solve_batch(LEG_WITH_CONTACTS, FILM, {"length": lengths}, engine=ENGINE)
    rows = np.stack([every.power_density, every.efficiency], axis=1)
    expected = lengths[unbeaten(rows / rows.max(axis=0))]
    np.testing.assert_array_equal(np.sort(found.length), np.sort(expected))


def test_what_no_evolution_finds():
    with pytest.raises(ConvergenceError, match="no device was found"):
        evolved_front(study(constraints={"power_density": {"least": 1e9}}), generations=1, engine=ENGINE)
    with pytest.raises(InputError, match="generations = 0: a whole number from 1 is expected"):
        evolved_front(study(), generations=0)
    with pytest.raises(InputError, match="at least one variable is expected"):
        evolved_front(study(variables={}, sample=None))
