r"""Electrical resistance of electrodes, from the same cosines as their heat.

The current enters and leaves evenly through the footprints of the legs. With f its density for 1 A and Z the
symbol of the layers side by side, their outer face insulated, the power is

.. math:: R = \sum_{mn} \hat f_{mn}^2\,Z(k_{mn}),

with orthonormal cosines. At a terminal the current leaves through the rim beyond the leg, an equipotential:
along that direction the cosines are half-integer, :math:`\cos((m + 1/2)\pi x/L)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ioffe.device.layout import Rectangle
from ioffe.field.folding import cosine_means
from ioffe.field.symbols import BoxLayer, impedance

Array = NDArray[np.float64]
Frame = tuple[Rectangle, ...]
MODES = 320
"""Cosines along each side: what is left out is below 1e-5 of the resistance, as 1/MODES^2."""


def bridge(layers: Sequence[BoxLayer], box: Rectangle, first: Rectangle, second: Rectangle) -> float:
    """Resistance in ohm of an electrode from one leg to another, between their mean potentials.

    `layers`: from the legs outwards, with their electrical conductivities.
    `box`, `first`, `second`: the electrode and the footprints of the legs, in m.

    >>> thin = [BoxLayer(390.0, 1e-6, 5e7)]
    >>> R = bridge(thin, (0.0, 3e-3, 0.0, 1e-3), (0.0, 1e-3, 0.0, 1e-3), (2e-3, 3e-3, 0.0, 1e-3))
    >>> round(R * 5e7 * 1e-6, 4)  # gap + (w + w)/3 over the depth, in squares
    1.6667
    """
    frames = [_placed(box, (first, second))]
    frames += [_mirrored(frame, 0) for frame in frames]
    frames += [_mirrored(frame, 1) for frame in frames]
    frames += [tuple((*r[2:], *r[:2]) for r in frame) for frame in frames]
    # the current may flow either way
    frames += [(whole, b, a) for whole, a, b in frames]
    return _scaled(layers, min(frames), 0.0)


def terminal(layers: Sequence[BoxLayer], box: Rectangle, leg: Rectangle, axis: int, *, low: bool) -> float:
    """Resistance in ohm from the mean potential of a leg to a rim of its electrode.

    `box`, `leg`: the electrode and the footprint of the leg, in m.
    `axis`: along which the current leaves.
    `low`: whether the rim is the one at the lower coordinate.

    >>> thin, square = [BoxLayer(390.0, 1e-6, 5e7)], (0.0, 1e-3, 0.0, 1e-3)
    >>> round(terminal(thin, square, square, 0, low=False) * 5e7 * 1e-6, 4)  # a third of a square
    0.3333
    """
    if axis:
        box, leg = (*box[2:], *box[:2]), (*leg[2:], *leg[:2])
    if low:
        # the rim lies at the end of the cosines
        box, leg = ((-r[1], -r[0], r[2], r[3]) for r in (box, leg))
    frame = _placed(box, (leg,))
    return _scaled(layers, min(frame, _mirrored(frame, 1)), 0.5)


def _placed(box: Rectangle, legs: Sequence[Rectangle]) -> Frame:
    """An electrode and its legs, from the corner of the electrode."""
    x, y = box[0], box[2]
    return tuple(
        (round(r[0] - x, 12), round(r[1] - x, 12), round(r[2] - y, 12), round(r[3] - y, 12))
        for r in (box, *legs)
    )


def _mirrored(frame: Frame, axis: int) -> Frame:
    """The same, seen from the other end of an axis."""
    end = frame[0][2 * axis + 1]
    out = []
    for r in frame:
        low, high = round(end - r[2 * axis + 1], 12), round(end - r[2 * axis], 12)
        out.append((*r[:2], low, high) if axis else (low, high, *r[2:]))
    return tuple(out)


def _scaled(layers: Sequence[BoxLayer], frame: Frame, half: float) -> float:
    """Resistance of a frame; what depends on the shape and on the ratios of the layers is made once."""
    scale = layers[0].electrical
    return _resistance(tuple((x.electrical / scale, x.thickness) for x in layers), frame, half) / scale


@lru_cache(maxsize=256)
def _resistance(layers: tuple[tuple[float, float], ...], frame: Frame, half: float) -> float:
    """Resistance times the conductivity of the first layer, in 1/m."""
    box, *legs = frame
    sides = box[1], box[3]
    f = np.zeros((MODES, MODES))
    for sign, leg in zip((1.0, -1.0), legs, strict=False):
        f += sign * np.multiply.outer(*_means(leg, sides, half))
    return _power([BoxLayer(*layer) for layer in layers], sides, f, half)


def _means(leg: Rectangle, sides: tuple[float, float], half: float) -> tuple[Array, Array]:
    """Means over a leg of the orthonormal cosines along both sides."""
    found = []
    for axis, offset in enumerate((half, 0.0)):
        low, high = np.array(leg[2 * axis : 2 * axis + 2]).reshape(2, 1)
        found.append(cosine_means(low, high, sides[axis], MODES, offset=offset)[0])
    return found[0], found[1]


def _power(layers: Sequence[BoxLayer], sides: tuple[float, float], f: Array, half: float) -> float:
    k = np.hypot(
        *np.meshgrid(
            np.pi * (np.arange(MODES) + half) / sides[0], np.pi * np.arange(MODES) / sides[1], indexing="ij"
        )
    )
    Z = impedance(k, layers, film=0.0)
    # the mean, at a bridge, carries no current
    known = np.isfinite(Z)
    return float(np.sum(f[known] ** 2 * Z[known]))
