"""`ioffe measure`: what its commands print, what they write, and with which exit code they end."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from ioffe.cli.main import entry

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "line-scan.csv")
WRITTEN = ["contacts.csv", "line-scan.svg", "points.csv", "report.html", "result.json"]
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
    assert float(rows[-1]["electrical_contact_resistivity (uohm cm2)"]) == pytest.approx(2.76, abs=0.01)


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


@pytest.mark.parametrize(("area", "is_doubted"), [("3 mm x 3 mm", False), ("3 m x 3 m", True)])
@pytest.mark.usefixtures("folder")
def test_line_scan_of_an_absurd_area_is_doubted(capsys, area, is_doubted):
    found = as_json(capsys, "line-scan", EXAMPLE, "--area", area)
    assert any("implausible" in str(one) for one in found["findings"]) is is_doubted


def test_line_scan_says_all_that_is_wrong_and_writes_nothing(folder, capsys):
    before = left(folder)
    err = faults(
        capsys, "line-scan", "map.csv", "none.csv", "--area", "0 mm2", "--metal", "3 K", "--out", "found"
    )
    assert "4 faults" in err
    for words in ("map.csv", "none.csv: there is no such file", "--area", "--metal"):
        assert words in err
    assert left(folder) == before
    x = np.linspace(0, 5, 40)
    rows = "\n".join(f"{a},{2 * a}" for a in x)
    (folder / "leg.csv").write_text(f"x (mm),R (mohm)\n{rows}\n", encoding="utf-8")
    assert "without a plateau" in faults(capsys, "line-scan", "leg.csv", "--area", "9 mm2")
    (folder / "units.csv").write_text(f"x,R\n{rows}\n", encoding="utf-8")
    assert "the header has no unit" in faults(capsys, "line-scan", "units.csv", "--area", "9 mm2")


def test_pictures_of_measurements_in_another_format(folder, capsys):
    as_json(
        capsys, "transfer-length", "tlm.csv", "--width", "100 um", "--out", "all", "--picture-format", "png"
    )
    assert "transfer-length.png" in left(folder / "all")


def test_transfer_length(folder, capsys):
    found = as_json(capsys, "transfer-length", "tlm.csv", "--width", "100 um", "--out", "tlm")
    assert found["sheet_resistance"]["value"] == pytest.approx(50.0, rel=1e-2)
    assert left(folder / "tlm") == [
        "points.csv",
        "report.html",
        "result.json",
        "transfer-length.svg",
    ]
    assert "data:image" in (folder / "tlm" / "report.html").read_text(encoding="utf-8")
    rows = "5,0.001,5.62,a\n10,0.001,8.05,a\n20,0.002,26.2,b\n"
    (folder / "iv.csv").write_text("d (um),I (A),V (mV),operator\n" + rows)
    found = as_json(capsys, "transfer-length", "iv.csv", "--width", "100 um")
    assert found["resistance"] == pytest.approx([5.62, 8.05, 13.1])
    assert found["unused"] == ["operator"]
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
    assert found["density"] == 4000.0
    assert found["origins"] == {}
    assert left(folder / "lfa") == [
        *("conductivity.svg", "diffusivity.svg"),
        *("kappa.csv", "report.html", "result.json"),
    ]
    by_mass = as_json(capsys, "flash", "lfa.csv", "--density", "4 g/cm3", "--molar-mass", "63.3 g/mol")
    assert by_mass["thermal_conductivity"][0] == pytest.approx(
        0.6e-6 * 4000 * 3 * 8.314462 / 0.0633, rel=1e-6
    )
    assert "--heat-capacity" in faults(capsys, "flash", "lfa.csv", "--density", "4 g/cm3")
    assert "--density" in faults(capsys, "flash", "lfa.csv", "--molar-mass", "63.3 g/mol")
    err = faults(capsys, "flash", "none.csv")
    assert "2 faults" in err
    doubtful = as_json(capsys, "lfa", "lfa.csv", "--density", "4.0 g/cm3", "--heat-capacity", "300 J/(g K)")
    assert any("outside of" in text for text in doubtful["warnings"])
    assert "500 %" in faults(
        capsys, "flash", "lfa.csv", "--density", "4 g/cm3", "--molar-mass", "63 g/mol", "--error", "5"
    )


def test_origins_of_a_flash_are_printed(folder, capsys):
    text = FLASH.replace("#Material,Mg3Sb2", "#Material,Mg3Sb2\n#Ref_density /(g/cm^3),4.0\n#Sample,No. 3")
    (folder / "dense.csv").write_text(text, encoding="utf-8")
    assert entry(["measure", "flash", "dense.csv", "--molar-mass", "63.3 g/mol", "--out", "found"]) == 0
    out = capsys.readouterr().out
    assert "4 g/cm3 (dense.csv: ref_density, material Mg3Sb2)" in out
    assert "Dulong and Petit" in out
    report = (folder / "found" / "report.html").read_text(encoding="utf-8")
    assert "dense.csv: ref_density" in report
    assert json.loads((folder / "found" / "result.json").read_text())["std"] == pytest.approx(
        [0.0158, 0.0158], rel=0.1
    )
    (folder / "ref.csv").write_text(text.replace("Mg3Sb2", "Inconel 600"), encoding="utf-8")
    assert "Inconel 600, a reference material" in faults(
        capsys, "flash", "ref.csv", "--molar-mass", "63 g/mol"
    )


def test_zem(folder, capsys):
    header = "Measurement temp.(C);Resistivity(Ohm m);Seebeck coeff.(V/K);R^2 by Seebeck;Humidity (%)"
    rows = [
        "26,1;1,30E-5;-2,10E-4;0,9999;30",
        "124,8;1,52E-5;-2,31E-4;0,9998;30",
        "224,9;1,80E-5;-1,2E-4;0,31;30",
    ]
    text = "\n".join(["made up", header, *rows, "Sample length;8.0 mm", "Comment;ok"])
    (folder / "zem.txt").write_text(text, encoding="utf-8")
    found = as_json(capsys, "zem", "zem.txt", "--error", "5 %", "--out", "found")
    assert found["axes"]["T"] == pytest.approx([299.25, 397.95])
    assert found["power_factor"] == pytest.approx([2.1e-4**2 / 1.3e-5, 2.31e-4**2 / 1.52e-5])
    assert found["seebeck_std"][0] == pytest.approx(0.05 * 2.1e-4)
    assert found["unused"][:3] == ["Humidity (%)", 'line 6 "Sample length, 8.0 mm"', 'line 7 "Comment, ok"']
    assert found["unused"][3].startswith('line 1 "made up"')
    assert left(folder / "found") == [
        *("report.html", "resistivity.svg", "result.json"),
        *("sample.csv", "seebeck.svg"),
    ]
    assert entry(["measure", "zem", "zem.txt"]) == 0
    out = capsys.readouterr().out
    assert "at 498 K: left out" in out
    assert "Not used: Humidity (%)" in out


def test_hall(capsys):
    found = as_json(
        capsys, "hall", "hall.csv", "--thickness", "1 mm +- 1 %", "--resistivity", "1.2 mohm cm +- 2 %"
    )
    assert found["carrier"] == "p"
    assert found["coefficient"] == pytest.approx(0.2962e-6, rel=1e-3)
    assert found["mobility"] == pytest.approx(0.2962e-6 / 1.2e-5, rel=1e-3)
    assert "mobility" not in as_json(capsys, "hall", "hall.csv", "--thickness", "1 mm", "--current", "10 mA")
    assert "2 faults" in faults(capsys, "hall", "none.csv", "--thickness", "0 mm")
    assert "thickness" in faults(capsys, "hall", "hall.csv")


SWEEPS = {
    "Field [G],Voltage [V],Current [A]": (
        "-10000,-1.9e-6,0.01;-5000,-0.52e-6,0.01;5000,2.49e-6,0.01;1E4,4e-6,0.01"
    ),
    "Magnetic Field (kOe),V (uV),I (mA)": "-10,-1.9,10;-5,-0.52,10;5,2.49,10;10,4.0,10",
    "B (T),R_xy (mohm)": "-1,-0.190;-0.5,-0.052;0.5,0.249;1,0.400",
}


@pytest.mark.parametrize("header", SWEEPS)
def test_hall_fields_and_resistances(folder, capsys, header):
    (folder / "sweep.csv").write_text(header + "\n" + SWEEPS[header].replace(";", "\n"), encoding="utf-8")
    found = as_json(capsys, "hall", "sweep.csv", "--thickness", "1 mm", "--out", "found")
    assert found["coefficient"] == pytest.approx(0.2962e-6, rel=1e-4)
    assert found["origins"]["Hall factor"] == "1 (assumed)"
    assert left(folder / "found") == ["hall.csv", "hall.svg", "report.html", "result.json"]


LAKE_SHORE = """[Sample parameters]
Thickness =\t1.8 [um]
Hall Factor =\t1.0
[Measurements]
Start Time:\t06/02/22 10:37:56

