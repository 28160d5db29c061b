"""Old names warn, work, and go in time."""

import subprocess
import sys
from dataclasses import dataclass

import pytest

from ioffe.base import deprecation
from ioffe.base.deprecation import (
    Deprecation,
    RenamedWarning,
    renamed_arguments,
    renamed_attribute,
    renamed_function,
)

VERSIONS = {"since": "0.2", "removal": "0.4"}


@pytest.fixture(autouse=True)
def own_list(monkeypatch):
    """What the tests of the helpers deprecate is forgotten afterwards."""
    monkeypatch.setattr(deprecation, "DEPRECATIONS", [])


EVERY_OLD_NAME = """
import importlib, pkgutil
import ioffe
from ioffe.base.deprecation import DEPRECATIONS

for module in pkgutil.walk_packages(ioffe.__path__, "ioffe."):
    try:
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        if error.name != "numba":
            raise
for one in DEPRECATIONS:
    if one.is_overdue(ioffe.__version__):
        print(one)
"""


def test_nothing_is_overdue():
    """The test that enforces the policy: remove the old name, do not move its date."""
    done = subprocess.run([sys.executable, "-c", EVERY_OLD_NAME], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_function():
    def load_material(name, *, strict=False):
        """Load it."""
        return name, strict

    load = renamed_function(load_material, "load", **VERSIONS)
    with pytest.warns(
        RenamedWarning, match='^"load" is called "load_material" since version 0.2; .* 0.4$'
    ) as seen:
        assert load("Bi2Te3", strict=True) == ("Bi2Te3", True)
    assert seen[0].filename == __file__
    assert load.__name__ == "load"
    assert [one.removal for one in deprecation.DEPRECATIONS] == ["0.4"]


def test_arguments():
    @renamed_arguments(**VERSIONS, hot="T_hot", cold="T_cold")
    def difference(T_hot, T_cold):
        return T_hot - T_cold

    with pytest.warns(RenamedWarning, match='difference: the argument "hot" is called "T_hot"') as seen:
        assert difference(hot=400.0, T_cold=300.0) == 100.0
    assert seen[0].filename == __file__
    with pytest.warns(RenamedWarning) as seen:
        assert difference(hot=400.0, cold=300.0) == 100.0
    assert len(seen) == 2
    assert difference(400.0, 300.0) == difference(T_hot=400.0, T_cold=300.0) == 100.0
    with pytest.raises(TypeError, match='"hot" and "T_hot" are the same argument'):
        difference(hot=400.0, T_hot=400.0, T_cold=300.0)


def test_attribute():
    @dataclass(frozen=True)
    class Plate:
        thickness: float
        height = renamed_attribute("thickness", **VERSIONS)

    plate = Plate(1e-3)
    with pytest.warns(RenamedWarning, match='Plate: the attribute "height" is called "thickness"') as seen:
        assert plate.height == 1e-3
    assert seen[0].filename == __file__
    assert isinstance(Plate.height, renamed_attribute)


@pytest.mark.parametrize(
    ("version", "overdue"),
    [
        ("0.1.0", False),
        ("0.3.9", False),
        ("0.4.0.dev0", True),
        ("0.4", True),
        ("0.10.0", True),
        ("1.0.0rc1", True),
    ],
)
def test_overdue(version, overdue):
    assert Deprecation("a", "b", **VERSIONS).is_overdue(version) is overdue


@pytest.mark.parametrize(("since", "removal"), [("0.4", "0.4"), ("0.10", "0.9"), ("soon", "later")])
def test_impossible_versions(since, removal):
    with pytest.raises(ValueError, match="must come after"):
        Deprecation("a", "b", since=since, removal=removal)
