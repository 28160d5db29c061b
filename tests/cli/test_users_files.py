"""Files that people really have: for each kind the command they type and what has to come out of it."""

import json
import re
import shlex

import numpy as np
import pytest

from ioffe import load_material
from ioffe.cli.main import entry
from tests.cli.users_files import write_all

T3, S3, SIGMA3, KAPPA3 = (
    [300.0, 350.0, 400.0],
    [151.0, 163.0, 176.0],
    [1210.0, 1090.0, 980.0],
    [1.61, 1.53, 1.47],
)
FLASH, CP = "measure flash {} --json --density '5.1 g/cm3'", " --heat-capacity '0.25 J/(g K)'"
HALL, TLM = "measure hall {} --thickness '1 mm'", "measure transfer-length {} --width '100 um'"
ANALYSE = "analyse {} --no-report --out out"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    write_all(folder)
    return folder


@pytest.fixture
def said(files, monkeypatch, capsys, tmp_path):
    """What a command prints, where the files lie; `out` is a folder of its own, wherever that lies."""
    monkeypatch.chdir(files)
    monkeypatch.setenv("COLUMNS", "220")

    def run(command, code=0):
        words = [re.sub("^out(?=/|$)", lambda _: str(tmp_path), word) for word in shlex.split(command)]
        assert entry(words) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return run


@pytest.fixture
def cards(said, tmp_path):
    """The materials of the cards that `ioffe materials import` writes, by their names, and what it says."""

    def run(arguments):
        text = said(f"materials import {arguments} --out out")
        read = [load_material(str(path)) for path in sorted(tmp_path.glob("*.toml"))]
        return {material.name: material for material in read}, text

    return run


THE_SAME = {
    "na_cells.csv": "line 3: sigma (S/cm) = N/A (empty), line 4: kappa (W/m/K) = NaN (empty)",
    "star_odd.csv": "1 points of electrical_conductivity (figure 5): empty",
    "xl_title.xlsx": 'row 8 "mean, 163, 1090, 1.54"',
    "xl_textnum.xlsx": "",
    "xl_na.xlsx": "row 3: sigma (S/cm) = #N/A (empty)",
    "xl_error.xlsx": "row 3: sigma (S/cm) = #DIV/0! (empty)",
    "unit_mojibake.csv": "T (Â°C): read as T (°C). S (ÂµV/K): read as S (µV/K).",
    "order_falling.csv": "",
    "units_row_brackets.csv": "",
    "header_comment.txt": "",
    "header_comment_tab.txt": "",
    "spaces.txt": "",
    "unit_cels.csv": "T (C): read as degC",
    "unit_cjk.csv": "",
    "unit_scale.csv": "",
    "unit_words.csv": "",
    "latex.csv": "",
    "kappa_mW.csv": "",
    "wcmk.csv": "",
}
"""Files of one sample at three temperatures, and what has to be said of each."""


@pytest.mark.parametrize("name", THE_SAME)
def test_one_sample_in_many_layouts(cards, name):
    materials, text = cards(name)
    (material,) = materials.values()
    assert THE_SAME[name] in text
    celsius = name in ("unit_mojibake.csv", "unit_cels.csv", "unit_cjk.csv")
    expected_T = np.array([25.0, 75.0, 125.0]) + 273.15 if celsius else np.array(T3)
    curves = (material.seebeck, material.electrical, material.thermal_conductivity)
    expected = (np.array(S3) * 1e-6, np.array(SIGMA3) * 100, np.array(KAPPA3))
    for curve, values in zip(curves, expected, strict=True):
        T = np.asarray(curve.T)
        read = np.abs(curve.values) if curve.quantity != "electrical_resistivity" else 1.0 / curve.values
        known = np.isin(expected_T, T)
        assert np.count_nonzero(known) >= 2
        np.testing.assert_allclose(
            read[np.isin(T, expected_T)],
            values[known],
            rtol=1e-9 if curve.quantity != "electrical_resistivity" else 0.01,
        )


