r"""Barrier of any doping profile, from Poisson's equation, and the contact resistivity it makes.

The band edge U(x) of the majority carriers, from that in the bulk, obeys

.. math:: U'' = \frac{q^2}{\varepsilon}\left[N(x) - n(U)\right],\qquad
          n = N_c\,\mathcal F_{1/2}\!\left(\frac{\zeta - U}{k_BT}\right),\qquad
          U(0) = \phi_B + \zeta,\quad U(\infty) = 0

with one parabolic band and Fermi-Dirac statistics, or with no carriers at all down to the depth where the
band edge meets that of the neutral semiconductor (``carriers="depletion"``).

The contact resistivity takes flight across the whole barrier without a collision: right for layers of some
nm. A layer thicker than the mean free path is a semiconductor of its own: take the contact on it by itself
and add the resistance of the layer as a part of the leg.

>>> from ioffe.interface.barrier import box_layer
>>> contact = Junction("0.2 eV", "1e19 cm^-3", 300.0, 20.0, 0.3)
>>> layered = solve_barrier(contact, box_layer("5e19 cm^-3", "1e19 cm^-3", "4 nm"))
>>> for one in (solve_barrier(contact), layered):
...     print(f"{one.contact_resistivity() * 1e10:.3f} uohm cm2")
0.662 uohm cm2
0.059 uohm cm2
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import pi
from typing import Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import EPSILON_0, e, k_B
from ioffe.base.errors import ConvergenceError, Fault, Faults, InputError
from ioffe.interface._checks import QuantityLike, numbers
from ioffe.interface.barrier._integral import Indices, integrate, log_emission_of, softplus
from ioffe.interface.barrier.doping import DopingProfile, uniform_doping
from ioffe.interface.barrier.junction import Junction
from ioffe.interface.barrier.transmission import matrix_transmission, wkb_transmission
from ioffe.transport.fermi import fermi_integral, fermi_integral_slope
from ioffe.transport.fermi_level import fermi_level_from_density
from ioffe.transport.single_band import thermal_density

_STEPS: Final = 400
_LARGEST_STEP: Final = 4.0
"""Largest change of the band edge in one step of Newton's method, over k_B T."""
_CLOSE: Final = 1e-10
"""Change of the band edge, over k_B T, below which Newton's method has settled."""
_SCREENING_LENGTHS: Final = 30.0


@dataclass(frozen=True)
class Semiconductor:
    """A doped semiconductor: doping profile, T in K, relative permittivity, m_d over the electron mass."""

    doping: DopingProfile
    temperature: float
    permittivity: float
    mass: float

    @property
    def coupling(self) -> float:
        """q^2/epsilon in J m."""
        return e**2 / (self.permittivity * EPSILON_0)

    @cached_property
    def level(self) -> float:
        """Fermi level of the bulk in J, from its band edge."""
        return float(self.level_of(np.asarray(self.doping.bulk)))

    def level_of(self, doping: Array) -> Array:
        """Fermi level in J, from the band edge, at a doping."""
        return k_B * self.temperature * fermi_level_from_density(doping, self.temperature, self.mass)

    def carriers(self, U: Array) -> Array:
        """Carriers in 1/m3 where the band edge is U above that of the bulk."""
        eta = (self.level - U) / (k_B * self.temperature)
        return thermal_density(self.temperature, self.mass) * fermi_integral(0.5, eta)

    def carriers_slope(self, U: Array) -> Array:
        """dn/dU in 1/(m3 J)."""
        eta = (self.level - U) / (k_B * self.temperature)
        slope = fermi_integral_slope(0.5, eta)
        return -thermal_density(self.temperature, self.mass) * slope / (k_B * self.temperature)

    def screening_length(self, doping: float) -> float:
        """Length over which carriers screen a small disturbance, in m."""
        U = self.level - self.level_of(np.asarray(doping))
        return float(1.0 / np.sqrt(-self.coupling * self.carriers_slope(U)))


