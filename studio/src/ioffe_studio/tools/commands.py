"""Commands of `ioffe` as tools: their options as fields of a form, their reports as sections.

A tool is what the command line does, in a private folder: the same numbers, files, faults and words.
"""

from __future__ import annotations

import base64
import inspect
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final

import click

from ioffe.base.errors import Fault, InputError, IoffeError
from ioffe.cli.output import slug
from ioffe.cli.terminal import LISTENER, Listener
from ioffe.report.page import RENDERED, Page
from ioffe_studio.labels import in_page, label
from ioffe_studio.limits import RefusedError
from ioffe_studio.sections import Printed, each_text, of_pages
from ioffe_studio.tasks.job import Job
from ioffe_studio.tools import choices, saved
from ioffe_studio.tools.tool import Tool
from ioffe_studio.words import spelled

OUT: Final = "out"
OUTPUT: Final = frozenset(
    {"out", "as_json", "no_report", "pictures", "si", "xlsx", "workers", "resume", "dry_run"}
    | {"help", "engine", "scheduler"}
)
"""Options about where results go and who computes them: the studio decides."""
SENTENCE: Final = re.compile(r"(?<=[.?:]) (?=[A-Z])")
OF_TERMINAL: Final = re.compile(r"--(?:json|out|resume)|\b(?:Writes|Prints|exit code|folder)\b|ioffe \w+ ")
FIRST: Final = ("density", "heat_capacity", "model")
"""Options that come first where samples are read: every laser flash needs them, and a fit its bands."""
RARE: Final = ("picture-format",)
SHOWN: Final = 6
"""Options that are shown at once."""
LARGEST: Final = 30_000_000
"""Bytes of the files that one may take home."""
ENDED: Final = re.compile(r"(\d+) of (\d+) \w+ have ended")
"""What searches tell of themselves while they run."""
NO_NUMBER: Final = re.compile(r"'(.*)' is not a valid (?:float|integer)(?: range)?")
BEYOND: Final = re.compile(r"(\S+) is not in the range (\S+)<=x<=(\S+)")
"""What a parser of options says of numbers."""
PLACES: Final = ("first file", "second file")
MANY: Final = "Several are separated by semicolons."
DEFAULT: Final = re.compile(r"[Bb]y default (\d[^;,]*?)(?=[;,.]?$|[;,.] )")
"""A value that an option has by default, as its help tells it."""
TEXTS: Final = (".json", ".csv", ".toml", ".txt", ".svg", ".html")


def command_of(words: Sequence[str]) -> click.Command:
    """The command behind its words, such as ``("measure", "line-scan")``."""
    from ioffe.cli.main import cli

    found: click.Command = cli
    for word in words:
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), word)
        assert inner is not None, f"there is no command {word}"
        found = inner
    return found


def options_of(tool: Tool) -> list[click.Option]:
    """The options of a command that its form shows."""
    own = command_of(tool.command).params
    left = OUTPUT | set(tool.hidden)
    return [one for one in own if isinstance(one, click.Option) and one.name not in left]


def fields_of(tool: Tool, job: Job | None = None) -> list[dict[str, Any]]:
    """The options of a command as fields, those that are needed first; a device gives names to choose."""
    if not tool.command:
        return list(tool.fields)
    first = FIRST if tool.id.startswith("materials.") else ()
    options = sorted(options_of(tool), key=lambda one: (not one.required, one.name not in first))
    return [*tool.fields, *(_field(tool, one, k, job) for k, one in enumerate(options))]


def about(tool: Tool) -> list[str]:
    """What a command does, in paragraphs, without what concerns a terminal."""
    if tool.function and tool.fields:  # what it adds to its command is said by its text and its fields
        return [tool.text]
    _, *told = inspect.cleandoc(command_of(tool.command).help or "").split("\n\n")
    paragraphs = (" ".join(paragraph.split()) for paragraph in told)
    kept = (" ".join(s for s in SENTENCE.split(text) if not OF_TERMINAL.search(s)) for text in paragraphs)
    return [tool.text, *(_files_named(tool, text) for text in kept if text)]


