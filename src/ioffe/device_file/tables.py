"""What the tables of a device file are made of: declared numbers, words in place of them, cross-sections."""

from __future__ import annotations

from dataclasses import MISSING
from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.schema import Model, Quantified, quantity_field
from ioffe.base.units import parse_area
from ioffe.device.fields import DeviceField, declared


class CrossSection(Quantified):
    """Marks an area of which the two sides are kept if the file writes them as a product."""

    def __init__(self) -> None:
        super().__init__("area")

    def read(self, value: object) -> Any:
        """Area in m2, and the two sides in m or None; raises `InputError`."""
        return parse_area(value)

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = super().__get_pydantic_json_schema__(core, handler)
        return {**found, "examples": ["3.8 mm x 3.8 mm", *found["examples"]]}


class Operating(Quantified):
    """Marks a value, a list of values, or one of the words for an operating point."""

    def __init__(self, one: DeviceField) -> None:
        super().__init__(one.quantity, many=True)
        self.words = one.words

    def read(self, value: object) -> Any:
        """The word, or the values in SI; raises `InputError`."""
        if isinstance(value, str):
            if value in self.words:
                return value
            if value.replace("_", "").isalpha():
                words = ", ".join(f'"{word}"' for word in self.words)
                expected = f"{words} or {self.quantity.expectation}"
                raise InputError(Fault("", value, expected, did_you_mean(value, self.words)))
        return super().read(value)

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = super().__get_pydantic_json_schema__(core, handler)
        return {**found, "anyOf": [{"enum": list(self.words)}, *found["anyOf"]]}


Area = Annotated[tuple[float, tuple[float, float] | None], CrossSection()]


def number_type(one: DeviceField, *, many: bool | None = None) -> Any:
    """Type of a declared number in a model of a file: a float in SI, several of them, or one of its words."""
    several = one.many if many is None else many
    if one.words and several:
        return Annotated[float | tuple[float, ...] | str, Operating(one)]
    return quantity_field(one.quantity, many=several)


def table_of(
    owner: type,
    name: str,
    *,
    only: tuple[str, ...] = (),
    required: bool | tuple[str, ...] = True,
    many: bool | None = None,
    base: type[Model] = Model,
) -> Any:
    """Model of a table of a file with the declared numbers of a part, a device or its conditions.

    `owner`, `name`: the class that declares them, and the name of the model.
    `only`: some of the numbers; by default all.
    `required`: whether numbers without a default must be in the table, or names of those that must.
    `many`: whether lists may be written, in place of what is declared.
    `base`: what the model is derived from.
    """
    entries: dict[str, Any] = {}
    for key, one in declared(owner).items():
        if not only or key in only:
            needed = key in required if isinstance(required, tuple) else one.default is MISSING and required
            default = MISSING if needed else one.default if required else None
            kind: Any = Annotated[number_type(one, many=many), one]  # forms ask for its label and its range
            given = Field(... if default is MISSING else default, description=one.description)
            entries[key] = (kind if default is not None else kind | None, given)
    return create_model(name, __base__=base, **entries)
