"""Layouts of other instruments, languages and habits: read with the right numbers, or refused in words."""

import numpy as np
import openpyxl
import pytest

from ioffe import measure
from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.material import readers
from ioffe.material.readers import files
from ioffe.material.readers.opening import TABLE_LIMIT, read_text
from ioffe.material.source import find_materials
from tests.material.samples import write

ZEM = {
    "Japanese": ("測定温度(℃),抵抗率(Ωm),ゼーベック係数(V/K)", "cp932"),
    "Chinese": ("测量温度(℃)\t电阻率(Ω·m)\t塞贝克系数(V/K)\t功率因子(W/mK^2)", "gbk"),
    "German": ("Temperatur (°C);spez. Widerstand (Ohm m);Seebeck-Koeffizient (V/K)", "cp1252"),
    "UTF-16": ("Measurement temp.(C)\tResistivity(Ohm m)\tSeebeck coeff.(V/K)", "utf-16"),
    "conductivity": ("T (degC),sigma (S/cm),S (V/K)", "utf-8"),
}


@pytest.mark.parametrize("kind", ZEM)
def test_languages_and_encodings_are_the_same_to_all_commands(tmp_path, kind):
    header, encoding = ZEM[kind]
    mark = next(m for m in "\t;," if m in header)
    rows = ("26.85 1.25E-05 -2.10E-04", "126.85 1.52E-05 -2.31E-04")
    if kind == "conductivity":
        rows = ("26.85 800 -2.10E-04", "126.85 657.8947 -2.31E-04")
    text = "\n".join([f"sample{mark}X", header, *(mark.join(row.split()) for row in rows)])
    path = tmp_path / "zem.txt"
    path.write_bytes((text.replace(".", ",") if mark == ";" and kind == "German" else text).encode(encoding))
    if kind == "German":
        path.write_bytes(path.read_bytes().replace(b"spez, ", b"spez. "))
    run = measure.read_zem(path)
    assert run.T == pytest.approx([300.0, 400.0])
    assert run.resistivity == pytest.approx([1.25e-5, 1.52e-5])
    (material,) = readers.read_together([path], needed=readers.WITHOUT_KAPPA)
    assert material.seebeck(300.0) == pytest.approx(-2.1e-4)
    assert material.electrical_conductivity(300.0) == pytest.approx(8e4)


CTA = """[Parameters]
Operator="AB"
Laboratory="Cryoall"
Current for measurement=100.000000
Sample name="Sample name"
Measurement data="/D/DATA/AB/Na0.01.txt"
Length x (mm)=5.600000
Temperature program="20\t26\t1\t1\\0D\\0A20\t100\t1\t1\\0D\\0A"

[Data]
Time of Evaluation="8/5/2020 3:23:47 PM"

Temperature(C)\tResistivity(u Ohm*m)\tRel. seebeck(uV/K)\tWire seebeck(uV/K)\tSeebeck coefficient(uV/K)\t\
Power factor(mW/m/K2)\tZ value(1/K)\tCorrelation coefficient\tStandard deviation(uV)
2.685E+1\t5.00E+1\t1.10E+2\t-5.5E+0\t1.045E+2\t2.18E-1\t0.0E+0\t9.994779E-1\t3.2E+0
1.2685E+2\t5.50E+1\t1.30E+2\t-7.2E+0\t1.228E+2\t2.74E-1\t0.0E+0\t9.999461E-1\t1.2E+0
2.2685E+2\t6.10E+1\t1.45E+2\t-8.3E+0\t1.367E+2\t3.06E-1\t0.0E+0\t9.7E-1\t2.2E-1
"""


def test_a_file_of_a_cta(tmp_path):
    path = write(tmp_path, "Na.txt", CTA.replace("\n", "\r\n"))
    seen = readers.look(path)
    assert seen.kind == "results of a CTA (Cryoall): S and resistivity"
    assert {row[0] for row in seen.rows} == {"Na"}  # nobody has filled in the name
    assert "S of line 16, Correlation coefficient = 0.97 is below 0.99" in seen.not_used
    assert "Standard deviation(uV)" in seen.not_used
    (material,) = readers.read_together([path], needed=readers.WITHOUT_KAPPA)
    assert material.electrical.T == pytest.approx([300.0, 400.0, 500.0])
    assert material.electrical_conductivity(300.0) == pytest.approx(1 / 50e-6)
    assert material.seebeck.values == pytest.approx([104.5e-6, 122.8e-6])
    run = measure.read_zem(path)
    assert run.resistivity == pytest.approx([50e-6, 55e-6, 61e-6])
    named = write(tmp_path, "named.txt", CTA.replace('"Sample name"', '"Mg3Sb2"'))
    assert readers.look(named).rows[0][0] == "Mg3Sb2"


