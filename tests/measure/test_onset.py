"""Onset of a falling curve: the break, how often its interval holds, and what is no break."""

import json

import numpy as np
import pytest
from scipy.optimize import least_squares

from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.measure.critical_current import critical_voltage_of_onset, onset, read_onset_curve

J = np.linspace(0.5e4, 20e4, 40)
BREAK = 11.3e4


def curve(seed, noise=0.01, slope=0.0, fall=-0.02):
    rng = np.random.default_rng(seed)
    bent = 1.0 + slope * (J - BREAK) / 1e4 + fall * np.maximum(J - BREAK, 0.0) / 1e4
    return bent + noise * rng.standard_normal(J.size)


@pytest.mark.parametrize(("before", "std"), [("flat", None), ("line", None), ("flat", 0.01)])
def test_intervals_hold_as_often_as_they_say(before, std):
    slope = -0.002 if before == "line" else 0.0
    found = [onset(J, curve(seed, slope=slope), std, before=before) for seed in range(300)]
    assert all(one.exists for one in found)
    hit = np.mean([one.interval[0] <= BREAK <= one.interval[1] for one in found])
    assert 0.60 <= hit <= 0.76


def test_wide_interval_holds_nearly_always():
    found = [onset(J, curve(seed), confidence=0.95) for seed in range(100)]
    assert np.mean([one.interval[0] <= BREAK <= one.interval[1] for one in found]) >= 0.88


@pytest.mark.parametrize("before", ["flat", "line"])
def test_the_break_is_that_of_an_independent_least_squares(before):
    y = curve(7, slope=-0.003 if before == "line" else 0.0)
    found = onset(J, y, before=before)

    def residuals(p):
        first = p[3] if before == "line" else 0.0
        x = J / 1e4 - p[1]
        return p[0] + first * np.minimum(x, 0.0) + p[2] * np.maximum(x, 0.0) - y

    best = least_squares(residuals, [1.0, found.position / 1e4 + 0.01, -0.02, 0.0], xtol=1e-14, ftol=1e-14)
    assert found.position / 1e4 == pytest.approx(best.x[1], abs=1e-4)
    assert found.level == pytest.approx(best.x[0], abs=1e-5)
    assert found.slope_after * 1e4 == pytest.approx(best.x[2], abs=1e-5)
    assert np.sum((found.value_at(J) - y) ** 2) <= 2.0 * best.cost * (1.0 + 1e-9)


def test_interval_ends_are_where_the_sum_of_squares_has_risen_by_the_threshold():
    from scipy.stats import f

    y = curve(3)
    found = onset(J, y)

    def least(at):
        design = np.column_stack([np.ones_like(J), np.maximum(J - at, 0.0) / 1e4])
        return np.sum((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2)

    free = J.size - 3
    allowed = least(found.position) * (1.0 + f.ppf(0.683, 1, free) / free)
    for end in found.interval:
        assert least(end) == pytest.approx(allowed, rel=1e-6)


def test_without_a_break_none_is_found_and_words_say_why():
    found = [onset(J, curve(seed, fall=0.0)) for seed in range(200)]
    assert np.mean([one.exists for one in found]) <= 0.03
    none = next(one for one in found if not one.exists)
    assert np.isnan(none.position)
    assert "one level" in none.reason
    assert "no onset" in str(none)
    straight = onset(J, curve(1, slope=-0.01, fall=0.0), before="line")
    assert not straight.exists
    assert "straight line" in straight.reason
    assert straight.slope_before == pytest.approx(-0.01e-4, rel=0.1)


def test_a_rise_is_no_onset():
    found = onset(J, curve(1, fall=+0.02))
    assert not found.exists
    assert "does not fall" in found.reason


def test_exact_points_give_the_exact_break_in_any_order():
    y = curve(0, noise=0.0)
    order = np.random.default_rng(1).permutation(J.size)
    for found in (onset(J, y), onset(J[order], y[order])):
        assert found.position == pytest.approx(BREAK, rel=1e-9)
        assert found.interval == pytest.approx((BREAK, BREAK), rel=1e-6)


def test_a_break_near_the_end_has_an_open_interval():
    y = 1.0 - 2e-6 * np.maximum(J - 18.5e4, 0.0) + 0.004 * np.random.default_rng(4).standard_normal(J.size)
    found = onset(J, y, confidence=0.95)
    if found.exists:
        assert np.isnan(found.interval[1]) or found.interval[1] <= J[-2]
        assert found.interval[0] < found.position


def test_critical_voltage_is_proportional():
    found = onset(J, curve(2))
    voltage, (low, high) = critical_voltage_of_onset(found, 122e2, 10e-3)
    assert voltage == pytest.approx(found.position * 10e-3 / 122e2)
    assert low < voltage < high
    with pytest.raises(InputError) as caught:
        critical_voltage_of_onset(found, 0.0, -1.0)
    assert len(caught.value.faults) == 2


def test_bad_input_is_reported_whole():
    with pytest.raises(InputError) as caught:
        onset([1.0, 2.0, np.nan], [1.0, 1.0, 1.0], -1.0, before="level", confidence=2.0)
    places = [fault.location for fault in caught.value.faults]
    assert places == ["x", "x", "std", "before", "confidence"]
    with pytest.raises(InputError, match="as many numbers as for x"):
        onset(J, [1.0, 2.0])


def written(folder, text):
    path = folder / "curve.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_files_and_the_command(tmp_path, capsys):
    rows = "\n".join(f"{a / 1e4},{b},0.01" for a, b in zip(J, curve(5), strict=True))
    path = written(tmp_path, f"# a remark\nJ (A/cm2),R/R0,std\n{rows}\n")
    density, ratio, std = read_onset_curve(path)
    assert density == pytest.approx(J)
    assert ratio.shape == std.shape == J.shape
    typed = ["measure", "onset", str(path), "--sigma", "122 S/cm", "--length", "10 mm", "--json"]
    assert entry([*typed, "--out", str(tmp_path / "out")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["position"] == pytest.approx(onset(J, curve(5), 0.01).position, rel=1e-6)
    assert found["critical_voltage"] == pytest.approx(found["position"] * 10e-3 / 122e2)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["onset.svg", "points.csv", "result.json"]


@pytest.mark.parametrize("head", ["S/S0", "R/R0", "ratio"])
def test_ratios_of_both_kinds_and_decimal_commas_are_read(tmp_path, head):
    density, ratio, std = read_onset_curve(written(tmp_path, f"{head};J (A/cm2)\n1,00;1,5\n0,95;2,5\n"))
    assert density == pytest.approx([1.5e4, 2.5e4])
    assert ratio == pytest.approx([1.0, 0.95])
    assert std is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", 'no line with the headers "J (A/cm2)"'),
        ("J (K),R/R0\n1,2\n", 'column 1 = "J (K)"'),
        ("J (A/cm2),R/R0\n1,x\n2,y\n", "line 3"),
    ],
)
def test_faulty_files(tmp_path, capsys, text, words):
    path = written(tmp_path, text)
    assert entry(["measure", "onset", str(path), "--out", str(tmp_path / "out")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
