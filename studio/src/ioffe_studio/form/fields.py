"""One key of a document as a field of the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from ioffe.base.errors import InputError
from ioffe.base.units import convert, format_si, parse_area
from ioffe.base.units.spelling import plain
from ioffe.device_file.tables import CrossSection
from ioffe.report.text import symbol_text
from ioffe_studio.form.kinds import Kinds, kinds_of
from ioffe_studio.form.values import slider, units_of, value_and_unit
from ioffe_studio.labels import in_form
from ioffe_studio.words import of_word

LONGEST_LABEL: Final = 44
LABELS: Final = {"T_hot": "Hot side", "T_cold": "Cold side", "p": "p leg", "n": "n leg"}


def label_of(model: type[BaseModel], key: str) -> str:
    """Words of a key: its label in reports, its description if that is short, or the key itself."""
    one = kinds_of(model, key).declared
    if one is not None and one.label:
        return one.label
    described = (model.model_fields[key].description or "").split(";")[0].rstrip(".")
    if one is not None and described and len(described) <= LONGEST_LABEL:
        return described
    return LABELS.get(key) or key[0].upper() + key[1:].replace("_", " ")


def fields_of(
    model: type[BaseModel], key: str, path: str, value: Any, *, given: bool
) -> Iterator[dict[str, Any]]:
    """The field of a key, two for a cross-section that is written as a product."""
    kinds, info = kinds_of(model, key), model.model_fields[key]
    required = info.is_required()
    default = None if info.default is PydanticUndefined else info.default
    common = {
        "id": path,
        "path": path,
        "label": label_of(model, key),
        "symbol": "",
        "help": in_form(info.description or ""),
        "value": value if given else None,
        "required": required,
        "advanced": not given and not required and not _is_main(kinds, default),
        "fault": None,
    }
    if kinds.quantity is not None:
        yield from _numbers(kinds, common, default)
    elif kinds.is_material:
        yield {**common, "kind": "material"}
    elif kinds.words:
        options = [{"value": word, "label": of_word(word)} for word in kinds.words]
        yield {**common, "kind": "choice", "options": options, "default_text": _default_text(default)}
    elif "flag" in kinds.plain:
        yield {**common, "kind": "flag", "default_text": "yes" if default else "no"}
    elif kinds.plain & {"integer", "number"}:
        yield _plain_number(common, default, whole="integer" in kinds.plain)
    elif "text" in kinds.plain and (value is None or isinstance(value, str)):
        yield {**common, "kind": "text", "default_text": _default_text(default)}
    elif not kinds.tables and not kinds.items:
        yield {**common, "kind": "json", "default_text": _default_text(default)}


def _is_main(kinds: Kinds, default: Any) -> bool:
    """Whether an empty field is shown at once: what is imposed, and what a part has by default."""
    one = kinds.declared
    return one is not None and (one.imposed or (default is not None and not one.label))


def _default_text(default: Any) -> str:
    return "" if default in (None, "", ()) else str(default)


def _plain_number(common: dict[str, Any], default: Any, *, whole: bool) -> dict[str, Any]:
    value = common["value"] if common["value"] is not None else default
    number = float(value) if isinstance(value, int | float) else 1.0
    high = 10.0 if number <= 3.0 else 3.0 * number
    return {
        **common,
        "kind": "number",
        "integer": whole,
        "bare": True,
        "display": value if isinstance(value, int | float) else None,
        "unit": "",
        "units": [],
        "minimum": 1.0 if whole else min(number / 10.0, 0.0),
        "maximum": round(high) if whole else high,
        "scale": "linear",
        "default_text": _default_text(default),
    }


def _numbers(kinds: Kinds, common: dict[str, Any], default: Any) -> Iterator[dict[str, Any]]:
    assert kinds.quantity is not None
    kind, one = kinds.quantity.quantity, kinds.declared
    value = common["value"]
    if (
        isinstance(kinds.quantity, CrossSection)
        and isinstance(value, str)
        and "x" in plain(value).replace("×", "x")
    ):
        sides = list(_sides(common, value))
        if sides:
            yield from sides
            return
    listed = isinstance(value, list)
    first = value[0] if listed and value else value
    found = None if first is None else value_and_unit(first, kind.name)
    unit = found[1] if found else units_of(kind.name)[0]
    words = one.words if one is not None else getattr(kinds.quantity, "words", ())
    start = found[0] if found else default if isinstance(default, float) else None
    low, high, scale = slider(kind.name, start, unit, one)
    display: Any = None if found is None else _shown(found[0], kind.unit, unit)
    if listed:
        pairs = [value_and_unit(item, kind.name) for item in value]
        display = [None if pair is None else _shown(pair[0], kind.unit, unit) for pair in pairs]
    elif display is None and isinstance(default, float) and value is None:
        display = _shown(default, kind.unit, unit)
    table = isinstance(value, Mapping)
    yield {
        **common,
        "path": f"{common['path']}.value" if table else common["path"],
        "symbol": symbol_text(kind.name),
        "help": common["help"] or f"{kind.description[0].upper()}{kind.description[1:]}.",
        "kind": "numbers" if kinds.quantity.many else "number",
        "bare": unit == "1" or table,
        "display": display,
        "unit": "" if unit == "1" else unit,
        "units": []
        if unit == "1"
        else [unit]
        if table
        else list(dict.fromkeys((unit, *units_of(kind.name)))),
        "spellings": {"C": "degC"} if "degC" in units_of(kind.name) else {},
        "minimum": low,
        "maximum": high,
        "scale": scale,
        "bounds": kind.range_text,
        "options": [{"value": word, "label": of_word(word)} for word in words],
        "default_text": format_si(default, kind.name) if isinstance(default, float) else "",
    }


def _shown(value: float, si: str, unit: str) -> float:
    return float(f"{float(convert(value, si, unit)):.12g}")


def _sides(common: dict[str, Any], value: str) -> Iterator[dict[str, Any]]:
    """Width and depth of a cross-section that is written as their product."""
    try:
        _, sides = parse_area(value)
    except InputError:
        return
    parts = [part.strip() for part in plain(value).replace("×", "x").split("x")]
    if sides is None or len(parts) != 2:
        return
    last = value_and_unit(parts[1], "length")
    unit = last[1] if last else "mm"
    shown = [_shown(side, "m", unit) for side in sides]
    for k, (words, number) in enumerate((("Width", shown[0]), ("Depth", shown[1]))):
        low, high, scale = slider("length", sides[k], unit)
        other = f"{shown[1 - k]:.12g} {unit}"
        yield {
            **common,
            "id": f"{common['path']}#{k}",
            "label": words,
            "symbol": "",
            "kind": "number",
            "bare": False,
            "write": f"{{}} {unit} x {other}" if k == 0 else f"{other} x {{}} {unit}",
            "display": number,
            "unit": unit,
            "units": [unit],
            "minimum": low,
            "maximum": high,
            "scale": scale,
            "options": [],
            "default_text": "",
        }
