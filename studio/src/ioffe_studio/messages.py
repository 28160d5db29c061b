"""The requests of the API as models: what OpenAPI says of them, and what is refused at the door."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = Annotated[
    int, Field(ge=0, le=2**53, description="Number of the document, which the answer repeats.")
]
Document = Annotated[
    dict[str, Any], Field(description="The device file as an object; texts such as 6 mm kept.")
]
Files = Annotated[
    dict[str, str], Field(description="Files that lie beside the device file: content in base64 by name.")
]


class Asked(BaseModel):
    """What every request states."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: Number = 0
    files: Files = {}
    name: str = Field(default="device.toml", max_length=200, description="Name of the device file.")


class DeviceAsked(Asked):
    """A device."""

    document: Document


class DescribeAsked(DeviceAsked):
    """The form of a device."""

    variants: list[Document] = Field(
        default=[], max_length=10, description="Other devices, of which is told in what they differ."
    )


class MaximaAsked(DeviceAsked):
    """The maxima of a device."""

    curves: bool = Field(default=False, description="Whether its curves are wanted in place of the profiles.")


class TomlAsked(Asked):
    """A document to be written as TOML, or a TOML text to be read."""

    document: Document | None = None
    text: str = Field(default="", description="TOML; beside a document the text that it came from.")


class TableAsked(Asked):
    """A table of measured points."""

    document: Document | None = None
    text: str = Field(default="", description="A pasted table, in place of files.")


class ReportAsked(DeviceAsked):
    """A file to take home."""

    format: Literal["html", "csv", "xlsx", "json", "toml", "svg", "pictures", "zip"] = "html"
    text: str = Field(default="", description="The TOML that the document came from.")


class ToolAsked(Asked):
    """What a tool is to do."""

    document: Document | None = None
    request: dict[str, Any] = Field(default={}, description="Values of its fields by their paths.")
    own: list[str] | None = Field(
        default=None, description="Files given to the tool; others lie beside the device."
    )


class MaterialsAsked(Asked):
    """Which materials of the library."""

    request: dict[str, Any] = Field(default={}, description="Values of the fields by their paths.")


class JobAsked(ToolAsked):
    """Long work of a tool."""

    tool: str = Field(max_length=100)


class Fault(BaseModel):
    """One thing that is wrong."""

    path: str
    value: str | None = None
    expected: str = ""
    advice: str = ""
    message: str
    words: str = Field(default="", description="The message beside the field, which needs no path.")
    file: str = ""
    fixes: list[dict[str, Any]] = Field(default=[], description="Values that may take its place.")


class Refused(BaseModel):
    """Why a request was refused."""

    number: int = 0
    faults: list[Fault] = []
    text: str
