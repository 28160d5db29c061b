"""Thermal stress of a module that was solved in finite elements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError, Fault, Faults, InputError
from ioffe.base.saved_result import SavedResult
from ioffe.base.status import Status
from ioffe.base.units import format_si
from ioffe.field.elements import linear
from ioffe.field.elements.shapes import VALUES
from ioffe.field.elements.solids import SolidModule
from ioffe.field.elements.task import FullPoint, cells_of
from ioffe.field.elements.unknowns import ModuleSystem
from ioffe.field.memory import free_memory
from ioffe.field.module import SHARE_OF_MEMORY
from ioffe.field.progress import Expected, tell
from ioffe.field.stress.conditions import StressConditions, doubts
from ioffe.field.stress.data import (
    REMEMBERED,
    BrittleStrength,
    at,
    origins_of,
    strengths_of,
    with_elastic_data,
)
from ioffe.field.stress.elastic import (
    POINTS,
    ElasticBody,
    Solved,
    Springs,
    held_as_a_rigid_body,
    joined_along_z,
)
from ioffe.field.stress.measures import StressField, face_points, of_joints, of_parts
from ioffe.field.stress.result import StressResult
from ioffe.interface.compatibility import thermal_strain
from ioffe.material.material import Material
from ioffe.result.steady import Result
from ioffe.solve.doubts import InputDoubt

Array = NDArray[np.float64]
RIM = 0.1
"""Width of the rims over which means are taken, in widths of the narrowest leg."""
BYTES = 1e5
"""Memory in bytes that each cell takes while the matrix is made and solved; 8.3e4 was measured."""
PER_UNKNOWN = 5e-5
"""Seconds for each unknown of the finer mesh, measured on one core with 56 832 and 198 144."""
ESTIMATED = "mises_exceeded", "principal_exceeded", "mises_rms"
"""Measures whose difference between two meshes is told."""
OPERATED = "T_hot", "T_cold", "current"
"""What says of which operating point a stress is."""


def stress(
    result: Result,
    *,
    free: object = "293.15 K",
    point: int = 0,
    elastic: Mapping[str, Mapping[str, Any]] | None = None,
    brittle: Mapping[str, BrittleStrength] | None = None,
    cold_spring: object = 0.0,
    hot_spring: object = 0.0,
    pressure: object = 0.0,
    distance: object = None,
    strict: bool = False,
) -> StressResult:
    """Thermal stress of a module, linear elastic, all parts joined firmly.

    Nothing yields and nothing creeps: where solder or copper would, what comes out is an upper bound.

    Parameters
    ----------
    result : Result
        Of a module at fidelity ``"full"``.
    free : float or str
        Temperature in K at which all parts are free of stress: that at which the joints became solid.
    point : int
        Which of the operating points, counted along all axes.
    elastic : mapping, optional
        ``{"material": {"youngs_modulus": "47 GPa", "poisson_ratio": 0.28, "thermal_expansion": "17 ppm/K"}}``
        where cards lack them; curves over the temperature are taken too, and ``"source"`` in words.
    brittle : mapping of str to BrittleStrength, optional
        Strengths by the name of the material, in place of those of cards.
    cold_spring, hot_spring : float or str
        Stiffness in N/m3 or as text, ``"100 MPa/mm"`` (pressure over displacement, along the legs), of what
        the outer faces lie on; with 0 at both the module is free.
    pressure : float or str
        In Pa, by which both outer faces are pressed together.
    distance : float or str, optional
        Width in m of the rims over which means are taken; by default a tenth of the narrowest leg.
    strict : bool
        Refuse numbers that are doubtful, and do not only warn.

    Returns
    -------
    StressResult

    Raises
    ------
    InputError
        With everything that is missing or wrong: elastic data, a result of another fidelity, an operating
        point without a solution; and if it would not fit into the memory.
    ConvergenceError
        If the equations are not solved.

    Examples
    --------
    >>> import ioffe as te
    >>> alone = te.Leg("Bi2Te3", "2 mm", "1 mm2").solve(te.Generator(T_hot=400, T_cold=300, current=0))
    >>> te.stress(alone, free="500 K")
    Traceback (most recent call last):
    ioffe.base.errors.InputError: result = "1d": a result of a module at fidelity full is expected
    """
    faults = Faults()
    levels = _levels_of(result, point, faults)
    solid = levels[-1][0].solid if levels else None
    given: StressInput | None = None
    with faults.collect():
        given = checked(
            [] if solid is None else [one.material for one in solid.solids],
            elastic or {},
            brittle or {},
            np.inf if solid is None else solid.plan.narrowest,
            strict=strict,
            free=free,
            pressure=pressure,
            distance=distance,
            cold_spring=cold_spring,
            hot_spring=hot_spring,
        )
    faults.raise_if_any()
    assert solid is not None
    assert given is not None
    loads, known = given.loads, given.known
    expected(solid).tell()
    found: list[tuple[StressField, Solved, dict[int, Array]]] = []
    for made, u in levels:
        try:
            found.append(_on(made, u, known, loads, found[-1][1] if found else None))
        except RuntimeError:
            raise ConvergenceError(f"the equations of the stress did not converge{_cause(known)}") from None
    parts = [of_parts(field, solid, loads.distance, given.strengths) for field, *_ in found]
    field, (_, _, displacement), strain_at = found[-1]
    finest, u = levels[-1]
    errors = {
        name: {k: abs(part[k] - parts[0][name][k]) for k in ESTIMATED} for name, part in parts[1].items()
    }
    told = ((errors[k]["mises_exceeded"], parts[1][k]["mises_exceeded"]) for k in errors)
    largest = max(error / value if value else float(error > 0.0) for error, value in told)
    return StressResult(
        parts=parts[1],
        joints=of_joints(field, displacement, strain_at, solid, loads.distance),
        errors=errors,
        loads=loads,
        operating_point={k: float(np.ravel(result.values[k])[point]) for k in OPERATED},
        name=solid.module.name,
        strengths=given.strengths,
        origins=given.origins,
        field=field,
        displacement=displacement,
        temperature=u[finest.system.T_of],
        solid=solid,
        materials=tuple(known.values()),
        point_status=np.array(Status.OK),
        point_error_estimate=np.array(largest),
        warnings=(*result.warnings, *given.warnings, *_too_coarse(parts[1], loads.distance)),
        notes=given.notes,
        conditions=result.conditions,
    )


def _levels_of(result: Any, point: int, faults: Faults) -> tuple[tuple[ModuleSystem, Array], ...]:
    """Both meshes of an operating point of a module that was solved in finite elements."""
    if isinstance(result, SavedResult):
        expected = "a result with its fields is expected, of which a file holds none: solve the module again"
        faults.add("result", "of a file", expected)
    elif not isinstance(result, Result) or result.fidelity != "full":
        given = getattr(result, "fidelity", type(result).__name__)
        faults.add("result", given, "a result of a module at fidelity full is expected")
    elif not isinstance(point, int) or not 0 <= point < len(result.points):
        faults.add("point", point, f"a number from 0 to {len(result.points) - 1} is expected")
    elif not isinstance(solved := result.points[point], FullPoint) or not solved.levels:
        status = Status(int(result.point_status.flat[point])).name.lower()
        why = "; ".join((f"its status is {status}", *result.notes))
        faults.add("point", point, "an operating point with a solution is expected", why)
    else:
        return solved.levels
    return ()


@dataclass(frozen=True)
class StressInput:
    """What the stress of a module is computed from, checked.

    Attributes
    ----------
    known : dict of str to Material
        With their elastic data.
    strengths : dict of str to BrittleStrength
        By the name of the material.
    origins : dict of str to str
        Where the elastic data come from.
    loads : StressConditions
        With a width of the rims.
    warnings, notes : tuple of str
        Doubts, and what is remembered and not read.
    """

    known: dict[str, Material]
    strengths: dict[str, BrittleStrength]
    origins: dict[str, str]
    loads: StressConditions
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def checked(
    materials: Iterable[Material],
    elastic: Mapping[str, Mapping[str, Any]],
    brittle: Mapping[str, BrittleStrength],
    narrowest: float,
    *,
    strict: bool = False,
    **numbers: Any,
) -> StressInput:
    """What a stress is computed from, its doubts beside it.

    `materials`: of the module; without any, numbers alone are checked.
    `elastic`, `brittle`: as for `stress`.
    `narrowest`: width of the narrowest leg in m.
    `strict`: whether doubts are refused.
    `**numbers`: fields of `StressConditions`.
    Raises `InputError` with everything that is missing or wrong.
    """
    faults, known, strengths = Faults(), {}, {}
    loads = StressConditions()
    with faults.collect():
        loads = StressConditions(**numbers)
    if loads.distance is not None and loads.distance >= narrowest:
        expected = f"less than the narrowest leg of {format_si(narrowest, 'length')} is expected"
        faults.add("distance", format_si(loads.distance, "length"), expected)
    if own := {m.name: m for m in materials}:
        with faults.collect():
            known = with_elastic_data(own.values(), elastic)
        with faults.collect():
            strengths = strengths_of(own, brittle)
    found = doubts(loads, known, strengths, narrowest) if not len(faults) else ()
    doubted: list[InputDoubt] = list(found)
    for doubt in doubted if strict else ():
        faults.add(doubt.path, doubt.value, doubt.text)
    faults.raise_if_any()
    if loads.distance is None and np.isfinite(narrowest):
        loads = loads.replace(distance=RIM * narrowest)
    origins = origins_of(known, elastic)
    return StressInput(
        known, strengths, origins, loads, tuple(map(str, doubted)), _remembered(origins, strengths)
    )


def _remembered(origins: Mapping[str, str], strengths: Mapping[str, BrittleStrength]) -> tuple[str, ...]:
    """Which numbers are remembered and not read from a source."""
    data = [name for name, text in origins.items() if text.endswith(REMEMBERED)]
    strong = [name for name, one in strengths.items() if one.source == REMEMBERED]
    found = (("elastic data", data), ("strengths", strong))
    return tuple(
        f"{what} of {', '.join(names)} are remembered, not read from a source"
        for what, names in found
        if names
    )


def _cause(known: Mapping[str, Material]) -> str:
    """Which elastic data differ so much that they may be why, in words."""
    stiff = {name: float(np.max(at(m.youngs_modulus, np.array([300.0])))) for name, m in known.items()}
    hard, soft = max(stiff, key=lambda k: stiff[k]), min(stiff, key=lambda k: stiff[k])
    words = ", ".join(f"{format_si(stiff[k], 'youngs_modulus')} of {k}" for k in dict.fromkeys((hard, soft)))
    tight = [k for k, m in known.items() if np.max(at(m.poisson_ratio, np.array([300.0]))) > 0.49]
    more = f"; Poisson's ratio of {', '.join(tight)} is near 0.5" if tight else ""
    return f" (Young's modulus is {words}{more})"


def expected(solid: SolidModule) -> Expected:
    """What a stress takes; refused is what does not fit into the memory, or needs what is not installed.

    Raises `InputError` stating what is needed and what there is.
    """
    cells = cells_of(solid)[0]
    unknowns = int(24.0 * cells)
    linear.check_solver(unknowns)
    needed, free = BYTES * cells, SHARE_OF_MEMORY * free_memory()
    if needed > free:
        words = f"a module whose stress fits into {free / 1e9:.1f} GB of memory is expected"
        raise InputError(Fault("result", expected=words, advice=f"about {needed / 1e9:.1f} GB are needed"))
    return Expected("stress", unknowns, needed, PER_UNKNOWN * unknowns)


def _on(
    made: ModuleSystem,
    u: Array,
    known: Mapping[str, Material],
    loads: StressConditions,
    coarser: Solved | None,
) -> tuple[StressField, Solved, dict[int, Array]]:
    """Stress and displacement on one mesh, and the free strain at the faces of its cells."""
    mesh, T = made.mesh, u[made.system.T_of]
    materials = [known[s.material.name] for s in made.solid.solids]
    own = T[mesh.nodes]

    def strain(shape: Array) -> Array:
        there = own @ shape.T
        out = np.empty_like(there)
        for body, material in enumerate(materials):
            cells = mesh.body == body
            out[cells] = thermal_strain(material, loads.free, there[cells])
        return out

    mean = own.mean(axis=1)
    E, nu = np.empty_like(mean), np.empty_like(mean)
    for body, material in enumerate(materials):
        cells = mesh.body == body
        E[cells], nu[cells] = (
            at(material.youngs_modulus, mean[cells]),
            at(material.poisson_ratio, mean[cells]),
        )
    cold, hot, pressure = loads.cold_spring, loads.hot_spring, loads.pressure
    faces = made.solid.films(mesh)
    springs = (
        Springs(mesh.faces(faces["cold"], 2, 0), 2, cold, pressure),
        Springs(mesh.faces(faces["hot"], 2, 1), 2, hot, -pressure),
    )
    body = ElasticBody(mesh, joined_along_z(mesh), E, nu, springs)
    held = held_as_a_rigid_body(body.positions, upright=bool(cold or hot))
    steps = count(1)

    def step() -> None:
        tell(f"stress, {len(held):,} unknowns, step {next(steps)}")

    step()
    moved = body.solve(body.load(strain(VALUES)), held, coarser=coarser, progress=step)
    field = StressField(body, body.stress(moved, strain(POINTS)))
    return field, Solved(body, held, moved), {end: strain(face_points(end)[0]) for end in (0, 1)}


def _too_coarse(parts: Mapping[str, Mapping[str, float]], distance: float) -> tuple[str, ...]:
    """A sentence where the mesh has no point within the stated distance of an edge."""
    missing = [name for name, part in parts.items() if " leg" in name and not np.isfinite(part["rim_mises"])]
    if not missing:
        return ()
    where = f"within {format_si(distance, 'length')} of the edges of {', '.join(missing)}"
    return (f"no mean is told {where}: the mesh has no point there, state a larger distance",)
