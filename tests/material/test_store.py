"""A store: what goes in comes out equal, it is searched by every command, and it is whole or as it was."""

import builtins
import json
import os
import warnings

import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.material import readers
from ioffe.material.store import collect_materials
from tests.material.samples import HEADER, ROWS, write
from tests.material.test_readers_databases import COMPLETE, INCOMPLETE, OTHER, starrydata

duckdb = pytest.importorskip("duckdb", reason="duckdb is an optional extra")


@pytest.fixture
def files(tmp_path):
    twin = tuple((OTHER, *curve[1:]) for curve in COMPLETE)
    database = write(tmp_path, "curves.csv", starrydata(*COMPLETE, *twin))
    table = write(tmp_path, "mine.csv", f"{HEADER},remark\n" + "".join(f"{r},x\n" for r in ROWS.split()))
    return [database, table, te.load_material("Bi2Te3").save(tmp_path / "card.toml")]


def collected(files, tmp_path, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return collect_materials(files, tmp_path / "all.duckdb", **more)


def test_what_is_collected_comes_out_equal(files, tmp_path):
    found = collected(files, tmp_path)
    assert (found.added, found.replaced, found.total) == (4, 0, 4)
    store = found.path
    (database, table, card), of_store = files, {s.key: s for s in readers.samples(store)}
    assert list(of_store) == ["curves/113", "curves/114", "Bi2Te3", "mine"]
    for key, expected in {
        "curves/113": readers.read(database, sample="113")[0],
        "mine": readers.read(table)[0],
        "Bi2Te3": te.Material.from_card(card),
    }.items():
        assert te.load_material(f"{store}#{key}") == expected
        assert readers.read_one(store, sample=key) == expected
    assert "remark" in te.load_material(f"{store}#mine").provenance.not_used
    assert te.load_material(f"{store}#curves/113").provenance.doi == COMPLETE[0][0][1]


def test_the_same_sample_is_replaced(files, tmp_path):
    collected(files[:1], tmp_path)
    again = collected(files, tmp_path, where=readers.Selection(elements=("Te",)))
    assert (again.added, again.replaced, again.total) == (1, 2, 3)


def test_a_store_is_filtered_like_its_files(files, tmp_path):
    store = collected(files[:1], tmp_path).path
    for wanted in ({"elements": ("Sn",)}, {"min_zT": 0.4, "T": 400.0}, {"carrier": "n"}, {"T": 600.0}):
        where = readers.Selection(**wanted)
        keys = [f"curves/{s.key}" for s in readers.samples(files[0], where=where)]
        assert [s.key for s in readers.samples(store, where=where)] == keys


def test_every_command_takes_a_store(files, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert entry(["materials", "collect", *map(str, files), "--into", "all.duckdb"]) == 0
    assert "4 samples added, 4 in the store" in capsys.readouterr().out
    sample = "all.duckdb#Bi2Te3"
    for arguments in (
        ["materials", "list", "all.duckdb", "--formula", "Te3Bi2"],
        ["materials", "show", "all.duckdb", "--sample", "Bi2Te3"],
        ["materials", "check", sample],
        ["read", "all.duckdb"],
        ["analyse", sample, "--json"],
    ):
        assert entry(arguments) == 0, arguments
        assert "Bi2Te3" in capsys.readouterr().out
    device = f'format = 1\n[leg]\nmaterial = "{sample}"\nlength = "2 mm"\narea = "4 mm2"\n'
    operate = '[operate]\nmode = "generate"\nT_hot = "450 K"\nT_cold = "320 K"\nload = "max_power"\n'
    write(tmp_path, "leg.toml", device + operate)
    named = device.replace(f'"{sample}"', '{ file = "all.duckdb", sample = "Bi2Te3" }')
    write(tmp_path, "named.toml", named + operate)
    powers = []
    for file in ("leg.toml", "named.toml"):
        assert entry(["run", file, "--json"]) == 0
        powers.append(json.loads(capsys.readouterr().out)["power"])
    assert powers[0] == powers[1]


def test_wrong_use_is_told(files, tmp_path, capsys):
    for into, words in (("all.db", "ends in .duckdb"), ("no/all.duckdb", "the folder does not exist")):
        with pytest.raises(InputError, match=words):
            collect_materials(files, tmp_path / into)
    store = collected(files[:1], tmp_path).path
    with pytest.raises(InputError, match="into itself"):
        collect_materials([store], store)
    with pytest.raises(InputError, match="no sample of the files"):
        collect_materials(files[:1], tmp_path / "new.duckdb", where=readers.Selection(formula="CoSb3"))
    with pytest.raises(InputError, match='did you mean "curves/11'):
        te.load_material(f"{store}#curves/11")
    with pytest.raises(InputError, match="holds 2 samples; choose one"):
        te.load_material(store)
    write(tmp_path, "broken.duckdb", "no store at all\n" * 50)
    assert entry(["materials", "list", str(tmp_path / "broken.duckdb")]) == 2
    assert "no store of materials, or a damaged one" in capsys.readouterr().err
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE about (format INTEGER); INSERT INTO about VALUES (99)")
    with pytest.raises(InputError, match="format 99"):
        readers.samples(other)
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE samples SET card = 'no card'")
    with pytest.raises(InputError, match="sample curves/113.card: the card of a material as JSON"):
        te.load_material(f"{store}#curves/113")


def test_samples_left_out_are_counted(tmp_path):
    path = write(tmp_path, "curves.csv", starrydata(*COMPLETE, *INCOMPLETE))
    with pytest.warns(readers.records.SkippedSampleWarning, match="1 incomplete samples, 0 faulty"):
        assert collect_materials([path], tmp_path / "all.duckdb").added == 1


def test_an_interrupted_command_leaves_the_store_as_it_was(files, tmp_path, monkeypatch):
    store = collected(files[:1], tmp_path).path
    before, names = store.read_bytes(), sorted(tmp_path.iterdir())

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("ioffe.material.store._insert", interrupted)
    with pytest.raises(KeyboardInterrupt):
        collect_materials(files, store)
    assert store.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == names


def test_what_a_killed_process_left_is_removed(files, tmp_path):
    old = write(tmp_path, ".all-123.duckdb.wal", "half")
    os.utime(old, (0, 0))
    young = write(tmp_path, ".all-124.duckdb", "of another process")
    collected(files[:1], tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


def test_without_the_package_the_extra_is_named(files, tmp_path, monkeypatch):
    real = builtins.__import__
    monkeypatch.setattr(
        "importlib.import_module", lambda name: real(name) if name != "duckdb" else real("no_such_package")
    )
    with pytest.raises(InputError, match=r'pip install "ioffe\[store\]"'):
        collect_materials(files, tmp_path / "all.duckdb")


def test_samples_of_the_same_name_in_two_files_stay_apart(tmp_path):
    pair = f"sample,{HEADER}\n" + "".join(f"{name},{row}\n" for name in "AB" for row in ROWS.split())
    one, other = write(tmp_path, "one.csv", pair), write(tmp_path, "other.csv", pair)
    assert collected([one], tmp_path).added == 2
    found = collected([other], tmp_path)
    assert (found.added, found.replaced, found.total) == (2, 0, 4)
    assert {s.key for s in readers.samples(found.path)} == {"one/A", "one/B", "other/A", "other/B"}
    assert collected([one], tmp_path).replaced == 2


def test_samples_that_cannot_be_right_are_named_when_they_are_collected(tmp_path):
    head, rows = (
        "T (K),S (uV/K),sigma (S/cm),kappa (W/mK)",
        "300,120,90000,2\n400,130,80000,1.9\n500,140,70000,1.8",
    )
    (tmp_path / "bad.csv").write_text(f"{head}\n{rows}\n")
    (tmp_path / "good.csv").write_text(f"{head}\n{rows.replace('0000,', '00,')}\n")
    found = collect_materials([tmp_path / "bad.csv", tmp_path / "good.csv"], tmp_path / "s.duckdb")
    assert [one.partition(":")[0] for one in found.doubtful] == ["bad"]
    assert "1 of them cannot be right" in str(found)
