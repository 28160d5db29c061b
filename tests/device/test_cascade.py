"""Multistage coolers and cascaded generators: identities, closed forms and independent witnesses."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, root

import ioffe as te
from tests.device.cases import cold_material, constant, hot_material, middle_material
from tests.solve.test_laws import mirrored, modules, scale

BOTH = pytest.mark.parametrize("fidelity", ["ideal", "1d"])
EXTREMES = ("max_power", "max_efficiency", "max_heat", "max_COP", "delta_T_max", "open_circuit_voltage")
"""Known to rounding; everything else at a maximum is known to the root of it."""
S, SIGMA, KAPPA, LENGTH, AREA = 2e-4, 1e5, 1.5, 2e-3, 1e-6


def stage(couples, *, length=LENGTH, S=S, fill_factor=0.5, **more):
    p, n = (te.Leg(constant(s, SIGMA, KAPPA), length, AREA) for s in (S, -S))
    return te.Module(p=p, n=n, couples=couples, fill_factor=fill_factor, **more)


def numbers(module):
    """Seebeck coefficient, resistance and thermal conductance of a stage of constant properties."""
    legs = 2 * module.couples
    return legs * S, legs * module.p.length / SIGMA / AREA, legs * KAPPA * AREA / module.p.length


def witness(stages, currents, T_hot, T_cold, between=0.0):
    """Heats and powers of stages of constant properties, their faces found by `scipy.optimize.root`.

    Generator's signs; `between` is the thermal resistance in K/W of every interface.
    """
    faces = 2 * len(stages)

    def heats(T):
        out = []
        for k, ((S, R, K), current) in enumerate(zip(stages, currents, strict=True)):
            hot, cold = T[2 * k], T[2 * k + 1]
            joule = 0.5 * R * current**2
            out.append(
                (K * (hot - cold) + S * hot * current - joule, K * (hot - cold) + S * cold * current + joule)
            )
        return out

    def gaps(inner):
        T = np.concatenate([[T_hot], inner, [T_cold]])
        q = heats(T)
        out = []
        for k in range(len(stages) - 1):
            out += [T[2 * k + 1] - T[2 * k + 2] - between * q[k][1], q[k][1] - q[k + 1][0]]
        return out

    found = root(gaps, np.linspace(T_hot, T_cold, faces)[1:-1], tol=1e-14)
    T = np.concatenate([[T_hot], found.x, [T_cold]])
    q = heats(T)
    return T, np.array([h for h, _ in q]), np.array([c for _, c in q])


@BOTH
def test_one_stage_is_the_module(fidelity):
    p, n = (
        te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm", contact=te.Contact(5e-10, 1e-5))
        for k in "pn"
    )
    layers = [te.Layer("Cu", "0.3 mm", "electrodes"), te.Layer("Al2O3", "0.6 mm")]
    module = te.Module(
        p=p, n=n, couples=31, fill_factor=0.4, hot=layers, cold=layers,
        filler=te.GapFiller(0.03, 0.5), series_resistance=0.02,
    )  # fmt: skip
    sinks = {"hot_resistance": 0.1, "cold_heat_transfer_coefficient": 5000.0}
    for conditions, maxima in (
        (te.Generator(T_hot=[350.0, 390.0], T_cold=300.0, load="max_efficiency", **sinks), True),
        (te.Generator(heat=8.0, T_cold=300.0, **sinks), True),
        (te.Cooler(T_hot=300.0, T_cold=280.0, current="max_COP", **sinks), True),
        # maxima between two temperatures, and at a given heat, are looked at once
        (te.Cooler(T_hot=300.0, T_cold=280.0, heat=3.0), False),
        (te.Cooler(T_hot=300.0, heat=2.0, aim="delta_T"), True),
        (te.Cooler(T_hot=300.0, heat=2.0, aim="COP"), False),
    ):
        one = module.solve(conditions, fidelity, tolerance=1e-11, maxima=maxima)
        for connection in ("series", "independent"):
            whole = te.Cascade([module], connection).solve(
                conditions, fidelity, tolerance=1e-11, maxima=maxima
            )
            assert whole.status is te.Status.OK
            for key, value in whole.values.items():
                assert value == pytest.approx(
                    one.values[key], rel=1e-9 if key in EXTREMES else 1e-6, nan_ok=True
                ), (connection, key)
            assert set(one.values) - set(whole.values) <= (
                set() if connection == "series" else {
                    "voltage", "delta_T_max_voltage", "open_circuit_voltage", "internal_resistance",
                    "short_circuit_current",
                }
            )  # fmt: skip
            assert whole.stages.power[..., 0] == pytest.approx(whole.power, rel=1e-9)
            assert whole.stages.heat_cold[..., 0] == pytest.approx(whole.heat_cold, rel=1e-9)
            assert whole.stages.voltage[..., 0] == pytest.approx(one.voltage, rel=1e-6)


@pytest.mark.parametrize("resistance", [0.0, 2e-5])
def test_two_equal_stages_are_a_long_leg_cut_in_the_middle(resistance):
    """p and n mirror each other and fill the footprint, so that the cut is at one temperature."""
    p = middle_material("cubic")
    legs = {"p": p, "n": mirrored(p)}
    half = te.Module(**{k: te.Leg(m, 1e-3, 2e-6) for k, m in legs.items()}, couples=9, fill_factor=1.0)
    contact = te.Contact(thermal=resistance)
    whole = te.Module(
        **{
            k: te.Leg(segments=[te.Segment(m, 1e-3)] * 2, area=2e-6, between=contact) for k, m in legs.items()
        },
        couples=9,
        fill_factor=1.0,
    )
    cascade = te.Cascade([half, half], between=contact if resistance else ())
    for conditions in (
        te.Generator(T_hot=700.0, T_cold=350.0, load="max_efficiency"),
        te.Generator(T_hot=700.0, T_cold=350.0, current=[-1.0, 0.0, 3.0]),
        te.Cooler(T_hot=400.0, heat=0.2, aim="delta_T"),
    ):
        a, b = (d.solve(conditions, tolerance=1e-11) for d in (cascade, whole))
        assert a.status is te.Status.OK
        for key in a.values:
            rel = 1e-10 if key in EXTREMES or "current" in a.axes else 1e-6
            assert a.values[key] == pytest.approx(b.values[key], rel=rel, abs=1e-12), key
        line = b.profile(-1).of("p").T
        assert np.ravel(a.stages.T_cold[..., 0])[-1] == pytest.approx(line[40], rel=1e-7)
        assert np.ravel(a.stages.T_hot[..., 1])[-1] == pytest.approx(line[41], rel=1e-7)


@BOTH
def test_series_cascade_of_constant_properties(fidelity):
    """Three stages with a thermal resistance between them at given current, in both modes."""
    modules_ = [stage(c) for c in (40, 20, 8)]
    between = [te.Contact(thermal=1e-5), te.Contact(thermal=1e-5 * 8 / 20)]
    areas = [m.footprint for m in modules_]
    cascade = te.Cascade(modules_, between=between)
    R = 1e-5 / areas[1]
    shares = te.Cascade(modules_, currents=[1, 0.5, 2], between=between)
    for device, factors in ((cascade, (1, 1, 1)), (shares, (1, 0.5, 2))):
        for current in (-2.5, 1.0):
            T, hot, cold = witness(
                [numbers(m) for m in modules_], current * np.array(factors), 320.0, 270.0, R
            )
            if current > 0:
                r = device.solve(
                    te.Generator(T_hot=320.0, T_cold=270.0, current=current), fidelity, tolerance=1e-12
                )
                sign = 1.0
            else:
                r = device.solve(
                    te.Cooler(T_hot=320.0, T_cold=270.0, current=-current), fidelity, tolerance=1e-12
                )
                sign = -1.0
            assert r.stages.heat_hot == pytest.approx(sign * hot, rel=1e-10)
            assert r.stages.heat_cold == pytest.approx(sign * cold, rel=1e-10)
            assert r.stages.T_hot == pytest.approx(T[::2], rel=1e-12)
            assert r.stages.T_cold == pytest.approx(T[1::2], rel=1e-12)
            assert r.power == pytest.approx(sign * np.sum(hot - cold), rel=1e-9)
            assert r.voltage == pytest.approx(r.stages.voltage @ np.array(factors), rel=1e-12)
            assert r.stages.current == pytest.approx(abs(current) * np.array(factors), rel=1e-14)
            assert r.energy_balance < 1e-12


def test_share_of_one_half_means_two_rows_in_parallel():
    """Couples in two rows carry half of the current each, as couples of twice the cross-section the whole."""
    thick = te.Module(
        **{k: te.Leg(constant(s, SIGMA, KAPPA), LENGTH, 2 * AREA) for k, s in (("p", S), ("n", -S))},
        couples=6,
        fill_factor=0.5,
        series_resistance=0.01,
    )
    rows = te.Cascade([stage(30), stage(12, series_resistance=0.04)], currents=[1.0, 0.5])
    one = te.Cascade([stage(30), thick])
    a, b = (d.solve(te.Generator(T_hot=400.0, T_cold=300.0), tolerance=1e-12) for d in (rows, one))
    for key in ("voltage", "max_power", "max_efficiency", "heat_hot", "internal_resistance"):
        assert getattr(a, key) == pytest.approx(getattr(b, key), rel=1e-10)


def optimum(goal, start):
    """Largest value of a function of the stages' currents by scipy, without slopes."""
    found = minimize(
        lambda c: -goal(c),
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 4000},
    )
    assert found.success
    return -found.fun, found.x


