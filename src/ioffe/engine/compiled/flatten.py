"""From networks and what drives them to the flat arrays that the kernels read.

Groups of lanes share the topology (kinds and nodes of their elements, and what is imposed); materials and
numbers may differ from group to group, numbers also from lane to lane. What lanes share is not copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.elements import Exchange, Joule, Link, Plate, Sheet, Thermoelement
from ioffe.engine.network import Drive, Network
from ioffe.engine.table import Table

Group = tuple[Network, Drive]
LENGTH, AREA, SIGN, CONVECTION, RADIATION, COUNT, LEG = range(7)
"""Places of a leg's numbers; a plate has the first two, a link CONDUCTANCE and OHM, others one."""
CONDUCTANCE, OHM, LINK = range(3)
PLATE = 2
CIRCUIT = ("current", "voltage", "load")
BY_CURRENT, BY_VOLTAGE, BY_LOAD = range(3)
"""What may be imposed on the circuit, and its places."""
AMBIENT, AT_HOT, AT_COLD, AT_CIRCUIT = range(4)
"""Rows of what is imposed: K, K or W where that node is free, and A, V or ohm."""


class Problem(NamedTuple):
    """Lanes of one topology; elements in the order legs, plates, links, exchanges, joules, sheets."""

    knots: Any
    cells: Any
    spans: Any
    """First and last row of each table in `cells`, and whether it holds resistivity; shape (tables, 3)."""
    limits: Any
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
    """Numbers of all elements: those that lanes share, then arrays with one for each lane of a group."""
    slots: Any
    """Where a number stands in `values`: first place, and 1 where every lane has its own; (groups, slots, 2).

    Elements take as many slots as they have numbers, a sheet its squares and the thickness of each layer.
    """
    tables: Any
    """Table of each leg, plate and layer (groups, tables of a group)."""
    starts: Any
    """First lane of each group, and the number of lanes."""
    imposed: Any
    """(4, lanes)"""


def flatten(groups: Sequence[Group], *, searched: bool = False) -> Problem:
    """Arrays of all lanes of all groups, one group after the other.

    With `searched` the current is what is looked for, and the drives impose nothing on the circuit.
    """
    if not groups:
        raise ValueError("there is no group of lanes")
    network, drive = groups[0]
    shape, imposed = _topology(network), _imposed(drive, searched)
    tables, numbers = _Tables(), _Numbers()
    for one, driven in groups:
        if one is not network and _topology(one) != shape:
            raise ValueError("all groups need the same elements between the same nodes")
        if _imposed(driven, searched) != imposed:
            raise ValueError("all groups need the same imposed quantities")
        for element in _ordered(one):
            _read(element, len(driven), numbers, tables)
    packed = pack_tables(tables.found)
    values, slots = numbers.arrays(len(groups))
    passive = [[e for e in network.passive if isinstance(e, k)] for k in (Plate, Link, Exchange)]
    paired = [*network.legs, *(e for kind in passive for e in kind)]
    sources = [e for e in _ordered(network) if isinstance(e, Joule | Sheet)]
    hot, cold, circuit = imposed
    return Problem(
        knots=packed.knots,
        cells=packed.cells,
        spans=np.stack([packed.first[:-1], packed.first[1:] - 2, packed.resistivity], axis=1).astype(
            np.int64
        ),
        limits=packed.limits,
        nodes=network.nodes,
        hot=network.hot,
        cold=network.cold,
        legs=len(network.legs),
        plates=len(passive[0]),
        links=len(passive[1]),
        exchanges=len(passive[2]),
        pairs=np.array([(e.a, e.b) for e in paired], np.int64).reshape(-1, 2),
        sources=np.array([(e.node, _layers(e)) for e in sources], np.int64).reshape(-1, 2),
        hot_free=hot == "heat_hot",
        cold_free=cold == "heat_cold",
        ambient=network.ambient,
        circuit=CIRCUIT.index(circuit),
        values=values,
        slots=slots,
        tables=np.array(tables.of, np.int64).reshape(len(groups), -1),
        starts=np.concatenate([[0], np.cumsum([len(d) for _, d in groups])]),
        imposed=np.stack([_join(groups, name) for name in ("ambient", hot, cold, circuit)]),
    )


