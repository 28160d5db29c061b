"""Pictures of the source: the module over the current, its contacts and efficiency with age, the barrier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES
from ioffe.device.conditions import Generator
from ioffe.life import Degradation, Service, solve_life
from ioffe.published.li2025 import compute
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture
from ioffe.solve.batch.solve import solve_batch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HOT = (373.0, 423.0, 473.0, 523.0, 573.0, 593.0)
DAYS = np.linspace(0.0, 100.0, 41)
METALS = ("Ag", "Cu", "Ni", "Fe", "Sb", "304 stainless steel")
THICKNESSES = np.array([0.05e-3, 0.25e-3, 0.5e-3, 0.75e-3, 1.0e-3])


@caption(
    "Two pairs of MgAgSb and Mg3(Sb,Bi)2 between 293 K and six hot sides, contacts after 30 days. "
    "Library samples stand in for both legs. Black: largest power and efficiency as published."
)
@picture("module", "Figures of the module", (2, 2), (160.0, 125.0))
def module(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Voltage, power, heat and efficiency over the current at all hot sides."""
    at = Generator(T_hot=list(HOT), T_cold=compute.COLD, current="sweep")
    found = compute.generator(inputs).solve(at, maxima=False)
    panels = (
        ("Voltage (mV)", found.voltage, 1e3),
        ("Power (W)", found.power, 1.0),
        ("Heat at the hot side (W)", found.heat_hot, 1.0),
        ("Efficiency (%)", found.efficiency, 100.0),
    )
    for ax, (label, values, scale) in zip(axes, panels, strict=True):
        for k, hot in enumerate(HOT):
            ax.plot(found.current[k], scale * values[k], color=COLOURS[k], label=f"{hot:g} K")
        ax.set(xlim=(0, None), ylim=(0, None), xlabel="Current $I$ (A)", ylabel=label)
    axes[0].legend(title="hot side", ncols=2, loc="upper right")
    _level(axes[1], published["power_100_days"].value, "published, 587 K")
    _level(axes[3], 100.0 * published["efficiency_100_days"].value, "published, 587 K")
    _level(axes[3], 100.0 * published["efficiency_simulated"].value, "simulated by the source, 593 K", ":")
    axes[1].set(ylim=(0, 0.52))
    axes[3].set(ylim=(0, 14.0))
    for ax in (axes[1], axes[3]):
        ax.legend(handles=ax.lines[len(HOT) :], loc="upper left", fontsize=6.5)


