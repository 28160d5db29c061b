import numpy as np
import pytest
from scipy.integrate import quad

from ioffe.base.curve import Curve
from ioffe.engine.table import pack, shifted
from tests.engine.tables import NAMES, curves, table


def test_curves_on_different_grids_keep_their_values():
    S = Curve([300.0, 350.0, 500.0], [1e-4, 2e-4, 1.5e-4])
    rho = Curve([280.0, 320.0, 480.0, 520.0], [1e-5, 2e-5, 2.5e-5, 1e-5], interpolation="cubic")
    kappa = Curve([310.0, 490.0], [1.0, 2.0], interpolation="linear")
    t = pack(*((c.knots, c.cells) for c in (S, rho, kappa)), resistivity=True)
    for T in np.linspace(250.0, 600.0, 141):
        assert t.evaluate(t.seebeck, T) == pytest.approx(S.replace(extrapolation="hold")(T), rel=1e-13)
        assert t.resistivity(T) == pytest.approx(rho.replace(extrapolation="hold")(T), rel=1e-12)
        assert t.evaluate(t.conductivity, T) == pytest.approx(
            kappa.replace(extrapolation="hold")(T), rel=1e-13
        )
    assert t.limits == (310.0, 490.0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("resistivity", [True, False])
def test_integrals(name, resistivity):
    t = table(name, "pchip", resistivity=resistivity)
    low, high = curves()[name][0][[0, -1]]
    a, b = low - 40.0, high + 30.0
    points = list(t.knots[1:-1])
    for integral, values in (
        (lambda T: t.evaluate(t.seebeck_integral, T), lambda T: float(t.evaluate(t.seebeck, T))),
        (lambda T: t.evaluate(t.heat_integral, T), lambda T: float(t.evaluate(t.conductivity, T))),
        (t.resistivity_integral, lambda T: float(t.resistivity(T))),
    ):
        expected = quad(values, a, b, points=points, limit=400, epsabs=0, epsrel=1e-11)[0]
        assert integral(b) - integral(a) == pytest.approx(expected, rel=1e-10)


def test_peltier_is_T_S_minus_its_integral():
    t = table("skutterudite", "cubic")
    T = np.linspace(250.0, 900.0, 77)
    expected = T * t.evaluate(t.seebeck, T) - t.evaluate(t.seebeck_integral, T)
    assert t.evaluate(t.peltier, T) == pytest.approx(expected, rel=1e-12)


def test_shifted_polynomial():
    c = np.array([[1.0, -2.0, 0.5, 3.0, -1.0]])
    about = shifted(c, np.array([0.7]))[:, 0]
    for x in (-1.0, 0.3, 2.0):
        assert np.polynomial.polynomial.polyval(x - 0.7, about) == pytest.approx(
            np.polynomial.polynomial.polyval(x, c[0])
        )
