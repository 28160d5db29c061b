r"""Segments whose temperature turns inside or close to the hotter end, in vector registers.

The unknown is a of `ioffe.engine.turning_form`: the largest temperature :math:`T_m = T_{hotter} + a^2` lies
inside the segment for a > 0 and beyond its hotter end for a < 0. With X the signed sum of both branches
(`turning_march`), a pass of Newton's method corrects a from :math:`\hat X(a) = |j|`; c, r and their slopes
are those of the implicit function.
"""

from __future__ import annotations

from math import inf, isfinite, nan, sqrt
from typing import Any

from ioffe.engine.compiled import packing
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain import march as at
from ioffe.engine.compiled.plain.march import CASES
from ioffe.engine.compiled.table_cells import cubic, locate, locate_below, quartic, resistivity
from ioffe.engine.compiled.vector import group as of
from ioffe.engine.compiled.vector import turning_march as down

ENTERED, TRIED, LEFT = 0.7, 0.85, 0.9
"""Size of a over u at a colder point, which is mostly the ratio of the fluxes. Below the first, with the end
of the hottest cell, a segment gets this form; below the second, with the colder end, it gets it instead of
more elements; above the third it loses it."""
LARGEST = 0.5
"""Largest change of a, in units of the square root of the rise from the colder end to the maximum."""
FARTHEST = 50.0
"""Largest size of a that is estimated, in K^(1/2)."""
LEAST = 1e-8
"""Smallest size of a, in K^(1/2): the branch to the hotter end keeps a width."""
OF_SLOPES = 30.0
"""Errors of slopes over those of values that the knots of the table make; larger in one of fourteen random
profiles."""
COLDER, HOTTER = range(2)
"""Ends to which branches go."""


@kernel(inner=True)
def estimate(problem: Any, g: Any, leg: int, case: int, steep: bool) -> float:
    """The unknown a of a segment where this form is made for it, else NaN.

    From c, with p^2/2 = (kappa rho - (2/3) s A' p) a^2 at the hotter end and properties in the middle of a^2.
    """
    own, table = g.segments[leg], problem.spans[g.tables[leg, case]]
    T0, T1 = g.T[problem.pairs[leg, 0], case], g.T[problem.pairs[leg, 1], case]
    j = g.sums[of.CURRENT, case] * own[of.DJ, case]
    hot, given = max(T0, T1), table[2] == 1
    row = locate_below(problem.knots, table[0], table[1], hot)
    t, most, rise = hot - problem.knots[row], TRIED, hot - min(T0, T1)
    if not steep:
        most, rise = ENTERED, min(rise, t)
    flux = j * quartic(problem.cells, row, packing.PELTIER, t) - own[of.C, case]
    p = (flux if T0 >= T1 else j * j * own[of.R, case] - flux) / abs(j)
    falls = (1.0 if j > 0.0 else -1.0) * (-1.0 if T0 >= T1 else 1.0)
    drift, a = -2.0 / 3.0 * falls * p, 0.0
    for _ in range(4):
        middle = hot + 0.5 * a * a
        row = locate(problem.knots, table[0], table[1], middle)
        _, m, bend = _properties(problem.cells, row, given, middle - problem.knots[row])
        a = p / sqrt(2.0 * (m - drift * bend))
        if not abs(a) < FARTHEST:
            return nan
    return a if a > -most * sqrt(rise + a * a) else nan


@kernel(inner=True)
def _properties(cells: Any, row: int, given: bool, t: float) -> tuple[float, float, float]:
    """kappa, kappa rho and dA/dT at t above the knot."""
    kappa, k = cubic(cells, row, packing.CONDUCTIVITY, t), packing.PELTIER
    slope = cells[row, k + 1] + t * (
        2.0 * cells[row, k + 2] + t * (3.0 * cells[row, k + 3] + t * 4.0 * cells[row, k + 4])
    )
    return kappa, kappa * resistivity(cells, row, given, t), slope


@kernel(inner=True)
def choose(problem: Any, g: Any, leg: int) -> tuple[bool, bool]:
    """Form of the segment in every case that changes; whether there are any in each form."""
    own, plain, turning = g.segments[leg], False, False
    a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
    for case in range(CASES):
        if g.sums[of.MOVING, case] == 0.0:
            continue
        if own[of.FORM, case] == of.BY_TURNING:
            x = own[of.A, case]
            if x < -LEFT * sqrt(abs(g.T[a, case] - g.T[b, case]) + x * x):
                own[of.FORM, case] = of.AGAIN
        else:
            steep = own[of.FORM, case] == of.STEEP
            x = estimate(problem, g, leg, case, steep)
            if isfinite(x):
                own[of.FORM, case], own[of.A, case] = of.BY_TURNING, x
        plain = plain or own[of.FORM, case] != of.BY_TURNING
        turning = turning or own[of.FORM, case] == of.BY_TURNING
    return plain, turning


