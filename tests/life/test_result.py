"""What a life says: dictionary, rows, frame, print, file."""

import json

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

import ioffe as te
from ioffe.base.constants import e
from ioffe.base.units import format_si
from ioffe.interface.ageing import Arrhenius, Relaxation
from ioffe.life import Degradation, Service, ServicePhase, solve_life
from ioffe.life.performance import PerformanceLoss, crossing, crossings, time_words
from tests.life.cases import DAY, hot, leg


@pytest.fixture(scope="module")
def life():
    law = Relaxation(20.8e-10, 90e-10, 5 * DAY, acceleration=Arrhenius(0.8 * e, 550.0))
    part = Degradation("contact.electrical", law, std={"final": 9e-10}, note="contact: made up")
    service = Service.cycles([ServicePhase("12 h"), ServicePhase("12 h", temperature="350 K")], "60 day")
    return solve_life(leg(), hot(), [part], service, times=[0.0, 10 * DAY, 60 * DAY], losses=["5 %", "90 %"])


def test_dictionary_is_json_in_si(life, tmp_path):
    path = life.save(tmp_path / "life.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["axes"]["time"] == [0.0, 10 * DAY, 60 * DAY]
    assert found["max_power"] == life.max_power.tolist()
    assert found["units"]["contact_hot.electrical"] == "ohm m2"
    assert found["service"]["averaged"] is True
    assert found["losses"][1]["time"] == "inf"
    assert found["degradations"][0]["parameters"]["activation_energy"] == pytest.approx(0.8 * e)
    assert found["status"] == "ok"


def test_rows_and_frame(life):
    header, rows = life.rows()
    assert header[0] == "time (s)"
    assert len(rows) == 3
    assert all(len(row) == len(header) for row in rows)
    frame = life.to_frame()
    assert frame["max_power (W)"].to_numpy() == pytest.approx(life.max_power)
    assert np.all(frame["max_power_low (W)"] <= frame["max_power (W)"])


def test_printing_tells_the_losses_and_the_balance(life):
    text = repr(life)
    assert "-5 % of max_power" in text
    assert "not reached within 60 day" in text
    assert "energy balance" in text
    assert "averaged" in text


def test_cold_end_ages_less(life):
    nominal = life.numbers.nominal
    assert nominal["contact_hot.electrical"][-1] > nominal["contact_cold.electrical"][-1]
    # half of the time at 550 K, half at 350 K
    share = 0.5 + 0.5 * float(life.degradations[0].law.acceleration.factor(350.0))
    assert life.reduced_time["contact_hot.electrical"][-1] == pytest.approx(share * 60 * DAY, rel=1e-9)
    assert life.temperatures["contact_hot.electrical"] == pytest.approx([450.0] * 3)


def test_unknown_names(life):
    with pytest.raises(AttributeError, match='did you mean "max_power"'):
        _ = life.max_powr
    with pytest.raises(te.InputError, match="max_power 0.05"):
        life.loss("max_power", 0.3)


def test_it_is_frozen(life):
    with pytest.raises(AttributeError):
        life.time = None


def test_citations(life):
    assert any("made up" in text for text in life.citations())


def test_words_of_losses():
    assert str(PerformanceLoss("power", 0.1, np.nan, np.nan, np.nan, DAY)) == "unknown, there is no solution"
    assert str(PerformanceLoss("power", 0.1, DAY, np.nan, np.nan, 9 * DAY)) == "1 day"
    assert "2 day to 4 day" in str(PerformanceLoss("power", 0.1, 3 * DAY, 2 * DAY, 4 * DAY, 9 * DAY))
    assert "at the other end not reached" in str(
        PerformanceLoss("power", 0.1, 3 * DAY, 2 * DAY, np.inf, 9 * DAY)
    )
    assert "from 8 day on" in str(PerformanceLoss("power", 0.1, np.inf, 8 * DAY, np.inf, 9 * DAY))
    assert time_words(np.inf) == "never"


def test_crossing():
    t = np.linspace(0.0, 4.0, 30)
    assert crossing(t, np.exp(-t), 0.5) == pytest.approx(np.log(2.0), rel=1e-3)
    assert crossing(t, 1.0 + t, 0.5) == np.inf
    assert crossing(t, np.full(30, 0.3), 0.5) == 0.0
    assert np.isnan(crossing(t, np.full(30, np.nan), 0.5))


def test_crossings_of_many_curves_are_the_roots_of_their_cubics():
    rng = np.random.default_rng(0)
    t = np.cumsum(rng.random(41))
    curves = 1.0 - np.cumsum(0.02 * rng.random((20, 41)), axis=1)
    curves[3, 5:9], curves[4, 5:] = np.nan, np.nan
    found = crossings(t, curves, 0.8)
    for curve, at in zip(np.delete(curves, 4, axis=0), np.delete(found, 4), strict=True):
        good = np.isfinite(curve)
        (root,) = PchipInterpolator(t[good], curve[good]).solve(0.8, extrapolate=False)
        assert at == pytest.approx(root, rel=1e-12)
    assert np.isnan(found[4])  # unknown behind the gap


def test_printing_tells_both_ends_and_the_band(life):
    text = repr(life)
    first, last = (format_si(v, "max_power") for v in (life.max_power[0], life.max_power[-1]))
    band = [format_si(side["max_power"][-1], "max_power") for side in (life.low, life.high)]
    assert f"{first} -> {last} (" in text
    assert f"95 %: {band[0]} to {band[1]}" in text
    ends = [
        format_si(v, "electrical_contact_resistivity")
        for v in life.numbers.nominal["contact_hot.electrical"][[0, -1]]
    ]
    assert f"contact_hot.electrical: {ends[0]} -> {ends[1]}" in text