IMPORTED = [
    ("sample_formula.csv", {"A2B3": (300, 151, 1210, 1.61), "C1D1": (300, -120, 1510, 2.61)}, "power_factor"),
    (
        "two_papers.csv",
        {"A2B3 (10.1000/a)": (300, 151, 1210, 1.61), "A2B3 (10.1000/b)": (310, 141, 1410, 1.81)},
        "",
    ),
    (
        "dup_T.csv",
        {"dup_T": (300, 151.5, 1205, 1.605)},
        "repeated readings averaged, they differ by up to 0.83 %",
    ),
    ("origin.csv", {"origin": (303, -168.2, 1105, 1.512)}, 'not used: line 3 "ZEM-3, ZEM-3, LFA"'),
    ("blocks.csv", {"Sample A": (300, -168, 1105, 1.52), "Sample B": (400, -173, 951, 1.48)}, ""),
    ("wide.xlsx", {"x=0": (300, -150, 900, 1.1), "x=0.02": (500, -180, 600, 1.2)}, ""),
    (
        "wide_pairs.csv",
        {"wide_pairs": (355, 164.3, 1080, None)},
        "seebeck 300-400 K, electrical_conductivity 305-405 K",
    ),
    ("pm.csv", {"pm": (300, 168, 1105, 1.52)}, "1 points state no error; that of their neighbours"),
    ("tto.dat", {"tto": (300, -150, 3333.33, 2.5)}, "System Temp (K) (not the temperature of the sample)"),
    ("tto_rising.dat", {"tto_rising": (300, -150, 3333.33, 2.5)}, "System Temp (K) (not the temperature"),
    ("zem_ok.txt", {"zem_ok": (299.25, -210, 769.2, None)}, "Measurement temp.(C): read as degC"),
    (
        "zem3.txt",
        {"NbFeSb_01": (374.1, -121.5, 7407.4, None)},
        "heating and cooling averaged, they differ by up to 0.59 %",
    ),
    (
        "zem_failedpoint.txt",
        {"zem_failedpoint": (397.95, -231, 657.9, None)},
        "Seebeck coeff.(V/K) = NaN (empty)",
    ),
    (
        "zem_poorR2.txt",
        {"zem_poorR2": (397.95, -231, 657.9, None)},
        "S of line 5, R^2 by Seebeck = 0.31 is below 0.99",
    ),
    (
        "kappa_l_only.csv",
        {"kappa_l_only": (300, 151, 1210, None)},
        "k_L (W/m/K) (the lattice part, never taken",
    ),
    ("joined_zero_std.csv", {"joined_zero_std": (298.35, 151, 1210, 0.896325)}, ""),
    ("heatcool.csv --keep heating", {"heatcool": (373.15, -180.1, 970.87, None)}, "heating alone is used"),
]


@pytest.mark.parametrize(("arguments", "values", "words"), IMPORTED, ids=[row[0] for row in IMPORTED])
def test_what_becomes_cards(cards, arguments, values, words):
    materials, text = cards(arguments)
    assert words in text
    assert set(materials) == set(values)
    for name, (T, seebeck, conductivity, kappa) in values.items():
        material = materials[name]
        assert material.seebeck(T) == pytest.approx(seebeck * 1e-6, rel=3e-3)
        assert material.electrical_conductivity(T) == pytest.approx(conductivity * 100, rel=3e-3)
        if kappa is not None:
            assert material.thermal_conductivity(T) == pytest.approx(kappa, rel=3e-3)


def test_errors_survive_and_zero_is_unknown(cards):
    known = cards("pm.csv")[0]["pm"].seebeck.std
    np.testing.assert_allclose(known, [5e-6, 6e-6, 6.27e-6], rtol=0.05)
    zero = cards("joined_zero_std.csv")[0]["joined_zero_std"]
    assert zero.thermal_conductivity.std is None
    np.testing.assert_allclose(zero.seebeck.std, [7.55e-6, 8.8e-6, 9.05e-6])


