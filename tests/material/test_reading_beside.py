"""Samples beside one another in columns, headers in two rows, errors and units of old programs."""

from typing import Any

import pytest

from ioffe.base.errors import InputError
from ioffe.material import readers
from ioffe.material.readers.columns.headers import explained

reading: Any = readers
"""Without types: what a material of these tests has is known."""

TWO = "{head}\n300,120,180,1100,550,2.5,2.0\n400,140,210,760,380,2.2,1.7\n500,160,240,570,280,2.0,1.6\n"
HEADS = {
    "names behind an underscore": (
        "T (K),S_A (uV/K),S_B (uV/K),sigma_A (S/cm),sigma_B (S/cm),kappa_A (W/mK),kappa_B (W/mK)",
        ["A", "B"],
    ),
    "names behind the units": (
        "T (K),S (uV/K) x=0,S (uV/K) x=0.1,sigma (S/cm) x=0,sigma (S/cm) x=0.1,k (W/mK) x=0,k (W/mK) x=0.1",
        ["x=0", "x=0.1"],
    ),
    "names in front": (
        "T (K),GT-1 S (uV/K),GT-2 S (uV/K),GT-1 sigma (S/cm),GT-2 sigma (S/cm),GT-1 k (W/mK),GT-2 k (W/mK)",
        ["GT-1", "GT-2"],
    ),
    "directions": ("T (K),S∥ (uV/K),S⊥ (uV/K),σ∥ (S/cm),σ⊥ (S/cm),κ∥ (W/mK),κ⊥ (W/mK)", ["∥", "⊥"]),
    "merged cells above": (
        "T (K),S (uV/K),,sigma (S/cm),,kappa (W/mK),\n,x=0,x=0.1,x=0,x=0.1,x=0,x=0.1",
        ["x=0", "x=0.1"],
    ),
    "samples in a row of comments": (
        "T,S,S,sigma,sigma,kappa,kappa\nK,uV/K,uV/K,S/cm,S/cm,W/mK,W/mK\n,x=0,x=0.1,x=0,x=0.1,x=0,x=0.1",
        ["x=0", "x=0.1"],
    ),
}


