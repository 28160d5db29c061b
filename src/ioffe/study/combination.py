"""Combinations of the numbers of a device, such as ``p.area / n.area``, as limits of a study.

Sums, differences, products and ratios of paths and numbers, with derivatives by the rules for these.

>>> from ioffe import Generator, Leg
>>> leg = Leg("Bi2Te3", "2 mm", "4 mm2")
>>> slender = Combination.read("length * length / area", leg, Generator(T_hot=400, T_cold=300), ["length"])
>>> values, slopes = slender.evaluate({"length": np.array([1e-3, 2e-3])})
>>> slender.kind, values.tolist(), slopes["length"].tolist()
('ratio', [0.25, 1.0], [500.0, 1000.0])
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import quantity
from ioffe.base.units.border import floats
from ioffe.base.units.parser import parse_unit
from ioffe.base.units.spelling import plain, split_number
from ioffe.base.units.symbols import DIMENSIONLESS, Dimension, base_unit_text
from ioffe.device.cascade import Cascade, named_legs
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import counts, meant, numbers, quantity_of, stretches
from ioffe.study.plan import is_of_device

Array = NDArray[np.float64]
Slopes = dict[str, Array]
MARKS: Final = re.compile(r"[-+*/()]")
"""What a combination has and the name of a quantity has not."""
KINDS: Final = ("length", "area", "volume", "delta_T", "ratio")
"""Quantities of combinations, one for each unit."""
LONGEST: Final = 400
"""Characters of a combination."""
_SIGNS: Final = {ast.Add: operator.add, ast.Sub: operator.sub}
_PRODUCTS: Final = {ast.Mult: 1, ast.Div: -1}


@dataclass(frozen=True)
class Combination:
    """A combination of numbers of a device.

    `text`: as it was written.
    `kind`: its quantity, one of `KINDS`.
    `fixed`: numbers in SI that the study does not vary, by their paths in the text.
    `moved`: variables of the study by the paths in the text.
    `tree`: how it is put together.
    """

    text: str
    kind: str
    fixed: Mapping[str, float]
    moved: Mapping[str, str]
    tree: ast.expr = field(repr=False, compare=False)

    @classmethod
    def read(
        cls, text: str, device: Leg | Module | Cascade, conditions: Conditions, variables: Iterable[str]
    ) -> Combination:
        """A combination as it is written, checked.

        `text`: such as ``"p.area / n.area"``.
        `device`, `conditions`: what has the numbers.
        `variables`: paths of what varies.
        Raises `InputError` if it is none, has an unknown path, adds different quantities, or moves with no
            variable.
        """
        tree = _tree(text)
        paths = _CombinedPaths(device, conditions, tuple(variables))
        dimension = _dimension(tree, paths.dimension)
        kind = next((one for one in KINDS if parse_unit(quantity(one).unit).dimension == dimension), "")
        if not kind:
            expected = "a length, an area, a volume, a temperature difference or a ratio is expected"
            raise InputError(Fault("", text, f"{expected}, not {base_unit_text(dimension)}"))
        if not paths.moved:
            raise InputError(Fault("", text, "a combination of what varies is expected"))
        return cls(text, kind, paths.fixed, paths.moved, tree)

    def bound(self, value: Any) -> float:
        """A limit in SI, which may be below zero, as that of a difference.

        `value`: in SI or with a unit.
        """
        parts = split_number(plain(value)) if isinstance(value, str) else None
        if parts is None:
            return float(floats(value))
        unit, wanted = parse_unit(parts[1] or "1"), parse_unit(quantity(self.kind).unit)
        if unit.dimension != wanted.dimension:
            raise InputError(Fault("", value, f"{quantity(self.kind).noun} is expected"))
        return float(parts[0] * unit.ratio)

    def evaluate(self, vary: Mapping[str, NDArray[Any]]) -> tuple[Array, Slopes]:
        """Values of devices, and their derivatives to the variables that move them.

        `vary`: values of the variables in SI, (n,).
        Returns: each (n,).
        """
        size = max(np.size(values) for values in vary.values())

        def at(path: str) -> tuple[Array, Slopes]:
            if path not in self.moved:
                return np.full(size, self.fixed[path]), {}
            values = np.broadcast_to(np.asarray(vary[self.moved[path]], float), (size,))
            return values, {self.moved[path]: np.ones(size)}

        return _evaluated(self.tree, at, size)

    def span(self, ends: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
        """Between which values it stays, by the arithmetic of intervals: perhaps wider than it can be.

        `ends`: least and largest value in SI of each variable.
        """

        def at(path: str) -> tuple[float, float]:
            return ends[self.moved[path]] if path in self.moved else (self.fixed[path], self.fixed[path])

        return _span(self.tree, at)


@dataclass(frozen=True)
class _CombinedPaths:
    """The paths in a combination, sorted into fixed numbers and those that vary."""

    device: Leg | Module | Cascade
    conditions: Conditions
    variables: tuple[str, ...]
    fixed: dict[str, float] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)

    def dimension(self, path: str) -> Dimension:
        """Powers of the SI base units of the number at a path."""
        full = meant(self.device, self.conditions, path)
        movers = {self._mover(one) for one in full}
        if full[0].endswith("material") or len(movers) > 1:
            advice = f"name {' or '.join(full)}" if len(full) > 1 else ""
            raise InputError(Fault("", path, "one number of the device is expected", advice))
        mover = movers.pop()
        if mover is not None:
            self.moved[path] = mover
        else:
            self.fixed[path] = self._value(path, full)
        kind = quantity_of(full[0], self.conditions)
        return parse_unit(quantity(kind).unit).dimension

    def _mover(self, full: str) -> str | None:
        """The variable that moves a number, if there is one."""
        for path in self.variables:
            if not is_of_device(path):
                continue
            for other in meant(self.device, self.conditions, path):
                if other == full:
                    return path
                if stretches(full, other) or stretches(other, full):
                    expected = f"{other}, which varies, is expected in place of it"
                    raise InputError(Fault("", full, expected))
        return None

    def _value(self, path: str, full: tuple[str, ...]) -> float:
        known = numbers(self.device, self.conditions)
        known |= {f"{prefix}length": leg.length for prefix, leg in named_legs(self.device)}
        known |= counts(self.device)
        values = {known[one] for one in full if one in known}
        if len(values) != 1:
            raise InputError(Fault("", path, "a number that the device states is expected"))
        return values.pop()


def _tree(text: str) -> ast.expr:
    wrong = Fault("", text, "sums, products and ratios of numbers of the device are expected")
    if len(text) > LONGEST:
        raise InputError(wrong)
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError(wrong) from None


def _leaf(node: ast.expr) -> float | str | None:
    """A number, a path, or None for what is put together of these."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value is not True:
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in {**_SIGNS, **_PRODUCTS}:
        return None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return None
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return ast.unparse(node)
    raise InputError(Fault("", ast.unparse(node), "a number of the device, or +, -, * or / is expected"))


