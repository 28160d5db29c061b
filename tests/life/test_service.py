"""Phases, cycles and schedules of a service."""

import numpy as np
import pytest

import ioffe as te
from ioffe.life import Service, ServicePhase
from ioffe.life.march import operating

DAY = 86400.0


def at(service, t, end=False):
    phase, share = service.at(t, end)
    return phase.at(share)


def test_constant_service_is_one_moment_at_the_reference_conditions():
    service = Service.constant("10 year")
    phase, share = service.at(0.0)
    reference = te.Generator(T_hot=500, T_cold=300)
    assert share == 0.0
    assert phase.operation(reference).T_hot == 500
    assert service.breaks == [0.0, pytest.approx(10 * 365.25 * DAY)]


def test_phases_follow_one_another_and_ramps_are_straight():
    service = Service.sequence(
        [ServicePhase("1 h", T_hot=("300 K", "500 K")), ServicePhase("2 h", T_hot="500 K", current=0)]
    )
    assert service.duration == 3 * 3600.0
    assert at(service, 1800.0) == {"T_hot": 400.0}
    assert at(service, 3600.0) == {"T_hot": 500.0, "current": 0.0}
    assert at(service, 3600.0, end=True) == {"T_hot": 500.0}
    assert service.breaks == [0.0, 3600.0, 10800.0]


def test_few_cycles_are_written_out_and_many_are_averaged():
    phases = [ServicePhase("16 h", T_hot="550 K"), ServicePhase("8 h", T_hot=("550 K", "350 K"))]
    few, many = Service.cycles(phases, "10 day"), Service.cycles(phases, "1000 day")
    assert not few.is_averaged
    assert len(few.breaks) == 21
    assert at(few, 16 * 3600.0 + 4 * 3600.0 + 3 * DAY)["T_hot"] == pytest.approx(450.0)
    assert many.is_averaged
    assert sum(w.sum() for _, _, w in many.cycle) == pytest.approx(1.0, abs=1e-14)
    mean = sum(np.sum(w * phase.at(x)["T_hot"]) for phase, x, w in many.cycle)
    assert mean == pytest.approx((16 * 550 + 8 * 450) / 24, rel=1e-13)


def test_last_cycle_may_be_cut():
    service = Service.cycles([ServicePhase("1 day")], "2.5 day")
    assert np.array(service.breaks) / DAY == pytest.approx([0.0, 1.0, 2.0, 2.5])


def test_schedule_of_two_tables():
    service = Service.schedule(
        T_hot=[(0, "500 K"), ("10 day", "550 K")],
        T_cold=[(0, "300 K"), ("5 day", "300 K"), ("5 day", "310 K")],
    )
    assert service.duration == 10 * DAY
    assert at(service, 4 * DAY) == {"T_hot": pytest.approx(520.0), "T_cold": 300.0}
    assert at(service, 6 * DAY) == {"T_hot": pytest.approx(530.0), "T_cold": 310.0}


def test_one_operation_replaces_another():
    found = ServicePhase("1 h", load="50 mohm").operation(te.Generator(T_hot=500, T_cold=300, current=2.0))
    assert (found.current, found.load) == (None, 0.05)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ServicePhase("-1 h"), "duration"),
        (lambda: ServicePhase(0.0), "above zero"),
        (lambda: ServicePhase("1 h", T_hott="300 K"), 'did you mean "T_hot"'),
        (lambda: ServicePhase("1 h", T_hot="-3 K"), "T_hot"),
        (lambda: ServicePhase("1 h", T_hot=["300 K", "400 K", "500 K"]), "two from which to which"),
        (lambda: ServicePhase("1 h", current=1.0, load=0.1), "only one of"),
        (lambda: ServicePhase("1 h", temperature="300 K", current=1.0), "either"),
        (lambda: Service((ServicePhase("1 h"),), 7200.0), "the sum of the phases"),
        (lambda: Service.sequence([]), "at least one phase"),
        (lambda: Service.cycles([ServicePhase("1 h")], "-1 day"), "duration"),
        (lambda: Service.cycles([ServicePhase("1 h")], 0.0), "time runs forwards"),
        (lambda: Service.schedule(T_hot=[("2 day", 500), ("1 day", 550)]), "times may not fall"),
        (lambda: Service.schedule(T_hotter=[(0, 500)]), "T_hotter"),
    ],
)
def test_bad_service(make, words):
    with pytest.raises(te.InputError, match=words):
        make()


def test_a_ramp_is_met_where_it_begins():
    phase = ServicePhase("1 h", T_hot=["300 K", "500 K"])
    reference = te.Generator(T_hot=400, T_cold=290)
    assert phase.operation(reference).T_hot == 300.0
    assert phase.operation(reference, 0.25).T_hot == pytest.approx(350.0)


def test_a_schedule_of_two_times_is_one_ramp():
    service = Service.schedule(T_hot=[(0, "500 K"), ("1 day", "550 K")])
    assert at(service, 0.5 * DAY) == {"T_hot": pytest.approx(525.0)}
    with pytest.raises(te.InputError, match="at least two times"):
        Service.schedule(T_hot=[(0, "500 K")])


def test_cycles_whose_sum_is_rounded_end_with_the_service():
    phase = ServicePhase(0.1)
    service = Service((phase,), 1.0, repeated=True)
    assert service.breaks == pytest.approx(np.linspace(0.0, 1.0, 11))
    assert service.breaks[-1] == 1.0


@pytest.mark.parametrize(
    ("given", "expected"), [("sweep", "max_power"), ("max_efficiency", "max_efficiency"), (0.02, 0.02)]
)
def test_a_sweep_is_followed_at_its_largest_power(given, expected):
    assert operating(te.Generator(T_hot=500, T_cold=300, load=given)).load == expected


def test_a_cooler_is_followed_as_it_is():
    cooler = te.Cooler(T_hot=310, T_cold=290, current=1.0)
    assert operating(cooler) is cooler
