"""Segments, contacts, end resistances and side losses against scipy's boundary-value solver."""

import numpy as np
import pytest
from scipy.integrate import solve_bvp

import ioffe as te
from tests.device.cases import cold_material, held, hot_material, middle_material

AREA, J, AMBIENT = 4e-6, 1.5e6, 300.0
LENGTHS = (2e-3, 1.5e-3, 1e-3)
RHO_C = (1e-9, 2e-9, 2e-9, 1e-9)
R_TH = (1e-5, 5e-6, 5e-6, 1e-5)
ENDS = (1e-4, 2e-4)
H = 10.0


def device(interpolation):
    materials = (hot_material(interpolation), middle_material(interpolation), cold_material(interpolation))
    contacts = [te.Contact(e, t) for e, t in zip(RHO_C, R_TH, strict=True)]
    return materials, te.Leg(
        segments=[te.Segment(m, x) for m, x in zip(materials, LENGTHS, strict=True)],
        area="2 mm x 2 mm",
        contact_hot=contacts[0],
        between=contacts[1:3],
        contact_cold=contacts[3],
        side=te.SideLoss(convection=H),
    )


def by_solve_bvp(materials, tol):
    """T and q of the three segments stacked on one axis; contact heat half on each side."""
    loss = H * 8e-3 / AREA
    curves = [held(m) for m in materials]

    def rates(_, y):
        out = []
        for (S, rho, kappa), x, T, q in zip(curves, LENGTHS, y[::2], y[1::2], strict=True):
            slope = (J * S(T) * T - q) / kappa(T)
            out += [x * slope, x * (J**2 * rho(T) + J * S(T) * slope - loss * (T - AMBIENT))]
        return np.vstack(out)

    def ends(a, b):
        q = a[1] - J**2 * RHO_C[0]
        out = [a[0] - (850.0 - ENDS[0] * q - R_TH[0] * (q + 0.5 * J**2 * RHO_C[0]))]
        for s in (1, 2):
            q = b[2 * s - 1]
            out += [
                a[2 * s] - (b[2 * s - 2] - R_TH[s] * (q + 0.5 * J**2 * RHO_C[s])),
                a[2 * s + 1] - q - J**2 * RHO_C[s],
            ]
        q = b[5]
        T = b[4] - R_TH[3] * (q + 0.5 * J**2 * RHO_C[3])
        return np.array([*out, T - 300.0 - ENDS[1] * (q + J**2 * RHO_C[3])])

    x = np.linspace(0, 1, 161)
    y = np.vstack([800 - 100 * x, 2e5 + 0 * x, 700 - 200 * x, 2e5 + 0 * x, 500 - 150 * x, 2e5 + 0 * x])
    s = solve_bvp(rates, ends, x, y, tol=tol, max_nodes=100_000)
    assert s.status == 0
    return s.y[1, 0] - J**2 * RHO_C[0], s.y[5, -1] + J**2 * RHO_C[3]


@pytest.mark.parametrize("interpolation", ["cubic", "pchip"])
def test_three_segments_with_everything(interpolation):
    materials, leg = device(interpolation)
    conditions = te.Generator(
        T_hot=850.0,
        T_cold=300.0,
        current=J * AREA,
        hot_resistance=ENDS[0] / AREA,
        cold_resistance=ENDS[1] / AREA,
        T_ambient=AMBIENT,
    )
    r = leg.solve(conditions, tolerance=1e-11)
    hot, cold = by_solve_bvp(materials, 1e-7)
    assert r.heat_hot / AREA == pytest.approx(hot, rel=1e-8)
    assert r.heat_cold / AREA == pytest.approx(cold, rel=1e-8)
    assert r.energy_balance < 1e-10
    assert r.error_estimate < 1e-8
