"""`ioffe uncertainty`: from a study file to values with errors, tornados and bands."""

import json

from ioffe.cli.main import entry


def test_how_sure_a_generator_is(folder, capsys):
    assert entry(["uncertainty", "how-sure.toml"]) == 0
    told = capsys.readouterr().out
    assert "values with standard deviations" in told
    assert "p.material.seebeck" in told
    made = folder / "how-sure-uncertainty"
    drawn = {f"{kind}-{name}.svg" for kind in ("band", "tornado") for name in ("power", "efficiency")}
    tables = {"outputs.csv", "shares.csv", "effects.csv", "result.json", "report.html"}
    assert {path.name for path in made.iterdir()} == drawn | tables
    found = json.loads((made / "result.json").read_text())
    relative = [std / value for std, value in zip(found["power_std"], found["power"], strict=True)]
    # S^2 sigma of two legs with independent errors of 14 % has 10 %; joints and temperatures add little
    assert all(0.099 < one < 0.115 for one in relative)
    assert len(relative) == 7


def test_what_is_wrong_with_its_file(folder, capsys):
    path = folder / "how-sure.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"1 K"', '"1 W"')
        .replace('seebeck = "6 %"', 'seebek = "6 %"', 1)
        .replace("40 %", "-4 %"),
        encoding="utf-8",
    )
    assert entry(["uncertainty", "how-sure.toml"]) == 2
    told = capsys.readouterr().err
    assert "3 faults" in told
    assert 'uncertain.p.material.seebek = "6 %": no such key is known; did you mean "seebeck"?' in told
    assert 'uncertain.T_cold.uncertainty = "1 W"' in told
    assert "uncertain.legs.contact.electrical" in told
    assert entry(["uncertainty", "leg-length.toml"]) == 2
    assert "a table [uncertain] is expected" in capsys.readouterr().err
