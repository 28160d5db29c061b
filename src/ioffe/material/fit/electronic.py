"""What all models of electrons have in common: doping of each sample, and the quantities that follow."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.base.errors import Fault, InputError
from ioffe.material.fit.lattice import LATTICE, LatticeModel
from ioffe.material.fit.model import FitModel, Parameter, Values
from ioffe.material.fit.observations import Observations
from ioffe.transport.bands import Band, TemperaturePower, mechanism, value_at
from ioffe.transport.carrier_scattering import Scattering
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_seebeck
from ioffe.transport.many_bands import doped_transport
from ioffe.transport.single_band import carrier_density, reduced_conductivity, transport_coefficient

DOPING = "carrier_density"
ELECTRONIC = (
    "seebeck",
    "electrical_conductivity",
    "hall_coefficient",
    "hall_carrier_density",
    "hall_mobility",
    "power_factor",
    "reduced_fermi_level",
    "lorenz_number",
    "electronic_thermal_conductivity",
    "bipolar_thermal_conductivity",
)
WITH_LATTICE = (LATTICE, "thermal_conductivity", "zT")
GUESSED_SEEBECK, GUESSED_CONDUCTIVITY, GUESSED_T = 200e-6, 5e4, 300.0
"""Taken to begin with where a property was not measured."""


class Electronic(NamedTuple):
    """Transport by the carriers, SI, each in the common shape.

    The Fermi level is that of the majority band, counted into it.
    """

    T: Array
    seebeck: Array
    electrical_conductivity: Array
    hall_coefficient: Array
    reduced_fermi_level: Array
    electronic_thermal_conductivity: Array
    bipolar_thermal_conductivity: Array

    @property
    def hall_carrier_density(self) -> Array:
        """1/(e |R_H|) in 1/m3."""
        return 1.0 / (e * np.abs(self.hall_coefficient))

    @property
    def hall_mobility(self) -> Array:
        """sigma |R_H| in m2/(V s)."""
        return self.electrical_conductivity * np.abs(self.hall_coefficient)

    @property
    def power_factor(self) -> Array:
        """S^2 sigma in W/(m K2)."""
        return self.seebeck**2 * self.electrical_conductivity

    @property
    def lorenz_number(self) -> Array:
        """kappa_e/(sigma T) in V2/K2."""
        return self.electronic_thermal_conductivity / (self.electrical_conductivity * self.T)

    def thermal_conductivity(self, lattice: Array) -> Array:
        """kappa in W/(m K) with a lattice part.

        `lattice`: lattice part in W/(m K).
        Returns: in W/(m K).
        """
        return lattice + self.electronic_thermal_conductivity + self.bipolar_thermal_conductivity

    def zT(self, lattice: Array) -> Array:
        """zT with a lattice part in W/(m K).

        `lattice`: lattice part in W/(m K).
        """
        return self.power_factor * self.T / self.thermal_conductivity(lattice)


class Guess(NamedTuple):
    """Starting values of one sample, from one parabolic band at its lowest temperature."""

    effective_mass: float
    carrier_density: float
    weighted_mobility: float
    """At 300 K in m2/(V s)."""


class ElectronicModel(FitModel):
    """Bands with a doping for each sample and, if wanted, a lattice."""

    lattice: LatticeModel | None

    @property
    def measured(self) -> tuple[str, ...]:  # type: ignore[override]  a property here, a field there
        """S, conductivity and Hall coefficient; with a lattice kappa too."""
        electronic = ("seebeck", "electrical_conductivity", "hall_coefficient")
        return electronic if self.lattice is None else (*electronic, "thermal_conductivity")

    def weighted_mobility(self, values: Values, T: Array) -> Array:
        """Weighted mobility in m2/(V s) at T; a model of several bands has none.

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

        Raises
        ------
        InputError
            For several bands.
        """
        raise InputError(Fault("model", repr(self), "a model of one band is expected"))

    @abstractmethod
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

    def offered(self) -> tuple[str, ...]:
        """Every quantity that follows from the bands; with a lattice kappa and zT too.

        Returns
        -------
        tuple of str
            Names in the quantity table.
        """
        return ELECTRONIC if self.lattice is None else ELECTRONIC + WITH_LATTICE

    def predict(self, values: Values, T: Array, sign: float, wanted: Sequence[str]) -> dict[str, Array]:
        """Quantities in SI at T.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.
        T : ndarray
            In K.
        sign : float
            +1 for a p-type, -1 for an n-type sample.
        wanted : sequence of str
            Names of quantities.

        Returns
        -------
        dict of str to ndarray
            By name, in SI.
        """
        found = self.electronic(values, T, sign)
        beyond = [name for name in wanted if name not in ELECTRONIC]
        if self.lattice is None:
            for name in beyond:
                expected = "a model without a lattice does not give this"
                advice = "give the model a lattice, such as ReciprocalLattice()"
                raise InputError(Fault("quantity", name, expected, advice))
        out = {name: getattr(found, name) for name in wanted if name in ELECTRONIC}
        if beyond and self.lattice is not None:
            lattice = self.lattice.lattice(values, T)
            of = {LATTICE: lattice, "thermal_conductivity": found.thermal_conductivity(lattice)}
            out |= {name: of[name] if name in of else found.zT(lattice) for name in beyond}
        return out

    def lattice_parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Parameters of the lattice of one sample, if kappa is fitted.

        Returns
        -------
        sequence of Parameter
            Empty without a lattice.
        """
        return () if self.lattice is None else self.lattice.parameters(seen)


