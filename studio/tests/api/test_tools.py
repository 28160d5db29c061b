"""Tools of the pages: what the commands say, in sections; long work as jobs."""

from __future__ import annotations

import base64
import io
import json
import re
import time
import tomllib
import xml.etree.ElementTree as ET
from itertools import islice, takewhile

import pytest
from openpyxl import load_workbook

from ioffe.base.errors import InputError
from ioffe.device.parameters import numbers, rebuilt
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools import PAGES
from ioffe_studio.tools.commands import fields_of, options_of
from ioffe_studio.tools.opening import applied

from .conftest import EXAMPLES

TOOLS = [tool for page in PAGES for tool in page.tools]
KINDS = {"facts", "table", "plot", "picture", "findings", "text", "list", "figures", "bodies"}


def example(name):
    return tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))


def files(*names):
    return {name: base64.b64encode((EXAMPLES / name).read_bytes()).decode() for name in names}


STUDY = {"path1": "legs.length", "low1": "0.5 mm", "high1": "5 mm"}
CASES = {
    "materials.analyse": {"files": files("synthetic-series.csv")},
    "materials.look": {"files": files("synthetic-series.csv")},
    "materials.compare": {"request": {"names": "Bi0.42Sb1.58Te3; MgAgSb0.99In0.01"}},
    "materials.import": {"files": files("synthetic-series.csv")},
    "materials.check": {"files": files("synthetic-series.csv")},
    "measure.line-scan": {"files": files("line-scan.csv"), "request": {"area": "3 mm x 3 mm"}},
    "measure.sound": {
        "request": {"longitudinal": "3913 m/s", "transverse": "2045 m/s", "density": "6.65 g/cm3"}
    },
    "life.barrier": {"request": {"measured": "5 uohm cm2"}},
    "life.solve": {"document": example("ageing-module")},
    "migration.region": {"document": example("copper-sulfide-leg"), "request": {"barriers": 1}},
    "design.optimise": {"document": example("studies/generator"), "request": STUDY},
    "design.sweep": {"document": example("studies/generator"), "request": {**STUDY, "points1": 4}},
    "design.area-ratio": {"document": example("studies/generator")},
    "design.uncertainty": {
        "document": example("studies/generator"),
        "request": {"seebeck": "6 %", "path1": "legs.length", "spread1": "20 um"},
    },
    "design.cost": {"document": example("mgagsb-module")},
    "design.export": {"document": example("mgagsb-module"), "request": {"cells": 4}},
    "design.calibrate": {"document": example("measured-module"), "files": files("measured-module.csv")},
    "report.device": {"document": example("segmented-leg")},
}


@pytest.mark.parametrize("name", CASES)
def test_a_tool_answers_in_sections(task, name):
    code, answer = task("tool", tool=name, **CASES[name])
    assert code == 200, answer
    assert answer["number"] == 7
    assert answer["sections"]
    assert {section["kind"] for section in answer["sections"]} <= KINDS
    said = json.dumps(answer["sections"])
    assert "ioffe-studio-" not in json.dumps(answer)
    assert "<sub>" not in said
    assert "&lt;" not in said
    for section in answer["sections"]:
        if section["kind"] == "picture":
            drawn = base64.b64decode(section["svg"])
            assert ET.parse(io.BytesIO(drawn)).getroot().tag.endswith("svg")
            assert b"style=" not in drawn
            assert b"<style" not in drawn


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.id)
def test_every_option_of_a_command_is_a_field(tool):
    fields = fields_of(tool)
    assert len({field["id"] for field in fields}) == len(fields)
    options = {max(one.opts, key=len).lstrip("-") for one in options_of(tool)} if tool.command else set()
    assert options <= {field["path"] for field in fields}
    assert all(field["help"] and field["label"] for field in fields)
    assert tool.described()["about"]


