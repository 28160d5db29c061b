r"""Mechanisms whose relaxation time is a power of the energy, :math:`\tau = \tau_0\,(E/k_BT)^r`.

In a Kane band E becomes E(1 + E/E_g), and the rate is that of the band's density of states times the overlap
of Bloch functions, if the mechanism has one:

.. math:: s(y, m) = y^{-r}\,m\,O(m)

(Yu. I. Ravich, B. A. Efimova, I. A. Smirnov, Semiconducting Lead Chalcogenides (Plenum, New York 1970)).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final

from ioffe.base.arrays import Array
from ioffe.transport.carrier_scattering.mechanism import Mechanism, SingleMechanism


def deformation_overlap(mass: Array) -> Array:
    r"""Overlap of Bloch functions in the scattering by a deformation potential.

    .. math:: O(m) = \frac{m^2 + 2}{3 m^2}

    `mass`: 1 + 2 alpha x.
    Returns: 1 in a parabolic band, 1/3 deep in a Kane band.

    Yu. I. Ravich, B. A. Efimova, I. A. Smirnov, Semiconducting Lead Chalcogenides (Plenum, New York 1970).

    >>> import numpy as np
    >>> deformation_overlap(np.array([1.0, 2.0]))
    array([1. , 0.5])
    """
    square = mass * mass
    return (square + 2.0) / (3.0 * square)


@dataclass(frozen=True)
class PowerLawScattering(SingleMechanism):
    """A mechanism with tau = tau_0 (E/k_B T)^r in a parabolic band.

    Parameters
    ----------
    exponent : float
        Exponent r of the energy.
    overlap : callable, optional
        Overlap O of Bloch functions in a Kane band, as a function of 1 + 2 alpha x; 1 if None.
    temperature_exponent : float, optional
        Power of T of the mobility parameter mu_0.
    mobility, weight
        As for :class:`~ioffe.transport.carrier_scattering.mechanism.SingleMechanism`.

    Examples
    --------
    >>> from ioffe.transport.carrier_scattering import CarrierState
    >>> PowerLawScattering(0.5).relative_time([1.0, 4.0], CarrierState(0.0))
    array([1., 2.])
    """

    exponent: float | None
    overlap: Callable[[Array], Array] | None = None
    temperature_exponent: float | None = None

    @property
    def law(self) -> Hashable:
        """Exponent and overlap."""
        return self.exponent, self.overlap

    def shape(self, y: Array, mass: Array, *parameters: Array) -> Array:
        """Rate over that at E = k_B T of a parabolic band."""
        rate = y**-self.edge_exponent * mass
        return rate if self.overlap is None else rate * self.overlap(mass)


MECHANISMS: Final[Mapping[str, Mechanism]] = {
    "acoustic": PowerLawScattering(-0.5, deformation_overlap, -1.5),
    "alloy": PowerLawScattering(-0.5, deformation_overlap, -0.5),
    "neutral_impurity": PowerLawScattering(0.0, None, 0.0),
    "polar_optical": PowerLawScattering(0.5, None, -0.5),
    "ionised_impurity": PowerLawScattering(1.5, None, 1.5),
}
"""Acoustic phonons and alloy disorder scatter by a deformation potential: one energy law and overlap,
different powers of T (a rate that goes as T for phonons well above their temperature, one that does not
depend on T for defects). Polar optical phonons have r = 1/2 far above their own temperature; ionised
impurities r = 3/2 with the logarithm of screening left out."""
