"""Devices of a study with everything that it wants of them: results, what stands beside them, combinations.

>>> from ioffe import Generator, Leg
>>> from ioffe.study.study import SamplePlan, Span, Study
>>> study = Study(
...     Leg("Bi2Te3", "2 mm", "2 mm2"),
...     Generator(T_hot=450, T_cold=330, load="max_power"),
...     {"length": Span("1 mm", "4 mm")},
...     ["power"],
...     {"area / length": {"least": "1 mm"}},
...     sample=SamplePlan(2),
... )
>>> found = solve_devices(study, study.vary(0, 2), keep=study.kept, gradient=["length"], engine="numpy")
>>> list(found.values), bool((found.slopes["area / length"]["length"] < 0).all())
(['power', 'area / length'], True)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.cost.costing import Costing
from ioffe.cost.quantities import PREFIX
from ioffe.device.cascade import Cascade, first_stages
from ioffe.device.conditions import Generator
from ioffe.device.fields import declared
from ioffe.device.parameters import meant
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.solve import solve_cases
from ioffe.solve.gradient.names import TABLES
from ioffe.solve.ranges import UsedRanges
from ioffe.study.beside.table import SolvedStudyDevices, kinds_among
from ioffe.study.plan import STAGES, is_of_device

if TYPE_CHECKING:
    from ioffe.study.study import Study

Array = NDArray[np.float64]
QUALITY: Final = ("point_status", "point_energy_balance", "point_error_estimate")
"""What a batch says of how well each device was solved."""


def number_of_costing(costing: Costing, path: str) -> tuple[str, float]:
    """Quantity and value of a price or a yield.

    `costing`: what has it.
    `path`: such as ``"cost.scrap"``, ``"cost.elements.Te"``.
    Returns: the value in SI.
    Raises `InputError` if there is none.
    """
    group, _, name = path.removeprefix(PREFIX).partition(".")
    known = costing.numbers()
    if group == "elements" and name:
        return "price", costing.element(name).value
    if path not in known:
        expected = "a number of the table [cost] is expected"
        raise InputError(Fault(path, expected=expected, advice=did_you_mean(path, known)))
    if group == "materials":
        by_mass = costing.materials[name].price is not None
        return "price" if by_mass else "cost_per_area", known[path]
    return declared(Costing)[group].quantity, known[path]


@dataclass(frozen=True, eq=False)
class SolvedDevices:
    """What a study wants of some devices.

    `batch`: the solution.
    `values`: every quantity, of the shape of what varies.
    `slopes`: its derivatives by path, as far as they were asked for.
    """

    batch: BatchResult
    values: Mapping[str, Array]
    slopes: Mapping[str, Mapping[str, Any]]


def solve_devices(
    study: Study,
    vary: Mapping[str, NDArray[Any]],
    *,
    keep: Iterable[str],
    gradient: Iterable[str] = (),
    **how: Any,
) -> SolvedDevices:
    """Solve devices of a study whose input was judged before.

    `study`: what does not vary.
    `vary`: as `Study.at` gives it; arrays broadcast.
    `keep`: quantities of results, those beside them, and combinations.
    `gradient`: paths to differentiate by.
    `**how`: as for `ioffe.solve.solve_batch`.
    """
    keep, gradient = tuple(keep), tuple(gradient)
    if STAGES in vary:
        return _of_each_number(study, vary, keep, gradient, how)
    kinds = kinds_among(keep)
    further = {*(name for own in kinds.values() for name in own), *study.combinations}
    needed = (name for kind, own in kinds.items() for name in kind.needed(own, study.conditions))
    kept = dict.fromkeys((*(n for n in keep if n not in further), *needed))
    # some quantity is needed for the derivatives to tables, whose lengths the solver knows
    kept = kept or {"power" if isinstance(study.conditions, Generator) else "heat_cold": None}
    own = {path: values for path, values in vary.items() if not path.startswith(PREFIX)}
    paths = tuple(path for path in gradient if not path.startswith(PREFIX))
    batch = solve_cases(study.device, study.conditions, own, keep=kept, gradient=paths, **how)
    values: dict[str, Array] = dict(batch.values)
    slopes: dict[str, Any] = {name: batch.gradient[name] for name in kept} if paths else {}
    if further:
        shape = np.broadcast_shapes(*(np.shape(one) for one in vary.values()))
        flat = {path: np.broadcast_to(one, shape).ravel() for path, one in vary.items()}
        if shape != batch.point_status.shape:  # prices vary that the solver does not know
            values = {name: np.broadcast_to(one, shape) for name, one in values.items()}
            batch = replace(batch, **{name: np.broadcast_to(getattr(batch, name), shape) for name in QUALITY})
        results = {name: np.ravel(one) for name, one in values.items()}
        solved = SolvedStudyDevices(study, flat, results, slopes, gradient, how)
        for name, (found, by) in _further(solved, keep).items():
            values[name] = found.reshape(shape)
            slopes[name] = by
    return SolvedDevices(batch, {name: values[name] for name in keep}, slopes)


def _further(solved: SolvedStudyDevices, keep: tuple[str, ...]) -> dict[str, tuple[Array, dict[str, Any]]]:
    """What stands beside results, and combinations, with their derivatives."""
    found: dict[str, tuple[Array, dict[str, Any]]] = {}
    study, vary, gradient, slopes = solved.study, solved.vary, solved.paths, solved.slopes
    for kind, own in kinds_among(keep).items():
        known, by = kind.find(solved, own)
        found |= {name: (known[name], by[name]) for name in own}
    found |= _combined(study, vary, keep, gradient)
    some = next((by for name, by in slopes.items() if name not in found), None)
    for _, by in found.values():
        for path, slope in by.items():
            shape = np.shape(some[path]) if some is not None and not path.startswith(PREFIX) else ()
            if len(shape) > np.ndim(slope):  # by the values of a table
                by[path] = np.zeros(shape)
    return found


def _combined(
    study: Study, vary: Mapping[str, NDArray[Any]], keep: Iterable[str], gradient: Iterable[str]
) -> dict[str, tuple[Array, dict[str, Any]]]:
    """Combinations among what is kept, with their derivatives."""
    found: dict[str, tuple[Array, dict[str, Any]]] = {}
    for name in (name for name in keep if name in study.combinations):
        values, moved = study.combinations[name].evaluate(vary)
        none = np.zeros(values.shape)
        found[name] = values, {path: moved.get(path, none) for path in gradient}
    return found


def _of_each_number(
    study: Study,
    vary: Mapping[str, NDArray[Any]],
    keep: tuple[str, ...],
    gradient: tuple[str, ...],
    how: Mapping[str, Any],
) -> SolvedDevices:
    """Cascades of several numbers of stages; what a device has not moves nothing in it."""
    assert isinstance(study.device, Cascade)
    shape = np.broadcast_shapes(*(np.shape(one) for one in vary.values()))
    flat = {path: np.broadcast_to(one, shape).ravel() for path, one in vary.items()}
    index = flat.pop(STAGES)
    wanted = tuple(name for name in keep if name not in study.combinations)
    values = {name: np.full(index.shape, np.nan) for name in wanted}
    slopes: dict[str, dict[str, Any]] = {name: {} for name in wanted if gradient}
    quality: dict[str, NDArray[Any]] = {}
    batches: list[BatchResult] = []
    for number in np.unique(index):
        rows = np.flatnonzero(index == number)
        own = copy(study)
        object.__setattr__(own, "device", first_stages(study.device, int(number)))
        inside = {path: one[rows] for path, one in flat.items() if _has(own, path)}
        end = next(name for name in ("T_hot", "T_cold") if getattr(study.conditions, name) is not None)
        inside.setdefault(end, np.full(rows.size, float(getattr(study.conditions, end))))
        by = tuple(path for path in gradient if _has(own, path))
        part = solve_devices(own, inside, keep=wanted, gradient=by, **how)
        batches.append(part.batch)
        for name in QUALITY:
            one = getattr(part.batch, name)
            quality.setdefault(name, np.empty(index.shape, one.dtype))[rows] = one
        for name in wanted:
            values[name][rows] = part.values[name]
            for path in by:
                slope = np.asarray(part.slopes[name][path], float)
                slopes[name].setdefault(path, np.zeros((index.size, *slope.shape[1:])))[rows] = slope
    for by_path in slopes.values():
        by_path.update({path: np.zeros(index.shape) for path in gradient if path not in by_path})
    for name, (one, by_path) in _combined(study, flat, keep, gradient).items():
        values[name], slopes[name] = one, by_path
    used = UsedRanges(row for one in batches for row in one.used).rows()
    batch = replace(
        batches[-1],
        **{name: one.reshape(shape) for name, one in quality.items()},
        used=used,
        warnings=tuple(dict.fromkeys(text for one in batches for text in one.warnings)),
        notes=tuple(dict.fromkeys(text for one in batches for text in one.notes)),
    )
    return SolvedDevices(batch, {name: values[name].reshape(shape) for name in keep}, slopes)


def _has(study: Study, path: str) -> bool:
    """Whether a variable, or a table of a material, means something for the device of a study."""
    if not is_of_device(path):
        return True
    name = path.rpartition(".")[0] if path.rpartition(".")[2] in TABLES else path
    try:
        return bool(meant(study.device, study.conditions, name))
    except InputError:
        return False
