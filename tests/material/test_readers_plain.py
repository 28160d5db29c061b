import builtins
from typing import Any

import numpy as np
import openpyxl
import pytest

from ioffe.base.errors import Faults, InputError
from ioffe.material import Material, readers
from ioffe.material.readers.cells import NotANumber, decimal_marks, number
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.readers.columns.words import MEANING
from ioffe.material.readers.files import CellGrid, CellRow
from ioffe.material.readers.hall import read_hall
from tests.material.samples import HEADER, ROWS, write

GOOD = f"{HEADER}\n{ROWS}"


def read(folder, text, name="a.csv", encoding="utf-8", **more) -> Any:
    path = write(folder, name, text, encoding)
    found = readers.read(path, **more)
    assert len(found) == 1
    return found[0]


def is_good(m: Any) -> bool:
    return (
        m.seebeck.T.tolist() == [300.0, 350.0, 400.0]
        and m.seebeck.values.tolist() == [2e-4, 2.1e-4, 2.2e-4]
        and m.electrical.values.tolist() == [9e4, 8.5e4, 8e4]
        and m.thermal_conductivity.values.tolist() == [1.5, 1.4, 1.3]
    )


def test_a_plain_file(tmp_path):
    m = read(tmp_path, GOOD, "BiTe.csv")
    assert is_good(m)
    assert (m.name, m.carrier, m.electrical.quantity) == ("BiTe", "p", "electrical_conductivity")
    assert m.provenance.source == "BiTe.csv"
    assert "sign of S" in m.provenance.note


@pytest.mark.parametrize(
    "header",
    [
        "T [K],S [µV/K],sigma [S/cm],kappa [W/mK]",
        "T / K,S / uV K^-1,sigma / S cm-1,kappa / W m-1 K-1",
        "Temperature (K),Seebeck coefficient (μV/K),Electrical conductivity (S/cm),kappa (W/mK)",
        "T (K),S (μV K⁻¹),σ (S cm⁻¹),Thermal conductivity (W m⁻¹ K⁻¹)",
        "temp (K),alpha (uV/K),conductivity (1/(ohm cm)),k (W/(m K))",
        "T_K,S_uV_per_K,sigma_S_per_cm,kappa_W_per_mK",
        "T(K),thermopower (uV/K),σ (S/cm),κ (W/m/K)",
        '"T, K","S, uV/K","sigma, S/cm","lambda, W/m/K"',
    ],
)
def test_headers_people_write(tmp_path, header):
    assert is_good(read(tmp_path, f"{header}\n{ROWS}"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("\ufeff" + GOOD, "utf-8"),
        (GOOD.replace("uV", "µV"), "cp1252"),
        (GOOD, "utf-16"),
        (GOOD.replace("\n", "\r\n"), "utf-8"),
        (GOOD.replace("\n", "\r"), "utf-8"),
        (GOOD.replace(",", "\t"), "utf-8"),
        (GOOD.replace(",", ";"), "utf-8"),
        (GOOD.replace(",", ";").replace(".", ","), "utf-8"),
        (GOOD.replace(",", " , "), "utf-8"),
        ("\n\n" + GOOD + "\n\n,,,\n", "utf-8"),
        ("# made by hand\n" + GOOD.replace("350,", "# half way\n350,"), "utf-8"),
        ("Instrument,XY-3\nOperator;none\n\n" + GOOD, "utf-8"),
        (GOOD.replace("300,200,900,1.5", "3.0e2,+200.,9E2,1.50"), "utf-8"),
        ("T,S,sigma,kappa\nK,uV/K,S/cm,W/(m K)\n" + ROWS, "utf-8"),
        ("T,S,sigma,kappa\n(K),(uV/K),[S/cm],(W/(m K))\n" + ROWS, "utf-8"),
    ],
)
def test_spellings_of_one_file(tmp_path, text, encoding):
    assert is_good(read(tmp_path, text, encoding=encoding))


