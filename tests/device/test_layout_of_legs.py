"""The plan of a module: what follows from what is stated, and every fault of it."""

import itertools
from typing import Any

import numpy as np
import pytest

import ioffe as te
from ioffe.device.parameters import numbers
from tests.device.cases import constant

LAYOUT: Any = te.Layout
P, N = constant(2e-4), constant(-2e-4)
FILE = """
format = 1
[module]
couples = 4
{module}
[module.p]
material = "Bi0.42Sb1.58Te3"
length = "1.6 mm"
area = "1.4 mm x 1.4 mm"
[module.n]
material = "Bi2Te2.7Se0.3"
length = "1.6 mm"
area = "1.2 mm x 1.4 mm"
{layout}
[[module.hot]]
layer = "Cu"
thickness = "0.3 mm"
[operate]
mode = "generate"
T_hot = "473 K"
T_cold = "303 K"
"""


def module(couples=7, areas=("1.4 mm x 1.4 mm", "1.4 mm x 1.4 mm"), **more):
    p, n = (te.Leg(m, "1.6 mm", area) for m, area in zip((P, N), areas, strict=True))
    return te.Module(p, n, couples, hot=[te.Layer("Cu", "0.3 mm")], cold=[te.Layer("Cu", "0.3 mm")], **more)


def area(r):
    return (r[1] - r[0]) * (r[3] - r[2])


@pytest.mark.parametrize("couples", [1, 2, 7, 17, 127])
def test_gap_and_fill_factor_say_the_same(couples):
    by_fill = module(couples, fill_factor=0.28)
    plan = by_fill.plan
    gap = plan.pitch[0] - 1.4e-3
    by_gap = module(couples, layout=LAYOUT(gap=gap))
    assert by_gap.fill_factor == pytest.approx(0.28, rel=1e-12)
    assert area(plan.hot_plate) == pytest.approx(by_fill.footprint, rel=1e-12)
    assert np.array(by_gap.plan.legs) == pytest.approx(np.array(plan.legs), abs=1e-15)
    # a given distance of the rows leaves the rest of the footprint to the columns
    apart = module(couples, fill_factor=0.28, layout=LAYOUT(row_gap="2 mm"))
    assert apart.plan.pitch[1] == pytest.approx(3.4e-3)
    assert area(apart.plan.hot_plate) == pytest.approx(by_fill.footprint, rel=1e-12)


@pytest.mark.parametrize("terminals", ["cold", "hot"])
def test_current_winds_through_all_legs(terminals):
    stated = {"rows": 3, "columns": 5, "gap": "1 mm", "row_gap": "0.8 mm", "overhang": "0.1 mm"}
    layout = LAYOUT(**stated, terminals=terminals)
    plan = module(7, areas=("1.4 mm x 1.4 mm", "1.1 mm x 1.3 mm"), layout=layout).plan
    joins = sorted(plan.hot_joins + plan.cold_joins)
    assert [j for j in joins if len(j) == 2] == [(k, k + 1) for k in range(13)]
    alone = plan.cold_joins if terminals == "cold" else plan.hot_joins
    assert [j for j in alone if len(j) == 1] == [(0,), (13,)]
    for a, b in itertools.pairwise(plan.legs):
        apart = np.abs(np.add(a[::2], a[1::2]) - np.add(b[::2], b[1::2])) / 2
        assert sorted(apart) == pytest.approx([0, plan.pitch[int(apart[1] > apart[0])]], abs=1e-12)
    for electrodes, found in ((plan.hot, plan.hot_joins), (plan.cold, plan.cold_joins)):
        for box, legs in zip(electrodes, found, strict=True):
            for k in legs:
                x0, x1, y0, y1 = plan.legs[k]
                assert box[0] <= x0 - 0.99e-4
                assert box[1] >= x1 + 0.99e-4
                assert box[2] <= y0 - 0.99e-4
                assert box[3] >= y1 + 0.99e-4
    assert area(plan.legs[1]) == pytest.approx(1.43e-6)


def test_plates_may_be_larger():
    plan = module(layout=LAYOUT(gap="1 mm", cold_plate="12 mm x 14 mm")).plan
    assert area(plan.cold_plate) == pytest.approx(168e-6)
    assert area(plan.hot_plate) == pytest.approx(16 * 2.4e-3**2)
    assert plan.cold_plate[0] + plan.cold_plate[1] == pytest.approx(plan.hot_plate[1])


