"""teMatDb, the high-quality thermoelectric database of KERI: long tables, one row for each point.

Columns of `teMatDb_TEPcurves.csv`: `sample_id, tepname, Temperature, tepvalue, unit` and others, with the
property names alpha, rho, sigma, kappa and ZT. Older files write `sampleid`; `teMatDb_rawTEPs.csv` has no
unit column, its values are in SI by definition. `teMatDb_TEPcollocated.csv` has one row for each temperature.
Composition and DOI are taken from `teMatDb_samples.csv` if it lies beside. Workbooks with pairs of
columns are in `template`. Source: arXiv 2505.19150.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from ioffe.base.errors import Faults, UnitError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.fields import Provenance
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.readers.databases.columns import WideLayout, long_columns
from ioffe.material.readers.databases.template import is_pairs, record_of_pairs
from ioffe.material.readers.files import CellGrid, CellRow, read_text
from ioffe.material.readers.records import SampleReader, SampleRecord
from ioffe.material.readers.series import PointSeries

NEEDED = ("tepname", "temperature", "tepvalue", "sample_id")
SAMPLES_FILE = "teMatDb_samples.csv"
SOURCE = "teMatDb (KERI, doi 10.48550/arXiv.2505.19150)"
METHOD = "Digitised from the published figures."
WIDE = WideLayout(
    needed=("temperature", "alpha", "rho", "kappa"),
    key=("sample_id", "sampleid"),
    name=(),
    columns={
        "temperature": "temperature",
        "alpha": "seebeck",
        "rho": "electrical_resistivity",
        "kappa": "thermal_conductivity",
        "zt_author_declared": "zT",
    },
    provenance=Provenance(source=SOURCE, method=f"{METHOD[:-1]}, interpolated to a common grid of 2 K."),
)


def detect(names: Sequence[str]) -> int:
    """Number of columns of a teMatDb layout in a line; 0 if it is another table.

    `names`: column headers.

    >>> detect(["sample_id", "tepname", "Temperature", "tepvalue", "unit"])
    5
    >>> detect(["T (K)", "S (uV/K)"])
    0
    """
    lower = {name.casefold() for name in names}
    collocated = WIDE.fits(names) and not lower.isdisjoint(WIDE.key)
    return len(names) if lower.issuperset(NEEDED[:3]) or collocated else 0


def read(grids: Sequence[CellGrid], _faults: Faults) -> list[SampleRecord]:
    """Samples of a teMatDb file.

    `grids`: its one table, or its sheets of one sample each.
    `_faults`: not used: what is wrong with a sample is said when it is wanted.
    Raises `InputError` if a column is missing, with the columns expected.
    """
    grid = grids[0]
    known = _samples_file(Path(grid.file))
    if is_pairs(grid):
        return [_of_sheet(one, known.get(one.sheet.strip("# ").lstrip("0"), {})) for one in grids]
    if WIDE.fits(grid.names):
        return WIDE.read(grid)
    column = long_columns(grid, READER, NEEDED, {"sample_id": ("sampleid",)})
    samples: dict[str, dict[str, list[CellRow]]] = {}
    for row in grid.rows:
        prop, _ = MATERIAL.meaning(row.text(column["tepname"]))
        if prop not in ("", "temperature"):
            samples.setdefault(row.text(column["sample_id"]), {}).setdefault(prop, []).append(row)
    return [_record(key, curves, column, known.get(key, {}), grid) for key, curves in samples.items()]


READER = SampleReader(
    "tematdb", "teMatDb", "table", "sample_id, tepname, Temperature, tepvalue, unit", detect, read
)


def _record(
    key: str,
    curves: Mapping[str, list[CellRow]],
    column: Mapping[str, int],
    about: Mapping[str, str],
    grid: CellGrid,
) -> SampleRecord:
    note = "" if "unit" in column else "The file has no units; teMatDb defines its values to be in SI."
    builders: dict[str, Callable[[Faults], PointSeries]] = {
        prop: partial(_points, prop, rows, column, grid) for prop, rows in curves.items()
    }
    return _about(key, about, builders, note)


def _of_sheet(grid: CellGrid, about: Mapping[str, str]) -> SampleRecord:
    known = _about(grid.sheet, about)
    is_number = grid.sheet.strip("# ").isdigit()
    return record_of_pairs(grid, known if is_number or about else replace(known, name=grid.sheet))


def _about(
    key: str,
    about: Mapping[str, str],
    builders: Mapping[str, Callable[[Faults], PointSeries | None]] = MappingProxyType({}),
    note: str = "",
) -> SampleRecord:
    """A sample with what the table of samples says about it."""
    figure = about.get("figure_number_of_targetZT", "").strip()
    parts = (f"sample_id {key}", figure, about.get("label_of_targetZT_in_figure", ""))
    doi = about.get("DOI", "")
    provenance = Provenance(doi, SOURCE, ", ".join(filter(None, parts)), "", METHOD, note)
    name = about.get("Composition_detailed") or f"teMatDb {key}"
    return SampleRecord(key, name, doi, builders, provenance, about.get("BASEMAT", ""))


def _points(
    prop: str, rows: Sequence[CellRow], column: Mapping[str, int], grid: CellGrid, faults: Faults
) -> PointSeries:
    series = PointSeries(prop, QUANTITIES[prop].unit)
    for row in rows:
        location, written = grid.location(row), row.text(column["tepvalue"])
        unit = row.text(column.get("unit", -1))
        try:
            T, value = number(row.text(column["temperature"])), number(written)
            if unit.strip("[] ") and prop != "zT":
                value = convert(value, MATERIAL.unit_of(prop, unit.strip("[] ")), series.unit)
            series.add(T, value, location)
        except NotANumber as problem:
            faults.add(location, written, f"{prop}: {problem}")
        except UnitError as error:
            faults.add(location, unit, f"{prop}: wrong unit", error.faults[0].advice)
    return series


def _samples_file(path: Path) -> dict[str, dict[str, str]]:
    """Rows of the samples file beside, by sample; empty if there is none."""
    beside = path.with_name(SAMPLES_FILE)
    if not beside.is_file() or beside == path:
        return {}
    rows = csv.DictReader(read_text(beside).splitlines())
    return {str(row.get("sample_id", "")): {k: v or "" for k, v in row.items() if k} for row in rows}
