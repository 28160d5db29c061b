"""Checks of what a life is asked for; every fault is collected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import to_si, to_si_array
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS
from ioffe.life.degradation import Degradation, GrowingLayer
from ioffe.life.loss import time_words
from ioffe.life.process import Process
from ioffe.life.service import Service

__all__ = ["check_cycles", "check_zero", "checked"]

Array = NDArray[np.float64]
BANDS = ("linear", "monte carlo", "none")
POINTS = 31
"""Times of the result, ever denser towards the start, where most laws change fastest; beside its tenths."""
TENTHS = np.linspace(0.0, 1.0, 11)


def checked(
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
    if bands not in BANDS:
        words = " or ".join(f'"{word}"' for word in BANDS)
        faults.add("bands", bands, f"{words} is expected", did_you_mean(bands, BANDS))
    if bands == "monte carlo" and not (isinstance(draws, int) and 10 <= draws <= 100_000):
        faults.add("draws", draws, "a whole number from 10 to 100000 is expected")
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
        faults.add(
            f"[{k + 1}]", float(found[k + 1]), f"a time after {found[k]:g} s is expected, time runs forwards"
        )
    if len(found) and found[-1] > duration * (1.0 + 1e-9):
        place = f"[{len(found) - 1}]"
        faults.add(place, float(found[-1]), f"a time within the service of {duration:g} s is expected")
    faults.raise_if_any()
    return np.minimum(found, duration)


def check_cycles(parts: Sequence[Degradation | GrowingLayer], service: Service) -> None:
    """Refuse a law that counts cycles where there are none."""
    faults = Faults()
    for k, one in enumerate(parts):
        if one.cycles is not None and not service.repeated:
            expected = "a service of repeated phases is expected, because the law counts cycles"
            faults.add(f"degradation[{k}].cycles", expected=expected)
    faults.raise_if_any()


def check_zero(
    processes: Sequence[Process],
    parts: Sequence[Degradation | GrowingLayer],
    values: Array,
    theta: Array,
    t: Array,
) -> None:
    """Refuse a law whose value falls below zero within the service.

    Parameters
    ----------
    values, theta : ndarray, shape (processes, times)
        Values of the laws, NaN below zero, and reduced times.
    """
    faults = Faults()
    for process, value, at in zip(processes, values, theta, strict=True):
        wrong = np.isfinite(at) & ~np.isfinite(value)
        if wrong.any():
            expected = f"a law that stays above zero is expected, {process.name} passes it before "
            faults.add(
                f"degradation[{process.index}].law",
                type(parts[process.index].law).__name__,
                expected + time_words(float(t[int(np.argmax(wrong))])),
            )
    faults.raise_if_any()
