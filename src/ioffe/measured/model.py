"""What a device would show at the points where it was measured, and the derivatives of that.

Temperatures and currents of the points are imposed in one batch; the resistance at uniform temperature is a
sum over legs, contacts and electrodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.device.cascade import Cascade, legs_of
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.measured.parameters import CORRECTIONS, CalibrationParameter, changed
from ioffe.measured.readings import HEATS, DeviceMeasurement
from ioffe.solve.assemble import bridge_resistance
from ioffe.solve.batch.solve import solve_cases
from ioffe.solve.ranges import UsedRanges

FLOWS: Final = ("voltage", *HEATS)
EXCHANGED: Final = "are the columns T_hot and T_cold exchanged?"
TAKES_POWER: Final = "the measured generator takes power at every point: current or voltage has another sign"
"""What is said of a generator that does."""
STEP: Final = 1e-6
"""Relative step of the differences of the closed form of the resistance."""


@dataclass(frozen=True, eq=False)
class DeviceModel:
    """A device, and the points at which it was measured.

    Parameters
    ----------
    device : Leg, Module or Cascade
        A cascade with one current through all stages.
    conditions : Generator or Cooler
        Of which what the points do not impose is kept: resistances to the reservoirs, the surroundings.
    measurement : DeviceMeasurement
    tolerance : float
        As in `solve_batch`.

    Examples
    --------
    >>> import ioffe as te
    >>> leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2")
    >>> points = te.measured.measurement_of({"current": [1.0], "voltage": [0.03]}, T_hot=500.0, T_cold=303.0)
    >>> values, _ = DeviceModel(leg, te.Generator(T_hot=500.0, T_cold=303.0), points).values()
    >>> bool(0.02 < values["voltage"][0] < 0.04)
    True
    """

    device: Leg | Module | Cascade
    conditions: Conditions
    measurement: DeviceMeasurement
    tolerance: float = 1e-7

    def __post_init__(self) -> None:
        if not isinstance(self.device, Leg | Module) and not (
            isinstance(self.device, Cascade) and self.device.connection == "series"
        ):
            kind = getattr(self.device, "connection", type(self.device).__name__)
            expected = "a leg, a module or a cascade with one current is expected beside a measurement"
            raise InputError(Fault("device", kind, expected))
        cooling = isinstance(self.conditions, Cooler)
        if "delta_T" in self.measurement.channels and not cooling:
            expected = "T_hot and T_cold are expected; a difference over the current is that of a cooler"
            raise InputError(Fault("delta_T", expected=expected, file=self.measurement.name))
        n = self.measurement.numbers
        if not cooling and {"T_hot", "T_cold", "current"} <= set(n):
            wrong = np.flatnonzero(n["T_hot"] <= n["T_cold"])
            for i in wrong[:1]:
                expected = f"a hot side warmer than T_cold = {n['T_cold'][i]:g} K is expected"
                where = f"T_hot of point {i + 1}" + (f" and {wrong.size - 1} more" if wrong.size > 1 else "")
                raise InputError(
                    Fault(where, float(n["T_hot"][i]), expected, EXCHANGED, self.measurement.name)
                )

    @cached_property
    def _points(self) -> NDArray[np.intp]:
        """The points at which something flows."""
        n, known = self.measurement.numbers, np.zeros(len(self.measurement), bool)
        for name in (*FLOWS, "delta_T"):
            if name in self.measurement.channels and "time" not in n:
                known |= np.isfinite(n[name])
        if self.measurement.heat_is_given:
            known &= np.isfinite(n["heat_cold"])
        return np.flatnonzero(known)

    @cached_property
    def _imposed(self) -> dict[str, Array]:
        """Temperatures and currents of these points."""
        n = self.measurement.numbers
        found = {k: n[k][self._points] for k in ("T_hot", "T_cold", "current") if k in n}
        if self.measurement.heat_is_given:
            found["heat"] = n["heat_cold"][self._points]
        return found

    def beyond_ranges(self) -> tuple[str, ...]:
        """Materials whose measured range the points leave.

        Returns
        -------
        tuple of str
            A sentence for each.
        """
        n, used = self.measurement.numbers, UsedRanges()
        sides = [n[k][self._points] for k in ("T_hot", "T_cold") if k in n]
        if "ac_resistance" in self.measurement.channels:
            at = np.isfinite(n["ac_resistance"])
            sides += [n[k][at] for k in ("T_hot", "T_cold") if k in n]
        temperatures = np.concatenate([*sides, np.empty(0)])
        stages = self.device.stages if isinstance(self.device, Cascade) else (self.device,)
        if not temperatures.size or len(stages) > 1:
            return ()  # the temperatures between the stages are not among the points
        low, high = float(temperatures.min()), float(temperatures.max())
        for leg in legs_of(self.device):
            for segment in leg.segments:
                name = segment.material.name
                used.add(f"measured sweeps: {name}", segment.material.T_range, low, high)
        return used.said()

    def _settled(self, conditions: Conditions) -> Conditions:
        at: dict[str, Any] = {"T_hot": 400.0, "T_cold": 300.0, "current": 0.0, "voltage": None, "heat": None}
        if isinstance(conditions, Generator):
            return conditions.replace(**at, load=None)
        if "T_cold" not in self._imposed:
            return conditions.replace(**{**at, "T_cold": None, "heat": 0.0}, aim=None)
        return conditions.replace(**at, aim=None)

    def takes_power(self) -> bool:
        """Whether a generator gives no power at any measured point: a column with the wrong sign.

        Returns
        -------
        bool
        """
        n = self.measurement.numbers
        if not isinstance(self.conditions, Generator) or not {"current", "voltage"} <= set(n):
            return False
        power = n["current"] * n["voltage"]
        return bool(np.any(power < 0.0) and not np.any(power > 0.0))

    def values(
        self,
        parameters: Sequence[CalibrationParameter] = (),
        at: Sequence[float] = (),
        *,
        slopes: bool = False,
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """What would be measured, and its derivatives to the parameters.

        Parameters
        ----------
        parameters : sequence of p CalibrationParameter
        at : sequence of p floats
            Their values.
        slopes : bool
            Whether the derivatives are wanted; they take several times as long.

        Returns
        -------
        values : dict of str to ndarray of shape (n,)
            By channel, in SI; NaN at points where it does not belong or there is no solution.
        derivatives : dict of str to ndarray of shape (n, p)
            Empty unless they are wanted.
        """
        own = {one.name: float(v) for one, v in zip(parameters, at, strict=True)}
        correction = {k: own.get(k, CORRECTIONS[k][1]) for k in CORRECTIONS}
        device: Any = self.device
        conditions = self.conditions
        if parameters:
            device, conditions = changed(device, conditions, parameters, at)
        channels = self.measurement.channels
        size, count = len(self.measurement), len(parameters)
        values = {name: np.full(size, np.nan) for name in channels}
        found = {name: np.full((size, count), np.nan) for name in channels} if slopes else {}
        if "ac_resistance" in channels:
            values["ac_resistance"], rows = self._resistances(device, parameters, own, correction, slopes)
            found |= rows
        if len(self._points):
            self._flows(device, conditions, parameters, own, correction, values, found)
        return values, found

    def _flows(
        self,
        device: Leg | Module | Cascade,
        conditions: Conditions,
        parameters: Sequence[CalibrationParameter],
        own: dict[str, float],
        correction: dict[str, float],
        values: dict[str, Array],
        found: dict[str, Array],
    ) -> None:
        """Voltage, heat and temperature difference at the points; fills the dictionaries."""
        points, offsets, vary = self._points, ("T_hot_error", "T_cold_error"), dict(self._imposed)
        for name in offsets:
            side = name.removesuffix("_error")
            if side in vary:
                vary[side] = vary[side] + correction[name]
        paths = [path for one in parameters for path in one.behind] if found else []
        paths += [
            n.removesuffix("_error")
            for n in offsets
            if found and n in own and n.removesuffix("_error") in vary
        ]
        settled, gradient = self._settled(conditions), tuple(dict.fromkeys(paths))
        batch = solve_cases(device, settled, vary, gradient=gradient, tolerance=self.tolerance)
        solved = batch.values
        sign = -1.0 if isinstance(conditions, Generator) else 1.0
        for name in (*FLOWS, "delta_T"):
            if name not in values:
                continue
            raw = np.asarray(solved[name], float)
            extra = np.zeros_like(raw)
            factor = correction["heat_factor"] if name in HEATS else 1.0
            if name == "voltage":
                factor, extra = (
                    correction["voltage_factor"],
                    sign * vary["current"] * correction["lead_resistance"],
                )
            elif name in HEATS:
                lift = vary["T_hot"] - vary["T_cold"] if "T_cold" in vary else np.asarray(solved["delta_T"])
                extra = -sign * correction["bypass_conductance"] * lift
            whole = factor * (raw + extra)
            values[name][points] = whole
            for k, one in enumerate(parameters if found else ()):
                found[name][points, k] = self._slope(batch, name, one, own, vary, (raw + extra, factor, sign))

    def _slope(
        self,
        batch: Any,
        name: str,
        one: CalibrationParameter,
        own: dict[str, float],
        vary: dict[str, Array],
        parts: tuple[Array, float, float],
    ) -> Array | float:
        """Derivative of one channel to one parameter."""
        whole, factor, sign = parts
        K = own.get("bypass_conductance", 0.0) if name in HEATS else 0.0
        if one.name == "lead_resistance":
            return factor * sign * vary["current"] if name == "voltage" else 0.0
        if one.name == "bypass_conductance":
            return (
                -factor * sign * (vary["T_hot"] - vary["T_cold"])
                if name in HEATS and "T_cold" in vary
                else 0.0
            )
        if one.name in ("voltage_factor", "heat_factor"):
            return (
                whole if one.name.startswith("voltage") == (name == "voltage") and name != "delta_T" else 0.0
            )
        slopes = batch.gradient[name]
        if one.name in ("T_hot_error", "T_cold_error"):
            side = one.name.removesuffix("_error")
            leak = -sign * K * (1.0 if side == "T_hot" else -1.0)
            return factor * (slopes[side] + leak) if side in vary else 0.0
        total = np.zeros(len(vary["current"]))
        for path, share in one.behind.items():
            slope = np.asarray(slopes[path])
            if one.is_factor:
                total += share * np.sum(slope * slopes.numbers[path], axis=-1) / own[one.name]
            else:
                total += share * slope
        return factor * total

    def _resistances(
        self,
        device: Leg | Module | Cascade,
        parameters: Sequence[CalibrationParameter],
        own: dict[str, float],
        correction: dict[str, float],
        slopes: bool,
    ) -> tuple[Array, dict[str, Array]]:
        """Resistance at uniform temperature, the mean of both sides."""
        n = self.measurement.numbers
        sides = [n[k] for k in ("T_hot", "T_cold") if k in n]
        if not sides:
            raise InputError(Fault("T_hot", expected="a temperature is expected beside an AC resistance"))
        T = np.mean(sides, axis=0)

        def whole(made: Leg | Module | Cascade, lead: float) -> Array:
            return np.array([uniform_resistance(made, float(t)) for t in T]) + lead

        base = whole(device, correction["lead_resistance"])
        rows = np.zeros((len(T), len(parameters)))
        for k, one in enumerate(parameters if slopes else ()):
            if one.name == "lead_resistance":
                rows[:, k] = 1.0
            elif one.behind:
                step = STEP * max(abs(own[one.name]), 1e-9)
                moved = [own[p.name] + (step if p is one else 0.0) for p in parameters]
                given: Any = self.device
                other, _ = changed(given, self.conditions, parameters, moved)
                rows[:, k] = (whole(other, correction["lead_resistance"]) - base) / step
        return base, {"ac_resistance": rows} if slopes else {}


def uniform_resistance(device: Leg | Module | Cascade, T: float) -> float:
    r"""Resistance in ohm of a device at one temperature, as a fast alternating current finds it.

    .. math:: R_\mathrm{AC} = N \sum_\mathrm{legs} \left( \sum_i \frac{\rho_i l_i}{A}
              + \sum_k \frac{\rho_{\mathrm{c},k}}{A} \right) + N R_\mathrm{bridges} + R_\mathrm{series}

    Of a cascade the sum of its stages, each times the square of its current over that of the first.

    Parameters
    ----------
    device : Leg, Module or Cascade
    T : float
        In K.

    Returns
    -------
    float

    Examples
    --------
    >>> from ioffe import Contact, Material
    >>> m = Material.from_arrays(name="m", carrier="p", T=[200, 800], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[2.0, 2.0])
    >>> leg = Leg(m, "5 mm", "9 mm2", contact=Contact("10 uohm cm2"))
    >>> round(uniform_resistance(leg, 300.0) * 1e3, 4)  # 5.5556 + 2 x 0.1111 mohm
    5.7778
    """
    if isinstance(device, Cascade):
        shares = zip(device.stages, device.currents, strict=True)
        return sum(share**2 * uniform_resistance(stage, T) for stage, share in shares)
    total = 0.0
    for leg in legs_of(device):
        bulk = sum(s.length / float(s.material.electrical_conductivity(T)) for s in leg.segments)
        contacts = sum(c.electrical for c in (leg.contact_hot, leg.contact_cold, *leg.between))
        total += (bulk + contacts) / leg.area
    if isinstance(device, Module):
        bridges = sum(bridge_resistance(device, layers, T) for layers in (device.hot, device.cold))
        total = device.couples * (total + bridges) + device.series_resistance
    return float(total)
