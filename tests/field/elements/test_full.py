"""Modules at fidelity full: one dimension, cosines, modes of operation, what is refused."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse

import ioffe as te
from ioffe.base.curve import Curve
from ioffe.field import response
from ioffe.field.elements import iteration, linear, solids, task
from tests.device.cases import cold_material, constant, hot_material, middle_material

P, N = "generic p cooler leg", "generic n cooler leg"
CONTACT = te.Contact("5 uohm cm2", "1e-6 m2 K/W")
LAYOUT: Any = te.Layout


def stack():
    return [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]


def leg(material, **more):
    return te.Leg(material, "1.6 mm", "1.4 mm x 1.4 mm", **{"contact": CONTACT, **more})


def module(couples=1, p=None, n=None, **more) -> Any:
    given = {"hot": stack(), "cold": stack(), "layout": LAYOUT(gap="1 mm"), **more}
    return te.Module(p or leg(P), n or leg(N), couples, **given)


def generator(**more):
    return te.Generator(**{"T_hot": 390.0, "T_cold": 300.0, "current": 1.0, **more})


def even(kappa=1e5):
    """A plate that spreads heat evenly and insulates."""
    return te.Material(
        name="even",
        carrier=None,
        kind="ceramic",
        seebeck=None,
        electrical=None,
        thermal_conductivity=Curve.constant(kappa, "thermal_conductivity", (50.0, 1500.0)),
    )


@pytest.fixture
def small(monkeypatch):
    """Meshes of a few cells, so that a couple takes a tenth of a second."""
    monkeypatch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1))


def test_plates_that_spread_evenly_leave_one_dimension(monkeypatch):
    """Three segments, contacts, side losses, films, surroundings, leads: equal to 1d between such plates."""
    parts = [te.Segment(make(), "0.5 mm") for make in (hot_material, middle_material, cold_material)]
    side, between = te.SideLoss("5 W/(m2 K)", 0.1), te.Contact("1 uohm cm2", 2e-6)
    p = te.Leg(segments=parts, area="0.3 mm x 0.3 mm", contact=CONTACT, between=between, side=side)
    n = te.Leg(constant(-1.8e-4, 8e4, 1.4), "1.5 mm", "0.3 mm x 0.2 mm", side=te.SideLoss("8 W/(m2 K)"))
    layers = [te.Layer(even(), "0.5 mm")]
    device = module(1, p, n, hot=layers, cold=layers, series_resistance="3 mohm")
    conditions = te.Generator(
        T_hot=700,
        T_cold=300,
        T_ambient=320,
        current=0.05,
        hot_heat_transfer_coefficient=2e4,
        cold_convection=30.0,
        hot_emissivity=0.7,
    )
    # kinks of the tables lie between the elements of a leg: many of them, and as few as can be across
    monkeypatch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1) | {"length": 12})
    one, full = (device.solve(conditions, f, maxima=False, force=True) for f in ("1d", "full"))
    assert full.status is one.status
    # plates of such a conductivity carry heat by differences that rounding hides
    assert full.energy_balance < 1e-10
    for key in ("voltage", "heat_hot", "heat_cold", "power"):
        assert getattr(full, key) == pytest.approx(getattr(one, key), rel=1e-5), key
    for key in ("T_hot_junction", "T_cold_junction"):
        assert getattr(full, key) == pytest.approx(getattr(one, key), abs=2e-3), key


@pytest.mark.usefixtures("small")
def test_filler_and_radiation_in_the_gap():
    """Between even plates they pass as in one dimension, apart from what is not above or below a leg."""
    layers = [te.Layer(even(), "0.5 mm")]
    more = {"hot": layers, "cold": layers, "filler": te.GapFiller("0.3 W/(m K)", 0.5)}
    p, n = (te.Leg(constant(s, 1e5, 1.5), "1.6 mm", "1.4 mm x 1.4 mm") for s in (2e-4, -2e-4))
    one, full = (module(1, p, n, **more).solve(generator(), f, maxima=False) for f in ("1d", "full"))
    assert full.heat_hot == pytest.approx(one.heat_hot, rel=5e-6)


@pytest.mark.parametrize(("length", "side"), [("1.6 mm", "1.4 mm"), ("5 mm", "3 mm")])
def test_elements_and_cosines_approach_from_both_sides(length, side, monkeypatch):
    """Heat and open-circuit voltage of one couple: elements above, cosines of the finest cells below.

    Cells of zero width, extrapolated, lie between the two.
    """
    p, n = (te.Leg(x, length, f"{side} x {side}", contact=CONTACT) for x in (P, N))
    device, conditions = module(1, p, n), generator(current=0.0)
    cosines, full = (device.solve(conditions, f, maxima=False) for f in ("3d", "full"))
    assert full.energy_balance < 1e-12
    for key in ("voltage", "heat_hot"):
        a, b = getattr(full, key), getattr(cosines, key)
        assert a == pytest.approx(b, rel=3e-4)
        assert a > b
    monkeypatch.setattr(response, "weights", lambda some, _: np.eye(len(some))[-1])
    finest = module(1, p, n).solve(conditions, "3d", maxima=False)
    assert finest.voltage < cosines.voltage
    assert finest.heat_hot < cosines.heat_hot
    assert abs(full.heat_hot / cosines.heat_hot - 1.0) < full.error_estimate + cosines.error_estimate


@pytest.mark.usefixtures("small")
def test_four_pairs_in_elements_and_cosines():
    p, n = (te.Leg(x, "5 mm", "3 mm x 3 mm", contact=CONTACT) for x in (P, N))
    device, conditions = module(4, p, n), generator(current=0.0)
    cosines, full = (device.solve(conditions, f, maxima=False) for f in ("3d", "full"))
    assert full.energy_balance < 1e-12
    for key in ("voltage", "heat_hot"):
        assert getattr(full, key) == pytest.approx(getattr(cosines, key), rel=3e-4)
        assert getattr(full, key) > getattr(cosines, key)


@pytest.mark.parametrize(
    ("face", "films"),
    [
        ({"hot_patch": (0, "3 mm", 0, "3 mm")}, {}),
        ({"hot_flux": [[1, 3]]}, {"cold_resistance": 2.0}),
        ({"hot_film": [[1, 4]]}, {"hot_heat_transfer_coefficient": 5e3}),
    ],
)
def test_outer_faces_that_differ_from_place_to_place(face, films, monkeypatch):
    """A heated corner, a map of flux, one of a film: elements above, cosines below, 3e-4 between."""
    monkeypatch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1) | {"layer": 3})
    layers = [te.Layer("Cu", "0.3 mm"), te.Layer(even(25.0), "3 mm")]
    p, n = (te.Leg(x, "5 mm", "3 mm x 3 mm", contact=CONTACT) for x in (P, N))
    device = module(1, p, n, hot=layers, cold=layers, layout=LAYOUT(gap="1 mm", **face))
    conditions = generator(current=0.0, **films)
    cosines, full = (device.solve(conditions, f, maxima=False) for f in ("3d", "full"))
    assert full.energy_balance < 1e-12
    for key in ("voltage", "heat_hot"):
        a, b = getattr(full, key), getattr(cosines, key)
        assert a == pytest.approx(b, rel=3e-4)
        assert a > b
    assert full.heat_hot - cosines.heat_hot < full.error_estimate + cosines.error_estimate


def test_plates_are_at_the_temperatures_of_the_solution(monkeypatch):
    """Under a small patch a plate is far colder than heat spread over all of it would leave it."""
    monkeypatch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1) | {"layer": 2})
    T = np.linspace(250.0, 750.0, 21)
    falling = even().replace(thermal_conductivity=Curve(T, 35.0 * (300.0 / T) ** 1.3, "thermal_conductivity"))
    layers = [te.Layer("Cu", "0.3 mm"), te.Layer(falling, "0.6 mm")]
    p, n = (te.Leg(constant(s, 1e5, 1.5), "1.6 mm", "1.4 mm x 1.4 mm") for s in (2e-4, -2e-4))
    layout = LAYOUT(gap="1 mm", hot_patch=(0, "1 mm", 0, "1 mm"))
    device = module(1, p, n, hot=layers, cold=layers, layout=layout)
    conditions = generator(T_hot=600.0, current=0.0)
    cosines, full = (device.solve(conditions, f, maxima=False) for f in ("3d", "full"))
    for key in ("voltage", "heat_hot"):
        assert getattr(cosines, key) == pytest.approx(getattr(full, key), rel=2e-3)


@pytest.mark.usefixtures("small")
def test_an_even_map_is_the_number_and_spread_heats_are_met(monkeypatch):
    films = {"hot_heat_transfer_coefficient": 5e3}
    layout = LAYOUT(gap="1 mm", hot_film=[[2, 2, 2]])
    usual, same = (
        module(layout=given).solve(generator(**films), "full", maxima=False)
        for given in (LAYOUT(gap="1 mm"), layout)
    )
    assert same.heat_hot == pytest.approx(usual.heat_hot, rel=1e-12)
    # with factors from temperatures and a load, with multigrid from the heat that enters
    layout = LAYOUT(gap="1 mm", hot_patch=(0, "1 mm", 0, "2 mm"), cold_flux=[[1, 2]])
    there = module(layout=layout).solve(generator(current=None, load=0.02, **films), "full", maxima=False)
    assert there.T_hot_junction < usual.T_hot_junction
    assert there.voltage == pytest.approx(0.02 * there.current, rel=1e-9)
    given = te.Generator(heat=there.heat_hot, T_cold=300.0, current=there.current, **films)
    monkeypatch.setattr(linear, "DIRECT", 100)
    back = module(layout=layout).solve(given, "full", maxima=False)
    assert back.T_hot == pytest.approx(390.0, abs=1e-6)
    assert back.heat_cold == pytest.approx(there.heat_cold, rel=1e-9)
    assert back.energy_balance < 1e-12


@pytest.mark.usefixtures("small")
def test_slopes_to_the_current_under_maps():
    device = module(layout=LAYOUT(gap="1 mm", hot_patch=(0, "1 mm", 0, "2 mm"), cold_flux=[[1, 2]]))
    made = task.full_module(device, generator()).at(0)[0]
    held, start = np.zeros(made.system.size, bool), np.full(made.system.size, 340.0)
    start[made.system.temperatures :] = 0.0
    for side, T in (("hot", 390.0), ("cold", 300.0), ("ambient", 300.0)):
        start[made.reservoirs[side]] = T
    held[[*made.reservoirs.values(), made.minus]] = True
    low, middle, high = (
        iteration.solve(
            *(made.system, start, held, np.zeros(made.system.size)),
            iteration.TerminalDrive(made.plus, current=current),
            spread=made.spread,
        )
        for current in (0.9, 1.0, 1.1)
    )
    for name in ("u", "reactions"):
        central = (getattr(high, name) - getattr(low, name)) / 0.2
        assert getattr(middle, f"{name}_I") == pytest.approx(central, rel=1e-3, abs=1e-3 * abs(central).max())


@pytest.mark.usefixtures("small")
def test_modes_of_operation_agree():
    device = module()
    films = {"hot_heat_transfer_coefficient": 5e3, "cold_resistance": 2.0}
    r = device.solve(generator(current=[0.0, 0.8], **films), "full", maxima=False)
    assert r.energy_balance < 1e-12
    assert (r.T_hot > r.T_hot_junction).all()
    rest = {"T_hot": 390.0, "T_cold": 300.0, **films}
    by_load = device.solve(te.Generator(**rest, load=r.voltage[1] / 0.8), "full", maxima=False)
    by_voltage = device.solve(te.Generator(**rest, voltage=r.voltage[1]), "full", maxima=False)
    for other in (by_load, by_voltage):
        assert other.current == pytest.approx(0.8, rel=1e-9)
        assert other.heat_hot == pytest.approx(r.heat_hot[1], rel=1e-9)
    given = te.Generator(heat=r.heat_hot[1], T_cold=300.0, current=0.8, **films)
    back = device.solve(given, "full", maxima=False)
    assert back.T_hot == pytest.approx(390.0, abs=1e-7)
    assert back.heat_hot == r.heat_hot[1]


@pytest.mark.usefixtures("small")
def test_maxima_of_generator_and_cooler():
    """The searches use slopes to the current: they are those of the solutions."""
    device = module()
    best = device.solve(generator(current="max_power"), "full")
    near = device.solve(generator(current=best.current * np.array([0.98, 1.0, 1.02])), "full", maxima=False)
    assert near.power.argmax() == 1
    assert near.power[1] == pytest.approx(best.max_power, rel=1e-9)
    sweep = device.solve(generator(current="sweep"), "full", maxima=False)
    assert sweep.power.shape == (13,)
    assert sweep.power.max() <= best.max_power
    cooler = te.Cooler(T_hot=300, heat=0.0, aim="delta_T")
    cold, one = device.solve(cooler, "full"), device.solve(cooler)
    assert cold.energy_balance < 1e-12
    assert 0.95 * one.delta_T < cold.delta_T < one.delta_T
    assert cold.current == pytest.approx(one.current, rel=0.05)


@pytest.mark.usefixtures("small")
def test_ports_bad_joints_solder_and_leads():
    bad = leg(P, contact_hot=te.Contact("500 uohm cm2"), contact=None, contact_cold=CONTACT)
    layers = [te.Layer("Sn63Pb37 solder", "50 um", "legs"), *stack()]
    more = {"hot": layers, "cold": layers, "series_resistance": "10 mohm"}
    layout = LAYOUT(gap="1 mm", overhang="0.1 mm")
    usual = module(layout=layout, **more).solve(generator(current=[0.0, 1.0]), "full", maxima=False)
    r = module(layout=layout.replace(legs={0: bad}), **more).solve(generator(), "full", maxima=False)
    assert r.energy_balance < 1e-12
    assert usual.voltage[1] - r.voltage == pytest.approx(495e-10 / 1.96e-6, rel=0.05)
    hotter = r.legs.values["T_hot_junction"] - usual.legs.values["T_hot_junction"][1]
    assert hotter[0] > 2.0 * hotter[1] > 0.0
    # without a current the electrodes have no heat of their own: what passes the ports is what enters
    for side in ("heat_hot", "heat_cold"):
        assert usual.legs.values[side][0].sum() == pytest.approx(getattr(usual, side)[0], rel=1e-9)
    three = module(layout=layout, **more).solve(generator(), "3d", maxima=False)
    assert usual.voltage[1] == pytest.approx(three.voltage, rel=8e-3)


@pytest.mark.usefixtures("small")
def test_terminals_at_the_hot_side_and_legs_without_electrodes():
    hot = module(layout=LAYOUT(gap="1 mm", terminals="hot")).solve(generator(), "full", maxima=False)
    assert hot.voltage > 0.0
    assert hot.energy_balance < 1e-12
    plates = [te.Layer("Al2O3", "0.6 mm")]
    bare = module(hot=plates, cold=plates).solve(generator(), "full", maxima=False)
    assert bare.energy_balance < 1e-12
    three = module(hot=plates, cold=plates).solve(generator(), "3d", maxima=False)
    assert bare.voltage == pytest.approx(three.voltage, rel=2e-2)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("overhang", ["0 mm", "1 um"])
def test_multigrid_and_factors_agree(monkeypatch, overhang):
    """Also with cells a thousand times longer than wide, where multigrid alone does not converge."""
    device, conditions = module(layout=LAYOUT(gap="1 mm", overhang=overhang)), generator()
    direct = device.solve(conditions, "full", maxima=False)
    monkeypatch.setattr(linear, "DIRECT", 100)
    other = device.replace().solve(conditions, "full", maxima=False)
    assert other.energy_balance < 1e-12
    for key in ("voltage", "heat_hot", "heat_cold", "T_hot_junction"):
        assert getattr(other, key) == pytest.approx(getattr(direct, key), rel=1e-10)


@pytest.mark.usefixtures("small")
def test_a_point_that_does_not_converge_is_nan(monkeypatch):
    monkeypatch.setattr(iteration, "MOST_PASSES", 2)
    r = module().solve(generator(current=[0.0, 1.0]), "full", maxima=False)
    assert np.isnan(r.voltage).all()
    assert (r.point_status == te.Status.NOT_CONVERGED).all()
    assert list(r.current) == [0.0, 1.0]


def test_what_elements_cannot_have_is_said_at_once():
    n = te.Leg(N, "1.5 mm", "1.4 mm x 1.4 mm")
    film = te.Material(
        name="glue",
        carrier=None,
        kind="polymer",
        seebeck=None,
        electrical=None,
        thermal_conductivity=Curve.constant(1.0, "thermal_conductivity", (50.0, 1500.0)),
    )
    layers = [te.Layer(film, "20 um", "legs")]
    layout = LAYOUT(gap=0.0, hot_film=[[1, 2]])
    device = module(2, n=n, hot=layers, cold=[te.Layer("Al2O3", "1 mm")], layout=layout)
    with pytest.raises(te.InputError) as e:
        device.solve(generator(), "full")
    assert {f.location for f in e.value.faults} == {
        "n.length",
        "layout.gap",
        "hot",
        "hot[0].material",
        "layout.hot_film",
    }
    with pytest.raises(te.InputError, match="a Module is expected at fidelity full"):
        leg(P).solve(generator(), "full")
    with pytest.raises(te.InputError) as e:
        module().solve(generator(), "full", gradient=True, states="all")
    assert {f.location for f in e.value.faults} == {"gradient", "states"}


def test_memory_and_the_missing_extra_are_told_beforehand(monkeypatch):
    monkeypatch.setattr(task, "free_memory", lambda: 1e8)
    with pytest.raises(te.InputError, match=r"couples = 8.*0\.1 GB of memory.*about .* GB are needed"):
        module(8).solve(generator(), "full")
    monkeypatch.undo()
    monkeypatch.setattr(linear, "find_spec", lambda _: None)
    with pytest.raises(
        te.InputError, match=r"pyamg is expected for more than 30,000 unknowns.*ioffe\[field\]"
    ):
        module(8).solve(generator(), "full")


def test_what_rounding_leaves_is_no_reason_to_give_up():
    n, stiff = 20, 1e8
    diagonals: Any = sparse.diags_array
    chain = diagonals([-stiff, 2.0 * stiff, -stiff], offsets=[-1, 0, 1], shape=(n, n)).tolil()
    chain[0, 0], chain[n - 1, n - 1] = stiff + 1.0, stiff
    matrix = -sparse.block_diag([chain, chain], format="csr")
    is_potential = np.arange(2 * n) >= n
    solver = linear.BlockMultigrid(matrix, is_potential, sparse.csr_array(sparse.eye_array(2 * n)))
    b = np.ones(2 * n)
    x = solver(b, 1e-13)
    # it hangs at one soft spring that carries all
    assert x == pytest.approx(-n, rel=1e-5)
    assert np.linalg.norm(b - matrix @ x) > 1e-13 * np.linalg.norm(b)
    solver.matrix = 2.0 * matrix + sparse.diags_array(np.linspace(1e7, 1e9, 2 * n))
    with pytest.raises(RuntimeError, match="did not converge"):
        solver(b, 1e-13)


def test_a_search_whose_solves_fail_does_not_say_that_there_is_nothing(monkeypatch):
    def never(*_):
        raise iteration.NotConverged("the iteration stands still")

    monkeypatch.setattr(task.FullTask, "_case", never)
    found = module(1).solve(generator(current="max_power"), "full", maxima=False)
    assert found.status is te.Status.NOT_CONVERGED
    assert np.isnan(found.power).all()
    assert "a current was not solved: the iteration stands still" in found.notes
    with pytest.raises(te.InputError, match="not_converged; a current was not solved: the iteration stands"):
        te.stress(found)