def write(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("case", HEADS)
def test_samples_beside_one_temperature_are_told_by_their_headers(tmp_path, case):
    head, names = HEADS[case]
    found = reading.read(write(tmp_path, "a.csv", TWO.format(head=head)))
    assert [one.name for one in found] == names
    assert [round(1e6 * float(one.seebeck(400.0)), 9) for one in found] == [140.0, 210.0]
    assert [round(float(one.electrical_conductivity(500.0)), 6) for one in found] == [57000.0, 28000.0]
    assert [round(float(one.thermal_conductivity(300.0)), 9) for one in found] == [2.5, 2.0]


def test_one_property_of_several_samples_is_joined_with_the_others_by_their_names(tmp_path):
    S = write(tmp_path, "S.csv", "Seebeck coefficient (uV/K)\nT (K),x=0,x=0.1\n300,120,180\n400,140,210\n")
    rho = write(tmp_path, "rho.csv", "Resistivity (mohm cm)\nT (K),x=0,x=0.1\n310,1,2\n410,1.2,2.4\n")
    kappa = write(tmp_path, "k.csv", "kappa (W/mK)\nT (K),x=0,x=0.1\n300,2.5,2\n400,2.2,1.7\n")
    found = reading.read_together([S, rho, kappa])
    assert [one.name for one in found] == ["x=0", "x=0.1"]
    assert float(found[1].electrical.T[0]) == 310.0


@pytest.mark.parametrize(
    "head",
    [
        "T (K),S (uV/K),kappa (W/mK),kappa_L (W/mK),kappa_e (W/mK),sigma (S/cm)",
        "T (K),S (uV/K),kappa_max (W/mK),kappa_min (W/mK),kappa (W/mK),sigma (S/cm)",
        "T (K),S (uV/K),sigma_S (uV/K),kappa (W/mK),sigma_kappa (W/mK),sigma (S/cm)",
        "T (K),T_hot (K),T_cold (K),S (uV/K),kappa (W/mK),sigma (S/cm)",
    ],
)
def test_parts_and_bounds_of_a_property_are_no_samples(tmp_path, head):
    path = write(tmp_path, "a.csv", f"{head}\n300,120,2,1,1.5,900\n400,130,2,1,1.4,800\n")
    assert [sample.name for sample in readers.samples(path)] == ["a"]


def test_the_lattice_part_of_a_sample_is_never_its_total(tmp_path):
    head = "T (K),S_A (uV/K),S_B (uV/K),sigma_A (S/cm),sigma_B (S/cm),kappa_lat_A (W/mK),kappa_lat_B (W/mK)"
    path = write(tmp_path, "a.csv", TWO.format(head=head))
    assert [sample.missing for sample in readers.samples(path)] == [("thermal_conductivity",)] * 2


def test_columns_of_heating_and_cooling_are_one_cycle(tmp_path):
    head = "T (K),S heating (uV/K),S cooling (uV/K),sigma (S/cm),kappa (W/mK)"
    path = write(tmp_path, "a.csv", f"{head}\n300,120,124,900,2\n400,130,134,800,1.9\n")
    kept = [
        reading.read(path, options=readers.ReadOptions(keep=k))[0] for k in ("mean", "heating", "cooling")
    ]
    assert [round(1e6 * float(one.seebeck(300.0)), 6) for one in kept] == [122.0, 120.0, 124.0]


def test_headers_may_stand_in_two_merged_rows_of_a_sheet(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "GT1"
    for row in (
        ["Temperature", "Electrical", None, "Thermal"],
        [None, "S", "σ", "κ"],
        ["K", "µV/K", "S/cm", "W/m·K"],
        [300, 120, 1100, 2.5],
        [400, 140, 760, 2.2],
    ):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    other = book.create_sheet("GT2")
    other.sheet_state = "hidden"
    for row in (
        ["T (K)", "S (uV/K)", "sigma (S/cm)", "kappa (W/mK)"],
        [300, 130, 1000, 2.0],
        [400, 150, 700, 1.9],
    ):
        other.append(row)
    book.save(tmp_path / "a.xlsx")
    (found,) = reading.read(tmp_path / "a.xlsx")  # what is hidden is an older version, or was rejected
    assert (found.name, float(found.seebeck(300.0))) == ("GT1", pytest.approx(120e-6))
    assert "sheet GT2 (it is hidden; unhide it if its numbers count)" in found.provenance.not_used
    sheet.append(["of another sample"])
    other.sheet_state, sheet.sheet_state = "visible", "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [one.name for one in reading.read(tmp_path / "a.xlsx")] == ["GT2"]
    book.create_sheet("notes").append(["ask Ann"])
    other.sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match=r"no row with column headers.*not used: sheet GT1 \(it is hidden"):
        reading.read(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("sheet", "name"),
    [("GT-215", "GT-215"), ("Sheet1", "a"), ("Tabelle2", "a"), ("ZEM data", "a"), ("2024-03-01", "a")],
)
def test_the_only_sheet_names_its_sample(tmp_path, sheet, name):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in (["T (K)", "S (uV/K)", "sigma (S/cm)"], [300, 130, 1000], [400, 150, 700]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert reading.look(tmp_path / "a.xlsx").rows[0][0] == name


def test_a_user_says_which_of_the_columns_is_meant(tmp_path):
    head, _ = HEADS["names behind an underscore"]
    options = readers.ReadOptions(rename={"S_B": "S", "sigma_B": "sigma", "kappa_B": "kappa"})
    (found,) = reading.read(write(tmp_path, "a.csv", TWO.format(head=head)), options=options)
    assert round(1e6 * float(found.seebeck(400.0)), 9) == 210.0


def test_a_column_of_errors_may_be_named_in_the_row_of_units_alone(tmp_path):
    text = "T,R_H,,S,sigma\nK,cm^3/C,±,uV/K,S/cm\n300,0.02,0.001,120,900\n400,0.021,0.001,130,800\n"
    seen = reading.look(write(tmp_path, "a.csv", text))
    assert next(row[1:3] + row[4:5] for row in seen.rows) == ("hall_coefficient", "R_H", "2 with errors")
    assert not seen.not_used


@pytest.mark.parametrize("encoding", ["mac_roman", "cp437", "cp1252"])
def test_units_are_read_in_the_encodings_of_old_programs(tmp_path, encoding):
    text = "T\tS\tsigma\tkappa\n°C\tµV/K\tS/cm\tW/m·K\n26.85\t120\t1100\t2.5\n126.85\t140\t760\t2.2\n"
    (found,) = reading.read(write(tmp_path, "a.txt", text, encoding))
    assert float(found.seebeck.T[0]) == 300.0


@pytest.mark.parametrize("mark", [" ", "\u00a0", "\u202f", "'", "’"])
def test_thousands_parted_by_what_parts_nothing_else_are_read(tmp_path, mark):
    text = f"T (K);S (uV/K);sigma (S/m);kappa (W/mK)\n300;120;110{mark}000;2,5\n400;130;90{mark}025;2,3\n"
    (found,) = reading.read(write(tmp_path, "a.csv", text))
    assert float(found.electrical_conductivity(300.0)) == 110000.0


def test_quoted_commas_are_thousands_beside_decimal_points_and_else_a_doubt(tmp_path):
    head = '"T (K)",S (uV/K),sigma (S/m),kappa (W/mK)\n'
    (found,) = reading.read(write(tmp_path, "a.csv", head + '300,120,"110,000",2.5\n400,130,"90,025",2.3\n'))
    assert float(found.electrical_conductivity(400.0)) == 90025.0
    with pytest.raises(InputError, match="may part thousands"):
        reading.read(write(tmp_path, "b.csv", head + '300,120,"110,000",2\n400,130,"90,025",2\n'))


def test_a_density_in_german_makes_kappa(tmp_path):
    head = "#Probe;PT-7\n#Dichte(RT)/(g/cm^3);6,350\n#Temperatur/°C;#Temperaturleitfähigkeit/(mm^2/s)"
    path = write(tmp_path, "a.csv", f"{head}\n25;1,2\n125;1,1\n", "cp1252")
    options = readers.ReadOptions(heat_capacity="0.25 J/(g K)")
    (sample,) = readers.samples(path, options=options)
    assert sample.missing == ("seebeck", "electrical_conductivity")


def test_a_conductivity_is_made_of_the_power_factor_and_kappa_of_its_parts(tmp_path):
    head = "T (K),S (uV/K),PF (uW/(cm K2)),kappa_e (W/mK),kappa_L (W/mK),kappa_bip (W/mK)"
    path = write(tmp_path, "a.csv", f"{head}\n300,151,27.6,0.6,1.0,0.01\n400,176,30.4,0.5,0.9,0.07\n")
    (found,) = reading.read(path)
    assert float(found.electrical_conductivity(300.0)) == pytest.approx(27.6e-4 / 151e-6**2)
    assert list(found.thermal_conductivity.values) == pytest.approx([1.61, 1.47])
    assert "errors of S count twice" in found.provenance.reading
    assert "kappa_L (W/mK) and the other parts" in found.provenance.reading


def test_what_a_table_states_is_never_made_of_other_columns(tmp_path):
    head = "T (K),S (uV/K),sigma (S/cm),PF (uW/(cm K2)),kappa (W/mK),kappa_e (W/mK),kappa_L (W/mK)"
    (found,) = reading.read(
        write(tmp_path, "a.csv", f"{head}\n300,151,900,30,2,1,1\n400,176,800,29,1.9,1,1\n")
    )
    assert float(found.electrical_conductivity(300.0)) == 90000.0
    assert float(found.thermal_conductivity(400.0)) == 1.9
    assert "PF (uW/(cm K2)) (the power factor" in found.provenance.not_used


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("T (K),S (uV/K) ± 5 %,sigma (S/cm),kappa (W/mK)", "{},120,900,2"),
        ("T (K),S (uV/K),sigma_S (uV/K),sigma (S/cm),kappa (W/mK)", "{},120,6,900,2"),
        ("T (K),S (uV/K),u(S) (uV/K),sigma (S/cm),kappa (W/mK)", "{},120,6,900,2"),
        ("T (K),α (uV/K),Δα/α (%),sigma (S/cm),kappa (W/mK)", "{},120,5,900,2"),
        ("T (K),S exp (uV/K),S exp err (uV/K),S calc (uV/K),sigma (S/cm),kappa (W/mK)", "{},120,6,3,900,2"),
    ],
)
def test_errors_are_understood_however_they_are_written(tmp_path, head, cells):
    path = write(tmp_path, "a.csv", "\n".join([head, *(cells.format(T) for T in (300, 400))]))
    (found,) = reading.read(path)
    assert list(found.seebeck.std) == pytest.approx([6e-6, 6e-6])
    assert found.electrical.std is None


