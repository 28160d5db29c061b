"""What can be done to the structure of a document: tables and items that come, go and change places.

An action is a list of operations on paths, which the page applies as one step; then the document is whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from ioffe.base.units import convert
from ioffe.device_file.models import CoolTable, GenerateTable, LegTable, ModuleTable, SegmentTable
from ioffe_studio.form.fields import label_of
from ioffe_studio.form.kinds import kinds_of
from ioffe_studio.form.values import value_and_unit, value_at
from ioffe_studio.words import materials_in

MATERIALS: Final = {"p": "Bi0.42Sb1.58Te3", "n": "Bi2Te2.7Se0.3", "layer": "Cu"}
STARTERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "measured": {"quantity": "max_power", "value": "1 W"},
    "degradation": {"law": "linear", "path": "T_hot", "change": "-1 K", "time": "1 year"},
    "layer": {"resistivity": "1e-6 ohm m"},
}
"""Keys without which a table says nothing, though its model asks for none of them."""
OF_THE_DEVICE: Final = "\0"
"""In place of a name, which is that of a material of the device."""
SURROUNDINGS: Final = "300 K"
FILL_FACTOR: Final = 0.3
MODES: Final = {
    "generate": {"T_hot": "500 K", "T_cold": "300 K"},
    "cool": {"T_hot": "300 K", "T_cold": "280 K"},
}
"""Temperatures of the sides with which an operation begins."""
TITLES: Final = {
    "operate": "Operation",
    "hot": "Hot stack, layer",
    "cold": "Cold stack, layer",
    "solve": "Solution",
    "side": "Losses of the sides",
    "between": "Contact between segments",
    "contact": "Contacts of both ends",
    "contact_hot": "Contact of the hot end",
    "contact_cold": "Contact of the cold end",
    "filler": "Filling of the gaps",
    "layout": "Layout of the legs",
    "segments": "Segment",
    "stages": "Stage",
    "measured": "Measured value",
    "calibrate": "Calibration",
    "life": "Service life",
    "at": "Conditions of the measured value",
}
"""Words of groups, where the key alone does not say them."""
HIDDEN: Final = frozenset({"format", "mode", "law"})
"""Keys that actions change, because others follow from them."""
Operation = dict[str, Any]
Action = dict[str, Any]


def title_of(model: type[BaseModel], key: str) -> str:
    """Words of a group."""
    if key == "between" and "stages" in model.model_fields:
        return "Between the stages"
    return TITLES.get(key) or label_of(model, key)


def words_of(model: type[BaseModel], key: str) -> str:
    """Words of a group inside a sentence."""
    return title_of(model, key).lower() if key not in ("p", "n") else label_of(model, key)


def chosen_of(options: tuple[type[BaseModel], ...], value: Any) -> type[BaseModel]:
    """The model of a table that may be one of several: the one whose word it states."""
    first, *_ = options
    if len(options) > 1 and isinstance(value, Mapping):
        for model in options:
            for key in HIDDEN & model.model_fields.keys():
                if value.get(key) in kinds_of(model, key).words:
                    return model
    return first


def starter(model: type[BaseModel], key: str = "") -> dict[str, Any]:
    """The smallest table that a model takes."""
    found: dict[str, Any] = dict(STARTERS.get(key, {}))
    for name, info in model.model_fields.items():
        kinds = kinds_of(model, name)
        if not info.is_required() or name in found:
            continue
        if kinds.quantity is not None:
            found[name] = kinds.quantity.quantity.example
        elif kinds.is_material:
            found[name] = MATERIALS.get(key, MATERIALS.get(name, MATERIALS["p"]))
        elif kinds.words:
            found[name] = kinds.words[0]
        elif kinds.tables:
            found[name] = starter(kinds.tables[0], name)
        elif kinds.items:
            found[name] = [starter(kinds.items[0], name)]
        elif "integer" in kinds.plain or "number" in kinds.plain:
            found[name] = 1
        elif "text" in kinds.plain:
            found[name] = OF_THE_DEVICE
    if issubclass(model, ModuleTable):
        found["fill_factor"] = FILL_FACTOR
    if issubclass(model, LegTable):
        found |= {"material": MATERIALS.get(key, MATERIALS["p"]), "length": "1.6 mm"}
    return found


def additions(
    model: type[BaseModel], key: str, prefix: str, value: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Actions that add a table that is not there, or an item to a list of tables."""
    kinds = kinds_of(model, key)
    path, words = f"{prefix}{key}", words_of(model, key)
    item = value.get(key)
    if issubclass(model, LegTable) and not _admits(key, value):
        return
    if kinds.items and (item is None or isinstance(item, list)) and key not in ("segments", "between"):
        count = len(item or ())
        label = f"Add a layer to the {key} stack" if key in ("hot", "cold") else f"Add: {words}"
        one = starter(chosen_of(kinds.items, STARTERS.get(key, {})), key)
        yield action(label, [put(path, [one]) if item is None else put(f"{path}[{count}]", one)])
    elif kinds.tables and not kinds.is_material and key not in value and key not in ("p", "n"):
        yield action(f"Add: {words}", [put(path, starter(kinds.tables[0], key))])


