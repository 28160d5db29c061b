"""The materials of the library to choose from: a form that filters them, and their table."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ioffe.base.curve import ALL_TEMPERATURES
from ioffe.base.errors import Faults
from ioffe.base.units import to_si
from ioffe.cli.materials.commands import as_row
from ioffe.cli.terminal import with_kelvin
from ioffe.material import library
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools.forms import choice, text

FIELDS = (
    choice("carrier", "Type", "Sign of the carriers.", ("p", "n")),
    text("T", "zT at", 'A temperature, such as "500 K" or "200 degC"; without it the largest zT counts.'),
    text("least", "zT from", "The smallest zT."),
    text("low", "Data from", "A temperature that the data reach down to."),
    text("high", "Data to", "A temperature that the data reach up to."),
)
TEMPERATURES = ("T", "low", "high")
WORDS = (("Material", ""), ("Type", ""), ("Family", ""))
NUMBERS = (("From", "K"), ("To", "K"), ("zT", ""), ("at", "K"))
"""Columns of numbers; constants that hold at every temperature have no ends."""


def materials(job: Job) -> dict[str, Any]:
    """The materials of the library that fit: as a table, and as the command line lists them."""
    given = {name: str(value).strip() for name, value in job.answers.items() if value not in (None, "")}
    faults, wanted = Faults(), dict[str, float]()
    for name in TEMPERATURES:
        if name in given:
            with faults.collect(name):
                wanted[name] = to_si(with_kelvin(given[name]), "temperature")
    if "least" in given:
        try:
            wanted["least"] = float(given["least"])
        except ValueError:
            faults.add("least", given["least"], "a number is expected, such as 0.8")
    faults.raise_if_any()
    T = wanted.get("T")
    names = library.find(carrier=given.get("carrier"), T=T, min_zT=wanted.get("least"))
    found = [_row(name, T) for name in names]
    low, high = wanted.get("low", float("inf")), wanted.get("high", 0.0)
    found = [one for one in found if one["T_min"] <= low and one["T_max"] >= high]
    if "least" in wanted:
        found = [one for one in found if one["zT"] is not None]
    heads = [(*one, False) for one in WORDS] + [(*one, True) for one in NUMBERS] + [("Quality", "", False)]
    columns = [{"label": label, "unit": unit, "numeric": numeric} for label, unit, numeric in heads]
    return {"fields": FIELDS, "materials": found, "columns": columns, "rows": [_cells(one) for one in found]}


@lru_cache(maxsize=1000)
def _row(name: str, T: float | None) -> dict[str, Any]:
    """What is told of a material; constants of room temperature have no zT at another one."""
    found = as_row(library.load_material(name), T)
    return found if T is None or _has_ends(found) else {**found, "zT": None}


def _has_ends(one: dict[str, Any]) -> bool:
    return (one["T_min"], one["T_max"]) != ALL_TEMPERATURES


def _cells(one: dict[str, Any]) -> list[str | float | None]:
    """A material as a row of the table to choose from."""
    words = one["name"], one["carrier"] or "", one["family"] or one["kind"]
    ends = (one["T_min"], one["T_max"]) if _has_ends(one) else (None, None)
    zT = (None, None) if one["zT"] is None else (round(one["zT"], 2), round(one["zT_temperature"]))
    return [*words, *ends, *zT, one["quality"]]
