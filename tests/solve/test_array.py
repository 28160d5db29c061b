"""Arrays: Kirchhoff's laws, linear sources in closed form, diodes, and rows of couples in one module."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ioffe as te
from ioffe.base.roots import falling_root
from tests.device.cases import cold_material, constant
from tests.solve.test_laws import mirrored

S, SIGMA, KAPPA, LENGTH, AREA = 2e-4, 1e5, 1.5, 2e-3, 1e-6


def source(couples, **more):
    """A module of constant properties: a linear source between given temperatures."""
    p, n = (te.Leg(constant(s, SIGMA, KAPPA), LENGTH, AREA) for s in (S, -S))
    return te.Module(p=p, n=n, couples=couples, fill_factor=0.5, **more)


def linear(couples, T_hot, T_cold=300.0):
    """Open-circuit voltage and resistance of a source."""
    return 2 * couples * S * (T_hot - T_cold), 2 * couples * LENGTH / SIGMA / AREA


def measured(couples=20, **more):
    p = cold_material()
    legs = {"p": te.Leg(p, 1.5e-3, 2e-6), "n": te.Leg(mirrored(p), 1.5e-3, 2e-6, carrier="n")}
    return te.Module(**legs, couples=couples, fill_factor=0.4, **more)


@pytest.mark.parametrize("fidelity", ["ideal", "1d"])
def test_equal_modules_are_one_larger_module(fidelity):
    conditions = {"T_hot": 480.0, "T_cold": 300.0}
    one = measured(series_resistance=0.02)
    series = te.ModuleArray.grid(one, [480.0] * 3, 300.0).solve(fidelity=fidelity)
    larger = measured(60, series_resistance=0.06).solve(te.Generator(**conditions), fidelity)
    for key in ("max_power", "open_circuit_voltage", "short_circuit_current"):
        assert getattr(series, key) == pytest.approx(getattr(larger, key), rel=1e-10), key
    assert series.current == pytest.approx(larger.current, rel=1e-6)
    assert series.internal_resistance == pytest.approx(larger.internal_resistance, rel=1e-6)
    assert series.heat_hot == pytest.approx(larger.heat_hot, rel=1e-7)
    parallel = te.ModuleArray.grid(one, [[480.0], [480.0]], 300.0).solve(fidelity=fidelity)
    single = one.solve(te.Generator(**conditions), fidelity)
    assert parallel.max_power == pytest.approx(2 * single.max_power, rel=1e-10)
    assert parallel.voltage == pytest.approx(single.voltage, rel=1e-6)
    assert parallel.strings.current == pytest.approx(np.full(2, single.current), rel=1e-6)
    for r in (series, parallel):
        assert r.mismatch == pytest.approx(0.0, abs=1e-11)
        assert r.status is te.Status.OK
        assert r.energy_balance < 1e-12


@pytest.mark.parametrize("more", [{"hot_convection": 50.0}, {"hot_emissivity": 0.7, "cold_resistance": 0.5}])
def test_outer_faces_of_modules_in_an_array_lose_heat(more):
    more = {"T_ambient": 290.0, "hot_resistance": 0.3, **more}
    array = te.ModuleArray.grid(measured(), [480.0] * 2, 300.0, **more).solve()
    single = measured().solve(te.Generator(T_hot=480.0, T_cold=300.0, **more))
    insulated = measured().solve(
        te.Generator(T_hot=480.0, T_cold=300.0, **more | dict.fromkeys(list(more)[2:3], 0.0))
    )
    assert single.max_power < 0.9995 * insulated.max_power
    assert array.max_power == pytest.approx(2 * single.max_power, rel=1e-10)
    assert array.heat_hot == pytest.approx(2 * single.heat_hot, rel=1e-7)
    assert array.energy_balance < 1e-10


def test_two_linear_sources_lose_what_the_closed_form_says():
    (V1, R1), (V2, R2) = linear(10, 500.0), linear(16, 400.0)
    devices, T = [source(10), source(16)], [500.0, 400.0]
    separate = V1**2 / (4 * R1) + V2**2 / (4 * R2)
    series = te.ModuleArray.grid([devices], [T], 300.0).solve(tolerance=1e-12)
    assert series.max_power == pytest.approx((V1 + V2) ** 2 / (4 * (R1 + R2)), rel=1e-11)
    assert series.separate_power == pytest.approx(separate, rel=1e-11)
    loss = (V1 * R2 - V2 * R1) ** 2 / (4 * R1 * R2 * (R1 + R2))
    assert series.mismatch_loss == pytest.approx(loss, rel=1e-9)
    parallel = te.ModuleArray.grid([[d] for d in devices], [[t] for t in T], 300.0).solve(tolerance=1e-12)
    assert parallel.mismatch_loss == pytest.approx((V1 - V2) ** 2 / (4 * (R1 + R2)), rel=1e-9)
    assert parallel.mismatch == pytest.approx(parallel.mismatch_loss / separate, rel=1e-11)
    assert parallel.open_circuit_voltage == pytest.approx((V1 / R1 + V2 / R2) / (1 / R1 + 1 / R2), rel=1e-11)
    assert parallel.short_circuit_current == pytest.approx(V1 / R1 + V2 / R2, rel=1e-11)
    assert parallel.internal_resistance == pytest.approx(R1 * R2 / (R1 + R2), rel=1e-9)
    # at the open circuit the stronger module drives the weaker one backwards
    idle = te.ModuleArray.grid([[d] for d in devices], [[t] for t in T], 300.0).solve(current=0.0)
    circulating = (V1 - V2) / (R1 + R2)
    assert idle.strings.current == pytest.approx([circulating, -circulating], rel=1e-9)
    assert idle.power == pytest.approx(0.0, abs=1e-15)


temperatures = st.lists(st.lists(st.floats(310, 500), min_size=1, max_size=3), min_size=1, max_size=3)


@settings(max_examples=15)
@given(T_hot=temperatures, share=st.floats(0.0, 1.2), bypass=st.none() | st.floats(0.01, 0.5))
def test_laws_of_Kirchhoff(T_hot, share, bypass):
    """Ragged strings of measured materials: currents add up, voltages agree, every module is itself."""
    device = measured()
    array = te.ModuleArray(
        device,
        [[te.Generator(T_hot=t, T_cold=300.0) for t in row] for row in T_hot],
        bypass_voltage=bypass,
    )
    r = array.solve(voltage=share * 0.3)
    assert r.status is te.Status.OK
    assert r.strings.current.sum() == pytest.approx(r.current, rel=1e-12)
    along = np.nansum(r.modules.voltage, axis=1)
    size = np.abs(r.modules.voltage[np.isfinite(r.modules.voltage)]).max()
    assert along == pytest.approx(np.full(len(T_hot), share * 0.3), abs=1e-9 * max(size, 1e-3))
    assert r.energy_balance < 1e-8
    assert r.max_power <= r.separate_power * (1 + 1e-12)
    s = len(T_hot) - 1
    own = r.module(s, 0)
    assert own.voltage == pytest.approx(r.modules.voltage[s, 0], rel=1e-9, abs=1e-12)
    assert own.heat_hot == pytest.approx(r.modules.heat_hot[s, 0], rel=1e-9)


def test_current_voltage_and_load_agree():
    T = [[480.0, 430.0, 400.0], [460.0, 440.0, 350.0]]
    for bypass in (None, 0.05):
        array = te.ModuleArray.grid(measured(), T, 300.0, bypass_voltage=bypass)
        sweep = array.solve(load="sweep")
        assert list(sweep.axes) == ["sweep"]
        assert sweep.current[0] == 0.0
        assert sweep.voltage[0] == pytest.approx(sweep.open_circuit_voltage, rel=1e-12)
        assert sweep.voltage[-1] == pytest.approx(0.0, abs=1e-9)
        assert (np.diff(sweep.voltage) < 0).all()
        assert sweep.power.max() <= sweep.max_power
        assert sweep.power.max() == pytest.approx(sweep.max_power, rel=2e-3)
        middle = sweep.voltage[[10, 30, 50]]
        at = array.solve(voltage=middle, maxima=False)
        assert "max_power" not in at.values
        assert at.current == pytest.approx(sweep.current[[10, 30, 50]], rel=1e-8)
        loaded = array.solve(load=middle / at.current, maxima=False)
        assert loaded.voltage == pytest.approx(middle, rel=1e-8)
        assert loaded.modules.power.shape == (3, 2, 3)
        assert loaded.modules.power.sum(axis=(1, 2)) == pytest.approx(
            loaded.power
            + (0.0 if bypass is None else bypass * loaded.modules.bypass_current.sum(axis=(1, 2))),
            rel=1e-9,
        )
        best = array.solve()
        near = array.solve(voltage=best.voltage * np.array([0.98, 1.02]), maxima=False)
        assert (near.power < best.power).all()
        assert best.power == pytest.approx(best.max_power, rel=1e-12)


def test_diodes_beside_linear_sources():
    """Three equal sources and a cold one: beyond its short circuit by the diode's voltage it is passed by."""
    (V, R), (v, _) = linear(10, 500.0), linear(10, 320.0)
    T, Vf = [[500.0, 500.0, 500.0, 320.0]], 0.1
    array = te.ModuleArray.grid(source(10), T, 300.0, bypass_voltage=Vf)
    turn = (v + Vf) / R
    for current in (0.5 * turn, 0.99 * turn, 1.01 * turn, 2 * turn):
        r = array.solve(current=current, tolerance=1e-12, maxima=False)
        weak = max(v - R * current, -Vf)
        assert r.voltage == pytest.approx(3 * (V - R * current) + weak, rel=1e-10)
        assert r.modules.voltage[0, 3] == pytest.approx(weak, rel=1e-9, abs=1e-12)
        assert r.modules.current[0, 3] == pytest.approx(min(current, turn), rel=1e-9)
        assert r.modules.bypass_current[0, 3] == pytest.approx(max(current - turn, 0.0), rel=1e-9, abs=1e-12)
        assert r.energy_balance < 1e-10
    passed, all_four = (3 * V - Vf) ** 2 / (12 * R), (3 * V + v) ** 2 / (16 * R)
    assert passed > all_four
    assert array.solve().max_power == pytest.approx(passed, rel=1e-9)
    without = te.ModuleArray.grid(source(10), T, 300.0).solve()
    assert without.max_power == pytest.approx(all_four, rel=1e-9)
    # a higher forward voltage makes the other summit the higher one
    high = te.ModuleArray.grid(source(10), T, 300.0, bypass_voltage=0.5).solve()
    assert high.max_power == pytest.approx(max((3 * V - 0.5) ** 2 / (12 * R), all_four), rel=1e-9)


