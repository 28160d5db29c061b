"""From networks and what drives them to the flat arrays that the kernels read.

Groups of cases share the topology (kinds and nodes of their elements, and what is imposed); materials and
numbers may differ from group to group, numbers also from case to case. What cases share is not copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ioffe.engine import elements
from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.elements import Exchange, Joule, Link, Plate, Sheet
from ioffe.engine.network import Drive, Network
from ioffe.engine.table import PropertyTable, TableChoice
from ioffe.engine.thermoelement import Thermoelement
from ioffe.engine.thinning import thinned

Group = tuple[Network, Drive]
LENGTH, AREA, SIGN, CONVECTION, RADIATION, COUNT, LEG = range(7)
"""Indices of a leg's numbers; a plate has the first two, a link CONDUCTANCE and OHM, others one."""
CONDUCTANCE, OHM, LINK = range(3)
PLATE = 2
KINDS = (Plate, Link, Exchange, Joule, Sheet)
"""Elements beside the legs, in the order in which the kernels go through them."""
CIRCUIT = ("current", "voltage", "load")
BY_CURRENT, BY_VOLTAGE, BY_LOAD = range(3)
"""What may be imposed on the circuit, and its slots."""
AMBIENT, AT_HOT, AT_COLD, AT_CIRCUIT = range(4)
"""Rows of what is imposed: K, K or W where that node is free, and A, V or ohm."""


class Problem(NamedTuple):
    """Cases of one topology; elements in the order legs, plates, links, exchanges, joules, sheets."""

    knots: Any
    cells: Any
    spans: Any
    """First and last row of each table in `cells`, and whether it holds resistivity; shape (tables, 3)."""
    limits: Any
    defect: Any
    """Of each cell, see `PackedTables`; likewise the deviation of each table."""
    deviation: Any
    nodes: int
    hot: int
    cold: int
    legs: int
    plates: int
    links: int
    exchanges: int
    pairs: Any
    """Nodes a and b of legs, plates, links and exchanges (elements, 2)."""
    sources: Any
    """Node and number of layers of joules (none) and sheets (elements, 2)."""
    hot_free: bool
    cold_free: bool
    ambient: int
    """Node at the temperature of the surroundings; -1 without one."""
    circuit: int
    values: Any
    """Numbers of all elements: those that cases share, then arrays with one for each case of a group."""
    slots: Any
    """Index of a number in `values`: first index, and 1 where every case has its own; (groups, slots, 2).

    Elements take as many slots as they have numbers, a sheet its squares and the thickness of each layer.
    """
    tables: Any
    """Table of each leg, plate and layer (groups, tables of a group); a case with its own is a group."""
    starts: Any
    """First case of each group, and the number of cases."""
    imposed: Any
    """(4, cases)"""


def flatten(
    groups: Sequence[Group], *, searched: bool = False, tolerance: float = 0.0, defects: bool = False
) -> Problem:
    """Arrays of all cases of all groups, one group after the other.

    With `searched` the current is what is looked for, and the drives impose nothing on the circuit. Dense
    tables of segments are thinned as far as the tolerance allows. The defects of tables are left out unless
    they are asked for.
    """
    if not groups:
        raise ValueError("there is no group of cases")
    network, drive = groups[0]
    shape, imposed = _topology(network), _imposed(drive, searched)
    tables, numbers = TablePool(), _Slots()
    for one, driven in groups:
        if one is not network and _topology(one) != shape:
            raise ValueError("all groups need the same elements between the same nodes")
        if _imposed(driven, searched) != imposed:
            raise ValueError("all groups need the same imposed quantities")
        for element in _ordered(one):
            for value in elements.numbers(element):
                numbers.add(value, len(driven))
            for table in elements.tables(element):
                # an error of other elements is not estimated
                tables.add(table, tolerance if isinstance(element, Thermoelement) else 0.0)
        tables.end()
    packed = pack_tables(tables.found)
    values, slots = numbers.arrays(len(groups))
    rows, starts, which = tables.arrays([len(driven) for _, driven in groups])
    slots = slots[which]
    slots[:, :, 0] += slots[:, :, 1] * (starts[:-1] - starts[np.searchsorted(which, which)])[:, None]
    plates, links, exchanges = (sum(isinstance(e, k) for e in network.passive) for k in KINDS[:3])
    ordered, paired = _ordered(network), len(network.legs) + len(network.passive)
    sources = [(e.node, len(elements.tables(e))) for e in ordered[paired:]]
    spans = np.stack([packed.first[:-1], packed.first[1:] - 2, packed.resistivity], axis=1)
    hot, cold, circuit = imposed
    return Problem(
        knots=packed.knots,
        cells=packed.cells,
        spans=spans.astype(np.int64),
        limits=packed.limits,
        defect=packed.defect if defects else np.zeros(0),
        deviation=packed.deviation,
        nodes=network.nodes,
        hot=network.hot,
        cold=network.cold,
        legs=len(network.legs),
        plates=plates,
        links=links,
        exchanges=exchanges,
        pairs=np.array([elements.nodes(e) for e in ordered[:paired]], np.int64).reshape(-1, 2),
        sources=np.array(sources, np.int64).reshape(-1, 2),
        hot_free=hot == "heat_hot",
        cold_free=cold == "heat_cold",
        ambient=network.ambient,
        circuit=CIRCUIT.index(circuit),
        values=values,
        slots=slots,
        tables=rows,
        starts=starts,
        imposed=np.stack([_join(groups, name) for name in ("ambient", hot, cold, circuit)]),
    )


