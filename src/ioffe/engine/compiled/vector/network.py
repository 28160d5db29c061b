"""Heat balances of all nodes and the voltage of a group of cases, with their Jacobian, and its solution."""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

from ioffe.engine.balance import MEAN_T
from ioffe.engine.compiled import flatten as slots
from ioffe.engine.compiled import packing
from ioffe.engine.compiled.balance import curves_of, plate, sigma
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain import march as at
from ioffe.engine.compiled.plain.march import CASES
from ioffe.engine.compiled.plain.newton import correction
from ioffe.engine.compiled.table_cells import cubic, locate, quartic, resistivity, seebeck
from ioffe.engine.compiled.vector import group as of

COOLED = 0.15
"""Share of its temperature by which the cold node is cooler where a search for the lowest one begins."""


class FreeNodes(NamedTuple):
    """The nodes whose temperature follows from their balance, in the order of elimination."""

    nodes: Any
    filled: Any
    """Which entries of the factors are not always zero (free, free)."""


@kernel(inner=True)
def conduct(problem: Any, free: Any, g: Any) -> None:
    """Node temperatures of pure conduction with conductances at the mean temperature."""
    g.inflow[:, :] = 0.0
    g.jacobian[:, :, :] = 0.0
    g.T[:, :] = 0.0
    for case in range(CASES):
        mean, slot = _impose(problem, g, case), 0
        for k in range(len(problem.pairs)):
            G, used = _conductance(problem, g, k, slot, mean, case)
            slot += used
            a, b = problem.pairs[k, 0], problem.pairs[k, 1]
            _join(g, a, b, case, G * (g.T[a, case] - g.T[b, case]), G, -G)
    imposed_heat(problem, g)
    factor(g, free)
    solve_for(g, free, g.inflow, g.move)
    for case in range(CASES):
        mean = _impose(problem, g, case)
        for node in free.nodes:
            T = g.move[node, case]
            if problem.hot_free or problem.cold_free:
                T = min(max(T, 0.3 * mean), 3.0 * mean)
            g.T[node, case] = T


@kernel(inner=True)
def cool(problem: Any, free: Any, g: Any) -> None:
    """Draw heat from the cold node, so that a search for the lowest temperature begins closer to it."""
    g.inflow[:, :] = 0.0
    g.inflow[problem.cold, :] = -1.0
    solve_for(g, free, g.inflow, g.move)
    for case in range(CASES):
        share = -COOLED * g.T[problem.cold, case] / g.move[problem.cold, case]
        for node in free.nodes:
            g.T[node, case] += share * g.move[node, case]


@kernel(inner=True)
def _impose(problem: Any, g: Any, case: int) -> float:
    """Write the temperatures that are imposed; returns their mean."""
    d, total, count = g.device[case], 0.0, 0
    if problem.ambient >= 0:
        g.T[problem.ambient, case] = problem.imposed[slots.AMBIENT, d]
    if not problem.hot_free:
        g.T[problem.hot, case] = problem.imposed[slots.AT_HOT, d]
        total, count = total + problem.imposed[slots.AT_HOT, d], count + 1
    if not problem.cold_free:
        g.T[problem.cold, case] = problem.imposed[slots.AT_COLD, d]
        total, count = total + problem.imposed[slots.AT_COLD, d], count + 1
    return total / count if count > 0 else MEAN_T


@kernel(inner=True)
def _conductance(problem: Any, g: Any, k: int, slot: int, mean: float, case: int) -> tuple[float, int]:
    """Thermal conductance of element k in W/K at one temperature, and how many slots it takes."""
    plates = problem.legs + problem.plates
    if k >= plates + problem.links:
        return 4.0 * g.numbers[slot, case] * mean**3, 1
    if k >= plates:
        return g.numbers[slot + slots.CONDUCTANCE, case], slots.LINK
    curves = curves_of(problem, g.tables[k, case])
    row = locate(curves.knots, curves.first, curves.last, mean)
    G = cubic(curves.cells, row, packing.CONDUCTIVITY, mean - curves.knots[row])
    G *= g.numbers[slot + slots.AREA, case] / g.numbers[slot + slots.LENGTH, case]
    return (G * g.numbers[slot + slots.COUNT, case], slots.LEG) if k < problem.legs else (G, slots.PLATE)


