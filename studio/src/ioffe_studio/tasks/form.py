"""The form and the drawing of a document, with every fault at its field."""

from __future__ import annotations

import re
from typing import Any, Final

from ioffe.base.errors import InputError
from ioffe.device.cascade import Cascade
from ioffe.report.life_figure import place_of
from ioffe.solve.profile import interface_names
from ioffe_studio.draw import drawing_of
from ioffe_studio.form.differences import differences
from ioffe_studio.form.groups import groups_of
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools.choices import changing, described
from ioffe_studio.words import in_words

LAW: Final = re.compile(r"life\.degradation\[\d+\]\.(path|temperature)")


def describe(job: Job) -> dict[str, Any]:
    """Groups of fields, drawing, faults; a faulty document has no drawing and all of its faults."""
    document = job.document
    groups = groups_of(document)
    faults: list[dict[str, Any]] = []
    drawing, name = None, ""
    try:
        file = job.device_file
        drawing, name = drawing_of(file.device, file.conditions, document), file.name
        _offer(groups, job)
    except InputError as error:
        faults = [job.fault(fault) for fault in error.faults]
    _place(groups, faults)
    variants = [differences(groups, groups_of(other)) for other in job.request.get("variants") or ()]
    return {"name": name, "groups": groups, "drawing": drawing, "faults": faults, "variants": variants}


def _offer(groups: list[dict[str, Any]], job: Job) -> None:
    """Names of the device where a law of ageing takes one: the number that ages, the interface it is at."""
    for field in (field for group in groups for field in group["fields"]):
        found = LAW.fullmatch(field["path"])
        if found and found[1] == "path":
            options = dict([(field["value"], in_words(field["value"] or "")), *changing(job)])
            field |= {"kind": "choice", "options": described(list(options.items()))}
        elif found and not isinstance(job.device_file.device, Cascade):
            names = interface_names(job.device_file.device)
            field["options"] = described([(name, place_of(name)) for name in names])


def _place(groups: list[dict[str, Any]], faults: list[dict[str, Any]]) -> None:
    """Write every fault to the field it belongs to, or to the group around it."""
    fields = {field["path"]: field for group in groups for field in group["fields"]}
    for fault in faults:
        path = fault["path"]
        while path and path not in fields and not any(group["id"] == path for group in groups):
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        if path in fields and not fields[path]["fault"]:
            fields[path]["fault"] = fault["message"]
        elif path:
            for group in groups:
                if group["id"] == path:
                    group.setdefault("faults", []).append(fault["message"])
