"""What would be lost or believed without a word: every column, header and error is used or named."""

from typing import Any

import pytest

from ioffe.material import readers
from ioffe.material.readers.columns.headers import explained
from tests.material.samples import write

WHOLE = "T (K),S (uV/K),sigma (S/cm),kappa (W/mK),{}\n300,150,1000,1.5,{}\n400,160,880,1.4,{}\n"
NOT_USED = {
    "molar heat capacity": (
        WHOLE.format("Cp (J/mol K)", 24, 25),
        "Cp (J/mol K) (a heat capacity has a unit such",
    ),
    "no unit": (WHOLE.format("density", 7, 7), "density (a density has a unit such as g/cm3)"),
    "number of runs": (WHOLE.format("N", 3, 3), "N (a carrier density has a unit such as cm^-3)"),
    "scatter of a ZEM": (
        WHOLE.format("Sigma by Resistivity,Sigma by Seebeck", "1e-9,1e-7", "1e-9,1e-7"),
        "Sigma by Seebeck (the scatter about a straight line, no property)",
    ),
    "errors in a comment": (
        "# error of S: 5 %\n" + WHOLE.format("alpha (1/K)", 1e-5, 1e-5),
        "error of s = 5 % (ioffe",
    ),
    "diffusivity": (WHOLE.format("D (mm2/s)", 1, 1), "D (mm2/s) (kappa is given)"),
    "relative density": (
        WHOLE.format("rel. density (%)", 97, 97),
        "rel. density (%) (a part of the full density",
    ),
    "database": (
        "sampleid,Temperature,alpha,rho,kappa,sigma,autoTc\n1,300,1e-4,1e-5,1.5,1e5,300\n1,400,2e-4,1e-5,1.5,1e5,300\n",
        "sigma, autoTc",
    ),
}
NOTES = {
    "database": ("database", "The columns have no units; the database defines them to be in SI."),
    "kappa against D Cp density": (
        "T (K),D (mm2/s),cp (J/gK),density (g/cm3),kappa (W/mK)\n300,1,0.2,5,1.5\n400,1,0.2,5,1.0\n",
        "a: kappa of the file is taken, D Cp density differs from it by up to 33 % at 300 K",
    ),
    "negative errors": (
        WHOLE.format("S_std (uV/K)", -5, -5),
        "a: seebeck: errors that are negative are taken by their size",
    ),
}


@pytest.mark.parametrize("case", NOT_USED)
def test_what_is_not_used_is_named(tmp_path, case):
    text, words = NOT_USED[case]
    path = write(tmp_path, "a.csv", text)
    assert words in ", ".join(readers.look(path).not_used)
    (found,) = readers.read(path)
    assert words in found.provenance.not_used


@pytest.mark.parametrize("case", NOTES)
def test_how_numbers_were_read_is_said(tmp_path, case):
    text, words = NOTES[case]
    text = NOT_USED[text][0] if text in NOT_USED else text
    assert words in readers.look(write(tmp_path, "a.csv", text)).notes


def test_a_header_that_columns_take_the_place_of_is_named(tmp_path):
    path = write(
        tmp_path, "a.csv", "Sample: A-17\nT(K),S(uV/K),rho(uOhm cm),kappa(mW/cmK)\n300,150,1000,15\n"
    )
    options = readers.ReadOptions(columns="T (K), S (uV/K), sigma (S/cm), kappa (W/mK)")
    seen = readers.look(path, options=options)
    assert "line 2, a header: --columns is given" in seen.not_used
    words = "--columns takes rho(uOhm cm) as sigma (S/cm), kappa(mW/cmK) as kappa (W/mK), against line 2"
    assert words in seen.notes
    assert seen.rows[0][0] == "A-17"
    alike = readers.ReadOptions(columns="T (K), S (uV/K), rho (uohm cm), kappa (mW/(cm K))")
    assert not readers.look(path, options=alike).notes


