"""Words of the report of a device: what it is, the verdict, key numbers, states, definitions, limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from ioffe.base.plotting import unit_label
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.device.cascade import Cascade, Device, legs_of
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device_file.measured import Comparison
from ioffe.report.families import CurveFamily, best_family
from ioffe.report.markup import symbol
from ioffe.report.page import KeyFigure, PageTable
from ioffe.report.profiles import best_point
from ioffe.report.text import list_of, noun, printed, signed_percent, small, spoken
from ioffe.result.steady import MAXIMA_KEYS, POINT_KEYS, Result
from ioffe.solve.ranges import HELD
from ioffe.solve.task import WHOLE

QUALITY = {
    "measured": "measured curves",
    "doubtful": "doubtful: published curves that contradict each other",
    "reconstructed": "reconstructed: made from numbers stated in a publication, not a measured curve",
    "read": "read in a table or data sheet",
    "remembered": "remembered: common values, not checked against a source",
    "synthetic": "synthetic: made up for a test, no real sample",
}
OPEN_AND_INSIDE = ("open_circuit_voltage", "internal_resistance")
GENERATOR_FIGURES = ("max_power", "max_efficiency", "power_density", *OPEN_AND_INSIDE)
COOLER_FIGURES = ("max_heat", "max_COP", "delta_T_max", "delta_T_max_current", "delta_T_max_voltage")
FIGURE_WORDS = {f"delta_T_max_{what}": f"{what} at that difference" for what in ("current", "voltage")}
FIGURE_WORDS["power_density"] = "power per footprint"
FIDELITIES = {"1d": "in one dimension, temperature-dependent properties"}
FIDELITIES |= {"3d": "with plates and electrodes in three dimensions, legs in one"}
FIDELITIES |= {"full": "with finite elements in three dimensions"}
FIDELITIES |= {"ideal": "with constant-property formulas with averaged properties"}
DEFINITIONS = {
    "current": "electric current through the device; the same in every leg",
    "current_density": "current over the cross-section of the p leg (of the leg, if it is alone)",
    "internal_resistance": (
        "(V_oc − V)/I at the current of the largest power: the chord of the V-I curve, not its slope at one "
        "point; contacts, electrodes and leads included"
    ),
    "short_circuit_current": "current at which the voltage falls to zero, at the same temperatures",
    "T_hot": "temperature of the outer hot face, or of the reservoir behind a thermal resistance",
    "T_cold": "temperature of the outer cold face, or of the reservoir behind a thermal resistance",
    "max_COP": "largest COP over the current; there is none without a temperature difference",
    "delta_T_max": "largest temperature difference over the current; without a heat load if none is stated",
}
"""Where more is to be said than in the quantity table."""
COMMON = (
    "A contact releases half of its Joule heat on each side of its thermal resistance.",
    "Legs are one-dimensional: temperature and current density are uniform over a cross-section.",
    "Peltier and Thomson heat follow from the absolute Seebeck coefficient; without one S = 0.",
)
PLATES = (
    "Plates of a module spread heat evenly over their area; the constriction of heat between plates and "
    "legs is left out, and so is heat that passes beside the legs other than through a stated filling."
)
FIELD = (
    "Plates and electrodes are boxes of constant conductivity (that at the mean temperature of each layer) "
    "with insulated rims. Heat and current enter them evenly over the cross-section of each leg, and Joule "
    "heat is even in the volume of an electrode. Cells of several widths are extrapolated to zero width; "
    "what that may leave is in the error estimate."
)
TERMINALS = (
    "At a terminal the current leaves through the rim of its electrode that lies away from the next leg. "
    "The heat of leads and joints is released there, half of it at each of the two. Temperatures of the "
    "junctions are means over all legs. What passes beside the legs, through a stated filling or by "
    "radiation, flows between the mean temperatures of all that faces the gap."
)
ELEMENTS = (
    "Temperature and potential are those of quadratic elements on boxes, with temperature-dependent "
    "properties everywhere and contacts of zero thickness. The rims of plates are insulated. At a terminal "
    "the current leaves through the rim of its electrode that lies away from the next leg, where the heat of "
    "leads and joints is released, half of it at each of the two. Temperatures of the junctions are means "
    "over all legs. What passes beside the legs flows straight between opposite faces. The error estimate is "
    "the difference of two meshes, of which the finer has half the widths."
)
BRIDGE = (
    "The electrode between the legs of a couple has the resistance (g + (wₚ + wₙ)/3)/(d Σ σt), with the "
    "gap g between the legs, their widths w and depth d, and the conductivity σ and thickness t of the "
    "layers between the legs and the first insulator: current enters it evenly over each leg. Layers that "
    "cover the legs alone bridge nothing. Its heat is released at the junction, that of the leads at the "
    "cold junctions."
)
IDEAL = (
    "Seebeck coefficient, resistivity and thermal conductivity are constants: averages over the "
    "temperatures of each segment. Losses through the sides of the legs are left out."
)
REAL = (
    "S, ρ and κ depend on temperature. The heat equation is integrated without the derivative of a "
    "measured curve, and heat is conserved at every step."
)
DATA = (
    "The error estimate is that of the numerical solution alone. Errors of the measured curves, "
    "commonly 3 to 5 % in S and resistivity and 5 to 10 % in κ, are not part of it."
)


def subtitle(result: Result) -> str:
    """Kind of the device and of the computation in one line."""
    device = result.device
    what = kind_of_device(device, result.conditions)
    if isinstance(device, Cascade):
        couples = " + ".join(str(stage.couples) for stage in device.stages)
        what += f" of {len(device.stages)} stages, {couples} couples from the hot side"
    elif isinstance(device, Module):
        what += ", 1 couple" if device.couples == 1 else f", {device.couples} couples"
    return f"{what}. Computed {FIDELITIES.get(result.fidelity, f'with {result.fidelity}')}."


def kind_of_device(device: Device, conditions: Conditions) -> str:
    """What the device is, and whether it generates or cools."""
    kind = "generator" if isinstance(conditions, Generator) else "cooler"
    single = isinstance(device, Leg)
    return f"Single {device.carrier}-type leg as a {kind}" if single else f"Thermoelectric {kind}"


def key_figures(result: Result) -> list[KeyFigure]:
    """Key numbers of the best family."""
    best = best_family(result)
    if best is None:
        return []
    values = dict(best.maxima)
    values["power_density"] = best.maxima.get("max_power", np.nan) / _area(result.device)
    names = GENERATOR_FIGURES if isinstance(result.conditions, Generator) else COOLER_FIGURES
    shown = {n: FIGURE_WORDS.get(n, noun(n)) for n in names}
    if isinstance(result.device, Leg) and "power_density" in shown:
        shown["power_density"] = "power per cross-section"
    good = {n: text for n, text in shown.items() if np.isfinite(values.get(n, np.nan))}
    return [KeyFigure(text, spoken(values[n], n)) for n, text in good.items()]


def _area(device: Device) -> float:
    """Area in m2 that power densities refer to."""
    return device.area if isinstance(device, Leg) else device.footprint


def _noun(device: Device) -> str:
    """What sentences call the device."""
    if isinstance(device, Leg):
        return "leg"
    return "cascade" if isinstance(device, Cascade) else "module"


def status_rows(result: Result) -> list[tuple[str, str, str]]:
    """Name, number of operating points and advice of every status that occurs, the worst last."""
    counts = {s: int(np.sum(result.point_status == s)) for s in Status}
    return [(s.name.lower().replace("_", " "), str(n), s.advice) for s, n in counts.items() if n]


def verdict(result: Result, comparisons: Sequence[Comparison] = ()) -> list[str]:
    """The paragraph in front of a report, in sentences.

    `comparisons`: published beside computed values.
    Returns: what the device reaches at its best temperatures, the operating point asked for, how published
        values are met, and whether the solution is sound.
    """
    best = best_family(result)
    if best is None:
        return ["The device has no maximum at these temperatures.", *_health(result)]
    c = result.conditions
    sentences = _generator(result, c, best) if isinstance(c, Generator) else _cooler(result, c, best)
    return [*sentences, *_of_legs(result), *_asked_for(result), *_published(comparisons), *_health(result)]


def _of_legs(result: Result) -> list[str]:
    """The ends of all legs of a module in three dimensions, beside those of the same one in one dimension."""
    index = best_point(result)
    if result.legs is None or index is None:
        return []
    c, names = result.conditions, ("T_hot", "T_cold", "current")
    unset = {name: None for name in ("heat", "voltage", "load", "aim") if hasattr(c, name)}
    at = {**unset, **{name: float(result.values[name][index]) for name in names}}
    flat = result.device.solve(c.replace(**at), "1d", maxima=False, force=True)
    told, most = [], 0.0
    for side in ("hot", "cold"):
        T = np.asarray(result.legs.values[f"T_{side}_junction"], float)[index]
        one = float(np.ravel(flat.values[f"T_{side}_junction"])[0])
        ends = f"{T.min():.1f} K to {T.max():.1f} K ({one:.1f} K in one dimension)"
        told.append(f"the {side} ends of the legs are at {ends}")
        most = max(most, float(np.abs(T - one).max()))
    return [f"At the best point {told[0]}, {told[1]}; the largest difference is {most:.2g} K."]


def _at_best(family: CurveFamily, aim: str) -> tuple[str, str]:
    """A maximum and its current in words."""
    return spoken(family.maxima[aim], aim), spoken(family.maxima[f"{aim}_current"], "current")


def _known(family: CurveFamily, aim: str) -> bool:
    return bool(np.isfinite(family.maxima.get(aim, np.nan)))


def _generator(result: Result, c: Generator, best: CurveFamily) -> list[str]:
    m, name = best.maxima, _noun(result.device)
    where = "With " + _conditions(result, best, c)
    if not _known(best, "max_power"):
        return [f"{where} the {name} gives no power."]
    density = spoken(m["max_power"] / _area(result.device), "power_density")
    area = "cross-section" if name == "leg" else "footprint"
    power, current = _at_best(best, "max_power")
    out = [f"{where} the {name} gives at most {power} ({density} of {area}), at {current}."]
    if _known(best, "max_efficiency"):
        share, current = _at_best(best, "max_efficiency")
        out.append(f"It turns at best {share} of the heat into electricity, at {current}.")
    if "open_circuit_voltage" in m:
        out.append(
            f"The open-circuit voltage is {spoken(m['open_circuit_voltage'], 'voltage')}, "
            f"the internal resistance {spoken(m['internal_resistance'], 'internal_resistance')}."
        )
    return out + _range(result, "max_efficiency", "efficiency")


def _cooler(result: Result, c: Cooler, best: CurveFamily) -> list[str]:
    name = _noun(result.device)
    out = []
    if _known(best, "max_heat"):
        what = "takes up at most {}, at {}".format(*_at_best(best, "max_heat"))
        if not best.maxima["max_heat"] > 0:
            what = "cannot take up any heat: the difference is too large"
        out.append(f"With {_conditions(result, best, c)} the {name} {what}.")
    if _known(best, "max_COP"):
        out.append("Its best COP is {}, at {}.".format(*_at_best(best, "max_COP")))
    if _known(best, "delta_T_max"):
        difference, current = _at_best(best, "delta_T_max")
        hot = printed(best.at.get("T_hot", float(np.max(c.T_hot))), "temperature", 5)
        where = f"a {place(c, 'hot', result.device)} at {hot}{_plate(result, best, c)}"
        what = f"reaches {difference} below {where}, {_load(best, c)}, at {current}."
        out.append(f"{'It' if out else f'The {name}'} {what}")
    return out + _range(result, "max_COP", "best COP")


def place(c: Conditions, side: str, device: Device) -> str:
    """What the temperature of a side is that of: the outer face, or the reservoir behind a resistance.

    `side` {"hot", "cold"}: which side.
    Returns: such as ``"hot reservoir (behind 0.3 K/W)"``.
    """
    resistance, film = getattr(c, f"{side}_resistance"), getattr(c, f"{side}_heat_transfer_coefficient")
    if film is not None:
        return f"{side} reservoir (behind {printed(film, 'heat_transfer_coefficient')})"
    if resistance:
        return f"{side} reservoir (behind {printed(resistance, 'thermal_resistance')})"
    return f"{side} face" if isinstance(device, Leg) else f"{side} plate"


def _plate(result: Result, best: CurveFamily, c: Cooler) -> str:
    """The hot plate behind a resistance, where all heat that leaves it passes through that."""
    resistance = c.resistance("hot", _area(result.device))
    current, voltage = (best.maxima.get(f"delta_T_max_{k}", np.nan) for k in ("current", "voltage"))
    if not resistance or c.exposed or any(leg.side is not None for leg in legs_of(result.device)):
        return ""
    heat = current * voltage + _carried(best, c)
    T = best.at.get("T_hot", float(np.max(c.T_hot))) + resistance * heat
    name = "face" if isinstance(result.device, Leg) else "plate"
    return f" (its hot {name} at {printed(T, 'temperature', 5)})" if np.isfinite(T) else ""


def _carried(best: CurveFamily, c: Cooler) -> float:
    """Heat load in W at which the largest temperature difference is meant."""
    free = c.T_cold is None and c.aim != "COP"
    return best.at.get("heat", 0.0 if c.heat is None else float(np.max(c.heat))) if free else 0.0


def _load(best: CurveFamily, c: Cooler) -> str:
    """Heat load at which the largest temperature difference is meant."""
    load = _carried(best, c)
    return "without a heat load" if load == 0.0 else f"with a heat load of {printed(load, 'heat', 4)}"


def _conditions(result: Result, best: CurveFamily, c: Generator | Cooler) -> str:
    """Temperatures, or the heat, of the best family."""
    words = []
    if isinstance(c, Generator) and c.heat is not None:
        value = best.at.get("heat", float(np.max(c.heat)))
        words.append(f"{printed(value, 'heat', 4)} entering at the hot side")
    for side in ("hot", "cold"):
        value = best.at.get(f"T_{side}", getattr(c, f"T_{side}"))
        if value is not None:
            T = printed(float(np.max(value)), "temperature", 5)
            words.append(f"the {place(c, side, result.device)} at {T}")
    if isinstance(c, Cooler) and c.T_cold is None:
        words.append("the cold side as warm")
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
    told = [f"{noun(n)} {spoken(float(result.values[n]), n)}" for n in names if n in result.values]
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
    balance = f"the energy balance closes within {small(result.energy_balance)}"
    if failed == codes.size:
        return [f"No operating point has a solution. {result.status.advice}"]
    if failed:
        return [f"{failed} of {codes.size} operating points have no solution; for the others {balance}."]
    if np.any(codes == Status.OUTSIDE_TABLE):
        return [f"Some materials are used beyond their measured range (see warnings); {balance}."]
    if any(HELD in text for text in result.warnings):  # at the maxima, which lie at other temperatures
        return [f"Some maxima lie beyond the measured range of materials (see warnings); {balance}."]
    return [f"All materials are used inside their measured range, and {balance}."]


def glossary_table(result: Result) -> PageTable:
    """Every quantity of the result: symbol, key in files, unit, definition."""
    rows = []
    for name in (*POINT_KEYS, *MAXIMA_KEYS):
        if name in result.values:
            entry = quantity(name)
            unit = "" if entry.unit == "1" else unit_label(entry.unit)
            meaning = DEFINITIONS.get(name, entry.description.replace(" - ", " − "))
            rows.append((symbol(name), Markup("<code>{}</code>").format(name), unit, meaning))
    return PageTable(("Symbol", "Key", "SI unit", "Meaning"), rows, style="texts")


def limits(result: Result) -> list[str]:
    """Conventions of the model and what it leaves out, in sentences."""
    out = [IDEAL if result.fidelity == "ideal" else REAL, *COMMON]
    if result.fidelity in WHOLE:
        out += [FIELD, TERMINALS] if result.fidelity == "3d" else [ELEMENTS]
    elif not isinstance(result.device, Leg):
        out += [PLATES, BRIDGE]
    if isinstance(result.conditions, Generator):
        out.append("Maxima are taken over the current at fixed temperatures, not over the geometry.")
    return [*out, DATA]
