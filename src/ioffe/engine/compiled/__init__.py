"""The engine compiled to machine code by numba, for batches of very many devices.

Numba is optional (``pip install "ioffe[fast]"``): nothing outside this folder imports it, and this module
does not either. `cache` holds the decorator of all kernels and spreads work over threads, `packing` and
`flatten` bring tables and networks into flat arrays and need no numba. `plain` solves legs of one material
between given temperatures and `vector` networks of such legs, many at once in vector registers; what these
refuse, mostly side losses, `network` and `search` solve one device after the other. Ask
`available` before importing a module with kernels.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["available", "cache_folder", "is_loaded", "is_ready", "kernel_folder", "mark_ready", "stamp"]

SOURCES = Path(__file__).resolve().parent


def available() -> bool:
    """Whether numba is installed; it is not imported to find out."""
    return find_spec("numba") is not None


def is_ready() -> bool:
    """Whether all kernels of this installation are kept on disk, so that nothing has to be compiled."""
    if not available():
        return False
    with suppress(OSError):
        return _marker().read_text(encoding="utf-8") == stamp(SOURCES)
    return False


def is_loaded(module: str) -> bool:
    """Whether the kernels of a module of this folder have been called, so that a call costs nothing else."""
    found = sys.modules.get(f"{__name__}.{module}")
    return found is not None and found.is_loaded()


def cache_folder() -> Path:
    """Folder for what can be made again: ``IOFFE_CACHE`` or the user's cache folder of the system."""
    given = os.environ.get("IOFFE_CACHE")
    if given:
        return Path(given).expanduser()
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "ioffe"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "ioffe"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "ioffe"


def kernel_folder(sources: Path) -> Path:
    """Where the kernels of a folder of sources are kept; those of another installation are elsewhere."""
    name = hashlib.sha256(str(sources).encode()).hexdigest()[:16]
    return cache_folder() / "kernels" / name


def mark_ready() -> None:
    """Note that all kernels have been compiled from these sources."""
    _marker().write_text(stamp(SOURCES), encoding="utf-8")


def unmark_others(folder: Path, now: str) -> None:
    """A kernel of the stamp `now` takes the place of that of other sources: these are not ready any more."""
    for marker in folder.glob(f"ready-{sys.implementation.cache_tag}-*"):
        if marker.read_text(encoding="utf-8") != now:
            marker.unlink(missing_ok=True)


def _marker() -> Path:
    """File of the stamp of which all kernels are kept, for this version of Python and this processor."""
    return kernel_folder(SOURCES) / f"ready-{sys.implementation.cache_tag}-{_processor()}"


@lru_cache
def _processor() -> str:
    """Short hash of what numba makes code for; llvmlite is a small part of numba."""
    llvm: Any = import_module("llvmlite.binding")
    found = llvm.get_host_cpu_name() + llvm.get_host_cpu_features().flatten()
    return hashlib.sha256(found.encode()).hexdigest()[:16]


@lru_cache
def stamp(folder: Path) -> str:
    """Hash of all source files of a folder and of numba's version."""
    found = hashlib.sha256(version("numba").encode())
    for path in sorted(folder.rglob("*.py")):
        text = path.read_bytes()
        found.update(f"\0{path.relative_to(folder)}\0{len(text)}\0".encode())
        found.update(text)
    return found.hexdigest()
