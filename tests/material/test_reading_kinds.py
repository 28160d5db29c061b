"""Tables as instruments, programs and people write them: each of a kind, read with the right numbers."""

import gzip
import zipfile

import numpy as np
import openpyxl
import pytest

from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.material import readers
from ioffe.material.readers.rows import ordered
from tests.material.samples import write

T3 = [300.0, 350.0, 400.0]
S3, SIGMA3, KAPPA3 = [1.51e-4, 1.63e-4, 1.76e-4], [1.21e5, 1.09e5, 0.98e5], [1.61, 1.53, 1.47]
BODY = "300,151,1210,1.61\n350,163,1090,1.53\n400,176,980,1.47\n"
ROWS = [row.split(",") for row in BODY.split()]


def celsius(text=BODY):
    return text.replace("300,", "26.85,").replace("350,", "76.85,").replace("400,", "126.85,")


HEADER = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n"
ONE_FILE = {
    "a letter for degC": "T (C),S (uV/K),sigma (S/cm),kappa (W/m/K)\n" + celsius(),
    "broken encoding": "T (Â°C),S (ÂµV/K),sigma (S/cm),kappa (W/mK)\n" + celsius(),
    "one-letter degree": "温度（℃）,S (μV·K⁻¹),σ (S/cm),κ (W·m⁻¹·K⁻¹)\n" + celsius(),
    "latex": r"$T$ (K),$S$ ($\mu$V K$^{-1}$),$\sigma$ (S cm$^{-1}$),$\kappa_{tot}$ (W m$^{-1}$ K$^{-1}$)"
    "\n" + BODY,
    "two readings of W/m K": "T (K),S (uV/K),sigma (S/cm),kappa (W/m K)\n" + BODY,
    "words": "Temp. [Kelvin],Seebeck coeff. [microV/K],Conductivity [S/cm],Thermal conductivity in W/mK\n"
    + BODY,
    "factor": "T (K),S (uV/K),sigma (x10^5 S/m),kappa (W/m/K)\n"
    + BODY.replace("1210", "1.21").replace("1090", "1.09").replace("980", "0.98"),
    "blanks": "T(K)  S(uV/K)  sigma(S/cm)  kappa(W/mK)\n" + BODY.replace(",", "   "),
    "comment": "# T[K] sigma[S/cm] S[uV/K] kappa[W/(m.K)]\n"
    + "".join(f"{T} {sigma} {S} {kappa}\n" for T, S, sigma, kappa in ROWS),
    "comment with tabs": "#T[K]\tS[uV/K]\tsigma[S/cm]\tkappa[W/(m.K)]\n" + BODY.replace(",", "\t"),
    "units in a comment": "# T in K, S in uV/K, sigma in S/cm, kappa in W/m/K\nT,S,sigma,kappa\n" + BODY,
    "origin": "T,S,sigma,kappa\nK,uV/K,S/cm,W/(m K)\n,ZEM-3,ZEM-3,LFA\n" + BODY,
    "units in brackets": "T,S,sigma,kappa\n[K],[uV/K],[S/cm],[W/m/K]\n" + BODY,
    "falling": HEADER + "".join(reversed(BODY.splitlines(keepends=True))),
    "repeated": HEADER + BODY.replace("350,163,", "350,162,1080,1.53\n350,164,").replace("1090", "1100"),
    "errors beside": HEADER.replace("sigma", "err (%),sigma").replace("S/cm)", "S/cm),±")
    + "".join(f"{T},{S},5,{sigma},60,{kappa}\n" for T, S, sigma, kappa in ROWS),
    "a mean below": HEADER + BODY + "\nmean,163,1093,1.54\n",
    "a text below": HEADER + BODY + "Sample length,8.0 mm\nComment,ok\n",
    "units above": "K,µV/K,S/cm,W/m/K\nT,S,sigma,kappa\n" + BODY,
    "bars": "T [K] | S [µV/K] | sigma [S/cm] | kappa [W/mK]\n" + BODY.replace(",", " | "),
    "capitals": "TEMP(C),SEEBECK(uV/K),ELEC. COND.(S/cm),THERM. COND.(W/mK)\n" + celsius(),
    "no capitals": "t(k),s(uv/k),sigma(s/cm),kappa(w/mk)\n" + BODY,
    "by degree": "T (°C),S (µV/°C),sigma (S/cm),kappa (W/m°C)\n" + celsius(),
    "exponent": HEADER + BODY.replace("1210", "1.21 x 10^3"),
}