def test_every_module_has_its_own_surroundings():
    """Different devices and reservoirs in one array, each compared with itself alone."""
    leg = te.Leg(cold_material(), 2e-3, 4e-6, side=te.SideLoss(convection=20.0))
    devices = [[measured(), measured(12), leg], [measured(30), measured(), measured(4)]]
    conditions = [
        [
            te.Generator(T_hot=470.0, T_cold=300.0),
            te.Generator(
                T_hot=470.0, T_cold=310.0, hot_resistance=0.5, cold_heat_transfer_coefficient=3000.0
            ),
            te.Generator(T_hot=450.0, T_cold=300.0, T_ambient=300.0),
        ],
        [
            te.Generator(heat=20.0, T_cold=300.0),
            te.Generator(T_hot=430.0, T_cold=300.0, hot_resistance=0.2),
            te.Generator(T_hot=430.0, T_cold=300.0, hot_resistance=0.4),
        ],
    ]
    r = te.ModuleArray(devices, conditions).solve()
    assert r.status is te.Status.OK
    for s in range(2):
        for k in range(3):
            alone = devices[s][k].solve(conditions[s][k].replace(current=r.strings.current[s]), maxima=False)
            for key in (
                "voltage",
                "power",
                "heat_hot",
                "heat_cold",
                "T_hot",
                "T_hot_junction",
                "T_cold_junction",
            ):
                assert getattr(r.modules, key)[s, k] == pytest.approx(getattr(alone, key), rel=1e-9), key
    alone = [
        d.solve(c).max_power
        for ds, cs in zip(devices, conditions, strict=True)
        for d, c in zip(ds, cs, strict=True)
    ]
    assert r.separate_power == pytest.approx(sum(alone), rel=1e-10)
    assert r.mismatch_loss > 0


