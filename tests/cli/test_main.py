"""Exit codes, messages and help of the command `ioffe`."""

import subprocess
import sys
import types
import warnings

import click
import pytest

from ioffe import ConvergenceError, ExtrapolationError, ExtrapolationWarning, InputError, __version__
from ioffe.base.errors import Fault
from ioffe.cli.main import COMMANDS, LazyCommand, cli, entry


@pytest.fixture
def command(monkeypatch):
    """Add a command `try` that does what the test hands over."""

    def add(action):
        module = types.ModuleType("a_module_for_one_test")
        module.command = click.command("try")(action)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(
            cli.lazy_commands, "try", LazyCommand(module.__name__, "command", "Only for a test.")
        )

    return add


def raising(error):
    def action():
        raise error

    return action


def test_version(capsys):
    assert entry(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_help_names_every_command_and_the_exit_codes(capsys):
    assert entry(["--help"]) == 0
    text = capsys.readouterr().out
    for name, lazy in COMMANDS.items():
        assert name in text
        assert lazy.help in text
    assert "Exit codes" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_command_loads_and_has_help(name, capsys):
    assert COMMANDS[name].load().name == name
    assert entry([name, "--help"]) == 0
    assert f"ioffe {name}" in capsys.readouterr().out


def test_help_of_one_command_imports_no_other(command, capsys, monkeypatch):
    command(raising(AssertionError("must not run")))
    monkeypatch.setitem(cli.lazy_commands, "other", LazyCommand("a_module_that_is_not_there", "command", ""))
    assert entry(["try", "--help"]) == 0
    assert "Usage: ioffe try" in capsys.readouterr().out


def test_all_faults_on_stderr_and_exit_code_2(command, capsys):
    faults = [
        Fault(location="module.p.length", value="6 m2", expected="a length is expected", file="device.toml"),
        Fault(location="module.couples", value=0, expected="at least 1 is expected", file="device.toml"),
    ]
    command(raising(InputError(*faults)))
    assert entry(["try"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[0] == "error: 2 faults in the input"
    assert [line.strip() for line in lines[1:]] == [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (ConvergenceError("no steady state at 12 A"), 1, "error: no steady state at 12 A"),
        (ExtrapolationError("350 K lies above 300 K"), 1, "error: 350 K lies above 300 K"),
        (PermissionError(13, "Permission denied", "out"), 1, "Permission denied"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (click.UsageError("one of --out and --json"), 2, "one of --out and --json"),
    ],
)
def test_exit_code(command, capsys, error, code, text):
    command(raising(error))
    assert entry(["try"]) == code
    out, err = capsys.readouterr()
    assert text in err
    assert "Traceback" not in out + err


def test_a_defect_of_the_program_is_not_hidden(command):
    command(raising(ZeroDivisionError("a defect")))
    with pytest.raises(ZeroDivisionError):
        entry(["try"])


def test_exit_code_of_a_command_is_kept(command):
    def action():
        click.get_current_context().exit(1)

    command(action)
    assert entry(["try"]) == 1


@pytest.mark.parametrize("arguments", [["mateirals", "list"], ["--nothing"], []])
def test_wrong_usage_is_2(arguments, capsys):
    assert entry(arguments) == 2
    text = capsys.readouterr().err
    assert "Usage: ioffe" in text
    if arguments and not arguments[0].startswith("-"):
        assert "materials" in text


def test_own_warning_is_one_line_once(command, capsys):
    def action():
        for _ in range(3):
            warnings.warn(
                "the curve ends at 300 K;\nits end value is held", ExtrapolationWarning, stacklevel=1
            )

    command(action)
    assert entry(["try"]) == 0
    assert capsys.readouterr().err == "warning: the curve ends at 300 K; its end value is held\n"


def test_foreign_warning_keeps_its_form(command):
    def action():
        warnings.warn("something old", DeprecationWarning, stacklevel=1)

    command(action)
    with pytest.warns(DeprecationWarning, match="something old"):
        assert entry(["try"]) == 0


def test_module_call_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "ioffe", "no-such-command"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no-such-command" in done.stderr


def options_of(command, path=("ioffe",)):
    """Every option of a command and of those below it, with the words that lead there."""
    yield from ((*path, option) for one in command.params for option in one.opts)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from options_of(command.get_command(context, name), (*path, name))


def test_an_option_means_one_thing_in_a_command():
    found = list(options_of(cli))
    assert len(found) > 100
    assert len(set(found)) == len(found)
