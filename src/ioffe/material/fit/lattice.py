"""Models of the lattice thermal conductivity, alone or as part of an electronic model."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import to_si
from ioffe.material.fit.model import FitModel, Parameter, Values
from ioffe.material.fit.observations import LATTICE, Observations

ROOM_TEMPERATURE = 300.0
LATTICE_SHARE = 0.6
"""Share of kappa taken for the lattice where only kappa itself is known, as a starting value."""
QUADRATURE = 1e-8
"""Relative error of the integrals over the phonons in a fit."""


class LatticeModel(FitModel):
    """A model of the lattice part alone; it is fitted to kappa - L(S) sigma T."""

    measured = (LATTICE,)

    def offered(self) -> tuple[str, ...]:
        """The lattice part.

        Returns
        -------
        tuple of str
            Names in the quantity table.
        """
        return (LATTICE,)

    def predict(self, values: Values, T: Array, sign: float, wanted: Sequence[str]) -> dict[str, Array]:
        """The lattice part in W/(m K).

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
        return {LATTICE: self.lattice(values, T)}

    @abstractmethod
    def lattice(self, values: Values, T: Array) -> Array:
        """Lattice thermal conductivity in W/(m K), in the broadcast shape of the parameters and T.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.
        T : ndarray
            In K.

        Returns
        -------
        ndarray
            In W/(m K), in the broadcast shape of the parameters and T.
        """


@dataclass(frozen=True, repr=False)
class ReciprocalLattice(LatticeModel):
    """A part that goes as 1/T (phonons scattered by phonons) and a constant one.

    kappa_lat = kappa_300 [f 300 K/T + 1 - f].

    Parameters of a sample are `lattice_300` in W/(m K) and `umklapp_share` f; a = 300 K f kappa_300 and b =
    (1 - f) kappa_300 make it a/T + b.

    Examples
    --------
    >>> model = ReciprocalLattice()
    >>> one = {"lattice_300": np.array([[1.2]]), "umklapp_share": np.array([[1.0]])}
    >>> model.lattice(one, np.array([300.0, 600.0]))
    array([[1.2, 0.6]])
    """

    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """`lattice_300` and `umklapp_share`, one of each for a sample.

        Parameters
        ----------
        seen : Observations
            What was measured of the sample.

        Returns
        -------
        sequence of Parameter
            In the order of the covariance.
        """
        start = _at_room(seen)
        return (
            Parameter("lattice_300", LATTICE, start, 1e-3, 1e3, shared=False),
            Parameter("umklapp_share", "", 0.7, -2.0, 3.0, logarithmic=False, shared=False),
        )

    def lattice(self, values: Values, T: Array) -> Array:
        """Lattice thermal conductivity in W/(m K).

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.
        T : ndarray
            In K.

        Returns
        -------
        ndarray
            In W/(m K), in the broadcast shape of the parameters and T.
        """
        share = values["umklapp_share"]
        return values["lattice_300"] * (share * ROOM_TEMPERATURE / T + 1.0 - share)


