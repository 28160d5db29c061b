"""The result of a batch: one number of every quantity for each device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.result.device import DeviceResult
from ioffe.result.gradient import Gradient
from ioffe.result.steady import POINT_KEYS

Array = NDArray[np.float64]
NO_GRADIENT = (
    'this batch holds no derivatives: ask for them with solve_batch(..., gradient=["length", "T_hot"])'
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BatchResult(DeviceResult):
    """Solved devices; every quantity is an attribute, an array of the shape of what was varied.

    Devices without a solution are NaN, and `point_status` says why.

    Attributes
    ----------
    varied : mapping of str to ndarray
        What was varied, in SI and of the shape of the results, by the paths that were given; of materials
        their names.
    units : mapping of str to str
        SI units of what was varied.
    engine : str
        Which engine has solved it.
    interface_temperatures : mapping of str to ndarray
        In K, by the path of the interface (the mean of its two sides), if they were asked for.
    used : tuple of tuple
        Of the devices in which a material is beyond its measured range: each material, the lowest and the
        highest temperature at which it was used, and the ends of its range, in K.

    Examples
    --------
    >>> import ioffe as te
    >>> simple = te.Material.from_arrays(
    ...     name="simple", carrier="p", T=[200, 800], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[2.0, 2.0])
    >>> leg = te.Leg(simple, length="5 mm", area="9 mm2")
    >>> batch = te.solve_batch(
    ...     leg, te.Generator(T_hot=500, T_cold=300, load="max_power"), vary={"length": ["5 mm", "10 mm"]})
    >>> batch.power.round(6)
    array([0.072, 0.036])
    """

    kind: ClassVar[str] = "batch"
    absent: ClassVar[Mapping[str, str]] = {"gradient": NO_GRADIENT}

    varied: Mapping[str, NDArray[Any]]
    units: Mapping[str, str]
    derivatives: Gradient | None
    engine: str
    interface_temperatures: Mapping[str, Array] = field(default_factory=dict)
    used: tuple[tuple[str, float, float, float, float], ...] = ()

    def _noun(self) -> str:
        return "a batch"

    def __len__(self) -> int:
        return self.point_status.size

    @property
    def gradient(self) -> Gradient:
        """Derivatives of every quantity to what `solve_batch` was asked for."""
        if self.derivatives is None:
            raise AttributeError(NO_GRADIENT)
        return self.derivatives

    def counts(self) -> dict[Status, int]:
        """How many devices ended with each status.

        Returns
        -------
        dict of Status to int
            Without those that did not occur.
        """
        found = np.bincount(self.point_status.ravel(), minlength=len(Status))
        return {s: int(found[s]) for s in Status if found[s]}

    def tables(self) -> dict[str, ResultTable]:
        """``devices``; the axes are what was varied."""
        axes, index = _axes(self.varied, self.point_status.shape)
        inner = {f"interface_temperature.{k}": v for k, v in self.interface_temperatures.items()}
        columns = {**self.values, **inner, **self._point_columns()}
        units = {**self.units, **dict.fromkeys(inner, "K")}
        return {"devices": table(index, {k: (axes, v) for k, v in columns.items()}, units)}

    def _header(self) -> dict[str, Any]:
        return super()._header() | {"engine": self.engine}

    def _title(self) -> str:
        what = ", ".join(self.varied)
        return f"{self._name()}: batch of {len(self)} devices, {what} varied, engine {self.engine}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for key in (k for k in POINT_KEYS if k in self.values):
            yield key, _range(key, self.values[key])
        yield from ((f"{n} {status}", status.advice) for status, n in self.counts().items())
        yield from (fact for fact in self._quality() if fact[0] != "status")


def _axes(
    varied: Mapping[str, NDArray[Any]], shape: tuple[int, ...]
) -> tuple[tuple[str, ...], dict[str, tuple[tuple[str, ...], NDArray[Any]]]]:
    """Names of the axes, and what was varied along them.

    An axis along which one thing alone is varied has its name; another one is called ``device``.
    """
    along: dict[str, set[int]] = {
        path: {k for k in range(len(shape)) if np.any(values != values.take([0], axis=k))}
        for path, values in varied.items()
    }
    names = []
    for k in range(len(shape)):
        alone = [path for path, axes in along.items() if axes == {k}]
        names.append(alone[0] if len(alone) == 1 else "device" if len(shape) == 1 else f"device_{k}")
    index = {}
    for path, values in varied.items():
        kept = sorted(along[path]) if path in names else range(len(shape))
        first = tuple(slice(None) if k in kept else 0 for k in range(len(shape)))
        index[path] = tuple(names[k] for k in kept), values[first]
    return tuple(names), index


def _range(key: str, values: Array) -> str:
    good = values[np.isfinite(values)]
    if not good.size:
        return "none"
    low, middle, high = (format_si(float(v), key) for v in (good.min(), np.median(good), good.max()))
    return f"{low} ... {high}, median {middle}" if low != high else low
