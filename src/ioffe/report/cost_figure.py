"""Pictures of what a device costs: its bill, and what the ranges of the prices make of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ioffe.base.plotting import plain_words
from ioffe.cost.result import CostResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BARS: Final = 16
"""Lines of a picture; those that cost least are left out."""


def cost_pictures(result: CostResult) -> dict[str, Callable[..., Any]]:
    """Pictures of a cost by their names."""
    found = {"items": partial(draw_items, result)}
    changed = np.ptp(result.effects, axis=1) if len(result.effects) else np.zeros(0)
    return found | ({"prices": partial(draw_prices, result)} if np.any(changed) else {})


def draw_items(result: CostResult, ax: Axes) -> None:
    """Cost of each item, with the range of the prices."""
    cost = np.array([float(item.cost) for item in result.items])
    order = np.argsort(-cost, kind="stable")[:BARS]
    names = [f"{one.name}: {one.material}" if one.material else one.name for one in result.items]
    ends = np.stack([cost - result.lows, result.highs - cost])[:, order]
    ax.barh(range(len(order)), cost[order], xerr=np.maximum(ends, 0.0), capsize=2, color="C0")
    _named(ax, [names[k] for k in order])
    ax.set_xlabel("Cost $C$ (USD)")


def draw_prices(result: CostResult, ax: Axes) -> None:
    """Change of the cost of the device when a price goes to the ends of its range."""
    total = float(np.sum([item.cost for item in result.items]))
    order = np.argsort(-np.ptp(result.effects, axis=1), kind="stable")[:BARS]
    order = order[np.ptp(result.effects, axis=1)[order] > 0.0]
    low, high = (result.effects[order] - total).T
    ax.barh(range(len(order)), high, color="C1", label="largest price")
    ax.barh(range(len(order)), low, color="C0", label="least price")
    paths = list(result.prices)
    _named(ax, [paths[k].split(".", 2)[2] for k in order])
    ax.axvline(0.0, color="black", linewidth=0.7)
    ax.set_xlabel("Change of the cost (USD)")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def _named(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), [plain_words(name) for name in names])
    ax.invert_yaxis()
