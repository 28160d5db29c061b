"""A reaction between two phases: balanced equation and the energy it gives off."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ioffe.base.constants import e
from ioffe.interface.compatibility.phases import Phase

__all__ = ["Reaction"]

LARGEST = 24
"""Denominators up to which the numbers of an equation are written as whole numbers."""
LARGEST_NUMBER = 200
Side = tuple[tuple[Phase, float], ...]


@dataclass(frozen=True)
class Reaction:
    """Two phases, what becomes of them, and the energy.

    Parameters
    ----------
    reactants, products : tuple of (Phase, float)
        With the share of the atoms in each; no products if nothing happens.
    energy : float
        In J by atom of the mixture, negative if it is given off.
    """

    reactants: Side
    products: Side
    energy: float

    @property
    def reacts(self) -> bool:
        """Whether anything happens."""
        return bool(self.products)

    @property
    def share(self) -> float:
        """Share of the atoms that come from the first reactant."""
        return self.reactants[0][1]

    @property
    def uncertainty(self) -> float:
        """Standard deviation of the energy in J by atom, with independent errors of the phases."""
        weights: dict[str, tuple[float, float]] = {}
        for sign, side in ((-1.0, self.reactants), (1.0, self.products)):
            for phase, share in side:
                known = weights.get(phase.name, (0.0, phase.uncertainty))[0]
                weights[phase.name] = known + sign * share, phase.uncertainty
        return sum((weight * std) ** 2 for weight, std in weights.values()) ** 0.5

    @property
    def coefficients(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Formula units of the reactants and products, whole numbers where such are found."""
        sides = [
            [share / p.composition.atoms for p, share in side] for side in (self.reactants, self.products)
        ]
        flat = [value for side in sides for value in side]
        smallest = min((value for value in flat if value > 1e-9), default=1.0)
        scaled = [value / smallest for value in flat]
        parts = [Fraction(value).limit_denominator(LARGEST) for value in scaled]
        whole = lcm(*(part.denominator for part in parts)) if parts else 1
        near = all(abs(float(part) - value) < 1e-6 for part, value in zip(parts, scaled, strict=True))
        if near and max(float(part) for part in parts) * whole <= LARGEST_NUMBER:
            scaled = [float(part * whole) for part in parts]
        count = len(sides[0])
        return tuple(scaled[:count]), tuple(scaled[count:])

    @property
    def equation(self) -> str:
        """Balanced equation in formula units."""
        left, right = self.coefficients
        return f"{_side(self.reactants, left)} -> {_side(self.products, right)}"

    def __str__(self) -> str:
        if not self.reacts:
            return f"{' and '.join(phase.name for phase, _ in self.reactants)} do not react"
        return f"{self.equation}, {self.energy / e:.3g} eV by atom"


def _side(side: Side, numbers: tuple[float, ...]) -> str:
    words = []
    for (phase, _), number in zip(side, numbers, strict=True):
        if number > 1e-9:
            words.append(phase.name if abs(number - 1.0) < 1e-9 else f"{number:.4g} {phase.name}")
    return " + ".join(words)
