"""What may join two temperature nodes: segments, plates, resistances, radiation; and Joule sources.

Every number of an element is one for all cases, or an array with one for each case (cases,).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ioffe.engine import segment
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.state import OK, OUTSIDE, SegmentState
from ioffe.engine.table import Array, Indices, PropertyTable

Number = float | Array
"""One number for all cases, or one for each (cases,)."""
Element = TypeVar("Element", bound="Thermoelement | Passive | Source | Jump")


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

        Parameters
        ----------
        low_a, low_b : ndarray of shape (cases,)
            In K; the nodes are at Ta + low_a and Tb + low_b.
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
        S(T), rho(T) and kappa(T).
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

        Parameters
        ----------
        T : ndarray of shape (cases,)
            In K.

        Returns
        -------
        ndarray of shape (cases,)
            In W/K.
        """
        return self.table.evaluate(self.table.conductivity, T) * self.per_length

    def loss(self, ambient: Array) -> ScaledLoss | None:
        """Side loss scaled by the length, or None.

        Parameters
        ----------
        ambient : ndarray of shape (cases,)
            Temperature of the surroundings in K.

        Returns
        -------
        ScaledLoss or None
            w L^2 in W/m: coefficients in W/(m K) and W/(m K4); None for an adiabatic segment.
        """
        if not (np.any(self.convection) or np.any(self.radiation)):
            return None
        one = np.ones_like(ambient) * self.length**2
        return ScaledLoss(self.convection * one, self.radiation * one, ambient)

    def averages(self, Ta: Array, Tb: Array) -> tuple[Array, Array, Array]:
        """S, rho and kappa averaged over Ta ... Tb.

        Parameters
        ----------
        Ta, Tb : ndarray of shape (cases,)
            In K.

        Returns
        -------
        S, rho, kappa : ndarray of shape (cases,)
            In V/K, ohm m and W/(m K): int S dT/(Ta - Tb), and so on.
        """
        S, rho, kappa = (
            _average(self.table, Ta, Tb, p)[0] for p in ("seebeck", "resistivity", "conductivity")
        )
        return S, rho, kappa

    def flow(
        self, Ta: Array, Tb: Array, current: Array, ambient: Array, tolerance: float, start: Array | None
    ) -> Flow:
        """Exact flow with temperature-dependent properties.

        Parameters
        ----------
        Ta, Tb : ndarray of shape (cases,)
            Temperatures of the nodes a and b in K.
        current : ndarray of shape (cases,)
            Current I of the circuit in A.
        ambient : ndarray of shape (cases,)
            Temperature of the surroundings in K.
        tolerance : float
            Relative error allowed in each integration step.
        start : ndarray of shape (cases,), optional
            Earlier values of c in W/m from which to begin, NaN where there is none.

        Returns
        -------
        Flow
            In W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
        """
        j = self.sign * current * self.length / self.area
        state = segment.solve(self.table, Ta, Tb, j, self.loss(ambient), tolerance, start)
        return self.flow_of(state, Ta, Tb, current)

    def flow_of(self, x: SegmentState, Ta: Array, Tb: Array, current: Array) -> Flow:
        r"""Flow of a segment that is solved already.

        With the unknowns c and r of `SegmentState`, :math:`s(T) = \int S\,dT` and n segments of area A,

        .. math:: Q_a = \frac{nA}{L}\left[c + j s(T_a)\right], \quad
                  Q_b = \frac{nA}{L}\left[c + j^2 r - w + j s(T_b)\right], \quad
                  V = \pm n\left[s(T_a) - s(T_b) - j r\right].

        Parameters
        ----------
        x : SegmentState
            Solved at these temperatures and this current.
        Ta, Tb : ndarray of shape (cases,)
            Temperatures of the nodes a and b in K.
        current : ndarray of shape (cases,)
            Current I of the circuit in A.

        Returns
        -------
        Flow
            In W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
        """
        table, per = self.table, self.per_length
        j = self.sign * current * self.length / self.area
        sa, sb = (table.evaluate(table.seebeck_integral, T) for T in (Ta, Tb))
        Sa, Sb = (table.evaluate(table.seebeck, T) for T in (Ta, Tb))
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

        Parameters
        ----------
        Ta, Tb : ndarray of shape (cases,)
            Temperatures of the nodes a and b in K.
        current : ndarray of shape (cases,)
            Current I of the circuit in A.

        Returns
        -------
        Flow
            In W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
            Cases outside the table have the code OUTSIDE.
        """
        table, per = self.table, self.per_length
        j = self.sign * current * self.length / self.area
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


@dataclass(frozen=True, eq=False)
class Plate:
    r"""A passive layer, with :math:`Q = (A/d)\int_{T_b}^{T_a}\kappa\,dT`, exactly.

    Attributes
    ----------
    table : PropertyTable
        kappa(T).
    a, b : int
        Its nodes.
    length : float or ndarray of shape (cases,)
        Thickness d in m.
    area : float or ndarray of shape (cases,)
        A in m2.
    """

    table: PropertyTable
    a: int
    b: int
    length: Number
    area: Number

    def conductance(self, T: Array) -> Array:
        """Thermal conductance in W/K at one temperature, for the first guess.

        Parameters
        ----------
        T : ndarray of shape (cases,)
            In K.

        Returns
        -------
        ndarray of shape (cases,)
            In W/K.
        """
        return self.table.evaluate(self.table.conductivity, T) * self.area / self.length

    def flow(self, Ta: Array, Tb: Array, current: Array, low: Array) -> Flow:
        """Heat between the two nodes; `low` refines Ta - Tb below rounding.

        Parameters
        ----------
        Ta, Tb : ndarray of shape (cases,)
            Temperatures of the nodes a and b in K.
        current : ndarray of shape (cases,)
            Current I of the circuit in A.
        low : ndarray of shape (cases,)
            What Ta - Tb has lost to rounding, in K.

        Returns
        -------
        Flow
            In W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
        """
        t = self.table
        # Simpson's rule is exact for the cubic of one cell; across knots the integral is
        middle = t.evaluate(t.conductivity, 0.5 * (Ta + Tb))
        mean = (t.evaluate(t.conductivity, Ta) + 4.0 * middle + t.evaluate(t.conductivity, Tb)) / 6.0
        across = t.cell(Ta) != t.cell(Tb)
        if across.any():
            whole = t.evaluate(t.heat_integral, Ta) - t.evaluate(t.heat_integral, Tb)
            mean = np.where(across, whole / np.where(across, Ta - Tb, 1.0), mean)
        heat = self.area / self.length * mean * (Ta - Tb + low)
        return _passive(heat, self.conductance(Ta), -self.conductance(Tb))


@dataclass(frozen=True, eq=False)
class Link:
    """A thermal conductance K, with the heat of an electrical resistance R in it half to each side.

    Q_a = K (T_a - T_b) - I^2 R/2, Q_b = K (T_a - T_b) + I^2 R/2, V = -I R.

    Attributes
    ----------
    a, b : int
        Its nodes.
    heat_conductance : float or ndarray of shape (cases,)
        K in W/K.
    joule : float or ndarray of shape (cases,)
        R in ohm.
    """

    a: int
    b: int
    heat_conductance: Number
    joule: Number = 0.0

    def conductance(self, T: Array) -> Array:
        """Thermal conductance in W/K at one temperature, for the first guess.

        Parameters
        ----------
        T : ndarray of shape (cases,)
            In K.

        Returns
        -------
        ndarray of shape (cases,)
            In W/K.
        """
        return np.zeros_like(T) + self.heat_conductance

    def flow(self, Ta: Array, Tb: Array, current: Array, low: Array) -> Flow:
        """Heat between the two nodes; `low` refines Ta - Tb below rounding.

        Parameters
        ----------
        Ta, Tb : ndarray of shape (cases,)
            Temperatures of the nodes a and b in K.
        current : ndarray of shape (cases,)
            Current I of the circuit in A.
        low : ndarray of shape (cases,)
            What Ta - Tb has lost to rounding, in K.

        Returns
        -------
        Flow
            In W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
        """
        g = np.zeros_like(Ta) + self.heat_conductance
        out = _passive(g * (Ta - Tb + low), g, -g)
        if np.any(self.joule):
            half = 0.5 * current**2 * self.joule
            out.leaving = out.leaving - half
            out.reaching = out.reaching + half
            out.voltage = -current * self.joule
            out.d_leaving[2] = -current * self.joule
            out.d_reaching[2] = current * self.joule
            out.d_voltage[2] = -self.joule
        return out


@dataclass(frozen=True, eq=False)
class Exchange:
    """Radiation between two grey faces, Q = k (T_a^4 - T_b^4).

    Attributes
    ----------
    a, b : int
        Its nodes.
    coefficient : float or ndarray of shape (cases,)
        k in W/K4: sigma_SB times the area and the effective emissivity.
    """

    a: int
    b: int
    coefficient: Number

    def conductance(self, T: Array) -> Array:
        """Thermal conductance in W/K at one temperature, for the first guess.

        Parameters
        ----------
        T : ndarray of shape (cases,)
            In K.

        Returns
        -------
        ndarray of shape (cases,)
            In W/K.
        """
        return 4.0 * self.coefficient * T**3

    def flow(self, Ta: Array, Tb: Array, current: Array, low: Array) -> Flow:
        """Heat between the two nodes; `low` refines Ta - Tb below rounding.

        Parameters
        ----------
        Ta, Tb : ndarray of shape (cases,)
            Temperatures of the nodes a and b in K.
        current : ndarray of shape (cases,)
            Current I of the circuit in A.
        low : ndarray of shape (cases,)
            What Ta - Tb has lost to rounding, in K.

        Returns
        -------
        Flow
            In W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
        """
        k = self.coefficient
        heat = k * (Ta - Tb + low) * (Ta + Tb) * (Ta**2 + Tb**2)
        return _passive(heat, 4 * k * Ta**3, -4 * k * Tb**3)


@dataclass(frozen=True, eq=False)
class Jump:
    """A thermal resistance in K/W, which may be zero; it exists to be differentiated, not to be solved.

    Attributes
    ----------
    a, b : int
        Its nodes.
    resistance : float or ndarray of shape (cases,)
        In K/W.
    """

    a: int
    b: int
    resistance: Number


@dataclass(frozen=True, eq=False)
class Joule:
    """An electrical resistance in ohm that releases its heat at one node.

    Attributes
    ----------
    node : int
    resistance : float or ndarray of shape (cases,)
        In ohm.
    """

    node: int
    resistance: Number

    def ohm(self, T: Array) -> tuple[Array, Array]:
        """Resistance and its derivative to the temperature.

        Parameters
        ----------
        T : ndarray of shape (cases,)
            Temperature of the node in K.

        Returns
        -------
        resistance, slope : ndarray of shape (cases,)
            In ohm and ohm/K.
        """
        return np.zeros_like(T) + self.resistance, np.zeros_like(T)


@dataclass(frozen=True, eq=False)
class Sheet:
    """Conducting sheets in parallel at the temperature of one node: R = squares/sum(sigma thickness).

    Attributes
    ----------
    node : int
    squares : float or ndarray of shape (cases,)
        Length over width of the path, dimensionless.
    sheets : tuple of (PropertyTable, float or ndarray of shape (cases,))
        Material and thickness in m of each layer.
    """

    node: int
    squares: Number
    sheets: tuple[tuple[PropertyTable, Number], ...]

    def ohm(self, T: Array) -> tuple[Array, Array]:
        """Resistance and its derivative to the temperature.

        Parameters
        ----------
        T : ndarray of shape (cases,)
            Temperature of the node in K.

        Returns
        -------
        resistance, slope : ndarray of shape (cases,)
            In ohm and ohm/K.
        """
        step = 1e-3
        below, R, above = (self.squares / self._conductance(T + d) for d in (-step, 0.0, step))
        return R, (above - below) / (2.0 * step)

    def _conductance(self, T: Array) -> Array:
        total = np.zeros_like(T)
        for table, thickness in self.sheets:
            total = total + thickness / table.resistivity(T)
        return total


Passive = Plate | Link | Exchange
Source = Joule | Sheet
AnyElement = Thermoelement | Passive | Source | Jump


def nodes(element: AnyElement) -> tuple[int, ...]:
    """Nodes of an element, in the order of its fields."""
    return tuple(getattr(element, f.name) for f in fields(element) if f.type == "int")


def numbers(element: AnyElement) -> list[Number]:
    """Numbers of an element in the order of its fields, then the thickness of each layer of a sheet."""
    own = [getattr(element, f.name) for f in fields(element) if f.type == "Number"]
    return own + [thickness for _, thickness in element.sheets] if isinstance(element, Sheet) else own


def tables(element: AnyElement) -> list[PropertyTable]:
    """Property tables of an element."""
    if isinstance(element, Sheet):
        return [table for table, _ in element.sheets]
    return [element.table] if isinstance(element, Thermoelement | Plate) else []


def varies(element: AnyElement) -> bool:
    """Whether a number of the element differs from case to case."""
    return any(isinstance(v, np.ndarray) for v in numbers(element))


def take(element: Element, cases: Indices) -> Element:
    """The element for some of the cases.

    Parameters
    ----------
    element : Element
    cases : ndarray of int
        Indices of the cases.

    Returns
    -------
    Element
        Numbers that are one for all cases stay as they are.
    """
    changes: dict[str, Any] = {k: v[cases] for k, v in vars(element).items() if isinstance(v, np.ndarray)}
    if isinstance(element, Sheet):
        changes["sheets"] = tuple(
            (table, t[cases] if isinstance(t, np.ndarray) else t) for table, t in element.sheets
        )
    return replace(element, **changes)


def _passive(heat: Array, to_a: Array, to_b: Array) -> Flow:
    zero = np.zeros_like(heat)
    return Flow(
        heat, heat, zero, np.array([to_a, to_b, zero]), np.array([to_a, to_b, zero]), np.zeros((3, len(heat)))
    )


def _average(table: PropertyTable, Ta: Array, Tb: Array, what: str) -> tuple[Array, Array, Array]:
    """Mean of a property over Ta ... Tb and its derivatives to Ta and Tb."""
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
