r"""Margin of devices against ion migration in closed form, with its derivatives.

In a leg in which heat flows by conduction alone, :math:`\mathrm{d}x = -L\,\kappa\,\mathrm{d}T/\Theta`, so
that the margin of `ioffe.migration.leg.leg_limits` follows from the temperatures of the junctions and the
current:

.. math:: \frac{J_\mathrm{c}}{|J|} = \frac{V_\mathrm{c}\,A\,\Theta}
   {|I|\,L \int_{T_\mathrm{e}}^{T_\mathrm{h}} (\kappa/\sigma)\,\mathrm{d}T},
   \qquad \Theta = \int_{T_\mathrm{c}}^{T_\mathrm{h}} \kappa\,\mathrm{d}T,
   \qquad V_\mathrm{c} = V\!\left(\tfrac12(T_\mathrm{h} + T_\mathrm{e})\right)
   \mp S^* (T_\mathrm{h} - T_\mathrm{e}),

with *T*_e the cold end, or the transition where ions stand still below it; minus of a current along the
heat. Thermal contacts between junction and leg are left out. Of Qiu, Shi, Chen, Snyder et al., Nat. Commun.
9 (2018) 2910, doi 10.1038/s41467-018-05248-8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.device.cascade import named_legs
from ioffe.device.conditions import Generator
from ioffe.device.parameters import MaterialChoice
from ioffe.device.variations import VariedDevices
from ioffe.material.material import Material
from ioffe.migration.limits import generator_direction
from ioffe.solve.ions.margins import Taken, conductivity_along, conductor_of, doubts
from ioffe.study.beside.laminates import JUNCTIONS

if TYPE_CHECKING:
    from ioffe.study.study import Study

Array = NDArray[np.float64]
SOLVED: Final = (*JUNCTIONS, "current")
"""What the closed form takes from results."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)
"""Of the integrals over temperature."""
STEP: Final = 0.01
"""K, for the slope of the critical voltage, which is linear between stated temperatures or smooth."""
PARTS: Final = 4
"""Into which these are divided."""
TABLES: Final = ("electrical_conductivity", "electrical_resistivity", "thermal_conductivity")


@dataclass(frozen=True, eq=False)
class DeviceMargins:
    """Margins of devices whose legs may hold mixed conductors.

    Parameters
    ----------
    devices : VariedDevices
        Legs of one segment each, and what varies.
    T_hot, T_cold, current : ndarray
        Of the junctions in K, and in A, (n,).

    Examples
    --------
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
        hot, cold, current = self.T_hot[here], self.T_cold[here], self.current[here]
        along = np.sign(current) * sign
        still = cold < conductor.transition  # the cold end does not count
        end = np.minimum(np.where(still, conductor.transition, cold), hot)
        kappa = _kappa(material)

        def ratio(T: Array) -> Array:
            return kappa(T) / conductivity_along(material, T)

        theta, part = _integral(kappa, cold, hot), _integral(ratio, end, hot)
        middle, drop = 0.5 * (hot + end), hot - end
        S = float(conductor.S_star)
        voltage = conductor.isothermal_voltage(middle) - along * S * drop
        bend = conductor.isothermal_voltage(middle + STEP) - conductor.isothermal_voltage(middle - STEP)
        rise = bend / (4.0 * STEP)
        with np.errstate(all="ignore"):
            unit = theta / (part * np.abs(current))
            margin = voltage * unit
            by_hot = (rise - along * S) * unit + margin * (kappa(hot) / theta - ratio(hot) / part)
            by_end = (rise + along * S) * unit + margin * ratio(end) / part
            by_cold = np.where(still, 0.0, by_end) - margin * kappa(cold) / theta
            by_current = -margin / current
        free = (end >= hot) | (current == 0.0)  # no ions move, or no current
        by = np.where(free, 0.0, np.stack([by_hot, by_cold, by_current]))
        return np.where(free & np.isfinite(hot), np.inf, margin), by


def _kappa(material: Material) -> Any:
    low, high = material.T_range
    return lambda T: np.asarray(material.known_thermal_conductivity(np.clip(T, low, high)))


def _integral(value: Any, low: Array, high: Array) -> Array:
    """Of a function of temperature, by Gauss in parts."""
    total = np.zeros(low.shape)
    for k in range(PARTS):
        start, stop = (low + (high - low) * share / PARTS for share in (k, k + 1))
        T = 0.5 * (start + stop) + 0.5 * (stop - start) * NODES[:, None]
        total += 0.5 * (stop - start) * (WEIGHTS @ value(T))
    return total


def migration_margin(
    margins: DeviceMargins, solved: Mapping[str, Any], paths: Sequence[str]
) -> tuple[Array, dict[str, Array]]:
    """Smallest margin of the legs of each device, with its derivatives.

    Parameters
    ----------
    margins : DeviceMargins
        The devices.
    solved : mapping
        Derivatives of `SOLVED` by path.
    paths : sequence of str
        By what is differentiated.

    Returns
    -------
    ndarray, dict of str to ndarray
        A ratio; derivatives in SI by path.

    Raises
    ------
    InputError
        For a table of conductivities, by which the closed form is not differentiated.
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
