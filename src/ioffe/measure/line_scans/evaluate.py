"""From scans to contact resistivities and the conductivity of the leg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError, check_one_of
from ioffe.base.units import parse_area
from ioffe.material.uncertainty import Estimate
from ioffe.measure.estimates import estimate, in_words, read_inputs
from ioffe.measure.line_scans.average import Mixture, averaged, in_unit
from ioffe.measure.line_scans.lines import Division, Scale, ScanGroup, divisions, fit_groups, leg_of
from ioffe.measure.line_scans.model import FEWEST_IN_PART, MetalSlopes, design
from ioffe.measure.line_scans.result import FittedScan, Interface, LineScan, findings_of
from ioffe.measure.line_scans.scan import Scan

PLATEAU: Final = 0.5
"""Slope of the metal over that of the leg from which on the two cannot be told apart."""
MOST_SCANS: Final = 100
"""Scans evaluated together; the work grows with them."""


@dataclass(frozen=True)
class LineScanArguments:
    """Arguments in SI; see `line_scan`.

    `scans`: passes, by rising position, each with a name.
    `area`, `side`: cross-section in m2 and its shorter side in m.
    `number`: of interfaces.
    `known`: positions of the interfaces and their standard deviations in m.
    `area_uncertainty`, `position_uncertainty`: relative standard deviations.
    `contact_width`, `probe_width`: in m.
    `metal_resistivity`: in ohm m.
    """

    scans: tuple[Scan, ...]
    area: float
    side: float
    number: int | None
    known: tuple[tuple[float, float], ...] | None
    area_uncertainty: float
    position_uncertainty: float
    contact_width: float | None = None
    metal_resistivity: float | None = None
    probe_width: float | None = None


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
        rho_c of each interface in ohm m2 and sigma in S/m with standard deviations, 68.3 % intervals and the
        shares of their causes; findings; the fitted lines.

    Raises
    ------
    InputError
        With every fault of the arguments; if no interface is seen; if no part is flat enough for a metal.

    Notes
    -----
    Jumps of scans are averaged with weights from their own errors and the scatter between them
    (`ioffe.measure.line_scans.average`). Measure with alternating current or short pulses of both signs: the
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
    faults = Faults()
    listed = [scans] if isinstance(scans, Scan) else list(scans)
    if not listed or not all(isinstance(scan, Scan) for scan in listed):
        faults.add("scans", str(listed), "one or several scans are expected, from `read_scans` or `Scan`")
        listed = []
    size = side = np.nan
    with faults.collect():
        size, sides = parse_area(area, "area")
        side = min(sides) if sides else size**0.5
    numbers = {
        "area_uncertainty": (area_uncertainty, "relative_uncertainty"),
        "position_uncertainty": (position_uncertainty, "relative_uncertainty"),
        "contact_width": (contact_width, "length"),
        "metal_resistivity": (metal_resistivity, "electrical_resistivity"),
        "probe_width": (probe_width, "position", "a width from 0 on is expected"),
    }
    values = {name: value for name, (value, _) in read_inputs(numbers, faults).items()}
    with faults.collect():
        check_one_of("metal_slopes", metal_slopes, get_args(MetalSlopes))
    number, known = _interfaces(interfaces, interface_uncertainty, faults)
    faults.raise_if_any()
    named = [scan.named(scan.name or f"scan {k}") for k, scan in enumerate(listed, start=1)]
    passes = tuple(_sorted(one) for scan in named for one in scan.passes())
    if len(passes) > MOST_SCANS:
        expected = f"at most {MOST_SCANS} scans are evaluated together, each way forward or backward as one"
        raise InputError(Fault("scans", f"{len(passes)} scans", expected, "give some, or a mean of them"))
    given = LineScanArguments(passes, size, side, number, known, **values)
    return _evaluated(given, metal_slopes)


def _evaluated(given: LineScanArguments, metal_slopes: MetalSlopes) -> LineScan:
    """Interfaces found, lines fitted, and the result in SI."""
    scale = Scale.of(given.scans)
    known = None
    if given.known is not None:
        known = [((x - scale.origin) / scale.length, std / scale.length) for x, std in given.known]
    found = _divided(scale, given, known)
    leg = leg_of(found)
    probe = None if given.probe_width is None else given.probe_width / scale.length
    groups = fit_groups(given.scans, scale, found, leg, metal_slopes, probe, known)
    members = [(group, k) for group in groups for k in range(len(group.points))]
    fitted = tuple(_fitted(scan, *member, scale) for scan, member in zip(given.scans, members, strict=True))
    _check_plateau(fitted, leg)
    return _result(groups, fitted, scale, leg, given)


def _interfaces(
    given: int | Sequence[object] | None, uncertainty: object, faults: Faults
) -> tuple[int | None, tuple[tuple[float, float], ...] | None]:
    """Number, or positions with their standard deviation."""
    location = "interface_uncertainty"
    if given is None or (isinstance(given, int) and given in (1, 2)):
        if uncertainty is not None:
            faults.add(location, uncertainty, "it belongs to given positions of the interfaces")
        return given, None
    if isinstance(given, int | float | str) or len(given) not in (1, 2):
        faults.add("interfaces", given, "1, 2, or a list of one or two positions is expected")
        return None, None
    if uncertainty is None:
        faults.add(location, expected='the standard deviation of the positions is needed, such as "5 um"')
    positions = {f"interfaces[{k}]": (value, "position") for k, value in enumerate(given)}
    found = read_inputs({**positions, location: (uncertainty, "length")}, faults)
    std = found.pop(location, (0.0, 0.0))[0]
    return len(given), tuple((x, std) for x in sorted(x for x, _ in found.values()))


def _sorted(scan: Scan) -> Scan:
    """By rising position, with times that then no longer rise."""
    order = np.argsort(scan.position, kind="stable")
    out = replace(scan)
    for name in ("position", "resistance", "time"):
        if (values := getattr(scan, name)) is not None:
            object.__setattr__(out, name, values[order])
    return out


def _divided(
    scale: Scale, given: LineScanArguments, known: Sequence[tuple[float, float]] | None
) -> list[Division]:
    """Rough division of every scan, or the given one."""
    pairs = [(scale.x(s.position), s.resistance / scale.resistance) for s in given.scans]
    if known is None:
        return divisions(pairs, given.number)
    with Faults() as faults:
        at = np.array([x for x, _ in known])
        out = []
        for scan, (x, y) in zip(given.scans, pairs, strict=True):
            slopes = np.zeros(at.size + 1)
            for part in range(slopes.size):
                inside = np.digitize(x, at) == part
                if np.unique(x[inside]).size < FEWEST_IN_PART:
                    expected = f"three different positions are needed on part {part + 1} of {scan.name}"
                    faults.add("interfaces", [position for position, _ in given.known or ()], expected)
                else:
                    slopes[part] = np.polyfit(x[inside], y[inside], 1)[0]
            out.append(Division(at, slopes, 0.0))
    return out


def _fitted(scan: Scan, group: ScanGroup, index: int, scale: Scale) -> FittedScan:
    """The lines of one scan of a group, in SI."""
    beta, points = group.best[index].parameters[0], group.points[index]
    at, count = group.positions, len(group.posteriors)
    jumps, changes = beta[2 : 2 + 2 * count : 2], beta[3 : 3 + 2 * count : 2]
    slopes = beta[1] + np.cumsum([0.0, *changes])
    levels = beta[0] + np.cumsum([0.0, *(jumps - changes * at)])
    model = design(points.x, points.time, at[None], group.widths[None])[0] @ beta
    R, L = scale.resistance, scale.length
    lines = zip(((levels - slopes * scale.origin / L) * R).tolist(), (slopes * R / L).tolist(), strict=True)
    where, widths = tuple((at * L + scale.origin).tolist()), tuple((group.widths * L).tolist())
    weights, noise = group.best[index].weights[0], group.sigmas[index] * R
    drift = None
    if points.time is not None and scan.time is not None:
        drift = float(beta[-1]) * R / float(np.ptp(scan.time))
    return FittedScan(scan, where, widths, tuple(lines), model * R, weights, noise, drift)


def _check_plateau(fitted: Sequence[FittedScan], leg: int) -> None:
    slopes = np.median([[slope for _, slope in f.lines] for f in fitted], axis=0)
    metals = [abs(s) for part, s in enumerate(slopes) if part != leg]
    if not abs(slopes[leg]) * PLATEAU > max(metals):
        share = 100.0 * max(metals) / abs(slopes[leg]) if slopes[leg] else np.inf
        expected = "no plateau: beside the steepest part a metal is expected with less than "
        expected += f"{100 * PLATEAU:g} % of its slope"
        raise InputError(Fault("resistance", f"{share:.0f} %", expected, "check the number of interfaces"))


def _result(
    groups: list[ScanGroup], fitted: tuple[FittedScan, ...], scale: Scale, leg: int, given: LineScanArguments
) -> LineScan:
    count = len(groups[0].posteriors)
    parts = tuple("leg" if part == leg else "metal" for part in range(count + 1))
    slope = averaged(groups, 0, {f"slope{leg}": 1.0})
    ohms = (1.0 if slope.value >= 0.0 else -1.0) * scale.resistance
    of_area, per_length = {"area": given.area_uncertainty}, ohms / scale.length * given.area
    jumps = [averaged(groups, j, {f"jump{j}": 1.0}) for j in range(count)]
    interfaces = tuple(_interface(groups, j, jump, parts, scale, ohms, given) for j, jump in enumerate(jumps))
    metals = [averaged(groups, 0, {f"slope{part}": 1.0}) for part in range(count + 1) if part != leg]
    mean = interfaces[0].resistivity
    if count > 1:
        half = averaged(groups, 0, {"jump0": 0.5, "jump1": 0.5})
        other = 0.25 * jumps[1].position
        value = 0.5 * (jumps[0].value + jumps[1].value)
        spread = float(np.hypot(0.5 * (half.high - half.low), np.sqrt(other)))
        low, high, position = value - spread, value + spread, half.position + other
        both = replace(half, value=value, low=low, high=high, position=position)
        mean = in_unit(both, ohms * given.area, of_area)
    conductivity = _conductivity(groups, slope, leg, per_length, given)
    of_metals = tuple(in_unit(metal, per_length, of_area) for metal in metals)
    result = LineScan(
        area=given.area,
        parts=parts,
        interfaces=interfaces,
        mean=mean,
        conductivity=conductivity,
        resistivity_of_metals=of_metals,
        scans=fitted,
        findings=(),
    )
    return replace(result, findings=findings_of(result, given, is_apart=len(groups) > 1))


def _interface(
    groups: list[ScanGroup],
    index: int,
    jump: Mixture,
    parts: tuple[str, ...],
    scale: Scale,
    ohms: float,
    given: LineScanArguments,
) -> Interface:
    """One interface with its contact resistivity, over all scans and of each."""
    posteriors = [group.posteriors[index] for group in groups]
    of_scans = []
    for one in posteriors:
        for fits in one.fits:
            values = fits.parameters[:, 2 + 2 * index]
            mean = float(one.weight @ values)
            spread = one.weight @ (fits.covariance[:, 2 + 2 * index, 2 + 2 * index] + (values - mean) ** 2)
            of_scans.append((mean * ohms * given.area, float(np.sqrt(spread)) * abs(ohms) * given.area))
    return Interface(
        f"{parts[index]} | {parts[index + 1]}",
        float(np.mean([p.mean for p in posteriors])) * scale.length + scale.origin,
        float(np.mean([p.std for p in posteriors])) * scale.length,
        float(np.mean([p.width[p.best] for p in posteriors])) * scale.length,
        in_unit(jump, ohms, {}),
        in_unit(jump, ohms * given.area, {"area": given.area_uncertainty}),
        tuple(of_scans),
    )


def _conductivity(
    groups: list[ScanGroup], slope: Mixture, leg: int, per_length: float, given: LineScanArguments
) -> Estimate:
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
        expected = "the slope of the leg is not larger than its error"
        advice = "check the tilt and the resistivity of the metal"
        raise InputError(Fault("resistance", in_words(rho, "electrical_resistivity"), expected, advice))
    shares = {cause: float(share) for cause, share in rho.shares.items()}
    return estimate(1.0 / rho.value, rho.std / rho.value**2, 1.0 / rho.high, 1.0 / rho.low, shares)
