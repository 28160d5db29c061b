r"""Limits of the contact resistivity: over the barrier, through it near its top or at the Fermi level.

Each is a closed form beside :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`, which
needs none of them; they say what dominates and which law to expect. All take the same arguments.

The integral comes near the thermionic limit only slowly: carriers just below the top tunnel, and these add

.. math:: \Gamma(5/3)\left[\frac32\frac{E_{00}}{k_BT}\sqrt{\frac{E_b}{k_BT}}\right]^{2/3}

of the thermionic current, as long as that is small. For a barrier of 0.16 eV at 300 K the thermionic limit is
67 % above the integral at E00/k_BT = 0.1 and 11 % at 0.01; it comes within 1e-3 at 1e-5, far below any doping
of a thermoelectric.
"""

from __future__ import annotations

from math import gamma, pi
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.interface._numbers import Written
from ioffe.interface.barrier._emission import log_over_the_top, peak, softplus
from ioffe.interface.barrier.contact_resistivity import Junction, junction
from ioffe.interface.barrier.transmission import parabola
from ioffe.transport._arrays import Array

__all__ = [
    "ballistic_resistivity",
    "field_resistivity",
    "regime",
    "thermionic_field_resistivity",
    "thermionic_resistivity",
    "top_tunnelling_share",
]


def thermionic_resistivity(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    **more: Any,
) -> Array:
    r"""Contact resistivity in ohm m2 of carriers that go over the barrier, E00 << k_B T.

    .. math:: \rho_c = \frac{k_B}{qA^*T}\left[\ln(1 + e^{-\phi_B/k_BT})\right]^{-1}
              \approx \frac{k_B}{qA^*T}\,e^{\phi_B/k_BT}

    It is an upper bound of the integral. The doping counts only where it leaves no barrier.

    Parameters
    ----------
    barrier_height, doping, temperature, permittivity, effective_mass, **more
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`.

    Examples
    --------
    >>> rho = thermionic_resistivity("0.16 eV", "1e17 cm^-3", 300.0, 20.0)
    >>> print(f"{rho * 1e10:.3f} uohm cm2")
    1.166 uohm cm2
    """
    one = junction(barrier_height, doping, temperature, permittivity, effective_mass, **more)
    return (one.prefactor * np.exp(-log_over_the_top(one.bending, one.level)))[()]


def ballistic_resistivity(
    doping: Written,
    temperature: Written,
    permittivity: Written = 1.0,
    effective_mass: Written = 1.0,
    **more: Any,
) -> Array:
    r"""Contact resistivity in ohm m2 without any barrier: every carrier that arrives passes.

    .. math:: \rho_c = \frac{k_B}{qA^*T}\left[\ln(1 + e^{\zeta/k_BT})\right]^{-1}

    The smallest one a doping allows.

    Parameters
    ----------
    doping, temperature, permittivity, effective_mass, **more
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`; the permittivity has
        no effect.

    Examples
    --------
    >>> print(f"{ballistic_resistivity('2e19 cm^-3', 300.0) * 1e10:.2e} uohm cm2")
    3.32e-03 uohm cm2
    """
    one = junction(0.0, doping, temperature, permittivity, effective_mass, **more)
    return (one.prefactor / softplus(one.level))[()]


def thermionic_field_resistivity(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    **more: Any,
) -> Array:
    r"""Contact resistivity in ohm m2 of thermally lifted carriers that tunnel, E00 near k_B T.

    .. math::

        \rho_c = \frac{k_B}{qA^*}\,\frac{k_B\cosh u}{\sqrt{4\pi E_{00}E_b\tanh u}}
                 \exp\left(\frac{E_b}{E_{00}\coth u} - \frac{\zeta}{k_BT}\right),\quad u = \frac{E_{00}}{k_BT}

    (written with the coth of the literature, :math:`E_0 = E_{00}\coth u`): Laplace's method around
    :math:`E_m = E_b/\cosh^2u`. Valid while E_m lies several k_B T above the Fermi level and the top several
    widths :math:`\sqrt{2E_{00}E_b\tanh u}/\cosh u` above E_m.

    Parameters
    ----------
    barrier_height, doping, temperature, permittivity, effective_mass, **more
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`.

    Returns
    -------
    ndarray
        NaN without a barrier.

    Examples
    --------
    >>> rho = thermionic_field_resistivity("0.6 eV", "1e19 cm^-3", 300.0, 12.0, 0.3)
    >>> print(f"{rho * 1e10:.1f} uohm cm2")
    4970.1 uohm cm2
    """
    one = junction(barrier_height, doping, temperature, permittivity, effective_mass, **more)
    b, u = np.where(one.bending > 0.0, one.bending, np.nan), one.characteristic
    with np.errstate(over="ignore", invalid="ignore"):
        width = np.sqrt(4.0 * pi * u * b * np.tanh(u)) / np.cosh(u)
        return (one.prefactor / width * np.exp(b * np.tanh(u) / u - one.level))[()]


