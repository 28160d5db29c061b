"""Steady states at fidelity full: a module in finite elements, answering what the other solvers answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.device.conditions import SWEEP, Conditions, Reservoirs
from ioffe.device.module import Module
from ioffe.engine.network import Drive, Solution
from ioffe.engine.state import ABSENT, FAILED, OK, SegmentState
from ioffe.field.bodies.full import full_scene
from ioffe.field.bodies.scene import BodyScene
from ioffe.field.elements import iteration, linear
from ioffe.field.elements.iteration import NotConverged, SteadyField, TerminalDrive
from ioffe.field.elements.ports import LegPorts
from ioffe.field.elements.shapes import NODES
from ioffe.field.elements.solids import OuterFace, SolidModule, check, solids_of
from ioffe.field.elements.unknowns import ModuleSystem, module_system
from ioffe.field.memory import free_memory
from ioffe.field.module import (
    SHARE_OF_MEMORY,
    check_face,
    check_stacks,
    face_maps,
    film_of,
)
from ioffe.field.progress import Expected, tell
from ioffe.field.solve import FieldPoint, FieldSolution, WholeModuleTask
from ioffe.result.steady import Result
from ioffe.solve.task import SteadyTask

Array = NDArray[np.float64]
Pair = tuple[SteadyField, SteadyField]
"""A case on the coarse and on the fine mesh."""
Key = tuple[tuple[str, float], ...]
"""What is imposed on a case, the current last."""
FINE = 1
"""Level of the mesh whose numbers are told; the level below it gives the error."""
ENTRIES = 850.0
"""Entries of the matrix for each cell, as measured."""
KEPT = 32
"""Cases that are kept; one that comes again is not solved again, others begin from the nearest one."""
PATTERN = 28.0
"""Bytes for each entry of the small matrices while the pattern is made."""
SIDES = "hot", "cold"


@dataclass(frozen=True, eq=False)
class FullModule:
    """A module as boxes, and its meshes.

    Attributes
    ----------
    solid : SolidModule
    conditions : Generator or Cooler
        For the exchange of the outer faces with the surroundings.
    """

    solid: SolidModule
    conditions: Reservoirs
    made: dict[int, tuple[ModuleSystem, LegPorts]] = field(default_factory=dict)

    def at(self, level: int) -> tuple[ModuleSystem, LegPorts]:
        """Equations on the mesh of a level, made once."""
        if level not in self.made:
            mesh = self.solid.mesh(level)
            system = module_system(self.solid, mesh, self.conditions)
            self.made[level] = system, LegPorts(system)
        return self.made[level]


def full_module(module: Module, conditions: Conditions) -> FullModule:
    """A module ready for finite elements.

    Raises `InputError` with everything that cannot be computed, all at once: what the layout or the stacks do
        not allow; and for a module whose equations do not fit into the memory, or need what is not installed.
    """
    faults = Faults()
    check_stacks(module, faults)
    for side in SIDES:
        check_face(faults, module, conditions, side)
    plan = None
    with faults.collect():
        plan = module.plan
    if plan is not None:
        check(module, plan, faults)
    faults.raise_if_any()
    assert plan is not None
    faces = {
        side: OuterFace(film_of(conditions, module, plan, side), *face_maps(module, plan, side))
        for side in SIDES
    }
    made = FullModule(solids_of(module, plan, faces), conditions)
    expected(made.solid).tell()
    return made


def cells_of(solid: SolidModule) -> tuple[int, float]:
    """Cells of the finer mesh, and the share of them that conducts."""
    coarse = solid.mesh(0)
    return len(coarse.cells) * 8**FINE, float(
        np.array([s.conducts for s in solid.solids])[coarse.body].mean()
    )


def expected(solid: SolidModule) -> Expected:
    """What a current takes; a module whose equations do not fit into the memory is refused.

    Raises `InputError` stating what is needed and what there is.
    """
    cells, conducting = cells_of(solid)
    # eight cells share each of their nodes that are no middle
    unknowns = int(8.0 * cells * (1.0 + conducting))
    spread = sum(face.flux is not None for face in solid.faces.values())
    linear.check_solver(unknowns, spread)
    bytes_needed = cells * (1.0 + 3.0 * conducting) * NODES**2 * PATTERN
    bytes_needed += linear.needed(unknowns, cells * ENTRIES, spread)
    free = SHARE_OF_MEMORY * free_memory()
    if bytes_needed > free:
        words = f"a module whose finite elements fit into {free / 1e9:.1f} GB of memory is expected"
        advice = f"about {bytes_needed / 1e9:.1f} GB are needed; solve a part of the module, or fidelity 3d"
        raise InputError(Fault("couples", solid.module.couples, words, advice))
    return Expected("finite elements, each current", unknowns, bytes_needed, linear.seconds(unknowns))


@dataclass(frozen=True, eq=False)
class FullPoint(FieldPoint):
    """One solved operating point with its fields.

    Attributes
    ----------
    levels : tuple of (ModuleSystem, ndarray)
        Equations and values of their unknowns on the coarse and on the fine mesh; none without a solution.
    """

    levels: tuple[tuple[ModuleSystem, Array], ...] = ()

    def bodies(self, result: Result) -> BodyScene:
        """The module as bodies with the values of the fine mesh."""
        del result
        return full_scene(*self.levels[-1])


@dataclass(eq=False, kw_only=True)
class FullSolution(FieldSolution):
    """Solved cases with their fields."""

    fields: NDArray[Any]
    """Unknowns of each case on the coarse and the fine mesh, or nothing, shape (cases,)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class FullTask(WholeModuleTask):
    """A module ready to be driven in finite elements."""

    made: FullModule
    cosines: SteadyTask | None = None
    """The module in cosines, where they can have it: searches begin at its currents."""
    lost: list[str] = field(default_factory=list)
    """Why currents were not solved, also those that a search tried."""
    solved: dict[Key, Pair] = field(default_factory=dict)
    """Cases solved lately."""

    @property
    def fidelity(self) -> str:
        """The word for how it is solved."""
        return "full"

    @property
    def is_frugal(self) -> bool:
        """A current takes seconds to hours."""
        return True

    @property
    def sweep(self) -> Array:
        """Fewer currents than elsewhere, of which each takes seconds; curves through them are smooth."""
        return SWEEP[::5]

    def point(self, s: Solution, k: int) -> FullPoint:
        """An operating point with its fields."""
        assert isinstance(s, FullSolution)
        kinds = tuple(kind for kind, _ in self.kinds)
        meshes = (self.made.at(level)[0] for level in (FINE - 1, FINE))
        levels = tuple(zip(meshes, s.fields[k] or (), strict=False))
        return FullPoint(self.assembly, s, k, int(s.code[k]), self.fidelity, kinds, levels)

    def roughly(self, drive: Drive) -> Solution:
        """The same points in cosines, or in one dimension."""
        return self.cosines.solve(drive) if self.cosines else super().roughly(drive)

    def solve(self, drive: Drive) -> FullSolution:
        """Solve operating points, one after the other."""
        plain, begun = self.blank(drive)
        out = FullSolution(**vars(plain), fields=np.full(len(drive), None))
        todo = np.flatnonzero(np.isfinite(begun.T).all(axis=0) & np.isfinite(begun.current))
        for i, k in enumerate(todo):
            one = drive.take(np.array([k]))
            key = _key(one)
            try:
                if key not in self.solved:
                    tell(f"current {i + 1} of {len(todo)}")
                    self.solved[key] = self._case(one, begun.part(np.array([k])), key)
                    for old in list(self.solved)[:-KEPT]:
                        del self.solved[old]
            except NotConverged as error:
                out.code[k] = FAILED
                self.lost.append(str(error))
                continue
            self._put(out, int(k), drive, self.solved[key])
        if self.lost:
            # a current that a search did not find may exist
            out.code[out.code == ABSENT] = FAILED
        out.refuse_open()
        return out

    def notes(self, s: Solution) -> tuple[str, ...]:
        """Errors as in cosines, and why currents were not solved."""
        return (*super().notes(s), *(f"a current was not solved: {why}" for why in dict.fromkeys(self.lost)))

    def _case(self, drive: Drive, begun: Solution, key: Key) -> Pair:
        """One case on the coarse and on the fine mesh, beginning from the nearest case or from 1d."""
        coarse, fine = (self.made.at(level)[0] for level in (FINE - 1, FINE))
        near = self._near(key)
        start = near[0].copy() if near else self._start(coarse, begun)
        one = self._solved(coarse, drive, start, float(begun.current[0]))
        start = _carried(coarse, fine, one.u)
        if near:
            # what the fine mesh adds differs little from case to case
            start += near[1] - _carried(coarse, fine, near[0])
        return one, self._solved(fine, drive, start, one.current)

    def _near(self, key: Key) -> tuple[Array, Array] | None:
        """Unknowns of the nearest case on both meshes; at another current along their slopes to it."""
        (name, value), same = key[-1], [known for known in self.solved if known[:-1] == key[:-1]]
        if name != "current" or not same or any(known[-1][0] != name for known in same):
            last = next(reversed(self.solved.values()), None)
            return last and (last[0].u, last[1].u)
        nearest = min(same, key=lambda known: abs(known[-1][1] - value))
        step = value - nearest[-1][1]
        low, high = (one.u + step * one.u_I for one in self.solved[nearest])
        return low, high

    def _start(self, made: ModuleSystem, begun: Solution) -> Array:
        """Temperatures of one dimension, linear between the faces and the ends of the legs."""
        one, mesh, u = self.one.assembly, made.mesh, np.zeros(made.system.size)
        nodes = one.network.cold, one.cold_junction, one.hot_junction, one.network.hot
        heights = [0.0, *made.solid.ends, mesh.borders[2][-1]]
        u[made.system.T_of] = np.interp(mesh.positions[:, 2], heights, [float(begun.T[n, 0]) for n in nodes])
        u[made.reservoirs["hot"]] = begun.T[one.network.hot, 0]
        u[made.reservoirs["cold"]] = begun.T[one.network.cold, 0]
        return u

    def _solved(self, made: ModuleSystem, drive: Drive, start: Array, current: float) -> SteadyField:
        held, load = np.zeros(made.system.size, bool), np.zeros(made.system.size)
        held[[made.reservoirs["ambient"], made.minus]] = True
        start[made.reservoirs["ambient"]] = drive.ambient[0]
        for side, sign in (("hot", 1.0), ("cold", -1.0)):
            T, heat = getattr(drive, f"T_{side}"), getattr(drive, f"heat_{side}")
            unknown = made.reservoirs[side]
            if T is not None:
                held[unknown], start[unknown] = True, T[0]
            else:
                load[unknown] = sign * heat[0]
        given = {
            k: None if getattr(drive, k) is None else float(getattr(drive, k)[0])
            for k in ("current", "voltage", "load")
        }
        leads = self.module.series_resistance
        terminals = TerminalDrive(made.plus, leads, made.leads, **given)
        return iteration.solve(made.system, start, held, load, terminals, current, made.spread)

    def _put(self, out: FullSolution, k: int, drive: Drive, pair: Pair) -> None:
        """Write a solved case."""
        coarse, fine = pair
        made, ports = self.made.at(FINE)
        before = self.made.at(FINE - 1)[0]
        numbers, rough = self._flows(made, fine), self._flows(before, coarse)
        for name, value in numbers.items():
            getattr(out, name)[k] = value
        for name in ("heat_hot", "heat_cold"):
            # imposed heats are met to rounding, and stand as they were imposed
            if (given := getattr(drive, name)) is not None:
                getattr(out, name)[k] = given[k]
        out.error[k] = max(abs(numbers[name] - rough[name]) for name in ("heat_hot", "heat_cold"))
        out.voltage_error[k] = abs(numbers["voltage"] - rough["voltage"])
        ends = [ports.temperatures(fine.u, side) for side in SIDES]
        slopes = [ports.temperatures(fine.u_I, side).mean() for side in SIDES]
        behind = [made.reservoirs[side] for side in SIDES]
        kelvins = np.abs(fine.u[behind] - coarse.u[[before.reservoirs[side] for side in SIDES]])
        out.put_temperature_error(np.array([k]), kelvins[:, None], fine.u[behind][:, None])
        out.T[:, k] = [*fine.u[behind], *(T.mean() for T in ends)]
        out.T_I[:, k] = [*fine.u_I[behind], *slopes]
        out.ports[:, :, k] = [*ends, *(ports.heats(fine.u, side) for side in SIDES)]
        out.code[k], out.fields[k] = OK, (coarse.u, fine.u)
        self._put_ranges(out, k, made, fine.u)

    def _flows(self, made: ModuleSystem, f: SteadyField) -> dict[str, float]:
        """Numbers of a case, by the names of `Solution`."""
        hot, cold, ambient = (made.reservoirs[side] for side in (*SIDES, "ambient"))
        leads = self.module.series_resistance
        held_I = f.reactions_I
        open_heat = np.abs(np.delete(f.reactions[: made.system.temperatures], [hot, cold, ambient]))
        return {
            "current": f.current,
            "voltage": f.u[made.plus] - f.u[made.minus] - f.current * leads,
            "heat_hot": -f.reactions[hot],
            "heat_cold": f.reactions[cold],
            "loss": f.reactions[ambient],
            "voltage_I": f.u_I[made.plus] - leads,
            "heat_hot_I": -held_I[hot],
            "heat_cold_I": held_I[cold],
            "residual": float(open_heat.max(initial=0.0)),
        }

    def _put_ranges(self, out: Solution, k: int, made: ModuleSystem, u: Array) -> None:
        """Lowest and highest temperature of each material of the legs, for what is said of their ranges."""
        T, body, solids = u[made.system.T_of], made.mesh.places[:, 3], made.solid.solids
        states = iter(out.states)
        for assembly, index in self.kinds:
            for material in assembly.materials:
                own = [
                    i
                    for i, s in enumerate(solids)
                    if s.part == "leg" and s.owner in index and s.material is material
                ]
                found, state = T[np.isin(body, own)], next(states)
                if state is None or not len(found):
                    continue
                part = SegmentState.empty(1)
                part.T_min[:], part.T_max[:] = found.min(), found.max()
                state.put(np.array([k]), part)


def _key(drive: Drive) -> Key:
    given = {k: float(v[0]) for k, v in vars(drive).items() if v is not None}
    circuit = [(k, given.pop(k)) for k in ("current", "voltage", "load") if k in given]
    return (*given.items(), *circuit)


def _carried(coarse: ModuleSystem, fine: ModuleSystem, u: Array) -> Array:
    """Values of the unknowns of the coarse mesh as those of the fine one."""
    out = np.zeros(fine.system.size)
    T, V = coarse.system.at_nodes(u)
    values = coarse.mesh.values_on(fine.mesh, np.stack([T, V], axis=1))
    at = fine.system.V_of >= 0
    out[fine.system.V_of[at]] = values[at, 1]
    out[fine.system.T_of] = values[:, 0]
    for name, unknown in coarse.reservoirs.items():
        out[fine.reservoirs[name]] = u[unknown]
    out[[fine.plus, fine.minus]] = u[[coarse.plus, coarse.minus]]
    return out
