"""The sysTEm data set: a workbook with one row for each sample and temperature.

Columns as in its description: `#`, `Initial Dataset`, `Source Paper`, `Pymatgen Composition`, `Pretty
Formula`, `Temperature (K)`, `Electrical Conductivity (S/cm)`, `Seebeck Coefficient (µV/K)`, `zT`,
`Total Thermal Conductivity (W/mK)` and others. Source: doi 10.1007/s40192-026-00446-5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ioffe.base.errors import Faults
from ioffe.base.units import unit_of_header
from ioffe.material.fields import Provenance, plain_doi
from ioffe.material.readers.cells import NotANumber, is_missing, number
from ioffe.material.readers.files import CellGrid, CellRow, refuse
from ioffe.material.readers.headers import meaning
from ioffe.material.readers.records import SampleRecord
from ioffe.material.readers.series import PointSeries

FORMULA = ("pretty formula", "pymatgen composition", "reduced_compositions")
EXPECTED = (
    "Pretty Formula, Source Paper, Temperature (K), Seebeck Coefficient (µV/K), "
    "Electrical Conductivity (S/cm), Total Thermal Conductivity (W/mK)"
)
METHOD = (
    "Digitised from the published figures by the authors of the data set (zT consistent within 10 percent)."
)
LICENCE = {"estm": "CC BY 4.0 (ESTM); collected in sysTEm, MIT"}


@dataclass(frozen=True)
class SystemColumns:
    """Positions of the columns that matter."""

    formula: int
    paper: int
    number: int
    origin: int
    temperature: int
    properties: dict[str, tuple[int, str]]


def looks_like(names: Sequence[str]) -> int:
    """Number of columns of the sysTEm layout in a row; 0 if it is another table.

    Examples
    --------
    >>> looks_like(["#", "Source Paper", "Pretty Formula", "Temperature (K)", "Seebeck Coefficient (µV/K)"])
    5
    >>> looks_like(["T (K)", "S (uV/K)"])
    0
    """
    lower = [name.casefold() for name in names]
    if not any(word in lower for word in FORMULA) or not any(
        name.startswith("temperature") for name in lower
    ):
        return 0
    return len([name for name in lower if name])


def records(grid: CellGrid) -> list[SampleRecord]:
    """Samples of the workbook.

    A sample is a run of rows of one formula and paper over which the temperature does not fall.

    Raises
    ------
    InputError
        If a column is missing, with the columns expected.
    """
    layout = _layout(grid)
    return [_record(layout, rows) for rows in _runs(grid, layout)]


def _layout(grid: CellGrid) -> SystemColumns:
    lower = [name.casefold() for name in grid.names]

    def position(*words: str) -> int:
        return next((lower.index(word) for word in words if word in lower), -1)

    properties = {}
    for index, header in enumerate(grid.names):
        name, unit = unit_of_header(header)
        prop, is_std = meaning(name)
        if prop and not is_std:
            properties.setdefault(prop, (index, unit))
    temperature, _ = properties.pop("temperature", (-1, ""))
    found = SystemColumns(
        position(*FORMULA),
        position("source paper"),
        position("#"),
        position("initial dataset"),
        temperature,
        properties,
    )
    needed = {"seebeck", "electrical_conductivity", "thermal_conductivity"}
    if found.temperature < 0 or found.formula < 0 or not needed <= set(properties):
        raise refuse(
            Path(grid.file), f"the columns of sysTEm are expected: {EXPECTED}", value=", ".join(grid.names)
        )
    return found


def _runs(grid: CellGrid, layout: SystemColumns) -> Iterator[list[CellRow]]:
    run: list[CellRow] = []
    last: tuple[object, float] = (None, float("inf"))
    for row in grid.rows:
        key = (row.text(layout.formula), row.text(layout.paper))
        try:
            T = number(row.cells[layout.temperature])
        except (NotANumber, IndexError):
            T = last[1] if last[0] == key else float("-inf")
        if run and (key != last[0] or last[1] > T):
            yield run
            run = []
        run.append(row)
        last = (key, T)
    if run:
        yield run


def _record(layout: SystemColumns, rows: list[CellRow]) -> SampleRecord:
    first, last = rows[0], rows[-1]
    numbers = [row.text(layout.number) or str(row.line) for row in (first, last)]
    key = numbers[0] if len(rows) == 1 else "-".join(numbers)
    doi = plain_doi(first.text(layout.paper))
    origin = first.text(layout.origin)
    provenance = Provenance(
        doi=doi,
        source="sysTEm (doi 10.1007/s40192-026-00446-5)",
        sample=f"rows {key}" + (f" ({origin})" if origin else ""),
        licence=LICENCE.get(origin.casefold(), "MIT (sysTEm)"),
        method=METHOD,
    )

    def build(faults: Faults) -> dict[str, PointSeries]:
        return _series(layout, rows, faults)

    measured = tuple(
        prop
        for prop, (index, _) in layout.properties.items()
        if any(row.text(index) not in ("", "-") for row in rows)
    )
    return SampleRecord(key, first.text(layout.formula), doi, measured, build, provenance)


def _series(layout: SystemColumns, rows: list[CellRow], faults: Faults) -> dict[str, PointSeries]:
    found = {}
    for prop, (index, unit) in layout.properties.items():
        points = PointSeries(prop, unit)
        for row in rows:
            cell = row.cells[index] if index < len(row.cells) else ""
            if is_missing(cell):
                continue
            try:
                points.add(number(row.cells[layout.temperature]), number(cell), f"row {row.line}")
            except NotANumber as problem:
                faults.add(f"row {row.line}", cell, f"{prop}: {problem}")
        if points.T:
            found[prop] = points
    return found
