"""What commands do on a terminal: tables, lines, warnings, waiting; folders and plain numbers in kelvin."""

from __future__ import annotations

import codecs
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import click

from ioffe.base.errors import Fault, InputError, printable
from ioffe.field.progress import listening

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console
    from rich.text import Text

    from ioffe.material.checks import Finding

WIDTH = 160
"""Columns of a table that is written to a file or a pipe."""
SPELLED = dict(
    zip("±−–⁻×°→µμ≤≥", ("+-", "-", "-", "-", "x", "deg ", "->", "u", "u", "<=", ">="), strict=True)
)
SPELLED |= {"·": " ", "Ω": "ohm", "κ": "kappa", "σ": "sigma", "ρ": "rho", "η": "eta", "Δ": "delta "}
"""What a terminal without these letters shows."""
SPELLED_OUT = "ioffe-spelled-out"
"""Name of the error handler of streams that does so."""
LONG = 500
"""Rows above which a table is written as plain columns, in a fraction of the time."""
FOLDED = 16
"""Columns that a cell which may be broken needs to be read."""


@dataclass(frozen=True)
class Listener:
    """Another face that a command tells what it would show on a terminal, as it is.

    `table`: takes title, heads and rows of a table.
    `text`: takes a text.
    `progress`: takes how much is done, of how much (0 for unknown), and what.
    `picture`: takes a figure and its caption.
    """

    table: Callable[[str, Sequence[str], Sequence[Sequence[str]]], object]
    text: Callable[[str], object]
    progress: Callable[[float, float, str], object]
    picture: Callable[[Figure, str], object]


LISTENER: ContextVar[Listener | None] = ContextVar("LISTENER", default=None)
"""Takes the place of the terminal."""
TOLD_EVERY = 30.0
"""Seconds between two lines about how far something is, where no bar can be drawn."""
SEVERITY_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
STATUS_COLOURS = {"ok": "green", "outside_table": "yellow"}


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    return console


def print_table(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    numeric: Container[int] = (),
    *,
    lines: bool = True,
    wrapped: Mapping[int, int | None] | None = None,
) -> None:
    """Print a table whose cells may hold anything.

    `title`: above the table; empty for none.
    `heads`: one for each column; none is printed if all are empty.
    `rows`: the cells.
    `numeric`: columns of numbers, which are set to the right.
    `lines`: whether lines are drawn around the cells.
    `wrapped`: columns whose cells may be broken into several lines, with their largest width or None.

    No number is cut: on a terminal that is too narrow the lines are left out and heads are broken before
    their units; then every row stands as lines of its own. A file or a pipe gets the width that is needed.
    """
    from rich.box import HEAVY_HEAD
    from rich.table import Table
    from rich.text import Text

    listener = LISTENER.get()
    if listener is not None:
        listener.table(title, heads, [[str(cell) for cell in row] for row in rows])
        return
    cells = [[Text(_shown(cell)) if isinstance(cell, str) else cell for cell in row] for row in rows]
    names, widths, console = [_shown(head) for head in heads], wrapped or {}, _console()
    if not console.is_terminal:
        console.width = max(console.width, _needed(names, cells, widths, lines=lines))
    if console.width < _needed(names, cells, widths, lines=lines):
        lines, names = False, [name.replace(" (", "\n(") for name in names]
        if console.width < _needed(names, cells, widths, lines=lines):
            named = [map(Text, map(_shown, heads)) for _ in cells]
            pairs = [zip(head, row, strict=True) for head, row in zip(named, cells, strict=True)]
            cells = [list(pair) for row in pairs for pair in (*row, (Text(), Text()))]
            names, numeric, widths = ["", ""], (), {1: None}
    is_single = not any("\n" in text for text in (*names, *(cell.plain for row in cells for cell in row)))
    if len(cells) > LONG and not widths and is_single:
        click.echo(_plain(title, names, cells, numeric))
        return
    table = Table(
        title=_shown(title) or None, title_justify="left", title_style="bold", show_header=any(names)
    )
    table.box, table.pad_edge = (HEAVY_HEAD, True) if lines else (None, False)
    for k, name in enumerate(names):
        broken: Any = {"overflow": "fold" if k in widths else "ellipsis", "no_wrap": k not in widths}
        justify = "right" if k in numeric else "left"
        table.add_column(name, justify=justify, max_width=widths.get(k), **broken)
    for row in cells:
        table.add_row(*row)
    console.print(table)