@pytest.mark.parametrize("kind", ONE_FILE)
def test_one_table_in_many_layouts(tmp_path, kind):
    (m,) = readers.read(write(tmp_path, "a.txt", ONE_FILE[kind]))
    np.testing.assert_allclose(m.seebeck.T, T3, rtol=1e-12)
    np.testing.assert_allclose(m.seebeck.values, S3, rtol=1e-12)
    np.testing.assert_allclose(m.electrical_conductivity(m.seebeck.T), SIGMA3, rtol=1e-12)
    np.testing.assert_allclose(m.thermal_conductivity.values, KAPPA3, rtol=1e-12)


def test_errors_belong_to_their_neighbour(tmp_path):
    (m,) = readers.read(write(tmp_path, "a.csv", ONE_FILE["errors beside"]))
    np.testing.assert_allclose(m.seebeck.std, 0.05 * m.seebeck.values)
    np.testing.assert_allclose(m.electrical.std, 6000.0)
    assert m.thermal_conductivity.std is None


def test_errors_by_the_symbol_of_their_neighbour(tmp_path):
    text = "T (K),S (uV/K),dS,sigma (S/cm),σ_err (S/cm),kappa (W/m/K),u(kappa) (W/m/K)\n"
    text += "".join(f"{T},{S},5,{sigma},30,{kappa},0.1\n" for T, S, sigma, kappa in ROWS)
    (m,) = readers.read(write(tmp_path, "a.csv", text))
    assert [curve.std[0] for curve in m.transport.values()] == pytest.approx([5e-6, 3e3, 0.1])


def test_errors_of_zero_are_not_known(tmp_path):
    text = "T (K),S (uV/K),S_std (%),sigma (S/cm),kappa (W/m/K),kappa_std (W/m/K)\n"
    text += "300,151,5,1210,0.9,0.0\n400,176,5,980,0.8,0.0\n"
    (m,) = readers.read(write(tmp_path, "a.csv", text))
    assert m.thermal_conductivity.std is None
    assert m.seebeck.std is not None


@pytest.mark.parametrize("text", ["168 ± 5", "168 +- 5", "168+/-5", "168(5)"])
def test_errors_behind_the_number(tmp_path, text):
    (m,) = readers.read(write(tmp_path, "a.csv", HEADER + BODY.replace("151", text)))
    assert m.seebeck.values[0] == pytest.approx(1.68e-4)
    assert m.seebeck.std[0] == pytest.approx(5e-6)
    assert "state no error" in m.provenance.reading


@pytest.mark.parametrize("word", ["N/A", "null", "NaN", "#DIV/0!", "#N/A", "n.d."])
def test_cells_that_say_there_is_no_value(tmp_path, word):
    (m,) = readers.read(write(tmp_path, "a.csv", HEADER + BODY.replace("1090", word)))
    assert m.electrical.T.tolist() == [300.0, 400.0]
    assert f"line 3: sigma (S/cm) = {word} (empty)" in m.provenance.not_used


