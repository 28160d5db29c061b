"""What the page asks for once: engine, limits, pages, examples, quantities, schemas."""

from __future__ import annotations

import base64
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from ioffe import __version__
from ioffe.base.quantities import QUANTITIES
from ioffe.base.status import Status
from ioffe.engine import compiled
from ioffe.report.text import symbol_text
from ioffe_studio import limits
from ioffe_studio.form.beginnings import BEGINNINGS, made
from ioffe_studio.labels import in_page
from ioffe_studio.tasks.job import Job
from ioffe_studio.tasks.solving import engine_name, held_back
from ioffe_studio.toml_text import written
from ioffe_studio.tools.tool import EXAMPLES

FIRST = ("generator", "bi2te3-cooler", "segmented-leg", "skutterudite-generator", "mgagsb-module")
"""Examples at the head of the list."""
LONGEST_TITLE = 100
WORDS = {
    "Energy balance": "(Heat in - heat out - power) over heat: zero in an exact solution.",
    "Error": "Estimated relative error of the numerical solution, from the steps of the integration.",
    "NumPy": 'The engine without compiled code, which is faster and needs numba: pip install "ioffe[fast]".',
    "Dotted curves": "A material is used beyond the temperatures of its data, where its end values are held.",
    "Maxima follow": "Curves come first, then the currents of the largest power, efficiency or COP.",
    "Goldsmid-Sharp gap": "Estimated band gap, 2e|S|T at the largest |S|, doi 10.1007/s11664-999-0211-y.",
}
"""Other words of the page."""
STEPS = {
    "Open a device": "File, then an example or a TOML file of your own; a first one is open already. "
    "The drawing at the left is to scale.",
    "Choose a part": "Click it in the drawing or in the list below. Its numbers stand in the form, "
    "each with a slider whose ends can be typed.",
    "Move a slider": "Curves and drawing follow. While they are computed the old ones are faint; "
    "dotted curves leave the range in which a material was measured.",
    "See what matters": "The bars say what one per cent of each number changes. Keep a variant to compare, "
    "or paste measured points.",
    "Take it home": "File, then the report, the tables, or the TOML file, which the command line reads: "
    "ioffe run device.toml.",
}
"""The guide of a first visit."""
KEYS = {
    "Ctrl + Z, Ctrl + Y": "undo, redo; also after a reload",
    "Tab, Enter": "from part to part of the drawing, open its form",
    "Arrow keys": "move a slider, or the size of a part that can be dragged",
    "Mouse in a plot": "drag to zoom, double click to go back; the arrows at its corner enlarge it",
}
DEVICES = frozenset({"module", "leg", "cascade"})
ENGINES = {
    "compiled": "compiled code",
    "compiling": "NumPy; compiled code is being made, which takes about a minute",
    "numpy": "NumPy",
}


def info(job: Job) -> dict[str, Any]:
    """The program, its limits, its pages, its examples."""
    from ioffe_studio.tools import PAGES

    del job
    name = engine_name()
    if name == "numpy" and compiled.available() and not held_back():
        name = "compiled" if compiled.is_ready() else "compiling"
    return {
        "version": __version__,
        "engine": {"name": name, "text": ENGINES[name]},
        "limits": limits.as_table(),
        "pages": [page.described() for page in PAGES],
        "examples": [_example(path) for path in _examples()],
        "beginnings": [{"id": name, "title": title} for name, title in BEGINNINGS.items()],
        "steps": _facts(STEPS),
        "keys": _facts(KEYS),
        "words": _facts(_words()),
        "quantities": _quantities(),
    }


def _facts(pairs: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "text": text} for label, text in pairs.items()]


@cache
def _examples() -> tuple[Path, ...]:
    """Devices one may begin with."""
    found = [path for path in sorted(EXAMPLES.rglob("*.toml")) if _is_device(path)]
    return tuple(sorted(found, key=lambda path: FIRST.index(path.stem) if path.stem in FIRST else len(FIRST)))


def _is_device(path: Path) -> bool:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return "operate" in document and not DEVICES.isdisjoint(document)


def _example(path: Path) -> dict[str, str]:
    """Its title: the first sentence of the comment at its head, or what of it stands before a colon."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = " ".join(line[2:] for line in takewhile(lambda one: one.startswith("# "), lines)) or path.stem
    sentence = re.split(r"\.(?: |$)|:  +", comment)[0].rstrip(".:")
    title = sentence if len(sentence) <= LONGEST_TITLE else sentence.partition(": ")[0]
    return {"id": path.stem, "title": title, "text": sentence}


def _words() -> dict[str, str]:
    """What the words of answers mean: of the outcome of a solve, and of the numbers beside it."""
    outcomes = {str(one).replace("_", " ").capitalize(): in_page(one.advice) for one in Status}
    return {**outcomes, **WORDS}


def example(job: Job) -> dict[str, Any]:
    """One example: its text, its document, and the tables beside it."""
    wanted = str(job.request.get("id"))
    if wanted in BEGINNINGS:
        document = made(wanted)
        return {"text": written(document), "document": document, "files": {}, "name": f"{wanted}.toml"}
    known = {path.stem: path for path in _examples()}
    if wanted not in known:
        raise limits.RefusedError(f"there is no example {wanted[:80]!r}", 404)
    text = known[wanted].read_text(encoding="utf-8")
    files = {
        path.name: base64.b64encode(path.read_bytes()).decode()
        for path in EXAMPLES.glob("*.csv")
        if path.name in text
    }
    return {"text": text, "document": tomllib.loads(text), "files": files, "name": known[wanted].name}


def _quantities() -> dict[str, dict[str, str]]:
    return {
        name: {
            "symbol": symbol_text(name),
            "label": name.replace("_", " "),
            "unit": one.unit,
            "display_unit": one.display_unit,
            "description": one.description,
        }
        for name, one in QUANTITIES.items()
    }


def schema(job: Job) -> dict[str, Any]:
    """JSON Schemas of the files one writes and of the results one gets."""
    from ioffe.device_file.schema import card_schema, device_schema, result_schema
    from ioffe.study.study_file import study_schema

    del job
    makers = {"device": device_schema, "study": study_schema, "card": card_schema, "result": result_schema}
    return {name: make() for name, make in makers.items()}
