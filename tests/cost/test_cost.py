"""Bills of devices by hand, faults of prices, exact derivatives."""

import numpy as np
import pytest

from ioffe import Cascade, Cooler, Generator, Layer, Leg, Module, load_material, read_device, solve_batch
from ioffe.base.errors import Faults, InputError
from ioffe.cost import COST_QUANTITIES, Costing, DeviceCost, UnitPrice, composition_price, cost_items
from ioffe.cost.quantities import performance_needed
from ioffe.material.library import prices

P, N = "Bi0.42Sb1.58Te3", "Bi2Te2.7Se0.3"
KNOWN = {
    P: UnitPrice(density="6.7 g/cm3"),
    N: UnitPrice(density="7.7 g/cm3"),
    "Al2O3 96%": UnitPrice(price_per_area="160 USD/m2"),
}
FULL = Costing(
    scrap="30 %",
    production_yield="95 %",
    processing="20 USD/kg",
    metallisation="300 USD/m2",
    assembly="1 USD",
    assembly_per_couple="0.02 USD",
    hot_exchanger="5 USD K/W",
    materials=KNOWN,
)


def module(**changes):
    legs = {k: Leg(name, "2 mm", "2 mm2", contact="5 uohm cm2") for k, name in (("p", P), ("n", N))}
    stack = [Layer("Cu", "0.3 mm", "electrodes"), Layer("Al2O3 96%", "0.6 mm")]
    return Module(**{**legs, "couples": 31, "fill_factor": 0.3, "hot": stack, "cold": stack, **changes})


def generator(**changes):
    given = {"T_hot": 450, "T_cold": 300, "hot_heat_transfer_coefficient": 1000, "load": "max_power"}
    return Generator(**given | changes)


def test_price_of_a_composition_by_hand():
    """Mass fractions of Bi2Te3 from atomic weights 208.98 and 127.60: 0.52195 and 0.47805."""
    found = composition_price("Bi2Te3", {"Bi": 10.0, "Te": 100.0})
    assert found == pytest.approx(0.52195 * 10.0 + 0.47805 * 100.0, rel=1e-4)
    with pytest.raises(InputError) as raised:
        composition_price("Bi2Te2.7Se0.3", {"Bi": 10.0})
    assert [fault.value for fault in raised.value.faults] == ["Te", "Se"]


def test_bill_of_a_module_by_hand():
    found = {item.name: item for item in cost_items(module(), generator(), FULL)}
    area = 31 * 2e-6
    by_element = {e: prices(e)[-1].value for e in ("Bi", "Sb", "Te")}
    mass = area * 2e-3 * 6700.0
    price = composition_price(P, by_element) + 20.0
    assert found["p"].amount == pytest.approx(mass, rel=1e-12)
    assert found["p"].cost == pytest.approx(mass * price / 0.7 / 0.95, rel=1e-12)
    footprint = 2 * area / 0.3
    assert found["cold[1]"].cost == pytest.approx(160.0 * footprint / 0.95, rel=1e-12)
    # the electrodes cover two square legs and the gap between them
    side, pitch = np.sqrt(2e-6), np.sqrt(0.5 * footprint / 31)
    copper = 31 * (2 * 2e-6 + (pitch - side) * side) * 0.3e-3 * load_material("Cu").density
    assert found["hot[0]"].amount == pytest.approx(copper, rel=1e-12)
    assert found["hot[0]"].cost == pytest.approx(copper * prices("Cu")[-1].value / 0.95, rel=1e-12)
    assert found["metallisation"].cost == pytest.approx(300.0 * 4 * area / 0.95, rel=1e-12)
    assert found["assembly of couples"].cost == pytest.approx(31 * 0.02 / 0.95, rel=1e-12)
    assert found["assembly"].cost == pytest.approx(1.0 / 0.95, rel=1e-12)
    assert found["hot exchanger"].cost == pytest.approx(5.0 * 1000.0 * footprint, rel=1e-12)
    assert "cold exchanger" not in found


def test_a_cascade_is_its_stages_and_what_lies_between():
    stage = module()
    plate = Layer("Al2O3 96%", "0.6 mm")
    cascade = Cascade([stage, stage.replace(couples=10)], between=[plate])
    legs_only = FULL.replace(hot_exchanger=0.0, assembly=0.0)
    total = sum(item.cost for item in cost_items(cascade, generator(), legs_only))
    alone = [
        sum(item.cost for item in cost_items(one, generator(), legs_only))
        for one in (stage, stage.replace(couples=10))
    ]
    between = 160.0 * stage.footprint / 0.95
    assert total == pytest.approx(sum(alone) + between, rel=1e-12)


