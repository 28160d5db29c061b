"""Starrydata2 exports: one curve a row, with its points as lists, or the older table on a common grid.

Columns of `starrydata_curves.csv`: `SID, DOI, composition, sample_id, figure_id, prop_x, prop_y, unit_x`,
`unit_y`, the lists `x, y` and others; older files write `sampleid`, `figureid`, `figurename`. A table of
one point a row in place of the lists is read too.
Source: doi 10.1080/14686996.2019.1603885.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Faults, UnitError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.fields import FIELD_OF, Provenance, plain_doi
from ioffe.material.material import Material
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.readers.databases.columns import WideLayout, long_columns
from ioffe.material.readers.files import CellGrid, CellRow
from ioffe.material.readers.records import Sample, SampleReader, SampleRecord, SampleSource
from ioffe.material.readers.selection import Points
from ioffe.material.readers.series import Carrier, PointSeries, missing, rising

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

    `names`: column headers.

    >>> detect("SID,DOI,composition,sample_id,figure_id,prop_x,prop_y,unit_x,unit_y,x,y".split(","))
    11
    >>> detect(["T (K)", "S (uV/K)"])
    0
    """
    curves = {"prop_x", "prop_y", "x", "y"} <= {name.casefold() for name in names}
    return len(names) if curves or WIDE.fits(names) else 0


def read(grids: Sequence[CellGrid], _faults: Faults) -> Sequence[SampleSource]:
    """Samples of a Starrydata file.

    `grids`: its one table.
    `_faults`: not used: what is wrong with a sample is said when it is wanted.
    Raises `InputError` if a column is missing, with the columns expected.
    """
    grid = grids[0]
    if WIDE.fits(grid.names):
        return WIDE.read(grid)
    column = long_columns(grid, READER, NEEDED, ALIASES)
    samples: dict[tuple[str, str], list[tuple[str, CellRow]]] = {}
    others: dict[tuple[str, str], list[CellRow]] = {}
    sid, sample, against, of, unit = (column[n] for n in ("sid", "sample_id", "prop_x", "prop_y", "unit_y"))
    kinds: dict[tuple[str, str, str], str] = {}  # few of them, in hundreds of thousands of rows
    for row in grid.rows:
        try:
            cells: Any = row.cells
            kind, key = (cells[against], cells[of], cells[unit]), (cells[sid], cells[sample])
        except IndexError:  # a row that ends early
            kind, key = (row.text(against), row.text(of), row.text(unit)), (row.text(sid), row.text(sample))
        if kind not in kinds:
            prop = MATERIAL.meaning(*kind[1:])[0]
            kinds[kind] = prop if MATERIAL.meaning(kind[0])[0] == "temperature" and FIELD_OF.get(prop) else ""
        if kinds[kind]:
            samples.setdefault(key, []).append((kinds[kind], row))
        else:
            others.setdefault(key, []).append(row)
    unique = len({one for _, one in samples}) == len(samples)
    return [
        StarrydataSample(key[1] if unique else "-".join(key), curves, others.get(key, ()), column, grid)
        for key, curves in samples.items()
    ]


READER = SampleReader(
    "starrydata",
    "Starrydata",
    "text",
    "SID, DOI, composition, sample_id, figure_id, prop_x, prop_y, unit_x, unit_y, x, y",
    detect,
    read,
)