SAID = [
    (FLASH.format("lfa_std_row.csv") + CP, ['"std": [\n  0.003825', "7.03e-07", "3e-09"]),
    (FLASH.format("lfa_degree_sign.csv") + CP, ["298.3", "398.25", "7.03e-07", "6.54e-07"]),
    (FLASH.format("lfa_degree_sign_gbk.csv") + CP, ["298.3", "398.25", "7.03e-07", "6.54e-07"]),
    (
        FLASH.format("lfa_reference_density.csv") + CP,
        ["1e-09", "the file states 2.6 g/cm3 (that of Pyroceram)"],
    ),
    (FLASH.format("lfa_de.csv"), ["6.00999", "3e-09", "column Cp/(J/gK)", "the file states 1.15 W/(m K)"]),
    (FLASH.format("lfa.xlsx"), ["1.574e-06", "column #Cp-Calc/(J/(g*K))"]),
    (
        ANALYSE.format("dkappa.csv"),
        ["Kappa = D Cp density, density 7.8 g/cm3 (column of dkappa.csv), Cp of the file"],
    ),
    (ANALYSE.format("series_messy.csv"), ["4.1e19 cm^-3", "PbTe-Na 2%", "Temperature (C): read as degC"]),
    (
        ANALYSE.format("series_messy2.csv"),
        ["4.1e19 cm^-3", "8.3e19 cm^-3", "Carrier conc. (10^19 cm-3) = n/a (empty)"],
    ),
    (
        ANALYSE.format("percent_col.csv"),
        ["seebeck 5 %, electrical_conductivity 5 to 5.1 %, thermal_conductivity 6.2 to"],
    ),
    (
        ANALYSE.format("heatcool.csv"),
        ["seebeck: heating and cooling averaged, they differ by up to 0.58 % at 373.1 K"],
    ),
    (ANALYSE.format("dup.csv"), ["repeated readings averaged, they differ by up to 0.59 % at 300 K"]),
    (
        ANALYSE.format("onesample_sheets.xlsx"),
        ["joined: onesample_sheets.xlsx ZEM, onesample_sheets.xlsx LFA,", "3.6e19"],
    ),
    (ANALYSE.format("a_zem.csv a_lfa.csv"), ["joined: a_zem.csv, a_lfa.csv", "1.109 at 500 K"]),
    (ANALYSE.format("nokappa.csv"), ["31.71 uW/(cm K2)", "342 cm2/(V s)", "0.6473", "no zT, no device"]),
    (
        ANALYSE.format("hall_series.csv --hall hall_T.csv"),
        ["6.001e19 cm^-3", "hall_T.csv: resistivity (mOhm*cm)"],
    ),
    (ANALYSE.format("hall_series.csv --hall hall_T2.csv"), ["6e19 cm^-3", "298.1 K"]),
    (
        "measure zem zem_K.txt",
        ["26.1 K is colder than such instruments measure: is the temperature in degC?"],
    ),
    ("measure zem zem_shiftjis.txt", ["299.25 K", "-210 uV/K", "1.3 mohm cm", "33.92 uW/(cm K2)"]),
    ("measure zem zem_degC.txt", ["299.25 K", "-210 uV/K", "1.3 mohm cm"]),
    ("measure zem zem_degree.txt", ["299.25 K", "-210 uV/K", "1.3 mohm cm"]),
    ("measure zem zem_semicolon_comma.txt", ["299.25 K", "-210 uV/K", "1.3 mohm cm"]),
    ("measure zem zem3.txt", ["-112.33 ± 0.33 uV/K", "0.12033 ± 0.00033 mohm cm"]),
    ("measure zem zem_failedpoint.txt", ["397.95 K", "line 5 (no value of Seebeck coeff.(V/K))"]),
    ("measure zem zem_trailing.txt", ["498.05 K", 'line 6 "Sample length, 8.0 mm", line 7 "Comment, ok"']),
    (
        "measure zem zem_poorR2.txt",
        ["R^2 of voltage against temperature difference is below 0.99 at 498 K: left out"],
    ),
    (
        "read lsr.txt",
        ["results of an LSR (Linseis)", "relative to the wires of the instrument", "export the absolute"],
    ),
    (
        "read bt1.trace",
        ["a trace file of BoltzTraP 1", "it needs a doping, a relaxation time and a lattice part"],
    ),
    ("read tto.dat", ["thermal transport of a PPMS (Quantum Design, TTO)", "7 with errors"]),
    (
        "measure hall hall_lakeshore.txt",
        [
            "-0.12050 ± 0.00050 cm3/C",
            "Field [G] (the file holds coefficients)",
            "l = 15.0 [mm]",
            "Hall factor: 1",
        ],
    ),
    (HALL.format("hall_Rxy.csv"), ["0.2962 ± 0.0034 cm3/C", "(2.107 ± 0.024)e19 cm^-3"]),
    (HALL.format("hall_gauss.csv"), ["0.2962 ± 0.0034 cm3/C"]),
    (HALL.format("hall_oe.csv"), ["0.2962 ± 0.0034 cm3/C"]),
    ("materials check lowT.csv", ["lowT: nothing doubtful found"]),
    (
        "materials import pf_not_sigma.csv --out out",
        ["The conductivity is PF (uW/cm/K2) over S^2: errors of S count twice in it."],
    ),
    (
        "materials check hall_lost_factor.csv",
        ["[hall-unit] n_H is 5.25 cm^-3: 1e19 forgotten, or another unit?"],
    ),
    ("measure texture pattern.xy powder.csv --a '4.38 A' --c '30.5 A'", ["Lotgering"]),
    (
        "measure ageing ageing.csv",
        ["relaxation", "a device that ages so: ioffe life DEVICE.toml --ageing ageing.csv"],
    ),
    (TLM.format("tlm_IV.csv"), ["4.79 ± 0.43 uohm cm2"]),
    (TLM.format("tlm_v.csv"), ["4.74 ± 0.15 mohm cm2"]),
    (TLM.format("tlm.csv"), ["4.74 ± 0.15 uohm cm2"]),
]