NAMES = re.compile(
    r"(?<![\w./])(?:[a-z]\w*\.)+[a-z]\w*(?!\w| \()|[a-z]{2,}_[a-z]\w*(?! \()|\w\[|`|--[a-z]|='|\b[A-Z]{4,}\b"
)
"""What only programmers write; headers of tables stand before a unit."""
KNOWN = re.compile(r"[\w-]+\.(?:csv|toml|vtu|txt)|grain_size|rho_c|AMSET|ESTM|PPMS|SPICE|TOML")


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.id)
def test_no_form_speaks_like_a_program(tool, task):
    described = tool.described()
    fields = described["fields"]
    if described["fields_follow_device"]:
        document = example("ageing-module" if tool.id == "life.solve" else "studies/generator")
        code, answer = task("tool_fields", tool=tool.id, document=document)
        assert code == 200
        fields = answer["fields"]
    said = [described["title"], described["text"], *described["about"]]
    for field in fields:
        said += [field["label"], field["help"], field.get("default_text") or ""]
        said += [option["label"] for option in field.get("options", ())]
    assert [text for text in said if NAMES.search(KNOWN.sub("", text))] == []


def test_names_are_chosen_in_words(task):
    def of(tool, document):
        return {
            field["path"]: field for field in task("tool_fields", tool=tool, document=document)[1]["fields"]
        }

    stress = of("field.stress", example("stress-couple"))
    assert stress["free"]["default_text"] == "20 degC"
    formats = stress["picture-format"]
    assert (formats["kind"], formats["advanced"], len(formats["options"])) == ("picked", True, 3)
    assumed = of("published.reproduce", example("stress-couple"))["assume"]
    assert {"value": "delta", "label": "delta (Qiu 2018, 0.03)"} in assumed["options"]
    aims = of("design.area-ratio", example("studies/generator"))
    assert {one["label"] for one in aims["aim"]["options"]} >= {
        "Efficiency",
        "Power",
        "Temperature difference",
    }
    assert (aims["operate"]["kind"], aims["operate"]["valued"]) == ("picked", True)
    assert "Temperature of the hot side" in {one["label"] for one in aims["operate"]["options"]}
    cascade = of("design.optimise", example("two-stage-cooler"))["path1"]["options"]
    labels = {one["value"]: one["label"] for one in cascade}
    assert labels["stages[0].p.length"] == "Length along the current: stage 1, p leg"
    assert labels["stages.p.length"] == "Length along the current: stages, p leg"


def test_every_command_of_measure_is_a_tool():
    from ioffe.cli.main import measure

    known = {tool.command[1] for tool in TOOLS if tool.command[:1] == ("measure",)}
    assert set(measure.lazy_commands) - {"lfa"} == known


def test_a_card_made_from_a_table_can_be_used(task, leg):
    _, answer = task("tool", tool="materials.import", files=files("synthetic-series.csv"))
    card = answer["files"][0]
    leg["leg"]["material"] = card["name"]
    leg["leg"].pop("contact")
    leg["operate"] |= {"T_hot": "400 K", "T_cold": "320 K"}
    content = base64.b64encode(card["text"].encode()).decode()
    code, answer = task("curves", document=leg, files={card["name"]: content})
    assert code == 200, answer


def test_files_of_one_sample_make_one_card_with_kappa(task):
    found = files("first-sample/zem.txt", "first-sample/lfa.csv")
    given = {name.rpartition("/")[2]: text for name, text in found.items()}
    request = {"density": "4.95 g/cm3", "heat-capacity": "0.262 J/(g K)"}
    code, answer = task("tool", tool="materials.import", files=given, request=request)
    assert code == 200, answer
    cards = [one["text"] for one in answer["files"] if one["name"].endswith(".toml")]
    assert len(cards) == 1
    assert "thermal_conductivity" in cards[0]


def test_the_best_device_of_a_search_is_a_document(task):
    _, answer = task("tool", tool="design.optimise", **CASES["design.optimise"])
    best = answer["document"]
    lengths = {best["module"][kind]["length"] for kind in ("p", "n")}
    assert len(lengths) == 1
    assert 0.5 <= float(lengths.pop().removesuffix(" mm")) <= 5.0, "in the unit of the document"
    assert task("solve", document=best)[0] == 200


def test_a_front_of_two_objectives_has_devices_to_open(task):
    request = {**STUDY, "second": "efficiency", "largest": "power"}
    code, answer = task(
        "tool", tool="design.optimise", document=example("studies/generator"), request=request
    )
    assert code == 200, answer
    said, table = answer["sections"][:2]
    assert said["text"].startswith("From the largest power, ")
    assert len(table["documents"]) == len(table["rows"]) > 2
    results = [task("solve", document=document)[1]["result"] for document in table["documents"][:2]]
    lengths = [document["module"]["p"]["length"] for document in table["documents"]]
    assert len(set(lengths)) == len(lengths)
    assert all(result["status"] == "ok" for result in results)


