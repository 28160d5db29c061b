r"""A device as balances of heat at nodes: the equations that are exported, as text and as numbers.

A leg is cut into cells. In one of them, from u to v, with :math:`\Theta = \int\kappa\,dT`

.. math::
    Q = \frac{A}{d}(\Theta_u - \Theta_v) + \frac{I}{2}[T_u S(T_u) + T_v S(T_v)], \quad
    V = \int_{T_v}^{T_u} S\,dT - I R, \quad Q_u = Q + \frac{V I}{2}, \quad Q_v = Q - \frac{V I}{2},

with R at the mean temperature: the first law holds exactly, and dS/dT appears nowhere. The text is arithmetic
of numbers, of the temperatures ``T0``, ``T1`` ... of the nodes in K and ``X0`` ... scaled to the range of the
polynomials, of the current ``I`` that leaves the positive terminal, and of functions of them.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ioffe.engine.elements import Exchange, Joule, Link, Plate
from ioffe.engine.table import PropertyTable
from ioffe.engine.thermoelement import Thermoelement
from ioffe.export.functions import PropertyPolynomial, fit, literal
from ioffe.solve.assemble import Assembly

CELLS: Final = 10
"""Cells of a leg; its segments share them."""
LAYER_CELLS: Final = 2
"""Cells of a layer."""


GROUND: Final = -1
"""In place of a node: the surroundings."""


@dataclass
class CompactEquations:
    """Nodes, heat between them, what drives the current.

    Attributes
    ----------
    capacities : list of float
        Heat capacity of each node in J/K; node 0 is the hot, node 1 the cold pin.
    flows : list of tuple of int, int and str
        Heat in W from one node to another, or to `GROUND`.
    sources : list of tuple of str and tuple
        Voltages in V whose sum is that of the positive against the negative terminal, and the nodes that give
        their power, each with its share.
    functions : dict of str to PropertyPolynomial
        By name: S, rho and kappa of the materials, all of one range of temperatures.
    """

    capacities: list[float] = field(default_factory=lambda: [0.0, 0.0])
    flows: list[tuple[int, int, str]] = field(default_factory=list)
    sources: list[tuple[str, tuple[tuple[int, float], ...]]] = field(default_factory=list)
    functions: dict[str, PropertyPolynomial] = field(default_factory=dict)

    def node(self) -> int:
        """Number of a new node."""
        self.capacities.append(0.0)
        return len(self.capacities) - 1

    def known(self) -> dict[str, Callable[..., Any]]:
        """Functions that occur in the text: ``s1`` of x, and its integral ``is1`` of T and x."""
        found: dict[str, Callable[..., Any]] = {}
        for name, one in self.functions.items():
            found |= {name: one.of, f"i{name}": one.integrated}
        return found

    def evaluate(self, T: Any, current: Any) -> tuple[Any, Any]:
        """Heat that leaves each node, and the voltage.

        `T` (nodes, ..., cases): in K; complex ones give derivatives.
        `current` (cases,): in A.
        Returns (nodes, ..., cases): in W and V.
        """
        scale = next(iter(self.functions.values()))
        values = {f"T{k}": one for k, one in enumerate(T)} | {"I": current}
        values |= {f"X{k}": scale.scaled(one) for k, one in enumerate(T)}
        known = self.known()
        leaving = np.zeros_like(T + 0.0 * current)
        voltage = np.zeros_like(leaving[0])
        for a, b, text in self.flows:
            heat = number(_parsed(text), values, known)
            for node, sign in ((a, 1.0), (b, -1.0)):
                if node != GROUND:
                    leaving[node] += sign * heat
        for text, shares in self.sources:
            one = number(_parsed(text), values, known)
            voltage = voltage + one
            for node, share in shares:
                leaving[node] += share * one * current
        return leaving, voltage


_OPERATORS: Final = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_PARSED: dict[str, ast.expr] = {}


def _parsed(text: str) -> ast.expr:
    if text not in _PARSED:
        _PARSED[text] = ast.parse(text, mode="eval").body
    return _PARSED[text]


def number(text: ast.expr, values: Mapping[str, Any], known: Mapping[str, Callable[..., Any]]) -> Any:
    """Value of a text of arithmetic.

    `text`: parsed.
    `values`: of the variables.
    `known`: functions.
    Returns: a number or an array.
    """
    if isinstance(text, ast.BinOp):
        left, right = number(text.left, values, known), number(text.right, values, known)
        return _OPERATORS[type(text.op)](left, right)
    if isinstance(text, ast.UnaryOp):
        return -number(text.operand, values, known)
    if isinstance(text, ast.Call):
        assert isinstance(text.func, ast.Name)
        return known[text.func.id](*(number(one, values, known) for one in text.args))
    if isinstance(text, ast.Name):
        return values[text.id]
    assert isinstance(text, ast.Constant)
    return text.value


def equations_of(
    assembly: Assembly,
    limits: tuple[float, float],
    capacities: Mapping[int, PropertyTable],
    ambient: float | None,
    cells: int = CELLS,
) -> CompactEquations:
    """Equations of a device.

    `assembly`: its network.
    `limits`: range of temperatures in K for the polynomials.
    `capacities`: heat capacity by volume of materials by their `id`; those that are missing store no heat.
    `ambient`: temperature of the surroundings in K.
    `cells`: cells of a leg.
    Returns: of the whole device, with all of its couples.
    """
    return _Writer(assembly, limits, capacities, ambient, cells).written()


class _Writer:
    def __init__(
        self,
        assembly: Assembly,
        limits: tuple[float, float],
        capacities: Mapping[int, PropertyTable],
        ambient: float | None,
        cells: int,
    ) -> None:
        self.assembly, self.limits, self.capacities, self.ambient = assembly, limits, capacities, ambient
        self.cells = cells
        self.out = CompactEquations()
        self.count = float(assembly.couples)
        self.names: dict[tuple[str, int], str] = {}

    def written(self) -> CompactEquations:
        """Everything."""
        network = self.assembly.network
        numbers = {network.hot: 0, network.cold: 1}
        for k in range(network.nodes):
            if k not in numbers and k != network.ambient:
                numbers[k] = self.out.node()
        self.numbers = numbers
        materials = {}
        for piece in self.assembly.pieces:
            element = network.legs[piece.leg_index] if piece.leg_index >= 0 else piece.element
            materials[id(element)] = piece.material
        for element in (*network.legs, *network.passive):
            capacity = self.capacities.get(id(materials.get(id(element))))
            if isinstance(element, Thermoelement):
                own = [float(e.length) for e in network.legs if np.sign(e.sign) == np.sign(element.sign)]
                share = float(element.length) / sum(own)
                self._chain(element, max(3, round(self.cells * share)), capacity)
            elif isinstance(element, Plate):
                self._chain(element, LAYER_CELLS if capacity is not None else 1, capacity)
            else:
                self._link(element)
        for source in network.joule:
            self._source(source)
        return self.out

    def _temperature(self, node: int) -> str:
        ambient = node == self.assembly.network.ambient
        return literal(self.ambient or 0.0) if ambient else f"T{self.numbers[node]}"

    def _number(self, node: int) -> int:
        return self.numbers.get(node, GROUND)

    def _function(self, kind: str, table: PropertyTable) -> str:
        """Name of the function of a property of a material."""
        key = kind, id(table)
        if key not in self.names:
            name = f"{kind}{1 + sum(k == kind for k, _ in self.names)}"
            curves = {
                "s": lambda T: table.evaluate(table.seebeck, T),
                "r": table.resistivity,
                "k": lambda T: table.evaluate(table.conductivity, T),
            }
            self.names[key] = name
            self.out.functions[name] = fit(name, curves[kind], self.limits)
        return self.names[key]

    def _chain(self, element: Thermoelement | Plate, cells: int, capacity: PropertyTable | None) -> None:
        """Cells of a segment or a layer, and what they store."""
        count = self.count * float(getattr(element, "count", 1.0))
        area, step = float(element.area), float(element.length) / cells
        ends = [
            self.numbers[element.a],
            *(self.out.node() for _ in range(cells - 1)),
            self.numbers[element.b],
        ]
        kappa = self._function("k", element.table)
        stored = 0.0
        if capacity is not None:
            middle = np.array([0.5 * sum(self.limits)])
            stored = count * area * step * float(capacity.evaluate(capacity.conductivity, middle)[0])
        for u, v in pairwise(ends):
            self.out.capacities[u] += 0.5 * stored
            self.out.capacities[v] += 0.5 * stored
            conducted = f"{count * area / step!r}*(i{kappa}(T{u},X{u})-i{kappa}(T{v},X{v}))"
            if isinstance(element, Plate):
                self.out.flows.append((u, v, conducted))
            else:
                self._cell(element, u, v, conducted, count, step)

    def _cell(
        self, element: Thermoelement, u: int, v: int, conducted: str, count: float, step: float
    ) -> None:
        """Heat, current and losses of a cell of a leg."""
        s, r = self._function("s", element.table), self._function("r", element.table)
        sign = literal(float(element.sign) * count)
        R = f"{count * float(element.sign) ** 2 * step / float(element.area)!r}*{r}(0.5*(X{u}+X{v}))"
        self.out.flows.append((u, v, f"{conducted}+0.5*{sign}*I*(T{u}*{s}(X{u})+T{v}*{s}(X{v}))"))
        voltage = f"{sign}*(i{s}(T{u},X{u})-i{s}(T{v},X{v}))-I*{R}"
        self.out.sources.append((voltage, ((u, 0.5), (v, 0.5))))
        volume, middle = count * float(element.area) * step, f"(0.5*(T{u}+T{v}))"
        lost = []
        if np.any(element.convection):
            factor = 0.5 * volume * float(element.convection)
            lost.append(f"{factor!r}*({middle}-{self.ambient!r})")
        if np.any(element.radiation):
            assert self.ambient is not None
            factor = 0.5 * volume * float(element.radiation)
            lost.append(f"{factor!r}*({_fourth(middle)}-{self.ambient**4!r})")
        if lost:
            self.out.flows += [(u, GROUND, "+".join(lost)), (v, GROUND, "+".join(lost))]

    def _link(self, element: Link | Exchange) -> None:
        a, b = (self._temperature(node) for node in (element.a, element.b))
        ends = self._number(element.a), self._number(element.b)
        if isinstance(element, Exchange):
            k = self.count * float(element.coefficient)
            self.out.flows.append((*ends, f"{k!r}*({_fourth(a)}-{_fourth(b)})"))
            return
        self.out.flows.append((*ends, f"{self.count * float(element.heat_conductance)!r}*({a}-{b})"))
        joule = self.count * float(element.joule)
        if joule:
            self.out.sources.append((f"(-I)*{joule!r}", ((ends[0], 0.5), (ends[1], 0.5))))

    def _source(self, source: Any) -> None:
        node = self._number(source.node)
        if isinstance(source, Joule):
            R = repr(self.count * float(source.resistance))
        else:
            each = ((float(t), self._function("r", table)) for table, t in source.sheets)
            sheets = "+".join(f"{thickness!r}/{name}(X{node})" for thickness, name in each)
            R = f"{self.count * float(source.squares)!r}/({sheets})"
        self.out.sources.append((f"(-I)*({R})", ((node, 1.0),)))


def _fourth(text: str) -> str:
    return "*".join([text] * 4)
