"""Stages in time by compiled code, where it is in memory or worth loading: the numbers of `newton`."""

from __future__ import annotations

from functools import lru_cache
from math import nan
from typing import Any

import numpy as np

from ioffe.engine import compiled
from ioffe.engine.compiled.cells.arrays import CellArrays, CellWorkspace, allocate
from ioffe.engine.elements import Exchange, Sheet
from ioffe.engine.table import Array
from ioffe.solve import loading
from ioffe.solve.transient.system import CellSystem, Flows, Imposed, Lumped, MeshState

GIVEN = ("ambient", "T_hot", "T_cold", "heat_hot", "heat_cold", "current", "voltage", "load")
"""What may be imposed, in the order of the kernels."""


def is_wanted() -> bool:
    """Whether compiled code solves the next stage."""
    return compiled.is_loaded("cells.stage") or loading.has_outgrown()


@lru_cache(maxsize=4)
def flatten(system: CellSystem) -> CellArrays:
    """The arrays of a system."""
    mesh, curves, lumped = system.mesh, system.properties, system.lumped
    exchanges, sheets = _rest(lumped)
    layers = [layer for sheet in sheets for layer in sheet.sheets]
    ends = np.cumsum([0, *(len(table.knots) - 1 for table, _ in layers)])
    of_sheets = np.cumsum([0, *(len(sheet.sheets) for sheet in sheets)])
    nothing = np.zeros(mesh.points - 1)
    loses = mesh.convection is not None and mesh.radiation is not None
    sides = (mesh.convection, mesh.radiation) if loses else (nothing, nothing)
    elements = np.pad(np.array([mesh.per, mesh.current, *sides]), ((0, 0), (0, 1)))
    of_materials = curves.reciprocal
    return CellArrays(
        chains=np.array([mesh.first, mesh.last, mesh.node_first, mesh.node_last], np.int64),
        shares=np.ascontiguousarray(mesh.end_share),
        weight=mesh.strength,
        along=np.concatenate([mesh.volume, elements, curves.move[None]]),
        loses=loses,
        reciprocal=np.zeros(mesh.points, bool) if of_materials is None else of_materials,
        knots=np.array([curves.starts, curves.left]),
        curves=np.ascontiguousarray(curves.whole.T),
        conductance=lumped.conductance,
        at_nodes=np.array([lumped.joule, system.masses]),
        resistance=float(lumped.resistance),
        exchanges=np.array([(e.a, e.b) for e in exchanges], np.int64).reshape(-1, 2),
        radiative=np.array([float(e.coefficient) for e in exchanges]),
        sheets=np.array([(s.node, *of_sheets[k : k + 2]) for k, s in enumerate(sheets)], np.int64).reshape(
            -1, 3
        ),
        squares=np.array([float(s.squares) for s in sheets]),
        layers=np.array(
            [(ends[k], ends[k + 1] - 1, t.electrical_is_resistivity) for k, (t, _) in enumerate(layers)],
            np.int64,
        ).reshape(-1, 3),
        thickness=np.array([float(d) for _, d in layers]),
        layer_knots=np.concatenate([[], *(t.knots[:-1] for t, _ in layers)]),
        layer_curves=np.concatenate([np.zeros((0, 4)), *(t.electrical for t, _ in layers)]),
        stores=system.stores,
        fixed=np.append(system.fixed, not system.free_current),
        hot=int(system.hot),
        cold=int(system.cold),
        ambient=int(system.ambient),
    )


def _rest(lumped: Lumped) -> tuple[list[Exchange], list[Sheet]]:
    """Elements that are no constant resistances: radiation and sheets, and nothing else."""
    if lumped.rest is None:
        return [], []
    return [e for e in lumped.rest.passive if isinstance(e, Exchange)], [
        s for s in lumped.rest.joule if isinstance(s, Sheet)
    ]


class CompiledMatrix:
    """The last matrix of a stage; see `ioffe.solve.transient.newton.Matrix`."""

    def __init__(self, system: CellSystem, workspace: CellWorkspace, time: float) -> None:
        self._system, self._workspace, self._time = system, workspace, time

    def stored(self, change: Array) -> Array:
        """Energy in J that a small change of the temperatures stores."""
        return self._system.capacity(self._workspace.bands[-1], change)

    def change(self, heat: Array) -> Array:
        """Change of all temperatures that makes up for missing heat."""
        from ioffe.engine.compiled.cells.stage import correct

        out = np.empty_like(heat)
        correct(flatten(self._system), self._workspace, heat, self._time, out)
        return out


def solve(
    system: CellSystem,
    guess: MeshState,
    imposed: Imposed,
    storage: float,
    time: float,
    target: Array,
    passes: int,
    limits: tuple[float, ...],
) -> tuple[Flows, CompiledMatrix] | None:
    """A stage, see `ioffe.solve.transient.newton.solve`."""
    from ioffe.engine.compiled.cells import stage

    c: Any = flatten(system)
    w = allocate(system.mesh.points, system.nodes, len(system.mesh.first))
    w.state[0], w.state[1] = guess.T, guess.low
    given = np.array([nan if (v := getattr(imposed, name)) is None else v for name in GIVEN])
    if not stage.solve(c, w, given, float(guess.current), storage, float(time), target, passes, limits):
        return None
    current, voltage, gap, *borders, _ = w.found.tolist()
    flows = Flows(
        state=MeshState(w.state[0], current, w.state[1]),
        heat=w.rows[0],
        energy=w.rows[1],
        voltage=voltage,
        gap=gap,
        borders=np.array(borders),
    )
    return flows, CompiledMatrix(system, w, time)
