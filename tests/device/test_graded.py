"""Graded legs against a continuous grading solved as a boundary-value problem, and their stated error."""

import numpy as np
import pytest
from scipy.integrate import solve_bvp

import ioffe as te
from ioffe.base.curve import Curve
from tests.device.cases import constant

L, A, J = 3e-3, 4e-6, 3e5
HOT, COLD = 800.0, 300.0
FIRST = {
    "seebeck": [5e-5, 3e-7, -1e-10],
    "electrical_conductivity": [2e5, -120.0, 0.02],
    "thermal_conductivity": [3.0, -2e-3],
}
LAST = {
    "seebeck": [1.8e-4, 1.5e-7],
    "electrical_conductivity": [6e4, -20.0],
    "thermal_conductivity": [1.2, 4e-4],
}


def material(name, formulas, carrier="p", sign=1.0):
    S, sigma, kappa = (
        Curve.polynomial([(sign if q == "seebeck" else 1.0) * c for c in formulas[q]], (250.0, 1000.0), q)
        for q in ("seebeck", "electrical_conductivity", "thermal_conductivity")
    )
    return te.Material(name, carrier, S, sigma, kappa)


def leg(slices, profile=None, carrier="p", **more):
    sign = 1.0 if carrier == "p" else -1.0
    ends = {0.0: material("first", FIRST, carrier, sign), 1.0: material("last", LAST, carrier, sign)}
    return te.GradedLeg(ends, L, A, profile=profile, slices=slices, **more)


def continuous(composition):
    """Heat flux at the hot end (W/m2) and voltage (V) of a leg whose properties depend on x and T."""

    def rates(x, y):
        T, q = y[0], 1e5 * y[1]
        c = composition(x)
        S, sigma, kappa = (
            (1 - c) * np.polyval(FIRST[k][::-1], T) + c * np.polyval(LAST[k][::-1], T) for k in FIRST
        )
        slope = (J * S * T - q) / kappa
        return L * np.vstack([slope, (J**2 / sigma + J * S * slope) / 1e5, -S * slope - J / sigma])

    x = np.linspace(0, 1, 201)
    guess = np.vstack([HOT + (COLD - HOT) * x, 3 + 0 * x, 0.1 * x])
    s = solve_bvp(
        rates, lambda a, b: np.array([a[0] - HOT, b[0] - COLD, a[2]]), x, guess, tol=1e-10, max_nodes=100_000
    )
    assert s.status == 0
    return 1e5 * s.y[1, 0], s.y[2, -1]


def test_error_falls_with_the_square_of_the_slices():
    heat, voltage = continuous(lambda x: x)
    missed = []
    for slices in (8, 16, 32):
        r = leg(slices).solve(
            te.Generator(T_hot=HOT, T_cold=COLD, current=J * A), maxima=False, tolerance=1e-11, force=True
        )
        missed.append([r.heat_hot / A / heat - 1, r.voltage / voltage - 1])
        # the error stated in the result is the one that is made
        assert r.error_estimate == pytest.approx(abs(missed[-1][0]), rel=0.1)
        assert r.energy_balance < 1e-12
        assert any("slices of graded legs" in w for w in r.notes)
    ratios = np.array(missed[:-1]) / np.array(missed[1:])
    assert ratios == pytest.approx(np.full((2, 2), 4.0), rel=0.05)
    assert abs(missed[-1][0]) < 1e-4


def test_a_curved_profile():
    def bent(x):
        return x**2

    heat, voltage = continuous(bent)
    r = leg(32, bent).solve(te.Generator(T_hot=HOT, T_cold=COLD, current=J * A), maxima=False, force=True)
    assert r.heat_hot / A == pytest.approx(heat, rel=3e-4)
    assert r.voltage == pytest.approx(voltage, rel=1e-4)
    assert r.heat_hot / A != pytest.approx(heat, rel=1e-6)


def test_straight_lines_between_points():
    """Slices go where the composition changes; a part without a change is one slice of the pure material."""
    graded = leg(8, [(0.0, 0.0), (0.5, 0.0), (0.75, 0.25), (1.0, 1.0)])
    lengths = [s.length / L for s in graded.segments]
    assert lengths == pytest.approx([0.5, 0.125, 0.125, *[0.25 / 6] * 6])
    assert graded.segments[0].material.name == "first"
    assert graded.grading.composition(0.625) == pytest.approx(0.125)
    assert graded.length == pytest.approx(L)
    coarse = graded.coarser()
    assert [s.length / L for s in coarse.segments] == pytest.approx([0.5, 0.25, *[0.25 / 3] * 3])
    middle = graded.segments[1].material
    assert middle.seebeck(400.0) == pytest.approx(
        0.9375 * material("a", FIRST).seebeck(400.0) + 0.0625 * material("b", LAST).seebeck(400.0), rel=1e-12
    )


def test_heat_where_the_seebeck_coefficient_changes():
    """Equal temperatures at the ends and S rising evenly: J T dS/dx cools the leg from inside.

    With constant sigma and kappa and a current so small that only its first power counts,
    kappa T'' = J T dS/dx, a parabola that is J T (S_cold - S_hot) L/(8 kappa) deep.
    """
    T, current = 400.0, 1e-4
    ends = {0.0: constant(1e-4, name="low"), 1.0: constant(3e-4, name="high")}
    r = te.GradedLeg(ends, L, A).solve(
        te.Generator(T_hot=T + 1e-9, T_cold=T, current=current), tolerance=1e-12, maxima=False, force=True
    )
    profile = r.profile()
    assert T - profile.T.min() == pytest.approx(current / A * T * 2e-4 * L / 8.0, rel=2e-3)
    assert profile.position[profile.T.argmin()] == pytest.approx(L / 2, rel=1e-9)


