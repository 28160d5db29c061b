"""Cost of the device: what its materials lack for a price is asked for in the form."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from ioffe.base.errors import Faults, InputError
from ioffe.cost.bill import cost_items
from ioffe_studio.form.values import units_of
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools.commands import run
from ioffe_studio.tools.forms import text
from ioffe_studio.tools.tool import Tool

LACKING: Final = re.compile(r'cost\.materials\."([^"]+)"(?:\.(density)$)?')
LAST: Final = {"density": ".density", "price": ""}
KINDS: Final = {
    "density": "Its card has none; a cost is the mass times a price.",
    "price": "By mass: its name is not a formula whose elements have prices.",
}


def fields(job: Job, tool: Tool) -> tuple[dict[str, Any], ...]:
    """A field for each number of a material without which its cost is not known."""
    del tool
    stated = (job.document.get("cost") or {}).get("materials") or {}
    return tuple(
        text(
            path,
            f"{kind.capitalize()} of {name}",
            KINDS[kind],
            str((stated.get(name) or {}).get(kind) or "") if isinstance(stated.get(name), dict) else "",
            kind="number",
            display=None,
            unit=units_of(kind)[0],
            units=list(units_of(kind)),
        )
        for path, (name, kind) in _lacking(job).items()
    )


def solve(job: Job, tool: Tool) -> dict[str, Any]:
    """The bill of the device with the numbers of the form, which may then be opened."""
    document, given = job.document, job.answers
    lacking = _lacking(job)
    for path, (name, kind) in lacking.items():
        if given.get(path):
            prices = document.setdefault("cost", {}).setdefault("materials", {})
            before = prices.get(name, {})
            prices[name] = {**({"price": before} if isinstance(before, str) else before), kind: given[path]}
    changed = document != job.document
    job.request = {**job.request, "document": document}
    places = {f'cost.materials."{name}"{LAST[kind]}': path for path, (name, kind) in lacking.items()}
    try:
        found = run(job, tool)
    except InputError as error:
        placed = (replace(one, location=places.get(one.location, one.location)) for one in error.faults)
        raise InputError(list(placed)) from None
    return {**found, "document": document} if changed else found


def _lacking(job: Job) -> dict[str, tuple[str, str]]:
    """Material and number of every field, whether or not the device states them."""
    file, faults = job.device_file, Faults()
    cost_items(file.device, file.conditions, file.costing.replace(materials={}), faults)
    found = [LACKING.match(fault.location) for fault in faults.found]
    each = dict.fromkeys((one[1], one[2] or "price") for one in found if one)
    return {f"{kind}{k}": (name, kind) for k, (name, kind) in enumerate(each, 1)}
