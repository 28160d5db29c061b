"""What every test and every docstring example shares."""

import gc
import os
from importlib.util import find_spec

import pytest
from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"  # pictures are drawn without a screen

# Examples drawn by hypothesis have no deadline: a busy machine is not a fault. Continuous integration
# draws the same ones every time, so that a change is judged by itself; elsewhere new ones are drawn.
settings.register_profile("ioffe", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("ioffe")


WITHOUT_NUMBA = "the compiled engine needs the extra fast (numba)"


ARRAYS_ONLY = ("__init__.py", "packing.py", "flatten.py", "test_packing.py", "test_flatten.py")
"""Files in the folders of the compiled engine that have no kernels."""


class NeedsNumba(pytest.File):
    """A file, or a folder, that cannot be imported without numba, which is an optional extra."""

    def collect(self):
        pytest.importorskip("numba", reason=WITHOUT_NUMBA)


class CompiledFolder(pytest.Dir):
    """A folder of which only some files can be imported without numba."""

    def collect(self):
        for found in super().collect():
            arrays = found.path.name in ARRAYS_ONLY
            yield found if arrays else NeedsNumba.from_parent(self, path=found.path)


def pytest_collect_directory(path, parent):
    """Leave out the kernels, their tests and their docstring examples where numba is not installed."""
    if path.name == "compiled" and find_spec("numba") is None:
        return CompiledFolder.from_parent(parent, path=path)
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collect without looking for garbage: all modules and tests stay, and are not looked at again later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items):
    """Skip single tests of the compiled engine: those marked, or with it as their parameter `engine`."""
    if find_spec("numba") is None:
        for item in items:
            parameters = getattr(getattr(item, "callspec", None), "params", {})
            if item.get_closest_marker("compiled") or parameters.get("engine") == "compiled":
                item.add_marker(pytest.mark.skip(reason=WITHOUT_NUMBA))


@pytest.fixture(autouse=True)
def docstring_examples_write_elsewhere(request, monkeypatch, tmp_path_factory):
    """Run docstring examples in a folder of their own, so that the files they save are gone afterwards."""
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.chdir(tmp_path_factory.mktemp("docstring"))
