"""Errors and warnings: one tree, and a collector that reports a bad input whole.

Every error that `ioffe` raises on purpose derives from :class:`IoffeError`. Wrong input is an
:class:`InputError`, which carries one :class:`Fault` for everything that is wrong, so that a file is
corrected in one pass and not fault by fault.

>>> faults = Faults(file="device.toml")
>>> faults.add("module.p.length", "6 m2", 'a length is expected, such as "1.6 mm"', '"m2" is an area')
>>> faults.add("module.couples", -3, "a whole number from 1 on is expected")
>>> faults.raise_if_any()
Traceback (most recent call last):
    ...
ioffe.base.errors.InputError: device.toml: module.p.length = "6 m2": a length is expected,
such as "1.6 mm"; "m2" is an area
device.toml: module.couples = -3: a whole number from 1 on is expected
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, Self

__all__ = [
    "ABSENT",
    "ConvergenceError",
    "ExtrapolationError",
    "ExtrapolationWarning",
    "Fault",
    "Faults",
    "InputError",
    "IoffeError",
    "UnitError",
    "as_typed",
    "check_one_of",
    "did_you_mean",
    "join_location",
    "nearest",
    "printable",
]

_VALUE_WIDTH: Final = 60
_NAME_WIDTH: Final = 80


class _Absent:
    """The value of a fault that has none, such as a missing key."""

    _only: _Absent | None = None

    def __new__(cls) -> _Absent:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "<absent>"

    def __reduce__(self) -> tuple[type[_Absent], tuple[()]]:
        return _Absent, ()


ABSENT: Final = _Absent()


@dataclass(frozen=True, eq=False)
class Fault:
    """One thing that is wrong with an input.

    `location`: where it is, as a dotted path such as ``module.p.length`` or ``T[3]``; may be empty.
    `value`: what was found there; left away for a missing value. Printed in at most 60 characters.
    `expected`: what was expected, as a clause: ``a length is expected, such as "1.6 mm"``.
    `advice`: what helps, such as ``did you mean "length"?``.
    `file`: the file it was read from; may be empty.

    >>> print(Fault("leg.length", "6 m2", "a length is expected", '"m2" is an area', "device.toml"))
    device.toml: leg.length = "6 m2": a length is expected; "m2" is an area
    >>> print(Fault("leg.area", expected="this key is missing"))
    leg.area: this key is missing
    """

    location: str
    value: object = ABSENT
    expected: str = ""
    advice: str = ""
    file: str = ""

    def __eq__(self, other: object) -> bool:
        """Whether both read the same; a value may be anything, also what cannot be compared."""
        return isinstance(other, Fault) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        subject = printable(self.location)
        if self.value is not ABSENT:
            shown = _show(self.value)
            subject = f"{subject} = {shown}" if subject else shown
        clauses = "; ".join(printable(clause) for clause in (self.expected, self.advice) if clause)
        return ": ".join(part for part in (printable(self.file), subject, clauses) if part)


class IoffeError(Exception):
    """The root of every error that `ioffe` raises on purpose."""


class InputError(IoffeError, ValueError):
    """The input is wrong; the message has one line a fault, each said once.

    Parameters
    ----------
    *faults : Fault, str or iterable of Fault
        What is wrong; a plain text becomes a fault without a location.

    Attributes
    ----------
    faults : tuple of Fault

    Examples
    --------
    >>> InputError(Fault("T", 5, "two numbers are expected"), "the table is empty").faults[1].expected
    'the table is empty'
    """

    faults: tuple[Fault, ...]

    def __init__(self, *faults: Fault | str | Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(_flatten(faults)))
        super().__init__(*self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class UnitError(InputError):
    """A unit is unknown, missing or of the wrong dimension."""


class ExtrapolationError(IoffeError, ValueError):
    """A strict curve was asked for a temperature outside its range."""


class ConvergenceError(IoffeError, RuntimeError):
    """An iteration ended without a solution."""


class ExtrapolationWarning(UserWarning):
    """A curve was asked for a temperature outside its range and held its end value."""


class Faults:
    """Collects faults while an input is read, and raises them together.

    `file`: the file being read; written in front of every fault that names none itself.

    >>> faults = Faults()
    >>> with faults.collect("module"):
    ...     raise InputError(Fault("p.length", -1, "a length above 0 is expected"))
    >>> print(faults.found[0])
    module.p.length = -1: a length above 0 is expected
    """

    def __init__(self, file: str = "") -> None:
        self.file = file
        self._found: list[Fault] = []

    def __enter__(self) -> Self:
        """Collect in a block, at whose end the faults are raised together."""
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self.raise_if_any()

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def found(self) -> tuple[Fault, ...]:
        """The faults collected so far, in the order they were found."""
        return tuple(self._found)

    def add(self, location: str, value: object = ABSENT, expected: str = "", advice: str = "") -> None:
        """Note one fault; the arguments are those of :class:`Fault`."""
        self._found.append(Fault(location, value, expected, advice, self.file))

    def one_of(self, location: str, value: object, names: Iterable[str]) -> bool:
        """Note a value that is none of the names, with the nearest of them.

        `location`: where it was given.
        `value`: what was given.
        `names`: what is allowed.
        Returns: whether it is one of them.

        >>> faults = Faults()
        >>> faults.one_of("method", "linaer", ["linear", "monte_carlo"])
        False
        >>> print(faults.found[0])
        method = "linaer": one of linear, monte_carlo is expected; did you mean "linear"?
        """
        known = list(names)
        if value not in known:
            self.add(location, value, f"one of {', '.join(known)} is expected", did_you_mean(value, known))
        return value in known

    def only_one(self, **given: object) -> bool:
        """Note every value but the first of several of which one alone may be given.

        `given`: the values by their names, None for what is not given.
        Returns: whether at least one is given.

        >>> faults = Faults()
        >>> faults.only_one(T_hot="500 K", heat="5 W")
        True
        >>> print(faults.found[0])
        heat = "5 W": only one of T_hot and heat is expected; T_hot is given too
        """
        *others, last = given
        first, *more = [name for name, value in given.items() if value is not None] or [""]
        for name in more:
            expected = f"only one of {', '.join(others)} and {last} is expected"
            self.add(name, given[name], expected, f"{first} is given too")
        return bool(first)

    @contextmanager
    def collect(self, location: str = "") -> Iterator[None]:
        """Take over the faults of an `InputError` raised inside, `location` written before theirs.

        The block ends at the error and the program goes on behind it. Any other exception passes through.
        """
        try:
            yield
        except InputError as error:
            for fault in error.faults:
                where = join_location(location, fault.location)
                self._found.append(replace(fault, location=where, file=fault.file or self.file))

    def raise_if_any(self) -> None:
        """Raise an `InputError` with everything found, or do nothing.

        Raises `InputError` if any fault was collected.
        """
        if self._found:
            raise InputError(*self._found)


@contextmanager
def as_typed(change: Callable[[Fault], Fault]) -> Iterator[None]:
    """Tell the faults raised inside in the words of what was typed.

    `change`: from a fault to the one that is told.

    >>> with as_typed(lambda fault: replace(fault, location="--t-hot")):
    ...     raise InputError(Fault("T_hot", "5 m", "a temperature is expected"))
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: --t-hot = "5 m": a temperature is expected
    """
    try:
        yield
    except InputError as error:
        raise InputError(*map(change, error.faults)) from error


def check_one_of(location: str, value: object, names: Iterable[str]) -> None:
    """Refuse a value that is none of the names, with the nearest of them.

    `location`: where it was given.
    `value`: what was given.
    `names`: what is allowed.
    Raises `InputError` if it is none of them.

    >>> check_one_of("side", "hot", ("hot", "cold"))
    """
    faults = Faults()
    faults.one_of(location, value, names)
    faults.raise_if_any()


def join_location(outer: str, inner: str) -> str:
    """Join two locations with a dot; an index follows without one.

    >>> join_location("module.p", "length"), join_location("T", "[3]"), join_location("", "T")
    ('module.p.length', 'T[3]', 'T')
    """
    return f"{outer}{inner}" if not outer or not inner or inner.startswith("[") else f"{outer}.{inner}"


def nearest(name: object, names: Iterable[str]) -> str:
    """The one of `names` most like `name`, or an empty text if none is like it.

    Capital letters do not count, and neither do spaces or hyphens written for underscores.

    >>> nearest("termal_conductivity", ["thermal_conductivity", "seebeck"])
    'thermal_conductivity'
    >>> nearest("Fill factor", ["fill_factor"]), nearest("xyz", ["fill_factor"])
    ('fill_factor', '')
    """
    if not isinstance(name, str) or not name.strip() or len(name) > _NAME_WIDTH:
        return ""
    folded: dict[str, str] = {}
    for candidate in names:
        folded.setdefault(_fold(candidate), candidate)
    cutoff = 0.5 if len(name) <= 2 else 0.6
    found = difflib.get_close_matches(_fold(name), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else ""


def did_you_mean(name: object, names: Iterable[str]) -> str:
    """The question that offers the nearest name, or an empty text.

    >>> did_you_mean("lenght", ["length", "area"])
    'did you mean "length"?'
    """
    found = nearest(name, names)
    return f'did you mean "{found}"?' if found else ""


def _fold(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _flatten(faults: Iterable[Fault | str | Iterable[Fault]]) -> Iterator[Fault]:
    for item in faults:
        if isinstance(item, Fault):
            yield item
        elif isinstance(item, str):
            yield Fault("", expected=item)
        else:
            yield from _flatten(item)


def _show(value: object) -> str:
    """A value in at most 60 characters on one line; texts in double quotes."""
    if isinstance(value, str):
        return '"' + _shortened(printable(value[:_VALUE_WIDTH]), _VALUE_WIDTH - 2) + '"'
    printer = reprlib.Repr()
    printer.maxstring = printer.maxother = printer.maxlong = _VALUE_WIDTH
    return _shortened(printable(printer.repr(_plain(value))), _VALUE_WIDTH)


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _plain(value: object) -> object:
    """NumPy scalars as Python numbers, so that 3.0 is printed and not np.float64(3.0)."""
    item = getattr(value, "item", None)
    scalar = type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0
    return item() if scalar and callable(item) else value


def printable(text: str, kept: str = "") -> str:
    r"""Line breaks and control characters escaped, so that a text stays on its line and moves no cursor.

    Blanks that break no line become plain ones.

    >>> print(printable("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    text = text.replace("\u00a0", " ")
    if text.isprintable():
        return text
    every = (c if c.isprintable() or c in kept else c.encode("unicode_escape").decode("ascii") for c in text)
    return "".join(every)
