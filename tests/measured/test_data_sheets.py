"""Data sheets: published ones met and carried to another temperature, closed forms, selection."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import ioffe as te
from ioffe.cli.main import entry
from ioffe.measured import DataSheet, equivalent_module, read_data_sheets, select, sheet_of_module
from ioffe.measured.data_sheets import pumped
from ioffe.report.study.sentences import sentences_of

LIST = Path(__file__).parents[2] / "examples" / "coolers.csv"
SHEETS = [one for one in read_data_sheets(LIST) if one.name.startswith("PC-")]
"""Ten modules of Laird Technologies, drawing PC-XXX-XX-XX, revision 1, 3 May 2006, for 298 K. It adds that
at 323 K delta_T_max is larger by 10 K and Q_max by 10 %, which nothing here is made from."""
ROUNDED = {"I_max": 0.02, "V_max": 0.02, "Q_max": 0.01, "delta_T_max": 0.5 / 68.0}
"""What the equivalent modules may miss: the prints of one drawing contradict each other by so much."""


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda one: one.name)
def test_published_sheets_and_their_other_corner(sheet):
    found = equivalent_module(sheet)
    back = sheet_of_module(found.at(sheet.T_hot), sheet.T_hot)
    for name, share in ROUNDED.items():
        assert getattr(back, name) == pytest.approx(getattr(sheet, name), rel=share), name
    warm = sheet_of_module(found.at(323.0), 323.0)
    assert warm.delta_T_max == pytest.approx(sheet.delta_T_max + 10.0, rel=0.05)
    assert warm.Q_max == pytest.approx(1.1 * sheet.Q_max, rel=0.05)


@pytest.mark.parametrize("Q_max", [1e-300, 9.0, 1e4, float("inf")])
def test_numbers_that_no_cooler_has_together_are_refused(Q_max):
    with pytest.raises(te.InputError, match="times I_max V_max"):
        replace(SHEETS[0], Q_max=Q_max)


def test_closed_form_of_the_equivalent_module_is_what_is_solved():
    """Heat and voltage of the linear heat balances against the engine, with thermal contacts and without."""
    found = equivalent_module(SHEETS[0])
    for module in (found, replace(found, thermal_contact=0.0)):
        cold, current = np.array([250.0, 280.0, 298.0]), np.array([0.0, 3.0, SHEETS[0].I_max])
        heat, voltage = pumped(module, 298.0, cold, current)
        for k in range(3):
            at = te.Cooler(T_hot=298.0, T_cold=cold[k], current=current[k])
            result = module.at(298.0).solve(at, maxima=False, tolerance=1e-9)
            assert float(heat[k]) == pytest.approx(float(result.heat_cold), rel=1e-8)
            assert float(voltage[k]) == pytest.approx(float(result.voltage), rel=1e-8)


def test_ten_sheets():
    assert len(SHEETS) == 10
    assert all(one.source for one in SHEETS)


def test_sheet_of_constant_properties_is_the_closed_form():
    """S, rho and kappa of one couple: the numbers by hand, and the module found again from them."""
    legs = [
        te.Leg(
            te.Material.from_arrays(
                name=carrier,
                carrier=carrier,
                T=[100, 900],
                seebeck=[sign * 2e-4] * 2,
                electrical_conductivity=[1e5] * 2,
                thermal_conductivity=[1.5] * 2,
            ),
            "1.6 mm",
            "2 mm2",
        )
        for carrier, sign in (("p", 1.0), ("n", -1.0))
    ]
    sheet = sheet_of_module(te.Module(*legs, couples=31, fill_factor=0.3), 300.0)
    S, R, K = 31 * 4e-4, 31 * 2 * 1.6e-3 / (1e5 * 2e-6), 31 * 2 * 1.5 * 2e-6 / 1.6e-3
    Z = S**2 / (R * K)
    cold = (np.sqrt(1.0 + 2.0 * Z * 300.0) - 1.0) / Z
    assert sheet.delta_T_max == pytest.approx(300.0 - cold, rel=1e-6)
    assert sheet.I_max == pytest.approx(S * cold / R, rel=1e-4)
    assert sheet.V_max == pytest.approx(S * 300.0, rel=1e-4)
    assert sheet.Q_max == pytest.approx(S * 300.0 * sheet.I_max - 0.5 * R * sheet.I_max**2, rel=1e-6)
    assert sheet.ac_resistance == pytest.approx(R)
    found = equivalent_module(sheet)
    again = sheet_of_module(found.at(300.0), 300.0)
    for name in ("I_max", "V_max", "Q_max", "delta_T_max"):
        assert getattr(again, name) == pytest.approx(getattr(sheet, name), rel=1e-3)
    assert found.thermal_contact < 1e-7


def test_contradicting_numbers_are_refused():
    with pytest.raises(te.ConvergenceError, match="no module has these numbers"):
        equivalent_module(replace(SHEETS[0], Q_max=2.0 * SHEETS[0].Q_max))
    with pytest.raises(te.InputError, match="delta_T_max"):
        replace(SHEETS[0], delta_T_max=400.0)


def test_selection_carries_the_heat_and_says_how_much_is_missing():
    small = DataSheet("small", 31, 298.0, 3.0, 3.8, 6.5, 67.0)
    large = DataSheet("large", 127, 298.0, 6.0, 15.4, 52.0, 67.0)
    task = {"heat": 12.0, "T_cold": 285.0, "T_ambient": 298.0, "sink": 0.3}
    found = select([small, large], **task)
    assert found.names == ("large", "small")
    assert found.reached == (True, False)
    assert found.values["max_heat"][1] < 12.0 < found.values["max_heat"][0]
    # heat and power go through the sink
    hot = 298.0 + 0.3 * (12.0 + found.values["power"][0])
    assert found.values["heat_hot"][0] == pytest.approx(12.0 + found.values["power"][0])
    assert found.values["T_hot_junction"][0] == pytest.approx(hot, abs=4.0)
    (said,) = sentences_of(found)
    assert said.startswith(
        f"1 of 2 modules carry 12 W; large does it with the largest COP, {found.COP[0]:.3g}"
    )
    four = select([small], **{**task, "heat": 4.0}, count=4)
    assert four.reached == (True,)
    (said,) = sentences_of(select([small], **task))
    assert said == f"No module of the list carries 12 W; most has small, {found.max_heat[1]:.3g} W each."
    with pytest.raises(te.InputError) as error:
        select([], **{**task, "sink": "0.3 W"}, count=0)
    assert len(error.value.faults) == 3


def test_list_with_faults(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("name,couples,T_hot (degC),I_max (A),V_max,Q_max (W),dT_max (K)\nM,127,25,6,15,50,x\n")
    with pytest.raises(te.InputError) as error:
        read_data_sheets(path)
    assert "V_max" in str(error.value)


@pytest.mark.parametrize("couples", ["1e-300", "0.4", "126.5", "1e9"])
def test_couples_are_a_whole_number(tmp_path, couples):
    path = tmp_path / "list.csv"
    head = "name,couples,T_hot (degC),I_max (A),V_max (V),Q_max (W),dT_max (K)"
    path.write_text(f"{head}\nM,{couples},25,6,15.4,53,68\n")
    with pytest.raises(te.InputError, match="M: couples.*a whole number from 1"):
        read_data_sheets(path)


def test_command(tmp_path, capsys):
    short = tmp_path / "list.csv"
    short.write_text("".join(LIST.read_text().splitlines(keepends=True)[:4]))
    options = ["--heat", "20 W", "--t-cold", "10 degC", "--sink", "0.1 K/W", "--out", str(tmp_path / "out")]
    assert entry(["select", str(short), *options]) == 0
    assert "PC-072-14-06" in capsys.readouterr().out
    assert (tmp_path / "out" / "modules.csv").exists()
    assert entry(["select", str(short), "--heat", "20 K", "--t-cold", "10 degC"]) == 2


HEAD = "name,couples,T_hot (degC),I_max (A),V_max (V),Q_max (W),dT_max (K)\n"
WRONG = {
    "M,127,25,14.4,6.4,50,66": "V_max.*exchanged",
    "M,127,25,6.4,14.4,50,119": "dT_max.*Fahrenheit",
    "M,127,298,6.4,14.4,50,66": "T_hot.*kelvin in a column of degC",
    "M,12,25,6.4,14.4,50,66": "V_max.*number of couples",
    "M,127,25,6.4,14.4,50000,66": r"list\.csv: M: Q_max.*mW",
    "M,127,25,6.4,14.4,50,66\nM,71,50,6.4,16,57,75": "M: couples.*127 and 71",
}


@pytest.mark.parametrize("rows", WRONG)
def test_mistaken_rows_are_told_in_the_words_of_a_data_sheet(tmp_path, rows):
    path = tmp_path / "list.csv"
    path.write_text(f"{HEAD}{rows}\n", encoding="utf-8")
    task = {"heat": "20 W", "T_cold": "10 degC", "T_ambient": "25 degC"}
    with pytest.raises(te.InputError, match=WRONG[rows]):
        select(read_data_sheets(path), **task)
    if "50000" in rows:
        return
    good = "good,127,25,6.4,14.4,50,66"
    path.write_text(f"{HEAD}{rows}\n{good}\n", encoding="utf-8")
    found = select(read_data_sheets(path), **task)
    assert found.names == ("good",)
    assert "left out: M" in found.warnings[0]
