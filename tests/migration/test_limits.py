import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe.base.errors import InputError
from ioffe.migration.barriers import barriers_needed, best_barriers, trade_off
from ioffe.migration.leg import leg_limits
from ioffe.migration.limits import (
    MixedConductor,
    critical_current_density,
    critical_temperature_difference,
    critical_voltage,
    critical_voltage_antiparallel,
    critical_voltage_parallel,
    generator_direction,
    limits_from_directions,
)


def test_directions_of_heat_and_current():
    assert critical_voltage_parallel(0.068, 323.0, 0.2e-3) == pytest.approx(0.0034)
    assert critical_voltage_antiparallel(0.068, -323.0, 0.2e-3) == pytest.approx(0.1326)
    assert critical_voltage(0.068, 0.0, 0.2e-3) == 0.068


@given(V=st.floats(1e-3, 0.5), S=st.floats(-1e-3, 1e-3), difference=st.floats(1.0, 500.0))
def test_directions_give_the_material_back(V, S, difference):
    same, opposite = (
        critical_voltage_parallel(V, difference, S),
        critical_voltage_antiparallel(V, difference, S),
    )
    found = limits_from_directions(same, opposite, difference)
    assert found.isothermal_voltage == pytest.approx(V, rel=1e-12)
    assert found.S_star == pytest.approx(S, abs=1e-15)


def test_published_inverse_use():
    """S1: 0.3 and 20 A/cm2 over the 5.2 mm above 350 K at 78 S/cm: V_opp 0.133 V, S* 0.20 mV/K, 0.068 V."""
    length = 6e-3 * 323 / 373
    same, opposite = (J * length / 78e2 for J in (0.3e4, 20e4))
    assert opposite == pytest.approx(0.133, abs=5e-4)
    found = limits_from_directions(same, opposite, 323.0)
    assert found.S_star == pytest.approx(0.20e-3, rel=0.02)
    assert found.isothermal_voltage == pytest.approx(0.068, abs=5e-4)


def test_open_circuit_difference_is_where_same_direction_vanishes():
    difference = critical_temperature_difference(0.068, 0.2e-3)
    assert critical_voltage_parallel(0.068, difference, 0.2e-3) == pytest.approx(0.0, abs=1e-15)
    assert critical_temperature_difference(0.068, 0.0) == np.inf


@given(length=st.floats(1e-4, 0.1), factor=st.floats(1.1, 20.0))
def test_current_goes_with_one_over_length_and_voltage_does_not_change(length, factor):
    conductor = MixedConductor(0.09)
    short = leg_limits([0.0, length], 750.0, 122e2, conductor)
    long = leg_limits([0.0, factor * length], 750.0, 122e2, conductor)
    assert short.upper == pytest.approx(factor * long.upper, rel=1e-12)
    assert short.parts[0].forward == long.parts[0].forward == 0.09
    assert short.upper == pytest.approx(critical_current_density(0.09, 122e2, length), rel=1e-12)


def test_leg_with_profile_by_hand():
    """Linear 1/sigma and T: the integrals are those of trapezia; only the part above 350 K counts."""
    x = np.linspace(0.0, 6e-3, 4)
    T, resistivity = 673.0 - 373.0 * x / 6e-3, 1e-4 + 1e-2 * x
    conductor = MixedConductor(0.068, 0.2e-3, 350.0)
    found = leg_limits(x, T, 1.0 / resistivity, conductor, J=0.2e4)
    end = 6e-3 * 323 / 373
    assert found.effective_length == pytest.approx(end, rel=1e-12)
    resistance = 1e-4 * end + 0.5e-2 * end**2
    assert found.parts[0].resistance == pytest.approx(resistance, rel=1e-12)
    assert found.upper == pytest.approx((0.068 - 0.2e-3 * 323) / resistance, rel=1e-10)
    assert -found.lower == pytest.approx((0.068 + 0.2e-3 * 323) / resistance, rel=1e-10)
    assert found.margin == pytest.approx(found.upper / 0.2e4)
    assert found.voltage_left == pytest.approx(0.0034 - 0.2e4 * resistance, rel=1e-9)


