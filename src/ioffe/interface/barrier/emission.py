r"""Contact resistivity of a depleted barrier by one integral, from thermionic to field emission, and limits.

.. math::

    \frac1{\rho_c} = \frac{qA^*}{k_B^2}\int_0^\infty\tau(E)\,f(E)\,\mathrm{d}E,\qquad
    A^* = \frac{4\pi q m k_B^2}{h^3}

with tau = 1 above the barrier and that of
:func:`~ioffe.interface.barrier.transmission.parabolic_transmission` below its top (F. A. Padovani and R.
Stratton, Solid-State Electron. 9 (1966) 695, doi 10.1016/0038-1101(66)90097-9; A. Y. C. Yu, Solid-State
Electron. 13 (1970) 239). The integral takes no limit and is good to 1e-10; the limits are closed forms beside
it, which say what dominates and which law to expect.

What it takes for granted: one parabolic band on both sides, a depleted layer of uniform doping without
carriers, WKB (no reflection over the top and none where the barrier begins), no image force
(:mod:`ioffe.interface.barrier.image_force` has it), no series resistance of the layer, and a contact that
carries current on its whole area.

The integral comes near the thermionic limit only slowly: carriers just below the top tunnel, and these add

.. math:: \Gamma(5/3)\left[\frac32\frac{E_{00}}{k_BT}\sqrt{\frac{E_b}{k_BT}}\right]^{2/3}

of the thermionic current, as long as that is small. For a barrier of 0.16 eV at 300 K the thermionic limit is
67 % above the integral at E00/k_BT = 0.1 and 11 % at 0.01; it comes within 1e-3 at 1e-5, far below any doping
of a thermoelectric.

>>> from ioffe.interface.barrier import Junction
>>> rho = contact_resistivity(Junction("0.16 eV", "2e19 cm^-3", 300.0, 20.0, fermi_level=0.0))
>>> print(f"{rho * 1e4:.5e} ohm cm2")
1.16771e-07 ohm cm2
"""

from __future__ import annotations

from math import gamma, pi
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.interface.barrier._integral import log_emission, log_over_the_top, peak, softplus
from ioffe.interface.barrier.junction import Junction
from ioffe.interface.barrier.transmission import parabola

NEAR_THE_TOP: Final = 0.9
"""Emission energy over the band bending from which on the emission is called thermionic."""


def contact_resistivity(junction: Junction) -> Array:
    """Contact resistivity of a barrier on a doped semiconductor, at a small voltage.

    The integral of transmission times Fermi function over the energies, as this module writes it, from
    thermionic to field emission (F. A. Padovani and R. Stratton, Solid-State Electron. 9 (1966) 695,
    doi 10.1016/0038-1101(66)90097-9).

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        rho_c in ohm m2, in the shape of the junction; infinite above 1e308.

    Raises
    ------
    ConvergenceError
        If the integral over the energies does not settle.

    Examples
    --------
    >>> rho = contact_resistivity(Junction("0.16 eV", [1e24, 1e25, 1e26], 300.0, 20.0))
    >>> print(rho * 1e10)  # in uohm cm2
    [0.67879123 0.22320777 0.01296836]
    """
    with np.errstate(over="ignore"):
        return np.exp(log_contact_resistivity(junction))


def log_contact_resistivity(junction: Junction) -> Array:
    """Natural logarithm of :func:`contact_resistivity` in ohm m2, which does not overflow.

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        In the shape of the junction.

    Raises
    ------
    ConvergenceError
        If the integral over the energies does not settle.

    Examples
    --------
    >>> print(f"{log_contact_resistivity(Junction('2 eV', '1e17 cm^-3', 20.0, 10.0)):.2f}")
    823.15
    """
    one = junction.reduced
    return (np.log(one.prefactor) - log_emission(one.bending, one.characteristic, one.level))[()]


