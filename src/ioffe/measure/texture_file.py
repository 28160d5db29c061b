"""Tables of intensities by Miller indices, as powder cards list them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ioffe.base.errors import Faults
from ioffe.measure._table import Layout, read_tables
from ioffe.measure.diffraction import Miller
from ioffe.measure.texture import miller_indices

__all__ = ["read_intensities"]

_LAYOUT: Final = Layout(
    words={
        "hkl": ("hkl", "h k l", "miller", "indices", "reflection"),
        "intensity": ("i", "intensity", "i/i0", "counts"),
    },
    units={"intensity": "1"},
    is_header=lambda found: found == {"hkl", "intensity"},
    expected='the headers "hkl" and "I" are expected',
)


def read_intensities(path: str | Path) -> dict[Miller, float]:
    r"""Intensities by Miller indices, as `lotgering` takes them.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most ten).

    Examples
    --------
    >>> _ = Path("card.csv").write_text("hkl,I\n006,5\n015,100\n1 0 10,30\n")
    >>> read_intensities("card.csv")
    {(0, 0, 6): 5.0, (0, 1, 5): 100.0, (1, 0, 10): 30.0}
    """
    table = read_tables(path, _LAYOUT)[0]
    faults = Faults(str(path))
    found: dict[Miller, float] = {}
    for text, value in zip(table.texts["hkl"], table.numbers["intensity"], strict=True):
        with faults.collect():
            indices = miller_indices(text)
            if indices in found:
                faults.add(text, float(value), "this reflection stands twice")
            found[indices] = float(value)
    faults.raise_if_any()
    return found
