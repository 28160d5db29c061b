"""Small files in the layouts of Starrydata, teMatDb and sysTEm, as their publishers write them."""

import csv
import io
import json

import numpy as np
import openpyxl
import pytest

from ioffe.base.errors import InputError
from ioffe.material import library, readers
from ioffe.material.readers.records import SkippedSampleWarning
from tests.material.samples import write

STARRYDATA = (
    "SID,DOI,composition,sample_id,figure_id,prop_x,prop_y,unit_x,unit_y,x,y,created_at,updated_at,"
    "project_names,comments"
)
SEEBECK = ("Temperature", "Seebeck coefficient", "K", "V*K^(-1)")
SIGMA = ("Temperature", "Electrical conductivity", "K", "ohm^(-1)*m^(-1)")
RHO = ("Temperature", "Electrical resistivity", "K", "ohm*m")
KAPPA = ("Temperature", "total thermal conductivity", "K", "W*m^(-1)*K^(-1)")
ZT = ("Temperature", "ZT", "K", "-")


def starrydata(*curves, header=STARRYDATA):
    """Rows (sample, figure, properties, x, y); sample is (SID, DOI, composition, sample_id)."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(header.split(","))
    for sample, figure, kind, x, y in curves:
        more = ["2024-05-17", "2024-05-17", '["ThermoelectricMaterials"]', "two\nlines"]
        out.writerow([*sample, figure, *kind, json.dumps(x), json.dumps(y), *more])
    return file.getvalue()


PBTE = (6, "10.1021/am405410e", "Pb1.00025Zn0.02Te1.02I0.0005", 113)
OTHER = (7, "10.1/y", "SnTe", 114)
COMPLETE = (
    (PBTE, 79, SEEBECK, [400.5, 300.2], [-1.8e-4, -1.5e-4]),
    (PBTE, 80, SIGMA, [310.0, 410.0, 510.0], [1e5, 9e4, 7e4]),
    (PBTE, 81, KAPPA, [305.0, 405.0], [2.0, 1.8]),
    (PBTE, 82, ZT, [305.0, 405.0], [0.3, 0.6]),
)
INCOMPLETE = ((OTHER, 90, ("T", "thermopower", "K", "V/K"), [300, 400], [5e-5, 6e-5]),)
UNRELATED = (
    (PBTE, 83, ("Magnetic field", "Hall resistivity", "T", "ohm*m"), [0, 1], [0, 1e-8]),
    (PBTE, 84, ("Temperature", "Carrier mobility", "K", "m^2*V^(-1)*s^(-1)"), [300], [0.1]),
)


def test_starrydata_curves(tmp_path):
    path = write(tmp_path, "curves.csv", "\ufeff" + starrydata(*COMPLETE, *INCOMPLETE, *UNRELATED))
    listed = readers.samples(path)
    assert [(s.key, s.name, s.is_complete) for s in listed] == [
        ("113", PBTE[2], True),
        ("114", "SnTe", False),
    ]
    assert listed[1].missing == ("electrical_conductivity", "thermal_conductivity")
    (m,) = readers.read(path, sample="113")
    assert (m.name, m.carrier) == (PBTE[2], "n")
    assert m.seebeck.T.tolist() == [300.2, 400.5]
    assert m.seebeck.values.tolist() == [-1.5e-4, -1.8e-4]
    assert m.electrical.quantity == "electrical_conductivity"
    assert m.electrical.T.tolist() == [310.0, 410.0, 510.0]
    assert m.thermal_conductivity.values.tolist() == [2.0, 1.8]
    assert m.reported_zT.values.tolist() == [0.3, 0.6]
    assert m.provenance.doi == "10.1021/am405410e"
    assert m.provenance.sample == "SID 6, sample 113"
    assert "Starrydata" in m.provenance.source


def test_starrydata_read_whole_leaves_out_what_is_incomplete(tmp_path):
    path = write(tmp_path, "curves.csv", starrydata(*COMPLETE, *INCOMPLETE))
    with pytest.warns(SkippedSampleWarning, match="1 of 2 samples left out, 1 incomplete, 0 faulty"):
        assert [m.name for m in readers.read(path)] == [PBTE[2]]
    with pytest.raises(InputError) as caught:
        readers.read(path, sample="SnTe")
    assert "no values for the electrical conductivity or resistivity" in str(caught.value)
    assert "no values for the thermal conductivity" in str(caught.value)
    lonely = write(tmp_path, "lonely.csv", starrydata(*INCOMPLETE))
    with pytest.raises(InputError, match="sample 114: incomplete, without electrical_conductivity"):
        readers.read(lonely)


def test_starrydata_with_older_column_names_and_quoted_numbers(tmp_path):
    header = "SID,DOI,composition,sampleid,figurename,prop_x,prop_y,unit_x,unit_y,x,y"
    text = starrydata(*COMPLETE, header=header).replace("[400.5, 300.2]", '[""400.5"", ""300.2""]')
    (m,) = readers.read(write(tmp_path, "old.csv", text))
    assert m.seebeck.T.tolist() == [300.2, 400.5]


def test_starrydata_with_one_point_a_row(tmp_path):
    header, *rows = csv.reader(io.StringIO(starrydata(*COMPLETE)))
    x, y = header.index("x"), header.index("y")
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(header)
    for row in rows:
        for T, value in zip(json.loads(row[x]), json.loads(row[y]), strict=True):
            out.writerow([T if k == x else value if k == y else cell for k, cell in enumerate(row)])
    (m,) = readers.read(write(tmp_path, "points.csv", text.getvalue()))
    assert m == readers.read(write(tmp_path, "curves.csv", starrydata(*COMPLETE)))[0]
    one = readers.samples(tmp_path / "points.csv")[0]
    assert (one.key, one.is_complete) == ("113", True)


def test_starrydata_with_two_curves_of_one_property(tmp_path):
    more = (PBTE, 99, SEEBECK, [300.0, 350.0, 400.0], [-1e-4, -1.1e-4, -1.2e-4])
    path = write(tmp_path, "curves.csv", starrydata(*COMPLETE, more, (PBTE, 98, RHO, [300.0], [1e-5])))
    (m,) = readers.read(path)
    assert m.seebeck.T.tolist() == [300.0, 350.0, 400.0]
    assert m.provenance.not_used == "seebeck of figure 79 (that of figure 99 is taken)"
    assert m.electrical.quantity == "electrical_conductivity"
    assert "electrical resistivity of the file is left out" in m.provenance.note


def test_starrydata_samples_of_the_same_number_in_two_papers(tmp_path):
    twin = tuple(((9, "10.1/z", "GeTe", 113), *curve[1:]) for curve in COMPLETE)
    path = write(tmp_path, "curves.csv", starrydata(*COMPLETE, *twin))
    assert [s.key for s in readers.samples(path)] == ["6-113", "9-113"]
    assert readers.read(path, sample="9-113")[0].name == "GeTe"


def test_faults_of_a_starrydata_sample(tmp_path):
    broken = (
        (PBTE, 79, ("Temperature", "Seebeck coefficient", "K", "uV"), [300, 400], [1, 2]),
        (PBTE, 80, SIGMA, [310.0, 310.0], [1e5, -9e4]),
        (PBTE, 81, KAPPA, [305.0, 405.0, 505.0], [2.0, 1.8]),
        (PBTE, 82, ZT, [305.0, None], [0.3, 0.6]),
    )
    path = write(tmp_path, "curves.csv", starrydata(*broken))
    with pytest.raises(InputError) as caught:
        readers.read(path, sample="113")
    text = str(caught.value)
    for words in (
        'sample 113: line 2 = "uV": unit_y: a unit such as V/K is expected; "uV" is a voltage',
        'sample 113: line 4, point 2 = "-90000 ohm^(-1)*m^(-1)": electrical_conductivity: the value',
        'sample 113: line 6 = "3 and 2": x and y must have as many points',
    ):
        assert words in text, (words, text)


def test_a_starrydata_list_of_lists_of_lists(tmp_path):
    text = starrydata(*COMPLETE).replace(json.dumps(COMPLETE[0][3]), 100_000 * "[")
    with pytest.raises(InputError, match=r'sample 113: line 2 = .*a list such as "\[300, 350\]" is expected'):
        readers.read(write(tmp_path, "curves.csv", text), sample="113")


def test_starrydata_without_its_columns(tmp_path):
    text = starrydata(*COMPLETE).replace("unit_y", "unity", 1)
    with pytest.raises(InputError, match=r"columns of Starrydata are expected: SID, DOI.*; missing: unit_y"):
        readers.read(write(tmp_path, "x.csv", text))


def test_starrydata_on_a_common_grid(tmp_path):
    text = (
        "sampleid,composition,Temperature,Seebeck coefficient,Thermal conductivity,ZT,"
        "Electrical conductivity\n"
        "2871,Co2TiSn,350,-2.2e-06,6.2,1.5e-05,405000\n"
        "2871,Co2TiSn,300,-2.1e-06,6.1,1.4e-05,405691.0\n"
        "520,Al3V,300,4.1e-07,2.1,2.0e-06,493351.6\n"
        "520,Al3V,300,4.2e-07,2.1,2.0e-06,493351.6\n"
    )
    path = write(tmp_path, "grid.csv", text)
    (m,) = readers.read(path, sample="2871")
    assert (m.name, m.carrier, m.T_range) == ("Co2TiSn", "n", (300.0, 350.0))
    assert m.electrical_conductivity(300.0) == 405691.0
    (twice,) = readers.read(path, sample="Al3V")
    assert twice.seebeck.values == pytest.approx([4.15e-7])
    assert "differ by up to 2.4 % at 300 K" in twice.provenance.reading


def tematdb(header, unit=True):
    points = {
        "alpha": ("[V/K]", [(300.0, 1.5e-4), (400.0, 1.9e-4)]),
        "rho": ("[Ohm m]", [(299.6, 4.6e-6), (399.9, 5.4e-6)]),
        "kappa": ("[W/m/K]", [(300.0, 2.9), (400.1, 2.6)]),
        "ZT": ("[1]", [(300.0, 0.5), (400.0, 0.9)]),
    }
    lines = [header]
    for sample, names in (("424", points), ("425", ["alpha", "ZT"])):
        for name in names:
            mark, values = points[name]
            lines += [
                f"{sample},{name},{T},{v}" + (f",{mark},v1.1.6,2025,True" if unit else "") for T, v in values
            ]
    return "\n".join(lines) + "\n"


SAMPLES = (
    "sample_id,YEAR,DOI,figure_number_of_targetZT,label_of_targetZT_in_figure,figure_label_description,"
    '"mat_dimension(bulk, film, 1D, 2D)",GROUP,BASEMAT,Composition_by_element,'
    "Composition_detailed,SINTERING\n"
    "424,2017.0,10.1038/nature23667,Figure 3(d),MNC02R,xCo/Ba0.3In0.3Co4Sb12,,SKD,CoSb3,BaInCoSb,"
    "Ba0.3In0.3Co4Sb12+0.1%Co,\n"
)
LONG = "sample_id,tepname,Temperature,tepvalue,unit,dbversionlabel,update,TF_matzt_complete"


def test_tematdb_with_its_samples_beside(tmp_path):
    write(tmp_path, "teMatDb_samples.csv", SAMPLES, "utf-8-sig")
    path = write(tmp_path, "teMatDb_TEPcurves.csv", tematdb(LONG), "utf-8-sig")
    assert [(s.key, s.is_complete) for s in readers.samples(path)] == [("424", True), ("425", False)]
    (m,) = readers.read(path, sample="424")
    assert (m.name, m.family, m.carrier) == ("Ba0.3In0.3Co4Sb12+0.1%Co", "CoSb3", "p")
    assert m.provenance.doi == "10.1038/nature23667"
    assert "Figure 3(d)" in m.provenance.sample
    assert m.electrical.quantity == "electrical_resistivity"
    assert m.electrical.T.tolist() == [299.6, 399.9]
    assert m.electrical.values.tolist() == [4.6e-6, 5.4e-6]
    assert m.seebeck.values.tolist() == [1.5e-4, 1.9e-4]
    assert m.reported_zT.values.tolist() == [0.5, 0.9]
    assert readers.read(path, sample="ba0.3in0.3co4sb12+0.1%co")[0] == m


def test_tematdb_without_units_is_in_SI_by_definition(tmp_path):
    path = write(tmp_path, "raw.csv", tematdb("sample_id,tepname,Temperature,tepvalue", unit=False))
    (m,) = readers.read(path, sample="424")
    assert m.name == "teMatDb 424"
    assert m.thermal_conductivity.values.tolist() == [2.9, 2.6]
    assert "defines its values to be in SI" in m.provenance.note


def test_tematdb_units_are_converted_and_checked(tmp_path):
    text = tematdb(LONG.replace("sample_id", "sampleid"))
    in_micro = text.replace("0.00015,[V/K]", "150,[uV/K]").replace("0.00019,[V/K]", "190,[uV/K]")
    (m,) = readers.read(write(tmp_path, "x.csv", in_micro), sample="424")
    assert m.seebeck.values.tolist() == pytest.approx([1.5e-4, 1.9e-4], rel=1e-15)
    wrong = text.replace("[W/m/K]", "[W/m]").replace("4.6e-06", "n/a")
    with pytest.raises(InputError) as caught:
        readers.read(write(tmp_path, "y.csv", wrong), sample="424")
    found = str(caught.value)
    assert 'sample 424: line 6 = "[W/m]": thermal_conductivity: wrong unit' in found
    assert 'sample 424: line 4 = "n/a": electrical_resistivity: a number is expected' in found


def test_tematdb_on_a_common_grid(tmp_path):
    header = "sample_id,Temperature,alpha,rho,kappa,sigma,ZT"
    text = f"{header}\n1,300,-1e-4,1e-5,2,1e5,0.15\n1,302,-1.1e-4,1e-5,2,1e5,0.16\n"
    (m,) = readers.read(write(tmp_path, "collocated.csv", text))
    assert (m.carrier, m.electrical.quantity) == ("n", "electrical_resistivity")
    assert m.reported_zT is None


SYSTEM = [
    "#",
    "Initial Dataset",
    "Source Paper",
    "Pymatgen Composition",
    "reduced_compositions",
    "Pretty Formula",
    "Type of Formula",
    "Year",
    "Temperature (K)",
    "Electrical Conductivity (S/cm)",
    "Seebeck Coefficient (µV/K)",
    "Power Factor (µW/cmK²)",
    "zT",
    "Total Thermal Conductivity (W/mK)",
    "Lattice Thermal Conductivity (W/mK)",
]


def system_row(n, origin, paper, formula, T, sigma, S, kappa):
    return [
        n,
        origin,
        paper,
        formula,
        formula,
        formula,
        "Stoichiometric",
        2021,
        T,
        sigma,
        S,
        1.0,
        0.5,
        kappa,
        None,
    ]


PAPER = "https://doi.org/10.1021/acsami.1c13372"
ROWS = [
    system_row(6304, "ESTM", PAPER, "Bi0.42Sb1.58Te3", 323, 510.64, 224.5, 0.934),
    system_row(6305, "ESTM", PAPER, "Bi0.42Sb1.58Te3", 373, 386.0, 240.0, 0.92),
    system_row(8525, "This Work", "10.1038/x", "Cu2Se", 300, 1934.15, 36.8, 1.6),
    system_row(8526, "This Work", "10.1038/x", "Cu2Se", 400, 1700.0, 45.0, 1.5),
    system_row(8527, "This Work", "10.1038/x", "Cu2Se", 350, 837.585, 66.9, 0.73),
    system_row(8528, "This Work", "10.1038/x", "Cu2Se", 450, 800.0, 70.0, 0.7),
]


def system_file(folder, rows, header=SYSTEM):
    book = openpyxl.Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    path = folder / "sysTEm_dataset.xlsx"
    book.save(path)
    return path


def test_system_workbook(tmp_path):
    path = system_file(tmp_path, ROWS)
    listed = readers.samples(path)
    assert [(s.key, s.name, s.doi) for s in listed] == [
        ("6304-6305", "Bi0.42Sb1.58Te3", "10.1021/acsami.1c13372"),
        ("8525-8526", "Cu2Se", "10.1038/x"),
        ("8527-8528", "Cu2Se", "10.1038/x"),
    ]
    (m,) = readers.read(path, sample="Bi0.42Sb1.58Te3")
    assert m.electrical.values.tolist() == pytest.approx([51064.0, 38600.0], rel=1e-15)
    assert m.seebeck.values.tolist() == pytest.approx([2.245e-4, 2.4e-4], rel=1e-15)
    assert m.thermal_conductivity.values.tolist() == [0.934, 0.92]
    assert m.reported_zT.values.tolist() == [0.5, 0.5]
    assert m.provenance.sample == "rows 6304-6305 (ESTM)"
    assert "CC BY 4.0" in m.provenance.licence
    assert "MIT" in readers.read(path, sample="8525-8526")[0].provenance.licence
    assert len(readers.read(path)) == 3
    with pytest.raises(
        InputError, match="2 samples have this name; choose one by its key: 8525-8526, 8527-8528"
    ):
        readers.read(path, sample="cu2se")


def test_faults_of_a_system_workbook(tmp_path):
    rows = [list(row) for row in ROWS]
    rows[1][9] = "some"
    path = system_file(tmp_path, rows)
    with pytest.raises(
        InputError, match=r'sample 6304-6305: row 3 = "some": electrical_conductivity: a number'
    ):
        readers.read(path, sample="6304-6305")


def test_system_without_its_columns(tmp_path):
    header = ["kappa" if name.startswith("Total") else name for name in SYSTEM]
    header[-1] = "other"
    renamed = [name.replace("kappa", "heat") for name in header]
    with pytest.raises(InputError, match="the columns of sysTEm are expected: Pretty Formula, Source Paper"):
        readers.read(system_file(tmp_path, ROWS, renamed))
    book = openpyxl.Workbook()
    book.active.append(["T (K)", "S (uV/K)"])
    book.save(tmp_path / "plain.xlsx")
    with pytest.raises(InputError, match="the columns of sysTEm are expected"):
        readers.read(tmp_path / "plain.xlsx", format="system")


def test_layouts_are_told_apart(tmp_path):
    names = {
        "starrydata": write(tmp_path, "a.csv", starrydata(*COMPLETE)),
        "tematdb": write(tmp_path, "b.csv", tematdb(LONG)),
        "csv": write(tmp_path, "c.csv", "T (K),S (uV/K),sigma (S/cm),kappa (W/mK)\n300,1,2,3\n"),
    }
    for layout, path in names.items():
        for wrong in set(names) - {layout, "csv"}:
            with pytest.raises(InputError, match="the columns of (Starrydata|teMatDb) are expected"):
                readers.samples(path, wrong)
        assert readers.samples(path, layout)[0].key == readers.samples(path)[0].key
    with pytest.raises(InputError, match="a text file is expected"):
        readers.read(system_file(tmp_path, ROWS), format="starrydata")


PAIRS = ("T", "cond", "T", "resi", "T", "seeb", "T", "TC", "T", "ZT")


def pairs_book(path, *, computed=True, seeb="[μV/K]"):
    """A workbook of teMatDb with pairs of columns: values of figures, and the same in SI beside them."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, S in (("#00001", 150.0), ("#00002", -200.0)):
        sheet = book.create_sheet(title)
        sheet.append([None])
        sheet.append([None, "DATA", *[None] * 10, "DATA in SI unit"])
        sheet.append([None, *PAIRS, None, None, *PAIRS[:2], *PAIRS[4:]])
        units = ["[K]", "[S/cm]", "[K]", "[Ohm m]", "[K]", seeb, "[K]", "[W/m K]", "[K]", "[1]", None, None]
        sheet.append(
            [None, *units, "[K]", "[S/m]", "[K]", "[V/K]", "[K]", "[W/m/K]", "[K]", "[1]", "ZT_calc"]
        )
        for T in (300.0, 400.0, 500.0):
            as_read = [T, 1000.0, None, None, T + 1, S, T + 2, 1.5, T, 0.45 * T / 300]
            in_SI = [T, 1e5, T + 1, S * 1e-6, T + 2, 1.5, T, 0.45 * T / 300]
            sheet.append([None, *as_read, None, None, *(in_SI if computed else [])])
        sheet.append([None, *[None] * 12, *([0.0] * 8 if computed else [])])
    book.create_sheet("about").append(["who", "when"])
    book.save(path)
    return path