def field_resistivity(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    **more: Any,
) -> Array:
    r"""Contact resistivity in ohm m2 of carriers that tunnel at the Fermi level, E00 >> k_B T.

    .. math::

        \rho_c = \frac{k_B}{qA^*T}\,\frac{\sin\pi c}{\pi\,\tau(\zeta)},\qquad
        c = k_BT\,\frac{u_\zeta}{E_{00}},\quad \mathrm{sech}^2u_\zeta = \frac{\zeta}{E_b}

    so that ln(rho_c) rises as phi_B/E00, that is as :math:`1/\sqrt N`. Valid for zeta > 0 and c well below 1,
    and if tau falls to nothing before the band edge is reached.

    Parameters
    ----------
    barrier_height, doping, temperature, permittivity, effective_mass, **more
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`.

    Returns
    -------
    ndarray
        NaN without a barrier, for zeta <= 0 or c >= 1.

    Examples
    --------
    >>> rho = field_resistivity("0.6 eV", "1e21 cm^-3", 77.0, 12.0, 0.3)
    >>> print(f"{rho * 1e10:.3e} uohm cm2")
    9.705e-04 uohm cm2
    """
    one = junction(barrier_height, doping, temperature, permittivity, effective_mass, **more)
    u, c = _at_fermi_level(one)
    with np.errstate(over="ignore", invalid="ignore"):
        falls = np.where(c < 1.0, np.sin(pi * c) / pi, np.nan)
        return (one.prefactor * falls * np.exp(one.bending / one.characteristic * parabola(u)[2]))[()]


def top_tunnelling_share(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    **more: Any,
) -> Array:
    r"""Current that tunnels just below the top over the thermionic one, as long as it is small.

    .. math:: \Gamma(5/3)\,\lambda^{-2/3},\qquad
              \lambda = \frac23\,\frac{k_BT}{E_{00}}\sqrt{\frac{k_BT}{E_b}}

    from :math:`\ln\tau \approx -\lambda[(E_b - E)/k_BT]^{3/2}`: the relative error of
    :func:`thermionic_resistivity`.

    Parameters
    ----------
    barrier_height, doping, temperature, permittivity, effective_mass, **more
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`.

    Examples
    --------
    >>> print(f"{top_tunnelling_share('0.16 eV', '1e12 cm^-3', 300.0, 20.0, fermi_level=0.0):.2e}")
    6.42e-03
    """
    one = junction(barrier_height, doping, temperature, permittivity, effective_mass, **more)
    steepness = 2.0 / 3.0 / (one.characteristic * np.sqrt(np.maximum(one.bending, 0.0)))
    return (gamma(5.0 / 3.0) * steepness ** (-2.0 / 3.0))[()]


def regime(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    **more: Any,
) -> str:
    """Word for what carries the current through one barrier: where tau f is largest.

    Returns
    -------
    str
        ``"ohmic"`` without a barrier, ``"thermionic"`` within a tenth of the band bending of the top,
        ``"field"`` within k_B T of the Fermi level or of the band edge, else ``"thermionic-field"``.

    Examples
    --------
    >>> for N in ("1e17 cm^-3", "2e19 cm^-3", "1e21 cm^-3"):
    ...     print(regime("0.3 eV", N, 300.0, 20.0, 0.5))
    thermionic
    thermionic-field
    field
    """
    one = junction(barrier_height, doping, temperature, permittivity, effective_mass, **more)
    if one.bending.ndim:
        raise InputError(Fault("barrier_height", barrier_height, "numbers are expected, not arrays"))
    if one.bending <= 0.0:
        return "ohmic"
    energy = one.bending / np.cosh(peak(one.bending, one.characteristic, one.level)) ** 2
    if energy >= 0.9 * one.bending:
        return "thermionic"
    return "field" if energy <= max(float(one.level), 0.0) + 1.0 else "thermionic-field"


def _at_fermi_level(one: Junction) -> tuple[Array, Array]:
    """Place u of the Fermi level and slope of ln(tau) there, over k_B T; NaN outside the barrier."""
    inside = (one.level > 0.0) & (one.level < one.bending)
    share = np.where(inside, one.level, np.nan) / np.where(inside, one.bending, 1.0)
    u = np.arctanh(np.sqrt(1.0 - share))
    return u, u / one.characteristic
