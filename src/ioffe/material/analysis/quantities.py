"""What follows from S, sigma, kappa and the Hall density at one temperature, for many draws at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.constants import LORENZ_SOMMERFELD, e
from ioffe.material.analysis.bipolar import BipolarSplit
from ioffe.material.derived import parabola_top
from ioffe.material.material import Material
from ioffe.material.propagation import PerturbedProperties
from ioffe.transport import merit, quality
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_seebeck
from ioffe.transport.quality import goldsmid_sharp_gap
from ioffe.transport.single_band import hall_factor, lorenz_number

Scattering = str | float
POINTWISE = (
    "seebeck",
    "electrical_conductivity",
    "thermal_conductivity",
    "power_factor",
    "zT",
    "reduced_fermi_level",
    "lorenz_number",
    "electronic_thermal_conductivity",
    "lattice_thermal_conductivity",
    "bipolar_thermal_conductivity",
    "weighted_mobility",
    "quality_factor",
    "compatibility_factor",
)
"""Quantities at every temperature, in the order of the tables."""
HALL = ("hall_carrier_density", "hall_mobility", "effective_mass", "carrier_density")
"""Quantities at the temperatures of the Hall measurement."""


@dataclass(frozen=True)
class Split:
    """Lattice and bipolar part by a/T + b at fixed temperatures, as a linear function of kappa - kappa_e.

    `above` (points,): temperatures above the onset.
    `weights` (points, points): takes kappa - kappa_e to a/T + b.
    `below` (points, points): takes kappa - kappa_e to the bipolar part that was fitted, which counts below
        the onset.
    """

    above: NDArray[np.bool_]
    weights: Array
    below: Array

    @classmethod
    def at(cls, T: Array, found: BipolarSplit) -> Split:
        """Split of the points that `found` was made from.

        `T`: in K.
        `found`: what was found by `split_bipolar`.
        """
        weights, below = np.zeros((2, len(T), len(T)))
        weights[:, : found.points] = found.weights(T)
        below[: found.points, : found.points] = found.shape_weights(T)
        return cls(found.onset < T, weights, below)


def electronic_part(p: PerturbedProperties, scattering: Scattering) -> tuple[Array, Array, Array]:
    """Reduced Fermi level, Lorenz number and kappa_e = L sigma T of one parabolic band with the measured S.

    Where S is zero the Fermi level is infinite and the Lorenz number that of a metal; where S is not known,
    neither is anything of it.

    `p`: measured properties of every draw.
    `scattering`: mechanism of the parabolic band, or its exponent r.
    Returns: reduced Fermi level (1), Lorenz number (V2/K2) and kappa_e (W/(m K)), each of shape (draws,
        points).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        eta = fermi_level_from_seebeck(p.seebeck, scattering)
        L = lorenz_number(eta, scattering)
    L = np.where(np.isfinite(L) | np.isnan(p.seebeck), L, LORENZ_SOMMERFELD)
    return eta, L, L * p.electrical_conductivity * p.T


def pointwise(p: PerturbedProperties, split: Split | None, scattering: Scattering) -> dict[str, Array]:
    """Quantities of `POINTWISE` in SI, each of shape (draws, points).

    `p`: measured properties of every draw.
    `split`: lattice and bipolar part; without one the lattice is kappa - kappa_e and no bipolar part is
        stated.
    `scattering`: mechanism of the single parabolic band that gives the Lorenz number.
    Returns: by the names of `POINTWISE`; the bipolar part is left out without a split.
    """
    S, sigma, kappa = p.seebeck, p.electrical_conductivity, p.thermal_conductivity
    eta, L, kappa_e = electronic_part(p, scattering)
    rest = kappa - kappa_e
    bipolar = np.zeros_like(rest)
    lattice = rest
    if split is not None:
        bipolar = np.where(split.above, rest - rest @ split.weights.T, rest @ split.below.T)
        lattice = rest - bipolar
    with np.errstate(divide="ignore", invalid="ignore"):
        weighted = quality.weighted_mobility(S, sigma, p.T, scattering)
        B = np.where(lattice > 0.0, quality.quality_factor(weighted, lattice, p.T), np.nan)
        factor = merit.compatibility_factor(S, merit.zT(S, sigma, kappa, p.T), p.T)
    found = {
        "seebeck": S,
        "electrical_conductivity": sigma,
        "thermal_conductivity": kappa,
        "power_factor": merit.power_factor(S, sigma),
        "zT": merit.zT(S, sigma, kappa, p.T),
        "reduced_fermi_level": eta,
        "lorenz_number": L,
        "electronic_thermal_conductivity": kappa_e,
        "lattice_thermal_conductivity": lattice,
        "bipolar_thermal_conductivity": bipolar,
        "weighted_mobility": weighted,
        "quality_factor": B,
        "compatibility_factor": np.where(S == 0.0, np.nan, factor),
    }
    if split is None:
        del found["bipolar_thermal_conductivity"]
    return found