def test_a_carrier_density_that_is_negative_throughout_is_that_of_electrons(tmp_path):
    head = "T (K),S (uV/K),sigma (S/cm),kappa (W/mK),n (cm^-3)"
    (found,) = reading.read(write(tmp_path, "a.csv", f"{head}\n300,-120,900,2,-2e20\n400,-130,800,2,-2e20\n"))
    assert float(found.hall.values[0]) == 2e26
    assert "as that of electrons" in found.provenance.reading
    path = write(tmp_path, "b.csv", f"{head}\n300,-120,900,2,-2e20\n400,-130,800,2,2e20\n")
    with pytest.raises(InputError, match="must be above 0"):
        reading.read(path)


def test_a_look_at_a_file_shows_what_an_import_would_refuse(tmp_path):
    rows = [f"{T},{S},900,2" for S in (120, 240) for T in (300, 400, 500, 600)]
    path = write(tmp_path, "a.csv", "\n".join(["T (K),S (uV/K),sigma (S/cm),kappa (W/mK)", *rows]))
    with pytest.raises(InputError, match="begin again with other values"):
        reading.read(path)
    assert any("begin again with other values" in str(fault) for fault in reading.look(path).faults)


@pytest.mark.parametrize(("factor", "codes"), [(1.1, set()), (1.2, {"repeats"})])
def test_repeats_that_instruments_cannot_explain_are_a_warning(tmp_path, factor, codes):
    rows = [f"{T},{S},900,2" for S in (120, 120 * factor) for T in (300, 400, 500, 600)]
    path = write(tmp_path, "a.csv", "\n".join(["T (K),S (uV/K),sigma (S/cm),kappa (W/mK)", *rows]))
    (found,) = reading.read(path)
    assert {f.code for f in found.check() if f.severity == "warning" and f.code == "repeats"} == codes


