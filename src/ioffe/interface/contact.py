r"""What a contact costs a leg, and what a stated share of it implies.

Constant properties: a leg of length L, conductivity sigma and thermal conductivity kappa between contacts of
electrical resistivity rho_c (ohm m2) and thermal resistance r_th (m2 K/W). Two factors say what it keeps,

.. math::

    e = \frac{L}{L + \sigma(\rho_\mathrm{c,1} + \rho_\mathrm{c,2})},\qquad
    t = \frac{L}{L + \kappa(r_\mathrm{th,1} + r_\mathrm{th,2})},

of its resistance and of its temperature difference. The largest power at given temperatures of the ends falls
to :math:`e\,t^2` (Peltier heat across the thermal contacts left out), the figure of merit to :math:`e\,t`,
because S falls by t, the thermal conductance by t and the electrical conductance by e. What
temperature-dependent properties make of it, a solved :class:`ioffe.Leg` says.

=================================  ==================================================================
``electrical_factor``              e
``thermal_factor``                 t
``effective_zT``                   zT e t
``contact_share``                  R_c/(R_c + R_leg) or R_c/R_leg
``conductivity_from_share``        the conductivity of the leg that a stated share implies
``mean_contact_resistivity``       mean, standard error and scatter of several scans
=================================  ==================================================================

What a leg allows a contact is in :mod:`ioffe.interface.contact_limits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan, sqrt
from typing import Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.interface._checks import Checks, QuantityLike, numbers

Share = Literal["total", "leg"]
RHO_C: Final = "electrical_contact_resistivity"
R_TH: Final = "thermal_contact_resistance"
SIGMA: Final = "electrical_conductivity"
KAPPA: Final = "thermal_conductivity"


def electrical_factor(
    length: QuantityLike,
    electrical_conductivity: QuantityLike,
    first: QuantityLike,
    second: QuantityLike | None = None,
) -> Array:
    r"""Share e of a leg's resistance with contacts that is the leg's own, :math:`L/(L + \sigma\sum\rho_c)`.

    Parameters
    ----------
    length : array_like
        L in m.
    electrical_conductivity : array_like
        sigma in S/m.
    first, second : array_like
        rho_c of the two ends in ohm m2; the second is that of the first unless given.

    Returns
    -------
    ndarray
        Share from 0 to 1, in the common shape of the arguments.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{electrical_factor(2e-3, 5e4, 10e-10):.4f}")  # 10 uohm cm2 at both ends
    0.9524
    >>> print(f"{electrical_factor('2 mm', '500 S/cm', '10 uohm cm2', 0.0):.4f}")
    0.9756
    """
    return _own_share(length, RHO_C, first, second, electrical_conductivity=electrical_conductivity)


def thermal_factor(
    length: QuantityLike,
    thermal_conductivity: QuantityLike,
    first: QuantityLike,
    second: QuantityLike | None = None,
) -> Array:
    r"""Share t of the temperature difference that lies on the leg, :math:`L/(L + \kappa\sum r_\mathrm{th})`.

    Parameters
    ----------
    length : array_like
        L in m.
    thermal_conductivity : array_like
        kappa in W/(m K).
    first, second : array_like
        Thermal resistances times area of the two ends in m2 K/W; the second is that of the first unless
        given.

    Returns
    -------
    ndarray
        Share from 0 to 1, in the common shape of the arguments.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{thermal_factor('2 mm', 1.0, '20 mm2 K/W'):.4f}")
    0.9804
    """
    return _own_share(length, R_TH, first, second, thermal_conductivity=thermal_conductivity)


def effective_zT(
    zT: QuantityLike,
    length: QuantityLike,
    electrical_conductivity: QuantityLike,
    first: QuantityLike,
    second: QuantityLike | None = None,
    thermal_conductivity: QuantityLike | None = None,
    thermal_first: QuantityLike = 0.0,
    thermal_second: QuantityLike | None = None,
) -> Array:
    r"""Figure of merit that a leg with contacts keeps, :math:`zT\,e\,t`.

    With two equal contacts and no thermal one it is :math:`zT\,L/(L + 2\rho_c\sigma)`
    (:func:`ioffe.transport.merit.zT_with_contacts`).

    Parameters
    ----------
    zT : array_like
        Of the material.
    length, electrical_conductivity, first, second
        As for :func:`electrical_factor`.
    thermal_conductivity, thermal_first, thermal_second
        As for :func:`thermal_factor`; needed for thermal contacts alone.

    Returns
    -------
    ndarray
        zT of material and contacts together, dimensionless, in the common shape of the arguments.

    Raises
    ------
    InputError
        With everything that is wrong, such as a thermal contact on a leg of unknown thermal conductivity.

    Examples
    --------
    >>> print(f"{effective_zT(1.0, '2 mm', '500 S/cm', '10 uohm cm2'):.4f}")
    0.9524
    """
    (merit,) = numbers(zT=(zT, "zT"))
    kept = merit * electrical_factor(length, electrical_conductivity, first, second)
    if thermal_conductivity is None:
        no_thermal_contact(thermal_first, thermal_second)
        return kept
    return kept * thermal_factor(length, thermal_conductivity, thermal_first, thermal_second)


def contact_share(
    length: QuantityLike,
    electrical_conductivity: QuantityLike,
    first: QuantityLike,
    second: QuantityLike | None = None,
    of: Share = "total",
) -> Array:
    r"""Contact resistance of both ends as a share.

    Parameters
    ----------
    length, electrical_conductivity, first, second
        As for :func:`electrical_factor`.
    of : {"total", "leg"}
        Of what: :math:`R_c/(R_c + R_\mathrm{leg})`, the share of what one measures from electrode to
        electrode, or :math:`R_c/R_\mathrm{leg}`, the excess over the material alone.

    Returns
    -------
    ndarray
        Share in the common shape of the arguments.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{contact_share('3 mm', '494 S/cm', '12 uohm cm2'):.4f}")
    0.0380
    >>> print(f"{contact_share('3 mm', '494 S/cm', '12 uohm cm2', of='leg'):.4f}")
    0.0395
    """
    kept = electrical_factor(length, electrical_conductivity, first, second)
    return (1.0 - kept) / (kept if _of(of) == "leg" else 1.0)


def conductivity_from_share(
    share: QuantityLike,
    length: QuantityLike,
    first: QuantityLike,
    second: QuantityLike | None = None,
    of: Share = "total",
) -> Array:
    r"""Conductivity of a leg whose contacts are a stated share of its resistance.

    .. math::

        \sigma = \frac{s}{1 - s}\,\frac{L}{\rho_\mathrm{c,1} + \rho_\mathrm{c,2}}\ \text{(of the total)},\quad
        \sigma = \frac{s\,L}{\rho_\mathrm{c,1} + \rho_\mathrm{c,2}}\ \text{(of the leg alone)}

    Parameters
    ----------
    share : array_like
        s, such as 0.038 or ``"3.8 %"``.
    length, first, second
        As for :func:`electrical_factor`.
    of : {"total", "leg"}
        As for :func:`contact_share`.

    Returns
    -------
    ndarray
        sigma in S/m, in the common shape of the arguments.

    Raises
    ------
    InputError
        For a share outside its range, or contacts without any resistance.

    Examples
    --------
    Mg2Cu on an n-type Mg3(Bi,Sb)2 leg of 3 mm: 12 uohm cm2 on both sides are 3.8 % of the resistance
    (J. Yang et al., Joule 6 (2022) 193, doi 10.1016/j.joule.2021.11.008). Which resistance is meant moves
    the conductivity by as much as the share itself:

    >>> for of in ("total", "leg"):
    ...     print(of, f"{conductivity_from_share('3.8 %', '3 mm', '12 uohm cm2', of=of) / 100:.1f} S/cm")
    total 493.8 S/cm
    leg 475.0 S/cm
    """
    second = first if second is None else second
    kind = "mass_fraction" if _of(of) == "total" else "relative_uncertainty"
    s, L, one, two = numbers(
        share=(share, kind), length=(length, "length"), first=(first, RHO_C), second=(second, RHO_C)
    )
    inside("share", s, of == "total")
    if np.any(one + two <= 0.0):
        raise InputError(Fault("first", first, "a contact resistivity above 0 is expected", "of either end"))
    return s / (1.0 - s if of == "total" else 1.0) * L / (one + two)


@dataclass(frozen=True)
class ScanMean:
    """Mean of several measurements of one contact resistivity, from :func:`mean_contact_resistivity`.

    Parameters
    ----------
    value : float
        Mean in ohm m2, weighted with 1/std^2 where every scan states its error.
    std : float
        Its standard error in ohm m2: the larger one of what the stated errors and what the scatter of the
        scans says. Infinite for one scan without a stated error.
    scatter : float
        Standard deviation of one scan about the mean, in ohm m2; NaN for one scan.
    count : int
        Number of scans.
    reduced_chi_square : float
        Scatter over stated errors, squared; 1 if the errors explain the scatter, NaN without stated errors.

    Examples
    --------
    >>> mean_contact_resistivity([2.7e-10, 2.8e-10], std=0.1e-10).count
    2
    """

    value: float
    std: float
    scatter: float
    count: int
    reduced_chi_square: float


def mean_contact_resistivity(resistivities: QuantityLike, std: QuantityLike | None = None) -> ScanMean:
    r"""Mean of the contact resistivities of several scans, or of several junctions of one kind.

    Without stated errors it is the plain mean with the standard error :math:`s/\sqrt n`. With them it is the
    weighted mean; if the scans scatter more than they state (reduced chi square above 1), the standard error
    grows by the root of it, as the Particle Data Group does.

    Parameters
    ----------
    resistivities : array_like
        rho_c in ohm m2, one of each scan.
    std : array_like, optional
        Their standard errors in ohm m2, above 0.

    Returns
    -------
    ScanMean
        In ohm m2.

    Raises
    ------
    InputError
        For no scan, a negative value, or a number of errors that is not that of the scans.

    Examples
    --------
    >>> both_sides = mean_contact_resistivity([2.7e-10, 2.8e-10])
    >>> print(f"{both_sides.value * 1e10:.2f} +- {both_sides.std * 1e10:.2f} uohm cm2")
    2.75 +- 0.05 uohm cm2
    """
    with Checks() as checks:
        values = np.ravel(checks.array("resistivities", resistivities, RHO_C))
        if not values.size:
            checks.add("resistivities", [], "one contact resistivity or more is expected")
        errors = None if std is None else checks.array("std", std, RHO_C)
        if errors is not None and (errors.shape not in ((), values.shape) or np.any(errors <= 0.0)):
            expected = f"{values.size} standard errors above 0 are expected, one of each scan"
            checks.add("std", errors.tolist(), expected)
    count = values.size
    scatter = float(np.std(values, ddof=1)) if count > 1 else nan
    if errors is None:
        error = scatter / sqrt(count) if count > 1 else inf
        return ScanMean(float(np.mean(values)), error, scatter, count, nan)
    weight = np.broadcast_to(errors**-2.0, values.shape)
    mean = float(np.sum(weight * values) / np.sum(weight))
    stated = float(np.sum(weight) ** -0.5)
    chi_square = float(np.sum(weight * (values - mean) ** 2) / (count - 1)) if count > 1 else nan
    factor = sqrt(chi_square) if chi_square > 1.0 else 1.0
    return ScanMean(mean, stated * factor, scatter, count, chi_square)


def inside(name: str, value: Array, below_one: bool = True) -> None:
    """Refuse shares that are not above 0, or not below 1."""
    if np.any(value <= 0.0) or (below_one and np.any(value >= 1.0)):
        expected = "a share above 0 and below 1 is expected" if below_one else "a share above 0 is expected"
        raise InputError(Fault(name, np.asarray(value).tolist(), expected, 'such as 0.05 or "5 %"'))


def _own_share(
    length: QuantityLike, kind: str, first: QuantityLike, second: QuantityLike | None, **own: QuantityLike
) -> Array:
    """L/(L + conductivity times the sum of both contacts); the conductivity under its own name."""
    ends = {"first": (first, kind), "second": (first if second is None else second, kind)}
    conductivity = {name: (value, name) for name, value in own.items()}
    L, conducting, one, two = numbers(length=(length, "length"), **conductivity, **ends)
    return L / (L + conducting * (one + two))


def _of(of: str) -> str:
    if of not in ("total", "leg"):
        raise InputError(Fault("of", of, '"total" or "leg" is expected'))
    return of


def no_thermal_contact(*thermal: QuantityLike | None) -> None:
    """Refuse a thermal contact on a leg of unknown thermal conductivity."""
    if any(one is not None and (isinstance(one, str) or np.any(np.asarray(one) != 0.0)) for one in thermal):
        expected = "the thermal conductivity of the leg is expected with thermal contacts"
        raise InputError(Fault("thermal_conductivity", expected=expected))