@pytest.mark.parametrize("computed", [True, False])
def test_workbooks_of_tematdb_with_pairs_of_columns(tmp_path, computed):
    samples = "sample_id,DOI,Composition_detailed,BASEMAT\n2,10.1/b,PbTe,PbTe\n"
    write(tmp_path, "teMatDb_samples.csv", samples)
    path = pairs_book(tmp_path / "tep.xlsx", computed=computed)
    p, n = readers.read(path)
    assert [(m.name, m.carrier, m.provenance.doi) for m in (p, n)] == [
        ("teMatDb #00001", "p", ""),
        ("PbTe", "n", "10.1/b"),
    ]
    assert (p.seebeck.T.tolist(), p.electrical.T.tolist()) == ([301.0, 401.0, 501.0], [300.0, 400.0, 500.0])
    assert p.seebeck.values == pytest.approx(150e-6)
    assert p.electrical_conductivity(350.0) == pytest.approx(1e5)
    assert ("never computed" in p.provenance.reading) != computed
    assert "sheet about" in p.provenance.not_used
    assert readers.look(path).kind == "teMatDb, 2 samples"
    assert library.load_material(f"{path}#00002").name == "PbTe"


def test_units_of_pairs_that_are_none(tmp_path):
    path = pairs_book(tmp_path / "tep.xlsx", computed=False, seeb="[volt]")
    with pytest.raises(InputError, match=r"sheet #00001.*seebeck: a unit such as V/K is expected"):
        readers.read(path, sample="#00001")


