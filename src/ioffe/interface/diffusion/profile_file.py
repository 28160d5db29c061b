"""Files of concentration profiles: a position and the concentrations of elements, such as EDS line scans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults, InputError, UnitError, check_one_of
from ioffe.base.units import convert, unit_of_header
from ioffe.material.readers.cells import NotANumber, decimal_comma, number
from ioffe.material.readers.files import CellGrid, read_grids
from ioffe.transport.formula import ATOMIC_WEIGHTS

_POSITION = ("x", "position", "distance", "pos", "d")
_FAULT_LIMIT = 10


@dataclass(frozen=True, eq=False)
class ConcentrationProfile:
    """Concentrations of elements along a line.

    Attributes
    ----------
    name : str
        Of the file.
    position : ndarray, shape (n,)
        In m.
    concentrations : mapping of str to ndarray of shape (n,)
        By element, in the unit of the file.
    units : mapping of str to str
        By element, as the file writes it.

    Examples
    --------
    >>> x, copper = np.array([0.0, 1e-6]), np.array([0.0, 9.0])
    >>> scan = ConcentrationProfile("scan", x, {"Cu": copper}, {"Cu": "at%"})
    >>> print(scan.of("Cu"), scan.units["Cu"])
    [0. 9.] at%
    """

    name: str
    position: Array
    concentrations: Mapping[str, Array]
    units: Mapping[str, str]

    def of(self, element: str) -> Array:
        """Concentrations of an element.

        Parameters
        ----------
        element : str
            Its symbol.

        Returns
        -------
        ndarray, shape (n,)
            In the unit of the file.

        Raises
        ------
        InputError
            For an element that is not there.
        """
        check_one_of("element", element, self.concentrations)
        return self.concentrations[element]


def read_profile(path: str | Path) -> ConcentrationProfile:
    r"""Read a concentration profile.

    Parameters
    ----------
    path : path
        Text table (cells parted by commas, semicolons or tabs, decimal point or comma) or Excel workbook with
        a line of headers: ``x`` or ``distance`` with its unit, and symbols of elements, such as
        ``x (um), Cu (at%), Mg (at%)``. Other columns are left alone.

    Returns
    -------
    ConcentrationProfile
        With positions in m.

    Raises
    ------
    InputError
        With every cell that is no number (at most ten), or if the headers are missing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "scan.csv"
    ...     _ = path.write_text("x (um),Cu (at%)\n0,33.3\n1,16.7\n2,0\n")
    ...     print(read_profile(path).position)
    [0.e+00 1.e-06 2.e-06]
    """
    expected = 'the headers "x (um)" and elements, such as "Cu (at%)", are expected'
    return _profile(read_grids(Path(path), _recognise, expected)[0], Path(path).stem)


def _recognise(names: list[str]) -> int:
    """Number of columns that are known; 0 without a position and an element."""
    heads = [unit_of_header(name)[0].strip() for name in names]
    elements = sum(head in ATOMIC_WEIGHTS for head in heads)
    return elements + 1 if elements and any(head.casefold() in _POSITION for head in heads) else 0


def _profile(grid: CellGrid, name: str) -> ConcentrationProfile:
    faults = Faults(grid.file)
    heads = [unit_of_header(cell) for cell in grid.names]
    names = [head.strip() for head, _ in heads]
    column = next(k for k, head in enumerate(names) if head.casefold() in _POSITION)
    elements = {head: k for k, head in enumerate(names) if head in ATOMIC_WEIGHTS}
    comma = bool(decimal_comma(grid.rows, grid.delimiter))
    wanted = [column, *elements.values()]
    table = np.full((len(grid.rows), len(wanted)), np.nan)
    for line, row in enumerate(grid.rows):
        for column, index in enumerate(wanted):
            try:
                table[line, column] = number(row.cells[index] if index < len(row.cells) else "", comma)
            except NotANumber as problem:
                if len(faults) < _FAULT_LIMIT:
                    faults.add(f"line {row.line}", row.text(index), f"{grid.names[index]}: {problem}")
    if not grid.rows:
        faults.add(f"line {grid.header.line}", expected="there are no rows below the headers")
    position = table[:, 0]
    try:
        position = np.asarray(convert(position, heads[column][1] or "1", "m"), float)
    except (UnitError, InputError):
        expected = 'a length is expected, such as "x (um)"'
        faults.add(
            f"line {grid.header.line}", grid.names[column], expected, "the unit is written in brackets"
        )
    faults.raise_if_any()
    found = {element: table[:, 1 + k] for k, element in enumerate(elements)}
    return ConcentrationProfile(name, position, found, {el: heads[k][1] for el, k in elements.items()})
