"""Margins of legs of mixed conductors against formulas by hand, directions, warnings, barriers."""

import json
from dataclasses import replace

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.device.parts import Contact, Segment, SideLoss
from ioffe.material import Material
from ioffe.material.migration import MigrationData, Stated
from ioffe.migration.leg import leg_limits
from ioffe.migration.limits import MixedConductor
from ioffe.solve.ions.barriers import design_barriers, design_families, with_barriers, without_barriers
from ioffe.solve.ions.margins import conductor_of, segment_profiles
from ioffe.solve.ions.measured import MeasuredLimit, with_measured_limits
from ioffe.solve.ions.region import safe_region

SIGMA, LENGTH, AREA, S_STAR, VOLTAGE = 122e2, 6e-3, 9e-6, 0.2e-3, 0.068
T_HOT, T_COLD, TRANSITION = 673.0, 300.0, 350.0


def conductor(carrier="p", S_star=S_STAR, voltage=VOLTAGE, seebeck=1e-4):
    data = MigrationData(
        "Cu+",
        1,
        "critical voltage",
        (Stated(voltage),),
        S_star=Stated(S_star),
        transition_temperature=Stated(TRANSITION),
    )
    sign = 1.0 if carrier == "p" else -1.0
    curve = {
        "seebeck": [sign * seebeck] * 2,
        "electrical_conductivity": [SIGMA] * 2,
        "thermal_conductivity": [1.0] * 2,
    }
    return Material.from_arrays(f"trial {carrier}", carrier, [250.0, 900.0], **curve, migration=data)


def leg(material=None, **more):
    return te.Leg(material or conductor(), LENGTH, AREA, **more)


def generator(current=1e-9, **more):
    return te.Generator(**({"T_hot": T_HOT, "T_cold": T_COLD, "current": current} | more))


def by_hand(direction, S_star=S_STAR):
    """J_c of constant properties without a current: T is linear, the part above the transition counts."""
    length = LENGTH * (T_HOT - TRANSITION) / (T_HOT - T_COLD)
    return SIGMA * (VOLTAGE - direction * S_star * (T_HOT - TRANSITION)) / length


@pytest.mark.parametrize(("carrier", "direction"), [("p", 1), ("n", -1)])
def test_constant_properties_by_hand(carrier, direction):
    """A generator's p-leg carries current along the heat (V_c - S* dT), its n-leg against it."""
    found = leg(conductor(carrier)).solve(generator()).migration.legs[0]
    assert float(found.critical_current_density) == pytest.approx(by_hand(direction), rel=1e-6)
    assert float(found.current_density) == pytest.approx(direction * 1e-9 / AREA)
    assert found.against_heat == (direction < 0)
    assert found.part == carrier


def test_isothermal_limit_is_the_formula():
    """V_c 0.09 V, 122 S/cm, 10 mm: 10.98 A/cm2; three segments carry three times as much."""
    long = te.Leg(conductor(voltage=0.09, S_star=0.0), 10e-3, AREA)
    at = te.Generator(T_hot=750.001, T_cold=750.0, current=[0.05, 0.5])
    found = long.solve(at).migration.legs[0]
    assert found.critical_current_density / 1e4 == pytest.approx(10.98, rel=2e-5)
    assert found.margin == pytest.approx(10.98e4 * AREA / np.array([0.05, 0.5]), rel=2e-5)
    assert found.voltage_left == pytest.approx(0.09 - np.array([0.05, 0.5]) / AREA * 10e-3 / SIGMA, rel=2e-5)
    cut = with_barriers(long, [10e-3 / 3, 20e-3 / 3])
    three = cut.solve(at).migration.legs[0]
    assert three.critical_current_density / 1e4 == pytest.approx(32.94, rel=2e-5)


def test_reversed_current_reverses_the_direction():
    along = leg().solve(generator(0.01)).migration.legs[0]
    against = leg().solve(generator(-0.01)).migration.legs[0]
    assert against.against_heat
    assert not along.against_heat
    assert float(against.critical_current_density) == pytest.approx(by_hand(-1), rel=1e-2)
    assert float(against.current_density) == pytest.approx(-0.01 / AREA)


def test_a_cooler_drives_the_current_the_other_way():
    cold = te.Cooler(T_hot=400.0, T_cold=380.0, current=0.01)
    assert leg(conductor("p")).solve(cold).migration.legs[0].against_heat
    assert not leg(conductor("n")).solve(cold).migration.legs[0].against_heat