@pytest.mark.parametrize(("command", "words"), SAID, ids=[row[0] for row in SAID])
def test_what_commands_say(said, command, words):
    text = said(command)
    assert [word for word in words if word not in text] == []


REFUSED = [
    (
        "measure flash lfa_reference_density.csv" + CP,
        ["that of the file belongs to Pyroceram, a reference material"],
    ),
    ("measure flash lfa_de.csv", ["--density: the file does not state it", "follow from 4.789 g/cm3"]),
    (
        "materials import thousands.csv --out out",
        ["a comma in the numbers may be a decimal mark or may part thousands"],
    ),
    ("materials import sigma_rho_both.csv --out out", ["both given and are not the inverse of each other"]),
    ("materials import xl_date.xlsx --out out", ['row 2 = "2024-05-01 00:00:00"', "a number is expected"]),
    ("materials import unit_first_line.csv --out out", ['write "sigma (S/cm)"', 'write "kappa (W/(m K))"']),
    ("materials import lsr.txt --out out", ["relative to the wires of the instrument, not absolute"]),
    (
        "materials import hall_lakeshore.txt --out out",
        ["a Hall measurement of Lake Shore", "ioffe analyse --hall"],
    ),
    ("materials import bt1.trace --out out", ["--carrier-density", "--cell-volume", "--lattice"]),
    (
        "materials import harmful_advice.csv --out out",
        ["(the lattice part, never taken", "(relative to the wires of"],
    ),
    (
        "analyse a_zem.csv a_lfa.csv --separate --no-report --out out",
        ["a_lfa: there are no values for the Seebeck"],
    ),
    ("measure hall hall_Rxy.csv", ["thickness: it is needed to make a coefficient of a Hall resistance"]),
    ("measure transfer-length tlm_nounit.csv --width '100 um'", ['"spacing": the header has no unit']),
    (
        "measure transfer-length tlm_negative.csv --width '100 um'",
        ["the straight line gives 2 R_c = -", "a value above 0 is expected"],
    ),
]


