"""Hall coefficient, carrier density and Hall mobility from Hall voltages and resistivity.

>>> found = hall_result(coefficient=0.297e-6, resistivity=5.26e-5, coefficient_std=0.02e-6)
>>> found.carrier, round(found.carrier_density / 1e25, 2), round(found.mobility * 1e4, 1)  # cm2/Vs
('p', 2.1, 56.5)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.least_squares import linear_least_squares
from ioffe.base.roots import falling_root
from ioffe.base.units import floats
from ioffe.measure._hall_layout import LAYOUT
from ioffe.measure._table import read_table
from ioffe.measure.estimates import check_positive, read_arrays

_FEWEST_FIELDS: Final = 3
_NO_CURVE: Final = 1e-12
"""Spread of B^2 over its largest value below which no part even in the field can be told."""


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

    Examples
    --------
    >>> fit = hall_coefficient([-1.0, 0.0, 1.0], [-3e-6, 0.0, 3e-6], current=10e-3, thickness=1e-3)
    >>> round(fit.coefficient * 1e6, 9)  # cm3/C: 0.3 mohm x 1 mm over 1 T
    0.3
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

    Examples
    --------
    >>> found = hall_result(coefficient=-6.241509e-7, resistivity=1e-5)
    >>> found.carrier, round(found.carrier_density / 1e25, 6)  # 1/(e |R_H|)
    ('n', 1.0)
    """

    carrier: Literal["p", "n"]
    coefficient: float
    coefficient_std: float
    carrier_density: float
    carrier_density_std: float
    mobility: float
    mobility_std: float


def hall_coefficient(
    field: ArrayLike, voltage: ArrayLike, *, current: ArrayLike, thickness: float, thickness_std: float = 0.0
) -> HallFit:
    r"""Hall coefficient from Hall voltages at several fields.

    .. math:: \frac{V_H}{I} = R_0 + \frac{R_H}{t} B

    The straight line removes the voltage of probes that do not face each other; fields of both signs remove
    the magnetoresistance. The standard deviation of R_H follows from the scatter of the points about the line
    (n - 2 degrees of freedom) and from that of the thickness.

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

    Returns
    -------
    HallFit
        R_H in m3/C with its standard deviation, offset in ohm, and the share even in the field.

    Raises
    ------
    InputError
        With every fault of the arrays.

    Notes
    -----
    Standard result; the order of the contacts and the averages over signs of current and field are those of
    ASTM F76, "Standard Test Methods for Measuring Resistivity and Hall Coefficient".

    Examples
    --------
    >>> B = [-1.0, -0.5, 0.5, 1.0]
    >>> V = [-2.9e-6 + 1e-6, -1.5e-6 + 1e-6, 1.5e-6 + 1e-6, 3.0e-6 + 1e-6]
    >>> fit = hall_coefficient(B, V, current=10e-3, thickness=1e-3)
    >>> round(fit.coefficient * 1e6, 4), round(fit.offset * 1e3, 4)  # cm3/C, mohm
    (0.296, 0.1025)
    """
    B, resistance = _sweep(field, voltage, current, thickness)
    line = linear_least_squares(np.stack([B, np.ones_like(B)], axis=1), resistance)
    slope, offset = (float(value) for value in line.parameters)
    spread = float(np.hypot(line.standard_errors[0] * thickness, slope * thickness_std))
    largest = float(np.max(np.abs(slope * B)))
    curvature = _even_part(B, line.residuals) / largest if largest else 0.0
    return HallFit(slope * thickness, spread, offset, curvature)


def read_hall_sweep(path: str | Path, current: float | None = None) -> tuple[Array, Array, Array]:
    r"""Fields, Hall voltages and currents of a table, as `hall_coefficient` takes them.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with headers such as ``B (T)``, ``V (uV)``, ``I (mA)``.
    current : float, optional
        In A, in place of a column.

    Returns
    -------
    field, voltage, current : ndarray of shape (n,)
        Magnetic flux density in T, Hall voltage in V, current in A.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty); without a current.

    Examples
    --------
    >>> _ = Path("sweep.csv").write_text("B (T),V (uV)\n-1,-2.9\n0,0.1\n1,3.1\n")
    >>> B, V, current = read_hall_sweep("sweep.csv", current=10e-3)
    >>> B, current
    (array([-1.,  0.,  1.]), array([0.01, 0.01, 0.01]))
    """
    found = read_table(path, LAYOUT).numbers
    for name in ("field", "voltage"):
        if name not in found:
            raise InputError(
                Fault(name, expected='the headers "B (T)" and "V (uV)" are expected', file=str(path))
            )
    if current is None and "current" not in found:
        expected = "a current is needed: a column such as I (mA), or an option"
        raise InputError(Fault("current", expected=expected, file=str(path)))
    amperes = found["current"] if current is None else np.full_like(found["field"], current)
    return found["field"], found["voltage"], amperes


