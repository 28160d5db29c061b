"""Values of a device file: which quantity stands where, and in which ways it may be written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.schema import Quantified
from ioffe.base.units import parse_area
from ioffe.device.conditions import COOLER_AIMS, GENERATOR_AIMS
from ioffe.result.steady import MAXIMA_KEYS, POINT_KEYS

QUANTITIES_OF_RESULTS = tuple(dict.fromkeys((*POINT_KEYS, *MAXIMA_KEYS)))


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
    """Marks a value, a list of values, or one of the words that stand for an operating point."""

    def __init__(self, name: str, words: tuple[str, ...]) -> None:
        super().__init__(name, many=True)
        self.words = words

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


Length = Annotated[float, Quantified("length")]
Thickness = Annotated[float, Quantified("thickness")]
Area = Annotated[tuple[float, tuple[float, float] | None], CrossSection()]
Temperature = Annotated[float, Quantified("T_ambient")]
HotTemperatures = Annotated[float | tuple[float, ...], Quantified("T_hot", many=True)]
ColdTemperatures = Annotated[float | tuple[float, ...], Quantified("T_cold", many=True)]
Heats = Annotated[float | tuple[float, ...], Quantified("heat", many=True)]
Voltages = Annotated[float | tuple[float, ...], Quantified("voltage", many=True)]
Currents = Annotated[float | tuple[float, ...] | str, Operating("current", GENERATOR_AIMS)]
CoolerCurrents = Annotated[float | tuple[float, ...] | str, Operating("current", COOLER_AIMS)]
Loads = Annotated[float | tuple[float, ...] | str, Operating("load_resistance", GENERATOR_AIMS)]
ThermalResistance = Annotated[float, Quantified("thermal_resistance")]
Coefficient = Annotated[float, Quantified("heat_transfer_coefficient")]
Emissivity = Annotated[float, Quantified("emissivity")]


def _result_quantity(name: str) -> str:
    if name not in QUANTITIES_OF_RESULTS:
        expected = 'a quantity of the result is expected, such as "max_efficiency"'
        raise InputError(Fault("", name, expected, did_you_mean(name, QUANTITIES_OF_RESULTS)))
    return name


ResultQuantity = Annotated[
    str, AfterValidator(_result_quantity), Field(json_schema_extra={"enum": list(QUANTITIES_OF_RESULTS)})
]