def _dimension(node: ast.expr, of_path: Callable[[str], Dimension]) -> Dimension:
    leaf = _leaf(node)
    if isinstance(leaf, float):
        return DIMENSIONLESS
    if isinstance(leaf, str):
        return of_path(leaf)
    if isinstance(node, ast.UnaryOp):
        return _dimension(node.operand, of_path)
    assert isinstance(node, ast.BinOp)
    left, right = (_dimension(one, of_path) for one in (node.left, node.right))
    if type(node.op) in _PRODUCTS:
        power = _PRODUCTS[type(node.op)]
        found: Any = tuple(a + power * b for a, b in zip(left, right, strict=True))
        return found
    if left != right:
        units = " and ".join(base_unit_text(one) or "1" for one in (left, right))
        raise InputError(Fault("", ast.unparse(node), f"quantities of one unit are expected, not {units}"))
    return left


def _evaluated(node: ast.expr, at: Callable[[str], tuple[Array, Slopes]], size: int) -> tuple[Array, Slopes]:
    leaf = _leaf(node)
    if isinstance(leaf, float):
        return np.full(size, leaf), {}
    if isinstance(leaf, str):
        return at(leaf)
    if isinstance(node, ast.UnaryOp):
        values, slopes = _evaluated(node.operand, at, size)
        return -values, {path: -slope for path, slope in slopes.items()}
    assert isinstance(node, ast.BinOp)
    (left, by_left), (right, by_right) = (_evaluated(one, at, size) for one in (node.left, node.right))
    one: Any = np.ones(size)
    if type(node.op) in _SIGNS:
        sign = _SIGNS[type(node.op)]
        values, on_left, on_right = sign(left, right), one, sign(0.0, one)
    elif isinstance(node.op, ast.Mult):
        values, on_left, on_right = left * right, right, left
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = left / right
            on_left, on_right = one / right, -values / right
    slopes = {path: on_left * slope for path, slope in by_left.items()}
    for path, slope in by_right.items():
        slopes[path] = slopes.get(path, 0.0) + on_right * slope
    return values, slopes


def _span(node: ast.expr, at: Callable[[str], tuple[float, float]]) -> tuple[float, float]:
    leaf = _leaf(node)
    if isinstance(leaf, float):
        return leaf, leaf
    if isinstance(leaf, str):
        return at(leaf)
    if isinstance(node, ast.UnaryOp):
        low, high = _span(node.operand, at)
        return -high, -low
    assert isinstance(node, ast.BinOp)
    (a, b), (c, d) = (_span(one, at) for one in (node.left, node.right))
    if isinstance(node.op, ast.Add):
        return a + c, b + d
    if isinstance(node.op, ast.Sub):
        return a - d, b - c
    if isinstance(node.op, ast.Div):
        if c <= 0.0 <= d:
            return -np.inf, np.inf
        c, d = 1.0 / d, 1.0 / c
    corners = a * c, a * d, b * c, b * d
    return min(corners), max(corners)
