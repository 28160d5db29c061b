"""Heat into every cell and node at one moment, as `ioffe.solve.transient.system.flows` has it."""

from __future__ import annotations

from math import isnan
from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.cells import arrays as at
from ioffe.engine.compiled.table_cells import locate

STEP = 1e-3
"""K over which the slope of a sheet's resistance is taken."""


@kernel(inner=True)
def cell_of(starts: Any, hint: int, x: float) -> int:
    """Cell of the curves that holds x, looked for first where it was last time."""
    if starts[hint] <= x and (hint + 1 == len(starts) or x < starts[hint + 1]):
        return hint
    return locate(starts, 0, len(starts) - 1, x)


@kernel(inner=True)
def look_up(c: Any, w: Any) -> None:
    """All properties and their slopes at every point."""
    orders, n = at.ORDERS, at.PROPERTIES
    for p in range(len(w.values)):
        T = w.state[0, p]
        k = cell_of(c.knots[0], w.cell[0, p], T + c.along[at.SHIFT, p])
        w.cell[0, p] = k
        t = T - c.knots[1, k]
        for row in range(n):
            value, slope = c.curves[k, (orders - 1) * n + row], 0.0
            for order in range(orders - 2, -1, -1):
                slope = slope * t + value
                value = value * t + c.curves[k, order * n + row]
            w.values[p, row], w.slopes[p, row] = value, slope
        if c.reciprocal[p]:
            sigma = w.values[p, at.ELECTRICAL]
            w.slopes[p, at.ELECTRICAL] /= -(sigma * sigma)
            w.values[p, at.ELECTRICAL] = 1.0 / sigma


@kernel(inner=True)
def between(c: Any, k: int, t: float, row: int) -> tuple[float, float]:
    """One property and its slope between two points."""
    n = at.PROPERTIES
    value, slope = c.curves[k, (at.ORDERS - 1) * n + row], 0.0
    for order in range(at.ORDERS - 2, -1, -1):
        slope = slope * t + value
        value = value * t + c.curves[k, order * n + row]
    return value, slope


@kernel(inner=True)
def side(c: Any, e: int, T: float, ambient: float) -> tuple[float, float]:
    """Side loss of an element at one temperature, and its slope."""
    if not c.loses:
        return 0.0, 0.0
    linear, radiative = c.along[at.CONVECTION, e], c.along[at.RADIATION, e]
    loss = linear * (T - ambient) + radiative * (T**4 - ambient**4)
    return loss, linear + 4.0 * radiative * T**3


