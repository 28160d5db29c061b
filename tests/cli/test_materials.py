import json
import tomllib

import pytest
from click.testing import CliRunner

from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.cli.materials.commands import materials
from ioffe.cli.materials.selecting import print_lines
from ioffe.material import Material, library
from tests.material.samples import HEADER, ROWS, write

GOOD = f"{HEADER}\n{ROWS}"


def run(*arguments, code=0):
    result = CliRunner().invoke(materials, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_list_names_every_material():
    output = run("list")
    for name in library.names():
        assert name in output
    assert f"{len(library.names())} materials" in output


def test_list_filters():
    output = run("list", "--family", "MgAgSb", "--carrier", "p")
    assert "MgAgSb0.99In0.01" in output
    assert "2 materials" in output
    assert "No material fits" in run("list", "--family", "MgAgSb", "--carrier", "n")
    assert "4 materials" in run("list", "--kind", "solder")


@pytest.mark.parametrize("temperature", ["400", "400 K", "126.85 degC"])
def test_list_shows_zT_at_a_temperature(temperature):
    rows = json.loads(run("list", "--temperature", temperature, "--min-zT", "0.9", "--json"))
    assert {row["name"] for row in rows} == set(library.find(T=400.0, min_zT=0.9))
    for row in rows:
        assert row["zT"] == pytest.approx(library.load_material(row["name"]).zT(400.0), rel=1e-9)
        assert row["zT_temperature"] == pytest.approx(400.0)
    assert "zT at 400 K" in run("list", "--temperature", temperature)


def test_list_as_json_is_SI_with_the_source():
    rows = {row["name"]: row for row in json.loads(run("list", "--json"))}
    assert set(rows) == set(library.names())
    row = rows["MgAgSb0.99In0.01"]
    assert (row["T_min"], row["T_max"], row["carrier"], row["quality"]) == (300.0, 550.0, "p", "measured")
    assert row["doi"] == "10.1021/cm5041826"
    assert "CC BY 4.0" in row["licence"]
    assert row["zT"] == pytest.approx(1.04, abs=0.01)
    assert rows["Cu"]["zT"] is None


def test_list_refuses_nonsense():
    for arguments, words in (
        (["--temperature", "hot"], "--temperature"),
        (["--temperature", "5 mm"], "is a length"),
        (["--family", "skuterudite"], 'did you mean "skutterudite"'),
    ):
        with pytest.raises(InputError, match=words):
            run("list", *arguments)
    assert "Invalid value for '--carrier'" in run("list", "--carrier", "e", code=2)


def test_show():
    output = run("show", "mgagsb0.99in0.01")
    for words in (
        "MgAgSb0.99In0.01",
        "10.1021/cm5041826",
        "CC BY 4.0",
        "pchip",
        "155.4",
        "798.2",
        "1.026",
        "0.989",
    ):
        assert words in output
    metal = run("show", "Cu")
    assert "8.92 g/cm3" in metal
    assert "room temperature" in metal
    assert "zT" not in metal
    assert tomllib.loads(run("show", "Cu", "--card"))["name"] == "Cu"


def test_plot(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "wrote Bi0.42Sb1.58Te3.png" in run("plot", "Bi0.42Sb1.58Te3")
    assert (tmp_path / "Bi0.42Sb1.58Te3.png").read_bytes()[:4] == b"\x89PNG"
    run("plot", "MgAgSb", "Cu2S", "--out", tmp_path / "new" / "two.svg")
    assert "Cu2S" in (tmp_path / "new" / "two.svg").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="nosuch"):
        run("plot", "MgAgSb", "nosuch", "--out", tmp_path / "no.png")
    assert not (tmp_path / "no.png").exists()


def test_samples_of_a_file_are_chosen(tmp_path):
    rows = "".join(f"A,{row}\nB,{row}\n" for row in ROWS.splitlines() if row)
    path = write(tmp_path, "two.csv", f"sample,{HEADER}\n{rows}")
    assert 'Material("B"' in run("show", path, "--sample", "B")
    assert "wrote" in run("plot", path, "--out", tmp_path / "both.svg")
    for arguments, words in (([path], "choose one of: A, B"), (["Bi2Te3", "--sample", "A"], "no table of")):
        with pytest.raises(InputError, match=words):
            run("show", *arguments)


def test_check_prints_findings_and_exits_by_the_worst(tmp_path):
    assert "MgAgSb: nothing doubtful found" in run("check", "MgAgSb")
    output = run("check", "MgAgSb", "Cu2S")
    assert "warning [gap]" in output
    wrong = write(tmp_path, "wrong.csv", GOOD.replace("(S/cm)", "(S/mm)").replace("S/mm", "MS/m"))
    output = run("check", wrong, code=2)
    assert "error [conductivity-unit]" in output
    good = write(tmp_path, "good.csv", GOOD)
    assert "warning [few-points]" in run("check", good)


def test_check_reads_every_sample_of_a_file(tmp_path):
    text = "sample," + HEADER + "\n" + "".join(f"{s},{row}\n" for s in "AB" for row in ROWS.split())
    path = write(tmp_path, "two.csv", text)
    output = run("check", path)
    assert "A:" in output
    assert "B:" in output
    assert "A:" not in run("check", path, "--sample", "B")


def test_import_writes_a_card(tmp_path):
    path = write(tmp_path, "BiTe alloy.csv", "# doi: 10.1/x\n" + GOOD)
    output = run("import", path, "--out", tmp_path / "cards", "--carrier", "p")
    card = tmp_path / "cards" / "BiTe-alloy.toml"
    assert f"wrote {card}" in output
    m = Material.from_card(card)
    assert m == Material.from_csv(path, carrier="p")
    assert m.provenance.doi == "10.1/x"
    with pytest.raises(InputError, match="this card exists; use --force"):
        run("import", path, "--out", tmp_path / "cards")
    run("import", path, "--out", tmp_path / "cards", "--force")


def test_cards_of_one_import_never_take_the_place_of_each_other(tmp_path):
    names = ("A", "A-2", "a", "a 2")
    text = "sample," + HEADER + "\n" + "".join(f"{s},{row}\n" for s in names for row in ROWS.split())
    run("import", write(tmp_path, "many.csv", text), "--out", tmp_path / "cards")
    cards = list((tmp_path / "cards").iterdir())
    assert {Material.from_card(card).name for card in cards} == set(names)
    assert len({card.name.casefold() for card in cards}) == len(names)


def test_import_joins_the_files_of_one_sample(tmp_path):
    head, *rows = (line.split(",") for line in GOOD.strip().splitlines())
    parts = {"zem.csv": (0, 1, 2), "lfa.csv": (0, 3)}
    for name, columns in parts.items():
        text = "\n".join(",".join(row[k] for k in columns) for row in (head, *rows))
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [tmp_path / name for name in parts]
    assert "joined: zem.csv, lfa.csv" in run("import", *files, "--out", tmp_path)
    (card,) = tmp_path.glob("*.toml")
    assert Material.from_card(card).zT(400.0) > 0.0


def test_import_chooses_and_lists_samples(tmp_path):
    text = (
        "sample," + HEADER + "\n" + "".join(f"{s},{row}\n" for s in ("A", "a", "B") for row in ROWS.split())
    )
    path = write(tmp_path, "many.csv", text)
    listing = run("import", path, "--list-samples", "--out", tmp_path / "cards")
    assert "seebeck" in listing
    assert not (tmp_path / "cards").exists()
    run("import", path, "--sample", "B", "--out", tmp_path / "one")
    assert [p.name for p in (tmp_path / "one").iterdir()] == ["B.toml"]
    run("import", path, "--out", tmp_path / "all")
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == ["A.toml", "B.toml", "a-2.toml"]


def test_a_faulty_file_writes_nothing_and_exits_with_two(tmp_path, capsys):
    path = write(tmp_path, "bad.csv", GOOD.replace("210", "x").replace("1.3", "-1.3"))
    assert entry(["materials", "import", str(path), "--out", str(tmp_path / "cards")]) == 2
    text = capsys.readouterr().err
    assert "2 faults in the input" in text
    assert 'line 3 = "x"' in text
    assert 'line 4 = "-1.3 W/(m K)"' in text
    assert not (tmp_path / "cards").exists()


def test_exit_codes_of_the_whole_command(tmp_path, capsys):
    wrong = write(tmp_path, "wrong.csv", GOOD.replace("uV/K", "V/K"))
    assert entry(["materials", "check", str(wrong)]) == 2
    assert "seebeck-unit" in capsys.readouterr().out
    assert entry(["materials", "check", "MgAgSb"]) == 0
    assert entry(["materials", "show", "MgAgSb0.99In"]) == 2
    assert 'did you mean "MgAgSb0.99In0.01"?' in capsys.readouterr().err
    assert entry(["materials", "import", str(tmp_path / "none.csv")]) == 2


def test_list_of_a_file_is_one_line_a_sample(tmp_path):
    rows = "".join(f"{s},{row}\n" for s in ("PbTe", "SnSe") for row in ROWS.split())
    path = write(tmp_path, "two.csv", f"sample,{HEADER}\n{rows}")
    lines = run("list", path).splitlines()
    assert lines[0].split() == ["sample", "name", "type", "T", "(K)", "zT", "DOI", "not", "measured"]
    assert [line.split()[0] for line in lines[1:3]] == ["PbTe", "SnSe"]
    (row,) = json.loads(run("list", path, "--element", "Sn", "--min-zT", "0.1", "--json"))
    material = Material.from_csv(path, sample="SnSe")
    assert (row["sample"], row["carrier"]) == ("SnSe", "p")
    assert row["zT"] == pytest.approx(max(material.zT(material.seebeck.T)), rel=1e-9)
    assert "No sample fits" in run("list", path, "--formula", "CoSb3")
    with pytest.raises(InputError, match="--kind"):
        run("list", path, "--kind", "metal")


def test_list_of_the_library_is_one_line_a_material_in_a_pipe():
    lines = run("list").splitlines()
    assert len(lines) == len(library.names()) + 2
    assert all("Te" in line for line in run("list", "--element", "Te").splitlines()[1:-1])


def test_long_names_of_samples_keep_the_columns_straight(capsys):
    assert print_lines(("sample", "type"), (4, 0), [("a", "n"), ("series/x = 1", "p")]) == 2
    assert {line.split()[-1]: len(line) for line in capsys.readouterr().out.splitlines()} == {
        "type": 18,
        "p": 15,
        "n": 15,
    }
