"""Brooks-Herring: limits of screening, numbers against mpmath, use in the band models and by name."""

import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.constants import EPSILON_0, e, hbar, k_B, m_e
from ioffe.base.errors import InputError
from ioffe.material.fit import SingleParabolicBand
from ioffe.transport import single_band as spb
from ioffe.transport.bands import Band, TemperaturePower, mechanism
from ioffe.transport.carrier_scattering import CarrierState, Matthiessen, scattering_exponent
from ioffe.transport.carrier_scattering.brooks_herring import BrooksHerring, screening_bracket
from ioffe.transport.fermi_level import fermi_level_from_seebeck
from ioffe.transport.many_bands import doped_transport, transport
from tests.transport.make_brooks_herring_reference import (
    BENDS,
    FILE,
    LEVELS,
    SCREENINGS,
    bracket,
    reference,
)

UNIT = k_B / e
SILICON = {"permittivity": 11.7, "impurity_density": 1e23}
ROWS = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("g", [1e-12, 1e-6, 0.01, 0.11, 0.12, 1.0, 30.0, 1e9, 1e300])
def test_the_bracket_does_not_cancel(g):
    assert float(screening_bracket(g)) == pytest.approx(float(bracket(g)), rel=5e-15)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_against_mpmath(row):
    level, screening, bend = row["at"]
    law = BrooksHerring(screening=screening)
    state = CarrierState(level, bend) if bend else level
    found = (
        spb.seebeck(state, law) / UNIT,
        spb.lorenz_number(state, law) / UNIT**2,
        spb.reduced_conductivity(state, law),
        spb.hall_factor(state, law),
        spb.mobility(state, 1.0, law),
    )
    np.testing.assert_allclose(found, row["values"], rtol=2e-12)


def test_the_reference_is_what_its_generator_makes():
    assert len(ROWS) == len(LEVELS) * len(SCREENINGS) * len(BENDS)
    for row in ROWS[3::11]:
        assert row["values"] == pytest.approx(reference(*row["at"]), rel=1e-15)


@pytest.mark.parametrize("eta", [-6.0, 0.0, 5.0])
def test_strong_screening_is_a_point_defect(eta):
    # tau ~ E^(-1/2), the energy law of acoustic phonons, to first order in the screening number
    law = BrooksHerring(screening=1e-9)
    for function in (spb.seebeck, spb.lorenz_number, spb.hall_factor, spb.reduced_conductivity):
        assert float(function(eta, law)) == pytest.approx(float(function(eta, "acoustic")), rel=1e-6)


def test_weak_screening_is_a_power_over_a_logarithm():
    # tau -> E^(3/2)/(ln(g x) - 1); as the logarithm grows the transport tends to that of r = 3/2
    x = np.array([0.3, 1.0, 4.0])
    g = 1e8
    found = BrooksHerring(screening=g).relative_time(x, CarrierState(0.0))
    np.testing.assert_allclose(found, x**1.5 * (np.log(g) - 1.0) / (np.log(g * x) - 1.0), rtol=1e-6)
    away = [float(spb.seebeck(0.0, BrooksHerring(screening=g))) for g in (1e2, 1e6, 1e30, 1e200)]
    limit = float(spb.seebeck(0.0, "ionised_impurity"))
    assert (np.diff(np.abs(np.array(away) - limit)) < 0).all()
    assert away[-1] == pytest.approx(limit, rel=2e-3)


def test_the_textbook_mobility_of_weak_screening():
    # mu = 128 sqrt(2 pi) eps^2 (k_B T)^1.5/(sqrt(m) N_I e^3 b), b at 3 k_B T, where the integrand is largest
    T, m, n = 300.0, 0.2, 1e20
    eps, mass, heat = 11.7 * EPSILON_0, m * m_e, k_B * T
    b = float(bracket(24.0 * mass * eps * heat**2 / (hbar**2 * e**2 * n)))
    expected = 128.0 * np.sqrt(2.0 * np.pi) * eps**2 * heat**1.5 / (np.sqrt(mass) * n * e**3 * b)
    band = Band("n", (BrooksHerring(permittivity=11.7),), effective_mass=m)
    found = doped_transport([band], -n, T)
    # the average over the logarithm differs from its value at 3 k_B T by a few per cent
    assert float(found.electrical_conductivity) / (n * e) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("gap", [None, 0.3 * e])
