"""What follows from S, sigma, kappa and the Hall density at one temperature, for many draws at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import LORENZ_SOMMERFELD, e
from ioffe.material.analysis.bipolar import BipolarSplit
from ioffe.material.uncertainty.perturbation import Properties
from ioffe.transport import merit, quality
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_seebeck
from ioffe.transport.single_band import hall_factor, lorenz_number

__all__ = ["HALL", "POINTWISE", "Split", "electronic_part", "hall_quantities", "pointwise"]

Array = NDArray[np.float64]
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

    Parameters
    ----------
    above : ndarray of bool, shape (points,)
        Temperatures above the onset.
    weights : ndarray, shape (points, points)
        Takes kappa - kappa_e to a/T + b.
    """

    above: NDArray[np.bool_]
    weights: Array

    @classmethod
    def at(cls, T: Array, found: BipolarSplit) -> Split:
        """Split of the points that `found` was made from."""
        weights = np.zeros((len(T), len(T)))
        weights[:, : found.points] = found.weights(T)
        return cls(found.onset < T, weights)


def electronic_part(p: Properties, scattering: Scattering) -> tuple[Array, Array, Array]:
    """Reduced Fermi level, Lorenz number and kappa_e = L sigma T of one parabolic band with the measured S.

    Where S is zero the Fermi level is infinite and the Lorenz number that of a metal.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        eta = fermi_level_from_seebeck(p.seebeck, scattering)
        L = lorenz_number(eta, scattering)
    L = np.where(np.isfinite(L), L, LORENZ_SOMMERFELD)
    return eta, L, L * p.electrical_conductivity * p.T


def pointwise(p: Properties, split: Split | None, scattering: Scattering) -> dict[str, Array]:
    """Quantities of `POINTWISE` in SI, each of shape (draws, points).

    Parameters
    ----------
    p : Properties
        Measured properties of every draw.
    split : Split, optional
        Lattice and bipolar part; without one the lattice is kappa - kappa_e and no bipolar part is stated.
    scattering : str or float
        Mechanism of the single parabolic band that gives the Lorenz number.
    """
    S, sigma, kappa = p.seebeck, p.electrical_conductivity, p.thermal_conductivity
    eta, L, kappa_e = electronic_part(p, scattering)
    rest = kappa - kappa_e
    bipolar = np.zeros_like(rest)
    lattice = rest
    if split is not None:
        line = rest @ split.weights.T
        lattice = np.where(split.above, line, rest)
        bipolar = np.where(split.above, rest - line, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        weighted = quality.weighted_mobility(S, sigma, p.T, scattering)
        B = np.where(lattice > 0.0, quality.quality_factor(weighted, lattice, p.T), np.nan)
        factor = np.where(
            S == 0.0, np.nan, merit.compatibility_factor(S, merit.zT(S, sigma, kappa, p.T), p.T)
        )
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
        "compatibility_factor": factor,
    }
    if split is None:
        del found["bipolar_thermal_conductivity"]
    return found


def hall_quantities(p: Properties, scattering: Scattering) -> Mapping[str, Array]:
    """Quantities of `HALL` in SI, each of shape (draws, points); the properties must hold a Hall density."""
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
