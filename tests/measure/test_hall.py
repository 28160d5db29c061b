"""Hall effect: sweeps, densities, mobilities; resistivity by van der Pauw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.measure.hall import hall_coefficient, hall_result, van_der_pauw


def test_published_density_and_mobility():
    """n 2.10e19 cm^-3 and 56.5 cm2/Vs belong to 190.1 S/cm (n e mu)."""
    found = hall_result(1 / (2.10e25 * e), 1 / 19010.0)
    assert found.carrier == "p"
    assert found.carrier_density == pytest.approx(2.10e25)
    assert found.mobility == pytest.approx(56.5e-4, rel=1e-3)


def test_sweep_with_offset_and_magnetoresistance():
    B = np.linspace(-1.5, 1.5, 13)
    R_H, t, current, offset = -0.3e-6, 0.8e-3, 20e-3, 4e-4
    voltage = current * (R_H / t * B + offset)
    fit = hall_coefficient(B, voltage, current=current, thickness=t, thickness_std=0.02e-3)
    assert fit.coefficient == pytest.approx(R_H, rel=1e-12)
    assert fit.offset == pytest.approx(offset, rel=1e-12)
    assert fit.coefficient_std == pytest.approx(0.025 * 0.3e-6, rel=1e-6)
    assert fit.curvature == pytest.approx(0.0, abs=1e-10)
    bent = hall_coefficient(B, voltage + current * 1e-5 * B**2, current=current, thickness=t)
    assert bent.coefficient == pytest.approx(R_H, rel=1e-12)
    assert bent.curvature == pytest.approx(1e-5 * 1.5**2 / (0.3e-6 / t * 1.5), rel=1e-9)


def test_standard_deviation_of_a_noisy_sweep():
    """The scatter of the slope over many sweeps is what one sweep states."""
    rng = np.random.default_rng(11)
    B = np.linspace(-1.0, 1.0, 9)
    fits = [
        hall_coefficient(B, 3e-6 * B + rng.normal(0, 1e-7, 9), current=1e-2, thickness=1e-3)
        for _ in range(2000)
    ]
    scatter = np.std([fit.coefficient for fit in fits])
    stated = np.sqrt(np.mean([fit.coefficient_std**2 for fit in fits]))
    assert stated == pytest.approx(scatter, rel=0.05)


def test_thickness_cancels_in_the_mobility():
    found = hall_result(3e-7, 1e-5, thickness_share=0.1)
    assert found.mobility_std == 0.0
    assert found.carrier_density_std == pytest.approx(0.1 * found.carrier_density)
    assert found.coefficient_std == pytest.approx(0.1 * 3e-7)


def test_bad_input_comes_at_once():
    with pytest.raises(InputError) as caught:
        hall_result(0.0, -1.0, coefficient_std=-1.0, thickness_share=np.nan)
    assert len(caught.value.faults) == 4
    with pytest.raises(InputError, match="carrier density is finite"):
        hall_result(3e-307, 1e-5)
    with pytest.raises(InputError) as caught:
        hall_coefficient([0.0, 1.0], [0.0, np.nan, 1.0], current=0.0, thickness=0.0)
    assert len(caught.value.faults) == 4
    with pytest.raises(InputError, match="different fields"):
        hall_coefficient([1.0, 1.0, 1.0], [1.0, 2.0, 3.0], current=1.0, thickness=1.0)
    with pytest.raises(InputError, match="as many numbers as for field"):
        hall_coefficient([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 3.0], current=1.0, thickness=1.0)


@given(st.floats(1e-5, 1e3), st.floats(1e-3, 1.0))
def test_van_der_pauw(larger, ratio):
    rho = van_der_pauw(larger, ratio * larger, 1e-3)
    left = np.exp(-np.pi * larger * 1e-3 / rho) + np.exp(-np.pi * ratio * larger * 1e-3 / rho)
    assert left == pytest.approx(1.0, abs=1e-12)
    assert van_der_pauw(ratio * larger, larger, 1e-3) == pytest.approx(rho, rel=1e-12)


def test_van_der_pauw_refuses():
    with pytest.raises(InputError) as caught:
        van_der_pauw(0.0, -1.0, np.inf)
    assert len(caught.value.faults) == 3
