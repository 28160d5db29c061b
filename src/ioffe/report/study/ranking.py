"""Picture of a ranking: the best materials or pairs as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ioffe.base.plotting import plain_words
from ioffe.report.text import axis
from ioffe.study.ranking import Ranking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BARS: Final = 12
"""Bars of each kind."""


def draw_ranking(ax: Axes, ranking: Ranking, bars: int = BARS) -> None:
    """Draw the best ones as bars; those used beyond their measured range are pale and below.

    `bars`: how many of each kind at most.
    """
    labels: list[str] = []
    for beyond in (False, True):
        look: dict[str, Any] = {"color": "C0"} | ({"alpha": 0.35, "hatch": "//"} if beyond else {})
        rows = ranking.rows_of(beyond)
        values = np.asarray(rows["efficiency"], float)[:bars]
        words = [rows[name] for name in ranking.names if name.endswith("material")]
        if not len(values):
            continue
        at = len(labels) + np.arange(len(values))
        ax.barh(at, 100.0 * values, label="beyond its measured range" if beyond else "measured", **look)
        labels += [" + ".join(plain_words(str(word[k])) for word in words) for k in range(len(values))]
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()
    ax.set_xlabel(axis("efficiency"))
    if len(ranking) > ranking.inside > 0:
        ax.legend(loc="lower right")
