r"""A junction of a metal with a doped semiconductor: barrier, depleted layer and Fermi level.

A :class:`Junction` holds what every formula of this package needs, checked once; the formulas take it as
their argument. Energies count as :mod:`ioffe.interface.barrier` says. The layer is taken as empty of carriers
(depletion approximation), which holds while the bands bend by several k_B T;
:mod:`ioffe.interface.barrier.profile` solves Poisson's equation with the carriers.

Barriers from work functions follow the rule of Schottky and Mott. Real interfaces pin the Fermi level; such a
barrier is that of an interface without states of its own.

>>> from ioffe.base.constants import e
>>> contact = Junction("0.16 eV", "2e19 cm^-3", 300.0, permittivity=20.0)
>>> print(f"zeta {contact.bulk_fermi_level / e * 1e3:.3f} meV, W {contact.depletion_width * 1e9:.3f} nm")
zeta 1.339 meV, W 4.223 nm
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, fields, replace
from functools import cached_property
from math import pi
from typing import Final, Literal, NamedTuple, Self

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import EPSILON_0, e, h, hbar, k_B, m_e
from ioffe.base.errors import Fault, InputError
from ioffe.interface._checks import QuantityLike, numbers
from ioffe.transport.fermi_level import fermi_level_from_density

Carrier = Literal["n", "p"]
DENSITY: Final = "carrier_density"
TEMPERATURE: Final = "T_ambient"
"""A quantity whose temperatures are above 0 K."""
QUANTITIES: Final = {
    "barrier_height": "barrier_height",
    "doping": DENSITY,
    "temperature": TEMPERATURE,
    "permittivity": "permittivity",
    "effective_mass": "effective_mass",
    "fermi_level": "energy",
    "density_of_states_mass": "effective_mass",
    "richardson_mass": "effective_mass",
    "image_permittivity": "permittivity",
}
"""What each field of a junction is in the quantity table."""


class ReducedJunction(NamedTuple):
    """Energies of a junction over k_B T, and the resistivity that scales them; arrays of one shape.

    `bending`, `characteristic`, `level`: E_b, E00 and zeta over k_B T; without a barrier where E_b is not
        above 0.
    `prefactor`: k_B/(q A* T) in ohm m2.
    """

    bending: Array
    characteristic: Array
    level: Array
    prefactor: Array


@dataclass(frozen=True, eq=False)
class Junction:
    r"""A barrier between a metal and a doped semiconductor, or an array of them.

    One parabolic band, every dopant ionised, no minority carriers, uniform doping, and the depletion
    approximation (F. A. Padovani and R. Stratton, Solid-State Electron. 9 (1966) 695,
    doi 10.1016/0038-1101(66)90097-9).

    Parameters
    ----------
    barrier_height : array_like
        phi_B in J, from the Fermi level of the metal to the top of the barrier without the image force; where
        phi_B + zeta is not above 0 there is no barrier.
    doping : array_like
        N in 1/m3.
    temperature : array_like
        In K.
    permittivity : array_like
        Static, relative to vacuum.
    effective_mass : array_like
        Mass of tunnelling (along the current) over the electron mass.
    fermi_level : array_like, optional
        zeta in J from the band edge in the bulk; by default that of the doping and `density_of_states_mass`.
    density_of_states_mass : array_like, optional
        m_d over the electron mass; that of tunnelling unless given.
    richardson_mass : array_like, optional
        Mass in A* over the electron mass; that of tunnelling unless given. Of N_v valleys it is the sum.
    image_permittivity : array_like, optional
        Relative permittivity that a passing carrier sees; the static one unless given.

    Raises
    ------
    InputError
        With everything that is wrong, shapes that do not broadcast included.

    Notes
    -----
    The arguments may be arrays whose shapes broadcast, such as a column of barrier heights and a row of
    dopings for a map; every derived quantity has the common shape of what it depends on. Values may be texts
    with units. ``dataclasses.replace`` makes a changed copy; the Fermi level follows the doping unless it was
    given.

    Examples
    --------
    >>> contact = Junction("0.16 eV", "2e19 cm^-3", 300.0, 20.0, fermi_level=0.0)
    >>> print(f"E00 {contact.characteristic_energy / e * 1e3:.3f} meV")
    E00 18.566 meV
    >>> Junction(np.array([[0.1], [0.2]]) * e, [1e24, 1e25, 1e26], 300.0, 20.0).depletion_width.shape
    (2, 3)
    """

    barrier_height: Array
    doping: Array
    temperature: Array
    permittivity: Array
    effective_mass: Array
    _: KW_ONLY
    fermi_level: Array | None = None
    density_of_states_mass: Array | None = None
    richardson_mass: Array | None = None
    image_permittivity: Array | None = None

    def __init__(
        self,
        barrier_height: QuantityLike,
        doping: QuantityLike,
        temperature: QuantityLike,
        permittivity: QuantityLike,
        effective_mass: QuantityLike = 1.0,
        *,
        fermi_level: QuantityLike | None = None,
        density_of_states_mass: QuantityLike | None = None,
        richardson_mass: QuantityLike | None = None,
        image_permittivity: QuantityLike | None = None,
    ) -> None:
        values = (barrier_height, doping, temperature, permittivity, effective_mass)
        values += (fermi_level, density_of_states_mass, richardson_mass, image_permittivity)
        given = dict(zip(QUANTITIES, values, strict=True))
        known = {name: (value, QUANTITIES[name]) for name, value in given.items() if value is not None}
        found = dict(zip(known, numbers(**known), strict=True))
        for name in given:
            object.__setattr__(self, name, found.get(name))
        try:
            np.broadcast_shapes(*(value.shape for value in found.values()))
        except ValueError:
            shapes = {name: value.shape for name, value in found.items() if value.ndim}
            expected = "arrays whose shapes broadcast are expected"
            raise InputError(Fault("junction", shapes, expected)) from None

    def __repr__(self) -> str:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        words = ", ".join(f"{name}={value}" for name, value in given.items() if value is not None)
        return f"Junction({words})"

    @classmethod
    def from_band_bending(
        cls,
        band_bending: QuantityLike,
        doping: QuantityLike,
        temperature: QuantityLike,
        permittivity: QuantityLike,
        effective_mass: QuantityLike = 1.0,
        **optional: QuantityLike | None,
    ) -> Self:
        r"""Junction of a band bending E_b, such as a difference of work functions.

        .. math:: \phi_B = E_b - \zeta

        Parameters
        ----------
        band_bending : array_like
            E_b in J, from the band edge in the bulk to the top of the barrier.
        doping, temperature, permittivity, effective_mass, **optional
            As for :class:`Junction`.

        Returns
        -------
        Junction

        Raises
        ------
        InputError
            As for :class:`Junction`.

        Examples
        --------
        >>> contact = Junction.from_band_bending("0.16 eV", "1e20 cm^-3", 300.0, 20.0)
        >>> print(f"phi_B {contact.barrier_height / e * 1e3:.2f} meV")
        phi_B 89.65 meV
        """
        bent = cls(band_bending, doping, temperature, permittivity, effective_mass, **optional)
        return replace(bent, barrier_height=bent.barrier_height - bent.bulk_fermi_level)

    @property
    def shape(self) -> tuple[int, ...]:
        """Common shape of the arguments; empty for a single junction."""
        given = (getattr(self, field.name) for field in fields(self))
        return np.broadcast_shapes(*(value.shape for value in given if value is not None))

    @cached_property
    def states_mass(self) -> Array:
        """Mass of the density of states over the electron mass."""
        return self.effective_mass if self.density_of_states_mass is None else self.density_of_states_mass

    @cached_property
    def thermal_energy(self) -> Array:
        """k_B T in J."""
        return k_B * self.temperature

    @cached_property
    def bulk_fermi_level(self) -> Array:
        """Fermi level zeta in J from the band edge in the bulk: as given, or by :func:`fermi_level`."""
        if self.fermi_level is not None:
            return self.fermi_level
        return self.thermal_energy * fermi_level_from_density(self.doping, self.temperature, self.states_mass)

    @property
    def band_bending(self) -> Array:
        r"""Bending of the bands without a voltage, :math:`E_b = qV_\mathrm{bi} = \phi_B + \zeta`, in J."""
        return self.barrier_height + self.bulk_fermi_level

    @property
    def depletion_width(self) -> Array:
        r"""Width of the depleted layer in m, :math:`W = \sqrt{2\varepsilon E_b/(q^2N)}`; 0 without a barrier.

        Standard result of the depletion approximation (S. M. Sze, Physics of Semiconductor Devices).
        """
        eps = self.permittivity * EPSILON_0
        return np.sqrt(2.0 * eps * np.maximum(self.band_bending, 0.0) / self.doping) / e

    @property
    def largest_field(self) -> Array:
        r"""Electric field at the metal in V/m, :math:`\mathcal E = qNW/\varepsilon`; 0 without a barrier."""
        eps = self.permittivity * EPSILON_0
        return np.sqrt(2.0 * np.maximum(self.band_bending, 0.0) * self.doping / eps)

    @property
    def characteristic_energy(self) -> Array:
        r"""Characteristic energy of tunnelling in J.

        .. math:: E_{00} = \frac{q\hbar}{2}\sqrt{\frac N{m\varepsilon}}

        Carriers go over the barrier where E00 << k_B T and through it where E00 >> k_B T (F. A. Padovani and
        R. Stratton, Solid-State Electron. 9 (1966) 695, doi 10.1016/0038-1101(66)90097-9).
        """
        stiffness = self.effective_mass * m_e * self.permittivity * EPSILON_0
        return 0.5 * e * hbar * np.sqrt(self.doping / stiffness)

    @property
    def passing_permittivity(self) -> Array:
        """Relative permittivity in the image force: as given, or the static one."""
        return self.permittivity if self.image_permittivity is None else self.image_permittivity

    @property
    def image_force_lowering(self) -> Array:
        r"""Lowering of the top of the barrier by the image force in J, for the field at the metal.

        .. math:: \Delta\phi = q\sqrt{\frac{q\mathcal E}{4\pi\varepsilon_\mathrm{i}}}

        It takes the field as constant up to the top of the barrier (S. M. Sze, Physics of Semiconductor
        Devices), which overstates it where the layer is not much wider than the distance of the top from the
        metal; the exact top is :func:`ioffe.interface.barrier.image_force.barrier_top`.
        """
        return e * np.sqrt(e * self.largest_field / (4.0 * pi * self.passing_permittivity * EPSILON_0))

    @cached_property
    def reduced(self) -> ReducedJunction:
        """Energies over k_B T and the prefactor of the resistivity, in the common shape."""
        mass = self.effective_mass if self.richardson_mass is None else self.richardson_mass
        thermal = self.thermal_energy
        # k_B/(q A* T), with A* = 4 pi q m k_B^2/h^3
        prefactor = h**3 / (4.0 * pi * e**2 * mass * m_e * thermal)
        energies = (self.band_bending, self.characteristic_energy, self.bulk_fermi_level)
        return ReducedJunction(*np.broadcast_arrays(*(energy / thermal for energy in energies), prefactor))

    def require_single(self) -> None:
        """Raise an `InputError` for an array of junctions."""
        if self.shape:
            raise InputError(Fault("junction", self.shape, "a single junction is expected, not an array"))


def fermi_level(
    doping: QuantityLike, temperature: QuantityLike, density_of_states_mass: QuantityLike = 1.0
) -> Array:
    r"""Fermi level zeta from the band edge into the band, of a doped semiconductor.

    .. math:: N = 4\pi\left(\frac{2m_dk_BT}{h^2}\right)^{3/2}F_{1/2}\!\left(\frac{\zeta}{k_BT}\right)

    One parabolic band, every dopant ionised, no minority carriers: the textbook result.

    Parameters
    ----------
    doping : array_like
        N in 1/m3.
    temperature : array_like
        In K.
    density_of_states_mass : array_like
        m_d over the electron mass.

    Returns
    -------
    ndarray
        In J, in the common shape of the arguments.

    Raises
    ------
    InputError
        With everything that is wrong.

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


