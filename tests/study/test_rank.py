"""A ranking has the numbers of single solves, names what it leaves out, and parts what was measured."""

import json

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.cli.main import entry

ENDS = {"T_hot": 480.0, "T_cold": 330.0}
BEST = te.Generator(**ENDS, load="max_efficiency")
CONTACT = te.Contact("5 uohm cm2", "2e-6 m2 K/W")


def made(name, carrier, size, T=(300.0, 500.0), **more):
    sign = 1.0 if carrier == "p" else -1.0
    S = sign * size * np.linspace(1.0, 1.1, len(T))
    curves = {"electrical_conductivity": np.full(len(T), 9e4), "thermal_conductivity": np.full(len(T), 1.5)}
    return te.Material.from_arrays(name, carrier, T, S, **curves | more)


GOOD = [made("p1", "p", 1.8e-4), made("p2", "p", 2.2e-4), made("n1", "n", 1.5e-4), made("n2", "n", 2.0e-4)]


def test_legs_have_the_efficiency_of_single_solves():
    found = te.rank_materials(GOOD, **ENDS, contact=CONTACT, length="2 mm", engine="numpy")
    assert found.material.tolist() == ["p2", "n2", "p1", "n1"]
    single = [te.Leg(m, "2 mm", 1e-6, contact=CONTACT).solve(BEST).efficiency for m in GOOD]
    np.testing.assert_allclose(found.efficiency, sorted(single, reverse=True), rtol=1e-6)


def test_pairs_have_the_efficiency_of_single_modules_with_areas_of_their_own():
    found = te.rank_materials(GOOD, **ENDS, pairs=True, contact=CONTACT, engine="numpy")
    assert len(found) == 4
    assert (found.p_material[0], found.n_material[0]) == ("p2", "n2")
    # equal conductivities: no ratio of areas is better than 1
    np.testing.assert_allclose(found.area_ratio, 1.0, rtol=1e-12)
    p, n = (te.Leg(m, 1e-3, 1e-6, contact=CONTACT) for m in (GOOD[1], GOOD[3]))
    module = te.Module(p, n, fill_factor=1.0)
    assert found.efficiency[0] == pytest.approx(module.solve(BEST).efficiency, rel=1e-6)


def test_the_areas_of_a_pair_are_the_best_ones_of_constant_properties():
    other = made("n3", "n", 2.0e-4, electrical_conductivity=[3e4, 3e4], thermal_conductivity=[1.0, 1.0])
    found, equal = (
        te.rank_materials([GOOD[1], other], **ENDS, pairs=True, equal_areas=given, engine="numpy")
        for given in (False, True)
    )
    ratio = np.sqrt((9e4 / 3e4) * (1.5 / 1.0))
    assert found.area_ratio[0] == pytest.approx(ratio, rel=1e-12)
    p, n = te.Leg(GOOD[1], 1e-3, 1e-6), te.Leg(other, 1e-3, 1e-6)
    around = [
        te.Module(p, n.replace(area=1e-6 * ratio * k), fill_factor=1.0).solve(BEST).efficiency
        for k in (0.8, 1.0, 1.25)
    ]
    assert around[1] == pytest.approx(found.efficiency[0], rel=1e-6)
    assert around[1] > max(around[0], around[2])
    assert found.efficiency[0] > equal.efficiency[0]


def test_what_is_used_beyond_its_range_is_ranked_apart():
    short, point = made("short", "p", 2.5e-4, (300.0, 400.0)), made("point", "n", 2.4e-4, (350.0,))
    found = te.rank_materials([*GOOD, short, point], **ENDS, engine="numpy")
    assert found.inside == 4
    assert found.rows_of(beyond=True)["material"].tolist() == ["short", "point"]
    assert found.efficiency[4] > found.efficiency[0]
    assert list(found.tables()) == ["ranking", "beyond"]
    assert found.status is te.Status.OUTSIDE_TABLE


def test_data_that_cannot_be_right_are_named_and_left_out():
    absurd = made("absurd", "p", 1.8e-4, thermal_conductivity=[1500.0, 1500.0])
    found = te.rank_materials([*GOOD, absurd], **ENDS, engine="numpy")
    assert [one.material for one in found.left_out] == ["absurd"]
    assert "values in mW labelled W?" in found.left_out[0].reason
    assert "absurd" not in found.material
    assert "absurd" in te.rank_materials([*GOOD, absurd], **ENDS, engine="numpy", force=True).material
    with pytest.raises(InputError, match="no material that can be ranked; absurd: "):
        te.rank_materials([absurd], **ENDS)


def test_a_device_gives_contacts_plates_and_conditions():
    leg = te.Leg(GOOD[0], "3 mm", "2 mm2", contact=CONTACT)
    conditions = te.Generator(**ENDS, hot_resistance=20.0)
    found = te.rank_materials(GOOD, device=leg, conditions=conditions, engine="numpy")
    single = leg.replace(material=GOOD[1]).solve(conditions.replace(load="max_efficiency"))
    assert found.efficiency[0] == pytest.approx(single.efficiency, rel=1e-6)
    for more, words in (
        ({"contact": CONTACT}, "either this or a device"),
        ({"pairs": True}, "a module is expected for pairs"),
        ({"most": 0}, "a whole number from 1"),
    ):
        with pytest.raises(InputError, match=words):
            te.rank_materials(GOOD, device=leg, **ENDS, **more)
    with pytest.raises(InputError, match="no n-type material"):
        te.rank_materials(GOOD[:2], **ENDS, pairs=True)
    with pytest.raises(InputError, match="T_cold"):
        te.rank_materials(GOOD, T_hot=400.0)


def test_most_keeps_the_best_legs():
    found = te.rank_materials(GOOD, **ENDS, pairs=True, most=1, engine="numpy")
    assert list(zip(found.p_material, found.n_material, strict=True)) == [("p2", "n2")]


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cards = [str(m.save(tmp_path / f"{m.name}.toml")) for m in GOOD]
    hot, cold = ["--t-hot", "480"], ["--t-cold", "56.85 degC"]
    assert (
        entry(["materials", "rank", *cards, *hot, *cold, "--pairs", "--contact", "5 uohm cm2", "--top", "1"])
        == 0
    )
    out = capsys.readouterr().out
    assert "p2" in out
    assert "3 more" in out
    for ending in ("csv", "html"):
        assert entry(["materials", "rank", *cards, *hot, *cold, "--out", f"found.{ending}"]) == 0
        assert "n1" in (tmp_path / f"found.{ending}").read_text(encoding="utf-8")
    capsys.readouterr()
    assert entry(["materials", "rank", *cards, *hot, *cold, "--json", "--carrier", "n"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["kind"] == "ranking"
    assert found["material"] == ["n2", "n1"]
    assert entry(["materials", "rank", *cards, *hot]) == 2
    assert entry(["materials", "rank", *cards, *hot, *cold, "--out", "found.txt"]) == 2
    assert entry(["materials", "rank", "nosuch.duckdb", *hot, *cold]) == 2
    assert "there is no such file" in capsys.readouterr().err
