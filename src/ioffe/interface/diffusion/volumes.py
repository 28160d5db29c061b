"""Diffusion with coefficients that depend on composition or position: implicit finite volumes.

d c/d t = d/dx (D dc/dx) on cells; what leaves one cell enters the next, so the amount is kept to rounding. In
time the trapezoidal rule and the backward differentiation formula one after the other (TR-BDF2), of second
order and damped for steps of any length, with the step from its embedded formula of third order (M. E. Hosea,
L. F. Shampine, Appl. Numer. Math. 20 (1996) 21, doi 10.1016/0168-9274(95)00115-8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite, sqrt

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError, Fault, InputError
from ioffe.interface._checks import POSITIVE, Checks, QuantityLike

Coefficient = QuantityLike | Callable[[Array], Array]
DIAGONAL = 1.0 - 1.0 / sqrt(2.0)
OTHER = sqrt(2.0) / 4.0
ERROR = ((1.0 - 4.0 * OTHER) / 3.0, 1.0 / 3.0, -2.0 * DIAGONAL / 3.0)
"""Weights of the increments in the difference to the embedded formula."""
MOST_ITERATIONS = 12
MOST_STEPS = 100_000
LARGEST_TOLERANCE = 0.1
NEWTON = 1e-12
"""Change of the concentrations, over their span, at which Newton's method ends."""
DIFFERENCE = 1e-6
"""Step, over the span of the concentrations, of the derivative of D by composition."""


@dataclass(frozen=True, eq=False)
class Diffused:
    """Profiles at the times asked for.

    Attributes
    ----------
    times : ndarray, shape (m,)
        In s.
    position : ndarray, shape (n,)
        Middles of the cells in m.
    widths : ndarray, shape (n,)
        Of the cells in m.
    concentration : ndarray, shape (m, n)
    amount : ndarray, shape (m,)
        Integral of the concentration over x.
    steps : int
        Taken in time.

    Examples
    --------
    >>> edges = np.linspace(0.0, 4e-6, 41)
    >>> late = diffuse(edges, np.where(edges[1:] < 1e-6, 1.0, 0.0), 1e-16, [1e4])
    >>> print(late.concentration[0, [0, -1]].round(2))
    [0.48 0.03]
    """

    times: Array
    position: Array
    widths: Array
    concentration: Array
    amount: Array
    steps: int


def diffuse(
    edges: QuantityLike,
    initial: ArrayLike,
    D: Coefficient,
    times: QuantityLike,
    *,
    left: float | None = None,
    right: float | None = None,
    tolerance: float = 1e-6,
) -> Diffused:
    """Profiles after times of diffusion, by implicit finite volumes.

    Second order in the width of the cells for a smooth D, and in time (TR-BDF2: M. E. Hosea, L. F. Shampine,
    Appl. Numer. Math. 20 (1996) 21, doi 10.1016/0168-9274(95)00115-8); the amount is kept to rounding.

    Parameters
    ----------
    edges : array_like, shape (n + 1,)
        Edges of the cells in m, rising.
    initial : array_like, shape (n,)
        Concentrations at the time 0, in any unit.
    D : float, array_like of shape (n,), or callable
        Diffusion coefficient in m2/s: one, that of every cell (layers: between two cells the harmonic mean),
        or a function of the concentration that takes and gives an array; it is asked between the smallest and
        the largest concentration given.
    times : array_like, shape (m,)
        In s, not running backwards, from 0 on.
    left, right : float, optional
        Concentration that an end is kept at; by default nothing passes it.
    tolerance : float
        Error by time step over the span of the concentrations.

    Returns
    -------
    Diffused

    Raises
    ------
    InputError
        With everything that is wrong, such as a negative D.
    ConvergenceError
        If Newton's method does not converge even with small steps.

    Examples
    --------
    >>> import numpy as np
    >>> edges = np.linspace(-5e-6, 5e-6, 201)
    >>> fresh = np.where(edges[1:] <= 0.0, 1.0, 0.0)
    >>> found = diffuse(edges, fresh, lambda c: 1e-16 * np.exp(2.0 * c), [0.0, 3600.0])
    >>> bool(abs(found.amount[1] / found.amount[0] - 1.0) < 1e-12)
    True
    """
    with Checks() as checks:
        b = checks.series("edges", edges, "position", least=3)
        if np.any(np.diff(b) <= 0.0):
            checks.add("edges", b.tolist(), "edges that rise are expected")
        c = checks.series("initial", initial, least=2)
        if len(c) != len(b) - 1:
            checks.add("initial", len(c), f"one concentration for each of the {len(b) - 1} cells is expected")
        t = checks.times("times", times)
        checks.number("tolerance", tolerance, replace(POSITIVE, upper=LARGEST_TOLERANCE))
        for name, value in (("left", left), ("right", right)):
            if value is not None:
                checks.number(name, value)
        known = D
        if not callable(D):
            known = np.ravel(checks.array("D", D, "diffusion_coefficient"))
            if len(known) not in (1, len(c)):
                checks.add("D", len(known), f"one coefficient or {len(c)} are expected")
    problem = DiffusionProblem(b, known, left, right, c)
    profiles, steps = _march(problem, c.copy(), t, tolerance)
    return Diffused(t, 0.5 * (b[1:] + b[:-1]), np.diff(b), profiles, profiles @ np.diff(b), steps)


