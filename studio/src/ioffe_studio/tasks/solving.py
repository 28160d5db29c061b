"""Solving the device of a document: curves at once, then maxima and profiles, then what matters most."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import OrderedDict
from dataclasses import replace
from typing import Any, Final

import numpy as np

from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.base.units import convert
from ioffe.device.conditions import Generator
from ioffe.device_file.read import DeviceFile
from ioffe.engine import compiled
from ioffe.report.device import STATUS_KINDS, status_name
from ioffe.report.families import BEST_BY, best_family
from ioffe.report.text import noun, readable_unit, small, spoken, symbol_text
from ioffe.result.steady import POINT_KEYS, Result
from ioffe.solve.doubts import judge
from ioffe.solve.loading import expect_many
from ioffe_studio.draw import drawing_of
from ioffe_studio.plots import Plots
from ioffe_studio.tasks.job import Job

IN_ONE_DIMENSION: Final = "The curves are one-dimensional; three dimensions are a job of the page Fields."
KEPT: Final = 4
"""Results of which the maxima may be asked for next."""
_results: OrderedDict[str, tuple[DeviceFile, Result]] = OrderedDict()
GENERATOR_FIGURES: Final = (
    *("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance"),
    *("max_power_current", "max_efficiency_current", "short_circuit_current"),
)
COOLER_FIGURES: Final = (
    *("max_heat", "max_COP", "delta_T_max"),
    *("max_heat_current", "max_COP_current", "delta_T_max_current"),
)


def warm() -> None:
    """Solve a device, so that the next one finds everything loaded."""
    from ioffe.device.leg import Leg
    from ioffe.device.module import Module

    expect_many()
    p, n = (Leg(f"generic {kind} cooler leg", "1.6 mm", "2 mm2") for kind in ("p", "n"))
    found = Module(p, n, fill_factor=0.3).solve(Generator(T_hot=330.0, T_cold=300.0, current="sweep"))
    assert found.values["max_power"] > 0.0
    found.profile(1)


def warm_up(job: Job) -> dict[str, Any]:
    """Compile the fast engine, while others answer."""
    from ioffe.solve.batch.solve import warm_up as compile_kernels

    del job
    if os.name == "posix":
        os.nice(10)
    return {"made": compiled.available() and compile_kernels()}


def engine_name() -> str:
    """Which engine this process solves with."""
    loaded = any(map(compiled.is_loaded, ("network", "vector.entry"))) and compiled.is_ready()
    return "compiled" if loaded else "numpy"


def solved(job: Job) -> tuple[DeviceFile, Result, float]:
    """The device of a request, its result, and the seconds that it took; kept for the next question."""
    asked = {key: job.request.get(key) for key in ("document", "files", "name")}
    key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    if key in _results:
        _results.move_to_end(key)
        return *_results[key], 0.0
    start = time.perf_counter()
    file = job.device_file
    slow = file.fidelity in ("3d", "full")
    result = file.solve("1d" if slow else None)
    if slow:
        result = replace(result, notes=(*result.notes, IN_ONE_DIMENSION))
    seconds = time.perf_counter() - start
    if not job.request.get("files"):  # the folder of its files does not outlive the request
        _results[key] = file, result
        while len(_results) > KEPT:
            _results.popitem(last=False)
    return file, result, seconds


def curves(job: Job) -> dict[str, Any]:
    """First answer: curves, status and drawing, without what needs a search."""
    file, result, seconds = solved(job)
    plots = Plots.of(file, result)
    found: dict[str, Any] = {"name": file.name, **trust(result, job)}
    if job.request.get("drawing", True):
        found["drawing"] = drawing_of(file.device, file.conditions, job.document)
    found["headline"] = point_figures(result)
    found["plots"] = plots.over_current()
    found["engine"] = {"name": engine_name(), "seconds": seconds}
    return found


def maxima(job: Job) -> dict[str, Any]:
    """Second answer: largest values over the current, where they are, and the profiles inside."""
    file, result, _ = solved(job)
    plots = Plots.of(file, result)
    figures, marks = maxima_figures(result), plots.marks()
    found = {"headline": [*point_figures(result), *figures], "marks": marks, "family": plots.family()}
    profiles = plots.profiles() if job.request.get("profiles", True) else []
    return {**found, "profiles": profiles, **trust(result, job)}


def solve(job: Job) -> dict[str, Any]:
    """Everything in SI, as `ioffe run --json` prints it."""
    return {"result": job.device_file.solve(maxima=True).to_dict()}


def check(job: Job) -> dict[str, Any]:
    """Doubts about the device and its materials, without a solve."""
    file = job.device_file
    found = judge(file.device, file.conditions, force=True)
    items = [{"severity": "warning", "text": job.private(text), "path": ""} for text in found.warnings]
    items += [{"severity": "note", "text": job.private(text), "path": ""} for text in found.notes]
    items += [{"severity": "warning", "text": text, "path": ""} for text in job.remarks()]
    return {"faults": [], "findings": items}


def sensitivity(job: Job) -> dict[str, Any]:
    """Third answer: by how much the largest value moves with every number, in per cent by per cent."""
    file = job.device_file
    name = next((n for n in BEST_BY if n in file.solve().values), "max_power")
    result = file.device.solve(
        file.conditions, file.fidelity, tolerance=file.tolerance, strict=file.strict, gradient=True
    )
    shares = result.gradient[name].elasticities()
    rows = []
    for path, share in shares.items():
        value = float(np.nanmean(np.atleast_1d(share)))
        if np.isfinite(value) and abs(value) > 1e-6:
            rows.append(
                (abs(value), {"path": path, "label": path, "effect": value, "text": f"{value:+.2f} %"})
            )
    rows.sort(key=lambda row: -row[0])
    return {"aim": {"key": name, "label": noun(name)}, "rows": [row for _, row in rows[:20]]}


def trust(result: Result, job: Job) -> dict[str, Any]:
    """Status, balance, error estimate, warnings and notes: what stands beside every number."""
    status = result.status
    doubts = [*result.warnings, *(text for text in job.remarks() if text not in result.warnings)]
    return {
        "status": {
            "kind": STATUS_KINDS.get(status, "off"),
            "ok": status < Status.RUNAWAY,
            "text": status_name(status),
            "advice": status.advice,
        },
        "balance": {"value": result.energy_balance, "text": small(result.energy_balance)},
        "error": {"value": result.error_estimate, "text": small(result.error_estimate)},
        "warnings": [{"text": job.private(text), "path": ""} for text in doubts],
        "notes": list(result.notes),
    }


def figure(key: str, value: float) -> dict[str, Any]:
    """A number in SI, and as people read it."""
    kind = quantity(key)
    unit = readable_unit(value, key)
    return {
        "key": key,
        "label": noun(key),
        "symbol": symbol_text(key),
        "value": value,
        "si": kind.unit,
        "display": float(convert(value, kind.unit, unit)),
        "unit": "" if unit == "1" else unit,
        "text": spoken(value, key, 4),
    }


def point_figures(result: Result) -> list[dict[str, Any]]:
    """The numbers of a single operating point; a family has none."""
    if len(result.points) != 1:
        return []
    values = {key: float(np.ravel(result.values[key])[0]) for key in POINT_KEYS if key in result.values}
    return [figure(key, value) for key, value in values.items() if np.isfinite(value)]


def maxima_figures(result: Result) -> list[dict[str, Any]]:
    """The largest values of the best family."""
    best = best_family(result)
    if best is None:
        return []
    names = GENERATOR_FIGURES if isinstance(result.conditions, Generator) else COOLER_FIGURES
    return [figure(n, best.maxima[n]) for n in names if np.isfinite(best.maxima.get(n, np.nan))]
