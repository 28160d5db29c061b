"""The shape of the source tree: no cycles of imports, small files, one meaning for each class name."""

import textwrap
from pathlib import Path

import pytest

from tools import check_imports, count_lines

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "ioffe"


def write(folder: Path, files: dict[str, str]) -> Path:
    """A package with the given files."""
    for name, text in files.items():
        path = folder / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "house"


def cycles(folder: Path) -> list[list[str]]:
    return check_imports.cycles(check_imports.needed(check_imports.imports(folder)))


def test_no_cycle_of_imports():
    assert cycles(SOURCE) == []


def test_upward_places_exist():
    assert check_imports.UPWARD <= set(check_imports.modules(SOURCE))


def test_no_file_is_too_long():
    assert count_lines.long_files(SOURCE) == {}


def test_no_folder_is_too_full():
    assert count_lines.full_folders(SOURCE) == {}


def test_no_package_is_too_large():
    assert count_lines.large_packages(SOURCE) == {}


def test_a_class_name_means_one_thing():
    assert count_lines.shared_class_names(SOURCE) == {}


@pytest.mark.parametrize(
    "line",
    [
        "import house.b",
        "from house.b import x",
        "from house import b",
        "from .b import x",
        "from . import b",
        "def f():\n    from house.b import x",
        "class A:\n    async def f(self):\n        import house.b",
        "b = import_module('house.b')",
        "PLACES = {'x': 'house.b:x'}",
        "def f():\n    return import_module('house.b')",
        "try:\n    import house.b\nexcept ImportError:\n    pass",
        "if TYPE_CHECKING:\n    pass\nelse:\n    import house.b",
    ],
)
def test_cycle_is_found(tmp_path, line):
    folder = write(
        tmp_path, {"__init__.py": "", "a.py": line, "b.py": "import house.c", "c.py": "import house.a"}
    )
    assert cycles(folder) == [["house.a", "house.b", "house.c"]]


@pytest.mark.parametrize(
    "line",
    [
        "if TYPE_CHECKING:\n    from house.b import x",
        "import typing\nif typing.TYPE_CHECKING:\n    def f():\n        import house.b",
        "import numpy",
        "from house.c import b",
        "'see house.b'",
    ],
)
def test_what_is_no_cycle(tmp_path, line):
    folder = write(tmp_path, {"__init__.py": "", "a.py": line, "b.py": "import house.a", "c.py": ""})
    assert cycles(folder) == []


def test_cycle_through_a_stub_is_found(tmp_path):
    folder = write(
        tmp_path,
        {
            "__init__.py": "",
            "rooms/__init__.py": "",
            "rooms/__init__.pyi": "from house.rooms.a import x as x",
            "rooms/a.py": "from house.rooms import x",
        },
    )
    assert cycles(folder) == [["house.rooms", "house.rooms.a"]]


def test_declared_place_may_look_up(tmp_path, monkeypatch):
    folder = write(
        tmp_path,
        {"__init__.py": "", "low.py": "def f():\n    import house.high", "high.py": "import house.low"},
    )
    assert cycles(folder)
    monkeypatch.setattr(check_imports, "UPWARD", frozenset({"house.low"}))
    assert not cycles(folder)


def test_every_way_to_write_a_class_is_counted(tmp_path):
    folder = write(
        tmp_path,
        {
            "a.py": "class Row: ...",
            "b.py": "def f():\n    class _Row: ...",
            "c/d.py": "class Line: ...",
        },
    )
    assert count_lines.shared_class_names(folder) == {"Row": ["a.py", "b.py"]}


def test_code_lines():
    text = textwrap.dedent(
        '''\
        """A module.

        More."""
        import os  # why


        def f(
            x,
        ):
            """Return x."""
            # no
            return """a
            b"""
        '''
    )
    assert count_lines.code_lines(text) == 6


def test_limits_are_found(tmp_path, monkeypatch):
    folder = write(tmp_path, {f"a/{name}.py": "x = 1\n" * 4 for name in "bcd"})
    for name in ("LONGEST_FILE", "LARGEST_FOLDER", "LARGEST_PACKAGE"):
        monkeypatch.setattr(count_lines, name, 2)
    assert len(count_lines.findings(folder)) == 5
