"""The tables of a document as groups of fields, in reading order, and what can be done to its structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from ioffe.device_file.models import DeviceTable, LegTable, SegmentTable
from ioffe_studio.form.actions import (
    HIDDEN,
    action,
    additions,
    chosen_of,
    completed,
    moves,
    put,
    special,
    title_of,
    words_of,
)
from ioffe_studio.form.fields import fields_of, label_of
from ioffe_studio.form.kinds import Kinds, kinds_of
from ioffe_studio.labels import in_form

MOST_ITEMS: Final = 200
OF_SEGMENTS: Final = frozenset(SegmentTable.model_fields) & LegTable.model_fields.keys()
"""What a leg has no more once its segments have it."""
Group = dict[str, Any]


def groups_of(document: Mapping[str, Any]) -> list[Group]:
    """Every group of a document."""
    found: list[Group] = []
    for key in DeviceTable.model_fields:
        if key in document:
            found += _at(DeviceTable, key, key, document[key], 0)
    top = [one for key in DeviceTable.model_fields for one in additions(DeviceTable, key, "", document)]
    if found:
        found[0]["actions"] += [one for one in top if one["operations"][0]["path"] not in _OTHERS]
    for group in found:
        group["actions"] = [completed(one, document) for one in group["actions"]]
    return found


_OTHERS: Final = frozenset({"module", "leg", "cascade", "operate", "solve", "format"})


def _at(model: type[BaseModel], key: str, path: str, value: Any, level: int) -> Iterator[Group]:
    """The groups of a key: a table, or the items of a list of tables."""
    kinds = kinds_of(model, key)
    if isinstance(value, list) and kinds.items:
        for k, item in enumerate(value[:MOST_ITEMS]):
            chosen = chosen_of(kinds.items, item)
            title = f"{title_of(model, key)} {k + 1}"
            remove = [] if key == "between" else moves(path, value, k)
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
        remove = [action("Remove", [put(path, None)], danger=True)] if removable else []
        described = model.model_fields[key].description or (chosen.__doc__ or "").partition("\n")[0]
        yield from _table(chosen, path, value, title_of(model, key), level, remove, described)


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
        if key in HIDDEN or (key in OF_SEGMENTS and key not in value and "segments" in value):
            continue
        kinds, place, given = kinds_of(model, key), f"{path}.{key}", key in value
        item = value.get(key)
        if given and _is_group(kinds, item):
            if kinds.is_material:  # what it is stays in sight, and another one can be chosen
                fields += fields_of(model, key, place, item, given=given)
            below += _at(model, key, place, item, level + 1)
        elif given and isinstance(item, str) and kinds.tables and not kinds.is_material:
            fields += _shorthand(model, key, place, item)
            first = next(iter(kinds.tables[0].model_fields))
            own.append(action(f"All numbers of {words_of(model, key)}", [put(place, {first: item})]))
        else:
            fields += fields_of(model, key, place, item, given=given)
        own += additions(model, key, f"{path}.", value)
    own += special(model, path, value)
    name = _named(value)
    yield {
        "id": path,
        "title": f"{title}: {name}" if name else title,
        "path": path,
        "help": in_form((described or "").strip()),
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


def _shorthand(model: type[BaseModel], key: str, path: str, value: str) -> list[dict[str, Any]]:
    """A text in place of a table stands for its first number."""
    table = kinds_of(model, key).tables[0]
    first = next(iter(table.model_fields))
    words = f"{words_of(model, key)}: {label_of(table, first)}"
    return [
        {**field, "label": words[0].upper() + words[1:]}
        for field in fields_of(table, first, path, value, given=True)
    ]
