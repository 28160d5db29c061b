"""The device file: a module or a leg with its operating conditions, in TOML.

One fault must not hide another: after the models have named every wrong value of a faulty file, those values
are replaced by stand-ins, so that the rest of the file can be built and say what is wrong with it.

>>> from pathlib import Path
>>> _ = Path("leg.toml").write_text('''
... format = 1
... [leg]
... material = "MgAgSb0.99In0.01"
... length = "5 mm"
... area = "3 mm x 3 mm"
... contact = { electrical = "7.9 uohm cm2" }
... [operate]
... mode = "generate"
... T_hot = "540 K"
... T_cold = "303 K"
... load = "max_power"
... ''')
>>> file = read_device("leg.toml")
>>> file.device.length, file.conditions.T_hot
(0.005, 540.0)
>>> 0.05 < file.solve().efficiency < 0.1
True
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from ioffe.base.errors import ABSENT, Fault, Faults, InputError, did_you_mean, nearest
from ioffe.base.schema import read_toml, validate
from ioffe.cost.costing import Costing
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.transient import MODES
from ioffe.device_file.build import DeviceBuilder, touches
from ioffe.device_file.cost_models import costing_of
from ioffe.device_file.measured import Comparison, Measured, SweepFile, compare
from ioffe.device_file.models import DeviceTable
from ioffe.device_file.stress_models import StressTable

if TYPE_CHECKING:
    from ioffe.device_file.calibration_models import CalibrateTable
    from ioffe.device_file.models import LifeTable
    from ioffe.result.steady import Result


@dataclass(frozen=True)
class DeviceFile:
    """What a device file says.

    It unpacks into its device and conditions: ``device, conditions = read_device("module.toml")``.

    `conditions`: what it is solved under.
    `fidelity`, `tolerance`, `strict`, `force`: how it is solved, as in `Module.solve`.
    `notes`: paragraphs for the report.
    `measured`: published values to compare with.
    `sweeps`: tables of measured sweeps; `ioffe.measured.file.measurements_of` reads them.
    `calibrate`: the table `[calibrate]`.
    `life`: the table `[life]`; `ioffe.life.file.life_of` makes a life of it.
    `costing`: the table `[cost]`, without one the prices of the elements of the library.
    `stress`: the table `[stress]`.
    """

    path: Path
    device: Leg | Module | Cascade
    conditions: Conditions
    fidelity: Literal["1d", "3d", "full", "ideal"] = "1d"
    tolerance: float = 1e-9
    strict: bool = False
    force: bool = False
    notes: tuple[str, ...] = ()
    measured: tuple[Measured, ...] = ()
    sweeps: tuple[SweepFile, ...] = ()
    calibrate: CalibrateTable | None = None
    life: LifeTable | None = None
    costing: Costing = field(default_factory=Costing)
    stress: StressTable = field(default_factory=StressTable)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.device, self.conditions))

    @property
    def name(self) -> str:
        """Name of the device; that of the file if it has none."""
        return self.device.name or self.path.stem

    def solve(
        self,
        fidelity: Literal["1d", "3d", "full", "ideal"] | None = None,
        *,
        tolerance: float | None = None,
        strict: bool | None = None,
        force: bool | None = None,
        maxima: bool | None = None,
        conditions: Conditions | None = None,
    ) -> Result:
        """Solve the device under its conditions.

        `fidelity`, `tolerance`, `strict`, `force`, `maxima`: as in `Module.solve`; by default what the file
            says.
        `conditions`: in place of those of the file.
        Returns: floats for one operating point, arrays along named axes for several.
        """
        given = {"tolerance": tolerance, "strict": strict, "force": force}
        options: Any = {
            name: getattr(self, name) if value is None else value for name, value in given.items()
        }
        with self.naming_faults():
            at, fidelity = conditions or self.conditions, fidelity or self.fidelity
            return self.device.solve(at, fidelity, maxima=maxima, **options)
        raise AssertionError("a fault was raised at the end of the block")

    @contextmanager
    def naming_faults(self) -> Iterator[None]:
        """Write the name of the file in front of the faults of a solve."""
        with Faults(str(self.path)) as faults, faults.collect():
            yield

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every published value beside the computed one under the same conditions."""
        return compare(self.measured, self.conditions, partial(self.solve, strict=False, force=True))


