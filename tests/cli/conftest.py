"""What tests of several commands share."""

import shutil
from pathlib import Path

import pytest

STUDIES = Path(__file__).parents[2] / "examples" / "studies"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder, with the studies of the examples."""
    shutil.copytree(STUDIES, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
