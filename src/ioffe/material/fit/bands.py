"""Several bands as a model to fit: light and heavy ones, electrons beside holes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import e, k_B
from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.material.fit.electronic import (
    DOPING,
    Electronic,
    ElectronicModel,
    Guess,
    guess,
    temperature_exponent,
)
from ioffe.material.fit.lattice import LatticeModel
from ioffe.material.fit.model import Parameter, Values, changed_fields
from ioffe.material.fit.observations import Observations
from ioffe.transport import single_band as spb
from ioffe.transport.bands import Band, TemperaturePower, mechanism, value_at
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering
from ioffe.transport.fermi_level import fermi_level_from_density
from ioffe.transport.many_bands import doped_transport
from ioffe.transport.mobility import acoustic_mobility_parameter

__all__ = ["BandGuess", "KaneBand", "ManyBands", "SingleParabolicBand", "TwoBands"]

Array = NDArray[np.float64]
ROOM = 300.0
"""Temperature in K that mobilities are stated at."""
FARTHEST_EDGE, EDGE_SIZE = 5.0 * e, 0.1 * e
"""Largest distance in J of the edges of two bands, and a distance that is a large change."""
HALL_ADVICE = (
    "S and the conductivity alone fix only carrier_density/effective_mass^1.5; a Hall measurement would."
)


@dataclass(frozen=True, repr=False)
class BandGuess:
    """One band of `ManyBands`, with the numbers the search begins with.

    Parameters
    ----------
    name : str
        Appended to the names of its parameters: `effective_mass_NAME`, `weighted_mobility_NAME`, `edge_NAME`.
    carrier : {"p", "n"}
        Holes of a valence band or electrons of a conduction band.
    edge : float or str
        Energy of its edge above that of the first band, in J or with a unit.
    effective_mass : float
        Density of states, over the electron mass.
    weighted_mobility : float or str
        At 300 K, in m2/(V s) or with a unit; by default estimated from S and the conductivity.
    scattering, mobility_exponent
        As for `SingleParabolicBand`.
    kane_gap : float or str, optional
        Gap that bends the band; it is not fitted.

    Examples
    --------
    >>> BandGuess("heavy", "p", edge="-0.1 eV", effective_mass=2.0).name
    'heavy'
    """

    name: str
    carrier: Literal["p", "n"]
    edge: float | str = 0.0
    effective_mass: float = 1.0
    weighted_mobility: float | str | None = None
    scattering: Scattering = ACOUSTIC
    mobility_exponent: float | None = None
    kane_gap: float | str | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        if not self.name.isidentifier():
            faults.add("name", self.name, "a word of letters, digits and _ is expected")
        if self.carrier not in ("p", "n"):
            faults.add("carrier", self.carrier, '"p" or "n" is expected')
        quantities = {"edge": "energy", "weighted_mobility": "weighted_mobility", "kane_gap": "band_gap"}
        for name, quantity in quantities.items():
            if getattr(self, name) is not None:
                with faults.collect():
                    object.__setattr__(self, name, to_si(getattr(self, name), quantity, name))
        with faults.collect():
            temperature_exponent(self.scattering, self.mobility_exponent)
        faults.raise_if_any()

    def __repr__(self) -> str:
        return changed_fields(self, ("edge", "kane_gap"))

    def band(self, values: Values) -> Band:
        """Band with the numbers of a fit."""
        mass = values[f"effective_mass_{self.name}"]
        exponent = temperature_exponent(self.scattering, self.mobility_exponent)
        mobility = values[f"weighted_mobility_{self.name}"] / mass**1.5
        scatterer = mechanism(self.scattering, TemperaturePower(mobility, exponent))
        gap = None if self.kane_gap is None else float(self.kane_gap)
        edge = values.get(f"edge_{self.name}", np.zeros((1, 1)))
        return Band(self.carrier, (scatterer,), edge=edge, effective_mass=mass, kane_gap=gap)


@dataclass(frozen=True, repr=False)
class ManyBands(ElectronicModel):
    """Rigid bands with a doping for each sample; charge neutrality gives the Fermi level.

    Masses, mobilities and edges are shared by a series; the edge of the first band is zero. `carrier_density`
    of a sample is the net doping: acceptors less donors for p-type samples, donors less acceptors for n-type
    ones.

    Parameters
    ----------
    bands : tuple of BandGuess
        The band of the majority first.
    lattice : LatticeModel, optional
        Then kappa is fitted too, the bipolar part included.

    Raises
    ------
    InputError
        For less than two bands, or names that repeat.
    """

    signed_hall = True

    bands: tuple[BandGuess, ...]
    lattice: LatticeModel | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "bands", tuple(self.bands))
        faults = Faults()
        names = [band.name for band in self.bands]
        if len(names) < 2:
            faults.add("bands", expected="at least two bands are expected")
        for name in sorted({n for n in names if names.count(n) > 1}):
            faults.add("bands", name, "every band needs a name of its own")
        faults.raise_if_any()

    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Masses, mobilities and edges, which a series shares; doping of each sample."""
        first = self.bands[0]
        exponent = temperature_exponent(first.scattering, first.mobility_exponent)
        begin = guess(seen, first.scattering, exponent)
        out: list[Parameter] = []
        for band in self.bands:
            mobility = begin.weighted_mobility if band.weighted_mobility is None else band.weighted_mobility
            out.append(_mass(f"effective_mass_{band.name}", band.effective_mass))
            out.append(_mobility(f"weighted_mobility_{band.name}", float(mobility)))
            if band is not first:
                spec = ("band_gap", float(band.edge), -FARTHEST_EDGE, FARTHEST_EDGE, False)
                out.append(Parameter(f"edge_{band.name}", *spec, size=EDGE_SIZE))
        return *out, _doping(begin), *self.lattice_parameters(seen)

    def electronic(self, values: Values, T: Array, sign: float) -> Electronic:
        """Transport by the carriers."""
        return of_bands([band.band(values) for band in self.bands], sign * values[DOPING], T)


