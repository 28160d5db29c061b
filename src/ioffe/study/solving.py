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
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.cost.costing import Costing
from ioffe.cost.quantities import PREFIX
from ioffe.device.conditions import Generator
from ioffe.device.fields import declared
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.solve import solve_cases
from ioffe.study.beside.table import SolvedStudyDevices, kinds_among

if TYPE_CHECKING:
    from ioffe.study.study import Study

Array = NDArray[np.float64]


def number_of_costing(costing: Costing, path: str) -> tuple[str, float]:
    """Quantity and value of a price or a yield.

    Parameters
    ----------
    costing : Costing
        What has it.
    path : str
        Such as ``"cost.scrap"``, ``"cost.elements.Te"``.

    Returns
    -------
    str, float
        The value in SI.

    Raises
    ------
    InputError
        If there is none.
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

    Parameters
    ----------
    batch : BatchResult
        The solution.
    values : mapping of str to ndarray
        Every quantity, of the shape of what varies.
    slopes : mapping of str to mapping of str to ndarray
        Its derivatives by path, as far as they were asked for.
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

    Parameters
    ----------
    study : Study
        What does not vary.
    vary : mapping of str to ndarray
        As `Study.at` gives it; arrays broadcast.
    keep : iterable of str
        Quantities of results, those beside them, and combinations.
    gradient : iterable of str
        Paths to differentiate by.
    **how
        As for `ioffe.solve.solve_batch`.

    Returns
    -------
    SolvedDevices
    """
    keep, gradient = tuple(keep), tuple(gradient)
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
            quality = ("point_status", "point_energy_balance", "point_error_estimate")
            batch = replace(batch, **{name: np.broadcast_to(getattr(batch, name), shape) for name in quality})
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
    for name in keep:
        if name in study.combinations:
            known_values, moved = study.combinations[name].evaluate(vary)
            none = np.zeros(known_values.shape)
            found[name] = known_values, {path: moved.get(path, none) for path in gradient}
    some = next((by for name, by in slopes.items() if name not in found), None)
    for _, by in found.values():
        for path, slope in by.items():
            shape = np.shape(some[path]) if some is not None and not path.startswith(PREFIX) else ()
            if len(shape) > np.ndim(slope):  # by the values of a table
                by[path] = np.zeros(shape)
    return found