def emission_energy(junction: Junction) -> Array:
    r"""Energy E from the band edge in the bulk at which most carriers pass: the largest :math:`\tau f`.

    Near :math:`E_b/\cosh^2(E_{00}/k_BT)` while the Fermi function is exponential there.

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        In J, in the shape of the junction; 0 without a barrier.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> E = emission_energy(Junction("0.16 eV", "1e18 cm^-3", 300.0, 20.0, fermi_level=0.0))
    >>> print(f"{E / e * 1e3:.2f} meV of 160 meV")
    155.96 meV of 160 meV
    """
    return junction.thermal_energy * _reduced_emission_energy(junction)


def thermionic_resistivity(junction: Junction) -> Array:
    r"""Contact resistivity of carriers that go over the barrier, E00 << k_B T.

    .. math:: \rho_c = \frac{k_B}{qA^*T}\left[\ln(1 + e^{-\phi_B/k_BT})\right]^{-1}
              \approx \frac{k_B}{qA^*T}\,e^{\phi_B/k_BT}

    Standard result of thermionic emission (S. M. Sze, Physics of Semiconductor Devices). It is an upper bound
    of the integral. The doping counts only where it leaves no barrier.

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        In ohm m2, in the shape of the junction.

    Examples
    --------
    >>> rho = thermionic_resistivity(Junction("0.16 eV", "1e17 cm^-3", 300.0, 20.0))
    >>> print(f"{rho * 1e10:.3f} uohm cm2")
    1.166 uohm cm2
    """
    one = junction.reduced
    return (one.prefactor * np.exp(-log_over_the_top(one.bending, one.level)))[()]


def ballistic_resistivity(junction: Junction) -> Array:
    r"""Contact resistivity without any barrier: every carrier that arrives passes.

    .. math:: \rho_c = \frac{k_B}{qA^*T}\left[\ln(1 + e^{\zeta/k_BT})\right]^{-1}

    The smallest one a doping allows; barrier height and permittivity have no effect. It is the thermionic
    result at a barrier that ends at the band edge.

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        In ohm m2, in the shape of the junction.

    Examples
    --------
    >>> print(f"{ballistic_resistivity(Junction(0.0, '2e19 cm^-3', 300.0, 20.0)) * 1e10:.2e} uohm cm2")
    3.32e-03 uohm cm2
    """
    one = junction.reduced
    return (one.prefactor / softplus(one.level))[()]


def thermionic_field_resistivity(junction: Junction) -> Array:
    r"""Contact resistivity of thermally lifted carriers that tunnel, E00 near k_B T.

    .. math::

        \rho_c = \frac{k_B}{qA^*}\,\frac{k_B\cosh u}{\sqrt{4\pi E_{00}E_b\tanh u}}
                 \exp\left(\frac{E_b}{E_{00}\coth u} - \frac{\zeta}{k_BT}\right),\quad u = \frac{E_{00}}{k_BT}

    (written with the coth of the literature, :math:`E_0 = E_{00}\coth u`; A. Y. C. Yu, Solid-State Electron.
    13 (1970) 239): Laplace's method around :math:`E_m = E_b/\cosh^2u`. Valid while E_m lies several k_B T
    above the Fermi level and the top several widths :math:`\sqrt{2E_{00}E_b\tanh u}/\cosh u` above E_m.

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        In ohm m2, in the shape of the junction; NaN without a barrier.

    Examples
    --------
    >>> rho = thermionic_field_resistivity(Junction("0.6 eV", "1e19 cm^-3", 300.0, 12.0, 0.3))
    >>> print(f"{rho * 1e10:.1f} uohm cm2")
    4970.1 uohm cm2
    """
    one = junction.reduced
    b, u = np.where(one.bending > 0.0, one.bending, np.nan), one.characteristic
    with np.errstate(over="ignore", invalid="ignore"):
        width = np.sqrt(4.0 * pi * u * b * np.tanh(u)) / np.cosh(u)
        return (one.prefactor / width * np.exp(b * np.tanh(u) / u - one.level))[()]


