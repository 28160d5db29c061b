"""Several bands as a model to fit: light and heavy ones, electrons beside holes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.material.fit.electronic import (
    DOPING,
    Electronic,
    ElectronicModel,
    ScatteredModel,
    doping_parameter,
    guess,
    mass_parameter,
    mobility_parameter,
    of_bands,
    scattered_band,
    temperature_exponent,
)
from ioffe.material.fit.lattice import LatticeModel
from ioffe.material.fit.model import Parameter, Values, changed_fields
from ioffe.material.fit.observations import Observations
from ioffe.transport.bands import Band
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering

FARTHEST_EDGE, EDGE_SIZE = 5.0 * e, 0.1 * e
"""Largest distance in J of the edges of two bands, and a distance that is a large change."""


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
        """Band with the numbers of a fit.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.

        Returns
        -------
        Band
        """
        exponent = temperature_exponent(self.scattering, self.mobility_exponent)
        mass, mobility = (values[f"{of}_{self.name}"] for of in ("effective_mass", "weighted_mobility"))
        shape: dict[str, Any] = {"edge": values.get(f"edge_{self.name}", np.zeros((1, 1)))}
        shape["kane_gap"] = None if self.kane_gap is None else float(self.kane_gap)
        sign = 1.0 if self.carrier == "p" else -1.0
        return scattered_band(sign, self.scattering, exponent, mass, mobility, **shape)


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
        """Masses, mobilities and edges, which a series shares; doping of each sample.

        Parameters
        ----------
        seen : Observations
            What was measured of the sample.

        Returns
        -------
        sequence of Parameter
            In the order of the covariance.
        """
        first = self.bands[0]
        exponent = temperature_exponent(first.scattering, first.mobility_exponent)
        begin = guess(seen, first.scattering, exponent)
        out: list[Parameter] = []
        for band in self.bands:
            mobility = begin.weighted_mobility if band.weighted_mobility is None else band.weighted_mobility
            out.append(mass_parameter(f"effective_mass_{band.name}", band.effective_mass))
            out.append(mobility_parameter(f"weighted_mobility_{band.name}", float(mobility)))
            if band is not first:
                spec = ("band_gap", float(band.edge), -FARTHEST_EDGE, FARTHEST_EDGE, False)
                out.append(Parameter(f"edge_{band.name}", *spec, size=EDGE_SIZE))
        return *out, doping_parameter(begin), *self.lattice_parameters(seen)

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
        return of_bands([band.band(values) for band in self.bands], sign * values[DOPING], T)


@dataclass(frozen=True, repr=False)
class TwoBands(ScatteredModel):
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
        """Masses, mobilities and gap, which a series shares; doping of each sample.

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
        minority = self.mobility_ratio * begin.weighted_mobility
        return (
            mass_parameter("effective_mass", begin.effective_mass),
            mobility_parameter("weighted_mobility", begin.weighted_mobility),
            mass_parameter("effective_mass_minority", self.effective_mass_minority),
            mobility_parameter("weighted_mobility_minority", minority),
            Parameter("gap", "band_gap", float(self.gap), 1e-3 * e, 1e1 * e),
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
        # the conduction band lies a gap above the valence band, and the majority has its edge at zero
        bands = [
            self.band(side, values[f"effective_mass{of}"], values[f"weighted_mobility{of}"], edge=edge)
            for of, side, edge in (("", sign, 0.0), ("_minority", -sign, sign * values["gap"]))
        ]
        return of_bands(bands, sign * values[DOPING], T)

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """What shows minority carriers.

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
        if "gap" in undetermined or "effective_mass_minority" in undetermined:
            return "Minority carriers show where |S| falls; hold those of their numbers that are known."
        return ""