@BOTH
def test_independent_generator_of_constant_properties(fidelity):
    modules_ = [stage(20), stage(20, length=1.2e-3), stage(33)]
    coefficients = [numbers(m) for m in modules_]
    ends = 600.0, 300.0

    def power(c):
        _, hot, cold = witness(coefficients, c, *ends)
        return hot[0] - cold[-1]

    def efficiency(c):
        _, hot, cold = witness(coefficients, c, *ends)
        return 1.0 - cold[-1] / hot[0]

    device = te.Cascade(modules_, "independent")
    r = device.solve(te.Generator(T_hot=ends[0], T_cold=ends[1]), fidelity, tolerance=1e-12)
    most, at = optimum(power, r.stages.current * 1.1)
    assert r.power == pytest.approx(most, rel=1e-9)
    assert r.max_power == pytest.approx(most, rel=1e-9)
    assert r.stages.current == pytest.approx(at, rel=1e-4)
    e = device.solve(
        te.Generator(T_hot=ends[0], T_cold=ends[1], load="max_efficiency"), fidelity, tolerance=1e-12
    )
    best, at = optimum(efficiency, e.stages.current * 1.1)
    assert e.efficiency == pytest.approx(best, rel=1e-9)
    assert r.max_efficiency == pytest.approx(best, rel=1e-9)
    assert e.stages.current == pytest.approx(at, rel=1e-3)
    assert not hasattr(r, "voltage")