def test_both_legs_of_a_module():
    module = te.Module(p=leg(conductor("p")), n=leg(conductor("n")), couples=3, fill_factor=0.5)
    found = module.solve(generator(0.01)).migration
    p, n = found.legs
    assert (p.part, n.part) == ("p", "n")
    assert float(p.current_density) == pytest.approx(0.01 / AREA)
    assert float(n.current_density) == pytest.approx(-0.01 / AREA)
    assert float(p.critical_current_density) < float(n.critical_current_density)
    assert float(found.margin) == float(p.margin)
    assert float(found.voltage_left) == float(p.voltage_left)


def test_metal_without_a_current_and_beyond_the_critical_difference():
    """S* dT above the isothermal voltage sets metal free at the cold end even at open circuit."""
    found = leg(conductor(S_star=0.3e-3)).solve(generator(0.0)).migration.legs[0]
    assert float(found.voltage_left) == pytest.approx(VOLTAGE - 0.3e-3 * (T_HOT - TRANSITION), rel=1e-6)
    assert bool(found.unsafe)
    assert float(found.critical_current_density) < 0
    idle = leg().solve(generator(0.0)).migration.legs[0]
    assert float(idle.margin) == np.inf
    assert not bool(idle.unsafe)


def test_cold_legs_have_no_limit():
    found = leg().solve(te.Generator(T_hot=340, T_cold=300, current=1.0))
    one = found.migration.legs[0]
    assert float(one.margin) == np.inf
    assert int(one.limiting_segment) == -1
    assert found.to_dict()["ions"]["margin"] == ["inf"]
    assert found.to_dict()["margin"] == "inf"
    assert "hot enough" in str(found)
    assert not any("metal" in w for w in found.warnings)


def test_warnings_name_the_leg_the_current_and_the_limit():
    unsafe = leg().solve(generator(np.array([1e-4, 0.2, 0.4])))
    (text,) = [w for w in unsafe.warnings if "metal" in w]
    assert "p leg (trial p)" in text
    assert "at 2 of 3 operating points" in text
    assert "segment 1" in text
    assert unsafe.migration.safe.tolist() == [True, False, False]
    safe = leg().solve(generator(1e-4))
    assert not any("metal" in w for w in safe.warnings)
    assert "J_c/J" in str(safe)


def test_other_materials_have_no_migration():
    result = te.Leg("MgAgSb", "5 mm", "9 mm2").solve(te.Generator(T_hot=500, T_cold=310))
    assert result.migration is None
    assert "migration" not in result.to_dict()


def test_results_are_json_and_have_the_axes_of_the_result():
    result = leg().solve(te.Generator(T_hot=[500.0, 673.0], T_cold=300, current=np.linspace(0, 0.1, 4)))
    assert result.migration.margin.shape == (2, 4)
    back = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert np.shape(back["ions"]["voltage_left"]) == (2, 4, 1)
    assert np.shape(back["voltage_left"]) == (2, 4)
    assert back["migration"]["legs"][0]["direction"] == "along the heat"
    assert back["migration_state"] == result.migration.state.tolist()


def test_margins_are_in_the_tables():
    pytest.importorskip("pandas", reason="pandas is an optional extra")
    result = leg().solve(te.Generator(T_hot=[500.0, 673.0], T_cold=300, current=[0.0, 0.1]))
    frame, (one,) = result.to_frame(), result.migration.legs
    assert frame.loc[(673.0, 0.1), "margin"] == one.margin[1, 1] == result.margin[1, 1]
    assert frame.loc[(500.0, 0.1), "voltage_left (V)"] == one.voltage_left[0, 1]
    assert frame.loc[(500.0, 0.0), "margin"] == np.inf
    ions = result.to_frame("ions")
    assert ions.index.names == ["T_hot", "current", "leg"]
    limits = ions.loc[(673.0, 0.1, "p leg (trial p)")]
    assert limits["critical_current_density (A/m2)"] == one.critical_current_density[1, 1]
    assert limits["largest (A/m2)"] == one.largest[1, 1]
    assert limits["limiting_segment"] == one.limiting_segment[1, 1]


def test_profiles_are_those_of_the_result():
    part = te.Leg("Cu1.97S", LENGTH, AREA)
    result = part.solve(te.Generator(T_hot=673, T_cold=360, current=np.linspace(0.0, 1.5, 5)))
    (segment,) = segment_profiles(result, 0, "p")
    for k in range(5):
        profile = result.profile(k)
        assert segment.T[k, ::2] == pytest.approx(profile.T, abs=1e-6)
        assert segment.x[k, ::2] == pytest.approx(profile.position, abs=1e-15)