def test_equal_ends_are_a_plain_leg():
    one = material("only", FIRST)
    graded = te.GradedLeg({0: one, 1: one}, L, A, slices=4, contact=te.Contact(1e-9, 1e-5))
    plain = te.Leg(one, L, A, contact=te.Contact(1e-9, 1e-5))
    conditions = te.Generator(T_hot=HOT, T_cold=COLD, load="max_efficiency")
    a, b = graded.solve(conditions, force=True), plain.solve(conditions, force=True)
    assert a.max_efficiency == pytest.approx(b.max_efficiency, rel=1e-10)
    assert a.max_power == pytest.approx(b.max_power, rel=1e-10)
    assert a.error_estimate < 1e-8


def test_in_modules_and_cascades():
    module = te.Module(p=leg(4), n=leg(4, carrier="n"), couples=7, fill_factor=0.5)
    one, whole = (
        leg(4).solve(te.Generator(T_hot=700.0, T_cold=COLD), force=True),
        module.solve(te.Generator(T_hot=700.0, T_cold=COLD), force=True),
    )
    assert whole.max_power == pytest.approx(14 * one.max_power, rel=1e-9)
    assert whole.error_estimate == pytest.approx(one.error_estimate, rel=1e-3)
    between = te.Contact(thermal=1e-6)
    cascade = te.Cascade([module, module], currents=[1.0, 0.9], between=between)
    r = cascade.solve(te.Generator(T_hot=700.0, T_cold=COLD), maxima=False, force=True)
    assert 1e-5 < r.error_estimate < 0.02
    assert "slices of graded legs: estimated error of power" in r.notes[-1]
    assert list(r.interpolation) == ["first to last"]
    assert len(r.citations()) == 2


def test_functions_of_composition_and_the_rule_of_the_blend():
    made = te.GradedLeg(
        lambda c: constant(1e-4 * (1 + c), name=f"x = {c:g}"), L, A, slices=4, profile=lambda x: x / 2
    )
    assert [s.material.name for s in made.segments] == [
        "x = 0.0625",
        "x = 0.1875",
        "x = 0.3125",
        "x = 0.4375",
    ]
    ends = {0.0: constant(1e-4, 4e4), 1.0: constant(1e-4, 1e4)}
    linear, log = (te.GradedLeg(ends, L, A, slices=2, rule=rule) for rule in ("linear", "log"))
    assert linear.segments[1].material.electrical(400.0) == pytest.approx(1.75e4)
    assert log.segments[1].material.electrical(400.0) == pytest.approx(4e4**0.25 * 1e4**0.75)


def test_beyond_the_tables_is_said_once():
    r = leg(8).solve(te.Generator(T_hot=1100.0, T_cold=300.0), maxima=False, force=True)
    assert r.status is te.Status.OUTSIDE_TABLE
    assert sum("first to last was used" in w for w in r.warnings) == 1
    with pytest.raises(te.ExtrapolationError):
        leg(8).solve(te.Generator(T_hot=1100.0, T_cold=300.0), strict=True, force=True)


def test_replace_makes_a_changed_copy():
    one = leg(4, contact=te.Contact(1e-9), side=te.SideLoss(convection=5.0))
    longer = one.replace(length="6 mm", slices=8, area="2 mm x 3 mm")
    assert (longer.length, len(longer.segments), longer.sides) == (pytest.approx(6e-3), 8, (2e-3, 3e-3))
    assert longer.contact_hot == one.contact_hot
    assert longer.side == one.side
    assert one.replace(contact=te.Contact()).contact_cold.electrical == 0
    assert one.replace(rule="log").grading.rule == "log"


def faults(make):
    with pytest.raises(te.InputError) as caught:
        make()
    return str(caught.value)


def test_every_fault_at_once():
    ends = {0.0: constant(), 1.0: constant()}
    text = faults(
        lambda: te.GradedLeg(
            {0.0: constant(), "x": "Bi0.42Sb1.58Te"}, "3 m2", "0 mm2", rule="cubic", slices=3
        )
    )
    for words in ("slices = 3", "rule", "length", "area", "materials['x']"):
        assert words in text
    assert "at least two" in faults(lambda: te.GradedLeg({0.0: constant()}, L, A))
    assert "rise from 0 to 1" in faults(lambda: te.GradedLeg(ends, L, A, profile=[(0.0, 0.0), (0.9, 1.0)]))
    assert "from 0 to 1, those of the materials" in faults(
        lambda: te.GradedLeg(ends, L, A, profile=lambda x: 2 * x)
    )
    cold = te.Material.from_arrays("cold", "p", [100.0, 200.0], [1e-4] * 2, [1e5] * 2, [1.0] * 2)
    hot = te.Material.from_arrays("hot", "p", [300.0, 400.0], [1e-4] * 2, [1e5] * 2, [1.0] * 2)
    assert "common temperatures" in faults(lambda: te.GradedLeg({0: cold, 1: hot}, L, A))
