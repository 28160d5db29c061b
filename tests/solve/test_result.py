"""Axes, tables, JSON, profiles, citations and failed points of results."""

import copy
import json
import math
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

import ioffe as te
from ioffe.base.quantities import QUANTITIES
from tests.device.cases import constant
from tests.solve.transient.materials import generic


def leg(name="Bi0.42Sb1.58Te3"):
    return te.Leg(name, "1.6 mm", "1.4 mm x 1.4 mm", contact=te.Contact("5 uohm cm2"))


def module():
    layers = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    return te.Module(p=leg(), n=leg("Bi2Te2.7Se0.3"), couples=4, fill_factor=0.3, hot=layers, cold=layers)


def test_lists_make_named_axes():
    r = leg().solve(
        te.Generator(T_hot=[400.0, 450.0], T_cold=[330.0, 340.0, 350.0], current=[0.0, 0.5, 1.0, 2.0])
    )
    assert list(r.axes) == ["T_hot", "T_cold", "current"]
    assert r.power.shape == (2, 3, 4)
    assert r.max_power.shape == (2, 3)
    assert r.delta_T[1, 2] == pytest.approx([100.0] * 4)
    alone = leg().solve(te.Generator(T_hot=450.0, T_cold=340.0, current=1.0))
    assert isinstance(alone.power, float)
    assert alone.power == pytest.approx(r.power[1, 1, 2], rel=1e-12)


def test_sweep_runs_from_open_to_short_circuit():
    r = leg().solve(te.Generator(T_hot=[400.0, 500.0], T_cold=330.0, load="sweep"))
    assert r.voltage[:, 0] == pytest.approx(r.open_circuit_voltage)
    assert r.voltage[:, -1] == pytest.approx([0.0, 0.0], abs=1e-10)
    assert r.power.max(axis=1) == pytest.approx(r.max_power, rel=1e-3)
    assert (r.power.max(axis=1) <= r.max_power * (1 + 1e-12)).all()


def test_json_has_the_words_of_the_quantity_table(tmp_path):
    r = module().solve(te.Generator(T_hot=[400.0, 500.0], T_cold=330.0, current=[0.0, 1.0]))
    data = json.loads(r.save(tmp_path / "r.json").read_text())
    assert data["status"] == "ok"
    assert np.array(data["power"]) == pytest.approx(r.power)
    assert data["units"]["power"] == "W"
    assert set(data["units"]) <= set(QUANTITIES)
    assert data["interpolation"] == {"Bi0.42Sb1.58Te3": "pchip", "Bi2Te2.7Se0.3": "pchip"}
    assert any("doi.org" in c for c in data["citations"])


def test_rows_and_frame():
    r = leg().solve(te.Generator(T_hot=[400.0, 450.0], T_cold=330.0, current=[0.0, 1.0]))
    header, rows = r.rows()
    assert header[:2] == ["T_hot (K)", "current (A)"]
    assert len(rows) == 4
    assert all(len(row) == len(header) for row in rows)
    assert rows[3][header.index("T_hot (K)")] == 450.0
    frame = r.to_frame()
    assert frame["power (W)"].to_numpy() == pytest.approx(r.power.ravel())
    assert frame.index.names == ["T_hot", "current"]
    assert frame.loc[(450.0, 1.0), "voltage (V)"] == pytest.approx(r.voltage[1, 1])
    assert frame.loc[(450.0, 0.0), "max_power (W)"] == pytest.approx(r.max_power[1])


RESULTS = {
    "one point": lambda: leg().solve(te.Generator(T_hot=450.0, T_cold=340.0)),
    "loads": lambda: module().solve(
        te.Generator(T_hot=[400.0, 450.0], T_cold=330.0, load=["1 ohm", "2 ohm"])
    ),
    "a point without a solution": lambda: leg().solve(
        te.Cooler(T_hot=[330.0, 340.0], T_cold=325.0, current=[0.5, 1e5])
    ),
    "cascade": lambda: te.Cascade([module(), module()]).solve(
        te.Cooler(T_hot=360.0, T_cold=340.0, current=[0.5, 1.0])
    ),
    "array": lambda: te.ModuleArray.grid(module(), [450.0, 400.0], 340.0).solve(load="sweep"),
    "batch": lambda: te.solve_batch(
        leg(),
        te.Generator(T_hot=450.0, T_cold=340.0, current=0.5),
        {"length": [["1 mm"], ["2 mm"]], "T_hot": [400.0, 450.0, 500.0]},
        engine="numpy",
    ),
    "transient": lambda: te.Leg(generic("p"), "1.6 mm", "1.96 mm2").solve(
        te.Transient(mode="cool", T_hot=300, heat=0, current=1.0, duration=2)
    ),
}


