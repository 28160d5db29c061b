"""Arguments of a line scan in SI, with the faults of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import parse_area, to_si
from ioffe.measure.line_scan.scan import Scan

__all__ = ["Given", "check"]

SLOPES: Final = ("own", "same", "zero")
QUANTITIES: Final = {
    "area_uncertainty": "relative_uncertainty",
    "position_uncertainty": "relative_uncertainty",
    "contact_width": "length",
    "metal_resistivity": "electrical_resistivity",
    "probe_width": "position",
}


@dataclass(frozen=True)
class Given:
    """Arguments in SI; see `line_scan`.

    Parameters
    ----------
    scans : tuple of Scan
        Passes, by rising position, each with a name.
    area, side : float
        Cross-section and its shorter side.
    number : int or None
        Of interfaces.
    known : tuple of (float, float) or None
        Positions of the interfaces and their standard deviations.
    area_uncertainty, position_uncertainty, contact_width, metal_resistivity, probe_width : float or None
    """

    scans: tuple[Scan, ...]
    area: float
    side: float
    number: int | None
    known: tuple[tuple[float, float], ...] | None
    area_uncertainty: float
    position_uncertainty: float
    contact_width: float | None
    metal_resistivity: float | None
    probe_width: float | None


def check(scans: Scan | Sequence[Scan], area: object, options: Mapping[str, Any]) -> Given:
    """Arguments of `line_scan`.

    Parameters
    ----------
    scans : Scan or sequence of Scan
    area : object
    options : mapping
        The others, by their names.

    Raises
    ------
    InputError
        With every fault.
    """
    faults = Faults()
    listed = [scans] if isinstance(scans, Scan) else list(scans)
    if not listed or not all(isinstance(s, Scan) for s in listed):
        faults.add("scans", str(listed), "one or several scans are expected, from `read_scans` or `Scan`")
        listed = []
    found: dict[str, Any] = {}
    with faults.collect():
        found["area"], sides = parse_area(area, "area")
        found["side"] = min(sides) if sides else found["area"] ** 0.5
    for name, quantity in QUANTITIES.items():
        found[name] = None
        if options[name] is not None:
            with faults.collect():
                found[name] = to_si(options[name], quantity, name)
    if found["probe_width"] is not None and found["probe_width"] < 0.0:
        faults.add("probe_width", options["probe_width"], "a width from 0 on is expected")
    slopes = options["metal_slopes"]
    if slopes not in SLOPES:
        advice = did_you_mean(str(slopes), SLOPES)
        faults.add("metal_slopes", slopes, f"one of {', '.join(SLOPES)} is expected", advice)
    places = _interfaces(options["interfaces"], options["interface_uncertainty"], faults)
    found["number"], found["known"] = places
    faults.raise_if_any()
    passes = [p for k, s in enumerate(listed, start=1) for p in s.named(s.name or f"scan {k}").passes()]
    return Given(scans=tuple(_sorted(s) for s in passes), **found)


def _interfaces(
    given: int | Sequence[object] | None, uncertainty: object, faults: Faults
) -> tuple[int | None, tuple[tuple[float, float], ...] | None]:
    """Number, or positions with their standard deviation."""
    if given is None or (isinstance(given, int) and given in (1, 2)):
        if uncertainty is not None:
            faults.add(
                "interface_uncertainty", uncertainty, "it belongs to given positions of the interfaces"
            )
        return (int(given) if given is not None else None), None
    if isinstance(given, int | float | str) or len(given) not in (1, 2):
        faults.add("interfaces", given, "1, 2, or a list of one or two positions is expected")
        return None, None
    places, std = [], 0.0
    for index, value in enumerate(given):
        with faults.collect():
            places.append(to_si(value, "position", f"interfaces[{index}]"))
    with faults.collect():
        if uncertainty is None:
            expected = 'the standard deviation of the positions is needed, such as "5 um"'
            raise InputError(Fault("interface_uncertainty", expected=expected))
        std = to_si(uncertainty, "length", "interface_uncertainty")
    return len(given), tuple((place, std) for place in sorted(places))


def _sorted(scan: Scan) -> Scan:
    """By rising position, with times that then no longer rise."""
    order = np.argsort(scan.position, kind="stable")
    out = replace(scan)
    for name in ("position", "resistance", "time"):
        values = getattr(scan, name)
        if values is not None:
            object.__setattr__(out, name, values[order])
    return out