def test_lossy_legs_are_one_segment():
    """Long lossy legs are cut into pieces for the solver; ions pass between them."""
    part = te.Leg(conductor(), 40e-3, AREA, side=SideLoss(convection=30.0))
    result = part.solve(generator(0.01, T_ambient=300.0))
    (segment,) = segment_profiles(result, 0, "p")
    assert segment.x.shape[1] > 81
    assert segment.x[0, -1] == pytest.approx(40e-3)
    assert np.all(np.diff(segment.x[0]) > 0)
    profile = result.profile()
    keep = np.concatenate([[True], np.diff(profile.position) > 1e-12])
    x, T = profile.position[keep], profile.T[keep]
    limits = leg_limits(x, T, SIGMA, MixedConductor(VOLTAGE, S_STAR, TRANSITION), 0.01 / AREA)
    assert float(result.migration.legs[0].critical_current_density) == pytest.approx(limits.upper, rel=2e-3)


def test_ideal_fidelity_has_margins_too():
    ideal = leg().solve(generator(0.005), fidelity="ideal").migration
    exact = leg().solve(generator(0.005)).migration
    assert float(ideal.margin) == pytest.approx(float(exact.margin), rel=1e-2)


def test_segments_of_other_materials_do_not_count():
    parts = [Segment(conductor(), 2e-3), Segment("MgAgSb", 2e-3), Segment(conductor(voltage=0.03), 2e-3)]
    result = te.Leg(segments=parts, area=AREA).solve(te.Generator(T_hot=520, T_cold=400, current=0.02))
    found = result.migration.legs[0]
    assert int(found.limiting_segment) == 2
    assert [s.index for s in segment_profiles(result, 0, "p")] == [0, 2]


def test_cascades_have_margins_by_stage():
    stage = te.Module(p=leg(conductor("p")), n=te.Leg("Bi2Te3", LENGTH, AREA), fill_factor=0.5)
    cascade = te.Cascade([stage, stage])
    found = cascade.solve(te.Generator(T_hot=520, T_cold=300, current=0.1)).migration
    assert [one.stage for one in found.legs] == [0, 1]
    assert "stage 2" in found.legs[1].name


def test_unknown_limits_are_said():
    data = MigrationData("Cu+", 1, "none")
    result = leg(conductor().replace(migration=data)).solve(generator(0.1))
    assert np.isnan(result.migration.margin)
    assert any("no limit of the current is known" in w for w in result.warnings)
    bound = te.Leg("Cu2S0.5Se0.5", LENGTH, AREA).solve(te.Generator(T_hot=700, T_cold=310, current=1.0))
    assert bound.migration.legs[0].bound == "at most"
    assert any("upper bound" in w and "another material" in w for w in bound.warnings)
    assert "at most" in str(bound)


def test_temperatures_beyond_the_known_voltages_are_said():
    part = te.Leg("Cu1.97S", LENGTH, AREA)
    inside = part.solve(te.Generator(T_hot=690, T_cold=355, current=1e-6))
    assert not any("ion migration" in w for w in inside.warnings)
    bound = part.solve(te.Generator(T_hot=650, T_cold=360, current=1e-6))
    assert any("only an upper bound" in w for w in bound.warnings)
    outside = part.solve(te.Generator(T_hot=[740, 800], T_cold=730, current=1e-6))
    near, far = [w for w in outside.warnings if "ion migration" in w]
    assert near.endswith("350 K to 673 K, another span; the limits are estimates (part of 730 K to 740 K)")
    assert "S* is the mean over 350 K to 673 K, another span" in far
    assert "known at 350 K to 750 K, not at the mean temperature" in far
    assert "the limits are estimates (part of 730 K to 800 K)" in far
    assert outside.migration.state.tolist() == ["unknown", "unknown"]


def test_a_graded_leg_says_that_its_limit_is_not_known():
    graded = te.GradedLeg({0.0: conductor(), 1.0: conductor(voltage=0.05)}, LENGTH, AREA, slices=4)
    result = graded.solve(te.Generator(T_hot=600, T_cold=400, current=0.1))
    assert not result.migration.legs[0].known
    assert sum("no limit of the current is known" in w for w in result.warnings) == 1


def test_published_leg_with_equal_segments():
    """Cu1.97S, 6 mm, 673 K and 300 K: 0.3 along, 20 against the heat, 3.0 A/cm2 with three equal segments.

    The card derives its numbers from the first two with a linear profile; a solve, whose profile is not
    linear, comes back to them. The third, measured across the middle segment, contradicts one S* and a V_c
    linear in T: they give five times as much, so that the leg in segments is not known to be safe.
    """
    part = te.Leg("Cu1.97S", LENGTH, AREA)
    along, against = (part.solve(generator(x)).migration.legs[0] for x in (1e-6, -1e-6))
    three = with_barriers(part, [2e-3, 4e-3]).solve(generator(1e-6)).migration.legs[0]
    assert float(along.critical_current_density) / 1e4 == pytest.approx(0.3, rel=0.05)
    assert along.state == against.state == "safe"
    assert three.state == "unknown"
    assert float(against.critical_current_density) / 1e4 == pytest.approx(20.0, rel=0.05)
    assert int(three.limiting_segment) == 1  # the middle one
    assert float(three.critical_current_density) / 1e4 == pytest.approx(14.9, rel=0.03)
    material = te.load_material("Cu1.97S")
    x = np.linspace(0.0, LENGTH, 601)
    T = T_HOT + (T_COLD - T_HOT) * x / LENGTH
    sigma = material.electrical_conductivity(np.maximum(T, 350.0))
    linear = leg_limits(x, T, sigma, conductor_of(material), barriers=[2e-3, 4e-3])
    assert linear.upper / 1e4 == pytest.approx(15.5, rel=0.03)


