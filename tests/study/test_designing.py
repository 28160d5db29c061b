"""A designer's questions: known optima, brute force, exact slopes, and what is refused."""

from typing import Any

import numpy as np
import pytest

import ioffe as te
from ioffe.base.constants import e
from ioffe.base.errors import ConvergenceError, InputError
from ioffe.engine import compiled
from ioffe.study.designing import compared, legs, questions, space, stages
from ioffe.study.designing.questions import QUESTIONS, design
from ioffe.transport.composition import SolidSolution
from tests.study.studies import LEG

P, N = (2e-4, 1e5, 1.5), (-1.8e-4, 0.6e5, 2.2)
AT = te.Generator(T_hot=500, T_cold=300)
FILMS = te.Generator(
    T_hot=480, T_cold=330, hot_heat_transfer_coefficient=3000, cold_heat_transfer_coefficient=4000
)
COOL = te.Cooler(T_hot=300, T_cold=270, current="max_heat")


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Few points of pictures, which most of the work would be for."""
    monkeypatch.setattr(space, "COURSE", 9)
    monkeypatch.setattr(space, "SIDE", 5)


def flat(kind, S, sigma, kappa):
    S, sigma, kappa = ([value, value] for value in (S, sigma, kappa))
    curves: dict[str, Any] = {"seebeck": S, "electrical_conductivity": sigma, "thermal_conductivity": kappa}
    return te.Material.from_arrays(kind, kind, [200.0, 600.0], **curves)


def couple(**more):
    one, other = (te.Leg(flat(k, *v), "2 mm", "2 mm2", **more) for k, v in (("p", P), ("n", N)))
    return te.Module(one, other, fill_factor=0.5)


def module(**more: Any):
    contact = te.Contact("5 uohm cm2", "1 mm2 K/W")
    one, other = (te.Leg(k, "1.5 mm", "2 mm2", contact=contact) for k in ("Bi0.42Sb1.58Te3", "Bi2Te2.7Se0.3"))
    more = {"fill_factor": 0.3} | more
    return te.Module(one, other, 7, **more)


def slopes_of(question, device, conditions, **options):
    """The slopes of a space in the middle of its range, and what two solves say of each."""
    asked = QUESTIONS[question].asked(device, conditions, None, options, {"tolerance": 1e-9})
    answer: Any = QUESTIONS[question].answer
    found = answer.space(asked)
    middle, step = np.full((1, len(found.variables)), 0.45), 1e-4
    _, slopes = found.slopes(found.variables, middle)
    for k in range(len(found.variables)):
        ends = middle + step * np.eye(len(found.variables))[k] * np.array([[-1.0], [1.0]])
        values, _ = found.slopes(found.variables, ends)
        yield slopes[0, k], (values[1] - values[0]) / (2.0 * step)


def assert_marks_are_devices(found, title, aim):
    """A course goes through the devices of the table that are marked on it."""
    picture = found.drawn[title]
    ((name, along),) = picture.axes.items()
    assert picture.marks
    for place in picture.marks.values():
        row = np.flatnonzero(np.isclose(found.columns[name], place[name], rtol=1e-9, atol=0.0))[-1]
        drawn = picture.values[aim][along == place[name]]
        assert drawn == pytest.approx(found.columns[aim][row], rel=1e-6)


def test_couple_of_constant_properties():
    """A_p/A_n = sqrt(sigma_n kappa_n/(sigma_p kappa_p)), R_L/R = sqrt(1 + ZT) (A. F. Ioffe)."""
    found = design("area-ratio", couple(), AT, aim="efficiency")
    ratio = np.sqrt(N[1] * N[2] / (P[1] * P[2]))
    assert found.leg_area_ratio[1] == pytest.approx(ratio, rel=1e-6)
    Z = ((P[0] - N[0]) / (np.sqrt(P[2] / P[1]) + np.sqrt(N[2] / N[1]))) ** 2
    M = np.sqrt(1.0 + 400.0 * Z)
    assert found.efficiency[1] == pytest.approx(0.4 * (M - 1.0) / (M + 300.0 / 500.0), rel=1e-8)
    assert_marks_are_devices(found, "efficiency over leg_area_ratio", "efficiency")
    areas = [found.columns[f"{kind}.area"][1] for kind in "pn"]
    assert sum(areas) == pytest.approx(4e-6, rel=1e-12)
    resistance = 2e-3 * sum(1.0 / (s * A) for s, A in zip((P[1], N[1]), areas, strict=True))
    assert found.load_resistance[1] == pytest.approx(M * resistance, rel=1e-6)


def test_cooler_of_constant_properties():
    """The largest COP has the same ratio, and Ioffe's value."""
    found = design("area-ratio", couple(), COOL, aim="COP")
    assert found.leg_area_ratio[1] == pytest.approx(np.sqrt(N[1] * N[2] / (P[1] * P[2])), rel=1e-6)
    Z = ((P[0] - N[0]) / (np.sqrt(P[2] / P[1]) + np.sqrt(N[2] / N[1]))) ** 2
    M = np.sqrt(1.0 + 285.0 * Z)
    assert found.COP[1] == pytest.approx(270.0 / 30.0 * (M - 300.0 / 270.0) / (M + 1.0), rel=1e-8)


