"""The table [life] of a device file: what it means, and every fault of it with its place."""

import numpy as np
import pytest

import ioffe as te
from ioffe.base.constants import e
from ioffe.device_file.schema import device_schema
from ioffe.interface.ageing import LinearGrowth, ParabolicGrowth, PowerLaw, Tabulated
from ioffe.life import GrowingLayer
from ioffe.life.file import life_of, with_ageing

DAY = 86400.0
LEG = """
format = 1
[leg]
material = "MgAgSb0.99In0.01"
length = "6 mm"
area = "3 mm x 3 mm"
contact = { electrical = "20.8 uohm cm2" }
[operate]
mode = "generate"
T_hot = "540 K"
T_cold = "303 K"
"""
RELAXATION = """
[[life.degradation]]
path = "contact_hot.electrical"
law = "relaxation"
final = { value = 7.9, unit = "uohm cm2", uncertainty = "10 %" }
time = "8 day"
"""


@pytest.fixture
def read(tmp_path):
    """What the text of a device file, behind the leg, says of its life."""

    def make(text, device=LEG):
        path = tmp_path / "leg.toml"
        path.write_text(device + text, encoding="utf-8")
        return life_of(te.read_device(path))

    return make


def faults(read, text, device=LEG):
    with pytest.raises(te.InputError) as caught:
        read(text, device)
    return [str(fault) for fault in caught.value.faults]


def test_relaxation_with_its_uncertainty(read):
    task = read('[life]\nduration = "100 day"\n' + RELAXATION)
    (one,) = task.degradations
    assert one.law.parameters == pytest.approx(
        {"initial": 20.8e-10, "final": 7.9e-10, "time": 8 * DAY, "exponent": 1.0}
    )
    assert one.std == pytest.approx({"final": 0.79e-10})
    assert task.service.duration == 100 * DAY
    found = task.solve(times=[0.0, 100 * DAY], bands="none")
    assert found.numbers.nominal["contact_hot.electrical"][-1] == pytest.approx(one.law.at(100 * DAY))


def test_every_law(read):
    text = """
[life]
duration = "1 year"
[[life.degradation]]
path = "material.seebeck"
law = "linear"
change = "-2 %"
time = "1 year"
[[life.degradation]]
path = "contact_hot"
layer = { resistivity = { value = "1 mohm cm", uncertainty = "20 %" }, thermal_conductivity = "2 W/(m K)" }
law = "parabolic"
change = { value = "4 um", uncertainty = "10 %" }
time = "100 day"
activation_energy = { value = "1.1 eV", uncertainty = "0.1 eV" }
reference_temperature = "540 K"
[[life.degradation]]
path = "contact_cold.electrical"
law = "power"
change = "5 uohm cm2"
time = "100 day"
exponent = 0.4
[[life.degradation]]
path = "cold_resistance"
law = "table"
times = ["0 day", "100 day"]
values = ["0.5 K/W", "0.7 K/W"]
"""
    found = read(text, LEG + 'cold_resistance = "0.5 K/W"\n').degradations
    year = 365.25 * DAY
    assert found[0].law == LinearGrowth(1.0, -0.02 / year)
    assert found[0].how == "factor"
    layer = found[1]
    assert isinstance(layer, GrowingLayer)
    assert isinstance(layer.law, ParabolicGrowth)
    assert float(layer.law.value(100 * DAY)) == pytest.approx(4e-6)
    assert layer.law.acceleration.activation_energy == pytest.approx(1.1 * e)
    assert layer.std == pytest.approx(
        {"growth": 0.1 * layer.law.growth, "activation_energy": 0.1 * e, "resistivity": 2e-6}
    )
    assert isinstance(found[2].law, PowerLaw)
    assert found[2].law.parameters == pytest.approx({"initial": 20.8e-10, "change": 5e-10, "exponent": 0.4})
    assert found[3].law == Tabulated((0.0, 100 * DAY), (0.5, 0.7))


def test_service_of_cycles_and_reference(read):
    text = """
[life]
duration = "5 year"
repeat = true
reference = { T_hot = "500 K" }
[[life.phase]]
duration = "1 h"
T_hot = ["310 K", "540 K"]
[[life.phase]]
duration = "1 h"
temperature = "300 K"
[[life.degradation]]
path = "contact_hot.electrical"
law = "linear"
change = "1 uohm cm2"
time = 1000
per_cycle = { delta_T = "200 K", exponent = 2.0 }
"""
    task = read(text)
    assert task.conditions.T_hot == 500.0
    assert task.service.is_averaged
    assert task.degradations[0].cycles.exponent == 2.0
    assert task.degradations[0].law.growth == pytest.approx(1e-13)


