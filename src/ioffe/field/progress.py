"""What long computations tell of themselves while they run, to whoever listens: nobody, unless asked for.

>>> with listening(lambda words, beforehand: print(words)):
...     tell("mesh 1 of 2")
mesh 1 of 2
>>> tell("nobody hears this")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import floor, log10

Heard = Callable[[str, bool], object]
"""Takes words, and whether they say beforehand what something will take."""
_HEARD: ContextVar[Heard | None] = ContextVar("_HEARD", default=None)
LONG = 20.0
"""Expected seconds above which it is said beforehand what a computation takes."""


@contextmanager
def listening(heard: Heard) -> Iterator[None]:
    """Let somebody hear what computations tell."""
    before = _HEARD.set(heard)
    try:
        yield
    finally:
        _HEARD.reset(before)


def tell(words: str, *, beforehand: bool = False) -> None:
    """Tell how far something is."""
    if (heard := _HEARD.get()) is not None:
        heard(words, beforehand)


@dataclass(frozen=True)
class Expected:
    """What a computation is expected to take.

    Attributes
    ----------
    what : str
    unknowns : float
    memory : float
        In bytes.
    seconds : float
        On one core.

    Examples
    --------
    >>> print(Expected("stress", 2.114e6, 7.5e9, 512.0))
    stress: about 2,100,000 unknowns, 7.5 GB and 8.5 min
    """

    what: str
    unknowns: float
    memory: float
    seconds: float

    def __str__(self) -> str:
        size = 10.0 ** (floor(log10(max(self.unknowns, 1.0))) - 1)
        memory = f"{self.memory / 1e9:.2g} GB" if self.memory > 1e9 else f"{self.memory / 1e6:.2g} MB"
        time = f"{self.seconds / 60.0:.2g} min" if self.seconds > 100.0 else f"{self.seconds:.2g} s"
        return f"{self.what}: about {round(self.unknowns / size) * size:,.0f} unknowns, {memory} and {time}"

    def tell(self) -> None:
        """Say it beforehand, if it takes long."""
        if self.seconds > LONG:
            tell(str(self), beforehand=True)
