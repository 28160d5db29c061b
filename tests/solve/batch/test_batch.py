"""Every device of a batch is what a single solve of the same device gives."""

import pickle

import numpy as np
import pytest

import ioffe as te
from tests.device.cases import cold_material, hot_material, middle_material

ENGINES = ("numpy", "compiled")


def couple(**changes):
    p = te.Leg(
        segments=[te.Segment(hot_material(), "2 mm"), te.Segment(cold_material(), "1 mm")],
        area="4 mm2",
        contact=te.Contact("5 uohm cm2", "1e-6 m2 K/W"),
        between=te.Contact("2 uohm cm2"),
        carrier="p",
    )
    n = te.Leg("generic n cooler leg", "3 mm", "3 mm2", contact=te.Contact("3 uohm cm2"))
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    options = {"couples": 31, "fill_factor": 0.5, "hot": stack, "cold": stack, "series_resistance": "2 mohm"}
    return te.Module(p=p, n=n, **(options | changes))


def small_leg(**changes):
    options = {"length": "2 mm", "area": "2 mm2", "contact": te.Contact("4 uohm cm2")}
    return te.Leg(middle_material(), **(options | changes))


def cooler(**changes):
    legs = {k: te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.96 mm2") for k in ("p", "n")}
    return te.Module(**legs, couples=127, fill_factor=0.3, **changes)


CASES = {
    "leg at a current": (
        small_leg(),
        te.Generator(T_hot=700, T_cold=320, current=1.0),
        {"length": [1e-3, 3e-3, 5e-3], "current": [2.0, -0.5, 0.0], "T_hot": [500, 600, 800]},
    ),
    "leg at its largest efficiency": (
        small_leg(),
        te.Generator(T_hot=700, T_cold=320, current="max_efficiency"),
        {
            "contact.electrical": [0.0, 1e-9, 2e-9],
            "material": [hot_material("linear"), middle_material("cubic")] * 2,
        },
    ),
    "couple with plates at its largest power": (
        couple(),
        te.Generator(T_hot=800, T_cold=310, load="max_power", cold_heat_transfer_coefficient=3000.0),
        {
            "p.segments[0].length": [1e-3, 2e-3, 3e-3],
            "n.area": [2e-6, 3e-6, 4e-6],
            "fill_factor": [0.2, 0.4, 0.6],
            "hot[1].thickness": [0.3e-3, 0.6e-3, 1e-3],
            "series_resistance": [0.0, 1e-3, 5e-3],
        },
    ),
    "couple at a load": (
        couple(),
        te.Generator(T_hot=800, T_cold=310, load="1 ohm"),
        {
            "load": [0.1, 1.0, 10.0],
            "T_cold": [300.0, 320.0, 350.0],
            "p.contact_hot.thermal": [0.0, 1e-6, 1e-5],
        },
    ),
    "couple with given heat and voltage": (
        couple(),
        te.Generator(heat="60 W", T_cold=310, voltage="0.5 V"),
        {"heat": [40.0, 60.0, 90.0], "voltage": [0.0, 0.3, 0.4]},
    ),
    "leg that loses heat": (
        small_leg(side=te.SideLoss(20.0, 0.5)),
        te.Generator(T_hot=700, T_cold=320, current="max_power", T_ambient=300),
        {
            "side.convection": [0.0, 10.0, 200.0],
            "side.emissivity": [0.0, 0.3, 1.0],
            "T_ambient": [290, 300, 350],
        },
    ),
    "cooler at its largest heat": (
        cooler(),
        te.Cooler(T_hot=320, T_cold=300, current="max_heat"),
        {"T_cold": [260.0, 300.0, 320.0], "legs.length": [1e-3, 1.6e-3, 3e-3], "couples": [31, 71, 127]},
    ),
    "cooler at its best coefficient": (
        cooler(),
        te.Cooler(T_hot=320, T_cold=300, current="max_COP"),
        {"T_cold": [290.0, 300.0, 310.0], "legs.contact.electrical": [0.0, 1e-9, 5e-9]},
    ),
    "cooler that carries a heat": (
        cooler(),
        te.Cooler(T_hot=320, T_cold=300, heat="10 W"),
        {"heat": [5.0, 10.0, 20.0], "T_cold": [290.0, 300.0, 310.0]},
    ),
    "cooler at its largest difference": (
        cooler(),
        te.Cooler(T_hot=300, heat="1 W", aim="delta_T"),
        {"heat": [0.0, 1.0, 5.0], "T_hot": [290.0, 300.0, 330.0]},
    ),
    "cooler at a current": (
        cooler(),
        te.Cooler(T_hot=300, heat=0.0, current="1 A"),
        {"current": [0.5, 1.0, 2.0], "legs.area": [1e-6, 1.96e-6, 3e-6]},
    ),
}


def one_by_one(device, conditions, vary):
    """The same devices built and solved one after the other."""
    shape = np.broadcast_shapes(*(np.shape(v) for v in vary.values()))
    full = {k: np.broadcast_to(np.asarray(v, object), shape).ravel() for k, v in vary.items()}
    results = []
    for i in range(int(np.prod(shape))):
        this, there = device, conditions
        for path, values in full.items():
            this, there = changed(this, there, path, values[i])
        results.append(this.solve(there, tolerance=1e-10))
    return results


def changed(device, conditions, path, value):
    head, _, rest = path.partition(".")
    if path == "couples":
        return device.replace(couples=int(value)), conditions
    if hasattr(conditions, path):
        return device, conditions.replace(**{path: value})
    if head == "legs":
        for leg in ("p", "n"):
            device, conditions = changed(device, conditions, f"{leg}.{rest}", value)
        return device, conditions
    if head in ("p", "n"):
        return device.replace(
            **{head: changed(getattr(device, head), conditions, rest, value)[0]}
        ), conditions
    if head.startswith(("contact", "side")):
        now = getattr(device, head if head != "contact" else "contact_hot")
        part = type(now)(**{**vars(now), rest: value})
        return device.replace(**{head: part}), conditions
    if "[" in head:
        name, index = head[:-1].split("[")
        items = list(getattr(device, name))
        items[int(index)] = type(items[0])(**{**vars(items[int(index)]), rest: value})
        return device.replace(**{name: items}), conditions
    return device.replace(**{path: value}), conditions


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_batch_equals_single_solves(name, engine):
    device, conditions, vary = CASES[name]
    vary = {k: np.asarray(v) if not isinstance(v[0], te.Material) else v for k, v in vary.items()}
    if "material" in vary:
        vary = {"contact.electrical": vary["contact.electrical"][:, None], "material": vary["material"]}
    batch = te.solve_batch(device, conditions, vary, tolerance=1e-8, engine=engine)
    assert batch.engine == engine
    single = one_by_one(device, conditions, vary)
    for key in ("voltage", "heat_hot", "heat_cold", "power", "T_cold_junction", "delta_T"):
        expected = np.array([getattr(r, key) for r in single]).reshape(batch.point_status.shape)
        scale = np.max(np.abs(expected)) * 1e-9
        np.testing.assert_allclose(batch.values[key], expected, rtol=2e-7, atol=scale, err_msg=key)
    assert batch.energy_balance < 1e-10
    statuses = np.array([int(r.status) for r in single]).reshape(batch.point_status.shape)
    np.testing.assert_array_equal(batch.point_status, statuses)


@pytest.mark.parametrize("engine", ENGINES)
def test_sweep_runs_from_open_to_short_circuit(engine):
    leg = small_leg()
    batch = te.solve_batch(
        leg, te.Generator(T_hot=700, T_cold=320, current="sweep"), {"length": [1e-3, 2e-3]}, engine=engine
    )
    assert batch.voltage.shape == (2, 61)
    assert np.all(np.abs(batch.voltage[:, -1]) < 1e-6 * batch.voltage[:, 0])
    assert np.all(np.diff(batch.voltage, axis=1) < 0)


def test_points_of_compiled_curves_are_those_of_given_currents():
    conditions = te.Generator(T_hot=700, T_cold=320, current="sweep")
    vary = {
        "length": np.array([1e-3, 2e-3])[:, None],
        "area": np.array([1e-6, 2e-6])[:, None],
        "contact.electrical": [0.0, 1e-9, 5e-9],
        "T_hot": [700.0, 320.01, 500.0],  # the second leg is hottest inside at all but the smallest currents
    }
    options = {"engine": "compiled", "tolerance": 1e-8}
    curves = te.solve_batch(small_leg(), conditions, vary, **options)
    assert curves.power.shape == (2, 3, 61)
    given = {path: np.broadcast_to(values, (2, 3))[..., None] for path, values in vary.items()}
    points = {**given, "current": curves.current}
    alone = te.solve_batch(small_leg(), conditions.replace(current=1.0), points, **options)
    assert np.all(curves.point_status == alone.point_status)
    assert curves.energy_balance < 1e-10
    for name, values in alone.values.items():
        scale = np.max(np.abs(values), axis=-1, keepdims=True)
        np.testing.assert_array_less(np.abs(curves.values[name] - values) / scale, 2e-7, err_msg=name)
    few = te.solve_batch(
        small_leg(), conditions, vary, engine="compiled", tolerance=1e-8, keep="power_density"
    )
    np.testing.assert_array_equal(few.power_density, curves.power_density)


def test_cooler_beyond_its_reach_has_no_numbers():
    batch = te.solve_batch(
        cooler(), te.Cooler(T_hot=300, T_cold=290, heat="10 W"), {"heat": [10.0, 1e4]}, engine="numpy"
    )
    assert list(batch.counts()) == [te.Status.OK, te.Status.UNREACHABLE]
    assert np.isnan(batch.COP[1])


def test_arrays_broadcast():
    batch = te.solve_batch(
        small_leg(),
        te.Generator(T_hot=700, T_cold=320, current=1.0),
        {"length": np.array([[1e-3], [2e-3]]), "T_hot": np.array([500.0, 600.0, 700.0])},
        engine="numpy",
    )
    assert batch.power.shape == batch.point_status.shape == (2, 3)
    frame = batch.to_frame()
    assert len(frame) == 6
    assert frame.index.get_level_values("T_hot").tolist() == [500.0, 600.0, 700.0] * 2


def test_kept_quantities_are_those_of_the_whole_result():
    conditions = te.Cooler(T_hot=300, T_cold=260, current=1.0)
    vary = {"T_cold": [290, 270, 120], "cold_resistance": [0.0, 0.1, 0.0]}
    whole = te.solve_batch(cooler(), conditions, vary)
    few = te.solve_batch(cooler(), conditions, vary, keep=["COP", "T_cold_junction", "current_density"])
    assert list(few.values) == ["COP", "T_cold_junction", "current_density"]
    for name, values in few.values.items():
        np.testing.assert_array_equal(values, whole.values[name])
    assert list(pickle.loads(pickle.dumps(whole)).values) == list(whole.values)
    assert whole.T_cold_junction[0] == pytest.approx(290.0, rel=1e-12)
    assert whole.T_cold_junction[1] > 270.2
    generator = te.Generator(T_hot=700, T_cold=320)
    with pytest.raises(te.InputError, match=r"keep\[0\].*efficency.*efficiency"):
        te.solve_batch(small_leg(), generator, {"length": [1e-3]}, keep=["efficency"])


def test_texts_with_units_are_read():
    conditions = te.Generator(T_hot=700, T_cold=320, current=1.0)
    written = te.solve_batch(small_leg(), conditions, {"length": ["1 mm", "2 mm"]}, engine="numpy")
    plain = te.solve_batch(small_leg(), conditions, {"length": [1e-3, 2e-3]}, engine="numpy")
    np.testing.assert_array_equal(written.power, plain.power)


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        ({"lenght": [1.0]}, ["vary.lenght", 'did you mean "length"']),
        ({"length": [1e-3, -1e-3]}, ["length[1]", "-0.001"]),
        ({"material": ["no such material"]}, ["material[0]", "no such material"]),
        ({"length": [1e-3, 2e-3], "area": [1e-6, 2e-6, 3e-6]}, ["broadcast", "(2,)", "(3,)"]),
        ({"T_hot": [500.0, 310.0]}, ["T_cold[1]", "below T_hot = 310 K"]),
        ({"couples": [3]}, ["couples"]),
        ({"length": []}, ["at least one"]),
        ({"current": [1.0], "load": [1.0]}, ["only one of"]),
    ],
)
def test_faults_are_named_with_their_place(vary, words):
    with pytest.raises(te.InputError) as caught:
        te.solve_batch(small_leg(), te.Generator(T_hot=700, T_cold=320, current=1.0), vary)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("both", "twice"),
    [
        (("legs.length", "p.length"), "p.length"),
        (("p.contact_hot.electrical", "legs.contact.electrical"), "p.contact_hot.electrical"),
        (("p.length", "p.segments[1].length"), "p.length"),
        (("p.segments[0].length", "legs.length"), "p.segments[0].length"),
    ],
)
def test_no_number_is_moved_twice(both, twice):
    first, second = both
    with pytest.raises(te.InputError) as caught:
        te.solve_batch(couple(), te.Generator(T_hot=700, T_cold=320), {path: [1e-3] for path in both})
    assert f"vary.{second}: {twice} is given already, as {first}" in str(caught.value)


