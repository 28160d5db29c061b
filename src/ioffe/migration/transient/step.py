"""One step in time: a stiffly accurate, L-stable method of order 3 that conserves the metal exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.migration.defect import Array
from ioffe.migration.transient.system import Rates, System

__all__ = ["Step", "take_step"]

_GAMMA: Final = 0.43586652150845899942
"""Root of x^3 - 3 x^2 + 3 x/2 - 1/6 between 1/6 and 1/2."""
_MIDDLE: Final = 0.5 * (1.0 + _GAMMA)
_WEIGHTS: Final = (
    -1.5 * _GAMMA**2 + 4.0 * _GAMMA - 0.25,
    1.5 * _GAMMA**2 - 5.0 * _GAMMA + 1.25,
    _GAMMA,
)
_STAGES: Final = ((_GAMMA,), (_MIDDLE - _GAMMA, _GAMMA), _WEIGHTS)
_SECOND: Final = (0.5 - _GAMMA) / (_MIDDLE - _GAMMA)
_EMBEDDED: Final = (1.0 - _SECOND, _SECOND, 0.0)
_ITERATIONS: Final = 12
_CONVERGED: Final = 1e-9
"""Change of delta after which the next one of Newton's method is below rounding."""


@dataclass(frozen=True)
class Step:
    """Outcome of one step: the new composition, the metal passed at the ends (mol/m2), the local error."""

    delta: Array
    metal: Array
    error: float


def take_step(system: System, delta: Array, duration: float, open_ends: NDArray[np.bool_]) -> Step | None:
    """The composition after `duration`, or None if an implicit stage has no solution in 12 iterations.

    Method of R. Alexander, SIAM J. Numer. Anal. 14 (1977) 1006, doi 10.1137/0714068, with an embedded
    solution of order 2 for the error. The new state is the old one and the weighted rates of the stages, so
    that the metal is conserved whatever the iterations leave.
    """
    from scipy.linalg import solve_banded

    stages: list[Rates] = []
    guess = delta
    for row in _STAGES:
        earlier = [rates.delta for rates in stages]
        known = delta + duration * _combined(row[:-1], earlier) if earlier else delta
        rates = _solve(system, known, guess, _GAMMA * duration, open_ends)
        if rates is None:
            return None
        guess = known + _GAMMA * duration * rates.delta
        stages.append(rates)
    new = delta + duration * _combined(_WEIGHTS, [rates.delta for rates in stages])
    metal = duration * _combined(_WEIGHTS, [rates.metal for rates in stages])
    differences = tuple(w - e for w, e in zip(_WEIGHTS, _EMBEDDED, strict=True))
    raw = duration * _combined(differences, [rates.delta for rates in stages])
    matrix = -_GAMMA * duration * stages[-1].bands
    matrix[1] += 1.0
    error = solve_banded((1, 1), matrix, raw, check_finite=False)
    largest = float(np.max(np.abs(error)))
    return Step(new, metal, largest) if np.isfinite(largest) else None


def _solve(
    system: System, known: Array, guess: Array, weight: float, open_ends: NDArray[np.bool_]
) -> Rates | None:
    """Rates at the solution of delta = known + weight * rates(delta)."""
    from scipy.linalg import solve_banded

    value = guess.copy()
    for _ in range(_ITERATIONS):
        with np.errstate(all="ignore"):
            rates = system.rates(value, open_ends)
        residual = value - known - weight * rates.delta
        matrix = -weight * rates.bands
        matrix[1] += 1.0
        if not (np.all(np.isfinite(residual)) and np.all(np.isfinite(matrix))):
            return None
        change = solve_banded((1, 1), matrix, residual, check_finite=False)
        value = value - change
        if np.max(np.abs(change)) <= _CONVERGED:
            with np.errstate(all="ignore"):
                return system.rates(value, open_ends)
    return None


def _combined(weights: tuple[float, ...], values: list[Array]) -> Array:
    return np.tensordot(np.array(weights), np.array(values), axes=1)
