r"""Several steady states of one adiabatic segment between two temperatures, and the branch from zero current.

Where p = kappa dT/dx passes through zero, at the largest temperature T_m, the equations of
:mod:`ioffe.engine.turning_form` hold; with p = J u they do not contain the size of the current,

.. math:: u\,\frac{\mathrm{d}u}{\mathrm{d}T} = -\kappa\rho + A'\,u, \qquad
          |J| L = \int_{T_0}^{T_m} \frac{\kappa\,\mathrm{d}T}{|u|}
                  + \int_{T_1}^{T_m} \frac{\kappa\,\mathrm{d}T}{|u|},

so that the current is a function of T_m: every state with a maximum inside is a root of it, and its extrema
are the folds at which two states meet. A profile without a maximum inside is the only one of its kind, and
exists below the current at which T_m leaves the hotter end: the branch that begins at zero current goes on
from there with rising T_m, and ends at the first fold. A resistivity that rises fast enough makes one (the
equation is that of thermal explosion: D. A. Frank-Kamenetskii, Diffusion and Heat Transfer in Chemical
Kinetics, Plenum, New York 1969).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, inf

import numpy as np
from numpy.typing import NDArray

from ioffe.base.roots import root_between
from ioffe.engine import turning_form
from ioffe.engine.segment import FINE, RUNAWAY_T
from ioffe.engine.table import Array, PropertyTable

POINTS = 160
"""Of the curve of the current over the largest temperature, dense towards the hotter end."""
FEW_CELLS, MANY_CELLS = 12, 60
"""Numbers of cells of the table up to which each is divided once or twice more."""
COARSE = 1
"""Of the elements in each cell where an end of a branch is looked for: its current is right to 1e-7."""
AT_ONCE = 20_000
"""Elements that are integrated at once, to bound the memory."""
ZOOMS, CLOSER = 5, 9
"""How often a fold is looked at more closely, and at how many points."""


@dataclass(frozen=True, eq=False)
class PeakCurve:
    """The current over the largest temperature of a segment that is hottest inside.

    `table`: S(T), rho(T) and kappa(T).
    `T0`, `T1`: temperatures of the ends in K.
    `direction`: sign of the current, positive from T0 to T1.
    `most`: largest temperature in K up to which the curve is followed.

    Of constant properties, from the parabola T = T_0 + (j^2 rho/2 kappa) xi (1 - xi):

    >>> from ioffe.engine.table import pack
    >>> S, rho, kappa = ((np.array([200.0, 3200.0]), np.array([[v, 0, 0, 0]])) for v in (0.0, 1e-5, 1.0))
    >>> curve = PeakCurve(pack(S, rho, kappa, resistivity=True), 300.0, 300.0, 1.0)
    >>> bool(np.isclose(curve.current([400.0])[0], np.sqrt(8.0 * 100.0 / 1e-5))), curve.folds()
    (True, [])
    """

    table: PropertyTable
    T0: float
    T1: float
    direction: float
    most: float = RUNAWAY_T

    @property
    def hotter(self) -> float:
        """Temperature of the hotter end in K, at which the curve begins."""
        return max(self.T0, self.T1)

    def current(self, T_max: Array | list[float], halves: int | None = None) -> Array:
        """abs(J) L in A/m at which the largest temperature is this, in K; NaN where there is none.

        A number of elements in each cell may take the place of that for exact states.
        """
        peak = np.asarray(T_max, float)
        found = np.empty(len(peak))
        cells = int(np.ptp(self.table.cell(np.array([min(self.T0, self.T1), np.max(peak)])))) + 1
        if halves is None:
            halves = max(1, FINE if cells <= FEW_CELLS else FINE // 2 if cells <= MANY_CELLS else 1)
        block = max(1, AT_ONCE // (cells * halves))
        for start in range(0, len(peak), block):
            found[start : start + block] = self._block(peak[start : start + block], halves)
        return found

    def _block(self, peak: Array, halves: int) -> Array:
        one = np.ones(len(peak))
        a, j = np.sqrt(np.maximum(peak - self.hotter, 0.0)), copysign(1.0, self.direction) * one
        ends = self.hotter * one, min(self.T0, self.T1) * one
        sign = one if self.T0 >= self.T1 else -one
        with np.errstate(all="ignore"):
            return turning_form.both_ends(self.table, a, *ends, j, sign, halves).length

    def _points(self, halves: int | None = None) -> tuple[Array, Array]:
        """Largest temperatures, and the currents there."""
        span = self.most - self.hotter
        if span <= 0.0:
            return np.full(1, self.hotter), np.zeros(1)
        T = self.hotter + span * np.linspace(0.0, 1.0, POINTS) ** 2
        j = self.current(T, halves)
        good = np.isfinite(j)
        return T[good], j[good]

    def folds(self, halves: int | None = None) -> list[tuple[float, float]]:
        """Largest temperature in K and current abs(J) L in A/m of every fold, from cold to hot."""
        T, j = self._points(halves)
        rise = np.sign(np.diff(j))
        found = []
        for k in np.flatnonzero(rise[1:] * rise[:-1] < 0.0) + 1:
            low, high, turn = T[k - 1], T[k + 1], rise[k - 1]
            near, at = T[k], j[k]
            for _ in range(ZOOMS):
                closer = np.linspace(low, high, CLOSER)
                currents = self.current(closer, halves)
                best = int(np.nanargmax(turn * currents))
                near, at = closer[best], currents[best]
                low, high = closer[max(best - 1, 0)], closer[min(best + 1, CLOSER - 1)]
            found.append((float(near), float(at)))
        return found

    def end(self) -> tuple[float, float]:
        """Largest temperature and current where the branch from zero current ends; infinite without."""
        return next(iter(self.folds(COARSE)), (inf, inf))

    def _between_folds(self, halves: int | None = None) -> tuple[Array, Array]:
        """Largest temperatures and the currents there, those of the folds among them."""
        T, j = self._points(halves)
        folds = np.array(self.folds(halves)).reshape(-1, 2)
        T, j = np.append(T, folds[:, 0]), np.append(j, folds[:, 1])
        order = np.argsort(T)
        return T[order], j[order]

    def count(self, j: Array) -> NDArray[np.int_]:
        """Number of states at currents abs(J) L in A/m that are hottest inside, shape (cases,)."""
        _, currents = self._between_folds(COARSE)
        above = currents[:, None] > j
        return np.count_nonzero(above[1:] != above[:-1], axis=0)

    def peaks(self, j: float) -> list[float]:
        """Largest temperatures in K of all states at a current abs(J) L in A/m that are hottest inside."""
        T, currents = self._between_folds()
        miss = currents - j

        def excess(peak: float) -> float:
            return float(self.current([peak])[0]) - j

        crossings = np.flatnonzero(miss[1:] * miss[:-1] < 0.0)
        return [root_between(excess, float(T[k]), float(T[k + 1]), 1e-9) for k in crossings]
