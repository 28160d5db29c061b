"""The table of questions, from which command, help, documentation and `design` are made.

>>> list(QUESTIONS)[:2]
['area-ratio', 'leg-length']
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ioffe.base.errors import Faults
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device_file.read import DeviceFile, read_device
from ioffe.solve.batch.choice import Engine
from ioffe.study.designing import legs
from ioffe.study.designing.answer import DesignAnswer
from ioffe.study.designing.question import Question, QuestionOption
from ioffe.study.designing.searched import Searched

_ANY: Final = ("power_density", "efficiency", "power", "COP", "heat", "delta_T")
_TABLE: Final = (
    Question(
        "area-ratio",
        "Which cross-sections of the p and the n leg are best?",
        "A_p/A_n varies; the cross-section of a pair and the length of the legs stay.",
        Searched(legs.area_ratio),
        ("efficiency", "power", "COP", "heat", "delta_T"),
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
)
QUESTIONS: Final[Mapping[str, Question]] = {one.name: one for one in _TABLE}
"""Every question by its name."""


def design(
    question: str,
    device: Leg | Module | DeviceFile | str | Path,
    conditions: Conditions | None = None,
    *,
    aim: str | None = None,
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
        is out of range.
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
    faults.raise_if_any()
    if isinstance(file, DeviceFile):
        conditions = conditions or file.conditions
        strict, force, file = strict or file.strict, force or file.force, file.device
    how = {"engine": engine, "threads": threads, "tolerance": tolerance}
    chosen = QUESTIONS[question]
    return chosen.answer(chosen.asked(file, conditions, aim, options, how, strict=strict, force=force))