def test_legs_that_do_not_fit_are_all_told():
    with pytest.raises(te.InputError) as e:
        LAYOUT(rows=0, gap="-1 mm", overhang=-1e-4, terminals="top", cold_plate="a x b")
    assert [f.location for f in e.value.faults] == ["rows", "gap", "overhang", "terminals", "cold_plate"]
    with pytest.raises(te.InputError, match=r"layout\.rows.*room for 14 legs.* 2 rows are 12"):
        module(layout=LAYOUT(rows=2, columns=6, gap="1 mm"))
    with pytest.raises(te.InputError) as e:
        module(layout=LAYOUT(rows=2, columns=6, gap="1 mm", hot_plate="5 mm x 4 mm", overhang="0.5 mm"))
    places = [f.location for f in e.value.faults]
    assert places == ["layout.rows", "layout.overhang", "layout.hot_plate", "layout.overhang"]
    with pytest.raises(te.InputError, match=r"^fill_factor = 0.7: at most 0\.5625 .*legs overlap"):
        module(fill_factor=0.7, areas=("1.4 mm x 1.4 mm", "0.4 mm x 1.4 mm"), layout=LAYOUT())
    with pytest.raises(te.InputError) as e:
        module(layout=LAYOUT(gap="0.2 mm", overhang="0.1 mm", hot_plate="5 mm x 9 mm"))
    assert [f.location for f in e.value.faults] == ["layout.overhang", "layout.hot_plate", "layout.overhang"]
    assert "electrodes of the cold side touch" in str(e.value)
    assert "at least 6.4 mm x 9 mm" in str(e.value)
    with pytest.raises(te.InputError, match="layout.gap decides it"):
        module(fill_factor=0.3, layout=LAYOUT(gap="1 mm"))


def test_a_gap_stays_where_the_module_changes():
    device = module(layout=LAYOUT(gap="1 mm"))
    wide = device.replace(p=device.p.replace(area="1.8 mm x 1.4 mm"))
    assert wide.plan.pitch[0] == pytest.approx(2.8e-3)
    assert wide.fill_factor == pytest.approx(7 * (1.8 + 1.4) * 1.4 / (16 * 2.8 * 2.4))
    assert device.replace(layout=None, fill_factor=0.3).fill_factor == 0.3
    # what is said varies, and the fill factor follows
    known = numbers(device)
    assert known["layout.gap"] == 1e-3
    assert "fill_factor" not in known


def test_layout_in_a_device_file(tmp_path):
    path = tmp_path / "module.toml"
    layout = '[module.layout]\nrows = 2\ngap = "1 mm"\noverhang = "0.1 mm"\ncold_plate = "12 mm x 6 mm"\n'
    path.write_text(FILE.format(module="", layout=layout))
    device, _ = te.read_device(path)
    assert device.layout == LAYOUT(rows=2, gap="1 mm", overhang="0.1 mm", cold_plate=(12e-3, 6e-3))
    wrong = layout.replace('"1 mm"', '"1 kg"').replace("overhang", "overhng").replace("= 2", "= 0")
    path.write_text(FILE.format(module="fill_factor = 0.3", layout=wrong))
    with pytest.raises(te.InputError) as e:
        te.read_device(path)
    places = {f.location for f in e.value.faults}
    assert places == {f"module.layout.{key}" for key in ("gap", "overhng", "rows")}
    # the rest of a faulty layout is checked beside its faults, and what they lead to is not told
    wrong = layout.replace('"1 mm"', '"-1 mm"').replace("12 mm x 6 mm", "5 mm x 5 mm")
    more = 'hot_flux = [[1, 2], [3]]\nhot_patch = [0, "90 mm", 0, "1 mm"]\n[module.layout.legs.14]\n'
    leg = 'material = "Bi0.42Sb1.58Te3"\nlength = "1.6 mm"\narea = "1.4 mm x 1.4 mm"\n'
    path.write_text(FILE.format(module="", layout=wrong + more + leg).replace("couples = 4", "couples = 6"))
    with pytest.raises(te.InputError) as e:
        te.read_device(path)
    places = {f.location for f in e.value.faults}
    assert places == {f"module.layout.{key}" for key in ("gap", "hot_flux", "cold_plate", "legs[14]")}
    path.write_text(FILE.format(module="", layout=layout.replace('"1 mm"', '"0.1 mm"')))
    with pytest.raises(te.InputError, match=r"module\.layout\.overhang"):
        te.read_device(path)


def test_plan_is_drawn():
    device = module(layout=LAYOUT(gap="1 mm", cold_plate="12 mm x 14 mm"))
    ax: Any = device.plan.plot()
    assert len(ax.patches) == 2 + 14 + 7 + 8
    widths = sorted(round(p.get_width(), 6) for p in ax.patches[:2])
    assert widths == [9.6, 12.0]
    assert ax.get_xlabel() == "$x$ (mm)"
    # upwards, as edges of patches and rows of maps count
    low, high = ax.get_ylim()
    assert low < high