@kernel(inner=True)
def element(c: Any, w: Any, e: int, current: float, ambient: float, tangents: bool) -> None:
    """Heat between a point and the next, see `ioffe.solve.transient.flux`."""
    T0, T1 = w.state[0, e], w.state[0, e + 1]
    j = c.along[at.STRENGTH, e] * current
    jj = j * j
    A0, A1 = w.values[e, at.PELTIER], w.values[e + 1, at.PELTIER]
    k0, k1 = w.values[e, at.CONDUCTIVITY], w.values[e + 1, at.CONDUCTIVITY]
    rho0, rho1 = w.values[e, at.ELECTRICAL], w.values[e + 1, at.ELECTRICAL]
    sk0, sk1 = w.slopes[e, at.CONDUCTIVITY], w.slopes[e + 1, at.CONDUCTIVITY]
    loss0, d_loss0 = side(c, e, T0, ambient)
    loss1, d_loss1 = side(c, e, T1, ambient)
    g0, g1 = jj * rho0 - loss0, jj * rho1 - loss1
    low = w.state[1, e + 1] - w.state[1, e]
    D = T1 - T0 + low
    dA, dk, sum_k = A1 - A0, k1 - k0, k1 + k0
    bend = (2.0 * (j * dA - dk * D) - g0 - g1) / sum_k
    middle = 0.5 * (T1 + T0) - 0.125 * bend
    k = cell_of(c.knots[0], w.cell[1, e], middle + c.along[at.SHIFT, e])
    w.cell[1, e] = k
    t = middle - c.knots[1, k]
    Am, dAm = between(c, k, t, at.PELTIER)
    rho_m, d_rho_m = between(c, k, t, at.ELECTRICAL)
    if c.reciprocal[e]:
        d_rho_m /= -(rho_m * rho_m)
        rho_m = 1.0 / rho_m
    loss_m, d_loss_m = side(c, e, middle, ambient)
    gm = jj * rho_m - loss_m
    mean_A = (A0 + 4.0 * Am + A1) / 6.0
    mean_k = 0.5 * (k1 + k0)
    if w.cell[0, e] == w.cell[0, e + 1]:
        conducted = D * (mean_k - D * (sk1 - sk0) / 12.0)
    else:
        conducted = w.values[e + 1, at.HEAT_INTEGRAL] - w.values[e, at.HEAT_INTEGRAL] + mean_k * low
    first = -conducted + j * mean_A - (g0 + 2.0 * gm) / 6.0
    r = (rho0 + 4.0 * rho_m + rho1) / 6.0
    lost = (loss0 + 4.0 * loss_m + loss1) / 6.0
    out = w.elements
    out[at.W_FIRST, e], out[at.W_LAST, e] = first, first + jj * r - lost
    out[at.RESISTANCE, e], out[at.LOSS, e] = r, lost
    if not tangents:
        return
    sA0, sA1 = w.slopes[e, at.PELTIER], w.slopes[e + 1, at.PELTIER]
    s_rho0, s_rho1 = w.slopes[e, at.ELECTRICAL], w.slopes[e + 1, at.ELECTRICAL]
    dg0, dg1, dgm = jj * s_rho0 - d_loss0, jj * s_rho1 - d_loss1, jj * d_rho_m - d_loss_m
    m0 = 0.5 - (2.0 * (sk0 * D + dk - j * sA0) - dg0 - bend * sk0) / (8.0 * sum_k)
    m1 = 0.5 - (2.0 * (j * sA1 - sk1 * D - dk) - dg1 - bend * sk1) / (8.0 * sum_k)
    mj = -(dA - j * (rho0 + rho1)) / (4.0 * sum_k)
    steep = 2.0 / 3.0 * j * dAm - dgm / 3.0
    to_0 = k0 + j * sA0 / 6.0 - dg0 / 6.0 + steep * m0
    to_1 = -k1 + j * sA1 / 6.0 + steep * m1
    to_j = mean_A + steep * mj - j * (rho0 + 2.0 * rho_m) / 3.0
    rise = 2.0 / 3.0 * dgm
    by = c.along[at.STRENGTH, e]
    out[at.F0, e], out[at.F1, e], out[at.FJ, e] = to_0, to_1, to_j * by
    out[at.L0, e] = to_0 + dg0 / 6.0 + rise * m0
    out[at.L1, e] = to_1 + dg1 / 6.0 + rise * m1
    out[at.LJ, e] = (to_j + 2.0 * j * r + rise * mj) * by
    out[at.R0, e] = (s_rho0 + 4.0 * d_rho_m * m0) / 6.0
    out[at.R1, e] = (s_rho1 + 4.0 * d_rho_m * m1) / 6.0
    out[at.RJ, e] = 2.0 / 3.0 * d_rho_m * mj * by


@kernel(inner=True)
def into_points(c: Any, w: Any, current: float) -> None:
    """Heat into each cell; at the end of a chain, into the node there."""
    into = w.bands[at.POINTS]
    into[:] = 0.0
    for chain in range(c.chains.shape[1]):
        start, stop = c.chains[at.FIRST, chain], c.chains[at.LAST, chain]
        for e in range(start, stop):
            into[e + 1] += c.along[at.PER, e] * w.elements[at.W_LAST, e]
            into[e] -= c.along[at.PER, e] * w.elements[at.W_FIRST, e]
        for which in range(2):
            end, inwards = (start, 1) if which == 0 else (stop, -1)
            for k in range(2):
                near = end + (k + 1) * inwards
                beyond = c.shares[which, k, chain] * into[near]
                into[near] += beyond
                into[end] -= beyond
        carried = c.weight[chain] * current
        into[start] -= carried * w.values[start, at.POTENTIAL]
        into[stop] += carried * w.values[stop, at.POTENTIAL]


@kernel(inner=True)
def sheet_resistance(c: Any, which: int, T: float) -> float:
    """Of layers in parallel at one temperature, in ohm."""
    total = 0.0
    for layer in range(c.sheets[which, 1], c.sheets[which, 2]):
        k = locate(c.layer_knots, c.layers[layer, 0], c.layers[layer, 1], T)
        t = T - c.layer_knots[k]
        value = c.layer_curves[k, 3]
        for order in range(2, -1, -1):
            value = value * t + c.layer_curves[k, order]
        total += c.thickness[layer] / (value if c.layers[layer, 2] else 1.0 / value)
    return c.squares[which] / total


