"""The one module through which lower packages call higher ones: by name, imported when it is called.

Imports go downwards only. What a user expects of an object in a lower package (a leg that
is solved, a result that draws itself) is named here, and nothing else in `ioffe` may import upwards.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Final

__all__ = ["upward"]

_TARGETS: Final = {
    "card_text": "ioffe.material.card_writing:card_text",
    "check_material": "ioffe.material.checks:check",
    "draw": "ioffe.report.of_result:draw",
    "plot_plan": "ioffe.report.plan:plot",
    "field_task": "ioffe.field.task:field_task",
    "plot_material": "ioffe.material.figure:plot",
    "read_card": "ioffe.material.card:read_card",
    "read_material": "ioffe.material.readers:read_one",
    "report": "ioffe.report.of_result:report",
    "solve": "ioffe.solve.solve:solve",
    "solve_array": "ioffe.solve.array:solve",
}


def upward(verb: str) -> Callable[..., Any]:
    """The function of a higher package that does the work of a verb.

    `verb`: one of the names in this file.
    """
    module, _, name = _TARGETS[verb].partition(":")
    return getattr(importlib.import_module(module), name)
