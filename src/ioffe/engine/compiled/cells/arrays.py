"""A device cut into cells as flat arrays, and the arrays that a stage works in."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

FIRST, LAST, NODE_FIRST, NODE_LAST = range(4)
"""Rows of `CellArrays.chains`: the first and the last point of each chain, and the nodes there."""
BEFORE, OWN, BEHIND, PER, STRENGTH, CONVECTION, RADIATION, SHIFT = range(8)
"""Rows of `CellArrays.along`: volumes by which enthalpies count, numbers of the element behind a point."""
JOULE, MASS = range(2)
"""Rows of `CellArrays.at_nodes`."""
HEAT_INTEGRAL, PELTIER, POTENTIAL, CONDUCTIVITY, ELECTRICAL, ENTHALPY = range(6)
PROPERTIES, ORDERS = 6, 5
AMBIENT, T_HOT, T_COLD, HEAT_HOT, HEAT_COLD, CURRENT, VOLTAGE, LOAD = range(8)
"""What is imposed, NaN where nothing is."""
HEAT, ENERGY, STEP, RIGHT = range(4)
"""Rows of `CellWorkspace.rows`."""
W_FIRST, W_LAST, RESISTANCE, LOSS, F0, F1, FJ, L0, L1, LJ, R0, R1, RJ = range(13)
"""Rows of `CellWorkspace.elements`, as in `ioffe.solve.transient.flux.Flux`; then derivatives."""
POINTS, BELOW, HERE, ABOVE, BY_CURRENT, BY_VOLTAGE, LOWER, DIAGONAL, UPPER, UPPER_2, CAPACITY = range(11)
"""Rows of `CellWorkspace.bands`: heat into each point, its derivatives, the factors of the matrix."""
I_, U, GAP, IN, OUT, ELECTRIC, LOST, OHM = range(8)
"""Of `CellWorkspace.found`: current, voltage, voltage beyond the imposed one, heat in at the hot side, out at
the cold side, electrical power, heat lost; resistance of the whole circuit."""


class CellArrays(NamedTuple):
    """One couple cut into cells; see `ioffe.solve.transient.system.CellSystem`. Nodes follow the points."""

    chains: Any
    """Shape (4, chains)."""
    shares: Any
    """What is stored between a node and its two next points, shape (2, 2, chains)."""
    weight: Any
    """Share of each chain in the voltage, shape (chains,)."""
    along: Any
    """Shape (8, points)."""
    loses: bool
    """Whether any side loses heat."""
    reciprocal: Any
    """Points whose material holds a conductivity, shape (points,)."""
    knots: Any
    """Left ends of all cells of the curves, on the common axis and in K, shape (2, cells)."""
    curves: Any
    """Ascending coefficients of six properties, order by order, shape (cells, 30)."""
    conductance: Any
    """Shape (nodes, nodes)."""
    at_nodes: Any
    """Shape (2, nodes)."""
    resistance: float
    exchanges: Any
    """Nodes of each exchange by radiation, shape (exchanges, 2)."""
    radiative: Any
    """W/K4, shape (exchanges,)."""
    sheets: Any
    """Node, first layer and end of the layers of each sheet, shape (sheets, 3)."""
    squares: Any
    layers: Any
    """First row and last row of each layer's curve, whether it is a resistivity, shape (layers, 3)."""
    thickness: Any
    layer_knots: Any
    layer_curves: Any
    """Ascending cubic coefficients, shape (rows, 4)."""
    stores: Any
    """Shape (points + nodes,)."""
    fixed: Any
    """Shape (nodes + 1,): nodes and the current."""
    hot: int
    cold: int
    ambient: int


class CellWorkspace(NamedTuple):
    """Arrays of one stage: what it found, and its last matrix."""

    state: Any
    """Temperatures and what they have lost to rounding, shape (2, points + nodes)."""
    rows: Any
    """Shape (4, points + nodes)."""
    values: Any
    """Shape (points, 6)."""
    slopes: Any
    cell: Any
    """Cells of the curves at points and between them, shape (2, points)."""
    elements: Any
    """Shape (13, points)."""
    bands: Any
    """Shape (11, points)."""
    swapped: Any
    """Row exchanges of the cells' matrix, shape (points,)."""
    columns: Any
    """Change of the cells by their first and last node and by the current, shape (3, points)."""
    ends: Any
    """Derivatives of the heat into the node at each end to the four points inwards and the current,
    shape (2, 5, chains)."""
    jacobian: Any
    """Of the elements without cells, shape (nodes + 1, nodes + 1)."""
    small: Any
    """Factors of the matrix of nodes and current, same shape."""
    pivots: Any
    rest: Any
    """Right side of that matrix, shape (nodes + 1,)."""
    found: Any
    """Shape (8,)."""


def allocate(points: int, nodes: int, chains: int) -> CellWorkspace:
    """Workspace of one stage."""
    n, whole = nodes + 1, points + nodes
    return CellWorkspace(
        state=np.zeros((2, whole)),
        rows=np.zeros((4, whole)),
        values=np.empty((points, PROPERTIES)),
        slopes=np.empty((points, PROPERTIES)),
        cell=np.zeros((2, points), np.int64),
        elements=np.zeros((13, points)),
        bands=np.empty((11, points)),
        swapped=np.empty(points, np.bool_),
        columns=np.empty((3, points)),
        ends=np.empty((2, 5, chains)),
        jacobian=np.empty((n, n)),
        small=np.empty((n, n)),
        pivots=np.empty(n, np.int64),
        rest=np.empty(n),
        found=np.empty(8),
    )
