"""Measured critical currents of a sample become the limits of its material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.material.material import Material
from ioffe.material.migration import MigrationData, Stated
from ioffe.migration.leg import leg_limits
from ioffe.migration.limits import MixedConductor
from ioffe.solve.ions.margins import conductivity_along

POINTS = 401
"""Points of the straight temperature profile along a sample."""
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
    """

    current_density: float
    std: float
    T_anode: float
    T_cathode: float
    length: float
    source: str = ""

    @property
    def is_isothermal(self) -> bool:
        """Whether both ends have one temperature."""
        return abs(self.T_anode - self.T_cathode) <= SAME


def with_measured_limits(material: Material, measured: Sequence[MeasuredLimit]) -> Material:
    """The material with critical voltages and S* from measured critical currents.

    Each current gives the voltage J_c ∫dx/σ over the superionic part, with the conductivity of the material
    and a straight temperature profile. Isothermal ones are critical voltages at their temperatures; those
    with a temperature difference give S* = (V_iso - V)/ΔT, and V_iso too if both directions were measured.

    Parameters
    ----------
    material : Material
        With data on migration: ion, charge and transition temperature are kept.
    measured : sequence of MeasuredLimit
        At least one.

    Returns
    -------
    Material
        Its other numbers keep their sources. Without a measured S* that of the material stays.

    Raises
    ------
    InputError
        For a material without data on migration, for measurements that cannot give both V_iso and S*, and
        where no part of a sample was above the transition.

    Examples
    --------
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
    isothermal = [row for row, one in zip(rows, measured, strict=True) if one.is_isothermal]
    gradient = [row for row, one in zip(rows, measured, strict=True) if not one.is_isothermal]
    S_star = None
    if gradient:
        isothermal, S_star = _with_gradient(isothermal, gradient)
    voltages = tuple(
        Stated(row.value, row.std, T=row.T, quality=row.quality, source=row.source)
        for row in sorted(isothermal, key=lambda row: row.T)
    )
    settled = ("the critical voltage", *(("S*",) if S_star else ()))
    new = replace(
        _sourced(data),
        model="critical voltage",
        critical_voltage=voltages,
        S_star=S_star or _sourced(data).S_star,
        unknown=tuple(text for text in data.unknown if not text.startswith(settled)),
    )
    return material.replace(migration=new)


@dataclass(frozen=True)
class _Voltage:
    value: float
    std: float
    T: float
    """Mean of the end temperatures of the superionic part in K."""
    drop: float
    """Temperature at its anode end less that at its cathode end in K."""
    source: str
    quality: Any = "measured"


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
    source = f"{one.source}: J_c {one.current_density / 1e4:.4g} A/cm2 over {1e3 * one.length:.4g} mm".lstrip(
        ": "
    )
    V, std = one.current_density * resistance, one.std * resistance
    return _Voltage(V, std, float(np.mean(ends)), float(ends[0] - ends[1]), source)


def _with_gradient(isothermal: list[_Voltage], gradient: list[_Voltage]) -> tuple[list[_Voltage], Stated]:
    """Isothermal voltages and S* from V = V_iso - S* dT."""
    drops, V = (np.array([getattr(row, name) for row in gradient]) for name in ("drop", "value"))
    std = np.array([row.std for row in gradient])
    source = "; ".join(row.source for row in gradient)
    T = float(np.mean([row.T for row in gradient]))
    if isothermal:
        known = sorted(isothermal, key=lambda row: row.T)
        level = np.interp([row.T for row in gradient], [row.T for row in known], [row.value for row in known])
        S = (level - V) / drops
        error = float(np.hypot(max(row.std for row in known), np.max(std)) / np.min(np.abs(drops)))
        return isothermal, Stated(float(np.mean(S)), error, quality="derived", source=source)
    if np.ptp(drops) <= SAME:
        expected = "an isothermal measurement, or one in the other direction, is expected for S* and V_c"
        raise InputError(Fault("onset", [row.source for row in gradient], expected))
    design = np.column_stack([np.ones(len(V)), -drops])
    (level, S), *_ = np.linalg.lstsq(design, V, rcond=None)
    inverse = np.linalg.pinv(design)
    errors = np.sqrt((inverse**2) @ std**2)
    found = _Voltage(float(level), float(errors[0]), T, 0.0, source, "derived")
    return [found], Stated(float(S), float(errors[1]), quality="derived", source=source)


def _sourced(data: MigrationData) -> MigrationData:
    """The data with the source of the table written at every number, so that new ones do not take it over."""
    changes: dict[str, Any] = {}
    for name, number in data.stated():
        if "[" not in name:
            source = number.source or data.source
            changes[name] = replace(number, source=source, doi=data.doi_of(number))
    return replace(data, **changes, source="", doi="")
