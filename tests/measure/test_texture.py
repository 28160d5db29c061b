"""Lotgering's factor from tables and from patterns; reading patterns; peaks."""

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.measure.diffraction import Pattern, find_peaks, read_pattern, two_theta
from ioffe.measure.texture import lotgering, lotgering_of_pattern, miller_indices
from tests.measure.test_laser_flash import write

A, C = 4.2967e-10, 30.4862e-10
RANDOM = {"006": 6.0, "015": 100.0, "1010": 32.0, "110": 28.0, "0015": 9.0, "205": 14.0}


def gaussian_pattern(intensities, width=0.12, background=50.0, noise=0.0, seed=1):
    angle = np.arange(10.0, 70.0, 0.02)
    counts = background + 30.0 * np.exp(-angle / 15.0)
    for indices, size in intensities.items():
        centre = two_theta([miller_indices(indices)], a=A, c=C)[0]
        counts = counts + 20 * size * np.exp(-0.5 * ((angle - centre) / width) ** 2)
    if noise:
        counts = counts + np.random.default_rng(seed).normal(0, noise, angle.size)
    return Pattern(angle, counts)


def test_factor_written_out():
    sample = {**RANDOM, "006": 12.0, "0015": 15.0}
    share, random = 27 / 201, 15 / 189
    found = lotgering(sample, RANDOM)
    assert found.factor == pytest.approx((share - random) / (1 - random))
    assert (found.share, found.random_share) == (pytest.approx(share), pytest.approx(random))
    assert lotgering(RANDOM, RANDOM).factor == 0.0
    scaled = {key: 7.0 * value for key, value in sample.items()}
    assert lotgering(scaled, RANDOM).factor == pytest.approx(found.factor)


def test_published_factors_from_shares():
    """F = 0.05641 ... 0.04691: P follows from F and P0 and comes back."""
    for F in (0.05641, 0.06967, 0.06674, 0.05499, 0.04691):
        random = 15 / 189
        share = random + F * (1 - random)
        other = 174.0
        basal = share * other / (1 - share)
        sample = {**RANDOM, "006": basal * 0.4, "0015": basal * 0.6}
        assert lotgering(sample, RANDOM).factor == pytest.approx(F, rel=1e-12)


def test_only_reflections_of_both_count():
    found = lotgering({"006": 10.0, "015": 90.0, "999": 500.0}, RANDOM)
    assert found.reflections == ((0, 0, 6), (0, 1, 5))
    assert found.random_share == pytest.approx(6 / 106)


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("0 0 6", (0, 0, 6)),
        ("(015)", (0, 1, 5)),
        ("1 0 -5", (1, 0, -5)),
        ("0,0,15", (0, 0, 15)),
        ("[1 1 0]", (1, 1, 0)),
        ((1, 0, 10), (1, 0, 10)),
        ((1, 0, -1, 5), (1, 0, 5)),
    ],
)
def test_indices(text, indices):
    assert miller_indices(text) == indices


@pytest.mark.parametrize("text", ["", "0 0", "abc", "0 0 0", "1.5 0 0", "1 0 1 5", (1.0, 0.0, 5.0)])
def test_wrong_indices(text):
    with pytest.raises(InputError, match="Miller indices"):
        miller_indices(text)


def test_pattern_gives_the_factor_of_its_peaks():
    sample = {**RANDOM, "006": 14.0, "0015": 20.0}
    exact = lotgering(sample, RANDOM).factor
    clean = lotgering_of_pattern(gaussian_pattern(sample), RANDOM, a=A, c=C)
    assert clean.factor == pytest.approx(exact, abs=2e-3)
    heights = lotgering_of_pattern(gaussian_pattern(sample), RANDOM, a=A, c=C, areas=False)
    assert heights.factor == pytest.approx(exact, abs=2e-3)
    noisy = lotgering_of_pattern(gaussian_pattern(sample, noise=6.0), RANDOM, a=A, c=C, areas=False)
    assert noisy.factor == pytest.approx(exact, abs=0.02)


