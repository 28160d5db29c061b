"""Doubts about a line scan, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.units import format_si
from ioffe.material.checks import SEVERITIES, Finding

if TYPE_CHECKING:
    from ioffe.measure.line_scan.result import LineScan

__all__ = ["Setup", "findings_of"]

MOST_OUTLIERS = 0.1
CORRELATION = 4.0
"""Neighbouring residuals that go together by so many standard deviations make the lines doubtful."""
SIGNIFICANT = 3.0
ROUNDING = 1e-7
"""Scatter over the range of a scan below which its pattern is that of rounding."""
WIDE_PROBE = 0.1
"""Width of a probe over the side of the sample from which on it is wide."""
STRAIGHT = 1.47
"""Distance over side at which exp(-pi d/a), the slowest part of the spreading of the current, is 1 %."""


@dataclass(frozen=True)
class Setup:
    """What is known of the measurement beside the scans, in SI.

    Parameters
    ----------
    side : float
        Shorter side of the cross-section.
    probe, contact : float or None
        Widths of the voltage probe and of the current contact.
    metal : float or None
        Resistivity of the metal that was given.
    area_share : float
        Relative standard deviation of the cross-section.
    is_apart : bool
        Whether the scans have the interfaces at positions of their own.
    """

    side: float
    probe: float | None
    contact: float | None
    metal: float | None
    area_share: float
    is_apart: bool


def findings_of(found: LineScan, setup: Setup) -> tuple[Finding, ...]:
    """All doubts, errors first."""
    listed = [
        *_jumps(found),
        *_points(found),
        *_slopes(found, setup),
        *_probe(found, setup),
        *_contact(found, setup),
    ]
    if setup.is_apart:
        text = "the scans have their interfaces at different positions; each was fitted with its own"
        listed.append(Finding("note", "shifted", text))
    if setup.area_share == 0.0:
        listed.append(
            Finding("note", "no-error", "no error of the cross-section is stated; the errors leave it out")
        )
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
            yield Finding(
                severity,
                "outliers",
                f"{one.scan.name}: {count} of {total} points are far off and do not count",
            )
        rest = (one.scan.resistance - one.fitted)[~one.outliers]
        if rest.size > 10 and np.std(rest) > ROUNDING * np.ptp(one.fitted):
            together = float(rest[1:] @ rest[:-1]) / float(rest @ rest)
            if together * rest.size**0.5 > CORRELATION:
                text = f"{one.scan.name}: neighbouring residuals go together; the parts are not straight"
                yield Finding("warning", "curved", f"{text}, and the errors are too small")


def _slopes(found: LineScan, setup: Setup) -> Iterator[Finding]:
    leg = 1.0 / float(found.conductivity.value)
    for part, metal in zip(
        [p for p, w in enumerate(found.parts) if w == "metal"], found.resistivity_of_metals, strict=True
    ):
        value, std = float(metal.value), float(metal.std)
        if value < -SIGNIFICANT * std and abs(value) > 1e-3 * leg:
            share = f"{-100 * value / leg:.2g} % of the slope of the leg"
            text = f"the resistance falls along the metal of part {part + 1}, by {share}"
            yield Finding(
                "warning",
                "tilt",
                f"{text}: a drift or a tilt, which the conductivity of the leg holds{_advice(setup)}",
            )
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


def _advice(setup: Setup) -> str:
    return "" if setup.metal is not None else "; state the resistivity of the metal to take it out"


def _probe(found: LineScan, setup: Setup) -> Iterator[Finding]:
    for one in found.interfaces:
        if setup.probe is None and one.width > 0.0:
            at, wide = format_si(one.position, "position"), format_si(one.width, "length", 2)
            text = f"the jump at {at} is smeared over {wide}"
            yield Finding("note", "smeared", f"{text}; a probe of this width was fitted")
    width = max((one.width for one in found.interfaces), default=0.0)
    if width > WIDE_PROBE * setup.side:
        wide, side = format_si(width, "length", 2), format_si(setup.side, "length", 2)
        text = f"the probe is wide ({wide}) against the sample ({side})"
        yield Finding("warning", "wide-probe", f"{text}: it shunts the current under it and bends the field")


def _contact(found: LineScan, setup: Setup) -> Iterator[Finding]:
    """Current lines that are not yet straight at the interface."""
    if setup.contact is None or setup.contact > 0.95 * setup.side:
        return
    scan = found.scans[0].scan
    edges = [float(scan.position[0]), *(i.position for i in found.interfaces), float(scan.position[-1])]
    for part, word in enumerate(found.parts):
        length = edges[part + 1] - edges[part]
        if word == "metal" and length < STRAIGHT * setup.side:
            share = 100.0 * np.exp(-np.pi * length / setup.side)
            wide, long, needed = (
                format_si(v, "length", 2) for v in (setup.contact, length, STRAIGHT * setup.side)
            )
            text = (
                f"the current enters over {wide}, and part {part + 1} is scanned over {long} only: if it is "
                f"not longer, the current is uniform to {share:.0f} % there; 1 % needs {needed}"
            )
            yield Finding("warning", "spreading", text)
