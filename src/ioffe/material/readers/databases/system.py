"""Data sets with one row for each sample and temperature and units in the headers: sysTEm and ESTM.

sysTEm is a workbook with the columns `#`, `Initial Dataset`, `Source Paper`, `Pymatgen Composition`, `Pretty
Formula`, `Temperature (K)`, `Electrical Conductivity (S/cm)`, `Seebeck Coefficient (µV/K)`, `zT`,
`Total Thermal Conductivity (W/mK)` and others (doi 10.1007/s40192-026-00446-5); ESTM one with `Formula`,
`temperature(K)`, `seebeck_coefficient(μV/K)`, `electrical_conductivity(S/m)`, `thermal_conductivity(W/mK)`,
`power_factor(W/mK2)`, `ZT`, `reference` (doi 10.1038/s41524-022-00897-2). Both are read as text too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ioffe.base.errors import Faults
from ioffe.base.units import unit_of_header
from ioffe.material.fields import Provenance, plain_doi
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.columns.headers import explained
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.readers.databases.columns import column_curves, position
from ioffe.material.readers.files import CellGrid, CellRow, refuse
from ioffe.material.readers.records import SampleReader, SampleRecord
from ioffe.material.readers.series import NEEDED

LICENCE = {"estm": "CC BY 4.0 (ESTM); collected in sysTEm, MIT"}


@dataclass(frozen=True)
class DataSet:
    """A data set of this kind.

    `name`, `title`, `columns`: as for `SampleReader`.
    `source`, `licence`, `method`: as for `Provenance`.
    `formula`, `paper`: columns with the formula and the reference, lower case; the first one present counts.
    `also`: further columns by which it is known.
    `unsorted`: whether the temperatures of a sample need not rise: a temperature that comes back, not one
        that falls, is the sign of another sample of the same formula and paper.
    """

    name: str
    title: str
    columns: str
    source: str
    licence: str
    method: str
    formula: tuple[str, ...]
    paper: tuple[str, ...]
    also: tuple[str, ...] = ()
    unsorted: bool = False


SYSTEM: Final = DataSet(
    name="system",
    title="sysTEm",
    columns="Pretty Formula, Source Paper, Temperature (K), Seebeck Coefficient (µV/K), "
    "Electrical Conductivity (S/cm), Total Thermal Conductivity (W/mK)",
    source="sysTEm (doi 10.1007/s40192-026-00446-5)",
    licence="MIT (sysTEm)",
    method="Digitised from the published figures by the authors of the data set "
    "(zT consistent within 10 percent).",
    formula=("pretty formula", "pymatgen composition", "reduced_compositions"),
    paper=("source paper",),
)
ESTM: Final = DataSet(
    name="estm",
    title="ESTM",
    columns="Formula, temperature(K), seebeck_coefficient(μV/K), electrical_conductivity(S/m), "
    "thermal_conductivity(W/mK), ZT, reference",
    source="ESTM (doi 10.1038/s41524-022-00897-2)",
    licence="CC BY 4.0 (ESTM)",
    method="Read in the papers by the authors of the data set.",
    formula=("formula",),
    paper=("reference",),
    also=("reference", "temperature(k)", "zt"),
    unsorted=True,
)


def detect(names: Sequence[str], of: DataSet = SYSTEM) -> int:
    """Number of columns of the layout of a data set in a row; 0 if it is another table.

    `names`: column headers.
    `of`: which data set.

    >>> detect(["#", "Source Paper", "Pretty Formula", "Temperature (K)", "Seebeck Coefficient (µV/K)"])
    5
    >>> detect(["T (K)", "S (uV/K)"])
    0
    """
    lower = [name.casefold() for name in names if name]
    known = position(lower, of.formula) >= 0 and any(name.startswith("temperature") for name in lower)
    return len(lower) if known and set(of.also) <= set(lower) else 0


def read(grids: Sequence[CellGrid], _faults: Faults, of: DataSet = SYSTEM) -> list[SampleRecord]:
    """Samples of the table.

    A sample is a run of rows of one formula and paper over which the temperature does not fall.

    `grids`: its tables; the first one counts.
    `_faults`: not used: what is wrong with a sample is said when it is wanted.
    `of`: which data set.
    Raises `InputError` if a column is missing, with the columns expected.
    """
    grid = grids[0]
    lower = [name.casefold() for name in grid.names]
    columns: dict[str, tuple[int, str]] = {}
    for index, header in enumerate(grid.names):
        name, unit = unit_of_header(header)
        prop, is_std = MATERIAL.meaning(name)
        if prop and not is_std:
            columns.setdefault(prop, (index, unit))
    T, _ = columns.pop("temperature", (-1, ""))
    formula, paper = position(lower, of.formula), position(lower, of.paper)
    if T < 0 or formula < 0 or not columns.keys() >= set(NEEDED):
        expected = f"the columns of {of.title} are expected: {of.columns}"
        raise refuse(grid.file, expected, value=", ".join(grid.names))
    found = []
    numbered, initial = position(lower, "#"), position(lower, ["initial dataset"])
    used = {T, formula, paper, numbered, initial, *(index for index, _ in columns.values())}
    others = {i: name for i, name in enumerate(grid.names) if name and i not in used}
    left_out = ", ".join(explained(name, list(columns)) for name in others.values())
    for rows in _runs(grid, (formula, paper), T, of.unsorted):
        first = rows[0]
        ends = [row.text(numbered) or str(row.line) for row in (first, rows[-1])]
        key = "-".join(ends[: len(rows)])
        origin = first.text(initial)
        provenance = Provenance(
            doi=plain_doi(first.text(paper)),
            source=of.source,
            sample=f"rows {key}" + (f" ({origin})" if origin else ""),
            licence=LICENCE.get(origin.casefold(), of.licence),
            method=of.method,
            not_used=left_out,
        )
        curves = column_curves(grid, rows, T, columns)
        found.append(SampleRecord(key, first.text(formula), provenance.doi, curves, provenance))
    return found


def _reader(of: DataSet) -> SampleReader:
    found, made = partial(detect, of=of), partial(read, of=of)
    return SampleReader(of.name, of.title, "table", of.columns, found, made)


READER, ESTM_READER = _reader(SYSTEM), _reader(ESTM)


def _runs(
    grid: CellGrid, named: tuple[int, int], temperature: int, unsorted: bool
) -> Iterator[list[CellRow]]:
    """Rows of one sample, together: of one formula and paper, up to the start of another sample."""
    group: list[tuple[CellRow, float]] = []
    last: object = None
    for row in grid.rows:
        key = tuple(row.text(index) for index in named)
        try:
            T = number(row.cell(temperature))
        except NotANumber:
            T = group[-1][1] if key == last and group else float("-inf")
        if group and key != last:
            yield from _parted(group, unsorted)
            group = []
        group.append((row, T))
        last = key
    yield from _parted(group, unsorted)


def _parted(group: list[tuple[CellRow, float]], unsorted: bool) -> Iterator[list[CellRow]]:
    """Rows of one formula and paper, parted where the temperature falls."""
    if unsorted and len({T for _, T in group}) == len(group):
        yield [row for row, _ in group]
        return
    run: list[CellRow] = []
    before = float("-inf")
    for row, T in group:
        if run and before > T:
            yield run
            run = []
        run.append(row)
        before = T
    if run:
        yield run
