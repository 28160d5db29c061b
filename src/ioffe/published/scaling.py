"""What computations of several sources need: materials with their errors, modules of device files."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ioffe.device.module import Module
from ioffe.material.material import Material
from ioffe.published.source import SourceInputs

__all__ = ["module_of", "scaled", "seebeck_of"]


def scaled(
    material: Material,
    seebeck: float = 1.0,
    electrical_conductivity: float = 1.0,
    thermal_conductivity: float = 1.0,
) -> Material:
    """A material with every point of its curves multiplied; the factor 1 leaves a curve as it is.

    Examples
    --------
    >>> from ioffe import load_material
    >>> leg = load_material("generic p cooler leg")
    >>> better = scaled(leg, seebeck=1.03)
    >>> round(better.zT(300.0) / leg.zT(300.0), 4)
    1.0609
    """
    changes = {}
    if material.seebeck is not None and seebeck != 1.0:
        changes["seebeck"] = material.seebeck.scaled(seebeck)
    if material.electrical is not None and electrical_conductivity != 1.0:
        measures_resistivity = material.electrical.quantity == "electrical_resistivity"
        factor = 1.0 / electrical_conductivity if measures_resistivity else electrical_conductivity
        changes["electrical"] = material.electrical.scaled(factor)
    if thermal_conductivity != 1.0:
        changes["thermal_conductivity"] = material.thermal_conductivity.scaled(thermal_conductivity)
    return material.replace(**changes) if changes else material


def seebeck_of(material: Material, T: ArrayLike) -> Any:
    """S of a material in V/K at T in K: a float or an array as T is; 0 where it has none.

    Examples
    --------
    >>> from ioffe import load_material
    >>> seebeck_of(load_material("Cu"), 300.0)
    0.0
    """
    if material.seebeck is None:
        return 0.0 if np.ndim(T) == 0 else np.zeros(np.shape(T))
    return material.seebeck(np.asarray(T, float))


def module_of(inputs: SourceInputs, name: str) -> Module:
    """The module of a device file of a source; `TypeError` if the file describes something else."""
    device = inputs.device(name).device
    if not isinstance(device, Module):
        raise TypeError(f"{name}: a module is expected, this is a {type(device).__name__}")
    return device
