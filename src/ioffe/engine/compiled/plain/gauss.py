"""Gauss collocation with four nodes: its constants, and sums over the nodes of one element.

Values at the four nodes are passed and returned one by one, so that compiled code keeps them in registers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import NODES
from ioffe.engine.quadrature import gauss

_nodes, _weights, _matrix, _ = gauss(NODES)
X0, X1, X2, X3 = (float(x) for x in _nodes)
"""Places of the nodes between 0 and 1."""
W0, W1 = float(_weights[0]), float(_weights[1])
"""Weights of the two outer and the two inner nodes."""
E0, E1, E2, E3 = (float(e) for e in np.linalg.solve(np.vander(_nodes).T, np.ones(NODES)))
"""Weights of the nodes for the value at the end of the element."""
(A00, A01, A02, A03), (A10, A11, A12, A13), (A20, A21, A22, A23), (A30, A31, A32, A33) = (
    tuple(float(a) for a in row) for row in _matrix
)
"""Weights of the nodes for the integral up to each node."""


@kernel(fast=True, inline=True)
def whole(a: float, b: float, c: float, d: float) -> float:
    """Integral over the element, in units of its width."""
    return W0 * (a + d) + W1 * (b + c)


@kernel(fast=True, inline=True)
def running(a: float, b: float, c: float, d: float) -> Any:
    """Integrals from the start of the element to each node, in units of its width."""
    return (
        A00 * a + A01 * b + A02 * c + A03 * d,
        A10 * a + A11 * b + A12 * c + A13 * d,
        A20 * a + A21 * b + A22 * c + A23 * d,
        A30 * a + A31 * b + A32 * c + A33 * d,
    )


@kernel(fast=True, inline=True)
def at_end(a: float, b: float, c: float, d: float) -> float:
    """Value at the end of the element of the cubic through the nodes."""
    return E0 * a + E1 * b + E2 * c + E3 * d


@kernel(fast=True, inline=True)
def inverse(a: float, b: float, c: float, d: float) -> Any:
    """Four reciprocals for the price of one division."""
    left, right = a * b, c * d
    both = 1.0 / (left * right)
    left, right = both * right, both * left
    return left * b, left * a, right * d, right * c
