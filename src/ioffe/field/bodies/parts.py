"""Which part of a device each body is: its role, and its path in a device file."""

from __future__ import annotations

from collections.abc import Mapping

from ioffe.device.parts import stack_parts
from ioffe.field.bodies.scene import Array, Axes, Body
from ioffe.field.elements.solids import SolidModule, leg_at


def body_of(solid: SolidModule, k: int, axes: Axes, values: Mapping[str, Array]) -> Body:
    """The body of the k-th solid."""
    one = solid.solids[k]
    if one.part == "leg":
        carrier = "n" if one.owner % 2 else "p"
        label = one.name if len(solid.plan.legs) <= 2 else f"{one.name} ({one.owner})"
        return Body(label, carrier, _path_of_leg(solid, k, carrier), axes, values)
    roles = {"solder": "solder", "electrode": "metal"}
    plain = "ceramic" if one.material.electrical is None else "metal"
    return Body(
        one.name, roles.get(one.part, plain), f"module.{one.side}[{place_of(solid, k)}]", axes, values
    )


def _path_of_leg(solid: SolidModule, k: int, carrier: str) -> str:
    owner = solid.solids[k].owner
    layout = solid.module.layout
    differs = layout is not None and owner in dict(layout.legs)
    place = f"module.layout.legs.{owner}" if differs else f"module.{carrier}"
    segments = leg_at(solid.module, owner).segments
    if len(segments) == 1:
        return place
    # solids of a leg are listed from the cold end, segments from the hot one
    return f"{place}.segments[{len(segments) - 1 - solid.of_leg[owner].index(k)}]"


def place_of(solid: SolidModule, k: int) -> int:
    """Place in its stack, counted from the legs outwards, of the layer that a solid is of."""
    one = solid.solids[k]
    heights = sorted({s.z for s in solid.solids if (s.part, s.side) == (one.part, one.side)})
    rank = heights.index(one.z)
    places: tuple[int, ...] = getattr(stack_parts(getattr(solid.module, one.side)), one.part)
    return places[rank if one.side == "hot" else len(heights) - 1 - rank]
