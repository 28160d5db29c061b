"""One band at Fermi levels and temperatures: its density, conductivity and what belongs to them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ioffe.base.constants import e, k_B
from ioffe.transport import single_band
from ioffe.transport._arrays import Array
from ioffe.transport._band_integrals import Spectrum, density_integrals, energy_integrals, flow_integrals
from ioffe.transport.bands import Band, value_at
from ioffe.transport.fermi import fermi_integral, fermi_ratio, log_normalised_fermi_integral

__all__ = ["BandState", "band_state", "log_density"]


class BandState(NamedTuple):
    """Transport of one band: 1/m3, S/m, V/K (with sign), V2/K2, m2/(V s)."""

    carrier_density: Array
    conductivity: Array
    seebeck: Array
    lorenz_number: Array
    hall_mobility: Array


def reduced_level(band: Band, fermi_energy: Array, T: Array) -> Array:
    """Fermi level from the band edge into the band, over k_B T."""
    return band.sign * (value_at(band.edge, T) - fermi_energy) / (k_B * T)


def log_density(band: Band, fermi_energy: Array, T: Array) -> tuple[Array, Array]:
    """ln of the carrier density in 1/m3, and its derivative by the reduced Fermi level."""
    eta, scale = reduced_level(band, fermi_energy, T), _thermal_density(band, T)
    if band.kane_gap is None:
        slope = fermi_ratio(-0.5, eta) / fermi_ratio(0.5, eta)
        return np.log(scale * np.sqrt(np.pi) / 2.0) + log_normalised_fermi_integral(0.5, eta), slope
    filling, slope = density_integrals(eta, _nonparabolicity(band, T))
    return np.log(scale) + filling, slope


def band_state(band: Band, fermi_energy: Array, T: Array) -> BandState:
    """Transport of one band at a Fermi energy in J and a temperature in K."""
    eta, scale = reduced_level(band, fermi_energy, T), _thermal_density(band, T)
    rates = _rates(band, T)
    shape = single_band.anisotropy_factor(band.mass_anisotropy)
    if band.kane_gap is None and len(rates) == 1:
        ((r, rate),) = rates.items()
        density = scale * fermi_integral(0.5, eta)
        drift = single_band.mobility(eta, 1.0 / rate, r)
        seebeck, lorenz = single_band.seebeck(eta, r), single_band.lorenz_number(eta, r)
        hall = single_band.hall_factor(eta, r)
    else:
        spectrum = Spectrum(_nonparabolicity(band, T), tuple(rates), tuple(rates.values()))
        filling, _, drift, hall = flow_integrals(eta, spectrum)
        excess, variance = energy_integrals(eta, spectrum)
        density, seebeck, lorenz = scale * filling, k_B / e * excess, (k_B / e) ** 2 * variance
    return BandState(density, e * density * drift, band.sign * seebeck, lorenz, shape * hall * drift)


def _thermal_density(band: Band, T: Array) -> Array:
    return band.valleys * single_band.thermal_density(T, value_at(band.effective_mass, T))


def _nonparabolicity(band: Band, T: Array) -> Array:
    return np.zeros_like(T) if band.kane_gap is None else k_B * T / value_at(band.kane_gap, T)


def _rates(band: Band, T: Array) -> dict[float, Array]:
    """Sum of weight/mu_0 of the mechanisms of every exponent."""
    rates: dict[float, Array] = {}
    for mechanism in band.mechanisms:
        r = mechanism.exponent
        rates[r] = rates.get(r, np.zeros_like(T)) + mechanism.weight / value_at(mechanism.mobility, T)
    return rates
