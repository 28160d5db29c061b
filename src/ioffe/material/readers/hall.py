"""Hall curves of plain tables."""

from __future__ import annotations

from pathlib import Path

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.material.fields import HALL
from ioffe.material.readers.columns.headers import recognised
from ioffe.material.readers.layout.grids import read_grids
from ioffe.material.readers.plain import no_header, series_of, tables
from ioffe.material.readers.records import shorten


def read_hall(path: str | Path) -> dict[str, Curve]:
    r"""Hall curves of a CSV or Excel table by sample; a table without a column of samples has the name "".

    Parameters
    ----------
    path : path
        Headers carry units, such as ``T (K),n_H (cm^-3)`` or ``sample,T (K),R_H (cm3/C)``.

    Returns
    -------
    dict of str to Curve
        By sample.

    Raises
    ------
    InputError
        With every fault of the file and its line; if there is no Hall column.

    Examples
    --------
    >>> _ = Path("hall.csv").write_text("T (K),n_H (cm^-3)\n300,1e19\n400,1.2e19\n")
    >>> print(f"{read_hall('hall.csv')[''](300.0):.1e} 1/m3")
    1.0e+25 1/m3
    """
    return hall_of_file(path)[0]


def hall_of_file(path: str | Path) -> tuple[dict[str, Curve], list[str]]:
    """Hall curves of a table, and what of it is not used.

    `path`: as for `read_hall`.
    Returns: by sample.
    Returns: columns, rows and cells.
    Raises `InputError` as `read_hall`.
    """
    path = Path(path)
    faults = Faults(str(path))
    found: dict[str, Curve] = {}
    unused: dict[str, None] = {}
    for table in tables(read_grids(path, recognised, no_header), faults):
        for key in table.samples if table.is_readable else ():
            name = key or table.grid.label or table.grid.sheet
            series = {q: s for q, s in series_of(table, key, faults).items() if q in HALL and s.T}
            if not series:
                words = " or ".join(HALL)
                faults.add(name, expected=f"{words}: there is no such column")
                continue
            chosen = HALL[0] if HALL[0] in series else next(iter(series))
            curve = series[chosen].curve(faults)
            if curve is not None:
                found[name] = curve
            others = (
                c.header for c in table.columns if c.is_number and c.quantity not in ("temperature", chosen)
            )
            unused |= dict.fromkeys((*others, *table.left_out, *table.empty_of(key)))
    shorten(faults).raise_if_any()
    if not found:
        raise InputError(Fault("", expected="there is no Hall measurement in this file", file=str(path)))
    return found, list(unused)
