"""Numbers of a device in words, and where they stand in the document.

>>> document = {"module": {"p": {"contact": "5 uohm cm2"}}}
>>> form_path(document, "p.contact_hot.electrical"), form_path(document, "T_hot")
('module.p.contact', 'operate.T_hot')
>>> form_path({"cascade": {"stages": [{"p": {"length": "1 mm"}}]}}, "stages[0].p.length")
'cascade.stages[0].p.length'
>>> in_words("p.material.seebeck"), in_words("T_hot")
('Seebeck coefficient: p leg', 'Temperature of the hot side')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ioffe.base.errors import InputError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.status import Status
from ioffe.device.parameters import CONDITIONS, FIELDS, field_of, quantity_of
from ioffe.report.life_figure import place_of
from ioffe.report.text import AIMS, EITHER_WAY, noun
from ioffe_studio.form.values import value_at

PROPERTIES: Final = {
    "seebeck": "Seebeck coefficient",
    "electrical_conductivity": "Electrical conductivity",
    "electrical_resistivity": "Electrical resistivity",
    "thermal_conductivity": "Thermal conductivity",
}
CORRECTIONS: Final = {
    "lead_resistance": "Resistance of the leads",
    "bypass_conductance": "Conductance past the device",
    "voltage_factor": "Factor of the voltages",
    "heat_factor": "Factor of the heats",
    "T_hot_error": "Error of the hot temperatures",
    "T_cold_error": "Error of the cold temperatures",
}
"""What a measurement adds to a device."""
_PROPER: Final = {"fermi": "Fermi", "hall": "Hall", "kim": "of Kim", "lorenz": "Lorenz", "seebeck": "Seebeck"}
_PROPER_NAME: Final = re.compile(rf"\b(?:{'|'.join(_PROPER)})\b")
_STATUS: Final = frozenset(map(str, Status))
_STACK: Final = re.compile(r"(hot|cold)\[(\d+)\]")
_STEP: Final = r"[A-Za-z_]+(?:\[\d+\])*"
_NAME: Final = re.compile(rf"(?<![\w./'-]){_STEP}(?:\.{_STEP})*(?![\w/(\[-]|\.\w| \()")
_PATH: Final = re.compile(r"([a-zA-Z_]\w*(?:\[\d+\])?(?:\.[a-zA-Z_]\w*(?:\[\d+\])?)*)(?:,| =|:)")


def of_quantity(key: str) -> str:
    """A quantity in words that need no other beside them.

    >>> of_quantity("max_power_current"), of_quantity("T_hot_junction"), of_quantity("hall_mobility")
    ('Current at largest power', 'Hot junction', 'Hall mobility')
    """
    whose, _, what = key.rpartition("_")
    words = f"{what} at {noun(whose)}" if whose in AIMS.values() else noun(key).removeprefix("T ")
    words = EITHER_WAY.get(key, words)
    words = _PROPER_NAME.sub(lambda found: _PROPER[found[0]], words)
    return words if words == "zT" else words[:1].upper() + words[1:]


def of_word(word: str) -> str:
    """A word to choose: a quantity, or what it says."""
    return of_quantity(word) if word in QUANTITIES else word.replace("_", " ").replace("-", " ")


def spelled(text: str) -> str:
    """A text in which numbers of devices and quantities are called by words.

    Headers of tables, which stand before a unit, and what is no such name stay.

    >>> spelled("p.contact_hot.electrical is small; fill_factor; delta_T (K) in kappa.csv")
    'Electrical contact resistivity: p leg, hot contact is small; fill factor; delta_T (K) in kappa.csv'
    """
    return _NAME.sub(lambda found: _spelled(found[0]), text)


def _spelled(name: str) -> str:
    if "." in name:
        head, _, last = name.rpartition(".")
        if is_number_of_device(name):
            return in_words(name)
        return f"{last} of {in_words(head)}" if "." in head and is_number_of_device(head) else name
    if found := _STACK.fullmatch(name):
        return f"{found[1]} stack, layer {int(found[2]) + 1}"
    if name in _STATUS:
        return name.replace("_", " ")
    if "_" not in name or not (name in QUANTITIES or name in FIELDS or name in CORRECTIONS):
        return name
    words = of_quantity(name) if name in QUANTITIES else CORRECTIONS.get(name, name.replace("_", " "))
    first = words.partition(" ")[0]
    return words if first in _PROPER.values() else words[:1].lower() + words[1:]


def in_words(path: str) -> str:
    """What a number is, and where."""
    if path in CORRECTIONS:
        return CORRECTIONS[path]
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
    full = f"{root}.{path}"
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
    if found and is_number_of_device(found[1]):
        return form_path(document, found[1])
    return next((path for name, path in materials.items() if text.startswith(name)), "")


def is_number_of_device(path: str) -> bool:
    """Whether a path is that of a number of a device, of its materials or of its conditions."""
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
