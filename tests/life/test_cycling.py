"""Drift and scatter of cycles against known samples and numpy's fit; Coffin-Manson."""

import numpy as np
import pytest
from scipy.stats import linregress

import ioffe as te
from ioffe.life import CoffinManson, cycling_statistics

# ten cycles of a generator of 278 mW, as one reads them from a picture: all within 5 %
TEN = 0.278 * (1.0 + np.array([0.0, 0.012, -0.006, 0.02, -0.018, 0.009, -0.011, 0.004, -0.015, 0.01]))


def test_ten_cycles_within_five_per_cent():
    found = cycling_statistics(TEN)
    assert found.within(0.05)
    assert not found.within(0.01)
    assert not found.drift_is_significant()
    assert found.cycles_to(0.1)[2] == np.inf


def test_line_is_that_of_scipy():
    x = np.array([1.0, 2.0, 5.0, 9.0, 12.0, 20.0])
    y = 3.0 - 0.004 * x + 0.01 * np.sin(9.0 * x)
    found, line = cycling_statistics(y, x), linregress(x, y)
    assert found.drift == pytest.approx(line.slope / y.mean(), rel=1e-12)
    assert found.drift_std == pytest.approx(line.stderr / y.mean(), rel=1e-9)
    assert found.first == pytest.approx(line.intercept + line.slope * x[0], rel=1e-12)


def test_known_drift_lies_in_its_interval_as_often_as_stated():
    random = np.random.default_rng(4)
    n = np.arange(1, 31)
    hits = 0
    for _ in range(400):
        low, high = cycling_statistics(1.0 - 5e-4 * n + 0.01 * random.standard_normal(30)).drift_interval(0.9)
        hits += low < -5e-4 / (1.0 - 5e-4 * 15.5) < high
    assert hits / 400 == pytest.approx(0.9, abs=0.04)


def test_drifts_of_any_size_are_judged_by_their_interval():
    """The signs count, not the size: cycles with a hundredth of the scatter, and their mirror image."""
    for scale in (1.0, 1e-2, -1e-2):
        found = cycling_statistics(1.0 + scale * (TEN / 0.278 - 1.0))
        low, high = found.drift_interval()
        assert low < 0.0 < high
        assert not found.drift_is_significant()
    falls = cycling_statistics(1.0 - 1e-4 * np.arange(10) + 1e-3 * (TEN / 0.278 - 1.0))
    assert falls.drift_is_significant()
    assert CoffinManson(1e-4, 2.0).factor(2e-4) == pytest.approx(4.0)


def test_cycles_to_a_loss():
    n = np.arange(1, 101)
    noise = 1e-4 * np.random.default_rng(1).standard_normal(100)
    cycles, soon, late = cycling_statistics(1.0 - 1e-3 * (n - 50.5) + noise).cycles_to(0.1)
    assert cycles == pytest.approx(100.0, rel=0.01)
    assert soon < cycles < late


def test_missing_cycles_are_left_out():
    values = TEN.copy()
    values[3] = np.nan
    assert cycling_statistics(values).count == 9


def test_coffin_manson_and_miner():
    joint = CoffinManson(100.0, 2.5, cycles=8000.0)
    assert joint.cycles_to_failure(100.0) == 8000.0
    assert joint.cycles_to_failure(400.0) == pytest.approx(8000.0 / 32.0)
    assert joint.cycles_to_failure(0.0) == np.inf
    assert joint.damage([100.0, 400.0], [4000.0, 125.0]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: cycling_statistics([1.0, 2.0]), "three cycles"),
        (lambda: cycling_statistics([1.0, -2.0, 3.0]), r"values\[1\]"),
        (lambda: cycling_statistics([1.0, 2.0, 3.0], [1, 3, 2]), r"cycles\[2\]"),
        (lambda: cycling_statistics([1.0, 2.0, 3.0], [1, 2]), "one number for each"),
        (lambda: CoffinManson(0.0, 2.0), "delta_T"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(te.InputError, match=words):
        make()
