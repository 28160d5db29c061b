r"""What a measured contact resistivity says: the doping, the barrier height, or the change of the doping.

rho_c rises with the barrier height and falls with the doping, so there is one answer or none. There is none

- above the thermionic limit of a given barrier height, which no doping exceeds: the barrier must be higher,
  or the contact carries current on a part of its area, or another layer adds its resistance;
- below the ballistic limit of a given doping, which no contact undercuts.

For a given band bending E_b (from work functions) instead of a barrier height, phi_B = E_b - zeta falls
as the doping rises, and rho_c has no upper limit.

A change of rho_c, from before to after, asks one of two questions:

- **absolute**: which N has this barrier at the first resistivity, which at the second? It asks the whole
  prefactor to be right: Richardson mass, conducting area, nothing else in series.
- **relative**: the junction starts at a known doping, whatever multiplies its resistivity (area, Richardson
  mass) stays, and rho_c falls by the measured ratio. What multiplies is reported as `factor`.

:func:`doping_change_table` gives the answer for every combination of assumptions, :func:`doping_change_text`
prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import product
from math import nan
from typing import Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import ConvergenceError, Faults, InputError
from ioffe.base.quantities import quantity
from ioffe.base.roots import falling_root
from ioffe.base.units import format_si
from ioffe.interface._checks import QuantityLike, numbers
from ioffe.interface.barrier.emission import contact_resistivity, log_contact_resistivity
from ioffe.interface.barrier.junction import Junction
from ioffe.transport.single_band import carrier_density

Reading = Literal["barrier_height", "band_bending"]
"""What a stated energy is: phi_B from the Fermi level, or E_b = phi_B + zeta from the band edge."""
Function = Callable[[Array], Array]
RHO_C: Final = "electrical_contact_resistivity"
_MORE: Final = "a smaller Richardson mass, a higher barrier or a smaller conducting area would allow more"
LOWEST_DOPING, HIGHEST_DOPING = 1e18, 1e29
"""Range of the search in 1/m3."""
TALLEST: Final = 10.0 * e
"""Highest barrier that is tried, in J."""
SOUGHT: Final = 1e25
"""Doping in 1/m3 of a junction whose doping is sought; it has no effect on the answer."""
DIFFERENCE: Final = 1e-5
"""Step of the derivative by ln(N), or by the barrier height over k_B T."""


def doping_from_resistivity(
    contact_resistivity: QuantityLike, junction: Junction, reading: Reading = "barrier_height"
) -> Array:
    """Doping at which a barrier has a contact resistivity.

    Parameters
    ----------
    contact_resistivity : array_like
        rho_c in ohm m2.
    junction : Junction
        At any doping, without a given Fermi level, which follows the doping here.
    reading : {"barrier_height", "band_bending"}
        Which of its two energies stays as the doping changes.

    Returns
    -------
    ndarray
        N in 1/m3, in the common shape of resistivity and junction.

    Raises
    ------
    InputError
        If no doping from 1e12 to 1e23 cm^-3 gives it, or none at which the bands bend up to the metal; the
        message names what is possible.

    Examples
    --------
    >>> contact = Junction("0.16 eV", "1e19 cm^-3", 300.0, 20.0)
    >>> print(f"{doping_from_resistivity('0.05 uohm cm2', contact) * 1e-6:.3e} cm^-3")
    3.937e+19 cm^-3
    >>> doping_from_resistivity("7.9 uohm cm2", contact)
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: contact_resistivity = 7.9e-10: at most 1.166 uohm cm2 is expected, with a
    barrier height of 0.16 eV; a smaller Richardson mass, a higher barrier or a smaller conducting area would
    allow more
    """
    (rho,) = numbers(contact_resistivity=(contact_resistivity, RHO_C))
    _check_reading(reading, junction)
    energy = junction.barrier_height if reading == "barrier_height" else junction.band_bending
    rest = replace(junction, doping=SOUGHT).shape
    rho = np.broadcast_to(rho, np.broadcast_shapes(rho.shape, energy.shape, rest))

    def log_rho(log_doping: Array) -> Array:
        there = replace(junction, doping=np.exp(log_doping))
        zeta = there.bulk_fermi_level
        height = energy - (zeta if reading == "band_bending" else 0.0)
        return log_contact_resistivity(replace(there, barrier_height=height, fermi_level=zeta))

    low, high = np.full(rho.shape, np.log(LOWEST_DOPING)), np.full(rho.shape, np.log(HIGHEST_DOPING))
    if reading == "barrier_height":
        # below this doping the Fermi level lies so deep in the gap that the bands do not bend up to the metal
        flat = carrier_density(-energy / junction.thermal_energy, junction.temperature, junction.states_mass)
        low = np.clip(np.log(np.maximum(flat, LOWEST_DOPING)), low, high)
    most, least = log_rho(low), log_rho(high)
    stated = format_si(energy.flat[0], "barrier_height")
    _check_range(rho, most, least, f"with a {reading.replace('_', ' ')} of {stated}")
    return np.exp(_root(log_rho, np.log(rho), low, high, (most, least), np.ones(rho.shape)))[()]


def barrier_height_from_resistivity(contact_resistivity: QuantityLike, junction: Junction) -> Array:
    """Barrier height at which a doping has a contact resistivity.

    Parameters
    ----------
    contact_resistivity : array_like
        rho_c in ohm m2.
    junction : Junction
        Of any barrier height.

    Returns
    -------
    ndarray
        phi_B in J, in the common shape of resistivity and junction.

    Raises
    ------
    InputError
        Below the ballistic limit of the doping, or above what a barrier of 10 eV makes.

    Examples
    --------
    >>> contact = Junction(0.0, "2e19 cm^-3", 300.0, 20.0)
    >>> print(f"{barrier_height_from_resistivity('20.8 uohm cm2', contact) / e * 1e3:.1f} meV")
    329.6 meV
    """
    (rho,) = numbers(contact_resistivity=(contact_resistivity, RHO_C))
    at_band_edge = replace(junction, barrier_height=-junction.bulk_fermi_level)
    rho, low = np.broadcast_arrays(rho, at_band_edge.barrier_height + np.zeros(at_band_edge.shape))

    def log_rho(height: Array) -> Array:
        return log_contact_resistivity(replace(junction, barrier_height=height))

    high = np.full(rho.shape, TALLEST)
    most, least = log_rho(high), log_rho(low)
    _check_range(rho, most, least, "at this doping")
    unit = np.broadcast_to(junction.thermal_energy, rho.shape)
    return _root(lambda height: -log_rho(height), -np.log(rho), low, high, (-least, -most), unit)


@dataclass(frozen=True)
class DopingChange:
    """Doping before and after, and what was assumed, from :func:`doping_change`.

    Parameters
    ----------
    junction : Junction
        As it was assumed.
    reading : {"barrier_height", "band_bending"}
        Which of its energies was taken as known at the first doping.
    before, after : float
        N in 1/m3; NaN where no doping gives the resistivity.
    factor : float
        Measured over computed resistivity at the start; 1 in the absolute question.
    reason : str
        Why there is no answer; empty if there is one.

    Examples
    --------
    >>> contact = Junction("0.16 eV", "1e19 cm^-3", 300.0, 20.0)
    >>> print(doping_change("20.8 uohm cm2", "7.9 uohm cm2", contact).reason)
    at most 1.166 uohm cm2 is expected, with a barrier height of 0.16 eV
    """

    junction: Junction
    reading: Reading
    before: float
    after: float
    factor: float
    reason: str = ""

    @property
    def ratio(self) -> float:
        """Doping after over before."""
        return self.after / self.before


def doping_change(
    before: QuantityLike,
    after: QuantityLike,
    junction: Junction,
    reading: Reading = "barrier_height",
    *,
    relative: bool = False,
) -> DopingChange:
    """Change of doping that takes a contact resistivity from one value to another.

    Parameters
    ----------
    before, after : float
        rho_c in ohm m2.
    junction : Junction
        The junction before, at the temperature at which rho_c was measured; in the absolute question at any
        doping.
    reading : {"barrier_height", "band_bending"}
        Which of its two energies is known while the first doping is sought. The barrier height stays as the
        doping changes: work functions hold at the first doping alone.
    relative : bool
        Whether the doping of the junction is the one before: the relative question.

    Returns
    -------
    DopingChange
        With the reason, and NaN, where no doping gives one of the resistivities.

    Raises
    ------
    InputError
        For a resistivity that is not above 0, an array of junctions, or a junction with a given Fermi level.

    Examples
    --------
    >>> free = Junction("0.16 eV", "2e19 cm^-3", 300.0, 20.0)
    >>> change = doping_change("20.8 uohm cm2", "7.9 uohm cm2", free, relative=True)
    >>> print(f"N times {change.ratio:.2f}, rho_c {change.factor:.0f} times the computed one")
    N times 2.16, rho_c 180 times the computed one
    """
    above_zero = replace(quantity(RHO_C), exclusive=True)
    first, last = numbers(before=(before, above_zero), after=(after, above_zero))
    junction.require_single()
    _check_reading(reading, junction)
    N, factor, reason = float(junction.doping), 1.0, ""
    if relative:
        factor = float(first / contact_resistivity(junction))
    else:
        N, reason = _doping(float(first), junction, reading)
        if reason and reading == "band_bending":
            return DopingChange(junction, reading, nan, nan, factor, reason)
    held = junction
    if reading == "band_bending":
        zeta = replace(junction, doping=N).bulk_fermi_level
        held = replace(junction, barrier_height=junction.band_bending - zeta)
    later, why = _doping(float(last) / factor, held, "barrier_height")
    return DopingChange(junction, reading, N, later, factor, reason or why)


def doping_change_table(
    before: QuantityLike,
    after: QuantityLike,
    barrier: QuantityLike,
    temperature: float,
    effective_masses: Iterable[float],
    permittivities: Iterable[float],
    readings: Iterable[Reading] = ("barrier_height", "band_bending"),
    start: QuantityLike | None = None,
) -> list[DopingChange]:
    """Change of doping for every combination of assumptions.

    Parameters
    ----------
    before, after : float
        rho_c in ohm m2.
    barrier : float
        phi_B or E_b in J, as each of the `readings` takes it.
    temperature : float
        In K, at which rho_c was measured.
    effective_masses, permittivities, readings
        To be combined.
    start : float, optional
        Doping in 1/m3 at `before`: the relative question.

    Returns
    -------
    list of DopingChange
        By reading, mass and permittivity.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> rows = doping_change_table("20.8 uohm cm2", "7.9 uohm cm2", "0.16 eV", 300.0, [0.3, 1.0], [20.0])
    >>> print(doping_change_text(rows))
    reading         m/m_e  eps_r  N before (cm^-3)  N after (cm^-3)   ratio    factor
    barrier_height    0.3     20              none             none               1
    barrier_height      1     20              none             none               1
    band_bending        0.3     20          3.46e+17         1.99e+18    5.76       1
    band_bending        1     20          7.28e+17         5.43e+18    7.46       1
    """
    doping, rows = SOUGHT if start is None else start, []
    for reading, mass, eps in product(readings, effective_masses, permittivities):
        make = Junction.from_band_bending if reading == "band_bending" else Junction
        junction = make(barrier, doping, temperature, eps, mass)
        rows.append(doping_change(before, after, junction, reading, relative=start is not None))
    return rows


def doping_change_text(rows: Iterable[DopingChange]) -> str:
    """Rows of :func:`doping_change_table` as text.

    Parameters
    ----------
    rows : iterable of DopingChange

    Returns
    -------
    str
        A line of headers and a line for each row; "none" where no doping gives the resistivity.

    Examples
    --------
    >>> print(doping_change_text([]))
    reading         m/m_e  eps_r  N before (cm^-3)  N after (cm^-3)   ratio    factor
    """
    lines = ["reading         m/m_e  eps_r  N before (cm^-3)  N after (cm^-3)   ratio    factor"]
    for row in rows:
        densities = [f"{N * 1e-6:.2e}" if N == N else "none" for N in (row.before, row.after)]
        ratio = f"{row.ratio:.2f}" if row.ratio == row.ratio else ""
        lines.append(
            f"{row.reading:14s}  {row.junction.effective_mass:5g}  {row.junction.permittivity:5g}  "
            f"{densities[0]:>16s}  {densities[1]:>15s}  {ratio:>6s}  {row.factor:8.3g}"
        )
    return "\n".join(lines)


def _check_reading(reading: str, junction: Junction) -> None:
    with Faults() as faults:
        if reading not in ("barrier_height", "band_bending"):
            faults.add("reading", reading, '"barrier_height" or "band_bending" is expected')
        if junction.fermi_level is not None:
            expected = "a junction without a given Fermi level is expected, which follows the doping here"
            faults.add("fermi_level", junction.fermi_level, expected)


def _doping(rho: float, junction: Junction, reading: Reading) -> tuple[float, str]:
    """Doping that has a contact resistivity, or NaN and the reason why none has it."""
    try:
        return float(doping_from_resistivity(rho, junction, reading)), ""
    except InputError as error:
        return nan, error.faults[0].expected


def _root(
    function: Function, wanted: Array, low: Array, high: Array, ends: tuple[Array, Array], unit: Array
) -> Array:
    """Argument between two others, whose values are known, at which a falling function has a value."""
    above, below = ends

    def with_slope(x: Array) -> tuple[Array, Array]:
        here, beyond = function(np.stack([x, x + DIFFERENCE * unit]))
        return here - wanted, (beyond - here) / (DIFFERENCE * unit)

    start = low + (high - low) * (above - wanted) / (above - below)
    found = falling_root(with_slope, start, low=low, high=high, scale=unit)
    if not np.all(np.isfinite(found)):
        raise ConvergenceError("the inverse of the contact resistivity did not settle")
    return found[()]


def _check_range(rho: Array, log_most: Array, log_least: Array, where: str) -> None:
    faults = Faults()
    with np.errstate(over="ignore", divide="ignore"):
        most, least, wanted = np.exp(log_most), np.exp(log_least), np.log(rho)
    for index in np.flatnonzero((wanted > log_most) | (wanted < log_least)):
        location = f"contact_resistivity[{index}]" if rho.ndim else "contact_resistivity"
        if wanted.flat[index] > log_most.flat[index]:
            limit = f"at most {format_si(float(most.flat[index]), RHO_C)} is expected, {where}"
            advice = _MORE
        else:
            limit = f"at least {format_si(float(least.flat[index]), RHO_C)} is expected, {where}"
            advice = "no contact undercuts the ballistic limit of the carriers"
        faults.add(location, float(rho.flat[index]), limit, advice)
    faults.raise_if_any()
