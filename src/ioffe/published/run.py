"""Run the computations of sources and put their values beside the published ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any, ClassVar

from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import from_si
from ioffe.published.comparison import (
    ComparedValue,
    Computed,
    Verdict,
    computed_text,
    judge,
    published_text,
)
from ioffe.published.source import Computation, Drawn, Source, find_source, sources
from ioffe.published.values import EVIDENCE, Assumption, PublishedValue, override

__all__ = ["Reproduction", "reproduce", "run_source"]

RESOLVED = 1e-9
"""Relative change of a computed value that is none: single solves are as exact as that."""
NEARBY = 1.01
"""Factor on an assumption by which one sees whether it moves the value that it was made from."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Reproduction(EvidenceResult):
    """A source with all its values, and the assumptions they were computed under.

    `source`: the paper.
    `assumptions`: by name, as far as changed.
    `compared`: its values in the order of the file.
    """

    kind: ClassVar[str] = "reproduction"

    source: Source
    assumptions: Mapping[str, Assumption]
    compared: tuple[ComparedValue, ...]

    @property
    def facts(self) -> tuple[ComparedValue, ...]:
        """Rows that count: of those that state the same fact the first."""
        return tuple(row for row in self.compared if not row.published.same_as)

    def count(self, verdict: Verdict | None = None, evidence: str = "prediction") -> int:
        """Number of computed rows of a class, or of those of them with a verdict; each fact once."""
        rows = (row for row in self.facts if row.published.evidence == evidence)
        found = [row.verdict for row in rows if row.verdict is not Verdict.NOT_YET]
        return len(found) if verdict is None else found.count(verdict)

    @property
    def counts(self) -> dict[str, int]:
        """Values listed, predictions by verdict, the other classes, and what is not computed."""
        return {
            "listed": len(self.compared),
            **{verdict.value: self.count(verdict) for verdict in Verdict if verdict is not Verdict.NOT_YET},
            **{evidence: self.count(evidence=evidence) for evidence in EVIDENCE[1:]},
            "same fact again": len(self.compared) - len(self.facts),
            Verdict.NOT_YET.value: sum(row.verdict is Verdict.NOT_YET for row in self.facts),
        }

    def figures(self) -> tuple[Drawn, ...]:
        """The figures of the source under the same assumptions."""
        published = {value.key: value for value in self.source.values}
        return tuple(draw(self.source.inputs(self.assumptions), published) for draw in self.source.pictures)

    def citations(self) -> list[str]:
        """What to cite: this program, and the paper."""
        return [*super().citations(), f"{self.source.citation} {self.source.doi}".rstrip()]

    def tables(self) -> dict[str, ResultTable]:
        """The values side by side, in the units that are printed."""
        cells = [one.cells() for one in self.compared]
        columns = {name: [row[name] for row in cells] for name in cells[0] if name != "key"}
        units = dict.fromkeys(columns, "")
        return {"values": table({"key": [row["key"] for row in cells]}, columns, units)}

    def _header(self) -> dict[str, Any]:
        return {
            "tag": self.source.tag,
            "name": self.source.name,
            "citation": self.source.citation,
            "doi": self.source.doi or None,
            "counts": self.counts,
            "assumptions": [
                {name: getattr(one, name) for name in ("name", "unit", "quality", "reason", "changed")}
                | {"value": from_si(one.value, one.unit)}
                for one in self.assumptions.values()
            ],
        }

    def _doubts(self) -> Iterator[str]:
        wrong = (row for row in self.compared if row.verdict is Verdict.NOT_REPRODUCED)
        for one in (row for row in wrong if row.published.evidence == "prediction"):
            numbers = f"{published_text(one.published)} published, {computed_text(one)} computed"
            yield f"{one.published.key}: {numbers}"

    def _title(self) -> str:
        return f"{self.source.tag}, {self.source.name}: {len(self.compared)} values"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield from ((name, str(count)) for name, count in self.counts.items())
        yield from self._quality()


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
    >>> value = lambda run: next(r for r in run.compared if r.published.key == "kappa_ph_300").computed.value
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
    """Compute the published values of one source.

    `source`: as `find_source` returns it.
    `changes`: assumptions to change, as for :func:`reproduce`; those that the source does not state are left
        out.
    Raises `InputError` for a change of another dimension, and where values and computations do not match.
    """
    assumptions = override(source.assumptions, changes or {})
    found: dict[str, tuple[Computed, tuple[str, ...]]] = {}
    made_from: set[str] = set()
    for computation in source.computations:
        values, origins = _with_uncertainty(source, computation, assumptions)
        found |= values
        made_from |= origins
    _check_keys(source, found)
    _check_classes(source, made_from)

    def compared(value: PublishedValue) -> ComparedValue:
        computed, asked = found.get(value.key, (None, ()))
        return ComparedValue(value, computed, judge(value, computed), asked)

    values = tuple(compared(value) for value in source.values)
    return Reproduction(source=source, assumptions=assumptions, compared=values)


