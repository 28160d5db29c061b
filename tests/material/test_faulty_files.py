"""Every fault of a bad file is said at once, with its line and what to do."""

import pytest

from ioffe.base.errors import InputError
from ioffe.material import readers
from ioffe.material.library import load_material
from ioffe.material.readers.files import ROW_LIMIT
from tests.material.samples import HEADER, ROWS, write


def faults(path, **more):
    with pytest.raises(InputError) as caught:
        readers.read(path, **more)
    assert all(fault.file.startswith(str(path)) or not fault.file for fault in caught.value.faults)
    return [str(fault).removeprefix(f"{path}: ") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (bytes(range(256)) * 9, "this is a binary file"),
        (b"%PDF-1.7\nT (K),S", "this is a binary file"),
        (b"T (K),S (uV/K)\n\x01\x02\x03", "this is a binary file"),
        (b"PK\x03\x04 renamed workbook", "this is a binary file"),
        (b"300,200,900,1.5\n350,210,850,1.4\n", '"300,200,900,1.5": no line with column headers was found'),
        (b"a,b,c\n1,2,3\n", "T (K)"),
        (HEADER.encode(), "line 1: there are no rows of numbers below the header"),
        (f'{HEADER}\n300,"200,900,1.5\n'.encode(), "line 2: the cells cannot be told apart"),
    ],
)
def test_files_that_hold_no_table(tmp_path, content, expected):
    (only,) = faults(write(tmp_path, "x.csv", content))
    assert expected in only


def test_a_misspelt_header_is_named_with_its_line(tmp_path):
    text = "Sample: X\n\nTemprature (K);Sebeck (uV/K);sigma (S/cm);kappa (W/(m K))\n300;200;900;1.5\n"
    (only,) = faults(write(tmp_path, "x.csv", text))
    assert only.startswith('line 3 = "Temprature (K);Sebeck (uV/K);')
    assert "no line with column headers was found" in only
    assert 'Temprature (K) (did you mean "temperature"?), Sebeck (uV/K) (did you mean "seebeck"?)' in only


def test_a_faulty_cell_is_one_fault(tmp_path):
    rows = "thrice,190,800,1.2,5 %\n400,200,850,1.4,few\n"
    found = faults(write(tmp_path, "x.csv", f"{HEADER},std S (uV/K)\n{rows}"))
    assert [fault.partition(":")[0] for fault in found] == [
        'line 2 = "thrice"',
        'line 2 = "5 %"',
        'line 3 = "few"',
    ]


@pytest.mark.parametrize(("rows", "first"), [("26,85;120\n126,85;130\n", "degC"), ("80;120\n90;130\n", "K")])
def test_a_temperature_that_begins_at_room_temperature_in_celsius_is_guessed_first(tmp_path, rows, first):
    found = faults(write(tmp_path, "x.csv", f"T;S (uV/K)\n{rows}"))
    assert f'write "T ({first})" or' in found[0]
    assert f'--map "T=T ({first})"' in found[0]


def test_missing_files_and_folders(tmp_path):
    assert faults(tmp_path / "none.csv") == ["there is no such file"]
    write(tmp_path, "zem-14.csv", "")
    for name in ("zem-41.csv", "zem_14.csv", "zem-14.json"):  # of no ending that is read, too
        with pytest.raises(InputError, match='did you mean "zem-14.csv"'):
            load_material(tmp_path / name)
    (folder,) = faults(tmp_path)
    assert "this is a folder" in folder


def test_a_header_without_units_is_refused_and_never_taken_for_SI(tmp_path):
    found = faults(write(tmp_path, "x.csv", f"T,S (uV/K),sigma,kappa (W/(m K))\n{ROWS}"))
    assert found == [
        (
            'column 1 = "T": the header has no unit; write "T (K)" or "T (degC)", whichever it is, '
            'or --map "T=T (K)" and the like'
        ),
        (
            'column 3 = "sigma": the header has no unit; write "sigma (S/cm)", or --map '
            '"sigma=sigma (S/cm)"; SI is not assumed'
        ),
    ]


def test_wrong_and_unknown_units(tmp_path):
    found = faults(write(tmp_path, "x.csv", f"T (K),S (uV),sigma (furlong),kappa (W/(m K))\n{ROWS}"))
    assert len(found) == 2
    assert found[0].startswith('column 2 = "S (uV)": a Seebeck coefficient is expected')
    assert '"uV" is a voltage' in found[0]
    assert found[1].startswith('column 3 = "sigma (furlong)": an electrical conductivity is expected')
    assert "furlong" in found[1].split(":", 1)[1]


