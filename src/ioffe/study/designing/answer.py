"""The answer to a question of a designer: devices side by side, what was drawn, what was assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.quantities import QUANTITIES, quantity
from ioffe.base.result import BaseResult, sources_of
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.material.material import Material

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DesignPicture:
    """One picture of an answer as numbers: a course, bars over names, or a map.

    `axes`: one or two, by name; texts make bars.
    `values`: of the shape of the axes, by name; of a map one.
    `quantities`: of axes and values, where they are not the name itself.
    `log`: axes that are logarithmic.
    `marks`: places of devices, by what they are called: a value for each axis.
    `level`: what a line across a course says, and its value.
    """

    axes: Mapping[str, NDArray[Any]]
    values: Mapping[str, Array]
    quantities: Mapping[str, str] = field(default_factory=dict)
    log: tuple[str, ...] = ()
    marks: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    level: tuple[str, float] | None = None

    def kind(self, name: str) -> str:
        """Quantity of an axis or of values; empty if it is none."""
        found = self.quantities.get(name, name)
        return found if found in QUANTITIES else ""

    def table(self) -> ResultTable:
        """The numbers."""
        both = {**self.axes, **self.values}
        units = {name: quantity(self.kind(name)).unit for name in both if self.kind(name)}
        return table(self.axes, dict(self.values), units)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class DesignAnswer(BaseResult):
    """The answer to one question: a sentence, devices side by side, pictures as numbers.

    Every column of the first table is an attribute.

    Attributes
    ----------
    question, asks : str
        Name of the question, and what it asks.
    name : str
        Of the device.
    aim : str
        What was made as large, or as small, as possible.
    sentence : str
        The answer in words.
    devices : tuple of str
        What the rows of the first table are called, the device as it is first where it is among them.
    columns : mapping of str to ndarray
        Variables, the numbers of the device that follow from them, and quantities, in SI, one for each row.
    quantities : mapping of str to str
        Of the columns, where they are not the name itself.
    drawn : mapping of str to DesignPicture
        The pictures.
    assumed : tuple of str
        What the answer rests on.
    options : mapping
        What was asked for, in SI.

    Examples
    --------
    >>> from ioffe import Generator, Leg, Module
    >>> from ioffe.study import design
    >>> p, n = (Leg(name, "2 mm", "2 mm2") for name in ("Bi0.42Sb1.58Te3", "Bi2Te2.7Se0.3"))
    >>> found = design("area-ratio", Module(p, n, fill_factor=0.5), Generator(T_hot=450, T_cold=310))
    >>> found.devices, bool(found.efficiency[1] > found.efficiency[0])
    (('as it is', 'best'), True)
    """

    kind: ClassVar[str] = "design"

    question: str
    asks: str
    name: str
    aim: str
    sentence: str
    devices: tuple[str, ...]
    columns: Mapping[str, NDArray[Any]]
    quantities: Mapping[str, str] = field(default_factory=dict)
    drawn: Mapping[str, DesignPicture] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    materials: tuple[Material, ...] = ()

    def _named(self) -> Mapping[str, Any]:
        return self.__dict__.get("columns", {})

    def _noun(self) -> str:
        return "an answer"

    def kind_of(self, column: str) -> str:
        """Quantity of a column; empty if it is none.

        Parameters
        ----------
        column : str
            Its name.

        Returns
        -------
        str
        """
        found = self.quantities.get(column, column)
        return found if found in QUANTITIES else ""

    def tables(self) -> dict[str, ResultTable]:
        """Devices side by side, and the numbers of every picture.

        Returns
        -------
        dict of str to ResultTable
            ``devices`` in SI, then one for each picture.
        """
        units = {name: quantity(kind).unit for name in self.columns if (kind := self.kind_of(name))}
        columns = {k: v.astype(str) if v.dtype == object else v for k, v in self.columns.items()}
        words = {"point_status": Status.words(self.point_status)}
        main = table({"device": np.array(self.devices)}, {**columns, **words}, units)
        return {"devices": main, **{name: one.table() for name, one in self.drawn.items()}}

    def citations(self) -> list[str]:
        """What to cite.

        Returns
        -------
        list of str
            This program, and the sources of the materials.
        """
        return sources_of(self.materials)

    def _header(self) -> dict[str, Any]:
        said = {"question": self.question, "asks": self.asks, "name": self.name, "aim": self.aim}
        return said | {"sentence": self.sentence, "assumed": self.assumed, "options": dict(self.options)}

    def _title(self) -> str:
        return f"{self.name}: {self.asks[:1].lower()}{self.asks[1:]}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "answer", self.sentence
        for k, device in enumerate(self.devices[:12]):
            words = (f"{name} {self.shown(name, v[k])}" for name, v in self.columns.items())
            yield device, ", ".join(words)
        yield from (("assumed", text) for text in self.assumed)
        yield from self._quality()

    def shown(self, name: str, value: Any, digits: int = 4) -> str:
        """A value as people read it.

        Parameters
        ----------
        name : str
            Its column.
        value : float or str
            In SI.
        digits : int
            Significant ones.

        Returns
        -------
        str
            With its unit.
        """
        if isinstance(value, str):
            return value
        kind = self.kind_of(name)
        if not np.isfinite(value):
            return "-"
        return format_si(float(value), kind, digits) if kind else f"{float(value):.{digits}g}"


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last


PARTS: Final = {
    "p": "the p leg",
    "n": "the n leg",
    "legs": "the legs",
    "contact": "the contacts",
    "contact_hot": "the hot contact",
    "contact_cold": "the cold contact",
    "segments": "segment",
    "hot": "hot layer",
    "cold": "cold layer",
}
"""What the pieces of a path are called; those with a number have it behind them, from 0."""


def in_words(name: str) -> str:
    """A name, or the path of a number, as a sentence says it.

    >>> in_words("leg_area_ratio"), in_words("p.segments[0].length")
    ('leg area ratio', 'length of segment 0 of the p leg')
    """
    path, share, _ = name.partition(" of the rest")
    *parts, last = path.split(".")
    found = [last.replace("_", " ")]
    for part in reversed(parts):
        key, _, index = part.partition("[")
        found.append(f"{PARTS.get(key, key.replace('_', ' '))} {index.rstrip(']')}".strip())
    return " of ".join(found) + (", share of the rest" if share else "")
