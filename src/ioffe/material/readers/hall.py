"""Hall measurements in a table of their own: temperature, Hall density or coefficient, perhaps the sample."""

from __future__ import annotations

from pathlib import Path

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.material.readers.excel import excel_grids
from ioffe.material.readers.grid import open_checked
from ioffe.material.readers.plain import csv_grids, series_of, shorten, tables
from ioffe.material.rules import HALL

__all__ = ["read_hall"]

EXCEL_ENDINGS = (".xlsx", ".xlsm", ".xls")


def read_hall(path: str | Path) -> dict[str, Curve]:
    """Hall curves of a CSV or Excel table by sample; a table without a column of samples has the name "".

    Parameters
    ----------
    path : path
        Headers carry units, such as ``T (K),n_H (cm^-3)`` or ``sample,T (K),R_H (cm3/C)``.

    Raises
    ------
    InputError
        With every fault of the file and its line; if there is no Hall column, or two of them.
    """
    path = open_checked(Path(path))
    grids = excel_grids(path) if path.suffix.casefold() in EXCEL_ENDINGS else csv_grids(path)
    faults = Faults(str(path))
    found: dict[str, Curve] = {}
    for table in tables(grids, faults):
        for key in table.samples if table.is_readable else ():
            name = key or table.grid.sheet
            series = {q: s for q, s in series_of(table, key, faults).items() if q in HALL and s.T}
            if len(series) != 1:
                words = " or ".join(HALL)
                lacking = "one column of either is expected" if series else "there is no such column"
                faults.add(name, expected=f"{words}: {lacking}")
                continue
            curve = next(iter(series.values())).curve(faults)
            if curve is not None:
                found[name] = curve
    shorten(faults).raise_if_any()
    if not found:
        raise InputError(Fault("", expected="there is no Hall measurement in this file", file=str(path)))
    return found
