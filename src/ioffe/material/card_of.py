"""The card of a material: its fields as plain values, ready to be written as TOML."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.curve import ALL_TEMPERATURES, Curve
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert

if TYPE_CHECKING:
    from ioffe.material.material import Material

TABLES = ("linear", "pchip", "cubic")


def card_of(material: Material) -> dict[str, Any]:
    """Card of a material as plain text, numbers and lists.

    Values are written in the unit people read where that changes no digit, else in SI, so that the card read
    back gives an equal material.

    Parameters
    ----------
    material : Material
        Any material.

    Returns
    -------
    dict
        As `tomllib` would read it.

    Examples
    --------
    >>> from ioffe.material import Material
    >>> m = Material.from_arrays("trial", "p", [300.0, 400.0], seebeck=[2e-4, 2.2e-4],
    ...     electrical_conductivity=[9e4, 8e4], thermal_conductivity=[1.5, 1.4])
    >>> card = card_of(m)["table"][0]
    >>> card["columns"]["seebeck"], card["rows"][0]
    ('uV/K', [300.0, 200.0, 900.0, 1.5])
    """
    from ioffe.material.migration_card import section_of

    curves: list[Curve] = []
    scalars: dict[str, float] = {}
    for f in dataclasses.fields(material):
        value = getattr(material, f.name)
        if isinstance(value, Curve):
            curves.append(value)
        elif isinstance(value, float):
            scalars[f.name] = value
    card: dict[str, Any] = {
        "format": 1,
        "name": material.name,
        "carrier": material.carrier,
        "family": material.family or None,
        "kind": material.kind,
        "quality": material.quality,
        **scalars,
    }
    if origin := material.provenance.to_dict():
        card["provenance"] = origin
    tables = [curve for curve in curves if curve.coefficients is None]
    formulas = [curve for curve in curves if curve.coefficients is not None]
    if tables:
        card["table"] = [_table(group) for group in _groups(tables)]
    if formulas and _are_constants(formulas):
        card["constant"] = _constants(formulas)
    elif formulas:
        card["formula"] = {curve.quantity: _formula(curve) for curve in formulas}
    if material.migration is not None:
        card["migration"] = section_of(material.migration)
    return card


def _groups(curves: Iterable[Curve]) -> list[list[Curve]]:
    """Curves on the same temperatures with the same interpolation, together."""
    groups: dict[tuple[Any, ...], list[Curve]] = {}
    for curve in curves:
        groups.setdefault((curve.T.tobytes(), curve.interpolation, curve.extrapolation), []).append(curve)
    return list(groups.values())


def _table(curves: list[Curve]) -> dict[str, Any]:
    first = curves[0]
    columns, data = {"T": "K"}, [first.T]
    for curve in curves:
        unit, values = _readable(curve.values, curve.quantity)
        columns[curve.quantity] = unit
        data.append(values)
        if curve.std is not None:
            columns[f"{curve.quantity}_std"], values = _readable(curve.std, curve.quantity)
            data.append(values)
    table: dict[str, Any] = {"columns": columns}
    if first.interpolation in TABLES and first.interpolation != "pchip":
        table["interpolation"] = first.interpolation
    if first.extrapolation != "warn":
        table["extrapolation"] = first.extrapolation
    return table | {"rows": np.column_stack(data).tolist()}


def _readable(values: np.ndarray, quantity: str) -> tuple[str, np.ndarray]:
    """Display unit and values if they convert back to the same numbers, else SI."""
    entry = QUANTITIES[quantity]
    shown = convert(values, entry.unit, entry.display_unit)
    for candidate in (np.array([float(f"{value:.15g}") for value in shown]), shown):
        if np.array_equal(convert(candidate, entry.display_unit, entry.unit), values):
            return entry.display_unit, candidate
    return entry.unit, values


def _formula(curve: Curve) -> dict[str, Any]:
    section: dict[str, Any] = {
        "coefficients": list(curve.coefficients or ()),
        "unit": QUANTITIES[curve.quantity].unit,
        "range": list(curve.range),
    }
    if curve.std is not None:
        section["std"] = curve.std.tolist()
    if curve.extrapolation != "warn":
        section["extrapolation"] = curve.extrapolation
    return section


def _are_constants(curves: list[Curve]) -> bool:
    """Whether all are constants that one section can hold."""
    alike = len({(curve.range, curve.extrapolation) for curve in curves}) == 1
    flat = all(len(c.coefficients or ()) == 1 and (c.std is None or c.std[0] == c.std[-1]) for c in curves)
    everywhere = curves[0].range != ALL_TEMPERATURES or curves[0].extrapolation == "hold"
    return alike and flat and everywhere


def _constants(curves: list[Curve]) -> dict[str, Any]:
    section: dict[str, Any] = {}
    if curves[0].range != ALL_TEMPERATURES:
        section["range"] = list(curves[0].range)
        if curves[0].extrapolation != "warn":
            section["extrapolation"] = curves[0].extrapolation
    for curve in curves:
        unit = QUANTITIES[curve.quantity].unit
        section[curve.quantity] = {"value": float(curve.values[0]), "unit": unit}
        if curve.std is not None:
            section[curve.quantity]["uncertainty"] = float(curve.std[0])
    return section
