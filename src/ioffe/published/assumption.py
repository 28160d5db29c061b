"""What a source does not give, or gives with an error: stated, with its reason, and open to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import Field

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.schema import Model, Several, read_toml, validate
from ioffe.base.units import Unit, parse_unit
from ioffe.published.unit_value import in_si, number_in
from ioffe.published.value import Inputs, width

__all__ = ["Assumption", "override", "read_assumptions"]


@dataclass(frozen=True)
class Assumption:
    """A number that enters a computation, beside those that stand in cards and device files.

    Parameters
    ----------
    name : str
        By which computations ask for it, and ``--assume NAME=VALUE`` changes it.
    text, unit : str
        As it is written.
    value : float
        In SI.
    reason : str
        Why this value.
    quality : str
        `published input`, `reconstructed`, `stand-in` or `assumed`.
    low, high : float or None
        Range that it may have, in SI: computed values carry the change over it.
    std : float
        Standard deviation in SI, propagated to computed values.
    changed : bool
        Whether it was overridden.
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
    changed: bool = False


class _Assumption(Model):
    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    value: str
    unit: str = "1"
    reason: str
    quality: Inputs
    range: Several[str] = ()
    std: str = ""


class _Assumptions(Model):
    assumption: Several[_Assumption] = ()


def read_assumptions(path: Path) -> dict[str, Assumption]:
    """The assumptions of a file `assumptions.toml`, by name; raises `InputError` with every fault."""
    rows = validate(_Assumptions, read_toml(path), path).assumption
    faults = Faults(str(path))
    found: dict[str, Assumption] = {}
    for index, row in enumerate(rows):
        with faults.collect(f"assumption[{index}]"):
            if row.name in found:
                faults.add(f"assumption[{index}].name", row.name, "each name may occur once")
            found[row.name] = _assumption(row)
    faults.raise_if_any()
    return found


def override(
    assumptions: Mapping[str, Assumption], changes: Mapping[str, str | float]
) -> dict[str, Assumption]:
    """Assumptions with other values.

    Parameters
    ----------
    assumptions : mapping
        Those of a source; changes that it does not know are left out.
    changes : mapping of str to str or float
        A number is in the unit of the assumption; a text may state its own. A changed assumption is taken as
        it is: its range is left out, its stated error is kept.

    Raises
    ------
    InputError
        For a value that is no number or of another dimension.
    """
    faults = Faults()
    found = dict(assumptions)
    for name, change in changes.items():
        if name in assumptions:
            with faults.collect(name):
                found[name] = _changed(assumptions[name], change)
    faults.raise_if_any()
    return found


def _changed(old: Assumption, change: str | float) -> Assumption:
    text, unit = _parts(str(change), old)
    value = in_si(number_in(text, ""), unit)
    return replace(old, text=text, unit=unit, value=value, low=None, high=None, changed=True)


def _parts(text: str, old: Assumption) -> tuple[str, str]:
    number, _, unit = text.strip().partition(" ")
    if not unit:
        return number, old.unit
    given, known = parse_unit(unit), parse_unit(old.unit)
    if given.dimension != known.dimension:
        raise InputError(Fault("", text, f"a value in {_words(known)} is expected"))
    return number, unit


def _words(unit: Unit) -> str:
    return unit.text if unit.text != "1" else "no unit"


def _assumption(row: _Assumption) -> Assumption:
    faults = Faults()
    with faults.collect("unit"):
        parse_unit(row.unit)
    if len(row.range) not in (0, 2):
        faults.add("range", list(row.range), "two values are expected, the lowest and the highest")
    faults.raise_if_any()
    number = number_in(row.value)
    low, high = (
        (in_si(number_in(text, "range"), row.unit) for text in row.range) if row.range else (None, None)
    )
    return Assumption(
        name=row.name,
        text=row.value,
        unit=row.unit,
        value=in_si(number, row.unit),
        reason=row.reason,
        quality=row.quality,
        low=low,
        high=high,
        std=width(row.std, number, row.unit, "std"),
    )
