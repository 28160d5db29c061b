"""Exports of Netzsch laser flashes: their layouts, and what `read_flash` finds in them.

Which layouts there are says `ioffe.measure.laser_flash`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import UnitError
from ioffe.base.units import convert, unit_of_header
from ioffe.material.readers.cells import NotANumber, is_missing, number
from ioffe.material.readers.files import EXCEL_ENDINGS, CellGrid, CellRow, read_text, refuse
from ioffe.material.readers.grids import read_grids
from ioffe.measure._table import Columns, TableLayout, columns_of, word
from ioffe.measure.estimates import averaged

REFERENCES: Final = re.compile(
    r"(?i)(?<![a-z])(pyroceram|pyrex|inconel|poco|graphite|sapphire|alumina|al2o3|corundum|vespel|stainless|"
    r"armco|molybdenum|copper|tungsten|reference|standard|borosilicate|bk7|quartz|srm)(?![a-z])"
)
"""Materials of which reference samples are made, not thermoelectric ones."""

_DELIMITERS: Final = (",", ";", "\t")
_STD_NAMES: Final = ("std dev", "stddev", "std", "st dev", "standard deviation", "sd", "diffusivity std")
_LAYOUT: Final = TableLayout(
    names={
        "temperature": ("temperature", "t", "temp", "sample temperature", "mean temperature"),
        "diffusivity": ("diffusivity", "thermal diffusivity", "d", "alpha", "α", "a", "mean diffusivity"),
        "std": _STD_NAMES,
        "heat_capacity": ("cp", "cp-calc", "cp calc", "c p", "heat capacity", "specific heat", "cp-table"),
        "conductivity": ("conductivity", "thermal conductivity", "kappa", "lambda", "κ", "λ"),
        "density": ("density", "rho", "bulk density", "sample density"),
    },
    units={
        "temperature": "K",
        "diffusivity": "m2/s",
        "std": "m2/s",
        "heat_capacity": "J/(kg K)",
        "conductivity": "W/(m K)",
        "density": "kg/m3",
    },
    needed=({"temperature", "diffusivity"},),
    expected=(
        "the columns of a laser flash are expected: #Temperature/C, #Diffusivity/(mm^2/s), and "
        "#Shot_number or #Model"
    ),
    positive={
        "diffusivity": "a diffusivity above 0 mm2/s is expected",
        "heat_capacity": "a heat capacity above 0 J/(kg K) is expected",
        "conductivity": "a conductivity above 0 W/(m K) is expected",
    },
    may_be_empty=("std", "heat_capacity", "conductivity", "density"),
    leaves_out=True,
)
_OF_THE_INSTRUMENT: Final = frozenset({"shot number", "model", "uncertainty", "time", "no", "laser voltage"})
"""Columns of the instrument that say nothing of the sample."""
_MEAN: Final = frozenset({"#mean", "mean", "#average", "average"})
_STD_ROW: Final = frozenset({"#std_dev", "#stddev", "#std", "std_dev", "std", "#standard_deviation"})
"""First cells of the rows that sum up the shots above them."""


@dataclass(frozen=True)
class FlashTable:
    """Columns of an export in SI, one row for each temperature or shot.

    Parameters
    ----------
    columns : Columns
        Temperature, diffusivity, and what else there is.
    std : ndarray of shape (n,) or None
        Standard deviations of the diffusivity in m2/s; 0 where the file states none.
    about : mapping of str to str
        Keys and values of the lines above the results.
    unused : tuple of str
        Columns and rows that are not used.
    """

    columns: Columns
    std: Array | None
    about: Mapping[str, str]
    unused: tuple[str, ...]


def read_flash_table(path: Path) -> FlashTable:
    """Read the table of an export, the means where it has them.

    Parameters
    ----------
    path : Path
        Text file or Excel workbook.

    Returns
    -------
    FlashTable

    Raises
    ------
    InputError
        As `ioffe.measure.laser_flash.read_flash`.
    """
    workbook = path.suffix.casefold() in EXCEL_ENDINGS
    grid, about = _grid_of_workbook(path) if workbook else _grid_of_text(path)
    marks = [row.text(0).casefold().replace(" ", "_").rstrip(".") for row in grid.rows]
    means = [k for k, mark in enumerate(marks) if mark in _MEAN]
    kept = means or [k for k, mark in enumerate(marks) if not mark.startswith("#")]
    followers = {k: grid.rows[k + 1] for k in means if k + 1 < len(marks) and marks[k + 1] in _STD_ROW}
    comma = None if workbook or grid.delimiter == "\t" else grid.delimiter != ","
    columns = columns_of(replace(grid, rows=tuple(grid.rows[k] for k in kept)), _LAYOUT, comma=comma)
    std = columns.numbers.get("std")
    if followers and len(columns.numbers["temperature"]) == len(kept):
        std = _std_of_rows(grid, [followers.get(k) for k in kept], comma)
    std = None if std is None or not np.any(std > 0.0) else np.nan_to_num(std)
    unused = tuple(name for name in columns.unused if word(unit_of_header(name)[0]) not in _OF_THE_INSTRUMENT)
    return FlashTable(columns, std, about, unused)


def _grid_of_text(path: Path) -> tuple[CellGrid, Mapping[str, str]]:
    """Table below the headers of a text file, and what the lines above say."""
    lines = read_text(path).splitlines()
    header = next((found for index, line in enumerate(lines) if (found := _header(index, line))), None)
    if header is None:
        raise refuse(path, _LAYOUT.expected, value=next((line for line in lines if line.strip()), ""))
    start, delimiter, names = header
    below = enumerate(lines[start + 1 :], start + 2)
    rows = tuple(CellRow(number, _cells(line, delimiter)) for number, line in below if line.strip())
    grid = CellGrid(str(path), CellRow(start + 1, names), rows, delimiter=delimiter)
    return grid, _about(lines[:start])


def _grid_of_workbook(path: Path) -> tuple[CellGrid, Mapping[str, str]]:
    """Table of the one sheet of a workbook that has the headers."""
    grids = read_grids(path, _LAYOUT.recognise, _LAYOUT.expected)
    if len(grids) > 1:
        raise refuse(path, "one table is expected", value=f"{len(grids)} sheets")
    return grids[0], MappingProxyType({})


def _std_of_rows(grid: CellGrid, below: Sequence[CellRow | None], comma: bool | None) -> Array:
    """Standard deviations in the rows below the means, in m2/s; 0 where there is none."""
    index = next(k for k, name in enumerate(grid.names) if _LAYOUT.meaning(name)[0] == "diffusivity")
    unit = _LAYOUT.meaning(grid.names[index])[1]
    values = np.zeros(len(below))
    for k, row in enumerate(below):
        if row is not None and not is_missing(row.text(index)):
            with suppress(NotANumber):
                values[k] = convert(number(row.cell(index), bool(comma)), unit, "m2/s")
    return values


def _header(index: int, line: str) -> tuple[int, str, tuple[str, ...]] | None:
    """Line, delimiter and cells of a line that holds the headers."""
    for delimiter in _DELIMITERS:
        names = _cells(line, delimiter)
        if _LAYOUT.recognise(list(names)):
            return index, delimiter, names
    return None


def _cells(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(cell.strip().strip('"').strip() for cell in line.split(delimiter))


def _about(lines: list[str]) -> Mapping[str, str]:
    """Keys and values of the lines that begin with one #."""
    found: dict[str, str] = {}
    for line in lines:
        delimiter = next((mark for mark in _DELIMITERS if mark in line), None)
        if line.startswith("#") and not line.startswith("##") and delimiter is not None:
            key, _, value = line.lstrip("#").partition(delimiter)
            found.setdefault(key.strip(), value.strip().strip('"').rstrip("".join(_DELIMITERS)))
    return MappingProxyType(found)


