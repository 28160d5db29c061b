r"""Several bands together: sums over bands, the bipolar part, charge neutrality.

Conductivities of bands add, Seebeck coefficients with them as weights, Hall coefficients with their squares:

.. math::

    \sigma = \sum_i\sigma_i,\quad S = \frac{\sum_i\sigma_iS_i}{\sigma},\quad
    R_\mathrm{H} = \frac{\sum_i\sigma_i^2R_{\mathrm{H},i}}{\sigma^2},\quad
    \kappa_\mathrm{bip} = T\left[\sum_i\sigma_iS_i^2 - \frac{(\sum_i\sigma_iS_i)^2}{\sigma}\right]

(H. J. Goldsmid, Introduction to Thermoelectricity (Springer 2016), doi 10.1007/978-3-662-49256-7, ch. 3).
Energies are in J, temperatures in K, and everything broadcasts: temperature, doping, Fermi energy and the
numbers of the bands may be arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.base.roots import falling_root
from ioffe.base.units import floats
from ioffe.transport import merit
from ioffe.transport.bands import Band, some_bands, value_at
from ioffe.transport.fermi import rough_inverse
from ioffe.transport.kane import thermal_density


@dataclass(frozen=True)
class BandTransport:
    """Transport of several bands at a Fermi energy and a temperature, SI.

    Parameters
    ----------
    temperature, fermi_energy : ndarray
        In K and J, in the common shape.
    signs : tuple of float
        Sign of the carriers of every band: 1 for holes, -1 for electrons.
    carrier_densities, conductivities, seebecks, lorenz_numbers, hall_mobilities : ndarray
        Of every band, along the first axis: 1/m3, S/m, V/K (with sign), V2/K2, m2/(V s).

    Examples
    --------
    >>> from ioffe.transport.bands import mechanism
    >>> band = Band("p", (mechanism("acoustic", 100e-4),))
    >>> found = transport([band], 0.0, 300.0)  # the Fermi energy at the band edge
    >>> print(f"{found.seebeck * 1e6:.1f} uV/K")
    204.5 uV/K
    """

    temperature: Array
    fermi_energy: Array
    signs: tuple[float, ...]
    carrier_densities: Array
    conductivities: Array
    seebecks: Array
    lorenz_numbers: Array
    hall_mobilities: Array

    @property
    def electrical_conductivity(self) -> Array:
        """Sum of the conductivities in S/m."""
        return self.conductivities.sum(0)

    @property
    def seebeck(self) -> Array:
        """S in V/K."""
        return (self._shares * self.seebecks).sum(0)

    @property
    def hall_coefficient(self) -> Array:
        """R_H in m3/C, positive for holes; sigma_i^2 R_i is sigma_i times the Hall mobility."""
        terms = self._along_bands * self._shares * self.hall_mobilities
        return terms.sum(0) / self.electrical_conductivity

    @property
    def hall_carrier_density(self) -> Array:
        """1/(e |R_H|) in 1/m3."""
        return 1.0 / (e * np.abs(self.hall_coefficient))

    @property
    def hall_mobility(self) -> Array:
        """sigma |R_H| in m2/(V s)."""
        return self.electrical_conductivity * np.abs(self.hall_coefficient)

    @property
    def electronic_thermal_conductivity(self) -> Array:
        """Sum of L_i sigma_i T in W/(m K), without the bipolar part."""
        return (self.lorenz_numbers * self.conductivities).sum(0) * self.temperature

    @property
    def lorenz_number(self) -> Array:
        """Electronic thermal conductivity over sigma T in V2/K2, without the bipolar part."""
        return (self.lorenz_numbers * self._shares).sum(0)

    @property
    def bipolar_thermal_conductivity(self) -> Array:
        """kappa_bip in W/(m K), as T sum sigma_i (S_i - S)^2, which is the same and never negative.

        It counts every pair of bands; between bands of one carrier it is small.
        """
        spread = (self.seebecks - self.seebeck) ** 2
        return (self.conductivities * spread).sum(0) * self.temperature

    @property
    def power_factor(self) -> Array:
        """S^2 sigma in W/(m K2)."""
        return merit.power_factor(self.seebeck, self.electrical_conductivity)

    @property
    def net_doping(self) -> Array:
        """Holes minus electrons in 1/m3: acceptors minus donors of the neutral material."""
        return (self._along_bands * self.carrier_densities).sum(0)

    def zT(self, lattice_thermal_conductivity: ArrayLike) -> Array:
        """The figure of merit with a lattice thermal conductivity in W/(m K).

        Parameters
        ----------
        lattice_thermal_conductivity : array_like
            In W/(m K).

        Returns
        -------
        ndarray
        """
        electrons = self.electronic_thermal_conductivity + self.bipolar_thermal_conductivity
        kappa = electrons + floats(lattice_thermal_conductivity)
        return merit.zT(self.seebeck, self.electrical_conductivity, kappa, self.temperature)

    @property
    def _shares(self) -> Array:
        with np.errstate(invalid="ignore"):
            return self.conductivities / self.electrical_conductivity

    @property
    def _along_bands(self) -> Array:
        """Signs of the carriers in the shape of the bands' arrays."""
        return np.reshape(self.signs, (-1,) + (1,) * self.temperature.ndim)


