"""What a question of a designer is: one record, from which command, help, documentation and Python follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import format_si, to_si
from ioffe.device.cascade import materials_of
from ioffe.device.conditions import OPERATION, Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS, quantity_of
from ioffe.device_file.build import MaterialFinder
from ioffe.material.material import Material
from ioffe.material.soundness import Remarks
from ioffe.solve.doubts import judge
from ioffe.study.designing.answer import DesignAnswer


@dataclass(frozen=True)
class DesignAim:
    """What a device shall do best.

    `quantity`: of the operating point.
    `words`: as a sentence says it.
    `cools`: whether it is an aim of a cooler.
    `current`: the operating point of each device, as `Generator` and `Cooler` take it; empty for the largest
        temperature difference.
    """

    quantity: str
    words: str
    cools: bool
    current: str

    def imposed(self, conditions: Any) -> Conditions:
        """Conditions with this operating point in place of what they impose."""
        if not self.cools:
            return conditions.replace(current=self.current)
        if not self.current:
            heat = conditions.heat or 0.0
            return conditions.replace(T_cold=None, current=None, voltage=None, heat=heat, aim="delta_T")
        if self.quantity == "COP" and conditions.heat is not None:
            return conditions.replace(current=None, voltage=None, aim=None)
        return conditions.replace(heat=None, aim=None, voltage=None, current=self.current)


AIMS: Final = {
    "power": DesignAim("power", "power", False, "max_power"),
    "power_density": DesignAim("power_density", "power density", False, "max_power"),
    "efficiency": DesignAim("efficiency", "efficiency", False, "max_efficiency"),
    "COP": DesignAim("COP", "COP", True, "max_COP"),
    "heat": DesignAim("heat_cold", "heat taken up", True, "max_heat"),
    "delta_T": DesignAim("delta_T", "temperature difference", True, ""),
}
"""Aims by the words in which they are asked for."""
MODES: Final = {False: "a generator", True: "a cooler"}


@dataclass(frozen=True)
class QuestionOption:
    """Something that a question may be told.

    `name`: as it is written in Python; in a command with hyphens.
    `quantity`: of the quantity table, or ``"materials"`` for a list of materials, ``"samples"`` for materials
        by their compositions, ``"whole"`` for a whole number.
    `help`: one sentence.
    `default`: as it is written; None for what may be left out.
    `choices`: words, in place of a number.
    `metavar`: what stands for the value in the help.

    >>> QuestionOption("most", "whole", "Largest number of stages.").read("3")
    3
    """

    name: str
    quantity: str
    help: str
    default: Any = None
    choices: tuple[str, ...] = ()
    metavar: str = "X"

    def read(self, value: Any) -> Any:
        """A value as it was given, in SI."""
        if self.choices:
            if value not in self.choices:
                expected = f"one of {', '.join(self.choices)} is expected"
                raise InputError(Fault("", value, expected, did_you_mean(value, self.choices)))
            return value
        if self.quantity == "materials":
            given = [value] if isinstance(value, str | Material) else list(value)
            return tuple(_material(one) for one in given)
        if self.quantity == "samples":
            return _samples(value)
        if self.quantity == "whole":
            try:
                number = int(str(value))
            except ValueError:
                number = 0
            if number < 1:
                raise InputError(Fault("", value, "a whole number from 1 is expected"))
            return number
        return to_si(value, self.quantity)


def _material(one: Any) -> Material:
    return one if isinstance(one, Material) else MaterialFinder(Path(), "").find(one)


def _samples(given: Any) -> tuple[tuple[float, Material], ...]:
    """Compositions with their materials, in order, from a mapping or from texts ``x=NAME``."""
    texts = [given] if isinstance(given, str) else given
    pairs = texts.items() if isinstance(texts, Mapping) else [text.partition("=")[::2] for text in texts]
    faults, found = Faults(), {}
    for amount, word in pairs:
        with faults.collect(f"{amount}"):
            try:
                x = float(amount)
            except ValueError:
                raise InputError(Fault("", amount, "a composition is expected, as in 0.5=Bi2Te3")) from None
            if x in found:
                raise InputError(Fault("", amount, "a composition that is given once is expected"))
            found[x] = _material(word.strip() if isinstance(word, str) else word)
    faults.raise_if_any()
    return tuple(sorted(found.items(), key=lambda one: one[0]))


@dataclass(frozen=True)
class Asked:
    """A question about one device, checked, all numbers in SI.

    `question`: what is asked.
    `device`, `conditions`: about what; the conditions impose one operating point, that of the aim.
    `aim`: one of `AIMS`.
    `options`: by name.
    `how`: engine, threads and tolerance, as for `solve_batch`.
    `assumed`: what was taken for granted about the device file.
    `remarks`: doubts about device and conditions.
    """

    question: Question
    device: Leg | Module
    conditions: Conditions
    aim: str
    options: Mapping[str, Any]
    how: Mapping[str, Any] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    remarks: Remarks = field(default_factory=Remarks)

    @property
    def goal(self) -> DesignAim:
        """The aim."""
        return AIMS[self.aim]


@dataclass(frozen=True)
class Question:
    """One question of a designer.

    `name`: as it is typed.
    `asks`: the question itself.
    `about`: what varies and what stays, for help and documentation.
    `answer`: makes an answer from what was asked.
    `aims`: what may be asked for, the usual one of a generator and of a cooler before others of its kind.
    `options`: what else it may be told.
    `devices`: for what it is: legs, modules.
    `needs`: notes what is missing in device, conditions and options.
    `example`: a device file of the examples, and the options with it.
    """

    name: str
    asks: str
    about: str
    answer: Callable[[Asked], DesignAnswer]
    aims: tuple[str, ...]
    options: tuple[QuestionOption, ...] = ()
    devices: tuple[type, ...] = (Module,)
    needs: Callable[[Faults, Leg | Module, Conditions, Mapping[str, Any]], None] | None = None
    example: str = ""

    def read(self, faults: Faults, options: Mapping[str, Any]) -> dict[str, Any]:
        """All options in SI by name, None where one is left out; faults are noted.

        `faults`: where they are noted.
        `options`: as they were given.
        """
        known = {one.name: one for one in self.options}
        found = {one.name: None if one.default is None else one.read(one.default) for one in self.options}
        for name, value in options.items():
            if faults.one_of(name, name, known):
                with faults.collect(name):
                    found[name] = known[name].read(value)
        return found

    def asked(
        self,
        device: Any,
        conditions: Any,
        aim: str | None = None,
        options: Mapping[str, Any] | None = None,
        how: Mapping[str, Any] | None = None,
        *,
        operate: Collection[str] = (),
        strict: bool = False,
        force: bool = False,
    ) -> Asked:
        """The question about a device, checked.

        Conditions that the aim decides are refused where they were asked for with the question, the names in
        `operate`, and otherwise said among what was assumed.

        Raises `InputError` with every fault.
        """
        faults = Faults()
        given = self.read(faults, options or {})
        if not isinstance(device, self.devices):
            kinds = " or ".join(f"[{one.__name__.lower()}]" for one in self.devices)
            expected = f"a device of {kinds} is expected for {self.name}"
            faults.add("device", type(device).__name__, expected)
        elif isinstance(device, Leg):
            for name in PAIRED & (options or {}).keys():
                faults.add(name, given[name], "nothing is expected here, because the device is one leg")
        cools = isinstance(conditions, Cooler)
        aims = [one for one in self.aims if AIMS[one].cools == cools]
        first, listed = _first(conditions)
        assumed, word = tuple(listed.values()), ""
        if not isinstance(conditions, Generator | Cooler):
            faults.add("conditions", conditions, "a Generator or a Cooler is expected")
        elif not aims:
            expected = f"{MODES[not cools]} is expected for {self.name}"
            faults.add("operate.mode", conditions.mode, expected)
        elif aim is None or faults.one_of("aim", aim, aims):
            word = aim or (usual if (usual := _usual(first)) in aims else aims[0])
            with faults.collect("operate"):
                first = AIMS[word].imposed(first)
                decided = dict(_decided(conditions, first, AIMS[word]))
                advice = f"another one of --aim: {', '.join(aims)}?" if len(aims) > 1 else ""
                works = f"every device works at its largest {AIMS[word].words}"
                for name in decided.keys() & set(operate):
                    expected = f"no such condition is expected, because {works}"
                    faults.add(f"operate.{name}", getattr(conditions, name), expected, advice)
                assumed = tuple(said for name, said in listed.items() if name not in decided)
                if decided:
                    assumed = (*assumed, f"{works}, in place of {', '.join(decided.values())}")
        if word and self.needs is not None and isinstance(device, self.devices):
            self.needs(faults, device, first, given)
        faults.raise_if_any()
        remarks = judge(device, first, force=force, strict=strict)
        return Asked(self, device, first, word, given, dict(how or {}), assumed, remarks)


PAIRED: Final = frozenset({"leg", "least_fill", "most_fill"})
"""Options that mean nothing of one leg."""


def _decided(given: Any, imposed: Any, aim: DesignAim) -> Iterator[tuple[str, str]]:
    """Conditions that are not held because the aim decides them, with their words."""
    for name in (*OPERATION, "heat", "T_cold", "aim"):
        value, held = getattr(given, name, None), getattr(imposed, name, None)
        listed = isinstance(value, np.ndarray)
        if value is None or (isinstance(held, float) if listed else value == held):
            continue
        if not isinstance(value, str):
            shown = "a list" if listed else format_si(float(value), quantity_of(name, given))
            yield name, f"{name} = {shown}"
        elif value not in (aim.current, aim.quantity):
            yield name, f"{name} = {value}"


def _usual(conditions: Any) -> str:
    """What a cooler without a cold side is for."""
    return "delta_T" if isinstance(conditions, Cooler) and conditions.T_cold is None else ""


def _first(conditions: Any) -> tuple[Any, dict[str, str]]:
    """Conditions with the first of listed values, and what that assumes."""
    lists = {
        name: value for name in CONDITIONS if isinstance(value := getattr(conditions, name, None), np.ndarray)
    }
    if not lists:
        return conditions, {}
    first = {name: float(value.flat[0]) for name, value in lists.items()}
    said = {
        name: f"{name} is the first of the {lists[name].size} of the device file, {format_si(value, name)}"
        for name, value in first.items()
        if name not in ("current", "voltage", "load")
    }
    return conditions.replace(**first), said


def answered(
    asked: Asked,
    found: Any,
    devices: Sequence[str],
    columns: Mapping[str, Any],
    sentence: str,
    *,
    aim: str = "",
    materials: Sequence[Material] = (),
    assumed: Sequence[str] = (),
    warnings: Sequence[str] = (),
    **more: Any,
) -> DesignAnswer:
    """An answer, with what every one says of its question and of how good its numbers are.

    `asked`: the question.
    `found`: the devices of the answer, solved.
    `devices`, `columns`, `sentence`: as for `DesignAnswer`.
    `aim`: by default the quantity of the aim.
    `materials`: beside those of the device.
    `assumed`, `warnings`: beside those of the device file.
    `**more`: as for `DesignAnswer`.
    """
    own = (*materials_of(asked.device), *materials)
    options = {
        name: [_said(one) for one in value] if isinstance(value, tuple) else value
        for name, value in asked.options.items()
        if value is not None
    }
    return DesignAnswer(
        question=asked.question.name,
        asks=asked.question.asks,
        name=asked.device.name or type(asked.device).__name__,
        aim=aim or asked.goal.quantity,
        sentence=sentence,
        devices=tuple(devices),
        columns=columns,
        assumed=(*asked.assumed, *assumed),
        options=options,
        materials=tuple({id(one): one for one in own}.values()),
        point_status=found.point_status,
        point_energy_balance=found.point_energy_balance,
        point_error_estimate=found.point_error_estimate,
        interpolation=found.interpolation,
        conditions=asked.conditions,
        warnings=tuple(dict.fromkeys((*asked.remarks.warnings, *found.warnings, *warnings))),
        notes=tuple(dict.fromkeys((*asked.remarks.notes, *found.notes))),
        **more,
    )


def _said(one: Any) -> str:
    """A material, or a composition with its material, by name."""
    return f"{one[0]:g}={one[1].name}" if isinstance(one, tuple) else one.name
