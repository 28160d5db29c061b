"""Colours and line styles of the families that are drawn together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.report.text import printed
from ioffe.result.steady import Result

__all__ = ["AXIS_SYMBOLS", "Styles", "ordered_colours", "styles_of"]

Array = NDArray[np.float64]
Dash = Literal["-", "--", "-.", ":"]
AXIS_SYMBOLS = {"T_hot": r"$T_\mathrm{h}$", "T_cold": r"$T_\mathrm{c}$", "heat": "$Q$"}
AXIS_QUANTITIES = {"T_hot": "T_hot", "T_cold": "T_cold", "heat": "heat"}
GREY = "#3a3a3a"


@dataclass(frozen=True)
class Styles:
    """One colour for each value of the first axis of temperatures, one dash for each of the second."""

    axes: dict[str, list[float]]
    colours: dict[tuple[str, float], str]
    dashes: dict[tuple[str, float], Dash]
    common: str
    """Temperatures that all families share, in words."""

    def colour(self, at: dict[str, float], other: str = GREY) -> str:
        """Colour of a family, or another one where the axis does not vary."""
        found = [self.colours[key] for key in at.items() if key in self.colours]
        return found[0] if found else other

    def dash(self, at: dict[str, float]) -> Dash:
        """Line style of a family."""
        found: list[Dash] = [self.dashes[key] for key in at.items() if key in self.dashes]
        return found[0] if found else "-"

    def entries(self, most: int = 7) -> list[tuple[str, str, Dash]]:
        """Label, colour and line style of a legend; of more than `most` values an even choice."""
        out = []
        for name, values in self.axes.items():
            chosen = values
            if len(values) > most:
                chosen = [values[round(k)] for k in np.linspace(0, len(values) - 1, most).tolist()]
            families = [(value, {name: value}) for value in chosen]
            out += [(_equation(name, v), self.colour(at), self.dash(at)) for v, at in families]
        return out


def styles_of(main: Result, other: Result | None = None) -> Styles:
    """Colours and dashes for the families of one or two results that are drawn together."""
    axes: dict[str, Array] = {}
    for result in filter(None, (main, other)):
        for name, values in result.maxima_axes.items():
            axes[name] = np.unique(np.concatenate([axes.get(name, np.empty(0)), values]))
    varying = {name: values.tolist() for name, values in axes.items() if len(values) > 1}
    first, *rest = varying or [""]
    values = varying.get(first, [])
    colours = {(first, v): c for v, c in zip(values, ordered_colours(len(values)), strict=True)}
    cycle: list[Dash] = ["-", "--", "-.", ":"]
    dashes: dict[tuple[str, float], Dash] = {
        (name, v): cycle[i % len(cycle)] for name in rest for i, v in enumerate(varying[name])
    }
    return Styles(varying, colours, dashes, _common(main, varying))


def _common(result: Result, varying: dict[str, list[float]]) -> str:
    """Temperatures that are one number in the conditions of a result."""
    fixed = {n: getattr(result.conditions, n) for n in ("T_hot", "T_cold") if n not in varying}
    return ", ".join(_equation(n, float(np.ravel(v)[0])) for n, v in fixed.items() if v is not None)


def _equation(name: str, value: float) -> str:
    return f"{AXIS_SYMBOLS[name]} = {printed(value, AXIS_QUANTITIES[name], 5)}"


def ordered_colours(count: int) -> list[str]:
    """Colours from cold to hot that stay in order for colour-blind readers and in grey print.

    Examples
    --------
    >>> ordered_colours(1), len(set(ordered_colours(9)))
    (['#b12a90'], 9)
    """
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    shades = [0.4] if count == 1 else np.linspace(0.04, 0.82, count)
    return [to_hex(colormaps["plasma"](float(s))) for s in shades]