@kernel(inner=True)
def march(problem: Any, g: Any, leg: int, parts: int) -> None:
    """c, r and their slopes of the cases that have this form, after one pass."""
    x = g.turning
    for side in (HOTTER, COLDER):
        most = _begin(problem, g, leg, side)
        down.begin(x)
        for k in range(most):
            _enter(problem, g, k)
            for part in range(parts):
                down.element(x, part, parts)
        if side == HOTTER:
            for i in range(down.RESULTS):
                g.hotter[i] = x[down.HALF + i]
    _close(problem, g, leg)


@kernel(inner=True)
def _begin(problem: Any, g: Any, leg: int, side: int) -> int:
    """Set up a branch of every case; returns the largest number of cells."""
    x, own, rows, most = g.turning, g.segments[leg], g.rows, 0
    a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
    for case in range(CASES):
        table = g.tables[leg, case]
        first, last = problem.spans[table, 0], problem.spans[table, 1]
        T0, T1, size = g.T[a, case], g.T[b, case], own[of.A, case]
        if own[of.FORM, case] != of.BY_TURNING:
            # a branch without a width
            T1, size = T0, 0.0
        hot, cold = max(T0, T1), min(T0, T1)
        top, end = hot + size * size, hot if side == HOTTER else cold
        falls = -1.0 if T0 >= T1 else 1.0
        if side == HOTTER and size >= 0.0:
            falls = -falls
        far = abs(size) if side == HOTTER else sqrt(hot - cold + size * size)
        rows[of.FIRST, case] = locate_below(problem.knots, first, last, top)
        rows[of.LAST, case] = min(locate(problem.knots, first, last, end), rows[of.FIRST, case])
        x[down.TOP + case] = top
        # the end lies at a given u, or at a given temperature
        x[down.TO + case] = 0.0
        x[down.TO_T + case] = 0.0
        g.ends[0, case], g.ends[1, case] = far, 0.0 if side == HOTTER or far == 0.0 else 0.5 / far
        x[down.SIGN + case] = falls if g.sums[of.CURRENT, case] * own[of.DJ, case] > 0.0 else -falls
        x[down.RESISTIVITY + case] = 1.0 if problem.spans[table, 2] == 1 else 0.0
        most = max(most, rows[of.FIRST, case] - rows[of.LAST, case] + 1)
    return most


@kernel(inner=True)
def _enter(problem: Any, g: Any, k: int) -> None:
    """Cell number k below the maximum of every case; a case that has fewer ends with elements of no width."""
    x, rows = g.turning, g.rows
    for case in range(CASES):
        row = max(rows[of.FIRST, case] - k, rows[of.LAST, case])
        for m in range(down.COLUMNS):
            x[down.COEFFICIENTS + m * CASES + case] = problem.cells[row, m]
        x[down.KNOT + case] = problem.knots[row]
        x[down.FROM + case] = x[down.TO + case]
        x[down.FROM_T + case] = x[down.TO_T + case]
        if row > rows[of.LAST, case]:
            u = sqrt(max(x[down.TOP + case] - problem.knots[row], 1e-24))
            x[down.TO + case], x[down.TO_T + case] = u, 0.5 / u
        else:
            x[down.TO + case], x[down.TO_T + case] = g.ends[0, case], g.ends[1, case]


