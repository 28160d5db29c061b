"""Several bands: neutrality, sums over bands, the bipolar part, and a change of the carrier type."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from ioffe.base.constants import LORENZ_SOMMERFELD, e, k_B
from ioffe.base.errors import InputError
from ioffe.transport import single_band as spb
from ioffe.transport.bands import Band, TemperaturePower, mechanism, value_at
from ioffe.transport.many_bands import doped_transport, neutral_fermi_energy, transport

UNIT = k_B / e
ACOUSTIC = (mechanism("acoustic", TemperaturePower(60e-4, -1.5)),)
MIXED = (
    mechanism("acoustic", TemperaturePower(90e-4, -1.5)),
    mechanism("ionised_impurity", 20e-4),
    mechanism("polar_optical", 0.05),
)


def semiconductor(gap=0.2, ratio=1.0, mass=1.0):
    return Band("p", ACOUSTIC), Band(
        "n", (mechanism("acoustic", TemperaturePower(60e-4 * ratio, -1.5)),), gap * e, mass
    )


@st.composite
def structures(draw):
    """One to four bands of either sign and shape, with one or three mechanisms."""
    bands = []
    for _ in range(draw(st.integers(1, 4))):
        carrier = draw(st.sampled_from("pn"))
        offset = draw(st.floats(0.0, 0.3))
        bands.append(
            Band(
                carrier,
                draw(st.sampled_from([ACOUSTIC, MIXED])),
                edge=(-offset if carrier == "p" else 0.25 + offset) * e,
                effective_mass=draw(st.floats(0.1, 3.0)),
                valleys=draw(st.sampled_from([1, 4])),
                kane_gap=draw(st.sampled_from([None, 0.3 * e, (0.3 * e, 1e-4 * e)])),
                mass_anisotropy=draw(st.sampled_from([1.0, 5.0])),
            )
        )
    return bands


LEVEL = st.floats(-0.4, 0.6)
T_RANGE = st.floats(80.0, 1200.0)
DENSITY = st.one_of(st.just(0.0), st.floats(1e14, 5e27), st.floats(-5e27, -1e14))


@given(structures(), LEVEL, T_RANGE)
def test_sums_over_bands(bands, level, T):
    found = transport(bands, level * e, T)
    sigma, S = found.conductivities, found.seebecks
    assert found.electrical_conductivity == pytest.approx(sigma.sum(), rel=1e-14)
    assert found.seebeck == pytest.approx((sigma * S).sum() / sigma.sum(), rel=1e-11, abs=1e-20)
    expected = T * ((sigma * S**2).sum() - (sigma * S).sum() ** 2 / sigma.sum())
    assert found.bipolar_thermal_conductivity >= 0.0
    lost = 1e-12 * T * (sigma * S**2).sum()  # digits, in the difference
    assert found.bipolar_thermal_conductivity == pytest.approx(expected, rel=1e-7, abs=lost)
    kappa = found.lorenz_number * found.electrical_conductivity * T
    assert found.electronic_thermal_conductivity == pytest.approx(kappa)
    low, high = 0.3 * UNIT**2, 5.0 * UNIT**2
    assert low < found.lorenz_number < high


@given(structures(), LEVEL, T_RANGE)
def test_bands_one_by_one_make_the_same_sum(bands, level, T):
    whole = transport(bands, level * e, T)
    for i, band in enumerate(bands):
        alone = transport([band], level * e, T)
        assert alone.electrical_conductivity == pytest.approx(whole.conductivities[i], rel=1e-14)
        assert alone.bipolar_thermal_conductivity == 0.0
        assert np.sign(alone.hall_coefficient) == band.sign == np.sign(alone.seebeck)
        # one band: R_H = r_H/(n e)
        assert alone.hall_mobility == pytest.approx(whole.hall_mobilities[i], rel=1e-13)


def test_equal_bands_are_one_with_valleys():
    three = transport([Band("p", ACOUSTIC)] * 3, 0.02 * e, 400.0)
    valleys = transport([Band("p", ACOUSTIC, valleys=3)], 0.02 * e, 400.0)
    mass = transport([Band("p", ACOUSTIC, effective_mass=3 ** (2 / 3))], 0.02 * e, 400.0)
    for name in ("seebeck", "electrical_conductivity", "hall_coefficient", "electronic_thermal_conductivity"):
        assert getattr(three, name) == pytest.approx(getattr(valleys, name), rel=1e-13)
        assert getattr(mass, name) == pytest.approx(getattr(valleys, name), rel=1e-13)
    assert three.bipolar_thermal_conductivity == pytest.approx(0.0, abs=1e-25)


def test_one_band_is_the_single_band():
    T = np.array([200.0, 300.0, 700.0])
    level = -0.03 * e
    found = transport([Band("p", ACOUSTIC, effective_mass=1.3, mass_anisotropy=4.0)], level, T)
    eta = 0.03 * e / (k_B * T)
    mobility = 60e-4 * (T / 300) ** -1.5
    np.testing.assert_allclose(found.seebeck, spb.seebeck(eta), rtol=1e-14)
    sigma = spb.electrical_conductivity(eta, T, mobility * 1.3**1.5)
    np.testing.assert_allclose(found.electrical_conductivity, sigma, rtol=1e-14)
    hall = spb.hall_carrier_density(eta, T, 1.3, mass_anisotropy=4.0)
    np.testing.assert_allclose(found.hall_carrier_density, hall)
    kappa = 1.0 + spb.lorenz_number(eta) * sigma * T
    np.testing.assert_allclose(found.zT(1.0) * kappa, found.power_factor * T)


def test_total_thermal_conductivity_is_one_variance():
    """Both carriers share one window: kappa_e + kappa_bip is the variance of E in all of the current."""
    T, level = 500.0, 0.06
    bands = semiconductor(0.18, 2.5)
    found = transport(bands, level * e, T)
    kT = UNIT * T
    weights = {"p": 1.0, "n": 2.5}

    def moment(power):
        def part(band):
            sign = -1.0 if band.carrier == "p" else 1.0
            edge = float(value_at(band.edge, T)) / e

            def share(x):  # acoustic phonons: the conductivity of an energy rises as x
                u = (edge + sign * x * kT - level) / kT
                return weights[band.carrier] * x * u**power / (4 * np.cosh(u / 2) ** 2)

            return quad(share, 0, 80, epsrel=1e-12, limit=400)[0]

        return sum(part(band) for band in bands)

    mean = moment(1) / moment(0)
    variance = moment(2) / moment(0) - mean**2
    total = found.electronic_thermal_conductivity + found.bipolar_thermal_conductivity
    assert total == pytest.approx(UNIT**2 * variance * found.electrical_conductivity * T, rel=1e-10)
    assert found.seebeck == pytest.approx(-UNIT * mean, rel=1e-10)


def test_symmetric_intrinsic_semiconductor():
    found = doped_transport(semiconductor(0.2), 0.0, np.array([250.0, 500.0]))
    np.testing.assert_allclose(found.fermi_energy, 0.1 * e, rtol=1e-13)
    np.testing.assert_allclose(found.seebeck, 0.0, atol=1e-17)
    np.testing.assert_allclose(found.hall_coefficient, 0.0, atol=1e-20)
    expected = found.temperature * found.electrical_conductivity * found.seebecks[0] ** 2
    np.testing.assert_allclose(found.bipolar_thermal_conductivity, expected, rtol=1e-13)


def test_metal_obeys_wiedemann_and_franz():
    found = doped_transport([Band("p", MIXED, effective_mass=0.5)], 1e28, np.array([20.0, 60.0]))
    np.testing.assert_allclose(found.lorenz_number, LORENZ_SOMMERFELD, rtol=1e-3)


@given(structures(), DENSITY, T_RANGE)
def test_neutrality(bands, doping, T):
    level = neutral_fermi_energy(bands, doping, T)
    carriers = {band.carrier for band in bands}
    possible = ("p" in carriers or doping < 0) and ("n" in carriers or doping > 0)
    assert np.isfinite(level) == possible
    if possible:
        found = transport(bands, level, T)
        scale = found.carrier_densities.sum()
        assert found.net_doping == pytest.approx(doping, abs=3e-12 * scale)


def test_neutrality_deep_in_the_gap():
    # densities of 1e-300 m^-3 and below still decide where the level is
    T = np.array([5.0, 20.0, 60.0])
    found = neutral_fermi_energy(semiconductor(1.0, mass=2.0), 0.0, T)
    np.testing.assert_allclose(found, 0.5 * e - 0.75 * k_B * T * np.log(2.0), rtol=1e-13)


def test_neutrality_of_arrays():
    T = np.linspace(100.0, 900.0, 17)
    doping = np.array([[1e24], [-1e24], [0.0], [1e26]])
    found = neutral_fermi_energy(semiconductor(), doping, T)
    assert found.shape == (4, 17)
    one = [neutral_fermi_energy(semiconductor(), n, t) for n in doping[:, 0] for t in T[::4]]
    np.testing.assert_allclose(found[:, ::4].ravel(), one, rtol=1e-12)
    broken = neutral_fermi_energy(semiconductor(), [1e24, np.nan], 300.0)
    assert np.isnan(broken).tolist() == [False, True]
    # a valence band alone holds acceptors and no donors; one that fails leaves the others alone
    for gap in (None, 0.2 * e):
        found = neutral_fermi_energy([Band("p", ACOUSTIC, kane_gap=gap)], [1e25, 0.0, -1e25, 3e27], 300.0)
        assert np.isnan(found).tolist() == [False, True, True, False]


def test_more_acceptors_lower_the_level():
    doping = np.array([-1e27, -1e25, -1e22, 0.0, 1e22, 1e25, 1e27])
    found = neutral_fermi_energy(semiconductor(), doping, 400.0)
    assert (np.diff(found) < 0).all()


def test_bands_of_many_samples_at_once():
    gap = np.array([0.1, 0.2, 0.3])
    found = doped_transport(semiconductor(gap), 5e24, 600.0)
    one = [doped_transport(semiconductor(g), 5e24, 600.0).seebeck for g in gap]
    np.testing.assert_allclose(found.seebeck, one, rtol=1e-12)
    assert (np.diff(found.bipolar_thermal_conductivity) < 0).all()


def test_properties_of_temperature():
    T = np.array([300.0, 600.0])
    np.testing.assert_array_equal(value_at(2.0, T), 2.0)
    np.testing.assert_allclose(value_at((1.0, 1e-3, 1e-6), T), 1 + 1e-3 * T + 1e-6 * T**2)
    np.testing.assert_allclose(value_at(np.sqrt, T), np.sqrt(T))
    by_name = [Band("n", ACOUSTIC, edge=(0.2 * e, -1e-4 * e)), Band("p", ACOUSTIC)]
    by_call = [Band("n", ACOUSTIC, edge=lambda t: 0.2 * e - 1e-4 * e * t), Band("p", ACOUSTIC)]
    np.testing.assert_allclose(
        doped_transport(by_name, 1e24, T).seebeck, doped_transport(by_call, 1e24, T).seebeck, rtol=1e-13
    )


def test_mechanisms_of_one_law_add_their_rates():
    both = (mechanism("acoustic", 60e-4), mechanism("alloy", 90e-4))
    one = (mechanism("acoustic", 36e-4),)
    twice, half = (mechanism("acoustic", 60e-4, 2.0),), (mechanism("acoustic", 30e-4),)
    for gap in (None, 0.2 * e):
        for left, right in ((both, one), (twice, half)):
            found = [transport([Band("p", m, kane_gap=gap)], 0.0, 300.0) for m in (left, right)]
            assert found[0].hall_mobility == pytest.approx(found[1].hall_mobility, rel=1e-14)


@pytest.mark.parametrize("gap", [None, 0.15 * e])
def test_mixed_mechanisms_against_quadrature(gap):
    T, eta = 400.0, 1.7
    alpha = 0.0 if gap is None else k_B * T / gap
    rates = {-0.5: 1 / 80e-4, 1.5: 1 / 15e-4}
    bands = [Band("p", (mechanism("acoustic", 80e-4), mechanism(1.5, 15e-4)), kane_gap=gap)]
    found = transport(bands, -eta * k_B * T, T)

    def mobility(x):
        y, m = x + alpha * x * x, 1 + 2 * alpha * x
        acoustic = rates[-0.5] * np.sqrt(y) * m * (1 - 8 * alpha * x * (1 + alpha * x) / (3 * m * m))
        return 1 / (acoustic + rates[1.5] * y**-1.5 * m)

    def integral(power, times):
        def integrand(x):
            y, m = x + alpha * x * x, 1 + 2 * alpha * x
            mu = (mobility(x) / m) ** times if x > 0 else 0.0
            return y**1.5 * mu * (x - eta) ** power / (4 * np.cosh((x - eta) / 2) ** 2)

        parts = ((0, 2), (2, 60))
        return sum(quad(integrand, a, b, epsabs=1e-16, epsrel=1e-12, limit=200)[0] for a, b in parts)

    drift = integral(0, 1) / integral(0, 0)
    mean = integral(1, 1) / integral(0, 1)
    assert found.electrical_conductivity == pytest.approx(e * found.carrier_densities[0] * drift, rel=1e-9)
    assert found.seebeck == pytest.approx(UNIT * mean, rel=1e-9)
    variance = integral(2, 1) / integral(0, 1) - mean**2
    assert found.lorenz_number == pytest.approx(UNIT**2 * variance, rel=1e-9)
    assert found.hall_mobility == pytest.approx(integral(0, 2) / integral(0, 1), rel=1e-9)


def test_carriers_change_from_electrons_to_holes_with_acceptors():
    """Hot-pressed n-type Mg3(Bi,Sb)2 loses Mg: acceptors rise, S turns to 70 uV/K, sigma has a minimum."""
    net = np.linspace(-2e25, 6e24, 53)
    found = doped_transport(semiconductor(0.17, 2.0), net, 400.0)
    assert found.seebeck[0] < -150e-6
    assert found.seebeck[-1] > 70e-6
    assert (np.diff(found.seebeck)[-5:] > 0).all()
    assert np.nanmin(found.power_factor) < 1e-3 * found.power_factor[0]
    sigma = found.electrical_conductivity
    lowest = int(np.argmin(sigma))
    assert 0 < lowest < len(net) - 1
    assert found.seebeck[lowest] < 0.0 < found.hall_coefficient[-1]


def test_bands_can_be_sent_to_another_process():
    bands = semiconductor(0.15)
    again = pickle.loads(pickle.dumps(bands))
    assert again == bands
    assert doped_transport(again, 1e24, 400.0).seebeck == doped_transport(bands, 1e24, 400.0).seebeck


def test_wrong_bands():
    with pytest.raises(InputError, match=r'carrier = "h": "p" or "n" is expected') as caught:
        Band("h", ())
    assert "at least one mechanism" in str(caught.value)
    with pytest.raises(InputError, match="at least one band"):
        transport([], 0.0, 300.0)
    with pytest.raises(InputError, match="at least one band"):
        neutral_fermi_energy([], 1e24, 300.0)
