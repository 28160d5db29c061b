"""Pictures of thermal stress: a cut through the legs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.field.stress.elastic import mises
from ioffe.field.stress.solve import StressResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def stress_pictures(result: StressResult) -> dict[str, Callable[..., Any]]:
    """Pictures of a stress by their names."""
    return {"equivalent-stress": partial(draw_cut, result)}


def draw_cut(result: StressResult, ax: Axes) -> None:
    """Equivalent stress in an upright cut along the rows, through the legs; means over cells."""
    from matplotlib.collections import PolyCollection

    mesh = result.field.body.mesh
    x, y, z = (1e3 * b for b in mesh.borders)
    i, j, k = mesh.cells.T
    filled = np.bincount(j, np.diff(x)[i] * np.diff(z)[k], len(y) - 1)
    middle = np.abs(0.5 * (y[1:] + y[:-1]) - 0.5 * (y[0] + y[-1]))
    # the fullest row, the one nearest to the middle
    row = int(np.lexsort((middle, -filled.round(9)))[0])
    own = j == row
    i, k, values = i[own], k[own], 1e-6 * mises(result.field.stress[own]).mean(axis=1)
    corners = [(x[i], z[k]), (x[i + 1], z[k]), (x[i + 1], z[k + 1]), (x[i], z[k + 1])]
    boxes = np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
    cells = PolyCollection(list(boxes), array=values, cmap="viridis", edgecolors="face", linewidths=0.2)
    ax.add_collection(cells)
    ax.set(xlim=(x[0], x[-1]), ylim=(z[0], z[-1]), aspect="equal", xlabel="x (mm)", ylabel="z (mm)")
    figure: Any = ax.figure
    figure.colorbar(cells, ax=ax, label="equivalent stress (MPa)", shrink=0.8)
