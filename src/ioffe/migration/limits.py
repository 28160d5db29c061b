"""Critical voltages and currents of one piece of a mixed conductor, and what follows from measuring them.

Equations 4, 8 and 9 of Qiu, Shi, Chen, Snyder et al., Nat. Commun. 9 (2018) 2910, doi
10.1038/s41467-018-05248-8, with the charge of the ion in the place of the electron's, which is where the
printed equations have a wrong sign.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.units import floats
from ioffe.migration._check import Variable, check_finite, check_positive, checked, value_at
from ioffe.migration.defect import DefectModel, Form
from ioffe.transport.carrier_scattering import carrier_sign


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
    std : callable, optional
        Standard deviation in V of the critical voltage of a part, of its mean temperature and
        T_anode - T_cathode in K; None where no error is stated.

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
    std: Callable[[float, float], float] | None = None

    def __post_init__(self) -> None:
        with checked() as faults:
            if not callable(self.voltage) and not (np.isfinite(self.voltage) and self.voltage > 0):
                faults.add("voltage", self.voltage, "a critical voltage above 0 is expected")
            if not callable(self.S_star):
                check_finite(faults, S_star=self.S_star)
            if not (np.isfinite(self.transition) and self.transition >= 0):
                faults.add("transition", self.transition, "a temperature in K is expected, 0 for none")

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


class MeasuredLimits(NamedTuple):
    """What the critical voltages of both directions of the current say about the material.

    Attributes
    ----------
    isothermal_voltage : ndarray
        -dmu_crit/(z F) in V.
    S_star : ndarray
        S_ion - S_e in V/K.

    Examples
    --------
    >>> found = limits_from_directions(parallel=0.002, antiparallel=0.133, delta_T=323.0)
    >>> round(float(found.isothermal_voltage), 4)  # the mean of the two
    0.0675
    """

    isothermal_voltage: Array
    S_star: Array


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
    drop = floats(temperature_drop)
    return floats(isothermal_voltage) - floats(S_star) * drop


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

    Examples
    --------
    >>> round(float(critical_voltage_parallel(0.0675, 323.0, 202.8e-6)), 4)  # 67.5 mV - S* 323 K
    0.002
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

    Examples
    --------
    >>> round(float(critical_voltage_antiparallel(0.0675, 323.0, 202.8e-6)), 4)  # 67.5 mV + S* 323 K
    0.133
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
    with checked() as faults:
        check_positive(faults, sigma=sigma, length=length)
        check_finite(faults, voltage=voltage)
    return floats(sigma) * floats(voltage) / floats(length)


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
    with checked() as faults:
        check_finite(faults, parallel=parallel, antiparallel=antiparallel)
        difference = np.abs(floats(delta_T))
        check_positive(faults, delta_T=difference)
    low, high = floats(parallel), floats(antiparallel)
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
    voltage, S = np.broadcast_arrays(floats(isothermal_voltage), np.abs(floats(S_star)))
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
    return int(carrier_sign(carrier))