TITLE = "{}\tStandard Const.\tT.C.type=R\tDistance=560.000000E-3\tDepth=256.000000E-3\t\n"
RUN = """Measurement temp.(C)\tResistivity(Ohm m)\tSeebeck coeff.(V/K)
2.685E+1\t{0}E-5\t1.97E-4
1.2685E+2\t{0}E-5\t2.07E-4
"""


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (("Bi0.4Sb1.6Te3", "Bi0.5Sb1.5Te3"), ["Bi0.4Sb1.6Te3", "Bi0.5Sb1.5Te3"]),
        (("A", "A"), ["A (block 1)", "A (block 2)"]),
    ],
)
def test_runs_of_a_zem_below_one_another_have_the_names_of_their_titles(tmp_path, titles, names):
    text = "\n".join(TITLE.format(name) + RUN.format(k) for k, name in enumerate(titles, start=1))
    path = write(tmp_path, "both.txt", text)
    found = readers.read_together([path], needed=readers.WITHOUT_KAPPA)
    assert [one.name for one in found] == names
    assert [float(one.electrical_conductivity(300.0)) for one in found] == pytest.approx([1e5, 5e4])
    assert not any("Standard" in text for text in readers.look(path).not_used)
    assert measure.read_zem(path, names[1]).resistivity == pytest.approx([2e-5, 2e-5])


def test_conductivities_by_the_unit_of_a_column_of_one_letter(tmp_path):
    path = write(
        tmp_path,
        "a.txt",
        "# T[K]   C[S/cm]   S[uV/K]  K[W/(m.K)]\n300.0 3269 -81.4 3.3\n305.0 3191 -83.0 3.2\n",
    )
    (material,) = readers.read(path)
    assert material.electrical_conductivity(300.0) == pytest.approx(326900.0)


def test_numbers_beside_a_table_that_have_no_header_are_named(tmp_path):
    text = """#Shot_number,#Temperature/C,#Diffusivity/(mm^2/s),,,
1,31.6,0.608,,,
2,31.9,0.624,,31.8,0.616
#Mean,31.8,0.616,,,
#Std_Dev,0.2,0.008,,,
"""
    seen = readers.look(write(tmp_path, "lfa.csv", text))
    assert [name for name in seen.not_used if "no header" in name] == [
        "column 5 (it has no header)",
        "column 6 (it has no header)",
    ]


def test_labels_above_groups_of_columns_name_them(tmp_path):
    heads = ",".join(["T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)"] * 2)
    rows = "300,150,1000,1.5,310,160,1100,1.6\n400,170,900,1.4,410,180,950,1.5\n"
    found = readers.read(write(tmp_path, "side.csv", f"A1,,,,B2,,,\n{heads}\n{rows}"))
    assert [one.name for one in found] == ["A1", "B2"]
    assert found[1].seebeck(310.0) == pytest.approx(160e-6)