def grid(solid: Semiconductor, bending: float, resolution: float) -> Array:
    """Depths whose steps grow with the distance from the metal and from jumps of the doping."""
    profile = solid.doping
    surface = float(profile.at(np.zeros(1))[0])
    reach = np.sqrt(
        2.0 * max(bending, k_B * solid.temperature) / (solid.coupling * np.array([surface, profile.bulk]))
    )
    screening = [solid.screening_length(surface), solid.screening_length(profile.bulk)]
    depth = profile.reach + 1.5 * reach[1] + _SCREENING_LENGTHS * screening[1]
    smallest = min(*reach, *screening) * resolution
    marks = sorted({0.0, *profile.jumps, depth})
    pieces = [np.zeros(1)]
    for left, right in pairwise(marks):
        half = 0.5 * (right - left) if right < depth else right - left
        count = max(int(np.ceil(np.log1p(resolution * half / smallest) / resolution)), 2)
        growing = np.expm1(resolution * np.linspace(0.0, count, count + 1)[1:])
        steps = left + half * growing / growing[-1]
        if right < depth:
            steps = np.concatenate([steps, (right - (steps - left))[-2::-1], [right]])
        pieces.append(steps)
    return np.concatenate(pieces)


def neutral_band(solid: Semiconductor, x: Array) -> Array:
    """Band edge where every dopant keeps its carrier."""
    return solid.level - solid.level_of(solid.doping.at(x))


def depleted_band(solid: Semiconductor, x: Array, height: float) -> Array:
    """Band edge of a layer without carriers, which ends flat on that of the neutral semiconductor."""
    mean = _mean_doping(solid, x)
    width, middle = np.diff(x), 0.5 * (x[1:] + x[:-1])
    neutral = neutral_band(solid, x)
    # U(0) above the neutral band edge at W, for a layer that ends at every point of the grid
    reach = solid.coupling * np.concatenate([[0.0], np.cumsum(mean * middle * width)])
    excess = reach - (height + solid.level - neutral)
    if excess[0] >= 0.0:
        return neutral
    end = int(np.argmax(excess > 0.0))
    # within its cell the layer ends where a straight doping-weighted area fits
    cell = mean[end - 1]
    W = np.sqrt(x[end - 1] ** 2 - 2.0 * excess[end - 1] / (solid.coupling * cell))
    inside = np.minimum(x, W)
    area = np.concatenate([[0.0], np.cumsum(mean * np.diff(inside))])
    moment = np.concatenate([[0.0], np.cumsum(mean * 0.5 * np.diff(inside**2))])
    U = height + solid.level - solid.coupling * (moment + inside * (area[-1] - area))
    return np.where(x < W, U, neutral)


def solve_band(solid: Semiconductor, x: Array, height: float) -> Array:
    """Band edge with carriers that screen, by Newton's method on finite volumes.

    Raises `ConvergenceError` if 400 steps were not enough.
    """
    from scipy.linalg import solve_banded

    steps = np.diff(x)
    volume = 0.5 * (steps[1:] + steps[:-1])
    N = _volume_doping(solid, x)
    thermal = k_B * solid.temperature
    U = depleted_band(solid, x, height)
    U[0], U[-1] = height + solid.level, 0.0
    bands = np.zeros((3, x.size - 2))
    bands[0, 1:], bands[2, :-1] = 1.0 / steps[1:-1], 1.0 / steps[1:-1]
    for _ in range(_STEPS):
        inner = U[1:-1]
        flux = np.diff(U) / steps
        residual = np.diff(flux) - solid.coupling * volume * (N - solid.carriers(inner))
        bands[1] = -1.0 / steps[1:] - 1.0 / steps[:-1] + solid.coupling * volume * solid.carriers_slope(inner)
        change = -solve_banded((1, 1), bands, residual)
        U[1:-1] += np.clip(change, -_LARGEST_STEP * thermal, _LARGEST_STEP * thermal)
        if np.max(np.abs(change)) < _CLOSE * thermal:
            return U
    raise ConvergenceError(f"the band edge below the contact did not settle in {_STEPS} steps")


def _mean_doping(solid: Semiconductor, x: Array) -> Array:
    """Mean doping between neighbouring points, by two points of Gauss; jumps lie on points."""
    width, middle = np.diff(x), 0.5 * (x[1:] + x[:-1])
    offset = width * 0.5 / np.sqrt(3.0)
    return 0.5 * (solid.doping.at(middle - offset) + solid.doping.at(middle + offset))


def _volume_doping(solid: Semiconductor, x: Array) -> Array:
    """Mean doping in the volume around every inner point, half a step to both sides."""
    steps, inner = np.diff(x), x[1:-1]
    before = solid.doping.at(inner - 0.25 * steps[:-1]) * steps[:-1]
    after = solid.doping.at(inner + 0.25 * steps[1:]) * steps[1:]
    return (before + after) / (steps[:-1] + steps[1:])


