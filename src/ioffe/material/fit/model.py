"""What a model must offer to be fitted, and the numbers that a fit looks for and finds."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.least_squares import LeastSquares
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import format_si
from ioffe.material.fit.observations import Observations
from ioffe.material.uncertainty import with_error

Key = tuple[str, str]
"""Name of a parameter and of its sample; the sample is empty for a shared one."""


@dataclass(frozen=True)
class Parameter:
    """A number a model needs.

    `name`: word of the model, such as `effective_mass`.
    `quantity`: what it is in the quantity table; empty for numbers without a name there.
    `start`: where the search begins, in SI.
    `low`, `high`: bounds in SI.
    `logarithmic`: whether the solver sees its logarithm: positive numbers whose size is not known.
    `shared`: whether it is the same in all samples of a series.
    `unit`: SI unit; by default that of the quantity.
    `size`: in SI; what the solver sees of one that is not logarithmic is the value over it, so that 0.3 is a
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
        """From SI to what the solver sees.

        `value`: in SI.
        """
        return np.log(value) if self.logarithmic else np.asarray(value, float) / self.size

    def outward(self, u: Array | float) -> Array:
        """From what the solver sees to SI.

        `u`: as the solver sees it.
        Returns: in SI.
        """
        return np.exp(u) if self.logarithmic else np.asarray(u, float) * self.size

    def slope(self, value: float) -> float:
        """Derivative of the value by what the solver sees.

        `value`: in SI.
        Returns: in SI.
        """
        return value if self.logarithmic else self.size


class Vector:
    """Free parameters of all samples in one order.

    `samples`: names of the samples.
    `parameters`: of each sample; a shared one occurs in all of them and starts at the (geometric) mean.
    `fixed`: values in SI of parameters that are not fitted.
    """

    def __init__(
        self, samples: Sequence[str], parameters: Sequence[Sequence[Parameter]], fixed: Mapping[str, float]
    ) -> None:
        self.samples = tuple(samples)
        self.fixed = dict(fixed)
        found: dict[Key, list[Parameter]] = {}
        for sample, p in ((sample, p) for sample, its in zip(samples, parameters, strict=True) for p in its):
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
        self._index_of = {key: index for index, key in enumerate(self.keys)}

    def problem(self, residual: Callable[[Array], Array], stated: bool) -> LeastSquares:
        """Least squares within the bounds of the parameters.

        `residual`: parameters as the solver sees them, of shape (draws, size), to residuals of shape (draws,
            points).
        `stated`: whether the errors of the data are known; otherwise those of the parameters follow from the
            scatter.
        """
        return LeastSquares(residual, self.low, self.high, vectorised=True, stated=stated)

    def spec_of(self, name: str) -> Parameter:
        """Parameter of a name, free or fixed."""
        return self._named[name]

    def index(self, name: str, sample: str) -> int | None:
        """Position of a parameter of a sample, or None where it is fixed.

        `sample`: name of the sample.
        """
        index = self._index_of.get((name, ""))
        return self._index_of.get((name, sample)) if index is None else index

    def values(self, u: Array, sample: str) -> dict[str, Array]:
        """Parameters of a sample in SI, each of shape (draws, 1); `u` has the shape (draws, size).

        Returns: by name.
        """
        indices = {name: self.index(name, sample) for name in self.names}
        return {
            name: np.full((len(u), 1), self.fixed[name])
            if index is None
            else self.specs[index].outward(u[:, index, None])
            for name, index in indices.items()
        }

    def label(self, index: int) -> str:
        """Parameter in words.

        `index`: position among the free parameters.
        """
        name, sample = self.keys[index]
        return f"{name} of {sample}" if sample and len(self.samples) > 1 else name


Status = Literal["determined", "at least", "at most", "not determined", "fixed"]


