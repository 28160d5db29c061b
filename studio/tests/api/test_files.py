"""What is taken home, and tables of measured points that come in."""

from __future__ import annotations

import base64
import io
import json
import tomllib
import zipfile

import numpy as np
import pytest

from .conftest import EXAMPLES, LEG


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("html", b"<!DOCTYPE html>"),
        ("csv", b"T_hot"),
        ("xlsx", b"PK"),
        ("json", b"{"),
        ("svg", b"<svg"),
        ("toml", b"\nformat = 1  # of the file"),
        ("zip", b"PK"),
    ],
)
def test_everything_can_be_taken_home(client, leg, kind, start):
    request = {"document": leg, "name": "my leg.toml", "format": kind, "text": LEG}
    answer = client.post("/api/report", json=request)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.content.lstrip(b"\xef\xbb\xbf").startswith(start) or kind == "csv"
    assert "my%20leg" in answer.headers["content-disposition"]
    assert b"ioffe-studio-" not in answer.content


def test_the_archive_holds_report_numbers_and_the_document(client, leg):
    answer = client.post(
        "/api/report", json={"document": leg, "format": "zip", "name": "leg.toml", "text": LEG}
    )
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {"leg/report.html", "leg/result.json", "leg/curves.csv", "leg/leg.toml"} <= set(archive.namelist())
    assert tomllib.loads(archive.read("leg/leg.toml").decode()) == leg


def test_pictures_are_those_of_the_report(client, leg):
    request = {"document": leg, "format": "pictures", "name": "leg.toml"}
    archive = zipfile.ZipFile(io.BytesIO(client.post("/api/report", json=request).content))
    assert archive.namelist() == ["leg/curves.svg", "leg/device.svg", "leg/profiles.svg"]


def test_the_saved_numbers_are_those_of_the_solve(client, leg):
    saved = json.loads(client.post("/api/report", json={"document": leg, "format": "json"}).content)
    solved = client.post("/api/solve", json={"document": leg}).json()["result"]
    assert saved["max_power"] == solved["max_power"]
    assert saved["voltage"] == solved["voltage"]


def test_pasted_points_become_marks(task, leg):
    rows = [f"{i},{1e3 * (0.05 - 0.01 * i)}" for i in (0.0, 0.5, 1.0, 2.0)]
    code, answer = task(
        "table", document=leg, text="\n".join(["I (A),V (mV),note", *(f"{row},x" for row in rows)])
    )
    assert code == 200, answer
    voltage, power = answer["points"]["voltage"], answer["points"]["power"]
    assert [point["x"] for point in voltage] == [0.0, 0.5, 1.0, 2.0]
    np.testing.assert_allclose([point["y"] for point in voltage], [0.05, 0.045, 0.04, 0.03])
    np.testing.assert_allclose([point["y"] for point in power], [0.0, 0.0225, 0.04, 0.06])
    assert "note" in str(answer["not_used"])
    assert answer["units"]["voltage"] == {"x": "A", "y": "V"}


def test_pasted_points_are_read_alone_whatever_lies_beside_the_device(task, leg):
    given = {"files": {"own.csv": base64.b64encode(b"T (K),S (uV/K)\n300,200\n").decode()}}
    code, answer = task("table", document=leg, text="I (A)\tV (mV)\n1\t40\n", **given)
    assert code == 200, answer
    assert answer["read_as"] == ["pasted.csv: 1 points of current, voltage"]
    code, answer = task("table", document=leg, text="current (A)\tefficiency (K)\n1\t2\n", **given)
    assert '"current (A), efficiency (K)": headers' in answer["text"]


def test_a_table_that_says_nothing_is_told(task, leg):
    code, answer = task("table", document=leg, text="a,b\n1,2\n")
    assert code == 422
    assert "V (mV)" in answer["text"]
    assert task("table", document=leg)[0] == 422


def test_measured_sweeps_of_the_document_stand_in_the_plots(task):
    document = tomllib.loads((EXAMPLES / "measured-module.toml").read_text(encoding="utf-8"))
    content = base64.b64encode((EXAMPLES / "measured-module.csv").read_bytes()).decode()
    code, answer = task("curves", document=document, files={"measured-module.csv": content})
    assert code == 200, answer
    voltage = next(plot for plot in answer["plots"] if plot["id"] == "voltage")
    assert any(line["role"] == "measured" and len(line["values"]) > 3 for line in voltage["series"])


