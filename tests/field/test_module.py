"""Modules with whole plates: limits, modes of operation, special legs and sources, what is refused."""

import re
from typing import Any

import numpy as np
import pytest

import ioffe as te
from ioffe.base.curve import Curve
from ioffe.field.gap import gap_path
from tests.device.cases import cold_material, constant, hot_material, middle_material

P, N = "generic p cooler leg", "generic n cooler leg"
CONTACT = te.Contact("5 uohm cm2")


def stack():
    return [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]


def leg(material, **more):
    given = {"length": "1.6 mm", "area": "1.4 mm x 1.4 mm", "contact": CONTACT}
    return te.Leg(material, **{**given, **more})


def layout(**more: Any) -> te.Layout:
    return te.Layout(**{"gap": "1 mm", **more})


def module(couples=3, p=None, n=None, **more) -> Any:
    given = {"hot": stack(), "cold": stack(), "layout": layout(), **more}
    return te.Module(p or leg(P), n or leg(N), couples, **given)


def generator(**more):
    return te.Generator(**{"T_hot": 400.0, "T_cold": 300.0, "current": [0.0, 1.0], **more})


MODULE = module()


def test_one_leg_under_plates_of_its_own_cross_section():
    """Equal legs that fill the plates: by symmetry each has a plate of its own, and nothing spreads."""
    p, n = (te.Leg(constant(s, 1e5, 1.5), "2 mm", "1 mm x 1 mm", contact=CONTACT) for s in (2e-4, -2e-4))
    plates = [te.Layer("Al2O3", "0.6 mm"), te.Layer("AlN", "0.4 mm")]
    device = te.Module(p, n, 1, fill_factor=1.0, hot=plates, cold=plates)
    for more in ({}, {"hot_heat_transfer_coefficient": 5e3, "cold_resistance": 20.0}):
        conditions = generator(current=[0.0, 0.5, 2.0], **more)
        one, three = (device.solve(conditions, fidelity, maxima=False) for fidelity in ("1d", "3d"))
        # conductivities of plates are taken at their mean temperature within 2 %: at their own they are exact
        for k, current in enumerate((0.0, 0.5, 2.0)):
            alone = device.replace().solve(conditions.replace(current=current), "3d", maxima=False)
            for key in ("voltage", "heat_hot", "heat_cold", "T_hot_junction", "T_cold_junction"):
                expected = np.ravel(getattr(one, key))[k]
                assert getattr(alone, key) == pytest.approx(expected, rel=2e-6), key
        assert three.heat_hot == pytest.approx(one.heat_hot, rel=2e-4)


def test_plates_of_constant_conductivity_are_exact():
    """As the test before, without the curvature of kappa(T): to 1e-9 of one dimension."""
    ceramic = te.Material(
        name="ceramic",
        carrier=None,
        kind="ceramic",
        seebeck=None,
        electrical=None,
        thermal_conductivity=Curve.constant(25.0, "thermal_conductivity", (50.0, 1500.0)),
    )
    p, n = (te.Leg(constant(s, 1e5, 1.5), "2 mm", "1 mm x 1 mm", contact=CONTACT) for s in (2e-4, -2e-4))
    plates = [te.Layer(ceramic, "0.6 mm")]
    device = te.Module(p, n, 1, fill_factor=1.0, hot=plates, cold=plates)
    conditions = generator(current=[0.0, 0.5, 2.0], hot_heat_transfer_coefficient=5e3)
    one, three = (
        device.solve(conditions, fidelity, maxima=False, tolerance=1e-12) for fidelity in ("1d", "3d")
    )
    for key in ("voltage", "heat_hot", "heat_cold", "T_hot_junction", "T_cold_junction"):
        assert getattr(three, key) == pytest.approx(getattr(one, key), rel=1e-9), key


