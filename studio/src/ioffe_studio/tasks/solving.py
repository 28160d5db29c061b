"""Solving the device of a document: curves at once, then maxima and profiles, then what matters most."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.base.units import convert
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Generator
from ioffe.device_file.read import DeviceFile
from ioffe.engine import compiled
from ioffe.report.device import STATUS_KINDS, status_name
from ioffe.report.families import BEST_BY, best_family, families
from ioffe.report.text import printed, readable_unit, small, spoken, symbol_text
from ioffe.result.steady import POINT_KEYS, Result
from ioffe.solve.doubts import judge
from ioffe.solve.loading import expect
from ioffe_studio.draw import drawing_of
from ioffe_studio.labels import in_page
from ioffe_studio.plots import Plots
from ioffe_studio.tasks.job import Job
from ioffe_studio.words import form_path, in_words, materials_in, of_quantity, place_in_text

IN_ONE_DIMENSION: Final = "The curves are one-dimensional; three dimensions are a job of the page Fields."
INDEPENDENT: Final = "Of stages with circuits of their own no derivatives are known."
MOST_ROWS: Final = 20
NEGLIGIBLE: Final = 1e-6
"""Per cent by per cent that are not listed."""
KEPT: Final = 4
"""Results of which the maxima may be asked for next."""
_held = {"back": False}
_results: OrderedDict[str, tuple[DeviceFile, Result]] = OrderedDict()
GENERATOR_FIGURES: Final = (
    *("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance"),
    *("max_power_current", "max_efficiency_current", "short_circuit_current"),
)
COOLER_FIGURES: Final = (
    *("max_heat", "max_COP", "delta_T_max"),
    *("max_heat_current", "max_COP_current", "delta_T_max_current"),
)


def warm(engine: str) -> None:
    """Solve a device, so that the next one finds everything loaded; `engine` is ``"auto"`` or ``"numpy"``."""
    from ioffe.device.leg import Leg
    from ioffe.device.module import Module

    _held["back"] = engine == "numpy"
    expect(many=engine == "auto")
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


def held_back() -> bool:
    """Whether this process was asked to solve with NumPy alone."""
    return _held["back"]


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
    found["drawing"] = drawing_of(file.device, file.conditions, job.document)
    found["headline"] = point_figures(result)
    found["plots"] = plots.over_current()
    found["engine"] = {"name": engine_name(), "seconds": seconds}
    return found


def maxima(job: Job) -> dict[str, Any]:
    """Second answer: largest values over the current, where they are, and the profiles inside."""
    file, result, _ = solved(job)
    plots = Plots.of(file, result)
    points = point_figures(result) if len(result.points) == 1 else []
    figures, marks = maxima_figures(result), plots.marks()
    found = {"headline": [*points, *figures], "marks": marks, "family": plots.family(), "of": of_best(result)}
    inside = {"plots": plots.over_current()} if job.request.get("curves") else {"profiles": plots.profiles()}
    return {**found, **inside, **trust(result, job)}


def solve(job: Job) -> dict[str, Any]:
    """Everything in SI, as `ioffe run --json` prints it."""
    return {"result": job.device_file.solve(maxima=True).to_dict()}


def check(job: Job) -> dict[str, Any]:
    """Doubts about the device and its materials, without a solve."""
    file = job.device_file
    found = judge(file.device, file.conditions, force=True)
    items = [{"severity": "warning", **one} for one in placed(job, [*found.warnings, *job.remarks()])]
    items += [{"severity": "note", **one} for one in placed(job, found.notes)]
    return {"faults": [], "findings": items}


def sensitivity(job: Job) -> dict[str, Any]:
    """Third answer: by how much the largest value moves with every number, in per cent by per cent."""
    file, result, _ = solved(job)
    best = best_family(result)
    name = next((n for n in BEST_BY if best is not None and np.isfinite(best.maxima.get(n, np.nan))), "")
    aim = {"key": name, "label": of_quantity(name) if name else ""}
    if isinstance(file.device, Cascade) and file.device.connection == "independent":
        return {"aim": aim, "rows": [], "text": INDEPENDENT}
    if best is None or not name:
        return {"aim": aim, "rows": [], "text": "No operating point has a solution."}
    current = "max_power" if isinstance(file.conditions, Generator) else "max_COP"
    at = file.conditions.replace(**{key: value for key, value in best.at.items() if key != "heat"})
    if len(result.points) > 1 or (isinstance(at.current, str) and at.current == "sweep"):
        at = at.replace(current=current)
    fidelity = "ideal" if file.fidelity == "ideal" else "1d"
    found = file.device.solve(at, fidelity, tolerance=file.tolerance, force=True, gradient=True)
    shares = found.gradient[name].elasticities()
    sums: dict[tuple[str, str], float] = {}
    for path, share in shares.items():
        place = form_path(job.document, path)
        what = in_words(re.sub(r"contact_(hot|cold)", "contact", path) if place.count("contact.") else path)
        value = float(np.ravel(share)[0])
        if np.isfinite(value):
            sums[place, what] = sums.get((place, what), 0.0) + value
    rows = [
        {"path": place, "label": what, "effect": value, "text": f"{value:+.2g} %".replace("-", "−")}
        for (place, what), value in sorted(sums.items(), key=lambda one: -abs(one[1]))
        if abs(value) > NEGLIGIBLE
    ]
    where = ", ".join(f"{symbol_text(key)} = {printed(value, key, 4)}" for key, value in best.at.items())
    return {"aim": aim, "rows": rows[:MOST_ROWS], "text": f"{of_quantity(name)} at {where}"}


def trust(result: Result, job: Job) -> dict[str, Any]:
    """Status, balance, error estimate, warnings and notes: what stands beside every number."""
    status = result.status
    doubts = [*result.warnings, *(text for text in job.remarks() if text not in result.warnings)]
    return {
        "status": {
            "kind": STATUS_KINDS.get(status, "off"),
            "ok": status < Status.RUNAWAY,
            "text": status_name(status),
            "advice": "" if status is Status.OK else in_page(status.advice),
        },
        "balance": {"value": result.energy_balance, "text": small(result.energy_balance)},
        "error": {"value": result.error_estimate, "text": small(result.error_estimate)},
        "warnings": placed(job, doubts),
        "notes": list(map(in_page, result.notes)),
    }


def placed(job: Job, texts: Iterable[str]) -> list[dict[str, str]]:
    """Warnings, each with the field that it is about."""
    document = job.document
    materials = materials_in(document)
    return [
        {"text": in_page(t), "path": place_in_text(document, t, materials)} for t in map(job.private, texts)
    ]


def figure(key: str, value: float) -> dict[str, Any]:
    """A number in SI, and as people read it."""
    kind = quantity(key)
    unit = readable_unit(value, key)
    return {
        "key": key,
        "label": of_quantity(key),
        "symbol": symbol_text(key),
        "value": value,
        "si": kind.unit,
        "display": float(convert(value, kind.unit, unit)),
        "unit": "" if unit == "1" else unit,
        "text": spoken(value, key, 4),
    }


def point_figures(result: Result) -> list[dict[str, Any]]:
    """The numbers of a single operating point; of a family what is known of its maxima by now."""
    if len(result.points) != 1:
        known = getattr(result.values, "ready", result.values)
        names = GENERATOR_FIGURES if isinstance(result.conditions, Generator) else COOLER_FIGURES
        largest = {n: float(np.nanmax(known[n])) for n in names if n in known and np.isfinite(known[n]).any()}
        return [figure(name, value) for name, value in largest.items()]
    values = {key: float(np.ravel(result.values[key])[0]) for key in POINT_KEYS if key in result.values}
    return [figure(key, value) for key, value in values.items() if np.isfinite(value)]


def of_best(result: Result) -> str:
    """Of which of several families the largest values are; empty for a single one."""
    best, count = best_family(result), sum(1 for _ in families(result))
    if best is None or count < 2:
        return ""
    axes = {key for key, values in result.maxima_axes.items() if len(values) > 1}
    at = (
        f"{of_quantity(key).lower()} {printed(value, key, 5)}"
        for key, value in best.at.items()
        if key in axes
    )
    return f"The best of {count}: {', '.join(at)}"


def maxima_figures(result: Result) -> list[dict[str, Any]]:
    """The largest values of the best family."""
    best = best_family(result)
    if best is None:
        return []
    names = GENERATOR_FIGURES if isinstance(result.conditions, Generator) else COOLER_FIGURES
    return [figure(n, best.maxima[n]) for n in names if np.isfinite(best.maxima.get(n, np.nan))]
