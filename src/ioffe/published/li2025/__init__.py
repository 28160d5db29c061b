"""Li et al., Nat. Commun. 16 (2025), doi 10.1038/s41467-025-56861-3: Sb on MgAgSb, contacts that improve.

What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`, and the pictures.

The generator has stand-in legs, contacts of an age, and heat that bypasses the legs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.plotting import COLOURS, DASHES
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Segment
from ioffe.interface.ageing import Relaxation
from ioffe.interface.barrier import Junction, bending_from_work_functions, contact_resistivity
from ioffe.life import Degradation, Service, solve_life
from ioffe.published.pictures import draw_over_current
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.solve import solve_batch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DAY: Final = 86400.0
COLD: Final = 293.0
"""Cold side in K."""
MEASURED: Final = {
    "fresh": (0.0, 276.0),
    "30_days": (30.0, 275.0),
    "60_days": (60.0, 275.0),
    "100_days": (100.0, 294.0),
}
"""Days in air and temperature difference in K of each measured efficiency."""
SIMULATED: Final = 593.0
"""Hot side in K of the simulation of the source."""
LAYER: Final = 0.5e-3
"""Thickness in m of the interface layers."""


def ageing_law(inputs: SourceInputs) -> Relaxation:
    """Contact resistivity of Sb on MgAgSb in air at 573 K, through the two published values."""
    fresh, aged, time = inputs["rho_c_fresh"], inputs["rho_c_aged"], inputs["ageing_time"]
    left = np.exp(-30.0 * DAY / time)
    return Relaxation(fresh, float((aged - fresh * left) / (1.0 - left)), time)


def generator(inputs: SourceInputs, *, lossless: bool = False) -> Module:
    """The two pairs with contacts after 30 days; `lossless` leaves out heat that bypasses the legs."""
    module = inputs.module("module")
    return module.replace(filler=None) if lossless else module


def operated(module: Module, T_hot: ArrayLike, rho_c: ArrayLike, aim: str) -> BatchResult:
    """Modules at an aim, one for each hot side in K and contact resistivity of the p-legs in ohm m2."""
    hot, rho = (np.asarray(a, float) for a in (T_hot, rho_c))
    one = Generator(T_hot=float(hot.flat[0]), T_cold=COLD, current=aim)
    return solve_batch(module, one, {"T_hot": hot, "p.contact.electrical": rho}, engine="numpy")


def with_layers(leg: Leg, metal: str, thickness: float) -> Leg:
    """A leg with a layer (m) of a metal at both ends; it stays as long as before.

    The contact of the leg lies between the layer and the leg.
    """
    layer = Segment(metal, thickness)
    segments = (layer, *leg.segments, layer)
    between = (leg.contact_hot, leg.contact_cold)
    return Leg(segments=segments, area=leg.area, between=between, carrier=leg.carrier)


def work_functions(inputs: SourceInputs) -> dict[str, float]:
    """Band bending of Sb on MgAgSb."""
    bending = bending_from_work_functions(inputs["work_function_Sb"], inputs["work_function_MgAgSb"], "p")
    return {"bending": float(bending)}


def barrier(inputs: SourceInputs) -> dict[str, float]:
    """Contact resistivity of that barrier, and how a higher doping lowers it."""
    fresh = contact(inputs, inputs["doping"])
    aged = contact(inputs, inputs["doping"] * inputs["doping_rise"])
    return {"rho_c_fresh": fresh, "rho_c_30_days": inputs["rho_c_fresh"] * aged / fresh}


def contact(inputs: SourceInputs, doping: Any, permittivity: float | None = None) -> Any:
    """Contact resistivity in ohm m2 at dopings in 1/m3; by default with the permittivity of the inputs."""
    eps = inputs["permittivity"] if permittivity is None else permittivity
    return contact_resistivity(Junction(inputs["barrier"], doping, 300.0, eps, inputs["effective_mass"]))


def geometry(inputs: SourceInputs) -> dict[str, float]:
    """Cross-section of the legs over the published footprint."""
    module = inputs.module("module")
    return {"fill_factor": module.couples * (module.p.area + module.n.area) / inputs["footprint"]}


def measured(inputs: SourceInputs) -> dict[str, float]:
    """Efficiency and power of the module with contacts of each age."""
    module, law = generator(inputs), ageing_law(inputs)
    days, drops = (np.array(column) for column in zip(*MEASURED.values(), strict=True))
    rho = law.at(days * DAY)
    best = operated(module, COLD + drops, rho, "max_efficiency").efficiency
    power = operated(module, COLD + drops[-1:], rho[-1:], "max_power").power[0]
    found = {f"efficiency_{name}": value for name, value in zip(MEASURED, best, strict=True)}
    return {
        **found,
        "efficiency_gain": best[1] - best[0],
        "power_100_days": power,
        "power_density_100_days": power / inputs["footprint"],
    }


def simulated(inputs: SourceInputs) -> dict[str, float]:
    """The source's simulation: no heat beside the legs, contacts after 30 days."""
    module, rho = generator(inputs, lossless=True), inputs["rho_c_aged"]
    best, most = (operated(module, [SIMULATED], [rho], aim) for aim in ("max_efficiency", "max_power"))
    share = best.power[0] / most.power[0]
    power = inputs["measured_power"] * ((SIMULATED - COLD) / MEASURED["100_days"][1]) ** 2
    return {"efficiency_simulated": best.efficiency[0], "efficiency_mixed": share * power / best.heat_hot[0]}


