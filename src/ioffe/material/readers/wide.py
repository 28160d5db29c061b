"""Wide tables of databases: one row for each sample and temperature, SI by the definition of the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ioffe.base.errors import Faults
from ioffe.base.quantities import QUANTITIES
from ioffe.material.provenance import Provenance
from ioffe.material.readers.grid import Row, text_rows
from ioffe.material.readers.numbers import NotANumber, is_missing, number
from ioffe.material.readers.record import Record
from ioffe.material.readers.series import Series


@dataclass(frozen=True)
class Wide:
    """Layout of a wide table.

    Parameters
    ----------
    needed : tuple of str
        Column names, lower case, by which the layout is known.
    key, name : tuple of str
        Columns that hold the identifier and the name of the sample; the first one present counts.
    columns : mapping of str to str
        Quantity by column name; the database defines its numbers to be in SI.
    provenance : Provenance
        Origin of every sample.
    """

    needed: tuple[str, ...]
    key: tuple[str, ...]
    name: tuple[str, ...]
    columns: Mapping[str, str]
    provenance: Provenance

    def fits(self, lower: Sequence[str]) -> bool:
        """Whether a header, in lower case, is of this layout."""
        return set(self.needed) <= set(lower)


def wide_records(layout: Wide, path: Path, text: str, header: tuple[int, str, list[str]]) -> list[Record]:
    """Samples of a wide table."""
    first, delimiter, names = header
    lower = [name.casefold() for name in names]
    position = {quantity: lower.index(name) for name, quantity in layout.columns.items() if name in lower}
    key = next((lower.index(name) for name in layout.key if name in lower), -1)
    named = next((lower.index(name) for name in layout.name if name in lower), -1)
    samples: dict[str, list[Row]] = {}
    for row in text_rows(path, text, first, delimiter):
        samples.setdefault(row.text(key), []).append(row)
    return [_record(layout, sample, rows, position, named) for sample, rows in samples.items()]


def _record(layout: Wide, key: str, rows: list[Row], position: Mapping[str, int], named: int) -> Record:
    properties = tuple(
        prop
        for prop, index in position.items()
        if prop != "temperature" and any(not is_missing(row.text(index)) for row in rows)
    )
    provenance = replace(layout.provenance, sample=f"sample {key}")
    return Record(
        key, rows[0].text(named) or f"sample {key}", "", properties, _builder(rows, position), provenance
    )


def _builder(rows: list[Row], position: Mapping[str, int]) -> Callable[[Faults], dict[str, Series]]:
    def build(faults: Faults) -> dict[str, Series]:
        found = {}
        for prop, index in position.items():
            if prop == "temperature":
                continue
            series = Series(prop, QUANTITIES[prop].unit)
            for row in rows:
                if is_missing(row.text(index)):
                    continue
                try:
                    T, value = number(row.text(position["temperature"])), number(row.text(index))
                except NotANumber as problem:
                    faults.add(f"line {row.line}", row.text(index), f"{prop}: {problem}")
                else:
                    series.add(T, value, f"line {row.line}")
            if series.T:
                found[prop] = series
        return found

    return build