def test_a_missing_property_names_the_columns_not_understood(tmp_path):
    (only,) = faults(write(tmp_path, "x.csv", f"T (K),Sebeck (uV/K),sigma (S/cm),kappa (W/(m K))\n{ROWS}"))
    assert "there are no values for the Seebeck coefficient" in only
    assert 'not used: Sebeck (uV/K) (did you mean "seebeck"?)' in only


def test_a_property_twice(tmp_path):
    (only,) = faults(
        write(tmp_path, "x.csv", "T (K),S (uV/K),alpha (uV/K),sigma (S/cm),kappa (W/mK)\n300,1,2,3,4\n")
    )
    assert only == 'column 3 = "alpha (uV/K)": this property has a column already; remove one of them'


def test_every_fault_of_the_cells_at_once(tmp_path):
    text = (
        f"{HEADER}\n"
        "300,200,900,1.5\n"
        "350,two,850,1.4\n"
        "400,nan,-800,1.3\n"
        "400,220,800,inf\n"
        "390,220,800 S/m,0\n"
        ",220,800,1.2\n"
        "450,#N/A,700,1.1\n"
    )
    found = faults(write(tmp_path, "x.csv", text))
    expected = [
        'line 3 = "two": S (uV/K): a number is expected, without unit',
        'line 6 = "800 S/m": sigma (S/cm): a number is expected, without unit',
        'line 5 = "inf": kappa (W/(m K)): a finite number is expected',
        "line 7 = 220.0: S (uV/K): there is no temperature to this value",
        "line 7 = 800.0: sigma (S/cm): there is no temperature to this value",
        "line 7 = 1.2: kappa (W/(m K)): there is no temperature to this value",
        'line 4 = "-800 S/cm": electrical_conductivity: the value must be above 0 S/m',
        'line 6 = "0 W/(m K)": thermal_conductivity: the value must be above 0 W/(m K)',
    ]
    for words in expected:
        assert any(fault.startswith(words) for fault in found), (words, found)
    assert len(found) == len(expected)


def test_temperatures_in_the_wrong_unit(tmp_path):
    (only,) = faults(write(tmp_path, "y.csv", f"{HEADER}\n-50,200,900,1.5\n50,210,850,1.4\n"))
    assert only.startswith('line 2 = "-50 K": a temperature above 0 K is expected; is it in degC?')


def test_an_ambiguous_comma(tmp_path):
    text = f"{HEADER}\n300,200,900,1.5\n".replace(",", ";").replace("900", "1,900")
    (only,) = faults(write(tmp_path, "x.csv", text))
    assert "may be a decimal mark or may part thousands" in only


def test_long_files_are_refused_before_they_are_parsed(tmp_path, monkeypatch):
    def never(*_args):
        raise AssertionError("the file was parsed")

    path = write(tmp_path, "long.csv", f"{HEADER}\n" + "300,200,900,1.5\n" * 1_000_000)
    monkeypatch.setattr("ioffe.material.readers.files.csv.reader", never)
    (only,) = faults(path)
    assert f"the file has 1000001 lines; at most {ROW_LIMIT} are read of a table" in only


def test_long_tables_are_refused_too(tmp_path):
    path = write(tmp_path, "long.csv", f"{HEADER}\n" + "300,200,900,1.5\n" * (ROW_LIMIT + 1))
    (only,) = faults(path)
    assert f"the file has {ROW_LIMIT + 2} lines" in only


def test_many_faults_are_counted(tmp_path):
    rows = "".join(f"{T},200,-{T},0\n" for T in range(300, 400))
    found = faults(write(tmp_path, "x.csv", f"{HEADER}\n{rows}"))
    assert len(found) == 21
    assert found[-1] == "and 180 more faults"
    found = faults(write(tmp_path, "y.csv", f"{HEADER}\n" + "x,y,z,w\n" * 100))
    assert len(found) == 12
    assert sum("(and 97 more below it)" in fault for fault in found) == 4


def test_an_unknown_format_and_a_file_of_another(tmp_path):
    path = write(tmp_path, "x.csv", f"{HEADER}\n{ROWS}")
    with pytest.raises(InputError, match=r'format = "starydata".*did you mean "starrydata"'):
        readers.read(path, format="starydata")
    for layout, column in (("starrydata", "prop_x"), ("tematdb", "tepvalue")):
        (only,) = faults(path, format=layout)
        assert "the columns of Starrydata" in only or "the columns of teMatDb" in only
        assert column in only


