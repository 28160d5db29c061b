"""The picture of a front: devices of which no other is better in all objectives."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import plain_words
from ioffe.report.text import axis, in_unit, readable_unit
from ioffe.study.front import ParetoFront

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


def front_pictures(result: ParetoFront) -> dict[str, Callable[..., Any]]:
    """Pictures: the front over each pair of its objectives.

    Returns: each draws on axes that it is given.
    """
    names = [name for name, _ in result.objectives]
    pairs = list(combinations(names, 2))
    if len(pairs) == 1:
        return {"front": partial(draw_front, result=result, names=pairs[0])}
    return {f"front-{a}-{b}": partial(draw_front, result=result, names=(a, b)) for a, b in pairs}


def draw_front(ax: Axes, result: ParetoFront, names: tuple[str, str]) -> None:
    """Draw two objectives of the devices of a front, one colour for each combination of materials.

    `names`: objectives along the two axes.
    """
    units = [readable_unit(result.columns[name], name) for name in names]
    x, y = (in_unit(result.columns[n], n, unit) for n, unit in zip(names, units, strict=True))
    kinds = [one.path for one in result.study.axes if one.materials]
    rows = zip(*(result.columns[path] for path in kinds), strict=True)
    words = [", ".join(map(str, row)) for row in rows] if kinds else [""] * len(result)
    for k in np.flatnonzero(result.joined).tolist():
        ax.plot(x[k : k + 2], y[k : k + 2], color="0.7", linewidth=1.0, zorder=1)
    for word in dict.fromkeys(words):
        here = np.array([one == word for one in words])
        ax.plot(x[here], y[here], marker="o", linestyle="", label=plain_words(word))
    if any(words):
        ax.legend()
    for put, name, unit in zip((ax.set_xlabel, ax.set_ylabel), names, units, strict=True):
        put(axis(name, unit))
