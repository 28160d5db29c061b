"""Find cycles of imports in the source tree, imports inside functions included.

    python tools/check_imports.py [FOLDER] [--show MODULE]

A cycle is a set of modules each of which needs every other one sooner or later; none of them can be
understood or tested alone. Imports for type checkers only do not count. An import inside a function counts,
and so do the name of a module in a string, for `import_module("ioffe.x")` is an import as well, and the lines
of a stub that `ioffe.base.lazy` reads. The one exception is `UPWARD`: through it `Leg.solve` and its like
reach the solvers.

FOLDER is the source tree, by default `src/ioffe`. With `--show` the imports of one module or package are
printed: [f] inside a function, [s] by a string or a stub, [T] for type checkers only.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).resolve().parents[1] / "src" / "ioffe"
MODULE = re.compile(r"(?P<module>\w+(?:\.\w+)+)(?::\w+)?")
"""A module in a string, or a name in it: `ioffe.report.html`, `ioffe.report.html:write`."""
UPWARD = frozenset({"ioffe.base._upward"})
"""Modules whose imports inside functions may lead upwards."""


class Import(NamedTuple):
    """One import of a module of the package by another one."""

    target: str
    how: str
    """Empty at module level, else `f`, `s` or `T`."""


def modules(folder: Path) -> dict[str, Path]:
    """Every module below a folder by its full name."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = (folder.name, *path.relative_to(folder).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


class _Collector(ast.NodeVisitor):
    """Collects the imports of one module; `names` are the modules that exist."""

    def __init__(self, package: str, names: set[str]) -> None:
        self.package, self.names = package, names
        self.how = ""
        self.found: set[Import] = set()

    def add(self, *candidates: str) -> None:
        """Note the first of several names that is a module."""
        target = next((name for name in candidates if name in self.names), None)
        if target is not None:
            self.found.add(Import(target, self.how))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.add(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        home = node.module or ""
        if node.level:
            above = self.package.split(".")
            kept = above[: len(above) - node.level + 1]
            home = ".".join([*kept, home] if home else kept)
        for alias in node.names:
            self.add(f"{home}.{alias.name}", home)

    def visit_Constant(self, node: ast.Constant) -> None:
        named = MODULE.fullmatch(node.value) if isinstance(node.value, str) else None
        if named is not None:
            self._inside("s", lambda: self.add(named["module"]))

    def visit_If(self, node: ast.If) -> None:
        test = node.test
        if (test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")) != "TYPE_CHECKING":
            self.generic_visit(node)
            return
        self._inside("T", lambda: [self.visit(child) for child in node.body])
        for child in node.orelse:
            self.visit(child)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._inside("f", lambda: self.generic_visit(node))

    visit_AsyncFunctionDef = visit_FunctionDef

    def _inside(self, how: str, visit) -> None:
        before, self.how = self.how, "T" if self.how == "T" else how
        visit()
        self.how = before


def imports(folder: Path) -> dict[str, set[Import]]:
    """The imports of every module within the package.

    The parent packages of an imported module are not counted, although Python runs their `__init__` first:
    they only export names.
    """
    paths = modules(folder)
    found = {}
    for name, path in paths.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        collector = _Collector(package, set(paths) - {name})
        collector.visit(ast.parse(path.read_text(encoding="utf-8")))
        stub = path.with_suffix(".pyi")
        if stub.exists():
            collector.how = "s"
            collector.visit(ast.parse(stub.read_text(encoding="utf-8")))
        found[name] = collector.found
    return found


def needed(found: dict[str, set[Import]]) -> dict[str, set[str]]:
    """The graph that must be free of cycles: each module with those that it needs."""
    return {
        name: {
            one.target for one in some if one.how != "T" and not (name in UPWARD and one.how in ("f", "s"))
        }
        for name, some in found.items()
    }


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Sets of modules that need one another, the largest first (Tarjan's strongly connected components).

    >>> cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}})
    [['b', 'c']]
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    open_ones: set[str] = set()
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        stack.append(name)
        open_ones.add(name)
        for other in sorted(graph[name]):
            if other not in order:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in open_ones:
                lowest[name] = min(lowest[name], order[other])
        if lowest[name] == order[name]:
            first = stack.index(name)
            component = sorted(stack[first:])
            del stack[first:]
            open_ones.difference_update(component)
            if len(component) > 1:
                found.append(component)

    for name in graph:
        if name not in order:
            visit(name)
    return sorted(found, key=lambda component: (-len(component), component))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SOURCE)
    parser.add_argument("--show", metavar="MODULE", help="print the imports of a module or package")
    arguments = parser.parse_args()
    sys.setrecursionlimit(10_000)
    found = imports(arguments.folder)
    if arguments.show:
        for name in sorted(found):
            if f"{name}.".startswith(f"{arguments.show}."):
                words = (f"{one.target}{f'[{one.how}]' if one.how else ''}" for one in sorted(found[name]))
                print(name, "->", *words)
        return 0
    wrong = cycles(needed(found))
    graph = needed(found)
    for component in wrong:
        print(f"{len(component)} modules need one another:")
        for name in component:
            print(f"  {name} -> {', '.join(sorted(graph[name] & set(component)))}")
    if not wrong:
        print(f"{len(found)} modules, no cycle of imports")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
