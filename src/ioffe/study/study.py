"""A study: many devices that differ in some numbers, materials and conditions, checked and in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.display import Described
from ioffe.base.errors import Fault, Faults, InputError, join_location
from ioffe.base.saved import plain
from ioffe.base.units import si_array, to_si
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS, COUPLES, MovedOnce, materials, meant, quantity_of
from ioffe.material.card_writing import card_of
from ioffe.material.material import Material
from ioffe.material.soundness import Remarks
from ioffe.solve.batch.choice import solves
from ioffe.solve.batch.solve import judged_plan
from ioffe.solve.task import QUANTITIES
from ioffe.study.plan import SamplePlan, Span, StudyAxis, material_axis
from ioffe.study.uncertain import uncertain_inputs

USUAL: Final = {
    True: ("efficiency", "power", "power_density"),
    False: ("COP", "heat_cold", "power", "delta_T"),
}
"""Outputs of a study of generators (True) and coolers that names none."""
BLOCK: Final = 500
"""Devices that NumPy solves together: chunks are whole numbers of them."""
FEWEST_CHUNKS, USUAL_CHUNK, MOST_CHUNKS, LARGEST_CHUNK = 16, 20_000, 10_000, 200_000
"""Chunks of a small study, which several processes share; devices of a chunk; chunks of a large study, as
long as they fit into memory."""


@dataclass(frozen=True, eq=False, repr=False)
class Study(Described):
    """One device, its conditions, and what differs between the devices of a study.

    The devices are all combinations of the values of grids and lists, with every sample of the ranges, in the
    order of the variables: the last one changes fastest, the samples fastest of all.

    Parameters
    ----------
    device : Leg or Module
        What does not vary.
    conditions : Generator or Cooler
        One operating point or an aim, such as ``current="max_efficiency"``; a list counts only where it is
        varied.
    variables : mapping
        By the path of a number or of a material as for `solve_batch`: a list of values or materials (or these
        by names of your own), a `Span` with points (a grid), or one without (a range, which needs `sample`).
    outputs : sequence of str
        Quantities that are kept; by default efficiency, power and power density, or COP, heat, power and
        temperature difference.
    constraints : mapping of str to mapping
        Limits of quantities, such as ``{"T_hot_junction": {"most": "500 K"}}``, with ``least``, ``most`` or
        both.
    sample : SamplePlan, optional
        Fills the ranges.
    largest, smallest : str, optional
        The output by which devices are compared, by default the largest value of the first output.
    name : str
        For tables and reports.
    tolerance, strict, force
        As for `solve_batch`.
    chunk : int, optional
        Devices that are solved and stored together, rounded up to a multiple of 500.
    notes : sequence of str
        Paragraphs for the report.
    uncertain : mapping
        What is uncertain, as for `propagate_study`; without variables it is that of one device.

    Raises
    ------
    InputError
        With every fault of the variables, outputs and constraints and its location.

    Examples
    --------
    >>> from ioffe import Generator, Leg
    >>> study = Study(
    ...     Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2"),
    ...     Generator(T_hot=450, T_cold=310, current="max_efficiency"),
    ...     {"length": Span("0.5 mm", "4 mm", points=8, spacing="log"), "T_hot": ["400 K", "450 K"]},
    ... )
    >>> len(study), study.outputs, study.vary(1, 3)["T_hot"].tolist()
    (16, ('efficiency', 'power', 'power_density'), [450.0, 400.0])
    """

    device: Leg | Module
    conditions: Conditions
    variables: Mapping[str, Any]
    outputs: Sequence[str] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict)
    sample: SamplePlan | None = None
    largest: str | None = None
    smallest: str | None = None
    name: str = ""
    tolerance: float = 1e-6
    strict: bool = False
    force: bool = False
    chunk: int | None = None
    notes: Sequence[str] = ()
    uncertain: Mapping[str, Any] = field(default_factory=dict)
    axes: tuple[StudyAxis, ...] = field(init=False, default=())
    limits: Mapping[str, tuple[float, float]] = field(init=False, default_factory=dict)
    """Least and largest allowed value in SI by quantity."""
    remarks: Remarks = field(init=False, default=Remarks())

    def __post_init__(self) -> None:
        faults = Faults()
        put: dict[str, Any] = {}
        if not isinstance(self.device, Leg | Module):
            faults.add("device", type(self.device).__name__, "a Leg or a Module is expected in a study")
        if not isinstance(self.conditions, Generator | Cooler):
            faults.add("conditions", self.conditions, "a Generator or a Cooler is expected")
        faults.raise_if_any()
        put["axes"] = self._axes(faults)
        put["conditions"] = self._conditions(faults)
        self._outputs(put, faults)
        self._limits(put, faults)
        if self.uncertain:
            with faults.collect():
                varied = [axis.path for axis in put["axes"]]
                uncertain_inputs(self.device, put["conditions"], self.uncertain, varied)
        if self.chunk is not None and (isinstance(self.chunk, bool) or self.chunk < 1):
            faults.add("chunk", self.chunk, "a whole number from 1 is expected")
        put["name"] = self.name or self.device.name
        put["notes"] = tuple(self.notes)
        for name, value in put.items():
            object.__setattr__(self, name, value)
        if not faults:
            self._judge(faults)
        faults.raise_if_any()

    # What is checked

    def _axes(self, faults: Faults) -> tuple[StudyAxis, ...]:
        found: list[StudyAxis] = []
        moved = MovedOnce(self.device, self.conditions)
        for path, values in self.variables.items():
            where = join_location("variables", path)
            with faults.collect("variables"):
                moved.by(path)
                with faults.collect(where):
                    found.append(self._axis(path, values))
        ranges = [axis.path for axis in found if axis.sampled]
        if ranges and self.sample is None:
            expected = f"a sample plan is expected for {', '.join(ranges)}, such as points = 1024"
            faults.add(
                "sample", expected=expected, advice="or give each range its own points: then it is a grid"
            )
        if self.sample is not None and not ranges and not faults:
            faults.add("sample", expected="no sample plan is expected, because no variable is a range")
        return tuple(found)

    def _axis(self, path: str, values: Any) -> StudyAxis:
        full = meant(self.device, self.conditions, path)[0]
        if full.endswith("material"):
            return material_axis(path, values)
        kind = quantity_of(full, self.conditions)
        if isinstance(values, Span):
            axis = values.axis(path, kind)
        else:
            axis = StudyAxis(path, np.atleast_1d(si_array(values, kind)))
        if axis.values.ndim != 1:
            raise InputError(Fault("", expected="one list of values is expected, not lists in a list"))
        if not axis.values.size:
            raise InputError(Fault("", expected="at least one value is expected"))
        if kind == COUPLES and np.any(axis.values % 1):
            raise InputError(Fault("", axis.values.tolist(), "whole numbers are expected"))
        return axis

    def _conditions(self, faults: Faults) -> Conditions:
        """The conditions, with the first value of a list that is varied."""
        first = {}
        for name in CONDITIONS:
            value = getattr(self.conditions, name, None)
            if isinstance(value, np.ndarray):
                first[name] = float(value.flat[0])
                if name not in self.variables:
                    expected = "one value is expected in a study, or a list of them under [variables]"
                    faults.add(join_location("operate", name), value, expected)
            if isinstance(value, str) and value == "sweep":
                expected = 'an aim or one value is expected in a study, such as "max_power"'
                faults.add(join_location("operate", name), value, expected)
        return self.conditions.replace(**first) if first else self.conditions

    def _outputs(self, put: dict[str, Any], faults: Faults) -> None:
        known = QUANTITIES[isinstance(self.conditions, Generator)]
        given = (self.outputs,) if isinstance(self.outputs, str) else tuple(self.outputs)
        for k, name in enumerate(given):
            faults.one_of(f"outputs[{k}]", name, known)
        put["outputs"] = tuple(dict.fromkeys(given)) or USUAL[isinstance(self.conditions, Generator)]
        if self.largest is not None and self.smallest is not None:
            faults.add("smallest", self.smallest, f"either this or largest = {self.largest} is expected")
        for name in ("largest", "smallest"):
            value = getattr(self, name)
            if value is not None:
                faults.one_of(name, value, put["outputs"])

    def _limits(self, put: dict[str, Any], faults: Faults) -> None:
        known = QUANTITIES[isinstance(self.conditions, Generator)]
        limits: dict[str, tuple[float, float]] = {}
        for name, given in self.constraints.items():
            where = join_location("constraints", name)
            if not faults.one_of(where, name, known):
                continue
            if not isinstance(given, Mapping) or not given.keys() <= {"least", "most"} or not given:
                faults.add(where, given, "least, most or both are expected")
                continue
            ends = [-inf, inf]
            for k, end in enumerate(("least", "most")):
                if end in given:
                    with faults.collect(join_location(where, end)):
                        ends[k] = to_si(given[end], name)
            if ends[0] > ends[1]:
                expected = "limits that some value keeps are expected: least is above most"
                faults.add(where, dict(given), expected)
            for axis in put["axes"]:
                if axis.path == name and (axis.values.max() < ends[0] or axis.values.min() > ends[1]):
                    expected = f"limits that a value of variables.{name} keeps are expected"
                    faults.add(where, dict(given), expected)
            limits[name] = ends[0], ends[1]
        put["limits"] = limits

    def _judge(self, faults: Faults) -> None:
        """Let the constructors and the judges see the ends of all numbers, and every material."""
        shape = len(self.axes)
        ends = {}
        for k, axis in enumerate(self.axes):
            values = axis.given() if axis.materials else np.unique([axis.values.min(), axis.values.max()])
            ends[axis.path] = values.reshape([-1 if k == i else 1 for i in range(shape)])
        kept = {"strict": self.strict, "force": self.force, "tolerance": self.tolerance}
        try:
            found = judged_plan(self.device, self.conditions, ends, keep=self.kept, engine="numpy", **kept)
            object.__setattr__(self, "remarks", found.remarks)
        except InputError as error:
            for fault in error.faults:
                # the place in the arrays of the two ends says nothing
                among = fault.location.startswith("vary.") and fault.location.endswith("]")
                location = fault.location.rpartition("[")[0] if among else fault.location
                location = location.replace("vary.", "variables.", 1)
                faults.add(location, fault.value, fault.expected, fault.advice)

    # What it says

    def _title(self) -> str:
        return f"{self.name or type(self.device).__name__}: study of {self.count:,} devices"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for axis in self.axes:
            count = f"{len(axis.values)} values" if not axis.sampled else "sampled"
            yield (
                axis.path,
                ", ".join(axis.labels) or f"{axis.values.min():.4g} to {axis.values.max():.4g}, {count}",
            )
        yield "outputs", ", ".join(self.outputs)

    @property
    def objective(self) -> tuple[str, float]:
        """The output by which devices are compared, and 1 for the largest or -1 for the smallest value."""
        return (self.smallest, -1.0) if self.smallest is not None else (self.largest or self.outputs[0], 1.0)

    @property
    def kept(self) -> tuple[str, ...]:
        """Quantities that are stored: the outputs, and what is constrained."""
        return tuple(dict.fromkeys((*self.outputs, *self.limits)))

    @property
    def sampled(self) -> tuple[StudyAxis, ...]:
        """Variables that the sample plan fills."""
        return tuple(axis for axis in self.axes if axis.sampled)

    @property
    def shape(self) -> tuple[int, ...]:
        """Values of every grid and list, and the samples at the end, if there are any."""
        grids = tuple(len(axis.values) for axis in self.axes if not axis.sampled)
        return (*grids, self.sample.points) if self.sample is not None else grids

    @property
    def count(self) -> int:
        """Number of devices, which may be more than `len` can say."""
        return prod(self.shape)

    def __len__(self) -> int:
        return self.count

    @property
    def work(self) -> int:
        """Solves of a leg that it takes."""
        legs = 2 if isinstance(self.device, Module) else 1
        return self.count * legs * solves(self.conditions)

    @property
    def chunk_size(self) -> int:
        """Devices of a chunk: what was given, or neither few nor tiny nor too many chunks."""
        usual = min(max(-(-self.count // FEWEST_CHUNKS), BLOCK), USUAL_CHUNK)
        wanted = self.chunk or min(max(usual, -(-self.count // MOST_CHUNKS)), LARGEST_CHUNK)
        return -(-wanted // BLOCK) * BLOCK

    def quantities(self) -> dict[str, str]:
        """Quantities of the variables that are numbers, by their paths.

        Returns
        -------
        dict of str to str
        """
        numbers = (axis.path for axis in self.axes if not axis.materials)
        full = {path: meant(self.device, self.conditions, path)[0] for path in numbers}
        return {path: quantity_of(one, self.conditions) for path, one in full.items()}

    def vary(self, start: int, stop: int) -> dict[str, NDArray[Any]]:
        """Values of the variables of some devices, as `solve_batch` takes them.

        Parameters
        ----------
        start, stop : int
            Numbers of the first device and of the one behind the last.

        Returns
        -------
        dict of str to ndarray
            In SI; of a material objects.
        """
        return self.at(np.arange(start, stop))[0]

    def at(self, devices: NDArray[np.int64]) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
        """Values of the variables of devices of given numbers, in order: for a batch, and with names.

        Parameters
        ----------
        devices : ndarray of int
            Their numbers.

        Returns
        -------
        dict of str to ndarray, dict of str to ndarray
            In SI as `vary`, and with the names of the materials in their place.
        """
        vary, named = {}, {}
        for axis, found in self._places(devices):
            vary[axis.path] = axis.of_index(found) if axis.materials else found
            named[axis.path] = np.array(axis.labels, object)[found] if axis.materials else found
        return vary, named

    def _places(self, devices: NDArray[np.int64]) -> Iterator[tuple[StudyAxis, NDArray[Any]]]:
        """Each variable with its values, or the numbers of its materials."""
        rest, unit = devices, np.zeros((len(devices), 0))
        if self.sample is not None:
            rest, sample = np.divmod(devices, self.sample.points)
            unit = self._samples(sample)
        index: dict[str, NDArray[np.intp]] = {}
        for axis in reversed([axis for axis in self.axes if not axis.sampled]):
            rest, index[axis.path] = np.divmod(rest, len(axis.values))
        column = iter(unit.T)
        for axis in self.axes:
            if axis.sampled:
                yield axis, axis.at(next(column))
            else:
                yield axis, index[axis.path] if axis.materials else axis.values[index[axis.path]]

    def _samples(self, index: NDArray[np.int64]) -> NDArray[np.float64]:
        """Samples of given numbers: each run of following ones is made in one go."""
        assert self.sample is not None
        dimensions = len(self.sampled)
        if len(index) >= self.sample.points:
            return self.sample.rows(0, self.sample.points, dimensions)[index]
        parts = np.split(index, np.flatnonzero(np.diff(index) != 1) + 1)
        return np.concatenate([self.sample.rows(int(one[0]), len(one), dimensions) for one in parts])

    def materials(self) -> dict[str, Material]:
        """All materials, those that vary by ``path[label]``.

        Returns
        -------
        dict of str to Material
        """
        found = dict(materials(self.device))
        for axis in self.axes:
            if axis.materials:
                for full in meant(self.device, self.conditions, axis.path):
                    found.pop(full, None)
                found |= {f"{axis.path}[{k}]": m for k, m in zip(axis.labels, axis.materials, strict=True)}
        return found

    def to_dict(self) -> dict[str, Any]:
        """Everything on which the numbers depend, in SI, as plain data.

        Returns
        -------
        dict
        """
        return plain(
            {
                "name": self.name,
                "device": plain(self.device),
                "conditions": self.conditions.to_dict(),
                "variables": [axis.to_dict() for axis in self.axes],
                "sample": self.sample,
                "quantities": self.kept,
                "tolerance": self.tolerance,
                "strict": self.strict,
            }
        )

    def cards(self) -> dict[str, Any]:
        """The cards of all materials by their places, as plain data.

        Returns
        -------
        dict
        """
        return {
            place: {k: v for k, v in card_of(one).items() if v is not None}
            for place, one in self.materials().items()
        }

    def content_hash(self) -> str:
        """Hash of everything on which the numbers depend but the version of the program.

        Returns
        -------
        str
        """
        everything = json.dumps([self.to_dict() | {"name": ""}, self.cards()], sort_keys=True)
        return hashlib.sha256(everything.encode()).hexdigest()

    def replace(self, **changes: Any) -> Study:
        """A copy with other fields.

        Parameters
        ----------
        **changes
            Fields as the constructor takes them.

        Returns
        -------
        Study
        """
        if changes.keys() & {"largest", "smallest"}:
            changes = {"largest": None, "smallest": None} | changes
        return replace(self, **changes)