def test_what_is_not_used_is_named_with_its_meaning(tmp_path):
    header = (
        "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),k_L (W/m/K),PF (uW/cm/K2),Field [G],Rel. Seebeck (uV/K)\n"
    )
    rows = "".join(f"{row},0.9,27,10,148\n" for row in BODY.splitlines())
    (m,) = readers.read(write(tmp_path, "a.csv", header + rows))
    used = m.provenance.not_used
    assert "k_L (W/m/K) (the lattice part, never taken for the total)" in used
    assert "PF (uW/cm/K2) (the power factor" in used
    assert "Field [G]," in used
    assert "Rel. Seebeck (uV/K) (relative to the wires" in used
    assert "did you mean" not in used
    assert any(finding.code == "not-used" for finding in m.check())


def test_samples_by_formula_and_by_paper(tmp_path):
    rows = [f"A2B3,{row},10.1000/a" for row in BODY.split()] + [
        f"A2B3,{row},10.1000/b" for row in BODY.split()
    ]
    text = (
        "Formula,"
        + HEADER.strip()
        + ",reference\n"
        + "\n".join([*rows, *[f"C,{r},10.1000/c" for r in BODY.split()]])
    )
    found = readers.read(write(tmp_path, "a.csv", text))
    assert [m.name for m in found] == ["A2B3 (10.1000/a)", "A2B3 (10.1000/b)", "C"]
    assert [m.provenance.doi for m in found] == ["10.1000/a", "10.1000/b", "10.1000/c"]


def test_blocks_below_one_another(tmp_path):
    text = f"# Sample A\n{HEADER}{BODY}\n# Sample B\n{HEADER}{BODY.replace('151', '141')}"
    found = readers.read(write(tmp_path, "a.csv", text))
    assert [m.name for m in found] == ["Sample A", "Sample B"]
    assert found[1].seebeck.values[0] == pytest.approx(1.41e-4)


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_groups_beside_one_another(tmp_path):
    head = ["T (K)", *["S (uV/K)", "sigma (S/cm)", "kappa (W/mK)"] * 2]
    rows = [
        [None, "x=0", None, None, "x=0.02"],
        head,
        [300, -150, 900, 1.1, -140, 1000, 1.2],
        [400, -170, 675, 1.1, -160, 750, 1.2],
    ]
    found = readers.read(workbook(tmp_path / "wide.xlsx", {"a": rows}))
    assert [(m.name, m.seebeck.values[0]) for m in found] == [("x=0", -1.5e-4), ("x=0.02", -1.4e-4)]


def test_sheets_of_one_sample(tmp_path):
    sheets = {
        "ZEM": [["T (°C)", "S (µV/K)", "σ (S/cm)"], [30, -198, 410], [400, -262, 275]],
        "LFA": [["T (°C)", "kappa (W/m/K)"], [25, 1.15], [400, 0.84]],
        "notes": [["operator", "x"]],
    }
    (m,) = readers.read(workbook(tmp_path / "one.xlsx", sheets))
    assert m.name == "one"
    assert m.thermal_conductivity.T[0] == pytest.approx(298.15)
    assert m.seebeck.T[0] == pytest.approx(303.15)
    assert "sheet notes" in m.provenance.not_used
    assert "joined: one.xlsx ZEM, one.xlsx LFA" in m.provenance.reading


def test_files_of_one_sample(tmp_path):
    zem = write(tmp_path, "a_zem.csv", "T (K),S (uV/K),sigma (S/cm)\n300,-168,1105\n400,-193,851\n")
    lfa = write(
        tmp_path,
        "a_lfa.csv",
        "T (K),D (mm2/s),Cp (J/gK),density (g/cm3)\n300,0.9,0.17,7.8\n400,0.85,0.17,7.8\n",
    )
    (m,) = readers.read_together([zem, lfa])
    assert m.name == "a"
    assert m.thermal_conductivity(300.0) == pytest.approx(0.9e-6 * 170.0 * 7800.0)
    assert m.density == pytest.approx(7800.0)
    assert "kappa = D Cp density" in m.provenance.reading
    with pytest.raises(InputError, match="no values for the Seebeck"):
        readers.read_together([zem, lfa], separate=True, needed=readers.WITHOUT_KAPPA)
    assert readers.read(write(tmp_path, "Bi0.42Sb1.58Te3.csv", HEADER + BODY))[0].name == "Bi0.42Sb1.58Te3"
    other = write(tmp_path, "b_zem.csv", "T (K),S (uV/K),sigma (S/cm)\n300,-100,1105\n400,-110,851\n")
    pair = readers.read_together([zem, lfa, other], needed=readers.WITHOUT_KAPPA)
    assert [(m.name, m.thermal_conductivity is None) for m in pair] == [("a", False), ("b_zem", True)]