def test_allowed_current_leaves_no_voltage():
    region = safe_region(leg(), te.Generator(T_hot=[500, 673], T_cold=300), points=9)
    cold, hot = region.allowed
    found = leg().solve(generator(hot.current))
    assert float(found.migration.voltage_left) == pytest.approx(0.0, abs=1e-9)
    assert found.efficiency == pytest.approx(hot.efficiency)
    assert hot.efficiency < hot.max_efficiency
    # at 500 K no current of a generator sets metal free: the short circuit ends the range
    short = leg().solve(te.Generator(T_hot=500, T_cold=300, current="max_power"))
    assert cold.current == pytest.approx(short.short_circuit_current)
    assert cold.critical_current > cold.current
    assert cold.efficiency == pytest.approx(cold.max_efficiency)
    assert region.voltage_left.shape == region.efficiency.shape == (2, 9)
    assert json.dumps(region.to_dict(), allow_nan=False)


def test_best_places_beat_equal_ones_and_equalise_the_margins():
    material = conductor(seebeck=3e-4, voltage=0.04, S_star=0.12e-3)
    at = te.Generator(T_hot=T_HOT, T_cold=T_COLD)
    designs = design_barriers(leg(material), at, most=2, contact=Contact(1e-8), beyond=2)
    assert [d.count for d in designs] == [0, 1, 2]
    J = [d.current_density for d in designs]
    assert J[0] < J[1] < J[2]
    equal = with_barriers(leg(material), [2e-3, 4e-3], Contact(1e-8)).solve(
        generator(designs[2].allowed.current)
    )
    assert bool(equal.migration.legs[0].unsafe)
    # one barrier allows less than the current of the largest efficiency: it is placed for what it allows
    assert designs[1].allowed.current < designs[1].allowed.max_efficiency_current
    best = designs[1].device.solve(generator(designs[1].allowed.current))
    assert float(best.migration.voltage_left) == pytest.approx(0.0, abs=1e-9)
    left = [
        leg_limits(s.x[0], s.T[0], s.sigma[0], conductor_of(material), s.current_density[0])
        for s in segment_profiles(best, 0, "p")
    ]
    assert np.ptp([one.voltage_left for one in left]) < 5e-4


def test_contacts_of_barriers_cost_efficiency():
    at = te.Generator(T_hot=T_HOT, T_cold=T_COLD)
    free, costly = (design_barriers(leg(), at, 2, Contact(c), beyond=2)[2] for c in (0.0, 1e-7))
    assert costly.allowed.max_efficiency < free.allowed.max_efficiency
    plain = leg().solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD, current="max_efficiency"))
    assert free.allowed.max_efficiency == pytest.approx(plain.max_efficiency, rel=1e-9)


def test_designs_of_several_contacts_are_those_of_each():
    """Ideal and costly barriers, with and without thermal resistance: solved side by side or alone."""
    at = te.Generator(T_hot=T_HOT, T_cold=T_COLD)
    contacts = [Contact(0.0), Contact(1e-8), Contact(1e-7), Contact(1e-8, 1e-6)]
    families = design_families(leg(), at, 2, contacts, beyond=1)
    for contact, family in zip(contacts, families, strict=True):
        alone = design_barriers(leg(), at, 2, contact, beyond=1)
        assert len(family) == len(alone) > 1
        for one, other in zip(family, alone, strict=True):
            assert one.positions["p"] == pytest.approx(other.positions["p"], rel=1e-8)
            mine, its = one.allowed.to_dict(), other.allowed.to_dict()
            for word in ("weakest", "known", "proves_unsafe", "bound", "state"):
                assert mine.pop(word) == its.pop(word)
            assert mine == pytest.approx(its, rel=1e-7)


