"""`ioffe reproduce`: what it prints and writes, its exit codes, and pages that need nothing else."""

import json
import re

import pytest

from ioffe.cli.main import entry


def test_a_table_with_reasons_and_counts(capsys):
    assert entry(["reproduce", "S4", "--no-report"]) == 0
    text = capsys.readouterr().out
    for word in ("quantity", "published", "deviation", "class", "verdict", "Table S4", "not reproduced"):
        assert word in text
    assert "bulk_modulus (not reproduced): " in text
    assert re.search(r"S4 Pan +29 ", text)
    assert "predictions by verdict" in text
    assert "\\n" not in text  # cells of two lines


def test_json_alone_writes_no_file(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert entry(["reproduce", "pan", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    (source,) = data["sources"]
    assert source["tag"] == "S4"
    assert len(source["axes"]["key"]) == 29
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["S9"], "no source has this name"),
        (["S4", "--assume", "G"], "NAME=VALUE is expected"),
        (["S4", "--assume", "grain=2"], 'did you mean "grain_size"'),
        (["S4", "--assume", "grain_size=2 K"], "a value in um is expected"),
    ],
)
def test_wrong_input_ends_with_2_and_writes_nothing(arguments, words, capsys, tmp_path):
    assert entry(["reproduce", *arguments, "--out", str(tmp_path / "out")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery") / "pages"
    arguments = ["reproduce", "S4", "--out", str(folder), "--assume", "G=2.8", "--json"]
    assert entry(arguments) == 0
    return folder


def test_files_of_the_gallery(gallery):
    names = {path.name for path in gallery.iterdir()}
    assert {"index.html", "overview.png", "reproduction.json", "pan.html"} <= names
    assert {"pan-phonons.png", "pan-module.png"} <= names


@pytest.mark.parametrize("name", ["index.html", "pan.html"])
def test_a_page_needs_nothing_from_elsewhere(gallery, name):
    page = (gallery / name).read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|@import|url\(", page)
    sources = re.findall(r'src="([^"]{0,30})', page)
    assert sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    links = [link for link in re.findall(r'href="([^"]+)"', page) if not link.startswith(("#", "https://"))]
    assert all((gallery / link).exists() for link in links)


def test_a_changed_assumption_is_said_on_the_page(gallery):
    page = (gallery / "pan.html").read_text(encoding="utf-8")
    assert "Computed under changed assumptions: G." in page
    assert "2.8 (changed)" in page


def test_every_listed_value_stands_on_the_page(gallery):
    data = json.loads((gallery / "reproduction.json").read_text(encoding="utf-8"))
    page = (gallery / "pan.html").read_text(encoding="utf-8")
    (pan,) = data["sources"]
    cells = len(re.findall(r"<tr><td>", page))
    assert (
        cells == len(pan["axes"]["key"]) + len(pan["assumptions"]) + 10
    )  # the meanings of five classes and five verdicts
