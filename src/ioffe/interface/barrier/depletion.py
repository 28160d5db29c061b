r"""Depleted layer under a contact: its width, field, characteristic energy, and the Fermi level beside it.

Energies in J count as :mod:`ioffe.interface.barrier` says, densities in 1/m3, masses over the electron mass.
The layer is taken as empty of carriers (depletion approximation), which holds while the bands bend by several
k_B T; :mod:`ioffe.interface.barrier.profile` solves Poisson's equation with the carriers.

>>> from ioffe.base.constants import e
>>> zeta = fermi_level("2e19 cm^-3", 300.0)
>>> bending = band_bending("0.16 eV", zeta)
>>> print(f"zeta {zeta / e * 1e3:.3f} meV, W {depletion_width(bending, '2e19 cm^-3', 20.0) * 1e9:.3f} nm")
zeta 1.339 meV, W 4.223 nm
"""

from __future__ import annotations

from math import pi

import numpy as np

from ioffe.base.constants import EPSILON_0, e, hbar, k_B, m_e
from ioffe.interface._numbers import Written, numbers
from ioffe.transport._arrays import Array
from ioffe.transport.fermi_level import fermi_level_from_density

__all__ = [
    "band_bending",
    "characteristic_energy",
    "depletion_width",
    "fermi_level",
    "image_force_lowering",
    "largest_field",
]

DENSITY = "carrier_density"
TEMPERATURE = "T_ambient"
"""A quantity whose temperatures are above 0 K."""


def fermi_level(doping: Written, temperature: Written, density_of_states_mass: Written = 1.0) -> Array:
    r"""Fermi level zeta in J, from the band edge into the band, of a doped semiconductor.

    .. math:: N = 4\pi\left(\frac{2m_dk_BT}{h^2}\right)^{3/2}F_{1/2}\!\left(\frac{\zeta}{k_BT}\right)

    One parabolic band, every dopant ionised, no minority carriers.

    Parameters
    ----------
    doping : array_like
        N in 1/m3.
    temperature : array_like
        In K.
    density_of_states_mass : array_like
        m_d over the electron mass.

    Examples
    --------
    >>> print(f"{fermi_level('1e20 cm^-3', 300.0) / e * 1e3:.2f} meV")
    70.35 meV
    """
    N, T, mass = numbers(
        doping=(doping, DENSITY),
        temperature=(temperature, TEMPERATURE),
        density_of_states_mass=(density_of_states_mass, "effective_mass"),
    )
    return k_B * T * fermi_level_from_density(N, T, mass)


def band_bending(barrier_height: Written, fermi_level: Written) -> Array:
    r"""Bending of the bands without a voltage, :math:`E_b = qV_\mathrm{bi} = \phi_B + \zeta`, in J.

    Parameters
    ----------
    barrier_height : array_like
        phi_B in J, from the Fermi level of the metal to the top of the barrier.
    fermi_level : array_like
        zeta in J, from the band edge.

    Examples
    --------
    >>> print(f"{band_bending('0.16 eV', '-0.05 eV') / e:.2f} eV")
    0.11 eV
    """
    height, zeta = numbers(
        barrier_height=(barrier_height, "barrier_height"), fermi_level=(fermi_level, "energy")
    )
    return height + zeta


def depletion_width(band_bending: Written, doping: Written, permittivity: Written) -> Array:
    r"""Width of the depleted layer in m, :math:`W = \sqrt{2\varepsilon E_b/(q^2N)}`; 0 without a barrier.

    Parameters
    ----------
    band_bending : array_like
        E_b in J.
    doping : array_like
        N in 1/m3.
    permittivity : array_like
        Static, relative to vacuum.

    Examples
    --------
    >>> print(f"{depletion_width('0.16 eV', '1e18 cm^-3', 20.0) * 1e9:.2f} nm")
    18.81 nm
    """
    bending, N, eps = _layer(band_bending, doping, permittivity)
    return np.sqrt(2.0 * eps * bending / N) / e


def largest_field(band_bending: Written, doping: Written, permittivity: Written) -> Array:
    r"""Electric field at the metal in V/m, :math:`\mathcal E = qNW/\varepsilon`.

    Parameters
    ----------
    band_bending, doping, permittivity
        As for :func:`depletion_width`.

    Examples
    --------
    >>> print(f"{largest_field('0.16 eV', '2e19 cm^-3', 20.0):.3e} V/m")
    7.609e+07 V/m
    """
    bending, N, eps = _layer(band_bending, doping, permittivity)
    return np.sqrt(2.0 * bending * N / eps)


def characteristic_energy(doping: Written, permittivity: Written, effective_mass: Written = 1.0) -> Array:
    r"""Characteristic energy of tunnelling in J, :math:`E_{00} = \frac{q\hbar}{2}\sqrt{N/(m\varepsilon)}`.

    Carriers go over the barrier where E00 << k_B T and through it where E00 >> k_B T (F. A. Padovani and R.
    Stratton, Solid-State Electron. 9 (1966) 695).

    Parameters
    ----------
    doping : array_like
        N in 1/m3.
    permittivity : array_like
        Relative to vacuum.
    effective_mass : array_like
        Mass along the current over the electron mass.

    Examples
    --------
    >>> print(f"{characteristic_energy('2e19 cm^-3', 20.0) / e * 1e3:.3f} meV")
    18.566 meV
    """
    N, eps, mass = numbers(
        doping=(doping, DENSITY),
        permittivity=(permittivity, "permittivity"),
        effective_mass=(effective_mass, "effective_mass"),
    )
    return 0.5 * e * hbar * np.sqrt(N / (mass * m_e * eps * EPSILON_0))


def image_force_lowering(
    band_bending: Written,
    doping: Written,
    permittivity: Written,
    image_permittivity: Written | None = None,
) -> Array:
    r"""Lowering of the top of the barrier by the image force in J, for the field at the metal.

    .. math:: \Delta\phi = q\sqrt{\frac{q\mathcal E}{4\pi\varepsilon_\mathrm{i}}}

    It takes the field as constant up to the top of the barrier (S. M. Sze, Physics of Semiconductor Devices),
    which overstates it where the layer is not much wider than the place of the top; the exact top is in
    :func:`ioffe.interface.barrier.image_force.barrier_top`.

    Parameters
    ----------
    band_bending, doping, permittivity
        As for :func:`depletion_width`.
    image_permittivity : array_like, optional
        That which the passing carrier sees, if it is not the static one.

    Examples
    --------
    >>> print(f"{image_force_lowering('0.16 eV', '2e19 cm^-3', 20.0) / e * 1e3:.1f} meV")
    74.0 meV
    """
    seen = permittivity if image_permittivity is None else image_permittivity
    (image,) = numbers(image_permittivity=(seen, "permittivity"))
    field = largest_field(band_bending, doping, permittivity)
    return e * np.sqrt(e * field / (4.0 * pi * image * EPSILON_0))


def _layer(bending: Written, doping: Written, permittivity: Written) -> tuple[Array, Array, Array]:
    """Bending in J, 0 without a barrier; doping in 1/m3; permittivity in F/m."""
    height, N, eps = numbers(
        band_bending=(bending, "barrier_height"),
        doping=(doping, DENSITY),
        permittivity=(permittivity, "permittivity"),
    )
    return np.maximum(height, 0.0), N, eps * EPSILON_0
