"""A published value: what it is, where it stands, how exactly it can be met, and why it is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field

from ioffe.base.errors import Faults, InputError
from ioffe.base.schema import Model, Several, read_toml, validate
from ioffe.base.units import parse_unit
from ioffe.published.unit_value import half_digit, in_si, number_in

__all__ = ["INPUTS", "Inputs", "PublishedValue", "read_values"]

Inputs = Literal["published input", "reconstructed", "stand-in", "assumed"]
INPUTS: tuple[str, ...] = get_args(Inputs)
Bound = Literal["equal", "at least", "at most"]


@dataclass(frozen=True)
class PublishedValue:
    """One number of a paper.

    Parameters
    ----------
    key : str
        Name by which the computation answers.
    quantity, place : str
        What it is in words, and the table, figure or text it stands in.
    text, unit : str
        As printed.
    value : float
        In SI.
    tolerance : float
        How close a computed value must come, in SI: half a unit of the last printed digit, or what the
        knowledge of the inputs justifies.
    tolerance_text : str
        The stated tolerance as it is written; empty where the printed digits decide.
    std : float
        Standard deviation that the paper states for the value, in SI; 0 if it states none.
    inputs : str
        Worst quality of the inputs of the computation.
    bound : {"equal", "at least", "at most"}
        How the paper says it.
    why : str
        What explains a difference.
    reproducible : bool
        Whether a deviation is an error of this package.
    fitted : bool
        Whether the reconstructed input was made from this very value, so that agreement is no evidence.
    not_yet : str
        What is missing to compute it; empty if it is computed.
    """

    key: str
    quantity: str
    place: str
    text: str
    unit: str
    value: float
    tolerance: float
    tolerance_text: str
    std: float
    inputs: Inputs
    bound: Bound = "equal"
    why: str = ""
    reproducible: bool = False
    fitted: bool = False
    not_yet: str = ""


class _Value(Model):
    key: str = Field(pattern=r"^[A-Za-z0-9_]+$")
    quantity: str
    place: str
    value: str
    unit: str = "1"
    tolerance: str = ""
    std: str = ""
    inputs: Inputs
    bound: Bound = "equal"
    why: str = ""
    reproducible: bool = False
    fitted: bool = False
    not_yet: str = ""


class _Values(Model):
    value: Several[_Value]


def read_values(path: Path) -> tuple[PublishedValue, ...]:
    """The published values of a file.

    Parameters
    ----------
    path : Path
        `values.toml` with a table `[[value]]` for each. `value` is a text as printed; `tolerance` and `std`
        are texts such as ``"2 %"`` (of the value) or ``"0.3"`` (in its unit).

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = validate(_Values, read_toml(path), path).value
    faults = Faults(str(path))
    found, seen = [], set()
    for index, row in enumerate(rows):
        with faults.collect(f"value[{index}]"):
            if row.key in seen:
                faults.add(f"value[{index}].key", row.key, "each key may occur once")
            seen.add(row.key)
            found.append(_value(row))
    faults.raise_if_any()
    return tuple(found)


def _value(row: _Value) -> PublishedValue:
    faults = Faults()
    with faults.collect("unit"):
        parse_unit(row.unit)
    with faults.collect():
        number_in(row.value)
    for name in ("tolerance", "std"):
        with faults.collect():
            width(getattr(row, name), 1.0, row.unit if not faults else "1", name)
    if not row.not_yet and not row.reproducible and not row.why:
        faults.add("why", "", "a value that is not marked reproducible needs a reason")
    faults.raise_if_any()
    number = number_in(row.value)
    tolerance = width(row.tolerance or str(half_digit(row.value)), number, row.unit, "tolerance")
    return PublishedValue(
        key=row.key,
        quantity=row.quantity,
        place=row.place,
        text=row.value,
        unit=row.unit,
        value=in_si(number, row.unit),
        tolerance=tolerance,
        tolerance_text=row.tolerance,
        std=width(row.std, number, row.unit, "std"),
        inputs=row.inputs,
        bound=row.bound,
        why=row.why,
        reproducible=row.reproducible,
        fitted=row.fitted,
        not_yet=row.not_yet,
    )


def width(text: str, value: float, unit: str, place: str) -> float:
    """A tolerance or standard deviation in SI: a share in percent of the value, or a number of its unit.

    Examples
    --------
    >>> width("2 %", 50.0, "mV", "tolerance"), width("0.3", 50.0, "mV", "tolerance"), width("", 1.0, "1", "")
    (0.001, 0.0003, 0.0)
    """
    if not text:
        return 0.0
    share = text.strip().endswith("%")
    number = number_in(text.strip().removesuffix("%"), place)
    if number < 0:
        raise InputError(f"{place} = {text!r}: a number from 0 on is expected")
    scale = parse_unit(unit).factor
    return abs(number * (value / 100.0 if share else 1.0) * scale)
