"""What speaks against the input of a solve: findings of its materials, and numbers that no device has.

Every solve asks `judge` before it begins, so that a device file, a constructor and a batch are judged alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.base.units import convert, format_si, usual_units
from ioffe.device.cascade import Device, named_legs
from ioffe.device.conditions import ICE
from ioffe.device.fields import DeviceField, declared
from ioffe.device.graded import GradedLeg
from ioffe.device.parameters import field_of, in_layer, is_count, materials, numbers
from ioffe.material.material import Material
from ioffe.material.soundness import FORCE, Remarks, sound

TEMPERATURES = ("T_hot", "T_cold", "T_ambient")
COLD, FAR, AROUND = 150.0, 100.0, 50.0
"""Conditions are doubted whose lowest temperature in K is below the first number, and below the measured
range of every leg by more than the second; a temperature is taken for one in degC that then lies in the
range, or outside of it by less than the third."""


@dataclass(frozen=True)
class InputDoubt:
    """A number that no device has, in the unit in which it counts."""

    path: str
    value: float
    text: str

    def __str__(self) -> str:
        return f"{self.path} = {self.value:g} is {self.text}"


def judge(
    device: Device,
    conditions: Any,
    *,
    force: bool = False,
    strict: bool = False,
    varied: Mapping[str, Array] | None = None,
    kinds: Mapping[str, Material] | None = None,
) -> Remarks:
    """Doubts about a device and its conditions.

    `device`, `conditions`: what is about to be solved.
    `force`: refuse nothing.
    `strict`: refuse everything that is more than a note.
    `varied`, `kinds`: numbers by their paths, in SI, and materials by ``path[index]``, in place of those of
        the device.
    Returns: what a reader of the result must know of its input.
    Raises `InputError` with every doubt that is refused: findings of level error, unless `force`.

    >>> from ioffe import Generator, Leg
    >>> judge(Leg("MgAgSb0.99In0.01", length=6, area="14 mm2"), Generator(T_hot=500, T_cold=320)).warnings
    ('length = 6 is 6 m; is the unit mm?',)
    """
    faults = Faults()
    replaced = {place.partition("[")[0] for place in kinds or ()}
    used = {k: m for k, m in _materials(device).items() if k not in replaced} | dict(kinds or {})
    found = Remarks()
    with faults.collect():
        found = sound(used, force=force, strict=strict)
    doubts = doubtful_numbers(device, conditions, used, varied or {})
    for doubt in doubts if strict and not force else ():
        faults.add(doubt.path, doubt.value, doubt.text, FORCE)
    faults.raise_if_any()
    return replace(found, warnings=(*map(str, doubts), *found.warnings))


def doubtful_numbers(
    device: Device,
    conditions: Any,
    used: Mapping[str, Material] | None = None,
    varied: Mapping[str, Array] | None = None,
) -> list[InputDoubt]:
    """Numbers that no device has, and temperatures meant in degC.

    `device`, `conditions`: what is about to be solved.
    `used`: materials by their places, by default those of the legs of the device.
    `varied`: as for `judge`.
    """
    materials = _materials(device) if used is None else used
    return _joined(_implausible(device, conditions, materials, varied or {}))


def _joined(doubts: Iterable[InputDoubt]) -> list[InputDoubt]:
    """The same number at several places, such as both ends of a leg, as one doubt."""
    found: dict[tuple[str, str], list[InputDoubt]] = {}
    for doubt in doubts:
        found.setdefault((doubt.path.rpartition(".")[2], doubt.text), []).append(doubt)
    return [replace(same[0], path=", ".join(doubt.path for doubt in same)) for same in found.values()]


def _materials(device: Device) -> dict[str, Material]:
    """Materials of the legs by their places; of a graded leg those of its grading.

    Plates only conduct, and no magnitude is wrong for them.
    """
    found = {k: m for k, m in materials(device).items() if not in_layer(k)}
    for prefix, leg in _graded(device):
        given = leg.grading.materials
        found = {k: m for k, m in found.items() if not k.startswith(f"{prefix}segments")}
        if isinstance(given, Mapping):
            found |= {f"{prefix}materials[{at:g}]": material for at, material in given.items()}
    return found


def _numbers(device: Device) -> dict[str, float]:
    found = numbers(device)
    for prefix, leg in _graded(device):
        found = {k: v for k, v in found.items() if not k.startswith(f"{prefix}segments")}
        found[f"{prefix}length"] = leg.length
    return found


def _graded(device: Device) -> Iterator[tuple[str, GradedLeg]]:
    return ((prefix, leg) for prefix, leg in named_legs(device) if isinstance(leg, GradedLeg))


def _implausible(
    device: Device, conditions: Any, used: Mapping[str, Material], varied: Mapping[str, Array]
) -> Iterator[InputDoubt]:
    """Numbers outside of the plausible ranges of their declarations, and temperatures meant in degC."""
    own = declared(type(conditions))
    imposed = {name: _values(getattr(conditions, name)) for name in own}
    every: dict[str, Any] = {**_numbers(device), **{k: v for k, v in imposed.items() if v is not None}}
    every |= varied
    for path, values in every.items():
        field = own.get(path) or (None if is_count(path) else field_of(path))
        if field is not None and field.plausible is not None:
            yield from beyond(path, field, np.atleast_1d(np.asarray(values, float)))
    known = {name: np.atleast_1d(every[name]) for name in TEMPERATURES if name in every}
    yield from _celsius(known, [m for m in used.values() if m.seebeck is not None])


def _values(given: Any) -> Any:
    """Numbers of a condition; of a function of time the first one, None for a word or nothing."""
    if given is None or isinstance(given, str):
        return None
    return given(0.0) if callable(given) else given


def beyond(path: str, field: DeviceField, values: Array) -> Iterator[InputDoubt]:
    """The value that lies farthest outside of the plausible range, with the unit that it may have.

    `path`: of the number.
    `field`: its declaration, with a plausible range.
    `values`: in SI.
    Yields: None if all are plausible.
    """
    assert field.plausible is not None
    low, high = field.plausible
    out = values[(values < low) | (values > high)]
    if not out.size:
        return
    worst, unit = float(out[np.argmax(np.abs(out))]), field.kind.unit
    units = usual_units(field.quantity)
    meant = [u for u in units if u != unit and not field.implausible(convert(worst, u, unit))]
    ends = f"from {format_si(low, field.quantity)} to {format_si(high, field.quantity)}"
    guess = f"; is the unit {meant[0]}?" if meant else f": a value {ends} is usual"
    plain, usual = f"{worst:g} {unit}".removesuffix(" 1"), format_si(worst, field.quantity)
    # as somebody would have written it, who has not left the unit out
    same = f" ({usual})" if len(usual.split()[0]) < len(plain.split(maxsplit=1)[0]) else ""
    yield InputDoubt(path, worst, f"{plain}{same}{guess}{_count(out, values)}")


def _celsius(temperatures: Mapping[str, Array], legs: list[Material]) -> Iterator[InputDoubt]:
    """Temperatures far below the range of the materials, in which they would be as degrees Celsius."""
    if not temperatures or not legs:
        return
    ranges = [(0.0, np.inf) if m.is_unlimited else m.T_range for m in legs]
    low, high = min(a for a, _ in ranges), max(b for _, b in ranges)
    coldest = min(float(np.min(values)) for values in temperatures.values())
    if coldest >= COLD or (low > 0.0 and coldest > low - FAR):
        return
    for name, values in temperatures.items():
        celsius = values + ICE
        out = values[(values < ICE) & (celsius > low - AROUND) & (celsius < high + AROUND)]
        if out.size:
            yield InputDoubt(name, float(out[0]), f"{out[0]:g} K; is the unit degC?{_count(out, values)}")


def _count(out: Array, values: Array) -> str:
    return f" ({out.size} of {values.size} values)" if values.size > 1 else ""
