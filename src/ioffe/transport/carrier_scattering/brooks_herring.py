r"""Ionised impurities whose field the carriers screen, by Brooks and Herring.

The Coulomb potential of an impurity of the charge Z e is screened over a length L, and in Born's
approximation an impurity density N_I scatters with

.. math::

    \tau = \frac{16\sqrt{2m}\,\pi\epsilon^2}{N_IZ^2e^4}\,\frac{E^{3/2}}{b(g)},\qquad
    b(g) = \ln(1 + g) - \frac{g}{1 + g},\qquad g = \frac{8mEL^2}{\hbar^2}.

Weak screening (large g) leaves :math:`\tau\propto E^{3/2}` over a logarithm, as E. Conwell and V. F.
Weisskopf, Phys. Rev. 77 (1950) 388, doi 10.1103/PhysRev.77.388, have it with another cut-off; strong
screening (small g) makes of every impurity a point, :math:`\tau\propto E^{-1/2}`. Sources: H. Brooks, Adv.
Electron. Electron Phys. 7 (1955) 85; D. Chattopadhyay and H. J. Queisser, Rev. Mod. Phys. 53 (1981) 745, doi
10.1103/RevModPhys.53.745, who also say where it ends: Born's approximation asks for a wave length well below
the distance of the impurities and for a mean free path above it, which fails in heavily doped samples at low
temperature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import EPSILON_0, e, hbar, k_B, m_e
from ioffe.base.errors import Fault, InputError
from ioffe.base.units import floats
from ioffe.transport.carrier_scattering.mechanism import CarrierState, Mechanism, Property, SingleMechanism

_SMALL: Final = 0.1
"""g/(1 + g) below which the bracket is taken from its series."""
_ORDERS: Final = range(17, 1, -1)
"""Orders of the series, the last of which is below 1e-17 of the first at `_SMALL`."""
_WEAKEST: Final = 1e300
"""Largest screening number, so that a band without carriers still has a logarithm."""


def screening_bracket(g: ArrayLike) -> Array:
    r"""Bracket :math:`b(g) = \ln(1 + g) - g/(1 + g)` of Brooks and Herring, without cancellation.

    `g`: from 0 on.
    Returns: g^2/2 for small g.

    >>> screening_bracket([1e-9, 1.0, 1e6])
    array([4.99999999e-19, 1.93147181e-01, 1.28155126e+01])
    """
    number = floats(g)
    u = number / (1.0 + number)  # ln(1 + g) = -ln(1 - u) = u + u^2/2 + ...
    near, series = np.minimum(u, _SMALL), 0.0
    for order in _ORDERS:
        series = series * near + 1.0 / order
    return np.where(u < _SMALL, near * near * series, np.log1p(number) - u)


@dataclass(frozen=True)
class BrooksHerring(SingleMechanism):
    """Screened ionised impurities; the carriers of the band itself screen unless a length is given.

    Parameters
    ----------
    permittivity : Property, optional
        Static relative permittivity of the crystal.
    impurity_density : Property, optional
        N_I in 1/m3; by default the carrier density, one impurity a carrier (no compensation).
    charge : float
        Z of an impurity.
    screening_length : Property, optional
        L in m. By default that of the carriers at any degeneracy, 1/L^2 = (e^2/eps) dn/dE_F, which is that of
        Debye far below the band edge and that of Thomas and Fermi in a metal.
    screening : Property, optional
        g at E = k_B T, the number on which the energy law alone depends, in place of all of the above.
    inertial_mass : Property, optional
        m_I over the electron mass, for the mobility; by default the effective mass.
    mobility : Property, optional
        Mobility parameter, such as one that is fitted, in place of the one that follows.
    weight : float
        Factor of the rate.

    Notes
    -----
    H. Brooks, Adv. Electron. Electron Phys. 7 (1955) 85; D. Chattopadhyay and H. J. Queisser, Rev. Mod. Phys.
    53 (1981) 745, doi 10.1103/RevModPhys.53.745. In a Kane band the rate follows the density of states,
    without an overlap of Bloch functions.

    Examples
    --------
    The mobility that 1e17 donors in 1 cm3 alone allow at 300 K:

    >>> from ioffe.base.constants import e
    >>> from ioffe.transport.bands import Band
    >>> from ioffe.transport.many_bands import doped_transport
    >>> band = Band("n", (BrooksHerring(permittivity=11.7),), effective_mass=0.32)
    >>> found = doped_transport([band], -1e23, 300.0)
    >>> print(f"{found.electrical_conductivity / (1e23 * e) * 1e4:.0f} cm2/(V s)")
    8004 cm2/(V s)
    """

    permittivity: Property | None = None
    impurity_density: Property | None = None
    charge: float = 1.0
    screening_length: Property | None = None
    screening: Property | None = None
    inertial_mass: Property | None = None

    def shape(self, y: Array, mass: Array, *parameters: Array) -> Array:
        """Rate over that at E = k_B T of a parabolic band; the parameter is the screening number g."""
        (g,) = parameters
        return y**-1.5 * mass * (screening_bracket(g * y) / screening_bracket(g))

    def shape_parameters(self, state: CarrierState) -> tuple[Array, ...]:
        """The screening number g at E = k_B T; an `InputError` where it is not given and cannot be found."""
        if self.screening is not None:
            return (state.value(self.screening, "the screening"),)
        wanted = "the screening of ionised impurities"
        T, mass = (state.known(name, wanted) for name in ("temperature", "effective_mass"))
        g = 8.0 * mass * m_e * k_B * T * self._squared_length(state) / hbar**2
        return (np.minimum(g, _WEAKEST),)

    def own_mobility(self, state: CarrierState) -> Array:
        """Mobility parameter e tau(k_B T)/m_I in m2/(V s) from permittivity and impurities.

        Without a permittivity, and for a state without temperature and mass, an `InputError`.
        """
        eps, (g,) = self._permittivity(state), self.shape_parameters(state)
        heat = k_B * state.known("temperature", "the strength of ionised impurities")
        band = state.known("effective_mass", "the strength of ionised impurities")
        inertial = band if self.inertial_mass is None else state.value(self.inertial_mass, "the mobility")
        given = self.impurity_density
        impurities = state.density()[0] if given is None else state.value(given, "the impurity density")
        upper = 16.0 * pi * np.sqrt(2.0 * band * m_e) * eps**2 * heat**1.5
        rate = impurities * self.charge**2 * e**3 * screening_bracket(g)
        return upper / (rate * inertial * m_e)

    def _squared_length(self, state: CarrierState) -> Array:
        """Square of the screening length in m2."""
        if self.screening_length is not None:
            return state.value(self.screening_length, "the screening length") ** 2
        density, slope = state.density()
        heat = k_B * state.known("temperature", "the screening")
        with np.errstate(divide="ignore", over="ignore"):
            return self._permittivity(state) * heat / (e**2 * density * slope)

    def _permittivity(self, state: CarrierState) -> Array:
        if self.permittivity is None:
            expected = "the static relative permittivity is expected"
            advice = "or give screening and mobility"
            raise InputError(Fault("permittivity", expected=expected, advice=advice))
        return EPSILON_0 * state.value(self.permittivity, "the permittivity")


MECHANISMS: Final[Mapping[str, Mechanism]] = {"brooks_herring": BrooksHerring()}
