r"""Transfer-length measurement: contact resistivity and sheet resistance from contacts at several gaps.

>>> gap = np.array([5, 10, 20, 40, 80]) * 1e-6
>>> found = transfer_length(gap, 2 * 1.5 + 50.0 * gap / 100e-6, "100 um")
>>> round(float(found.resistivity.value) * 1e10, 4)  # uohm cm2, (1.5 ohm 100 um)^2/50 ohm
4.5
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.confidence import student_factor
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.least_squares import LeastSquares, LeastSquaresFit, linear_least_squares
from ioffe.base.result import EvidenceResult
from ioffe.base.roots import falling_root
from ioffe.base.table import ResultTable, table
from ioffe.base.units import floats
from ioffe.material.checks import Finding
from ioffe.material.uncertainty import Estimate
from ioffe.measure.estimates import (
    SIGMA_OVER_MEDIAN,
    estimate,
    in_words,
    read_arrays,
    read_inputs,
    slopes,
)
from ioffe.measure.plausible import doubts
from ioffe.measure.tlm_table import read_transfer_length

__all__ = [
    "TransferLength",
    "circular_transfer_length",
    "contact_ratio",
    "read_transfer_length",
    "ring_shape",
    "transfer_length",
]

CONTACT_RESISTIVITY: Final = "electrical_contact_resistivity"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TransferLength(EvidenceResult):
    """Result of a transfer-length measurement.

    Parameters
    ----------
    gap, resistance, fitted : ndarray of shape (n,)
        Gaps in m (outer less inner radius of rings), measured and fitted resistances in ohm.
    geometry : {"linear", "circular"}
        Straight contacts, or rings.
    contact_resistance : Estimate or None
        R_c of one contact in ohm; None for rings, where it depends on the radius.
    sheet_resistance : Estimate
        R_sh of the film in ohm (per square).
    length : Estimate
        Transfer length L_T in m.
    resistivity : Estimate
        rho_c = R_sh L_T^2 in ohm m2; `shares` of its variance are noise, width and gap.
    findings : tuple of Finding
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.

    Examples
    --------
    >>> gap = np.array([5, 10, 20, 40, 80]) * 1e-6
    >>> found = transfer_length(gap, 2 * 1.5 + 50.0 * gap / 100e-6, "100 um")
    >>> round(float(found.length.value) * 1e6, 4)  # R_c w/R_sh = 1.5 ohm x 100 um/50 ohm
    3.0
    """

    kind: ClassVar[str] = "transfer_length"

    gap: Array
    resistance: Array
    fitted: Array
    geometry: Literal["linear", "circular"]
    contact_resistance: Estimate | None
    sheet_resistance: Estimate
    length: Estimate
    resistivity: Estimate
    findings: tuple[Finding, ...]

    def named(self) -> list[tuple[str, Estimate, str]]:
        """Symbol, estimate and quantity of every result that there is.

        Returns
        -------
        list of (str, Estimate, str)
            Estimates in SI: ohm, m and ohm m2.
        """
        every = (
            ("R_c", self.contact_resistance, "contact_resistance"),
            ("R_sheet", self.sheet_resistance, "sheet_resistance"),
            ("L_T", self.length, "transfer_length"),
            ("rho_c", self.resistivity, CONTACT_RESISTIVITY),
        )
        return [(symbol, found, quantity) for symbol, found, quantity in every if found is not None]

    def tables(self) -> dict[str, ResultTable]:
        """The measured points with the fitted values.

        Returns
        -------
        dict of str to ResultTable
            ``points``, in SI.
        """
        columns = {"resistance": self.resistance, "fitted": self.fitted}
        columns["residual"] = self.resistance - self.fitted
        units = {"gap": "m", **dict.fromkeys(columns, "ohm")}
        return {"points": table({"gap": (("point",), self.gap)}, columns, units)}

    def _header(self) -> dict[str, Any]:
        return {
            "geometry": self.geometry,
            **{quantity: found for _, found, quantity in self.named()},
            "findings": self.findings,
        }

    def _title(self) -> str:
        return f"transfer length, {self.geometry}, {self.gap.size} resistances"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield from (("", f"{symbol} = {in_words(found, unit)}") for symbol, found, unit in self.named())
        yield from (("", str(finding)) for finding in self.findings)


Results = Callable[..., list[float]]
_FEWEST_RESISTANCES: Final = 3
_FEWEST_FOR_OUTLIERS: Final = 5
"""Resistances from which on one can be told to be off the line of the others."""
_FAR_OFF: Final = 5.0
"""Standard deviations from the line beyond which a point is reported."""
_EXACT: Final = 1e-9
"""Scatter over its range below which the points are an exact line, without outliers."""
_GAP_STEP: Final = 1e-2
"""Shift of the gaps, in their standard deviation, by which the fit of rings is differentiated."""
_NEGATIVE_ERROR: Final = "a length from 0 on is expected"
_UNDETERMINED: Final = "the error of rho_c is more than half of it"
_SMALL_GAPS: Final = "the transfer length is not small against the gaps; larger gaps give R_sheet better"
_SHORT_CONTACTS: Final = "contacts shorter than half of L_T give rho_c from R_c alone, and no longer L_T"
_FIT_TOLERANCE: Final = 1e-14


def contact_ratio(contact_length: ArrayLike, transfer_length: ArrayLike) -> Array:
    r"""Resistance of a contact over that of one square of the film, times its width over the transfer length.

    .. math:: \frac{R_c W}{R_{sh} L_T} = \coth\frac{l}{L_T}

    1 for a contact much longer than the transfer length, L_T/l for a short one.

    Parameters
    ----------
    contact_length, transfer_length : array_like
        l and L_T, in the same unit.

    Returns
    -------
    ndarray

    Notes
    -----
    H. H. Berger, Solid-State Electron. 15 (1972) 145, doi 10.1016/0038-1101(72)90048-2 (remembered).

    Examples
    --------
    >>> round(float(contact_ratio(10e-6, 1e-6)), 6), round(float(contact_ratio(0.1e-6, 10e-6)), 2)
    (1.0, 100.0)
    """
    return 1.0 / np.tanh(floats(contact_length) / floats(transfer_length))


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
        R_c, R_sh, L_T and rho_c in SI with standard deviations; their intervals follow Student's distribution
        with n - 2 degrees of freedom.

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
    with Faults() as faults:
        d, R = read_arrays({"gap": gap, "resistance": resistance}, faults, _FEWEST_RESISTANCES, positive=True)
        numbers = {
            "width": (width, "length"),
            "width_uncertainty": (width_uncertainty, "relative_uncertainty"),
            "gap_uncertainty": (gap_uncertainty, "position", _NEGATIVE_ERROR),
            "contact_length": (contact_length, "length"),
        }
        given = read_inputs(numbers, faults)
        if not faults and np.ptp(d) == 0.0:
            faults.add("gap", float(d[0]), "two different gaps are expected")
    (W, _), (of_width, _), (edge, _), *long = given.values()
    contact_length_given = long[0][0] if long else None
    line = linear_least_squares(np.stack([np.full_like(d, 2.0), d / W], axis=1), R)
    _check_signs(line)

    def results(intercept: float, sheet: float, wide: float, shift: float) -> list[float]:
        # wider: the fitted slope R_sh/W is fixed; a gap larger by `shift` takes R_sh shift/(2 W) from R_c
        square = sheet * wide / W
        contact = intercept - 0.5 * square * shift / wide
        length = _transfer(contact * wide / square, contact_length_given)
        return [contact, square, length, square * length**2]

    inputs = [*line.parameters, W, 0.0]
    contact, square, length, rho = _estimates(results, line, inputs, {"width": W * of_width, "gap": edge})
    return TransferLength(
        gap=d,
        resistance=R,
        fitted=R + line.residuals,
        geometry="linear",
        contact_resistance=contact,
        sheet_resistance=square,
        length=length,
        resistivity=rho,
        findings=_findings(line.residuals, length, rho, d, contact_length_given),
    )


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

    Returns
    -------
    TransferLength
        R_sh, L_T and rho_c in SI with standard deviations; R_c is None, it depends on the radius.

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
    with Faults() as faults:
        given = {"inner_radius": inner_radius, "outer_radius": outer_radius, "resistance": resistance}
        inner, outer, R = read_arrays(given, faults, _FEWEST_RESISTANCES, positive=True)
        errors = {"gap_uncertainty": (gap_uncertainty, "position", _NEGATIVE_ERROR)}
        edge, _ = read_inputs(errors, faults)["gap_uncertainty"]
        if not faults and not np.all(outer > inner):
            faults.add("outer_radius", expected="radii larger than the inner ones are expected")

    def solve(shift: float, start: ArrayLike) -> LeastSquaresFit:
        """Logarithms of R_sh and L_T, with all gaps larger by the shift."""
        r_i, r_o = inner - 0.5 * shift, outer + 0.5 * shift

        def rest(logs: Array) -> Array:
            return np.exp(logs[0]) * ring_shape(r_i, r_o, float(np.exp(logs[1]))) / R.max() - R / R.max()

        return LeastSquares(rest, stated=False, tolerance=_FIT_TOLERANCE).solve(start)

    sheet = 2.0 * np.pi * R.max() / np.log((outer / inner).max())
    best = solve(0.0, np.log([sheet, 0.1 * np.median(outer - inner)]))
    if not best.converged or np.any(best.undetermined):
        raise InputError(Fault("resistance", expected="no positive transfer length fits the rings"))
    by_gap = np.zeros(2)
    if edge:
        step = _GAP_STEP * edge
        high, low = (solve(shift, best.parameters).parameters for shift in (step, -step))
        by_gap = (high - low) / (2.0 * step)

    def results(log_sheet: float, log_length: float, shift: float) -> list[float]:
        square, length = np.exp([log_sheet + by_gap[0] * shift, log_length + by_gap[1] * shift])
        return [square, length, square * length**2]

    square, length, rho = _estimates(results, best, [*best.parameters, 0.0], {"gap": edge})
    rest = best.residuals * R.max()
    return TransferLength(
        gap=outer - inner,
        resistance=R,
        fitted=R + rest,
        geometry="circular",
        contact_resistance=None,
        sheet_resistance=square,
        length=length,
        resistivity=rho,
        findings=_findings(rest, length, rho, outer - inner, None),
    )


def ring_shape(inner: Array, outer: Array, length: float) -> Array:
    r"""Resistance of rings over the sheet resistance.

    .. math:: \frac{R}{R_{sh}} = \frac{1}{2\pi} \left[ \ln\frac{r_o}{r_i}
              + \frac{L_T}{r_i} \frac{I_0(r_i/L_T)}{I_1(r_i/L_T)}
              + \frac{L_T}{r_o} \frac{K_0(r_o/L_T)}{K_1(r_o/L_T)} \right]

    Parameters
    ----------
    inner, outer : ndarray
        Radii r_i of the disc and r_o of the hole in m.
    length : float
        Transfer length L_T in m.

    Returns
    -------
    ndarray
        In the shape of the radii, without a unit.

    Notes
    -----
    G. S. Marlow, M. B. Das, Solid-State Electron. 25 (1982) 91,
    doi 10.1016/0038-1101(82)90036-3 (remembered).

    Examples
    --------
    >>> ring_shape(np.array(50e-6), np.array(60e-6), 2e-6).round(4)
    np.float64(0.0407)
    """
    from scipy.special import i0e, i1e, k0e, k1e

    a, b = inner / length, outer / length
    bracket = np.log(outer / inner) + i0e(a) / i1e(a) / a + k0e(b) / k1e(b) / b
    return bracket / (2.0 * np.pi)


def _check_signs(line: LeastSquaresFit) -> None:
    with Faults() as faults:
        values, errors = line.parameters * [2, 1], line.standard_errors * [2, 1]
        for name, value, std in zip(("2 R_c", "R_sheet/W"), values, errors, strict=True):
            if not value > 0.0:
                found = f"the straight line gives {name} = {value:.3g} ohm with an error of {std:.2g} ohm"
                expected = f"{found}, and a value above 0 is expected"
                faults.add("resistance", expected=expected, advice="check gaps, probes and units")


def _transfer(length: float, contact: float | None) -> float:
    """L_T with L_T coth(l/L_T) = `length`, by Newton in u = l/L_T."""
    if contact is None or not length > 0.0:
        return length
    target = length / contact

    def excess(u: Array) -> tuple[Array, Array]:
        coth = 1.0 / np.tanh(u)
        return coth / u - target, (1.0 - coth**2) / u - coth / u**2

    start = min(1.0 / target, target**-0.5)
    return contact / float(falling_root(excess, start, low=0.0, scale=start))


def _estimates(
    results: Results, fit: LeastSquaresFit, inputs: list[float], deviations: dict[str, float]
) -> list[Estimate]:
    """Results of the fitted parameters and further inputs with their standard deviations.

    The noise of the points is known from their own scatter alone, so that its part of the variance is
    enlarged by Student's factor for the degrees of freedom of the fit.
    """
    count = fit.parameters.size
    student = student_factor(fit.degrees_of_freedom)
    by_input = slopes(results, inputs, [*fit.standard_errors, *deviations.values()])
    noise = student**2 * np.einsum("im,ij,jm->m", by_input[:count], fit.covariance, by_input[:count])
    parts = {"noise": noise}
    for (name, deviation), slope in zip(deviations.items(), by_input[count:], strict=True):
        parts[name] = (slope * deviation) ** 2
    variance = np.sum(list(parts.values()), axis=0)
    out = []
    for k, value in enumerate(results(*inputs)):
        std, total = float(np.sqrt(variance[k])), float(variance[k]) or 1.0
        shares = {name: float(part[k]) / total for name, part in parts.items()}
        out.append(estimate(value, std, value - std, value + std, shares))
    return out


def _findings(
    rest: Array, length: Estimate, rho: Estimate, gap: Array, contact: float | None
) -> tuple[Finding, ...]:
    spread = float(np.median(np.abs(rest))) * SIGMA_OVER_MEDIAN
    is_told = rest.size >= _FEWEST_FOR_OUTLIERS and spread > _EXACT * np.ptp(rest)
    far = np.flatnonzero(np.abs(rest) > _FAR_OFF * spread) if is_told else ()
    outliers = (
        Finding("warning", "outlier", f"the resistance at the gap {gap[k] * 1e6:.4g} um is far off the fit")
        for k in far
    )
    L_T = float(length.value)
    more = (
        (float(rho.std) > 0.5 * float(rho.value), Finding("warning", "undetermined", _UNDETERMINED)),
        (L_T > 0.5 * float(np.max(gap)), Finding("note", "gaps", _SMALL_GAPS)),
        (contact is not None and contact < 0.5 * L_T, Finding("note", "short-contacts", _SHORT_CONTACTS)),
    )
    implausible = doubts({CONTACT_RESISTIVITY: rho.value, "transfer_length": L_T})
    return (*outliers, *implausible, *(finding for holds, finding in more if holds))
