"""The generator of 17 pairs in one dimension, over the sizes of its legs; both materials are stand-ins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ioffe.device.conditions import Generator
from ioffe.device.module import Module
from ioffe.device.parts import Contact, Segment
from ioffe.published.source import SourceInputs

__all__ = ["COLD", "HOT", "module_of", "over_differences", "over_ratios"]

Array = NDArray[np.float64]
COLD, HOT = 325.0, 473.0
"""K; the n-type card begins at 323 K."""


def module_of(inputs: SourceInputs, area_ratio: float = 1.0, height_over_area: float | None = None) -> Module:
    """The module of the device file with other legs.

    Parameters
    ----------
    inputs : SourceInputs
        States height, cross-section of a pair and contacts.
    area_ratio : float
        A_p/A_n at the same cross-section of a pair.
    height_over_area : float, optional
        Height over the cross-section of a pair in 1/m; by default that of the inputs.
    """
    found = inputs.device("module").device
    assert isinstance(found, Module)
    pair = inputs["pair_area"]
    height = inputs["leg_height"] if height_over_area is None else height_over_area * pair
    contact = Contact(electrical=inputs["contact_resistivity"])
    share = area_ratio / (1.0 + area_ratio)
    p, n = (
        leg.replace(
            segments=(_longer(leg.segments[0], height),),
            area=part * pair,
            sides=None,
            contact_hot=contact,
            contact_cold=contact,
        )
        for leg, part in ((found.p, share), (found.n, 1.0 - share))
    )
    return found.replace(p=p, n=n)


def over_ratios(
    inputs: SourceInputs, ratios: Sequence[float], heights: Sequence[float]
) -> tuple[Array, Array]:
    """Largest power by footprint (W/m2) and efficiency over A_p/A_n and H/A (1/m).

    Returns
    -------
    tuple of ndarray, each of shape (heights, ratios)
    """
    conditions = Generator(T_hot=HOT, T_cold=COLD)
    found = np.array(
        [
            [
                (result.max_power / device.footprint, result.max_efficiency)
                for device in (module_of(inputs, ratio, height) for ratio in ratios)
                for result in [device.solve(conditions)]
            ]
            for height in heights
        ]
    )
    return found[..., 0], found[..., 1]


def over_differences(inputs: SourceInputs, T_hot: Array) -> tuple[Array, Array]:
    """Open-circuit voltage (V) and resistance (ohm) over the hot side."""
    result = module_of(inputs).solve(Generator(T_hot=T_hot, T_cold=COLD))
    return np.asarray(result.open_circuit_voltage), np.asarray(result.internal_resistance)


def _longer(segment: Segment, height: float) -> Segment:
    return replace(segment, length=height)