ZEM = (
    "{}\nMeasurement temp.(C)\tResistivity(Ohm m)\tSeebeck coeff.(V/K)\tR^2 by Seebeck\n"
    "26.1\t1.30E-5\t-2.10E-4\t0.9999\n124.8\t1.52E-5\t-2.31E-4\t0.9998\n224.9\t1.80E-5\t{}\t{}\n"
)


def of_zem(path):
    (m,) = readers.read_together([path], needed=readers.WITHOUT_KAPPA)
    assert m.thermal_conductivity is None
    return m


@pytest.mark.parametrize(
    ("name", "encoding", "change"),
    [
        ("made up", "utf-8", ("", "")),
        ("試料 1", "cp932", ("", "")),
        ("样品 1", "gbk", ("(C)", "(℃)")),
        ("sample", "cp1252", ("(C)", "(°C)")),
    ],
)
def test_files_of_a_zem(tmp_path, name, encoding, change):
    text = ZEM.format(name, "-2.50E-4", "0.9997").replace(*change)
    m = of_zem(write(tmp_path, "z.txt", text, encoding))
    np.testing.assert_allclose(m.seebeck.T, [299.25, 397.95, 498.05])
    assert m.electrical.values[0] == 1.3e-5


@pytest.mark.parametrize(("S", "R2"), [("NaN", "0.31"), ("-1.2E-4", "0.31")])
def test_failed_points_of_a_zem_are_left_out_and_named(tmp_path, S, R2):
    m = of_zem(write(tmp_path, "z.txt", ZEM.format("made up", S, R2)))
    assert len(m.seebeck.T) == 2
    assert len(m.electrical.T) == 3
    assert "S of line 5, R^2 by Seebeck = 0.31 is below 0.99" in m.provenance.not_used


def test_a_run_up_and_down(tmp_path):
    head = "ZEM-3 ULVAC\tSample: X1\nNo.\tMeas. temp.(C)\tResistivity(Ohm m)\tSeebeck coeff.(V/K)\n"
    T = [51.2, 51.3, 100.9, 101.0, 200.8, 300.8, 250.8, 150.8]
    text = head + "".join(f"{k}\t{T_k}\t1.2E-6\t{-1e-4 - 1e-7 * k}\n" for k, T_k in enumerate(T))
    m = of_zem(write(tmp_path, "z.txt", text))
    assert m.name == "X1"
    assert np.all(np.diff(m.seebeck.T) > 10.0)
    assert "heating and cooling averaged" in m.provenance.reading


def test_a_part_of_a_cycle():
    T, values = np.array([300.0, 400, 500, 450, 350]), np.array([1.0, 2, 3, 2.7, 1.7])
    none = np.full(5, np.nan)
    assert ordered(T, values, none, "heating").T.tolist() == [300, 400, 500]
    assert ordered(T, values, none, "cooling").T.tolist() == [350, 450, 500]
    mean = ordered(T, values, none)
    assert mean.T.tolist() == [300, 350, 400, 450, 500]
    assert mean.values == pytest.approx([1.0, 1.6, 2.1, 2.6, 3.0])


def test_two_samples_below_one_another_are_not_averaged(tmp_path):
    text = HEADER + BODY + BODY.replace("151", "251").replace("163", "263").replace("176", "276")
    with pytest.raises(InputError, match="the temperatures begin again with other values"):
        readers.read(write(tmp_path, "a.csv", text))