def transport(bands: Sequence[Band], fermi_energy: ArrayLike, temperature: ArrayLike) -> BandTransport:
    """Transport of bands at a Fermi energy.

    Parameters
    ----------
    bands : sequence of Band
    fermi_energy : array_like
        In J, on the scale of the band edges.
    temperature : array_like
        In K.

    Returns
    -------
    BandTransport

    Examples
    --------
    >>> from ioffe.transport.bands import TemperaturePower, mechanism
    >>> acoustic = (mechanism('acoustic', TemperaturePower(60e-4, -1.5)),)
    >>> bands = Band("p", acoustic), Band("n", acoustic, edge=0.15 * e)
    >>> middle = transport(bands, 0.075 * e, 300.0)  # alike bands, Fermi level in the middle of the gap
    >>> print(f"{abs(middle.seebeck) * 1e6:.3f} uV/K, {middle.bipolar_thermal_conductivity:.4f} W/(m K)")
    0.000 uV/K, 0.1051 W/(m K)
    """
    T, level = np.broadcast_arrays(floats(temperature), floats(fermi_energy))
    states = [np.broadcast_arrays(*band.state(level, T)) for band in some_bands(bands)]
    columns = [np.stack(np.broadcast_arrays(*column)) for column in zip(*states, strict=True)]
    shape = columns[0].shape[1:]
    signs = tuple(band.sign for band in bands)
    return BandTransport(np.broadcast_to(T, shape), np.broadcast_to(level, shape), signs, *columns)


def doped_transport(bands: Sequence[Band], net_doping: ArrayLike, temperature: ArrayLike) -> BandTransport:
    """Transport of bands at a net doping: :func:`transport` at :func:`neutral_fermi_energy`.

    Parameters
    ----------
    bands : sequence of Band
    net_doping : array_like
        Acceptors minus donors in 1/m3, all ionised.
    temperature : array_like
        In K.

    Returns
    -------
    BandTransport

    Examples
    --------
    >>> from ioffe.transport.bands import TemperaturePower, mechanism
    >>> acoustic = (mechanism('acoustic', TemperaturePower(60e-4, -1.5)),)
    >>> bands = Band("p", acoustic), Band("n", acoustic, edge=0.15 * e)
    >>> found = doped_transport(bands, 1e25, np.array([300.0, 600.0]))  # electrons come in at 600 K
    >>> print(np.round(found.seebeck * 1e6, 1), np.round(found.bipolar_thermal_conductivity, 3))
    [240.9  65.7] [0.026 0.41 ]
    """
    return transport(bands, neutral_fermi_energy(bands, net_doping, temperature), temperature)


def neutral_fermi_energy(bands: Sequence[Band], net_doping: ArrayLike, temperature: ArrayLike) -> Array:
    """Fermi energy at which holes minus electrons are the net doping.

    Parameters
    ----------
    bands : sequence of Band
    net_doping : array_like
        Acceptors minus donors in 1/m3, all ionised.
    temperature : array_like
        In K.

    Returns
    -------
    ndarray
        In J, on the scale of the band edges; NaN where no Fermi level is neutral, such as for electrons
        without a conduction band.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> from ioffe.transport.bands import TemperaturePower, mechanism
    >>> acoustic = (mechanism('acoustic', TemperaturePower(60e-4, -1.5)),)
    >>> bands = Band("p", acoustic), Band("n", acoustic, edge=0.15 * e)
    >>> print(f"{neutral_fermi_energy(bands, 0.0, 300.0) / e:.6f} eV")
    0.075000 eV
    """
    T, doping = np.broadcast_arrays(floats(temperature), floats(net_doping))
    start = _start(some_bands(bands), doping, T)
    doping, T = np.broadcast_to(doping, start.shape), np.broadcast_to(T, start.shape)
    holes = [band for band in bands if band.carrier == "p"]
    electrons = [band for band in bands if band.carrier == "n"]

    def imbalance(level: Array) -> tuple[Array, Array]:
        # ln(holes + donors) - ln(electrons + acceptors): nearly straight, where the difference is exponential
        positive, rise = _log_sum(holes, np.maximum(-doping, 0.0), level * k_B * T, T)
        negative, fall = _log_sum(electrons, np.maximum(doping, 0.0), level * k_B * T, T)
        return positive - negative, -(rise + fall)

    return k_B * T * falling_root(imbalance, start)


def _log_sum(bands: Sequence[Band], background: Array, level: Array, T: Array) -> tuple[Array, Array]:
    """ln of the carriers of some bands and fixed charges, and its slope by the Fermi level over k_B T."""
    parts = [band.log_density(level, T) for band in bands]
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.log(background)
        for part, _ in parts:
            total = np.logaddexp(total, part)
    slopes = [np.exp(part - total) * slope for part, slope in parts]
    return total, np.sum(slopes, axis=0) if slopes else np.zeros_like(total)


def _start(bands: Sequence[Band], doping: Array, T: Array) -> Array:
    """Fermi level over k_B T if the most helpful band alone held the doping; NaN without a neutral level."""
    highest, lowest, with_holes, with_electrons = -np.inf, np.inf, -np.inf, np.inf
    for band in bands:
        edge = value_at(band.edge, T) / (k_B * T)
        states = band.valleys * thermal_density(T, value_at(band.effective_mass, T))
        level = rough_inverse(0.5, np.abs(doping) / states)
        if band.sign > 0.0:
            highest, with_holes = np.maximum(highest, edge), np.maximum(with_holes, edge - level)
        else:
            lowest, with_electrons = np.minimum(lowest, edge), np.minimum(with_electrons, edge + level)
    doped = np.where(doping > 0.0, with_holes, with_electrons)
    with np.errstate(invalid="ignore"):
        start = np.where(doping == 0.0, 0.5 * (highest + lowest), doped)
    return np.where(np.isfinite(start), start, np.nan)
