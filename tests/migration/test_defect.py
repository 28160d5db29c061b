import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe.base.constants import F, R, e, k_B
from ioffe.base.errors import InputError
from ioffe.migration.defect import CU2S, DefectModel, electron_gibbs_energy
from ioffe.migration.specimen import HoleConductivity

PUBLISHED = {0.0: 40.310, 0.01: 52.878, 0.03: 74.842, 0.04: 84.234, 0.06: 100.350, 0.1: 124.910}
"""Millivolts of Eq. 7 at 750 K with delta_c = -0.03, K_e = 2.24e-3."""


@pytest.mark.parametrize(("delta", "voltage"), PUBLISHED.items())
def test_eq_7_gives_its_values_to_the_microvolt(delta, voltage):
    assert 1e3 * CU2S.critical_voltage(delta, 750.0) == pytest.approx(voltage, abs=5.1e-4)


@pytest.mark.parametrize(("delta", "voltage"), [(0.03, 78.323), (0.06, 109.773)])
def test_uniform_field_gives_its_values_to_the_microvolt(delta, voltage):
    found = CU2S.critical_voltage(delta, 750.0, form="uniform field")
    assert 1e3 * found == pytest.approx(voltage, abs=5.1e-4)


def test_energy_of_electron_and_hole():
    assert electron_gibbs_energy(2.24e-3, 750.0) / e == pytest.approx(0.3943, abs=5e-5)


def exact_voltage(delta, delta_c, K_e, T, charge):
    """The uniform-field form in 30 digits: mean of delta over a reduced potential that is linear in x."""
    with mpmath.workdps(30):
        root = 2 * mpmath.sqrt(mpmath.mpf(K_e))
        low = mpmath.asinh(charge * mpmath.mpf(delta_c) / root)

        def mean(width):
            return root / charge * (mpmath.cosh(low + width) - mpmath.cosh(low)) / width - mpmath.mpf(delta)

        top = 2 * (mpmath.asinh(charge * mpmath.mpf(delta) / root) - low)
        width = mpmath.findroot(mean, (top / 2, top), solver="anderson", tol=1e-25)
        return float(mpmath.mpf(R) * T / mpmath.mpf(F) * width)


@pytest.mark.parametrize(
    ("delta", "delta_c", "K_e", "T", "charge"),
    [(0.03, -0.03, 2.24e-3, 750, 1), (0.2, -0.001, 1e-7, 400, 1), (0.01, 0.002, 1e-4, 600, 2)],
)
def test_uniform_field_against_many_digits(delta, delta_c, K_e, T, charge):
    model = DefectModel.of_constant(K_e, T, delta_c, charge=charge)
    found = model.critical_voltage(delta, T, form="uniform field")
    assert found == pytest.approx(exact_voltage(delta, delta_c, K_e, T, charge), rel=1e-12)


@given(
    delta=st.floats(0.0, 0.25),
    gap=st.floats(1e-6, 0.3),
    log_K=st.floats(-25.0, 0.0),
    T=st.floats(250.0, 1200.0),
)
def test_both_forms_agree_in_sign_order_and_limits(delta, gap, log_K, T):
    model = DefectModel.of_constant(np.exp(log_K), T, delta - gap)
    linear, field = (model.critical_voltage(delta, T, form=f) for f in ("linear profile", "uniform field"))
    distance = R * T / F * (model.reduced(delta, T) - model.reduced(delta - gap, T))
    assert distance * (1 - 1e-9) <= linear
    assert distance * (1 - 1e-9) <= field <= 2.0 * max(linear, distance)


def test_forms_agree_where_the_profile_is_antisymmetric():
    linear = CU2S.critical_voltage(0.0, 750.0)
    assert CU2S.critical_voltage(0.0, 750.0, form="uniform field") == pytest.approx(linear, rel=1e-13)


def test_anode_limit_is_the_mirror_of_the_cathode_limit():
    model = DefectModel.of_constant(2.24e-3, 750.0, -0.3, 0.1)
    mirrored = DefectModel.of_constant(2.24e-3, 750.0, -0.1, 0.3)
    for form in ("linear profile", "uniform field"):
        expected = mirrored.critical_voltage(-0.03, 750.0, form=form)
        assert model.anode_voltage(0.03, 750.0, form=form) == pytest.approx(expected, rel=1e-13)
        assert model.limiting_voltage(0.03, 750.0, form=form) == pytest.approx(expected, rel=1e-13)
    assert DefectModel.of_constant(2.24e-3, 750.0, -0.3).anode_voltage(0.03, 750.0) == np.inf


