"""Panels that several sources draw alike: curves of a material, and a device over the current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.plotting import COLOURS, DASHES
from ioffe.device.conditions import Generator
from ioffe.material.material import Material
from ioffe.published.source import BLACK, seebeck_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVES = {
    "voltage": ("Voltage (mV)", 1e3),
    "power": ("Power (mW)", 1e3),
    "efficiency": ("Efficiency (%)", 100.0),
    "heat_hot": ("Heat at the hot side (W)", 1.0),
}
"""Label and factor of what is drawn over the current."""
PROPERTIES = {
    "seebeck": ("Seebeck coefficient (µV/K)", 1e6),
    "electrical_conductivity": ("Electrical conductivity (S/cm)", 0.01),
    "thermal_conductivity": ("Thermal conductivity (W/(m K))", 1.0),
    "zT": ("Figure of merit $zT$", 1.0),
}
"""Label and factor of the curves of a material."""


def draw_curves(
    axes: Sequence[Axes],
    material: Material,
    points: Mapping[str, Mapping[float, float]],
    limits: tuple[float, float],
) -> None:
    """Four curves of a rebuilt material, each with numbers of the text in SI at temperatures in K."""
    T = np.linspace(*material.T_range, 120)
    values = (
        seebeck_of(material, T),
        material.electrical_conductivity(T),
        material.known_thermal_conductivity(T),
        material.zT(T),
    )
    for ax, (name, (label, scale)), curve in zip(axes, PROPERTIES.items(), values, strict=True):
        drawn = scale * np.asarray(curve)
        ax.plot(T, drawn, color=COLOURS[0], label="rebuilt curve")
        stated = points.get(name, {})
        if stated:
            ax.plot(list(stated), [scale * value for value in stated.values()], **BLACK, label="published")
        ends = sorted((0.0, 1.18 * drawn[np.argmax(np.abs(drawn))]))
        ax.set(xlim=limits, ylim=ends, xlabel="Temperature $T$ (K)", ylabel=label)


def draw_over_current(
    panels: Mapping[str, Axes], device: Any, T_hot: ArrayLike, T_cold: float, labels: Sequence[str]
) -> None:
    """Quantities of a generator from open to short circuit, one curve for each hot side in K."""
    at = Generator(T_hot=np.asarray(T_hot, float), T_cold=T_cold, current="sweep")
    found = device.solve(at, maxima=False)
    for name, ax in panels.items():
        label, scale = CURVES[name]
        for k, (current, values) in enumerate(zip(found.current, getattr(found, name), strict=True)):
            style: dict[str, Any] = {
                "color": COLOURS[k % (len(COLOURS) - 1)],
                "linestyle": DASHES[k // 3 % 4],
            }
            ax.plot(current, scale * values, **style, label=labels[k])
        ax.set(xlim=(0, None), ylim=(0, None), xlabel="Current $I$ (A)", ylabel=label)
