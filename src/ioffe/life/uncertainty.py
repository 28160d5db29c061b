r"""Uncertain parameters of ageing laws, and the bands of the curves that follow from them.

The uncertainty enters as variants of the degradations: pairs of sigma points one standard deviation up and
down along every uncertain direction (linear propagation), or random draws (Monte Carlo). Parameters keep
their sign: they are log-normal with the stated mean :math:`m` and covariance :math:`C`,

.. math:: \Sigma_{ij} = \ln\left(1 + \frac{C_{ij}}{m_i m_j}\right)

being the covariance of their logarithms (standard result for the multivariate log-normal distribution).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.life.degradation import AnyDegradation

Variant = tuple[AnyDegradation, ...]
"""The degradations of a device, every parameter with one definite value."""
CONFIDENCE = 0.95
"""Probability that a band covers."""
DEVIATIONS = 1.959963984540054
"""Standard deviations of the normal distribution on each side that cover `CONFIDENCE`."""
LEAST_EIGENVALUE = -1e-6
"""Eigenvalue of the matrix of correlations down to which a negative one counts as rounding."""
NEGLIGIBLE_EIGENVALUE = 1e-14
"""Share of the largest eigenvalue below which a direction is certain."""


@dataclass(frozen=True)
class _UncertainParameters:
    """Uncertain parameters of one degradation."""

    index: int
    names: tuple[str, ...]
    mean: Array
    root: Array
    """Of the covariance of the logarithms, (parameters, directions)."""
    drop: Array
    """Half the variance of the logarithms: keeps the mean of random draws."""


class Scatter:
    """The degradations of a device with their uncertain parameters.

    `degradations`: with `std` or `covariance`, as far as anything is uncertain.
    Raises `InputError` for a matrix that is not a covariance, naming its degradation.
    """

    def __init__(self, degradations: Sequence[AnyDegradation]) -> None:
        self.nominal: Variant = tuple(degradations)
        found = [_uncertain_parameters(k, one) for k, one in enumerate(degradations)]
        self.parts = tuple(part for part in found if part is not None)

    @property
    def directions(self) -> int:
        """Number of independent uncertain directions."""
        return sum(part.root.shape[1] for part in self.parts)

    def variants(self, bands: str, draws: int, seed: int) -> list[Variant]:
        """The variants that a kind of band needs, the nominal one first.

        `bands` {"linear", "monte carlo", "none"}: sigma points, random draws, or the nominal variant alone.
        `draws`, `seed`: number of random draws, and the seed that makes them reproducible.
        """
        if bands == "none" or not self.directions:
            return [self.nominal]
        return self.sigma_points() if bands == "linear" else self.draws(draws, seed)

    def sigma_points(self) -> list[Variant]:
        """The nominal variant, then one standard deviation up and one down along every direction."""
        columns = [(part, column) for part in self.parts for column in part.root.T]
        steps = [[(part, sign * column)] for part, column in columns for sign in (1.0, -1.0)]
        return [self.nominal, *(self._with(step) for step in steps)]

    def draws(self, count: int, seed: int) -> list[Variant]:
        """The nominal variant, then random ones; the same seed gives the same draws."""
        normal = np.random.default_rng(seed).standard_normal

        def step(part: _UncertainParameters) -> Array:
            return part.root @ normal(part.root.shape[1]) - part.drop

        return [self.nominal, *(self._with([(p, step(p)) for p in self.parts]) for _ in range(count))]

    def _with(self, steps: Sequence[tuple[_UncertainParameters, Array]]) -> Variant:
        """The nominal variant with the logarithms of some parameters moved."""
        changed = list(self.nominal)
        for part, step in steps:
            values = (part.mean * np.exp(step)).tolist()
            changed[part.index] = changed[part.index].changed(dict(zip(part.names, values, strict=True)))
        return tuple(changed)


def _uncertain_parameters(index: int, one: AnyDegradation) -> _UncertainParameters | None:
    """Those of one degradation; None if all are certain."""
    if one.covariance is not None:
        names, matrix = tuple(one.law.parameters), np.asarray(one.covariance, float)
    else:
        names, matrix = tuple(one.std), np.diag([std**2 for std in one.std.values()])
    kept = np.flatnonzero(np.diag(matrix) > 0.0)
    if not kept.size:
        return None
    names, matrix = tuple(names[k] for k in kept), matrix[np.ix_(kept, kept)]
    mean = np.array([one.parameters[name] for name in names])
    location = f"degradation[{index}].covariance"
    size = np.sqrt(np.diag(matrix))
    if np.any(np.linalg.eigvalsh(matrix / np.outer(size, size)) < LEAST_EIGENVALUE):
        expected = "a covariance matrix without negative eigenvalues is expected"
        raise InputError(Fault(location, expected=expected))
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms = np.log(1.0 + matrix / np.outer(mean, mean))
    if not np.all(np.isfinite(logarithms)):
        expected = "covariances that the signs of the parameters allow are expected"
        raise InputError(Fault(location, expected=expected))
    # a negative eigenvalue here comes from parameters that are not quite log-normal together
    values, vectors = np.linalg.eigh(logarithms)
    large = values > NEGLIGIBLE_EIGENVALUE * np.max(values)
    root = vectors[:, large] * np.sqrt(values[large])
    return _UncertainParameters(index, names, mean, root, 0.5 * np.diag(logarithms))


class Bands:
    """Nominal curves, their standard deviations and 95 % bands.

    `kind` {"linear", "monte carlo", "none"}: what the variants are: pairs of sigma points, or random draws.
    `values` (variants, times): the first variant is the nominal one.
    `variants`: number of variants; a single one has no bands.
    """

    def __init__(self, kind: str, values: Mapping[str, Array], variants: int) -> None:
        self.kind = kind if variants > 1 else "none"
        self.every = values
        self.nominal = {name: rows[0] for name, rows in values.items()}
        found = {} if self.kind == "none" else {name: self._band(rows) for name, rows in values.items()}
        self.std, self.low, self.high = ({name: band[k] for name, band in found.items()} for k in range(3))

    def _band(self, rows: Array) -> tuple[Array, Array, Array]:
        """Standard deviation, lower and upper edge at every time, of curves (variants, times)."""
        if self.kind == "linear":
            std = np.sqrt(np.sum((0.5 * (rows[1::2] - rows[2::2])) ** 2, axis=0))
            return std, rows[0] - DEVIATIONS * std, rows[0] + DEVIATIONS * std
        tail = 50.0 * (1.0 - CONFIDENCE)
        good = np.isfinite(rows[1:]).sum(axis=0)
        if np.all(good == len(rows) - 1):
            low, high = np.percentile(rows[1:], [tail, 100.0 - tail], axis=0)
            return np.std(rows[1:], axis=0, ddof=1), low, high
        some = good > 1
        filled = np.where(some, rows[1:], 0.0)
        std = np.nanstd(filled, axis=0, ddof=1)
        low, high = np.nanpercentile(filled, [tail, 100.0 - tail], axis=0)
        std, low, high = (np.where(some, x, np.nan) for x in (std, low, high))
        return std, low, high

    def relative(self, name: str) -> tuple[Array | None, Array | None]:
        """Band of a curve over its value at the start, of every variant over its own; None without bands."""
        if self.kind == "none":
            return None, None
        rows = self.every[name]
        _, low, high = self._band(rows / rows[:, :1])
        return low, high

    def interval(self, times: Array) -> tuple[float, float]:
        """95 % interval of times of which some are infinite."""
        good = np.sort(times[~np.isnan(times)])
        if not good.size:
            return np.nan, np.nan
        tail = 0.5 * (1.0 - CONFIDENCE)
        # of the sorted times themselves, as infinite ones cannot be averaged
        first, last = int(np.floor(tail * good.size)), int(np.ceil((1.0 - tail) * good.size)) - 1
        return float(good[first]), float(good[last])
