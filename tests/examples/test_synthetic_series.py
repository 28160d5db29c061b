"""The synthetic doping series gives back the numbers it was made with."""

from pathlib import Path

import numpy as np
import pytest

from ioffe.material import readers
from ioffe.material.analysis import analyse
from ioffe.material.fit import fit
from tools import make_analysis_example as made

FILE = Path(__file__).parents[2] / "examples" / "synthetic-series.csv"


@pytest.fixture(scope="module")
def series():
    return readers.read(FILE)


def test_the_file_says_what_it_is(series):
    assert all("synthetic, no real sample" in sample.provenance.note for sample in series)
    assert all(sample.has_std and sample.carrier == "p" for sample in series)


def test_the_file_is_that_of_its_program():
    def numbers(text):
        return np.array([line.split(",")[1:] for line in text.splitlines() if line[:1] == "x"], float)

    assert numbers(FILE.read_text(encoding="utf-8")) == pytest.approx(numbers(made.text()), rel=2e-3)


def test_a_fit_of_two_bands_gives_its_numbers_back(series):
    found = fit(series, made.MODEL)
    assert not any("does not describe" in text for text in found.findings)
    for name, value in made.PARAMETERS.items():
        for sample in found.samples:
            p = found.parameter(name, sample)
            assert abs(p.value - value) < 3.5 * p.std, (name, sample)
    for sample, density in made.DENSITIES.items():
        p = found.parameter("carrier_density", sample)
        assert abs(p.value - density) < 3.5 * p.std


def test_the_analysis_sees_the_minority_carriers(series):
    analysis = analyse(series)
    onsets = [sample.split.onset for sample in analysis]
    assert all(sample.split.kind == "detected" for sample in analysis)
    assert onsets[0] < onsets[1] < onsets[3]
    assert analysis[0].gap.kind == "maximum"
    assert analysis[0].gap.value == pytest.approx(made.PARAMETERS["gap"], rel=0.15)