@BOTH
def test_independent_cooler_of_constant_properties(fidelity):
    modules_ = [stage(30, S=S), stage(8)]
    coefficients = [numbers(m) for m in modules_]
    ends = 300.0, 255.0
    device = te.Cascade(modules_, "independent")

    def flows(c):
        _, hot, cold = witness(coefficients, -np.abs(c), *ends)
        return -cold[-1], cold[-1] - hot[0]

    best = device.solve(
        te.Cooler(T_hot=ends[0], T_cold=ends[1], current="max_COP"), fidelity, tolerance=1e-12
    )
    value, at = optimum(lambda c: flows(c)[0] / flows(c)[1], best.stages.current * 1.05)
    assert best.COP == pytest.approx(value, rel=1e-9)
    assert best.stages.current == pytest.approx(at, rel=1e-3)
    most = device.solve(
        te.Cooler(T_hot=ends[0], T_cold=ends[1], current="max_heat"), fidelity, tolerance=1e-12
    )
    value, at = optimum(lambda c: flows(c)[0], most.stages.current * 1.05)
    assert most.max_heat == pytest.approx(value, rel=1e-9)
    assert most.stages.current == pytest.approx(at, rel=1e-3)
    load = 0.4 * value
    carried = device.solve(te.Cooler(T_hot=ends[0], T_cold=ends[1], heat=load), fidelity, tolerance=1e-12)
    found = minimize(
        lambda c: flows(c)[1],
        carried.stages.current * np.array([1.05, 1.0]),
        method="SLSQP",
        constraints={"type": "eq", "fun": lambda c: flows(c)[0] - load},
        options={"ftol": 1e-14, "maxiter": 300},
    )
    assert carried.heat_cold == pytest.approx(load, rel=1e-10)
    assert carried.power == pytest.approx(found.fun, rel=1e-6)
    assert carried.power <= found.fun * (1 + 1e-9)


