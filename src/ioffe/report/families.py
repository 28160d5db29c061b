"""What is drawn together: the families of a result, their colours, and the curves that belong to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve.piecewise import Piecewise
from ioffe.device.conditions import Cooler, Generator
from ioffe.report.pictures import ordered_colours
from ioffe.report.text import printed
from ioffe.result.steady import MAXIMA_KEYS, Result

Dash = Literal["-", "--", "-.", ":"]
FEW = 12
"""Points from which on a curve is drawn through them."""
DENSE = 401
"""Points of a drawn line."""
AXIS_SYMBOLS = {"T_hot": r"$T_\mathrm{h}$", "T_cold": r"$T_\mathrm{c}$", "heat": "$Q$"}
GREY = "#3a3a3a"
DASH_CYCLE: tuple[Dash, ...] = ("-", "--", "-.", ":")
BEST_BY = ("max_efficiency", "max_power", "max_COP", "max_heat", "delta_T_max")
"""Maxima by which the best family is chosen, the first that is known."""
OPERATION_AXES = ("sweep", "current", "voltage", "load")
ISOTHERMAL = "Heat, COP and voltage are drawn for a cold side as warm as the hot side."
MARKED = "Diamonds mark the result that was asked for."


@dataclass(frozen=True)
class CurveFamily:
    """One pair of temperatures: its curves by quantity, and its maxima."""

    at: dict[str, float]
    curves: dict[str, Array]
    maxima: dict[str, float]


def families(result: Result) -> Iterator[CurveFamily]:
    """Every pair of temperatures of a result, with its curves along the current."""
    names = list(result.maxima_axes)
    for index in product(*(range(len(v)) for v in result.maxima_axes.values())):
        at = {n: float(result.maxima_axes[n][i]) for n, i in zip(names, index, strict=True)}
        along = {k: np.atleast_1d(v[index]) for k, v in result.values.items() if k not in MAXIMA_KEYS}
        if "sweep" not in result.axes:
            order = np.argsort(result.axes.get("current", along["current"]))
            along = {k: v[order] for k, v in along.items()}
        maxima = {k: float(v[index]) for k, v in result.values.items() if k in MAXIMA_KEYS}
        yield CurveFamily(at, along, maxima)


def best_family(result: Result) -> CurveFamily | None:
    """Family with the largest efficiency or COP, else the largest power, heat or temperature difference."""
    found = list(families(result))
    for key in BEST_BY:
        good = [f for f in found if np.isfinite(f.maxima.get(key, np.nan))]
        if good:
            return max(good, key=lambda f: f.maxima[key])
    return None


def smooth(curves: dict[str, Array], names: tuple[str, ...], positive: str = "") -> list[dict[str, Array]]:
    """Cubic splines through the solved points over the current, in pieces between points without a solution.

    Heat and power are smooth in the current, so that splines through 61 points stay on the curve within the
    width of a line; ratios of them are made from the splines.

    `curves` (n,): with `current`; the quantities are NaN where there is no solution.
    `names`: quantities to evaluate.
    `positive`: only where this quantity is above zero.
    Returns: `current` and the quantities of every piece; pieces of fewer than twelve points as they are.
    """
    pieces = []
    solved = np.asarray(np.isfinite([curves[n] for n in ("current", *names)]).all(axis=0))
    for piece in np.split(np.arange(len(solved)), np.flatnonzero(~solved)):
        x = curves["current"][piece]
        keep = piece[solved[piece] & np.append(True, np.diff(x) > 0.0)]
        x = curves["current"][keep]
        if len(x) < FEW:
            good = slice(None) if not positive else curves[positive][keep] > 0.0
            pieces.append({n: curves[n][keep][good] for n in ("current", *names)})
            continue
        wanted = (*names, *filter(None, [positive]))
        splines = {n: Piecewise.through(x, curves[n][keep], "cubic") for n in wanted}
        for start, end in _positive(splines[positive], x[0], x[-1]) if positive else [(x[0], x[-1])]:
            fine = np.linspace(start, end, DENSE)
            pieces.append({"current": fine, **{n: splines[n].values(fine) for n in names}})
    return [piece for piece in pieces if len(piece["current"])]


def _positive(spline: Piecewise, low: float, high: float) -> list[tuple[float, float]]:
    """Intervals in which a spline is above zero."""
    edges = np.unique(np.concatenate([[low], spline.positions(0.0), [high]]))
    middles = spline.values(0.5 * (edges[:-1] + edges[1:]))
    return [(float(a), float(b)) for a, b, m in zip(edges[:-1], edges[1:], middles, strict=True) if m > 0.0]


@dataclass(frozen=True)
class FamilyStyles:
    """One colour for each value of the first axis of temperatures, one dash for each of the second."""

    axes: dict[str, list[float]]
    colours: dict[tuple[str, float], str]
    dashes: dict[tuple[str, float], Dash]
    common: str
    """Temperatures that all families share, in words."""

    def colour(self, at: dict[str, float], other: str = GREY) -> str:
        """Colour of a family, or another one where the axis does not vary."""
        return next((self.colours[key] for key in at.items() if key in self.colours), other)

    def dash(self, at: dict[str, float], before: int = 0) -> Dash:
        """Line style of a family, moved on by the number of results that were drawn before."""
        found: list[Dash] = [self.dashes[key] for key in at.items() if key in self.dashes]
        first = DASH_CYCLE.index(found[0]) if found else 0
        return DASH_CYCLE[(first + before) % len(DASH_CYCLE)]

    def words(self, at: dict[str, float]) -> str:
        """What tells a family apart from the others."""
        return ", ".join(_equation(name, at[name]) for name in self.axes if name in at)

    def entries(self, most: int = 7) -> list[tuple[str, str, Dash]]:
        """Label, colour and line style of a legend; of more than `most` values an even choice."""
        out = []
        for name, values in self.axes.items():
            chosen = values
            if len(values) > most:
                chosen = [values[round(k)] for k in np.linspace(0, len(values) - 1, most).tolist()]
            families = [(value, {name: value}) for value in chosen]
            out += [(_equation(name, v), self.colour(at), self.dash(at)) for v, at in families]
        return out


def styles_of(main: Result, other: Result | None = None) -> FamilyStyles:
    """Colours and dashes for the families of one or two results that are drawn together."""
    axes: dict[str, Array] = {}
    for result in filter(None, (main, other)):
        for name, values in result.maxima_axes.items():
            axes[name] = np.unique(np.concatenate([axes.get(name, np.empty(0)), values]))
    varying = {name: values.tolist() for name, values in axes.items() if len(values) > 1}
    first, *rest = varying or [""]
    values = varying.get(first, [])
    colours = {(first, v): c for v, c in zip(values, ordered_colours(len(values)), strict=True)}
    dashes: dict[tuple[str, float], Dash] = {
        (name, v): DASH_CYCLE[i % len(DASH_CYCLE)] for name in rest for i, v in enumerate(varying[name])
    }
    fixed = {n: getattr(main.conditions, n) for n in ("T_hot", "T_cold") if n not in varying}
    common = (_equation(n, float(np.ravel(v)[0])) for n, v in fixed.items() if v is not None)
    return FamilyStyles(varying, colours, dashes, ", ".join(common))


def _equation(name: str, value: float) -> str:
    return f"{AXIS_SYMBOLS[name]} = {printed(value, name, 5)}"


@dataclass(frozen=True)
class Sweeps:
    """Results that hold the curves of a report.

    `main`: V, P, Q_hot and efficiency of a generator, Q_c, COP and V of a cooler, over the current.
    `lift`: of a cooler: temperature difference over the current at a given heat load.
    `marks`, `lift_marks`: the result that was asked for, if its points lie on curves solved for the report.
    `sentences`: what a caption must say about them.
    """

    main: Result
    lift: Result | None
    marks: Result | None = None
    lift_marks: Result | None = None
    sentences: tuple[str, ...] = ()


def sweeps_of(result: Result) -> Sweeps:
    """The curves that belong to a result, solved at the same temperatures where it holds too few points.

    `result`: of a generator or a cooler.
    Returns: the result itself, if it has twelve points or more over the current; else a sweep.
    Raises `InputError` if the conditions of the result cannot be swept.
    """
    last = list(result.axes)[-1] if result.axes else ""
    enough = last in OPERATION_AXES and len(result.axes[last]) >= FEW
    if isinstance(result.conditions, Generator):
        if enough:
            return Sweeps(result, None)
        sweep = _swept(result, result.conditions.replace(current="sweep", load=None, voltage=None))
        words = "The curves are a sweep from open to short circuit at the same temperatures"
        return Sweeps(sweep, None, result, None, (f"{words}. {MARKED}",))
    return _cooler_sweeps(result, result.conditions, enough)


def _cooler_sweeps(result: Result, c: Cooler, enough: bool) -> Sweeps:
    load = 0.0 if c.heat is None or c.T_cold is not None or c.aim == "COP" else c.heat
    carried = "without a heat load" if np.all(load == 0.0) else f"at {_loads(load)}"
    lifted = f"The temperature difference is what the device reaches {carried}."
    if c.T_cold is None:
        main, sentence = _isothermal(result, c), ISOTHERMAL
    elif enough:
        main, sentence = result, ""
    else:
        main = _swept(result, c.replace(current="sweep", heat=None, aim=None))
        sentence = "The curves are a sweep at the same temperatures."
    lift = result
    if c.T_cold is not None or not enough:
        lift = _again(result, c.replace(current="sweep", T_cold=None, heat=load, aim=None))
    if enough:
        return Sweeps(main, lift, sentences=tuple(filter(None, (sentence, lifted))))
    marks = (None, result) if c.T_cold is None and c.aim != "COP" else (result, None)
    return Sweeps(main, lift, *marks, (sentence, lifted, MARKED))


def _swept(result: Result, conditions: Generator | Cooler) -> Result:
    """A sweep at the temperatures of a result; their maxima are those of the result."""
    found = _again(result, conditions, maxima=False)
    if found.maxima_axes.keys() != result.maxima_axes.keys():
        return _again(result, conditions)
    known = {name: values for name, values in result.values.items() if name in MAXIMA_KEYS}
    return replace(found, values={**found.values, **known})


def _again(result: Result, conditions: Generator | Cooler, maxima: bool | None = None) -> Result:
    """The device of a result at other conditions, as accurately."""
    fidelity: Any = result.fidelity
    options: dict[str, Any] = {"tolerance": result.tolerance, "force": True, "maxima": maxima}
    return result.device.solve(conditions, fidelity, **options)


def _isothermal(result: Result, c: Cooler) -> Result:
    """Sweep at T_cold = T_hot; one for each T_hot, because an axis of both would make their product."""
    T_hot = np.atleast_1d(c.T_hot)
    same = ({"T_hot": float(T), "T_cold": float(T)} for T in T_hot)
    parts = [_again(result, c.replace(**at, current="sweep", heat=None, aim=None)) for at in same]
    found = parts[0] if np.ndim(c.T_hot) == 0 else _stacked(parts, T_hot)
    return replace(found, conditions=c)


def _stacked(parts: list[Result], T_hot: Array) -> Result:
    """Results of one family each as one result along T_hot."""
    first = parts[0]
    arrays = ("point_status", "point_energy_balance", "point_error_estimate")
    return replace(
        first,
        values={k: np.stack([p.values[k] for p in parts]) for k in first.values},
        axes={"T_hot": T_hot, **first.axes},
        maxima_axes={"T_hot": T_hot, **first.maxima_axes},
        points=tuple(point for p in parts for point in p.points),
        **{name: np.stack([getattr(p, name) for p in parts]) for name in arrays},
    )


def _loads(load: float | Array) -> str:
    ends = [printed(float(value), "heat", 4) for value in (np.min(load), np.max(load))]
    return f"a heat load of {ends[0]}" if ends[0] == ends[1] else f"heat loads from {ends[0]} to {ends[1]}"