@dataclass(frozen=True, repr=False)
class TwoBands(ElectronicModel):
    """Majority and minority carriers over a gap: the bipolar regime.

    Parameters are `effective_mass`, `weighted_mobility` (majority), `effective_mass_minority`,
    `weighted_mobility_minority` and `gap`, shared by a series, and `carrier_density` (the net doping) of each
    sample.

    Parameters
    ----------
    gap : float or str
        In J or with a unit: where the search begins. The Goldsmid-Sharp gap is a good choice.
    effective_mass_minority, mobility_ratio : float
        Where the search begins: mass of the minority, and weighted mobility of the minority over that of the
        majority.
    scattering, mobility_exponent
        As for `SingleParabolicBand`, for both bands.
    lattice : LatticeModel, optional
        Then kappa is fitted too, the bipolar part included.

    Examples
    --------
    >>> TwoBands("0.25 eV").signed_hall
    True
    """

    energies = ("gap",)
    signed_hall = True

    gap: float | str
    effective_mass_minority: float = 1.0
    mobility_ratio: float = 1.0
    scattering: Scattering = ACOUSTIC
    mobility_exponent: float | None = None
    lattice: LatticeModel | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        with faults.collect():
            object.__setattr__(self, "gap", to_si(self.gap, "band_gap", "gap"))
        with faults.collect():
            temperature_exponent(self.scattering, self.mobility_exponent)
        faults.raise_if_any()

    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Masses, mobilities and gap, which a series shares; doping of each sample."""
        exponent = temperature_exponent(self.scattering, self.mobility_exponent)
        begin = guess(seen, self.scattering, exponent)
        minority = self.mobility_ratio * begin.weighted_mobility
        return (
            _mass("effective_mass", begin.effective_mass),
            _mobility("weighted_mobility", begin.weighted_mobility),
            _mass("effective_mass_minority", self.effective_mass_minority),
            _mobility("weighted_mobility_minority", minority),
            Parameter("gap", "band_gap", float(self.gap), 1e-3 * e, 1e1 * e),
            _doping(begin),
            *self.lattice_parameters(seen),
        )

    def electronic(self, values: Values, T: Array, sign: float) -> Electronic:
        """Transport by the carriers."""
        exponent = temperature_exponent(self.scattering, self.mobility_exponent)

        def band(kind: str, side: float, edge: Array | float) -> Band:
            mass = values[f"effective_mass{kind}"]
            mobility = values[f"weighted_mobility{kind}"] / mass**1.5
            scatterer = mechanism(self.scattering, TemperaturePower(mobility, exponent))
            return Band("p" if side > 0.0 else "n", (scatterer,), edge=edge, effective_mass=mass)

        # the conduction band lies a gap above the valence band, and the majority has its edge at zero
        bands = (band("", sign, 0.0), band("_minority", -sign, sign * values["gap"]))
        return of_bands(bands, sign * values[DOPING], T)

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """What shows minority carriers."""
        if "gap" in undetermined or "effective_mass_minority" in undetermined:
            return "Minority carriers show where |S| falls; hold some of their numbers with fixed={...}."
        return ""


@dataclass(frozen=True, repr=False)
class SingleParabolicBand(ElectronicModel):
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

    @property
    def exponent(self) -> float:
        """Power of T of the mobility parameter."""
        return temperature_exponent(self.scattering, self.mobility_exponent)

    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Mass and mobility, which a series shares; doping of each sample."""
        begin = guess(seen, self.scattering, self.exponent)
        mass = _mass("effective_mass", begin.effective_mass)
        return mass, self._mobility_parameter(begin), _doping(begin), *self.lattice_parameters(seen)

    def _mobility_parameter(self, begin: Guess) -> Parameter:
        if self.longitudinal_modulus is None:
            return _mobility("weighted_mobility", begin.weighted_mobility)
        one = self._acoustic(ROOM, e, begin.effective_mass)
        start = float(e * np.sqrt(one / begin.weighted_mobility))
        return Parameter("deformation_potential", "deformation_potential", start, 1e-3 * e, 1e4 * e)

    def weighted_mobility(self, values: Values, T: Array) -> Array:
        """Weighted mobility in m2/(V s) at T."""
        if self.longitudinal_modulus is None:
            return values["weighted_mobility"] * (T / ROOM) ** self.exponent
        return self._acoustic(T, values["deformation_potential"], values["effective_mass"])

    def _acoustic(self, T: Array | float, potential: Array | float, mass: Array | float) -> Array:
        modulus = float(self.longitudinal_modulus or 0.0)
        return acoustic_mobility_parameter(T, modulus, potential, mass, self.valleys) * mass**1.5

    def electronic(self, values: Values, T: Array, sign: float) -> Electronic:
        """Transport by the carriers."""
        n, mass = values[DOPING], values["effective_mass"]
        eta = fermi_level_from_density(n, T, mass)
        S = sign * spb.seebeck(eta, self.scattering)
        sigma = spb.electrical_conductivity(eta, T, self.weighted_mobility(values, T), self.scattering)
        R_H = sign * spb.hall_factor(eta, self.scattering, self.mass_anisotropy) / (e * n)
        kappa_e = spb.lorenz_number(eta, self.scattering) * sigma * T
        return Electronic(T, S, sigma, R_H, eta, kappa_e, np.zeros_like(kappa_e))

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """A Hall measurement, where there is none."""
        alone = "effective_mass" in undetermined and "hall_coefficient" not in quantities
        return HALL_ADVICE if alone else ""


