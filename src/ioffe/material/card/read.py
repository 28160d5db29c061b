"""From a material card to the material."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError, join_place
from ioffe.base.quantities import QUANTITIES, quantity
from ioffe.base.schema import read_toml, validate
from ioffe.base.units import convert
from ioffe.material.card.schema import STD, Card, CardFormula, CardTable, MigrationSection, StatedNumber
from ioffe.material.fields import FIELD_OF, SCALARS, Provenance
from ioffe.material.material import Material
from ioffe.material.migration import MigrationData, Stated

__all__ = ["material_of", "read_card"]


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
    absent: dict[str, Any] = {"seebeck": None, "electrical": None}
    for place, curve in _curves(card, faults):
        field = FIELD_OF[curve.quantity]
        if field in fields:
            faults.add(place, expected=f"the card has a value for the field {field} already")
        fields[field] = curve
    if card.migration is not None:
        with faults.collect("migration"):
            fields["migration"] = _migration(card.migration)
    if "thermal_conductivity" not in fields and not faults:
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
        place = f"table[{index}]" if len(card.table) > 1 else "table"
        yield from _table_curves(card, table, place, faults)
    for section, curve_of in (("formula", _formula_curve), ("constant", _constant_curve)):
        for name in FIELD_OF:
            value = getattr(getattr(card, section), name)
            if value is not None:
                with faults.collect(f"{section}.{name}"):
                    yield f"{section}.{name}", curve_of(card, name, value)


def _table_curves(card: Card, table: CardTable, place: str, faults: Faults) -> Iterator[tuple[str, Curve]]:
    columns = _columns(table, place, faults)
    kinds = (table.interpolation or card.interpolation, table.extrapolation or card.extrapolation)
    known: set[Fault] = set()
    for name in [name for name in columns if name != "T" and not name.endswith(STD)]:
        own = Faults()
        with own.collect():
            curve = Curve(columns["T"], columns[name], name, columns.get(name + STD), *kinds)
            yield join_place(place, name), curve
        for fault in own.found:  # what is wrong with the temperatures is said once for all columns
            fault = replace(fault, place=fault.place.replace(f"{name}.T", "T"))
            if fault not in known:
                known.add(fault)
                faults.add(join_place(place, fault.place), fault.value, fault.expected, fault.advice)


def _columns(table: CardTable, place: str, faults: Faults) -> dict[str, np.ndarray]:
    """Columns in SI by property; empty with the faults noted."""
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
        return {}
    columns = zip(table.columns.items(), np.array(table.rows, float).T, strict=True)
    return {name: convert(v, unit, _entry(name.removesuffix(STD)).unit) for (name, unit), v in columns}


def _check_column(name: str, columns: Mapping[str, str], place: str, faults: Faults) -> None:
    prop = name.removesuffix(STD)
    if prop != "T" and prop not in FIELD_OF:
        try:
            advice = f"{quantity(prop).name} is no property of a material card"
        except InputError as error:
            advice = error.faults[0].advice
        faults.add(f"{place}.{name}", columns[name], "the name of a property is expected", advice)
        return
    if name.endswith(STD) and prop not in columns:
        faults.add(f"{place}.{name}", columns[name], f"a column {prop} is expected beside its deviations")
    with faults.collect():
        _check_unit(columns[name], prop, f"{place}.{name}")


def _check_unit(unit: str, prop: str, place: str) -> None:
    entry = _entry(prop)
    try:
        convert(1.0, entry.unit, unit)
    except InputError as error:
        expected = f"a unit is expected, such as {entry.display_unit}"
        raise InputError(Fault(place, unit, expected, error.faults[0].advice)) from None


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
