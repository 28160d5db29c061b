"""What a material must be: known words, curves of the right quantity, positive conductivities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.quantities import QUANTITIES
from ioffe.material.migration import MigrationData

if TYPE_CHECKING:
    from ioffe.material.material import Material

KINDS = ("thermoelectric", "metal", "ceramic", "solder", "semiconductor", "polymer", "other")
QUALITIES = ("measured", "reconstructed", "read", "remembered", "synthetic")
ELECTRICAL = ("electrical_conductivity", "electrical_resistivity")
HALL = ("hall_coefficient", "hall_carrier_density")
SCALARS = (
    "density",
    "heat_capacity",
    "thermal_expansion",
    "youngs_modulus",
    "poisson_ratio",
    "melting_temperature",
)
"""Properties that may be one number; all but the density and the melting temperature may be a curve."""
ONE_NUMBER = ("density", "melting_temperature")


def check_words(material: Material, faults: Faults) -> None:
    """Note an empty name and unknown words."""
    if not isinstance(material.name, str) or not material.name.strip():
        faults.add("name", material.name, "a name is expected")
    if material.carrier not in ("p", "n", None):
        faults.add("carrier", material.carrier, '"p" or "n" is expected')
    for place, value, words in (("kind", material.kind, KINDS), ("quality", material.quality, QUALITIES)):
        if value not in words:
            faults.add(place, value, f"one of {', '.join(words)} is expected", did_you_mean(value, words))
    if material.migration is not None and not isinstance(material.migration, MigrationData):
        faults.add("migration", material.migration, "MigrationData is expected")


def check_curves(material: Material, faults: Faults) -> None:
    """Note missing curves, curves of another quantity or out of bounds, and curves without a common range."""
    expected: dict[str, tuple[str, ...]] = {
        "seebeck": ("seebeck",),
        "electrical": ELECTRICAL,
        "thermal_conductivity": ("thermal_conductivity",),
        "hall": HALL,
        "reported_zT": ("zT",),
    } | {prop: (prop,) for prop in SCALARS}
    before = len(faults)
    for place, quantities in expected.items():
        value = getattr(material, place)
        if isinstance(value, Curve) and value.quantity not in quantities:
            words = " or ".join(quantities)
            faults.add(place, value.quantity or "a curve", f"a curve of the quantity {words} is expected")
        elif place not in SCALARS and value is not None and not isinstance(value, Curve):
            faults.add(place, value, "a Curve is expected")
    if material.thermal_conductivity is None:
        faults.add("thermal_conductivity", expected="this curve is missing")
    if material.kind == "thermoelectric":
        for place in ("seebeck", "electrical"):
            if getattr(material, place) is None:
                faults.add(place, expected="a thermoelectric material needs this curve")
    if len(faults) > before:
        return
    for curve in material.transport.values():
        _check_bounds(curve, faults)
    if material.hall is not None:
        _check_hall(material.hall, faults)
    low, high = material.T_range
    if low > high:
        ranges = ", ".join(f"{q} {c.range[0]:g}-{c.range[1]:g} K" for q, c in material.transport.items())
        faults.add("T", expected="the curves have no temperature in common", advice=ranges)


def _check_hall(hall: Curve, faults: Faults) -> None:
    """Note Hall densities that are not positive, and Hall coefficients of zero."""
    if hall.quantity == "hall_carrier_density":
        _check_bounds(hall, faults)
        return
    for T in hall.T[hall.values == 0.0]:
        expected = "a Hall coefficient other than zero is expected"
        faults.add(
            f"{hall.quantity} at {T:g} K", 0.0, expected, "leave the point away where it was not measured"
        )


def _check_bounds(curve: Curve, faults: Faults) -> None:
    """Note where a curve leaves the bounds of its quantity, between its points too."""
    entry = QUANTITIES[curve.quantity]
    worst = curve.minimum()
    if entry.admits(worst):
        return
    outside = [i for i, value in enumerate(curve.values) if not entry.admits(float(value))]
    for i in outside:
        shown = f"{curve.values[i]:g} {entry.unit}"
        faults.add(f"{curve.quantity} at {curve.T[i]:g} K", shown, f"the value must be {entry.range_text}")
    if not outside:
        shown, advice = f"{worst:g} {entry.unit}", "the interpolation or formula dips between its points"
        faults.add(
            f"{curve.quantity} between the points", shown, f"the value must be {entry.range_text}", advice
        )
