"""The result of a thermal stress: measures by part and joint, what it was made from, and fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.result import BaseResult
from ioffe.base.table import Column, ResultTable
from ioffe.base.units import format_si
from ioffe.field.bodies.scene import BodyScene
from ioffe.field.elements.solids import SolidModule
from ioffe.field.stress.bodies import stress_scene
from ioffe.field.stress.conditions import StressConditions
from ioffe.field.stress.data import BrittleStrength
from ioffe.field.stress.measures import StressField
from ioffe.material.material import Material

Array = NDArray[np.float64]
UNITS = {"volume": "m3", "mesh_width": "m", "failing": "1"}
RARE = 1e-6
"""Probability below which no digits of it mean anything."""


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
    loads : StressConditions
        Temperature that is free of stress, support, and `distance`.
    operating_point : mapping of str to float
        Temperatures of the sides in K and the current in A.
    name : str
        Of the module.
    strengths : mapping of str to BrittleStrength
        By the name of the material, where they are known.
    origins : mapping of str to str
        Where the elastic data of each material come from.
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
    loads: StressConditions
    operating_point: Mapping[str, float]
    name: str
    strengths: Mapping[str, BrittleStrength]
    origins: Mapping[str, str]
    field: StressField
    displacement: Array
    temperature: Array
    solid: SolidModule
    materials: tuple[Material, ...]

    @property
    def free(self) -> float:
        """Temperature in K at which all parts are free of stress."""
        return self.loads.free

    @property
    def distance(self) -> float:
        """Width in m of the rims over which means are taken."""
        return float(self.loads.distance)

    def bodies(self) -> BodyScene:
        """Equivalent stress, tension, displacement and temperature in all parts.

        Returns: ``save("module.vtu")`` writes it for ParaView, ``to_dict()`` is plain data.
        """
        return stress_scene(self.field, self.displacement, self.temperature, self.solid)

    def _named(self) -> dict[str, Any]:
        first = next(iter(self.parts.values()))
        return {key: np.array([part[key] for part in self.parts.values()]) for key in first}

    def tables(self) -> dict[str, ResultTable]:
        """Parts and joints.

        Returns: ``parts`` with the errors of their measures, ``joints``; in SI.
        """
        joined = {
            name: {**part, **{f"{k}_std": v for k, v in self.errors[name].items()}}
            for name, part in self.parts.items()
        }
        return {"parts": _tabled("part", joined), "joints": _tabled("joint", self.joints)}

    def _materials(self) -> Iterable[Material]:
        return self.materials

    def _header(self) -> dict[str, Any]:
        return {
            **asdict(self.loads),
            "name": self.name,
            "operating_point": dict(self.operating_point),
            "strengths": {name: asdict(one) for name, one in self.strengths.items()},
            "elastic_data": dict(self.origins),
        }

    def _title(self) -> str:
        name = f" of {self.name}" if self.name else ""
        return f"thermal stress{name} at {self.point_words()}"

    def point_words(self) -> str:
        """Operating point in words."""
        return ", ".join(f"{k} {format_si(v, k)}" for k, v in self.operating_point.items())

    def inputs(self) -> Iterator[tuple[str, str]]:
        """How the module is held, where elastic data come from, and strengths, in words."""
        yield from self.loads.words().items()
        yield from ((f"elastic data of {name}", text) for name, text in self.origins.items())
        yield from ((f"strength of {name}", str(one)) for name, one in self.strengths.items())

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield from self.inputs()
        for name, part in self.parts.items():
            exceeded = f"{format_si(part['mises_exceeded'], 'stress')} exceeded in 1 %"
            rim = f", rim {format_si(part['rim_mises'], 'stress')}" if np.isfinite(part["rim_mises"]) else ""
            fails = f", fails with {chance(part['failing'])}" if np.isfinite(part["failing"]) else ""
            yield name, exceeded + rim + fails
        worst = max(self.joints, key=lambda k: self.joints[k]["shear"])
        shown = {"shear": "shear", "rim_shear": "at the rim", "rim_peel": "peel there"}
        found = [(words, self.joints[worst][k]) for k, words in shown.items()]
        told = ", ".join(f"{words} {format_si(v, 'stress')}" for words, v in found if np.isfinite(v))
        yield "largest at a joint", f"{worst}: {told}"
        yield "between two meshes", f"equivalent stress differs by up to {100.0 * self.error_estimate:.0f} %"
        yield from (fact for fact in self._quality() if not fact[1].startswith("estimated error"))


def _tabled(axis: str, rows: Mapping[str, Mapping[str, float]]) -> ResultTable:
    first = next(iter(rows.values()))
    columns = {}
    for key in first:
        unit = UNITS.get(key.removesuffix("_std"), "Pa")
        columns[key] = Column((axis,), np.array([row[key] for row in rows.values()]), unit)
    return ResultTable({axis: Column((axis,), np.array(list(rows)))}, columns)


def chance(value: float) -> str:
    """A probability in per cent; words where its digits would mean nothing, a dash where there is none.

    >>> chance(0.0123), chance(5e-46), chance(1.0 - 1e-12)
    ('1.2 %', 'less than 0.0001 %', 'more than 99.9999 %')
    """
    if not np.isfinite(value):
        return "–"
    if value < RARE:
        return f"less than {100.0 * RARE:g} %"
    return f"more than {100.0 * (1.0 - RARE):.4f} %" if value > 1.0 - RARE else f"{100.0 * value:.2g} %"
