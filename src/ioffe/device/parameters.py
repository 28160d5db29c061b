"""The numbers of a device and of its conditions, by the path that a device file writes.

``"p.length"``, ``"hot[0].thickness"``, ``"contact_hot.electrical"``, ``"T_hot"``; in a cascade behind the
stage, ``"stages[0].p.length"``, or the interface, ``"between[0][0].thickness"``. Short forms mean
several numbers that move together: ``"legs"`` for both legs of a module, ``"contact"`` for both ends of a
leg, ``"between"`` for all contacts between segments, ``"stages"`` for all stages. The ``"length"`` of a leg
with segments stretches all.
"""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.device.cascade import Cascade, Device, named_legs, named_stages
from ioffe.device.conditions import Conditions, numbers_of
from ioffe.device.fields import DeviceField, Part, declared
from ioffe.device.layout import Layout
from ioffe.device.leg import Leg, carrier_with
from ioffe.device.module import Module
from ioffe.device.parts import Contact, GapFiller, Layer, Segment, SideLoss
from ioffe.material.material import Material

Target = TypeVar("Target")
Same = TypeVar("Same", bound=Device)
CONDITIONS = tuple(numbers_of())
"""Names of everything in the conditions that may vary."""
FIELDS = {
    name: one
    for owner in (Leg, Module, Contact, Layer, Segment, SideLoss, GapFiller, Layout)
    for name, one in declared(owner).items()
} | numbers_of()
"""Every number of devices and conditions by the last step of its path."""
COUPLES = "couples"
"""The one whole number that may vary: last step of its path, and its quantity."""
_STEP = re.compile(r"([A-Za-z_]+)((?:\[\d+\])*)$")
_STAGE = re.compile(r"(stages(?:\[\d+\])?\.)?(.*)$")
_LAYER = re.compile(r"(?:stages\[\d+\]\.)?(?:(?:hot|cold)\[\d+\]|between\[\d+\]\[\d+\])\.")


@dataclass(frozen=True, eq=False)
class MaterialChoice:
    """Materials of which every case has one, in place of the material of a segment; for `assemble` only."""

    found: tuple[Material, ...]
    index: NDArray[np.intp]
    """Which of them each case has, shape (cases,)."""


def numbers(device: Device, conditions: Conditions | None = None) -> dict[str, float]:
    """Every number by its path, in SI; short forms are left out.

    >>> from ioffe import Contact, Leg
    >>> leg = Leg("Bi0.42Sb1.58Te3", length="1.6 mm", area="2 mm2", contact=Contact("5 uohm cm2"))
    >>> list(numbers(leg))[:3]
    ['length', 'area', 'contact_hot.electrical']
    """
    found = dict(_numbers(device))
    for name in CONDITIONS:
        value = getattr(conditions, name, None)
        if value is not None and not isinstance(value, str | np.ndarray):
            found[name] = float(value)
    return found


def counts(device: Device) -> dict[str, int]:
    """Numbers of couples by their paths: whole numbers, which `numbers` leaves out."""
    found = ((f"{before}{COUPLES}", stage) for before, stage in named_stages(device))
    return {path: stage.couples for path, stage in found if isinstance(stage, Module)}


def is_count(path: str) -> bool:
    """Whether a full path is that of a number of couples."""
    return path.rpartition(".")[2] == COUPLES


def in_layer(path: str) -> bool:
    """Whether a full path begins in a layer of a module, or between two stages, and not in a leg."""
    return _LAYER.match(path) is not None


def quantity_of(path: str, conditions: Conditions | None = None) -> str:
    """Quantity of the number at a path; empty for the factor of a property of a material.

    >>> quantity_of("p.contact_hot.electrical"), quantity_of("n.material.seebeck"), quantity_of("T_ambient")
    ('electrical_contact_resistivity', '', 'T_ambient')
    """
    head = path.rpartition(".")[0]
    if is_count(path):
        return COUPLES
    return "" if head.rpartition(".")[2] == "material" else field_of(path, conditions).quantity


