"""The report: one HTML file with everything in it, readable without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ioffe._version import __version__
from ioffe.device.structure import materials_of
from ioffe.device_file.measured import Comparison
from ioffe.report import definitions, inputs, outputs, words
from ioffe.report.drawing import drawing
from ioffe.report.markup import linked, name_html
from ioffe.report.profiles import best_point
from ioffe.report.saving import embedded
from ioffe.report.text import printed, small
from ioffe.report.verdict import verdict
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Picture", "environment", "place_words", "render"]

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Picture:
    """A figure of the report with its caption."""

    figure: Figure
    caption: str


def render(
    result: Result,
    pictures: dict[str, Picture],
    comparisons: Sequence[Comparison] = (),
    notes: Sequence[str] = (),
    date: str = "",
    name: str = "",
) -> str:
    """HTML text of the report.

    Parameters
    ----------
    result : Result
        What is reported.
    pictures : dict of Picture
        Under the keys ``curves``, ``family`` and ``profiles``, as far as there are any.
    comparisons : sequence of Comparison
        Published beside computed values.
    notes : sequence of str
        Paragraphs from the device file.
    date : str
        Printed below the title.
    name : str
        Title; by default the name of the device.
    """
    context = {
        "title": name or result.device.name or "Thermoelectric device",
        "heading": name_html(name or result.device.name or "Thermoelectric device"),
        "subtitle": words.subtitle(result),
        "date": date,
        "version": __version__,
        "verdict": verdict(result, comparisons),
        "figures": words.figures(result),
        "drawing": Markup(drawing(result.device, result.conditions)),
        "pictures": {k: (embedded(p.figure), p.caption) for k, p in pictures.items()},
        "maxima": outputs.maxima_table(result),
        "points": outputs.points_table(result),
        "migration": outputs.migration_table(result),
        "comparison": outputs.comparison_table(comparisons),
        "published": "Published beside computed values" if comparisons else "Notes",
        "notes": [name_html(note) for note in notes],
        "resistances": outputs.resistance_table(result),
        **_inputs(result),
        **_trust(result),
        "citations": [linked(text) for text in result.citations()],
        "glossary": definitions.glossary_table(result),
        "limits": definitions.limits(result),
    }
    return environment().get_template("report.html.jinja").render(context)


def environment() -> Environment:
    """Templates of the reports: everything is escaped, and a name without a value is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _inputs(result: Result) -> dict[str, Any]:
    device = result.device
    return {
        "materials": inputs.materials_table(result),
        "geometry": inputs.geometry_table(device),
        "contacts": inputs.contacts_table(device),
        "facts": inputs.device_facts(device),
        "conditions": inputs.conditions_table(result.conditions),
    }


def _trust(result: Result) -> dict[str, Any]:
    best = best_point(result)
    stated = [m.name for m in materials_of(result.device) if m.has_std]
    numbers = [
        ("Energy balance, largest over all points", small(result.balance)),
        ("Estimated numerical error of the heat flow, largest", small(result.error_estimate)),
        ("Tolerance asked for", small(result.tolerance)),
        ("Fidelity", result.fidelity),
        ("Materials that state a standard deviation", ", ".join(stated) or "none"),
    ]
    return {
        "heat": [] if best is None else outputs.heat_table(result, best),
        "stages": None if best is None else outputs.stages_table(result, best),
        "best": "" if best is None else place_words(result, best),
        "trust": numbers,
        "statuses": words.status_words(result),
        "warnings": [name_html(text) for text in result.warnings],
    }


def place_words(result: Result, index: tuple[int, ...]) -> str:
    """Operating point in words: its temperatures and current."""
    names = {"T_hot": "hot side", "T_cold": "cold side", "current": "current"}
    values = {n: float(np.asarray(result.values[n])[index]) for n in names}
    return ", ".join(f"{words} {printed(values[n], n, 4)}" for n, words in names.items())
