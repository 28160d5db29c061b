"""Limits of combinations of numbers, and costs as outputs, limits and objectives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.cost import Costing, DeviceCost, UnitPrice
from ioffe.study import SamplePlan, Span, Study, optimise, propagate_study, read_sweep, sweep
from ioffe.study.combination import Combination
from tests.study.studies import ENGINE, LEG

AT = te.Generator(T_hot=480, T_cold=330, hot_heat_transfer_coefficient=3000, load="max_power")
N = te.Leg("Bi2Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
COUPLE = te.Module(LEG, N, fill_factor=0.3)
SEGMENTED = te.Leg(
    segments=[te.Segment("Bi0.42Sb1.58Te3", "2 mm"), te.Segment("Bi0.48Sb1.52Te3", "1 mm")], area="4 mm2"
)
PRICES = Costing(
    materials={"Bi0.42Sb1.58Te3": UnitPrice(density="6.7 g/cm3")},
    scrap="30 %",
    assembly="0.01 USD",
    hot_exchanger="0.2 USD K/W",
)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("p.area / n.area", "ratio", lambda p, n: p / n),
        ("2 * p.area - n.area", "area", lambda p, n: 2 * p - n),
        ("p.area * n.area / (n.area + p.area)", "area", lambda p, n: p * n / (p + n)),
        ("-p.length * n.area / p.area", "length", lambda p, n: -2e-3 * n / p),
        ("n.area/p.area/fill_factor", "ratio", lambda p, n: n / p / 0.3),
        ("T_hot - T_cold + p.area / n.area * T_hot", "delta_T", lambda p, n: 150.0 + p / n * 480.0),
    ],
)
def test_values_and_derivatives_of_a_combination(text, kind, value):
    one = Combination.read(text, COUPLE, AT, ["p.area", "n.area"])
    assert one.kind == kind
    p, n = np.array([1e-6, 2e-6]), np.array([3e-6, 1.5e-6])
    values, slopes = one.evaluate({"p.area": p, "n.area": n})
    np.testing.assert_allclose(values, value(p, n), rtol=1e-14)
    step = 1e-4
    for path, moved in {"p.area": (p * step, 0.0), "n.area": (0.0, n * step)}.items():
        up, down = (value(p + s * moved[0], n + s * moved[1]) for s in (1, -1))
        np.testing.assert_allclose(slopes[path], (up - down) / (2 * max(moved, key=np.max)), rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "limit", "said"),
    [
        ("p.area / n.areas", {"most": 2}, 'did you mean "n.area"'),
        ("p.area + p.length", {"most": 2}, "quantities of one unit are expected, not m2 and m"),
        ("p.area * p.area", {"most": 2}, "not m^4"),
        ("p.area ** 2", {"most": 2}, "or +, -, * or / is expected"),
        ("p.area / ", {"most": 2}, "sums, products and ratios of numbers"),
        ("(__import__('os'))", {"most": 2}, "or +, -, * or / is expected"),
        ("p.length / n.length", {"most": 2}, "a combination of what varies is expected"),
        ("p.material / p.area", {"most": 2}, "one number of the device is expected"),
        ("p.area / n.area", {"most": "2 mm"}, "a number is expected"),
        ("p.area - n.area", {"most": "2 mm"}, "an area is expected"),
        ("p.area / n.area", {"most": 1, "least": 2}, "least is above most"),
    ],
)
def test_faulty_combinations_are_named(text, limit, said):
    with pytest.raises(InputError) as caught:
        Study(COUPLE, AT, {"p.area": [1e-6]}, ["power"], {text: limit})
    assert said in str(caught.value).replace("m4", "m^4")
    assert "constraints" in str(caught.value)


def test_limits_that_the_variables_cannot_keep_are_refused():
    ranges = {"p.area": Span("1 mm2", "4 mm2", 3), "n.area": [1e-6, 2e-6]}
    with pytest.raises(InputError, match=r"they give 0.25 to 2"):
        Study(COUPLE, AT, ranges, ["power"], {"n.area / p.area": {"least": 2.1}})
    with pytest.raises(InputError, match=r"narrow variables.n.area instead"):
        Study(COUPLE, AT, ranges, ["power"], {"n.area": {"least": 2.1e-6}})
    assert Study(COUPLE, AT, ranges, ["power"], {"n.area / p.area": {"least": 1.9}})


@given(*[st.floats(-3.0, 3.0)] * 4)
def test_the_span_of_a_combination_holds_its_values(low, wide, at, other):
    ends = {"p.length": (1e-3, 2e-3), "T_hot": (300.0 + low, 300.0 + low + abs(wide))}
    texts = (
        "T_hot * p.length / (T_hot - T_cold)",
        "-(T_hot - T_cold) * p.length / T_hot",
        "p.length - T_cold / T_hot * p.length",
    )
    share = 0.5 + at / 6.0, 0.5 + other / 6.0
    point = {k: np.array([a + s * (b - a)]) for (k, (a, b)), s in zip(ends.items(), share, strict=True)}
    for text in texts:
        one = Combination.read(text, COUPLE, AT, list(ends))
        least, most = one.span(ends)
        value = one.evaluate(point)[0][0]
        assert least - 1e-9 * abs(least) <= value <= most + 1e-9 * abs(most)


def test_a_leg_and_its_segments_do_not_mix():
    varied = {"segments[0].length": Span(1e-3, 3e-3)}
    with pytest.raises(InputError, match=r"segments\[0\].length, which varies, is expected"):
        Combination.read("length / segments[1].length", SEGMENTED, AT, list(varied))
    whole = Combination.read("segments[0].length + segments[1].length", SEGMENTED, AT, list(varied))
    assert whole.evaluate({"segments[0].length": np.array([1e-3])})[0].tolist() == [2e-3]


def test_a_combination_limits_an_optimum_with_its_price():
    def best(most):
        ranges = {"segments[0].length": Span("0.3 mm", "3 mm"), "segments[1].length": Span("0.3 mm", "3 mm")}
        limits = {"segments[0].length + segments[1].length": {"most": most}}
        return optimise(Study(SEGMENTED, AT, ranges, ["efficiency"], limits, SamplePlan(2)), engine=ENGINE)

    middle = best("2 mm")
    assert middle.columns["segments[0].length + segments[1].length"][0] == pytest.approx(2e-3, rel=1e-6)
    (price,) = [one for one in middle.prices if one.words.startswith("segments[0].length +")]
    assert price.words == "segments[0].length + segments[1].length at most 2 mm"
    slope = (best("2.01 mm").efficiency[0] - best("1.99 mm").efficiency[0]) / 0.02
    assert price.price * 1e-3 == pytest.approx(slope, rel=1e-3)
    assert price.shown == f"{te.base.units.format_si(1e-3 * price.price, 'efficiency')} for 1 mm"


def test_costs_are_outputs_and_limits_of_a_sweep(tmp_path):
    names = ["power", "cost", "cost_per_power", "performance_cost_ratio"]
    study = Study(
        LEG, AT, {"length": Span(1e-3, 4e-3, 20), "cost.scrap": [0.0, 0.3]}, names,
        {"cost": {"most": "0.02 USD"}}, costing=PRICES, smallest="cost_per_power",
    )  # fmt: skip
    sweep(study, tmp_path / "run", engine=ENGINE)
    (rows,) = read_sweep(tmp_path / "run").chunks()
    expected = DeviceCost(LEG, AT, PRICES, {k: rows[k] for k in ("length", "cost.scrap")}).cost
    np.testing.assert_array_equal(rows["cost"], expected)
    np.testing.assert_allclose(rows["cost_per_power"] * rows["power"], rows["cost"], rtol=1e-14)
    np.testing.assert_allclose(rows["cost_per_power"] * rows["performance_cost_ratio"], 1.0, rtol=1e-14)
    result = read_sweep(tmp_path / "run")
    assert result.compared == np.sum(rows["cost"] <= 0.02)
    assert result.best["cost.scrap"][0] == 0.0


def test_the_cheapest_watt_is_that_of_brute_force():
    wanted = Study(
        LEG, AT, {"length": Span("0.3 mm", "5 mm", spacing="log")}, ["cost_per_power", "power"],
        costing=PRICES, smallest="cost_per_power", sample=SamplePlan(4),
    )  # fmt: skip
    found = optimise(wanted, engine=ENGINE)
    lengths = np.geomspace(0.3e-3, 5e-3, 601)
    power = te.solve_batch(LEG, AT, {"length": lengths}, keep=["power"], engine=ENGINE).power
    each = DeviceCost(LEG, AT, PRICES, {"length": lengths}).cost / power
    assert 0 < each.argmin() < 600
    assert found.length[0] == pytest.approx(lengths[each.argmin()], rel=5e-3)
    assert found.cost_per_power[0] == pytest.approx(each.min(), rel=1e-5)
    assert found.cost_per_power[0] <= each.min()


def test_ranges_of_prices_are_propagated():
    study = Study(LEG, AT, {}, ["cost", "cost_per_power"], costing=PRICES)
    errors = {"cost.elements.Te": "20 %", "cost.hot_exchanger": "10 %", "length": "2 %"}
    linear = propagate_study(study, errors, engine=ENGINE)
    drawn = propagate_study(study, errors, method="monte carlo", samples=600, engine=ENGINE)
    for name in ("cost_std", "cost_per_power_std"):
        assert float(drawn.values[name]) == pytest.approx(float(linear.values[name]), rel=0.12)
    only = propagate_study(study, {"cost.hot_exchanger": "10 %"}, engine=ENGINE)
    items = 0.2 * 3000 * 2e-6  # price times conductance of the film on the leg
    assert float(only.cost_std) == pytest.approx(0.1 * items, rel=1e-12)
    some = propagate_study(study, {"cost.hot_exchanger": "10 %"}, method="monte carlo", samples=500)
    assert float(some.cost_std) == pytest.approx(0.1 * items, rel=0.15)


def test_what_has_no_price_is_refused():
    with pytest.raises(InputError, match=r"(?s)density.*"):
        Study(LEG, AT, {"length": [1e-3]}, ["cost"])
    with pytest.raises(InputError, match=r'cost.scrp: a number of the table \[cost\] .* "cost.scrap"'):
        Study(LEG, AT, {"cost.scrp": [0.1]}, ["cost"], costing=PRICES)
    with pytest.raises(InputError, match="cost_per_cooling_power"):
        Study(LEG, AT, {"length": [1e-3]}, ["cost_per_cooling_power"], costing=PRICES)


@pytest.mark.parametrize(
    ("at", "name", "least", "most"),
    [
        (te.Generator(T_hot=450, T_cold=300, load="max_power"), "efficiency", 0.9, "40 %"),
        (te.Cooler(T_hot=300, T_cold=280, current="max_COP"), "COP", 30, "28"),
    ],
)
def test_limits_above_those_of_carnot_are_refused(at, name, least, most):
    ranges = {"length": [1e-3, 2e-3], "T_hot": [at.T_hot, at.T_hot + 50.0]}
    if name == "COP":
        ranges["T_hot"] = [290.0, 300.0]
    with pytest.raises(
        InputError, match=f"devices below Carnot.s {name} can keep are expected: they give at most {most}"
    ):
        Study(LEG, at, ranges, [name], {name: {"least": least}})
    Study(LEG, at, ranges, [name], {name: {"least": 0.9 * least / 2.3}})


def test_an_objective_is_among_the_outputs():
    with pytest.raises(InputError, match="list T_hot among outputs too"):
        Study(LEG, AT, {"length": [1e-3, 2e-3]}, ["power"], largest="T_hot")


def test_the_variable_is_told_that_breaks_a_rule():
    with pytest.raises(InputError, match="variables.T_hot: a temperature below T_hot = 280 K is expected"):
        Study(LEG, AT, {"T_hot": [280.0, 400.0]}, ["power"])


def test_no_device_is_solved_twice():
    with pytest.raises(InputError, match="variables.length: values that differ are expected"):
        Study(LEG, AT, {"length": [1e-3, 1e-3]}, ["power"])
