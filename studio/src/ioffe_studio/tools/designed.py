"""Answers to a designer's questions, whose devices open."""

from __future__ import annotations

import json
from typing import Any, Final

from ioffe.device.parameters import numbers
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools.commands import OUT, run
from ioffe_studio.tools.opening import applied
from ioffe_studio.tools.studies import devices_to_open
from ioffe_studio.tools.tool import Tool

CONTACT: Final = "electrical_contact_resistivity"
"""Of all contacts that a question is about."""


def solve(job: Job, tool: Tool) -> dict[str, Any]:
    """Answer a question; devices that differ from that of the document in numbers alone may be opened."""
    found = run(job, tool)
    answer = json.loads((job.folder / OUT / "result.json").read_text(encoding="utf-8"))
    known = numbers(job.device_file.device, job.device_file.conditions)
    leg = {"both": "legs.", "p": "p.", "n": "n."}.get(answer["options"].get("leg"), "")
    leg = leg if "p.length" in known or "p.segments[0].length" in known else ""
    paths = {name: name for name in answer["tables"]["devices"]["columns"] if name in known}
    if CONTACT in answer:
        paths[f"{leg}contact.electrical"] = CONTACT
    devices = [
        {path: answer[name][k] for path, name in paths.items()} for k in range(len(answer["axes"]["device"]))
    ]
    if not paths or any(value is None for one in devices for value in one.values()):
        return found
    *_, best = documents = [applied(job, one) for one in devices]
    shown = devices_to_open(devices, documents, answer["axes"]["device"])
    return {**found, "document": best, "sections": [found["sections"][0], shown, *found["sections"][1:]]}
