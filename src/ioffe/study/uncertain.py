"""What is uncertain about a device: numbers and curves of materials, as distributions around what it states.

>>> from ioffe import Generator, Leg
>>> numbers = uncertain_inputs(
...     Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2"),
...     Generator(T_hot=450, T_cold=330),
...     {"contact.electrical": "20 %", "T_hot": Spread("2 K", "uniform")},
... )
>>> [(one.path, one.value, one.std) for one in numbers]
[('contact.electrical', 5e-10, 1e-10), ('T_hot', 450.0, 2.0)]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.curve import Curve
from ioffe.base.curve.derivative import defining_numbers
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import QuantityLike, measured
from ioffe.cost.bill import used_prices
from ioffe.cost.costing import Costing
from ioffe.device.cascade import Cascade, named_legs
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import COUPLES, MovedOnce, materials, numbers, quantity_of
from ioffe.material.material import Material
from ioffe.material.propagation import STEP, ErrorPart, Perturbation
from ioffe.material.uncertainty import FIELD, Uncertainty
from ioffe.study.plan import is_of_device
from ioffe.study.solving import PREFIX, number_of_costing

Array = NDArray[np.float64]
KINDS: Final = ("normal", "log-normal", "uniform")
RANGE: Final = "range"
"""In place of a standard deviation of a price."""
PRICES: Final = "cost.prices"
"""Path of all prices that have a range."""


@dataclass(frozen=True)
class Spread:
    """Standard deviation of a number around its value, and the form of its distribution.

    Parameters
    ----------
    std : float or str
        Standard deviation: a share in per cent (``"5 %"``), or in SI or with a unit; of a uniform
        distribution it is its half width over the root of three. ``"range"`` of a price is the range that is
        stated for it, or, of an element, that of the prices of the library: every value in it is alike.
    kind : {"normal", "log-normal", "uniform"}
        Form; a log-normal one keeps its sign and has the value as its mean.

    Examples
    --------
    >>> Spread("20 %", "log-normal").kind
    'log-normal'
    """

    std: QuantityLike
    kind: str = "normal"


@dataclass(frozen=True)
class UncertainNumber:
    """A number with its distribution, in SI.

    `path`: as it was given.
    `value`, `std`: mean and standard deviation; of a range the value that counts without it.
    `kind`: as for `Spread`, or ``"range"``.
    `ends`: of a range.
    """

    path: str
    value: float
    std: float
    kind: str
    ends: tuple[float, float] = (0.0, 0.0)

    @property
    def names(self) -> tuple[str, ...]:
        """Its one name in tables."""
        return (self.path,)

    @property
    def distributions(self) -> list[Any]:
        """Its distribution, of `scipy.stats`."""
        from scipy import stats

        if self.kind == RANGE:
            return [stats.uniform(self.ends[0], self.ends[1] - self.ends[0])]
        if self.kind == "uniform":
            half = np.sqrt(3.0) * self.std
            return [stats.uniform(self.value - half, 2.0 * half)]
        if self.kind == "log-normal":
            variance = np.log1p((self.std / self.value) ** 2)
            return [stats.lognorm(np.sqrt(variance), scale=self.value * np.exp(-0.5 * variance))]
        return [stats.norm(self.value, self.std)]

    @property
    def free(self) -> bool:
        """Whether its numbers are independent of one another."""
        return True

    def given(self, draws: Array) -> NDArray[Any]:
        """What a batch takes, from draws (n, 1) of its distribution."""
        return draws[:, 0]

    def correlation(self) -> Array:
        """Correlation of its numbers."""
        return np.eye(1)

    @property
    def parameters(self) -> tuple[str, ...]:
        """What results are differentiated by."""
        return (self.path,)

    def slopes(self, derivatives: Mapping[str, Any]) -> Array:
        """Change of a result for one standard deviation, shape (1, cases)."""
        return np.atleast_1d(np.asarray(derivatives[self.path], float) * self.std)[None]


@dataclass(frozen=True, eq=False)
class UncertainMaterial:
    """A material whose curves have errors.

    `path`: full path of the material.
    `perturbation`: the material and its errors; its numbers are standard normal.
    """

    path: str
    perturbation: Perturbation

    @property
    def parts(self) -> tuple[ErrorPart, ...]:
        """Properties with an error on which a device depends."""
        return tuple(part for part in self.perturbation.parts if part.name != "hall")

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each property with an error."""
        return tuple(f"{self.path}.{part.name}" for part in self.parts)

    @property
    def distributions(self) -> list[Any]:
        """Standard normal, one for each of its numbers."""
        from scipy import stats

        return [stats.norm()] * self.perturbation.size

    @property
    def free(self) -> bool:
        """Whether each property has one number, independent of the others."""
        return np.array_equal(self.correlation(), np.eye(len(self.parts)))

    def given(self, draws: Array) -> NDArray[Any]:
        """Materials, from draws (n, size) of independent normal numbers; equal draws give one material."""
        values, vectors = np.linalg.eigh(self.correlation())
        rows = draws @ (vectors * np.sqrt(np.clip(values, 0.0, None))).T if not self.free else draws
        distinct, which = np.unique(rows, axis=0, return_inverse=True)
        found = np.empty(len(distinct), object)
        found[:] = [self.perturbation.perturbed(row) for row in distinct]
        return found[which.ravel()]

    def correlation(self) -> Array:
        """Correlation of its numbers."""
        return self.perturbation.correlation

    def _curve(self, material: Material, part: ErrorPart) -> Curve:
        return getattr(material, FIELD.get(part.name, part.name))

    @property
    def parameters(self) -> tuple[str, ...]:
        """What results are differentiated by: the tables with an error."""
        curves = (self._curve(self.perturbation.material, part) for part in self.parts)
        return tuple(f"{self.path}.{curve.quantity}" for curve in curves)

    def slopes(self, derivatives: Mapping[str, Any]) -> Array:
        """Change of a result for one standard deviation of each of its numbers, shape (size, cases)."""
        found = []
        for part, parameter in zip(self.parts, self.parameters, strict=True):
            slope = np.atleast_2d(np.asarray(derivatives[parameter], float))
            for k in range(part.start, part.stop):
                unit = np.zeros(self.perturbation.size)
                unit[k] = STEP
                both = [self.perturbation.perturbed(sign * unit) for sign in (1.0, -1.0)]
                up, down = (defining_numbers(self._curve(one, part)) for one in both)
                if up.shape[-1:] != slope.shape[-1:]:
                    expected = (
                        "the errors of a formula that depend on the temperature cannot be differentiated"
                    )
                    raise InputError(Fault(f"uncertain.{self.path}", expected=expected, advice=INSTEAD))
                found.append(slope @ (up - down) / (2.0 * STEP))
        return np.array(found)


