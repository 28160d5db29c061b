"""A ranking: materials or pairs by efficiency, those beyond their measured range apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.result import BaseResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.material.material import Material

SHOWN: Final = 10
"""Rows of a summary."""
CITED: Final = 20
"""Ranked materials whose sources are cited."""


@dataclass(frozen=True)
class LeftOut:
    """A sample that is not ranked, and why.

    `sample`, `material`: what it is called in its source, and its name.
    `reason`: the findings of level error, or what is wrong with its data.
    """

    sample: str
    material: str
    reason: str

    def __str__(self) -> str:
        name = f"{self.sample} ({self.material})" if self.material != self.sample else self.sample
        return f"{name}: {self.reason}"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Ranking(BaseResult):
    """Ranked materials or pairs; every column of the tables is an attribute, the best first.

    Attributes
    ----------
    device : Leg or Module
        In which they were solved, with the first of them.
    columns : mapping of str to ndarray of shape (n,)
        ``sample`` and ``material`` of a leg, ``p_sample``, ``p_material``, ``n_sample``, ``n_material`` and
        ``area_ratio`` (n over p) of a pair; ``efficiency``, ``power_density`` in W/m2 of cross-section, the
        range in K that was measured (``T_min``, ``T_max``).
    inside : int
        How many of them were measured up to both temperatures; the others follow behind.
    left_out : tuple of LeftOut
        Samples that are not ranked because something is wrong with their data.

    Examples
    --------
    >>> from ioffe.study.rank import rank_materials
    >>> found = rank_materials(["Bi0.42Sb1.58Te3", "MgAgSb0.99In0.01"], T_hot=540, T_cold=310)
    >>> found.inside, found.material.tolist(), found.rows_of(beyond=True)["material"].tolist()
    (1, ['MgAgSb0.99In0.01', 'Bi0.42Sb1.58Te3'], ['Bi0.42Sb1.58Te3'])
    """

    kind: ClassVar[str] = "ranking"

    device: Leg | Module
    columns: Mapping[str, NDArray[Any]]
    inside: int
    left_out: tuple[LeftOut, ...] = ()
    used: tuple[Material, ...] = ()

    def _named(self) -> Mapping[str, Any]:
        return self.__dict__.get("columns", {})

    def _noun(self) -> str:
        return "a ranking"

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that hold text."""
        return tuple(name for name, values in self.columns.items() if values.dtype == object)

    def __len__(self) -> int:
        return len(self.point_status)

    def rows_of(self, beyond: bool = False) -> dict[str, NDArray[Any]]:
        """Columns of what was measured up to both temperatures, or of the others.

        `beyond`: whether the others are wanted.
        """
        part = slice(self.inside, None) if beyond else slice(self.inside)
        return {name: values[part] for name, values in self.columns.items()}

    def tables(self) -> dict[str, ResultTable]:
        """The ranked, those beyond their range, and what was left out.

        Returns: ``ranking`` and ``beyond`` in SI, with a rank from 1; ``left_out`` with the reason.
        """
        found = {}
        units = {"efficiency": "1", "power_density": "W/m2", "area_ratio": "1", "T_min": "K", "T_max": "K"}
        for name, beyond in (("ranking", False), ("beyond", True)):
            columns = {k: v.astype(str) if k in self.names else v for k, v in self.rows_of(beyond).items()}
            count = len(columns["efficiency"])
            if count or (beyond and not found):  # the main table is one with rows, if there are any
                index = {"rank": np.arange(1, count + 1)}
                found[name] = table(index, columns, {k: u for k, u in units.items() if k in columns})
        if self.left_out:
            index = {"row": np.arange(1, len(self.left_out) + 1)}
            words = {
                k: np.array([getattr(x, k) for x in self.left_out]) for k in ("sample", "material", "reason")
            }
            found["left_out"] = table(index, words)
        return found

    def _materials(self) -> Iterator[Material]:
        return iter(self.used[:CITED])

    def _header(self) -> dict[str, Any]:
        return {"device": repr(self.device)}

    def _title(self) -> str:
        what = "pairs" if isinstance(self.device, Module) else "materials"
        span = " to ".join(format_si(float(T), "temperature") for T in self._ends())
        return f"{len(self)} {what} ranked by efficiency, {span}"

    def _ends(self) -> tuple[Any, Any]:
        return self.conditions.T_hot, self.conditions.T_cold

    def _facts(self) -> Iterator[tuple[str, str]]:
        for title, beyond in (("", False), ("beyond their measured range", True)):
            rows = self.rows_of(beyond)
            count = len(rows["efficiency"])
            if count and title:
                yield title, f"{count}"
            for k in range(min(count, SHOWN)):
                words = " + ".join(str(rows[name][k]) for name in self.names if name.endswith("material"))
                yield f"{k + 1}", f"{words}: {format_si(float(rows['efficiency'][k]), 'efficiency')}"
        yield from self._quality()
