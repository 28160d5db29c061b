"""What the limits of a mixed conductor need to know, and the parts of a leg in which its ions move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.errors import Faults
from ioffe.migration._check import check_finite, shown
from ioffe.migration.defect import Array, DefectModel, Form

__all__ = ["MixedConductor", "check_barriers", "superionic_parts"]


@dataclass(frozen=True)
class MixedConductor:
    r"""What the limits of a mixed conductor's currents need to know.

    Parameters
    ----------
    voltage : float or callable
        Isothermal critical voltage -dmu_crit/(z F) in V; a callable takes T in K. A part with a temperature
        difference has that of the mean of its end temperatures.
    S_star : float or callable
        S_ion - S_e in V/K; a callable takes T in K.
    transition : float
        Temperature in K above which the ions move; 0 if they always do.

    Examples
    --------
    >>> from ioffe.migration.defect import CU2S
    >>> conductor = MixedConductor.of_defect(CU2S, delta=0.03, S_star=0.2e-3, transition=350.0)
    >>> round(1e3 * float(conductor.isothermal_voltage(750.0)), 3)
    74.842
    """

    voltage: float | Callable[[Array], ArrayLike]
    S_star: float | Callable[[Array], ArrayLike] = 0.0
    transition: float = 0.0

    def __post_init__(self) -> None:
        faults = Faults()
        if not callable(self.voltage) and not (np.isfinite(self.voltage) and self.voltage > 0):
            faults.add("voltage", self.voltage, "a critical voltage above 0 is expected")
        if not callable(self.S_star):
            check_finite(faults, S_star=self.S_star)
        if not (np.isfinite(self.transition) and self.transition >= 0):
            faults.add("transition", self.transition, "a temperature in K is expected, 0 for none")
        faults.raise_if_any()

    @classmethod
    def of_defect(
        cls,
        model: DefectModel,
        delta: float,
        S_star: float | Callable[[Array], ArrayLike] = 0.0,
        transition: float = 0.0,
        *,
        form: Form = "linear profile",
    ) -> MixedConductor:
        """Conductor whose voltage is `model.limiting_voltage(delta, T)`: of metal or anions, the smaller."""
        return cls(lambda T: model.limiting_voltage(delta, T, form=form), S_star, transition)

    def isothermal_voltage(self, T: ArrayLike) -> Array:
        """The isothermal critical voltage in V at T."""
        return _at(self.voltage, T)

    def thermal_voltages(self, T: Array) -> Array:
        """Integral of S* over T across each interval of a profile, from its second to its first end, in V."""
        steps = -np.diff(T)
        if not callable(self.S_star):
            return float(self.S_star) * steps
        S, middle = _at(self.S_star, T), _at(self.S_star, 0.5 * (T[1:] + T[:-1]))
        return steps * (S[1:] + 4.0 * middle + S[:-1]) / 6.0


def check_barriers(x: Array, barriers: Sequence[float]) -> Array:
    """The positions of barriers in rising order, or an `InputError` if one is not inside the leg."""
    faults = Faults()
    cuts = np.sort(np.asarray(barriers, float).reshape(-1))
    for cut in cuts:
        if not x[0] < cut < x[-1]:
            expected = f"a position inside the leg, between {shown(x[0])} and {shown(x[-1])} m, is expected"
            faults.add("barriers", float(cut), expected)
    if np.any(np.diff(cuts) == 0):
        faults.add("barriers", list(barriers), "positions that differ are expected")
    faults.raise_if_any()
    return cuts


def superionic_parts(
    x: Array, T: Array, resistivity: Array, transition: float, cuts: Array
) -> list[tuple[Array, Array, Array]]:
    """Profiles x, T, 1/sigma of the parts above the transition, ended by cuts and by the transition."""
    below, above = T[:-1] - transition, T[1:] - transition
    crossing = np.flatnonzero(below * above < 0)
    share = below[crossing] / (below[crossing] - above[crossing])
    at_transition = np.concatenate([x[crossing] + share * np.diff(x)[crossing], x[transition == T]])
    ends = np.unique(np.concatenate([cuts, at_transition, x[[0, -1]]]))
    parts: list[tuple[Array, Array, Array]] = []
    for start, end in pairwise(ends):
        inner = x[(x > start) & (x < end)]
        points = np.concatenate([[start], inner, [end]])
        temperature = np.interp(points, x, T)
        temperature[np.isin(points, at_transition)] = transition
        if np.max(temperature) > transition:
            parts.append((points, temperature, np.interp(points, x, resistivity)))
    return parts


def _at(value: float | Callable[[Array], ArrayLike], T: ArrayLike) -> Array:
    t = np.asarray(T, float)
    return np.broadcast_to(np.asarray(value(t) if callable(value) else value, float), t.shape)
