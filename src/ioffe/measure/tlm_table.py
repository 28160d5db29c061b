"""Tables of transfer-length measurements: gaps or radii with resistances, or with voltages and currents."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.measure._table import TableLayout, read_table

_LAYOUT: Final = TableLayout(
    names={
        "gap": ("d", "gap", "spacing", "distance", "l", "contact spacing"),
        "inner": ("r i", "inner radius"),
        "outer": ("r o", "outer radius"),
        "resistance": ("r", "resistance", "r total", "total resistance", "r tot"),
        "voltage": ("v", "u", "voltage"),
        "current": ("i", "current"),
    },
    units={"gap": "m", "inner": "m", "outer": "m", "resistance": "ohm", "voltage": "V", "current": "A"},
    needed=(
        *({"resistance", "gap"}, {"resistance", "inner", "outer"}),
        *({"voltage", "current", "gap"}, {"voltage", "current", "inner", "outer"}),
    ),
    expected='headers such as "d (um)", "R (ohm)" are expected; for d "r_i (um)", "r_o (um)", for R "V", "I"',
)


def read_transfer_length(path: str | Path) -> dict[str, Array]:
    r"""Read gaps (or radii) and resistances of a table in SI.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with headers such as ``d (um)`` and ``R (ohm)``; for rings ``r_i (um)``,
        ``r_o (um)``, ``R (ohm)``.

    Returns
    -------
    dict of str to ndarray
        `gap` in m and `resistance` in ohm, or `inner` and `outer` in m and `resistance`.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty); for a workbook with several tables.

    Examples
    --------
    >>> _ = Path("tlm.csv").write_text("d (um),R (ohm)\n5,5.62\n10,8.05\n")
    >>> read_transfer_length("tlm.csv")["gap"]
    array([5.e-06, 1.e-05])
    """
    return read_transfer_table(path)[0]


def read_transfer_table(path: str | Path) -> tuple[dict[str, Array], tuple[str, ...]]:
    """Columns as `read_transfer_length` gives them, and the headers of those that are not used.

    `path`: as there; with the same errors.
    """
    table = read_table(path, _LAYOUT)
    found = dict(table.numbers)
    voltage, current = (found.pop(name, np.ones(1)) for name in ("voltage", "current"))
    if "resistance" not in found:
        if not np.all(current):
            raise InputError(Fault("current", 0.0, "currents other than 0 A are expected", file=str(path)))
        found["resistance"] = voltage / current
    return found, table.unused
