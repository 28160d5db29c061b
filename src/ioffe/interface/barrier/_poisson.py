"""Poisson's equation below a contact: grid, local neutrality, depletion, and Newton with the carriers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import EPSILON_0, e, k_B
from ioffe.base.errors import ConvergenceError
from ioffe.transport.fermi import fermi_integral, fermi_integral_slope
from ioffe.transport.fermi_level import fermi_level_from_density
from ioffe.transport.single_band import thermal_density

if TYPE_CHECKING:
    from ioffe.interface.barrier.doping import DopingProfile

_STEPS: Final = 400
_LARGEST_STEP: Final = 4.0
"""Largest change of the band edge in one step of Newton's method, over k_B T."""
_CLOSE: Final = 1e-10
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

    Raises
    ------
    ConvergenceError
        If 400 steps were not enough.
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
