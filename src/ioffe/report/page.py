"""What is on the page of a report, and how a page and its pictures become files.

A page is a title and a list of sections; a section holds texts, tables, figures and lists. A report says what
is on its page with the classes of this module and nothing about HTML: the one template `page.html.jinja`
draws every page. Every text from outside is escaped, chemical formulas get subscripts and DOIs become links.

>>> page = Page("Bi2Te3 leg", "An example", [section("facts", "Facts", Facts([("Length", "2 mm")]), None)])
>>> "Bi<sub>2</sub>Te<sub>3</sub> leg" in page.render(), [one.anchor for one in page.sections]
(True, ['facts'])
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from markupsafe import Markup

from ioffe._version import __version__
from ioffe.base.plotting import MILLIMETRES_PER_INCH
from ioffe.report.bodies.drawing import BodyView
from ioffe.report.markup import rich_text
from ioffe.report.pictures import WANTED, embedded, write_pictures

if TYPE_CHECKING:
    from jinja2 import Environment
    from matplotlib.figure import Figure

    Figures = Mapping[str, Figure]


REPORT = "report.html"
TEMPLATES = Path(__file__).parent / "templates"
MOST_COLUMNS = 100
"""More columns than any table has."""
RENDERED: ContextVar[list[Page] | None] = ContextVar("RENDERED", default=None)
"""Takes every page that is rendered, for a face that shows it in another way."""
SEVERITIES = ("error", "warning", "note")
"""Of findings, the worst first."""


@dataclass(frozen=True)
class PageTable:
    """A table.

    `heads`: one for each column.
    `rows`: the cells; `Markup` is taken as it is.
    `numeric`: columns of numbers, which are set to the right; see `numbers_from`.
    `style` {"", "narrow", "texts", "values", "published", "assumptions"}: how wide it and its columns are.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Container[int] = ()
    style: str = ""


def numbers_from(first: int) -> range:
    """Columns of numbers, from one on to the last.

    `first`: index of the first column of numbers.
    Returns: for `PageTable.numeric`.

    >>> 0 in numbers_from(1), 5 in numbers_from(1)
    (False, True)
    """
    return range(first, MOST_COLUMNS)


@dataclass(frozen=True)
class Picture:
    """A figure with its caption.

    `figure`: becomes a part of the page, and a file if it has a name.
    `caption`: below the figure.
    `alt`: what it shows, for readers who cannot see it.
    `name`: of its files, without an ending; empty for none.
    """

    figure: Figure
    caption: str = ""
    alt: str = ""
    name: str = ""

    @property
    def millimetres(self) -> float:
        """Width of the figure as it was made, so that letters have one size in all pictures of a page."""
        return round(self.figure.get_figwidth() * MILLIMETRES_PER_INCH, 1)


@dataclass(frozen=True)
class DeviceDrawing:
    """A drawing as SVG text, and the name of its file."""

    svg: str
    name: str = "device"