@kernel(inner=True)
def _join(g: Any, a: int, b: int, case: int, flow: float, to_a: float, to_b: float) -> None:
    """Add a heat that leaves a and reaches b."""
    g.inflow[a, case] -= flow
    g.inflow[b, case] += flow
    g.jacobian[a, a, case] -= to_a
    g.jacobian[a, b, case] -= to_b
    g.jacobian[b, a, case] += to_a
    g.jacobian[b, b, case] += to_b


@kernel(inner=True)
def imposed_heat(problem: Any, g: Any) -> None:
    """Add the heats that are imposed at the ends."""
    for case in range(CASES):
        if problem.hot_free:
            g.inflow[problem.hot, case] += problem.imposed[slots.AT_HOT, g.device[case]]
        if problem.cold_free:
            g.inflow[problem.cold, case] -= problem.imposed[slots.AT_COLD, g.device[case]]


@kernel(inner=True)
def close(problem: Any, g: Any, leg: int) -> None:
    """c and r of a segment in the temperature form, closed to first order after a march, and their slopes."""
    now, own, spans = g.marches[leg], g.segments[leg], g.spans[leg]
    b, cells = problem.pairs[leg, 1], problem.cells
    for case in range(CASES):
        if own[of.FORM, case] == of.BY_TURNING:
            continue
        d, _ = correction(now, case)
        sign, square, r_c = now[at.SIGN + case], now[at.SQUARE + case], now[at.R_C + case]
        begin = now[at.J + case] * now[at.START + case]
        near, far = spans[of.NEAR, case], spans[of.FAR, case]
        t0, t1 = now[at.BEGIN + case] - problem.knots[near], now[at.END + case] - problem.knots[far]
        is_resistivity = problem.spans[spans[of.TABLE, case], 2] == 1
        rho0, rho1 = resistivity(cells, near, is_resistivity, t0), resistivity(cells, far, is_resistivity, t1)
        x0 = cubic(cells, near, packing.CONDUCTIVITY, t0) / (begin - now[at.C + case])
        x1 = cubic(cells, far, packing.CONDUCTIVITY, t1) / now[at.P + case]
        slope = 1.0 / now[at.POSITION_C + case]
        c_T0, c_T1, c_j = x0 * (slope + square * rho0), -x1 * slope, -now[at.POSITION_J + case] * slope
        r_T0 = sign * (r_c * c_T0 - rho0 * x0 * (1.0 + square * r_c))
        r_T1 = sign * (r_c * c_T1 + rho1 * x1)
        r_j = sign * (now[at.R_J + case] + r_c * c_j)
        c, r = sign * (now[at.C + case] + d), now[at.R + case] + r_c * d
        own[of.C, case], own[of.R, case] = c, r
        own[of.SIZE, case] = abs(begin - now[at.C + case]) + abs(square) * r
        own[of.CHANGE, case] = max(abs(d) / own[of.SIZE, case], abs(r - now[at.FOUND_R + case]) / r)
        if now[at.END + case] != g.T[b, case]:
            own[of.CHANGE, case] = inf
        own[of.C_T0, case], own[of.C_T1, case], own[of.C_J, case] = c_T0, c_T1, c_j
        own[of.R_T0, case], own[of.R_T1, case], own[of.R_J, case] = r_T0, r_T1, r_j


