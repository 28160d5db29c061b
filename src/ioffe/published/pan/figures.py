"""Pictures of the source: phonons, engineering figure of merit, the module over the sizes of its legs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES, MARKERS, look, new_figure
from ioffe.published.pan.compute import FIT_TEMPERATURES, phonon_model
from ioffe.published.pan.module import COLD, HOT, over_differences, over_ratios
from ioffe.published.source import Drawn, SourceInputs
from ioffe.published.value import PublishedValue
from ioffe.transport.engineering import efficiency_estimate, engineering_ZT
from ioffe.transport.phonon_spectrum import spectral_conductivity
from ioffe.transport.phonons import DebyeCallaway

__all__ = ["FIGURES"]

STAND_INS = {
    "Bi0.48Sb1.52Te3": "p: Bi$_{0.48}$Sb$_{1.52}$Te$_3$",
    "Bi2Te2.7Se0.3": "n: Bi$_2$Te$_{2.7}$Se$_{0.3}$",
}
STAGES = ("U", "U + PD", "U + PD + GB", "U + PD + GB + D", "U + PD + GB + D + SP")


def phonons(inputs: SourceInputs, published: Mapping[str, PublishedValue]) -> Drawn:
    """Lattice conductivity by contributions, and its spectrum at 300 K."""
    model = phonon_model(inputs)
    T = np.linspace(300.0, 500.0, 41)
    with look():
        figure, (left, right) = new_figure(1, 2, width=170.0, height=70.0)
        stages = zip(STAGES, model.contributions(T).values(), strict=True)
        for k, (name, values) in enumerate(stages):
            left.plot(T, values, color=COLOURS[k], linestyle=DASHES[k % 4], label=name)
        fitted = [published[f"kappa_ph_{t}"].value for t in FIT_TEMPERATURES]
        left.plot(FIT_TEMPERATURES, fitted, "o", color="black", label="published split, a/T + b")
        left.set(xlim=(295, 505), ylim=(0, 1.25))
        left.set_xlabel("Temperature $T$ (K)")
        left.set_ylabel("Lattice thermal conductivity (W/(m K))")
        left.legend(loc="upper right", fontsize=6.5, ncols=2)
        omega = np.linspace(1e10, float(model.debye_frequency), 400)
        names = list(model.resistive)
        for k, name in enumerate(STAGES):
            part = {key: model.resistive[key] for key in names[: k + 1]}
            partial = DebyeCallaway(model.sound_velocity, model.debye_temperature, part)
            spectrum = spectral_conductivity(partial, omega, 300.0)
            right.plot(omega / 1e12, spectrum * 1e12, color=COLOURS[k], linestyle=DASHES[k % 4], label=name)
        right.set(xlim=(0, None), ylim=(0, None))
        right.set_xlabel("Angular frequency $\\omega$ (10$^{12}$ rad/s)")
        right.set_ylabel("Spectral $\\kappa_s$, 300 K (W/(m K) by 10$^{12}$ rad/s)")
    caption = (
        "Left: Debye-Callaway model of x = 0.08 with the scattering by Umklapp (U), point defects (PD), "
        "grain boundaries (GB), dislocations (D) and precipitates (SP) switched on one after the other, "
        "and what the source split from its measurement. Right: its spectrum at 300 K."
    )
    return Drawn("phonons", "Figures of the lattice thermal conductivity", caption, figure)


def engineering(inputs: SourceInputs, _: Mapping[str, PublishedValue]) -> Drawn:
    """Engineering ZT and the efficiency it estimates, of the stand-in materials over the hot side."""
    cold, hot = COLD, np.linspace(330.0, 500.0, 35)
    with look():
        figure, (left, right) = new_figure(1, 2, width=170.0, height=65.0)
        for k, (name, label) in enumerate(STAND_INS.items()):
            m = inputs.material(name)
            assert m.seebeck is not None
            curves = (m.seebeck, m.electrical_resistivity, m.thermal_conductivity)
            ZT = engineering_ZT(*curves, cold, hot)
            left.plot(hot, ZT, color=COLOURS[k], linestyle=DASHES[k], label=label)
            estimate = 100.0 * efficiency_estimate(*curves, cold, hot)
            right.plot(hot, estimate, color=COLOURS[k], linestyle=DASHES[k], label=label)
        for axes in (left, right):
            axes.set(xlim=(cold, 500), ylim=(0, None))
            axes.set_xlabel("Hot side $T_h$ (K)")
        left.set_ylabel("Engineering $ZT$")
        right.set_ylabel("Efficiency by Kim's estimate (%)")
        left.legend(loc="upper left")
    caption = (
        "Engineering figure of merit from 325 K on, and the efficiency that is estimated from it. Both "
        "materials stand in for those of the source, whose curves are published as pictures."
    )
    return Drawn("engineering", "Figure of the engineering ZT", caption, figure)


def module(inputs: SourceInputs, _: Mapping[str, PublishedValue]) -> Drawn:
    """Power and efficiency over A_p/A_n and H/A; voltage and resistance over the temperature difference."""
    ratios, heights = np.linspace(0.4, 2.2, 10), np.array([0.2, 0.4, 0.8, 1.6]) * 1e3
    power, efficiency = over_ratios(inputs, ratios.tolist(), heights.tolist())
    T_hot = np.linspace(COLD + 10.0, HOT, 9)
    voltage, resistance = over_differences(inputs, T_hot)
    with look():
        figure, (first, second, third) = new_figure(1, 3, width=178.0, height=62.0)
        for k, height in enumerate(heights):
            label = f"{height / 1e3:g} mm$^{{-1}}$"
            first.plot(ratios, power[k] / 10.0, color=COLOURS[k], marker=MARKERS[k], label=label)
            second.plot(ratios, 100.0 * efficiency[k], color=COLOURS[k], marker=MARKERS[k])
        first.set_ylabel("Largest power by footprint (mW/cm$^2$)")
        second.set_ylabel("Largest efficiency (%)")
        for axes, values in ((first, power / 10.0), (second, 100.0 * efficiency)):
            axes.set_xlabel("Areas of the legs $A_p/A_n$")
            axes.set(ylim=(0, 1.35 * values.max()))
        first.legend(title="$H/(A_p + A_n)$", loc="upper center", ncols=2, fontsize=6.5, title_fontsize=6.5)
        (volts,) = third.plot(T_hot - COLD, voltage, color=COLOURS[0], marker="o", label="$V_{oc}$")
        third.set_xlabel("Temperature difference (K)")
        third.set_ylabel("Open-circuit voltage (V)")
        third.set(xlim=(0, None), ylim=(0, None))
        other = third.twinx()
        (ohms,) = other.plot(T_hot - COLD, resistance, color=COLOURS[1], marker="s", label="$R_{in}$")
        other.set_ylabel("Resistance (Ω)")
        other.set(ylim=(0, 1.6 * resistance.max()))
        third.legend(handles=[volts, ohms], loc="upper left")
    caption = (
        "Generator of 17 pairs in one dimension, 473 K to 325 K on the plates, with stand-in materials "
        "and assumed contacts. The source publishes the same sweeps as pictures of a three-dimensional "
        "simulation."
    )
    return Drawn("module", "Figures of the module", caption, figure)


FIGURES = (phonons, engineering, module)