def test_whether_a_limit_is_known_does_not_hang_on_rounding():
    """Below 673 K the critical voltage of Cu1.97S is an upper bound: no current is known to be safe."""
    part = te.Leg("Cu1.97S", LENGTH, AREA)
    region = safe_region(part, te.Generator(T_hot=np.linspace(480.0, 673.0, 6), T_cold=300), points=5)
    assert [one.known for one in region.allowed] == [False] * 5 + [True]
    for T, one in zip(region.T_hot, region.allowed, strict=True):
        found = part.solve(te.Generator(T_hot=T, T_cold=300, current=one.current)).migration.legs[0]
        assert found.state == ("safe" if one.known else "unknown")
        assert found.voltage_left >= 0


def test_barriers_go_into_the_leg_that_decides():
    module = te.Module(p=leg(conductor("p")), n=leg(conductor("n")), fill_factor=0.5)
    one = design_barriers(module, te.Generator(T_hot=T_HOT, T_cold=T_COLD), most=1)[-1]
    assert len(one.positions["p"]) == 1
    assert one.positions["n"] == ()
    assert len(one.device.p.segments) == 2


def test_present_barriers_are_taken_out_first():
    cut = with_barriers(leg(contact=Contact(1e-9)), [1e-3, 3e-3], Contact(1e-8))
    assert [c.electrical for c in cut.between] == [1e-8, 1e-8]
    joined = without_barriers(cut)
    assert [s.length for s in joined.segments] == pytest.approx([LENGTH])
    assert joined.contact_hot.electrical == 1e-9
    first = design_barriers(cut, te.Generator(T_hot=T_HOT, T_cold=T_COLD), most=0)[0]
    assert first.count == 0
    assert len(first.device.segments) == 1


def test_bad_input():
    with pytest.raises(InputError) as caught:
        with_barriers(leg(), [0.0, 3e-3, 7e-3, -1e-3])
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError, match="positions that differ"):
        with_barriers(leg(), [3e-3, 3e-3])
    plain = te.Leg("MgAgSb", LENGTH, AREA)
    with pytest.raises(InputError) as caught:
        safe_region(plain, te.Cooler(T_hot=400, T_cold=380, current=1.0))
    assert [f.location for f in caught.value.faults] == ["operate.mode", "material"]
    with pytest.raises(InputError, match="one cold-side temperature"):
        safe_region(leg(), te.Generator(T_hot=673, T_cold=[300, 310]))
    with pytest.raises(InputError, match="one hot-side temperature"):
        design_barriers(leg(), te.Generator(T_hot=[600, 673], T_cold=300))
    with pytest.raises(InputError, match="whole number from 0"):
        design_barriers(leg(), te.Generator(T_hot=673, T_cold=300), most=-1)
    two = te.Leg(segments=[Segment(conductor(), 2e-3), Segment(conductor(voltage=0.05), 2e-3)], area=AREA)
    with pytest.raises(InputError, match="one mixed conductor in a leg"):
        design_barriers(two, te.Generator(T_hot=673, T_cold=300))
    unknown = leg(conductor().replace(migration=MigrationData("Cu+", 1, "none")))
    with pytest.raises(InputError, match="critical voltage is known"):
        safe_region(unknown, te.Generator(T_hot=673, T_cold=300))


def limit_of(**more):
    """A leg whose limit is a bound or rests on a stand-in, at a current below and one above it."""
    data = {"S_star": Stated(S_STAR), "transition_temperature": Stated(TRANSITION)} | more
    voltages = (Stated(VOLTAGE, bound=data.pop("bound", "value"), quality=data.pop("quality", "measured")),)
    material = conductor().replace(migration=MigrationData("Cu+", 1, "critical voltage", voltages, **data))
    return leg(material)


@pytest.mark.parametrize(
    ("more", "states"),
    [
        ({}, ["safe", "unsafe"]),
        ({"bound": "at most"}, ["unknown", "unsafe"]),
        ({"bound": "at least"}, ["safe", "unknown"]),
        ({"quality": "stand-in"}, ["unknown", "unknown"]),
        ({"S_star": None}, ["unknown", "unknown"]),
        ({"S_star": Stated(S_STAR, quality="stand-in")}, ["unknown", "unknown"]),
        ({"S_star": Stated(S_STAR, quality="assumed"), "bound": "at most"}, ["unknown", "unknown"]),
        ({"transition_temperature": Stated(TRANSITION, quality="stand-in")}, ["unknown", "unknown"]),
    ],
)
def test_bounds_and_stand_ins_are_no_verdict(more, states):
    result = limit_of(**more).solve(generator(np.array([1e-4, 0.4])))
    assert result.migration.state.tolist() == states
    assert result.migration.safe.tolist() == [state == "safe" for state in states]
    assert ("not known to be safe" in str(result)) == ("unknown" in states)
    assert any("metal is set free" in w for w in result.warnings) == ("unsafe" in states)
    back = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert [row[0] for row in back["ions"]["state"]] == states


