"""Starrydata2 exports: one curve a row, with its points as lists, or the older table on a common grid.

Columns of `starrydata_curves.csv`: `SID, DOI, composition, sample_id, figure_id, prop_x, prop_y, unit_x`,
`unit_y`, the lists `x, y` and others; older files write `sampleid`, `figureid`, `figurename`.
Source: doi 10.1080/14686996.2019.1603885.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from ioffe.base.errors import Faults, UnitError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.fields import FIELD_OF, Provenance, plain_doi
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import CellGrid, CellRow
from ioffe.material.readers.records import SampleReader, SampleRecord, WideLayout, long_columns
from ioffe.material.readers.series import PointSeries
from ioffe.material.readers.words import meaning

NEEDED = ("sid", "prop_x", "prop_y", "unit_x", "unit_y", "x", "y", "sample_id")
ALIASES = {"sample_id": ("sampleid",), "figure_id": ("figureid", "figurename")}
SOURCE = "Starrydata2 (doi 10.1080/14686996.2019.1603885)"
LICENCE = "as stated with the Starrydata export"
METHOD = "Digitised from the published figures."
WIDE = WideLayout(
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


def detect(names: Sequence[str]) -> int:
    """Number of columns of a Starrydata layout in a line; 0 if it is another table.

    Parameters
    ----------
    names : sequence of str
        Column headers.

    Returns
    -------
    int

    Examples
    --------
    >>> detect("SID,DOI,composition,sample_id,figure_id,prop_x,prop_y,unit_x,unit_y,x,y".split(","))
    11
    >>> detect(["T (K)", "S (uV/K)"])
    0
    """
    curves = {"prop_x", "prop_y", "x", "y"} <= {name.casefold() for name in names}
    return len(names) if curves or WIDE.fits(names) else 0


def read(grids: Sequence[CellGrid], _faults: Faults) -> list[SampleRecord]:
    """Samples of a Starrydata file.

    Parameters
    ----------
    grids : sequence of CellGrid
        Its one table.
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
    if WIDE.fits(grid.names):
        return WIDE.read(grid)
    column = long_columns(grid, READER, NEEDED, ALIASES)
    samples: dict[tuple[str, str], list[tuple[str, CellRow]]] = {}
    others: dict[tuple[str, str], list[str]] = {}
    for row in grid.rows:
        against, of = row.text(column["prop_x"]), row.text(column["prop_y"])
        prop = meaning(of, row.text(column["unit_y"]))[0]
        key = (row.text(column["sid"]), row.text(column["sample_id"]))
        if meaning(against)[0] == "temperature" and FIELD_OF.get(prop):
            samples.setdefault(key, []).append((prop, row))
        else:
            figure = row.text(column["figure_id"]) if column.get("figure_id", -1) >= 0 else "?"
            others.setdefault(key, []).append(f"{of} against {against.lower()} (figure {figure})")
    unique = len({sample for _, sample in samples}) == len(samples)
    return [
        _record(sample if unique else f"{sid}-{sample}", curves, column, grid, others.get((sid, sample), []))
        for (sid, sample), curves in samples.items()
    ]


READER = SampleReader(
    "starrydata",
    "Starrydata",
    "text",
    "SID, DOI, composition, sample_id, figure_id, prop_x, prop_y, unit_x, unit_y, x, y",
    detect,
    read,
)


def _record(
    key: str,
    curves: list[tuple[str, CellRow]],
    column: Mapping[str, int],
    grid: CellGrid,
    others: Sequence[str],
) -> SampleRecord:
    row = curves[0][1]
    kept: dict[str, CellRow] = {}
    left_out = list(others)
    for prop, candidate in curves:
        if prop not in kept:
            kept[prop] = candidate
            continue
        figures = [one.text(column["figure_id"]) for one in (kept[prop], candidate)]
        if candidate.text(column["x"]).count(",") > kept[prop].text(column["x"]).count(","):
            kept[prop] = candidate
            figures.reverse()
        left_out.append(f"{prop} of figure {figures[1]} (that of figure {figures[0]} is taken)")
    doi = plain_doi(row.text(column.get("doi", -1)))
    sample = f"SID {row.text(column['sid'])}, sample {row.text(column['sample_id'])}"
    provenance = Provenance(doi, SOURCE, sample, LICENCE, METHOD, not_used=", ".join(left_out))
    name = row.text(column.get("composition", -1)) or f"Starrydata {key}"
    builders: dict[str, Callable[[Faults], PointSeries | None]] = {
        prop: partial(_points, prop, row, column, grid.location(row)) for prop, row in kept.items()
    }
    return SampleRecord(key, name, doi, builders, provenance)


def _points(
    prop: str, row: CellRow, column: Mapping[str, int], location: str, faults: Faults
) -> PointSeries | None:
    before = len(faults)
    x, y = (_numbers(row.text(column[axis]), location, axis, faults) for axis in "xy")
    if len(faults) > before:
        return None
    if len(x) != len(y):
        faults.add(location, f"{len(x)} and {len(y)}", "x and y must have as many points")
        return None
    before, right = len(faults), {"unit_x": "K", "unit_y": QUANTITIES[prop].unit}
    for name, expected in right.items():
        try:
            if (prop, name) != ("zT", "unit_y"):
                convert(1.0, expected, row.text(column[name]))
        except UnitError as error:
            unit = row.text(column[name])
            faults.add(
                location, unit, f"{name}: a unit such as {expected} is expected", error.faults[0].advice
            )
    if len(faults) > before:
        return None
    unit = "1" if prop == "zT" else row.text(column["unit_y"])
    series = PointSeries(prop, unit, row.text(column["unit_x"]))
    for i, (T, value) in enumerate(zip(x, y, strict=True)):
        if T is not None and value is not None:
            series.add(T, value, f"{location}, point {i + 1}")
    return series


def _numbers(text: str, location: str, axis: str, faults: Faults) -> list[float | None]:
    """Numbers of a list; None for a point that was not read from the figure."""
    try:
        items = json.loads(text)
        return [None if i is None or i != i else number(i if isinstance(i, str) else float(i)) for i in items]
    except (ValueError, TypeError) as error:
        problem = str(error) if isinstance(error, NotANumber) else 'a list such as "[300, 350]" is expected'
        faults.add(location, text, f"{axis}: {problem}")
        return []
