"""A compact model of a device for circuit simulators, with its error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe._version import __version__
from ioffe.base.errors import ConvergenceError, Faults, InputError, did_you_mean
from ioffe.base.result import BaseResult
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.base.units import QuantityLike, format_si, to_si
from ioffe.device.cascade import Cascade, materials_of
from ioffe.device.conditions import Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.engine.table import PropertyTable
from ioffe.export import modelica, spice
from ioffe.export.equations import CELLS, CompactEquations, equations_of
from ioffe.export.steady import steady
from ioffe.solve.assemble import assemble
from ioffe.solve.transient.build import capacities

Array = NDArray[np.float64]
LEVELS: Final = 3
"""Temperatures of each side at which the model is compared."""
CURRENTS: Final = 5
"""Currents at which it is compared."""
MARGIN: Final = 0.2
"""Share of the range of temperatures by which the polynomials go beyond it, at least `LEAST_MARGIN`."""
LEAST_MARGIN: Final = 20.0
"""K."""
PASSES: Final = 3
"""Fits of the polynomials: temperatures inside, which a large current raises, may widen their range."""
COMPARED: Final = ("voltage", "heat_hot", "heat_cold")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CompactModel(BaseResult):
    """A device as equations of few temperatures, ready for circuit simulators, compared with the solver.

    Attributes
    ----------
    device : Leg, Module or Cascade
        What it stands for.
    equations : CompactEquations
        What is exported.
    temperatures, currents : tuple of float
        Range in K of both pins, and largest current in A, over which it was compared.
    values : mapping of str to ndarray
        ``voltage``, ``heat_hot``, ``heat_cold`` of the solver at the points, and ``voltage_model`` ...
    points : mapping of str to ndarray
        ``T_hot``, ``T_cold``, ``current`` of the points.
    name : str
        For the exported text.

    Examples
    --------
    >>> from ioffe import Generator
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
    >>> found = compact_model(leg, Generator(T_hot=450, T_cold=330, current="max_power"))
    >>> found.errors["heat_hot"] < 0.001, found.spice().splitlines()[-1]
    (True, '.ends device')
    """

    kind: ClassVar[str] = "compact"

    device: Leg | Module | Cascade
    equations: CompactEquations
    temperatures: tuple[float, float]
    currents: tuple[float, float]
    values: Mapping[str, Array]
    points: Mapping[str, Array]
    name: str

    @cached_property
    def errors(self) -> dict[str, float]:
        """Largest deviation from the solver over the largest value, by quantity."""
        found = {}
        for key in COMPARED:
            exact, own = self.values[key], self.values[f"{key}_model"]
            found[key] = float(np.max(np.abs(own - exact)) / max(float(np.max(np.abs(exact))), 1e-300))
        return found

    @property
    def identifier(self) -> str:
        """Its name as a word of letters, digits and underscores."""
        word = re.sub(r"[^A-Za-z0-9_]+", "_", self.name).strip("_") or "device"
        return word if word[0].isalpha() else f"device_{word}"

    def remarks(self) -> list[str]:
        """What must be known of the exported text.

        Returns
        -------
        list of str
        """
        low, high = (format_si(T, "temperature") for T in self.temperatures)
        least, most = (format_si(one, "current") for one in self.currents)
        one = next(iter(self.equations.functions.values()))
        span = " to ".join(format_si(T, "temperature") for T in (one.low, one.high))
        off = ", ".join(f"{key} {100.0 * value:.2g} %" for key, value in self.errors.items())
        return [
            f"{self.name}: compact model by ioffe {__version__}",
            "terminals plus, minus: V and A; pins hot, cold: temperature in K, heat that enters in W",
            f"compared with the solver from {low} to {high}, {least} to {most} out of plus",
            f"largest deviation over the largest value: {off}",
            f"S, rho and kappa are polynomials from {span}, whose end values are held beyond",
            *self.warnings,
        ]

    def spice(self) -> str:
        """Text of a subcircuit for SPICE; temperatures are voltages in V for K, heat is current in A for W.

        Returns
        -------
        str
        """
        return spice.subcircuit(self.identifier, self.equations, self._start, self.remarks())

    def modelica(self) -> str:
        """Text of a Modelica model with two electrical and two thermal connectors.

        Returns
        -------
        str
        """
        return modelica.model(self.identifier, self.equations, self._start, self.remarks())

    @property
    def _start(self) -> float:
        return 0.5 * sum(self.temperatures)

    def _named(self) -> Mapping[str, Any]:
        return self.__dict__.get("values", {})

    def _noun(self) -> str:
        return "a compact model"

    def tables(self) -> dict[str, ResultTable]:
        """Solver and model at the points, and the polynomials.

        Returns
        -------
        dict of str to ResultTable
            ``points`` in SI, ``properties``.
        """
        units = {f"{key}_model": "V" if key == "voltage" else "W" for key in COMPARED}
        number = {"point": np.arange(1, len(self.points["current"]) + 1)}
        every = list(self.equations.functions.values())
        properties = {
            "degree": np.array([one.degree for one in every]),
            "error": np.array([one.error for one in every]),
        }
        return {
            "points": table(number, {**self.points, **self.values}, units),
            "properties": table(
                {"property": np.array([one.name for one in every])}, properties, {"error": "1"}
            ),
        }

    def _materials(self) -> Iterator[Any]:
        return iter(materials_of(self.device))

    def _header(self) -> dict[str, Any]:
        found = {"name": self.name, "temperatures": self.temperatures, "currents": self.currents}
        return found | {"errors": self.errors, "nodes": len(self.equations.capacities)}

    def _title(self) -> str:
        return f"{self.name}: compact model of {len(self.equations.capacities)} temperatures"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "temperatures", " to ".join(format_si(T, "temperature") for T in self.temperatures)
        yield "currents out of plus", " to ".join(format_si(one, "current") for one in self.currents)
        for key, error in self.errors.items():
            yield key, f"within {100.0 * error:.2g} % of its largest value"
        yield from self._quality()


def compact_model(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    *,
    temperatures: tuple[QuantityLike | None, QuantityLike | None] = (None, None),
    current: QuantityLike | None = None,
    heat_capacities: Mapping[str, QuantityLike] | None = None,
    faces: bool = False,
    cells: int = CELLS,
    name: str = "",
    strict: bool = False,
    force: bool = False,
) -> CompactModel:
    """Equations of a device for circuit simulators, compared with the solver over a range.

    Parameters
    ----------
    device : Leg, Module or Cascade
        A cascade with one current.
    conditions : Generator or Cooler
        Films, resistances and surroundings, which become part of the model: the thermal pins are the
        reservoirs. Generator or cooler decides at which currents it is compared.
    temperatures : tuple
        Lowest and highest of both pins in K, each by default that of the conditions.
    current : float or str, optional
        Largest current in A, by default the short-circuit current of a generator, and that of the largest
        heat of a cooler.
    heat_capacities : mapping of str, optional
        By names of materials, of a volume, J/(m3 K), where cards have no density or heat capacity.
    faces : bool
        Whether the thermal pins are the outer faces, without the films and resistances of the conditions.
    cells : int
        Cells of a leg, from 3.
    name : str
        Of the model, by default that of the device.
    strict, force : bool
        As in `Module.solve`, with which it is compared.

    Returns
    -------
    CompactModel
        A warning names every material that stores no heat in it.

    Raises
    ------
    InputError
        With every fault.
    ConvergenceError
        If the model has no steady state at a point of the range.

    Examples
    --------
    >>> from ioffe import Cooler
    >>> p, n = (Leg(f"generic {kind} cooler leg", "1.6 mm", "2 mm2") for kind in "pn")
    >>> module = Module(p, n, couples=7, fill_factor=0.3)
    >>> stored = dict.fromkeys(("generic p cooler leg", "generic n cooler leg"), "1.2 MJ/(m3 K)")
    >>> conditions = Cooler(T_hot=300, T_cold=250, current="max_heat")
    >>> found = compact_model(module, conditions, heat_capacities=stored)
    >>> found.errors["heat_cold"] < 0.01, found.warnings
    (True, ())
    """
    faults = Faults()
    most = None if current is None else _current(current, faults)
    ranges = (temperatures, heat_capacities or {}, cells)
    low, high, stored, missing = _checked(device, conditions, *ranges, faults)
    conditions = _single(conditions, high, low, faces=faces)
    solve = partial(device.solve, strict=strict, force=force)
    sign = 1.0 if isinstance(conditions, Generator) else -1.0
    most = _largest(solve, conditions, low, high) if most is None else most
    points, values, doubts = _compared(solve, conditions, np.linspace(low, high, LEVELS), most)
    network, at = assemble(device, conditions), (points["T_hot"], points["T_cold"], sign * points["current"])
    margin = max(MARGIN * (high - low), LEAST_MARGIN)
    limits = max(low - margin, 1.0), high + margin
    for _ in range(PASSES):
        equations = equations_of(network, limits, stored, conditions.T_ambient, cells)
        found = steady(equations, *at)
        coldest, hottest = float(found.T.min()), float(found.T.max())
        if limits[0] <= coldest and hottest <= limits[1]:
            break
        limits = min(limits[0], coldest), max(limits[1], hottest + LEAST_MARGIN)
    else:
        raise ConvergenceError("temperatures inside the device grow beyond every range of its polynomials")
    values |= {"voltage_model": found.voltage, "heat_hot_model": sign * found.heats[0]}
    values["heat_cold_model"] = -sign * found.heats[1]
    warnings = [f"{one} stores no heat in the model: its heat capacity is not known" for one in missing]
    return CompactModel(
        device=device,
        equations=equations,
        temperatures=(low, high),
        currents=(0.0, most) if sign > 0 else (-most, 0.0),
        values=values,
        points=points,
        name=name or device.name or "device",
        conditions=conditions,
        warnings=(*warnings, *doubts),
    )


def _checked(
    device: Any, conditions: Any, temperatures: Any, given: Mapping[str, Any], cells: int, faults: Faults
) -> tuple[float, float, dict[int, PropertyTable], list[str]]:
    """Range of temperatures, what materials store, and which store nothing."""
    if isinstance(device, Cascade) and device.connection != "series":
        faults.add("connection", device.connection, "stages in series are expected in a compact model")
    if isinstance(cells, bool) or not isinstance(cells, int) or not 3 <= cells <= 100:
        faults.add("cells", cells, "a whole number from 3 to 100 is expected")
    known = [np.ravel(T) for T in (conditions.T_hot, conditions.T_cold) if T is not None]
    ends = [float(np.min(np.concatenate(known))), float(np.max(np.concatenate(known)))]
    for k, given_end in enumerate(temperatures):
        if given_end is not None:
            with faults.collect():
                ends[k] = to_si(given_end, "temperature", "temperatures")
    low, high = ends
    if low >= high:
        words = " and ".join(format_si(T, "temperature") for T in ends)
        expected = f"a lower and a higher temperature are expected, not {words}"
        faults.add("temperatures", expected=expected)
    materials = materials_of(device)
    names = [one.name for one in materials]
    volumes: dict[str, float] = {}
    for key, value in given.items():
        if key not in names:
            expected = "the name of a material of the device is expected"
            faults.add("heat_capacities", key, expected, did_you_mean(key, names))
        with faults.collect():
            volumes[key] = to_si(value, "volumetric_heat_capacity", f"heat_capacities.{key}")
    faults.raise_if_any()
    stored: dict[int, PropertyTable] = {}
    missing = []
    for one in materials:
        heavy = one.replace(density=1.0, heat_capacity=volumes[one.name]) if one.name in volumes else one
        try:
            stored[id(one)] = next(iter(capacities([heavy], ()).values()))
        except InputError:
            missing.append(one.name)
    return low, high, stored, list(dict.fromkeys(missing))


def _current(given: QuantityLike, faults: Faults) -> float:
    """Largest current in A out of the positive terminal."""
    with faults.collect():
        found = to_si(given, "current", "current")
        if found <= 0.0:
            faults.add("current", given, "a current above zero is expected, out of the positive terminal")
        return found
    return 0.0


def _single(conditions: Any, high: float, low: float, *, faces: bool) -> Any:
    """The conditions with single temperatures; films, if the pins lie behind them, and surroundings stay."""
    given: dict[str, Any] = {"T_hot": high, "T_cold": low, "current": 0.0}
    given |= dict.fromkeys(("heat", "voltage", "load", "aim"))
    if faces:
        for side in ("hot", "cold"):
            given |= {f"{side}_resistance": 0.0, f"{side}_heat_transfer_coefficient": None}
    return conditions.replace(**{k: v for k, v in given.items() if hasattr(conditions, k)})


def _largest(solve: Callable[..., Any], conditions: Any, low: float, high: float) -> float:
    """Current up to which it is compared."""
    if isinstance(conditions, Generator):
        found = solve(conditions.replace(T_hot=high, T_cold=low, current="max_power"))
        return float(found.short_circuit_current)
    found = solve(conditions.replace(T_hot=high, T_cold=high, current="max_heat"))
    return float(found.current)


def _compared(
    solve: Callable[..., Any], conditions: Any, levels: Array, most: float
) -> tuple[dict[str, Array], dict[str, Array], list[str]]:
    """What the solver finds on the grid, without points that have no solution, and its warnings."""
    current = np.linspace(0.0, most, CURRENTS)
    points: dict[str, list[Array]] = {key: [] for key in ("T_hot", "T_cold", "current")}
    values: dict[str, list[Array]] = {key: [] for key in COMPARED}
    doubts: dict[str, str] = {}
    lost = 0
    # a generator needs a difference
    first = 1 if isinstance(conditions, Generator) else 0
    pairs = [(hot, cold) for i, cold in enumerate(levels) for hot in levels[i + first :]]
    for hot, cold in sorted(pairs, key=lambda pair: pair[1] - pair[0]):
        at = conditions.replace(T_hot=float(hot), T_cold=float(cold), current=current)
        found = solve(at, maxima=False)
        good = np.ravel(found.point_status) < Status.RUNAWAY
        lost += int(np.sum(~good))
        for key, value in (("T_hot", hot), ("T_cold", cold), ("current", current)):
            points[key].append(np.broadcast_to(value, good.shape)[good])
        for key in COMPARED:
            values[key].append(np.ravel(found.values[key])[good])
        for text in found.warnings:
            # the widest pair, which is the first, says in its temperatures what holds for all
            doubts.setdefault(text.partition(" was used from ")[0], text)
    if lost:
        doubts[""] = f"{lost} points have no solution and are not compared"
    joined = [{k: np.concatenate(v) for k, v in one.items()} for one in (points, values)]
    if not len(joined[0]["current"]):
        raise ConvergenceError("no point of the range has a solution")
    return joined[0], joined[1], list(doubts.values())
