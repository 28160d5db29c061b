"""The sysTEm data set: a workbook with one row for each sample and temperature.

Columns as in its description: `#`, `Initial Dataset`, `Source Paper`, `Pymatgen Composition`, `Pretty
Formula`, `Temperature (K)`, `Electrical Conductivity (S/cm)`, `Seebeck Coefficient (µV/K)`, `zT`,
`Total Thermal Conductivity (W/mK)` and others. Source: doi 10.1007/s40192-026-00446-5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ioffe.base.errors import Faults
from ioffe.base.units import unit_of_header
from ioffe.material.fields import Provenance, plain_doi
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import CellGrid, CellRow, refuse
from ioffe.material.readers.headers import meaning
from ioffe.material.readers.records import SampleReader, SampleRecord, column_curves, position
from ioffe.material.readers.series import NEEDED

FORMULA = ("pretty formula", "pymatgen composition", "reduced_compositions")
METHOD = (
    "Digitised from the published figures by the authors of the data set (zT consistent within 10 percent)."
)
LICENCE = {"estm": "CC BY 4.0 (ESTM); collected in sysTEm, MIT"}


def detect(names: Sequence[str]) -> int:
    """Number of columns of the sysTEm layout in a row; 0 if it is another table.

    Parameters
    ----------
    names : sequence of str
        Column headers.

    Returns
    -------
    int

    Examples
    --------
    >>> detect(["#", "Source Paper", "Pretty Formula", "Temperature (K)", "Seebeck Coefficient (µV/K)"])
    5
    >>> detect(["T (K)", "S (uV/K)"])
    0
    """
    lower = [name.casefold() for name in names if name]
    is_system = position(lower, FORMULA) >= 0 and any(name.startswith("temperature") for name in lower)
    return len(lower) if is_system else 0


def read(grids: Sequence[CellGrid], _faults: Faults) -> list[SampleRecord]:
    """Samples of the workbook.

    A sample is a run of rows of one formula and paper over which the temperature does not fall.

    Parameters
    ----------
    grids : sequence of CellGrid
        Its tables; the first one counts.
    _faults : Faults
        Not used: what is wrong with a sample is said when it is wanted.

    Returns
    -------
    list of SampleRecord

    Raises
    ------
    InputError
        If a column is missing, with the columns expected.
    """
    grid = grids[0]
    lower = [name.casefold() for name in grid.names]
    columns: dict[str, tuple[int, str]] = {}
    for index, header in enumerate(grid.names):
        name, unit = unit_of_header(header)
        prop, is_std = meaning(name)
        if prop and not is_std:
            columns.setdefault(prop, (index, unit))
    T, _ = columns.pop("temperature", (-1, ""))
    formula, paper = position(lower, FORMULA), position(lower, ["source paper"])
    if T < 0 or formula < 0 or not columns.keys() >= set(NEEDED):
        raise refuse(grid.file, READER.expectation, value=", ".join(grid.names))
    found = []
    for rows in _runs(grid, (formula, paper), T):
        first = rows[0]
        ends = [row.text(position(lower, "#")) or str(row.line) for row in (first, rows[-1])]
        key = "-".join(ends[: len(rows)])
        origin = first.text(position(lower, ["initial dataset"]))
        provenance = Provenance(
            doi=plain_doi(first.text(paper)),
            source="sysTEm (doi 10.1007/s40192-026-00446-5)",
            sample=f"rows {key}" + (f" ({origin})" if origin else ""),
            licence=LICENCE.get(origin.casefold(), "MIT (sysTEm)"),
            method=METHOD,
        )
        curves = column_curves(grid, rows, T, columns)
        found.append(SampleRecord(key, first.text(formula), provenance.doi, curves, provenance))
    return found


READER = SampleReader(
    "system",
    "sysTEm",
    "excel",
    "Pretty Formula, Source Paper, Temperature (K), Seebeck Coefficient (µV/K), "
    "Electrical Conductivity (S/cm), Total Thermal Conductivity (W/mK)",
    detect,
    read,
)


def _runs(grid: CellGrid, named: tuple[int, int], temperature: int) -> Iterator[list[CellRow]]:
    """Rows of one formula and paper over which the temperature does not fall, together."""
    run: list[CellRow] = []
    last: tuple[object, float] = (None, float("inf"))
    for row in grid.rows:
        key = tuple(row.text(index) for index in named)
        try:
            T = number(row.cell(temperature))
        except NotANumber:
            T = last[1] if last[0] == key else float("-inf")
        if run and (key != last[0] or last[1] > T):
            yield run
            run = []
        run.append(row)
        last = (key, T)
    if run:
        yield run
