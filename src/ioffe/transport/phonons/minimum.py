"""Lower and upper estimates of the lattice thermal conductivity without a fit: Cahill, diffusons, Slack."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import ATOMIC_MASS, hbar, k_B
from ioffe.base.units import floats
from ioffe.transport._quadrature import debye_integral

_DIFFUSON_TOP = 0.95
"""Share of the Debye frequency up to which diffusons are counted."""


def cahill_limit(longitudinal: ArrayLike, transverse: ArrayLike, atomic_volume: ArrayLike) -> Array:
    r"""Minimum conductivity of Cahill and Pohl far above the Debye temperature.

    .. math:: \kappa_{min} = \frac{1}{2} \left( \frac{\pi}{6} \right)^{1/3} k_B \Omega^{-2/3} (v_l + 2 v_t)

    Parameters
    ----------
    longitudinal, transverse : array_like
        v_l and v_t in m/s.
    atomic_volume : array_like
        Omega in m3.

    Returns
    -------
    ndarray
        In W/(m K).

    Notes
    -----
    D. G. Cahill, S. K. Watson, R. O. Pohl, Phys. Rev. B 46 (1992) 6131, doi 10.1103/PhysRevB.46.6131.

    Examples
    --------
    >>> float(cahill_limit(2884.0, 1780.0, 31.26e-30))
    0.3613
    """
    velocities = floats(longitudinal) + 2.0 * floats(transverse)
    return 0.5 * np.cbrt(np.pi / 6.0) * k_B * floats(atomic_volume) ** (-2 / 3) * velocities


def cahill(T: ArrayLike, longitudinal: ArrayLike, transverse: ArrayLike, atomic_volume: ArrayLike) -> Array:
    r"""Minimum conductivity of Cahill and Pohl at any temperature.

    .. math::

        \kappa_{min} = \left( \frac{\pi}{6} \right)^{1/3} k_B \Omega^{-2/3} \sum_{i=1}^3 v_i
        \left( \frac{T}{\Theta_i} \right)^2 \int_0^{\Theta_i/T} \frac{x^3 e^x}{(e^x - 1)^2}\,\mathrm{d}x, \\
        \Theta_i = v_i \frac{\hbar}{k_B} \left( \frac{6 \pi^2}{\Omega} \right)^{1/3}

    Parameters
    ----------
    T : array_like
        In K, above 0.
    longitudinal, transverse, atomic_volume : array_like
        As for `cahill_limit`.

    Returns
    -------
    ndarray
        In W/(m K).

    Notes
    -----
    D. G. Cahill, S. K. Watson, R. O. Pohl, Phys. Rev. B 46 (1992) 6131, doi 10.1103/PhysRevB.46.6131.

    Examples
    --------
    >>> cahill([30.0, 300.0], 2884.0, 1780.0, 31.26e-30).round(4)
    array([0.1049, 0.3533])
    """
    t, volume = floats(T), floats(atomic_volume)
    found = np.zeros(())
    for velocity, count in ((longitudinal, 1.0), (transverse, 2.0)):
        v = floats(velocity)
        X = v * hbar / k_B * np.cbrt(6.0 * np.pi**2 / volume) / t
        found = found + count * v * debye_integral(3, X) / X**2
    return np.cbrt(np.pi / 6.0) * k_B * volume ** (-2 / 3) * found


def diffuson_limit(longitudinal: ArrayLike, transverse: ArrayLike, atomic_volume: ArrayLike) -> Array:
    r"""Conductivity of diffusons far above the Debye temperature.

    .. math:: \kappa_{diff} = 0.76\, k_B \Omega^{-2/3} \frac{v_l + 2 v_t}{3}

    Parameters
    ----------
    longitudinal, transverse, atomic_volume : array_like
        As for `cahill_limit`; the velocity is the arithmetic mean.

    Returns
    -------
    ndarray
        In W/(m K); 37 % below `cahill_limit`.

    Notes
    -----
    M. T. Agne, R. Hanus, G. J. Snyder, Energy Environ. Sci. 11 (2018) 609, doi 10.1039/C7EE03256K.

    Examples
    --------
    >>> float(diffuson_limit(2884.0, 1780.0, 31.26e-30))
    0.227
    """
    mean = (floats(longitudinal) + 2.0 * floats(transverse)) / 3.0
    return 0.76 * k_B * floats(atomic_volume) ** (-2 / 3) * mean


def diffuson(T: ArrayLike, velocity: ArrayLike, atomic_volume: ArrayLike) -> Array:
    r"""Conductivity of diffusons with a Debye density of states at any temperature.

    .. math::

        \kappa_{diff} = \frac{\Omega^{2/3} k_B}{2 \pi^3 v_s^3} \left( \frac{k_B T}{\hbar} \right)^4
        \int_0^{0.95\,\theta_D/T} \frac{x^5 e^x}{(e^x - 1)^2}\,\mathrm{d}x

    Parameters
    ----------
    T : array_like
        In K, above 0.
    velocity : array_like
        v_s in m/s.
    atomic_volume : array_like
        Omega in m3.

    Returns
    -------
    ndarray
        In W/(m K); at high temperature 0.758 k_B Omega^(-2/3) v_s, the 0.76 of `diffuson_limit`.

    Notes
    -----
    M. T. Agne, R. Hanus, G. J. Snyder, Energy Environ. Sci. 11 (2018) 609, doi 10.1039/C7EE03256K (the
    equation is remembered; its limit is checked against the one printed there).

    Examples
    --------
    >>> diffuson([30.0, 300.0], 2147.0, 31.26e-30)
    array([0.0419, 0.2213])
    """
    t, v, volume = (floats(a) for a in (T, velocity, atomic_volume))
    thermal = k_B * t / hbar
    X = _DIFFUSON_TOP * v * np.cbrt(6.0 * np.pi**2 / volume) / thermal
    return volume ** (2 / 3) * k_B / (2.0 * np.pi**3 * v**3) * thermal**4 * debye_integral(5, X)


def slack(
    T: ArrayLike,
    *,
    atomic_mass: ArrayLike,
    debye_temperature: ArrayLike,
    gruneisen: ArrayLike,
    atomic_volume: ArrayLike,
    atoms_in_primitive_cell: ArrayLike = 1.0,
    prefactor: ArrayLike | None = None,
) -> Array:
    r"""Conductivity of a perfect crystal above the Debye temperature, limited by acoustic Umklapp processes.

    .. math:: \kappa = A \frac{M \theta_D^3 \Omega^{1/3}}{\gamma^2 n^{2/3} T}, \qquad
              A = \frac{2.43 \times 10^{-6}}{1 - 0.514/\gamma + 0.228/\gamma^2}

    with M in atomic mass units and Omega^(1/3) in angstrom. theta_D is that of all modes, (h/k_B) (3/4 pi
    Omega)^(1/3) v_s; the acoustic one is theta_D n^(-1/3).

    Parameters
    ----------
    T : array_like
        In K.
    atomic_mass : array_like
        Mean mass M of an atom in kg.
    debye_temperature : array_like
        theta_D in K.
    gruneisen : array_like
        gamma.
    atomic_volume : array_like
        Omega in m3.
    atoms_in_primitive_cell : array_like
        n.
    prefactor : array_like, optional
        A as above; 3.1e-6, which is common too, is its value for gamma = 2.

    Returns
    -------
    ndarray
        In W/(m K).

    Notes
    -----
    G. A. Slack, Solid State Phys. 34 (1979) 1, doi 10.1016/S0081-1947(08)60359-8; the prefactor by C. L.
    Julian, Phys. Rev. 137 (1965) A128, doi 10.1103/PhysRev.137.A128.

    Examples
    --------
    >>> crystal = dict(atomic_mass=28.0855 * 1.66053907e-27, atomic_volume=20.02e-30, gruneisen=1.06)
    >>> float(slack(300.0, debye_temperature=640.0, atoms_in_primitive_cell=2, **crystal))  # silicon
    126.4
    """
    gamma, volume = floats(gruneisen), floats(atomic_volume)
    if prefactor is None:
        prefactor = 2.43e-6 / (1.0 - 0.514 / gamma + 0.228 / gamma**2)
    mass = floats(atomic_mass) / ATOMIC_MASS
    length = np.cbrt(volume) * 1e10
    cubed = floats(debye_temperature) ** 3
    cell = floats(atoms_in_primitive_cell) ** (2 / 3)
    return np.asarray(prefactor) * mass * cubed * length / (gamma**2 * cell * floats(T))
