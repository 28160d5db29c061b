"""From pydantic's errors to faults: the location in the file, plain words, the nearest valid key."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ioffe.base.errors import ABSENT, Fault, InputError, did_you_mean, join_location

__all__ = ["faults_of"]

_WORDS: Final = {
    "missing": "this key is missing",
    "extra_forbidden": "no such key is known",
    "int_type": "a whole number is expected",
    "int_parsing": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "float_type": "a number is expected",
    "float_parsing": "a number is expected",
    "finite_number": "a finite number is expected",
    "string_type": "a text is expected",
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
    "list_type": "a list is expected",
    "tuple_type": "a list is expected",
    "set_type": "a list is expected",
    "dict_type": "a table is expected",
    "mapping_type": "a table is expected",
    "model_type": "a table is expected",
    "model_attributes_type": "a table is expected",
    "dataclass_type": "a table is expected",
    "none_required": "nothing is expected here",
    "greater_than": "a number above {gt} is expected",
    "greater_than_equal": "a number not below {ge} is expected",
    "less_than": "a number below {lt} is expected",
    "less_than_equal": "a number not above {le} is expected",
    "multiple_of": "a multiple of {multiple_of} is expected",
    "too_short": "at least {min_length} items are expected, not {actual_length}",
    "too_long": "at most {max_length} items are expected, not {actual_length}",
    "string_too_short": "a text of at least {min_length} characters is expected",
    "string_too_long": "a text of at most {max_length} characters is expected",
    "string_pattern_mismatch": "a text of the form {pattern} is expected",
    "union_tag_not_found": "the key {discriminator} is missing, which says what the table describes",
    "union_tag_invalid": "{discriminator} must be one of {expected_tags}",
    "date_type": "a date is expected, such as 2026-01-31",
}
MOST_FAULTS: Final = 100
"""Faults that are told one by one."""
_SHOULD_BE: Final = "Input should be "


def faults_of(error: ValidationError, model: type[BaseModel], data: object, file: str) -> list[Fault]:
    """One fault for everything pydantic found, in its order; the alternatives of a union in one fault."""
    found: dict[tuple[str, str], Fault] = {}
    details = error.errors(include_url=False)
    for detail in details[:MOST_FAULTS]:
        for fault in _faults(detail, model, data, file):
            alternatives = fault.expected.endswith(" is expected") and not fault.advice
            key = (fault.location, "" if alternatives else str(fault))
            if key in found and fault.expected not in found[key].expected:
                fault = _either(found[key], fault)
            found.setdefault(key, fault)
            found[key] = fault if alternatives else found[key]
    if len(details) > MOST_FAULTS:
        more = f"{len(details) - MOST_FAULTS} further faults are not listed"
        found["", more] = Fault("", expected=more, file=file)
    return list(found.values())


def _either(first: Fault, second: Fault) -> Fault:
    expected = f"{first.expected.removesuffix(' is expected')} or {second.expected}"
    return Fault(first.location, first.value, expected, file=first.file)


def _faults(detail: Any, model: type[BaseModel], data: object, file: str) -> Iterator[Fault]:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    steps = _steps(detail["loc"], data, missing=kind == "missing")
    location = _dotted(steps)
    cause = context.get("error")
    if isinstance(cause, InputError):
        for fault in cause.faults:
            inner = value if fault.value is ABSENT and not fault.location else fault.value
            yield Fault(
                join_location(location, fault.location),
                inner,
                fault.expected,
                fault.advice,
                fault.file or file,
            )
        return
    if isinstance(cause, Exception):
        yield Fault(location, value if steps else ABSENT, str(cause), file=file)
        return
    advice = ""
    if kind == "extra_forbidden":
        advice = did_you_mean(steps[-1] if steps else "", _keys_at(model, detail["loc"][:-1]))
    elif kind in {"literal_error", "enum"}:
        advice = did_you_mean(value, _quoted_names(context.get("expected", "")))
    yield Fault(location, ABSENT if kind == "missing" else value, _in_words(detail, context), advice, file)


def _in_words(detail: Any, context: Mapping[str, Any]) -> str:
    words = _WORDS.get(detail["type"])
    if words is not None:
        return words.format(**context).replace("'", '"')
    message = str(detail["msg"])
    if message.startswith(_SHOULD_BE):
        return message.removeprefix(_SHOULD_BE).replace("'", '"') + " is expected"
    return message[:1].lower() + message[1:]


def _quoted_names(text: str) -> list[str]:
    """The names in a list such as 'a', 'b' or 'c'."""
    return text.split("'")[1::2]


def _steps(location: tuple[int | str, ...], data: object, *, missing: bool) -> list[int | str]:
    """The part of pydantic's location that leads through the data; names of union members fall away."""
    steps: list[int | str] = []
    last = len(location) - 1
    for index, step in enumerate(location):
        inner = _behind(data, step)
        if inner is not ABSENT:
            data = inner
        elif not (missing and index == last):
            continue
        steps.append(step)
    return steps


def _behind(data: object, step: int | str) -> Any:
    """What lies behind a key or an index, ABSENT if nothing does."""
    if isinstance(data, Mapping):
        return data.get(step, ABSENT)
    if isinstance(data, list | tuple) and isinstance(step, int) and 0 <= step < len(data):
        return data[step]
    return ABSENT


def _dotted(steps: list[int | str]) -> str:
    location = ""
    for step in steps:
        location = join_location(location, f"[{step}]" if isinstance(step, int) else step)
    return location


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model knows at a location of pydantic, which also names the members of unions."""
    annotations: list[Any] = [model]
    for step in location:
        inside = [inner for outer in annotations for inner in _inside(outer, step)]
        chosen = [part for outer in annotations for part in _members(outer) if _has_tag(part, step)]
        annotations = inside or chosen or annotations
    models = [part for outer in annotations for part in _members(outer) if _is_model(part)]
    return [field.alias or name for found in models for name, field in found.model_fields.items()]


def _inside(annotation: Any, step: int | str) -> Iterator[Any]:
    """Types of what lies behind one key or index of a type."""
    for member in _members(annotation):
        if _is_model(member):
            fields = member.model_fields
            yield from (f.annotation for name, f in fields.items() if step in {name, f.alias})
        elif get_origin(member) is dict:
            yield get_args(member)[1]
        elif isinstance(step, int):
            items = [part for part in get_args(member) if part is not Ellipsis]
            yield from items if len(items) == 1 else items[step : step + 1]


def _members(annotation: Any) -> Iterator[Any]:
    """The alternatives of a type, annotations taken off."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation


def _has_tag(annotation: Any, tag: int | str) -> bool:
    """Whether a model tells itself from the others of a union by this word."""
    if not _is_model(annotation):
        return False
    words = (get_args(f.annotation) for f in annotation.model_fields.values() if _is_literal(f.annotation))
    return any(word == (tag,) for word in words)


def _is_literal(annotation: Any) -> bool:
    return get_origin(annotation) is Literal


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