def test_errors_smaller_than_those_of_instruments_are_told(tmp_path):
    head = "T (K),S (uV/K),S_std (uV/K),sigma (S/cm),kappa (W/mK)"
    rows = [f"{T},120,0.05,900,2" for T in (300, 400, 500)]
    (found,) = reading.read(write(tmp_path, "a.csv", "\n".join([head, *rows])))
    assert [f.severity for f in found.check() if f.code == "errors"] == ["note"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("T_set (K)", "the set point"),
        ("T_hot (K)", "not the temperature of the sample"),
        ("T_err (K)", "errors of temperatures are not used"),
        ("kappa_max (W/mK)", "a bound, not the value"),
        ("S 2sigma (uV/K)", "two standard deviations"),
        ("kappa_fit (W/mK)", "computed, not measured"),
        ("κ⊥ (W/mK)", "along one direction"),
    ],
)
def test_columns_beside_the_values_are_named_with_their_reason(name, why):
    assert why in explained(name)


def test_a_length_is_no_lorenz_number():
    assert explained("l (mm)") == "l (mm)"
    assert explained("L (W ohm/K2)") == "L (W ohm/K2) (the Lorenz number)"


def test_it_is_said_why_files_are_not_joined(tmp_path):
    S = write(tmp_path, "s.csv", "Sample: X\nT (K),S (uV/K),sigma (S/cm)\n300,120,900\n400,130,800\n")
    other = write(tmp_path, "k.csv", "Sample: Y\nT (K),kappa (W/mK)\n300,2\n400,1.9\n")
    with pytest.raises(InputError, match="X and Y complement each other and have different names"):
        reading.read_together([S, other])
    third = write(tmp_path, "k2.csv", "Sample: Z\nT (K),kappa (W/mK)\n300,2\n400,1.9\n")
    with pytest.raises(InputError, match="X fits Y, Z, and which of them it belongs to is not said"):
        reading.read_together([S, other, third])
    again = write(tmp_path, "k3.csv", "Sample: Y\nT (K),kappa (W/mK)\n300,3\n400,2.9\n")
    with pytest.raises(InputError, match=r"X fits Y \(k.csv\), Y \(k3.csv\), and which") as caught:
        reading.read_together([S, other, again])
    assert "one sample at a time" not in str(caught.value)
    same = write(tmp_path, "s2.csv", S.read_text().replace("X", "Y"))
    with pytest.raises(
        InputError, match=r"Y \(s2.csv\) fits Y \(k.csv\), .*: give the files of one sample at"
    ):
        reading.read_together([same, other, again])


