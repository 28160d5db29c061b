"""What a command leaves behind that was killed, or that cannot write."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from ioffe.cli.main import entry
from ioffe.cli.output import ABANDONED, Output, folder_in_place

SLOW = """
import sys, time
from pathlib import Path
import click
from ioffe.cli.main import COMMANDS, cli, entry
from ioffe.cli.output import folder_in_place

@click.command()
def slow():
    with folder_in_place(Path("out")) as made:
        (made / "half.txt").write_text("half")
        print("writing", flush=True)
        time.sleep(600)

cli.add_command(slow, "slow")
sys.exit(entry(["slow"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_a_command_that_is_ended_leaves_nothing(tmp_path):
    running = subprocess.Popen([sys.executable, "-c", SLOW], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline() == "writing\n"
    assert [path.name[:5] for path in tmp_path.iterdir()] == [".out-"]
    running.send_signal(signal.SIGTERM)
    assert running.wait(300) == 130
    assert not list(tmp_path.iterdir())


def test_what_a_killed_command_left_is_removed_by_the_next(tmp_path):
    old, young, other = (tmp_path / name for name in (".out-aaaaaaaa", ".out-bbbbbbbb", ".data"))
    for folder in (old, young, other):
        folder.mkdir()
    then = time.time() - ABANDONED - 1.0
    for folder in (old, other):
        os.utime(folder, (then, then))
    with folder_in_place(tmp_path / "out") as made:
        (made / "a.txt").write_text("done")
    assert not old.exists()
    assert young.exists()
    assert other.exists()
    assert (tmp_path / "out" / "a.txt").read_text() == "done"


def test_a_fault_of_the_system_is_told_in_words(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def full(*_, **__):
        raise OSError(28, "No space left on device", "result.json")

    monkeypatch.setattr("ioffe.cli.run.read_file", full)
    assert entry(["run", "leg.toml"]) == 1
    assert capsys.readouterr().err == "error: result.json: No space left on device\n"


def write_page(text, folder):
    (folder / "report.html").write_text(text)


def test_the_result_of_something_else_is_kept(tmp_path, capsys):
    (tmp_path / "result.json").write_text("precious")
    for kind in ("sweep", "sweep", "optimum"):
        report = partial(write_page, kind)
        Output(tmp_path, False).write({"result.json": {"kind": kind}}, report)
    assert (tmp_path / "result-before.json").read_text() == "precious"
    assert json.loads((tmp_path / "result-before-2.json").read_text()) == {"kind": "sweep"}
    assert json.loads((tmp_path / "result.json").read_text()) == {"kind": "optimum"}
    pages = [(tmp_path / name).read_text() for name in ("report-before-2.html", "report.html")]
    assert pages == ["sweep", "optimum"]
    assert capsys.readouterr().err.count("was that of something else") == 3