def _plain(title: str, names: Sequence[str], cells: Sequence[Sequence[Text]], numeric: Container[int]) -> str:
    """A table of cells of one line each, without lines around them."""
    from rich.cells import cell_len

    columns = []
    for k, column in enumerate(zip(names, *([cell.plain for cell in row] for row in cells), strict=True)):
        lengths = [cell_len(text) for text in column]
        longest = max(lengths)
        blanks = [" " * (longest - length) for length in lengths]
        pairs = zip(column, blanks, strict=True)
        columns.append([blank + text if k in numeric else text + blank for text, blank in pairs])
    lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
    return "\n".join(filter(None, [_shown(title), *lines]))


def stacked(*parts: str) -> Text:
    """A cell of several lines; empty ones are left out."""
    from rich.text import Text

    return Text("\n".join(_shown(part) for part in parts if part))


def _shown(text: str) -> str:
    """Text as the terminal shows it, so that columns stay columns."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return printable(text).encode(encoding, SPELLED_OUT).decode(encoding)


def _needed(
    names: Sequence[str],
    cells: Sequence[Sequence[Text]],
    wrapped: Container[int],
    *,
    lines: bool,
) -> int:
    """Width in which a table can be read: the whole of every cell, a word or two of those that are broken."""
    from rich.cells import cell_len

    width = 3 * len(names) + 1 if lines else 2 * len(names)
    for k, name in enumerate(names):
        parts = [*name.split("\n"), *(line for row in cells for line in row[k].plain.split("\n"))]
        longest = max(cell_len(part) for part in parts)
        width += min(longest, FOLDED) if k in wrapped else longest
    return width


def print_text(*pieces: str | tuple[str, str]) -> None:
    """Print one text; a piece may have a style, such as ``("warning: ", "yellow")``."""
    from rich.text import Text

    listener = LISTENER.get()
    if listener is not None:
        listener.text("".join(piece if isinstance(piece, str) else piece[0] for piece in pieces))
        return
    clean = (
        printable(piece, "\n") if isinstance(piece, str) else (printable(piece[0], "\n"), piece[1])
        for piece in pieces
    )
    _console().print(Text.assemble(*clean), soft_wrap=True)


def show_picture(draw: Callable[[], Figure], caption: str) -> None:
    """Show a picture where there is a place for it; a terminal has none.

    `draw`: makes the figure.
    `caption`: says what it shows.
    """
    listener = LISTENER.get()
    if listener is not None:
        listener.picture(draw(), caption)


def print_remarks(warnings: Iterable[str], notes: Iterable[str] = ()) -> None:
    """Print warnings and notes, one on a line."""
    for severity, texts in {"warning": warnings, "note": notes}.items():
        for text in texts:
            print_text((f"{severity}: ", SEVERITY_COLOURS[severity]), text)


def finding_pieces(findings: Iterable[Finding]) -> list[str | tuple[str, str]]:
    """Doubts about data for `print_text`, one on a line, each with its severity and its code."""
    pieces: list[str | tuple[str, str]] = []
    for one in findings:
        pieces += ["\n  ", (one.severity, SEVERITY_COLOURS[one.severity]), f" [{one.code}] {one.message}"]
    return pieces


def stated(**options: Any) -> dict[str, Any]:
    """The options that were given, so that a function keeps its defaults for the others."""
    return {name: value for name, value in options.items() if value is not None}


def print_status(result: Any, *more: str) -> None:
    """Print the worst status of a result with its advice, and how good its numbers are."""
    status, name = result.status, result.status.name.lower()
    errors = f"energy balance {result.energy_balance:.1e}", f"estimated error {result.error_estimate:.1e}"
    print_text("status ", (name, STATUS_COLOURS.get(name, "red")), f": {status.advice}")
    print_text(f"{', '.join((*errors, *more))} (relative)")


def warn(text: str) -> None:
    """Write a warning on one line to stderr."""
    line, listener = printable(" ".join(text.split())), LISTENER.get()
    if listener is not None:
        listener.text(f"warning: {line}")
        return
    click.echo(f"{click.style('warning:', fg='yellow', bold=True)} {line}", err=True)


@contextmanager
def collected_warnings() -> Iterator[None]:
    """What is warned of inside becomes one line each on stderr."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        warn(text)