class ScatteredModel(ElectronicModel):
    """A model whose bands have one scattering mechanism and one power of T."""

    scattering: Scattering
    mobility_exponent: float | None

    @property
    def exponent(self) -> float:
        """Power of T of the mobility parameter."""
        return temperature_exponent(self.scattering, self.mobility_exponent)

    def band(self, sign: float, mass: Array, mobility: Array, **shape: Any) -> Band:
        """A band of holes (`sign` above 0) or electrons; see `scattered_band`."""
        return scattered_band(sign, self.scattering, self.exponent, mass, mobility, **shape)


def scattered_band(
    sign: float, scattering: Scattering, exponent: float, mass: Array, mobility: Array, **shape: Any
) -> Band:
    """Band of one mechanism from its weighted mobility.

    `sign`: above 0 for holes, below for electrons.
    `scattering`: what scatters the carriers.
    `exponent`: power of T of the mobility parameter.
    `mass`: density of states, over the electron mass.
    `mobility`: weighted mobility at 300 K in m2/(V s).
    `**shape`: further fields of `Band`, such as `edge` or `kane_gap`.
    """
    scatterer = mechanism(scattering, TemperaturePower(mobility / mass**1.5, exponent))
    return Band("p" if sign > 0.0 else "n", (scatterer,), effective_mass=mass, **shape)


def temperature_exponent(scattering: Scattering, given: float | None) -> float:
    """Power of T of the mobility parameter: the one given, or that of the mechanism.

    `scattering`: mechanism of the parabolic band, or its exponent r.
    `given`: exponent that the user states, or None.
    Raises `InputError` for an exponent of the energy without a mechanism of that energy law.

    >>> temperature_exponent("acoustic", None), temperature_exponent(0.5, None)
    (-1.5, -0.5)
    """
    implied = mechanism(scattering).temperature_exponent
    found = implied if given is None else given
    if found is None:
        expected = "the power of T of the mobility is expected beside this exponent of the energy"
        raise InputError(Fault("mobility_exponent", expected=expected))
    return float(found)


def guess(seen: Observations, scattering: Scattering, exponent: float) -> Guess:
    """Starting values of a sample: S gives the Fermi level, the Hall density the mass, sigma the mobility.

    `seen`: what was measured of the sample.
    `scattering`: mechanism of the parabolic band, or its exponent r.
    `exponent`: power of T of the mobility parameter.
    """
    S, sigma, hall = (seen.of(name) for name in ("seebeck", "electrical_conductivity", "hall_coefficient"))
    T = float(S.T[0]) if S else float(sigma.T[0]) if sigma else GUESSED_T
    size = abs(float(S.values[0])) if S else GUESSED_SEEBECK
    eta = float(np.clip(fermi_level_from_seebeck(max(size, 1e-6), scattering), -10.0, 30.0))
    mass = 1.0
    if hall:
        near = int(np.argmin(np.abs(hall.T - T)))
        at = float(hall.T[near])
        if S:
            size = abs(float(np.interp(at, S.T, S.values)))
        mass = float(
            effective_mass(max(size, 1e-6), 1.0 / (e * abs(float(hall.values[near]))), at, scattering)
        )
    mass = float(np.clip(mass, 0.02, 20.0))
    conductivity = float(np.interp(T, sigma.T, sigma.values)) if sigma else GUESSED_CONDUCTIVITY
    one = float(transport_coefficient(1.0, T) * reduced_conductivity(eta, scattering))
    mobility = conductivity / one * (GUESSED_T / T) ** exponent
    return Guess(mass, float(carrier_density(eta, T, mass)), mobility)


def mass_parameter(name: str, start: float) -> Parameter:
    """A density-of-states mass over the electron mass, which a series shares."""
    return Parameter(name, "effective_mass", start, 1e-3, 1e2)


def mobility_parameter(name: str, start: float) -> Parameter:
    """A weighted mobility at 300 K in m2/(V s), which a series shares."""
    return Parameter(name, "weighted_mobility", start, 1e-8, 1e2)


def doping_parameter(begin: Guess) -> Parameter:
    """The doping in 1/m3, one for each sample."""
    return Parameter(DOPING, "carrier_density", begin.carrier_density, 1e20, 1e30, shared=False)


def of_bands(bands: Sequence[Band], net_doping: Array, T: Array) -> Electronic:
    """Transport of bands; the Fermi level is that of the first band, counted into it over k_B T.

    `bands`: bands, that of the majority first.
    `net_doping`: acceptors less donors in 1/m3.
    `T`: in K.
    """
    found = doped_transport(bands, net_doping, T)
    first = bands[0]
    eta = -first.sign * (found.fermi_energy - value_at(first.edge, T)) / (k_B * T)
    charge = found.seebeck, found.electrical_conductivity, found.hall_coefficient
    heat = found.electronic_thermal_conductivity, found.bipolar_thermal_conductivity
    return Electronic(T, *charge, eta, *heat)
