"""What the solvers of all modes share: checks, a device ready to be driven, its quantities and its aims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ioffe.base.aims import AIMS
from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.table import ResultTable
from ioffe.device.cascade import Device, legs_of
from ioffe.device.conditions import SWEEP, Array, Conditions, Cooler, Generator
from ioffe.engine import circuits, newton, optimum
from ioffe.engine.following import Begin, followed
from ioffe.engine.network import Cases, Drive, Network, Solution
from ioffe.engine.state import RUNAWAY
from ioffe.solve import loading
from ioffe.solve.assemble import Assembly
from ioffe.solve.profile import Point

FIDELITIES = ("1d", "3d", "full", "ideal")
"""Of steady states; those of one dimension, `ONE`, are all that batches, arrays and derivatives know."""
ONE = ("1d", "ideal")
WHOLE = ("3d", "full")
"""Those that know the layout of a module."""
TOLERANCES = 1e-13, 1e-3
"""Smallest and largest tolerance of a solve."""
ROUNDING = 1e-15
"""Relative error that no integration falls below."""
ROOM = 300.0
"""K; surroundings of a device that exchanges no heat with them."""
FINEST_COMPILED = 1e-12
"""Smallest tolerance of compiled searches for a current."""
EXACT = 1e-10
"""Tolerance of single solves by compiled code; one that asks for less is done by NumPy."""
SHARE = 1e-4
"""Share of the tolerance for the search of a cooler's current: its slopes are differences of large flows."""
FINEST_SEARCH = 1e-11
"""Tolerance that no search goes below."""
SLOPES: dict[str, Callable[[Network], optimum.Slope]] = {
    "short_circuit": lambda _: optimum.voltage,
    "max_power": lambda _: optimum.power_slope,
    "max_efficiency": lambda _: optimum.efficiency_slope,
    "max_heat": lambda _: optimum.cooling_slope,
    "max_COP": lambda _: optimum.cop_slope,
    "delta_T_max": optimum.cold_node_slope,
}
"""What changes its sign at the current of each aim."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """Solved operating points, their axes, and the maxima of every family of temperatures and heats."""

    solution: Solution
    axes: Mapping[str, Array]
    maxima: Mapping[str, Array]
    maxima_axes: Mapping[str, Array]
    others: tuple[Solution, ...] = ()
    """Solutions behind the maxima; their temperatures count for the warnings."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SteadyTask:
    """A device ready to be driven."""

    assembly: Assembly
    ambient: float
    ideal: bool
    tolerance: float
    maxima: bool = True
    """Whether the maxima are wanted even where no operating point needs them."""
    kernels: frozenset[str] | None = None
    """Modules of compiled code by which it is solved; by default those in memory or worth loading as it is
    made, so that all numbers of a result are of one engine."""
    engine: Callable[[Network, Drive], Solution] | None = None
    """What solves every network, also those of a search, in place of this choice."""

    def __post_init__(self) -> None:
        if self.kernels is None:
            may = not self.ideal and self.tolerance >= EXACT
            object.__setattr__(self, "kernels", loading.kernels() if may else frozenset())

    @property
    def fidelity(self) -> str:
        """The word for how it is solved."""
        return "ideal" if self.ideal else "1d"

    def point(self, s: Solution, k: int) -> Point:
        """A solved operating point, kept for its profile."""
        return Point(self.assembly, s, k, int(s.code[k]), self.fidelity)

    def legs(self, s: Solution, axes: Mapping[str, Array], generates: bool) -> ResultTable | None:
        """Values of every leg along the axes of the operating points; none where all are alike."""
        del s, axes, generates

    def notes(self, s: Solution) -> tuple[str, ...]:
        """What else is to be said of a solution."""
        del s
        return ()

    @property
    def is_frugal(self) -> bool:
        """Whether a solve takes so long that nothing is solved that is not asked for."""
        return False

    @property
    def engine_name(self) -> str:
        """The word for what solves the operating points."""
        return "compiled" if self._is_compiled("network") else "numpy"

    def _is_compiled(self, module: str) -> bool:
        return self.kernels is not None and module in self.kernels

    @property
    def options(self) -> dict[str, Any]:
        """How the engine solves."""
        return {"ideal": self.ideal, "tolerance": self.tolerance}

    def take(self, cases: Cases) -> SteadyTask:
        """The task for some of the cases, whose numbers may differ."""
        network = self.assembly.network
        if not network.varies:
            return self
        return replace(self, assembly=replace(self.assembly, network=network.take(cases)))

    def drive(self, **imposed: Array) -> Drive:
        """What is imposed on each family, with the surroundings of the task."""
        n = len(next(iter(imposed.values())))
        return Drive(ambient=np.full(n, self.ambient), **imposed)

    def solve(self, drive: Drive) -> Solution:
        """Solve operating points with the fidelity and tolerance of the task, by compiled code if loaded."""
        network = self.assembly.network
        found = self._newton(network, drive)
        return found if self.engine is not None else followed(self._newton, network, drive, found)

    def _newton(self, network: Network, drive: Drive, begin: Begin | None = None) -> Solution:
        if self.engine is not None:
            return self.engine(network, drive)
        if self._is_compiled("network"):
            from ioffe.engine.compiled.network import solve

            options: dict[str, Any] = {"states": True, "tolerance": EXACT, "threads": 1}
            return solve([(network, drive)], begin=begin, **options)
        with loading.numpy_solve():
            return newton.solve(network, drive, begin=begin, **self.options)

    def roughly(self, drive: Drive) -> Solution:
        """Solutions good enough for ranges of a search: what takes long is not looked for."""
        return self._newton(self.assembly.network, drive)

    def currents(self, drive: Drive, *aims: str, load: Array | None = None) -> dict[str, Array] | None:
        """Currents of aims by compiled code (NaN where there is none), or None where it is not loaded.

        `drive`: what is imposed on each family, the current left free.
        `*aims`: those of a generator, or one of a cooler.
        `load`: heat load in W of each family, for the aim ``"heat"``.
        """
        if self.assembly.stages or self.engine is not None or not self._is_compiled("search"):
            return None
        from ioffe.engine.compiled.search import find

        options = {"tolerance": FINEST_COMPILED, "threads": 1}
        return find([(self.assembly.network, drive)], *aims, heat=load, **options)

    @property
    def sweep(self) -> Array:
        """Currents of a sweep as shares of the largest one."""
        return SWEEP

    def points(
        self, drive: Drive, name: str, value: Any, *, largest: Array | None = None, sign: float = 1.0
    ) -> tuple[dict[str, Array], Solution]:
        """The axis and the solution of given currents, voltages or loads of every family, or of a sweep.

        `drive`: what is imposed on each family.
        `name`, `value`: one of `OPERATION` and its numbers for the whole device, or the word ``"sweep"``.
        `largest`: the current in A at which the sweep of each family ends.
        `sign`: of the current in the engine, which is that of a generator.
        """
        if largest is not None and isinstance(value, str):
            axis, name, rows = {"sweep": self.sweep}, "current", largest[:, None] * self.sweep
        else:
            axis = {name: value} if isinstance(value, np.ndarray) else {}
            share = sign if name == "current" else float(self.assembly.couples)
            rows = np.broadcast_to(np.atleast_1d(value) / share, (len(drive), np.size(value)))
        wide = drive.take(np.repeat(np.arange(len(drive)), rows.shape[1]))
        return axis, self.solve(replace(wide, **{name: rows.ravel()}))

    def idle_stages(self, drive: Drive, s: Solution) -> tuple[Array, Array, Array]:
        """Voltage, resistance and Peltier coefficient of each stage of a cascade; see `circuits.idle`.

        Searches begin with them: those of constant properties do, and are alike whatever is solved beside.
        """
        found = tuple(stage.circuit for stage in self.assembly.stages)
        return circuits.idle(self.assembly.network, found, drive, s.T, **{**self.options, "ideal": True})

    def find(
        self, drive: Drive, slopes: Mapping[str, optimum.Slope], low: Array, high: Array
    ) -> dict[str, Array]:
        """Currents of the first sign changes between low and high; NaN where there is none or no range."""
        found = {name: np.full(len(drive), np.nan) for name in slopes}
        good = np.flatnonzero(np.isfinite(low) & np.isfinite(high) & (low != high))
        if len(good):
            inner = {k: optimum.of(good, f) for k, f in slopes.items()}
            at = self._search(good, drive.take(good), inner, low[good], high[good])
            for name, values in at.items():
                found[name][good] = values
        return found

    def _search(
        self, cases: Cases, drive: Drive, slopes: dict[str, optimum.Slope], low: Array, high: Array
    ) -> dict[str, Array]:
        network, engine = self.assembly.network.take(cases), self.engine
        if engine is not None:

            def solver(drive: Drive, some: Cases) -> Solution:
                return engine(network.take(some), drive)

            return optimum.find(network, drive, slopes, low, high, solver=solver)
        with loading.numpy_solve():
            return optimum.find(network, drive, slopes, low, high, **self.options)

    def find_aims(self, drive: Drive, aims: tuple[str, ...], low: Array, high: Array) -> dict[str, Array]:
        """Currents of aims by their names, as `find` finds them."""
        return self.find(drive, {aim: SLOPES[aim](self.assembly.network) for aim in aims}, low, high)

    def maxima_of(self, aim: str, s: Solution) -> dict[str, Array]:
        """What a result says of an aim, from the cases solved at its currents; NaN where there is none."""
        one = AIMS[aim]
        found = quantities(self.assembly, s, one.mode == "generate")
        values = {aim: found[one.quantity], one.current: found["current"], f"{aim}_voltage": found["voltage"]}
        hidden = np.isnan(s.current) | (s.code >= RUNAWAY)
        return {k: np.where(hidden, np.nan, values[k]) for k in one.maxima}

    def families(
        self, conditions: Conditions, names: dict[str, str]
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Axes of the listed conditions, and the cases of their product; `names` maps to those of `Drive`."""
        given = {k: getattr(conditions, k) for k in names if getattr(conditions, k) is not None}
        axes = {k: v for k, v in given.items() if isinstance(v, np.ndarray)}
        grids = np.meshgrid(*axes.values(), indexing="ij")
        n = grids[0].size if grids else 1
        cases = {k: g.ravel() for k, g in zip(axes, grids, strict=True)}
        return axes, {names[k]: cases[k] if k in cases else np.full(n, float(v)) for k, v in given.items()}


def search_tolerance(tolerance: float, aim: str) -> float:
    """Tolerance of the solves in a compiled search for the current of an aim."""
    if AIMS[aim].mode == "cool":
        tolerance = min(tolerance, max(SHARE * tolerance, FINEST_SEARCH))
    return max(tolerance, FINEST_COMPILED)


def quantities(assembly: Assembly, s: Solution, generates: bool) -> dict[str, Any]:
    """What a result says of every operating point, by the names of the quantity table.

    `assembly`, `s`: the network and its solution, in the signs of a generator.
    `generates`: whether the device is a generator; the current, the power and the heats of a cooler are
        turned round.
    Returns: quantities in SI for the whole device, each of shape (n,).
    """
    known = flows(assembly, s, generates)
    size = assembly.network.legs[0].area, assembly.footprint
    for name, formula in DERIVED.items():
        if name in QUANTITIES[generates]:
            known[name] = formula(known, *size)
    return {name: known[name] for name in QUANTITIES[generates]}


def flows(assembly: Assembly, s: Solution, generates: bool) -> dict[str, Any]:
    """The quantities from which all others follow, as for `quantities`."""
    sign, n = 1.0 if generates else -1.0, assembly.couples
    alone = isinstance(n, int) and n == 1
    return {
        # the terminals stay the same; only the current turns round
        "current": s.current if generates else sign * s.current,
        "voltage": s.voltage if alone else s.voltage * n,
        "heat_hot": s.heat_hot if alone and generates else sign * s.heat_hot * n,
        "heat_cold": s.heat_cold if alone and generates else sign * s.heat_cold * n,
        "T_hot": s.T[assembly.network.hot],
        "T_cold": s.T[assembly.network.cold],
        "T_hot_junction": s.T[assembly.hot_junction],
        "T_cold_junction": s.T[assembly.cold_junction],
    }


def coefficient(heat_cold: Any, power: Any) -> Any:
    """COP of a cooler: heat taken up over power put in; NaN where it takes up no heat or no power.

    Of numbers with derivatives (`value`) the derivatives are NaN there too.
    """
    heat, put_in = (getattr(x, "value", x) for x in (heat_cold, power))
    with np.errstate(all="ignore"):
        return heat_cold / power * np.where((heat > 0.0) & (put_in > 0.0), 1.0, np.nan)


def _efficiency(v: Mapping[str, Any], _area: Any, _footprint: Any) -> Any:
    with np.errstate(all="ignore"):
        return v["power"] / v["heat_hot"]


DERIVED: Mapping[str, Callable[[Mapping[str, Any], Any, Any], Any]] = {
    "current_density": lambda v, area, _: v["current"] / area,
    "power": lambda v, _, __: v["voltage"] * v["current"],
    "power_density": lambda v, _, footprint: v["power"] / footprint,
    "efficiency": _efficiency,
    "COP": lambda v, _, __: coefficient(v["heat_cold"], v["power"]),
    "delta_T": lambda v, _, __: v["T_hot"] - v["T_cold"],
}
"""Quantities that follow from the flows and from the areas of a leg and of the device, in this order."""


def _names(ratio: str) -> tuple[str, ...]:
    electrical = "current", "current_density", "voltage", "power", "power_density"
    temperatures = "T_hot", "T_cold", "T_hot_junction", "T_cold_junction"
    return (*electrical, "heat_hot", "heat_cold", *temperatures, ratio, "delta_T")


QUANTITIES = {True: _names("efficiency"), False: _names("COP")}
"""Names of the quantities of every operating point of a generator (True) and of a cooler, in their order."""


def relative_error(s: Solution) -> Array:
    """Estimated error of the heats relative to the larger of them, and rounding; NaN without a solution."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(s.heat_hot), np.abs(s.heat_cold))
        error = np.divide(s.error, size, out=size)
    error += ROUNDING
    error[s.code >= RUNAWAY] = np.nan
    return error


def check_options(
    faults: Faults, fidelity: str, tolerance: float, fidelities: tuple[str, ...] = FIDELITIES, what: str = ""
) -> None:
    """Note an unknown fidelity and a tolerance out of range; `what` names what only some are known for."""
    if fidelity not in fidelities:
        words = " or ".join(f'"{word}"' for word in fidelities)
        faults.add("fidelity", fidelity, f"{words} is expected{what}", did_you_mean(fidelity, fidelities))
    if not TOLERANCES[0] <= tolerance <= TOLERANCES[1]:
        low, high = (f"{bound:.0e}".replace("e-0", "e-") for bound in TOLERANCES)
        faults.add("tolerance", tolerance, f"a number from {low} to {high} is expected")


def check_surroundings(faults: Faults, device: Any, T_ambient: object) -> None:
    """Note that the temperature of the surroundings is missing, if legs lose heat to them."""
    if T_ambient is None and any(leg.side is not None for leg in legs_of(device)):
        faults.add("T_ambient", expected='a temperature is expected, such as "300 K", for the side losses')


def check(device: Device, conditions: Any, fidelity: str, tolerance: float) -> None:
    """Refuse what cannot be solved, all faults at once."""
    faults = Faults()
    check_options(faults, fidelity, tolerance)
    if not isinstance(conditions, Generator | Cooler):
        faults.add("conditions", conditions, "a Generator, a Cooler or a Transient is expected")
    elif fidelity != "ideal":
        check_surroundings(faults, device, conditions.T_ambient)
    faults.raise_if_any()
