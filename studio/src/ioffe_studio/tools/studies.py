"""Studies of the device: a form of up to three variables becomes a study file, which the command solves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from math import prod
from pathlib import Path
from typing import Any, Final

from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import format_si
from ioffe.device.parameters import CONDITIONS, quantity_of
from ioffe_studio.limits import POINTS, RefusedError
from ioffe_studio.tasks.job import Job
from ioffe_studio.toml_text import written
from ioffe_studio.tools.choices import paths_of
from ioffe_studio.tools.commands import OUT, run
from ioffe_studio.tools.forms import VARIABLES, named, variables
from ioffe_studio.tools.opening import applied
from ioffe_studio.tools.tool import Tool
from ioffe_studio.words import in_words, of_quantity

STUDY: Final = "study.toml"
AIM: Final = {True: ("max_COP", "COP"), False: ("max_power", "power")}
"""Of a device that cools or generates: where it is operated, and what is asked of it."""
GRID: Final = 12
"""Points of each variable of a grid, unless others are wanted."""
STARTS: Final = 4
MOST: Final = 40
"""Devices that may be opened."""


def solve(job: Job, tool: Tool) -> dict[str, Any]:
    """Solve a study; the best device may be opened."""
    study = study_of(job, tool.command[0])
    (job.folder / STUDY).write_text(written(study), encoding="utf-8")
    with of_form(job):
        found = run(job, tool, [STUDY])
    result = job.folder / OUT / "result.json"
    if result.is_file():
        numbers = json.loads(result.read_text(encoding="utf-8"))
        devices = _devices(job, study, numbers)
        if devices["documents"]:
            found["document"] = devices["documents"][0]
            said = list(takewhile(lambda one: one["kind"] == "text", found["sections"]))
            found["sections"] = [*said, devices, *found["sections"][len(said) :]]
    return found


@contextmanager
def of_form(job: Job) -> Iterator[None]:
    """Inside, faults of the study file, which nobody saw, become those of the field they come from."""
    try:
        yield
    except InputError as error:
        raise InputError([_of_form(fault, job.answers) for fault in error.faults]) from None


def _of_form(fault: Fault, given: Mapping[str, Any]) -> Fault:
    if Path(fault.file).name != STUDY:
        return fault
    for k in range(1, 1 + sum(key.startswith("path") for key in given)):
        path = str(given.get(f"path{k}") or "").strip()
        if path and fault.location == f"variables.{path}":
            return replace(fault, location=f"path{k}", file="")
        if path and fault.location.startswith(f"variables.{path}."):
            name = "high" if fault.location.endswith("[1]") else "low"
            return replace(fault, location=f"{name}{k}", file="")
        if path and fault.location.startswith(f"uncertain.{path}"):
            return replace(fault, location=f"spread{k}", file="")
    return replace(fault, location=fault.location.removeprefix("study."), file="")


def _devices(job: Job, study: dict[str, Any], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The best devices as a table whose rows open them."""
    names = list(study["variables"])
    outputs = [name for name in study["study"]["outputs"] if isinstance(numbers.get(name), list)]
    count = min((len(numbers[n]) if isinstance(numbers.get(n), list) else 0 for n in names), default=0)
    rows, documents = [], []
    for k in range(min(count, MOST)):
        at = {name: numbers[name][k] for name in names}
        if all(isinstance(value, int | float) for value in at.values()):
            shown = [*(_shown(name, value) for name, value in at.items())]
            rows.append([*shown, *(_shown(name, numbers[name][k]) for name in outputs)])
            documents.append(applied(job, at))
    columns = [{"label": in_words(name), "unit": "", "numeric": True} for name in names]
    columns += [{"label": of_quantity(name), "unit": "", "numeric": True} for name in outputs]
    return {
        "kind": "table",
        "title": "Devices to open",
        "columns": columns,
        "rows": rows,
        "documents": documents,
    }


def devices_to_open(
    devices: Sequence[Mapping[str, float]], documents: Sequence[Mapping[str, Any]], called: Sequence[str]
) -> dict[str, Any]:
    """Devices by their numbers as a table whose rows open them, each with what it is `called`."""
    names = list(devices[0])
    columns = [{"label": "Device", "unit": "", "numeric": False}]
    columns += [{"label": in_words(name), "unit": "", "numeric": True} for name in names]
    rows = [[word, *(_shown(n, one[n]) for n in names)] for word, one in zip(called, devices, strict=True)]
    found = {"kind": "table", "title": "Devices to open", "columns": columns, "rows": rows}
    return {**found, "documents": list(documents)}


