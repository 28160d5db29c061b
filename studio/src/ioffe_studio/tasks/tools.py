"""Lets a tool answer."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

from ioffe_studio.limits import RefusedError
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools import PAGES, Tool
from ioffe_studio.tools.commands import fields_of


def fields(job: Job) -> dict[str, Any]:
    """The form of a tool for the device of the request."""
    found = _tool(job)
    own = found.fields
    if found.follows:
        module, _, function = found.follows.partition(":")
        own = getattr(importlib.import_module(f"ioffe_studio.tools.{module}"), function)(job, found)
    return {"fields": fields_of(replace(found, fields=tuple(own)), job)}


def _tool(job: Job) -> Tool:
    name = str(job.request.get("tool"))
    found = next((one for page in PAGES for one in page.tools if one.id == name), None)
    if found is None:
        raise RefusedError(f"there is no tool {name[:80]!r}", 404)
    return found


def tool(job: Job) -> dict[str, Any]:
    """The sections of a tool, which is found by its name."""
    found = _tool(job)
    module, _, function = (found.function or "commands:run").partition(":")
    answer = getattr(importlib.import_module(f"ioffe_studio.tools.{module}"), function)(job, found)
    return {"title": found.title, "files": [], **answer}