class DiffusionProblem:
    """Rate of change of the concentrations and its derivative, as a band of three diagonals."""

    def __init__(
        self, edges: Array, D: Coefficient, left: float | None, right: float | None, initial: Array
    ) -> None:
        self.widths = np.diff(edges)
        self.ends = (left, right)
        known = [initial.min(), initial.max(), *(end for end in self.ends if end is not None)]
        self.low, self.high = float(min(known)), float(max(known))
        self.span = self.high - self.low or max(abs(self.high), 1.0)
        self.between = 0.5 * (self.widths[1:] + self.widths[:-1])
        self.of = D if callable(D) else None
        if self.of is None:
            cells = np.broadcast_to(np.asarray(D, float).ravel(), initial.shape)
            resistance = np.where(cells > 0.0, 0.5 * self.widths / np.where(cells > 0.0, cells, 1.0), np.inf)
            self.links = 1.0 / (resistance[1:] + resistance[:-1])
            self.outer = 1.0 / resistance[0], 1.0 / resistance[-1]

    def coefficient(self, c: Array) -> Array:
        """D at concentrations, no further out than those given; raises for one below 0 or no number."""
        c = np.clip(c, self.low, self.high)
        found = np.broadcast_to(np.asarray(self.of(c), float), c.shape)  # pyright: ignore[reportOptionalCall] - given where D varies
        wrong = np.flatnonzero(~(np.isfinite(found) & (found >= 0.0)))
        if len(wrong):
            at, value = f"D(c = {c[wrong[0]]:.6g})", float(found[wrong[0]])
            raise InputError(Fault(at, value, "a finite diffusion coefficient from 0 on is expected"))
        return found

    def rate(self, c: Array) -> tuple[Array, Array]:
        """dc/dt and its derivative, shape (3, n), as `scipy.linalg.solve_banded` takes it."""
        n, step = len(c), np.diff(c)
        if self.of is None:
            flux, by_left, by_right = -self.links * step, self.links, -self.links
        else:
            middle = 0.5 * (c[1:] + c[:-1])
            D = self.coefficient(middle) / self.between
            slope = self._slope(middle) / self.between
            flux = -D * step
            by_left, by_right = D - 0.5 * slope * step, -D - 0.5 * slope * step
        change, band = np.zeros(n), np.zeros((3, n))
        change[:-1] -= flux / self.widths[:-1]
        change[1:] += flux / self.widths[1:]
        band[1, :-1] -= by_left / self.widths[:-1]
        band[0, 1:] -= by_right / self.widths[:-1]
        band[1, 1:] += by_right / self.widths[1:]
        band[2, :-1] += by_left / self.widths[1:]
        for cell, end, side in ((0, self.ends[0], 0), (n - 1, self.ends[1], 1)):
            if end is not None:
                link = self._outer(c[cell], end, side, cell)
                change[cell] += link * (end - c[cell]) / self.widths[cell]
                band[1, cell] -= link / self.widths[cell]
        return change, band

    def _slope(self, c: Array) -> Array:
        h = DIFFERENCE * self.span
        below, above = np.clip(c - h, self.low, self.high), np.clip(c + h, self.low, self.high)
        rise, width = self.coefficient(above) - self.coefficient(below), above - below
        return np.divide(rise, width, out=np.zeros_like(c), where=width > 0.0)

    def _outer(self, c: float, end: float, side: int, cell: int) -> float:
        if self.of is None:
            return self.outer[side]
        return 2.0 * float(self.coefficient(np.array([0.5 * (c + end)]))[0]) / float(self.widths[cell])