def test_too_many_samples_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("ioffe.material.readers.records.MANY", 1)
    twin = tuple((OTHER, *curve[1:]) for curve in COMPLETE)
    path = write(tmp_path, "curves.csv", starrydata(*COMPLETE, *twin))
    with pytest.raises(InputError, match="holds 2 complete samples, at most 1 are read together"):
        readers.read(path)
    assert len(readers.read(path, sample="114")) == 1


ESTM = (
    "Formula,temperature(K),seebeck_coefficient(μV/K),electrical_conductivity(S/m),thermal_conductivity(W/mK),"
    "power_factor(W/mK2),ZT,reference"
)


def test_estm_parts_samples_where_a_temperature_comes_back(tmp_path):
    rows = [
        ("Cu2Se", 400, "10.1/a"),
        ("Cu2Se", 350, "10.1/a"),
        ("Cu2Se", 500, "10.1/a"),
        ("SnSe", 300, "10.1/b"),
        ("SnSe", 400, "10.1/b"),
        ("SnSe", 300, "10.1/b"),
        ("SnSe", 400, "10.1/b"),
    ]
    lines = [f"{f},{T},{100 + k},{50000 - k},1.2,0.0005,0.2,{doi}" for k, (f, T, doi) in enumerate(rows)]
    path = write(tmp_path, "estm.csv", "\n".join([ESTM, *lines]) + "\n")
    found = readers.read(path)
    assert [(m.name, m.provenance.doi, m.seebeck.T.tolist()) for m in found] == [
        ("Cu2Se", "10.1/a", [350.0, 400.0, 500.0]),  # no order in the file, but one sample
        ("SnSe", "10.1/b", [300.0, 400.0]),
        ("SnSe", "10.1/b", [300.0, 400.0]),
    ]
    assert found[0].seebeck.values.tolist() == pytest.approx([101e-6, 100e-6, 102e-6], rel=1e-12)
    assert found[0].provenance.source == "ESTM (doi 10.1038/s41524-022-00897-2)"


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({"formula": "Te1.02I0.0005Pb1.00025Zn0.02"}, ["113"]),
        ({"formula": "snte"}, ["114"]),
        ({"elements": ("Te", "Pb")}, ["113"]),
        ({"elements": ("Te",)}, ["113", "114"]),
        ({"doi": "10.1021/"}, ["113"]),
        ({"carrier": "p"}, ["114"]),
        ({"T": "340 K"}, ["113", "114"]),
        ({"T": "300.5 K"}, ["114"]),
        ({"min_zT": 0.4}, ["113"]),
        ({"min_zT": 0.4, "T": 310.0}, []),
    ],
)
def test_selection(tmp_path, wanted, keys):
    path = write(tmp_path, "curves.csv", starrydata(*COMPLETE, *INCOMPLETE, *UNRELATED))
    assert [s.key for s in readers.samples(path, where=readers.Selection(**wanted))] == keys


def test_an_outline_has_the_numbers_of_the_material(tmp_path):
    path = write(tmp_path, "curves.csv", starrydata(*COMPLETE))
    (source,) = readers.sources(path)
    (material,) = readers.read(path)
    seen = readers.outline(source.points(), 310.0)
    assert (seen.carrier, seen.T_min, seen.T_max) == (material.carrier, *material.T_range)
    linear = material.with_interpolation("linear")
    assert seen.zT == pytest.approx(float(linear.zT(310.0)), rel=1e-12)
    assert np.isnan(readers.outline(source.points(), 900.0).zT)


def test_a_selection_names_the_nearest_element():
    with pytest.raises(InputError, match='element = "te": .* did you mean "Te"'):
        readers.Selection(elements=("te",), min_zT=-1.0)


def test_points_that_were_not_read_are_no_points(tmp_path):
    path = write(tmp_path, "curves.csv", starrydata((PBTE, 1, SEEBECK, [300, None, 400], [1e-4, 1e-4, None])))
    (source,) = readers.sources(path)
    assert [v.tolist() for v in source.points()["seebeck"]] == [[300.0], [1e-4]]