@dataclass(frozen=True, repr=False)
class KaneBand(ElectronicModel):
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

    @property
    def exponent(self) -> float:
        """Power of T of the mobility parameter."""
        return temperature_exponent(self.scattering, self.mobility_exponent)

    def weighted_mobility(self, values: Values, T: Array) -> Array:
        """Weighted mobility in m2/(V s) at T."""
        return values["weighted_mobility"] * (T / ROOM) ** self.exponent

    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Mass, mobility and gap, which a series shares; doping of each sample."""
        begin = guess(seen, self.scattering, self.exponent)
        return (
            _mass("effective_mass", begin.effective_mass),
            _mobility("weighted_mobility", begin.weighted_mobility),
            Parameter("kane_gap", "band_gap", float(self.gap), 1e-3 * e, 1e2 * e),
            _doping(begin),
            *self.lattice_parameters(seen),
        )

    def electronic(self, values: Values, T: Array, sign: float) -> Electronic:
        """Transport by the carriers."""
        mass = values["effective_mass"]
        mobility = TemperaturePower(values["weighted_mobility"] / mass**1.5, self.exponent)
        band = Band(
            "p" if sign > 0.0 else "n",
            (mechanism(self.scattering, mobility),),
            effective_mass=mass,
            kane_gap=values["kane_gap"],
            mass_anisotropy=self.mass_anisotropy,
        )
        return of_bands((band,), sign * values[DOPING], T)

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """A Hall measurement, or a series with a wide range of densities."""
        if "effective_mass" in undetermined and "hall_coefficient" not in quantities:
            return HALL_ADVICE
        return "A gap shows in samples of very different densities." if "kane_gap" in undetermined else ""


def _mass(name: str, start: float) -> Parameter:
    return Parameter(name, "effective_mass", start, 1e-3, 1e2)


def _mobility(name: str, start: float) -> Parameter:
    return Parameter(name, "weighted_mobility", start, 1e-8, 1e2)


def _doping(begin: Guess) -> Parameter:
    return Parameter(DOPING, "carrier_density", begin.carrier_density, 1e20, 1e30, shared=False)


def of_bands(bands: Sequence[Band], net_doping: Array, T: Array) -> Electronic:
    """Transport of bands; the Fermi level is that of the first band, counted into it over k_B T."""
    found = doped_transport(bands, net_doping, T)
    first = bands[0]
    eta = -first.sign * (found.fermi_energy - value_at(first.edge, T)) / (k_B * T)
    return Electronic(
        T,
        found.seebeck,
        found.electrical_conductivity,
        found.hall_coefficient,
        eta,
        found.electronic_thermal_conductivity,
        found.bipolar_thermal_conductivity,
    )
