"""The legs and materials a device is made of."""

from __future__ import annotations

from ioffe.device.cascade import Cascade
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Layer
from ioffe.material.material import Material


def legs_of(device: Leg | Module | Cascade) -> tuple[Leg, ...]:
    """The legs of a device, p first, from the hot to the cold stage."""
    if isinstance(device, Cascade):
        return tuple(leg for stage in device.stages for leg in legs_of(stage))
    return (device.p, device.n) if isinstance(device, Module) else (device,)


def materials_of(device: Leg | Module | Cascade) -> list[Material]:
    """Every material of a device once, legs first."""
    found = [s.material for leg in legs_of(device) for s in leg.segments]
    if isinstance(device, Cascade):
        found += [m for stage in device.stages for m in materials_of(stage)]
        found += [p.material for parts in device.between for p in parts if isinstance(p, Layer)]
    elif isinstance(device, Module):
        found += [layer.material for layer in (*device.hot, *device.cold)]
    return list({id(m): m for m in found}.values())


def named_legs(device: Leg | Module) -> tuple[tuple[str, Leg], ...]:
    """Legs of a device behind the prefix of their paths: ``"p."``, ``"n."``, or nothing for a single leg."""
    return (("p.", device.p), ("n.", device.n)) if isinstance(device, Module) else (("", device),)
