r"""Contact resistivity of a depleted barrier, from thermionic to field emission by one integral.

.. math::

    \frac1{\rho_c} = \frac{qA^*}{k_B^2}\int_0^\infty\tau(E)\,f(E)\,\mathrm{d}E,\qquad
    A^* = \frac{4\pi q m k_B^2}{h^3}

with tau = 1 above the barrier and that of
:func:`~ioffe.interface.barrier.transmission.parabolic_transmission` below its top (F. A. Padovani and R.
Stratton, Solid-State Electron. 9 (1966) 695; A. Y. C. Yu, Solid-State Electron. 13 (1970) 239). No limit is
taken: the integral is good to 1e-10 and what the limits say is in :mod:`ioffe.interface.barrier.limits`.

What it takes for granted: one parabolic band on both sides, a depleted layer of uniform doping without
carriers, WKB (no reflection over the top and none where the barrier begins), no image force
(:mod:`ioffe.interface.barrier.image_force` has it), no series resistance of the layer, and a contact that
carries current on its whole area.

>>> rho = contact_resistivity("0.16 eV", "2e19 cm^-3", 300.0, 20.0, fermi_level=0.0)
>>> print(f"{rho * 1e4:.5e} ohm cm2")
1.16771e-07 ohm cm2
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np

from ioffe.base.constants import e, h, k_B, m_e
from ioffe.interface._numbers import Written, numbers
from ioffe.interface.barrier._emission import log_emission, peak
from ioffe.interface.barrier.depletion import DENSITY, TEMPERATURE, characteristic_energy
from ioffe.interface.barrier.depletion import fermi_level as fermi_level_of
from ioffe.transport._arrays import Array

__all__ = ["Junction", "contact_resistivity", "emission_energy", "junction", "log_contact_resistivity"]


@dataclass(frozen=True)
class Junction:
    """Numbers of a barrier over k_B T, arrays of one shape.

    Parameters
    ----------
    bending, characteristic, level : ndarray
        E_b, E00 and zeta over k_B T.
    prefactor : ndarray
        k_B/(q A* T) in ohm m2.
    temperature : ndarray
        In K.
    """

    bending: Array
    characteristic: Array
    level: Array
    prefactor: Array
    temperature: Array


def contact_resistivity(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    *,
    fermi_level: Written | None = None,
    density_of_states_mass: Written | None = None,
    richardson_mass: Written | None = None,
) -> Array:
    """Contact resistivity in ohm m2 of a barrier on a doped semiconductor, at a small voltage.

    Parameters
    ----------
    barrier_height : array_like
        phi_B in J, from the Fermi level; where phi_B + zeta is not above 0 there is no barrier.
    doping : array_like
        N in 1/m3.
    temperature : array_like
        In K.
    permittivity : array_like
        Static, relative to vacuum.
    effective_mass : array_like
        Mass of tunnelling (along the current) over the electron mass.
    fermi_level : array_like, optional
        zeta in J from the band edge in the bulk; by default that of the doping and `density_of_states_mass`.
    density_of_states_mass : array_like, optional
        m_d over the electron mass; that of tunnelling unless given.
    richardson_mass : array_like, optional
        Mass in A* over the electron mass; that of tunnelling unless given. Of N_v valleys it is the sum.

    Returns
    -------
    ndarray
        In the common shape of the arguments; infinite above 1e308.

    Examples
    --------
    >>> rho = contact_resistivity("0.16 eV", [1e24, 1e25, 1e26], 300.0, 20.0)
    >>> print(rho * 1e10)  # in uohm cm2
    [0.67879123 0.22320777 0.01296836]
    """
    logarithm = log_contact_resistivity(
        barrier_height,
        doping,
        temperature,
        permittivity,
        effective_mass,
        fermi_level=fermi_level,
        density_of_states_mass=density_of_states_mass,
        richardson_mass=richardson_mass,
    )
    with np.errstate(over="ignore"):
        return np.exp(logarithm)


def log_contact_resistivity(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    *,
    fermi_level: Written | None = None,
    density_of_states_mass: Written | None = None,
    richardson_mass: Written | None = None,
) -> Array:
    """Natural logarithm of :func:`contact_resistivity` in ohm m2, which does not overflow.

    Examples
    --------
    >>> print(f"{log_contact_resistivity('2 eV', '1e17 cm^-3', 20.0, 10.0):.2f}")
    823.15
    """
    one = junction(
        barrier_height,
        doping,
        temperature,
        permittivity,
        effective_mass,
        fermi_level=fermi_level,
        density_of_states_mass=density_of_states_mass,
        richardson_mass=richardson_mass,
    )
    return (np.log(one.prefactor) - log_emission(one.bending, one.characteristic, one.level))[()]


def emission_energy(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    *,
    fermi_level: Written | None = None,
    density_of_states_mass: Written | None = None,
) -> Array:
    r"""Energy E in J, from the band edge, at which most carriers pass: the largest :math:`\tau f`.

    Near :math:`E_b/\cosh^2(E_{00}/k_BT)` while the Fermi function is exponential there; 0 without a barrier.

    Parameters
    ----------
    barrier_height, doping, temperature, permittivity, effective_mass, fermi_level, density_of_states_mass
        As for :func:`contact_resistivity`.

    Examples
    --------
    >>> E = emission_energy("0.16 eV", "1e18 cm^-3", 300.0, 20.0, fermi_level=0.0)
    >>> print(f"{E / e * 1e3:.2f} meV of 160 meV")
    155.96 meV of 160 meV
    """
    one = junction(
        barrier_height,
        doping,
        temperature,
        permittivity,
        effective_mass,
        fermi_level=fermi_level,
        density_of_states_mass=density_of_states_mass,
    )
    bending = np.maximum(one.bending, 0.0)
    place = peak(bending, one.characteristic, one.level)
    return k_B * one.temperature * bending / np.cosh(place) ** 2


def junction(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    *,
    fermi_level: Written | None = None,
    density_of_states_mass: Written | None = None,
    richardson_mass: Written | None = None,
) -> Junction:
    """Reduced numbers of a barrier, checked; parameters as for :func:`contact_resistivity`."""
    states = effective_mass if density_of_states_mass is None else density_of_states_mass
    richardson = effective_mass if richardson_mass is None else richardson_mass
    height, N, T, _, _, states, richardson, zeta = numbers(
        barrier_height=(barrier_height, "barrier_height"),
        doping=(doping, DENSITY),
        temperature=(temperature, TEMPERATURE),
        permittivity=(permittivity, "permittivity"),
        effective_mass=(effective_mass, "effective_mass"),
        density_of_states_mass=(states, "effective_mass"),
        richardson_mass=(richardson, "effective_mass"),
        fermi_level=(0.0 if fermi_level is None else fermi_level, "energy"),
    )
    if fermi_level is None:
        zeta = fermi_level_of(N, T, states)
    thermal = k_B * T
    E00 = characteristic_energy(N, permittivity, effective_mass)
    # k_B/(q A* T), with A* = 4 pi q m k_B^2/h^3
    prefactor = h**3 / (4.0 * pi * e**2 * richardson * m_e * thermal)
    arrays = np.broadcast_arrays((height + zeta) / thermal, E00 / thermal, zeta / thermal, prefactor, T)
    return Junction(*arrays)