@pytest.mark.parametrize("correlation", [0.0, 0.9])
@pytest.mark.parametrize("direction", [1, -1])
def test_a_current_within_the_error_of_its_limit_is_not_known(direction, correlation):
    """V_c -+ S* dT with stated errors, by hand: safe, unsafe and unknown at the ends of the 95 % interval."""
    errors = {"T": 511.5, "correlation": correlation}
    data = replace(
        conductor().migration,
        critical_voltage=(Stated(VOLTAGE, 4e-3, **errors),),
        S_star=Stated(0.1e-3, 0.01e-3, spans=((TRANSITION, T_HOT),)),
    )
    dT, R = T_HOT - TRANSITION, LENGTH * (T_HOT - TRANSITION) / (T_HOT - T_COLD) / SIGMA
    s = np.sqrt(4e-3**2 + (0.01e-3 * dT) ** 2 - 2 * direction * correlation * 4e-3 * 0.01e-3 * dT)
    V = VOLTAGE - direction * 0.1e-3 * dT
    ends = np.array([V - 1.959964 * s, V + 1.959964 * s]) / R
    part = leg(conductor("p", seebeck=1e-9).replace(migration=data))  # no Peltier heat: T stays linear
    shares = np.array([0.93, 1.07])  # the Joule heat moves the transition by up to 4 %
    J = direction * np.concatenate([ends[0] * shares, [V / R], ends[1] * shares])
    found = part.solve(generator(J * AREA), force=True).migration
    assert found.state.tolist() == ["safe", "unknown", "unknown", "unknown", "unsafe"]
    assert [float(x[2]) for x in found.legs[0].critical_ends] == pytest.approx(ends, rel=5e-2)
    assert "3 not known to be safe" in found.lines()[0]
    assert "95 %" in found.lines()[0]


def test_the_largest_safe_current_lies_below_the_interval_of_the_limit():
    data = replace(conductor().migration, critical_voltage=(Stated(VOLTAGE, 1e-3),))
    at = te.Generator(T_hot=673, T_cold=300)
    (exact,) = safe_region(leg(), at, points=9).allowed
    region = safe_region(leg(conductor().replace(migration=data)), at, points=201)
    (one,) = region.allowed
    R = LENGTH * (T_HOT - TRANSITION) / (T_HOT - T_COLD) / SIGMA
    assert exact.critical_current_low == exact.critical_current == exact.critical_current_high
    half = 1.959964e-3 / R * AREA
    assert exact.current - one.current == pytest.approx(half, rel=1e-2)
    assert one.critical_current_high - one.critical_current == pytest.approx(half, rel=1e-2)
    J = region.current
    state = region.state[0]
    assert set(state[one.current >= J]) == {"safe"}
    assert set(state[(one.current < J) & (0.99 * one.critical_current_high > J)]) == {"unknown"}
    assert set(state[1.01 * one.critical_current_high < J]) == {"unsafe"}


def test_errors_of_the_defect_model_reach_its_voltage():
    """One standard deviation of delta changes V_c by as much as its error is."""
    numbers = {"delta_c": Stated(-0.03), "electron_hole_product": Stated(2.24e-3, T=750.0)}
    data = MigrationData("Cu+", 1, "defect", delta=Stated(0.03, 1e-3), S_star=Stated(0.0), **numbers)
    material = conductor().replace(migration=data)
    at = conductor_of(material)
    moved = [
        float(
            conductor_of(material.replace(migration=replace(data, delta=Stated(x)))).isothermal_voltage(750)
        )
        for x in (0.031, 0.030, 0.029)
    ]
    assert at.std(750.0, 0.0) == pytest.approx(max(moved[0] - moved[1], moved[1] - moved[2]))
    assert at.std(750.0, 100.0) == at.std(750.0, 0.0)
    assert conductor_of(material.replace(migration=replace(data, delta=Stated(0.03)))).std is None


def test_a_fit_says_how_the_errors_of_its_numbers_hang_together():
    """Along 2.0 and against 133 mV: their errors s, r give V_c and S* a correlation (r2 - s2)/(r2 + s2)."""
    along = MeasuredLimit(0.3e4, 0.05e4, 673.0, 300.0, 6e-3)
    against = MeasuredLimit(20e4, 1e4, 300.0, 673.0, 6e-3)
    found = with_measured_limits(te.load_material("Cu1.97S"), [along, against]).migration
    (voltage,) = found.critical_voltage
    assert voltage.correlation == pytest.approx((1.0 - 0.05**2) / (1.0 + 0.05**2))
    std = conductor_of(te.load_material("Cu1.97S").replace(migration=found)).std
    assert std(511.5, 323.0) / std(511.5, -323.0) == pytest.approx(0.05)


