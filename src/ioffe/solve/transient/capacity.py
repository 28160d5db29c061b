"""Heat capacities by volume of the materials of a device."""

from __future__ import annotations

import numpy as np

from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, did_you_mean
from ioffe.engine.table import PropertyTable, pack
from ioffe.material.material import Material

_NONE = np.array([1.0, 2.0]), np.array([[0.0, 0.0, 0.0, 0.0]])


def capacities(materials: list[Material], massless: tuple[str, ...]) -> dict[int, PropertyTable]:
    """Heat capacity by volume of every material that is not massless, by the `id` of the material.

    A table holds it in J/(m3 K) in the place of the thermal conductivity. Beyond the range of a curve its
    end value is held.

    Raises
    ------
    InputError
        Naming every material that lacks its density or heat capacity, and every name in `massless` that is
        no material of the device.
    """
    faults = Faults()
    names = [m.name for m in materials]
    for k, name in enumerate(massless):
        if name not in names:
            expected = "the name of a material of the device is expected"
            faults.add(f"massless[{k}]", name, expected, did_you_mean(name, names))
    found = {}
    for m in materials:
        if m.name in massless:
            continue
        missing = [what for what in ("density", "heat_capacity") if getattr(m, what) is None]
        if missing:
            faults.add(f'material "{m.name}"', expected=_expectation(missing), advice=_advice(m.name))
            continue
        found[id(m)] = _table(m)
    faults.raise_if_any()
    return found


def _table(material: Material) -> PropertyTable:
    density, heat = material.density, material.heat_capacity
    assert density is not None
    assert heat is not None
    if isinstance(heat, Curve):
        cells = heat.knots, heat.cells * density
        held = heat.extrapolation == "hold"
        limits = (-np.inf, np.inf) if held else heat.range
    else:
        cells = np.array([1.0, 2.0]), np.array([[heat * density, 0.0, 0.0, 0.0]])
        limits = -np.inf, np.inf
    return pack(_NONE, _NONE, cells, resistivity=True, limits=limits)


def _expectation(missing: list[str]) -> str:
    examples = {"density": 'density="7.7 g/cm3"', "heat_capacity": 'heat_capacity="160 J/(kg K)"'}
    return (
        f"a {' and a '.join(missing)} {'are' if len(missing) > 1 else 'is'} expected, "
        f"such as material.replace({', '.join(examples[what] for what in missing)})"
    )


def _advice(name: str) -> str:
    return f'to neglect its heat capacity: massless=["{name}"]'
