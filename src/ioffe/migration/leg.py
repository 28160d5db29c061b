"""Safe currents of a leg with a temperature profile: every superionic part has its own limits.

Ions are blocked at both ends of the leg, at barriers, and where the superionic part ends. All parts carry the
same current, so that the weakest decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.base.units import floats
from ioffe.migration._check import check_finite, check_profile, checked, shown
from ioffe.migration.limits import MixedConductor


def check_barriers(x: Array, barriers: Sequence[float]) -> Array:
    """The positions of barriers in rising order, or an `InputError` if one is not inside the leg.

    Parameters
    ----------
    x : ndarray
        Positions of the leg in m.
    barriers : sequence of float
        Positions of barriers in m.

    Returns
    -------
    ndarray
    """
    faults = Faults()
    cuts = np.sort(floats(barriers).reshape(-1))
    for cut in cuts:
        if not x[0] < cut < x[-1]:
            expected = f"a position inside the leg, between {shown(x[0])} and {shown(x[-1])} m, is expected"
            faults.add("barriers", float(cut), expected)
    if np.any(np.diff(cuts) == 0):
        faults.add("barriers", list(barriers), "positions that differ are expected")
    faults.raise_if_any()
    return cuts


def superionic_parts(
    x: Array, T: Array, resistivity: Array, transition: float, cuts: Array
) -> list[tuple[Array, Array, Array]]:
    """Profiles x, T, 1/sigma of the parts above the transition, ended by cuts and by the transition.

    Parameters
    ----------
    x : array_like
        Positions in m.
    T : array_like
        In K.
    resistivity : ndarray
        1/sigma at the positions in Ohm m.
    transition : float
        Temperature in K above which the ions move.
    cuts : ndarray
        Positions in m at which ions are blocked.

    Returns
    -------
    list of tuple of ndarray
    """
    below, above = T[:-1] - transition, T[1:] - transition
    crossing = np.flatnonzero(below * above < 0)
    share = below[crossing] / (below[crossing] - above[crossing])
    at_transition = np.concatenate([x[crossing] + share * np.diff(x)[crossing], x[transition == T]])
    ends = np.unique(np.concatenate([cuts, at_transition, x[[0, -1]]]))
    parts: list[tuple[Array, Array, Array]] = []
    for start, end in pairwise(ends):
        inner = x[(x > start) & (x < end)]
        points = np.concatenate([[start], inner, [end]])
        temperature = np.interp(points, x, T)
        temperature[np.isin(points, at_transition)] = transition
        if np.max(temperature) > transition:
            parts.append((points, temperature, np.interp(points, x, resistivity)))
    return parts


@dataclass(frozen=True)
class PartLimits:
    """Limits of one part between positions that block the ions.

    Parameters
    ----------
    start, end : float
        Positions in m.
    T_start, T_end : float
        Temperatures there in K.
    resistance : float
        Integral of dx/sigma in Ohm m2.
    forward, backward : float
        Critical voltage in V of a current towards larger and smaller x, below 0 where metal appears even
        without a current.
    forward_std, backward_std : float
        Their standard deviations in V, 0 where none is stated.

    Examples
    --------
    >>> part = leg_limits([0, 10e-3], 750.0, 122e2, MixedConductor(voltage=0.09)).parts[0]
    >>> part.forward == part.backward == 0.09, round(part.resistance * 122e2, 6)  # isothermal: L in m
    (True, 0.01)
    """

    start: float
    end: float
    T_start: float
    T_end: float
    resistance: float
    forward: float
    backward: float
    forward_std: float = 0.0
    backward_std: float = 0.0

    @property
    def length(self) -> float:
        """In m."""
        return self.end - self.start

    @property
    def upper(self) -> float:
        """Largest current density in A/m2 without metal at the end."""
        return self.forward / self.resistance

    @property
    def lower(self) -> float:
        """Smallest, usually negative, current density in A/m2 without metal at the start."""
        return -self.backward / self.resistance

    def shifted(self, sigmas: float) -> PartLimits:
        """The part with critical voltages that are some standard deviations larger.

        Parameters
        ----------
        sigmas : float
            Negative for smaller ones.

        Returns
        -------
        PartLimits
            Its voltages in V, the rest as it is.
        """
        return replace(
            self,
            forward=self.forward + sigmas * self.forward_std,
            backward=self.backward + sigmas * self.backward_std,
        )

    def voltage_left(self, J: float) -> float:
        """Voltage in V by which the part is away from setting metal free at J, at its nearer end.

        Parameters
        ----------
        J : float
            Current density in A/m2, positive towards larger x.

        Returns
        -------
        float
            In V.
        """
        voltage = J * self.resistance
        return min(self.forward - voltage, self.backward + voltage)


@dataclass(frozen=True)
class LegLimits:
    """Limits of a leg, and its margin at a current density.

    Parameters
    ----------
    J : float
        Current density in A/m2, positive towards larger x.
    parts : tuple of PartLimits
        The superionic parts in the order of x; none if all of the leg is below the transition.

    Examples
    --------
    >>> limits = leg_limits([0, 10e-3], 750.0, 122e2, MixedConductor(voltage=0.09))
    >>> round(limits.upper), round(limits.lower)  # A/m2, 0.09 V x 12200 S/m over 10 mm
    (109800, -109800)
    """

    J: float
    parts: tuple[PartLimits, ...]

    def shifted(self, sigmas: float) -> LegLimits:
        """The limits with critical voltages of all parts some standard deviations larger.

        Parameters
        ----------
        sigmas : float
            Negative for smaller ones: what is left then is left with the probability of so many deviations.

        Returns
        -------
        LegLimits
            At the same current density in A/m2.
        """
        return LegLimits(self.J, tuple(part.shifted(sigmas) for part in self.parts))

    @property
    def upper(self) -> float:
        """Largest safe current density in A/m2; infinite if no part is superionic."""
        return min((part.upper for part in self.parts), default=np.inf)

    @property
    def lower(self) -> float:
        """Smallest safe current density in A/m2, usually negative."""
        return max((part.lower for part in self.parts), default=-np.inf)

    @property
    def critical_current_density(self) -> float:
        """J_c in A/m2 in the direction of J (towards larger x for J = 0), below 0 if none is safe there."""
        return self.upper if self.J >= 0 else -self.lower

    @property
    def margin(self) -> float:
        """J_c/J, above 1 where the leg is safe and infinite without a current.

        0 where metal is set free although J is below J_c: the temperature difference alone does it.
        """
        if self.J == 0:
            return np.inf if self.safe else 0.0
        found = self.critical_current_density / abs(self.J)
        return found if self.safe or found < 1 else 0.0

    @property
    def voltage_left(self) -> float:
        """Least voltage in V left in any part, at either end; below 0 where metal is set free."""
        return min((part.voltage_left(self.J) for part in self.parts), default=np.inf)

    @property
    def safe(self) -> bool:
        """Whether no part sets metal free at J, at either of its ends."""
        return self.voltage_left >= 0

    @property
    def weakest(self) -> int | None:
        """Index of the part that decides; None if no part is superionic.

        The one with the smallest critical current density in the direction of J, unless J is below it and a
        part sets metal free at its other end: then that with the least voltage left.
        """
        if not self.parts:
            return None
        if not self.safe and abs(self.J) <= self.critical_current_density:
            return int(np.argmin([part.voltage_left(self.J) for part in self.parts]))
        return int(np.argmin([part.upper if self.J >= 0 else -part.lower for part in self.parts]))

    @property
    def effective_length(self) -> float:
        """Length of all superionic parts in m."""
        return sum(part.length for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers in SI units for JSON.

        Returns
        -------
        dict
        """
        names = ("start", "end", "T_start", "T_end", "resistance", "forward", "backward")
        names += ("forward_std", "backward_std", "upper", "lower")
        limits = ("critical_current_density", "margin", "voltage_left", "safe", "upper", "lower", "weakest")
        of_leg = {name: getattr(self, name) for name in (*limits, "effective_length")}
        parts = [{name: getattr(part, name) for name in names} for part in self.parts]
        return {"current_density": self.J, **of_leg, "parts": parts}

    def __str__(self) -> str:
        if self.weakest is None:
            return "No part of the leg is superionic: no limit of the current."
        words = "safe" if self.safe else "metal is set free"
        part = self.parts[self.weakest]
        limit = f"J = {self.J / 1e4:.4g} A/cm2, J_c = {self.critical_current_density / 1e4:.4g} A/cm2"
        left = (
            f"{1e3 * part.voltage_left(self.J):.2f} mV left in part {self.weakest + 1} of {len(self.parts)}"
        )
        return f"{limit}: {words}, {left} ({1e3 * part.start:.3g} to {1e3 * part.end:.3g} mm)"