def _with_uncertainty(
    source: Source, computation: Computation, assumptions: Mapping[str, Assumption]
) -> tuple[dict[str, tuple[Computed, tuple[str, ...]]], set[str]]:
    """Values of one computation, again at both ends of every error and range it depends on.

    Beside them the keys of those that an input of the computation was made from.
    """
    inputs = source.inputs(assumptions)
    base = {key: float(value) for key, value in computation(inputs).items()}

    def at(one: Assumption, value: float) -> dict[str, float]:
        changed = source.inputs({**assumptions, one.name: replace(one, value=value)})
        return {key: float(v) for key, v in computation(changed).items()}

    variance = dict.fromkeys(base, 0.0)
    below, above = dict(variance), dict(variance)
    moved: dict[str, list[str]] = {key: [] for key in base}
    origins = {key for card in inputs.materials for key in source.cards.get(card, ())}
    for name in sorted(inputs.asked):
        one = assumptions[name]
        ends = _ends(one)
        low, high = (at(one, end) for end in ends) if ends else ({}, {})
        if any(key in base for key in one.made_from):
            other = high or at(one, NEARBY * one.value)
            origins |= {key for key in one.made_from if key in base and _differs(other[key], base[key])}
        for key, value in base.items():
            down, up = low.get(key, value) - value, high.get(key, value) - value
            if _differs(value + down, value) or _differs(value + up, value):
                moved[key].append(name)
            if one.std:
                variance[key] = hypot(variance[key], (up - down) / 2.0)
            else:
                below[key] = hypot(below[key], max(-down, -up, 0.0))
                above[key] = hypot(above[key], max(down, up, 0.0))
    values = {
        key: (Computed(value, variance[key], below[key], above[key]), tuple(moved[key]))
        for key, value in base.items()
    }
    return values, origins & set(base)


def _differs(new: float, old: float) -> bool:
    """Whether a value has moved, by more than the solver that made it resolves."""
    return not abs(new - old) <= RESOLVED * abs(old)


def _ends(one: Assumption) -> tuple[float, ...]:
    """Where an assumption is taken again: one standard deviation off, or at the ends of its range."""
    if one.std:
        return one.value - one.std, one.value + one.std
    return () if one.low is None or one.high is None else (one.low, one.high)


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
            advice = did_you_mean(name, known) or f"there are {', '.join(known)}"
            faults.add(name, changes[name], "no chosen source states this assumption", advice)
    with faults.collect():
        for source in chosen:
            override(source.assumptions, changes)
    faults.raise_if_any()


def _check_classes(source: Source, made_from: set[str]) -> None:
    """Refuse a row that is called evidence though an input of its computation was made from it."""
    faults = Faults(str(source.folder / "values.toml"))
    listed = {value.key for value in source.values}
    for value in source.values:
        if value.key in made_from and value.evidence in ("prediction", "consistency"):
            expected = '"calibrated" is expected: an input was made from this value'
            faults.add(f"{value.key}.evidence", value.evidence, expected)
        if value.same_as and value.same_as not in listed:
            faults.add(f"{value.key}.same_as", value.same_as, "the key of another value is expected")
    for key in {key for one in source.assumptions.values() for key in one.made_from} - listed:
        faults.add("made_from", key, "the key of a value is expected")
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
