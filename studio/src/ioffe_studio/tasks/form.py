"""The form and the drawing of a document, with every fault at its field."""

from __future__ import annotations

from typing import Any

from ioffe.base.errors import InputError
from ioffe_studio.draw import drawing_of
from ioffe_studio.form.groups import groups_of
from ioffe_studio.tasks.job import Job


def describe(job: Job) -> dict[str, Any]:
    """Groups of fields, drawing, faults; a faulty document has no drawing and all of its faults."""
    document = job.document
    groups = groups_of(document)
    faults: list[dict[str, Any]] = []
    drawing, name = None, ""
    try:
        file = job.device_file
        drawing, name = drawing_of(file.device, file.conditions, document), file.name
    except InputError as error:
        faults = [job.fault(fault) for fault in error.faults]
    _place(groups, faults)
    return {"name": name, "groups": groups, "drawing": drawing, "faults": faults}


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