def test_negative_hall_numbers_of_electrons_agree(tmp_path):
    text = "T (K),R_H (cm3/C),n (cm^-3)\n300,-0.12,-5.2e19\n400,-0.12,-5.2e19\n"
    (words,) = readers.look(write(tmp_path, "a.csv", text)).not_used
    assert words == "the Hall carrier density (it follows from the Hall coefficient)"


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("Sxx (uV/K)", '(along one direction; --map "S_xx=S"'),
        ("S lit (uV/K)", "(of others or of before, not of this sample)"),
        (
            "sigma_h (S/cm)",
            '(its unit is that of an electrical conductivity; --map "sigma_h=sigma" takes it so)',
        ),
        ("Sebeck (uV/K)", '(did you mean "seebeck"?)'),
        ("s_h (mm)", ""),
        ("T2 (K)", '(one of several; --map "T1=T" and the like'),
        ("R (ohm)", "(a resistance; the resistivity is that times cross-section over length)"),
        ("S 95% CI (uV/K)", "(an interval of confidence, which is wider than a standard deviation"),
        ("rel. density (%)", "(a part of the full density; --density states the density)"),
    ],
)
def test_advice_goes_by_meaning(head, words):
    told = explained(head)
    assert told.startswith(head)
    assert told[len(head) :].strip()[: len(words) or None] == words


@pytest.mark.parametrize(
    ("text", "relative"),
    [
        (WHOLE.format("σ_S (uV/K)", 3, 3), 0.02),
        (WHOLE.format("err(S) (%)", 2, 2), 0.02),
        (WHOLE.format("Std(S)", 3, 3), 0.02),
        (WHOLE.format("Streuung S (%)", 2, 2), 0.02),
        (WHOLE.format("S error (uV/K),S error (%)", "3,5", "3,5"), 0.02),
        (
            "T (K),S (uV/K),+/-,sigma (S/cm),+/-,kappa (W/mK)\n300,150,3,1000,9,1.5\n400,160,3,880,9,1.4\n",
            0.02,
        ),
        (
            "T (K),S (uV/K),标准差 (%),sigma (S/cm),kappa (W/mK)\n300,150,2,1000,1.5\n400,160,2,880,1.4\n",
            0.02,
        ),
        (WHOLE.format("dS/S (%)", 2, 2), 0.02),
        ("T (K),S ± 2% (uV/K),sigma (S/cm),kappa (W/mK)\n300,150,1000,1.5\n400,160,880,1.4\n", 0.02),
        (WHOLE.format("S_std (uV/K)", -3, -3), 0.02),
        (WHOLE.format("e_kappa (W/mK)", 3, 3), None),
    ],
)
def test_errors_in_other_spellings(tmp_path, text, relative):
    found: Any = readers.read_one(write(tmp_path, "a.csv", text))
    std = found.seebeck.std
    assert (
        (std is None) if relative is None else std is not None and std[0] / 150e-6 == pytest.approx(relative)
    )


def test_texts_sizes_and_names_above_a_table(tmp_path):
    head = "ZEM-3 Sample A\nA-17\nSample size\t2.5\t2.6\t6.2\n"
    text = f"{head}T (K)\tS (uV/K)\tsigma (S/cm)\n300\t150\t1000\n400\t160\t900\n"
    seen = readers.look(write(tmp_path, "a.txt", text))
    told = 'line 1 "ZEM-3 Sample A"', 'line 2 "A-17" (a line "Sample: NAME" would name the sample)'
    assert seen.not_used == (*told, "sample size = 2.5 2.6 6.2")
    head = "x=0,,,x=0.1,,\n" + ",".join(["T (K)", "S (uV/K)", "sigma (S/cm)"] * 2)
    seen = readers.look(
        write(tmp_path, "b.csv", f"{head}\n300,150,1000,300,140,900\n400,160,900,400,150,800\n")
    )
    assert (seen.rows[0][0], seen.not_used) == ("x=0", ())


def test_points_between_thousands_before_a_decimal_comma(tmp_path):
    text = "T (K);S (uV/K);sigma (S/cm);kappa (W/mK)\n300;-151,3;1.105,5;1,412\n400;-177,1;987,2;1,287\n"
    path = write(tmp_path, "a.csv", text)
    found: Any = readers.read_one(path)
    assert found.electrical.values.tolist() == pytest.approx([110550.0, 98720.0])
    assert not readers.look(path).notes


@pytest.mark.parametrize(
    "head",
    [
        "Run,Temp_C,Seebeck_uV/K,Conductivity_S/cm,TC_W/mK",
        "#,T (°C),S (muV/K),sigma (S/cm),kappa (W/mK)",
        "#,Temperature T (°C),Seebeck coefficient S (uV/K),σ conductivity (S/cm),Thermal cond. κ_tot (W/mK)",
    ],
)
def test_units_behind_underscores_and_mu_in_letters(tmp_path, head):
    text = f"{head}\n1,26.85,150,1000,1.5\n2,126.85,160,900,1.4\n"
    path = tmp_path / "a.csv"
    path.write_text("\ufeff" + text, encoding="utf-16")  # two marks, of a program that adds its own
    found: Any = readers.read_one(path)
    assert found.seebeck.T.tolist() == pytest.approx([300.0, 400.0])
    assert found.seebeck(300.0) == pytest.approx(150e-6)
    assert found.thermal_conductivity(300.0) == pytest.approx(1.5)