def test_best_segment_is_that_of_brute_force():
    leg = te.Leg(
        segments=[te.Segment("Pb0.99Na0.01Te", "5 mm"), te.Segment("(Bi0.23Sb0.77)2Te3", "4 mm")],
        area="9 mm2",
        contact="5 uohm cm2",
    )
    at = te.Generator(T_hot=750, T_cold=303)
    found = design("segments", leg, at)
    first = np.linspace(0.02, 0.98, 193) * 9e-3
    vary = {"segments[0].length": first, "segments[1].length": 9e-3 - first}
    brute = te.solve_batch(leg, at.replace(current="max_efficiency"), vary)
    best = int(np.argmax(brute.efficiency))
    assert found.efficiency[1] >= brute.efficiency[best] * (1.0 - 1e-9)
    assert found.columns["segments[0].length"][1] == pytest.approx(first[best], abs=first[1] - first[0])
    assert found.columns["segments[1].length"][1] == pytest.approx(
        9e-3 - found.columns["segments[0].length"][1], rel=1e-12
    )


def test_metal_layers_stay():
    path = "examples/segmented-leg.toml"
    asked = QUESTIONS["segments"].asked(*te.read_device(path))
    found = legs.segment_lengths(asked)
    assert list(found.paths(found.now)) == ["segments[0].length", "segments[2].length"]
    assert sum(found.paths(found.now).values()) == pytest.approx(9.5e-3, rel=1e-12)


@pytest.mark.parametrize(
    ("question", "device", "at", "options"),
    [
        ("area-ratio", module(), FILMS, {}),
        ("leg-length", module(), FILMS, {"pump_power": "0.2 W"}),
        (
            "leg-length",
            module(),
            FILMS.replace(cold_heat_transfer_coefficient=None, cold_resistance=0.3),
            {"pump_power": 0.1},
        ),
        ("leg-length", LEG, FILMS, {}),
        ("sizes", module(), FILMS, {}),
    ],
)
def test_slopes_are_those_of_differences(question, device, at, options):
    found = list(slopes_of(question, device, at, **options))
    scale = max(abs(slope) for slope, _ in found)
    for slope, difference in found:
        assert slope == pytest.approx(difference, rel=1e-4, abs=1e-4 * scale)


def test_footprint_and_exchangers_stay_between_lengths_and_fill_factors():
    device = module()
    found = design("leg-length", device, FILMS, most_fill=0.6)
    assert found.devices == ("as it is", "best length", "best length and fill factor")
    footprint = 7 * (found.columns["p.area"] + found.columns["n.area"]) / found.fill_factor
    np.testing.assert_allclose(footprint, device.footprint, rtol=1e-12)
    np.testing.assert_allclose(found.power, found.power_density * device.footprint, rtol=1e-9)
    assert np.all(np.diff(found.power) > 0)
    lengths = found.length[1] * np.array([0.97, 1.0, 1.03])
    around = te.solve_batch(device, FILMS, {"legs.length": lengths}).power
    assert around.argmax() == 1
    assert around[1] == pytest.approx(found.power[1], rel=1e-9)


