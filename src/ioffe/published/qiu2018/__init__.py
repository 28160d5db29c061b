"""Qiu et al., Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8: metal from mixed conductors.

What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`, and the pictures.

The legs: Cu1.97S at 750 K, and between 673 K and 300 K, in one or three segments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.plotting import COLOURS, DASHES
from ioffe.migration import limits
from ioffe.migration.defect import DefectModel, Form, electron_gibbs_energy
from ioffe.migration.leg import LegLimits, leg_limits
from ioffe.migration.specimen import HoleConductivity, MigratingLeg
from ioffe.migration.steady import exact_critical_current, steady_profile
from ioffe.migration.transient.simulate import simulate
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ISOTHERMAL: Final = 750.0
"""Temperature in K of the leg without a temperature difference."""
LONG: Final = 10e-3
"""Its length in m."""
HOT, COLD, SHORT = 673.0, 300.0, 6e-3
"""Ends in K and length in m of the leg with one."""
RICHEST: Final = 0.1
"""Largest deficiency of the samples whose critical voltage was measured."""


def defects(inputs: SourceInputs) -> DefectModel:
    """The defect model with the constants that the source fits at 750 K."""
    return DefectModel.of_constant(inputs["K_e"], ISOTHERMAL, inputs["delta_c"])


def isothermal_leg(inputs: SourceInputs, segments: int = 1) -> MigratingLeg:
    """The leg at 750 K with a conductivity in proportion to its holes."""
    model, delta = defects(inputs), inputs["delta"]
    sigma = HoleConductivity(model, inputs["sigma_750"], delta)
    barriers = [LONG * i / segments for i in range(1, segments)]
    mobile, volume = inputs["sigma_ion"], inputs["molar_volume"]
    return MigratingLeg([0.0, LONG], ISOTHERMAL, model, delta, sigma, mobile, volume, barriers=barriers)


def profile(inputs: SourceInputs, hot: float = HOT) -> tuple[Array, Array, Array]:
    """Positions (m), temperatures (K) and conductivities (S/m) of the leg, hot end first."""
    x = np.linspace(0.0, SHORT, 601)
    T = hot + (COLD - hot) * x / SHORT
    return x, T, inputs["sigma_750"] * (T / ISOTHERMAL) ** inputs["sigma_exponent"]


def superionic_resistance(inputs: SourceInputs) -> float:
    """Integral of dx/sigma in ohm m2 over the part above the transition."""
    any_limit = limits.MixedConductor(inputs["isothermal_voltage"], transition=inputs["transition"])
    return sum(part.resistance for part in leg_limits(*profile(inputs), any_limit).parts)


def conductor(inputs: SourceInputs) -> limits.MixedConductor:
    """One S* and one V_c(T), from the leg at 750 K and the undivided leg with a temperature difference."""
    resistance, transition = superionic_resistance(inputs), inputs["transition"]
    same, opposite = inputs["J_same"] * resistance, inputs["J_opposite"] * resistance
    found = limits.limits_from_directions(same, opposite, HOT - transition)
    middle, voltage = 0.5 * (HOT + transition), float(found.isothermal_voltage)
    slope = (inputs["isothermal_voltage"] - voltage) / (ISOTHERMAL - middle)
    return limits.MixedConductor(lambda T: voltage + slope * (T - middle), float(found.S_star), transition)


def gradient_limits(inputs: SourceInputs, segments: int, hot: float = HOT) -> LegLimits:
    """Limits of the leg with a temperature difference, in equal segments."""
    barriers = [SHORT * i / segments for i in range(1, segments)]
    return leg_limits(*profile(inputs, hot), conductor(inputs), barriers=barriers)


def middle_segment(inputs: SourceInputs) -> tuple[float, float]:
    """S* (V/K) or isothermal voltage (V) that the middle one of three segments needs for its current.

    The other of the two is that of the undivided leg: one S*, and a voltage linear in T.
    """
    part = gradient_limits(inputs, 3).parts[1]
    limit, needed = conductor(inputs), inputs["J_three_same"] * part.resistance
    drop, middle = part.T_start - part.T_end, 0.5 * (part.T_start + part.T_end)
    law: Any = limit.isothermal_voltage
    S_star: Any = limit.S_star
    return (float(law(middle)) - needed) / drop, needed + S_star * drop


def defect_model(inputs: SourceInputs) -> dict[str, float]:
    """Critical voltages of the defect model, by Eq. 7 and exact for a uniform field."""
    model, delta = defects(inputs), inputs["delta"]
    return {
        "gibbs_energy": float(electron_gibbs_energy(inputs["K_e"], ISOTHERMAL)),
        "voltage_linear": float(model.critical_voltage(delta, ISOTHERMAL)),
        "voltage_uniform": float(model.critical_voltage(delta, ISOTHERMAL, form="uniform field")),
        "voltage_largest": float(model.critical_voltage(RICHEST, ISOTHERMAL)),
    }


def exact(inputs: SourceInputs) -> dict[str, float]:
    """Current at 750 K beyond which metal leaves and R/R0 falls; the conductivity follows the holes."""
    return {"exact_one": exact_critical_current(isothermal_leg(inputs)).current_density}


def isothermal(inputs: SourceInputs) -> dict[str, float]:
    """Critical currents and voltages at 750 K from the measured critical voltage."""
    voltage, sigma = inputs["isothermal_voltage"], inputs["sigma_750"]
    one = limits.critical_current_density(voltage, sigma, LONG)
    cuts = [LONG / 3.0, 2.0 * LONG / 3.0]
    three = leg_limits([0.0, LONG], ISOTHERMAL, sigma, limits.MixedConductor(voltage), barriers=cuts)
    return {
        "J_one": float(one),
        "J_three": three.upper,
        "voltage_three": sum(part.forward for part in three.parts),
        "voltage_at_30": inputs["J_three"] * LONG / sigma,
        "J_L_three": inputs["J_three"] * inputs["segment"],
    }


def directions(inputs: SourceInputs) -> dict[str, float]:
    """S* and isothermal voltage from the currents along and against the heat."""
    resistance = superionic_resistance(inputs)
    same, opposite = inputs["J_same"] * resistance, inputs["J_opposite"] * resistance
    found = limits.limits_from_directions(same, opposite, HOT - inputs["transition"])
    return {
        "voltage_same": same,
        "voltage_opposite": opposite,
        "S_star": float(found.S_star),
        "gradient_voltage": float(found.isothermal_voltage),
    }


def with_gradient(inputs: SourceInputs) -> dict[str, float]:
    """Critical currents between 673 K and 300 K, in one segment and in the middle one of three."""
    one, three = (gradient_limits(inputs, count) for count in (1, 3))
    total = sum(part.resistance for part in three.parts)
    middle = three.parts[1]
    current = middle.forward / middle.resistance
    return {
        "J_same": one.upper,
        "J_opposite": -one.lower,
        "J_three_same": current,
        "voltage_three_same": current * total,
        "voltage_at_3": inputs["J_three_same"] * total,
    }


COMPUTATIONS = (defect_model, exact, isothermal, directions, with_gradient)


SEGMENTS = {1: "1 segment", 3: "3 segments"}
HOT_ENDS = np.linspace(473.0, 673.0, 21)
"""Hot ends in K, over the range that the source measured."""
HOLD = 900.0
"""Time in s for which each current is kept."""
STEADY = 7e4
"""Current density of the profiles in A/m2."""


@caption("Critical voltage of Cu2-xS at 750 K by the defect model with the constants that the source fits.")
@picture("voltages", "Critical voltage over composition", (1, 1), (140.0, 82.0))
def draw_voltages(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Critical voltage over the deficiency."""
    (ax,), model, delta = axes, defects(inputs), np.linspace(0.0, 0.12, 61)
    names: dict[Form, str] = {
        "linear profile": "Eq. 7, linear profile",
        "uniform field": "exact, uniform field",
    }
    for k, (form, name) in enumerate(names.items()):
        V = 1e3 * np.asarray(model.critical_voltage(delta, ISOTHERMAL, form=form))
        ax.plot(delta, V, color=COLOURS[k], linestyle=DASHES[k], label=name)
    measured = 1e3 * published["voltage_linear"].value
    ax.plot(inputs["delta"], measured, **BLACK, label="Cu$_{1.97}$S, measured")
    most = 1e3 * published["voltage_largest"].value
    ax.axhline(most, color="black", linestyle=":", linewidth=0.9, label="largest of all samples")
    ax.set(xlim=(0, 0.12), ylim=(0, 150), xlabel=r"Deficiency $\delta$ of Cu$_{2-\delta}$S")
    ax.set_ylabel("Critical voltage at 750 K (mV)")
    ax.legend(loc="lower right")


