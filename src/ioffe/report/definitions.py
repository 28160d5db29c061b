"""What the numbers of a report mean, and what the model behind them leaves out."""

from __future__ import annotations

from markupsafe import Markup

from ioffe.base.plotting import unit_label
from ioffe.base.quantities import quantity
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.report.markup import Table, symbol
from ioffe.result.steady import MAXIMA_KEYS, POINT_KEYS, Result

__all__ = ["glossary_table", "limits"]

DEFINITIONS = {
    "current": "electric current through the device; the same in every leg",
    "current_density": "current over the cross-section of the p leg (of the leg, if it is alone)",
    "power_density": "power over the footprint of a module, over the cross-section of a single leg",
    "internal_resistance": (
        "(V_oc − V)/I at the current of the largest power: the chord of the V-I curve, not its slope at one "
        "point; contacts, electrodes and leads included"
    ),
    "short_circuit_current": "current at which the voltage falls to zero, at the same temperatures",
    "max_power": "largest power over the current at fixed temperatures, at max_power_current",
    "max_efficiency": "largest efficiency over the current at fixed temperatures, at max_efficiency_current",
    "efficiency": "power over heat_hot",
    "COP": "heat_cold over power, of a cooler",
    "T_hot": "temperature of the outer hot face, or of the reservoir behind a thermal resistance",
    "T_cold": "temperature of the outer cold face, or of the reservoir behind a thermal resistance",
    "delta_T": "T_hot − T_cold",
    "T_hot_junction": "temperature where the legs meet the hot electrodes",
    "T_cold_junction": "temperature where the legs meet the cold electrodes",
    "max_heat": "largest heat taken up at the cold side over the current, at fixed temperatures",
    "max_COP": "largest COP over the current; there is none without a temperature difference",
    "delta_T_max": "largest temperature difference over the current; without a heat load if none is stated",
}
COMMON = (
    "A contact releases half of its Joule heat on each side of its thermal resistance.",
    "Legs are one-dimensional: temperature and current density are uniform over a cross-section.",
    "Peltier and Thomson heat follow from the absolute Seebeck coefficient; without one S = 0.",
)
PLATES = (
    "Plates of a module spread heat evenly over their area; the constriction of heat between plates and "
    "legs is left out, and so is heat that passes beside the legs other than through a stated filling."
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


def glossary_table(result: Result) -> Table:
    """Every quantity of the result: symbol, key in files, unit, definition."""
    rows = []
    for name in (*POINT_KEYS, *MAXIMA_KEYS):
        if name in result.values:
            entry = quantity(name)
            words = DEFINITIONS.get(name, entry.description)
            unit = "" if entry.unit == "1" else unit_label(entry.unit)
            rows.append((symbol(name), Markup("<code>{}</code>").format(name), unit, words))
    return Table(("Symbol", "Key", "SI unit", "Meaning"), tuple(rows))


def limits(result: Result) -> list[str]:
    """Conventions of the model and what it leaves out, in sentences."""
    out = [IDEAL if result.fidelity == "ideal" else REAL, *COMMON]
    if not isinstance(result.device, Leg):
        out += [PLATES, BRIDGE]
    if isinstance(result.conditions, Generator):
        out.append("Maxima are taken over the current at fixed temperatures, not over the geometry.")
    return [*out, DATA]