def bending_from_work_functions(metal: QuantityLike, semiconductor: QuantityLike, carrier: Carrier) -> Array:
    r"""Band bending E_b: the difference of the work functions, in the sense that hinders the carriers.

    .. math::

        E_b = qV_\mathrm{bi} = \phi_\mathrm{m} - \phi_\mathrm{s}\ (n),\ \phi_\mathrm{s} - \phi_\mathrm{m}\ (p)

    The rule of Schottky and Mott. The difference is the bending and not the barrier height: phi_B = E_b -
    zeta equals it only where the Fermi level lies at the band edge.

    Parameters
    ----------
    metal, semiconductor : array_like
        Work functions in J.
    carrier : {"n", "p"}

    Returns
    -------
    ndarray
        In J; negative for a contact that gathers carriers.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{bending_from_work_functions('4.40 eV', '4.56 eV', 'p') / e:.2f} eV")  # Sb on MgAgSb
    0.16 eV
    """
    of_metal, of_semiconductor = numbers(
        metal=(metal, "barrier_height"), semiconductor=(semiconductor, "barrier_height")
    )
    return _sign(carrier) * (of_metal - of_semiconductor)


def barrier_from_work_functions(
    metal: QuantityLike, semiconductor: QuantityLike, carrier: Carrier, fermi_level: QuantityLike
) -> Array:
    r"""Barrier height of two work functions, :math:`\phi_B = E_b - \zeta`.

    Parameters
    ----------
    metal, semiconductor, carrier
        As for :func:`bending_from_work_functions`.
    fermi_level : array_like
        zeta in J, at the doping for which the work function of the semiconductor holds.

    Returns
    -------
    ndarray
        In J.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{barrier_from_work_functions('4.40 eV', '4.56 eV', 'p', '-0.05 eV') / e:.2f} eV")
    0.21 eV
    """
    (zeta,) = numbers(fermi_level=(fermi_level, "energy"))
    return bending_from_work_functions(metal, semiconductor, carrier) - zeta


