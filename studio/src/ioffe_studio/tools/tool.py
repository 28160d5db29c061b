"""What a tool is, and the pages that list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tool:
    """Something one can do beside solving the device.

    Parameters
    ----------
    id : str
        ``page.word``.
    title, text : str
        What it is called, and what it does, in a sentence.
    function : str
        ``module:name`` below `ioffe_studio.tools`; takes a `Job`, returns sections.
    fields : tuple of dict
        The fields of its form; their paths are keys of the request.
    accepts : str
        Endings of the files it reads, empty for none.
    many : bool
        Whether it reads several files.
    device : bool
        Whether it needs the device document.
    job : bool
        Whether it takes long and runs as a job.
    doc : str
        Page of the documentation.
    """

    id: str
    title: str
    text: str
    function: str
    fields: tuple[dict[str, Any], ...] = ()
    accepts: str = ""
    many: bool = False
    device: bool = False
    job: bool = False
    doc: str = ""

    def described(self) -> dict[str, Any]:
        """For the page."""
        shown = {
            name: getattr(self, name) for name in ("id", "title", "text", "many", "device", "job", "doc")
        }
        return {**shown, "fields": list(self.fields), "accepts": self.accepts or None}


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


PAGES: tuple[Page, ...] = ()
