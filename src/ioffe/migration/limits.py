"""Critical voltages and currents of a mixed conductor, of one piece and of a leg with a temperature profile.

Equations 4, 8 and 9 of Qiu, Shi, Chen, Snyder et al., Nat. Commun. 9 (2018) 2910, doi
10.1038/s41467-018-05248-8, with the charge of the ion in the place of the electron's, which is where the
printed equations have a wrong sign.

In a leg ions are blocked at both ends, at barriers, and where the superionic part ends. All parts carry the
same current, so that the weakest decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.migration._check import Variable, check_finite, check_positive, check_profile, shown, value_at
from ioffe.migration.defect import DefectModel, Form

__all__ = [
    "LegLimits",
    "MeasuredLimits",
    "MixedConductor",
    "PartLimits",
    "check_barriers",
    "critical_current_density",
    "critical_temperature_difference",
    "critical_voltage",
    "critical_voltage_antiparallel",
    "critical_voltage_parallel",
    "generator_direction",
    "leg_limits",
    "limits_from_directions",
    "superionic_parts",
]


@dataclass(frozen=True)
class MixedConductor:
    r"""What the limits of a mixed conductor's currents need to know.

    Parameters
    ----------
    voltage : float or callable
        Isothermal critical voltage -dmu_crit/(z F) in V; a callable takes T in K. A part with a temperature
        difference has that of the mean of its end temperatures.
    S_star : float or callable
        S_ion - S_e in V/K; a callable takes T in K.
    transition : float
        Temperature in K above which the ions move; 0 if they always do.

    Examples
    --------
    >>> from ioffe.migration.defect import CU2S
    >>> conductor = MixedConductor.of_defect(CU2S, delta=0.03, S_star=0.2e-3, transition=350.0)
    >>> round(1e3 * float(conductor.isothermal_voltage(750.0)), 3)
    74.842
    """

    voltage: Variable
    S_star: Variable = 0.0
    transition: float = 0.0

    def __post_init__(self) -> None:
        faults = Faults()
        if not callable(self.voltage) and not (np.isfinite(self.voltage) and self.voltage > 0):
            faults.add("voltage", self.voltage, "a critical voltage above 0 is expected")
        if not callable(self.S_star):
            check_finite(faults, S_star=self.S_star)
        if not (np.isfinite(self.transition) and self.transition >= 0):
            faults.add("transition", self.transition, "a temperature in K is expected, 0 for none")
        faults.raise_if_any()

    @classmethod
    def of_defect(
        cls,
        model: DefectModel,
        delta: float,
        S_star: Variable = 0.0,
        transition: float = 0.0,
        *,
        form: Form = "linear profile",
    ) -> MixedConductor:
        """Conductor whose voltage is `model.limiting_voltage(delta, T)`: of metal or anions, the smaller.

        Parameters
        ----------
        model : DefectModel
        delta : array_like
            Deficiency of the metal by formula unit.
        S_star : float or callable
            S_ion - S_e in V/K.
        transition : float
            Temperature in K above which the ions move.
        form : {"linear profile", "uniform field"}
            As for `DefectModel.critical_voltage`.

        Returns
        -------
        MixedConductor
        """
        return cls(lambda T: model.limiting_voltage(delta, T, form=form), S_star, transition)

    def isothermal_voltage(self, T: ArrayLike) -> Array:
        """The isothermal critical voltage in V at T.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In V.
        """
        return value_at(self.voltage, T)

    def thermal_voltages(self, T: Array) -> Array:
        """Integral of S* over T across each interval of a profile, from its second to its first end, in V.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In V, one an interval.
        """
        steps = -np.diff(T)
        if not callable(self.S_star):
            return float(self.S_star) * steps
        S, middle = value_at(self.S_star, T), value_at(self.S_star, 0.5 * (T[1:] + T[:-1]))
        return steps * (S[1:] + 4.0 * middle + S[:-1]) / 6.0


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
    cuts = np.sort(np.asarray(barriers, float).reshape(-1))
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


class MeasuredLimits(NamedTuple):
    """What the critical voltages of both directions of the current say about the material."""

    isothermal_voltage: Array
    """-dmu_crit/(z F) in V."""
    S_star: Array
    """S_ion - S_e in V/K."""


def critical_voltage(isothermal_voltage: ArrayLike, temperature_drop: ArrayLike, S_star: ArrayLike) -> Array:
    r"""Voltage J L/sigma at which metal appears at the cathode of a piece with a temperature difference.

    .. math:: V_c = -\frac{\Delta \mu_{crit}}{z F} - S^* (T_{anode} - T_{cathode})

    Parameters
    ----------
    isothermal_voltage : array_like
        -dmu_crit/(z F) in V, as of `DefectModel.critical_voltage`.
    temperature_drop : array_like
        T_anode - T_cathode in K.
    S_star : array_like
        S_ion - S_e in V/K.

    Returns
    -------
    ndarray
        In V; below 0 where metal appears even without a current. It is J L/sigma, not the voltage at the
        terminals.

    Examples
    --------
    >>> critical_voltage(0.068, [0.0, 323.0, -323.0], 0.2e-3).round(4)
    array([0.068 , 0.0034, 0.1326])
    """
    drop = np.asarray(temperature_drop, float)
    return np.asarray(isothermal_voltage, float) - np.asarray(S_star, float) * drop


def critical_voltage_parallel(isothermal_voltage: ArrayLike, delta_T: ArrayLike, S_star: ArrayLike) -> Array:
    """Critical voltage in V of a current along the flow of heat (Eq. 8), as of a generator's p-leg.

    Parameters
    ----------
    isothermal_voltage : array_like
        -dmu_crit/(z F) in V.
    delta_T : array_like
        Temperature difference in K, of either sign.
    S_star : float or callable
        S_ion - S_e in V/K.

    Returns
    -------
    ndarray
        In V.
    """
    return critical_voltage(isothermal_voltage, np.abs(delta_T), S_star)


def critical_voltage_antiparallel(
    isothermal_voltage: ArrayLike, delta_T: ArrayLike, S_star: ArrayLike
) -> Array:
    """Critical voltage in V of a current against the flow of heat (Eq. 9), as of a generator's n-leg.

    Parameters
    ----------
    isothermal_voltage : array_like
        -dmu_crit/(z F) in V.
    delta_T : array_like
        Temperature difference in K, of either sign.
    S_star : float or callable
        S_ion - S_e in V/K.

    Returns
    -------
    ndarray
        In V.
    """
    return critical_voltage(isothermal_voltage, -np.abs(delta_T), S_star)


def critical_current_density(voltage: ArrayLike, sigma: ArrayLike, length: ArrayLike) -> Array:
    r"""Critical current density of a piece of one conductivity.

    .. math:: J_c = \sigma V_c/L

    Parameters
    ----------
    voltage : array_like
        V_c in V.
    sigma : array_like
        Electronic conductivity in S/m, above 0.
    length : array_like
        In m, above 0; with a superionic transition, of the part above it.

    Returns
    -------
    ndarray
        In A/m2.

    Examples
    --------
    >>> float(critical_current_density(0.09, 122e2, 10e-3)) / 1e4  # Cu1.97S at 750 K, A/cm2
    10.98
    """
    faults = Faults()
    check_positive(faults, sigma=sigma, length=length)
    check_finite(faults, voltage=voltage)
    faults.raise_if_any()
    return np.asarray(sigma, float) * np.asarray(voltage, float) / np.asarray(length, float)


def limits_from_directions(
    parallel: ArrayLike, antiparallel: ArrayLike, delta_T: ArrayLike
) -> MeasuredLimits:
    r"""Isothermal critical voltage and S* from critical voltages along and against the heat.

    .. math::

        S^* = \frac{V_{c,antiparallel} - V_{c,parallel}}{2 |\Delta T|}, \qquad
        -\frac{\Delta\mu_{crit}}{z F} = \frac{V_{c,antiparallel} + V_{c,parallel}}{2}

    Parameters
    ----------
    parallel, antiparallel : array_like
        V_c in V with the current along and against the heat.
    delta_T : array_like
        Temperature difference over the superionic part in K, not 0.

    Returns
    -------
    MeasuredLimits

    Examples
    --------
    >>> found = limits_from_directions(0.002, 0.133, 673 - 350)  # Cu1.97S
    >>> round(1e3 * float(found.isothermal_voltage), 2), round(1e6 * float(found.S_star), 1)  # mV, uV/K
    (67.5, 202.8)
    """
    faults = Faults()
    check_finite(faults, parallel=parallel, antiparallel=antiparallel)
    difference = np.abs(np.asarray(delta_T, float))
    check_positive(faults, delta_T=difference)
    faults.raise_if_any()
    low, high = np.asarray(parallel, float), np.asarray(antiparallel, float)
    return MeasuredLimits(0.5 * (high + low), (high - low) / (2.0 * difference))


def critical_temperature_difference(isothermal_voltage: ArrayLike, S_star: ArrayLike) -> Array:
    r"""Temperature difference at which metal appears without a current.

    .. math:: |\Delta T|_c = \frac{-\Delta\mu_{crit}}{z F |S^*|}

    At the cold end for S* > 0, at the hot end for S* < 0; infinite for S* = 0.

    Parameters
    ----------
    isothermal_voltage : array_like
        -dmu_crit/(z F) in V.
    S_star : float or callable
        S_ion - S_e in V/K.

    Returns
    -------
    ndarray
        In K.

    Examples
    --------
    >>> float(critical_temperature_difference(0.068, 0.2e-3))
    340.0
    """
    voltage, S = np.broadcast_arrays(np.asarray(isothermal_voltage, float), np.abs(np.asarray(S_star, float)))
    return np.where(S > 0, voltage / np.where(S > 0, S, 1.0), np.inf)


def generator_direction(carrier: str) -> int:
    """Sign of a generator's current along the flow of heat: 1 in a p-type, -1 in an n-type leg.

    Of a cooler, whose current flows the other way, the negative.

    Parameters
    ----------
    carrier : {"p", "n"}
        Holes or electrons.

    Returns
    -------
    int

    Examples
    --------
    >>> generator_direction("p"), generator_direction("n")
    (1, -1)
    """
    faults = Faults()
    if carrier not in ("p", "n"):
        faults.add("carrier", carrier, '"p" or "n" is expected')
    faults.raise_if_any()
    return 1 if carrier == "p" else -1


@dataclass(frozen=True)
class PartLimits:
    """Limits of one part between places that block the ions.

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
    """

    start: float
    end: float
    T_start: float
    T_end: float
    resistance: float
    forward: float
    backward: float

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
    """

    J: float
    parts: tuple[PartLimits, ...]

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
        names = ("start", "end", "T_start", "T_end", "resistance", "forward", "backward", "upper", "lower")
        return {
            "current_density": self.J,
            "critical_current_density": self.critical_current_density,
            "margin": self.margin,
            "voltage_left": self.voltage_left,
            "safe": self.safe,
            "upper": self.upper,
            "lower": self.lower,
            "weakest": self.weakest,
            "effective_length": self.effective_length,
            "parts": [{name: getattr(part, name) for name in names} for part in self.parts],
        }

    def __str__(self) -> str:
        if self.weakest is None:
            return "No part of the leg is superionic: no limit of the current."
        words = "safe" if self.safe else "metal is set free"
        part = self.parts[self.weakest]
        left = f"{1e3 * part.voltage_left(self.J):.2f} mV left"
        return (
            f"J = {self.J / 1e4:.4g} A/cm2, J_c = {self.critical_current_density / 1e4:.4g} A/cm2: {words}, "
            f"{left} in part {self.weakest + 1} of {len(self.parts)} "
            f"({1e3 * part.start:.3g} to {1e3 * part.end:.3g} mm)"
        )


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
    faults = Faults()
    check_finite(faults, J=J)
    faults.raise_if_any()
    parts = superionic_parts(position, temperature, 1.0 / conductivity, conductor.transition, cuts)
    return LegLimits(float(J), tuple(_limits(*part, conductor) for part in parts))


def _limits(x: Array, T: Array, resistivity: Array, conductor: MixedConductor) -> PartLimits:
    resistance = float(np.trapezoid(resistivity, x))
    isothermal = float(conductor.isothermal_voltage(0.5 * (T[0] + T[-1])))
    thermal = float(np.sum(conductor.thermal_voltages(T)))
    ends = (float(x[0]), float(x[-1]), float(T[0]), float(T[-1]))
    return PartLimits(*ends, resistance, isothermal - thermal, isothermal + thermal)
