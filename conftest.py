"""What every test and every docstring example shares."""

import os

import pytest
from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"  # pictures are drawn without a screen

# Examples drawn by hypothesis have no deadline: a busy machine is not a fault. Continuous integration
# draws the same ones every time, so that a change is judged by itself; elsewhere new ones are drawn.
settings.register_profile("ioffe", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("ioffe")


@pytest.fixture(autouse=True)
def docstring_examples_write_elsewhere(request, monkeypatch, tmp_path_factory):
    """Run docstring examples in a folder of their own, so that the files they save are gone afterwards."""
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.chdir(tmp_path_factory.mktemp("docstring"))
