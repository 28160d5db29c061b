"""Tables that would be read without a fault and wrongly: marks of overflow, sliding cells, hidden samples."""

import zipfile

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.material import readers
from ioffe.material.checks import check

HEADS = "T (K),S (uV/K),sigma (S/cm),kappa (W/mK)"
T = np.arange(300.0, 601.0, 50.0)


def lines(S=200.0, sigma=1000.0, kappa=1.5, text="", at=T):
    return [f"{t:g},{S + 0.05 * t:g},{sigma - t:g},{kappa:g}{text}" for t in at]


def written(tmp_path, *rows, name="one.csv", blank=False):
    text = "\n".join(rows) + "\n"
    (tmp_path / name).write_text(text.replace(",", "  ") if blank else text, encoding="utf-8")
    return tmp_path / name


@pytest.mark.parametrize("mark", ["9.9E+37", "-9.9e37", "9.91e37", "1E+38", "-----"])
def test_marks_of_instruments_are_empty_cells(tmp_path, mark):
    rows = lines()
    rows[3] = rows[3].rpartition(",")[0] + f",{mark}"
    (m,) = readers.read(written(tmp_path, HEADS, *rows))
    assert list(m.thermal_conductivity.T) == [t for t in T if t != 450.0]
    assert f"kappa (W/mK) = {mark} (empty)" in m.provenance.not_used
    assert max(m.thermal_conductivity.values) == 1.5


@pytest.mark.parametrize("slash", ["/", "\u2215", "\u2044", "\uff0f"])
def test_signs_of_division(tmp_path, slash):
    head = f"T {slash} K,S {slash} µV⋅K⁻¹,sigma {slash} S cm⁻¹,kappa {slash} W m⁻¹ K⁻¹"
    (m,) = readers.read(written(tmp_path, head, *lines()))
    assert float(m.seebeck(400.0)) == pytest.approx(220e-6)


def test_the_measured_temperature_stands_beside_the_set_one(tmp_path):
    head = "Set temp. [°C]\tMeasured temp. [°C]\tResistivity [Ohm m]\tSeebeck coefficient [V/K]\tkappa (W/mK)"
    rows = [f"{t}\t{t + 1.5}\t1.1e-5\t{1.5e-4 + 1e-7 * t}\t1.5" for t in (50, 100, 150)]
    (m,) = readers.read(written(tmp_path, head, *rows, name="zem.txt"))
    assert list(m.seebeck.T) == pytest.approx([324.65, 374.65, 424.65])


def test_a_row_with_fewer_cells_is_refused_where_blanks_part_them(tmp_path):
    rows = lines()
    rows[3] = "450,610,1.5"  # S is missing, and the others would slide
    with pytest.raises(InputError, match="line 5 = .450 610 1.5.: 3 cells, fewer than in other rows"):
        readers.read(written(tmp_path, HEADS, *rows, blank=True))
    rows[3] = "450,-,610,1.5"
    (m,) = readers.read(written(tmp_path, HEADS, *rows, blank=True))
    assert float(m.electrical_conductivity(450.0)) == pytest.approx(6.1e4)
    assert 450.0 not in m.seebeck.T


@pytest.mark.parametrize("header", ["direction", "piece", "run"])
@pytest.mark.parametrize("interleaved", [False, True])
def test_a_column_of_words_tells_samples_apart(tmp_path, header, interleaved):
    one, other = lines(text=",along"), lines(sigma=1200.0, text=",across", at=T + 1.5)
    rows = [r for pair in zip(one, other, strict=True) for r in pair] if interleaved else one + other
    found = readers.read(written(tmp_path, f"{HEADS},{header}", *rows))
    assert [m.name for m in found] == ["along", "across"]
    assert float(found[1].electrical_conductivity(351.5)) == pytest.approx(1e2 * (1200.0 - 351.5))
    assert f"told apart by {header}" in found[0].provenance.reading


def test_words_of_points_tell_no_samples_apart(tmp_path):
    up, down = lines(text=",heating,OK"), lines(kappa=1.53, text=",cooling,ERR", at=T[::-1])
    (m,) = readers.read(written(tmp_path, f"{HEADS},direction,status", *up, *down))
    assert "heating and cooling averaged" in m.provenance.reading


