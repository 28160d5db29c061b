"""Numbers of a temperature span: average and engineering figures of merit, the gap from the largest S."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.material.material import Material
from ioffe.material.uncertainty.perturbation import Properties
from ioffe.transport import merit
from ioffe.transport.estimates import goldsmid_sharp_gap

__all__ = ["SPAN", "Rule", "gap_quantities", "rule_between", "span_quantities"]

Array = NDArray[np.float64]
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

    Examples
    --------
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


def span_quantities(p: Properties, at_hot: Properties, rule: Rule) -> dict[str, Array]:
    """Quantities of `SPAN` in SI, each of shape (draws,).

    Parameters
    ----------
    p : Properties
        At the nodes of the rule.
    at_hot : Properties
        At T_hot alone.
    rule : Rule
        Of the span.
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


def gap_quantities(p: Properties) -> dict[str, Array]:
    """Goldsmid-Sharp gap 2 e |S|_max T_max in J and its T in K, each of shape (draws,).

    H. J. Goldsmid and J. W. Sharp, J. Electron. Mater. 28 (1999) 869, doi 10.1007/s11664-999-0211-y. The
    largest value of |S| is that of the parabola through the highest of the temperatures and its neighbours.

    Parameters
    ----------
    p : Properties
        At evenly spaced temperatures.
    """
    size = np.abs(p.seebeck)
    rows = np.arange(len(size))
    k = np.clip(np.argmax(size, axis=1), 1, len(p.T) - 2)
    left, mid, right = (size[rows, k + d] for d in (-1, 0, 1))
    bend = left - 2.0 * mid + right
    flat = bend >= 0.0
    shift = np.where(flat, 0.0, 0.5 * (left - right) / np.where(flat, 1.0, bend))
    at_end = (np.argmax(size, axis=1) == 0) | (np.argmax(size, axis=1) == len(p.T) - 1)
    shift = np.where(at_end, np.sign(np.argmax(size, axis=1) - k), np.clip(shift, -1.0, 1.0))
    T = p.T[k] + shift * (p.T[1] - p.T[0])
    top = np.where(at_end, size.max(axis=1), mid - 0.25 * (left - right) * shift)
    return {"band_gap": goldsmid_sharp_gap(top, T), "temperature_of_largest_seebeck": T}
