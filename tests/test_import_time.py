"""The public names, and what importing them loads. How long it takes belongs to the benchmarks."""

import subprocess
import sys

import pytest

import ioffe

HEAVY = {"scipy", "pydantic", "matplotlib", "rich", "jinja2", "pandas", "numba"}


def loaded_by(code: str) -> set[str]:
    """Names of the top-level packages that a fresh interpreter has loaded after running code."""
    program = (
        f"{code}\nimport sys\nprint('\\n'.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines())


def test_import_loads_nothing_heavy():
    loaded = loaded_by("import ioffe")
    assert "ioffe" in loaded
    assert not loaded & (HEAVY | {"click"})


def test_help_loads_nothing_heavy():
    loaded = loaded_by("from ioffe.cli.main import entry\nassert entry(['--help']) == 0")
    assert "click" in loaded
    assert not loaded & HEAVY


def test_errors_and_curve_load_numpy_at_most():
    assert not loaded_by("import ioffe\nioffe.InputError, ioffe.Curve") & HEAVY


@pytest.mark.parametrize("name", ioffe.__all__)
def test_public_name(name):
    value = getattr(ioffe, name)
    if isinstance(value, type):
        assert value.__module__.startswith("ioffe.")
    assert name in dir(ioffe)


def test_unknown_name():
    with pytest.raises(AttributeError, match="has no attribute 'Materiel'"):
        _ = ioffe.Materiel
