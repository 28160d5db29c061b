r"""Reduced times of all processes along the service, with the temperatures of the device as it ages.

.. math::
    \frac{d\theta_i}{dt} = \exp\left[-\frac{E_i}{k_B}\left(\frac{1}{T_i} - \frac{1}{T_{i,ref}}\right)\right]

where :math:`T_i` is the temperature of the interface of process i in the device as it is at that moment, so
that the processes act on one another (Arrhenius law, standard result). Steps are polynomials through
Chebyshev points that satisfy the equation there (collocation), found by fixed-point iteration with all points
of a step, all variants of the parameters and all moments of a cycle solved in one batch: the temperatures
depend only weakly on what has aged, so that the iteration converges fast. The first step is a polynomial in
the square root of the time, in which layers that grow by diffusion are smooth from the beginning on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError
from ioffe.device.conditions import OPERATION, Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import numbers
from ioffe.life.process import Process, aged_numbers, varied_by
from ioffe.life.service import Service, ServicePhase
from ioffe.life.uncertainty import Variant
from ioffe.solve.batch.solve import solve_cases

ENDS = np.array([0.0, 1.0])
DEGREE = 8
"""Of the polynomials of the rates in a step."""
ITERATIONS = 12
"""Fixed-point iterations after which a step is taken to be too long."""
CONVERGED = 0.1
"""Share of the tolerance to which a step is iterated."""
NEGLIGIBLE = 1e-3
"""Share of the ageing of a whole phase below which the error of a reduced time does not matter."""
SHORTEST = 1e-12
"""Step over the length of its phase below which the integration is given up."""
SHORTER, LONGER = 0.25, 4.0
"""Factors of the length of a step after a failure and after a success."""
ROUNDING = 1e-9
"""Share of a step that is not left over at the end of a phase."""


@dataclass(frozen=True)
class March:
    """What ages, in which device, under which service.

    `device`, `reference`: the device and the conditions that the service changes.
    `processes`, `variants`: what ages, and with which parameters.
    `options`: of `solve_batch`: tolerance, engine, threads.
    `maxima`: whether the maxima are found at every time.
    """

    device: Leg | Module
    reference: Conditions
    service: Service
    processes: tuple[Process, ...]
    variants: tuple[Variant, ...]
    options: dict[str, Any]
    maxima: bool = True

    @property
    def nominal(self) -> March:
        """The same with the nominal parameters alone."""
        return replace(self, variants=self.variants[:1])

    def aged(self, theta: Array) -> tuple[dict[str, Array], dict[str, Any], NDArray[np.bool_]]:
        """Numbers that have aged at reduced times, what varies by them, and the cases that are invalid."""
        fresh = numbers(self.device, self.reference)
        found = aged_numbers(fresh, self.processes, self.variants, theta)
        return found, *varied_by(self.device, found)

    @property
    def is_thermal(self) -> bool:
        """Whether the temperature of an interface decides anything."""
        return any(isinstance(process.location, str) for process in self.processes)

    def rates(self, t: Array, theta: Array, phase: ServicePhase, start: float) -> Array:
        """Reduced seconds by second, (variants, processes, times).

        `t` (times,): in s, in the phase that begins at `start`; all of a cycle count where the service is
            averaged.
        `theta` (variants, processes, times): reduced times.
        """
        swings = self._swings(theta)
        if not self.service.is_averaged:
            return self._factors(self.temperatures(phase, (t - start) / phase.duration, theta), swings)
        found = np.zeros_like(theta)
        for one, shares, weights in self.service.cycle:
            T = self.temperatures(one, shares, theta[..., None])
            found += self._factors(T, None if swings is None else swings[..., None]) @ weights
        return found

    def temperatures(self, phase: ServicePhase, shares: Array, theta: Array) -> Array:
        """Temperature in K at the interface of every process, NaN where none is needed.

        Shares of the phase and reduced times (variants, processes, ...) broadcast along their last axes.
        """
        rest = np.broadcast_shapes(theta.shape[2:], shares.shape)
        size = int(np.prod(rest))
        cases = np.broadcast_to(theta, (*theta.shape[:2], *rest)).reshape(*theta.shape[:2], size)
        at = np.broadcast_to(shares, rest).ravel()
        own = phase.temperature_at(at)
        T = np.full(cases.shape, np.nan)
        found: dict[str, Any] = {}
        if own is None and self.is_thermal:
            found = self._interfaces(phase, at, cases)
        for p, process in enumerate(self.processes):
            if isinstance(process.location, str):
                T[:, p] = found[process.location] if found else own
            elif process.location is not None:
                T[:, p] = process.location
        return T.reshape(*theta.shape[:2], *rest)

    def mean_temperatures(self, t: Array, theta: Array) -> Array:
        """Temperature in K of every process at any times; the mean of a cycle if it is averaged."""
        if self.service.is_averaged:
            parts = [(self.temperatures(p, x, theta[..., None]), w) for p, x, w in self.service.cycle]
            return np.sum([T @ weights for T, weights in parts], axis=0)
        found = np.full(theta.shape, np.nan)
        rows = [self.service.at(float(time), end=bool(time == t[-1])) for time in t]
        for phase in {id(phase): phase for phase, _ in rows}.values():
            own = [k for k, (other, _) in enumerate(rows) if other is phase]
            shares = np.array([rows[k][1] for k in own])
            found[..., own] = self.temperatures(phase, shares, theta[..., own])
        return found

    def _interfaces(self, phase: ServicePhase, shares: Array, theta: Array) -> dict[str, Array]:
        """Temperature of every interface, (variants, cases); NaN where the device has no solution."""
        _, vary, wrong = self.aged(theta)
        changing = {name: x for name, x in phase.at(shares).items() if isinstance(x, np.ndarray)}
        conditions = operating(phase.operation(self.reference))
        batch = solve_cases(self.device, conditions, {**vary, **changing}, interfaces=True, **self.options)
        return {name: np.where(wrong, np.nan, T) for name, T in batch.interface_temperatures.items()}

    def _factors(self, T: Array, swings: Array | None) -> Array:
        found = np.ones_like(T)
        for p, process in enumerate(self.processes):
            for v, variant in enumerate(self.variants):
                one = variant[process.index]
                if one.cycles is not None and swings is not None:
                    found[v, p] = np.asarray(one.cycles.factor(swings[v, p])) / self.service.period
                elif one.law.acceleration is not None:
                    found[v, p] = one.law.acceleration.factor(T[v, p])
        return found

    def _swings(self, theta: Array) -> Array | None:
        """Largest difference of temperature in a cycle at every interface, for the laws that count cycles."""
        if all(one.cycles is None for one in self.variants[0]):
            return None
        ends = [self.temperatures(phase, ENDS, theta[..., None]) for phase in self.service.phases]
        T = np.concatenate(ends, axis=-1)
        return np.max(T, axis=-1) - np.min(T, axis=-1)


def operating(conditions: Conditions) -> Conditions:
    """The same conditions with one operating point in place of a sweep: that of maximum power."""
    if not isinstance(conditions, Generator):
        return conditions
    name = next(n for n in OPERATION if getattr(conditions, n) is not None)
    return conditions.replace(**{name: "max_power"}) if getattr(conditions, name) == "sweep" else conditions


@dataclass(frozen=True, eq=False)
class ReducedTimes:
    """Reduced times as polynomials through the service."""

    edges: Array
    """Ends of the steps in s, (steps + 1,)."""
    series: Array
    """Chebyshev series of every step over -1 to 1, (steps, coefficients, variants, processes)."""
    powers: Array
    """Of the step, from 0 to 1, in the time that has passed in it: 2 or 1, (steps,)."""
    error: float
    """Largest sum of the estimated errors of a reduced time, relative to it at the end."""

    def __call__(self, t: Array) -> Array:
        """Reduced times at times t, (variants, processes, times)."""
        t = np.atleast_1d(np.asarray(t, float))
        k = np.clip(np.searchsorted(self.edges, t, side="right") - 1, 0, len(self.series) - 1)
        share = np.maximum((t - self.edges[k]) / (self.edges[k + 1] - self.edges[k]), 0.0)
        x = 2.0 * share ** (1.0 / self.powers[k]) - 1.0
        basis = chebyshev.chebvander(x, self.series.shape[1] - 1)
        return np.maximum(np.einsum("tc,tcvp->vpt", basis, self.series[k]), 0.0)

    @property
    def nominal(self) -> ReducedTimes:
        """Those of the nominal variant alone."""
        return ReducedTimes(self.edges, self.series[:, :, :1], self.powers, self.error)


def reduced_times(march: March, tolerance: float) -> ReducedTimes:
    """Integrate the rates of a march from the beginning to the end of the service.

    Without any dependence on temperature the reduced time is the time.

    `march`: what ages, under which service.
    `tolerance`: relative error of a reduced time allowed in each step.
    Raises `ConvergenceError` if a law changes too fast for any step.
    """
    theta = np.zeros((len(march.variants), len(march.processes)))
    total = np.zeros_like(theta)
    edges, series, powers = [0.0], [], []
    for start, end in pairwise(march.service.breaks):
        t, h = start, end - start
        while t < end:
            power = 2.0 if t == 0.0 else 1.0
            made = _step(march, tolerance, theta, t, h, start, end - start, power)
            if made is None:
                h *= SHORTER
                if h < SHORTEST * (end - start):
                    message = f"the ageing has no solution after {t:g} s: a law changes too fast"
                    raise ConvergenceError(message)
                continue
            coefficients, theta, error = made
            total += error
            series.append(coefficients)
            powers.append(power)
            t = end if end - t - h < ROUNDING * h else t + h
            edges.append(t)
            h = min(LONGER * h, end - t)
    return ReducedTimes(np.asarray(edges), np.stack(series), np.asarray(powers), _largest(total, theta))


def _step(
    march: March,
    tolerance: float,
    theta: Array,
    t: float,
    h: float,
    start: float,
    length: float,
    power: float,
) -> tuple[Array, Array, Array] | None:
    """Series of the reduced times over a step, their end and error; None if the step is too long.

    The time is t + h s^power over s from 0 to 1, and the series are in s.
    """
    phase = march.service.phases[0] if march.service.is_averaged else march.service.at(t)[0]
    x = chebyshev.chebpts2(DEGREE + 1)
    s = 0.5 * (1.0 + x)
    times, slope = t + h * s**power, 0.5 * h * power * s ** (power - 1.0)
    inverse = np.linalg.inv(chebyshev.chebvander(x, DEGREE))
    at = np.repeat(theta[..., None], len(x), axis=-1)
    for _ in range(ITERATIONS):
        rate = march.rates(times, at, phase, start)
        coefficients = np.einsum("cn,vpn->cvp", inverse, rate * slope)
        series = chebyshev.chebint(coefficients, lbnd=-1.0, axis=0)
        series[0] += theta
        new = np.maximum(np.einsum("nc,cvp->vpn", chebyshev.chebvander(x, DEGREE + 1), series), 0.0)
        size = np.maximum(new, NEGLIGIBLE * length * np.max(rate, axis=-1, keepdims=True))
        change, at = _largest(np.abs(new - at), size), new
        if change <= CONVERGED * tolerance:
            break
    else:
        return None
    # the last two Chebyshev coefficients of the integrand bound what the polynomial leaves out
    error = 2.0 * np.max(np.abs(coefficients[-2:]), axis=0)
    if _largest(error, size[..., -1]) > tolerance:
        return None
    return series, at[..., -1], error


def _largest(error: Array, size: Array) -> float:
    """Largest error over the size, of the variants that have a solution."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = np.where(error > 0.0, error / size, 0.0 * error)
    good = ratios[np.isfinite(ratios)]
    return float(np.max(good)) if good.size else 0.0