@caption(
    "Relative resistance of a leg of Cu1.97S, 10 mm at 750 K, after each current density was kept for "
    "15 minutes, simulated with a conductivity in proportion to the holes. Metal leaves at the cathode "
    "where the curve falls. With the constants of the source's fit that happens before the published "
    "current densities, which belong to 0.09 V."
)
@picture("resistance", "Resistance over current density", (1, 1), (140.0, 82.0))
def draw_resistance(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """R/R0 over the current density at 750 K, one segment and three."""
    (ax,) = axes
    for k, (count, key) in enumerate(zip(SEGMENTS, ("J_one", "J_three"), strict=True)):
        J = np.arange(1.0, 16.1, 1.0) * count
        ratio = _held(inputs, count, J)
        ax.plot(J, ratio, "-o", color=COLOURS[k], markersize=2.0, label=SEGMENTS[count])
        ax.axvline(1e-4 * published[key].value, color=COLOURS[k], linestyle=":", linewidth=1.0)
    ax.plot([], [], color="black", linestyle=":", label="published critical current")
    ax.set(xlim=(0, 48), ylim=(0.75, 1.1), xlabel="Current density $J$ (A/cm²)", ylabel="$R/R_0$")
    ax.legend(loc="lower left")


def _held(inputs: SourceInputs, segments: int, J: Array) -> Array:
    """R/R0 at the end of each step of a ladder of current densities (A/cm2)."""
    steps = [(HOLD, 1e4 * float(one)) for one in J]
    found = simulate(isothermal_leg(inputs, segments), steps, cells=30, tolerance=1e-3, estimate_error=False)
    last = np.searchsorted(found.time, HOLD * np.arange(1, J.size + 1) - 1e-6)
    ratio = found.resistance_ratio[np.minimum(last, found.time.size - 1)]
    return np.where(last < found.time.size, ratio, np.nan)


@caption(
    f"Steady composition of the leg at 750 K and {1e-4 * STEADY:g} A/cm2. Interfaces that block ions set the "
    "composition back, so that three segments stay three times as far from the boundary of the metal."
)
@picture("profiles", "Fig. 4a", (1, 1), (140.0, 82.0))
def draw_profiles(inputs: SourceInputs, _: Published, axes: list[Axes]) -> None:
    """Steady composition along the leg with and without barriers."""
    (ax,) = axes
    for k, (count, name) in enumerate(SEGMENTS.items()):
        found = steady_profile(isothermal_leg(inputs, count), STEADY)
        ax.plot(1e3 * np.asarray(found.x), found.delta, color=COLOURS[k], label=name)
    ax.axhline(inputs["delta"], color="grey", linestyle="--", linewidth=0.8, label="without current")
    ax.axhline(inputs["delta_c"], color="black", linestyle=":", linewidth=1.0, label=r"metal, $\delta_c$")
    ax.set(xlim=(0, 10), xlabel="Position from the anode (mm)", ylabel=r"Deficiency $\delta$")
    ax.legend(loc="upper right")


@caption(
    "Leg of 6 mm between a hot end and 300 K. S* and the critical voltage come from the undivided leg; "
    "filled marks with black edges: published, that of three segments across the middle one. Right: what "
    "they predict for each of three segments, and what these reach at the published current density."
)
@picture("directions", "Directions of current and heat", (1, 2), (160.0, 68.0))
def draw_directions(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Critical currents along and against the heat over the hot end, and with segments."""
    left, right = axes
    one, three = ([gradient_limits(inputs, count, float(hot)) for hot in HOT_ENDS] for count in SEGMENTS)
    curves = {
        "against the heat, 1 segment": [-limit.lower for limit in one],
        "along the heat, 3 segments": [limit.upper for limit in three],
        "along the heat, 1 segment": [limit.upper for limit in one],
    }
    for k, (name, J) in enumerate(curves.items()):
        left.plot(HOT_ENDS, 1e-4 * np.asarray(J), color=COLOURS[k], label=name)
    for k, key in enumerate(("J_opposite", "J_three_same", "J_same")):
        left.plot(HOT, 1e-4 * published[key].value, "o", color=COLOURS[k], mec="black", zorder=5)
    left.set(yscale="log", ylim=(0.1, 200), xlabel="Hot end (K), cold end 300 K")
    left.set_ylabel("Critical current density (A/cm²)")
    left.legend(loc="upper right", fontsize=6.5)
    parts = gradient_limits(inputs, 3).parts
    at, reached = np.arange(len(parts)), [1e3 * part.forward for part in parts]
    needed = [1e3 * published["J_three_same"].value * part.resistance for part in parts]
    right.bar(at - 0.2, reached, 0.4, color=COLOURS[1], label="one S* and V$_c$ linear in T")
    right.bar(at + 0.2, needed, 0.4, color="black", label="at the published 3.0 A/cm²")
    right.set_xticks(at, labels=[f"{part.T_start:.0f} to {part.T_end:.0f} K" for part in parts])
    right.tick_params(axis="x", which="minor", bottom=False, top=False)
    right.set(ylim=(0, 70), ylabel="Voltage of each segment (mV)")
    right.legend(loc="upper right")


FIGURES = (draw_voltages, draw_resistance, draw_profiles, draw_directions)