def test_a_price_that_is_stated_goes_before_those_of_the_elements():
    stated = {**KNOWN, P: UnitPrice(price="100 USD/kg", density="6.7 g/cm3")}
    (item, *_) = cost_items(module(), generator(), FULL.replace(materials=stated))
    assert item.cost == pytest.approx(item.amount * 100.0 / 0.7 / 0.95, rel=1e-12)
    dear = FULL.replace(elements={"Te": UnitPrice(price="1000 USD/kg")})
    assert cost_items(module(), generator(), dear)[0].cost > 5 * item.cost
    named = {**KNOWN, P: UnitPrice(density="6.7 g/cm3", composition="Bi2Te3")}
    (item, *_) = cost_items(module(), generator(), FULL.replace(materials=named))
    price = composition_price("Bi2Te3", {e: prices(e)[-1].value for e in ("Bi", "Te")}) + 20.0
    assert item.cost == pytest.approx(item.amount * price / 0.7 / 0.95, rel=1e-12)


def test_everything_without_a_price_is_named_at_once():
    with pytest.raises(InputError) as raised:
        cost_items(module(), generator(hot_heat_transfer_coefficient=None), FULL.replace(materials={}))
    text = str(raised.value)
    assert len(raised.value.faults) == 4
    assert text.count("a density is expected") == 2
    assert "cost.hot_exchanger" in text
    faults = Faults()
    items = cost_items(module(), generator(), FULL.replace(materials={}), faults)
    assert len(faults) == 3
    assert [item.name for item in items][:2] == ["hot[0]", "cold[0]"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price": "12 USD/m2"}, "is a price by area"),
        ({"price": 12.0, "least": 13.0}, "not above"),
        ({"price": 12.0, "most": 11.0}, "not below"),
        ({"price": 12.0, "price_per_area": 3.0}, "either"),
        ({"least": 3.0}, "beside its range"),
        ({"price": 12.0, "quality": "remembred"}, "remembered"),
        ({"composition": "Xx2Te3"}, "symbol"),
    ],
)
def test_faulty_prices(fields, words):
    with pytest.raises(InputError, match=words):
        UnitPrice(**fields)


def test_faulty_costing():
    with pytest.raises(InputError) as raised:
        Costing(scrap="120 %", vintage="2015", elements={"Xx": UnitPrice(price=1.0), "Te": UnitPrice()})
    assert {fault.location for fault in raised.value.faults} >= {"scrap", "vintage", "elements.Te"}
    assert any("Xx" in str(fault) for fault in raised.value.faults)
    with pytest.raises(InputError, match="by mass is expected"):
        cost_items(module(), generator(), Costing(materials={P: UnitPrice(price_per_area=1.0)}))


PATHS = (
    "legs.length",
    "p.area",
    "couples",
    "fill_factor",
    "hot[0].thickness",
    "hot_heat_transfer_coefficient",
    "n.contact.electrical",
    "T_hot",
)


@pytest.mark.parametrize("cools", [False, True])
def test_derivatives_are_those_of_differences(cools):
    """Against central differences of the whole computation, which are good to 1e-6 here."""
    conditions = generator(load=None, current=1.0)
    if cools:
        conditions = Cooler(T_hot=305, T_cold=300, current=1.0, hot_heat_transfer_coefficient=1e5)
    vary = {"legs.length": np.array([1e-3, 2e-3]), "couples": np.array([20.0, 31.0])}
    start = {"p.area": 2e-6, "fill_factor": 0.3, "hot[0].thickness": 3e-4, "n.contact.electrical": 5e-10}
    start |= {"T_hot": conditions.T_hot} | {
        "hot_heat_transfer_coefficient": conditions.hot_heat_transfer_coefficient
    }
    names = COST_QUANTITIES[not cools]

    def found(numbers, gradient=()):
        options = {"keep": performance_needed(names, conditions), "engine": "numpy", "tolerance": 1e-10}
        batch = solve_batch(module(), conditions, numbers, gradient=gradient, **options)
        costs = DeviceCost(module(), conditions, FULL, numbers)
        return costs.quantities(names, batch.values, batch.gradient if gradient else None, gradient)

    _, slopes = found(vary, PATHS)
    for path in (p for p in PATHS if p != "couples"):
        x = vary.get(path, start.get(path))
        step = 1e-4 * np.max(x)
        up, down = (found({**vary, path: np.broadcast_to(x + sign * step, (2,))})[0] for sign in (1, -1))
        for name in names:
            numeric = (up[name] - down[name]) / (2.0 * step)
            np.testing.assert_allclose(
                slopes[name][path], numeric, rtol=2e-5, atol=1e-9 * np.abs(up[name] / step).max()
            )