def test_a_pump_leaves_less_and_slows_down():
    """Without it the flow has no price; with it what is left is largest at another flow."""
    found = design("leg-length", module(), FILMS, pump_power="1 W", most_fill=0.6)
    assert found.aim == "net_power"
    np.testing.assert_allclose(found.net_power[:3], found.power[:3] - 1.0, rtol=1e-12)
    flow = found.relative_flow[3]
    assert found.net_power[3] == pytest.approx(found.power[3] - flow**legs.PUMP, rel=1e-12)
    assert found.columns["cold_heat_transfer_coefficient"][3] == pytest.approx(4000.0 * flow**legs.FILM)
    assert flow < 1.0
    assert found.net_power[3] > found.net_power[2]


def test_map_holds_its_best():
    found = design("sizes", module(), FILMS, aim="efficiency")
    (picture, *_) = found.drawn.values()
    assert list(picture.axes) == ["leg_area_ratio", "height_over_area"]
    assert np.nanmax(picture.values["efficiency"]) <= found.efficiency[1]
    assert "at the end of its range" in found.warnings[0]


def test_listed_values_are_taken_first_and_said():
    found = design("area-ratio", couple(), te.Generator(T_hot=[480, 500], T_cold=300))
    assert found.assumed[0] == "T_hot is the first of the 2 of the device file, 480 K"
    assert found.conditions.T_hot == 480.0


def test_every_fault_is_told_at_once():
    with pytest.raises(InputError) as error:
        design("leg-length", module(), AT, aim="COP", pump_power="3 K", shortest="2 mm", longest="1 mm")
    told = str(error.value)
    assert "pump_power" in told
    assert "aim" in told
    with pytest.raises(InputError) as error:
        design("leg-length", module(), AT, pump_power="3 W", shortest="2 mm", longest="1 mm")
    told = str(error.value)
    assert "operate.cold_heat_transfer_coefficient: the coefficient of the exchanger is expected" in told
    assert "longest = 0.001: a larger value than shortest is expected" in told


@pytest.mark.parametrize(
    ("question", "device", "at", "options", "words"),
    [
        ("area-rato", couple(), AT, {}, 'did you mean "area-ratio"'),
        ("area-ratio", LEG, AT, {}, r"a device of \[module\] is expected"),
        ("area-ratio", couple(), AT, {"width": 1}, "one of  is expected"),
        ("segments", LEG, AT, {}, "two or more thermoelectric segments"),
        ("leg-length", module(), FILMS, {"pump_side": "left"}, "one of hot, cold is expected"),
        ("leg-length", module(), FILMS, {"pump_side": "hot"}, "pump_power: a power is expected"),
        ("area-ratio", couple(), None, {}, "a Generator or a Cooler is expected"),
    ],
)
def test_what_cannot_be_asked(question, device, at, options, words):
    with pytest.raises(InputError, match=words):
        design(question, device, at, **options)


def test_a_range_without_a_solution():
    """No current reaches that temperature at any ratio."""
    at = te.Cooler(T_hot=300, T_cold=210, current="max_COP")
    with pytest.raises(ConvergenceError, match="no device of the range has a solution"):
        design("area-ratio", couple(), at)


def test_every_question_says_what_it_is():
    for name, question in QUESTIONS.items():
        assert name == question.name
        assert question.asks.endswith("?")
        assert question.about.endswith(".")
        assert all(one.help.endswith(".") for one in question.options)


def test_allowed_contact_loses_what_it_may():
    device = module()
    found = design("contacts", device, FILMS, loss="8 %")
    allowed = found.electrical_contact_resistivity[2]
    power = [
        te.solve_batch(
            device, FILMS.replace(current="max_efficiency"), {"legs.contact.electrical": rho}, engine="numpy"
        ).efficiency
        for rho in ([0.0], [allowed])
    ]
    assert power[1][0] / power[0][0] == pytest.approx(0.92, rel=1e-9)
    assert found.loss[1:].tolist() == pytest.approx([0.0, 0.08], rel=1e-8)
    assert_marks_are_devices(found, "loss over electrical_contact_resistivity", "loss")
    assert found.electrical_contact_resistivity[0] == pytest.approx(5e-10)
    one = design("contacts", device, FILMS, loss="8 %", leg="p")
    assert one.electrical_contact_resistivity[2] > allowed