@dataclass(frozen=True, repr=False)
class DebyeCallawayLattice(LatticeModel):
    """Phonons of one velocity up to the Debye frequency, with a few of the scattering strengths fitted.

    `umklapp_strength`, `point_defects` (the scattering parameter Gamma) and `grain_size` are fitted for each
    sample, and one factor for each mechanism of `extra`. Which of them the data can tell apart, the fit says.
    See `ioffe.transport.phonons.debye_callaway`.

    Parameters
    ----------
    sound_velocity, debye_temperature, atomic_mass, atomic_volume, gruneisen : float or str
        Of the crystal: mean velocity in m/s, temperature in K, mean mass of an atom in kg, mean volume of an
        atom in m3, Grueneisen parameter; or with units.
    extra : mapping of str to callable
        Further rates in 1/s, functions of omega (rad/s) or of omega and `T` (K); each is fitted with a factor
        of its name.

    Raises
    ------
    InputError
        For numbers that are not positive, and names of rates that are taken.

    Examples
    --------
    >>> crystal = DebyeCallawayLattice(2147.0, 94.0, 2.25e-25, "31.26 angstrom3", 2.33)
    >>> one = {"umklapp_strength": np.array([[2.6]]), "point_defects": np.array([[0.02218]]),
    ...     "grain_size": np.array([[2e-6]])}
    >>> print(np.round(crystal.lattice(one, np.array([300.0])), 3))
    [[0.828]]
    """

    sound_velocity: float | str
    debye_temperature: float | str
    atomic_mass: float | str
    atomic_volume: float | str
    gruneisen: float
    extra: Mapping[str, Callable[..., Array]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = Faults()
        names = ("sound_velocity", "debye_temperature", "atomic_mass", "atomic_volume", "gruneisen")
        quantities = {name: name for name in names}
        quantities |= {"atomic_mass": "mass", "gruneisen": "gruneisen_parameter"}
        for name, quantity in quantities.items():
            with faults.collect():
                value = to_si(getattr(self, name), quantity, name)
                object.__setattr__(self, name, value)
                if value <= 0.0:
                    faults.add(name, value, "a number above 0 is expected")
        for name in self.extra:
            if name in ("umklapp_strength", "point_defects", "grain_size"):
                faults.add(f"extra.{name}", expected="this name is taken", advice=did_you_mean(name, ()))
        faults.raise_if_any()
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))

    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Strengths of the mechanisms, one of each for a sample.

        Parameters
        ----------
        seen : Observations
            What was measured of the sample.

        Returns
        -------
        sequence of Parameter
            In the order of the covariance.
        """
        return (
            Parameter("umklapp_strength", "", 1.5, 1e-2, 1e3, shared=False),
            Parameter("point_defects", "", 0.02, 1e-6, 1e2, shared=False),
            Parameter("grain_size", "length", 1e-6, 1e-9, 1e-2, shared=False),
            *(Parameter(name, "", 1.0, 1e-6, 1e6, shared=False) for name in self.extra),
        )

    def lattice(self, values: Values, T: Array) -> Array:
        """Lattice thermal conductivity in W/(m K).

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI by name.
        T : ndarray
            In K.

        Returns
        -------
        ndarray
            In W/(m K), in the broadcast shape of the parameters and T.
        """
        from ioffe.transport.phonons import debye_callaway
        from ioffe.transport.phonons.scattering_rates import boundaries, point_defects, umklapp

        v = self.sound_velocity
        crystal = {"sound_velocity": v, "atomic_volume": self.atomic_volume}
        atoms = {"atomic_mass": self.atomic_mass, "gruneisen": self.gruneisen}
        rates = {
            "umklapp": partial(umklapp, **crystal, **atoms, strength=values["umklapp_strength"]),
            "point defects": partial(point_defects, **crystal, scattering_parameter=values["point_defects"]),
            "boundaries": boundaries(sound_velocity=v, size=values["grain_size"]),
        }
        for name, rate in self.extra.items():
            takes_T = "T" in inspect.signature(rate).parameters
            rates[name] = partial(_scaled, rate, values[name], takes_T)
        spectrum = debye_callaway.DebyeCallaway(v, self.debye_temperature, rates)
        wide = np.broadcast_to(T, np.broadcast_shapes(np.shape(T), np.shape(values["grain_size"])))
        return spectrum.thermal_conductivity(wide, QUADRATURE)

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """What tells scattering mechanisms apart.

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
        return "Mechanisms differ at low temperature; hold those that are known."


def _scaled(rate: Callable[..., Array], factor: Array, takes_T: bool, omega: Array, T: Array) -> Array:
    return factor * np.asarray(rate(omega, T=T) if takes_T else rate(omega))


def _at_room(seen: Observations) -> float:
    """Lattice part near room temperature to begin with."""
    lattice, whole = seen.of(LATTICE), seen.of("thermal_conductivity")
    for series, share in ((lattice, 1.0), (whole, LATTICE_SHARE)):
        if series is not None:
            nearest = int(np.argmin(np.abs(series.T - ROOM_TEMPERATURE)))
            return max(
                share * float(series.values[nearest]) * float(series.T[nearest]) / ROOM_TEMPERATURE, 1e-2
            )
    return 1.0
