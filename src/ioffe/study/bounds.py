r"""What no device of some materials exceeds, before any device is solved.

A leg whose current suits its material everywhere has the reduced efficiency
:math:`\eta_r = (\sqrt{1 + zT} - 1)/(\sqrt{1 + zT} + 1)` at every temperature (G. J. Snyder, T. S. Ursell, doi
10.1103/PhysRevLett.91.148301), and with the best material of a device at each temperature

.. math:: \eta \le 1 - e^{-I}, \quad \mathrm{COP} \le \frac{1}{e^{C} - 1}, \quad
    I = \int \frac{\eta_r}{T}\,dT, \quad C = \int \frac{dT}{T \eta_r}

between the temperatures that are given. Contacts, plates, exchangers and heat past the legs only take from
that; where outer faces or sides of legs exchange heat with the surroundings nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.cost.quantities import PREFIX
from ioffe.device.conditions import Generator
from ioffe.device.parameters import materials, meant, numbers
from ioffe.material.material import Material

if TYPE_CHECKING:
    from ioffe.study.study import Study

Array = NDArray[np.float64]
POINTS = 801
"""Temperatures of the integrals."""
EXCHANGE = ("convection", "emissivity")
"""Ends of paths of numbers by which heat goes to the surroundings, or comes from there."""
MARGIN = 1e-4
"""Relative; what the integrals are off is far less."""


def largest_reduced_efficiency(found: Iterable[Material], T: Array) -> Array:
    """The largest of some materials at temperatures in K, their end values held beyond the measured ones.

    Parameters
    ----------
    found : iterable of Material
        Those without a Seebeck coefficient do not count.
    T : ndarray
        In K.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from ioffe import load_material
    >>> float(largest_reduced_efficiency([load_material("Bi0.42Sb1.58Te3")], np.array([330.0])).round(3)[0])
    0.16
    """
    zT = np.zeros_like(T)
    for one in found:
        if one.seebeck is not None:
            at = np.clip(T, *one.T_range)
            zT = np.maximum(zT, np.asarray(one.zT(at)) * T / at)
    root = np.sqrt(1.0 + zT)
    return (root - 1.0) / (root + 1.0)


def largest_values(study: Study, aim: str, cases: NDArray[np.intp]) -> Array | None:
    """Bounds of the efficiency or the COP of devices of a study.

    Parameters
    ----------
    study : Study
        What varies.
    aim : str
        What shall be largest.
    cases : ndarray of int
        Numbers of devices; of a range its worst end counts.

    Returns
    -------
    ndarray or None
        (cases,); None of another aim, where a temperature follows from the solution, and where heat comes
        from the surroundings.
    """
    if any(path.endswith(("convection", "emissivity")) and "filler" not in path for path in _not_zero(study)):
        return None
    ends = [_temperatures(study, name, cases) for name in ("T_hot", "T_cold")]
    if aim not in ("efficiency", "COP") or any(one is None for one in ends):
        return None
    vary, _ = study.at(cases)
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
        T_hot, T_cold = (float(one[k]) for one in ends if one is not None)
        key = (*map(id, found.values()), T_hot, T_cold)
        if key not in known:
            known[key] = _bound(aim, found.values(), T_hot, T_cold)
        bounds[k] = known[key]
    return bounds


def _not_zero(study: Study) -> Iterable[str]:
    """Paths of numbers that are not zero, or vary."""
    yield from (path for path, value in numbers(study.device, study.conditions).items() if value)
    for axis in study.axes:
        if not axis.path.startswith(PREFIX):
            yield from meant(study.device, study.conditions, axis.path)


def _bound(aim: str, found: Iterable[Material], T_hot: float, T_cold: float) -> float:
    if not T_hot > T_cold:
        return np.inf
    T = np.linspace(T_cold, T_hot, POINTS)
    reduced = largest_reduced_efficiency(found, T)
    if aim == "efficiency":
        return float(-np.expm1(-np.trapezoid(reduced / T, T))) * (1.0 + MARGIN)
    with np.errstate(divide="ignore"):
        return float(1.0 / np.expm1(np.trapezoid(1.0 / (T * reduced), T))) * (1.0 + MARGIN)


def _temperatures(study: Study, name: str, cases: NDArray[np.intp]) -> Array | None:
    """A given temperature of each device; of a range the end with the larger bound."""
    given = getattr(study.conditions, name, None)
    axis = next((one for one in study.axes if one.path == name), None)
    if axis is None:
        return None if given is None else np.full(len(cases), float(np.ravel(given)[0]))
    if axis.sampled:
        generates = isinstance(study.conditions, Generator)
        wide = max if (name == "T_hot") == generates else min
        return np.full(len(cases), float(wide(axis.values)))
    return np.asarray(study.at(cases)[0][name], float)