def test_rows_of_one_module():
    whole = measured(24, series_resistance=0.05)
    more = {"hot_resistance": 0.3, "cold_heat_transfer_coefficient": 2000.0}
    even = te.ModuleArray.rows(whole, [450.0] * 6, 300.0, **more).solve()
    together = whole.solve(te.Generator(T_hot=450.0, T_cold=300.0, **more))
    assert even.max_power == pytest.approx(together.max_power, rel=1e-10)
    assert even.heat_hot == pytest.approx(together.heat_hot, rel=1e-7)
    assert even.internal_resistance == pytest.approx(together.internal_resistance, rel=1e-6)
    falling = te.ModuleArray.rows(whole, np.linspace(500.0, 400.0, 6), 300.0, **more).solve()
    assert 0.001 < falling.mismatch < 0.05
    assert (np.diff(falling.modules.heat_hot[0]) < 0).all()
    assert falling.modules.voltage.sum() == pytest.approx(falling.voltage, rel=1e-12)


def test_no_steady_state_is_never_a_number():
    r = te.ModuleArray.grid(measured(), [450.0, 400.0], 300.0).solve(current=[1.0, 5000.0])
    assert list(r.point_status == te.Status.OK) == [True, False]
    assert np.isnan(r.power[1])
    assert np.isnan(r.modules.heat_hot[1]).all()
    assert "hold no numbers" in " ".join(r.warnings)
    hot = te.ModuleArray.grid(measured(), [700.0, 400.0], 300.0).solve()
    assert hot.status is te.Status.OUTSIDE_TABLE
    assert "cold was used from" in hot.warnings[0]
    with pytest.raises(te.InputError, match="solved point"):
        r.module(0, 0, 1)
    with pytest.raises(te.InputError, match="position of the array"):
        r.module(0, 2)


