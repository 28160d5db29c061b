"""Short words of a report: what the device is, its key numbers, the state of its solution."""

from __future__ import annotations

import numpy as np

from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.status import Status
from ioffe.report.families import Family, families
from ioffe.report.text import spoken
from ioffe.result.steady import Result

__all__ = ["best_family", "figures", "status_words", "subtitle"]

QUALITY = {
    "measured": "measured curves",
    "reconstructed": "reconstructed: made from numbers stated in a publication, not a measured curve",
    "read": "read in a table or data sheet",
    "remembered": "remembered: common values, not checked against a source",
    "synthetic": "synthetic: made up for a test, no real sample",
}
GENERATOR_FIGURES = (
    "max_power",
    "max_efficiency",
    "power_density",
    "open_circuit_voltage",
    "internal_resistance",
)
COOLER_FIGURES = ("max_heat", "max_COP", "delta_T_max", "delta_T_max_current", "delta_T_max_voltage")
FIGURE_WORDS = {
    "max_power": "largest power",
    "max_efficiency": "largest efficiency",
    "power_density": "power per footprint",
    "open_circuit_voltage": "open-circuit voltage",
    "internal_resistance": "internal resistance",
    "max_heat": "largest heat taken up",
    "max_COP": "largest COP",
    "delta_T_max": "largest temperature difference",
    "delta_T_max_current": "current at that difference",
    "delta_T_max_voltage": "voltage at that difference",
}


def subtitle(result: Result) -> str:
    """Kind of the device and of the computation in one line."""
    device, c = result.device, result.conditions
    kind = "generator" if isinstance(c, Generator) else "cooler"
    if isinstance(device, Leg):
        what = f"Single {device.carrier}-type leg as a {kind}"
    elif isinstance(device, Cascade):
        couples = " + ".join(str(stage.couples) for stage in device.stages)
        what = f"Thermoelectric {kind} of {len(device.stages)} stages, {couples} couples from the hot side"
    else:
        couples = "1 couple" if device.couples == 1 else f"{device.couples} couples"
        what = f"Thermoelectric {kind}, {couples}"
    how = {
        "1d": "one dimension, temperature-dependent properties",
        "ideal": "constant-property formulas with averaged properties",
    }.get(result.fidelity, result.fidelity)
    return f"{what}. Computed in {how}." if result.fidelity == "1d" else f"{what}. Computed with {how}."


def best_family(result: Result) -> Family | None:
    """Family with the largest efficiency or COP, else the largest power, heat or temperature difference."""
    found = list(families(result))
    for key in ("max_efficiency", "max_power", "max_COP", "max_heat", "delta_T_max"):
        good = [f for f in found if np.isfinite(f.maxima.get(key, np.nan))]
        if good:
            return max(good, key=lambda f: f.maxima[key])
    return None


def figures(result: Result) -> list[tuple[str, str, str]]:
    """Name in the quantity table, words and value of the key numbers of the best family."""
    best = best_family(result)
    if best is None:
        return []
    names = GENERATOR_FIGURES if isinstance(result.conditions, Generator) else COOLER_FIGURES
    values = dict(best.maxima)
    values["power_density"] = best.maxima.get("max_power", np.nan) / footprint(result.device)
    words = dict(FIGURE_WORDS)
    if isinstance(result.device, Leg):
        words["power_density"] = "power per cross-section"
    return [(n, words[n], spoken(values[n], n)) for n in names if np.isfinite(values.get(n, np.nan))]


def noun_of(device: Leg | Module | Cascade) -> str:
    """What sentences call the device."""
    if isinstance(device, Leg):
        return "leg"
    return "cascade" if isinstance(device, Cascade) else "module"


def footprint(device: Leg | Module | Cascade) -> float:
    """Area in m2 that power densities refer to."""
    return device.area if isinstance(device, Leg) else device.footprint


def signed_percent(value: float) -> str:
    r"""Relative difference with its sign.

    Examples
    --------
    >>> signed_percent(0.0244), signed_percent(-0.3), signed_percent(float("nan"))
    ('+2.4\xa0%', '−30.0\xa0%', 'none')
    """
    return f"{100 * value:+.1f}\u00a0%".replace("-", "−") if np.isfinite(value) else "none"


def status_words(result: Result) -> list[tuple[str, int, str]]:
    """Name, number of operating points and advice of every status that occurs, the worst last."""
    codes = result.point_status
    return [
        (s.name.lower().replace("_", " "), int(np.sum(codes == s)), s.advice)
        for s in Status
        if np.any(codes == s)
    ]