def _files_named(tool: Tool, text: str) -> str:
    """A text in which the arguments of a command are called the first file and the second one."""
    arguments = [one for one in command_of(tool.command).params if isinstance(one, click.Argument)]
    for words, one in zip(PLACES if len(arguments) > 1 else ("file",), arguments, strict=False):
        name = re.escape((one.metavar or one.name or "").upper().strip("[].")) or "-"
        text = re.sub(rf"(?:^|(?<=\. )){name}\b", f"The {words}", text)
        text = re.sub(rf"(?<![\w.])(?<!FILE ){name}\b(?!\.)", f"the {words}", text)
    return text


def _field(tool: Tool, one: click.Option, place: int, job: Job | None) -> dict[str, Any]:
    name = max(one.opts, key=len).lstrip("-")
    said = in_page(f"{one.help or ''} {MANY if one.multiple else ''}".strip(), tool.id)
    found: dict[str, Any] = {
        "id": name,
        "path": name,
        "label": label(name, tool.id),
        "symbol": "",
        "help": said,
        "kind": "text",
        "value": None,
        "required": one.required,
        "advanced": not one.required and (place >= SHOWN or name in RARE),
        "fault": None,
        "default_text": spelled(_default(one)),
    }
    if one.is_flag:
        return {**found, "kind": "flag"}
    if words := choices.words_of(one):
        kind = (
            {"kind": "picked", "help": said.removesuffix(MANY).strip()}
            if one.multiple
            else {"kind": "choice"}
        )
        return {**found, **kind, "options": choices.described(words)}
    if chosen := choices.field_of(one, job):
        return {**found, "help": found["help"].removesuffix(MANY).strip(), **chosen}
    if isinstance(one.type, click.types.IntParamType) and not one.multiple:
        limits = {
            "minimum": getattr(one.type, "min", None) or 0,
            "maximum": getattr(one.type, "max", None) or 100,
        }
        number = {"integer": True, "bare": True, "display": None, "unit": "", "units": [], "scale": "linear"}
        return {**found, "kind": "number", **number, **limits}
    if isinstance(one.type, click.types.FloatParamType) and not one.multiple:
        return {**found, "kind": "number", "bare": True, "display": None, "unit": "", "units": []}
    if isinstance(one.type, click.Path) or one.metavar == "FILE":
        found |= {"kind": "file", "many": one.multiple, "help": found["help"].removesuffix(MANY).strip()}
    return found


def _default(one: click.Option) -> str:
    value = one.default
    if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
        return str(value)
    told = DEFAULT.search(one.help or "")
    return told[1] if told else ""


def run(job: Job, tool: Tool, more: Sequence[str] = ()) -> dict[str, Any]:
    """Let a command answer; its report as sections, its files to take home."""
    from ioffe.cli.main import cli

    typed = [*tool.command, *_arguments(job, tool), *more, *_options(job, tool), "--out", OUT]
    if not any(one.name == "out" for one in command_of(tool.command).params):
        typed = typed[:-2]
    pages, printed = _listen(job, cli, typed)
    shown = of_pages(pages, tool.text) or printed.sections
    shown = each_text(shown, lambda text: in_page(job.private(text), tool.id))
    remarks = [{"severity": "warning", "text": text, "where": ""} for text in job.remarks()]
    findings = [{"kind": "findings", "title": "", "items": remarks}] if remarks else []
    return {"sections": [*findings, *shown], "files": list(files_in(job, tool))}


