"""What a study asks: values of its variables, in order, and every fault of a study file at once."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.study import SamplePlan, Span, Study, read_study
from ioffe.study.chunks import chunk_size
from tests.study.studies import AT, LEG, lengths

EXAMPLES = Path(__file__).parents[2] / "examples"
BAD = """
format = 1
[study]
device = "generator.toml"
outputs = ["power_densty", "efficiency", "efficiency"]
smallest = "costt"
colour = 3
[operate]
T_hott = 3
current = "max_powr"
[variables]
legs.lenght = { range = ["0.3 mm", "4 mm"], points = 24, spacing = "log" }
fill_factor = { range = [0.6, 0.05], points = 16 }
"p.area" = []
"n.area" = ["1 mm2", "3 K"]
couples = { range = [3, 6], points = 3 }
"hot[0].thickness" = { range = ["1 mm", "2 mm"], points = 0 }
"p.material" = ["Bi0.42Sb1.58Te3", "Bi2Te9"]
T_cold = ["320 K", "600 K", "5 m"]
[sample]
plan = "sobol"
[constraints]
T_hot_junction = { most = "500 K", least = "510 K" }
heat_hott = { most = "120 W" }
heat_hot = { most = "120 V" }
"""
SAID = {
    "study.colour": "no such key is known",
    "study.outputs[0]": 'did you mean "power_density"?',
    "study.outputs[2]": "outputs are expected, each once",
    "study.smallest": 'did you mean "cost"?',
    "operate.T_hott": 'did you mean "T_hot"?',
    "operate.current": 'did you mean "max_power"?',
    "variables.legs.lenght": 'did you mean "legs.length"?',
    "variables.fill_factor.range": "the ends are exchanged",
    "variables.p.area": "at least one value is expected",
    "variables.n.area[1]": '"K" is a temperature',
    "variables.couples": "whole numbers are expected",
    "variables.hot[0].thickness.points": "a number not below 1 is expected",
    "variables.p.material[1]": 'did you mean "Bi2Te3"?',
    "variables.T_cold[2]": '"m" is a length',
    "variables.T_cold": "a temperature below T_hot",
    "sample.points": "this key is missing",
    "constraints.T_hot_junction": "least is above most",
    "constraints.heat_hott": 'did you mean "heat_hot"?',
    "constraints.heat_hot.most": '"V" is a voltage',
}


def written(folder, text):
    shutil.copy(EXAMPLES / "studies" / "generator.toml", folder)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_fault_of_a_file_at_once(tmp_path):
    path = written(tmp_path, BAD)
    with pytest.raises(InputError) as caught:
        read_study(path)
    found = {fault.location: str(fault) for fault in caught.value.faults}
    assert found.keys() == SAID.keys()
    assert len(caught.value.faults) == len(SAID)
    for place, words in SAID.items():
        assert words in found[place]
        assert found[place].startswith(str(path))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("T_cold = [320, 600]", "variables.T_cold = 600.0: a temperature below T_hot"),
        ('"p.material" = ["Bi2Te3"]', "a leg of p-type material is expected"),
        ("legs.area = [1e-6]\np.area = [2e-6]", "variables.p.area: p.area is given already, as legs.area"),
        ("fill_factor = { range = [0.1, 0.4] }", "sample: a sample plan is expected for fill_factor"),
        ("couples = { range = [3, 6] }", "a list of whole numbers is expected"),
        ('T_hot = ["500 K"]\n[constraints]\nT_hot = { most = "400 K" }', "constraints.T_hot"),
        ("couples = [2]\n[sample]\npoints = 8", "no sample plan is expected"),
        (
            "fill_factor = { range = [0.1, 0.4] }\n[sample]\npoints = 9",
            "sample.points = 9: a power of two is expected",
        ),
        ("", "variables: at least one variable, or something uncertain, is expected"),
    ],
)
def test_what_no_study_can_be(tmp_path, more, said):
    head = 'format = 1\n[study]\ndevice = "generator.toml"\n[operate]\nload = "max_power"\n[variables]\n'
    with pytest.raises(InputError) as caught:
        read_study(written(tmp_path, head + more))
    assert said in str(caught.value)
    assert len(caught.value.faults) == 1


def test_what_a_device_cannot_have_is_told_beside_other_faults(tmp_path):
    head = 'format = 1\n[study]\ndevice = "generator.toml"\noutputs = ["migration_margin"]\n'
    head += '[operate]\nload = "max_power"\n[variables]\n'
    with pytest.raises(InputError) as caught:
        read_study(written(tmp_path, f"{head}couples = [1.5, 0]\nT_hot = [250]\nfill_factor = [0.2, 2]\n"))
    told = [fault.location for fault in caught.value.faults]
    places = ["couples[0]", "couples[1]", "fill_factor[1]", "T_hot"]
    assert sorted(told) == sorted(["study.outputs", *(f"variables.{one}" for one in places)])


def test_conditions_of_a_study_take_the_place_of_those_of_the_device(tmp_path):
    head = 'format = 1\n[study]\ndevice = "bi2te3-cooler.toml"\n[variables]\n'
    shutil.copy(EXAMPLES / "bi2te3-cooler.toml", tmp_path)
    study = read_study(
        written(tmp_path, f'{head}heat = ["0 W", "20 W"]\n[operate]\nheat = 0.0\naim = "delta_T"\n')
    )
    assert isinstance(study.conditions, te.Cooler)
    assert (study.conditions.aim, study.conditions.T_cold, study.conditions.current) == (
        "delta_T",
        None,
        None,
    )
    assert study.outputs == ("COP", "heat_cold", "power", "delta_T")
    listed = read_study(written(tmp_path, f'{head}T_cold = [260.0, 280.0]\n[operate]\ncurrent = "max_COP"\n'))
    assert listed.conditions.T_cold == 250.0


@pytest.mark.parametrize(
    "plan", [SamplePlan(64), SamplePlan(64, "halton"), SamplePlan(50, "latin hypercube", 3)]
)
def test_samples_are_the_same_in_parts(plan):
    whole = plan.rows(0, plan.points, 3)
    assert whole.shape == (plan.points, 3)
    assert whole.min() >= 0.0
    assert whole.max() < 1.0
    parts = [plan.rows(first, min(13, plan.points - first), 3) for first in range(0, plan.points, 13)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_array_equal(plan.rows(20, 7, 3), whole[20:27])
    assert not np.array_equal(
        whole, SamplePlan(plan.points, plan.plan, plan.seed + 1).rows(0, plan.points, 3)
    )


def test_devices_are_all_combinations_in_order():
    study = Study(
        LEG,
        AT,
        {
            "length": Span("1 mm", "4 mm", 3, "log"),
            "area": Span("1 mm2", "3 mm2"),
            "material": ["Bi0.42Sb1.58Te3", "Bi0.48Sb1.52Te3"],
            "contact.electrical": Span("1 uohm cm2", "9 uohm cm2", spacing="log"),
        },
        ["power"],
        sample=SamplePlan(8),
    )
    assert study.count == 48
    vary, named = study.at(np.arange(48))
    np.testing.assert_allclose(vary["length"], np.repeat([1e-3, 2e-3, 4e-3], 16))
    assert named["material"].tolist() == ([*["Bi0.42Sb1.58Te3"] * 8, *["Bi0.48Sb1.52Te3"] * 8]) * 3
    unit = np.tile(SamplePlan(8).rows(0, 8, 2), (6, 1))
    np.testing.assert_allclose(vary["area"], 1e-6 + 2e-6 * unit[:, 0])
    np.testing.assert_allclose(vary["contact.electrical"], 1e-10 * 9.0 ** unit[:, 1])
    for start, stop in ((3, 12), (7, 8), (13, 40), (0, 48)):
        part, _ = study.at(np.arange(start, stop))
        for name, values in part.items():
            assert (values == vary[name][start:stop]).all()


def test_hash_is_that_of_what_the_numbers_depend_on():
    study = lengths()
    other = te.load_material("Bi0.42Sb1.58Te3")
    assert study.content_hash() == lengths(name="other", constraints={"power": {"least": 0.0}}).content_hash()
    thicker = study.replace(device=LEG.replace(contact="6 uohm cm2"))
    moved = study.replace(device=LEG.replace(material=other.with_interpolation("linear")))
    assert len({one.content_hash() for one in (study, thicker, moved, study.replace(tolerance=1e-7))}) == 4


def test_chunks_are_neither_few_nor_tiny():
    sizes = {chunk_size(lengths(points=n, chunk=None)) for n in (4, 100, 8000)}
    assert sizes == {500}
    assert chunk_size(lengths(points=100_000, chunk=None)) == 6500
    assert chunk_size(lengths(points=4_000_000, chunk=None)) == 20_000
    assert chunk_size(lengths(chunk=501)) == 1000


def test_a_grid_that_no_memory_holds_is_told_with_its_time():
    with pytest.raises(InputError, match=r"at most 10,000,000 values of one grid .* 57\.9 days"):
        Span("1 mm", "2 mm", points=10**12).axis("length", "length")