@kernel(inner=True)
def into_nodes(c: Any, w: Any, current: float) -> None:
    """Heat into the nodes and voltage from elements without cells, and their Jacobian."""
    n, points = len(c.conductance), len(w.values)
    J = w.jacobian
    voltage = -c.resistance * current
    for a in range(n):
        heat = 0.0
        for b in range(n):
            heat += c.conductance[a, b] * w.state[0, points + b]
            J[a, b] = c.conductance[a, b]
        w.rows[at.HEAT, points + a] = heat + current * current * c.at_nodes[at.JOULE, a]
        J[a, n] = 2.0 * current * c.at_nodes[at.JOULE, a]
        J[n, a] = 0.0
    J[n, n] = -c.resistance
    for k in range(len(c.radiative)):
        a, b = c.exchanges[k, 0], c.exchanges[k, 1]
        Ta, Tb, g = w.state[0, points + a], w.state[0, points + b], c.radiative[k]
        heat = g * (Ta - Tb) * (Ta + Tb) * (Ta * Ta + Tb * Tb)
        to_a, to_b = 4.0 * g * Ta**3, -4.0 * g * Tb**3
        w.rows[at.HEAT, points + a] -= heat
        w.rows[at.HEAT, points + b] += heat
        J[a, a] -= to_a
        J[a, b] -= to_b
        J[b, a] += to_a
        J[b, b] += to_b
    for k in range(len(c.squares)):
        node = c.sheets[k, 0]
        T = w.state[0, points + node]
        R = sheet_resistance(c, k, T)
        slope = (sheet_resistance(c, k, T + STEP) - sheet_resistance(c, k, T - STEP)) / (2.0 * STEP)
        w.rows[at.HEAT, points + node] += current * current * R
        J[node, node] += current * current * slope
        J[node, n] += 2.0 * current * R
        J[n, node] -= current * slope
        J[n, n] -= R
        voltage -= current * R
    w.found[at.U] = voltage


@kernel(inner=True)
def balance(c: Any, w: Any, current: float, imposed: Any, tangents: bool) -> None:
    """All flows at the state of the workspace: heat, energy, voltage, what crosses the borders."""
    points, n = len(w.values), len(c.conductance)
    look_up(c, w)
    into_nodes(c, w, current)
    lost = 0.0
    for chain in range(c.chains.shape[1]):
        drop = 0.0
        start, stop = c.chains[at.FIRST, chain], c.chains[at.LAST, chain]
        for e in range(start, stop):
            element(c, w, e, current, imposed[at.AMBIENT], tangents)
            drop += c.along[at.STRENGTH, e] * w.elements[at.RESISTANCE, e]
            lost += c.along[at.PER, e] * w.elements[at.LOSS, e]
        seebeck = w.values[start, at.POTENTIAL] - w.values[stop, at.POTENTIAL]
        w.found[at.U] += c.weight[chain] * (seebeck - current * drop)
    into_points(c, w, current)
    for p in range(points):
        w.rows[at.HEAT, p] = w.bands[at.POINTS, p]
        energy = c.along[at.OWN, p] * w.values[p, at.ENTHALPY]
        if p > 0:
            energy += c.along[at.BEFORE, p] * w.values[p - 1, at.ENTHALPY]
        if p + 1 < points:
            energy += c.along[at.BEHIND, p] * w.values[p + 1, at.ENTHALPY]
        w.rows[at.ENERGY, p] = energy
    for chain in range(c.chains.shape[1]):
        for end in range(2):
            p, node = c.chains[end, chain], c.chains[2 + end, chain]
            w.rows[at.HEAT, points + node] += w.bands[at.POINTS, p]
            w.rows[at.HEAT, p] = 0.0
    for k in range(n):
        w.rows[at.ENERGY, points + k] = c.at_nodes[at.MASS, k] * w.state[0, points + k]
    borders(c, w, current, imposed, lost)


@kernel(inner=True)
def borders(c: Any, w: Any, current: float, imposed: Any, lost: float) -> None:
    """What crosses the borders, imposed heat in its nodes, and the circuit."""
    points, found, heat = len(w.values), w.found, w.rows[at.HEAT]
    hot, cold = imposed[at.HEAT_HOT], imposed[at.HEAT_COLD]
    found[at.IN] = -heat[points + c.hot] if isnan(hot) else hot
    found[at.OUT] = heat[points + c.cold] if isnan(cold) else cold
    found[at.ELECTRIC] = found[at.U] * current
    found[at.LOST] = lost + (heat[points + c.ambient] if c.ambient >= 0 else 0.0)
    if not isnan(hot):
        heat[points + c.hot] += hot
    if not isnan(cold):
        heat[points + c.cold] -= cold
    found[at.I_] = current
    outside = found[at.U] if isnan(imposed[at.LOAD]) else current * imposed[at.LOAD]
    if not isnan(imposed[at.VOLTAGE]):
        outside = imposed[at.VOLTAGE]
    found[at.GAP] = found[at.U] - outside