@dataclass(frozen=True)
class Facts:
    """Names with their values, in two columns."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Reasons:
    """Reasons, each behind the subjects that it holds for."""

    pairs: Sequence[tuple[Sequence[str], str]]


@dataclass(frozen=True)
class Note:
    """A paragraph in small type."""

    text: str


@dataclass(frozen=True)
class Subsection:
    """A part of a section under a heading of its own; made by `subsection`."""

    title: str
    contents: tuple[Content, ...]


Content = str | PageTable | Picture | BodyView | DeviceDrawing | Facts | Bullets | Reasons | Note | Subsection


class Heading(TypedDict, total=False):
    """How the heading of a section is shown; see `Section`."""

    link: str
    hidden: bool
    listed: bool


@dataclass(frozen=True)
class Section:
    """A section of a page; made by `section`.

    `anchor`: name by which links reach it.
    `contents`: its content.
    `link`: its name in the list of contents; by default the title.
    `hidden`: whether only readers of the source (and of screens) meet the heading.
    `listed`: whether it is in the list of contents.
    """

    anchor: str
    title: str
    contents: tuple[Content, ...]
    link: str = ""
    hidden: bool = False
    listed: bool = True


def section(anchor: str, title: str, *contents: Content | None, **how: Unpack[Heading]) -> Section:
    """A section with what there is of its contents; a page leaves out one without any.

    `anchor`, `title`: name by which links reach it, and its heading.
    `*contents`: its content; None, empty texts and lists without entries are left out.
    `**how`: ``link``, ``hidden``, ``listed`` as for `Section`.
    """
    return Section(anchor, title, _present(contents), **how)


def subsection(title: str, *contents: Content | None) -> Subsection | None:
    """A part of a section with what there is of its contents.

    `*contents`: as for `section`.
    Returns: None if there is nothing.
    """
    found = _present(contents)
    return Subsection(title, found) if found else None


def _present(contents: Iterable[Content | None]) -> tuple[Content, ...]:
    """The contents that are not None, no empty text and no list without entries."""
    return tuple(c for c in contents if c and getattr(c, "pairs", True) and getattr(c, "items", True))


def citations(texts: Iterable[str], title: str = "How to cite") -> Section:
    """The section with what is to be cited.

    `texts`: citations; their DOIs become links.
    """
    return section("cite", title, Bullets(tuple(texts)))


def warning_list(warnings: Iterable[str], notes: Iterable[str] = ()) -> Section:
    """The section with what must be known before the numbers are used, and how they came about.

    `warnings`, `notes`: of a result.
    Returns: empty without any, and then left out of the page.
    """
    doubts = tuple(warnings)
    told = Markup('<span class="note">note</span>: {}')
    if not doubts:
        return section("warnings", "Notes", Bullets(tuple(notes)), listed=False)
    lines = [*doubts, *(told.format(rich_text(text)) for text in notes)]
    return section("warnings", "Warnings", Bullets(tuple(lines)), listed=False)


def findings(found: Iterable[tuple[str, str, str]]) -> Section:
    """The section with doubts about the data.

    `found`: severity (``"error"``, ``"warning"`` or ``"note"``), the sample it belongs to or an empty text,
        and the doubt in words.
    Returns: errors first; empty without any doubt, and then left out of the page.
    """
    shown = []
    for severity, sample, text in sorted(found, key=lambda one: SEVERITIES.index(one[0])):
        whose = Markup(" <strong>{}</strong>").format(rich_text(sample)) if sample else ""
        line = Markup('<span class="{0}">{0}</span>{1}: {2}')
        shown.append(line.format(severity, whose, rich_text(text)))
    return section("warnings", "Findings", Bullets(shown), listed=False)


@dataclass(frozen=True)
class KeyFigure:
    """A number in large type, with its words and the class of its verdict, if it has one."""

    words: str
    value: str
    kind: str = ""


@dataclass(frozen=True)
class StatusBar:
    """One line below the title: how good the numbers are (``"good"``, ``"fair"``, ``"off"``), in words."""

    kind: str
    text: str


@dataclass(frozen=True)
class Page:
    """A page of a report.

    Parameters
    ----------
    title, subtitle : str
        What it is about.
    sections : sequence of Section
        Without those that are empty.
    verdict : sequence of str
        Sentences in front of everything.
    figures : sequence of KeyFigure
        The numbers in large type.
    status : StatusBar, optional
        How good the numbers are.
    links : sequence of tuples of str
        Address and words of other pages.
    wide : bool
        Whether it has wide tables.

    Examples
    --------
    >>> Page("Module", "as a generator", sections=()).title
    'Module'
    """

    title: str
    subtitle: str
    sections: Sequence[Section]
    verdict: Sequence[str] = ()
    figures: Sequence[KeyFigure] = ()
    status: StatusBar | None = None
    links: Sequence[tuple[str, str]] = ()
    wide: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "sections", tuple(s for s in self.sections if s.contents))

    @property
    def contents(self) -> list[Section]:
        """Sections in the list of contents."""
        return [one for one in self.sections if one.listed]

    @property
    def files(self) -> list[Picture | DeviceDrawing]:
        """Pictures and drawings that become files of their own, in the order of the page."""
        shown = (one.still if isinstance(one, BodyView) else one for one in self._everything)
        return [one for one in shown if isinstance(one, Picture | DeviceDrawing) and one.name]

    @property
    def views(self) -> bool:
        """Whether bodies are turned and cut in the page; the template asks."""
        return any(isinstance(one, BodyView) for one in self._everything)

    @property
    def _everything(self) -> Iterator[Content]:
        return (content for one in self.sections for content in _flat(one.contents))

    def render(self, date: str = "") -> str:
        """HTML text of the page, everything in it.

        Parameters
        ----------
        date : str
            Printed below the title; empty for none.

        Returns
        -------
        str
            Equal pages give equal texts.
        """
        listened = RENDERED.get()
        if listened is not None:
            listened.append(self)
        template = _templates().get_template("page.html.jinja")
        return template.render(page=self, date=date, version=__version__)


@cache
def _templates() -> Environment:
    """The templates of pages, each compiled at its first use."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    lines: Any = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
    strict: Any = {"autoescape": True, "undefined": StrictUndefined}
    templates = Environment(loader=FileSystemLoader(TEMPLATES), auto_reload=False, **strict, **lines)
    templates.filters |= {"rich": rich_text, "embedded": embedded, "kind": lambda one: type(one).__name__}
    return templates


def _flat(contents: Iterable[Content]) -> Iterator[Content]:
    for content in contents:
        yield from _flat(content.contents) if isinstance(content, Subsection) else (content,)


class Writing(TypedDict, total=False):
    """How every report is written: formats of its pictures, and a date.

    `formats`: ``"svg"``, ``"png"``, ``"pdf"``; by default SVG.
    `panels`: whether panels that are on the page beside others are written alone too; by default not.
    `date`: printed on the page; by default that of today.
    """

    formats: Sequence[str]
    panels: bool
    date: str | None


def write_page(
    page: Page,
    out: str | Path,
    *,
    name: str = REPORT,
    more: Callable[[], Figures] | None = None,
    **how: Unpack[Writing],
) -> list[Path]:
    """Write a page and its pictures into a folder.

    Equal input gives equal files, but for the date.

    Parameters
    ----------
    page : Page
        What is written; its pictures with a name become files.
    out : path
        Folder; made if it does not exist.
    name : str
        File name of the page.
    more : callable, optional
        Draws figures that become files without being on the page, by their names, where panels are wanted.
    **how
        ``formats``, ``panels`` and ``date``, see `Writing`; drawings of a device are always SVG.

    Returns
    -------
    list of Path
        The files, the page last.

    Raises
    ------
    InputError
        For an unknown format, before anything is written.
    """
    figures = {one.name: one.figure for one in page.files if isinstance(one, Picture)}
    if more is not None and how.get("panels", WANTED.get().panels):
        figures |= more()
    files = write_pictures(figures, out, how.get("formats", ()))
    texts = {f"{one.name}.svg": one.svg for one in page.files if isinstance(one, DeviceDrawing)}
    today, date = datetime.now().astimezone().date().isoformat(), how.get("date")
    texts[name] = page.render(today if date is None else date)
    for file, text in texts.items():
        path = Path(out) / file
        path.write_text(text, encoding="utf-8")
        files.append(path)
    return files
