"""A document as TOML, and back; comments, order and spelling stay where the value did not change.

>>> text = "format = 1  # version" + chr(10) + "[leg]" + chr(10) + 'length = "6 mm"  # as cut' + chr(10)
>>> print(written({"format": 1, "leg": {"length": "5 mm"}}, text), end="")
format = 1  # version
[leg]
length = "5 mm"  # as cut
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, Final

import tomlkit
from tomlkit.items import AoT, Item, Table

from ioffe.base._files import parse_toml
from ioffe.material.card_writing import one_line

INLINE: Final = 4
"""Keys of a table that is written on one line at most, from the second level on."""
Container = Any


def parsed(text: str, name: str = "device.toml") -> dict[str, Any]:
    """The document of a TOML text.

    Raises
    ------
    InputError
        With line and column.
    """
    from ioffe.base.errors import Fault, InputError

    try:
        found = parse_toml(text)
    except ValueError as error:
        fault = Fault("", expected="this is no valid TOML", advice=str(error), file=name)
        raise InputError(fault) from None
    return found


def written(document: Mapping[str, Any], text: str = "") -> str:
    """The document as TOML; with the text that it came from only what changed is written anew."""
    if text:
        try:
            before, found = parse_toml(text), tomlkit.parse(text)
            _change(found, before, document)
            changed = tomlkit.dumps(found)
            if tomllib.loads(changed) == document:
                return changed
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass  # what cannot be changed in place is written anew
    return _fresh(document)


def _fresh(document: Mapping[str, Any]) -> str:
    found = tomlkit.document()
    _fill(found, document, 0)
    return tomlkit.dumps(found)


def _change(target: Container, before: Any, after: Mapping[str, Any], level: int = 0) -> None:
    """Bring a table from one state to another, touching only what differs."""
    for key in [key for key in before if key not in after]:
        del target[key]
    for key, value in after.items():
        old = before.get(key)
        if key in before and _same(old, value):
            continue
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            _change(target[key], old, value, level + 1)
        elif isinstance(old, list) and isinstance(value, list) and isinstance(target[key], AoT):
            _change_list(target[key], old, value, level)
            if not value:
                del target[key]
        elif key in before and not isinstance(value, Mapping | list):
            _replace(target, key, value)
        else:
            if key in target:
                del target[key]
            target[key] = _item(value, level + 1)


def _same(old: Any, new: Any) -> bool:
    return type(old) is type(new) and old == new


def _replace(target: Container, key: str, value: Any) -> None:
    """Another scalar in the same place, with the comment behind it."""
    old = target[key]
    new = tomlkit.value(one_line(value))
    if isinstance(old, Item):
        new.trivia.indent, new.trivia.comment_ws = old.trivia.indent, old.trivia.comment_ws
        new.trivia.comment, new.trivia.trail = old.trivia.comment, old.trivia.trail
    target[key] = new


def _change_list(target: Any, old: list[Any], new: list[Any], level: int) -> None:
    """Tables of a list: those that stay keep their comments, wherever they move to."""
    for index in range(min(len(old), len(new))):
        if not _same(old[index], new[index]):
            _change(target[index], old[index], new[index], level + 1)
    for _ in range(len(old) - len(new)):
        del target[len(target) - 1]
    for value in new[len(old) :]:
        target.append(_table(value, level + 1))


def _fill(target: Container, values: Mapping[str, Any], level: int) -> None:
    """Scalars and short tables first, then tables, as TOML wants it."""
    later = {key: value for key, value in values.items() if _is_table(value, level + 1)}
    for key, value in values.items():
        if key not in later:
            target[key] = _item(value, level + 1)
    for key, value in later.items():
        target[key] = _item(value, level + 1)


def _is_table(value: Any, level: int) -> bool:
    if isinstance(value, Mapping):
        return not _is_short(value, level)
    return _is_tables(value, level)


def _is_tables(value: Any, level: int) -> bool:
    if not isinstance(value, list) or not value or not all(isinstance(item, Mapping) for item in value):
        return False
    return level <= 2


def _is_short(value: Mapping[str, Any], level: int) -> bool:
    plain = all(not isinstance(item, Mapping) and not _is_long(item) for item in value.values())
    return level >= 2 and len(value) <= INLINE and plain


def _is_long(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value)


def _item(value: Any, level: int) -> Any:
    if isinstance(value, Mapping) and not _is_short(value, level):
        return _table(value, level)
    if _is_tables(value, level):
        found = tomlkit.aot()
        for item in value:
            found.append(_table(item, level))
        return found
    return tomlkit.value(one_line(value))


def _table(value: Mapping[str, Any], level: int) -> Table:
    found = tomlkit.table()
    _fill(found, value, level)
    return found
