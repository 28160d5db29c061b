"""What may stand at a key of a device file, read off the annotations of the models."""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ioffe.base.schema import Quantified
from ioffe.device.fields import DeviceField
from ioffe.device_file.models import MaterialTable


@dataclass(frozen=True)
class Kinds:
    """The alternatives at one key.

    Parameters
    ----------
    quantity : Quantified or None
        The mark of a number with a unit.
    declared : DeviceField or None
        What the device declares of it: label, plausible range.
    tables, items : tuple of type
        Models of a table, and of the items of a list of tables.
    words : tuple of str
        Words to choose from.
    plain : frozenset of str
        ``"text"``, ``"flag"``, ``"integer"``, ``"number"``, ``"json"``.
    """

    quantity: Quantified | None = None
    declared: DeviceField | None = None
    tables: tuple[type[BaseModel], ...] = ()
    items: tuple[type[BaseModel], ...] = ()
    words: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()

    @property
    def is_material(self) -> bool:
        """Whether a material stands here: its name, or a table."""
        return MaterialTable in self.tables


@cache
def kinds_of(model: type[BaseModel], key: str) -> Kinds:
    """The alternatives at a key of a model."""
    info = model.model_fields[key]
    found: dict[str, Any] = {"tables": [], "items": [], "words": [], "plain": set()}
    _words(info, found)
    _take(info.annotation, tuple(info.metadata), found, inside=False)
    listed = {name: tuple(found[name]) for name in ("tables", "items", "words")}
    return Kinds(found.get("quantity"), found.get("declared"), **listed, plain=frozenset(found["plain"]))


def _words(info: FieldInfo, found: dict[str, Any]) -> None:
    extra = info.json_schema_extra
    if isinstance(extra, dict):
        found["words"] += extra.get("enum") or []


_PLAIN = {bool: "flag", int: "integer", float: "number", str: "text"}


def _take(annotation: Any, marks: tuple[Any, ...], found: dict[str, Any], *, inside: bool) -> None:
    for mark in marks:
        if isinstance(mark, FieldInfo):
            _words(mark, found)
        if isinstance(mark, DeviceField):
            found["declared"] = mark
    quantity = next((mark for mark in marks if isinstance(mark, Quantified)), None)
    if quantity is not None:
        found["plain" if inside else "quantity"] = {"json"} if inside else quantity
        return
    origin = get_origin(annotation)
    if origin is Annotated:
        first, *rest = get_args(annotation)
        _take(first, tuple(rest), found, inside=inside)
    elif origin in (Union, types.UnionType):
        for option in get_args(annotation):
            if option is not type(None):
                _take(option, (), found, inside=inside)
    elif origin is Literal:
        found["words"] += [word for word in get_args(annotation) if isinstance(word, str)]
    elif origin is tuple and not inside and get_args(annotation)[-1] is Ellipsis:
        _items(get_args(annotation)[0], found)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found["items" if inside else "tables"].append(annotation)
    else:
        found["plain"].add(_PLAIN.get(annotation, "json"))


def _items(annotation: Any, found: dict[str, Any]) -> None:
    _take(annotation, (), found, inside=True)
    if not found["items"]:
        found["plain"] = {"json"}