def check_folder(folder: Path | None) -> None:
    """Refuse a folder that cannot be one, before anything is computed.

    Raises `InputError` if it is a file, or may not be written into.
    """
    if folder is None:
        return
    for path in (folder, *folder.parents):
        if path.exists():
            if not path.is_dir():
                raise InputError(Fault("--out", str(folder), "a folder is expected", f"{path} is a file"))
            try:  # permissions do not say it of every file system
                tempfile.TemporaryDirectory(prefix=".", dir=path).cleanup()
            except OSError as error:
                raise not_writable(folder, f"{path}: {error.strerror or error}") from None
            return


def not_writable(folder: Path, reason: str) -> InputError:
    """What is said of a folder for results that cannot be written into."""
    return InputError(Fault("--out", str(folder), "a folder that can be written into is expected", reason))


def spelled_out(error: UnicodeError) -> tuple[str, int]:
    """Handler of what the encoding of a terminal does not have: ``±`` becomes ``+-``, ``²`` becomes ``2``.

    >>> "1.2 ± 0.1 m²…".encode("ascii", SPELLED_OUT)
    b'1.2 +- 0.1 m2...'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    known = (SPELLED.get(letter) or normalize("NFKD", letter) for letter in found)
    return "".join(letter if letter.isascii() else "?" for text in known for letter in text), error.end


codecs.register_error(SPELLED_OUT, spelled_out)


@contextmanager
def working(word: str) -> Iterator[None]:
    """Show on a terminal that something is being done, and what it tells of itself; lines in a pipe."""
    listener, told, said = LISTENER.get(), [time.monotonic()], set[str]()
    if listener is not None:
        listener.progress(0.0, 0.0, word)
        with listening(lambda words, _: listener.progress(0.0, 0.0, f"{word}: {words}")):
            yield
        return
    if not sys.stderr.isatty():

        def line(words: str, beforehand: bool) -> None:
            if words not in said and (beforehand or time.monotonic() - told[0] > TOLD_EVERY):
                said.add(words)
                told[0] = time.monotonic()
                click.echo(f"{word}: {words}", err=True)

        with listening(line):
            yield
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    with console.status(word) as status:

        def shown(words: str, beforehand: bool) -> None:
            if beforehand and words not in said:
                said.add(words)
                console.print(words, markup=False)
            elif not beforehand:
                status.update(f"{word}: {words}")

        with listening(shown):
            yield


@contextmanager
def counting(word: str, things: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many are done, how fast, and the time left: a bar, or lines in a file or a pipe.

    `word`, `things`: what is done, and with what.
    Yields: takes how many are done and how many there are.
    """
    start: list[tuple[float, int]] = []
    told = [time.monotonic()]

    def words(done: int, every: int) -> str:
        spent, ahead = time.monotonic() - start[0][0], done - start[0][1]
        if not ahead or not spent:
            return f"{done:,} of {every:,} {things}"
        rate = ahead / spent
        left = duration((every - done) / rate)
        return f"{done:,} of {every:,} {things}, {rate:,.3g} a second, {left} left"

    listener = LISTENER.get()
    if listener is not None:

        def told_to(done: int, every: int) -> None:
            listener.progress(done, every, f"{word} {things}")

        yield told_to
        return
    if not sys.stderr.isatty():

        def line(done: int, every: int) -> None:
            if not start:
                start.append((time.monotonic(), done))
            if time.monotonic() - told[0] > TOLD_EVERY and done < every:
                told[0] = time.monotonic()
                click.echo(f"{word}: {words(done, every)}", err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}")
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(word, total=None, words="")

        def moved(done: int, every: int) -> None:
            if not start:
                start.append((time.monotonic(), done))
            bar.update(task, completed=done, total=every, words=words(done, every))

        yield moved


def duration(seconds: float) -> str:
    """A time that something takes, roughly.

    >>> duration(0.3), duration(95), duration(8000), duration(3e6)
    ('1 s', '95 s', '2.2 h', '35 days')
    """
    if seconds < 600.0:
        return f"{max(seconds, 1.0):.0f} s"
    if seconds < 7200.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds / 3600.0:.1f} h" if seconds < 172800.0 else f"{seconds / 86400.0:,.0f} days"


def with_kelvin(text: str) -> str:
    """A plain number on the command line is in kelvin.

    >>> with_kelvin("300"), with_kelvin("27 degC")
    ('300 K', '27 degC')
    """
    return f"{text} K" if re.fullmatch(r"\s*\d+(\.\d*)?\s*", text) else text