def test_columns_are_mapped_by_their_names_without_units(tmp_path):
    text = "Probe;Temperatur [°C];Thermokraft [µV/K];Leitf. [S/cm];Wärmel. [W/(m K)]\n"
    path = write(tmp_path, "de.csv", text + "A;26.85;150;1000;1.5\nA;126.85;170;900;1.4\n")
    rename = {"Leitf.": "sigma", "Wärmel. [W/(m K)]": "kappa (W/(m K))", "Dicke": "thickness"}
    options = readers.ReadOptions(rename=rename)
    (material,) = readers.read(path, options=options)
    assert material.electrical_conductivity(300.0) == pytest.approx(1e5)
    assert material.thermal_conductivity(300.0) == pytest.approx(1.5)
    assert "--map Dicke (no such column)" in material.provenance.not_used


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("#Temperature/K,#Model,#Diffusivity/(mm^2/s)", "a laser flash of Netzsch (LFA)"),
        ("Nr.,Temperatur/°C,Modell,Temperaturleitfähigkeit/(mm²/s)", "a laser flash of Netzsch (LFA)"),
        ("No.,Temperature/°C,Diffusivity/(mm²/s)", "a plain table"),
        ("T (K),S (uV/K),sigma (S/cm)", "a plain table"),
    ],
)
def test_what_a_workbook_is_follows_from_its_headers(tmp_path, head, kind):
    book = openpyxl.Workbook()
    for row in (head.split(","), [300, 1, 1.5], [400, 2, 1.4]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert readers.look(tmp_path / "a.xlsx").kind == kind


def test_a_text_of_linseis_is_named_and_its_thickness_too(tmp_path):
    head = (
        "Linseis LFA 1000\nSample name: P7\nThickness [mm]: 1.52\nTemp. [°C]\tTh.Diff. [cm²/s]\tStdDev [%]\n"
    )
    path = tmp_path / "l.txt"
    path.write_text(f"{head}26.85\t0.0172\t2\n76.85\t0.0159\t2\n", "utf-16")
    found = readers.look(path)
    assert (found.kind, found.not_used) == ("a laser flash of Linseis (LFA)", ("thickness [mm] = 1.52",))
    assert found.rows[0][:2] == ("P7", "thermal_diffusivity")


def test_errors_of_the_heat_capacity_reach_kappa_and_its_end_values_are_named(tmp_path):
    head = "T (K),S (uV/K),sigma (S/cm),D (mm2/s),D_std (%),density (g/cm3),T (K),Cp (J/(g K)),Cp_std (%)\n"
    rows = "300,150,1000,1.0,3,5,300,0.20,4\n400,170,900,0.9,3,5,350,0.21,4\n500,190,800,0.8,3,5,,,\n"
    (material,) = readers.read(write(tmp_path, "d.csv", head + rows))
    kappa = material.thermal_conductivity
    assert kappa.values == pytest.approx([1.0, 0.9 * 0.21 * 5, 0.8 * 0.21 * 5])
    assert kappa.std / kappa.values == pytest.approx([0.05] * 3)
    assert "Cp of the file, held beyond 300 K to 350 K" in material.provenance.reading


STATED = "# Sample: Q1\n# density: 5.0 g/cm3\n# Cp: 0.25 J/(g K)\n# Lorenz number: 2e-8\n"


def test_constants_above_a_table_are_used_or_named(tmp_path):
    flash = write(tmp_path, "lfa.csv", f"{STATED}T (K),D (mm2/s)\n300,1.0\n400,0.9\n500,0.8\n")
    zem = write(tmp_path, "zem.csv", "T (K),S (uV/K),sigma (S/cm)\n300,150,1000\n400,160,900\n500,170,800\n")
    (material,) = readers.read_together([zem, flash])
    assert material.thermal_conductivity(300.0) == pytest.approx(1e-6 * 5000 * 250)
    assert "density 5 g/cm3 (stated in lfa.csv), Cp stated in lfa.csv" in material.provenance.reading
    assert material.provenance.not_used == "lfa.csv: lorenz number = 2e-8"
    assert readers.look(flash).not_used == ("lorenz number = 2e-8",)
    given = readers.ReadOptions(density="6 g/cm3", heat_capacity=200.0)
    (material,) = readers.read_together([zem, flash], options=given)
    assert material.thermal_conductivity(300.0) == pytest.approx(1e-6 * 6000 * 200)
    assert "density = 5.0 g/cm3" in material.provenance.not_used
    whole = write(tmp_path, "a.csv", f"{STATED}T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n{BODY}")
    (material,) = readers.read(whole)
    assert material.density == pytest.approx(5000.0)
    assert material.provenance.reading == "Density 5 g/cm3, stated in a.csv."
    assert material.provenance.not_used == "cp = 0.25 J/(g K), lorenz number = 2e-8"
    found = measure.conductivity_of_run(measure.read_flash(flash))
    assert found.thermal_conductivity.values[0] == pytest.approx(1.25)
    assert found.origins["heat_capacity"] == "lfa.csv: cp"


BODY = "300,151,1210,1.61\n400,176,980,1.47\n"
RIGHT = {
    "properties in rows": "T (K),300,400\nS (uV/K),151,176\nsigma (S/cm),1210,980\nkappa (W/mK),1.61,1.47\n",
    "properties in rows, units beside": (
        "quantity;unit;first;second\nTemperature;K;300;400\nSeebeck;uV/K;151;176\nConductivity;S/cm;1210;980\n"
        "kappa;W/mK;1,61;1,47\n"
    ),
    "columns at temperatures": (
        "S 300K (uV/K),S 400K (uV/K),sigma (S/cm) at 300 K,sigma (S/cm) at 400 K,kappa@300K (W/mK),"
        "kappa@400K (W/mK)\n151,176,1210,980,1.61,1.47\n"
    ),
    "Fortran": (
        "T (K),S (V/K),sigma (S/m),kappa (W/mK)\n3.0D+02,1.51D-04,1.21D+05,1.61\n"
        "4.D+02,1.76D-04,.98D+05,1.47\n"
    ),
    "mean below numbered rows": (
        "No.,T (K),S (uV/K),sigma (S/cm),kappa (W/mK)\n1,300,151,1210,1.61\n2,400,176,980,1.47\n"
        "Mean,350,163,1090,1.5\n"
    ),
    "byte order mark": "\ufeffT (K),S (uV/K),sigma (S/cm),kappa (W/mK)\n" + BODY,
}


@pytest.mark.parametrize("kind", RIGHT)
def test_layouts_are_read_rightly(tmp_path, kind):
    (material,) = readers.read(write(tmp_path, "table.csv", RIGHT[kind]))
    assert material.T_range == (300.0, 400.0)
    for T, S, sigma, kappa in ((300.0, 151e-6, 1.21e5, 1.61), (400.0, 176e-6, 9.8e4, 1.47)):
        assert material.seebeck(T) == pytest.approx(S)
        assert material.electrical_conductivity(T) == pytest.approx(sigma)
        assert material.thermal_conductivity(T) == pytest.approx(kappa)


HEAD = "T (K),{},sigma (S/cm),kappa (W/mK)\n"
NAMED = {
    "-S (uV/K)": "its sign is turned round",
    "|S| (uV/K)": "without its sign",
    "S x10^2 (uV/K)": "two readings",
    "Hall resistivity (ohm cm)": "of a Hall measurement",
    "1000/T (1/K)": "the inverse temperature",
}


@pytest.mark.parametrize("header", NAMED)
def test_columns_with_another_meaning_are_never_taken(tmp_path, header):
    path = write(tmp_path, "table.csv", HEAD.format(header) + BODY)
    seen = readers.look(path)
    assert "seebeck" not in {row[1] for row in seen.rows}
    assert NAMED[header] in " ".join(seen.not_used)
    with pytest.raises(InputError, match="Seebeck"):
        readers.read(path)


def test_merged_cells_name_the_rows_below(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ("Material", "T (K)", "S (uV/K)", "sigma (S/cm)", "kappa (W/mK)"),
        *(("A" if T == 300 else None, T, 151, 1210, 1.6) for T in (300, 400)),
        *(("B" if T == 300 else None, T, 171, 1210, 1.6) for T in (300, 400)),
    ):
        book.active.append(row)
    book.save(tmp_path / "merged.xlsx")
    first, second = readers.read(tmp_path / "merged.xlsx")
    assert (first.name, second.name) == ("A", "B")
    assert second.seebeck(400.0) == pytest.approx(171e-6)
    assert "empty cells have the name above" in first.provenance.reading


def test_compositions_in_a_column_are_samples(tmp_path):
    text = "x,T (K),S (uV/K),sigma (S/cm),kappa (W/mK)\n0,300,151,1210,1.6\n0,400,163,1090,1.5\n"
    text += "0.1,300,160,1110,1.5\n0.1,400,172,1090,1.4\n"
    first, second = readers.read(write(tmp_path, "series.csv", text))
    assert (first.name, second.name) == ("x = 0", "x = 0.1")
    assert second.seebeck(300.0) == pytest.approx(160e-6)


def test_every_property_may_have_its_own_temperatures(tmp_path):
    text = "T_S (K),S (uV/K),T_rho (K),rho (mohm cm),T_kappa (K),kappa (W/mK)\n"
    text += "300,151,301,0.83,298,1.6\n400,163,401,0.92,398,1.5\n"
    (material,) = readers.read(write(tmp_path, "own.csv", text))
    assert [material.seebeck.T[0], material.electrical.T[0], material.thermal_conductivity.T[0]] == [
        300,
        301,
        298,
    ]


def test_a_workbook_of_several_samples_of_a_laser_flash(tmp_path):
    book = openpyxl.Workbook()
    for name, density in (("A", 6.2), ("B", 6.1)):
        sheet = book.create_sheet(name, 0)
        for row in (
            ("#Material", "MgAgSb"),
            ("#Ref_density /(g/cm^3)", density),
            ("##Results",),
            ("#Shot_number", "#Temperature/°C", "#Diffusivity/(mm^2/s)", "#Std_Dev/(mm^2/s)"),
            (1, 25, 0.6, 0.003),
            (2, 100, "0.55 ± 0.004", None),
        ):
            sheet.append(row)
    path = tmp_path / "lfa.xlsx"
    book.save(path)
    with pytest.raises(InputError, match=r"choose a sample \(--sample\): B, A"):
        measure.read_flash(path)
    run = measure.read_flash(path, sample="A")
    assert (run.density, run.material) == (6200.0, "MgAgSb")
    assert run.std == pytest.approx([3e-9, 4e-9])
    with pytest.raises(InputError, match="one of these is expected: B, A"):
        measure.read_flash(path, sample="C")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("page.xls", "<html><table><tr><td>T (K)</td></tr></table></html>", "a page in HTML.*save it as"),
        ("hms.txt", "HMS-3000 VER 3.51\nAverage Hall Coefficient = -1.2E-01 [cm3/C]\n", "Ecopia.*write its"),
        ("bare.txt", "300 151 1210\\n350 163 1090\\n", "name the columns with --columns"),
        ("wide.csv", "T (K),S (uV/K)\n300,5,-200,1\n", "is a comma the decimal mark"),
        (
            "ppms.dat",
            "Temperature (K),Magnetic Field (Oe),Bridge 1 Resistance (Ohms)\n300,0,1\n",
            "bridges of a PPMS",
        ),
    ],
)
def test_what_is_no_table_is_told_what_to_do(tmp_path, name, text, words):
    with pytest.raises(InputError, match=f"(?s){words}"):
        readers.read(write(tmp_path, name, text))


