"""Thermal stress of a module that was solved in finite elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError, Fault, Faults, InputError
from ioffe.base.result import BaseResult
from ioffe.base.status import Status
from ioffe.base.table import Column, ResultTable
from ioffe.base.units import format_si, to_si
from ioffe.field.bodies.scene import BodyScene
from ioffe.field.elements import linear
from ioffe.field.elements.shapes import VALUES
from ioffe.field.elements.solids import SolidModule
from ioffe.field.elements.task import FullPoint
from ioffe.field.elements.unknowns import ModuleSystem
from ioffe.field.module import SHARE_OF_MEMORY, free_memory
from ioffe.field.stress.bodies import stress_scene
from ioffe.field.stress.data import BrittleStrength, at, strengths_of, with_elastic_data
from ioffe.field.stress.elastic import (
    POINTS,
    ElasticBody,
    Springs,
    held_as_a_rigid_body,
    joined_along_z,
)
from ioffe.field.stress.measures import StressField, face_points, of_joints, of_parts
from ioffe.interface.compatibility import thermal_strain
from ioffe.material.material import Material
from ioffe.result.steady import Result

Array = NDArray[np.float64]
RIM = 0.1
"""Width of the rims over which means are taken, in widths of the narrowest leg."""
BYTES = 2e5
"""Memory in bytes that each cell takes while the matrix is made and solved; 1.75e5 was measured."""
ESTIMATED = "mises_exceeded", "principal_exceeded", "mises_rms"
"""Measures whose difference between two meshes is told."""
UNITS = {"volume": "m3", "mesh_width": "m", "failing": "1"}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StressResult(BaseResult):
    """Thermal stress of a module at one operating point.

    Of each part: `mises_exceeded` and `principal_exceeded`, the equivalent stress of von Mises and the
    largest principal stress (tension) that one per cent of its volume exceeds; `mises_rms`; `rim_mises`, the
    mean within `distance` of the edges of the joints; `largest_mises` beside the `mesh_width` where it was
    found, which grows without end as that falls; `failing`, the probability of failure where a strength is
    known. Of the joints at the ends of the legs: mean shear, and shear and peel in a rim of that width.

    Attributes
    ----------
    parts, joints : mapping of str to mapping
        Measures in SI by name.
    errors : mapping of str to mapping
        Differences of those of the parts between two meshes, the finer with half the widths.
    free : float
        Temperature in K at which all parts are free of stress.
    distance : float
        In m.
    field : StressField
        Stress at all points of the fine mesh.
    displacement : ndarray
        Of its nodes in m.
    temperature : ndarray
        Of the nodes of its mesh in K.
    solid : SolidModule
        The parts as boxes.
    materials : tuple of Material
    """

    kind: ClassVar[str] = "stress"

    parts: Mapping[str, Mapping[str, float]]
    joints: Mapping[str, Mapping[str, float]]
    errors: Mapping[str, Mapping[str, float]]
    free: float
    distance: float
    field: StressField
    displacement: Array
    temperature: Array
    solid: SolidModule
    materials: tuple[Material, ...]

    def bodies(self) -> BodyScene:
        """Equivalent stress, tension, displacement and temperature in all parts.

        Returns
        -------
        BodyScene
            ``save("module.vtu")`` writes it for ParaView, ``to_dict()`` is plain data.
        """
        return stress_scene(self.field, self.displacement, self.temperature, self.solid)

    def _named(self) -> dict[str, Any]:
        first = next(iter(self.parts.values()))
        return {key: np.array([part[key] for part in self.parts.values()]) for key in first}

    def tables(self) -> dict[str, ResultTable]:
        """Parts and joints.

        Returns
        -------
        dict of str to ResultTable
            ``parts`` with the errors of their measures, ``joints``; in SI.
        """
        joined = {
            name: {**part, **{f"{k}_std": v for k, v in self.errors[name].items()}}
            for name, part in self.parts.items()
        }
        return {"parts": _tabled("part", joined), "joints": _tabled("joint", self.joints)}

    def _materials(self) -> Iterable[Material]:
        return self.materials

    def _header(self) -> dict[str, Any]:
        return {"free": self.free, "distance": self.distance}

    def _title(self) -> str:
        return f"thermal stress, free at {format_si(self.free, 'temperature')}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for name, part in self.parts.items():
            exceeded = f"{format_si(part['mises_exceeded'], 'stress')} exceeded in 1 %"
            rim = f", rim {format_si(part['rim_mises'], 'stress')}" if np.isfinite(part["rim_mises"]) else ""
            fails = f", fails with {100.0 * part['failing']:.2g} %" if np.isfinite(part["failing"]) else ""
            yield name, exceeded + rim + fails
        worst = max(self.joints, key=lambda k: self.joints[k]["rim_shear"])
        shear, peel = (format_si(self.joints[worst][k], "stress") for k in ("rim_shear", "rim_peel"))
        yield "largest at a joint", f"{worst}: shear {shear}, peel {peel}"
        yield "between two meshes", f"equivalent stress differs by up to {100.0 * self.error_estimate:.0f} %"
        yield from (fact for fact in self._quality() if not fact[1].startswith("estimated error"))


def _tabled(axis: str, rows: Mapping[str, Mapping[str, float]]) -> ResultTable:
    first = next(iter(rows.values()))
    columns = {}
    for key in first:
        unit = UNITS.get(key.removesuffix("_std"), "Pa")
        columns[key] = Column((axis,), np.array([row[key] for row in rows.values()]), unit)
    return ResultTable({axis: Column((axis,), np.array(list(rows)))}, columns)


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
        where cards lack them; curves over the temperature are taken too.
    brittle : mapping of str to BrittleStrength, optional
        Strengths by the name of the material, in place of those of cards.
    cold_spring, hot_spring : float or str
        Stiffness in N/m3 or as text, ``"100 MPa/mm"`` (pressure over displacement, along the legs), of what
        the outer faces lie on; with 0 at both the module is free.
    pressure : float or str
        In Pa, by which both outer faces are pressed together.
    distance : float or str, optional
        Width in m of the rims over which means are taken; by default a tenth of the narrowest leg.

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
    materials = _materials_of(result, point, faults)
    with faults.collect():
        how = {"free": free, "pressure": pressure, "distance": distance}
        known, numbers = checked(
            materials, elastic or {}, **how, cold_spring=cold_spring, hot_spring=hot_spring
        )
    faults.raise_if_any()
    solved = result.points[point]
    assert isinstance(solved, FullPoint)
    levels = solved.levels
    solid = levels[-1][0].solid
    legs = min(min(r[1] - r[0], r[3] - r[2]) for r in solid.plan.legs)
    width = RIM * legs if numbers["distance"] is None else numbers["distance"]
    strengths = strengths_of(known.values()) | dict(brittle or {})
    _refuse_size(levels[-1][0])
    found: list[tuple[StressField, Array, dict[int, Array]]] = []
    for made, u in levels:
        springs = numbers["cold_spring"], numbers["hot_spring"], numbers["pressure"]
        try:
            begun = _carried(levels[0][0], made, found[-1]) if found else None
            found.append(_on(made, u, known, numbers["free"], springs, begun))
        except RuntimeError:
            raise ConvergenceError("the equations of the stress did not converge") from None
    parts = [of_parts(field, solid, width, strengths) for field, *_ in found]
    field, displacement, strain_at = found[-1]
    finest, u = levels[-1]
    errors = {
        name: {k: abs(part[k] - parts[0][name][k]) for k in ESTIMATED} for name, part in parts[1].items()
    }
    largest = max(errors[k]["mises_exceeded"] / parts[1][k]["mises_exceeded"] for k in errors)
    return StressResult(
        parts=parts[1],
        joints=of_joints(field, displacement, strain_at, solid, width),
        errors=errors,
        free=numbers["free"],
        distance=width,
        field=field,
        displacement=displacement,
        temperature=u[finest.system.T_of],
        solid=solid,
        materials=tuple(known.values()),
        point_status=np.array(Status.OK),
        point_error_estimate=np.array(largest),
        warnings=(*result.warnings, *_too_coarse(parts[1], width)),
        notes=_notes(known),
        conditions=result.conditions,
    )


def _materials_of(result: Any, point: int, faults: Faults) -> list[Material]:
    """Materials of a module that was solved in finite elements."""
    if not isinstance(result, Result) or result.fidelity != "full":
        given = getattr(result, "fidelity", type(result).__name__)
        faults.add("result", given, "a result of a module at fidelity full is expected")
    elif not 0 <= point < len(result.points):
        faults.add("point", point, f"a number from 0 to {len(result.points) - 1} is expected")
    elif not isinstance(solved := result.points[point], FullPoint) or not solved.levels:
        faults.add("point", point, "an operating point with a solution is expected")
    else:
        return list({s.material.name: s.material for s in solved.levels[-1][0].solid.solids}.values())
    return []


def checked(
    materials: Iterable[Material],
    elastic: Mapping[str, Mapping[str, Any]],
    *,
    free: object,
    pressure: object,
    distance: object,
    cold_spring: object,
    hot_spring: object,
) -> tuple[dict[str, Material], dict[str, Any]]:
    """Materials with their elastic data by name, and numbers in SI.

    Raises
    ------
    InputError
        With everything that is missing or wrong.
    """
    faults, known = Faults(), {}
    found: dict[str, Any] = {"distance": None}
    given = {"free": (free, "temperature"), "pressure": (pressure, "pressure")}
    given |= {
        "cold_spring": (cold_spring, "support_stiffness"),
        "hot_spring": (hot_spring, "support_stiffness"),
    }
    if distance is not None:
        given["distance"] = distance, "length"
    for name, (value, quantity) in given.items():
        with faults.collect():
            found[name] = to_si(value, quantity, name)
    if found.get("pressure", 0.0) < 0.0:
        faults.add("pressure", pressure, "a pressure from 0 on is expected")
    if distance is not None and found["distance"] is not None and not found["distance"] > 0.0:
        faults.add("distance", distance, "a length above 0 is expected")
    if materials := list(materials):
        with faults.collect():
            known = with_elastic_data(materials, elastic)
    faults.raise_if_any()
    return known, found


def _refuse_size(made: ModuleSystem) -> None:
    """Refuse what does not fit into the memory, or needs what is not installed."""
    linear.check_solver(3 * len(made.mesh.positions))
    needed, free = BYTES * len(made.mesh.cells), SHARE_OF_MEMORY * free_memory()
    if needed > free:
        expected = f"a module whose stress fits into {free / 1e9:.1f} GB of memory is expected"
        raise InputError(Fault("result", expected=expected, advice=f"about {needed / 1e9:.1f} GB are needed"))


def _on(
    made: ModuleSystem,
    u: Array,
    known: Mapping[str, Material],
    free: float,
    loads: tuple[float, float, float],
    begun: Array | None,
) -> tuple[StressField, Array, dict[int, Array]]:
    """Stress and displacement on one mesh, and the free strain at the faces of its cells."""
    mesh, T = made.mesh, u[made.system.T_of]
    materials = [known[s.material.name] for s in made.solid.solids]
    own = T[mesh.nodes]

    def strain(shape: Array) -> Array:
        there = own @ shape.T
        out = np.empty_like(there)
        for body, material in enumerate(materials):
            cells = mesh.body == body
            out[cells] = thermal_strain(material, free, there[cells])
        return out

    mean = own.mean(axis=1)
    E, nu = np.empty_like(mean), np.empty_like(mean)
    for body, material in enumerate(materials):
        cells = mesh.body == body
        E[cells], nu[cells] = (
            at(material.youngs_modulus, mean[cells]),
            at(material.poisson_ratio, mean[cells]),
        )
    cold, hot, pressure = loads
    faces = made.solid.films(mesh)
    springs = (
        Springs(mesh.faces(faces["cold"], 2, 0), 2, cold, pressure),
        Springs(mesh.faces(faces["hot"], 2, 1), 2, hot, -pressure),
    )
    body = ElasticBody(mesh, joined_along_z(mesh), E, nu, springs)
    held = held_as_a_rigid_body(body.positions, upright=bool(cold or hot))
    if begun is not None:
        start = np.zeros((body.nodes, 3))
        start[body.joined] = begun
        begun = start
    moved = body.solve(body.load(strain(VALUES)), held, start=begun)
    field = StressField(body, body.stress(moved, strain(POINTS)))
    return field, moved, {end: strain(face_points(end)[0]) for end in (0, 1)}


def _carried(coarse: ModuleSystem, fine: ModuleSystem, found: tuple[StressField, Array, Any]) -> Array:
    """Displacements of the coarse mesh at all nodes of the fine one."""
    field, moved, _ = found
    return coarse.mesh.values_on(fine.mesh, moved[field.body.joined])


def _too_coarse(parts: Mapping[str, Mapping[str, float]], distance: float) -> tuple[str, ...]:
    """A sentence where the mesh has no point within the stated distance of an edge."""
    missing = [name for name, part in parts.items() if " leg" in name and not np.isfinite(part["rim_mises"])]
    if not missing:
        return ()
    where = f"within {format_si(distance, 'length')} of the edges of {', '.join(missing)}"
    return (f"no mean is told {where}: the mesh has no point there, state a larger distance",)


def _notes(known: Mapping[str, Material]) -> tuple[str, ...]:
    """Which elastic data are remembered and not read."""
    loose = [name for name, m in known.items() if m.quality == "remembered"]
    return (f"elastic data of {', '.join(loose)} are remembered, not read from a source",) if loose else ()
