"""The folder of a run: what was asked, by which versions, and one file of numbers for each chunk of devices.

``run.json`` says what the columns are, how the devices were divided into chunks and a hash of everything on
which the numbers depend. ``chunks`` holds a Parquet file (with the package duckdb, extra ``store``) or a CSV
file for each chunk, which is there whole or not at all; ``ranges`` which materials were used beyond their
measured ranges in it, if any; ``materials.json`` holds the cards of the materials.
Any other program that reads Parquet sees one table: ``SELECT * FROM 'RUN/chunks/*.parquet'``.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from glob import escape
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, IoffeError
from ioffe.base.saved import required, write_aside, write_csv, write_json
from ioffe.base.schema import read_json
from ioffe.solve.ranges import Row

HEADER, MATERIALS, CHUNKS, RANGES, LOCK = "run.json", "materials.json", "chunks", "ranges", "lock"
MARKS: Final = "marks"
"""Folder of what says of a CSV file of which run and chunk it is; a Parquet file says that itself."""
FORMAT: Final = 1
PARQUET, CSV = "parquet", "csv"
SET_UP: Final = {"threads": 1, "preserve_insertion_order": True}
"""Of DuckDB, which writes one chunk in each process."""
Columns = Mapping[str, NDArray[Any]]


class SweepStopped(IoffeError, RuntimeError):
    """A sweep ended before its last device; what it has stored stays, and it can be resumed."""


def storage() -> str:
    """How chunks are stored here: as Parquet where duckdb is installed, as CSV without it."""
    return PARQUET if find_spec("duckdb") is not None else CSV


@dataclass(frozen=True, eq=False)
class RunFolder:
    """A folder with the numbers of a sweep.

    `header`: what ``run.json`` says.
    """

    path: Path
    header: Mapping[str, Any]

    @classmethod
    def make(cls, path: Path, header: Mapping[str, Any], cards: Mapping[str, Any]) -> RunFolder:
        """Write what is known of a run before its first device; the folder exists.

        Raises `InputError` if it cannot be written into.
        """
        (path / CHUNKS).mkdir(exist_ok=True)
        write_json(path / MATERIALS, cards, flush=True)
        write_json(path / HEADER, {"format": FORMAT, **header}, flush=True)
        return cls(path, header)

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """A run that is there.

        Raises `InputError` if the folder holds none, or one of a newer format.
        """
        if not (path / HEADER).is_file():
            expected = "a folder with the run of a sweep is expected, which has a file run.json"
            raise InputError(Fault("", expected=expected, file=str(path)))
        header = read_json(path / HEADER)
        if header.get("format") != FORMAT:
            expected = f"this run has the format {header.get('format')}, and {FORMAT} is read"
            raise InputError(Fault("", expected=expected, advice="update ioffe", file=str(path)))
        missing = {"points", "chunk", "storage", "columns", "study"} - header.keys()
        if missing:
            expected = f"this is no run of a sweep, or a damaged one: {', '.join(sorted(missing))} is missing"
            raise InputError(Fault("", expected=expected, file=str(path / HEADER)))
        return cls(path, header)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.header["points"] // self.header["chunk"])

    def devices(self, k: int) -> tuple[int, int]:
        """Number of the first device of a chunk, and of the one behind its last."""
        size = self.header["chunk"]
        return k * size, min((k + 1) * size, self.header["points"])

    def file(self, k: int) -> Path:
        """File of a chunk."""
        return self.path / CHUNKS / f"{k:06d}.{self.header['storage']}"

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Kinds of the columns by their names: ``"float"``, ``"short"``, ``"code"``, ``"text"``."""
        return {name: column["kind"] for name, column in self.header["columns"].items()}

    def used(self, k: int) -> list[Any]:
        """Temperatures at which materials were used in a chunk, if any was used beyond its range."""
        path = self._ranges(k)
        return read_json(path)["used"] if path.is_file() else []

    def _ranges(self, k: int) -> Path:
        return self.path / RANGES / f"{k:06d}.json"

    def write(self, k: int, columns: Columns, used: Sequence[Row] = ()) -> None:
        """Write the numbers of a chunk aside, flush them and give the file its name.

        What was used beyond its measured range is written before.

        Raises `SweepStopped` if that is not possible, with the reason.
        """
        typed = {name: np.asarray(columns[name], _TYPES[kind]) for name, kind in self.kinds.items()}
        try:
            if used:
                self._ranges(k).parent.mkdir(exist_ok=True)
                write_json(self._ranges(k), {"used": used}, flush=True)
            if self.header["storage"] == PARQUET:
                write_aside(
                    self.file(k), lambda aside: _write_parquet(aside, typed, self._mark(k)), flush=True
                )
            else:
                rows = zip(*(values.tolist() for values in typed.values()), strict=True)
                write_csv(self.file(k), list(typed), rows, flush=True)
                self._beside(k).parent.mkdir(exist_ok=True)
                mark = self._mark(k, self.file(k).read_bytes())
                write_aside(self._beside(k), lambda aside: aside.write_text(mark), flush=True)
        except InputError as error:
            reason = error.faults[0].advice or error.faults[0].expected
            raise SweepStopped(self._stopped(k, reason)) from None
        except OSError as error:
            raise SweepStopped(self._stopped(k, error.strerror or str(error))) from None
        except _duckdb_errors() as error:
            raise SweepStopped(self._stopped(k, _reason(str(error)))) from None

    def _mark(self, k: int, text: bytes = b"") -> str:
        """Of which run and which chunk a file is: inside of Parquet, beside CSV with the hash of its text."""
        return " ".join([self.header.get("hash", ""), str(k), *([sha256(text).hexdigest()] if text else [])])

    def _beside(self, k: int) -> Path:
        """The mark of a chunk that is stored as CSV."""
        return self.path / MARKS / f"{k:06d}.txt"

    def _stopped(self, k: int, reason: str) -> str:
        what = f"{self.file(k)}: this chunk cannot be written: {reason}"
        return f"{what}; what is stored stays, and the sweep can be resumed"

    def read(self, k: int, names: Sequence[str] = ()) -> dict[str, NDArray[Any]]:
        """Columns of a chunk, by default all.

        Raises `InputError` if the file is not there or was cut short.
        """
        wanted = {name: self.kinds[name] for name in names or self.kinds}
        start, stop = self.devices(k)
        reader = _read_parquet if self.header["storage"] == PARQUET else _read_csv
        try:
            found = reader(self.file(k), wanted)
            if any(len(values) != stop - start for values in found.values()):
                raise ValueError(f"{stop - start} rows are expected")
        except (OSError, ValueError, KeyError, *_duckdb_errors()) as error:
            expected = "this chunk of a sweep is not there, or was cut short"
            advice = f"resume the sweep, which computes it again ({' '.join(str(error).split())[:100]})"
            raise InputError(Fault("", expected=expected, advice=advice, file=str(self.file(k)))) from None
        return found

    def holds(self, k: int) -> bool:
        """Whether the file of a chunk is there, is the one of this run and has all its rows."""
        start, stop = self.devices(k)
        path = self.file(k)
        if not path.is_file():
            return False
        if self.header["storage"] == CSV:
            mark = self._beside(k).read_text() if self._beside(k).is_file() else ""
            return mark == self._mark(k, path.read_bytes())
        with suppress(*_duckdb_errors()):
            rows = "SELECT num_rows FROM parquet_file_metadata($1)"
            marks = "SELECT value FROM parquet_kv_metadata($1) WHERE key = 'chunk'"
            with closing(_database().cursor()) as connection:
                known = [connection.execute(one, [escape(str(path))]).fetchall() for one in (rows, marks)]
                return known == [[(stop - start,)], [(self._mark(k).encode(),)]]
        return False

    def missing(self) -> tuple[list[int], list[int]]:
        """Chunks that are not there, and those of them whose file is damaged."""
        gone = [k for k in range(self.chunks) if not self.holds(k)]
        return gone, [k for k in gone if self.file(k).exists()]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from writing into the run, and remove what a killed one has left.

        Raises `InputError` if another process writes into it.
        """
        with (self.path / LOCK).open("a+b") as stream:
            if not _lock(stream):
                expected = "another process is writing into this run"
                advice = "wait for its end, or choose another folder"
                raise InputError(Fault("", expected=expected, advice=advice, file=str(self.path)))
            for path in (self.path / CHUNKS).glob(".*"):
                path.unlink(missing_ok=True)
            yield


_TYPES: Final[Mapping[str, Any]] = {
    "float": np.float64,
    "short": np.float32,
    "code": np.uint8,
    "text": object,
}


def _lock(stream: Any) -> bool:
    """Lock a file until it is closed, which the end of a process does too; False if another one has it."""
    try:
        if os.name == "nt":
            import msvcrt

            stream.seek(0)
            getattr(msvcrt, "locking")(stream.fileno(), getattr(msvcrt, "LK_NBLCK"), 1)  # noqa: B009 - names of Windows alone
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@lru_cache
def _database() -> Any:
    """DuckDB of this process, in memory; every query has a cursor of its own."""
    return required("duckdb", "a sweep stored as Parquet", "store").connect(config=SET_UP)


def _duckdb_errors() -> tuple[type[Exception], ...]:
    return (required("duckdb", "a sweep stored as Parquet", "store").Error,) if find_spec("duckdb") else ()


def _reason(text: str) -> str:
    """What an error of DuckDB says, or the system behind it.

    >>> _reason('IO Error: Async write failed for range [1]: {"exception_type":"IO","errno":"28"}')
    'No space left on device'
    """
    number = re.search(r'"errno":"(\d+)"', text)
    return os.strerror(int(number[1])) if number else " ".join(text.partition(": ")[2].split()) or text


def _write_parquet(path: Path, columns: Columns, mark: str) -> None:
    place = str(path).replace("'", "''")
    with closing(_database().cursor()) as connection:
        connection.register("chunk_of_devices", dict(columns))
        how = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{chunk: '{mark}'}}"
        connection.execute(f"COPY chunk_of_devices TO '{place}' ({how})")


def _read_parquet(path: Path, kinds: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    names = ", ".join(f'"{name}"' for name in kinds)
    # a folder may be called [1], * or T_hot=450, which are patterns and columns to DuckDB
    query = f"SELECT {names} FROM read_parquet($1, hive_partitioning = false)"
    with closing(_database().cursor()) as connection:
        found = connection.execute(query, [escape(str(path))]).fetchnumpy()
    return {name: _filled(found[name], kind) for name, kind in kinds.items()}


def _filled(values: Any, kind: str) -> NDArray[Any]:
    """A column with NaN where DuckDB says that there is no number."""
    if isinstance(values, np.ma.MaskedArray):
        values = values.filled(np.nan)
    return np.asarray(values, _TYPES[kind])


def _read_csv(path: Path, kinds: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    found = {}
    for name, kind in kinds.items():
        at = header.index(name)
        cells = [row[at] for row in rows]
        numbers = cells if kind == "text" else [float(cell) if cell else np.nan for cell in cells]
        found[name] = np.array(numbers, _TYPES[kind])
    return found
