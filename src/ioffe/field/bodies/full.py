"""Bodies of a module in finite elements: values at the nodes of each body."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ioffe.field.bodies.parts import body_of
from ioffe.field.bodies.scene import Array, Body, BodyScene
from ioffe.field.elements.mesh import BoxMesh
from ioffe.field.elements.shapes import NODES, basis
from ioffe.field.elements.solids import SolidModule
from ioffe.field.elements.unknowns import ModuleSystem
from ioffe.field.elements.volumes import transport

_AT_NODES = basis(np.array([0.0, 0.5, 1.0]))[1]
"""Gradients of the shape functions at the nodes of a cell, (3, 27, 27)."""


def full_scene(made: ModuleSystem, u: Array) -> BodyScene:
    """Temperature, potential, current density and heat flux of a solved module.

    `u`: its unknowns.
    """
    mesh, nodes = made.mesh, made.mesh.nodes
    T, V = made.system.at_nodes(u)
    J, q = np.zeros((2, len(nodes), NODES, 3))
    for part in made.system.materials:
        for cells in np.array_split(part.cells, max(1, len(part.cells) // 2000)):
            own, h = nodes[cells], mesh.widths[cells, None]
            t, v = (np.einsum("iqa,ea->eqi", _AT_NODES, x[own], optimize=True) / h for x in (T, V))
            p = transport(part.table, T[own])
            if part.conducts:
                J[cells] = -part.electrical * p.sigma[..., None] * (v + p.S[..., None] * t)
                q[cells] = (p.S * T[own])[..., None] * J[cells]
            q[cells] -= part.thermal * p.kappa[..., None] * t
    values = {"temperature": T, "electric_potential": V}
    each = {"current_density": J, "heat_flux": q}
    fields = values | {k: node_means(mesh, x) for k, x in each.items()}
    return BodyScene(on_bodies(made.solid, mesh, fields, lambda body: made.solid.solids[body].conducts))


def node_means(mesh: BoxMesh, each: Array) -> Array:
    """Means over the cells of a body that share a node, of values at the nodes of cells (cells, 27, ...)."""
    at = mesh.nodes.ravel()
    count, flat = np.bincount(at, minlength=len(mesh.positions)), each.reshape(at.size, -1)
    sums = np.stack([np.bincount(at, column, len(count)) for column in flat.T], axis=-1)
    return np.asarray((sums / count[:, None]).reshape(-1, *each.shape[2:]), float)


def on_bodies(
    solid: SolidModule, mesh: BoxMesh, fields: dict[str, Array], conducts: Callable[[int], bool]
) -> tuple[Body, ...]:
    """Bodies of a mesh with the values of their nodes; those of the current where it passes alone."""
    order = np.lexsort([*reversed(mesh.places.T[:3]), mesh.places[:, 3]])
    ends = np.searchsorted(mesh.places[order, 3], np.arange(len(solid.solids) + 1))
    found = []
    for k in range(len(solid.solids)):
        own: NDArray[np.intp] = order[ends[k] : ends[k + 1]]
        at = mesh.positions[own]
        axes = tuple(at[np.unique(mesh.places[own, i], return_index=True)[1], i] for i in range(3))
        shape = tuple(len(a) for a in axes)
        values = {
            name: x[own].reshape(*shape, *x.shape[1:])
            for name, x in fields.items()
            if name not in ("electric_potential", "current_density") or conducts(k)
        }
        found.append(body_of(solid, k, (axes[0], axes[1], axes[2]), values))
    return tuple(found)
