"""Plain data for JSON, and files that are written aside and renamed.

>>> import numpy as np
>>> plain(np.array([[1.0, np.nan, -np.inf]])), largest(np.array([np.nan, 2.0]))
([[1.0, None, '-inf']], 2.0)
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from math import isfinite
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Fault, InputError

__all__ = [
    "INFINITE",
    "as_cell",
    "largest",
    "numbers",
    "plain",
    "required",
    "write_aside",
    "write_book",
    "write_csv",
    "write_json",
]


INFINITE: Final = {"inf": np.inf, "-inf": -np.inf}
"""What JSON says for infinity."""


def plain(value: Any) -> Any:
    """A value as JSON holds it: numbers, texts, lists, and dictionaries of them.

    `value`: a number or an array (NaN becomes None, infinity ``"inf"`` or ``"-inf"``, as JSON has neither), a
        text, a member of an enumeration (its name in small letters), an object with `to_dict`, a dataclass
        (its fields), or a mapping or sequence of such values.

    >>> plain({"heat": float("inf"), "current": (1.0, 2.0)})
    {'heat': 'inf', 'current': [1.0, 2.0]}
    """
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.kind == "f" and not np.all(np.isfinite(array)):
            objects = array.astype(object)
            objects[np.isnan(array)] = None
            for text, infinity in INFINITE.items():
                objects[array == infinity] = text
            return objects.tolist()
        return array.tolist()
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, float):
        return value if isfinite(value) else plain(np.array(value))
    if value is None or isinstance(value, str | int):
        return value
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return [plain(item) for item in value] if isinstance(value, Iterable) else str(value)


def numbers(values: Any) -> NDArray[Any]:
    """Values that `plain` has written as an array: of numbers, truth values or texts.

    `values`: a value or nested lists of them.

    >>> numbers([1.0, None, "-inf"]), numbers(["p", "n"]).dtype.kind
    (array([  1.,  nan, -inf]), 'U')
    """
    array = np.array(values)
    if array.dtype.kind not in "OU":
        return array
    cells = np.array(values, object)
    is_text = any(isinstance(cell, str) and cell not in INFINITE for cell in cells.flat)
    return array if is_text else cells.astype(float)


def largest(values: ArrayLike) -> float:
    """Largest finite value; NaN if there is none."""
    array = np.asarray(values, float)
    good = array[np.isfinite(array)]
    return float(good.max()) if good.size else float("nan")


def required(package: str, what: str, extra: str = "data") -> Any:
    """An optional package, imported.

    `what`: what it is needed for, as the subject of a sentence.
    `extra`: the extra that brings it.
    Raises `InputError` if it is not installed, with the command that installs it.
    """
    import importlib

    try:
        return importlib.import_module(package)
    except ImportError:
        advice = f'install it with: pip install "ioffe[{extra}]"'
        raise InputError(Fault("", expected=f"{what} needs the package {package}", advice=advice)) from None


_SHEET_NAME: Final = 31
"""Longest name of a sheet that Excel takes."""
_SHEET_LETTERS: Final = str.maketrans("[]:*?/\\", "()-----")
"""What stands in the place of letters that it does not take."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that spreadsheets take for a formula."""


def write_aside(path: Path, write: Callable[[Path], object], *, flush: bool = False) -> Path:
    """Write a file under another name and rename it, so that it is never there by half.

    `path`: the file; what was there before stays until the new one is complete.
    `write`: writes a new file at the path that it is given, which has the ending of `path`.
    `flush`: whether the file is on the disk, and not only on its way there, before it gets its name.
    Returns: `path`.
    Raises `InputError` if the folder does not exist or cannot be written into.
    """
    beside = path.with_name(f".{path.stem}-{os.getpid()}{path.suffix}")
    try:
        write(beside)
        if flush:
            with beside.open("rb+") as stream:
                os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(Fault("path", str(path), "a file that can be written is expected", reason)) from None
    finally:
        with suppress(OSError):  # it is not there, or its folder is none
            beside.unlink()
    return path


def write_json(path: Path, data: Mapping[str, Any], *, flush: bool = False) -> Path:
    """Write plain data as JSON; NaN is refused."""
    text = json.dumps(data, indent=1, allow_nan=False) + "\n"
    return write_aside(path, lambda aside: aside.write_text(text, encoding="utf-8"), flush=flush)


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], *, flush: bool = False
) -> Path:
    """Write a table as CSV; a number that is NaN becomes an empty cell.

    `header`: heads of the columns, with units.
    `rows`: one a line.
    `flush`: as for `write_aside`.
    """

    def write(aside: Path) -> None:
        with aside.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([as_cell(head) for head in header])
            writer.writerows([as_cell(cell) for cell in row] for row in rows)

    return write_aside(path, write, flush=flush)


def write_book(
    path: Path,
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]],
    about: Mapping[str, Any],
) -> Path:
    """Write tables as an Excel workbook (needs openpyxl).

    `sheets`: tables by the names of their sheets, as for `write_csv`.
    `about`: what is known beside them, in SI, as plain data; it becomes the last sheet.
    """
    openpyxl = required("openpyxl", "writing Excel files")
    book = openpyxl.Workbook(write_only=True)
    for name, (header, rows) in zip(sheet_names(sheets), sheets.values(), strict=True):
        sheet = book.create_sheet(name)
        for row in (header, *rows):
            sheet.append([as_cell(cell) for cell in row])
    sheet = book.create_sheet("about")
    for key, value in about.items():
        sheet.append([key, as_cell(value) if isinstance(value, str | int | float) else json.dumps(value)])
    return write_aside(path, book.save)


def sheet_names(names: Iterable[str]) -> list[str]:
    """Names that Excel takes for sheets: 31 letters without its special ones, each once, none "about".

    >>> sheet_names(["power over segments[0].length", "A/B", "a/b", "About"])
    ['power over segments(0).length', 'A-B', 'a-b 2', 'About 2']
    """
    found: list[str] = []
    taken = {"about", "history", ""}
    for name in names:
        plain = name.translate(_SHEET_LETTERS).strip("' ")
        tried, k = plain[:_SHEET_NAME].rstrip("' "), 1
        while tried.casefold() in taken:
            k += 1
            tail = f" {k}"
            tried = plain[: _SHEET_NAME - len(tail)] + tail
        taken.add(tried.casefold())
        found.append(tried)
    return found


def as_cell(cell: Any) -> Any:
    """The cell of a table: nothing for a number that is NaN, a text for infinity, no formula.

    >>> as_cell(float("nan")), as_cell("=1+1"), as_cell("-")
    ('', "'=1+1", '-')
    """
    if isinstance(cell, str) and len(cell) > 1 and cell.startswith(FORMULA):
        return f"'{cell}"
    if not isinstance(cell, float) or isfinite(cell):
        return cell
    return "" if cell != cell else str(cell)