@pytest.fixture(scope="module", params=RESULTS)
def result(request):
    return RESULTS[request.param]()


@pytest.mark.parametrize("ending", [".json", ".nc", ".xlsx", ".csv"])
def test_files_keep_every_table(result, tmp_path, ending):
    for package in ("h5netcdf", "openpyxl"):
        pytest.importorskip(package, reason=f"{package} is an optional extra")
    path = result.save(tmp_path / f"r{ending}")
    if ending not in (".json", ".nc"):
        assert path.stat().st_size > 0
        return
    saved = te.load_result(path)
    for name, table in result.tables().items():
        again = saved.table(name)
        for key, column in {**table.index, **table.columns}.items():
            if ending == ".nc" and key in table.index and key in table.columns:
                continue  # NetCDF keeps the axis alone
            np.testing.assert_array_equal(getattr(again, key), getattr(table, key), err_msg=f"{name}.{key}")
            assert again.units.get(key, "") == column.unit
    assert saved.status is result.status
    assert saved.energy_balance == pytest.approx(result.energy_balance, nan_ok=True)
    assert saved.warnings == result.warnings
    assert saved.citations() == result.citations()
    if ending == ".json":
        assert saved.to_dict() == result.to_dict()


def test_results_are_copied(result):
    for again in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
        assert type(again) is type(result)
        assert again.to_dict() == result.to_dict()
        assert repr(again) == repr(result)


def test_results_go_through_a_pool_of_processes():
    conditions = te.Generator(T_hot=450.0, T_cold=340.0)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = pool.submit(leg().solve, conditions, tolerance=1e-11).result()
    alone = leg().solve(conditions, tolerance=1e-11)
    assert found.to_dict() == alone.to_dict()
    assert found.profile().T == pytest.approx(alone.profile().T)


def test_results_in_a_notebook(result):
    page = result._repr_html_()
    assert result.status.advice.split(":")[0] in page
    assert "energy balance" in page
    frame = result.to_frame()
    assert "power (W)" in frame
    assert result.to_xarray()["power"].attrs["units"] == "W"


def test_profile_after_a_copy():
    r = pickle.loads(pickle.dumps(RESULTS["loads"]()))
    assert r.profile((1, 0)).T[0] == pytest.approx(450.0)


def test_print_shows_status_balance_and_interpolation():
    text = repr(leg().solve(te.Generator(T_hot=450.0, T_cold=340.0)))
    for word in ("status: ok", "energy balance", "estimated error", "interpolation", "max_power", "pchip"):
        assert word in text


def test_extrapolation_warns_and_strict_refuses():
    r = leg().solve(te.Generator(T_hot=500.0, T_cold=290.0))
    assert r.status is te.Status.OUTSIDE_TABLE
    assert "Bi0.42Sb1.58Te3 was used from 290.0 K to 500.0 K, measured from 323 K to 573 K" in r.warnings[0]
    with pytest.raises(te.ExtrapolationError, match="measured from 323 K"):
        leg().solve(te.Generator(T_hot=500.0, T_cold=290.0), strict=True)


def test_profile_goes_through_every_layer():
    r = module().solve(te.Generator(T_hot=500.0, T_cold=330.0, current=1.0))
    p = r.profile()
    one = p.of("p")
    assert one.layer[0] == "Al2O3"
    assert one.layer[-1] == "Al2O3"
    assert list(dict.fromkeys(one.layer)) == ["Al2O3", "Cu", "Bi0.42Sb1.58Te3"]
    assert one.T[0] == pytest.approx(500.0)
    assert one.T[-1] == pytest.approx(330.0)
    assert (np.diff(one.T) <= 1e-6).all()
    assert one.position[-1] == pytest.approx(1.6e-3 + 2 * 0.9e-3)
    # heat through a plate is the heat of the device over its footprint
    assert one.heat_flux[0] == pytest.approx(r.heat_hot / module().footprint, rel=1e-9)
    assert one.heat_flux[-1] == pytest.approx(r.heat_cold / module().footprint, rel=1e-9)


