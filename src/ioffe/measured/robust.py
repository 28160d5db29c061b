r"""The robust loss of a calibration, how it widens intervals, and a test of what is left.

.. math:: \rho(r) = 2 c^2 \left( \sqrt{1 + r^2/c^2} - 1 \right), \qquad \psi = \frac{r}{\sqrt{1 + r^2/c^2}}

Of normal errors it takes 5 % of the information (P. J. Huber, Ann. Math. Stat. 35 (1964) 73,
doi 10.1214/aoms/1177703732), and an outlier pulls by c at most.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array

SCALE: Final = 1.2870992242662198
"""c, in standard deviations: the efficiency for normal errors is 95 %."""
SQUARE: Final = 0.4448449876811876
"""Mean of psi^2 over normal errors."""


SLOPE: Final = 0.6500790246555636
"""Mean of psi' over normal errors."""


def loss_of(counted: NDArray[np.bool_]) -> Callable[[Array], Array]:
    """Loss for `scipy.optimize.least_squares`: robust for the data, squares for the rest.

    `counted` (n,): which residuals are data.
    Returns: squared residuals over c^2 to the loss and its two derivatives, shape (3, n).
    """

    def loss(z: Array) -> Array:
        root = np.sqrt(1.0 + z)
        robust = np.stack([2.0 * (root - 1.0), 1.0 / root, -0.5 / root**3])
        plain = np.stack([z, np.ones_like(z), np.zeros_like(z)])
        return np.where(counted, robust, plain)

    return loss


def pull(residuals: Array) -> Array:
    """psi of residuals in standard deviations."""
    return residuals / np.sqrt(1.0 + (residuals / SCALE) ** 2)


def runs_test(residuals: Array) -> tuple[int, float]:
    r"""Number of runs of equal sign, and the probability of so few or so many by chance.

    .. math:: \mu = \frac{2 n_+ n_-}{n} + 1, \qquad
              \sigma^2 = \frac{2 n_+ n_- (2 n_+ n_- - n)}{n^2 (n - 1)}

    Parameters
    ----------
    residuals : array_like, shape (n,)
        In the order of the measurement; zeros are left out.

    Returns
    -------
    runs : int
    probability : float
        Two-sided, by the normal approximation with a correction for continuity. Of one sign alone it is
        2^(1 - n), that of n equal throws of a coin; 1 where no other number of runs was possible.

    Notes
    -----
    A. Wald, J. Wolfowitz, Ann. Math. Stat. 11 (1940) 147, doi 10.1214/aoms/1177731909.

    Examples
    --------
    >>> runs_test(np.array([1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1]))
    (2, 0.006...)
    """
    from scipy.special import erfc

    signs = np.sign(np.asarray(residuals, float))
    signs = signs[signs != 0.0]
    n, up = signs.size, int(np.sum(signs > 0.0))
    both = 2.0 * up * (n - up)
    runs = int(np.sum(signs[1:] != signs[:-1])) + 1 if n else 0
    if not both:
        return runs, min(1.0, 2.0 ** (1.0 - n))
    mean, variance = both / n + 1.0, both * (both - n) / (n**2 * (n - 1.0))
    if variance <= 0.0:
        return runs, 1.0
    away = max(abs(runs - mean) - 0.5, 0.0) / np.sqrt(variance)
    return runs, float(erfc(away / np.sqrt(2.0)))