def test_a_band_finds_its_screening(gap):
    T, eta, m = 400.0, 1.3, 0.15
    alpha = 0.0 if gap is None else k_B * T / gap
    band = Band("n", (BrooksHerring(**SILICON),), effective_mass=m, kane_gap=gap)
    found = transport([band], eta * k_B * T, T)
    n, step = float(found.carrier_densities[0]), 1e-4
    at = [CarrierState(level, alpha) for level in (eta, eta + step, eta - step)]
    rise = spb.carrier_density(at[1], T, m) - spb.carrier_density(at[2], T, m)
    per_energy = float(rise) / (2.0 * step * k_B * T)  # dn/dE_F
    length = np.sqrt(11.7 * EPSILON_0 / (e**2 * per_energy))
    g = 8.0 * m * m_e * k_B * T * length**2 / hbar**2
    law = BrooksHerring(screening=g)
    assert float(found.seebeck) == pytest.approx(float(spb.seebeck(at[0], law, "n")), rel=1e-7)
    assert float(found.hall_mobility * n / found.electrical_conductivity) * e == pytest.approx(
        float(spb.hall_factor(at[0], law)), rel=1e-7
    )
    eps = 11.7 * EPSILON_0
    tau = 16.0 * np.pi * np.sqrt(2.0 * m * m_e) * (eps / e**2) ** 2 * (k_B * T) ** 1.5
    tau /= SILICON["impurity_density"] * float(bracket(g))
    expected = n * e**2 * tau / (m * m_e) * spb.mobility(at[0], 1.0, law)
    assert float(found.electrical_conductivity) == pytest.approx(float(expected), rel=1e-7)
    # a length that is given does the same
    same = Band("n", (BrooksHerring(**SILICON, screening_length=length),), effective_mass=m, kane_gap=gap)
    other = transport([same], eta * k_B * T, T)
    np.testing.assert_allclose(other.electrical_conductivity, found.electrical_conductivity, rtol=1e-7)
    state = CarrierState(eta, 0.0, T, m)
    if gap is None:
        assert float(band.mechanisms[0].relaxation_time(1.0, state)) == pytest.approx(float(tau), rel=1e-7)


def test_charge_and_compensation():
    def conductivity(**changes):
        band = Band("n", (BrooksHerring(**SILICON | changes),), effective_mass=0.3)
        return float(doped_transport([band], -1e23, 300.0).electrical_conductivity)

    plain = conductivity()
    assert conductivity(impurity_density=None) == pytest.approx(plain, rel=1e-9)  # one impurity a carrier
    assert conductivity(charge=2.0) == pytest.approx(plain / 4.0)
    assert conductivity(impurity_density=3e23) == pytest.approx(plain / 3.0)
    assert conductivity(inertial_mass=0.6) == pytest.approx(plain / 2.0)
    assert conductivity(weight=2.0) == pytest.approx(plain / 2.0)


def test_matthiessen_adds_rates_at_every_energy():
    x, state = np.array([0.2, 1.0, 5.0]), CarrierState(0.0, 0.1, 300.0, 0.2)
    phonons, impurities = mechanism("acoustic", TemperaturePower(0.05, -1.5)), BrooksHerring(**SILICON)
    both = phonons + impurities
    rates = sum(1.0 / one.relaxation_time(x, state) for one in (phonons, impurities))
    np.testing.assert_allclose(1.0 / both.relaxation_time(x, state), rates, rtol=1e-14)
    # as one object it is as good as two
    bands = [Band("n", m, effective_mass=0.2) for m in ((phonons, impurities), (both,))]
    one, two = (float(doped_transport([band], -1e23, 300.0).seebeck) for band in bands)
    assert one == pytest.approx(two, rel=1e-14)
    assert Matthiessen((phonons, phonons)).exponent == -0.5
    assert both.exponent is None


def test_the_overlap_belongs_to_the_mechanism():
    # a law with the exponent of acoustic phonons has an overlap only if it says so
    bare = mechanism("acoustic", overlap=None)
    bent = CarrierState(1.0, 0.3)
    assert float(spb.seebeck(1.0, bare)) == float(spb.seebeck(1.0, "acoustic"))
    assert abs(float(spb.seebeck(bent, bare) / spb.seebeck(bent, "acoustic")) - 1.0) > 0.01
    assert float(spb.seebeck(bent, -0.5)) == float(spb.seebeck(bent, "acoustic"))


@given(st.floats(-20.0, 20.0), st.floats(1e-3, 1e5))
def test_fermi_level_from_seebeck(eta, screening):
    law = BrooksHerring(screening=screening)
    found = fermi_level_from_seebeck(spb.seebeck(eta, law), law)
    assert float(found) == pytest.approx(eta, rel=1e-7, abs=1e-7)


def test_by_name():
    named = mechanism("brooks_herring", 150e-4, screening=3.0)
    assert named == BrooksHerring(screening=3.0, mobility=150e-4)
    assert float(spb.seebeck(0.0, named)) == float(spb.seebeck(0.0, BrooksHerring(screening=3.0)))
    assert SingleParabolicBand(scattering=named, mobility_exponent=0.5).exponent == 0.5
    assert pickle.loads(pickle.dumps(named)) == named


def test_what_is_missing_is_said():
    with pytest.raises(InputError, match="temperature: the screening of ionised impurities depends on it"):
        spb.seebeck(0.0, "brooks_herring")
    state = CarrierState(0.0, 0.0, 300.0, 0.2)
    assert np.isfinite(spb.seebeck(state, mechanism("brooks_herring", permittivity=11.7)))
    with pytest.raises(InputError, match="permittivity: the static relative permittivity"):
        doped_transport([Band("n", (mechanism("brooks_herring"),))], -1e23, 300.0)
    with pytest.raises(InputError, match="mobility: a mobility parameter"):
        doped_transport([Band("n", (mechanism("acoustic"),))], -1e23, 300.0)
    with pytest.raises(InputError, match='did you mean "permittivity"'):
        mechanism("brooks_herring", permitivity=11.7)
    with pytest.raises(InputError, match="tau ~ E\\^r is expected"):
        scattering_exponent("brooks_herring")
