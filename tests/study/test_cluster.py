"""Sweeps on the workers of a dask scheduler: the same numbers, whatever happens to a worker."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.study import chunks, cluster, sweep
from ioffe.study.store import SweepStopped
from tests.study.studies import lengths
from tests.study.test_sweep import numbers, same

EXAMPLES = Path(__file__).parents[2] / "examples" / "studies"
distributed = pytest.importorskip("distributed", reason="distributed is the optional extra cluster")
dask = pytest.importorskip("dask", reason="dask is the optional extra cluster")


PATIENCE = 600.0
"""s: a machine that stands still for a minute fails no test."""


@pytest.fixture(scope="module", autouse=True)
def patient():
    """Whatever ends well is waited for; tests of what never comes set a short time themselves."""
    waits = {f"distributed.comm.timeouts.{name}": PATIENCE for name in ("connect", "tcp")}
    with pytest.MonkeyPatch.context() as patch, dask.config.set(waits):
        patch.setattr(cluster, "ANSWERED_IN", PATIENCE)
        patch.setattr(cluster, "JOINED_IN", PATIENCE)
        yield


@pytest.fixture(scope="module")
def local():
    """Two workers of one thread each, in processes of their own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", processes=True, silence_logs=50
    ) as found:
        yield found


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The run that needed no cluster."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    sweep(lengths(), folder, engine="numpy")
    return folder


def test_a_cluster_stores_the_same_bit_for_bit(local, whole, tmp_path):
    told = []
    sweep(
        lengths(), tmp_path / "run", engine="numpy", scheduler=local.scheduler_address,
        progress=lambda done, _: told.append(done),
    )  # fmt: skip
    same(numbers(tmp_path / "run"), numbers(whole))
    assert told[0] == 0
    assert told[-1] == 2600
    assert len(told) == 7


def test_a_killed_worker_changes_nothing(local, whole, tmp_path):
    with distributed.Client(local, set_as_default=False) as client:
        pid = next(iter(client.run(os.getpid).values()))
    killed = []

    def kill(done, _):
        if done and not killed:
            os.kill(pid, signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
            killed.append(pid)

    sweep(
        lengths(chunk=500), tmp_path / "run", engine="numpy", scheduler=local.scheduler_address, progress=kill
    )
    assert killed
    same(numbers(tmp_path / "run"), numbers(whole))


def test_a_sweep_of_a_cluster_is_resumed_without_it(local, whole, tmp_path):
    def stop(done, _):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(lengths(), tmp_path / "run", engine="numpy", scheduler=local.scheduler_address, progress=stop)
    sweep(lengths(), tmp_path / "run", resume=True)
    same(numbers(tmp_path / "run"), numbers(whole))


def test_workers_of_another_version_are_refused(local, tmp_path, monkeypatch):
    other = {**chunks.versions("numpy"), "ioffe": "0.0"}
    monkeypatch.setattr(cluster, "versions", lambda _: other)
    with pytest.raises(InputError, match=r"workers with the versions .* ioffe was 0.0 and is"):
        sweep(lengths(), tmp_path / "run", engine="numpy", scheduler=local.scheduler_address)
    assert not (tmp_path / "run").exists()
    monkeypatch.undo()
    assert str(cluster.solve_on_worker(other, "numpy", b"not read", 0, 1)).startswith("ioffe was 0.0")


def test_a_worker_of_another_version_that_joins_stops_the_sweep(local, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "solve_on_worker", lambda *_: "numpy was 2.0 and is 2.1")
    with pytest.raises(SweepStopped, match=r"has joined \(numpy was 2.0 and is 2.1\); what is stored stays"):
        sweep(lengths(), tmp_path / "run", engine="numpy", scheduler=local.scheduler_address)
    monkeypatch.undo()
    sweep(lengths(), tmp_path / "run", resume=True, scheduler=local.scheduler_address)
    same(numbers(tmp_path / "run"), numbers(whole))


def test_no_scheduler(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWERED_IN", 1.0)
    expected = "the address of a dask scheduler that answers is expected"
    with pytest.raises(InputError, match=expected):
        sweep(lengths(), tmp_path / "run", engine="numpy", scheduler="tcp://127.0.0.1:9")
    begun = []

    def never(address, **_):
        begun.append(address)
        raise AssertionError

    monkeypatch.setattr(distributed, "Client", never)
    for address in ("nonsense://x", "127.0.0.1", "foo"):
        with pytest.raises(InputError, match=expected):
            sweep(lengths(), tmp_path / "run", engine="numpy", scheduler=address)
    assert not begun
    with pytest.raises(InputError, match="the thread of the client did not begin"):
        sweep(lengths(), tmp_path / "run", engine="numpy", scheduler="tcp://127.0.0.1:9")
    assert len(begun) == cluster.CALLED
    assert not (tmp_path / "run").exists()


def test_no_worker(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "JOINED_IN", 1.0)
    told = tmp_path / "scheduler.json"
    words = [sys.executable, "-m", "dask", "scheduler", "--port", "0", "--no-dashboard", "--no-jupyter"]
    with subprocess.Popen([*words, "--scheduler-file", str(told)], stderr=subprocess.DEVNULL) as idle:
        try:
            while not (told.exists() and told.read_text().rstrip().endswith("}")):
                assert idle.poll() is None
                time.sleep(0.05)
            address = json.loads(told.read_text())["address"]
            with pytest.raises(InputError, match="a scheduler with at least one worker is expected"):
                sweep(lengths(), tmp_path / "run", engine="numpy", scheduler=address)
        finally:
            idle.terminate()
    assert not (tmp_path / "run").exists()


def test_the_command(local, tmp_path, monkeypatch, capsys):
    for name in ("leg-length.toml", "generator.toml"):
        shutil.copy(EXAMPLES / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    study = Path("leg-length.toml")
    fewer = (
        study.read_text(encoding="utf-8")
        .replace("points = 24", "points = 6")
        .replace("points = 16", "points = 4")
    )
    study.write_text(fewer, encoding="utf-8")
    address = local.scheduler_address
    assert entry(["sweep", "leg-length.toml", "--scheduler", address, "--engine", "numpy", "--json"]) == 0
    assert '"ok": 48' in capsys.readouterr().out
    for other in (["--workers", "2"], ["--dry-run"]):
        assert entry(["sweep", "leg-length.toml", "--scheduler", address, *other]) == 2
        assert "either this or --" in capsys.readouterr().err
