"""Margin of devices against ion migration in closed form, with its derivatives.

That of `ioffe.migration.conduction`, in which heat flows by conduction alone; thermal contacts between
junction and leg are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.device.cascade import Cascade, named_legs
from ioffe.device.conditions import Generator
from ioffe.device.parameters import MaterialChoice
from ioffe.device.variations import VariedDevices
from ioffe.material.material import Material
from ioffe.migration.conduction import conduction_margin
from ioffe.migration.limits import generator_direction
from ioffe.solve.ions.margins import Taken, conductivity_along, conductor_of, doubts
from ioffe.study.beside.laminates import JUNCTIONS

if TYPE_CHECKING:
    from ioffe.study.study import Study

Array = NDArray[np.float64]
SOLVED: Final = (*JUNCTIONS, "current")
"""What the closed form takes from results."""
TABLES: Final = ("electrical_conductivity", "electrical_resistivity", "thermal_conductivity")


@dataclass(frozen=True, eq=False)
class DeviceMargins:
    """Margins of devices whose legs may hold mixed conductors.

    `devices`: legs of one segment each, and what varies.
    `T_hot`, `T_cold`, `current`: of the junctions in K, and in A, (n,).

    >>> from ioffe import Leg
    >>> leg = Leg("Cu1.97S", "6 mm", "3 mm x 3 mm")
    >>> some = VariedDevices(leg, Generator(T_hot=573, T_cold=373), {"length": np.array([6e-3, 3e-3])})
    >>> DeviceMargins(some, np.full(2, 573.0), np.full(2, 373.0), np.full(2, 0.5)).margin().round(2).tolist()
    [0.52, 1.04]
    """

    devices: VariedDevices
    T_hot: Array
    T_cold: Array
    current: Array

    def margin(self) -> Array:
        """Smallest J_c/|J| of the legs; infinite where no ions move."""
        return np.real(self._smallest({})[0])

    def slope(self, path: str, solved: Sequence[Array]) -> Array:
        """Derivative to the number at a path, from those of `SOLVED`, (n,) or (n, numbers) of a table."""
        values, by = self._smallest({})
        direct = self.devices.slope(path, lambda numbers: self._smallest(numbers)[0])
        ones = (slice(None), *(None for _ in np.shape(solved[0])[1:]))
        found = direct[ones] + sum(
            one[ones] * np.asarray(d, float) for one, d in zip(by, solved, strict=True)
        )
        return np.where(np.isinf(values)[ones], 0.0, found)

    def _smallest(self, moved: Mapping[str, Any]) -> tuple[Any, Array]:
        """Margins, and their derivatives to `SOLVED`, (3, n)."""
        device, _ = self.devices.moved(moved)
        every = [self._of_leg(leg) for _, leg in named_legs(device)]
        values, by = np.stack([one for one, _ in every]), np.stack([one for _, one in every])
        which = np.argmin(np.real(values), axis=0)
        at = np.arange(len(which))
        return values[which, at], by[which, :, at].T

    def _of_leg(self, leg: Any) -> tuple[Any, Array]:
        size = self.T_hot.shape
        material, length, area = leg.segments[0].material, leg.segments[0].length, leg.area
        chosen = isinstance(material, MaterialChoice)
        found, index = (material.found, material.index) if chosen else ((material,), np.zeros(size, np.intp))
        by_density = np.full(size, np.inf), np.zeros((len(SOLVED), *size))
        for k, one in enumerate(found):
            here = np.flatnonzero(index == k)
            conductor = conductor_of(one)
            if conductor is not None and here.size:
                carrier = (
                    leg.carrier if isinstance(leg.carrier, str) else str(np.atleast_1d(leg.carrier)[here[0]])
                )
                generates = isinstance(self.devices.conditions, Generator)
                sign = generator_direction(carrier) * (1.0 if generates else -1.0)
                by_density[0][here], by_density[1][:, here] = self._unit(one, conductor, here, sign)
        # of one square metre and one metre; the whole goes by area over length
        share = np.broadcast_to(area / length, size)
        with np.errstate(invalid="ignore"):
            values = np.where(np.isinf(by_density[0]), np.inf, by_density[0] * share)
        return values, by_density[1] * np.real(share)

    def _unit(self, material: Material, conductor: Any, here: Any, sign: float) -> tuple[Array, Array]:
        """Margin of a leg of unit area and length, and its derivatives to `SOLVED`."""
        current = self.current[here]
        curves = _kappa(material), partial(conductivity_along, material)
        ends = self.T_hot[here], self.T_cold[here]
        return conduction_margin(conductor, curves, *ends, current, np.sign(current) * sign)


def _kappa(material: Material) -> Any:
    low, high = material.T_range
    return lambda T: np.asarray(material.known_thermal_conductivity(np.clip(T, low, high)))


def migration_margin(
    margins: DeviceMargins, solved: Mapping[str, Any], paths: Sequence[str]
) -> tuple[Array, dict[str, Array]]:
    """Smallest margin of the legs of each device, with its derivatives.

    `margins`: the devices.
    `solved`: derivatives of `SOLVED` by path.
    `paths`: by what is differentiated.
    Returns: a ratio; derivatives in SI by path.
    Raises `InputError` for a table of conductivities, by which the closed form is not differentiated.
    """
    slopes: dict[str, Array] = {}
    for path in paths:
        if path.startswith("cost."):
            slopes[path] = np.zeros(margins.devices.size)
            continue
        if path.rpartition(".")[2] in TABLES:
            expected = "migration_margin has no derivative to a table of conductivities"
            raise InputError(
                Fault(f"uncertain.{path}", expected=expected, advice='take method = "monte carlo"')
            )
        slopes[path] = margins.slope(path, [solved[name][path] for name in SOLVED])
    return margins.margin(), slopes


def margins_known(study: Study) -> None:
    """Refuse a study without a mixed conductor, of one in several segments, or of one without a limit."""
    faults = Faults()
    if isinstance(study.device, Cascade):
        expected, advice = (
            "a leg or a module is expected for migration_margin",
            "ioffe run has those of stages",
        )
        faults.add("outputs", "migration_margin", expected, advice)
    mixed = [one for one in study.materials().values() if one.migration is not None]
    if not mixed:
        expected = "a leg of a mixed conductor is expected for migration_margin: a card with [migration]"
        faults.add("outputs", "migration_margin", expected)
    for one in mixed:
        if conductor_of(one) is None:
            faults.add("outputs", "migration_margin", f"a limit of the current in {one.name} is not known")
    for prefix, leg in named_legs(study.device):
        if mixed and len(leg.segments) > 1:
            where, advice = f"{prefix}segments", "ioffe run has the margins of every segment"
            faults.add(
                where, len(leg.segments), "legs of one segment are expected for migration_margin", advice
            )
    faults.raise_if_any()


def doubts_of_margins(study: Study) -> Iterator[str]:
    """What is doubtful about the limits at the temperatures between which the devices are used."""
    ends = [_used(study, name) for name in ("T_hot", "T_cold")]
    for one in study.materials().values():
        if one.migration is not None:
            low, high = one.T_range
            hot, cold = ends[0] or high, ends[1] or low
            yield from doubts(one, Taken.of(one, np.array([[hot, cold]])))


def _used(study: Study, name: str) -> float | None:
    """A temperature of the conditions, the last one of those that vary."""
    varied = [float(axis.values.flat[-1]) for axis in study.axes if axis.path == name]
    given = getattr(study.conditions, name, None)
    return varied[0] if varied else None if given is None else float(given)