def field_resistivity(junction: Junction) -> Array:
    r"""Contact resistivity of carriers that tunnel at the Fermi level, E00 >> k_B T.

    .. math::

        \rho_c = \frac{k_B}{qA^*T}\,\frac{\sin\pi c}{\pi\,\tau(\zeta)},\qquad
        c = k_BT\,\frac{u_\zeta}{E_{00}},\quad \mathrm{sech}^2u_\zeta = \frac{\zeta}{E_b}

    so that ln(rho_c) rises as phi_B/E00, that is as :math:`1/\sqrt N` (F. A. Padovani and R. Stratton,
    Solid-State Electron. 9 (1966) 695, doi 10.1016/0038-1101(66)90097-9). Valid for zeta > 0 and c well below
    1, and if tau falls to nothing before the band edge is reached.

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        In ohm m2, in the shape of the junction; NaN without a barrier, for zeta <= 0 or c >= 1.

    Examples
    --------
    >>> rho = field_resistivity(Junction("0.6 eV", "1e21 cm^-3", 77.0, 12.0, 0.3))
    >>> print(f"{rho * 1e10:.3e} uohm cm2")
    9.705e-04 uohm cm2
    """
    one = junction.reduced
    inside = (one.level > 0.0) & (one.level < one.bending)
    share = np.where(inside, one.level, np.nan) / np.where(inside, one.bending, 1.0)
    u = np.arctanh(np.sqrt(1.0 - share))
    c = u / one.characteristic
    with np.errstate(over="ignore", invalid="ignore"):
        falls = np.where(c < 1.0, np.sin(pi * c) / pi, np.nan)
        return (one.prefactor * falls * np.exp(one.bending / one.characteristic * parabola(u)[2]))[()]


def top_tunnelling_share(junction: Junction) -> Array:
    r"""Current that tunnels just below the top over the thermionic one, as long as it is small.

    .. math:: \Gamma(5/3)\,\lambda^{-2/3},\qquad
              \lambda = \frac23\,\frac{k_BT}{E_{00}}\sqrt{\frac{k_BT}{E_b}}

    from :math:`\ln\tau \approx -\lambda[(E_b - E)/k_BT]^{3/2}`: the relative error of
    :func:`thermionic_resistivity`.

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        Share in the shape of the junction; 0 without a barrier.

    Examples
    --------
    >>> weak = Junction("0.16 eV", "1e12 cm^-3", 300.0, 20.0, fermi_level=0.0)
    >>> print(f"{top_tunnelling_share(weak):.2e}")
    6.42e-03
    """
    one = junction.reduced
    steepness = 2.0 / 3.0 / (one.characteristic * np.sqrt(np.maximum(one.bending, 0.0)))
    return (gamma(5.0 / 3.0) * steepness ** (-2.0 / 3.0))[()]


def regime(junction: Junction) -> str:
    """Name of what carries the current through one barrier: where tau f is largest.

    Parameters
    ----------
    junction : Junction
        A single one.

    Returns
    -------
    str
        ``"ohmic"`` without a barrier, ``"thermionic"`` within a tenth of the band bending of the top,
        ``"field"`` within k_B T of the Fermi level or of the band edge, else ``"thermionic-field"``.

    Raises
    ------
    InputError
        For an array of junctions.

    Examples
    --------
    >>> for N in ("1e17 cm^-3", "2e19 cm^-3", "1e21 cm^-3"):
    ...     print(regime(Junction("0.3 eV", N, 300.0, 20.0, 0.5)))
    thermionic
    thermionic-field
    field
    """
    junction.require_single()
    one = junction.reduced
    if one.bending <= 0.0:
        return "ohmic"
    energy = _reduced_emission_energy(junction)
    if energy >= NEAR_THE_TOP * one.bending:
        return "thermionic"
    return "field" if energy <= max(float(one.level), 0.0) + 1.0 else "thermionic-field"


def _reduced_emission_energy(junction: Junction) -> Array:
    """Energy of the largest tau f over k_B T; 0 without a barrier."""
    one = junction.reduced
    bending = np.maximum(one.bending, 0.0)
    return bending / np.cosh(peak(bending, one.characteristic, one.level)) ** 2
