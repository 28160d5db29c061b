"""Doubtful and hostile input on the command line: what is said, what is refused, and that it ends."""

import json
import os
import subprocess
import sys

import pytest

from ioffe.cli.main import entry

LEG = """format = 1
[leg]
{name}
material = {material}
length = {length}
area = {area}
contact = {contact}
[operate]
mode = "generate"
T_hot = 500
T_cold = 320
load = "max_power"
"""
GOOD = {
    "name": 'name = "trial"',
    "material": '"MgAgSb0.99In0.01"',
    "length": '"6 mm"',
    "area": '"14 mm2"',
    "contact": '"7.9 uohm cm2"',
}
HEADS = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)"
ROWS = (
    "300,200,1000,1.5\n350,208,930,1.45\n400,214,860,1.42\n450,219,800,1.4\n500,222,740,1.4\n550,224,700,1.4"
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, **changes):
    (folder / "leg.toml").write_text(LEG.format(**{**GOOD, **changes}), encoding="utf-8")


def ended(capsys, *arguments):
    code = entry(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_a_contact_is_written_as_one_text(folder, capsys):
    write(folder)
    code, out, err = ended(capsys, "run", "leg.toml", "--json")
    assert (code, err) == (0, "")
    write(folder, contact='{ electrical = "7.9 uohm cm2" }')
    assert (
        json.loads(out)["max_power"] == json.loads(ended(capsys, "run", "leg.toml", "--json")[1])["max_power"]
    )
    write(folder, contact='"7.9 uohm cm"')
    assert "leg.contact" in ended(capsys, "run", "leg.toml")[2]


def test_forgotten_units_stand_in_output_json_and_report(folder, capsys):
    write(folder, length="6", area="14", contact="{ electrical = 7.9 }")
    words = (
        "length = 6 is 6 m; is the unit mm?",
        "area = 14 is 14 m2; is the unit mm2?",
        "7.9 ohm m2; is the unit uohm cm2?",
    )
    code, out, _ = ended(capsys, "run", "leg.toml", "--out", "found")
    assert code == 0
    report = (folder / "found" / "report.html").read_text(encoding="utf-8")
    found = json.loads((folder / "found" / "result.json").read_text(encoding="utf-8"))
    for one in words:
        assert one in out
        assert one in report
        assert any(one in text for text in found["warnings"])
    code, _, err = ended(capsys, "run", "leg.toml", "--strict", "--out", "refused")
    assert code == 2
    assert "3 faults" in err
    assert "leg.toml: length" in err
    assert not (folder / "refused").exists()
    assert ended(capsys, "run", "leg.toml", "--strict", "--force", "--json")[0] == 0


@pytest.mark.parametrize(
    "wrong",
    ["S (mV/K)", "sigma (mS/m)", "kappa (kW/m/K)", "kappa (mW/m/K)", "kappa (W/cm/K)"],
)
def test_a_wrong_unit_in_a_header_is_found_by_every_command(folder, capsys, wrong):
    word = wrong.partition(" ")[0]
    heads = ",".join(wrong if head.startswith(word) else head for head in HEADS.split(","))
    (folder / "trial.csv").write_text(f"{heads}\n{ROWS}\n", encoding="utf-8")
    write(folder, material='{ file = "trial.csv", carrier = "p" }')
    with (folder / "leg.toml").open("a", encoding="utf-8") as stream:
        stream.write('[life]\nduration = "100 day"\n')
    for command in ("run", "life"):
        code, out, err = ended(capsys, command, "leg.toml", "--json")
        doubts = err if code else str(json.loads(out)["warnings"])
        assert "[" in doubts, command
        if code:
            assert code == 2
            assert "--force" in err
            assert "cm" not in wrong or "values in W/(m K) labelled W/(cm K)?" in err
            assert ended(capsys, command, "leg.toml", "--json", "--force")[0] != 2
        assert ended(capsys, command, "leg.toml", "--json", "--strict")[0] == 2
    for command, other in (("stress", "a module is expected"), ("migrate", "[migration]")):
        code, _, err = ended(capsys, command, "leg.toml", "--strict")
        assert code == 2
        assert other in err
        assert "--force" in err, command
    analysed = ended(capsys, "analyse", "trial.csv", "--json", "--strict")
    assert analysed[0] == 2


STUDY = """format = 1
[study]
device = "leg.toml"
outputs = ["power"]
largest = "power"
[variables]
length = {values}
[uncertain]
"contact_hot.electrical" = "20 %"
"""


@pytest.mark.parametrize("command", [("sweep", "--dry-run"), ("optimise", "--dry-run"), ("uncertainty",)])
def test_studies_judge_their_materials_as_a_solve_does(folder, capsys, command):
    (folder / "trial.csv").write_text(f"{HEADS.replace('(uV/K)', '(mV/K)')}\n{ROWS}\n", encoding="utf-8")
    searched = '{ range = ["2 mm", "4 mm"] }\n[sample]\npoints = 1' if "optimise" in command else '["2 mm"]'
    (folder / "study.toml").write_text(STUDY.format(values=searched), encoding="utf-8")
    write(folder, material='{ file = "trial.csv", carrier = "p" }')
    code, _, err = ended(capsys, *command, "study.toml", "--no-report")
    assert code == 2
    assert "--force" in err
    code, out, err = ended(capsys, *command, "study.toml", "--no-report", "--force")
    assert code == 0, err
    assert "[seebeck-unit]" in out
    tenfold = ROWS.replace(",1.", ",14.")  # of kappa, which is a doubt and no error
    (folder / "trial.csv").write_text(f"{HEADS}\n{tenfold}\n", encoding="utf-8")
    assert ended(capsys, *command, "study.toml", "--no-report")[0] == 0
    assert ended(capsys, *command, "study.toml", "--no-report", "--strict")[0] == 2


def test_an_import_writes_what_is_sound_and_names_the_rest(folder, capsys):
    good = [f"a,{row}" for row in ROWS.splitlines()]
    wrong = [row.replace("a,", "b,", 1).replace(",2", ",2000") for row in good]
    (folder / "both.csv").write_text("\n".join(["sample," + HEADS, *good, *wrong]), encoding="utf-8")
    code, _, err = ended(capsys, "materials", "import", "both.csv", "--out", "cards")
    assert code == 1
    assert [path.name for path in (folder / "cards").iterdir()] == ["a.toml"]
    assert "not written: b: " in err
    assert "1 of 2 samples" in err
    assert ended(capsys, "materials", "import", "both.csv", "--sample", "b", "--out", "none")[0] == 2
    assert not (folder / "none").exists()
    assert ended(capsys, "materials", "import", "both.csv", "--out", "cards", "--force")[0] == 0


def test_an_error_of_500_per_cent_is_refused(folder, capsys):
    (folder / "trial.csv").write_text(f"{HEADS}\n{ROWS}\n", encoding="utf-8")
    code, _, err = ended(capsys, "analyse", "trial.csv", "--error", "S=5")
    assert code == 2
    assert "500 %" in err
    assert ended(capsys, "analyse", "trial.csv", "--error", "S=5 %", "--json")[0] == 0


def test_names_move_no_cursor_and_are_no_formula(folder, capsys):
    write(folder, name=r'name = "=1+1 $\\frac \u001b[2J"')
    code, out, err = ended(capsys, "run", "leg.toml", "--out", "found")
    assert code == 0
    assert "\x1b[2J" not in out + err
    assert ended(capsys, "run", "no\x1b[2J.toml")[2].count("\x1b[2J") == 0


@pytest.mark.parametrize("command", ["run", "life", "migrate"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_devices_and_pipes_are_refused(folder, capsys, command):
    os.mkfifo(folder / "pipe.toml")
    for name in ("/dev/zero", "pipe.toml"):
        code, _, err = ended(capsys, command, name)
        assert code == 2
        assert "a device or a pipe" in err


def test_many_unknown_keys_are_told_shortly(folder, capsys):
    write(folder)
    with (folder / "leg.toml").open("a", encoding="utf-8") as stream:
        stream.writelines(f"key{k} = {k}\n" for k in range(20_000))
    code, _, err = ended(capsys, "run", "leg.toml")
    assert code == 2
    assert "further faults" in err
    assert len(err.splitlines()) < 1000


def test_a_terminal_of_few_letters_is_enough(folder):
    write(folder, name='name = "leg, 5 µm ± 1"')
    done = subprocess.run(
        [sys.executable, "-m", "ioffe", "run", "leg.toml", "--no-report"],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0
    assert b"leg, 5 um +- 1" in done.stdout


READ = f"""{HEADS},k_L (W/m/K)
300,-168,1105,1.4,0.8
400,-193,851,1.4,0.8
400,-194,851,1.4,0.8
500,-210,684,1.4,0.8
550,-213,633,1.4,0.8
"""
AGEING = """
[life]
duration = "100 day"
[[life.degradation]]
path = "contact_hot.electrical"
law = "linear"
change = "20 uohm cm2"
time = "100 day"
"""


@pytest.mark.parametrize("command", ["run", "life"])
def test_what_was_left_out_of_a_material_stands_in_every_output(folder, capsys, command):
    write(folder, material='"read.csv"')
    (folder / "read.csv").write_text(READ, encoding="utf-8")
    with (folder / "leg.toml").open("a", encoding="utf-8") as stream:
        stream.write(AGEING)
    code, out, _ = ended(capsys, command, "leg.toml", "--out", "out", "--strict")
    assert code == 0
    for text in (
        out,
        *((folder / "out" / name).read_text("utf-8") for name in ("result.json", "report.html")),
    ):
        assert "the lattice part, never taken for the total" in text
        assert "repeated readings averaged, they differ by up to 0.52" in text