def test_reflections_outside_the_pattern_are_left_out():
    sample = {**RANDOM, "006": 14.0}
    full = gaussian_pattern(sample)
    part = full.two_theta < 45
    found = lotgering_of_pattern(
        Pattern(full.two_theta[part], full.intensity[part]), RANDOM, a=A, c=C, areas=False
    )
    inside = {key: RANDOM[key] for key in ("006", "015", "1010", "110", "0015")}
    assert found.factor == pytest.approx(lotgering({**inside, "006": 14.0}, inside).factor, abs=5e-3)


def test_peaks_above_a_background():
    pattern = gaussian_pattern({"006": 10.0, "015": 100.0})
    peaks = find_peaks(pattern)
    exact = two_theta([(0, 0, 6), (0, 1, 5)], a=A, c=C)
    assert [peak.two_theta for peak in peaks] == pytest.approx(exact, abs=0.02)
    assert [peak.height for peak in peaks] == pytest.approx([200.0, 2000.0], rel=0.02)
    assert [peak.area for peak in peaks] == pytest.approx(
        np.array([200.0, 2000.0]) * 0.12 * np.sqrt(2 * np.pi), rel=0.03
    )
    flat = Pattern(pattern.two_theta, np.full(pattern.two_theta.size, 7.0))
    assert find_peaks(flat) == []
    with pytest.raises(InputError) as caught:
        find_peaks(pattern, least_share=2.0, background_width=0.0, noise=-1.0)
    assert len(caught.value.faults) == 3


def test_reading_a_pattern(tmp_path):
    pattern = gaussian_pattern(RANDOM)
    rows = [f"{x:.2f} {y:.4f}" for x, y in zip(pattern.two_theta, pattern.intensity, strict=True)]
    found = read_pattern(write(tmp_path, "# Cu Ka\n2theta counts\n" + "\n".join(rows), "a.xy"))
    assert found.two_theta == pytest.approx(pattern.two_theta)
    assert found.intensity == pytest.approx(pattern.intensity, abs=1e-4)
    commas = "\n".join(row.replace(" ", ",") + ",1.0" for row in rows)
    assert read_pattern(write(tmp_path, commas, "b.csv")).intensity == pytest.approx(found.intensity)


def test_faulty_patterns(tmp_path):
    rows = [f"{10 + 0.1 * i:.1f} 5" for i in range(40)]
    with pytest.raises(InputError) as caught:
        read_pattern(write(tmp_path, "\n".join([*rows[:5], "11.0 many", "11.1", *rows[5:]])))
    assert [fault.location for fault in caught.value.faults] == ["line 6", "line 7"]
    with pytest.raises(InputError, match="rising angles"):
        read_pattern(write(tmp_path, "\n".join([*rows, "9.0 5"])))
    with pytest.raises(InputError, match="at least 20 lines"):
        read_pattern(write(tmp_path, "\n".join(rows[:7])))
    with pytest.raises(InputError) as caught:
        Pattern(np.linspace(-1, 10, 30), np.full(30, np.nan))
    assert len(caught.value.faults) == 2


def test_bad_tables():
    with pytest.raises(InputError) as caught:
        lotgering({"006": -1.0, "x": 1.0, "015": 1.0}, {"006": 1.0, "0 0 6": 2.0})
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError, match=r"in common: 006; at least one \(00l\) and one other"):
        lotgering({"006": 1.0}, RANDOM)
    with pytest.raises(InputError, match="other reflections than"):
        lotgering({"006": 1.0, "015": 1.0}, {"006": 1.0, "015": 0.0})
    with pytest.raises(InputError, match="must not all be 0"):
        lotgering({"006": 0.0, "015": 0.0}, RANDOM)
    with pytest.raises(InputError, match="no peak is within"):
        lotgering_of_pattern(gaussian_pattern({"006": 10.0}), {"015": 1.0, "0 0 9": 1.0}, a=A, c=C)
