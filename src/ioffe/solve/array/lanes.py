"""The modules of an array as lanes of the engine: voltages with slopes at given currents, and their flows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ioffe.device.array import ModuleArray, Place
from ioffe.device.conditions import Array, Generator
from ioffe.device.leg import Leg
from ioffe.device.parameters import varied
from ioffe.engine import optimum
from ioffe.engine.network import Cases, Drive, Solution
from ioffe.engine.state import FAILED, RUNAWAY
from ioffe.solve import generate
from ioffe.solve.assemble import assemble
from ioffe.solve.steady import extrapolated
from ioffe.solve.task import Task


@dataclass(frozen=True, eq=False)
class Group:
    """Places with the same device, which share a network; one lane for each."""

    task: Task
    drive: Drive
    members: Cases
    """Place of each among all places of the array."""
    turn: Array
    """Current in A from which the diode beside each member conducts."""

    def solve(self, lanes: Cases, drive: Drive) -> Solution:
        """Some of the lanes, each as often as it is named."""
        assembly = self.task.assembly
        part = replace(assembly, network=assembly.network.take(lanes))
        return replace(self.task, assembly=part).solve(drive)


@dataclass(frozen=True, eq=False)
class Flows:
    """What every place does at every operating point; shapes (points, places), W, V, A and K."""

    current: Array
    voltage: Array
    heat_hot: Array
    heat_cold: Array
    loss: Array
    error: Array
    T_hot: Array
    T_cold: Array
    T_hot_junction: Array
    T_cold_junction: Array
    code: NDArray[np.int_]
    warnings: list[str]
    """Sentences on materials beyond their measured range."""

    @classmethod
    def blank(cls, points: int, places: int) -> Flows:
        """Without a solution."""
        made = [np.full((points, places), np.nan) for _ in range(10)]
        return cls(*made, code=np.full((points, places), FAILED), warnings=[])


class ArrayLanes:
    """All places of an array, string after string."""

    def __init__(self, array: ModuleArray, ideal: bool, tolerance: float) -> None:
        self.places = [place for row in array.strings for place in row]
        self.string = np.repeat(np.arange(len(array.strings)), [len(row) for row in array.strings])
        self.bypass = np.inf if array.bypass_voltage is None else array.bypass_voltage
        found = [_group(self.places, members, ideal, tolerance) for members in _alike(self.places)]
        self.groups = [replace(group, turn=self._turn(group)) for group in found]

    def _turn(self, group: Group) -> Array:
        """Current of each member from which its diode conducts."""
        if np.isinf(self.bypass):
            return np.full(len(group.members), np.inf)
        volts = np.full(len(group.members), -self.bypass / group.task.assembly.couples)
        s = group.task.solve(replace(group.drive, voltage=volts))
        return np.where(s.code < RUNAWAY, s.current, np.inf)

    def string_voltage(self, current: Array, string: Cases) -> tuple[Array, Array]:
        """Voltage of strings at given currents and its slope, shapes (rows,); NaN without a solution."""
        voltage, slope = np.zeros_like(current), np.zeros_like(current)
        for group in self.groups:
            row, lane = np.nonzero(string[:, None] == self.string[group.members])
            v, v_I = self._of_group(group, lane, current[row])
            np.add.at(voltage, row, v)
            np.add.at(slope, row, v_I)
        return voltage, slope

    def _of_group(self, group: Group, lane: Cases, current: Array) -> tuple[Array, Array]:
        """Voltage and its slope for some of the lanes; the diode's from the current where it conducts."""
        held = current >= group.turn[lane]
        v, v_I = np.full(len(lane), -self.bypass), np.zeros(len(lane))
        free = np.flatnonzero(~held)
        if len(free):
            s = group.solve(lane[free], group.drive.take(lane[free]).at(current[free]))
            n, bad = group.task.assembly.couples, s.code >= RUNAWAY
            v[free] = np.where(bad, np.nan, s.voltage * n)
            v_I[free] = np.where(bad, np.nan, s.voltage_I * n)
        return v, v_I

    def flows(self, current: Array) -> Flows:
        """Every place at the currents of the strings, shape (points, strings).

        A module beside a conducting diode is held at the diode's voltage and carries what it can.
        """
        points, places = len(current), len(self.places)
        out = Flows.blank(points, places)
        for group in self.groups:
            lane = np.tile(np.arange(len(group.members)), points)
            own = current[:, self.string[group.members]].ravel()
            held = own >= group.turn[lane]
            for rows, imposed in ((np.flatnonzero(~held), "current"), (np.flatnonzero(held), "voltage")):
                if not len(rows):
                    continue
                volts = -self.bypass / group.task.assembly.couples
                given = own[rows] if imposed == "current" else np.full(len(rows), volts)
                drive = replace(group.drive.take(lane[rows]), **{imposed: given})
                _put(out, group, group.solve(lane[rows], drive), rows)
        return out

    def separate_power(self) -> Array:
        """Largest power of every place with a load of its own, W; NaN where there is none."""
        out = np.full(len(self.places), np.nan)
        for group in self.groups:
            slopes = {"max_power": optimum.power_slope}
            at = generate.currents(group.task, group.drive, slopes)[0]["max_power"]
            s = group.task.solve(group.drive.at(at))
            out[group.members] = np.where(s.code < RUNAWAY, s.power * group.task.assembly.couples, np.nan)
        return out