class _Tables:
    """Every table once, and the tables of every group."""

    def __init__(self) -> None:
        self.found: list[Table] = []
        self.of: list[int] = []
        self._index: dict[int, int] = {}

    def add(self, table: Table) -> None:
        if id(table) not in self._index:
            self._index[id(table)] = len(self.found)
            self.found.append(table)
        self.of.append(self._index[id(table)])


class _Numbers:
    """Slots of all groups: numbers that lanes share, and arrays with one for each lane."""

    def __init__(self) -> None:
        self._shared: list[float] = []
        self._own: list[np.ndarray] = []
        self._first: list[int] = []
        self._step: list[int] = []
        self._place: dict[int, int] = {}
        self._end = 0

    def add(self, value: Any, lanes: int) -> None:
        if not isinstance(value, np.ndarray):
            self._first.append(len(self._shared))
            self._step.append(0)
            self._shared.append(float(value))
            return
        if value.shape != (lanes,):
            raise ValueError(f"an element holds an array of shape {value.shape} for {lanes} lanes")
        if id(value) not in self._place:
            self._place[id(value)] = self._end
            self._own.append(value)
            self._end += lanes
        self._first.append(self._place[id(value)])
        self._step.append(1)

    def arrays(self, groups: int) -> tuple[Any, Any]:
        """Values, and first place and step of every slot (groups, slots, 2)."""
        step = np.array(self._step, np.int64)
        first = np.array(self._first, np.int64) + step * len(self._shared)
        slots = np.stack([first, step], axis=1).reshape(groups, -1, 2)
        return np.concatenate([np.array(self._shared, float), *self._own]), slots


def _ordered(network: Network) -> list[Any]:
    """The elements in the order of their slots."""
    passive = [e for kind in (Plate, Link, Exchange) for e in network.passive if isinstance(e, kind)]
    return [
        *network.legs,
        *passive,
        *(e for kind in (Joule, Sheet) for e in network.joule if isinstance(e, kind)),
    ]


def _read(element: Any, lanes: int, numbers: _Numbers, tables: _Tables) -> None:
    """Add the slots and tables of one element."""
    own: tuple[Any, ...]
    if isinstance(element, Thermoelement):
        own = (
            element.length,
            element.area,
            element.sign,
            element.convection,
            element.radiation,
            element.count,
        )
        tables.add(element.table)
    elif isinstance(element, Plate):
        own = (element.length, element.area)
        tables.add(element.table)
    elif isinstance(element, Link):
        own = (element.heat_conductance, element.joule)
    elif isinstance(element, Exchange):
        own = (element.coefficient,)
    elif isinstance(element, Joule):
        own = (element.resistance,)
    else:
        own = (element.squares, *(thickness for _, thickness in element.sheets))
        for table, _ in element.sheets:
            tables.add(table)
    for value in own:
        numbers.add(value, lanes)


def _topology(network: Network) -> tuple[Any, ...]:
    unknown = [e for e in network.passive if not isinstance(e, Plate | Link | Exchange)]
    unknown += [e for e in network.joule if not isinstance(e, Joule | Sheet)]
    if unknown:
        raise TypeError(f"the compiled engine knows no {type(unknown[0]).__name__} there")
    legs = [(e.a, e.b) for e in network.legs]
    passive = [(type(e), e.a, e.b) for e in network.passive]
    sources = [(type(e), e.node, _layers(e)) for e in network.joule]
    return network.nodes, network.hot, network.cold, network.ambient, legs, passive, sources


def _layers(source: Joule | Sheet) -> int:
    return len(source.sheets) if isinstance(source, Sheet) else 0


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
    nothing = [np.zeros(len(drive)) for _, drive in groups]
    given = [getattr(drive, name) for _, drive in groups]
    return np.concatenate(
        [b if a is None else np.asarray(a, float) for a, b in zip(given, nothing, strict=True)]
    )