def test_margin_in_both_directions_and_without_current():
    conductor = MixedConductor(0.09, 0.1e-3)
    x, T = [0.0, 5e-3], [700.0, 400.0]
    forward, back, none = (leg_limits(x, T, 1e4, conductor, J) for J in (5e4, -5e4, 0.0))
    assert forward.critical_current_density == pytest.approx(0.06 * 1e4 / 5e-3)
    assert back.critical_current_density == pytest.approx(0.12 * 1e4 / 5e-3)
    assert back.margin == pytest.approx(2.0 * forward.margin)
    assert none.margin == np.inf
    assert none.safe
    assert none.voltage_left == pytest.approx(0.06)


def test_metal_without_current_beyond_the_open_circuit_difference():
    limits = leg_limits([0.0, 5e-3], [900.0, 400.0], 1e4, MixedConductor(0.09, 0.2e-3), 0.0)
    assert not limits.safe
    assert limits.upper < 0
    assert limits.margin == 0.0
    assert limits.voltage_left == pytest.approx(-0.01)
    assert "metal is set free" in str(limits)


@given(
    J=st.floats(-1e6, 1e6), V=st.floats(1e-3, 0.2), S=st.floats(-5e-4, 5e-4), cut=st.floats(0.5e-3, 4.5e-3)
)
def test_margin_is_above_one_where_and_only_where_the_leg_is_safe(J, V, S, cut):
    limits = leg_limits([0.0, 5e-3], [700.0, 400.0], 1e4, MixedConductor(V, S), J, [cut])
    if abs(limits.voltage_left) > 1e-12:
        assert (limits.margin > 1) is limits.safe
    assert limits.safe is (limits.lower <= J <= limits.upper) or abs(limits.voltage_left) < 1e-12


def test_S_star_of_temperature_is_integrated():
    conductor = MixedConductor(0.09, lambda T: 1e-6 * (T - 300.0))
    part = leg_limits(np.linspace(0, 1e-3, 5), np.linspace(700, 400, 5), 1e4, conductor).parts[0]
    assert part.backward - part.forward == pytest.approx(2 * 0.5e-6 * (400.0**2 - 100.0**2), rel=1e-12)


def test_below_the_transition_there_is_no_limit():
    limits = leg_limits([0.0, 1e-3], [340.0, 300.0], 1e4, MixedConductor(0.09, transition=350.0), 1e7)
    assert limits.weakest is None
    assert limits.margin == np.inf
    assert limits.safe
    assert "no limit" in str(limits)


def test_a_leg_that_dips_below_the_transition_has_two_parts():
    conductor = MixedConductor(0.09, transition=350.0)
    limits = leg_limits([0.0, 1e-3, 2e-3, 3e-3], [400.0, 350.0, 300.0, 400.0], 1e4, conductor)
    assert [(p.start, p.end) for p in limits.parts] == [(0.0, 1e-3), (pytest.approx(2.5e-3), 3e-3)]


def test_the_length_of_a_part_in_the_middle_is_its_own():
    """Superionic between 2 and 7 mm; the cold ends do not count, whichever way the leg is turned."""
    x = np.array([0.0, 3e-3, 5e-3, 10e-3])
    T = np.array([300.0, 450.0, 480.0, 280.0])
    conductor = MixedConductor(0.09, transition=400.0)
    found, turned = (leg_limits(*given, 1e4, conductor) for given in ((x, T), (10e-3 - x[::-1], T[::-1])))
    assert [found.parts[0].start, found.parts[0].end] == pytest.approx([2e-3, 7e-3])
    assert found.effective_length == pytest.approx(5e-3)
    assert turned.effective_length == pytest.approx(5e-3)
    assert turned.parts[0].start == pytest.approx(3e-3)


def test_weakest_part_decides():
    conductor = MixedConductor(lambda T: 0.02 + 1e-4 * (T - 300.0), 0.05e-3, 350.0)
    limits = leg_limits([0.0, 6e-3], [673.0, 300.0], 80e2, conductor, 1e4, [2e-3, 4e-3])
    assert limits.upper == min(part.upper for part in limits.parts)
    assert limits.parts[limits.weakest].upper == limits.upper
    assert limits.to_dict()["voltage_left"] == min(part.voltage_left(1e4) for part in limits.parts)


