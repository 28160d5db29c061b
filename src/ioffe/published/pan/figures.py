"""Pictures of the source: phonons, engineering figure of merit, the module over the sizes of its legs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES, MARKERS
from ioffe.published.pan import compute
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture
from ioffe.transport.engineering import efficiency_estimate, engineering_ZT
from ioffe.transport.phonons.debye_callaway import DebyeCallaway
from ioffe.transport.phonons.spectrum import spectral_conductivity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STAND_INS = {
    "Bi0.48Sb1.52Te3": "p: Bi$_{0.48}$Sb$_{1.52}$Te$_3$",
    "Bi2Te2.7Se0.3": "n: Bi$_2$Te$_{2.7}$Se$_{0.3}$",
}
STAGES = ("U", "U + PD", "U + PD + GB", "U + PD + GB + D", "U + PD + GB + D + SP")


@caption(
    "Left: Debye-Callaway model of x = 0.08 with the scattering by Umklapp (U), point defects (PD), "
    "grain boundaries (GB), dislocations (D) and precipitates (SP) switched on one after the other, "
    "and what the source split from its measurement. Right: its spectrum at 300 K."
)
@picture("phonons", "Figures of the lattice thermal conductivity", (1, 2), (170.0, 70.0))
def phonons(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Lattice conductivity by contributions, and its spectrum at 300 K."""
    left, right = axes
    model, T = compute.phonon_model(inputs), np.linspace(300.0, 500.0, 41)
    omega, names = np.linspace(1e10, float(model.debye_frequency), 400), list(model.resistive)
    for k, (stage, values) in enumerate(zip(STAGES, model.contributions(T).values(), strict=True)):
        style: dict[str, Any] = {"color": COLOURS[k], "linestyle": DASHES[k % 4], "label": stage}
        left.plot(T, values, **style)
        part = {key: model.resistive[key] for key in names[: k + 1]}
        partial = DebyeCallaway(model.sound_velocity, model.debye_temperature, part)
        right.plot(omega / 1e12, spectral_conductivity(partial, omega, 300.0) * 1e12, **style)
    fitted = [published[f"kappa_ph_{t}"].value for t in compute.FIT_TEMPERATURES]
    left.plot(compute.FIT_TEMPERATURES, fitted, **BLACK, label="published split, a/T + b")
    left.set(xlim=(295, 505), ylim=(0, 1.25), xlabel="Temperature $T$ (K)")
    left.set_ylabel("Lattice thermal conductivity (W/(m K))")
    left.legend(loc="upper right", fontsize=6.5, ncols=2)
    right.set(xlim=(0, None), ylim=(0, None), xlabel="Angular frequency $\\omega$ (10$^{12}$ rad/s)")
    right.set_ylabel("Spectral $\\kappa_s$, 300 K (W/(m K) by 10$^{12}$ rad/s)")


@caption(
    "Engineering figure of merit from 325 K on, and the efficiency that is estimated from it. Both "
    "materials stand in for those of the source, whose curves are published as pictures."
)
@picture("engineering", "Figure of the engineering ZT", (1, 2), (170.0, 65.0))
def engineering(inputs: SourceInputs, _: Published, axes: list[Axes]) -> None:
    """Engineering ZT and the efficiency it estimates, of the stand-in materials over the hot side."""
    hot = np.linspace(330.0, 500.0, 35)
    for k, (name, label) in enumerate(STAND_INS.items()):
        m = inputs.material(name)
        assert m.seebeck is not None
        curves = (m.seebeck, m.electrical_resistivity, m.thermal_conductivity)
        ZT, estimate = (f(*curves, compute.COLD, hot) for f in (engineering_ZT, efficiency_estimate))
        for ax, values in zip(axes, (ZT, 100.0 * estimate), strict=True):
            ax.plot(hot, values, color=COLOURS[k], linestyle=DASHES[k], label=label)
    for ax, label in zip(axes, ("Engineering $ZT$", "Efficiency by Kim's estimate (%)"), strict=True):
        ax.set(xlim=(compute.COLD, 500), ylim=(0, None), xlabel="Hot side $T_h$ (K)", ylabel=label)
    axes[0].legend(loc="upper left")


@caption(
    "Generator of 17 pairs in one dimension, 473 K to 325 K on the plates, with stand-in materials "
    "and assumed contacts. The source publishes the same sweeps as pictures of a three-dimensional "
    "simulation."
)
@picture("module", "Figures of the module", (1, 3), (178.0, 62.0))
def module(inputs: SourceInputs, _: Published, axes: list[Axes]) -> None:
    """Power and efficiency over A_p/A_n and H/A; voltage and resistance over the temperature difference."""
    first, third = axes[0], axes[2]
    ratios, heights = np.linspace(0.4, 2.2, 10), np.array([0.2, 0.4, 0.8, 1.6]) * 1e3
    power, efficiency = compute.over_ratios(inputs, ratios.tolist(), heights.tolist())
    T_hot = np.linspace(compute.COLD + 10.0, compute.HOT, 9)
    voltage, resistance = compute.over_differences(inputs, T_hot)
    labels = ("Largest power by footprint (mW/cm$^2$)", "Largest efficiency (%)")
    for ax, values, label in zip(axes[:2], (power / 10.0, 100.0 * efficiency), labels, strict=True):
        for k, height in enumerate(heights):
            name = f"{height / 1e3:g} mm$^{{-1}}$"
            ax.plot(ratios, values[k], color=COLOURS[k], marker=MARKERS[k], label=name)
        ax.set(ylim=(0, 1.35 * values.max()), xlabel="Areas of the legs $A_p/A_n$", ylabel=label)
    first.legend(title="$H/(A_p + A_n)$", loc="upper center", ncols=2, fontsize=6.5, title_fontsize=6.5)
    (volts,) = third.plot(T_hot - compute.COLD, voltage, color=COLOURS[0], marker="o", label="$V_{oc}$")
    third.set(xlim=(0, None), ylim=(0, None), xlabel="Temperature difference (K)")
    third.set_ylabel("Open-circuit voltage (V)")
    other = third.twinx()
    (ohms,) = other.plot(T_hot - compute.COLD, resistance, color=COLOURS[1], marker="s", label="$R_{in}$")
    other.set(ylim=(0, 1.6 * resistance.max()), ylabel="Resistance (Ω)")
    third.legend(handles=[volts, ohms], loc="upper left")


FIGURES = (phonons, engineering, module)