COMPUTATIONS = (work_functions, barrier, geometry, measured, simulated)


HOT = (373.0, 423.0, 473.0, 523.0, 573.0, 593.0)
DAYS = np.linspace(0.0, 100.0, 41)
METALS = ("Ag", "Cu", "Ni", "Fe", "Sb", "304 stainless steel")
THICKNESSES = np.array([0.05e-3, 0.25e-3, 0.5e-3, 0.75e-3, 1.0e-3])


@caption(
    "Two pairs of MgAgSb and Mg3(Sb,Bi)2 between 293 K and six hot sides, contacts after 30 days. "
    "Library samples stand in for both legs. Black: largest power and efficiency as published."
)
@picture("module", "Figures of the module", (2, 2), (160.0, 125.0))
def draw_module(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Voltage, power, heat and efficiency over the current at all hot sides."""
    panels: dict[str, Axes] = dict(zip(("voltage", "power", "heat_hot", "efficiency"), axes, strict=True))
    draw_over_current(panels, generator(inputs), HOT, COLD, [f"{hot:g} K" for hot in HOT])
    _level(axes[1], 1e3 * published["power_100_days"].value, "published, 587 K")
    _level(axes[3], 100.0 * published["efficiency_100_days"].value, "published, 587 K")
    _level(axes[3], 100.0 * published["efficiency_simulated"].value, "simulated by the source, 593 K", ":")
    axes[1].set(ylim=(0, 520))
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
def draw_ageing(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Contact resistivity and efficiency over 100 days in air."""
    law, hot = ageing_law(inputs), COLD + MEASURED["30_days"][1]
    at = Generator(T_hot=hot, T_cold=COLD, current="max_efficiency")
    parts = [Degradation("p.contact.electrical", law)]
    oven = Service.constant(100.0 * DAY, temperature=573.0)
    options: dict[str, Any] = {"times": DAYS * DAY, "bands": "none", "engine": "numpy"}
    life = solve_life(generator(inputs), at, parts, oven, **options)
    rho = 1e10 * np.asarray(law.at(DAYS * DAY))
    axes[0].plot(DAYS, rho, color=COLOURS[0], label="law through both points")
    ends = [1e10 * inputs[name] for name in ("rho_c_fresh", "rho_c_aged")]
    axes[0].plot([0.0, 30.0], ends, **BLACK, label="published")
    axes[0].set(ylim=(0, 25), ylabel=r"Contact resistivity $\rho_c$ (µΩ cm²)")
    efficiency = 100.0 * np.asarray(life.max_efficiency)
    axes[1].plot(DAYS, efficiency, color=COLOURS[0], label=f"computed, {hot - COLD:g} K")
    for k, (name, (days, drop)) in enumerate(MEASURED.items()):
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
def draw_barrier(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Contact resistivity of the barrier over the doping."""
    N, (ax,) = np.geomspace(1e24, 2e26, 60), axes
    for k, eps in enumerate((10.0, 20.0, 50.0)):
        rho = 1e10 * contact(inputs, N, eps)
        ax.plot(N / 1e25, rho, color=COLOURS[k], linestyle=DASHES[k], label=f"permittivity {eps:g}")
    start, of = inputs["doping"], inputs["permittivity"]
    times = published["rho_c_fresh"].value / float(contact(inputs, start))
    ax.plot(
        N / 1e25,
        1e10 * times * contact(inputs, N),
        color="grey",
        linestyle=":",
        label=f"{of:g}, times {times:.0f}",
    )
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
    "One p-type leg with layers of one metal at both ends, 593 K to 293 K, as the source compares interface "
    "metals: with each other, on one leg; dotted: its 0.5 mm. Conductivities are those near 300 K where the "
    "card has no others."
)
@picture("layers", "Comparison of interface metals", (1, 2), (160.0, 68.0))
def draw_layers(inputs: SourceInputs, _: Published, axes: list[Axes]) -> None:
    """Largest efficiency and power of a p-type leg with interface layers of several metals."""
    bare = generator(inputs, lossless=True).p
    paths = [f"segments[{end}].length" for end in (0, 2)]
    for k, metal in enumerate(METALS):
        device = with_layers(bare, metal, THICKNESSES[0])
        style: dict[str, Any] = {"color": COLOURS[k], "linestyle": DASHES[k % 4], "label": metal}
        for ax, (of, scale) in zip(axes, {"efficiency": 100.0, "power": 1e3}.items(), strict=True):
            at = Generator(T_hot=SIMULATED, T_cold=COLD, current=f"max_{of}")
            found = solve_batch(device, at, dict.fromkeys(paths, THICKNESSES), engine="numpy").values[of]
            ax.plot(1e3 * THICKNESSES, scale * found, **style)
    for ax, label in zip(axes, ("efficiency (%)", "power (mW)"), strict=True):
        ax.axvline(1e3 * LAYER, color="black", linestyle=":", linewidth=0.9)
        ax.set(xlim=(0, 1.05), xlabel="Thickness at each end (mm)", ylabel=f"Largest {label}")
    axes[0].legend(loc="lower left", ncols=2)


def _level(ax: Axes, value: float, label: str, style: str = "--") -> None:
    ax.axhline(value, color="black", linestyle=style, linewidth=0.9, label=label)


FIGURES = (draw_module, draw_ageing, draw_barrier, draw_layers)
