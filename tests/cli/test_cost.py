"""`ioffe cost`: what it prints and writes, and what it refuses."""

import json
from pathlib import Path

import pytest

from ioffe import read_device
from ioffe.cli.main import entry
from ioffe.cost import cost_items

ROOT = Path(__file__).parents[2]
DEVICE = ROOT / "examples" / "priced-generator.toml"


def test_it_prints_and_writes_everything(tmp_path, capsys):
    out = tmp_path / "out"
    assert entry(["cost", str(DEVICE), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    for words in (
        "metallisation",
        "cold exchanger",
        "USD/W",
        "W/USD",
        "remembered",
        "mendeleev",
        "without a year",
    ):
        assert words in printed
    file = read_device(DEVICE)
    by_hand = sum(item.cost for item in cost_items(file.device, file.conditions, file.costing))
    found = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert found["kind"] == "cost"
    assert found["performance"]["cost"] == pytest.approx(by_hand, rel=1e-12)
    assert found["performance"]["cost_low"] < by_hand < found["performance"]["cost_high"]
    power = found["performance"]["power"]
    assert found["performance"]["cost_per_power"] == pytest.approx(by_hand / power, rel=1e-12)
    assert sum(found["share"]) == pytest.approx(1.0)
    assert len((out / "items.csv").read_text(encoding="utf-8").splitlines()) == 12
    assert (out / "report.html").read_text(encoding="utf-8").count("<img") == 2


def test_other_prices_and_json(capsys):
    assert entry(["cost", str(DEVICE), "--json", "--vintage", "2013"]) == 0
    dear = json.loads(capsys.readouterr().out)
    assert entry(["cost", str(DEVICE), "--json"]) == 0
    usual = json.loads(capsys.readouterr().out)
    assert dear["performance"]["cost"] > usual["performance"]["cost"]
    bi = usual["prices"]["axes"]["price_of"].index("elements.Bi")
    assert (usual["prices"]["value"][bi], dear["prices"]["value"][bi]) == (6.36, 25.309)


def test_a_cooler_without_prices_names_what_is_not_counted(tmp_path, capsys):
    cooler = ROOT / "examples" / "bi2te3-cooler.toml"
    assert entry(["cost", str(cooler), "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert printed.count("not counted") == 5
    assert "generic p cooler leg" in printed
    # without its legs the bill is a lower bound, and says so wherever it stands
    assert ": at least " in printed
    assert "at least C/Q" in printed
    assert "at most" in printed
    found = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert len(found["missing"]) == 5
    assert all(value is None for value in found["performance"]["cost_high"])
    assert "at least" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert entry(["cost", str(cooler), "--strict", "--out", str(tmp_path / "strict")]) == 2
    assert capsys.readouterr().err.count("is expected") == 5
    assert not (tmp_path / "strict").exists()


def test_faults_of_the_table_name_file_and_place(tmp_path, capsys):
    path = tmp_path / "device.toml"
    text = (
        DEVICE.read_text(encoding="utf-8")
        .replace('"40 %"', '"140 %"')
        .replace("hot_exchanger", "hot_exchngr")
    )
    path.write_text(text, encoding="utf-8")
    assert entry(["cost", str(path), "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr().err
    assert "device.toml: cost.scrap" in printed
    assert 'did you mean "hot_exchanger"' in printed