@pytest.mark.parametrize("connection", ["series", "independent"])
def test_efficiencies_and_COPs_of_the_stages_multiply(connection):
    """eta = 1 - prod(1 - eta_k), and 1 + 1/COP = prod(1 + 1/COP_k); each stage as a module of its own."""
    hot = te.Module(
        p=te.Leg(hot_material(), 3e-3, 4e-6),
        n=te.Leg(mirrored(hot_material()), 3e-3, 4e-6),
        couples=10,
        fill_factor=0.4,
    )
    cold = te.Module(
        p=te.Leg(cold_material(), 2e-3, 4e-6),
        n=te.Leg(mirrored(cold_material()), 2e-3, 4e-6),
        couples=14,
        fill_factor=0.5,
    )
    device = te.Cascade([hot, cold], connection)
    r = device.solve(te.Generator(T_hot=850.0, T_cold=310.0, load="max_efficiency"))
    assert r.efficiency == pytest.approx(1 - np.prod(1 - r.stages.efficiency), rel=1e-12)
    for k, module in enumerate((hot, cold)):
        alone = module.solve(
            te.Generator(T_hot=r.stages.T_hot[k], T_cold=r.stages.T_cold[k], current=r.stages.current[k])
        )
        assert r.stages.efficiency[k] == pytest.approx(alone.efficiency, rel=1e-9)
        assert r.stages.voltage[k] == pytest.approx(alone.voltage, rel=1e-9)
        assert r.stages.heat_hot[k] == pytest.approx(alone.heat_hot, rel=1e-9)
    c = device.solve(te.Cooler(T_hot=330.0, T_cold=300.0, current="max_COP"))
    assert 1 + 1 / c.COP == pytest.approx(np.prod(1 + 1 / c.stages.COP), rel=1e-9)


def generic(*couples, connection="series", **more):
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    return te.Cascade([te.Module(p=p, n=n, couples=c, fill_factor=0.4) for c in couples], connection, **more)


def test_more_stages_reach_lower():
    """The generic legs reach 67.84 K in one stage at 300 K; each further stage reaches lower."""
    found = [generic(*c).delta_T_max(T_hot=300.0) for c in ((1,), (5, 1), (25, 5, 1))]
    reached = [r.delta_T_max for r in found]
    assert reached[0] == pytest.approx(67.84, abs=0.005)
    assert (np.diff(reached) > 5).all()
    assert np.diff(reached, 2)[0] < 0
    free = generic(5, 1, connection="independent").delta_T_max(T_hot=300.0)
    assert reached[1] < free.delta_T_max < reached[2]
    for r in found:
        assert (np.diff(r.stages.T_hot) < 0).all()
        near = r.device.solve(
            te.Cooler(T_hot=300.0, heat=0.0, current=r.delta_T_max_current * np.array([0.97, 1.03]))
        )
        assert (near.delta_T < r.delta_T_max).all()


@pytest.mark.parametrize("connection", ["series", "independent"])
@pytest.mark.parametrize("couples", [(3, 100), (1, 150)])
def test_a_small_stage_before_a_large_one(couples, connection):
    """Near its own optimum the large stage has no steady state: the search starts again lower down."""
    device = generic(*couples, connection=connection)
    r = device.solve(te.Cooler(T_hot=320.0, heat=0.0, aim="delta_T"), "ideal")
    assert r.status is te.Status.OK
    shares = r.stages.current / r.stages.current[0]
    series = device.replace(connection="series", currents=shares)
    scan = series.solve(
        te.Cooler(T_hot=320.0, heat=0.0, current=np.linspace(0.1, 1.6, 31) * r.current), "ideal", maxima=False
    )
    assert np.nanmax(scan.delta_T) == pytest.approx(r.delta_T_max, rel=1e-10)
    assert np.isnan(scan.delta_T).any() or scan.delta_T[-1] < r.delta_T_max


def test_independent_currents_are_the_best_ones():
    """Any other ratio of the currents, given as shares of one current, does worse."""
    best = generic(5, 1, connection="independent").solve(
        te.Cooler(T_hot=300.0, T_cold=250.0, current="max_heat"), "ideal", maxima=False
    )
    ratio = best.stages.current[1] / best.stages.current[0]
    for factor, worse in ((1.0, 0.0), (0.9, 1e-4), (1.1, 1e-4)):
        other = generic(5, 1, currents=[1.0, factor * ratio])
        r = other.solve(te.Cooler(T_hot=300.0, T_cold=250.0, current="max_heat"), "ideal", maxima=False)
        if worse:
            assert r.max_heat < best.max_heat * (1 - worse)
        else:
            assert r.max_heat == pytest.approx(best.max_heat, rel=1e-10)


