"""Steady states in three dimensions: what the solver of one dimension asks, answered with whole plates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.device.module import Module
from ioffe.engine import newton as engine
from ioffe.engine import optimum
from ioffe.engine.elements import Plate
from ioffe.engine.network import Cases, Drive, Network, Solution
from ioffe.engine.state import FAILED, RUNAWAY, SegmentState
from ioffe.field import newton
from ioffe.field.bodies.cosines import cosine_scene, electrode_resistance
from ioffe.field.bodies.scene import BodyScene
from ioffe.field.legs import EqualLegs
from ioffe.field.module import ALIKE, FieldModule, conductivities, left_out
from ioffe.field.newton import Plates, Start, State
from ioffe.result.profile import Profile
from ioffe.solve.assemble import Assembly
from ioffe.solve.profile import Point
from ioffe.solve.task import ROOM, SteadyTask

if TYPE_CHECKING:
    from ioffe.result.steady import Result

Array = NDArray[np.float64]
MOST_PASSES = 4
"""Times that plates are made at the conductivities of the solution before; what is left is in the error."""


def assembly_of(kinds: Sequence[tuple[Assembly, NDArray[np.intp]]], one: Assembly) -> Assembly:
    """Four nodes, for the temperatures behind the films and the means of the ports, and one leg of a kind."""
    legs = tuple(replace(leg, a=2, b=3) for kind, _ in kinds for leg in kind.network.legs)
    materials = tuple(m for kind, _ in kinds for m in kind.materials)
    return replace(
        *(one,),
        network=Network(4, 0, 1, legs),
        couples=1,
        pieces=(),
        hot_junction=2,
        cold_junction=3,
        materials=materials,
    )


@dataclass(eq=False, kw_only=True)
class FieldSolution(Solution):
    """Solved cases with what happens at the ports of every leg."""

    ports: Array
    """Temperatures of the hot and cold ports in K, heats that leave the hot and reach the cold ones in W,
    shape (4, legs, cases)."""
    voltage_error: Array
    """Estimated error of the voltage in V."""
    temperature_error: Array
    """Estimated error in K of the temperatures that imposed heats make."""

    def put_temperature_error(self, cases: Cases, kelvins: Array, T: Array) -> None:
        """Errors of the temperatures behind the films, (2, cases), beside those temperatures.

        Imposed heats have none; the share of the difference that the temperatures miss stands for it.
        """
        self.temperature_error[cases] = kelvins.max(axis=0)
        largest = np.maximum(np.abs(self.heat_hot[cases]), np.abs(self.heat_cold[cases]))
        with np.errstate(all="ignore"):
            share = np.where(kelvins.max(axis=0) > 0.0, kelvins.max(axis=0) / np.abs(T[0] - T[1]), 0.0)
        self.error[cases] += share * largest


@dataclass(frozen=True, eq=False)
class FieldPoint(Point):
    """One solved operating point; its profile is that of a p and an n leg between the mean port temperatures.

    Positions count from the hot junctions; plates have no profile of one dimension.
    """

    kinds: tuple[Assembly, ...] = ()

    def profile(self, result: Result) -> Profile:
        """Temperature, potential and heat flux through one p and one n leg."""
        s, k = self.solution, self.case
        ambient = np.array([result.conditions.T_ambient or ROOM])
        ends = {"T_hot": s.T[2, [k]], "T_cold": s.T[3, [k]], "current": s.current[[k]]}
        found = []
        for kind in self.kinds[:2]:
            alone = engine.solve(kind.network, Drive(ambient=ambient, **ends), tolerance=result.tolerance)
            found.append(Point(kind, alone, 0, self.code, "1d").profile(result))
        p, n = found
        x, T, u, q = (
            np.concatenate([getattr(p, name), getattr(n, name)])
            for name in ("position", "T", "electric_potential", "heat_flux")
        )
        return Profile(x, T, u, q, p.layer + n.layer, p.part + n.part, p.stage + n.stage)

    def electrode_resistance(self, result: Result) -> float:
        """Resistance in ohm of all electrodes and terminals, at fidelity 3d."""
        return electrode_resistance(result, self.solution, self.case)

    def bodies(self, result: Result) -> BodyScene:
        """The module as bodies with their values."""
        return cosine_scene(result, self.solution, self.case)


@dataclass(frozen=True, eq=False, kw_only=True)
class WholeModuleTask(SteadyTask):
    """A module ready to be driven, its plates and electrodes in three dimensions."""

    one: SteadyTask
    """The same module in one dimension, from whose states the search begins."""
    module: Module
    kinds: tuple[tuple[Assembly, NDArray[np.intp]], ...]
    """Each kind of legs between its ports, and which legs of the module are of that kind."""

    def point(self, s: Solution, k: int) -> FieldPoint:
        """An operating point, kept for its profile."""
        kinds = tuple(kind for kind, _ in self.kinds)
        return FieldPoint(self.assembly, s, k, int(s.code[k]), self.fidelity, kinds)

    def legs(self, s: Solution, axes: Mapping[str, Array], generates: bool) -> ResultTable:
        """Temperatures and heats at the ports of every leg, along the axes and, behind them, the legs."""
        assert isinstance(s, FieldSolution)
        shape = (*(len(values) for values in axes.values()), s.ports.shape[1])
        sign = 1.0 if generates else -1.0
        names = dict(
            zip(("T_hot_junction", "T_cold_junction", "heat_hot", "heat_cold"), s.ports, strict=True)
        )
        values = {k: (v if k.startswith("T") else sign * v).T.reshape(shape) for k, v in names.items()}
        return table({**axes, "leg": np.arange(shape[-1])}, values)

    def notes(self, s: Solution) -> tuple[str, ...]:
        """What is left out, and how far the voltage and temperatures of imposed heats may be off."""
        assert isinstance(s, FieldSolution)
        known = np.isfinite(s.voltage_error) & np.isfinite(s.voltage)
        largest, found = np.abs(s.voltage[known]).max(initial=0.0), left_out(self.module)
        if largest:
            share = s.voltage_error[known].max() / largest
            found.append(f"estimated error of the voltage {100.0 * share:.2g} % of the largest one")
        kelvins = np.nanmax(s.temperature_error, initial=0.0)
        if kelvins:
            off = format_si(kelvins, "delta_T_max", digits=2)
            found.append(f"estimated error of the temperature that imposed heat makes {off}")
        return tuple(found)

    def currents(self, drive: Drive, *aims: str, load: Array | None = None) -> None:
        """Nothing: no compiled code knows plates."""
        del drive, aims, load

    def _search(
        self, cases: Cases, drive: Drive, slopes: dict[str, optimum.Slope], low: Array, high: Array
    ) -> dict[str, Array]:
        del cases
        found = self.assembly.network, drive, slopes, low, high
        return optimum.find_near(
            *found, solver=lambda at, _: self.solve(at), rough=lambda at, _: self.roughly(at)
        )

    def roughly(self, drive: Drive) -> Solution:
        """The same points of the whole module, heat spread over the whole footprint."""
        begun, one = self._in_one_dimension(drive), self.one.assembly
        nodes = [one.network.hot, one.network.cold, one.hot_junction, one.cold_junction]
        flows = "voltage", "heat_hot", "heat_cold", "voltage_I", "heat_hot_I", "heat_cold_I"
        whole = {name: one.couples * getattr(begun, name) for name in flows}
        return replace(begun, T=begun.T[nodes], T_I=begun.T_I[nodes], **whole)

    def blank(self, drive: Drive) -> tuple[FieldSolution, Solution]:
        """Cases without a solution, and those of one dimension from which they begin."""
        n = len(drive)
        plain = Solution.blank(n, 4, len(self.assembly.network.legs))
        ports = np.full((4, 2 * self.module.couples, n), np.nan)
        voltage, kelvins = np.full((2, n), np.nan)
        out = FieldSolution(**vars(plain), ports=ports, voltage_error=voltage, temperature_error=kelvins)
        if drive.current is not None:
            out.current[:] = drive.current
        begun = self._in_one_dimension(drive)
        out.code[:] = begun.code
        return out, begun

    def _in_one_dimension(self, drive: Drive) -> Solution:
        """The same points of one couple of the module, heat spread over the whole footprint."""
        shares = ("heat_hot", "heat_cold", "voltage", "load")
        given: dict[str, Any] = {k: v for k in shares if (v := getattr(drive, k)) is not None}
        return self.one.solve(replace(drive, **{k: v / self.one.assembly.couples for k, v in given.items()}))


@dataclass(frozen=True, eq=False, kw_only=True)
class FieldTask(WholeModuleTask):
    """A module ready to be driven, plates and electrodes in cosines."""

    made: FieldModule

    @property
    def fidelity(self) -> str:
        """The word for how it is solved."""
        return "3d"

    def solve(self, drive: Drive) -> Solution:
        """Solve operating points of the whole module."""
        out, begun = self.blank(drive)
        # where nothing flows no balance says anything, and the state is there all the same
        todo = np.flatnonzero(np.isfinite(begun.T).all(axis=0) & np.isfinite(begun.current))
        known = self._conductivities(begun)
        for _ in range(MOST_PASSES):
            again = []
            while len(todo):
                values, plates = self._plates_for(known, todo)
                near = np.abs(np.log(known[todo] / values)).max(axis=1, initial=0.0) <= ALIKE
                cases = todo[near]
                part = drive.take(cases)
                found = self._solved(plates, part, begun.part(cases))
                self._put(out, cases, part, plates, found)
                # one dimension, of which they began, knows nothing of heat that crowds
                own = self.made.conductivities(
                    out.T[:2, cases], out.T[2:, cases], np.array([out.heat_hot[cases], out.heat_cold[cases]])
                )
                unlike = np.abs(np.log(own / values)).max(axis=1, initial=0.0)
                self._doubt(out, cases, unlike)
                known[cases] = np.where(np.isfinite(own), own, known[cases])
                again.append(cases[unlike > ALIKE])
                todo = todo[~near]
            todo = np.concatenate([todo, *again])
        out.refuse_open()
        return out

    def _doubt(self, out: FieldSolution, cases: Cases, unlike: Array) -> None:
        """What conductivities that differ from those of the plates may change of the heat."""
        T, largest = out.T[:, cases], np.maximum(np.abs(out.heat_hot[cases]), np.abs(out.heat_cold[cases]))
        drops = np.abs(T[0] - T[2]) + np.abs(T[3] - T[1])
        with np.errstate(all="ignore"):
            out.error[cases] += unlike * drops / np.abs(T[2] - T[3]) * largest

    def _conductivities(self, begun: Solution) -> Array:
        """Conductivities of all layers at their mean temperatures, (cases, 2 layers)."""
        layers = [p.element for p in self.one.assembly.pieces if isinstance(p.element, Plate)]
        means = [0.5 * (begun.T[e.a] + begun.T[e.b]) for e in layers]
        count = len(self.made.module.hot)
        # the network lists the hot layers from the outside
        T = {"hot": means[:count][::-1], "cold": means[count:]}
        found = conductivities(self.made.module, T)
        return found if found.size else np.zeros((len(begun.code), 0))

    def _plates_for(self, known: Array, todo: Cases) -> tuple[Array, Plates]:
        """Plates for the middle one of the cases that are not solved yet, and their conductivities."""
        order = todo[np.argsort(np.log(known[todo]).sum(axis=1))]
        return self.made.plates(known[order[len(order) // 2]])

    def _solved(self, plates: Plates, drive: Drive, begun: Solution) -> tuple[State, list[EqualLegs]]:
        one = self.one.assembly
        ends = begun.T[one.hot_junction], begun.T[one.cold_junction]
        legs, inner = [], []
        for assembly, index in self.kinds:
            alone = Drive(ambient=drive.ambient, T_hot=ends[0], T_cold=ends[1], current=begun.current)
            inside = engine.solve(assembly.network, alone, tolerance=self.tolerance)
            legs.append(EqualLegs(assembly.network, index))
            inner.append(inside.T[2:])
        network = one.network
        behind = [
            begun.T[node] if given is None else given
            for node, given in ((network.hot, drive.T_hot), (network.cold, drive.T_cold))
        ]
        start = Start(*ends, behind[0], behind[1], begun.current, inner)
        return newton.solve(plates, legs, self.made.gap, drive, start, self.tolerance), legs

    def _put(
        self,
        out: FieldSolution,
        cases: Cases,
        drive: Drive,
        plates: Plates,
        found: tuple[State, list[EqualLegs]],
    ) -> None:
        """Write solved cases into a solution of the whole module."""
        state, legs = found
        count, good = 2 * self.made.module.couples, state.code < RUNAWAY
        current, ends = state.current, state.ends
        joule = current**2 * plates.joule_hot.sum(), current**2 * plates.joule_cold.sum()
        hot, cold = ends.leaving.sum(axis=0) - joule[0], ends.reaching.sum(axis=0) + joule[1]
        # imposed heats are met to a share of the largest heat, and stand as they were imposed
        hot = hot if drive.heat_hot is None else drive.heat_hot
        cold = cold if drive.heat_cold is None else drive.heat_cold
        means = state.T_hot[:count].mean(axis=0), state.T_cold[:count].mean(axis=0)
        V_I, hot_I, cold_I, behind_I, means_I = state.slopes
        put: Mapping[str, Array] = {
            "current": current,
            "voltage": ends.voltage.sum(axis=0) - current * plates.resistance,
            "heat_hot": hot,
            "heat_cold": cold,
            "loss": ends.loss.sum(axis=0),
            "voltage_I": V_I,
            "heat_hot_I": hot_I,
            "heat_cold_I": cold_I,
            "residual": ends.open.max(axis=0),
            "voltage_error": state.error[0],
            "error": np.maximum(state.error[1], state.error[2]) + ends.error.sum(axis=0),
        }
        for name, value in put.items():
            getattr(out, name)[cases] = np.where(good, value, getattr(out, name)[cases])
        out.T[:, cases] = np.where(good, [*state.behind, *means], np.nan)
        out.T_I[:, cases] = np.where(good, [*behind_I, *means_I], np.nan)
        out.put_temperature_error(cases, state.error[3:], state.behind)
        out.code[cases] = np.where(good, state.code, FAILED)
        ports = [state.T_hot[:count], state.T_cold[:count], ends.leaving[:count], ends.reaching[:count]]
        out.ports[:, :, cases] = np.where(good, ports, np.nan)
        _put_ranges(out, cases, legs)


def _put_ranges(out: Solution, cases: Cases, legs: list[EqualLegs]) -> None:
    """Lowest and highest temperature in each segment of equal legs, for what is said of their ranges."""
    states = iter(out.states)
    for kind in legs:
        for found in kind.states:
            state = next(states)
            if found is None or state is None:
                continue
            shape = len(kind.index), len(cases)
            part = SegmentState.empty(len(cases))
            part.T_min[:] = found.T_min.reshape(shape).min(axis=0)
            part.T_max[:] = found.T_max.reshape(shape).max(axis=0)
            state.put(cases, part)
