"""What a sweep found: the best devices, ranges, maps, and every number on request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.result import BaseResult
from ioffe.base.saved import required
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, headed, table
from ioffe.base.units import format_si
from ioffe.solve.ranges import UsedRanges
from ioffe.study.missed import MissedLimits
from ioffe.study.store import RunFolder

Array = NDArray[np.float64]
BEST: Final = 20
"""Devices that are listed."""
SHOWN: Final = 5
"""Devices of a summary."""
CELLS, MOST_CELLS = 24, 100
"""Cells of a map along a range, or along a grid with more than so many values."""
POINTS: Final = "points"
"""The table that holds every device, which is read when it is asked for."""


@dataclass(frozen=True)
class MapAxis:
    """A variable along which a map has cells.

    `path`, `unit`: the variable and its SI unit.
    `values`: of the middle of the cells; names of materials.
    `edges`: between the cells, where they hold several values.
    `log`: whether the cells are even over the logarithm.
    """

    path: str
    unit: str
    values: NDArray[Any]
    edges: Array | None = None
    log: bool = False

    def cells(self, column: NDArray[Any]) -> NDArray[np.intp]:
        """Which cell each value is in."""
        if self.edges is not None:
            return np.clip(np.searchsorted(self.edges, column, side="right") - 1, 0, len(self.values) - 1)
        order = np.argsort(self.values, kind="stable")
        return order[np.searchsorted(self.values[order], column)]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SweepResult(BaseResult):
    """A sweep: its best devices as columns, the best first; every other number is in its folder.

    Devices with a solution that keep all constraints are compared.

    Attributes
    ----------
    folder : Path
        The run; `read_sweep` reads it again.
    header : mapping
        What ``run.json`` says.
    best : mapping of str to ndarray
        Variables and quantities of the best devices.
    ranges : mapping of str to ndarray
        Least, mean and greatest value of each output over the devices that are compared.
    map_axes : tuple of MapAxis
        One or two variables along which `maps` has cells.
    maps : mapping of str to ndarray
        Outputs of the best device of each cell; NaN where none is compared.
    counts : mapping of str to int
        Devices by the word of their status.
    compared : int
        Devices with a solution that keep all constraints.

    Examples
    --------
    >>> from ioffe import Generator, Leg, Study, sweep
    >>> at = Generator(T_hot=450, T_cold=330)
    >>> found = sweep(Study(Leg("Bi2Te3", "2 mm", "2 mm2"), at, {"T_hot": [400, 450]}, ["power"]), "run")
    >>> len(found), found.objective, found.T_hot
    (2, 'largest power', array([450., 400.]))
    """

    kind: ClassVar[str] = "sweep"

    folder: Path
    header: Mapping[str, Any]
    best: Mapping[str, NDArray[Any]]
    ranges: Mapping[str, Array]
    map_axes: tuple[MapAxis, ...]
    maps: Mapping[str, Array]
    counts: Mapping[str, int]
    compared: int
    worst: tuple[float, float] = field(default=(np.nan, np.nan))

    def _named(self) -> Mapping[str, Any]:
        return self.__dict__.get("best", {})

    def _noun(self) -> str:
        return "a sweep"

    def __len__(self) -> int:
        return self.header["points"]

    @property
    def status(self) -> Status:
        """The most severe status of all devices."""
        return Status.worst([Status[word.upper()] for word in self.counts])

    @property
    def energy_balance(self) -> float:
        """Largest relative imbalance of all devices."""
        return self.worst[0]

    @property
    def error_estimate(self) -> float:
        """Largest estimated relative error of all devices."""
        return self.worst[1]

    @property
    def variables(self) -> tuple[str, ...]:
        """Paths of what was varied."""
        return tuple(one["path"] for one in self.header["study"]["variables"])

    @property
    def outputs(self) -> tuple[str, ...]:
        """Quantities of the devices."""
        return tuple(self.header["outputs"])

    @property
    def objective(self) -> str:
        """The output by which devices are compared, in words: ``"largest power"``."""
        return f"{'largest' if self.header['sign'] > 0 else 'smallest'} {self.header['objective']}"

    def citations(self) -> list[str]:
        """What to cite.

        Returns
        -------
        list of str
            This program, and the sources of the materials.
        """
        return list(self.header["citations"])

    def chunks(self, names: Sequence[str] = ()) -> Iterator[dict[str, NDArray[Any]]]:
        """Columns of all devices in their order, one chunk after the other, so that they need little memory.

        Parameters
        ----------
        names : sequence of str
            Which columns, by default all; ``status`` holds codes of `Status`.

        Yields
        ------
        dict of str to ndarray
            In SI.

        Raises
        ------
        InputError
            For a chunk that is not there or was cut short.
        """
        run = RunFolder.open(self.folder)
        yield from (run.read(k, names) for k in range(run.chunks))

    def to_frame(self, table: str = POINTS) -> Any:
        """All devices, or one of the tables, as a pandas DataFrame (needs pandas).

        Parameters
        ----------
        table : str
            ``"points"``, the default: every device with its variables, quantities, status and whether it is
            compared; or one of `tables`.

        Returns
        -------
        pandas.DataFrame
        """
        if table != POINTS:
            return super().to_frame(table)
        pd = required("pandas", "a data frame")
        parts = []
        for part in self.chunks():
            good = _compared(self.header, part)
            heads = {name: headed(name, self._unit(name)) for name in part}
            columns = {heads[name]: values for name, values in part.items()}
            columns["status"] = pd.Categorical.from_codes(part["status"], [str(one) for one in Status])
            parts.append(pd.DataFrame(columns | {"compared": good}))
        return pd.concat(parts, ignore_index=True)

    def _column(self, name: str) -> Mapping[str, str]:
        return self.header["columns"].get(name, {})

    def _unit(self, name: str) -> str:
        return self._column(name).get("unit", "")

    def tables(self) -> dict[str, ResultTable]:
        """The best devices, the ranges of the outputs, and the maps.

        Returns
        -------
        dict of str to ResultTable
            ``best``, in SI, with a rank from 1; ``ranges``; ``map``.
        """
        units = {name: self._unit(name) for name in (*self.variables, *self.best)}
        rank = np.arange(1, len(self.point_status) + 1)
        best = {k: v.astype(str) if v.dtype == object else v for k, v in self.best.items()}
        words = Status.words(self.point_status)
        found = {"best": table({"rank": rank}, {**best, "point_status": words}, units)}
        figures = np.array(["least", "mean", "greatest"])
        found["ranges"] = table({"figure": figures}, dict(self.ranges), units)
        if self.map_axes:
            axes = {one.path: one.values for one in self.map_axes}
            columns = {f"best {name}": values for name, values in self.maps.items()}
            found["map"] = table(axes, columns, units | {f"best {k}": units[k] for k in self.maps})
        return found

    def _header(self) -> dict[str, Any]:
        kept = ("name", "points", "engine", "versions", "hash", "outputs", "objective", "sign", "limits")
        found = {name: self.header[name] for name in kept}
        found |= {"compared": self.compared, "counts": dict(self.counts), "study": self.header["study"]}
        return found | {"folder": str(self.folder)}

    def _title(self) -> str:
        what = f"{len(self):,} devices, {', '.join(self.variables)} varied"
        return f"{self.header['name'] or 'A device'}: {what}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "compared", f"{self.compared:,} of {len(self):,} devices, by the {self.objective}"
        for k in range(min(SHOWN, len(self.point_status))):
            yield f"{k + 1}", ", ".join(f"{n} {self.shown(n, self.best[n][k])}" for n in self.best)
        for name, (low, _, high) in self.ranges.items():
            if np.isfinite(low):
                yield name, f"{format_si(low, name)} ... {format_si(high, name)}"
        yield from ((f"{n:,} {status}", Status[status.upper()].advice) for status, n in self.counts.items())
        yield from (fact for fact in self._quality() if fact[0] != "status")

    def shown(self, name: str, value: Any) -> str:
        """A value as people read it.

        Parameters
        ----------
        name : str
            A variable or an output.
        value : float or str
            In SI, or the name of a material.

        Returns
        -------
        str
            With its unit.
        """
        return value if isinstance(value, str) else format_si(float(value), self._column(name)["quantity"])


def read_sweep(folder: str | Path, notes: Sequence[str] = ()) -> SweepResult:
    """The result of a sweep whose folder is complete.

    Parameters
    ----------
    folder : path
        As `sweep` has written it.
    notes : sequence of str
        Further notes of the result.

    Returns
    -------
    SweepResult

    Raises
    ------
    InputError
        If it is no such folder, or a chunk is missing or was cut short.

    Examples
    --------
    >>> read_sweep("no-run")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: no-run: a folder with the run of a sweep is expected,
    which has a file run.json
    """
    run = RunFolder.open(Path(folder))
    header = run.header
    found = _Gathered(header)
    used = UsedRanges()
    for k in range(run.chunks):
        found.add(run.read(k))
        used.merge(run.used(k))
    warnings = [*header["warnings"], *used.said()]
    if not found.compared:
        unsolved = sum(n for s, n in found.counts.items() if s >= Status.RUNAWAY)
        warnings.append(
            found.missed.said(
                f"no device is compared: {unsolved:,} of {header['points']:,} have no solution, "
                "the others do not keep the constraints"
            )
        )
    return SweepResult(
        folder=Path(folder),
        header=header,
        best=found.best,
        ranges=found.ranges(),
        map_axes=found.axes,
        maps=found.maps(),
        counts={str(Status(s)): n for s, n in sorted(found.counts.items())},
        compared=found.compared,
        worst=found.worst,
        point_status=found.quality["status"].astype(int),
        point_energy_balance=found.quality["energy_balance"].astype(float),
        point_error_estimate=found.quality["error_estimate"].astype(float),
        conditions=header["study"]["conditions"],
        warnings=tuple(warnings),
        notes=(*header["notes"], *notes),
    )


def _compared(header: Mapping[str, Any], columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Which devices have a solution and keep all constraints."""
    good = np.isfinite(columns[header["objective"]])
    for name, (least, most) in header["limits"].items():
        good &= columns[name] >= (-inf if least is None else least)
        good &= columns[name] <= (inf if most is None else most)
    return good


