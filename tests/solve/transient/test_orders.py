"""Second order in time and in space, and errors that the estimates foretell."""

import numpy as np
import pytest

import ioffe as te
from ioffe.solve.assemble import assemble
from ioffe.solve.transient import build, stepper
from ioffe.solve.transient.solve import steady_flows
from ioffe.solve.transient.system import course as course_of
from tests.solve.transient.materials import generator, generic, plain, rough_leg

SMOOTH = te.Leg(generic("p"), 1.6e-3, 1.96e-6)


def ramp(t):
    """A current that rises smoothly."""
    return 4.0 + 3.0 * np.sin(0.8 * t) ** 2


def final(leg, conditions, count):
    """MeshState after equal steps through the whole duration."""
    assembly = assemble(leg, conditions)
    system = build.cut(assembly, conditions, build.capacities([s.material for s in leg.segments], ()))
    course = course_of(conditions, 1)
    moment = stepper.start(0.0, steady_flows(system, assembly, course.start, 1e-10))
    for k in range(count):
        end = conditions.duration * (k + 1) / count
        moment = stepper.advance(system, moment, course, end, None, 1e-6).moment
    return moment


def test_second_order_in_time():
    conditions = te.Transient(mode="cool", T_hot=300, heat=0.02, current=ramp, duration=1.5, cells=24)
    finest = final(SMOOTH, conditions, 480)
    T, current, passed = finest.state.T, finest.flows.voltage, finest.passed
    errors = []
    for count in (15, 30, 60):
        m = final(SMOOTH, conditions, count)
        wrong = np.max(np.abs(m.state.T - T))
        errors.append([wrong, abs(m.flows.voltage - current), abs(m.passed[0] - passed[0])])
        assert 0.5 * wrong < np.max(np.abs(m.error)) < 5.0 * wrong
    ratios = np.array(errors)[:-1] / np.array(errors)[1:]
    assert np.all(ratios > 3.4)
    assert np.all(ratios < 4.8)


@pytest.mark.parametrize("lossy", [False, True])
def test_second_order_in_space(lossy):
    side = te.SideLoss(convection=150.0, emissivity=0.8) if lossy else None
    leg = SMOOTH.replace(side=side)
    found = []
    for cells in (15, 30, 60, 150):
        conditions = te.Transient(
            mode="cool",
            T_hot=te.cycle(300, 310, 2, ramp=0.5),
            heat=0.02,
            current=ramp,
            duration=1.5,
            cells=cells,
            T_ambient=320,
            tolerance=1e-6,
            times=[0.4, 0.9, 1.5],
            mesh_check=False,
        )
        r = leg.solve(conditions)
        found.append(np.concatenate([r.T_cold, 100.0 * r.voltage, 10.0 * r.heat_hot]))
    errors = [np.max(np.abs(f - found[-1])) for f in found[:-1]]
    assert errors[0] / errors[1] > 3.3
    assert errors[1] / errors[2] > 3.3
    assert errors[2] < 2e-2


def test_error_of_the_mesh_is_foretold():
    conditions = te.Transient(
        mode="cool",
        T_hot=300,
        heat=0,
        current=te.pulse(6, 15, 0, 1),
        duration=0.2,
        tolerance=1e-7,
        times=[1e-3, 1e-2, 0.1, 0.2],
        cells=36,
    )
    rough = SMOOTH.solve(conditions)
    fine = SMOOTH.solve(conditions.replace(cells=180, mesh_check=False))
    assert np.isnan(fine.space_error).all()
    error = np.abs(rough.T_cold - fine.T_cold)
    assert np.all(error < rough.space_error)
    assert np.max(rough.space_error) < 30.0 * np.max(error)


@pytest.mark.parametrize("device", [SMOOTH, rough_leg(), generator()], ids=["leg", "segments", "module"])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-5])
def test_balance_whatever_the_steps(device, tolerance):
    r = device.solve(
        te.Transient(
            mode="generate",
            T_hot=te.cycle(400, 480, 16, ramp=3),
            T_cold=lambda t: 300 + 5 * np.sin(t),
            T_ambient=[(0, 300), (20, 330)],
            load=te.steps([(0, 0.05), (12, 0.2)]),
            hot_heat_transfer_coefficient=4e3,
            cold_resistance=0.2,
            cold_mass=30,
            duration=30,
            initial=300,
            tolerance=tolerance,
            cells=36,
            mesh_check=False,
        )
    )
    assert r.status <= te.Status.OUTSIDE_TABLE
    gained = r.energy_hot - r.energy_cold - r.electrical_energy - r.energy_lost
    assert np.ptp(r.stored_energy) > 1.0
    assert np.max(np.abs(r.stored_energy - gained)) < 1e-9 * np.max(np.abs(r.energy_hot))
    assert r.energy_balance < 1e-10
    # the energies are the integrals of the flows
    smooth = np.trapezoid(r.heat_hot, r.time)
    assert smooth == pytest.approx(r.energy_hot[-1], rel=0.1 if tolerance > 1e-4 else 0.01)


def test_thin_metal_and_long_steps_keep_the_balance():
    barrier = plain(1e-5, 5e7, 300.0, "barrier")
    leg = te.Leg(
        segments=[te.Segment(barrier, 1e-6), te.Segment(generic("p"), 2e-3), te.Segment(barrier, 1e-6)],
        area=4e-6,
    )
    r = leg.solve(
        te.Transient(
            mode="cool",
            T_hot=te.steps([(0, 300), (10, 330)]),
            heat=0.1,
            current=2.0,
            duration=1e4,
            tolerance=1e-4,
            cold_mass=5,
        ),
        force=True,
    )
    assert r.energy_balance < 1e-10
