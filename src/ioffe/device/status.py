"""Outcome of a solve, with advice."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """How a point was solved; a larger number is worse. `advice` says what to do about it."""

    OK = 0
    OUTSIDE_TABLE = 1
    RUNAWAY = 2
    NOT_CONVERGED = 3
    UNREACHABLE = 4

    def __str__(self) -> str:
        return self.name.lower()

    @property
    def advice(self) -> str:
        """One sentence for the user."""
        return _ADVICE[self]


_ADVICE = {
    Status.OK: "Converged inside the measured range of every material.",
    Status.OUTSIDE_TABLE: (
        "A material was used beyond its measured range, where its end values are held: "
        "extend its data, choose other temperatures, or refuse with strict=True (--strict)."
    ),
    Status.RUNAWAY: "No physical steady state: Joule heat drives a leg beyond 3000 K. Lower the current.",
    Status.NOT_CONVERGED: (
        "No solution was found, so no numbers are given: check the current, the load and the temperatures."
    ),
    Status.UNREACHABLE: (
        "What was asked for does not exist at these temperatures (such as more heat than max_heat, less than "
        "flows by itself, or a largest COP where heat flows by itself): ask for something else."
    ),
}
