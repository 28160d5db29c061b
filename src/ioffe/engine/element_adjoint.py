"""What the numbers of each element do to the results of a network, from its weights (`adjoint`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from ioffe.engine import segment_adjoint
from ioffe.engine.adjoint import Adjoint
from ioffe.engine.elements import Exchange, Joule, Link, Passive, Plate, Sheet, Source
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.quadrature import Grid
from ioffe.engine.segment_adjoint import Dependence
from ioffe.engine.table import Array
from ioffe.engine.thermoelement import Flow, Thermoelement

ElementNumber = tuple[str, int, str]
"""Group of elements in the network (``"legs"``, ``"passive"``, ``"joule"``, ``"jumps"``), index, number."""
Basis = Mapping[str, Array]
"""Cells of a table for each number behind one of its properties, shape (numbers, cells, 4), by property."""


def number_derivatives(
    a: Adjoint, wanted: Collection[ElementNumber] | None = None
) -> dict[ElementNumber, Array]:
    r"""Derivative of the results to the numbers of the elements, shape (results, cases).

    The thickness of layer k of a sheet has the name ``"sheets[k]"``. Losses through the sides of segments are
    not among them (`side_derivatives`); the length of a segment counts at fixed loss per `ScaledLoss`.

    A number p of one element changes a result y by

    .. math:: \frac{dy}{dp} = \lambda_b\frac{\partial Q_b}{\partial p}
              - \lambda_a\frac{\partial Q_a}{\partial p} + \lambda_V\frac{\partial V}{\partial p}

    with the weights of its nodes and of the circuit. As I enters a segment as j = I L/A alone, the
    derivatives to L and A follow from those to I.

    `a`: solved cases with the weights of every result.
    `wanted`: leave out elements of which none of these is a number.
    Returns (results, cases): in SI: unit of the result over that of the number (m, m2, W/K, ohm ...).
    """
    network, some = a.network, None if wanted is None else {name[:2] for name in wanted}
    by_group: dict[str, tuple[Sequence[Any], Callable[[int], dict[str, Array]]]] = {
        "legs": (network.legs, lambda k: _leg(a, network.legs[k], a.flows[k])),
        "passive": (network.passive, lambda k: _passive(a, network.passive[k])),
        "joule": (network.joule, lambda k: _source(a, network.joule[k])),
        "jumps": (network.jumps, lambda k: {"resistance": -a.to_jump[:, k] * a.through[k]}),
    }
    return {
        (group, k, name): value
        for group, (every, derivatives) in by_group.items()
        for k in range(len(every))
        if some is None or (group, k) in some
        for name, value in derivatives(k).items()
    }


def _leg(a: Adjoint, leg: Thermoelement, flow: Flow) -> dict[str, Array]:
    at_a, at_b, circuit = a.weight[:, leg.a], a.weight[:, leg.b], a.weight[:, -1]
    heat = at_b * flow.reaching - at_a * flow.leaving
    voltage = circuit * flow.voltage
    # the current enters as sign current length/area
    driven = a.current * (at_b * flow.d_reaching[2] - at_a * flow.d_leaving[2] + circuit * flow.d_voltage[2])
    return {
        "length": (driven - heat) / leg.length,
        "area": (heat - driven) / leg.area,
        "sign": (driven + voltage) / leg.sign,
        "count": (heat + voltage) / leg.count,
    }


def _passive(a: Adjoint, e: Passive) -> dict[str, Array]:
    at_a, at_b = a.weight[:, e.a], a.weight[:, e.b]
    Ta, Tb = a.T[e.a], a.T[e.b]
    if isinstance(e, Link):
        heat = 0.5 * a.current**2
        return {
            "heat_conductance": (at_b - at_a) * (Ta - Tb),
            "joule": (at_a + at_b) * heat - a.weight[:, -1] * a.current,
        }
    if isinstance(e, Exchange):
        return {"coefficient": (at_b - at_a) * (Ta**4 - Tb**4)}
    heat = e.flow(Ta, Tb, a.current, np.zeros_like(Ta)).leaving
    return {"area": (at_b - at_a) * heat / e.area, "length": (at_a - at_b) * heat / e.length}


def _per_ohm(a: Adjoint, source: Source) -> Array:
    return a.weight[:, source.node] * a.current**2 - a.weight[:, -1] * a.current


def _source(a: Adjoint, source: Source) -> dict[str, Array]:
    per_ohm = _per_ohm(a, source)
    if isinstance(source, Joule):
        return {"resistance": per_ohm}
    T = a.T[source.node]
    R = source.ohm(T)[0]
    found = {"squares": per_ohm * R / source.squares}
    for k, (table, _) in enumerate(source.sheets):
        found[f"sheets[{k}]"] = -per_ohm * R * R / source.squares / table.resistivity(T)
    return found


def _weights(a: Adjoint, leg: Thermoelement) -> Array:
    """Change of the results with c, r, the loss and int S dT of a segment, shape (results, 4, cases)."""
    at_a, at_b, circuit = a.weight[:, leg.a], a.weight[:, leg.b], a.weight[:, -1]
    j, per = leg.sign * a.current * leg.length / leg.area, leg.per_length
    electric = leg.count * leg.sign * circuit
    # int S dT counts from the segment's beginning, where the heat that leaves holds none of it
    return np.stack(
        [per * (at_b - at_a), per * at_b * j * j - electric * j, -per * at_b, per * at_b * j - electric],
        axis=1,
    )


def dependence(a: Adjoint, k: int, *, side: bool) -> Dependence:
    """How segment k depends on its material and, if asked, on its side losses.

    `a`: solved cases with the weights of every result.
    `k`: index of the segment in `network.legs`.
    `side`: whether the derivatives to the side loss are wanted; otherwise they are zero.
    Returns: derivatives of c, r, the loss and int S dT at fixed T0, T1 and j.
    """
    leg = a.network.legs[k]
    j = leg.sign * a.current * leg.length / leg.area
    T0, T1, state = a.T[leg.a], a.T[leg.b], a.flows[k].state
    if state is None:
        return segment_adjoint.ideal_dependence(leg.table, T0, T1, j)
    loss, nothing = leg.loss(a.drive.ambient), np.zeros_like(j)
    if loss is None and side:
        loss = ScaledLoss(nothing, nothing, a.drive.ambient)
    return segment_adjoint.dependence(leg.table, T0, T1, j, state.c, loss)


def side_derivatives(a: Adjoint, k: int, how: Dependence) -> dict[str, Array]:
    """Derivative of the results to what describes the loss of one segment, shape (results, cases).

    Its convection, radiation, its length as far as that scales the loss, and the ambient temperature.

    `a`: solved cases with the weights of every result.
    `k`: index of the segment in `network.legs`.
    `how`: of that segment, see `dependence`.
    Returns (results, cases): ``convection`` per W/(m3 K), ``radiation`` per W/(m3 K4), ``length`` per m,
        ``ambient`` per K.
    """
    leg = a.network.legs[k]
    rows = how.side
    linear, radiative, ambient = np.einsum("okl,kpl->pol", _weights(a, leg), rows)
    squared = leg.length**2
    return {
        "convection": squared * linear,
        "radiation": squared * radiative,
        "length": 2.0 * leg.length * (leg.convection * linear + leg.radiation * radiative),
        "ambient": ambient,
    }


def table_derivatives(a: Adjoint, k: int, how: Dependence, basis: Basis) -> dict[str, Array]:
    """Derivative of the results to the numbers behind a segment's material: (results, numbers, cases).

    `a`: solved cases with the weights of every result.
    `k`: index of the segment in `network.legs`.
    `how`: of that segment, see `dependence`.
    `basis` (numbers, cells, 4): derivative of the table's cells to each number, by property:
        ``conductivity``, ``electrical``, ``seebeck``.
    Returns (results, numbers, cases): by property.
    """
    weights = _weights(a, a.network.legs[k])
    found = {}
    for name, cells in basis.items():
        per_cell = getattr(how, name)
        per_number = per_cell.reshape(*per_cell.shape[:2], -1) @ cells.reshape(len(cells), -1).T
        found[name] = np.einsum("okl,klm->oml", weights, per_number)
    return found


def plate_derivatives(a: Adjoint, plate: Plate, cells: Array) -> Array:
    r"""Derivative of the results to the numbers behind a plate's conductivity: (results, numbers, cases).

    .. math:: \frac{dy}{dp} = (\lambda_b - \lambda_a)\,\frac{A}{d}
              \int_{T_b}^{T_a}\frac{\partial\kappa}{\partial p}\,dT

    `a`: solved cases with the weights of every result.
    `cells` (numbers, cells, 4): derivative of the table's cells to each number.
    Returns (results, numbers, cases)
    """
    T0, T1 = a.T[plate.b], a.T[plate.a]
    grid = Grid.between(plate.table, T0, T1, 2, 1)
    powers = grid.t[..., None] ** np.arange(4)
    whole = np.einsum("mlenp,lenp,n,le->ml", cells[:, grid.cell], powers, grid.weights, grid.h)
    weight = (a.weight[:, plate.b] - a.weight[:, plate.a]) * plate.area / plate.length
    return weight[:, None] * whole


def sheet_derivatives(a: Adjoint, sheet: Sheet, k: int, cells: Array) -> Array:
    r"""Derivative of the results to the numbers behind the electrical curve of layer k of a sheet.

    Shape (results, numbers, cases).

    With :math:`R = n/\sum_k \sigma_k d_k` of n squares, :math:`\partial R/\partial\sigma_k = -R^2 d_k/n`.

    `a`: solved cases with the weights of every result.
    `k`: index of the layer.
    `cells` (numbers, cells, 4): derivative of the table's cells to each number.
    Returns (results, numbers, cases)
    """
    table, thickness = sheet.sheets[k]
    T = a.T[sheet.node]
    cell = table.cell(T)
    value = np.einsum("mlp,lp->ml", cells[:, cell], (T - table.knots[cell])[:, None] ** np.arange(4))
    per_sigma = -_per_ohm(a, sheet) * sheet.ohm(T)[0] ** 2 / sheet.squares * thickness
    if table.electrical_is_resistivity:
        per_sigma = -per_sigma / table.resistivity(T) ** 2
    return per_sigma[:, None] * value