def leg_limits(
    x: ArrayLike,
    T: ArrayLike,
    sigma: ArrayLike,
    conductor: MixedConductor,
    J: float = 0.0,
    barriers: Sequence[float] = (),
) -> LegLimits:
    r"""Limits of the current density of a leg, part by part.

    A part from x_1 to x_2 carries a current density towards larger x safely up to

    .. math::

        J_c \int_{x_1}^{x_2} \frac{\mathrm{d}x}{\sigma} = V_c = -\frac{\Delta\mu_{crit}}{z F}
        - \int_{T(x_2)}^{T(x_1)} S^* \mathrm{d}T,

    and towards smaller x up to the same with the sign of the last term turned.

    Parameters
    ----------
    x : array_like
        Rising positions in m; the current is positive towards larger x.
    T : array_like
        Temperature in K at each position, taken as linear between them.
    sigma : array_like
        Electronic conductivity in S/m, one number or one a position; 1/sigma is linear between them.
    conductor : MixedConductor
    J : float
        Current density in A/m2 whose margin is wanted.
    barriers : sequence of float
        Positions in m of interfaces that block ions, inside the leg.

    Returns
    -------
    LegLimits

    Raises
    ------
    InputError
        For a barrier outside the leg, a conductivity that is not above 0, positions that do not rise.

    Notes
    -----
    Qiu, Shi, Chen, Snyder et al., Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8.

    Examples
    --------
    >>> conductor = MixedConductor(voltage=0.09)
    >>> leg_limits([0, 10e-3], 750.0, 122e2, conductor).upper / 1e4  # A/cm2
    10.98
    >>> leg_limits([0, 10e-3], 750.0, 122e2, conductor, barriers=[10e-3 / 3, 20e-3 / 3]).upper / 1e4
    32.94
    """
    position, temperature, conductivity = check_profile(x, T=T, sigma=sigma)
    cuts = check_barriers(position, barriers)
    with checked() as faults:
        check_finite(faults, J=J)
    parts = superionic_parts(position, temperature, 1.0 / conductivity, conductor.transition, cuts)
    return LegLimits(float(J), tuple(_limits(*part, conductor) for part in parts))


def _limits(x: Array, T: Array, resistivity: Array, conductor: MixedConductor) -> PartLimits:
    resistance = float(np.trapezoid(resistivity, x))
    middle, drop = 0.5 * float(T[0] + T[-1]), float(T[0] - T[-1])
    isothermal = float(conductor.isothermal_voltage(middle))
    thermal = float(np.sum(conductor.thermal_voltages(T)))
    ends = (float(x[0]), float(x[-1]), float(T[0]), float(T[-1]))
    stds = [0.0 if conductor.std is None else conductor.std(middle, sign * drop) for sign in (1.0, -1.0)]
    return PartLimits(*ends, resistance, isothermal - thermal, isothermal + thermal, *stds)
