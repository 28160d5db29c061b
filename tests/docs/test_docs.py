"""Every example of README.md and of the documentation runs, page by page, as a reader would run it.

A block of Python continues the one before it on the same page. A comment `<!-- file: NAME -->` before a block
saves the block under that name. In console blocks the lines `$ ioffe ...` are run.
"""

import re
import shlex
import shutil
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"^(?:<!-- file: (?P<name>\S+) -->\n+)?(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


MADE = re.compile(r"\]\(\.\./made/[^/)]+/([^)\s]+)\)")
"""A picture that the commands of a page make, and the build of the documentation keeps."""
MISSING = re.compile(r"\bnan\b")
"""A page shows numbers; where one is missing on purpose a comment beside it says so."""


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str
    name: str | None

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    source = page.read_text(encoding="utf-8")
    return [
        Block(
            page=page,
            line=source.count("\n", 0, match.start("text")),
            language=match["language"],
            text=textwrap.dedent(match["text"]),
            name=match["name"],
        )
        for match in BLOCK.finditer(source)
    ]


def run_python(block: Block, namespace: dict) -> None:
    """Execute a block so that a traceback names the page and the line on it."""
    code = compile("\n" * block.line + block.text, str(block.page), "exec")
    exec(code, namespace)


def run_console(block: Block) -> None:
    from ioffe.cli.main import entry

    for line in block.text.replace("\\\n", " ").splitlines():
        if line.startswith("$ ioffe "):
            assert entry(shlex.split(line)[2:]) == 0, f"{block}: {line}"


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """The folder of a reader who has the examples of the repository beside the files of the page."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_runs(page, reader, capsys):
    namespace = {"__name__": "__main__"}
    for block in blocks_of(page):
        if block.name:
            (reader / block.name).write_text(block.text, encoding="utf-8")
        if block.language == "python":
            run_python(block, namespace)
        elif block.language == "console":
            run_console(block)
        printed = capsys.readouterr().out
        told = MISSING.search(block.text)
        assert told or not MISSING.search(printed), f"{block} prints a missing number:\n{printed}"
    for picture in MADE.findall(page.read_text(encoding="utf-8")):
        assert (reader / picture).is_file(), f"{page.name} shows {picture}, which its commands do not write"


DEVICES = [
    block
    for page in PAGES
    for block in blocks_of(page)
    if block.language == "toml"
    and "format" in tomllib.loads(block.text)
    and "operate" in tomllib.loads(block.text)
    and '.toml"' not in block.text  # it needs a card that its page makes, and runs there
]


@pytest.mark.parametrize("block", DEVICES, ids=str)
def test_device_file_is_read(block, reader):
    import ioffe as te

    path = reader / "device.toml"
    path.write_text(block.text, encoding="utf-8")
    device, conditions = te.read_device(path)
    result = device.solve(conditions)
    assert result.status in (te.Status.OK, te.Status.OUTSIDE_TABLE)
    assert result.energy_balance < 1e-10


def test_pages_have_examples():
    """The pattern finds the blocks: a change of style must not silence the tests above."""
    with_python = [page for page in PAGES if any(block.language == "python" for block in blocks_of(page))]
    assert len(with_python) >= 7
    assert DEVICES
    fences = sum(page.read_text(encoding="utf-8").count("```") for page in PAGES)
    directives = sum(page.read_text(encoding="utf-8").count("```{") for page in PAGES)
    assert fences == 2 * (sum(len(blocks_of(page)) for page in PAGES) + directives)


LINK = re.compile(r"\]\((?!https?://|#)(?P<target>[^)#\s]+)")


@pytest.mark.parametrize(
    "page",
    [*PAGES, *(ROOT / name for name in ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"])],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_links_lead_somewhere(page):
    made_at_build = {ROOT / "docs" / "glossary.md", ROOT / "docs" / "reference" / "index.rst"}
    for match in LINK.finditer(page.read_text(encoding="utf-8")):
        target = (page.parent / match["target"]).resolve()
        made = target in made_at_build or (ROOT / "docs" / "made") in target.parents
        assert target.exists() or made, f"{page.name}: {match['target']}"
