"""Points of an instrument at nearly the same temperatures, averaged to a curve."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import check_one_of
from ioffe.measure.estimates import read_inputs

Part = Literal["all", "heating", "cooling"]
_PARTS = ("all", "heating", "cooling")


def select(T: Array, part: Part) -> NDArray[np.bool_]:
    """Points of a run, in the order in which they were measured, that are on its way up or down.

    The hottest point belongs to both.

    Parameters
    ----------
    T : ndarray of shape (n,)
        Temperatures in K, in the order of the measurement.
    part : {"all", "heating", "cooling"}
        Which points.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    InputError
        For another word.

    Examples
    --------
    >>> select(np.array([300.0, 400.0, 500.0, 400.0, 300.0]), "cooling")
    array([False, False,  True,  True,  True])
    """
    check_one_of("part", part, _PARTS)
    order, top = np.arange(T.size), int(np.argmax(T))
    return {"heating": order <= top, "cooling": order >= top, "all": order >= 0}[part]


def groups(T: Array, window: float) -> tuple[NDArray[np.intp], Array]:
    """Groups of points between which the temperature jumps by more than the window.

    Parameters
    ----------
    T : ndarray of shape (n,)
        Temperatures in K, in any order.
    window : float
        In K.

    Returns
    -------
    index : ndarray of int, shape (n,)
        Group of every point.
    T : ndarray of shape (groups,)
        Mean temperature of every group in K, rising.

    Examples
    --------
    >>> groups(np.array([301.0, 302.0, 401.0, 300.5]), 10.0)
    (array([0, 0, 1, 0]), array([301.16666667, 401.        ]))
    """
    order = np.argsort(T, kind="stable")
    index = np.empty(T.size, np.intp)
    index[order] = np.concatenate([[0], np.cumsum(np.diff(T[order]) > window)])
    return index, np.bincount(index, T) / np.bincount(index)


def averaged(
    T: Array,
    values: Array,
    quantity: str,
    *,
    window: object = "5 K",
    uncertainty: object = 0.0,
    name: str = "",
) -> Curve:
    """Curve through the means of groups of points.

    Parameters
    ----------
    T, values : ndarray of shape (n,)
        In SI, in any order.
    quantity : str
        Name in the quantity table.
    window : float or str
        Points follow one another to a group while the temperature rises by at most this, in K.
    uncertainty : float or str
        Relative standard deviation of the instrument, which repeating does not reduce.
    name : str
        For messages.

    Returns
    -------
    Curve
        With standard deviations: the scatter within a group over the root of its points, and the uncertainty;
        none if both are zero.

    Raises
    ------
    InputError
        For a window or an uncertainty that is wrong.

    Examples
    --------
    >>> curve = averaged(np.array([300.0, 302.0, 400.0]), np.array([1.0, 1.2, 2.0]), "", uncertainty="5 %")
    >>> curve.T, curve.values, curve.std.round(4)
    (array([301., 400.]), array([1.1, 2. ]), array([0.1141, 0.1   ]))
    """
    given = {
        "window": (window, "delta_T", "a temperature difference from 0 K on is expected"),
        "uncertainty": (uncertainty, "relative_uncertainty"),
    }
    (width, _), (share, _) = read_inputs(given).values()
    index, temperatures = groups(T, width)
    count = np.bincount(index)
    mean = np.bincount(index, values) / count
    squares = np.bincount(index, (values - mean[index]) ** 2)
    scatter = np.sqrt(squares / np.maximum(count - 1, 1) / count)
    std = np.hypot(scatter, share * mean)
    return Curve(temperatures, mean, quantity, std=std if np.any(std > 0) else None, name=name)