def read_device(path: str | Path) -> DeviceFile:
    """Read a device file.

    Parameters
    ----------
    path : path
        TOML file with a table `[module]`, `[cascade]` or `[leg]` and a table `[operate]`. Materials are names
        of the library, or cards and tables beside the file.

    Returns
    -------
    DeviceFile
        Device, conditions, how to solve, notes and published values; all numbers in SI.

    Raises
    ------
    InputError
        With every fault of the file and of the material files it names: file, dotted location, value, what
        was expected, and what helps.

    Examples
    --------
    >>> read_device("modul.toml")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: modul.toml: the file does not exist
    """
    path = Path(path)
    return device_of(read_toml(path), path)


def device_of(data: Mapping[str, Any], path: Path, *, confined: bool = False) -> DeviceFile:
    """A device file whose content has been read already.

    `data`: what the TOML holds.
    `path`: where it lies or would lie: materials and tables are looked for in its folder.
    `confined`: whether a name that leads out of that folder is a fault.
    Returns: as from `read_device`.
    Raises `InputError` as `read_device`.

    >>> data = {"format": 1, "leg": {"material": "Cu", "length": "1 mm", "area": "1 mm2"}}
    >>> data["operate"] = {"mode": "generate", "T_hot": 310, "T_cold": 300}
    >>> device_of(data, Path("wire.toml")).name
    'wire'
    """
    faults = Faults(str(path))
    data = _with_mode(dict(data), faults)
    document, replaced = _document(data, faults)
    if document is None:
        faults.raise_if_any()
        raise AssertionError("a file without a fault has a document")
    shop = DeviceBuilder(path.parent, faults, replaced, confined=confined)
    device = shop.device(document, path.stem)
    conditions = shop.conditions(document, device)
    costing = costing_of(document.cost, faults)
    rows = [shop.measured(row, f"measured[{i}]", conditions) for i, row in enumerate(document.measured)]
    faults.raise_if_any()
    assert device is not None
    assert conditions is not None
    solve = document.solve
    return DeviceFile(
        path,
        device,
        conditions,
        solve.fidelity,
        solve.tolerance,
        solve.strict,
        notes=document.report.notes,
        measured=tuple(row for row in rows if isinstance(row, Measured)),
        sweeps=tuple(row for row in rows if isinstance(row, SweepFile)),
        calibrate=document.calibrate,
        life=document.life,
        costing=costing,
        stress=document.stress,
    )


def _document(data: Mapping[str, Any], faults: Faults) -> tuple[DeviceTable | None, set[str]]:
    """The file as a model; if it is faulty, what is left of it and the locations of the substitutes."""
    before = len(faults)
    with faults.collect():
        document = validate(DeviceTable, data, faults.file)
        return document, set()
    return remaining(data, faults.found[before:], faults.file)


def _with_mode(data: dict[str, Any], faults: Faults) -> dict[str, Any]:
    """The data with a mode that is known; the keys under `operate` are judged by the nearest one."""
    operate = data.get("operate")
    if not isinstance(operate, Mapping) or operate.get("mode") in MODES:
        return data
    mode = operate.get("mode", ABSENT)
    expected = '"generate" or "cool" is expected' + (", and this key is missing" if mode is ABSENT else "")
    faults.add("operate.mode", mode, expected, did_you_mean(mode, MODES))
    guess = nearest(mode, MODES)
    if guess:
        return {**data, "operate": {**operate, "mode": guess}}
    return {**data, "operate": {"mode": "generate", "T_hot": 1e6, "T_cold": 1e-3}}


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

    `data`: the file as read.
    `faults`: what the models found wrong with it.
    Returns: None if too little is left.
    Returns: locations that were replaced or removed; what is said about them later means nothing.
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
