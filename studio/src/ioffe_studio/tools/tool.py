"""What a tool is, and the pages that list them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ioffe_studio.labels import in_page

EXAMPLES: Final = Path(__file__).parents[1] / "examples"


@dataclass(frozen=True)
class Tool:
    """Something one can do beside solving the device.

    Parameters
    ----------
    id : str
        ``page.word``.
    title, text : str
        What it is called, and what it does, in a sentence.
    command : tuple of str
        The command of `ioffe` that answers.
    function : str
        In place of that ``module:name`` below `ioffe_studio.tools`; takes a `Job` and the tool.
    fields : tuple of dict
        Fields of its form before the options of the command; their paths are keys of the request.
    follows : str
        ``module:name`` of a function that makes its own fields from the device of a `Job`.
    hidden : tuple of str
        Options that the form leaves out.
    accepts : str
        Endings of the files it reads, empty for none.
    sample : str
        A file of the examples that shows what it reads.
    sample_request : tuple of pairs
        What the form needs for it.
    many : bool
        Whether it reads several files.
    device : bool
        Whether the command is about the device document.
    needs : bool
        Whether its function needs the document in another way.
    job : bool
        Whether it takes long and runs as a job.
    """

    id: str
    title: str
    text: str
    command: tuple[str, ...] = ()
    function: str = ""
    fields: tuple[dict[str, Any], ...] = ()
    follows: str = ""
    hidden: tuple[str, ...] = ()
    accepts: str = ""
    sample: str = ""
    sample_request: tuple[tuple[str, str], ...] = ()
    many: bool = False
    device: bool = False
    needs: bool = False
    job: bool = False

    def described(self) -> dict[str, Any]:
        """For the page."""
        from ioffe_studio.tools.choices import follows_device
        from ioffe_studio.tools.commands import about, fields_of, options_of

        names = ("id", "title", "text", "many", "job")
        shown = {name: getattr(self, name) for name in names} | {"device": self.device or self.needs}
        options = options_of(self) if self.command else []
        shown["fields_follow_device"] = bool(self.follows) or any(map(follows_device, options))
        shown["text"] = in_page(self.text, self.id)
        shown["about"] = [in_page(text, self.id) for text in about(self)]
        if self.sample:
            path = EXAMPLES / self.sample
            content = base64.b64encode(path.read_bytes()).decode()
            shown["sample"] = {"name": path.name, "base64": content, "request": dict(self.sample_request)}
        fields = fields_of(self)
        return {**shown, "fields": fields, "accepts": self.accepts or None}


@dataclass(frozen=True)
class Page:
    """A page of tools."""

    id: str
    title: str
    text: str
    tools: tuple[Tool, ...] = ()

    def described(self) -> dict[str, Any]:
        """For the page of the browser."""
        tools = [tool.described() for tool in self.tools]
        return {"id": self.id, "title": self.title, "text": self.text, "tools": tools}
