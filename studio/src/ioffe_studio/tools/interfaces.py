"""The map of contact resistivity over doping and barrier height, which no command draws."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from ioffe.base.errors import Faults
from ioffe.base.saved import write_csv
from ioffe.base.units import format_si, to_si
from ioffe.interface.barrier import Junction, resistivity_map
from ioffe.report.page import Picture
from ioffe_studio.sections import section
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools.commands import OUT, files_in
from ioffe_studio.tools.forms import text
from ioffe_studio.tools.tool import Tool

POINTS = 60
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
    ends = " to ".join(format_si(float(value), "electrical_contact_resistivity") for value in _ends(made))
    lines = {"kind": "text", "title": "", "text": f"Contact resistivities from {ends}."}
    shown = {"title": "Barriers", **section(Picture(figure, CAPTION, "Map"))}
    out = job.folder / OUT
    out.mkdir()
    (out / "map.svg").write_bytes(base64.b64decode(shown["svg"]))
    write_csv(out / "map.csv", *made.table().rows(si=False))
    return {"sections": [shown, lines], "files": list(files_in(job, tool))}


def _ends(made: Any) -> tuple[float, float]:
    return float(made.resistivity.min()), float(made.resistivity.max())


def _number(value: Any) -> Any:
    """A number without a unit is one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return value