def test_measured_values(read):
    measured = """
[[life.measured]]
quantity = "max_efficiency"
time = "30 day"
value = { value = "7.9 %", uncertainty = "2 %" }
"""
    (one,) = read('[life]\nduration = "100 day"\n' + RELAXATION + measured).measured
    assert (one.quantity, one.time) == ("max_efficiency", 30 * DAY)
    assert (one.value, one.std) == pytest.approx((0.079, 0.02 * 0.079))


def test_without_a_life(read):
    (text,) = faults(read, "")
    assert "a table [life] is expected" in text


def test_every_fault_at_once(read):
    text = """
[life]
reference = { T_hot = "-3 K" }
[[life.phase]]
duration = "1 day"
T_hott = "500 K"
[[life.degradation]]
path = "contact_hot.electrical"
law = "relaxasion"
final = "7.9 uohm cm2"
"""
    found = faults(read, text)
    assert any("life.reference.T_hot" in f for f in found)
    assert any("T_hott" in f and 'did you mean "T_hot"' in f for f in found)
    assert any("life.degradation[0]" in f and "relaxation" in f for f in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            RELAXATION.replace("contact_hot.", "contact_hott."),
            'degradation[0].path = "contact_hott.electrical"',
        ),
        (RELAXATION.replace('"8 day"', '"8 mm"'), "degradation[0].time"),
        (RELAXATION.replace('"8 day"', '"-8 day"'), "degradation[0].time"),
        (RELAXATION.replace("7.9,", "-7.9,"), "degradation[0].final"),
        (RELAXATION + 'activation_energy = "1 eV"\n', "reference_temperature"),
        (RELAXATION + 'temperature = "contact_wrm"\n', "no_such"),
        (
            RELAXATION + 'temperature = "-5 K"\nactivation_energy="1 eV"\nreference_temperature="500 K"\n',
            "temperature",
        ),
        (RELAXATION + 'per_cycle = { delta_T = "100 K", exponent = 2.0 }\n', "degradation[0]"),
        (RELAXATION + '[[life.phase]]\nduration = "-1 day"\n', "phase[0].duration"),
        (RELAXATION + '[[life.phase]]\nduration = "7 day"\n', "the sum of the phases"),
    ],
)
def test_faults_have_their_place(read, text, words):
    if words == "no_such":
        read('[life]\nduration = "100 day"\n' + text)  # no temperature is needed, so none is looked for
        return
    assert any(words in fault for fault in faults(read, '[life]\nduration = "100 day"\n' + text))


def test_times_backwards_and_lists_of_conditions(read):
    task = read('[life]\nduration = "100 day"\ntimes = ["0 day", "20 day", "10 day"]\n' + RELAXATION)
    with pytest.raises(te.InputError, match="time runs forwards"):
        task.solve()
    several = LEG.replace('T_hot = "540 K"', 'T_hot = ["500 K", "540 K"]')
    found = faults(read, '[life]\nduration = "100 day"\n' + RELAXATION, several)
    assert any("life.reference.T_hot" in fault for fault in found)
    found = read('[life]\nduration = "1 day"\nreference = { T_hot = "520 K" }\n' + RELAXATION, several)
    assert found.conditions.T_hot == 520.0


@pytest.mark.parametrize("text", ["life = [", "[service]", ".".join(100 * "a") + " = 1"])
def test_a_table_of_ageing_that_is_none(tmp_path, text):
    (tmp_path / "leg.toml").write_text(LEG, encoding="utf-8")
    with pytest.raises(te.InputError, match=r"a table \[life\] is expected"):
        with_ageing(te.read_device(tmp_path / "leg.toml"), text)


def test_schema_knows_the_life():
    schema = device_schema()
    assert "life" in schema["properties"]
    assert {"RelaxationTable", "PhaseTable", "LifeTable"} <= set(schema["$defs"])


