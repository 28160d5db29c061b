"""Input files: reading TOML and JSON, and validating them against pydantic models.

A bad file is reported whole: every fault with its location, its value, what was expected and the nearest
valid name. Models are strict and frozen, and unknown keys are faults. The same models give the JSON Schema.

>>> class Plate(Model):
...     thickness: Annotated[float, Quantified("thickness")]
...     material: str
>>> validate(Plate, {"thickness": "0.3 mm", "material": "Cu"}, "plate.toml")
Plate(thickness=0.0003, material='Cu')
>>> validate(Plate, {"thickness": "3 K", "materiel": "Cu"}, "plate.toml")
Traceback (most recent call last):
    ...
ioffe.base.errors.InputError: plate.toml: thickness = "3 K": a thickness is expected, in m,
such as "0.3 mm"; "K" is a temperature
plate.toml: material: this key is missing
plate.toml: materiel = "Cu": no such key is known; did you mean "material"?
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import numpy as np
from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    ValidationError,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ioffe.base._files import read_json, read_toml
from ioffe.base._schema_faults import faults_of
from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import Quantity, quantity
from ioffe.base.units import measured, to_si, to_si_array

__all__ = ["Model", "Quantified", "Several", "quantity_field", "read_json", "read_toml", "validate"]

_Item = TypeVar("_Item")
_Model = TypeVar("_Model", bound=BaseModel)

Several = Annotated[tuple[_Item, ...], Strict(False)]
"""A list in a file, a tuple in the model: ``Several[str]``. The items stay strict."""


class Model(BaseModel):
    """The base of every model of an input file: strict, frozen, unknown keys forbidden.

    Examples
    --------
    >>> class Leg(Model):
    ...     couples: int
    >>> validate(Leg, {"couples": "two"})
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: couples = "two": a whole number is expected
    """

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_default=True,
    )


class Quantified:
    """Marks a field of a model as a quantity that users write with its unit.

    In a file the value is a number in SI, a text with a unit, or a table of ``value``, ``unit`` and
    ``uncertainty``; in the model it is a float in SI, within the bounds of the quantity table.

    `name`: name in :data:`ioffe.base.quantities.QUANTITIES`.
    `many`: whether a list may be written too; it becomes a tuple.
    `uncertain`: whether the field is the pair of value and standard deviation. Without it a stated
        uncertainty is checked and not kept.

    >>> class Operation(Model):
    ...     T_hot: Annotated[float | tuple[float, ...], Quantified("T_hot", many=True)]
    >>> validate(Operation, {"T_hot": ["373 K", "200 degC"]})
    Operation(T_hot=(373.0, 473.15))
    """

    def __init__(self, name: str, *, many: bool = False, uncertain: bool = False) -> None:
        if many and uncertain:
            raise InputError(Fault("uncertain", True, "either many or uncertain is expected, not both"))
        self.quantity: Quantity = quantity(name)
        self.many = many
        self.uncertain = uncertain

    def read(self, value: object) -> float | tuple[float, ...]:
        """A value of the file in SI; raises `InputError`."""
        name = self.quantity.name
        if self.uncertain:
            return measured(value, name)
        if not self.many:
            return to_si(value, name)
        found = to_si_array(value, name)
        return tuple(found.tolist()) if isinstance(found, np.ndarray) else found

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        one = _value_schema(self.quantity)
        kind = self.quantity
        in_unit = "" if kind.unit == "1" else f" A number is in {kind.unit}; a text states its unit."
        described = f"{kind.description[0].upper()}{kind.description[1:]}.{in_unit}"
        several = {"type": "array", "items": {"anyOf": one}}
        return {
            "anyOf": [*one, several] if self.many else one,
            "description": described,
            "examples": [kind.example],
            "x-quantity": kind.name,
            "x-unit": kind.unit,
        }


def quantity_field(name: str, *, many: bool = False, uncertain: bool = False) -> Any:
    """The type of a quantity: ``Annotated[float, Quantified(name)]``, for models that are made at run time.

    Type checkers do not accept a call as a type; in a class, write ``Annotated`` and :class:`Quantified`.

    Parameters and errors are those of :class:`Quantified`.

    >>> from pydantic import create_model
    >>> Leg = create_model("Leg", __base__=Model, length=quantity_field("length"))
    >>> validate(Leg, {"length": {"value": 1.6, "unit": "mm"}})
    Leg(length=0.0016)
    """
    mark = Quantified(name, many=many, uncertain=uncertain)
    if uncertain:
        return Annotated[tuple[float, float], mark]
    return Annotated[float | tuple[float, ...], mark] if many else Annotated[float, mark]


def validate(model: type[_Model], data: Mapping[str, Any], file: str | Path = "") -> _Model:
    """The data as an instance of the model.

    `data`: as read from a file.
    `file`: its name, for the messages.
    Raises `InputError` with one fault for everything that is wrong.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(*faults_of(error, model, data, str(file))) from None


def _value_schema(kind: Quantity) -> list[dict[str, Any]]:
    """What may be written for one value: a number, a text, a table."""
    number: dict[str, Any] = {"type": "number"}
    if np.isfinite(kind.lower):
        number["exclusiveMinimum" if kind.exclusive else "minimum"] = kind.lower
    if np.isfinite(kind.upper):
        number["maximum"] = kind.upper
    text = {"type": "string", "description": f'Number and unit, such as "{kind.example}".'}
    uncertainty = {
        "anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}],
        "description": 'Standard deviation: "5 %" is relative; a number has the unit of the value.',
    }
    table = {
        "type": "object",
        "properties": {
            "value": {"type": ["number", "string"]},
            "unit": {"type": "string", "default": kind.unit},
            "uncertainty": uncertainty,
        },
        "required": ["value"],
        "additionalProperties": False,
    }
    return cast("list[dict[str, Any]]", [number, text, table])
