"""What no device of a study's materials exceeds in efficiency or COP, before any device is solved.

Contacts, plates, exchangers and heat past the legs only take from what the best material at each temperature
allows (`ioffe.transport.engineering.efficiency_bound`, `COP_bound`); where outer faces or sides of legs
exchange heat with the surroundings nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.device.conditions import Generator
from ioffe.device.parameters import materials, meant, numbers
from ioffe.material.material import Material
from ioffe.study.plan import is_of_device
from ioffe.transport.engineering import COP_bound, efficiency_bound

if TYPE_CHECKING:
    from ioffe.study.study import Study

Array = NDArray[np.float64]
BOUNDS: Final = {"efficiency": efficiency_bound, "COP": COP_bound}
POINTS: Final = 801
"""Temperatures at which zT is taken."""
MARGIN: Final = 1e-4
"""Relative; what the integrals are off is far less."""
EXCHANGE: Final = ("convection", "emissivity")
"""Ends of paths of numbers by which heat goes to the surroundings, or comes from there."""


def largest_values(study: Study, aim: str, cases: NDArray[np.intp]) -> Array | None:
    """Bounds of the efficiency or the COP of devices of a study.

    `study`: what varies.
    `aim`: what shall be largest.
    `cases`: numbers of devices; of a range the end with the larger bound counts.
    Returns: (cases,); None of another aim, where a temperature follows from the solution, and where heat
        comes from the surroundings.

    >>> from ioffe import Generator, Leg
    >>> from ioffe.study.study import Study
    >>> at = Generator(T_hot=450, T_cold=310, load="max_efficiency")
    >>> names = {"material": ["Bi2Te3", "Bi0.42Sb1.58Te3"]}
    >>> study = Study(Leg("Bi2Te3", "2 mm", "2 mm2"), at, names, ["efficiency"])
    >>> largest_values(study, "efficiency", np.arange(2)).round(4)
    array([0.0562, 0.0554])
    """
    if aim not in BOUNDS or any(p.endswith(EXCHANGE) and "filler" not in p for p in _not_zero(study)):
        return None
    vary, _ = study.at(cases)
    hot, cold = (_temperatures(study, name, vary, len(cases)) for name in ("T_hot", "T_cold"))
    if hot is None or cold is None:
        return None
    own = materials(study.device)
    moved = {
        full: axis.path
        for axis in study.axes
        if axis.materials
        for full in meant(study.device, study.conditions, axis.path)
    }
    bounds, known = np.empty(len(cases)), {}
    for k in range(len(cases)):
        found = {path: vary[moved[path]][k] if path in moved else one for path, one in own.items()}
        key = (*map(id, found.values()), hot[k], cold[k])
        if key not in known:
            known[key] = _bound(aim, found.values(), float(hot[k]), float(cold[k]))
        bounds[k] = known[key]
    return bounds


def _not_zero(study: Study) -> Iterable[str]:
    """Paths of numbers that are not zero, or vary."""
    yield from (path for path, value in numbers(study.device, study.conditions).items() if value)
    for axis in study.axes:
        if is_of_device(axis.path):
            yield from meant(study.device, study.conditions, axis.path)


def _bound(aim: str, found: Iterable[Material], T_hot: float, T_cold: float) -> float:
    """Of the best of some materials at each temperature, their end values held beyond the measured ones."""
    if not T_hot > T_cold:
        return np.inf
    T = np.linspace(T_cold, T_hot, POINTS)
    zT = np.zeros_like(T)
    for one in found:
        if one.seebeck is not None:
            at = np.clip(T, *one.T_range)
            zT = np.maximum(zT, np.asarray(one.zT(at)) * T / at)
    with np.errstate(divide="ignore"):
        return float(BOUNDS[aim]((T, zT), T_cold, T_hot)) * (1.0 + MARGIN)


def _temperatures(study: Study, name: str, vary: dict[str, NDArray], count: int) -> Array | None:
    """A given temperature of each device; of a range the end with the larger bound."""
    axis = next((one for one in study.axes if one.path == name), None)
    if axis is None:
        given = getattr(study.conditions, name, None)
        return None if given is None else np.full(count, float(np.ravel(given)[0]))
    if axis.sampled:
        wide = max if (name == "T_hot") == isinstance(study.conditions, Generator) else min
        return np.full(count, float(wide(axis.values)))
    return np.asarray(vary[name], float)