def test_one_leg_that_is_not_known_leaves_the_module_unknown():
    module = te.Module(p=leg(conductor("p")), n=leg(conductor("n")), couples=1, fill_factor=0.5)
    data = MigrationData("Cu+", 1, "none")
    doubtful = module.replace(n=leg(conductor("n").replace(migration=data)))
    assert module.solve(generator(1e-4)).migration.state == "safe"
    assert doubtful.solve(generator(1e-4)).migration.state == "unknown"
    assert doubtful.solve(generator(0.4)).migration.state == "unsafe"


def test_no_barriers_are_advised_on_a_limit_that_is_not_known():
    at = te.Generator(T_hot=T_HOT, T_cold=T_COLD)
    region = safe_region(limit_of(bound="at most"), at, points=9)
    assert not region.known
    assert set(np.unique(region.state)) == {"unknown", "unsafe"}
    assert "not known to be safe at any current" in str(region)
    assert design_barriers(limit_of(bound="at most"), at, most=1) == []
    designs = design_barriers(limit_of(bound="at most"), at, most=1, estimates=True)
    assert not any(one.suffices or one.allowed.known for one in designs)


def test_a_bound_counts_at_its_temperatures_alone():
    data = MigrationData(
        "Cu+",
        1,
        "critical voltage",
        (Stated(0.05, T=350.0, bound="at most"), Stated(0.07, T=500.0), Stated(0.09, T=750.0)),
        S_star=Stated(0.0),
    )
    at = (340.0, 400.0, 499.5, 500.5, 600.0, 750.5, 800.0)
    assert [data.proves(T, T)[0] for T in at] == [False] * 2 + [True] * 4 + [False]
    assert [data.proves(T, T)[1] for T in at] == [False] + [True] * 5 + [False]
    spans = (500.0, 700.0), (400.0, 700.0), (400.0, 800.0)
    assert [data.limit_words(*span) for span in spans] == ["", "at most", "about"]


def test_measured_currents_become_limits_that_decide():
    """The published currents of Cu1.97S by hand: one V_c at 750 K, S* and V_c from both directions."""
    card = te.load_material("Cu1.97S")
    at_750 = MeasuredLimit(11e4, 0.2e4, 750.0, 750.0, 10e-3, "iso.csv")
    along = MeasuredLimit(0.3e4, 0.05e4, 673.0, 300.0, 6e-3, "along.csv")
    against = MeasuredLimit(20e4, 1e4, 300.0, 673.0, 6e-3, "against.csv")
    (voltage,) = with_measured_limits(card, [at_750]).migration.critical_voltage
    assert voltage.value == pytest.approx(11e4 * 10e-3 / card.electrical_conductivity(750.0))
    assert voltage.std == pytest.approx(voltage.value / 55)
    assert (voltage.T, voltage.quality) == (750.0, "measured")
    both = with_measured_limits(card, [along, against]).migration
    x = np.linspace(0.0, 6e-3 * 323 / 373, 2001)
    R = np.trapezoid(1.0 / card.electrical_conductivity(673.0 - 323.0 * x / x[-1]), x)
    assert both.S_star.value == pytest.approx((20e4 - 0.3e4) * R / (2 * 323.0), rel=1e-4)
    assert both.critical_voltage[0].value == pytest.approx((20e4 + 0.3e4) * R / 2, rel=1e-4)
    assert both.critical_voltage[0].T == pytest.approx(511.5)
    three = with_measured_limits(card, [at_750, along, against]).migration
    assert [v.value for v in three.voltages] == pytest.approx([both.critical_voltage[0].value, voltage.value])
    assert three.S_star.value == pytest.approx(both.S_star.value)
    assert three.S_star.spans == ((350.0, 673.0),)
    assert both.doi_of(both.critical_voltage[0]) == ""
    assert both.doi_of(both.delta_c) == card.migration.doi
    for few in ([along], [at_750, along], [at_750, against]):
        with pytest.raises(InputError, match="the other direction"):
            with_measured_limits(card, few)
    with pytest.raises(InputError, match="above the transition"):
        with_measured_limits(card, [MeasuredLimit(1e4, 0.0, 320.0, 310.0, 1e-3)])


def test_a_card_with_bounds_decides_after_a_measurement():
    card = te.load_material("Cu2Se")
    pair = [MeasuredLimit(1e4, 0.0, 673.0, 400.0, 6e-3), MeasuredLimit(20e4, 0.0, 400.0, 673.0, 6e-3)]
    at = te.Generator(T_hot=673.0, T_cold=300.0, current=[1e-3, 3.0])
    before, after = (te.Leg(m, "6 mm", "9 mm2").solve(at) for m in (card, with_measured_limits(card, pair)))
    assert before.migration.state.tolist() == ["unknown", "unknown"]
    assert after.migration.state.tolist() == ["safe", "unsafe"]