def test_spreading_lowers_what_one_dimension_promises():
    one, three = (MODULE.solve(generator(), f, maxima=False) for f in ("1d", "3d"))
    assert three.status is te.Status.OK
    assert three.fidelity == "3d"
    assert (three.voltage < one.voltage).all()
    assert (three.voltage > 0.96 * one.voltage).all()
    assert three.energy_balance < 1e-8
    assert 1e-5 < three.error_estimate < 1e-3
    power = three.heat_hot - three.heat_cold
    assert three.power == pytest.approx(power, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(
    ("n", "stated", "expected"),
    [
        # of the heat of one dimension, from 160 to 340 cells a pitch that all parts fit
        (1.4, {"gap": "0.2 mm", "overhang": "0.07 mm"}, -2.6146e-4),
        (1.4, {"gap": "0.3 mm", "overhang": "0.07 mm"}, -7.968e-4),
        (1.4, {"gap": "0.1 mm", "overhang": "0.02 mm"}, -2.0745e-4),
        (1.4, {"gap": "0.3 mm", "row_gap": "0.7 mm", "overhang": "0.05 mm", "rows": 2}, -2.9183e-3),
        (1.08, {"gap": "0.8 mm", "overhang": "0.1 mm"}, -4.1011e-3),
    ],
)
def test_gaps_narrower_than_a_cell(n, stated, expected):
    """Less heat than one dimension promises, however narrow a gap is, and as exact as told."""
    sides = (1.0 if n < 1.4 else n), n
    p, n = (
        te.Leg(constant(s, 1e5, 1.5), "1.6 mm", f"{x} mm x {x} mm")
        for s, x in zip((2e-4, -2e-4), sides, strict=True)
    )
    device = module(1 + ("rows" in stated), p, n, layout=layout(**stated))
    conditions = te.Generator(T_hot=350.5, T_cold=349.5, current=0.0)
    one, three = (device.solve(conditions, f, maxima=False) for f in ("1d", "3d"))
    off = abs(three.heat_hot / one.heat_hot - 1.0 - expected)
    assert off < three.error_estimate < 1e-4


@pytest.mark.parametrize(
    ("stated", "film", "heat"),
    [
        ({"hot_flux": [[1]]}, None, 1.845610e-3),
        ({"hot_film": [[1, 4]]}, 2e3, 1.611768e-3),
        ({"hot_film": [[1, 1], [9, 1]], "hot_plate": "6 mm x 4 mm"}, 500.0, 1.586194e-3),
        ({"hot_flux": [[1, 0], [3, 1]], "hot_plate": "6 mm x 4 mm"}, None, 1.831397e-3),
    ],
)
def test_outer_faces_against_finite_differences(stated, film, heat):
    """Of own programs with legs in three dimensions, cells of 0.1 and 0.05 mm extrapolated, in W for 1 K."""
    p, n = (te.Leg(constant(s, 1e5, 1.5), "1.6 mm", "1 mm x 1 mm") for s in (2e-4, -2e-4))
    device = module(1, p, n, layout=layout(gap="0.8 mm", overhang="0.1 mm", **stated))
    given = te.Generator(T_hot=350.5, T_cold=349.5, current=0.0, hot_heat_transfer_coefficient=film)
    assert device.solve(given, "3d", maxima=False).heat_hot == pytest.approx(heat, rel=3e-5)


def test_the_estimate_holds_against_finer_cells(monkeypatch):
    from ioffe.field import module as made

    fine = MODULE.solve(generator(), "3d", maxima=False)
    monkeypatch.setattr(made, "CELLS", (9.0, 9.0))
    coarse = module().solve(generator(), "3d", maxima=False)
    assert fine.error_estimate < 0.3 * coarse.error_estimate < 1e-3
    for key in ("heat_hot", "heat_cold"):
        off = np.abs(getattr(coarse, key) / getattr(fine, key) - 1.0)
        assert (off < coarse.point_error_estimate + fine.point_error_estimate).all()
    assert coarse.voltage == pytest.approx(fine.voltage, rel=4e-4)


@pytest.mark.parametrize("film", [50.0, 5e3, 1e5])
def test_film_coefficients(film):
    more = {"hot_heat_transfer_coefficient": film, "cold_heat_transfer_coefficient": film}
    r = MODULE.solve(generator(**more), "3d", maxima=False)
    assert (r.point_status < te.Status.RUNAWAY).all()
    assert r.energy_balance < 1e-8
    # the mean of the faces follows from the heat: within what the plates take, that is where the legs end
    area = 16 * 2.4e-3**2 * 6 / 16
    rise = r.T_hot - r.T_hot_junction - r.heat_hot / (film * area)
    assert (rise > 0.0).all()
    assert (rise < 12.0).all()


def test_load_and_voltage_are_met():
    r = MODULE.solve(generator(current=None, load=0.05), "3d", maxima=False)
    assert r.voltage == pytest.approx(0.05 * r.current, rel=1e-9)
    again = MODULE.solve(generator(current=r.current), "3d", maxima=False)
    assert again.heat_hot == pytest.approx(r.heat_hot, rel=1e-7)
    back = MODULE.solve(generator(current=None, voltage=r.voltage), "3d", maxima=False)
    assert back.current == pytest.approx(r.current, rel=1e-7)
    given = MODULE.solve(te.Generator(heat=r.heat_hot, T_cold=300.0, current=r.current), "3d", maxima=False)
    assert given.T_hot == pytest.approx(400.0, abs=2e-3)
    assert given.heat_hot == r.heat_hot
    # the heat is given, the temperature that it makes is what may be off
    assert abs(given.T_hot - 400.0) / 100.0 < 10.0 * given.error_estimate < 1e-2
    assert any("temperature that imposed heat makes" in text for text in given.notes)


def test_maxima_are_maxima():
    best = MODULE.solve(generator(current="max_power"), "3d")
    near = MODULE.solve(generator(current=best.current * np.array([0.99, 1.0, 1.01])), "3d", maxima=False)
    assert near.power[1] == pytest.approx(best.max_power, rel=1e-7)
    assert near.power[1] > near.power[0]
    assert near.power[1] > near.power[2]
    best = MODULE.solve(generator(current="max_efficiency"), "3d")
    near = MODULE.solve(generator(current=best.current * np.array([0.99, 1.0, 1.01])), "3d", maxima=False)
    assert near.efficiency[1] == pytest.approx(best.max_efficiency, rel=1e-6)
    assert near.efficiency.argmax() == 1


def test_coolers():
    one, three = (MODULE.solve(te.Cooler(T_hot=300, heat=0.0, aim="delta_T"), f) for f in ("1d", "3d"))
    assert 0.97 * one.delta_T < three.delta_T < one.delta_T
    near = MODULE.solve(
        te.Cooler(T_hot=300, heat=0.0, current=three.current * np.array([0.95, 1.0, 1.05])),
        "3d",
        maxima=False,
    )
    assert near.delta_T[1] == pytest.approx(three.delta_T_max, abs=0.02)
    assert near.delta_T.argmax() == 1
    r = MODULE.solve(te.Cooler(T_hot=300, T_cold=285, current="max_COP"), "3d")
    assert r.COP == r.max_COP
    near = MODULE.solve(
        te.Cooler(T_hot=300, T_cold=285, current=r.current * np.array([0.97, 1.0, 1.03])), "3d", maxima=False
    )
    assert near.COP.argmax() == 1
    carried = MODULE.solve(te.Cooler(T_hot=300, T_cold=290, heat=0.5), "3d")
    assert carried.heat_cold == pytest.approx(0.5, rel=1e-6)


def test_three_segments_and_solder():
    parts = [te.Segment(make(), "0.5 mm") for make in (hot_material, middle_material, cold_material)]
    p = te.Leg(
        segments=parts, area="1.4 mm x 1.4 mm", contact=CONTACT, between=te.Contact("1 uohm cm2", 1e-6)
    )
    n = te.Leg(constant(-1.8e-4, 8e4, 1.4), "1.5 mm", "1.4 mm x 1.2 mm", side=te.SideLoss("20 W/(m2 K)"))
    layers = [te.Layer("Sn63Pb37 solder", "50 um", "legs"), *stack()]
    device = module(2, p, n, hot=layers, cold=layers, filler=te.GapFiller("30 mW/(m K)", 0.5))
    conditions = te.Generator(T_hot=700, T_cold=300, T_ambient=320, current=[0.0, 2.0])
    one, three = (device.solve(conditions, f, maxima=False, force=True) for f in ("1d", "3d"))
    assert three.energy_balance < 1e-8
    assert three.voltage == pytest.approx(one.voltage, rel=0.04)
    assert three.heat_hot == pytest.approx(one.heat_hot, rel=0.03)
    profile = three.profile(1)
    assert set(profile.layer) == {s.material.name for s in (*p.segments, *n.segments)}
    assert profile.T[0] == pytest.approx(three.T_hot_junction[1], abs=1.0)


def test_gap_filler_carries_heat_between_the_plates():
    bare, filled = (
        module(filler=f).solve(generator(), "3d", maxima=False) for f in (None, te.GapFiller("0.5 W/(m K)"))
    )
    free = 16 * 2.4e-3**2 * 6 / 16 - 6 * 1.4e-3**2
    most = 0.5 * free / 1.6e-3 * 100.0
    assert ((filled.heat_hot - bare.heat_hot) > 0.6 * most).all()
    assert ((filled.heat_hot - bare.heat_hot) < most).all()
    assert filled.energy_balance < 1e-8
    # all facing areas at their own distances: electrodes stand 0.3 mm out of either plate
    found, upper, lower = (getattr(MODULE, name) for name in ("plan", "hot", "cold"))
    assert upper[0].thickness == lower[0].thickness == pytest.approx(0.3e-3)
    counts = np.zeros(3)
    x, y = (np.linspace(found.hot_plate[k], found.hot_plate[k + 1], 2401)[:-1] + 0.5e-6 for k in (0, 2))
    for at in y[:: len(y) // 97]:
        inside = [
            sum((a < x) & (x < b) & (c < at < d) for a, b, c, d in boxes)
            for boxes in (found.hot, found.cold, found.legs)
        ]
        bare = inside[2] == 0
        for k in range(3):
            counts[k] += np.sum(bare & (inside[0] + inside[1] == k))
    whole = (found.hot_plate[1] - found.hot_plate[0]) * (found.hot_plate[3] - found.hot_plate[2])
    shares = counts / (len(x) * len(y[:: len(y) // 97])) * whole
    expected = 0.5 * np.sum(shares / np.array([2.2e-3, 1.9e-3, 1.6e-3]))
    path: Any = gap_path(module(filler=te.GapFiller("0.5 W/(m K)")))
    assert path.link.heat_conductance == pytest.approx(expected, rel=0.02)


def test_mirrored_legs_are_equal():
    """A plan that is its own mirror image, in cells or between them, whatever the rim of the plate is."""
    p, n = (leg(constant(s, 1e5, 1.5)) for s in (2e-4, -2e-4))
    for more in ({}, {"hot_plate": "7.3 mm x 6.1 mm", "hot_patch": ("-1 mm", "5.8 mm", "-0.5 mm", "5.3 mm")}):
        device = module(2, p, n, layout=layout(rows=2, columns=2, **more))
        r = device.solve(generator(current=0.0), "3d", maxima=False)
        for key in ("T_hot_junction", "T_cold_junction", "heat_hot"):
            found = r.legs.values[key].ravel()
            assert found == pytest.approx(found[[3, 2, 1, 0]], rel=1e-9), key


def test_one_bad_joint():
    """100 times the contact of one leg: it is where the heat and the voltage are lost."""
    bad = leg(P, contact_hot=te.Contact("500 uohm cm2"), contact=None, contact_cold=CONTACT)
    usual = MODULE.solve(generator(), "3d", maxima=False)
    r = module(layout=layout(legs={2: bad})).solve(generator(), "3d", maxima=False)
    assert r.voltage[0] == pytest.approx(usual.voltage[0], rel=1e-6)
    lost = 495e-10 / 1.96e-6
    assert usual.voltage[1] - r.voltage[1] == pytest.approx(lost, rel=0.08)
    hotter = r.legs.values["T_hot_junction"][1] - usual.legs.values["T_hot_junction"][1]
    assert hotter.argmax() == 2
    one = module(layout=layout(legs={2: bad})).solve(generator(), maxima=False)
    assert any("layout.legs counts at fidelity 3d and full alone" in text for text in one.warnings)


def test_heated_corner():
    """A source in one corner of a cooler's cold plate: the legs there are the warmest at their cold ends."""
    spot = module(8, layout=layout(cold_patch=(0, "2 mm", 0, "2 mm")))
    even = module(8)
    conditions = te.Cooler(T_hot=300, heat=1.5, current=1.0)
    r, usual = (device.solve(conditions, "3d", maxima=False) for device in (spot, even))
    assert r.status is te.Status.OK
    assert r.energy_balance < 1e-8
    T = r.legs.values["T_cold_junction"]
    assert T.argmax() == 0
    assert T.max() - T.min() > 3.0 * np.ptp(usual.legs.values["T_cold_junction"])
    # the source itself is warmer than any junction, and warmer than an even plate
    assert r.T_cold > T.max()
    assert r.T_cold > usual.T_cold + 1.0
    # with all of the plate as the patch the mean temperature of the outer face is what is told
    whole = module(8, layout=layout(cold_patch=(0, "9.6 mm", 0, "9.6 mm")))
    assert whole.solve(conditions, "3d", maxima=False).T_cold == pytest.approx(usual.T_cold, abs=0.1)


def test_equal_copper_on_both_sides_of_a_ceramic():
    """The outer copper of a direct-bonded ceramic is a plate, also where it is equal to the electrode."""
    found = []
    for outer in ("0.3 mm", "0.30001 mm"):
        stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm"), te.Layer("Cu", outer)]
        found.append(module(2, hot=stack, cold=stack).solve(generator(), "3d", maxima=False))
    assert found[0].heat_hot == pytest.approx(found[1].heat_hot, rel=1e-5)
    assert found[0].voltage == pytest.approx(found[1].voltage, rel=1e-5)


def test_a_film_that_is_stronger_at_one_side_of_the_plate():
    """Legs there are warmer; the heat is that of the mean coefficient, but for what spreading costs."""
    conditions = generator(hot_heat_transfer_coefficient=2e3)
    one_side = module(8, layout=layout(hot_film=[[1, 1, 1, 9]]))
    r, usual = (m.solve(conditions, "3d", maxima=False) for m in (one_side, module(8)))
    assert r.status is te.Status.OK
    assert r.energy_balance < 1e-8
    T = r.legs.values["T_hot_junction"][0].reshape(4, 4).copy()
    T[1::2] = T[1::2, ::-1]
    assert (np.diff(T.mean(axis=0)) > 0.1).all()
    assert (r.heat_hot < usual.heat_hot).all()
    assert r.heat_hot == pytest.approx(usual.heat_hot, rel=0.1)


@pytest.mark.parametrize(
    ("stated", "conditions", "words"),
    [
        ({"cold_flux": [[1, 2], [3]]}, {}, "its rows of equal length"),
        ({"cold_flux": [[0, 0]]}, {}, "not all of it zero"),
        ({"hot_film": [[1, -1]]}, {}, "numbers from 0 on"),
        ({"hot_film": [[1, 2]]}, {}, "a coefficient to spread is expected"),
        ({"hot_film": [[1, 1e-9]]}, {"hot_resistance": 1.0}, "a thousandth of the mean"),
        ({"hot_film": [[1, 2]], "hot_flux": [[1, 2]]}, {"hot_resistance": 1.0}, "nothing is expected beside"),
    ],
)
def test_maps_of_outer_faces_that_have_no_meaning(stated, conditions, words):
    with pytest.raises(te.InputError, match=words):
        module(layout=layout(**stated)).solve(generator(**conditions), "3d", maxima=False)


def test_legs_at_the_edge_of_a_large_plate():
    large = module(8, layout=layout(hot_plate="14 mm x 14 mm"))
    r = large.solve(generator(hot_heat_transfer_coefficient=500.0), "3d", maxima=False)
    T = r.legs.values["T_hot_junction"][0]
    assert T.argmax() in (0, 3, 12, 15)
    usual = module(8).solve(generator(hot_heat_transfer_coefficient=500.0), "3d", maxima=False)
    assert (r.heat_hot > usual.heat_hot).all()


def test_terminals_and_leads():
    leads = module(series_resistance="10 mohm").solve(generator(), "3d", maxima=False)
    usual = MODULE.solve(generator(), "3d", maxima=False)
    assert usual.voltage[1] - leads.voltage[1] == pytest.approx(0.01, rel=0.03)
    assert leads.energy_balance < 1e-8
    hot = module(layout=layout(terminals="hot")).solve(generator(), "3d", maxima=False)
    assert hot.voltage == pytest.approx(usual.voltage, rel=3e-3)
    assert hot.voltage[1] != usual.voltage[1]


def test_what_a_module_lacks_is_told():
    """A plate that is larger than stated layers are, legs that end before their plates, no electrode."""
    with pytest.raises(te.InputError, match=r"layout\.hot_plate: a plate is expected behind it"):
        module(hot=stack()[:1], layout=layout(hot_plate="12 mm x 12 mm")).solve(generator(), "3d")
    found = module(1, n=leg(N, length="1.9 mm"), cold=stack()[1:]).solve(generator(), "3d", maxima=False)
    assert "legs of 1.6 mm, 1.9 mm stand between flat plates" in found.notes[0]
    assert "no electrode on the cold side" in found.notes[1]


def test_what_is_not_computed_is_said_all_at_once():
    conditions = generator(hot_convection=10.0, T_ambient=300.0)
    layers = [
        te.Layer("Cu", "0.3 mm"),
        te.Layer("Al2O3", "0.6 mm", "electrodes"),
        te.Layer("Cu", "0.1 mm", "legs"),
    ]
    with pytest.raises(te.InputError) as e:
        module(hot=layers, layout=None, fill_factor=1.0).solve(conditions, "3d")
    places = [f.location for f in e.value.faults]
    assert places == [
        "hot[1].coverage",
        "hot[2].coverage",
        "hot_convection",
        "layout.gap",
        "layout.gap",
    ]
    for device in (leg(P), te.Cascade([MODULE, MODULE])):
        with pytest.raises(te.InputError, match="a Module is expected at fidelity 3d"):
            device.solve(generator(), "3d")
    with pytest.raises(te.InputError) as e:
        MODULE.solve(generator(), "3d", gradient=True, states="all")
    assert {f.location for f in e.value.faults} == {"gradient", "states"}
    array: Any = te.ModuleArray.grid(MODULE, T_hot=[[400.0, 410.0]], T_cold=300.0)
    with pytest.raises(te.InputError, match='"1d" or "ideal" is expected for a ModuleArray'):
        array.solve(current=1.0, fidelity="3d")


def test_too_many_cells_are_refused_beforehand(monkeypatch):
    from ioffe.field import module as made

    monkeypatch.setattr(made, "free_memory", lambda: 1e8)
    with pytest.raises(te.InputError, match=r"couples = 5000.*0\.1 GB of memory.*about .* GB are needed"):
        module(5000).solve(generator(), "3d")


def test_a_point_without_a_solution_is_nan():
    r = MODULE.solve(te.Cooler(T_hot=300, heat=0.0, current=[1.0, 60.0]), "3d", maxima=False)
    assert np.isfinite(r.T_cold[0])
    assert np.isnan(r.T_cold[1])
    assert r.point_status[1] >= te.Status.RUNAWAY
    assert any("hold no numbers" in text for text in r.warnings)


def test_the_error_of_the_voltage_is_told_and_bounds_it():
    """The voltage of cells with an error that reaches the one of finite elements, beside their own."""
    found = {f: module(1).solve(generator(current=1.0), f, maxima=False) for f in ("3d", "full")}
    shares = {}
    for fidelity, result in found.items():
        (note,) = (n for n in result.notes if n.startswith("estimated error of the voltage "))
        shares[fidelity] = float(note.split()[5]) / 100.0
    off = abs(found["full"].voltage / found["3d"].voltage - 1.0)
    assert 0.0 < off < sum(shares.values()) < 1e-2


def test_where_the_resistance_comes_from():
    from ioffe.report.device import resistance_table

    bad = leg(P, contact=te.Contact("500 uohm cm2"))
    device = module(2, layout=layout(legs={2: bad}), series_resistance="2 mohm")
    result = device.solve(generator(current=None, load="max_power"), "3d")
    table: Any = resistance_table(result)
    values = {row[0]: re.findall(r'value="([^"]+)"', str(row[1])) for row in table.rows}
    ohm = {name: float(found[0]) for name, found in values.items()}
    assert ohm["Contacts"] == pytest.approx((3 * 2 * 5e-10 + 2 * 5e-8) / 1.96e-6)
    assert ohm["Leads and joints"] == pytest.approx(2e-3)
    # three electrodes of copper and two terminals, each about a square of the sheet
    assert 3e-5 < ohm["Electrodes and terminals"] < 5e-4
    total = ohm.pop("Internal resistance")
    assert sum(ohm.values()) == pytest.approx(total)
    assert total == pytest.approx(float(result.internal_resistance))