def test_names_that_differ_by_a_hyphen_are_of_one_sample(tmp_path):
    S = write(tmp_path, "s.csv", "Sample: GT-1\nT (K),S (uV/K),sigma (S/cm)\n300,120,900\n400,130,800\n")
    kappa = write(tmp_path, "k.csv", "Sample: gt1\nT (K),kappa (W/mK)\n300,2\n400,1.9\n")
    assert [found.name for found in reading.read_together([S, kappa])] == ["GT-1"]


def test_a_card_among_tables_is_told_as_one(tmp_path):
    (tmp_path / "a.toml").write_text("format = 1\n")
    with pytest.raises(InputError, match="a card of a material or a device file, no table"):
        reading.read(tmp_path / "a.toml")


def test_a_second_column_of_temperatures_is_named_with_its_difference(tmp_path):
    head = "T (°C),T (K),S (uV/K),sigma (S/cm),kappa (W/mK)\n"
    one = write(tmp_path, "one.csv", f"{head}26.85,300,150,900,1.5\n126.85,400,170,800,1.4\n")
    assert reading.read(one)[0].provenance.not_used == "T (°C) (T (K) is taken)"
    two = write(tmp_path, "two.csv", f"{head}26.85,300,150,900,1.5\n120.85,400,170,800,1.4\n")
    assert reading.look(two).not_used == ("T (°C) (T (K) is taken, which differs from it by up to 6 K)",)


def test_blocks_between_blanks_are_named_by_a_comment_of_words(tmp_path):
    block = "T[K] S[V/K] sigma[S/m]\n300 1e-4 9e4\n400 2e-4 8e4\n"
    found = readers.samples(write(tmp_path, "a.txt", f"# sample U1\n{block}\n# sample U2\n{block}"))
    assert [sample.name for sample in found] == ["sample U1", "sample U2"]


def test_the_name_of_a_sample_of_a_ppms_and_no_time_as_a_constant(tmp_path):
    head = "[Header]\nFILEOPENTIME,3.1,1/2/2024\nBYAPP,TTO,1.0\nINFO,K7,NAME:SAMPLE\n[Data]\n"
    table = "Sample Temp. (K),Seebeck Coef. (uV/K),Resistivity (ohm-m)\n20,1,1e-6\n40,2,2e-6\n"
    found = reading.look(write(tmp_path, "tto.dat", head + table))
    assert (found.rows[0][0], found.not_used) == ("K7", ())


def test_constants_of_joined_files_stand_file_by_file(tmp_path):
    zem = write(
        tmp_path, "zem.csv", "Width (mm): 3\nT (K),S (uV/K),sigma (S/cm)\n300,150,1000\n400,160,900\n"
    )
    flash = write(tmp_path, "lfa.csv", "Width (mm): 10\nT (K),kappa (W/mK)\n300,1.5\n400,1.4\n")
    (found,) = reading.read_together([zem, flash])
    assert found.provenance.not_used == "zem.csv: width (mm) = 3; lfa.csv: width (mm) = 10"


