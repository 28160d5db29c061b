"""A study: many devices that differ in some numbers, materials and conditions, checked and in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.display import Described
from ioffe.base.errors import Fault, Faults, InputError, join_location
from ioffe.base.saved import plain
from ioffe.base.units import format_si, si_array, to_si
from ioffe.cost.costing import Costing
from ioffe.device.cascade import Cascade, legs_of
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS, MovedOnce, materials, meant, quantity_of
from ioffe.material.card_writing import card_of
from ioffe.material.material import Material
from ioffe.material.soundness import Remarks
from ioffe.solve.batch.choice import solves
from ioffe.solve.batch.plan import APART_CIRCUITS
from ioffe.solve.batch.solve import judged_plan
from ioffe.study.beside.table import kinds_among
from ioffe.study.combination import Combination
from ioffe.study.plan import STAGES, WHOLE, SamplePlan, Span, StudyAxis, is_of_device, material_axis, places
from ioffe.study.solving import PREFIX, number_of_costing
from ioffe.study.uncertain import uncertain_inputs
from ioffe.study.wanted import WantedQuantities


@dataclass(frozen=True, eq=False, repr=False)
class Study(Described):
    """One device, its conditions, and what differs between the devices of a study.

    The devices are all combinations of the values of grids and lists, with every sample of the ranges, in the
    order of the variables: the last one changes fastest, the samples fastest of all.

    Parameters
    ----------
    device : Leg, Module or Cascade
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
        both, and of combinations of numbers, such as ``{"p.area / n.area": {"most": 2}}``.
    sample : SamplePlan, optional
        Fills the ranges.
    largest, smallest : str or sequence of str, optional
        The output by which devices are compared, by default the largest value of the first output. Several
        of them have a front, see `pareto_front`; sweeps compare by the first.
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
    costing : Costing
        Prices, for outputs and limits such as ``"cost_per_power"``; by default those of the elements.
    contact_loss : float or str
        Part of what the device does that contacts may take, for the output and limit ``"contact_allowance"``.
    stress_free : float or str
        Temperature at which the legs and the layers at their ends are free of stress, for the output and
        limit ``"laminate_stress"``.
    elastic : mapping of str to mapping
        Elastic data by the name of a material that count in place of those of its card, as for
        `ioffe.stress`.

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

    device: Leg | Module | Cascade
    conditions: Conditions
    variables: Mapping[str, Any]
    outputs: Sequence[str] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict)
    sample: SamplePlan | None = None
    largest: str | Sequence[str] | None = None
    smallest: str | Sequence[str] | None = None
    name: str = ""
    tolerance: float = 1e-6
    strict: bool = False
    force: bool = False
    chunk: int | None = None
    notes: Sequence[str] = ()
    uncertain: Mapping[str, Any] = field(default_factory=dict)
    costing: Costing = field(default_factory=Costing)
    contact_loss: float = 0.05
    stress_free: float = 293.15
    elastic: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    axes: tuple[StudyAxis, ...] = field(init=False, default=())
    wanted: WantedQuantities = field(init=False, default=WantedQuantities())
    remarks: Remarks = field(init=False, default=Remarks())

    def __post_init__(self) -> None:
        faults = Faults()
        put: dict[str, Any] = {}
        if not isinstance(self.device, Leg | Module | Cascade):
            expected = "a Leg, a Module or a Cascade is expected in a study"
            faults.add("device", type(self.device).__name__, expected)
        elif isinstance(self.device, Cascade) and self.device.connection != "series":
            faults.add("device", self.device.connection, APART_CIRCUITS)
        if not isinstance(self.conditions, Generator | Cooler):
            faults.add("conditions", self.conditions, "a Generator or a Cooler is expected")
        faults.raise_if_any()
        put["axes"] = self._axes(faults)
        put["conditions"] = self._conditions(faults)
        aims = {"largest": self.largest, "smallest": self.smallest}
        given = self.device, put["conditions"], put["axes"], self.outputs, aims, self.constraints
        put["wanted"] = WantedQuantities.read(*given, faults)
        put["outputs"] = put["wanted"].outputs
        with faults.collect("contact_loss"):
            put["contact_loss"] = loss = to_si(self.contact_loss, "relative_loss")
            if not 0.0 < loss < 1.0:
                faults.add("contact_loss", self.contact_loss, "a share above 0 and below 1 is expected")
        with faults.collect("stress_free"):
            put["stress_free"] = to_si(self.stress_free, "temperature")
        if self.uncertain:
            with faults.collect():
                varied = [axis.path for axis in put["axes"]]
                uncertain_inputs(self.device, put["conditions"], self.uncertain, varied, self.costing)
        if self.chunk is not None and (isinstance(self.chunk, bool) or self.chunk < 1):
            faults.add("chunk", self.chunk, "a whole number from 1 is expected")
        put["name"] = self.name or self.device.name
        put["notes"] = tuple(self.notes)
        for name, value in put.items():
            object.__setattr__(self, name, value)
        self._judge(faults)
        faults.raise_if_any()

    # What is checked

    def _axes(self, faults: Faults) -> tuple[StudyAxis, ...]:
        found: list[StudyAxis] = []
        moved = MovedOnce(self.device, self.conditions)
        for path, values in self.variables.items():
            where = join_location("variables", path)
            with faults.collect("variables"):
                if is_of_device(path):
                    moved.by(path)
                with faults.collect(where):
                    sound = self._sound(path, values, where, faults)
                    if sound is not None:
                        found.append(self._axis(path, sound))
        ranges = [axis.path for axis in found if axis.sampled]
        if ranges and self.sample is None:
            expected = f"a sample plan is expected for {', '.join(ranges)}, such as points = 1024"
            faults.add(
                "sample", expected=expected, advice="or give each range its own points: then it is a grid"
            )
        if self.sample is not None and not ranges and not faults:
            faults.add("sample", expected="no sample plan is expected, because no variable is a range")
        return tuple(found)

    def _sound(self, path: str, values: Any, where: str, faults: Faults) -> Any:
        """The values of a list that are sound, if any are; the faulty ones are noted."""
        if not isinstance(values, list | tuple) or not values or path.endswith("material"):
            return values
        kind, sound = self._kind(path), []
        for k, value in enumerate(values):
            with faults.collect(f"{where}[{k}]"):
                number = si_array(value, kind)
                if kind in WHOLE and np.any(number % 1):
                    raise InputError(Fault("", value, "a whole number is expected"))
                sound.append(value)
        return values if len(sound) == len(values) else sound or None

    def _axis(self, path: str, values: Any) -> StudyAxis:
        if is_of_device(path) and meant(self.device, self.conditions, path)[0].endswith("material"):
            return material_axis(path, values)
        kind = self._kind(path)
        if isinstance(values, Span):
            axis = values.axis(path, kind)
        else:
            axis = StudyAxis(path, np.atleast_1d(si_array(values, kind)))
            repeated = len(np.unique(axis.values)) < axis.values.size
            if repeated and axis.values.ndim == 1:
                raise InputError(Fault("", expected="values that differ are expected, each device once"))
        if axis.values.ndim != 1:
            raise InputError(Fault("", expected="one list of values is expected, not lists in a list"))
        if not axis.values.size:
            raise InputError(Fault("", expected="at least one value is expected"))
        if kind in WHOLE and np.any(axis.values % 1):
            raise InputError(Fault("", axis.values.tolist(), "whole numbers are expected"))
        stages = self.device.stages if isinstance(self.device, Cascade) else ()
        if path == STAGES and axis.values.max() > len(stages):
            expected = f"up to {len(stages)} stages are expected, those of the device"
            raise InputError(Fault("", axis.values.tolist(), expected))
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

    def _judge(self, faults: Faults) -> None:
        """Let the constructors and the judges see the ends of all numbers, and every material.

        Beside faulty variables the others are seen as far as no rule has to do with what is not known.
        """
        missing = self.variables.keys() - {axis.path for axis in self.axes}
        axes = [axis for axis in self.axes if is_of_device(axis.path)]
        if any(path in CONDITIONS for path in missing):
            axes = [axis for axis in axes if axis.path not in CONDITIONS]
        ends = {}
        for k, axis in enumerate(axes):
            values = axis.given() if axis.materials else np.unique([axis.values.min(), axis.values.max()])
            ends[axis.path] = values.reshape([-1 if k == i else 1 for i in range(len(axes))])
        kept = {"strict": self.strict, "force": self.force, "tolerance": self.tolerance}
        kinds = {} if any(path.endswith("material") for path in missing) else kinds_among(self.kept)
        for kind in kinds:
            with faults.collect():
                kind.check(self)
        try:
            found = judged_plan(self.device, self.conditions, ends, engine="numpy", **kept)
            doubts = () if faults else (text for kind in kinds for text in kind.doubts(self))
            warnings = dict.fromkeys((*found.remarks.warnings, *doubts))
            notes = (*found.remarks.notes, *(kind.note for kind in kinds if kind.note))
            object.__setattr__(self, "remarks", Remarks(tuple(warnings), notes))
        except InputError as error:
            for fault in error.faults:
                # the place in the arrays of the two ends says nothing
                among = fault.location.startswith("vary.") and fault.location.endswith("]")
                location = fault.location.rpartition("[")[0] if among else fault.location
                name = location.removeprefix("vary.")
                own = {full for axis in axes for full in meant(self.device, self.conditions, axis.path)}
                if missing and name not in own and name not in CONDITIONS:
                    continue
                moved = self._moved_with(name) if among else ""
                if moved:  # the variable is told whose value breaks the rule of another number
                    shown = f"{name} = {fault.value}"
                    faults.add(f"variables.{moved}", expected=f"{fault.expected} for {shown}")
                    continue
                location = location.replace("vary.", "variables.", 1)
                faults.add(location, fault.value, fault.expected, fault.advice)

    def _moved_with(self, name: str) -> str:
        """The variable that breaks a rule which a constructor tells of something that does not vary."""
        if name in self.variables:
            return ""
        inside = [path for path in self.variables if path.startswith(f"{name}.")]
        return next(iter(inside or [path for path in self.variables if {path, name} <= {*CONDITIONS}]), "")

    # What it says

    def _title(self) -> str:
        return f"{self.name or type(self.device).__name__}: study of {self.count:,} devices"

    def _facts(self) -> Iterator[tuple[str, str]]:
        kinds = self.quantities()
        for axis in self.axes:
            count = f"{len(axis.values)} values" if not axis.sampled else "sampled"
            ends = (format_si(float(end), kinds[axis.path]) for end in (axis.values.min(), axis.values.max()))
            yield axis.path, ", ".join(axis.labels) or f"{' to '.join(ends)}, {count}"
        yield "outputs", ", ".join(self.outputs)

    @property
    def limits(self) -> Mapping[str, tuple[float, float]]:
        """Least and largest allowed value in SI by quantity or combination."""
        return self.wanted.limits

    @property
    def combinations(self) -> Mapping[str, Combination]:
        """Limits that are combinations of numbers."""
        return self.wanted.combinations

    @property
    def objectives(self) -> tuple[tuple[str, float], ...]:
        """Outputs by which devices are compared, and 1 for the largest or -1 for the smallest value."""
        return self.wanted.objectives

    @property
    def objective(self) -> tuple[str, float]:
        """The first of them."""
        return self.objectives[0]

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
        return self.count * len(legs_of(self.device)) * solves(self.conditions)

    def quantities(self) -> dict[str, str]:
        """Quantities of the variables that are numbers, by their paths.

        Returns
        -------
        dict of str to str
        """
        return {axis.path: self._kind(axis.path) for axis in self.axes if not axis.materials}

    def _kind(self, path: str) -> str:
        if path.startswith(PREFIX):
            return number_of_costing(self.costing, path)[0]
        if path == STAGES and isinstance(self.device, Cascade):
            return STAGES
        return quantity_of(meant(self.device, self.conditions, path)[0], self.conditions)

    def kinds(self) -> dict[str, str]:
        """Quantities of everything that is stored, by variable, output or combination.

        Returns
        -------
        dict of str to str
        """
        kept = {n: self.combinations[n].kind if n in self.combinations else n for n in self.kept}
        return {**self.quantities(), **kept}

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
        for axis, found in places(self.axes, self.sample, devices):
            vary[axis.path] = axis.of_index(found) if axis.materials else found
            named[axis.path] = np.array(axis.labels, object)[found] if axis.materials else found
        return vary, named

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
        inputs = {name: getattr(self, name) for kind in kinds_among(self.kept) for name in kind.inputs}
        return plain(
            {
                **inputs,
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
