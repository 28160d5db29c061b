"""teMatDb, the high-quality thermoelectric database of KERI: long tables, one row for each point.

Columns of `teMatDb_TEPcurves.csv`: `sample_id, tepname, Temperature, tepvalue, unit` and others, with the
property names alpha, rho, sigma, kappa and ZT. Older files write `sampleid`; `teMatDb_rawTEPs.csv` has no
unit column, its values are in SI by definition. `teMatDb_TEPcollocated.csv` has one row for each temperature.
Composition and DOI are taken from `teMatDb_samples.csv` if it lies beside. Source: arXiv 2505.19150.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from ioffe.base.errors import Faults, UnitError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.fields import Provenance
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import CellRow, long_columns, read_text, text_rows
from ioffe.material.readers.headers import meaning
from ioffe.material.readers.records import SampleRecord, Wide, wide_records
from ioffe.material.readers.series import PointSeries

NEEDED = ("tepname", "temperature", "tepvalue")
EXPECTED = "sample_id, tepname, Temperature, tepvalue, unit"
SAMPLES_FILE = "teMatDb_samples.csv"
SOURCE = "teMatDb (KERI, doi 10.48550/arXiv.2505.19150)"
METHOD = "Digitised from the published figures."
WIDE = Wide(
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


def looks_like(names: Sequence[str]) -> int:
    """Number of columns of a teMatDb layout in a line; 0 if it is another table.

    Examples
    --------
    >>> looks_like(["sample_id", "tepname", "Temperature", "tepvalue", "unit"])
    5
    >>> looks_like(["T (K)", "S (uV/K)"])
    0
    """
    lower = [name.casefold() for name in names]
    collocated = WIDE.fits(lower) and any(name in lower for name in WIDE.key)
    return len(lower) if set(NEEDED) <= set(lower) or collocated else 0


def records(path: Path, text: str, header: tuple[int, str, list[str]]) -> list[SampleRecord]:
    """Samples of a teMatDb file.

    Raises
    ------
    InputError
        If a column is missing, with the columns expected.
    """
    first, delimiter, names = header
    if WIDE.fits([name.casefold() for name in names]):
        return wide_records(WIDE, path, text, header)
    aliases = {"sample_id": ("sampleid",)}
    column = long_columns(path, names, (*NEEDED, "sample_id"), aliases, ("teMatDb", EXPECTED))
    samples: dict[str, dict[str, list[CellRow]]] = {}
    for row in text_rows(path, text, first, delimiter):
        prop, _ = meaning(row.text(column["tepname"]))
        if prop and prop != "temperature":
            samples.setdefault(row.text(column["sample_id"]), {}).setdefault(prop, []).append(row)
    known = _samples_file(path)
    return [_record(key, curves, column, known.get(key, {})) for key, curves in samples.items()]


def _record(
    key: str, curves: dict[str, list[CellRow]], column: dict[str, int], about: dict[str, str]
) -> SampleRecord:
    name = about.get("Composition_detailed") or f"teMatDb {key}"
    doi = about.get("DOI", "")
    figure = about.get("figure_number_of_targetZT", "").strip()
    sample = ", ".join(
        filter(None, [f"sample_id {key}", figure, about.get("label_of_targetZT_in_figure", "")])
    )
    note = "" if "unit" in column else "The file has no units; teMatDb defines its values to be in SI."
    provenance = Provenance(doi, SOURCE, sample, "", METHOD, note)
    return SampleRecord(
        key, name, doi, tuple(curves), _builder(curves, column), provenance, about.get("BASEMAT", "")
    )


def _builder(
    curves: dict[str, list[CellRow]], column: dict[str, int]
) -> Callable[[Faults], dict[str, PointSeries]]:
    def build(faults: Faults) -> dict[str, PointSeries]:
        found = {}
        for prop, rows in curves.items():
            series = PointSeries(prop, QUANTITIES[prop].unit)
            for row in rows:
                place = f"line {row.line}"
                try:
                    T = number(row.text(column["temperature"]))
                    value = _in_si(
                        number(row.text(column["tepvalue"])), prop, row.text(column.get("unit", -1))
                    )
                except NotANumber as problem:
                    faults.add(place, row.text(column["tepvalue"]), f"{prop}: {problem}")
                except UnitError as error:
                    faults.add(place, row.text(column["unit"]), f"{prop}: wrong unit", error.faults[0].advice)
                else:
                    series.add(T, value, place)
            if series.T:
                found[prop] = series
        return found

    return build


def _in_si(value: float, prop: str, unit: str) -> float:
    """Value in SI; the units of the file stand in square brackets."""
    unit = unit.strip("[] ")
    if not unit or prop == "zT":
        return value
    return float(convert(value, unit, QUANTITIES[prop].unit))


def _samples_file(path: Path) -> dict[str, dict[str, str]]:
    """Rows of the samples file beside, by sample; empty if there is none."""
    beside = path.with_name(SAMPLES_FILE)
    if not beside.is_file() or beside == path:
        return {}
    rows = csv.DictReader(read_text(beside).splitlines())
    return {str(row.get("sample_id", "")): {k: v or "" for k, v in row.items() if k} for row in rows}
