"""Files of Hall sweeps: field, Hall voltage and current, their units in the headers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.measure._table import Layout, read_tables

__all__ = ["read_hall_sweep"]

Array = NDArray[np.float64]
_LAYOUT: Final = Layout(
    words={
        "field": ("b", "field", "magnetic field", "magnetic flux density"),
        "voltage": ("v", "u", "v_h", "voltage", "hall voltage"),
        "current": ("i", "current"),
    },
    units={"field": "T", "voltage": "V", "current": "A"},
    is_header=lambda found: {"field", "voltage"} <= found,
    expected='the headers "B (T)", "V (uV)" and "I (mA)" are expected',
)


def read_hall_sweep(path: str | Path, current: float | None = None) -> tuple[Array, Array, Array]:
    r"""Fields in T, Hall voltages in V and currents in A of a table, as `hall_coefficient` takes them.

    Parameters
    ----------
    path : path
        Headers such as ``B (T)``, ``V (uV)``, ``I (mA)``.
    current : float, optional
        In A, in place of a column.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most ten); without a current.

    Examples
    --------
    >>> _ = Path("sweep.csv").write_text("B (T),V (uV)\n-1,-2.9\n0,0.1\n1,3.1\n")
    >>> B, V, current = read_hall_sweep("sweep.csv", current=10e-3)
    >>> B, current
    (array([-1.,  0.,  1.]), array([0.01, 0.01, 0.01]))
    """
    tables = read_tables(path, _LAYOUT)
    if len(tables) > 1:
        raise InputError(Fault("", f"{len(tables)} sheets", "one table is expected", file=str(path)))
    found = tables[0].numbers
    if current is None and "current" not in found:
        expected = "a current is needed: a column such as I (mA), or an option"
        raise InputError(Fault("current", expected=expected, file=str(path)))
    amperes = found["current"] if current is None else np.full_like(found["field"], current)
    return found["field"], found["voltage"], amperes
