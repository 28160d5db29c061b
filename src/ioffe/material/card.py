"""The material card: a TOML file with a material's curves, their units and their origin.

A card has `format`, `name`, `carrier`, `family`, `kind`, `quality`, a section `[provenance]`, and curves in

- `[[table]]`: `columns = { T = "K", seebeck = "uV/K", ... }` and `rows`; a column `seebeck_std` holds its
  standard deviations; properties measured at other temperatures stand in a table of their own;
- `[formula.seebeck]`: `coefficients` in ascending powers of T in K, `unit` and `range`;
- `[constant]`: values with units, and the `range` they are valid for.

`[migration]` holds what is known about moving ions; see `ioffe.material.migration_card`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator

from ioffe.base.schema import Model, Quantified, Several
from ioffe.material.migration_card import MigrationSection

FIELD_OF = {
    "seebeck": "seebeck",
    "electrical_conductivity": "electrical",
    "electrical_resistivity": "electrical",
    "thermal_conductivity": "thermal_conductivity",
    "zT": "reported_zT",
    "hall_coefficient": "hall",
    "hall_carrier_density": "hall",
    "heat_capacity": "heat_capacity",
    "thermal_expansion": "thermal_expansion",
    "youngs_modulus": "youngs_modulus",
    "poisson_ratio": "poisson_ratio",
}
"""Field of `Material` that a curve of a quantity belongs to."""
STD = "_std"
Interpolation = Literal["linear", "pchip", "cubic"]
Extrapolation = Literal["warn", "hold", "strict"]
Kind = Literal["thermoelectric", "metal", "ceramic", "solder", "semiconductor", "polymer", "other"]
Quality = Literal["measured", "reconstructed", "read", "remembered", "synthetic"]
Pair = tuple[float, float]
"""Value and standard deviation."""
Temperatures = Annotated[float | tuple[float, ...], Quantified("temperature", many=True)]


class Origin(Model):
    """Section `[provenance]`: where the numbers come from."""

    doi: str = Field(default="", description="DOI of the publication, without an address.")
    source: str = Field(default="", description="Data set, data sheet or file the numbers were taken from.")
    sample: str = Field(default="", description="Sample in that source.")
    licence: str = Field(default="", description="Terms under which the numbers may be passed on.")
    method: str = Field(default="", description="How they were measured, digitised or reconstructed.")
    note: str = Field(default="", description="What one must know before using them.")


class Table(Model):
    """Section `[[table]]`: properties on one grid of temperatures."""

    columns: dict[str, str] = Field(description="Property and unit of every column, T first.")
    rows: Several[Several[float]] = Field(description="Numbers, one list for each temperature.")
    interpolation: Interpolation | None = None
    extrapolation: Extrapolation | None = None


class Formula(Model):
    """Section `[formula.PROPERTY]`: a polynomial in T, up to the third degree."""

    coefficients: Several[float] = Field(description="Ascending: c0 + c1 T + c2 T^2 + c3 T^3, T in K.")
    unit: str = Field(description="Unit of the polynomial's value.")
    range: Temperatures = Field(description="Two temperatures between which it is valid.")
    std: Several[float] | None = Field(
        default=None, description="Standard deviation at both ends of the range."
    )
    extrapolation: Extrapolation | None = None


class Formulas(Model):
    """Section `[formula]`: a polynomial for any of the properties."""

    seebeck: Formula | None = None
    electrical_conductivity: Formula | None = None
    electrical_resistivity: Formula | None = None
    thermal_conductivity: Formula | None = None
    zT: Formula | None = None
    hall_coefficient: Formula | None = None
    hall_carrier_density: Formula | None = None
    heat_capacity: Formula | None = None
    thermal_expansion: Formula | None = None
    youngs_modulus: Formula | None = None
    poisson_ratio: Formula | None = None


class Constants(Model):
    """Section `[constant]`: the same value at every temperature, with its unit."""

    range: Temperatures | None = Field(
        default=None, description="Two temperatures between which the values hold."
    )
    extrapolation: Extrapolation | None = None
    seebeck: Annotated[Pair, Quantified("seebeck", uncertain=True)] | None = None
    electrical_conductivity: Annotated[Pair, Quantified("electrical_conductivity", uncertain=True)] | None = (
        None
    )
    electrical_resistivity: Annotated[Pair, Quantified("electrical_resistivity", uncertain=True)] | None = (
        None
    )
    thermal_conductivity: Annotated[Pair, Quantified("thermal_conductivity", uncertain=True)] | None = None
    zT: Annotated[Pair, Quantified("zT", uncertain=True)] | None = None
    hall_coefficient: Annotated[Pair, Quantified("hall_coefficient", uncertain=True)] | None = None
    hall_carrier_density: Annotated[Pair, Quantified("hall_carrier_density", uncertain=True)] | None = None
    heat_capacity: Annotated[Pair, Quantified("heat_capacity", uncertain=True)] | None = None
    thermal_expansion: Annotated[Pair, Quantified("thermal_expansion", uncertain=True)] | None = None
    youngs_modulus: Annotated[Pair, Quantified("youngs_modulus", uncertain=True)] | None = None
    poisson_ratio: Annotated[Pair, Quantified("poisson_ratio", uncertain=True)] | None = None


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
    table: Several[Table] = ()
    formula: Formulas = Field(default_factory=Formulas)
    constant: Constants = Field(default_factory=Constants)
    migration: MigrationSection | None = Field(default=None, description="Moving ions.")

    @field_validator("table", mode="before")
    @classmethod
    def _one_table(cls, value: object) -> object:
        """One section `[table]` is as good as a list of one."""
        return [value] if isinstance(value, Mapping) else value
