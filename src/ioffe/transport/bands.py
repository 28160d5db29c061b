"""What describes a band: its edge, its mass, its shape and how its carriers are scattered.

Every number of a band may be a float, an array that broadcasts against the temperature, a tuple of ascending
coefficients of a polynomial in T (c0 + c1 T + ...; T in K), or a function of an array of temperatures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.transport._arrays import Array
from ioffe.transport.carrier_scattering import ACOUSTIC, carrier_sign, scattering_exponent

__all__ = ["Band", "Mechanism", "PowerLaw", "Property", "some_bands", "value_at"]

Property = float | Array | tuple[float, ...] | Callable[[Array], ArrayLike]
"""Number, array, coefficients of a polynomial in T, or function of T."""


def value_at(prop: Property, temperature: ArrayLike) -> Array:
    """A property at temperatures.

    Examples
    --------
    >>> print(value_at((0.10, 1e-4), np.array([300.0, 500.0])))  # 0.10 + 1e-4 T
    [0.13 0.15]
    """
    T = np.asarray(temperature, float)
    if callable(prop):
        return np.asarray(prop(T), float)
    if isinstance(prop, tuple):
        return np.asarray(np.polynomial.polynomial.polyval(T, prop), float)
    return np.asarray(prop, float)


@dataclass(frozen=True)
class PowerLaw:
    """A property that is value_300 (T/300 K)^exponent.

    Examples
    --------
    >>> print(f"{PowerLaw(100.0, -1.5)(np.array(1200.0)):.2f}")
    12.50
    """

    value_300: ArrayLike
    exponent: float

    def __call__(self, temperature: Array) -> Array:
        """The property at temperatures in K."""
        return np.asarray(self.value_300, float) * (temperature / 300.0) ** self.exponent


def some_bands(bands: Sequence[Band]) -> Sequence[Band]:
    """The bands, of which there must be one."""
    if not bands:
        raise InputError(Fault("bands", list(bands), "at least one band is expected"))
    return bands


@dataclass(frozen=True)
class Mechanism:
    r"""A scattering mechanism, :math:`\tau = \tau_0(T)\,(E/k_BT)^r` in a parabolic band.

    Several mechanisms of a band add by their rates at every energy (Matthiessen). In a Kane band E becomes
    E(1 + E/E_g) and the rate is that of the band's density of states; acoustic phonons and alloy disorder
    (r = -1/2) have the overlap of Bloch functions besides, the others not (Yu. I. Ravich, B. A. Efimova,
    I. A. Smirnov, Semiconducting Lead Chalcogenides (Plenum, New York 1970)).

    Parameters
    ----------
    mobility : Property
        Mobility parameter mu_0 = e tau_0/m_I in m2/(V s) at T.
    scattering : str or float
        Name in :data:`~ioffe.transport.carrier_scattering.EXPONENTS`, or r.
    weight : float
        Factor of the rate, for fits.

    Examples
    --------
    >>> acoustic = Mechanism.power_law(80e-4, -1.5)
    >>> print(f"{value_at(acoustic.mobility, 600.0) * 1e4:.2f} cm2/(V s)")
    28.28 cm2/(V s)
    """

    mobility: Property
    scattering: str | float = ACOUSTIC
    weight: float = 1.0

    @classmethod
    def power_law(
        cls, mobility_300: ArrayLike, exponent: float, scattering: str | float = ACOUSTIC, weight: float = 1.0
    ) -> Mechanism:
        """A mechanism with the mobility parameter mobility_300 (T/300 K)^exponent."""
        return cls(PowerLaw(mobility_300, exponent), scattering, weight)

    @property
    def exponent(self) -> float:
        """Exponent r of the energy."""
        return scattering_exponent(self.scattering)


@dataclass(frozen=True)
class Band:
    """One band, parabolic or of Kane's shape, of electrons or holes.

    Parameters
    ----------
    carrier : {"p", "n"}
        Holes of a valence band or electrons of a conduction band.
    mechanisms : tuple of Mechanism
        At least one.
    edge : Property
        Energy of the band edge in J on a scale that all bands share: a gap that depends on temperature is the
        edge of the conduction band over that of the valence band at 0.
    effective_mass : Property
        Density-of-states mass of one valley over the electron mass.
    valleys : float
        Number of equal valleys; 1 if their number is in the mass already, m_d = N_v^(2/3) m_b.
    kane_gap : Property, optional
        Gap in J that bends the band, E (1 + E/E_g) = hbar^2 k^2/(2 m); parabolic if None.
    mass_anisotropy : float
        Longitudinal over transverse mass of a valley, for the Hall factor.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> holes = Band("p", (Mechanism.power_law(50e-4, -1.5),), effective_mass=0.7)
    >>> gap = (0.16 * e, -5e-5 * e)  # 0.16 eV - 0.05 meV/K T
    >>> electrons = Band("n", (Mechanism.power_law(90e-4, -1.5),), edge=gap, kane_gap=gap)
    """

    carrier: Literal["p", "n"]
    mechanisms: tuple[Mechanism, ...]
    edge: Property = 0.0
    effective_mass: Property = 1.0
    valleys: float = 1.0
    kane_gap: Property | None = None
    mass_anisotropy: float = 1.0

    def __post_init__(self) -> None:
        faults = Faults()
        if self.carrier not in ("p", "n"):
            faults.add("carrier", self.carrier, '"p" or "n" is expected')
        if not self.mechanisms:
            faults.add("mechanisms", self.mechanisms, "at least one mechanism is expected")
        faults.raise_if_any()

    @property
    def sign(self) -> float:
        """Sign of the charge of its carriers."""
        return carrier_sign(self.carrier)
