"""Compiled kernels are kept on disk, found again, and made anew when a source changes."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from ioffe.engine import compiled
from ioffe.engine.compiled import cache

OUTER = """
from inner import twice
from ioffe.engine.compiled.cache import kernel

@kernel
def outer(x):
    return twice(x) + 1.0
"""
INNER = """
from ioffe.engine.compiled.cache import kernel

@kernel(fast=True, inline=True)
def twice(x):
    return {factor} * x
"""
RUN = """
from outer import outer
value = outer(3.0)
stats = outer.stats
print(value, sum(stats.cache_hits.values()), sum(stats.cache_misses.values()), stats.cache_path)
"""


def run(folder, kept):
    """Value, hits and misses of a kernel in a process of its own, and where it was kept."""
    paths = [str(folder), str(Path(compiled.__file__).parents[3])]
    environment = {**os.environ, "IOFFE_CACHE": str(kept), "PYTHONPATH": os.pathsep.join(paths)}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # bytecode goes by seconds and size: both sources have one
    environment.pop("NUMBA_CACHE_DIR", None)
    out = subprocess.run(
        [sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    value, hits, misses, path = out.stdout.split(maxsplit=3)
    return float(value), int(hits), int(misses), path.strip()


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "outer.py").write_text(OUTER)
    (folder / "inner.py").write_text(INNER.format(factor="2.0"))
    return folder


def test_kernels_are_kept_until_a_source_changes_or_a_file_is_damaged(sources, tmp_path):
    """One folder through five processes: what was marked as ready here ends with a change of any source."""
    kept = tmp_path / "kept"
    value, hits, misses, path = run(sources, kept)
    assert (value, hits, misses) == (7.0, 0, 1)
    folder = Path(path)
    assert folder.parent == kept / "kernels"
    assert list(folder.glob("*outer*.nbi"))
    tag = sys.implementation.cache_tag
    now, other = folder / f"ready-{tag}-here", folder / "ready-another-python-here"
    for marker in (now, other):
        marker.write_text(compiled.stamp(sources))
    assert run(sources, kept)[:3] == (7.0, 1, 0)
    assert now.exists()
    (sources / "inner.py").write_text(INNER.format(factor="5.0"))
    value, hits, misses, path = run(sources, kept)
    assert (value, hits, misses) == (16.0, 0, 1)
    assert not now.exists()
    assert other.exists()
    assert run(sources, kept)[:3] == (16.0, 1, 0)
    for file in Path(path).iterdir():
        file.write_bytes(b"nothing")
    assert run(sources, kept)[:3] == (16.0, 0, 1)


READY = """
import sys
from ioffe.engine import compiled
if sys.argv[1:]:
    compiled.kernel_folder(compiled.SOURCES).mkdir(parents=True, exist_ok=True)
    compiled.mark_ready()
print(compiled.is_ready())
"""


def test_kernels_of_another_installation_are_not_ready_here(tmp_path):
    """The same sources in another folder: numba keeps kernels by the path of their source."""
    own = Path(compiled.__file__).parents[2]
    other = shutil.copytree(own, tmp_path / "other" / "ioffe", ignore=shutil.ignore_patterns("__pycache__"))

    def ready(package, *marking):
        environment = {**os.environ, "IOFFE_CACHE": str(tmp_path), "PYTHONPATH": str(package.parent)}
        command = [sys.executable, "-c", READY, *marking]
        out = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True, timeout=300
        )
        return out.stdout.strip() == "True"

    assert not ready(own)
    assert ready(own, "mark")
    assert ready(own)
    assert not ready(other)


def test_without_a_place_of_ours(sources, tmp_path):
    """Where the folder cannot be made, numba's own place beside the source serves."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    value, _, misses, path = run(sources, blocked)
    assert (value, misses) == (7.0, 1)
    assert Path(path) == sources / "__pycache__"


def test_functions_of_the_user_are_not_touched():
    import numba

    before = numba.config.CACHE_DIR

    @cache.kernel
    def shifted(x):
        return x + 1.0

    assert shifted(1.0) == 2.0
    assert numba.config.CACHE_DIR == before
    assert numba.core.caching.FunctionCache._impl_class is numba.core.caching.CompileResultCacheImpl


def test_nan_survives_in_fast_kernels():
    @cache.kernel(fast=True)
    def finite(values):
        count = 0
        for value in values:
            if np.isfinite(value):
                count += 1
        return count

    assert finite(np.array([1.0, np.nan, np.inf, 2.0])) == 2


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "home/.cache/ioffe"),
        ("linux", {"XDG_CACHE_HOME": "/xdg"}, "/xdg/ioffe"),
        ("darwin", {}, "home/Library/Caches/ioffe"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/ioffe"),
        ("win32", {}, "home/AppData/Local/ioffe"),
        ("linux", {"IOFFE_CACHE": "/mine"}, "/mine"),
    ],
)
def test_folder(monkeypatch, platform, variables, expected):
    for name in ("IOFFE_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("home"))
    assert compiled.cache_folder() == Path(expected)


def test_available_does_not_import_numba():
    ask = "from ioffe.engine import compiled\nprint(compiled.available(), 'numba' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(compiled.__file__).parents[3])}
    out = subprocess.run(
        [sys.executable, "-c", f"import sys\n{ask}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert out.stdout.split() == ["True", "False"]


def test_chunks_cover_everything_once():
    for count in (1, 2, 5, None):
        done, lock = [], threading.Lock()

        def part(start, stop, done=done, lock=lock):
            with lock:
                done.append((start, stop))

        cache.run_chunks(part, 23, count, size=5)
        assert sorted(done) == [(0, 5), (5, 10), (10, 15), (15, 20), (20, 23)]
    cache.run_chunks(lambda start, stop: pytest.fail(f"nothing to do from {start} to {stop}"), 0)


def test_an_error_in_a_thread_is_not_lost():
    def part(start, stop):
        if (start, stop) == (1, 2):
            raise RuntimeError("second half")

    with pytest.raises(RuntimeError, match="second half"):
        cache.run_chunks(part, 2, 2, size=1)


def test_threads():
    assert 1 <= cache.threads() <= (os.cpu_count() or 1)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs the permissions of POSIX")
def test_a_folder_that_others_may_write_holds_no_kernels(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    assert cache.is_own(tmp_path)
    tmp_path.chmod(0o770)
    assert cache.is_own(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o750
    tmp_path.chmod(0o777)
    assert not cache.is_own(tmp_path)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    assert not cache.is_own(tmp_path)


WARMED = """
from ioffe.engine import compiled
compiled.is_ready = lambda: False
compiled.mark_ready = lambda: None
from ioffe.solve.batch.solve import warm_up
warm_up()
print([name for name in ("vector.entry", "network", "search", "cells.stage") if not compiled.is_loaded(name)])
"""


def test_nothing_is_left_to_compile_after_warming_up():
    """What vectors take is solved by them alone: the other path needs a device of its own."""
    out = subprocess.run(
        [sys.executable, "-c", WARMED], capture_output=True, text=True, check=True, timeout=600
    )
    assert out.stdout.strip() == "[]"
