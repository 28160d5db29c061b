"""What results may be differentiated by: numbers by their paths, and the tables of materials.

A table has the path of its material and the name of its quantity: ``"p.material.seebeck"``,
``"segments[1].material.thermal_conductivity"``, ``"hot[0].material.electrical_resistivity"``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.device.cascade import Device, named_legs, named_stages
from ioffe.device.conditions import EXPOSURE, Conditions
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS, counts, layers, materials, meant, numbers
from ioffe.device.parts import Layer, stack_parts

TABLES = ("seebeck", "electrical_conductivity", "electrical_resistivity", "thermal_conductivity")


def every(device: Device, conditions: Conditions) -> tuple[str, ...]:
    """Paths of all numbers that are given, and of all tables; without short forms."""
    found = dict.fromkeys(k for k in numbers(device) if k not in CONDITIONS)
    found.update(dict.fromkeys(k for k in CONDITIONS if _given(conditions, k)))
    return (*found, *curves(device))


def full(device: Device, conditions: Conditions, names: Iterable[str]) -> tuple[str, ...]:
    """The full paths behind names and short forms, each once.

    Raises `InputError` with every name that means nothing here, and the nearest one.
    """
    faults, found = Faults(), {}
    for name in names:
        with faults.collect("gradient"):
            found.update(behind(device, conditions, name))
    faults.raise_if_any()
    return tuple(found)


def behind(device: Device, conditions: Conditions, name: str) -> dict[str, Any]:
    """The full paths behind one name, and how far each moves with it.

    That is 1, but the length of a leg with segments stretches each in proportion.
    """
    known, own = curves(device), numbers(device)
    last = name.rpartition(".")[2]
    if last in TABLES and name not in own:
        return dict.fromkeys(_tables(device, conditions, name, known), 1.0)
    found: dict[str, Any] = {}
    for path in meant(device, conditions, name):
        if path in materials(device):
            example = next(k for k in known if k.startswith(f"{path}."))
            raise InputError(Fault(name, expected=f'a number or a table is expected, such as "{example}"'))
        if path in CONDITIONS and not _given(conditions, path):
            raise InputError(Fault(name, expected="a number is expected that these conditions give"))
        stretched = path.removesuffix("length")
        if path in own or not path.endswith("length"):
            found[path] = 1.0
        else:
            leg = dict(named_legs(device))[stretched]
            shares = (segment.length / leg.length for segment in leg.segments)
            found.update({f"{stretched}segments[{i}].length": share for i, share in enumerate(shares)})
    return found


def _tables(device: Device, conditions: Conditions, name: str, known: dict[str, Curve]) -> tuple[str, ...]:
    head, _, last = name.rpartition(".")
    try:
        paths = tuple(f"{material}.{last}" for material in meant(device, conditions, head))
    except InputError:
        paths = ("",)
    if not all(path in known for path in paths):
        advice = did_you_mean(name, known)
        raise InputError(Fault(name, expected="a table of a material is expected", advice=advice))
    return paths


def curves(device: Device) -> dict[str, Curve]:
    """Every curve that the solution depends on, by its path."""
    heats, conducts = {f"{path}.material" for path, _ in layers(device)}, set()
    for side, stack in stacks(device):
        conducts |= {f"{side}[{i}].material" for i in stack_parts(stack).electrode}
    return {
        f"{path}.{quantity}": curve
        for path, material in materials(device).items()
        for quantity, curve in material.transport.items()
        if path not in heats
        or quantity == "thermal_conductivity"
        or (path in conducts and quantity.startswith("electrical"))
    }


def value(device: Device, conditions: Conditions, path: str) -> Any:
    """The number at a full path; an array over cases where the device or the conditions hold one."""
    if path in CONDITIONS:
        return getattr(conditions, path)
    return (numbers(device) | counts(device))[path]


def _given(conditions: Conditions, name: str) -> bool:
    side, _, kind = name.partition("_")
    if kind == "resistance" and getattr(conditions, f"{side}_heat_transfer_coefficient") is not None:
        return False
    if kind in EXPOSURE and conditions.T_ambient is None:
        return False
    found = getattr(conditions, name, None)
    return isinstance(found, int | float | np.ndarray)


def stacks(device: Device) -> tuple[tuple[str, tuple[Layer, ...]], ...]:
    """The stacks of layers at the ends of legs by their paths; none of a leg."""
    modules = [(before, stage) for before, stage in named_stages(device) if isinstance(stage, Module)]
    return tuple((f"{before}{side}", getattr(of, side)) for before, of in modules for side in ("hot", "cold"))
