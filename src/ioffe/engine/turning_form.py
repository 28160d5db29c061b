r"""One adiabatic segment whose heat flux passes through zero inside or close to its hotter end.

Legs of coolers are like that near their best currents. Without losses T(x) has no minimum inside
(:math:`\kappa T'' = -j^2\rho` where T' = 0), so the profile falls on both sides of one maximum :math:`T_m`,
which may also lie beyond the hotter end. On each side, with :math:`T = T_m - u^2` and
:math:`p = \kappa\,dT/d\xi = \pm u q`,

.. math:: \frac{p^2}{2} = \int_0^u \left(j^2 \kappa\rho - j A' p\right) 2u\,du, \qquad
          \xi = \int_0^u \frac{2\kappa}{q} du, \qquad r = \int_0^u \frac{2\kappa\rho}{q} du,

where every integrand is smooth. The first equation is of Volterra's kind and is iterated on Gauss nodes of
elements that end on the table's knots; A' = T dS/dT is the derivative of a polynomial inside its cell. The
one unknown is a, with :math:`T_m = T_{hotter} + a^2`: the hotter end lies beyond the maximum for a > 0 and
on the same side as the colder end for a < 0, and everything is smooth in a. It follows from the length.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ioffe.engine.quadrature import Grid
from ioffe.engine.state import CaseArrays
from ioffe.engine.table import Array, Flags, PropertyTable, horner

PASSES = 40
NEWTON = 12
LEVELS = 3
NODES = 12
"""Many, because q = p/u near u = 0 takes the double order of Gauss nodes away."""
STEP, WIDE = 1e-4, 1e-3
"""Relative steps: of Newton's difference with respect to a, and of fourth-order ones for derivatives."""
AWAY = 0.1
"""Share of the rise above the colder end by which the maximum must exceed the hotter one to be apart."""


@dataclass(eq=False)
class TurningSolution(CaseArrays):
    """Solution and derivatives of (c, r); shapes (cases,)."""

    good: Flags
    c: Array
    r: Array
    c_T0: Array
    c_T1: Array
    c_j: Array
    r_T0: Array
    r_T1: Array
    r_j: Array
    T_max: Array
    error: Array
    """Estimated relative error of the length."""


@dataclass(eq=False)
class _Branch(CaseArrays):
    """From the maximum down to an end (cases,): length, int rho dxi, |p| at the end, relative error."""

    length: Array
    resistance: Array
    p: Array
    error: Array


@dataclass(eq=False)
class BothEnds:
    """Both ends seen from the maximum: signed length and int rho dxi from the hotter to the colder end."""

    length: Array
    resistance: Array
    p_hotter: Array
    """kappa dT/dxi at the hotter end, with its sign."""
    p_colder: Array
    error: Array


def guess(table: PropertyTable, T0: Array, T1: Array, j: Array) -> tuple[Array, Array]:
    """a of constant properties, and its scale, the square root of the rise that Joule heat could make.

    `T0`, `T1` (cases,): in K.
    `j` (cases,): J L in A/m.
    Returns `a, span` (cases,): in K^(1/2): span = |j| sqrt(rho/(2 kappa)), a = (span - |T0 - T1|/span)/2; not
        finite for j = 0.
    """
    T = 0.5 * (T0 + T1)
    span = np.abs(j) * np.sqrt(0.5 * table.resistivity(T) / table.evaluate(table.conductivity, T))
    with np.errstate(divide="ignore", invalid="ignore"):
        return 0.5 * (span - np.abs(T0 - T1) / span), span


def solve(table: PropertyTable, T0: Array, T1: Array, j: Array, tolerance: float | Array) -> TurningSolution:
    """Solve cases of an adiabatic segment: Newton's method for the a at which the profile has the length 1.

    Elements are halved, up to `LEVELS` - 1 times, until the estimated error is within the tolerance.

    `table`: S(T), rho(T) and kappa(T).
    `T0`, `T1` (cases,): temperatures of the two ends in K.
    `j` (cases,): J L in A/m, positive from T0 to T1.
    `tolerance` (cases,): relative error of the length that is allowed.
    Returns: c in W/m and r in ohm m with their derivatives to T0, T1 (per K) and j (per A/m), and the largest
        temperature in K; shapes (cases,). Where the method does not converge, or the profile has no maximum
        close to its hotter end, `good` is False and the rest is NaN.
    """
    n = len(T0)
    out = TurningSolution.empty(n)
    tolerance = np.broadcast_to(tolerance, (n,))
    a, span = guess(table, T0, T1, j)
    rest = np.flatnonzero(np.isfinite(a))
    for level in range(LEVELS):
        if not len(rest):
            break
        found, a[rest] = _newton(table, T0[rest], T1[rest], j[rest], a[rest], span[rest], 2**level)
        done = found.good & (found.error <= tolerance[rest])
        out.put(rest[done], found.select(done))
        rest = rest[found.good & ~done]
    return out


