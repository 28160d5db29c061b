"""A device solved along its service life."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import nan
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ExtrapolationWarning
from ioffe.base.saved import largest
from ioffe.device.conditions import Conditions, Generator
from ioffe.device.engine import compiled
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.interface.ageing import Tabulated
from ioffe.life.bands import Bands
from ioffe.life.checks import check_cycles, check_zero, checked
from ioffe.life.degradation import Degradation, GrowingLayer
from ioffe.life.loss import Loss, crossing, refined, time_words
from ioffe.life.march import Ageing, March, Track, operating
from ioffe.life.performance import Performance, performance, watched
from ioffe.life.process import Process, aged_numbers, ageing_of, lanes_of, law_values
from ioffe.life.result import LifeResult, kind_of
from ioffe.life.scatter import Scatter, Variant
from ioffe.life.service import Service

__all__ = ["solve_life"]

Array = NDArray[np.float64]
LOSSES = (0.05, 0.1, 0.2)
MATERIALS = 100
"""From so many different materials on the compiled engine is worth loading."""


def solve_life(
    device: Leg | Module,
    conditions: Conditions,
    degradations: Iterable[Degradation | GrowingLayer],
    service: Service | str | float,
    *,
    times: Any = None,
    bands: Literal["linear", "monte carlo", "none"] = "linear",
    draws: int = 200,
    seed: int = 0,
    losses: Sequence[Any] = LOSSES,
    tolerance: float = 1e-9,
    ageing_tolerance: float = 1e-6,
    engine: Literal["auto", "compiled", "numpy"] = "auto",
    threads: int | None = None,
) -> LifeResult:
    """Solve a device along time while its contacts and materials age.

    The reduced time of every law grows at the rate of the temperature at its place in the device as it is at
    that moment, under the conditions of the service. What the device performs is always told at the same
    reference conditions, as a test would.

    Parameters
    ----------
    device
        `Leg` or `Module`, fresh.
    conditions
        Reference conditions: `Generator` or `Cooler` for one operating point.
    degradations
        What ages; none is allowed.
    service
        `Service`, or its length (s, or text): constant at the reference conditions.
    times
        Times of the result, in s or text with units, rising from 0; by default 41: tenths of the
        service, and more towards the start.
    bands
        How the standard deviations of the laws become bands: ``"linear"`` (one standard deviation up and down
        along every uncertain direction), ``"monte carlo"`` or ``"none"``.
    draws, seed
        Of Monte Carlo.
    losses
        Shares whose times are found, such as ``"5 %"``.
    tolerance
        Of the device, as for `solve_batch`.
    ageing_tolerance
        Relative error of a reduced time by step.
    engine, threads
        As for `solve_batch`.

    Returns
    -------
    LifeResult

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> from ioffe import Contact, Generator, Leg
    >>> from ioffe.interface.ageing import Relaxation
    >>> leg = Leg("MgAgSb0.99In0.01", "6 mm", "3 mm x 3 mm", contact=Contact("20.8 uohm cm2"))
    >>> law = Relaxation(20.8e-10, 7.9e-10, 8 * 86400.0)
    >>> life = solve_life(
    ...     leg, Generator(T_hot=540, T_cold=300), [Degradation("contact.electrical", law)], "100 day"
    ... )
    >>> bool(life.max_power[-1] > life.max_power[0]), life.loss("max_power", 0.05).is_reached
    (True, False)
    """
    service, t, shares = checked(device, conditions, service, times, bands, draws, losses)
    parts = tuple(degradations)
    processes = ageing_of(device, conditions, parts)
    check_cycles(parts, service)
    scatter = Scatter(parts)
    variants = _variants(scatter, bands, draws, seed)
    lanes = len(variants) * len(t)
    options = {"tolerance": tolerance, "engine": _engine(engine, processes, lanes), "threads": threads}
    march = March(device, conditions, service, processes, tuple(variants), options)
    with warnings.catch_warnings():
        # the first of them is kept by the solution of the fresh device
        warnings.simplefilter("ignore", ExtrapolationWarning)
        fresh = device.solve(operating(conditions), tolerance=tolerance)
    track = Ageing(march, ageing_tolerance).run()
    solved, aged = _performance(march, track, t)
    theta = track(t)
    check_zero(processes, parts, law_values(processes, variants[:1], theta[:1])[0], theta[0], t)
    band = Bands(bands, solved.values, len(variants))
    return LifeResult(
        time=t,
        values=band.nominal,
        std=band.std,
        low=band.low,
        high=band.high,
        numbers=Bands(bands, aged, len(variants)),
        reduced_time=_by_path(processes, theta[0]),
        temperatures=_temperatures(march, track, t),
        losses=_losses(march, track, t, solved, band, shares),
        lifetimes=_lifetimes(bands, conditions, solved, t, shares),
        point_status=solved.status[0],
        balance=largest(solved.balance),
        error_estimate=largest(solved.error),
        ageing_error=track.error,
        warnings=_notes(march, track, solved, fresh.warnings),
        fresh=fresh,
        device=device,
        conditions=conditions,
        service=service,
        degradations=parts,
        processes=processes,
        bands=bands if scatter.directions else "none",
        draws=len(variants) - 1,
    )


def _engine(engine: str, processes: Sequence[Process], lanes: int) -> str:
    """Many materials of their own are for the compiled engine, which solves them together."""
    mixed = any(kind_of(path) == "" for process in processes for path, _, _ in process.effects)
    if engine == "auto" and mixed and lanes >= MATERIALS and compiled.available():
        return "compiled"
    return engine


def _variants(scatter: Scatter, bands: str, draws: int, seed: int) -> list[Variant]:
    if bands == "none" or not scatter.directions:
        return [scatter.nominal]
    return scatter.sigma_points() if bands == "linear" else scatter.draws(draws, seed)


def _performance(march: March, track: Track, t: Array) -> tuple[Performance, dict[str, Array]]:
    """Performance (variants, times), and the numbers that have aged."""
    shape = (len(march.variants), len(t))
    aged = aged_numbers(march.device, march.reference, march.processes, march.variants, track(t))
    vary, wrong = lanes_of(march.device, aged)
    if not vary:
        name = "T_cold" if isinstance(march.reference, Generator) else "T_hot"
        vary = {name: np.full(shape, float(getattr(march.reference, name)))}
        wrong = np.zeros(shape, bool)
    found = performance(march.device, march.reference, vary, march.options)
    return found.without(np.broadcast_to(wrong, shape)), aged


def _temperatures(march: March, track: Track, t: Array) -> dict[str, Array]:
    """Temperature at the place of every process, averaged over a cycle where the service is."""
    if all(process.place is None for process in march.processes):
        return {}
    found = replace(march, variants=march.variants[:1]).mean_temperatures(t, track(t)[:1])[0]
    return {name: T for name, T in _by_path(march.processes, found).items() if not np.isnan(T).all()}


def _by_path(processes: Sequence[Process], rows: Array) -> dict[str, Array]:
    """A row of every process by the paths that it acts on; of several processes the first counts."""
    found: dict[str, Array] = {}
    for process, row in zip(processes, rows, strict=True):
        for path, _, _ in process.effects:
            found.setdefault(path, row)
    return found


def _losses(
    march: March, track: Track, t: Array, solved: Performance, band: Bands, shares: Sequence[float]
) -> tuple[Loss, ...]:
    one = replace(march, variants=march.variants[:1])
    first = track.of_nominal()
    found = []
    for name in watched(march.reference):
        start = float(solved.values[name][0, 0])
        if not start > 0.0:
            continue
        relative = solved.values[name][0] / start

        def curve(times: Array, name: str = name, start: float = start) -> Array:
            return _performance(one, first, times)[0].values[name][0] / start

        low, high = band.relative(name)
        for share in shares:
            level = 1.0 - share
            ends = (
                (nan, nan)
                if low is None or high is None
                else (crossing(t, low, level), crossing(t, high, level))
            )
            if band.kind == "monte carlo":
                ends = band.interval(_first_crossings(t, solved.values[name], level))
            at = refined(t, relative, level, curve)
            found.append(Loss(name, share, at, *ends, march.service.duration))
    return tuple(found)


def _first_crossings(t: Array, values: Array, level: float) -> Array:
    """Of every random draw."""
    return np.array([crossing(t, lane / lane[0], level) for lane in values[1:]])


def _lifetimes(
    bands: str, conditions: Conditions, solved: Performance, t: Array, shares: Sequence[float]
) -> dict[tuple[str, float], Array]:
    """Times of every random draw at which a share is lost."""
    lanes = len(next(iter(solved.values.values())))
    if bands != "monte carlo" or lanes == 1:
        return {}
    names = watched(conditions)
    return {(n, s): _first_crossings(t, solved.values[n], 1.0 - s) for n in names for s in shares}


def _notes(march: March, track: Track, solved: Performance, before: tuple[str, ...]) -> tuple[str, ...]:
    notes = list(before)
    for k, process in enumerate(march.processes):
        law = march.variants[0][process.index].law
        last = float(track(np.array([march.service.duration]))[0, k, 0])
        if isinstance(law, Tabulated) and last > law.times[-1] * (1.0 + 1e-9):
            notes.append(
                f"{process.name}: ageing was measured for {time_words(law.times[-1])}, the device ages as in "
                f"{time_words(last)}: the last value is held"
            )
    lost = int(np.sum(~np.isfinite(next(iter(solved.values.values()))[1:]).all(axis=-1)))
    if lost:
        notes.append(
            f"{lost} of {len(march.variants) - 1} variants of the laws have no solution at some time"
        )
    if march.service.is_averaged:
        notes.append(
            f"rates of ageing are averaged over each of {march.service.count:.4g} cycles of "
            f"{time_words(march.service.period)}"
        )
    return tuple(notes)