def map_axes(header: Mapping[str, Any]) -> tuple[MapAxis, ...]:
    """Axes of the maps of a sweep: the first two numbers that vary, or materials where there are fewer."""
    numbers, words = [], []
    for one in header["study"]["variables"]:
        path, values = one["path"], np.array(one["values"])
        unit = header["columns"][path].get("unit", "")
        if one["text"]:
            words.append(MapAxis(path, unit, values))
        elif one["sampled"] or len(np.unique(values)) > MOST_CELLS:
            low, high = values.min(), values.max()
            edges = (np.geomspace if one["log"] else np.linspace)(low, high, CELLS + 1)
            middle = np.sqrt(edges[1:] * edges[:-1]) if one["log"] else 0.5 * (edges[1:] + edges[:-1])
            numbers.append(MapAxis(path, unit, middle, edges, one["log"]))
        else:
            numbers.append(MapAxis(path, unit, np.unique(values), log=one["log"]))
    return tuple(axis for axis in (*numbers, *words) if len(axis.values) > 1)[:2]


class _Gathered:
    """What is kept of the chunks of a sweep as they pass by."""

    def __init__(self, header: Mapping[str, Any]) -> None:
        self.header = header
        self.name, self.sign = header["objective"], header["sign"]
        self.axes = map_axes(header)
        self.outputs: list[str] = header["outputs"]
        self.counts: dict[int, int] = {}
        self.compared = 0
        kinds = {name: header["columns"][name]["quantity"] for name in header["limits"]}
        self.missed = MissedLimits(header["limits"], kinds)
        self.worst = (np.nan, np.nan)
        kinds = {name: one["kind"] for name, one in header["columns"].items()}
        empty = {k: np.zeros(0, object if kind == "text" else float) for k, kind in kinds.items()}
        self.kept = empty
        self.sums = {name: [inf, 0.0, -inf] for name in self.outputs}
        cells = int(np.prod([len(axis.values) for axis in self.axes], dtype=int))
        self.cells = {name: np.full(cells, np.nan) for name in dict.fromkeys((*self.outputs, self.name))}

    @property
    def best(self) -> dict[str, NDArray[Any]]:
        """Columns of the best devices without their quality."""
        return {k: v for k, v in self.kept.items() if k not in ("status", "energy_balance", "error_estimate")}

    @property
    def quality(self) -> dict[str, NDArray[Any]]:
        """Status, balance and error of the best devices."""
        return {k: v for k, v in self.kept.items() if k in ("status", "energy_balance", "error_estimate")}

    def add(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Take what a chunk has."""
        for status, count in zip(*np.unique(columns["status"], return_counts=True), strict=True):
            self.counts[int(status)] = self.counts.get(int(status), 0) + int(count)
        balance, error = (np.fmax.reduce(columns[k]) for k in ("energy_balance", "error_estimate"))
        self.worst = float(np.fmax(self.worst[0], balance)), float(np.fmax(self.worst[1], error))
        self.missed.add(columns)
        good = np.flatnonzero(_compared(self.header, columns))
        if not good.size:
            return
        self.compared += len(good)
        value = self.sign * columns[self.name][good]
        for name, sums in self.sums.items():
            one = columns[name][good]
            sums[:] = min(sums[0], one.min()), sums[1] + one.sum(), max(sums[2], one.max())
        first = good[np.argsort(-value, kind="stable")[:BEST]]
        both = {k: np.concatenate([old, columns[k][first]]) for k, old in self.kept.items()}
        order = np.argsort(-self.sign * both[self.name].astype(float), kind="stable")[:BEST]
        self.kept = {k: v[order] for k, v in both.items()}
        self._map(columns, good, value)

    def _map(self, columns: Mapping[str, NDArray[Any]], good: NDArray[np.intp], value: Array) -> None:
        if not self.axes:
            return
        places = [axis.cells(columns[axis.path][good]) for axis in self.axes]
        cell = np.ravel_multi_index(places, [len(axis.values) for axis in self.axes])
        order = np.argsort(value, kind="stable")
        best = np.full(len(self.cells[self.name]), -1)
        best[cell[order]] = order  # the last one of a cell is its best
        found = np.flatnonzero(best >= 0)
        better = ~(self.sign * self.cells[self.name][found] >= value[best[found]])
        found = found[better]
        for name, cells in self.cells.items():
            cells[found] = columns[name][good[best[found]]]

    def ranges(self) -> dict[str, Array]:
        """Least, mean and greatest value of each output."""
        if not self.compared:
            return {name: np.full(3, np.nan) for name in self.sums}
        return {k: np.array([low, s / self.compared, high]) for k, (low, s, high) in self.sums.items()}

    def maps(self) -> dict[str, Array]:
        """Outputs of the best device of each cell."""
        shape = [len(axis.values) for axis in self.axes]
        return {name: self.cells[name].reshape(shape) for name in self.outputs} if shape else {}