def field_of(path: str, conditions: Conditions | None = None) -> DeviceField:
    """Declaration of the number at a path; heat is that of the given conditions."""
    name = path.rpartition(".")[2]
    own = {} if conditions is None or "." in path else declared(type(conditions))
    return own.get(name) or FIELDS[name]


def materials(device: Device) -> dict[str, Any]:
    """Every material by its path."""
    found: dict[str, Any] = {}
    for prefix, leg in named_legs(device):
        one = len(leg.segments) == 1
        for i, segment in enumerate(leg.segments):
            found[f"{prefix}material" if one else f"{prefix}segments[{i}].material"] = segment.material
    found.update({f"{path}.material": layer.material for path, layer in layers(device)})
    return found


def layers(device: Device) -> list[tuple[str, Layer]]:
    """Every layer by its path, stage after stage, behind each what lies between it and the next one."""
    found: list[tuple[str, Layer]] = []
    for k, (before, stage) in enumerate(named_stages(device)):
        for side in ("hot", "cold") if isinstance(stage, Module) else ():
            found += [(f"{before}{side}[{i}]", x) for i, x in enumerate(getattr(stage, side))]
        parts = device.between[k] if isinstance(device, Cascade) and k < len(device.between) else ()
        found += [(f"between[{k}][{i}]", x) for i, x in enumerate(parts) if isinstance(x, Layer)]
    return found


def meant(device: Device, conditions: Conditions, path: str) -> tuple[str, ...]:
    """The full paths behind a path or a short form.

    Raises `InputError` naming the nearest path, if there is no such number.
    """
    stretched = [f"{prefix}length" for prefix, _ in named_legs(device)]
    known = (*numbers(device), *stretched, *CONDITIONS, *materials(device), *counts(device))
    found = tuple(dict.fromkeys(full for full in _written_out(device, path) if full in known))
    if not found or (path in CONDITIONS and not hasattr(conditions, path)):
        shorter = [k.replace("contact_hot.", "contact.") for k in known]
        shorter += [re.sub(r"^(.*\]\.|)p\.", r"\1legs.", k) for k in (*known, *shorter)]
        shorter += [re.sub(r"^stages\[\d+\]", "stages", k) for k in (*known, *shorter)]
        expected = "a number of the device or of its conditions is expected"
        advice = did_you_mean(path, tuple({*known, *shorter}))
        head, _, last = path.rpartition(".")
        if head and last in FIELDS and f'.{last}"' not in advice:
            advice = f"only what the device states varies, and it states no {last} of {head}"
        advice = _why_not(device, path) or advice
        raise InputError(Fault(path, expected=expected, advice=advice))
    return found


def _why_not(device: Device, path: str) -> str:
    """Why something that a device file may say does not vary; empty of what it never says."""
    match = _STAGE.match(path)
    before, (head, _, last) = (match[1] or "", match[2].rpartition(".")) if match else ("", ("", "", ""))
    module = dict(named_stages(device)).get(before)
    if not isinstance(module, Module):
        return ""
    if head == "layout" and last in {f.name for f in dataclasses.fields(Layout)}:
        if last == "gap":
            return f"the device states no gap: {before}fill_factor varies in its place"
        if last == "row_gap":
            return "the device states none: it is that of the gap along the rows"
        flat = last in ("rows", "columns")
        return "rows and columns stay" if flat else "it counts in three dimensions alone, a batch has one"
    if not head and last in ("footprint", "fill_factor"):
        if module.gap_decides:
            return f"{before}layout.gap decides it, which varies"
        return f"{before}fill_factor varies in its place: couples (p.area + n.area) over the footprint"
    return ""


