"""A thermoelectric element between two temperature nodes, and the flow through an element.

Every number of an element is one for all cases, or an array with one for each case (cases,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.engine import segment
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.state import OK, OUTSIDE, SegmentState
from ioffe.engine.table import Array, PropertyTable, TableChoice

Number = float | Array
"""One number for all cases, or one for each (cases,)."""


@dataclass(eq=False)
class Flow:
    """Heat leaving node a and reaching node b and the voltage gained, with derivatives to Ta, Tb and I.

    Attributes
    ----------
    leaving, reaching : ndarray of shape (cases,)
        Heat in W that leaves node a, and that reaches node b.
    voltage : ndarray of shape (cases,)
        In V, positive where the element drives the current.
    d_leaving, d_reaching : ndarray of shape (3, cases)
        Derivatives to Ta and Tb in W/K, and to I in W/A.
    d_voltage : ndarray of shape (3, cases)
        Likewise in V/K and V/A.
    code : ndarray of int of shape (cases,), optional
        How each case ended, see `ioffe.engine.state`.
    error : ndarray of shape (cases,), optional
        Estimated error of the heat in W.
    state : SegmentState, optional
        Solution of the segment, from which it is solved again.
    """

    leaving: Array
    reaching: Array
    voltage: Array
    d_leaving: Array
    d_reaching: Array
    d_voltage: Array
    code: NDArray[np.int_] | None = None
    error: Array | None = None
    state: SegmentState | None = None

    def refine(self, low_a: Array, low_b: Array) -> None:
        """Add to first order what the end temperatures have lost to rounding.

        `low_a`, `low_b` (cases,): in K; the nodes are at Ta + low_a and Tb + low_b.
        """
        self.leaving = self.leaving + self.d_leaving[0] * low_a + self.d_leaving[1] * low_b
        self.reaching = self.reaching + self.d_reaching[0] * low_a + self.d_reaching[1] * low_b
        self.voltage = self.voltage + self.d_voltage[0] * low_a + self.d_voltage[1] * low_b


@dataclass(frozen=True, eq=False)
class Thermoelement:
    r"""Equal segments from a to b, thermally in parallel and electrically in series.

    With :math:`\xi = x/L`, :math:`j = \pm I L/A` and the local loss w in W/m3 through the side, the
    temperature of each obeys

    .. math:: \frac{d}{d\xi}\left(\kappa\frac{dT}{d\xi}\right) - j\,T\frac{dS}{dT}\frac{dT}{d\xi} + j^2\rho
              - L^2 w(T) = 0, \qquad L q = -\kappa\frac{dT}{d\xi} + j S T.

    Attributes
    ----------
    table : PropertyTable
        S(T), rho(T) and kappa(T); for the compiled engine perhaps a `TableChoice`.
    a, b : int
        Its nodes.
    length : float or ndarray of shape (cases,)
        L in m.
    area : float or ndarray of shape (cases,)
        A, cross-section in m2 of one of them.
    sign : float or ndarray of shape (cases,)
        +1 or -1, the current from a to b over I; another number where only a share of I flows through.
    convection : float or ndarray of shape (cases,)
        h perimeter/area in W/(m3 K).
    radiation : float or ndarray of shape (cases,)
        Emissivity times sigma_SB perimeter/area in W/(m3 K4).
    count : float or ndarray of shape (cases,)
        How many of them.
    """

    table: PropertyTable
    a: int
    b: int
    length: Number
    area: Number
    sign: Number
    convection: Number = 0.0
    radiation: Number = 0.0
    count: Number = 1.0

    @property
    def per_length(self) -> Number:
        """Cross-section of all over the length, in m."""
        return self.count * self.area / self.length

    def conductance(self, T: Array) -> Array:
        """Thermal conductance in W/K at one temperature, for the first guess.

        `T` (cases,): in K.
        Returns (cases,): in W/K.
        """
        return self.table.evaluate(self.table.conductivity, T) * self.per_length

    def scaled(self, current: Array) -> Array:
        """j = J L in A/m at a current in A (cases,)."""
        return self.sign * current * self.length / self.area

    def loss(self, ambient: Array) -> ScaledLoss | None:
        """Side loss scaled by the length, or None.

        `ambient` (cases,): temperature of the surroundings in K.
        Returns: w L^2 in W/m: coefficients in W/(m K) and W/(m K4); None for an adiabatic segment.
        """
        if not (np.any(self.convection) or np.any(self.radiation)):
            return None
        one = np.ones_like(ambient) * self.length**2
        return ScaledLoss(self.convection * one, self.radiation * one, ambient)

    def averages(self, Ta: Array, Tb: Array) -> tuple[Array, Array, Array]:
        """S, rho and kappa averaged over Ta ... Tb.

        `Ta`, `Tb` (cases,): in K.
        Returns `S, rho, kappa` (cases,): in V/K, ohm m and W/(m K): int S dT/(Ta - Tb), and so on.
        """
        S, rho, kappa = (
            _average(self.table, Ta, Tb, p)[0] for p in ("seebeck", "resistivity", "conductivity")
        )
        return S, rho, kappa

    def flow(
        self,
        Ta: Array,
        Tb: Array,
        current: Array,
        ambient: Array,
        tolerance: float | Array,
        start: Array | None,
    ) -> Flow:
        """Exact flow with temperature-dependent properties.

        `Ta`, `Tb` (cases,): temperatures of the nodes a and b in K.
        `current` (cases,): current I of the circuit in A.
        `ambient` (cases,): temperature of the surroundings in K.
        `tolerance` (cases,): relative error allowed in each integration step.
        `start` (cases,): earlier values of c in W/m from which to begin, NaN where there is none.
        Returns: in W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
        """
        j = self.scaled(current)
        state = segment.solve(self.table, Ta, Tb, j, self.loss(ambient), tolerance, start)
        return self.flow_of(state, Ta, Tb, current)

    def flow_of(self, x: SegmentState, Ta: Array, Tb: Array, current: Array) -> Flow:
        r"""Flow of a segment that is solved already.

        With the unknowns c and r of `SegmentState`, :math:`s(T) = \int S\,dT` and n segments of area A,

        .. math:: Q_a = \frac{nA}{L}\left[c + j s(T_a)\right], \quad
                  Q_b = \frac{nA}{L}\left[c + j^2 r - w + j s(T_b)\right], \quad
                  V = \pm n\left[s(T_a) - s(T_b) - j r\right].

        `x`: solved at these temperatures and this current.
        `Ta`, `Tb` (cases,): temperatures of the nodes a and b in K.
        `current` (cases,): current I of the circuit in A.
        Returns: in W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
        """
        table, per = self.table, self.per_length
        j = self.scaled(current)
        (sa, Sa), (sb, Sb) = (table.seebeck_with_integral(T) for T in (Ta, Tb))
        jj, dj = j * j, self.sign * self.length / self.area
        zero = np.zeros_like(j)
        return Flow(
            leaving=per * (x.c + j * sa),
            reaching=per * (x.c + jj * x.r - x.loss + j * sb),
            voltage=self.count * self.sign * (sa - sb - j * x.r),
            d_leaving=per * np.array([x.c_T0 + j * Sa, x.c_T1, (x.c_j + sa) * dj]),
            d_reaching=per
            * np.array(
                [
                    x.c_T0 + jj * x.r_T0 - x.loss_T0,
                    x.c_T1 + jj * x.r_T1 - x.loss_T1 + j * Sb,
                    (x.c_j + jj * x.r_j + 2 * j * x.r - x.loss_j + sb) * dj,
                ]
            ),
            d_voltage=self.count
            * self.sign
            * np.array([Sa - j * x.r_T0, -Sb - j * x.r_T1, -(x.r + j * x.r_j) * dj + zero]),
            code=x.code,
            error=per * x.error,
            state=x,
        )

    def ideal_flow(self, Ta: Array, Tb: Array, current: Array) -> Flow:
        r"""Constant-property formulas with S, rho and kappa averaged over Ta ... Tb; no side loss.

        .. math:: Q_{a,b} = \frac{nA}{L}\left[\bar\kappa(T_a - T_b) + j\bar S T_{a,b}
                  \mp \frac{j^2\bar\rho}{2}\right], \qquad V = \pm n\left[\bar S(T_a - T_b) - j\bar\rho\right]

        `Ta`, `Tb` (cases,): temperatures of the nodes a and b in K.
        `current` (cases,): current I of the circuit in A.
        Returns: in W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases. Cases outside
            the table have the code OUTSIDE.
        """
        table, per = self.table, self.per_length
        j = self.scaled(current)
        dj = self.sign * self.length / self.area
        S, S_a, S_b = _average(table, Ta, Tb, "seebeck")
        r, r_a, r_b = _average(table, Ta, Tb, "resistivity")
        k, k_a, k_b = _average(table, Ta, Tb, "conductivity")
        d, half = Ta - Tb, 0.5 * j * j
        common = np.array([k + k_a * d, -k + k_b * d])
        low, high = table.limits
        inside = (np.minimum(Ta, Tb) >= low - 1e-9) & (np.maximum(Ta, Tb) <= high + 1e-9)
        return Flow(
            leaving=per * (k * d + j * S * Ta - half * r),
            reaching=per * (k * d + j * S * Tb + half * r),
            voltage=self.count * self.sign * (S * d - j * r),
            d_leaving=per
            * np.array(
                [
                    common[0] + j * (S + S_a * Ta) - half * r_a,
                    common[1] + j * S_b * Ta - half * r_b,
                    (S * Ta - j * r) * dj,
                ]
            ),
            d_reaching=per
            * np.array(
                [
                    common[0] + j * S_a * Tb + half * r_a,
                    common[1] + j * (S + S_b * Tb) + half * r_b,
                    (S * Tb + j * r) * dj,
                ]
            ),
            d_voltage=self.count
            * self.sign
            * np.array([S + S_a * d - j * r_a, -S + S_b * d - j * r_b, -r * dj]),
            code=np.where(inside, OK, OUTSIDE),
            error=np.zeros_like(j),
        )


def solve_all(
    legs: Sequence[Thermoelement],
    T: Array,
    current: Array,
    ambient: Array,
    tolerance: float | Array,
    starts: Sequence[Array],
) -> list[SegmentState]:
    """Segments at node temperatures; those of one table are cases of one solution.

    `T` (nodes, cases): in K.
    `current`, `ambient` (cases,): in A and K.
    `tolerance` (cases,): relative error allowed in each integration step.
    `starts` (cases,): earlier values of c in W/m from which to begin, NaN where there is none.
    Returns: in the order of the legs.
    """
    losses = [leg.loss(ambient) for leg in legs]
    alike: dict[tuple[int, bool], list[int]] = {}
    for k, (leg, loss) in enumerate(zip(legs, losses, strict=True)):
        alike.setdefault((id(leg.table), loss is None), []).append(k)
    n, found = len(current), {}
    for which in alike.values():
        parts = [(T[legs[k].a], T[legs[k].b], legs[k].scaled(current), starts[k]) for k in which]
        T0, T1, j, start = (np.concatenate(p) for p in zip(*parts, strict=True))
        given = [loss for k in which if (loss := losses[k]) is not None]
        loss = ScaledLoss(*map(np.concatenate, zip(*given, strict=True))) if given else None
        each = np.tile(np.broadcast_to(tolerance, n), len(which))
        x = segment.solve(legs[which[0]].table, T0, T1, j, loss, each, start)
        found |= {k: x.select(slice(m * n, (m + 1) * n)) for m, k in enumerate(which)}
    return [found[k] for k in range(len(legs))]


def _average(
    table: PropertyTable | TableChoice, Ta: Array, Tb: Array, what: str
) -> tuple[Array, Array, Array]:
    """Mean of a property over Ta ... Tb and its derivatives to Ta and Tb."""
    if isinstance(table, TableChoice):
        out = np.empty((3, len(Ta)))
        for k, one in enumerate(table.found):
            here = table.index == k
            out[:, here] = _average(one, Ta[here], Tb[here], what)
        return out[0], out[1], out[2]
    if what == "resistivity":
        at_a, at_b = table.resistivity(Ta), table.resistivity(Tb)
        whole = table.resistivity_integral(Ta) - table.resistivity_integral(Tb)
    else:
        cells, total = {
            "seebeck": (table.seebeck, table.seebeck_integral),
            "conductivity": (table.conductivity, table.heat_integral),
        }[what]
        at_a, at_b = table.evaluate(cells, Ta), table.evaluate(cells, Tb)
        whole = table.evaluate(total, Ta) - table.evaluate(total, Tb)
    d = Ta - Tb
    flat = np.abs(d) < 1e-6
    safe = np.where(flat, 1.0, d)
    mean = np.where(flat, 0.5 * (at_a + at_b), whole / safe)
    return mean, np.where(flat, 0.0, (at_a - mean) / safe), np.where(flat, 0.0, (mean - at_b) / safe)
