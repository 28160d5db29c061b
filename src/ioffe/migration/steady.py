"""Profile of composition that a leg tends to under a constant current, and the exact critical current."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError
from ioffe.base.result import BaseResult
from ioffe.base.roots import root_between
from ioffe.base.status import StatusCode
from ioffe.base.table import ResultTable, table
from ioffe.migration._check import check_direction, check_finite, checked
from ioffe.migration.specimen import MigratingLeg
from ioffe.migration.status import MigrationStatus

_TOLERANCE: Final = 1e-11
_LARGEST: Final = 50.0
"""Largest potential difference in V over a part that is searched."""


@dataclass(frozen=True)
class ExactLimit:
    """Largest current density of a leg whose steady profile stays in the homogeneity range.

    Parameters
    ----------
    current_density : float
        In A/m2, in the direction asked for; 0 where metal appears even without a current.
    voltage : float
        J times the integral of dx/sigma over the part that decides, in V.
    part : int
        The part that decides.
    position : float
        Where in the leg the limit is reached, in m.
    cause : str
        "metal" or "anion".
    """

    current_density: float
    voltage: float
    part: int
    position: float
    cause: str


class SteadyPart:
    """One part of a leg between two positions that block ions; potentials are mu/(z F) in V.

    A profile follows from its potential at the cathode, from where the integration is stable: towards the
    anode the potential falls, and with it the influence of where it began.

    Parameters
    ----------
    leg : MigratingLeg
        Whose part it is.
    start, end : float
        Ends of the part in m along the leg.
    """

    def __init__(self, leg: MigratingLeg, start: float, end: float) -> None:
        self.leg, self.start, self.end = leg, start, end
        inner = leg.positions[(leg.positions > start) & (leg.positions < end)]
        x = np.union1d(np.linspace(start, end, 257), inner)
        delta, T = leg.delta_at(x), leg.temperature_at(x)
        self.mean = float(np.trapezoid(delta, x)) / (end - start)
        self.resistance = float(np.mean(1.0 / leg.sigma_at(delta, T)) * (end - start))
        self.middle = float(leg.potential(self.mean, np.mean(T)))

    def relaxed(self, J: float, points: int) -> tuple[Array, float]:
        """Steady profile of delta at equally spaced points, and the metal in mol/m2 that has left.

        Parameters
        ----------
        J : float
            Current density in A/m2, positive towards larger x.
        points : int
            Number of positions.

        Returns
        -------
        tuple of ndarray and float
        """
        leg = self.leg
        x = np.linspace(self.start, self.end, points)
        T = leg.temperature_at(x)
        profile, _ = self._profile(J, self._conserved(J), x)
        excess = leg.potential(profile, T) - leg.potential(leg.model.deposition_threshold(T), T)
        at = 0 if excess[0] > excess[-1] else -1
        if excess[at] <= 0:
            return profile, 0.0
        boundary = float(leg.potential(leg.model.metal_boundary(T[at]), T[at]))
        pinned, mean = self._profile(J, self._cathode_for(J, boundary, x[at]), x)
        return pinned, (mean - self.mean) * (self.end - self.start) / leg.molar_volume

    def limit(self, direction: int, index: int) -> ExactLimit:
        """Largest current density in a direction.

        The current at which the cathode meets the threshold, unless the range ends elsewhere before.

        Parameters
        ----------
        direction : {1, -1}
            Of the current along x.
        index : int
            Number of the part in the leg.

        Returns
        -------
        ExactLimit
        """
        margin, position, cause = self._margin(0.0)
        if margin <= 0:
            return ExactLimit(0.0, 0.0, index, position, cause)
        x = self._cathode(direction)
        T = self.leg.temperature_at(x)
        threshold = float(self.leg.potential(self.leg.model.deposition_threshold(T), T))

        def gained(size: float) -> float:
            return self._profile(direction * size, threshold, np.array([x]))[1] - self.mean

        top = 0.05 / self.resistance
        while gained(top) < 0:
            top *= 2.0
            if top * self.resistance > _LARGEST:
                raise ConvergenceError("no critical current below 50 V along a part was found")
        J = root_between(gained, 0.0, top)
        margin, position, cause = self._margin(direction * J)
        if margin < -1e-8:
            J = root_between(lambda size: self._margin(direction * size)[0], 0.0, J)
            _, position, cause = self._margin(direction * J)
        return ExactLimit(J, J * self._resistance_at(direction * J), index, position, cause)

    def _margin(self, J: float) -> tuple[float, float, str]:
        """Smallest distance of the reduced potential to the ends of the range, where, and to which."""
        x = np.linspace(self.start, self.end, 129)
        T, model = self.leg.temperature_at(x), self.leg.model
        delta, _ = self._profile(J, self._conserved(J), x)
        reduced = model.reduced(delta, T)
        metal = reduced - model.reduced(model.deposition_threshold(T), T)
        top = model.anion_boundary(T)
        finite = np.isfinite(top)
        anion = np.where(finite, model.reduced(np.where(finite, top, 0.0), T) - reduced, np.inf)
        nearest, cause = (metal, "metal") if np.min(metal) <= np.min(anion) else (anion, "anion")
        at = int(np.argmin(nearest))
        return float(nearest[at]), float(x[at]), cause

    def _resistance_at(self, J: float) -> float:
        """Integral of dx/sigma in Ohm m2 in the steady state of J."""
        x = np.linspace(self.start, self.end, 2049)
        delta, _ = self._profile(J, self._conserved(J), x)
        return float(np.trapezoid(1.0 / self.leg.sigma_at(delta, self.leg.temperature_at(x)), x))

    def _cathode(self, J: float) -> float:
        return self.end if J >= 0 else self.start

    def _profile(self, J: float, potential: float, x: Array) -> tuple[Array, float]:
        """Delta at rising x and its mean over the part, for a potential at the cathode."""
        from scipy.integrate import solve_ivp

        leg, length, cathode = self.leg, self.end - self.start, self._cathode(J)
        away = -1.0 if J >= 0 else 1.0
        origin = potential + float(leg.thermal_potential(leg.temperature_at(cathode)))

        def composition(position: Array, electric: Array) -> tuple[Array, Array]:
            T = leg.temperature_at(position)
            return leg.composition(origin + electric - leg.thermal_potential(T), T), T

        def slope(s: float, y: Array) -> Array:
            delta, T = composition(np.asarray(cathode + away * s * length), y[0])
            electric = -abs(J) * length / leg.sigma_at(delta, T) if J else np.zeros(())
            return np.array([float(electric), float(delta)])

        order = slice(None, None, -1) if J >= 0 else slice(None)
        share = np.clip(np.abs(x - cathode)[order] / length, 0.0, 1.0)
        times = np.append(share, 1.0) if share[-1] < 1.0 else share
        with np.errstate(all="ignore"):
            found = solve_ivp(slope, (0.0, 1.0), [0.0, 0.0], "DOP853", times, rtol=_TOLERANCE, atol=1e-14)
        if not found.success:
            raise ConvergenceError(f"no steady profile was found: {found.message}")
        return composition(x, found.y[0][: share.size][order])[0], float(found.y[1, -1])

    def _conserved(self, J: float) -> float:
        """Potential at the cathode for which the metal of the part is conserved."""
        anode = np.array([self.start if J >= 0 else self.end])
        return self._root(lambda p: self._profile(J, p, anode)[1] - self.mean, J)

    def _cathode_for(self, J: float, boundary: float, x: float) -> float:
        """Potential at the cathode for which that at an end is `boundary`."""
        if x == self._cathode(J):
            return boundary
        T = float(self.leg.temperature_at(x))

        def excess(potential: float) -> float:
            delta, _ = self._profile(J, potential, np.array([x]))
            return boundary - float(self.leg.potential(delta[0], T))

        return self._root(excess, J)

    def _root(self, falling: Callable[[float], float], J: float) -> float:
        low = high = self.middle
        width = 0.02 + 0.5 * abs(J) * self.resistance
        while falling(low) < 0 or falling(high) > 0:
            low, high, width = self.middle - width, self.middle + width, 2.0 * width
            if width > _LARGEST:
                message = "no steady profile was found: it would take more than 50 V along a part"
                raise ConvergenceError(message)
        return root_between(falling, low, high, 1e-15)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SteadyProfile(BaseResult):
    """Composition along a leg when no metal moves any more.

    Parameters
    ----------
    x : ndarray
        Positions in m; a barrier occurs twice, once for each of its sides.
    T : ndarray
        In K.
    delta : ndarray
    chemical_potential : ndarray
        mu - mu_0 in J/mol.
    part : ndarray of int
        Part between positions that block ions; -1 where ions do not move.
    deposited : ndarray
        Metal outside each part in mol/m2, above 0 beyond its limit.
    anion_limit : bool
        Whether delta exceeds the largest one of the phase somewhere: no such profile exists then.
    metal_inside : bool
        Whether delta falls below the metal boundary away from the ends: metal precipitates inside.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.
    """

    kind: ClassVar[str] = "steady_migration"
    status_type: ClassVar[type[StatusCode]] = MigrationStatus

    x: Array
    T: Array
    delta: Array
    chemical_potential: Array
    part: Array
    deposited: Array
    anion_limit: bool
    metal_inside: bool

    @property
    def safe(self) -> bool:
        """Whether the profile sets neither metal nor anions free."""
        return not (self.anion_limit or self.metal_inside or np.any(self.deposited > 0))

    def tables(self) -> dict[str, ResultTable]:
        """The ``profile`` along the leg, and the metal outside each of the ``parts``."""
        columns = {name: getattr(self, name) for name in ("T", "delta", "chemical_potential", "part")}
        units = {"chemical_potential": "J/mol", "deposited": "mol/m2"}
        return {
            "profile": table({"position": (("point",), self.x)}, columns, units),
            "parts": table({"part": np.arange(self.deposited.size)}, {"deposited": self.deposited}, units),
        }

    def _header(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("anion_limit", "metal_inside", "safe")}

    def _title(self) -> str:
        metal = f"{np.sum(self.deposited):.4g} mol/m2 of metal"
        words = metal if np.any(self.deposited > 0) else "no metal"
        if self.anion_limit:
            words += ", beyond the homogeneity range at the anode"
        if self.metal_inside:
            words += ", metal inside the leg"
        return f"delta from {np.min(self.delta):.5g} to {np.max(self.delta):.5g}, {words}"


def steady_profile(leg: MigratingLeg, J: float, *, points: int = 201) -> SteadyProfile:
    r"""Profile at which the flux of the metal is zero everywhere.

    .. math:: \frac{\mathrm{d}\mu}{\mathrm{d}x} = z F \left( \frac{J}{\sigma(\delta, T)}
              - S^* \frac{\mathrm{d}T}{\mathrm{d}x} \right)

    with the metal of each part conserved; where the end of a part would pass the deposition threshold, it is
    pinned at the metal boundary instead and metal has left the part.

    Parameters
    ----------
    leg : MigratingLeg
    J : float
        Current density in A/m2, positive towards larger x.
    points : int
        Positions in each part.

    Returns
    -------
    SteadyProfile

    Notes
    -----
    Integrated with Dormand and Prince's method of order 8 to 1e-11.

    Examples
    --------
    >>> from ioffe.migration.defect import CU2S
    >>> leg = MigratingLeg([0, 10e-3], 750.0, CU2S, 0.03, 122e2, 100.0, 28.4e-6)
    >>> print(steady_profile(leg, 5e4))
    delta from -0.00096712 to 0.062964, no metal
    """
    with checked() as faults:
        check_finite(faults, J=J)
    pieces, deposited = [], []
    for index, (start, end) in enumerate(leg.parts()):
        solution = SteadyPart(leg, start, end)
        profile, metal = solution.relaxed(float(J), points)
        pieces.append((np.linspace(start, end, points), profile, np.full(points, index)))
        deposited.append(metal)
    x, delta, part = _with_the_rest(leg, pieces)
    T = leg.temperature_at(x)
    slack, potential = 1e-9 * (1.0 + np.abs(delta)), leg.model.chemical_potential(delta, T)
    beyond = (delta > leg.model.anion_boundary(T) + slack, delta < leg.model.deposition_threshold(T) - slack)
    anion_limit, metal_inside = (bool(np.any(where[part >= 0])) for where in beyond)
    status = MigrationStatus.METAL_INSIDE if metal_inside else MigrationStatus.OK
    return SteadyProfile(
        x=x,
        T=T,
        delta=delta,
        chemical_potential=potential,
        part=part,
        deposited=np.array(deposited),
        anion_limit=anion_limit,
        metal_inside=metal_inside,
        point_status=np.array(MigrationStatus.ANION_LIMIT if anion_limit else status),
    )


def exact_critical_current(leg: MigratingLeg, *, direction: int = 1) -> ExactLimit:
    """Current density at which the steady profile of a leg first touches the end of its homogeneity range.

    Other than `leg_limits` it assumes nothing about the profile: sigma may depend on delta, the model on
    temperature, and the limit may be reached anywhere.

    Parameters
    ----------
    leg : MigratingLeg
    direction : {1, -1}
        Current towards larger or smaller x.

    Returns
    -------
    ExactLimit

    Examples
    --------
    >>> from ioffe.migration.defect import CU2S
    >>> leg = MigratingLeg([0, 10e-3], 750.0, CU2S, 0.03, 122e2, 100.0, 28.4e-6)
    >>> limit = exact_critical_current(leg)
    >>> round(1e3 * limit.voltage, 3), limit.cause  # mV, as the uniform field gives
    (78.323, 'metal')
    """
    with checked() as faults:
        check_direction(faults, direction)
        parts = leg.parts()
        if not parts:
            faults.add("transition", leg.transition, "some part of the leg above the transition is expected")
    found = [SteadyPart(leg, start, end).limit(direction, index) for index, (start, end) in enumerate(parts)]
    return min(found, key=lambda limit: limit.current_density)


def _with_the_rest(leg: MigratingLeg, pieces: list[tuple[Array, Array, Array]]) -> tuple[Array, Array, Array]:
    """The profiles of the parts, and between them what does not move."""
    rows = [*pieces, *((x, leg.delta_at(x), np.full(x.size, -1)) for x in leg.rest())]
    rows.sort(key=lambda row: (row[0][0], row[0][-1]))
    x, delta, part = (np.concatenate([row[i] for row in rows]) for i in range(3))
    return x, delta, part
