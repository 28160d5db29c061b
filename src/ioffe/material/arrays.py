"""Curves from arrays in SI on one grid of temperatures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import to_si
from ioffe.material.rules import ELECTRICAL

FIELDS: dict[str, str] = dict.fromkeys(ELECTRICAL, "electrical")
"""Field of `Material` for quantities that do not give it their name."""


def curves_of_arrays(
    T: ArrayLike,
    given: Mapping[str, ArrayLike | None],
    std: Mapping[str, ArrayLike | str],
    interpolation: str = "pchip",
    extrapolation: str = "warn",
) -> dict[str, Curve]:
    """Curves by the field of `Material` they belong to.

    Parameters
    ----------
    T : array_like, shape (n,)
        Temperatures in K, rising.
    given : mapping of str to array_like or None
        Values in SI by quantity: `seebeck`, `thermal_conductivity`, and one of the electrical quantities,
        `electrical_conductivity` or `electrical_resistivity`.
    std : mapping of str to array_like or str
        Standard deviations by quantity, in SI or as text in per cent of the value.
    interpolation, extrapolation : str
        As for `Curve`.

    Raises
    ------
    InputError
        With every fault of every array.

    Examples
    --------
    >>> given = {"seebeck": [2e-4], "electrical_conductivity": [1e5], "thermal_conductivity": [1.5]}
    >>> sorted(curves_of_arrays([300.0], given, {}))
    ['electrical', 'seebeck', 'thermal_conductivity']
    """
    faults = Faults()
    if sum(given.get(name) is not None for name in ELECTRICAL) != 1:
        faults.add("electrical_conductivity", expected="give either this or the resistivity")
    if given.get("thermal_conductivity") is None:
        faults.add("thermal_conductivity", expected="this argument is missing")
    deviations = {("electrical_resistivity" if k == "resistivity" else k): v for k, v in std.items()}
    present = {name: values for name, values in given.items() if values is not None}
    for unknown in sorted(set(deviations) - set(present)):
        faults.add("std", unknown, "the name of a property is expected", did_you_mean(unknown, present))
    curves: dict[str, Curve] = {}
    for name, values in present.items():
        with faults.collect():
            deviation = _deviation(deviations.get(name), values, name)
            curve = Curve(T, values, name, deviation, interpolation, extrapolation)
            curves[FIELDS.get(name, name)] = curve
    faults.raise_if_any()
    return curves


def _deviation(given: ArrayLike | str | None, values: ArrayLike, place: str) -> ArrayLike | None:
    if not isinstance(given, str):
        return given
    share = to_si(given, "relative_uncertainty", f"std.{place}")
    return share * np.abs(np.asarray(values, float))