@kernel(inner=True)
def _close(problem: Any, g: Any, leg: int) -> None:
    """Close a to first order; c, r and slopes by the implicit function theorem from X(a, T0, T1) = |j|."""
    x, hotter, now, own, spans = g.turning, g.hotter, g.marches[leg], g.segments[leg], g.spans[leg]
    cells, knots, base = problem.cells, problem.knots, down.HALF
    for case in range(CASES):
        if own[of.FORM, case] != of.BY_TURNING:
            continue
        T0, T1 = g.T[problem.pairs[leg, 0], case], g.T[problem.pairs[leg, 1], case]
        table, a = g.tables[leg, case], own[of.A, case]
        hot, cold = max(T0, T1), min(T0, T1)
        first, last, given = problem.spans[table, 0], problem.spans[table, 1], problem.spans[table, 2] == 1
        near, far = locate(knots, first, last, hot), locate(knots, first, last, cold)
        t_hot, t_cold = hot - knots[near], cold - knots[far]
        j = g.sums[of.CURRENT, case] * own[of.DJ, case]
        size, turn, jj = abs(j), 1.0 if j > 0.0 else -1.0, j * j
        beyond, out = 1.0 if a >= 0.0 else -1.0, abs(a)
        falls = -1.0 if T0 >= T1 else 1.0
        # at both ends: kappa, kappa rho, dA/dT, p
        k_hot, m_hot, bend = _properties(cells, near, given, t_hot)
        k_cold, m_cold, _ = _properties(cells, far, given, t_cold)
        p_hot = sqrt(2.0 * hotter[down.HALF - base + case])
        p_cold = sqrt(2.0 * x[down.HALF + case])
        q = p_hot / out
        length = x[down.LENGTH + case] + beyond * hotter[down.LENGTH - base + case]
        whole = x[down.RESISTANCE + case] + beyond * hotter[down.RESISTANCE - base + case]
        flux = beyond * p_hot
        # slopes to the hotter end at the same a, to a, to the colder end
        X_hot = x[down.LENGTH_T + case] + beyond * hotter[down.LENGTH_T - base + case]
        R_hot = x[down.RESISTANCE_T + case] + beyond * hotter[down.RESISTANCE_T - base + case]
        F_hot = beyond * hotter[down.HALF_T - base + case] / p_hot
        X_a, R_a = 2.0 * (a * X_hot + k_hot / q), 2.0 * (a * R_hot + m_hot / q)
        sign = (-beyond * falls) * turn
        F_a = 2.0 * (a * F_hot + (m_hot - sign * bend * p_hot) / q)
        X_cold, R_cold = -k_cold / p_cold, -m_cold / p_cold
        a_hot, a_cold, a_J = -X_hot / X_a, -X_cold / X_a, 1.0 / X_a
        most = LARGEST * sqrt(hot - cold + a * a)
        d = (size - length) * a_J
        limited = abs(d) > most
        d = min(max(d, -most), most)
        R, F = whole + R_a * d, size * (flux + F_a * d)
        r = R / size
        r_hot, r_cold = (R_hot + R_a * a_hot) / size, (R_cold + R_a * a_cold) / size
        r_j = turn * (R_a * a_J - r) / size
        # from the flux at the hotter end; where that is the second one, Joule heat lies between
        up, extra = -falls, 0.0 if falls < 0.0 else 1.0
        k = 0 if falls < 0.0 else 1
        A_hot = quartic(cells, near, packing.PELTIER, t_hot)
        own[of.C, case] = j * A_hot - up * F - extra * jj * r
        own[of.C_J, case] = A_hot - extra * (2.0 * j * r + jj * r_j)
        own[of.C_J, case] -= up * turn * (flux + F_a * d + size * F_a * a_J)
        own[of.C_T0 + k, case] = j * bend - up * size * (F_hot + F_a * a_hot) - extra * jj * r_hot
        own[of.C_T1 - k, case] = -up * size * F_a * a_cold - extra * jj * r_cold
        own[of.R, case], own[of.R_J, case] = r, r_j
        own[of.R_T0 + k, case], own[of.R_T1 - k, case] = r_hot, r_cold
        own[of.A_T0 + k, case], own[of.A_T1 - k, case] = a_hot, a_cold
        spans[of.NEAR + k, case], spans[of.FAR - k, case], spans[of.TABLE, case] = near, far, table
        scale = abs(F) + jj * r
        own[of.A, case] = a + d if abs(a + d) > LEAST else LEAST
        own[of.A_J, case], own[of.SIZE, case] = turn * a_J, scale
        change = max(abs(size * F_a * d) / scale, abs(R_a * d) / R)
        own[of.CHANGE, case] = inf if limited else change
        # what is judged of the other form, and its terms of p
        now[at.J + case], now[at.START + case], now[at.C + case] = j, A_hot, own[of.C, case]
        error = x[down.LENGTH_ERROR + case] + hotter[down.LENGTH_ERROR - base + case]
        r_error = x[down.RESISTANCE_ERROR + case] + hotter[down.RESISTANCE_ERROR - base + case]
        at_knots = x[down.KNOT_ERROR + case] + hotter[down.KNOT_ERROR - base + case]
        now[at.POSITION_ERROR + case], own[of.KNOTS, case] = error / size, at_knots / size
        now[at.R_ERROR + case] = r_error / size
        now[at.GROWTH + case], now[at.HEATING + case] = 0.0, 0.5 * r
        now[at.FALL + case] = now[at.RISE + case] = 1.0
        now[at.LEAST + case] = scale if X_a > 0.0 and r > 0.0 else nan