def moves(path: str, items: list[Any], k: int) -> list[dict[str, Any]]:
    """Remove an item of a list, or exchange it with a neighbour."""
    found = []
    for step, words in ((-1, "Move up"), (1, "Move down")):
        other = k + step
        if 0 <= other < len(items):
            exchange = [put(f"{path}[{k}]", items[other]), put(f"{path}[{other}]", items[k])]
            found.append(action(words, exchange))
    return [*found, action("Remove", [put(f"{path}[{k}]", None)], danger=True)]


def special(model: type[BaseModel], path: str, value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What changes several keys at once: segments of a leg, contacts of both ends, the mode of operation."""
    if issubclass(model, LegTable):
        yield from _of_leg(path, value)
    if "mode" in model.model_fields:
        cools = value.get("mode") == "cool"
        words, other = ("Generate power", "generate") if cools else ("Cool", "cool")
        sides = MODES[other]
        shared = CoolTable.model_fields.keys() & GenerateTable.model_fields.keys() - {
            "mode",
            "current",
            *sides,
        }
        kept = {key: item for key, item in value.items() if key in shared}
        table = {"mode": other, **sides, "current": "sweep", **kept}
        yield action(words, [{**put(path, table), "by": "mode"}])


def _of_leg(path: str, value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "segments" not in value and "material" in value:
        part = {"material": value["material"], "length": _half(value.get("length", "1 mm"))}
        several = [put(f"{path}.segments", [part, dict(part)])]
        yield action(
            "Several segments", [put(f"{path}.material", None), put(f"{path}.length", None), *several]
        )
    elif isinstance(value.get("segments"), list):
        segments = value["segments"]
        yield action("Add a segment", [put(f"{path}.segments[{len(segments)}]", starter(SegmentTable, "p"))])
        if len(segments) == 1 and isinstance(segments[0], Mapping):
            one = [put(f"{path}.{key}", segments[0].get(key)) for key in ("material", "length")]
            yield action("One material", [put(f"{path}.segments", None), *one])
    contact = value.get("contact")
    if contact is not None:
        ends = [put(f"{path}.contact_{side}", contact) for side in ("hot", "cold")]
        yield action("Contacts of both ends apart", [put(f"{path}.contact", None), *ends])


def _half(length: Any) -> Any:
    """Half a length, so that two segments are as long as the leg was; what is no single number stays."""
    found = None if isinstance(length, list | Mapping) else value_and_unit(length, "length")
    if found is None:
        return length
    return f"{float(convert(found[0] / 2.0, 'm', found[1])):.12g} {found[1]}"


def _admits(key: str, leg: Mapping[str, Any]) -> bool:
    """Whether a leg may have such a table beside those that it has."""
    if key == "between":
        return len(leg.get("segments") or ()) > 1
    others = {
        "contact": ("contact_hot", "contact_cold"),
        "contact_hot": ("contact",),
        "contact_cold": ("contact",),
    }
    return not any(other in leg for other in others.get(key, ()))


def completed(one: Action, document: Mapping[str, Any]) -> Action:
    """An action with what else must change, so that the document is whole afterwards."""
    more: list[Operation] = []
    named = next(iter(materials_in(document)), MATERIALS["layer"])
    one = {**one, "operations": [{**o, "value": _filled(o["value"], named)} for o in one["operations"]]}
    for operation in one["operations"]:
        head, _, last = operation["path"].rpartition(".")
        if last == "side" and operation["value"] is not None:
            if value_at(document, "operate.T_ambient") is None:
                more.append(put("operate.T_ambient", SURROUNDINGS))
        elif last == "layout" and operation["value"] is None:
            if (
                value_at(document, f"{head}.fill_factor") is None
                and value_at(document, f"{head}.footprint") is None
            ):
                more.append(put(f"{head}.fill_factor", FILL_FACTOR))
        elif last.startswith("segments[") and isinstance(
            between := value_at(document, f"{head}.between"), list
        ):
            more += _between(head, between, int(last[9:-1]), operation["value"], one)
    return {**one, "operations": [*one["operations"], *more]}


def _filled(value: Any, named: str) -> Any:
    """A value in which a name that must be one of the device is one."""
    if isinstance(value, dict):
        return {key: named if item == OF_THE_DEVICE else item for key, item in value.items()}
    return [_filled(item, named) for item in value] if isinstance(value, list) else value


def _between(leg: str, between: list[Any], k: int, value: Any, one: Action) -> list[Operation]:
    """The contact that comes or goes with a segment."""
    if value is None and between:
        return [put(f"{leg}.between[{min(k, len(between) - 1)}]", None)]
    if k == len(between) + 1 and len(one["operations"]) == 1:
        return [put(f"{leg}.between[{len(between)}]", {})]
    return []


def put(path: str, value: Any) -> Operation:
    """Write a value at a path, or remove what is there with None."""
    return {"path": path, "value": value}


def action(label: str, operations: list[Operation], *, danger: bool = False) -> dict[str, Any]:
    """Operations under one name; `danger` for what takes something away."""
    return {"label": label, "operations": operations, "danger": danger}
