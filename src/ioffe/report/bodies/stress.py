"""The page of a thermal stress: parts, joints, cuts and a view."""

from __future__ import annotations

import numpy as np

from ioffe.base.units import format_si
from ioffe.field.stress.result import StressResult, chance
from ioffe.report.bodies.contents import bodies_shown
from ioffe.report.drawing import drawing
from ioffe.report.page import (
    DeviceDrawing,
    Facts,
    KeyFigure,
    Note,
    Page,
    PageTable,
    StatusBar,
    citations,
    numbers_from,
    section,
    warning_list,
)
from ioffe.report.text import printed

STRESSED = "mises", "tension", "displacement", "temperature"
"""What is shown of a module under stress."""
PARTS = {
    "Equivalent stress, exceeded in 1 % of the volume": "mises_exceeded",
    "Tension, exceeded in 1 %": "principal_exceeded",
    "Equivalent stress, root mean square": "mises_rms",
    "Mean at the rims of the joints": "rim_mises",
    "Largest": "largest_mises",
}
"""Columns of the table of parts, with the measures in them."""
JOINTS = {"Shear, mean": "shear", "Shear at the rim": "rim_shear", "Peel at the rim": "rim_peel"}
SMALL = 0.1
"""Error up to which a result counts as good."""
MEANING = (
    "Equivalent stress after von Mises; tension is the largest principal stress. At the free edge of a joint "
    "the elastic stress has no bound: the largest value grows as the mesh there is refined and is told for "
    "comparison with published peaks alone. What one per cent of the volume exceeds, and means over a stated "
    "distance from the edges, do settle. Figures behind ± are differences between two meshes, of which the "
    "finer has half the widths."
)
MODEL = (
    "All parts are linear elastic and joined firmly, over contacts too. Nothing yields and nothing creeps: "
    "where solder or copper would, this is an upper bound. A filler in the gap carries no force."
)


def stress_page(result: StressResult) -> Page:
    """The page of a stress."""
    worst = max(result.parts, key=lambda k: result.parts[k]["mises_exceeded"])
    joint = max(result.joints, key=lambda k: np.nan_to_num(result.joints[k]["rim_shear"]))
    rim = format_si(result.distance, "length")
    figures = [
        KeyFigure(f"equivalent stress in 1 % of {worst}", shown(result.parts[worst]["mises_exceeded"])),
        KeyFigure(f"shear at the rim of {joint}", shown(result.joints[joint]["rim_shear"])),
    ]
    failing = {k: p["failing"] for k, p in result.parts.items() if np.isfinite(p["failing"])}
    if failing:
        weakest = max(failing, key=lambda k: failing[k])
        figures.append(KeyFigure(f"probability of failure of {weakest}", chance(failing[weakest])))
    error = result.error_estimate
    status = StatusBar(
        "good" if error < SMALL else "fair",
        f"Equivalent stress differs by up to {100.0 * error:.0f} % between two meshes",
    )
    facts = [
        ("Operating point", f"{result.point_words()}, fidelity full"),
        *((f"{words[0].upper()}{words[1:]}", text) for words, text in result.inputs()),
        ("Rims of the joints", f"{rim} wide"),
        *((m.name, _elastic(m)) for m in result.materials),
    ]
    device = result.solid.module
    return Page(
        f"Thermal stress: {result.name}" if result.name else "Thermal stress",
        f"Linear elastic, {result.point_words()}, free of stress at {format_si(result.free, 'temperature')}.",
        [
            warning_list(result.warnings, result.notes),
            section("device", "Device", DeviceDrawing(drawing(device, result.conditions))),
            section("pictures", "Pictures", *bodies_shown(result.bodies(), STRESSED)),
            section("parts", "Parts", parts_table(result), Note(MEANING)),
            section(
                "joints", "Joints at the ends of the legs", joints_table(result), f"Rims are {rim} wide."
            ),
            section("model", "Model and data", Facts(facts), Note(MODEL)),
            citations(result.citations()),
        ],
        figures=figures,
        status=status,
        wide=True,
    )


def parts_table(result: StressResult) -> PageTable:
    """Measures of every part, with their differences between two meshes."""
    heads = ("Part", *PARTS, "Width of the mesh there", "Probability of failure")
    rows = []
    for name, part in result.parts.items():
        cells = [_with_error(part[key], result.errors[name].get(key)) for key in PARTS.values()]
        rows.append((name, *cells, printed(part["mesh_width"], "length", 2), chance(part["failing"])))
    return PageTable(heads, rows, numbers_from(1))


def joints_table(result: StressResult) -> PageTable:
    """Shear and peel of every joint."""
    rows = [(name, *(shown(m[key]) for key in JOINTS.values())) for name, m in result.joints.items()]
    return PageTable(("Joint", *JOINTS), rows, numbers_from(1))


def shown(value: float) -> str:
    """A stress in words; a dash where there is none."""
    return format_si(value, "stress", 3) if np.isfinite(value) else "–"


def _with_error(value: float, error: float | None) -> str:
    return shown(value) if error is None else f"{shown(value)} ± {1e-6 * error:.2g}"


def _elastic(material: object) -> str:
    """Elastic data of a material in words."""
    found = []
    for key, words in (("youngs_modulus", "E"), ("poisson_ratio", "ν"), ("thermal_expansion", "α")):
        value = getattr(material, key)
        if isinstance(value, float | int):
            found.append(f"{words} = {format_si(float(value), key, 3)}")
        else:
            found.append(f"{words}(T)")
    return ", ".join(found)
