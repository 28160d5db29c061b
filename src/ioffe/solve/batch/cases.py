"""The cases of a batch: what varies, checked and in SI, and what is asked of every device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import floats, si_array
from ioffe.device.cascade import Device, named_legs
from ioffe.device.conditions import OPERATION, Array, Conditions, Cooler, Generator
from ioffe.device.parameters import (
    CONDITIONS,
    COUPLES,
    MaterialChoice,
    MovedOnce,
    field_of,
    is_count,
    quantity_of,
    rebuilt,
    varied,
)
from ioffe.device.parts import material_of
from ioffe.engine.network import Drive
from ioffe.material.material import Material
from ioffe.solve.task import ROOM

Index = NDArray[np.intp]
_PART = re.compile(r"(stages\[\d+\]\.)?([pn]|(hot|cold)\[\d+\]|between(\[\d+\]){2})\.")
"""Beginning of a path in one leg or layer of a module or cascade."""


@dataclass(frozen=True, eq=False)
class BatchCases:
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

    def repeated(self, times: int) -> BatchCases:
        """Every device several times, along a new last axis."""
        return BatchCases(
            (*self.shape, times),
            {k: np.repeat(v, times) for k, v in self.numbers.items()},
            {k: (kinds, np.repeat(index, times)) for k, (kinds, index) in self.materials.items()},
        )

    def with_number(self, path: str, values: Array) -> BatchCases:
        """The same devices with one more varied number (n,)."""
        return BatchCases(self.shape, {**self.numbers, path: values}, self.materials)

    def kinds(self) -> list[Index]:
        """Devices of one topology: the same numbers are zero, so that the same elements are missing."""
        zero = [v == 0 for k, v in self.numbers.items() if is_count(k) or not field_of(k).imposed]
        return _split([z.astype(np.intp) for z in zero], np.arange(len(self)))

    def groups(self, cases: Index, mixed: tuple[str, ...] = ()) -> list[Index]:
        """The given devices, split into those of the same materials but for the paths in `mixed`."""
        return _split([index[cases] for k, (_, index) in self.materials.items() if k not in mixed], cases)

    def mixes(self, device: Device) -> tuple[str, ...]:
        """Paths of the varied materials that may differ within a group: what they are changes no element.

        Materials of layers decide which layers conduct, and one with side losses into how many pieces it is
        cut; of a leg of several varied segments, one may be mixed, as all together decide its carrier.
        """
        legs = dict(named_legs(device))
        found: dict[str, str] = {}
        for path in self.materials:
            of = next((leg for leg in legs if path.startswith(leg)), None)
            if of is not None and legs[of].side is None:
                found.setdefault(of, path)
        return tuple(found.values())

    def materials_of(self, case: int) -> dict[str, Material]:
        """Varied materials of one device by their paths."""
        return {k: kinds[index[case]] for k, (kinds, index) in self.materials.items()}

    def of(
        self, device: Device, conditions: Conditions, cases: Index | slice, mixed: tuple[str, ...] = ()
    ) -> tuple[Device, Conditions]:
        """Device and conditions whose numbers are arrays (n,), for devices of one group of `groups`.

        The constructors have checked them before (`settled`).
        """
        first = int(cases.start if isinstance(cases, slice) else cases[0])
        changes: dict[str, Any] = dict(self.materials_of(first))
        for path in mixed:
            kinds, index = self.materials[path]
            used, which = np.unique(index[cases], return_inverse=True)
            changes[path] = MaterialChoice(tuple(kinds[k] for k in used), which)
        return varied(device, conditions, changes | {k: v[cases] for k, v in self.numbers.items()})


@dataclass(frozen=True, eq=False)
class VariedInput:
    """What is varied by full paths, as it was given: arrays that broadcast to the shape of the results."""

    shape: tuple[int, ...]
    numbers: Mapping[str, Array]
    """In SI."""
    materials: Mapping[str, tuple[tuple[Material, ...], Index]]

    def __len__(self) -> int:
        return prod(self.shape)

    def cases(self) -> BatchCases:
        """All devices."""
        return self._cases(slice(0, len(self)), self.shape)

    def part(self, devices: slice) -> VariedInput:
        """Some of the devices, in one row."""
        found = self._cases(devices, (devices.stop - devices.start,))
        return VariedInput(found.shape, found.numbers, found.materials)

    def _cases(self, devices: slice, shape: tuple[int, ...]) -> BatchCases:
        def flat(values: NDArray[Any]) -> NDArray[Any]:
            if values.shape == self.shape:
                return np.ascontiguousarray(values).reshape(-1)[devices]
            return np.ascontiguousarray(np.broadcast_to(values, self.shape).flat[devices])

        numbers = {k: flat(v) for k, v in self.numbers.items()}
        return BatchCases(shape, numbers, {k: (m, flat(index)) for k, (m, index) in self.materials.items()})

    @property
    def combinations(self) -> int:
        """Number of combinations of materials."""
        indices = [x.ravel() for x in np.broadcast_arrays(*(index for _, index in self.materials.values()))]
        return len(_split(indices, np.arange(len(indices[0])))) if indices else 1

    def extremes(self) -> list[int]:
        """Devices with an extreme value of a number or temperature difference, or a part of other materials.

        The rules of the constructors bound one number from one side, compare the two temperatures, or look at
        the materials of one leg or layer: where these devices keep them all others do.
        """
        found = {0} | {self._first(v, k(v)) for v in self.numbers.values() for k in (np.argmin, np.argmax)}
        if {"T_hot", "T_cold"} <= self.numbers.keys():
            difference = self.numbers["T_hot"] - self.numbers["T_cold"]
            found.add(self._first(difference, np.argmin(difference)))
        parts: dict[str, list[Index]] = {}
        for path, (_, index) in self.materials.items():
            part = _PART.match(path)
            parts.setdefault(part[0] if part else "", []).append(index)
        for indices in parts.values():
            together = np.broadcast_arrays(*indices)
            rows = np.unique(np.stack([x.ravel() for x in together]), axis=1, return_index=True)[1]
            found |= {self._first(together[0], k) for k in rows}
        return sorted(found)

    def _first(self, values: NDArray[Any], k: Any) -> int:
        """The first device that has element k of an array."""
        place = np.unravel_index(int(k), values.shape) if values.ndim else ()
        full = (*([0] * (len(self.shape) - len(place))), *(int(x) for x in place))
        return int(np.ravel_multi_index(full, self.shape)) if full else 0

    def place(self, device: int) -> tuple[int, ...]:
        """Index of a device in the shape of the results."""
        return tuple(int(k) for k in np.unravel_index(device, self.shape)) if self.shape else ()

    def changes(self, device: int) -> dict[str, Any]:
        """Numbers and materials of one device by their full paths."""
        at = self.place(device)
        numbers = {k: np.broadcast_to(v, self.shape)[at].item() for k, v in self.numbers.items()}
        numbers = {k: int(v) if is_count(k) else float(v) for k, v in numbers.items()}
        which = {k: int(np.broadcast_to(i, self.shape)[at]) for k, (_, i) in self.materials.items()}
        return numbers | {k: self.materials[k][0][i] for k, i in which.items()}


def read(device: Device, conditions: Conditions, vary: Mapping[str, Any]) -> VariedInput:
    """Check what a user varies.

    Raises `InputError` with every fault: unknown paths, wrong values with their index, shapes that do not fit
        together.
    """
    faults = Faults()
    arrays: dict[str, NDArray[Any]] = {}
    catalogue: dict[str, tuple[Material, ...]] = {}
    moved = MovedOnce(device, conditions)
    for path, values in vary.items():
        with faults.collect("vary"):
            for full in moved.by(path):
                if full.endswith("material"):
                    catalogue[full], arrays[full] = _materials(path, values)
                else:
                    arrays[full] = _numbers(path, full, values, conditions)
    faults.raise_if_any()
    try:
        shape = np.broadcast_shapes(*(a.shape for a in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{k} {a.shape}" for k, a in arrays.items())
        expected = f"arrays that broadcast are expected, not {shapes}"
        raise InputError(Fault("vary", expected=expected)) from None
    found = VariedInput(
        shape,
        {k: v for k, v in arrays.items() if k not in catalogue},
        {k: (catalogue[k], arrays[k].astype(np.intp)) for k in catalogue},
    )
    if not len(found):
        raise InputError(Fault("vary", expected="at least one value is expected"))
    return found


def _numbers(path: str, full: str, values: Any, conditions: Conditions) -> Array:
    kind = quantity_of(full, conditions)
    if kind != COUPLES:
        return si_array(values, kind, path)
    counts = floats(values, kind, path)
    if np.any(counts < 1) or np.any(counts % 1):
        raise InputError(Fault(path, expected="whole numbers from 1 are expected"))
    return counts


def _materials(path: str, values: Any) -> tuple[tuple[Material, ...], Index]:
    faults = Faults()
    if isinstance(values, Material | str):
        values = [values]
    given = values
    if not isinstance(values, np.ndarray):
        given = np.empty(len(values), object)
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


def _split(keys: list[Index], cases: Index) -> list[Index]:
    """`cases` in groups of equal keys."""
    which = np.zeros(len(cases), np.intp)
    for key in keys:
        if key.min() != key.max():
            # small numbers at every stage, so that the products cannot overflow
            which = np.unique(which * (int(key.max()) + 1) + key, return_inverse=True)[1]
    if not which.any():
        return [cases] if len(cases) else []
    order = np.argsort(which, kind="stable")
    return [cases[part] for part in np.split(order, np.flatnonzero(np.diff(which[order])) + 1)]


@dataclass(frozen=True, eq=False)
class SolveRequest:
    """Drive of some devices, without a current where it is an aim that decides it."""

    drive: Drive
    aim: str | None
    """One of `ioffe.base.aims.AIMS`; ``"heat"`` is the smaller current that carries `load`."""
    load: Array | None = None
    """Heat load in W of one couple, for the aim ``"heat"``."""


def settled(device: Device, conditions: Conditions, given: VariedInput) -> Conditions:
    """The conditions of the first device; what is varied takes the place of what was given.

    Raises `InputError` if the conditions hold lists, or a device or its conditions break a rule of their
        constructors.
    """
    faults = Faults()
    for name in CONDITIONS:
        if isinstance(getattr(conditions, name, None), np.ndarray):
            faults.add(name, expected="one value is expected in a batch; give several in vary")
    faults.raise_if_any()
    known: set[tuple[str, str]] = set()
    for one in given.extremes():
        place = ", ".join(map(str, given.place(one)))
        try:
            rebuilt(device, conditions, given.changes(one))
        except InputError as error:
            for fault in error.faults:
                # several numbers that break one rule are one fault, several materials are not
                key = fault.location, fault.value if isinstance(fault.value, str) else ""
                if key not in known:
                    known.add(key)
                    where = f"vary.{fault.location}[{place}]"
                    faults.add(where, fault.value, fault.expected, fault.advice)
    faults.raise_if_any()
    first = given.changes(0)
    return conditions.replace(**{k: first[k] for k in given.numbers if k in CONDITIONS})


def asked(conditions: Conditions, changed: Any, n: int, couples: Any) -> SolveRequest:
    """Drive of some devices.

    `conditions`: as `settled` returns them.
    `changed`: the copy of them that holds arrays, from `parameters.varied`.
    `n`: number of devices.
    `couples`: number of couples, one for all or (n,).
    """

    def values(name: str) -> Array:
        return np.broadcast_to(np.asarray(getattr(changed, name), float), (n,))

    ambient = values("T_ambient") if conditions.T_ambient is not None else np.full(n, ROOM)
    if isinstance(conditions, Generator):
        heat = conditions.heat is not None
        hot = {"heat_hot": values("heat") / couples} if heat else {"T_hot": values("T_hot")}
        drive = Drive(ambient=ambient, T_cold=values("T_cold"), **hot)
        name = next(k for k in OPERATION if getattr(conditions, k) is not None)
        aim = getattr(conditions, name)
        if isinstance(aim, str):
            return SolveRequest(drive, aim)
        share = 1.0 if name == "current" else couples
        return SolveRequest(replace(drive, **{name: values(name) / share}), None)
    return _cooler(conditions, values, ambient, couples)


def _cooler(conditions: Cooler, values: Any, ambient: Array, couples: Any) -> SolveRequest:
    T_hot = values("T_hot")
    load = None if conditions.heat is None else values("heat") / couples
    fixed = conditions.T_cold is not None or conditions.aim == "COP"
    if fixed:
        T_cold = T_hot if conditions.T_cold is None else values("T_cold")
        drive = Drive(ambient=ambient, T_hot=T_hot, T_cold=T_cold)
    else:
        assert load is not None
        drive = Drive(ambient=ambient, T_hot=T_hot, heat_cold=-load)
    if conditions.voltage is not None:
        return SolveRequest(replace(drive, voltage=values("voltage") / couples), None)
    if isinstance(conditions.current, str):
        return SolveRequest(drive, conditions.current)
    if conditions.current is not None:
        return SolveRequest(drive.at(-values("current")), None)
    return SolveRequest(drive, "heat", load) if fixed else SolveRequest(drive, "delta_T_max")
