"""Solve a batch: split it into groups that share their materials and topology, solve, collect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ioffe.base.errors import ExtrapolationError, Fault, Faults, InputError, did_you_mean
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.device.cascade import legs_of
from ioffe.device.conditions import OPERATION, SWEEP, Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import materials, meant, quantity_of
from ioffe.engine import compiled
from ioffe.material.material import Material
from ioffe.material.soundness import Remarks
from ioffe.result.batch import BatchResult
from ioffe.solve.assemble import assemble
from ioffe.solve.batch.cases import BatchCases, Index, asked, read, settled
from ioffe.solve.batch.collect import CaseGroup, Collector
from ioffe.solve.batch.curves import plain_curves
from ioffe.solve.batch.engines import CompiledEngine, NumpyEngine, is_plain
from ioffe.solve.doubts import judge
from ioffe.solve.gradient.of_result import Solver, batch_gradient, batch_parameters, batch_slopes
from ioffe.solve.profile import interface_temperatures
from ioffe.solve.steady import interpolations
from ioffe.solve.task import QUANTITIES, check

CHUNK = 50_000
"""Devices solved at once, to bound the memory."""
FINE, FINEST = 1e-7, 1e-9
"""Tolerances under derivatives, and under those of an aim, which are differences of exact derivatives."""
LOADING = 12_000
"""Solves of a leg that NumPy does while compiled code is loaded: less work does not wait for it."""
APART = 100
"""Solves that take NumPy as long as devices of other materials, which it solves apart."""
SEARCH = 12
"""Solves that the current of an aim takes."""
COLD = (
    "compiled code of this version is not there yet, so that NumPy solved this batch: "
    "`ioffe warm-up` makes it once, in about a minute"
)
"""What a batch says that would have been solved by compiled code."""
Engine = Literal["auto", "compiled", "numpy"]
ENGINES = ("auto", "compiled", "numpy")


def solve_batch(
    device: Leg | Module,
    conditions: Conditions,
    vary: Mapping[str, Any],
    *,
    tolerance: float = 1e-6,
    strict: bool = False,
    gradient: str | Iterable[str] = (),
    engine: Engine = "auto",
    threads: int | None = None,
    interfaces: bool = False,
    keep: Iterable[str] = (),
    force: bool = False,
) -> BatchResult:
    """Solve many devices that differ from one another in some of their numbers, materials and conditions.

    Parameters
    ----------
    device
        `Leg` or `Module`; what is not varied is the same in all devices.
    conditions
        `Generator` or `Cooler` for one operating point: numbers, or an aim such as ``"max_efficiency"``,
        ``"max_COP"``; ``"sweep"`` adds a last axis of 61 currents.
    vary
        Arrays by the path of a number of the device or of its conditions: ``"length"``, ``"p.area"``,
        ``"legs.contact.electrical"``, ``"segments[0].length"``, ``"T_hot"``, ``"current"``; for the path
        of a material (``"p.material"``) a list of materials or of their names. SI, or text with units.
        The arrays broadcast against one another.
    tolerance
        Relative error of the heat flows that is aimed at, 1e-11 to 1e-3.
    gradient
        Paths of numbers, or of tables such as ``"p.material.seebeck"``, to differentiate every quantity by:
        ``batch.gradient["efficiency"]["length"]``.
    engine
        ``"compiled"`` (needs numba: ``pip install "ioffe[fast]"``; the first use ever compiles for about a
        minute), ``"numpy"``, or ``"auto"``: compiled where that code is in memory, or where the work takes
        NumPy longer than loading it; a batch never waits for the compiler (see ``ioffe warm-up``).
    threads
        Number of threads of the compiled engine; by default all processors.
    interfaces
        Whether the temperature of every interface of the legs is wanted, in
        ``batch.interface_temperatures["p.contact_hot"]``.
    keep
        Quantities that the result holds, such as ``["efficiency", "power"]``, by default all: with a few
        of them very many devices take little memory.
    strict
        Refuse doubtful materials, numbers that no device has, and materials beyond their measured ranges.
    force
        Take materials whose data cannot be right (`Material.check`) too.

    Returns
    -------
    BatchResult
        Arrays of the broadcast shape, a status, the energy balance and an error estimate for each device.

    Raises
    ------
    InputError
        With every fault of the varied values and its location.

    Examples
    --------
    >>> import numpy as np
    >>> from ioffe import Generator, Leg
    >>> leg = Leg("Bi0.42Sb1.58Te3", length="2 mm", area="2 mm2")
    >>> batch = solve_batch(
    ...     leg,
    ...     Generator(T_hot=450, T_cold=300, current="max_power"),
    ...     {"length": [1e-3, 2e-3, 4e-3], "contact.electrical": "5 uohm cm2"},
    ... )
    >>> bool(np.all(np.diff(batch.efficiency) > 0))
    True
    """

    def judged(cases: BatchCases) -> Remarks:
        given = cases.materials.items()
        kinds = {f"{path}[{i}]": m for path, (found, _) in given for i, m in enumerate(found)}
        options: dict[str, Any] = {"varied": cases.numbers, "kinds": kinds}
        return judge(device, conditions, force=force, strict=strict, **options)

    options: dict[str, Any] = {"tolerance": tolerance, "gradient": gradient, "engine": engine}
    options |= {"threads": threads, "interfaces": interfaces, "keep": keep, "judged": judged}
    found = solve_cases(device, conditions, vary, **options)
    beyond = int(np.sum(found.point_status == Status.OUTSIDE_TABLE)) if strict else 0
    if beyond:
        expected = f"strict: refused, because {beyond} of {len(found)} devices use a material"
        raise ExtrapolationError(f"{expected} beyond its measured range")
    return found


def solve_cases(
    device: Leg | Module,
    conditions: Conditions,
    vary: Mapping[str, Any],
    *,
    tolerance: float = 1e-6,
    gradient: str | Iterable[str] = (),
    engine: Engine = "auto",
    threads: int | None = None,
    interfaces: bool = False,
    keep: Iterable[str] = (),
    judged: Callable[[BatchCases], Remarks] = lambda _: Remarks(),
) -> BatchResult:
    """Solve a batch whose input was judged before; `judged` says what is doubtful about its cases."""
    if not isinstance(device, Leg | Module):
        raise InputError(Fault("device", type(device).__name__, "a Leg or a Module is expected in a batch"))
    if not isinstance(conditions, Generator | Cooler):
        check(device, conditions, "1d", tolerance)
    cases = read(device, conditions, vary)
    first = {path: meant(device, conditions, path)[0] for path in vary}
    conditions = settled(device, conditions, cases)
    check(device, conditions, "1d", tolerance)
    doubts = judged(cases)
    paths = batch_parameters(device, conditions, cases, gradient)
    kept = _kept(keep, isinstance(conditions, Generator))
    searched = _solves(conditions) == SEARCH
    finer = min(tolerance, FINEST if searched else FINE) if paths else tolerance
    work = len(cases) * len(legs_of(device)) * _solves(conditions) + APART * (cases.combinations - 1)
    solver, notes = _engine(engine, work, finer, threads, states=bool(paths))
    out = _BatchTask(device, conditions, cases, solver, paths, interfaces, kept).run()
    values = out.quantities()
    numbers = {path: full for path, full in first.items() if full in cases.numbers}
    return BatchResult(
        values=values,
        point_status=out.shaped(out.status),
        point_energy_balance=out.shaped(out.quality["balance"]),
        point_error_estimate=out.shaped(out.quality["error"]),
        varied={path: cases.given(full) for path, full in first.items()},
        units={path: quantity(quantity_of(full, conditions)).unit for path, full in numbers.items()},
        derivatives=batch_gradient(device, conditions, out.cases, out.sensitivity, values, out.slopes)
        if paths
        else None,
        interpolation=interpolations(_used(device, cases)),
        warnings=doubts.warnings,
        notes=(*doubts.notes, *notes),
        device=device,
        conditions=conditions,
        engine=solver.name,
        tolerance=tolerance,
        interface_temperatures={k: out.shaped(v) for k, v in out.interfaces.items()},
    )


def _used(device: Leg | Module, cases: BatchCases) -> tuple[Material, ...]:
    """The materials of all legs: those that are varied, and the others of the device."""
    given = [m for kinds, _ in cases.materials.values() for m in kinds]
    others = {k: m for k, m in materials(device).items() if not k.startswith(("hot[", "cold["))}
    given += [m for path, m in others.items() if path not in cases.materials]
    return tuple({id(m): m for m in given}.values())


@dataclass(frozen=True, eq=False)
class _BatchTask:
    """A device, its conditions and cases, and what is wanted of them."""

    device: Leg | Module
    conditions: Conditions
    cases: BatchCases
    solver: Solver
    paths: tuple[str, ...] = ()
    """What the quantities are differentiated by."""
    interfaces: bool = False
    kept: tuple[str, ...] = ()
    """Quantities that are wanted; all if none is named."""

    def run(self, aim: str | None = None) -> Collector:
        """Solve all devices; `aim` takes the place of the one in the conditions."""
        if aim is None and "sweep" in (self.conditions.current, getattr(self.conditions, "load", None)):
            return self.sweep()
        kinds = self.cases.kinds()
        out = Collector(self.cases, self.conditions, self.kept, len(kinds) == 1 and self._are_alike())
        for portion in self.portions(kinds):
            groups = [g if aim is None else replace(g, asked=replace(g.asked, aim=aim)) for g in portion]
            solutions = self.solver.solve([(g.assembly, g.asked) for g in groups])
            for group, solution in zip(groups, solutions, strict=True):
                out.add(group, solution)
                if self.interfaces:
                    found = interface_temperatures(group.device, group.assembly, solution.T)
                    out.put(out.interfaces, found, group.cases, solution)
                if self.paths:
                    at = group.assembly, group.asked, solution, self.solver
                    out.sensitivity, found = batch_slopes(group.device, group.conditions, self.paths, *at)
                    out.put(out.slopes, found, group.cases, solution)
        return out

    def sweep(self) -> Collector:
        """Currents up to the short circuit, or to 1.5 times that of the largest heat, on a last axis."""
        if self.paths:
            raise InputError(Fault("gradient", expected="one operating point is expected, not a sweep"))
        generates = isinstance(self.conditions, Generator)
        ends = replace(self, interfaces=False, kept=("current",))
        ends = ends.run("short_circuit" if generates else "max_heat")
        largest = ends.values["current"] * (1.0 if generates else 1.5)
        kinds = self.cases.kinds()
        if isinstance(self.solver, CompiledEngine) and not self.interfaces and self._are_plain(kinds):
            out = Collector(self.cases, self.conditions, self.kept, len(kinds) == 1, len(SWEEP))
            for group in (group for portion in self.portions(kinds) for group in portion):
                currents = largest[group.cases, None] * SWEEP
                for devices, s in plain_curves(self.solver, group.assembly.network, group.asked, currents):
                    out.add(group, s, devices)
            return out
        wide = self.cases.repeated(len(SWEEP)).with_number("current", (largest[:, None] * SWEEP).ravel())
        fixed = {"current": 0.0} | ({"load": None} if generates else {})
        return replace(self, conditions=self.conditions.replace(**fixed), cases=wide).run()

    def _are_alike(self) -> bool:
        """Whether no varied material decides about elements, so that devices of one kind have the same."""
        return self.cases.materials.keys() <= set(self.cases.mixes(self.device))

    def _are_plain(self, kinds: list[Index]) -> bool:
        """Whether the devices are legs whose curves have a form of their own."""
        if not self._are_alike():
            return False
        first = (next(self.portions([kind[:1]]))[0] for kind in kinds)
        return all(is_plain(g.assembly.network, replace(g.asked, aim="short_circuit")) for g in first)

    def portions(self, kinds: list[Index]) -> Iterator[list[CaseGroup]]:
        """Groups of one topology, together about as many devices as are solved at once."""
        alike = self.paths or self.interfaces or self.solver.name != "compiled"
        mixed = () if alike else self.cases.mixes(self.device)
        for kind in kinds:
            portions: dict[Any, list[CaseGroup]] = {}
            sizes: dict[Any, int] = {}
            for group in self.cases.groups(kind, mixed):
                for start in range(0, len(group), CHUNK):
                    index = _range(group[start : start + CHUNK])
                    device, here = self.cases.of(self.device, self.conditions, index, mixed)
                    assembly = assemble(device, here)
                    count = min(CHUNK, len(group) - start)
                    request = asked(self.conditions, here, count, assembly.couples)
                    # materials of layers and side losses decide about elements too
                    shape = assembly.network.topology
                    portions.setdefault(shape, []).append(CaseGroup(index, device, here, assembly, request))
                    sizes[shape] = sizes.get(shape, 0) + count
                    if sizes[shape] >= CHUNK:
                        yield portions.pop(shape)
                        del sizes[shape]
            yield from portions.values()


def _kept(keep: Iterable[str], generates: bool) -> tuple[str, ...]:
    """Names of the quantities that are wanted, each once."""
    kept, faults = tuple(dict.fromkeys([keep] if isinstance(keep, str) else keep)), Faults()
    for k, name in enumerate(kept):
        faults.one_of(f"keep[{k}]", name, QUANTITIES[generates])
    faults.raise_if_any()
    return kept


def _range(cases: Index) -> Index | slice:
    """Cases that follow one another as a slice, which copies nothing."""
    first, last = int(cases[0]), int(cases[-1])
    return slice(first, last + 1) if last - first == len(cases) - 1 else cases


def _solves(conditions: Conditions) -> int:
    """Solves that one device takes."""
    given = [v for v in (getattr(conditions, name, None) for name in OPERATION) if v is not None]
    if "sweep" in given:
        return SEARCH + len(SWEEP)
    return SEARCH if not given or isinstance(given[0], str) else 1


def is_worth_loading(work: int) -> bool:
    """Whether so many solves of a leg are for compiled code, if all of it is kept on disk."""
    return work >= LOADING and compiled.is_ready()


def _engine(
    name: str, work: int, tolerance: float, threads: int | None, states: bool
) -> tuple[Solver, tuple[str, ...]]:
    """The engine for so many solves of a leg, and what one must know of the choice."""
    if name not in ENGINES:
        words = " or ".join(f'"{word}"' for word in ENGINES)
        raise InputError(Fault("engine", name, f"{words} is expected", did_you_mean(name, ENGINES)))
    if name == "compiled" and not compiled.available():
        raise InputError(
            Fault("engine", name, "numba is expected to be installed", 'pip install "ioffe[fast]"')
        )
    wanted = name == "auto" and work >= LOADING and compiled.available()
    loaded = any(map(compiled.is_loaded, ("network", "vector.entry"))) and compiled.is_ready()
    if name == "compiled" or (name == "auto" and (loaded or is_worth_loading(work))):
        return CompiledEngine(tolerance, threads, states), ()
    return NumpyEngine(tolerance), (COLD,) if wanted else ()


def warm_up() -> bool:
    """Compile all kernels of the compiled engine, which takes about a minute, and keep them on disk.

    Returns
    -------
    bool
        False if there was nothing to do.

    Raises
    ------
    InputError
        If numba is not installed.

    Examples
    --------
    >>> from ioffe.engine import compiled
    >>> if compiled.is_ready():  # then nothing is left to do
    ...     assert not warm_up()
    """
    if compiled.is_ready():
        return False
    leg, other = (Leg(f"generic {k} cooler leg", length="1.6 mm", area="2 mm2") for k in ("p", "n"))
    couple = Module(leg, other, fill_factor=0.3)
    tasks: list[tuple[Leg | Module, Conditions, tuple[str, ...]]] = [
        (leg, Generator(T_hot=330.0, T_cold=300.0, current=0.1), ()),
        (leg, Generator(T_hot=330.0, T_cold=300.0, current="max_power"), ()),
        (leg, Generator(T_hot=330.0, T_cold=300.0, current="max_efficiency"), ("length",)),
        (couple, Generator(T_hot=330.0, T_cold=300.0, load=0.1), ()),
        (couple, Cooler(T_hot=300.0, T_cold=290.0, current="max_COP"), ()),
        (couple, Cooler(T_hot=300.0, T_cold=290.0, heat=0.01), ()),
        (couple, Cooler(T_hot=300.0, heat=0.01, aim="delta_T"), ()),
    ]
    for device, conditions, paths in tasks:
        vary = {"T_hot": [conditions.T_hot]}
        solve_batch(device, conditions, vary, engine="compiled", gradient=paths, threads=1)
    compiled.mark_ready()
    return True
