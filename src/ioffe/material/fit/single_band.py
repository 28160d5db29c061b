"""One band, parabolic or of Kane's shape, as a model to fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.material.fit.electronic import (
    DOPING,
    Electronic,
    Guess,
    ScatteredModel,
    doping_parameter,
    guess,
    mass_parameter,
    mobility_parameter,
    of_bands,
    temperature_exponent,
)
from ioffe.material.fit.lattice import LatticeModel
from ioffe.material.fit.model import Parameter, Values
from ioffe.material.fit.observations import Observations
from ioffe.transport import single_band as spb
from ioffe.transport.bands import mechanism
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering
from ioffe.transport.fermi_level import fermi_level_from_density
from ioffe.transport.mobility import acoustic_mobility_parameter

ROOM_TEMPERATURE = 300.0
"""Temperature in K that mobilities are stated at."""
HALL_ADVICE = (
    "S and the conductivity alone fix only the carrier density over the effective mass to the power 1.5; "
    "a Hall measurement fixes both."
)


@dataclass(frozen=True, repr=False)
class SingleParabolicBand(ScatteredModel):
    r"""One parabolic band with tau ~ E^r and a doping that does not depend on temperature.

    Parameters are `effective_mass` (density of states, over the electron mass) and `weighted_mobility` (at
    300 K; it goes as a power of T), shared by a series, and `carrier_density` of each sample. With a
    longitudinal modulus the scattering is that of acoustic phonons and `deformation_potential` is the
    parameter in place of the weighted mobility.

    Parameters
    ----------
    scattering : str, float or Mechanism
        Mechanism (`acoustic`, `alloy`, `neutral_impurity`, `polar_optical`, `ionised_impurity`), the exponent
        r, or a mechanism as an object, such as ``BrooksHerring(screening=30.0)``.
    mobility_exponent : float, optional
        Power of T of the mobility parameter mu_0; by default that of the mechanism, -3/2 for acoustic
        phonons.
    longitudinal_modulus : float or str, optional
        C_l in Pa.
    valleys : float
        Number of equal valleys N_v, m_b = m_d N_v^(-2/3), for the deformation potential.
    mass_anisotropy : float
        Longitudinal over transverse mass of a valley, for the Hall factor.
    lattice : LatticeModel, optional
        Then kappa is fitted too.

    Raises
    ------
    InputError
        For an unknown mechanism, an exponent without a power of T, a modulus that is not one.

    Examples
    --------
    >>> SingleParabolicBand(scattering="alloy").offered()[:3]
    ('seebeck', 'electrical_conductivity', 'hall_coefficient')
    """

    scattering: Scattering = ACOUSTIC
    mobility_exponent: float | None = None
    longitudinal_modulus: float | str | None = None
    valleys: float = 1.0
    mass_anisotropy: float = 1.0
    lattice: LatticeModel | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        with faults.collect():
            r, acoustic = (mechanism(one).exponent for one in (self.scattering, "acoustic"))
            if self.longitudinal_modulus is not None and r != acoustic:
                faults.add("longitudinal_modulus", expected="a deformation potential needs acoustic phonons")
            temperature_exponent(self.scattering, self.mobility_exponent)
        if self.longitudinal_modulus is not None:
            with faults.collect():
                modulus = to_si(self.longitudinal_modulus, "bulk_modulus", "longitudinal_modulus")
                object.__setattr__(self, "longitudinal_modulus", modulus)
        faults.raise_if_any()

    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Mass and mobility, which a series shares; doping of each sample.

        Parameters
        ----------
        seen : Observations
            What was measured of the sample.

        Returns
        -------
        sequence of Parameter
            In the order of the covariance.
        """
        begin = guess(seen, self.scattering, self.exponent)
        mass = mass_parameter("effective_mass", begin.effective_mass)
        return mass, self._mobility_parameter(begin), doping_parameter(begin), *self.lattice_parameters(seen)

    def _mobility_parameter(self, begin: Guess) -> Parameter:
        if self.longitudinal_modulus is None:
            return mobility_parameter("weighted_mobility", begin.weighted_mobility)
        one = self._acoustic(ROOM_TEMPERATURE, e, begin.effective_mass)
        start = float(e * np.sqrt(one / begin.weighted_mobility))
        return Parameter("deformation_potential", "deformation_potential", start, 1e-3 * e, 1e4 * e)

    def weighted_mobility(self, values: Values, T: Array) -> Array:
        """Weighted mobility in m2/(V s) at T.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.
        T : ndarray
            In K.

        Returns
        -------
        ndarray
            In m2/(V s), in the broadcast shape of the parameters and T.
        """
        if self.longitudinal_modulus is None:
            return values["weighted_mobility"] * (T / ROOM_TEMPERATURE) ** self.exponent
        return self._acoustic(T, values["deformation_potential"], values["effective_mass"])

    def _acoustic(self, T: Array | float, potential: Array | float, mass: Array | float) -> Array:
        modulus = float(self.longitudinal_modulus or 0.0)
        return acoustic_mobility_parameter(T, modulus, potential, mass, self.valleys) * mass**1.5

    def electronic(self, values: Values, T: Array, sign: float) -> Electronic:
        """Transport by the carriers.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.
        T : ndarray
            In K.
        sign : float
            +1 for a p-type, -1 for an n-type sample.

        Returns
        -------
        Electronic
        """
        n, mass = values[DOPING], values["effective_mass"]
        eta = fermi_level_from_density(n, T, mass)
        S = sign * spb.seebeck(eta, self.scattering)
        sigma = spb.electrical_conductivity(eta, T, self.weighted_mobility(values, T), self.scattering)
        R_H = sign * spb.hall_factor(eta, self.scattering, self.mass_anisotropy) / (e * n)
        kappa_e = spb.lorenz_number(eta, self.scattering) * sigma * T
        return Electronic(T, S, sigma, R_H, eta, kappa_e, np.zeros_like(kappa_e))

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """A Hall measurement, where there is none.

        Parameters
        ----------
        undetermined : sequence of str
            Names of parameters that the data do not determine.
        quantities : sequence of str
            What was fitted.

        Returns
        -------
        str
            A sentence, or empty.
        """
        alone = "effective_mass" in undetermined and "hall_coefficient" not in quantities
        return HALL_ADVICE if alone else ""