def test_units_are_converted_and_the_resistivity_is_kept(tmp_path):
    m = read(
        tmp_path,
        "T (degC);S (mV/K);rho (mohm cm);kappa (mW/(cm K));zT\n"
        "26,85;-0,2;1,25;15;0,4\n"
        "126,85;-0,22;1,5;14;0,9\n",
    )
    np.testing.assert_allclose(m.seebeck.T, [300.0, 400.0], rtol=1e-15)
    np.testing.assert_allclose(m.seebeck.values, [-2e-4, -2.2e-4], rtol=1e-15)
    assert m.electrical.quantity == "electrical_resistivity"
    np.testing.assert_allclose(m.electrical.values, [1.25e-5, 1.5e-5], rtol=1e-15)
    np.testing.assert_allclose(m.thermal_conductivity.values, [1.5, 1.4], rtol=1e-15)
    assert m.reported_zT.values.tolist() == [0.4, 0.9]
    assert m.carrier == "n"


def test_standard_deviations(tmp_path):
    text = (
        "T (K),S (uV/K),S_std (uV/K),sigma (S/cm),± sigma,kappa (W/(m K)),std kappa (%)\n"
        "300,200,10,900,45,1.5,10\n400,220,11,800,40,1.3,20\n"
    )
    m = read(tmp_path, text)
    np.testing.assert_allclose(m.seebeck.std, [1e-5, 1.1e-5], rtol=1e-15)
    np.testing.assert_allclose(m.electrical.std, [4500.0, 4000.0], rtol=1e-15)
    np.testing.assert_allclose(m.thermal_conductivity.std, [0.15, 0.26], rtol=1e-15)


def test_errors_behind_values_beside_a_column_of_errors_in_another_unit(tmp_path):
    text = (
        "T (K),S (uV/K),S_std (V/K),sigma (S/cm),kappa (W/(m K)),std kappa (%)\n"
        "300,200 +- 10,,900,1.5 +- 0.15,\n400,220,11e-6,800,1.3,20\n"
    )
    m = read(tmp_path, text)
    np.testing.assert_allclose(m.seebeck.std, [1e-5, 1.1e-5], rtol=1e-14)
    np.testing.assert_allclose(m.thermal_conductivity.std, [0.15, 0.26], rtol=1e-14)


def test_remarks_become_provenance(tmp_path):
    text = (
        "# composition: Bi2Te3\n# family: Bi2Te3\n# type: n\n# DOI: https://doi.org/10.1/x\n# license = CC0\n"
        "# obtained: ZEM-3\n# sample_id: A7\n# notes: -\n" + GOOD.replace("sigma (S/cm)", "sigma (S/cm)")
    )
    m = read(tmp_path, text.replace(",200,", ",-200,").replace(",210,", ",-210,").replace(",220,", ",-220,"))
    assert (m.name, m.family, m.carrier) == ("Bi2Te3", "Bi2Te3", "n")
    p = m.provenance
    assert (p.doi, p.licence, p.method, p.sample, p.note) == ("10.1/x", "CC0", "ZEM-3", "A7", "")


def test_the_stated_carrier_wins_and_the_argument_above_all(tmp_path):
    assert read(tmp_path, "# carrier: n\n" + GOOD).carrier == "n"
    assert Material.from_csv(tmp_path / "a.csv", carrier="p").carrier == "p"
    crossing = GOOD.replace("300,200", "300,-200")
    assert read(tmp_path, crossing).carrier is None


def test_empty_cells_give_each_property_its_own_temperatures(tmp_path):
    text = f"{HEADER}\n300,200,,1.5\n350,,850,\n400,220,800,1.3\n450,-,750,1.2\n"
    m = read(tmp_path, text)
    assert m.seebeck.T.tolist() == [300.0, 400.0]
    assert m.electrical.T.tolist() == [350.0, 400.0, 450.0]
    assert m.thermal_conductivity.T.tolist() == [300.0, 400.0, 450.0]
    assert m.T_range == (350.0, 400.0)


