"""What the studio takes at most, and how it says so.

>>> check_shape(b'{"a": [1, 2]}')
>>> check_shape(b"[" * 1000)
Traceback (most recent call last):
    ...
ioffe_studio.limits.RefusedError: at most 64 levels of brackets are read
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from math import isfinite
from typing import Any, Final

BODY: Final = 100_000_000
"""Bytes of a request."""
DEPTH: Final = 64
"""Brackets within each other in a request."""
VALUES: Final = 1_000_000
"""Values of a request; the content of a file counts as one."""
FILES: Final = 100
"""Files of a request."""
UNPACKED: Final = 200_000_000
"""Bytes that a packed file may hold."""
RATIO: Final = 200
"""By how much a packed file of more than a megabyte may be smaller than what it holds."""
POINTS: Final = 20_000
"""Operating points of a curve, or cases of a study."""
SECONDS: Final = 60.0
"""Time of an answer; longer work is a job."""
JOB_HOURS: Final = 6.0
MEMORY: Final = 4_000_000_000
"""Bytes that each process may hold."""
KEPT_MINUTES: Final = 30.0
"""For which the outcome of a job is kept."""
JOBS: Final = 20
"""Jobs that wait, run or are kept."""

TEXT: Final = (
    f"Limits: requests of {BODY // 1_000_000} MB, {VALUES} values and {DEPTH} levels, {FILES} files, packed "
    f"files that hold {UNPACKED // 1_000_000} MB, {POINTS} operating points of a curve, "
    f"{SECONDS:.0f} s for an answer; "
    f"{MEMORY // 1_000_000_000} GB of memory for each process; "
    f"jobs of {JOB_HOURS:.0f} h, at most {JOBS}, whose outcome is kept for {KEPT_MINUTES:.0f} minutes."
)

# a string without an end is one up to the end of the text: none is looked at twice
_STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKETS: Final = re.compile(rb"[\[\]{}]")
_PIECES: Final = re.compile(r"[=#@,;\n]")
_ELSEWHERE: Final = re.compile(r"/|~|\\|[A-Za-z]:[\\/](?!/)|file:|(?:[^/\\]*[/\\])*\.\.(?:[/\\]|$)")
_NAME: Final = re.compile(r"[^/\\:\x00-\x1f]{1,200}")


class RefusedError(Exception):
    """A request is refused, for the reason that it states."""

    def __init__(self, text: str, code: int = 400) -> None:
        super().__init__(text)
        self.code = code


def as_table() -> dict[str, float]:
    """The limits by their names, for the page."""
    return {
        "body": BODY,
        "values": VALUES,
        "depth": DEPTH,
        "files": FILES,
        "unpacked": UNPACKED,
        "points": POINTS,
        "seconds": SECONDS,
        "memory": MEMORY,
        "jobs": JOBS,
    }


def limit_memory() -> None:
    """Hold this process, and those that it starts, to `MEMORY`: beyond it Python raises `MemoryError`.

    Linux counts by this limit what a process writes to, not the larger space that compiled code maps.
    """
    try:
        import resource
    except ModuleNotFoundError:  # not on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, most))


def check_shape(body: bytes) -> None:
    """Refuse a text with too many values, or brackets within each other, before it is parsed."""
    bare = _STRINGS.sub(b"", body)
    if sum(map(bare.count, (b",", b"[", b"{"))) > VALUES:
        raise RefusedError(f"at most {VALUES} values are read")
    depth = 0
    for mark in _BRACKETS.finditer(bare):
        depth += 1 if mark[0] in b"[{" else -1
        if depth > DEPTH:
            raise RefusedError(f"at most {DEPTH} levels of brackets are read")


def read_json(body: bytes) -> dict[str, Any]:
    """A request as an object; NaN, infinities and too deep ones are refused."""
    check_shape(body)
    try:
        found = json.loads(body, parse_constant=_no_number, parse_float=_finite)
    except RefusedError:
        raise
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"the request is no valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise RefusedError("the request must be a JSON object, in braces")
    return found


def _no_number(word: str) -> float:
    raise RefusedError(f"{word} is no number: finite numbers are expected")


def _finite(text: str) -> float:
    value = float(text)
    return value if isfinite(value) else _no_number(text)


def check_file(name: str, content: bytes) -> None:
    """Refuse a file whose name leads elsewhere, or that unpacks into far more than it is."""
    if name in (".", "..") or not _NAME.fullmatch(name) or name.startswith("~"):
        raise RefusedError(f"a file name without folders is expected, and {name[:80]!r} is none", 422)
    if content[:2] == b"PK":
        _check_archive(name, content)
    elif content[:2] == b"\x1f\x8b":
        _check_stream(name, content)


def _check_archive(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            total = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise RefusedError(f"{name} is a damaged archive", 422) from None
    _check_size(name, total, len(content))


def _check_stream(name: str, content: bytes) -> None:
    import zlib

    total, left = 0, content
    unpack = zlib.decompressobj(wbits=31)
    try:
        while left and total <= UNPACKED:
            total += len(unpack.decompress(left, 1_000_000))
            left = unpack.unconsumed_tail
    except zlib.error:
        raise RefusedError(f"{name} is a damaged archive", 422) from None
    _check_size(name, total, len(content))


def _check_size(name: str, total: int, packed: int) -> None:
    if total > UNPACKED or (total > 1_000_000 and total > RATIO * packed):
        raise RefusedError(
            f"{name} would unpack from {packed} to {total} bytes; at most {UNPACKED // 1_000_000} MB and "
            f"{RATIO} times its size are read",
            413,
        )


def check_names(value: Any) -> None:
    """Refuse texts that would lead a command to a file elsewhere on this computer.

    >>> check_names({"material": "trial.csv", "density": "6.65 g/cm3"})
    >>> check_names({"material": "../trial.csv"})
    Traceback (most recent call last):
        ...
    ioffe_studio.limits.RefusedError: '../trial.csv' names a file elsewhere; files are named without folders
    """
    if isinstance(value, Mapping):
        for item in value.values():
            check_names(item)
    elif isinstance(value, list):
        for item in value:
            check_names(item)
    elif isinstance(value, str):
        pieces = [piece.strip() for piece in _PIECES.split(value)]
        if any(_ELSEWHERE.match(piece) for piece in pieces):
            text = f"{value[:80]!r} names a file elsewhere; files are named without folders"
            raise RefusedError(text, 422)


def check_points(operate: Any) -> None:
    """Refuse a family of more operating points than the studio solves."""
    points = 1
    for value in operate.values() if isinstance(operate, Mapping) else ():
        points *= max(len(value), 1) if isinstance(value, list) else 61 if value == "sweep" else 1
    if points > POINTS:
        raise RefusedError(f"at most {POINTS} operating points are solved, and these are {points}", 422)
