"""Sections for the page: from the pages of reports, and from what a command prints.

Every command of `ioffe` writes a report whose content is said without HTML (`ioffe.report.page`); the studio
shows the same content.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
FINDING: Final = re.compile(r"(error|warning|note)(?: ([^:]*))?: (.*)", re.DOTALL)
ROUND: Final = '<svg stroke-linejoin="round" stroke-linecap="butt" '
LEFT_OUT: Final = frozenset({"definitions"})
"""Sections of reports that the page has elsewhere."""
MOST_ROWS: Final = 2000


def plain(text: str, between: str = ", ") -> str:
    """A text of a report without its marks; what stands `between` its lines is stated."""
    if "<" not in text and "&" not in text:
        return str(text)
    return unescape(TAG.sub("", BREAK.sub(between, str(text)))).strip()


def renamed(sections: list[Section], words: Mapping[str, str]) -> list[Section]:
    """Sections in which numbers of a device are called by words and not by their paths.

    >>> renamed([{"kind": "text", "text": "p.area 40 %, n.area 2 %"}], {"p.area": "Area: p leg"})
    [{'kind': 'text', 'text': 'Area: p leg 40 %, n.area 2 %'}]
    """
    if not words:
        return sections
    known = "|".join(re.escape(path) for path in sorted(words, key=len, reverse=True))
    path = re.compile(rf"(?<![\w.])(?:{known})(?![\w.\[])")

    def of(value: Any) -> Any:
        if isinstance(value, str):
            return path.sub(lambda found: words[found[0]], value)
        if isinstance(value, list):
            return [of(item) for item in value]
        if isinstance(value, dict):
            return {key: item if key in ("svg", "documents") else of(item) for key, item in value.items()}
        return value

    return [of(section) for section in sections]


def sections_of(page: pages.Page) -> list[Section]:
    """The content of a page."""
    found: list[Section] = []
    if page.status is not None:
        found.append({"kind": "text", "text": page.status.text, "status": page.status.kind})
    if page.verdict:
        found.append({"kind": "text", "text": " ".join(map(plain, page.verdict))})
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
        return {"kind": "picture", "svg": picture(content.svg), "caption": "", "alt": "the device, to scale"}
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
    columns = [
        {"label": plain(head, "\n"), "unit": "", "numeric": k in numeric} for k, head in enumerate(heads)
    ]
    shown = [[plain(str(cell), "\n") for cell in row] for row in rows[:MOST_ROWS]]
    found = {"kind": "table", "columns": columns, "rows": shown}
    more = len(rows) - len(shown)
    return {**found, "caption": f"{more} further rows are left out."} if more > 0 else found


def picture(svg: str) -> str:
    """An SVG in base64 whose styles are attributes, which the security policy of the page admits."""

    def attributes(found: re.Match[str]) -> str:
        pairs = (part.partition(":") for part in unescape(found[1]).split(";") if ":" in part)
        return "".join(f' {name.strip()}="{value.strip()}"'.replace("'", "") for name, _, value in pairs)

    svg = SHEET.sub("", svg[svg.index("<svg") :])
    svg = STYLE.sub(attributes, svg).replace("<svg ", ROUND, 1)
    return base64.b64encode(svg.encode()).decode()


class Printed:
    """What a command prints, as sections."""

    def __init__(self) -> None:
        self.sections: list[Section] = []

    def table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Take a table."""
        self.sections.append({"title": title, **_table(heads, rows, ())})

    def text(self, text: str) -> None:
        """Take a text; lines that follow each other are one part."""
        text = text.strip()
        if not text:
            return
        severity, mark, rest = text.partition(":")
        if mark and severity in pages.SEVERITIES:
            item = {"severity": severity, "text": rest.strip(), "where": ""}
            if self.sections and self.sections[-1]["kind"] == "findings":
                self.sections[-1]["items"].append(item)
            else:
                self.sections.append({"kind": "findings", "items": [item]})
        else:
            self.sections.append({"kind": "text", "text": text})
