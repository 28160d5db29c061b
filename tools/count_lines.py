"""Count the code lines of each package and check the size of files and folders and the names of classes.

    python tools/count_lines.py [FOLDER] [--check]

A code line holds code: docstrings, comments and blank lines do not count, and a statement over three lines
counts three times. FOLDER is the source tree, by default `src/ioffe`. With `--check` only the findings are
printed, and the exit code is 1 if there are any.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "ioffe"
LONGEST_FILE = 500
"""Lines of a file, docstrings and blanks included: beyond it a file has two subjects."""
LARGEST_FOLDER = 25
"""Python files of a folder: beyond it nobody finds anything."""
LARGEST_PACKAGE = 8000
"""Code lines of a package without sub-packages."""

NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_lines(text: str) -> int:
    """Number of lines of a Python source that hold code.

    >>> code_lines('"A module."\\n\\nx = 1  # one\\n# nothing\\n')
    1
    """
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            lines.difference_update(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    return len(lines)


def python_files(folder: Path) -> list[Path]:
    """Every Python file below a folder."""
    return sorted(folder.rglob("*.py"))


def package_of(folder: Path, path: Path) -> str:
    """The folder (or file) directly below the source tree that a file belongs to."""
    return path.relative_to(folder).parts[0]


def long_files(folder: Path) -> dict[str, int]:
    """Files that are too long, with their number of lines."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(folder)}
    return {
        path.relative_to(folder).as_posix(): length
        for path, length in lengths.items()
        if length > LONGEST_FILE
    }


def full_folders(folder: Path) -> dict[str, int]:
    """Folders with too many Python files, with their number."""
    counts = Counter(path.relative_to(folder).parent.as_posix() for path in python_files(folder))
    return {name: count for name, count in counts.items() if count > LARGEST_FOLDER}


def large_packages(folder: Path) -> dict[str, int]:
    """Packages with too many code lines in files that no sub-package holds."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for path in python_files(folder):
        parts = path.relative_to(folder).parts
        if len(parts) == 2:
            texts[parts[0]].append(path.read_text(encoding="utf-8"))
    # there are no more code lines than lines
    long = {k: v for k, v in texts.items() if sum(text.count("\n") + 1 for text in v) > LARGEST_PACKAGE}
    counts = {name: sum(map(code_lines, found)) for name, found in long.items()}
    return {name: count for name, count in counts.items() if count > LARGEST_PACKAGE}


def _classes(node: ast.AST) -> Iterator[str]:
    """Names of the classes below a node; expressions, the larger part of a tree, hold none."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield child.name
        if isinstance(child, (ast.stmt, ast.excepthandler, ast.match_case)):
            yield from _classes(child)


def shared_class_names(folder: Path) -> dict[str, list[str]]:
    """Names that several classes bear, with their files; a leading underscore makes no difference."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for path in python_files(folder):
        for name in _classes(ast.parse(path.read_text(encoding="utf-8"))):
            homes[name.lstrip("_")].append(path.relative_to(folder).as_posix())
    return {name: files for name, files in sorted(homes.items()) if len(files) > 1}


def findings(folder: Path) -> list[str]:
    """Everything that breaks a limit, a sentence each."""
    return [
        *(f"{name}: {n} lines, at most {LONGEST_FILE}" for name, n in long_files(folder).items()),
        *(f"{name}/: {n} Python files, at most {LARGEST_FOLDER}" for name, n in full_folders(folder).items()),
        *(
            f"{name}/: {n} code lines without a sub-package, at most {LARGEST_PACKAGE}"
            for name, n in large_packages(folder).items()
        ),
        *(f"class {name}: {', '.join(files)}" for name, files in shared_class_names(folder).items()),
    ]


def table(folder: Path) -> str:
    """Files and code lines of each package and of all of them."""
    lines: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for path in python_files(folder):
        package = package_of(folder, path)
        files[package] += 1
        lines[package] += code_lines(path.read_text(encoding="utf-8"))
    rows = [(name, files[name], lines[name]) for name in sorted(files)]
    rows.append(("total", files.total(), lines.total()))
    return "\n".join(
        [f"{'package':16}{'files':>8}{'code lines':>12}", *(f"{p:16}{f:>8}{n:>12}" for p, f, n in rows)]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SOURCE)
    parser.add_argument(
        "--check", action="store_true", help="print the findings alone; exit 1 if there are any"
    )
    arguments = parser.parse_args()
    if not arguments.check:
        print(table(arguments.folder))
    found = findings(arguments.folder)
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return int(arguments.check and bool(found))


if __name__ == "__main__":
    sys.exit(main())