@pytest.mark.parametrize(("command", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_refused_in_words(said, command, words):
    text = said(command, code=2)
    assert [word for word in words if word not in text] == []
    assert 'did you mean "cp' not in text
    assert "did you mean" not in text.partition("k_L")[2].partition(",")[0]


MODULE = """format = 1
[module]
couples = 127
fill_factor = 0.3
p = { material = "generic p cooler leg", length = "1.6 mm", area = "1.96 mm2" }
n = { material = "generic n cooler leg", length = "1.6 mm", area = "1.96 mm2" }
[operate]
"""
COOLED = 'mode = "cool"\nT_hot = "25 degC"\nheat = "40 W"\n'
LEG = 'format = 1\n[leg]\nmaterial = "MgAgSb0.99In0.01"\n'
POWER = '[operate]\nmode = "generate"\nload = "max_power"\n'
CONTACT = "contact_hot.electrical, contact_cold.electrical"
DEVICES = {
    "leg_units_forgotten": (
        LEG
        + "length = 6\narea = 14\ncontact = { electrical = 7.9 }\n"
        + POWER
        + "T_hot = 500\nT_cold = 320\n",
        0,
        [
            "length = 6 is 6 m; is the unit mm?",
            "area = 14 is 14 m2; is the unit mm2?",
            f"{CONTACT} = 7.9 is 7.9 ohm m2; is the unit uohm cm2?",
        ],
    ),
    "unitless": (
        LEG.replace("MgAgSb0.99In0.01", "Bi2Te3")
        + 'length = 1.5\narea = "1.4 mm x 1.4 mm"\ncontact = { electrical = 5 }\n'
        + '[operate]\nmode = "cool"\nT_hot = 300\nT_cold = 27\ncurrent = "sweep"\n',
        0,
        [
            "length = 1.5 is 1.5 m; is the unit mm?",
            f"{CONTACT} = 5 is 5 ohm m2; is the unit uohm cm2?",
            "T_cold = 27 is 27 K; is the unit degC?",
        ],
    ),
    "leg_celsius": (
        LEG + 'length = "6 mm"\narea = "3.8 mm x 3.8 mm"\n' + POWER + "T_hot = 230\nT_cold = 25\n",
        0,
        ["T_hot = 230 is 230 K; is the unit degC?", "T_cold = 25 is 25 K; is the unit degC?"],
    ),
    "cooler_voltage": (
        MODULE + 'mode = "cool"\nT_hot = "300 K"\nT_cold = "280 K"\nvoltage = "12 V"\n',
        0,
        ["12 V", "4.813 A", "36.14 W", "0.6257"],
    ),
    "dev_cool_sinkCW": (
        MODULE + COOLED + 'hot_resistance = "0.15 °C/W"\ncurrent = "4 A"\n',
        0,
        ["T_hot of the hot reservoir (behind 0.15 K/W)", "310.3 K"],
    ),
    "dev_cool_sink": (
        MODULE + COOLED + 'hot_resistance = "0.15 K/W"\naim = "COP"\n',
        0,
        ["0.9733", "310.3 K"],
    ),
    "dev_heat_gen": (
        MODULE + 'mode = "generate"\nheat = "60 W"\nT_cold = "25 degC"\nload = "2 ohm"\n',
        0,
        ["378.9 K", "1.849 W"],
    ),
    "dev_load_kohm": (
        MODULE + 'mode = "generate"\nT_hot = "150 degC"\nT_cold = "25 degC"\nload = "1 kohm"\n',
        0,
        ["7.2 mA", "51.84 mW"],
    ),
    "dev_hotcold": (
        MODULE + 'mode = "generate"\nT_hot = "25 degC"\nT_cold = "80 degC"\nload = "max_power"\n',
        2,
        ["a temperature below T_hot = 298.15 K is expected"],
    ),
    "dev_heatpump": (
        MODULE + 'mode = "cool"\nT_hot = "40 degC"\nT_cold = "20 degC"\nheat = "80 W"\n',
        1,
        ["status unreachable", "no operating point has a solution"],
    ),
}
DOUBTED = ("leg_units_forgotten", "unitless", "leg_celsius")


@pytest.mark.parametrize("name", DEVICES)
def test_devices(said, tmp_path, name):
    text, code, words = DEVICES[name]
    (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    printed = said(f"run out/{name}.toml --no-report --out out", code)
    assert [word for word in words if word not in printed] == []
    if name in DOUBTED:
        strict = said(f"run out/{name}.toml --no-report --strict --out out", 2)
        assert [word for word in words if re.split("[:;] ", word)[-1] not in strict] == []


def test_a_performance_is_there_only_where_heat_is_taken_up_by_power(said, tmp_path):
    text = 'mode = "cool"\nT_hot = "300 K"\nT_cold = "320 K"\ncurrent = ["0 A", "0.05 A", "0.3 A", "1 A"]\n'
    (tmp_path / "sign.toml").write_text(MODULE + text, encoding="utf-8")
    said("run out/sign.toml --no-report --out out")
    head, *rows = (line.split(",") for line in (tmp_path / "curves.csv").read_text().splitlines())
    assert [row[head.index("COP")] for row in rows] == ["", "", "", "20.03191"]
    assert json.loads((tmp_path / "result.json").read_text())["COP"][:3] == [None, None, None]


def test_ambient_and_plate_of_a_cooler_are_both_named(said, tmp_path):
    text = 'mode = "cool"\nT_hot = "27 degC"\nT_cold = "280 K"\ncurrent = "2 A"\nhot_resistance = "0.3 K/W"\n'
    (tmp_path / "sink.toml").write_text(MODULE + text, encoding="utf-8")
    printed = said("run out/sink.toml --no-report --out out")
    assert "T_hot of the hot reservoir (behind 0.3 K/W)" in printed
    result = json.loads((tmp_path / "result.json").read_text())
    plate = result["T_hot"] + 0.3 * result["heat_hot"]
    assert result["T_hot_junction"] == pytest.approx(plate, abs=0.01)


def test_a_bound_and_a_stand_in_prove_no_safety(said, tmp_path):
    text = (
        'format = 1\n[leg]\nmaterial = "Cu2Se"\nlength = "6 mm"\narea = "3 mm x 3 mm"\n[operate]\n'
        'mode = "generate"\nT_hot = "573 K"\nT_cold = "300 K"\nload = "max_efficiency"\n'
    )
    (tmp_path / "cu2se.toml").write_text(text, encoding="utf-8")
    printed = said("migrate out/cu2se.toml --no-report --out out")
    assert "not known to be safe" in printed
    assert "Whether barriers are needed is not known" in printed
    assert "no barrier is needed" not in printed


def test_read_exits_as_an_import_would(said, tmp_path):
    table = "T (K),S ({}),sigma (S/cm),kappa (W/mK)\n300,150,1000,1.5\n400,170,900,{}\n500,190,800,1.3\n"
    for name, unit, kappa, code, words in (
        ("good", "uV/K", "1.4", 0, "few-points"),
        ("negative", "uV/K", "-1.4", 2, "the value must be above 0"),
        ("absurd", "mV/K", "1.4", 2, "values in uV/K labelled V/K or mV/K?"),
    ):
        path = tmp_path / f"{name}.csv"
        path.write_text(table.format(unit, kappa), encoding="utf-8")
        assert words in said(f"read out/{path.name}", code)
        assert words in said(f"materials import out/{path.name} --out out", code)