def test_errors_behind_the_numbers_of_measurements(tmp_path):
    path = write(tmp_path, "lfa.txt", "T (degC)\tD (mm2/s)\n25\t0.703 ± 0.003\n125\t0.654 +- 1 %\n")
    assert measure.read_flash(path).std == pytest.approx([3e-9, 6.54e-9])
    path = write(tmp_path, "onset.csv", "J (A/cm2),R/R0\n1,1.00(1)\n2,0.99(2)\n")
    assert measure.read_onset_curve(path)[2] == pytest.approx([0.01, 0.02])
    path = write(tmp_path, "hall.csv", "T (K),R_H (cm3/C),std,rho (mohm cm)\n300,0.104 ± 0.5,0.002,1.2(1)\n")
    (result,) = measure.hall_measurement(measure.read_hall(path)).results
    assert result.coefficient_std == pytest.approx(2e-9)
    assert result.mobility_std / result.mobility == pytest.approx(np.hypot(0.002 / 0.104, 0.1 / 1.2))
    path = write(tmp_path, "zem.txt", "T (K),S (uV/K),rho (mohm cm)\n300,150 ± 3,1.2\n400,160,1.3(1)\n")
    found = measure.zem_result(measure.read_zem(path))
    assert found.seebeck.std == pytest.approx([3e-6, 0.0])
    assert found.electrical_resistivity.std == pytest.approx([0.0, 1e-6])
    assert np.isnan(found.table().values["seebeck_std"][1])


