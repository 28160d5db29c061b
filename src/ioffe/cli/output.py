"""What a command gives back: text or JSON on the terminal, and files that are there whole or not at all.

`output_options` adds `--out`, `--json` and `--no-report` to a command; the command gets one `Output`, which
prints the result and writes the files.
"""

from __future__ import annotations

import functools
import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from itertools import count
from pathlib import Path
from typing import Any

import click

from ioffe.base.errors import printable
from ioffe.base.result import BaseResult
from ioffe.base.saved import required, write_book, write_csv
from ioffe.base.table import ResultTable
from ioffe.cli.terminal import check_folder, not_writable, warn, working

RESULT, CURVES, REPORT, BOOK = "result.json", "curves.csv", "report.html", "tables.xlsx"
FIELDS = "fields.vtu"
ABANDONED = 600.0
"""Seconds after which a hidden folder of results belongs to no process any more."""
PICTURES = (".svg", ".png", ".pdf")
FORMATS = tuple(ending[1:] for ending in PICTURES)
DRAWN = ("svg",)
"""Formats of the pictures where nothing else is asked for."""
FORMAT_HELP = "Format of the pictures, by default svg; may be repeated."
PICTURES_HELP = "Write the pictures as PNG too, and every panel alone."
JSON_HELP = "Print the result alone as JSON in SI units."
SI_HELP = "Write tables in SI units with all digits, and not in those of the field."
VTU_HELP = "Write the fields in three dimensions too, as fields.vtu for ParaView{}."
XLSX_HELP = "Write the tables as an Excel workbook too."


@dataclass(frozen=True)
class Output:
    """Where the results of a command go.

    `folder`: folder for files; nothing is written without one.
    `as_json`: whether JSON is printed alone on stdout in place of a summary.
    `report`: whether pictures and a page are wanted beside the numbers.
    `formats`: formats of the pictures.
    `panels`: whether every panel is wanted alone too.
    `si`: whether tables are in SI units and not in those of the field.
    `xlsx`: whether a workbook is wanted beside the CSV tables.
    """

    folder: Path | None
    as_json: bool
    report: bool = True
    formats: tuple[str, ...] = DRAWN
    panels: bool = False
    si: bool = False
    xlsx: bool = False

    def __post_init__(self) -> None:
        if self.xlsx:
            required("openpyxl", "writing Excel files")

    def show(
        self, found: Mapping[str, Any], summary: Callable[[], object], warnings: Iterable[str] = ()
    ) -> None:
        """Print a result as a summary, or alone as JSON with its warnings on stderr.

        `found`: everything, in SI.
        `summary`: prints what people read.
        `warnings`: what must be known, which the summary says itself.
        """
        if not self.as_json:
            summary()
            return
        click.echo(_json(found))
        for text in warnings:
            warn(text)

    def write(
        self,
        files: Mapping[str, Mapping[str, Any] | ResultTable | str],
        report: Callable[[Path], object] | None = None,
        page: str = REPORT,
        book: BaseResult | None = None,
    ) -> None:
        """Write everything into the folder and say where it is; nothing without a folder.

        `files`: by their names: a mapping becomes JSON, a table CSV, a text stays as it is.
        `report`: writes pictures and a page into the folder that it is given.
        `page`: name of that page.
        `book`: whose tables become the workbook, if one is wanted; by default those of `files`.
        """
        if self.folder is None:
            return
        kept = _put_aside(self.folder, files, page)
        with working("writing"), folder_in_place(self.folder) as made:
            for name, content in files.items():
                if isinstance(content, str):
                    (made / name).write_text(content, encoding="utf-8")
                elif isinstance(content, Mapping):
                    (made / name).write_text(f"{_json(content)}\n", encoding="utf-8")
                else:
                    write_csv(made / name, *content.rows(si=self.si))
            if self.xlsx and book is not None:
                book.save(made / BOOK, si=self.si)
            elif self.xlsx:
                self._write_book(made / BOOK, files)
            if report is not None and self.report:
                from ioffe.report.pictures import WANTED, WantedPictures

                token = WANTED.set(WantedPictures(self.formats, self.panels))
                try:
                    report(made)
                finally:
                    WANTED.reset(token)
            names = [path.name for path in sorted(made.iterdir())]
        if not self.as_json:
            where = _written(self.folder, list(dict.fromkeys([*files, *names])), page)
            click.echo(f"\n{printable(where)}")
        for name, now in kept.items():
            warn(f"{self.folder / name} was that of something else, and is {now} now")

    def _write_book(self, path: Path, files: Mapping[str, Mapping[str, Any] | ResultTable | str]) -> None:
        """A workbook of the tables, and of what the JSON file holds beside their columns."""
        tables = {Path(name).stem: one for name, one in files.items() if isinstance(one, ResultTable)}
        inside = {"tables", "units", "axes", *tables}.union(*(one._named() for one in tables.values()))
        found = files.get(RESULT)
        about = {k: v for k, v in found.items() if k not in inside} if isinstance(found, Mapping) else {}
        write_book(path, {name: one.rows(si=self.si) for name, one in tables.items()}, about)


def _put_aside(folder: Path, files: Mapping[str, Any], page: str) -> dict[str, Path]:
    """Other names for the result of something else that a folder holds, and for its page."""
    found, path = files.get(RESULT), folder / RESULT
    if not isinstance(found, Mapping) or not path.is_file():
        return {}
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = None
    kinds = [one.get("kind") if isinstance(one, Mapping) else None for one in (before, found)]
    if kinds[0] == kinds[1]:
        return {}
    names = [Path(name) for name in (RESULT, page) if (folder / name).is_file()]
    endings = ("-before" if k == 1 else f"-before-{k}" for k in count(1))
    every = ({one.name: folder / f"{one.stem}{end}{one.suffix}" for one in names} for end in endings)
    others = next(found for found in every if not any(other.exists() for other in found.values()))
    for name, other in others.items():
        (folder / name).rename(other)
    return others


