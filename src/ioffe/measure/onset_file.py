"""Reading curves of R/R0 or S/S0 against the current density from a text table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import convert, unit_of_header
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import find_header, read_text, text_rows

__all__ = ["read_onset_curve"]

Array = NDArray[np.float64]
DENSITY = ("j", "current density")
RATIOS = ("r/r0", "s/s0", "ratio")
STDS = ("std", "r/r0_std", "s/s0_std", "ratio_std")
_FAULT_LIMIT = 10


def read_onset_curve(path: str | Path) -> tuple[Array, Array, Array | None]:
    """Current densities in A/m2, ratios and, if there is such a column, their standard deviations.

    The table has a line of headers such as ``J (A/cm2), R/R0`` or ``J (A/cm2), S/S0, std``, in any order.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most ten).
    """
    path = Path(path)
    text = read_text(path)
    header = find_header(text, _recognise)
    if header is None:
        expected = 'no line with the headers "J (A/cm2)" and "R/R0" or "S/S0" was found'
        raise InputError(Fault("", expected=expected, file=str(path)))
    first, delimiter, names = header
    words = [_word(name) for name in names]
    faults = Faults(str(path))
    place = next(i for i, w in enumerate(words) if w in DENSITY)
    unit = unit_of_header(names[place])[1]
    with faults.collect(f"line {first}: {names[place]}"):
        convert(1.0, unit or "1", "A/m2")
    faults.raise_if_any()
    wanted = [place, next(i for i, w in enumerate(words) if w in RATIOS)]
    wanted += [i for i, w in enumerate(words) if w in STDS][:1]
    columns: list[list[float]] = [[] for _ in wanted]
    for row in text_rows(path, text, first, delimiter):
        for column, index in zip(columns, wanted, strict=True):
            try:
                column.append(number(row.text(index)))
            except NotANumber as problem:
                if len(faults) < _FAULT_LIMIT:
                    faults.add(f"line {row.line}", row.text(index), f"{names[index]}: {problem}")
    faults.raise_if_any()
    density, ratio, *std = (np.array(column) for column in columns)
    return np.asarray(convert(density, unit, "A/m2")), ratio, std[0] if std else None


def _word(header: str) -> str:
    return unit_of_header(header)[0].strip().casefold()


def _recognise(names: list[str]) -> int:
    found = {_word(name) for name in names}
    return len(names) if found & set(DENSITY) and found & set(RATIOS) else 0