def test_examples_of_the_ageing_module():
    """Contacts of antimony improve and nothing is lost; those of silver take what the model says."""
    from pathlib import Path

    folder = Path(__file__).parents[2] / "examples"
    antimony = life_of(te.read_device(folder / "ageing-module.toml")).solve(
        times=["0 day", "30 day", "100 day"]
    )
    assert np.all(np.diff(antimony.max_power) > 0)
    assert np.all(np.diff(antimony.max_efficiency) > 0)
    assert not any(loss.is_reached for loss in antimony.losses)
    assert antimony.relative("max_efficiency")[-1] == pytest.approx(1.008, abs=0.002)
    silver = life_of(te.read_device(folder / "ageing-module-silver.toml")).solve(times=["0 h", "12 h"])
    ohm = silver.internal_resistance
    # two couples, both ends of each p-leg
    assert ohm[1] - ohm[0] == pytest.approx(2 * 2 * 999.9e-10 / 3.8e-3**2, rel=0.01)
    # P = V^2/(4 R) with a voltage that stays
    assert silver.max_power[1] / silver.max_power[0] == pytest.approx(ohm[0] / ohm[1], rel=0.01)
    assert silver.relative("max_efficiency")[1] == pytest.approx(0.605, abs=0.01)
    assert silver.loss("max_power", 0.2).is_reached
    assert antimony.max_power[0] < silver.max_power[0]
    assert antimony.max_power[-1] > silver.max_power[-1]


@pytest.mark.parametrize(("law", "exponent"), [("linear", 1.0), ("parabolic", 0.5)])
def test_a_change_and_its_time_spread_the_growth_together(read, law, exponent):
    """growth = change/time^m: relative variances add, that of the time m2 times."""
    text = f"""
[life]
duration = "1 year"
[[life.degradation]]
path = "contact_hot.electrical"
law = "{law}"
change = {{ value = "5 uohm cm2", uncertainty = "10 %" }}
time = {{ value = "100 day", uncertainty = "30 %" }}
"""
    (one,) = read(text).degradations
    assert one.law.growth == pytest.approx(5e-10 / (100 * DAY) ** exponent)
    assert one.std["growth"] == pytest.approx(one.law.growth * np.hypot(0.1, 0.3 * exponent))


def test_a_duration_of_measured_laws_counts_where_the_file_states_none(tmp_path):
    (tmp_path / "leg.toml").write_text(LEG + "[life]\n" + RELAXATION)
    measured = '[life]\nduration = "30 day"\n' + RELAXATION.replace("contact_hot", "contact_cold")
    file = with_ageing(te.read_device(tmp_path / "leg.toml"), measured)
    assert file.life.duration == 30 * DAY
    assert {one.path for one in life_of(file).degradations} == {
        "contact_hot.electrical",
        "contact_cold.electrical",
    }
    phases = '[life]\n[[life.phase]]\nduration = "7 day"\n' + RELAXATION
    (tmp_path / "leg.toml").write_text(LEG + phases)
    assert life_of(with_ageing(te.read_device(tmp_path / "leg.toml"), measured)).service.duration == 7 * DAY


def test_a_faulty_phase_is_one_fault(read):
    text = (
        RELAXATION
        + '[[life.phase]]\nduration = "1 day"\n[[life.phase]]\nduration = "2 day"\ncurrent = 1\nload = 1\n'
    )
    (only,) = faults(read, "[life]\nrepeat = true\n" + text)
    assert "life.phase[1]" in only


def test_a_layer_begins_with_nothing_and_a_factor_with_one(read):
    text = """
[life]
duration = "1 day"
[[life.degradation]]
path = "contact_hot"
layer = { resistivity = "1 mohm cm" }
law = "linear"
change = "4 um"
time = "100 day"
[[life.degradation]]
path = "contact_cold.electrical"
how = "added"
law = "linear"
change = "1 uohm cm2"
time = "1 day"
[[life.degradation]]
path = "material.seebeck"
law = "linear"
change = "-2 %"
time = "1 day"
"""
    assert [float(one.law.value(0.0)) for one in read(text).degradations] == [0.0, 0.0, 1.0]


def test_names_of_interfaces_are_told(read):
    wrong = (
        RELAXATION + 'temperature = "nowhere"\nactivation_energy = "1 eV"\nreference_temperature = "500 K"\n'
    )
    (only,) = faults(read, '[life]\nduration = "1 day"\n' + wrong)
    assert 'temperature = "nowhere"' in only
    assert "there are contact_hot, contact_cold" in only
