"""In what a device differs from another one, in the words of the form.

>>> from ioffe_studio.form.groups import groups_of
>>> leg = {"material": "PbTe", "length": "2 mm", "area": "3 mm x 3 mm"}
>>> now = groups_of({"leg": leg})
>>> differences(now, groups_of({"leg": {**leg, "length": "3 mm", "area": "3 mm x 2 mm"}}))
'length 3 mm, depth 2 mm'
>>> differences(groups_of({"leg": {**leg, "contact": {"electrical": "9 uohm cm2"}}}), now)
'without contacts of both ends'
>>> differences(now, now)
'as it is now'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ioffe_studio.form.groups import Group
from ioffe_studio.words import of_word

MOST: Final = 3
"""Differences that are told; of others the number."""
WHOLE: Final = frozenset({"leg", "module", "cascade", "operate"})
"""Groups of which a device has one, so that their fields need no place."""


def differences(groups: list[Group], other: list[Group]) -> str:
    """What another device has where a device has something else, both as the groups of their forms."""
    now, then = _told(groups), _told(other)
    parts = {group for group, _ in then}
    found = [words for key, words in then.items() if now.get(key) != words]
    gone = [
        f"without {_lowered(group if group not in parts else label)}"
        for group, label in now
        if (group, label) not in then
    ]
    found += dict.fromkeys(gone)
    more = [f"{len(found) - MOST} more"] if len(found) > MOST else []
    return ", ".join([*found[:MOST], *more]) or "as it is now"


def _told(groups: list[Group]) -> dict[tuple[str, str], str]:
    """Every value of a form in words, by the title of its group and its label."""
    found = {}
    for group in groups:
        title = group["title"].partition(":")[0]
        place = "" if group["id"] in WHOLE else f"{_lowered(title)}: "
        for field in group["fields"]:
            if field["value"] is not None:
                label = field["label"]
                found[title, label] = f"{place}{_lowered(label)} {_value(field)}"
    return found


def _value(field: Mapping[str, Any]) -> str:
    """The value of a field as it is typed."""
    value, shown, unit = field["value"], field.get("display"), field.get("unit") or ""
    if field["kind"] in ("number", "numbers") and shown is not None:
        return ", ".join(
            f"{one:.6g} {unit}".strip() for one in (shown if isinstance(shown, list) else [shown])
        )
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("file") or value
    return of_word(str(value)) if field["kind"] == "choice" else str(value)


def _lowered(words: str) -> str:
    """Words as they stand inside a sentence."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