@kernel(inner=True)
def collect(problem: Any, g: Any, leg: int) -> None:
    """Add the heat that a segment carries, its voltage, and their slopes."""
    n, own, spans = problem.nodes, g.segments[leg], g.spans[leg]
    a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
    cells, J = problem.cells, g.jacobian
    for case in range(CASES):
        near, far = spans[of.NEAR, case], spans[of.FAR, case]
        t0, t1 = g.T[a, case] - problem.knots[near], g.T[b, case] - problem.knots[far]
        S0, S1 = seebeck(cells, near, t0), seebeck(cells, far, t1)
        s0 = quartic(cells, near, packing.SEEBECK_INTEGRAL, t0)
        s1 = quartic(cells, far, packing.SEEBECK_INTEGRAL, t1)
        own[of.S0, case], own[of.S1, case] = S0, S1
        per, each, dj = own[of.PER, case], own[of.EACH, case], own[of.DJ, case]
        j = g.sums[of.CURRENT, case] * dj
        c, r, jj = own[of.C, case], own[of.R, case], j * j
        c_T0, c_T1, c_j = own[of.C_T0, case], own[of.C_T1, case], own[of.C_J, case]
        r_T0, r_T1, r_j = own[of.R_T0, case], own[of.R_T1, case], own[of.R_J, case]
        own[of.LEAVING, case] = per * (c + j * s0)
        own[of.REACHING, case] = per * (c + jj * r + j * s1)
        g.inflow[a, case] -= own[of.LEAVING, case]
        g.inflow[b, case] += own[of.REACHING, case]
        g.inflow[n, case] += each * (s0 - s1 - j * r)
        J[a, a, case] -= per * (c_T0 + j * S0)
        J[a, b, case] -= per * c_T1
        J[a, n, case] -= per * (c_j + s0) * dj
        J[b, a, case] += per * (c_T0 + jj * r_T0)
        J[b, b, case] += per * (c_T1 + jj * r_T1 + j * S1)
        J[b, n, case] += per * (c_j + jj * r_j + 2.0 * j * r + s1) * dj
        J[n, a, case] += each * (S0 - j * r_T0)
        J[n, b, case] += each * (-S1 - j * r_T1)
        J[n, n, case] -= each * (r + j * r_j) * dj


@kernel(inner=True)
def add_others(problem: Any, g: Any) -> None:
    """Add plates, links, exchanges, and the heat of resistances at nodes."""
    n, J, slot = problem.nodes, g.jacobian, slots.LEG * problem.legs
    last_plate = problem.legs + problem.plates
    for k in range(problem.legs, len(problem.pairs)):
        a, b = problem.pairs[k, 0], problem.pairs[k, 1]
        for case in range(CASES):
            Ta, Tb = g.T[a, case], g.T[b, case]
            if k < last_plate:
                per = g.numbers[slot + slots.AREA, case] / g.numbers[slot + slots.LENGTH, case]
                flow, to_a, to_b = plate(curves_of(problem, g.tables[k, case]), per, Ta, Tb, 0.0)
            elif k < last_plate + problem.links:
                to_a, ohm = g.numbers[slot + slots.CONDUCTANCE, case], g.numbers[slot + slots.OHM, case]
                flow, to_b = to_a * (Ta - Tb), -to_a
                current = g.sums[of.CURRENT, case]
                g.inflow[a, case] += 0.5 * current * current * ohm
                g.inflow[b, case] += 0.5 * current * current * ohm
                g.inflow[n, case] -= current * ohm
                J[a, n, case] += current * ohm
                J[b, n, case] += current * ohm
                J[n, n, case] -= ohm
            else:
                f = g.numbers[slot, case]
                flow = f * (Ta - Tb) * (Ta + Tb) * (Ta * Ta + Tb * Tb)
                to_a, to_b = 4.0 * f * Ta**3, -4.0 * f * Tb**3
            _join(g, a, b, case, flow, to_a, to_b)
        slot += slots.PLATE if k < last_plate else slots.LINK if k < last_plate + problem.links else 1
    table = last_plate
    for k in range(len(problem.sources)):
        node, layers = problem.sources[k, 0], problem.sources[k, 1]
        for case in range(CASES):
            current = g.sums[of.CURRENT, case]
            ohm, slope = _sheets(problem, g, slot, table, layers, node, case)
            g.inflow[node, case] += current * current * ohm
            g.inflow[n, case] -= current * ohm
            J[node, n, case] += 2.0 * current * ohm
            J[node, node, case] += current * current * slope
            J[n, node, case] -= current * slope
            J[n, n, case] -= ohm
        slot, table = slot + 1 + layers, table + layers


@kernel(inner=True)
def _sheets(
    problem: Any, g: Any, slot: int, table: int, layers: int, node: int, case: int
) -> tuple[float, float]:
    """Resistance of sheets side by side, squares/sum(sigma thickness), and its slope; or a given one."""
    if layers == 0:
        return g.numbers[slot, case], 0.0
    total = slope = 0.0
    for k in range(layers):
        value, rise = sigma(curves_of(problem, g.tables[table + k, case]), g.T[node, case])
        total += g.numbers[slot + 1 + k, case] * value
        slope += g.numbers[slot + 1 + k, case] * rise
    ohm = g.numbers[slot, case] / total
    return ohm, -ohm * slope / total