def test_readings_that_differ_by_a_third_are_not_averaged(tmp_path):
    pairs = [r for pair in zip(lines(), lines(sigma=1500.0), strict=True) for r in pair]
    with pytest.raises(InputError, match="electrical_conductivity: .* begin again with other values"):
        readers.read(written(tmp_path, HEADS, *pairs))
    near = [r for pair in zip(lines(), lines(sigma=1050.0), strict=True) for r in pair]
    (m,) = readers.read(written(tmp_path, HEADS, *near))
    assert "repeated readings averaged" in m.provenance.reading
    crossing = [f"{t:g},{S:g},1000,1.5" for t in T for S in (t - 450.0 - 3.0, t - 450.0 + 3.0)]
    (m,) = readers.read(written(tmp_path, HEADS, *crossing))
    assert float(m.seebeck(450.0)) == pytest.approx(0.0, abs=1e-12)


def test_no_cooling_is_said(tmp_path):
    (m,) = readers.read(written(tmp_path, HEADS, *lines()), options=readers.ReadOptions(keep="cooling"))
    assert "no cooling in it, all points are used" in m.provenance.reading


@pytest.mark.parametrize(
    "head", ["Sample Name,GT-215", "Sample:,GT-215", "Sample ID: GT-215", "試料名,GT-215"]
)
def test_the_name_of_the_sample_above_the_table(tmp_path, head):
    (m,) = readers.read(written(tmp_path, head, "Comment,of a trial", HEADS, *lines()))
    assert m.name == "GT-215"


def test_straightness_of_two_properties(tmp_path):
    rows = [f"{row},{0.5 if k == 2 else 0.999},0.9999" for k, row in enumerate(lines())]
    (m,) = readers.read(written(tmp_path, f"{HEADS},R^2 (Seebeck),R^2 (Resistivity)", *rows))
    assert 400.0 not in m.seebeck.T
    assert "R^2 (Resistivity) (the straightness" in m.provenance.not_used


def test_the_resistivity_beside_S_is_taken(tmp_path):
    zem = ["T (K),S (uV/K),rho (mohm cm)", *(f"{t:g},200,{1 + t / 1000:g}" for t in T)]
    hall = ["T (K),R_H (cm3/C),rho (mohm cm)", *(f"{t:g},0.03,9" for t in T[:3])]
    flash = ["T (K),kappa (W/mK)", *(f"{t:g},1.5" for t in T)]
    files = (("a_hall.csv", hall), ("a_lfa.csv", flash), ("a_zem.csv", zem))
    (m,) = readers.read_together([written(tmp_path, *rows, name=name) for name, rows in files])
    assert len(m.electrical.T) == len(T)
    assert "a_hall.csv: electrical_resistivity, which another table has already" in m.provenance.not_used


@pytest.mark.parametrize(("D", "Cp"), [(60.0, "0.25"), (0.0002, "0.25")])
def test_a_wrong_kappa_of_a_laser_flash_blames_its_factors(tmp_path, D, Cp):
    head = "T (K),S (uV/K),sigma (S/cm),D (mm2/s),Cp (J/(g K)),density (g/cm3)"
    rows = [f"{t:g},200,800,{D:g},{Cp},6.0" for t in T]
    (m,) = readers.read(written(tmp_path, head, *rows))
    found = [one.message for one in check(m) if one.severity == "error" and "unit" in one.code]
    assert found
    assert all("D Cp density" in text or "D, Cp or the density" in text for text in found)


def test_a_header_in_the_middle_is_that_of_a_new_page(tmp_path):
    (m,) = readers.read(written(tmp_path, HEADS, *lines(at=T[:4]), "", HEADS, *lines(at=T[4:])))
    assert list(m.seebeck.T) == list(T)
    assert "Line 7 is the header again" in m.provenance.reading
    two = readers.read(written(tmp_path, HEADS, *lines(), HEADS, *lines(kappa=1.0)))
    assert len(two) == 2


