"""Fields of forms that belong to no command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from ioffe_studio.tools.choices import described
from ioffe_studio.words import spelled

Options = Sequence[tuple[str, str]]

PATHS: Final = "A number of the device."
QUANTITIES: Final = (
    *(
        "power",
        "power_density",
        "efficiency",
        "heat_hot",
        "heat_cold",
        "COP",
        "delta_T",
        "current",
        "voltage",
    ),
    *("current_density", "T_hot_junction", "T_cold_junction"),
)
"""What may be asked of every device besides."""
GENERATED: Final = ("max_power", "max_efficiency")
COOLED: Final = ("max_COP", "max_heat")
POWERS: Final = ("power", "power_density", "efficiency")
COOLINGS: Final = ("heat_cold", "COP", "delta_T")
SPACINGS: Final = ("linear", "log")
VARIABLES: Final = (("legs.length", "0.5 mm", "5 mm"), ("", "", ""), ("", "", ""))
"""Path and ends of the variables of a study, as they stand in its form at first."""


def text(path: str, label: str, said: str, value: str = "", **more: Any) -> dict[str, Any]:
    """A field of text with its help; further entries as keywords."""
    found = {"id": path, "path": path, "label": label, "symbol": "", "help": said, "kind": "text"}
    state = {"value": value or None, "required": False, "advanced": False, "fault": None}
    return {**found, **state, "default_text": spelled(value), **more}


def choice(path: str, label: str, said: str, words: tuple[str, ...], value: str = "") -> dict[str, Any]:
    """A field with words to choose from."""
    return text(path, label, said, value, kind="choice", options=described(words))


def quantities(path: str, label: str, said: str) -> dict[str, Any]:
    """A field of some quantities."""
    return text(path, label, said, kind="picked", options=described(QUANTITIES))


def named(value: Any) -> list[str]:
    """The names in such a field."""
    return [word.strip() for word in re.split("[;,]", str(value or "")) if word.strip()]


def number(path: str, label: str, said: str, value: int, most: int, **more: Any) -> dict[str, Any]:
    """A field of a whole number from 1 on."""
    shown = {"kind": "number", "integer": True, "bare": True, "display": value, "minimum": 1, "maximum": most}
    field = text(path, label, said, str(value), **shown, unit="", units=[], scale="linear")
    return {**field, "value": value, **more}


def variables(*, grid: bool, paths: Options = (), cools: bool | None = None) -> tuple[dict[str, Any], ...]:
    """The form of a study: what varies, what is wanted, what is allowed.

    Parameters
    ----------
    grid : bool
        Whether every variable has points of its own; else a search begins at some places.
    paths : sequence of tuples of str
        Numbers of the device that may vary, with their words; without them they are typed.
    cools : bool, optional
        Whether the device cools; None for not known.
    """
    found: list[dict[str, Any]] = []
    for k, (path, low, high) in enumerate(VARIABLES, 1):
        later = k > 1
        spacing = choice(f"spacing{k}", "Spacing", "Equal steps or equal ratios.", SPACINGS, "linear")
        what = text(f"path{k}", f"Variable {k}", PATHS, path)
        if paths:
            chosen = {"options": described(list(paths)), "value": usual(paths, path) or None}
            what |= {"kind": "choice", **chosen, "help": ""}
        found += [
            {**what, "advanced": later},
            text(f"low{k}", "From", "With its unit.", low, advanced=later),
            text(f"high{k}", "To", "With its unit.", high, advanced=later),
            {**spacing, "advanced": later},
        ]
        if grid:
            found.append(number(f"points{k}", "Points", "On the grid.", 12, 200, advanced=later))
    aims = {None: (*GENERATED, *COOLED), False: GENERATED, True: COOLED}[cools]
    best = {None: (*POWERS, *COOLINGS), False: POWERS, True: COOLINGS}[cools]
    said = "In place of the current of the device; by default its largest power or COP."
    both = "Where two are to be largest: the devices of which no other is better in both."
    more = (
        choice("second", "And also", both, best),
        number("starts", "Starts", "Places where the search begins.", 4, 100),
    )
    return (
        *found,
        choice("largest", "Largest", "What is to be largest; by default power or heat taken up.", best),
        quantities("outputs", "Further quantities", "That are told too."),
        choice("aim", "Operated at", said, aims),
        choice("limit", "Limited quantity", "Such as the hot junction.", QUANTITIES) | {"advanced": True},
        text("most", "Its largest value", "With its unit.", advanced=True),
        *(() if grid else more),
    )


def usual(paths: Options, path: str) -> str:
    """The path that a form begins with, or the first of the device that ends in the same name.

    >>> usual([("length", ""), ("area", "")], "legs.length"), usual([("length", "")], "T_hot")
    ('length', '')
    """
    names, last = [name for name, _ in paths], path.rpartition(".")[2]
    return next((one for one in (path, last, *names) if one in names and one.rpartition(".")[2] == last), "")


def papers() -> dict[str, Any]:
    """The published sources to choose from, by their authors and what they are about."""
    from ioffe.published.source import sources

    options = [(one.tag, f"{one.name}: {re.split('[:;.] ', one.summary)[0]}") for one in sources()]
    return choice("source", "Source", "Which paper.", (), "S1") | {"options": described(options)}
