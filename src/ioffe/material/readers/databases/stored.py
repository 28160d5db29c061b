"""Stores of materials, as `ioffe.material.store` makes them: one DuckDB file with a row for each sample.

A row has what lists and filters need and the card of the material as JSON, from which an equal material is
made. DuckDB is in the extra `store`: one package without dependencies, half the size of a Parquet library,
and any other program that opens DuckDB files can query the table `samples`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import nan
from pathlib import Path
from typing import Any, Final

import numpy as np

from ioffe.base._files import parse_json
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.saved import required
from ioffe.base.schema import validate
from ioffe.material.card import Card, material_of
from ioffe.material.material import Material
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.files import CellGrid, open_checked, refuse
from ioffe.material.readers.opening import STORE_ENDING
from ioffe.material.readers.records import Sample, SampleReader
from ioffe.material.readers.selection import Outline, Points
from ioffe.material.readers.series import Carrier, missing

FORMAT: Final = 1
CONFIG: Final = {"threads": 1, "enable_external_access": False}
"""Of DuckDB: a store is its file alone, whatever somebody has put into it."""
BLOCK: Final = 2048
"""Samples whose curves or cards are read together."""
CURVES: Final = ("seebeck", "electrical_conductivity", "electrical_resistivity", "thermal_conductivity")
"""Properties whose points have columns of their own: ``T_seebeck``, ``seebeck`` and so on, in SI."""
COLUMNS: Final = (
    "sample VARCHAR PRIMARY KEY, name VARCHAR, carrier VARCHAR, family VARCHAR, doi VARCHAR, file VARCHAR, "
    "T_min DOUBLE, T_max DOUBLE, zT DOUBLE, zT_temperature DOUBLE, properties VARCHAR[], "
    + ", ".join(f"T_{name} DOUBLE[], {name} DOUBLE[]" for name in CURVES)
    + ", card VARCHAR"
)
"""Columns of the table `samples`; ``zT`` is the largest one, ``card`` is JSON."""


@contextmanager
def connected(path: Path, *, read_only: bool = True, shown: Path | None = None) -> Any:
    """Connection to a store, closed at the end.

    `read_only`: whether nothing will be written.
    `shown`: what it is called in messages.
    Raises `InputError` without the package duckdb; for a file that is no store, is damaged or was made by a
        newer version.
    """
    duckdb = required("duckdb", "a store of materials", "store")
    connection = None
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=CONFIG)
        yield connection
    except duckdb.Error as error:
        words, advice = str(error).partition(":")[0], "collect its files again, into a new store"
        expected = f"this is no store of materials, or a damaged one ({words})"
        raise refuse(shown or path, expected, advice) from None
    finally:
        if connection is not None:
            connection.close()


def check_format(connection: Any, path: Path) -> None:
    """Refuse a store that a newer version has made."""
    (found,) = connection.execute("SELECT format FROM about").fetchone() or (None,)
    if found != FORMAT:
        raise refuse(path, f"this store has the format {found}, and {FORMAT} is read", "update ioffe")


@dataclass(frozen=True, eq=False)
class StoreBlock:
    """Some samples of a store, whose curves and cards are read together when one is wanted."""

    path: Path
    first: int
    last: int
    """Their numbers in the table."""
    _found: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, sample: str, columns: str) -> Any:
        """Values of some columns for a sample."""
        if columns not in self._found:
            query = f"SELECT sample, {columns} FROM samples WHERE rowid BETWEEN $1 AND $2"
            with connected(self.path) as connection:
                rows = connection.execute(query, [self.first, self.last]).fetchall()
            self._found[columns] = {row[0]: row[1:] for row in rows}
        try:
            return self._found[columns][sample]
        except KeyError:
            raise refuse(self.path, f"the sample {sample} is not there any more") from None


@dataclass(frozen=True, eq=False)
class StoredSample:
    """One sample of a store."""

    sample: Sample
    block: StoreBlock
    known: Outline
    """What its points say, as it was collected."""

    def material(
        self, faults: Faults, carrier: Carrier | None = None, lattice: Lattice | None = None
    ) -> Material | None:
        """Material of the sample, equal to the one that was collected.

        `faults`: takes what is wrong.
        `carrier`: in place of that of the sample.
        `lattice`: not used: the sample has what it has.
        """
        (text,) = self.block.of(self.sample.key, "card")
        with faults.collect(f"sample {self.sample.key}"):
            try:
                card = parse_json(text)
            except (TypeError, ValueError):
                raise InputError(
                    Fault("card", expected="the card of a material as JSON is expected")
                ) from None
            made = material_of(validate(Card, card))
            return made if carrier is None else made.replace(carrier=carrier)
        return None

    def points(self) -> dict[str, Points]:
        """Points of every property.

        Returns: as `SampleSource.points`.
        """
        columns = ", ".join(f"T_{name}, {name}" for name in CURVES)
        values = iter(self.block.of(self.sample.key, columns))
        pairs = zip(CURVES, values, values, strict=True)
        return {name: (np.array(T), np.array(v)) for name, T, v in pairs if T is not None}


def detect(_names: Sequence[str]) -> int:
    """A store is known by its ending: no line of it is a header.

    `_names`: not used.
    Returns: 0
    """
    return 0


def read(grids: Sequence[CellGrid], _faults: Faults) -> list[StoredSample]:
    """Samples of a store.

    `_faults`: not used: everything that is wrong is raised.
    Raises `InputError` as `connected`.
    """
    path = open_checked(Path(grids[0].file))
    with connected(path) as connection:
        check_format(connection, path)
        rows = connection.execute(
            "SELECT rowid, sample, name, doi, properties, carrier, T_min, T_max, zT, zT_temperature "
            "FROM samples ORDER BY rowid"
        ).fetchall()
    if any(value is None for row in rows for value in row[:6]):
        raise refuse(
            path, "this is no store of materials, or a damaged one (a sample without name or curves)"
        )
    found = []
    for start in range(0, len(rows), BLOCK):
        some = rows[start : start + BLOCK]
        block = StoreBlock(path, some[0][0], some[-1][0])
        for _, key, name, doi, properties, carrier, *numbers in some:
            sample = Sample(key, name, doi, tuple(properties), tuple(missing(properties)))
            known = Outline(carrier, *(nan if number is None else number for number in numbers))
            found.append(StoredSample(sample, block, known))
    return found


READER: Final = SampleReader(
    "store",
    "a store of materials",
    "store",
    f"a file ending in {STORE_ENDING}, as `ioffe materials collect` makes it",
    detect,
    read,
)
