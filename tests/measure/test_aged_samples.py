"""One sample at several ages: line scans of a junction, Seebeck coefficients along a leg."""

import json

import numpy as np
import pytest

from ioffe import measure
from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.measure import (
    SeebeckLine,
    line_scan,
    plot_aged_scans,
    plot_seebeck_lines,
    read_seebeck_lines,
)
from tests.measure.line_scans import AREA, scan

CONTACTS = {"0 day": 20.8e-10, "7 day": 14e-10, "30 day": 7.9e-10}


def aged():
    rng = np.random.default_rng(1)
    return {age: scan(rng, contacts=(rho, rho), step=20e-6) for age, rho in CONTACTS.items()}


def test_the_lines_begin_at_the_contact_resistivity(tmp_path):
    found = {age: line_scan([one], AREA) for age, one in aged().items()}
    figure = plot_aged_scans(found, tmp_path / "aged.png")
    left, right = figure.axes
    lines = [line for line in left.lines if line.get_linestyle() == "-"]
    for line, one in zip(lines, found.values(), strict=True):
        rho = one.interfaces[0].resistivity
        assert float(line.get_ydata()[0]) == pytest.approx(float(rho.value) * 1e10, abs=2.0 * rho.std * 1e10)
        assert float(line.get_xdata()[0]) == 0.0
    assert [text.get_text() for text in right.get_xticklabels()] == list(CONTACTS)
    with pytest.raises(InputError, match="2 interfaces"):
        plot_aged_scans(found, interface=2)
    with pytest.raises(InputError, match="at least one"):
        plot_aged_scans({})


