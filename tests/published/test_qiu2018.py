from itertools import pairwise

import numpy as np
import pytest

from ioffe.migration.transient.simulate import simulate
from ioffe.published import qiu2018
from ioffe.published.comparison import Verdict
from ioffe.published.qiu2018 import conductor, defects, gradient_limits, isothermal_leg, profile
from ioffe.published.run import run_source
from ioffe.published.source import SourceInputs, find_source
from ioffe.published.values import override

CRITICAL_MILLIVOLTS = {0.0: 40.310, 0.01: 52.878, 0.03: 74.842, 0.04: 84.234, 0.06: 100.350, 0.1: 124.910}
"""Eq. 7 with the constants of the source, evaluated with mpmath."""


@pytest.fixture(scope="module")
def inputs():
    return find_source("S1").inputs()


def changed(**values):
    source = find_source("S1")
    return SourceInputs(source.folder, override(source.assumptions, values))


def test_source_as_a_whole():
    found = run_source(find_source("S1"))
    wrong = [row.published for row in found.compared if row.verdict is Verdict.NOT_REPRODUCED]
    assert not [value.key for value in wrong if not value.why]
    verdicts = {row.published.key: row.verdict for row in found.compared}
    assert verdicts["gibbs_energy"] is Verdict.UNDECIDABLE  # 0.4 eV is printed
    assert verdicts["J_three_same"] is Verdict.NOT_REPRODUCED
    assert verdicts["voltage_at_3"] is Verdict.WITHIN
    classes = {row.published.key: row.published.evidence for row in found.compared}
    assert {classes[key] for key in ("J_one", "J_three", "voltage_three", "voltage_at_30")} == {"calibrated"}


def test_defect_model_has_the_constants_of_the_source(inputs):
    model = defects(inputs)
    for delta, millivolts in CRITICAL_MILLIVOLTS.items():
        assert 1e3 * float(model.critical_voltage(delta, 750.0)) == pytest.approx(millivolts, abs=6e-4)
    exact = [1e3 * float(model.critical_voltage(d, 750.0, form="uniform field")) for d in (0.03, 0.06)]
    assert exact == pytest.approx([78.323, 109.773], abs=6e-4)


def test_undivided_leg_has_the_limits_that_were_put_in(inputs):
    limits = gradient_limits(inputs, 1)
    assert limits.upper == pytest.approx(0.3e4, rel=1e-9)
    assert -limits.lower == pytest.approx(20e4, rel=1e-9)
    assert float(conductor(inputs).isothermal_voltage(750.0)) == pytest.approx(0.09, rel=1e-9)


def test_three_segments_by_hand(inputs):
    """For a conductivity in proportion to T, the integral of dx/sigma is a logarithm."""
    by_kelvin = 6e-3 / 373.0 * 750.0 / 122e2

    def resistance(hot, cold):
        return by_kelvin * np.log(hot / cold)

    whole = resistance(673.0, 350.0)
    S_star = (20e4 - 0.3e4) * whole / (2.0 * 323.0)
    level = (20e4 + 0.3e4) * whole / 2.0
    slope = (0.09 - level) / (750.0 - 511.5)
    ends = [673.0, 673.0 - 373.0 / 3.0, 673.0 - 2.0 * 373.0 / 3.0, 350.0]
    limits = []
    for hot, cold in pairwise(ends):
        voltage = level + slope * ((hot + cold) / 2.0 - 511.5) - S_star * (hot - cold)
        limits.append(voltage / resistance(hot, cold))
    found = qiu2018.with_gradient(inputs)
    assert found["J_three_same"] == pytest.approx(min(limits), rel=1e-4)
    assert found["voltage_three_same"] == pytest.approx(min(limits) * whole, rel=1e-4)
    assert qiu2018.directions(inputs)["S_star"] == pytest.approx(S_star, rel=1e-4)


def test_what_the_undivided_leg_does_not_determine(inputs):
    """The notes of the source and the card: 0.44 mV/K or 32 mV in the middle segment, which decides."""
    limits = gradient_limits(inputs, 3)
    assert limits.upper == pytest.approx(qiu2018.with_gradient(inputs)["J_three_same"], rel=1e-9)
    S_star, voltage = qiu2018.middle_segment(inputs)
    assert S_star == pytest.approx(0.44e-3, abs=0.01e-3)
    assert voltage == pytest.approx(32e-3, abs=0.5e-3)
    found = {row.published.key: row.computed for row in run_source(find_source("S1")).compared}
    for key, low, value, high in (
        ("S_star", 0.18e-3, 0.20e-3, 0.21e-3),
        ("gradient_voltage", 56e-3, 66e-3, 70e-3),
    ):
        one = found[key]
        assert (one.value - one.below, one.value, one.value + one.above) == pytest.approx(
            (low, value, high), rel=0.02
        )


def test_resistance_falls_from_the_exact_critical_current_on(inputs):
    J = qiu2018.exact(inputs)["exact_one"]
    hold = 6000.0
    ratios = []
    for share in (0.85, 0.97, 1.1, 1.3):
        found = simulate(
            isothermal_leg(inputs), [(hold, share * J)], cells=24, tolerance=1e-3, estimate_error=False
        )
        ratios.append(float(found.resistance_ratio[-1]))
        assert bool(found.deposits) is (share > 1.0)
    assert 1.0 < ratios[0] < ratios[1]
    assert ratios[1] > ratios[2] > ratios[3]


def test_conductivity_of_the_middle_temperatures_matters(inputs):
    base, flat = (qiu2018.directions(i)["voltage_opposite"] for i in (inputs, changed(sigma_exponent=0.0)))
    assert flat < base


def test_mean_conductivity_is_in_the_published_range():
    for exponent in ("0.8", "1.05"):
        _, T, sigma = profile(changed(sigma_exponent=exponent))
        inside = T >= 350.0
        mean = 1e-2 / float(np.mean(1.0 / sigma[inside]))
        assert 77.0 < mean < 88.0


def test_pictures_that_cost_little(inputs):
    source = find_source("S1")
    published = {value.key: value for value in source.values}
    cheap = [picture for picture in source.pictures if picture.__name__ != "draw_resistance"]
    drawn = [picture(inputs, published) for picture in cheap]
    assert [one.name for one in drawn] == ["voltages", "profiles", "directions"]
    for one in drawn:
        assert one.caption.endswith(".")
        assert all(ax.get_ylabel() for ax in one.figure.axes)
