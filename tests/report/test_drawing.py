"""The drawing of the device: well-formed, to scale, in order, with every name."""

import itertools
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.device import Generator, Layer, Leg, Segment
from ioffe.device.layout import leg_grid
from ioffe.report.drawing import drawing, spread
from tests.report.devices import HOSTILE, module

SVG = "{http://www.w3.org/2000/svg}"
CONDITIONS = Generator(T_hot=500, T_cold=300)


def rects(svg, word):
    root = ET.fromstring(svg)
    found = [r for r in root.iter(f"{SVG}rect") if word in r.get("class", "").split()]
    return [{k: float(r.get(k)) for k in ("x", "y", "width", "height")} | {"of": r} for r in found]


def words(svg):
    return " ".join("".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text"))


def test_every_part_of_a_couple_is_drawn_at_one_scale():
    svg = drawing(module(), CONDITIONS)
    parts = rects(svg, "part")
    scales = [p["width"] / float(p["of"].get("data-width")) for p in parts]
    scales += [p["height"] / float(p["of"].get("data-height")) for p in parts]
    assert max(scales) / min(scales) < 1.0005
    true = {(p["of"].get("data-material"), p["of"].get("data-height")) for p in parts}
    assert {("Al2O3", "0.0006"), ("Cu", "0.0003"), ("Bi0.5Sb1.5Te3", "0.003"), ("AlN", "0.0008")} <= true
    assert "not to scale" not in words(svg)


def test_scale_bars_are_as_long_as_they_say():
    svg = drawing(module(), CONDITIONS)
    side, plan = rects(svg, "scale-bar")
    leg = rects(svg, "p")[0]
    scale = leg["width"] / float(leg["of"].get("data-width"))
    assert side["width"] == pytest.approx(scale * float(side["of"].get("data-width")), abs=0.01)
    top = next(r for r in rects(svg, "plan") if "p" in r["of"].get("class"))
    assert top["width"] / 2e-3 == pytest.approx(plan["width"] / float(plan["of"].get("data-width")), rel=1e-3)


def test_hot_is_above_and_layers_stand_in_order():
    svg = drawing(module(), CONDITIONS)
    hot, cold = rects(svg, "reservoir")
    parts = rects(svg, "part")
    assert hot["y"] + hot["height"] <= min(p["y"] for p in parts)
    assert cold["y"] >= max(p["y"] + p["height"] for p in parts)
    order = [p["of"].get("data-material") for p in sorted(parts, key=lambda p: p["y"])]
    assert list(dict.fromkeys(order)) == ["Al2O3", "Cu", "Bi0.5Sb1.5Te3", "Bi2Te2.7Se0.3", "AlN"]
    red, blue = (int(hot["of"].get("fill")[i : i + 2], 16) for i in (1, 5))
    assert red > blue
    assert "hot plate 500" in words(svg).replace("\u00a0", " ")


def test_a_thermal_resistance_is_drawn_as_fins_before_its_reservoir():
    svg = drawing(module(), Generator(T_hot=500, T_cold=300, cold_resistance="0.2 K/W"))
    fins, (_, cold) = rects(svg, "sink"), rects(svg, "reservoir")
    bottom = max(part["y"] + part["height"] for part in rects(svg, "part"))
    assert len(fins) > 3
    assert all(bottom <= fin["y"] <= cold["y"] for fin in fins)
    assert "cold reservoir 300 K, behind 0.2 K/W" in words(svg).replace("\u00a0", " ")
    assert not rects(drawing(module(), CONDITIONS), "sink")


def test_the_temperatures_fit_into_their_strips(single):
    svg = drawing(single.device, Generator(T_hot=["573.15 K", "773.15 K"], T_cold=300, T_ambient=300))
    hot, _ = rects(svg, "reservoir")
    assert hot["width"] > 0.55 * 11 * len("hot plate 573.15 K to 773.15 K")
    leg = rects(svg, "p")[0]
    assert hot["x"] + hot["width"] / 2 == pytest.approx(leg["x"] + leg["width"] / 2, abs=0.02)


def test_parts_touch_and_fill_the_height():
    parts = rects(drawing(module(), CONDITIONS), "part")
    column = sorted((p for p in parts if p["x"] <= 70 <= p["x"] + p["width"]), key=lambda p: p["y"])
    assert len(column) == 5
    for above, below in itertools.pairwise(column):
        assert below["y"] == pytest.approx(above["y"] + above["height"], abs=0.02)


def test_the_electrode_joins_the_legs_at_the_hot_side_and_parts_them_at_the_cold():
    solder = Layer("Sn63Pb37 solder", "50 um", coverage="legs")
    plates = [solder, Layer("Cu", "0.3 mm"), Layer("Al2O3", "0.6 mm"), Layer("Cu", "0.1 mm")]
    svg = drawing(module(hot=plates, cold=plates), CONDITIONS)
    p, n = (rects(svg, kind)[0] for kind in ("p", "n"))

    def pieces(side, name, height):
        found = [r for r in rects(svg, side) if r["of"].get("data-material") == name]
        found = [r for r in found if r["of"].get("data-height") == height]
        return [(r["x"], r["x"] + r["width"]) for r in sorted(found, key=lambda r: r["x"])]

    legs = [(leg["x"], leg["x"] + leg["width"]) for leg in (p, n)]
    for side in ("hot", "cold"):
        assert np.allclose(pieces(side, "Sn63Pb37 solder", "5e-05"), legs, atol=0.02)
        assert len(pieces(side, "Cu", "0.0001")) == 1
    ((left, right),) = pieces("hot", "Cu", "0.0003")
    assert left < legs[0][0]
    assert right > legs[1][1]
    first, second = pieces("cold", "Cu", "0.0003")
    assert first == pytest.approx((left, legs[0][1]), abs=0.02)
    assert second == pytest.approx((legs[1][0], right), abs=0.02)


def test_a_layer_too_thin_to_see_is_drawn_thicker_and_named(single):
    svg = drawing(single.device)
    thin = [p for p in rects(svg, "part") if p["of"].get("data-exaggerated")]
    assert [p["of"].get("data-material") for p in thin] == ["Ni"]
    assert thin[0]["height"] == 1.5
    assert "not to scale" in words(svg)
    assert "Ni (2\u00a0µm)" in words(svg)


def test_a_single_leg_has_no_plan_and_labels_all_segments(single):
    svg = drawing(single.device, single.conditions)
    assert not rects(svg, "plan")
    for name in ("Ni", "Bi0.5Sb1.5Te3", "Bi0.42Sb1.58Te3"):
        assert name in words(svg)


@pytest.mark.parametrize("couples", [2, 7, 17, 127])
def test_the_plan_is_a_serpentine_that_alternates(couples):
    device = module(couples)
    legs = rects(drawing(device), "plan")
    assert len(legs) == 2 * couples
    assert ["pn"[k % 2] for k in range(len(legs))] == [r["of"].get("class").split()[1] for r in legs]
    columns, rows = leg_grid(2 * couples)
    pitch = np.array(device.plan.pitch) * 230.0 / (columns * device.plan.pitch[0])
    middles = [(r["x"] + r["width"] / 2, r["y"] + r["height"] / 2) for r in legs]
    for (x, y), (u, v) in itertools.pairwise(middles):
        assert abs(x - u) + abs(y - v) == pytest.approx(pitch[int(abs(y - v) > abs(x - u))], abs=0.05)
    assert len({(round(x), round(y)) for x, y in middles}) == 2 * couples
    drawn = sum(r["width"] * r["height"] for r in legs) / (columns * rows * pitch.prod())
    assert drawn == pytest.approx(device.fill_factor, rel=2e-3)


def test_more_legs_than_can_be_seen_are_not_drawn():
    svg = drawing(module(600))
    assert not rects(svg, "plan")
    assert "too many" in words(svg)


def test_hostile_names_stay_text(hostile):
    svg = drawing(hostile.device, hostile.conditions)
    assert "<script" not in svg
    assert HOSTILE.replace("\x07", "?")[:33] in words(svg)


def test_slender_and_flat_legs_are_drawn():
    for length, area in (("30 mm", "1 mm2"), ("5 um", "1 cm2")):
        leg = Leg(segments=[Segment("Bi2Te3", length)], area=area)
        (part,) = rects(drawing(leg), "part")
        ratio = float(part["of"].get("data-height")) / float(part["of"].get("data-width"))
        if not part["of"].get("data-exaggerated"):
            assert part["height"] / part["width"] == pytest.approx(ratio, rel=1e-3)
        assert part["height"] >= 1.5


@given(st.lists(st.floats(0, 300), min_size=1, max_size=12).map(sorted), st.floats(1, 30))
def test_labels_keep_their_distance(wanted, distance):
    found = spread(wanted, distance)
    assert all(b - a >= distance - 1e-9 for a, b in itertools.pairwise(found))
    assert sum(found) == pytest.approx(sum(wanted), abs=1e-6)


@given(st.integers(1, 3000))
def test_places_hold_all_legs_in_a_near_square(couples):
    columns, rows = leg_grid(2 * couples)
    assert columns * rows >= 2 * couples
    assert (rows - 1) * columns < 2 * couples
    assert columns <= 1.6 * rows + 1
