"""The material card: a TOML file with a material's curves, their units and their origin.

A card has `format`, `name`, `carrier`, `family`, `kind`, `quality`, a section `[provenance]`, and curves in

- `[[table]]`: `columns = { T = "K", seebeck = "uV/K", ... }` and `rows`; a column `seebeck_std` holds its
  standard deviations; properties measured at other temperatures have a table of their own;
- `[formula.seebeck]`: `coefficients` in ascending powers of T in K, `unit` and `range`;
- `[constant]`: values with units, and the `range` they are valid for.

`[migration]` holds what is known about moving ions, each number with its quality and source:

[migration]
ion = "Cu+"
charge = 1
model = "critical voltage"
doi = "10.1038/s41467-018-05248-8"
S_star = { value = "0.2 mV/K", quality = "derived" }
unknown = ["S* above 673 K"]
[[migration.critical_voltage]]
value = "90 mV"
T = "750 K"
quality = "measured"
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, create_model

from ioffe.base.schema import Model, Quantified, Several, quantity_field
from ioffe.material.fields import FIELD_OF, Kind, Quality
from ioffe.material.migration import QUANTITY_OF, Bound, LimitModel, StatedQuality

__all__ = ["STD", "Card", "CardFormula", "CardTable", "MigrationSection", "StatedNumber"]

STD: Final = "_std"
"""Ending of the name of a column of standard deviations."""
Interpolation = Literal["linear", "pchip", "cubic"]
Extrapolation = Literal["warn", "hold", "strict"]
Temperatures = Annotated[float | tuple[float, ...], Quantified("temperature", many=True)]
OneIsAList: Final = BeforeValidator(lambda value: [value] if isinstance(value, Mapping) else value)
"""One section is as good as a list of one."""


def _sections(name: str, kinds: Mapping[str, Any], **more: Any) -> type[Model]:
    """Model with a key for each entry, of that type or left away; `more` are types with their defaults."""
    fields: dict[str, Any] = {key: (kind | None, None) for key, kind in kinds.items()}
    return create_model(name, __base__=Model, **fields, **more)


class Origin(Model):
    """Section `[provenance]`: where the numbers come from."""

    doi: str = Field(default="", description="DOI of the publication, without an address.")
    source: str = Field(default="", description="Data set, data sheet or file the numbers were taken from.")
    sample: str = Field(default="", description="Sample in that source.")
    licence: str = Field(default="", description="Terms under which the numbers may be passed on.")
    method: str = Field(default="", description="How they were measured, digitised or reconstructed.")
    note: str = Field(default="", description="What a reader must know before using them.")


class CardTable(Model):
    """Section `[[table]]`: properties on one grid of temperatures."""

    columns: dict[str, str] = Field(description="Property and unit of every column, T first.")
    rows: Several[Several[float]] = Field(description="Numbers, one list for each temperature.")
    interpolation: Interpolation | None = None
    extrapolation: Extrapolation | None = None


class CardFormula(Model):
    """Section `[formula.PROPERTY]`: a polynomial in T, up to the third degree."""

    coefficients: Several[float] = Field(description="Ascending: c0 + c1 T + c2 T^2 + c3 T^3, T in K.")
    unit: str = Field(description="Unit of the polynomial's value.")
    range: Temperatures = Field(description="Two temperatures between which it is valid.")
    std: Several[float] | None = Field(
        default=None, description="Standard deviation at both ends of the range."
    )
    extrapolation: Extrapolation | None = None


class Formulas(_sections("Formulas", dict.fromkeys(FIELD_OF, CardFormula))):
    """Section `[formula]`: a polynomial for any of the properties."""


class Constants(_sections("Constants", {name: quantity_field(name, uncertain=True) for name in FIELD_OF})):
    """Section `[constant]`: the same value at every temperature, with its unit."""

    range: Temperatures | None = Field(
        default=None, description="Two temperatures between which the values hold."
    )
    extrapolation: Extrapolation | None = None


class StatedNumber(Model):
    """A number of `[migration]`, with its quality and source; the unit is that of its quantity."""

    value: tuple[float, float] = Field(description="Value and standard deviation in SI.")
    quality: StatedQuality = Field(description="How the number came to be known.")
    T: Annotated[float, Quantified("temperature")] | None = None
    activation_energy: Annotated[float, Quantified("activation_energy")] | None = None
    bound: Bound = Field(default="value", description="The number itself, or a limit to it.")
    source: str = Field(default="", description="Where it is stated; by default the source of the section.")
    doi: str = Field(default="", description="Of that source.")


@cache
def _stated(quantity: str) -> type[StatedNumber]:
    """`StatedNumber` of one quantity, written with its unit."""
    field: Any = (quantity_field(quantity, uncertain=True), ...)
    return create_model(f"Stated_{quantity}", __base__=StatedNumber, value=field)


_NUMBERS = {name: _stated(quantity) for name, quantity in QUANTITY_OF.items() if name != "critical_voltage"}
_VOLTAGES = Annotated[Several[_stated(QUANTITY_OF["critical_voltage"])], OneIsAList]


class MigrationSection(_sections("MigrationSection", _NUMBERS, critical_voltage=(_VOLTAGES, ()))):
    """Section `[migration]`; the meaning of every key is in `MigrationData`."""

    ion: str = Field(description='The mobile ion, such as "Cu+".')
    charge: int = Field(description="Its z.")
    model: LimitModel = Field(description="What the limit of the current is taken from.")
    unknown: Several[str] = Field(default=(), description="What is not known, in words.")
    source: str = Field(default="", description="Of every number that states none of its own.")
    doi: str = Field(default="", description="Of that source.")


class Card(Model):
    """A material card.

    Examples
    --------
    >>> from ioffe.base.schema import validate
    >>> card = validate(Card, {"format": 1, "name": "Cu", "kind": "metal", "quality": "read",
    ...     "constant": {"thermal_conductivity": "400 W/(m K)", "electrical_resistivity": "1.678e-8 ohm m"}})
    >>> card.constant.thermal_conductivity
    (400.0, 0.0)
    """

    format: Literal[1] = Field(description="Version of the card format.")
    name: str = Field(min_length=1, description="Composition or trade name.")
    carrier: Literal["p", "n"] | None = Field(default=None, description="Sign of the majority carriers.")
    family: str = Field(default="", description="Material family.")
    kind: Kind = Field(default="thermoelectric", description="What the material is used as.")
    quality: Quality = Field(default="measured", description="How the numbers came to be known.")
    interpolation: Interpolation = Field(default="pchip", description="Between the points of the tables.")
    extrapolation: Extrapolation = Field(default="warn", description="Outside the ranges.")
    density: Annotated[float, Quantified("density")] | None = None
    heat_capacity: Annotated[float, Quantified("heat_capacity")] | None = None
    thermal_expansion: Annotated[float, Quantified("thermal_expansion")] | None = None
    youngs_modulus: Annotated[float, Quantified("youngs_modulus")] | None = None
    poisson_ratio: Annotated[float, Quantified("poisson_ratio")] | None = None
    melting_temperature: Annotated[float, Quantified("melting_temperature")] | None = None
    provenance: Origin = Field(default_factory=Origin)
    table: Annotated[Several[CardTable], OneIsAList] = ()
    formula: Formulas = Field(default_factory=Formulas)
    constant: Constants = Field(default_factory=Constants)
    migration: MigrationSection | None = Field(default=None, description="Moving ions.")
