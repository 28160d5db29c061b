"""What is solved: a network of nodes and elements, what drives it, and the solution of its cases.

One electrical circuit runs through all thermoelements in series. Every operating point is a case; cases
share the network and differ in end temperatures, heat, current, voltage or load, and in those numbers of the
elements that are arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.elements import Jump, Passive, Source, nodes, tables, take, varies
from ioffe.engine.state import FAILED, RUNAWAY, SegmentState
from ioffe.engine.table import Array, Flags, Indices
from ioffe.engine.thermoelement import Thermoelement

Cases = Indices
"""Indices of cases: operating points or devices that are solved beside each other."""


MOST_OPEN = 1e-6
"""Largest relative energy balance of a solution."""


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes 0 ... nodes - 1, of which `hot` and `cold` touch the reservoirs."""

    nodes: int
    hot: int
    cold: int
    legs: tuple[Thermoelement, ...]
    passive: tuple[Passive, ...] = ()
    joule: tuple[Source, ...] = ()
    jumps: tuple[Jump, ...] = ()
    """Thermal resistances apart from the links, in a network that is differentiated (`adjoint`)."""
    ambient: int = -1
    """Node at the temperature of the surroundings, whose heat is lost; -1 without one."""

    @cached_property
    def varies(self) -> bool:
        """Whether a number of an element differs from case to case."""
        return any(varies(e) for e in (*self.legs, *self.passive, *self.joule, *self.jumps))

    @cached_property
    def topology(self) -> tuple[Any, ...]:
        """Kinds, nodes and numbers of tables of its elements; networks of one are solved together."""
        every = (*self.legs, *self.passive, *self.joule)
        shape = tuple((type(e), nodes(e), len(tables(e))) for e in every)
        return self.nodes, self.hot, self.cold, self.ambient, shape

    @cached_property
    def joined(self) -> Indices:
        """For each node, its number in the network in which jumps of no resistance join two nodes to one."""
        same = np.arange(self.nodes)
        for jump in self.jumps:
            if not np.any(jump.resistance):
                low, high = sorted((same[jump.a], same[jump.b]))
                same[same == high] = low
        return np.unique(same, return_inverse=True)[1]

    def free(self, drive: Drive) -> Flags:
        """Nodes whose temperature follows from their balance, shape (nodes,)."""
        free = np.ones(self.nodes, bool)
        free[self.hot], free[self.cold] = drive.T_hot is None, drive.T_cold is None
        if self.ambient >= 0:
            free[self.ambient] = False
        return free

    def take(self, cases: Cases) -> Network:
        """The network for some of the cases; itself where all cases share its numbers."""
        if not self.varies:
            return self
        groups = {k: getattr(self, k) for k in ("legs", "passive", "joule", "jumps")}
        return replace(self, **{k: tuple(take(e, cases) for e in v) for k, v in groups.items()})


@dataclass(frozen=True, eq=False)
class Drive:
    """What is imposed on each case; exactly one of each pair or triple is not None. Shapes (cases,).

    Heat counts in the direction hot -> cold: `heat_hot` enters at the hot node, `heat_cold` leaves at the
    cold node. `ambient` is the temperature of the surroundings.
    """

    ambient: Array
    T_hot: Array | None = None
    T_cold: Array | None = None
    heat_hot: Array | None = None
    heat_cold: Array | None = None
    current: Array | None = None
    voltage: Array | None = None
    load: Array | None = None

    def take(self, cases: Cases) -> Drive:
        """Some of the cases."""
        given: dict[str, Any] = {k: v if v is None else v[cases] for k, v in vars(self).items()}
        return Drive(**given)

    def at(self, current: Array) -> Drive:
        """The same cases with an imposed current."""
        return replace(self, current=current, voltage=None, load=None)

    def __len__(self) -> int:
        return len(self.ambient)


@dataclass(eq=False)
class Solution:
    """Solved cases. The `_I` fields are total derivatives with respect to the current."""

    T: Array
    """Node temperatures in K, shape (nodes, cases)."""
    current: Array
    voltage: Array
    heat_hot: Array
    heat_cold: Array
    loss: Array
    """Heat in W lost to the surroundings."""
    voltage_I: Array
    heat_hot_I: Array
    heat_cold_I: Array
    T_I: Array
    residual: Array
    """Largest node imbalance in W."""
    error: Array
    """Estimated error of the heat in W."""
    rounding: Array
    """Heat in W that the rounding of the temperatures hides; a balance below it says nothing."""
    code: NDArray[np.int_]
    states: list[SegmentState | None]
    known_balance: Array | None = None
    """Of a form that computes it on the way."""

    @property
    def power(self) -> Array:
        """Electrical power in W that leaves."""
        return self.voltage * self.current

    @property
    def balance(self) -> Array:
        """(heat in - heat out - loss - power) relative to the largest of them, or to what rounding hides."""
        if self.known_balance is not None:
            return self.known_balance
        power, size = self.power, np.maximum(np.abs(self.heat_hot), np.abs(self.heat_cold))
        np.maximum(size, np.abs(power), out=size)
        np.fmax(size, self.rounding, out=size)
        gap = self.heat_hot - self.heat_cold
        gap -= self.loss
        gap -= power
        size[size == 0.0] = 1.0
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.divide(np.abs(gap, out=gap), size, out=gap)

    def refuse_open(self) -> None:
        """Take solutions whose balance does not close for what they are: none."""
        solved = self.code < RUNAWAY
        self.code[solved & ~(self.balance <= MOST_OPEN)] = FAILED

    def accept(self, other: Solution, cases: NDArray[np.bool_]) -> None:
        """Take other solutions for the cases that are marked, as far as this one holds such numbers."""
        for name, values in vars(other).items():
            # plain legs are solved without derivatives
            if name not in ("states", "known_balance") and getattr(self, name).flags.writeable:
                getattr(self, name)[..., cases] = values
        for state, new in zip(self.states, other.states, strict=False):
            if state is not None and new is not None:
                state.put(np.flatnonzero(cases), new)
        self.known_balance = None

    def part(self, cases: slice | Cases) -> Solution:
        """Some of the cases."""
        arrays = {k: v for k, v in vars(self).items() if k != "states" and v is not None}
        kept: dict[str, Any] = {k: v[..., cases] for k, v in arrays.items()}
        return type(self)(**kept, states=[s if s is None else s.select(cases) for s in self.states])

    @classmethod
    def blank(cls, n: int, nodes: int, legs: int) -> Solution:
        """n cases without a solution."""
        numbers: dict[str, Any] = {name: np.full(n, np.nan) for name in NUMBERS}
        return cls(
            **numbers,
            T=np.full((nodes, n), np.nan),
            T_I=np.full((nodes, n), np.nan),
            code=np.full(n, FAILED),
            states=[SegmentState.empty(n) for _ in range(legs)],
        )


_OTHERS = ("T", "T_I", "code", "states", "known_balance")
NUMBERS = tuple(f.name for f in fields(Solution) if f.name not in _OTHERS)
"""Fields of a solution that are one number of a case, in their order."""
