"""Writing a material card as TOML that people can read and edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def dumps(card: Mapping[str, Any]) -> str:
    r"""TOML text of a card: plain values first, then sections, one line for each row of a table.

    Parameters
    ----------
    card : mapping
        Card as `tomllib` would return it: text, numbers, lists; a mapping becomes a section, a list of
        mappings becomes repeated sections. Entries that are None are left out.

    Returns
    -------
    str
        Text ending in a newline; `tomllib.loads` returns the card again, floats included.

    Examples
    --------
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
            lines.append(f"{_key(name)} = {_rows(value) if name == 'rows' else _value(value)}")
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
    return "\n".join(["[", *(f"  {_value(list(row))}," for row in rows), "]"])


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    escaped = "".join(ESCAPES.get(c, c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}") for c in text)
    return f'"{escaped}"'


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(entry)}" for name, entry in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    raise TypeError(f"a card holds text, numbers, lists and sections, not {type(value).__name__}")
