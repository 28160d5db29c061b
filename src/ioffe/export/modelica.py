"""A model in Modelica 3.6 with the connectors of the Modelica Standard Library 4."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ioffe.export.equations import CompactEquations
from ioffe.export.functions import horner

PINS = (
    ("Modelica.Electrical.Analog.Interfaces.PositivePin plus", "Positive terminal"),
    ("Modelica.Electrical.Analog.Interfaces.NegativePin minus", "Negative terminal"),
    ("Modelica.Thermal.HeatTransfer.Interfaces.HeatPort_a hot", "Hot side"),
    ("Modelica.Thermal.HeatTransfer.Interfaces.HeatPort_b cold", "Cold side"),
)


def model(name: str, equations: CompactEquations, start: float, remarks: Sequence[str]) -> str:
    """Text of a model.

    `name`: of the model: letters, digits and underscores.
    `equations`: what it computes.
    `start`: temperature in K from which solvers begin.
    `remarks`: for the documentation of the model.
    """
    nodes = len(equations.capacities)
    lines = [f'model {name} "Thermoelectric device, exported by ioffe"']
    lines += [f'  {kind} "{words}";' for kind, words in PINS]
    lines.append('  Modelica.Units.SI.Current I "Current that leaves plus";')
    lines += [f"  Modelica.Units.SI.Temperature T{k}(start={start!r}, nominal=300);" for k in range(nodes)]
    lines += [f"  Real X{k}(start=0);" for k in range(nodes)]
    lines += [f"  Modelica.Units.SI.Voltage V{k};" for k in range(len(equations.sources))]
    lines += [f"  Modelica.Units.SI.HeatFlowRate Q{k};" for k in range(len(equations.flows))]
    lines.append("protected")
    lines += _functions(equations)
    lines.append("equation")
    lines += ["  plus.i + minus.i = 0;", "  I = -plus.i;", "  T0 = hot.T;", "  T1 = cold.T;"]
    one = next(iter(equations.functions.values()))
    for k in range(nodes):
        clipped = f"min(max(T{k}, {one.low!r}), {one.high!r})"
        lines.append(f"  X{k} = ({clipped}-{one.middle!r})/{one.half!r};")
    lines += [f"  V{k} = {text};" for k, (text, _) in enumerate(equations.sources)]
    lines.append(f"  plus.v - minus.v = {' + '.join(f'V{k}' for k in range(len(equations.sources)))};")
    lines += [f"  Q{k} = {text};" for k, (_, _, text) in enumerate(equations.flows)]
    for k, capacity in enumerate(equations.capacities):
        leaving = "0"
        for i, (a, b, _) in enumerate(equations.flows):
            leaving += f" + Q{i}" if a == k else f" - Q{i}" if b == k else ""
        for i, (_, shares) in enumerate(equations.sources):
            leaving += "".join(f" + {share!r}*V{i}*I" for node, share in shares if node == k)
        stored = f"{capacity!r}*der(T{k})" if capacity > 0.0 else "0"
        side = ("hot.Q_flow - ", "cold.Q_flow - ")[k] if k < 2 else "-"
        lines.append(f"  {stored} = {side}({leaving});")
    told = "<br>".join(text.replace("\\", "/").replace('"', "'") for text in remarks)
    lines.append(f'  annotation(Documentation(info="<html>{told}</html>"));')
    lines.append(f"end {name};")
    return "\n".join(part for line in lines for part in _wrapped(line)) + "\n"


def _functions(equations: CompactEquations) -> Iterator[str]:
    for one in equations.functions.values():
        yield from _function(one.name, ("x",), horner(one.coefficients, "x"))
        if one.is_integrated:
            beyond = f"{one.name}(x)*(t-{one.middle!r}-{one.half!r}*x)"
            yield from _function(f"i{one.name}", ("t", "x"), f"{horner(one.integral, 'x')}+{beyond}")


def _function(name: str, inputs: Sequence[str], text: str) -> Iterator[str]:
    yield f"  function {name}"
    yield from (f"    input Real {one};" for one in inputs)
    yield from ("    output Real y;", "  algorithm", f"    y := {text};", f"  end {name};")


def _wrapped(line: str) -> list[str]:
    """A long line in several; texts in quotes stay whole."""
    if '"' in line or len(line) <= 100:
        return [line]
    spaced = line.replace("*", " * ").replace("+", " + ") if "e+" not in line else line
    return textwrap.wrap(
        spaced, 100, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
    )