def test_potential_of_the_legs_makes_the_voltage():
    bare = te.Module(p=leg(), n=leg("Bi2Te2.7Se0.3"), couples=4, fill_factor=0.3)
    r = bare.solve(te.Generator(T_hot=500.0, T_cold=330.0, current=1.0))
    p = r.profile()
    ends = [p.of(k).electric_potential[-1] for k in "pn"]
    cold_contacts = 2 * 5e-10 / bare.p.area * 1.0
    assert 4 * (ends[0] - ends[1] - cold_contacts) == pytest.approx(r.voltage, rel=1e-9)


def test_ideal_profile_is_a_parabola():
    one = te.Leg(constant(), "2 mm", "4 mm2")
    exact = one.solve(te.Generator(T_hot=800.0, T_cold=400.0, current=10.0)).profile()
    ideal = one.solve(te.Generator(T_hot=800.0, T_cold=400.0, current=10.0), "ideal").profile()
    assert ideal.T == pytest.approx(exact.T, abs=1e-6)
    assert ideal.heat_flux == pytest.approx(exact.heat_flux, rel=1e-8)
    assert ideal.electric_potential == pytest.approx(exact.electric_potential, abs=1e-9)


def test_wrong_index_and_unsolved_point():
    r = leg().solve(te.Generator(T_hot=[400.0, 450.0], T_cold=330.0, current=[1.0, 2.0]))
    assert r.profile((-1, 0)).T[0] == pytest.approx(450.0)
    with pytest.raises(te.InputError, match=r"T_hot \(2\), current \(2\)"):
        r.profile((5, 0))
    burnt = leg().solve(te.Generator(T_hot=450.0, T_cold=330.0, current=1e4))
    assert math.isnan(burnt.power)
    with pytest.raises(te.InputError, match="a solved point"):
        burnt.profile()


def test_unknown_attribute_names_the_nearest():
    r = leg().solve(te.Generator(T_hot=450.0, T_cold=340.0))
    with pytest.raises(AttributeError, match="max_power"):
        _ = r.maxpower
    with pytest.raises(AttributeError, match="a generator result has no 'COP'"):
        _ = r.COP


def test_maxima_can_be_left_out():
    r = leg().solve(te.Generator(T_hot=450.0, T_cold=340.0, current=1.0), maxima=False)
    assert not hasattr(r, "max_power")
    assert r.power == pytest.approx(leg().solve(te.Generator(T_hot=450.0, T_cold=340.0, current=1.0)).power)


def test_results_draw_and_report_themselves(tmp_path):
    for r in (RESULTS["loads"](), RESULTS["transient"]()):
        ax = r.plot("power")
        assert ax.lines
        assert "Power" in ax.get_ylabel() or "power" in ax.get_ylabel()
        assert "energy balance" in r.report(tmp_path / "page.html").read_text(encoding="utf-8")


def test_results_over_one_another_have_one_unit_and_all_their_range():
    """One in W and one in mW: drawn in the unit of the first, seen whole, told apart by colour and name."""
    conditions = te.Generator(T_hot=450.0, T_cold=340.0)
    large, small = leg().replace(area="3 cm2"), leg().replace(area="1 mm2")
    ax = large.solve(conditions).plot("power", label="large")
    right, top = ax.get_xlim()[1], ax.get_ylim()[1]
    small.solve(conditions).plot("power", ax, label="small")
    assert (ax.get_xlim()[1], ax.get_ylim()[1]) == pytest.approx((right, top))
    assert len({line.get_color() for line in ax.lines if line.get_linestyle() == "-"}) == 1
    first, second = (line for line in ax.lines if not line.get_label().startswith("_"))
    tops = [np.nanmax(line.get_ydata()) for line in (first, second)]
    assert tops[0] / tops[1] == pytest.approx(300.0, rel=1e-3)
    assert ax.get_legend_handles_labels()[1] == ["large", "small"]
    with pytest.raises(te.InputError, match="axes that show voltage over current are expected"):
        small.solve(conditions).plot("voltage", ax)
    ax.clear()
    assert small.solve(conditions).plot("voltage", ax).lines


def test_a_batch_is_drawn_over_its_longest_axis():
    vary = {"length": ["1 mm", "2 mm", "4 mm"], "contact.electrical": [["0 ohm m2"], ["20 uohm cm2"]]}
    batch = te.solve_batch(leg(), te.Generator(T_hot=450.0, T_cold=340.0, load="max_power"), vary)
    ax = batch.plot("efficiency")
    assert ax.get_xlabel() == "Length $L$ (mm)"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "contact.electrical = 0 µΩ cm²",
        "contact.electrical = 20 µΩ cm²",
    ]
    assert ax.lines[1].get_ydata() == pytest.approx(100.0 * batch.efficiency[1])
