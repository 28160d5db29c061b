"""A click group whose commands are imported when they are called, and not before."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import click


@dataclass(frozen=True)
class LazyCommand:
    """Where a command lives and what `--help` says about it.

    Parameters
    ----------
    module : str
        Dotted name of the module that is imported when the command is called.
    attribute : str
        Name of the click command in that module.
    help : str
        One line for the list of commands.
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

    Parameters
    ----------
    lazy_commands : dict of str to LazyCommand
        The commands by the name that is typed, in the order in which they are listed.
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands of the help text without importing them."""
        rows = [(name, command.help) for name, command in self.lazy_commands.items()]
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
