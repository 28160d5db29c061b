"""Contact resistivity from several scans: mean, standard error, and whether the scans agree."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.interface._checks import QuantityLike, numbers

__all__ = ["ScanMean", "mean_contact_resistivity"]


@dataclass(frozen=True)
class ScanMean:
    """Mean of several measurements of one contact resistivity.

    Parameters
    ----------
    value : float
        Mean in ohm m2, weighted with 1/std^2 where every scan states its error.
    std : float
        Its standard error in ohm m2: the larger one of what the stated errors and what the scatter of the
        scans says. Infinite for one scan without a stated error.
    scatter : float
        Standard deviation of one scan about the mean, in ohm m2; NaN for one scan.
    count : int
        Number of scans.
    reduced_chi_square : float
        Scatter over stated errors, squared; 1 if the errors explain the scatter, NaN without stated errors.
    """

    value: float
    std: float
    scatter: float
    count: int
    reduced_chi_square: float


def mean_contact_resistivity(resistivities: QuantityLike, std: QuantityLike | None = None) -> ScanMean:
    r"""Mean of the contact resistivities of several scans, or of several junctions of one kind.

    Without stated errors it is the plain mean with the standard error :math:`s/\sqrt n`. With them it is the
    weighted mean; if the scans scatter more than they state (reduced chi square above 1), the standard error
    grows by the root of it, as the Particle Data Group does.

    Parameters
    ----------
    resistivities : array_like
        rho_c in ohm m2, one of each scan.
    std : array_like, optional
        Their standard errors in ohm m2, above 0.

    Raises
    ------
    InputError
        For no scan, a negative value, or a number of errors that is not that of the scans.

    Examples
    --------
    >>> both_sides = mean_contact_resistivity([2.7e-10, 2.8e-10])
    >>> print(f"{both_sides.value * 1e10:.2f} +- {both_sides.std * 1e10:.2f} uohm cm2")
    2.75 +- 0.05 uohm cm2
    """
    (values,) = numbers(resistivities=(resistivities, "electrical_contact_resistivity"))
    values = np.atleast_1d(values).ravel()
    count = values.size
    if not count:
        raise InputError(Fault("resistivities", [], "one contact resistivity or more is expected"))
    scatter = float(np.std(values, ddof=1)) if count > 1 else nan
    if std is None:
        error = scatter / sqrt(count) if count > 1 else inf
        return ScanMean(float(np.mean(values)), error, scatter, count, nan)
    (errors,) = numbers(std=(std, "electrical_contact_resistivity"))
    errors = np.broadcast_to(errors, values.shape) if errors.ndim == 0 else errors.ravel()
    if errors.shape != values.shape or np.any(errors <= 0.0):
        expected = f"{count} standard errors above 0 are expected, one of each scan"
        raise InputError(Fault("std", errors.tolist(), expected))
    weight = errors**-2.0
    mean = float(np.sum(weight * values) / np.sum(weight))
    stated = float(np.sum(weight) ** -0.5)
    chi_square = float(np.sum(weight * (values - mean) ** 2) / (count - 1)) if count > 1 else nan
    factor = sqrt(chi_square) if chi_square > 1.0 else 1.0
    return ScanMean(mean, stated * factor, scatter, count, chi_square)
