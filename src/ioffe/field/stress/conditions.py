"""How a module under stress is held, and what speaks against the numbers of its stress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ioffe.base.curve import Curve
from ioffe.base.errors import Faults
from ioffe.base.units import format_si
from ioffe.device.conditions import ICE
from ioffe.device.fields import DeviceField, Number, Numbers, Part, declared, number
from ioffe.field.stress.data import ELASTIC, BrittleStrength
from ioffe.material.material import Material
from ioffe.solve.doubts import InputDoubt, beyond

_SPRING = {"plausible": (1e5, 1e22)}
PLAUSIBLE = {
    "youngs_modulus": (1e5, 2e12),
    "poisson_ratio": (-0.2, 0.49),
    "thermal_expansion": (-1e-4, 1e-3),
    "strength": (1e4, 1e11),
    "volume": (1e-15, 1e-3),
}
"""Ranges in SI, from rubber to diamond, outside of which a value was probably written in another unit."""


@dataclass(frozen=True)
class StressConditions(Part):
    """Temperature that is free of stress, support, and the width over which means are taken.

    >>> StressConditions("183 degC", cold_spring="100 MPa/mm").words()
    {'free of stress at': '456.1 K', 'support': 'cold face on 100 MPa/mm'}
    """

    free: Number = number(
        "temperature", "At which all parts are free of stress.", 293.15, plausible=(0.0, 1500.0)
    )
    pressure: Number = number(
        "pressure", "By which both outer faces are pressed together.", 0.0, plausible=(0.0, 1e9)
    )
    cold_spring: Number = number("support_stiffness", "Of what the outer cold face lies on.", 0.0, **_SPRING)
    hot_spring: Number = number("support_stiffness", "Of what the outer hot face lies on.", 0.0, **_SPRING)
    distance: Numbers = number(
        "length", "Width of the rims over which means are taken.", None, plausible=(1e-7, 0.01)
    )

    def _read(self, faults: Faults) -> None:
        super()._read(faults)
        if isinstance(self.pressure, float) and self.pressure < 0.0:
            faults.add("pressure", format_si(self.pressure, "pressure"), "a pressure from 0 on is expected")

    def words(self) -> dict[str, str]:
        """How the module is held, in words."""
        found = {"free of stress at": format_si(self.free, "temperature")}
        springs = {"cold": self.cold_spring, "hot": self.hot_spring}
        held = [f"{side} face on {format_si(k, 'support_stiffness')}" for side, k in springs.items() if k]
        found["support"] = ", ".join(held) or "none: it bends as it likes"
        if self.pressure:
            found["pressed together by"] = format_si(self.pressure, "pressure")
        return found


def doubts(
    loads: StressConditions,
    given: Mapping[str, Material],
    brittle: Mapping[str, BrittleStrength],
    narrowest: float,
) -> Iterator[InputDoubt]:
    """Numbers that no module under stress has.

    `given`: with their elastic data, by name.
    `brittle`: by the name of the material.
    `narrowest`: width of the narrowest leg in m.
    """
    for name, field in declared(StressConditions).items():
        yield from _judged(name, field, getattr(loads, name))
    if loads.free < ICE:
        yield InputDoubt("free", loads.free, f"{loads.free:g} K; is the unit degC?")
    for name, material in given.items():
        if (melts := material.melting_temperature) and loads.free > melts:
            text = f"{format_si(loads.free, 'temperature')}, above {format_si(melts, 'temperature')}"
            yield InputDoubt("free", loads.free, f"{text}, at which {name} melts")
        for key in ELASTIC:
            yield from _judged(f'"{name}".{key}', _field(key, key), getattr(material, key))
    for name, one in brittle.items():
        for key, quantity in (("strength", "strength"), ("volume", "volume")):
            yield from _judged(f'strength of "{name}": {key}', _field(key, quantity), getattr(one, key))
    width = loads.distance
    if width is not None and width > 0.5 * narrowest:
        leg = format_si(narrowest, "length")
        text = f"{format_si(width, 'length')}, over half of the narrowest leg ({leg}): rims are whole joints"
        yield InputDoubt("distance", width, text)


def _field(name: str, quantity: str) -> DeviceField:
    return DeviceField(name, quantity, "", None, plausible=PLAUSIBLE[name])


def _judged(path: str, field: DeviceField, value: float | Curve | None) -> Iterable[InputDoubt]:
    """Doubts about a number or the ends of a curve; none about what is not there."""
    if value is None or value == 0.0:
        return ()
    numbers = [value.minimum(), value.maximum()] if isinstance(value, Curve) else [value]
    return beyond(path, field, np.array(numbers, float))
