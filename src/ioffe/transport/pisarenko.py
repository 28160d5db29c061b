r"""What one parabolic band makes of a carrier density: Pisarenko and Jonker relations, the best density.

The conventions are those of :mod:`ioffe.transport.single_band`. A density is in 1/m3: the Hall density
:math:`n_\mathrm{H} = 1/(e|R_\mathrm{H}|)` where ``hall`` is true, the carrier density n otherwise. A weighted
mobility :math:`\mu_w = \mu_0(m_d/m_e)^{3/2}` is in m2/(V s), at the temperature in question.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gamma
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.base.units import floats
from ioffe.transport import fermi_level, merit, quality, single_band
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering, carrier_sign, scattering_exponent


class BestDensity(NamedTuple):
    """The largest zT, and the density (1/m3) and the Fermi level it is reached at."""

    zT: Array
    density: Array
    reduced_fermi_level: Array


@dataclass(frozen=True)
class DopedBand:
    """One parabolic band at a temperature, as a function of its carrier density.

    Parameters
    ----------
    temperature : array_like
        In K.
    effective_mass : array_like
        Density-of-states mass over the electron mass.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s) at the temperature; S needs none.
    lattice_thermal_conductivity : array_like
        In W/(m K); zT alone needs it.
    scattering : str, float or Mechanism
        A power law.
    carrier : {"p", "n"}
        Holes or electrons.
    hall : bool
        Whether a density is that of a Hall measurement, and a mobility too.

    Notes ----- The relation S(n) is named after N. L. Pisarenko; equations after V. I. Fistul', Heavily Doped
    Semiconductors (Plenum, New York 1969).

    Examples
    --------
    >>> print(f"{DopedBand(300.0, 0.90).seebeck(2.10e25) * 1e6:.1f} uV/K")
    177.0 uV/K
    >>> band = DopedBand(300.0, 0.90, 60e-4, 0.8)
    >>> print(f"{band.mobility(2.10e25) * 1e4:.2f} cm2/(V s)")
    51.77 cm2/(V s)
    >>> print(f"{band.power_factor(2.10e25) * 1e4:.3f} uW/(cm K2)")
    5.455 uW/(cm K2)
    >>> print(f"{band.zT(2.10e25):.4f}")
    0.1845
    >>> best = DopedBand(300.0, 1.0, 300e-4, 0.8).best()
    >>> print(f"zT = {best.zT:.4f} at {best.density * 1e-6:.3e} cm^-3")
    zT = 0.7255 at 1.290e+19 cm^-3
    """

    temperature: ArrayLike
    effective_mass: ArrayLike = 1.0
    weighted_mobility: ArrayLike = np.nan
    lattice_thermal_conductivity: ArrayLike = np.nan
    scattering: Scattering = ACOUSTIC
    carrier: Literal["p", "n"] = "p"
    hall: bool = True

    def reduced_fermi_level(self, density: ArrayLike) -> Array:
        """Fermi level from the band edge into the band over k_B T.

        Parameters
        ----------
        density : array_like
            In 1/m3.

        Returns
        -------
        ndarray
        """
        state = density, self.temperature, self.effective_mass
        if self.hall:
            return fermi_level.fermi_level_from_hall_density(*state, self.scattering)
        return fermi_level.fermi_level_from_density(*state)

    def seebeck(self, density: ArrayLike) -> Array:
        """Pisarenko relation S(n).

        Parameters
        ----------
        density : array_like
            In 1/m3.

        Returns
        -------
        ndarray
            In V/K, negative for electrons.
        """
        return single_band.seebeck(self.reduced_fermi_level(density), self.scattering, self.carrier)

    def mobility(self, density: ArrayLike) -> Array:
        """Hall mobility, or drift mobility if `hall` is False.

        Parameters
        ----------
        density : array_like
            In 1/m3.

        Returns
        -------
        ndarray
            In m2/(V s).
        """
        scale = np.asarray(self.weighted_mobility, float) / np.asarray(self.effective_mass, float) ** 1.5
        kind = single_band.hall_mobility if self.hall else single_band.mobility
        return kind(self.reduced_fermi_level(density), scale, self.scattering)

    def power_factor(self, density: ArrayLike) -> Array:
        """Power factor S^2 sigma.

        Parameters
        ----------
        density : array_like
            In 1/m3.

        Returns
        -------
        ndarray
            In W/(m K2).
        """
        eta = self.reduced_fermi_level(density)
        scale = single_band.transport_coefficient(self.weighted_mobility, self.temperature)
        sigma = scale * single_band.reduced_conductivity(eta, self.scattering)
        return merit.power_factor(single_band.seebeck(eta, self.scattering), sigma)

    @property
    def quality_factor(self) -> Array:
        """Quality factor B."""
        mobility, lattice = self.weighted_mobility, self.lattice_thermal_conductivity
        return quality.quality_factor(mobility, lattice, self.temperature)

    def zT(self, density: ArrayLike) -> Array:
        """Figure of merit.

        Parameters
        ----------
        density : array_like
            In 1/m3.

        Returns
        -------
        ndarray
        """
        return quality.zT_of_quality(self.reduced_fermi_level(density), self.quality_factor, self.scattering)

    def best(self) -> BestDensity:
        """Density of the largest zT.

        Returns
        -------
        BestDensity
        """
        value, eta = quality.best_zT(self.quality_factor, self.scattering)
        density = single_band.carrier_density(eta, self.temperature, self.effective_mass)
        if self.hall:
            density = density / single_band.hall_factor(eta, self.scattering)
        return BestDensity(value, density, eta)


def seebeck_of_conductivity(
    electrical_conductivity: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    carrier: Literal["p", "n"] = "p",
) -> Array:
    """Jonker relation S(sigma) of one band, in V/K, for a conductivity in S/m.

    Parameters
    ----------
    electrical_conductivity : array_like
        In S/m.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s), at the temperature in question.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    carrier : {"p", "n"}
        Holes or electrons.

    Returns
    -------
    ndarray
        In V/K.

    Examples
    --------
    >>> print(f"{seebeck_of_conductivity(1e5, 300.0, 452.4e-4) * 1e6:.1f} uV/K")
    200.0 uV/K
    """
    known = electrical_conductivity, temperature, weighted_mobility
    eta = fermi_level.fermi_level_from_conductivity(*known, scattering)
    return single_band.seebeck(eta, scattering, carrier)


def jonker_line(
    electrical_conductivity: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    carrier: Literal["p", "n"] = "p",
) -> Array:
    r"""Jonker's straight line, to which S tends in a non-degenerate band, in V/K.

    .. math:: S = \pm\frac{k_B}{e}\left[s + 1 + \ln\Gamma(s + 1) - \ln\frac{\sigma}{\sigma_{E_0}}\right]

    with the slope k_B/e by ln sigma (G. H. Jonker, Philips Res. Rep. 23 (1968) 131); s = r + 3/2.

    Parameters
    ----------
    electrical_conductivity : array_like
        In S/m.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s), at the temperature in question.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    carrier : {"p", "n"}
        Holes or electrons.

    Returns
    -------
    ndarray
        In V/K.

    Examples
    --------
    >>> low = 1e-3  # S/m
    >>> exact, line = (f(low, 300.0, 100e-4) for f in (seebeck_of_conductivity, jonker_line))
    >>> print(f"{exact * 1e6:.3f} {line * 1e6:.3f} uV/K")
    1656.667 1656.667 uV/K
    """
    s = scattering_exponent(scattering) + 1.5
    scale = single_band.transport_coefficient(weighted_mobility, temperature)
    reduced = floats(electrical_conductivity) / scale
    return carrier_sign(carrier) * k_B / e * (s + 1.0 + np.log(gamma(s + 1.0)) - np.log(reduced))