def at_maximum(
    table: PropertyTable, T0: Array, T1: Array, j: Array, T_max: Array, halves: int
) -> TurningSolution:
    """Solutions whose largest temperature is known to be that of a steady state, as for `solve`.

    `table`, `T0`, `T1`, `j`: as for `solve`.
    `T_max` (cases,): in K, above both ends.
    `halves`: elements in each cell of the table.
    """
    sign, a = np.where(T0 >= T1, 1.0, -1.0), np.sqrt(T_max - np.maximum(T0, T1))
    with np.errstate(all="ignore"):
        return _finish(table, T0, T1, j, sign, a, np.maximum(a, 1.0), np.ones(len(a), bool), halves)


def _newton(
    table: PropertyTable, T0: Array, T1: Array, j: Array, a: Array, span: Array, halves: int
) -> tuple[TurningSolution, Array]:
    """Newton on length(a) = 1."""
    hotter, colder = np.maximum(T0, T1), np.minimum(T0, T1)
    sign = np.where(T0 >= T1, 1.0, -1.0)
    good, change, h = np.isfinite(a), np.full(len(T0), np.inf), STEP * span
    for _ in range(NEWTON):
        rows = np.concatenate([a - h, a, a + h])
        near, far, current, side = (np.tile(v, 3) for v in (hotter, colder, j, sign))
        X = both_ends(table, rows, near, far, current, side, halves).length.reshape(3, -1)
        d = (1.0 - X[1]) * 2.0 * h / (X[2] - X[0])
        good &= np.isfinite(d) & (X[2] > X[0])
        step = np.where(good, np.clip(d, -0.5 * span, 0.5 * span), 0.0)
        a, change = a + step, np.abs(step) / span
        if (~good | (change < 1e-9)).all():
            break
    return _finish(table, T0, T1, j, sign, a, span, good & (change < 1e-7), halves), a


def both_ends(
    table: PropertyTable, a: Array, hotter: Array, colder: Array, j: Array, sign: Array, halves: int
) -> BothEnds:
    """A profile from the hotter to the colder end.

    `a`, `hotter`, `colder`, `j` (cases,): of the maximum, temperatures of the ends in K, and the current in
        A/m: the length of the profile need not be 1, and goes as 1/abs(j).
    `sign` (cases,): +1 where the hotter end is at xi = 0, -1 elsewhere.
    `halves`: elements in each cell of the table.
    """
    n = len(a)
    beyond = np.where(a >= 0, 1.0, -1.0)
    side = _side(
        table,
        np.tile(hotter + a * a, 2),
        np.concatenate([hotter, colder]),
        np.tile(j, 2),
        np.concatenate([beyond * sign, -sign]),
        halves,
    )
    near, far = side.select(slice(n)), side.select(slice(n, None))
    return BothEnds(
        beyond * near.length + far.length,
        beyond * near.resistance + far.resistance,
        beyond * sign * near.p,
        -sign * far.p,
        np.maximum(near.error, far.error),
    )


def _side(table: PropertyTable, Tm: Array, end: Array, j: Array, sign: Array, halves: int) -> _Branch:
    """Iterate p^2/2 from the maximum down to `end`; sign +1 where T rises along x."""
    grid = Grid.below(table, Tm, end, NODES, halves)
    u = grid.points
    m = grid.kappa * grid.rho
    slope = grid.peltier_slope()
    jl, s = j[:, None, None], sign[:, None, None]
    source = 2.0 * u * jl * jl * m
    drift = 2.0 * s * jl * slope * u * u
    empty = (grid.h == 0)[..., None]
    u = np.where(empty, 1.0, u)
    q = np.where(empty, 1.0, np.sqrt(2.0 * grid.running(source)) / u)
    for _ in range(PASSES):
        new = drift * q
        new = grid.running(np.subtract(source, new, out=new))
        new *= 2.0
        np.sqrt(new, out=new)
        new /= u
        np.copyto(new, 1.0, where=empty)
        moved = np.fmax.reduce(np.abs(new - q) / q, axis=None)
        q = new
        if not moved > 1e-14:
            break
    kappa_q, m_q = 2.0 * grid.kappa / q, 2.0 * m / q
    p = np.sqrt(2.0 * grid.whole(source - drift * q))
    error = np.maximum(grid.last_terms(kappa_q), grid.last_terms(m_q))
    return _Branch(grid.whole(kappa_q), grid.whole(m_q), p, error)


