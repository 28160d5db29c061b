"""What a line scan gives: contact resistivities, conductivity of the leg, and what is doubtful about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.material.checks import SEVERITIES, Finding
from ioffe.material.uncertainty import Estimate, with_error
from ioffe.measure.estimates import in_words
from ioffe.measure.line_scans.scan import Scan
from ioffe.measure.plausible import doubts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ioffe.measure.line_scans.evaluate import LineScanArguments

MOST_OUTLIERS: Final = 0.1
"""Share of the points of a scan above which outliers make a warning."""
CORRELATION: Final = 4.0
"""Neighbouring residuals that go together by so many standard deviations make the lines doubtful."""
SIGNIFICANT: Final = 3.0
"""Standard deviations from which on a slope of a metal, or the difference of two, is reported."""
ROUNDING: Final = 1e-7
"""Scatter over the range of a scan below which its pattern is that of rounding."""
WIDE_PROBE: Final = 0.1
"""Width of a probe over the side of the sample from which on it is wide."""
WHOLE_WIDTH: Final = 0.95
"""Width of the current contact over the side from which on it covers the whole face."""
STRAIGHT: Final = 1.47
"""Distance over side at which exp(-pi d/a), the slowest part of the spreading of the current, is 1 %."""
HUGE: Final = 1e300
"""In place of a resistivity that has no number."""
_STATE_THE_METAL: Final = "; state the resistivity of the metal to take it out"


def findings_of(found: LineScan, given: LineScanArguments, *, is_apart: bool) -> tuple[Finding, ...]:
    """All doubts, errors first.

    `found`: result without findings.
    `given`: what is known of the measurement beside the scans.
    `is_apart`: whether the scans have the interfaces at positions of their own.
    """
    listed = [*_jumps(found), *_points(found)]
    for check in (_slopes, _probe, _contact):
        listed += check(found, given)
    sigma = abs(float(found.conductivity.value))
    listed += doubts({"electrical_resistivity": min(1.0 / sigma, HUGE) if sigma else HUGE})
    if is_apart:
        text = "the scans have their interfaces at different positions; each was fitted with its own"
        listed.append(Finding("note", "shifted", text))
    if given.area_uncertainty == 0.0:
        text = "no error of the cross-section is stated; the errors leave it out"
        listed.append(Finding("note", "no-error", text))
    return tuple(sorted(listed, key=lambda finding: SEVERITIES.index(finding.severity)))


def _jumps(found: LineScan) -> Iterator[Finding]:
    for one in found.interfaces:
        value, std, high = (float(getattr(one.resistivity, n)) for n in ("value", "std", "high"))
        at = format_si(one.position, "position")
        if value < -2.0 * std:
            text = f"the jump at {at} is negative by more than its error"
            yield Finding("error", "negative", f"{text}: the position, the probe or a drift is wrong")
        elif value < std:
            most = format_si(max(high, 0.0) + std, "electrical_contact_resistivity", 2)
            text = f"the jump at {at} is not larger than its error; rho_c is below about {most}"
            yield Finding("warning", "no-jump", text)
        shares = {name: float(share) for name, share in one.resistivity.shares.items()}
        if shares.get("position", 0.0) > 0.5:
            known = format_si(one.position_std, "position", 2)
            text = f"most of the error at {at} is that of the position of the interface (± {known})"
            yield Finding("note", "position", f"{text}; points closer to each other there lessen it")
        if shares.get("scans", 0.0) > 0.5 and len(found.scans) > 1:
            text = f"the scans scatter more than their noise at {at}"
            yield Finding("note", "scatter", f"{text}; the contact may differ from line to line")


def _points(found: LineScan) -> Iterator[Finding]:
    for one in found.scans:
        count, total = int(one.outliers.sum()), one.weights.size
        if count:
            severity = "warning" if count > MOST_OUTLIERS * total else "note"
            text = f"{one.scan.name}: {count} of {total} points are far off and do not count"
            yield Finding(severity, "outliers", text)
        rest = (one.scan.resistance - one.fitted)[~one.outliers]
        if rest.size > 10 and np.std(rest) > ROUNDING * np.ptp(one.fitted):
            together = float(rest[1:] @ rest[:-1]) / float(rest @ rest)
            if together * rest.size**0.5 > CORRELATION:
                text = f"{one.scan.name}: neighbouring residuals go together; the parts are not straight"
                yield Finding("warning", "curved", f"{text}, and the errors are too small")


def _slopes(found: LineScan, given: LineScanArguments) -> Iterator[Finding]:
    leg = 1.0 / float(found.conductivity.value)
    metals = [part for part, word in enumerate(found.parts, start=1) if word == "metal"]
    for part, metal in zip(metals, found.resistivity_of_metals, strict=True):
        value, std = float(metal.value), float(metal.std)
        if value < -SIGNIFICANT * std and abs(value) > 1e-3 * leg:
            share = f"{-100 * value / leg:.2g} % of the slope of the leg"
            text = f"the resistance falls along the metal of part {part}, by {share}: a drift or a tilt"
            advice = "" if given.metal_resistivity is not None else _STATE_THE_METAL
            yield Finding("warning", "tilt", f"{text}, which the conductivity of the leg holds{advice}")
    first, *other = found.resistivity_of_metals
    if other:
        gap = abs(float(first.value - other[0].value))
        if gap > SIGNIFICANT * float(np.hypot(first.std, other[0].std)) and gap > 0.01 * leg:
            text = f"the slopes of both metals differ by {100 * gap / leg:.2g} % of that of the leg"
            yield Finding("note", "metals", text)
    drifts = [
        abs(f.drift) * float(np.ptp(f.scan.time))
        for f in found.scans
        if f.drift is not None and f.scan.time is not None
    ]
    if drifts:
        most = format_si(max(drifts), "contact_resistance", 3)
        text = f"a drift that is linear in time was fitted and taken out, at most {most} in a scan"
        yield Finding("note", "drift", text)


def _probe(found: LineScan, given: LineScanArguments) -> Iterator[Finding]:
    for one in found.interfaces:
        if given.probe_width is None and one.width > 0.0:
            at, wide = format_si(one.position, "position"), format_si(one.width, "length", 2)
            text = f"the jump at {at} is smeared over {wide}"
            yield Finding("note", "smeared", f"{text}; a probe of this width was fitted")
    width = max((one.width for one in found.interfaces), default=0.0)
    if width > WIDE_PROBE * given.side:
        wide, side = format_si(width, "length", 2), format_si(given.side, "length", 2)
        text = f"the probe is wide ({wide}) against the sample ({side})"
        yield Finding("warning", "wide-probe", f"{text}: it shunts the current under it and bends the field")


def _contact(found: LineScan, given: LineScanArguments) -> Iterator[Finding]:
    """Current lines that are not yet straight at the interface."""
    if given.contact_width is None or given.contact_width > WHOLE_WIDTH * given.side:
        return
    scan = found.scans[0].scan
    edges = [float(scan.position[0]), *(i.position for i in found.interfaces), float(scan.position[-1])]
    for part, word in enumerate(found.parts):
        length = edges[part + 1] - edges[part]
        if word == "metal" and length < STRAIGHT * given.side:
            share = 100.0 * np.exp(-np.pi * length / given.side)
            sizes = (given.contact_width, length, STRAIGHT * given.side)
            wide, long, needed = (format_si(size, "length", 2) for size in sizes)
            text = (
                f"the current enters over {wide}, and part {part + 1} is scanned over {long} only: if it is "
                f"not longer, the current is uniform to {share:.0f} % there; 1 % needs {needed}"
            )
            yield Finding("warning", "spreading", text)


CONTACT_RESISTIVITY: Final = "electrical_contact_resistivity"


@dataclass(frozen=True)
class Interface:
    """One interface.

    Parameters
    ----------
    name : str
        Its sides, such as "metal | leg".
    position, position_std : float
        In m, mean over its probable positions, and their standard deviation.
    width : float
        In m, over which the probe smears the jump; 0 for a sharp one.
    resistance : Estimate
        Jump extrapolated to the interface, in ohm.
    resistivity : Estimate
        rho_c in ohm m2; its `shares` of the variance are noise, position, scans (scatter between them), area.
    of_scans : tuple of (float, float)
        rho_c of every scan and its standard deviation, without the error of the area.
    """

    name: str
    position: float
    position_std: float
    width: float
    resistance: Estimate
    resistivity: Estimate
    of_scans: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class FittedScan:
    """Lines fitted to one scan.

    Parameters
    ----------
    scan : Scan
        By rising position.
    positions, widths : tuple of float
        Of the interfaces, in m.
    lines : tuple of (float, float)
        Resistance at x = 0 in ohm and slope in ohm/m of every part, at the mean time.
    fitted : ndarray of shape (n,)
        Resistance of the model at the points, in ohm.
    weights : ndarray of shape (n,)
        Of the points; 0 for those that do not count.
    noise : float
        Standard deviation of the points about the lines, in ohm.
    drift : float or None
        In ohm/s; None if it was not fitted.
    """

    scan: Scan
    positions: tuple[float, ...]
    widths: tuple[float, ...]
    lines: tuple[tuple[float, float], ...]
    fitted: Array
    weights: Array
    noise: float
    drift: float | None

    @property
    def outliers(self) -> NDArray[np.bool_]:
        """Points that do not count."""
        return self.weights == 0.0

    @property
    def steady(self) -> Array:
        """Resistance without the drift."""
        if self.drift is None or self.scan.time is None:
            return self.scan.resistance
        return self.scan.resistance - self.drift * (self.scan.time - self.scan.time.mean())


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LineScan(EvidenceResult):
    """Result of `ioffe.measure.line_scans.line_scan`.

    Attributes
    ----------
    area : float
        Cross-section in m2.
    parts : tuple of str
        "metal" and "leg", by rising position.
    interfaces : tuple of Interface
        By rising position.
    mean : Estimate
        Mean rho_c of the interfaces in ohm m2.
    conductivity : Estimate
        Of the leg, in S/m.
    resistivity_of_metals : tuple of Estimate
        Slope of each metal times the area, in ohm m: with a drift or a tilt in it.
    scans : tuple of FittedScan
    findings : tuple of Finding
        Doubts, the worst first.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.
    """

    kind: ClassVar[str] = "line_scan"

    area: float
    parts: tuple[str, ...]
    interfaces: tuple[Interface, ...]
    mean: Estimate
    conductivity: Estimate
    resistivity_of_metals: tuple[Estimate, ...]
    scans: tuple[FittedScan, ...]
    findings: tuple[Finding, ...]

    def tables(self) -> dict[str, ResultTable]:
        """The points of all scans with the fitted values, and the contacts.

        Returns
        -------
        dict of str to ResultTable
            ``points`` and ``contacts``, in SI.
        """
        R = np.concatenate([s.scan.resistance for s in self.scans])
        model = np.concatenate([s.fitted for s in self.scans])
        names = np.repeat([s.scan.name for s in self.scans], [s.fitted.size for s in self.scans])
        columns = {"resistance": R, "fitted": model, "residual": R - model}
        points = {**columns, "weight": np.concatenate([s.weights for s in self.scans])}
        position = np.concatenate([s.scan.position for s in self.scans])
        contacts: dict[str, Any] = {
            "position": [found.position for found in self.interfaces],
            "position_std": [found.position_std for found in self.interfaces],
        }
        for name, attribute in (("contact_resistance", "resistance"), (CONTACT_RESISTIVITY, "resistivity")):
            for ending, part in (("", "value"), ("_std", "std"), ("_low", "low"), ("_high", "high")):
                contacts[name + ending] = [
                    float(getattr(getattr(found, attribute), part)) for found in self.interfaces
                ]
        return {
            "points": table(
                {"scan": (("point",), names), "position": (("point",), position)},
                {name: (("point",), values) for name, values in points.items()},
                dict.fromkeys(columns, "ohm"),
            ),
            "contacts": table(
                {"interface": [found.name for found in self.interfaces]},
                {name: (("interface",), values) for name, values in contacts.items()},
            ),
        }

    def _header(self) -> dict[str, Any]:
        return {
            "area": self.area,
            "parts": self.parts,
            "interfaces": [
                {
                    "name": found.name,
                    "position": found.position,
                    "position_std": found.position_std,
                    "width": found.width,
                    "resistance": found.resistance,
                    "electrical_contact_resistivity": found.resistivity,
                    "scans": [{"value": v, "std": s} for v, s in found.of_scans],
                }
                for found in self.interfaces
            ],
            "mean_electrical_contact_resistivity": self.mean,
            "electrical_conductivity": self.conductivity,
            "resistivity_of_metals": self.resistivity_of_metals,
            "scans": [
                {
                    "name": found.scan.name,
                    "points": found.scan.position.size,
                    "outliers": found.outliers.sum(),
                    "noise": found.noise,
                    "drift": found.drift,
                    "slopes": [slope for _, slope in found.lines],
                }
                for found in self.scans
            ],
            "findings": self.findings,
        }

    def figure(self, path: str | Path | None = None) -> Figure:
        """Figure of the scans with the jumps enlarged.

        Parameters
        ----------
        path : path, optional
            PNG, SVG or PDF file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from ioffe.measure.line_scans.plot import plot

        return plot(self, path)

    def _title(self) -> str:
        scans = "1 scan" if len(self.scans) == 1 else f"{len(self.scans)} scans"
        return f"line scan {' | '.join(self.parts)}, {scans}, area {format_si(self.area, 'area')}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for found in self.interfaces:
            where = with_error(found.position, found.position_std, "position")
            yield f"{found.name} at {where}", f"rho_c = {in_words(found.resistivity, CONTACT_RESISTIVITY)}"
        if len(self.interfaces) > 1:
            yield "", f"mean rho_c = {in_words(self.mean, CONTACT_RESISTIVITY)}"
        yield "leg", f"sigma = {in_words(self.conductivity, 'electrical_conductivity')}"
        yield from (("", str(finding)) for finding in self.findings)
