"""Batches of cascades: the same as single solves, with derivatives, in both engines."""

from typing import Literal

import numpy as np
import pytest
from scipy.optimize import brentq

import ioffe as te
from ioffe.base.curve.derivative import defining_numbers
from ioffe.device.parameters import counts, meant, numbers, rebuilt
from ioffe.engine import compiled

COOLING = te.Cooler(T_hot=300, T_cold=262, current="max_COP", hot_resistance=0.05)
CONDITIONS = {
    "current": COOLING.replace(current=0.8),
    "aim": COOLING,
    "load": COOLING.replace(current=None, heat=0.02),
    "coldest": te.Cooler(T_hot=300, heat=0.01, aim="delta_T"),
    "generator": te.Generator(T_hot=420, T_cold=300, load="max_efficiency"),
}


def constant(carrier: Literal["p", "n"]) -> te.Material:
    both = np.array([1.0, 1.1])
    return te.Material.from_arrays(
        carrier,
        carrier,
        np.array([100.0, 700.0]),
        seebeck=both * {"p": 2.1e-4, "n": -1.9e-4}[carrier],
        electrical_conductivity=both * 9e4,
        thermal_conductivity=both * 1.5,
    )


def cascade() -> te.Cascade:
    materials = constant("p"), constant("n")
    p, n = (te.Leg(one, "1.5 mm", "1.2 mm x 1.2 mm", contact="5 uohm cm2") for one in materials)
    inside = te.Layer("Cu", "0.3 mm", coverage="electrodes")
    large, small = (te.Module(p, n, c, fill_factor=0.4, hot=[inside], cold=[inside]) for c in (9, 4))
    plate = [te.Contact(thermal="5 mm2 K/W"), te.Layer("Al2O3", "0.6 mm")]
    return te.Cascade([large, small], currents=[1.0, 0.8], between=[plate])


DEVICES = {
    "stages[0].legs.length": (0.8e-3, 2.5e-3),
    "stages[1].couples": (1, 9),
    "stages.n.area": (1e-6, 2e-6),
    "between[0][1].thickness": (0.2e-3, 1e-3),
    "T_hot": (295.0, 310.0),
}
ENGINES = ("numpy", "compiled") if compiled.available() else ("numpy",)


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_batch_is_the_loop_of_single_solves(name):
    device, conditions, random = cascade(), CONDITIONS[name], np.random.default_rng(sum(map(ord, name)))
    vary: dict = {path: random.uniform(a, b, 2).tolist() for path, (a, b) in DEVICES.items()}
    vary["stages[1].couples"] = [round(x) for x in vary["stages[1].couples"]]
    vary["stages[1].p.material"] = [constant("p"), te.load_material("generic p cooler leg")]
    batches = [te.solve_batch(device, conditions, vary, engine=x, tolerance=1e-9) for x in ENGINES]
    for k in range(2):
        full = {one: path for path in vary for one in meant(device, conditions, path)}
        made, at = rebuilt(device, conditions, {one: vary[path][k] for one, path in full.items()})
        alone = made.solve(at, maxima=False)
        for batch in batches:
            assert batch.point_status[k] == alone.point_status
            for quantity in ("heat_cold", "delta_T", "T_hot_junction"):
                expected = float(alone.values[quantity])
                assert batch.values[quantity][k] == pytest.approx(expected, rel=2e-8, abs=1e-12, nan_ok=True)


PATHS = (
    "stages[0].couples",
    "stages[1].n.area",
    "stages.legs.contact.electrical",
    "between[0][0].thermal",
    "between[0][1].thickness",
    "stages[0].cold[0].thickness",
    "hot_resistance",
    "T_hot",
)


@pytest.mark.parametrize(
    ("name", "quantity", "paths"),
    [("current", "COP", PATHS), ("generator", "power_density", PATHS[:6]), ("aim", "COP", PATHS[1:2])],
)
def test_derivatives_are_those_of_differences(name, quantity, paths):
    device, conditions = cascade(), CONDITIONS[name]
    known = numbers(device, conditions) | counts(device)
    exact = te.solve_batch(
        device, conditions, {"T_cold": [conditions.T_cold]}, gradient=paths, engine="numpy"
    )
    for path in paths:
        value = known[meant(device, conditions, path)[0]]
        ends = [value - 1, value + 1] if path.endswith("couples") else [0.999 * value, 1.001 * value]
        moved = te.solve_batch(device, conditions, {path: ends}, engine="numpy", tolerance=1e-9)
        difference = np.diff(moved.values[quantity])[0] / (ends[1] - ends[0])
        close = 2e-2 if path.endswith("couples") else 1e-3
        assert float(exact.gradient[quantity][path][0]) == pytest.approx(difference, rel=close), path


def test_tables_of_materials_are_found_in_their_stage():
    """The derivative to a common factor of a table: the sum over its numbers, each times its number."""
    device, factor = cascade(), 1e-3
    at = CONDITIONS["current"]
    plate = device.between[0][1]
    assert isinstance(plate, te.Layer)
    layer = plate.material
    paths = ("stages[1].p.material.seebeck", "between[0][1].material.thermal_conductivity")
    materials = {"stages[1].p.material": constant("p"), "between[0][1].material": layer}
    found = te.solve_batch(device, at, {"T_cold": [at.T_cold]}, gradient=paths, engine="numpy")
    for path, (where, material) in zip(paths, materials.items(), strict=True):
        quantity = path.rpartition(".")[2]
        curve = getattr(material, quantity)
        values = defining_numbers(curve)

        def scaled(by, curve=curve, quantity=quantity, material=material):
            T = curve.knots
            return material.replace(**{quantity: te.Curve(T, by * curve(T), quantity=quantity)})

        ends = [scaled(1.0 - factor), scaled(1.0 + factor)]
        moved = te.solve_batch(device, at, {where: ends}, engine="numpy", tolerance=1e-9).heat_cold
        slope = np.asarray(found.gradient["heat_cold"][path])[0] @ values
        assert slope == pytest.approx(np.diff(moved)[0] / (2.0 * factor), rel=1e-4), path


