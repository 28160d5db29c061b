"""What is said of doubtful input, and what is refused, by every solve alike."""

import json
from typing import Any

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import ExtrapolationError, InputError
from ioffe.life import Service, solve_life
from ioffe.solve.doubts import judge

T = [300.0, 350.0, 400.0, 450.0, 500.0, 550.0]
S, SIGMA, KAPPA = np.linspace(2e-4, 2.2e-4, 6), np.linspace(1e5, 7e4, 6), np.linspace(1.5, 1.3, 6)
HOT = te.Generator(T_hot=500, T_cold=320)


def material(S=1.0, sigma=1.0, kappa=1.0, name="trial"):
    return te.Material.from_arrays(name, "p", T, S * np.array(globals()["S"]), sigma * SIGMA, kappa * KAPPA)


def leg(**units):
    return te.Leg(material(**units), length="5 mm", area="9 mm2")


WRONG = {
    "S in uV/K labelled mV/K": {"S": 1e3},
    "S in mV/K labelled uV/K": {"S": 1e-3},
    "sigma in S/m labelled S/cm": {"sigma": 100.0},
    "sigma in S/cm labelled S/m": {"sigma": 0.01},
    "kappa in mW labelled W": {"kappa": 1e3},
    "kappa in W labelled mW": {"kappa": 1e-3},
}


@pytest.mark.parametrize("units", WRONG.values(), ids=WRONG)
def test_units_mixed_up_stop_every_solve(units):
    wrong = leg(**units)
    tries = [
        lambda: wrong.solve(HOT),
        lambda: te.solve_batch(wrong, HOT, {"length": [1e-3, 2e-3]}),
        lambda: te.solve_batch(leg(), HOT, {"material": [material(), material(**units)]}),
        lambda: solve_life(wrong, HOT, [], Service.constant("1 year")),
        lambda: te.ModuleArray(wrong, [[HOT, HOT]]).solve(),
        lambda: te.analyse(material(**units)),
    ]
    for attempt in tries:
        with pytest.raises(InputError, match="force=True"):
            attempt()
    assert any("error" in w for w in wrong.solve(HOT, force=True).warnings)
    assert len(te.solve_batch(wrong, HOT, {"length": [1e-3, 2e-3]}, force=True)) == 2
    assert te.analyse(material(**units), force=True).warnings


@pytest.mark.parametrize("units", [{"sigma": 0.1}, {"kappa": 10.0}])
def test_a_lost_factor_that_makes_zT_small_is_told(units):
    result = leg(**units).solve(HOT)
    assert any("low-zT" in w for w in result.warnings)
    assert not any("low-zT" in w for w in leg().solve(HOT).warnings)


def test_findings_stand_in_all_outputs_and_strict_refuses_them():
    device, inside = leg(sigma=0.1), te.Generator(T_hot=500, T_cold=320)
    result = device.solve(inside)
    assert any(w.startswith("trial: ") and "[low-zT]" in w for w in result.warnings)
    assert "[low-zT]" in json.dumps(result.to_dict())
    with pytest.raises(InputError, match="low-zT"):
        device.solve(inside, strict=True)
    assert device.solve(inside, strict=True, force=True).status == 0
    with pytest.raises(ExtrapolationError):
        device.solve(te.Generator(T_hot=440, T_cold=250), strict=True, force=True)


def test_few_data_are_told_and_not_refused():
    few = te.Material.from_arrays("few", "p", T[::3], S[::3], SIGMA[::3], KAPPA[::3])
    device, inside = te.Leg(few, length="5 mm", area="9 mm2"), te.Generator(T_hot=440, T_cold=320)
    assert any("few-points" in w for w in device.solve(inside, strict=True).warnings)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"length": 6}, "length = 6 is 6 m; is the unit mm?"),
        ({"area": 14}, "area = 14 is 14 m2; is the unit mm2?"),
        ({"contact": te.Contact(7.9)}, "7.9 ohm m2; is the unit uohm cm2?"),
        ({"contact": te.Contact("10 ohm cm2")}, "0.001 ohm m2 (10 ohm cm2); is the unit uohm cm2?"),
        ({"contact": te.Contact(thermal=20)}, "20 m2 K/W; is the unit mm2 K/W?"),
    ],
)
def test_numbers_that_no_device_has(given, words):
    device = te.Leg(**{"material": material(), "length": "5 mm", "area": "9 mm2", **given})
    assert any(words in w for w in device.solve(HOT).warnings)
    with pytest.raises(InputError, match=r"\?"):
        device.solve(HOT, strict=True)


@pytest.mark.parametrize(
    ("gap", "words"), [(0.8, ("layout.gap = 0.8 is 0.8 m; is the unit mm?",)), (0.0, ())]
)
def test_gaps_that_no_module_has(gap, words):
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.96 mm2") for k in "pn")
    module = te.Module(p, n, couples=2, layout=te.Layout(gap=gap))
    assert judge(module, te.Generator(T_hot=350, T_cold=310)).warnings == words


