"""From a material card to the material."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError, join_place
from ioffe.base.quantities import QUANTITIES, quantity
from ioffe.base.schema import read_toml, validate
from ioffe.base.units import convert
from ioffe.material.card import FIELD_OF, STD, Card, Formula, Table
from ioffe.material.material import Material
from ioffe.material.migration_card import data_of
from ioffe.material.provenance import Provenance


def read_card(path: str | Path) -> Material:
    """Material of a TOML card.

    Parameters
    ----------
    path : path
        A card file.

    Raises
    ------
    InputError
        With every fault of the card, its place and advice.
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

    Raises
    ------
    InputError
        With everything that is wrong with the curves.
    """
    faults = Faults(file)
    fields: dict[str, Any] = {}
    scalars = ("density", "heat_capacity", "thermal_expansion", "youngs_modulus", "poisson_ratio")
    for name in (*scalars, "melting_temperature"):
        if getattr(card, name) is not None:
            fields[name] = getattr(card, name)
    for place, curve in _curves(card, faults):
        field = FIELD_OF[curve.quantity]
        if field in fields:
            faults.add(place, expected=f"the card has a value for the field {field} already")
        fields[field] = curve
    if card.migration is not None:
        with faults.collect("migration"):
            fields["migration"] = data_of(card.migration)
    if "thermal_conductivity" not in fields and not faults:
        faults.add("thermal_conductivity", expected="no table, formula or constant gives it")
    faults.raise_if_any()
    with faults.collect():
        return Material(
            name=card.name,
            carrier=card.carrier,
            seebeck=fields.pop("seebeck", None),
            electrical=fields.pop("electrical", None),
            family=card.family,
            kind=card.kind,
            quality=card.quality,
            provenance=Provenance(**card.provenance.model_dump()),
            **fields,
        )
    raise InputError(*faults.found)


def _curves(card: Card, faults: Faults) -> Iterator[tuple[str, Curve]]:
    for index, table in enumerate(card.table):
        place = f"table[{index}]" if len(card.table) > 1 else "table"
        yield from _table_curves(card, table, place, faults)
    for name, formula in card.formula:
        if formula is not None:
            place = f"formula.{name}"
            with faults.collect(place):
                yield place, _formula_curve(card, name, formula)
    for name in FIELD_OF:
        value = getattr(card.constant, name)
        if value is not None:
            place = f"constant.{name}"
            with faults.collect(place):
                yield place, _constant_curve(card, name, value)


def _table_curves(card: Card, table: Table, place: str, faults: Faults) -> Iterator[tuple[str, Curve]]:
    columns = _columns(table, place, faults)
    if columns is None:
        return
    T = columns["T"]
    known: set[Fault] = set()
    for name, values in columns.items():
        if name == "T" or name.endswith(STD):
            continue
        try:
            yield (
                join_place(place, name),
                Curve(
                    T,
                    values,
                    name,
                    columns.get(name + STD),
                    table.interpolation or card.interpolation,
                    table.extrapolation or card.extrapolation,
                ),
            )
        except InputError as error:
            for fault in error.faults:
                fault = Fault(
                    fault.place.replace(f"{name}.T", "T"), fault.value, fault.expected, fault.advice
                )
                if fault not in known:
                    known.add(fault)
                    faults.add(join_place(place, fault.place), fault.value, fault.expected, fault.advice)


def _columns(table: Table, place: str, faults: Faults) -> dict[str, np.ndarray] | None:
    """Columns in SI by property, or None with the faults noted."""
    before = len(faults)
    names = list(table.columns)
    if "T" not in names:
        faults.add(f"{place}.columns", names, 'a column T with its unit is expected, such as T = "K"')
    for name in names:
        _check_column(name, table.columns, f"{place}.columns", faults)
    if not table.rows:
        faults.add(f"{place}.rows", expected="at least one row of numbers is expected")
    for index, row in enumerate(table.rows):
        if len(row) != len(names):
            expected = f"{len(names)} numbers are expected, one for each column"
            faults.add(f"{place}.rows[{index}]", list(row), expected)
    if len(faults) > before:
        return None
    data = np.array(table.rows, float).T
    found = {}
    for name, values in zip(names, data, strict=True):
        unit = table.columns[name]
        found[name] = convert(values, unit, _entry(name.removesuffix(STD)).unit)
    return found


def _check_column(name: str, columns: Mapping[str, str], place: str, faults: Faults) -> None:
    prop = name.removesuffix(STD)
    if prop != "T" and prop not in FIELD_OF:
        try:
            known = quantity(prop).name
            advice = f"{known} is no property of a material card"
        except InputError as error:
            advice = error.faults[0].advice
        faults.add(f"{place}.{name}", columns[name], "the name of a property is expected", advice)
        return
    if name.endswith(STD) and prop not in columns:
        faults.add(f"{place}.{name}", columns[name], f"a column {prop} is expected beside its deviations")
    with faults.collect(f"{place}.{name}"):
        _check_unit(columns[name], prop)


def _check_unit(unit: str, prop: str) -> None:
    entry = _entry(prop)
    try:
        convert(1.0, entry.unit, unit)
    except InputError as error:
        expected = f"a unit is expected, such as {entry.display_unit}"
        raise InputError(Fault("", unit, expected, error.faults[0].advice)) from None


def _entry(name: str) -> Any:
    return QUANTITIES["temperature" if name == "T" else name]


def _formula_curve(card: Card, name: str, formula: Formula) -> Curve:
    faults = Faults()
    with faults.collect("unit"):
        _check_unit(formula.unit, name)
    faults.raise_if_any()
    unit = QUANTITIES[name].unit
    coefficients = convert(list(formula.coefficients), formula.unit, unit)
    extrapolation = formula.extrapolation or card.extrapolation
    limits = _limits(formula.range)
    curve = Curve.polynomial(coefficients.tolist(), limits, name, extrapolation)
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