@dataclass(frozen=True, eq=False)
class StarrydataSample:
    """A sample and its rows; everything else is made when it is asked for.

    `key`: as for `Sample`.
    `curves`: quantity and row of every curve against temperature.
    `others`: rows of other curves.
    `column`: position of every column.
    """

    key: str
    curves: list[tuple[str, CellRow]]
    others: Sequence[CellRow]
    column: Mapping[str, int]
    grid: CellGrid

    @property
    def sample(self) -> Sample:
        """What a list of samples says about it."""
        properties = tuple(dict.fromkeys(prop for prop, _ in self.curves))
        return Sample(self.key, self._name, self._doi, properties, tuple(missing(properties)))

    @property
    def _name(self) -> str:
        return self._text("composition") or f"Starrydata {self.key}"

    @property
    def _doi(self) -> str:
        return plain_doi(self._text("doi"))

    def _text(self, name: str) -> str:
        return self.curves[0][1].text(self.column.get(name, -1))

    def material(
        self, faults: Faults, carrier: Carrier | None = None, lattice: Lattice | None = None
    ) -> Material | None:
        """Material of the sample, or None with the faults noted.

        `faults`, `carrier`, `lattice`: as for `SampleRecord.material`.
        """
        return self._record().material(faults, carrier, lattice)

    def points(self) -> dict[str, Points]:
        """Points of every property.

        Returns: as `SampleSource.points`.
        """
        found = {}
        for prop, row in self._kept()[0].items():
            x, y = _quick(row.text(self.column["x"])), _quick(row.text(self.column["y"]))
            if len(x) != len(y):
                continue
            try:
                zero, factor = _scale("K", row.text(self.column["unit_x"]))
                T = zero + factor * x
                unit = "1" if prop == "zT" else row.text(self.column["unit_y"])
                values = y * _scale(QUANTITIES[prop].unit, unit)[1]
            except UnitError:
                continue
            found[prop] = rising(T, values)
        return found

    def _kept(self) -> tuple[dict[str, CellRow], list[str]]:
        """One row for each quantity, that with the most points, and what is left out for it."""
        kept: dict[str, CellRow] = {}
        left_out: list[str] = []
        for prop, candidate in _of_points(self.curves, self.column):
            if prop not in kept:
                kept[prop] = candidate
                continue
            figures = [one.text(self.column["figure_id"]) for one in (kept[prop], candidate)]
            x = self.column["x"]
            if candidate.text(x).count(",") > kept[prop].text(x).count(","):
                kept[prop] = candidate
                figures.reverse()
            left_out.append(f"{prop} of figure {figures[1]} (that of figure {figures[0]} is taken)")
        return kept, left_out

    def _empty(self, prop: str, row: CellRow) -> str:
        """How many points of a curve hold no number; empty for none."""
        pairs = zip(*(_quick(row.text(self.column[axis])) for axis in "xy"), strict=False)
        count = sum(not (x == x and y == y) for x, y in pairs)
        figure = row.text(self.column.get("figure_id", -1)) or "?"
        return f"{count} points of {prop} (figure {figure}): empty" if count else ""

    def _record(self) -> SampleRecord:
        column = self.column
        kept, left_out = self._kept()
        of, against, figure = (column.get(name, -1) for name in ("prop_y", "prop_x", "figure_id"))
        left_out = [
            f"{one.text(of)} against {one.text(against).lower()} (figure {one.text(figure) or '?'})"
            for one in self.others
        ] + left_out
        left_out += [empty for prop, one in kept.items() if (empty := self._empty(prop, one))]
        sample = f"SID {self._text('sid')}, sample {self._text('sample_id')}"
        provenance = Provenance(self._doi, SOURCE, sample, LICENCE, METHOD, not_used=", ".join(left_out))
        builders: dict[str, Callable[[Faults], PointSeries | None]] = {
            prop: partial(_points, prop, one, column, self.grid.location(one)) for prop, one in kept.items()
        }
        return SampleRecord(self.key, self._name, self._doi, builders, provenance)


def _of_points(
    curves: Sequence[tuple[str, CellRow]], column: Mapping[str, int]
) -> Sequence[tuple[str, CellRow]]:
    """Curves of which each row holds one point and no list, made into rows with lists."""
    axes = column["x"], column["y"]
    if all(row.text(axes[0])[:1] in ("[", "") for _, row in curves):
        return curves
    found: list[tuple[str, CellRow]] = []
    points: dict[tuple[str, ...], list[CellRow]] = {}
    told = [column.get(name, -1) for name in ("figure_id", "unit_x", "unit_y")]
    for prop, row in curves:
        if any(mark in row.text(axes[0]) for mark in "[,"):
            found.append((prop, row))
        else:
            points.setdefault((prop, *map(row.text, told)), []).append(row)
    for (prop, *_), rows in points.items():
        whole = rows[0]
        for axis in axes:
            whole = whole.with_cell(axis, f"[{', '.join(row.text(axis) or 'NaN' for row in rows)}]")
        found.append((prop, whole))
    return found


@lru_cache(maxsize=1024)
def _scale(wanted: str, unit: str) -> tuple[float, float]:
    """Zero and step of a unit in the one that is wanted; that of degC begins at 273.15 K."""
    zero, one = float(convert(0.0, unit, wanted)), float(convert(1.0, unit, wanted))
    return zero, round(one - zero, 9) if zero else one


def _quick(text: str) -> NDArray[np.float64]:
    """Numbers of a list, NaN for what is none; empty if it is no list."""
    try:  # several times faster than a parser of JSON
        return np.array(list(map(float, text.strip("[ ]").split(","))))
    except ValueError:
        found = _numbers(text, "", "", Faults())
        return np.array([nan if value is None else value for value in found], float)


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
    except (ValueError, TypeError, RecursionError) as error:
        problem = str(error) if isinstance(error, NotANumber) else 'a list such as "[300, 350]" is expected'
        faults.add(location, text, f"{axis}: {problem}")
        return []
