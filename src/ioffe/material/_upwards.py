"""The one place from which a material points upwards: reading, checking, drawing and saving it.

`Material` is a noun and knows neither files nor figures. Its methods that do, such as `Material.from_csv`,
come here, and only here are modules above imported, when they are needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ioffe.material.checks import Finding
    from ioffe.material.material import Material

__all__ = ["check", "plot", "read_card", "read_one", "to_card"]


def check(material: Material) -> list[Finding]:
    """Doubts about a material; see `ioffe.material.checks.check`."""
    from ioffe.material.checks import check

    return check(material)


def plot(material: Material, path: str | Path | None) -> Figure:
    """Figure of a material; see `ioffe.material.figure.plot`."""
    from ioffe.material.figure import plot

    return plot(material, path)


def read_one(path: str | Path, **wanted: Any) -> Material:
    """Material of a table file; see `ioffe.material.readers.read_one`."""
    from ioffe.material.readers import read_one

    return read_one(path, **wanted)


def read_card(path: str | Path) -> Material:
    """Material of a card file; see `ioffe.material.card.read_card`."""
    from ioffe.material.card import read_card

    return read_card(path)


def to_card(material: Material) -> str:
    """Text of the card of a material; see `ioffe.material.card.card_of`."""
    from ioffe.material.card import card_of, dumps

    return dumps(card_of(material))
