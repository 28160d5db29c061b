"""How a curve depends on the numbers that define it."""

from __future__ import annotations

import numpy as np

from ioffe.base.curve.curve import Curve
from ioffe.base.curve.interpolation import Array, polynomial_cell, table_cells_by_value

__all__ = ["cells_by_number", "defining_numbers"]


def defining_numbers(curve: Curve) -> Array:
    """The values of a table in SI, or the ascending coefficients of a formula; shape (numbers,).

    >>> defining_numbers(Curve.constant(2e-4, "seebeck"))
    array([0.0002])
    """
    return curve.values if curve.coefficients is None else np.array(curve.coefficients)


def cells_by_number(curve: Curve) -> Array:
    """Derivative of the curve's cells to each of its `defining_numbers`, shape (numbers, cells, 4).

    >>> cells_by_number(Curve([300.0, 400.0, 500.0], [1.0, 2.0, 4.0], interpolation="linear"))[1, :, :2]
    array([[ 0.  ,  0.01],
           [ 1.  , -0.01]])
    """
    if curve.coefficients is not None:
        unit = np.eye(len(curve.coefficients))
        return np.stack([polynomial_cell(tuple(row), curve.range[0]) for row in unit.tolist()])
    if len(curve.T) == 1:
        return np.array([[[1.0, 0.0, 0.0, 0.0]]])
    return table_cells_by_value(curve.T, curve.values, curve.interpolation)
