"""The command `ioffe`: its commands, and how faults and warnings reach the person who typed it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from ioffe._version import __version__
from ioffe.base.errors import InputError, IoffeError
from ioffe.cli.lazy import LazyCommand, LazyGroup

DONE, COMPUTATION_FAILED, INPUT_WRONG, INTERRUPTED = 0, 1, 2, 130

_HELP = {
    "run": "Solve a device file; write results, pictures and a report.",
    "analyse": "Analyse measured samples; write tables, a picture and a report.",
    "materials": "List, show, plot, check, import materials.",
    "reproduce": "Compute what papers published; say how close it comes.",
    "migrate": "Safe currents of a mixed conductor, barriers against migration.",
    "life": "Age a device along its service life; write tables, a report.",
    "measure": "Evaluate raw measurements: line scans, Hall, maps.",
    "schema": "Print the JSON Schema of the files you write.",
}
_MODULES = {"measure": "measuring"}
"""Modules of commands that have another name."""
COMMANDS = {n: LazyCommand(f"ioffe.cli.{_MODULES.get(n, n)}", n, text) for n, text in _HELP.items()}


@click.group(
    name="ioffe",
    cls=LazyGroup,
    lazy_commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 the computation failed, 2 the input is wrong.",
)
@click.version_option(__version__, prog_name="ioffe")
def cli() -> None:
    """Thermoelectric legs, modules, generators and coolers, from measured curves to a report.

    Begin with:  ioffe run DEVICE.toml
    """


def entry(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        What was typed after `ioffe`; by default that of this process.

    Returns
    -------
    int
        0 done, 1 the computation failed, 2 the input is wrong, 130 interrupted. A fault of the input or of
        the computation is written to stderr in words and never as a traceback.

    Examples
    --------
    >>> entry(["--version"])
    ioffe, version ...
    0
    """
    try:
        with plain_warnings():
            typed = None if arguments is None else list(arguments)
            code = cli.main(args=typed, prog_name="ioffe", standalone_mode=False)
    except InputError as error:
        show_faults(error)
        return INPUT_WRONG
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        return INTERRUPTED
    except (IoffeError, OSError) as error:
        complain(str(error))
        return COMPUTATION_FAILED
    return code if isinstance(code, int) else DONE


def show_faults(error: InputError) -> None:
    """Write every fault of an input on a line of its own to stderr."""
    lines = [str(fault) for fault in error.faults] or str(error).splitlines()
    count = "1 fault" if len(lines) == 1 else f"{len(lines)} faults"
    complain("\n  ".join([f"{count} in the input", *lines]))


def complain(text: str) -> None:
    """Write one message to stderr with the word `error` in red where the terminal has colours."""
    click.echo(f"{click.style('error:', fg='red', bold=True)} {text}", err=True)


@contextmanager
def plain_warnings() -> Iterator[None]:
    """Show the warnings of ioffe as one line each on stderr; those of other packages stay as they are."""
    from ioffe.base.errors import ExtrapolationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("always", ExtrapolationWarning)
        python_way = warnings.showwarning
        seen: set[str] = set()

        def show(message, category, filename, lineno, file=None, line=None) -> None:
            if not issubclass(category, ExtrapolationWarning):
                python_way(message, category, filename, lineno, file, line)
            elif (text := " ".join(str(message).split())) not in seen:
                seen.add(text)
                click.echo(f"{click.style('warning:', fg='yellow', bold=True)} {text}", err=True)

        warnings.showwarning = show
        yield
