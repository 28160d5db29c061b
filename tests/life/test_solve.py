"""A device along its life against single solves, direct integration, roots and Monte Carlo."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

import ioffe as te
from ioffe.base.constants import e
from ioffe.interface.ageing import Arrhenius, LinearGrowth, ParabolicGrowth, Relaxation, Tabulated
from ioffe.life import CoffinManson, Degradation, GrowingLayer, Service, ServicePhase, solve_life
from ioffe.life.march import March, reduced_times
from ioffe.life.process import ageing_of
from tests.life.cases import DAY, hot, leg, relaxing

TIMES = [0.0, 2 * DAY, 10 * DAY]


def life(degradations, service="10 day", times=TIMES, device=None, conditions=None, **more):
    return solve_life(device or leg(), conditions or hot(), degradations, service, times=times, **more)


def aged(resistivity, end="hot", **more):
    contacts = {f"contact_{end}": te.Contact(resistivity), **more}
    contacts.setdefault("contact_cold" if end == "hot" else "contact_hot", te.Contact("20.8 uohm cm2"))
    return leg().replace(**contacts).solve(hot())


def test_constant_law_is_constant_performance():
    module = te.Module(p=leg(), n=leg("3 uohm cm2", carrier="n"), fill_factor=0.5)
    found = life([Degradation("p.contact.electrical", Relaxation(20.8e-10, 20.8e-10, DAY))], device=module)
    single = module.solve(hot())
    for name in (
        "max_power",
        "max_efficiency",
        "open_circuit_voltage",
        "internal_resistance",
        "power",
        "heat_hot",
    ):
        assert found.values[name] == pytest.approx(np.full(3, getattr(single, name)), rel=1e-9), name
    assert found.status == te.Status.OK
    assert found.energy_balance < 1e-9
    assert not any(loss.is_reached for loss in found.losses)


def test_nothing_ages():
    found = life([])
    assert found.max_power == pytest.approx(np.full(3, leg().solve(hot()).max_power), rel=1e-9)
    assert found.numbers.nominal == {}


def test_every_time_is_a_single_solve_with_its_contact():
    law = relaxing()
    found = life([Degradation("contact_hot.electrical", law)])
    for k, t in enumerate(TIMES):
        single = aged(float(law.at(t)))
        assert found.max_power[k] == pytest.approx(single.max_power, rel=1e-9)
        assert found.max_efficiency[k] == pytest.approx(single.max_efficiency, rel=1e-9)
        assert found.internal_resistance[k] == pytest.approx(single.internal_resistance, rel=1e-7)


def test_hot_and_short_is_as_cold_and_long():
    """The temperature of the contact decides, not that of the hot side: both ends of one leg."""
    law = relaxing(0.8)
    parts = [Degradation("contact_hot.electrical", law), Degradation("contact_cold.electrical", law)]
    T = (550.0, 300.0)
    slower = float(law.acceleration.factor(T[1]))
    ovens = [
        life([parts[0]], Service.constant(5 * DAY, temperature=T[0]), [0.0, 5 * DAY]),
        life([parts[0]], Service.constant(5 * DAY / slower, temperature=T[1]), [0.0, 5 * DAY / slower]),
    ]
    assert ovens[0].max_power[-1] == pytest.approx(ovens[1].max_power[-1], rel=1e-12)
    at_work = life(parts)
    assert at_work.temperatures["contact_hot.electrical"] == pytest.approx([550.0] * 3, abs=1e-9)
    theta = at_work.reduced_time
    assert theta["contact_hot.electrical"] == pytest.approx(TIMES, rel=1e-9)
    assert theta["contact_cold.electrical"] == pytest.approx(np.array(TIMES) * slower, rel=1e-9)


def test_profile_of_temperature_against_direct_integration():
    law = relaxing(1.0)
    service = Service.schedule(T_hot=[(0, 450), ("4 day", 560), ("6 day", 560), ("10 day", 400)])
    found = life([Degradation("contact_hot.electrical", law)], service, [0.0, 4 * DAY, 6 * DAY, 10 * DAY])

    def T(t):
        return np.interp(t, [0, 4 * DAY, 6 * DAY, 10 * DAY], [450, 560, 560, 400])

    edges = pairwise(found.time)
    steps = [quad(lambda t: float(law.acceleration.factor(T(t))), a, b, epsrel=1e-12)[0] for a, b in edges]
    assert found.reduced_time["contact_hot.electrical"][1:] == pytest.approx(np.cumsum(steps), rel=3e-5)
    assert found.ageing_error < 1e-4


def test_feedback_through_the_temperature_of_the_contact():
    """A thermal contact that grows cools the contact behind it; witness: solve_ivp on single solves."""
    device = leg().replace(contact_hot=te.Contact("20.8 uohm cm2", "40 mm2 K/W"))
    growth = ParabolicGrowth(0.0, 3e-4 / np.sqrt(10 * DAY), acceleration=Arrhenius(1.0 * e, 550.0))
    part = GrowingLayer("contact_hot", growth, resistivity=1e-5, thermal_conductivity=1.0)
    found = life([part], device=device, losses=[])

    def rate(_, theta):
        x = float(growth.formula(max(theta[0], 0.0)))
        contact = te.Contact(20.8e-10 + 1e-5 * x, 4e-5 + x)
        result = device.replace(contact_hot=contact, contact_cold=device.contact_cold).solve(hot())
        profile = result.profile()
        return [float(growth.acceleration.factor(0.5 * (550.0 + float(profile.T[0]))))]

    witness = solve_ivp(rate, (0.0, 10 * DAY), [0.0], rtol=1e-4, atol=10.0, t_eval=TIMES)
    theta = found.reduced_time["contact_hot.electrical"]
    assert theta[1:] == pytest.approx(witness.y[0, 1:], rel=2e-4)
    assert (
        theta[-1]
        < 0.8 * float(growth.acceleration.factor(found.temperatures["contact_hot.electrical"][0])) * 10 * DAY
    )
    assert found.numbers.nominal["contact_hot.thermal"][-1] == pytest.approx(4e-5 + growth.formula(theta[-1]))


def test_growth_from_nothing_takes_one_step():
    """A layer that grows with the root of the time cools its contact at once: smooth in that root."""
    device = leg().replace(contact_hot=te.Contact("20.8 uohm cm2", "40 mm2 K/W"))
    growth = ParabolicGrowth(0.0, 3e-4 / np.sqrt(10 * DAY), acceleration=Arrhenius(1.0 * e, 550.0))
    part = GrowingLayer("contact_hot", growth, resistivity=1e-5, thermal_conductivity=1.0)
    service = Service.constant(10 * DAY)
    processes = ageing_of(device, hot(), [part])
    march = March(device, hot(), service, processes, ((part,),), {"tolerance": 1e-9})
    found, finer = (reduced_times(march, tolerance) for tolerance in (1e-4, 1e-7))
    assert len(found.edges) == 2
    early = np.array([1.0, 600.0, DAY, 10 * DAY])
    assert found(early) == pytest.approx(finer(early), rel=2e-4)


def test_averaged_cycles_are_those_written_out():
    law = relaxing(0.6)
    phases = [ServicePhase("0.1 day", T_hot=("320 K", "550 K")), ServicePhase("0.1 day", temperature="500 K")]
    part = [Degradation("contact_hot.electrical", law)]
    few = life(part, Service.cycles(phases, "2.4 day"), [0.0, 2.4 * DAY])
    many = life(part, Service.cycles(phases, "2.6 day"), [0.0, 2.4 * DAY])
    assert not few.service.is_averaged
    assert many.service.is_averaged
    assert any("averaged" in text for text in many.notes)
    a, b = (x.reduced_time["contact_hot.electrical"][-1] for x in (few, many))
    assert a == pytest.approx(b, rel=1e-5)


def test_material_of_a_leg_ages_by_a_factor():
    law = LinearGrowth(1.0, -0.02 / DAY)
    found = life([Degradation("material.electrical_conductivity", law)], losses=[])
    material = leg().segments[0].material
    worse = material.replace(electrical=material.electrical.scaled(0.8))
    single = te.Leg(worse, "2 mm", "4 mm2", contact=leg().contact_hot).solve(hot())
    assert found.max_power[-1] == pytest.approx(single.max_power, rel=1e-9)
    resistive = life(
        [Degradation("material.electrical_resistivity", LinearGrowth(1.0, 0.025 / DAY))], losses=[]
    )
    assert resistive.max_power[-1] == pytest.approx(single.max_power, rel=1e-9)


def test_laws_on_one_number_add_up():
    parts = [
        Degradation("contact_hot.electrical", LinearGrowth(3e-10, 0.0), how="added"),
        Degradation("contact_hot.electrical", Relaxation(10e-10, 10e-10, DAY)),
        Degradation("contact_hot.electrical", LinearGrowth(2.0, 0.0), how="factor"),
    ]
    assert life(parts).numbers.nominal["contact_hot.electrical"] == pytest.approx(np.full(3, 23e-10))


def test_cycles_count_by_their_swing():
    law = LinearGrowth(20.8e-10, 1e-10)
    part = Degradation(
        "contact_hot.electrical", law, temperature="contact_hot", cycles=CoffinManson(100.0, 2.0)
    )
    service = Service.cycles(
        [ServicePhase("6 h", T_hot=("350 K", "550 K")), ServicePhase("6 h", T_hot=("550 K", "350 K"))],
        "30 day",
    )
    found = life([part], service, [0.0, 30 * DAY])
    assert found.reduced_time["contact_hot.electrical"][-1] == pytest.approx(60 * 4.0, rel=1e-6)


def test_loss_is_the_root_of_the_solved_curve():
    law = relaxing()
    found = solve_life(
        leg(), hot(), [Degradation("contact_hot.electrical", law)], "40 day", losses=["5 %", 0.1]
    )
    start = aged(20.8e-10).max_power

    def left(t, share):
        return aged(float(law.at(t))).max_power / start - 1.0 + share

    for share in (0.05, 0.1):
        loss = found.loss("max_power", share)
        root = brentq(left, 0.0, 40 * DAY, args=(share,), xtol=1.0) if left(40 * DAY, share) < 0 else np.inf
        assert loss.time == pytest.approx(root, rel=1e-5)
    assert found.loss("max_power", 0.05).is_reached


def test_not_reached_is_said_and_no_number_given():
    law = Relaxation(20.8e-10, 21e-10, DAY)
    loss = life([Degradation("contact.electrical", law, std={"final": 1e-11})]).loss("max_power", 0.2)
    assert loss.time == np.inf
    assert "not reached within 10 day" in str(loss)
    assert loss.to_dict()["time"] == "inf"


@cache
def banded(kind):
    law = relaxing(0.7)
    std = {"final": 8e-10, "time": 0.8 * DAY, "activation_energy": 0.03 * e}
    service = Service.constant("10 day", T_hot="530 K")
    return life(
        [Degradation("contact_hot.electrical", law, std=std)],
        service,
        bands=kind,
        draws=400,
        engine="numpy",
        losses=[0.05],
    )


def test_linear_bands_are_those_of_monte_carlo():
    linear, draws = banded("linear"), banded("monte carlo")
    assert np.array_equal(linear.max_power, draws.max_power)
    for name in ("max_power", "internal_resistance"):
        assert linear.std[name][1:] == pytest.approx(draws.std[name][1:], rel=0.15), name
        for edge in ("low", "high"):
            width = 0.15 * 2 * linear.std[name][1:]
            assert np.all(np.abs(getattr(linear, edge)[name] - getattr(draws, edge)[name])[1:] < 2 * width)
    # the start is known
    assert linear.std["max_power"][0] < 1e-12


def test_band_of_the_contact_is_that_of_the_law():
    found = banded("linear")
    law = relaxing(0.7)
    covariance = np.diag([0.0, 8e-10, 0.8 * DAY, 0.0, 0.03 * e]) ** 2
    expected = law.std(np.array(TIMES), 530.0, covariance)
    assert found.numbers.std["contact_hot.electrical"][1:] == pytest.approx(expected[1:], rel=0.03)


def test_interval_of_a_loss_holds_the_draws():
    linear, draws = banded("linear").loss("max_power", 0.05), banded("monte carlo").loss("max_power", 0.05)
    assert linear.time == pytest.approx(draws.time)
    assert linear.low < linear.time < linear.high
    assert draws.low == pytest.approx(linear.low, rel=0.1)
    times = banded("monte carlo").lifetimes["max_power", 0.05]
    inside = np.mean((times >= draws.low) & (times <= draws.high))
    assert inside == pytest.approx(0.95, abs=0.01)


def test_survival_from_draws():
    fit = banded("monte carlo").survival("max_power", 0.05)
    loss = banded("monte carlo").loss("max_power", 0.05)
    assert fit.count == 400
    assert fit.survival(loss.time) == pytest.approx(0.5, abs=0.12)
    with pytest.raises(te.InputError, match="random draws"):
        banded("linear").survival("max_power", 0.05)


def test_draws_are_reproducible():
    again = life(
        banded("monte carlo").degradations, banded("linear").service, bands="monte carlo", draws=10, seed=3
    )
    same = life(
        banded("monte carlo").degradations, banded("linear").service, bands="monte carlo", draws=10, seed=3
    )
    assert np.array_equal(again.low["max_power"], same.low["max_power"])


def test_covariance_is_kept():
    """Two parameters that cancel: final and initial move together, and the difference stays."""
    law = relaxing()
    both = np.zeros((4, 4))
    both[:2, :2] = np.outer([1e-10, 1e-10], [1e-10, 1e-10])
    found = life([Degradation("contact_hot.electrical", law, covariance=both)])
    assert found.numbers.std["contact_hot.electrical"] == pytest.approx(np.full(3, 1e-10), rel=0.02)


@settings(max_examples=8, deadline=None)
@given(st.floats(1.0, 50.0), st.floats(1.0, 50.0))
def test_a_worse_contact_never_gives_more_power(first, last):
    law = Relaxation(first * 1e-10, last * 1e-10, 3 * DAY)
    power = life([Degradation("contact.electrical", law)], losses=[]).max_power
    assert np.all(np.diff(power) * (last - first) <= 1e-12 * power[0])


def test_cooler():
    device = leg("5 uohm cm2")
    cooler = te.Cooler(T_hot=300.0, T_cold=280.0, current=2.0)
    law = Relaxation(5e-10, 50e-10, DAY)
    found = life([Degradation("contact.electrical", law)], device=device, conditions=cooler)
    for k, t in enumerate(TIMES):
        single = device.replace(contact=te.Contact(float(law.at(t))))
        at = single.solve(cooler)
        assert found.COP[k] == pytest.approx(at.COP, rel=1e-8)
        assert found.heat_cold[k] == pytest.approx(at.heat_cold, rel=1e-8)
        assert found.delta_T_max[k] == pytest.approx(single.delta_T_max(300.0).delta_T_max, rel=1e-6)
        resistance = 2e-3 / 1e5 / 4e-6 + 2 * float(law.at(t)) / 4e-6
        assert found.internal_resistance[k] == pytest.approx(resistance, rel=1e-8)
    assert [loss.quantity for loss in found.losses[:1]] == ["heat_cold"]


def test_cooler_at_a_heat_load():
    cooler = te.Cooler(T_hot=300.0, heat=0.02, current=2.0)
    law = Relaxation(20.8e-10, 200e-10, DAY)
    found = life([Degradation("contact.electrical", law)], conditions=cooler)
    assert np.all(np.diff(found.delta_T) < 0)
    assert found.internal_resistance[0] == pytest.approx(2e-3 / 1e5 / 4e-6 + 2 * 20.8e-10 / 4e-6, rel=1e-8)


def test_table_beyond_its_end_holds_and_says_so():
    table = Tabulated((0.0, 5 * DAY), (20.8e-10, 40e-10))
    found = life([Degradation("contact_hot.electrical", table)])
    assert found.numbers.nominal["contact_hot.electrical"][-1] == 40e-10
    assert any("measured for 5 day" in text for text in found.warnings)


@pytest.mark.parametrize(
    ("degradation", "words"),
    [
        (lambda: Degradation("contact_hott.electrical", relaxing()), 'did you mean "contact_hot.electrical"'),
        (lambda: Degradation("T_hot", relaxing()), "a number that can age"),
        (lambda: Degradation("material", relaxing()), "a number that can age"),
        (lambda: Degradation("material.sebeck", relaxing()), 'did you mean "seebeck"'),
        (
            lambda: Degradation("contact_hot.electrical", relaxing(0.5), temperature="contact_hat"),
            "contact_hot",
        ),
        (lambda: Degradation("contact_hot.electrical", relaxing(0.5), temperature=-5.0), "above 0 K"),
        (lambda: Degradation("length", relaxing(0.5)), "a temperature or an interface"),
        (lambda: Degradation("contact_hot.electrical", relaxing(), std={"tyme": 1.0}), 'did you mean "time"'),
        (lambda: Degradation("contact_hot.electrical", relaxing(), std={"time": -1.0}), "from 0 on"),
        (lambda: Degradation("contact_hot.electrical", relaxing(), how="faktor"), 'did you mean "factor"'),
        (lambda: Degradation("contact_hot.electrical", 3.0), "an ageing law"),
        (lambda: Degradation("contact_hot.electrical", relaxing(), covariance=np.eye(2)), "a matrix for"),
        (
            lambda: Degradation("contact_hot.electrical", LinearGrowth(20e-10, -3e-10 / DAY)),
            "stays above zero",
        ),
        (
            lambda: Degradation("contact_hot.electrical", relaxing(), cycles=CoffinManson(9.0, 2.0)),
            "repeated phases",
        ),
        (lambda: GrowingLayer("contact_hat", relaxing(), resistivity=1e-6), "contact_hot"),
        (lambda: GrowingLayer("contact_hot", relaxing(), resistivity=-1e-6), "from 0 on"),
    ],
)
def test_bad_degradation(degradation, words):
    with pytest.raises(te.InputError, match=words):
        life([degradation()])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"times": [0.0, 5 * DAY, 3 * DAY]}, "time runs forwards"),
        ({"times": [1.0, 5 * DAY]}, "the time 0"),
        ({"times": [0.0, 11 * DAY]}, "within the service"),
        ({"times": [0.0]}, "at least two"),
        ({"service": "-3 day"}, "service"),
        ({"bands": "montecarlo"}, 'did you mean "monte carlo"'),
        ({"bands": "monte carlo", "draws": 3}, "draws"),
        ({"losses": ["120 %"]}, "losses"),
        ({"conditions": te.Generator(T_hot=[400.0, 500.0], T_cold=300.0)}, "T_hot"),
        ({"device": "leg.toml"}, "a Leg or a Module"),
    ],
)
def test_bad_input(options, words):
    with pytest.raises(te.InputError, match=words):
        life([Degradation("contact_hot.electrical", relaxing())], **options)


def test_two_laws_for_one_number_are_refused_with_both_places():
    parts = [Degradation("contact.electrical", relaxing()), Degradation("contact_hot.electrical", relaxing())]
    with pytest.raises(te.InputError, match=r"degradation\[1\].*degradation\[0\] gives it too"):
        life(parts)


def test_all_faults_at_once():
    with pytest.raises(te.InputError) as caught:
        life([], times=[0.0, -1.0], bands="x", losses=[2.0])
    assert len(caught.value.faults) >= 3


def test_arguments_are_those_of_solve_in_its_order():
    from inspect import signature

    from ioffe import solve_batch

    own = list(signature(solve_life).parameters)
    for other in (te.Module.solve, solve_batch):
        shared = [name for name in signature(other).parameters if name in own]
        assert shared == [name for name in own if name in shared]
    assert {"conditions", "tolerance", "strict", "maxima", "engine", "threads"} <= set(own)


@pytest.mark.parametrize(
    "conditions",
    [
        te.Generator(T_hot=550.0, T_cold=300.0, load="30 mohm"),
        te.Cooler(T_hot=300.0, T_cold=290.0, current=1.0),
    ],
)
def test_without_maxima_the_operating_point_is_the_same(conditions):
    parts = [Degradation("contact.electrical", relaxing())]
    full = life(parts, conditions=conditions)
    fast = life(parts, conditions=conditions, maxima=False, losses=["1 %"])
    for name in ("voltage", "power", "heat_hot", "heat_cold", "internal_resistance"):
        assert fast.values[name] == pytest.approx(full.values[name], rel=1e-6), name
    assert not any(name.startswith("max_") for name in fast.values)
    followed = {"generate": "power", "cool": "heat_cold"}[conditions.mode]
    assert fast.losses[0].quantity == followed
    assert followed in fast.keys
    assert followed in repr(fast)


def test_strict_refuses_a_phase_beyond_the_measured_range():
    service = Service.sequence([ServicePhase("5 day"), ServicePhase("5 day", T_hot=("550 K", "720 K"))])
    assert life([], service, losses=[]).status == te.Status.OK
    with pytest.raises(te.ExtrapolationError, match="flat p"):
        life([], service, losses=[], strict=True)
    life([], losses=[], strict=True)


def test_public_names_are_attributes_of_the_package():
    for name in te.life.__all__:
        assert getattr(te.life, name) is not None
    assert te.life.solve_life is te.solve_life


def test_units_that_were_forgotten_in_a_service_and_its_laws_are_doubted():
    contact = Degradation("contact_hot.electrical", relaxing())
    assert not any("unit" in text or "aged" in text for text in life([contact]).warnings)
    found = life([contact], service=100, times=[0.0, 100.0]).warnings
    assert any("the service takes 1.67 min: was the unit" in text for text in found)
    grown = Degradation("contact_hot.electrical", Relaxation(20.8e-10, 7.9e-4, DAY))
    found = life([grown]).warnings
    assert any(
        text.startswith("aged contact_hot.electrical") and "ohm m2 (7.9 ohm cm2); " in text for text in found
    )
