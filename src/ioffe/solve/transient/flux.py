r"""Heat between neighbouring points of a mesh, with temperature-dependent properties.

An element of length d joins two points; with :math:`\xi = x/d`, :math:`j = J d`, :math:`A = TS - \int S dT`,
:math:`\Theta = \int\kappa\,dT` and :math:`g = j^2\rho - d^2[\Lambda(T-T_a) + \Lambda_r(T^4-T_a^4)]`

.. math:: w = -d\Theta/d\xi + jA, \quad dw/d\xi = g, \quad q = (w + j\int S\,dT)/d

at steady state, so that exactly

.. math::
    w_0 = \Theta_0 - \Theta_1 + j\int A\,d\xi - \int (1-\xi)\,g\,d\xi, \qquad w_1 = w_0 + \int g\,d\xi .

The integrals follow Simpson's rule with the temperature in the middle

.. math:: T_m = (T_0 + T_1)/2 - T''/8, \quad T'' = (j\,\Delta A - \bar g - \Delta\kappa\,\Delta T)/\bar\kappa,

so that a chain of elements has the exact steady state to fourth order in d, and dS/dT appears nowhere. What
is stored in the cells between is the difference of the w that leave and reach them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ioffe.engine.table import Array
from ioffe.solve.transient.mesh import Mesh
from ioffe.solve.transient.properties import CONDUCTIVITY, ELECTRICAL, HEAT, PELTIER, ChainProperties, Local

NOTHING = np.zeros(1)
"""Loss of elements that lose nothing."""


@dataclass(eq=False)
class Flux:
    """Elements (points - 1,); derivatives to the temperature of both ends and to the current I."""

    first: Array
    """w at the first point, scaled by the length, in W/m."""
    last: Array
    resistance: Array
    """int rho dxi in ohm m."""
    loss: Array
    """Side loss, scaled by the length, in W/m."""
    d_first: tuple[Array, Array, Array] | None = None
    d_last: tuple[Array, Array, Array] | None = None
    d_resistance: tuple[Array, Array, Array] | None = None
    """None if they were not asked for."""


def flux(
    mesh: Mesh,
    properties: ChainProperties,
    T: Array,
    low: Array,
    local: Local,
    current: float,
    ambient: float,
    tangents: bool,
) -> Flux:
    """Flux of all elements.

    Parameters
    ----------
    mesh, properties
        The elements and the curves of their materials.
    T, low
        Temperatures of the points in K, and what they have lost to rounding: thin layers of a metal carry
        their heat on differences below it.
    local
        ChainProperties at these temperatures.
    current, ambient
        Current of the circuit in A, and temperature of the surroundings in K.
    tangents
        Whether the derivatives are asked for.
    """
    values, slopes = local.values, local.slopes
    j = mesh.current * current
    jj = j * j
    A, k, rho = (values[row] for row in (PELTIER, CONDUCTIVITY, ELECTRICAL))
    loss, d_loss = _loss(mesh, T[:-1], ambient)
    loss_1, d_loss_1 = _loss(mesh, T[1:], ambient)
    g0, g1 = jj * rho[:-1] - loss, jj * rho[1:] - loss_1
    D = T[1:] - T[:-1] + (low[1:] - low[:-1])
    dA, dk, sum_k = A[1:] - A[:-1], k[1:] - k[:-1], k[1:] + k[:-1]
    bend = (2.0 * (j * dA - dk * D) - g0 - g1) / sum_k
    middle = 0.5 * (T[1:] + T[:-1]) - 0.125 * bend
    (Am, rho_m), (dAm, d_rho_m) = properties.between(middle)
    loss_m, d_loss_m = _loss(mesh, middle, ambient)
    gm = jj * rho_m - loss_m
    mean_A = (A[:-1] + 4.0 * Am + A[1:]) / 6.0
    first = -_conducted(local, D, low) + j * mean_A - (g0 + 2.0 * gm) / 6.0
    r = (rho[:-1] + 4.0 * rho_m + rho[1:]) / 6.0
    lost = (loss + 4.0 * loss_m + loss_1) / 6.0
    out = Flux(first, first + jj * r - lost, r, lost)
    if not tangents:
        return out
    sA, sk, s_rho = (slopes[row] for row in (PELTIER, CONDUCTIVITY, ELECTRICAL))
    dg0, dg1, dgm = jj * s_rho[:-1] - d_loss, jj * s_rho[1:] - d_loss_1, jj * d_rho_m - d_loss_m
    # the temperature in the middle
    m0 = 0.5 - (2.0 * (sk[:-1] * D + dk - j * sA[:-1]) - dg0 - bend * sk[:-1]) / (8.0 * sum_k)
    m1 = 0.5 - (2.0 * (j * sA[1:] - sk[1:] * D - dk) - dg1 - bend * sk[1:]) / (8.0 * sum_k)
    mj = -(dA - j * (rho[:-1] + rho[1:])) / (4.0 * sum_k)
    steep = 2.0 / 3.0 * j * dAm - dgm / 3.0
    to_0 = k[:-1] + j * sA[:-1] / 6.0 - dg0 / 6.0 + steep * m0
    to_1 = -k[1:] + j * sA[1:] / 6.0 + steep * m1
    to_j = mean_A + steep * mj - j * (rho[:-1] + 2.0 * rho_m) / 3.0
    r0 = (s_rho[:-1] + 4.0 * d_rho_m * m0) / 6.0
    r1 = (s_rho[1:] + 4.0 * d_rho_m * m1) / 6.0
    rj = 2.0 / 3.0 * d_rho_m * mj
    rise = 2.0 / 3.0 * dgm
    out.d_first = to_0, to_1, to_j * mesh.current
    out.d_last = (
        to_0 + dg0 / 6.0 + rise * m0,
        to_1 + dg1 / 6.0 + rise * m1,
        (to_j + 2.0 * j * r + rise * mj) * mesh.current,
    )
    out.d_resistance = r0, r1, rj * mesh.current
    return out


def _conducted(local: Local, D: Array, low: Array) -> Array:
    """int kappa dT over each element.

    The trapezoidal rule with its first correction is exact for the cubic of one cell; across knots the
    integral is the difference of its values at both ends.
    """
    k, slope, heat = local.values[CONDUCTIVITY], local.slopes[CONDUCTIVITY], local.values[HEAT]
    mean = 0.5 * (k[1:] + k[:-1])
    inside = D * (mean - D * (slope[1:] - slope[:-1]) / 12.0)
    across = heat[1:] - heat[:-1] + mean * (low[1:] - low[:-1])
    return np.where(local.cell[1:] == local.cell[:-1], inside, across)


def _loss(mesh: Mesh, T: Array, ambient: float) -> tuple[Array, Array]:
    """Side loss of each element if it had the temperature T all along, and its slope."""
    if mesh.convection is None or mesh.radiation is None:
        return NOTHING, NOTHING
    linear, radiative = mesh.convection, mesh.radiation
    return linear * (T - ambient) + radiative * (T**4 - ambient**4), linear + 4.0 * radiative * T**3
