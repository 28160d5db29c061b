"""The one mechanism of the commands of `ioffe measure`: options in, tables printed, files written.

A command is a function of its options that returns an `Evaluation`; `measure_command` makes it a click
command with `--out` and `--json`, prints what it found and writes it into a folder.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ioffe.base.errors import Faults
from ioffe.base.table import ResultTable
from ioffe.cli.output import (
    DRAWN,
    FORMAT_HELP,
    FORMATS,
    JSON_HELP,
    RESULT,
    SI_HELP,
    XLSX_HELP,
    Output,
    safe_name,
)
from ioffe.cli.terminal import SEVERITY_COLOURS, check_folder, print_table, print_text, show_picture, working
from ioffe.material.checks import Finding
from ioffe.measure._table import unused_noted, wanted_sample

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SAMPLE_HELP: Final = "Of a file with several tables: a sheet, a block or a group of columns."
_PLUS_MINUS: Final = re.compile(r"\s*(?:\+/-|\+-|±)\s*")


@dataclass(frozen=True)
class Evaluation:
    """What a command found, and how it is shown.

    `numbers`: the result in SI, for JSON.
    `title`: of the table that is printed.
    `rows`: of this table; the cells may hold anything.
    `heads`: its headers.
    `lines`: printed below the table.
    `findings`: doubts; a text alone is a note.
    `tables`: written as CSV files of these names, beside `result.json`.
    `draw`: writes pictures, and perhaps a page, into a folder.
    `sentence`: what was found, in front of the table.
    `pictures`: makers of pictures without a page, by the names of their files.
    """

    numbers: Mapping[str, Any]
    title: str
    rows: Sequence[Sequence[str]]
    heads: Sequence[str] = ("quantity", "value")
    lines: Sequence[str] = ()
    findings: Sequence[Finding | str] = ()
    tables: Mapping[str, ResultTable] = field(default_factory=dict)
    draw: Callable[[Path], Any] | None = None
    sentence: str = ""
    pictures: Mapping[str, Callable[[], Figure]] = field(default_factory=dict)

    def write(self, made: Path) -> None:
        """Write pictures, and perhaps a page, into a folder."""
        from ioffe.report.pictures import write_pictures

        if self.draw is not None:
            self.draw(made)
        write_pictures({name: make() for name, make in self.pictures.items()}, made)


def measure_command(
    name: str,
    out_help: str,
    *,
    arguments: Sequence[str] = ("file",),
    always_writes: bool = False,
) -> Callable[[Callable[..., Evaluation]], click.Command]:
    """Decorator that makes a command of a function from options to an `Evaluation`.

    `name`: what is typed.
    `out_help`: help of the option `--out`.
    `arguments`: names of the arguments that are not options, such as files.
    `always_writes`: whether files are written without `--out`, too, into a folder named after the first file;
        with `--json` never.
    Returns: from the function, with its click options and arguments, to the command.
    """

    def decorate(function: Callable[..., Evaluation]) -> click.Command:
        @functools.wraps(function)
        def run(
            out: Path | None,
            as_json: bool,
            formats: tuple[str, ...],
            si: bool,
            xlsx: bool,
            table: str | None = None,
            **given: Any,
        ) -> None:
            folder = out
            if always_writes and out is None and not as_json:
                folder = Path(f"{safe_name(given.get('file') or given['files'])}-{name}")
            check_folder(folder)
            with working("evaluating"), unused_noted(), wanted_sample(table):
                found = function(**given)
            output = Output(folder, as_json, formats=formats or DRAWN, si=si, xlsx=xlsx)
            output.show(found.numbers, functools.partial(_show, found))
            output.write({RESULT: found.numbers, **found.tables}, found.write)

        command = click.command(name=name, context_settings={"help_option_names": ["-h", "--help"]})(run)
        command.params[:0] = [click.Argument([one], metavar=one.upper()) for one in arguments]
        command.params += [
            click.Option(["--out"], type=click.Path(path_type=Path), metavar="DIR", help=out_help),
            click.Option(["--json", "as_json"], is_flag=True, help=JSON_HELP),
            click.Option(
                ["--picture-format", "formats"], multiple=True, type=click.Choice(FORMATS), help=FORMAT_HELP
            ),
            click.Option(["--si"], is_flag=True, help=SI_HELP),
            click.Option(["--xlsx"], is_flag=True, help=XLSX_HELP),
        ]
        if "file" in arguments:
            command.params.append(click.Option(["--sample", "table"], metavar="NAME", help=SAMPLE_HELP))
        return command

    return decorate


def option(*names: str, metavar: str, text: str, with_error: bool = False, **more: Any) -> Callable[..., Any]:
    """An option that takes a text.

    `*names`: such as "--width"; the last one may be the argument that it fills.
    `metavar`, `text`: placeholder of the value in the help, and the help.
    `with_error`: whether the value may carry its standard deviation.
    `**more`: as for `click.option`.
    """
    kind = {"type": _with_error_in} if with_error else {}
    return click.option(*names, metavar=metavar, help=text, **kind, **more)


def collected(faults: Faults, function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function returns, or None with its faults noted: raise them before the value is used."""
    with faults.collect():
        return function(*arguments)
    return None


def sentence(found: Any) -> str:
    """What a result says in a sentence, empty for one without."""
    from ioffe.report.study.sentences import sentences_of

    return " ".join(sentences_of(found))


def page_writer(found: Any) -> Callable[[Path], Any]:
    """What writes the pictures and the page of a result into a folder, for `Evaluation.draw`.

    `found`: with a page of its own or that of all results.
    """

    def draw(made: Path) -> None:
        from ioffe.report.of_result import page_of
        from ioffe.report.page import write_page

        write_page(page_of(found), made)

    return draw


def _with_error_in(text: str) -> Any:
    """A value as typed, with what follows ± as its uncertainty.

    "3 mm +- 1 %" becomes ``{"value": "3 mm", "uncertainty": "1 %"}``, "3 mm" stays as it is.
    """
    value, *error = _PLUS_MINUS.split(text, maxsplit=1)
    return {"value": value, "uncertainty": error[0]} if error else text


def _show(found: Evaluation) -> None:
    """Print the sentence, the table, the lines below it, and the findings; show the pictures."""
    if found.sentence:
        print_text(found.sentence)
    print_table(found.title, found.heads, found.rows)
    for line in found.lines:
        print_text(line)
    for finding in found.findings:
        one = Finding("note", "", finding) if isinstance(finding, str) else finding
        print_text((one.severity, SEVERITY_COLOURS[one.severity]), f" {one.message}")
    for name, make in found.pictures.items():
        show_picture(make, name.replace("-", " "))
