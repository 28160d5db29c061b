"""Hall coefficient, carrier density and Hall mobility from Hall voltages and resistivity.

>>> found = hall_result(coefficient=0.297e-6, resistivity=5.26e-5, coefficient_std=0.02e-6)
>>> found.carrier, round(found.carrier_density / 1e25, 2), round(found.mobility * 1e4, 1)  # cm2/Vs
('p', 2.1, 56.5)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.constants import e
from ioffe.base.errors import Fault, Faults, InputError

__all__ = ["HallFit", "HallResult", "hall_coefficient", "hall_result", "van_der_pauw"]

_ITERATIONS = 60


@dataclass(frozen=True)
class HallFit:
    """Straight line through Hall resistances against the field.

    Parameters
    ----------
    coefficient, coefficient_std : float
        R_H in m3/C and its standard deviation.
    offset : float
        Hall resistance in ohm without a field, from voltage probes that do not face each other.
    curvature : float
        Share of the part even in the field (magnetoresistance) in the largest Hall resistance, after the
        straight line and the offset are taken away.
    """

    coefficient: float
    coefficient_std: float
    offset: float
    curvature: float


@dataclass(frozen=True)
class HallResult:
    """What Hall coefficient and resistivity give, with standard deviations.

    Parameters
    ----------
    carrier : {"p", "n"}
        By the sign of the Hall coefficient.
    coefficient, coefficient_std : float
        R_H in m3/C.
    carrier_density, carrier_density_std : float
        n_H = 1/(e |R_H|) in 1/m3.
    mobility, mobility_std : float
        mu_H = |R_H|/rho in m2/(V s).
    """

    carrier: Literal["p", "n"]
    coefficient: float
    coefficient_std: float
    carrier_density: float
    carrier_density_std: float
    mobility: float
    mobility_std: float


def hall_coefficient(
    field: ArrayLike,
    voltage: ArrayLike,
    *,
    current: ArrayLike,
    thickness: float,
    thickness_std: float = 0.0,
) -> HallFit:
    r"""Hall coefficient from Hall voltages at several fields.

    .. math:: \frac{V_H}{I} = R_0 + \frac{R_H}{t} B

    The straight line takes away the voltage of probes that do not face each other; fields of both signs take
    away the magnetoresistance.

    Parameters
    ----------
    field : array_like of shape (n,)
        Magnetic flux density B in T, with its sign; at least three fields, two of them different.
    voltage : array_like of shape (n,)
        V_H in V, with its sign: positive for holes.
    current : array_like
        I in A, one or of every point.
    thickness, thickness_std : float
        t along the field, in m, with its standard deviation.

    Raises
    ------
    InputError
        With every fault of the arrays.

    Examples
    --------
    >>> B = [-1.0, -0.5, 0.5, 1.0]
    >>> V = [-2.9e-6 + 1e-6, -1.5e-6 + 1e-6, 1.5e-6 + 1e-6, 3.0e-6 + 1e-6]
    >>> fit = hall_coefficient(B, V, current=10e-3, thickness=1e-3)
    >>> round(fit.coefficient * 1e6, 4), round(fit.offset * 1e3, 4)  # cm3/C, mohm
    (0.296, 0.1025)
    """
    B, resistance = _sweep(field, voltage, current, thickness)
    design = np.stack([B, np.ones_like(B)], axis=1)
    solution, *_ = np.linalg.lstsq(design, resistance, rcond=None)
    rest = resistance - design @ solution
    free = B.size - 2
    slope_std = np.sqrt(rest @ rest / free / np.sum((B - B.mean()) ** 2))
    coefficient = float(solution[0]) * thickness
    spread = float(np.hypot(slope_std * thickness, solution[0] * thickness_std))
    largest = float(np.max(np.abs(solution[0] * B)))
    return HallFit(coefficient, spread, float(solution[1]), _even_part(B, rest) / largest if largest else 0.0)


def _sweep(
    field: ArrayLike, voltage: ArrayLike, current: ArrayLike, thickness: float
) -> tuple[np.ndarray, np.ndarray]:
    """Fields and Hall resistances."""
    faults = Faults()
    arrays = {name: np.asarray(a, float) for name, a in (("field", field), ("voltage", voltage))}
    for name, values in arrays.items():
        if values.ndim != 1 or values.size < 3 or not np.all(np.isfinite(values)):
            faults.add(name, values, "at least three finite numbers are expected")
    amperes = np.asarray(current, float)
    if not np.all(np.isfinite(amperes) & (amperes != 0)):
        faults.add("current", current, "numbers other than 0 A are expected")
    if not 0 < thickness < np.inf:
        faults.add("thickness", thickness, "a number above 0 m is expected")
    faults.raise_if_any()
    B, V = arrays["field"], arrays["voltage"]
    if B.shape != V.shape or (amperes.ndim and amperes.shape != B.shape):
        faults.add("voltage", f"{V.size} values", f"as many as fields are expected, {B.size}")
    elif np.ptp(B) == 0:
        faults.add("field", float(B[0]), "different fields are expected")
    faults.raise_if_any()
    return B, V / amperes


def _even_part(B: np.ndarray, rest: np.ndarray) -> float:
    """Amplitude of a B^2 in the residuals, at the largest field."""
    shape = B**2 - np.mean(B**2)
    size = float(shape @ shape)
    return (
        0.0
        if size < 1e-12 * float(np.max(B**2)) ** 2
        else abs(float(shape @ rest)) / size * float(np.max(B**2))
    )


def hall_result(
    coefficient: float,
    resistivity: float,
    *,
    coefficient_std: float = 0.0,
    resistivity_std: float = 0.0,
    thickness_share: float = 0.0,
) -> HallResult:
    """Carrier density and mobility.

    Parameters
    ----------
    coefficient, coefficient_std : float
        R_H in m3/C; the deviation without that of the thickness if `thickness_share` is given.
    resistivity, resistivity_std : float
        rho in ohm m, likewise.
    thickness_share : float
        Relative standard deviation of a thickness that entered R_H and rho of the same sample; it cancels in
        the mobility.

    Raises
    ------
    InputError
        For a Hall coefficient of 0, a resistivity that is not positive, negative deviations.

    Examples
    --------
    >>> found = hall_result(-3e-7, 1e-5, coefficient_std=0.15e-7, resistivity_std=2e-7, thickness_share=0.08)
    >>> found.carrier, round(found.mobility_std / found.mobility, 4)  # 5 % and 2 %
    ('n', 0.0539)
    >>> round(found.carrier_density_std / found.carrier_density, 4)  # 5 % and 8 %
    0.0943
    """
    faults = Faults()
    if not np.isfinite(coefficient) or coefficient == 0.0:
        faults.add("coefficient", coefficient, "a number other than 0 m3/C is expected")
    if not 0 < resistivity < np.inf:
        faults.add("resistivity", resistivity, "a number above 0 ohm m is expected")
    for name, value in (
        ("coefficient_std", coefficient_std),
        ("resistivity_std", resistivity_std),
        ("thickness_share", thickness_share),
    ):
        if not 0 <= value < np.inf:
            faults.add(name, value, "a number from 0 on is expected")
    faults.raise_if_any()
    size = abs(coefficient)
    of_coefficient, of_resistivity = coefficient_std / size, resistivity_std / resistivity
    of_density = float(np.hypot(of_coefficient, thickness_share))
    density, mobility = 1.0 / (e * size), size / resistivity
    return HallResult(
        "p" if coefficient > 0 else "n",
        coefficient,
        of_density * size,
        density,
        of_density * density,
        mobility,
        float(np.hypot(of_coefficient, of_resistivity)) * mobility,
    )


def van_der_pauw(first: float, second: float, thickness: float) -> float:
    r"""Resistivity in ohm m of a flat sample with four contacts at its rim.

    .. math:: \exp(-\pi R_1 t/\rho) + \exp(-\pi R_2 t/\rho) = 1

    Parameters
    ----------
    first, second : float
        The two resistances R_1 and R_2 in ohm, each the mean over both signs of the current and over exchange
        of current and voltage contacts.
    thickness : float
        t in m.

    Notes
    -----
    L. J. van der Pauw, Philips Res. Rep. 13 (1958) 1.

    Examples
    --------
    >>> van_der_pauw(1e-3, 1e-3, 1e-3) / (3.14159265 * 1e-6 / 0.69314718)
    1.0
    """
    faults = Faults()
    for name, value in (("first", first), ("second", second), ("thickness", thickness)):
        if not 0 < value < np.inf:
            faults.add(name, value, "a number above 0 is expected")
    faults.raise_if_any()
    # z = pi t/rho, in which the left side falls and is convex: Newton from the left climbs to the root
    larger, smaller = max(first, second), min(first, second)
    z = np.log(2.0) / larger
    for _ in range(_ITERATIONS):
        part = np.exp(-z * larger)
        change = (part + np.expm1(-z * smaller)) / (larger * part + smaller * np.exp(-z * smaller))
        z += change
        if change <= 1e-13 * z:
            return float(np.pi * thickness / z)
    raise InputError(Fault("first", first, f"no resistivity fits it beside {second:g} ohm"))