def test_a_property_is_taken_at_the_temperatures_that_are_named_after_it(tmp_path):
    head = "T_S (K),S (uV/K),T_rho (K),rho (mohm cm),T_k (K),kappa (W/mK),T_LFA (K),D (mm2/s)\n"
    rows = "300,150,310,1.0,320,1.6,330,1\n400,170,410,1.1,420,1.5,430,0.9\n500,180,510,1.2,520,1.4,530,0.8\n"
    (found,) = reading.read(write(tmp_path, "a.csv", head + rows))
    assert [list(curve.T) for curve in found.transport.values()] == [
        [300.0, 400.0, 500.0],
        [310.0, 410.0, 510.0],
        [320.0, 420.0, 520.0],
    ]
    assert found.provenance.not_used == "D (mm2/s) (kappa is given)"
    assert explained("T_melt (K)", ["temperature"]) == "T_melt (K)"


@pytest.mark.parametrize("word", ["Échantillon", "Muestra", "Образец", "样品", "Probenname"])
def test_samples_in_other_languages(tmp_path, word):
    head = f"{word},T (K),S (uV/K),sigma (S/cm)\n"
    found = readers.samples(write(tmp_path, "a.csv", head + "A,300,1,2\nA,400,2,3\nB,300,1,2\nB,400,2,3\n"))
    assert [sample.name for sample in found] == ["A", "B"]


def test_blanks_behind_quoted_cells(tmp_path):
    text = '"T [K]" , "S [uV/K]" ,"kappa [W/(m*K)]" \n300 , "1,5" ,2\n400,"2,5", 3\n'
    (found,) = reading.look(write(tmp_path, "a.csv", text)).rows[:1]
    assert found[1:5] == ("seebeck", "S [uV/K]", "uV/K", "2")


def test_a_json_file_that_is_none_of_amset(tmp_path):
    with pytest.raises(InputError, match="other JSON files are not read: write the columns as CSV"):
        reading.look(write(tmp_path, "a.json", '{"T (K)": [300], "S (uV/K)": [100]}'))


TYPED = "sample,type,T (K),S (uV/K),sigma (S/cm)\nA,{},300,-120,900\nA,{},400,-130,800\n"


def test_a_column_of_carrier_types_is_used(tmp_path):
    def carrier_of(name, text):
        options = {"needed": readers.WITHOUT_KAPPA}
        (found,) = reading.read_together([write(tmp_path, name, text)], **options)
        return found.carrier, found.provenance.not_used

    assert carrier_of("n.csv", TYPED.format("n", "n-type")) == ("n", "")
    assert carrier_of("p.csv", TYPED.format("P type", "p")) == (
        "p",
        "",
    )  # of which [sign] says that S is negative
    assert carrier_of("film.csv", TYPED.format("film", "film")) == ("n", "type")
    assert carrier_of("both.csv", TYPED.format("p", "n")) == ("n", "the carrier type, stated as p and as n")


def test_shares_are_no_per_cent(tmp_path):
    path = write(tmp_path, "a.csv", "T (K),S (uV/K),S_rel_err,kappa (W/mK)\n300,120,0.05,1\n400,130,0.05,1\n")
    assert 'write "S_rel_err (%)" and per cent in place of shares' in str(reading.look(path).faults[0])
    assert "--map" not in str(reading.look(path).faults[0])


def test_errors_of_0_are_unknown_where_a_file_is_looked_at(tmp_path):
    path = write(tmp_path, "a.csv", "T (K),S (uV/K),S_err (uV/K)\n300,120,0\n400,130,0\n")
    found = reading.look(path)
    assert found.rows[0][4] == "2"
    assert "errors of seebeck: S_err (uV/K), 0 throughout, so unknown" in found.notes


def test_a_density_is_that_of_the_material_that_is_named_and_not_of_a_reference_of_the_heat_capacity(
    tmp_path,
):
    head = "#Material,{}\n#Ref_density /(g/cm^3),6.12\n#Cp_table,Pyroceram\n#Shot_number,#Temperature/K,"
    text = head + "#Diffusivity/(mm^2/s)\n1,300,1.0\n2,400,0.9\n"
    own = reading.look(write(tmp_path, "own.csv", text.format("PbTe")))
    assert "density 6.12 g/cm3, stated in own.csv" in own.notes[0]
    other = reading.look(write(tmp_path, "other.csv", text.format("Inconel")))
    assert other.not_used[-1] == "ref_density /(g/cm^3) = 6.12 (that of Inconel, a reference)"