class MovedOnce:
    """Which path moves which number of a device: no number may be moved by two of them.

    >>> from ioffe import Generator, Leg
    >>> moved = MovedOnce(Leg("Bi2Te3", "2 mm", "2 mm2"), Generator(T_hot=400, T_cold=300))
    >>> moved.by("contact.electrical")
    ('contact_hot.electrical', 'contact_cold.electrical')
    >>> moved.by("contact_hot.electrical")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: ...: contact_hot.electrical is given already, as contact.electrical
    """

    def __init__(self, device: Device, conditions: Conditions) -> None:
        self.device, self.conditions = device, conditions
        self._whose: dict[str, str] = {}

    def by(self, path: str, named: str = "") -> tuple[str, ...]:
        """The full paths behind a path, as `meant`.

        `path`: the path of a number or a material, or a short form.
        `named`: what it is called in the faults of others, by default the path.
        Raises `InputError` if there is no such number, or another path moves it: itself, or the whole leg of
            a segment.
        """
        found, named = meant(self.device, self.conditions, path), named or path
        for full in found:
            for other, whose in self._whose.items():
                if whose != named and (other == full or stretches(full, other) or stretches(other, full)):
                    raise InputError(Fault(path, expected=f"{other} is given already, as {whose}"))
            self._whose[full] = named
        return found


def stretches(whole: str, part: str) -> bool:
    """Whether the first is the length of a leg and the second that of one of its segments."""
    leg, _, last = whole.rpartition("length")
    return not last and part.startswith(f"{leg}segments[") and part.endswith("].length")


def varied(device: Same, conditions: Conditions, changes: Mapping[str, Any]) -> tuple[Same, Conditions]:
    """Copies in which the numbers (or materials) at full paths are replaced without any check.

    The new numbers may be arrays over cases, or complex for a derivative by a complex step, and a material a
    `MaterialChoice`; such a copy is for `assemble` only. A leg takes the carrier of its materials.
    """
    new = device
    for path, value in changes.items():
        if path in CONDITIONS:
            conditions = _with(conditions, path, value)
        else:
            new = _set(new, path.split("."), value)
    for prefix, leg in named_legs(device):
        # of all its new materials together: on the way it may have some of either type
        if any(path.startswith(prefix) and path.endswith("material") for path in changes):
            both = zip(leg.segments, dict(named_legs(new))[prefix].segments, strict=True)
            carrier = _carrier(leg, tuple(_with(old, "material", now.material) for old, now in both))
            new = _set(new, f"{prefix}carrier".split("."), carrier)
    moved = [path for path in changes if path not in CONDITIONS]
    for before, stage in named_stages(new):
        if isinstance(stage, Module) and stage.gap_decides and any(p.startswith(before) for p in moved):
            new = _set(new, f"{before}fill_factor".split("."), stage.by_gap())
    return new, conditions


def rebuilt(device: Same, conditions: Conditions, changes: Mapping[str, Any]) -> tuple[Same, Conditions]:
    """Copies in which the numbers or materials at full paths are replaced, checked as the constructors do.

    Raises `InputError` with every fault of a constructor.

    >>> from ioffe import Generator, Leg
    >>> leg = Leg("Bi0.42Sb1.58Te3", length="1.6 mm", area="2 mm2")
    >>> new, _ = rebuilt(leg, Generator(T_hot=400, T_cold=300), {"length": 2e-3, "area": 1e-6})
    >>> new.length, new.area
    (0.002, 1e-06)
    """
    faults = Faults()
    imposed = {path: value for path, value in changes.items() if path in CONDITIONS}
    with faults.collect():
        conditions = conditions.replace(**imposed)
    with faults.collect():
        device = _replaced(device, {k: v for k, v in changes.items() if k not in CONDITIONS})
    faults.raise_if_any()
    return device, conditions


def _replaced(target: Any, changes: Mapping[str, Any]) -> Any:
    """A copy made by the constructors, from the innermost part outwards, with the faults of all parts."""
    faults = Faults()
    own: dict[str, Any] = {}
    inner: dict[str, dict[str, Any]] = {}
    for path, value in changes.items():
        head, _, rest = path.partition(".")
        if rest:
            inner.setdefault(head, {})[rest] = value
        else:
            own[head] = value
    for head, parts in inner.items():
        name, index = _step(head)
        with faults.collect(head):
            now = own.get(name, getattr(target, name))
            own[name] = _put(now, index, lambda part, parts=parts: _replaced(part, parts))
    faults.raise_if_any()
    return target.replace(**own)


def _step(step: str) -> tuple[str, tuple[int, ...]]:
    """Name and indices of one step of a path."""
    match = _STEP.match(step)
    assert match is not None
    return match[1], tuple(map(int, re.findall(r"\d+", match[2])))


