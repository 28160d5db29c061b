"""Doubts about a line scan, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from ioffe.base.units import format_si
from ioffe.material.checks import SEVERITIES, Finding

if TYPE_CHECKING:
    from ioffe.measure.line_scans.evaluate import LineScanArguments
    from ioffe.measure.line_scans.result import LineScan

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
_STATE_THE_METAL: Final = "; state the resistivity of the metal to take it out"


def findings_of(found: LineScan, given: LineScanArguments, *, is_apart: bool) -> tuple[Finding, ...]:
    """All doubts, errors first.

    Parameters
    ----------
    found : LineScan
        Result without findings.
    given : LineScanArguments
        What is known of the measurement beside the scans.
    is_apart : bool
        Whether the scans have the interfaces at positions of their own.

    Returns
    -------
    tuple of Finding
    """
    listed = [*_jumps(found), *_points(found)]
    for check in (_slopes, _probe, _contact):
        listed += check(found, given)
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
