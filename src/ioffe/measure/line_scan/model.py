r"""Resistance along metal, leg and metal: straight lines with a jump at each interface.

.. math:: R(x) = a + s_0 x + \sum_j [ \Delta R_j\, H(x - x_j) + (s_j - s_{j-1})\, K(x - x_j) ] + d\, t

H is the step and K the ramp. A probe of width w averages over it: H then rises linearly from x_j - w/2 to
x_j + w/2, and K is its integral. The jump is therefore always the one extrapolated to the interface.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["MetalSlopes", "contrast", "design", "reduction"]

Array = NDArray[np.float64]
MetalSlopes = Literal["own", "same", "zero"]


def steps(x: Array, position: Array, width: Array) -> tuple[Array, Array]:
    """Step and ramp at x for every pair of position and width.

    Parameters
    ----------
    x : ndarray of shape (n,)
    position, width : ndarray of shape (G,)
        Of the interface and of the probe; a width of 0 is a sharp step.

    Returns
    -------
    step, ramp : ndarray of shape (G, n)
    """
    away = x[None, :] - position[:, None]
    wide = np.where(width > 0.0, width, 1.0)[:, None]
    share = np.where(width[:, None] > 0.0, np.clip(away / wide + 0.5, 0.0, 1.0), away > 0.0)
    return share, np.where(share >= 1.0, away, 0.5 * wide * share**2 * (width[:, None] > 0.0))


def design(x: Array, time: Array | None, positions: Array, widths: Array) -> Array:
    """Matrix of the linear parameters: a, s_0, (jump, change of slope) of every interface, perhaps the drift.

    Parameters
    ----------
    x : ndarray of shape (n,)
    time : ndarray of shape (n,) or None
    positions, widths : ndarray of shape (G, m)
        Of m interfaces.

    Returns
    -------
    ndarray of shape (G, n, 2 + 2 m) or (G, n, 3 + 2 m)
    """
    shape = (len(positions), x.size)
    parts = [np.ones(shape), np.broadcast_to(x, shape)]
    for j in range(positions.shape[1]):
        parts += steps(x, positions[:, j], widths[:, j])
    if time is not None:
        parts.append(np.broadcast_to(time, shape))
    return np.stack(parts, axis=-1)


def reduction(interfaces: int, leg: int, metal: MetalSlopes, drift: bool) -> Array:
    """Matrix that makes all linear parameters from the free ones.

    Parameters
    ----------
    interfaces : int
        1 or 2.
    leg : int
        Which part is the leg, from 0.
    metal : {"own", "same", "zero"}
        Whether every metal has a slope of its own, both the same, or none.
    drift : bool
        Whether there is a drift.
    """
    count = 2 + 2 * interfaces + drift
    slopes = np.zeros((interfaces + 1, interfaces + 1))  # of the parts, from the free slopes
    np.fill_diagonal(slopes, 1.0)
    metals = [part for part in range(interfaces + 1) if part != leg]
    if metal != "own":
        for part in metals[1:]:
            slopes[part] = slopes[metals[0]]
    drop = metals if metal == "zero" else metals[1:] if metal == "same" else []
    slopes = np.delete(slopes, drop, axis=1)
    rows_of_slopes = [1, *(3 + 2 * j for j in range(interfaces))]
    others = [row for row in range(count) if row not in rows_of_slopes]
    out = np.zeros((count, len(others) + slopes.shape[1]))
    for column, row in enumerate(others):
        out[row, column] = 1.0
    changes = np.vstack([slopes[0], np.diff(slopes, axis=0)])
    out[rows_of_slopes, len(others) :] = changes
    return out


def contrast(interfaces: int, drift: bool, **wanted: float) -> Array:
    """Vector whose product with the linear parameters is a sum of jumps (`jump0`) and slopes (`slope0`).

    Examples
    --------
    >>> contrast(1, False, slope1=1.0)
    array([0., 1., 0., 1.])
    >>> contrast(2, False, jump1=0.5)
    array([0. , 0. , 0. , 0. , 0.5, 0. ])
    """
    out = np.zeros(2 + 2 * interfaces + drift)
    for name, share in wanted.items():
        kind, index = name[:-1], int(name[-1])
        if kind == "jump":
            out[2 + 2 * index] += share
        else:
            out[[1, *(3 + 2 * j for j in range(index))]] += share
    return out