UncertainInput = UncertainNumber | UncertainMaterial
INSTEAD: Final = 'take method = "monte carlo"'


def uncertain_inputs(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    given: Mapping[str, Any],
    varied: Iterable[str] = (),
    costing: Costing | None = None,
) -> tuple[UncertainInput, ...]:
    """What is uncertain, checked and in SI.

    `device`, `conditions`: what states the values.
    `given`: by the path of a number a `Spread`, or its standard deviation alone; by the path of a material an
        `Uncertainty`. One path of several numbers, such as ``"legs.contact.electrical"``, moves them
        together.
    `varied`: paths of what varies on purpose, which cannot be uncertain too.
    `costing`: prices, which may be uncertain by paths such as ``"cost.elements.Te"``, or all together as
        ``"cost.prices": "range"``.
    Raises `InputError` with every fault and its place.
    """
    faults = Faults()
    found: list[UncertainInput] = []
    moved = MovedOnce(device, conditions)
    varied = set(varied)
    for path in varied:
        if is_of_device(path):
            moved.by(path, "a variable")
    for path, spread in given.items():
        with faults.collect("uncertain"):
            if path.startswith(PREFIX):
                if path in varied:
                    raise InputError(Fault(path, expected=f"{path} is given already, as a variable"))
                others = varied.union(given) - {path}
                found += _prices(device, costing or Costing(), path, _spread(path, spread), others)
                continue
            paths = moved.by(path)
            if paths[0].endswith("material"):
                found += _materials(device, paths, path, spread)
            else:
                found.append(_number(device, conditions, paths, path, spread))
    if not given:
        faults.add("uncertain", expected="at least one uncertain number or material is expected")
    faults.raise_if_any()
    return tuple(found)


