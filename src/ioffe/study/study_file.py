"""The study file: a device file, what varies, what is wanted, in TOML.

>>> from pathlib import Path
>>> _ = Path("leg.toml").write_text('''
... format = 1
... [leg]
... material = "Bi0.42Sb1.58Te3"
... length = "2 mm"
... area = "4 mm2"
... contact = "5 uohm cm2"
... [operate]
... mode = "generate"
... T_hot = "450 K"
... T_cold = "310 K"
... ''')
>>> _ = Path("lengths.toml").write_text('''
... format = 1
... [study]
... device = "leg.toml"
... outputs = ["power_density", "efficiency"]
... [operate]
... current = "max_power"
... [variables]
... length = { range = ["0.5 mm", "4 mm"], points = 15, spacing = "log" }
... "contact.electrical" = ["1 uohm cm2", "5 uohm cm2"]
... ''')
>>> read_study("lengths.toml").count
30
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ioffe.base.errors import Faults, InputError, did_you_mean, join_location, nearest
from ioffe.base.schema import Model, Several, read_toml, validate
from ioffe.device.conditions import Conditions, Cooler
from ioffe.device_file.build import MaterialFinder
from ioffe.device_file.models import ReportTable
from ioffe.device_file.read import DeviceFile, read_device
from ioffe.device_file.schema import schema_of
from ioffe.field.stress.tables import elastic_data
from ioffe.material.uncertainty import Uncertainty
from ioffe.study.plan import SamplePlan, Span
from ioffe.study.study import Study
from ioffe.study.uncertain import Spread


class StudyHead(Model):
    """What is studied and what is wanted of it."""

    device: str = Field(min_length=1, description="Device file beside the study file.")
    name: str = ""
    outputs: Several[str] = Field(default=(), description="Quantities of the result that are kept.")
    largest: str | Several[str] | None = Field(
        default=None, description="Output, or several, by which devices are compared."
    )
    smallest: str | Several[str] | None = Field(
        default=None, description="In place of largest, or beside it."
    )
    tolerance: float = Field(default=1e-6, ge=1e-11, le=1e-3, description="Relative error of the heat flows.")
    chunk: int | None = Field(default=None, ge=1, description="Devices that are stored together.")
    contact_loss: str | float = Field(
        default=0.05, description="Part of what a device does that contacts of contact_allowance take."
    )


class SpanTable(Model):
    """A number from one end to the other."""

    range: Several[Any] = Field(min_length=2, max_length=2, description="Its two ends, with their units.")
    points: int | None = Field(default=None, ge=1, description="Of a grid; without it [sample] is needed.")
    spacing: Literal["linear", "log"] = "linear"


class SampleTable(Model):
    """How ranges are filled."""

    points: int = Field(ge=1)
    plan: Literal["sobol", "halton", "latin hypercube"] = "sobol"
    seed: int = Field(default=0, ge=0)


class LimitTable(Model):
    """Limits of a quantity."""

    least: Any = None
    most: Any = None


class SpreadTable(Model):
    """Standard deviation of a number."""

    uncertainty: Any = Field(description='Standard deviation: "5 %" is relative, "2 K" is absolute.')
    distribution: Literal["normal", "log-normal", "uniform"] = "normal"


class ErrorsTable(Model):
    """Relative standard deviations of the curves of a material."""

    seebeck: str | float | None = None
    electrical_conductivity: str | float | None = None
    thermal_conductivity: str | float | None = None
    systematic: float = Field(default=1.0, ge=0.0, le=1.0, description="Share of the variance.")


class StudyTable(Model):
    """A study file."""

    format: Literal[1] = Field(description="Version of the file format.")
    study: StudyHead
    operate: dict[str, Any] = Field(default={}, description="In place of conditions of the device file.")
    variables: dict[str, Any] = Field(
        default={}, description="By paths: lists, or tables of range, points and spacing."
    )
    uncertain: dict[str, Any] = Field(default={}, description="Standard deviations by paths.")
    sample: SampleTable | None = None
    constraints: dict[str, LimitTable] = Field(default={}, description="Limits by quantities.")
    report: ReportTable = ReportTable()


def study_schema() -> dict[str, Any]:
    """JSON Schema of a study file, made from the models that validate it."""
    return schema_of(StudyTable, "ioffe study file")


def read_study(path: str | Path, *, strict: bool = False, force: bool = False) -> Study:
    """Read a study file.

    Parameters
    ----------
    path : path
        TOML file with the tables `[study]` and `[variables]` or `[uncertain]`, and perhaps `[operate]`,
        `[sample]`, `[constraints]` and `[report]`. The device file, and materials that are files, lie
        beside it.
    strict, force
        Refuse doubtful input too; refuse nothing, as in `Module.solve`. What the device file says of `strict`
        holds as well.

    Returns
    -------
    Study
        All numbers in SI.

    Raises
    ------
    InputError
        With every fault of the file and of the device file that it names: file, dotted location, value, what
        was expected, and the nearest name.

    Examples
    --------
    >>> read_study("stdy.toml")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: stdy.toml: the file does not exist
    """
    path = Path(path)
    data = read_toml(path)
    data |= {"constraints": dict(_limits(data["constraints"]))} if _mapping(data, "constraints") else {}
    faults = Faults(str(path))
    table = None
    with faults.collect():
        table = validate(StudyTable, data, path)
    head = _mapping(data, "study")
    file = _device(path, head, faults)
    if file is None:
        faults.raise_if_any()
        raise AssertionError("a study without a device has a fault")
    conditions = operated(file.conditions, _mapping(data, "operate"), faults)
    variables = dict(_variables(_mapping(data, "variables"), path, faults))
    uncertain = dict(_uncertain(_mapping(data, "uncertain"), faults))
    if not _mapping(data, "variables") and not _mapping(data, "uncertain"):
        faults.add("variables", expected="at least one variable, or something uncertain, is expected")
    if table is None:
        table = _remaining(data, [fault.location for fault in faults.found])
    given = {} if table is None else _wanted(table)
    found = Faults(str(path))
    if given.get("sample") is not None:
        plan, given["sample"] = dict(given["sample"]), SamplePlan(1)
        with found.collect("sample"):
            given["sample"] = SamplePlan(**plan)
    given |= {
        "uncertain": uncertain,
        "strict": strict or file.strict,
        "force": force,
        "costing": file.costing,
        **_stress(file, faults),
        "name": given.get("name") or file.name,
    }
    study = None
    with found.collect():
        study = Study(file.device, conditions, variables, **given)
    told = [fault.location for fault in faults.found]
    for fault in found.found:
        where = _placed(fault.location)
        if not any(_touch(where, other) for other in told):
            faults.add(where, fault.value, fault.expected, fault.advice)
    faults.raise_if_any()
    assert study is not None
    return study


def _mapping(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name, {})
    return found if isinstance(found, Mapping) else {}


def _device(path: Path, head: Mapping[str, Any], faults: Faults) -> DeviceFile | None:
    """The device file, if there is one."""
    name = head.get("device")
    if not isinstance(name, str) or not name:
        return None
    file = None
    with faults.collect("study.device" if not (path.parent / name).exists() else ""):
        file = read_device(path.parent / name)
    if file is not None and file.fidelity != "1d":
        expected = f"a device file with fidelity 1d is expected, as in all studies, not {file.fidelity}"
        faults.add("study.device", name, expected)
    return file


def _stress(file: DeviceFile, faults: Faults) -> dict[str, Any]:
    """What the table [stress] of a device file says of the temperature free of stress and of elastic data."""
    elastic, _ = elastic_data(file.stress.material, faults, "stress.material")
    free = {} if file.stress.free is None else {"stress_free": file.stress.free}
    return {"elastic": elastic, **free}


def operated(conditions: Any, given: Mapping[str, Any], faults: Faults) -> Conditions:
    """The conditions of a device file with others in their place; faults are noted."""
    known = [f.name for f in fields(conditions) if f.init]
    changes = {}
    for name, value in given.items():
        if name in known:
            changes[name] = value
        else:
            expected = f"no such condition is known while the device {_VERBS[isinstance(conditions, Cooler)]}"
            faults.add(f"operate.{name}", value, expected, did_you_mean(name, known))
    for name, others in _REPLACED[isinstance(conditions, Cooler)].items():
        if name in changes:
            changes = {other: None for other in others if other in known} | changes
    if changes.keys() & {"heat", "T_cold"} and isinstance(conditions, Cooler):
        both = {name: getattr(conditions, name) for name in ("heat", "T_cold")} | changes
        if both["heat"] is not None and both["T_cold"] is not None:
            # a cooler that has to hold both finds its current
            changes = {"current": None, "voltage": None} | changes
    if changes.get("aim") == "delta_T":
        changes = {"T_cold": None} | changes
    while True:
        try:
            return conditions.replace(**changes)
        except InputError as error:
            names = {fault.location.partition("[")[0] for fault in error.faults}
            with faults.collect("operate"):
                raise
            if not names & changes.keys():
                return conditions
            # the sound ones count, so that what has to do with them is judged
            changes = {name: value for name, value in changes.items() if name not in names}


_VERBS = {False: "generates", True: "cools"}
_REPLACED: Mapping[bool, Mapping[str, tuple[str, ...]]] = {
    False: {"heat": ("T_hot",), "T_hot": ("heat",)},
    True: {"aim": ("current", "voltage")},
}
"""Conditions of a device file that give way to another one of the study, of generators and of coolers."""


def _variables(given: Mapping[str, Any], path: Path, faults: Faults) -> Iterator[tuple[str, Any]]:
    """Values of the variables by their paths; `p.length` may be written without quotes.

    What cannot be read is None, which the study refuses too.
    """
    finder = MaterialFinder(path.parent, path.name)
    for name, value in _flat(given):
        where = join_location("variables", name)
        if isinstance(value, Mapping):
            span = None
            with faults.collect(where):
                table = validate(SpanTable, value)
                span = Span(*table.range, points=table.points, spacing=table.spacing)
            yield name, span
        elif isinstance(value, list) and name.endswith("material") and all(isinstance(x, str) for x in value):
            found = []
            for k, word in enumerate(value):
                with faults.collect(f"{where}[{k}]"):
                    found.append(finder.find(word))
            yield name, dict(zip(value, found, strict=True)) if len(found) == len(value) else value
        else:
            if not isinstance(value, list):
                faults.add(where, value, "a list is expected, or a table of range, points and spacing")
            yield name, value


def _uncertain(given: Mapping[str, Any], faults: Faults) -> Iterator[tuple[str, Any]]:
    """Standard deviations by their paths."""
    for name, value in _flat(given):
        with faults.collect(join_location("uncertain", name)):
            if not isinstance(value, Mapping):
                yield name, Spread(value)
            elif name.endswith("material"):
                table = validate(ErrorsTable, value)
                yield name, Uncertainty(**{key: one for key, one in table if one is not None})
            else:
                table = validate(SpreadTable, value)
                yield name, Spread(table.uncertainty, table.distribution)


_KEYS = {key for one in (SpanTable, SpreadTable, ErrorsTable) for key in one.model_fields}
"""Keys of the tables that stand behind a path."""


def _flat(given: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        path = join_location(before, name)
        if isinstance(value, Mapping) and value and not value.keys() & _KEYS and not _misspelt(value):
            yield from _flat(value, path)
        else:
            yield path, value


def _limits(given: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Limits by their names; `legs.length` may be written without quotes."""
    for name, value in given.items():
        path = join_location(before, name)
        if isinstance(value, Mapping) and value and all(isinstance(one, Mapping) for one in value.values()):
            yield from _limits(value, path)
        else:
            yield path, value


