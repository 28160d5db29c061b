"""Scans: resistances at positions along the current, how they split into passes, and their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import to_si
from ioffe.material.readers.records import shorten
from ioffe.measure._table import Columns, TableLayout, in_file, read_tables
from ioffe.measure.estimates import read_arrays

FEWEST_POSITIONS: Final = 6
"""Positions without which no straight line on either side of an interface has a standard deviation."""
FULL_PASS: Final = 0.8
"""Share of the range of positions that a movement covers if it counts as a pass of its own."""
MOST_CORRELATED: Final = 0.98
"""Correlation of time and position from which on a drift cannot be told from a slope."""
LAYOUT: Final = TableLayout(
    names={
        "position": ("x", "z", "position", "pos", "pos.", "distance", "d"),
        "resistance": ("r", "resistance"),
        "voltage": ("v", "u", "voltage"),
        "current": ("i", "current"),
        "time": ("t", "time"),
        "scan": ("scan", "line", "run", "pass"),
    },
    units={"position": "m", "resistance": "ohm", "voltage": "V", "current": "A", "time": "s"},
    needed=({"position", "resistance"}, {"position", "voltage"}),
    expected='the headers "x (mm)" and "R (mohm)", or "x (mm)", "V (uV)" and "I (mA)", are expected',
    constants=("current",),
)
_NO_CURRENT: Final = 'a current is needed beside voltages: a column, a line "# current: 100 mA", or an option'
_SAME_POSITION: Final = 1e-9
"""Distance in m within which positions are the same."""


@dataclass(frozen=True)
class Scan:
    """Resistance against the position of the voltage probe, in the order in which it was measured.

    Parameters
    ----------
    position : ndarray of shape (n,)
        x in m, along the current.
    resistance : ndarray of shape (n,)
        V/I in ohm, V against a fixed point. Its sign and its zero do not matter.
    time : ndarray of shape (n,) or None
        In s.
    name : str
        For messages and pictures.

    Raises
    ------
    InputError
        With every fault: arrays of different lengths, fewer than six points, numbers that are not finite, a
        time that runs backwards.

    Examples
    --------
    >>> x = np.arange(8.0) * 1e-3
    >>> float(Scan(x, 2.0 * x, name="metal").resistance[-1])
    0.014
    """

    position: Array
    resistance: Array
    time: Array | None = None
    name: str = ""

    def __init__(
        self, position: ArrayLike, resistance: ArrayLike, time: ArrayLike | None = None, name: str = ""
    ) -> None:
        times = {} if time is None else {"time": time}
        given = {"position": position, "resistance": resistance, **times}
        with Faults() as faults:
            arrays = dict(zip(given, read_arrays(given, faults), strict=True))
        if (count := np.unique(arrays["position"]).size) < FEWEST_POSITIONS:
            counted = "1 position" if count == 1 else f"{count} positions"
            faults.add("position", counted, f"at least {FEWEST_POSITIONS} different positions are expected")
        backwards = np.flatnonzero(np.diff(arrays["time"]) < 0) if "time" in arrays else np.empty(0, int)
        if backwards.size:
            at = int(backwards[0])
            before, after = (float(value) for value in arrays["time"][at : at + 2])
            expected = f"the time runs backwards here ({before:g} s before); rising times are expected"
            faults.add(f"time[{at + 1}]", after, expected)
        faults.raise_if_any()
        for key, values in arrays.items():
            values.setflags(write=False)
            object.__setattr__(self, key, values)
        object.__setattr__(self, "name", name)

    @property
    def has_drift_column(self) -> bool:
        """Whether the time is known and not proportional to the position, so that a drift can be told."""
        if self.time is None or np.ptp(self.time) == 0.0:
            return False
        return abs(float(np.corrcoef(self.position, self.time)[0, 1])) < MOST_CORRELATED

    def passes(self) -> tuple[Scan, ...]:
        """The ways forward and backward of a scan without times, each a scan; else the scan alone.

        The mean over both ways is free of a drift that is linear in time.

        Returns
        -------
        tuple of Scan

        Examples
        --------
        >>> x = [0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0]
        >>> [way.name for way in Scan(x, x, name="a").passes()]
        ['a, pass 1', 'a, pass 2']
        """
        if self.time is not None:
            return (self,)
        moves = np.sign(np.diff(self.position))
        moving = np.flatnonzero(moves)
        turns = moving[1:][np.diff(moves[moving]) != 0]
        # of points at rest at a turn, the first half belongs to the way before it
        before = moving[np.searchsorted(moving, turns) - 1]
        pieces = np.split(np.arange(self.position.size), (before + turns) // 2 + 1)
        full = FULL_PASS * np.ptp(self.position)
        ways = [self.position[piece] for piece in pieces]
        if len(pieces) < 2 or any(np.ptp(x) < full or np.unique(x).size < FEWEST_POSITIONS for x in ways):
            return (self,)
        return tuple(
            Scan(self.position[piece], self.resistance[piece], None, f"{self.name}, pass {k}".lstrip(", "))
            for k, piece in enumerate(pieces, start=1)
        )

    def named(self, name: str) -> Scan:
        """The same scan under another name.

        Parameters
        ----------
        name : str
            For messages and pictures.

        Returns
        -------
        Scan
        """
        return replace(self, name=name)


def read_scans(files: str | Path | Sequence[str | Path], current: object = None) -> list[Scan]:
    r"""Read the scans of one or several files.

    A file is a text table (cells separated by commas, semicolons or tabs, decimal point or comma) or an Excel
    workbook with a line of headers: ``x`` or ``position``; ``R`` or ``resistance``, or ``V`` or ``voltage``
    beside ``I`` or ``current``; if wanted ``t`` or ``time``; and ``scan``, by which rows belong together.
    All but the last need their unit, such as ``x (mm)``, ``R (mohm)``. Without a column the current may be
    given in a comment line ``# current: 100 mA``. Where a current flows in both directions at a position, the
    resistance is the slope dV/dI there, free of thermovoltages.

    Parameters
    ----------
    files : path or sequence of path
        Text tables and Excel workbooks.
    current : float or str, optional
        In A or with a unit, for files with voltages alone.

    Returns
    -------
    list of Scan
        In the order of the files.

    Raises
    ------
    InputError
        With the faults of all files and their lines (at most twenty each).

    Examples
    --------
    >>> rows = "\n".join(f"{x},{2 * x}" for x in range(8))
    >>> _ = Path("voltages.csv").write_text(f"# current: 50 mA\nx (mm),V (uV)\n{rows}\n")
    >>> read_scans("voltages.csv")[0].resistance[:3]
    array([0.e+00, 4.e-05, 8.e-05])
    """
    paths = [Path(files)] if isinstance(files, str | Path) else [Path(p) for p in files]
    with Faults() as faults:
        amperes = None
        if not paths:
            faults.add("files", expected="at least one file is expected")
        if current is not None:
            with faults.collect():
                amperes = _current(current, "current")
        found: list[Scan] = []
        for path in paths:
            with faults.collect():
                for table in read_tables(path, LAYOUT):
                    found += _scans(table, amperes, path.stem if len(paths) > 1 else "")
    return found


def _current(given: object, location: str) -> float:
    value = to_si(given, "current", location)
    if value == 0.0:
        raise InputError(Fault(location, given, "a current other than 0 A is expected"))
    return value


def _scans(table: Columns, amperes: float | None, name: str) -> list[Scan]:
    with Faults(table.file) as faults:
        numbers = dict(table.numbers)
        if "resistance" in numbers:
            numbers.pop("voltage", None)
        elif amperes is not None or "current" not in numbers:
            with in_file(table.file):
                if amperes is None and "current" not in table.remarks:
                    raise InputError(Fault("current", expected=_NO_CURRENT))
                amperes = _current(table.remarks["current"], "current") if amperes is None else amperes
            numbers["current"] = np.full_like(numbers["position"], amperes)
        labels = table.texts.get("scan", [""] * numbers["position"].size)
        out = []
        for label in dict.fromkeys(labels):
            rows = np.array([one == label for one in labels])
            words = ", ".join(filter(None, [name, table.sheet, f"scan {label}" if label else ""]))
            with faults.collect(words):
                out.append(_scan({key: values[rows] for key, values in numbers.items()}, words))
    return out


def _scan(found: Mapping[str, Array], name: str) -> Scan:
    """Resistances V/I, or the slope dV/dI of the rows at the same position where the current changes sign."""
    x, time = found["position"], found.get("time")
    if "voltage" not in found:
        return Scan(x, found["resistance"], time, name)
    current, voltage = found["current"], found["voltage"]
    if np.all(current > 0.0) or np.all(current < 0.0):
        return Scan(x, voltage / current, time, name)
    cuts = np.flatnonzero(np.abs(np.diff(x)) > _SAME_POSITION) + 1
    faults = Faults()
    positions, slopes, times = [], [], []
    for rows in np.split(np.arange(x.size), cuts):
        if np.ptp(current[rows]) == 0.0:
            expected = "currents of both signs are expected at every position, as at others"
            faults.add(f"current at {x[rows[0]]:g} m", float(current[rows[0]]), expected)
            continue
        positions.append(x[rows[0]])
        slopes.append(np.polyfit(current[rows], voltage[rows], 1)[0])
        times.append(np.nan if time is None else time[rows].mean())
    shorten(faults).raise_if_any()
    return Scan(positions, slopes, None if time is None else times, name)
