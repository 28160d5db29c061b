"""Values of a result of which some are computed when they are first asked for.

`LaterValues` are found together by one computation, `DerivedValues` one by one by a formula each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Remarks = Mapping[str, tuple[str, ...]]
"""Sentences of a result by the attribute that holds them: ``warnings``, ``notes``."""


class LaterValues(Mapping[str, Any]):
    """Numbers by name, the last of which are computed together at the first look at one of them.

    Parameters
    ----------
    ready : mapping of str to ndarray
        What is known.
    last : tuple of str
        Names at the end, in order, of which some may be ready.
    compute : callable
        Returns all of `last` (it may return more), and the remarks of a result with them.
    remarks : mapping of str to tuple of str
        ``warnings`` and the like of the result without them.

    Examples
    --------
    >>> values = LaterValues({"power": 1.0}, ("max_power",), lambda: ({"max_power": 2.0}, {}), {})
    >>> "max_power" in values, values.is_complete, values["max_power"], values.is_complete
    (True, False, 2.0, True)
    """

    def __init__(
        self,
        ready: Mapping[str, Any],
        last: tuple[str, ...],
        compute: Callable[[], tuple[Mapping[str, Any], Remarks]],
        remarks: Remarks,
    ) -> None:
        self._known, self._last, self._compute, self._remarks = dict(ready), last, compute, remarks
        self._later = tuple(name for name in last if name not in ready)
        self._owners: list[Any] = []

    @property
    def is_complete(self) -> bool:
        """Whether everything has been computed."""
        return not self._later

    @property
    def ready(self) -> Mapping[str, Any]:
        """What is known by now; looking at it computes nothing."""
        return dict(self._known)

    def belong_to(self, result: Any) -> None:
        """Tell a result its further remarks once they are known."""
        self._owners.append(result)

    def complete(self) -> None:
        """Compute what is left."""
        if self._later:
            found, remarks = self._compute()
            self._known.update({name: found[name] for name in self._later})
            self._later, self._compute = (), dict
            for owner in self._owners:
                for name, texts in remarks.items():
                    own = (text for text in getattr(owner, name) if text not in self._remarks[name])
                    object.__setattr__(owner, name, tuple(dict.fromkeys((*texts, *own))))
            self._owners.clear()

    def __getitem__(self, name: str) -> Any:
        if name in self._later:
            self.complete()
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._later

    def __iter__(self) -> Iterator[str]:
        first = (name for name in self._known if name not in self._last)
        return iter((*first, *self._last))

    def __len__(self) -> int:
        return len(self._known) + len(self._later)

    def __reduce__(self) -> tuple[Any, ...]:
        # a copy and a pickle hold the numbers, not what would compute them
        self.complete()
        return dict, (list(self.items()),)


class DerivedValues(Mapping[str, Any]):
    """Numbers by name, some of which follow from the others by formulas.

    `formulas`: from these values to the number of a name; it may ask for others that have a formula.
    `order`: names in the order in which they are given.

    >>> values = DerivedValues({"x": 3.0}, {"y": lambda v: 2.0 * v["x"]}, ("y", "x"))
    >>> list(values), values["y"]
    (['y', 'x'], 6.0)
    """

    def __init__(
        self,
        known: Mapping[str, Any],
        formulas: Mapping[str, Callable[[Mapping[str, Any]], Any]],
        order: Iterable[str],
    ) -> None:
        self._known, self._formulas, self._order = dict(known), formulas, tuple(order)

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._formulas[name](self)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._order

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def __reduce__(self) -> tuple[Any, ...]:
        # a copy and a pickle hold the numbers, not the formulas
        return dict, (list(self.items()),)
