"""Reading TOML and JSON files, with errors that say where and why."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from ioffe.base.errors import ABSENT, Fault, InputError, nearest

__all__ = ["check_regular", "missing", "parse_json", "parse_toml", "read_json", "read_toml"]

LARGEST: Final = 50_000_000
"""Bytes of a TOML or JSON file."""
DEEPEST: Final = 64
"""Levels of tables and lists in each other."""
_TOO_DEEP: Final = f"at most {DEEPEST} levels of tables and lists are read"
# keys of so many parts take a time that grows as their square, and are looked for before
_DOTTED: Final = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}")
_LINE_AND_COLUMN: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: str | Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises `InputError` if there is no such file, it is a folder, it is no text in UTF-8, or its syntax is
        wrong; then with line and column.

    >>> read_toml("missing.toml")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: missing.toml: the file does not exist
    """
    text = _read_text(path)
    try:
        return parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE_AND_COLUMN.search(str(error))
        reason = str(error)[: found.start()] if found else str(error)
        end = text.count("\n") + 1, len(text) - text.rfind("\n")
        line, column = (int(found[1]), int(found[2])) if found and found[1] else end
        raise _syntax_error(path, "TOML", line, column, reason) from None
    except ValueError as error:
        raise InputError(Fault("", expected=f"the TOML cannot be read: {error}", file=str(path))) from None


def parse_toml(text: str) -> dict[str, Any]:
    """The content of a TOML text.

    Raises `tomllib.TOMLDecodeError` if its syntax is wrong, and `ValueError` if it is nested too deeply.

    >>> parse_toml("a.b = 1")
    {'a': {'b': 1}}
    >>> parse_toml("a = " + 100 * "[" + 100 * "]")
    Traceback (most recent call last):
        ...
    ValueError: at most 64 levels of tables and lists are read
    """
    if _DOTTED.search(text):
        raise ValueError(_TOO_DEEP)
    try:
        return _shallow(tomllib.loads(text))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def parse_json(text: str, **options: Any) -> Any:
    """The content of a JSON text.

    `options`: of `json.loads`.
    Raises `json.JSONDecodeError` if its syntax is wrong, and `ValueError` if it is nested too deeply.

    >>> parse_json("[1, [2]]")
    [1, [2]]
    >>> parse_json(100_000 * "[")
    Traceback (most recent call last):
        ...
    ValueError: at most 64 levels of tables and lists are read
    """
    try:
        return _shallow(json.loads(text, **options))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def _shallow(found: Any) -> Any:
    """What was read, if it is not nested too deeply."""
    level = [found] if isinstance(found, dict | list) else []
    depth = 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(_TOO_DEEP)
        parts = (one.values() if isinstance(one, dict) else one for one in level)
        level = [item for part in parts for item in part if isinstance(item, dict | list)]
    return found


def read_json(path: str | Path) -> dict[str, Any]:
    """The content of a JSON file that holds one object.

    Raises `InputError` as :func:`read_toml`; also for a key that occurs twice in one object, and for NaN and
        Infinity, which are no JSON.
    """
    text = _read_text(path)
    try:
        found = parse_json(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise _syntax_error(path, "JSON", error.lineno, error.colno, error.msg) from None
    except ValueError as error:
        raise InputError(Fault("", expected=f"the JSON cannot be read: {error}", file=str(path))) from None
    if not isinstance(found, dict):
        raise InputError(Fault("", found, "an object is expected, in braces", file=str(path)))
    return found


def check_regular(path: str | Path, most: int = LARGEST) -> None:
    """Refuse what is no file with an end, such as a device or a pipe, and a file of more than `most` bytes.

    `path`: what is about to be read; what does not exist, or is a folder, passes.
    `most`: largest size in bytes.
    Raises `InputError` if it is refused.

    >>> check_regular("/dev/zero")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: /dev/zero: a file is expected, and this is a device or a pipe
    """
    found = Path(path)
    try:
        if not found.exists() or found.is_dir():
            return
    except OSError:  # what has no name of a file, such as one that is too long, is none
        return
    if not found.is_file():
        expected, advice = "a file is expected, and this is a device or a pipe", ""
    elif found.stat().st_size > most:
        expected = f"a file of at most {most // 1_000_000} MB is expected"
        advice = f"it has {found.stat().st_size / 1e6:.0f} MB"
    else:
        return
    raise InputError(Fault("", expected=expected, advice=advice, file=str(path)))


def missing(path: str | Path, words: str = "the file does not exist") -> Fault:
    """The fault that a file does not exist, with the nearest name beside it.

    `path`: of no file.
    `words`: what is said of it.

    >>> print(missing("devcie.toml"))
    devcie.toml: the file does not exist
    """
    place = Path(path)
    beside = sorted(place.parent.iterdir()) if place.parent.is_dir() else ()
    every = {one.stem: one.name for one in beside}
    # without the ending, which those of one kind have in common; they come first
    alike = {one.stem: one.name for one in beside if one.suffix.casefold() == place.suffix.casefold()}
    found = nearest(place.stem, alike) or nearest(place.stem, every)
    advice = f'did you mean "{(every | alike)[found]}"?' if found else ""
    return Fault("", expected=words, advice=advice, file=str(path))


def _read_text(path: str | Path) -> str:
    file = str(path)
    check_regular(path)
    try:
        raw = Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(missing(path)) from None
    except IsADirectoryError:
        raise InputError(Fault("", expected="a file is expected, and this is a folder", file=file)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        advice = "this is a folder" if Path(path).is_dir() else reason
        raise InputError(Fault("", expected="the file cannot be read", advice=advice, file=file)) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        binary = b"\x00" in raw[:4096]
        advice = "it is a binary file" if binary else f"line {line} is not; save the file as UTF-8"
        raise InputError(
            Fault("", expected="a text in UTF-8 is expected", advice=advice, file=file)
        ) from None


def _syntax_error(path: str | Path, language: str, line: int, column: int, reason: str) -> InputError:
    location = f"line {line}, column {column}"
    return InputError(Fault(location, ABSENT, f"this is no valid {language}", reason, str(path)))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f'the key "{key}" occurs twice in one object')
        found[key] = value
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")
