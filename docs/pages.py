"""What is made from the package at every build: the reference, the glossary, pictures of a tutorial.

The reference has a page for each public namespace (`ioffe` itself, `ioffe.transport`, ...) with what its
`__all__` names, or without one what it defines under a name without underscore, so that a new public name
appears by itself. The glossary is the quantity table, with
classes and functions that have an attribute or an argument of that name.
"""

from __future__ import annotations

import ast
import inspect
import logging
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from enum import Enum
from io import StringIO
from itertools import pairwise
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from types import ModuleType

import ioffe
from ioffe.base.quantities import QUANTITIES

HERE = Path(__file__).parent
TASKS = HERE / "tasks"
MOST_LINKS = 8
"""Places that the glossary names for one quantity."""


def write(page: Path, text: str) -> None:
    """Write a page only when it changes, so that a rebuild stays short."""
    page.parent.mkdir(parents=True, exist_ok=True)
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")


def namespaces(module: ModuleType = ioffe) -> Iterator[ModuleType]:
    """A public module, and the modules in its `__all__` that have names which it does not have itself."""
    yield module
    own = {id(getattr(module, name)) for name in public(module)}
    for name in exported(module):
        value = getattr(module, name)
        if isinstance(value, ModuleType) and any(id(getattr(value, key)) not in own for key in public(value)):
            yield from namespaces(value)


def exported(module: ModuleType) -> list[str]:
    """The `__all__` of a module, or else the functions, classes and declared constants that it defines."""
    constants = vars(module).get("__annotations__", {})
    own = [
        name for name, value in vars(module).items() if name in constants or home(value) == module.__name__
    ]
    return getattr(module, "__all__", own)


def public(module: ModuleType) -> list[str]:
    """Names of a module that the reference describes."""
    return [
        name
        for name in exported(module)
        if not name.startswith("_") and not isinstance(getattr(module, name), ModuleType)
    ]


def spoken(module: ModuleType) -> str:
    """How a user writes a namespace after `import ioffe as te`."""
    return module.__name__.replace("ioffe", "te", 1)


VERBATIM = re.compile(
    r"``.*?``|:math:`.*?`|^(?P<indent> *)\.\. math::.*?(?=^(?P=indent)\S|\Z)|^ *(?:>>>|\.\.\.) .*?$",
    re.M | re.S,
)
"""Code and equations, in which a bar stays what it is."""


def escaped(text: str) -> str:
    """The text with |x| as an absolute value; reStructuredText takes bars for a substitution."""
    ends = [0, *(end for found in VERBATIM.finditer(text) for end in found.span()), len(text)]
    parts = [text[start:stop] for start, stop in pairwise(ends)]
    parts[::2] = [part.replace("|", "\\|") for part in parts[::2]]
    return "".join(parts)


def summary(value: object) -> str:
    """First sentence of a docstring."""
    return escaped((inspect.getdoc(value) or "").partition("\n\n")[0].replace("\n", " "))


def home(value: object) -> str:
    """The module in which a function or class is defined."""
    return getattr(value, "__module__", None) or ""


def heading(text: str, line: str) -> list[str]:
    """A heading in reStructuredText."""
    return [text, line * len(text), ""]


def entry(module: ModuleType, name: str) -> list[str]:
    """The directive that describes one name."""
    value = getattr(module, name)
    if inspect.isclass(value):
        lines = [
            f".. autoclass:: {name}",
            "   :members:",
            "   :inherited-members: BaseModel, Exception, BaseException, tuple, Enum, str, int",
        ]
        return [*lines, *(["   :undoc-members:"] if issubclass(value, Enum) else []), ""]
    if callable(value):
        return [f".. autofunction:: {name}", ""]
    text = told(module, name)
    return [f".. data:: {name}", "", f"   {text}", ""] if text else [f".. autodata:: {name}", ""]


def told(module: ModuleType, name: str) -> str:
    """What stands below a constant in the module that it comes from; empty if that is this one."""
    value = getattr(module, name)
    for key, found in sorted(sys.modules.items()):
        if key.startswith("ioffe.") and found is not module and vars(found).get(name) is value:
            text = below(inspect.getsource(found), name)
            if text:
                return escaped(" ".join(text.split()))
    return ""


def below(source: str, name: str) -> str:
    """The text that follows the assignment of a name in a source."""
    statements = ast.parse(source).body
    for one, following in pairwise(statements):
        targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            match following:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    return text
    return ""


def reference_page(module: ModuleType, elsewhere: dict[int, str]) -> str:
    """One namespace: a table of its names, then each of them, in sections by the module it comes from.

    What another page describes already (by identity of the object) is in the table alone.
    """
    names = sorted(public(module), key=lambda name: (home(getattr(module, name)), name.lower()))
    lines = [
        *heading(spoken(module), "="),
        escaped(inspect.getdoc(module) or ""),
        "",
        f".. currentmodule:: {module.__name__}",
        "",
    ]
    lines += [".. list-table::", "   :widths: 30 70", ""]
    for name in sorted(names, key=str.lower):
        value = getattr(module, name)
        target = elsewhere.get(id(value), f"{module.__name__}.{name}")
        lines += [
            f"   * - :py:obj:`{name} <{target}>`",
            f"     - {summary(value) if callable(value) else ''}",
        ]
    section = ""
    for name in names:
        value = getattr(module, name)
        if id(value) in elsewhere:
            continue
        elsewhere[id(value)] = f"{module.__name__}.{name}"
        if home(value) != section and home(value) in sys.modules:
            section = home(value)
            title = section.rpartition(".")[2].strip("_").replace("_", " ").capitalize()
            lines += ["", *heading(title, "-"), summary(sys.modules[section]), ""]
        lines += entry(module, name)
    return "\n".join(lines) + "\n"


