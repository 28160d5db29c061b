"""Checks of what enters the functions of this package: every fault of a call is reported at once.

`numbers` reads the arguments of a function by the table of quantities: floats, arrays, or texts with a unit.
`Checks` does the same one by one, for series that belong together and for the fields of a class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from math import inf, nan
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.base.quantities import QUANTITIES, Quantity, quantity
from ioffe.base.units import QuantityLike, floats, si_array
from ioffe.base.units.values import check_bounds

Kind = str | Quantity
"""What a value is: the name of a quantity, or a quantity with narrower bounds."""

NUMBER: Final = Quantity("number", "", "1", "1", -inf, inf, "any number", noun="a number", example="0.5")
FROM_ZERO: Final = replace(NUMBER, lower=0.0)
POSITIVE: Final = replace(FROM_ZERO, exclusive=True)
SHARE: Final = replace(FROM_ZERO, upper=1.0)


def numbers(**given: tuple[QuantityLike, Kind]) -> tuple[Array, ...]:
    """Arrays in SI units of arguments by name, each given with what it is.

    `**given`: value and kind of every argument.
    Returns: in the order of the arguments.
    Raises `InputError` with a fault for every argument that is no number, not finite or outside the bounds of
        its quantity.

    >>> numbers(length=("3 mm", "length"), doping=([1e24, 1e25], "carrier_density"))[1]
    array([1.e+24, 1.e+25])
    >>> numbers(length=(-1.0, "length"))
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: length = -1.0: a length is expected, in m, such as "1.6 mm"; the value must
    be above 0 m
    """
    with Checks() as checks:
        return tuple(checks.array(name, value, kind) for name, (value, kind) in given.items())


class Checks(Faults):
    """Faults of one call, which are raised together at the end of a `with` block.

    Every method gives the value in SI, or NaN after noting a fault.

    `file`: the file being read, if there is one.

    >>> with Checks() as checks:
    ...     d = checks.number("thickness", "2 mm", "thickness")
    ...     D = checks.series("D", [1e-16, -1e-16], "diffusion_coefficient")
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: D[1] = -1e-16: a diffusion coefficient is expected, in m2/s, such as "1e-12
    cm2/s"; the value must be 0 m2/s or more
    """

    def array(self, name: str, value: object, kind: Kind = NUMBER) -> Array:
        """Numbers of any shape.

        `name`: what the argument is called.
        `value`: to be checked.
        """
        with self.collect(name):
            return _array(value, quantity(kind) if isinstance(kind, str) else kind)
        return np.array(nan)

    def number(self, name: str, value: object, kind: Kind = NUMBER) -> float:
        """One number; the arguments are those of `array`."""
        found = self.array(name, value, kind)
        if found.ndim:
            self.add(name, value, "a single number is expected")
        return nan if found.ndim else float(found)

    def fields(self, owner: object, **kinds: Kind) -> None:
        """Fields of a dataclass, which hold floats in SI afterwards; None stays where it is the default.

        `owner`: a dataclass, frozen or not.
        `**kinds`: what each field is.
        """
        optional = {field.name for field in fields(owner) if field.default is None}  # pyright: ignore[reportArgumentType] - a dataclass
        for name, kind in kinds.items():
            value = getattr(owner, name)
            if value is not None or name not in optional:
                object.__setattr__(owner, name, self.number(name, value, kind))

    def series(self, name: str, values: object, kind: Kind = NUMBER, *, least: int = 1) -> Array:
        """Numbers in one dimension; a single one counts as a series of one.

        `name`, `values`, `kind`: as for `array`.
        `least`: smallest length.
        """
        found = np.atleast_1d(self.array(name, values, kind))
        if found.ndim != 1:
            self.add(name, values, f"a list is expected, not an array of {found.ndim} dimensions")
            return np.full(least, nan)
        if len(found) < least:
            expected = "at least one value is" if least == 1 else f"at least {least} values are"
            self.add(name, np.ravel(np.asarray(values)).tolist(), f"{expected} expected")
            return np.full(least, nan)
        return found

    def times(self, name: str, times: object, *, least: int = 1, strict: bool = False) -> Array:
        """Times in s that do not run backwards; with `strict` each may occur only once."""
        found = self.series(name, times, "time", least=least)
        steps = np.diff(found)
        for index in np.flatnonzero(steps <= 0.0 if strict else steps < 0.0):
            expected = f"a time {'after' if strict else 'not before'} {found[index]:g} s is expected"
            advice = "time runs forwards" if steps[index] < 0.0 else "each time may occur only once"
            self.add(f"{name}[{index + 1}]", float(found[index + 1]), expected, advice)
        return found

    def same_length(self, name: str, values: Array, others: str, count: int) -> None:
        """As many values as there are others."""
        if len(values) != count:
            self.add(name, len(values), f"as many values as {others} are expected, {count}")

    def std(self, values: object, like: Array, kind: Kind = NUMBER) -> Array | None:
        """Standard deviations of a series, one for all or one for each, in its shape; None if not stated."""
        if values is None:
            return None
        entry = quantity(kind) if isinstance(kind, str) else kind
        found = self.series("std", values, replace(entry, lower=0.0, exclusive=True))
        if len(found) not in (1, len(like)):
            self.add("std", len(found), f"one standard deviation or {len(like)} are expected")
            return None
        return np.broadcast_to(found, like.shape)

    def names(self, location: str, names: Sequence[str]) -> None:
        """Names that may occur only once; `location` is written with the index in its braces."""
        for index, name in enumerate(names):
            if name in names[:index]:
                self.add(location.format(index), name, "a name of its own is expected")


def _array(value: object, entry: Quantity) -> Array:
    known = entry.name in QUANTITIES
    return check_bounds(si_array(value, entry.name) if known else floats(value), entry, "")
