"""Every example is solved, and its numbers are those of a real device of its kind."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import ioffe as te

FOLDER = Path(__file__).parents[2] / "examples"
NAMES = (
    "ageing-module",
    "ageing-module-silver",
    "bi2te3-cooler",
    "copper-sulfide-leg",
    "measured-module",
    "mgagsb-module",
    "segmented-leg",
    "skutterudite-generator",
    "two-stage-cooler",
    "three-stage-cooler",
    "module-3d",
    "stress-couple",
    "priced-generator",
)


@cache
def solved(name):
    file = te.read_device(FOLDER / f"{name}.toml")
    return file, file.solve()


def test_every_example_is_tested():
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_point_is_solved_and_balanced(name):
    _, result = solved(name)
    assert result.status <= te.Status.OUTSIDE_TABLE
    assert np.all(np.isfinite(result.heat_hot))
    assert result.energy_balance < 1e-9
    assert result.error_estimate < (1e-3 if result.fidelity == "3d" else 1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_maxima_lie_on_the_curves(name):
    _, result = solved(name)
    generator = isinstance(result.conditions, te.Generator)
    for values, best in (
        [(result.power, result.max_power), (result.efficiency, result.max_efficiency)]
        if generator
        else [(result.heat_cold, result.max_heat)]
    ):
        largest = np.nanmax(values, axis=-1) if "sweep" in result.axes else values
        assert np.all(largest <= best * (1 + 1e-9))
        if "sweep" in result.axes:
            assert np.all(largest >= 0.99 * best)


@pytest.mark.parametrize("name", ["mgagsb-module", "segmented-leg", "skutterudite-generator"])
def test_generators_stay_below_carnot(name):
    _, result = solved(name)
    T_hot, T_cold = result.conditions.T_hot, result.conditions.T_cold
    assert np.all(result.max_efficiency < 0.3 * (1 - T_cold / T_hot))
    assert np.all(np.diff(result.max_efficiency) > 0)


def test_published_generator_agrees_where_it_should():
    """Power within 5 %; efficiency above the measured one, which counts heat that bypasses the legs."""
    file, result = solved("mgagsb-module")
    rows = {(row.quantity, row.kind, row.value): row for row in file.comparisons}
    assert abs(rows["max_power", "measured", 0.41].difference) < 0.05
    for key, row in rows.items():
        if key[:2] == ("max_efficiency", "measured"):
            assert 0.05 < row.difference < 0.25
    assert -0.15 < rows["max_efficiency", "simulated", 0.106].difference < 0.0
    assert result.device.footprint == pytest.approx(1.0e-4, rel=0.01)
    assert file.notes


def test_published_values_name_their_source():
    file, _ = solved("mgagsb-module")
    assert {row.doi for row in file.measured} == {"10.1038/s41467-025-56861-3"}
    assert all(row.condition and row.source for row in file.measured)


def test_contacts_of_the_module_cost_what_their_resistance_says():
    file, result = solved("mgagsb-module")
    bare = te.Contact()
    module = file.device
    without = module.replace(p=module.p.replace(contact=bare), n=module.n.replace(contact=bare)).solve(
        file.conditions
    )
    added = result.internal_resistance - without.internal_resistance
    assert added == pytest.approx(2 * 2 * 2 * 7.9e-10 / (3.8e-3) ** 2, rel=0.1)


def test_cooler_is_like_those_one_buys():
    """Modules of this size are sold with limits near 60 to 68 K, 6 A, 16 V and 50 W."""
    file, result = solved("bi2te3-cooler")
    assert np.all((result.delta_T_max > 60) & (result.delta_T_max < 68))
    assert result.delta_T_max[0] < file.device.replace(filler=None).delta_T_max(300).delta_T_max < 67.84
    assert result.delta_T_max_current[0] == pytest.approx(6.0, rel=0.15)
    assert result.delta_T_max_voltage[0] == pytest.approx(16.0, rel=0.15)
    lift = 300.0 - result.conditions.T_cold
    slope, at_zero = np.polyfit(lift, result.max_heat, 1)
    assert at_zero == pytest.approx(50.0, rel=0.2)
    assert -at_zero / slope == pytest.approx(result.delta_T_max[0], rel=0.05)


def test_two_stages_reach_lower_than_one():
    file, result = solved("two-stage-cooler")
    one = file.device.stages[0].solve(te.Cooler(T_hot=300.0, heat=0.0, aim="delta_T"))
    assert 85 < result.delta_T_max[0] < 96.7
    assert result.delta_T_max[0] > one.delta_T_max + 20
    assert (np.diff(result.stages.T_hot[:, 1]) > 0).all()


def test_plates_are_warmest_beside_their_free_part_and_at_terminals():
    file, result = solved("module-3d")
    hot, cold = result.legs.T_hot_junction, result.legs.T_cold_junction
    assert {int(hot.argmax()), int(np.argsort(hot)[-2])} <= {0, 5, 24, 30}
    assert set(np.argsort(cold)[-2:]) == {0, 33}
    usual = file.device.replace(layout=file.device.layout.replace(legs={}))
    better = usual.solve(file.conditions, "3d", maxima=False)
    assert better.power > result.power
    assert better.legs.T_hot_junction[14] < hot[14]
    one = file.solve("1d")
    assert 0.9 < result.max_power / one.max_power < 0.99


def test_segments_work_in_their_own_range():
    _, result = solved("segmented-leg")
    profile = result.profile(-1)
    warm = np.asarray(profile.T)[np.asarray(profile.layer) == "(Bi0.23Sb0.77)2Te3"]
    assert 450 < warm.max() < 500


def test_segments_beat_each_of_their_materials():
    file, result = solved("segmented-leg")
    leg = file.device
    best = result.max_efficiency[-1]
    for segment in (leg.segments[0], leg.segments[2]):
        alone = te.Leg(segment.material.with_interpolation("pchip"), leg.length, leg.area)
        assert alone.solve(file.conditions).max_efficiency[-1] < best


def test_water_film_of_the_skutterudite_generator():
    file, result = solved("skutterudite-generator")
    film = result.heat_cold / (5000 * file.device.footprint)
    rise = result.T_cold_junction - result.T_cold
    assert np.all(rise > film)
    assert np.all(film[-1] > 10)
    assert result.max_power[-1] / file.device.footprint == pytest.approx(1.3e4, rel=0.2)
