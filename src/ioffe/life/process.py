"""What ages in a device: the degradations with their full paths, interfaces and fresh numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS, field_of, materials, meant, numbers
from ioffe.interface.ageing import Tabulated
from ioffe.life.degradation import AnyDegradation, How
from ioffe.life.uncertainty import Variant
from ioffe.material.material import Material
from ioffe.material.scaling import scaled
from ioffe.solve.profile import interface_names

PROPERTIES = ("seebeck", "electrical_conductivity", "electrical_resistivity", "thermal_conductivity")
_NOT_AGEING = ("couples", *(name for name in CONDITIONS if field_of(name).imposed))
_CONTACT = re.compile(r"^(.*?)(contact_hot|contact_cold|between\[\d+\])\.(electrical|thermal)$")
_MATERIAL = re.compile(r"^((?:[pn]\.)?)(?:segments\[(\d+)\]\.)?material\.(\w+)$")


Effects = tuple[tuple[str, How, float], ...]


@dataclass(frozen=True)
class Process:
    """One degradation at one interface: it has a reduced time of its own."""

    index: int
    """Of its degradation."""
    effects: Effects
    """Full path, how it acts, and the factor of the value of the law."""
    location: str | float | None
    """Where its temperature is taken: an interface or a fixed temperature in K; None where none is needed."""

    @property
    def name(self) -> str:
        """Its first path."""
        return self.effects[0][0]


def ageing_of(
    device: Leg | Module, conditions: Conditions, degradations: Sequence[AnyDegradation]
) -> tuple[Process, ...]:
    """The processes of a device: every degradation at every number that its path means.

    Raises `InputError` for paths and interfaces that do not exist, with the nearest name; for two laws that
        both give the same number.
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
    device: Leg | Module, conditions: Conditions, index: int, one: AnyDegradation
) -> list[Process]:
    effects = one.effects()
    rows = [full_paths(device, conditions, path) for path, _, _ in effects]
    needed = one.law.acceleration is not None or one.cycles is not None
    found = []
    for paths in zip(*rows, strict=True):
        pairs = zip(paths, effects, strict=True)
        acts: Effects = tuple((path, how, scale) for path, (_, how, scale) in pairs)
        found.append(Process(index, acts, _location(device, paths[0], one.temperature) if needed else None))
    return found


def full_paths(device: Leg | Module, conditions: Conditions, path: str) -> tuple[str, ...]:
    """Full paths behind a path or a short form; the property of a material is checked here.

    Raises `InputError` for a path that the device does not have, or that cannot age, with the nearest name.
    """
    head, _, name = path.rpartition(".")
    if head.rpartition(".")[2] != "material":
        found = _meant(device, conditions, path, path)
        if any(full.endswith("material") or full in _NOT_AGEING for full in found):
            expected = "a number that can age, or a property such as p.material.seebeck, is expected"
            raise InputError(Fault("path", path, expected))
        return found
    if name not in PROPERTIES:
        expected = f"one of {', '.join(PROPERTIES)} is expected behind material"
        raise InputError(Fault("path", path, expected, did_you_mean(name, PROPERTIES)))
    return tuple(f"{full}.{name}" for full in _meant(device, conditions, head, path))


def _meant(device: Leg | Module, conditions: Conditions, part: str, path: str) -> tuple[str, ...]:
    """Full paths of a part of a path; faults name the whole path as it was given."""
    try:
        return meant(device, conditions, part)
    except InputError as error:
        raise InputError(*(replace(fault, location="path", value=path) for fault in error.faults)) from None


def _location(device: Leg | Module, path: str, given: str | float | None) -> str | float:
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
    reason = f"because the law of {path} has an activation energy"
    expected = f"a temperature or an interface is expected, {reason}"
    raise InputError(Fault("temperature", expected=expected, advice=f"there are {', '.join(known)}"))


def law_values(processes: Sequence[Process], variants: Sequence[Variant], theta: Array) -> Array:
    """Values of the laws at reduced times (variants, processes, times); NaN where a law has passed zero."""
    found = np.empty_like(theta)
    for v, variant in enumerate(variants):
        for p, process in enumerate(processes):
            law = variant[process.index].law
            last = law.times[-1] if isinstance(law, Tabulated) else np.inf
            found[v, p] = law.formula(np.minimum(theta[v, p], last))
    return np.where(found >= 0.0, found, np.nan)


def aged_numbers(
    fresh: Mapping[str, float], processes: Sequence[Process], variants: Sequence[Variant], theta: Array
) -> dict[str, Array]:
    """Every number that ages, by its full path (variants, times); of a property of a material its factor."""
    values = law_values(processes, variants, theta)
    found: dict[str, Array] = {}
    for how in ("value", "factor", "added"):
        for p, process in enumerate(processes):
            for path, kind, _ in process.effects:
                if kind != how:
                    continue
                name = path.rpartition(".")[2]
                scales = np.array([_scale(one[process.index], name) for one in variants])
                acting = values[:, p] * scales[:, None]
                before = found.get(path, np.full_like(acting, fresh.get(path, 1.0)))
                found[path] = {"value": acting, "factor": before * acting, "added": before + acting}[how]
    return found


def _scale(one: AnyDegradation, name: str) -> float:
    """Factor of the value of the law in the number whose path ends in a name."""
    return next(scale for path, _, scale in one.effects() if path.rpartition(".")[2] == name)


def varied_by(device: Leg | Module, aged: Mapping[str, Array]) -> tuple[dict[str, Any], NDArray[np.bool_]]:
    """What varies in a batch, from the numbers that age; and the cases in which one of them is invalid.

    Such cases hold the fresh numbers, so that the others can be solved.
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
    """A material with its properties multiplied by factors, for every case; equal ones are one object."""
    rows = np.stack(np.broadcast_arrays(*factors.values()), axis=-1)
    known: dict[tuple[float, ...], Material] = {}
    cases = np.empty(rows.shape[:-1], object)
    for index in np.ndindex(*cases.shape):
        key = tuple(rows[index].tolist())
        if key not in known:
            known[key] = scaled(material, dict(zip(factors, key, strict=True)))
        cases[index] = known[key]
    return cases