def test_allowed_contact_of_constant_properties():
    """Both ends together L/sigma (1/e - 1), and the formula is told beside it."""
    leg = te.Leg(flat("p", *P), "2 mm", "2 mm2")
    found = design("contacts", leg, AT, aim="power", loss=0.1)
    assert found.electrical_contact_resistivity[2] == pytest.approx(
        0.5 * 2e-3 / 1e5 * (1 / 0.9 - 1), rel=1e-8
    )
    assert "11.1 uohm cm2" in found.assumed[1]


def test_contacts_of_a_module_with_different_ends():
    joints: Any = {"contact_hot": te.Contact("10 uohm cm2"), "contact_cold": te.Contact("2 uohm cm2")}
    leg = te.Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", **joints)
    found = design("contacts", leg, AT)
    assert np.isnan(found.electrical_contact_resistivity[0])
    assert found.columns["contact_hot.electrical"][0] == pytest.approx(1e-9)
    assert 0.0 < found.loss[0] < 0.2


def test_largest_sink_is_where_the_task_ends():
    device = couple()
    task = te.Cooler(T_hot=300, T_cold=285, heat=0.02, hot_resistance=1.0)
    found = design("heat-sink", device, task, fan_power="10 mW")
    names = list(found.devices)
    assert names[:4] == ["as it is", "perfect sink", "10 % more power", "worst sink"]
    worst = found.thermal_resistance[3]
    at = te.Cooler(T_hot=300, T_cold=285, current="max_heat")
    most = te.solve_batch(device, at, {"hot_resistance": worst * np.array([0.999, 1.001])})
    assert most.heat_cold[0] > 0.02 > most.heat_cold[1]
    assert found.power[2] == pytest.approx(1.1 * found.power[1], rel=1e-6)
    np.testing.assert_allclose(found.heat_cold, 0.02, rtol=1e-6)
    assert_marks_are_devices(found, "power over thermal_resistance", "power")
    assert_marks_are_devices(found, "total_power over relative_flow", "total_power")
    flow = found.relative_flow[-1]
    around = flow * np.array([0.95, 1.0, 1.05])
    power = te.solve_batch(device, task, {"hot_resistance": around**-legs.FILM}).power
    assert (power + 0.01 * around**legs.PUMP).argmin() == 1


@pytest.mark.parametrize(
    ("heat", "words"), [(10.0, "even with a perfect heat sink"), (1e-9, "with any heat sink")]
)
def test_tasks_without_a_sink(heat, words):
    T_cold = 285.0 if heat > 1.0 else 300.0
    with pytest.raises(ConvergenceError, match=words):
        design("heat-sink", couple(), te.Cooler(T_hot=300, T_cold=T_cold, heat=heat))


def test_a_sink_needs_a_task():
    with pytest.raises(InputError) as error:
        design("heat-sink", couple(), te.Cooler(T_hot=300, heat=0.1, aim="delta_T"), fan_power=0.1)
    assert "operate.T_cold" in str(error.value)
    assert "operate.hot_resistance" in str(error.value)


def test_more_stages_reach_further(monkeypatch):
    """Where one stage cannot work at all, two can; a stage of its own is that of the module."""
    monkeypatch.setattr(stages, "RATIOS", np.array([1.0, 3.0]))
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.96 mm2") for k in "pn")
    stage = te.Module(p, n, 12, fill_factor=0.4, cold=[te.Layer("Al2O3", "0.6 mm")])
    near = te.Cooler(T_hot=300, T_cold=250, current="max_COP")
    found = design("stages", stage, near, most=2)
    alone = stage.solve(near).COP
    assert found.COP[0] == pytest.approx(alone, rel=1e-5)
    assert found.columns["couples of the stages"].tolist() == ["12", "12 + 4"]
    two = stages.cascade_of(stage, (12, 4))
    assert two.between == (stage.cold,)
    assert found.COP[1] == pytest.approx(two.solve(near, maxima=False).COP, rel=1e-5)
    load = float(found.heat_cold[1]) / 2
    loaded = design("stages", stage, near.replace(heat=load, current=None), most=2)
    assert loaded.heat_cold == pytest.approx([load, load], rel=1e-9)
    task = te.Cooler(T_hot=300, T_cold=250, heat=load)
    assert loaded.COP[0] == pytest.approx(stage.solve(task).COP, rel=1e-5)
    assert " at a heat load of " in loaded.sentence
    with pytest.raises(ConvergenceError, match="has a COP at a heat load of 50 W under"):
        design("stages", stage, near.replace(heat=50.0, current=None), most=2)
    far = design("stages", stage, near.replace(T_cold=225), most=2)
    assert far.devices == ("two stages",)
    assert "one stage cannot work at all" in far.sentence


