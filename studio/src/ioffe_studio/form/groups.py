"""The tables of a document as groups of fields, in reading order, and what can be done to its structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from ioffe.device_file.models import DeviceTable, LegTable, SegmentTable
from ioffe_studio.form.fields import fields_of, label_of
from ioffe_studio.form.kinds import Kinds, kinds_of

MATERIALS: Final = {"p": "Bi0.42Sb1.58Te3", "n": "Bi2Te2.7Se0.3", "layer": "Cu"}
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
    "measured": "Measured value",
    "calibrate": "Calibration",
    "life": "Service life",
    "at": "Conditions of the measured value",
}
"""Words of groups, where the key alone does not say them."""
HIDDEN: Final = frozenset({"format", "mode", "law"})
"""Keys that actions change, because others follow from them."""
MOST_ITEMS: Final = 200
Group = dict[str, Any]
Operation = dict[str, Any]


def groups_of(document: Mapping[str, Any]) -> list[Group]:
    """Every group of a document."""
    found: list[Group] = []
    for key in DeviceTable.model_fields:
        if key in document:
            found += _at(DeviceTable, key, key, document[key], 0)
    top = [
        action for key in DeviceTable.model_fields for action in _additions(DeviceTable, key, "", document)
    ]
    if found:
        found[0]["actions"] += [action for action in top if action["operations"][0]["path"] not in _OTHERS]
    return found


_OTHERS: Final = frozenset({"module", "leg", "cascade", "operate", "solve", "format"})


def _at(model: type[BaseModel], key: str, path: str, value: Any, level: int) -> Iterator[Group]:
    """The groups of a key: a table, or the items of a list of tables."""
    kinds = kinds_of(model, key)
    if isinstance(value, list) and kinds.items:
        for k, item in enumerate(value[:MOST_ITEMS]):
            chosen = chosen_of(kinds.items, item)
            title = f"{_title(model, key)} {k + 1}"
            remove = _moves(path, value, k)
            yield from _table(
                chosen, f"{path}[{k}]", item, title, level, remove, model.model_fields[key].description
            )
    elif isinstance(value, Mapping) and kinds.tables:
        chosen = chosen_of(kinds.tables, value)
        removable = not model.model_fields[key].is_required() and key not in (
            "module",
            "leg",
            "cascade",
            "p",
            "n",
        )
        remove = [_action("Remove", [_put(path, None)], danger=True)] if removable else []
        described = model.model_fields[key].description or (chosen.__doc__ or "").partition("\n")[0]
        yield from _table(chosen, path, value, _title(model, key), level, remove, described)


def _table(
    model: type[BaseModel],
    path: str,
    value: Mapping[str, Any],
    title: str,
    level: int,
    actions: list[dict[str, Any]],
    described: str | None,
) -> Iterator[Group]:
    fields: list[dict[str, Any]] = []
    below: list[Group] = []
    value = value if isinstance(value, Mapping) else {}
    own = list(actions)
    for key in model.model_fields:
        if key in HIDDEN:
            continue
        kinds, place, given = kinds_of(model, key), f"{path}.{key}", key in value
        item = value.get(key)
        if given and _is_group(kinds, item):
            below += _at(model, key, place, item, level + 1)
        elif given and isinstance(item, str) and kinds.tables and not kinds.is_material:
            fields += _shorthand(model, key, place, item)
            first = next(iter(kinds.tables[0].model_fields))
            own.append(_action(f"All numbers of {_words(model, key)}", [_put(place, {first: item})]))
        else:
            fields += fields_of(model, key, place, item, given=given)
        own += _additions(model, key, f"{path}.", value)
    own += _special(model, path, value)
    name = _named(value)
    yield {
        "id": path,
        "title": f"{title}: {name}" if name else title,
        "path": path,
        "help": (described or "").strip(),
        "level": level,
        "fields": fields,
        "actions": own,
    }
    yield from below


def _is_group(kinds: Kinds, item: Any) -> bool:
    if isinstance(item, Mapping):
        return bool(kinds.tables)
    return isinstance(item, list) and bool(kinds.items)


def _named(value: Mapping[str, Any]) -> str:
    """What a group is called after: its material or its name."""
    for key in ("material", "layer", "name", "path", "quantity"):
        found = value.get(key)
        if isinstance(found, Mapping):
            found = found.get("name") or found.get("file")
        if isinstance(found, str) and found:
            return found
    return ""


def chosen_of(options: tuple[type[BaseModel], ...], value: Any) -> type[BaseModel]:
    """The model of a table that may be one of several: the one whose word it states."""
    first, *_ = options
    if len(options) > 1 and isinstance(value, Mapping):
        for model in options:
            for key in HIDDEN & model.model_fields.keys():
                if value.get(key) in kinds_of(model, key).words:
                    return model
    return first


def _shorthand(model: type[BaseModel], key: str, path: str, value: str) -> list[dict[str, Any]]:
    """A text in place of a table stands for its first number."""
    table = kinds_of(model, key).tables[0]
    first = next(iter(table.model_fields))
    words = f"{_words(model, key)}: {label_of(table, first)}"
    return [
        {**field, "label": words[0].upper() + words[1:]}
        for field in fields_of(table, first, path, value, given=True)
    ]


def _words(model: type[BaseModel], key: str) -> str:
    return _title(model, key).lower() if key not in ("p", "n") else label_of(model, key)


def _title(model: type[BaseModel], key: str) -> str:
    return TITLES.get(key) or label_of(model, key)


def starter(model: type[BaseModel], key: str = "") -> dict[str, Any]:
    """The smallest table that a model takes."""
    found: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        kinds = kinds_of(model, name)
        if not info.is_required():
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
    if model is LegTable or issubclass(model, LegTable):
        found |= {"material": MATERIALS.get(key, MATERIALS["p"]), "length": "1.6 mm"}
    return found


def _additions(
    model: type[BaseModel], key: str, prefix: str, value: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Actions that add a table that is not there, or an item to a list of tables."""
    kinds = kinds_of(model, key)
    path, words = f"{prefix}{key}", _words(model, key)
    item = value.get(key)
    if kinds.items and (item is None or isinstance(item, list)) and key != "segments":
        count = len(item or ())
        label = f"Add a layer to the {key} stack" if key in ("hot", "cold") else f"Add: {words}"
        yield _action(label, [_put(f"{path}[{count}]", starter(kinds.items[0], key))])
    elif kinds.tables and not kinds.is_material and key not in value and key not in ("p", "n"):
        yield _action(f"Add: {words}", [_put(path, starter(kinds.tables[0], key))])


