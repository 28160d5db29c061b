"""Numbers a fit looks for: where they may lie, and how they stand in the vector of the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.base.quantities import QUANTITIES

__all__ = ["Parameter", "Vector"]

Array = NDArray[np.float64]
Key = tuple[str, str]
"""Name of a parameter and of its sample; the sample is empty for a shared one."""


@dataclass(frozen=True)
class Parameter:
    """A number a model needs.

    Parameters
    ----------
    name : str
        Word of the model, such as `effective_mass`.
    quantity : str
        What it is in the quantity table; empty for numbers without a name there.
    start : float
        Where the search begins, in SI.
    low, high : float
        Bounds in SI.
    logarithmic : bool
        Whether the solver sees its logarithm: positive numbers whose size is not known.
    shared : bool
        Whether it is the same in all samples of a series.
    unit : str
        SI unit; by default that of the quantity.
    size : float
        In SI; what the solver sees of one that is not logarithmic is the value over it, so that 0.3 is a
        large change.
    """

    name: str
    quantity: str
    start: float
    low: float
    high: float
    logarithmic: bool = True
    shared: bool = True
    unit: str = ""
    size: float = 1.0

    @property
    def si_unit(self) -> str:
        """Its SI unit."""
        return self.unit or (QUANTITIES[self.quantity].unit if self.quantity else "1")

    def inward(self, value: Array | float) -> Array:
        """From SI to what the solver sees."""
        return np.log(value) if self.logarithmic else np.asarray(value, float) / self.size

    def outward(self, u: Array | float) -> Array:
        """From what the solver sees to SI."""
        return np.exp(u) if self.logarithmic else np.asarray(u, float) * self.size

    def slope(self, value: float) -> float:
        """Derivative of the value by what the solver sees."""
        return value if self.logarithmic else self.size


class Vector:
    """Free parameters of all samples in one order.

    Parameters
    ----------
    samples : sequence of str
        Names of the samples.
    parameters : sequence of sequence of Parameter
        Of each sample; a shared one stands in all of them and starts at the (geometric) mean.
    fixed : mapping of str to float
        Values in SI of parameters that are not fitted.
    """

    def __init__(
        self,
        samples: Sequence[str],
        parameters: Sequence[Sequence[Parameter]],
        fixed: Mapping[str, float],
    ) -> None:
        self.samples = tuple(samples)
        self.fixed = dict(fixed)
        found: dict[Key, list[Parameter]] = {}
        for sample, its in zip(samples, parameters, strict=True):
            for p in its:
                if p.name not in fixed:
                    found.setdefault((p.name, "" if p.shared else sample), []).append(p)
        self.keys: tuple[Key, ...] = tuple(found)
        self.specs: tuple[Parameter, ...] = tuple(group[0] for group in found.values())
        start = np.array([np.mean([p.inward(p.start) for p in group]) for group in found.values()])
        self.low = np.array([float(p.inward(p.low)) for p in self.specs])
        self.high = np.array([float(p.inward(p.high)) for p in self.specs])
        self.start: Array = np.asarray(np.clip(start, self.low, self.high), float)
        self._named = {p.name: p for its in parameters for p in its}
        self.names: tuple[str, ...] = tuple(self._named)
        self._place = {key: index for index, key in enumerate(self.keys)}

    def spec_of(self, name: str) -> Parameter:
        """Parameter of a name, free or fixed."""
        return self._named[name]

    def index(self, name: str, sample: str) -> int | None:
        """Position of a parameter of a sample, or None where it is fixed."""
        place = self._place.get((name, ""))
        return self._place.get((name, sample)) if place is None else place

    def values(self, u: Array, sample: str) -> dict[str, Array]:
        """Parameters of a sample in SI, each of shape (draws, 1); `u` has the shape (draws, size)."""
        out = {}
        for name in self.names:
            place = self.index(name, sample)
            if place is None:
                out[name] = np.full((len(u), 1), self.fixed[name])
            else:
                out[name] = self.specs[place].outward(u[:, place, None])
        return out

    def label(self, index: int) -> str:
        """Parameter in words."""
        name, sample = self.keys[index]
        return f"{name} of {sample}" if sample and len(self.samples) > 1 else name
