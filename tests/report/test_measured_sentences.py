"""Sentences of measurements say the numbers of their results."""

from __future__ import annotations

import numpy as np

from ioffe import measure
from ioffe.interface.ageing.junctions import age_junctions
from ioffe.interface.ageing.result import AgeingSeries
from ioffe.material.uncertainty import with_error
from ioffe.report.study.sentences import sentences_of


def test_a_transfer_length_says_what_follows_from_the_line():
    gap = np.array([5, 10, 20, 40, 80]) * 1e-6
    noise = 1.0 + 0.005 * np.array([1.0, -1.0, 1.0, -1.0, 1.0])
    found = measure.transfer_length(gap, noise * (2 * 1.5 + 50.0 * gap / 100e-6), "100 um")
    (text,) = sentences_of(found)
    sizes = {"length": 1e6, "sheet_resistance": 1.0, "resistivity": 1e10}
    for name, factor in sizes.items():
        one = getattr(found, name)
        assert with_error(factor * float(one.value), factor * float(one.std)) in text


def test_ageing_goes_from_the_first_value_of_the_law_to_its_last():
    days = 86400.0 * np.array([0.0, 1.0, 4.0, 9.0, 16.0])
    growth = np.sqrt(days / 86400.0)
    values = {"A": 5e-10 + 1e-10 * growth, "B": 5e-10 + 4e-10 * growth}
    series = [AgeingSeries(name, days, rho) for name, rho in values.items()]
    (text,) = sentences_of(age_junctions(series, "electrical_contact_resistivity", law="parabolic"))
    assert "that of A from 5 µΩ cm² to 9 µΩ cm² in 16 day" in text
    assert "that of B from 5 µΩ cm² to 21 µΩ cm² in 16 day" in text


def test_an_onset_without_a_break_says_so():
    J = np.linspace(1e4, 20e4, 39)
    (text,) = sentences_of(measure.onset(J, np.ones_like(J) + 1e-4 * np.sin(J), std=1e-3))
    assert text.startswith("The curve has no onset: ")