def test_what_a_cost_lacks_is_asked_for_and_kept_in_the_device(task):
    def asked(document):
        own = (f for f in task("tool_fields", tool="design.cost", document=document)[1]["fields"])
        return {f["label"]: (f["path"], f["value"]) for f in own if f["path"][-1].isdigit()}

    document = task("example", id="new-generator")[1]["document"]
    names = [document["module"][kind]["material"] for kind in "pn"]
    fields = asked(document)
    paths = [path for path, _ in fields.values()]
    assert list(fields) == [f"Density of {name}" for name in names]
    refused = task("tool", tool="design.cost", document=document)[1]
    assert [fault["path"] for fault in refused["faults"]] == paths
    given = dict.fromkeys(paths, "6.8 g/cm3")
    answer = task("tool", tool="design.cost", document=document, request=given)[1]
    opened = answer["document"]
    assert task("tool", tool="design.cost", document=opened)[1]["sections"] == answer["sections"]
    assert [value for _, value in asked(opened).values()] == ["6.8 g/cm3"] * 2


def test_names_of_files_elsewhere_are_refused(task):
    for name in ("/etc/passwd", "../secret.csv", "a/../../b.csv", "~/x", "..\\x", "S=/etc/passwd"):
        code, answer = task(
            "tool", tool="materials.analyse", files=files("synthetic-series.csv"), request={"hall": name}
        )
        assert code == 422
        assert "elsewhere" in answer["text"]
        code, answer = task("tool", tool="materials.compare", request={"names": f"Cu; {name}"})
        assert code == 422
        assert "elsewhere" in answer["text"]


def test_faults_of_options_are_told_in_words(task):
    code, answer = task(
        "tool", tool="measure.line-scan", files=files("line-scan.csv"), request={"area": "3 mm"}
    )
    assert code == 422
    assert "area" in answer["text"]
    code, answer = task("tool", tool="measure.line-scan", files=files("line-scan.csv"))
    assert code == 422
    assert "area" in answer["text"]
    assert task("tool", tool="measure.nothing")[0] == 404


@pytest.mark.parametrize(
    ("name", "opening", "file"),
    [
        ("design.cost", "The device costs at least", "mine-cost-"),
        ("measure.line-scan", "metal | leg | metal, from line-scan.csv", "line-scan"),
        ("migration.region", "Safe operation of a generator, cold side 300 K", "mine-region-"),
    ],
)
def test_an_answer_begins_with_its_sentence_and_its_files_say_what_they_are_of(task, name, opening, file):
    _, answer = task("tool", tool=name, **{"name": "mine.toml", **CASES[name]})
    said = takewhile(lambda one: one["kind"] in ("findings", "text"), answer["sections"])
    assert any(opening in one.get("text", "") for one in said)
    assert all(one["name"].startswith(file) for one in answer["files"])
    assert not any("line-scan-line-scan" in one["name"] for one in answer["files"])
    assert answer["files"]


def events(client, name):
    with client.stream("GET", f"/api/jobs/{name}/events") as stream:
        lines = [line for line in stream.iter_lines() if line and line[0] != ":"]  # of a server under load
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return [(a.removeprefix("event: "), json.loads(b.removeprefix("data: "))) for a, b in pairs]


def test_a_job_tells_its_progress_and_its_outcome(client):
    begun = client.post("/api/jobs", json={"number": 5, "tool": "design.sweep", **CASES["design.sweep"]})
    assert begun.status_code == 200
    told = events(client, begun.json()["id"])
    assert told[0][0] == "progress"
    assert told[-1][0] == "done", told[-1]
    assert told[-1][1]["answer"]["number"] == 5
    assert told[-1][1]["answer"]["sections"]
    assert client.get(f"/api/jobs/{begun.json()['id']}").json()["state"] == "done"
    assert client.delete(f"/api/jobs/{begun.json()['id']}").status_code == 204
    assert client.get(f"/api/jobs/{begun.json()['id']}").status_code == 404


