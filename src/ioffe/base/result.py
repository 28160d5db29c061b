"""What all results have in common: status, balance, error, tables, files, and how they show themselves.

A result is a frozen dataclass on `BaseResult` that says which tables it has (`tables`), what is saved beside
them (`_header`) and what is shown of it (`_title`, `_facts`). Everything else is here.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe._version import __version__
from ioffe.base._upward import upward
from ioffe.base.display import Described, NamedValues
from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.saved import largest, plain, required, write_aside, write_book, write_csv, write_json
from ioffe.base.status import EvidenceStatus, Status, StatusCode
from ioffe.base.table import Column, ResultTable

__all__ = ["CITATION", "BaseResult", "EvidenceResult", "sources_of"]

FORMAT: Final = 1
"""Version of the layout of saved results."""
CITATION: Final = (
    "ioffe: thermoelectrics from measured transport data to modules (see CITATION.cff for the version used)"
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BaseResult(NamedValues, Described, ABC):
    """Outcome of a computation: numbers along named axes, and how far they can be trusted.

    Every quantity is an attribute by its name in the quantity table: a float for one point, otherwise an
    array.

    Attributes
    ----------
    point_status : ndarray of int
        Outcome of every point, see `status_type`.
    point_energy_balance : ndarray
        |heat in - heat out - losses - power| of every point, relative to the largest of them; NaN where there
        is none.
    point_error_estimate : ndarray
        Estimated relative error of every point from the numerical method; NaN where there is none.
    interpolation : mapping of str to str
        Rule of interpolation by material.
    warnings : tuple of str
        Doubts: what one must know before the numbers are used.
    notes : tuple of str
        How the numbers came about: what files were read as, what of them was not used.
    conditions : object
        What was imposed, or None.
    """

    kind: ClassVar[str] = "result"
    """Which result it is, in files."""
    status_type: ClassVar[type[StatusCode]] = Status

    point_status: NDArray[Any] = field(default_factory=lambda: np.zeros((), int))
    point_energy_balance: NDArray[np.float64] = field(default_factory=lambda: np.array(np.nan))
    point_error_estimate: NDArray[np.float64] = field(default_factory=lambda: np.array(np.nan))
    interpolation: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    conditions: Any = None

    @property
    def status(self) -> Any:
        """The most severe status of all points; `status.advice` says what to do about it."""
        return self.status_type.worst(self.point_status)

    @property
    def energy_balance(self) -> float:
        """Largest |heat in - heat out - losses - power| of the solved points, relative to the largest."""
        return largest(self.point_energy_balance)

    @property
    def error_estimate(self) -> float:
        """Largest estimated relative error of the solved points."""
        return largest(self.point_error_estimate)

    def citations(self) -> list[str]:
        """What to cite.

        Returns
        -------
        list of str
            This program, and the sources of the materials.
        """
        return sources_of(self._materials())

    # What a subclass says of itself

    @abstractmethod
    def tables(self) -> dict[str, ResultTable]:
        """The numbers as tables by name, the main one first.

        Returns
        -------
        dict of str to ResultTable
            In SI.
        """

    def _materials(self) -> Iterable[Any]:
        """The materials whose data it was made from; each has a `name` and a `provenance`."""
        return ()

    def _header(self) -> dict[str, Any]:
        """What files hold beside the tables and what all results have."""
        return {}

    def _quality(self) -> Iterator[tuple[str, str]]:
        """Facts at the end: status, balance, error, interpolation, warnings, notes."""
        yield "status", f"{self.status}. {getattr(self.status, 'advice', '')}".rstrip()
        figures = {"energy balance": self.energy_balance, "estimated error": self.error_estimate}
        shown = ", ".join(f"{words} {value:.1e}" for words, value in figures.items() if np.isfinite(value))
        if shown:
            yield "", shown
        if self.interpolation:
            yield "interpolation", "; ".join(f"{k}: {v}" for k, v in self.interpolation.items())
        yield from (("warning", text) for text in self.warnings)
        yield from (("note", text) for text in self.notes)

    # Tables and files

    def table(self, name: str = "") -> ResultTable:
        """One of the tables.

        Parameters
        ----------
        name : str
            By default the main one.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        tables = self.tables()
        name = name or next(iter(tables))
        if name not in tables:
            expected = f"one of {', '.join(tables)} is expected"
            raise InputError(Fault("table", name, expected, did_you_mean(name, tables)))
        return tables[name]

    def rows(self, table: str = "", *, si: bool = True) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of a table, by default in SI units; see `ResultTable.rows`."""
        return self.table(table).rows(si=si)

    def to_frame(self, table: str = "") -> Any:
        """A table as a pandas DataFrame with its axes as named index (needs pandas).

        Parameters
        ----------
        table : str
            One of `tables`, by default the main one.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        InputError
            If there is no such table.
        """
        return self.table(table).to_frame()

    def to_xarray(self) -> Any:
        """All tables as one xarray Dataset (needs xarray).

        Returns
        -------
        xarray.Dataset
            With units and descriptions in the attributes of the variables, and what is saved beside them
            in those of the Dataset. Columns of further tables have the name of the table before theirs, and
            so has a column of the main one that has the name of an axis and other values, such as NaN.
        """
        xr = required("xarray", "an xarray Dataset")
        (first, main), *others = self.tables().items()
        found = main.to_xarray(beside=f"{first}.")
        for name, further in others:
            part = further.to_xarray(f"{name}.")
            # an axis that means another thing than the one of the same name has the name of its table too
            other = [k for k in part.coords if k in found.variables and not part[k].equals(found[k])]
            part = part.rename({key: f"{name}.{key}" for key in other})
            found = xr.merge([found, part], join="outer", compat="equals")
        header = self._saved_header()
        words = {k: v for k, v in header.items() if isinstance(v, str | float) or type(v) is int}
        found.attrs = {**words, "header": json.dumps(header)}
        return found

    def _saved_header(self) -> dict[str, Any]:
        """Everything but the numbers, with the layout of the tables."""
        tables = self.tables()
        units: dict[str, str] = {}
        for name, found in tables.items():
            for key, unit in found.units.items():
                units[key if units.get(key, unit) == unit else f"{name}.{key}"] = unit
        layout = {
            name: {"index": _layout(found.index), "columns": _layout(found.columns)}
            for name, found in tables.items()
        }
        return plain(
            {
                "format": FORMAT,
                "ioffe": __version__,
                "kind": self.kind,
                **self._header(),
                "status": str(self.status),
                "advice": self.status.advice,
                "energy_balance": self.energy_balance,
                "error_estimate": self.error_estimate,
                "interpolation": self.interpolation,
                "warnings": self.warnings,
                "notes": self.notes,
                "conditions": self.conditions,
                "citations": self.citations(),
                "units": units,
                "tables": layout,
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI units with the keys of the quantity table, ready for JSON.

        Returns
        -------
        dict
            The columns of the main table by their names and its axes under ``axes``; a further table is a
            dictionary of the same kind under its name. ``tables`` says along which axes each column runs.
            NaN is None, infinity ``"inf"`` or ``"-inf"``.
        """
        (_, main), *others = self.tables().items()
        header = self._saved_header()
        assert not header.keys() & main.columns.keys(), "a column has the name of what is saved beside it"
        return {
            **header,
            "axes": {name: plain(column.values) for name, column in main.index.items()},
            **main.to_dict(),
            **{name: _nested(further, main) for name, further in others},
        }

    def save(self, path: str | Path, *, si: bool = False) -> Path:
        """Write the result into a file, whose ending says how.

        Parameters
        ----------
        path : str or Path
            ``.json`` and ``.nc`` (NetCDF, needs xarray and h5netcdf) hold everything and can be read by
            `load_result`; ``.xlsx`` (needs openpyxl) has a sheet for every table and one for what is
            saved beside them; ``.csv`` is the main table alone.
        si : bool
            Whether the numbers in ``.xlsx`` and ``.csv`` are in SI with all digits, as those in ``.json`` and
            ``.nc`` always are, and not in the units of the field (see `ResultTable.rows`).

        Returns
        -------
        Path
            The file, which is written beside its place and renamed, so that it is never there by half.

        Raises
        ------
        InputError
            For another ending, a folder that does not exist, or a package that is missing.
        """
        path = Path(path)
        ending = path.suffix.casefold()
        if ending not in _WRITERS:
            expected = f"a file name ending in {', '.join(_WRITERS)} is expected"
            raise InputError(Fault("path", str(path), expected))
        return _WRITERS[ending](self, path, si)

    def plot(self, picture: str = "", ax: Any = None, **options: Any) -> Any:
        """Draw one of the pictures that the report shows.

        Parameters
        ----------
        picture : str
            Its name; by default the first one. The message about a wrong one lists them.
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        **options
            As the picture takes them.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        InputError
            If there is no such picture of this result.
        """
        return upward("draw")(self, picture, ax, **options)

    def report(self, path: str | Path) -> Path:
        """Write a page with tables and pictures that needs no other file.

        Parameters
        ----------
        path : str or Path
            An HTML file.

        Returns
        -------
        Path
            The file.
        """
        return upward("report")(self, Path(path))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EvidenceResult(BaseResult):
    """What follows from measured or published numbers; doubts are its warnings and decide its status."""

    status_type: ClassVar[type[StatusCode]] = EvidenceStatus

    def __post_init__(self) -> None:
        doubts = tuple(self._doubts())
        found = EvidenceStatus.DOUBTFUL if doubts else EvidenceStatus.OK
        worst = found if self._is_found() else EvidenceStatus.NOT_CONVERGED
        object.__setattr__(self, "warnings", doubts)
        object.__setattr__(self, "notes", tuple(self._remarks()))
        object.__setattr__(self, "point_status", np.array(worst))

    def _doubts(self) -> Iterable[str]:
        """What speaks against the data or the model; by default its findings that are more than a note."""
        doubts = (found for found in getattr(self, "findings", ()) if found.severity != "note")
        return (found.message if found.severity == "warning" else str(found) for found in doubts)

    def _remarks(self) -> Iterable[str]:
        """What becomes its notes, which leave the status as it is; by default its findings of that level."""
        return (found.message for found in getattr(self, "findings", ()) if found.severity == "note")

    def _is_found(self) -> bool:
        """Whether the search ended at an optimum."""
        return True


