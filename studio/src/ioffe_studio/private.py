"""Private folders of requests, named after the process that works in them, so that none outlives its process.

A request removes its own; of a process that was ended, its server does, and of an ended server, the next one.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "ioffe-studio-"
_NAME: Final = re.compile(rf"{PREFIX}(\d+)-\w+")


def made() -> tempfile.TemporaryDirectory[str]:
    """A new folder of this process, which only its user can open."""
    return tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)


def remove(pid: int) -> None:
    """Remove the folders of a process that has ended, or is about to."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}{pid}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of processes of this user that have ended."""
    if os.name != "posix":  # elsewhere signal 0 ends a process
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        named = _NAME.fullmatch(folder.name)
        with suppress(OSError):
            if named and folder.stat().st_uid == os.getuid() and not _is_alive(int(named[1])):
                shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
