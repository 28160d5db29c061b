"""Starrydata2 exports: one curve a row, with its points as lists, or the older table on a common grid.

Columns of `starrydata_curves.csv`: `SID, DOI, composition, sample_id, figure_id, prop_x, prop_y, unit_x`,
`unit_y`, the lists `x, y` and others; older files write `sampleid`, `figureid`, `figurename`.
Source: doi 10.1080/14686996.2019.1603885.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from ioffe.base.errors import Faults, UnitError
from ioffe.base.units import convert
from ioffe.material.fields import Provenance, plain_doi
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import CellRow, long_columns, text_rows
from ioffe.material.readers.headers import meaning
from ioffe.material.readers.records import SampleRecord, Wide, wide_records
from ioffe.material.readers.series import PointSeries

NEEDED = ("sid", "prop_x", "prop_y", "unit_x", "unit_y", "x", "y")
EXPECTED = "SID, DOI, composition, sample_id, figure_id, prop_x, prop_y, unit_x, unit_y, x, y"
SOURCE = "Starrydata2 (doi 10.1080/14686996.2019.1603885)"
LICENCE = "as stated with the Starrydata export"
METHOD = "Digitised from the published figures."
WIDE = Wide(
    needed=("sampleid", "composition", "temperature", "seebeck coefficient"),
    key=("sampleid", "sample_id"),
    name=("composition",),
    columns={
        "temperature": "temperature",
        "seebeck coefficient": "seebeck",
        "electrical conductivity": "electrical_conductivity",
        "electrical resistivity": "electrical_resistivity",
        "thermal conductivity": "thermal_conductivity",
        "zt": "zT",
    },
    provenance=Provenance(
        source=SOURCE, licence=LICENCE, method=f"{METHOD[:-1]}, interpolated to a common grid."
    ),
)


def looks_like(names: Sequence[str]) -> int:
    """Number of columns of a Starrydata layout in a line; 0 if it is another table.

    Examples
    --------
    >>> looks_like("SID,DOI,composition,sample_id,figure_id,prop_x,prop_y,unit_x,unit_y,x,y".split(","))
    11
    >>> looks_like(["T (K)", "S (uV/K)"])
    0
    """
    lower = [name.casefold() for name in names]
    curves = {"prop_x", "prop_y", "x", "y"} <= set(lower)
    return len(lower) if curves or WIDE.fits(lower) else 0


def records(path: Path, text: str, header: tuple[int, str, list[str]]) -> list[SampleRecord]:
    """Samples of a Starrydata file.

    Raises
    ------
    InputError
        If a column is missing, with the columns expected.
    """
    first, delimiter, names = header
    if WIDE.fits([name.casefold() for name in names]):
        return wide_records(WIDE, path, text, header)
    aliases = {"sample_id": ("sampleid",), "figure_id": ("figureid", "figurename")}
    column = long_columns(path, names, (*NEEDED, "sample_id"), aliases, ("Starrydata", EXPECTED))
    return _curve_records(text_rows(path, text, first, delimiter), column)


def _curve_records(rows, column: dict[str, int]) -> list[SampleRecord]:
    samples: dict[tuple[str, str], list[tuple[str, CellRow]]] = {}
    for row in rows:
        if meaning(row.text(column["prop_x"]))[0] != "temperature":
            continue
        prop, _ = meaning(row.text(column["prop_y"]))
        if prop and prop != "temperature":
            key = (row.text(column["sid"]), row.text(column["sample_id"]))
            samples.setdefault(key, []).append((prop, row))
    numbers = [sample for _, sample in samples]
    unique = len(set(numbers)) == len(numbers)
    return [
        _record(sample if unique else f"{sid}-{sample}", sid, curves, column)
        for (sid, sample), curves in samples.items()
    ]


def _record(key: str, sid: str, curves: list[tuple[str, CellRow]], column: dict[str, int]) -> SampleRecord:
    row = curves[0][1]
    doi = plain_doi(row.text(column.get("doi", -1)))
    kept: dict[str, CellRow] = {}
    notes = []
    for prop, candidate in curves:
        if prop not in kept:
            kept[prop] = candidate
        else:
            figures = kept[prop].text(column["figure_id"]), candidate.text(column["figure_id"])
            if candidate.text(column["x"]).count(",") > kept[prop].text(column["x"]).count(","):
                kept[prop], figures = candidate, figures[::-1]
            notes.append(f"{prop}: figure {figures[0]} taken, figure {figures[1]} left out.")
    sample = f"SID {sid}, sample {row.text(column['sample_id'])}"
    provenance = Provenance(doi, SOURCE, sample, LICENCE, METHOD, " ".join(notes))
    name = row.text(column.get("composition", -1)) or f"Starrydata {key}"
    return SampleRecord(key, name, doi, tuple(kept), _builder(kept, column), provenance)


def _builder(kept: dict[str, CellRow], column: dict[str, int]) -> Callable[[Faults], dict[str, PointSeries]]:
    def build(faults: Faults) -> dict[str, PointSeries]:
        found = {}
        for prop, row in kept.items():
            place = f"line {row.line}"
            x, y = (_points(row.text(column[axis]), place, axis, faults) for axis in "xy")
            if len(x) != len(y):
                faults.add(place, f"{len(x)} and {len(y)}", "x and y must have as many points")
                continue
            unit_x, unit_y = row.text(column["unit_x"]), row.text(column["unit_y"])
            if _units_fit(prop, unit_x, unit_y, place, faults):
                series = PointSeries(prop, unit_y if prop != "zT" else "1", unit_x)
                for i, (T, value) in enumerate(zip(x, y, strict=True)):
                    series.add(T, value, f"{place}, point {i + 1}")
                found[prop] = series
        return found

    return build


def _points(text: str, place: str, axis: str, faults: Faults) -> list[float]:
    try:
        items = json.loads(text)
        return [number(item if isinstance(item, str) else float(item)) for item in items]
    except (ValueError, TypeError, NotANumber) as error:
        problem = str(error) if isinstance(error, NotANumber) else 'a list such as "[300, 350]" is expected'
        faults.add(place, text, f"{axis}: {problem}")
        return []


def _units_fit(prop: str, unit_x: str, unit_y: str, place: str, faults: Faults) -> bool:
    from ioffe.base.quantities import QUANTITIES

    before = len(faults)
    checks = [("unit_x", unit_x, "K")]
    if prop != "zT":
        checks.append(("unit_y", unit_y, QUANTITIES[prop].unit))
    for name, unit, expected in checks:
        try:
            convert(1.0, expected, unit)
        except UnitError as error:
            faults.add(place, unit, f"{name}: a unit such as {expected} is expected", error.faults[0].advice)
    return len(faults) == before
