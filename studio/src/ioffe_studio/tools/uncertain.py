"""How sure the device is: a form of standard deviations becomes a study, which the command propagates."""

from __future__ import annotations

from typing import Any, Final

from ioffe.device.parameters import materials
from ioffe_studio.limits import RefusedError
from ioffe_studio.tasks.job import Job
from ioffe_studio.toml_text import written
from ioffe_studio.tools.choices import described, paths_of
from ioffe_studio.tools.commands import run
from ioffe_studio.tools.forms import PATHS, named, quantities, text, usual
from ioffe_studio.tools.studies import AIM, STUDY, listed, of_form, operated
from ioffe_studio.tools.tool import Tool
from ioffe_studio.words import PROPERTIES

CURVES: Final = {"seebeck": "6 %", "electrical_conductivity": "8 %", "thermal_conductivity": "11 %"}
"""Curves of materials, and the usual errors of their instruments."""
NUMBERS: Final = (("legs.length", "1 %"), ("T_hot", "1 K"), ("T_cold", "1 K"), ("", ""), ("", ""))
SPREAD: Final = "Standard deviation, in per cent of the value or with a unit."
OF_CURVE: Final = "Standard deviation at all temperatures, of every material of the device; empty for none."
OUTPUTS: Final = "By default power and efficiency, or the COP."


def form(paths: list[tuple[str, str]]) -> tuple[dict[str, Any], ...]:
    """The form; without `paths` the numbers of the device are typed."""
    found = [text(name, PROPERTIES[name], OF_CURVE, value) for name, value in CURVES.items()]
    for k, (path, value) in enumerate(NUMBERS, 1):
        what = text(f"path{k}", f"Number {k}", PATHS, path, advanced=k > 3)
        if paths:
            known = {"options": described(paths), "value": usual(paths, path) or None}
            what |= {"kind": "choice", **known, "help": ""}
        found += [what, text(f"spread{k}", "Its error", SPREAD, value, advanced=k > 3)]
    return (*found, quantities("outputs", "Quantities", OUTPUTS))


def fields(job: Job, tool: Tool) -> tuple[dict[str, Any], ...]:
    """The form for the device."""
    del tool
    return form(paths_of(job))


def solve(job: Job, tool: Tool) -> dict[str, Any]:
    """Propagate the errors of the form."""
    study = study_of(job)
    (job.folder / STUDY).write_text(written(study), encoding="utf-8")
    with of_form(job):
        return run(job, tool, [STUDY])


def study_of(job: Job) -> dict[str, Any]:
    """The study that the form describes."""
    given = {key: str(value).strip() for key, value in job.answers.items() if value is not None}
    cools = job.device_file.conditions.mode == "cool"
    best = "delta_T" if "aim" in (job.document.get("operate") or {}) else AIM[cools][1]
    outputs = named(given.get("outputs"))
    uncertain: dict[str, Any] = {}
    for k in range(1, len(NUMBERS) + 1):
        path, spread = given.get(f"path{k}", ""), given.get(f"spread{k}", "")
        if path and spread:
            uncertain[path] = spread
    curves = {name: given[name] for name in CURVES if given.get(name)}
    if curves:
        uncertain |= {name: dict(curves) for name in _materials(job)}
    if not uncertain:
        raise RefusedError("at least one error is expected, of a curve or of a number", 422)
    return {
        "format": 1,
        "study": {
            "name": job.device_file.name or "Device",
            "device": job.written(),
            "outputs": outputs or ([best] if cools else [best, "efficiency"]),
        },
        "operate": operated(job),
        "variables": listed(job),
        "uncertain": uncertain,
    }


def _materials(job: Job) -> tuple[str, ...]:
    """Paths of the materials that convert heat: of every leg, segment and stage."""
    found = materials(job.device_file.device)
    return tuple(path for path, one in found.items() if one.seebeck is not None)
