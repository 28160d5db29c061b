"""From scans to contact resistivities and the conductivity of the leg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.material.uncertainty import Estimate, with_error
from ioffe.measure.line_scan.arguments import Given, check
from ioffe.measure.line_scan.average import Mixture
from ioffe.measure.line_scan.detect import Division
from ioffe.measure.line_scan.estimates import averaged, estimate, in_unit
from ioffe.measure.line_scan.findings import Setup, findings_of
from ioffe.measure.line_scan.lines import Group, Scale, divisions, fit_groups, leg_of
from ioffe.measure.line_scan.model import MetalSlopes, design
from ioffe.measure.line_scan.result import FittedScan, Interface, LineScan
from ioffe.measure.line_scan.scan import Scan

__all__ = ["line_scan"]

PLATEAU = 0.5
"""Slope of the metal over that of the leg from which on the two cannot be told apart."""


def line_scan(
    scans: Scan | Sequence[Scan],
    area: object,
    *,
    interfaces: int | Sequence[object] | None = None,
    interface_uncertainty: object = None,
    probe_width: object = None,
    metal_slopes: MetalSlopes = "own",
    metal_resistivity: object = None,
    area_uncertainty: object = 0.0,
    position_uncertainty: object = 0.0,
    contact_width: object = None,
) -> LineScan:
    r"""Contact resistivity of each interface and conductivity of the leg, with standard deviations.

    .. math:: \rho_c = \Delta R\, A, \qquad \sigma = \frac{1}{A\, dR/dx}

    The jump is extrapolated to the interface with the straight lines of both sides, fitted robustly: points
    far off have no weight. A tilt of the whole scan leaves the jump as it is. Between the last point on the
    metal and the first one on the leg the position of the interface is not known; this makes an error of
    the jump of 0.34 step dR/dx that more points or scans at the same positions do not lessen. The
    intervals hold it.

    Parameters
    ----------
    scans : Scan or sequence of Scan
        Of the same sample. A scan forward and backward without times counts as two.
    area : float or str
        Cross-section in m2, or such as "3 mm x 3 mm".
    interfaces : int or sequence, optional
        Their number, 1 or 2, or their positions in m or with units; by default they are looked for.
    interface_uncertainty : float or str, optional
        Standard deviation of given positions, in m; needed with them.
    probe_width : float or str, optional
        Over which the probe averages, in m; 0 for a sharp step. By default a width is fitted if the points
        need one.
    metal_slopes : {"own", "same", "zero"}
        Whether each metal has a slope of its own, both the same, or none.
    metal_resistivity : float or str, optional
        In ohm m. The difference between the slopes of the metals and this is taken as a tilt (drift during
        the scan) and subtracted from the slope of the leg. By default nothing is subtracted.
    area_uncertainty, position_uncertainty : float or str
        Relative standard deviations of the cross-section and of the scale of the positions.
    contact_width : float or str, optional
        Of the current contact, in m; only for a finding on the spreading of the current.

    Returns
    -------
    LineScan

    Raises
    ------
    InputError
        With every fault of the arguments; if no interface is seen; if no part is flat enough for a metal.

    Notes
    -----
    Jumps of scans are averaged with weights from their own errors and the scatter between them
    (`ioffe.measure.line_scan.average`). Measure with alternating current or short pulses of both signs: the
    Peltier effect of a direct current adds to the jump about S^2 T/kappa times the length over which the
    interface warms.

    Examples
    --------
    >>> x = np.arange(0.0, 7e-3, 50e-6)
    >>> R = np.where(x < 1.025e-3, 0.1e-3, 0.4e-3 + 2.5 * (x - 1.025e-3))
    >>> R = np.where(x > 6.025e-3, 0.4e-3 + 2.5 * 5e-3 + 0.2e-3, R) + 1e-6 * np.sin(1e6 * x)
    >>> found = line_scan(Scan(x, R), "3 mm x 3 mm")
    >>> [round(float(one.resistivity.value) * 1e10, 1) for one in found.interfaces]  # uohm cm2
    [26.9, 17.9]
    >>> round(float(found.conductivity.value) / 100)  # S/cm
    444
    """
    given = check(
        scans,
        area,
        {
            "interfaces": interfaces,
            "interface_uncertainty": interface_uncertainty,
            "probe_width": probe_width,
            "metal_slopes": metal_slopes,
            "metal_resistivity": metal_resistivity,
            "area_uncertainty": area_uncertainty,
            "position_uncertainty": position_uncertainty,
            "contact_width": contact_width,
        },
    )
    scale = Scale.of(given.scans)
    known = None
    if given.known is not None:
        known = [((x - scale.origin) / scale.length, std / scale.length) for x, std in given.known]
    found = _divided(scale, given, known)
    leg = leg_of(found)
    probe = None if given.probe_width is None else given.probe_width / scale.length
    groups = fit_groups(given.scans, scale, found, leg, metal_slopes, probe, known)
    fitted = tuple(_fitted(s, g, k, scale) for s, (g, k) in zip(given.scans, _members(groups), strict=True))
    _check_plateau(fitted, leg)
    return _result(groups, fitted, scale, leg, given)


def _divided(scale: Scale, given: Given, known: Sequence[tuple[float, float]] | None) -> list[Division]:
    """Rough division of every scan, or the given one."""
    pairs = [(scale.x(s.position), s.resistance / scale.resistance) for s in given.scans]
    if known is None:
        return divisions(pairs, given.number)
    faults = Faults()
    at = np.array([x for x, _ in known])
    out = []
    for scan, (x, y) in zip(given.scans, pairs, strict=True):
        parts = np.digitize(x, at)
        slopes = []
        for part in range(at.size + 1):
            inside = parts == part
            if np.unique(x[inside]).size < 3:
                expected = f"three different positions are needed on part {part + 1} of {scan.name}"
                faults.add("interfaces", [k[0] for k in given.known or ()], expected)
                slopes.append(0.0)
            else:
                slopes.append(float(np.polyfit(x[inside], y[inside], 1)[0]))
        out.append(Division(at, np.array(slopes), 0.0))
    faults.raise_if_any()
    return out


def _members(groups: Sequence[Group]) -> list[tuple[Group, int]]:
    return [(group, k) for group in groups for k in range(len(group.points))]


def _fitted(scan: Scan, group: Group, index: int, scale: Scale) -> FittedScan:
    beta, points = group.best[index].parameters[0], group.points[index]
    at = group.positions
    level, slope = beta[0], beta[1]
    lines = [(level, slope)]
    for j, place in enumerate(at):
        level, slope = level + beta[2 + 2 * j] - beta[3 + 2 * j] * place, slope + beta[3 + 2 * j]
        lines.append((level, slope))
    model = design(points.x, points.time, at[None], group.widths[None])[0] @ beta
    R, L = scale.resistance, scale.length
    drift = None
    if points.time is not None and scan.time is not None:
        drift = float(beta[-1]) * R / float(np.ptp(scan.time))
    return FittedScan(
        scan,
        tuple(float(x) * L + scale.origin for x in at),
        tuple(float(w) * L for w in group.widths),
        tuple((float(a - s * scale.origin / L) * R, float(s) * R / L) for a, s in lines),
        model * R,
        group.best[index].weights[0],
        group.sigmas[index] * R,
        drift,
    )


def _check_plateau(fitted: Sequence[FittedScan], leg: int) -> None:
    slopes = np.median([[slope for _, slope in f.lines] for f in fitted], axis=0)
    metals = [abs(s) for part, s in enumerate(slopes) if part != leg]
    if not abs(slopes[leg]) * PLATEAU > max(metals):
        share = 100.0 * max(metals) / abs(slopes[leg]) if slopes[leg] else np.inf
        expected = (
            "no plateau: beside the steepest part a metal is expected with less than "
            f"{100 * PLATEAU:g} % of its slope"
        )
        raise InputError(Fault("resistance", f"{share:.0f} %", expected, "check the number of interfaces"))


def _result(
    groups: list[Group], fitted: tuple[FittedScan, ...], scale: Scale, leg: int, given: Given
) -> LineScan:
    count = len(groups[0].posteriors)
    parts = tuple("leg" if part == leg else "metal" for part in range(count + 1))
    slope = averaged(groups, 0, {f"slope{leg}": 1.0})
    sign = 1.0 if slope.value >= 0.0 else -1.0
    of_area = {"area": given.area_uncertainty}
    ohms = sign * scale.resistance
    jumps = [averaged(groups, j, {f"jump{j}": 1.0}) for j in range(count)]
    interfaces = tuple(
        _interface(groups, j, jumps[j], parts, scale, ohms, given.area, of_area) for j in range(count)
    )
    per_length = ohms / scale.length * given.area
    metals = tuple(
        in_unit(averaged(groups, 0, {f"slope{part}": 1.0}), per_length, of_area)
        for part in range(count + 1)
        if part != leg
    )
    mean = interfaces[0].resistivity
    if count > 1:
        half = averaged(groups, 0, {"jump0": 0.5, "jump1": 0.5})
        other = 0.25 * jumps[1].position
        value = 0.5 * (jumps[0].value + jumps[1].value)
        spread = float(np.hypot(0.5 * (half.high - half.low), np.sqrt(other)))
        both = replace(
            half, value=value, low=value - spread, high=value + spread, position=half.position + other
        )
        mean = in_unit(both, ohms * given.area, of_area)
    conductivity = _conductivity(groups, slope, leg, per_length, given)
    result = LineScan(given.area, parts, interfaces, mean, conductivity, metals, fitted, ())
    setup = Setup(
        given.side,
        given.probe_width,
        given.contact_width,
        given.metal_resistivity,
        given.area_uncertainty,
        len(groups) > 1,
    )
    return replace(result, findings=findings_of(result, setup))


def _interface(
    groups: list[Group],
    index: int,
    jump: Mixture,
    parts: tuple[str, ...],
    scale: Scale,
    ohms: float,
    area: float,
    of_area: dict[str, float],
) -> Interface:
    posteriors = [g.posteriors[index] for g in groups]
    resistance = in_unit(jump, ohms, {})
    of_scans = []
    for group in groups:
        one = group.posteriors[index]
        for fits in one.fits:
            values = fits.parameters[:, 2 + 2 * index]
            mean = float(one.weight @ values)
            spread = one.weight @ (fits.covariance[:, 2 + 2 * index, 2 + 2 * index] + (values - mean) ** 2)
            of_scans.append((mean * ohms * area, float(np.sqrt(spread)) * abs(ohms) * area))
    return Interface(
        f"{parts[index]} | {parts[index + 1]}",
        float(np.mean([p.mean for p in posteriors])) * scale.length + scale.origin,
        float(np.mean([p.std for p in posteriors])) * scale.length,
        float(np.mean([p.width[p.best] for p in posteriors])) * scale.length,
        resistance,
        in_unit(jump, ohms * area, of_area),
        tuple(of_scans),
    )


def _conductivity(groups: list[Group], slope: Mixture, leg: int, per_length: float, given: Given) -> Estimate:
    """1/(slope times area), without the tilt if the resistivity of the metal is known."""
    scales = {"area": given.area_uncertainty, "length": given.position_uncertainty}
    offset = 0.0
    if given.metal_resistivity is not None:
        metals = [part for part in range(len(groups[0].posteriors) + 1) if part != leg]
        wanted = {f"slope{leg}": 1.0} | {f"slope{part}": -1.0 / len(metals) for part in metals}
        slope, offset = averaged(groups, 0, wanted), given.metal_resistivity / per_length
    shifted = replace(slope, value=slope.value + offset, low=slope.low + offset, high=slope.high + offset)
    rho = in_unit(shifted, per_length, scales)
    if given.metal_resistivity is not None and given.metal_resistivity > PLATEAU * float(rho.value):
        expected = "the resistivity of a metal is expected, less than half of that of the leg"
        raise InputError(Fault("metal_resistivity", given.metal_resistivity, expected))
    if not float(rho.low) > 0.0:
        value = with_error(float(rho.value), float(rho.std), "electrical_resistivity")
        expected = "the slope of the leg is not larger than its error"
        raise InputError(
            Fault("resistance", value, expected, "check the tilt and the resistivity of the metal")
        )
    return estimate(1.0 / rho.value, rho.std / rho.value**2, 1.0 / rho.high, 1.0 / rho.low, rho.shares)