def test_materials_are_compared_at_their_best_ratio():
    device, names = module(), ["Bi2Te2.7Se0.3", "(CuI)0.003Bi2Te3"]
    found = design("materials", device, FILMS, material=names, aim="efficiency")
    assert found.devices == ("(CuI)0.003Bi2Te3", "Bi2Te2.7Se0.3")
    for k, name in enumerate(found.devices):
        one = device.replace(n=device.n.replace(material=name))
        best = design("area-ratio", one, FILMS, aim="efficiency")
        assert found.efficiency[k] == pytest.approx(best.efficiency[1], rel=1e-4)
        assert found.leg_area_ratio[k] == pytest.approx(best.leg_area_ratio[1], rel=0.03)


def test_materials_of_the_library_are_those_that_were_measured_there():
    leg = te.Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2")
    found = design("materials", leg, te.Generator(T_hot=700, T_cold=400))
    assert len(found.devices) > 3
    assert np.all(found.columns["measured from"] <= 410)
    assert np.all(found.columns["measured to"] >= 690)
    assert np.all(np.diff(found.efficiency) <= 0)


def test_doping_finds_the_density_of_its_own_model():
    """Samples that the model itself has made: it goes through them, and finds the best density between."""

    def law(value, exponent=0.0):
        return lambda x, T: value * (T / 300.0) ** exponent + 0.0 * x

    alloy = SolidSolution("n", law(1.0), law(0.03, -1.5), law(1.0), law(0.3 * e))
    T = np.linspace(220.0, 620.0, 41)
    made = {x: compared._doped(alloy, x, n, T) for x, n in ((0.0, 1e25), (1.0, 2e25))}
    leg = te.Leg(made[0.0], "2 mm", "2 mm2")
    at = te.Generator(T_hot=400, T_cold=300)
    found = design("doping", leg, at, sample=made, mass=1.0, aim="efficiency")
    assert found.carrier_density[1:3].tolist() == pytest.approx([1e25, 2e25], rel=0.02)
    densities = np.geomspace(0.3e25, 1e26, 41)
    kinds = [compared._doped(alloy, 0.0, n, T) for n in densities]
    at = at.replace(current="max_efficiency")
    brute = te.solve_batch(leg, at, {"material": kinds}).efficiency
    # the gap of Goldsmid and Sharp is near that of the model and not the same
    assert found.efficiency[3] == pytest.approx(brute.max(), rel=0.04)
    assert found.carrier_density[3] == pytest.approx(densities[brute.argmax()], rel=0.3)
    assert not any("still rises" in text for text in found.warnings)


def test_doping_says_that_its_best_is_an_outermost_sample():
    """A lattice that conducts less and less heat: the samples end before the best composition is reached."""
    T = np.linspace(220.0, 520.0, 13)

    def sample(x):
        S, sigma = -1.5e-4 * (T / 300.0) ** 0.3, 1e5 * 300.0 / T
        curves = {"seebeck": S, "electrical_conductivity": sigma, "thermal_conductivity": 3.0 - x + 0.0 * T}
        return te.Material.from_arrays(f"x = {x}", "n", T, **curves)

    samples = {x: sample(x) for x in (0.0, 1.0)}
    leg = te.Leg(samples[0.0], "2 mm", "2 mm2")
    at = te.Generator(T_hot=400, T_cold=300)
    found = design("doping", leg, at, sample=samples, mass=1.0, aim="efficiency")
    assert found.composition[-1] == 1.0
    assert any("1, is at the edge of those of the samples" in text for text in found.warnings)