def _moves(path: str, items: list[Any], k: int) -> list[dict[str, Any]]:
    """Remove an item of a list, or exchange it with a neighbour."""
    found = []
    for step, words in ((-1, "Move up"), (1, "Move down")):
        other = k + step
        if 0 <= other < len(items):
            exchange = [_put(f"{path}[{k}]", items[other]), _put(f"{path}[{other}]", items[k])]
            found.append(_action(words, exchange))
    return [*found, _action("Remove", [_put(f"{path}[{k}]", None)], danger=True)]


def _special(model: type[BaseModel], path: str, value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What changes several keys at once: segments of a leg, contacts of both ends, the mode of operation."""
    if issubclass(model, LegTable):
        yield from _of_leg(path, value)
    if "mode" in model.model_fields:
        cools = value.get("mode") == "cool"
        words, other = ("Generate power", "generate") if cools else ("Cool", "cool")
        sides = {"T_hot": "500 K" if cools else "300 K", "T_cold": "300 K" if cools else "280 K"}
        yield _action(words, [_put(path, {"mode": other, **sides, "current": "sweep"})])


def _of_leg(path: str, value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "segments" not in value and "material" in value:
        part = {"material": value["material"], "length": value.get("length", "1 mm")}
        several = [_put(f"{path}.segments", [part, dict(part)])]
        yield _action(
            "Several segments", [_put(f"{path}.material", None), _put(f"{path}.length", None), *several]
        )
    elif isinstance(value.get("segments"), list):
        segments = value["segments"]
        yield _action(
            "Add a segment", [_put(f"{path}.segments[{len(segments)}]", starter(SegmentTable, "p"))]
        )
        if len(segments) == 1 and isinstance(segments[0], Mapping):
            one = [_put(f"{path}.{key}", segments[0].get(key)) for key in ("material", "length")]
            yield _action("One material", [_put(f"{path}.segments", None), *one])
    contact = value.get("contact")
    if contact is not None:
        ends = [_put(f"{path}.contact_{side}", contact) for side in ("hot", "cold")]
        yield _action("Contacts of both ends apart", [_put(f"{path}.contact", None), *ends])


def _put(path: str, value: Any) -> Operation:
    return {"path": path, "value": value}


def _action(label: str, operations: list[Operation], *, danger: bool = False) -> dict[str, Any]:
    return {"label": label, "operations": operations, "danger": danger}
