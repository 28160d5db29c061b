"""Solves go over to compiled code when they have cost what loading it costs."""

import pytest

import ioffe as te
from ioffe.cli.main import entry
from ioffe.engine import compiled
from ioffe.interface.ageing import ParabolicGrowth
from ioffe.life import Degradation, solve_life
from ioffe.solve import loading, task

LEG = te.Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
CONDITIONS = te.Generator(T_hot=450, T_cold=330, current="max_power")


@pytest.fixture
def asked(monkeypatch):
    """What of the compiled engine is asked for while none of it counts as loaded."""
    found = []
    monkeypatch.setattr(loading, "_spent", {"seconds": 0.0})
    monkeypatch.setattr(loading, "LOADING_TIME", 1e9)  # however slow the machine is
    monkeypatch.setattr(compiled, "is_loaded", lambda _: False)
    monkeypatch.setattr(compiled, "is_ready", lambda: found.append("ready") or False)
    return found


def test_numpy_counts_its_time_and_asks_when_it_is_as_long(asked, monkeypatch):
    LEG.solve(CONDITIONS)
    spent = loading._spent["seconds"]
    assert spent > 0.0
    assert not asked
    monkeypatch.setattr(loading, "LOADING_TIME", 0.5 * spent)
    expected = LEG.solve(CONDITIONS)  # nothing is kept on disk: NumPy goes on
    assert set(asked) == {"ready"}
    assert loading._spent["seconds"] > spent
    if compiled.available():
        monkeypatch.setattr(compiled, "is_ready", lambda: True)
        monkeypatch.setattr(task.newton, "solve", lambda *_, **__: pytest.fail("NumPy is not asked any more"))
        found = LEG.solve(CONDITIONS)
        assert found.power == pytest.approx(expected.power, rel=1e-9)


def test_small_batches_count_as_single_solves_do(asked, monkeypatch):
    vary = {"T_hot": [440.0, 450.0]}
    assert te.solve_batch(LEG, CONDITIONS, vary).engine == "numpy"
    spent = loading._spent["seconds"]
    assert spent > 0.0
    monkeypatch.setattr(loading, "LOADING_TIME", 0.5 * spent)
    assert te.solve_batch(LEG, CONDITIONS, vary).engine == "numpy"
    assert asked
    monkeypatch.setattr(compiled, "is_ready", lambda: True)
    if compiled.available():
        assert te.solve_batch(LEG, CONDITIONS, vary).engine == "compiled"
        assert te.solve_batch(LEG, CONDITIONS, vary, engine="numpy").engine == "numpy"


def test_what_only_numpy_does_never_asks(asked, monkeypatch):
    monkeypatch.setattr(loading, "LOADING_TIME", 0.0)
    LEG.solve(CONDITIONS, tolerance=1e-12)
    LEG.solve(CONDITIONS, "ideal")
    assert not asked


@pytest.mark.usefixtures("asked")
def test_all_numbers_of_a_result_are_of_one_engine(monkeypatch):
    at = CONDITIONS.replace(current=[1.0, 2.0])
    monkeypatch.setattr(loading, "_spent", {"seconds": -1e9})
    expected = LEG.solve(at)
    assert expected.engine == "numpy"
    expected = dict(expected.values)
    assert "max_power" in expected
    monkeypatch.setattr(compiled, "is_ready", lambda: True)
    monkeypatch.setattr(loading, "_spent", {"seconds": 0.0})
    monkeypatch.setattr(loading, "LOADING_TIME", 1e-9)  # outgrown by the first of its points
    found = LEG.solve(at)
    assert loading.has_outgrown()
    assert found.engine == "numpy"
    assert found.to_dict()["engine"] == "numpy"
    for name, values in expected.items():
        assert (found.values[name] == values).all(), name


@pytest.mark.usefixtures("asked")
def test_a_life_says_that_compiled_code_would_do_it_and_is_not_there(monkeypatch):
    monkeypatch.setattr(compiled, "available", lambda: True)
    given = LEG, CONDITIONS, [Degradation("contact.electrical", ParabolicGrowth(5e-10, 1e-13))], "1 year"
    assert loading.UNMADE not in solve_life(*given, times=["0 s", "1 year"], maxima=False).notes
    monkeypatch.setattr(loading, "LOADING", 10)
    found = [solve_life(*given, times=["0 s", "1 year"], maxima=False, engine=e) for e in ("auto", "numpy")]
    assert [one.notes.count(loading.UNMADE) for one in found] == [1, 0]
    assert te.solve_batch(LEG, CONDITIONS, {"T_hot": [440.0, 450.0]}).notes == (loading.UNMADE,)


@pytest.mark.usefixtures("asked")
def test_a_run_that_takes_numpy_long_says_so(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(compiled, "available", lambda: True)
    (tmp_path / "leg.toml").write_text(
        """format = 1
[leg]
material = "Bi0.42Sb1.58Te3"
length = "2 mm"
area = "2 mm2"
[operate]
mode = "generate"
T_hot = "450 K"
T_cold = "330 K"
current = "1 A"
""",
        encoding="utf-8",
    )
    run = ["run", str(tmp_path / "leg.toml"), "--json"]
    assert entry(run) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(loading, "LOADING_TIME", 1e-6)
    assert entry(run) == 0
    assert loading.UNMADE in capsys.readouterr().err
