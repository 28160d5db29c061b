"""The command `ioffe`: its commands, and how faults and warnings reach the person who typed it.

A command is imported when it is called, and not before.
"""

from __future__ import annotations

import importlib
import os
import re
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import TextIOWrapper

import click

from ioffe._version import __version__
from ioffe.base.errors import Fault, InputError, IoffeError, as_typed, printable
from ioffe.cli.terminal import SPELLED_OUT

PARAMETER = re.compile(r"(?<![\w.\"'-])[A-Za-z]\w*_\w+(?![\w\"'(])")
"""The name of a parameter inside a sentence."""


def in_options(fault: Fault, command: click.Command | None) -> Fault:
    """A fault in which parameters of functions are called by the options that fill them.

    `fault`: of the input of a command, of which it may name a file.
    `command`: its options.

    >>> @click.command
    ... @click.option("--t-hot")
    ... @click.option("--t-cold")
    ... def averages(t_hot, t_cold): ...
    >>> print(in_options(Fault("T_hot", "250 K", "a temperature above T_cold is expected"), averages))
    --t-hot = "250 K": a temperature above --t-cold is expected
    """
    flags: dict[str, str] = {}
    for one in command.params if command is not None and not fault.file else ():
        if isinstance(one, click.Option):
            flag = max(one.opts, key=len)
            flags |= {_plain(name): flag for name in (one.name or "", flag)}
    head, _, inner = fault.location.partition(".")
    names = (inner, head) if head.startswith("--") else (fault.location,)
    place = next((flags[_plain(name)] for name in names if _plain(name) in flags), fault.location)

    def said(text: str) -> str:
        return PARAMETER.sub(lambda found: flags.get(_plain(found[0]), found[0]), text)

    return replace(fault, location=place, expected=said(fault.expected), advice=said(fault.advice))


def _plain(name: str) -> str:
    """A parameter as its option would be called."""
    return name.lstrip("-").casefold().replace("_", "-").replace("uncertainty", "error")


@dataclass(frozen=True)
class LazyCommand:
    """Where a command lives and what `--help` says about it.

    `module`: dotted name of the module that is imported when the command is called.
    `attribute`: name of the click command in that module.
    `help`: one line for the list of commands.
    """

    module: str
    attribute: str
    help: str

    def load(self) -> click.Command:
        """Import the module and return the command."""
        command = getattr(importlib.import_module(self.module), self.attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.module}.{self.attribute} is not a click command")
        return command


