r"""What passes between two faces: contacts of zero thickness, films, radiation.

At a contact of resistivity rho and thermal resistance R, with the potentials and temperatures on both sides,

.. math:: J = (V_1 - V_2)/\rho, \quad q_{1,2} = (T_1 - T_2)/R + \epsilon\sigma_{SB}(T_1^4 - T_2^4)
   \mp \tfrac12 J (V_1 - V_2),

q_1 leaving the first side and q_2 reaching the second: half of the Joule heat goes to each. A film is a
contact whose second side is one temperature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import STEFAN_BOLTZMANN
from ioffe.field.elements.shapes import FACE_VALUES, FACE_WEIGHTS

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


class FaceForms(NamedTuple):
    """What T and V of both sides lack by the fluxes, (faces, 18), and the slopes (faces, 18, 18)."""

    F_T: Array
    F_V: Array
    TT: Array
    TV: Array
    VV: Array


@dataclass(frozen=True, eq=False)
class FacePairs:
    """Pairs of faces, by the numbers of their unknowns.

    Attributes
    ----------
    T, V : ndarray of int, shape (faces, 18)
        Unknowns of the first and of the second side; V is None where no current passes.
    area : ndarray
        In m2.
    conductance : ndarray
        1/R in W/(m2 K).
    emissivity : float
        What the exchange of radiation counts with, of both sides together.
    conductivity : float
        1/rho in S/m2.
    """

    T: Indices
    V: Indices | None
    area: Array
    conductance: Array
    emissivity: float = 0.0
    conductivity: float = 0.0

    def forms(self, T: Array, V: Array) -> FaceForms:
        """Fluxes and slopes at all unknowns."""
        N, w = FACE_VALUES, self.area[:, None] * FACE_WEIGHTS
        T1, T2 = T[self.T[:, :9]] @ N.T, T[self.T[:, 9:]] @ N.T
        drop = np.zeros_like(T1)
        if self.V is not None:
            drop = V[self.V[:, :9]] @ N.T - V[self.V[:, 9:]] @ N.T
        J, G = self.conductivity * drop, self.conductance[:, None]
        radiated = self.emissivity * STEFAN_BOLTZMANN
        q, half = G * (T1 - T2) + radiated * (T1**4 - T2**4), 0.5 * J * drop
        slopes = [G + 4.0 * radiated * x**3 for x in (T1, T2)]
        F_T = np.concatenate([(w * (half - q)) @ N, (w * (half + q)) @ N], axis=1)
        F_V = np.concatenate([-(w * J) @ N, (w * J) @ N], axis=1)
        a, b, d, e = (self._matrix(w * x) for x in (*slopes, J, np.full_like(J, self.conductivity)))
        TT = np.block([[-a, b], [a, -b]])
        return FaceForms(F_T, F_V, TT, np.block([[d, -d], [d, -d]]), np.block([[-e, e], [e, -e]]))

    def joule(self, u: Array) -> float:
        """Joule heat in W of all pairs."""
        if self.V is None:
            return 0.0
        drop = u[self.V[:, :9]] @ FACE_VALUES.T - u[self.V[:, 9:]] @ FACE_VALUES.T
        return float((self.area[:, None] * FACE_WEIGHTS * self.conductivity * drop**2).sum())

    @staticmethod
    def _matrix(values: Array) -> Array:
        return np.einsum("fq,qa,qb->fab", values, FACE_VALUES, FACE_VALUES, optimize=True)
