"""A calibration whose device opens: its fitted numbers stand in the document, its corrections do not."""

from __future__ import annotations

import json
from typing import Any

from ioffe.study.designing.answer import listed
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools.commands import OUT, run
from ioffe_studio.tools.opening import applied
from ioffe_studio.tools.tool import Tool
from ioffe_studio.words import CORRECTIONS, PROPERTIES, in_words


def solve(job: Job, tool: Tool) -> dict[str, Any]:
    """Calibrate the device of the document."""
    found = run(job, tool)
    numbers = json.loads((job.folder / OUT / "result.json").read_text(encoding="utf-8"))
    fitted = dict(zip(numbers["axes"]["parameter"], numbers["value"], strict=True))
    curves = {name for name in fitted if name.rpartition(".")[2] in PROPERTIES}
    own = {name: value for name, value in fitted.items() if name not in CORRECTIONS and name not in curves}
    left = [CORRECTIONS[name].lower() for name in fitted if name in CORRECTIONS]
    left += [f"the factor of {in_words(name)}" for name in curves]
    told = "The device that opens has the fitted numbers." if own else "No number of the device was fitted."
    told += f" Not in it: {listed(left)}, which correct the measurement or a curve." if left else ""
    found["sections"].insert(1, {"kind": "text", "text": told})
    return {**found, "document": applied(job, own)} if own else found
