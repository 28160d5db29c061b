"""Half-widths of confidence intervals over the standard error, by Student's distribution.

>>> round(student_factor(3), 3), round(student_factor(), 3), round(student_factor(probability=0.95), 3)
(1.197, 1.0, 1.96)
"""

from __future__ import annotations

from math import inf
from typing import Final

__all__ = ["ONE_SIGMA", "student_factor"]

ONE_SIGMA: Final = 0.6826894921370859
"""Probability within one standard deviation of a normal distribution."""


def student_factor(degrees_of_freedom: float = inf, probability: float = ONE_SIGMA) -> float:
    r"""Half of a two-sided interval over the standard error.

    .. math:: P(|t_\nu| < x) = p

    An error that is estimated from the scatter of few points is itself uncertain; with the interval
    multiplied by this factor it holds the truth with the stated probability. The square is the quantile of
    the F-distribution for one and :math:`\nu` degrees of freedom, or of chi squared for one.

    `degrees_of_freedom`: nu, points less fitted parameters, at least 1 is taken; infinite where the standard
        deviation of the data is known.
    `probability`: p, that the interval holds the truth.
    Returns: x.

    Student (W. S. Gosset), Biometrika 6 (1908) 1, doi 10.1093/biomet/6.1.1.

    >>> round(student_factor(1), 3), round(student_factor(1, 0.95), 3)  # of two points and their mean
    (1.837, 12.706)
    """
    from scipy.special import ndtri, stdtrit

    one_sided = 0.5 + 0.5 * probability
    if degrees_of_freedom == inf:
        return float(ndtri(one_sided))
    return float(stdtrit(max(degrees_of_freedom, 1), one_sided))
