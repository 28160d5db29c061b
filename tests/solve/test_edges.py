"""Operating points at the edge of what exists, and devices at the edge of the arithmetic."""

import numpy as np
import pytest

import ioffe as te
from ioffe.engine import newton, optimum, position_form
from tests.device.cases import constant, tabulated


def pair(couples=100):
    p, n = (te.Leg(m, "6 mm", "3.8 mm x 3.8 mm") for m in ("MgAgSb0.99In0.01", "Mg3.5SbBi0.96Te0.04"))
    copper = [te.Layer("Cu", "0.3 mm")]
    return te.Module(p=p, n=n, couples=couples, fill_factor=0.58, hot=copper, cold=copper)


def cooler(**sinks):
    contact = te.Contact("5e-10 ohm m2", "2e-5 m2 K/W")
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.96 mm2", contact=contact) for k in "pn")
    return te.Module(p=p, n=n, couples=127, fill_factor=0.28), {"T_hot": 300.0, **sinks}


@pytest.mark.parametrize("T_hot", [543.0, 353.0])
def test_voltages_near_the_open_circuit(T_hot):
    device = pair()
    open_circuit = device.solve(te.Generator(T_hot=T_hot, T_cold=303.0)).open_circuit_voltage
    off = np.array([0.0, 1e-10, 1e-8, 1e-6, -1e-6, 1e-3])
    r = device.solve(te.Generator(T_hot=T_hot, T_cold=303.0, voltage=open_circuit * (1 - off)), maxima=False)
    assert (r.point_status <= te.Status.OUTSIDE_TABLE).all()
    expected = off * open_circuit / device.solve(te.Generator(T_hot=T_hot, T_cold=303.0)).internal_resistance
    assert r.current == pytest.approx(expected, rel=0.05, abs=1e-11)


@pytest.mark.parametrize("metal", ["Cu", "Ag", "Ni"])
@pytest.mark.parametrize("difference", [10.0, 0.1, 0.01])
def test_thin_metal_layers_keep_the_balance(metal, difference):
    """A micrometre of metal carries the leg's heat on a difference far below a microkelvin."""
    leg = te.Leg(
        segments=[
            te.Segment(metal, "1 um"),
            te.Segment("generic p cooler leg", "2 mm"),
            te.Segment(metal, "1 um"),
        ],
        area=4e-6,
    )
    currents = np.linspace(-0.1, 0.5, 61)
    r = leg.solve(te.Generator(T_hot=300 + difference, T_cold=300.0, current=currents), maxima=False)
    assert (r.point_status == te.Status.OK).all()
    assert r.energy_balance < 1e-9
    bare = te.Leg("generic p cooler leg", "2 mm", 4e-6)
    alone = bare.solve(te.Generator(T_hot=300 + difference, T_cold=300.0, current=currents), maxima=False)
    assert r.heat_hot == pytest.approx(alone.heat_hot, rel=2e-4, abs=1e-6)


@pytest.mark.parametrize("T_cold", [299.0, 280.0, 250.0])
@pytest.mark.parametrize("sinks", [{}, {"hot_resistance": 0.1, "cold_resistance": 0.05}])
def test_heat_up_to_the_largest(T_cold, sinks):
    device, common = cooler(**sinks)
    most = device.solve(te.Cooler(T_cold=T_cold, current="max_heat", **common)).max_heat
    for share in (1.0, 1 - 1e-7, 0.5):
        r = device.solve(te.Cooler(T_cold=T_cold, heat=share * most, **common))
        assert r.status is te.Status.OK
        assert r.heat_cold == pytest.approx(share * most, rel=1e-9)
    above = device.solve(te.Cooler(T_cold=T_cold, heat=1.001 * most, **common))
    assert above.status is te.Status.UNREACHABLE


def test_no_heat_at_equal_temperatures_needs_no_current():
    device, common = cooler()
    r = device.solve(te.Cooler(T_cold=300.0, heat=0.0, **common))
    assert r.current == 0.0
    assert r.status is te.Status.OK


def test_COP_has_no_maximum_where_heat_flows_by_itself():
    """Side losses cool the cold end below the hot side: heat is taken up without a current."""
    leg = te.Leg(constant(80e-6, 5e4, 3.0), "1 mm", 5e-6, side=te.SideLoss(50, 0.5))
    r = leg.solve(
        te.Cooler(
            T_hot=303, T_cold=302.999, current="max_COP", T_ambient=280, hot_heat_transfer_coefficient=8600
        )
    )
    assert np.isnan(r.max_COP)
    assert r.status is te.Status.UNREACHABLE


def test_beyond_a_runaway_everything_is_a_runaway():
    leg = te.Leg("MgAgSb0.99In0.01", "6 mm", 1e-5, contact=te.Contact("7.9 uohm cm2"))
    currents = np.array([10.0, 80.0, 200.0, 1e3, 1e6])
    r = leg.solve(te.Generator(T_hot=543, T_cold=303, current=currents), maxima=False)
    assert r.point_status[0] == te.Status.OK
    assert (r.point_status[1:] == te.Status.RUNAWAY).all()
    assert np.isnan(r.power[1:]).all()
    assert r.current == pytest.approx(currents)  # imposed, so it stays
    found = leg.solve(te.Generator(T_hot=543, T_cold=303, voltage=-1.0), maxima=False)
    assert np.isnan(found.current)


