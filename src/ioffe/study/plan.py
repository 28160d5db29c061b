"""Values of the variables of a study: grids, lists and ranges that a sample plan fills.

>>> axis = Span("1 mm", "4 mm", points=3, spacing="log").axis("p.length", "length")
>>> axis.values.tolist()
[0.001, 0.002, 0.004]
>>> SamplePlan(8).rows(0, 2, dimensions=3).shape
(2, 3)
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import QuantityLike, to_si
from ioffe.device.parameters import COUPLES
from ioffe.device.parts import material_of
from ioffe.material.material import Material

Array = NDArray[np.float64]
PLANS: Final = {"sobol": "Sobol", "halton": "Halton", "latin hypercube": "LatinHypercube"}
"""Sample plans by their names in files, and in `scipy.stats.qmc`."""
HELD: Final = 1_000_000
"""Samples of a Latin hypercube, which is made as a whole."""
MOST_SAMPLES: Final = 2**30
"""Of the other plans: Sobol's points have 30 bits."""
MOST_VALUES: Final = 10_000_000
"""Of one grid."""
QUICK: Final = 5e-6
"""Seconds that a device takes at least, a module solved by compiled code; for what cannot be tried."""
STAGES: Final = "stages"
"""Path, and quantity, of the number of stages of a cascade."""
WHOLE: Final = (COUPLES, STAGES)
"""Quantities that are whole numbers."""
SPACINGS: Final = ("linear", "log")


def is_of_device(path: str) -> bool:
    """Whether a variable is of the device, its materials or its conditions: no price, no number of stages."""
    return path != STAGES and not path.startswith("cost.")