def _listen(job: Job, cli: click.Command, typed: list[str]) -> tuple[list[Page], Printed]:
    pages: list[Page] = []
    printed = Printed()

    def progress(done: float, total: float, text: str) -> None:
        if found := ENDED.search(text):
            done, total = float(found[1]), float(found[2])
        job.progress(done, total, text)

    tokens = (
        RENDERED.set(pages),
        LISTENER.set(Listener(printed.table, printed.text, progress, printed.picture)),
    )
    said = io.StringIO()
    try:
        with inside(job.folder), redirect_stdout(said), redirect_stderr(io.StringIO()):
            cli.main(typed, prog_name="ioffe", standalone_mode=False)
    except click.BadParameter as error:
        if not isinstance(error.param, click.Option):
            raise RefusedError(in_page(error.format_message()), 422) from None
        raise InputError(_of_option(error.param, error.message)) from None
    except click.ClickException as error:
        raise RefusedError(error.format_message(), 422) from None
    except InputError:
        raise
    except IoffeError as error:  # of some of what was asked: the rest is shown
        if not printed.sections:
            raise
        printed.text(f"error: {error}")
    finally:
        RENDERED.reset(tokens[0])
        LISTENER.reset(tokens[1])
    if not printed.sections and not pages and said.getvalue().strip():
        printed.text(said.getvalue())
    return pages, printed


def _of_option(one: click.Option, message: str) -> Fault:
    """What is wrong with the value of an option, without the words of a parser."""
    flag, words = max(one.opts, key=len), message.rstrip(".")
    if found := NO_NUMBER.fullmatch(words):
        return Fault(flag, found[1], "a number is expected")
    if found := BEYOND.fullmatch(words):
        return Fault(flag, found[1], f"a number from {found[2]} to {found[3]} is expected")
    return Fault(flag, expected=words)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder, so that files are named without it."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _arguments(job: Job, tool: Tool) -> list[str]:
    """The files that a command is about."""
    if tool.device:
        return [job.written()]
    own = job.own_files()
    if tool.accepts and not own:
        raise RefusedError("a file is expected: drop one here", 422)
    return own if tool.many else own[:1]


def _options(job: Job, tool: Tool) -> Iterator[str]:
    given = job.answers
    if any(one.name == "xlsx" for one in command_of(tool.command).params):
        yield "--xlsx"
    for one in options_of(tool):
        flag = max(one.opts, key=len)
        value = given.get(flag.lstrip("-"))
        if value in (None, "", False):
            continue
        if one.is_flag:
            yield flag
        elif one.multiple:
            for part in str(value).replace("\n", ";").split(";"):
                if part.strip():
                    yield f"{flag}={part.strip()}"
        else:
            yield f"{flag}={value}"


def _named(job: Job, tool: Tool, name: str) -> str:
    """The name of a file that is taken home: what it is about, the question, and that of the command.

    A card is called after its material, by which devices find it.
    """
    about = Path(job.name if tool.device or tool.needs else next(iter(job.own_files()), "")).stem
    subject = slug(about, "_-") if about else ""
    question = tool.id.partition(".")[2]
    if question == "import" or (subject and name.startswith(subject)):
        return name
    return "-".join(one for one in dict.fromkeys((subject, question, name)) if one)


def files_in(job: Job, tool: Tool) -> Iterator[dict[str, Any]]:
    """The files that a command has written, as long as they are small enough to take home."""
    left, folder = LARGEST, job.folder / OUT
    paths: Iterable[Path] = sorted(folder.rglob("*")) if folder.is_dir() else ()
    for path in paths:
        size = path.stat().st_size if path.is_file() else 0
        if not path.suffix or not path.is_file() or size > left or not saved.wanted(path.relative_to(folder)):
            continue
        left -= size
        in_words = tool.device or tool.needs
        name = _named(job, tool, path.relative_to(folder).as_posix().replace("/", "-"))
        if path.suffix in TEXTS:
            text = job.private(path.read_text(encoding="utf-8"))
            text = saved.in_words_csv(text) if in_words and path.suffix == ".csv" else text
            yield {"name": name, "text": text, "card": tool.command == ("materials", "import")}
        else:
            content = path.read_bytes()
            content = saved.in_words_xlsx(content) if in_words and path.suffix == ".xlsx" else content
            yield {"name": name, "base64": base64.b64encode(content).decode()}
