"""The curves of a result over the current: those it holds, or those of a sweep at the same temperatures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ioffe.device.conditions import Cooler, Generator
from ioffe.report.families import FEW
from ioffe.report.text import printed
from ioffe.result.steady import Result

__all__ = ["Sweeps", "sweeps_of"]

Array = NDArray[np.float64]
OPERATION_AXES = ("sweep", "current", "voltage", "load")
MARKED = "Diamonds mark the result that was asked for."


@dataclass(frozen=True)
class Sweeps:
    """Results that hold the curves of a report.

    Parameters
    ----------
    main
        V, P, Q_hot and efficiency of a generator, Q_c, COP and V of a cooler, over the current.
    lift
        Of a cooler: temperature difference over the current at a given heat load.
    marks, lift_marks
        The result that was asked for, if its points stand on curves solved for the report.
    sentences
        What a caption must say about them.
    """

    main: Result
    lift: Result | None
    marks: Result | None = None
    lift_marks: Result | None = None
    sentences: tuple[str, ...] = ()


def sweeps_of(result: Result) -> Sweeps:
    """The curves that belong to a result, solved at the same temperatures where it holds too few points.

    Raises
    ------
    InputError
        If the conditions of the result cannot be swept.
    """
    solve = _Solver(result)
    if isinstance(result.conditions, Generator):
        return solve.generator(result.conditions)
    return solve.cooler(result.conditions)


class _Solver:
    def __init__(self, result: Result) -> None:
        self.result = result
        last = list(result.axes)[-1] if result.axes else ""
        self.enough = last in OPERATION_AXES and len(result.axes[last]) >= FEW

    def again(self, conditions: Generator | Cooler) -> Result:
        r = self.result
        fidelity = "ideal" if r.fidelity == "ideal" else "1d"
        return r.device.solve(conditions, fidelity, tolerance=r.tolerance)

    def generator(self, conditions: Generator) -> Sweeps:
        if self.enough:
            return Sweeps(self.result, None)
        sweep = self.again(conditions.replace(current="sweep", load=None, voltage=None))
        words = "The curves are a sweep from open to short circuit at the same temperatures"
        return Sweeps(sweep, None, self.result, None, (f"{words}. {MARKED}",))

    def cooler(self, c: Cooler) -> Sweeps:
        load = 0.0 if c.heat is None or c.T_cold is not None or c.aim == "COP" else c.heat
        carried = "without a heat load" if np.all(load == 0.0) else f"at {_loads(load)}"
        lifted = f"The temperature difference is what the device reaches {carried}."
        if c.T_cold is None:
            same = "Heat, COP and voltage are drawn for a cold side as warm as the hot side."
            if self.enough:
                return Sweeps(self._isothermal(c), self.result, sentences=(same, lifted))
            marks = (self.result, None) if c.aim == "COP" else (None, self.result)
            return Sweeps(self._isothermal(c), self._lift(c, load), *marks, (same, lifted, MARKED))
        if self.enough:
            return Sweeps(self.result, self._lift(c, load), sentences=(lifted,))
        main = self.again(c.replace(current="sweep", heat=None, aim=None))
        same = "The curves are a sweep at the same temperatures."
        return Sweeps(main, self._lift(c, load), self.result, None, (same, lifted, MARKED))

    def _lift(self, c: Cooler, load: float | Array) -> Result:
        return self.again(c.replace(current="sweep", T_cold=None, heat=load, aim=None))

    def _isothermal(self, c: Cooler) -> Result:
        """Sweep at T_cold = T_hot; one for each T_hot, because an axis of both would make their product."""
        T_hot = np.atleast_1d(c.T_hot)
        parts = [
            self.again(c.replace(T_hot=float(T), T_cold=float(T), current="sweep", heat=None, aim=None))
            for T in T_hot
        ]
        found = parts[0] if np.ndim(c.T_hot) == 0 else _stacked(parts, T_hot)
        return replace(found, conditions=c)


def _stacked(parts: list[Result], T_hot: Array) -> Result:
    """Results of one family each as one result along T_hot."""
    first = parts[0]
    return replace(
        first,
        values={k: np.stack([p.values[k] for p in parts]) for k in first.values},
        axes={"T_hot": T_hot, **first.axes},
        maxima_axes={"T_hot": T_hot, **first.maxima_axes},
        point_status=np.stack([p.point_status for p in parts]),
        point_balance=np.stack([p.point_balance for p in parts]),
        point_error=np.stack([p.point_error for p in parts]),
        points=tuple(point for p in parts for point in p.points),
    )


def _loads(load: float | Array) -> str:
    values = np.unique(np.atleast_1d(load))
    if len(values) == 1:
        return f"a heat load of {printed(float(values[0]), 'heat', 4)}"
    return (
        f"heat loads from {printed(float(values[0]), 'heat', 4)} to {printed(float(values[-1]), 'heat', 4)}"
    )