def barrier_from_affinity(
    metal: QuantityLike, affinity: QuantityLike, carrier: Carrier, band_gap: QuantityLike | None = None
) -> Array:
    r"""Barrier height from the electron affinity, which does not depend on the doping.

    .. math:: \phi_B = \phi_\mathrm{m} - \chi\ (n),\qquad E_g + \chi - \phi_\mathrm{m}\ (p)

    The rule of Schottky and Mott.

    Parameters
    ----------
    metal : array_like
        Work function in J.
    affinity : array_like
        Electron affinity chi of the semiconductor in J.
    carrier : {"n", "p"}
    band_gap : array_like
        E_g in J; needed for holes alone.

    Returns
    -------
    ndarray
        In J.

    Raises
    ------
    InputError
        With everything that is wrong, such as a missing gap.

    Examples
    --------
    >>> print(f"{barrier_from_affinity('4.40 eV', '4.36 eV', 'p', '0.2 eV') / e:.2f} eV")
    0.16 eV
    """
    of_metal, chi = numbers(metal=(metal, "barrier_height"), affinity=(affinity, "barrier_height"))
    if _sign(carrier) > 0.0:
        return of_metal - chi
    if band_gap is None:
        expected = "a band gap is expected for holes"
        raise InputError(Fault("band_gap", expected=expected, advice='such as "0.2 eV"'))
    return numbers(band_gap=(band_gap, "band_gap"))[0] + chi - of_metal


def _sign(carrier: str) -> float:
    if carrier not in ("n", "p"):
        raise InputError(Fault("carrier", carrier, '"n" or "p" is expected'))
    return 1.0 if carrier == "n" else -1.0
