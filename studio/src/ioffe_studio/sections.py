"""Sections for the page: from the pages of reports, and from what a command prints.

Every command of `ioffe` writes a report whose content is said without HTML (`ioffe.report.page`); the studio
shows the same content.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape
from typing import Any, Final

from ioffe.report import page as pages
from ioffe.report.bodies.drawing import BodyView
from ioffe.report.pictures import embedded
from ioffe_studio.bodies import surfaces

Section = dict[str, Any]
BREAK: Final = re.compile(r"<br\s*/?>")
TAG: Final = re.compile(r"<[^>]+>")
STYLE: Final = re.compile(r' style="([^"]*)"')
SHEET: Final = re.compile(r"<style[^>]*>.*?</style>", re.DOTALL)
WIDE: Final = re.compile(r'<svg[^>]*\bwidth="([\d.]+)"')
LETTERS: Final = 5.0
"""Units of a drawing of a device for a millimetre, so that its letters are as large as those around it."""
UNIT: Final = re.compile(r"\s*<span class=\"?unit\"?>(.*?)</span>\s*$")
LOWERED: Final = re.compile(r"<sub>([^<]*[^<\d.][^<]*)</sub>")
FINDING: Final = re.compile(r"(error|warning|note)(?: \[[\w-]+\])?(?: ([^:]*))?: (.*)", re.DOTALL)
LISTED: Final = re.compile(r"(?:(.+?): )?(error|warning|note) \[[\w-]+\] (.*)")
"""A doubt as commands list them, perhaps behind the name of the sample."""
RAISED: Final = re.compile(r"<sup>([-−\d]+)</sup>")
HIGH: Final = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ROUND: Final = '<svg stroke-linejoin="round" stroke-linecap="butt" '
LEFT_OUT: Final = frozenset({"definitions"})
"""Sections of reports that the page has elsewhere."""
MOST_ROWS: Final = 2000


def plain(text: str, between: str = ", ") -> str:
    """A text of a report without its marks; what stands `between` its lines is stated.

    >>> plain("<i>zT</i><sub>max</sub> of Bi<sub>2</sub>Te<sub>3</sub>")
    'zT_{max} of Bi2Te3'
    >>> plain("<i>S</i><sup>2</sup>σ")
    'S²σ'
    """
    if "<" not in text and "&" not in text:
        return str(text)
    text = RAISED.sub(lambda found: found[1].translate(HIGH), str(text))
    return unescape(TAG.sub("", BREAK.sub(between, LOWERED.sub(r"_{\1}", str(text))))).strip()


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """Sections whose texts are changed, those inside pictures and devices left alone."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [each_text(item, change) for item in value]
    if isinstance(value, dict):
        kept = ("svg", "documents", "kind", "id", "severity", "bodies")
        return {key: item if key in kept else each_text(item, change) for key, item in value.items()}
    return value


def of_pages(found: Sequence[pages.Page], known: str = "") -> list[Section]:
    """The content of pages, each below its title where there are several; what is `known` is not said."""
    if len(found) == 1:
        return sections_of(found[0], known)
    shown = []
    for page in found:
        shown.append({"kind": "text", "title": plain(page.title), "text": plain(page.subtitle)})
        shown += sections_of(page, plain(page.subtitle))
    return shown


def sections_of(page: pages.Page, known: str) -> list[Section]:
    """The content of a page: its answer, then what it says of itself unless it is `known`."""
    found: list[Section] = []
    if page.verdict:
        found.append({"kind": "text", "text": " ".join(map(plain, page.verdict))})
    opening = plain(page.subtitle or ("" if page.verdict else page.title))
    if opening not in ("", known):
        found.append({"kind": "text", "text": opening})
    if page.status is not None:
        found.append({"kind": "text", "text": page.status.text, "status": page.status.kind})
    if page.figures:
        items = [{"label": plain(f.words), "text": plain(f.value), "kind": f.kind} for f in page.figures]
        found.append({"kind": "figures", "items": items})
    for one in page.sections:
        if one.anchor == "warnings":
            items = [item for part in one.contents for item in getattr(part, "items", ())]
            found.append({"kind": "findings", "title": plain(one.title), "items": list(map(_finding, items))})
        elif one.anchor not in LEFT_OUT:
            found += _titled(plain(one.title), one.contents)
    return found


def _finding(text: str) -> dict[str, str]:
    """A doubt of a report with its severity and its subject."""
    found = FINDING.fullmatch(plain(text))
    severity, where, words = found.groups() if found else ("warning", "", plain(text))
    return {"severity": severity, "where": where or "", "text": words}


