r"""Barrier of any doping profile, from Poisson's equation, and the contact resistivity it makes.

The band edge U(x) of the majority carriers, from that in the bulk, obeys

.. math:: U'' = \frac{q^2}{\varepsilon}\left[N(x) - n(U)\right],\qquad
          n = N_c\,\mathcal F_{1/2}\!\left(\frac{\zeta - U}{k_BT}\right),\qquad
          U(0) = \phi_B + \zeta,\quad U(\infty) = 0

with one parabolic band and Fermi-Dirac statistics, or with no carriers at all down to the depth where the
band edge meets that of the neutral semiconductor (``carriers="depletion"``).

The contact resistivity takes flight across the whole barrier without a collision: right for layers of some
nm. A layer thicker than the mean free path is a semiconductor of its own: take the contact on it by itself
and add the resistance of the layer as a part of the leg.

>>> from ioffe.interface.barrier.doping import box_layer, uniform
>>> plain = solve_barrier("0.2 eV", uniform("1e19 cm^-3"), 300.0, 20.0, 0.3)
>>> layered = solve_barrier("0.2 eV", box_layer("5e19 cm^-3", "1e19 cm^-3", "4 nm"), 300.0, 20.0, 0.3)
>>> for one in (plain, layered):
...     print(f"{one.contact_resistivity() * 1e10:.3f} uohm cm2")
0.662 uohm cm2
0.059 uohm cm2
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import pi
from typing import TYPE_CHECKING, Literal

import numpy as np

from ioffe.base.constants import EPSILON_0, e, h, k_B, m_e
from ioffe.base.errors import Fault, InputError
from ioffe.interface._numbers import Written, numbers
from ioffe.interface.barrier._emission import Indices, integrate, log_emission_of, softplus
from ioffe.interface.barrier._poisson import Semiconductor, depleted_band, grid, neutral_band, solve_band
from ioffe.interface.barrier.matrix import matrix_transmission
from ioffe.interface.barrier.wkb import wkb_transmission
from ioffe.transport._arrays import Array

if TYPE_CHECKING:
    from ioffe.interface.barrier.doping import DopingProfile

__all__ = ["BarrierProfile", "solve_barrier"]

Carriers = Literal["fermi_dirac", "depletion"]
Method = Literal["wkb", "matrix"]
_CLOSE = 1e-7
_TAIL = 40.0
_CLOSE_OF_WAVES = 1e-4
_MOST_PANELS = 64


@dataclass(frozen=True, eq=False)
class BarrierProfile:
    """Band edge below a contact.

    Parameters
    ----------
    position : ndarray of shape (n,)
        Depth in m; 0 is the metal.
    band_edge : ndarray of shape (n,)
        U in J, from the band edge in the bulk.
    doping, carriers : ndarray of shape (n,)
        N and n in 1/m3.
    fermi_level : float
        zeta in J.
    temperature : float
        In K.
    permittivity, effective_mass : float
        Relative to vacuum; over the electron mass.
    """

    position: Array
    band_edge: Array
    doping: Array
    carriers: Array
    fermi_level: float
    temperature: float
    permittivity: float
    effective_mass: float

    @property
    def field(self) -> Array:
        """Electric field q^-1 dU/dx in V/m between the points, in the sense that holds the carriers back."""
        return -np.diff(self.band_edge) / np.diff(self.position) / e

    def with_image_force(self, image_permittivity: float | None = None) -> BarrierProfile:
        r"""The same barrier less :math:`q^2/(16\pi\varepsilon x)`; the point at the metal is left out."""
        (seen,) = numbers(
            image_permittivity=(image_permittivity or self.permittivity, "permittivity"),
        )
        x = self.position[1:]
        image = e**2 / (16.0 * pi * float(seen) * EPSILON_0 * x)
        return replace(
            self,
            position=x,
            band_edge=self.band_edge[1:] - image,
            doping=self.doping[1:],
            carriers=self.carriers[1:],
        )

    def transmission(
        self,
        energy: Written,
        method: Method = "wkb",
        metal_fermi_energy: Written = "5 eV",
        metal_mass: float = 1.0,
        log: bool = False,
    ) -> Array:
        """Probability that a carrier passes, at energies in J from the band edge in the bulk.

        Parameters
        ----------
        energy : array_like
        method : {"wkb", "matrix"}
            WKB, or Schroedinger's equation with the step of the band at the metal.
        metal_fermi_energy : float
            Fermi level of the metal from the bottom of its band in J, for the second method.
        metal_mass : float
            Over the electron mass, for the second method.
        log : bool
            Whether to give ln(tau).
        """
        if method == "wkb":
            return wkb_transmission(self.position, self.band_edge, energy, self.effective_mass, log)
        if method != "matrix":
            raise InputError(Fault("method", method, '"wkb" or "matrix" is expected'))
        (depth,) = numbers(metal_fermi_energy=(metal_fermi_energy, "band_gap"))
        bottom = self.fermi_level - float(depth)
        return matrix_transmission(
            self.position,
            np.maximum(self.band_edge, bottom),
            energy,
            self.effective_mass,
            left=bottom,
            right=0.0,
            left_mass=metal_mass,
            log=log,
        )

    def contact_resistivity(
        self,
        method: Method = "wkb",
        metal_fermi_energy: Written = "5 eV",
        metal_mass: float = 1.0,
        richardson_mass: float | None = None,
    ) -> float:
        """Contact resistivity in ohm m2, by the integral over the energies of the bulk band.

        Parameters
        ----------
        method, metal_fermi_energy, metal_mass
            As for :meth:`transmission`.
        richardson_mass : float, optional
            Mass in A* over the electron mass; that of tunnelling unless given.

        Raises
        ------
        ConvergenceError
            If waves interfere over so long a layer that the transmission is a comb of resonances, which no
            layer with collisions has; take the layer by itself then, or WKB.
        """
        thermal = k_B * self.temperature
        mass = self.effective_mass if richardson_mass is None else richardson_mass
        prefactor = h**3 / (4.0 * pi * e**2 * mass * m_e * thermal)
        level = np.atleast_1d(self.fermi_level / thermal)
        top = np.atleast_1d(np.max(self.band_edge) / thermal)

        def log_tau(E: Array, _: Indices) -> Array:
            return self.transmission(E * thermal, method, metal_fermi_energy, metal_mass, log=True)

        if method == "matrix":
            return float(prefactor / _whole(log_tau, top, level))
        return float(prefactor * np.exp(-log_emission_of(log_tau, top, level, _CLOSE)[0]))


def solve_barrier(
    barrier_height: Written,
    doping: DopingProfile,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    *,
    density_of_states_mass: Written | None = None,
    carriers: Carriers = "fermi_dirac",
    resolution: float = 0.0025,
) -> BarrierProfile:
    """Band edge below a contact on a semiconductor of any doping profile.

    Parameters
    ----------
    barrier_height : float
        phi_B in J, from the Fermi level of the metal.
    doping : DopingProfile
        From :mod:`ioffe.interface.barrier.doping`.
    temperature : float
        In K.
    permittivity, effective_mass : float
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`.
    density_of_states_mass : float, optional
        m_d over the electron mass; that of tunnelling unless given.
    carriers : {"fermi_dirac", "depletion"}
        Whether carriers screen, or the layer is taken as empty.
    resolution : float
        Growth of the steps of the grid by distance from the metal and from jumps; the error falls with its
        square.

    Raises
    ------
    InputError
        For wrong input.
    ConvergenceError
        If Newton's method did not settle.
    """
    if carriers not in ("fermi_dirac", "depletion"):
        raise InputError(Fault("carriers", carriers, '"fermi_dirac" or "depletion" is expected'))
    if not 1e-4 <= resolution <= 0.1:
        raise InputError(Fault("resolution", resolution, "a number from 1e-4 to 0.1 is expected"))
    states = effective_mass if density_of_states_mass is None else density_of_states_mass
    found = numbers(
        barrier_height=(barrier_height, "barrier_height"),
        temperature=(temperature, "T_ambient"),
        permittivity=(permittivity, "permittivity"),
        effective_mass=(effective_mass, "effective_mass"),
        density_of_states_mass=(states, "effective_mass"),
    )
    height, T, eps, mass, states = (float(one) for one in found)
    numbers(doping=(doping.at(np.zeros(1)), "carrier_density"))
    solid = Semiconductor(doping, T, eps, states)
    x = grid(solid, height + solid.level, resolution)
    numbers(doping=(doping.at(x), "carrier_density"))
    if carriers == "depletion":
        U = depleted_band(solid, x, height)
        n = np.where(U > neutral_band(solid, x) + 1e-12 * k_B * T, 0.0, doping.at(x))
    else:
        U = solve_band(solid, x, height)
        n = solid.carriers(U)
    return BarrierProfile(x, U, doping.at(x), n, solid.level, T, eps, mass)


def _whole(log_tau: Callable[[Array, Indices], Array], top: Array, level: Array) -> float:
    """int tau f dE over k_B T where carriers above the top may be thrown back as well."""

    def integrand(E: Array, lanes: Indices) -> Array:
        return np.exp(log_tau(E, lanes) - softplus(E - level[:, None]))

    above = np.maximum(top, 0.0)
    edges = (np.zeros(1), above, np.maximum(above, level) + _TAIL)
    return float(integrate(integrand, edges, _CLOSE_OF_WAVES, _MOST_PANELS)[0])