@dataclass(frozen=True, repr=False)
class KaneBand(ScatteredModel):
    """One band of Kane's shape, E (1 + E/E_g) = hbar^2 k^2/(2 m), doped as `SingleParabolicBand`.

    Parameters are `effective_mass` (at the band edge), `weighted_mobility` (at 300 K, mu_0 m^1.5) and
    `kane_gap`, shared by a series, and `carrier_density` of each sample.

    Parameters
    ----------
    gap : float or str
        Gap that bends the band, in J or with a unit: where the search begins, or what is held with
        ``fixed={"kane_gap": ...}``.
    scattering, mobility_exponent, mass_anisotropy, lattice
        As for `SingleParabolicBand`.

    Examples
    --------
    >>> round(KaneBand("0.3 eV").gap / 1.602176634e-19, 3)
    0.3
    """

    energies = ("gap",)

    gap: float | str
    scattering: Scattering = ACOUSTIC
    mobility_exponent: float | None = None
    mass_anisotropy: float = 1.0
    lattice: LatticeModel | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        with faults.collect():
            temperature_exponent(self.scattering, self.mobility_exponent)
        with faults.collect():
            gap = to_si(self.gap, "band_gap", "gap")
            object.__setattr__(self, "gap", gap)
            if gap <= 0.0:
                faults.add("gap", self.gap, "a gap above 0 is expected")
        faults.raise_if_any()

    def weighted_mobility(self, values: Values, T: Array) -> Array:
        """Weighted mobility in m2/(V s) at T.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.
        T : ndarray
            In K.

        Returns
        -------
        ndarray
            In m2/(V s), in the broadcast shape of the parameters and T.
        """
        return values["weighted_mobility"] * (T / ROOM_TEMPERATURE) ** self.exponent

    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Mass, mobility and gap, which a series shares; doping of each sample.

        Parameters
        ----------
        seen : Observations
            What was measured of the sample.

        Returns
        -------
        sequence of Parameter
            In the order of the covariance.
        """
        begin = guess(seen, self.scattering, self.exponent)
        return (
            mass_parameter("effective_mass", begin.effective_mass),
            mobility_parameter("weighted_mobility", begin.weighted_mobility),
            Parameter("kane_gap", "band_gap", float(self.gap), 1e-3 * e, 1e2 * e),
            doping_parameter(begin),
            *self.lattice_parameters(seen),
        )

    def electronic(self, values: Values, T: Array, sign: float) -> Electronic:
        """Transport by the carriers.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.
        T : ndarray
            In K.
        sign : float
            +1 for a p-type, -1 for an n-type sample.

        Returns
        -------
        Electronic
        """
        shape = {"kane_gap": values["kane_gap"], "mass_anisotropy": self.mass_anisotropy}
        band = self.band(sign, values["effective_mass"], values["weighted_mobility"], **shape)
        return of_bands((band,), sign * values[DOPING], T)

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """A Hall measurement, or a series with a wide range of densities.

        Parameters
        ----------
        undetermined : sequence of str
            Names of parameters that the data do not determine.
        quantities : sequence of str
            What was fitted.

        Returns
        -------
        str
            A sentence, or empty.
        """
        if "effective_mass" in undetermined and "hall_coefficient" not in quantities:
            return HALL_ADVICE
        return "A gap shows in samples of very different densities." if "kane_gap" in undetermined else ""
