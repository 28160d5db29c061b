"""Materials ranked by the efficiency of a leg, or pairs of them by that of a module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.status import Status
from ioffe.base.units import QuantityLike
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.material.material import Material
from ioffe.material.readers import Selection
from ioffe.material.source import find_materials
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.choice import Engine
from ioffe.solve.batch.solve import solve_cases
from ioffe.solve.doubts import doubtful_numbers
from ioffe.solve.ranges import HELD
from ioffe.study.ranking import LeftOut, Ranking

Array = NDArray[np.float64]
LENGTH, AREA = 1e-3, 1e-6
"""Of legs of which nothing is said, in m and m2; without contacts neither changes the efficiency."""
MOST: Final = 300
"""Materials of each type of which pairs are made."""
POINTS: Final = 21
"""Temperatures at which properties are averaged for the areas of a couple."""


@dataclass(frozen=True, eq=False)
class RankedMaterial:
    """A material that can be ranked, and what it is called."""

    key: str
    material: Material

    @property
    def T_range(self) -> tuple[float, float]:
        """Temperatures in K at which every curve was measured: one for a curve of one point."""
        ends = [
            (curve.T[0], curve.T[-1]) if curve.coefficients is None and len(curve.T) == 1 else curve.range
            for curve in self.material.transport.values()
        ]
        return float(max(low for low, _ in ends)), float(min(high for _, high in ends))

    def is_beyond(self, conditions: Generator) -> bool:
        """Whether it is one point that stands for all temperatures, which no solve can tell."""
        if not self.material.is_unlimited:
            return False
        low, high = self.T_range
        T = [t for t in (conditions.T_hot, conditions.T_cold) if t is not None]
        return bool(np.min(T) < low or np.max(T) > high)


def rank_materials(
    sources: Iterable[str | Path | Material],
    T_hot: QuantityLike | None = None,
    T_cold: QuantityLike | None = None,
    *,
    pairs: bool = False,
    device: Leg | Module | None = None,
    conditions: Generator | None = None,
    length: QuantityLike | None = None,
    contact: Contact | QuantityLike | None = None,
    equal_areas: bool = False,
    most: int = MOST,
    where: Selection | None = None,
    force: bool = False,
    engine: Engine = "auto",
    threads: int | None = None,
) -> Ranking:
    r"""Rank materials by the largest efficiency of a leg, or pairs of them by that of a module.

    Every material is solved over its curves between the two temperatures with the contacts of the device.
    What was not measured up to both temperatures is solved with held end values and ranked apart. In a pair
    the areas of the legs have the ratio at which a couple of constant properties is most efficient,

    .. math:: \frac{A_n}{A_p} = \sqrt{\frac{\bar\rho_n\,\bar\kappa_p}{\bar\rho_p\,\bar\kappa_n}},

    with means over the range of temperature (A. F. Ioffe, Semiconductor thermoelements and thermoelectric
    cooling, 1957), the area of the p leg being that of the device.

    Parameters
    ----------
    sources : iterable of str, path or Material
        Names of the library, cards, tables, databases, stores; see `find_materials`.
    T_hot, T_cold : float or str
        Temperatures of the outer faces in K or with a unit; by default those of `conditions`.
    pairs : bool
        Whether all pairs of the best p and n materials are ranked.
    device : Leg or Module, optional
        Whose materials are exchanged, with its contacts and plates; every leg of one segment.
    conditions : Generator, optional
        What else acts on the device, such as resistances to the reservoirs.
    length, contact : optional
        Of legs, where no device is given: m, and a `Contact` or ohm m2; 1 mm and none by default.
    equal_areas : bool
        Keep the areas of the device for every pair.
    most : int
        How many materials of each type, the best ones as legs, are paired.
    where : Selection, optional
        Which samples are wanted.
    force : bool
        Rank materials too whose data cannot be right (findings of level error).
    engine, threads
        As for `solve_batch`.

    Returns
    -------
    Ranking
        The best first, those beyond their measured range behind, and what was left out and why.

    Raises
    ------
    InputError
        For faults of the sources, the device and the temperatures; if no material is left to be ranked.

    Examples
    --------
    >>> both = ["Bi2Te3", "Bi0.42Sb1.58Te3"]
    >>> found = rank_materials(both, "450 K", "320 K", pairs=True, contact="5 uohm cm2")
    >>> found.p_material[0], found.n_material[0], round(float(found.efficiency[0]), 3)
    ('Bi0.42Sb1.58Te3', 'Bi2Te3', 0.049)
    """
    here = _conditions(conditions, T_hot, T_cold)
    _check(device, pairs, length, contact, most)
    candidates, left_out, missing = _candidates(sources, where, force, pairs)
    if not candidates:
        raise _nothing(left_out, missing)
    first = candidates[0].material
    template = device or Leg(first, length or LENGTH, AREA, contact=contact)
    how: dict[str, Any] = {"engine": engine, "threads": threads}
    if not pairs:
        assert isinstance(template, Leg)
        return _legs(template, here, candidates, left_out, missing, how)
    kinds = {kind: [c for c in candidates if c.material.carrier == kind] for kind in ("p", "n")}
    absent = [kind for kind, found in kinds.items() if not found]
    if absent:
        expected = f"no {absent[0]}-type material is among the {len(candidates)} that can be ranked"
        raise InputError(Fault("sources", expected=expected, advice="pairs need both types"))
    if isinstance(template, Leg):
        p, n = (template.replace(material=kinds[k][0].material, carrier=None) for k in ("p", "n"))
        template = Module(p, n, fill_factor=1.0)
    best = {kind: _best(getattr(template, kind), here, found, most, how) for kind, found in kinds.items()}
    return _pairs(template, here, best, equal_areas, left_out, missing, how)


def _conditions(given: Generator | None, T_hot: Any, T_cold: Any) -> Generator:
    imposed = {k: v for k, v in (("T_hot", T_hot), ("T_cold", T_cold)) if v is not None}
    if given is not None:
        return given.replace(**imposed, load="max_efficiency")
    faults = Faults()
    for name in {"T_hot", "T_cold"} - imposed.keys():
        faults.add(name, expected='a temperature is expected, such as "500 K"')
    faults.raise_if_any()
    return Generator(**imposed, load="max_efficiency")


def _check(device: Leg | Module | None, pairs: bool, length: Any, contact: Any, most: int) -> None:
    faults = Faults()
    if device is not None:
        for name, value in (("length", length), ("contact", contact)):
            if value is not None:
                faults.add(name, value, "either this or a device is expected, which has its own")
        if not isinstance(device, Module if pairs else Leg):
            expected = "a module is expected for pairs" if pairs else "a leg is expected, or pairs"
            faults.add("device", type(device).__name__, expected)
        else:
            legs = (device.p, device.n) if isinstance(device, Module) else (device,)
            if any(len(leg.segments) > 1 for leg in legs):
                faults.add("device", expected="legs of one segment are expected")
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        faults.add("most", most, "a whole number from 1 is expected")
    faults.raise_if_any()


def _candidates(
    sources: Iterable[str | Path | Material], where: Selection | None, force: bool, pairs: bool
) -> tuple[list[RankedMaterial], list[LeftOut], int]:
    """What can be ranked, what cannot and why, and how many samples lack a property."""
    found: list[RankedMaterial] = []
    left_out: list[LeftOut] = []
    missing = 0
    for one in find_materials(sources, where):
        material = one.material
        if one.missing:
            missing += 1
            continue
        reason = one.fault
        if material is not None:
            lacking = (material.seebeck, material.electrical, material.thermal_conductivity)
            errors = () if force else (f for f in material.check() if f.severity == "error")
            reason = "; ".join(f"{finding.message} [{finding.code}]" for finding in errors)
            if any(curve is None for curve in lacking):
                reason = "no thermoelectric material: a curve of S, conductivity and kappa is needed"
            elif pairs and material.carrier is None and not reason:
                reason = "its S changes its sign, so that it is neither a p nor an n leg"
        if material is None or reason:
            left_out.append(LeftOut(one.key, one.name, reason or one.fault))
        else:
            found.append(RankedMaterial(one.key, material))
    return found, left_out, missing


def _nothing(left_out: Sequence[LeftOut], missing: int) -> InputError:
    reasons = [str(one) for one in left_out[:5]]
    more = [f"{len(left_out) - 5} more"] if len(left_out) > 5 else []
    lacking = [f"{missing} samples lack a property"] if missing else []
    advice = "; ".join([*reasons, *more, *lacking]) or "no sample fits what was asked for"
    return InputError(Fault("sources", expected="there is no material that can be ranked", advice=advice))


def _solved(
    device: Leg | Module, conditions: Generator, vary: dict[str, Any], how: dict[str, Any]
) -> BatchResult:
    """The materials were judged before."""
    return solve_cases(device, conditions, vary, **how)


def _of(candidates: Sequence[RankedMaterial], shape: tuple[int, ...] = (-1,)) -> NDArray[Any]:
    found = np.empty(len(candidates), object)
    found[:] = [candidate.material for candidate in candidates]
    return found.reshape(shape)


def _best(
    leg: Leg, conditions: Generator, found: list[RankedMaterial], most: int, how: dict[str, Any]
) -> list[RankedMaterial]:
    """The best of one type as legs between the same temperatures."""
    if len(found) <= most:
        return found
    ends = Generator(T_hot=conditions.T_hot, T_cold=conditions.T_cold, load="max_efficiency")
    batch = _solved(leg.replace(material=found[0].material), ends, {"material": _of(found)}, how)
    ranked, _ = order(batch, np.array([c.is_beyond(conditions) for c in found]))
    return [found[k] for k in ranked[:most]]


def order(batch: BatchResult, beyond: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Solved points within the measured range, then those beyond it, each by efficiency.

    `batch`: solved devices.
    `beyond`: of the shape of the batch: what is beyond whatever the solve says.
    Returns: flat indices, and the status of each.
    """
    flat, status = batch.efficiency.ravel(), batch.point_status.ravel()
    status = np.where(beyond.ravel() & (status == Status.OK), Status.OUTSIDE_TABLE, status)
    solved = np.flatnonzero(np.isfinite(flat))
    ranked = solved[np.lexsort((-flat[solved], status[solved] != Status.OK))]
    return ranked, status[ranked]


