"""`ioffe design`: the ready questions of a designer, a command for each entry of their table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import Faults
from ioffe.cli import terminal
from ioffe.cli.main import LazyGroup
from ioffe.cli.measuring import page_writer
from ioffe.cli.output import RESULT, Output, judging_options, output_options
from ioffe.study.designing.answer import DesignAnswer, in_words
from ioffe.study.designing.question import Question, QuestionOption
from ioffe.study.designing.questions import QUESTIONS
from ioffe.study.designing.questions import design as answer

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
OPERATE = 'A condition in place of that of the device file, such as "T_hot=500 K"; may be repeated.'
WRITES = """Prints the answer and the devices side by side. Writes result.json, devices.csv, pictures and
report.html; with --json the result alone is printed, and files are written only into --out."""


@click.group(cls=LazyGroup, context_settings=HELP)
def design() -> None:
    """Answer one of a designer's questions about a device file.

    Of listed temperatures the first is taken. What varies and what stays is told by  ioffe design QUESTION -h
    """


def _command(question: Question) -> click.Command:
    """The command of one question."""

    @judging_options
    @output_options(question.name)
    def run(
        device: Path,
        aim: str | None,
        operate: tuple[str, ...],
        strict: bool,
        force: bool,
        output: Output,
        **options: Any,
    ) -> None:
        given = {name: value for name, value in options.items() if value not in (None, ())}
        given["operate"] = _operate(operate)
        with terminal.collected_warnings(), terminal.working("searching"):
            found = answer(question.name, device, aim=aim, strict=strict, force=force, **given)
        output.show(found.to_dict(), lambda: print_answer(found), found.warnings)
        files = {RESULT: found.to_dict(), "devices.csv": found.table()}
        output.write(files, page_writer(found), book=found)

    text = f"{question.asks}\n\n{question.about}\n\n{WRITES}"
    made = click.command(question.name, help=text, short_help=question.asks, context_settings=HELP)(run)
    place = click.Argument(["device"], type=click.Path(path_type=Path), metavar="DEVICE.toml")
    aims, words = "|".join(question.aims), "What the device shall do best."
    made.params[:0] = [
        place,
        *map(_option, question.options),
        click.Option(["--aim"], metavar=aims, help=words),
        click.Option(["--operate"], multiple=True, metavar="CONDITION=VALUE", help=OPERATE),
    ]
    return made


def _operate(given: tuple[str, ...]) -> dict[str, str]:
    """Conditions by name from NAME=VALUE."""
    faults, found = Faults(), {}
    for text in given:
        name, sign, value = (part.strip() for part in text.partition("="))
        if sign and name and value:
            found[name] = value
        else:
            faults.add("operate", text, 'NAME=VALUE is expected, such as "T_hot=500 K"')
    faults.raise_if_any()
    return found


def _option(one: QuestionOption) -> click.Option:
    words = one.help + (f" By default {one.default}." if one.default is not None else "")
    metavar = "|".join(one.choices) or one.metavar
    return click.Option(
        [f"--{one.name.replace('_', '-')}", one.name],
        metavar=metavar,
        multiple=one.quantity in ("materials", "samples"),
        help=words,
    )


for _one in QUESTIONS.values():
    design.add_command(_command(_one))


def print_answer(found: DesignAnswer) -> None:
    """Print the sentence, the devices side by side, what was assumed, and how good the numbers are.

    `found`: what is printed.
    """
    terminal.print_text((found.name, "bold"), f"\n{found.asks}")
    terminal.print_remarks(found.warnings)
    terminal.print_text((found.sentence, ""))
    terminal.print_table("", *side_by_side(found))
    for text in found.assumed:
        terminal.print_text(("assumed: ", "bold"), text)
    terminal.print_status(found)
    terminal.print_remarks((), found.notes)


def side_by_side(found: DesignAnswer) -> tuple[list[str], list[list[str]], range]:
    """Heads, rows and columns of numbers: few devices as columns, many as rows."""
    names = list(found.columns)
    if len(found.devices) <= 4:
        rows = [[in_words(n), *(found.shown(n, value) for value in found.columns[n])] for n in names]
        return ["", *found.devices], rows, range(1, len(found.devices) + 1)
    rows = [[d, *(found.shown(n, found.columns[n][k]) for n in names)] for k, d in enumerate(found.devices)]
    return ["", *map(in_words, names)], rows, range(1, len(names) + 1)
