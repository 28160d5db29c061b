"""Materials whose curves are multiplied by factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ioffe.material.material import Material


def scaled(material: Material, factors: Mapping[str, float]) -> Material:
    """A material with properties multiplied by factors at all temperatures.

    `material`: a property that it does not have is left out.
    `factors`: above 0, by ``"seebeck"``, ``"electrical_conductivity"``, ``"electrical_resistivity"`` or
        ``"thermal_conductivity"``; a factor of 1 leaves the curve as it is.

    >>> from ioffe import load_material
    >>> leg = load_material("generic p cooler leg")
    >>> round(scaled(leg, {"seebeck": 1.03}).zT(300.0) / leg.zT(300.0), 4)
    1.0609
    """
    changes: dict[str, Any] = {}
    for name, factor in factors.items():
        field = "electrical" if name.startswith("electrical") else name
        curve = changes.get(field, getattr(material, field))
        if curve is not None and factor != 1.0:
            inverse = field == "electrical" and curve.quantity != name
            changes[field] = curve.scaled(1.0 / factor if inverse else factor)
    return material.replace(**changes) if changes else material
