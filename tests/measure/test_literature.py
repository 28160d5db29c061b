"""Values of the literature beside one's own: tables with DOIs, cards, and the picture."""

import json

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.material import library
from ioffe.measure import LiteratureCurve, curve_of, read_literature
from ioffe.measure.literature import table_of
from ioffe.report.overlay import overlay_figure

AGES = "electrical_contact_resistivity"
AGED = (
    "name,doi,time (day),electrical_contact_resistivity (uohm cm2),std (uohm cm2)\n"
    "Sb,https://doi.org/10.1000/b,30,7.9,0.8\nSb,10.1000/b,0,20.8,1.0\nours,,0,10,0.5\nours,,10,12,0.6\n"
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "aged.csv"
    path.write_text(AGED, encoding="utf-8")
    return path


def test_rows_of_one_name_and_source_are_one_curve(table):
    other, own = read_literature(table, "time", "electrical_contact_resistivity")
    assert (other.name, other.doi, own.doi) == ("Sb", "10.1000/b", "")
    assert other.x == pytest.approx([0.0, 30 * 86400.0])
    assert other.y == pytest.approx([20.8e-10, 7.9e-10])
    assert other.std == pytest.approx([1.0e-10, 0.8e-10])
    assert other.relative().y == pytest.approx([1.0, 7.9 / 20.8])
    assert other.relative().std == pytest.approx([1.0 / 20.8, 0.8 / 20.8])


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        ("efficiency (%)", "8.0 +- 0.3"),
        ("efficiency (%)", "8.0 ± 0.3 %"),
        ("efficiency (%),efficiency_std", "8.0,0.3"),
        ("efficiency (%),efficiency_std (%)", "8.0,0.3"),
        ("efficiency,efficiency_std (%)", "0.08,3.75"),
    ],
)
def test_errors_of_values_in_per_cent_are_points_of_per_cent(tmp_path, heads, row):
    path = tmp_path / "eta.csv"
    path.write_text(f"name,delta_T (K),{heads}\nA,300,{row}\n", encoding="utf-8")
    (curve,) = read_literature(path, "delta_T", "efficiency")
    assert curve.y == pytest.approx([0.08])
    assert curve.std == pytest.approx([0.003])


def test_the_picture_has_the_units_of_the_field(table):
    curves = read_literature(table, "time", "electrical_contact_resistivity")
    panel = overlay_figure(curves, "time", "electrical_contact_resistivity").axes[0]
    lines = [line for line in panel.lines if line.get_label() in ("Sb", "ours")]
    assert lines[0].get_ydata() == pytest.approx([20.8, 7.9])
    assert [line.get_fillstyle() for line in lines] == ["none", "full"]
    assert "cm²" in panel.get_ylabel()
    relative = overlay_figure(curves, "time", "electrical_contact_resistivity", relative=True).axes[0]
    assert relative.lines[0].get_ydata() == pytest.approx([1.0, 7.9 / 20.8])
    assert "first value" in relative.get_ylabel()


def test_a_card_is_a_curve_with_its_source():
    material = library.load_material("MgAgSb0.99In0.01")
    found = curve_of(material, "zT")
    assert found.doi == material.provenance.doi
    assert found.y[10] == pytest.approx(float(material.zT(found.x[10])))


def test_the_command(table, tmp_path, capsys):
    out = str(tmp_path / "out")
    typed = ["measure", "overlay", str(table), "--x", "time", "--y", "electrical_contact_resistivity"]
    assert entry([*typed, "--relative", "--json", "--out", out]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sources"] == ["Sb: doi 10.1000/b"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "curves.csv",
        "overlay.svg",
        "result.json",
    ]
    path = tmp_path / "zT.csv"
    path.write_text("name,temperature (K),zT\nours,300,0.5\nours,400,0.9\n", encoding="utf-8")
    typed = ["measure", "overlay", str(path), "--x", "temperature", "--y", "zT", "--json"]
    assert entry([*typed, "--material", "MgAgSb0.99In0.01"]) == 0
    assert len(json.loads(capsys.readouterr().out)["curves"]) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--x", "tim", "--y", "zT"], 'did you mean "time"'),
        (["--x", "time", "--y", "efficiency"], '"efficiency (%)"'),
        (
            ["--x", "time", "--y", "electrical_contact_resistivity", "--material", "Cu"],
            "over the temperature",
        ),
    ],
)
def test_bad_input(table, capsys, options, words):
    assert entry(["measure", "overlay", str(table), *options, "--json"]) == 2
    assert words in capsys.readouterr().err


def test_nothing_relative_to_zero():
    with pytest.raises(InputError, match="other than 0"):
        LiteratureCurve("a", "", np.array([0.0]), np.array([0.0]), np.zeros(1)).relative()
    with pytest.raises(InputError, match="at least one curve"):
        overlay_figure([], "time", "zT")


def test_the_picture_has_the_sources(table):
    curves = read_literature(table, "time", AGES)
    figure = overlay_figure(curves, "time", AGES)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["Sb [1]", "ours"]
    assert figure._supxlabel.get_text() == "[1] doi 10.1000/b"


def test_short_headers_empty_cells_wrong_sources_and_values(tmp_path, capsys):
    path = tmp_path / "aged.csv"
    rows = "Sb,not a doi,0,20.8\nSb,not a doi,30,\nSb,not a doi,40,7.9\n"
    path.write_text("name,doi,time (day),rho_c (uohm cm2)\n" + rows, encoding="utf-8")
    (curve,) = read_literature(path, "time", AGES)
    assert curve.y == pytest.approx([20.8e-10, 7.9e-10])
    assert (
        entry(["measure", "overlay", str(path), "--x", "time", "--y", AGES, "--out", str(tmp_path / "o")])
        == 0
    )
    assert '"not a doi" is no DOI' in capsys.readouterr().out
    path.write_text("name,dT (K),eta\nours,250,60\n", encoding="utf-8")
    typed = [
        "measure",
        "overlay",
        str(path),
        "--x",
        "delta_T",
        "--y",
        "efficiency",
        "--out",
        str(tmp_path / "p"),
    ]
    assert entry(typed) == 0
    assert "outside of 0 to 30" in capsys.readouterr().out


def test_the_table_over_the_first_value_is_a_pure_number(table):
    made = table_of(read_literature(table, "time", AGES), "time", AGES, relative=True)
    heads, rows = made.rows(si=False)
    assert heads[3] == f"relative_{AGES}"
    assert [row[3] for row in rows] == pytest.approx([1.0, 7.9 / 20.8, 1.0, 1.2])
