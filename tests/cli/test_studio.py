"""`ioffe studio` without the studio: it says what to install."""

from __future__ import annotations

import sys

import pytest

from ioffe.cli import studio
from ioffe.cli.main import entry


@pytest.fixture
def absent(monkeypatch):
    monkeypatch.setattr(studio, "find_spec", lambda _: None)
    for name in ("ioffe_studio", "ioffe_studio.limits"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("absent")
def test_without_the_studio_it_is_said_what_to_install(capsys):
    assert entry(["studio"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "make studio" in said
    assert 'pip install "ioffe[studio]"' in said


@pytest.mark.usefixtures("absent")
def test_help_needs_no_studio(capsys):
    assert entry(["studio", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "--host" in said
    assert "token" in said
    assert "Not installed" in said
