r"""Doping or barrier height that a measured contact resistivity asks for.

rho_c rises with the barrier height and falls with the doping, so there is one answer or none. There is none

- above the thermionic limit of a given barrier height, which no doping exceeds: the barrier must be higher,
  or the contact carries current on a part of its area, or another layer adds its resistance;
- below the ballistic limit of a given doping, which no contact undercuts.

For a given band bending E_b (from work functions) in the place of a barrier height, phi_B = E_b - zeta falls
as the doping rises, and rho_c has no upper limit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from ioffe.base.constants import e, k_B
from ioffe.base.errors import ConvergenceError, Faults
from ioffe.base.units import format_si
from ioffe.interface._numbers import Written, numbers
from ioffe.interface.barrier.contact_resistivity import log_contact_resistivity
from ioffe.interface.barrier.depletion import fermi_level as fermi_level_of
from ioffe.transport._arrays import Array
from ioffe.transport.single_band import carrier_density

__all__ = ["Reading", "barrier_height_from_resistivity", "doping_from_resistivity", "log_resistivity_reading"]

Reading = Literal["barrier_height", "band_bending"]
"""What a stated energy is: phi_B from the Fermi level, or E_b = phi_B + zeta from the band edge."""
_LOWEST, _HIGHEST = 1e18, 1e29
_TALLEST = 10.0 * e
_MOST_STEPS = 200
_CLOSE = 1e-12


def doping_from_resistivity(
    contact_resistivity: Written,
    barrier: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    *,
    reading: Reading = "barrier_height",
    **more: Any,
) -> Array:
    """Doping in 1/m3 at which a barrier has a contact resistivity.

    Parameters
    ----------
    contact_resistivity : array_like
        rho_c in ohm m2.
    barrier : array_like
        phi_B or E_b in J, as `reading` says.
    temperature, permittivity, effective_mass, **more
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`, without
        `fermi_level`.
    reading : {"barrier_height", "band_bending"}

    Raises
    ------
    InputError
        If no doping from 1e12 to 1e23 cm^-3 gives it; or none at which
        the bands bend up to the metal; the message names what is possible.

    Examples
    --------
    >>> N = doping_from_resistivity("0.05 uohm cm2", "0.16 eV", 300.0, 20.0)
    >>> print(f"{N * 1e-6:.3e} cm^-3")
    3.937e+19 cm^-3
    >>> doping_from_resistivity("7.9 uohm cm2", "0.16 eV", 300.0, 20.0)
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: contact_resistivity = 7.9e-10: at most 1.166 uohm cm2 is expected, with a
    barrier height of 0.16 eV; a smaller Richardson mass, a higher barrier or a smaller conducting area would
    allow more
    """
    rho, energy = numbers(
        contact_resistivity=(contact_resistivity, "electrical_contact_resistivity"),
        barrier=(barrier, "barrier_height"),
    )
    arguments = numbers(
        temperature=(temperature, "T_ambient"),
        permittivity=(permittivity, "permittivity"),
        effective_mass=(effective_mass, "effective_mass"),
    )
    rho, energy, *arguments = np.broadcast_arrays(rho, energy, *arguments)

    def log_rho(log_doping: Array) -> Array:
        return log_resistivity_reading(energy, np.exp(log_doping), *arguments, reading=reading, **more)

    low, high = np.full(rho.shape, np.log(_LOWEST)), np.full(rho.shape, np.log(_HIGHEST))
    if reading == "barrier_height":
        # below this doping the Fermi level lies so deep in the gap that the bands do not bend up to the metal
        mass = arguments[2] if more.get("density_of_states_mass") is None else more["density_of_states_mass"]
        flat = carrier_density(-energy / (k_B * arguments[0]), arguments[0], mass)
        low = np.clip(np.log(np.maximum(flat, _LOWEST)), low, high)
    most, least = log_rho(low), log_rho(high)
    _check_range(
        rho,
        most,
        least,
        f"with a {reading.replace('_', ' ')} of {format_si(energy.flat[0], 'barrier_height')}",
    )
    return np.exp(_falling(log_rho, np.log(rho), low, high))[()]


def barrier_height_from_resistivity(
    contact_resistivity: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    **more: Any,
) -> Array:
    """Barrier height phi_B in J at which a doping has a contact resistivity.

    Parameters
    ----------
    contact_resistivity : array_like
        rho_c in ohm m2.
    doping, temperature, permittivity, effective_mass, **more
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`.

    Raises
    ------
    InputError
        Below the ballistic limit of the doping, or above what a barrier of 10 eV makes.

    Examples
    --------
    >>> phi = barrier_height_from_resistivity("20.8 uohm cm2", "2e19 cm^-3", 300.0, 20.0)
    >>> print(f"{phi / e * 1e3:.1f} meV")
    329.6 meV
    """
    from ioffe.interface.barrier.contact_resistivity import junction

    (rho,) = numbers(contact_resistivity=(contact_resistivity, "electrical_contact_resistivity"))
    one = junction(0.0, doping, temperature, permittivity, effective_mass, **more)
    thermal = k_B * one.temperature
    rho, zeta = np.broadcast_arrays(rho, one.level * thermal)

    def log_rho(height: Array) -> Array:
        return log_contact_resistivity(height, doping, temperature, permittivity, effective_mass, **more)

    low, high = np.array(-zeta), np.full(rho.shape, _TALLEST)
    _check_range(rho, log_rho(high), log_rho(low), "at this doping")
    return _falling(lambda x: -log_rho(x), -np.log(rho), low, high)[()]


def log_resistivity_reading(
    barrier: Array,
    doping: Array,
    temperature: Array,
    permittivity: Array,
    effective_mass: Array,
    *,
    reading: Reading = "barrier_height",
    density_of_states_mass: Written | None = None,
    richardson_mass: Written | None = None,
) -> Array:
    """ln(rho_c) of a barrier given by its height or by its band bending."""
    states = effective_mass if density_of_states_mass is None else density_of_states_mass
    zeta = fermi_level_of(doping, temperature, states)
    faults = Faults()
    if reading not in ("barrier_height", "band_bending"):
        faults.add("reading", reading, '"barrier_height" or "band_bending" is expected')
    faults.raise_if_any()
    return log_contact_resistivity(
        barrier - (zeta if reading == "band_bending" else 0.0),
        doping,
        temperature,
        permittivity,
        effective_mass,
        fermi_level=zeta,
        richardson_mass=richardson_mass,
    )


def _falling(function: Callable[[Array], Array], target: Array, low: Array, high: Array) -> Array:
    """Place where a falling function has a value, by secants inside the bracket (Illinois)."""
    above, below = function(low) - target, function(high) - target
    side = np.zeros(low.shape)
    for _ in range(_MOST_STEPS):
        with np.errstate(invalid="ignore", divide="ignore"):
            place = (low * below - high * above) / (below - above)
        place = np.where((place > low) & (place < high), place, 0.5 * (low + high))
        value = function(place) - target
        over = value > 0.0
        below = np.where(over & (side > 0.0), 0.5 * below, np.where(over, below, value))
        above = np.where(~over & (side < 0.0), 0.5 * above, np.where(over, value, above))
        low, high = np.where(over, place, low), np.where(over, high, place)
        side = np.where(over, 1.0, -1.0)
        if np.all((np.abs(value) < _CLOSE) | (high - low < _CLOSE * np.abs(high))):
            return place
    raise ConvergenceError(f"the inverse of the contact resistivity did not settle in {_MOST_STEPS} steps")


def _check_range(rho: Array, log_most: Array, log_least: Array, where: str) -> None:
    faults = Faults()
    name = "electrical_contact_resistivity"
    with np.errstate(over="ignore", divide="ignore"):
        most, least, wanted = np.exp(log_most), np.exp(log_least), np.log(rho)
    for index in np.flatnonzero((wanted > log_most) | (wanted < log_least)):
        place = f"contact_resistivity[{index}]" if rho.ndim else "contact_resistivity"
        if wanted.flat[index] > log_most.flat[index]:
            limit = f"at most {format_si(float(most.flat[index]), name)} is expected, {where}"
            advice = (
                "a smaller Richardson mass, a higher barrier or a smaller conducting area would allow more"
            )
        else:
            limit = f"at least {format_si(float(least.flat[index]), name)} is expected, {where}"
            advice = "no contact undercuts the ballistic limit of the carriers"
        faults.add(place, float(rho.flat[index]), limit, advice)
    faults.raise_if_any()
