"""Conditions that change with time."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from ioffe.base.errors import Faults, did_you_mean
from ioffe.base.units import to_si_array
from ioffe.device.conditions import OPERATION, Reservoirs
from ioffe.device.fields import Number, Numbers, declared, number
from ioffe.device.schedule import Function, Schedule, of_time

MODES = ("generate", "cool")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Transient(Reservoirs):
    """A leg or module as a function of time.

    What is marked *t* may be a constant, a table ``[(time, value), ...]`` that is linear between its points,
    `steps`, `pulse`, `cycle`, or a callable of the time in s that returns a number in SI. Times and values
    may be texts with units.

    Parameters
    ----------
    mode
        ``"generate"`` or ``"cool"``: the signs of current, heat and power, as for `Generator` and `Cooler`.
    T_hot, T_cold
        *t*; temperatures of the outer faces, or of the reservoirs behind the resistances.
    heat
        *t*; heat in W that enters the hot side in place of `T_hot` (``"generate"``), or the heat load in W
        at the cold side in place of `T_cold` (``"cool"``).
    current, voltage, load
        *t*; one of them: the current in A, the voltage at the terminals, or a load resistance.
    T_ambient
        *t*; temperature of the surroundings, needed when legs lose heat through their sides.
    duration
        In s.
    initial
        Temperature of everything at the start, or ``"steady"``: the steady state of the conditions just
        before time zero.
    hot_mass, cold_mass
        Heat capacity in J/K of an object at one side, such as a cooled chip or a heat sink. It has the
        temperature of the outermost point that is not imposed: where the heat enters if `heat` is given, the
        outer face of the device if a reservoir lies behind a resistance.
    massless
        Names of materials whose heat capacity is neglected.
    cells
        Cells along each leg, shared by its segments; a layer of the module takes a tenth of them.
    tolerance
        Error of the temperatures, relative to the absolute temperature, allowed for each step in time.
    max_step
        Longest step in time, s; by default a hundredth of the duration if anything is a callable.
    breaks
        Further times on which a step has to end: where a callable jumps or has a kink.
    times
        Times of the result; by default it holds every step, and both sides of every jump.
    mesh_check
        Repeat the same steps with half as many cells, for the estimated error of the mesh.
    hot_resistance, cold_resistance
        Thermal resistances in K/W of the whole device to its reservoirs; or
    hot_heat_transfer_coefficient, cold_heat_transfer_coefficient
        in W/(m2 K) over its footprint.
    hot_convection, cold_convection
        Coefficients in W/(m2 K) of the convection between an outer face and the surroundings, beside the
        reservoir or the given heat; 0 by default.
    hot_emissivity, cold_emissivity
        Emissivities, from 0 to 1, of the outer faces, which radiate to the surroundings; 0 by default.

    Examples
    --------
    >>> from ioffe.device.schedule import pulse
    >>> ampere = pulse("2 A", "5 A", start="1 s", duration="0.5 s")
    >>> c = Transient(mode="cool", T_hot=300, heat=0, current=ampere, duration="5 s")
    >>> c.current(1.2), c.T_hot(0.0), c.duration
    (5.0, 300.0, 5.0)
    """

    mode: Any = None
    T_hot: Numbers = number("temperature", "Temperature of the hot side.", None, imposed=True)
    T_cold: Numbers = number("temperature", "Temperature of the cold side.", None, imposed=True)
    heat: Numbers = number("heat", "Heat entering, or heat load.", None, imposed=True)
    current: Numbers = number("current", "Current.", None, imposed=True)
    voltage: Numbers = number("voltage", "Voltage at the terminals.", None, imposed=True)
    load: Numbers = number("load_resistance", "Load resistance.", None, imposed=True)
    duration: Numbers = number("time", "How long the device is followed.", None)
    initial: Numbers = number("temperature", "Temperature at the start.", "steady", words=("steady",))
    hot_mass: Number = number("thermal_mass", "Heat capacity of an object at the hot side.", 0.0)
    cold_mass: Number = number("thermal_mass", "Heat capacity of an object at the cold side.", 0.0)
    massless: Any = ()
    cells: int = 120
    tolerance: float = 1e-5
    max_step: Numbers = number("time", "Longest step in time.", None)
    breaks: Any = ()
    times: Any = None
    mesh_check: bool = True

    def __post_init__(self) -> None:
        faults = Faults()
        if self.mode not in MODES:
            faults.add("mode", self.mode, '"generate" or "cool" is expected', did_you_mean(self.mode, MODES))
        self._sides(faults)
        self._circuit(faults)
        self._read(faults)
        self._check_reservoirs(faults)
        self._masses(faults)
        self._numerics(faults)
        faults.raise_if_any()

    def _read(self, faults: Faults) -> None:
        for name, one in declared(type(self)).items():
            value = getattr(self, name)
            if one.imposed and value is not None:
                with faults.collect():
                    object.__setattr__(self, name, of_time(value, one.quantity, name))
            elif not one.imposed:
                with faults.collect(name):
                    object.__setattr__(self, name, one.read(value))

    def _sides(self, faults: Faults) -> None:
        """Each side has a temperature or takes the heat."""
        loaded = "T_hot" if self.mode == "generate" else "T_cold"
        if self.mode in MODES and not faults.only_one(**{loaded: getattr(self, loaded), "heat": self.heat}):
            faults.add(loaded, expected=f"either {loaded} or heat is expected")
        for name in {"T_hot", "T_cold"} - {loaded}:
            if getattr(self, name) is None:
                faults.add(name, expected='a temperature is expected, such as "300 K"')

    def _circuit(self, faults: Faults) -> None:
        if not faults.only_one(**{name: getattr(self, name) for name in OPERATION}):
            faults.add("current", expected="a current, voltage or load is expected (current=0: open circuit)")

    def _masses(self, faults: Faults) -> None:
        for side in ("hot", "cold"):
            mass, free = getattr(self, f"{side}_mass"), getattr(self, f"T_{side}") is None
            coefficient = f"{side}_heat_transfer_coefficient"
            behind = bool(getattr(self, f"{side}_resistance") or getattr(self, coefficient))
            if mass and not free and not behind:
                expected = f"{side}_resistance or {coefficient} is expected beside it"
                advice = f"at an imposed T_{side} it would change nothing"
                faults.add(f"{side}_mass", mass, expected, advice)

    def _numerics(self, faults: Faults) -> None:
        whole = isinstance(self.cells, int | np.integer) and not isinstance(self.cells, bool)
        if not whole or self.cells < 8:
            faults.add("cells", self.cells, "a whole number from 8 is expected")
        if not isinstance(self.tolerance, float | int) or not 1e-12 <= self.tolerance <= 1e-2:
            faults.add("tolerance", self.tolerance, "a number from 1e-12 to 1e-2 is expected")
        if not isinstance(self.mesh_check, bool):
            faults.add("mesh_check", self.mesh_check, "True or False is expected")
        names = (self.massless,) if isinstance(self.massless, str) else tuple(self.massless)
        object.__setattr__(self, "massless", names)
        if self.duration is None:
            faults.add("duration", expected='a time is expected, such as "60 s"')
        for name in ("duration", "max_step"):
            if getattr(self, name) == 0:
                faults.add(name, 0, "a time above zero is expected")
        for name in ("breaks", "times"):
            if getattr(self, name) is not None:
                with faults.collect():
                    found = np.unique(np.atleast_1d(to_si_array(getattr(self, name), "time", name)))
                    found.setflags(write=False)
                    object.__setattr__(self, name, found)
        end = self.duration if isinstance(self.duration, float) else inf
        if isinstance(self.times, np.ndarray):
            if not (self.times.size and self.times[-1] <= end * (1.0 + 1e-12)):
                faults.add("times", expected="times up to the duration, at least one, are expected")
            object.__setattr__(self, "times", np.minimum(self.times, end))

    @property
    def sign(self) -> float:
        """Of current and heat against a generator's: 1.0 or -1.0."""
        return 1.0 if self.mode == "generate" else -1.0

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, in SI.

        Returns
        -------
        dict of str to object
            Numbers for constants, times in s and values for tables.
        """
        found = super().to_dict()
        functions = {k: v.to_dict() for k, v in found.items() if isinstance(v, Schedule | Function)}
        return {**found, **functions, "massless": list(self.massless)}