def sources_of(materials: Iterable[Any]) -> list[str]:
    """What to cite for materials.

    `materials`: of objects with a `name` and a `provenance`.
    Returns: this program, and the source of every material that has one.
    """
    sources = [(material.name, material.provenance.citation) for material in materials]
    return list(dict.fromkeys([CITATION, *(f"{name}: {text}" for name, text in sources if text)]))


def _layout(columns: Mapping[str, Column]) -> dict[str, list[str]]:
    return {name: list(column.axes) for name, column in columns.items()}


def _nested(further: ResultTable, main: ResultTable) -> dict[str, Any]:
    """A further table; of its axes those that the main one does not have."""
    index = {k: c for k, c in further.index.items() if not (k in main.index and _same(c, main.index[k]))}
    return {"axes": {name: plain(column.values) for name, column in index.items()}, **further.to_dict()}


def _same(a: Column, b: Column) -> bool:
    return a.axes == b.axes and np.array_equal(a.values, b.values)


def _write_netcdf(result: BaseResult, path: Path, si: bool) -> Path:
    del si
    required("h5netcdf", "writing NetCDF files")
    data = result.to_xarray()
    return write_aside(path, lambda aside: data.to_netcdf(aside, engine="h5netcdf"))


def _write_xlsx(result: BaseResult, path: Path, si: bool) -> Path:
    about = {key: value for key, value in result._saved_header().items() if key not in ("tables", "units")}
    return write_book(path, {name: found.rows(si=si) for name, found in result.tables().items()}, about)


_WRITERS: Final[Mapping[str, Callable[[BaseResult, Path, bool], Path]]] = {
    ".json": lambda result, path, _: write_json(path, result.to_dict()),
    ".csv": lambda result, path, si: write_csv(path, *result.rows(si=si)),
    ".xlsx": _write_xlsx,
    ".nc": _write_netcdf,
}