def test_a_temperature_column_for_each_property(tmp_path):
    text = (
        "T (K)\tS (uV/K)\tT (degC)\tsigma (S/cm)\tT (K)\tkappa (W/m/K)\n"
        "300\t200\t30\t900\t305\t1.5\n400\t220\t130\t800\t405\t1.4\n\t\t230\t700\t\t\n"
    )
    m = read(tmp_path, text)
    assert m.seebeck.T.tolist() == [300.0, 400.0]
    np.testing.assert_allclose(m.electrical.T, [303.15, 403.15, 503.15])
    assert m.thermal_conductivity.T.tolist() == [305.0, 405.0]


def test_more_properties(tmp_path):
    header = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),Cp (J/(g K)),R_H (cm3/C),PF (uW/(cm K2))"
    text = f"{header}\n300,200,900,1.5,0.2,0.3,36\n400,220,800,1.3,0.21,0.31,39\n"
    m = read(tmp_path, text)
    assert m.heat_capacity(300.0) == pytest.approx(200.0)
    assert m.hall.values[0] == pytest.approx(3e-7)
    assert "PF (uW/(cm K2)) (the power factor" in m.provenance.not_used


def test_conductivity_beside_its_inverse(tmp_path):
    header = "T (K),S (uV/K),sigma (S/cm),rho (mohm cm),kappa (W/m/K)"
    text = f"{header}\n300,200,1000,1.0,1.5\n400,220,800,1.25,1.3\n"
    m = read(tmp_path, text)
    assert m.electrical.quantity == "electrical_conductivity"
    assert "its inverse" in m.provenance.note
    with pytest.raises(InputError, match="not the inverse of each other"):
        read(tmp_path, text.replace("1.25", "1.35"))


def test_several_samples(tmp_path):
    text = "sample," + HEADER + "\n" + "".join(f"{s},{row}\n" for s in ("A", "B-2") for row in ROWS.split())
    path = write(tmp_path, "many.csv", text)
    assert [m.name for m in readers.read(path)] == ["A", "B-2"]
    assert [m.name for m in readers.read(path, sample="b-2")] == ["B-2"]
    assert [(s.key, s.is_complete) for s in readers.samples(path)] == [("A", True), ("B-2", True)]
    assert readers.read_one(path, sample="A").provenance.sample == "A"
    with pytest.raises(InputError, match="holds 2 samples; choose one of: A, B-2"):
        Material.from_csv(path)
    with pytest.raises(
        InputError, match='sample = "B3": no sample has this name; the samples are "A", "B-2"'
    ):
        readers.read(path, sample="B3")


def workbook(path, sheets):
    book = openpyxl.Workbook()
    del book["Sheet"]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


TABLE = [[*HEADER.split(",")], *([float(cell) for cell in row.split(",")] for row in ROWS.split())]


def test_an_excel_table(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"notes": [["nothing here"]], "data": [["Lab book 7"], [], *TABLE]})
    (m,) = readers.read(path)
    assert is_good(m)
    assert m.name == "a"
    assert is_good(Material.from_csv(path))


def test_every_sheet_is_a_sample(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"first": TABLE, "second": TABLE})
    assert [m.name for m in readers.read(path)] == ["first", "second"]
    assert [m.name for m in readers.read(path, sample="second")] == ["second"]


def test_faults_of_an_excel_table(tmp_path):
    bad = [TABLE[0], [300, "x", 900, 1.5], [300, 210, "#DIV/0!", -1.0], [None, 220, 800, 1.3]]
    path = workbook(tmp_path / "bad.xlsx", {"one": bad, "two": TABLE})
    with pytest.raises(InputError) as caught:
        readers.read(path)
    text = str(caught.value)
    for words in (
        'sheet one: row 2 = "x"',
        "sheet one: row 4 = 220.0: S (uV/K): there is no temperature to this value",
        'sheet one: row 3 = "-1 W/(m K)"',
    ):
        assert words in text, (words, text)


