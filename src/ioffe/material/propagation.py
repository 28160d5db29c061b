"""From errors of the measured curves to errors of what follows from them.

Curves of a material with errors are made as arrays for many draws at once, or as a material for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.curve import ALL_TEMPERATURES, Curve
from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.material.uncertainty import FIELD, PROPERTIES, Estimate, Uncertainty, curve_of

if TYPE_CHECKING:
    from ioffe.material.material import Material

SLACK = 1e-6
"""Kelvin by which a temperature may lie beyond the range of a curve."""
FORMULA_POINTS = 65
"""Points of the table in place of a formula whose error depends on the temperature."""


@dataclass(frozen=True)
class PerturbedProperties:
    """Measured properties at given temperatures, in SI, one row a draw.

    `T` (points,): temperatures in K.
    `seebeck`, `electrical_conductivity`, `thermal_conductivity` (draws, points): in V/K, S/m, W/(m K).
    `hall_carrier_density` (draws, points): in 1/m3; None without Hall data.
    """

    T: Array
    seebeck: Array
    electrical_conductivity: Array
    thermal_conductivity: Array
    hall_carrier_density: Array | None = None


@dataclass(frozen=True)
class ErrorPart:
    """Errors of one property: which of the standard normal numbers are its own, and what they act on."""

    name: str
    curve: Curve
    start: int
    noise: int
    share: float

    @property
    def stop(self) -> int:
        """Behind its last number."""
        return self.start + 1 + self.noise


class Perturbation:
    """A material whose errors are standard normal numbers z.

    Of every property with an error there is one number for the systematic part and, if there is noise, one
    for each measured point. Between two points their noise is interpolated linearly: midway it is smaller
    than at either by sqrt 2, as the mean of two independent readings is better than each.

    Parameters
    ----------
    material : Material
        Any material with S and a conductivity.
    uncertainty : Uncertainty
        Its errors.

    Attributes
    ----------
    size : int
        Length of z.
    parts : tuple of ErrorPart
        PerturbedProperties with an error.
    correlation : ndarray, shape (size, size)
        Of the numbers z.
    """

    def __init__(self, material: Material, uncertainty: Uncertainty) -> None:
        self.material = material
        self.uncertainty = uncertainty
        parts: list[ErrorPart] = []
        start = 0
        for name in PROPERTIES:
            curve = curve_of(material, name)
            if curve is None or not uncertainty.states(name, curve):
                continue
            share = uncertainty.share(name)
            part = ErrorPart(name, curve, start, len(curve.T) if share < 1.0 else 0, share)
            parts.append(part)
            start = part.stop
        self.parts = tuple(parts)
        self.size = start
        self.correlation = np.eye(start)
        between = uncertainty.correlation_matrix()
        for one in parts:
            for other in parts:
                value = between[PROPERTIES.index(one.name), PROPERTIES.index(other.name)]
                self.correlation[one.start, other.start] = value

    def draw(self, count: int, seed: int) -> Array:
        """Random numbers z, shape (count, size); the same seed gives the same numbers.

        `count`: number of draws.
        `seed`: the same seed gives the same numbers.
        Returns: shape (count, size).
        """
        free = np.random.default_rng(seed).standard_normal((count, self.size))
        values, vectors = np.linalg.eigh(self.correlation)
        return free @ (vectors * np.sqrt(np.clip(values, 0.0, None))).T

    def deviation(self, part: ErrorPart, T: Array, z: Array) -> Array:
        """Error of a property at T over its standard deviation there, shape (draws, points).

        `part`: one property with an error.
        `T`: in K, shape (points,).
        `z`: numbers of the errors, shape (draws, size).
        Returns: shape (draws, points).
        """
        systematic = np.sqrt(part.share) * z[:, part.start, None]
        if not part.noise:
            return np.broadcast_to(systematic, (len(z), len(T)))
        weights = _weights(part.curve.T, T)
        noise = z[:, part.start + 1 : part.stop] @ weights.T
        return systematic + np.sqrt(1.0 - part.share) * noise

    def properties(self, T: Array, z: Array, T_hall: Array | None = None) -> PerturbedProperties:
        """PerturbedProperties at T for every draw; NaN where a property was not measured.

        `T` (points,): in K.
        `z` (draws, size): numbers of the errors.
        `T_hall` (points,): temperatures in K of the Hall densities that are set beside the others, if they
            are wanted.
        Returns: one row a draw.
        """
        material = self.material
        one = (len(z), len(T))
        S = np.zeros(len(T)) if material.seebeck is None else _inside(material.seebeck, material.seebeck, T)
        sigma = _inside(material.electrical, material.electrical_conductivity, T)
        kappa = _inside(material.thermal_conductivity, material.thermal_conductivity, T)
        fields = {
            name: np.broadcast_to(v, one) for name, v in zip(PROPERTIES, (S, sigma, kappa), strict=False)
        }
        if T_hall is not None:
            fields["hall"] = np.broadcast_to(np.asarray(material.hall_carrier_density(T_hall)), one)
        for part in self.parts:
            if part.name not in fields:
                continue
            at = T_hall if part.name == "hall" and T_hall is not None else T
            name, curve, g = part.name, part.curve, self.deviation(part, at, z)
            at = np.clip(at, *curve.range)
            if name == "seebeck":
                fields[name] = fields[name] + self.uncertainty.absolute(name, curve, at) * g
                continue
            inverse = curve.quantity in ("electrical_resistivity", "hall_coefficient")
            s = self.uncertainty.relative(name, curve, at)
            fields[name] = fields[name] * np.exp((-s if inverse else s) * g)
        measured = fields["seebeck"], fields["electrical_conductivity"], fields["thermal_conductivity"]
        return PerturbedProperties(T, *measured, fields.get("hall"))

    def perturbed(self, z: Array) -> Material:
        """Material of one draw; `z` has the shape (size,).

        `z`: numbers of the errors, shape (size,).
        """
        changes = {FIELD.get(part.name, part.name): self._curve(part, z[None, :]) for part in self.parts}
        return self.material.replace(**changes)

    def _curve(self, part: ErrorPart, z: Array) -> Curve:
        curve = part.curve
        given = getattr(self.uncertainty, part.name)
        if curve.coefficients is not None and given is not None and not part.noise:
            step = float(np.sqrt(part.share) * z[0, part.start] * given)
            return curve.scaled(1.0 + step if part.name == "seebeck" else float(np.exp(step)))
        is_table = curve.coefficients is None
        T = curve.T if is_table else np.linspace(*curve.range, FORMULA_POINTS)
        values = curve.values if is_table else np.asarray(curve(T))
        g = self.deviation(part, T, z)[0]
        if part.name == "seebeck":
            values = values + self.uncertainty.absolute(part.name, curve, T) * g
        else:
            values = values * np.exp(self.uncertainty.relative(part.name, curve, T) * g)
        if is_table:
            return curve.replace(values=values)
        return Curve(T, values, curve.quantity, None, "cubic", curve.extrapolation, curve.name)


def _inside(curve: Curve | None, values: Callable[[Array], ArrayLike] | None, T: Array) -> Array:
    """Values of a property at T, NaN beyond the range of its curve."""
    found = np.full(len(T), np.nan)
    if values is not None:
        low, high = ALL_TEMPERATURES if curve is None else curve.range
        inside = (low - SLACK <= T) & (high + SLACK >= T)
        found[inside] = values(T[inside])
    return found


def _weights(knots: Array, T: Array) -> Array:
    """Weights of the knots in a linear interpolation at T, shape (points, knots)."""
    if len(knots) == 1:
        return np.ones((len(T), 1))
    x = np.clip(T, knots[0], knots[-1])
    left = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, len(knots) - 2)
    share = (x - knots[left]) / (knots[left + 1] - knots[left])
    weights = np.zeros((len(T), len(knots)))
    rows = np.arange(len(T))
    weights[rows, left] = 1.0 - share
    weights[rows, left + 1] = share
    return weights


Method = Literal["linear", "monte_carlo"]
METHODS = ("linear", "monte_carlo")
STEP = 1e-3
"""Step of the central differences, in standard deviations of the inputs."""
ONE_SIGMA = (0.15865525393145707, 0.8413447460685429)
"""Probabilities below the ends of a normal distribution's interval of one standard deviation."""
CROSS = "correlation"