class LazyGroup(click.Group):
    """A group of `LazyCommand`; its `--help` imports none of them.

    `lazy_commands`: the commands by the name that is typed, in the order in which they are listed.
    """

    def __init__(self, *args, lazy_commands: dict[str, LazyCommand] | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.lazy_commands = dict(lazy_commands or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return [*self.lazy_commands, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, None if there is none of this name."""
        lazy = self.lazy_commands.get(cmd_name)
        return lazy.load() if lazy else super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; faults of what it was given name its options."""
        with as_typed(lambda fault: in_options(fault, self.get_command(ctx, ctx.invoked_subcommand or ""))):
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands of the help text without importing them."""
        rows = [(name, command.help) for name, command in self.lazy_commands.items()]
        rows += [(name, command.short_help or "") for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with; an unknown name is told the nearest one."""
        from ioffe.base.errors import did_you_mean

        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            advice = did_you_mean(args[0], self.list_commands(ctx))
            ctx.fail(f'there is no command "{args[0]}"' + (f"; {advice}" if advice else ""))
        return super().resolve_command(ctx, args)


DONE, COMPUTATION_FAILED, INPUT_WRONG, INTERRUPTED = 0, 1, 2, 130

_HELP = {
    "run": "Solve a device file; write results, pictures and a report.",
    "read": "Show what files hold and what is not used of them.",
    "analyse": "Analyse measured samples; write tables, a picture and a report.",
    "materials": "List, show, check, import, collect, rank materials.",
    "sweep": "Solve every device of a study, many at once; resume it.",
    "optimise": "Find the best device of a study within its limits.",
    "design": "Answer a designer's question: leg length, area ratio, ...",
    "uncertainty": "How sure the results of a device are, and what causes errors.",
    "reproduce": "Compute what papers published; say how close it comes.",
    "calibrate": "Fit a device to its measured sweeps; say how sure.",
    "select": "Choose coolers from data sheets for a task.",
    "migrate": "Safe currents of a mixed conductor, barriers against migration.",
    "stress": "Thermal stress of a module in finite elements.",
    "cost": "What a device costs, by item and by watt.",
    "export": "A device for circuit simulators: SPICE, Modelica.",
    "life": "Age a device along its service life; write tables, a report.",
    "measure": "Evaluate raw measurements: line scans, Hall, maps.",
    "studio": "Open the whole tool in a page of the browser.",
    "warm-up": "Compile the fast engine once, ahead of its first use.",
    "schema": "Print the JSON Schema of the files you write.",
}
_MODULES = {"materials": "materials.commands", "measure": "main", "read": "reading"}
_MODULES |= {"schema": "run", "warm-up": "run"}
"""Modules of commands that have another name."""
_MEASURE_HELP = {
    "line-scan": "Contact resistivity from a resistance scan over a junction.",
    "transfer-length": "Contact resistivity from contacts at several gaps.",
    "flash": "Thermal conductivity from a laser-flash export.",
    "lfa": "The same as flash.",
    "zem": "Seebeck coefficient and resistivity from a ZEM-3 export.",
    "hall": "Carrier density and mobility from Hall measurements.",
    "sound": "Elastic constants from the velocities of sound.",
    "texture": "Lotgering's factor from a diffraction pattern.",
    "cell": "Parameters of the unit cell from indexed reflections.",
    "onset": "Critical current density of a mixed conductor.",
    "ageing": "Laws by which contacts age, ready for `ioffe life`.",
    "aged-scans": "Line scans of a junction at several ages, in one picture.",
    "seebeck-line": "Seebeck coefficient along a leg, at several ages.",
    "overlay": "Your values over those of the literature, with DOIs.",
    "seebeck-map": "Mean, uniformity and picture of a Seebeck map.",
}
"""What `ioffe measure --help` says about each of its commands."""
_MEASURE_MODULES: dict[str, str] = {
    **dict.fromkeys(("flash", "lfa", "zem", "hall"), "sample_measurements"),
    **dict.fromkeys(("aged-scans", "seebeck-line"), "aged_samples"),
    "overlay": "overlay",
}
"""Modules of those that are not in `measurements`."""
COMMANDS = {
    n: LazyCommand(f"ioffe.cli.{_MODULES.get(n, n)}", n.replace("-", "_"), text) for n, text in _HELP.items()
}


@click.group(
    name="ioffe",
    cls=LazyGroup,
    lazy_commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done; 1 the computation failed, or a part was left out, such as samples of an"
    " import that cannot be right; 2 the input is wrong; 130 interrupted.",
)
@click.version_option(__version__, prog_name="ioffe")
def cli() -> None:
    """Thermoelectric legs, modules, generators and coolers, from measured curves to a report.

    Begin with:  ioffe run DEVICE.toml
    """


@click.group(
    name="measure",
    cls=LazyGroup,
    lazy_commands={
        n: LazyCommand(f"ioffe.cli.measure.{_MEASURE_MODULES.get(n, 'measurements')}", n.replace("-", "_"), h)
        for n, h in _MEASURE_HELP.items()
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
def measure() -> None:
    """Evaluate raw measurements, with standard deviations and doubts in words.

    Values are written with their units; where a value may carry an error, write it behind, as in
    "3.00 mm +- 0.02 mm" or "6.65 g/cm3 +- 1 %".
    """


def entry(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    `arguments`: what was typed after `ioffe`; by default that of this process.
    Returns: 0 done, 1 the computation failed or a part was left out, 2 the input is wrong, 130 interrupted. A
        fault of the input or of the computation is written to stderr in words and never as a traceback.

    >>> entry(["--version"])
    ioffe, version ...
    0
    """
    stdout = sys.stdout
    for stream in (stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=SPELLED_OUT)
    try:
        with plain_warnings(), ended_by_signal():
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
    except (BrokenPipeError, SystemExit) as error:  # whoever read the output has seen enough
        if isinstance(error, SystemExit) and sys.stdout is stdout:
            raise  # where a pipe is broken click wraps the stream and ends with a failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        return DONE
    except OSError as error:
        reason = error.strerror or str(error)
        complain(f"{error.filename}: {reason}" if error.filename else reason)
        return COMPUTATION_FAILED
    except IoffeError as error:
        complain(str(error))
        return COMPUTATION_FAILED
    except (OverflowError, FloatingPointError) as error:
        complain(f"the computation failed, because its numbers are out of range: {error}")
        return COMPUTATION_FAILED
    except MemoryError:
        complain("there is not enough memory for this")
        return COMPUTATION_FAILED
    return code if isinstance(code, int) else DONE


def show_faults(error: InputError) -> None:
    """Write every fault of an input on a line of its own to stderr."""
    lines = [str(fault) for fault in error.faults] or str(error).splitlines()
    count = "1 fault" if len(lines) == 1 else f"{len(lines)} faults"
    complain("\n  ".join([f"{count} in the input", *lines]))


def complain(text: str) -> None:
    """Write one message to stderr with the word `error` in red where the terminal has colours."""
    shown = printable(text, "\n")
    click.echo(f"{click.style('error:', fg='red', bold=True)} {shown}", err=True)


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Let SIGTERM end the command like an interrupt, so that it leaves nothing half written behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