class TablePool:
    """Every table once, and the tables of every group."""

    def __init__(self) -> None:
        self.found: list[PropertyTable] = []
        self._of: list[list[int | np.ndarray]] = [[]]
        self._index: dict[int, int] = {}

    def add(self, table: PropertyTable | TableChoice, tolerance: float = 0.0) -> None:
        """The next table of the group, or what a tolerance leaves of it."""
        if isinstance(table, TableChoice):
            own = np.array([self._place(thinned(one, tolerance)) for one in table.found], np.int64)
            self._of[-1].append(own[table.index])
        else:
            self._of[-1].append(self._place(thinned(table, tolerance)))

    def end(self) -> None:
        """The group has no more tables."""
        self._of.append([])

    def _place(self, table: PropertyTable) -> int:
        if id(table) not in self._index:
            self._index[id(table)] = len(self.found)
            self.found.append(table)
        return self._index[id(table)]

    def arrays(self, sizes: Sequence[int]) -> tuple[Any, Any, Any]:
        """Tables of what shares them, where that starts, and of which group it is.

        A group whose cases have tables of their own becomes a group for each case, so that the kernels
        find one kind of group.
        """
        rows, starts, which = [], [], []
        end = 0
        for group, (of, cases) in enumerate(zip(self._of, sizes, strict=False)):
            count = cases if any(isinstance(one, np.ndarray) for one in of) else 1
            columns = [np.broadcast_to(one, (count,)) for one in of]
            rows.append(np.stack(columns, axis=1) if of else np.zeros((count, 0), np.int64))
            starts.append(end + np.arange(count))
            which.append(np.full(count, group))
            end += cases
        joined = np.concatenate([*starts, [end]]).astype(np.int64)
        return np.concatenate(rows).astype(np.int64), joined, np.concatenate(which)


class _Slots:
    """Slots of all groups: numbers that cases share, and arrays with one for each case."""

    def __init__(self) -> None:
        self._shared: list[float] = []
        self._own: list[np.ndarray] = []
        self._first: list[int] = []
        self._step: list[int] = []
        self._index: dict[int, int] = {}
        self._end = 0

    def add(self, value: Any, cases: int) -> None:
        if not isinstance(value, np.ndarray):
            self._first.append(len(self._shared))
            self._step.append(0)
            self._shared.append(float(value))
            return
        if value.shape != (cases,):
            raise ValueError(f"an element holds an array of shape {value.shape} for {cases} cases")
        if id(value) not in self._index:
            self._index[id(value)] = self._end
            self._own.append(value)
            self._end += cases
        self._first.append(self._index[id(value)])
        self._step.append(1)

    def arrays(self, groups: int) -> tuple[Any, Any]:
        """Values, and first index and step of every slot (groups, slots, 2)."""
        step = np.array(self._step, np.int64)
        first = np.array(self._first, np.int64) + step * len(self._shared)
        slots = np.stack([first, step], axis=1).reshape(groups, -1, 2)
        return np.concatenate([np.array(self._shared, float), *self._own]), slots


def _ordered(network: Network) -> list[Any]:
    """The elements in the order of their slots."""
    others = (*network.passive, *network.joule)
    return [*network.legs, *(e for kind in KINDS for e in others if isinstance(e, kind))]


def _topology(network: Network) -> tuple[Any, ...]:
    unknown = [e for e in network.passive if not isinstance(e, KINDS[:3])]
    unknown += [e for e in network.joule if not isinstance(e, KINDS[3:])]
    if unknown:
        raise TypeError(f"the compiled engine knows no {type(unknown[0]).__name__} there")
    return network.topology


def _imposed(drive: Drive, searched: bool) -> tuple[str, str, str]:
    """What is imposed at the hot node, at the cold node and on the circuit."""
    found = []
    for names in (("T_hot", "heat_hot"), ("T_cold", "heat_cold"), CIRCUIT):
        given = [name for name in names if getattr(drive, name) is not None]
        if searched and names is CIRCUIT:
            given = given or ["current"]
        if len(given) != 1:
            raise ValueError(f"exactly one of {', '.join(names)} must be imposed")
        found.append(given[0])
    return found[0], found[1], found[2]


def _join(groups: Sequence[Group], name: str) -> np.ndarray:
    given = [(getattr(drive, name), len(drive)) for _, drive in groups]
    return np.concatenate([np.zeros(n) if a is None else np.asarray(a, float) for a, n in given])