def test_materials_of_one_name_are_told_apart():
    T = np.array([300.0, 500.0, 700.0])
    tables = [
        tabulated("m", "p", T[:k], np.full(k, 150.0), np.full(k, 10.0), np.full(k, 1.5), rule)
        for k, rule in ((3, "linear"), (2, "pchip"))
    ]
    leg = te.Leg(segments=[te.Segment(m, "2 mm") for m in tables], area=1e-6)
    r = leg.solve(te.Generator(T_hot=650.0, T_cold=310.0))
    assert r.interpolation == {"m": "linear and pchip"}
    assert r.status is te.Status.OK
    hot = leg.solve(te.Generator(T_hot=690.0, T_cold=600.0))
    assert [w for w in hot.warnings if "measured from 300 K to 500 K" in w]
    assert not [w for w in hot.warnings if "measured from 300 K to 700 K" in w]


def counted(monkeypatch, module, name):
    """Calls of a function, one entry each."""
    function, calls = getattr(module, name), []

    def call(*given, **more):
        calls.append(name)
        return function(*given, **more)

    monkeypatch.setattr(module, name, call)
    return calls


def test_a_leg_of_a_thousand_kilometres_is_given_up_soon(monkeypatch):
    """Its profile lies below the rounding of the unknown and swings from knot to knot."""
    steps = counted(monkeypatch, position_form, "_step")
    leg = te.Leg("MgAgSb0.99In0.01", 1e8, "3.8 mm x 3.8 mm", contact="8 uohm cm2")
    currents = np.linspace(0.1, 7.0, 12)
    r = leg.solve(te.Generator(T_hot=573, T_cold=293, current=currents), maxima=False)
    assert (r.point_status >= te.Status.RUNAWAY).all()
    assert len(steps) < 2500


def test_no_search_goes_on_where_there_is_no_state_at_rest(monkeypatch):
    """A second stage of square kilometres: the temperature between it and the first is lost in rounding."""
    searches = counted(monkeypatch, optimum, "find")
    passes = counted(monkeypatch, newton, "assemble")
    thin, wide = (
        te.Module(
            *(te.Leg(f"generic {k} cooler leg", "1.6 mm", area) for k in "pn"), couples=n, fill_factor=0.4
        )
        for n, area in ((31, 2e-6), (7, 1e6))
    )
    device = te.Cascade([thin, wide], between=[te.Layer("Al2O3", "0.6 mm")], connection="series")
    r = device.solve(te.Cooler(T_hot=300.0, heat=0.0, aim="delta_T"), tolerance=1e-11)
    assert np.isnan(r.delta_T_max)
    assert len(searches) == 1
    assert len(passes) < 4 * newton.MAX_PASSES


@pytest.mark.parametrize("fidelity", ["1d", "ideal"])
@pytest.mark.parametrize("given", ["T_cold", "heat"])
def test_a_sweep_begins_at_rest(given, fidelity):
    """No heat flows and no balance can be told from rounding; the state is one temperature all the same."""
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "2 mm2", contact="1e-10 ohm m2") for k in "pn")
    plates = [te.Layer("Al2O3", "0.6 mm")]
    module = te.Module(p=p, n=n, couples=3, fill_factor=0.4, hot=plates, cold=plates)
    for T in (301.0, 313.37, 320.0, 333.3):
        cold = {given: T if given == "T_cold" else 0.0}
        conditions = te.Cooler(T_hot=T, current=[0.0, 0.1], **cold)
        for device in (module, te.Cascade([module, module.replace(couples=100)], connection="series")):
            r = device.solve(conditions, fidelity, maxima=False)
            assert r.status is te.Status.OK
            assert r.T_cold[0] == pytest.approx(T, rel=1e-12)
            assert abs(r.heat_cold[0]) < 1e-10
            assert r.energy_balance < 1e-9


def test_temperatures_behind_large_thermal_resistances_settle():
    """Rounding of the heat through a stiff layer moves them by more than rounding of a temperature."""
    lengths = 8.419584377656707e-06, 0.0007570944549673295, 0.0005392932499750812
    names = "Cu", "Bi0.48Sb1.52Te3", "MgAgSb0.99In0.01"
    leg = te.Leg(
        segments=[te.Segment(name, length) for name, length in zip(names, lengths, strict=True)],
        area=1.031663735170651e-06,
        contact_hot=te.Contact(1.6663577664533945e-09, 3.695565248185408e-07),
        contact_cold=te.Contact(8.101476035948505e-10, 6.53747573652769e-07),
        between=[te.Contact(), te.Contact(thermal=2.498607016038386e-06)],
    )
    conditions = te.Generator(
        T_hot=594.9719501866753,
        T_cold=306.1769378594953,
        current=3.751994776906678,
        cold_resistance=598.7656262874218,
        cold_convection=22.425769668754526,
        T_ambient=315.640981706727,
    )
    found = leg.solve(conditions, maxima=False)
    assert found.status < te.Status.RUNAWAY
    assert found.energy_balance < 1e-9
