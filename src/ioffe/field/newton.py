r"""Newton's method on the port temperatures of a module between its plates.

With the heat q that the legs give to the ports of a side at their temperatures T, the plates answer R q, so
that

.. math:: F = T - T_\mathrm{ref} - R\,[q(T, I) + I^2 r] = 0

on both sides. The residual takes the whole response R (`response.PortMap`); the slope takes what is known of
it: the basis solved so far and one number for all that a leg does to itself alone. That is a matrix of rank
of the basis beside blocks of two by two, inverted by Woodbury's formula, and exact in the end. Temperatures
behind the films (for imposed heats) and the current (for an imposed voltage or load) border it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.network import Drive
from ioffe.engine.state import FAILED, OK
from ioffe.field.gap import GapPath
from ioffe.field.legs import EqualLegs, PortFlow
from ioffe.field.response import PortMap

Array = NDArray[np.float64]
MOST_PASSES = 30
SETTLED = 1e-9
"""K; largest residual of a port temperature."""
CLOSED = 1e-10
"""Largest heat inside of a leg that does not balance, and imposed heat or voltage that is missed, in units of
the largest."""
LONGEST = 60.0
"""K; the largest change of a port temperature in one pass."""
REFINED = 1
"""Corrections of the derivatives to the current with the whole response."""


@dataclass(frozen=True, eq=False)
class Plates:
    """Both sides at one set of conductivities.

    Attributes
    ----------
    hot, cold : PortMap
    joule_hot, joule_cold : ndarray of shape (ports,)
        Resistances in ohm whose heat enters each port of a side.
    """

    hot: PortMap
    cold: PortMap
    joule_hot: Array
    joule_cold: Array

    @property
    def resistance(self) -> float:
        """Of electrodes and leads in ohm."""
        return float(self.joule_hot.sum() + self.joule_cold.sum())


class Start(NamedTuple):
    """Where the iteration begins; T of the ports and inside of each kind of legs, (..., cases)."""

    T_hot: Array
    T_cold: Array
    behind_hot: Array
    behind_cold: Array
    current: Array
    inner: list[Array]


@dataclass(eq=False)
class State:
    """Where all cases stand; port temperatures are (ports, cases)."""

    T_hot: Array
    T_cold: Array
    behind: Array
    """Temperatures behind the films, (2, cases)."""
    current: Array
    ends: PortFlow
    code: NDArray[np.int_]
    slopes: tuple[Array, Array, Array, Array, Array]
    """Slopes to the current of V, both heats, temperatures behind the films, and means of the ports."""
    error: Array
    """What the extrapolation of the cells may leave: errors of V in V, of both heats in W, and of the
    temperatures behind the films in K, where imposed heats make them, (5, cases)."""


def solve(
    plates: Plates,
    legs: Sequence[EqualLegs],
    gap: GapPath | None,
    drive: Drive,
    start: Start,
    tolerance: float,
) -> State:
    """Solve all cases; one that does not settle has the code FAILED.

    `plates`, `legs`, `gap`: the module; the port of the gap is behind those of the legs.
    `drive`: what is imposed on the whole module, as in the engine.
    `start`: where to begin.
    `tolerance`: relative error allowed in the integration of each leg.
    """
    return _Iteration(plates, legs, gap, drive, tolerance).run(start)


class _Iteration:
    def __init__(
        self, plates: Plates, legs: Sequence[EqualLegs], gap: GapPath | None, drive: Drive, tolerance: float
    ) -> None:
        self.plates, self.legs, self.gap, self.drive, self.tolerance = plates, legs, gap, drive, tolerance
        self.count = sum(len(kind.index) for kind in legs)
        self.ports = self.count + (gap is not None)
        self.free = [
            name
            for name, is_free in (
                ("hot", drive.T_hot is None),
                ("cold", drive.T_cold is None),
                ("current", drive.current is None),
            )
            if is_free
        ]

    def run(self, start: Start) -> State:
        n = len(self.drive)
        for kind, inner in zip(self.legs, start.inner, strict=True):
            kind.begin(inner)
        T = np.concatenate([np.tile(start.T_hot, (self.ports, 1)), np.tile(start.T_cold, (self.ports, 1))])
        behind, current = np.array([start.behind_hot, start.behind_cold]), start.current.copy()
        code, settled = np.full(n, OK), np.zeros(n, bool)
        with np.errstate(all="ignore"):
            ends = self._ends(T, current)
            for passed in range(MOST_PASSES):
                if passed:
                    ends = self._ends(T, current)
                worst = ends.code.max(axis=0)
                F, G = self._residual(T, behind, current, ends), self._constraints(ends, current)
                bad = (worst >= FAILED) | ~np.isfinite(F).all(axis=0)
                code = np.where(bad, FAILED, worst)
                settled = ~bad & self._is_settled(F, G, ends, current)
                if np.all(settled | bad):
                    break
                dT, dB, dI = self._step(F, G, ends, current, ~bad & ~settled)
                T, behind, current = T + dT, behind + dB, current + dI
                for kind in self.legs:
                    kind.move(dT[kind.index], dT[self.ports + kind.index], dI)
            code = np.where(settled, code, FAILED)
            slopes, error = self._slopes(ends, current, settled)
        m = self.ports
        return State(T[:m], T[m:], behind, current, ends, code, slopes, error)

    def _ends(self, T: Array, current: Array) -> PortFlow:
        """Heats and voltages of all legs and of the gap, in the order of the ports."""
        m, n = self.ports, len(current)
        found: list[tuple[NDArray[np.intp], PortFlow]] = []
        for kind in self.legs:
            of = T[kind.index], T[m + kind.index]
            found.append((kind.index, kind.evaluate(*of, current, self.drive.ambient, self.tolerance)))
        if self.gap is not None:
            found.append((np.array([m - 1]), self.gap.evaluate(T[m - 1 : m], T[-1:], current)))
        whole: dict[str, Any] = {}
        for index, part in found:
            for name, value in vars(part).items():
                shape = (*value.shape[:-2], m, n)
                whole.setdefault(name, np.zeros(shape, value.dtype))[..., index, :] = value
        return PortFlow(**whole)

    def _heats(self, leaving: Array, reaching: Array, joule: Array) -> tuple[Array, Array]:
        """Heats of all ports of both sides, (cases, ports), with Joule heat in units of I^2."""
        hot, cold = (np.outer(joule, r) for r in (self.plates.joule_hot, self.plates.joule_cold))
        hot[:, : self.ports] -= leaving.T
        cold[:, : self.ports] += reaching.T
        return hot, cold

    def _answer(self, heats: tuple[Array, Array]) -> Array:
        """Temperatures that the plates make of heats, (2 ports, cases)."""
        found = (side.apply(q) for side, q in zip((self.plates.hot, self.plates.cold), heats, strict=True))
        return np.concatenate([T[:, : self.ports].T for T in found])

    def _residual(self, T: Array, behind: Array, current: Array, ends: PortFlow) -> Array:
        heats = self._heats(ends.leaving, ends.reaching, current**2)
        return T - np.repeat(behind, self.ports, axis=0) - self._answer(heats)

    def totals(self, ends: PortFlow, current: Array) -> Array:
        """Voltage in V, heat that enters the hot and that leaves the cold side in W; (3, cases)."""
        I2 = current**2
        return np.array(
            [
                ends.voltage.sum(axis=0) - current * self.plates.resistance,
                ends.leaving.sum(axis=0) - I2 * self.plates.joule_hot.sum(),
                ends.reaching.sum(axis=0) + I2 * self.plates.joule_cold.sum(),
            ]
        )

    def _constraints(self, ends: PortFlow, current: Array) -> Array:
        """What the free numbers have to make zero, (free, cases)."""
        voltage, hot, cold = self.totals(ends, current)
        rows = []
        for name in self.free:
            if name == "current":
                aim = self.drive.voltage if self.drive.load is None else current * self.drive.load
                rows.append(voltage - aim)
            else:
                heat = hot if name == "hot" else cold
                rows.append(heat - getattr(self.drive, f"heat_{name}"))
        return np.array(rows).reshape(len(self.free), len(current))

    def _is_settled(self, F: Array, G: Array, ends: PortFlow, current: Array) -> NDArray[np.bool_]:
        # heats and voltages that 1 K drives keep the scale where nothing flows
        heat = np.abs(ends.leaving).max(axis=0) + np.abs(ends.d_leaving[0]).max(axis=0)
        volt = np.sum(np.abs(ends.voltage) + np.abs(ends.d_voltage[0]), axis=0)
        volt += np.abs(current) * self.plates.resistance
        good = (np.abs(F).max(axis=0) < SETTLED) & (ends.open.max(axis=0) <= CLOSED * heat)
        for name, row in zip(self.free, G, strict=True):
            good &= np.abs(row) <= CLOSED * (volt if name == "current" else self.count * heat)
        return good

    def _columns(self, ends: PortFlow, current: Array) -> Array:
        """-dF to each of the free numbers, (free, 2 ports, cases)."""
        m, n = self.ports, len(current)
        out = np.zeros((len(self.free), 2 * m, n))
        for k, name in enumerate(self.free):
            if name == "current":
                out[k] = self._per_current(ends, current)
            else:
                out[k, slice(0, m) if name == "hot" else slice(m, None)] = 1.0
        return out

    def _per_current(self, ends: PortFlow, current: Array) -> Array:
        """Change of the plates' answer by 1 A at fixed port temperatures."""
        return self._answer(self._heats(ends.d_leaving[2], ends.d_reaching[2], 2.0 * current))

    def _inverse(self, f: Array, ends: PortFlow, k: Any) -> Array:
        """The inverse of the slope of F at case k on columns f, (2 ports, columns)."""
        m, hot, cold = self.ports, self.plates.hot, self.plates.cold
        Lh, Lc, Mh, Mc = (x[:, k] for x in (*ends.d_leaving[:2], *ends.d_reaching[:2]))
        a, b = 1.0 + hot.local * Lh, hot.local * Lc
        c, d = -cold.local * Mh, 1.0 - cold.local * Mc
        det = a * d - b * c

        def blocks(v: Array) -> Array:
            top, low = v[:m], v[m:]
            solved = (d[:, None] * top - b[:, None] * low), (a[:, None] * low - c[:, None] * top)
            return np.concatenate(solved) / np.concatenate([det, det])[:, None]

        Qh, Qc = hot.basis[:, :m], cold.basis[:, :m]
        U = np.zeros((2 * m, len(Qh) + len(Qc)))
        U[:m, : len(Qh)] = (hot.temperatures[:, :m] - hot.local * Qh).T
        U[m:, len(Qh) :] = -(cold.temperatures[:, :m] - cold.local * Qc).T
        V = np.block([[Qh * Lh, Qh * Lc], [Qc * Mh, Qc * Mc]])
        y, W = blocks(f), blocks(U)
        return y - W @ np.linalg.solve(np.eye(len(V)) + V @ W, V @ y)

    def _sensitivities(self, ends: PortFlow, current: Array, k: Any) -> tuple[Array, Array]:
        """Slopes of the constraints to the port temperatures (free, 2 ports) and to the free numbers."""
        per_T, per_I = self._totals_slopes(ends, current, k)
        rows, own = [], np.zeros((len(self.free), len(self.free)))
        for i, name in enumerate(self.free):
            which = {"current": 0, "hot": 1, "cold": 2}[name]
            rows.append(per_T[which])
            for j, other in enumerate(self.free):
                if other == "current":
                    load = self.drive.load[k] if name == "current" and self.drive.load is not None else 0.0
                    own[i, j] = per_I[which] - load
        return np.array(rows).reshape(len(self.free), 2 * self.ports), own

    def _totals_slopes(self, ends: PortFlow, current: Array, k: Any) -> tuple[Array, Array]:
        """Slopes of the totals to the port temperatures, (3, 2 ports), and to the current."""
        slopes = (ends.d_voltage, ends.d_leaving, ends.d_reaching)
        per_T = np.array([np.concatenate([s[0, :, k], s[1, :, k]]) for s in slopes])
        joule = np.array(
            [
                -self.plates.resistance,
                -2.0 * current[k] * self.plates.joule_hot.sum(),
                2.0 * current[k] * self.plates.joule_cold.sum(),
            ]
        )
        return per_T, np.array([s[2, :, k].sum() for s in slopes]) + joule

    def _step(
        self, F: Array, G: Array, ends: PortFlow, current: Array, moving: NDArray[np.bool_]
    ) -> tuple[Array, Array, Array]:
        """Newton's step of port temperatures, temperatures behind the films, and current."""
        m, n = self.ports, len(current)
        dT, dB, dI = np.zeros((2 * m, n)), np.zeros((2, n)), np.zeros(n)
        columns = self._columns(ends, current)
        for k in np.flatnonzero(moving):
            y = self._inverse(np.concatenate([-F[:, k, None], columns[:, :, k].T], axis=1), ends, k)
            step, free = y[:, 0], np.zeros(len(self.free))
            if self.free:
                rows, own = self._sensitivities(ends, current, k)
                free = np.linalg.solve(own + rows @ y[:, 1:], -G[:, k] - rows @ step)
                step = step + y[:, 1:] @ free
            size = max(np.abs(step).max(), np.abs(free[[f != "current" for f in self.free]]).max(initial=0.0))
            cut = min(1.0, LONGEST / size) if np.isfinite(size) and size > 0.0 else 1.0
            dT[:, k] = cut * step
            for name, value in zip(self.free, cut * free, strict=True):
                if name == "current":
                    dI[k] = value
                else:
                    dB[0 if name == "hot" else 1, k] = value
        return dT, dB, dI

    def _slopes(
        self, ends: PortFlow, current: Array, settled: NDArray[np.bool_]
    ) -> tuple[tuple[Array, Array, Array, Array, Array], Array]:
        """Total derivatives to the current, with temperatures behind the films that keep imposed heats.

        With them the errors that those of the port temperatures make at the same current.
        """
        m, n = self.ports, len(current)
        heats = self._heats(ends.leaving, ends.reaching, current**2)
        doubts = np.concatenate(
            [s.error(q)[:, :m].T for s, q in zip((self.plates.hot, self.plates.cold), heats, strict=True)]
        )
        right = np.stack([self._per_current(ends, current), doubts])
        z, behind = np.zeros((2, 2 * m, n)), np.zeros((2, 2, n))
        others = replace(self.drive, current=current, voltage=None, load=None)
        inner = _Iteration(self.plates, self.legs, self.gap, others, self.tolerance)
        missing = right
        for passed in range(1 + REFINED):
            for k in np.flatnonzero(settled):
                dz, db = inner._bordered(missing[:, :, k].T, ends, current, k, z[:, :, k].T)
                z[:, :, k] += dz.T
                behind[:, :, k] += db.T
            if passed < REFINED:
                missing = right - np.stack(
                    [self._applied(v, b, ends) for v, b in zip(z, behind, strict=True)]
                )
        totals, means = np.full((2, 3, n), np.nan), np.full((2, n), np.nan)
        for k in np.flatnonzero(settled):
            per_T, per_I = self._totals_slopes(ends, current, k)
            totals[:, :, k] = (per_T @ z[:, :, k].T).T
            totals[0, :, k] += per_I
            means[:, k] = z[0, :m, k][: self.count].mean(), z[0, m:, k][: self.count].mean()
        error = np.abs(np.concatenate([totals[1], behind[1]]))
        return (totals[0, 0], totals[0, 1], totals[0, 2], behind[0], means), error

    def _applied(self, z: Array, behind: Array, ends: PortFlow) -> Array:
        """The whole slope of F on changes of port temperatures and of those behind the films."""
        m = self.ports
        leaving = ends.d_leaving[0] * z[:m] + ends.d_leaving[1] * z[m:]
        reaching = ends.d_reaching[0] * z[:m] + ends.d_reaching[1] * z[m:]
        heats = self._heats(leaving, reaching, np.zeros(z.shape[1]))
        return z - np.repeat(behind, m, axis=0) - self._answer(heats)

    def _bordered(
        self, f: Array, ends: PortFlow, current: Array, k: Any, so_far: Array
    ) -> tuple[Array, Array]:
        """Changes for right-hand sides (2 ports, columns) at given current, and of what is behind the films.

        The first column belongs to a change of the current, by which imposed heats stay.
        """
        m = self.ports
        ones = np.zeros((2 * m, len(self.free)))
        for j, name in enumerate(self.free):
            ones[slice(0, m) if name == "hot" else slice(m, None), j] = 1.0
        y = self._inverse(np.concatenate([f, ones], axis=1), ends, k)
        step, behind = y[:, : f.shape[1]], np.zeros((2, f.shape[1]))
        if self.free:
            per_T, per_I = self._totals_slopes(ends, current, k)
            which = [1 if name == "hot" else 2 for name in self.free]
            due = -(per_T[which] @ (so_far + step))
            due[:, 0] -= per_I[which]
            free = np.linalg.solve(per_T[which] @ y[:, f.shape[1] :], due)
            step = step + y[:, f.shape[1] :] @ free
            for name, row in zip(self.free, free, strict=True):
                behind[0 if name == "hot" else 1] = row
        return step, behind
