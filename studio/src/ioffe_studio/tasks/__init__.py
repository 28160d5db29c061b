"""What the processes of the studio do: one function for each kind of request, imported when it is needed.

A task takes a `Job` and returns what is answered as JSON, or a `Download`. Faults of the input become a list
by path, as the command line prints them; nothing else is expected to fail.
"""

from __future__ import annotations

import importlib
import json
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from ioffe_studio.limits import MEMORY, RefusedError

Encoded = tuple[int, bytes, dict[str, str]]
Progress = Callable[[float, float, str], None]

TASKS: Final[Mapping[str, tuple[str, str]]] = {
    "info": ("info", "info"),
    "example": ("info", "example"),
    "schema": ("info", "schema"),
    "materials": ("library", "materials"),
    "describe": ("form", "describe"),
    "curves": ("solving", "curves"),
    "maxima": ("solving", "maxima"),
    "sensitivity": ("solving", "sensitivity"),
    "solve": ("solving", "solve"),
    "check": ("solving", "check"),
    "toml": ("texts", "toml"),
    "table": ("texts", "table"),
    "report": ("texts", "report"),
    "tool": ("tools", "tool"),
    "tool_fields": ("tools", "fields"),
    "warm_up": ("solving", "warm_up"),
}
"""Module and function of every task."""


def prepare(engine: str = "") -> None:
    """Load what most requests need; ``"auto"`` loads compiled code too, ``"numpy"`` keeps it out."""
    import ioffe_studio.tasks.solving as solving

    if engine:
        solving.warm(engine)


def perform(task: str, request: dict[str, Any], progress: Progress) -> Encoded:
    """Do a task; its answer as status of HTTP, body and headers."""
    from ioffe.base.errors import InputError, IoffeError
    from ioffe_studio.tasks.job import Download, Job

    number = request.get("number", 0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        job = Job(request, caught, progress)
        try:
            assert job.name  # faults are told with it
            module, function = TASKS[task]
            found = getattr(importlib.import_module(f"ioffe_studio.tasks.{module}"), function)(job)
            if isinstance(found, Download):
                return 200, found.content, found.headers
            return 200, job.private_bytes(encoded({"number": number, **found})), {}
        except InputError as error:
            faults = [job.fault(fault) for fault in error.faults]
            text = "\n".join(fault["message"] for fault in faults)
            return 422, encoded({"number": number, "faults": faults, "text": text}), {}
        except RefusedError as error:
            return error.code, _text(number, str(error)), {}
        except IoffeError as error:
            return 422, _text(number, job.private(str(error))), {}
        except (OverflowError, FloatingPointError) as error:
            words = f"the computation failed, because its numbers are out of range: {error}"
            return 422, _text(number, words), {}
        except MemoryError:
            return (
                422,
                _text(number, f"this needs more memory than the {MEMORY / 1e9:g} GB that a process may hold"),
                {},
            )
        except Exception as error:
            traceback.print_exc()
            text = f"a defect of the program: {type(error).__name__}: {error}"
            return 500, _text(number, job.private(text)), {}
        finally:
            job.close()


def _text(number: int, text: str) -> bytes:
    return encoded({"number": number, "faults": [], "text": text})


def encoded(content: Any) -> bytes:
    """As JSON, in which what is not finite is null."""
    with suppress(ValueError):
        return json.dumps(content, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
    from ioffe.base.saved import plain

    return json.dumps(plain(content), allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