def test_overpotential_adds_to_the_linear_form_at_the_cathode():
    eager = DefectModel.of_constant(2.24e-3, 750.0, -0.03)
    late = DefectModel.of_constant(2.24e-3, 750.0, -0.03, overpotential=0.01)
    threshold = late.deposition_threshold(750.0)
    potential = (late.chemical_potential(threshold, 750.0) - eager.chemical_potential(-0.03, 750.0)) / F
    assert potential == pytest.approx(0.01, rel=1e-12)
    assert late.critical_voltage(0.03, 750.0, form="uniform field") > eager.critical_voltage(0.03, 750.0)


def test_slope_inverse_diffusion_and_carriers():
    delta, T = np.array([-0.02, 0.0, 0.03, 0.2]), np.array([400.0, 500.0, 750.0, 900.0])
    for charge in (1, 2):
        model = DefectModel.of_constant(2.24e-3, 750.0, -0.03, charge=charge)
        step = 1e-6
        slope = (model.chemical_potential(delta + step, T) - model.chemical_potential(delta - step, T)) / (
            2 * step
        )
        np.testing.assert_allclose(model.chemical_potential_slope(delta, T), slope, rtol=1e-6)
        np.testing.assert_allclose(
            model.composition(model.chemical_potential(delta, T), T), delta, atol=1e-15
        )
        D = model.chemical_diffusion(delta, T, 100.0, 28.4e-6)
        root = np.sqrt((charge * delta) ** 2 + 4.0 * model.K_e(T))
        np.testing.assert_allclose(D, 100.0 * 28.4e-6 * R * T / F**2 / root, rtol=1e-13)
        holes = model.holes(delta, T)
        np.testing.assert_allclose(holes - model.K_e(T) / holes, charge * delta, atol=1e-15)


def test_constant_and_boundaries_over_temperature():
    model = DefectModel.of_constant(2.24e-3, 750.0, lambda T: -0.03 + 1e-5 * (750.0 - T), 0.27)
    assert model.K_e(750.0) == pytest.approx(2.24e-3, rel=1e-13)
    assert model.K_e(500.0) == pytest.approx(2.24e-3 ** (750 / 500), rel=1e-12)
    assert model.metal_boundary(650.0) == pytest.approx(-0.029)
    entropic = DefectModel(0.3943 * e, -0.03, entropy=2.0 * k_B)
    assert entropic.K_e(750.0) == pytest.approx(np.exp(-0.3943 * e / (k_B * 750.0) + 2.0), rel=1e-12)


def test_voltage_falls_with_temperature_where_only_the_constant_changes():
    found = CU2S.critical_voltage(0.03, np.array([450.0, 600.0, 750.0]))
    assert np.all(np.diff(found) < 0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: CU2S.critical_voltage(-0.05, 750.0), "homogeneity range -0.03 to 0.27 at 750 K"),
        (lambda: CU2S.critical_voltage([0.01, 0.3], 750.0), r"delta\[1\] = 0.3"),
        (lambda: CU2S.critical_voltage(0.01, -750.0), "T = -750"),
        (lambda: CU2S.critical_voltage(0.01, 750.0, form="both"), "uniform field"),
        (lambda: DefectModel.of_constant(-1.0, 0.0, -0.03), "K_e = -1"),
        (lambda: DefectModel(6e-20, -0.03, -0.1), "delta_max = -0.1"),
        (lambda: DefectModel(6e-20, -0.03, charge=0), "charge = 0"),
        (lambda: DefectModel(6e-20, -0.03, overpotential=-1.0), "overpotential = -1"),
    ],
)
def test_bad_input_is_named(make, words):
    with pytest.raises(InputError, match=words):
        make()


@settings(max_examples=30)
@given(scale=st.floats(0.1, 10.0))
def test_critical_voltage_is_a_thermal_voltage(scale):
    """At the same K_e it is in proportion to T."""
    one = DefectModel.of_constant(2.24e-3, 750.0, -0.03).critical_voltage(0.03, 750.0)
    other = DefectModel.of_constant(2.24e-3, 750.0 * scale, -0.03).critical_voltage(0.03, 750.0 * scale)
    assert other == pytest.approx(scale * one, rel=1e-11)


@pytest.mark.parametrize("b", [0.0, 0.3, 2.0])
def test_conductivity_of_electrons_and_holes_by_their_numbers(b):
    """sigma ~ p + b n with p - n = delta and p n = K_e, and the given value at the given composition."""
    found = HoleConductivity(CU2S, 122e2, delta=0.03, mobility_ratio=b)
    assert float(found(0.03, 750.0)) == pytest.approx(122e2, rel=1e-12)
    K_e = 2.24e-3

    def carriers(delta):
        p = 0.5 * (delta + np.sqrt(delta**2 + 4.0 * K_e))
        return p + b * K_e / p

    for delta in (-0.03, 0.0, 0.1):
        assert float(found(delta, 750.0)) == pytest.approx(122e2 * carriers(delta) / carriers(0.03), rel=1e-9)
