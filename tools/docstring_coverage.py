"""List what the docstrings of the public interface leave out.

    python tools/docstring_coverage.py [NAMESPACE ...] [--counts]

Looked at are the functions and classes in `__all__` of `ioffe` and of its public namespaces, and the public
methods of the classes. Four things can be missing:

parameters  an argument that no "Parameters" section describes (a class that only `ioffe` makes, such as a
            result, may have "Attributes" instead)
returns     a "Returns" or "Yields" section, where something is returned; both may stand at the method of a
            base class that a method overrides
units       any unit (or a word such as "SI", "dimensionless", "relative") where numbers go in or come out
example     an example that runs; methods may leave it to their class

How many docstrings name a source is counted, but not every one needs one. The aim is that functions and
classes leave nothing out; a short method may say in its first line what it takes and returns.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

KINDS = ("parameters", "returns", "units", "example")
SECTION = re.compile(
    r"^(?P<title>[A-Z][\w ]+)\n-{3,}\n(?P<text>.*?)(?=^[A-Z][\w ]+\n-{3,}\n|\Z)", re.M | re.S
)
ENTRY = re.compile(r"^(?P<names>[*\w][\w*, ]*)(?: ?:.*)?$", re.M)
NUMERIC = re.compile(r"\b(float|ndarray|ArrayLike|NDArray|QuantityLike|Vector|Array)\b")
UNIT = re.compile(
    r"(?<![\w.])(SI|K|degC|m|mm|um|nm|m2|m3|mm2|cm2|m-3|1/m3|1/m|s|1/s|h|A|A/m2|V|uV/K|mV|V/K|W|mW|W/m2|W/K|J|eV"
    r"|ohm|kg|Pa|GPa|mol|Hz|T|S/m|S/cm|rad|deg|%)(?![\w])"
    r"|\b(dimensionless|relative|ratio|fraction|share|reduced|units?|probability|exponent|number)\b"
)
SOURCE = re.compile(r"\bdoi\b|10\.\d{4,}/", re.IGNORECASE)


class Finding(NamedTuple):
    """One thing that the docstring of one name leaves out."""

    name: str
    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}{f' ({self.what})' if self.what else ''}"


class Public(NamedTuple):
    """One function, class or method of the public interface."""

    name: str
    value: Callable
    is_method: bool
    overridden: tuple[Callable, ...] = ()
    """Methods of base classes in the place of which it is."""

    @property
    def docstring(self) -> str:
        return "\n\n".join(inspect.getdoc(one) or "" for one in (self.value, *self.overridden))


def namespaces(names: list[str]) -> list[ModuleType]:
    """The modules of these names; without names, `ioffe` and every module that it exports."""
    if names:
        return [importlib.import_module(name) for name in names]
    top = importlib.import_module("ioffe")
    values = (getattr(top, name) for name in top.__all__)
    return [top, *(value for value in values if isinstance(value, ModuleType))]


def public(modules: list[ModuleType]) -> Iterator[Public]:
    """Every function, class and public method, once."""
    seen: set[int] = set()
    for module in modules:
        for name in getattr(module, "__all__", []):
            value = getattr(module, name)
            if not (inspect.isclass(value) or inspect.isroutine(value)) or id(value) in seen:
                continue
            seen.add(id(value))
            path = f"{module.__name__}.{name}"
            yield Public(path, value, False)
            if inspect.isclass(value):
                for key, method in methods(value):
                    more = (vars(base)[key] for base in value.__mro__[1:] if key in vars(base))
                    yield Public(f"{path}.{key}", method, True, tuple(more))


def methods(cls: type) -> Iterator[tuple[str, Callable]]:
    """Public methods that a class defines itself."""
    for name, value in vars(cls).items():
        function = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        if not name.startswith("_") and inspect.isfunction(function):
            yield name, function


def sections(docstring: str) -> list[tuple[str, str]]:
    """Titles and texts of the sections of a docstring in numpy's convention."""
    return [(match["title"], match["text"]) for match in SECTION.finditer(docstring)]


def described(text: str) -> set[str]:
    """Names that a section describes: ``T_hot, T_cold : float`` are two."""
    return {name.strip(" *") for match in ENTRY.finditer(text) for name in match["names"].split(",")}


def arguments(value: Callable) -> tuple[list[str], str, str]:
    """Names of the arguments, their annotations in one text, and that of what is returned."""
    if inspect.isclass(value) and issubclass(value, (Enum, Exception)):
        return [], "", ""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return [], "", ""
    some = [
        one for one in signature.parameters.values() if one.name not in ("self", "cls") and one.name[0] != "_"
    ]
    names = [one.name for one in some]
    gives = (
        ""
        if signature.return_annotation in (inspect.Signature.empty, None)
        else str(signature.return_annotation)
    )
    return names, " ".join(str(one.annotation) for one in some), gives


def missing(one: Public) -> Iterator[Finding]:
    """What the docstring of one name leaves out."""
    docstring = one.docstring
    found: dict[str, str] = {}
    for title, text in sections(docstring):
        found[title] = found.get(title, "") + text
    names, takes, gives = arguments(one.value)
    is_class = inspect.isclass(one.value)
    stated = described(found.get("Parameters", "") + found.get("Other Parameters", ""))
    absent = [name for name in names if name not in stated]
    if absent and not (is_class and "Attributes" in found):
        yield Finding(one.name, "parameters", ", ".join(absent))
    if not is_class and gives not in ("", "None") and not found.keys() & {"Returns", "Yields"}:
        yield Finding(one.name, "returns", "")
    numbers = NUMERIC.search(takes) or (not is_class and NUMERIC.search(gives))
    if numbers and not UNIT.search(docstring):
        yield Finding(one.name, "units", "")
    if (
        not one.is_method
        and ">>>" not in docstring
        and not (isinstance(one.value, type) and issubclass(one.value, (Enum, Exception)))
    ):
        yield Finding(one.name, "example", "")


def findings(names: list[str]) -> list[Finding]:
    """Everything that the docstrings of some namespaces leave out."""
    return [finding for one in public(namespaces(names)) for finding in missing(one)]


def counts(names: list[str]) -> dict[str, dict[str, int]]:
    """How many functions and classes, and how many methods, there are and leave something out, by kind."""
    result = {}
    everything = list(public(namespaces(names)))
    for title, some in (
        ("functions and classes", [one for one in everything if not one.is_method]),
        ("methods", [one for one in everything if one.is_method]),
    ):
        lacking = Counter(finding.kind for one in some for finding in missing(one))
        sources = sum(bool(SOURCE.search(one.docstring)) for one in some)
        result[title] = {
            "all": len(some),
            **{kind: lacking[kind] for kind in KINDS},
            "with a source": sources,
        }
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("namespaces", nargs="*", metavar="NAMESPACE", help="such as ioffe.transport")
    parser.add_argument("--counts", action="store_true", help="print the counts alone")
    given = parser.parse_args()
    if not given.counts:
        print("\n".join(str(finding) for finding in findings(given.namespaces)))
    for title, numbers in counts(given.namespaces).items():
        print(f"{title}:", ", ".join(f"{word} {number}" for word, number in numbers.items()))


if __name__ == "__main__":
    main()