def _number(
    device: Leg | Module | Cascade, conditions: Conditions, paths: tuple[str, ...], path: str, given: Any
) -> UncertainNumber:
    spread = _spread(path, given)
    kind, faults = quantity_of(paths[0], conditions), Faults()
    known = numbers(device, conditions)
    known |= {f"{prefix}length": leg.length for prefix, leg in named_legs(device)}
    values = {known[full] for full in paths if full in known}
    if kind == COUPLES or not values:
        faults.add(path, expected="a number that the device file states, and no whole one, is expected")
    elif len(values) > 1:
        faults.add(
            path, expected="equal values are expected, to be moved together", advice="name each of them"
        )
    faults.raise_if_any()
    return _spread_of(path, spread, kind, values.pop())


def _spread(path: str, given: Any) -> Spread:
    if isinstance(given, Uncertainty):
        raise InputError(Fault(path, expected="a standard deviation is expected for a number"))
    return given if isinstance(given, Spread) else Spread(given)


def _spread_of(path: str, spread: Spread, kind: str, value: float) -> UncertainNumber:
    """A number with its distribution, checked."""
    faults, std = Faults(), 0.0
    if faults.one_of(f"{path}.distribution", spread.kind, KINDS):
        with faults.collect(path):
            std = measured({"value": value, "uncertainty": spread.std}, kind)[1]
        if not faults and std <= 0.0:
            faults.add(path, spread.std, "a standard deviation above zero is expected", _none_at(value))
        if spread.kind == "log-normal" and value <= 0.0:
            faults.add(path, value, "a value above zero is expected for a log-normal distribution")
    faults.raise_if_any()
    return UncertainNumber(path, value, std, spread.kind)


def _prices(
    device: Leg | Module | Cascade, costing: Costing, path: str, spread: Spread, others: set[str]
) -> Iterator[UncertainNumber]:
    """A price or a yield with its distribution, or all prices that have a range and no place of their own."""
    if spread.std != RANGE:
        kind, value = number_of_costing(costing, path)
        yield _spread_of(path, spread, kind, value)
        return
    known = used_prices(device, costing)
    if path not in (*known, PRICES):
        expected = f"a price that counts for this device is expected, or {PRICES} for all of them"
        raise InputError(Fault(path, RANGE, expected, did_you_mean(path, (*known, PRICES))))
    wanted = {name: known[name] for name in known if name == path or (path == PRICES and name not in others)}
    ranges = {name: one for name, one in wanted.items() if one.range[0] < one.range[1]}
    if not ranges:
        expected = "a price with a range is expected"
        raise InputError(Fault(path, RANGE, expected, "state it in the table [cost] of the device file"))
    for name, one in ranges.items():
        low, high = one.range
        yield UncertainNumber(name, one.value, (high - low) / np.sqrt(12.0), RANGE, (low, high))


def _none_at(value: float) -> str:
    return "a share of zero is zero: give it with a unit" if value == 0.0 else ""


def _materials(
    device: Leg | Module | Cascade, paths: tuple[str, ...], path: str, given: Any
) -> Iterator[UncertainMaterial]:
    if not isinstance(given, Uncertainty):
        expected = "errors of its properties are expected, such as seebeck = 6 %"
        raise InputError(Fault(path, given.std if isinstance(given, Spread) else given, expected))
    known = materials(device)
    for full in paths:
        perturbation = Perturbation(known[full], given)
        if not perturbation.parts:
            expected = f"no error of {known[full].name} is stated, here or by its curves"
            raise InputError(Fault(path, expected=expected))
        yield UncertainMaterial(full, perturbation)
