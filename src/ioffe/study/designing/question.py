"""What a question of a designer is: one record, from which command, help, documentation and Python follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import to_si
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS
from ioffe.device_file.build import MaterialFinder
from ioffe.material.material import Material
from ioffe.material.soundness import Remarks
from ioffe.solve.doubts import judge
from ioffe.study.designing.answer import DesignAnswer


@dataclass(frozen=True)
class DesignAim:
    """What a device shall do best.

    Parameters
    ----------
    quantity : str
        Of the operating point.
    words : str
        As a sentence says it.
    cools : bool
        Whether it is an aim of a cooler.
    current : str
        The operating point of each device, as `Generator` and `Cooler` take it; empty for the largest
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
            heat = 0.0 if conditions.heat is None or conditions.T_cold is not None else conditions.heat
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

    Parameters
    ----------
    name : str
        As it is written in Python; in a command with hyphens.
    quantity : str
        Of the quantity table, or ``"materials"`` for a list of materials, ``"whole"`` for a whole number.
    help : str
        One sentence.
    default : float or str, optional
        As it is written; None for what may be left out.
    choices : tuple of str
        Words, in place of a number.
    metavar : str
        What stands for the value in the help.
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
            finder = MaterialFinder(Path(), "")
            return tuple(one if isinstance(one, Material) else finder.find(one) for one in given)
        if self.quantity == "whole":
            try:
                number = int(str(value))
            except ValueError:
                number = 0
            if number < 1:
                raise InputError(Fault("", value, "a whole number from 1 is expected"))
            return number
        return to_si(value, self.quantity)


@dataclass(frozen=True)
class Asked:
    """A question about one device, checked, all numbers in SI.

    Parameters
    ----------
    question : Question
        What is asked.
    device, conditions
        About what; the conditions impose one operating point, that of the aim.
    aim : str
        One of `AIMS`.
    options : mapping
        By name.
    how : mapping
        Engine, threads and tolerance, as for `solve_batch`.
    assumed : tuple of str
        What was taken for granted about the device file.
    remarks : Remarks
        Doubts about device and conditions.
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

    Parameters
    ----------
    name : str
        As it is typed.
    asks : str
        The question itself.
    about : str
        What varies and what stays, for help and documentation.
    answer : callable
        Makes an answer from what was asked.
    aims : tuple of str
        What may be asked for, the usual one of a generator and of a cooler before others of its kind.
    options : tuple of QuestionOption
        What else it may be told.
    devices : tuple of type
        For what it is: legs, modules.
    needs : callable, optional
        Notes what is missing in device, conditions and options.
    example : str
        A device file of the examples, and the options with it.
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

        Parameters
        ----------
        faults : Faults
            Where they are noted.
        options : mapping
            As they were given.

        Returns
        -------
        dict
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
        strict: bool = False,
        force: bool = False,
    ) -> Asked:
        """The question about a device, checked.

        Raises
        ------
        InputError
            With every fault.
        """
        faults = Faults()
        given = self.read(faults, options or {})
        if not isinstance(device, self.devices):
            kinds = " or ".join(f"[{one.__name__.lower()}]" for one in self.devices)
            expected = f"a device of {kinds} is expected for {self.name}"
            faults.add("device", type(device).__name__, expected)
        cools = isinstance(conditions, Cooler)
        aims = [one for one in self.aims if AIMS[one].cools == cools]
        first, assumed = _first(conditions)
        word = ""
        if not isinstance(conditions, Generator | Cooler):
            faults.add("conditions", conditions, "a Generator or a Cooler is expected")
        elif not aims:
            expected = f"{MODES[not cools]} is expected for {self.name}"
            faults.add("operate.mode", conditions.mode, expected)
        elif aim is None or faults.one_of("aim", aim, aims):
            word = aim or (usual if (usual := _usual(first)) in aims else aims[0])
            with faults.collect("operate"):
                first = AIMS[word].imposed(first)
        if word and self.needs is not None and isinstance(device, self.devices):
            self.needs(faults, device, first, given)
        faults.raise_if_any()
        remarks = judge(device, first, force=force, strict=strict)
        return Asked(self, device, first, word, given, dict(how or {}), assumed, remarks)


def _usual(conditions: Any) -> str:
    """What a cooler without a cold side is for."""
    return "delta_T" if isinstance(conditions, Cooler) and conditions.T_cold is None else ""


def _first(conditions: Any) -> tuple[Any, tuple[str, ...]]:
    """Conditions with the first of listed values, and what that assumes."""
    lists = {
        name: value for name in CONDITIONS if isinstance(value := getattr(conditions, name, None), np.ndarray)
    }
    if not lists:
        return conditions, ()
    first = {name: float(value.flat[0]) for name, value in lists.items()}
    said = tuple(
        f"{name} is the first of the {lists[name].size} of the device file, {value:g} (SI)"
        for name, value in first.items()
        if name not in ("current", "voltage", "load")
    )
    return conditions.replace(**first), said