def _misspelt(given: Mapping[str, Any]) -> bool:
    """Whether a table has keys like those of a range, and not the names of further numbers."""
    return any(nearest(key, SpanTable.model_fields) for key in given)


def _wanted(table: StudyTable) -> dict[str, Any]:
    """What a file says beside its device and its variables, as the constructor of a study takes it."""
    head = {k: v for k, v in table.study if k != "device"}
    limits = {name: {k: v for k, v in limit if v is not None} for name, limit in table.constraints.items()}
    return {**head, "sample": table.sample, "constraints": limits, "notes": table.report.notes}


def _remaining(data: Mapping[str, Any], faulty: Sequence[str]) -> StudyTable | None:
    """What a file says beside what is faulty, to be judged all the same."""
    told = list(faulty)

    def without(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
        for name, value in table.items():
            where = join_location(before, name)
            if any(one == where or one.startswith(f"{where}[") for one in told):
                continue
            inside = isinstance(value, Mapping) and any(one.startswith(f"{where}.") for one in told)
            yield name, dict(without(value, where)) if inside else value

    for _ in range(2):
        try:
            return validate(StudyTable, dict(without(data, "")))
        except InputError as error:  # something is missing in a table, which is left out
            told += [fault.location.partition(".")[0] for fault in error.faults]
    return None


def _placed(location: str) -> str:
    """Where in a study file a fault of a study is."""
    first = location.partition("[")[0]
    return join_location("study", location) if first in StudyHead.model_fields else location


def _touch(where: str, told: str) -> bool:
    """Whether a fault follows from one that is told already."""
    follows = told.startswith("variables") and where in ("variables", "sample")
    follows |= where.startswith("variables.") and told.startswith(f"{where}.")
    follows |= told.startswith("sample.") and where == "sample"
    ends = ("T_hot", "T_cold")
    follows |= told in [f"operate.{end}" for end in ends] and where in [f"variables.{end}" for end in ends]
    follows |= told.startswith("uncertain.") and where == "uncertain"
    follows |= told.startswith("operate.") and where.startswith("operate.")
    return follows or where == told or where.startswith((f"{told}.", f"{told}["))
