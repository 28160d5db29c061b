"""From the migration data of a material to the model of its limits, and what is doubtful about it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import k_B
from ioffe.material.material import Material
from ioffe.material.migration import MigrationData
from ioffe.migration.defect import DefectModel
from ioffe.migration.limits import MixedConductor

__all__ = ["conductor_of", "doubts", "middle_temperatures"]

MEASURED_AT = 1.0
"""Distance in K within which a temperature counts as the one of the measurement."""


def conductor_of(material: Material) -> MixedConductor | None:
    """Model of the limits of a material; None if it has no migration data or no limit is known.

    Without an S* the thermal part of the critical voltage is left out; `doubts` says so.

    Examples
    --------
    >>> from ioffe.material.library import load_material
    >>> conductor = conductor_of(load_material("Cu1.97S"))
    >>> float(conductor.isothermal_voltage(750.0)), conductor.transition
    (0.09, 350.0)
    >>> round(1e3 * float(conductor_of(load_material("Cu2S")).isothermal_voltage(750.0)), 3)  # mV, defect
    40.31
    """
    return None if material.migration is None else _conductor(material.migration)


@lru_cache(maxsize=64)
def _conductor(data: MigrationData) -> MixedConductor | None:
    S_star = 0.0 if data.S_star is None else data.S_star.value
    transition = 0.0 if data.transition_temperature is None else data.transition_temperature.value
    if data.model == "critical voltage":
        return MixedConductor(data.measured_voltage, S_star, transition)
    if data.model == "defect" and data.delta is not None:
        return MixedConductor.of_defect(_defect(data), data.delta.value, S_star, transition)
    return None


def _defect(data: MigrationData) -> DefectModel:
    """The defect model; its checks were made when the data were."""
    delta_c = 0.0 if data.delta_c is None else data.delta_c.value
    top = np.inf if data.delta_max is None else data.delta_max.value
    product = data.electron_hole_product
    if product is not None and product.T is not None:
        energy = -k_B * product.T * float(np.log(product.value))
    else:
        energy = 0.0 if data.gibbs_energy is None else data.gibbs_energy.value
    return DefectModel(energy, delta_c, top, data.charge)


def doubts(material: Material, low: float, high: float) -> tuple[str, ...]:
    """Doubts about the limits of a material; its critical voltage was taken from `low` to `high` in K."""
    data = material.migration
    if data is None:
        return ()
    if data.model == "none":
        return (f"{material.name}: {data.ion} ions move and no limit of the current is known",)
    if not low <= high:  # no part was hot enough
        return ()
    found = []
    if data.is_upper_bound:
        found.append(
            "only an upper bound of its critical voltage is known, so that the limits are at most these"
        )
    if data.S_star is None:
        found.append("S* is not known and left out of its limits")
    elif data.S_star.quality in ("stand-in", "assumed"):
        found.append(f"S* is {_words(data.S_star.quality)}")
    first, last = data.voltage_range
    if low < first - MEASURED_AT or high > last + MEASURED_AT:
        known = f"{first:g} K" if first == last else f"{first:g} K to {last:g} K"
        taken = f"{low:.0f} K" if high - low < 1.0 else f"{low:.0f} K to {high:.0f} K"
        found.append(f"its critical voltage is known at {known} and was taken at {taken}")
    return (f"{material.name}, ion migration: {'; '.join(found)}",) if found else ()


def middle_temperatures(T: NDArray[np.float64], material: Material) -> NDArray[np.float64]:
    """Means of the end temperatures of the superionic part, at which the critical voltage is taken.

    Parameters
    ----------
    T : ndarray, shape (points, positions)
        Temperatures in K along a segment.
    material : Material
        Its data say above which temperature the ions move.

    Returns
    -------
    ndarray
        Of the points that have such a part.
    """
    data = material.migration
    start = 0.0 if data is None or data.transition_temperature is None else data.transition_temperature.value
    ends = T[:, [0, -1]]
    ends = ends[np.max(ends, axis=1) > start]
    return np.mean(np.maximum(ends, start), axis=1)


def _words(quality: str) -> str:
    return "that of another material" if quality == "stand-in" else "assumed"
