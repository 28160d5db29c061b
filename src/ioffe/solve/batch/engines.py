"""The two engines of a batch: one on NumPy, as for single devices, and one in machine code.

Plain legs, one adiabatic segment between two given temperatures, are the fastest case there is; the compiled
engine solves them in a form of their own. Networks of such segments are solved side by side too, and what
these forms refuse, mostly side losses, one device after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import AIMS
from ioffe.device.conditions import Array
from ioffe.engine import newton
from ioffe.engine.elements import Joule
from ioffe.engine.following import Begin, followed
from ioffe.engine.network import Drive, Network, Solution
from ioffe.engine.state import ABSENT, FAILED, RUNAWAY
from ioffe.solve import loading
from ioffe.solve.assemble import Assembly
from ioffe.solve.batch.cases import SolveRequest
from ioffe.solve.operating import cooler_current, generator_currents
from ioffe.solve.states import connected, has_curve
from ioffe.solve.task import ROOM, SteadyTask, search_tolerance

if TYPE_CHECKING:
    from ioffe.engine.compiled.packing import PackedTables
    from ioffe.engine.compiled.plain.entry import LegCurves

Request = tuple[Network, SolveRequest]


@dataclass(frozen=True)
class NumpyEngine:
    """Solve groups of devices one after the other: no compiler needed, all cases of a group at once."""

    tolerance: float
    name = "numpy"
    block = 500
    """Devices solved together: their results depend on one another by rounding. So few stay in a cache."""

    def solve(self, groups: list[tuple[Assembly, SolveRequest]]) -> list[Solution]:
        """One solution for each group."""
        return [self._group(*group) for group in groups]

    def network(self, network: Network, drive: Drive) -> Solution:
        """Cases of one network, with the states of all segments."""

        def by(network: Network, drive: Drive, begin: Begin | None = None) -> Solution:
            return newton.solve(network, drive, tolerance=self.tolerance, begin=begin)

        with loading.numpy_solve():
            found = followed(by, network, drive, by(network, drive))
        connected(network, found, drive.T_hot, drive.T_cold)
        return found

    def _group(self, assembly: Assembly, asked: SolveRequest) -> Solution:
        if asked.aim is None:
            return self.network(assembly.network, asked.drive)
        task = SteadyTask(assembly, ROOM, False, self.tolerance, kernels=frozenset())
        return self.network(assembly.network, asked.drive.at(current_of(task, asked)))


@dataclass(frozen=True)
class CompiledEngine:
    """Solve groups of devices in machine code: those of one topology in one call, on several processors."""

    tolerance: float
    threads: int | None = None
    states: bool = False
    name = "compiled"
    block = None
    """The results do not depend on what is solved beside them."""

    def solve(self, groups: list[tuple[Assembly, SolveRequest]]) -> list[Solution]:
        """One solution for each group; the groups share their topology."""
        assembly, asked = groups[0]
        if assembly.stages and asked.aim is not None:
            return [self._searched(*group) for group in groups]
        tasks = [(assembly.network, asked) for assembly, asked in groups]
        whole = self._whole(tasks)
        return [whole.part(part) for part in _parts(tasks)]

    def _searched(self, assembly: Assembly, asked: SolveRequest) -> Solution:
        """A cascade at the current of an aim, whose range its largest stage decides and not the network."""
        assert asked.aim is not None
        finer = replace(self, tolerance=search_tolerance(self.tolerance, asked.aim))
        task = SteadyTask(assembly, ROOM, False, finer.tolerance, engine=finer.network)
        driven = asked.drive.at(current_of(task, asked))
        return self._whole([(assembly.network, SolveRequest(driven, None))])

    def network(self, network: Network, drive: Drive) -> Solution:
        """Cases of one network, with the states of all segments."""
        return replace(self, states=True)._whole([(network, SolveRequest(drive, None))])

    def _whole(self, tasks: list[Request]) -> Solution:
        """All cases, in vectors where there is such a form and one after the other where it refuses them."""
        network, request = tasks[0]
        if is_plain(network, request) and not self.states:
            whole, refused = solve_plain(tasks, self.tolerance, self.threads)
        elif _takes(network):
            whole, refused = self._together(tasks)
        else:
            whole, refused = self._general(tasks), np.zeros(0, bool)
        if refused.any():
            self._again(tasks, whole, refused)
        whole.refuse_open()
        return whole

    def _together(self, tasks: list[Request]) -> tuple[Solution, NDArray[np.bool_]]:
        from ioffe.engine.compiled.vector.entry import solve

        groups, several = [(network, asked.drive) for network, asked in tasks], has_curve(tasks[0][0])
        options = {"tolerance": self.tolerance, "threads": self.threads, "heat": _loads(tasks)}
        found, refused = solve(groups, tasks[0][1].aim, states=self.states or several, **options)
        if several:
            found.code[refused] = FAILED
            _connect(tasks, found)
        return found, refused

    def _again(self, tasks: list[Request], whole: Solution, refused: NDArray[np.bool_]) -> None:
        """Solve one after the other what the vectors refused."""
        rest = []
        for (network, asked), part in zip(tasks, _parts(tasks), strict=True):
            cases = np.flatnonzero(refused[part])
            if len(cases):
                load = (
                    None if asked.load is None else np.broadcast_to(asked.load, part.stop - part.start)[cases]
                )
                rest.append((network.take(cases), SolveRequest(asked.drive.take(cases), asked.aim, load)))
        whole.accept(self._general(rest), refused)

    def _general(self, tasks: list[Request]) -> Solution:
        from ioffe.engine.compiled.network import solve

        several = has_curve(tasks[0][0])
        options: dict[str, Any] = {"tolerance": self.tolerance, "threads": self.threads}
        options["states"] = self.states or several
        driven = self._driven(tasks)

        def by(network: Network, drive: Drive, begin: Begin | None) -> Solution:
            return solve([(network, drive)], begin=begin, **options)

        found = solve(driven, **options)
        for (network, drive), part in zip(driven, _parts(tasks), strict=True):
            followed(by, network, drive, found.part(part))
        if several:
            _connect(tasks, found)
        return found

    def _driven(self, tasks: list[Request]) -> list[tuple[Network, Drive]]:
        """Networks and their drives, with the currents that the aim decides."""
        from ioffe.engine.compiled import search

        driven = [(network, asked.drive) for network, asked in tasks]
        aim = tasks[0][1].aim
        if aim is None:
            return driven
        tolerance = search_tolerance(self.tolerance, aim)
        found = search.find(driven, aim, heat=_loads(tasks), tolerance=tolerance, threads=self.threads)[aim]
        return [(net, drive.at(found[k])) for (net, drive), k in zip(driven, _parts(tasks), strict=True)]


Solver = CompiledEngine | NumpyEngine


def current_of(task: SteadyTask, asked: SolveRequest) -> Array:
    """Current at which each device of a task reaches the aim."""
    assert asked.aim is not None
    if AIMS[asked.aim].mode == "generate":
        aims = tuple(dict.fromkeys(("short_circuit", asked.aim)))
        return generator_currents(task, asked.drive, aims)[0][asked.aim]
    return cooler_current(task, asked.drive, asked.aim, asked.load)


def _connect(tasks: list[Request], found: Solution) -> None:
    """See to it that the states of all groups are those reached from zero current."""
    for (network, asked), part in zip(tasks, _parts(tasks), strict=True):
        connected(network, found.part(part), asked.drive.T_hot, asked.drive.T_cold)


def _loads(tasks: list[Request]) -> Array | None:
    """Heat loads of all cases, for the aim that needs them."""
    loads = [asked.load for _, asked in tasks if asked.load is not None and asked.aim == "heat"]
    return np.concatenate(loads) if loads else None


def _takes(network: Network) -> bool:
    from ioffe.engine.compiled.vector.entry import takes

    return takes(network)


def _parts(tasks: list[Request]) -> list[slice]:
    """Indices of the cases of each group among those of all."""
    ends = np.cumsum([len(asked.drive) for _, asked in tasks])
    return [slice(end - len(asked.drive), end) for end, (_, asked) in zip(ends, tasks, strict=True)]


def is_plain(network: Network, asked: SolveRequest) -> bool:
    """Whether a network is a plain leg, perhaps with resistance of its contacts."""
    if network.nodes != 2 or len(network.legs) != 1 or network.passive or network.jumps:
        return False
    leg, drive = network.legs[0], asked.drive
    if np.any(leg.convection) or np.any(leg.radiation) or drive.T_hot is None or drive.T_cold is None:
        return False
    known = all(isinstance(x, Joule) for x in network.joule)
    return known and (drive.current is not None if asked.aim is None else AIMS[asked.aim].mode == "generate")


@dataclass(frozen=True, eq=False)
class PlainInputs:
    """Numbers of all plain legs, group by group."""

    T_hot: Array
    T_cold: Array
    per_length: Array
    sign: Array
    """Share of the current, times length over area of one leg."""
    volts: Array
    """Count times sign."""
    ohm_hot: Array
    ohm_cold: Array


def solve_plain(
    groups: list[Request], tolerance: float, threads: int | None
) -> tuple[Solution, NDArray[np.bool_]]:
    """Solution of all cases, group by group, and which of them have to be solved in another form."""
    from ioffe.engine.compiled.plain import entry as plain

    parts = [plain_inputs(network, asked) for network, asked in groups]
    legs = PlainInputs(*(_joined([getattr(p, f.name) for p in parts]) for f in fields(PlainInputs)))
    tables, which = plain_tables([n for n, _ in groups], [len(a.drive) for _, a in groups], tolerance)
    ends = (tables, which, legs.T_hot, legs.T_cold)
    aim = groups[0][1].aim
    options = {"tolerance": tolerance, "threads": threads}
    if aim is None:
        current = _joined([np.asarray(asked.drive.current, float) for _, asked in groups])
        j = current * legs.sign
        found = plain.solve(*ends, j, **options)
    else:
        one, scale = AIMS[aim], legs.sign * legs.sign * legs.per_length
        ohm = legs.ohm_hot / scale, legs.ohm_cold / scale
        found = plain.best(*ends, one.quantity if one.is_largest else aim, ohm=ohm, **options)
        j, current = found.j, found.j / legs.sign
    refused, code = found.code == plain.REFUSED, found.code
    code[refused] = FAILED
    if aim is not None:
        # a leg that generates against its carrier's direction has no such current
        code[(code < RUNAWAY) & ~(current > 0)] = ABSENT
    return plain_solution(legs, found, current, code), refused


def plain_tables(
    networks: list[Network], sizes: list[int], tolerance: float
) -> tuple[PackedTables, NDArray[np.int_]]:
    """Tables of the legs of some networks with so many cases each, and which of them each case has."""
    from ioffe.engine.compiled.flatten import TablePool
    from ioffe.engine.compiled.packing import pack_tables

    pool = TablePool()
    for network in networks:
        pool.add(network.legs[0].table, tolerance)
        pool.end()
    rows, starts, _ = pool.arrays(sizes)
    return pack_tables(pool.found), np.repeat(rows[:, 0], np.diff(starts))


def _joined(parts: list[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def plain_inputs(network: Network, asked: SolveRequest) -> PlainInputs:
    """What the plain form needs of a network that `is_plain`."""
    leg, n = network.legs[0], len(asked.drive)
    ohm = [
        sum(x.resistance for x in network.joule if isinstance(x, Joule) and x.node == node)
        for node in (network.hot, network.cold)
    ]
    forward = 1.0 if leg.a == network.hot else -1.0
    sign, volts = forward * leg.sign * leg.length / leg.area, forward * leg.sign * leg.count
    values = (asked.drive.T_hot, asked.drive.T_cold, leg.per_length, sign, volts, *ohm)
    return PlainInputs(*(np.broadcast_to(np.asarray(v, float), (n,)) for v in values))


def plain_solution(legs: PlainInputs, found: LegCurves, current: Array, code: NDArray[np.int_]) -> Solution:
    """Solution of legs at one current each, or at several in a row: then the numbers of a leg are columns."""
    from ioffe.engine.compiled.plain.terminals import terminals

    def column(values: Array) -> Array:
        return values.reshape(len(code), -1)

    scales = legs.per_length, legs.volts, legs.ohm_hot, legs.ohm_cold
    flows = column(current), column(found.j), column(found.heat), column(found.voltage)
    seen = terminals([scale.ravel() for scale in scales], *flows, found.error)
    values = {name: value.ravel() for name, value in seen._asdict().items()}
    values["known_balance"] = values.pop("balance")
    values |= {name: np.zeros(code.size) for name in ("loss", "residual", "rounding")}
    values["current"] = current.ravel()
    code = code.ravel()
    bad = code >= RUNAWAY
    if bad.any():
        for name in values:
            values[name] = np.where((code == ABSENT) if name == "current" else bad, np.nan, values[name])
    T = np.empty((2, *found.code.shape))
    T[0], T[1] = legs.T_hot, legs.T_cold
    unknown = np.broadcast_to(np.nan, (2, code.size))
    slopes: dict[str, Any] = dict.fromkeys(("voltage_I", "heat_hot_I", "heat_cold_I"), unknown[0])
    return Solution(**values, **slopes, T=T.reshape(2, -1), T_I=unknown, code=code, states=[])
