"""Bodies of a module under stress: values at the nodes of each body."""

from __future__ import annotations

import numpy as np

from ioffe.field.bodies.full import node_means, on_bodies
from ioffe.field.bodies.scene import Array, BodyScene
from ioffe.field.elements.solids import SolidModule
from ioffe.field.stress.elastic import mises, principal
from ioffe.field.stress.measures import StressField

# from the two by two by two points of a cell to its nodes, linear along each axis
_LINE = np.array([[0.5 + 0.5 * x, 0.5 - 0.5 * x] for x in np.sqrt(3.0) * np.array([1.0, 0.0, -1.0])])
TO_NODES = np.einsum("ap,bq,cr->abcpqr", _LINE, _LINE, _LINE).reshape(27, 8)


def stress_scene(field: StressField, displacement: Array, T: Array, solid: SolidModule) -> BodyScene:
    """Equivalent stress, tension, displacement and temperature of a module.

    Stresses are continued linearly from the points at which they are taken, and are means over the cells
    that share a node.

    `displacement`: of the nodes that move on their own, in m.
    `T`: temperatures of all nodes in K.
    """
    mesh = field.body.mesh
    stress = node_means(mesh, np.einsum("pq,eqij->epij", TO_NODES, field.stress))
    values = {
        "mises": mises(stress),
        "tension": principal(stress),
        "displacement": displacement[field.body.joined],
        "temperature": T,
    }
    return BodyScene(on_bodies(solid, mesh, values, lambda _: True))