def _sweep(field: ArrayLike, voltage: ArrayLike, current: ArrayLike, thickness: float) -> tuple[Array, Array]:
    """Fields and Hall resistances."""
    faults = Faults()
    B, V = read_arrays({"field": field, "voltage": voltage}, faults, _FEWEST_FIELDS)
    amperes = floats(current)
    if not np.all(np.isfinite(amperes) & (amperes != 0)):
        faults.add("current", current, "numbers other than 0 A are expected")
    check_positive(faults, "m", thickness=thickness)
    faults.raise_if_any()
    if amperes.ndim and amperes.shape != B.shape:
        faults.add("current", f"{amperes.size} values", f"one number, or as many as fields, {B.size}")
    elif np.ptp(B) == 0:
        faults.add("field", float(B[0]), "different fields are expected")
    faults.raise_if_any()
    return B, V / amperes


def _even_part(B: Array, rest: Array) -> float:
    """Amplitude of a part proportional to B^2 in the residuals, at the largest field."""
    shape, largest = B**2 - np.mean(B**2), float(np.max(B**2))
    size = float(shape @ shape)
    return 0.0 if size < _NO_CURVE * largest**2 else abs(float(shape @ rest)) / size * largest


def hall_result(
    coefficient: float,
    resistivity: float,
    *,
    coefficient_std: float = 0.0,
    resistivity_std: float = 0.0,
    thickness_share: float = 0.0,
) -> HallResult:
    r"""Carrier density and mobility from Hall coefficient and resistivity.

    .. math:: n_H = \frac{1}{e |R_H|}, \qquad \mu_H = \frac{|R_H|}{\rho}

    One kind of carrier with a Hall factor of 1 is assumed; with two kinds or another factor n_H is not the
    density of carriers.

    Parameters
    ----------
    coefficient, coefficient_std : float
        R_H in m3/C; the deviation without that of the thickness if `thickness_share` is given.
    resistivity, resistivity_std : float
        rho in ohm m, likewise.
    thickness_share : float
        Relative standard deviation of a thickness that entered R_H and rho of the same sample; it cancels in
        the mobility.

    Returns
    -------
    HallResult
        Density in 1/m3 and mobility in m2/(V s) with standard deviations, carrier type by the sign of R_H.

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
    with Faults() as faults:
        if not np.isfinite(coefficient) or e * abs(coefficient) < np.finfo(float).tiny:
            expected = "a number other than 0 m3/C is expected, whose carrier density is finite"
            faults.add("coefficient", coefficient, expected)
        check_positive(faults, "ohm m", resistivity=resistivity)
        deviations = {"coefficient_std": coefficient_std, "resistivity_std": resistivity_std}
        check_positive(faults, "", or_zero=True, **deviations, thickness_share=thickness_share)
    size = abs(coefficient)
    density, mobility = 1.0 / (e * size), size / resistivity
    of_density = float(np.hypot(coefficient_std / size, thickness_share))
    of_mobility = float(np.hypot(coefficient_std / size, resistivity_std / resistivity))
    carrier, std = "p" if coefficient > 0 else "n", of_density * size
    return HallResult(
        carrier, coefficient, std, density, of_density * density, mobility, of_mobility * mobility
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

    Returns
    -------
    float
        rho in ohm m.

    Raises
    ------
    InputError
        For a resistance or a thickness that is not above 0; for resistances too different to be solved.

    Notes
    -----
    L. J. van der Pauw, Philips Res. Rep. 13 (1958) 1. The sample has a uniform thickness, no holes, and small
    contacts at its rim.

    Examples
    --------
    >>> van_der_pauw(1e-3, 1e-3, 1e-3) / (3.14159265 * 1e-6 / 0.69314718)
    1.0
    """
    with Faults() as faults:
        check_positive(faults, first=first, second=second, thickness=thickness)
    larger, smaller = max(first, second), min(first, second)
    ratio = smaller / larger

    def excess(z: Array) -> tuple[Array, Array]:
        # z = pi R t/rho of the larger R; the left side falls and is convex: Newton climbs to the root
        return np.exp(-z) + np.expm1(-ratio * z), -np.exp(-z) - ratio * np.exp(-ratio * z)

    z = float(falling_root(excess, np.log(2.0), low=0.0))
    if not np.isfinite(z):
        raise InputError(Fault("first", first, f"no resistivity fits it beside {second:g} ohm"))
    return float(np.pi * thickness * larger / z)