def test_nothing_dips_below_zero_between_the_points(tmp_path):
    """Interpolated by a cubic spline these points would; a reader uses pchip, which keeps between them."""
    text = f"{HEADER}\n300,200,900,5\n310,200,900,0.01\n320,200,900,0.01\n330,200,900,5\n"
    (m,) = readers.read(write(tmp_path, "x.csv", text))
    assert m.thermal_conductivity is not None
    assert m.thermal_conductivity.minimum() == 0.01
    with pytest.raises(InputError, match="between the points"):
        m.with_interpolation("cubic")


def test_units_that_a_comment_states_for_some_columns_alone(tmp_path):
    text = "# T in K, S in uV/K\nT,S,sigma,kappa\n300,200,900,1.5\n400,220,800,1.3\n"
    path = write(tmp_path, "x.csv", text)
    assert [text.partition(", or ")[2].partition(";")[0] for text in faults(path)] == [
        '--map "sigma=sigma (S/cm)"',
        '--map "kappa=kappa (W/(m K))"',
    ]
    rename = {"sigma": "sigma (S/cm)", "kappa": "kappa (W/(m K))"}
    (material,) = readers.read(path, options=readers.ReadOptions(rename=rename))
    assert material.electrical_conductivity(300.0) == pytest.approx(9e4)
    assert material.seebeck is not None
    assert material.seebeck(300.0) == pytest.approx(2e-4)


def test_the_unit_of_the_header_may_stand_behind_its_numbers(tmp_path):
    text = (
        "T (K),S (uV/K),rho (mohm cm),kappa (W/(m K))\n"
        "300 K,120.0 uV/K,0.909·10⁰,2.5\n400 K,140.8,1.321,2.2 W/(m K)\n"
    )
    (material,) = readers.read(write(tmp_path, "x.csv", text), carrier="p")
    assert material.seebeck is not None
    assert material.seebeck(400.0) == pytest.approx(140.8e-6)
    assert 1.0 / material.electrical_conductivity(300.0) == pytest.approx(0.909e-5)


def test_rows_of_a_longer_table_beside_are_not_left_out(tmp_path):
    text = (
        "A,,,B,\nT (K),S (uV/K),,T (K),S (uV/K)\n300,120,,300,180\n400,140,,400,211\n500,150,,,\n"
        "measured on Monday,,,,\n"
    )
    seen = readers.look(write(tmp_path, "x.csv", text))
    assert [row[4] for row in seen.rows] == ["3", "2"]
    assert [words for words in seen.not_used if "line" in words] == ['line 6 "measured on Monday"']


def test_a_temperature_that_is_empty_leaves_its_columns_to_the_other(tmp_path):
    text = "T (degC),S (uV/K),T (K),sigma (S/cm)\n27,120,,900\n127,140,,800\n"
    seen = readers.look(write(tmp_path, "x.csv", text))
    assert [row[5] for row in seen.rows] == ["300.1-400.1", "300.1-400.1"]
    assert seen.not_used == ("T (K) (it is empty)",)


def test_a_relative_density_is_none(tmp_path):
    text = "T (K),S (uV/K),sigma (S/cm),density (%)\n300,120,900,97\n"
    seen = readers.look(write(tmp_path, "x.csv", text))
    assert seen.not_used == ("density (%) (a part of the full density; --density states the density)",)


@pytest.mark.parametrize("name", ["/dev/zero", "x" * 5000, "a\0b"])
def test_names_that_are_no_file_of_a_material(name):
    with pytest.raises(InputError, match=r"a device or a pipe|no material of the library"):
        load_material(name)


def test_a_property_in_a_magnetic_field_is_none_of_the_sample_without_one(tmp_path):
    """Thermal transport of a PPMS in the layout of Quantum Design: fields scatter, and set other values."""
    head = (
        "[Header]\nTITLE,run 7\nBYAPP,THERMAL_TRANSPORT,1.0,1.1\nINFO,PPMS Release 1.1.5,APPNAME\n"
        "INFO,Bi2Te3 P3,SAMPLE_MATERIAL\n[Data]\nMagnetic Field (Oe),Sample Temp. (K),Conductivity (W/K-m),"
        "Cond. Std.Dev.,Bridge 1 Resistance (ohms)\n"
    )
    still = "0.1,300,1.5,0.01,\n-0.2,320,1.4,0.01,\n0.4,340,1.3,0.01,\n"
    fielded = "89990,300.2,1.2,0.01,\n90000.4,320.1,1.1,0.01,\n90010,340.1,1.0,0.01,\n"
    alone = readers.look(write(tmp_path, "still.dat", head + still))
    assert alone.kind == "thermal transport of a PPMS (Quantum Design, TTO)"
    assert [row[0] for row in alone.rows] == ["Bi2Te3 P3"]
    both = readers.look(write(tmp_path, "both.dat", head + still + fielded))
    assert [(row[0], row[4]) for row in both.rows] == [
        ("Magnetic Field (Oe) = 0", "3 with errors"),
        ("Magnetic Field (Oe) = 90000", "3 with errors"),
    ]


