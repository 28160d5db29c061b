"""Measured critical currents of a sample become the limits of its material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.least_squares import linear_least_squares
from ioffe.material.material import Material
from ioffe.material.migration import MigrationData, Stated, StatedQuality
from ioffe.migration.leg import leg_limits
from ioffe.migration.limits import MixedConductor
from ioffe.solve.ions.margins import conductivity_along

POINTS = 401
"""Points of the straight temperature profile along a sample."""
UNLIKELY = 0.05
"""Probability of a larger chi-squared below which the straight line and one S* do not explain the data."""
SAME = 1.0
"""Difference of the ends in K up to which a sample counts as isothermal."""


@dataclass(frozen=True)
class MeasuredLimit:
    """A critical current density, and where it was measured.

    Parameters
    ----------
    current_density, std : float
        J_c and its standard deviation in A/m2; the current enters at the anode.
    T_anode, T_cathode : float
        Temperatures of the ends in K; the current runs along the heat if the anode is the hotter one.
    length : float
        Of the sample in m.
    source : str
        Where it is from, such as the name of the file.
    bound : {"value", "at least"}
        Whether J_c is this, or was not reached up to this; of isothermal samples alone.
    """

    current_density: float
    std: float
    T_anode: float
    T_cathode: float
    length: float
    source: str = ""
    bound: Literal["value", "at least"] = "value"

    @property
    def is_isothermal(self) -> bool:
        """Whether both ends have one temperature."""
        return abs(self.T_anode - self.T_cathode) <= SAME


def with_measured_limits(material: Material, measured: Sequence[MeasuredLimit]) -> Material:
    """The material with critical voltages and S* from measured critical currents.

    Each current gives the voltage J_c ∫dx/σ over the superionic part, with the conductivity of the material
    and a straight temperature profile. Isothermal ones are critical voltages at their temperatures. With one
    that has a temperature difference, all are fitted together by V = V_c(T) - S* ΔT with a V_c linear in the
    mean T of the ends and one S*, weighted by their errors. Where that does not explain them within errors
    (chi-squared at 5 %), the numbers are kept as assumed, which decide nothing.

    `material`: with data on migration: ion, charge and transition temperature are kept.
    `measured`: at least one.
    Returns: its other numbers keep their sources. Without a measured S* that of the material stays.
    Raises `InputError` for a material without data on migration, for measurements that do not tell V_c and S*
        apart, and where no part of a sample was above the transition. A series over the hot end in one
        direction does not: both the mean T and ΔT rise with it, and it holds V_c at the transition and S*
        less half of dV_c/dT alone.

    >>> from ioffe.material.library import load_material
    >>> at = {"length": 10e-3, "T_anode": 750.0, "T_cathode": 750.0}
    >>> new = with_measured_limits(load_material("Cu2S0.5Se0.5"), [MeasuredLimit(11e4, 1e3, **at)])
    >>> found = new.migration.critical_voltage[0]
    >>> round(1e3 * found.value, 1), found.bound, found.quality  # mV
    (51.6, 'value', 'measured')
    """
    data = material.migration
    if data is None:
        expected = "a material whose card has a section [migration] is expected, with the ion and its charge"
        raise InputError(Fault("material", material.name, expected))
    rows = [_voltage(material, data, one) for one in measured]
    _refuse_bounds(measured)
    isothermal = all(one.is_isothermal for one in measured)
    voltages, S_star = ([_stated(row) for row in rows], None) if isothermal else _fitted(rows)
    settled = ("the critical voltage", *(("S*",) if S_star else ()))
    new = replace(
        _sourced(data),
        model="critical voltage",
        critical_voltage=tuple(sorted(voltages, key=lambda row: row.T or 0.0)),
        S_star=S_star or _sourced(data).S_star,
        unknown=tuple(text for text in data.unknown if not text.startswith(settled)),
    )
    return material.replace(migration=new)


def _refuse_bounds(measured: Sequence[MeasuredLimit]) -> None:
    """A limit that was not reached says nothing of V_c - S* dT, which is fitted to values."""
    if all(one.is_isothermal for one in measured):
        return
    with Faults() as faults:
        for one in measured:
            if one.bound != "value":
                none = f"no onset up to {one.current_density / 1e4:.4g} A/cm2 is a lower bound: "
                expected = none + "beside samples with a temperature difference, S* is fitted to values only"
                faults.add(one.source or "measured", expected=expected)


@dataclass(frozen=True)
class _Voltage:
    value: float
    std: float
    T: float
    """Mean of the end temperatures of the superionic part in K."""
    drop: float
    """Temperature at its anode end less that at its cathode end in K."""
    ends: tuple[float, float]
    """Lower and upper end of that part in K."""
    source: str
    bound: Literal["value", "at least"]


def _stated(row: _Voltage) -> Stated:
    return Stated(row.value, row.std, T=row.T, bound=row.bound, quality="measured", source=row.source)


def _voltage(material: Material, data: MigrationData, one: MeasuredLimit) -> _Voltage:
    transition = 0.0 if data.transition_temperature is None else data.transition_temperature.value
    x = np.linspace(0.0, one.length, POINTS)
    T = one.T_anode + (one.T_cathode - one.T_anode) * x / one.length
    sigma = conductivity_along(material, T)
    parts = leg_limits(x, T, sigma, MixedConductor(1.0, transition=transition)).parts
    if not parts:
        expected = f"a sample with a part above the transition at {transition:g} K is expected"
        raise InputError(Fault("T", [one.T_anode, one.T_cathode], expected))
    resistance = sum(part.resistance for part in parts)
    ends = np.maximum([one.T_anode, one.T_cathode], transition)
    least = "at least " if one.bound == "at least" else ""
    J, mm = one.current_density / 1e4, 1e3 * one.length
    source = f"{one.source}: J_c {least}{J:.4g} A/cm2 over {mm:.4g} mm".lstrip(": ")
    V, std = one.current_density * resistance, one.std * resistance
    low, high = sorted(float(end) for end in ends)
    return _Voltage(V, std, 0.5 * (low + high), float(ends[0] - ends[1]), (low, high), source, one.bound)


def _fitted(rows: list[_Voltage]) -> tuple[list[Stated], Stated]:
    """V_c at the lowest and the highest mean temperature, and S*, from V = V_c(T) - S* dT."""
    T, drop, V, std = (
        np.array([getattr(row, name) for row in rows]) for name in ("T", "drop", "value", "std")
    )
    at = [T[0]] if np.ptp(T) <= SAME else [T.min(), T.max()]
    line = np.ones((len(T), 1)) if len(at) == 1 else np.stack([at[1] - T, T - at[0]], axis=1) / np.ptp(T)
    design = np.column_stack([line, -drop])
    fit = linear_least_squares(design, V, std if np.all(std > 0) else None)
    if fit.directions.shape[1]:
        expected = (
            "the other direction, or isothermal samples on both sides of the mean temperature, are expected "
            "too: these do not tell S* from V_c(T), they hold V_c less S* times the temperature difference"
        )
        raise InputError(Fault("onset", [row.source for row in rows], expected))
    quality, source = "derived", "; ".join(row.source for row in rows)
    free = fit.degrees_of_freedom
    if free and fit.stated:
        from scipy.special import chdtrc

        quality = "fitted"
        if chdtrc(free, fit.chi_squared) < UNLIKELY:
            quality, many = "assumed", f"chi-squared {fit.chi_squared:.3g}, degrees of freedom {free}"
            source = f"One S* and a V_c linear in T do not explain the measurements ({many}): {source}"
    errors = np.nan_to_num(fit.standard_errors)
    spans = tuple(dict.fromkeys(row.ends for row, width in zip(rows, drop, strict=True) if abs(width) > SAME))
    numbers = list(zip(fit.parameters.tolist(), errors.tolist(), strict=True))
    *levels, S_star = [Stated(*one, quality=cast("StatedQuality", quality), source=source) for one in numbers]
    with np.errstate(divide="ignore", invalid="ignore"):
        together = np.nan_to_num(fit.covariance[:-1, -1] / (errors[:-1] * errors[-1]))
    pairs = zip(levels, at, np.clip(together, -1.0, 1.0).tolist(), strict=True)
    return [replace(one, T=float(t), correlation=c) for one, t, c in pairs], replace(S_star, spans=spans)


def _sourced(data: MigrationData) -> MigrationData:
    """The data with the source of the table written at every number, so that new ones do not take it over."""
    changes: dict[str, Any] = {}
    for name, number in data.stated():
        if "[" not in name:
            source = number.source or data.source
            changes[name] = replace(number, source=source, doi=data.doi_of(number))
    return replace(data, **changes, source="", doi="")
