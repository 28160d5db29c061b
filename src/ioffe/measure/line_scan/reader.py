"""Files of line scans: position and resistance, or voltage and current, their units in the headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import to_si
from ioffe.measure._table import Columns, Layout, read_tables
from ioffe.measure.line_scan.scan import Scan

__all__ = ["read_scans"]

Array = NDArray[np.float64]
_LAYOUT: Final = Layout(
    words={
        "position": ("x", "z", "position", "pos", "pos.", "distance", "d"),
        "resistance": ("r", "resistance"),
        "voltage": ("v", "u", "voltage"),
        "current": ("i", "current"),
        "time": ("t", "time"),
        "scan": ("scan", "line", "run", "pass"),
    },
    units={"position": "m", "resistance": "ohm", "voltage": "V", "current": "A", "time": "s"},
    is_header=lambda found: "position" in found and bool(found & {"resistance", "voltage"}),
    expected='the headers "x (mm)" and "R (mohm)", or "x (mm)", "V (uV)" and "I (mA)", are expected',
)
_FAULT_LIMIT: Final = 10
_SAME: Final = 1e-9
"""Distance in m within which positions are the same."""


def read_scans(files: str | Path | Sequence[str | Path], current: object = None) -> list[Scan]:
    """Read the scans of one or several files.

    A file is a text table (cells parted by commas, semicolons or tabs, decimal point or comma) or an Excel
    workbook with a line of headers: ``x`` or ``position``; ``R`` or ``resistance``, or ``V`` or ``voltage``
    beside ``I`` or ``current``; if wanted ``t`` or ``time``; and ``scan``, by which rows belong together.
    All but the last need their unit, such as ``x (mm)``, ``R (mohm)``. Without a column the current may stand
    in a comment line ``# current: 100 mA``. Where a current flows in both directions at a position, the
    resistance is the slope dV/dI there, free of thermovoltages.

    Parameters
    ----------
    files : path or sequence of path
    current : float or str, optional
        In A or with a unit, for files with voltages alone.

    Returns
    -------
    list of Scan
        In the order of the files.

    Raises
    ------
    InputError
        With the faults of all files and their lines (at most ten each).
    """
    paths = [Path(files)] if isinstance(files, str | Path) else [Path(p) for p in files]
    faults = Faults()
    amperes = None
    if not paths:
        faults.add("files", expected="at least one file is expected")
    if current is not None:
        with faults.collect():
            amperes = _current(current, "current")
    found: list[Scan] = []
    for path in paths:
        with faults.collect():
            for table in read_tables(path, _LAYOUT):
                found += _scans(table, amperes, path.stem if len(paths) > 1 else "")
    faults.raise_if_any()
    return found


def _current(given: object, place: str) -> float:
    value = to_si(given, "current", place)
    if value == 0.0:
        raise InputError(Fault(place, given, "a current other than 0 A is expected"))
    return value


def _scans(table: Columns, amperes: float | None, name: str) -> list[Scan]:
    faults = Faults(table.file)
    numbers = dict(table.numbers)
    if "resistance" not in numbers:
        with faults.collect():
            numbers["resistance"] = np.full_like(numbers["position"], np.nan)
            if amperes is not None:
                numbers["current"] = np.full_like(numbers["position"], amperes)
            elif "current" not in numbers:
                numbers["current"] = np.full_like(numbers["position"], _remarked(table))
        faults.raise_if_any()
    else:
        numbers.pop("voltage", None)
    labels = table.texts.get("scan", [""] * numbers["position"].size)
    out = []
    for label in dict.fromkeys(labels):
        rows = np.array([one == label for one in labels])
        words = ", ".join(filter(None, [name, table.sheet, f"scan {label}" if label else ""]))
        with faults.collect(words):
            out.append(_scan({key: values[rows] for key, values in numbers.items()}, words))
    faults.raise_if_any()
    return out


def _remarked(table: Columns) -> float:
    if "current" in table.remarks:
        return _current(table.remarks["current"], "current")
    expected = 'a current is needed beside voltages: a column, a line "# current: 100 mA", or an option'
    raise InputError(Fault("current", expected=expected))


def _scan(found: Mapping[str, Array], name: str) -> Scan:
    x, time = found["position"], found.get("time")
    if "voltage" not in found:
        return Scan(x, found["resistance"], time, name)
    current = found["current"]
    if np.all(current > 0.0) or np.all(current < 0.0):
        return Scan(x, found["voltage"] / current, time, name)
    return _by_slope(x, found["voltage"], current, time, name)


def _by_slope(x: Array, voltage: Array, current: Array, time: Array | None, name: str) -> Scan:
    """Slope dV/dI of the rows that follow one another at the same position."""
    cuts = np.flatnonzero(np.abs(np.diff(x)) > _SAME) + 1
    faults = Faults()
    places, slopes, times = [], [], []
    for rows in np.split(np.arange(x.size), cuts):
        if np.ptp(current[rows]) == 0.0:
            if len(faults) < _FAULT_LIMIT:
                expected = "currents of both signs are expected at every position, as at others"
                faults.add(f"current at {x[rows[0]]:g} m", float(current[rows[0]]), expected)
            continue
        places.append(x[rows[0]])
        slopes.append(np.polyfit(current[rows], voltage[rows], 1)[0])
        times.append(np.nan if time is None else time[rows].mean())
    faults.raise_if_any()
    return Scan(places, slopes, None if time is None else times, name)
