"""Sweeps: every number is that of a batch, whatever ends them in between, and what cannot go on is told."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.study import SamplePlan, Span, Study, read_sweep, store, sweep, sweeping
from ioffe.study.store import RunFolder, SweepStopped
from tests.study.studies import AT, LEG, lengths

RUN = """
import sys
from pathlib import Path
from ioffe.study import sweep
from tests.study.studies import lengths

def told(done, every):
    print(done, flush=True)
    if done >= 2000:  # it must not end before it is killed, however late that is
        sys.stdin.read()

if __name__ == "__main__":
    sweep(lengths(), Path(sys.argv[1]), engine="numpy", progress=told)
"""


def numbers(folder):
    """Every column of a run."""
    parts = list(read_sweep(folder).chunks())
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def same(one, other):
    assert list(one) == list(other)
    for name, values in one.items():
        assert values.dtype == other[name].dtype
        if values.dtype == object:
            assert values.tolist() == other[name].tolist()
        else:
            assert values.tobytes() == other[name].tobytes(), name


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The run that was never interrupted."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    sweep(lengths(), folder, engine="numpy")
    return folder


def cut(whole, folder, chunks):
    """A copy of a run that has only the first chunks."""
    run = RunFolder.open(whole)
    (folder / "chunks").mkdir(parents=True)
    for path in (whole / "run.json", whole / "materials.json", *(run.file(k) for k in range(chunks))):
        (folder / path.relative_to(whole)).write_bytes(path.read_bytes())
    return folder


def test_numbers_are_those_of_a_batch(whole):
    study, found = lengths(), numbers(whole)
    vary = {"T_hot": np.array([430.0, 450.0])[:, None], "length": np.linspace(1e-3, 4e-3, 1300)}
    batch = te.solve_batch(LEG, AT, vary, engine="numpy", keep=["power", "T_hot"])
    assert found["power"].tobytes() == batch.power.ravel().tobytes()
    assert found["length"].tobytes() == np.tile(vary["length"], 2).tobytes()
    assert set(found["status"]) == set(batch.point_status.ravel())
    result = read_sweep(whole)
    assert len(result) == study.count == result.compared == 2600
    assert result.power[0] == batch.power.max()
    assert result.length[0] == vary["length"][batch.power.max(axis=0).argmax()]
    assert result.ranges["power"][1] == pytest.approx(batch.power.mean())
    assert result.energy_balance == np.float32(batch.energy_balance)
    frame = result.to_frame()
    assert list(frame) == [
        "T_hot (K)",
        "length (m)",
        "power (W)",
        "status",
        "energy_balance",
        "error_estimate",
        "compared",
    ]
    assert frame["status"].tolist() == [str(te.Status(code)) for code in found["status"]]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_killed_sweep_goes_on_bit_for_bit(whole, tmp_path):
    folder = tmp_path / "run"
    command = [sys.executable, "-c", RUN, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if int(line) >= 1000:
                running.send_signal(signal.SIGKILL)
                break
    assert 2 <= len(list((folder / "chunks").glob("0*"))) < 6
    with pytest.raises(InputError, match="is not there, or was cut short"):
        read_sweep(folder)
    with pytest.raises(InputError, match="this folder holds a run already"):
        sweep(lengths(), folder)
    told = []
    sweep(lengths(), folder, resume=True, progress=lambda done, every: told.append((done, every)))
    assert told[0][0] >= 1000
    assert told[-1] == (2600, 2600)
    same(numbers(folder), numbers(whole))


def test_several_processes_write_the_same(whole, tmp_path, monkeypatch):
    monkeypatch.setitem(sweeping.SHARED, "numpy", 0)
    sweep(lengths(), tmp_path / "run", workers=2, engine="numpy")
    same(numbers(tmp_path / "run"), numbers(whole))


def test_csv_holds_the_same(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "storage", lambda: "csv")
    sweep(lengths(), tmp_path / "run", engine="numpy")
    assert {path.suffix for path in (tmp_path / "run" / "chunks").iterdir()} == {".csv"}
    same(numbers(tmp_path / "run"), numbers(whole))
    run = RunFolder.open(tmp_path / "run")
    shutil.copy(run.file(0), run.file(1))  # as long as the one whose place it takes
    result = sweep(lengths(), tmp_path / "run", resume=True)
    assert result.notes[-1] == "chunk 1 was cut short, or of another run, and was solved again"
    same(numbers(tmp_path / "run"), numbers(whole))


@pytest.mark.parametrize("kept", [0, 10, -8])
def test_a_chunk_that_was_cut_short_is_solved_again(whole, tmp_path, kept):
    folder = cut(whole, tmp_path / "run", 6)
    path = RunFolder.open(folder).file(2)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputError, match=r"000002.*was cut short; resume the sweep"):
        read_sweep(folder)
    result = sweep(lengths(), folder, resume=True)
    assert result.notes[-1] == "chunk 2 was cut short, or of another run, and was solved again"
    same(numbers(folder), numbers(whole))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["[ab]", "**", "T_hot=1", "q?", "it's"])
def test_a_folder_may_have_any_name(whole, tmp_path, name):
    for beside in ("a", "b", "qx"):  # what the name would match as a pattern
        cut(whole, tmp_path / beside, 1)
    folder = cut(whole, tmp_path / name, 3)
    sweep(lengths(), folder, resume=True)
    same(numbers(folder), numbers(whole))


def test_what_a_killed_process_left_is_removed(whole, tmp_path):
    folder = cut(whole, tmp_path / "run", 5)
    left = folder / "chunks" / ".000005-1234.parquet"
    left.write_text("half")
    sweep(lengths(), folder, resume=True)
    assert not left.exists()


def test_a_full_disk_loses_nothing(whole, tmp_path, monkeypatch):
    write, folder = store.write_aside, tmp_path / "run"

    def full(path, make, **how):
        def failing(aside):
            make(aside)
            if "000003" in aside.name:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return write(path, failing, **how)

    with monkeypatch.context() as patched:
        patched.setattr(store, "write_aside", full)
        patched.setattr("ioffe.base.saved.write_aside", full)
        with pytest.raises(SweepStopped, match=r"000003.*No space left on device; what is stored stays"):
            sweep(lengths(), folder, engine="numpy")
    assert sorted(path.name[:6] for path in (folder / "chunks").iterdir()) == ["000000", "000001", "000002"]
    sweep(lengths(), folder, resume=True)
    same(numbers(folder), numbers(whole))


def test_a_second_process_is_refused(whole, tmp_path):
    folder = cut(whole, tmp_path / "run", 5)
    with RunFolder.open(folder).locked(), pytest.raises(InputError, match="another process is writing"):
        sweep(lengths(), folder, resume=True)
    sweep(lengths(), folder, resume=True)


def test_chunks_of_another_run_or_number_are_not_taken(whole, tmp_path):
    folder = cut(whole, tmp_path / "run", 5)
    run = RunFolder.open(folder)
    if run.header["storage"] == "parquet":
        run.file(1).write_bytes(run.file(0).read_bytes())
        assert run.missing()[1] == [1]
    (folder / "run.json").unlink()
    with pytest.raises(InputError, match=r"holds chunks of a run whose run.json is gone"):
        sweep(lengths(), folder, resume=True)


def test_a_run_of_another_version_or_study_is_refused(whole, tmp_path):
    folder = cut(whole, tmp_path / "run", 5)
    header = json.loads((folder / "run.json").read_text())
    header["versions"] |= {"ioffe": "0.0.1", "kernels": "abc"}
    (folder / "run.json").write_text(json.dumps(header))
    with pytest.raises(InputError) as caught:
        sweep(lengths(tolerance=1e-5), folder, resume=True)
    text = str(caught.value)
    assert f"ioffe was 0.0.1 and is {te.__version__}; kernels was abc and is not used" in text
    assert "its device, materials, conditions, variables or outputs are others" in text
    assert "what is stored stays" in text
    assert len(list((folder / "chunks").iterdir())) == 5


def test_constraints_may_change_without_another_solve(whole, tmp_path):
    folder, told = cut(whole, tmp_path / "run", 6), []
    study = lengths(outputs=["power"], constraints={"T_hot": {"most": "430 K"}, "power": {"least": "1 mW"}})
    result = sweep(study, folder, resume=True, progress=lambda done, _: told.append(done))
    assert told == [2600]
    assert 0 < result.compared <= 1300
    assert set(result.best["T_hot"]) == {430.0}


@pytest.mark.parametrize("folder", ["file/run", "file"])
def test_a_folder_that_cannot_be_written(tmp_path, folder):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a folder that can be written into is expected"):
        sweep(lengths(), tmp_path / folder, engine="numpy")


def test_what_is_too_large_is_refused_with_its_time(tmp_path):
    study = Study(LEG, AT, {name: Span(lo, 2 * lo, 10**6) for name, lo in (("length", 1e-3), ("area", 1e-6))})
    with pytest.raises(
        InputError, match=r"1e\+12 take [\d.,e+]+ days on one process, and at most 3.2e\+04 GB; 30 days are"
    ):
        sweep(study, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_full_disk_is_foreseen(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "UNJUDGED", 0)
    monkeypatch.setattr(sweeping.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(InputError, match=r"2.6e\+03 take .* GB; .*, and 1e-06 GB are free in"):
        sweep(lengths(), tmp_path / "run")


def test_devices_without_a_solution_are_rows(tmp_path):
    leg = te.Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2")
    study = Study(
        leg,
        te.Cooler(T_hot=330, T_cold=325, heat=0.001),
        {"heat": [0.001, 9.0], "material": {"first": "Bi0.42Sb1.58Te3", "second": "Bi0.48Sb1.52Te3"}},
        ["COP", "heat_cold"],
        {"heat_cold": {"least": 0.0}},
    )
    result = sweep(study, tmp_path / "run")
    frame = result.to_frame()
    assert frame["material"].tolist() == ["first", "second"] * 2
    assert len(result.counts) > 1
    assert result.compared == 2
    assert not frame["compared"][2:].any()
    assert result.status > te.Status.OK
    none = sweep(study.replace(constraints={"heat_cold": {"least": 1e3}}), tmp_path / "other")
    assert none.compared == 0
    assert "no device is compared" in none.warnings[-1]
    assert "heat_cold at least 1 kW is broken by all" in none.warnings[-1]
    assert "nan" not in none.summary()
    none.report(tmp_path / "none.html")


def test_maps_show_the_best_device_of_each_place(tmp_path):
    study = Study(
        LEG,
        AT,
        {"length": Span("1 mm", "4 mm", 5), "T_hot": [400.0, 450.0], "area": Span("1 mm2", "3 mm2")},
        ["power", "efficiency"],
        sample=SamplePlan(16),
        smallest="efficiency",
    )
    result = sweep(study, tmp_path / "run")
    frame = result.to_frame()
    assert [axis.path for axis in result.map_axes] == ["length", "T_hot"]
    cells = frame.groupby(["length (m)", "T_hot (K)"])["efficiency"]
    np.testing.assert_array_equal(result.maps["efficiency"].ravel(), cells.min().to_numpy())
    powers = frame.loc[cells.idxmin().to_numpy(), "power (W)"].to_numpy()
    np.testing.assert_array_equal(result.maps["power"].ravel(), powers)
    assert result.efficiency[0] == frame["efficiency"].min()
    sampled = sweep(study.replace(variables={"area": Span("1 mm2", "3 mm2")}), tmp_path / "sampled")
    assert len(sampled.map_axes[0].values) == 24
    assert np.isfinite(sampled.maps["power"]).sum() <= 16
    assert np.nanmin(sampled.maps["efficiency"]) == sampled.efficiency[0]


def test_the_estimate_of_the_time_is_one():
    found = sweeping.estimate_sweep(lengths(), "numpy", workers=2)
    start = time.process_time()
    te.solve_batch(LEG, AT, lengths().vary(0, 2600), engine="numpy", keep=["power"])
    spent = time.process_time() - start
    assert found.chunks == 6
    assert 0.1 * spent < 2 * found.time < 30 * spent


def test_materials_beyond_their_ranges_are_told_from_every_chunk_and_after_a_resumption(tmp_path):
    asked = lengths(2000).replace(conditions=AT.replace(T_cold=300.0))
    found = sweep(asked, tmp_path / "run", engine="numpy")
    (told,) = found.warnings
    assert told.startswith("Bi0.42Sb1.58Te3 was used from 300.0 K to 450.0 K, measured from 323 K to 573 K")
    last = RunFolder.open(tmp_path / "run").chunks - 1
    RunFolder.open(tmp_path / "run").file(last).unlink()
    again = sweep(asked, tmp_path / "run", engine="numpy", resume=True)
    assert again.warnings == found.warnings
    assert len(list((tmp_path / "run" / "ranges").iterdir())) == last + 1