@dataclass(frozen=True)
class Fitted:
    """One parameter of a fit.

    `name`, `sample`: word of the model and name of the sample; the sample is empty for a shared parameter.
    `quantity`, `unit`: entry of the quantity table (may be empty) and SI unit.
    `value`, `std`: in SI; NaN where the data do not determine it.
    `low`, `high`: ends of the 68 % interval in SI.
    `status`: `determined`, `at least` or `at most` (the interval ends at a bound on one side), `not
        determined`, `fixed`.
    `interval` {"linear", "profile"}: from the curvature at the optimum, or from the profile likelihood.
    """

    name: str
    sample: str
    quantity: str
    unit: str
    value: float
    std: float
    low: float
    high: float
    status: Status
    interval: Literal["linear", "profile"] = "linear"

    def shown(self, value: float) -> str:
        """A value of the parameter with its unit.

        `value`: in SI.
        """
        if not np.isfinite(value):
            return "none"
        if self.quantity:
            return format_si(value, self.quantity)
        return f"{value:.4g} {self.unit}".removesuffix(" 1").rstrip()

    def __str__(self) -> str:
        label = f"{self.name} of {self.sample}" if self.sample else self.name
        if self.status == "fixed":
            return f"{label} = {self.shown(self.value)} (fixed)"
        if self.status == "not determined":
            return f"{label}: not determined by the data"
        if self.status != "determined":
            end = self.low if self.status == "at least" else self.high
            return f"{label}: {self.status} {self.shown(end)} (68 %)"
        if self.interval == "profile":
            ends = f"{self.shown(self.low)} to {self.shown(self.high)}"
            return f"{label} = {self.shown(self.value)}, {ends} (68 %)"
        return f"{label} = {with_error(self.value, self.std, self.quantity, self.unit)}"


@dataclass(frozen=True, eq=False)
class LikelihoodProfile:
    """Profile likelihood of a parameter: values in SI, and the rise of chi squared (over its scale)."""

    name: str
    sample: str
    values: Array
    rise: Array


Values = Mapping[str, Array]
"""Parameters in SI by name, each of a shape that broadcasts against the temperatures."""


def changed_fields(found: object, energies: Sequence[str] = ()) -> str:
    """A frozen dataclass with the fields that differ from their defaults; energies are shown in eV.

    `found`: a frozen dataclass.
    `energies`: fields in J, shown in eV.
    Returns: as it would be written in Python.
    """
    words = []
    for f in dataclasses.fields(found) if dataclasses.is_dataclass(found) else ():
        value = getattr(found, f.name)
        plain = f.default_factory() if f.default_factory is not dataclasses.MISSING else f.default
        if plain is not dataclasses.MISSING and value == plain:
            continue
        text = repr(format_si(value, "band_gap")) if f.name in energies else repr(value)
        words.append(f"{f.name}={text}")
    return f"{type(found).__name__}({', '.join(words)})"


class FitModel(ABC):
    """A description of a material with numbers to be fitted.

    A model is frozen and knows no data. Everything is computed for many sets of parameters at once.
    """

    energies: ClassVar[tuple[str, ...]] = ()
    """Fields in J, which printing shows in eV."""

    def __repr__(self) -> str:
        return changed_fields(self, self.energies)

    measured: ClassVar[tuple[str, ...]] = ()
    """Quantities that can be compared with data."""
    signed_hall: ClassVar[bool] = False
    """Whether the Hall coefficient may change its sign: electrons and holes together may turn it."""

    @property
    def fitted(self) -> tuple[str, ...]:
        """Those that are compared unless the caller chooses."""
        return self.measured

    @abstractmethod
    def parameters(self, seen: Observations) -> Sequence[Parameter]:
        """Parameters of one sample, with starting values from its data.

        Parameters
        ----------
        seen : Observations
            Data of the sample.

        Returns
        -------
        sequence of Parameter
            In the order of the covariance.
        """

    @abstractmethod
    def predict(self, values: Values, T: Array, sign: float, wanted: Sequence[str]) -> dict[str, Array]:
        """Quantities in SI at T, in the broadcast shape of the parameters and T.

        Parameters
        ----------
        values : mapping of str to ndarray
            Parameters in SI.
        T : ndarray
            Temperatures in K.
        sign : float
            +1 for a p-type, -1 for an n-type sample.
        wanted : sequence of str
            Names of quantities; all of them must be offered.

        Returns
        -------
        dict of str to ndarray
            By name, in SI.
        """

    @abstractmethod
    def offered(self) -> tuple[str, ...]:
        """Quantities that `predict` can give.

        Returns
        -------
        tuple of str
            Names in the quantity table.
        """

    def advice(self, undetermined: Sequence[str], quantities: Sequence[str]) -> str:
        """What would determine parameters that the data do not, in words; may be empty.

        Parameters
        ----------
        undetermined : sequence of str
            Names of parameters that the data do not determine.
        quantities : sequence of str
            What was fitted.

        Returns
        -------
        str
            A sentence, or empty.
        """
        return ""
