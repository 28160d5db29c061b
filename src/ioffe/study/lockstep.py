"""Searches that run side by side and are answered together: one batch for the questions of all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.field.progress import tell

Array = NDArray[np.float64]
Search = Callable[[int, Callable[[Array], Any]], None]


def together(
    search: Search,
    cases: list[int],
    evaluate: Callable[[NDArray[np.intp], Array], Mapping[str, tuple[Array, Array]]],
) -> None:
    """Run searches side by side: whenever all that have not ended wait for a value, one batch answers them.

    `search`: takes the number of a case and a function from its variables to ``{name: (value, slopes)}``.
    `cases`: numbers of the cases.
    `evaluate`: numbers of cases and their variables (n, variables) to ``{name: (values, slopes)}``.
    """
    desk = _Desk(cases)
    for k in cases:
        threading.Thread(target=desk.run, args=(k, search), daemon=True).start()
    open_cases, waiting, steps = set(cases), {}, 0
    failed: BaseException | None = None
    while open_cases:
        k, what = desk.asked.get()
        if isinstance(what, _Done):
            open_cases.discard(k)
            failed = failed or what.error
        else:
            waiting[k] = what
        if waiting and len(waiting) == len(open_cases):
            try:
                found = {} if failed else _answered(evaluate, waiting)
            except BaseException as error:
                found, failed = {}, error
            for k in waiting:
                desk.answers[k].put(found.get(k))
            waiting, steps = {}, steps + 1
            ended = len(cases) - len(open_cases)
            tell(f"{ended} of {len(cases)} searches have ended, {steps} steps of those that go on")
    if failed is not None:
        raise failed


def _answered(evaluate: Callable[..., Any], waiting: Mapping[int, Array]) -> dict[int, Any]:
    """Values and slopes of each case that waits for them."""
    order = sorted(waiting)
    found = evaluate(np.array(order), np.array([waiting[k] for k in order]))
    return {k: {n: (v[i], s[i]) for n, (v, s) in found.items()} for i, k in enumerate(order)}


class _Desk:
    """Where searches ask, each in a thread of its own, and wait for their answers."""

    def __init__(self, cases: list[int]) -> None:
        self.asked: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        self.answers: dict[int, SimpleQueue[Any]] = {k: SimpleQueue() for k in cases}

    def _ask(self, k: int, x: Array) -> Any:
        self.asked.put((k, np.array(x)))
        answer = self.answers[k].get()
        if answer is None:
            raise _Ended
        return answer

    def run(self, k: int, search: Search) -> None:
        """One search from its beginning to its end."""
        end: BaseException | None = None
        try:
            search(k, lambda x: self._ask(k, x))
        except _Ended:
            pass
        except BaseException as error:  # it is raised again where the searches were begun
            end = error
        self.asked.put((k, _Done(end)))


class _Ended(Exception):
    """The searches end because one of them, or a batch, has failed."""


@dataclass(frozen=True)
class _Done:
    """The end of a search, with what went wrong."""

    error: BaseException | None