@dataclass(frozen=True)
class FlashRun:
    """Diffusivities of one sample, in the order of the file.

    Parameters
    ----------
    file : str
        Where they were read.
    T : ndarray of shape (n,)
        In K.
    diffusivity : ndarray of shape (n,)
        In m2/s; the means of the shots where the file has them, else every row.
    std : ndarray of shape (n,) or None
        Standard deviation of the shots in m2/s, where the file states it; 0 where it does not.
    about : mapping of str to str
        What the lines above the results say, by key without the #.
    stated_heat_capacity, stated_conductivity : ndarray of shape (n,) or None
        Further columns of the file in J/(kg K) and W/(m K); NaN where a cell is empty.
    stated_density : float or None
        Mean of a column of densities in kg/m3.
    headers : mapping of str to str
        Headers of the columns by what they hold.
    unused : tuple of str
        Columns and rows that were not used.
    """

    file: str
    T: Array
    diffusivity: Array
    std: Array | None
    about: Mapping[str, str]
    stated_heat_capacity: Array | None = None
    stated_conductivity: Array | None = None
    stated_density: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    @property
    def density(self) -> float | None:
        """Density in kg/m3 that the file states with a unit, or None."""
        return next(iter(self._density), self.stated_density)

    @property
    def density_origin(self) -> str:
        """Where in the file the density stands, and of which material; empty without one."""
        if self.density is None:
            return ""
        key = next((value for value in self._density.values()), self.headers.get("density", "density"))
        of = f", material {self.material}" if self.material else ""
        return f"{self.file}: {key}{of}"

    @property
    def material(self) -> str:
        """Name of the material that the file states; empty without one."""
        return self._stated("material")

    @property
    def is_reference(self) -> bool:
        """Whether the material of the file, whose density it states, is one of reference samples."""
        return bool(REFERENCES.search(self.material))

    @property
    def _density(self) -> dict[float, str]:
        """Density of the lines above the results, and the key."""
        for key, value in self.about.items():
            name, unit = unit_of_header(key)
            if unit and "density" in name.casefold():
                with suppress(NotANumber, UnitError):
                    return {
                        float(convert(number(value, comma="," in value), unit, "kg/m3")): name.strip(" /")
                    }
        return {}

    def _stated(self, word: str) -> str:
        return next((v for k, v in self.about.items() if k.casefold().replace("_", " ") == word), "")

    def heat_capacity(self) -> Curve | None:
        """Heat capacity that the file states over the temperature; None without one.

        Returns
        -------
        Curve or None
            In J/(kg K).
        """
        return self._stated_curve(self.stated_heat_capacity, "heat_capacity")

    def conductivity(self) -> Curve | None:
        """Conductivity that the file states over the temperature; None without one.

        Returns
        -------
        Curve or None
            In W/(m K).
        """
        return self._stated_curve(self.stated_conductivity, "thermal_conductivity")

    def _stated_curve(self, values: Array | None, quantity: str) -> Curve | None:
        if values is None or not np.any(known := np.isfinite(values)):
            return None
        found = averaged(self.T[known], values[known], quantity, name=self.file)
        return found.replace(extrapolation="hold", std=None)

    def curve(self, *, window: object = "5 K", uncertainty: object = 0.0) -> Curve:
        """Thermal diffusivity against temperature.

        Parameters
        ----------
        window : float or str
            Temperature differences below it make no new point; see `ioffe.measure.estimates.averaged`.
        uncertainty : float or str
            Relative standard deviation of the instrument, such as "3 %". The scatter of the shots, where the
            file states it, is added to that of the points.

        Returns
        -------
        Curve
            Diffusivities in m2/s against the temperature in K, with standard deviations if there are any.

        Raises
        ------
        InputError
            For a window or an uncertainty that is wrong.
        """
        options = {"window": window, "uncertainty": uncertainty}
        found = averaged(self.T, self.diffusivity, "thermal_diffusivity", **options, name=self.file)
        if self.std is None:
            return found
        of_shots = averaged(self.T, self.std, "", window=window).values
        own = np.zeros_like(of_shots) if found.std is None else found.std
        return found.replace(std=np.hypot(own, of_shots))