def test_laser_flash_of_netzsch(tmp_path):
    text = (
        "##General_information\n#Material,made up\n#Ref_density /(g/cm^3),5.10\n##Results\n"
        "#Shot_number,#Temperature/℃,#Model,#Diffusivity/(mm^2/s)\n1,25.1,Cape,0.701\n2,25.3,Cape,0.705\n"
        "#Mean,25.2,,0.703\n#Std_Dev,0.1,,0.003\n3,125.0,Cape,0.652\n4,125.2,Cape,0.656\n#Mean,125.1,,0.654\n"
    )
    lfa = write(tmp_path, "l.csv", text, "gbk")
    zem = write(tmp_path, "z.txt", ZEM.format("", "-2.5E-4", "0.9997"))
    (m,) = readers.read_together([zem, lfa], options=readers.ReadOptions(heat_capacity="0.25 J/(g K)"))
    np.testing.assert_allclose(m.thermal_conductivity.T, [298.35, 398.25])
    np.testing.assert_allclose(m.thermal_conductivity.values, [0.703e-6 * 250 * 5100, 0.654e-6 * 250 * 5100])
    assert m.thermal_conductivity.std[0] == pytest.approx(0.003e-6 * 250 * 5100)
    reference = write(tmp_path, "r.csv", text.replace("made up", "Pyroceram"))
    with pytest.raises(InputError, match="needs a density"):
        readers.read_together([zem, reference], options=readers.ReadOptions(heat_capacity=250.0))


def test_thermal_transport_of_a_ppms(tmp_path):
    text = (
        "[Header]\nBYAPP,THERMAL_TRANSPORT,1.0,1.1\n[Data]\n"
        "Comment,Sample Temp. (K),Conductivity (W/K-m),Cond. Std.Dev.,Seebeck Coef. (µV/K),Seebeck Std.Dev.,"
        "Resistivity (Ohm-m),Resist Std.Dev.,System Temp (K)\n"
        ",300.0,2.5,0.025,-165.0,1.65,1.3e-5,1.3e-7,300.3\n,150.0,4.0,0.04,-80.0,0.8,1.0e-5,1e-7,150.3\n"
        ",20.0,21.2,0.212,-11.0,0.11,3.7e-6,3.7e-8,20.3\n"
    )
    (m,) = readers.read(write(tmp_path, "tto.dat", text, "cp1252"))
    assert m.T_range == (20.0, 300.0)
    np.testing.assert_allclose(m.thermal_conductivity.std, [0.212, 0.04, 0.025])
    np.testing.assert_allclose(m.seebeck.std, [1.1e-7, 8e-7, 1.65e-6])
    assert "System Temp (K) (not the temperature of the sample)" in m.provenance.not_used
    assert not any(finding.code == "celsius" for finding in m.check())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Field [G],Voltage [V],Current [A]\n-10000,-1.9e-6,0.01\n", "ioffe measure hall"),
        ("Gap (µm);R (Ω)\n5;5,62\n", "ioffe measure transfer-length"),
        ("hkl,I\n006,5\n", "ioffe measure texture"),
        (
            "# Ef[Ry] T [K] N DOS(Ef) S s/t R_H kappa0\n0.3 300 -0.1 1 2e-4 1e20 1e-9 6e14\n",
            "--carrier-density",
        ),
    ],
)
def test_other_files_are_told_what_they_are(tmp_path, text, words):
    path = write(tmp_path, "x.txt", text)
    with pytest.raises(InputError, match=words):
        readers.read(path)
    assert words in readers.look(path).use


