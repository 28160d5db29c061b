"""A subcircuit for SPICE: temperatures are voltages (1 V for 1 K), heat is current (1 A for 1 W).

Behavioural sources, ``.func``, ``min`` and ``max`` in the spelling of ngspice, which LTspice shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ioffe.export.equations import GROUND, CompactEquations
from ioffe.export.functions import horner

WIDTH: Final = 100
_VARIABLE: Final = re.compile(r"\b([TX])(\d+)\b|\bI\b")


def subcircuit(name: str, equations: CompactEquations, start: float, remarks: Sequence[str]) -> str:
    """Text of a subcircuit.

    `name`: of the subcircuit: letters, digits and underscores.
    `equations`: what it computes.
    `start`: usual value of its parameter T0: the temperature in K from which an operating point is looked
        for, and at which everything begins if a transient analysis uses initial conditions.
    `remarks`: comments at its head.
    Returns: pins: ``plus``, ``minus``, ``hot``, ``cold``; the last two against node 0 in V for K.
    """
    lines = [f"* {text}" for text in remarks]
    lines.append(f".subckt {name} plus minus hot cold T0={start!r}")
    lines += _functions(equations)
    lines += _elements(equations)
    lines.append(f".ends {name}")
    return "\n".join(part for line in lines for part in _wrapped(line)) + "\n"


def _functions(equations: CompactEquations) -> Iterator[str]:
    """The functions that occur; all have one range of temperatures."""
    for one in equations.functions.values():
        name = one.name
        yield f".func {name}(x) {{{horner(one.coefficients, 'x')}}}"
        if one.is_integrated:
            beyond = f"{name}(x)*(t-{one.middle!r}-{one.half!r}*x)"
            yield f".func i{name}(t,x) {{{horner(one.integral, 'x')}+{beyond}}}"


def _elements(equations: CompactEquations) -> Iterator[str]:
    one = next(iter(equations.functions.values()))
    for k in range(len(equations.capacities)):
        scaled = f"(min(max(v({_node(k)}),{one.low!r}),{one.high!r})-{one.middle!r})/{one.half!r}"
        yield f"Bx{k} x{k} 0 V={{{scaled}}}"
    yield "Vi e0 plus 0"
    count = len(equations.sources)
    for k, (text, shares) in enumerate(equations.sources):
        after = "minus" if k == count - 1 else f"e{k + 1}"
        yield f"Be{k} e{k} {after} V={{{_spelled(text)}}}"
        for node, share in shares:
            yield f"Bp{k}_{node} {_node(node)} 0 I={{{share!r}*(v(e{k})-v({after}))*i(Vi)}}"
    for k, (a, b, text) in enumerate(equations.flows):
        yield f"Bh{k} {_node(a)} {_node(b)} I={{{_spelled(text)}}}"
    for node, capacity in enumerate(equations.capacities):
        if capacity > 0.0:
            yield f"C{node} {_node(node)} 0 {capacity!r} IC={{T0}}"
    yield from (f".nodeset v({_node(k)})={{T0}}" for k in range(2, len(equations.capacities)))


def _node(number: int) -> str:
    return "0" if number == GROUND else ("hot", "cold")[number] if number < 2 else f"t{number}"


def _spelled(text: str) -> str:
    def spelled(match: re.Match[str]) -> str:
        kind, number = match.groups()
        if kind is None:
            return "i(Vi)"
        return f"v(x{number})" if kind == "X" else f"v({_node(int(number))})"

    return _VARIABLE.sub(spelled, text)


def _wrapped(line: str) -> Iterator[str]:
    """A long line in pieces that go on with a plus, broken behind an operator."""
    first = "* " if line.startswith("*") else "+ "
    while len(line) > WIDTH:
        at = max(line.rfind(sign, 2, WIDTH) for sign in "*, ") + 1
        if at <= 2:
            break
        yield line[:at].rstrip()
        line = first + line[at:].lstrip()
    yield line