def test_lists_in_the_conditions_are_refused():
    with pytest.raises(te.InputError, match="vary"):
        te.solve_batch(
            small_leg(), te.Generator(T_hot=[500, 600], T_cold=320, current=1.0), {"length": [1e-3]}
        )


def test_printing_tells_what_happened():
    batch = te.solve_batch(
        small_leg(),
        te.Generator(T_hot=700, T_cold=320, current=1.0),
        {"length": [1e-3, 2e-3]},
        engine="numpy",
    )
    for word in ("batch of 2 devices", "ok", "energy balance", "interpolation", "efficiency"):
        assert word in repr(batch)


def joule_dominated():
    """A resistivity that rises sevenfold and falls again: T has its maximum inside, hundreds of kelvin up."""
    rho = np.array([8.6e-4, 1.74e-3, 6.26e-3, 8.8e-4])
    return te.Material.from_arrays(
        name="peak",
        carrier="p",
        T=[300.0, 400.0, 700.0, 1000.0],
        seebeck=[1.5e-4, 1.8e-4, 2.4e-4, 3e-4],
        resistivity=rho,
        thermal_conductivity=[0.356, 0.328, 0.346, 0.346],
    )


@pytest.mark.compiled
@pytest.mark.parametrize("tolerance", [1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10])
def test_profiles_with_their_maximum_inside_never_get_lost(tolerance):
    leg = te.Leg(joule_dominated(), "2 mm", "1 mm2")
    vary = {"current": np.linspace(0.25, 0.9, 14), "T_hot": np.array([[400.0], [450.0], [500.0]])}
    a, b = (
        te.solve_batch(
            leg, te.Generator(T_hot=400, T_cold=275, current=1.0), vary, engine=engine, tolerance=tolerance
        )
        for engine in ENGINES
    )
    assert (a.point_status == b.point_status).all()
    assert (a.point_status <= te.Status.OUTSIDE_TABLE).all()
    assert a.heat_hot == pytest.approx(b.heat_hot, rel=20 * tolerance)


