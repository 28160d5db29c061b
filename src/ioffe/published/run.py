"""Run the computations of sources and put their values beside the published ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite
from typing import Any

import numpy as np

from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import from_si, parse_unit
from ioffe.published.assumption import Assumption, override
from ioffe.published.source import Computation, Drawn, Source, find_source, sources
from ioffe.published.value import PublishedValue
from ioffe.published.verdict import Computed, Verdict, deviation, judge

__all__ = ["Reproduction", "Row", "reproduce", "run_source"]


@dataclass(frozen=True)
class Row:
    """One published value, the computed one, and the verdict."""

    published: PublishedValue
    computed: Computed | None
    verdict: Verdict
    asked: tuple[str, ...] = ()

    @property
    def deviation(self) -> float:
        """Computed less published over published; NaN where nothing was computed or zero was published."""
        if self.computed is None or self.published.value == 0:
            return float("nan")
        return deviation(self.published, self.computed.value) / abs(self.published.value)

    @property
    def failed(self) -> bool:
        """Whether a value marked reproducible deviates."""
        return self.published.reproducible and self.verdict is Verdict.NOT_REPRODUCED

    def to_dict(self) -> dict[str, Any]:
        """The row in plain types; values in the unit that is printed, None where there is none."""
        p, c = self.published, self.computed
        scale = parse_unit(p.unit).factor
        return {
            "key": p.key,
            "quantity": p.quantity,
            "place": p.place,
            "unit": p.unit,
            "published": from_si(p.value, p.unit),
            "printed": p.text,
            "bound": p.bound,
            "published_std": p.std / scale,
            "tolerance": p.tolerance / scale,
            "computed": None if c is None else _finite(from_si(c.value, p.unit)),
            "computed_std": None if c is None else _finite(c.std / scale),
            "range": None if c is None else [_finite(-c.below / scale), _finite(c.above / scale)],
            "deviation": _finite(self.deviation),
            "inputs": p.inputs,
            "assumptions": list(self.asked),
            "fitted": p.fitted,
            "reproducible": p.reproducible,
            "verdict": self.verdict.value,
            "why": p.not_yet or p.why,
        }


@dataclass(frozen=True)
class Reproduction:
    """A source with all its rows, and the assumptions they were computed under."""

    source: Source
    assumptions: Mapping[str, Assumption]
    rows: tuple[Row, ...]

    @property
    def failed(self) -> tuple[Row, ...]:
        """Rows marked reproducible that deviate."""
        return tuple(row for row in self.rows if row.failed)

    def count(self, verdict: Verdict) -> int:
        """Number of rows with a verdict."""
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def fitted(self) -> int:
        """Number of reproduced rows that a reconstructed input was made from: no evidence."""
        good = (Verdict.REPRODUCED, Verdict.WITHIN)
        return sum(row.published.fitted and row.verdict in good for row in self.rows)

    def figures(self) -> tuple[Drawn, ...]:
        """The figures of the source under the same assumptions."""
        published = {value.key: value for value in self.source.values}
        return tuple(draw(self.source.inputs(self.assumptions), published) for draw in self.source.pictures)

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain types, for JSON."""
        return {
            "tag": self.source.tag,
            "name": self.source.name,
            "citation": self.source.citation,
            "doi": self.source.doi or None,
            "counts": {verdict.value: self.count(verdict) for verdict in Verdict} | {"fitted": self.fitted},
            "assumptions": [
                {
                    "name": a.name,
                    "value": from_si(a.value, a.unit),
                    "unit": a.unit,
                    "quality": a.quality,
                    "reason": a.reason,
                    "changed": a.changed,
                }
                for a in self.assumptions.values()
            ],
            "values": [row.to_dict() for row in self.rows],
        }


def reproduce(
    names: Sequence[str] = (), assume: Mapping[str, str | float] | None = None, processes: int = 1
) -> tuple[Reproduction, ...]:
    """Compute the published values of sources.

    Parameters
    ----------
    names : sequence of str
        Tags, folders or short names; by default all sources.
    assume : mapping of str to str or float
        Assumptions to change; a number is in the unit of the assumption. It changes in every source that
        states it.
    processes : int
        Sources that are computed at the same time.

    Returns
    -------
    tuple of Reproduction

    Raises
    ------
    InputError
        For a source or an assumption that does not exist, with the nearest name.

    Examples
    --------
    >>> pan, = reproduce(["S4"])
    >>> stiffer, = reproduce(["S4"], assume={"G": 2.5})
    >>> value = lambda run: next(r for r in run.rows if r.published.key == "kappa_ph_300").computed.value
    >>> value(stiffer) > value(pan)
    True
    """
    chosen = _chosen(names)
    changes = dict(assume or {})
    _check_assumptions(chosen, changes)
    if processes > 1 and len(chosen) > 1:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(min(processes, len(chosen))) as pool:
            return tuple(pool.map(run_source, chosen, [changes] * len(chosen)))
    return tuple(run_source(source, changes) for source in chosen)