def test_files_that_are_no_workbook(tmp_path):
    with pytest.raises(InputError, match="this is no Excel workbook"):
        readers.read(write(tmp_path, "a.xlsx", b"PK\x03\x04" + bytes(100)))
    assert readers.read(write(tmp_path, "t.xlsx", GOOD))  # text, as some programs of a laser flash name it
    with pytest.raises(InputError, match=r"old Excel file; save it as \.xlsx"):
        readers.read(write(tmp_path, "a.xls", b"\xd0\xcf\x11\xe0" * 10))
    empty = workbook(tmp_path / "b.xlsx", {"x": [["a", "b"], [1, 2]]})
    with pytest.raises(InputError, match="no row with column headers was found"):
        readers.read(empty)


def test_a_missing_openpyxl_is_named(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx", {"x": TABLE})
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("openpyxl"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(
        InputError, match=r'needs the package openpyxl; install it with: pip install "ioffe\[data\]"'
    ):
        readers.read(path)


def test_numbers():
    assert number("−1.5e-3") == -0.0015
    assert number("1,5", comma=True) == 1.5
    assert number(7) == 7.0
    for text in ("", "1 K", "1,5", "0x10", "1_000", "½", "--5", "1e999"):
        with pytest.raises(NotANumber):
            number(text)
    with pytest.raises(NotANumber, match="leave the cell empty"):
        number(float("nan"))


@pytest.mark.parametrize(
    ("cells", "delimiter", "expected"),
    [
        (["1,5", "2"], ";", True),
        (["1,5", "2.5"], ";", None),
        (["1,500"], ";", None),
        (["1,500", "2,5"], ";", True),
        (["1,500.5"], ";", None),
        (["1.500,5"], ";", True),
        (["1.500,5", "1.500"], ";", None),
        (["1.500,5", "1,500.5"], ";", None),
        (["1,234,567", "2,5"], ";", None),
        (["1.5"], ";", False),
        (["1", "2"], "\t", False),
        (["1,5"], ",", True),  # a quoted comma parts no cells
        (["1,500"], ",", None),
        (["1,61(3)", "121.000"], ";", None),
        (["1,61 x 10^5", "121.000"], ";", None),
        (["1,61", "1.121.000"], ";", None),
        (["1,61 ± 3 %"], ";", True),
    ],
)
def test_when_a_comma_is_decimal(cells, delimiter, expected):
    rows = [CellRow(line, (cell,)) for line, cell in enumerate(cells, start=2)]
    grid = CellGrid("a.csv", CellRow(1, ("S (uV/K)",)), (), delimiter=delimiter)
    faults = Faults()
    assert decimal_marks([(grid, rows, [0])], faults)[0] is expected
    assert bool(faults) is (expected is None)


def test_words_for_columns_mean_one_thing_each():
    for word in MEANING:
        assert MATERIAL.meaning(word) == (MEANING[word], False)
        assert MATERIAL.meaning(word.upper())[0] == MEANING[word]
        assert MATERIAL.meaning(f"{word}_std") == (MEANING[word], True)
        assert MATERIAL.meaning(f"± {word}") == (MEANING[word], True)
    assert MATERIAL.meaning("seebek") == ("", False)
    assert MATERIAL.parts("kappa, W/m/K") == ("kappa", "W/m/K")


@pytest.mark.parametrize("words", ["Measurement temp.", "Meas. temp.", "Mean temperature"])
def test_temperature_columns_of_instruments(tmp_path, words):
    head = f"{words} [℃];Seebeck coefficient [μV/K];Resistivity [Ω·m];Thermal conductivity [W/m·K];remark"
    text = f"Sample: X\n\n{head}\n50,1;-168,2;9,05E-6;1,52;good\n\n100,3;-181,0;1,03E-5;1,44;\n"
    (material,) = readers.read(write(tmp_path, "x.csv", text))
    assert material.T_range == pytest.approx((323.25, 373.45))
    assert material.electrical_conductivity(323.25) == pytest.approx(1 / 9.05e-6)


def test_a_carrier_density_beside_that_of_hall_is_another_quantity(tmp_path):
    head = "sample,T (K),n_H (cm^-3),n_H_std (cm^-3),carrier_density (cm^-3),carrier_density_std (cm^-3)"
    path = write(tmp_path, "hall.csv", f"{head}\nA,300,1e19,1e17,2e19,3e17\nA,400,1.1e19,1e17,2.2e19,3e17\n")
    (curve,) = read_hall(path).values()
    assert curve.values.tolist() == pytest.approx([1e25, 1.1e25])
    seen = readers.look(path)
    assert [row[0] for row in seen.rows] == ["A"]
    assert "carrier_density (cm^-3) (beside the Hall carrier density it is another quantity)" in seen.not_used
    alone = write(tmp_path, "n.csv", "T (K),carrier_density (cm^-3)\n300,2e19\n400,2.2e19\n")
    assert [row[1] for row in readers.look(alone).rows] == ["hall_carrier_density"]


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("121.000", 'write "121000" or "121,000", as it is meant'),
        ("1.121.000", 'write "1121000", as it is meant'),
        ("121.5", 'write "121,5", as it is meant'),
    ],
)
def test_a_point_beside_decimal_commas_is_refused_with_its_cell(tmp_path, cell, advice):
    head = "T (K);S (uV/K);sigma (S/m);kappa (W/m/K)\n"
    other = "109,5" if cell == "121.5" else "109.000"
    mixed = write(tmp_path, "mixed.csv", f"{head}300;151;{cell};1,61\n350;163;{other};1,53\n")
    with pytest.raises(InputError) as caught:
        readers.read(mixed)
    (fault,) = caught.value.faults
    assert (fault.location, fault.value) == ("line 2", cell)
    assert ("109,5 in line 3" if cell == "121.5" else "1,61 in line 2") in fault.expected
    assert fault.advice == advice