def test_result_is_printed_and_saved(tmp_path):
    r = te.ModuleArray(
        measured(),
        [[te.Generator(T_hot=t, T_cold=300.0) for t in row] for row in ([450.0, 420.0], [430.0])],
        name="roof",
    ).solve()
    assert "roof: 2 x 2 modules" in repr(r)
    assert "mismatch" in repr(r)
    found = json.loads(r.save(tmp_path / "array.json").read_text())
    assert found["modules"]["power"][1][1] is None
    assert found["units"]["mismatch_loss"] == "W"
    assert found["operation"] == {"load": "max_power"}
    frame = r.to_frame("modules").dropna()
    assert len(frame) == 3
    assert frame["power (W)"].sum() == pytest.approx(r.power)
    sweep = r.array.solve(load="sweep")
    assert "axes: sweep (61)" in repr(sweep)
    with pytest.raises(AttributeError, match='did you mean "max_power"'):
        _ = r.max_powr
    assert r.module(1, 0).profile().T[0] == pytest.approx(430.0)


def faults(make):
    with pytest.raises(te.InputError) as caught:
        make()
    return str(caught.value)


def test_bad_input():
    one, ok = source(3), te.Generator(T_hot=400, T_cold=300)
    text = faults(
        lambda: te.ModuleArray(
            [[one, "module"], [one]],
            [
                [ok, ok],
                [te.Generator(T_hot=400, T_cold=300, current=1.0), te.Cooler(T_hot=300, heat=1, aim="COP")],
            ],
            bypass_voltage="-1 V",
        )
    )
    for words in (
        "device[0][1]",
        "strings[1][0]: no current",
        "like strings",
        "bypass_voltage",
        "above zero",
    ):
        assert words in text
    assert "Generator conditions are expected" in faults(lambda: te.ModuleArray(one, [[ok, 5]]))
    assert "a list of strings" in faults(lambda: te.ModuleArray(one, [ok]))
    assert "one value is expected" in faults(
        lambda: te.ModuleArray(one, [[te.Generator(T_hot=[400, 500], T_cold=300)]])
    )
    assert "as many in every string" in faults(
        lambda: te.ModuleArray.grid(one, [[400.0, 410.0], [400.0]], [[300.0, 300.0], [300.0, 300.0]])
    )
    text = faults(lambda: te.ModuleArray.grid(one, [[290.0, 410.0]], 300.0, hot_resistance="1 m"))
    assert text.count("strings[0]") == 2
    assert "divide the 3 couples" in faults(lambda: te.ModuleArray.rows(one, [400.0, 390.0], 300.0))
    array = te.ModuleArray.grid(one, 400.0, 300.0)
    assert "only one of" in faults(lambda: array.solve(current=1.0, voltage=1.0))
    assert '"max_power" or "sweep"' in faults(lambda: array.solve(load="max_powr"))
    assert "voltage" in faults(lambda: array.solve(voltage="3 A"))
    text = faults(lambda: array.solve(fidelity="2d", tolerance=1.0))
    assert '"1d" or "ideal"' in text
    assert "tolerance" in text


def test_root_of_a_falling_function():
    """A kink, a level stretch, a jump, a start beyond the last point that exists, and no root at all."""

    def f(x, lanes):
        y = np.select(
            [lanes == 0, lanes == 1, lanes == 2, lanes == 3, lanes == 4],
            [
                np.where(x < 1.0, 1.0 - x, 100.0 * (1.0 - x)) + 1e-3,
                np.where(x < 2.0, 2.0 - x, 0.0) - np.maximum(x - 5.0, 0.0) - 0.5,
                np.where(x < 0.7, 1.0, -1.0),
                np.where(x > 3.0, np.nan, 1.0 - x**3),
                np.exp(-x) + 1.0,
            ],
        )
        slope = np.select(
            [lanes == 0, lanes == 1, lanes == 2, lanes == 3, lanes == 4],
            [
                np.where(x < 1.0, -1.0, -100.0),
                np.where((x < 2.0) | (x > 5.0), -1.0, 0.0),
                np.zeros_like(x),
                -3 * x**2,
                -np.exp(-x),
            ],
        )
        return y, slope

    start = np.array([-50.0, 8.0, 30.0, 40.0, 1.0, np.nan])
    found = falling_root(f, start, scale=np.ones(6), by_index=True)
    assert found[:4] == pytest.approx([1.00001, 1.5, 0.7, 1.0], rel=1e-12)
    assert np.isnan(found[4:]).all()
