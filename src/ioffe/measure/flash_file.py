"""Text exports of Netzsch laser-flash instruments (LFA): thermal diffusivity.

The layout is not published by its maker. What is read here is the export as four public readers of such files
describe it (J. Chung's pykeri, 2017, and three scripts that collect LFA folders): lines ``#Key, value`` with
data of the sample, a line ``##Results``, the headers ``#Shot_number`` (or ``#Shot number``), a time,
``#Temperature/C``, ``#Diffusivity/(mm^2/s)``, ``#Std_Dev/(mm^2/s)``, then the shots and, after those of a
temperature, a row ``#Mean``. The spreadsheet of the evaluation, saved as text, has the headers
``#Temperature/K``, ``#Model``, ``#Diffusivity/(mm^2/s)`` and one row for each temperature. Cells are parted
by commas, semicolons or tabs. Columns are found by their headers, in any order; temperature and diffusivity,
with these units, are needed. A file of another layout is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import ZERO_CELSIUS
from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, UnitError
from ioffe.base.units import convert
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import read_text, refuse
from ioffe.measure.runs import averaged

__all__ = ["FlashRun", "read_flash"]

_DELIMITERS: Final = (",", ";", "\t")
_EXPECTED: Final = "#Temperature/C, #Diffusivity/(mm^2/s), and #Shot_number or #Model"
_UNIT: Final = re.compile(r"#?\s*(?P<name>[^/(]+?)\s*/\s*\(?(?P<unit>[^()]+?)\)?\s*")
_FAULT_LIMIT: Final = 20
_TEMPERATURES: Final = {"c": ZERO_CELSIUS, "°c": ZERO_CELSIUS, "k": 0.0}


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
        Standard deviation of the shots in m2/s, where the file states it for the means.
    about : mapping of str to str
        What the lines above the results say, by key without the #.
    """

    file: str
    T: NDArray[np.float64]
    diffusivity: NDArray[np.float64]
    std: NDArray[np.float64] | None
    about: Mapping[str, str]

    @property
    def density(self) -> float | None:
        """Density in kg/m3 that the file states with a unit, or None."""
        for key, value in self.about.items():
            match = _UNIT.fullmatch(key)
            if match and "density" in match["name"].casefold():
                try:
                    return float(convert(number(value), match["unit"], "kg/m3"))
                except (NotANumber, UnitError):
                    continue
        return None

    def curve(self, *, window: object = "5 K", uncertainty: object = 0.0) -> Curve:
        """Thermal diffusivity against temperature.

        Parameters
        ----------
        window : float or str
            Temperature differences below it make no new point; see `ioffe.measure.runs.averaged`.
        uncertainty : float or str
            Relative standard deviation of the instrument, such as "3 %". The scatter of the shots, where the
            file states it, is added to that of the points.
        """
        found = averaged(
            self.T,
            self.diffusivity,
            "thermal_diffusivity",
            window=window,
            uncertainty=uncertainty,
            name=self.file,
        )
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
    path = Path(path)
    lines = read_text(path).splitlines()
    header = next((found for i, line in enumerate(lines) if (found := _header(i, line))), None)
    if header is None:
        raise refuse(path, f"the columns of a laser flash are expected: {_EXPECTED}", value=_first(lines))
    start, delimiter, names = header
    columns = _columns(names)
    faults = Faults(str(path))
    rows = [(i + 1, _cells(line, delimiter)) for i, line in enumerate(lines) if i > start and line.strip()]
    means = [(line, cells) for line, cells in rows if cells[0].casefold() == "#mean"]
    wanted = means or [(line, cells) for line, cells in rows if not cells[0].startswith("#")]
    if not wanted:
        faults.add(f"line {start + 1}", expected="there are no rows of results below the headers")
    read = {what: _numbers(wanted, columns[what], names, delimiter, faults) for what in columns}
    for (line, _), value in zip(wanted, read["diffusivity"], strict=True):
        if value <= 0:
            faults.add(f"line {line}", value, "a diffusivity above 0 mm2/s is expected")
    if len(faults) > _FAULT_LIMIT:
        faults = _shortened(faults)
    faults.raise_if_any()
    offset = _TEMPERATURES[_unit(names[columns["temperature"]])]
    std = np.array(read["std"]) * 1e-6 if "std" in read and means else None
    T, alpha = np.array(read["temperature"]) + offset, np.array(read["diffusivity"]) * 1e-6
    return FlashRun(path.name, T, alpha, std, _about(lines[:start]))


def _header(index: int, line: str) -> tuple[int, str, list[str]] | None:
    for delimiter in _DELIMITERS:
        names = _cells(line, delimiter)
        if {"temperature", "diffusivity"} <= set(_columns(names)):
            return index, delimiter, names
    return None


def _columns(names: list[str]) -> dict[str, int]:
    """Places of the columns that matter; a wrong unit makes a column unknown."""
    found: dict[str, int] = {}
    for index, name in enumerate(names):
        word, unit = _word(name), _unit(name)
        if word == "temperature" and unit in _TEMPERATURES:
            found.setdefault("temperature", index)
        elif word == "diffusivity" and unit == "mm^2/s":
            found.setdefault("diffusivity", index)
        elif word in ("std_dev", "std_dev.", "std dev") and unit == "mm^2/s":
            found.setdefault("std", index)
    return found


def _word(name: str) -> str:
    return name.lstrip("#").partition("/")[0].strip().casefold()


def _unit(name: str) -> str:
    return name.partition("/")[2].strip().strip("()").casefold()


def _cells(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.split(delimiter)]


def _numbers(
    rows: list[tuple[int, list[str]]], index: int, names: list[str], delimiter: str, faults: Faults
) -> list[float]:
    found = []
    optional = _word(names[index]).startswith("std")
    for line, cells in rows:
        cell = cells[index] if index < len(cells) else ""
        if optional and not cell:
            found.append(0.0)
            continue
        try:
            found.append(number(cell, comma=delimiter != ","))
        except NotANumber as problem:
            faults.add(f"line {line}", cell, f"{names[index]}: {problem}")
            found.append(np.nan)
    return found


def _about(lines: list[str]) -> Mapping[str, str]:
    """Keys and values of the lines that begin with one #."""
    found: dict[str, str] = {}
    for line in lines:
        if not line.startswith("#") or line.startswith("##"):
            continue
        delimiter = next((mark for mark in _DELIMITERS if mark in line), None)
        if delimiter is not None:
            key, _, value = line.lstrip("#").partition(delimiter)
            found.setdefault(key.strip(), value.strip().strip('"').rstrip("".join(_DELIMITERS)))
    return MappingProxyType(found)


def _first(lines: list[str]) -> str:
    return next((line for line in lines if line.strip()), "")


def _shortened(faults: Faults) -> Faults:
    short = Faults(faults.file)
    for fault in faults.found[:_FAULT_LIMIT]:
        short.add(fault.place, fault.value, fault.expected, fault.advice)
    short.add("", expected=f"and {len(faults) - _FAULT_LIMIT} more faults")
    return short
