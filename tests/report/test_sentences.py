"""What stands first on the pages of searches, costs and models is their result."""

import pytest

from ioffe import Generator, Leg, sweep
from ioffe.base.units import format_si
from ioffe.cost import Costing, UnitPrice, price_device
from ioffe.export import compact_model
from ioffe.report.of_result import page_of
from ioffe.study import SamplePlan, Span, Study
from ioffe.study.front import pareto_front
from ioffe.study.optimising import optimise
from ioffe.study.uncertainty import propagate_study

LEG = Leg("Bi2Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
AT = Generator(T_hot=450, T_cold=330, load=0.02)
RANGES = {"length": Span("1 mm", "4 mm")}
AIMS = ["power", "efficiency"]


def first(result):
    return page_of(result).verdict[0]


def test_the_best_device_of_a_search_and_its_limit():
    found = optimise(Study(LEG, AT, RANGES, ["power"], sample=SamplePlan(2)))
    power, length = (found.shown(name, found.columns[name][0]) for name in ("power", "length"))
    assert (
        first(found)
        == f"The largest power is {power}, at length {length}. It is limited by length from 1 mm."
    )


def test_the_ends_of_a_front():
    study = Study(LEG, AT, RANGES, AIMS, largest=AIMS, sample=SamplePlan(1))
    found = pareto_front(study, points=3)
    best = [found.shown(name, max(found.columns[name])) for name in AIMS]
    assert first(found).startswith(f"From the largest power, {best[0]} with efficiency ")
    assert f"to the largest efficiency, {best[1]} with power " in first(found)
    assert found.tables()["front"].units["trade"] == "W", "by an efficiency, which has no unit"


def test_the_best_device_of_a_sweep(tmp_path):
    found = sweep(
        Study(LEG, AT, {"length": ["1 mm", "2 mm"], "T_hot": [400, 450]}, ["power"]), tmp_path / "a"
    )
    power = format_si(found.best["power"][0], "power")
    assert first(found) == f"The largest power is {power}, at length 1 mm and hot side 450 K."


def test_an_error_and_what_causes_most_of_it():
    found = propagate_study(
        Study(LEG, Generator(T_hot=450, T_cold=330), {}, ["power"]), {"length": "2 %", "T_hot": "0.1 K"}
    )
    assert found.shares["power"][0] == pytest.approx(1.0, abs=0.05)
    assert first(found).startswith("The power is ")
    assert "%, that of length." in first(found)


def test_cost_and_model():
    at = Generator(T_hot=450, T_cold=300, load="max_power")
    prices = Costing(materials={"Bi2Te3": UnitPrice(density="6.7 g/cm3")}, assembly="1 USD")
    cost = price_device(LEG, at, prices)
    assert first(cost).startswith(f"The device costs {cost.shown('cost')}, and a watt of its electric power ")
    model = compact_model(LEG, at)
    assert first(model).startswith(f"The model gives the voltage to {100 * model.errors['voltage']:.2g} %")
