"""Numbers of a device in words, and where they stand in the document.

>>> document = {"module": {"p": {"contact": "5 uohm cm2"}}}
>>> form_path(document, "p.contact_hot.electrical"), form_path(document, "T_hot")
('module.p.contact', 'operate.T_hot')
>>> in_words("p.material.seebeck"), in_words("T_hot")
('Seebeck coefficient: p leg', 'Temperature of the hot side')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ioffe.base.errors import InputError
from ioffe.device.parameters import CONDITIONS, field_of, quantity_of
from ioffe.report.life_figure import place_of
from ioffe_studio.form.values import value_at

PROPERTIES: Final = {
    "seebeck": "Seebeck coefficient",
    "electrical_conductivity": "Electrical conductivity",
    "electrical_resistivity": "Electrical resistivity",
    "thermal_conductivity": "Thermal conductivity",
}
_PATH: Final = re.compile(r"([a-zA-Z_]\w*(?:\[\d+\])?(?:\.[a-zA-Z_]\w*(?:\[\d+\])?)*)(?:,| =|:)")


def in_words(path: str) -> str:
    """What a number is, and where."""
    head, _, last = path.rpartition(".")
    what = PROPERTIES.get(last, "") if head.endswith("material") else ""
    if not what:
        try:
            one = field_of(path)
            what = one.label or one.description.rstrip(".")
            what = one.description.rstrip(".") if path in CONDITIONS and one.description else what
        except (KeyError, InputError):
            what = last.replace("_", " ")
    where = place_of(head).replace("legs", "both legs") if head else ""
    return f"{what}: {where}" if where else what


def form_path(document: Mapping[str, Any], path: str) -> str:
    """The path in the document of a number of the device or of its conditions, empty for none."""
    if path in CONDITIONS or path in (document.get("operate") or {}):
        return f"operate.{path}"
    root = next((key for key in ("module", "leg", "cascade") if key in document), "")
    full = path if root == "cascade" else f"{root}.{path}"
    full = re.sub(r"(\.(?:hot|cold)\[\d+\])\.material.*", r"\1.layer", f"{full}")
    full = re.sub(r"\.material\..*", ".material", full)
    if value_at(document, full) is not None:
        return full
    both = re.sub(r"\.contact_(?:hot|cold)\.", ".contact.", full)
    for candidate in (both, both.rpartition(".")[0], full.rpartition(".")[0]):
        if candidate.count(".") and value_at(document, candidate) is not None:
            return candidate
    return full


def place_in_text(document: Mapping[str, Any], text: str, materials: Mapping[str, str]) -> str:
    """The path that a warning is about: it begins with the path of a number, or names a material."""
    found = _PATH.match(text)
    if found and _is_number(found[1]):
        return form_path(document, found[1])
    return next((path for name, path in materials.items() if text.startswith(name)), "")


def _is_number(path: str) -> bool:
    try:
        return path in CONDITIONS or bool(quantity_of(path)) or ".material." in path
    except (KeyError, InputError):
        return False


def materials_in(value: Any, path: str = "") -> dict[str, str]:
    """Where every material of a document is named, by its name."""
    found: dict[str, str] = {}
    if isinstance(value, Mapping):
        for key, item in value.items():
            place = f"{path}.{key}".lstrip(".")
            named = item.get("name") or item.get("file") if isinstance(item, Mapping) else item
            if key in ("material", "layer") and isinstance(named, str) and named:
                found.setdefault(named, place)
            else:
                found = {**materials_in(item, place), **found}
    elif isinstance(value, list):
        for k, item in enumerate(value):
            found = {**materials_in(item, f"{path}[{k}]"), **found}
    return found
