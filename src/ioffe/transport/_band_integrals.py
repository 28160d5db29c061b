r"""Transport integrals of one band, parabolic or of Kane's shape, with any scattering mechanism.

With x = E/(k_B T), alpha = k_B T/E_g, y = x + alpha x^2 and m = 1 + 2 alpha x, the wave vector goes as
:math:`k\propto y^{1/2}`, the density of states as :math:`y^{1/2}m` and the velocity as :math:`y^{1/2}/m`. The
mobility of an energy, mu(x) = e tau/m_I at the edge's mass, is the reciprocal of the sum of the rates of
:class:`~ioffe.transport.carrier_scattering.mechanism.Mechanism`. A parabolic band with a power law has its
integrals in the tables of :mod:`ioffe.transport.fermi` and :mod:`ioffe.transport.fermi`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from math import gamma
from typing import Any, Self, cast

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.transport._quadrature import KANE_STEP, LARGEST_KEPT, STEP, Integrand, total, window_integrals
from ioffe.transport.carrier_scattering import CarrierState, Level, Mechanism, Scattering, mechanism
from ioffe.transport.carrier_scattering.mechanism import Term
from ioffe.transport.fermi import energy_excess, energy_variance, fermi_integral, fermi_ratio

_LARGEST_POWER = 1.5
"""Power of x with which the density of carriers begins at the band edge; other integrands may begin lower."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """A band and its scattering: how its carriers are distributed over the energy, in numbers.

    `parabolic`: whether there is no bending at all, so that closed forms hold for a power law.
    `relative`: whether mobilities are in units of the mobility parameter, or in m2/(V s).
    """

    state: CarrierState
    mechanism: Mechanism
    parabolic: bool
    relative: bool = True

    @classmethod
    def of(cls, level: Level, scattering: Scattering) -> Self:
        """Spectrum of a state, or of a Fermi level in a parabolic band."""
        if not isinstance(level, CarrierState):
            return cls(CarrierState(level), mechanism(scattering), True)
        parts = [None if part is None else np.asarray(part, float) for part in level]
        sizes = [part.size for part in parts if part is not None]
        if isinstance(scattering, str | float | int) and max(sizes) <= LARGEST_KEPT:
            contents = tuple(None if part is None else (part.shape, part.tobytes()) for part in parts)
            return cast(Self, _kept(scattering, *contents))
        return cls(level, mechanism(scattering), False)

    @property
    def eta(self) -> Array:
        """Reduced Fermi level."""
        return np.asarray(self.state.reduced_fermi_level, float)

    @property
    def exponent(self) -> float | None:
        """Exponent r where closed forms hold."""
        return self.mechanism.exponent if self.parabolic else None

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Summands of the rate."""
        return self.mechanism.terms(self.state, relative=self.relative)

    @cached_property
    def scale(self) -> Array:
        """Mobility parameter of the closed forms."""
        return np.ones(()) if self.relative else self.mechanism.mobility_parameter(self.state)

    def filling(self) -> Array:
        """Carrier density over the thermal density of the band."""
        if self.exponent is not None:
            return fermi_integral(0.5, self.eta)
        return self._moments[2] * np.exp(np.minimum(self.eta, 0.0))

    def excess(self) -> Array:
        """Mean of x - eta in the current, S e/k_B."""
        if self.exponent is not None:
            return energy_excess(self.exponent + 1.5, self.eta)
        return self._moments[0]

    def variance(self) -> Array:
        """Variance of x in the current, L (e/k_B)^2."""
        if self.exponent is not None:
            return energy_variance(self.exponent + 1.5, self.eta)
        return self._moments[1]

    def conduction(self) -> Array:
        """Conductivity over (2/3) e times the thermal density of the band."""
        if self.exponent is not None:
            s = self.exponent + 1.5
            return self.scale * (s * fermi_integral(s - 1.0, self.eta))
        return self._moments[3] * np.exp(np.minimum(self.eta, 0.0))

    def drift(self) -> Array:
        """Drift mobility sigma/(n e)."""
        if (r := self.exponent) is not None:
            share = gamma(r + 2.5) / gamma(2.5) * fermi_ratio(r + 0.5, self.eta) / fermi_ratio(0.5, self.eta)
            return self.scale * share
        return self._moments[4]

    def hall(self) -> Array:
        """Hall factor n e R_H of spherical valleys."""
        if (r := self.exponent) is not None:
            # F_j = Gamma(j + 1) F_0 fermi_ratio(j), of which the Gamma functions are the non-degenerate limit
            upper = fermi_ratio(0.5, self.eta) * fermi_ratio(2.0 * r + 0.5, self.eta)
            return non_degenerate_hall(r) * (upper / fermi_ratio(r + 0.5, self.eta) ** 2)
        return self._moments[5]

    def excess_with_slope(self) -> tuple[Array, Array]:
        """Excess and its derivative by eta, from that of the window, (-df/dx)(1 - 2f).

        What the mechanism depends on is held.
        """

        def integrals(x: Array, weight: Array, eta: Array, *parameters: Array) -> tuple[Array, ...]:
            current, distance = weight * self._at(x, *parameters)[1], x - eta
            conduction, tilt = current.sum(-1), np.tanh(0.5 * distance)
            excess = np.einsum("ij,ij->i", current, distance) / conduction
            distance -= excess[:, None]
            return excess, np.einsum("ij,ij,ij->i", current, distance, tilt) / conduction - 1.0

        excess, slope = self._integrated(integrals)
        return excess, slope

    @cached_property
    def _moments(self) -> tuple[Array, ...]:
        """All that is asked of one distribution, from one pass over the energies.

        Mean of x - eta and variance of x, filling and conduction over exp(min(eta, 0)), drift mobility and
        Hall factor.
        """

        def integrals(x: Array, weight: Array, eta: Array, *parameters: Array) -> tuple[Array, ...]:
            states, flow, turn = self._at(x, *parameters)
            filling, hall = total(weight, states), total(weight, turn)
            # about the edge or the Fermi level, whichever is higher, there are no differences of large terms
            current, distance = weight * flow, x - np.maximum(eta, 0.0)
            conduction = total(weight, flow)
            current *= distance
            mean = current.sum(-1) / conduction
            variance = np.einsum("ij,ij->i", current, distance) / conduction - mean * mean
            excess = mean - np.minimum(eta[:, 0], 0.0)
            mobility = conduction / filling
            return excess, variance, filling / 1.5, conduction, mobility, hall / (conduction * mobility)

        return self._integrated(integrals)

    def _integrated(self, integrals: Integrand) -> tuple[Array, ...]:
        """Integrals over the window, of which the Hall integral takes the mobility of the edge twice."""
        power = min(_LARGEST_POWER, _LARGEST_POWER + 2.0 * self.mechanism.edge_exponent)
        simple = len(self.terms) == 1 and self.terms[0].mechanism.exponent is not None
        given = [number for term in self.terms for number in (term.strength, *term.parameters)]
        step = KANE_STEP if simple else STEP
        bend = self.state.nonparabolicity
        return window_integrals(integrals, self.eta, bend, *given, lowest_power=power, step=step)

    def _at(self, x: Array, alpha: Array, *numbers: Array) -> tuple[Array, Array, Array]:
        """Integrands of density, conductivity and Hall constant: k^3, k^3 mu/m and k^3 (mu/m)^2."""
        y, mass, rest = x * (1.0 + alpha * x), 1.0 + 2.0 * alpha * x, iter(numbers)
        rate: Array | float = 0.0
        for term in self.terms:
            rate = rate + next(rest) * term.mechanism.shape(y, mass, *islice(rest, len(term.parameters)))
        filling, lightness = y * np.sqrt(y), 1.0 / (mass * rate)
        current = filling * lightness
        return filling, current, current * lightness


@lru_cache(maxsize=8)
def _kept(scattering: str | float, *contents: tuple[tuple[int, ...], bytes] | None) -> Spectrum:
    """The spectrum of a state: S, L, n, sigma and r_H, asked for one after the other, are integrated once."""
    parts = [None if c is None else np.frombuffer(c[1]).reshape(c[0]) for c in contents]
    return Spectrum(CarrierState(*cast(Any, parts)), mechanism(scattering), False)


def non_degenerate_hall(r: float) -> float:
    """Hall factor of spherical valleys far below the band edge for tau ~ E^r."""
    if not r > -0.75:
        expected = "an exponent above -3/4 is expected"
        raise InputError(Fault("scattering", r, expected, "the Hall factor diverges"))
    return gamma(2.5) * gamma(2.0 * r + 2.5) / gamma(r + 2.5) ** 2