def test_a_look_shows_doubts_of_magnitude_and_what_is_refused(tmp_path):
    text = "T (K),S (uV/K),sigma (S/m),kappa (W/mK)\n300,150,{0},1.5\n400,170,1100,1.4\n500,190,1200,1.3\n"
    low = readers.look(write(tmp_path, "low.csv", text.format(1000)))
    assert "conductivity in S/cm labelled S/m?" in low.findings[0].message
    assert low.faults == ()
    wrong = readers.look(write(tmp_path, "wrong.csv", text.format(-1000)))
    assert [fault.location for fault in wrong.faults] == ["line 2"]
    part = readers.look(write(tmp_path, "part.csv", "T (K),kappa (W/mK)\n300,1.5\n400,-1.4\n"))
    assert len(part.faults) == 1


def test_the_unit_1_is_not_cut_off_the_numbers(tmp_path):
    text = "T (K),S (uV/K),sigma (S/cm),kappa (W/mK),zT (1)\n300,150,1000,1.5,0.41\n400,170,900,1.4,0.61\n"
    (found,) = readers.read(write(tmp_path, "a.csv", text))
    assert found.reported_zT is not None
    assert found.reported_zT.values.tolist() == [0.41, 0.61]


def test_the_zT_of_a_ppms_is_compared(tmp_path):
    head = "[Header]\nBYAPP,TTO,1.4\nINFO,K7,NAME: sample\n[Data]\nSample Temp. (K),Conductivity (W/K-m),"
    head += "Seebeck Coef. (uV/K),Resistivity (Ohm-m),Fig. Merit ZT (none),Fig. Merit Std.Dev. (none)\n"
    rows = [f"{T},1.5,150,1e-5,{T * 1.5e-3:.4f},0.01\n" for T in (200, 250, 300, 350, 400)]
    (found,) = readers.read(write(tmp_path, "tto.dat", head + "".join(rows)))
    assert found.reported_zT is not None
    assert found.reported_zT.std == pytest.approx(0.01)
    assert not [one for one in found.check() if one.code == "zT"]


def test_the_straightness_of_a_zem_with_the_unit_1_is_used(tmp_path):
    head = "No.\tMeasurement temp.(C)\tResistivity(Ohm m)\tSeebeck coeff.(V/K)\tR^2 by Seebeck (1)\n"
    rows = [f"{k}\t{27 + 50 * k}\t1.2e-5\t1.5e-4\t{0.981 if k == 3 else 0.999}\n" for k in range(6)]
    seen = readers.look(write(tmp_path, "zem.txt", head + "".join(rows)))
    assert [row[4] for row in seen.rows] == ["6", "5"]  # the resistivity, and S without the poor point
    assert any("0.981 is below 0.99" in text for text in seen.not_used)


def test_a_density_that_changes_counts_at_its_temperatures(tmp_path):
    head = "T (K),S (uV/K),sigma (S/cm),D (mm2/s),Cp (J/gK),density (g/cm3)\n"
    path = write(tmp_path, "d.csv", f"{head}300,150,1000,0.9,0.2,7.8\n400,170,900,0.9,0.2,6.1\n")
    material = load_material(path)
    assert material.thermal_conductivity is not None
    assert material.thermal_conductivity.values == pytest.approx([1.404, 1.098])
    assert "density 6.1 to 7.8 g/cm3" in material.provenance.reading


def test_temperatures_of_starrydata_in_celsius_are_chosen_by_their_kelvin(tmp_path):
    head = "SID,DOI,composition,sample_id,figure_id,prop_x,prop_y,unit_x,unit_y,x,y\n"
    curves = {
        "Seebeck coefficient,degC,uV/K": "[250,260,270]",
        "Electrical conductivity,degC,S*m^(-1)": "[9e4,8e4,7e4]",
        "Thermal conductivity,degC,W*m^(-1)*K^(-1)": "[2.5,2.4,2.3]",
    }
    rows = [
        f'9,10.1/z,SnSe,1,{k},Temperature,{name},"[27,127,227]","{y}"\n'
        for k, (name, y) in enumerate(curves.items())
    ]
    path = write(tmp_path, "s.csv", head + "".join(rows))
    assert len(readers.samples(path, where=readers.Selection(T=450.0))) == 1
    assert not readers.samples(path, where=readers.Selection(T=600.0))