def test_a_total_without_an_underscore_is_the_total(tmp_path):
    head = "T (K),S (uV/K),σ (S/cm),κtot (W/mK),κL (W/mK),κe (W/mK)"
    path = write(tmp_path, "a.csv", f"{head}\n300,150,1000,1.5,0.8,0.5\n400,160,900,1.4,0.7,0.5\n")
    found: Any = readers.read_one(path)
    assert found.thermal_conductivity.values.tolist() == [1.5, 1.4]  # not the sum of two parts


def test_a_name_behind_the_name_of_the_instrument(tmp_path):
    head = "ZEM-3\tSample name\tA-1\nT (K)\tS (uV/K)\tsigma (S/cm)\n"
    assert readers.samples(write(tmp_path, "a.txt", f"{head}300\t150\t1000\n"))[0].name == "A-1"


@pytest.mark.parametrize(("key", "name"), [("7", "PbTe"), ("A-7", "A-7")])
def test_a_composition_beside_the_names_of_samples_is_listed_and_named(tmp_path, key, name):
    head = "id,composition,T (K),S (uV/K),sigma (S/cm),kappa (W/mK)"
    path = write(tmp_path, "a.csv", f"{head}\n{key},PbTe,300,150,1000,1.5\n{key},PbTe,400,160,900,1.4\n")
    (listed,) = readers.samples(path, where=readers.Selection(formula="TePb"))
    assert (listed.key, listed.name) == (key, "PbTe")
    found = readers.read_one(path, sample=key)
    assert found.name == name
    assert name == "PbTe" or "Composition PbTe." in found.provenance.reading


def test_what_is_hidden_in_a_sheet_is_said_and_its_first_title_names_a_block(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    sheet: Any = book.active
    table = [line.split(",") for line in WHOLE.format("batch", 1, 1).splitlines()]
    for row in (["PbTe-1"], *table, [], ["PbTe-2"], *table):
        sheet.append(row)
    sheet.column_dimensions["E"].hidden = sheet.row_dimensions[4].hidden = True
    book.save(tmp_path / "a.xlsx")
    seen = readers.look(tmp_path / "a.xlsx")
    assert list(dict.fromkeys(row[0] for row in seen.rows)) == ["PbTe-1", "PbTe-2"]
    assert "sheet Sheet is read with 1 hidden column and 1 hidden row" in seen.notes


def test_one_letter_alone_does_not_hide_an_eastern_encoding(tmp_path):
    head = "温度(℃),塞贝克系数(μV/K),电导率(S/cm),热导率(W/m·K),样品"
    text = f"{head}\n26.85,150,1000,1.5,1号\n126.85,160,900,1.4,1号\n"
    assert readers.read_one(write(tmp_path, "a.csv", text, "gbk")).name == "1号"


def test_german_abbreviations_and_a_line_of_the_separator(tmp_path):
    head = "sep=;\nT/°C;S/µV·K^-1;el. Leitf./S·cm^-1;Wärmeleitf./W·m^-1·K^-1"
    path = write(tmp_path, "a.csv", f"{head}\n26,85;150;1000;1,5\n126,85;160;900;1,4\n", "cp1252")
    found: Any = readers.read_one(path)
    assert found.thermal_conductivity(300.0) == pytest.approx(1.5)
    assert not found.provenance.not_used


def test_an_empty_cell_is_told_of_its_own_sample_alone(tmp_path):
    rows = "".join(
        f"{name},{T},150,1000,1.5,{n}\n" for name, n in (("a", "n/a"), ("b", 4.1)) for T in (300, 400)
    )
    head = "sample,T (K),S (uV/K),sigma (S/cm),kappa (W/mK),n_H (1e19 cm^-3)"
    path = write(tmp_path, "series.csv", f"{head}\n{rows}")
    of_a, of_b = (material.provenance.not_used for material in readers.read(path))
    assert "line 2: n_H (1e19 cm^-3) = n/a (empty)" in of_a
    assert of_b == ""