def _put(out: Flows, group: Group, s: Solution, rows: Cases) -> None:
    """Write the solution of rows (points times members of the group) into the whole."""
    a = group.task.assembly
    point, member = np.divmod(rows, len(group.members))
    at = point, group.members[member]
    bad = s.code >= RUNAWAY
    out.code[at] = s.code
    for name in ("voltage", "heat_hot", "heat_cold", "loss", "error"):
        getattr(out, name)[at] = np.where(bad, np.nan, getattr(s, name) * a.couples)
    out.current[at] = np.where(bad, np.nan, s.current)
    nodes = (a.network.hot, a.network.cold, a.hot_junction, a.cold_junction)
    for name, node in zip(("T_hot", "T_cold", "T_hot_junction", "T_cold_junction"), nodes, strict=True):
        getattr(out, name)[at] = np.where(bad, np.nan, s.T[node])
    out.warnings.extend(extrapolated(a, (s,)))


def _alike(places: list[Place]) -> list[list[int]]:
    """Places that can share a network: the same device, the same elements, heat or temperature imposed."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for k, place in enumerate(places):
        c, size = place.conditions, _footprint(place)
        reservoirs = (c.resistance("hot", size) > 0, c.resistance("cold", size) > 0)
        groups.setdefault((id(place.device), *reservoirs, c.heat is None), []).append(k)
    return list(groups.values())


def _group(places: list[Place], members: list[int], ideal: bool, tolerance: float) -> Group:
    some = [places[k] for k in members]
    device, conditions = some[0].device, [place.conditions for place in some]
    numbers = {
        f"{side}_resistance": np.array(
            [c.resistance(side, _footprint(p)) for p, c in zip(some, conditions, strict=True)]
        )
        for side in ("hot", "cold")
    }
    base = Generator(T_hot=2.0, T_cold=1.0)
    shared = {key: v[0] if np.all(v == v[0]) else v for key, v in numbers.items()}
    assembly = assemble(*varied(device, base, shared))
    ambient = np.array([300.0 if c.T_ambient is None else c.T_ambient for c in conditions])
    ends = {"T_cold": np.array([c.T_cold for c in conditions], float)}
    if conditions[0].heat is None:
        ends["T_hot"] = np.array([c.T_hot for c in conditions], float)
    else:
        ends["heat_hot"] = np.array([c.heat for c in conditions], float) / assembly.couples
    task = Task(assembly, 300.0, ideal, tolerance)
    return Group(task, Drive(ambient=ambient, **ends), np.array(members), np.full(len(some), np.inf))


def _footprint(place: Place) -> float:
    return place.device.area if isinstance(place.device, Leg) else place.device.footprint
