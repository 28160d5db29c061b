"""Gradients of solved devices against devices built anew, laws of similarity and closed forms."""

import numpy as np
import pytest

import ioffe as te
from ioffe.solve.gradient import names
from tests.solve.gradient.cases import changed, leg, material, module, number

SCALES = {
    "electrical": 1e-9,
    "thermal": 1e-5,
    "interface": 1e-5,
    "hot_resistance": 0.05,
    "cold_resistance": 0.05,
    "series_resistance": 1e-3,
    "convection": 10.0,
    "emissivity": 0.3,
    "thermal_conductivity": 0.02,
}
"""Sizes of what may be zero."""
TIGHT = 1e-12


def walk(device, conditions, direction, share):
    """Every number of `direction` changed by that share of its value, or of its usual size if it is zero."""
    for path, part in direction.items():
        value = np.asarray(number(device, conditions, path))
        size = np.where(value == 0, SCALES.get(path.rpartition(".")[2], 1.0), value)
        new = value + share * part * size
        device, conditions = changed(device, conditions, path, new if new.ndim else float(new))
    return device, conditions


def slope(device, conditions, direction, share, **options):
    """Derivative of every result along a direction, by second-order differences, forward from zeros."""
    zero = any(np.any(np.asarray(number(device, conditions, p)) == 0) for p in direction)
    steps, weights = ((0.0, 1.0, 2.0), (-1.5, 2.0, -0.5)) if zero else ((-1.0, 1.0), (-0.5, 0.5))
    total = {}
    for step, weight in zip(steps, weights, strict=True):
        at = walk(device, conditions, direction, step * share)
        solved = at[0].solve(at[1], tolerance=TIGHT, **options).values
        for name, value in solved.items():
            value = np.where(np.isfinite(value), value, np.nan)
            total[name] = total.get(name, 0.0) + weight * value / share
    return total


def along(result, direction):
    """The same from the gradient."""
    total = {}
    for output, by in result.gradient.items():
        value = 0.0
        for path, part in direction.items():
            at = np.asarray(number(result.device, result.conditions, path))
            size = np.where(at == 0, SCALES.get(path.rpartition(".")[2], 1.0), at)
            change = by[path] * part * size
            table = path in names.curves(result.device)
            value = value + (np.sum(change, axis=-1) if table else change)
        total[output] = value
    return total


def directions(device, conditions, zeros=True):
    """All numbers, changed together, each by another share; those that are zero apart from the others."""
    rng = np.random.default_rng(1)
    groups = {}
    for path in names.every(device, conditions):
        value = np.asarray(number(device, conditions, path))
        kind = "zero" if np.any(value == 0) else "all"
        part = rng.uniform(0.3, 1.0, value.shape) * (
            1 if kind == "zero" else rng.choice([-1, 1], value.shape)
        )
        # temperatures move further than what they drive
        groups.setdefault(kind, {})[path] = 0.1 * part if path.startswith("T_") else part
    return {k: v for k, v in groups.items() if zeros or k != "zero"}


def check(device, conditions, *, rel=2e-7, zeros=True, **options):
    """Compare the gradient with differences along some directions, in units of the results' sizes."""
    result = device.solve(conditions, tolerance=TIGHT, gradient=True, **options)
    assert result.status in (te.Status.OK, te.Status.OUTSIDE_TABLE)
    assert set(result.gradient) == set(result.values)
    for kind, direction in directions(device, conditions, zeros).items():
        expected = slope(device, conditions, direction, 5e-5, **options)
        found = along(result, direction)
        for output, value in result.values.items():
            assert np.shape(found[output]) in (value.shape, ())
            good = np.isfinite(value)
            scale = (
                np.max(np.abs(value[good]), initial=0.0) if not output.startswith(("T_", "delta")) else 100.0
            )
            miss = np.abs(found[output] - expected[output])
            limit = rel * (np.abs(expected[output]) + scale)
            assert np.all((miss <= limit)[good]), (kind, output, np.max(miss / scale))
    return result


GENERATE = {"T_hot": 560.0, "T_cold": 310.0}
POINTS = {
    "current": te.Generator(
        **GENERATE, current=1.4, hot_resistance=0.1, cold_heat_transfer_coefficient=4000.0
    ),
    "load": te.Generator(**GENERATE, load=0.06),
    "voltage at given heat": te.Generator(heat=12.0, T_cold=310.0, voltage=0.12, cold_resistance=0.3),
    "cooler": te.Cooler(T_hot=320.0, T_cold=290.0, current=5.0),
    "cooler at given heat": te.Cooler(T_hot=320.0, heat=0.4, current=4.0, hot_resistance=0.2),
}


