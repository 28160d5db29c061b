"""What ages in a device: the degradations with their full paths, places and numbers of the fresh device."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.device.conditions import Conditions
from ioffe.device.interfaces import interface_names
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import materials, meant, numbers
from ioffe.interface.ageing import Tabulated
from ioffe.life.degradation import Degradation, GrowingLayer, How
from ioffe.life.scatter import Variant
from ioffe.material.material import Material

__all__ = ["Process", "aged_numbers", "ageing_of", "full_paths", "lanes_of", "law_values"]

Array = NDArray[np.float64]
PROPERTIES = ("seebeck", "electrical_conductivity", "electrical_resistivity", "thermal_conductivity")
_CONTACT = re.compile(r"^(.*?)(contact_hot|contact_cold|between\[\d+\])\.(electrical|thermal)$")
_MATERIAL = re.compile(r"^((?:[pn]\.)?)(?:segments\[(\d+)\]\.)?material\.(\w+)$")


@dataclass(frozen=True)
class Process:
    """One degradation at one place: it has a reduced time of its own."""

    index: int
    """Of its degradation."""
    effects: tuple[tuple[str, How, float], ...]
    """Full path, how it acts, and the factor of the value of the law."""
    place: str | float | None
    """Interface, temperature in K, or None where no temperature is needed."""

    @property
    def name(self) -> str:
        """Its first path."""
        return self.effects[0][0]


def ageing_of(
    device: Leg | Module, conditions: Conditions, degradations: Sequence[Degradation | GrowingLayer]
) -> tuple[Process, ...]:
    """The processes of a device.

    Raises
    ------
    InputError
        For paths and places that do not exist, with the nearest name; for two laws that both give one number.
    """
    faults = Faults()
    found: list[Process] = []
    for k, one in enumerate(degradations):
        with faults.collect(f"degradation[{k}]"):
            found += _processes(device, conditions, k, one)
    given: dict[str, int] = {}
    for process in found:
        for path, how, _ in process.effects:
            if how == "value" and path in given:
                expected = f"one law for {path} is expected, degradation[{given[path]}] gives it too"
                faults.add(f"degradation[{process.index}].path", path, expected, 'how = "added" adds to it')
            elif how == "value":
                given[path] = process.index
    faults.raise_if_any()
    return tuple(found)


def _processes(
    device: Leg | Module, conditions: Conditions, index: int, one: Degradation | GrowingLayer
) -> list[Process]:
    effects = one.effects()
    rows = [full_paths(device, conditions, path) for path, _, _ in effects]
    needed = one.law.acceleration is not None or one.cycles is not None
    found = []
    for paths in zip(*rows, strict=True):
        acts: tuple[tuple[str, How, float], ...] = tuple(
            (path, how, scale) for path, (_, how, scale) in zip(paths, effects, strict=True)
        )
        place = _place(device, paths[0], one.temperature) if needed else None
        found.append(Process(index, acts, place))
    return found


def full_paths(device: Leg | Module, conditions: Conditions, path: str) -> tuple[str, ...]:
    """Full paths behind a path; that of a material's property is checked here."""
    head, _, name = path.rpartition(".")
    if head.rpartition(".")[2] == "material":
        if name not in PROPERTIES:
            expected = f"one of {', '.join(PROPERTIES)} is expected behind material"
            raise InputError(Fault("path", path, expected, did_you_mean(name, PROPERTIES)))
        with _as_path(path):
            return tuple(f"{full}.{name}" for full in meant(device, conditions, head))
    with _as_path(path):
        found = meant(device, conditions, path)
        wrong = [full for full in found if full.endswith("material") or full in _NOT_AGEING]
        if wrong:
            expected = "a number that can age, or a property such as p.material.seebeck, is expected"
            raise InputError(Fault("", path, expected))
        return found
    raise AssertionError


_NOT_AGEING = ("T_hot", "T_cold", "T_ambient", "current", "voltage", "load", "heat", "couples")


