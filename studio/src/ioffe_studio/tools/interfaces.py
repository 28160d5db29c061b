"""The map of contact resistivity over doping and barrier height, which no command draws."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np

from ioffe.base.errors import Faults
from ioffe.base.plotting import unit_label
from ioffe.base.saved import write_csv
from ioffe.base.units import format_si, to_si
from ioffe.interface.barrier import Junction, ResistivityMap, resistivity_map
from ioffe.report.page import Picture
from ioffe_studio.sections import section
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools.commands import OUT, files_in
from ioffe_studio.tools.forms import text
from ioffe_studio.tools.tool import Tool

POINTS = 60
LISTED = 7
"""Dopings of the table."""
QUANTITIES = {
    "temperature": "temperature",
    "permittivity": "permittivity",
    "effective_mass": "effective_mass",
    "least_doping": "carrier_density",
    "most_doping": "carrier_density",
    "lowest": "barrier_height",
    "highest": "barrier_height",
}
FIELDS = (
    text("temperature", "Temperature", "Of the contact.", "300 K"),
    text("permittivity", "Permittivity", "Static, of the semiconductor, relative to vacuum.", "20"),
    text("effective_mass", "Effective mass", "Of tunnelling, over the electron mass.", "0.2"),
    text("least_doping", "Doping from", "With its unit.", "1e18 cm^-3"),
    text("most_doping", "Doping to", "With its unit.", "1e21 cm^-3"),
    text("lowest", "Barrier from", "With its unit.", "0.05 eV"),
    text("highest", "Barrier to", "With its unit.", "0.5 eV"),
    text("measured", "Measured resistivity", "A contact resistivity that is drawn as a line.", "10 uohm cm2"),
    text("image", "Image force", "Whether it lowers the barrier.", kind="flag", advanced=True),
)
"""Of the form of `barrier`."""
DEFAULTS = {field["path"]: field["value"] for field in FIELDS}
CAPTION = (
    "Contact resistivity of a metal on a doped semiconductor in the depletion approximation, from thermionic "
    "to field emission (Padovani and Stratton, doi 10.1016/0038-1101(66)90097-9); the coloured line is the "
    "measured one."
)


def barrier(job: Job, tool: Tool) -> dict[str, Any]:
    """The map, with a measured resistivity as a line."""
    given = {
        key: value or DEFAULTS[key] for key, value in {**DEFAULTS, **job.answers}.items() if key in DEFAULTS
    }
    faults, found = Faults(), {}
    for key, quantity in QUANTITIES.items():
        with faults.collect(key):
            found[key] = to_si(_number(given[key]), quantity)
    with faults.collect("measured"):
        marked = to_si(_number(given["measured"]), "electrical_contact_resistivity")
    for low, high in (("least_doping", "most_doping"), ("lowest", "highest")):
        if low in found and high in found and not found[low] < found[high]:
            faults.add(high, given[high], f"a value above {given[low]} is expected")
    faults.raise_if_any()
    junction = Junction(found["lowest"], found["least_doping"], *(found[key] for key in list(QUANTITIES)[:3]))
    doping = np.geomspace(found["least_doping"], found["most_doping"], POINTS)
    height = np.linspace(found["lowest"], found["highest"], POINTS)
    made = resistivity_map(junction, doping, height, image_force=bool(job.answers.get("image")))
    figure = made.plot(marked=marked)
    shown = {"title": "Barriers", **section(Picture(figure, CAPTION, "Map"))}
    out = job.folder / OUT
    out.mkdir()
    (out / "map.svg").write_bytes(base64.b64decode(shown["svg"]))
    write_csv(out / "map.csv", *made.table().rows(si=False))
    return {"sections": [*_explained(made, marked), shown], "files": list(files_in(job, tool))}


def _explained(made: ResistivityMap, marked: float) -> Iterator[dict[str, Any]]:
    """Which barriers give the measured resistivity, in a sentence and for some dopings."""
    heights = made.barrier_heights(marked)
    measured = _shown(marked, "electrical_contact_resistivity")
    known = np.flatnonzero(np.isfinite(heights))
    if not known.size:
        ends = (made.resistivity.min(), made.resistivity.max())
        low, high = (_shown(float(value), "electrical_contact_resistivity") for value in ends)
        text = f"No barrier and doping of the map give {measured}: they give {low} to {high}."
        yield {"kind": "text", "title": "", "text": text}
        return
    rows = [[_shown(made.doping[k], "carrier_density"), _shown(heights[k], "barrier_height")] for k in known]
    ends = " to ".join(f"{height} at a doping of {doping}" for doping, height in (rows[0], rows[-1]))
    yield {"kind": "text", "title": "", "text": f"{measured} follows from a barrier of {ends}."}
    chosen = sorted({round(k) for k in np.linspace(0, len(rows) - 1, LISTED).tolist()})
    columns = [{"label": words, "unit": "", "numeric": True} for words in ("Doping", "Barrier")]
    title = f"Barriers that give {measured}"
    yield {"kind": "table", "title": title, "columns": columns, "rows": [rows[k] for k in chosen]}


def _shown(value: float, quantity: str) -> str:
    number, _, unit = format_si(float(value), quantity, 3).partition(" ")
    return f"{number} {unit_label(unit)}"


def _number(value: Any) -> Any:
    """A number without a unit is one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return value