def hall_quantities(p: PerturbedProperties, scattering: Scattering) -> Mapping[str, Array]:
    """Quantities of `HALL` in SI, each of shape (draws, points); the properties must hold a Hall density.

    `p`: measured properties of every draw.
    `scattering`: mechanism of the parabolic band, or its exponent r.
    Returns: by the names of `HALL`; empty without a Hall density.
    """
    n_H = p.hall_carrier_density
    if n_H is None:
        return {}
    eta = fermi_level_from_seebeck(p.seebeck, scattering)
    return {
        "hall_carrier_density": n_H,
        "hall_mobility": p.electrical_conductivity / (e * n_H),
        "effective_mass": effective_mass(p.seebeck, n_H, p.T, scattering),
        "carrier_density": n_H * hall_factor(eta, scattering),
    }


SPAN = ("average_zT", "engineering_ZT", "engineering_power_factor", "efficiency_kim")
ORDER = 8
"""Nodes of the Gauss-Legendre rule on every interval between two measured temperatures."""
FINE = 401
"""Temperatures among which the largest |S| is looked for."""


@dataclass(frozen=True)
class Rule:
    """Nodes and weights of an integral over the temperature: sum(weights * f(T)) is int f dT."""

    T: Array
    weights: Array
    T_cold: float
    T_hot: float


def rule_between(material: Material, T_cold: float, T_hot: float) -> Rule:
    """Gauss-Legendre rule on every interval between the knots of the curves.

    The curves are cubic there, so that integrals of S, rho or kappa are exact to rounding where the curve
    itself is integrated.

    `T_cold`: cold end of the span in K.
    `T_hot`: hot end of the span in K.

    >>> from ioffe.material import library
    >>> material = library.load_material("Bi0.42Sb1.58Te3")
    >>> rule = rule_between(material, 330.0, 500.0)
    >>> float(rule.weights @ material.seebeck(rule.T) / material.seebeck.integral(330.0, 500.0))
    1.0
    """
    knots = np.unique(np.concatenate([c.knots for c in material.transport.values()] + [[T_cold, T_hot]]))
    knots = knots[(knots >= T_cold) & (knots <= T_hot)]
    x, w = np.polynomial.legendre.leggauss(ORDER)
    half = 0.5 * np.diff(knots)[:, None]
    T = 0.5 * (knots[1:] + knots[:-1])[:, None] + half * x
    return Rule(T.ravel(), (half * w).ravel(), T_cold, T_hot)


def span_quantities(p: PerturbedProperties, at_hot: PerturbedProperties, rule: Rule) -> dict[str, Array]:
    """Quantities of `SPAN` in SI, each of shape (draws,).

    `p`: at the nodes of the rule.
    `at_hot`: at T_hot alone.
    `rule`: of the span.
    Returns: by the names of `SPAN`.
    """
    w, T_cold, T_hot = rule.weights, rule.T_cold, rule.T_hot
    zT = merit.zT(p.seebeck, p.electrical_conductivity, p.thermal_conductivity, p.T)
    S = p.seebeck @ w
    rho, kappa = (1.0 / p.electrical_conductivity) @ w, p.thermal_conductivity @ w
    ZT = S**2 * (T_hot - T_cold) / (rho * kappa)
    return {
        "average_zT": zT @ w / (T_hot - T_cold),
        "engineering_ZT": ZT,
        "engineering_power_factor": S**2 / rho,
        "efficiency_kim": merit.kim_efficiency(ZT, at_hot.seebeck[:, 0], S, T_cold, T_hot),
    }


def gap_quantities(p: PerturbedProperties) -> dict[str, Array]:
    """Goldsmid-Sharp gap 2 e |S|_max T_max in J and its T in K, each of shape (draws,).

    H. J. Goldsmid and J. W. Sharp, J. Electron. Mater. 28 (1999) 869, doi 10.1007/s11664-999-0211-y. The
    largest value of |S| is that of the parabola through the highest of the temperatures and its neighbours.

    `p`: at evenly spaced temperatures.
    Returns: `band_gap` in J and `temperature_of_largest_seebeck` in K.
    """
    size = np.abs(p.seebeck)
    k, shift, top = parabola_top(size)
    at_end = (np.argmax(size, axis=1) == 0) | (np.argmax(size, axis=1) == len(p.T) - 1)
    shift = np.where(at_end, np.sign(np.argmax(size, axis=1) - k), np.clip(shift, -1.0, 1.0))
    T = p.T[k] + shift * (p.T[1] - p.T[0])
    top = np.where(at_end, size.max(axis=1), top)
    return {"band_gap": goldsmid_sharp_gap(top, T), "temperature_of_largest_seebeck": T}
