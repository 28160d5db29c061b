"""The option `--hall`: a value for a sample, or a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ioffe.base._files import check_regular
from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import to_si
from ioffe.cli.terminal import with_kelvin
from ioffe.material import Material
from ioffe.material.fields import HALL
from ioffe.material.library import TABLE_ENDINGS

DEFAULT_TEMPERATURE: Final = 300.0
"""In K, of a value without one."""
OPTION: Final = "--hall"


@dataclass(frozen=True)
class HallOption:
    """One Hall curve as it was typed, and the sample it belongs to, empty for the only one.

    `unused` names what of its file is not used.
    """

    option: str
    sample: str
    curve: Curve
    unused: tuple[str, ...] = ()


def read_options(options: Sequence[str], faults: Faults) -> list[HallOption]:
    """Hall curves of the options.

    `options`: ``"2.1e19 cm^-3"``, ``"NAME=2.1e19 cm^-3 @ 323 K"``, ``"0.3 cm3/C"``, or the name of a CSV or
        Excel file.
    `faults`: takes what is wrong with them.

    >>> read_options(["y0.6=2.44e19 cm^-3 @ 300 K"], Faults())[0].curve
    Curve(hall_carrier_density, constant, 2.44e+19 cm^-3)
    """
    found: list[HallOption] = []
    for option in options:
        with faults.collect():
            found += _read(option)
    return found


def with_hall(materials: Sequence[Material], given: Sequence[HallOption]) -> list[Material]:
    """Materials with the Hall data that were typed.

    `given`: from `read_options`.
    Raises `InputError` with every fault: names that do not exist, a value without a name for several samples.
    """
    faults = Faults()
    found: dict[str, HallOption] = {}
    names = [m.name for m in materials]
    for one in given:
        name = one.sample or (names[0] if len(names) == 1 else "")
        if name not in names:
            advice = did_you_mean(name, names) or f"write one of {', '.join(names)} before it, with ="
            faults.add(OPTION, one.option, "the name of a sample is expected", advice)
        elif name in found:
            faults.add(OPTION, one.option, f"{name} has Hall data from another option already")
        else:
            found[name] = one
    out = list(materials)
    for index, name in enumerate(names):
        if name in found:
            with faults.collect(name):
                origin = materials[index].provenance
                rest = ", ".join(filter(None, (origin.not_used, *found[name].unused)))
                out[index] = materials[index].replace(
                    hall=found[name].curve, provenance=replace(origin, not_used=rest)
                )
    faults.raise_if_any()
    return out


def _read(option: str) -> list[HallOption]:
    """Curves of one option."""
    check_regular(option)
    if Path(option).is_file():
        from ioffe.material.readers.hall import hall_of_file

        curves, unused = hall_of_file(option)
        rest = tuple(f"{Path(option).name}: {text}" for text in unused)
        return [HallOption(option, name, curve, rest) for name, curve in curves.items()]
    name, mark, rest = option.rpartition("=")
    text, _, at = rest.partition("@")
    T = to_si(with_kelvin(at.strip()), "temperature", f"{OPTION} {option}") if at else DEFAULT_TEMPERATURE
    for quantity in HALL:
        try:
            value = to_si(text.strip(), quantity, OPTION)
        except InputError:
            continue
        return [HallOption(option, name.strip() if mark else "", Curve([T], [value], quantity))]
    expected = (
        'a Hall density or coefficient with its unit is expected, such as "2.1e19 cm^-3" or "0.3 cm3/C"'
    )
    digits = re.match(r"[-+]?([\d.,]*)", text.strip())
    advice = "a density of zero is none" if digits and digits[1] and not digits[1].strip("0.,") else ""
    if Path(option).suffix.casefold() in TABLE_ENDINGS:
        advice = "there is no file of this name"
    raise InputError(Fault(OPTION, option, f"{expected}, or a file", advice))