def series(card, ends, level, slope, S_star, direction):
    """Currents of legs of 6 mm between hot ends and 300 K, by V_c(T) and S*, straight profiles."""
    found = []
    for hot in ends:
        x = np.linspace(0.0, 1.0, 4001)
        T = hot - (hot - 350.0) * x
        R = np.trapezoid(1.0 / card.electrical_conductivity(T), x) * 6e-3 * (hot - 350.0) / (hot - 300.0)
        V = level + slope * (0.5 * (hot + 350.0) - 511.5) - direction * S_star * (hot - 350.0)
        anode, cathode = (hot, 300.0) if direction > 0 else (300.0, hot)
        found.append(MeasuredLimit(V / R, 0.02 * abs(V) / R, anode, cathode, 6e-3))
    return found


def test_a_series_over_the_hot_end_needs_both_directions():
    """V = V(350 K) + (V'/2 -+ S*) dT over the hot end, so that one direction gives no S*."""
    card, ends = te.load_material("Cu1.97S"), (473.0, 523.0, 573.0, 623.0, 673.0)
    law = card, ends, 0.068, 1e-4, 0.15e-3
    along, against = series(*law, 1), series(*law, -1)
    for one in (along, against):
        with pytest.raises(InputError, match=r"do not tell S\* from V_c"):
            with_measured_limits(card, one)
    found = with_measured_limits(card, along + against).migration
    assert found.S_star.value == pytest.approx(0.15e-3, rel=1e-4)
    assert found.S_star.quality == "fitted"
    T, V = np.array([(v.T, v.value) for v in found.voltages]).T
    assert T.tolist() == [411.5, 511.5]
    assert pytest.approx(0.068 + 1e-4 * (T - 511.5), rel=1e-4) == V
    assert [found.S_star.covers(350.0, hot) for hot in (473.0, 500.0, 673.0, 750.0)] == [True] * 3 + [False]
    assert not found.S_star.covers(424.0, 549.0)


def test_one_S_star_and_a_straight_line_do_not_explain_the_middle_segment():
    """All that the publication prints of Cu1.97S: the law is refused at 5 %, and decides nothing then."""
    card = te.load_material("Cu1.97S")
    printed = [
        MeasuredLimit(11e4, 0.5e4, 750.0, 750.0, 10e-3),
        MeasuredLimit(0.3e4, 0.05e4, 673.0, 300.0, 6e-3),
        MeasuredLimit(20e4, 1e4, 300.0, 673.0, 6e-3),
        MeasuredLimit(3.0e4, 0.05e4, 549.0, 424.0, 2e-3),
    ]
    found = with_measured_limits(card, printed)
    assert found.migration.S_star.quality == "assumed"
    assert "do not explain" in found.migration.S_star.source
    state = te.Leg(found, LENGTH, AREA).solve(generator(np.array([1e-6, 1.0]))).migration.state
    assert state.tolist() == ["unknown", "unknown"]


@pytest.mark.parametrize("current", [1e-4, 0.4])
def test_an_extrapolated_limit_is_no_verdict_wherever_a_margin_is_said(current):
    """V_c and S* beyond the temperatures they are known at: unknown, in every place that has a margin."""
    stated = {"S_star": Stated(S_STAR, spans=((350.0, 673.0),)), "transition_temperature": Stated(TRANSITION)}
    measured = MigrationData("Cu+", 1, "critical voltage", (Stated(VOLTAGE, T=511.5),), **stated)
    elsewhere = MigrationData("Cu+", 1, "critical voltage", (Stated(VOLTAGE, T=750.0),), **stated)
    short = MigrationData(
        "Cu+",
        1,
        "critical voltage",
        (Stated(VOLTAGE),),
        **stated | {"S_star": Stated(S_STAR, spans=((350.0, 500.0),))},
    )
    states = []
    for data in (measured, elsewhere, short):
        part = leg(conductor().replace(migration=data))
        result = part.solve(generator(current))
        states.append(str(result.migration.state))
        region = safe_region(part, te.Generator(T_hot=[473.0, 673.0], T_cold=300.0), points=9)
        designs = design_barriers(part, te.Generator(T_hot=673.0, T_cold=300.0), most=1, estimates=True)
        last = data is measured
        assert [one.known for one in region.allowed] == [False, last]
        assert [one.proves_unsafe for one in region.allowed] == [False, last]
        assert region.bound == "about"
        assert not region.known
        assert not any(one.suffices for one in designs[1:])
        assert any("metal is set free" in w for w in result.warnings) == (last and current > 0.1)
        assert ("about" in str(result)) != last
    assert states == ["safe" if current < 0.1 else "unsafe", "unknown", "unknown"]
