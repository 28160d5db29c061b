"""Results read back from files: their numbers along their axes, with units, status and citations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base._files import read_json
from ioffe.base.errors import Fault, InputError
from ioffe.base.result import BaseResult
from ioffe.base.saved import INFINITE, numbers, plain, required
from ioffe.base.status import Status, StatusCode
from ioffe.base.table import Column, ResultTable

__all__ = ["SavedResult", "load_result"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SavedResult(BaseResult):
    """A result read from a file: its numbers, axes and units, and what was saved beside them.

    Every column of the main table is an attribute, and so is every further table.

    Attributes
    ----------
    header : mapping
        What was saved beside the tables.
    """

    header: Mapping[str, Any]
    saved_tables: Mapping[str, ResultTable]

    def _named(self) -> Mapping[str, Any]:
        tables = self.__dict__.get("saved_tables", {})
        main, *_ = tables.values()
        return {**tables, **{k: v for k, v in self.header.items() if k not in _OWN}, **main._named()}

    def _noun(self) -> str:
        return f"this {self.header['kind']} result"

    @property
    def status(self) -> Any:
        """The most severe status of all points; a text if this version does not know it."""
        found = self.header["status"]
        kinds = [kind.__members__.get(found.upper()) for kind in StatusCode.__subclasses__()]
        told = [member for member in kinds if member is not None and member.advice == self.header["advice"]]
        return told[0] if told else found

    @property
    def energy_balance(self) -> float:
        """Largest relative imbalance of the solved points."""
        return _number(self.header["energy_balance"])

    @property
    def error_estimate(self) -> float:
        """Largest estimated relative error of the solved points."""
        return _number(self.header["error_estimate"])

    @property
    def axes(self) -> dict[str, NDArray[Any]]:
        """What the axes of the main table count."""
        return {name: column.values for name, column in self.table().index.items()}

    @property
    def units(self) -> dict[str, str]:
        """SI units by name."""
        return dict(self.header["units"])

    def citations(self) -> list[str]:
        """What to cite."""
        return list(self.header["citations"])

    def tables(self) -> dict[str, ResultTable]:
        """The numbers as tables by name, the main one first."""
        return dict(self.saved_tables)

    def _saved_header(self) -> dict[str, Any]:
        return plain(self.header)

    def _title(self) -> str:
        name = self.header.get("name") or "a result"
        return f"{name}: {self.header['kind']}, saved by ioffe {self.header['ioffe']}"

    def _facts(self) -> Iterable[tuple[str, str]]:
        for name, found in self.saved_tables.items():
            yield name, " ".join(found.summary().split())
        yield from self._quality()


_OWN: Final = ("format", "ioffe", "kind", "tables", "units", "citations")


def load_result(path: str | Path) -> SavedResult:
    """A result from a file that `save` has written as ``.json`` or ``.nc``.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    SavedResult
        With the values, axes, units, status, warnings, conditions and citations of the result.

    Raises
    ------
    InputError
        If the file has another ending, does not exist, or holds no result.

    Examples
    --------
    >>> load_result("result.xlsx")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: path = "result.xlsx": a file name ending in .json, .nc is expected
    """
    path = Path(path)
    ending = path.suffix.casefold()
    if ending not in _READERS:
        raise InputError(Fault("path", str(path), f"a file name ending in {', '.join(_READERS)} is expected"))
    try:
        header, find = _READERS[ending](path)
        header = _with_infinities(header)
        units = header["units"]
        tables = {
            name: ResultTable(
                *(
                    {key: find(name, key, part, tuple(axes), units) for key, axes in layout[part].items()}
                    for part in ("index", "columns")
                )
            )
            for name, layout in header["tables"].items()
        }
        known = {key: header[key] for key in ("interpolation", "conditions")}
        status = next(iter(tables.values())).columns.get("point_status")
        codes = np.zeros(()) if status is None else _codes(status.values)
        return SavedResult(
            header=header,
            saved_tables=tables,
            warnings=tuple(header["warnings"]),
            notes=tuple(header.get("notes", ())),
            point_status=codes,
            **known,
        )
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        expected = "a result that was written by save is expected"
        raise InputError(Fault("", expected=expected, file=str(path))) from None


Find = Callable[[str, str, str, tuple[str, ...], Mapping[str, str]], Column]


def _from_json(path: Path) -> tuple[dict[str, Any], Find]:
    data = read_json(path)
    first = next(iter(data.get("tables", {})), "")

    def find(table: str, key: str, part: str, axes: tuple[str, ...], units: Mapping[str, str]) -> Column:
        own = data if table == first else data[table]
        values = own["axes"].get(key, data["axes"].get(key)) if part == "index" else own[key]
        array = numbers(values)
        return Column(axes, array, _unit(table, key, array, units))

    columns = {key for layout in list(data.get("tables", {}).values())[:1] for key in layout["columns"]}
    inside = {*columns, *list(data.get("tables", {}))[1:], "axes"}
    return {key: value for key, value in data.items() if key not in inside}, find


def _from_netcdf(path: Path) -> tuple[dict[str, Any], Find]:
    xr = required("xarray", "reading NetCDF files")
    required("h5netcdf", "reading NetCDF files")
    try:
        with xr.open_dataset(path, engine="h5netcdf", decode_times=False) as opened:
            data = opened.load()
        header = json.loads(data.attrs.get("header", "{}"))
    except FileNotFoundError:
        raise InputError(Fault("", expected="the file does not exist", file=str(path))) from None
    except (OSError, ValueError) as error:
        raise InputError(Fault("", expected=f"the file cannot be read: {error}", file=str(path))) from None

    def find(table: str, key: str, part: str, axes: tuple[str, ...], units: Mapping[str, str]) -> Column:
        own = f"{table}.{key}"
        variable = data[own if own in (data.coords if part == "index" else data.data_vars) else key]
        # a column that only says what the axis of its name says is kept as that axis alone
        if variable.ndim < len(axes):
            repeated = {axis: data.sizes[axis] for axis in axes if axis not in variable.dims}
            variable = variable.expand_dims(repeated).transpose(*axes)
        array = variable.to_numpy()
        if array.dtype == object:
            array = array.astype(str)
        return Column(axes, array, _unit(table, key, array, units))

    return header, find


def _unit(table: str, key: str, array: NDArray[Any], units: Mapping[str, str]) -> str:
    return units.get(f"{table}.{key}", units.get(key, "")) if array.dtype.kind in "iuf" else ""


def _codes(words: NDArray[Any]) -> NDArray[Any]:
    """Codes of statuses in words; of the most severe for a word that `Status` does not have."""
    found = [Status.__members__.get(str(word).upper(), max(Status)) for word in words.ravel()]
    return np.array(found, int).reshape(words.shape)


def _with_infinities(value: Any) -> Any:
    """What was saved beside the tables, with numbers for the texts of infinity."""
    if isinstance(value, dict):
        return {key: _with_infinities(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_infinities(item) for item in value]
    return INFINITE.get(value, value) if isinstance(value, str) else value


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


_READERS: Final[Mapping[str, Callable[[Path], tuple[dict[str, Any], Find]]]] = {
    ".json": _from_json,
    ".nc": _from_netcdf,
}