def test_packed_headerless_and_misnamed_files(tmp_path):
    packed = write(tmp_path, "a.csv.gz", gzip.compress((HEADER + BODY).encode()))
    assert readers.read(packed)[0].name == "a"
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("b.csv", HEADER + BODY)
    assert readers.read(tmp_path / "b.zip")[0].seebeck.T.tolist() == T3
    bare = write(tmp_path, "bare.txt", BODY)
    options = readers.ReadOptions(columns="T (K), S (uV/K), sigma (S/cm), kappa (W/(m K))")
    assert readers.read(bare, options=options)[0].thermal_conductivity.values.tolist() == KAPPA3
    misnamed = write(tmp_path, "a.xls", (HEADER + BODY).replace(",", "\t"))
    assert readers.read(misnamed)[0].seebeck.T.tolist() == T3
    renamed = write(
        tmp_path, "p.csv", HEADER.replace("T (K)", "Probe,T (K)") + "".join(f"P1,{r}\n" for r in BODY.split())
    )
    options = readers.ReadOptions(rename={"Probe": "sample"})
    assert readers.read(renamed, options=options)[0].name == "P1"


def test_workbooks_that_are_damaged_or_too_large(tmp_path):
    good = workbook(
        tmp_path / "g.xlsx", {"a": [HEADER.strip().split(","), *[[float(c) for c in r] for r in ROWS]]}
    )
    data = good.read_bytes()
    for cut in (40, len(data) // 2, len(data) - 30):
        with pytest.raises(InputError):
            readers.read(write(tmp_path, "cut.xlsx", data[:cut]))
    stale = tmp_path / "stale.xlsx"
    bomb = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(good) as source,
        zipfile.ZipFile(stale, "w") as one,
        zipfile.ZipFile(bomb, "w", 8) as two,
    ):
        for part in source.namelist():
            content = source.read(part)
            one.writestr(part, content.replace(b'<dimension ref="A1:D4" />', b'<dimension ref="A1:D2" />'))
            two.writestr(part, content + b" " * 60_000_000 if "sheet1" in part else content)
        assert b"A1:D4" in source.read("xl/worksheets/sheet1.xml")
    assert readers.read(stale)[0].seebeck.T.tolist() == T3
    with pytest.raises(InputError, match="unpacked the workbook has"):
        readers.read(bomb)


def test_pipes_and_devices_are_refused():
    with pytest.raises(InputError, match="a device or a pipe"):
        readers.read("/dev/zero")


def test_commands_say_what_is_not_used(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        "a.csv",
        "T (K),S (uV/K),sigma (S/cm),k_L (W/m/K)\n300,-168,1105,0.9\n350,-181,968,0.8\n400,-193,851,0.7\n",
    )
    assert entry(["read", "a.csv"]) == 0
    assert "not used: k_L (W/m/K) (the lattice part" in capsys.readouterr().out
    assert entry(["materials", "import", "a.csv"]) == 0
    assert "not used: k_L" in capsys.readouterr().out
    assert entry(["analyse", "a.csv", "--out", "out"]) == 0
    assert "not used: k_L" in capsys.readouterr().out
    assert "not used: k_L" in (tmp_path / "out" / "analysis.json").read_text()
    assert entry(["read", "missing.csv"]) == 2


def test_several_files_are_told_together_what_they_hold_of_a_sample(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "zem.csv", "sample,T (K),S (uV/K),sigma (S/cm)\na,300,150,1000\na,400,160,900\n")
    write(tmp_path, "lfa.csv", "sample,T (K),D (mm2/s)\na,300,1.2\na,400,1.1\n")
    write(tmp_path, "cp.csv", "sample,T (K),Cp (J/(g K)),density (g/cm3)\na,300,0.2,6\na,400,0.21,6\n")
    assert entry(["read", "zem.csv", "lfa.csv", "cp.csv"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("together: zem.csv, lfa.csv, cp.csv hold a, seebeck, electrical_conductivity, ")
    assert "thermal_conductivity from 300 K to 400 K" in first
    assert entry(["read", "zem.csv", "lfa.csv"]) == 0
    assert "together: a: a diffusivity needs a density and heat capacity" in capsys.readouterr().out
    assert entry(["read", "zem.csv"]) == 0
    assert "together" not in capsys.readouterr().out
