"""What is left of a faulty device file once its faulty values are taken out.

One fault must not hide another: after the models have named every wrong value, those values are replaced by
stand-ins, so that the rest of the file can be built and say what is wrong with it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ioffe.base.errors import Fault, InputError
from ioffe.base.schema import validate
from ioffe.device_file.models import DeviceTable

__all__ = ["remaining", "touches"]

_MATERIAL: Final = "Cu"
_SEGMENT: Final = {"material": _MATERIAL, "length": 1e-3}
_LEG: Final = {"segments": [_SEGMENT], "area": 1e-12}
_LAYER: Final = {"layer": _MATERIAL, "thickness": 1e-3}
_STAND_INS: Final[Mapping[str, Any]] = {
    "format": 1,
    "p": _LEG,
    "n": _LEG,
    "material": _MATERIAL,
    "layer": _MATERIAL,
    "length": 1e-3,
    "thickness": 1e-3,
    "area": 1e-12,
    "T_hot": 1e6,
    "T_cold": 1e-3,
    "operate": {"mode": "generate", "T_hot": 1e6, "T_cold": 1e-3},
}
"""A value that fits everything else, for every key that a file must have."""
_STAGE: Final = {"p": _LEG, "n": _LEG, "fill_factor": 1.0}
_STACKS: Final = ("hot", "cold", "layers")
_ITEMS: Final[Mapping[str, Any]] = {"segments": _SEGMENT, "stages": _STAGE} | dict.fromkeys(_STACKS, _LAYER)
_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_ROUNDS: Final = 8


def remaining(
    data: Mapping[str, Any], faults: Iterable[Fault], file: str
) -> tuple[DeviceTable | None, set[str]]:
    """The rest of a faulty file as a model, and the locations that were replaced or left out.

    Parameters
    ----------
    data : mapping
        The file as read.
    faults : iterable of Fault
        What the models found wrong with it.
    file : str
        Its name.

    Returns
    -------
    DeviceTable or None
        None if too little is left.
    set of str
        Locations that were replaced or removed; what is said about them later means nothing.
    """
    rest = copy.deepcopy(dict(data))
    replaced: set[str] = set()
    for _ in range(_ROUNDS):
        now: set[str] = set()
        for location in (fault.location for fault in faults):
            if not touches(location, now):
                now.add(_replace(rest, location, outer=touches(location, replaced)))
        replaced |= now
        try:
            return validate(DeviceTable, rest, file), replaced
        except InputError as error:
            faults = error.faults
    return None, replaced


def touches(location: str, replaced: Iterable[str]) -> bool:
    """Whether a location is one of those replaced, or lies inside one.

    >>> touches("module.p.length", {"module.p"}), touches("module.p", {"module.p.length"})
    (True, False)
    """
    return any(location == other or location.startswith((f"{other}.", f"{other}[")) for other in replaced)


def _replace(data: dict[str, Any], location: str, outer: bool) -> str:
    """Put a substitute at a location, or around it, or take it out; return the location that was changed."""
    steps: list[str | int] = [int(i) if i else key for i, key in _STEP.findall(location)]
    parents: list[Any] = [data]
    for step in steps[:-1]:
        try:
            parents.append(parents[-1][step])
        except (KeyError, IndexError, TypeError):
            break
    depth = len(parents) - (outer and len(parents) == len(steps))
    while depth and not _put(parents[depth - 1], steps[:depth]):
        depth -= 1
    return _dotted(steps[:depth])


def _put(parent: Any, steps: list[str | int]) -> bool:
    """Replace or remove the last step in its parent; False if that must happen further out."""
    last = steps[-1] if steps else ""
    if isinstance(last, int):
        item = _ITEMS.get(str(steps[-2])) if len(steps) > 1 else None
        if item is None or not isinstance(parent, list):
            return False
        parent[last] = copy.deepcopy(item)
        return True
    if not isinstance(parent, dict):
        return False
    known = parent.pop(last, None) is not None
    if last in _STAND_INS:
        parent[last] = copy.deepcopy(_STAND_INS[last])
        return True
    return known


def _dotted(steps: list[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
