"""The type of an array of floats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array"]

Array = NDArray[np.float64]
"""Array of floats; a function of scalars returns a float of NumPy."""
