"""The current over time: steps of a constant current density."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ioffe.base.errors import Faults

__all__ = ["CurrentStep", "check_schedule"]


@dataclass(frozen=True)
class CurrentStep:
    """A current density held for a time.

    Parameters
    ----------
    duration : float
        In s.
    J : float
        In A/m2, positive towards larger x.
    """

    duration: float
    J: float


def check_schedule(schedule: Sequence[CurrentStep | tuple[float, float]]) -> tuple[CurrentStep, ...]:
    """The steps of a schedule, pairs of a duration (s) and a current density (A/m2) among them allowed.

    Raises
    ------
    InputError
        If there is no step, or one has no duration above 0 or no finite current.

    Examples
    --------
    >>> check_schedule([(3600.0, 1e5), (7200.0, 0.0)])[0]
    CurrentStep(duration=3600.0, J=100000.0)
    """
    faults = Faults()
    steps = []
    for index, step in enumerate(schedule):
        duration, J = (step.duration, step.J) if isinstance(step, CurrentStep) else step
        if not (np.isfinite(duration) and duration > 0):
            faults.add(f"schedule[{index}].duration", duration, "a time in s above 0 is expected")
        if not np.isfinite(J):
            faults.add(f"schedule[{index}].J", J, "a finite current density in A/m2 is expected")
        steps.append(CurrentStep(float(duration), float(J)))
    if not steps:
        faults.add("schedule", [], "one step or more of a duration and a current density is expected")
    faults.raise_if_any()
    return tuple(steps)
