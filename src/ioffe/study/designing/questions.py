"""The table of questions, from which command, help, documentation and `design` are made.

>>> list(QUESTIONS)[:2]
['area-ratio', 'leg-length']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ioffe.base.errors import Faults
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device_file.read import DeviceFile, read_device
from ioffe.solve.batch.choice import Engine
from ioffe.solve.loading import LOADING, is_worth_loading
from ioffe.study.designing import compared, legs, limits, sinks, stages
from ioffe.study.designing.answer import DesignAnswer
from ioffe.study.designing.question import Question, QuestionOption
from ioffe.study.designing.searched import Searched
from ioffe.study.study_file import operated

_ANY: Final = ("power_density", "efficiency", "power", "COP", "heat", "delta_T")
_TABLE: Final = (
    Question(
        "area-ratio",
        "Which cross-sections of the p and the n leg are best?",
        "A_p/A_n varies; the cross-section of a pair and the length of the legs stay.",
        Searched(legs.area_ratio),
        ("efficiency", "power", "COP", "heat", "delta_T"),
        needs=legs.needs_free_areas,
        example="studies/generator.toml",
    ),
    Question(
        "leg-length",
        "How long and how dense should the legs be between given exchangers?",
        "The length of the legs and their share of the footprint vary; footprint, exchangers and number of "
        "couples stay. With the power of a pump or fan its flow varies too, and the power is what is left: "
        "heat transfer grows as flow^0.8, the power of the pump as flow^2.75 (turbulent flow).",
        Searched(
            legs.length_and_fill,
            (("length",), ("length", "fill_factor"), ("length", "fill_factor", "relative_flow")),
        ),
        ("power", "power_density", "efficiency", "COP", "heat", "delta_T"),
        (
            QuestionOption("shortest", "length", "Where the search begins.", metavar="L"),
            QuestionOption("longest", "length", "Where the search ends.", metavar="L"),
            QuestionOption("least_fill", "fill_factor", "Smallest fill factor.", metavar="F"),
            QuestionOption("most_fill", "fill_factor", "Largest fill factor.", metavar="F"),
            QuestionOption(
                "pump_power",
                "power",
                "Of the pump or fan at the coefficient of the device file.",
                metavar="P",
            ),
            QuestionOption("pump_side", "", "Whose pump it is.", "cold", ("hot", "cold"), "SIDE"),
        ),
        (Module, Leg),
        legs.needs_pump,
        "studies/generator.toml",
    ),
    Question(
        "sizes",
        "How do A_p/A_n and the height over the area of the legs decide together?",
        "A_p/A_n and the length of the legs over the cross-section of a pair vary; that cross-section stays.",
        Searched(legs.area_and_height),
        _ANY,
        needs=legs.needs_free_areas,
        example="studies/generator.toml",
    ),
    Question(
        "segments",
        "How long should each segment of a leg be?",
        "The lengths of the thermoelectric segments vary; their sum and metal layers stay.",
        Searched(legs.segment_lengths),
        ("efficiency", "power", "COP", "heat", "delta_T"),
        devices=(Leg, Module),
        needs=legs.needs_segments,
        example="segmented-leg.toml",
    ),
    Question(
        "contacts",
        "What contact resistivity does a given loss allow?",
        "The electrical resistivity of the contacts at both ends of the legs varies; everything else stays. "
        "The loss is a part of what the same device does without these contacts.",
        limits.contacts,
        ("efficiency", "power", "COP", "heat", "delta_T"),
        (
            QuestionOption("loss", "mass_fraction", "Part of the aim that may be lost.", "5 %", metavar="X"),
            QuestionOption("leg", "", "Whose contacts vary.", "both", ("both", "p", "n")),
        ),
        (Module, Leg),
        limits.needs_loss,
        "studies/generator.toml --loss '10 %'",
    ),
    Question(
        "heat-sink",
        "How good a heat sink, and how much of its fan, does the task of a cooler need?",
        "The thermal resistance between the hot side and its surroundings varies, of the whole device; heat "
        "load and cold side stay. With the power of a fan its flow varies too: the resistance falls as "
        "flow^0.8, the power of the fan grows as flow^2.75 (turbulent flow).",
        sinks.sink,
        ("COP",),
        (
            QuestionOption(
                "more", "mass_fraction", "Power that a real sink may cost more.", "10 %", metavar="X"
            ),
            QuestionOption(
                "fan_power", "power", "Of the fan at the resistance of the device file.", metavar="P"
            ),
        ),
        needs=sinks.needs_task,
        example="bi2te3-cooler.toml --operate T_cold='275 K' --operate heat='10 W' "
        "--operate hot_resistance='0.2 K/W' --fan-power '3 W'",
    ),
    Question(
        "stages",
        "How many stages should a cooler have?",
        "The number of stages and the ratio of their couples vary; every stage is the module of the file, "
        "the first one with its couples, and one current flows through all.",
        stages.stages,
        ("COP", "heat", "delta_T"),
        (QuestionOption("most", "whole", "Largest number of stages.", 3, metavar="N"),),
        example="bi2te3-cooler.toml --operate T_cold='240 K'",
    ),
    Question(
        "materials",
        "Which material is best in this device?",
        "The material of one leg varies; of a module A_p/A_n becomes the best one for each, at one "
        "cross-section of a pair. Everything else stays, contacts too.",
        compared.materials,
        ("efficiency", "power", "power_density", "COP", "heat", "delta_T"),
        (
            QuestionOption(
                "material",
                "materials",
                "To be compared, of the library or a file; may be repeated. By default all of the library "
                "that were measured over these temperatures.",
                metavar="MATERIAL",
            ),
            QuestionOption("leg", "", "Whose material varies.", "n", ("p", "n")),
        ),
        (Module, Leg),
        compared.needs_materials,
        "studies/generator.toml --leg n --material Bi2Te2.7Se0.3 --material '(CuI)0.003Bi2Te3'",
    ),
    Question(
        "doping",
        "Which composition and carrier density of a leg are best?",
        "Composition and carrier density of one leg vary; everything else stays. One band with acoustic "
        "phonons and its mirror across the gap are taken through each sample; between the samples weighted "
        "mobility, lattice thermal conductivity and gap go along straight lines.",
        compared.doping,
        ("delta_T", "COP", "heat", "efficiency", "power"),
        (
            QuestionOption(
                "sample",
                "samples",
                'Composition and material, such as "0.02=Bi2Te2.7Se0.3"; at least two.',
                metavar="X=NAME",
            ),
            QuestionOption("leg", "", "Whose material varies.", "n", ("p", "n")),
            QuestionOption(
                "mass", "effective_mass", "Density-of-states mass over that of the electron.", 1.0
            ),
        ),
        (Module, Leg),
        compared.needs_samples,
        "studies/mg3bi2-couple.toml --mass 1.1 --sample 0.49=Mg3.2Sb1.5Bi0.49Te0.01 "
        "--sample 0.96=Mg3.5SbBi0.96Te0.04 --sample 1.4975=Mg3.2Bi1.4975Sb0.5Te0.0025",
    ),
)
QUESTIONS: Final[Mapping[str, Question]] = {one.name: one for one in _TABLE}
"""Every question by its name."""


def design(
    question: str,
    device: Leg | Module | DeviceFile | str | Path,
    conditions: Conditions | None = None,
    *,
    aim: str | None = None,
    operate: Mapping[str, Any] | None = None,
    engine: Engine = "auto",
    threads: int | None = None,
    tolerance: float = 1e-6,
    strict: bool = False,
    force: bool = False,
    **options: Any,
) -> DesignAnswer:
    """Answer one of a designer's questions about a device.

    Parameters
    ----------
    question : str
        A name of the table `QUESTIONS`: ``"area-ratio"``, ``"leg-length"``, ...
    device
        A `Leg` or a `Module`, a device file, or where one is.
    conditions
        `Generator` or `Cooler`; of a device file by default its own. Of listed values the first is taken.
    aim : str, optional
        What the device shall do best, such as ``"efficiency"``; by default what the question is mostly asked
        about.
    operate : mapping, optional
        Conditions in place of some of those that are given, such as ``{"T_hot": "500 K"}``.
    engine, threads, tolerance, strict, force
        As for `solve_batch`.
    **options
        What else the question may be told, in SI or as text with units.

    Returns
    -------
    DesignAnswer
        A sentence, devices side by side, pictures, and what was assumed.

    Raises
    ------
    InputError
        With every fault: an unknown question or option, a device or conditions it is not for, a value that
        is out of range, a condition in `operate` that the aim decides.
    ConvergenceError
        If no device has a solution.

    Examples
    --------
    >>> from ioffe import Generator, Leg
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
    >>> at = Generator(T_hot=450, T_cold=330, cold_heat_transfer_coefficient=2000)
    >>> found = design("leg-length", leg, at)
    >>> found.shown("length", found.length[-1])
    '0.7849 mm'
    """
    faults = Faults()
    known = faults.one_of("question", question, QUESTIONS)
    file: Any = device
    with faults.collect():
        file = read_device(device) if isinstance(device, str | Path) else device
    if known and faults:
        QUESTIONS[question].read(faults, options)
    if isinstance(file, DeviceFile):
        if file.fidelity != "1d":
            expected = f"a device file with fidelity 1d is expected, as in all studies, not {file.fidelity}"
            faults.add("solve.fidelity", expected=expected)
        conditions = conditions or file.conditions
        strict, force, file = strict or file.strict, force or file.force, file.device
    if operate and isinstance(conditions, Generator | Cooler):
        conditions = operated(conditions, operate, faults)
    faults.raise_if_any()
    chosen = QUESTIONS[question]
    how = {"threads": threads, "tolerance": tolerance}
    more: dict[str, Any] = {"operate": operate or (), "strict": strict, "force": force}
    asked = chosen.asked(file, conditions, aim, options, how, **more)
    return chosen.answer(replace(asked, how={"engine": _engine(engine, asked.device), **how}))


def _engine(engine: Engine, device: Leg | Module) -> Engine:
    """Compiled code for a module: no batch is worth loading it, but all those of a question are.

    Questions about the examples take NumPy from 2 to 12 s of CPU time, loading 1 s.
    """
    many = engine == "auto" and isinstance(device, Module)
    return "compiled" if many and is_worth_loading(LOADING) else engine
