"""`ioffe life`: what it prints, what it writes, and with which exit code it ends."""

import csv
import json

import pytest

from ioffe.cli.main import entry

FILE = """
format = 1
[leg]
name = "leg <A & B>"
material = "MgAgSb0.99In0.01"
length = "6 mm"
area = "3 mm x 3 mm"
contact = { electrical = "6 uohm cm2" }
[operate]
mode = "generate"
T_hot = "540 K"
T_cold = "303 K"
[life]
duration = "100 day"
times = ["0 day", "10 day", "50 day", "100 day"]
[[life.degradation]]
path = "contact_hot.electrical"
law = "linear"
change = { value = "900 uohm cm2", uncertainty = "10 %" }
time = "100 day"
activation_energy = "1 eV"
reference_temperature = "540 K"
source = "made up"
[[life.degradation]]
path = "contact_cold.electrical"
law = "linear"
change = "-1 uohm cm2"
time = "100 day"
[[life.measured]]
quantity = "max_power"
time = "50 day"
value = "60 mW"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leg.toml").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_results_pictures_and_report_are_written(folder, capsys):
    assert entry(["life", "leg.toml"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "-20 % of max_power" in out
    assert "contact_hot.electrical" in out
    assert "energy balance" in out
    made = {path.name for path in (folder / "leg-life").iterdir()}
    pictures = {f"{name}.{ending}" for name in ("life", "ageing") for ending in ("svg",)}
    assert made == {"result.json", "curves.csv", "report.html", *pictures}
    result = json.loads((folder / "leg-life" / "result.json").read_text(encoding="utf-8"))
    assert result["losses"][0]["reached"]
    with (folder / "leg-life" / "curves.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [1e-3 * float(row["max_power (mW)"]) for row in rows] == pytest.approx(result["max_power"])


def test_report_stands_alone_and_tells_everything(folder):
    assert entry(["life", "leg.toml"]) == 0
    page = (folder / "leg-life" / "report.html").read_text(encoding="utf-8")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page
    assert page.count("data:image/svg+xml;base64,") == 2
    assert "leg &lt;A &amp; B&gt;" in page
    for word in ("made up", "reduced time", "When it has lost", "Measured beside computed", "1 eV", "540 K"):
        assert word in page, word


def test_json_alone(folder, capsys):
    assert entry(["life", "leg.toml", "--json", "--bands", "none"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["bands"] == "none"
    assert [path.name for path in folder.iterdir()] == ["leg.toml"]


def test_numbers_alone(folder):
    assert entry(["life", "leg.toml", "--out", "here", "--no-report", "--bands", "none"]) == 0
    assert sorted(path.name for path in (folder / "here").iterdir()) == ["curves.csv", "result.json"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("contact_hot.electrical", "contact_hott.electrical", 'did you mean "contact_hot.electrical"'),
        ('"10 day", "50 day"', '"50 day", "10 day"', "time runs forwards"),
        ('"-1 uohm cm2"', '"-101 uohm cm2"', "stays above zero"),
        ('duration = "100 day"\n', "", "a time is expected"),
        ('law = "linear"', 'law = "liner"', "law"),
    ],
)
def test_bad_files_end_with_two_and_leave_nothing(folder, capsys, old, new, words):
    (folder / "leg.toml").write_text(FILE.replace(old, new), encoding="utf-8")
    assert entry(["life", "leg.toml"]) == 2
    assert words in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["leg.toml"]


def test_a_file_without_a_life(folder, capsys):
    (folder / "leg.toml").write_text(FILE.partition("[life]")[0], encoding="utf-8")
    assert entry(["life", "leg.toml"]) == 2
    assert "a table [life] is expected" in capsys.readouterr().err


AGED = "metal,t (h),T (degC),rho_c (uohm cm2)\n" + "".join(
    f"{name},{hours},267,{rho}\n"
    for name, points in {
        "A 1": ((0, 20.0), (200, 12.5), (400, 9.0), (800, 8.2)),
        "B": ((0, 5.0), (12, 640.0)),
    }.items()
    for hours, rho in points
)


def test_a_table_of_aged_contacts_becomes_the_life_of_a_device(folder, capsys):
    (folder / "ageing.csv").write_text(AGED, encoding="utf-8")
    assert entry(["life", "leg.toml", "--ageing", "ageing.csv", "--no-report", "--out", "out"]) == 0
    out = capsys.readouterr().out
    assert "fresh to the end, by junction" in out
    assert "2 points determine no law" in out
    written = {str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*.*")}
    assert written == {
        *("points.csv", "result.json", "A-1/result.json", "A-1/curves.csv", "B/result.json", "B/curves.csv"),
    }
    found = json.loads((folder / "out" / "B" / "result.json").read_text(encoding="utf-8"))
    assert found["axes"]["time"][-1] == pytest.approx(100 * 86400.0)
    ageing = found["contact_hot.electrical"]
    assert (ageing[0], ageing[-1]) == pytest.approx((5.0e-10, 640e-10))
    assert found["contact_cold.electrical"][-1] < found["contact_cold.electrical"][0]


def test_one_junction_over_another_time_as_json(folder, capsys):
    text = FILE[: FILE.index("[life]")]
    (folder / "bare.toml").write_text(text, encoding="utf-8")
    (folder / "ageing.csv").write_text(AGED, encoding="utf-8")
    arguments = ["life", "bare.toml", "--ageing", "ageing.csv", "--junction", "A 1", "--duration", "1 year"]
    assert entry([*arguments, "--at", "contact_cold.electrical", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ageing"]["laws"]["A 1"] == "relaxation"
    (life,) = found["junctions"].values()
    assert life["axes"]["time"][-1] == pytest.approx(31557600.0)
    assert "contact_cold.electrical" in life
    assert entry(["life", "bare.toml", "--junction", "B"]) == 2
    assert "--ageing FILE" in capsys.readouterr().err