def _titled(title: str, contents: Iterable[Any]) -> Iterator[Section]:
    """The content of a section; its title stands at the first part."""
    for content in contents:
        if isinstance(content, pages.Subsection):
            inner = plain(content.title)
            yield from _titled(f"{title}: {inner}" if title else inner, content.contents)
        else:
            yield {"title": title, **section(content)}
        title = ""


def section(content: Any) -> Section:
    """One part of a section of a report."""
    if isinstance(content, pages.PageTable):
        return _table(content.heads, content.rows, content.numeric)
    if isinstance(content, pages.Picture):
        return {
            "kind": "picture",
            "svg": picture(base64.b64decode(embedded(content.figure).partition(",")[2]).decode()),
            "caption": plain(content.caption),
            "alt": plain(content.alt or content.caption),
            "width_mm": content.millimetres,
        }
    if isinstance(content, BodyView):
        shown = surfaces(content.scene)
        return {"kind": "bodies", "caption": plain(content.still.caption), "alt": content.still.alt, **shown}
    if isinstance(content, pages.DeviceDrawing):
        wide = WIDE.search(content.svg)
        more = {
            "caption": "",
            "alt": "the device, to scale",
            "width_mm": float(wide[1]) / LETTERS if wide else None,
        }
        return {"kind": "picture", "svg": picture(content.svg), **more}
    if isinstance(content, pages.Facts):
        return {"kind": "facts", "rows": [{"label": plain(a), "text": plain(b)} for a, b in content.pairs]}
    if isinstance(content, pages.Bullets):
        return {"kind": "list", "items": [plain(item) for item in content.items]}
    if isinstance(content, pages.Reasons):
        items = [f"{', '.join(map(plain, subjects))}: {plain(why)}" for subjects, why in content.pairs]
        return {"kind": "list", "items": items}
    text = content.text if isinstance(content, pages.Note) else content
    return {"kind": "text", "text": plain(text)}


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Any) -> Section:
    columns = [_column(str(head), k in numeric) for k, head in enumerate(heads)]
    shown = [[plain(str(cell), "\n") for cell in row] for row in rows[:MOST_ROWS]]
    found = {"kind": "table", "columns": columns, "rows": shown}
    more = len(rows) - len(shown)
    return {**found, "caption": f"{more} further rows are left out."} if more > 0 else found


def _column(head: str, numeric: bool) -> dict[str, Any]:
    unit = UNIT.search(head)
    label = plain(head[: unit.start()] if unit else head, "\n")
    return {"label": label, "unit": plain(unit[1]) if unit else "", "numeric": numeric}


def picture(svg: str) -> str:
    """An SVG in base64 whose styles are attributes, which the security policy of the page admits."""

    def attributes(found: re.Match[str]) -> str:
        pairs = (part.partition(":") for part in unescape(found[1]).split(";") if ":" in part)
        return "".join(f' {name.strip()}="{value.strip()}"'.replace("'", "") for name, _, value in pairs)

    svg = SHEET.sub("", svg[svg.index("<svg") :])
    svg = STYLE.sub(attributes, svg).replace("<svg ", ROUND, 1)
    return base64.b64encode(svg.encode()).decode()


def _listed(text: str) -> list[dict[str, str]]:
    """The doubts of a list, one a line, below the name of what they are about; empty for another text."""
    first, *lines = text.splitlines()
    where = first.removesuffix(":") if first.endswith(":") else ""
    found = [LISTED.fullmatch(line.strip()) for line in (lines if where else [first, *lines])]
    items = [{"severity": one[2], "where": one[1] or where, "text": one[3]} for one in found if one]
    return items if len(items) == len(found) else []


class Printed:
    """What a command prints, as sections."""

    def __init__(self) -> None:
        self.sections: list[Section] = []

    def table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Take a table."""
        self.sections.append({"title": title, **_table(heads, rows, ())})

    def picture(self, figure: Any, caption: str) -> None:
        """Take a figure."""
        self.sections.append({"title": "", **section(pages.Picture(figure, "", caption))})

    def text(self, text: str) -> None:
        """Take a text; lines that follow each other are one part."""
        text = text.strip()
        if not text:
            return
        last = self.sections[-1] if self.sections else {}
        if found := [_finding(text)] if FINDING.fullmatch(text) else _listed(text):
            if last.get("kind") != "findings":
                last = {"kind": "findings", "items": []}
                self.sections.append(last)
            last["items"] += found
        elif last.get("kind") == "text":
            last["text"] += f"\n\n{text}"
        else:
            self.sections.append({"kind": "text", "text": text})