def test_columns_of_a_table_of_grains_that_are_not_used_are_named(tmp_path, capsys):
    for name in ("sample.csv", "random.csv"):
        write(tmp_path, name, "hkl,I,comment,d (nm)\n006,5,a,1\n015,100,b,2\n110,30,c,3\n")
    assert entry(["measure", "texture", str(tmp_path / "sample.csv"), str(tmp_path / "random.csv")]) == 0
    assert "not used: comment, d (nm)" in capsys.readouterr().out


def test_tables_below_one_another_are_bounded(tmp_path):
    block = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,-200,1000,1.5\n400,-220,800,1.4\n"
    path = write(tmp_path, "stacked.csv", block * TABLE_LIMIT)
    assert len(readers.samples(path)) == TABLE_LIMIT
    with pytest.raises(InputError, match="more than 500 tables stand below one another"):
        readers.samples(write(tmp_path, "more.csv", block * (TABLE_LIMIT + 1)))


def test_a_table_among_many_sources_is_read_once(tmp_path, monkeypatch):
    path = write(
        tmp_path, "a.csv", "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,-200,1000,1.5\n400,-220,800,1.4\n"
    )
    opened = []
    monkeypatch.setattr(files, "read_text", lambda *given: (opened.append(given), read_text(*given))[1])
    (found,) = find_materials([path])
    assert found.material.seebeck(300.0) == pytest.approx(-2e-4)
    assert len(opened) == 1
