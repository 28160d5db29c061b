"""The margin in closed form against numbers worked out by hand, with constant conductivities."""

import numpy as np
import pytest

from ioffe import InputError
from ioffe.migration import MixedConductor, conduction_margin

CURVES = (lambda T: 0.0 * T + 2.0, lambda T: 0.0 * T + 5e4)


@pytest.mark.parametrize(("along", "volts"), [(1.0, 0.1 - 0.2e-3 * 50.0), (-1.0, 0.1 + 0.2e-3 * 50.0)])
def test_ions_move_in_the_hotter_half(along, volts):
    conductor = MixedConductor(voltage=0.1, S_star=0.2e-3, transition=350.0)
    at = (np.array([400.0]), np.array([300.0]), np.array([along * 30.0]), np.array([along]))
    margin, by = conduction_margin(conductor, CURVES, *at)
    # of 1 m and 1 m2: half of the resistance lies where ions move
    assert margin[0] == pytest.approx(volts / (30.0 * 0.5 / 5e4), rel=1e-12)
    for k, step in enumerate((1e-3, 1e-3, 1e-3)):
        moved = [[v.copy() for v in at] for _ in "-+"]
        moved[0][k] -= step
        moved[1][k] += step
        below, above = (conduction_margin(conductor, CURVES, *one)[0] for one in moved)
        assert by[k] == pytest.approx((above - below) / (2.0 * step), rel=1e-6)


def test_a_curve_of_S_star_has_no_closed_form():
    conductor = MixedConductor(voltage=0.1, S_star=lambda T: 1e-6 * T)
    one = np.ones(1)
    with pytest.raises(InputError, match=r"conductor\.S_star: a number is expected"):
        conduction_margin(conductor, CURVES, 400.0 * one, 300.0 * one, one, one)
