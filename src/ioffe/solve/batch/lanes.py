"""What varies in a batch: checked, in SI, one entry for each device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import floats, si_array
from ioffe.device.conditions import Array, Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import field_of, meant, quantity_of
from ioffe.device.parts import material_of
from ioffe.material.material import Material

Index = NDArray[np.intp]
OPERATION = ("current", "voltage", "load")


@dataclass(frozen=True, eq=False)
class Lanes:
    """The varied numbers and materials by their full paths, flat."""

    shape: tuple[int, ...]
    """Shape of the results."""
    numbers: Mapping[str, Array]
    """Each (n,), in SI."""
    materials: Mapping[str, tuple[tuple[Material, ...], Index]]
    """The materials of a path and which of them each device has (n,)."""

    def __len__(self) -> int:
        return int(np.prod(self.shape, dtype=int))

    def given(self, path: str) -> NDArray[Any]:
        """Numbers, or names of materials, of every device at a full path, in the shape of the results."""
        if path in self.materials:
            kinds, index = self.materials[path]
            return np.array([material.name for material in kinds])[index].reshape(self.shape)
        return self.numbers[path].reshape(self.shape)

    def repeated(self, times: int) -> Lanes:
        """Every device several times, along a new last axis."""
        return Lanes(
            (*self.shape, times),
            {k: np.repeat(v, times) for k, v in self.numbers.items()},
            {k: (kinds, np.repeat(index, times)) for k, (kinds, index) in self.materials.items()},
        )

    def with_number(self, path: str, values: Array) -> Lanes:
        """The same devices with one more varied number (n,)."""
        return Lanes(self.shape, {**self.numbers, path: values}, self.materials)

    def kinds(self) -> list[Index]:
        """Devices of one topology: the same numbers are zero, so that the same elements are missing."""
        zero = [v == 0 for k, v in self.numbers.items() if k == "couples" or not field_of(k).imposed]
        return _split([z.astype(np.intp) for z in zero], np.arange(len(self)))

    def groups(self, lanes: Index) -> list[Index]:
        """The given devices, split into those of the same materials."""
        return _split([index[lanes] for _, index in self.materials.values()], lanes)

    def changes(self, lanes: Index) -> dict[str, Any]:
        """What `parameters.varied` takes, for devices of the same materials."""
        found: dict[str, Any] = {k: v[lanes] for k, v in self.numbers.items()}
        found.update({k: kinds[index[lanes[0]]] for k, (kinds, index) in self.materials.items()})
        return found


def read(device: Leg | Module, conditions: Conditions, vary: Mapping[str, Any]) -> Lanes:
    """Check what a user varies and bring it to one shape.

    Raises
    ------
    InputError
        With every fault: unknown paths, wrong values with their index, shapes that do not fit together.
    """
    faults = Faults()
    arrays: dict[str, NDArray[Any]] = {}
    catalogue: dict[str, tuple[Material, ...]] = {}
    for path, values in vary.items():
        with faults.collect("vary"):
            for full in meant(device, conditions, path):
                if full.endswith("material"):
                    catalogue[full], arrays[full] = _materials(path, values)
                else:
                    arrays[full] = _numbers(path, full, values, conditions)
    faults.raise_if_any()
    try:
        shape = np.broadcast_shapes(*(a.shape for a in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{k} {a.shape}" for k, a in arrays.items())
        raise InputError(
            Fault("vary", expected=f"arrays that broadcast are expected, not {shapes}")
        ) from None
    flat = {k: np.ascontiguousarray(np.broadcast_to(a, shape)).ravel() for k, a in arrays.items()}
    lanes = Lanes(
        shape,
        {k: v for k, v in flat.items() if k not in catalogue},
        {k: (catalogue[k], flat[k].astype(np.intp)) for k in catalogue},
    )
    if not len(lanes):
        raise InputError(Fault("vary", expected="at least one value is expected"))
    return lanes


def _numbers(path: str, full: str, values: Any, conditions: Conditions) -> Array:
    if full != "couples":
        return si_array(values, quantity_of(full, conditions), path)
    counts = floats(values, full, path)
    if np.any(counts < 1) or np.any(counts % 1):
        raise InputError(Fault("couples", expected="whole numbers from 1 are expected"))
    return counts


def _materials(path: str, values: Any) -> tuple[tuple[Material, ...], Index]:
    faults = Faults()
    if isinstance(values, Material | str):
        values = [values]
    given = np.empty(len(values), object) if not isinstance(values, np.ndarray) else values
    if given is not values:
        given[:] = list(values)
    known: dict[Any, int] = {}
    found: list[Material] = []
    index = np.empty(given.size, np.intp)
    for i, value in enumerate(given.ravel()):
        key = id(value) if isinstance(value, Material) else value
        if key not in known:
            with faults.collect(f"{path}[{i}]"):
                found.append(material_of(value))
            known[key] = len(found) - 1
        index[i] = known[key]
    faults.raise_if_any()
    return tuple(found), index.reshape(given.shape)


def _split(keys: list[Index], lanes: Index) -> list[Index]:
    """`lanes` in groups of equal keys."""
    which = np.zeros(len(lanes), np.intp)
    for key in keys:
        if key.min() != key.max():
            # small numbers at every stage, so that the products cannot overflow
            which = np.unique(which * (int(key.max()) + 1) + key, return_inverse=True)[1]
    if not which.any():
        return [lanes] if len(lanes) else []
    order = np.argsort(which, kind="stable")
    return [lanes[part] for part in np.split(order, np.flatnonzero(np.diff(which[order])) + 1)]
