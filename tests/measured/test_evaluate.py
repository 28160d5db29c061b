"""Figures of sweeps against numbers they were made from, and against another fit."""

import numpy as np
import pytest

import ioffe as te
from ioffe.measured import compare, evaluate, measurement_of, runs_test, uniform_resistance

I = np.linspace(0.0, 4.0, 9)  # noqa: E741 - the current


def points(hot=672.0, **more):
    numbers = {"current": I, "voltage": 0.312 - 0.0895 * I, "heat_cold": 2.6 + 0.2 * I + 0.01 * I**2, **more}
    return measurement_of({k: v for k, v in numbers.items() if v is not None}, T_hot=hot, T_cold=298.0)


def test_figures_of_an_exact_sweep():
    """Two pairs of the second source: 312 mV and 87 to 92 mohm give 272 mW."""
    found = evaluate(points())
    assert found.open_circuit_voltage == pytest.approx([0.312])
    assert found.internal_resistance == pytest.approx([0.0895])
    assert found.max_power == pytest.approx([0.312**2 / (4 * 0.0895)])
    assert found.max_power_current == pytest.approx([0.312 / (2 * 0.0895)])
    J = np.linspace(0.0, 3.0, 30001)
    P = 0.312 * J - 0.0895 * J**2
    assert found.max_efficiency == pytest.approx([np.max(P / (P + 2.6 + 0.2 * J + 0.01 * J**2))], rel=1e-5)
    hot = evaluate(points(heat_hot=2.6 + 0.3 * I, heat_cold=None))
    assert hot.max_efficiency == pytest.approx([np.max(P / (2.6 + 0.3 * J))], rel=1e-5)
    assert found.max_power_std == pytest.approx([0.0], abs=1e-12)