def test_blocks_of_one_sample_are_joined(tmp_path):
    parts = {"S (uV/K)": 200, "rho (mohm cm)": 1.2, "kappa (W/mK)": 1.5}
    rows = [
        text
        for head, v in parts.items()
        for text in ("Sample: A1", f"T (K),{head}", *(f"{t:g},{v}" for t in T), "")
    ]
    (m,) = readers.read(written(tmp_path, *rows))
    assert m.name == "A1"
    assert float(m.zT(400.0)) == pytest.approx(4e-8 / 1.2e-5 * 400.0 / 1.5)


def test_values_at_one_temperature_are_no_second_curve(tmp_path):
    (m,) = readers.read(written(tmp_path, f"{HEADS},Seebeck (400K)", *lines(text=",")))
    assert "Seebeck (400K) (at one temperature)" in m.provenance.not_used


def test_fahrenheit_is_told(tmp_path):
    for unit in ("F", "°F", "degF"):
        with pytest.raises(InputError, match=r"T/K = \(T/F \+ 459.67\)/1.8"):
            readers.read(written(tmp_path, HEADS.replace("T (K)", f"T ({unit})"), *lines()))


def test_lines_without_end_are_refused(tmp_path):
    for text in ("1," * 600_000, "T (K),S (uV/K)," + "c (W)," * 200_000 + "\n300,1\n"):
        (tmp_path / "wide.csv").write_text(text)
        with pytest.raises(InputError, match="first lines has more than 1000000 letters"):
            readers.look(tmp_path / "wide.csv")


@pytest.mark.parametrize(
    "doi", ["10.1/AB", "https://doi.org/10.1/ab", "DOI: 10.1/ab", "http://dx.doi.org/10.1"]
)
def test_a_doi_is_found_however_it_is_written(doi):
    assert readers.Selection(doi=doi).names("PbTe", "https://doi.org/10.1/Ab.2")
    assert not readers.Selection(doi="10.12").names("PbTe", "10.1/ab.2")


@pytest.mark.parametrize("stray", ["300,500,10,9", "300,207,690,4.5"])
def test_a_stray_row_behind_a_cycle_is_no_cooling(tmp_path, stray):
    with pytest.raises(InputError, match="begin again with other values.*--keep"):
        readers.read(written(tmp_path, HEADS, *lines(), stray))
    path = written(tmp_path, HEADS, *lines(), stray)
    (m,) = readers.read(path, options=readers.ReadOptions(keep="heating"))
    assert float(m.seebeck(300.0)) == pytest.approx(215e-6)


def test_relative_errors_need_their_unit(tmp_path):
    head = HEADS.replace("S (uV/K)", "S (uV/K),S_rel_err")
    rows = [f"{t:g},200,0.05,1000,1.5" for t in T]
    with pytest.raises(InputError, match=r'"S_rel_err": the header has no unit; write "S_rel_err \(%\)"'):
        readers.read(written(tmp_path, head, *rows))
    path = written(tmp_path, head.replace("rel_err", "rel_err (%)"), *(r.replace("0.05", "5") for r in rows))
    assert readers.read(path)[0].seebeck.std == pytest.approx(np.full(len(T), 1e-5))


@pytest.mark.parametrize(
    ("heads", "units"),
    [
        (r"T,S,\g(s),\g(k)", r"K,µV K\+(-1),10\+(5) S m\+(-1),W m\+(-1) K\+(-1)"),
        ("T,S,sigma,kappa", "°K,µV/°K,10⁵ S/m,W/m·K"),
        ("Sample T,S,elektr. Leitfähigkeit,Th.Cond.", "K,uV/K,10^3 S/cm,W/(m K)"),
    ],
)
def test_units_below_the_headers_in_letters_of_programs(tmp_path, heads, units):
    (m,) = readers.read(written(tmp_path, heads, units, *(f"{t:g},200,1.2,1.5" for t in T)))
    assert float(m.electrical_conductivity(400.0)) == pytest.approx(1.2e5)
    assert float(m.zT(400.0)) == pytest.approx(4e-8 * 1.2e5 * 400.0 / 1.5)


