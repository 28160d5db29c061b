"""Uncertain parameters of ageing laws: nominal values, sigma points for linear bands, random draws.

Parameters keep their sign: they are treated as log-normal with the stated mean and covariance,
ln-covariance_ij = ln(1 + C_ij/(m_i m_j)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.life.degradation import Degradation, GrowingLayer

__all__ = ["Scatter"]

Array = NDArray[np.float64]
Ageing = Degradation | GrowingLayer
Variant = tuple[Ageing, ...]


@dataclass(frozen=True)
class _Block:
    """Uncertain parameters of one degradation."""

    index: int
    names: tuple[str, ...]
    mean: Array
    root: Array
    """Of the covariance of the logarithms, (parameters, directions)."""
    drop: Array
    """Half the variance of the logarithms: keeps the mean of random draws."""


class Scatter:
    """The degradations of a device with their uncertain numbers.

    Parameters
    ----------
    degradations : sequence of Degradation or GrowingLayer
        With `std` or `covariance`, as far as anything is uncertain.

    Raises
    ------
    InputError
        For a covariance that is none, with the place of the degradation.
    """

    def __init__(self, degradations: Sequence[Ageing]) -> None:
        self.nominal: Variant = tuple(degradations)
        blocks = [_block(k, one) for k, one in enumerate(degradations)]
        self.blocks = tuple(block for block in blocks if block is not None)

    @property
    def directions(self) -> int:
        """Number of independent uncertain directions."""
        return sum(block.root.shape[1] for block in self.blocks)

    def sigma_points(self) -> list[Variant]:
        """The nominal numbers, then one standard deviation up and one down along every direction."""
        found = [self.nominal]
        for block in self.blocks:
            for column in block.root.T:
                found += [self._with({block.index: (block, step)}) for step in (column, -column)]
        return found

    def draws(self, count: int, seed: int) -> list[Variant]:
        """The nominal numbers, then random ones; the same seed gives the same draws."""
        random = np.random.default_rng(seed)
        found = [self.nominal]
        for _ in range(count):
            steps = {}
            for block in self.blocks:
                z = random.standard_normal(block.root.shape[1])
                steps[block.index] = (block, block.root @ z - block.drop)
            found.append(self._with(steps))
        return found

    def _with(self, steps: dict[int, tuple[_Block, Array]]) -> Variant:
        changed = list(self.nominal)
        for index, (block, step) in steps.items():
            values = (block.mean * np.exp(step)).tolist()
            changed[index] = changed[index].changed(dict(zip(block.names, values, strict=True)))
        return tuple(changed)


def _block(index: int, one: Ageing) -> _Block | None:
    parameters = one.parameters
    if one.covariance is not None:
        names = tuple(one.law.parameters)
        matrix = np.asarray(one.covariance, float)
    else:
        names = tuple(name for name, std in one.std.items() if std > 0.0)
        matrix = np.diag([one.std[name] ** 2 for name in names])
    kept = [k for k, name in enumerate(names) if matrix[k, k] > 0.0]
    if not kept:
        return None
    names, matrix = tuple(names[k] for k in kept), matrix[np.ix_(kept, kept)]
    mean = np.array([parameters[name] for name in names])
    place = f"degradation[{index}].covariance"
    size = np.sqrt(np.diag(matrix))
    if np.any(np.linalg.eigvalsh(matrix / np.outer(size, size)) < -1e-6):
        raise InputError(
            Fault(place, expected="a covariance matrix without negative eigenvalues is expected")
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms = np.log(1.0 + matrix / np.outer(mean, mean))
    if not np.all(np.isfinite(logarithms)):
        raise InputError(
            Fault(place, expected="covariances that the signs of the parameters allow are expected")
        )
    # what is negative here comes from numbers that are not quite log-normal together
    values, vectors = np.linalg.eigh(logarithms)
    large = values > 1e-14 * np.max(values)
    root = vectors[:, large] * np.sqrt(values[large])
    return _Block(index, names, mean, root, 0.5 * np.diag(logarithms))