def read_flash(path: str | Path) -> FlashRun:
    r"""Read the export of a laser flash.

    Parameters
    ----------
    path : path
        Text file in one of the layouts of the module's description.

    Returns
    -------
    FlashRun

    Raises
    ------
    InputError
        For another layout; with every cell that is no number and every diffusivity that is not positive (at
        most twenty).

    Examples
    --------
    >>> lines = ["##General_information", "#Material,Mg3Sb2", "##Results",
    ...     "#Shot_number,#Time/min,#Temperature/C,#Diffusivity/(mm^2/s),#Std_Dev/(mm^2/s)",
    ...     "1,2.0,25.1,0.601,", "2,4.0,25.3,0.605,", "#Mean,,25.2,0.603,0.002"]
    >>> written = Path("lfa.csv").write_text("\n".join(lines))
    >>> run = read_flash("lfa.csv")
    >>> run.T, run.diffusivity * 1e6, run.about["Material"]
    (array([298.35]), array([0.603]), 'Mg3Sb2')
    """
    found = read_flash_table(Path(path))
    numbers = found.columns.numbers
    density = numbers.get("density", np.empty(0))
    density = density[np.isfinite(density)]
    return FlashRun(
        Path(path).name,
        numbers["temperature"],
        numbers["diffusivity"],
        found.std,
        found.about,
        numbers.get("heat_capacity"),
        numbers.get("conductivity"),
        float(np.mean(density)) if density.size else None,
        found.columns.headers,
        found.unused,
    )