class _as_path:
    """The faults of a path under the name it has in a degradation."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, InputError):
            raise InputError(
                *(replace(fault, place="path", value=self.path) for fault in error.faults)
            ) from None


def _place(device: Leg | Module, path: str, given: str | float | None) -> str | float:
    """The interface whose temperature counts, or a temperature in K."""
    known = interface_names(device)
    if isinstance(given, str):
        if given not in known:
            expected = "an interface of a leg or a temperature is expected"
            advice = did_you_mean(given, known) or f"there are {', '.join(known)}"
            raise InputError(Fault("temperature", given, expected, advice))
        return given
    if given is not None:
        return float(given)
    contact, material = _CONTACT.match(path), _MATERIAL.match(path)
    if contact:
        return contact[1] + contact[2]
    if material:
        segment = int(material[2] or 0)
        return f"{material[1]}contact_hot" if segment == 0 else f"{material[1]}between[{segment - 1}]"
    expected = (
        f"a temperature or an interface is expected, because the law of {path} has an activation energy"
    )
    raise InputError(Fault("temperature", expected=expected, advice=f"there are {', '.join(known)}"))


def law_values(processes: Sequence[Process], variants: Sequence[Variant], theta: Array) -> Array:
    """Values of the laws at reduced times (variants, processes, times); NaN where a law has passed zero."""
    found = np.empty_like(theta)
    for v, variant in enumerate(variants):
        for p, process in enumerate(processes):
            law = variant[process.index].law
            at = theta[v, p]
            at = np.minimum(at, law.times[-1]) if isinstance(law, Tabulated) else at
            found[v, p] = law.formula(at)
    return np.where(found >= 0.0, found, np.nan)


def aged_numbers(
    device: Leg | Module,
    conditions: Conditions,
    processes: Sequence[Process],
    variants: Sequence[Variant],
    theta: Array,
) -> dict[str, Array]:
    """Every number that ages, by its full path (variants, times); of a property of a material its factor."""
    fresh = numbers(device, conditions)
    values = law_values(processes, variants, theta)
    found: dict[str, Array] = {}
    for how in ("value", "factor", "added"):
        for p, process in enumerate(processes):
            scales = [dict(_scales(variant[process.index])) for variant in variants]
            for path, kind, _ in process.effects:
                if kind != how:
                    continue
                acting = values[:, p] * np.array([s[path.rpartition(".")[2]] for s in scales])[:, None]
                before = found.get(path, np.full_like(acting, fresh.get(path, 1.0)))
                found[path] = {"value": acting, "factor": before * acting, "added": before + acting}[how]
    return found


def _scales(one: Degradation | GrowingLayer) -> list[tuple[str, float]]:
    return [(path.rpartition(".")[2], scale) for path, _, scale in one.effects()]


def lanes_of(device: Leg | Module, aged: Mapping[str, Array]) -> tuple[dict[str, Any], NDArray[np.bool_]]:
    """What varies in a batch, from the numbers that age; and the lanes of which a number is none.

    Such lanes hold the fresh numbers, so that the others can be solved.
    """
    every, fresh = materials(device), numbers(device)
    vary: dict[str, Any] = {}
    factors: dict[str, dict[str, Array]] = {}
    wrong = np.zeros(np.broadcast_shapes(*(v.shape for v in aged.values())), bool)
    for path, values in aged.items():
        head, _, name = path.rpartition(".")
        wrong |= ~np.isfinite(values)
        if head.rpartition(".")[2] == "material":
            factors.setdefault(head, {})[name] = np.where(values > 0.0, values, 1.0)
            wrong |= ~(values > 0.0)
        else:
            vary[path] = np.where(np.isfinite(values), values, fresh.get(path, 0.0))
    for head, properties in factors.items():
        vary[head] = _materials(every[head], properties)
    return vary, wrong


def _materials(material: Material, factors: Mapping[str, Array]) -> NDArray[np.object_]:
    """A material with its properties multiplied by factors, for every lane; equal ones are one object."""
    rows = np.stack(np.broadcast_arrays(*factors.values()), axis=-1)
    known: dict[tuple[float, ...], Material] = {}
    lanes = np.empty(rows.shape[:-1], object)
    for place in np.ndindex(*lanes.shape):
        key = tuple(rows[place].tolist())
        if key not in known:
            known[key] = scaled(material, dict(zip(factors, key, strict=True)))
        lanes[place] = known[key]
    return lanes


def scaled(material: Material, factors: Mapping[str, float]) -> Material:
    """A material with properties multiplied by factors."""
    curves = {"seebeck": material.seebeck, "thermal_conductivity": material.thermal_conductivity}
    changes: dict[str, Any] = {}
    for name, factor in factors.items():
        field = name if name in curves else "electrical"
        curve = changes.get(field, getattr(material, field))
        inverse = field == "electrical" and curve is not None and curve.quantity != name
        if curve is not None:
            changes[field] = curve.scaled(1.0 / factor if inverse else factor)
    return material.replace(**changes) if changes else material
