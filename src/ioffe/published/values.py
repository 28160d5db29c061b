"""What a source states: published values as they are printed, and the assumptions behind a computation.

Numbers are kept as text and as SI values, so that the last printed digit decides how closely a computed value
must agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from pydantic import Field

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.schema import Model, Several, read_toml, validate
from ioffe.base.units import parse_unit

Inputs = Literal["published input", "reconstructed", "stand-in", "assumed"]
Evidence = Literal["prediction", "consistency", "calibrated", "derived", "literature"]
EVIDENCE: tuple[str, ...] = get_args(Evidence)
"""Classes of rows: what an agreement would prove."""
Bound = Literal["equal", "at least", "at most"]
_DECIMAL = re.compile(r"[+-]?(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?", re.IGNORECASE)
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class PublishedValue:
    """One number of a paper.

    `key`: name by which the computation answers.
    `quantity`, `place`: what it is in words, and the table, figure or text that gives it.
    `text`, `unit`: as printed.
    `value`: in SI.
    `tolerance`: how close a computed value must come, in SI: half a unit of the last printed digit, or what
        `tolerance_source` says.
    `tolerance_source`: where a tolerance comes from that is not that of the digits; empty where the digits
        decide.
    `std`: standard deviation that the paper states for the value, in SI; 0 if it states none.
    `evidence` {"prediction", "consistency", "calibrated", "derived", "literature"}: what the row proves: a
        model result from inputs that do not contain it; arithmetic between printed numbers; nothing, because
        an input was made from it; arithmetic, because it is not printed itself and was computed from printed
        numbers; nothing of the paper, which quotes it.
    `inputs`: worst quality of the inputs of the computation.
    `bound` {"equal", "at least", "at most"}: how the paper says it.
    `why`: what explains a difference.
    `same_as`: key of the row that states the same fact and counts in its place; empty if this one counts.
    `not_yet`: what is missing to compute it; empty if it is computed.
    """

    key: str
    quantity: str
    place: str
    text: str
    unit: str
    value: float
    tolerance: float
    tolerance_source: str
    std: float
    evidence: Evidence
    inputs: Inputs
    bound: Bound = "equal"
    why: str = ""
    same_as: str = ""
    not_yet: str = ""


@dataclass(frozen=True)
class Assumption:
    """A number that enters a computation, beside those of cards and device files.

    `name`: by which computations ask for it, and ``--assume NAME=VALUE`` changes it.
    `text`, `unit`: as it is written.
    `value`: in SI.
    `reason`: why this value.
    `quality`: `published input`, `reconstructed`, `stand-in` or `assumed`.
    `low`, `high`: range that it may have, in SI: computed values carry the change over it.
    `std`: standard deviation in SI, propagated to computed values.
    `made_from`: keys of the published values that it was made from: what it moves of these is no evidence.
    `sets`: what it changes: ``"cooler: legs.area"`` a number of a device file by its path, ``"Cu: seebeck"``
        the factor of a property of a material, ``"cooler: p.material.seebeck"`` that factor in a device.
    `changed`: whether it was overridden.
    """

    name: str
    text: str
    unit: str
    value: float
    reason: str
    quality: Inputs
    low: float | None = None
    high: float | None = None
    std: float = 0.0
    made_from: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    changed: bool = False


class _Value(Model):
    key: str = Field(pattern=r"^[A-Za-z0-9_]+$")
    quantity: str
    place: str
    value: str
    unit: str = "1"
    tolerance: str = ""
    tolerance_source: str = ""
    std: str = ""
    coverage: float = Field(default=1.0, ge=1.0)
    evidence: Evidence
    inputs: Inputs
    bound: Bound = "equal"
    why: str = ""
    same_as: str = ""
    not_yet: str = ""


class _Values(Model):
    value: Several[_Value]


class _AssumptionEntry(Model):
    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    value: str
    unit: str = "1"
    reason: str
    quality: Inputs
    range: Several[str] = ()
    std: str = ""
    coverage: float = Field(default=1.0, ge=1.0)
    made_from: Several[str] = ()
    sets: Several[str] = ()


class _PublishedCard(Model):
    name: str
    made_from: Several[str]


class _Assumptions(Model):
    assumption: Several[_AssumptionEntry] = ()
    card: Several[_PublishedCard] = ()


def read_values(path: Path) -> tuple[PublishedValue, ...]:
    """The published values of a file.

    `path`: `values.toml` with a table `[[value]]` for each. `value` is a text as printed; `tolerance` and
        `std` are texts such as ``"2 %"`` (of the value) or ``"0.3"`` (in its unit). `coverage` says how many
        standard deviations `std` is.
    Returns: in the order of the file.
    Raises `InputError` with every fault of the file.
    """
    rows = validate(_Values, read_toml(path), path).value
    return tuple(_made(path, "value", "key", rows, _published).values())


def read_assumptions(path: Path) -> dict[str, Assumption]:
    """The assumptions of a file.

    `path`: `assumptions.toml` with a table `[[assumption]]` for each. `value` and the two ends of `range` are
        texts in the unit; `std` is a text such as ``"2 %"`` (of the value) or ``"0.3"`` (in its unit), and
        `coverage` says how many standard deviations that is.
    Returns: by name.
    Raises `InputError` with every fault of the file.
    """
    rows = validate(_Assumptions, read_toml(path), path).assumption
    return _made(path, "assumption", "name", rows, _assumption)


def read_cards(path: Path) -> dict[str, tuple[str, ...]]:
    """Keys of the published values that materials were rebuilt from, by the name of the material.

    `path`: `assumptions.toml` with a table `[[card]]` for each rebuilt material.
    """
    return {one.name: one.made_from for one in validate(_Assumptions, read_toml(path), path).card}


def override(
    assumptions: Mapping[str, Assumption], changes: Mapping[str, str | float]
) -> dict[str, Assumption]:
    """Assumptions with other values.

    `assumptions`: those of a source; changes that it does not know are left out.
    `changes`: a number is in the unit of the assumption; a text may state its own. A changed assumption is
        taken as it is: its range is left out, its stated error is kept.
    Returns: by name, the changed ones marked.
    Raises `InputError` for a value that is not a number or has another dimension.
    """
    faults = Faults()
    found = dict(assumptions)
    for name, change in changes.items():
        if name in assumptions:
            with faults.collect(name):
                found[name] = _changed(assumptions[name], change)
    faults.raise_if_any()
    return found


def in_si(value: float, unit: str) -> float:
    """A number of a unit in SI.

    >>> in_si(2.76, "uohm cm2")
    2.76e-10
    """
    found = parse_unit(unit)
    return (value * found.factor if found.ratio >= 1 else value / found.inverse) + found.offset


def number_in(text: str, place: str = "value") -> float:
    """The number of a text; raises `InputError` if it is not a plain decimal number.

    >>> number_in("2.10e19")
    2.1e+19
    """
    return float(_decimal(text, place)[0])


def half_digit(text: str) -> float:
    """Half a unit of the last printed digit.

    >>> half_digit("0.90"), half_digit("2.10e19"), half_digit("52")
    (0.005, 5e+16, 0.5)
    """
    match = _decimal(text, "value")
    return 0.5 * 10.0 ** (int(match[3] or 0) - len(match[2] or ""))


def width(text: str, value: float, unit: str, place: str) -> float:
    """A tolerance or standard deviation in SI: a share of the value in per cent, or a number of its unit.

    >>> width("2 %", 50.0, "mV", "tolerance"), width("0.3", 50.0, "mV", "tolerance"), width("", 1.0, "1", "")
    (0.001, 0.0003, 0.0)
    """
    if not text:
        return 0.0
    share = text.strip().endswith("%")
    number = number_in(text.strip().removesuffix("%"), place)
    if number < 0:
        raise InputError(f"{place} = {text!r}: a number from 0 on is expected")
    return abs(number * (value / 100.0 if share else 1.0) * parse_unit(unit).factor)


def _decimal(text: str, place: str) -> re.Match[str]:
    if match := _DECIMAL.fullmatch(text.strip()):
        return match
    raise InputError(Fault(place, text, 'a number as it is printed is expected, such as "0.90"'))


def _made(
    path: Path, kind: str, key: str, rows: Sequence[Any], make: Callable[[Any], _Made]
) -> dict[str, _Made]:
    """An object of every row by its key, all faults of the file at once."""
    faults = Faults(str(path))
    names = [getattr(row, key) for row in rows]
    found: dict[str, _Made] = {}
    for index, (name, row) in enumerate(zip(names, rows, strict=True)):
        with faults.collect(f"{kind}[{index}]"):
            if name in names[:index]:
                faults.add(f"{kind}[{index}].{key}", name, f"each {key} may occur only once")
            found[name] = make(row)
    faults.raise_if_any()
    return found


def _published(row: _Value) -> PublishedValue:
    faults = Faults()
    with faults.collect("unit"):
        parse_unit(row.unit)
    with faults.collect():
        number_in(row.value)
    for name in ("tolerance", "std"):
        with faults.collect():
            width(getattr(row, name), 1.0, row.unit if not faults else "1", name)
    if bool(row.tolerance) != bool(row.tolerance_source):
        faults.add(
            "tolerance_source", row.tolerance_source, "a tolerance and its source are expected together"
        )
    faults.raise_if_any()
    number = number_in(row.value)
    made = {
        "text": row.value,
        "value": in_si(number, row.unit),
        "tolerance": width(row.tolerance or str(half_digit(row.value)), number, row.unit, "tolerance"),
        "std": width(row.std, number, row.unit, "std") / row.coverage,
    }
    taken = dict(row)
    del taken["coverage"]
    return PublishedValue(**{**taken, **made})


def _assumption(row: _AssumptionEntry) -> Assumption:
    faults = Faults()
    with faults.collect("unit"):
        parse_unit(row.unit)
    if len(row.range) not in (0, 2):
        faults.add("range", list(row.range), "two values are expected, the lowest and the highest")
    faults.raise_if_any()
    number = number_in(row.value)
    ends = [in_si(number_in(text, "range"), row.unit) for text in row.range] or [None, None]
    for k, text in enumerate(row.sets):
        if not all(part.strip() for part in text.partition(":")):
            faults.add(
                f"sets[{k}]", text, 'a device or material and what changes in it is expected, "NAME: PATH"'
            )
    faults.raise_if_any()
    std = width(row.std, number, row.unit, "std") / row.coverage
    value = in_si(number, row.unit)
    return Assumption(
        row.name,
        row.value,
        row.unit,
        value,
        row.reason,
        row.quality,
        low=ends[0],
        high=ends[1],
        std=std,
        made_from=row.made_from,
        sets=row.sets,
    )


def _changed(old: Assumption, change: str | float) -> Assumption:
    text, _, unit = str(change).strip().partition(" ")
    known = parse_unit(old.unit)
    if unit and parse_unit(unit).dimension != known.dimension:
        words = known.text if known.text != "1" else "no unit"
        raise InputError(Fault("", change, f"a value in {words} is expected"))
    unit = unit or old.unit
    value = in_si(number_in(text, ""), unit)
    return replace(old, text=text, unit=unit, value=value, low=None, high=None, changed=True)
