"""What a study wants of its devices, checked: outputs, objectives, and limits of results and of numbers.

>>> unit_as_written("2 mm", "length"), unit_as_written(0.002, "length"), unit_as_written("40 degC", "T_hot")
('mm', 'm', 'degC')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any

from ioffe.base.errors import Faults, join_location
from ioffe.base.quantities import quantity
from ioffe.base.units import format_si, to_si
from ioffe.base.units.spelling import plain, split_number
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.solve.task import QUANTITIES
from ioffe.study.beside.table import beside_names
from ioffe.study.combination import MARKS, Combination
from ioffe.study.plan import StudyAxis

USUAL = {
    True: ("efficiency", "power", "power_density"),
    False: ("COP", "heat_cold", "power", "delta_T"),
}
"""Outputs of a study of generators (True) and coolers that names none."""


@dataclass(frozen=True)
class WantedQuantities:
    """Outputs, objectives and limits of a study.

    `outputs`: quantities that are kept.
    `objectives`: outputs by which devices are compared, with 1 for the largest and -1 for the smallest value.
    `limits`: least and largest allowed value in SI, by quantity or combination.
    `units`: unit in which each limit was written.
    `combinations`: those of the limits that are none of a result.
    """

    outputs: tuple[str, ...] = ()
    objectives: tuple[tuple[str, float], ...] = ()
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    combinations: Mapping[str, Combination] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        device: Leg | Module | Cascade,
        conditions: Conditions,
        axes: Iterable[StudyAxis],
        outputs: Sequence[str],
        objectives: Mapping[str, Any],
        constraints: Mapping[str, Any],
        faults: Faults,
    ) -> WantedQuantities:
        """What is wanted, its faults collected.

        `device`, `conditions`, `axes`: of the study.
        `outputs`, `constraints`: as for `Study`.
        `objectives`: what it says of ``largest`` and ``smallest``.
        `faults`: takes every fault.
        """
        generates = isinstance(conditions, Generator)
        known = (*QUANTITIES[generates], *beside_names(generates))
        given = (outputs,) if isinstance(outputs, str) else tuple(outputs)
        sound = [faults.one_of(f"outputs[{k}]", name, known) for k, name in enumerate(given)]
        for k, name in enumerate(given):
            if sound[k] and name in given[:k]:
                faults.add(f"outputs[{k}]", name, "outputs are expected, each once")
        kept = tuple(name for name in dict.fromkeys(given) if name in known) or USUAL[generates]
        # an output that is misspelt may be the one that is meant
        aims = tuple(_objectives(objectives, kept if all(sound) else known, known, faults))
        limits, units, combinations = {}, {}, {}
        for name, ends in constraints.items():
            where = join_location("constraints", name)
            combination = None
            if MARKS.search(name):
                with faults.collect(where):
                    paths = [axis.path for axis in axes]
                    combination = combinations[name] = Combination.read(name, device, conditions, paths)
                if combination is None:
                    continue
            elif name not in known and name in {axis.path for axis in axes}:
                expected = "a limit of a result, or of a combination of numbers, is expected"
                faults.add(where, dict(ends), expected, f"narrow variables.{name} instead")
                continue
            elif not faults.one_of(where, name, known):
                continue
            kind = name if combination is None else combination.kind
            found = _ends(ends, combination.bound if combination else _bound(name), where, faults)
            if found is None:
                continue
            limits[name] = found
            units[name] = next((unit_as_written(ends[k], kind) for k in ("most", "least") if k in ends), "")
            reachable = _reachable(name, combination, conditions, axes)
            if reachable is not None and (reachable[0] > found[1] or reachable[1] < found[0]):
                low, high = (format_si(float(end), kind, 4) for end in reachable[:2])
                between = f"{low} to {high}" if isfinite(reachable[0]) else f"at most {high}"
                expected = f"limits that {reachable[2]} can keep are expected: they give {between}"
                faults.add(where, dict(ends), expected)
        return cls(kept, aims or ((kept[0], 1.0),), limits, units, combinations)


def _objectives(
    given: Mapping[str, Any], kept: Sequence[str], known: Sequence[str], faults: Faults
) -> Iterable[tuple[str, float]]:
    told: dict[str, str] = {}
    for key, sign in (("largest", 1.0), ("smallest", -1.0)):
        value = given.get(key)
        several = isinstance(value, list | tuple)
        names: list[Any] = list(value) if several else [] if value is None else [value]
        for k, name in enumerate(names):
            where = f"{key}[{k}]" if several else key
            if name not in kept and name in known:
                expected = f"one of the outputs {', '.join(kept)} is expected"
                faults.add(where, name, expected, f"list {name} among outputs too")
                continue
            if not faults.one_of(where, name, kept):
                continue
            if name in told:
                faults.add(where, name, f"an output that is not {told[name]} already is expected")
                continue
            told[name] = key
            yield name, sign


def _reachable(
    name: str, combination: Combination | None, conditions: Conditions, axes: Iterable[StudyAxis]
) -> tuple[float, float, str] | None:
    """Least and largest value of what is limited, as far as it is known beforehand, and what gives them.

    Combinations and variables have those of the variables; efficiency and COP are below Carnot's.
    """
    spans = {a.path: (a.values.min(), a.values.max()) for a in axes if not a.materials}
    if combination is not None:
        return *combination.span(spans), "the variables"
    if name in spans:
        return *spans[name], "the variables"
    if name not in ("efficiency", "COP"):
        return None
    ends = {key: spans.get(key, (getattr(conditions, key),) * 2) for key in ("T_hot", "T_cold")}
    (_, coldest), (least, hottest) = ends["T_cold"], ends["T_hot"]
    if coldest is None or least is None or (name == "COP" and coldest >= least):
        return None
    if name == "COP":
        return -inf, coldest / (least - coldest), f"devices below Carnot's {name}"
    return -inf, 1.0 - ends["T_cold"][0] / hottest, f"devices below Carnot's {name}"


def _bound(name: str) -> Any:
    return lambda value: to_si(value, name)


def _ends(given: Any, bound: Any, where: str, faults: Faults) -> tuple[float, float] | None:
    """Least and largest value, or nothing where they are faulty."""
    if not isinstance(given, Mapping) or not given.keys() <= {"least", "most"} or not given:
        faults.add(where, given, "least, most or both are expected")
        return None
    ends = {"least": -inf, "most": inf}
    for end in given:
        with faults.collect(join_location(where, end)):
            ends[end] = bound(given[end])
    if ends["least"] > ends["most"]:
        expected = "limits that some value keeps are expected: least is above most"
        faults.add(where, dict(given), expected)
    return ends["least"], ends["most"]


def unit_as_written(value: Any, kind: str) -> str:
    """The unit of a number as it was written, or the SI unit of its quantity.

    `value`: as a user gave it.
    `kind`: its quantity.
    """
    parts = split_number(plain(value)) if isinstance(value, str) else None
    return (parts[1] if parts else "") or quantity(kind).unit