def test_what_was_not_pasted_is_not_said_and_what_is_left_out_is(task, leg):
    code, answer = task("table", document=leg, text="I [A]\tU [V]\tP [W]\n0.5\t0.04\t1.0\n1\t0.03\t1.0\n")
    assert code == 200, answer
    assert answer["read_as"] == ["pasted.csv: 2 points of current, voltage"]
    assert "power" in str(answer["not_used"])
    assert "ioffe-studio-" not in str(answer)


POINTS = {
    "column": "I (A)\tV (mV)\tT_hot (K)\n0\t50\t373\n0.3\t40\t373.4\n0\t90\t473\n0.3\t70\t472.8\n",
    "blocks": "T_h = 373 K\nI (A)\tV (mV)\n0\t50\n0.3\t40\n\nT_h = 473 K\nI (A)\tV (mV)\n0\t90\n0.3\t70\n",
    "groups": "373 K\t\t473 K\t\nI (A)\tV (mV)\tI (A)\tV (mV)\n0\t50\t0\t90\n0.3\t40\t0.3\t70\n",
}


@pytest.mark.parametrize("table", POINTS.values(), ids=POINTS)
def test_points_at_several_hot_sides_are_read_together(task, leg, table):
    code, answer = task("table", document=leg, text=table)
    assert code == 200, answer
    assert answer["read_as"] == ["pasted.csv: 4 points of current, voltage, hot side"]
    voltages = sorted(point["y"] for point in answer["points"]["voltage"])
    assert voltages == pytest.approx([0.04, 0.05, 0.07, 0.09])
    (said,) = answer["findings"]
    assert "with the hot side at 373 K, 473 K; for a curve at each, write these" in said["text"]
    leg["operate"]["T_hot"] = ["373 K", "473 K"]
    assert task("table", document=leg, text=table)[1]["findings"] == []
    plain = "I (A)\tV (mV)\n0\t50\n0.3\t40\n"
    code, answer = task("table", document=leg, text=plain)
    assert (code, answer["read_as"]) == (200, ["pasted.csv: 2 points of current, voltage"])


def archived(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return base64.b64encode(buffer.getvalue()).decode()


def test_a_saved_archive_opens_with_the_tables_that_it_names(client, task):
    text = LEG.replace('"MgAgSb0.99In0.01"', '{ file = "trial.csv", carrier = "p" }')
    table = b"T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,180,900,0.8\n560,200,700,0.9\n"
    own = {name: base64.b64encode(table).decode() for name in ("trial.csv", "other.csv")}
    request = {
        "document": tomllib.loads(text),
        "format": "zip",
        "name": "leg.toml",
        "text": text,
        "files": own,
    }
    saved = client.post("/api/report", json=request)
    assert saved.status_code == 200, saved.text
    code, answer = task("toml", files={"leg.zip": base64.b64encode(saved.content).decode()})
    assert code == 200, answer
    assert (answer["name"], answer["document"], answer["text"]) == ("leg.toml", tomllib.loads(text), text)
    assert answer["files"] == {"trial.csv": own["trial.csv"]}


@pytest.mark.parametrize(
    ("entries", "code", "words"),
    [
        ({"a.csv": "x"}, 422, "holds no device file"),
        ({"leg.toml": LEG, "zeros.bin": bytes(300_000_000)}, 413, "would unpack"),
        ({"leg.toml": LEG, **{f"{k}.csv": "" for k in range(1000)}}, 413, "at most 1000 are read"),
    ],
)
def test_an_archive_that_is_no_project_is_refused_in_words(task, entries, code, words):
    found, answer = task("toml", files={"p.zip": archived(entries)})
    assert (found, words in answer["text"]) == (code, True), answer


def test_a_table_of_efficiencies_alone_is_told_what_they_follow_from(task, leg):
    code, answer = task("table", document=leg, text="I (A),efficiency (K)\n0,1\n1,2\n")
    assert code == 422
    assert '"P (mW)"' in answer["text"]
    assert "from which efficiency and COP follow" in answer["text"]