def test_a_part_that_needs_a_current_decides_below_that_current():
    """The cold anode of a leg with a large S* sets metal free unless the current is large enough."""
    conductor = MixedConductor(0.05, 0.5e-3)
    limits = leg_limits([0.0, 1e-3, 6e-3], [400.0, 600.0, 600.0], 1e4, conductor, 0.5e5, [1e-3])
    assert limits.parts[0].lower == pytest.approx(0.05 * 1e4 / 1e-3)
    assert limits.upper == pytest.approx(0.05 * 1e4 / 5e-3)
    assert not limits.safe
    assert limits.weakest == 0
    assert limits.margin == 0.0


def test_three_equal_segments_triple_the_current():
    plan = best_barriers([0.0, 10e-3], 750.0, 122e2, MixedConductor(0.09), 2)
    assert plan.positions == pytest.approx([10e-3 / 3, 20e-3 / 3], rel=1e-6)
    assert plan.critical_current_density == pytest.approx(32.94e4, rel=1e-6)
    assert plan.voltage == pytest.approx(0.27, rel=1e-6)


def test_published_isothermal_segments():
    """S1 at 750 K, 10 mm: 11 A/cm2 with 0.09 V, about 30 A/cm2 in three segments; 30 A/cm2 are 0.246 V."""
    one, three = (best_barriers([0.0, 10e-3], 750.0, 122e2, MixedConductor(0.09), n) for n in (0, 2))
    assert one.critical_current_density / 1e4 == pytest.approx(10.98, rel=1e-12)
    assert three.critical_current_density / one.critical_current_density == pytest.approx(3.0, rel=1e-6)
    total = sum(part.resistance for part in three.limits.parts)
    assert 30e4 * total == pytest.approx(0.246, abs=5e-4)


def test_published_segments_under_a_temperature_difference_are_not_met():
    """S1, 673 to 300 K, 6 mm: one set from 0.3 and 20 A/cm2 and 0.09 V gives 15 A/cm2, 3.0 were measured."""
    x = np.linspace(0.0, 6e-3, 601)
    T = 673.0 - 373.0 * x / 6e-3
    sigma = 122e2 * T / 750.0
    resistance = leg_limits(x, T, sigma, MixedConductor(0.09, transition=350.0)).parts[0].resistance
    assert 78e2 < 6e-3 * 323 / 373 / resistance < 87e2
    found = limits_from_directions(0.3e4 * resistance, 20e4 * resistance, 323.0)
    slope = (0.09 - found.isothermal_voltage) / (750.0 - 511.5)
    one_set = MixedConductor(
        lambda t: found.isothermal_voltage + slope * (t - 511.5), float(found.S_star), 350.0
    )
    assert leg_limits(x, T, sigma, one_set).upper == pytest.approx(0.3e4, rel=1e-9)
    assert -leg_limits(x, T, sigma, one_set).lower == pytest.approx(20e4, rel=1e-9)
    three = leg_limits(x, T, sigma, one_set, barriers=[2e-3, 4e-3])
    assert three.upper == pytest.approx(15.17e4, rel=1e-3)
    assert three.upper == three.parts[1].upper


GRADIENT = (np.linspace(0, 6e-3, 61), np.linspace(673, 300, 61), 122e2 * np.linspace(673, 300, 61) / 750)
RISING = MixedConductor(lambda T: 0.066 + 1e-4 * (T - 511.0), 0.15e-3, 350.0)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_best_barriers_equalise_the_parts(count):
    plan = best_barriers(*GRADIENT, RISING, count)
    upper = np.array([part.upper for part in plan.limits.parts])
    assert len(plan.positions) == count
    np.testing.assert_allclose(upper, upper[0], rtol=1e-5)


@settings(max_examples=40, deadline=None)
@given(first=st.floats(0.1e-3, 5e-3), second=st.floats(0.1e-3, 5e-3))
def test_no_other_places_are_better(first, second):
    if abs(first - second) < 1e-6:
        return
    best = best_barriers(*GRADIENT, RISING, 2).critical_current_density
    assert leg_limits(*GRADIENT, RISING, barriers=[first, second]).upper <= best * (1 + 1e-6)


