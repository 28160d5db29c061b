"""What a measurement says in a sentence, which stands first on its page and on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ioffe.base.curve import Curve
from ioffe.base.plotting import unit_label
from ioffe.base.units import format_si
from ioffe.interface.ageing.junctions import AgedJunctions
from ioffe.material.uncertainty import Estimate, with_error
from ioffe.measure.critical_current import Onset
from ioffe.measure.hall_table import HallMeasurement
from ioffe.measure.laser_flash import LaserFlash, known_std
from ioffe.measure.tlm import TransferLength
from ioffe.measure.zem import ZemResult
from ioffe.report.text import WORDS, list_of

DENSITY = "hall_carrier_density"
MOBILITY = "hall_mobility"


def known(value: float, std: float, quantity: str) -> str:
    """A value with its standard deviation, where it has one, as a sentence writes it.

    `value`, `std`: in SI; a deviation that is not known is NaN or 0.
    `quantity`: name in the quantity table.

    >>> known(2.5e-10, 1e-11, "electrical_contact_resistivity")
    '2.50 ± 0.10 µΩ cm²'
    """
    text = with_error(value, float(np.nan_to_num(std)), quantity)
    number, _, unit = text.rpartition(" ") if text.endswith("^-3") else ("", "", "")
    return f"{number} {unit_label(unit)}" if number else unit_label(text).replace("-", "−")


def of_transfer_length(found: TransferLength) -> str:
    """Contact resistivity, transfer length, sheet resistance."""

    def told(one: Estimate, quantity: str) -> str:
        return known(float(one.value), float(one.std), quantity)

    rho = told(found.resistivity, "electrical_contact_resistivity")
    length = told(found.length, "transfer_length")
    sheet = told(found.sheet_resistance, "sheet_resistance")
    what = f"The contact resistivity is {rho}, the transfer length {length}"
    return f"{what}, and the resistance of a square of the film {sheet}."


def of_ageing(found: AgedJunctions) -> str:
    """From where to where every junction went over the time of its measurement."""
    table = found.tables()["points"]
    names, times = table.index["junction"].values, table.columns["time"].values
    fitted, measured = table.columns["fitted"].values, table.columns["value"].values
    values = np.where(np.isfinite(fitted), fitted, measured)
    told = []
    for name in found.junctions:
        own = np.flatnonzero(names == name) if name in names else np.array([], int)
        if own.size > 1:
            first, last = own[np.argmin(times[own])], own[np.argmax(times[own])]
            ends = (known(float(values[k]), 0.0, found.quantity) for k in (first, last))
            went = " to ".join(ends) if found.quantity else f"{values[first]:.4g} to {values[last]:.4g}"
            told.append(f"that of {name} from {went} in {format_si(float(times[last]), 'time', 3)}")
    what = WORDS.get(found.quantity, found.quantity.replace("_", " ")) or "value"
    return f"The {what} changes: {list_of(told)}." if told else ""


def of_onset(found: Onset) -> str:
    """The critical current density, or that the curve has no break."""
    if not found.exists:
        bound = found.no_onset_up_to
        least = f" The critical current density is at least {known(bound, 0.0, 'current_density')}."
        return f"The curve has no onset: {found.reason}.{least if np.isfinite(bound) else ''}"
    low, high = (known(v, 0.0, "current_density") if np.isfinite(v) else "open" for v in found.interval)
    where = f"{100.0 * found.confidence:.3g} % interval from {low} to {high}"
    return f"The critical current density is {known(found.position, 0.0, 'current_density')}, {where}."


def of_hall(found: HallMeasurement) -> str:
    """Type, carrier density and mobility at the lowest temperature."""
    k = int(np.argmin(np.nan_to_num(found.T)))
    columns = found.columns()
    at = f" at {found.T[k]:.4g} K" if np.isfinite(found.T[k]) else ""
    kind = {"p": "p-type", "n": "n-type"}.get(found.carrier, "of both types")
    density = known(abs(float(columns[DENSITY][k])), float(columns[f"{DENSITY}_std"][k]), DENSITY)
    text = f"The sample is {kind}; its Hall carrier density is {density}{at}"
    if MOBILITY in columns:
        value, std = (float(columns[name][k]) for name in (MOBILITY, f"{MOBILITY}_std"))
        text += f", its mobility {known(value, std, MOBILITY)}"
    return f"{text}."


def of_zem(found: ZemResult) -> str:
    """Ends of S and the largest power factor."""
    factor = found.power_factor
    best = int(np.argmax(factor))
    largest = known(float(factor[best]), 0.0, "power_factor")
    where = f"at {found.seebeck.T[best]:.4g} K"
    return f"{_ends(found.seebeck, 'S')}; the largest power factor is {largest}, {where}."


def of_flash(found: LaserFlash) -> str:
    """Ends of the thermal conductivity."""
    return f"{_ends(found.thermal_conductivity, 'The thermal conductivity')}."


def _ends(curve: Curve, what: str) -> str:
    """Values of a curve at its ends."""
    std = known_std(curve)
    one, *rest = (known(float(curve.values[k]), float(std[k]), curve.quantity) for k in (0, -1))
    if len(curve.T) == 1:
        return f"{what} is {one} at {curve.T[0]:.4g} K"
    return f"{what} is {one} at {curve.T[0]:.4g} K and {rest[0]} at {curve.T[-1]:.4g} K"


OF_MEASUREMENTS: dict[type, Callable[[Any], str]] = {
    TransferLength: of_transfer_length,
    AgedJunctions: of_ageing,
    Onset: of_onset,
    HallMeasurement: of_hall,
    ZemResult: of_zem,
    LaserFlash: of_flash,
}
"""Measurements that have a sentence, with what makes it."""