def _march(problem: DiffusionProblem, c: Array, times: Array, tolerance: float) -> tuple[Array, int]:
    out, now, steps = [], 0.0, 0
    last = float(times[-1])
    h, known = 1e-6 * last, problem.rate(c)
    for until in times:
        while now < until:
            full = h >= float(until) - now
            taken = _step(problem, c, min(h, float(until) - now), known)
            error = np.inf if taken is None else float(np.max(np.abs(taken[1]))) / problem.span / tolerance
            steps += 1
            if steps > MOST_STEPS or h < 1e-15 * last:
                message = f"diffusion stopped at {now:.6g} s: time steps of {h:.3g} s still fail"
                raise ConvergenceError(message)
            if taken is not None and error <= 1.0:
                now = float(until) if full else now + h
                c, _, known = taken
                h = h if full else h * min(4.0, 0.9 / max(error, 1e-3) ** (1.0 / 3.0))
            else:
                shorter = max(0.2, 0.9 / error ** (1.0 / 3.0)) if isfinite(error) else 0.25
                h = min(h, float(until) - now) * shorter
        out.append(c.copy())
    return np.array(out), steps


def _step(
    problem: DiffusionProblem, c: Array, h: float, known: tuple[Array, Array]
) -> tuple[Array, Array, tuple[Array, Array]] | None:
    """One step from c, where rate and derivative are known; None where Newton's method fails.

    Returns the concentrations, their error, and rate and derivative there. Increments are taken from the
    stages and not from the rate, which would blow up what Newton's method leaves.
    """
    begun = h * known[0]
    first = _stage(problem, c + DIAGONAL * begun, c, h)
    if first is None:
        return None
    base = c + OTHER / DIAGONAL * (first - c)
    second = _stage(problem, base, first, h)
    if second is None:
        return None
    increments = begun, (first - c) / DIAGONAL - begun, (second - base) / DIAGONAL
    error = sum(weight * increment for weight, increment in zip(ERROR, increments, strict=True))
    here = problem.rate(second)
    return second, _damped(here[1], h, np.asarray(error)), here


def _stage(problem: DiffusionProblem, base: Array, guess: Array, h: float) -> Array | None:
    """Solution of y = base + h DIAGONAL rate(y) by Newton's method."""
    y = guess
    for _ in range(MOST_ITERATIONS):
        rate, band = problem.rate(y)
        change = _damped(band, h, base + h * DIAGONAL * rate - y)
        y = y + change
        if np.max(np.abs(change)) <= NEWTON * problem.span:
            return y
        if not np.all(np.isfinite(y)):
            return None
    return None


def _damped(band: Array, h: float, right: Array) -> Array:
    """Solution of (1 - h DIAGONAL derivative) x = right."""
    from scipy.linalg import solve_banded

    matrix = -h * DIAGONAL * band
    matrix[1] += 1.0
    return np.asarray(solve_banded((1, 1), matrix, right, check_finite=False))
