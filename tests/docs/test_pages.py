"""The reference and the glossary that are made from the package have every public name and every quantity."""

import importlib.util
from pathlib import Path

import pytest

import ioffe
from ioffe.base.quantities import QUANTITIES
from ioffe.study.designing.questions import QUESTIONS as QUESTIONS_OF_DESIGN

PAGES = Path(__file__).parents[2] / "docs" / "pages.py"


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """The program that makes the pages, writing into a folder of the test."""
    spec = importlib.util.spec_from_file_location("pages", PAGES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "HERE", tmp_path)
    return module


def test_reference_has_every_public_name_once(pages, tmp_path):
    left_over = tmp_path / "reference" / "ioffe.gone.rst"
    left_over.parent.mkdir()
    left_over.write_text("a namespace that was removed", encoding="utf-8")
    pages.write_reference()
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "reference").glob("*.rst")}
    assert texts.keys() == {
        "index",
        *(module.__name__ for module in pages.namespaces() if pages.public(module)),
    }
    described = [
        line.split(":: ")[1]
        for text in texts.values()
        for line in text.splitlines()
        if line.startswith((".. auto", ".. data:: "))
    ]
    assert set(pages.public(ioffe)) <= set(described)
    for module in pages.namespaces():
        for name in pages.public(module):
            assert f":py:obj:`{name} <ioffe." in texts[module.__name__]
            assert name in described


def test_glossary_has_every_quantity(pages, tmp_path):
    pages.write_glossary()
    text = (tmp_path / "glossary.md").read_text(encoding="utf-8")
    for quantity in QUANTITIES.values():
        assert f"\n`{quantity.name}`\n: " in text
        assert quantity.description in text
    leg = text.partition("\n`length`\n")[2].partition("\n`")[0]
    assert "$L$, m, shown in mm: length" in leg
    assert "<ioffe.Leg>`" in leg


def test_every_question_of_a_designer_is_listed(pages, tmp_path):
    pages.write_questions()
    text = (tmp_path / "made" / "design" / "questions.md").read_text(encoding="utf-8")
    for name, question in QUESTIONS_OF_DESIGN.items():
        assert f"| **{name}**: {question.asks} | {question.about} |" in text
    assert all(line.count(" | ") == 3 for line in text.splitlines() if not line.startswith("|--"))


def test_pages_are_written_when_they_change(pages, tmp_path):
    pages.write_glossary()
    before = (tmp_path / "glossary.md").stat().st_mtime_ns
    pages.write_glossary()
    assert (tmp_path / "glossary.md").stat().st_mtime_ns == before