def _end_alone(
    table: PropertyTable, T: Array, j: Array, toward: Array, p: Array
) -> tuple[Array, Array, Array]:
    """How the length, r and p change with the temperature of an end that moves along the profile."""
    kappa, rho, cell = table.evaluate(table.conductivity, T), table.resistivity(T), table.cell(T)
    A_slope = horner(table.peltier[:, 1:][cell] * np.arange(1, 5), T - table.knots[cell])
    return kappa / toward, rho * kappa / toward, j * A_slope - j * j * kappa * rho / p


def _finish(
    table: PropertyTable,
    T0: Array,
    T1: Array,
    j: Array,
    sign: Array,
    a: Array,
    span: Array,
    good: Flags,
    halves: int,
) -> TurningSolution:
    """End values at a, and derivatives by the implicit function theorem from length(a, ...) = 1."""
    hotter, colder = np.maximum(T0, T1), np.minimum(T0, T1)
    space = np.minimum(2.0, hotter - colder + a * a)
    steps = {"a": WIDE * span, "j": WIDE * np.abs(j), "hotter": 0.01 * space}
    moved = np.zeros((3, 13, len(a)))
    for k, step in enumerate(steps.values()):
        moved[k, 4 * k + 1 : 4 * k + 5] = np.array([-2.0, -1.0, 1.0, 2.0])[:, None] * step
    rows = [(v + m).ravel() for v, m in zip((a, j, hotter), moved, strict=True)]
    x = both_ends(table, rows[0], rows[2], np.tile(colder, 13), rows[1], np.tile(sign, 13), halves)
    x = BothEnds(*(getattr(x, f.name).reshape(13, -1) for f in fields(BothEnds)))

    def slope(values: Array, what: str) -> Array:
        far_down, down, up, far_up = values[4 * list(steps).index(what) + 1 :][:4]
        return (8.0 * (up - down) - (far_up - far_down)) / (12.0 * steps[what])

    X_a = slope(x.length, "a")
    # an end moves alone: dxi = kappa dT/p, dr = rho dxi, dp = (j A' - j^2 kappa rho/p) dT
    X_colder, r_colder, p_colder = _end_alone(table, colder, j, -np.abs(x.p_colder[0]), x.p_colder[0])
    inward = -np.where(a > 0, 1.0, -1.0) * np.abs(x.p_hotter[0])
    X_hotter, r_hotter, p_hotter = _end_alone(table, hotter, j, inward, x.p_hotter[0])
    # with the maximum fixed a falls as the hotter end rises, unless it is the maximum
    rise = hotter - colder + np.where(a > 0, a * a, 0.0)
    far = a * a > AWAY * rise

    def by_hotter(values: Array, alone: Array | float) -> Array:
        return np.where(
            far, slope(values, "a") / (2.0 * np.where(far, a, 1.0)) + alone, slope(values, "hotter")
        )

    a_of = {
        "hotter": -by_hotter(x.length, X_hotter) / X_a,
        "j": -slope(x.length, "j") / X_a,
        "colder": -X_colder / X_a,
    }
    r_a = slope(x.resistance, "a")
    r_of = {
        "hotter": by_hotter(x.resistance, r_hotter) + r_a * a_of["hotter"],
        "j": slope(x.resistance, "j") + r_a * a_of["j"],
        "colder": r_colder + r_a * a_of["colder"],
    }
    first = sign > 0
    p0 = np.where(first, x.p_hotter, x.p_colder)
    p_a = slope(p0, "a")
    p_of = {
        "hotter": by_hotter(p0, np.where(first, p_hotter, 0.0)) + p_a * a_of["hotter"],
        "j": slope(p0, "j") + p_a * a_of["j"],
        "colder": np.where(first, 0.0, p_colder) + p_a * a_of["colder"],
    }
    at0 = table.cell(T0)
    A0_slope = horner(table.peltier[:, 1:][at0] * np.arange(1, 5), T0 - table.knots[at0])
    A0 = table.evaluate(table.peltier, T0)
    return TurningSolution(
        good=good & np.isfinite(X_a),
        c=j * A0 - p0[0],
        r=x.resistance[0],
        c_T0=j * A0_slope - np.where(first, p_of["hotter"], p_of["colder"]),
        c_T1=-np.where(first, p_of["colder"], p_of["hotter"]),
        c_j=A0 - p_of["j"],
        r_T0=np.where(first, r_of["hotter"], r_of["colder"]),
        r_T1=np.where(first, r_of["colder"], r_of["hotter"]),
        r_j=r_of["j"],
        T_max=hotter + np.where(a > 0, a * a, 0.0),
        error=x.error[0],
    )
