"""The form: everything that a device file may hold, from the models alone."""

from __future__ import annotations

import base64
import copy
import tomllib

import numpy as np
import pytest

from ioffe.base.units import to_si
from ioffe.device.conditions import Cooler, Generator
from ioffe.device.fields import declared
from ioffe.device.parts import Contact, GapFiller, Layer, Segment, SideLoss
from ioffe_studio.form.values import slider, steps, value_at

from .conftest import EXAMPLES

DEVICES = [p for p in sorted(EXAMPLES.glob("*.toml")) if "[operate]" in p.read_text(encoding="utf-8")]


def fields_of(task, document):
    code, answer = task("describe", document=document)
    assert code == 200, answer
    return [field for group in answer["groups"] for field in group["fields"]], answer


def put(document, path, value):
    """Write a value as the page does."""
    *way, last = steps(path)
    for step in way:
        document = document[step]
    if value is not None and isinstance(last, int) and last == len(document):
        document.append(value)
    elif value is None:
        if isinstance(last, int) or last in document:
            del document[last]
    else:
        document[last] = value


@pytest.mark.parametrize("path", DEVICES, ids=lambda path: path.stem)
def test_writing_what_is_shown_changes_nothing(task, path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    fields, _ = fields_of(task, document)
    assert len({field["id"] for field in fields}) == len(fields)
    for field in fields:
        if field["kind"] not in ("number", "numbers") or field["value"] is None or field["display"] is None:
            continue
        display, unit = field["display"], field["unit"]
        several = isinstance(display, list)
        shown = display if several else [display]
        if "write" in field:
            written = [field["write"].replace("{}", repr(one)) for one in shown]
        elif field["bare"]:
            written = shown
        else:
            written = [f"{one!r} {unit}" for one in shown]
        changed = copy.deepcopy(document)
        put(changed, field["path"], written if several else written[0])
        again = {one["id"]: one for one in fields_of(task, changed)[0]}
        np.testing.assert_allclose(again[field["id"]]["display"], display, rtol=1e-11)
        assert again[field["id"]]["unit"] == unit


def test_every_declared_number_has_a_field(task, module):
    module["module"] |= {"filler": {}, "layout": {"gap": "1 mm"}}
    del module["module"]["fill_factor"]
    module["module"]["p"] |= {
        "side": {},
        "segments": [{"material": "MgAgSb0.99In0.01", "length": "6 mm"}],
        "contact": {},
    }
    del module["module"]["p"]["material"], module["module"]["p"]["length"]
    module["operate"]["T_ambient"] = "300 K"
    fields, _ = fields_of(task, module)
    paths = {field["path"] for field in fields}
    places = {
        "module.p.contact": Contact,
        "module.hot[0]": Layer,
        "module.p.segments[0]": Segment,
        "module.p.side": SideLoss,
        "module.filler": GapFiller,
        "operate": Generator,
    }
    for place, owner in places.items():
        assert {f"{place}.{name}" for name in declared(owner)} <= paths
    described = {field["path"]: field for field in fields}
    one = declared(Contact)["electrical"]
    assert described["module.p.contact.electrical"]["label"] == one.description.rstrip(".")
    assert described["module.p.contact.electrical"]["help"] == one.description


@pytest.mark.parametrize("path", DEVICES, ids=lambda path: path.stem)
def test_every_action_gives_a_document_without_a_fault(task, path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    if any("file" in table for table in document.get("measured", ())):
        document.pop("measured")
    _, answer = fields_of(task, document)
    assert not answer["faults"]
    for group in answer["groups"]:
        for action in group["actions"]:
            changed = copy.deepcopy(document)
            for operation in action["operations"]:
                put(changed, operation["path"], operation["value"])
            _, after = fields_of(task, changed)
            assert not after["faults"], (group["id"], action["label"], after["faults"])


def test_faults_stand_at_their_fields(task, module):
    module["module"]["p"]["length"] = "6 m2"
    module["module"]["hot"][0]["layer"] = "Copper"
    module["operate"]["T_cold"] = "-3 K"
    fields, answer = fields_of(task, module)
    found = {field["path"] for field in fields if field["fault"]}
    assert {"module.p.length", "module.hot[0].layer", "operate.T_cold"} <= found
    assert answer["drawing"] is None
    assert len(answer["faults"]) >= 3
    length = next(fault for fault in answer["faults"] if fault["path"] == "module.p.length")
    assert length["message"] == f"module.p.length = {length['words']}"


@pytest.mark.parametrize(
    ("path", "value", "fixes"),
    [
        ("module.p.length", "1,500 mm", ["1.500 mm", "1500 mm"]),
        ("module.p.length", "1,5 mm", ["1.5 mm"]),
        ("module.p.material", "Bi2Te9", ["Bi2Te3"]),
        ("operate.current", "sweeep", ["sweep"]),
        ("module.p.length", "6 m2", []),
    ],
)
def test_a_fault_offers_what_may_be_meant(task, module, path, value, fixes):
    put(module, path, value)
    _, answer = fields_of(task, module)
    fault = next(one for one in answer["faults"] if one["path"] == path)
    assert [one["value"] for one in fault["fixes"]] == fixes


def test_a_table_of_several_samples_offers_them_at_its_field(task, leg):
    content = base64.b64encode((EXAMPLES / "synthetic-series.csv").read_bytes()).decode()
    put(leg, "leg.material", "own.csv")
    given = {"files": {"own.csv": content}}
    _, answer = task("describe", document=leg, **given)
    (fault,) = answer["faults"]
    assert (fault["path"], fault["file"]) == ("leg.material", "own.csv")
    assert fault["words"] == "own.csv: sample: the file holds 4 samples"
    put(leg, "leg.material", fault["fixes"][1]["value"])
    _, answer = task("describe", document=leg, **given)
    assert answer["faults"] == []
    own = next(group for group in answer["groups"] if group["id"] == "leg")
    assert any(field["kind"] == "material" for field in own["fields"]), "another one can be chosen"


def test_a_law_of_ageing_takes_names_of_the_device(task):
    document = tomllib.loads((EXAMPLES / "ageing-module.toml").read_text(encoding="utf-8"))
    fields = {field["path"]: field for field in fields_of(task, document)[0]}
    ages, place = (fields[f"life.degradation[0].{key}"] for key in ("path", "temperature"))
    assert ages["kind"] == "choice"
    labels = {one["value"]: one["label"] for one in ages["options"]}
    assert labels["p.contact.electrical"] == "Electrical contact resistivity: p leg, contact"
    assert labels["n.material.seebeck"] == "Seebeck coefficient: n leg"
    assert {"value": "p.contact_hot", "label": "p leg, hot contact"} in place["options"]


def test_a_shape_belongs_to_a_group_and_a_dragged_edge_to_a_number(task):
    for path in DEVICES:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        document.pop("measured", None)
        _, answer = fields_of(task, document)
        groups = {group["id"] for group in answer["groups"]}
        drawing = answer["drawing"]
        assert {shape["group"] for shape in drawing["shapes"]} - {""} <= groups
        for shape in drawing["shapes"]:
            drag = shape.get("drag")
            if drag is None:
                continue
            value = value_at(document, drag["path"])
            assert to_si(value, "length") == pytest.approx(to_si(f"{drag['value']} {drag['unit']}", "length"))
            # the height of the shape is the number, to scale
            assert shape["height"] * drag["per_unit"] == pytest.approx(drag["value"], rel=1e-2)


def test_sliders_hold_their_value():
    for name, value, unit in (
        ("length", 6e-3, "mm"),
        ("T_hot", 593.0, "K"),
        ("T_cold", 253.15, "degC"),
        ("electrical_contact_resistivity", 0.0, "uohm cm2"),
        ("fill_factor", 0.58, "1"),
        ("current", -2.0, "A"),
    ):
        low, high, _ = slider(name, value, unit)
        shown = to_si(f"{low} {unit}", name), to_si(f"{high} {unit}", name)
        assert shown[0] <= value <= shown[1]
        assert shown[0] < shown[1]


def test_modes_have_their_own_conditions(task, module):
    fields, answer = fields_of(task, module)
    operate = next(group for group in answer["groups"] if group["id"] == "operate")
    action = next(action for action in operate["actions"] if action["label"] == "Cool")
    for operation in action["operations"]:
        put(module, operation["path"], operation["value"])
    fields, answer = fields_of(task, module)
    paths = {field["path"] for field in fields}
    assert {f"operate.{name}" for name in declared(Cooler)} <= paths
    assert not answer["faults"]
    assert task("curves", document=module)[0] == 200


def acted(task, document, group, label):
    _, answer = fields_of(task, document)
    found = next(one for one in answer["groups"] if one["id"] == group)
    action = next(one for one in found["actions"] if one["label"] == label)
    changed = copy.deepcopy(document)
    for operation in action["operations"]:
        put(changed, operation["path"], operation["value"])
    return changed, action


def test_another_mode_keeps_what_both_have_and_says_by_what_they_differ(task, module):
    module["operate"] |= {"hot_convection": "4000 W/(m2 K)"}
    changed, action = acted(task, module, "operate", "Cool")
    assert changed["operate"]["hot_convection"] == "4000 W/(m2 K)"
    assert action["operations"][0]["by"] == "mode"


def test_segments_are_as_long_as_the_leg_was(task, leg):
    changed, _ = acted(task, leg, "leg", "Several segments")
    assert [one["length"] for one in changed["leg"]["segments"]] == ["2.5 mm", "2.5 mm"]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("operate.heat", "5 W", 'only one of "Hot side" and "Heat entering" is expected'),
        ("module.footprint", "40 mm x 40 mm", 'only one of "Fill factor" and "Footprint" is expected'),
        ("module.p.material", "Bi2Te2.7Se0.3", "a leg of p-type material is expected"),
    ],
)
def test_what_contradicts_itself_is_told_at_a_field_by_its_labels(task, module, path, value, words):
    put(module, path, value)
    (fault,) = task("describe", document=module)[1]["faults"]
    assert fault["path"] == path
    assert words in fault["words"]


def test_a_segmented_leg_has_no_material_of_its_own(task):
    document = tomllib.loads((EXAMPLES / "segmented-leg.toml").read_text(encoding="utf-8"))
    fields, _ = fields_of(task, document)
    paths = {field["path"] for field in fields}
    assert "leg.segments[0].material" in paths
    assert not {"leg.material", "leg.length"} & paths
    document["leg"]["length"] = "2 mm"
    assert [fault["path"] for fault in task("describe", document=document)[1]["faults"]] == ["leg.length"]