def test_single_solves_have_the_derivatives_of_batches():
    device, at = cascade(), COOLING
    one = device.solve(at, gradient="stages[1].p.length").gradient
    many = te.solve_batch(device, at, {"T_hot": [300.0]}, gradient="stages[1].p.length", engine="numpy")
    expected = many.gradient["COP"]["stages[1].p.length"][0]
    assert one["COP"]["stages[1].p.length"] == pytest.approx(expected, rel=1e-6)


@pytest.mark.compiled
def test_compiled_searches_begin_at_the_largest_stage():
    """The slopes of the whole network at no current are those of its coldest stage, a twentieth of it."""
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    pyramid = te.Cascade([te.Module(p, n, c, fill_factor=0.4) for c in (127, 31, 7)])
    at, vary = te.Cooler(T_hot=300, T_cold=270, current="max_heat"), {"stages.legs.length": [1.3e-3, 2e-3]}
    fast, slow = (te.solve_batch(pyramid, at, vary, engine=e) for e in ("compiled", "numpy"))
    assert fast.heat_cold == pytest.approx(slow.heat_cold, rel=1e-6)


@pytest.mark.compiled
def test_heats_that_are_rounding_settle():
    """A search for the largest difference begins at rest, where no heat flows through any leg."""
    thin = [
        te.Segment("Cu", "2.8 um"),
        te.Segment(constant("p"), "0.4 mm"),
        te.Segment(constant("p"), "0.1 mm"),
    ]
    p = te.Leg(segments=thin, area="0.65 mm2", contact_cold="38 uohm cm2")
    plates = [te.Layer("Cu", "0.2 mm", interface="1 mm2 K/W"), te.Layer("Al2O3", "0.5 mm")]
    small, large = (
        te.Module(p, te.Leg(constant("n"), "0.4 mm", "1.8 mm2"), c, fill_factor=0.3, hot=plates)
        for c in (16, 20)
    )
    at = te.Cooler(T_hot=337.8, heat=0.0, aim="delta_T", cold_convection=29.0, T_ambient=316.0)
    vary = {"stages[0].hot[0].interface": np.geomspace(2e-6, 2e-5, 12)}
    found = te.solve_batch(te.Cascade([large, small]), at, vary, engine="compiled")
    assert found.point_status.max() == 0


def test_faults_name_the_nearest_path_of_a_stage():
    with pytest.raises(te.InputError, match=r"stages\[1\]\.legs\.length"):
        te.solve_batch(cascade(), COOLING, {"stages[1].legs.lenght": [1e-3]})
    with pytest.raises(te.InputError, match=r"stages\[1\].couples: whole numbers"):
        te.solve_batch(cascade(), COOLING, {"stages[1].couples": [2.5]})
    with pytest.raises(te.InputError, match="is given already, as stages.legs.length"):
        te.solve_batch(cascade(), COOLING, {"stages.legs.length": [1e-3], "stages[0].p.length": [1e-3]})
    alone = te.Cascade(cascade().stages, "independent")
    with pytest.raises(te.InputError, match='connection = "series" is expected in a batch'):
        te.solve_batch(alone, COOLING, {"T_hot": [300.0]})


def test_interfaces_are_those_of_their_stage():
    device, at = cascade(), CONDITIONS["current"]
    found = te.solve_batch(device, at, {"T_hot": [300.0]}, engine="numpy", interfaces=True)
    T = {name: values[0] for name, values in found.interface_temperatures.items()}
    stages = device.solve(at, maxima=False).profile().of("p")
    for k in (0, 1):
        rows = [i for i, at in enumerate(zip(stages.part, stages.stage, strict=True)) if at == ("p", k)]
        for end, row in (("hot", rows[0]), ("cold", rows[-1])):
            assert T[f"stages[{k}].p.contact_{end}"] == pytest.approx(stages.T[row], rel=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_far_beyond_its_optimum_a_cascade_has_the_state_that_its_stages_have(engine):
    """Newton's method from afar steps to and fro across the temperature between the stages."""
    p, n = (te.Leg(f"generic {k} cooler leg", "2 mm", "2 mm2") for k in "pn")
    stages = [te.Module(p, n, couples, fill_factor=0.4) for couples in (30, 34)]
    currents = np.array([3.0, 9.0, 12.0])
    at = te.Cooler(T_hot=300, T_cold=250, current=3.0)
    found = te.solve_batch(te.Cascade(stages), at, {"current": currents}, engine=engine, tolerance=1e-9)

    def gap(between, current):
        hot = stages[0].solve(te.Cooler(T_hot=300, T_cold=between, current=current), maxima=False)
        cold = stages[1].solve(te.Cooler(T_hot=between, T_cold=250, current=current), maxima=False)
        return float(hot.heat_cold - cold.heat_hot)

    for k, current in enumerate(currents):
        grid = np.linspace(250.0, 2000.0, 24)
        gaps = [gap(T, current) for T in grid]
        first = np.flatnonzero(np.sign(gaps[1:]) != np.sign(gaps[:-1]))[0]
        T = brentq(gap, grid[first], grid[first + 1], args=(current,), xtol=1e-9)
        hot = stages[0].solve(te.Cooler(T_hot=300, T_cold=T, current=current), maxima=False)
        assert found.point_status[k] in (te.Status.OK, te.Status.OUTSIDE_TABLE)
        assert found.heat_hot[k] == pytest.approx(float(hot.heat_hot), rel=1e-7)