@kernel(inner=True)
def curve(problem: Any, free: Any, g: Any) -> None:
    """Second derivatives along the current, without those of S, kappa and rho to the temperature."""
    n, x, slot = problem.nodes, g.curvature, slots.LEG * problem.legs + slots.PLATE * problem.plates
    x[:, :] = 0.0
    for leg in range(problem.legs):
        now, own = g.marches[leg], g.segments[leg]
        a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
        for case in range(CASES):
            per, each, dj = own[of.PER, case], own[of.EACH, case], own[of.DJ, case]
            u, v, j = g.to_I[a, case], g.to_I[b, case], g.sums[of.CURRENT, case] * dj
            bend = -2.0 * now[at.HEATING + case] * dj * dj
            r_I = own[of.R_T0, case] * u + own[of.R_T1, case] * v + own[of.R_J, case] * dj
            x[a, case] -= per * (bend + 2.0 * dj * own[of.S0, case] * u)
            x[b, case] += per * (
                bend + 2.0 * dj * (own[of.S1, case] * v + dj * own[of.R, case] + 2.0 * j * r_I)
            )
            x[n, case] -= each * 2.0 * dj * r_I
    first = problem.legs + problem.plates
    for k in range(first, first + problem.links):
        for case in range(CASES):
            ohm = g.numbers[slot + slots.OHM, case]
            x[problem.pairs[k, 0], case] += ohm
            x[problem.pairs[k, 1], case] += ohm
        slot += slots.LINK
    slot, table = slot + problem.exchanges, first
    for k in range(len(problem.sources)):
        node, layers = problem.sources[k, 0], problem.sources[k, 1]
        for case in range(CASES):
            x[node, case] += 2.0 * _sheets(problem, g, slot, table, layers, node, case)[0]
        slot, table = slot + 1 + layers, table + layers
    solve_for(g, free, x, g.bend)


@kernel(inner=True)
def factor(g: Any, free: Any) -> None:
    """LU decomposition of the balances of the free nodes; the diagonal holds reciprocals.

    Conduction outweighs what a current changes in it: no rows are exchanged. Where that fails the step is not
    finite, and the case is refused.
    """
    f, nodes, filled = g.factors, free.nodes, free.filled
    m = len(nodes)
    for i in range(m):
        for k in range(m):
            if filled[i, k]:
                for case in range(CASES):
                    f[i, k, case] = g.jacobian[nodes[i], nodes[k], case]
    for k in range(m):
        for case in range(CASES):
            f[k, k, case] = 1.0 / f[k, k, case]
        for i in range(k + 1, m):
            if filled[i, k]:
                _eliminate(f, filled, i, k)


@kernel(inner=True)
def _eliminate(f: Any, filled: Any, i: int, k: int) -> None:
    """Take row k from row i."""
    for case in range(CASES):
        f[i, k, case] *= f[k, k, case]
    for p in range(k + 1, len(filled)):
        if filled[k, p]:
            for case in range(CASES):
                f[i, p, case] -= f[i, k, case] * f[k, p, case]


@kernel(inner=True)
def solve_for(g: Any, free: Any, inflow: Any, x: Any) -> None:
    """Node temperatures x that take away inflows; both arrays have rows for all nodes and may be one."""
    f, nodes, filled = g.factors, free.nodes, free.filled
    m = len(nodes)
    for i in range(m):
        for case in range(CASES):
            x[nodes[i], case] = -inflow[nodes[i], case]
        for k in range(i):
            if filled[i, k]:
                for case in range(CASES):
                    x[nodes[i], case] -= f[i, k, case] * x[nodes[k], case]
    for i in range(m - 1, -1, -1):
        for k in range(i + 1, m):
            if filled[i, k]:
                for case in range(CASES):
                    x[nodes[i], case] -= f[i, k, case] * x[nodes[k], case]
        for case in range(CASES):
            x[nodes[i], case] *= f[i, i, case]
