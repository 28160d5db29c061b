"""`ioffe measure`: what its commands print, what they write, and with which exit code they end."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from ioffe.cli.main import entry

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "line-scan.csv")
WRITTEN = ["contacts.csv", "line-scan.png", "line-scan.svg", "points.csv", "report.html", "result.json"]
FLASH = """##General_information
#Material,Mg3Sb2
##Results
#Shot_number,#Time/min,#Temperature/C,#Diffusivity/(mm^2/s),#Std_Dev/(mm^2/s)
1,2,25,0.60,
#Mean,,25,0.60,0.01
2,3,125,0.55,
#Mean,,125,0.55,0.01
"""
FILES = {
    "tlm.csv": "d (um),R (ohm)\n5,5.62\n10,8.05\n20,13.1\n40,23.0\n80,43.1\n",
    "rings.csv": "r_i (um),r_o (um),R (ohm)\n50,55,1.75\n50,60,2.39\n50,70,3.6\n50,90,5.73\n",
    "hall.csv": "B (T),V (uV),I (mA)\n-1,-1.9,10\n-0.5,-0.52,10\n0,1.0,10\n0.5,2.49,10\n1,4.0,10\n",
    "card.csv": "hkl,I\n006,5\n015,100\n1010,30\n110,25\n",
    "sample.csv": "hkl,I\n006,12\n015,100\n1010,33\n110,30\n",
    "lfa.csv": FLASH,
    "map.csv": "x (mm),y (mm),S (uV/K)\n0,0,-205\n1,0,-215\n0,1,-210\n1,1,-210\n",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def as_json(capsys, *arguments):
    assert entry(["measure", *arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def faults(capsys, *arguments):
    assert entry(["measure", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_line_scan_writes_everything(folder, capsys):
    arguments = [
        "measure",
        "line-scan",
        EXAMPLE,
        "--area",
        "3 mm x 3 mm",
        "--area-error",
        "2 %",
        "--out",
        "found",
    ]
    assert entry(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "2.72 ± 0.17 uohm cm2" in out
    assert "2.80 ± 0.17 uohm cm2" in out
    assert "2.76 ± 0.12 uohm cm2" in out
    assert "432.0 ± 8.6 S/cm" in out
    assert left(folder / "found") == WRITTEN
    report = (folder / "found" / "report.html").read_text(encoding="utf-8")
    assert "2.76 ± 0.12 µΩ cm²" in report
    assert 'src="data:image' in report
    assert "http://" not in report.replace("http://www.w3.org", "")
    with (folder / "found" / "contacts.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["scan"] for row in rows].count("mean") == 3
    assert float(rows[-1]["rho_c (ohm m2)"]) == pytest.approx(2.76e-10, abs=0.01e-10)


def test_line_scan_json_alone(folder, capsys):
    before = left(folder)
    found = as_json(
        capsys,
        "line-scan",
        EXAMPLE,
        "--area",
        "3 mm x 3 mm",
        "--at",
        "1.5 mm",
        "--at",
        "6.5 mm",
        "--at-error",
        "0.1 um",
    )
    assert found["kind"] == "line_scan"
    assert found["interfaces"][0]["electrical_contact_resistivity"]["std"] < 0.05e-10
    assert left(folder) == before


def test_line_scan_says_all_that_is_wrong_and_writes_nothing(folder, capsys):
    before = left(folder)
    err = faults(
        capsys, "line-scan", "map.csv", "none.csv", "--area", "0 mm2", "--metal", "3 K", "--out", "found"
    )
    assert "4 faults" in err
    for words in ("map.csv", "none.csv: there is no such file", "area", "metal_resistivity"):
        assert words in err
    assert left(folder) == before
    x = np.linspace(0, 5, 40)
    rows = "\n".join(f"{a},{2 * a}" for a in x)
    (folder / "leg.csv").write_text(f"x (mm),R (mohm)\n{rows}\n", encoding="utf-8")
    assert "without a plateau" in faults(capsys, "line-scan", "leg.csv", "--area", "9 mm2")
    (folder / "units.csv").write_text(f"x,R\n{rows}\n", encoding="utf-8")
    assert "the unit is missing" in faults(capsys, "line-scan", "units.csv", "--area", "9 mm2")


def test_transfer_length(folder, capsys):
    found = as_json(capsys, "transfer-length", "tlm.csv", "--width", "100 um", "--out", "tlm")
    assert found["sheet_resistance"]["value"] == pytest.approx(50.0, rel=1e-2)
    assert left(folder / "tlm") == ["points.csv", "result.json", "transfer-length.png", "transfer-length.svg"]
    assert entry(["measure", "transfer-length", "rings.csv"]) == 0
    assert "rho_c" in capsys.readouterr().out
    assert "--width" in faults(capsys, "transfer-length", "tlm.csv")


def test_flash(folder, capsys):
    arguments = [
        "lfa.csv",
        "--density",
        "4.0 g/cm3 +- 1 %",
        "--heat-capacity",
        "0.3 J/(g K)",
        "--error",
        "3 %",
    ]
    found = as_json(capsys, "flash", *arguments, "--out", "lfa")
    assert found["thermal_conductivity"] == pytest.approx([0.72, 0.66])
    assert left(folder / "lfa") == ["kappa.csv", "result.json"]
    by_mass = as_json(capsys, "flash", "lfa.csv", "--density", "4 g/cm3", "--molar-mass", "63.3 g/mol")
    assert by_mass["thermal_conductivity"][0] == pytest.approx(
        0.6e-6 * 4000 * 3 * 8.314462 / 0.0633, rel=1e-6
    )
    assert "--heat-capacity" in faults(capsys, "flash", "lfa.csv", "--density", "4 g/cm3")
    assert "--density" in faults(capsys, "flash", "lfa.csv", "--molar-mass", "63.3 g/mol")
    err = faults(capsys, "flash", "none.csv")
    assert "2 faults" in err


def test_hall(capsys):
    found = as_json(
        capsys, "hall", "hall.csv", "--thickness", "1 mm +- 1 %", "--resistivity", "1.2 mohm cm +- 2 %"
    )
    assert found["carrier"] == "p"
    assert found["coefficient"] == pytest.approx(0.2962e-6, rel=1e-3)
    assert found["mobility"] == pytest.approx(0.2962e-6 / 1.2e-5, rel=1e-3)
    assert "mobility" not in as_json(capsys, "hall", "hall.csv", "--thickness", "1 mm", "--current", "10 mA")
    assert "2 faults" in faults(capsys, "hall", "none.csv", "--thickness", "0 mm")


def test_sound(capsys):
    found = as_json(
        capsys,
        "sound",
        "--longitudinal",
        "3913 m/s",
        "--transverse",
        "2045 m/s +- 1 %",
        "--density",
        "4.8 g/cm3",
    )
    assert found["gruneisen"]["value"] == pytest.approx(1.85, abs=0.005)
    echoes = as_json(
        capsys,
        "sound",
        "--longitudinal",
        "2.56 us",
        "--transverse",
        "4.89 us",
        "--thickness",
        "5 mm",
        "--density",
        "4.8 g/cm3",
    )
    assert echoes["gruneisen"]["value"] == pytest.approx(1.845, abs=0.001)
    assert "2 faults" in faults(capsys, "sound", "--density", "4.8 g/cm3")


def test_texture(folder, capsys):
    assert as_json(capsys, "texture", "sample.csv", "card.csv")["factor"] == pytest.approx(0.0385, abs=1e-4)
    angle = np.arange(10.0, 60.0, 0.02)
    a, c = 4.3835e-10, 30.487e-10
    from ioffe.measure.diffraction import two_theta

    peaks = two_theta([(0, 0, 6), (0, 1, 5), (1, 0, 10), (1, 1, 0)], a=a, c=c)
    counts = 10.0 + sum(
        h * np.exp(-(((angle - p) / 0.08) ** 2)) for h, p in zip((60, 1000, 300, 250), peaks, strict=True)
    )
    text = "\n".join(f"{x:.2f} {y:.3f}" for x, y in zip(angle, counts, strict=True))
    (folder / "pattern.xy").write_text(text, encoding="utf-8")
    found = as_json(
        capsys, "texture", "pattern.xy", "card.csv", "--a", "4.3835 angstrom", "--c", "30.487 angstrom"
    )
    assert found["share"] == pytest.approx(60 / 1610, rel=0.03)
    assert "--c" in faults(capsys, "texture", "pattern.xy", "card.csv", "--a", "4.38 angstrom")
    assert "2 faults" in faults(capsys, "texture", "none.csv", "lfa.csv")


def test_seebeck_map(folder, capsys):
    assert entry(["measure", "seebeck-map", "map.csv"]) == 0
    assert "uniformity" in capsys.readouterr().out
    assert left(folder / "map-seebeck-map") == ["result.json", "seebeck-map.png", "seebeck-map.svg"]
    assert as_json(capsys, "seebeck-map", "map.csv")["mean"] == pytest.approx(-210e-6)
    assert "headers" in faults(capsys, "seebeck-map", "tlm.csv")


def test_the_list_of_commands(capsys):
    assert entry(["measure", "--help"]) == 0
    out = capsys.readouterr().out
    for name in ("line-scan", "transfer-length", "flash", "hall", "sound", "texture", "seebeck-map"):
        assert name in out
    assert entry(["measure", "line-scann"]) == 2
    assert "line-scan" in capsys.readouterr().err
