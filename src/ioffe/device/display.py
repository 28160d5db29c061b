"""How devices and their conditions show themselves: what is set, with units, in a few lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ioffe.base.display import Described
from ioffe.base.units import format_si
from ioffe.device.fields import declared
from ioffe.device.schedule import Schedule
from ioffe.material.material import Material

MOST_ITEMS = 6
"""Items of a list, such as the slices of a graded leg, that are shown."""


class Shown(Described):
    """A device, or conditions: printing shows every field that differs from its default, with its unit.

    >>> from ioffe.device import Contact, Leg
    >>> Leg("Bi2Te3", "1.6 mm", "1.4 mm x 1.4 mm", contact=Contact("5 uohm cm2"), name="a leg")
    Leg "a leg"
      segments: Bi2Te3, 1.6 mm
      area: 1.96 mm2
      contact_hot: electrical 5 uohm cm2
      contact_cold: electrical 5 uohm cm2
      carrier: n
    """

    def _title(self) -> str:
        name = getattr(self, "name", "")
        return f'{type(self).__name__} "{name}"' if name else type(self).__name__

    def _facts(self) -> Iterator[tuple[str, str]]:
        for field, text in _fields(self):
            value = getattr(self, field)
            if isinstance(value, tuple) and len(value) > 1 and all(isinstance(v, Shown) for v in value):
                yield from ((f"{field}[{k}]", in_words(part)) for k, part in enumerate(value))
            elif field != "name":
                yield field, text


def _fields(part: Any) -> Iterator[tuple[str, str]]:
    """Names and texts of the fields of a dataclass that differ from their defaults."""
    numbers = declared(type(part))
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        one = numbers.get(field.name)
        default = one.default if one else field.default
        same = value is None or (not isinstance(value, np.ndarray) and value in ("", (), default))
        if not same and field.init and field.name != "sides":
            text = in_words(value, one.quantity if one else "")
            if text:
                yield field.name, text


def in_words(value: Any, quantity: str = "") -> str:
    """A value of a field in one line, with its unit if the quantity is known."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {in_words(item)}" for key, item in value.items())
    if isinstance(value, tuple | list | np.ndarray):
        items = [in_words(item, quantity) for item in value[:MOST_ITEMS]]
        more = [f"... ({len(value)})"] if len(value) > MOST_ITEMS else []
        shown = list(dict.fromkeys(items)) if len(set(items)) == 1 and len(value) > 2 else items + more
        times = f" ({len(value)} times)" if len(shown) == 1 and len(value) > 2 else ""
        return "; ".join(filter(None, shown)) + times if any(shown) else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_si(float(value), quantity) if quantity else f"{value:g}"
    if isinstance(value, Schedule):
        return in_words(value.values, quantity)
    if isinstance(value, Material):
        return value.name
    if dataclasses.is_dataclass(value):
        return ", ".join(_step(name, text) for name, text in _fields(value))
    return str(value)


def _step(name: str, text: str) -> str:
    """A field inside a line; the words that its unit or position says are left out."""
    plain = ("material", "length", "thickness", "segments", "device", "conditions")
    return text if name in plain else f"{name} ({text})" if ", " in text else f"{name} {text}"