def test_means_in_german(tmp_path):
    head = "Schuss;Temperatur (°C);Temperaturleitfähigkeit (mm²/s);Std.Abw. (mm²/s)"
    rows = [
        row
        for t in (30, 100, 200)
        for row in (f"1;{t};0,6;", f"2;{t};0,8;", f"Mittelwert;{t};0,70;0,02", "Std.Abw.;;0,02;")
    ]
    (sample,) = readers.sources(written(tmp_path, head, *rows))
    found = sample.points()["thermal_diffusivity"]
    assert found[1] == pytest.approx(np.full(3, 7e-7))


def test_a_fault_names_the_file_of_its_line(tmp_path):
    one = written(tmp_path, "T (K),S (uV/K),sigma (S/cm)", *(f"{t:g},200,900" for t in T), name="a_zem.csv")
    two = written(tmp_path, "T (K),kappa (W/mK)", "300,1.5", "400,-1", name="a_lfa.csv")
    with pytest.raises(InputError, match="a_lfa.csv: line 3 = .-1 W/mK.") as caught:
        readers.read_together([one, two])
    assert "a_zem" not in str(caught.value)


def test_archives_of_several_files_are_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for name in ("A.txt", "B.txt"):
            archive.writestr(name, "x")
    with pytest.raises(InputError, match="two.zip: one file is expected in the archive, it holds 2: A.txt"):
        readers.look(tmp_path / "two.zip")


@pytest.mark.parametrize(("kappa", "words"), [(1.05, ""), (2.1, "differs from it by up to 50 % at")])
def test_kappa_beside_the_diffusivity_has_its_errors_and_is_compared(tmp_path, kappa, words):
    head = "T (K),S (uV/K),sigma (S/cm),D (mm2/s),D_std (mm2/s),Cp (J/(g K)),density (g/cm3),kappa (W/mK)"
    rows = [f"{t:g},200,900,0.7,0.014,0.25,6,{kappa}" for t in T]
    (m,) = readers.read(written(tmp_path, head, *rows))
    assert m.thermal_conductivity.values == pytest.approx(np.full(len(T), kappa))
    assert m.thermal_conductivity.std == pytest.approx(np.full(len(T), 0.02 * kappa))
    assert "relative error of the diffusivity" in m.provenance.reading
    assert words in m.provenance.reading
    assert ("differs" in m.provenance.reading) is bool(words)


@pytest.mark.parametrize(("n", "is_told"), [("2.1e20", False), ("5.2e20", True)])
def test_a_carrier_density_that_contradicts_the_hall_coefficient_is_told(tmp_path, n, is_told):
    rows = [f"{row},0.03,{n}" for row in lines()]
    (m,) = readers.read(written(tmp_path, f"{HEADS},R_H (cm3/C),n_H (cm^-3)", *rows))
    assert ("2.5 times the density: is a unit wrong?" in m.provenance.not_used) is is_told


def test_a_sheet_of_numbers_that_is_not_understood_keeps_the_name_of_the_other(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    book.active.title = "GT1"
    for row in (["what", "is", "this"], *([t, 1.0, 2.0] for t in T)):
        book.active.append(row)
    sheet = book.create_sheet("GT2")
    for row in (HEADS.split(","), *([float(c) for c in line.split(",")] for line in lines())):
        sheet.append(row)
    book.save(tmp_path / "two.xlsx")
    (m,) = readers.read(tmp_path / "two.xlsx")
    assert m.name == "GT2"
    assert "sheet GT1 (7 rows of numbers without a row of headers" in m.provenance.not_used


def test_errors_of_shots_beside_rows_of_means_are_named(tmp_path):
    head = "Shot,T (°C),Diffusivity (mm2/s),Uncertainty (%)"
    rows = [r for t in (30, 100) for r in (f"1,{t},0.6,3", f"2,{t},0.8,3", f"Mean,{t},0.70,")]
    (sample,) = readers.sources(written(tmp_path, head, *rows))
    assert "Uncertainty (%) (it has errors of shots, and none of their means)" in sample.table.left_out
