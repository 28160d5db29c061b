"""Bands: what one is made of, and its density and conductivity at a Fermi energy and a temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.transport import single_band
from ioffe.transport._band_integrals import Spectrum
from ioffe.transport.carrier_scattering import (
    CarrierState,
    Matthiessen,
    Mechanism,
    Property,
    TemperaturePower,
    carrier_sign,
    mechanism,
    value_at,
)
from ioffe.transport.fermi import fermi_ratio, log_normalised_fermi_integral
from ioffe.transport.kane import density_integrals, thermal_density

__all__ = ["Band", "BandState", "Mechanism", "Property", "TemperaturePower", "mechanism", "value_at"]


@dataclass(frozen=True)
class Band:
    """One band, parabolic or of Kane's shape, of electrons or holes.

    Parameters
    ----------
    carrier : {"p", "n"}
        Holes of a valence band or electrons of a conduction band.
    mechanisms : tuple of Mechanism
        At least one, each with its strength; their rates add at every energy (Matthiessen).
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

    Raises
    ------
    InputError
        For another carrier, or no mechanism.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> holes = Band("p", (mechanism("acoustic", TemperaturePower(50e-4, -1.5)),), effective_mass=0.7)
    >>> gap = (0.16 * e, -5e-5 * e)  # 0.16 eV - 0.05 meV/K T
    >>> phonons = mechanism("acoustic", TemperaturePower(90e-4, -1.5))
    >>> impurities = mechanism("brooks_herring", permittivity=16.0)
    >>> electrons = Band("n", (phonons, impurities), edge=gap, kane_gap=gap)
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

    def carriers(self, fermi_energy: Array, T: Array) -> CarrierState:
        """What the scattering may depend on, at a Fermi energy in J and a temperature in K.

        Parameters
        ----------
        fermi_energy : ndarray
            In J, on the scale of the band edges.
        T : array_like
            In K.

        Returns
        -------
        CarrierState
        """
        eta = self.sign * (value_at(self.edge, T) - fermi_energy) / (k_B * T)
        bend = np.zeros_like(T) if self.kane_gap is None else k_B * T / value_at(self.kane_gap, T)
        return CarrierState(eta, bend, T, value_at(self.effective_mass, T), self.valleys)

    def log_density(self, fermi_energy: Array, T: Array) -> tuple[Array, Array]:
        """ln of the carrier density in 1/m3, and its derivative by the reduced Fermi level.

        Parameters
        ----------
        fermi_energy : ndarray
            In J, on the scale of the band edges.
        T : array_like
            In K.

        Returns
        -------
        tuple of ndarray
        """
        state, scale = self.carriers(fermi_energy, T), self._thermal_density(T)
        eta = np.asarray(state.reduced_fermi_level, float)
        if self.kane_gap is None:
            slope = fermi_ratio(-0.5, eta) / fermi_ratio(0.5, eta)
            return np.log(scale * np.sqrt(np.pi) / 2.0) + log_normalised_fermi_integral(0.5, eta), slope
        filling, slope = density_integrals(eta, state.nonparabolicity)
        return np.log(scale) + filling, slope

    def state(self, fermi_energy: Array, T: Array) -> BandState:
        """Transport at a Fermi energy in J and a temperature in K.

        Parameters
        ----------
        fermi_energy : ndarray
            In J, on the scale of the band edges.
        T : array_like
            In K.

        Returns
        -------
        BandState
        """
        carriers, parabolic = self.carriers(fermi_energy, T), self.kane_gap is None
        spectrum = Spectrum(carriers, Matthiessen(self.mechanisms), parabolic, relative=False)
        density, drift = self._thermal_density(T) * spectrum.filling(), spectrum.drift()
        shape = single_band.anisotropy_factor(self.mass_anisotropy)
        seebeck, lorenz = self.sign * (k_B / e * spectrum.excess()), (k_B / e) ** 2 * spectrum.variance()
        return BandState(density, e * density * drift, seebeck, lorenz, shape * spectrum.hall() * drift)

    def _thermal_density(self, T: Array) -> Array:
        return self.valleys * thermal_density(T, value_at(self.effective_mass, T))


class BandState(NamedTuple):
    """Transport of one band: 1/m3, S/m, V/K (with sign), V2/K2, m2/(V s)."""

    carrier_density: Array
    conductivity: Array
    seebeck: Array
    lorenz_number: Array
    hall_mobility: Array


def some_bands(bands: Sequence[Band]) -> Sequence[Band]:
    """The bands, of which there must be one.

    Raises `InputError` if there is none.
    """
    if not bands:
        raise InputError(Fault("bands", list(bands), "at least one band is expected"))
    return bands
