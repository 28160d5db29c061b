"""The one verb of devices: a steady state, its derivatives, or a course in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.device.cascade import Cascade, Device
from ioffe.device.conditions import OPERATION, Conditions
from ioffe.device.transient import Transient
from ioffe.solve.doubts import judge
from ioffe.solve.states import others
from ioffe.solve.steady import result_of, solve_steady
from ioffe.solve.task import WHOLE, check

STATES = ("connected", "all")


def solve(
    device: Device,
    conditions: Conditions | Transient,
    fidelity: str = "1d",
    *,
    tolerance: float = 1e-9,
    strict: bool = False,
    maxima: bool | None = None,
    gradient: bool | str | Iterable[str] = False,
    states: Literal["connected", "all"] = "connected",
    force: bool = False,
) -> Any:
    """Solve a device under conditions; see `Module.solve`."""
    if states not in STATES:
        expected = " or ".join(f'"{word}"' for word in STATES) + " is expected"
        raise InputError(Fault("states", states, expected, did_you_mean(states, STATES)))
    if isinstance(conditions, Transient):
        from ioffe.solve.transient.solve import solve as solve_transient

        options = {"tolerance": tolerance, "strict": strict, "gradient": gradient}
        doubts = judge(device, conditions, force=force, strict=strict)
        found = solve_transient(device, conditions, fidelity, **options)
        return doubts.on(found)
    check(device, conditions, fidelity, tolerance)
    doubts = judge(device, conditions, force=force, strict=strict)
    if fidelity in WHOLE:
        _check_field(fidelity, gradient, states)
    paths = _parameters(device, conditions, gradient)
    if paths and (maxima is None or _has_aim(conditions)):
        # the derivatives of an aim rest on those of the other maxima
        maxima = True
    options = {"tolerance": tolerance, "strict": strict, "maxima": maxima}
    result, task, outcome = solve_steady(device, conditions, fidelity, **options)
    if states == "all":
        found = others(task.assembly.network, outcome.solution, conditions)
        plain = replace(outcome, maxima={}, maxima_axes={})
        each = [(replace(plain, solution=one), words) for one, words in found]
        return tuple(doubts.on(result_of(device, conditions, task, one, (words,))) for one, words in each)
    result = doubts.on(result)
    if not paths:
        return result
    from ioffe.solve.gradient.of_result import gradient as derivatives

    found = derivatives(device, conditions, task, outcome, result.values, paths)
    return replace(result, derivatives=found)


def _check_field(fidelity: str, gradient: Any, states: str) -> None:
    """Refuse what is not computed in three dimensions, all at once."""
    faults = Faults()
    if gradient is not False:
        faults.add("gradient", expected='derivatives are expected at fidelity "1d" alone')
    if states == "all":
        faults.add("states", states, f'"connected" is expected at fidelity {fidelity}')
    faults.raise_if_any()


def _parameters(
    device: Device, conditions: Conditions, gradient: bool | str | Iterable[str]
) -> tuple[str, ...]:
    """Full paths of what is to be differentiated by."""
    if gradient is False:
        return ()
    if isinstance(device, Cascade) and device.connection != "series":
        expected = 'connection = "series" is expected for derivatives'
        raise InputError(Fault("gradient", device.connection, expected))
    from ioffe.solve.gradient import names

    if gradient is True:
        return names.every(device, conditions)
    return names.full(device, conditions, [gradient] if isinstance(gradient, str) else gradient)


def _has_aim(conditions: Conditions) -> bool:
    """Whether an aim or a heat load decides the current, or a sweep its range."""
    given = [v for v in (getattr(conditions, name, None) for name in OPERATION) if v is not None]
    return not given or isinstance(given[0], str)