@pytest.mark.parametrize("name", POINTS)
def test_module(name):
    check(module(), POINTS[name], maxima=False)


@pytest.mark.parametrize("rule", ["linear", "cubic"])
@pytest.mark.parametrize("name", ["load", "cooler"])
def test_other_interpolations(rule, name):
    check(module(rule), POINTS[name], maxima=False)


@pytest.mark.parametrize("rule", ["linear", "pchip", "cubic"])
@pytest.mark.parametrize(
    "conditions",
    [
        te.Generator(**GENERATE, current=1.0, T_ambient=300.0),
        te.Cooler(T_hot=320.0, T_cold=295.0, current=3.0, T_ambient=315.0),
    ],
    ids=["generator", "cooler"],
)
def test_side_losses(rule, conditions):
    # the cooler loses so much that its leg is solved in several pieces
    side = te.SideLoss(convection=20.0 if conditions.mode == "generate" else 900.0, emissivity=0.4)
    made = material("lossy", "p", rule, conductivity=rule == "cubic")
    device = te.Leg(made, "3 mm", 1e-6, side=side)
    pieces = len(device.solve(conditions, maxima=False).points[0].assembly.network.legs)
    assert pieces == (1 if conditions.mode == "generate" else 3)
    check(device, conditions, maxima=False)


def test_side_losses_that_are_zero():
    device = leg(side=te.SideLoss(0.0, 0.0))
    check(device, te.Generator(**GENERATE, current=1.0, T_ambient=300.0), maxima=False)


def test_filler_that_is_empty():
    check(module(filler=te.GapFiller(0.0, 0.0)), POINTS["current"], maxima=False)


AIMS = {
    "max_power": te.Generator(**GENERATE),
    "max_efficiency": te.Generator(**GENERATE, load="max_efficiency", hot_resistance=2.0),
    "given heat": te.Generator(heat=0.8, T_cold=310.0),
    "max_heat": te.Cooler(T_hot=320.0, T_cold=300.0, current="max_heat"),
    "max_COP": te.Cooler(T_hot=320.0, T_cold=300.0, current="max_COP", cold_resistance=1.0),
    "carried heat": te.Cooler(T_hot=320.0, T_cold=310.0, heat=0.01),
    "carried heat at one temperature": te.Cooler(T_hot=320.0, heat=0.01, aim="COP"),
    "delta_T": te.Cooler(T_hot=320.0, heat=0.01, aim="delta_T"),
}


@pytest.mark.parametrize("name", AIMS)
def test_maxima_and_aims(name):
    contacts = {"contact_hot": te.Contact(1e-9, 1e-5), "contact_cold": te.Contact(2e-9, 2e-6)}
    device = te.Leg(material("simple", "p", "pchip"), "2 mm", 1e-6, **contacts)
    check(device, AIMS[name], zeros=False, rel=2e-6)


def test_maxima_of_a_module():
    check(module(), te.Generator(**GENERATE), zeros=False, rel=2e-6)


def test_ideal_formulas():
    check(module(), POINTS["load"], fidelity="ideal", maxima=False)
    aim = te.Cooler(T_hot=320.0, T_cold=310.0, current="max_COP")
    check(leg(), aim, fidelity="ideal", zeros=False, rel=2e-6)


def test_axes():
    """Derivatives have the axes of the result, and each point that of its own solution."""
    device = leg()
    many = te.Generator(T_hot=[520.0, 560.0], T_cold=310.0, current=[0.5, 1.0, 1.5])
    result = device.solve(many, gradient=["T_hot", "area", "segments[1].material.electrical_conductivity"])
    g = result.gradient
    assert g["efficiency"]["T_hot"].shape == (2, 3)
    assert g["max_power"]["area"].shape == (2,)
    assert g["voltage"]["segments[1].material.electrical_conductivity"].shape == (2, 3, 7)
    assert g["max_power"]["segments[1].material.electrical_conductivity"].shape == (2, 7)
    for i, T_hot in enumerate((520.0, 560.0)):
        one = device.solve(te.Generator(T_hot=T_hot, T_cold=310.0, current=1.0), gradient=["T_hot", "area"])
        for output in result.values:
            for path in ("T_hot", "area"):
                found = (
                    g[output][path][i] if output in result.maxima_axes or g[output][path].ndim == 1 else None
                )
                found = g[output][path][i, 1] if found is None else found
                assert found == pytest.approx(one.gradient[output][path], rel=1e-7, abs=1e-12)


