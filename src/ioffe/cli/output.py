"""Files of a run: written into a folder beside the final one, and moved into place when all are there."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import Any

from ioffe.base.errors import Fault, InputError
from ioffe.result.steady import Result

RESULT, CURVES, REPORT = "result.json", "curves.csv", "report.html"


@contextmanager
def folder_in_place(folder: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `folder` at the end; after an error nothing of it is left.

    If `folder` exists already, every file replaces the one of the same name in one step, and others stay.

    Examples
    --------
    >>> with folder_in_place(Path("results")) as made:
    ...     _ = (made / "a.txt").write_text("done")
    >>> Path("results/a.txt").read_text()
    'done'
    """
    typed, folder = folder, folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = folder if folder.is_dir() else folder.parent
        hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=beside))
    except OSError as error:
        raise InputError(not_writable(typed, error.strerror or str(error))) from None
    made = hidden / folder.name
    try:
        made.mkdir()
        yield made
        _move(made, folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def not_writable(folder: Path, reason: str) -> Fault:
    """What is said of a folder for results that cannot be written into."""
    return Fault("--out", str(folder), "a folder that can be written into is expected", reason)


def write_numbers(result: Result, folder: Path) -> list[Path]:
    """Write `result.json` and `curves.csv`: everything, and one row for each operating point.

    Parameters
    ----------
    result : Result
        What was solved.
    folder : Path
        Where to.
    """
    table = folder / CURVES
    header, rows = result.rows()
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)
    return [result.save(folder / RESULT), table]


def _cell(value: Any) -> Any:
    """A number that is none becomes an empty cell."""
    return "" if isinstance(value, float) and isnan(value) else value


def _move(made: Path, folder: Path) -> None:
    if not folder.exists():
        made.rename(folder)
        return
    for path in sorted(made.rglob("*")):
        target = folder / path.relative_to(made)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            path.replace(target)
