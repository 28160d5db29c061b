"""The constants against those of scipy."""

import pytest
import scipy.constants as reference

from ioffe.base import constants


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("e", reference.e),
        ("k_B", reference.k),
        ("h", reference.h),
        ("hbar", reference.hbar),
        ("c", reference.c),
        ("N_A", reference.N_A),
        ("R", reference.R),
        ("F", reference.e * reference.N_A),
        ("m_e", reference.m_e),
        ("ATOMIC_MASS", reference.atomic_mass),
        ("EPSILON_0", reference.epsilon_0),
        ("STEFAN_BOLTZMANN", reference.Stefan_Boltzmann),
        ("ZERO_CELSIUS", reference.zero_Celsius),
    ],
)
def test_constants_agree_with_an_independent_table(name, value):
    # the measured ones differ between the adjustments of 2018 and 2022 by a few 1e-9
    assert getattr(constants, name) == pytest.approx(value, rel=1e-8)


def test_the_lorenz_number_of_metals():
    assert pytest.approx(2.443e-8, rel=1e-5) == constants.LORENZ_SOMMERFELD
