"""Tools that answer about a choice and not about files: materials of the library, fidelities, sources."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ioffe.base.errors import Fault, as_typed
from ioffe_studio.limits import RefusedError
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools.commands import run
from ioffe_studio.tools.tool import Tool


def compare(job: Job, tool: Tool) -> dict[str, Any]:
    """The analysis of materials of the library."""
    names = [name.strip() for name in str(job.answers.get("names") or "").split(";") if name.strip()]
    if not names:
        raise RefusedError("names of the library are expected, separated by semicolons", 422)

    def told(fault: Fault) -> Fault:
        return replace(fault, location="--names") if fault.location == "material" else fault

    with as_typed(told):
        return run(job, tool, names)


def fitted(job: Job, tool: Tool) -> dict[str, Any]:
    """The analysis of samples with bands fitted to all of them."""
    return run(job, tool, [] if job.answers.get("fit") else ["--fit", "single-band"])


def in_3d(job: Job, tool: Tool) -> dict[str, Any]:
    """The device in three dimensions."""
    return run(job, tool, ["--fidelity", str(job.answers.get("fidelity") or "3d")])


def published(job: Job, tool: Tool) -> dict[str, Any]:
    """A published source, computed again in this process."""
    return run(job, tool, [str(job.answers.get("source") or "S1"), "--processes", "1"])
