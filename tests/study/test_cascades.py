"""Studies of cascades: the files of the examples, at one current so that nothing is searched along it."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.device.cascade import first_stages
from ioffe.study.solving import solve_devices

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def studied(tmp_path):
    """Reads a study of the examples in which some texts are others."""
    folder = tmp_path / "studies"
    shutil.copytree(EXAMPLES / "studies", folder)
    for path in EXAMPLES.glob("*-stage-cooler.toml"):
        shutil.copy(path, tmp_path)

    def read(name, *changes):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return te.read_study(path)

    return read


CURRENT = ('current = "max_COP"', 'current = "1.6 A"')


def test_a_sweep_has_the_numbers_of_single_devices(studied, tmp_path):
    couples = "[3, 4, 5, 6, 7, 8, 10, 12, 15, 20]", "[7, 12]"
    study = studied("two-stage.toml", CURRENT, couples, ("points = 9", "points = 2"))
    found = te.sweep(study, tmp_path / "run", engine="numpy", workers=1)
    rows = found.to_frame()
    device = te.read_device(EXAMPLES / "two-stage-cooler.toml").device
    stages = [
        one.replace(p=one.p.replace(length=2.4e-3), n=one.n.replace(length=2.4e-3)) for one in device.stages
    ]
    stages[1] = stages[1].replace(couples=12)
    alone = device.replace(stages=stages).solve(te.Cooler(T_hot=300, T_cold=240, current=1.6), maxima=False)
    assert len(rows) == 4
    assert rows["COP"].iloc[-1] == pytest.approx(float(alone.COP), rel=1e-6)


ONE_LEG = '"stages[1].legs.length" = { range = ["0.8 mm", "3 mm"], spacing = "log" }'


def test_a_search_finds_what_a_grid_has(studied):
    study = studied("best-stages.toml", CURRENT, ("[7, 12, 17]", "[12]"), (ONE_LEG, ""))
    best = te.study.optimise(study, engine="numpy")
    vary = {"stages[1].couples": 12, "stages[0].legs.length": np.geomspace(0.8e-3, 3e-3, 11)}
    keep = ["COP", "heat_cold"]
    grid = te.solve_batch(study.device, study.conditions, vary, engine="numpy", keep=keep)
    largest = np.nanmax(np.where(grid.heat_cold >= 0.5, grid.COP, np.nan))
    assert largest <= best.columns["COP"][0] <= 1.02 * largest


def test_linear_errors_are_those_of_draws(studied):
    path = Path("how-cold.toml")
    curves = (EXAMPLES / "studies" / path).read_text(encoding="utf-8").partition("# Each stage has")[2]
    fixed = ('aim = "delta_T"\nheat = "0.2 W"', 'current = "2.4 A"\nT_cold = "240 K"')
    study = studied(path, fixed, ('["delta_T"]', '["heat_cold"]'), (curves, ""))
    linear = te.study.propagate_study(study, study.uncertain, engine="numpy")
    drawn = te.study.propagate_study(
        study, study.uncertain, method="monte carlo", samples=100, engine="numpy"
    )
    # of 100 draws one standard error is 7 %
    assert drawn.heat_cold_std == pytest.approx(linear.heat_cold_std, rel=0.3)


STAGES = "how-many-stages.toml"
COLD = 'T_cold = { range = ["210 K", "280 K"], points = 15 }'


def test_fewer_stages_are_those_of_the_hot_side(studied):
    study = studied(STAGES, CURRENT, (COLD, 'T_cold = ["275 K"]'))
    found = solve_devices(study, study.vary(0, 3), keep=study.kept, engine="numpy")
    for count in (1, 2, 3):
        at = study.conditions.replace(T_cold=275.0)
        alone = first_stages(study.device, count).solve(at, maxima=False)
        assert found.values["heat_cold"][count - 1] == pytest.approx(float(alone.heat_cold), rel=1e-6)
    one, two = (first_stages(study.device, count) for count in (1, 2))
    assert [x.material.name for x in one.stages[0].cold] == ["Cu", "Al2O3"]
    assert (two.couples, len(two.between), two.currents) == (82, 1, (1.0, 1.0))


def test_the_number_of_stages_is_a_choice_of_searches(studied):
    lengths = '"stages[1].legs.length" = { range = ["1 mm", "3 mm"] }'
    ranges = f'T_cold = ["275 K"]\n{lengths}\n[sample]\npoints = 1'
    study = studied(STAGES, CURRENT, (COLD, ranges), ("[1, 2, 3]", "[1, 2]"))
    best = te.study.optimise(study, engine="numpy")
    assert sorted(best.columns["stages"]) == [1, 2]
    search = solve_devices(
        study,
        {"stages": np.array([1, 2]), "T_cold": 275.0, "stages[1].legs.length": np.full(2, 2e-3)},
        keep=study.kept,
        gradient=["stages[1].legs.length"],
        engine="numpy",
    )
    slope = search.slopes["COP"]["stages[1].legs.length"]
    assert slope[0] == 0.0
    assert slope[1] != 0.0


def test_numbers_of_stages_that_are_none(studied):
    with pytest.raises(InputError, match="up to 3 stages are expected, those of the device"):
        studied(STAGES, ("[1, 2, 3]", "[2, 4]"))
    with pytest.raises(InputError, match="a whole number is expected"):
        studied("how-many-stages.toml", ("[2, 4]", "[1.5]"))
    with pytest.raises(InputError, match="stages: a number of the device"):
        te.Study(te.Leg("Bi2Te3", "2 mm", "2 mm2"), te.Generator(T_hot=400, T_cold=300), {"stages": [1]})


def test_what_a_cascade_adds_to_a_study(studied):
    with pytest.raises(InputError, match="a leg or a module is expected for migration_margin"):
        studied("two-stage.toml", ('"current"]', '"migration_margin"]'))


def test_costs_count_every_stage():
    device = te.read_device(EXAMPLES / "two-stage-cooler.toml").device
    prices = {
        m.name: te.cost.UnitPrice(price="50 USD/kg", density="5 g/cm3")
        for m in te.device.cascade.materials_of(device)
    }
    costing = te.cost.Costing(materials=prices, assembly_per_couple="0.02 USD")
    at = te.Cooler(T_hot=300, T_cold=240, current=1.0)
    vary = {"stages[1].couples": np.array([7, 40]), "between[0][0].thickness": np.array([0.6e-3, 1e-3])}
    found = te.cost.DeviceCost(device, at, costing, vary)
    larger = [device.stages[0], device.stages[1].replace(couples=40)]
    plate = te.Layer("Al2O3", "1 mm")
    alone = te.Cascade(larger, between=plate)
    bill = te.cost.cost_items(alone, at, costing)
    assert found.cost[1] == pytest.approx(sum(one.cost for one in bill), rel=1e-12)
    further = vary | {"between[0][0].thickness": vary["between[0][0].thickness"] + 1e-4}
    thicker = te.cost.DeviceCost(device, at, costing, further)
    step = found.slope("between[0][0].thickness") * 1e-4
    assert thicker.cost - found.cost == pytest.approx(step, rel=1e-9)
