"""Fields of forms that belong to no command."""

from __future__ import annotations

from typing import Any, Final

PATHS: Final = 'A number of the device, such as "legs.length", "p.area", "fill_factor", "T_hot".'
AIMS: Final = ("max_power", "max_efficiency", "max_COP", "max_heat")
VARIABLES: Final = (("legs.length", "0.5 mm", "5 mm"), ("", "", ""), ("", "", ""))
"""Path and ends of the variables of a study, as they stand in its form at first."""


def text(path: str, label: str, said: str, value: str = "", **more: Any) -> dict[str, Any]:
    """A field of text with its help; further entries as keywords."""
    found = {"id": path, "path": path, "label": label, "symbol": "", "help": said, "doc": "", "kind": "text"}
    state = {"value": value or None, "required": False, "advanced": False, "fault": None}
    return {**found, **state, "default_text": value, **more}


def choice(path: str, label: str, said: str, words: tuple[str, ...], value: str = "") -> dict[str, Any]:
    """A field with words to choose from."""
    options = [{"value": word, "label": word.replace("_", " ")} for word in words]
    return text(path, label, said, value, kind="choice", options=options)


def number(path: str, label: str, said: str, value: int, most: int, **more: Any) -> dict[str, Any]:
    """A field of a whole number from 1 on."""
    shown = {"kind": "number", "integer": True, "bare": True, "display": value, "minimum": 1, "maximum": most}
    field = text(path, label, said, str(value), **shown, unit="", units=[], scale="linear")
    return {**field, "value": value, **more}


def variables(*, grid: bool) -> tuple[dict[str, Any], ...]:
    """The form of a study: what varies, what is wanted, what is allowed."""
    found: list[dict[str, Any]] = []
    for k, (path, low, high) in enumerate(VARIABLES, 1):
        later = k > 1
        spacing = choice(
            f"spacing{k}", "Spacing", "Equal steps or equal ratios.", ("linear", "log"), "linear"
        )
        found += [
            text(f"path{k}", f"Variable {k}", PATHS, path, advanced=later),
            text(f"low{k}", "From", "With its unit.", low, advanced=later),
            text(f"high{k}", "To", "With its unit.", high, advanced=later),
            {**spacing, "advanced": later},
        ]
        if grid:
            found.append(number(f"points{k}", "Points", "On the grid.", 12, 200, advanced=later))
    return (
        *found,
        text("largest", "Largest", "The quantity that is to be largest; by default power or heat_cold."),
        text("outputs", "Further quantities", "Separated by commas, such as efficiency, T_hot_junction."),
        choice("aim", "Operated at", "In place of the current of the document.", AIMS),
        text("limit", "Limited quantity", "Such as T_hot_junction.", advanced=True),
        text("most", "Its largest value", "With its unit.", advanced=True),
    )
