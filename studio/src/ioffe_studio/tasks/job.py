"""One request as a task sees it; its files are in a private folder that does not outlive it."""

from __future__ import annotations

import base64
import binascii
import copy
import json
import re
import tempfile
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ioffe.base._files import parse_toml
from ioffe.base.errors import ABSENT, Fault, InputError
from ioffe.device_file.read import DeviceFile, device_of
from ioffe.material.soundness import FORCE
from ioffe_studio import private
from ioffe_studio.form.values import value_at
from ioffe_studio.labels import in_form, in_page
from ioffe_studio.limits import FILES, RefusedError, check_file, check_names, check_points
from ioffe_studio.words import form_path, materials_in, of_word

DEVICE = "device.toml"
COMMA = re.compile(r"\s*([-+\u2212]?\d+),(\d+)(?![\d.,])(.*)")
SAMPLES = 30
"""Samples of a table that are offered."""
NEAR = re.compile(r'did you mean "([^"]+)"\?')


@dataclass(frozen=True)
class Download:
    """A file to take home."""

    name: str
    kind: str
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """Its type and its name."""
        return {
            "content-type": self.kind,
            "content-disposition": f"attachment; filename*=UTF-8''{quote(self.name)}",
        }


def _check_nothing_empty(value: Any, path: str) -> None:
    """Refuse null, which TOML does not know, wherever it stands."""
    if value is None:
        raise RefusedError(f"{path} is null: a value is expected; leave the key out", 422)
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        _check_nothing_empty(one, f"{path}[{key}]" if isinstance(value, list) else f"{path}.{key}")


