"""The pages and their tools."""

from __future__ import annotations

from typing import Any, Final

from ioffe_studio.tools.tool import Page, Tool

TABLES: Final = ".csv,.tsv,.txt,.dat,.xlsx,.xls,.json,.toml,.gz,.zip"


def _text(path: str, label: str, help: str, value: str = "", **more: Any) -> dict[str, Any]:
    """A field of text."""
    found = {"id": path, "path": path, "label": label, "symbol": "", "help": help, "doc": "", "kind": "text"}
    state = {
        "value": value or None,
        "required": False,
        "advanced": False,
        "fault": None,
        "default_text": value,
    }
    return {**found, **state, **more}


def _material(path: str, label: str, help: str) -> dict[str, Any]:
    return _text(path, label, help, kind="material", required=True)


def _measurements() -> tuple[Tool, ...]:
    """Every command of `ioffe measure`."""
    from ioffe.cli.main import _MEASURE_HELP as texts

    return tuple(
        Tool(
            f"measure.{word}",
            word.replace("-", " ").capitalize(),
            text,
            ("measure", word),
            accepts="" if word == "sound" else TABLES,
            many=word not in ("sound",),
            doc="tasks/measuring.html",
        )
        for word, text in texts.items()
        if word != "lfa"
    )


def _choice(path: str, label: str, help: str, words: tuple[str, ...]) -> dict[str, Any]:
    options = [{"value": word, "label": word} for word in words]
    return _text(path, label, help, words[0], kind="choice", options=options)


def _number(path: str, label: str, help: str, value: int, most: int, **more: Any) -> dict[str, Any]:
    """A field of a whole number."""
    shown = {"kind": "number", "integer": True, "bare": True, "display": value, "minimum": 1, "maximum": most}
    field = _text(path, label, help, str(value), **shown, unit="", units=[], scale="linear")
    return {**field, "value": value, **more}


def _variables(*, grid: bool) -> tuple[dict[str, Any], ...]:
    """The form of a study: what varies, what is wanted, what is allowed."""
    found: list[dict[str, Any]] = []
    for k, (path, low, high) in enumerate((("legs.length", "0.5 mm", "5 mm"), ("", "", ""), ("", "", "")), 1):
        advanced = k > 1
        found += [
            _text(f"variable{k}.path", f"Variable {k}", _PATHS, path, advanced=advanced),
            _text(f"variable{k}.low", "from", "With its unit.", low, advanced=advanced),
            _text(f"variable{k}.high", "to", "With its unit.", high, advanced=advanced),
        ]
        spacing = _choice(f"variable{k}.spacing", "Spacing", "Equal steps or ratios.", ("linear", "log"))
        found.append({**spacing, "advanced": advanced})
        if grid:
            found.append(_number(f"variable{k}.points", "Points", "On the grid.", 12, 200, advanced=advanced))
    return (
        *found,
        _text("largest", "Largest", "The quantity that is to be largest.", "power", required=True),
        _text("outputs", "Further quantities", "Separated by commas.", "efficiency"),
        _choice("aim", "Operated at", "In place of the current of the document.", _AIMS),
        _text("limit", "Limited quantity", "Such as T_hot_junction.", advanced=True),
        _text("most", "Its largest value", "With its unit.", advanced=True),
    )