@pytest.mark.parametrize("direction", [1, -1])
def test_fewest_barriers_for_a_current(direction):
    for J in (1e4, 2e5, 6e5):
        plan = barriers_needed(*GRADIENT, RISING, direction * J)
        assert plan.critical_current_density >= J
        count = len(plan.positions)
        if count:
            fewer = best_barriers(*GRADIENT, RISING, count - 1, direction=direction)
            assert fewer.critical_current_density < J


def test_trade_off_gives_the_plans_to_the_caller():
    points = trade_off(*GRADIENT, RISING, range(4), lambda plan: plan.critical_current_density - 1e4)
    currents = [point.plan.critical_current_density for point in points]
    assert currents == sorted(currents)
    assert [point.value for point in points] == [current - 1e4 for current in currents]


def test_direction_of_a_generator():
    assert (generator_direction("p"), generator_direction("n")) == (1, -1)


PLAIN = ([0.0, 6e-3], [673.0, 300.0], 80e2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: leg_limits(*PLAIN, RISING, barriers=[7e-3]), "barriers = 0.007.*between 0 and 0.006 m"),
        (lambda: leg_limits(*PLAIN, RISING, barriers=[0.0]), "barriers = 0.0"),
        (lambda: leg_limits(*PLAIN, RISING, barriers=[1e-3, 1e-3]), "differ"),
        (lambda: leg_limits([0.0, 6e-3], 500.0, 0.0, RISING), "sigma"),
        (lambda: leg_limits([1.0, 0.0], 500.0, 1.0, RISING), "rising positions"),
        (lambda: leg_limits([0.0, 1.0], [500.0] * 3, 1.0, RISING), "2 numbers"),
        (lambda: leg_limits(*PLAIN, RISING, np.nan), "J = nan"),
        (lambda: critical_current_density(0.1, 0.0, 0.0), "sigma = 0.0.*\n.*length = 0.0"),
        (lambda: limits_from_directions(0.1, 0.2, 0.0), "delta_T"),
        (lambda: MixedConductor(-0.1, np.inf), "voltage = -0.1.*\n.*S_star = inf"),
        (lambda: best_barriers(*PLAIN, RISING, -1), "count = -1"),
        (lambda: best_barriers(*PLAIN, RISING, 1, direction=0), "direction = 0"),
        (lambda: barriers_needed(*PLAIN, RISING, 0.0), "J = 0.0"),
        (lambda: barriers_needed(*PLAIN, MixedConductor(1e-9), 1e9), "1000 barriers"),
        (lambda: generator_direction("i"), "carrier"),
    ],
)
def test_bad_input_is_named(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_the_weakest_part_is_that_of_the_smallest_critical_current_whatever_flows():
    """A short part of a small voltage has less left at a small current, a long one ends first."""
    law = MixedConductor(lambda T: 0.01 + 0.09 * (np.asarray(T) > 600.0))
    x, T = np.array([0.0, 1e-5, 1.1e-5, 10e-3]), np.array([500.0, 500.0, 700.0, 700.0])
    limits = leg_limits(x, T, 122e2, law, J=1e3, barriers=[1.05e-5])
    left = [part.voltage_left(1e3) for part in limits.parts]
    assert left[0] < left[1]
    assert limits.parts[0].upper > limits.parts[1].upper == limits.critical_current_density
    assert limits.weakest == 1


def test_ends_of_parts_and_defaults():
    """A part knows both of its ends; without S* a temperature difference changes no critical voltage."""
    T = [700.0, 600.0, 500.0]
    (part,) = leg_limits([0.0, 5e-3, 10e-3], T, 122e2, MixedConductor(0.09)).parts
    assert (part.T_start, part.T_end) == (700.0, 500.0)
    assert part.forward == part.backward == 0.09
    assert (part.forward_std, part.backward_std) == (0.0, 0.0)


def test_without_a_current_the_weakest_part_is_that_of_a_forward_one():
    """S* dT helps one direction: at J = 0 the part that a current towards larger x would end at counts."""
    law = MixedConductor(0.09, 0.1e-3)
    T, x = [700.0, 500.0, 600.0], [0.0, 5e-3, 10e-3]
    limits = leg_limits(x, T, 122e2, law, J=0.0, barriers=[5e-3])
    assert [part.upper < -part.lower for part in limits.parts] == [True, False]
    assert limits.weakest == 0
    assert leg_limits(x, T, 122e2, law, J=-1.0, barriers=[5e-3]).weakest == 1
