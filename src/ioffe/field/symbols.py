r"""Conduction through stacks of layers, diagonal in cosines.

In a rectangular box with insulated rims a flux :math:`q\cos(k_x x)\cos(k_y y)` on one face gives a
temperature of the same shape everywhere, with :math:`k^2 = k_x^2 + k_y^2`, because :math:`\partial^2
T/\partial z^2 = k^2 T` through the thickness. The ratio of the two is the *symbol* of the face, in m2 K/W.
Nothing is meshed through the thickness, and any film coefficient is exact.

The inner face of a stack is the one towards the legs; heat counts outwards, and layers are listed from the
inner to the outer one. An interface between two layers adds its resistance to every symbol. That of the
innermost face is left out of the symbols, because it does not fall with k: `folded` symbols take it as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LONGEST = 40.0
"""k t beyond which a layer is infinitely thick: exp(-80) is far below rounding."""


@dataclass(frozen=True)
class BoxLayer:
    """A layer of constant conductivity.

    Attributes
    ----------
    conductivity : float
        Thermal, in W/(m K).
    thickness : float
        In m.
    electrical : float
        Electrical conductivity in S/m, 0 for an insulator.
    interface : float
        Thermal resistance times area of its inner face, in m2 K/W.
    """

    conductivity: float
    thickness: float
    electrical: float = 0.0
    interface: float = 0.0

    @property
    def resistance(self) -> float:
        """Thermal resistance times area in m2 K/W."""
        return self.thickness / self.conductivity


class TwoPort(NamedTuple):
    """Symbols of a stack with both faces open: T_in = a q_in - b q_out, T_out = b q_in - d q_out."""

    a: Array
    b: Array
    d: Array


def impedance(k: Array, layers: Sequence[BoxLayer], film: float = np.inf) -> Array:
    r"""Symbol T/q of the inner face of a stack whose outer face meets a film coefficient.

    From the film, Z = 1/h, each layer inwards makes

    .. math:: Z' = \frac{Z + \tanh(kt)/(K k)}{1 + Z K k \tanh(kt)}, \qquad
              Z' = Z + t/K \text{ for } k = 0.

    `k`: wave numbers in 1/m.
    `layers`: from the inner to the outer one; none for a bare film.
    `film`: h in W/(m2 K) between the outer face and what lies behind; infinite for a given temperature, 0 for
        an insulated face, of which the symbol at k = 0 is infinite.
    Returns: in m2 K/W.

    >>> impedance(np.array([0.0]), [BoxLayer(25.0, 0.5e-3)], film=5e4)
    array([4.e-05])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        Z = np.full(np.shape(k), np.divide(1.0, film))
        for i, layer in reversed(list(enumerate(layers))):
            K, t = layer.conductivity, layer.thickness
            tanh = np.tanh(np.minimum(k * t, LONGEST))
            through = np.where(k > 0.0, tanh / (K * k), t / K)
            along = K * k * tanh
            # divided by Z, so that an insulated face (Z infinite) needs no formula of its own
            Z = np.where(np.isinf(Z), 1.0 / along, (Z + through) / (1.0 + Z * along))
            Z = Z + (layer.interface if i else 0.0)
    return Z


def two_port(k: Array, layers: Sequence[BoxLayer]) -> TwoPort:
    r"""Symbols of a stack with given flux on both faces, for wave numbers above zero.

    One layer has :math:`a = d = 1/(K k \tanh kt)` and :math:`b = 1/(K k \sinh kt)`. Between two of them the
    temperatures differ by the flux times R of the interface, so that with :math:`s = d_1 + R + a_2`

    .. math:: a = a_1 - b_1^2/s, \qquad b = b_1 b_2/s, \qquad d = d_2 - b_2^2/s.

    `k`: wave numbers in 1/m; where one is zero, the symbols are zero (the mean is not bounded by the fluxes).
    `layers`: from the inner to the outer one.
    Returns: in m2 K/W.
    """
    safe = np.where(k > 0.0, k, 1.0)
    found: TwoPort | None = None
    for layer in layers:
        depth = np.minimum(safe * layer.thickness, LONGEST)
        own = 1.0 / (layer.conductivity * safe * np.tanh(depth))
        across = 1.0 / (layer.conductivity * safe * np.sinh(depth))
        new = TwoPort(own, across, own)
        if found is None:
            found = new
        else:
            s = found.d + layer.interface + new.a
            found = TwoPort(found.a - found.b**2 / s, found.b * new.b / s, new.d - new.b**2 / s)
    assert found is not None
    return TwoPort(*(np.where(k > 0.0, symbol, 0.0) for symbol in found))


@dataclass(frozen=True)
class MeanResistances:
    """How the mean temperatures of an electrode follow from its heat per area; all in m2 K/W.

    With q the heat that enters its inner face and b the Joule heat in its volume, both per area,
    T_in - T_out = through q + heated b and T_body - T_out = heated q + body b.
    """

    through: float
    heated: float
    body: float


def mean_resistances(layers: Sequence[BoxLayer]) -> MeanResistances:
    r"""Resistances of the means of an electrode whose layers carry current side by side.

    The Joule heat is even in a layer, and shared as the sheet conductances :math:`\sigma_i t_i`; without any
    it is shared as the thicknesses. Heat of layer i meets half of its own resistance :math:`r_i` on its mean
    way out (a third, for the mean temperature of the heated layer itself) and all of those further out.

    `layers`: from the inner to the outer one.

    >>> one = mean_resistances([BoxLayer(400.0, 0.4e-3, 5e7)])
    >>> round(one.heated / one.through, 12), round(one.body / one.through, 12)
    (0.5, 0.333333333333)
    """
    r = np.array([layer.resistance for layer in layers])
    share = np.array([layer.electrical * layer.thickness for layer in layers])
    if not share.any():
        share = np.array([layer.thickness for layer in layers])
    share = share / share.sum()
    bonds = np.array([layer.interface for layer in layers])
    whole = r.sum() + bonds.sum()
    # what lies between the outer face of each layer and that of the electrode
    outside = whole - np.cumsum(r + bonds)
    middle = 0.5 * r + outside
    # two layers share the way of the outer one
    last = np.maximum.outer(np.arange(len(r)), np.arange(len(r)))
    both = np.where(np.eye(len(r), dtype=bool), r / 3.0 + outside, middle[last])
    return MeanResistances(float(whole), float(share @ middle), float(share @ both @ share))