def test_sweep_follows_the_short_circuit():
    device, conditions = leg(), te.Generator(**GENERATE, load="sweep")
    result = device.solve(conditions, gradient=["area", "segments[0].length"])
    assert result.gradient["current"]["area"].shape == (61,)
    share = result.current / result.short_circuit_current
    expected = share * result.gradient["short_circuit_current"]["area"]
    assert result.gradient["current"]["area"] == pytest.approx(expected, rel=1e-9)
    check(device, conditions, zeros=False, rel=2e-6)
    simple = te.Leg(material("simple", "p", "pchip"), "2 mm", 1e-6)
    cooled = simple.solve(te.Cooler(T_hot=320.0, T_cold=300.0, current="sweep"), gradient="area")
    share = cooled.current / cooled.max_heat_current
    expected = share * cooled.gradient["max_heat_current"]["area"]
    assert cooled.gradient["current"]["area"] == pytest.approx(expected, rel=1e-9)
    # at the current of the largest heat only the explicit dependence is left
    k = int(np.argmin(np.abs(share - 1.0)))
    assert share[k] == pytest.approx(1.0, rel=1e-12)
    expected = cooled.gradient["max_heat"]["area"]
    assert cooled.gradient["heat_cold"]["area"][k] == pytest.approx(expected, rel=1e-7)


def test_points_without_a_solution():
    device = leg()
    result = device.solve(te.Cooler(T_hot=320.0, T_cold=300.0, heat=[0.01, 50.0]), gradient=["area"])
    assert result.point_status[1] == te.Status.UNREACHABLE
    assert np.isfinite(result.gradient["COP"]["area"][0])
    assert np.isnan(result.gradient["COP"]["area"][1])
    assert np.isfinite(result.gradient["max_heat"]["area"]).all()


def test_constant_properties():
    """Closed form: I = V/(R + R_load) with V = S dT and R = rho L/A, adiabatic, fixed temperatures."""
    from tests.device.cases import constant

    S, sigma, kappa, L, A, T_hot, T_cold, load = 2e-4, 1e5, 1.5, 2e-3, 1e-6, 500.0, 300.0, 0.03
    device = te.Leg(constant(S, sigma, kappa), L, A)
    r = device.solve(te.Generator(T_hot=T_hot, T_cold=T_cold, load=load), gradient=True)
    R, V = L / sigma / A, S * (T_hot - T_cold)
    current = V / (R + load)
    g = r.gradient
    assert g["current"]["length"] == pytest.approx(-current / (R + load) * R / L, rel=1e-12)
    assert g["current"]["load"] == pytest.approx(-current / (R + load), rel=1e-12)
    assert g["power"]["T_hot"] == pytest.approx(2 * load * current * S / (R + load), rel=1e-12)
    assert g["power"]["material.seebeck"] == pytest.approx([2 * load * current**2 / S], rel=1e-12)
    assert g["power"]["material.electrical_conductivity"] == pytest.approx(
        [2 * load * current**2 / (R + load) * R / sigma], rel=1e-12
    )
    assert g["heat_hot"]["material.thermal_conductivity"] == pytest.approx(
        [A / L * (T_hot - T_cold)], rel=1e-12
    )
    assert g["max_power"]["area"] == pytest.approx(V**2 / 4 / R / A, rel=1e-10)
    assert g["max_power_current"]["area"] == pytest.approx(V / 2 / R / A, rel=1e-9)
    assert g["internal_resistance"]["length"] == pytest.approx(R / L, rel=1e-9)
    assert g["short_circuit_current"]["T_cold"] == pytest.approx(-S / R, rel=1e-12)
    assert g["open_circuit_voltage"]["material.seebeck"] == pytest.approx([T_hot - T_cold], rel=1e-12)
    z = S**2 * sigma / kappa

    def best(z):
        root = np.sqrt(1 + z * 400.0)
        return 200.0 / 500.0 * (root - 1) / (root + 0.6)

    h = 1e-4 * z
    slope_z = (8 * (best(z + h) - best(z - h)) - best(z + 2 * h) + best(z - 2 * h)) / (12 * h)
    assert g["max_efficiency"]["material.electrical_conductivity"] == pytest.approx(
        [slope_z * z / sigma], rel=1e-9
    )
    assert g["max_efficiency"]["material.thermal_conductivity"] == pytest.approx(
        [-slope_z * z / kappa], rel=1e-9
    )
    assert g["max_efficiency"]["length"] == pytest.approx(0.0, abs=1e-9 / L)