def write_reference() -> None:
    """Write the folder `reference`: an index, and a page for each namespace."""
    folder, elsewhere = HERE / "reference", {}
    pages = {module.__name__: reference_page(module, elsewhere) for module in namespaces() if public(module)}
    for old in folder.glob("*.rst"):
        if old.stem not in {*pages, "index"}:
            old.unlink()
    for name, text in pages.items():
        write(folder / f"{name}.rst", text)
    index = [
        *heading("Reference", "="),
        "The public interface after ``import ioffe as te``, from the docstrings. Numbers without unit are in",
        "SI units; the :doc:`glossary <../glossary>` says what a quantity is called and where it is found.",
        "",
        ".. toctree::",
        "   :maxdepth: 1",
        "",
        *(f"   {name}" for name in pages),
    ]
    write(folder / "index.rst", "\n".join(index) + "\n")


BLOCK = re.compile(r"^(?:<!-- file: (\S+) -->\n+)?```(\w+)\n(.*?)^```$", re.M | re.S)
"""A fenced block of a page: the name under which a reader saves it, its language and its text."""


def write_pictures(page: Path) -> None:
    """Follow a page beside the examples, as a reader would, and keep its pictures in `made/NAME`."""
    from ioffe.cli.main import entry

    text = page.read_text(encoding="utf-8")
    pictures = re.findall(rf"\]\(\.\./made/{page.stem}/(\S+?\.svg)\)", text)
    if not pictures:
        return
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    names: dict[str, object] = {"__name__": "__main__"}
    with TemporaryDirectory() as folder, chdir(folder), redirect_stdout(StringIO()):
        copytree(TASKS.parents[1] / "examples", "examples")
        for saved, language, content in BLOCK.findall(text):
            if saved:
                Path(saved).write_text(content, encoding="utf-8")
            if language == "python":
                exec(compile(content, str(page), "exec"), names)
            for command in re.findall(r"^\$ ioffe (.+)$", content.replace("\\\n", " "), re.M):
                assert entry(shlex.split(command)) == 0, command
        for picture in pictures:
            write(HERE / "made" / page.stem / picture, Path(picture).read_text(encoding="utf-8"))


def write_questions() -> None:
    """Write the table of a designer's questions, a part of their page."""
    from ioffe.study.designing.questions import QUESTIONS

    rows = ["| question | what varies and what stays | options | example |", "|---|---|---|---|"]
    for one in QUESTIONS.values():
        options = ", ".join(f"`--{option.name.replace('_', '-')}`" for option in one.options) or "–"
        file, _, rest = one.example.partition(" ")
        command = f"ioffe design {one.name} examples/{file} {rest}".strip()
        rows.append(f"| **{one.name}**: {one.asks} | {one.about} | {options} | `{command}` |")
    write(HERE / "made" / "design" / "questions.md", "\n".join(rows) + "\n")


def words_of(value: object) -> set[str]:
    """Names of the arguments of a class or function, and of the public attributes of a class."""
    try:
        arguments = set(inspect.signature(value).parameters)
    except (TypeError, ValueError):
        arguments = set()
    return arguments | (
        {name for name in dir(value) if not name.startswith("_")} if inspect.isclass(value) else set()
    )


def glossary_entries() -> Iterator[str]:
    """Lines of a definition list, in the order of the package's table."""
    paths: dict[object, str] = {}
    for module in namespaces():
        for name in public(module):
            value = getattr(module, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                paths.setdefault(value, f"{module.__name__}.{name}")
    words = {path: words_of(value) for value, path in paths.items()}
    for quantity in QUANTITIES.values():
        symbol = f"${quantity.symbol.strip('$')}$" if quantity.symbol else ""
        used = [path for path in words if quantity.name in words[path]]
        links = [f"{{py:obj}}`{path.rpartition('.')[2]} <{path}>`" for path in used[:MOST_LINKS]]
        links += [f"{len(used) - MOST_LINKS} more"] if len(used) > MOST_LINKS else []
        unit = quantity.unit if quantity.unit != "1" else "no unit"
        shown = f", shown in {quantity.display_unit}" if quantity.display_unit != quantity.unit else ""
        yield f"`{quantity.name}`"
        yield f": {symbol + ', ' if symbol else ''}{unit}{shown}: {quantity.description}"
        if links:
            yield f"\n  *In* {', '.join(links)}"
        yield ""


def write_glossary() -> None:
    """Write glossary.md."""
    lines = [
        "# Glossary",
        "",
        "These words are the attributes of a result, the arguments of the public interface, the keys of",
        "files and the columns of tables. Inside the package and in JSON and NetCDF files a number is in SI",
        "units; tables (CSV, Excel), pictures, reports and the terminal use the units of the field. *In*",
        "names classes and functions with an attribute or argument of that name.",
        "",
        *glossary_entries(),
    ]
    write(HERE / "glossary.md", "\n".join(lines))