Field [G]\tHall Coefficient [cm^3/C]\tResistivity [ohm*cm]\tCarrier Density [1/cm^3]\tMobility [cm^2/VS]
5.0E+3\t-1.2E-1\t3.0E-3\t-5.2E+19\t4.0E+1
1.0E+4\t-1.21E-1\t3.01E-3\t-5.15E+19\t4.02E+1
"""


def test_hall_coefficients_of_a_lake_shore_system(folder, capsys):
    (folder / "lake.txt").write_text(LAKE_SHORE, encoding="utf-8")
    found = as_json(capsys, "hall", "lake.txt")
    assert found["carrier"] == "n"
    assert found["coefficient"] == pytest.approx(-0.1205e-6)
    assert found["carrier_density"] == pytest.approx(1 / (1.602176634e-19 * 0.1205e-6))
    assert found["mobility"] == pytest.approx(0.1205 / 3.005e-3 * 1e-4)
    assert not any("times" in text for text in found["warnings"])
    agreed = {"carrier density": "1/(e R_H)", "mobility": "R_H/rho"}.items()
    notes = " ".join(found["notes"])
    assert all(
        f"the {what} of the file agrees with {formula} and is not used" in notes for what, formula in agreed
    )
    (folder / "lake.txt").write_text(LAKE_SHORE.replace("E+19", "E+18"), encoding="utf-8")
    wrong = as_json(capsys, "hall", "lake.txt")["warnings"]
    assert any("0.0994 times 1/(e R_H)" in text for text in wrong)


def test_hall_over_temperature_and_a_lost_exponent(folder, capsys):
    rows = "25.0,1.50,0.104\n75.0,1.62,0.102\n"
    header = "sample temp (C),resistivity (mOhm*cm),Hall coefficient (cm^3/C)\n"
    (folder / "series.csv").write_text(header + rows, encoding="utf-8")
    found = as_json(capsys, "hall", "series.csv")
    assert found["T"] == pytest.approx([298.15, 348.15])
    assert found["mobility"] == pytest.approx([0.104e-6 / 1.5e-5, 0.102e-6 / 1.62e-5])
    (folder / "lost.csv").write_text("T (K),n_H (cm^-3)\n300,5.1\n350,5.2\n", encoding="utf-8")
    assert any("power of ten" in text for text in as_json(capsys, "hall", "lost.csv")["warnings"])


def test_a_sheet_of_a_workbook_is_chosen(folder, capsys):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    sweep, table = book.active, book.create_sheet("summary")
    sweep.title = "sweep"
    for row in (["Sample", "B1"], ["thickness", "2 mm"], [], ["B (T)", "I (mA)", "V_H (uV)"]):
        sweep.append(row)
    for field in (-1.0, -0.5, 0.0, 0.5, 1.0):
        sweep.append([field, 10, 3.0 * field])
    for row in (["T (K)", "n_H (1e19 cm-3)", "mu_H (cm2/Vs)"], [300, 2.1, 310], [400, 2.2, 250]):
        table.append(row)
    book.save(folder / "hall.xlsx")
    assert "choose a sample (--sample): sweep, summary" in faults(capsys, "hall", "hall.xlsx")
    found = as_json(capsys, "hall", "hall.xlsx", "--sample", "sweep")
    assert found["coefficient"] == pytest.approx(3e-6 / 10e-3 * 2e-3)  # V t/(I B), t of the sheet
    found = as_json(capsys, "hall", "hall.xlsx", "--sample", "summary")
    assert found["carrier_density"] == pytest.approx([2.1e25, 2.2e25])
    assert any("the mobility" in text for text in found["notes"])
    assert "sweep, summary" in faults(capsys, "hall", "hall.xlsx", "--sample", "other")


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

    peaks = np.reshape(two_theta([(0, 0, 6), (0, 1, 5), (1, 0, 10), (1, 1, 0)], a=a, c=c), (4, 1))
    counts = 10.0 + np.array([60.0, 1000.0, 300.0, 250.0]) @ np.exp(-(((angle - peaks) / 0.08) ** 2))
    text = "\n".join(f"{x:.2f} {y:.3f}" for x, y in zip(angle, counts, strict=True))
    (folder / "pattern.xy").write_text(text, encoding="utf-8")
    found = as_json(capsys, "texture", "pattern.xy", "card.csv", "--a", "4.3835 A", "--c", "30.487 angstrom")
    assert found["share"] == pytest.approx(60 / 1610, rel=0.03)
    assert "--c" in faults(capsys, "texture", "pattern.xy", "card.csv", "--a", "4.38 angstrom")
    assert "2 faults" in faults(capsys, "texture", "none.csv", "lfa.csv")


def test_seebeck_map(folder, capsys):
    assert entry(["measure", "seebeck-map", "map.csv"]) == 0
    assert "uniformity" in capsys.readouterr().out
    assert left(folder / "map-seebeck-map") == ["map.csv", "result.json", "seebeck-map.svg"]
    assert as_json(capsys, "seebeck-map", "map.csv")["mean"] == pytest.approx(-210e-6)
    assert "headers" in faults(capsys, "seebeck-map", "tlm.csv")


TABLES = {
    "sound --longitudinal 3913m/s+-1% --transverse 2045m/s --density 4.8g/cm3": (
        "constants",
        "shear_modulus (GPa)",
        "shear_modulus (Pa)",
        [20.07372],
    ),
    "texture sample.csv card.csv": ("reflections", "intensity", "intensity", [12, 100, 33, 30]),
    "onset onset.csv": (
        "points",
        "current_density (A/cm2)",
        "current_density (A/m2)",
        [float(j) for j in range(1, 12)],
    ),
    "seebeck-map map.csv": ("map", "seebeck (uV/K)", "seebeck (V/K)", [-205, -215, -210, -210]),
    "seebeck-line leg.csv": ("lines", "seebeck (uV/K)", "seebeck (V/K)", [-205, -206, -204]),
    "overlay eta.csv --x delta_T --y efficiency": ("curves", "efficiency (%)", "efficiency", [5.1, 7.2, 8.0]),
}
MORE = {
    "onset.csv": "J (A/cm2),R/R0\n" + "".join(f"{j},{min(1.0, 1.14 - 0.02 * j):.6g}\n" for j in range(1, 12)),
    "leg.csv": "x (mm),S (uV/K)\n0,-205\n1,-206\n2,-204\n",
    "eta.csv": "name,doi,delta_T (K),efficiency (%)\nA,10.1/a,200,5.1\nA,10.1/a,300,7.2\nours,,300,8.0\n",
}


@pytest.mark.parametrize("typed", TABLES)
def test_tables_in_units_of_the_field_in_si_and_as_a_workbook(folder, typed):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    for name, text in MORE.items():
        (folder / name).write_text(text, encoding="utf-8")
    name, head, si_head, expected = TABLES[typed]
    words = ["measure", *typed.split(), "--xlsx", "--out"]
    assert entry([*words, "field"]) == entry([*words, "si", "--si"]) == 0
    shown, exact = (
        list(csv.DictReader((folder / out / f"{name}.csv").open(encoding="utf-8"))) for out in ("field", "si")
    )
    assert [float(row[head]) for row in shown] == pytest.approx(expected, rel=1e-6)
    factor = float(exact[0][si_head]) / float(shown[0][head])
    assert [float(row[si_head]) for row in exact] == pytest.approx([factor * v for v in expected], rel=1e-6)
    book = openpyxl.load_workbook(folder / "field" / "tables.xlsx")
    heads, *cells = book[name].values
    assert [row[heads.index(head)] for row in cells] == pytest.approx(expected, rel=1e-6)
    assert dict(book["about"].values)["format"]


def test_a_deviation_that_nothing_states_is_left_empty(folder, capsys):
    typed = "sound --longitudinal 3913m/s+-1% --transverse 2045m/s --density 4.8g/cm3"
    found = as_json(capsys, *typed.split(), "--out", "of")
    assert found["shear_modulus"]["std"] is None
    assert found["bulk_modulus"]["std"] > 0
    (row,) = csv.DictReader((folder / "of" / "constants.csv").open(encoding="utf-8"))
    assert row["shear_modulus_std (GPa)"] == ""
    assert row["poisson_ratio_std"] != ""


def test_columns_that_are_not_used_are_named(folder, capsys):
    text = "x (mm),y (mm),S (uV/K),comment\n0,0,-205,a\n1,0,-215,b\n0,1,-210,c\n1,1,-210,d\n"
    (folder / "map2.csv").write_text(text, encoding="utf-8")
    assert entry(["measure", "seebeck-map", "map2.csv"]) == 0
    assert "not used: comment" in capsys.readouterr().out


def test_a_file_is_read_once(folder, capsys, monkeypatch):
    from ioffe.measure import _table

    seen, read = [], _table.read_grids
    monkeypatch.setattr(_table, "read_grids", lambda path, *more: seen.append(path.name) or read(path, *more))
    text = "x (mm),y (mm),S (uV/K),comment\n0,0,-205,a\n1,0,-215,b\n0,1,-210,c\n1,1,-210,d\n"
    (folder / "map3.csv").write_text(text, encoding="utf-8")
    assert entry(["measure", "seebeck-map", "map3.csv"]) == 0
    assert "not used: comment" in capsys.readouterr().out
    assert seen == ["map3.csv"]


def test_the_list_of_commands(capsys):
    assert entry(["measure", "--help"]) == 0
    out = capsys.readouterr().out
    for name in ("line-scan", "transfer-length", "flash", "hall", "sound", "texture", "seebeck-map"):
        assert name in out
    assert entry(["measure", "line-scann"]) == 2
    assert "line-scan" in capsys.readouterr().err
