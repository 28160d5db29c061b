"""JSON Schema of the files one writes and of the results one gets, for editors and other programs.

>>> device_schema()["properties"]["format"]["const"]
1
>>> result_schema()["properties"]["max_power"]["x-unit"]
'W'
"""

from __future__ import annotations

from typing import Any

from ioffe.base.quantities import quantity
from ioffe.base.saved import INFINITE
from ioffe.base.schema import Model
from ioffe.base.status import Status
from ioffe.device.conditions import Cooler, Generator
from ioffe.device_file.models import DeviceTable
from ioffe.material.card import Card
from ioffe.result.ions import UNSOLVED, WORDS
from ioffe.result.steady import MAXIMA_KEYS, POINT_KEYS, Result
from ioffe.solve.task import FIDELITIES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_NUMBERS: dict[str, Any] = {"type": "array", "items": {"type": "number"}}


def device_schema() -> dict[str, Any]:
    """JSON Schema of a device file, made from the models that validate it."""
    return schema_of(DeviceTable, "ioffe device file")


def card_schema() -> dict[str, Any]:
    """JSON Schema of a material card, made from the models that validate it."""
    return schema_of(Card, "ioffe material card")


def result_schema() -> dict[str, Any]:
    """JSON Schema of `Result.to_dict`: keys, units and descriptions from the quantity table.

    A quantity is a number for one operating point and otherwise nested lists along the axes; null means
    a point without a solution, ``"inf"`` and ``"-inf"`` mean infinity.
    """
    quantities = {
        key: _quantity(key) for key in dict.fromkeys((*POINT_KEYS, *MAXIMA_KEYS, "margin", "voltage_left"))
    }
    axes = {"type": "object", "additionalProperties": _NUMBERS}
    names = [status.name.lower() for status in Status]
    fixed: dict[str, Any] = {
        "format": {"const": 1},
        "ioffe": {"type": "string", "description": "Version of the program."},
        "kind": {"const": Result.kind},
        "mode": {"enum": [Generator.mode, Cooler.mode]},
        "name": {"type": "string"},
        "fidelity": {"enum": list(FIDELITIES)},
        "status": {"enum": names, "description": "Worst status of all operating points."},
        "advice": {"type": "string", "description": "What to do about the status."},
        "energy_balance": _quantity("energy_balance"),
        "error_estimate": _quantity("error_estimate"),
        "tolerance": {"type": "number"},
        "engine": {"enum": ["numpy", "compiled"], "description": "What solved it."},
        "interpolation": {"type": "object", "additionalProperties": {"type": "string"}},
        "warnings": _TEXTS,
        "notes": _TEXTS,
        "conditions": {"type": "object", "description": "What was imposed, in SI."},
        "axes": {**axes, "description": "Axes of the operating points, outermost first."},
        "maxima_axes": {**axes, "description": "Axes of the maxima, outermost first."},
        "point_status": {"$ref": "#/$defs/statuses"},
        "point_energy_balance": {"$ref": "#/$defs/values"},
        "point_error_estimate": {"$ref": "#/$defs/values"},
        "tables": {
            "type": "object",
            "description": "Axes of every column, by table; the main one is at the top of the file.",
        },
        "stages": {
            "type": "object",
            "description": "Quantities of each stage of a cascade; the stages are the last axis.",
            "properties": {"axes": axes},
            "additionalProperties": {"$ref": "#/$defs/values"},
        },
        "legs": {
            "type": "object",
            "description": "At fidelity 3d or full the ports of every leg; the legs are the last axis.",
            "properties": {"axes": axes},
            "additionalProperties": {"$ref": "#/$defs/values"},
        },
        "ions": {
            "type": "object",
            "description": "Margins of the legs that hold a mixed conductor; the legs are the last axis.",
            "properties": {
                "axes": {"type": "object", "additionalProperties": _TEXTS},
                "state": {"$ref": "#/$defs/states"},
            },
            "additionalProperties": {"$ref": "#/$defs/values"},
        },
        "migration": _migration(),
        "migration_state": {"$ref": "#/$defs/states"},
        "units": {"type": "object", "additionalProperties": {"type": "string"}},
        "citations": _TEXTS,
    }
    return {
        "$schema": DIALECT,
        "title": "ioffe result",
        "type": "object",
        "properties": {**fixed, **quantities},
        "required": [
            key for key in fixed if key not in ("stages", "legs", "ions", "migration", "migration_state")
        ],
        "additionalProperties": False,
        "$defs": {
            "values": {
                "anyOf": [
                    {"type": ["number", "null"]},
                    {"enum": list(INFINITE)},
                    {"type": "array", "items": {"$ref": "#/$defs/values"}},
                ]
            },
            "statuses": _nested(names, "statuses"),
            "states": _nested([*WORDS, UNSOLVED], "states"),
        },
    }


def _nested(words: list[str], name: str) -> dict[str, Any]:
    """One of some words, or nested lists of them, as the definition of a name."""
    return {"anyOf": [{"enum": words}, {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}]}


def _migration() -> dict[str, Any]:
    """The legs that hold a mixed conductor, and what must be known of their limits."""
    leg: dict[str, Any] = {
        "part": {"enum": ["p", "n"]},
        "stage": {"type": "integer"},
        "materials": _TEXTS,
        "known": {"type": "boolean", "description": "Whether any limit of the current is known."},
        "bound": {
            "type": ["string", "null"],
            "description": "What the limits are: at most, at least, about.",
        },
        "direction": {"enum": ["along the heat", "against the heat"]},
    }
    legs = {"type": "object", "properties": leg, "required": list(leg), "additionalProperties": False}
    return {
        "type": "object",
        "description": "The legs that hold a mixed conductor.",
        "properties": {"legs": {"type": "array", "items": legs}, "notes": _TEXTS},
        "required": ["legs", "notes"],
        "additionalProperties": False,
    }


def schema_of(model: type[Model], title: str) -> dict[str, Any]:
    """JSON Schema of a model under a title."""
    return {"$schema": DIALECT, **_tidy(model.model_json_schema()), "title": title}


def _tidy(part: Any) -> Any:
    """Without titles made from keys, without null, and with the first paragraph of descriptions alone."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    choices = [item for item in part.get("anyOf", ()) if item != {"type": "null"}]
    if len(choices) == 1 and len(part["anyOf"]) == 2:
        part = {**choices[0], **{key: value for key, value in part.items() if key != "anyOf"}}
    kept = {key: value for key, value in part.items() if not _is_noise(key, value)}
    if isinstance(kept.get("description"), str):
        kept["description"] = " ".join(kept["description"].partition("\n\n")[0].split())
    return {key: _tidy(value) for key, value in kept.items()}


def _is_noise(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (
        key == "default" and not isinstance(value, str | int | float)
    )


def _quantity(name: str) -> dict[str, Any]:
    entry = quantity(name)
    return {
        "$ref": "#/$defs/values",
        "description": f"{entry.description[0].upper()}{entry.description[1:]}.",
        "x-unit": entry.unit,
    }