def test_every_column_of_numbers_has_its_own_decimal_mark(tmp_path):
    head = "sample;T (K);S (uV/K);sigma (S/cm);kappa (W/m/K);x;note\n"
    rows = "0.5;300,5;151.5;1000;1,25;0.5;12.05.2024\n0.5;350,5;163.25;900;1,200;0.5;13.05.2024\n"
    material = read(tmp_path, head + rows)
    assert material.name == "0.5"
    assert material.T_range == pytest.approx((300.5, 350.5))
    assert material.seebeck(300.5) == pytest.approx(151.5e-6)
    assert material.thermal_conductivity(300.5) == pytest.approx(1.25)
    assert "ecimal points in S (uV/K), commas elsewhere" in material.provenance.reading
    open_ = head + rows.replace("1000", "1.000")
    with pytest.raises(InputError) as caught:
        readers.read(write(tmp_path, "open.csv", open_))
    assert [(fault.location, fault.value) for fault in caught.value.faults] == [("line 2", "1.000")]


def test_decimal_commas_hold_for_all_blocks_of_a_file(tmp_path):
    head = "T (K);S (uV/K);sigma (S/m);kappa (W/m/K)\n"
    first = f"{head}300;151;121000;1,61\n350;163;109000;1,53\n"
    second = f"\n{head}300;151;121.000;2\n350;163;109.000;2\n"
    with pytest.raises(InputError) as caught:
        readers.read(write(tmp_path, "blocks.csv", first + second))
    (fault,) = caught.value.faults
    assert (fault.location, fault.value) == ("line 6", "121.000")
    whole = second.replace(".000", "000")
    assert len(readers.read(write(tmp_path, "good.csv", first + whole))) == 2
