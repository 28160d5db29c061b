"""From errors of the measured curves to errors of what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.material.uncertainty.errors import Uncertainty
from ioffe.material.uncertainty.perturbation import ErrorPart, Perturbation

if TYPE_CHECKING:
    from ioffe.material.material import Material

__all__ = ["METHODS", "Estimate", "Method", "propagate", "propagate_draws"]

Array = NDArray[np.float64]
Method = Literal["linear", "monte_carlo"]
METHODS = ("linear", "monte_carlo")
STEP = 1e-3
"""Step of the central differences, in standard deviations of the inputs."""
ONE_SIGMA = (0.15865525393145707, 0.8413447460685429)
"""Probabilities below the ends of a normal distribution's interval of one standard deviation."""
CROSS = "correlation"


@dataclass(frozen=True, eq=False)
class Estimate:
    """A quantity with its standard deviation and where that comes from.

    Parameters
    ----------
    value : ndarray
        From the measured curves as they are.
    std : ndarray
        Standard deviation, in the shape of the value.
    low, high : ndarray
        Ends of the 68.3 % interval: value -+ std in linear propagation, quantiles in Monte Carlo.
    shares : mapping of str to ndarray
        Share of the variance by measured property. In linear propagation what correlated errors of two
        properties add or take away stands under `correlation`, and the shares add up to 1; in Monte Carlo it
        is the variance with that property's errors alone.
    """

    value: Array
    std: Array
    low: Array
    high: Array
    shares: Mapping[str, Array]

    @property
    def relative(self) -> Array:
        """Standard deviation over the size of the value."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.std / np.abs(self.value)

    @property
    def dominant(self) -> str:
        """Property with the largest share of the variance, averaged over the values; empty without one."""
        means = {k: np.nanmean(v) for k, v in self.shares.items() if np.any(np.isfinite(v))}
        return max(means, key=lambda name: means[name]) if means else ""


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
        One number without a name stands under `value`.

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

    Parameters
    ----------
    perturbation : Perturbation
        A material with its errors.
    evaluate : callable
        Numbers z of shape (draws, size) to arrays whose first axis is that of the draws, by name.
    method, count, seed
        As for `propagate`.

    Returns
    -------
    dict of str to Estimate
        By name.
    """
    if method not in METHODS:
        expected = " or ".join(f'"{word}"' for word in METHODS)
        raise InputError(Fault("method", method, f"{expected} is expected", did_you_mean(method, METHODS)))
    if not isinstance(count, int) or count < 2:
        raise InputError(Fault("count", count, "a whole number from 2 on is expected"))
    plain = {k: v[0] for k, v in evaluate(np.zeros((1, perturbation.size))).items()}
    if not perturbation.size:
        return {k: _exact(v) for k, v in plain.items()}
    if method == "linear":
        return _linear(perturbation, evaluate, plain)
    return _monte_carlo(perturbation, evaluate, plain, count, seed)


def _linear(
    perturbation: Perturbation, evaluate: Callable[[Array], Mapping[str, Array]], plain: Mapping[str, Array]
) -> dict[str, Estimate]:
    size = perturbation.size
    steps = STEP * np.eye(size)
    found = evaluate(np.concatenate([steps, -steps]))
    out = {}
    for name, value in plain.items():
        with np.errstate(invalid="ignore"):
            slope = (found[name][:size] - found[name][size:]) / (2.0 * STEP)
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


def _exact(value: Array) -> Estimate:
    zero = np.zeros_like(value)
    return Estimate(value, zero, value, value, {})


def _named(found: ArrayLike | Mapping[str, ArrayLike]) -> dict[str, Array]:
    named = found if isinstance(found, Mapping) else {"value": found}
    return {str(name): np.asarray(value, float) for name, value in named.items()}