def test_a_job_with_faults_says_so(client, leg):
    leg["leg"]["length"] = "5 m2"
    begun = client.post("/api/jobs", json={"tool": "report.device", "document": leg})
    kind, outcome = events(client, begun.json()["id"])[-1]
    assert kind == "failed"
    assert outcome["faults"][0]["path"] == "leg.length"


def test_a_cancelled_job_frees_its_process(client):
    document = example("mgagsb-module")
    document["operate"]["T_hot"] = [f"{400 + k / 10} K" for k in range(300)]
    begun = client.post("/api/jobs", json={"tool": "report.device", "document": document}).json()["id"]
    job = client.app.state.jobs.find(begun)
    while job.worker is None or job.state != "running":
        time.sleep(0.05)
    time.sleep(0.3)
    worker = job.worker
    assert client.delete(f"/api/jobs/{begun}").status_code == 204
    assert not worker._process.is_alive()
    assert events(client, begun)[-1][0] == "cancelled"


def test_the_form_of_a_study_offers_the_numbers_of_the_device(task):
    code, answer = task("tool_fields", tool="design.optimise", document=example("studies/generator"))
    assert code == 200, answer
    fields = {field["path"]: field for field in answer["fields"]}
    options = {option["value"]: option["label"] for option in fields["path1"]["options"]}
    assert options["legs.length"] == "Length along the current: both legs"
    assert {"fill_factor", "p.area", "T_hot", "legs.contact.electrical", "hot[0].thickness"} <= set(options)
    assert {option["value"] for option in fields["aim"]["options"]} == {"max_power", "max_efficiency"}
    assert len(fields) == len(answer["fields"])


def test_every_example_opens_and_the_first_lies_within_its_materials(task):
    _, info = task("info")
    for k, one in enumerate(info["examples"]):
        code, opened = task("example", id=one["id"])
        assert code == 200
        request = {key: opened[key] for key in ("document", "files", "name")}
        assert not task("describe", **request)[1]["faults"], one["id"]
        if k == 0:
            assert task("curves", **request)[1]["status"]["kind"] == "good"


def test_every_example_of_a_page_is_answered(task):
    for tool in TOOLS:
        shown = tool.described().get("sample")
        if shown is None:
            continue
        request = {field["path"]: field["value"] for field in fields_of(tool) if field["value"] is not None}
        code, answer = task(
            "tool", tool=tool.id, files={shown["name"]: shown["base64"]}, request=request | shown["request"]
        )
        assert code == 200, (tool.id, answer)


def test_files_beside_the_device_are_not_those_of_a_tool(task, leg):
    given = files("synthetic-series.csv") | {"bin.csv": base64.b64encode(bytes(range(256))).decode()}
    request = {"tool": "materials.analyse", "document": leg, "files": given}
    assert task("tool", **request)[0] == 422
    assert task("tool", **request, own=["synthetic-series.csv"])[0] == 200


def test_a_fault_of_an_option_or_of_an_end_stands_at_its_field(task):
    sample = next(tool for tool in TOOLS if tool.id == "measure.flash").described()["sample"]
    request = sample["request"] | {"density": "-4.95 kg"}
    code, answer = task(
        "tool", tool="measure.flash", files={sample["name"]: sample["base64"]}, request=request
    )
    assert (code, [fault["path"] for fault in answer["faults"]]) == (422, ["density"])
    assert "--" not in answer["text"]
    request = {"min-zT": "much"}
    code, answer = task(
        "tool", tool="materials.analyse", files=files("synthetic-series.csv"), request=request
    )
    assert (code, [fault["path"] for fault in answer["faults"]]) == (422, ["min-zT"])
    assert not re.search("--|FILE", answer["text"])
    document = example("studies/generator")
    code, answer = task("tool", tool="design.sweep", document=document, request={**STUDY, "low1": "0,5 mm"})
    assert (code, [fault["path"] for fault in answer["faults"]]) == (422, ["low1"])


def test_forms_speak_of_their_labels_and_not_of_a_command_line():
    """Options, files and commands by the names that they have in the page."""
    for tool in TOOLS:
        shown = tool.described()
        texts = [shown["title"], shown["text"], *shown["about"]]
        texts += [text for field in shown["fields"] for text in (field["label"], field["help"])]
        for text in texts:
            assert not re.search(r"--[a-z]|\bFILE\b|ioffe [a-z]|be repeated", text), (tool.id, text)
        labels = [field["label"] for field in shown["fields"] if "variables" not in tool.function]
        assert all(label[0].isupper() for label in labels), (tool.id, labels)
    life = next(tool for tool in TOOLS if tool.id == "life.solve")
    assert next(f["kind"] for f in fields_of(life) if f["path"] == "ageing") == "file"