def _written(folder: Path, names: Sequence[str], page: str) -> str:
    """One sentence that says where everything is."""
    if page not in names:
        return f"wrote {', '.join(names)} into {folder}"
    pictures = sum(name.endswith(PICTURES) for name in names)
    others = [name for name in names if name != page and not name.endswith(PICTURES)]
    if pictures:
        others.append("1 picture" if pictures == 1 else f"{pictures} pictures")
    *first, last = others or [""]
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"wrote {folder / page}" + (f", and beside it {listed}" if listed else "")


def output_options(
    suffix: str, *, of: str = "device", report: str = "pictures and no report", tables: bool = True
) -> Callable[..., Any]:
    """Decorator that gives a command the options of its output.

    `suffix`: of the folder that is written by default, behind the name of what is computed.
    `of`: the argument that names it; empty if the folder is called `suffix` alone.
    `report`: what `--no-report` leaves out; empty for a command without a report, which has no options of
        pictures.
    `tables`: whether it writes tables.
    Returns: the command is called with an `Output` as `output`.
    """
    default = f"{of.upper().removesuffix('S')}-{suffix}" if of else f"./{suffix}"

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def run(
            out: Path | None,
            as_json: bool,
            no_report: bool = False,
            formats: tuple[str, ...] = (),
            pictures: bool = False,
            si: bool = False,
            xlsx: bool = False,
            **given: Any,
        ) -> Any:
            named = f"{safe_name(given[of])}-{suffix}" if of else suffix
            folder = None if as_json and out is None else out or Path(named)
            check_folder(folder)
            wanted = formats or ((*DRAWN, "png") if pictures else DRAWN)
            return command(output=Output(folder, as_json, not no_report, wanted, pictures, si, xlsx), **given)

        words = f"Folder for the results; by default {default}."
        if tables:
            run = click.option("--xlsx", is_flag=True, help=XLSX_HELP)(run)
            run = click.option("--si", is_flag=True, help=SI_HELP)(run)
        if report:
            kinds = click.Choice(FORMATS)
            run = click.option("--pictures", is_flag=True, help=PICTURES_HELP)(run)
            run = click.option("--picture-format", "formats", multiple=True, type=kinds, help=FORMAT_HELP)(
                run
            )
            run = click.option("--no-report", is_flag=True, help=f"Write the numbers only, no {report}.")(run)
        run = click.option("--json", "as_json", is_flag=True, help=JSON_HELP)(run)
        return click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help=words)(run)

    return decorate


FORCE_HELP = "Use materials whose data cannot be right (ioffe materials check) all the same."
STRICT_HELP = "Refuse doubtful materials and numbers, and materials beyond their measured range."


def judging_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator that gives a command the options `--strict` and `--force`, by which doubts are judged."""
    command = click.option("--force", is_flag=True, help=FORCE_HELP)(command)
    return click.option("--strict", is_flag=True, help=STRICT_HELP)(command)


def safe_name(name: str | Path | Sequence[str]) -> str:
    """File name without its ending, or a name of a material, as a part of the name of a folder.

    >>> safe_name("Bi2Te3"), safe_name(Path("my leg.toml")), safe_name(("a", "b"))
    ('Bi2Te3', 'my-leg', 'a')
    """
    first = name if isinstance(name, str | Path) else name[0]
    return slug(Path(first).stem if isinstance(first, Path) or Path(first).is_file() else first, "_-")


def slug(text: str, kept: str = "") -> str:
    """Text as a file name: letters, digits, points, what else is kept, and hyphens for the rest; cut to 100.

    >>> slug("(Cu2Se)0.9(SnTe)0.1"), slug("?")
    ('Cu2Se-0.9-SnTe-0.1', 'material')
    """
    return re.sub(rf"[^A-Za-z0-9.{kept}]+", "-", text).strip("-.")[:100].strip("-.") or "material"


def _json(found: Mapping[str, Any]) -> str:
    return json.dumps(found, indent=1, allow_nan=False)


@contextmanager
def folder_in_place(folder: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `folder` at the end; after an error nothing of it is left.

    If `folder` exists already, every file replaces the one of the same name in one step, and others stay.

    `folder`: where the files shall be.
    Yields: the folder to write into.
    Raises `InputError` if it cannot be made.

    >>> with folder_in_place(Path("results")) as made:
    ...     _ = (made / "a.txt").write_text("done")
    >>> Path("results/a.txt").read_text()
    'done'
    """
    typed, folder = folder, folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = folder if folder.is_dir() else folder.parent
        _sweep(beside, folder.name)
        hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=beside))
    except OSError as error:
        raise not_writable(typed, error.strerror or str(error)) from None
    made = hidden / folder.name
    try:
        made.mkdir()
        yield made
        _move(made, folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _sweep(beside: Path, name: str) -> None:
    """Remove what a process has left that was killed while it wrote."""
    for path in beside.glob(f".{escape(name)}-????????"):
        if path.is_dir() and time.time() - path.stat().st_mtime > ABANDONED:
            shutil.rmtree(path, ignore_errors=True)


def _move(made: Path, folder: Path) -> None:
    if not folder.exists():
        made.rename(folder)
        return
    for path in sorted(made.rglob("*")):
        target = folder / path.relative_to(made)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            path.replace(target)