@caption(
    "Sb on MgAgSb: contact resistivity with the law of relaxation through the two published values, "
    "and what it makes of the efficiency. The time constant is assumed. The contacts are too good from "
    "the start to be seen in the efficiency: its published rise of 0.2 % is little more than "
    "the rounding of both numbers."
)
@picture("ageing", "Figures of contact and module", (1, 2), (160.0, 68.0))
def ageing(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Contact resistivity and efficiency over 100 days in air."""
    law, hot = compute.ageing_law(inputs), compute.COLD + compute.MEASURED["30_days"][1]
    at = Generator(T_hot=hot, T_cold=compute.COLD, current="max_efficiency")
    parts = [Degradation("p.contact.electrical", law)]
    oven = Service.constant(100.0 * compute.DAY, temperature=573.0)
    options: dict[str, Any] = {"times": DAYS * compute.DAY, "bands": "none", "engine": "numpy"}
    life = solve_life(compute.generator(inputs), at, parts, oven, **options)
    rho = 1e10 * np.asarray(law.at(DAYS * compute.DAY))
    axes[0].plot(DAYS, rho, color=COLOURS[0], label="law through both points")
    ends = [1e10 * inputs[name] for name in ("rho_c_fresh", "rho_c_aged")]
    axes[0].plot([0.0, 30.0], ends, **BLACK, label="published")
    axes[0].set(ylim=(0, 25), ylabel=r"Contact resistivity $\rho_c$ (µΩ cm²)")
    efficiency = 100.0 * np.asarray(life.max_efficiency)
    axes[1].plot(DAYS, efficiency, color=COLOURS[0], label=f"computed, {hot - compute.COLD:g} K")
    for k, (name, (days, drop)) in enumerate(compute.MEASURED.items()):
        value, marker = 100.0 * published[f"efficiency_{name}"].value, "s" if drop > 280 else "o"
        label = {0: "published, 275 and 276 K", 3: "published, 294 K"}.get(k)
        axes[1].plot(days, value, marker, color="black", label=label)
    axes[1].set(ylim=(6, 10), ylabel="Largest efficiency (%)")
    for ax in axes:
        ax.set(xlim=(-4, 104), xlabel="Time in air at 573 K (days)")
        ax.legend(loc="upper right")


@caption(
    "Barrier of 0.16 eV from the work functions of Sb and MgAgSb at 300 K. An ideal interface is some "
    "hundred times better than the measured one; with that factor kept, a doping that rises by 2.2 "
    "explains the fall from 20.8 to 7.9 µΩ cm². The doping is assumed."
)
@picture("barrier", "Mechanism", (1, 1), (140.0, 82.0))
def barrier(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Contact resistivity of the barrier over the doping."""
    N, (ax,) = np.geomspace(1e24, 2e26, 60), axes
    for k, eps in enumerate((10.0, 20.0, 50.0)):
        rho = 1e10 * compute.contact(inputs, N, eps)
        ax.plot(N / 1e25, rho, color=COLOURS[k], linestyle=DASHES[k], label=f"permittivity {eps:g}")
    start, of = inputs["doping"], inputs["permittivity"]
    times = published["rho_c_fresh"].value / float(compute.contact(inputs, start))
    scaled = 1e10 * times * compute.contact(inputs, N)
    ax.plot(N / 1e25, scaled, color="grey", linestyle=":", label=f"{of:g}, times {times:.0f}")
    ends = [start / 1e25, start * inputs["doping_rise"] / 1e25]
    points = [1e10 * published[key].value for key in ("rho_c_fresh", "rho_c_30_days")]
    ax.plot(ends, points, **BLACK, label="published, fresh and after 30 days")
    ax.set(
        xscale="log",
        yscale="log",
        ylim=(1e-3, 200),
        xlabel="Doping at the interface (10$^{19}$ cm$^{-3}$)",
        ylabel=r"Contact resistivity $\rho_c$ (µΩ cm²)",
    )
    ax.xaxis.set_major_formatter("{x:g}")
    ax.legend(loc="lower left", fontsize=6.5)


@caption(
    "Layers of one metal at both ends of all legs, 593 K to 293 K, against legs without; dotted: the "
    "0.5 mm of the source. Conductivities are those near 300 K where the card has no others."
)
@picture("layers", "Comparison of interface metals", (1, 2), (160.0, 68.0))
def layers(inputs: SourceInputs, _: Published, axes: list[Axes]) -> None:
    """Efficiency and power with interface layers of several metals."""
    bare = compute.generator(inputs, lossless=True)
    one = Generator(T_hot=compute.SIMULATED, T_cold=compute.COLD, current="max_efficiency")
    reference = bare.solve(one.replace(current="max_power"))
    paths = [f"{kind}.segments[{end}].length" for kind in ("p", "n") for end in (0, 2)]
    aims = {"efficiency": reference.max_efficiency, "power": reference.max_power}
    for k, metal in enumerate(METALS):
        device = compute.with_layers(bare, metal, metal, THICKNESSES[0])
        style: dict[str, Any] = {"color": COLOURS[k], "linestyle": DASHES[k % 4], "label": metal}
        for ax, (of, top) in zip(axes, aims.items(), strict=True):
            at, varied = one.replace(current=f"max_{of}"), dict.fromkeys(paths, THICKNESSES)
            found = solve_batch(device, at, varied, engine="numpy").values[of]
            ax.plot(1e3 * THICKNESSES, 100.0 * (found / top - 1.0), **style)
    for ax, of in zip(axes, aims, strict=True):
        ax.axvline(1e3 * compute.LAYER, color="black", linestyle=":", linewidth=0.9)
        ax.set(xlim=(0, 1.05), ylim=(-8, 0.5))
        ax.set(xlabel="Thickness at each end (mm)", ylabel=f"Change of largest {of} (%)")
    axes[0].legend(loc="lower left", ncols=2)


def _level(ax: Axes, value: float, label: str, style: str = "--") -> None:
    ax.axhline(value, color="black", linestyle=style, linewidth=0.9, label=label)


FIGURES = (module, ageing, barrier, layers)