def _shown(name: str, value: Any) -> str:
    """A number of a device or of its result as people read it."""
    if not isinstance(value, int | float):
        return ""
    kind = name if name in QUANTITIES else quantity_of(name)
    return format_si(float(value), kind) if kind else f"{value:.4g}"


def fields(job: Job, tool: Tool) -> tuple[dict[str, Any], ...]:
    """The form of a study of the device: its numbers to choose from."""
    cools = job.device_file.conditions.mode == "cool"
    return variables(grid=tool.command[0] == "sweep", paths=paths_of(job), cools=cools)


def study_of(job: Job, command: str) -> dict[str, Any]:
    """The study that the form describes."""
    given = job.answers
    cools = job.device_file.conditions.mode == "cool"
    outputs = named(given.get("outputs"))
    aims = (job.document.get("operate") or {}).get("aim")  # of a cooler that finds its own temperature
    largest = str(given.get("largest") or ("delta_T" if aims else "heat_cold" if cools else "power"))
    second = str(given.get("second") or "")
    study: dict[str, Any] = {
        "format": 1,
        "study": {
            "name": "Study",
            "device": job.written(),
            "outputs": list(dict.fromkeys([largest, *filter(None, [second]), *outputs])),
            "largest": [largest, second] if second and second != largest else largest,
        },
        "operate": operated(job, str(given.get("aim") or "")),
        "variables": _variables(given, listed(job), grid=command == "sweep"),
    }
    limit, most = str(given.get("limit") or "").strip(), str(given.get("most") or "").strip()
    if limit and most:
        study["constraints"] = {limit: {"most": _value(most)}}
    if command == "optimise":
        study["sample"] = {"points": _whole(given.get("starts"), STARTS)}
    return study


def operated(job: Job, aim: str = "") -> dict[str, str]:
    """Where the device of a study is operated: as it is asked, by its own aim, or at its best."""
    own = "aim" in (job.document.get("operate") or {})
    chosen = aim or ("" if own else AIM[job.device_file.conditions.mode == "cool"][0])
    return {"current": chosen} if chosen else {}


def listed(job: Job) -> dict[str, Any]:
    """Conditions of which the device states several: a study has each of them."""
    operate = job.document.get("operate") or {}
    return {name: value for name, value in operate.items() if isinstance(value, list) and name in CONDITIONS}


def _variables(given: Mapping[str, Any], listed: Mapping[str, Any], *, grid: bool) -> dict[str, Any]:
    """What varies, each between two ends; and the lists of the device, unless they vary so too."""
    found: dict[str, Any] = {}
    count = 1
    for k in range(1, len(VARIABLES) + 1):
        path, low, high = (str(given.get(f"{key}{k}") or "").strip() for key in ("path", "low", "high"))
        if not path:
            continue
        if not low or not high:
            raise RefusedError(f"{path}: a smallest and a largest value are expected", 422)
        found[path] = {"range": [_value(low), _value(high)]}
        if grid:
            found[path]["points"] = _whole(given.get(f"points{k}"), GRID)
            count *= found[path]["points"]
        if given.get(f"spacing{k}") == "log":
            found[path]["spacing"] = "log"
    if not found:
        raise RefusedError("at least one variable is expected, such as legs.length", 422)
    found |= {name: values for name, values in listed.items() if name not in found}
    count *= prod(len(values) for name, values in listed.items() if found[name] is values)
    if count > POINTS:
        raise RefusedError(f"at most {POINTS} devices are swept here, and these are {count}", 422)
    return found


def _whole(value: Any, default: int) -> int:
    if value in (None, ""):
        return default
    if isinstance(value, int | float) and value >= 1 and value == int(value):
        return int(value)
    raise RefusedError(f"a whole number from 1 on is expected, and {str(value)[:80]!r} is none", 422)


def _value(text: str) -> Any:
    """A number without unit as a number, anything else as it is written."""
    try:
        return float(text)
    except ValueError:
        return text