def _put(target: Any, index: tuple[int, ...], changed: Callable[[Any], Any]) -> Any:
    """A part, or tuples with one part in it, with the part at the index changed."""
    if not index:
        return changed(target)
    return tuple(_put(x, index[1:], changed) if k == index[0] else x for k, x in enumerate(target))


def _numbers(part: Any, prefix: str = "") -> Iterable[tuple[str, float]]:
    """Declared numbers of a device or part and of those below it; a single segment counts as the leg."""
    own: Iterable[str] = part.varying if isinstance(part, Part) else declared(type(part))
    for f in dataclasses.fields(part):
        value, path = getattr(part, f.name), f"{prefix}{f.name}"
        if f.name in own:
            if not (isinstance(part, Module) and f.name == "fill_factor" and part.gap_decides):
                yield path, value
        elif isinstance(value, Leg | Part):
            yield from _numbers(value, f"{path}.")
        elif not isinstance(value, tuple):
            continue
        elif f.name == "segments" and len(value) == 1:
            yield f"{prefix}length", value[0].length
        else:
            yield from _numbers_in(value, path)


def _numbers_in(items: tuple[Any, ...], path: str) -> Iterable[tuple[str, float]]:
    """Numbers of the parts, or modules, in a tuple or in the tuples in it."""
    for i, item in enumerate(items):
        if isinstance(item, tuple):
            yield from _numbers_in(item, f"{path}[{i}]")
        elif isinstance(item, Part | Module):
            yield from _numbers(item, f"{path}[{i}].")


def _written_out(device: Device, path: str) -> list[str]:
    match = _STAGE.match(path)
    assert match is not None
    stage, rest = match[1] or "", match[2]
    stages = [before for before, _ in named_stages(device)] if stage == "stages." else [stage]
    inside = [f"{leg}.{rest[5:]}" for leg in ("p", "n")] if rest.startswith("legs.") else [rest]
    paths = [f"{before}{one}" for before in stages for one in inside]
    found = []
    for p in paths:
        head, dot, last = p.rpartition(".")
        stem, inner, contact = head.rpartition(".")
        if contact == "contact":
            found += [f"{stem}{inner}contact_{end}.{last}" for end in ("hot", "cold")]
        elif contact == "between":
            leg = dict(named_legs(device)).get(f"{stem}{inner}")
            found += [f"{stem}{inner}between[{i}].{last}" for i in range(len(leg.between) if leg else 0)]
        else:
            found.append(f"{head}{dot}{last}")
    return found


def _with(target: Target, name: str, value: Any) -> Target:
    new = copy.copy(target)
    object.__setattr__(new, name, value)
    return new


def _set(target: Any, steps: list[str], value: Any) -> Any:
    name, index = _step(steps[0])
    if isinstance(target, Leg) and name == "length":
        share = value / target.length
        stretched = tuple(_with(s, "length", s.length * share) for s in target.segments)
        return _with(target, "segments", stretched)
    if isinstance(target, Leg) and name == "material":
        return _with(target, "segments", (_with(target.segments[0], name, value),))
    if isinstance(target, Leg) and name == "area":
        scale = np.sqrt(value / target.area)
        sides = (target.sides[0] * scale, target.sides[1] * scale)
        return _with(_with(target, "sides", sides), "area", value)

    def changed(part: Any) -> Any:
        return value if len(steps) == 1 else _set(part, steps[1:], value)

    return _with(target, name, _put(getattr(target, name), index, changed))


def _carrier(leg: Leg, segments: tuple[Any, ...]) -> Any:
    """The carrier that segments of other materials bring along; one for each case where these differ."""
    for k, segment in enumerate(segments):
        if isinstance(segment.material, MaterialChoice):
            choice = segment.material
            each = [_carrier(leg, _at(segments, k, kind)) for kind in choice.found]
            return np.array(each)[choice.index]
    return carrier_with(leg, segments)


def _at(segments: tuple[Any, ...], k: int, material: Material) -> tuple[Any, ...]:
    return (*segments[:k], _with(segments[k], "material", material), *segments[k + 1 :])
