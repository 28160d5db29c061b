"""Thermal conductivity from the thermal diffusivity that a laser flash measures.

>>> from ioffe.base.curve import Curve
>>> diffusivity = Curve([300.0, 400.0], [0.60e-6, 0.50e-6], "thermal_diffusivity", std=[0.018e-6, 0.015e-6])
>>> flash = conductivity(diffusivity, density="6.65 g/cm3", heat_capacity="200 J/(kg K)")
>>> [round(float(value), 4) for value in flash.thermal_conductivity.values]
[0.798, 0.665]
>>> round(flash.thermal_conductivity.std_at(300.0), 5)
0.02394
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import measured, to_si

__all__ = ["LaserFlash", "conductivity", "pore_correction"]

DENSE = 0.97
"""Relative density below which a note speaks of the pores."""
TOO_DENSE = 1.01
"""Relative density above which one of the two densities is wrong."""

HeatCapacity = float | str | Curve | Callable[[NDArray[np.float64]], ArrayLike]


@dataclass(frozen=True)
class LaserFlash:
    """Conductivity of a sample.

    Parameters
    ----------
    thermal_conductivity : Curve
        In W/(m K), of the sample with its pores, at the temperatures of the diffusivity.
    relative_density : float or None
        Density over that of X-rays.
    notes : tuple of str
        What a reader must know.
    """

    thermal_conductivity: Curve
    relative_density: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def dense(self) -> Curve:
        """Conductivity of the material between the pores, by Maxwell; see `pore_correction`.

        Raises
        ------
        InputError
            If the density by X-rays was not given.
        """
        if self.relative_density is None:
            raise InputError(Fault("xray_density", expected="this is needed to know the porosity"))
        porosity = max(0.0, 1.0 - self.relative_density)
        return self.thermal_conductivity.scaled(float(pore_correction(porosity)))


def pore_correction(porosity: ArrayLike) -> NDArray[np.float64]:
    r"""Conductivity of the dense material over that of the porous one.

    .. math:: \kappa_{dense}/\kappa = \frac{2 + \phi}{2 (1 - \phi)}

    Parameters
    ----------
    porosity : array_like
        phi, share of the volume, in round pores that lie apart (up to some 15 %) and conduct nothing.

    Notes
    -----
    J. C. Maxwell, A Treatise on Electricity and Magnetism, 1873, art. 314. It holds for the electrical
    conductivity too, so that zT hardly changes.

    Examples
    --------
    >>> float(pore_correction(0.05))
    1.0789
    """
    phi = np.asarray(porosity, float)
    return (2.0 + phi) / (2.0 * (1.0 - phi))


def conductivity(
    diffusivity: Curve,
    density: object,
    heat_capacity: HeatCapacity,
    *,
    heat_capacity_uncertainty: object = 0.0,
    thermal_expansion: object = 0.0,
    reference_temperature: object = 298.15,
    xray_density: object = None,
) -> LaserFlash:
    r"""Thermal conductivity from diffusivity, density and heat capacity.

    .. math:: \kappa = \frac{\alpha\, d\, c_p}{1 + \alpha_L (T - T_0)}

    The denominator is of the expansion: the instrument takes the thickness at T_0, whose square enters, and
    the density falls with the cube.

    Parameters
    ----------
    diffusivity : Curve
        `thermal_diffusivity` in m2/s, with standard deviations if they are known.
    density : float, str or mapping
        At T_0, in kg/m3 or with a unit; a mapping may carry an uncertainty.
    heat_capacity : float, str, Curve or callable
        In J/(kg K): one number, a curve (its standard deviations count), or a model of T such as
        `ioffe.transport.heat_capacity.dulong_petit` with the molar mass filled in.
    heat_capacity_uncertainty : float or str
        Relative standard deviation of a number or a model.
    thermal_expansion : float or str
        Linear, in 1/K.
    reference_temperature : float or str
        T_0 in K, at which thickness and density were taken.
    xray_density : float or str, optional
        Of the perfect crystal; gives the relative density and a note on the pores.

    Returns
    -------
    LaserFlash

    Raises
    ------
    InputError
        With every fault of the arguments; for a density that exceeds that of X-rays by more than 1 %.
    """
    faults = Faults()
    if not isinstance(diffusivity, Curve) or diffusivity.quantity not in ("thermal_diffusivity", ""):
        faults.add("diffusivity", diffusivity, "a Curve of thermal_diffusivity is expected")
    d, d_std = _number(density, "density", "density", faults)
    expansion, _ = _number(thermal_expansion, "thermal_expansion", "thermal_expansion", faults)
    start, _ = _number(reference_temperature, "temperature", "reference_temperature", faults)
    share, _ = _number(heat_capacity_uncertainty, "relative_uncertainty", "heat_capacity_uncertainty", faults)
    full = None
    if xray_density is not None:
        full, _ = _number(xray_density, "density", "xray_density", faults)
    faults.raise_if_any()
    T = diffusivity.T
    with faults.collect():
        capacity, capacity_std = _capacity(heat_capacity, T, share)
    relative = None if full is None else d / full
    if relative is not None and relative > TOO_DENSE:
        faults.add("density", density, f"it is {relative:.3f} of that by X-rays; at most 1 is possible")
    faults.raise_if_any()
    values = diffusivity.values * d * capacity / (1.0 + expansion * (T - start))
    alpha_std = np.zeros_like(T) if diffusivity.std is None else diffusivity.std
    shares = (alpha_std / diffusivity.values, d_std / d, capacity_std / capacity)
    std = values * np.sqrt(sum(np.square(part) for part in shares))
    curve = Curve(
        T,
        values,
        "thermal_conductivity",
        std=std if np.any(std > 0) else None,
        interpolation=diffusivity.interpolation if len(T) > 1 else "pchip",
        extrapolation=diffusivity.extrapolation,
        name=diffusivity.name,
    )
    return LaserFlash(curve, relative, _notes(relative, diffusivity))


def _number(value: object, quantity: str, place: str, faults: Faults) -> tuple[float, float]:
    with faults.collect():
        return measured(value, quantity, place)
    return np.nan, 0.0


def _capacity(
    given: HeatCapacity, T: NDArray[np.float64], share: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Heat capacity and its standard deviation at the temperatures."""
    if isinstance(given, Curve):
        found = np.asarray(given(T), float)
        std = np.zeros_like(T) if given.std is None else np.asarray(given.std_at(T), float)
        return found, np.hypot(std, share * found)
    if callable(given):
        found = np.broadcast_to(np.asarray(given(T), float), T.shape)
        if not np.all((found > 0) & np.isfinite(found)):
            raise InputError(Fault("heat_capacity", found, "the model must give numbers above 0 J/(kg K)"))
    else:
        found = np.full_like(T, to_si(given, "heat_capacity", "heat_capacity"))
    return found, share * found


def _notes(relative: float | None, diffusivity: Curve) -> tuple[str, ...]:
    notes = []
    if diffusivity.std is None:
        notes.append("The diffusivity has no standard deviation.")
    if relative is not None and relative < DENSE:
        share = f"{100 * (1 - relative):.1f} % of pores"
        notes.append(f"The sample has {share}, part of its conductivity; `dense` leaves them out.")
    return tuple(notes)
