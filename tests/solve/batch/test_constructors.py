"""What the constructors refuse is refused in a batch, and every path gives what the loop gives."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ioffe as te
from ioffe.device import parameters
from ioffe.device.cascade import named_legs
from ioffe.engine import compiled

P, N, METAL, INSULATOR = "Bi0.42Sb1.58Te3", "Bi2Te2.7Se0.3", "Cu", "Al2O3"
CONTACT = te.Contact("5 uohm cm2", "2e-6 m2 K/W")


def leg(material=P, **more):
    return te.Leg(material, "1.6 mm", "1 mm x 2 mm", contact=CONTACT, **more)


def segments(**more):
    parts = [te.Segment(P, "1 mm"), te.Segment(P, "0.6 mm")]
    return te.Leg(segments=parts, area="2 mm2", between=CONTACT, side=te.SideLoss(20.0, 0.3), **more)


def module():
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    return te.Module(
        p=leg(),
        n=leg(N),
        couples=3,
        fill_factor=0.3,
        hot=stack,
        cold=stack,
        filler=te.GapFiller(0.02, 0.5),
        series_resistance=1e-3,
    )


def graded():
    return te.GradedLeg({0.0: P, 1.0: "Bi0.48Sb1.52Te3"}, "1.6 mm", "2 mm2", slices=4, contact=CONTACT)


DEVICES = {
    "leg": leg(),
    "plain": te.Leg(P, "1.6 mm", "2 mm2"),
    "side": leg(side=te.SideLoss(20.0, 0.3)),
    "segments": segments(),
    "graded": graded(),
    "module": module(),
    "couple": te.Module(p=graded(), n=leg(N), fill_factor=0.3),
    "gaps": te.Module(
        leg(), leg(N), 3, layout=te.Layout(gap="1 mm", row_gap="2 mm"), filler=te.GapFiller(0.02)
    ),
}
CONDITIONS = {
    "current": te.Generator(T_hot=420, T_cold=310, current=0.3, T_ambient=300),
    "best": te.Generator(T_hot=420, T_cold=310, hot_resistance=2.0),
    "heat": te.Generator(heat=0.5, T_cold=310, voltage=0.01, T_ambient=300, cold_convection=5.0),
    "efficient": te.Generator(
        T_hot=420, T_cold=310, load="max_efficiency", T_ambient=300, hot_emissivity=0.5
    ),
    "loaded": te.Generator(heat=0.5, T_cold=310, load=0.02, T_ambient=300),
    "cooler": te.Cooler(T_hot=310, T_cold=295, current=0.4, hot_resistance=1.0, T_ambient=300),
    "load": te.Cooler(T_hot=310, heat=1e-3, current=0.4, T_ambient=300),
    "volts": te.Cooler(T_hot=310, T_cold=300, voltage=0.02, T_ambient=300, cold_convection=5.0),
    "coldest": te.Cooler(T_hot=310, heat=1e-3, aim="delta_T", T_ambient=300),
    "COP": te.Cooler(T_hot=310, T_cold=300, current="max_COP", T_ambient=300),
    "carrying": te.Cooler(T_hot=310, T_cold=300, heat=1e-3, T_ambient=300),
}
SPECIAL = {
    "T_hot": [450.0, 330.0, 305.0],
    "T_cold": [280.0, 310.0, 330.0],
    "T_ambient": [280.0, 320.0],
    "heat": [1e-3, 0.3, 0.0, -0.1],
    "current": [0.0, 0.2, -0.1],
    "voltage": [0.0, 0.02],
    "load": [0.01, 0.1],
    "hot_heat_transfer_coefficient": [0.0, 5e3, 1e4],
    "cold_heat_transfer_coefficient": [0.0, 5e3, 1e4],
    "couples": [1, 3, 5],
    "fill_factor": [0.2, 0.5],
}
"""Values of conditions; other numbers are multiples of their own."""
FACTORS = {
    "": [1.0, 0.5, 1.5],
    "emissivity": [0.0, 0.4, 0.9],
    "resistance": [0.0, 1.0],
    "convection": [0.0, 8.0],
    "conductivity": [0.0, 0.05],
}


def values_of(path, device, conditions):
    """Values for a path, some of them against a rule."""
    if path.endswith("material"):
        return (
            [INSULATOR, METAL]
            if path.startswith(("hot", "cold"))
            else [P, P, "Bi0.48Sb1.52Te3", N, INSULATOR]
        )
    if path in SPECIAL:
        return SPECIAL[path]
    numbers = parameters.numbers(device, conditions)
    full = parameters.meant(device, conditions, path)[0]
    leg = dict(named_legs(device)).get(full.removesuffix("length"))
    base = leg.length if leg else numbers.get(full)
    ending = path.rpartition("_")[2].rpartition(".")[2]
    return FACTORS[ending] if ending in FACTORS else [(base or 1e-9) * k for k in FACTORS[""]]


def short_forms(path):
    """Other names of a number, which move several."""
    head, _, last = path.rpartition(".")
    found = {re.sub(r"contact_(hot|cold)", "contact", path), re.sub(r"between\[\d+\]", "between", path)}
    if "segments[" in head and last == "length":
        found.add(re.sub(r"segments\[\d+\]\.", "", path))
    found |= {"legs" + name[1:] for name in found | {path} if name.startswith("p.")}
    return found - {path}


def written_out(device, conditions, row):
    return {full: value for path, value in row.items() for full in parameters.meant(device, conditions, path)}


def apart(device, conditions):
    """Whether paths move different numbers; others are refused as a whole, a loop would overwrite them."""

    def judged(paths):
        moved = parameters.MovedOnce(device, conditions)
        try:
            for path in paths:
                moved.by(path)
        except te.InputError:
            return False
        return True

    return judged


@st.composite
def batches(draw):
    device = DEVICES[draw(st.sampled_from(sorted(DEVICES)))]
    conditions = CONDITIONS[draw(st.sampled_from(sorted(CONDITIONS)))]
    own = [k for k in parameters.CONDITIONS if hasattr(conditions, k)]
    counts = ["couples"] if isinstance(device, te.Module) else []
    known = {*parameters.numbers(device, conditions), *own, *parameters.materials(device), *counts}
    known = sorted(known | {short for path in known for short in short_forms(path)})
    paths = draw(
        st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True).filter(
            apart(device, conditions)
        )
    )
    n = draw(st.integers(1, 3))
    row = {
        k: st.lists(st.sampled_from(values_of(k, device, conditions)), min_size=n, max_size=n) for k in paths
    }
    return device, conditions, draw(st.fixed_dictionaries(row))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches(), st.sampled_from(["numpy", "compiled"] if compiled.available() else ["numpy"]))
def test_a_batch_is_the_loop_of_single_solves(drawn, engine):
    device, conditions, vary = drawn
    rows = [dict(zip(vary, row, strict=True)) for row in zip(*vary.values(), strict=True)]
    single, refused = [], []
    for row in rows:
        try:
            this, there = parameters.rebuilt(device, conditions, written_out(device, conditions, row))
            single.append(this.solve(there, tolerance=1e-8, maxima=False))
        except te.InputError as error:
            refused.append(error)
    if refused:
        with pytest.raises(te.InputError):
            te.solve_batch(device, conditions, vary, engine=engine)
        return
    batch = te.solve_batch(device, conditions, vary, engine=engine, tolerance=1e-8)
    assert batch.point_status.tolist() == [int(r.status) for r in single]
    for key in ("voltage", "current", "heat_hot", "heat_cold", "T_hot_junction", "T_cold_junction"):
        expected = np.array([getattr(r, key) for r in single], float)
        scale = np.max(np.abs(expected), initial=1e-4, where=np.isfinite(expected))
        np.testing.assert_allclose(batch.values[key], expected, rtol=1e-6, atol=1e-8 * scale, err_msg=key)


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_leg_of_another_material_takes_its_carrier(engine):
    if engine == "compiled":
        pytest.importorskip("numba", reason="numba is an optional extra")
    conditions = te.Generator(T_hot=400, T_cold=300, current=0.1)
    batch = te.solve_batch(leg(), conditions, {"material": [P, N]}, engine=engine)
    single = [leg().replace(material=m).solve(conditions).power for m in (P, N)]
    np.testing.assert_allclose(batch.power, single, rtol=1e-6)
    assert batch.power.min() > 1e-3


@pytest.mark.parametrize(
    ("device", "conditions", "vary", "words"),
    [
        (leg(), "current", {"material": [P, INSULATOR]}, ["vary.material[1]", "conducts electricity"]),
        (module(), "current", {"p.material": [P, N]}, ["vary.p.material[1]", "p-type", "exchange"]),
        (segments(), "current", {"segments[1].material": [N, P]}, ["vary.segments[0]", "not of both"]),
        (leg(), "heat", {"heat": [0.1, 0.0]}, ["vary.heat[1]", "above zero"]),
        (leg(), "best", {"hot_emissivity": [0.0, 0.1]}, ["vary.T_ambient[1]", "outer faces"]),
        (leg(), "best", {"hot_heat_transfer_coefficient": [10.0]}, ["vary.hot_resistance[0]", "only one"]),
        (leg(), "current", {"T_hot": [[400], [309]], "T_cold": [300, 310]}, ["vary.T_cold[1, 1]"]),
    ],
)
def test_rules_of_the_constructors(device, conditions, vary, words):
    with pytest.raises(te.InputError) as caught:
        te.solve_batch(device, CONDITIONS[conditions], vary)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("device", "path", "words"),
    [
        ("gaps", "fill_factor", "layout.gap decides it, which varies"),
        ("gaps", "footprint", "layout.gap decides it, which varies"),
        ("gaps", "layout.overhang", "it counts in three dimensions alone"),
        ("gaps", "layout.rows", "rows and columns stay"),
        ("module", "footprint", "fill_factor varies in its place"),
        ("module", "layout.gap", "the device states no gap: fill_factor varies in its place"),
        ("plain", "side.convection", "it states no convection of side"),
    ],
)
def test_why_a_number_does_not_vary(device, path, words):
    with pytest.raises(te.InputError, match=words):
        te.solve_batch(DEVICES[device], CONDITIONS["current"], {path: [1e-3]})


def test_a_gap_decides_the_fill_factor_of_every_device():
    vary = {"legs.area": [1e-6, 4e-6], "couples": [3, 5], "layout.gap": [1e-3, 2e-3]}
    batch = te.solve_batch(DEVICES["gaps"], CONDITIONS["best"], vary, engine="numpy", gradient="layout.gap")
    for k, (area, couples, gap) in enumerate(zip(*vary.values(), strict=True)):
        device = DEVICES["gaps"]
        p, n = (one.replace(area=area) for one in (device.p, device.n))
        own = device.replace(p=p, n=n, couples=couples, layout=device.layout.replace(gap=gap))
        assert batch.power_density[k] == pytest.approx(own.solve(CONDITIONS["best"]).power_density, rel=1e-6)
    moved = vary | {"layout.gap": np.array(vary["layout.gap"]) * 1.001}
    slope = (te.solve_batch(DEVICES["gaps"], CONDITIONS["best"], moved).power - batch.power) / (
        0.001 * np.array(vary["layout.gap"])
    )
    np.testing.assert_allclose(batch.gradient["power"]["layout.gap"], slope, rtol=5e-3)


def test_segments_take_the_carrier_of_all_their_new_materials():
    device, conditions = segments(), CONDITIONS["COP"]
    row = {"segments[1].material": N, "segments[0].material": N}
    this, there = parameters.rebuilt(device, conditions, row)
    batch = te.solve_batch(device, conditions, {path: [name] for path, name in row.items()}, engine="numpy")
    assert batch.COP == pytest.approx(this.solve(there).COP, rel=1e-6)


def test_the_carrier_that_was_given_stays():
    mixed = te.Leg(segments=[te.Segment(P, "1 mm"), te.Segment(N, "0.1 mm")], area="2 mm2", carrier="p")
    conditions = te.Generator(T_hot=400, T_cold=300, current=0.1)
    vary = {"segments[0].material": [P, "Bi0.48Sb1.52Te3"]}
    batch = te.solve_batch(mixed, conditions, vary, engine="numpy")
    assert np.all(batch.power > 0)


OTHER_P = "Bi0.48Sb1.52Te3"


@pytest.mark.parametrize(
    ("device", "conditions", "vary"),
    [
        ("leg", "current", {"material": [P, N, OTHER_P], "T_hot": [400.0, 410.0, 420.0]}),
        ("leg", "cooler", {"material": [P, N, OTHER_P]}),
        ("segments", "heat", {"segments[1].material": [OTHER_P, P], "heat": [0.4, 0.5]}),
        ("segments", "current", {"segments[0].material": [OTHER_P, P], "segments[1].material": [P, OTHER_P]}),
        ("module", "best", {"p.material": [P, OTHER_P, P], "n.area": [1e-6, 2e-6, 2e-6]}),
        ("module", "load", {"p.material": [P, OTHER_P], "hot[0].material": [METAL, "Al2O3"]}),
    ],
)
def test_devices_of_different_materials_are_solved_together(device, conditions, vary):
    pytest.importorskip("numba", reason="numba is an optional extra")
    device, conditions = DEVICES[device], CONDITIONS[conditions]
    together, apart = (
        te.solve_batch(device, conditions, vary, engine=engine, tolerance=1e-9)
        for engine in ("compiled", "numpy")
    )
    assert together.point_status.tolist() == apart.point_status.tolist()
    for key in ("voltage", "current", "heat_hot", "T_hot_junction"):
        np.testing.assert_allclose(
            together.values[key], apart.values[key], rtol=1e-7, atol=1e-12, err_msg=key
        )


def test_rules_are_checked_once_for_every_material_of_a_leg(monkeypatch):
    calls = []
    real = parameters.rebuilt

    def counted(*given):
        calls.append(given)
        return real(*given)

    monkeypatch.setattr("ioffe.solve.batch.cases.rebuilt", counted)
    pairs = np.meshgrid([P, OTHER_P, P, OTHER_P, P], [N] * 4, indexing="ij")
    vary = {"p.material": pairs[0], "n.material": pairs[1]}
    te.solve_batch(module(), CONDITIONS["current"], vary, engine="numpy")
    assert len(calls) <= 3  # two p materials and one n material, not their pairs