def test_every_beginning_solves_within_its_materials(task):
    info = task("info")[1]
    assert len(info["beginnings"]) == 4
    for one in info["beginnings"]:
        document = task("example", id=one["id"])[1]["document"]
        found = task("curves", document=document)[1]
        assert (found["status"]["kind"], found["warnings"]) == ("good", []), one["id"]


@pytest.mark.parametrize("name", ["bi2te3-cooler", "copper-sulfide-leg", "segmented-leg", "two-stage-cooler"])
def test_how_sure_takes_every_material_and_each_of_several_temperatures(task, name):
    """As the form offers it, of legs in one piece and in several, of modules and of cascades."""
    document = example(name)
    offered = task("tool_fields", tool="design.uncertainty", document=document)[1]["fields"]
    request = {field["path"]: field["value"] for field in offered if field["value"]}
    assert request["path1"].endswith("length")
    code, answer = task("tool", tool="design.uncertainty", document=document, request=request)
    assert code == 200, answer
    shares = next(one for one in answer["sections"] if one.get("title") == "Shares")
    inputs = "; ".join(dict.fromkeys(row[0] for row in shares["rows"]))
    parts = {"segmented-leg": ("segment 1", "segment 3"), "two-stage-cooler": ("stage 1", "stage 2")}
    assert all(part in inputs.lower() for part in ("seebeck", *parts.get(name, ()))), inputs
    several = next(value for value in document["operate"].values() if isinstance(value, list))
    assert len({row[1] for row in shares["rows"]}) == len(several)


def test_a_study_has_each_of_the_temperatures_of_the_device(task):
    document = example("bi2te3-cooler")
    request = {"path1": "legs.length", "low1": "0.5 mm", "high1": "5 mm", "points1": 2}
    code, answer = task("tool", tool="design.sweep", document=document, request=request)
    assert code == 200, answer
    devices = answer["sections"][1]
    assert {row[1] for row in devices["rows"]} == {"250 K", "260 K", "270 K", "280 K", "290 K"}
    assert devices["documents"][0]["operate"]["T_cold"] in (250.0, 260.0, 270.0, 280.0, 290.0)
    code, answer = task("tool", tool="design.sweep", document=example("copper-sulfide-leg"), request=request)
    assert [fault["path"] for fault in answer["faults"]] == ["path1"]


def test_answers_about_errors_call_numbers_by_words(task):
    request = {"seebeck": "6 %", "path1": "legs.length", "spread1": "20 um"}
    document = example("studies/generator")
    answer = task("tool", tool="design.uncertainty", document=document, request=request)[1]
    told = json.dumps([one for one in answer["sections"] if one["kind"] != "picture"])
    assert "Seebeck coefficient: p leg" in told
    assert "p.material" not in told
    assert "legs.length" not in told


def test_tables_of_a_study_are_taken_home_in_words(task):
    document = example("studies/generator")
    request = {**STUDY, "points1": 3, "outputs": "efficiency"}
    _, answer = task("tool", tool="design.sweep", document=document, request=request)
    found = {file["name"].removeprefix("device-sweep-"): file for file in answer["files"]}
    assert set(found) == {
        *("best.csv", "map-power.svg", "map-efficiency.svg", "report.html", "result.json", "tables.xlsx")
    }
    heads, first = found["best.csv"]["text"].splitlines()[:2]
    assert heads == "rank,Length along the current: both legs (mm),power (W),efficiency (%),point status"
    power, efficiency = map(float, first.split(",")[2:4])
    book = load_workbook(io.BytesIO(base64.b64decode(found["tables.xlsx"]["base64"])))
    heads, first = islice(book["map"].values, 2)
    assert heads == ("Length along the current: both legs (mm)", "best power (W)", "best efficiency (%)")
    assert first[1:] == (power, efficiency)
    assert "folder" not in json.dumps(answer["sections"])


