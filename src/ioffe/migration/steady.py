"""Profile of composition that a leg tends to under a constant current, and the exact critical current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ioffe.base.errors import Faults
from ioffe.migration._check import check_finite
from ioffe.migration._steady_part import ExactLimit, SteadyPart
from ioffe.migration.defect import Array
from ioffe.migration.specimen import MigratingLeg

__all__ = ["ExactLimit", "SteadyProfile", "exact_critical_current", "steady_profile"]


@dataclass(frozen=True)
class SteadyProfile:
    """Composition along a leg when no metal moves any more.

    Parameters
    ----------
    x : ndarray
        Positions in m; a barrier stands twice, once for each of its sides.
    T : ndarray
        In K.
    delta : ndarray
    chemical_potential : ndarray
        mu - mu_0 in J/mol.
    part : ndarray of int
        Part between places that block ions; -1 where ions do not move.
    deposited : ndarray
        Metal outside each part in mol/m2, above 0 beyond its limit.
    anion_limit : bool
        Whether delta exceeds the largest one of the phase somewhere: no such profile exists then.
    metal_inside : bool
        Whether delta falls below the metal boundary away from the ends: metal precipitates inside.
    """

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

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers in SI units for JSON."""
        names = ("x", "T", "delta", "chemical_potential", "part", "deposited")
        flags = {"anion_limit": self.anion_limit, "metal_inside": self.metal_inside, "safe": self.safe}
        return {name: getattr(self, name).tolist() for name in names} | flags

    def __str__(self) -> str:
        words = (
            "no metal" if not np.any(self.deposited > 0) else f"{np.sum(self.deposited):.4g} mol/m2 of metal"
        )
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
    faults = Faults()
    check_finite(faults, J=J)
    faults.raise_if_any()
    pieces, deposited = [], []
    for index, (start, end) in enumerate(leg.parts()):
        solution = SteadyPart(leg, start, end)
        profile, metal = solution.relaxed(float(J), points)
        pieces.append((np.linspace(start, end, points), profile, np.full(points, index)))
        deposited.append(metal)
    x, delta, part = _with_the_rest(leg, pieces)
    T = leg.temperature_at(x)
    mobile = part >= 0
    slack = 1e-9 * (1.0 + np.abs(delta))
    return SteadyProfile(
        x,
        T,
        delta,
        leg.model.chemical_potential(delta, T),
        part,
        np.array(deposited),
        bool(np.any((delta > leg.model.anion_boundary(T) + slack)[mobile])),
        bool(np.any((delta < leg.model.deposition_threshold(T) - slack)[mobile])),
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
    faults = Faults()
    if direction not in (1, -1):
        faults.add("direction", direction, "1 or -1 is expected")
    parts = leg.parts()
    if not parts:
        faults.add("transition", leg.transition, "some part of the leg above the transition is expected")
    faults.raise_if_any()
    found = [SteadyPart(leg, start, end).limit(direction, index) for index, (start, end) in enumerate(parts)]
    return min(found, key=lambda limit: limit.current_density)


def _with_the_rest(leg: MigratingLeg, pieces: list[tuple[Array, Array, Array]]) -> tuple[Array, Array, Array]:
    """The profiles of the parts, and between them what does not move."""
    blocked = [leg.positions[0], *(end for x, *_ in pieces for end in (x[0], x[-1])), leg.positions[-1]]
    rows: list[tuple[Array, Array, Array]] = list(pieces)
    for start, end in zip(blocked[::2], blocked[1::2], strict=True):
        if end > start:
            x = np.concatenate(
                [[start], leg.positions[(leg.positions > start) & (leg.positions < end)], [end]]
            )
            rows.append((x, leg.delta_at(x), np.full(x.size, -1)))
    rows.sort(key=lambda row: (row[0][0], row[0][-1]))
    x, delta, part = (np.concatenate([row[i] for row in rows]) for i in range(3))
    return x, delta, part