def test_slope_to_couples_and_prices_is_exact():
    vary = {"couples": np.array([20.0, 31.0])}
    costs = DeviceCost(module(), generator(), FULL, vary)
    # everything grows with the couples but the assembly of the device
    np.testing.assert_allclose(
        costs.slope("couples"), (costs.cost - 1.0 / 0.95) / vary["couples"], rtol=1e-12
    )
    for path, value in (
        ("cost.elements.Te", 63.5),
        ("cost.materials.Al2O3 96%", 160.0),
        ("cost.assembly", 1.0),
    ):
        up = DeviceCost(module(), generator(), FULL, {**vary, path: np.full(2, value + 1.0)})
        np.testing.assert_allclose(costs.slope(path), up.cost - costs.cost, rtol=1e-9)
    np.testing.assert_array_equal(costs.slope("p.material.seebeck"), [0.0, 0.0])
    with pytest.raises(InputError, match=r"cost\.scrap"):
        costs.slope("cost.scarp")


def test_materials_of_a_list_have_prices_of_their_own():
    kinds = [load_material(name) for name in ("Bi0.42Sb1.58Te3", "Bi0.48Sb1.52Te3")]
    known = {**KNOWN, "Bi0.48Sb1.52Te3": UnitPrice(price="100 USD/kg", density="6.8 g/cm3")}
    costing = FULL.replace(materials=known)
    varied = {"p.material": np.array(kinds, object)}
    found = DeviceCost(module(), generator(), costing, varied).cost
    alone = [
        DeviceCost(module(p=module().p.replace(material=kind)), generator(), costing, {}).cost[0]
        for kind in kinds
    ]
    np.testing.assert_allclose(found, alone, rtol=1e-14)
    with pytest.raises(InputError, match=r"Bi0\.48Sb1\.52Te3"):
        DeviceCost(module(), generator(), FULL, varied).cost  # noqa: B018 - computing it is what raises


FILE = """
format = 1
[leg]
material = "Bi0.42Sb1.58Te3"
length = "2 mm"
area = "2 mm2"
[operate]
mode = "generate"
T_hot = "450 K"
T_cold = "300 K"
"""
PRICES = """
[cost]
vintage = "2013"
scrap = "40 %"
[cost.elements]
Te = { price = "75 USD/kg", range = ["60 USD/kg", "90 USD/kg"], year = 2024, quality = "remembered" }
[cost.materials]
"Bi0.42Sb1.58Te3" = { density = "6.7 g/cm3" }
"""


def test_table_of_a_device_file(tmp_path):
    path = tmp_path / "leg.toml"
    path.write_text(FILE + PRICES, encoding="utf-8")
    found = read_device(path).costing
    assert found.element("Te").range == (60.0, 90.0)
    assert found.element("Bi").value == prices("Bi")[0].value
    assert found.scrap == 0.4
    path.write_text(FILE, encoding="utf-8")
    assert read_device(path).costing == Costing()


def test_every_fault_of_the_table_comes_out(tmp_path):
    path = tmp_path / "leg.toml"
    changes = {
        "40 %": "140 %",
        '"75 ': '"7 ',
        "6.7 g/cm3": "6.7 g",
        "Te =": "Tx =",
        "[cost]": "[cost]\nscrp = 1",
    }
    text = FILE + PRICES
    for old, new in changes.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_device(path)
    places = {fault.location for fault in raised.value.faults}
    assert places >= {
        "cost.scrap",
        "cost.scrp",
        "cost.materials.Bi0.42Sb1.58Te3.density",
        "cost.elements.Tx.range[0]",
    }
    assert any("symbol" in str(fault) for fault in raised.value.faults)
