"""Bodies of a module whose plates are in cosines: faces of plates and electrodes, profiles of legs.

Between the two faces of a plate or of an electrode temperatures are linear over the thermal resistance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ioffe.device.layout import Rectangle
from ioffe.device.leg import Leg
from ioffe.device.parts import stack_parts
from ioffe.engine import newton as engine
from ioffe.engine.elements import Plate
from ioffe.engine.network import Drive, Solution
from ioffe.field.bodies.parts import body_of, place_of
from ioffe.field.bodies.scene import Array, Body, BodyScene
from ioffe.field.elements.solids import SolidModule, leg_at, solids_of
from ioffe.field.module import FieldModule, field_module, kinds_of_legs, sheets
from ioffe.field.newton import Plates
from ioffe.field.side import SideFaces
from ioffe.field.symbols import BoxLayer
from ioffe.result.profile import Profile
from ioffe.result.steady import Result
from ioffe.solve.profile import Point
from ioffe.solve.task import ROOM

MOST_LINES = {"plate": 81, "electrode": 7}
"""Most grid lines of a body along x and y."""
LEG_LINES = 17
"""Grid lines along a segment."""
PIECE = 1e-12
"""Distance in m between rows of a profile below which another piece begins."""
NOT_KNOWN = "current inside electrodes and heat flux inside plates are known at fidelity full"


class _LegProfile(NamedTuple):
    """What is known of a leg, piece by piece, and of its solder."""

    pieces: list[tuple[Array, Array, Array, Array]]
    """Distance from the hot end, temperature, potential above that of the hot end, and heat flux."""
    drop: float
    """Potential of the cold end above that of the hot one."""
    solder: dict[tuple[str, int], tuple[float, float]]
    """Temperatures of the lower and upper face of each layer of solder, by its side and place."""


def cosine_scene(result: Result, solution: Any, k: int) -> BodyScene:
    """Temperature, potential, and in the legs current density and heat flux of a solved module.

    `result`: at fidelity 3d.
    `k`: case of the solution.
    """
    module: Any = result.device
    made = field_module(module, result.conditions)
    solid = solids_of(module, made.plan)
    current = float(solution.current[k])
    layers, plates = _plates(made, module, solution, k)
    faces = {
        side: _faces(made, plates, solution, k, side) for side in ("hot", "cold") if getattr(module, side)
    }
    profiles = _leg_profiles(result, solution, k)
    electrodes, legs = _potentials(made, plates, profiles, current)
    found: list[Body] = []
    for i, one in enumerate(solid.solids):
        if one.part in ("leg", "solder"):
            found.append(_of_leg(solid, i, profiles[one.owner], legs[one.owner], current))
            continue
        share = _shares(layers[one.side], getattr(stack_parts(getattr(module, one.side)), one.part))
        body = _of_layer(solid, i, faces[one.side], share[place_of(solid, i)])
        if one.part == "electrode":
            level = electrodes[one.side][one.owner]
            values = {**body.values, "electric_potential": np.full(body.shape, level)}
            body = Body(body.label, body.role, body.group, body.axes, values)
        found.append(body)
    return BodyScene(tuple(found), (NOT_KNOWN,))


def electrode_resistance(result: Result, solution: Any, k: int) -> float:
    """Resistance in ohm of all electrodes and terminals of a module at fidelity 3d.

    `k`: case of the solution.
    """
    module: Any = result.device
    _, plates = _plates(field_module(module, result.conditions), module, solution, k)
    return plates.resistance - module.series_resistance


def _plates(made: FieldModule, module: Any, s: Any, k: int) -> tuple[dict[str, tuple[BoxLayer, ...]], Plates]:
    """Both sides with conductivities at the mean temperatures of their layers, and these layers."""
    heats = np.array([s.heat_hot[[k]], s.heat_cold[[k]]])
    values, plates = made.plates(made.conductivities(s.T[:2, [k]], s.T[2:, [k]], heats)[0])
    return sheets(module, values), plates


def _faces(made: FieldModule, plates: Plates, s: Any, k: int, side: str) -> SideFaces:
    """Temperatures in K of all faces of a side."""
    hot = side == "hot"
    ports, resistances = (plates.hot, plates.joule_hot) if hot else (plates.cold, plates.joule_cold)
    heats = float(s.current[k]) ** 2 * resistances
    through = s.ports[2 if hot else 3, :, k]
    count, sign = len(through), -1.0 if hot else 1.0
    heats[:count] += sign * through
    if made.gap is not None:
        # what the legs do not carry
        total = float((s.heat_hot if hot else s.heat_cold)[k])
        joule = float(s.current[k]) ** 2 * float(resistances.sum())
        heats[count] += sign * (total - sign * joule - float(through.sum()))
    finest = ports.sides[-1]
    found, behind = finest.faces(heats), float(s.T[0 if hot else 1, k])
    # cells of zero width are known of the mean temperature of each electrode
    bodies = (ports.apply(heats[None]) - finest.respond(heats[None]))[0, ports.legs :]
    electrodes, under = (
        tuple(behind + shift + T for T, shift in zip(each, bodies, strict=True)) for each in found[:2]
    )
    return SideFaces(electrodes, under, behind + found.plate, behind + found.outer)


def _shares(layers: tuple[BoxLayer, ...], places: tuple[int, ...]) -> dict[int, tuple[float, float]]:
    """Share of a thermal resistance that lies inside of the inner and of the outer face of each layer."""
    shares, so_far = {}, 0.0
    for i in places:
        inner = so_far + layers[i].interface
        so_far = inner + layers[i].resistance
        shares[i] = inner, so_far
    return {i: (a / so_far, b / so_far) for i, (a, b) in shares.items()}


def _of_layer(solid: SolidModule, k: int, faces: SideFaces, share: tuple[float, float]) -> Body:
    """A layer of a plate or of an electrode, between its two faces."""
    one = solid.solids[k]
    plate = one.part == "plate"
    both = (faces.plate, faces.outer) if plate else (faces.electrodes[one.owner], faces.under[one.owner])
    lines = _lines(one.rectangle, both[0].shape, MOST_LINES[one.part])
    inner, outer = (_at(T, one.rectangle, lines) for T in both)
    ends = [inner + s * (outer - inner) for s in share]
    T = np.stack(ends if one.side == "hot" else ends[::-1], axis=-1)
    return body_of(solid, k, (*lines, np.array(one.z)), {"temperature": T})


def _lines(box: Rectangle, shape: tuple[int, ...], most: int) -> tuple[Array, Array]:
    """Grid lines over a rectangle in so many cells: its edges and places between."""
    x, y = (min(n + 1, most) for n in shape)
    return np.linspace(box[0], box[1], x), np.linspace(box[2], box[3], y)


def _at(T: Array, box: Rectangle, lines: tuple[Array, Array]) -> Array:
    """Values of cells at grid lines of a rectangle, linear between the middles of cells.

    The cells are those of the rectangle with its sides rounded to whole ones.
    """
    for axis, along in enumerate(lines):
        n, (start, end) = T.shape[axis], box[2 * axis : 2 * axis + 2]
        place = np.clip((along - start) / (end - start) * n - 0.5, 0.0, n - 1.0)
        i = np.minimum(place.astype(int), max(n - 2, 0))
        weight = np.expand_dims(place - i, 1 - axis)
        T = (1.0 - weight) * np.take(T, i, axis) + weight * np.take(T, np.minimum(i + 1, n - 1), axis)
    return T


def _leg_profiles(result: Result, s: Any, k: int) -> list[_LegProfile]:
    """Profiles of all legs between the temperatures of their ports."""
    module: Any = result.device
    current, ports = s.current[k], s.ports[:, :, k]
    out: list[_LegProfile] = [_LegProfile([], 0.0, {})] * (2 * module.couples)
    for kind, index in kinds_of_legs(module):
        ambient = np.full(len(index), result.conditions.T_ambient or ROOM)
        ends = {"T_hot": ports[0, index], "T_cold": ports[1, index], "current": np.full(len(index), current)}
        alone: Solution = engine.solve(
            kind.network, Drive(ambient=ambient, **ends), tolerance=result.tolerance
        )
        plates = [e for e in kind.network.passive if isinstance(e, Plate)]
        # layers of solder from the outside inwards, the hot ones first
        places = [
            (side, i) for side in ("hot", "cold") for i in stack_parts(getattr(module, side)).solder[::-1]
        ]
        for case, owner in enumerate(index):
            profile = Point(kind, alone, case, 0, "1d").profile(result)
            T = alone.T[:, case]
            solder = {place: (float(T[e.b]), float(T[e.a])) for place, e in zip(places, plates, strict=True)}
            sign = -1.0 if owner % 2 else 1.0
            out[owner] = _pieces(profile, leg_at(module, int(owner)), sign, current, solder)
    return out


def _pieces(
    profile: Profile,
    leg: Leg,
    sign: float,
    current: float,
    solder: dict[tuple[str, int], tuple[float, float]],
) -> _LegProfile:
    starts = np.flatnonzero(np.diff(profile.position) < PIECE) + 1
    rows = np.split(np.arange(len(profile.position)), starts)
    x, T, u, q = profile.position, profile.T, profile.electric_potential, profile.heat_flux
    drop = float(u[-1]) - sign * current * leg.contact_cold.electrical / leg.area
    return _LegProfile([(x[own], T[own], u[own], q[own]) for own in rows], drop, solder)


def _of_leg(solid: SolidModule, k: int, profile: _LegProfile, hot_end: float, current: float) -> Body:
    """A segment of a leg, or its solder, even over its cross-section."""
    one = solid.solids[k]
    if one.part == "solder":
        T = np.array(profile.solder[one.side, place_of(solid, k)])
        u = np.full(2, 0.0 if one.side == "hot" else profile.drop)
        ends = profile.pieces[0][3][0], profile.pieces[-1][3][-1]
        q = np.full(2, ends[0] if one.side == "hot" else ends[1])
    else:
        own, leg = solid.of_leg[one.owner], leg_at(solid.module, one.owner)
        before = leg.segments[: len(own) - 1 - own.index(k)]
        start = sum(segment.length for segment in before)
        end = start + leg.segments[len(before)].length
        rows = [p for p in profile.pieces if start < 0.5 * (p[0][0] + p[0][-1]) < end]
        x, *columns = (np.concatenate(c) for c in zip(*rows, strict=True))
        T, u, q = (np.interp(np.linspace(end, start, LEG_LINES), x, c) for c in columns)
    left, right, low, high = one.rectangle
    sign = -1.0 if one.owner % 2 else 1.0
    flow = np.full(len(T), -sign * current / ((right - left) * (high - low)))
    shape = 2, 2, len(T)
    values = {
        "temperature": np.broadcast_to(T, shape),
        "electric_potential": np.broadcast_to(hot_end + u, shape),
        "current_density": _upwards(flow),
        "heat_flux": _upwards(-q),
    }
    axes = np.array([left, right]), np.array([low, high]), np.linspace(*one.z, len(T))
    return body_of(solid, k, axes, values)


def _upwards(flow: Array) -> Array:
    """Vectors along z at the corners of a leg."""
    out = np.zeros((2, 2, len(flow), 3))
    out[..., 2] = flow
    return out


def _potentials(
    made: FieldModule, plates: Plates, profiles: list[_LegProfile], current: float
) -> tuple[dict[str, list[float]], list[float]]:
    """Mean potentials of all electrodes, and of the hot ends of all legs, above the terminal of 0 V."""
    plan = made.plan
    joins = {side: getattr(plan, f"{side}_joins") for side in ("hot", "cold")}
    at = {side: {leg: e for e, join in enumerate(joins[side]) for leg in join} for side in joins}
    drops = {}
    for side, ports, r in (("hot", plates.hot, plates.joule_hot), ("cold", plates.cold, plates.joule_cold)):
        bodies = r[ports.legs :]
        drops[side] = current * (bodies if len(bodies) else np.zeros(len(joins[side])))
    electrodes: dict[str, list[float]] = {side: [0.0] * len(joins[side]) for side in joins}
    legs = [0.0] * len(plan.legs)
    order, level = list(_along(plan.terminals, len(plan.legs))), 0.0
    for n, k in enumerate(order):
        # the current of a generator enters a p leg at its hot end, and an n leg at its cold one
        first, last = ("cold", "hot") if k % 2 else ("hot", "cold")
        if n == 0:
            e = at[first][k]
            electrodes[first][e], level = level - 0.5 * drops[first][e], level - drops[first][e]
        drop = profiles[k].drop
        legs[k] = level if first == "hot" else level - drop
        level += drop if first == "hot" else -drop
        e = at[last][k]
        electrodes[last][e], level = level - 0.5 * drops[last][e], level - drops[last][e]
    return electrodes, legs


def _along(terminals: str, count: int) -> Iterator[int]:
    """Legs in the order in which the current of a generator passes them, from the terminal of 0 V."""
    return iter(range(count - 1, -1, -1) if terminals == "cold" else range(count))
