"""The pages and their tools."""

from __future__ import annotations

from typing import Final

from ioffe_studio.labels import title
from ioffe_studio.tools.forms import choice, papers, text, variables
from ioffe_studio.tools.interfaces import FIELDS
from ioffe_studio.tools.measurements import TABLES, measurements
from ioffe_studio.tools.tool import Page, Tool
from ioffe_studio.tools.uncertain import form as uncertain_form


def _questions() -> tuple[Tool, ...]:
    """A designer's ready questions, every one that `ioffe design` answers."""
    from ioffe.study.designing.questions import QUESTIONS

    return tuple(
        Tool(
            f"design.{one.name}",
            title(one.name),
            one.asks,
            ("design", one.name),
            "designed:solve",
            device=True,
            job=True,
        )
        for one in QUESTIONS.values()
    )


_OF_FIT: Final = ("model", "gap", "fit_range")
"""Options of a fit, which takes longer than an answer may."""
_NAMES: Final = "Of the library, or cards and tables of your own."
_SWEPT: Final = "The device needs measured values with a file of sweeps, and a calibration."
PAGES: Final = (
    Page(
        "materials",
        "Materials",
        "Library and measured samples: what was read, doubts, properties with errors, fits, cards.",
        (
            Tool(
                "materials.analyse",
                "Analyse samples",
                "Transport, zT, averages and efficiency of samples with their errors.",
                ("analyse",),
                accepts=TABLES,
                sample="synthetic-series.csv",
                many=True,
                hidden=("layout", *_OF_FIT),
            ),
            Tool(
                "materials.fit",
                "Fit bands",
                "Bands fitted to all samples at once, by default one: mass, mobility, doping, best doping.",
                ("analyse",),
                "library:fitted",
                accepts=TABLES,
                sample="synthetic-series.csv",
                many=True,
                job=True,
                hidden=("layout",),
            ),
            Tool(
                "materials.compare",
                "Compare materials of the library",
                "The same analysis of materials of the library, side by side.",
                ("analyse",),
                "library:compare",
                (text("names", "Materials", _NAMES, kind="materials", required=True),),
                hidden=("layout", "sample", "carrier", *_OF_FIT),
            ),
            Tool(
                "materials.look",
                "What a file holds",
                "Its kind, its samples, what was read as what, and what is not used.",
                ("read",),
                accepts=TABLES,
                sample="first-sample/zem.txt",
                many=True,
            ),
            Tool(
                "materials.import",
                "Save as a card",
                "Turns tables into material cards that device files and the studio read; files of one "
                "sample, such as a ZEM and a laser flash, become one card.",
                ("materials", "import"),
                accepts=TABLES,
                sample="synthetic-series.csv",
                many=True,
            ),
            Tool(
                "materials.check",
                "Check a material",
                "What speaks against the data of a card or a table.",
                ("materials", "check"),
                accepts=TABLES,
                sample="synthetic-series.csv",
                many=True,
            ),
        ),
    ),
    Page(
        "measure",
        "Measurements",
        "From raw measurements to numbers with errors.",
        measurements(of_interfaces=False),
    ),
    Page(
        "life",
        "Interfaces and life",
        "Contacts and what they cost, how they age, and what becomes of the device along its service.",
        (
            *measurements(of_interfaces=True),
            Tool(
                "life.barrier",
                "Map of barriers",
                "Contact resistivity over doping and barrier height, with the measured one as a line.",
                function="interfaces:barrier",
                fields=FIELDS,
            ),
            Tool(
                "life.solve",
                "Service life",
                "The performance over time, with bands; the document needs a table of its service life.",
                ("life",),
                device=True,
                job=True,
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
            ),
        ),
    ),
    Page(
        "design",
        "Design",
        "What is best, what limits it, how sure it is, what it costs.",
        (
            *_questions(),
            Tool(
                "design.optimise",
                "Optimise",
                "The best device within limits, by exact derivatives from many starts.",
                ("optimise",),
                "studies:solve",
                variables(grid=False),
                follows="studies:fields",
                needs=True,
                job=True,
            ),
            Tool(
                "design.sweep",
                "Sweep",
                "Every device of a grid or a sample of up to three numbers, with maps.",
                ("sweep",),
                "studies:solve",
                variables(grid=True),
                follows="studies:fields",
                needs=True,
                job=True,
            ),
            Tool(
                "design.uncertainty",
                "How sure",
                "Standard deviations of the results, and what causes them.",
                ("uncertainty",),
                "uncertain:solve",
                uncertain_form([]),
                follows="uncertain:fields",
                needs=True,
                job=True,
            ),
            Tool(
                "design.cost",
                "Cost",
                "What the device costs, and what a watt costs, with prices, their sources and ranges.",
                ("cost",),
                "costs:solve",
                follows="costs:fields",
                device=True,
            ),
            Tool(
                "design.export",
                "For circuit simulators",
                "A SPICE subcircuit and a Modelica model, and how far they are from the solver.",
                ("export",),
                device=True,
                job=True,
            ),
            Tool(
                "design.calibrate",
                "Calibrate",
                f"Fits losses of the device to its measured sweeps, and says how sure. {_SWEPT}",
                ("calibrate",),
                "calibrated:solve",
                device=True,
                job=True,
            ),
            Tool(
                "design.select",
                "Select coolers",
                "Chooses coolers from a table of data sheets for a task.",
                ("select",),
                accepts=TABLES,
                sample="coolers.csv",
                sample_request=(
                    ("heat", "40 W"),
                    ("T-cold", "5 degC"),
                    ("ambient", "25 degC"),
                    ("sink", "0.15 K/W"),
                ),
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
                (
                    choice(
                        "fidelity", "Fidelity", "full: finite elements, for few legs.", ("3d", "full"), "3d"
                    ),
                ),
                device=True,
                job=True,
                hidden=("fidelity", "states"),
            ),
            Tool(
                "field.stress",
                "Thermal stress",
                "Stress, joints and the probability of failure in finite elements.",
                ("stress",),
                device=True,
                job=True,
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
                (papers(),),
                hidden=("processes",),
                job=True,
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
            ),
        ),
    ),
)
