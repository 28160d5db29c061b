"""The page is built from what the repository holds, and every bundled package brings its licence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

STUDIO = Path(__file__).parents[2]
PAGE = STUDIO / "page"
STATIC = STUDIO / "src" / "ioffe_studio" / "static"
OWN = [*PAGE.glob("*.ts"), *(PAGE / "src").rglob("*.ts"), *(PAGE / "src").rglob("*.tsx")]


def test_the_lock_file_names_no_host():
    text = (PAGE / "package-lock.json").read_text(encoding="utf-8")
    assert "http" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for place, package in packages.items() if place)


def test_no_file_is_long_and_all_of_them_are_few():
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in OWN}
    assert {name: count for name, count in lines.items() if count > 300} == {}
    assert sum(lines.values()) < 4000


def test_the_page_knows_no_quantity():
    """Labels, units and symbols come from the server: none of the quantity table's stands in the sources."""
    from ioffe.base.quantities import QUANTITIES

    code = "\n".join(path.read_text(encoding="utf-8") for path in OWN)
    texts = set(re.findall(r"[\"'`]([^\"'`\n]*)[\"'`]", code))
    quantities = list(QUANTITIES.values())
    assert {row.name for row in quantities if "_" in row.name} & texts == set()
    assert {row.label for row in quantities if " " in row.label} & texts == set()
    assert {row.unit for row in quantities if len(row.unit) > 2} & texts == set()


def test_the_built_page_needs_nothing_inline_and_nothing_from_elsewhere():
    html = (STATIC / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", html) == []
    links = re.findall(r"(?:src|href)=\"([^\"]*)\"", html)
    assert links
    assert all(link.startswith("./") for link in links)


def test_every_bundled_package_brings_its_licence():
    packages = json.loads((PAGE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    bundled = {
        place.removeprefix("node_modules/") for place, own in packages.items() if place and not own.get("dev")
    }
    told = (STATIC / "licences.txt").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\S+) \d+\.\S+, \S+\n=+$", told, re.MULTILINE))
    assert named == bundled
    assert told.count("Permission is hereby granted") >= len(bundled)


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A wheel from the source, and one from the unpacked sdist; both with Node from PyPI alone."""
    folder = tmp_path_factory.mktemp("built")

    def build(kind: str, source: Path) -> Path:
        command = [
            sys.executable,
            "-m",
            "build",
            "--no-isolation",
            f"--{kind}",
            "--outdir",
            str(folder / source.name),
        ]
        environment = {**os.environ, "PATH": str(folder)}  # no Node of the system
        done = subprocess.run(
            [*command, str(source)], check=False, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        (found,) = (folder / source.name).glob("*.whl" if kind == "wheel" else "*.tar.gz")
        return found

    sdist = build("sdist", STUDIO)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    return {"sdist": sdist, "source": build("wheel", STUDIO), "unpacked": build("wheel", unpacked)}


def test_wheels_from_source_and_sdist_are_equal(made):
    source, unpacked = contents(made["source"]), contents(made["unpacked"])
    assert source.keys() == unpacked.keys()
    assert [name for name in source if source[name] != unpacked[name]] == []
    assert "ioffe_studio/static/index.html" in source
    assert "ioffe_studio/static/licences.txt" in source


def test_the_sdist_holds_nobody_elses_code(made):
    with tarfile.open(made["sdist"]) as archive:
        names = archive.getnames()
    assert [name for name in names if "node_modules" in name or "/static/" in name] == []
    assert any(name.endswith("page/package-lock.json") for name in names)
