"""Transfer-length measurement: contact resistivity and sheet resistance from contacts at several gaps.

>>> gap = np.array([5, 10, 20, 40, 80]) * 1e-6
>>> found = transfer_length(gap, 2 * 1.5 + 50.0 * gap / 100e-6, "100 um")
>>> round(float(found.resistivity.value) * 1e10, 4)  # uohm cm2, (1.5 ohm 100 um)^2/50 ohm
4.5
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import to_si
from ioffe.material.checks import Finding, Severity
from ioffe.material.uncertainty import Estimate
from ioffe.measure._table import Layout, read_tables
from ioffe.measure.transfer_result import TransferLength

__all__ = [
    "TransferLength",
    "circular_transfer_length",
    "contact_ratio",
    "read_transfer_length",
    "transfer_length",
]

Array = NDArray[np.float64]
LEVEL: Final = 0.6826894921370859
FEWEST: Final = 3
TO_SIGMA: Final = 1.4826
MANY: Final = 5.0
"""Standard deviations that a point may be off the line."""
_STEP: Final = 1e-5
_ITERATIONS: Final = 100
_LAYOUT: Final = Layout(
    words={
        "gap": ("d", "gap", "spacing", "distance", "l"),
        "inner": ("r_i", "inner radius", "inner_radius"),
        "outer": ("r_o", "outer radius", "outer_radius"),
        "resistance": ("r", "resistance"),
    },
    units={"gap": "m", "inner": "m", "outer": "m", "resistance": "ohm"},
    is_header=lambda found: "resistance" in found and ("gap" in found or {"inner", "outer"} <= found),
    expected='the headers "d (um)" and "R (ohm)", or "r_i (um)", "r_o (um)" and "R (ohm)", are expected',
)


def contact_ratio(contact_length: ArrayLike, transfer_length: ArrayLike) -> Array:
    r"""Resistance of a contact over that of one square of the film, times its width over the transfer length.

    .. math:: \frac{R_c W}{R_{sh} L_T} = \coth\frac{l}{L_T}

    1 for a contact much longer than the transfer length, L_T/l for a short one.

    Examples
    --------
    >>> round(float(contact_ratio(10e-6, 1e-6)), 6), round(float(contact_ratio(0.1e-6, 10e-6)), 2)
    (1.0, 100.0)
    """
    return 1.0 / np.tanh(np.asarray(contact_length, float) / np.asarray(transfer_length, float))


def transfer_length(
    gap: ArrayLike,
    resistance: ArrayLike,
    width: object,
    *,
    contact_length: object = None,
    width_uncertainty: object = 0.0,
    gap_uncertainty: object = 0.0,
) -> TransferLength:
    r"""Contact resistivity from a row of contacts of one width.

    .. math:: R = 2 R_c + \frac{R_{sh} d}{W}, \qquad R_c = \frac{R_{sh} L_T}{W} \coth\frac{l}{L_T}, \qquad
              \rho_c = R_{sh} L_T^2

    Parameters
    ----------
    gap : array_like of shape (n,)
        d between neighbouring contacts in m; at least three resistances, two different gaps.
    resistance : array_like of shape (n,)
        In ohm, measured with four probes.
    width : float or str
        W of film and contacts, in m.
    contact_length : float or str, optional
        l along the current, in m; by default much longer than L_T, so that coth = 1.
    width_uncertainty : float or str
        Relative standard deviation of W.
    gap_uncertainty : float or str
        Standard deviation in m of an error that all gaps have in common (edges of the contacts).

    Returns
    -------
    TransferLength

    Raises
    ------
    InputError
        With every fault of the arguments; if the line has no positive slope or intercept.

    Notes
    -----
    H. H. Berger, Solid-State Electron. 15 (1972) 145, doi 10.1016/0038-1101(72)90048-2 (remembered). The film
    under the contact has the sheet resistance beside it; an alloyed contact may not.

    Examples
    --------
    >>> gap = np.array([5, 10, 20, 40]) * 1e-6
    >>> R_c = 50.0 * 2e-6 / 100e-6 * contact_ratio(3e-6, 2e-6)
    >>> found = transfer_length(gap, 2 * R_c + 50.0 * gap / 100e-6, 100e-6, contact_length="3 um")
    >>> round(float(found.length.value) * 1e6, 4)
    2.0
    """
    faults = Faults()
    d, R = _arrays({"gap": gap, "resistance": resistance}, faults)
    numbers = _numbers(
        faults,
        width=(width, "length"),
        contact_length=(contact_length, "length"),
        width_uncertainty=(width_uncertainty, "relative_uncertainty"),
    )
    edge = _length(gap_uncertainty, "gap_uncertainty", faults)
    if not faults and np.ptp(d) == 0.0:
        faults.add("gap", float(d[0]), "two different gaps are expected")
    faults.raise_if_any()
    W, long = numbers["width"] or np.nan, numbers["contact_length"]
    matrix = np.stack([np.full_like(d, 2.0), d / W], axis=1)
    (R_c, R_sh), covariance, rest = _least_squares(matrix, R)
    _check_signs(R_c, R_sh, covariance)
    free = d.size - 2

    def of(intercept: float, sheet: float, wide: float, shift: float) -> list[float]:
        # wider: the fitted slope R_sh/W is fixed; a gap larger by `shift` takes R_sh shift/(2 W) from R_c
        square = sheet * wide / W
        contact = intercept - 0.5 * square * shift / wide
        length = _transfer(contact * wide / square, long)
        return [contact, square, length, square * length**2]

    inputs = np.array([R_c, R_sh, W, 0.0])
    variances = np.zeros((4, 4))
    variances[:2, :2] = covariance
    variances[2, 2] = (W * (numbers["width_uncertainty"] or 0.0)) ** 2
    variances[3, 3] = edge**2
    estimates = _propagated(of, inputs, variances, free, {"noise": (0, 1), "width": (2,), "gap": (3,)})
    contact, square, length, rho = estimates
    findings = _findings(rest, free, length, rho, d, long)
    return TransferLength(d, R, R - rest, "linear", contact, square, length, rho, findings)


def circular_transfer_length(
    inner_radius: ArrayLike, outer_radius: ArrayLike, resistance: ArrayLike, *, gap_uncertainty: object = 0.0
) -> TransferLength:
    r"""Contact resistivity from rings: a disc of metal within a hole of a metal plane.

    .. math:: R = \frac{R_{sh}}{2\pi} \left[ \ln\frac{r_o}{r_i}
              + \frac{L_T}{r_i} \frac{I_0(r_i/L_T)}{I_1(r_i/L_T)}
              + \frac{L_T}{r_o} \frac{K_0(r_o/L_T)}{K_1(r_o/L_T)} \right]

    Parameters
    ----------
    inner_radius, outer_radius : array_like of shape (n,)
        r_i of the disc and r_o of the hole in m.
    resistance : array_like of shape (n,)
        In ohm.
    gap_uncertainty : float or str
        Standard deviation in m of an error that all gaps have in common; half of it at each edge.

    Raises
    ------
    InputError
        With every fault; if no positive transfer length fits.

    Notes
    -----
    G. S. Marlow, M. B. Das, Solid-State Electron. 25 (1982) 91,
    doi 10.1016/0038-1101(82)90036-3 (remembered).

    Examples
    --------
    >>> r_i, gap = 50e-6, np.array([5, 10, 20, 40]) * 1e-6
    >>> R = 50.0 * ring_shape(r_i * np.ones(4), r_i + gap, 2e-6)
    >>> found = circular_transfer_length([r_i] * 4, r_i + gap, R)
    >>> round(float(found.length.value) * 1e6, 4), found.contact_resistance is None
    (2.0, True)
    """
    from scipy.optimize import least_squares

    faults = Faults()
    inner, outer, R = _arrays(
        {"inner_radius": inner_radius, "outer_radius": outer_radius, "resistance": resistance}, faults
    )
    edge = _length(gap_uncertainty, "gap_uncertainty", faults)
    if not faults and not np.all((inner > 0.0) & (outer > inner)):
        faults.add(
            "outer_radius", expected="radii larger than the inner ones, and these above 0 m, are expected"
        )
    faults.raise_if_any()

    def solve(shift: float, start: Array | None = None) -> tuple[Array, Any]:
        r_i, r_o = inner - 0.5 * shift, outer + 0.5 * shift

        def rest(logs: Array) -> Array:
            return (np.exp(logs[0]) * ring_shape(r_i, r_o, float(np.exp(logs[1]))) - R) / R.max()

        first = np.log(
            [2.0 * np.pi * R.max() / np.log((outer / inner).max()), 0.1 * np.median(outer - inner)]
        )
        best = least_squares(rest, first if start is None else start, xtol=1e-14, ftol=1e-14, gtol=1e-14)
        return best.x, best

    logs, best = solve(0.0)
    free = R.size - 2
    rest = -best.fun * R.max()
    normal = best.jac.T @ best.jac
    if not best.success or np.linalg.cond(normal) > 1e12:
        raise InputError(Fault("resistance", expected="no positive transfer length fits the rings"))
    covariance = np.linalg.inv(normal) * float(best.fun @ best.fun) / max(free, 1)
    by_gap = np.zeros(2)
    if edge:
        step = 1e-2 * edge
        by_gap = (solve(step, logs)[0] - solve(-step, logs)[0]) / (2.0 * step)

    def of(log_sheet: float, log_length: float, shift: float) -> list[float]:
        sheet, length = np.exp([log_sheet + by_gap[0] * shift, log_length + by_gap[1] * shift])
        return [sheet, length, sheet * length**2]

    variances = np.zeros((3, 3))
    variances[:2, :2], variances[2, 2] = covariance, edge**2
    estimates = _propagated(of, np.array([*logs, 0.0]), variances, free, {"noise": (0, 1), "gap": (2,)})
    square, length, rho = estimates
    findings = _findings(rest, free, length, rho, outer - inner, None)
    return TransferLength(outer - inner, R, R - rest, "circular", None, square, length, rho, findings)


def ring_shape(inner: Array, outer: Array, length: float) -> Array:
    """Resistance of rings over the sheet resistance, for a transfer length in m."""
    from scipy.special import i0e, i1e, k0e, k1e

    a, b = inner / length, outer / length
    bracket = np.log(outer / inner) + i0e(a) / i1e(a) / a + k0e(b) / k1e(b) / b
    return bracket / (2.0 * np.pi)


def read_transfer_length(path: str | Path) -> dict[str, Array]:
    """Read gaps (or radii) and resistances of a table in SI.

    Headers such as ``d (um)`` and ``R (ohm)``; for rings ``r_i (um)``, ``r_o (um)``, ``R (ohm)``.

    Returns
    -------
    dict of str to ndarray
        `gap` and `resistance`, or `inner`, `outer` and `resistance`.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most ten); for a workbook with several tables.
    """
    tables = read_tables(path, _LAYOUT)
    if len(tables) > 1:
        raise InputError(Fault("", f"{len(tables)} sheets", "one table is expected", file=str(path)))
    return dict(tables[0].numbers)


def _arrays(given: dict[str, ArrayLike], faults: Faults) -> list[Array]:
    arrays = {name: np.asarray(values, float) for name, values in given.items()}
    first = next(iter(arrays.values()))
    for name, values in arrays.items():
        if values.ndim != 1 or values.size < FEWEST:
            faults.add(name, f"{values.size} values", f"a list of at least {FEWEST} numbers is expected")
        elif values.shape != first.shape:
            faults.add(name, f"{values.size} values", f"as many as the first list are expected, {first.size}")
        elif not np.all(np.isfinite(values) & (values > 0.0)):
            faults.add(name, expected="numbers above 0 are expected")
    return list(arrays.values())


def _numbers(faults: Faults, **given: tuple[object, str]) -> dict[str, float | None]:
    found: dict[str, float | None] = dict.fromkeys(given)
    for name, (value, quantity) in given.items():
        if value is not None:
            with faults.collect():
                found[name] = to_si(value, quantity, name)
    return found


def _length(given: object, place: str, faults: Faults) -> float:
    """A length from 0 on."""
    with faults.collect():
        value = to_si(given, "position", place)
        if value >= 0.0:
            return value
        faults.add(place, given, "a length from 0 on is expected")
    return 0.0


def _least_squares(matrix: Array, values: Array) -> tuple[Array, Array, Array]:
    solution, *_ = np.linalg.lstsq(matrix, values, rcond=None)
    rest = values - matrix @ solution
    free = max(values.size - matrix.shape[1], 1)
    inverse = np.asarray(np.linalg.inv(matrix.T @ matrix), float)
    return np.asarray(solution, float), inverse * float(rest @ rest) / free, rest


def _check_signs(R_c: float, R_sh: float, covariance: Array) -> None:
    faults = Faults()
    for name, value, std in (
        ("2 R_c", 2 * R_c, 2 * covariance[0, 0] ** 0.5),
        ("R_sheet/W", R_sh, covariance[1, 1] ** 0.5),
    ):
        if not value > 0.0:
            expected = f"the line has no positive {name} (error {std:.2g} ohm)"
            faults.add("resistance", float(f"{value:.3g}"), expected, "check gaps, probes and units")
    faults.raise_if_any()


def _transfer(length: float, contact: float | None) -> float:
    """L_T with L_T coth(l/L_T) = `length`, by Newton in u = l/L_T."""
    if contact is None or not length > 0.0:
        return length
    target = length / contact  # coth(u)/u, which falls and is convex
    u = min(1.0 / target, target**-0.5)
    for _ in range(_ITERATIONS):
        coth = 1.0 / np.tanh(u)
        value = coth / u - target
        slope = (1.0 - coth**2) / u - coth / u**2
        change = -value / slope
        u = u + change if u + change > 0.0 else 0.5 * u
        if abs(change) <= 1e-14 * u:
            break
    return contact / u


def _propagated(
    function: Callable[..., list[float]],
    inputs: Array,
    variances: Array,
    free: int,
    groups: dict[str, tuple[int, ...]],
) -> list[Estimate]:
    """Estimates of several results, with the error of each group of inputs; intervals after Student."""
    from scipy.special import stdtrit

    centre = np.array(function(*inputs))
    scales = np.where(np.diag(variances) > 0.0, np.sqrt(np.diag(variances)), 0.0)
    slopes = np.zeros((centre.size, inputs.size))
    for k, scale in enumerate(scales):
        step = _STEP * (abs(inputs[k]) or scale)
        if scale > 0.0:
            low, high = inputs.copy(), inputs.copy()
            low[k], high[k] = inputs[k] - step, inputs[k] + step
            slopes[:, k] = (np.array(function(*high)) - np.array(function(*low))) / (high[k] - low[k])
    student = float(stdtrit(max(free, 1), 0.5 + 0.5 * LEVEL))
    out = []
    for value, slope in zip(centre, slopes, strict=True):
        parts = {
            name: float(slope[list(k)] @ variances[np.ix_(k, k)] @ slope[list(k)])
            for name, k in groups.items()
        }
        parts["noise"] *= student**2
        total = sum(parts.values())
        std = total**0.5
        shares = {name: np.asarray(part / total if total else 0.0) for name, part in parts.items()}
        array = [np.asarray(number, float) for number in (value, std, value - std, value + std)]
        out.append(Estimate(array[0], array[1], array[2], array[3], shares))
    return out


def _findings(
    rest: Array, free: int, length: Estimate, rho: Estimate, gap: Array, contact: float | None
) -> tuple[Finding, ...]:
    spread = float(np.median(np.abs(rest))) * TO_SIGMA
    far = np.flatnonzero(np.abs(rest) > MANY * spread) if free >= 3 and spread > 1e-9 * np.ptp(rest) else []
    where = (f"{gap[index] * 1e6:.4g} um" for index in far)
    texts: list[tuple[Severity, str, str]] = [
        ("warning", "outlier", f"the resistance at the gap {at} is far off the fit") for at in where
    ]
    if float(rho.std) > 0.5 * float(rho.value):
        texts.append(("warning", "undetermined", "the error of rho_c is more than half of it"))
    if float(length.value) > 0.5 * float(np.max(gap)):
        text = "the transfer length is not small against the gaps; larger gaps give R_sheet better"
        texts.append(("note", "gaps", text))
    if contact is not None and contact < 0.5 * float(length.value):
        text = "contacts shorter than half of L_T give rho_c from R_c alone, and no longer L_T"
        texts.append(("note", "short-contacts", text))
    return tuple(Finding(severity, code, text) for severity, code, text in texts)
