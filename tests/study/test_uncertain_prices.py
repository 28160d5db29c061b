"""Ranges of prices as distributions: of one price, of all that count, beside other errors."""

import numpy as np
import pytest

from ioffe import Generator, Leg, Study
from ioffe.base.errors import InputError
from ioffe.cost import Costing, UnitPrice
from ioffe.material.library import prices
from ioffe.study import propagate_study
from ioffe.study.uncertain import uncertain_inputs

LEG = Leg("Bi2Te3", "2 mm", "2 mm2")
AT = Generator(T_hot=450, T_cold=330, load="max_power")
TE = UnitPrice(price="75 USD/kg", least="60 USD/kg", most="110 USD/kg")
COSTING = Costing(
    elements={"Te": TE}, materials={"Bi2Te3": UnitPrice(density="7.7 g/cm3")}, assembly="1e-3 USD"
)


def study(**changes):
    return Study(LEG, AT, {}, ["cost"], costing=COSTING.replace(**changes))


def test_a_range_is_even_between_its_ends():
    """Standard deviation (most - least)/sqrt 12 of each, with the mass as the derivative."""
    found = propagate_study(study(), {"cost.prices": "range"})
    mass = 7700.0 * 2e-6 * 2e-3
    bismuth = [one.value for one in prices("Bi")]
    widths = {"Te": 50.0, "Bi": max(bismuth) - min(bismuth)}
    share = {"Te": 3 * 127.6, "Bi": 2 * 208.9804}
    parts = [mass * share[k] / sum(share.values()) * widths[k] / np.sqrt(12.0) for k in ("Bi", "Te")]
    assert found.inputs == ("cost.elements.Bi", "cost.elements.Te")
    np.testing.assert_allclose(found.cost_std, np.hypot(*parts), rtol=1e-9)


def test_draws_stay_between_the_ends():
    found = propagate_study(
        study(), {"cost.elements.Te": "range"}, method="monte carlo", samples=2000, seed=1
    )
    linear = propagate_study(study(), {"cost.elements.Te": "range"})
    assert float(found.cost_std) == pytest.approx(float(linear.cost_std), rel=0.05)
    # 95 % of an even distribution from 60 to 110 USD/kg; the price that counts otherwise is 75
    slope = float(linear.cost_std) * np.sqrt(12.0) / 50.0
    low, high = (float(found.values[f"cost_{end}"] - linear.cost) / slope for end in ("low", "high"))
    assert (low, high) == pytest.approx((60.0 + 0.025 * 50.0 - 75.0, 110.0 - 0.025 * 50.0 - 75.0), abs=1.0)


def test_a_price_of_its_own_is_not_among_all_others():
    inputs = uncertain_inputs(LEG, AT, {"cost.prices": "range", "cost.elements.Te": "10 %"}, (), COSTING)
    assert [(one.path, one.kind) for one in inputs] == [
        ("cost.elements.Bi", "range"),
        ("cost.elements.Te", "normal"),
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("cost.elements.Tx", 'did you mean "cost.elements.Te"'),
        ("cost.assembly", "a price that counts"),
        ("cost.prces", "cost.prices"),
        ("length", "standard deviation|length"),
    ],
)
def test_what_has_no_range_is_refused(path, words):
    with pytest.raises(InputError, match=words):
        uncertain_inputs(LEG, AT, {path: "range"}, (), COSTING)


def test_prices_without_any_range_are_refused():
    fixed = Costing(materials={"Bi2Te3": UnitPrice(price="80 USD/kg", density="7.7 g/cm3")})
    with pytest.raises(InputError, match="a price with a range"):
        uncertain_inputs(LEG, AT, {"cost.prices": "range"}, (), fixed)
