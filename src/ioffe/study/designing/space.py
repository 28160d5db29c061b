"""Devices along a few variables, each of which may move several numbers: solved, searched, drawn along.

What a question varies (an area ratio, a share of a length) is mostly no number of a device file. A function
says what numbers follow from it; derivatives go through that function by a complex step (W. Squire, G. Trapp,
doi 10.1137/S003614459631241X), so that they are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.solve import solve_cases
from ioffe.study.lockstep import together

Array = NDArray[np.float64]
Paths = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Value = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
STEP: Final = 1e-100
"""Of derivatives by a complex step: its square is below every number."""
COARSE: Final = {1: 33, 2: 11, 3: 6}
"""Points along each of one, two or three variables among which a search looks for its starts."""
STARTS: Final = 4
PRECISION: Final = 1e-15
"""Change of the aim, over its size, at which a search ends."""
STEPS: Final = 60
AT_END: Final = 1e-6
"""Share of its range within which a variable is at an end of it."""
COURSE: Final = 41
"""Points of a course along one variable."""
SIDE: Final = 25
"""Points along each side of a map."""


@dataclass(frozen=True)
class DesignVariable:
    """Something that a question varies, from one end of a range to the other.

    `name`: a quantity of the quantity table, or the path of a number of the device.
    `now`: value of the device as it is, in SI.
    `low`, `high`: ends of the range, in SI.
    `log`: whether it is spread evenly over the logarithm.
    `quantity`: by default that of the name.
    """

    name: str
    now: float
    low: float
    high: float
    log: bool = True
    quantity: str = ""

    @property
    def kind(self) -> str:
        """Its quantity in the quantity table."""
        return self.quantity or self.name

    def at(self, share: Any) -> Any:
        """Value at a share of the range, from 0 to 1."""
        if self.log:
            return self.low * (self.high / self.low) ** share
        return self.low + share * (self.high - self.low)

    def share(self, value: float) -> float:
        """Share of the range at which a value is."""
        if self.log:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)

    def end(self, value: float) -> str:
        """``"low"`` or ``"high"`` where a value is at that end of the range, else nothing."""
        share = self.share(value)
        return "low" if share <= AT_END else "high" if share >= 1.0 - AT_END else ""


@dataclass(frozen=True, eq=False)
class DesignSpace:
    """A device whose numbers follow from some variables, and what shall be as large as possible.

    `device`, `conditions`: what does not vary.
    `variables`: at most three of them are free at once.
    `paths`: from the variables by name to the numbers of the device and its conditions by path; of arrays,
        complex ones too.
    `aim`: a quantity of the operating point; with `value` the name of what that makes.
    `sign`: 1 for the largest value, -1 for the smallest.
    `value`: the aim from the quantities of the operating point and the variables, if it is none of the
        former.
    `needs`: quantities of which `value` is made.
    `how`: engine, threads and tolerance, as for `solve_batch`.
    """

    device: Leg | Module
    conditions: Conditions
    variables: Sequence[DesignVariable]
    paths: Paths
    aim: str
    sign: float = 1.0
    value: Value | None = None
    needs: Sequence[str] = ()
    how: Mapping[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> dict[str, float]:
        """The variables of the device as it is."""
        return {one.name: one.now for one in self.variables}

    def variable(self, name: str) -> DesignVariable:
        """The variable of a name."""
        return next(one for one in self.variables if one.name == name)

    def whole(self, x: Mapping[str, Any]) -> dict[str, Array]:
        """All variables of one shape: those that are not given are as they are."""
        names = [one.name for one in self.variables]
        wide = np.broadcast_arrays(*({**self.now, **x}[name] for name in names))
        return dict(zip(names, wide, strict=True))

    def solved(self, x: Mapping[str, Any], keep: Sequence[str] = ()) -> BatchResult:
        """The devices at values of the variables, in one row.

        `x`: values in SI by name, of one shape.
        `keep`: quantities that are kept beside those of the aim.
        """
        flat = {name: np.ravel(values) for name, values in self.whole(x).items()}
        kept = tuple(dict.fromkeys((*self._needs, *keep)))
        return solve_cases(self.device, self.conditions, self._vary(flat), keep=kept, **self.how)

    def aims(self, x: Mapping[str, Any]) -> Array:
        """The aim at values of the variables, of their shape."""
        whole = self.whole(x)
        found = self.solved(whole)
        flat = {name: np.ravel(values) for name, values in whole.items()}
        return self.of(found.values, flat).reshape(next(iter(whole.values())).shape)

    def of(self, values: Mapping[str, Any], x: Mapping[str, Any]) -> Any:
        """The aim, from quantities of the operating point and variables."""
        return values[self.aim] if self.value is None else self.value(values, x)

    def slopes(self, free: Sequence[DesignVariable], shares: Array) -> tuple[Array, Array]:
        """The aim (n,) and its slopes along the shares of the free variables, both (n, variables)."""
        x = {one.name: one.at(share) for one, share in zip(free, shares.T, strict=True)}
        flat = {k: np.ravel(v) for k, v in self.whole(x).items()}
        vary, moved, paths = self._vary(flat), [], []
        for one, share in zip(free, shares.T, strict=True):
            along = one.at(share + 1j * STEP).imag / STEP
            stepped = {k: v + 1j * STEP * along if k == one.name else v for k, v in flat.items()}
            slope = {path: np.imag(v) / STEP for path, v in self.paths(stepped).items()}
            moved.append((stepped, {path: s for path, s in slope.items() if np.any(s)}))
            paths += moved[-1][1]
        options = {**self.how, "keep": self._needs, "gradient": tuple(dict.fromkeys(paths))}
        found = solve_cases(self.device, self.conditions, vary, **options)
        value = self.of(found.values, flat)
        slopes = []
        for stepped, along in moved:
            turned = {
                name: found.values[name]
                + 1j * STEP * sum(found.gradient[name][path] * s for path, s in along.items())
                for name in self._needs
            }
            slopes.append(np.imag(self.of(turned, stepped)) / STEP)
        return value, np.stack(slopes, axis=1)

    def best(self, free: Sequence[str]) -> dict[str, float]:
        """The variables of the best device, while some of them are free and the others as they are.

        Searches begin at the best of a coarse grid and at other good places of it, and go on side by side
        with exact gradients.

        Raises `ConvergenceError` if no device of the grid has a solution.
        """
        axes = [self.variable(name) for name in free]
        side = np.linspace(0.0, 1.0, COARSE[len(axes)])
        grid = np.stack([one.ravel() for one in np.meshgrid(*[side] * len(axes), indexing="ij")], axis=1)
        values = self.sign * self.aims({one.name: one.at(s) for one, s in zip(axes, grid.T, strict=True)})
        if not np.any(np.isfinite(values)):
            raise ConvergenceError("no device of the range has a solution")
        peaks = grid[_peaks(values.reshape([len(side)] * len(axes)))][:STARTS]
        size = float(np.nanmax(np.abs(values))) or 1.0
        ends = np.full(peaks.shape, np.nan)

        def evaluate(_: NDArray[np.intp], shares: Array) -> dict[str, tuple[Array, Array]]:
            return {self.aim: self.slopes(axes, shares)}

        def search(k: int, ask: Callable[[Array], Any]) -> None:
            from scipy.optimize import minimize

            def fall(x: Array) -> tuple[float, Array]:
                value, slope = ask(np.clip(x, 0.0, 1.0))[self.aim]
                known = np.isfinite(value)
                return (
                    float(-self.sign * value / size) if known else 1e3,
                    -self.sign * np.nan_to_num(slope) / size,
                )

            options = {"ftol": PRECISION, "maxiter": STEPS}
            bounds = [(0.0, 1.0)] * len(axes)
            found = minimize(fall, peaks[k], jac=True, method="SLSQP", bounds=bounds, options=options)
            ends[k] = np.clip(found.x, 0.0, 1.0)

        together(search, list(range(len(peaks))), evaluate)
        reached = self.sign * self.aims({one.name: one.at(s) for one, s in zip(axes, ends.T, strict=True)})
        first = ends[int(np.nanargmax(reached))]
        return self.now | {one.name: float(one.at(s)) for one, s in zip(axes, first, strict=True)}

    def course(self, name: str, at: Mapping[str, float], through: Sequence[float]) -> tuple[Array, Array]:
        """One variable along its range and through some values, and the aim, while the others stay."""
        x = np.union1d(self.variable(name).at(np.linspace(0.0, 1.0, COURSE)), through)
        return x, self.aims({**at, name: x})

    def field(self, names: tuple[str, str], at: Mapping[str, float]) -> tuple[Array, Array, Array]:
        """Two variables along their ranges and the aim (first, second), while the others stay."""
        side = np.linspace(0.0, 1.0, SIDE)
        x, y = (self.variable(name).at(side) for name in names)
        return x, y, self.aims({**at, names[0]: x[:, None], names[1]: y[None, :]})

    @property
    def _needs(self) -> tuple[str, ...]:
        return (self.aim,) if self.value is None else tuple(self.needs)

    def _vary(self, x: Mapping[str, Array]) -> dict[str, Any]:
        size = next(iter(x.values())).size
        return {path: np.broadcast_to(values, size) for path, values in self.paths(x).items()}


def _peaks(values: Array) -> NDArray[np.intp]:
    """Places on a grid that no neighbour along an axis exceeds, the highest first."""
    high = np.where(np.isfinite(values), values, -np.inf)
    peak = np.isfinite(values)
    for axis in range(values.ndim):
        padded = np.pad(
            high, [(int(k == axis), int(k == axis)) for k in range(values.ndim)], constant_values=-np.inf
        )
        length = values.shape[axis]
        for shift in (0, 2):
            peak &= high >= padded.take(range(shift, shift + length), axis=axis)
    places = np.flatnonzero(peak)
    return places[np.argsort(-high.ravel()[places], kind="stable")]
