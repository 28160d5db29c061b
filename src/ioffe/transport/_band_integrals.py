r"""Transport integrals of one band of Kane's shape with any sum of scattering mechanisms.

With x = E/(k_B T), alpha = k_B T/E_g, y = x + alpha x^2 and m = 1 + 2 alpha x, the wave vector goes as
:math:`k\propto y^{1/2}`, the density of states as :math:`y^{1/2}m` and the velocity as :math:`y^{1/2}/m`. The
mobility of an energy, mu(x) = e tau/m_I at the edge's mass, has the reciprocal

.. math:: 1/\mu(x) = \sum_i \frac{w_i}{\mu_{0,i}}\,y^{-r_i}\,m\,\left[\frac{m^2 + 2}{3m^2}\right]_{r_i=-1/2}

whose bracket is the overlap of Bloch functions in the scattering by a deformation potential.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.transport._arrays import Array
from ioffe.transport._window import KANE_STEP, STEP, total, window_integrals
from ioffe.transport.carrier_scattering import ACOUSTIC

__all__ = ["Spectrum", "density_integrals", "energy_integrals", "excess_with_slope", "flow_integrals"]


class Spectrum(NamedTuple):
    """What a band and its mechanisms are to the integrals.

    Parameters
    ----------
    nonparabolicity : array_like
        alpha.
    exponents : tuple of float
        r_i, all different.
    rates : tuple of array_like
        w_i/mu_0,i in V s/m2.
    """

    nonparabolicity: ArrayLike
    exponents: tuple[float, ...]
    rates: tuple[ArrayLike, ...]

    @property
    def parameters(self) -> tuple[ArrayLike, ...]:
        """Parameters of the window's integrands."""
        return self.nonparabolicity, *self.rates

    @property
    def options(self) -> dict[str, float]:
        """At the edge the mobility goes as x^r with the largest r, and the Hall integral takes it twice."""
        power = min(1.5, 1.5 + 2.0 * max(self.exponents))
        return {"lowest_power": power, "step": KANE_STEP if len(self.rates) == 1 else STEP}

    def at(self, x: Array, alpha: Array, *rates: Array) -> tuple[Array, Array, Array]:
        """Integrands of density, conductivity and Hall constant: k^3, k^3 mu/m and k^3 (mu/m)^2."""
        y, mass = x * (1.0 + alpha * x), 1.0 + 2.0 * alpha * x
        rate = sum(one * _rate(r, y, mass) for r, one in zip(self.exponents, rates, strict=True))
        filling, lightness = y * np.sqrt(y), 1.0 / (mass * rate)
        current = filling * lightness
        return filling, current, current * lightness


def flow_integrals(reduced_fermi_level: ArrayLike, spectrum: Spectrum) -> tuple[Array, Array, Array, Array]:
    """Density over C, conduction, drift mobility and Hall factor.

    With C = 4 pi (2 m_d k_B T/h^2)^(3/2) the density is n/C and the conductivity (2/3) e C conduction; the
    mobility is sigma/(n e) in m2/(V s), the Hall factor n e R_H of spherical valleys.
    """

    def integrals(x: Array, weight: Array, _: Array, *parameters: Array) -> tuple[Array, ...]:
        filling, current, hall = (total(weight, part) for part in spectrum.at(x, *parameters))
        return filling / 1.5, current, current / filling, hall * filling / current**2

    found = window_integrals(integrals, reduced_fermi_level, *spectrum.parameters, **spectrum.options)
    lower = np.exp(np.minimum(reduced_fermi_level, 0.0))
    return found[0] * lower, found[1] * lower, found[2], found[3]


def energy_integrals(reduced_fermi_level: ArrayLike, spectrum: Spectrum) -> tuple[Array, Array]:
    """Mean of x - eta and variance of x in the current, sums without cancellation of large terms."""

    def integrals(x: Array, weight: Array, eta: Array, *parameters: Array) -> tuple[Array, ...]:
        current, distance = weight * spectrum.at(x, *parameters)[1], x - eta
        conduction = current.sum(-1)
        excess = np.einsum("ij,ij->i", current, distance) / conduction
        distance -= excess[:, None]
        return excess, np.einsum("ij,ij,ij->i", current, distance, distance) / conduction

    excess, variance = window_integrals(
        integrals, reduced_fermi_level, *spectrum.parameters, **spectrum.options
    )
    return excess, variance


def excess_with_slope(reduced_fermi_level: ArrayLike, spectrum: Spectrum) -> tuple[Array, Array]:
    """Mean of x - eta in the current, and its derivative by eta from that of the window, (-df/dx)(1 - 2f)."""

    def integrals(x: Array, weight: Array, eta: Array, *parameters: Array) -> tuple[Array, ...]:
        current, distance = weight * spectrum.at(x, *parameters)[1], x - eta
        conduction, tilt = current.sum(-1), np.tanh(0.5 * distance)
        excess = np.einsum("ij,ij->i", current, distance) / conduction
        distance -= excess[:, None]
        return excess, np.einsum("ij,ij,ij->i", current, distance, tilt) / conduction - 1.0

    excess, slope = window_integrals(integrals, reduced_fermi_level, *spectrum.parameters, **spectrum.options)
    return excess, slope


def density_integrals(reduced_fermi_level: ArrayLike, nonparabolicity: ArrayLike) -> tuple[Array, Array]:
    """Logarithm of (2/3) int y^(3/2) (-df/dx) dx, which is n/C, and its derivative by eta."""

    def integrals(x: Array, weight: Array, _: Array, alpha: Array) -> tuple[Array, ...]:
        y = x * (1.0 + alpha * x)
        root = np.sqrt(y)
        whole = total(weight, y * root)
        # by parts the window's derivative becomes that of k^3
        return whole, total(weight, 1.5 * root * (1.0 + 2.0 * alpha * x)) / whole

    eta = np.asarray(reduced_fermi_level, float)
    whole, slope = window_integrals(integrals, eta, nonparabolicity, step=KANE_STEP)
    return np.log(whole / 1.5) + np.minimum(eta, 0.0), slope


def _rate(r: float, y: Array, mass: Array) -> Array:
    """Scattering rate by energy, over that at y = 1 of a parabolic band."""
    if r == ACOUSTIC:
        return np.sqrt(y) * (mass * mass + 2.0) / (3.0 * mass)
    return y**-r * mass
