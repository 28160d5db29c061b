"""Devices that differ in some numbers and materials as one device whose numbers are arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.device.cascade import Device, named_legs
from ioffe.device.conditions import Conditions
from ioffe.device.parameters import CONDITIONS, MaterialChoice, counts, materials, meant, numbers, varied
from ioffe.device.parts import material_of

STEP: Final = 1e-30
"""Imaginary step over the size of the number: far below rounding, so that only the first order is left."""


@dataclass(frozen=True, eq=False)
class VariedDevices:
    """One device, its conditions, and what differs.

    `device`, `conditions`: what does not vary.
    `vary`: by path or short form, in SI and flat (n,); materials as objects.

    >>> from ioffe import Generator, Leg
    >>> at = Generator(T_hot=400, T_cold=300)
    >>> every = VariedDevices(Leg("Bi2Te3", "2 mm", "2 mm2"), at, {"length": np.array([1e-3, 2e-3])})
    >>> every.moved({})[0].segments[0].length.tolist(), every.value("area", "area")
    ([0.001, 0.002], 2e-06)
    """

    device: Device
    conditions: Conditions
    vary: Mapping[str, NDArray[Any]]

    @property
    def size(self) -> int:
        """How many devices there are."""
        return max((len(np.atleast_1d(one)) for one in self.vary.values()), default=1)

    def value(self, path: str, full: str) -> Any:
        """The number at a full path behind a path: of all devices, or of each."""
        if path in self.vary:
            return self.vary[path]
        for other, value in self.vary.items():
            if full in meant(self.device, self.conditions, other):
                return value
        if full in CONDITIONS:
            return getattr(self.conditions, full)
        own = numbers(self.device) | counts(self.device)
        return own[full] if full in own else dict(named_legs(self.device))[full.removesuffix("length")].length

    def moved(self, numbers: Mapping[str, Any]) -> tuple[Any, Any]:
        """Device and conditions whose numbers are arrays, some of them others, by full path; see `varied`."""
        changes: dict[str, Any] = {}
        for path, values in {**self.vary, **numbers}.items():
            for full in meant(self.device, self.conditions, path):
                if full not in numbers or path in numbers:
                    changes[full] = _choice(values) if full in materials(self.device) else values
        return varied(self.device, self.conditions, changes)

    def slope(self, path: str, value: Callable[[Mapping[str, Any]], Any]) -> NDArray[np.float64]:
        """Derivative of a function of `moved` devices to the number at a path, by a complex step, (n,).

        `path`: of the device, its conditions, or a table of a material, to which it is zero.
        `value`: takes numbers by full path, computes with complex ones, and gives (n,).
        """
        if ".material." in f".{path}":
            return np.zeros(self.size)
        full = [one for one in meant(self.device, self.conditions, path) if one not in CONDITIONS]
        own = {one: np.asarray(self.value(path, one)) for one in full}
        return complex_slope(value, own) if own else np.zeros(self.size)


def complex_slope(value: Callable[[Mapping[str, Any]], Any], numbers: Mapping[str, Any]) -> Any:
    """Derivative of a function to numbers that move together, by a complex step.

    `value`: takes complex numbers by name.
    `numbers`: where it is differentiated.

    >>> round(float(complex_slope(lambda x: x["a"] * x["b"], {"a": 2.0, "b": 3.0})), 12)
    5.0
    """
    size = max(float(np.max(np.abs(one), initial=0.0)) for one in numbers.values())
    step = STEP * (size or 1.0)
    moved = {name: np.asarray(one) + 1j * step for name, one in numbers.items()}
    return np.imag(value(moved)) / step


def _choice(values: Any) -> MaterialChoice:
    every = [material_of(one) for one in np.atleast_1d(values)]
    distinct = {id(one): one for one in every}
    order = {key: k for k, key in enumerate(distinct)}
    return MaterialChoice(tuple(distinct.values()), np.array([order[id(one)] for one in every], np.intp))
