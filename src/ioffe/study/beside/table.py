"""The one table of what studies know of devices beside their results.

Outputs, limits, objectives and uncertainties of studies take names, checks, values and derivatives from here.

>>> beside_names(True)[2:]
('performance_cost_ratio', 'contact_allowance', 'laminate_stress', 'migration_margin', 'load_resistance')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.cost.quantities import COST_QUANTITIES, PREFIX, DeviceCost, performance_needed
from ioffe.device.conditions import Conditions
from ioffe.device.variations import VariedDevices
from ioffe.study.beside.contacts import contact_allowance
from ioffe.study.beside.laminates import JUNCTIONS, DeviceLaminates, laminate_stress, laminates_known
from ioffe.study.beside.migration import (
    SOLVED,
    DeviceMargins,
    doubts_of_margins,
    margins_known,
    migration_margin,
)

if TYPE_CHECKING:
    from ioffe.study.study import Study

Array = NDArray[np.float64]
BOUND: Final = (
    "laminate_stress is an upper bound, of layers without edges: of examples/stress-couple.toml it is 86 MPa "
    "where 1 % of a leg exceeds 41 MPa in finite elements (ioffe stress)"
)
CONDUCTED: Final = (
    "migration_margin takes heat as conducted alone: within 4 % of ioffe run for the generator legs of the "
    "library over up to 500 K"
)
TERMINALS: Final = ("voltage", "current")
Slopes = dict[str, dict[str, Array]]


@dataclass(frozen=True, eq=False)
class SolvedStudyDevices:
    """Devices of a study whose results are known.

    `study`: what does not vary.
    `vary`: what varies, in SI and flat (n,).
    `values`: results, (n,).
    `slopes`: their derivatives by path.
    `paths`: by what is differentiated.
    `how`: as for `ioffe.solve.solve_batch`.
    """

    study: Study
    vary: Mapping[str, NDArray[Any]]
    values: Mapping[str, Array]
    slopes: Mapping[str, Any]
    paths: tuple[str, ...] = ()
    how: Mapping[str, Any] = field(default_factory=dict)

    @property
    def devices(self) -> VariedDevices:
        """The devices without prices."""
        own = {path: values for path, values in self.vary.items() if not path.startswith(PREFIX)}
        return VariedDevices(self.study.device, self.study.conditions, own)


@dataclass(frozen=True, eq=False)
class BesideResults:
    """Quantities of one kind that results of a batch do not hold.

    `names`: of generators (True) and coolers.
    `find`: values of some of them, and derivatives by name and path.
    `inputs`: fields of a study on which they depend, beside device, conditions and variables.
    `needed`: quantities of results that some of them need.
    `check`: raises every fault of a study that wants them.
    `doubts`: what is doubtful about them in a study.
    `note`: how far they are from what a full solution gives.
    """

    names: Mapping[bool, tuple[str, ...]]
    find: Callable[[SolvedStudyDevices, tuple[str, ...]], tuple[dict[str, Array], Slopes]]
    inputs: tuple[str, ...] = ()
    needed: Callable[[Iterable[str], Conditions], tuple[str, ...]] = lambda _, __: ()
    check: Callable[[Study], object] = lambda _: None
    doubts: Callable[[Study], Iterable[str]] = lambda _: ()
    note: str = ""

    def among(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of some quantities that are of this kind."""
        own = {name for every in self.names.values() for name in every}
        return tuple(name for name in names if name in own)


def _bill(study: Study, vary: Mapping[str, NDArray[Any]]) -> DeviceCost:
    return DeviceCost(study.device, study.conditions, study.costing, vary)


def _costs(devices: SolvedStudyDevices, names: tuple[str, ...]) -> tuple[dict[str, Array], Slopes]:
    bill = _bill(devices.study, devices.vary)
    return bill.quantities(names, devices.values, devices.slopes, devices.paths)


def _prices_known(study: Study) -> None:
    """Refuse a study of costs without a price of something."""
    count = max((len(axis.values) for axis in study.axes if axis.materials), default=1)
    axes = (axis for axis in study.axes if axis.path != "stages")
    vary = {a.path: np.resize(a.given() if a.materials else a.values, count) for a in axes}
    _ = _bill(study, vary).cost


def _allowance(devices: SolvedStudyDevices, names: tuple[str, ...]) -> tuple[dict[str, Array], Slopes]:
    study, (name,) = devices.study, names
    given = study.device, study.conditions, devices.vary, study.contact_loss, devices.paths
    values, slopes = contact_allowance(*given, **devices.how)
    return {name: values}, {name: slopes}


def _tension(devices: SolvedStudyDevices, names: tuple[str, ...]) -> tuple[dict[str, Array], Slopes]:
    study, (name,) = devices.study, names
    hot, cold = (devices.values[one] for one in JUNCTIONS)
    stacks = DeviceLaminates(devices.devices, hot, cold, study.stress_free, study.elastic)
    values, slopes = laminate_stress(stacks, devices.slopes, devices.paths)
    return {name: values}, {name: slopes}


def _margin(devices: SolvedStudyDevices, names: tuple[str, ...]) -> tuple[dict[str, Array], Slopes]:
    margins = DeviceMargins(devices.devices, *(devices.values[one] for one in SOLVED))
    values, slopes = migration_margin(margins, devices.slopes, devices.paths)
    return {names[0]: values}, {names[0]: slopes}


def _load(devices: SolvedStudyDevices, names: tuple[str, ...]) -> tuple[dict[str, Array], Slopes]:
    """Voltage over current, the load that draws this power."""
    (name,), slopes = names, {}
    voltage, current = (devices.values[one] for one in TERMINALS)
    with np.errstate(all="ignore"):
        load = voltage / current
        for path in devices.paths:
            if path.startswith(PREFIX):
                slopes[path] = np.zeros(load.shape)
                continue
            by_voltage, by_current = (np.asarray(devices.slopes[one][path], float) for one in TERMINALS)
            ones = (slice(None), *(None for _ in by_voltage.shape[1:]))
            slopes[path] = (by_voltage - load[ones] * by_current) / current[ones]
    return {name: load}, {name: slopes}


def _for_both(*names: str) -> dict[bool, tuple[str, ...]]:
    return {True: names, False: names}


BESIDE: Final = (
    BesideResults(COST_QUANTITIES, _costs, ("costing",), performance_needed, _prices_known),
    BesideResults(_for_both("contact_allowance"), _allowance, ("contact_loss",)),
    BesideResults(
        _for_both("laminate_stress"),
        _tension,
        ("stress_free", "elastic"),
        lambda _, __: JUNCTIONS,
        laminates_known,
        note=BOUND,
    ),
    BesideResults(
        _for_both("migration_margin"),
        _margin,
        needed=lambda _, __: SOLVED,
        check=margins_known,
        doubts=doubts_of_margins,
        note=CONDUCTED,
    ),
    BesideResults({True: ("load_resistance",), False: ()}, _load, needed=lambda _, __: TERMINALS),
)
"""Every kind."""


def beside_names(generates: bool) -> tuple[str, ...]:
    """All quantities of the table, of generators or coolers."""
    return tuple(name for kind in BESIDE for name in kind.names[generates])


def kinds_among(names: Iterable[str]) -> dict[BesideResults, tuple[str, ...]]:
    """The kinds of which some quantities are, each with its own."""
    every = tuple(names)
    return {kind: own for kind in BESIDE if (own := kind.among(every))}