def test_errors_cover_scatter_and_calibration():
    """Of 1000 sweeps with noise the figures scatter as their errors say."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(1000):
        noisy = points(voltage=0.312 - 0.0895 * I + 5e-4 * rng.standard_normal(9))
        one = evaluate(noisy)
        found.append([one.open_circuit_voltage[0], one.max_power[0], one.max_power_std[0]])
    V, P, std = np.array(found).T
    assert np.std(P) == pytest.approx(np.sqrt(np.mean(std**2)), rel=0.1)
    assert np.std(V) < 5e-4
    stated = measurement_of(points().numbers, uncertainty={"voltage": "1 %", "current": "1 %", "heat": "3 %"})
    one = evaluate(stated)
    assert one.max_power_std / one.max_power == pytest.approx([np.sqrt(2) * 0.01], rel=1e-6)
    expected = (1 - one.max_efficiency) * np.sqrt(2 * 0.01**2 + 0.03**2)
    assert one.max_efficiency_std / one.max_efficiency == pytest.approx(expected, rel=1e-3)


def test_bars_of_curved_sweeps_hold_the_truth():
    """A curvature of 7 % of R, far beyond the noise or below it, takes nothing from the bars.

    Of 6 degrees of freedom one standard error holds 64 % and two hold 91 % (Student's t).
    """
    for bow in (0.005, 0.0005):
        fine = np.linspace(0.0, 2.0, 200001)
        J, power = I / 2.0, (0.3 - 0.14 * fine - bow * fine**2) * fine
        best = power / (4.0 + 0.5 * fine - 0.05 * fine**2)
        truth = {
            "open_circuit_voltage": 0.3,
            "internal_resistance": 0.14 + 2.0 * bow,  # of the line through points from 0 to 2 A
            "max_power": power.max(),
            "max_power_current": fine[np.argmax(power)],
            "open_circuit_heat": 4.0,
            "max_efficiency": best.max(),
            "max_efficiency_current": fine[np.argmax(best)],
        }
        rng, held = np.random.default_rng(11), []
        for _ in range(150):
            V = 0.3 - 0.14 * J - bow * J**2 + 1e-3 * rng.standard_normal(9)
            Q = 4.0 + 0.5 * J - 0.05 * J**2 + 0.02 * rng.standard_normal(9)
            made = {"current": J, "voltage": V, "heat_hot": Q}
            one = evaluate(measurement_of(made, T_hot=500.0, T_cold=300.0))
            off = [abs(one.values[k][0] - truth[k]) / one.std[k][0] for k in truth]
            held.append([[x < 1.0 for x in off], [x < 2.0 for x in off]])
        single, double = np.mean(held, axis=0)
        assert np.all((single > 0.52) & (single < 0.76))  # 3 standard deviations of 150 draws
        assert np.all((double > 0.83) & (double < 0.98))


def test_bars_of_coolers_hold_what_is_solved():
    """Sweeps far beyond the current of the largest heat, whose curves no parabola describes."""
    current = np.linspace(0.3, 8.0, 12)
    module, _ = cooler([1.0])
    at = te.Cooler(T_hot=300.0, T_cold=290.0, current=1.0)
    clean = te.solve_batch(module, at, {"current": current})
    idle = te.solve_batch(module, at, {"current": [0.0]})
    best = module.solve(at.replace(current="max_heat"))
    truth = {
        "open_circuit_voltage": float(idle.voltage[0]),
        "open_circuit_heat": float(idle.heat_cold[0]),
        "max_heat": float(best.max_heat),
        "max_heat_current": float(best.max_heat_current),
    }
    rng, held = np.random.default_rng(12), []
    for _ in range(150):
        noisy = {
            "current": current,
            "voltage": clean.voltage + 2e-3 * rng.standard_normal(12),
            "heat_cold": clean.heat_cold + 0.05 * rng.standard_normal(12),
        }
        one = evaluate(measurement_of(noisy, T_hot=300.0, T_cold=290.0))
        held.append([abs(one.values[k][0] - v) < 2.0 * one.std[k][0] for k, v in truth.items()])
    assert np.all(np.mean(held, axis=0) > 0.83)  # 91 % are expected


def test_bars_of_the_largest_difference_hold_what_is_solved():
    current = np.linspace(1.5, 7.0, 12)
    module, clean = cooler(current)
    best = module.solve(te.Cooler(T_hot=300.0, heat=0.0, aim="delta_T"))
    rng, held = np.random.default_rng(13), []
    for _ in range(150):
        noisy = clean.delta_T + 0.2 * rng.standard_normal(12)
        one = evaluate(measurement_of({"current": current, "delta_T": noisy}, T_hot=300.0))
        off = (
            abs(one.delta_T_max[0] - float(best.delta_T_max)),
            abs(one.delta_T_max_current[0] - float(best.delta_T_max_current)),
        )
        held.append([off[0] < 2.0 * one.delta_T_max_std[0], off[1] < 2.0 * one.delta_T_max_current_std[0]])
    assert np.all(np.mean(held, axis=0) > 0.83)  # 91 % are expected


def test_what_a_sweep_does_not_reach_is_said():
    current = np.linspace(0.5, 3.0, 8)
    _, found = cooler(current)
    made = measurement_of({"current": current, "delta_T": found.delta_T}, T_hot=300.0)
    assert "largest difference was not reached" in "".join(evaluate(made).notes)
    heat = {"current": I, "voltage": 0.2 + 0.5 * I, "heat_cold": 5.0 * I - 0.4 * I**2}
    assert "largest heat was not reached" in "".join(
        evaluate(measurement_of(heat, T_hot=300.0, T_cold=290.0)).notes
    )
    short = {"current": I / 4.0, "voltage": 0.312 - 0.0895 * I / 4.0}
    early = evaluate(measurement_of(short, T_hot=672.0, T_cold=298.0))
    assert "beyond the measured currents" in "".join(early.notes)
    assert early.max_power == pytest.approx([0.312**2 / (4 * 0.0895)])
    turned = evaluate(points(voltage=-0.312 - 0.0895 * I))
    assert "no point gives power" in "".join(turned.warnings)
    assert "max_power" not in turned.values


def test_a_heat_beside_a_difference_is_given_not_measured():
    current = np.linspace(1.0, 6.0, 8)
    module, found = cooler(current)
    numbers = {"current": current, "delta_T": found.delta_T, "voltage": found.voltage}
    noise = {"delta_T": "0.1 K", "voltage": "1 mV"}
    made = measurement_of({**numbers, "heat_cold": np.zeros(8)}, T_hot=300.0, noise=noise)
    assert made.channels == ("voltage", "delta_T")
    at = te.Cooler(T_hot=300.0, T_cold=280.0, current=1.0)
    assert te.calibrate(
        cooler(current, "1 uohm cm2")[0], at, made, "legs.contact.electrical"
    ).values == pytest.approx([5e-10], rel=0.01)
    loaded = module.solve(te.Cooler(T_hot=300.0, heat=2.0, current=3.0))
    one = {"current": [3.0], "delta_T": [float(loaded.delta_T)], "heat_cold": [2.0]}
    found = compare(module, at, measurement_of(one, T_hot=300.0))
    assert found.computed.measurement.numbers["delta_T"] == pytest.approx(one["delta_T"], abs=1e-4)
    assert "one current has no V_oc" in "".join(found.notes)


def test_doubts_of_points_stand_in_the_comparison():
    leg = te.Leg("Mg3.5SbBi0.96Te0.04", "5 mm", "9 mm2")
    at = te.Generator(T_hot=500.0, T_cold=330.0)
    numbers = {"current": [0.0, -1.0, -2.0], "voltage": [0.03, 0.04, 0.05]}
    found = compare(leg, at, measurement_of(numbers, T_hot=500.0, T_cold=298.0))
    assert any("takes power at every point" in text for text in found.warnings)
    assert any("measured from 323 K" in text for text in found.warnings)
    with pytest.raises(te.InputError, match=r"sweep\.csv.*exchanged"):
        compare(leg, at, measurement_of(numbers, T_hot=298.0, T_cold=500.0, name="sweep.csv"))


def test_sweeps_are_told_apart_by_both_temperatures():
    hot = np.repeat([400.3, 400.0, 500.0], 9)
    cold = np.repeat([300.0, 320.0, 300.0], 9)
    numbers = {"current": np.tile(I, 3), "voltage": np.tile(0.1 - 0.02 * I, 3), "T_hot": hot, "T_cold": cold}
    found = evaluate(measurement_of(numbers))
    assert sorted(zip(found.T_hot, found.T_cold, strict=True)) == [
        (400.0, 320.0),
        (400.3, 300.0),
        (500.0, 300.0),
    ]


def test_harman_and_drift():
    numbers = {"ac_resistance": [0.0100, 0.0101], "dc_resistance": [0.0170, 0.01717]}
    found = evaluate(measurement_of(numbers, T_hot=300.0, T_cold=300.0))
    assert found.ZT == pytest.approx([0.7])
    t = np.array([0.0, 1e6, 2e6])
    aged = evaluate(measurement_of({"time": t, "ac_resistance": 0.01 * (1 + 2e-9 * t)}))
    assert aged.resistance_drift == pytest.approx([2e-9])


def test_curved_voltage_is_named():
    bent = evaluate(points(voltage=0.312 - 0.0895 * I + 2e-3 * I**2 + 1e-6 * (-1.0) ** np.arange(9)))
    assert any("curved" in text for text in bent.notes)
    assert bent.status == 0


def test_computed_points_differ_by_nothing():
    """A device compared with its own points: no difference, whatever the evaluation does with them."""
    leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2", contact=te.Contact("8 uohm cm2", "10 mm2 K/W"))
    at = te.Generator(T_hot=500.0, T_cold=303.0)
    own = leg.solve(at.replace(current=[0.0, 1.0, 2.0, 3.0]))
    numbers = {"current": own.current, "voltage": own.voltage, "heat_hot": own.heat_hot}
    made = measurement_of({**numbers, "ac_resistance": np.full(4, 0.01)}, T_hot=500.0, T_cold=303.0)
    found = compare(leg, at, made)
    for name in ("open_circuit_voltage", "internal_resistance", "open_circuit_heat", "max_power"):
        assert found.difference(name) == pytest.approx([0.0], abs=1e-6 * abs(found.measured.values[name][0]))
    assert found.computed.ac_resistance == pytest.approx([uniform_resistance(leg, 401.5)])


def test_runs_of_one_sign_are_throws_of_a_coin():
    assert runs_test(np.ones(11)) == (1, 2.0**-10)
    assert runs_test(-np.ones(1)) == (1, 1.0)
    assert runs_test(np.array([1.0, -1.0])) == (2, 1.0)


def test_runs_against_all_orders():
    """The probability is near that of counting the orders of seven signs up and seven down."""
    rng = np.random.default_rng(0)
    signs = np.repeat([1.0, -1.0], 7)
    counts = np.array([runs_test(rng.permutation(signs))[0] for _ in range(20000)])
    runs, chance = runs_test(np.concatenate([np.ones(6), -np.ones(1), np.ones(1), -np.ones(6)]))
    exact = np.mean(np.abs(counts - 8) >= 8 - runs)
    assert runs == 4
    assert chance == pytest.approx(exact, abs=0.01)


def cooler(I, electrical="5 uohm cm2"):  # noqa: E741 - the current
    contact = te.Contact(electrical, "5 mm2 K/W")
    legs = [te.Leg(f"generic {k} cooler leg", "1.6 mm", "2 mm2", contact=contact) for k in "pn"]
    module = te.Module(*legs, couples=31, fill_factor=0.3)
    at = te.Cooler(T_hot=300.0, heat=0.0, current=1.0)
    return module, te.solve_batch(module, at, {"current": I})


def test_differences_of_a_cooler_over_the_current():
    """Without heat the cold side floats: its largest difference, and the contacts behind it."""
    current = np.linspace(1.0, 6.0, 8)
    module, found = cooler(current)
    noise = {"delta_T": "0.1 K", "voltage": "1 mV"}
    numbers = {"current": current, "delta_T": found.delta_T, "voltage": found.voltage}
    made = measurement_of(numbers, T_hot=300.0, noise=noise)
    figures = evaluate(made)
    assert set(figures.values) == {"delta_T_max", "delta_T_max_current"}
    assert figures.delta_T_max == pytest.approx([np.max(found.delta_T)], rel=0.03)
    wrong, _ = cooler(current, "1 uohm cm2")
    conditions = te.Cooler(T_hot=300.0, T_cold=280.0, current=1.0)
    fitted = te.calibrate(wrong, conditions, made, "legs.contact.electrical")
    assert fitted["legs.contact.electrical"] == pytest.approx(5e-10, rel=0.01)
    assert compare(module, conditions, made).difference("delta_T_max") == pytest.approx([0.0], abs=0.05)


def test_heat_of_a_cooler_at_fixed_temperatures():
    current = np.linspace(0.5, 8.0, 9)
    numbers = {
        "current": current,
        "voltage": 0.2 + 0.5 * current,
        "heat_cold": 5.0 * current - 0.4 * current**2,
    }
    found = evaluate(measurement_of(numbers, T_hot=300.0, T_cold=290.0))
    assert found.internal_resistance == pytest.approx([0.5])
    assert found.max_heat == pytest.approx([5.0**2 / 1.6])
    assert found.max_heat_current == pytest.approx([5.0 / 0.8])
    assert "max_power" not in found.values