def run_source(source: Source, changes: Mapping[str, str | float] | None = None) -> Reproduction:
    """Compute the published values of one source; the arguments are those of :func:`reproduce`."""
    assumptions = override(source.assumptions, changes or {})
    found: dict[str, tuple[Computed, tuple[str, ...]]] = {}
    for computation in source.computations:
        found |= _with_uncertainty(source, computation, assumptions)
    _check_keys(source, found)
    rows = []
    for value in source.values:
        computed, asked = found.get(value.key, (None, ()))
        rows.append(Row(value, computed, judge(value, computed), asked))
    return Reproduction(source, assumptions, tuple(rows))


def _with_uncertainty(
    source: Source, computation: Computation, assumptions: Mapping[str, Assumption]
) -> dict[str, tuple[Computed, tuple[str, ...]]]:
    """Values of one computation; again at both ends of every error and range it depends on."""
    inputs = source.inputs(assumptions)
    base = {key: float(value) for key, value in computation(inputs).items()}
    variance = dict.fromkeys(base, 0.0)
    below, above = dict(variance), dict(variance)
    moved: dict[str, list[str]] = {key: [] for key in base}
    for name in sorted(inputs.asked):
        one = assumptions[name]
        ends = _ends(one)
        low, high = (
            (_again(source, computation, assumptions, name, end) for end in ends) if ends else ({}, {})
        )
        for key, value in base.items():
            down, up = low.get(key, value) - value, high.get(key, value) - value
            if down or up:
                moved[key].append(name)
            if one.std:
                variance[key] = hypot(variance[key], (up - down) / 2.0)
            else:
                below[key] = hypot(below[key], max(-down, -up, 0.0))
                above[key] = hypot(above[key], max(down, up, 0.0))
    return {
        key: (Computed(value, variance[key], below[key], above[key]), tuple(moved[key]))
        for key, value in base.items()
    }


def _ends(one: Assumption) -> tuple[float, float] | None:
    """Where an assumption is taken again: one standard deviation off, or at the ends of its range."""
    if one.std:
        return one.value - one.std, one.value + one.std
    if one.low is not None and one.high is not None:
        return one.low, one.high
    return None


def _again(
    source: Source, computation: Computation, assumptions: Mapping[str, Assumption], name: str, value: float
) -> dict[str, float]:
    changed = {**assumptions, name: replace(assumptions[name], value=value)}
    return {key: float(np.asarray(v)) for key, v in computation(source.inputs(changed)).items()}


def _chosen(names: Iterable[str]) -> list[Source]:
    faults, found = Faults(), []
    for name in names:
        with faults.collect():
            source = find_source(name)
            if source not in found:
                found.append(source)
    faults.raise_if_any()
    return found or list(sources())


def _check_assumptions(chosen: Sequence[Source], changes: Mapping[str, str | float]) -> None:
    """Refuse an assumption that no chosen source states, and a value that it cannot have."""
    faults = Faults()
    known = sorted({name for source in chosen for name in source.assumptions})
    for name in changes:
        if name not in known:
            expected = "no chosen source states this assumption"
            faults.add(
                name, changes[name], expected, did_you_mean(name, known) or f"there are {', '.join(known)}"
            )
    with faults.collect():
        for source in chosen:
            override(source.assumptions, changes)
    faults.raise_if_any()


def _check_keys(source: Source, found: Mapping[str, Any]) -> None:
    """Refuse a source whose values and computations do not belong together."""
    faults = Faults(str(source.folder / "values.toml"))
    listed = {value.key for value in source.values}
    for value in source.values:
        if value.not_yet and value.key in found:
            faults.add(value.key, value.not_yet, "a value that is computed cannot be marked not_yet")
        if not value.not_yet and value.key not in found:
            faults.add(value.key, expected="nothing computes this value, and it is not marked not_yet")
    for key in found:
        if key not in listed:
            faults.add(key, expected="a computation answers with a key that is not listed")
    faults.raise_if_any()


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
