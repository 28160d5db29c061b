"""Devices with other numbers, which a page opens: documents that say what the search or the fit has found.

>>> leg = {"length": "2 mm", "contact": "5 uohm cm2"}
>>> with_numbers({"leg": dict(leg)}, {"contact_hot.electrical": 1e-9})["leg"]["contact_hot"]
{'electrical': '10 uohm cm2'}
>>> both = {f"contact_{side}.electrical": 1e-9 for side in ("hot", "cold")}
>>> with_numbers({"leg": dict(leg)}, both)["leg"]
{'length': '2 mm', 'contact': '10 uohm cm2'}
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ioffe.base.quantities import quantity
from ioffe.base.units import convert, to_si
from ioffe.device.parameters import CONDITIONS, meant, numbers, quantity_of
from ioffe_studio.form.values import steps, units_of, value_and_unit, value_at
from ioffe_studio.tasks.job import Job

ENDS = ("contact_hot", "contact_cold")


def applied(job: Job, values: Mapping[str, Any]) -> dict[str, Any]:
    """The document with other numbers, given in SI by paths or their short forms."""
    device, conditions = job.device_file.device, job.device_file.conditions
    found = {path: value for name, value in values.items() for path in meant(device, conditions, name)}  # pyright: ignore[reportArgumentType] - a search has conditions
    known = numbers(device, conditions)
    for path in list(found):  # the fill factor stays where the area of a leg changes
        leg, _, last = path.rpartition(".")
        module = leg.rpartition(".")[0]
        stated = value_at(job.document, ".".join(filter(None, (root_of(job.document), module))))
        share = ".".join(filter(None, (module, "fill_factor")))
        if last == "area" and isinstance(stated, dict) and "footprint" in stated:
            found.setdefault(share, known[share])
    return with_numbers(job.document, found)


def root_of(document: Mapping[str, Any]) -> str:
    """The key of the device in a document."""
    return next(key for key in ("module", "leg", "cascade") if key in document)


def with_numbers(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A document with other numbers, given in SI by full paths, in the units in which it writes them."""
    changed = copy.deepcopy(dict(document))
    root = root_of(changed)
    parted: list[tuple[dict[str, Any], bool]] = []
    for path, value in values.items():
        *way, last = steps(f"operate.{path}" if path in CONDITIONS else f"{root}.{path}")
        place: Any = changed
        for step in way:
            place = _inside(place, step, parted)
        if last == "length" and "segments" in place:
            _stretch(place["segments"], value)
        else:
            place[last] = as_written(place.get(last), value, path)
        if last == "fill_factor":
            place.pop("footprint", None)
    for leg, short in parted:
        if leg[ENDS[0]] == leg[ENDS[1]]:
            both, _ = (leg.pop(end) for end in ENDS)
            leg["contact"] = both["electrical"] if short and set(both) == {"electrical"} else both
    return changed


def _inside(place: Any, step: str | int, parted: list[tuple[dict[str, Any], bool]]) -> Any:
    """A part of a table, made where the file leaves it out or writes it in another way."""
    if isinstance(place, dict) and isinstance(step, int):
        place = place["layers"]  # between two stages
    if isinstance(place, dict):
        if step in ENDS and "contact" in place:
            shared = place.pop("contact")
            parted.append((place, isinstance(shared, str)))
            place.update({end: copy.deepcopy(shared) for end in ENDS})
        given = place.setdefault(step, {})
        if step == "between" and not isinstance(given, list):  # the same everywhere
            places = len(place.get("segments") or place.get("stages") or ()) - 1
            place[step] = [copy.deepcopy(given) for _ in range(places)]
    if isinstance(place[step], str):  # a contact by its electrical resistivity
        place[step] = {"electrical": place[step]}
    return place[step]


def _stretch(segments: list[Any], length: float) -> None:
    """Segments that together have a length, in the shares that they had."""
    before = [to_si(one["length"], "length") for one in segments]
    for one, own in zip(segments, before, strict=True):
        one["length"] = as_written(one["length"], own * (length / sum(before)), "length")


def as_written(before: Any, value: Any, path: str) -> Any:
    """A value in SI in the unit of the one before, with the digits that give it back exactly; else as it is.

    >>> as_written("1.5 mm", 0.00090511949, "p.length"), as_written(0.0015, 0.002, "p.length")
    ('0.90511949 mm', 0.002)
    """
    kind = quantity_of(path)
    if before is None and kind and quantity(kind).unit != "1":
        before = f"1 {units_of(kind)[0]}"
    found = value_and_unit(before, kind) if kind and isinstance(before, str) else None
    if found is None or not isinstance(value, int | float):
        return value
    shown = float(convert(float(value), quantity(kind).unit, found[1]))
    texts = (f"{shown:.{digits}g} {found[1]}" for digits in range(6, 18))
    return next((text for text in texts if to_si(text, kind) == value), value)
