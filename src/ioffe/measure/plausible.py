"""Ranges beyond which a measured number is doubted.

A unit or an exponent is wrong more often than a sample is that extraordinary.

>>> for finding in doubts({"hall_carrier_density": 5e6}):
...     print(finding.message)
carrier density 5 cm^-3: outside of 1e+14 to 1e+23; was a power of ten or the unit forgotten?
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.quantities import quantity
from ioffe.base.units import convert, floats
from ioffe.material.checks import Finding

RANGES: Final[dict[str, tuple[float, float]]] = {
    "temperature": (1.0, 2500.0),
    "seebeck": (0.0, 3e-3),
    "electrical_resistivity": (1e-8, 0.1),
    "thermal_conductivity": (0.03, 150.0),
    "thermal_diffusivity": (2e-8, 2e-4),
    "heat_capacity": (30.0, 3000.0),
    "density": (300.0, 23000.0),
    "sound_velocity": (300.0, 20000.0),
    "hall_carrier_density": (1e20, 1e29),
    "hall_mobility": (1e-6, 20.0),
    "magnetic_field": (0.0, 60.0),
    "thickness": (1e-9, 0.05),
    "electrical_contact_resistivity": (1e-14, 1e-4),
    "transfer_length": (1e-9, 5e-3),
    "efficiency": (0.0, 0.3),
    "zT": (0.0, 4.0),
}
"""Smallest and largest size in SI of what samples of this field have."""
HINTS: Final = {
    "density": "kg/m3 in place of g/cm3?",
    "heat_capacity": "J/(g K) and J/(kg K) mixed up?",
    "magnetic_field": "gauss in place of tesla?",
    "temperature": "is the unit right?",
    "efficiency": "a fraction in place of per cent, or the other way round?",
}
_USUAL: Final = "was a power of ten or the unit forgotten?"


def doubts(given: Mapping[str, ArrayLike]) -> tuple[Finding, ...]:
    """Warnings about numbers outside of the range of their quantity.

    `given`: numbers in SI by the name of their quantity; NaN is left out, of a range from 0 the size counts.
    Returns: one for each quantity, with the number that is farthest off.
    """
    found = []
    for name, values in given.items():
        low, high = RANGES[name]
        sizes = np.abs(np.ravel(floats(values)))
        outside = sizes[np.isfinite(sizes) & ((sizes < low) | (sizes > high))]
        if outside.size:
            entry = quantity(name)
            worst = float(outside[np.argmax(np.maximum(outside / high, low / np.maximum(outside, 1e-300)))])
            shown, *ends = (float(convert(v, entry.unit, entry.display_unit)) for v in (worst, low, high))
            noun = entry.noun.partition(" ")[2]
            text = f"{noun} {shown:.4g} {entry.display_unit}: outside of {ends[0]:.3g} to {ends[1]:.3g}"
            found.append(Finding("warning", "implausible", f"{text}; {HINTS.get(name, _USUAL)}"))
    return tuple(found)