class Job:
    """A request, what was warned of meanwhile, and how progress is told.

    Parameters
    ----------
    request : dict
        As it came in.
    caught : list
        Takes the warnings of Python.
    progress : callable
        Told how much is done, of how much, and in words.
    """

    def __init__(
        self,
        request: Mapping[str, Any],
        caught: list[warnings.WarningMessage],
        progress: Callable[[float, float, str], None],
    ) -> None:
        self.request = request
        self.progress = progress
        self._caught = caught
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The device document; a copy, so that a task may change it."""
        found = self.request.get("document")
        if not isinstance(found, dict):
            raise RefusedError("a document is expected: the device file as an object", 422)
        _check_nothing_empty(found, "document")
        return copy.deepcopy(found)

    @cached_property
    def folder(self) -> Path:
        """A private folder with the files of the request."""
        files = self.request.get("files") or {}
        if len(files) > FILES:
            raise RefusedError(f"at most {FILES} files are read", 413)
        contents = {name: _content(name, text) for name, text in files.items()}
        self._temporary = private.made()
        folder = Path(self._temporary.name)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
            if name.casefold().endswith(".toml"):
                with suppress(ValueError):  # a faulty one is told by who reads it
                    check_names(parse_toml(content.decode()))
        return folder

    @property
    def tool(self) -> str:
        """The tool that is asked, empty for another task."""
        return str(self.request.get("tool") or "")

    @cached_property
    def name(self) -> str:
        """Name of the device file, without folders; raises `RefusedError`."""
        given = str(self.request.get("name") or DEVICE)
        check_file(given, b"")
        name = given if given.casefold().endswith(".toml") else f"{given}.toml"
        return name if name not in (self.request.get("files") or {}) else f"device-{name}"

    @property
    def files(self) -> list[Path]:
        """The files of the request in its folder."""
        return [self.folder / name for name in self.request.get("files") or {}]

    @property
    def answers(self) -> dict[str, Any]:
        """What stands in the form of a tool; names of files lead nowhere else."""
        given = self.request.get("request") or {}
        check_names(given)
        return given

    def written(self) -> str:
        """The document as a file in the folder; its name."""
        from ioffe_studio.toml_text import written

        document = self.document
        check_names(document)
        check_points(document.get("operate"))
        (self.folder / self.name).write_text(written(document), encoding="utf-8")
        return self.name

    def own_files(self) -> list[str]:
        """Files that belong to a tool and not to the device: as stated, or those it does not name."""
        stated = self.request.get("own")
        if stated is not None:
            return [path.name for path in self.files if path.name in stated]
        names = [path.name for path in self.files]
        told = str(self.request.get("document") or "")
        return [name for name in names if name not in told] or names

    @cached_property
    def device_file(self) -> DeviceFile:
        """The device and its conditions; raises `InputError` with all faults."""
        document = self.document
        check_points(document.get("operate"))
        return device_of(document, self.folder / self.name, confined=True)

    def remarks(self) -> list[str]:
        """What was warned of so far, each once."""
        texts = (in_page(self.private(str(one.message)), self.tool) for one in self._caught)
        return list(dict.fromkeys(texts))

    def private(self, text: str) -> str:
        """A text without the path of the private folder."""
        if self._temporary is None:
            return text
        return text.replace(f"{self._temporary.name}/", "").replace(self._temporary.name, "")

    def private_bytes(self, answer: bytes) -> bytes:
        """An answer in JSON without the path of the private folder."""
        if self._temporary is None:
            return answer
        name = json.dumps(self._temporary.name)[1:-1].encode()
        return answer.replace(name + b"/", b"").replace(name, b"")

    def fault(self, fault: Fault) -> dict[str, Any]:
        """A fault for the page: its path, and the line that the command line prints."""
        option = fault.location.startswith("--")  # of a command: the page has a field of its name
        location = "" if fault.location == "FILE" else fault.location.removeprefix("--")
        file = Path(fault.file).name if fault.file else ""
        own = not file or file == self.name
        place = location if option else self._own_place(location) if own else self._place_of(file)
        if self.tool and place and not self._has_place(place):
            place = location = ""  # an argument of a function, which no form has
        fixes = _fixes(fault) if own else self._samples(fault, place)
        unheeded = (
            (fixes and not own)
            or (fault.advice == FORCE and not self.tool)  # no form has such a field
            or fault.advice.startswith("such as [")  # of a file that is typed
        )
        told = "" if unheeded else fault.advice
        shown = replace(
            fault,
            location=location,
            file=file,
            value=fault.value.replace("\t", ", ") if isinstance(fault.value, str) else fault.value,
            expected=in_page(fault.expected, self.tool),
            advice=in_page(told, self.tool),
        )
        seen = replace(shown, location="") if option and not own else shown
        message = str(replace(seen, file="") if own else seen)
        return {
            "path": place,
            "value": None if fault.value is ABSENT else self.private(str(fault.value))[:200],
            "expected": self.private(shown.expected),
            "advice": self.private(shown.advice),
            "message": self.private(message),
            "words": self.private(self._words(replace(shown, expected=fault.expected, advice=told)))
            if own
            else self.private(message),
            "file": "" if own else shown.file,
            "fixes": fixes,
        }

    def _own_place(self, location: str) -> str:
        """The path in the document of a fault of a solve, which counts from the device: p.material."""
        document = self.request.get("document")
        if self.tool or not isinstance(document, Mapping) or re.split(r"[.\[]", location)[0] in document:
            return location
        place = form_path(document, location)
        return location if value_at(document, place) is None else place

    def _has_place(self, place: str) -> bool:
        """Whether the form of the tool, or the document, has a place."""
        from ioffe_studio.tasks.tools import fields

        paths: set[str] = set()
        with suppress(InputError):  # a device without a form of the tool has the places of its document
            paths = {field["path"] for field in fields(self)["fields"]}
        root = re.split(r"[.\[]", place)[0]
        return place in paths or root in (self.request.get("document") or {}) or root in ("operate", "life")

    def _place_of(self, file: str) -> str:
        """Where the device names a card or a table, empty where it does not or a tool was asked."""
        return "" if self.tool else materials_in(self.request.get("document")).get(file, "")

    def _samples(self, fault: Fault, place: str) -> list[dict[str, Any]]:
        """The samples of a table of which one is to be chosen."""
        if not place or fault.location != "sample":
            return []
        from ioffe.material.readers import samples

        given = value_at(self.request.get("document"), place)
        table = {"file": Path(fault.file).name, **(given if isinstance(given, Mapping) else {})}
        found = samples(fault.file)[:SAMPLES]
        return [{"label": one.name, "value": {**table, "sample": one.key}} for one in found]

    def _words(self, fault: Fault) -> str:
        """What stands beside the field of a fault."""
        said = (lambda text: in_page(text, self.tool)) if self.tool else in_form
        form = self.answers if self.tool else self.request.get("document")
        typed = value_at(form, fault.location)
        if typed is not None and not isinstance(typed, dict | list) and isinstance(fault.value, int | float):
            fault = replace(fault, value=json.dumps(typed) if isinstance(typed, bool) else typed)
        found = replace(fault, expected=said(fault.expected), advice=said(fault.advice))
        return str(replace(found, location="", file=""))

    def close(self) -> None:
        """Remove the folder."""
        if self._temporary is not None:
            self._temporary.cleanup()


def _fixes(fault: Fault) -> list[dict[str, str]]:
    """What may stand in the place of a value: both readings of a comma, or the nearest word."""
    if not isinstance(fault.value, str):
        return []
    comma = COMMA.fullmatch(fault.value)
    near = NEAR.search(fault.advice)
    values = [near[1]] if near else []
    if comma:
        values = [f"{comma[1]}.{comma[2]}{comma[3]}"]
        if len(comma[2]) == 3:
            values.append("".join(comma.groups()))
    return [{"label": of_word(value), "value": value} for value in values]


def _content(name: str, text: Any) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise RefusedError(f"the content of {str(name)[:80]!r} is expected in base64", 422) from None
    check_file(name, content)
    return content
