"""The paragraph in front of a report, from the numbers of a result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ioffe.device.conditions import Cooler, Generator
from ioffe.device.status import Status
from ioffe.device_file.measured import Comparison
from ioffe.report.families import Family
from ioffe.report.text import list_of, printed, small, spoken
from ioffe.report.words import best_family, footprint, noun_of, signed_percent
from ioffe.result.steady import Result

__all__ = ["verdict"]


def verdict(result: Result, comparisons: Sequence[Comparison] = ()) -> list[str]:
    """The paragraph in front of a report, in sentences."""
    best = best_family(result)
    if best is None:
        return ["The device has no maximum at these temperatures.", *_health(result)]
    if isinstance(result.conditions, Generator):
        sentences = _generator(result, result.conditions, best)
    else:
        sentences = _cooler(result, result.conditions, best)
    return [*sentences, *_asked_for(result), *_published(comparisons), *_health(result)]


def _generator(result: Result, c: Generator, best: Family) -> list[str]:
    m = best.maxima
    noun = noun_of(result.device)
    where = "With " + _place(best, c)
    if not np.isfinite(m["max_power"]):
        return [f"{where} the {noun} gives no power."]
    density = spoken(m["max_power"] / footprint(result.device), "power_density")
    area = "cross-section" if noun == "leg" else "footprint"
    power, current = spoken(m["max_power"], "max_power"), spoken(m["max_power_current"], "current")
    out = [f"{where} the {noun} gives at most {power} ({density} of {area}), at {current}."]
    if np.isfinite(m["max_efficiency"]):
        share, current = (
            spoken(m["max_efficiency"], "efficiency"),
            spoken(m["max_efficiency_current"], "current"),
        )
        out.append(f"It turns at best {share} of the heat into electricity, at {current}.")
    if "open_circuit_voltage" in m:
        out.append(
            f"The open-circuit voltage is {spoken(m['open_circuit_voltage'], 'voltage')}, "
            f"the internal resistance {spoken(m['internal_resistance'], 'internal_resistance')}."
        )
    return out + _range(result, "max_efficiency", "efficiency")


def _cooler(result: Result, c: Cooler, best: Family) -> list[str]:
    m = best.maxima
    noun = noun_of(result.device)
    out = []
    if np.isfinite(m.get("max_heat", np.nan)):
        where = f"With {_place(best, c)} the {noun}"
        if m["max_heat"] > 0:
            taken, at = spoken(m["max_heat"], "max_heat"), spoken(m["max_heat_current"], "current")
            out.append(f"{where} takes up at most {taken}, at {at}.")
        else:
            out.append(f"{where} cannot take up any heat: the difference is too large.")
    if np.isfinite(m.get("max_COP", np.nan)):
        at = spoken(m["max_COP_current"], "current")
        out.append(f"Its best COP is {spoken(m['max_COP'], 'max_COP')}, at {at}.")
    if np.isfinite(m.get("delta_T_max", np.nan)):
        cold, at = spoken(m["delta_T_max"], "delta_T_max"), spoken(m["delta_T_max_current"], "current")
        hot = printed(best.at.get("T_hot", float(np.max(c.T_hot))), "temperature", 5)
        subject = "It" if out else f"The {noun}"
        out.append(f"{subject} reaches {cold} below a hot side of {hot} {_load(best, c)}, at {at}.")
    return out + _range(result, "max_COP", "best COP")


def _load(best: Family, c: Cooler) -> str:
    """Heat load at which the largest temperature difference is meant."""
    free = c.T_cold is None and c.aim != "COP"
    load = best.at.get("heat", 0.0 if c.heat is None else float(np.max(c.heat))) if free else 0.0
    return "without a heat load" if load == 0.0 else f"with a heat load of {printed(load, 'heat', 4)}"


def _place(best: Family, c: Generator | Cooler) -> str:
    words = []
    for name, text in (("T_hot", "the hot side at {}"), ("T_cold", "the cold side at {}")):
        value = best.at.get(name, getattr(c, name))
        if value is not None:
            words.append(text.format(printed(float(np.max(value)), "temperature", 5)))
    if isinstance(c, Cooler) and c.T_cold is None:
        words.append("the cold side as warm")
    if isinstance(c, Generator) and c.heat is not None:
        value = best.at.get("heat", float(np.max(c.heat)))
        words.insert(0, f"{printed(value, 'heat', 4)} entering at the hot side")
    return list_of(words)


def _range(result: Result, key: str, word: str) -> list[str]:
    """How far a maximum changes over the temperatures, if it does."""
    values = result.values.get(key, np.empty(0))
    good = values[np.isfinite(values)]
    low, high = (spoken(float(v), key) for v in (good.min(), good.max())) if good.size else ("", "")
    if low == high:
        return []
    varying = [name for name, axis in result.maxima_axes.items() if len(axis) > 1]
    what = {"T_hot": "hot-side temperatures", "T_cold": "cold-side temperatures", "heat": "heat flows"}
    cases = what[varying[0]] if len(varying) == 1 else "pairs of conditions"
    best = f"This is the best of {values.size} {cases}"
    return [f"{best}; over all of them the {word} goes from {low} to {high}."]


def _asked_for(result: Result) -> list[str]:
    """The operating point, if the result is a single one."""
    if len(result.points) != 1 or result.status >= Status.RUNAWAY:
        return []
    names = ["current", "voltage", "power"]
    names += ["efficiency"] if isinstance(result.conditions, Generator) else ["heat_cold", "COP", "delta_T"]
    words = {"heat_cold": "heat taken up", "delta_T": "temperature difference", "COP": "COP"}
    told = [f"{words.get(n, n)} {spoken(float(result.values[n]), n)}" for n in names if n in result.values]
    return [f"The operating point asked for: {', '.join(told)}."]


def _published(comparisons: Sequence[Comparison]) -> list[str]:
    found = [c.difference for c in comparisons if c.kind == "measured" and np.isfinite(c.difference)]
    if not found:
        return []
    if len(found) == 1:
        return [f"The computed value differs from the measured one by {signed_percent(found[0])}."]
    low, high = signed_percent(min(found)), signed_percent(max(found))
    return [f"The {len(found)} measured values are met with differences from {low} to {high}."]


def _health(result: Result) -> list[str]:
    codes = result.point_status
    failed = int(np.sum(codes >= Status.RUNAWAY))
    balance = f"the energy balance closes within {small(result.balance)}"
    if failed == codes.size:
        return [f"No operating point has a solution. {result.status.advice}"]
    if failed:
        return [f"{failed} of {codes.size} operating points have no solution; for the others {balance}."]
    if np.any(codes == Status.OUTSIDE_TABLE):
        return [f"Some materials are used beyond their measured range (see warnings); {balance}."]
    return [f"All materials are used inside their measured range, and {balance}."]
