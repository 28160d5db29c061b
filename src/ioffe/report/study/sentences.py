"""What a result says in a sentence, which stands first on its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ioffe.base.units import format_si
from ioffe.cost.result import CostResult
from ioffe.export.compact import CompactModel
from ioffe.material.uncertainty import with_error
from ioffe.measured.selection import Shortlist
from ioffe.report.measured.sentences import OF_MEASUREMENTS
from ioffe.report.text import EITHER_WAY, WORDS
from ioffe.study.designing.answer import in_words, listed
from ioffe.study.front import ParetoFront
from ioffe.study.optimising import Optimum
from ioffe.study.sweep_result import SweepResult
from ioffe.study.uncertainty_result import UncertaintyResult


def of_sweep(result: SweepResult) -> str:
    """The best device of a sweep."""
    if not result.compared:
        return ""
    columns, name = result.header["columns"], result.header["objective"]
    paths = [one["path"] for one in result.header["study"]["variables"]]
    shown = {n: _value(v[0], columns[n].get("quantity", "")) for n, v in result.best.items()}
    return _best(name, result.header["sign"], shown[name], ((n, shown[n]) for n in paths if n in shown))


def of_optimum(result: Optimum) -> str:
    """The best device of a search, and what keeps it from being better."""
    name, sign = result.study.objective
    if not len(result.reached) or not np.isfinite(float(result.columns[name][0])):
        return ""
    shown = {n: result.shown(n, values[0]) for n, values in result.columns.items()}
    varied = ((n, text) for n, text in shown.items() if n not in result.study.outputs)
    held = f" It is limited by {listed([one.words for one in result.prices])}." if result.prices else ""
    return _best(name, sign, shown[name], varied) + held


def of_front(result: ParetoFront) -> str:
    """The ends of a front."""
    names = [name for name, _ in result.objectives]
    best = f"{len(result)} devices of which no other is better in {listed(list(map(_name, names)))}"
    if len(names) != 2 or not len(result):
        return f"These are {best}."
    ends = []
    for k, (own, other) in ((0, names), (-1, reversed(names))):
        sign = dict(result.objectives)[own]
        values = [result.shown(n, result.columns[n][k]) for n in (own, other)]
        ends.append(f"{_extreme(own, sign)}, {values[0]} with {_name(other)} {values[1]}")
    return f"From {ends[0]}, to {ends[1]}, these are {best}."


def of_uncertainty(result: UncertaintyResult) -> str:
    """The errors of a device, and what causes most of each."""
    if result.study.count != 1:
        return ""
    told = []
    for name in result.study.outputs:
        centre, std = (float(np.ravel(v)[0]) for v in (result.centres[name], result.values[f"{name}_std"]))
        shares = np.nan_to_num(result.shares[name].reshape(len(result.inputs), -1)[:, 0])
        most = int(np.argmax(shares))
        share = f"{100.0 * shares[most]:.0f} %, that of {_name(result.inputs[most])}"
        known = with_error(centre, std, name)
        told.append(f"The {_name(name)} is {known}; the largest share of its variance is {share}.")
    return " ".join(told)


def of_cost(result: CostResult) -> str:
    """What a device costs, and a watt of it."""
    watt = next(n for n in ("cost_per_power", "cost_per_cooling_power") if n in result.values)
    what = "electric power" if watt == "cost_per_power" else "cooling"
    return f"The device costs {result.shown('cost')}, and a watt of its {what} {result.shown(watt)}."


def of_model(result: CompactModel) -> str:
    """How far a compact model is from the solver."""
    off = [f"the {EITHER_WAY.get(n, _name(n))} to {100.0 * e:.2g} %" for n, e in result.errors.items()]
    low, high = (format_si(T, "temperature") for T in result.temperatures)
    least, most = (format_si(one, "current") for one in result.currents)
    where = f"from {low} to {high} and {least} to {most}"
    return f"The model gives {listed(off)} of the largest value that the solver finds {where}."


def of_selection(result: Shortlist) -> str:
    """The best module of a list, and why."""
    heat, each = format_si(result.heat, "heat"), f" by {result.count}" if result.count > 1 else ""
    best = {key: format_si(float(values[0]), key, 3) for key, values in result.values.items()}
    if not result.reached[0]:
        most = int(np.nanargmax(result.values["max_heat"]))
        least = format_si(float(result.values["max_heat"][most]), "max_heat", 3)
        return f"No module of the list carries {heat}{each}; most has {result.names[most]}, {least} each."
    where = f"at {best['current']} and {best['voltage']}, with {best['T_hot_junction']} at its hot junctions"
    others = f"{sum(result.reached)} of {len(result.names)} modules carry {heat}{each}"
    return (
        f"{others}; {result.names[0]} does it with the largest COP, {best['COP']}: {best['power']} {where}."
    )


SENTENCES: dict[type, Callable[[Any], str]] = {
    CompactModel: of_model,
    CostResult: of_cost,
    Optimum: of_optimum,
    ParetoFront: of_front,
    Shortlist: of_selection,
    UncertaintyResult: of_uncertainty,
    **OF_MEASUREMENTS,
}
"""Results whose page has no other form."""


def sentences_of(result: Any) -> list[str]:
    """What stands first on the page of a result without a form of its own."""
    said = SENTENCES.get(type(result))
    return [text for text in (said(result),) if text] if said is not None else []


def _name(name: str) -> str:
    """A quantity or a number of the device as a sentence says it; a property of a material keeps its path."""
    return WORDS.get(name) or (name if ".material." in name else in_words(name))


def _value(value: Any, kind: str) -> str:
    if isinstance(value, str):
        return value
    return format_si(float(value), kind, 4) if kind else f"{float(value):.4g}"


def _extreme(name: str, sign: float) -> str:
    return f"the {'largest' if sign > 0 else 'smallest'} {_name(name)}"


def _best(name: str, sign: float, value: str, varied: Iterable[tuple[str, str]]) -> str:
    places = listed([f"{_name(n)} {text}" for n, text in varied])
    what = _extreme(name, sign)
    return f"{what[0].upper()}{what[1:]} is {value}{f', at {places}' if places else ''}."
