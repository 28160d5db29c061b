r"""Which change of doping explains a change of contact resistivity, and on what that answer hangs.

Two questions are told apart:

- **absolute**: which N has this barrier at rho_before, which at rho_after? It asks the whole prefactor to be
  right: Richardson mass, conducting area, nothing else in series.
- **relative** (`start` given): the junction starts at a known doping, whatever multiplies its resistivity
  (area, Richardson mass) stays, and rho_c falls by the measured ratio. What multiplies is reported as
  `factor`.

:func:`doping_change_table` gives the answer for every combination of assumptions, :func:`table_text` prints
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan

import numpy as np

from ioffe.base.errors import InputError
from ioffe.interface._numbers import Written, inside, numbers
from ioffe.interface.barrier.depletion import fermi_level
from ioffe.interface.barrier.inverse import Reading, doping_from_resistivity, log_resistivity_reading
from ioffe.transport._arrays import Array

__all__ = ["Assumption", "DopingChange", "doping_change", "doping_change_table", "table_text"]


@dataclass(frozen=True)
class Assumption:
    """What has to be known of the semiconductor besides the barrier.

    Parameters
    ----------
    effective_mass : float
        Of tunnelling, density of states and Richardson's constant, over the electron mass.
    permittivity : float
        Relative to vacuum.
    reading : {"barrier_height", "band_bending"}
        Whether the stated energy is phi_B, or E_b = phi_B + zeta at the first doping; the barrier height
        stays as the doping changes.
    """

    effective_mass: float
    permittivity: float
    reading: Reading = "barrier_height"


@dataclass(frozen=True)
class DopingChange:
    """Doping before and after, and what was assumed.

    Parameters
    ----------
    assumption : Assumption
    before, after : float
        N in 1/m3; NaN where no doping gives the resistivity.
    factor : float
        Measured over computed resistivity at the start; 1 in the absolute question.
    reason : str
        Why there is no answer; empty if there is one.
    """

    assumption: Assumption
    before: float
    after: float
    factor: float
    reason: str = ""

    @property
    def ratio(self) -> float:
        """Doping after over before."""
        return self.after / self.before


def doping_change(
    before: Written,
    after: Written,
    barrier: Written,
    temperature: float,
    assumption: Assumption,
    start: Written | None = None,
) -> DopingChange:
    """Change of doping that takes a contact resistivity from one value to another.

    Parameters
    ----------
    before, after : float
        rho_c in ohm m2.
    barrier : float
        In J; phi_B or E_b, as the assumption reads it.
    temperature : float
        In K, at which rho_c was measured.
    assumption : Assumption
    start : float, optional
        Doping in 1/m3 at `before`: the relative question.

    Examples
    --------
    >>> free = Assumption(effective_mass=1.0, permittivity=20.0)
    >>> change = doping_change("20.8 uohm cm2", "7.9 uohm cm2", "0.16 eV", 300.0, free, start="2e19 cm^-3")
    >>> print(f"N times {change.ratio:.2f}, rho_c {change.factor:.0f} times the computed one")
    N times 2.16, rho_c 180 times the computed one
    """
    first, last, energy = numbers(
        before=(before, "electrical_contact_resistivity"),
        after=(after, "electrical_contact_resistivity"),
        barrier=(barrier, "barrier_height"),
    )
    inside("before", first, below_one=False)
    inside("after", last, below_one=False)
    rest = (temperature, assumption.permittivity, assumption.effective_mass)
    N, factor, reason = nan, 1.0, ""
    if start is None:
        N, reason = _doping(float(first), energy, rest, assumption.reading)
    else:
        N = float(numbers(start=(start, "carrier_density"))[0])
        arrays = [np.asarray(one, float) for one in (N, *rest)]
        factor = float(first / np.exp(log_resistivity_reading(energy, *arrays, reading=assumption.reading)))
    if assumption.reading == "band_bending":
        if reason:
            return DopingChange(assumption, nan, nan, factor, reason)
        # the work functions hold at the first doping; what stays when the doping changes is phi_B
        energy = energy - fermi_level(N, temperature, assumption.effective_mass)
    later, why = _doping(float(last) / factor, energy, rest)
    return DopingChange(assumption, N, later, factor, reason or why)


def doping_change_table(
    before: Written,
    after: Written,
    barrier: Written,
    temperature: float,
    effective_masses: Iterable[float],
    permittivities: Iterable[float],
    readings: Iterable[Reading] = ("barrier_height", "band_bending"),
    start: Written | None = None,
) -> list[DopingChange]:
    """Change of doping for every combination of assumptions.

    Parameters
    ----------
    before, after, barrier, temperature, start
        As for :func:`doping_change`.
    effective_masses, permittivities, readings
        To be combined.

    Examples
    --------
    >>> rows = doping_change_table("20.8 uohm cm2", "7.9 uohm cm2", "0.16 eV", 300.0, [0.3, 1.0], [20.0])
    >>> print(table_text(rows))
    reading         m/m_e  eps_r  N before (cm^-3)  N after (cm^-3)   ratio    factor
    barrier_height    0.3     20              none             none               1
    barrier_height      1     20              none             none               1
    band_bending      0.3     20          3.46e+17         1.99e+18    5.76       1
    band_bending        1     20          7.28e+17         5.43e+18    7.46       1
    """
    permittivities, readings = list(permittivities), list(readings)
    return [
        doping_change(before, after, barrier, temperature, Assumption(mass, eps, reading), start)
        for reading in readings
        for mass in effective_masses
        for eps in permittivities
    ]


def table_text(rows: Iterable[DopingChange]) -> str:
    """Rows of :func:`doping_change_table` as text; a reason stands below the row that has no answer."""
    lines = ["reading         m/m_e  eps_r  N before (cm^-3)  N after (cm^-3)   ratio    factor"]
    for row in rows:
        of = row.assumption
        densities = [f"{N * 1e-6:.2e}" if N == N else "none" for N in (row.before, row.after)]
        ratio = f"{row.ratio:.2f}" if row.ratio == row.ratio else ""
        lines.append(
            f"{of.reading:14s}  {of.effective_mass:5g}  {of.permittivity:5g}  {densities[0]:>16s}  "
            f"{densities[1]:>15s}  {ratio:>6s}  {row.factor:8.3g}"
        )
    return "\n".join(lines)


def _doping(
    rho: float, energy: Array, rest: tuple[float, float, float], reading: Reading = "barrier_height"
) -> tuple[float, str]:
    """Doping that has a contact resistivity, or NaN and the reason why none has it."""
    try:
        return float(doping_from_resistivity(rho, energy, *rest, reading=reading)), ""
    except InputError as error:
        return nan, error.faults[0].expected