_PATHS: Final = 'A number of the device, such as "legs.length", "p.area", "fill_factor", "T_hot".'
_AIMS: Final = ("max_power", "max_efficiency", "max_COP", "max_heat")
_SOURCES: Final = ("S1", "S2", "S3", "S4", "S5")
_SWEPT: Final = "The file must state measured sweeps: [[measured]] with file = ... in the document."
PAGES: Final = (
    Page(
        "materials",
        "Materials",
        "Library and measured samples: what was read, doubts, properties with errors, fits, cards.",
        (
            Tool(
                "materials.analyse",
                "Analyse samples",
                "Transport, zT, averages and efficiency of samples with their errors; fits of bands.",
                ("analyse",),
                accepts=TABLES,
                many=True,
                hidden=("layout",),
                doc="tasks/first-sample.html",
            ),
            Tool(
                "materials.compare",
                "Compare materials of the library",
                "The same analysis of materials of the library, side by side.",
                ("analyse",),
                "library:compare",
                (
                    _text(
                        "names", "Materials", "Names of the library, separated by semicolons.", required=True
                    ),
                ),
                hidden=("layout", "sample", "carrier"),
                doc="tasks/many-materials.html",
            ),
            Tool(
                "materials.look",
                "What a file holds",
                "Its kind, its samples, what was read as what, and what is not used.",
                ("read",),
                accepts=TABLES,
                many=True,
                doc="tasks/own-material.html",
            ),
            Tool(
                "materials.import",
                "Save as a card",
                "Turns a table into a material card that device files and the studio read.",
                ("materials", "import"),
                accepts=TABLES,
                doc="tasks/own-material.html",
            ),
            Tool(
                "materials.check",
                "Check a material",
                "What speaks against the data of a card or a table.",
                ("materials", "check"),
                accepts=TABLES,
                many=True,
                doc="tasks/own-material.html",
            ),
        ),
    ),
    Page("measure", "Measurements", "From raw measurements to numbers with errors.", _measurements()),
    Page(
        "life",
        "Interfaces and life",
        "How contacts and materials age, and what becomes of the device along its service.",
        (
            Tool(
                "life.solve",
                "Service life",
                "The performance over time, with bands; the document needs a table of its service life.",
                ("life",),
                device=True,
                job=True,
                doc="tasks/service-life.html",
            ),
        ),
    ),
    Page(
        "migration",
        "Migration",
        "Safe currents of mixed conductors, and barriers against migration.",
        (
            Tool(
                "migration.region",
                "Safe region and barriers",
                "The largest current that sets no metal free, its three states, and what barriers allow.",
                ("migrate",),
                device=True,
                job=True,
                doc="tasks/ion-migration-devices.html",
            ),
        ),
    ),
    Page(
        "design",
        "Design",
        "What is best, what limits it, how sure it is, what it costs.",
        (
            Tool(
                "design.optimise",
                "Optimise",
                "The best device within limits, by exact derivatives from many starts.",
                ("optimise",),
                "studies:solve",
                (
                    *_variables(grid=False),
                    _number("starts", "Starts", "Places where the search begins.", 4, 100),
                ),
                needs=True,
                job=True,
                doc="tasks/studies.html",
            ),
            Tool(
                "design.sweep",
                "Sweep",
                "Every device of a grid or a sample of up to three numbers, with maps.",
                ("sweep",),
                "studies:solve",
                _variables(grid=True),
                needs=True,
                job=True,
                doc="tasks/studies.html",
            ),
            Tool(
                "design.cost",
                "Cost",
                "What the device costs, and what a watt costs, with prices, their sources and ranges.",
                ("cost",),
                device=True,
                doc="tasks/cost.html",
            ),
            Tool(
                "design.calibrate",
                "Calibrate",
                f"Fits losses of the device to its measured sweeps, and says how sure. {_SWEPT}",
                ("calibrate",),
                device=True,
                job=True,
                doc="tasks/measured-devices.html",
            ),
            Tool(
                "design.select",
                "Select coolers",
                "Chooses coolers from a table of data sheets for a task.",
                ("select",),
                accepts=TABLES,
                doc="tasks/measured-devices.html",
            ),
        ),
    ),
    Page(
        "field",
        "Fields and stress",
        "Three dimensions: temperatures of every leg, fields, thermal stress.",
        (
            Tool(
                "field.layout",
                "Module in three dimensions",
                "Every leg by itself, plates and electrodes in three dimensions.",
                ("run",),
                "library:in_3d",
                (_choice("fidelity", "Fidelity", "full: finite elements, for few legs.", ("3d", "full")),),
                device=True,
                job=True,
                hidden=("fidelity",),
                doc="tasks/modules-3d.html",
            ),
            Tool(
                "field.stress",
                "Thermal stress",
                "Stress, joints and the probability of failure in finite elements.",
                ("stress",),
                device=True,
                job=True,
                doc="tasks/thermal-stress.html",
            ),
        ),
    ),
    Page(
        "published",
        "Published",
        "Published devices and tables, computed again: how close it comes.",
        (
            Tool(
                "published.reproduce",
                "Reproduce a paper",
                "Tables and figures of a published source beside what is computed.",
                ("reproduce",),
                "library:published",
                (_choice("source", "Source", "Which paper.", _SOURCES),),
                hidden=("processes",),
                job=True,
                doc="tasks/reproduce.html",
            ),
        ),
    ),
    Page(
        "report",
        "Report",
        "Everything about the device on one page, as it is taken home.",
        (
            Tool(
                "report.device",
                "Report of the device",
                "Curves, profiles, inputs with their sources, how far to trust it; files to save.",
                ("run",),
                device=True,
                job=True,
                doc="tasks/reading-the-result.html",
            ),
        ),
    ),
)
