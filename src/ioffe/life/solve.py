"""A device solved over its service life."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import nan
from typing import Any, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import ExtrapolationWarning, Fault, Faults, InputError
from ioffe.base.saved import largest
from ioffe.base.units import to_si, to_si_array
from ioffe.device.cascade import legs_of
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS, numbers, quantity_of
from ioffe.engine import compiled
from ioffe.interface.ageing import Tabulated
from ioffe.life.degradation import AnyDegradation
from ioffe.life.march import March, ReducedTimes, operating, reduced_times
from ioffe.life.performance import (
    Performance,
    PerformanceLoss,
    crossing,
    crossings,
    performance,
    refined,
    time_words,
    watched,
)
from ioffe.life.process import Process, ageing_of, law_values
from ioffe.life.result import LifeResult
from ioffe.life.service import Service
from ioffe.life.uncertainty import Bands, Scatter
from ioffe.solve.batch.choice import Engine
from ioffe.solve.doubts import doubtful_numbers
from ioffe.solve.loading import SEARCH, is_worth_loading, unmade

LOSSES = (0.05, 0.1, 0.2)
BANDS = ("linear", "monte carlo", "none")
FEWEST_DRAWS, MOST_DRAWS = 10, 100_000
POINTS = 31
"""Times of the result, ever denser towards the start, where most laws change fastest; beside its tenths."""
TENTHS = np.linspace(0.0, 1.0, 11)
TIME_ROUNDING = 1e-9
"""Share of a time by which it may exceed the service, or the last time of a table."""
MANY_MATERIALS = 100
"""Number of different materials from which on it is worth loading the compiled engine."""


def solve_life(
    device: Leg | Module,
    conditions: Conditions,
    degradations: Iterable[AnyDegradation],
    service: Service | str | float,
    *,
    tolerance: float = 1e-9,
    strict: bool = False,
    maxima: bool = True,
    engine: Engine = "auto",
    threads: int | None = None,
    times: Any = None,
    bands: Literal["linear", "monte carlo", "none"] = "linear",
    draws: int = 200,
    seed: int = 0,
    losses: Sequence[Any] = LOSSES,
    ageing_tolerance: float = 1e-6,
    force: bool = False,
) -> LifeResult:
    """Solve a device over time while its contacts and materials age.

    The reduced time of every law grows at the rate of the temperature of its interface in the device as it is
    at that moment, under the conditions of the service. The performance is always that at the same reference
    conditions, as in a test.

    Parameters
    ----------
    device
        `Leg` or `Module`, fresh.
    conditions
        Reference conditions: `Generator` or `Cooler` for one operating point.
    degradations
        `Degradation` and `GrowingLayer`: what ages; may be empty.
    service
        `Service`, or its length (s, or text): constant at the reference conditions.
    tolerance
        Relative error allowed for each integration step in the device, as for `Module.solve`.
    strict
        Refuse to use a material beyond its measured range, instead of warning: in the fresh device at the
        reference conditions and at both ends of every phase of the service. Doubtful materials and numbers
        that no device has are refused too.
    maxima
        Also find the maxima at every time: largest power and efficiency of a generator; largest heat, COP and
        temperature difference of a cooler. Without them only the operating point is solved, several times
        faster, and the losses are those of its power and efficiency.
    engine, threads
        As for `solve_batch`.
    times
        Times of the result, in s or text with units, rising from 0; by default 41: tenths of the
        service, and more towards the start.
    bands
        How the standard deviations of the laws become bands: ``"linear"`` (one standard deviation up and down
        along every uncertain direction), ``"monte carlo"`` or ``"none"``.
    draws, seed
        Number of random draws of Monte Carlo bands, and their seed.
    losses
        Shares of the performance whose times of loss are found, such as ``"5 %"``.
    ageing_tolerance
        Relative error of a reduced time allowed in each step.
    force
        Take materials whose data cannot be right (`Material.check`) too.

    Returns
    -------
    LifeResult
        Arrays over `time`. Times without a solution are NaN and carry their status.

    Raises
    ------
    InputError
        With everything that is wrong.
    ExtrapolationError
        With ``strict``, naming each material and the range that was used.
    ConvergenceError
        If a law changes too fast to be followed.

    Examples
    --------
    >>> from ioffe import Contact, Generator, Leg
    >>> from ioffe.life import Degradation
    >>> from ioffe.interface.ageing import Relaxation
    >>> leg = Leg("MgAgSb0.99In0.01", "6 mm", "3 mm x 3 mm", contact=Contact("20.8 uohm cm2"))
    >>> law = Relaxation(20.8e-10, 7.9e-10, 8 * 86400.0)
    >>> life = solve_life(
    ...     leg, Generator(T_hot=540, T_cold=300), [Degradation("contact.electrical", law)], "100 day"
    ... )
    >>> bool(life.max_power[-1] > life.max_power[0]), life.loss("max_power", 0.05).is_reached
    (True, False)
    """
    service, t, shares = _checked(device, conditions, service, times, bands, draws, losses)
    parts = tuple(degradations)
    processes = ageing_of(device, conditions, parts)
    _check_cycles(parts, service)
    variants = Scatter(parts).variants(bands, draws, seed)
    cases = len(variants) * len(t)
    work = cases * len(legs_of(device)) * SEARCH * (len(watched(conditions)) if maxima else 1)
    options = {"tolerance": tolerance, "engine": _engine(engine, processes, cases, work), "threads": threads}
    march = March(device, conditions, service, processes, tuple(variants), options, maxima)
    with warnings.catch_warnings():
        # the first of them is kept by the solution of the fresh device
        warnings.simplefilter("ignore", ExtrapolationWarning)
        how: dict[str, Any] = {"tolerance": tolerance, "strict": strict, "force": force}
        fresh = device.solve(operating(conditions), **how, maxima=maxima)
    for phase in service.phases if strict else ():
        # a material beyond its measured range at either end of a phase is refused
        for share in (0.0, 1.0) if phase.conditions else ():
            there = operating(phase.operation(march.reference, share))
            device.solve(there, **how, maxima=False)
    theta_of = reduced_times(march, ageing_tolerance)
    solved, aged = _performance(march, theta_of, t)
    theta = theta_of(t)
    _check_zero(processes, parts, law_values(processes, variants[:1], theta[:1])[0], theta[0], t)
    band = Bands(bands, solved.values, len(variants))
    lifetimes = _lifetimes(band, watched(conditions, maxima), t, shares)
    return LifeResult(
        time=t,
        values=band.nominal,
        std=band.std,
        low=band.low,
        high=band.high,
        numbers=Bands(bands, aged, len(variants)),
        reduced_time=_by_path(processes, theta[0]),
        temperatures=_temperatures(march, theta_of, t),
        losses=_losses(march, theta_of, t, band, shares, lifetimes),
        lifetimes=lifetimes,
        point_status=solved.status[0],
        point_energy_balance=np.array(largest(solved.balance)),
        point_error_estimate=np.array(largest(solved.error)),
        ageing_error=theta_of.error,
        warnings=tuple(
            dict.fromkeys(
                (*fresh.warnings, *_implausible(march, conditions, aged), *_doubts(march, theta_of, solved))
            )
        ),
        notes=(*fresh.notes, *_averaged(service), *(unmade(work) if engine == "auto" else ())),
        fresh=fresh,
        device=device,
        tolerance=tolerance,
        conditions=conditions,
        service=service,
        degradations=parts,
        processes=processes,
        bands=band.kind,
        draws=len(variants) - 1,
    )


def _checked(
    device: Any, conditions: Any, service: Any, times: Any, bands: str, draws: int, losses: Sequence[Any]
) -> tuple[Service, Array, tuple[float, ...]]:
    """Service, times of the result and shares of losses in SI; all faults at once."""
    faults = Faults()
    if not isinstance(device, Leg | Module):
        faults.add("device", type(device).__name__, "a Leg or a Module is expected")
    if not isinstance(conditions, Generator | Cooler):
        faults.add("conditions", type(conditions).__name__, "a Generator or a Cooler is expected")
    else:
        _check_one_point(conditions, faults)
    faults.one_of("bands", bands, BANDS)
    if bands == "monte carlo" and not (isinstance(draws, int) and FEWEST_DRAWS <= draws <= MOST_DRAWS):
        faults.add("draws", draws, f"a whole number from {FEWEST_DRAWS} to {MOST_DRAWS} is expected")
    if not isinstance(service, Service):
        with faults.collect("service"):
            service = Service.constant(service)
    shares = []
    for k, loss in enumerate(losses):
        with faults.collect(f"losses[{k}]"):
            share = to_si(loss, "mass_fraction")
            if not 0.0 < share < 1.0:
                raise InputError(Fault("", loss, 'a share above 0 and below 1 is expected, such as "5 %"'))
            shares.append(share)
    t = np.zeros(1)
    if isinstance(service, Service):
        with faults.collect("times"):
            t = _times(times, service.duration)
    faults.raise_if_any()
    return service, t, tuple(shares)


def _check_one_point(conditions: Conditions, faults: Faults) -> None:
    for name in CONDITIONS:
        if isinstance(getattr(conditions, name, None), np.ndarray):
            faults.add(name, expected="one value is expected for a life, not a list")
    if isinstance(conditions, Cooler) and conditions.current == "sweep":
        faults.add("current", "sweep", 'one current, "max_heat" or "max_COP" is expected for a life')


def _times(times: Any, duration: float) -> Array:
    if times is None:
        return duration * np.union1d(np.linspace(0.0, 1.0, POINTS) ** 2, TENTHS)
    found = np.atleast_1d(np.asarray(to_si_array(times, "time"), float))
    faults = Faults()
    if len(found) < 2:
        faults.add("", expected="at least two times are expected, the first of them 0")
    elif found[0] != 0.0:
        faults.add("[0]", float(found[0]), "the time 0 of the fresh device is expected first")
    for k in np.flatnonzero(np.diff(found) <= 0.0):
        expected = f"a time after {found[k]:g} s is expected, time runs forwards"
        faults.add(f"[{k + 1}]", float(found[k + 1]), expected)
    if len(found) and found[-1] > duration * (1.0 + TIME_ROUNDING):
        location = f"[{len(found) - 1}]"
        faults.add(location, float(found[-1]), f"a time within the service of {duration:g} s is expected")
    faults.raise_if_any()
    return np.minimum(found, duration)


def _check_cycles(parts: Sequence[AnyDegradation], service: Service) -> None:
    """Refuse a law that counts cycles where there are none."""
    faults = Faults()
    for k, one in enumerate(parts):
        if one.cycles is not None and not service.repeated:
            expected = "a service of repeated phases is expected, because the law counts cycles"
            faults.add(f"degradation[{k}].cycles", expected=expected)
    faults.raise_if_any()


def _check_zero(
    processes: Sequence[Process], parts: Sequence[AnyDegradation], values: Array, theta: Array, t: Array
) -> None:
    """Refuse a law whose value falls below zero within the service.

    `values`, `theta` (processes, times): values of the laws, NaN below zero, and reduced times.
    """
    faults = Faults()
    for process, value, at in zip(processes, values, theta, strict=True):
        wrong = np.isfinite(at) & ~np.isfinite(value)
        if wrong.any():
            before = time_words(float(t[int(np.argmax(wrong))]))
            expected = f"a law that stays above zero is expected, {process.name} passes it before {before}"
            law = type(parts[process.index].law).__name__
            faults.add(f"degradation[{process.index}].law", law, expected)
    faults.raise_if_any()


def _engine(engine: Engine, processes: Sequence[Process], cases: int, work: int) -> Engine:
    """One engine for all batches of a life, as they are small or large; NumPy takes many materials singly."""
    mixed = any(quantity_of(path) == "" for process in processes for path, _, _ in process.effects)
    many = mixed and cases >= MANY_MATERIALS and compiled.is_ready()
    return "compiled" if engine == "auto" and (many or is_worth_loading(work)) else engine


def _performance(march: March, theta_of: ReducedTimes, t: Array) -> tuple[Performance, dict[str, Array]]:
    """Performance (variants, times), and the numbers that have aged."""
    shape = (len(march.variants), len(t))
    aged, vary, wrong = march.aged(theta_of(t))
    if not vary:
        name = "T_cold" if isinstance(march.reference, Generator) else "T_hot"
        vary = {name: np.full(shape, float(getattr(march.reference, name)))}
    found = performance(march.device, march.reference, vary, march.options, maxima=march.maxima)
    return found.without(np.broadcast_to(wrong, shape)), aged


def _temperatures(march: March, theta_of: ReducedTimes, t: Array) -> dict[str, Array]:
    """Temperature of every process in K, averaged over a cycle where the service is."""
    if all(process.location is None for process in march.processes):
        return {}
    found = march.nominal.mean_temperatures(t, theta_of(t)[:1])[0]
    return {name: T for name, T in _by_path(march.processes, found).items() if not np.isnan(T).all()}


def _by_path(processes: Sequence[Process], rows: Array) -> dict[str, Array]:
    """A row of every process by the paths that it acts on; of several processes the first counts."""
    found: dict[str, Array] = {}
    for process, row in zip(processes, rows, strict=True):
        for path, _, _ in process.effects:
            found.setdefault(path, row)
    return found


def _lifetimes(
    band: Bands, names: Sequence[str], t: Array, shares: Sequence[float]
) -> dict[tuple[str, float], Array]:
    """Times at which a share is lost, of every random draw."""
    if band.kind != "monte carlo":
        return {}
    return {
        (name, share): crossings(t, band.every[name][1:] / band.every[name][1:, :1], 1.0 - share)
        for name in names
        for share in shares
    }


def _losses(
    march: March,
    theta_of: ReducedTimes,
    t: Array,
    band: Bands,
    shares: Sequence[float],
    lifetimes: dict[tuple[str, float], Array],
) -> tuple[PerformanceLoss, ...]:
    """When each share of each quantity is lost, with its 95 % interval."""
    starts = {name: float(band.nominal[name][0]) for name in watched(march.reference, march.maxima)}
    starts = {name: start for name, start in starts.items() if start > 0.0}

    def relative(values: Mapping[str, Array]) -> dict[str, Array]:
        return {name: values[name] / start for name, start in starts.items()}

    def curves(times: Array) -> dict[str, Array]:
        solved = _performance(march.nominal, theta_of.nominal, times)[0].values
        return relative({name: solved[name][0] for name in starts})

    sought = [(name, 1.0 - share) for name in starts for share in shares]
    times = iter(refined(t, relative(band.nominal), sought, curves))
    found = []
    for name in starts:
        low, high = band.relative(name)
        for share in shares:
            level, ends = 1.0 - share, (nan, nan)
            if (name, share) in lifetimes:
                ends = band.interval(lifetimes[name, share])
            elif low is not None and high is not None:
                ends = (crossing(t, low, level), crossing(t, high, level))
            found.append(PerformanceLoss(name, share, next(times), *ends, march.service.duration))
    return tuple(found)


def _doubts(march: March, theta_of: ReducedTimes, solved: Performance) -> Iterator[str]:
    """What a reader of the result must know."""
    for k, process in enumerate(march.processes):
        law = march.variants[0][process.index].law
        last = float(theta_of(np.array([march.service.duration]))[0, k, 0])
        if isinstance(law, Tabulated) and last > law.times[-1] * (1.0 + TIME_ROUNDING):
            words = f"ageing was measured for {time_words(law.times[-1])}, the device ages as in"
            yield f"{process.name}: {words} {time_words(last)}: the last value is held"
    lost = int(np.sum(~np.isfinite(next(iter(solved.values.values()))[1:]).all(axis=-1)))
    if lost:
        yield f"{lost} of {len(march.variants) - 1} variants of the laws have no solution at some time"


SHORT = 3600.0
"""Service in s that is too short for anything to age: the unit of a duration was forgotten."""


def _implausible(march: March, conditions: Conditions, aged: Mapping[str, Array]) -> Iterator[str]:
    """Numbers that no device has and that the laws lead to, and a service of a moment."""
    known = numbers(march.device)
    of_device = {path: values[0] for path, values in aged.items() if path in known}
    for doubt in doubtful_numbers(march.device, conditions, {}, of_device):
        yield f"aged {doubt}" if doubt.path in of_device else str(doubt)
    if march.processes and march.service.duration < SHORT:
        words = time_words(march.service.duration)
        yield f"the service takes {words}: was the unit of a duration forgotten? Without one it is in s"


def _averaged(service: Service) -> Iterator[str]:
    if service.is_averaged:
        cycles = f"each of {service.count:.4g} cycles of {time_words(service.period)}"
        yield f"rates of ageing are averaged over {cycles}"