@pytest.mark.parametrize(
    ("question", "options", "words"),
    [
        ("contacts", {"loss": "0 %"}, "a share above 0 and below 1 is expected"),
        ("stages", {"most": "two"}, "a whole number from 1 is expected"),
        ("materials", {"material": ["Bi0.42Sb1.58Te3"]}, "a material of n-type is expected"),
        ("materials", {"material": ["Bi2Te4"]}, "Bi2Te4"),
        ("doping", {"sample": ["0=Bi2Te3"]}, "at least two samples are expected"),
        ("doping", {"sample": ["a=Bi2Te3", "0=Bi2Te3"]}, "a composition is expected"),
        ("doping", {"sample": ["0=Bi2Te3", "0=Bi2Te3"]}, "a composition that is given once is expected"),
    ],
)
def test_options_that_are_wrong(question, options, words):
    at = COOL if question == "stages" else AT
    with pytest.raises(InputError, match=words):
        design(question, module(), at, **options)


def test_conditions_in_place_of_those_of_the_file():
    operate = {"T_cold": "285 K", "heat": 0.02}
    asked = design("heat-sink", couple(), COOL, operate=operate).conditions
    assert (asked.T_cold, asked.heat, asked.current) == (285.0, 0.02, None)
    with pytest.raises(InputError, match="no such condition is known"):
        design("area-ratio", couple(), AT, operate={"T_warm": 300})


@pytest.mark.parametrize(
    ("question", "device", "at", "operate", "words"),
    [
        ("contacts", couple(), AT, {"current": "3 A"}, "operate.current = 3.0: no such condition"),
        ("area-ratio", couple(), AT, {"load": "0.5 ohm"}, "operate.load = 0.5: no such condition"),
        ("segments", LEG, AT, {"load": "max_power"}, "because every device works at its largest efficiency"),
        ("area-ratio", couple(), COOL, {"current": "2 A"}, "operate.current = 2.0"),
        ("stages", couple(), COOL, {"voltage": "2 V"}, "operate.voltage = 2.0"),
    ],
)
def test_an_operating_point_that_the_aim_decides_is_refused(question, device, at, operate, words):
    with pytest.raises(InputError, match=words):
        design(question, device, at, operate=operate)


def test_an_operating_point_of_the_file_that_is_not_held_is_told():
    def assumed(question, conditions, **options):
        return QUESTIONS[question].asked(couple(), conditions, **options).assumed

    told = "every device works at its largest power, in place of load = 500 mohm"
    assert assumed("leg-length", AT.replace(load=0.5)) == (told,)
    assert assumed("area-ratio", AT.replace(load="max_efficiency"), operate=("load",)) == ()
    task = te.Cooler(T_hot=300, T_cold=285, heat=0.02)
    assert assumed("area-ratio", task) == ()
    (told,) = assumed("area-ratio", task, aim="heat")
    assert told.endswith("in place of heat = 20 mW")
    (told,) = assumed("area-ratio", task, aim="delta_T")
    assert told.endswith("in place of T_cold = 285 K")
    (told,) = assumed("area-ratio", te.Cooler(T_hot=300, T_cold=[285, 280], current=1.0), aim="delta_T")
    assert told.endswith("in place of current = 1 A, T_cold = a list")


def test_options_that_mean_nothing_are_refused():
    for question, option in (("contacts", "leg"), ("leg-length", "most_fill"), ("materials", "leg")):
        value: Any = 0.5 if option == "most_fill" else "p"
        with pytest.raises(InputError, match=f"{option} = .*because the device is one leg"):
            design(question, LEG, AT, **{option: value})
    with pytest.raises(InputError, match="pump_power = 1.0: none is expected of a cooler"):
        design("leg-length", couple(), COOL, pump_power="1 W")


@pytest.mark.parametrize("ready", [False, True])
def test_compiled_code_is_loaded_for_all_batches_of_a_question(ready, monkeypatch):
    monkeypatch.setattr(compiled, "is_ready", lambda: ready)
    assert questions._engine("auto", couple()) == ("compiled" if ready else "auto")
    assert questions._engine("numpy", couple()) == "numpy"
    assert questions._engine("auto", LEG) == "auto"


def test_a_gap_would_decide_the_fill_factor():
    device = te.Module(module().p, module().n, 7, layout=te.Layout(gap="1 mm"))
    for question in ("area-ratio", "leg-length", "sizes", "materials"):
        with pytest.raises(InputError, match="module.layout.gap"):
            design(question, device, FILMS)


def test_files_in_three_dimensions_are_refused():
    with pytest.raises(InputError) as error:
        design("area-ratio", "examples/module-3d.toml", aim="powr")
    assert "solve.fidelity: a device file with fidelity 1d is expected" in str(error.value)