Carriers = Literal["fermi_dirac", "depletion"]
Method = Literal["wkb", "matrix"]
FINEST, COARSEST = 1e-4, 0.1
"""Range of the resolution of the grid."""
SAME_DOPING = 1e-9
"""Relative difference of two dopings that count as one."""
EMPTY = 1e-12
"""Height of the band edge over the neutral one, over k_B T, from which on the layer has no carriers."""
_CLOSE_OF_WKB = 1e-7
"""Agreement asked for of the integral over the energies, by WKB."""
_TAIL = 40.0
"""Energy above top and Fermi level, over k_B T, from which on nothing passes."""
_CLOSE_OF_WAVES = 1e-4
_MOST_PANELS = 64
"""The same agreement for waves, with resonances, and the panels it may take."""


@dataclass(frozen=True, eq=False)
class BarrierProfile:
    """Band edge below a contact, from :func:`solve_barrier`.

    Parameters
    ----------
    position : ndarray of shape (n,)
        Depth in m; 0 is the metal.
    band_edge : ndarray of shape (n,)
        U in J, from the band edge in the bulk.
    doping, carriers : ndarray of shape (n,)
        N and n in 1/m3.
    junction : Junction
        With the doping of the bulk.

    Examples
    --------
    >>> found = solve_barrier(Junction("0.2 eV", "1e19 cm^-3", 300.0, 20.0, 0.3))
    >>> print(f"{found.band_edge[0] / e:.3f} eV at the metal")
    0.244 eV at the metal
    """

    position: Array
    band_edge: Array
    doping: Array
    carriers: Array
    junction: Junction

    @property
    def fermi_level(self) -> float:
        """Fermi level zeta in J from the band edge in the bulk."""
        return float(self.junction.bulk_fermi_level)

    @property
    def field(self) -> Array:
        """Electric field q^-1 dU/dx in V/m between the points, in the sense that holds the carriers back."""
        return -np.diff(self.band_edge) / np.diff(self.position) / e

    def with_image_force(self) -> BarrierProfile:
        r"""The same barrier less the image force, :math:`q^2/(16\pi\varepsilon_\mathrm{i}x)`.

        Returns
        -------
        BarrierProfile
            Without the point at the metal. The permittivity is the one that a passing carrier sees.
        """
        x = self.position[1:]
        image = e**2 / (16.0 * pi * self.junction.passing_permittivity * EPSILON_0 * x)
        rest = {name: getattr(self, name)[1:] for name in ("position", "doping", "carriers")}
        return replace(self, band_edge=self.band_edge[1:] - image, **rest)

    def transmission(
        self,
        energy: QuantityLike,
        method: Method = "wkb",
        metal_fermi_energy: QuantityLike = "5 eV",
        metal_mass: float = 1.0,
        log: bool = False,
    ) -> Array:
        """Probability that a carrier passes, at energies from the band edge in the bulk.

        Parameters
        ----------
        energy : array_like
            In J.
        method : {"wkb", "matrix"}
            WKB, or Schroedinger's equation with the step of the band at the metal.
        metal_fermi_energy : float
            Fermi level of the metal from the bottom of its band in J, for the second method.
        metal_mass : float
            Over the electron mass, for the second method.
        log : bool
            Whether to give ln(tau).

        Returns
        -------
        ndarray
            tau or ln(tau), in the shape of the energy.

        Raises
        ------
        InputError
            For another method or an argument that is no number.
        """
        mass = self.junction.effective_mass
        if method == "wkb":
            return wkb_transmission(self.position, self.band_edge, energy, mass, log)
        if method != "matrix":
            raise InputError(Fault("method", method, '"wkb" or "matrix" is expected'))
        (depth,) = numbers(metal_fermi_energy=(metal_fermi_energy, "band_gap"))
        bottom = self.fermi_level - float(depth)
        U = np.maximum(self.band_edge, bottom)
        return matrix_transmission(
            self.position, U, energy, mass, left=bottom, right=0.0, left_mass=metal_mass, log=log
        )

    def contact_resistivity(
        self, method: Method = "wkb", metal_fermi_energy: QuantityLike = "5 eV", metal_mass: float = 1.0
    ) -> float:
        """Contact resistivity by the integral over the energies of the bulk band.

        Parameters
        ----------
        method, metal_fermi_energy, metal_mass
            As for :meth:`transmission`.

        Returns
        -------
        float
            rho_c in ohm m2.

        Raises
        ------
        ConvergenceError
            If waves interfere over so long a layer that the transmission is a comb of resonances, which no
            layer with collisions has; take the layer by itself then, or WKB.
        """
        one, thermal = self.junction.reduced, self.junction.thermal_energy
        level = np.atleast_1d(one.level)
        top = np.atleast_1d(np.max(self.band_edge) / thermal)

        def log_tau(E: Array, _: Indices) -> Array:
            return self.transmission(E * thermal, method, metal_fermi_energy, metal_mass, log=True)

        if method == "matrix":
            return float(one.prefactor / _whole(log_tau, top, level))
        return float(one.prefactor * np.exp(-log_emission_of(log_tau, top, level, _CLOSE_OF_WKB)[0]))