def test_balance_below_absolute_zero_is_no_solution():
    device = generic(1, 150, currents=[1.0, 7.336 / 180.0])
    r = device.solve(te.Cooler(T_hot=320.0, heat=0.0, current=180.0), "ideal", maxima=False)
    assert r.status in (te.Status.RUNAWAY, te.Status.NOT_CONVERGED)
    assert np.isnan(r.T_cold)
    assert np.isnan(r.stages.T_hot).all()


def test_what_cannot_be_reached_has_no_numbers():
    device = generic(5, 1, connection="independent")
    r = device.solve(te.Cooler(T_hot=300.0, T_cold=[290.0, 180.0], current="max_COP"), "ideal")
    assert r.COP[0] > 1
    assert np.isnan(r.COP[1])
    assert np.isnan(r.stages.power[1]).all()
    assert list(r.point_status) == [te.Status.OK, te.Status.UNREACHABLE]
    too_much = device.solve(te.Cooler(T_hot=300.0, T_cold=290.0, heat="1 kW"), "ideal")
    assert too_much.status is te.Status.UNREACHABLE
    downhill = device.solve(te.Cooler(T_hot=300.0, T_cold=310.0, current="max_COP"), "ideal")
    assert downhill.status is te.Status.UNREACHABLE


@settings(max_examples=20)
@given(
    stages=st.lists(modules(), min_size=1, max_size=3),
    load=st.floats(-0.3, 0.5),
    T_cold=st.floats(280, 400),
    rise=st.floats(20, 300),
    contact=st.booleans(),
)
def test_energy_balance(stages, load, T_cold, rise, contact):
    between = te.Contact(thermal=1e-5) if contact else te.Layer("Al2O3", "0.6 mm")
    device = te.Cascade(stages, between=between if len(stages) > 1 else ())
    conditions = te.Generator(
        T_hot=T_cold + rise,
        T_cold=T_cold,
        current=load * min(scale(m) for m in stages),
        T_ambient=300.0,
        hot_resistance=0.01,
        cold_heat_transfer_coefficient=5000.0,
    )
    r = device.solve(conditions, maxima=False, force=True)
    assume(r.status in (te.Status.OK, te.Status.OUTSIDE_TABLE))
    assert r.energy_balance < 1e-10
    size = max(abs(r.heat_hot), abs(r.heat_cold))
    assert r.stages.heat_hot[0] == pytest.approx(r.heat_hot, abs=1e-10 * size)
    assert r.stages.heat_cold[-1] == pytest.approx(r.heat_cold, abs=1e-9 * size)
    assert np.sum(r.stages.power) == pytest.approx(r.power, abs=1e-12 * size)


def test_profile_runs_through_all_stages():
    layers = [te.Layer("AlN", "0.3 mm")]
    legs = {
        "p": te.Leg(constant(S, SIGMA, KAPPA), 2e-3, AREA),
        "n": te.Leg(constant(-S, SIGMA, KAPPA), 1e-3, AREA),
    }
    cascade = te.Cascade(
        [te.Module(**legs, couples=c, fill_factor=0.5, hot=layers, cold=layers) for c in (20, 6)],
        "independent",
        between=[[te.Layer("Al2O3", "0.5 mm"), te.Contact(thermal=1e-5), te.Layer("Al2O3", "0.5 mm")]],
    )
    r = cascade.solve(te.Generator(T_hot=[450.0, 500.0], T_cold=300.0))
    profile = r.profile(1)
    line = profile.of("p")
    assert (np.diff(line.position) >= 0).all()
    assert line.position[-1] == pytest.approx(2 * (0.3e-3 + 2e-3 + 0.3e-3) + 1e-3)
    assert profile.of("n").position[-1] == pytest.approx(line.position[-1])
    assert list(dict.fromkeys(zip(line.stage, line.layer, strict=True))) == [
        (0, "AlN"),
        (0, "constant"),
        (0, "Al2O3"),
        (1, "AlN"),
        (1, "constant"),
    ]
    assert line.T[0] == pytest.approx(500.0)
    assert line.T[-1] == pytest.approx(300.0)
    for k in (0, 1):
        rows = np.array([s == k and n == "constant" for s, n in zip(line.stage, line.layer, strict=True)])
        assert line.T[rows][0] == pytest.approx(r.stages.T_hot_junction[1, k], abs=1e-9)
        assert line.T[rows][-1] == pytest.approx(r.stages.T_cold_junction[1, k], abs=1e-9)
        both = [
            profile.of(part).electric_potential[profile_rows(profile.of(part), k)][-1] for part in ("p", "n")
        ]
        assert both[0] - both[1] == pytest.approx(
            r.stages.voltage[1, k] / cascade.stages[k].couples, rel=1e-9
        )


