"""Tornados and bands of a propagation of errors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ioffe.base.plotting import plain_words, unit_label
from ioffe.base.quantities import quantity
from ioffe.base.units import convert
from ioffe.report.life_figure import place_of
from ioffe.report.text import axis, in_unit, readable_unit
from ioffe.study.uncertainty_result import UncertaintyResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

BARS: Final = 12
"""Inputs of a tornado."""


def uncertainty_pictures(result: UncertaintyResult) -> dict[str, Callable[..., Any]]:
    """Pictures: the tornado of each output, and its band along the one variable of the study.

    Returns: each draws on axes that it is given.
    """
    found = {
        f"tornado-{name}": partial(draw_tornado, result=result, name=name) for name in result.study.outputs
    }
    if len(result.study.shape) == 1:
        bands = {f"band-{n}": partial(draw_band, result=result, name=n) for n in result.study.outputs}
        return bands | found
    return found


def draw_tornado(ax: Axes, result: UncertaintyResult, name: str) -> None:
    """Draw what one standard deviation of each input changes, the largest on top.

    `result`: what is drawn; of several devices the one in the middle.
    `name`: an output.
    """
    effects = result.effects[name].reshape(len(result.inputs), -1)
    effects = effects[:, effects.shape[1] // 2]
    order = np.argsort(-np.abs(effects))[:BARS]
    unit = readable_unit(effects[order], name)
    shown = in_unit(effects[order], name, unit) - in_unit(0.0, name, unit)
    ax.barh(range(len(order)), shown, color="C0", label="one standard deviation up")
    ax.barh(range(len(order)), -shown, color="C0", alpha=0.4, label="down")
    ax.set_yticks(
        range(len(order)), [plain_words(word) for word in _named([result.inputs[k] for k in order])]
    )
    ax.invert_yaxis()
    ax.axvline(0.0, color="black", linewidth=0.7)
    label = axis(name, unit)
    # to the right edge of the bars: there is room beside the names of the inputs
    ax.set_xlabel(f"Change of {label[:1].lower()}{label[1:]}", loc="right")
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.2)


def _named(paths: list[str]) -> list[str]:
    """Numbers in words; by their paths where the words of two are the same."""
    words = [place_of(path) for path in paths]
    return words if len(set(words)) == len(words) else paths


def draw_band(ax: Axes, result: UncertaintyResult, name: str) -> None:
    """Draw an output with its 95 % band along what varies.

    `result`: of a study with one variable.
    `name`: an output.
    """
    ((path, along),) = result.axes.items()
    rows = [result.centres[name], *(result.values[f"{name}_{end}"] for end in ("low", "high"))]
    unit = readable_unit(rows[0], name)
    middle, low, high = (in_unit(row, name, unit) for row in rows)
    if along.dtype.kind in "US":
        at = np.arange(len(along))
        ax.errorbar(at, middle, [middle - low, high - middle], fmt="o", capsize=3)
        ax.set_xticks(at, [plain_words(str(word)) for word in along], rotation=30)
    else:
        kind = result.study.quantities()[path]
        x_unit = readable_unit(along, kind)
        x = np.asarray(convert(along, quantity(kind).unit, x_unit))
        order = np.argsort(x)
        ax.fill_between(x[order], low[order], high[order], alpha=0.25, linewidth=0.0, label="95 %")
        ax.plot(x[order], middle[order])
        shown = unit_label(x_unit)
        ax.set_xlabel(f"{path} ({shown})" if shown not in ("", "1") else path)
        ax.legend()
    ax.set_ylabel(axis(name, unit))
