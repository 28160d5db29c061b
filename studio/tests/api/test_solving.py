"""What the studio computes: the same numbers as the command line and Python, and faults where they are."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from ioffe.cli.main import cli
from ioffe.device_file.read import read_device
from ioffe_studio.toml_text import written

from .conftest import EXAMPLES


def test_command_line_python_and_studio_give_the_same_bits(leg, task, tmp_path):
    path = tmp_path / "device.toml"
    path.write_text(written(leg), encoding="utf-8")
    code, answer = task("solve", document=leg)
    assert code == 200
    assert answer["number"] == 7
    printed = json.loads(CliRunner().invoke(cli, ["run", str(path), "--json"]).stdout)
    python = json.loads(json.dumps(read_device(path).solve(maxima=True).to_dict()))
    assert answer["result"] == printed == python


def test_curves_are_those_of_the_result(module, task):
    _, answer = task("curves", document=module)
    _, exact = task("solve", document=module)
    plots = {plot["id"]: plot for plot in answer["plots"]}
    for name in ("voltage", "power", "heat_hot", "efficiency"):
        y = plots[name]["y"]
        line = next(line for line in plots[name]["series"] if line["role"] == "computed")
        factor, offset = y["si"]["factor"], y["si"]["offset"]
        shown = np.array(line["values"], float)
        wanted = np.array(exact["result"][name], float).ravel()
        np.testing.assert_allclose(shown, wanted * factor + offset, rtol=1e-12)
    assert answer["status"]["ok"]
    assert answer["balance"]["value"] < 1e-9


def test_maxima_come_in_the_second_answer(module, task):
    _, answer = task("maxima", document=module)
    _, exact = task("solve", document=module)
    found = {figure["key"]: figure["value"] for figure in answer["headline"]}
    assert found["max_power"] == np.ravel(exact["result"]["max_power"])[0]
    mark = answer["marks"]["power"][0]
    assert mark["x"] == pytest.approx(np.ravel(exact["result"]["max_power_current"])[0])
    assert [plot["id"] for plot in answer["profiles"]] == [
        "profile.temperature",
        "profile.electric_potential",
        "profile.heat_flux",
    ]


def test_a_variant_has_the_curves_and_figures_of_its_device_and_says_what_differs(module, task):
    other = copy.deepcopy(module)
    other["module"]["n"]["length"] = "4 mm"
    answer = task("maxima", document=other, curves=True)[1]
    assert answer["plots"] == task("curves", document=other)[1]["plots"]
    assert answer["headline"] == task("maxima", document=other)[1]["headline"]
    assert task("describe", document=module, variants=[other, module])[1]["variants"] == [
        "n leg: length 4 mm",
        "as it is now",
    ]


def test_heats_are_called_what_they_are_in_generators_and_coolers_alike(leg, task):
    generator = {"mode": "generate", "T_hot": "500 K", "T_cold": "310 K", "current": "0.5 A"}
    for operate in (generator, generator | {"mode": "cool", "T_hot": "330 K", "T_cold": "320 K"}):
        _, answer = task("curves", document={**leg, "operate": operate})
        words = {figure["key"]: figure["label"] for figure in answer["headline"]}
        assert words["heat_hot"] == "Heat at the hot side"
        assert words["heat_cold"] == "Heat at the cold side"


def test_a_shorter_leg_ends_where_it_ends(module, task):
    module["module"]["n"]["length"] = "4 mm"
    plot = task("maxima", document=module)[1]["profiles"][2]
    n = next(line for line in plot["series"] if line["part"] == "n")
    end = n["values"].index(None)
    assert n["x"][end] - n["x"][end - 1] == pytest.approx(2.0)  # mm to the plate
    assert n["x"][end] == n["x"][end + 1]


def test_points_beyond_the_measured_range_are_marked(leg, task):
    _, inside = task("curves", document=leg)
    leg["operate"]["T_hot"] = "700 K"
    _, beyond = task("curves", document=leg)
    assert all(line["extrapolated"] is None for plot in inside["plots"] for line in plot["series"])
    assert all(all(line["extrapolated"]) for plot in beyond["plots"] for line in plot["series"])
    assert beyond["status"]["kind"] == "fair"


def test_what_matters_most_agrees_with_a_finite_difference(leg, task):
    leg["operate"]["current"] = "max_power"
    _, answer = task("sensitivity", document=leg)
    rows = {row["path"]: row["effect"] for row in answer["rows"]}
    assert answer["aim"]["key"] == "max_efficiency"
    changed = []
    for length in (4.995, 5.005):
        leg["leg"]["length"] = f"{length} mm"
        changed.append(task("solve", document=leg)[1]["result"]["max_efficiency"])
    slope = np.log(np.ravel(changed)[1] / np.ravel(changed)[0]) / np.log(5.005 / 4.995)
    assert rows["leg.length"] == pytest.approx(slope, rel=1e-3)


def test_what_matters_most_of_a_cascade(task):
    document = tomllib.loads((EXAMPLES / "three-stage-cooler.toml").read_text(encoding="utf-8"))
    _, answer = task("sensitivity", document=document)
    rows = {row["path"]: row["effect"] for row in answer["rows"]}
    assert rows["operate.T_cold"] == max(rows.values(), key=abs) > 0.0
    assert any(path.startswith("cascade.stages[2].p") for path in rows)
    document["cascade"]["connection"] = "independent"
    code, answer = task("sensitivity", document=document)
    assert (code, answer["rows"]) == (200, [])


def test_faults_are_those_of_the_command_line(leg, task, tmp_path):
    leg["leg"]["length"] = "5 m2"
    leg["leg"]["aera"] = leg["leg"].pop("area")
    leg["operate"]["T_cold"] = "-3 K"
    path = tmp_path / "device.toml"
    path.write_text(written(leg), encoding="utf-8")
    code, answer = task("solve", document=leg)
    assert code == 422
    command = [sys.executable, "-m", "ioffe", "run", str(path), "--json"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert {fault["path"] for fault in answer["faults"]} == {
        "leg.length",
        "leg.area",
        "leg.aera",
        "operate.T_cold",
    }
    for fault in answer["faults"]:
        assert fault["message"] in " ".join(said.stderr.split())


def test_doubts_are_told_without_a_solve(leg, task):
    leg["leg"]["contact"]["electrical"] = "7.9 ohm cm2"
    code, answer = task("check", document=leg)
    assert code == 200
    assert any("contact" in found["text"] for found in answer["findings"])


def test_no_file_of_the_computer_can_be_named(leg, task, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("T (K),S (uV/K)\n300,100\n", encoding="utf-8")
    for name in (str(secret), f"../../../../../..{secret}", "..\\secret.csv", "sub/secret.csv"):
        leg["leg"]["material"] = {"file": name, "carrier": "p"}
        code, answer = task("solve", document=leg)
        assert code == 422
        assert "without folders" in answer["text"]
        leg["measured"] = [{"file": name}]
        code, answer = task("solve", document=leg)
        assert [fault["path"] for fault in answer["faults"]] == ["leg.material.file", "measured[0].file"]
        del leg["measured"]


def test_no_answer_names_the_private_folder(leg, task):
    import base64

    broken = base64.b64encode(b"T (K),S (uV/K)\n300,abc\n").decode()
    leg["leg"]["material"] = {"file": "trial.csv", "carrier": "p"}
    code, answer = task("solve", document=leg, files={"trial.csv": broken})
    assert code == 422
    assert "trial.csv" in answer["text"]
    assert "ioffe-studio-" not in json.dumps(answer)
    assert not list(Path("/tmp").glob("ioffe-studio-*/trial.csv"))


def test_what_matters_most_at_several_currents(task, leg):
    leg["operate"]["current"] = ["0.2 A", "0.5 A"]
    code, answer = task("sensitivity", document=leg)
    assert code == 200, answer
    assert answer["rows"]
