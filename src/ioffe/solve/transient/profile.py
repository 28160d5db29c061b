"""Temperature, electric potential and heat flux through every layer at one moment of a transient."""

from __future__ import annotations

import numpy as np

from ioffe.engine.elements import Plate
from ioffe.engine.table import Array
from ioffe.result.profile import Profile
from ioffe.solve.assemble import Piece
from ioffe.solve.profile import starts
from ioffe.solve.transient.build import element_of
from ioffe.solve.transient.properties import POTENTIAL
from ioffe.solve.transient.run import Run
from ioffe.solve.transient.system import Flows, System, flows
from ioffe.solve.transient.track import Record


def profile(run: Run, record: Record) -> Profile:
    """Profile of a device at one record."""
    at = flows(run.system, record.state, run.plan.course.at(record.t))
    flux, potential = _heat_flux(run.system, at), _potential(run.system, at)
    mesh, pieces = run.system.mesh, run.assembly.pieces
    begun = {(p.stage, p.part): 0.0 for p in pieces}
    columns: list[tuple[Array, Array, Array, Array]] = []
    rows_of: list[Piece] = []
    for k, (piece, x0) in enumerate(zip(pieces, starts(pieces), strict=True)):
        span = slice(int(mesh.first[k]), int(mesh.last[k]) + 1)
        x, T, q, u = mesh.position[span], record.state.T[span], flux[span], potential[span]
        element = element_of(run.assembly, piece)
        if isinstance(element, Plate):
            u = np.full(len(x), np.nan)
        else:
            place = piece.stage, piece.part
            u = u + begun[place] - element.sign * record.state.current * piece.resistance_before
            begun[place] = float(u[-1])
        columns.append((x0 + x, T, u, q))
        rows_of += [piece] * len(x)
    x, T, u, q = (np.concatenate(c) for c in zip(*columns, strict=True))
    names, parts, stages = zip(*((p.name, p.part, p.stage) for p in rows_of), strict=True)
    return Profile(x, T, u, q, names, parts, stages)


def _heat_flux(system: System, at: Flows) -> Array:
    """Heat flux in W/m2 at every point; in a cell the mean of what reaches and what leaves its point."""
    mesh = system.mesh
    section = np.repeat(mesh.section, mesh.last - mesh.first + 1)
    current = np.repeat(mesh.strength * at.state.current, mesh.last - mesh.first + 1)
    reaching, leaving = np.zeros((2, mesh.points))
    reaching[1:], leaving[:-1] = mesh.per * at.elements.last, mesh.per * at.elements.first
    heat = 0.5 * (reaching + leaving) + current * at.local.values[POTENTIAL]
    heat[mesh.first], heat[mesh.last] = -at.into_nodes[0], at.into_nodes[1]
    return heat / section


def _potential(system: System, at: Flows) -> Array:
    """Electric potential in V since the start of each chain."""
    mesh, s = system.mesh, at.local.values[POTENTIAL]
    drop = np.cumsum(np.append(0.0, mesh.current * at.state.current * at.elements.resistance))
    start = mesh.first[mesh.chain]
    return s[start] - s - (drop - drop[start])
