"""Sommerfeld's expansion of the integrals over the thermal window, for bands filled deeply."""

from __future__ import annotations

from math import pi
from typing import Final

import numpy as np

from ioffe.base.arrays import Array

__all__ = ["deep_moments"]

_BERNOULLI: Final = (
    *(1 / 6, 1 / 30, 1 / 42, 1 / 30, 5 / 66, 691 / 2730),
    *(7 / 6, 3617 / 510, 43867 / 798, 174611 / 330, 854513 / 138),
)
"""|B_2|, |B_4|, ... |B_22|."""

_MOMENTS: Final = (1.0, *((4.0**n - 2.0) * pi ** (2 * n) * b for n, b in enumerate(_BERNOULLI, 1)))
"""int u^i (-df/du) du over the whole axis for i = 0, 2, ... 22; 0 for odd i."""


def deep_moments(power: float, eta: Array) -> tuple[Array, Array, Array]:
    r"""int u^k (1 + u/eta)^power (-df/du) du for k = 0, 1, 2, the last two without cancellation.

    Twelve terms of the binomial series; at eta = 64 the first that is left out is below 1e-17.
    """
    binomial, small, inverse = 1.0, 1.0 / np.asarray(eta, float), np.ones_like(eta)
    found = [np.zeros_like(inverse) for _ in range(3)]
    for order in range(2 * len(_MOMENTS) - 2):
        for k in range(3):
            if (order + k) % 2 == 0 and order + k < 2 * len(_MOMENTS):
                found[k] += binomial * _MOMENTS[(order + k) // 2] * inverse
        binomial *= (power - order) / (order + 1)
        inverse = inverse * small
    return found[0], found[1], found[2]