def _legs(
    leg: Leg,
    conditions: Generator,
    candidates: list[RankedMaterial],
    left_out: list[LeftOut],
    missing: int,
    how: dict[str, Any],
) -> Ranking:
    leg = leg.replace(material=candidates[0].material)
    batch = _solved(leg, conditions, {"material": _of(candidates)}, how)
    ranked, status = order(batch, np.array([c.is_beyond(conditions) for c in candidates]))
    words = {"sample": [c.key for c in candidates], "material": [c.material.name for c in candidates]}
    columns = {name: np.array(values, object)[ranked] for name, values in words.items()}
    span = np.array([c.T_range for c in candidates])[ranked]
    columns |= {"T_min": span[:, 0], "T_max": span[:, 1]}
    used = [candidates[k].material for k in ranked]
    return _ranking(leg, conditions, batch, (ranked, status), columns, used, left_out, missing)


def _pairs(
    module: Module,
    conditions: Generator,
    best: dict[str, list[RankedMaterial]],
    equal_areas: bool,
    left_out: list[LeftOut],
    missing: int,
    how: dict[str, Any],
) -> Ranking:
    p, n = best["p"], best["n"]
    module = module.replace(
        p=module.p.replace(material=p[0].material), n=module.n.replace(material=n[0].material)
    )
    vary: dict[str, Any] = {"p.material": _of(p, (-1, 1)), "n.material": _of(n, (1, -1))}
    areas = np.full((len(p), len(n)), module.n.area)
    if not equal_areas:
        low, high = float(np.min(conditions.T_cold or 0.0)), float(np.max(conditions.T_hot or 0.0))
        (rho_p, kappa_p), (rho_n, kappa_n) = (_means(found, low, high) for found in (p, n))
        areas = module.p.area * np.sqrt(rho_n * kappa_p[:, None] / (rho_p[:, None] * kappa_n))
        vary["n.area"] = areas
    batch = _solved(module, conditions, vary, how)
    one_point = [np.array([c.is_beyond(conditions) for c in found]) for found in (p, n)]
    ranked, status = order(batch, one_point[0][:, None] | one_point[1])
    at_p, at_n = np.divmod(ranked, len(n))
    columns: dict[str, Any] = {}
    for kind, found, at in (("p", p, at_p), ("n", n, at_n)):
        columns[f"{kind}_sample"] = np.array([c.key for c in found], object)[at]
        columns[f"{kind}_material"] = np.array([c.material.name for c in found], object)[at]
    columns["area_ratio"] = areas.ravel()[ranked] / module.p.area
    used = [c.material for c in (*p, *n)]
    return _ranking(module, conditions, batch, (ranked, status), columns, used, left_out, missing)