def test_the_best_cooler_is_named_first(task):
    sample = next(tool for tool in TOOLS if tool.id == "design.select")
    files_of = {"files": files("coolers.csv"), "request": dict(sample.sample_request)}
    _, answer = task("tool", tool="design.select", **files_of)
    first, table = answer["sections"][:2]
    assert first["text"].startswith(f"10 of 11 modules carry 40 W; {table['rows'][0][0]} does it")


@pytest.mark.parametrize(
    "name", ["bi2te3-cooler", "mgagsb-module", "segmented-leg", "three-stage-cooler", "studies/generator"]
)
def test_every_number_opens_in_the_device(name):
    """The document that is opened is the device with that number, however its file writes it."""
    document = example(name)
    job = Job({"document": document}, [], lambda *_: None)
    device, conditions = job.device_file.device, job.device_file.conditions
    for path, value in numbers(device, conditions).items():
        changed = {path: 1.125 * value or 1e-9}
        try:
            wanted = numbers(*rebuilt(device, conditions, changed))
        except InputError:  # no device has it
            continue
        opened = Job({"document": applied(job, changed)}, [], lambda *_: None).device_file
        assert numbers(opened.device, opened.conditions) == pytest.approx(wanted, rel=1e-12), path


def test_one_contact_of_two_opens_beside_the_other(leg):
    """A contact that is written once for both ends, and by its electrical resistivity alone."""
    leg["leg"]["contact"] = "8 uohm cm2"
    job = Job({"document": leg}, [], lambda *_: None)
    found = applied(job, {"contact_hot.thermal": 1e-6})["leg"]
    assert (found["contact_hot"], found["contact_cold"]) == (
        {"electrical": "8 uohm cm2", "thermal": "1 mm2 K/W"},
        "8 uohm cm2",
    )
    assert "contact" not in found
    assert applied(job, {"contact.electrical": 9e-10})["leg"]["contact"] == "9 uohm cm2"
    del leg["leg"]["contact"]
    found = applied(job, {"contact.electrical": 9e-10})["leg"]
    assert found["contact_hot"] == found["contact_cold"] == {"electrical": "9 uohm cm2"}


def test_the_calibrated_device_opens(task):
    case = CASES["design.calibrate"]
    _, answer = task("tool", tool="design.calibrate", **case)
    result = json.loads(next(f["text"] for f in answer["files"] if f["name"].endswith("result.json")))
    fitted = dict(zip(result["axes"]["parameter"], result["value"], strict=True))
    opened = Job({"document": answer["document"], "files": case["files"]}, [], lambda *_: None).device_file
    found = numbers(opened.device, opened.conditions)
    for end in ("p.contact_hot", "n.contact_cold"):
        assert found[f"{end}.electrical"] == fitted["legs.contact.electrical"]
        assert found[f"{end}.thermal"] == fitted["legs.contact.thermal"]
    told = answer["sections"][1]["text"]
    assert told.startswith("The device that opens has the fitted numbers. Not in it: conductance past the")


@pytest.mark.parametrize(
    ("question", "name", "aim"),
    [
        *(("area-ratio", "studies/generator", "efficiency"), ("leg-length", "studies/generator", "power")),
        *(("sizes", "studies/generator", "power"), ("contacts", "studies/generator", "efficiency")),
        ("segments", "segmented-leg", "efficiency"),
    ],
)
def test_the_devices_of_a_question_open(task, question, name, aim):
    """Each is the device whose numbers stand in the answer."""
    document = example(name)
    hot = document["operate"]["T_hot"]
    document["operate"]["T_hot"] = hot[-1] if isinstance(hot, list) else hot
    code, answer = task("tool", tool=f"design.{question}", document=document)
    assert code == 200, answer
    result = json.loads(next(f["text"] for f in answer["files"] if f["name"].endswith("result.json")))
    table = answer["sections"][1]
    assert [row[0] for row in table["rows"]] == result["axes"]["device"]
    assert answer["document"] == table["documents"][-1]
    for opened, wanted in zip(table["documents"], result[aim], strict=True):
        found = job_of(opened).device_file
        at = found.conditions.replace(current=f"max_{result['aim'].removesuffix('_density')}")
        assert float(found.device.solve(at).values[aim]) == pytest.approx(wanted, rel=1e-5)


def job_of(document):
    return Job({"document": document}, [], lambda *_: None)