@pytest.mark.parametrize("engine", ["numpy", pytest.param("compiled", marks=pytest.mark.compiled)])
def test_materials_beyond_their_ranges_are_told_as_in_single_solves(engine):
    """Also where the ends of a leg are within the range and only its middle is not."""
    narrow = te.Material.from_arrays(
        "narrow",
        "p",
        [300.0, 405.0],
        seebeck=[2e-4, 2e-4],
        resistivity=[2e-5, 2e-5],
        thermal_conductivity=[1.0, 1.0],
    )
    leg = te.Leg(narrow, "2 mm", "1 mm2")
    at, currents = te.Generator(T_hot=400, T_cold=305, current=1.0), [0.1, 2.0, 3.0]
    batch = te.solve_batch(leg, at, {"current": currents}, engine=engine)
    alone = leg.solve(at.replace(current=currents), maxima=False)
    assert batch.point_status.tolist() == alone.point_status.tolist()
    (told,) = (text for text in alone.warnings if "was used from" in text)
    # what is fine at the first current does not count in a batch, and its ends are those of all
    assert told in batch.warnings
    assert batch.used[0][2] > 410.0


@pytest.mark.compiled
def test_a_leg_hotter_than_any_steady_state_is_a_runaway_in_both_engines():
    leg = te.Leg(joule_dominated(), "5 mm", "1 mm2")
    for engine in ENGINES:
        batch = te.solve_batch(
            leg, te.Cooler(T_hot=325, T_cold=325, current=1.0), {"current": [0.85, 1.0, 1.2]}, engine=engine
        )
        assert (batch.point_status == te.Status.RUNAWAY).all()
        assert np.isnan(batch.heat_hot).all()
