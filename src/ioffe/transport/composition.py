"""Solid solutions: what a composition makes of the bands and the lattice, and zT over density, x and T.

Every property of a :class:`SolidSolution` is a function of x and T, arrays that broadcast:

>>> from ioffe.base.constants import e
>>> alloy = SolidSolution(
...     carrier="n",
...     effective_mass=lambda x, T: 1.2 - 0.2 * x,
...     weighted_mobility=power_law(lambda x: (120 + 60 * x) * 1e-4, -1.5),
...     lattice_thermal_conductivity=power_law(lambda x: 1.6 - 2.2 * x * (1 - x), -0.7),
...     band_gap=lambda x, T: (0.55 - 0.45 * x) * e,
... )
>>> n, x, T = 2e25, np.array([0.0, 0.5, 1.0]), 300.0
>>> print(np.round(zT_map(alloy, n, x, T), 3))
[0.178 0.327 0.208]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.units import floats
from ioffe.transport.bands import Band, mechanism
from ioffe.transport.carrier_scattering import ACOUSTIC
from ioffe.transport.many_bands import BandTransport, doped_transport

Law: TypeAlias = Callable[[Array, Array], ArrayLike]
"""A property as a function of composition x and temperature T in K."""


def power_law(of_composition: Callable[[Array], ArrayLike], exponent: float, reference: float = 300.0) -> Law:
    """A law that is a function of composition times (T/reference)^exponent.

    Parameters
    ----------
    of_composition : callable
        Value at `reference` as a function of composition.
    exponent : float
        Power of T.
    reference : float
        In K.

    Returns
    -------
    callable

    Examples
    --------
    >>> law = power_law(lambda x: 1.0 + x, -1.0)
    >>> print(law(np.array(0.5), np.array(600.0)))
    0.75
    """
    return lambda x, T: np.asarray(of_composition(x), float) * (T / reference) ** exponent


@dataclass(frozen=True)
class SolidSolution:
    """A majority band, a minority band across the gap and a lattice, as functions of composition.

    Parameters
    ----------
    carrier : {"p", "n"}
        Majority carriers.
    effective_mass : Law
        Density-of-states mass of the majority band over the electron mass.
    weighted_mobility : Law
        mu_0 (m_d/m_e)^(3/2) of the majority band in m2/(V s).
    lattice_thermal_conductivity : Law
        In W/(m K).
    band_gap : Law, optional
        In J; without it there are no minority carriers.
    minority_mass, minority_mobility : float
        Mass and weighted mobility of the minority band over those of the majority band.
    scattering : str or float
        Mechanism, or its exponent r.

    Examples
    --------
    >>> alloy = SolidSolution("p", lambda x, T: 1.0 + x, lambda x, T: 0.03, lambda x, T: 1.2)
    >>> float(alloy.effective_mass(0.5, 300.0))
    1.5
    """

    carrier: Literal["p", "n"]
    effective_mass: Law
    weighted_mobility: Law
    lattice_thermal_conductivity: Law
    band_gap: Law | None = None
    minority_mass: float = 1.0
    minority_mobility: float = 1.0
    scattering: str | float = ACOUSTIC

    def bands(self, composition: Array, temperature: Array) -> tuple[Band, ...]:
        """Bands at compositions and temperatures; the majority band's edge is at 0.

        Parameters
        ----------
        composition : array_like
            Share of one end member, 0 to 1.
        temperature : array_like
            In K.

        Returns
        -------
        tuple of Band
        """
        mass = np.asarray(self.effective_mass(composition, temperature), float)
        weighted = np.asarray(self.weighted_mobility(composition, temperature), float)
        major = Band(self.carrier, (mechanism(self.scattering, weighted / mass**1.5),), 0.0, mass)
        if self.band_gap is None:
            return (major,)
        gap = np.asarray(self.band_gap(composition, temperature), float)
        less, slow = self.minority_mass * mass, self.minority_mobility * weighted
        other, edge = ("n", gap) if self.carrier == "p" else ("p", -gap)
        return major, Band(other, (mechanism(self.scattering, slow / less**1.5),), edge, less)


def solution_transport(
    solution: SolidSolution, doping: ArrayLike, composition: ArrayLike, temperature: ArrayLike
) -> BandTransport:
    """Transport of a doped solid solution.

    Parameters
    ----------
    solution : SolidSolution
    doping : array_like
        Majority minus minority carriers in 1/m3.
    composition : array_like
        x.
    temperature : array_like
        In K; the three broadcast.

    Returns
    -------
    BandTransport
    """
    n, x, T = np.broadcast_arrays(*(floats(a) for a in (doping, composition, temperature)))
    return doped_transport(solution.bands(x, T), n if solution.carrier == "p" else -n, T)


def zT_map(
    solution: SolidSolution, doping: ArrayLike, composition: ArrayLike, temperature: ArrayLike
) -> Array:
    """Figure of merit over doping, composition and temperature, as :func:`solution_transport` takes them.

    Parameters
    ----------
    solution : SolidSolution
    doping : array_like
        Net doping in 1/m3.
    composition : array_like
        Share of one end member, 0 to 1.
    temperature : array_like
        In K.

    Returns
    -------
    ndarray
    """
    x, T = floats(composition), floats(temperature)
    lattice = solution.lattice_thermal_conductivity(x, T)
    return solution_transport(solution, doping, x, T).zT(lattice)
