"""What may join two temperature nodes: segments, plates, resistances, radiation; and Joule sources.

Every number of an element is one for all cases, or an array with one for each case (cases,).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from ioffe.engine.table import Array, Indices, PropertyTable, TableChoice
from ioffe.engine.thermoelement import Flow, Number, Thermoelement

Element = TypeVar("Element", bound="Thermoelement | Passive | Source | Jump")


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

        `T` (cases,): in K.
        Returns (cases,): in W/K.
        """
        return self.table.evaluate(self.table.conductivity, T) * self.area / self.length

    def flow(self, Ta: Array, Tb: Array, current: Array, low: Array) -> Flow:
        """Heat between the two nodes; `low` refines Ta - Tb below rounding.

        `Ta`, `Tb` (cases,): temperatures of the nodes a and b in K.
        `current` (cases,): current I of the circuit in A.
        `low` (cases,): what Ta - Tb has lost to rounding, in K.
        Returns: in W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
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

        `T` (cases,): in K.
        Returns (cases,): in W/K.
        """
        return np.zeros_like(T) + self.heat_conductance

    def flow(self, Ta: Array, Tb: Array, current: Array, low: Array) -> Flow:
        """Heat between the two nodes; `low` refines Ta - Tb below rounding.

        `Ta`, `Tb` (cases,): temperatures of the nodes a and b in K.
        `current` (cases,): current I of the circuit in A.
        `low` (cases,): what Ta - Tb has lost to rounding, in K.
        Returns: in W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
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

        `T` (cases,): in K.
        Returns (cases,): in W/K.
        """
        return 4.0 * self.coefficient * T**3

    def flow(self, Ta: Array, Tb: Array, current: Array, low: Array) -> Flow:
        """Heat between the two nodes; `low` refines Ta - Tb below rounding.

        `Ta`, `Tb` (cases,): temperatures of the nodes a and b in K.
        `current` (cases,): current I of the circuit in A.
        `low` (cases,): what Ta - Tb has lost to rounding, in K.
        Returns: in W, V, and W/K, V/K, W/A, V/A; every array ends with the axis of the cases.
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

        `T` (cases,): temperature of the node in K.
        Returns `resistance, slope` (cases,): in ohm and ohm/K.
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

        `T` (cases,): temperature of the node in K.
        Returns `resistance, slope` (cases,): in ohm and ohm/K.
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


def tables(element: AnyElement) -> list[PropertyTable | TableChoice]:
    """Property tables of an element."""
    if isinstance(element, Sheet):
        return [table for table, _ in element.sheets]
    return [element.table] if isinstance(element, Thermoelement | Plate) else []


def varies(element: AnyElement) -> bool:
    """Whether a number or the table of the element differs from case to case."""
    chosen = any(isinstance(table, TableChoice) for table in tables(element))
    return chosen or any(isinstance(v, np.ndarray) for v in numbers(element))


def take(element: Element, cases: Indices) -> Element:
    """The element for some of the cases.

    `cases`: indices of the cases.
    Returns: numbers that are one for all cases stay as they are.
    """
    changes: dict[str, Any] = {k: v[cases] for k, v in vars(element).items() if isinstance(v, np.ndarray)}
    changes |= {k: v.take(cases) for k, v in vars(element).items() if isinstance(v, TableChoice)}
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