def propagate(
    material: Material,
    function: Callable[[Material], ArrayLike | Mapping[str, ArrayLike]],
    uncertainty: Uncertainty | None = None,
    method: Method = "linear",
    count: int = 1000,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Standard deviation of anything that is computed from a material.

    Parameters
    ----------
    material : Material
        Its curves are changed within their errors.
    function : callable
        Material to a number, an array, or several by name, such as the efficiency of a leg.
    uncertainty : Uncertainty, optional
        By default the standard deviations of the curves, systematic.
    method : {"linear", "monte_carlo"}
        Central differences with one step for each error, or random draws.
    count, seed : int
        Number of draws, and what makes them the same each time.

    Returns
    -------
    dict of str to Estimate
        One number without a name has the key `value`.

    Raises
    ------
    InputError
        For an unknown method.

    Examples
    --------
    The three percentages of a measured alloy give 18.1 % for zT.

    >>> from ioffe.material import Material
    >>> m = Material.from_arrays("trial", "p", [300.0, 400.0], seebeck=[2e-4, 2.2e-4],
    ...     electrical_conductivity=[9e4, 8e4], thermal_conductivity=[1.5, 1.4])
    >>> errors = Uncertainty(seebeck="6 %", electrical_conductivity="8 %", thermal_conductivity="11 %")
    >>> found = propagate(m, lambda sample: sample.zT(300.0), errors)["value"]
    >>> round(float(found.relative), 4), found.dominant, round(float(found.shares["seebeck"]), 3)
    (0.1814, 'seebeck', 0.438)
    """
    perturbation = Perturbation(material, uncertainty or Uncertainty())

    def evaluate(z: Array) -> dict[str, Array]:
        rows = [_named(function(perturbation.perturbed(row))) for row in z]
        return {name: np.stack([row[name] for row in rows]) for name in rows[0]}

    return propagate_draws(perturbation, evaluate, method, count, seed)


def propagate_draws(
    perturbation: Perturbation,
    evaluate: Callable[[Array], Mapping[str, Array]],
    method: Method = "linear",
    count: int = 1000,
    seed: int = 0,
) -> dict[str, Estimate]:
    """As `propagate`, for a function of many draws at once.

    `perturbation`: a material with its errors.
    `evaluate`: numbers z of shape (draws, size) to arrays whose first axis is that of the draws, by name.
    `method`, `count`, `seed`: as for `propagate`.
    Returns: by name.
    """
    if method not in METHODS:
        expected = " or ".join(f'"{word}"' for word in METHODS)
        raise InputError(Fault("method", method, f"{expected} is expected", did_you_mean(method, METHODS)))
    if not isinstance(count, int) or count < 2:
        raise InputError(Fault("count", count, "a whole number from 2 on is expected"))
    if method == "linear" or not perturbation.size:
        return by_differences(perturbation, evaluate(central_draws(perturbation)))
    plain = {k: v[0] for k, v in evaluate(np.zeros((1, perturbation.size))).items()}
    return _monte_carlo(perturbation, evaluate, plain, count, seed)


def central_draws(perturbation: Perturbation) -> Array:
    """Numbers z without errors, and with a small step of each to both sides.

    `perturbation`: a material with its errors.
    Returns: shape (1 + 2 size, size).
    """
    steps = STEP * np.eye(perturbation.size)
    return np.concatenate([np.zeros((1, perturbation.size)), steps, -steps])


def forward_draws(perturbation: Perturbation) -> Array:
    """Numbers z without errors, and with a small step of each to one side, where every draw is dear."""
    return central_draws(perturbation)[: perturbation.size + 1]


def by_differences(perturbation: Perturbation, found: Mapping[str, Array]) -> dict[str, Estimate]:
    """Standard deviations by the propagation of errors, sigma_y^2 = sum C_ij (dy/dz_i) (dy/dz_j).

    `perturbation`: a material with its errors.
    `found`: what follows from `central_draws` or `forward_draws`, one row each.
    Returns: by name.
    """
    size = perturbation.size
    out = {}
    for name, rows in found.items():
        value, up, down = rows[0], rows[1 : size + 1], rows[size + 1 :]
        with np.errstate(invalid="ignore"):
            slope = (up - down) / (2.0 * STEP) if len(down) == len(up) else (up - value) / STEP
        variance = np.einsum("i...,ij,j...->...", slope, perturbation.correlation, slope)
        parts = {part.name: _own(slope, perturbation.correlation, part) for part in perturbation.parts}
        if not np.array_equal(perturbation.correlation, np.eye(size)):
            parts[CROSS] = variance - np.sum(list(parts.values()), axis=0)
        std = np.sqrt(np.maximum(variance, 0.0))
        out[name] = Estimate(value, std, value - std, value + std, _shares(parts, variance))
    return out


def _own(slope: Array, correlation: Array, part: ErrorPart) -> Array:
    own = slice(part.start, part.stop)
    return np.einsum("i...,ij,j...->...", slope[own], correlation[own, own], slope[own])


def _monte_carlo(
    perturbation: Perturbation,
    evaluate: Callable[[Array], Mapping[str, Array]],
    plain: Mapping[str, Array],
    count: int,
    seed: int,
) -> dict[str, Estimate]:
    z = perturbation.draw(count, seed)
    found = evaluate(z)
    alone: dict[str, Mapping[str, Array]] = {}
    for part in perturbation.parts:
        only = np.zeros_like(z)
        only[:, part.start : part.stop] = z[:, part.start : part.stop]
        alone[part.name] = evaluate(only)
    out = {}
    for name, value in plain.items():
        variance = np.var(found[name], axis=0, ddof=1)
        low, high = np.quantile(found[name], ONE_SIGMA, axis=0)
        parts = {k: np.var(v[name], axis=0, ddof=1) for k, v in alone.items()}
        out[name] = Estimate(value, np.sqrt(variance), low, high, _shares(parts, variance))
    return out


def _shares(parts: Mapping[str, Array], variance: Array) -> dict[str, Array]:
    """Variances over their total; NaN where there is none."""
    total = np.where(variance > 0.0, variance, np.nan)
    return {name: np.asarray(part / total) for name, part in parts.items()}


def _named(found: ArrayLike | Mapping[str, ArrayLike]) -> dict[str, Array]:
    named = found if isinstance(found, Mapping) else {"value": found}
    return {str(name): np.asarray(value, float) for name, value in named.items()}
