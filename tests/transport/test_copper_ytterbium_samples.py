"""Mg1.78-yCu0.02YbyZn1.2Sb2 at room temperature: what its published table of Hall data implies.

K. K. Raut et al., "Synergistic Cu doping and Yb alloying ... p-type Mg1.8Zn1.2Sb2": n_H, mu_H, m_d by y. Its
columns do not all agree with each other; the tests say where.
"""

import numpy as np
import pytest

from ioffe.base.constants import e
from ioffe.transport import single_band as spb
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_hall_density
from ioffe.transport.pisarenko import DopedBand

DENSITY = np.array([2.10, 3.27, 2.50, 2.44, 3.17]) * 1e25
MOBILITY = np.array([56.50, 38.12, 77.98, 96.40, 76.58]) * 1e-4
MASS = np.array([0.90, 1.23, 0.85, 0.68, 0.74])
SIGMA = DENSITY * e * MOBILITY


def test_conductivity_is_density_times_mobility():
    np.testing.assert_allclose(SIGMA / 100, [190.1, 199.7, 312.3, 376.9, 388.9], atol=0.05)


def test_the_line_scan_finds_more():
    # 432 S/cm beside the contact of y = 0.6, 13 % more than the Hall data give (1.146)
    assert 432 / (SIGMA[3] / 100) == pytest.approx(1.146, abs=5e-4)


def test_the_text_states_another_mobility():
    # mu = 32 cm2/(V s) for y = 0.2 in the text; its table, with n, gives 16 % less conductivity than that
    assert DENSITY[1] * e * 32e-4 / SIGMA[1] == pytest.approx(0.8395, abs=5e-4)


def test_seebeck_of_the_stated_masses():
    S = DopedBand(300.0, MASS).seebeck(DENSITY)
    np.testing.assert_allclose(S * 1e6, [177.0, 178.8, 158.7, 137.9, 129.3], atol=0.05)
    eta = fermi_level_from_hall_density(DENSITY, 300.0, MASS)
    np.testing.assert_allclose(spb.hall_carrier_density(eta, 300.0, MASS), DENSITY, rtol=1e-12)


def test_the_mass_of_the_sample_without_ytterbium_does_not_follow():
    # S = 191 uV/K belongs to it, which needs 1.024 and not 0.90; without the Hall factor 0.944
    assert effective_mass(191e-6, DENSITY[0], 300.0) == pytest.approx(1.024, abs=5e-4)
    assert effective_mass(191e-6, DENSITY[0], 300.0, hall=False) == pytest.approx(0.944, abs=5e-4)
    assert effective_mass(177.0e-6, DENSITY[0], 300.0) == pytest.approx(0.90, abs=1e-3)


def test_samples_with_copper_alone():
    # x = 0: 32 S/cm, 278 uV/K, 2.5 uW/(cm K2); x = 0.02: 192 S/cm, 191 uV/K, 7.1 uW/(cm K2)
    assert 3200 * 278e-6**2 * 1e4 == pytest.approx(2.5, abs=0.05)
    assert 19200 * 191e-6**2 * 1e4 == pytest.approx(7.0, abs=0.05)
