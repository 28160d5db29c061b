"""What several commands do on a terminal: warnings, waiting, folders for results, plain numbers in kelvin."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ioffe.base.errors import Fault, InputError
from ioffe.cli.output import not_writable

__all__ = ["check_folder", "warn", "with_kelvin", "working"]


def warn(text: str) -> None:
    """Write a warning on one line to stderr."""
    click.echo(f"{click.style('warning:', fg='yellow', bold=True)} {' '.join(text.split())}", err=True)


def check_folder(folder: Path | None) -> None:
    """Refuse a folder that cannot be one, before anything is computed."""
    if folder is None:
        return
    for path in (folder, *folder.parents):
        if path.exists():
            if not path.is_dir():
                raise InputError(Fault("--out", str(folder), "a folder is expected", f"{path} is a file"))
            if not os.access(path, os.W_OK | os.X_OK):
                raise InputError(not_writable(folder, f"{path} may not be written"))
            return


@contextmanager
def working(word: str) -> Iterator[None]:
    """Show on a terminal that something is being done."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(word):
        yield


def with_kelvin(text: str) -> str:
    """A plain number on the command line is in kelvin.

    Examples
    --------
    >>> with_kelvin("300"), with_kelvin("27 degC")
    ('300 K', '27 degC')
    """
    return f"{text} K" if re.fullmatch(r"\s*\d+(\.\d*)?\s*", text) else text
