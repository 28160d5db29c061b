"""Outcomes of a computation: an enumeration whose members say what to do next.

>>> Status.RUNAWAY > Status.OUTSIDE_TABLE, str(Status.OK)
(True, 'ok')
>>> print(Status.OK.advice)
Converged inside the measured range of every material.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["EvidenceStatus", "Status", "StatusCode"]


class StatusCode(IntEnum):
    """Outcomes in the order of their severity; every member has its `advice`, one sentence for the user.

    A kind of outcomes is a subclass whose members are written ``NAME = number, "advice"``, the numbers from
    zero upwards.
    """

    advice: str

    def __new__(cls, code: int, advice: str = "") -> Self:
        """Make a member from its number and its advice."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.advice = advice
        return member

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def worst(cls, codes: ArrayLike) -> Self:
        """The most severe of many outcomes, the first member for none.

        Parameters
        ----------
        codes : array_like of int
            Of any shape.

        Examples
        --------
        >>> Status.worst([0, 1, 0])
        <Status.OUTSIDE_TABLE: 1>
        """
        return cls(int(np.max(np.asarray(codes), initial=0)))

    @classmethod
    def words(cls, codes: ArrayLike) -> NDArray[Any]:
        """The members in words, as files and tables hold them.

        Parameters
        ----------
        codes : array_like of int
            Of any shape.

        Returns
        -------
        ndarray of str
            Of the same shape.

        Examples
        --------
        >>> Status.words([0, 2]).tolist()
        ['ok', 'runaway']
        """
        return np.array([str(member) for member in cls])[np.asarray(codes, int)]


class Status(StatusCode):
    """How an operating point was solved; a larger number is worse."""

    OK = 0, "Converged inside the measured range of every material."
    OUTSIDE_TABLE = (
        1,
        (
            "A material was used beyond its measured range, where its end values are held: "
            "extend its data, choose other temperatures, or refuse with strict=True (--strict)."
        ),
    )
    RUNAWAY = (
        2,
        (
            "No physical steady state is reached from zero current: Joule heat drives a leg beyond 3000 K "
            "or off the branch that began there. Lower the current."
        ),
    )
    NOT_CONVERGED = (
        3,
        "No solution was found, so no numbers are given: check the current, the load and the temperatures.",
    )
    UNREACHABLE = (
        4,
        (
            "What was asked for does not exist at these temperatures (such as more heat than max_heat, less "
            "than flows by itself, or a largest COP where heat flows by itself): ask for something else."
        ),
    )


class EvidenceStatus(StatusCode):
    """How far what was derived from measured data can be trusted; a larger number is worse."""

    OK = 0, "Nothing was found that speaks against the data or the model."
    DOUBTFUL = 1, "Something speaks against the data or the model, or leaves it open: read the warnings."
    NOT_CONVERGED = 2, "The search found no parameters: try other starting values, bounds or data."
