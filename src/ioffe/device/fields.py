"""One declaration for each number of a device and of its conditions.

Constructors, device files, `vary`, derivatives, report tables and schemas follow from the declaration: a new
number is one line in the class it belongs to, and one statement in `solve.assemble` that acts on it.

>>> from ioffe.device.parts import Contact
>>> field = declared(Contact)["electrical"]
>>> field.quantity, field.default, field.implausible(7.9)
('electrical_contact_resistivity', 0.0, True)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.quantities import Quantity, quantity
from ioffe.base.units import QuantityLike, to_si, to_si_array

Range = tuple[float, float]


@dataclass(frozen=True)
class DeviceField:
    """What is known of one number of a device or of its conditions.

    `name`: the attribute, the key in a device file, and the last step of its path.
    `quantity`: name in the quantity table: unit, bounds and what messages call it.
    `description`: one sentence for schema, help and reference.
    `default`: None where nothing is imposed; `dataclasses.MISSING` where a value must be given.
    `plausible`: range in SI outside of which a value was probably written in another unit.
    `label`: words of the report; empty for a number that has a table of its own there.
    `many`: whether several values may be given; they make an axis of the result.
    `words`: what may be given in place of a number, such as ``"max_power"``.
    `imposed`: whether it is imposed on the network from outside, so that no element of it depends on it.
    """

    name: str
    quantity: str
    description: str
    default: Any = MISSING
    plausible: Range | None = None
    label: str = ""
    many: bool = False
    words: tuple[str, ...] = ()
    imposed: bool = False

    @property
    def kind(self) -> Quantity:
        """Its row of the quantity table."""
        return quantity(self.quantity)

    def implausible(self, value: float) -> bool:
        """Whether a value in SI lies outside of the plausible range."""
        return self.plausible is not None and not self.plausible[0] <= value <= self.plausible[1]

    def read(self, value: Any) -> Any:
        """A value as users write it in SI: a float, a read-only array, one of the words, or None.

        Raises `InputError` for a wrong unit, a value out of bounds, an unknown word.
        """
        if value is None and self.default is None:
            return None
        if isinstance(value, str) and self.words:
            if value in self.words:
                return value
            if value.replace("_", "").isalpha():
                expected = (
                    " or ".join(f'"{word}"' for word in self.words) + " or a number with unit is expected"
                )
                raise InputError(Fault("", value, expected, did_you_mean(value, self.words)))
        if not self.many:
            return to_si(value, self.quantity)
        found = to_si_array(value, self.quantity)
        if isinstance(found, np.ndarray):
            if not found.size:
                raise InputError(Fault("", [], "at least one value is expected"))
            found.setflags(write=False)
        return found


if TYPE_CHECKING:

    class Number:
        """A number of a part: written as people write it, read as a float in SI."""

        @overload
        def __get__(self, instance: None, owner: Any) -> Number: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> float: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __set__(self, instance: object, value: QuantityLike) -> None: ...

    class Numbers:
        """A number, several of them, a word, or None: read as a float in SI, an array, the word, or None."""

        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __set__(self, instance: object, value: QuantityLike | None) -> None: ...

else:
    Number = Numbers = Any


def number(name: str, description: str, default: Any = MISSING, **more: Any) -> Any:
    """Declare a number of a dataclass: its quantity, a sentence, its default, and more of `DeviceField`."""
    metadata = {"number": DeviceField("", name, description, default, **more)}
    return dataclasses.field(metadata=metadata) if default is MISSING else _field(default, metadata)


def entry(read: Callable[[Any], Any], default: Any = MISSING) -> Any:
    """Declare what is no number: `read` makes it of what users write, or raises `InputError`."""
    return _field(default, {"read": read})


def choice(words: tuple[str, ...], default: Any = MISSING) -> Any:
    """Declare a word out of several."""
    return entry(lambda word: one_of(word, words), default)


def _field(default: Any, metadata: dict[str, Any]) -> Any:
    return dataclasses.field(default=default, metadata=metadata)


@cache
def declared(owner: type) -> Mapping[str, DeviceField]:
    """The numbers of a class of parts, devices or conditions by their names, in order."""
    found = ((f.name, f.metadata.get("number")) for f in dataclasses.fields(owner))
    return {name: dataclasses.replace(one, name=name) for name, one in found if one is not None}


@dataclass(frozen=True)
class Part:
    """A part of a device or its conditions, whose fields are read from what users write."""

    @property
    def varying(self) -> tuple[str, ...]:
        """Names of its numbers that have a path by which they vary and are differentiated."""
        return tuple(declared(type(self)))

    def __post_init__(self) -> None:
        faults = Faults()
        self._read(faults)
        faults.raise_if_any()

    def _read(self, faults: Faults) -> None:
        """Bring all declared fields to SI; what cannot be read stays as it is, its fault collected."""
        for name, read in _readers(type(self)):
            with faults.collect(name):
                object.__setattr__(self, name, read(getattr(self, name)))

    def replace(self, **changes: Any) -> Any:
        """A copy with other fields, given as the constructor takes them."""
        return dataclasses.replace(self, **changes)


@cache
def _readers(owner: type) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    def readers() -> Iterator[tuple[str, Callable[[Any], Any]]]:
        for f in dataclasses.fields(owner):
            if f.name in declared(owner):
                yield f.name, declared(owner)[f.name].read
            elif "read" in f.metadata:
                yield f.name, f.metadata["read"]

    return tuple(readers())


def one_of(word: str, words: tuple[str, ...]) -> str:
    """`word` if it is one of `words`.

    Raises `InputError` naming the words and the nearest one.
    """
    if word not in words:
        expected = " or ".join(f'"{w}"' for w in words) + " is expected"
        raise InputError(Fault("", word, expected, did_you_mean(word, words)))
    return word