def _means(candidates: Sequence[RankedMaterial], low: float, high: float) -> tuple[Array, Array]:
    """Mean resistivity and thermal conductivity of materials; beyond their range the end values count."""
    T = np.linspace(low, high, POINTS)
    found = []
    for candidate in candidates:
        material = candidate.material
        inside = np.clip(T, *material.T_range)
        kappa = material.known_thermal_conductivity
        found.append((np.mean(material.electrical_resistivity(inside)), np.mean(kappa(inside))))
    rho, kappa = np.array(found).T
    return rho, kappa


def _ranking(
    device: Leg | Module,
    conditions: Generator,
    batch: BatchResult,
    order_of: tuple[NDArray[np.intp], NDArray[Any]],
    columns: dict[str, Any],
    used: list[Material],
    left_out: list[LeftOut],
    missing: int,
) -> Ranking:
    ranked, of_ranked = order_of
    flat = {key: batch.values[key].ravel()[ranked] for key in ("efficiency", "power_density")}
    status = batch.point_status.ravel()
    warnings = [str(doubt) for doubt in doubtful_numbers(device, conditions)]
    # which of very many were used beyond their ranges stands in their rows
    warnings += [text for text in batch.warnings if HELD not in text]
    unsolved = np.flatnonzero(~np.isfinite(batch.efficiency.ravel()))
    if len(unsolved):
        counts = {s: int(np.sum(status[unsolved] == s)) for s in np.unique(status[unsolved])}
        words = ", ".join(f"{n} {Status(s)}" for s, n in counts.items())
        warnings.append(f"not ranked, because there is no solution: {words}")
    if missing:
        warnings.append(f"not ranked, because a property was not measured: {missing} samples")
    if left_out:
        warnings.append(f"left out, because their data cannot be used: {len(left_out)} samples, see left_out")
    return Ranking(
        device=device,
        conditions=conditions,
        columns={**{k: v for k, v in columns.items() if v.dtype == object}, **flat}
        | {k: v for k, v in columns.items() if v.dtype != object},
        inside=int(np.sum(of_ranked == Status.OK)),
        left_out=tuple(left_out),
        used=tuple(used),
        point_status=of_ranked,
        point_energy_balance=batch.point_energy_balance.ravel()[ranked],
        point_error_estimate=batch.point_error_estimate.ravel()[ranked],
        warnings=tuple(warnings),
        notes=batch.notes,
    )
