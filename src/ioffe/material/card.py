"""The material card: a TOML file with a material's curves, their units and their origin; and its reading.

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

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BeforeValidator, Field, create_model

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError, join_location
from ioffe.base.quantities import QUANTITIES, quantity
from ioffe.base.schema import Model, Quantified, Several, quantity_field, read_toml, validate
from ioffe.base.units import convert
from ioffe.material.fields import FIELD_OF, SCALARS, Kind, Provenance, Quality
from ioffe.material.material import Material
from ioffe.material.migration import QUANTITY_OF, Bound, LimitModel, MigrationData, Stated, StatedQuality

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
    reading: str = Field(default="", description="How the numbers were taken from their file.")
    not_used: str = Field(default="", description="Columns, rows and sheets of the file that were not used.")


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
    spans: Several[Annotated[tuple[float, ...], Quantified("temperature", many=True)]] = Field(
        default=(), description="Lower and upper ends of the samples that S* is the mean over."
    )
    correlation: float = Field(
        default=0.0, description="Of a critical voltage: of its error with that of S_star, from -1 to 1."
    )
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
    strength: Annotated[float, Quantified("strength")] | None = None
    weibull_modulus: Annotated[float, Quantified("weibull_modulus")] | None = None
    strength_volume: Annotated[float, Quantified("strength_volume")] | None = None
    provenance: Origin = Field(default_factory=Origin)
    table: Annotated[Several[CardTable], OneIsAList] = ()
    formula: Formulas = Field(default_factory=Formulas)
    constant: Constants = Field(default_factory=Constants)
    migration: MigrationSection | None = Field(default=None, description="Moving ions.")


def read_card(path: str | Path) -> Material:
    """Material of a TOML card.

    Parameters
    ----------
    path : path
        A card file.

    Returns
    -------
    Material

    Raises
    ------
    InputError
        With every fault of the card, its location and advice.

    Examples
    --------
    >>> import ioffe as te
    >>> _ = te.load_material("Bi2Te3").save("card.toml")
    >>> read_card("card.toml").zT(300.0) == te.load_material("Bi2Te3").zT(300.0)
    True
    """
    return material_of(validate(Card, read_toml(path), path), str(path))


def material_of(card: Card, file: str = "") -> Material:
    """Material of a validated card.

    Parameters
    ----------
    card : Card
        The card.
    file : str
        Its name, for messages.

    Returns
    -------
    Material

    Raises
    ------
    InputError
        With everything that is wrong with the curves.
    """
    faults = Faults(file)
    fields: dict[str, Any] = {k: getattr(card, k) for k in SCALARS if getattr(card, k) is not None}
    absent: dict[str, Any] = {"seebeck": None, "electrical": None, "thermal_conductivity": None}
    for location, curve in _curves(card, faults):
        field = FIELD_OF[curve.quantity]
        if field in fields:
            faults.add(location, expected=f"the card has a value for the field {field} already")
        fields[field] = curve
    if card.migration is not None:
        with faults.collect("migration"):
            fields["migration"] = _migration(card.migration)
    measured = {"seebeck", "electrical"} <= fields.keys()  # a ZEM alone: analysed, but in no device
    if "thermal_conductivity" not in fields and not measured and not faults:
        faults.add("thermal_conductivity", expected="no table, formula or constant gives it")
    faults.raise_if_any()
    words = {name: getattr(card, name) for name in ("name", "carrier", "family", "kind", "quality")}
    words["provenance"] = Provenance(**card.provenance.model_dump())
    with faults.collect():
        return Material(**absent | words | fields)
    raise InputError(*faults.found)


def _migration(section: MigrationSection) -> MigrationData:
    """The numbers of a validated section; raises `InputError` with all that do not fit together."""

    def plain(value: Any) -> Any:
        if isinstance(value, StatedNumber):
            return Stated(*value.value, **{k: v for k, v in value if k != "value"})
        return tuple(plain(v) for v in value) if isinstance(value, tuple) else value

    return MigrationData(**{name: plain(value) for name, value in section})


def _curves(card: Card, faults: Faults) -> Iterator[tuple[str, Curve]]:
    for index, table in enumerate(card.table):
        location = f"table[{index}]" if len(card.table) > 1 else "table"
        yield from _table_curves(card, table, location, faults)
    for section, curve_of in (("formula", _formula_curve), ("constant", _constant_curve)):
        for name in FIELD_OF:
            value = getattr(getattr(card, section), name)
            if value is not None:
                with faults.collect(f"{section}.{name}"):
                    yield f"{section}.{name}", curve_of(card, name, value)


def _table_curves(card: Card, table: CardTable, location: str, faults: Faults) -> Iterator[tuple[str, Curve]]:
    columns = _columns(table, location, faults)
    kinds = (table.interpolation or card.interpolation, table.extrapolation or card.extrapolation)
    known: set[Fault] = set()
    for name in [name for name in columns if name != "T" and not name.endswith(STD)]:
        own = Faults()
        with own.collect():
            curve = Curve(columns["T"], columns[name], name, columns.get(name + STD), *kinds)
            yield join_location(location, name), curve
        for fault in own.found:  # what is wrong with the temperatures is said once for all columns
            fault = replace(fault, location=fault.location.replace(f"{name}.T", "T"))
            if fault not in known:
                known.add(fault)
                faults.add(join_location(location, fault.location), fault.value, fault.expected, fault.advice)


def _columns(table: CardTable, location: str, faults: Faults) -> dict[str, np.ndarray]:
    """Columns in SI by property; empty with the faults noted."""
    before = len(faults)
    names = list(table.columns)
    if "T" not in names:
        faults.add(f"{location}.columns", names, 'a column T with its unit is expected, such as T = "K"')
    for name in names:
        _check_column(name, table.columns, f"{location}.columns", faults)
    if not table.rows:
        faults.add(f"{location}.rows", expected="at least one row of numbers is expected")
    for index, row in enumerate(table.rows):
        if len(row) != len(names):
            expected = f"{len(names)} numbers are expected, one for each column"
            faults.add(f"{location}.rows[{index}]", list(row), expected)
    if len(faults) > before:
        return {}
    columns = zip(table.columns.items(), np.array(table.rows, float).T, strict=True)
    return {name: convert(v, unit, _entry(name.removesuffix(STD)).unit) for (name, unit), v in columns}


def _check_column(name: str, columns: Mapping[str, str], location: str, faults: Faults) -> None:
    prop = name.removesuffix(STD)
    if prop != "T" and prop not in FIELD_OF:
        try:
            advice = f"{quantity(prop).name} is no property of a material card"
        except InputError as error:
            advice = error.faults[0].advice
        faults.add(f"{location}.{name}", columns[name], "the name of a property is expected", advice)
        return
    if name.endswith(STD) and prop not in columns:
        faults.add(f"{location}.{name}", columns[name], f"a column {prop} is expected beside its deviations")
    with faults.collect():
        _check_unit(columns[name], prop, f"{location}.{name}")


def _check_unit(unit: str, prop: str, location: str) -> None:
    entry = _entry(prop)
    try:
        convert(1.0, entry.unit, unit)
    except InputError as error:
        expected = f"a unit is expected, such as {entry.display_unit}"
        raise InputError(Fault(location, unit, expected, error.faults[0].advice)) from None


def _entry(name: str) -> Any:
    return QUANTITIES["temperature" if name == "T" else name]


def _formula_curve(card: Card, name: str, formula: CardFormula) -> Curve:
    _check_unit(formula.unit, name, "unit")
    unit = QUANTITIES[name].unit
    coefficients = convert(list(formula.coefficients), formula.unit, unit)
    extrapolation = formula.extrapolation or card.extrapolation
    curve = Curve.polynomial(coefficients.tolist(), _limits(formula.range), name, extrapolation)
    if formula.std is None:
        return curve
    return curve.replace(std=convert(list(formula.std), formula.unit, unit))


def _constant_curve(card: Card, name: str, value: tuple[float, float]) -> Curve:
    section = card.constant
    std = value[1] or None
    if section.range is None:
        return Curve.constant(value[0], name, std=std)
    curve = Curve.constant(value[0], name, _limits(section.range), std)
    return curve.replace(extrapolation=section.extrapolation or card.extrapolation)


def _limits(given: float | tuple[float, ...]) -> tuple[float, ...]:
    if not isinstance(given, tuple) or len(given) != 2:
        raise InputError(Fault("range", given, "two temperatures are expected, such as [200, 400]"))
    return given