def test_temperatures_meant_in_celsius():
    result = leg().solve(te.Generator(T_hot=230, T_cold=25))
    assert {"T_hot = 230 is 230 K; is the unit degC?", "T_cold = 25 is 25 K; is the unit degC?"} <= set(
        result.warnings
    )
    cold = te.Cooler(T_hot=300, T_cold=[27, 30, 280], current=1)
    assert "T_cold = 27 is 27 K; is the unit degC? (2 of 3 values)" in judge(leg(), cold).warnings
    assert not judge(leg(), te.Cooler(T_hot=300, T_cold=250, current=1)).warnings
    with pytest.raises(InputError, match="degC"):
        te.Generator(T_hot=230, T_cold=298)


def test_a_batch_tells_it_once():
    batch = te.solve_batch(leg(), HOT, {"length": [1e-3, 6, 7]})
    assert batch.warnings == ("length = 7 is 7 m; is the unit mm? (2 of 3 values)",)
    with pytest.raises(InputError, match="2 of 3 values"):
        te.solve_batch(leg(), HOT, {"length": [1e-3, 6, 7]}, strict=True)
    with pytest.raises(ExtrapolationError, match="1 of 2"):
        te.solve_batch(leg(), HOT, {"T_hot": [400, 700]}, strict=True)


def test_cop_only_where_a_cooler_takes_up_heat_and_power():
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.96 mm2") for k in "pn")
    module = te.Module(p=p, n=n, couples=127, fill_factor=0.3)
    result = module.solve(te.Cooler(T_hot=300, T_cold=320, current=[0, 0.05, 0.3, 1]))
    defined = (result.heat_cold > 0) & (result.power > 0)
    assert defined.tolist() == [False, False, False, True]
    assert np.array_equal(np.isfinite(result.COP), defined)
    header, rows = result.rows()
    column = [row[header.index("COP")] for row in rows]
    assert [c == c for c in column] == defined.tolist()
    assert result.to_dict()["COP"][:3] == [None, None, None]
    assert np.isnan(module.solve(te.Cooler(T_hot=300, T_cold=230, current=0.1)).COP)


@pytest.mark.parametrize("volts", [4.0, 8.0, 12.0])
def test_a_cooler_at_a_voltage_is_the_one_at_its_current(volts):
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.96 mm2") for k in "pn")
    module = te.Module(p=p, n=n, couples=127, fill_factor=0.3)
    every: list[dict[str, Any]] = [{"T_cold": 280}, {"heat": "10 W"}]
    for given in every:
        at = te.Cooler(T_hot=300, voltage=volts, **given)
        found = module.solve(at)
        same = module.solve(te.Cooler(T_hot=300, current=found.current, **given))
        assert found.voltage == pytest.approx(volts, rel=1e-10)
        assert same.voltage == pytest.approx(volts, rel=1e-10)
        assert same.heat_cold == pytest.approx(found.heat_cold, rel=1e-9)
        batch = te.solve_batch(module, at, {"voltage": [volts, 6.0]})
        assert batch.current[0] == pytest.approx(found.current, rel=1e-6)
    found = module.solve(te.Cooler(T_hot=300, T_cold=280, voltage=volts), gradient=["voltage"])
    up, down = (
        module.solve(te.Cooler(T_hot=300, T_cold=280, voltage=volts + h)).heat_cold for h in (1e-3, -1e-3)
    )
    assert found.gradient["heat_cold"]["voltage"] == pytest.approx((up - down) / 2e-3, rel=1e-5)


def test_a_cooler_takes_a_voltage_or_a_current():
    with pytest.raises(InputError, match="only one of current and voltage"):
        te.Cooler(T_hot=300, T_cold=280, current=1, voltage=2)
    with pytest.raises(InputError, match="beside the voltage"):
        te.Cooler(T_hot=300, voltage=2)
    with pytest.raises(InputError, match="aim decides"):
        te.Cooler(T_hot=300, heat=1, aim="COP", voltage=2)


def test_a_balance_that_does_not_close_is_no_solution(monkeypatch):
    from ioffe.engine import newton

    closed = newton._store

    def opened(out, network, drive, build, T, current, cases, done, free):
        closed(out, network, drive, build, T, current, cases, done, free)
        out.heat_cold[cases[done]] *= 1.01

    monkeypatch.setattr(newton, "_store", opened)
    result = leg().solve(te.Generator(T_hot=500, T_cold=320, current=1.0), maxima=False, tolerance=1e-11)
    assert result.status is te.Status.NOT_CONVERGED
    assert np.isnan(result.power)
    batch = te.solve_batch(
        leg(), te.Generator(T_hot=500, T_cold=320, current=1.0), {"length": [5e-3]}, engine="numpy"
    )
    assert batch.status is te.Status.NOT_CONVERGED
