"""Pictures of the source: critical voltages, R/R0, profiles with barriers, both directions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ioffe.base.plotting import COLOURS, DASHES, look, new_figure
from ioffe.migration.steady import steady_profile
from ioffe.migration.transient.simulate import simulate
from ioffe.published.qiu2018.legs import HOT, ISOTHERMAL, defects, gradient_limits, isothermal_leg
from ioffe.published.source import Drawn, SourceInputs
from ioffe.published.value import PublishedValue

__all__ = ["FIGURES"]

Published = Mapping[str, PublishedValue]
Array = NDArray[np.float64]
SEGMENTS = (1, 3)
HOT_ENDS = np.linspace(473.0, 673.0, 21)
"""Hot ends in K, over the range that the source measured."""
HOLD = 900.0
"""Time in s for which each current is kept."""


def voltages(inputs: SourceInputs, published: Published) -> Drawn:
    """Critical voltage over the deficiency."""
    model, delta = defects(inputs), np.linspace(0.0, 0.12, 61)
    with look():
        figure, (ax,) = new_figure(1, 1, width=140.0, height=82.0)
        for k, form in enumerate(("linear profile", "uniform field")):
            V = 1e3 * np.asarray(model.critical_voltage(delta, ISOTHERMAL, form=form))
            name = "Eq. 7, linear profile" if k == 0 else "exact, uniform field"
            ax.plot(delta, V, color=COLOURS[k], linestyle=DASHES[k], label=name)
        ax.plot(
            inputs["delta"],
            1e3 * published["voltage_linear"].value,
            "o",
            color="black",
            label="Cu$_{1.97}$S, measured",
        )
        most = 1e3 * published["voltage_largest"].value
        ax.axhline(most, color="black", linestyle=":", linewidth=0.9, label="largest of all samples")
        ax.set(
            xlim=(0, 0.12),
            ylim=(0, 150),
            xlabel=r"Deficiency $\delta$ of Cu$_{2-\delta}$S",
            ylabel="Critical voltage at 750 K (mV)",
        )
        ax.legend(loc="lower right")
    caption = (
        "Critical voltage of Cu2-xS at 750 K by the defect model with the constants that the source fits."
    )
    return Drawn("voltages", "Critical voltage over composition", caption, figure)


def resistance(inputs: SourceInputs, published: Published) -> Drawn:
    """R/R0 over the current density at 750 K, one segment and three."""
    with look():
        figure, (ax,) = new_figure(1, 1, width=140.0, height=82.0)
        for k, (count, key) in enumerate(zip(SEGMENTS, ("J_one", "J_three"), strict=True)):
            J = np.arange(1.0, 16.1, 1.0) * count
            ax.plot(
                J,
                _held(inputs, count, J),
                "-o",
                color=COLOURS[k],
                markersize=2.0,
                label=f"{count} segment{'s' * (k > 0)}",
            )
            ax.axvline(1e-4 * published[key].value, color=COLOURS[k], linestyle=":", linewidth=1.0)
        ax.plot([], [], color="black", linestyle=":", label="published critical current")
        ax.set(xlim=(0, 48), ylim=(0.75, 1.1), xlabel="Current density $J$ (A/cm²)", ylabel="$R/R_0$")
        ax.legend(loc="lower left")
    caption = (
        "Relative resistance of a leg of Cu1.97S, 10 mm at 750 K, after each current density was kept for "
        "15 minutes, simulated with a conductivity in proportion to the holes. Metal leaves at the cathode "
        "where the curve falls. With the constants of the source's fit that happens before the published "
        "current densities, which belong to 0.09 V."
    )
    return Drawn("resistance", "Resistance over current density", caption, figure)


def _held(inputs: SourceInputs, segments: int, J: Array) -> Array:
    """R/R0 at the end of each step of a ladder of current densities (A/cm2)."""
    steps = [(HOLD, 1e4 * float(one)) for one in J]
    found = simulate(isothermal_leg(inputs, segments), steps, cells=30, tolerance=1e-3, estimate_error=False)
    last = np.searchsorted(found.time, HOLD * np.arange(1, J.size + 1) - 1e-6)
    return np.where(
        last < found.time.size, found.resistance_ratio[np.minimum(last, found.time.size - 1)], np.nan
    )


def profiles(inputs: SourceInputs, _: Published) -> Drawn:
    """Steady composition along the leg with and without barriers."""
    J = 7e4
    with look():
        figure, (ax,) = new_figure(1, 1, width=140.0, height=82.0)
        for k, count in enumerate(SEGMENTS):
            found = steady_profile(isothermal_leg(inputs, count), J)
            ax.plot(
                1e3 * np.asarray(found.x),
                found.delta,
                color=COLOURS[k],
                label=f"{count} segment{'s' * (k > 0)}",
            )
        ax.axhline(inputs["delta"], color="grey", linestyle="--", linewidth=0.8, label="without current")
        ax.axhline(inputs["delta_c"], color="black", linestyle=":", linewidth=1.0, label=r"metal, $\delta_c$")
        ax.set(xlim=(0, 10), xlabel="Position from the anode (mm)", ylabel=r"Deficiency $\delta$")
        ax.legend(loc="upper right")
    caption = (
        f"Steady composition of the leg at 750 K and {1e-4 * J:g} A/cm2. Interfaces that block ions set the "
        "composition back, so that three segments stay three times as far from the boundary of the metal."
    )
    return Drawn("profiles", "Fig. 4a", caption, figure)


def directions(inputs: SourceInputs, published: Published) -> Drawn:
    """Critical currents along and against the heat over the hot end, and with segments."""
    one, three = ([gradient_limits(inputs, count, float(hot)) for hot in HOT_ENDS] for count in SEGMENTS)
    with look():
        figure, axes = new_figure(1, 2, width=160.0, height=68.0)
        axes[0].plot(
            HOT_ENDS,
            [-1e-4 * limit.lower for limit in one],
            color=COLOURS[0],
            label="against the heat, 1 segment",
        )
        axes[0].plot(
            HOT_ENDS,
            [1e-4 * limit.upper for limit in three],
            color=COLOURS[1],
            label="along the heat, 3 segments",
        )
        axes[0].plot(
            HOT_ENDS,
            [1e-4 * limit.upper for limit in one],
            color=COLOURS[2],
            label="along the heat, 1 segment",
        )
        for key, k in (("J_opposite", 0), ("J_three_same", 1), ("J_same", 2)):
            axes[0].plot(HOT, 1e-4 * published[key].value, "o", color=COLOURS[k], mec="black", zorder=5)
        axes[0].set(yscale="log", ylim=(0.1, 200), xlabel="Hot end (K), cold end 300 K")
        axes[0].set_ylabel("Critical current density (A/cm²)")
        axes[0].legend(loc="upper right", fontsize=6.5)
        parts = gradient_limits(inputs, 3).parts
        at = np.arange(len(parts))
        needed = [1e3 * published["J_three_same"].value * part.resistance for part in parts]
        axes[1].bar(
            at - 0.2,
            [1e3 * part.forward for part in parts],
            0.4,
            color=COLOURS[1],
            label="one S* and V$_c$ linear in T",
        )
        axes[1].bar(at + 0.2, needed, 0.4, color="black", label="at the published 3.0 A/cm²")
        names = [f"{part.T_start:.0f} to {part.T_end:.0f} K" for part in parts]
        axes[1].set_xticks(at, labels=names)
        axes[1].tick_params(axis="x", which="minor", bottom=False, top=False)
        axes[1].set(ylim=(0, 70), ylabel="Voltage of each segment (mV)")
        axes[1].legend(loc="upper right")
    caption = (
        "Leg of 6 mm between a hot end and 300 K. S* and the critical voltage come from the undivided leg; "
        "filled marks with black edges: published. Right: what that predicts for each of three segments, "
        "and what they reach at the published current density."
    )
    return Drawn("directions", "Directions of current and heat", caption, figure)


FIGURES = (voltages, resistance, profiles, directions)