@dataclass(frozen=True)
class StudyAxis:
    """One variable of a study, in SI.

    `path`: as it was given.
    `values`: of a grid or a list; the two ends of a range that is sampled; numbers of the materials.
    `sampled`: whether a sample plan chooses the values between the two ends.
    `log`: whether they are spread evenly over the logarithm.
    `materials`: of the path of a material.
    `labels`: what the materials are called.
    """

    path: str
    values: NDArray[Any]
    sampled: bool = False
    log: bool = False
    materials: tuple[Material, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def varies(self) -> bool:
        """Whether there is more than one value."""
        return self.sampled or len(self.values) > 1

    def at(self, unit: Array) -> Array:
        """Values of a sampled variable, from numbers between 0 and 1."""
        low, high = self.values
        return low * (high / low) ** unit if self.log else low + unit * (high - low)

    def to_dict(self) -> dict[str, Any]:
        """Path, values or the two ends of a range, names of materials, as plain data."""
        found = {"path": self.path, "values": list(self.labels) or self.values.tolist()}
        return found | {"sampled": self.sampled, "log": self.log, "text": bool(self.materials)}

    def given(self) -> NDArray[Any]:
        """What a batch takes that has every value once: numbers, or the materials themselves."""
        return self.of_index(np.arange(len(self.values))) if self.materials else self.values

    def of_index(self, index: NDArray[np.intp]) -> NDArray[Any]:
        """Values, or materials, of the given numbers."""
        if not self.materials:
            return self.values[index]
        found = np.empty(len(self.materials), object)
        found[:] = self.materials
        return found[index]


def material_axis(path: str, values: Any) -> StudyAxis:
    """The variable of the path of a material: materials, their names, or either by names of one's own."""
    given: Any = [values] if isinstance(values, Material | str) else values
    named = list(given.items()) if isinstance(given, Mapping) else [(None, value) for value in given]
    faults, found, labels = Faults(), [], []
    for k, (name, value) in enumerate(named):
        with faults.collect(f"[{k}]"):
            material = material_of(value)
            label = name or (value if isinstance(value, str) else material.name)
            if label in labels:
                raise InputError(Fault("", label, "materials of different names are expected"))
            found.append(material)
            labels.append(label)
    if not named:
        faults.add("", expected="at least one material is expected")
    faults.raise_if_any()
    return StudyAxis(path, np.arange(len(found)), materials=tuple(found), labels=tuple(labels))


@dataclass(frozen=True)
class Span:
    """A number of a study from one end to the other: a grid, or a range that the sample plan fills.

    Parameters
    ----------
    low, high : float or str
        Its ends, in SI or with units.
    points : int, optional
        Of a grid with both ends; without it the sample plan of the study chooses values in between.
    spacing : {"linear", "log"}
        Whether steps, or ratios, are equal.

    Examples
    --------
    >>> Span("0.5 mm", "4 mm", points=40, spacing="log").points
    40
    """

    low: QuantityLike
    high: QuantityLike
    points: int | None = None
    spacing: str = "linear"

    def axis(self, path: str, kind: str) -> StudyAxis:
        """The variable with its values in SI.

        Parameters
        ----------
        path : str
            Of the number.
        kind : str
            Its quantity.

        Returns
        -------
        StudyAxis

        Raises
        ------
        InputError
            With every fault, at the names of the fields.
        """
        faults, ends = Faults(), []
        for k, end in enumerate((self.low, self.high)):
            with faults.collect(f"range[{k}]"):
                ends.append(to_si(end, kind))
        faults.one_of("spacing", self.spacing, SPACINGS)
        whole = isinstance(self.points, int) and not isinstance(self.points, bool)
        if self.points is not None and (not whole or self.points < 2):
            advice = "a list has one value" if self.points == 1 and whole else ""
            faults.add("points", self.points, "a whole number from 2 is expected", advice)
        elif self.points is not None and self.points > MOST_VALUES:
            expected = f"at most {MOST_VALUES:,} values of one grid are expected"
            days = self.points * QUICK / 86400.0
            faults.add("points", self.points, expected, f"so many devices take {days:.3g} days or more")
        if len(ends) == 2 and not ends[0] < ends[1]:
            both = "the ends are exchanged" if ends[0] > ends[1] else "both ends are the same"
            faults.add("range", [self.low, self.high], "a smaller and a larger value are expected", both)
        if ends and self.spacing == "log" and not min(ends) > 0.0:
            expected = "values above zero are expected for a logarithmic spacing"
            faults.add("range", [self.low, self.high], expected)
        if kind in WHOLE and self.points is None:
            faults.add("range", [self.low, self.high], "a list of whole numbers is expected")
        faults.raise_if_any()
        log = self.spacing == "log"
        if self.points is None:
            return StudyAxis(path, np.array(ends), sampled=True, log=log)
        spaced = np.geomspace if log else np.linspace
        return StudyAxis(path, spaced(ends[0], ends[1], self.points), log=log)


@dataclass(frozen=True)
class SamplePlan:
    """How the ranges of a study are filled, by `scipy.stats.qmc`.

    Parameters
    ----------
    points : int
        Samples; of Sobol's sequence a power of two, of a Latin hypercube up to a million.
    plan : {"sobol", "halton", "latin hypercube"}
        Scrambled sequences of low discrepancy (I. M. Sobol', doi 10.1016/0041-5553(67)90144-9; J. H. Halton,
        doi 10.1007/BF01386213), or a Latin hypercube (doi 10.1080/00401706.1979.10489755).
    seed : int
        Of the scrambling; the same one gives the same points.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> SamplePlan(1000)
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: points = 1000: a power of two is expected for Sobol's points; such as 1024
    """

    points: int
    plan: str = "sobol"
    seed: int = 0

    def __post_init__(self) -> None:
        faults = Faults()
        known = faults.one_of("plan", self.plan, PLANS)
        for name, least in (("points", 1), ("seed", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                faults.add(name, value, f"a whole number from {least} is expected")
        if known and not faults:
            most = HELD if self.plan == "latin hypercube" else MOST_SAMPLES
            if self.points > most:
                faults.add("points", self.points, f"at most {most:,} samples are expected for {self.plan}")
            elif self.plan == "sobol" and self.points & (self.points - 1):
                expected = "a power of two is expected for Sobol's points"
                faults.add("points", self.points, expected, f"such as {1 << self.points.bit_length()}")
        faults.raise_if_any()

    def rows(self, first: int, count: int, dimensions: int) -> Array:
        """Some samples in their order, each number from 0 to 1.

        Parameters
        ----------
        first, count : int
            Which of them.
        dimensions : int
            Numbers of a sample.

        Returns
        -------
        ndarray of shape (count, dimensions)
        """
        if self.plan == "latin hypercube":
            return _whole(self, dimensions)[first : first + count]
        engine = _engine(self, dimensions)
        engine.reset()
        if first:
            engine.fast_forward(first)
        with warnings.catch_warnings():
            # a part of a whole that is a power of two
            warnings.filterwarnings("ignore", "The balance properties", UserWarning)
            return engine.random(count)


@lru_cache(maxsize=2)
def _engine(plan: SamplePlan, dimensions: int) -> Any:
    from scipy.stats import qmc

    return getattr(qmc, PLANS[plan.plan])(dimensions, seed=plan.seed)


@lru_cache(maxsize=1)
def _whole(plan: SamplePlan, dimensions: int) -> Array:
    return _engine(plan, dimensions).random(plan.points)


def places(
    axes: Sequence[StudyAxis], sample: SamplePlan | None, devices: NDArray[np.int64]
) -> Iterator[tuple[StudyAxis, NDArray[Any]]]:
    """Each variable of a study with its values, or the numbers of its materials, at devices of given numbers.

    `axes`: the last one changes fastest.
    `sample`: of the axes that are sampled; they change faster than all others.
    `devices`: numbers of the devices, from 0.
    """
    rest, unit = devices, np.zeros((len(devices), 0))
    if sample is not None:
        rest, rows = np.divmod(devices, sample.points)
        unit = _samples(sample, rows, sum(axis.sampled for axis in axes))
    index: dict[str, NDArray[np.intp]] = {}
    for axis in reversed([axis for axis in axes if not axis.sampled]):
        rest, index[axis.path] = np.divmod(rest, len(axis.values))
    column = iter(unit.T)
    for axis in axes:
        if axis.sampled:
            yield axis, axis.at(next(column))
        else:
            yield axis, index[axis.path] if axis.materials else axis.values[index[axis.path]]


def _samples(sample: SamplePlan, index: NDArray[np.int64], dimensions: int) -> Array:
    """Samples of given numbers: each run of following ones is made in one go."""
    if len(index) >= sample.points:
        return sample.rows(0, sample.points, dimensions)[index]
    parts = np.split(index, np.flatnonzero(np.diff(index) != 1) + 1)
    return np.concatenate([sample.rows(int(one[0]), len(one), dimensions) for one in parts])