def profile_rows(line, stage):
    return np.array([s == stage and n == "constant" for s, n in zip(line.stage, line.layer, strict=True)])


def test_result_is_printed_and_saved(tmp_path):
    cooler = generic(5, 1)
    r = cooler.solve(te.Cooler(T_hot=300.0, T_cold=250.0, current="max_heat"), "ideal")
    assert "T_hot of the stages: 300 K, " in repr(r)
    found = r.to_dict()
    assert found["stages"]["T_hot"] == pytest.approx([300.0, r.stages.T_hot[1]])
    assert r.save(tmp_path / "r.json").exists()
    assert len(r.to_frame()) == 1
    sweep = cooler.solve(te.Cooler(T_hot=300.0, T_cold=[240.0, 250.0], current=[2.0, 3.0, 4.0]), maxima=False)
    assert sweep.stages.power.shape == (2, 3, 2)
    assert np.sum(sweep.stages.power, axis=-1) == pytest.approx(sweep.power, rel=1e-12)
    with pytest.raises(AttributeError, match='did you mean "power"'):
        _ = r.stages.powr
    assert r.citations()[1:]


def faults(make):
    with pytest.raises(te.InputError) as caught:
        make()
    return str(caught.value)


def test_every_fault_of_a_cascade_at_once():
    one = stage(3)
    text = faults(
        lambda: te.Cascade(
            [one, one.p, one],
            "paralel",
            currents=[1.0, 0.0],
            between=[te.Contact(1e-9, 1e-5), [te.Layer("Cu", 1e-3, "legs"), "Cu"], te.Layer("Cu", 1e-3)],
        )
    )
    for words in (
        "stages[1]",
        "connection",
        '"series" or "independent"',
        "currents = 2: one share for each of the 3 stages",
        "currents[1]",
        "between = 3: one entry for each of the 2 interfaces",
        "between[0]",
        "no electrical one",
        'coverage = "footprint"',
        'between[1] = "Cu"',
    ):
        assert words in text
    assert "at least one stage" in faults(lambda: te.Cascade([]))
    assert "no currents are expected" in faults(lambda: te.Cascade([one], "independent", currents=[1.0]))
    assert "the shares count by the first" in faults(lambda: te.Cascade([one, one], currents=[2.0, 1.0]))


def test_independent_circuits_refuse_one_current():
    device = te.Cascade([stage(3), stage(2)], "independent")
    for conditions in (
        te.Generator(T_hot=400.0, T_cold=300.0, current=1.0),
        te.Generator(T_hot=400.0, T_cold=300.0, load="sweep"),
        te.Generator(T_hot=400.0, T_cold=300.0, voltage=1.0),
        te.Cooler(T_hot=300.0, T_cold=290.0, current=[1.0, 2.0]),
    ):
        assert "independent circuits" in faults(lambda c=conditions: device.solve(c))
    with pytest.raises(te.ExtrapolationError, match="strict"):
        generic(5, 1).solve(te.Generator(T_hot=500.0, T_cold=300.0), strict=True)


def test_replace_makes_a_changed_copy():
    device = generic(5, 1, currents=[1.0, 0.5], between=te.Layer("Al2O3", "0.5 mm"))
    assert device.replace(name="other").currents == (1.0, 0.5)
    free = device.replace(connection="independent")
    assert free.currents == (1.0, 1.0)
    assert len(free.between[0]) == 1
    other = device.replace(stages=device.stages[::-1])
    assert (other.currents, other.between) == (device.currents, device.between)
    three = device.replace(stages=[*device.stages, device.stages[-1]])
    assert len(three.between) == 2
    assert three.couples == 7
    assert three.footprint == device.stages[0].footprint