def solve_barrier(
    junction: Junction,
    doping: DopingProfile | None = None,
    *,
    carriers: Carriers = "fermi_dirac",
    resolution: float = 0.0025,
) -> BarrierProfile:
    """Band edge below a contact on a semiconductor of any doping profile, from Poisson's equation.

    Parameters
    ----------
    junction : Junction
        A single one without a given Fermi level, which follows the doping here.
    doping : DopingProfile, optional
        From :mod:`ioffe.interface.barrier.doping`, with the doping of the junction as its bulk; by default
        that doping everywhere.
    carriers : {"fermi_dirac", "depletion"}
        Whether carriers screen, or the layer is taken as empty.
    resolution : float
        Growth of the steps of the grid by distance from the metal and from jumps; the error falls with its
        square.

    Returns
    -------
    BarrierProfile

    Raises
    ------
    InputError
        With everything that is wrong.
    ConvergenceError
        If Newton's method did not settle.

    Examples
    --------
    >>> contact = Junction("0.2 eV", "1e19 cm^-3", 300.0, 20.0, 0.3)
    >>> print(f"{solve_barrier(contact).field[0]:.2e} V/m at the metal")
    6.13e+07 V/m at the metal
    """
    junction.require_single()
    profile = uniform_doping(float(junction.doping)) if doping is None else doping
    with Faults() as faults:
        if carriers not in ("fermi_dirac", "depletion"):
            faults.add("carriers", carriers, '"fermi_dirac" or "depletion" is expected')
        if not FINEST <= resolution <= COARSEST:
            faults.add("resolution", resolution, f"a number from {FINEST:g} to {COARSEST:g} is expected")
        if junction.fermi_level is not None:
            expected = "no Fermi level is expected: it follows the doping"
            faults.add("fermi_level", junction.fermi_level, expected)
        if abs(profile.bulk - junction.doping) > SAME_DOPING * junction.doping:
            expected = f"the doping of the junction, {junction.doping:g} 1/m3, is expected in the bulk"
            faults.add("doping.bulk", profile.bulk, expected)
    T, height = float(junction.temperature), float(junction.barrier_height)
    numbers(doping=(profile.at(np.zeros(1)), "carrier_density"))
    solid = Semiconductor(profile, T, float(junction.permittivity), float(junction.states_mass))
    x = grid(solid, height + solid.level, resolution)
    N, *_ = numbers(doping=(profile.at(x), "carrier_density"))
    if carriers == "depletion":
        U = depleted_band(solid, x, height)
        n = np.where(U > neutral_band(solid, x) + EMPTY * junction.thermal_energy, 0.0, N)
    else:
        U = solve_band(solid, x, height)
        n = solid.carriers(U)
    return BarrierProfile(x, U, N, n, junction)


def _whole(log_tau: Callable[[Array, Indices], Array], top: Array, level: Array) -> float:
    """int tau f dE over k_B T where carriers above the top may be thrown back as well."""

    def integrand(E: Array, cases: Indices) -> Array:
        return np.exp(log_tau(E, cases) - softplus(E - level[:, None]))

    above = np.maximum(top, 0.0)
    edges = (np.zeros(1), above, np.maximum(above, level) + _TAIL)
    return float(integrate(integrand, edges, _CLOSE_OF_WAVES, _MOST_PANELS)[0])
