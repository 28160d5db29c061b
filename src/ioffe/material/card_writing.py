"""The card of a material, as plain values and as TOML that people can read and edit."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from ioffe.base.curve import ALL_TEMPERATURES, Curve
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.card import STD
from ioffe.material.material import Material
from ioffe.material.migration import QUANTITY_OF, MigrationData, Stated

__all__ = ["card_of", "card_text", "dumps", "one_line"]

BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
DEFAULTS: Final = {"interpolation": "pchip", "extrapolation": "warn"}
"""What a card need not say."""


def card_of(material: Material) -> dict[str, Any]:
    """Card of a material as plain text, numbers and lists.

    Values are written in the unit people read where that changes no digit, else in SI, so that the card read
    back gives an equal material.

    `material`: any material.
    Returns: as `tomllib` would read it.

    >>> m = Material.from_arrays("trial", "p", [300.0, 400.0], seebeck=[2e-4, 2.2e-4],
    ...     electrical_conductivity=[9e4, 8e4], thermal_conductivity=[1.5, 1.4])
    >>> card = card_of(m)["table"][0]
    >>> card["columns"]["seebeck"], card["rows"][0]
    ('uV/K', [300.0, 200.0, 900.0, 1.5])
    """
    curves = list(material.curves().values())
    values = {f.name: getattr(material, f.name) for f in dataclasses.fields(material)}
    card: dict[str, Any] = {
        "format": 1,
        "name": material.name,
        "carrier": material.carrier,
        "family": material.family or None,
        "kind": material.kind,
        "quality": material.quality,
        **{name: value for name, value in values.items() if isinstance(value, float)},
    }
    if origin := material.provenance.to_dict():
        card["provenance"] = origin
    groups: dict[tuple[Any, ...], list[Curve]] = {}
    for curve in curves:
        if curve.coefficients is None:
            key = (curve.T.tobytes(), curve.interpolation, curve.extrapolation)
            groups.setdefault(key, []).append(curve)
    if groups:
        card["table"] = [_table(group) for group in groups.values()]
    formulas = [curve for curve in curves if curve.coefficients is not None]
    if formulas and _are_constants(formulas):
        card["constant"] = _constants(formulas)
    elif formulas:
        card["formula"] = {curve.quantity: _formula(curve) for curve in formulas}
    if material.migration is not None:
        card["migration"] = _migration(material.migration)
    return card


def card_text(material: Material) -> str:
    """TOML card of a material.

    `material`: any material.
    Returns: text that `read_card` turns into an equal material.
    """
    return dumps(card_of(material))


def _table(curves: list[Curve]) -> dict[str, Any]:
    """Curves on the same temperatures with the same interpolation, together."""
    columns, data = {"T": "K"}, [curves[0].T]
    for curve in curves:
        for name, values in ((curve.quantity, curve.values), (curve.quantity + STD, curve.std)):
            if values is not None:
                columns[name], shown = _readable(values, curve.quantity)
                data.append(shown)
    return {"columns": columns, **_said(curves[0], *DEFAULTS), "rows": np.column_stack(data).tolist()}


def _said(curve: Curve, *words: str) -> dict[str, str]:
    """Words of a curve that differ from what a card need not say; one point has no interpolation."""
    found = {word: getattr(curve, word) for word in words}
    return {k: v for k, v in found.items() if v not in (DEFAULTS[k], "constant")}


def _readable(values: np.ndarray, quantity: str) -> tuple[str, np.ndarray]:
    """Display unit and values if they convert back to the same numbers, else SI."""
    entry = QUANTITIES[quantity]
    shown = convert(values, entry.unit, entry.display_unit)
    for candidate in (np.array([float(f"{value:.15g}") for value in shown]), shown):
        if np.array_equal(convert(candidate, entry.display_unit, entry.unit), values):
            return entry.display_unit, candidate
    return entry.unit, values


def _formula(curve: Curve) -> dict[str, Any]:
    unit, limits = QUANTITIES[curve.quantity].unit, list(curve.range)
    section = {"coefficients": list(curve.coefficients or ()), "unit": unit, "range": limits}
    deviations = {} if curve.std is None else {"std": curve.std.tolist()}
    return section | deviations | _said(curve, "extrapolation")


def _are_constants(curves: list[Curve]) -> bool:
    """Whether all are constants that one section can hold."""
    alike = len({(curve.range, curve.extrapolation) for curve in curves}) == 1
    flat = all(len(c.coefficients or ()) == 1 and (c.std is None or c.std[0] == c.std[-1]) for c in curves)
    everywhere = curves[0].range != ALL_TEMPERATURES or curves[0].extrapolation == "hold"
    return alike and flat and everywhere


def _constants(curves: list[Curve]) -> dict[str, Any]:
    section: dict[str, Any] = {}
    if curves[0].range != ALL_TEMPERATURES:
        section = {"range": list(curves[0].range), **_said(curves[0], "extrapolation")}
    for curve in curves:
        std = 0.0 if curve.std is None else float(curve.std[0])
        section[curve.quantity] = _value(float(curve.values[0]), curve.quantity, std)
    return section


def _value(value: float, quantity: str, std: float) -> dict[str, Any]:
    found = {"value": value, "unit": QUANTITIES[quantity].unit}
    return found | {"uncertainty": std} if std else found


def _migration(data: MigrationData) -> dict[str, Any]:
    """Section `[migration]` in SI; reading it gives the same data again."""

    def plain(value: Any, name: str) -> Any:
        if isinstance(value, Stated):
            stated = vars(value) | {"spans": [list(span) for span in value.spans]}
            words = {
                k: v for k, v in stated.items() if k not in ("value", "std") and v not in ("", None, [], 0.0)
            }
            if value.bound == "value":
                del words["bound"]
            return {"value": _value(value.value, QUANTITY_OF[name], value.std), **words}
        return [plain(entry, name) for entry in value] if isinstance(value, tuple) else value

    section = {f.name: plain(getattr(data, f.name), f.name) for f in dataclasses.fields(data)}
    return {name: value for name, value in section.items() if value not in ("", None, [])}


def dumps(card: Mapping[str, Any]) -> str:
    r"""TOML text of a card: plain values first, then sections, one line for each row of a table.

    `card`: card as `tomllib` would return it: text, numbers, lists; a mapping becomes a section, a list of
        mappings becomes repeated sections. Entries that are None are left out.
    Returns: text ending in a newline; `tomllib.loads` returns the card again, floats included.

    >>> print(dumps({"format": 1, "name": "X", "table": [{"columns": {"T": "K"}, "rows": [[300.0]]}]}))
    format = 1
    name = "X"
    <BLANKLINE>
    [[table]]
    columns = { T = "K" }
    rows = [
      [300.0],
    ]
    <BLANKLINE>
    """
    lines: list[str] = []
    _section(lines, card, [])
    return "\n".join(lines) + "\n"


def _section(lines: list[str], content: Mapping[str, Any], path: list[str]) -> None:
    inner: list[tuple[str, Any]] = []
    for name, value in content.items():
        if value is None:
            continue
        if name != "columns" and (isinstance(value, Mapping) or _is_list_of_mappings(value)):
            inner.append((name, value))
        else:
            lines.append(f"{_key(name)} = {_rows(value) if name == 'rows' else one_line(value)}")
    for name, value in inner:
        below = [*path, name]
        header = ".".join(_key(part) for part in below)
        for part in [value] if isinstance(value, Mapping) else value:
            if not isinstance(value, Mapping):
                lines += ["", f"[[{header}]]"]
            elif not part or not all(isinstance(entry, Mapping) for entry in part.values()):
                lines += ["", f"[{header}]"]
            _section(lines, part, below)


def _is_list_of_mappings(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _rows(rows: Iterable[Iterable[float]]) -> str:
    return "\n".join(["[", *(f"  {one_line(list(row))}," for row in rows), "]"])


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    escaped = "".join(ESCAPES.get(c, c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}") for c in text)
    return f'"{escaped}"'


def one_line(value: Any) -> str:
    """A value as TOML on one line.

    >>> one_line({"value": 7.9, "unit": "uohm cm2"})
    '{ value = 7.9, unit = "uohm cm2" }'
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {one_line(entry)}" for name, entry in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(one_line, value))}]"
    raise TypeError(f"a card holds text, numbers, lists and sections, not {type(value).__name__}")