def test_the_command_writes_what_ageing_reads(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = []
    for age, one in aged().items():
        names.append(f"{age.split()[0]}.csv")
        points = zip(one.position * 1e3, one.resistance * 1e3, strict=True)
        rows = "\n".join(f"{x:.6f},{R:.8f}" for x, R in points)
        (tmp_path / names[-1]).write_text(f"x (mm),R (mohm)\n{rows}\n", encoding="utf-8")
    ages = [part for age in CONTACTS for part in ("--age", age)]
    options = ["--area", "9 mm2", *ages, "--temperature", "573 K", "--out", "a"]
    typed = ["measure", "aged-scans", *names]
    assert entry([*typed, *options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["ages"]
    assert found["30 day"]["electrical_contact_resistivity"]["value"] == pytest.approx(7.9e-10, abs=4e-10)
    written = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert written == ["aged-scans.svg", "ageing.csv", "result.json"]
    assert entry(["measure", "ageing", "a/ageing.csv", "--law", "linear", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["quantity"] == "electrical_contact_resistivity"
    assert entry([*typed, "--area", "9 mm2", "--age", "1 day"]) == 2
    assert "3 files" in capsys.readouterr().err


def test_what_ages_share_and_what_laws_do_not_describe(tmp_path, capsys, monkeypatch):
    """An interface between points 0.1 mm apart: its place moves all jumps alike, below 0 too."""
    monkeypatch.chdir(tmp_path)
    x = np.arange(40) * 1e-4
    for name, jump in {"a": 3.3e-5, "b": 2e-4}.items():
        R = (x > 2.08e-3) * (jump + 2.8 * (x - 2.08e-3)) + 1e-6 * np.sin(9.0 * np.arange(40))
        rows = "\n".join(f"{a * 1e3:.6f},{b * 1e3:.8f}" for a, b in zip(x, R, strict=True))
        (tmp_path / f"{name}.csv").write_text(f"x (mm),R (mohm)\n{rows}\n", encoding="utf-8")
    ages = ["--age", "0 day", "--age", "9 day", "--temperature", "573 K"]
    typed = ["measure", "aged-scans", "a.csv", "b.csv", "--area", "9 mm2", *ages]
    assert entry([*typed, "--out", "o"]) == 0
    shown = capsys.readouterr().out
    assert "0 day: no contact resistivity above 0" in shown
    assert "common to all ages" in shown
    assert len((tmp_path / "o" / "ageing.csv").read_text(encoding="utf-8").splitlines()) == 2
    found = {name: line_scan(measure.read_scans(tmp_path / f"{name}.csv"), AREA) for name in "ab"}
    left, right = plot_aged_scans(found).axes
    assert right.get_ylim()[0] < float(found["a"].interfaces[0].resistivity.low) * 1e10
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["a", "b"]


def test_a_gradient_is_no_error_of_the_mean(tmp_path, capsys):
    """The bar of the mean holds the truth as often as Student's t says, whatever the gradient."""
    rng, held, slopes = np.random.default_rng(2), 0, 0
    x = np.linspace(0.0, 5e-3, 25)
    for _ in range(300):
        line = SeebeckLine(x, 200e-6 + 20e-6 * x / x[-1] + 2e-6 * rng.standard_normal(25))
        held += abs(line.statistics.mean - 210e-6) < line.mean_error
        slopes += abs(line.gradient[0] - 4e-3) < line.gradient[1]
    assert 0.59 < held / 300 < 0.76  # 67 % of 23 degrees of freedom, 3 standard deviations
    assert 0.59 < slopes / 300 < 0.76
    path = tmp_path / "turn.csv"
    path.write_text("x (mm),S (uV/K)\n0,-20\n1,10\n2,40\n", encoding="utf-8")
    assert entry(["measure", "seebeck-line", str(path), "--out", str(tmp_path / "o")]) == 0
    assert "changes its sign" in capsys.readouterr().out


LEG = "x (mm),t (day),S (uV/K)\n0,0,-205\n2,0,-206\n1,0,-204\n0,30,-190\n1,30,-200\n2,30,-210\n"


def test_profiles_of_a_leg_by_age(tmp_path, capsys):
    path = tmp_path / "leg.csv"
    path.write_text(LEG, encoding="utf-8")
    fresh, old = read_seebeck_lines(path)
    assert (fresh.label, old.label) == ("0 day", "30 day")
    assert fresh.position == pytest.approx([0.0, 1e-3, 2e-3])
    assert fresh.seebeck == pytest.approx([-205e-6, -204e-6, -206e-6])
    assert old.gradient == pytest.approx((-10e-3, 0.0), abs=1e-9)
    assert old.statistics.mean == pytest.approx(-200e-6)
    panel = plot_seebeck_lines([fresh, old]).axes[0]
    assert [text.get_text() for text in panel.get_legend().get_texts()] == ["0 day", "30 day"]
    assert entry(["measure", "seebeck-line", str(path), "--json", "--out", str(tmp_path / "out")]) == 0
    found = json.loads(capsys.readouterr().out)["lines"]
    assert found[1]["gradient"] == pytest.approx(-10e-3)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "lines.csv",
        "result.json",
        "seebeck-line.svg",
    ]


def test_names_stand_for_ages_and_one_profile_needs_neither(tmp_path):
    path = tmp_path / "leg.csv"
    path.write_text("x (mm),scan,S (uV/K)\n0,a,1\n1,a,2\n0,b,1\n2,b,3\n", encoding="utf-8")
    assert [line.label for line in read_seebeck_lines(path)] == ["a", "b"]
    path.write_text("x (mm),S (uV/K)\n0,1\n1,2\n", encoding="utf-8")
    assert [line.label for line in read_seebeck_lines(path)] == [""]


def test_bad_input(tmp_path):
    with pytest.raises(InputError, match="only once"):
        SeebeckLine(np.array([0.0, 0.0]), np.array([1e-4, 2e-4]))
    with pytest.raises(InputError, match="at least one profile"):
        plot_seebeck_lines([])
    path = tmp_path / "leg.csv"
    path.write_text("x (mm),R (ohm)\n0,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="S .uV/K."):
        read_seebeck_lines(path)
